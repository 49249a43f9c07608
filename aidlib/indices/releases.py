"""The day on which the national consumer price index of a month was released: published, announced, or a range."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from aidlib import tables
from aidlib.errors import DataFault, Fault, ParameterFault, nearest
from aidlib.indices.store import Stamp, stamp, words
from aidlib.law.value import Status
from aidlib.tables import Row

TABLE = "releases"
COLUMNS = ("month", "released", "status", "source", "note")
STATUSES = ("observed", "projected")


@dataclass(frozen=True)
class Release:
    """When the national index of a month was, or will be, released.

    A place's own index is not released before the nation's, so a period that runs from the release begins here at the earliest.

    Attributes
    ----------
    month : str
        Index month.
    earliest, latest : date
        The day itself; where it is not in the table, the earliest and the latest day of the month after that any release was seen on.
    status : str
        observed; projected: from the published calendar; estimated: not in the table.
    source : tuple of str
        Ids of `sources.csv`.
    place : str
        File and line; empty for an estimate.
    """

    month: str
    earliest: date
    latest: date
    status: Status
    source: tuple[str, ...]
    place: str

    @property
    def day(self) -> date | None:
        """The day, where it is known."""
        return self.earliest if self.earliest == self.latest else None


def release(month: str) -> Release:
    """全国居民消费价格的发布日。 Return the day the national consumer price index of a month was released.

    Examples
    --------
    >>> release("2020-02").day, release("2020-02").status
    (datetime.date(2020, 3, 10), 'observed')
    >>> found = release("2031-01")
    >>> found.day, str(found.earliest), str(found.latest), found.status
    (None, '2031-02-08', '2031-02-16', 'estimated')
    """
    known = _releases(stamp(TABLE) + stamp("series") + stamp("sources"))
    if month in known:
        return known[month]
    first = _month_after(month)
    after = [(found.earliest - _month_after(found.month)).days for found in known.values()]
    early, late = (first + timedelta(days=days) for days in (min(after), max(after)))
    return Release(month, early, late, "estimated", (), "")


def of_releases(rows: Iterable[Row], sources: Collection[str]) -> Iterator[Fault]:
    """Find the faults of the table: a month twice, no month, a day that is none or lies before the month's end, an unknown source."""
    seen: dict[tuple[str, bool], Row] = {}
    for row in rows:
        first = seen.setdefault((row["month"], row.overlaid), row)
        if first is not row:
            yield Fault("the same month twice", row.at("month"), "one row", row["month"], f"see {first.place}")
        yield from _row_faults(row, sources)


def _row_faults(row: Row, sources: Collection[str]) -> Iterator[Fault]:
    try:
        after = _month_after(row["month"])
    except ParameterFault:
        yield Fault("unreadable month", row.at("month"), "YYYY-MM", row["month"])
        return
    try:
        if date.fromisoformat(row["released"]) < after:
            yield Fault("released before the month was over", row.at("released"), f"{after} or later", row["released"])
    except ValueError:
        yield Fault("unreadable day", row.at("released"), "YYYY-MM-DD", row["released"])
    if row["status"] not in STATUSES:
        hint = nearest(row["status"], STATUSES)
        yield Fault("unknown status", row.at("status"), " or ".join(STATUSES), row["status"], hint)
    for source in row["source"].split("+"):
        if source not in sources:
            hint = nearest(source, sources)
            yield Fault("unknown source", row.at("source"), "ids of reference/sources.csv joined by +", source, hint)


@lru_cache(maxsize=4)
def _releases(_stamp: Stamp) -> dict[str, Release]:
    rows = tables.rows(f"reference/{TABLE}.csv", COLUMNS)
    if wrong := list(of_releases(rows, words().sources)):
        raise DataFault(wrong)
    return {row["month"]: _release(row) for row in rows}


def _release(row: Row) -> Release:
    day = date.fromisoformat(row["released"])
    return Release(row["month"], day, day, row["status"], tuple(row["source"].split("+")), row.place)  # type: ignore[arg-type]


def _month_after(month: str) -> date:
    """Return the first day of the month after; text that is not a month is an error."""
    try:
        return (date.fromisoformat(f"{month}-01") + timedelta(days=31)).replace(day=1)
    except ValueError:
        raise ParameterFault("unreadable month", expected="YYYY-MM", got=month, hint="2020-02") from None
