"""Published figures: one fact per region, period and series, with status, source and vintage. Reads are remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from aidlib import tables
from aidlib.errors import AidError, DataFault, DataGap, Fault, nearest
from aidlib.law.value import STATUSES, Status
from aidlib.money import exact, half_up
from aidlib.regions import region

if TYPE_CHECKING:
    import pandas as pd

FIGURE_COLUMNS = ("region", "period", "series", "value", "unit", "status", "source", "vintage", "error", "note")
SERIES_COLUMNS = ("series", "table", "unit", "decimals", "zh", "en", "note")
SOURCE_COLUMNS = ("id", "title", "date", "kind", "url")
INDEX_BASE = 100


@dataclass(frozen=True)
class Series:
    """A published series: the table it lies in, its unit, and the count of decimals it is published with."""

    name: str
    table: str
    unit: str
    decimals: int | None
    zh: str
    en: str
    note: str


@dataclass(frozen=True)
class Publication:
    """Where figures were read: title, date, kind of source, and an address only where it is official."""

    id: str
    title: str
    date: str
    kind: str
    url: str


@dataclass(frozen=True)
class Figure:
    """One published figure.

    Attributes
    ----------
    region, period, series : str
        Code; `2023`, `2023-06` or a date; name in `data/reference/series.csv`.
    text, unit : str
        The value as written, and its unit.
    status : str
        observed, estimated, projected or synthetic.
    source : Publication
        Where it was read.
    vintage : str
        When it was published or exported; the newest vintage of a figure answers.
    error : Fraction or None
        Largest credible error of an estimate, in the unit of the value; None for a published figure.
    decimals : int or None
        Decimals the series is published with.
    place, note : str
        File and line; caveat.
    """

    region: str
    period: str
    series: str
    text: str
    unit: str
    status: Status
    source: Publication
    vintage: str
    error: Fraction | None
    decimals: int | None
    place: str
    note: str

    @property
    def value(self) -> Fraction:
        """The exact number as written."""
        return exact(self.text)

    @property
    def published(self) -> Fraction:
        """The number as published: exports with more decimals are rounded half-up to the published ones."""
        if self.decimals is None:
            return self.value
        scale = 10**self.decimals
        return Fraction(half_up(self.value * scale), scale)

    @property
    def rise(self) -> Fraction:
        """Rise in percentage points of an index with base 100, from the published number."""
        return self.published - INDEX_BASE


Facts = dict[tuple[str, str], dict[str, Figure]]


class Figures:
    """The tables of `data/reference/`, by region, series and period; the newest vintage answers.

    Examples
    --------
    >>> Figures().get("000000", "cpi_yoy:total:all_items", "2020-02").rise
    Fraction(26, 5)
    """

    def __init__(self) -> None:
        self.series = _vocabulary(_stamp("series.csv"))
        self.reads: dict[str, Figure] = {}

    def get(self, place: str, series: str, period: str) -> Figure:
        """Return a figure.

        Raises
        ------
        DataGap
            Not in the data; the nearest period that is there is named.
        """
        if (found := self.find(place, series, period)) is None:
            raise self._gap(place, series, period)
        return found

    def find(self, place: str, series: str, period: str) -> Figure | None:
        """Return a figure, or None where the data has none. Missing is unknown, never zero."""
        found = self.all(place, series).get(period)
        if found is not None:
            self.reads[found.place] = found
        return found

    def all(self, place: str, series: str) -> dict[str, Figure]:
        """Return every figure of a region and series by period, oldest first, without counting them as read."""
        if series not in self.series:
            raise DataGap("unknown series", expected="a series of reference/series.csv", got=series,
                          hint=nearest(series, self.series))  # fmt: skip
        table = f"reference/{self.series[series].table}.csv"
        return _facts(table, _stamp(f"{self.series[series].table}.csv")).get((region(place).code, series), {})

    def latest(self, place: str, series: str, until: str = "9999") -> Figure | None:
        """Return the figure of the latest period not after `until` (a period sorts as text), or None."""
        periods = [period for period in self.all(place, series) if period <= until]
        return self.find(place, series, max(periods)) if periods else None

    def places(self, series: str) -> tuple[str, ...]:
        """List the region codes that have any figure of a series."""
        table = f"reference/{self.series[series].table}.csv"
        return tuple(code for code, name in _facts(table, _stamp(f"{self.series[series].table}.csv")) if name == series)

    def frame(
        self, series: str | Iterable[str], places: Iterable[str], first: str = "", last: str = "9999"
    ) -> pd.DataFrame:
        """Return figures as a tidy frame, one row per fact, for tables, plots and statistics.

        Returns
        -------
        pandas.DataFrame
            Columns region, period, series, value (float, for plotting and statistics only), text, unit, status, source, place.
        """
        import pandas as pd

        wanted = [series] if isinstance(series, str) else list(series)
        found = [
            f
            for place in places
            for name in wanted
            for f in self.all(place, name).values()
            if first <= f.period <= last
        ]
        self.reads |= {figure.place: figure for figure in found}
        columns = ["region", "period", "series", "value", "text", "unit", "status", "source", "place"]
        cells = [
            (f.region, f.period, f.series, float(f.value), f.text, f.unit, f.status, f.source.id, f.place)
            for f in found
        ]
        return pd.DataFrame(cells, columns=columns)

    def _gap(self, place: str, series: str, period: str) -> DataGap:
        known = sorted(self.all(place, series))
        near = [p for p in known if p <= period][-1:] or known[:1]
        hint = f"the nearest period known is {near[0]}" if near else "add it with: aidlib data add FILE"
        return DataGap(f"no figure of {series} for {period}", where=str(region(place)), hint=hint)


def _stamp(file: str) -> tuple[object, ...]:
    paths = [folder / "reference" / file for folder in (tables.shipped(), tables.overlay()) if folder]
    return tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in paths if p.is_file())


@lru_cache(maxsize=4)
def _vocabulary(_stamp: tuple[object, ...]) -> dict[str, Series]:
    found = {}
    for row in tables.rows("reference/series.csv", SERIES_COLUMNS):
        decimals = int(row["decimals"]) if row["decimals"] else None
        found[row["series"]] = Series(
            row["series"], row["table"], row["unit"], decimals, row["zh"], row["en"], row["note"]
        )
    return found


@lru_cache(maxsize=4)
def _publications(_stamp: tuple[object, ...]) -> dict[str, Publication]:
    rows = tables.rows("reference/sources.csv", SOURCE_COLUMNS)
    return {row["id"]: Publication(*(row[column] for column in SOURCE_COLUMNS)) for row in rows}


@lru_cache(maxsize=64)
def _facts(table: str, _stamps: tuple[object, ...]) -> Facts:
    vocabulary, sources = _vocabulary(_stamp("series.csv")), _publications(_stamp("sources.csv"))
    rows = tables.rows(table, FIGURE_COLUMNS)
    if faults := [fault for row in rows for fault in figure_faults(row, vocabulary, sources)]:
        raise DataFault(faults)
    facts: Facts = defaultdict(dict)
    for row in sorted(rows, key=lambda row: (row["period"], row["vintage"], row.overlaid)):
        figure = _figure(row, vocabulary, sources)
        facts[figure.region, figure.series][figure.period] = figure
    return dict(facts)


def _figure(row: tables.Row, vocabulary: dict[str, Series], sources: dict[str, Publication]) -> Figure:
    error = exact(row["error"]) if row["error"] else None
    return Figure(
        row["region"], row["period"], row["series"], row["value"], row["unit"], row["status"],  # type: ignore[arg-type]
        sources[row["source"]], row["vintage"], error, vocabulary[row["series"]].decimals, row.place, row["note"],
    )  # fmt: skip


def figure_faults(row: tables.Row, vocabulary: dict[str, Series], sources: dict[str, Publication]) -> Iterator[Fault]:
    """Find every fault of one row of figures: region, series, unit, value, status, source, error."""
    try:
        region(row["region"])
    except AidError as fault:
        yield Fault("unknown region", row.place, got=row["region"], hint=fault.faults[0].hint)
    if row["series"] not in vocabulary:
        yield Fault("unknown series", row.place, "a series of reference/series.csv", row["series"],
                    nearest(row["series"], vocabulary))  # fmt: skip
    elif row["unit"] not in vocabulary[row["series"]].unit.split("|"):
        yield Fault("wrong unit", row.place, vocabulary[row["series"]].unit, row["unit"])
    if row["status"] not in STATUSES:
        yield Fault("unknown status", row.place, ", ".join(STATUSES), row["status"], nearest(row["status"], STATUSES))
    if row["source"] not in sources:
        yield Fault("unknown source", row.place, "an id of reference/sources.csv", row["source"])
    for column in ("value", "error"):
        if row[column] or column == "value":
            try:
                exact(row[column])
            except AidError:
                yield Fault(f"unreadable {column}", row.place, "a decimal such as 102.5", row[column])
