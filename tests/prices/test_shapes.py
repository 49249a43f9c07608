"""Amount shapes: boundaries, one fen around every rounding, monotone in the rise."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.money import Rounding
from aidlib.prices import amounts as shapes

TENTHS = st.integers(-100, 400).map(lambda tenths: Fraction(tenths, 10))
STANDARDS = st.integers(1, 500_000)
ROUNDINGS = st.sampled_from(["ceil/1", "half_up/1", "half_up/0.01", "floor/1"]).map(Rounding.parse)


@given(STANDARDS, TENTHS, TENTHS, ROUNDINGS)
def test_share_is_monotone_in_the_rise(standard: int, one: Fraction, other: Fraction, rounding: Rounding) -> None:
    """A higher rise never pays less, before or after rounding."""
    low, high = sorted((one, other))
    assert shapes.share(standard, low) <= shapes.share(standard, high)
    assert rounding.apply(shapes.share(standard, low)) <= rounding.apply(shapes.share(standard, high))


@given(TENTHS, TENTHS)
def test_points_bands_and_food_points_are_monotone(one: Fraction, other: Fraction) -> None:
    """Started points, food points and bands never fall with the rise."""
    low, high = sorted((one, other))
    assert shapes.points(500, low) <= shapes.points(500, high)
    assert shapes.food_points(5000, 1000, Fraction(5), low) <= shapes.food_points(5000, 1000, Fraction(5), high)
    limits = [Fraction(3), Fraction(5)]
    below, above = (shapes.band(limits, rise) for rise in (low, high))
    assert (-1 if below is None else below) <= (-1 if above is None else above)


@pytest.mark.parametrize(
    ("rise", "yuan"), [("2.9", 15), ("3.0", 15), ("3.0001", 20), ("4.0", 20), ("4.1", 25), ("0", 0), ("-2", 0)]
)
def test_a_started_point_counts_whole(rise: str, yuan: int) -> None:
    """Exactly three points are three, anything more is four; a fall pays nothing."""
    assert shapes.points(500, Fraction(rise)) == yuan * 100


@pytest.mark.parametrize(("rise", "place"), [("2.9", None), ("3.0", 0), ("4.99", 0), ("5.00", 1), ("9", 1)])
def test_a_band_begins_at_its_limit(rise: str, place: int | None) -> None:
    """4.99 is still the lower band, 5.00 the upper."""
    assert shapes.band([Fraction(3), Fraction(5)], Fraction(rise)) == place


@pytest.mark.parametrize(
    ("rule", "fen_in", "fen_out"),
    [
        ("ceil/1", "2000", 2000), ("ceil/1", "2001", 2100), ("ceil/1", "1999", 2000),
        ("half_up/1", "2049", 2000), ("half_up/1", "2050", 2100), ("half_up/1", "2051", 2100),
        ("half_up/0.01", "14062.4", 14062), ("half_up/0.01", "14062.5", 14063), ("half_up/0.01", "14062.6", 14063),
        ("exact", "6250", 6250), ("exact", "6250.5", None),
    ],
)  # fmt: skip
def test_one_fen_around_every_rounding(rule: str, fen_in: str, fen_out: int | None) -> None:
    """One below, on and one above the turning point of each rounding used by a place."""
    assert shapes.rounded(Fraction(fen_in), Rounding.parse(rule)) == fen_out


def test_unknown_rounding_claims_no_whole_amount() -> None:
    """Without a rounding row there is no rounded amount."""
    assert shapes.rounded(Fraction(2478), None) is None


def test_floor_and_cap_come_before_the_multiplier() -> None:
    """A floor of 10 yuan doubled is 20; a cap of 100 yuan doubled is 200."""
    assert shapes.settle(500, floor_fen=1000, multiplier=2) == 2000
    assert shapes.settle(15000, cap_fen=10000, multiplier=2) == 20000


def test_multiplier_comes_before_rounding() -> None:
    """Zhenjiang, February 2020: 93.75 and a half is 140.625, paid as 140.63; rounding first would give 140.63 only by luck."""
    rounding = Rounding.parse("half_up/1")
    assert rounding.apply(shapes.settle(4450, multiplier=2)) == 8900
    assert shapes.settle(9375, multiplier=Fraction("1.5")) == Fraction("14062.5")
