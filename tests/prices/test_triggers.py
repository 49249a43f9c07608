"""Start conditions: the line, the error, the window, and stop as the complement of start."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.prices.months import shift
from aidlib.prices.readings import Reading
from aidlib.prices.triggers import Line, Verdict, all_of, any_of, compare, in_state, in_window

CPI, FOOD = Line(Fraction("3.5"), Fraction("3.5")), Line(Fraction(6), Fraction(6))
NUMBERS = st.integers(-200, 400).map(lambda tenths: Fraction(tenths, 10))
ERRORS = st.integers(0, 50).map(lambda tenths: Fraction(tenths, 10))
VERDICTS = st.sampled_from(["met", "not_met", "cannot_tell"])


@pytest.mark.parametrize(
    ("rise", "line", "verdict"),
    [
        ("3.4999", CPI, "not_met"),
        ("3.5", CPI, "met"),
        ("3.5001", CPI, "met"),
        ("5.999", FOOD, "not_met"),
        ("6.0", FOOD, "met"),
    ],
)
def test_reaching_the_line_meets_it(rise: str, line: Line, verdict: Verdict) -> None:
    """3.4999 is not 3.5, and 6.0 is enough."""
    assert compare(Fraction(rise), Fraction(0), line) == verdict


def test_above_the_line_is_strict() -> None:
    """A rule that says "exceeds" is not met by the line itself."""
    line = Line(Fraction(10), Fraction(10), strict=True)
    assert [compare(Fraction(r), Fraction(0), line) for r in ("9.9", "10", "10.1")] == ["not_met", "not_met", "met"]


@pytest.mark.parametrize(
    ("rise", "verdict"),
    [("6.0", "cannot_tell"), ("7.1", "met"), ("4.8", "not_met"), ("7.0", "met"), ("5.0", "cannot_tell")],
)
def test_an_estimate_nearer_than_its_error_cannot_tell(rise: str, verdict: Verdict) -> None:
    """With an error of one point, an estimate must lie at least that far from the line."""
    assert compare(Fraction(rise), Fraction(1), FOOD) == verdict


def test_a_line_known_as_a_range_decides_only_outside_it() -> None:
    """The local line of 2014 lay between 3 and 4: 2.9 is below every such line, 4.1 above, 3.5 cannot tell."""
    line = Line(Fraction(3), Fraction(4), strict=True)
    assert [compare(Fraction(r), Fraction(0), line) for r in ("2.9", "3.5", "4.1")] == ["not_met", "cannot_tell", "met"]


@given(NUMBERS, NUMBERS, ERRORS)
def test_a_higher_rise_never_unmeets_a_line(one: Fraction, other: Fraction, error: Fraction) -> None:
    """Verdicts are ordered not met, cannot tell, met as the rise grows."""
    order = ["not_met", "cannot_tell", "met"]
    low, high = sorted((one, other))
    assert order.index(compare(low, error, CPI)) <= order.index(compare(high, error, CPI))


@given(NUMBERS, NUMBERS)
def test_stop_is_the_exact_complement_of_start(cpi: Fraction, food: Fraction) -> None:
    """Payment stops exactly when CPI is below its line and food is below its line."""
    start = any_of([compare(cpi, Fraction(0), CPI), compare(food, Fraction(0), FOOD)])
    stop = cpi < CPI.low and food < FOOD.low
    assert (start == "not_met") == stop
    assert (start == "met") != stop


@given(st.lists(VERDICTS))
def test_suspension_is_idempotent(verdicts: list[Verdict]) -> None:
    """Asking twice changes nothing: a condition repeated, or the answer fed back, gives the same answer."""
    once = any_of(verdicts)
    assert any_of([*verdicts, once]) == any_of([once, once]) == once
    assert all_of([once, once]) == once


def reader(values: dict[str, str], month_now: str = "2015-06"):  # type: ignore[no-untyped-def]
    """Read an index from values by month; a month that is not there is unknown."""

    def read(index: str, month: str) -> Reading | None:
        if month not in values:
            return None
        return Reading(index, month, "450000", Fraction(values[month]), Fraction(0), "observed", "published")

    return read


@pytest.mark.parametrize(
    ("march", "april", "may", "verdict"),
    [
        ("3.6", "3.5", "3.7", "met"),
        ("3.6", "3.4", "3.7", "not_met"),
        ("3.6", None, "3.7", "cannot_tell"),
        (None, "3.4", "3.7", "not_met"),
    ],
)
def test_consecutive_months_must_each_reach_the_line(
    march: str | None, april: str | None, may: str, verdict: Verdict
) -> None:
    """One month below settles it, a missing month leaves it open."""
    given_ = {"2015-03": march, "2015-04": april, "2015-05": may}
    read = reader({month: value for month, value in given_.items() if value})
    assert in_window(read, "cpi", "2015-05", CPI, "consecutive", 3) == verdict


def test_mean_of_months_is_compared_whole() -> None:
    """3.4, 3.5 and 3.6 have the mean 3.5, which reaches the line."""
    read = reader({"2011-07": "3.4", "2011-08": "3.5", "2011-09": "3.6"})
    assert in_window(read, "cpi", "2011-09", CPI, "months_mean", 3) == "met"
    assert in_window(read, "cpi", "2011-09", CPI, "quarter_mean", 3) == "met"
    assert in_window(read, "cpi", "2011-08", CPI, "quarter_mean", 3) == "cannot_tell"


def state(pattern: str) -> str:
    """Run the state rule of 2011 over months written `h` (high), `l` (low), `?` (unknown); answer for the last."""
    words: dict[str, Verdict] = {"h": "met", "l": "not_met", "?": "cannot_tell"}
    months = {shift("2011-07", place): words[letter] for place, letter in enumerate(pattern)}
    return in_state(lambda month: months[month], shift("2011-07", len(pattern) - 1), 3, 3, "2011-07")


@pytest.mark.parametrize(
    ("pattern", "verdict"),
    [("hh", "not_met"), ("hhh", "met"), ("hhhl", "not_met"), ("hhhlh", "met"), ("hhhllh", "met"), ("hhhlllh", "not_met"),
     ("hhhlllhhh", "met"), ("?h", "cannot_tell"), ("?hhh", "met")],
)  # fmt: skip
def test_one_low_month_suspends_and_three_end(pattern: str, verdict: Verdict) -> None:
    """Guangdong 2011: three high months start, a low month only suspends, three low months end."""
    assert state(pattern) == verdict
