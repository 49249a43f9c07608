"""公开数据的入口。 The researcher's door to what is published: find a series, lay it out as a panel, see what is missing, list standards."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aidlib import words
from aidlib.errors import AidError, Fault, ParameterFault, nearest
from aidlib.indices import Figure, Figures, Series
from aidlib.indices.store import SCALES
from aidlib.known import Known, Missing
from aidlib.law import Book, Value
from aidlib.money import FEN_PER_YUAN
from aidlib.prices.months import MONTHS_IN_YEAR
from aidlib.regions import Region, place, provinces
from aidlib.result import Frame, Result

if TYPE_CHECKING:
    import pandas as pd

PROVINCES, MISSING = "provinces", "missing"
FREQUENCIES = {
    "year": ("",),
    "quarter": ("-Q1", "-Q1Q2", "-Q1Q3"),
    "month": tuple(f"-{month:02d}" for month in range(1, MONTHS_IN_YEAR + 1)),
}
PANEL_COLUMNS = (
    "place", "name", "period", "date", "series", "value", "unit", "status", "source", "text", "unit_written"
)  # fmt: skip
COVERAGE_COLUMNS = (
    "place",
    "name",
    "series",
    "periods",
    "present",
    "absent",
    "first",
    "last",
    "missing_periods",
    "statuses",
)
STANDARD_COLUMNS = (
    "place", "name", "area", "part", "kind", "first", "last", "value", "unit", "status", "source", "article", "text",
    "unit_written",
)  # fmt: skip
KINDS = {"dibao_standard": "standard", "dibao_guide": "guide"}
AREAS = ("urban", "rural")
YUAN_MONTH = "yuan/person/month"
YEAR = re.compile(r"(?:19|20|21)\d\d")
POINT = re.compile(r"((?:19|20|21)\d\d)(?:-(0[1-9]|1[0-2]))?")
MOST_HINTS = 4
Span = tuple[str, str]


@dataclass(frozen=True, repr=False)
class Panel(Result):
    """Published figures of places over periods; what is not published is missing.

    Attributes
    ----------
    series : tuple of Series
    places : tuple of Region
    periods : tuple of str
        `2020`, `2020-06`, or `2020-Q1Q3` (cumulated since January).
    figures : dict
        (place code, series name, period) to the Figure that was published; no key where none was.
    """

    series: tuple[Series, ...]
    places: tuple[Region, ...]
    periods: tuple[str, ...]
    figures: dict[tuple[str, str, str], Figure]

    def status(self, code: str, name: str, period: str) -> str:
        """Return the status of a figure, `missing` where there is none."""
        found = self.figures.get((code, name, period))
        return found.status if found else MISSING

    def to_frame(self) -> pd.DataFrame:
        """Return one row a place, series and period, published or not.

        Returns
        -------
        pandas.DataFrame
            place (code), name, period, date (last day of the period, for `PanelOLS` and plots), series, value (float, in `unit`; NaN
            where missing), unit, status, source (id), text and unit_written (the figure exactly as published).
        """
        import pandas as pd

        return pd.DataFrame(list(self._rows()), columns=list(PANEL_COLUMNS)).astype({"date": "datetime64[ns]"})

    def wide(self) -> pd.DataFrame:
        """Return values with one column a series, indexed by place and date: what `PanelOLS` takes as it is.

        Returns
        -------
        pandas.DataFrame
            Index place, date; floats in the unit of `to_frame`; NaN where missing. Statuses are in `to_frame`.
        """
        table = self.to_frame().pivot(index=["place", "date"], columns="series", values="value")
        return table[[one.name for one in self.series]].rename_axis(columns=None)

    def coverage(self) -> Coverage:
        """Tell what of the panel is published and what is missing."""
        return Coverage(self)

    def _rows(self) -> Iterator[tuple[object, ...]]:
        ends = {period: last_day(period) for period in self.periods}
        for one in self.series:
            for at in self.places:
                for period in self.periods:
                    found = self.figures.get((at.code, one.name, period))
                    yield at.code, at.name(words.language()), period, ends[period], one.name, *_cells(one, found)

    def _shown(self, rows: int) -> tuple[pd.DataFrame, int]:
        import pandas as pd

        cells = [(at, period) for at in self.places for period in self.periods]
        return pd.DataFrame([self._line(*cell) for cell in cells[:rows]]), len(cells)

    def _line(self, at: Region, period: str) -> dict[str, object]:
        """A place and period with its series side by side, and the rows that they were published in."""
        found = {one: self.figures.get((at.code, one.name, period)) for one in self.series}
        values = {one.name: _known(one, at, period, figure) for one, figure in found.items()}
        return {
            "place": at.code,
            "period": period,
            **values,
            "sources": [figure for figure in found.values() if figure],
        }


@dataclass(frozen=True, repr=False)
class Coverage(Result):
    """What of a panel is published and what is missing; `.plot()` draws it, one panel a series."""

    panel: Panel

    def to_frame(self) -> pd.DataFrame:
        """Return one row a place and series.

        Returns
        -------
        pandas.DataFrame
            place (code), name, series; periods asked, present, absent (counts); first and last period present (None where none);
            missing_periods (runs, `2010..2012 2026`); statuses of what is present.
        """
        import pandas as pd

        rows = [self._row(one, at) for one in self.panel.series for at in self.panel.places]
        return pd.DataFrame(rows, columns=list(COVERAGE_COLUMNS))

    def _row(self, one: Series, at: Region) -> tuple[object, ...]:
        states = {period: self.panel.status(at.code, one.name, period) for period in self.panel.periods}
        there = [period for period, status in states.items() if status != MISSING]
        ends = (there[0], there[-1]) if there else (None, None)
        statuses = " ".join(sorted({states[period] for period in there}))
        counts = len(states), len(there), len(states) - len(there)
        return at.code, at.name(words.language()), one.name, *counts, *ends, _runs(states), statuses

    def _shown(self, rows: int) -> tuple[pd.DataFrame, int]:
        frame = self.to_frame()
        lists = {name: frame[name].str.split() for name in ("missing_periods", "statuses")}
        return frame.assign(**lists).drop(columns="name").head(rows), len(frame)


def panel(
    series: str | Iterable[str],
    regions: str | int | Region | Iterable[str | int | Region] = PROVINCES,
    years: int | Iterable[int] = range(2010, 2027),
    frequency: str = "year",
    *,
    figures: Figures | None = None,
) -> Panel:
    """面板数据：各地各期公布的数。 Lay published series out by place and period.

    A cell holds what that place published for that very period, or is missing: it is never filled from the province, the nation or
    another year.

    Parameters
    ----------
    series : str or iterable of str
        Names, or full Chinese or English labels, of `data/reference/series.csv`; `aidlib.search` finds them.
    regions : str, int, Region or iterable of them
        `provinces` for the 31 of the mainland, or places by code, Chinese or English name (`广西`, `Guangxi`, `45`).
    years : int or iterable of int
        One year, a range or a list; a tuple of two is the first and the last year.
    frequency : str
        `year`, `quarter` (cumulated since January) or `month`.
    figures : Figures, optional
        The tables to read; default the shipped ones with your overlay. What is found counts as read.

    Returns
    -------
    Panel
        `.to_frame()` (places x periods x series rows), `.wide()`, `.coverage()`, `.plot()` (what is missing). A series published now by
        the month and now by the year, or now in ten thousands, is in its first unit of `series.csv` throughout; a unit that cannot
        be turned into it exactly stays, and says so.

    Raises
    ------
    ParameterFault
        An unknown series, place or frequency, years that are none, or a series without any figure of the frequency: all at once,
        with the nearest right form.

    Examples
    --------
    >>> found = panel("disposable_income_pc:rural", regions=["广西", "Zhejiang"], years=(2022, 2022))
    >>> print(found.to_frame()[["place", "period", "value", "status"]].to_string(index=False))
     place period   value   status
    450000   2022     NaN  missing
    330000   2022 37565.0 observed
    """
    known = figures or Figures()
    chosen, at, spans = _all_of(
        lambda: _series(series, known), lambda: _places(regions), lambda: _periods(years, frequency)
    )
    _published(chosen, frequency, known)
    keys = ((one.code, each.name, period) for one in at for each in chosen for period in spans)
    found = {key: figure for key in keys if (figure := known.find(*key))}
    return Panel(chosen, at, spans, found)


def coverage(
    series: str | Iterable[str],
    regions: str | int | Region | Iterable[str | int | Region] = PROVINCES,
    years: int | Iterable[int] = range(2010, 2027),
    frequency: str = "year",
    *,
    figures: Figures | None = None,
) -> Coverage:
    """公布了什么、缺什么。 Tell for places and periods which figures are published and which are missing.

    Parameters
    ----------
    series, regions, years, frequency, figures
        As for `panel`.

    Returns
    -------
    Coverage
        `.to_frame()` (one row a place and series), `.plot()` (a square a place and period, coloured by status).

    Raises
    ------
    ParameterFault
        As for `panel`.

    Examples
    --------
    >>> frame = coverage("disposable_income_pc:rural", regions="北京", years=range(2017, 2025)).to_frame()
    >>> print(frame[["present", "absent", "missing_periods"]].to_string(index=False))
     present  absent missing_periods
           4       4 2020..2022 2024
    """
    return panel(series, regions, years, frequency, figures=figures).coverage()


def dibao_standards(
    regions: str | int | Region | Iterable[str | int | Region] = PROVINCES,
    first: str | int = 2010,
    last: str | int = 2026,
    *,
    book: Book | None = None,
    figures: Figures | None = None,
) -> Frame:
    """各地低保标准、省级指导标准和公布的平均标准。 List dibao standards, provincial guides and published averages of places.

    Only rows of the place itself: a county without a row of its own is missing here, whatever its province says.

    Parameters
    ----------
    regions : str, int, Region or iterable of them
        `provinces`, or places by code, Chinese or English name.
    first, last : str or int
        Years (`2020`) or months (`2020-06`), both included; rows that hold on any day of the span are listed.
    book, figures : Book, Figures, optional
        What to read; default the shipped ones with your overlay.

    Returns
    -------
    Frame
        `.to_frame()`: one row a row of the law book or published average: place (code), name, area (urban, rural; empty for both), part
        (of the place, where the row holds for a part), kind (standard, guide, average), first and last (day it holds from and to;
        None while open), value (float, yuan a person and month; NaN where missing or a range), unit, status, source (id), article, text
        and unit_written (as written). A place and area without any standard in the span has a row with status `missing`; days
        between rows are unknown.

    Raises
    ------
    ParameterFault
        An unknown place, or periods that cannot be read or end before they begin: all at once.

    Examples
    --------
    >>> frame = dibao_standards("Beijing", "2019-01", "2019-06").to_frame()
    >>> print(frame[["area", "kind", "first", "value", "status"]].to_string(index=False))
     area     kind      first  value    status
    rural standard 2019-01-01 1100.0 estimated
    urban standard 2019-01-01 1100.0 estimated
    """
    import pandas as pd

    at, span = _all_of(lambda: _places(regions), lambda: _span(first, last))
    law, known = book or Book(), figures or Figures()
    rows = [row for one in at for row in _standards(one, span, law, known)]
    frame = pd.DataFrame([row for row, _ in rows], columns=list(STANDARD_COLUMNS))
    return Standards(frame, [[basis] if basis else [] for _, basis in rows])


def last_day(period: str) -> date:
    """Return the last day of a year, month or cumulated quarters.

    Examples
    --------
    >>> [str(last_day(period)) for period in ("2020", "2020-02", "2020-Q1Q3")]
    ['2020-12-31', '2020-02-29', '2020-09-30']
    """
    year, _, rest = period.partition("-")
    month = int(rest[-1]) * 3 if rest.startswith("Q") else int(rest or MONTHS_IN_YEAR)
    return date(int(year), month, monthrange(int(year), month)[1])


def _cells(one: Series, found: Figure | None) -> tuple[object, ...]:
    """Value, unit, status, source, text and unit as written."""
    if found is None:
        return float("nan"), one.units[0], MISSING, None, None, None
    ratio = _ratio(found.unit, one.units[0])
    unit, value = (found.unit, found.value) if ratio is None else (one.units[0], found.value * ratio)
    return float(value), unit, found.status, found.source.id, found.text, found.unit


def _known(one: Series, at: Region, period: str, found: Figure | None) -> Known | Missing:
    """A figure in the unit of its panel, or what is missing."""
    if found is None:
        return Missing(one.name, year=int(period[:4]), place=at.code, own=True)
    ratio = _ratio(found.unit, one.units[0])
    known = Known.of(found)
    return known if ratio is None else replace(known, number=found.value * ratio, unit=one.units[0])


def _ratio(unit: str, wanted: str) -> Fraction | None:
    """How many of the wanted unit one unit is; None where they are not of one kind."""
    (kind, size), (other, per) = _size(unit), _size(wanted)
    return size / per if kind == other else None


def _size(unit: str) -> tuple[str, Fraction]:
    """Split a unit into its kind and how many of the plain one it is; money a month is twelve a year."""
    prefix = next((one for one in SCALES if unit.startswith(one)), "")
    kind, size = unit.removeprefix(prefix), Fraction(SCALES.get(prefix, 1))
    monthly = kind.startswith("yuan/") and kind.endswith("/month")
    return (f"{kind.removesuffix('/month')}/year", size * MONTHS_IN_YEAR) if monthly else (kind, size)


def _runs(states: dict[str, str]) -> str:
    """Write the missing periods as runs."""
    runs: list[list[str]] = []
    before = ""
    for period, status in states.items():
        if status == MISSING:
            runs[-1:] = [[*runs[-1], period]] if before == MISSING else [*runs[-1:], [period]]
        before = status
    return " ".join(run[0] if len(run) == 1 else f"{run[0]}..{run[-1]}" for run in runs)


def _all_of(*readers: Callable[[], Any]) -> list[Any]:
    """Read every input; the faults of all of them are one error."""
    found: list[Any] = []
    wrong: list[Fault] = []
    for read in readers:
        try:
            found.append(read())
        except AidError as fault:
            wrong += fault.faults
    if wrong:
        raise ParameterFault(wrong)
    return found


def _several(given: Any, where: str, expected: str) -> list[Any]:
    """A single value or several of them, as a list without repetitions."""
    single = isinstance(given, (str, int, Region)) or not isinstance(given, Iterable)
    listed = list(dict.fromkeys([given] if single else given))
    if not listed:
        raise ParameterFault("nothing is asked for", where=where, expected=expected)
    return listed


def _series(given: str | Iterable[str], known: Figures) -> tuple[Series, ...]:
    labels = {label: one.name for one in known.series.values() for label in (one.zh, one.en)}
    asked = {text: labels.get(text, text) for text in _several(given, "series", "names of series")}
    wrong = [_unknown_series(str(text), known) for text, name in asked.items() if name not in known.series]
    if wrong:
        raise ParameterFault(wrong)
    return tuple(known.series[name] for name in dict.fromkeys(asked.values()))


def _unknown_series(text: str, known: Figures) -> Fault:
    if text in Book().tables.names:
        meant = "aidlib.dibao_standards" if text in KINDS else "aidlib.Book"
        return Fault("a name of the law, not a series", "series", "a name of reference/series.csv", text, meant)
    longer = [name for name in known.series if name.startswith(f"{text}:")]
    hint = ", ".join(longer[:MOST_HINTS]) or nearest(text, known.series)
    expected = "a name of reference/series.csv"
    return Fault("unknown series", "series", expected, text, hint or f"aidlib.search({text!r})")


def _places(given: Any) -> tuple[Region, ...]:
    expected = f"{PROVINCES!r}, or codes or names"
    wanted = _several(given, "regions", expected)
    if wanted == [PROVINCES]:
        return provinces()
    found, wrong = {}, []
    for text in wanted:
        try:
            found[place(text).code] = place(text)
        except AidError as fault:
            near = _near_place(str(text))
            wrong += [Fault(one.what, "regions", one.expected, one.got, near or one.hint) for one in fault.faults]
    if wrong:
        raise ParameterFault(wrong)
    return tuple(found.values())


def _near_place(text: str) -> str:
    """The word for all provinces or the English name of one that a slip was made in."""
    names = {one.name_en: f"{one.name_en} {one.code}" for one in provinces()} | {PROVINCES: PROVINCES}
    return names.get(nearest(text, names), "")


def _periods(years: Any, frequency: str) -> tuple[str, ...]:
    spans = _all_of(lambda: _years(years), lambda: _endings(frequency))
    return tuple(f"{year}{ending}" for year in spans[0] for ending in spans[1])


def _endings(frequency: str) -> tuple[str, ...]:
    if frequency not in FREQUENCIES:
        hint = nearest(str(frequency), FREQUENCIES)
        raise ParameterFault(
            "unknown frequency", where="frequency", expected=", ".join(FREQUENCIES), got=str(frequency), hint=hint
        )
    return FREQUENCIES[frequency]


def _years(given: Any) -> tuple[int, ...]:
    expected = "a year, a range, a list, or (first, last)"
    listed = _several(given, "years", expected) if not isinstance(given, tuple) else list(given)
    if isinstance(given, str) or not all(YEAR.fullmatch(str(year)) for year in listed):
        seen = sorted(map(int, YEAR.findall(str(given))))
        hint = (
            f"years=range({seen[0]}, {seen[-1] + 1})" if len(seen) > 1 else f"years={seen[0]}" if seen else "years=2020"
        )
        raise ParameterFault("unreadable years", where="years", expected=expected, got=str(given), hint=hint)
    whole = [int(str(year)) for year in listed]
    if isinstance(given, tuple) and len(whole) == 2:
        if whole[1] < whole[0]:
            raise ParameterFault(
                "the last year is before the first", where="years", got=str(given), hint=f"({whole[1]}, {whole[0]})"
            )
        return tuple(range(whole[0], whole[1] + 1))
    return tuple(sorted(set(whole)))


def _published(chosen: Iterable[Series], frequency: str, known: Figures) -> None:
    """Refuse a series that nowhere has a figure of the frequency: all would be missing by a slip, not for want of data."""
    wrong = []
    for one in chosen:
        endings = {period[4:] for code in known.places(one.name) for period in known.all(code, one.name)}
        if endings and not endings & set(FREQUENCIES[frequency]):
            others = [f"frequency={name!r}" for name, ends in FREQUENCIES.items() if endings & set(ends)]
            what = f"{one.name} is not published by the {frequency}"
            wrong.append(Fault(what, "frequency", got=frequency, hint=" or ".join(others)))
    if wrong:
        raise ParameterFault(wrong)


def _span(first: object, last: object) -> Span:
    """First and last day, as sortable text."""
    found = [POINT.fullmatch(str(text)) for text in (first, last)]
    wrong = [
        Fault("unreadable period", where, "a year or a month", str(text), _mended(str(text)))
        for where, text, match in zip(("first", "last"), (first, last), found, strict=True)
        if not match
    ]
    if not wrong and str(last_day(str(last))) < f"{first}-01-01"[:10]:
        wrong = [Fault("the last period is before the first", "last", f"{first} or later", str(last))]
    if wrong:
        raise ParameterFault(wrong)
    return f"{first}-01-01"[:10], str(last_day(str(last)))


def _mended(text: str) -> str:
    """The nearest readable period: `202006`, `2020/6` and `2020-6` are June 2020."""
    seen = re.match(r"((?:19|20|21)\d\d)\D*(1[0-2]|0?[1-9])?", text)
    if not seen:
        return "2020 or 2020-06"
    return seen[1] if not seen[2] else f"{seen[1]}-{int(seen[2]):02d}"


class Standards(Frame):
    """Standards with the rows they stand in, which a notebook shows folded beside them."""

    def __init__(self, frame: pd.DataFrame, bases: list[list[Value | Figure]]) -> None:
        super().__init__(frame)
        self.bases = bases

    def _shown(self, rows: int) -> tuple[pd.DataFrame, int]:
        import pandas as pd

        frame = self._frame.drop(columns=["name", "source", "article", "text", "unit_written"])
        frame["sources"] = pd.Series(self.bases, frame.index, dtype=object)
        return frame.head(rows), len(frame)


def _standards(
    at: Region, span: Span, law: Book, known: Figures
) -> Iterator[tuple[tuple[object, ...], Value | Figure | None]]:
    shown = (at.code, at.name(words.language()))
    groups = {(name, entry.key[2]) for name in KINDS for entry in law.rows(at.code, name)}
    values = [value for name, group in sorted(groups) for value in law.history(at.code, name, group)]
    within = [one for one in values if str(one.start) <= span[1] and str(one.end) >= span[0]]
    for value in within:
        area, _, part = value.group.partition(":")
        yield (*shown, area, part, KINDS[value.name], *_of_law(value)), value
    there = {value.group.partition(":")[0] for value in within if KINDS[value.name] == "standard"}
    for area in AREAS:
        for figure in _averages(at, area, span, known):
            yield (*shown, area, "", "average", *_of_average(figure)), figure
        if not there & {area, ""}:
            empty = (None, None, float("nan"), YUAN_MONTH, MISSING, None, None, None, None)
            yield (*shown, area, "", "standard", *empty), None


def _of_law(value: Value) -> tuple[object, ...]:
    low, high = value.bounds
    monthly = float(value.fen_month / FEN_PER_YUAN) if low == high else float("nan")
    last = None if value.end == date.max else str(value.end)
    where = value.source.id, value.article, value.text, value.unit
    return str(value.start), last, monthly, YUAN_MONTH, value.status, *where


def _averages(at: Region, area: str, span: Span, known: Figures) -> list[Figure]:
    name = f"dibao_avg:{area}"
    periods = [one for one in known.all(at.code, name) if POINT.fullmatch(one)]
    wanted = [one for one in periods if f"{one}-01-01"[:10] <= span[1] and str(last_day(one)) >= span[0]]
    return [known.get(at.code, name, one) for one in wanted]


def _of_average(figure: Figure) -> tuple[object, ...]:
    first, last = f"{figure.period}-01-01"[:10], str(last_day(figure.period))
    ratio = _ratio(figure.unit, YUAN_MONTH)
    value = float("nan") if ratio is None else float(figure.value * ratio)
    return first, last, value, YUAN_MONTH, figure.status, figure.source.id, None, figure.text, figure.unit
