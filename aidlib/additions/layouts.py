"""Reading somebody's table into one line a figure: titles, headings over several rows, places down and months across, footers below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from aidlib.additions import labels
from aidlib.additions.labels import Label, Named, Period, clean
from aidlib.errors import DataFault, Fault, RegisterFault
from aidlib.regions import region
from aidlib.register.files import read_grids
from aidlib.register.grids import TOP, Grid, Limits, letters
from aidlib.tables import Row

LIMITS = Limits(file_bytes=50_000_000, unfolded_bytes=500_000_000, cells=2_000_000, merged=20_000)
LEAST_HEADINGS = 2
DEPTH = 4  # most rows of headings under one another
MOST_FAULTS = 20  # of one kind in a sheet
LONGEST_TITLE = 60  # characters; a longer line above a table is prose
LOOKED_AT = 200  # rows looked at to tell what a column holds
HALF = 0.5
FOOT = re.compile(
    r"^(注|附注|说明|备注|数据来源|资料来源|来源|制表|填表|审核|单位负责|负责人|联系|本资料|本表)[\d人]*\s*[:.、]?"
)
TOTAL = re.compile(r"^(合\s*计|总\s*计|小\s*计|total)$", re.I)
MISSING = frozenset(("", "-", "--", "—", "——", "–", "…", "...", "……", "/", "*", "***", "n/a"))
NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?%?")
RISE = re.compile(r"(?:(上涨|上升|增长|涨|\+)|(下降|下跌|降低|跌|降|-))(\d+(?:\.\d+)?)(?:%|个百分点)?|(持平)")
_KEYED = re.compile(r"(数据库|指标|地区|时间|单位|数据来源|资料来源|来源|发布日期|发布时间|公布日期)\s*:\s*(.+)")
_YEAR = re.compile(r"(19|20)\d\d")
_DOUBTFUL_MONTH = re.compile(r"(19|20)\d\d\.\d")
_TRANSLATED = re.compile(r"(.*[\u4e00-\u9fff)])\s+[A-Z][A-Za-z]*[a-z][A-Za-z ,.&'()/-]*")
"""A cell of a yearbook page that says the same twice: Chinese, then English."""
BILINGUAL = 2  # cells of both languages that make a page one of two languages
_BRACKETED = re.compile(r"\((\d+(?:\.\d+)?)\)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?%?")
_DAYS = ("vintage", "from", "to")
Cells = dict[int, str]


@dataclass(frozen=True, slots=True)
class Line(Row):
    """One figure of somebody's file; its place is what they see: file, sheet, row and column.

    Attributes
    ----------
    columns : dict
        Field to what stands above the column, such as `C (数值)`.
    said, asked : tuple of str
        What was done with a cell that could be read in one way only, and what is done only if somebody says that it is meant.
    """

    columns: dict[str, str]
    said: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """File, sheet and row."""
        return f"{self.table} row {self.line}"

    def at(self, column: str) -> str:
        """File, sheet, row and column."""
        shown = self.columns.get(column) or (self.columns.get("rise") if column == "value" else None)
        return f"{self.place}, column {shown or column}"

    def get(self, column: str) -> str:
        """Return a cell, or an empty string where the file has no such column."""
        return self.cells.get(column, "")

    def filled(self, **cells: str) -> Line:
        """Return the line with some cells set."""
        return replace(self, cells={**self.cells, **cells})

    def picked(self, columns: Sequence[str]) -> dict[str, str]:
        """Return the cells of some columns, in their order."""
        return {column: self.cells[column] for column in columns}


@dataclass(frozen=True)
class Reading:
    """What a file held.

    Attributes
    ----------
    lines : tuple of Line
        One a figure.
    headings : tuple of str
        Every heading, where it stands, and what it became.
    skipped : tuple of str
        Rows and cells that are no figures of ours, and why.
    """

    lines: tuple[Line, ...]
    headings: tuple[str, ...]
    skipped: tuple[str, ...] = ()


def read(path: Path, defaults: dict[str, str] | None = None, limits: Limits = LIMITS) -> Reading:
    """Read every sheet that has headings.

    Parameters
    ----------
    path : Path
        CSV (UTF-8 or GB18030), `.xlsx` or `.xls`: one line a figure, or a table with places or indicators down and periods or
        indicators across, as the statistics bureau exports them and yearbooks print them.
    defaults : dict, optional
        `region`, `source` and `vintage` of figures that state none.
    limits : Limits, optional
        How much the file may ask of the reader.

    Raises
    ------
    DataFault
        The file is missing, broken or beyond a limit, or has no row of headings.
    """
    labels.fresh()
    try:
        sheets = [_Sheet.of(grid, defaults or {}, limits) for grid in read_grids(path, limits=limits)]
    except RegisterFault as error:
        raise DataFault(error.faults) from None
    found = [sheet for sheet in sheets if sheet is not None]
    if faults := [fault for sheet in found for fault in sheet.faults()]:
        raise DataFault(faults)
    lines = tuple(line for sheet in found for line in sheet.lines())
    headings = tuple(text for sheet in found for text in sheet.headings())
    if not lines:
        raise DataFault("no lines under known headings", where=path.name, expected="; ".join(labels.field_words()),
                        hint=f"found only {'; '.join(headings[:MOST_FAULTS])}" if headings else "")  # fmt: skip
    return Reading(lines, headings, tuple(text for sheet in found for text in sheet.skipped))


@dataclass(frozen=True)
class _Context:
    """What a line above a table, or between its rows, says of all figures below it."""

    facets: dict[str, str] = field(default_factory=dict)
    place: str = ""
    period: Period | None = None
    units: tuple[str, ...] = ()
    source: str = ""
    vintage: str = ""
    unknown: str = ""

    def over(self, other: _Context) -> _Context:
        """Fill what this does not say from another."""
        return _Context({**other.facets, **self.facets}, self.place or other.place, _over(self.period, other.period),
                        self.units or other.units, self.source or other.source, self.vintage or other.vintage,
                        self.unknown or other.unknown)  # fmt: skip


def _is_when(text: str) -> bool:
    """Tell whether a text says nothing but a period or a unit."""
    label = labels.read_label(text)
    return label.says and not label.facets


def _over(period: Period | None, other: Period | None) -> Period | None:
    return period.over(other) if period and other else period or other


def _context(text: str) -> _Context:
    """Read `地区:内蒙古自治区`, `单位:万元`, or a title, in which a place, a period and words of a series are looked for."""
    key, told = found.groups() if (found := _KEYED.fullmatch(text)) else ("", text)
    if key in ("数据来源", "资料来源", "来源", "数据库"):
        return _Context(source=told)
    if key in ("发布日期", "发布时间", "公布日期"):
        return _Context(vintage=day(told))
    if key in ("单位", "时间"):
        return _Context(units=tuple(labels.units(told)) if key == "单位" else ())
    if FOOT.match(told) or len(told) > LONGEST_TITLE:
        return _Context()
    period, rest = labels.period(told)
    place, rest = labels.place_before(rest)
    label = labels.read_label(rest)
    unknown = told if (key == "指标" and not label.says) or (key == "地区" and place is None) else ""
    return _Context(
        label.facets, place.code if place else "", period, label.units, told if key == "指标" else "", unknown=unknown
    )


def day(text: str) -> str:
    """Write a day as `YYYY-MM-DD`, a month as `YYYY-MM`, a year as `YYYY`; what is none stays as it is.

    Examples
    --------
    >>> day("2026年10月1日"), day("202610"), day("2026.10"), day("2026年"), day("2026.1"), day("昨天")
    ('2026-10-01', '2026-10', '2026-10', '2026', '2026.1', '昨天')
    """
    found, left = labels.period(text)
    if found is None or left or found.quarter or found.through or not found.year:
        return text
    return found.text("day") or found.text("month") or found.text("year")


def _rows(grid: Grid, limits: Limits) -> dict[int, Cells]:
    """Return the cells of each row, with merged areas filled; a title that stands over the table stays in its first cell."""
    rows = _chinese(
        {number: {at: text for at, raw in cells.items() if (text := clean(raw))} for number, cells in grid.rows()}
    )
    width, filled = len(grid.cells.columns) - 1, 0
    for top, left, bottom, right in grid.merged:
        text = rows.get(top, {}).get(left, "")
        filled += (bottom - top + 1) * (right - left + 1)
        if filled > limits.cells:
            raise limits.refuse("cells", "merged areas lie over one another", grid.place, "undo the merging")
        if text and not (top == bottom and left == 1 and 2 * (right - left + 1) > width):
            for number in range(top, bottom + 1):
                for at in range(left, right + 1):
                    rows.get(number, {}).setdefault(at, text)
    return {number: cells for number, cells in rows.items() if cells}


def _chinese(rows: dict[int, Cells]) -> dict[int, Cells]:
    """Leave the English out of the cells of a page that says everything twice, as yearbooks do."""
    twice = [text for cells in rows.values() for text in cells.values() if _TRANSLATED.fullmatch(text)]
    if len(twice) < BILINGUAL:
        return rows
    return {number: {at: _TRANSLATED.sub(r"\1", text) for at, text in cells.items()} for number, cells in rows.items()}


def _groups(heads: list[Cells]) -> list[Cells]:
    """Carry a group's heading over the empty cells to its right, as a sheet without merged cells leaves them, where headings stand below."""
    filled = [dict(cells) for cells in heads]
    for upper, lower in pairwise(filled):
        group = ""
        for at in sorted({*upper, *lower}):
            group = upper.get(at, group)
            if at not in upper and group and not labels.field(group):
                upper[at] = group
    return filled


def _is_figure(text: str) -> bool:
    """Tell whether a cell is a figure or the mark of a missing one; a bare year may be either and is none."""
    number = NUMBER.fullmatch(text) or RISE.fullmatch(text) or _BRACKETED.fullmatch(text)
    return text in MISSING or (bool(number) and not _YEAR.fullmatch(text))


def _attribute(text: str) -> str:
    """Return the attribute a heading means; one that states a unit, as 对象(万人) does, stands over figures."""
    role = labels.field(text)
    return "" if role not in ("value", "rise", "unit") and labels.read_label(text).units else role


def _is_heading(text: str) -> bool:
    return bool(labels.field(text)) or (not _is_figure(text) and labels.read_label(text).says)


def _heads(rows: dict[int, Cells], merged: Sequence[tuple[int, int, int, int]]) -> tuple[int, int] | None:
    """Find the first and last row of headings: the row with most of them, and rows of headings beside it."""
    numbers = list(rows)
    scores = {number: len({text for text in rows[number].values() if _is_heading(text)}) for number in numbers[:TOP]}
    best = max(scores, key=lambda number: (scores[number], -number), default=0)
    if scores.get(best, 0) < LEAST_HEADINGS:
        return None
    over = [(top, bottom) for top, left, bottom, right in merged if top <= best <= bottom and bottom - top < DEPTH]
    groups = {top for top, left, bottom, right in merged if top == bottom and right > left and left > 1}
    top = min([best, *(first for first, _ in over)])
    bottom = max([best + (best in groups), *(last for _, last in over)])
    lines = {labels.field(text) for text in rows[best].values()} & {"value", "rise"}
    at = numbers.index(best)
    above = [n for n in numbers[max(0, at - DEPTH) : at] if n >= top or n in groups or _goes_with(rows[n])]
    below = [
        n for n in numbers[at + 1 : at + DEPTH] if n <= bottom or (not lines and _goes_with(rows[n], min(rows[best])))
    ]
    return _reach(numbers, at, above, -1), _reach(numbers, at, below, 1)


def _reach(numbers: list[int], at: int, wanted: list[int], step: int) -> int:
    """Go on from a row as long as the next one is wanted."""
    while 0 <= at + step < len(numbers) and numbers[at + step] in wanted:
        at += step
    return numbers[at]


def _goes_with(cells: Cells, first: int = 0) -> bool:
    """Tell whether a row beside the headings is one of headings too: several cells, or none in the first column, no figure and no place."""
    texts = set(cells.values())
    plain = not any(_is_figure(text) or labels.places(text) or _KEYED.fullmatch(text) for text in texts)
    named = any(map(_is_heading, texts)) or not any(re.search(r"[\d\u4e00-\u9fff]", text) for text in texts)
    return plain and named and (len(texts) > 1 or (first > 0 and min(cells) > first))


@dataclass(frozen=True)
class _Column:
    """A column: where it stands, the headings over it, and what it holds: a field, `wide` for figures under a label, or nothing known."""

    at: int
    texts: tuple[str, ...]
    role: str
    label: Label

    @property
    def is_foreign(self) -> bool:
        """Tell whether its headings are in Latin letters, as those that repeat the ones beside them are."""
        return bool(self.texts) and "".join(self.texts).isascii()

    @property
    def shown(self) -> str:
        """The column as a reader sees it."""
        return f"{letters(self.at)} ({' '.join(self.texts)})" if self.texts else letters(self.at)


def _joined(texts: Sequence[str]) -> Label:
    """Put the headings over one column together; one in another script only repeats what stands beside it."""
    own = [text for text in texts if re.search(r"[\d\u4e00-\u9fff%]", text)] or texts
    found = [labels.read_label(text) for text in own]
    if not all(label.says for label in found) and (whole := labels.read_label("".join(own))).says:
        return whole
    period: Period | None = None
    facets: dict[str, str] = {}
    for label in found:
        facets, period = {**facets, **label.facets}, _over(label.period, period)
    units = next((label.units for label in reversed(found) if label.units), ())
    return Label(facets, period, units, "".join(label.left or ("" if label.says else "?") for label in found))


def _with_years(columns: list[_Column]) -> list[_Column]:
    """Give months across, of which only the first says its year, that year as long as they follow one another."""
    found: list[_Column] = []
    last: Period | None = None
    for column in columns:
        period = column.label.period
        if period and last and not period.year and abs(period.month - last.month) == 1:
            column = replace(column, label=replace(column.label, period=replace(period, year=last.year)))
        last = column.label.period or last
        found.append(column)
    return found


class _Sheet:
    """A sheet whose headings are found."""

    def __init__(self, grid: Grid, rows: dict[int, Cells], heads: tuple[int, int], defaults: dict[str, str]) -> None:
        self.name = f"{grid.file}, sheet {grid.sheet}," if grid.sheet else grid.file
        self.heads = _groups([cells for number, cells in rows.items() if heads[0] <= number <= heads[1]])
        self.head, self.defaults = heads[1], defaults
        self.body = {number: cells for number, cells in rows.items() if number > heads[1]}
        self.context = self._around([cells for number, cells in rows.items() if number < heads[0]])
        self.columns = self._roles()
        wide = [column for column in self.columns if column.role == "wide"]
        self.long = {
            column.role: column for column in self.columns if column.role in ("value", "rise") and self._is_long(wide)
        }
        self.wide = [] if self.long else wide
        self.named = {
            column.role: column for column in reversed(self.columns) if column.role not in ("", "wide", "value", "rise")
        }
        self.skipped: dict[str, None] = {}

    @classmethod
    def of(cls, grid: Grid, defaults: dict[str, str], limits: Limits) -> _Sheet | None:
        """Find the headings of a sheet; None where it has none, or no column of figures."""
        rows = _rows(grid, limits)
        heads = _heads(rows, grid.merged)
        sheet = cls(grid, rows, heads, defaults) if heads else None
        return sheet if sheet and (sheet.long or sheet.wide) else None

    def _around(self, above: list[Cells]) -> _Context:
        """Read the lines above the headings, and who published the figures from those below."""
        feet = [text for cells in self.body.values() for text in list(cells.values())[:1] if FOOT.match(text)]
        found = _Context(place=labels.code(self.defaults.get("region", "")))
        told = [one.source for text in feet if _KEYED.fullmatch(text) and (one := _context(text))]
        for text in (
            text
            for cells in above
            for text in cells.values()
            if len(cells) == 1 or _KEYED.fullmatch(text) or _is_when(text)
        ):
            one = _context(text)
            told.append(one.source or ("" if _KEYED.fullmatch(text) or _is_when(text) else text))
            found = one.over(found)
        return replace(found, source=" ".join(dict.fromkeys(filter(None, told))))

    def _roles(self) -> list[_Column]:
        places = sorted({at for cells in (*self.heads, *self.body.values()) for at in cells})
        found = [self._headed(at) for at in places]
        own = {column.role for column in found if not column.is_foreign} - {"wide"}
        found = [
            replace(one, role="") if one.is_foreign and one.role in own else one for one in found
        ]  # Region beside 地区
        taken = {column.role for column in found}
        for number, column in enumerate(found):
            if not (column.role or column.is_foreign) and (role := self._by_content(column.at)) not in taken:
                found[number] = replace(column, role=role)
                taken.add(role)
        return _with_years(found)

    def _is_long(self, wide: list[_Column]) -> bool:
        """Tell whether a column headed 数值 or 涨幅 holds the figures: a growth beside columns of figures is none of ours."""
        return not wide or any(column.role == "series" for column in self.columns)

    def _headed(self, at: int) -> _Column:
        texts = tuple(dict.fromkeys(cells[at] for cells in self.heads if at in cells))
        fields = [_attribute(text) for text in texts]
        role = next(filter(None, reversed(fields)), "")
        label = _joined(
            [
                text
                for text, one in zip(texts, fields, strict=True)
                if not one or (one == "value" and labels.read_label(text).says)
            ]
        )
        wide = not role and bool(texts) and label.says and self._share(at, _is_figure) >= HALF
        return _Column(at, texts, "wide" if wide else role, label)

    def _by_content(self, at: int) -> str:
        """Tell what a column without a known heading holds by what stands in most of its cells."""
        kinds: dict[str, Callable[[str], bool]] = {
            "region": lambda text: bool(labels.places(text)),
            "period": lambda text: labels.period(text)[0] is not None,
            "series": lambda text: labels.read_label(text).says,
        }
        if self._share(at, _is_figure) >= HALF:
            return ""
        return next((kind for kind, holds in kinds.items() if self._share(at, holds) > HALF), "")

    def _share(self, at: int, holds: Callable[[str], bool]) -> float:
        """Return in how many of a column's filled cells something holds."""
        texts = [
            cells[at] for cells in list(self.body.values())[:LOOKED_AT] if at in cells and not FOOT.match(cells[at])
        ]
        return sum(map(holds, texts)) / len(texts) if texts else 0.0

    @property
    def is_list(self) -> bool:
        """Tell whether it is a publisher's list of indicators for one place and period, in which not every row is wanted."""
        return "series" in self.named and not {"region", "period", "from"} & self.named.keys()

    @cached_property
    def level(self) -> str:
        """The level most places of the table have, so that 吉林 among provinces is the province."""
        at = self.named["region"].at if "region" in self.named else 0
        found = [labels.places(cells[at]) for cells in self.body.values() if at in cells]
        levels = Counter(places[0].level for places in found if len(places) == 1)
        return levels.most_common(1)[0][0] if levels else ""

    def faults(self) -> Iterator[Fault]:
        """Find what keeps the table from being read: columns of one meaning, cells under no heading, months nobody can tell."""
        for role, count in Counter(column.role for column in self.columns).items():
            if role not in ("", "wide") and count > 1:
                yield Fault("two columns mean the same", f"{self.name} row {self.head}", f"one column of {role}", role)
        for column in self.columns:
            if not column.texts and not column.role:
                yield from self._stray(column.at)
            where = f"{self.name} row {self.head}, column {column.shown}"
            for text in filter(_DOUBTFUL_MONTH.fullmatch, column.texts):
                yield Fault("a month that cannot be told", where, "2026-10 or 2026年10月", text)
        if text := self.context.unknown:
            hint = labels.near_series(text) or labels.near_place(text)
            yield Fault(
                "an indicator or a place above the table that is not known",
                self.name,
                "words of data/additions",
                text,
                hint,
            )

    def _stray(self, at: int) -> list[Fault]:
        width = sum(1 for column in self.columns if column.texts)
        rows = [(number, cells[at]) for number, cells in self.body.items() if at in cells and not _is_foot(cells)]
        return [Fault("cells beyond the last heading", f"{self.name} row {number}", f"{width} cells", text)
                for number, text in rows[:MOST_FAULTS]]  # fmt: skip

    def headings(self) -> list[str]:
        """List every heading, where it stands, and what it became."""
        around = self.context
        told = [*map(str, filter(None, [around.place and region(around.place)])), *([around.period.text("stock")] if around.period else []),
                *(f"{facet}={value}" for facet, value in around.facets.items()), *around.units[:1]]  # fmt: skip
        above = [f"{self.name} above the headings -> {' '.join(told)}"] if told else []
        return [
            *above,
            *(f"{self.name} {column.shown} -> {self._became(column)}" for column in self.columns if column.texts),
        ]

    def _became(self, column: _Column) -> str:
        if column not in self.wide:
            used = column in self.long.values() or column in self.named.values()
            return column.role if used else "(ignored)"
        named = labels.series_of(
            {**self.context.facets, **column.label.facets}, _over(column.label.period, self.context.period)
        )
        period = _over(column.label.period, self.context.period)
        if (
            named
            and "series" not in self.named
            and period
            and "period" not in self.named
            and not period.text(named.period or "any")
        ):
            return "(ignored)"
        told = named.series if named else " ".join(f"{facet}={value}" for facet, value in column.label.facets.items())
        when = column.label.period.text("stock") if column.label.period else ""
        return " ".join(filter(None, (told, when, *(named.units(column.label.units)[:1] if named else ()))))

    def lines(self) -> Iterator[Line]:
        """Yield one line a figure."""
        section, last = _Context(), None
        for number, cells in self.body.items():
            filled = [column for column in self.wide if cells.get(column.at, "") not in MISSING]
            place = cells.get(self.named["region"].at, "") if "region" in self.named else ""
            if _is_foot(cells):
                self.skipped[f"{self.name} row {number}: a line under the table"] = None
            elif TOTAL.match(place) or labels.is_elsewhere(place):
                self.skipped[f"{self.name} row {number}: {place} is no region"] = None
            elif filled or (self.long and len(cells) > 1):
                record = _Record(self, number, cells, section.over(self.context), last)
                last = record.period or last
                for columns in [tuple(self.long.values())] if self.long else [(column,) for column in filled]:
                    yield from record.lines(*columns)
            elif len(set(cells.values())) == 1:
                section = _context(next(iter(cells.values())))


def _is_foot(cells: Cells) -> bool:
    return bool(FOOT.match(next(iter(cells.values())))) and len(set(cells.values())) <= LEAST_HEADINGS


class _Record:
    """A row of figures: what its own cells say of them, and what was said around it."""

    def __init__(self, sheet: _Sheet, number: int, cells: Cells, around: _Context, last: Period | None) -> None:
        self.sheet, self.number, self.cells, self.around = sheet, number, cells, around
        self.texts = {role: cells.get(column.at, "") for role, column in sheet.named.items()}
        self.shown = {role: column.shown for role, column in sheet.named.items()}
        self.row = labels.read_label(self.texts.get("series", ""))
        group = labels.read_label(self.texts.get("group", ""))
        self.group = group.facets if group.says else {}
        self.period, self.unread = labels.period(self.texts.get("period", ""))
        if self.period and last and not self.period.year and self.period.month > last.month:
            self.period = replace(self.period, year=last.year)  # 2026年1月, 2月, 3月

    def lines(self, *columns: _Column) -> Iterator[Line]:
        """Yield the figure of a column, or of a column of values and one of rises; none where no series is understood."""
        first = columns[0]
        period = _over(first.label.period, _over(self.period, _over(self.row.period, self.around.period)))
        named = self._named(first, period)
        when = period.text((named.period if named else "") or "any") if period and not self.unread else ""
        other_span = first.label.period is not None and period is not None and not when
        if (first.role == "wide" or self.sheet.is_list) and (named is None or other_span):
            what = " ".join(filter(None, (self.texts.get("series"), self.texts.get("group"), *first.texts)))
            self.sheet.skipped[f"{self.sheet.name} {what} -> (ignored)"] = None
            return
        line = self._dated(self._line(named, when, columns), named, period if when else None)
        for group in (named.groups if named else ()) or (self.texts.get("group", ""),):
            yield line.filled(group=group)

    def _named(self, column: _Column, period: Period | None) -> Named | None:
        """Return the series of a figure; None where a word of it is not understood, or two of them contradict each other."""
        row = {**self.row.facets, **self.group}
        unsaid = bool(self.row.left) or not (self.row.says or column.role == "wide" or not self.texts.get("series"))
        if unsaid or any(row.get(facet, value) != value for facet, value in column.label.facets.items()):
            return None
        named = labels.series_of({**self.around.facets, **row, **column.label.facets}, period)
        return named if named and self._is_of_group(named) else None

    def _is_of_group(self, named: Named) -> bool:
        """Tell whether a published series is that of the row's group: persons of an age are not all persons, town is not the whole."""
        text = self.texts.get("group", "")
        return named.is_law or text in MISSING or self.group.get("area", "?") in named.series.split(":")

    def _line(self, named: Named | None, when: str, columns: Sequence[_Column]) -> Line:
        """Put a figure together: what its row, its column, the lines around and the caller say of it."""
        cells = {
            role: text
            for role, text in self.texts.items()
            if text not in MISSING and role not in ("series", "period", "region")
        }
        cells |= {role: day(cells[role]) for role in _DAYS if role in cells}
        cells |= {
            "region": self._place(), "series": named.series if named else self._unnamed(),
            "period": when or self.texts.get("period", ""), "unit": self._unit(named, columns[0]),
            "source": cells.get("source") or self.sheet.defaults.get("source") or self.around.source,
            "vintage": cells.get("vintage") or self.around.vintage or day(self.sheet.defaults.get("vintage", "")),
        }  # fmt: skip
        said = []
        for column in columns:
            text = _plain(self.cells.get(column.at, ""))
            if found := _BRACKETED.fullmatch(text):
                said.append(
                    f"{self.sheet.name} row {self.number}, column {column.shown}: {text} is taken as -{found[1]}"
                )
                text = f"-{found[1]}"
            signed = RISE.fullmatch(text) if named and named.is_index else None
            rises = column.role == "rise" or (column.role == "wide" and self._rises(column))
            cells["rise" if rises or signed else "value"] = _signed(signed) if signed else text
            if signed and not rises:
                said.append(
                    f"{self.sheet.name} row {self.number}, column {column.shown}: {text} is taken as a change in percent"
                )
        shown = {("rise" if column.role == "rise" else "value"): column.shown for column in columns}
        return Line(self.sheet.name, self.number, False, cells, {**self.shown, **shown}, tuple(said))

    def _unnamed(self) -> str:
        """Return the words that lead to no series; a series' own name is none of the group beside it."""
        series, group = self.texts.get("series", ""), self.texts.get("group", "")
        return f"{series} {group}" if group and "series" in self.row.facets else series

    def _stated(self, column: _Column) -> tuple[str, ...]:
        """Return the units that column, row or the lines around state."""
        return (
            column.label.units or tuple(labels.units(self.texts.get("unit", ""))) or self.row.units or self.around.units
        )

    def _rises(self, column: _Column) -> bool:
        """Tell whether the figures of a column are changes in percent."""
        return "rise" in {**self.row.facets, **column.label.facets} or "pct" in self._stated(column)

    def _unit(self, named: Named | None, column: _Column) -> str:
        """Return the unit of a figure; what is stated and cannot be its unit stays, for the checks to refuse."""
        stated = self._stated(column)
        if named and named.is_index and (column.role == "rise" or self._rises(column)):
            return ""
        per = column.label.facets.get("per", self.row.facets.get("per", ""))
        known = named.units(stated, per) if named else ()
        return known[0] if known else self.texts.get("unit", "") or " ".join(stated)

    def _place(self) -> str:
        """Return the code of the row's place, or what was written where it is not known or several are meant."""
        text = self.texts.get("region", "")
        if not text and "region" not in self.sheet.named:
            return self.around.place
        found = labels.places(text)
        same = [place for place in found if place.level == self.sheet.level] if len(found) > 1 else found
        return same[0].code if len(same) == 1 else text

    def _dated(self, line: Line, named: Named | None, period: Period | None) -> Line:
        """Say that a day was taken as its month; a day in the middle of a month is asked about."""
        if period is None or not period.day or named is None or named.period != "month":
            return line
        what = f"{line.at('period')}: the day {period.text('day')} is taken as its month, {line.get('period')}"
        return replace(line, said=(*line.said, what)) if period.is_edge else replace(line, asked=(what,))


def _plain(text: str) -> str:
    """Take commas between thousands out of a number."""
    return text.replace(",", "") if _GROUPED.fullmatch(text) else text


def _signed(found: re.Match[str]) -> str:
    """Return a rise in percent: `上涨2.3%` is 2.3, `下降0.3%` is -0.3, `持平` is 0."""
    return "0" if found[4] else f"{'-' if found[2] else ''}{found[3]}"


def sentences(items: Iterable[str], most: int = MOST_FAULTS) -> list[str]:
    """Return the first of many lines, and how many more there are."""
    listed = list(items)
    return listed if len(listed) <= most else [*listed[:most], f"... and {len(listed) - most} more"]
