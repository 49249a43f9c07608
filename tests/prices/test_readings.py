"""Readings: own index first, then estimates with errors that the published cases bear out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.indices import Figures
from aidlib.prices.estimate import Errors, Miss, food_rise, food_slope, slope
from aidlib.prices.readings import Readings, Supposed

LEVELS = st.integers(-200, 400).map(lambda tenths: Fraction(tenths, 10))
MISSES = st.lists(st.builds(Miss, LEVELS, LEVELS), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def readings() -> Readings:
    """Readings over the shipped figures."""
    return Readings(Figures())


def test_own_published_index_comes_first(readings: Readings) -> None:
    """A city with its own index uses it, without error."""
    own = readings.at("450400", "food", "2017-08")
    assert own is not None
    assert (own.place, own.rise, own.error, own.how) == ("450400", Fraction("0.3"), 0, "published")


def test_without_its_own_index_a_city_has_an_estimate_with_an_error(readings: Readings) -> None:
    """The province stands in, marked estimated, with an error that is larger than zero and the cases behind it."""
    above = readings.at("450400", "cpi", "2020-02")
    assert above is not None
    assert (above.place, above.status, above.how) == ("450000", "estimated", "above")
    assert above.error > 0
    assert above.cases >= 5


def test_a_province_never_borrows_the_nation(readings: Readings) -> None:
    """After 2020-04 a province without an index has none: the nation's is not its own."""
    assert readings.at("450000", "cpi", "2021-06") is None
    assert readings.at("000000", "cpi", "2021-06") is not None


def test_errors_cover_every_published_case(readings: Readings) -> None:
    """Where the truth was published, the estimate lies within its stated error of it."""
    for misses in (
        readings._food_misses(),
        readings._scpi_misses(),
        readings._city_misses("cpi"),
        readings._city_misses("food"),
    ):
        errors = Errors(misses)
        assert errors.cases == len(misses) >= 5
        for miss in misses:
            error = errors.at(miss.estimate)
            assert error is not None
            assert miss.size <= error


@given(MISSES, LEVELS, LEVELS)
def test_error_never_shrinks_as_the_move_grows(misses: list[Miss], one: Fraction, other: Fraction) -> None:
    """A larger move has at least the error of a smaller one."""
    small, large = sorted((abs(one), abs(other)))
    errors = Errors(misses)
    low, high = errors.at(small), errors.at(large)
    assert low is not None
    assert high is not None
    assert low <= high


def test_national_food_is_met_exactly_by_its_own_class() -> None:
    """For the nation itself the estimate of food is the published food: the gap to itself is zero."""
    figures = Figures()
    per_point = food_slope(figures, ("2016-01", "2020-12"))
    assert per_point is not None
    assert (
        food_rise(figures, "000000", "2019-11", per_point)
        == figures.get("000000", "cpi_yoy:total:food", "2019-11").rise
    )


def test_slope_is_exact() -> None:
    """Least squares on exact numbers is exact."""
    assert slope([(Fraction(n), Fraction(3 * n, 7)) for n in range(5)]) == Fraction(3, 7)


def test_supposed_readings_are_synthetic_and_know_nothing_else() -> None:
    """A what-if knows only what it was given."""
    supposed = Supposed(Figures(), {"cpi": Fraction(4)})
    given_ = supposed.at("450000", "cpi", "2020-02")
    assert given_ is not None
    assert given_.status == "synthetic"
    assert supposed.at("450000", "food", "2020-02") is None
