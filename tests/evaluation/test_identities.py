"""Identities and metamorphic behaviour of the indicators (perf-eval-spec 2 and 12), on invented households."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import AidError
from aidlib.evaluation import impact, poverty, targeting
from aidlib.evaluation.equity import marginal_tax, theil
from aidlib.evaluation.ranking import fractional_rank, gini
from aidlib.evaluation.sample import Sample, sample
from aidlib.evaluation.variance import Design, bootstrap, concentration_error, gini_error, linearised

LINE = 500.0
households = st.lists(
    st.tuples(st.integers(0, 1500), st.integers(0, 400), st.integers(1, 6), st.integers(1, 5)), min_size=3, max_size=30
)


def made(rows: list[tuple[int, int, int, int]]) -> Sample:
    income, benefit, members, weight = (np.array(column, float) for column in zip(*rows, strict=True))
    return sample(income, benefit, LINE, members, weight)


def numbers(s: Sample) -> list[float | None]:
    indicators = [
        *(poverty.fgt(s, a, w) for a in range(3) for w in ("before", "after")),
        poverty.income_gap_ratio(s),
        targeting.coverage(s),
        targeting.inclusion_error(s),
        targeting.leakage(s),
        targeting.targeting_differential(s),
        targeting.cgh(s, 0.2),
        targeting.concentration_coefficient(s),
        targeting.kakwani(s),
        targeting.distributional_characteristic(s),
        impact.gap_reduction(s),
        impact.benefit_cost(s),
        impact.generosity(s),
    ]
    return [i.value for i in indicators]


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
def test_decomposition_adds_up(rows: list[tuple[int, int, int, int]]) -> None:
    """The weighted group indices add up to the whole."""
    s = made(rows)
    groups = np.arange(s.n) % 3
    for alpha in range(3):
        parts = poverty.decompose(s, groups, alpha)
        assert sum(p * f for p, f in parts.values()) == pytest.approx(poverty.fgt(s, alpha).value)


@given(households)
def test_exclusion_is_one_minus_coverage(rows: list[tuple[int, int, int, int]]) -> None:
    """Every target person is either covered or missed."""
    s = made(rows)
    covered, missed = targeting.coverage(s).value, targeting.exclusion_error(s).value
    assert (covered is None and missed is None) or covered + missed == pytest.approx(1)  # type: ignore[operator]


@given(households)
def test_reranking_is_never_negative(rows: list[tuple[int, int, int, int]]) -> None:
    """The reranking part of redistribution is zero or more."""
    moved = impact.redistribution(made(rows))
    assert moved is None or moved.reranking >= -1e-12


@given(households, st.integers(1, 200))
def test_raising_the_line_never_lowers_the_headcount(rows: list[tuple[int, int, int, int]], rise: int) -> None:
    """A higher line never makes fewer persons poor."""
    s = made(rows)
    higher = sample(s.before, s.benefit, LINE + rise, s.persons)
    assert poverty.fgt(higher, 0).value >= poverty.fgt(s, 0).value  # type: ignore[operator]


def test_universal_uniform_transfer_is_neutral() -> None:
    """A transfer of the same sum to everybody has C = 0, CGH = 1, TD = 0 and no reranking."""
    s = sample([100, 300, 450, 700, 900], 50, LINE, [1, 2, 3, 2, 1])
    moved = impact.redistribution(s)
    assert moved is not None
    found = [
        targeting.concentration_coefficient(s).value,
        targeting.cgh(s, 0.4).value,
        targeting.targeting_differential(s).value,
    ]
    assert [*found, moved.reranking] == pytest.approx([0, 1, 0, 0], abs=1e-12)


def test_uniform_benefit_identities() -> None:
    """With one benefit sum, IE = 1 - S and NS = coverage of the target over coverage of all."""
    s = sample([100, 300, 450, 700, 900], [50, 0, 50, 50, 0], LINE)
    everyone = np.ones(s.n, bool)
    assert targeting.inclusion_error(s).value == pytest.approx(1 - targeting.share_to_target(s).value)  # type: ignore[operator]
    ratio = targeting.coverage(s).value / targeting.coverage(s, everyone).value  # type: ignore[operator]
    assert targeting.normalised_share(s).value == pytest.approx(ratio)


def test_a_rich_household_without_benefit_leaves_targeting_alone() -> None:
    """Adding a non-poor household that receives nothing changes neither coverage of the target nor the errors."""
    few, more = (sample([100, 300, *extra], [50, 0, *[0] * len(extra)], LINE) for extra in ([], [2000]))
    for indicator in (targeting.coverage, targeting.inclusion_error, targeting.exclusion_error):
        assert indicator(few).value == indicator(more).value


def test_income_on_the_line_is_not_poor() -> None:
    """Poor means strictly below the line: one fen decides."""
    assert sample([499.99, 500.0, 500.01], 0, LINE).poor.tolist() == [True, False, False]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20))
def test_ranks_average_one_half(values: list[int]) -> None:
    """Weighted ranks average exactly one half, with any ties."""
    ranks = fractional_rank(np.array(values, float), np.ones(len(values)))
    assert ranks.mean() == pytest.approx(0.5)


def test_zero_denominators_have_reasons() -> None:
    """Nobody poor, nothing paid: no number, a reason instead."""
    s = sample([900, 950], 0, LINE)
    assert (targeting.coverage(s).value, targeting.coverage(s).reason) == (None, "no_target")
    assert impact.benefit_cost(s).reason == "no_spending"
    assert impact.gap_reduction(s).reason == "no_poor"


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


def test_marginal_tax_of_a_cliff() -> None:
    """Losing all aid one fen above a line shows as a rate far above one."""
    assert marginal_tax(lambda income: 20000 if income < 50000 else 0, [49999, 50000])[0][1] > 1


def test_errors_agree_with_the_jackknife() -> None:
    """On 400 simulated households the linearised errors of Gini and concentration are within 2 % of the jackknife."""
    generator = np.random.default_rng(7)
    income = generator.lognormal(6, 0.6, 400)
    paid = np.maximum(0, 600 - income) + generator.uniform(0, 20, 400)
    ones, design = np.ones(400), Design(np.zeros(400), np.arange(400))

    def jackknife(statistic) -> float:  # type: ignore[no-untyped-def]
        left_out = np.array([statistic(np.delete(np.arange(400), i)) for i in range(400)])
        return float(np.sqrt(399 / 400 * np.sum((left_out - left_out.mean()) ** 2)))

    def concentration_of(kept: np.ndarray) -> float:  # type: ignore[type-arg]
        return targeting.concentration_coefficient(sample(income[kept], paid[kept], LINE)).value or 0.0

    assert gini_error(income, ones, design)[1] == pytest.approx(
        jackknife(lambda k: gini(income[k], np.ones(len(k)))), rel=0.02
    )
    assert concentration_error(paid, income) == pytest.approx(jackknife(concentration_of), rel=0.02)


def test_lonely_units_are_refused_by_default() -> None:
    """A stratum with one unit is an error unless the user says how to treat it."""
    design = Design(np.array([0.0, 0, 1]), np.arange(3.0))
    with pytest.raises(AidError, match="one sampling unit"):
        linearised(np.ones(3), np.ones(3), np.ones(3), design)
    assert linearised(np.array([1.0, 0, 1]), np.ones(3), np.ones(3), design, "certainty")[1] > 0


def test_bootstrap_covers_and_repeats() -> None:
    """The bootstrap interval holds the estimate and is the same for the same seed."""
    income = np.random.default_rng(1).lognormal(6, 0.5, 200)
    design = Design(np.repeat([0.0, 1.0], 100), np.arange(200.0) // 5)

    def mean(weight: np.ndarray) -> float:  # type: ignore[type-arg]
        return float(np.average(income, weights=weight))

    first, again = (bootstrap(mean, np.ones(200), design, draws=200, seed=3) for _ in range(2))
    assert first == again
    assert first[0] < mean(np.ones(200)) < first[1]
