"""Money: whole fen in, exact on the way, one named rounding out."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import MoneyFault
from aidlib.money import Rounding, decimal_text, exact, fen, half_up, yuan

DECIMAL_MODES = {"ceil": ROUND_CEILING, "floor": ROUND_FLOOR, "half_up": ROUND_HALF_UP}


@given(
    st.integers(min_value=0, max_value=10**15),
    st.sampled_from(sorted(DECIMAL_MODES)),
    st.sampled_from([1, 10, 100, 1000]),
)
def test_rounding_agrees_with_decimal(thousandths_of_fen: int, mode: str, step: int) -> None:
    """Each rounding of a non-negative amount equals the decimal module's, for every step."""
    amount = Fraction(thousandths_of_fen, 1000)
    by_decimal = (Decimal(thousandths_of_fen) / 1000 / step).quantize(Decimal(1), DECIMAL_MODES[mode]) * step
    assert Rounding(mode, step).apply(amount) == by_decimal  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "before", "on", "after"),
    [
        ("ceil/1", (87_800, 87_800), (87_801, 87_900), (87_900, 87_900)),
        ("half_up/1", (87_849, 87_800), (87_850, 87_900), (87_851, 87_900)),
        ("floor/1", (29_599, 29_500), (29_600, 29_600), (29_601, 29_600)),
        ("half_up/0.1", (14_064, 14_060), (14_065, 14_070), (14_066, 14_070)),
    ],
)
def test_one_fen_around_every_boundary(
    rule: str, before: tuple[int, int], on: tuple[int, int], after: tuple[int, int]
) -> None:
    """One fen below, on and above a rounding boundary land where the rule says."""
    for amount, expected in (before, on, after):
        assert Rounding.parse(rule).apply(amount) == expected


def test_rounding_once_is_not_rounding_twice() -> None:
    """Doubling before rounding gives Quanzhou's odd 89; rounding first could only give an even amount."""
    base = Fraction(4450)
    rule = Rounding.parse("half_up/1")
    assert rule.apply(base * 2) == 8900
    assert rule.apply(base) * 2 == 9000


def test_exact_refuses_part_of_a_fen() -> None:
    """A place that publishes unrounded amounts cannot have a third of a fen."""
    with pytest.raises(MoneyFault, match="parts of a fen"):
        Rounding.parse("exact").apply(Fraction(1, 3))


@pytest.mark.parametrize("text", ["half/1", "ceil", "exact/1", "ceil/", "ceil/0.001", ""])
def test_unreadable_rounding(text: str) -> None:
    """A rounding rule that is not one of the four forms is refused."""
    with pytest.raises(MoneyFault):
        Rounding.parse(text)


@given(st.integers(min_value=-(10**13), max_value=10**13))
def test_fen_and_yuan_are_inverse(amount: int) -> None:
    """Writing fen as yuan and reading it back gives the same fen."""
    assert fen(yuan(amount)) == amount


@pytest.mark.parametrize("wrong", [3.5, True, "3,5", "", "1/0", "nan", "３.5x"])
def test_unreadable_numbers_are_refused(wrong: object) -> None:
    """A float, a boolean and anything that is not a plain number is refused with a readable message."""
    with pytest.raises(MoneyFault):
        exact(wrong)  # type: ignore[arg-type]


def test_fen_refuses_parts_of_a_fen() -> None:
    """An amount in yuan with three decimals is an error, not a rounding."""
    with pytest.raises(MoneyFault, match="parts of a fen"):
        fen("0.001")


@given(st.fractions(min_value=0, max_value=10**6), st.integers(min_value=0, max_value=6))
def test_decimal_text_is_the_nearest(number: Fraction, decimals: int) -> None:
    """The text differs from the number by at most half a unit of its last place."""
    assert abs(Fraction(decimal_text(number, decimals)) - number) <= Fraction(1, 2 * 10**decimals)


def test_half_up_at_the_half() -> None:
    """Halves go up, also below zero."""
    assert [half_up(Fraction(n, 2)) for n in (-3, -1, 1, 3)] == [-1, 0, 1, 2]
