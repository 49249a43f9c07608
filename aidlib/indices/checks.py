"""What can be wrong with the reference tables: one small check per kind of fault, each with its place and its cure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from aidlib.errors import AidError, Fault, ParameterFault, nearest
from aidlib.law.faults import OFFICIAL
from aidlib.regions import region
from aidlib.tables import Row

if TYPE_CHECKING:
    from aidlib.indices.store import Words

STATUSES = ("observed", "estimated", "projected", "synthetic")
KINDS = ("official_site", "data_dump", "copy", "media", "computed", "own")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
INDEX = re.compile(r"([2-9]\d|[1-4]\d\d)(\.\d+)?")
DAY = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
PERIOD = re.compile(rf"{DAY}|\d{{4}}-(0[1-9]|1[0-2])\.\.\d{{4}}-(0[1-9]|1[0-2])|\d{{4}}-Q1(Q[234])?")
VINTAGE = re.compile(DAY)
TABLE = re.compile(r"[a-z][a-z0-9_]*")
HOST = re.compile(r"\b[\w-]+\.(com|net|org|cn|info|cc)\b", re.ASCII)
COLUMNS = ("region", "period", "series", "value", "unit", "status", "source", "vintage", "error", "note")
SHARED = ("regions", "series", "sources")
GRID_COLUMNS = ("region", "row", "column", "label_zh", "note")
RELEASE_COLUMNS = ("month", "released", "status", "source", "note")
RELEASE_STATUSES = ("observed", "projected")
REGION_LEVELS = ("country", "province", "prefecture", "prefecture_placeholder", "statistical_zone", "county")


def of_regions(rows: Iterable[Row]) -> Iterator[Fault]:
    """Find the faults of the table of regions: a bad code, a code twice, an unknown parent."""
    rows = list(rows)
    yield from _twice(rows, "region")
    codes = {row["region"] for row in rows}
    for row in rows:
        if not re.fullmatch(r"\d{6}", row["region"]):
            yield Fault("not a region code", row.at("region"), "six digits", row["region"])
        if row["parent"] and row["parent"] not in codes:
            yield Fault("unknown parent", row.at("parent"), "a code of this table", row["parent"])
        if row["level"] not in REGION_LEVELS:
            hint = nearest(row["level"], REGION_LEVELS)
            yield Fault("unknown level", row.at("level"), ", ".join(REGION_LEVELS), row["level"], hint)
        if not row["name_zh"]:
            yield Fault("no name_zh", row.at("name_zh"), "the name", "")


def of_series(rows: Iterable[Row]) -> Iterator[Fault]:
    """Find the faults of the vocabulary of series: a name twice, no unit or label, a bad table or count of decimals."""
    rows = list(rows)
    yield from _twice(rows, "series")
    for row in rows:
        for column in ("series", "unit", "zh", "en"):
            if not row[column]:
                yield Fault(f"no {column}", row.at(column), "text", "")
        if not TABLE.fullmatch(row["table"]) or row["table"] in SHARED:
            yield Fault("not a table of figures", row.at("table"), "small letters, digits and _", row["table"])
        if row["decimals"] and not re.fullmatch(r"\d", row["decimals"]):
            yield Fault("not a count of decimals", row.at("decimals"), "one digit, or nothing", row["decimals"])


def of_sources(rows: Iterable[Row]) -> Iterator[Fault]:
    """Find the faults of the publications: an id twice, no title, an address or host that is not official, a bad date."""
    rows = list(rows)
    yield from _twice(rows, "id")
    for row in rows:
        if not row["id"]:
            yield Fault("no id", row.at("id"), "a short id", "")
        if not row["title"]:
            yield Fault("no title", row.at("title"), "the publisher's title", "")
        if row["kind"] not in KINDS:
            yield Fault("unknown kind", row.at("kind"), ", ".join(KINDS), row["kind"], nearest(row["kind"], KINDS))
        if row["date"] and not VINTAGE.fullmatch(row["date"]):
            yield Fault("unreadable date", row.at("date"), "YYYY, YYYY-MM or YYYY-MM-DD", row["date"])
        if row["url"] and not OFFICIAL.match(row["url"]):
            yield Fault("address is not official", row.at("url"), "gov.cn or github.com", row["url"], "leave url empty")
        if HOST.search(row["title"].replace("github.com", "").replace("gov.cn", "")):
            yield Fault("a host name in a title", row.at("title"), "the publisher's name", row["title"])


def of_grid(rows: Iterable[Row]) -> Iterator[Fault]:
    """Find the faults of the tile map: an unknown region, a region twice, a place that is no whole number."""
    rows = list(rows)
    yield from _twice(rows, "region")
    for row in rows:
        yield from _region_faults(row)
        for column in ("row", "column"):
            if not row[column].isdigit():
                yield Fault(f"not a {column}", row.at(column), "a whole number", row[column])


def of_releases(rows: Iterable[Row], sources: Collection[str]) -> Iterator[Fault]:
    """Find the faults of the table: a month twice, no month, a day that is none or lies before the month's end, an unknown source."""
    rows = list(rows)
    yield from _twice(rows, "month")
    for row in rows:
        yield from _release_faults(row, sources)


def _release_faults(row: Row, sources: Collection[str]) -> Iterator[Fault]:
    try:
        after = month_after(row["month"])
    except ParameterFault:
        yield Fault("unreadable month", row.at("month"), "YYYY-MM", row["month"])
        return
    try:
        if date.fromisoformat(row["released"]) < after:
            yield Fault("released before the month was over", row.at("released"), f"{after} or later", row["released"])
    except ValueError:
        yield Fault("unreadable day", row.at("released"), "YYYY-MM-DD", row["released"])
    if row["status"] not in RELEASE_STATUSES:
        hint = nearest(row["status"], RELEASE_STATUSES)
        yield Fault("unknown status", row.at("status"), " or ".join(RELEASE_STATUSES), row["status"], hint)
    for source in row["source"].split("+"):
        if source not in sources:
            hint = nearest(source, sources)
            yield Fault("unknown source", row.at("source"), "ids of reference/sources.csv joined by +", source, hint)


def of_figures(rows: Iterable[Row], table: str, words: Words) -> Iterator[Fault]:
    """Find every fault of the rows of a table of figures.

    The words of a row (region, series, unit, status, source, vintage) repeat thousands of times, so each set is checked once.
    """
    good: set[tuple[str, ...]] = set()
    seen: dict[tuple[str, str, str, str, bool], Row] = {}
    for row in rows:
        region_, period, series, value, unit, status, source, vintage, error, note = map(row.cells.__getitem__, COLUMNS)
        same = (region_, series, unit, status, source, vintage)
        if same not in good:
            yield from (wrong := list(_word_faults(row, table, words)))
            if not wrong:
                good.add(same)
        pattern = INDEX if unit.startswith("index_") else NUMBER
        if not pattern.fullmatch(value) or not PERIOD.fullmatch(period) or error:
            yield from _cell_faults(row)
        if status == "estimated" and not note:
            yield Fault("an estimate without a note", row.at("note"), "how it was estimated", "")
        first = seen.setdefault((region_, series, period, vintage, row.overlaid), row)
        if first is not row:
            yield Fault("the same figure twice", row.place, "one row per vintage", value, f"see {first.place}")


def bare_faults(row: Row) -> Iterator[Fault]:
    """Find the faults of a row that need no knowledge of its series: region, value, period, day of publication."""
    yield from _region_faults(row)
    if row["value"] or row["error"] or not PERIOD.fullmatch(row["period"]):
        yield from _cell_faults(row)
    yield from _vintage_faults(row)


def _word_faults(row: Row, table: str, words: Words) -> Iterator[Fault]:
    checks: tuple[Callable[[Row, str, Words], Iterator[Fault]], ...] = (
        _region_faults, _series_faults, _status_faults, _source_faults,
    )  # fmt: skip
    for check in checks:
        yield from check(row, table, words)


def _region_faults(row: Row, *_: object) -> Iterator[Fault]:
    try:
        region(row["region"])
    except AidError as error:
        yield Fault("unknown region", row.at("region"), "a GB/T 2260 code", row["region"], error.faults[0].hint)


def _series_faults(row: Row, table: str, words: Words) -> Iterator[Fault]:
    series = words.series.get(row["series"])
    if series is None:
        hint = nearest(row["series"], words.series)
        yield Fault("unknown series", row.at("series"), "a series of reference/series.csv", row["series"], hint)
    elif series.table != table:
        yield Fault("a series of another table", row.at("series"), f"reference/{series.table}.csv", row["series"])
    elif row["unit"] not in series.units:
        yield Fault("wrong unit", row.at("unit"), " or ".join(series.units), row["unit"])


def _status_faults(row: Row, *_: object) -> Iterator[Fault]:
    if row["status"] not in STATUSES:
        hint = nearest(row["status"], STATUSES)
        yield Fault("unknown status", row.at("status"), ", ".join(STATUSES), row["status"], hint)


def _source_faults(row: Row, _: str, words: Words) -> Iterator[Fault]:
    if row["source"] not in words.sources:
        hint = nearest(row["source"], words.sources) or "add it to reference/sources.csv first"
        yield Fault("unknown source", row.at("source"), "an id of reference/sources.csv", row["source"], hint)
    yield from _vintage_faults(row)


def _vintage_faults(row: Row) -> Iterator[Fault]:
    if row["vintage"] and not VINTAGE.fullmatch(row["vintage"]):
        yield Fault("unreadable vintage", row.at("vintage"), "YYYY, YYYY-MM or YYYY-MM-DD", row["vintage"])


def _cell_faults(row: Row) -> Iterator[Fault]:
    for column in ("value", "error"):
        if not NUMBER.fullmatch(row[column]) and (row[column] or column == "value"):
            yield Fault(f"unreadable {column}", row.at(column), "a decimal such as 102.5", row[column])
    if row["unit"].startswith("index_") and NUMBER.fullmatch(row["value"]) and not INDEX.fullmatch(row["value"]):
        hint = "a rise of 2.5 percent is written 102.5"
        yield Fault("not an index with base 100", row.at("value"), "a number from 20 to 500", row["value"], hint)
    if not PERIOD.fullmatch(row["period"]):
        yield Fault("unreadable period", row.at("period"), "2023, 2023-06, 2023-06-01 or 2023-Q1Q3", row["period"])


def _twice(rows: Iterable[Row], column: str) -> Iterator[Fault]:
    seen: dict[tuple[str, bool], Row] = {}
    for row in rows:
        first = seen.setdefault((row[column], row.overlaid), row)
        if first is not row:
            yield Fault(f"the same {column} twice", row.at(column), "one row", row[column], f"see {first.place}")


def month_after(month: str) -> date:
    """Return the first day of the month after; text that is not a month is an error."""
    try:
        return (date.fromisoformat(f"{month}-01") + timedelta(days=31)).replace(day=1)
    except ValueError:
        raise ParameterFault("unreadable month", expected="YYYY-MM", got=month, hint="2020-02") from None
