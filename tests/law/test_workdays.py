"""Working days follow the holiday table; a year without a table cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import LawGap, ParameterFault
from aidlib.law.workdays import add_workdays, years

Lay = Callable[..., None]


def is_workday(day: date) -> bool:
    """Whether a period of one working day that begins the day before ends on it."""
    return add_workdays(day - timedelta(days=1), 1) == day


COVERED = st.dates(date(min(years()), 1, 1), date(max(years()) - 1, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2020-01-23", True),
        ("2020-01-24", False),  # the eve
        ("2020-01-31", False),  # prolonged
        ("2020-02-02", False),  # prolonged, a Sunday
        ("2020-02-03", True),
        ("2020-01-19", True),  # make-up Sunday
        ("2020-10-10", True),  # make-up Saturday
        ("2020-10-11", False),
        ("2015-09-03", False),  # the anniversary of 2015 only
        ("2014-09-03", True),
        ("2024-02-09", True),  # the eve of 2024 was not a holiday
        ("2025-01-28", False),  # the eve of 2025 was
        ("2026-02-14", True),
        ("2026-02-23", False),
    ],
)
def test_known_days(day: str, works: bool) -> None:
    """Holidays, the prolonged Spring Festival of 2020 and make-up weekends are known day by day."""
    assert is_workday(date.fromisoformat(day)) is works


def test_the_day_of_the_event_is_not_counted() -> None:
    """Twenty working days from a Monday without holidays end on a Monday; none at all is the day itself."""
    assert add_workdays(date(2020, 3, 2), 20) == date(2020, 3, 30)
    assert add_workdays(date(2020, 3, 2), 0) == date(2020, 3, 2)


def test_a_deadline_runs_over_a_holiday() -> None:
    """From 10 April 2020, twenty working days pass Labour Day (five days off, make-up Sunday and Saturday)."""
    assert add_workdays(date(2020, 4, 10), 20) == date(2020, 5, 11)


def test_a_year_without_a_table_cannot_be_told() -> None:
    """A day of an unknown year is a gap that names the years known, also when a period runs into it."""
    unknown = date(max(years()) + 1, 1, 4)
    with pytest.raises(LawGap, match=r"cannot tell .* years known: 2010 to"):
        is_workday(unknown)
    with pytest.raises(LawGap, match=str(unknown.year)):
        add_workdays(date(max(years()), 12, 30), 20)


def test_the_last_days_of_december_wait_for_the_next_notice() -> None:
    """New Year's notice moved 29 to 31 December 2018; from 24 December on, the next year's table is needed."""
    assert [is_workday(date(2018, 12, day)) for day in (28, 29, 30, 31)] == [True, True, False, False]
    assert is_workday(date(max(years()), 12, 23))
    with pytest.raises(LawGap, match=f"working days of {max(years()) + 1}"):
        is_workday(date(max(years()), 12, 24))


def test_a_user_adds_the_next_year(lay: Lay) -> None:
    """Rows laid over the table open a new year."""
    lay("holidays", "2027-01-01,holiday,元旦,HOL2026")
    assert not is_workday(date(2027, 1, 1))
    assert is_workday(date(2027, 1, 4))
    assert is_workday(date(2026, 12, 24))


def test_nonsense_is_refused() -> None:
    """A negative count is an error."""
    with pytest.raises(ParameterFault):
        add_workdays(date(2020, 3, 2), -1)


@given(day=COVERED, first=st.integers(0, 40), more=st.integers(0, 40))
def test_periods_add_up(day: date, first: int, more: int) -> None:
    """Working days end to end are the working days of the whole, and none ends on a day that is none."""
    whole = add_workdays(day, first + more)
    assert add_workdays(add_workdays(day, first), more) == whole
    assert first + more == 0 or is_workday(whole)
