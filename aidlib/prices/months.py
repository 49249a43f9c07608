"""Months written `YYYY-MM`: checked, shifted and listed."""

from __future__ import annotations

import re
from datetime import date, timedelta

from aidlib.errors import ParameterFault
from aidlib.parameters import written

MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")
MONTHS_IN_YEAR = 12


def number(month: str) -> int:
    """Count months since year 0; text that is not a month is an error.

    Examples
    --------
    >>> number("2020-02") - number("2019-12")
    2
    """
    if not isinstance(month, str) or not MONTH.match(month):
        got, form = (month, "YYYY-MM") if isinstance(month, str) else (repr(month), "text YYYY-MM")
        raise ParameterFault("unreadable month", expected=form, got=got, hint=written(str(month), 2) or "2020-02")
    return int(month[:4]) * MONTHS_IN_YEAR + int(month[5:]) - 1


def shift(month: str, months: int) -> str:
    """Move a month forward or back."""
    year, index = divmod(number(month) + months, MONTHS_IN_YEAR)
    return f"{year:04d}-{index + 1:02d}"


def span(first: str, last: str) -> tuple[str, ...]:
    """List the months from one to another, both included."""
    if number(last) < number(first):
        raise ParameterFault("the last month is before the first", expected=f"{first} or later", got=last)
    return tuple(shift(first, step) for step in range(number(last) - number(first) + 1))


def first_day(month: str) -> date:
    """Return the first day of a month, the day price-linkage law is asked with."""
    number(month)
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    """Return the last day of a month.

    Examples
    --------
    >>> str(last_day("2020-02"))
    '2020-02-29'
    """
    return first_day(shift(month, 1)) - timedelta(days=1)
