"""When the Spring Festival (春节) is: the holiday that moves between January and February, and prices with it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from aidlib import tables
from aidlib.errors import DataGap

TABLE = "spring_festivals.csv"
COLUMNS = ("date", "source")
DAYS = 7
"""The first seven days of the lunar year: the public holiday as the State Council has arranged it since 2000."""


def festival_share(year: int, month: int) -> float:
    """Return the share of the festival's seven days that fall into a month.

    Raises
    ------
    DataGap
        The table does not have the year.

    Examples
    --------
    >>> festival_share(2024, 2), festival_share(2025, 2), round(festival_share(2025, 1), 2)
    (1.0, 0.5714285714285714, 0.43)
    """
    first = _first_days(tuple(row["date"] for row in tables.rows(TABLE, COLUMNS))).get(year)
    if first is None:
        raise DataGap("the day of the Spring Festival is not known", where=str(year), hint=f"add it to {TABLE}")
    days = [first + timedelta(step) for step in range(DAYS)]
    return sum(day.month == month for day in days) / DAYS


@lru_cache(maxsize=4)
def _first_days(rows: tuple[str, ...]) -> dict[int, date]:
    return {day.year: day for day in map(date.fromisoformat, rows)}
