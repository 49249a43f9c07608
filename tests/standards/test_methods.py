"""Methods on microdata: identities, invariances, and refusals; every household here is invented."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aidlib.errors import DataFault
from aidlib.indices import Figures
from aidlib.standards import Candidates, standard_basis
from aidlib.standards.eles import estimate, from_figures
from aidlib.standards.household_lines import (
    columns,
    consumption_percentile,
    cost_of_basic_needs,
    lower_line,
    quantile_lines,
    relative_from_median,
    relative_line,
    upper_line,
    weighted_quantile,
)

incomes = st.lists(st.integers(1, 9000), min_size=3, max_size=30)


def made_up(n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Invented households: spending, and food after a known share curve with noise."""
    random = np.random.default_rng(7)
    spending = np.exp(random.normal(6.8, 0.6, n))
    share = np.clip(0.6 - 0.12 * np.log(spending / 300) + random.normal(0, 0.02, n), 0.05, 0.95)
    return spending, spending * share


def test_basic_needs_find_the_curve_they_were_made_from() -> None:
    """Lower and upper line follow the known curve, and the check by near households lies close."""
    spending, food = made_up()
    found = cost_of_basic_needs(300, spending, food)
    assert found.curve.a == pytest.approx(0.6, abs=0.01)
    assert float(found.lower.fen_month) / 100 == pytest.approx(lower_line(300, 0.6), rel=0.01)
    assert float(found.upper.fen_month) / 100 == pytest.approx(upper_line(300, 0.6, -0.12), rel=0.02)
    assert found.upper_check == pytest.approx(float(found.upper.fen_month) / 100, rel=0.05)


@settings(max_examples=30, deadline=None)
@given(food_line=st.integers(50, 900), a=st.floats(0.4, 0.9), b=st.floats(-0.1, -0.01))
def test_the_upper_line_spends_exactly_the_food_line_on_food(food_line: int, a: float, b: float) -> None:
    """At the upper line food spending is the food line, and the upper line is not below the food line."""
    upper = upper_line(food_line, a, b)
    assert upper * (a + b * np.log(upper / food_line)) == pytest.approx(food_line, rel=1e-9)
    assert upper >= food_line


def test_a_flat_share_makes_the_upper_line_the_engel_line() -> None:
    """With a food share that does not move the upper line is the food line over the share."""
    assert upper_line(300, 0.5, 0.0) == pytest.approx(600)


def test_the_lower_of_two_roots_is_the_line() -> None:
    """Where food spending rises and falls again, the line is on the rising side."""
    assert upper_line(300, 0.6, -0.22) < 300 * np.exp(0.6 / 0.22 - 1)


@pytest.mark.parametrize(("at", "food"), [(0, 9999.0), (3, -1.0)])
def test_food_is_a_part_of_spending(at: int, food: float) -> None:
    """Food dearer than all spending, or below nothing, is refused and counted."""
    spending, eaten = made_up()
    eaten[at] = food
    with pytest.raises(DataFault, match="1 households"):
        cost_of_basic_needs(300, spending, eaten)


def test_no_root_is_an_error() -> None:
    """A curve whose food spending never reaches the food line is refused, not clipped."""
    with pytest.raises(DataFault, match="no upper line"):
        upper_line(300, 0.4, -0.3)


def test_shifters_leave_the_mean_household() -> None:
    """A characteristic that moves the share leaves the line of the mean household where it was."""
    spending, food = made_up()
    child = np.tile([0.0, 1.0], len(spending) // 2)
    moved = food + spending * 0.05 * (child - child.mean())
    plain, shifted = (
        cost_of_basic_needs(300, spending, food),
        cost_of_basic_needs(300, spending, moved, shifters={"child": child}),
    )
    assert float(shifted.lower.fen_month) == pytest.approx(float(plain.lower.fen_month), rel=0.01)


@given(values=incomes, share=st.sampled_from([0.1, 0.4, 0.5, 1.0]))
def test_a_weighted_quantile_survives_duplication_and_order(values: list[int], share: float) -> None:
    """Splitting each weight in two, or turning the rows around, changes nothing; it is one of the values."""
    plain = np.array(values, dtype=float)
    weight = np.ones(len(plain))
    once = weighted_quantile(plain, weight, share)
    assert once in values
    assert weighted_quantile(np.concatenate([plain, plain]), np.concatenate([weight, weight]) / 2, share) == once
    assert weighted_quantile(plain[::-1], weight, share) == once


@given(values=incomes, factor=st.integers(2, 9))
def test_relative_lines_scale_with_money(values: list[int], factor: int) -> None:
    """Ten times the incomes is ten times the line, and a larger share of the median is a higher line."""
    line = relative_line(values, "0.40").fen_month
    assert relative_line([value * factor for value in values], "0.40").fen_month == line * factor
    assert line < relative_line(values, "0.50").fen_month < relative_line(values, "0.60").fen_month


def test_scales_agree_for_people_who_live_alone() -> None:
    """Living alone needs no scale; for a family the square root asks for less than one head each."""
    alone = {
        scale: relative_line([900, 1200, 2000], "0.5", adults=[1, 1, 1], scale=scale).fen_month
        for scale in ("per_capita", "sqrt", "oecd_modified")
    }
    assert len(set(alone.values())) == 1
    family = [
        relative_line([4000] * 3, "0.5", adults=[2] * 3, children=[2] * 3, scale=scale).fen_month
        for scale in ("per_capita", "oecd_modified", "sqrt")
    ]
    assert family == sorted(family)
    with pytest.raises(DataFault):
        relative_line([900], "0.5", adults=[1], scale="heads")  # type: ignore[arg-type]


def test_a_share_of_a_published_median_is_exact() -> None:
    """The line from the published national median keeps the figure as its source."""
    figure = Figures().get("000000", "disposable_income_pc_median:rural", "2023")
    line = relative_from_median(figure, "0.40")
    assert line.fen_month == figure.value * 100 / 12 * Fraction(2, 5)
    assert line.inputs[0].where == figure.place


def test_the_consumption_percentile_is_on_persons() -> None:
    """A household of nine persons counts nine times."""
    assert consumption_percentile([100, 500], 0.5, [1, 9]).fen_month == 50000
    assert consumption_percentile([100, 500], 0.5, [9, 1]).fen_month == 10000


def test_low_quantiles_are_ordered_and_move_with_the_data() -> None:
    """The tenth lies below the twentieth percentile; adding a hundred yuan to everyone adds a hundred to the line."""
    random = np.random.default_rng(11)
    members = random.integers(1, 6, 400).astype(float)
    spent = 1500 - 120 * members + random.normal(0, 150, 400)
    low, high = quantile_lines(spent, {"members": members}, {"members": 3})
    moved, _ = quantile_lines(spent + 100, {"members": members}, {"members": 3})
    assert low.fen_month < high.fen_month
    assert float(moved.fen_month - low.fen_month) / 100 == pytest.approx(100, abs=0.1)
    assert low.low < low.fen_month < low.high


@pytest.mark.parametrize(
    ("values", "weight"),
    [
        ({"x": [1, float("nan")]}, None),
        ({"x": [1, 2]}, [1, -1]),
        ({"x": [1, 2]}, [0, 0]),
        ({"x": [1, 2], "y": [1]}, None),
    ],
)
def test_bad_microdata_is_refused(values: dict[str, list[float]], weight: list[float] | None) -> None:
    """Missing numbers, negative or all-zero weights and ragged columns are errors, never imputed."""
    with pytest.raises(DataFault):
        columns(values, weight)


def test_characteristics_need_a_reference() -> None:
    """A characteristic without a reference household, or a quantile of one, is refused."""
    with pytest.raises(DataFault):
        quantile_lines([1, 2, 3], {"members": [1, 2, 3]}, {})
    with pytest.raises(DataFault):
        quantile_lines([1, 2, 3], {"members": [1, 2, 3]}, {"members": 1}, taus=(1.0,))


@pytest.mark.parametrize("members", [[2.0] * 9, [1.0, 2.0]])
def test_households_all_alike_carry_no_line_for_another_kind(members: list[float]) -> None:
    """Where everybody lives in twos, or there are as few households as unknowns, three persons have no line."""
    with pytest.raises(DataFault, match="tell the characteristics apart"):
        quantile_lines([500.0 + at for at in range(len(members))], {"members": members}, {"members": 3})


def test_candidates_stand_beside_the_announced_level() -> None:
    """Every row says its method, error and status, dearest last; the announced level is the yardstick."""
    eles = estimate(from_figures(Figures(), "350000", "urban", 2013))
    frame = Candidates(eles.candidate()).compared().to_frame()
    assert frame.loc[0, "se_fen"] == pytest.approx(eles.se / 12 * 100)
    assert frame["of_announced"].tolist() == [None]
    wuzhou = standard_basis("450400", 2019).urban
    lines = wuzhou.methods().compared(wuzhou.level).to_frame()
    assert lines.loc[lines["method"] == "announced", "of_announced"].item() == 1
    assert lines["fen_month"].tolist() == sorted(lines["fen_month"])


def test_a_survey_estimate_is_drawn_with_twice_its_error() -> None:
    """One axis has a dot for the method, and a bar of twice its error to either side."""
    eles = estimate(from_figures(Figures(), "350000", "urban", 2013))
    axis = Candidates(eles.candidate()).plot()
    assert len(axis.get_yticklabels()) == 1
    [bar] = axis.collections
    (low, _), (high, _) = bar.get_segments()[0]
    assert high - low == pytest.approx(4 * eles.se / 12)
