"""The compiled low-income index: chain identity, exact decomposition, and never a published name."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import DataFault, DataGap
from aidlib.indices import Figures
from aidlib.prices import scpi
from aidlib.prices.index_numbers import chained, democratic, difference, jevons, linked, lowe, plutocratic, shares

WEIGHT = st.integers(1, 1000).map(Fraction)
RELATIVE = st.integers(500, 2000).map(lambda thousandths: Fraction(thousandths, 1000))
CLASSES = ("food", "housing", "other")


def by_class(values: st.SearchStrategy[Fraction]) -> st.SearchStrategy[dict[str, Fraction]]:
    """One value for each class."""
    return st.fixed_dictionaries(dict.fromkeys(CLASSES, values))


@given(by_class(WEIGHT), st.lists(by_class(RELATIVE), min_size=1, max_size=6))
def test_chain_equals_the_direct_index(weights: dict[str, Fraction], steps: list[dict[str, Fraction]]) -> None:
    """With one weight base, chaining with price-updated weights gives the direct index exactly."""
    direct = {name: Fraction(1) for name in CLASSES}
    for step in steps:
        direct = {name: direct[name] * step[name] for name in CLASSES}
    assert chained(weights, steps)[-1] == lowe(weights, direct)


@given(by_class(WEIGHT), by_class(WEIGHT), by_class(RELATIVE))
def test_parts_add_up_to_the_difference(
    low: dict[str, Fraction], every: dict[str, Fraction], moved: dict[str, Fraction]
) -> None:
    """The parts by class add up exactly to the low-income index minus the general one."""
    assert sum(difference(low, every, moved).values()) == lowe(low, moved) - lowe(every, moved)


@given(st.lists(by_class(WEIGHT), min_size=1, max_size=5), st.integers(2, 9))
def test_democratic_weights_ignore_how_much_a_household_spends(homes: list[dict[str, Fraction]], times: int) -> None:
    """Multiplying one household's spending changes plutocratic weights only."""
    richer = [{name: value * times for name, value in homes[0].items()}, *homes[1:]]
    assert democratic(richer) == democratic(homes)
    assert sum(plutocratic(richer).values()) == 1


def test_linking_keeps_both_movements() -> None:
    """A joined series moves like the old one before the overlap and like the new one after it."""
    old = {"2015-11": Fraction(119), "2015-12": Fraction(120)}
    new = {"2015-12": Fraction(100), "2016-01": Fraction(102)}
    joined, factor = linked(old, new)
    assert joined["2016-01"] / joined["2015-12"] == Fraction(102, 100)
    assert (joined["2015-11"], factor) == (119, Fraction(6, 5))


@pytest.mark.parametrize("quotes", [([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([1.0, 0.0], [1.0, 1.0])])
def test_quotes_that_cannot_be_compared_are_refused(quotes: tuple[list[float], list[float]]) -> None:
    """An elementary index needs at least two matched prices above zero."""
    with pytest.raises(DataFault, match="matched prices"):
        jevons(*quotes)


@given(st.lists(st.tuples(*[st.integers(1, 500)] * 3), min_size=2, max_size=8), st.integers(2, 9))
def test_an_elementary_index_chains_reverses_and_scales(quotes: list[tuple[int, int, int]], times: int) -> None:
    """Two steps multiply to the direct index, going back undoes it, and prices all `times` as high are an index of `times`."""
    first, second, third = map(list, zip(*quotes, strict=True))
    assert jevons(first, second) * jevons(second, third) == pytest.approx(jevons(first, third))
    assert jevons(first, second) * jevons(second, first) == pytest.approx(1)
    assert jevons(first, [price * times for price in first]) == pytest.approx(times)


def test_linking_over_twelve_months_takes_the_means_of_the_overlap() -> None:
    """The factor is the mean of the old over the mean of the new in the months both have, and only later months are scaled."""
    months = [f"2015-{month:02d}" for month in range(1, 13)]
    old = {month: Fraction(110 + at) for at, month in enumerate(months)}
    new = {month: Fraction(100 + at % 3) for at, month in enumerate(months)} | {"2016-01": Fraction(104)}
    joined, factor = linked(old, new)
    assert factor == sum(old.values()) / sum(new[month] for month in months)
    assert {month: joined[month] for month in months} == old
    assert joined["2016-01"] == 104 * factor


def test_weights_that_are_negative_or_nothing_are_refused() -> None:
    """Weights are zero or more and not all zero."""
    for weights in ({"food": Fraction(-1), "other": Fraction(2)}, {"food": Fraction(0)}):
        with pytest.raises(DataFault, match="weights"):
            shares(weights)


def test_weights_of_all_households_reproduce_the_published_cpi() -> None:
    """The solved weights and the class indices of a province give its published CPI: the aggregation is the right one."""
    figures = Figures()
    for place, month in (("450000", "2020-02"), ("230000", "2019-10"), ("320000", "2018-06")):
        compiled = scpi.rise(figures, place, month, scpi.cpi_weights(figures, place))
        assert compiled is not None
        published = figures.get(place, "cpi_yoy:total:all_items", month)
        assert abs(compiled - (published.value - 100)) < Fraction("0.15")


def test_the_compiled_index_is_a_lowe_index_with_weights_moved_year_by_year() -> None:
    """Jiangsu 2019-10 by hand: Fujian's spending shares times the class indices of the Octobers of 2016, 2017 and 2018, then 2019."""
    figures, month = Figures(), "2019-10"
    moved = dict(scpi.low_income_shares(figures))
    for year in ("2016", "2017", "2018"):
        moved = {
            name: moved[name] * figures.get("320000", f"cpi_yoy:total:{name}", f"{year}-10").value for name in moved
        }
    raised = sum(moved[name] * figures.get("320000", f"cpi_yoy:total:{name}", month).value / 100 for name in moved)
    by_hand = (raised / sum(moved.values()) - 1) * 100
    assert scpi.rise(figures, "320000", month) == pytest.approx(float(by_hand), abs=0.005)


def test_compiled_index_has_its_own_name_and_missing_months() -> None:
    """The compiled series is called scpi_est, and a month without all eight classes is missing, not filled."""
    frame = scpi.compiled(Figures(), "450000", "2020-03", "2020-05")
    assert list(frame.columns) == ["period", "scpi_est", "cpi", "scpi_est_status"]
    assert frame["scpi_est_status"].isna().tolist() == frame["scpi_est"].isna().tolist()
    assert set(frame["scpi_est_status"].dropna()) == {"estimated"}
    assert frame["scpi_est"].isna().tolist() == [False, False, True]


def test_decomposition_of_a_month_without_classes_is_a_named_gap() -> None:
    """A month whose class indices are not all known cannot be split."""
    with pytest.raises(DataGap, match="eight class indices"):
        scpi.decomposition(Figures(), "450000", "2021-01")


def test_decomposition_adds_up_for_a_province() -> None:
    """The contributions add up to the compiled low-income index minus the compiled general one."""
    figures = Figures()
    low = scpi.rise(figures, "450000", "2020-02")
    every = scpi.rise(figures, "450000", "2020-02", scpi.cpi_weights(figures, "450000"))
    assert low is not None
    assert every is not None
    total = scpi.decomposition(figures, "450000", "2020-02")["contribution"].sum()
    assert total == pytest.approx(float(low - every), abs=0.011)


def test_the_weights_shown_are_those_cited_and_the_updated_ones_stand_beside() -> None:
    """Guangdong 2020-02: food weighs 46.6 for low-income households as the cited table says; what the index uses is carried to last year's prices."""
    frame = scpi.decomposition(Figures(), "440000", "2020-02").set_index("class")
    food = frame.loc["food_tobacco_alcohol"]
    assert round(food["weight_low"], 1) == 46.6
    assert frame["weight_low"].tolist() == [float(share * 100) for share in scpi.low_income_shares(Figures()).values()]
    assert food["weight_low_updated"] > food["weight_low"]
    for column in ("weight_low", "weight_all", "weight_low_updated", "weight_all_updated"):
        assert frame[column].sum() == pytest.approx(100)
    gap = ((frame["weight_low_updated"] - frame["weight_all_updated"]) * frame["rise"] / 100).sum()
    assert frame["contribution"].sum() == pytest.approx(gap)


def test_what_is_kept_does_not_hide_what_was_read() -> None:
    """A second question is answered from what is kept, and another set of figures reads for itself."""
    first, second = Figures(), Figures()
    assert (
        scpi.rise(first, "320000", "2019-10")
        == scpi.rise(first, "320000", "2019-10")
        == scpi.rise(second, "320000", "2019-10")
    )
    assert first.reads.keys() == second.reads.keys() != set()
