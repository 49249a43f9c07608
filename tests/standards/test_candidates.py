"""Methods, rounding and bounds: exact, monotone, and telling what was done."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import DataFault, MoneyFault
from aidlib.indices import Figures
from aidlib.known import Known
from aidlib.money import Rounding
from aidlib.standards.bounds import apply_bounds, bounds, ratio_path
from aidlib.standards.measures import cost_of_change, growth
from aidlib.standards.methods import (
    BasketItem,
    basic_cost,
    consumption_share,
    cpi_uprating,
    engel,
    food_basket,
    mixed_uprating,
    round_standard,
    rural_from_urban,
)

yuan = st.integers(1, 3000)
cents = st.fractions(Fraction(1), Fraction(300_000), max_denominator=1200)
percent = st.decimals("-5", "15", places=1)


@pytest.mark.parametrize(
    ("fen_month", "mode", "yuan_month"),
    [
        (Fraction(57_399), "ceil", 574),
        (Fraction(57_400), "ceil", 574),
        (Fraction(57_401), "ceil", 575),
        (Fraction(57_449), "half_up", 574),
        (Fraction(57_450), "half_up", 575),
        (Fraction(57_451), "half_up", 575),
        (Fraction(57_499), "floor", 574),
        (Fraction(57_500), "floor", 575),
    ],
)
def test_rounding_one_fen_below_on_and_above(fen_month: Fraction, mode: str, yuan_month: int) -> None:
    """Each mode moves exactly at its own edge."""
    assert round_standard(fen_month, Rounding(mode, 100)) == yuan_month * 100  # type: ignore[arg-type]


def test_a_yearly_rounding_is_not_a_monthly_one() -> None:
    """The same amount rounded per year and per month differs."""
    amount = Fraction(4923_90) * Fraction("0.35") / 12
    assert round_standard(amount, Rounding("floor", 100), "year") * 12 == 172300
    assert round_standard(amount, Rounding("floor", 100)) * 12 == 171600
    with pytest.raises(MoneyFault):
        round_standard(amount, Rounding("floor", 100), "quarter")


def test_a_float_is_refused() -> None:
    """A method takes exact numbers only."""
    with pytest.raises(MoneyFault):
        consumption_share("30000", 0.3)  # type: ignore[arg-type]


@given(level=yuan, rise=percent)
def test_cpi_uprating_never_cuts(level: int, rise: Fraction) -> None:
    """Falling prices keep the level; rising ones raise it by exactly the rise."""
    kept = cpi_uprating(level, str(rise)).fen_month
    assert kept == max(Fraction(level * 100), level * 100 * (1 + Fraction(str(rise)) / 100))


@given(level=yuan, rise=percent, growth_rate=st.fractions(-1, 1, max_denominator=50))
def test_mixed_uprating_without_real_growth_is_prices_alone(level: int, rise: Fraction, growth_rate: Fraction) -> None:
    """With theta nought the mixed method is plain price uprating, cuts left to the bounds."""
    mixed = mixed_uprating(level, str(rise), growth_rate, 0).fen_month
    assert mixed == level * 100 * (1 + Fraction(str(rise)) / 100)


@given(amount=cents, last=cents, floor=cents, cap=cents)
def test_bounds_hold_or_are_named_as_broken(amount: Fraction, last: Fraction, floor: Fraction, cap: Fraction) -> None:
    """After the bounds the amount keeps each of them, or the broken one is named; only those that bit changed it."""
    limits = bounds(last=last / 100, floor=floor / 100, cap=cap / 100)
    kept = apply_bounds(consumption_share(amount * 12 / 100, 1), limits)
    assert ("cap" in kept.broken) is False
    assert (kept.fen_month < last) == ("no_cut" in kept.broken)
    assert (kept.fen_month < floor) == ("floor" in kept.broken)
    assert bool(kept.bit) == (kept.candidate.fen_month != kept.fen_month) or len(kept.bit) > 1


def test_an_unknown_bound_neither_bites_nor_is_broken() -> None:
    """What is not known is listed as unknown, not treated as no limit."""
    kept = apply_bounds(consumption_share("12000", "0.3"), bounds())
    assert (kept.bit, kept.broken) == ((), ())
    assert [step.bound.fen_month for step in kept.steps] == [None] * 5


def test_rounding_down_below_a_floor_is_named() -> None:
    """A floor that the rounding undercuts is reported as broken."""
    kept = apply_bounds(consumption_share("12000", "0.3"), bounds(floor="300.50"), Rounding("floor", 100))
    assert (kept.rounded_fen_month, kept.broken) == (30000, ("floor",))


def test_a_rural_candidate_is_held_to_the_ratio() -> None:
    """The rural level is raised to the ratio of the urban one, and the ratio is what bit."""
    kept = apply_bounds(consumption_share("12000", "0.3"), bounds(urban="680", ratio_low="0.75"))
    assert (kept.fen_month, kept.bit) == (51000, ("ratio_low",))


def test_the_path_to_a_ratio_is_even_and_ends_on_it() -> None:
    """A path rises evenly, reaches the target in its year and leaves a place above it alone."""
    path = [ratio_path(Fraction(6, 10), 2022, Fraction(3, 4), 2025, year) for year in (2022, 2023, 2025, 2026)]
    assert path == [Fraction(6, 10), Fraction(13, 20), Fraction(3, 4), Fraction(3, 4)]
    assert ratio_path(Fraction(8, 10), 2022, Fraction(3, 4), 2025, 2023) == Fraction(3, 4)


def test_a_candidate_is_as_weak_as_its_weakest_input() -> None:
    """A published figure times a share somebody chose is an estimate."""
    figure = Figures().get("450000", "consumption_pc:urban", "2018")
    assert Known.of(figure).status == "observed"
    assert consumption_share(figure, "0.3").status == "estimated"


def test_engel_and_its_share() -> None:
    """The food cost over its share of spending; a share outside (0, 1] is refused."""
    assert engel("330", "0.6").fen_month == 55000
    for wrong in ("0", "1.01", "-0.2"):
        with pytest.raises(DataFault):
            engel("300", wrong)


def test_food_basket_is_the_users_own() -> None:
    """No list is built in; an empty or negative one is refused, all faults at once."""
    with pytest.raises(DataFault):
        food_basket([])
    with pytest.raises(DataFault) as caught:
        food_basket([BasketItem("rice", "-1", "5"), BasketItem("oil", "1", "-8")])
    assert len(caught.value.faults) == 2


def test_basket_range_comes_from_the_dearest_item() -> None:
    """Ten percent on the dearest item, non-food included, is the range."""
    found = food_basket([BasketItem("rice", "10", "5"), BasketItem("meat", "4", "30")], "0.5")
    assert (found.fen_month, found.high - found.fen_month) == (25500, 1800)


def test_basic_cost_is_the_sum_of_its_parts() -> None:
    """Food and each necessity add up, in any order."""
    parts = {"clothing": "40.5", "fuel": "60"}
    assert basic_cost("300", parts).fen_month == basic_cost("300", dict(reversed(parts.items()))).fen_month == 40050


def test_costs_are_a_range_and_a_missing_payment_starts_it_at_nought() -> None:
    """The whole difference is the top; without an average payment nothing is known of the bottom."""
    cost = cost_of_change("587", "680", 100)
    assert (cost.low_fen, cost.high_fen) == (0, 93 * 100 * 100 * 12)
    assert cost_of_change("680", "680", 100, "400").high_fen == 0


def test_growth_in_prices() -> None:
    """Real growth is the nominal rate over prices, and none is claimed without an index."""
    assert growth(500, 525, deflator="2.5").real_rate == Fraction(1, 41)
    assert growth(500, 525).real_rate is None
    with pytest.raises(DataFault):
        growth(0, 525)


def test_rural_from_urban_keeps_thirds() -> None:
    """Two thirds stay two thirds until they are rounded."""
    assert rural_from_urban("685", "2/3").fen_month * 3 == 137000
