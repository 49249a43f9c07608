"""A frame of codes and exact numbers as a table for a reader: words, units, marks, what is lacking, the rows behind each line."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from markupsafe import Markup

from aidlib import words
from aidlib.errors import RegionUnknown
from aidlib.known import Known, Missing, Note
from aidlib.money import decimal_text
from aidlib.page.parts import part
from aidlib.page.sentences import gap_text, grouped, month, note_text
from aidlib.page.sources import basis_html, mark, unit_text
from aidlib.regions import region

if TYPE_CHECKING:
    import pandas as pd

SOURCES = "sources"
STATUS = "status"
LABELS = ("source", "csv", "named", "full_stop")
PLACES = ("region", "place", "province")
PERIODS = re.compile(r"\d{4}(-\d\d)?\.\.\d{4}(-\d\d)?")
FORMULA = re.compile(r"^[=+\-@\t\r＝＋－＠]")
MOST_DECIMALS, MOST_EXACT_DECIMALS = 2, 4
SHORT_WIDTH, LONG_WIDTH = 16, 30
WORKING = "formula"
FEWEST_FOR_CAPTION = 3
UNSTYLED = (
    ('<abbr class="mark', '&nbsp;<abbr class="mark'), ("</abbr>", "</abbr>&nbsp;"),
    ('class="n"', 'class="n" style="white-space:nowrap"'), ('class="s"', 'class="s" style="white-space:nowrap"'),
    ("<summary>", '<summary style="white-space:nowrap">'),
)  # fmt: skip
"""What the style sheet of a page does, for a notebook that has none: marks apart from what they mark, numbers and short words in one line."""
MOST_ROWS = 60
"""Rows of a result that a notebook shows."""
NOTES = "notes"
SIGNS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
IN_FEN = {"yuan": 100, "wan": 1_000_000}
"""Fen in one of the units a column of money is written in."""
AS_IS = "code"
"""How a column is shown whose codes a reader is to type."""
IN_WORDS = "words"
"""How a column of remarks is shown: what lacks is told there and not only marked."""


def is_missing(cell: object) -> bool:
    """Tell whether a cell holds nothing: None, NaN, NA, NaT, empty text or an empty list. Zero is something, and so is a named gap.

    Examples
    --------
    >>> is_missing(None), is_missing(float("nan")), is_missing(""), is_missing(0)
    (True, True, True, False)
    """
    if cell is None or (isinstance(cell, (str, list, tuple)) and not cell):
        return True
    return type(cell).__name__ in ("NAType", "NaTType") or (isinstance(cell, Real) and cell != cell)


def is_number(cell: object) -> bool:
    """Tell whether a cell is a number that can be written out: not text, not a flag, not infinite.

    Examples
    --------
    >>> is_number(3), is_number(Fraction(1, 3)), is_number(True), is_number(float("inf")), is_number("3")
    (True, True, False, False, False)
    """
    if isinstance(cell, bool) or type(cell).__name__ == "bool" or not isinstance(cell, (Real, Decimal)):
        return False
    return not isinstance(cell, float) or isfinite(cell)


def number_text(number: Any, show: str, decimals: int) -> str:
    """Write a number as its column is shown.

    Examples
    --------
    >>> number_text(Fraction(6256, 1), "yuan", 2), number_text(Fraction(3, 4), "percent", 1), number_text(2020, "year", 0)
    ('62.56', '75.0%', '2020')
    """
    exact = Fraction(str(number))
    if show in IN_FEN:
        return grouped(decimal_text(exact / IN_FEN[show], decimals))
    if show == "p" and exact < Fraction(1, 2 * 10**decimals):
        return f"<0.{'0' * (decimals - 1)}1"
    if show == "percent":
        return f"{grouped(decimal_text(exact * 100, decimals))}%"
    text = decimal_text(exact, decimals)
    return text if show == "year" else grouped(text)


def decimals_for(cells: Sequence[object], show: str) -> int:
    """Count the decimals a column needs: money two; floats at most two; exact numbers all of theirs, up to four.

    Examples
    --------
    >>> decimals_for([1.0, 2.0], ""), decimals_for([0.123], ""), decimals_for([Decimal("3.4999")], ""), decimals_for([5], "yuan")
    (0, 2, 4, 2)
    """
    fixed = {"yuan": 2, "wan": 1, "count": 0, "year": 0, "percent": 1}
    if show in fixed:
        return fixed[show]
    return max((_needed(number) for cell in cells for number in _numbers(cell)), default=0)


def _numbers(cell: object) -> list[Any]:
    """The numbers a cell writes: itself, or those of a known number."""
    if isinstance(cell, Known):
        return [end for end in cell.ends if end is not None]
    return [cell] if is_number(cell) else []


def _needed(cell: Any) -> int:
    most = MOST_DECIMALS if isinstance(cell, float) else MOST_EXACT_DECIMALS
    number = Fraction(str(round(cell, 6) if isinstance(cell, float) else cell))
    return next((d for d in range(most + 1) if (number * 10**d).denominator == 1), MOST_DECIMALS)


@dataclass(frozen=True)
class Column:
    """A column of a frame and how it is shown."""

    key: str
    cells: list[Any]
    statuses: list[Any]

    @cached_property
    def show(self) -> tuple[str, int]:
        """How its numbers are written: kind and decimals."""
        kind, decimals = words.shown_as(self.key)
        return kind, decimals_for(self.cells, kind) if decimals is None else decimals

    @cached_property
    def empty(self) -> bool:
        """Whether no row has anything in it, not even a mark: such a column is not shown."""
        return all(map(is_missing, (*self.cells, *self.statuses)))

    @cached_property
    def units(self) -> set[str]:
        """Units that its known numbers bring along; none where the column itself says how numbers are written."""
        return set() if self.show[0] else {cell.unit for cell in self.cells if isinstance(cell, Known)}

    @cached_property
    def head(self) -> str:
        """What stands above it: its name, and the unit where all its numbers have one."""
        name, unit = (
            words.word(self.key),
            unit_text(next(iter(self.units))).strip() if len(self.units) == 1 and self.units != {"pct"} else "",
        )
        return words.word("in_unit", "page").format(name, unit) if unit else name

    @cached_property
    def numeric(self) -> bool:
        """Whether it holds numbers of one unit and nothing else but gaps."""
        known = [cell for cell in self.cells if not is_missing(cell) and not lacks(cell)]
        return bool(known) and len(self.units) < 2 and all(is_number(cell) or isinstance(cell, Known) for cell in known)

    @cached_property
    def texts(self) -> list[str]:
        """Its cells as a reader sees them, without marks."""
        return [self.text(cell) for cell in self.cells]

    def text(self, cell: Any) -> str:
        """Write one cell in the language spoken here."""
        if lacks(cell):
            return gap_text(cell, words.language()) if self.show[0] == IN_WORDS else words.word("lacking", "page")
        if is_missing(cell):
            return "—"
        if isinstance(cell, Note):
            return note_text(cell, words.language())
        if isinstance(cell, Known):
            return known_text(cell, *self.show) if self.show[0] else known_text(cell, unit=len(self.units) > 1)
        if isinstance(cell, date):
            return month(str(cell), words.language())
        if type(cell).__name__ in ("bool", "bool_"):
            return words.word("yes" if cell else "no", "page")
        if is_number(cell):
            return number_text(cell, *self.show)
        if isinstance(cell, (list, tuple, set, frozenset)):
            return words.joined("and", map(self.text, cell))
        return self._worded(str(cell))

    def status(self, at: int) -> Any:
        """The status beside a cell."""
        return self.statuses[at] if self.statuses else None

    def _worded(self, text: str) -> str:
        if self.show[0] == AS_IS:
            return text
        if PERIODS.fullmatch(text):
            return words.word("range", "page").format(*text.split(".."))
        if text.isdigit() and len(text) == 6 and {self.key, words.called_as(self.key)} & set(PLACES):
            try:
                return region(text).name(words.language())
            except RegionUnknown:
                return text
        return words.word(text, words.called_as(self.key))

    @cached_property
    def look(self) -> str:
        """The class of its cells: numbers stand right, short words do not break, long ones have a least width."""
        if self.numeric:
            return "n"
        widest = max(map(width, self.texts), default=0)
        unbroken = widest <= SHORT_WIDTH or (self.key == WORKING and widest < LONG_WIDTH)
        return "s" if unbroken else "t" if widest >= LONG_WIDTH else ""


def known_text(known: Known, show: str = "", decimals: int = 2, unit: bool = True) -> str:
    """Write a known number as its column is shown, else in its own unit; one known as a range only, by its ends.

    Examples
    --------
    >>> known_text(Known(Fraction(3, 4), "ratio")), known_text(Known(Fraction(669), "yuan/person/month"))
    ('75%', '669 元/人·月')
    >>> known_text(Known(Fraction(1), "ratio", low=Fraction(28, 100), high=Fraction(586, 1000)), "percent", 1)
    '28.0%–58.6%'
    >>> known_text(Known(Fraction(680), "yuan/person/month", low=Fraction(680)), "yuan", 2)
    '≥ 680.00'
    """
    share = show == "percent" or (not show and known.unit in ("ratio", "pct"))
    if share:
        known = known.as_ratio
        decimals -= not known.point and decimals > 1  # the ends of a range are not known that closely
        texts = [number_text(end, "percent", decimals) for end in known.ends if end is not None]
        texts = texts if show else [text.replace(f".{'0' * decimals}%", "%") for text in texts]
    elif show in IN_FEN:
        texts = [number_text(end, show, decimals) for end in known.ends_fen_month if end is not None]
    else:
        texts = [number_text(end, show, min(decimals, _needed(end))) for end in known.ends if end is not None]
    text = texts[0] if known.point else words.word("range" if len(texts) > 1 else "at_least", "page").format(*texts)
    return text if share or show or not unit else f"{text}{unit_text(known.unit)}"


def lacks(cell: object) -> bool:
    """Tell whether a cell is a named gap."""
    return isinstance(cell, Missing)


def lacking(frame: pd.DataFrame) -> Iterator[Any]:
    """Go through what a frame lacks: the named gaps in its cells, and those it carries in `attrs["lacking"]`."""
    yield from (cell for column in frame for cell in frame[column] if lacks(cell))
    yield from frame.attrs.get("lacking", ())


def width(text: str) -> int:
    """Count the columns a text takes, a Chinese character counting as two.

    Examples
    --------
    >>> width("低保a")
    5
    """
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def columns_of(frame: pd.DataFrame) -> list[Column]:
    """Return the columns a reader sees: statuses of `x` in `x_status` become marks, `sources` stand apart, empty columns are left out."""
    flat = frame if frame.index.name is None and frame.index.nlevels == 1 else frame.reset_index()
    names = [str(name) for name in flat.columns]
    hidden = {f"{name}_{STATUS}" for name in names} | {SOURCES}
    found = []
    for at, name in enumerate(names):
        if name not in hidden:
            own = f"{name}_{STATUS}"
            marks = list(flat[own]) if own in names else [None] * len(flat)
            found.append(Column(name, list(flat.iloc[:, at]), marks))
    return [column for column in found if not column.empty] if found and found[0].cells else found


def split_constant(columns: list[Column]) -> tuple[list[Column], list[tuple[str, str]]]:
    """Take columns of words that say the same in every row out of the table: they belong in its caption."""
    if not columns or len(columns[0].cells) < FEWEST_FOR_CAPTION:
        return columns, []
    plain = (
        c for c in columns[1:] if not c.numeric and all(map(is_missing, c.statuses)) and not any(map(lacks, c.cells))
    )
    same = [c for c in plain if len(set(c.texts)) == 1]
    if len(same) > len(columns) - 2:
        return columns, []
    kept = [column for column in columns if all(column is not each for each in same)]
    return kept, [(column.head, column.texts[0]) for column in same if column.texts[0] != "—"]


def footnoted(columns: list[Column]) -> tuple[list[Column], list[tuple[str, str]]]:
    """Set the texts of the column `notes` below the table, each once, and leave its sign in the cell; what is said of every row needs none."""
    at = next((at for at, column in enumerate(columns) if column.key == NOTES), None)
    if at is None:
        return columns, []
    column = columns[at]
    noted = [[] if is_missing(cell) else [column.text(note) for note in _listed(cell)] for cell in column.cells]
    texts = list(dict.fromkeys(text for row in noted for text in row))
    if all(len(row) == len(texts) for row in noted):
        return [*columns[:at], *columns[at + 1 :]], [("", text) for text in texts]
    if len(texts) > len(SIGNS):
        return columns, []
    signs = dict(zip(texts, SIGNS, strict=False))
    cells = ["".join(signs[text] for text in row) for row in noted]
    return [*columns[:at], Column(NOTES, cells, []), *columns[at + 1 :]], [(sign, text) for text, sign in signs.items()]


@dataclass(frozen=True)
class Shown:
    """A frame made ready for the template of a table."""

    heads: list[tuple[str, str]]
    rows: list[list[tuple[str, Markup, str]]]
    bases: list[list[Markup]]
    constant: list[tuple[str, str]]
    footnotes: list[tuple[str, str]]
    csv: str


def shown(frame: pd.DataFrame) -> Shown:
    """Put a frame into words of the language spoken here."""
    every = columns_of(frame)
    columns, footnotes = footnoted(every)
    columns, constant = split_constant(columns)
    heads = [(column.head, column.look) for column in columns]
    rows = [
        [
            (text, mark(column.status(at)) + mark(_own_status(column, at)), column.look)
            for column, text in zip(columns, texts, strict=True)
        ]
        for at, texts in enumerate(zip(*(column.texts for column in columns), strict=True))
    ]
    bases = [list(map(basis_html, _listed(cell))) for cell in frame[SOURCES]] if SOURCES in frame else []
    return Shown(heads, rows, bases, constant, footnotes, base64.b64encode(csv_bytes(every)).decode())


def frame_html(frame: pd.DataFrame, total: int = 0) -> str:
    """Write a frame as a table of its own, in the language spoken here: how a result shows itself in a notebook.

    Where it is the first rows of a longer one the table says so, and offers no CSV that could be taken for the whole.
    """
    labels = {key: words.word(key, "page") for key in LABELS}
    table = shown(frame)
    if total > len(frame):
        left = words.word("first_rows", "page").format(len(frame), total)
        table = replace(table, footnotes=[*table.footnotes, ("", left)], csv="")
    html = str(part("table")("result", "", "", [], table, labels))
    for plain, set_apart in UNSTYLED:
        html = html.replace(plain, set_apart)
    return html


def _own_status(column: Column, at: int) -> object:
    """A known number in a cell brings its own status; a column of statuses is marked itself."""
    cell = column.cells[at]
    return cell if column.key == STATUS else getattr(cell, STATUS, None)


def _listed(bases: Any) -> list[Any]:
    return [bases] if isinstance(bases, str) or not hasattr(bases, "__iter__") else list(bases)


def csv_bytes(columns: Sequence[Column]) -> bytes:
    """Write columns as CSV that a spreadsheet opens rightly: UTF-8 with BOM, no thousands apart, no cell that would run as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(column.head) for column in columns])
    for at in range(len(columns[0].cells) if columns else 0):
        writer.writerow([_for_sheet(column, at) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def _for_sheet(column: Column, at: int) -> str:
    cell, text = column.cells[at], column.texts[at]
    if is_missing(cell):
        return ""
    return text.replace(",", "").replace("−", "-") if is_number(cell) else safe(text)


def safe(text: str) -> str:
    """Keep a text from running as a formula in a spreadsheet.

    Examples
    --------
    >>> safe("=1+1"), safe("低保")
    ("'=1+1", '低保')
    """
    return f"'{text}" if FORMULA.match(text) else text


def plain(cell: Any) -> str | int | float | bool | None:
    """Turn a cell into a plain JSON value that keeps exact numbers exact: what a report records.

    Examples
    --------
    >>> plain(Fraction(1, 3)), plain(float("nan")), plain(12), plain(Decimal("2.50")), plain(("a", "b"))
    ('1/3', None, 12, '2.50', 'a b')
    """
    if isinstance(cell, Missing):
        return f"missing {cell.what}"
    if is_missing(cell):
        return None
    if isinstance(cell, Known):
        return f"{'..'.join('' if end is None else str(end) for end in cell.ends)} {cell.unit}"
    if isinstance(cell, (bool, int, float, str)):
        return cell
    if isinstance(cell, (list, tuple)):
        return " ".join(filter(None, (str(plain(item) or "") for item in cell)))
    return cell.item() if hasattr(cell, "item") else str(cell)
