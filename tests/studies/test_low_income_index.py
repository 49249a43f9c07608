"""The compiled low-income index: exact parts, the role of food and of the weights, and published values that are no random sample."""

from __future__ import annotations

from fractions import Fraction

import pytest

from aidlib.errors import DataGap
from aidlib.known import Missing
from aidlib.studies.low_income_index import Case, PublishedCases, low_income_index, published_low_income


def test_the_low_income_gap_splits_exactly() -> None:
    """Parts and gap differ by nothing, in every month of another province too."""
    checked = low_income_index("510000", "2016-01", "2016-06").checked()
    assert checked.parts == 0
    assert checked.general < 1


def test_the_parts_of_a_month_add_up_to_its_gap() -> None:
    """Contributions by class are the compiled index less the general one that the same weights give, largest first."""
    index = low_income_index("450000", "2020-01", "2020-02")
    frame = index.classes().to_frame()
    assert frame["spending_class"].iloc[0] == "food_tobacco_alcohol"
    assert frame["contribution"].abs().is_monotonic_decreasing
    assert abs(sum(frame["contribution"]) - index.months[-1].gap) < index.checked().general + Fraction(1, 100)


def test_the_gap_is_put_down_to_food_and_to_the_weights() -> None:
    """In each month of the pork-price winter food led and the gap was positive; other weights give smaller largest gaps."""
    index = low_income_index("450000", "2019-11", "2020-04")
    assert (index.above, index.led_by_food(), index.led_by_food(False)) == (6, (6, 6), (0, 0))
    first, *others = index.weights
    assert first.largest == index.largest.gap
    assert all(one.largest < first.largest and one.food_share < first.food_share for one in others)


def test_a_basket_without_general_weights_is_not_split() -> None:
    """After 2020 no row splits the gap, and what lacks is named; a city takes the weights of its province."""
    frame = low_income_index("000000", "2023-01", "2023-12").classes().to_frame()
    assert frame.empty
    assert frame.attrs["lacking"] == [Missing("general_weights", place="000000")]
    assert len(low_income_index("450400", "2018-03", "2018-03").classes().to_frame()) == 8


def test_a_place_without_classes_is_refused() -> None:
    """No compiled index is shown for months without the eight classes; the months that have them are named."""
    with pytest.raises(DataGap, match="eight class") as caught:
        low_income_index("440100", "2016-01", "2020-04")
    assert "广东省 440000: 52 months from 2016-01 to 2020-04" in str(caught.value)


def test_a_few_months_are_told() -> None:
    """Two months of a city carry no pattern; there the sign turns with the weights."""
    index = low_income_index("450400", "2017-08", "2018-03")
    assert index.few
    assert index.turns
    assert not low_income_index("450000", "2019-01", "2020-04").few


def test_published_values_stand_beside_the_compiled_ones() -> None:
    """Compiled numbers are marked estimated; a case whose province lacks a class is unknown, never nought."""
    found = published_low_income()
    frame = found.to_frame()
    assert ((frame["compiled_rise_status"] == "estimated") == frame["compiled_rise"].notna()).all()
    assert {case.kind for case in found.cases} == {"published", "at_least"}
    assert found.low is (2 * found.below("published") > len(found.offs("published")))


def test_a_lean_is_counted_over_what_can_be_compared() -> None:
    """Two of three below is low, one is not, and a case without a compiled value counts on neither side."""
    cases = [
        Case("320600", "2019-10", "published", Fraction(6), compiled)
        for compiled in (Fraction(5), Fraction(5), Fraction(7), None)
    ]
    found = PublishedCases(tuple(cases))
    assert (found.low, found.mean, found.most) == (True, Fraction(-1, 3), Fraction(1))
    assert not PublishedCases(tuple(cases[1:])).low
