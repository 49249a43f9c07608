"""Loading the reference tables: read once per state of the files, checked whole, sorted by region, series and period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from aidlib import tables
from aidlib.errors import DataFault, DataGap, Fault, nearest
from aidlib.indices import checks
from aidlib.law.value import Status
from aidlib.money import exact, half_up
from aidlib.regions import COLUMNS as REGION_COLUMNS
from aidlib.tables import Row

INDEX_BASE = 100
SCALES = {"10k ": 10_000, "100m ": 100_000_000}


@dataclass(frozen=True)
class Series:
    """A published series: the table it lies in, its units, and the count of decimals it is published with."""

    name: str
    table: str
    unit: str
    decimals: int | None
    zh: str
    en: str
    note: str

    @property
    def units(self) -> tuple[str, ...]:
        """The units its figures may have."""
        return tuple(self.unit.split("|"))


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
        Code; `2023`, `2023-06`, a day or `2023-Q1Q3`; name in `data/reference/series.csv`.
    text, unit : str
        The value as written, and its unit.
    status : str
        observed, estimated, projected or synthetic.
    source : Publication
        Where it was read.
    vintage : str
        When it was published or exported, empty where unknown; the newest vintage of a figure answers.
    error : Fraction or None
        Largest credible error of an estimate, in the unit of the value. None: a published figure, or an estimate whose error is unknown.
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

    @cached_property
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

    @property
    def plain(self) -> Fraction:
        """The number in single persons, households or yuan: `10k persons` times 10 000, `100m yuan` times 10^8."""
        return self.value * next((scale for prefix, scale in SCALES.items() if self.unit.startswith(prefix)), 1)


FIGURE_COLUMNS = checks.COLUMNS
SERIES_COLUMNS = ("series", "table", "unit", "decimals", "zh", "en", "note")
SOURCE_COLUMNS = ("id", "title", "date", "kind", "url")
WORD_TABLES = {"series": SERIES_COLUMNS, "sources": SOURCE_COLUMNS}
Stamp = tuple[tuple[str, int, int], ...]
Vintages = dict[str, list[Row]]


class Store:
    """One checked table of figures. Figures are made when they are first asked for.

    Attributes
    ----------
    rows : dict
        Region and series to period to rows, oldest vintage first; at the same vintage the overlay comes last.
    """

    def __init__(self, rows: dict[tuple[str, str], Vintages], words: Words) -> None:
        self.rows = rows
        self.words = words
        self._made: dict[tuple[str, str, str], dict[str, Figure]] = {}

    def figures(self, region: str, series: str, as_of: str) -> dict[str, Figure]:
        """Return the newest figure of each period known on a day (empty: today), oldest period first."""
        key = (region, series, as_of)
        if key not in self._made:
            known = {p: self.vintages(region, series, p, as_of) for p in sorted(self.rows.get((region, series), ()))}
            self._made[key] = {period: found[-1] for period, found in known.items() if found}
        return self._made[key]

    def vintages(self, region: str, series: str, period: str, as_of: str = "") -> list[Figure]:
        """Return every vintage of a figure known on a day, oldest first."""
        rows = self.rows.get((region, series), {}).get(period, ())
        return [self._figure(row) for row in rows if not as_of or known_since(row["vintage"]) <= as_of]

    def _figure(self, row: Row) -> Figure:
        error = exact(row["error"]) if row["error"] else None
        decimals = self.words.series[row["series"]].decimals
        return Figure(
            row["region"], row["period"], row["series"], row["value"], row["unit"], row["status"],  # type: ignore[arg-type]
            self.words.sources[row["source"]], row["vintage"], error, decimals, row.place, row["note"],
        )  # fmt: skip


@dataclass(frozen=True)
class Words:
    """The vocabulary of the reference tables: series and publications, shipped and overlaid."""

    series: dict[str, Series]
    sources: dict[str, Publication]

    def of(self, name: str) -> Series:
        """Return a series, or name the nearest one."""
        if name not in self.series:
            raise DataGap(
                "unknown series", expected="a series of reference/series.csv", got=name, hint=nearest(name, self.series)
            )
        return self.series[name]


def words_of(series: list[Row], sources: list[Row]) -> Words:
    """Build the vocabulary from checked rows; a later row of the same name (the overlay's) replaces an earlier one."""
    publications = {row["id"]: Publication(*(row[column] for column in SOURCE_COLUMNS)) for row in sources}
    return Words({row["series"]: _series(row) for row in series}, publications)


def known_since(vintage: str) -> str:
    """Return the first day on which a vintage was surely known, as sortable text; an unknown vintage never was."""
    return f"{vintage or '9999'}-99-99"[:10]


def stamp(name: str) -> Stamp:
    """Return path, time and size of a reference table and its overlay: the state a cached table was read in."""
    paths = [folder / "reference" / f"{name}.csv" for folder in (tables.shipped(), tables.overlay()) if folder]
    found = [(path, path.stat()) for path in paths if path.is_file()]
    return tuple((str(path), state.st_mtime_ns, state.st_size) for path, state in found)


def words() -> Words:
    """Load series and publications; raises DataFault with every fault of both.

    Examples
    --------
    >>> words().of("cpi_yoy:total:food").table
    'cpi_monthly'
    """
    return _words(stamp("series") + stamp("sources"))


def store(name: str) -> Store:
    """Load a table of figures by its name in series.csv; raises DataFault with every fault of the table."""
    return _store(name, stamp(name) + stamp("series") + stamp("sources"))


def faults() -> list[Fault]:
    """List every fault of every reference table, shipped and overlaid, with file, line, column and what to try.

    Examples
    --------
    >>> faults()
    []
    """
    columns = {"regions": REGION_COLUMNS, **WORD_TABLES}
    rows, wrong = {}, []
    for name, wanted in columns.items():
        rows[name], unreadable = _read(name, wanted)
        wrong += unreadable
    wrong += checks.of_regions(rows["regions"])
    if wrong:
        return [*wrong, *checks.of_series(rows["series"]), *checks.of_sources(rows["sources"])]
    grid, grid_faults = _read("tile_grid", checks.GRID_COLUMNS)
    wrong += [
        *checks.of_series(rows["series"]),
        *checks.of_sources(rows["sources"]),
        *grid_faults,
        *checks.of_grid(grid),
    ]
    releases, unreadable = _read("releases", checks.RELEASE_COLUMNS)
    wrong += [*unreadable, *checks.of_releases(releases, {row["id"] for row in rows["sources"]})]
    told = {fault.where.partition(" ")[0] for fault in wrong}
    bad = {
        row[key] for key, name in (("series", "series"), ("id", "sources")) for row in rows[name] if row.place in told
    }
    words = words_of(*([row for row in rows[name] if row.place not in told] for name in ("series", "sources")))
    for name in sorted({series.table for series in words.series.values()}):
        found, unreadable = _read(name, FIGURE_COLUMNS)
        sound = (row for row in found if row["series"] not in bad and row["source"] not in bad)
        wrong += [*unreadable, *checks.of_figures(sound, name, words)]
    return [*wrong, *_strays(words)]


def _read(name: str, columns: tuple[str, ...]) -> tuple[list[Row], list[Fault]]:
    try:
        return tables.rows(f"reference/{name}.csv", columns), []
    except DataFault as error:
        return [], list(error.faults)


def _strays(words: Words) -> Iterator[Fault]:
    """Find overlay files that nothing would ever read."""
    known = {f"{series.table}.csv" for series in words.series.values()}
    known |= {path.name for path in (tables.shipped() / "reference").glob("*.csv")}
    own = tables.overlay()
    for path in sorted((own / "reference").glob("*.csv")) if own else ():
        if path.name not in known:
            hint = nearest(path.name, known)
            yield Fault(
                "a table that no series names", f"overlay:reference/{path.name}", "a known name", path.name, hint
            )


@lru_cache(maxsize=4)
def _words(_stamp: Stamp) -> Words:
    rows = {name: tables.rows(f"reference/{name}.csv", columns) for name, columns in WORD_TABLES.items()}
    if wrong := [*checks.of_series(rows["series"]), *checks.of_sources(rows["sources"])]:
        raise DataFault(wrong)
    return words_of(rows["series"], rows["sources"])


@lru_cache(maxsize=64)
def _store(name: str, _stamp: Stamp) -> Store:
    known = words()
    rows = tables.rows(f"reference/{name}.csv", FIGURE_COLUMNS)
    if wrong := list(checks.of_figures(rows, name, known)):
        raise DataFault(wrong)
    sorted_rows: dict[tuple[str, str], Vintages] = {}
    for row in rows:
        cells = row.cells
        sorted_rows.setdefault((cells["region"], cells["series"]), {}).setdefault(cells["period"], []).append(row)
    for periods in sorted_rows.values():
        for same in periods.values():
            if len(same) > 1:
                same.sort(key=_precedence)
    return Store(sorted_rows, known)


def _precedence(row: Row) -> tuple[bool, str, bool]:
    """What was published, and what a user says, answers before our own estimate of it; then the newest vintage."""
    known = known_since(row["vintage"]) if row["vintage"] else ""
    return row["status"] == "observed" or row.overlaid, known, row.overlaid


def _series(row: Row) -> Series:
    decimals = int(row["decimals"]) if row["decimals"] else None
    return Series(row["series"], row["table"], row["unit"], decimals, row["zh"], row["en"], row["note"])
