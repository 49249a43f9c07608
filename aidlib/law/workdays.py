"""Working days (工作日): Monday to Friday, less public holidays, plus make-up days; a year without a table cannot be told."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import lru_cache

from aidlib import tables
from aidlib.errors import Fault, LawFault, LawGap, ParameterFault

TABLE = "law/holidays.csv"
COLUMNS = ("date", "kind", "name_zh", "source")
HOLIDAY, MAKE_UP = "holiday", "workday"
SATURDAY = 5
# New Year's holiday and its make-up days reach back into the weekend before its week: the next year's notice moves them.
YEAR_END = (12, 24)
ONE_DAY = timedelta(days=1)
Calendar = dict[int, dict[date, str]]


def add_workdays(day: date, count: int) -> date:
    """Return the last day of a period of working days that begins the day after `day`."""
    if count < 0:
        raise ParameterFault("a count of working days below zero", expected="zero or more", got=str(count))
    calendar = _calendar(_stamp())
    while count:
        day += ONE_DAY
        count -= _works(day, calendar)
    return day


def years() -> tuple[int, ...]:
    """List the years that have a table, oldest first."""
    return tuple(sorted(_calendar(_stamp())))


def faults(sources: Collection[str]) -> list[Fault]:
    """List every fault of the holiday table: a bad date or kind, a day twice, a make-up day in the week, an unknown source.

    Parameters
    ----------
    sources : collection of str
        Ids of the law sources.
    """
    rows = tables.rows(TABLE, COLUMNS)
    unknown = [Fault("unknown source", row.at("source"), "an id of law/sources*.csv", row["source"])
               for row in rows if row["source"] not in sources]  # fmt: skip
    return [*unknown, *_shape_faults(rows)]


def _shape_faults(rows: list[tables.Row]) -> Iterator[Fault]:
    seen: dict[tuple[str, bool], tables.Row] = {}
    for row in rows:
        first = seen.setdefault((row["date"], row.overlaid), row)
        if first is not row:
            yield Fault("the same day twice", row.at("date"), "one row", row["date"], f"see {first.place}")
        if row["kind"] not in (HOLIDAY, MAKE_UP):
            yield Fault("unknown kind", row.at("kind"), f"{HOLIDAY} or {MAKE_UP}", row["kind"])
        try:
            day = date.fromisoformat(row["date"])
        except ValueError:
            yield Fault("unreadable date", row.at("date"), "YYYY-MM-DD", row["date"])
            continue
        if row["kind"] == MAKE_UP and day.weekday() < SATURDAY:
            yield Fault("a make-up day within the week", row.at("date"), "a Saturday or Sunday", row["date"])


def _works(day: date, calendar: Calendar) -> bool:
    needed = day.year + ((day.month, day.day) >= YEAR_END)
    if day.year not in calendar or needed not in calendar:
        unknown = needed if day.year in calendar else day.year
        known = f"{min(calendar)} to {max(calendar)}" if calendar else "none"
        hint = f"add the State Council's holidays of {unknown} to {TABLE}; years known: {known}"
        raise LawGap(f"cannot tell the working days of {unknown}: no holiday table", got=str(day), hint=hint)
    kind = calendar[day.year].get(day)
    return kind == MAKE_UP if kind else day.weekday() < SATURDAY


def _stamp() -> tuple[object, ...]:
    paths = [folder / TABLE for folder in (tables.shipped(), tables.overlay()) if folder]
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths if path.is_file())


@lru_cache(maxsize=4)
def _calendar(_stamp: tuple[object, ...]) -> Calendar:
    rows = tables.rows(TABLE, COLUMNS)
    if wrong := list(_shape_faults(rows)):
        raise LawFault(wrong)
    calendar: Calendar = {}
    for row in rows:
        day = date.fromisoformat(row["date"])
        calendar.setdefault(day.year, {})[day] = row["kind"]
    return calendar
