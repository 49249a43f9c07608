"""Identities and metamorphic behaviour of the indicators (perf-eval-spec 2 and 12), on invented households."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import AidError
from aidlib.evaluation import indicators
from aidlib.evaluation.ranking import fractional_rank, gini, quantile_parts, theil
from aidlib.evaluation.sample import Sample, of_totals, sample
from aidlib.evaluation.survey import incidence
from aidlib.evaluation.variance import (
    Design,
    concentration_scores,
    design_error,
    linearised,
    reliability,
)

LINE = 500.0
households = st.lists(
    st.tuples(st.integers(0, 1500), st.integers(0, 400), st.integers(1, 6), st.integers(1, 5)), min_size=3, max_size=30
)


def made(rows: list[tuple[int, int, int, int]]) -> Sample:
    income, benefit, members, weight = (np.array(column, float) for column in zip(*rows, strict=True))
    return sample(income, benefit, LINE, members, weight)


def numbers(s: Sample) -> list[float | None]:
    found = [
        *(indicators.fgt(s, a, w) for a in range(3) for w in ("before", "after")),
        indicators.income_gap_ratio(s),
        indicators.coverage(s),
        indicators.inclusion_error(s),
        indicators.leakage(s),
        indicators.targeting_differential(s),
        indicators.cgh(s, 0.2),
        indicators.concentration_coefficient(s),
        indicators.distributional_characteristic(s),
        indicators.gap_reduction(s),
        indicators.benefit_cost(s),
        indicators.generosity(s),
    ]
    return [i.value for i in found]


def same(left: list[float | None], right: list[float | None]) -> bool:
    return all(
        (a is None and b is None) or (a is not None and b is not None and abs(a - b) < 1e-9)
        for a, b in zip(left, right, strict=True)
    )


@given(households)
def test_row_order_does_not_matter(rows: list[tuple[int, int, int, int]]) -> None:
    """Shuffling the households changes no indicator, ties included."""
    assert same(numbers(made(rows)), numbers(made(rows[::-1])))


@given(households)
def test_splitting_a_weight_changes_nothing(rows: list[tuple[int, int, int, int]]) -> None:
    """Writing each household twice with half its weight changes no indicator."""
    halved = sample(*(np.repeat(np.array(c, float), 2) for c in list(zip(*rows, strict=True))[:2]), LINE,
                    np.repeat([r[2] for r in rows], 2), np.repeat([r[3] for r in rows], 2) / 2)  # fmt: skip
    assert same(numbers(made(rows)), numbers(halved))


@given(households)
def test_yuan_or_fen_gives_the_same_ratios(rows: list[tuple[int, int, int, int]]) -> None:
    """Counting money in another unit changes no ratio."""
    s = made(rows)
    scaled = sample(s.before * 100, s.benefit * 100, s.line * 100, s.persons)
    assert same(numbers(s), numbers(scaled))


@given(households)
def test_exclusion_is_one_minus_coverage(rows: list[tuple[int, int, int, int]]) -> None:
    """Every target person is either covered or missed."""
    s = made(rows)
    covered, missed = indicators.coverage(s).value, indicators.exclusion_error(s).value
    assert (covered is None and missed is None) or covered + missed == pytest.approx(1)  # type: ignore[operator]


def moved(s: Sample) -> dict[str, float | None]:
    """What the public face says of incidence, by indicator."""
    frame = pd.DataFrame({"income": s.before, "benefit": s.benefit, "members": s.persons})
    totals = frame.assign(income=frame["income"] * s.persons, benefit=frame["benefit"] * s.persons)
    found = incidence(totals).to_frame().set_index("indicator")["estimate"]
    return {str(name): None if value != value else value for name, value in found.items()}


@given(households)
def test_redistribution_hangs_together(rows: list[tuple[int, int, int, int]]) -> None:
    """Reranking is zero or more, the fall of the Gini is before less after, and Kakwani's index is concentration less the Gini before."""
    s = made(rows)
    found = moved(s)
    if None not in (found["reranking"], found["kakwani"]):
        assert found["reranking"] >= -1e-12  # type: ignore[operator]
        assert found["redistribution"] == pytest.approx(found["gini_before"] - found["gini_after"])  # type: ignore[operator]
        assert found["kakwani"] == pytest.approx(indicators.concentration_coefficient(s).value - found["gini_before"])  # type: ignore[operator]


def test_universal_uniform_transfer_is_neutral() -> None:
    """A transfer of the same sum to everybody has C = 0, CGH = 1, TD = 0 and no reranking."""
    s = sample([100, 300, 450, 700, 900], 50, LINE, [1, 2, 3, 2, 1])
    found = [
        moved(s)["concentration_coefficient"],
        indicators.cgh(s, 0.4).value,
        indicators.targeting_differential(s).value,
        moved(s)["reranking"],
    ]
    assert found == pytest.approx([0, 1, 0, 0], abs=1e-12)


@given(households)
def test_the_leak_and_the_spill_over_are_what_is_beyond_need(rows: list[tuple[int, int, int, int]]) -> None:
    """Beckerman 1979: what closes gaps is what reaches the poor less its spill-over, and the rest of the money is beyond need."""
    s = made(rows)
    leak, spill, efficiency = (f(s).value for f in (indicators.leakage, indicators.spill_over, indicators.benefit_cost))
    if spill is not None:
        assert efficiency == pytest.approx((1 - leak) * (1 - spill))  # type: ignore[operator]
        assert indicators.beyond_need(s).value == pytest.approx(1 - efficiency)  # type: ignore[operator]


def test_errors_agree_with_the_jackknife() -> None:
    """On 400 simulated households the linearised errors of Gini, concentration and their difference are within 2 % of the jackknife."""
    generator = np.random.default_rng(7)
    income = generator.lognormal(6, 0.6, 400)
    paid = np.maximum(0, 600 - income) + generator.uniform(0, 20, 400)
    design = Design(np.zeros(400), np.arange(400))

    def jackknife(amounts: list[tuple[np.ndarray, int]]) -> float:  # type: ignore[type-arg]
        kept = [np.delete(np.arange(400), i) for i in range(400)]
        left_out = np.array([
            sum(sign * (concentration_scores(a[k], income[k], np.ones(399))[0] or 0.0) for a, sign in amounts) for k in kept
        ])  # fmt: skip
        return float(np.sqrt(399 / 400 * np.sum((left_out - left_out.mean()) ** 2)))

    for amounts in ([(income, 1)], [(paid, 1)], [(paid, 1), (income, -1)]):
        scores = sum(sign * concentration_scores(a, income, np.ones(400))[1] for a, sign in amounts)
        assert design_error(scores, design) == pytest.approx(jackknife(amounts), rel=0.02)


def test_the_error_of_concentration_sees_clusters_and_ties() -> None:
    """The coefficient is that of the sample; whole clusters that are alike have another error; the order within ties does not matter."""
    generator = np.random.default_rng(8)
    income = np.rint(generator.lognormal(6, 0.6, 400) / 50) * 50
    paid = np.maximum(0, 600 - income) + np.repeat(generator.uniform(0, 80, 40), 10)
    weight = generator.integers(1, 4, 400).astype(float)
    value, scores = concentration_scores(paid, income, weight)
    assert value == pytest.approx(indicators.concentration_coefficient(sample(income, paid, LINE, weight)).value)
    assert scores.sum() == pytest.approx(0, abs=1e-12)
    clusters, single = (
        design_error(scores, Design(np.zeros(400), units)) for units in (np.arange(400) // 10, np.arange(400))
    )
    assert clusters != pytest.approx(single, rel=1e-3)
    other = generator.permutation(400)
    assert concentration_scores(paid[other], income[other], weight[other])[1] == pytest.approx(scores[other])


@given(households, st.integers(1, 200))
def test_raising_the_line_never_lowers_the_headcount(rows: list[tuple[int, int, int, int]], rise: int) -> None:
    """A higher line never makes fewer persons poor."""
    s = made(rows)
    higher = sample(s.before, s.benefit, LINE + rise, s.persons)
    assert indicators.fgt(higher, 0).value >= indicators.fgt(s, 0).value  # type: ignore[operator]


def test_a_rich_household_without_benefit_leaves_targeting_alone() -> None:
    """Adding a non-poor household that receives nothing changes neither coverage of the target nor the errors."""
    few, more = (sample([100, 300, *extra], [50, 0, *[0] * len(extra)], LINE) for extra in ([], [2000]))
    for indicator in (indicators.coverage, indicators.inclusion_error, indicators.exclusion_error):
        assert indicator(few).value == indicator(more).value


def test_income_on_the_line_is_not_poor() -> None:
    """Poor means strictly below the line: one fen decides."""
    assert sample([499.99, 500.0, 500.01], 0, LINE).poor.tolist() == [True, False, False]


@given(st.integers(1, 12), st.integers(1, 400_000), st.integers(0, 1_200_000))
def test_one_fen_of_a_household_decides_whatever_its_size(members: int, line_fen: int, income_fen: int) -> None:
    """Paid its exact gap nobody is poor afterwards and one fen less leaves the household poor, from totals or from amounts per head."""
    gap = max(line_fen * members - income_fen, 0)
    paid = np.array([gap, max(gap - 1, 0)])
    totals = of_totals([12 * income_fen] * 2, 12 * paid, 12 * line_fen * members, members)
    heads = sample([income_fen / members / 100] * 2, paid / members / 100, line_fen / 100, members)
    for s in (totals, heads):
        assert s.poor.tolist() == [gap > 0] * 2
        assert s.below("after").tolist() == [False, gap > 0]
        assert indicators.fgt(s, 0, "after").value == (gap > 0) / 2


def test_a_yearly_line_is_not_rounded_to_the_month() -> None:
    """A standard of 6,400 yuan a year stands at 533.33 and a third: a fen a year of a household decides."""
    assert of_totals([3 * 640_000 - 1, 3 * 640_000], 0, 3 * 640_000, 3).poor.tolist() == [True, False]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20))
def test_ranks_average_one_half(values: list[int]) -> None:
    """Weighted ranks average exactly one half, with any ties."""
    ranks = fractional_rank(np.array(values, float), np.ones(len(values)))
    assert ranks.mean() == pytest.approx(0.5)


@given(households, st.booleans(), st.sampled_from(["before", "after"]))
def test_incidence_adds_up(rows: list[tuple[int, int, int, int]], split: bool, rank_by: str) -> None:
    """Shares of money and of persons over quantiles sum to one, however ties are cut and whichever income ranks."""
    s = made(rows)
    for of in ("benefit", "persons"):
        shares = [i.value for i in indicators.incidence(s, 5, of, rank_by=rank_by, split_ties=split)]  # type: ignore[arg-type]
        assert shares == [None] * 5 or sum(shares) == pytest.approx(1)  # type: ignore[arg-type]


@given(households)
def test_split_ties_make_equal_quantiles(rows: list[tuple[int, int, int, int]]) -> None:
    """With ties split every quantile holds the same share of persons."""
    s = made(rows)
    parts = quantile_parts(s.before, s.persons, 4, split_ties=True)
    assert (parts @ s.persons / s.persons.sum()).tolist() == pytest.approx([0.25] * 4)


@given(households, st.integers(0, 29), st.integers(1, 300))
def test_more_for_a_poor_person_never_deepens_poverty(
    rows: list[tuple[int, int, int, int]], at: int, more: int
) -> None:
    """Raising one household's benefit never raises the poverty gap."""
    s, at = made(rows), at % len(rows)
    raised = s.benefit.copy()
    raised[at] += more
    after = sample(s.before, raised, s.line, s.persons)
    assert indicators.fgt(after, 1, "after").value <= indicators.fgt(s, 1, "after").value + 1e-12  # type: ignore[operator]


def test_zero_denominators_have_reasons() -> None:
    """Nobody poor, nothing paid: no number, a reason instead."""
    s = sample([900, 950], 0, LINE)
    assert (indicators.coverage(s).value, indicators.coverage(s).reason) == (None, "no_target")
    assert indicators.benefit_cost(s).reason == "no_spending"
    assert indicators.gap_reduction(s).reason == "no_poor"


def test_missing_is_counted_and_negative_income_clipped() -> None:
    """A missing income leaves the sample and is counted; a negative one becomes zero and is counted."""
    s = sample([np.nan, -20, 300], 10, LINE)
    assert (s.n, s.n_missing, s.n_clipped) == (2, 1, 1)


def test_every_fault_at_once() -> None:
    """Bad weights, lines and benefits are reported together."""
    with pytest.raises(AidError) as caught:
        sample([1, 2], [-1, 0], [0, 5], 1, [-1, 2])
    assert len(caught.value.faults) == 3


def test_transfer_from_rich_to_poor_lowers_gini() -> None:
    """Pigou-Dalton: moving income down without reranking lowers the Gini."""
    assert gini(np.array([2.0, 4, 8]), np.ones(3)) < gini(np.array([1.0, 4, 9]), np.ones(3))  # type: ignore[operator]


def test_theil_splits_exactly() -> None:
    """Between and within add up to the whole."""
    found = theil(np.array([400.0, 500, 600, 900]), np.array([1.0, 2, 1, 3]), np.array(["a", "a", "b", "b"]))
    assert found.between + found.within == pytest.approx(found.total)


@pytest.mark.parametrize(
    ("error", "n", "verdict"),
    [(0.2, 30, "publish"), (0.2001, 30, "flag"), (0.3, 30, "flag"), (0.3001, 30, "suppress"), (0.1, 29, "suppress")],
)
def test_weak_survey_estimates_are_not_published(error: float, n: int, verdict: str) -> None:
    """Above 20 % relative error an estimate is flagged, above 30 % or on fewer than 30 households it is held back."""
    assert reliability(1.0, error, n) == verdict


def test_a_census_of_a_stratum_has_no_error() -> None:
    """A stratum whose units were all drawn adds nothing to the error; the others still do."""
    top, ones = np.array([1.0, 0, 1, 1, 0, 0]), np.ones(6)
    strata = np.repeat([0.0, 1.0], 3)
    errors = [
        linearised(top, ones, ones, Design(strata, np.arange(6.0), fraction))[1] for fraction in (0.0, {0.0: 1.0}, 1.0)
    ]
    assert errors[0] > errors[1] > errors[2] == 0


def test_lonely_units_are_refused_by_default() -> None:
    """A stratum with one unit is an error unless the user says how to treat it."""
    design = Design(np.array([0.0, 0, 1]), np.arange(3.0))
    with pytest.raises(AidError, match="one sampling unit"):
        linearised(np.ones(3), np.ones(3), np.ones(3), design)
    assert linearised(np.array([1.0, 0, 1]), np.ones(3), np.ones(3), design, "certainty")[1] > 0
