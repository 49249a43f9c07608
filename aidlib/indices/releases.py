"""Days that prices hang on: when the national index of a month was released, and when the Spring Festival (春节) is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from aidlib import tables
from aidlib.errors import DataFault, DataGap
from aidlib.indices.checks import RELEASE_COLUMNS, month_after, of_releases
from aidlib.indices.store import Stamp, stamp, words
from aidlib.law.value import Status
from aidlib.tables import Row

TABLE = "releases"
FESTIVALS, FESTIVAL_COLUMNS = "spring_festivals.csv", ("date", "source")
FESTIVAL_DAYS = 7
"""The first seven days of the lunar year: the public holiday as the State Council has arranged it since 2000."""


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
    first = month_after(month)
    after = [(found.earliest - month_after(found.month)).days for found in known.values()]
    early, late = (first + timedelta(days=days) for days in (min(after), max(after)))
    return Release(month, early, late, "estimated", (), "")


@lru_cache(maxsize=4)
def _releases(_stamp: Stamp) -> dict[str, Release]:
    rows = tables.rows(f"reference/{TABLE}.csv", RELEASE_COLUMNS)
    if wrong := list(of_releases(rows, words().sources)):
        raise DataFault(wrong)
    return {row["month"]: _release(row) for row in rows}


def _release(row: Row) -> Release:
    day = date.fromisoformat(row["released"])
    return Release(row["month"], day, day, row["status"], tuple(row["source"].split("+")), row.place)  # type: ignore[arg-type]


def festival_share(year: int, month: int) -> float:
    """Return the share of the festival's seven days that fall into a month.

    Examples
    --------
    >>> festival_share(2024, 2), festival_share(2025, 2), round(festival_share(2025, 1), 2)
    (1.0, 0.5714285714285714, 0.43)
    """
    first = _first_days(tuple(row["date"] for row in tables.rows(FESTIVALS, FESTIVAL_COLUMNS))).get(year)
    if first is None:
        raise DataGap("the day of the Spring Festival is not known", where=str(year), hint=f"add it to {FESTIVALS}")
    days = [first + timedelta(step) for step in range(FESTIVAL_DAYS)]
    return sum(day.month == month for day in days) / FESTIVAL_DAYS


@lru_cache(maxsize=4)
def _first_days(rows: tuple[str, ...]) -> dict[int, date]:
    return {day.year: day for day in map(date.fromisoformat, rows)}
