"""What the law book knows: region x month for each name, as a frame, as text for a terminal, and as a figure."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from aidlib import words
from aidlib.errors import LawGap, ParameterFault, nearest
from aidlib.law.book import DRAFT, Book
from aidlib.law.load import Entry
from aidlib.law.value import STATUSES
from aidlib.regions import lineage, region

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing

MISSING = "missing"
WORDS = (*STATUSES, MISSING)
CHARACTERS = dict(zip(WORDS, "█▓▒░?s·", strict=True))
COLOURS = dict(zip(WORDS, ("#0072b2", "#009e73", "#e69f00", "#d5c29a", "#7b4fa3", "#d55e00", "#eef1f4"), strict=True))
MONTHS_PER_YEAR = 12
ROW_INCHES, BREADTH_INCHES, MARGIN_INCHES = 0.22, 12.0, 1.1


@dataclass(frozen=True)
class Wanted:
    """A name of the book, or one group of it written `name[group]`; without a group any group of the place will do."""

    name: str
    group: str | None = None

    @classmethod
    def parse(cls, text: str) -> Wanted:
        """Read `dibao_standard` or `dibao_standard[urban]`."""
        name, bracket, group = text.partition("[")
        return cls(name, group.rstrip("]") if bracket else None)

    def takes(self, entry: Entry) -> bool:
        """Tell whether a row answers: its own group, or a row for all groups."""
        return self.group is None or entry.row["group"] in (self.group, "")


def coverage(book: Book, places: Iterable[str], names: Iterable[str], first: str, last: str) -> pd.DataFrame:
    """Tell for each region, month and name how well the law book answers on the first day of the month.

    Parameters
    ----------
    book : Book
        Nothing counts as read.
    places : iterable of str
        Region codes or full Chinese names.
    names : iterable of str
        Names of the book; `dibao_standard[urban]` asks for one group, a plain name for the best of any group.
    first, last : str
        Months `YYYY-MM`, both included.

    Returns
    -------
    pandas.DataFrame
        Columns region, month, name, status (ordered categories): the status of the row that answers (enacted, observed,
        estimated, synthetic), `projected` where there is only a draft, `stale` where the last row has ended, `missing`
        where there is none.

    Raises
    ------
    LawGap
        An unknown name; the nearest one is suggested.

    Examples
    --------
    >>> frame = coverage(Book(), ["450400"], ["edge_income_multiple"], "2021-06", "2026-07")
    >>> frame.status.iloc[[0, 1, -1]].tolist()
    ['missing', 'enacted', 'estimated']
    """
    import numpy as np
    import pandas as pd

    codes, wanted = list(dict.fromkeys(region(place).code for place in places)), list(dict.fromkeys(names))
    months = _months(first, last)
    cells = [_states(book, code, Wanted.parse(text), months) for code in codes for text in wanted]
    states, count = np.array(cells, dtype=np.int8).ravel(), len(months)
    return pd.DataFrame(
        {
            "region": pd.Categorical(np.repeat(codes, len(wanted) * count), categories=codes),
            "month": pd.Categorical(np.tile([str(m)[:7] for m in months], len(codes) * len(wanted))),
            "name": pd.Categorical(np.tile(np.repeat(wanted, count), len(codes)), categories=wanted),
            "status": pd.Categorical.from_codes(states, dtype=pd.CategoricalDtype(list(WORDS), ordered=True)),
        }
    )


def draw(frame: pd.DataFrame, months_a_line: int = 120) -> str:
    """Draw coverage as text: one block a name, one line a region, one character a month.

    Examples
    --------
    >>> print(draw(coverage(Book(), ["450400"], ["edge_income_multiple"], "2021-05", "2021-08")))
    █ enacted  ▓ observed  ▒ estimated  ░ stale  ? projected  s synthetic  · missing
    <BLANKLINE>
    edge_income_multiple
                  2021
    450400 梧州市 ··██
    """
    blocks = ["  ".join(f"{character} {word}" for word, character in CHARACTERS.items())]
    months = sorted(frame["month"].unique())
    parts = [months[at : at + months_a_line] for at in range(0, len(months), months_a_line)]
    labels = {code: f"{code} {region(code).name_zh}" for code in frame["region"].unique()}
    breadth = max(map(_width, labels.values()), default=0)
    for name, rows in frame.groupby("name", observed=True, sort=False):
        table = _grid(rows)
        for part in parts:
            states = table[part].to_numpy().tolist()
            lines = [_line(labels[code], breadth, row) for code, row in zip(table.index, states, strict=True)]
            blocks.append("\n".join([str(name) if part is parts[0] else f"{name} …", _ruler(part, breadth), *lines]))
    return "\n\n".join(blocks)


def figure(frame: pd.DataFrame, titles: Mapping[str, str] | None = None) -> Drawing:
    """Draw coverage as a figure: one panel a name, regions down, months across.

    Notes
    -----
    Draw and save it under settings that carry a Chinese font, such as `aidlib.views.fonts.settings()`.
    """
    from matplotlib.colors import ListedColormap
    from matplotlib.figure import Figure

    names, codes = frame["name"].unique().tolist(), frame["region"].unique().tolist()
    height = len(names) * (len(codes) * ROW_INCHES + MARGIN_INCHES) + MARGIN_INCHES / 2
    drawing = Figure(figsize=(BREADTH_INCHES, height), layout="constrained")
    colours = ListedColormap([COLOURS[word] for word in WORDS])
    panels = drawing.subplots(len(names), 1, squeeze=False)[:, 0]
    for axes, name in zip(panels, names, strict=True):
        table = _grid(frame[frame["name"] == name])
        axes.imshow(table, aspect="auto", cmap=colours, vmin=-0.5, vmax=len(WORDS) - 0.5, interpolation="nearest")
        axes.set_title((titles or {}).get(name, name), loc="left")
        axes.set_yticks(range(len(codes)), [region(code).name_zh for code in table.index])
        januaries = [at for at, month in enumerate(table.columns) if month.endswith("-01")]
        axes.set_xticks(januaries, [table.columns[at][:4] for at in januaries])
        axes.grid(visible=False)
    _legend(drawing, frame)
    return drawing


def _months(first: str, last: str) -> list[date]:
    try:
        start, end = date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01")
    except ValueError:
        raise ParameterFault("unreadable month", expected="YYYY-MM", got=f"{first} to {last}") from None
    if end < start:
        raise ParameterFault("a period that ends before it begins", expected=f"{first} or later", got=last)
    span = range(start.year * MONTHS_PER_YEAR + start.month - 1, end.year * MONTHS_PER_YEAR + end.month)
    return [date(at // MONTHS_PER_YEAR, at % MONTHS_PER_YEAR + 1, 1) for at in span]


def _states(book: Book, code: str, wanted: Wanted, months: list[date]) -> list[int]:
    """Lay the rows over the months as codes of WORDS, drafts and the farthest place first, so that the nearest is seen."""
    if (name := book.tables.names.get(wanted.name)) is None:
        hint = nearest(wanted.name, book.tables.names)
        raise LawGap("unknown law name", expected="a name of law/names*.csv", got=wanted.name, hint=hint)
    states = [WORDS.index(MISSING)] * len(months)
    places = lineage(code) if name.falls_back else (code,)
    rows = [entry for place in reversed(places) for entry in book.rows(place, wanted.name) if wanted.takes(entry)]
    in_force, drafts = ([e for e in rows if (e.row["status"] == DRAFT) is draft] for draft in (False, True))
    if in_force:
        _lay(states, months, min(entry.end for entry in in_force), date.max, "stale", after=True)
    nearness = {place: -at for at, place in enumerate(places)}
    for entry in [*drafts, *sorted(in_force, key=lambda e: (nearness[e.row["region"]], *_rank(e, wanted)))]:
        _lay(states, months, entry.start, entry.end, entry.row["status"])
    return states


def _rank(entry: Entry, wanted: Wanted) -> tuple[bool, int]:
    """A row for the wanted group goes over one for all groups; among groups taken together the strongest is seen."""
    return wanted.group is not None and entry.row["group"] != "", -WORDS.index(entry.row["status"])


def _lay(states: list[int], months: list[date], start: date, end: date, word: str, after: bool = False) -> None:
    """Write a status over the months whose first day lies from `start` to `end`; `after` leaves out `start` itself."""
    left = bisect_right(months, start) if after else bisect_left(months, start)
    right = bisect_right(months, end)
    if left < right:
        states[left:right] = [WORDS.index(word)] * (right - left)


def _grid(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(status=rows["status"].cat.codes).pivot(index="region", columns="month", values="status")


def _legend(drawing: Drawing, frame: pd.DataFrame) -> None:
    from matplotlib.patches import Patch

    seen = [word for word in WORDS if word in set(frame["status"])]
    patches = [Patch(color=COLOURS[word], label=words.word(word, "coverage")) for word in seen]
    drawing.legend(handles=patches, loc="outside lower center", ncols=len(patches), frameon=False)


def _line(label: str, breadth: int, states: Iterable[int]) -> str:
    return label + " " * (breadth - _width(label) + 1) + "".join(CHARACTERS[WORDS[state]] for state in states)


def _ruler(months: list[str], breadth: int) -> str:
    """Write each year over its first month shown, where there is room for it."""
    line = ""
    for at, month in enumerate(months):
        if (at == 0 or month.endswith("-01")) and len(line) <= at:
            line = line.ljust(at) + month[:4]
    return " " * (breadth + 1) + line


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def all_names(book: Book, places: Iterable[str]) -> Iterator[str]:
    """List the names that have a row at any of the places or above them, in the order of the vocabulary."""
    codes = {above for place in places for above in lineage(place)}
    known = {entry.row["name"] for entry in book.tables.entries if entry.row["region"] in codes}
    yield from (name for name in book.tables.names if name in known)
