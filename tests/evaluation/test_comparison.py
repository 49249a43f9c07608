"""Comparing places: frontier, weights, ranks, convergence and panel regression against known answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aidlib.errors import AidError
from aidlib.evaluation.comparison import dea, dea_intervals, entropy_weights, rank_bounds, rank_range, topsis
from aidlib.evaluation.events import event_study, negative_weight_share
from aidlib.evaluation.panel import (
    beta_convergence,
    panel_regression,
    sigma_convergence,
    wild_cluster_p,
)
from aidlib.tables import shipped_notebooks as notebooks

X = np.array([[2.0], [3], [3], [4], [5], [5], [6], [8]])
Y = np.array([[1.0], [3], [2], [3], [4], [2], [3], [5]])


def test_cooper_seiford_tone_one_input_example() -> None:
    """Constant and variable returns reproduce the textbook's efficiencies."""
    assert dea(X, Y) == pytest.approx([0.5, 1, 0.6667, 0.75, 0.8, 0.4, 0.5, 0.625], abs=5e-5)
    assert dea(X, Y, variable_returns=True) == pytest.approx([1, 1, 0.8333, 0.75, 1, 0.5, 0.5, 1], abs=5e-5)


def test_units_of_measurement_do_not_matter() -> None:
    """Scaling an input or an output leaves efficiency alone."""
    assert dea(X * 100, Y / 7) == pytest.approx(dea(X, Y))


def test_too_few_places_are_refused() -> None:
    """Two inputs and two outputs want twelve places."""
    with pytest.raises(AidError, match="at least 12"):
        dea(np.ones((11, 2)), np.ones((11, 2)))


def test_a_constant_column_weighs_nothing() -> None:
    """An indicator that is the same everywhere has weight zero and is named; the others sum to one."""
    found = entropy_weights(np.array([[1.0, 7, 3], [2, 7, 9], [4, 7, 1]]), (True, True, False))
    assert found.constant == (1,)
    assert found.weights[1] == 0
    assert found.weights.sum() == pytest.approx(1)


def test_direction_turns_the_ranking() -> None:
    """Where low is good the lowest place is best."""
    values = np.array([[1.0], [2], [3]])
    assert topsis(values, np.ones(1), (False,)).argmax() == 0


def test_ranks_under_shaken_weights() -> None:
    """A place that dominates on everything is first whatever the weights; close places swap."""
    values = np.array([[9.0, 9], [5, 4], [4, 5.01], [1, 1]])
    found = rank_range(values, np.array([0.5, 0.5]), (True, True))
    assert found[0] == (1, 1)
    assert found[1] == found[2] == (2, 3)
    assert found[3] == (4, 4)


def test_identical_places_cannot_be_ranked() -> None:
    """Where every place is the same on everything there is no best one."""
    with pytest.raises(AidError, match="the same on every indicator"):
        topsis(np.ones((3, 2)), np.array([0.5, 0.5]), (True, True))


def test_ranks_are_as_firm_as_the_figures() -> None:
    """Exact figures give one rank, equal ones share it; an error as wide as a gap makes both neighbours' ranks uncertain."""
    assert rank_bounds([3, 2, 2, 1], [0, 0, 0, 0]) == [(1, 1), (2, 2), (2, 2), (4, 4)]
    assert rank_bounds([3, 2, 1], [0.6, 0.6, 0.0]) == [(1, 2), (1, 2), (3, 3)]
    assert rank_bounds([3, 2, 1], [0, 0, 0], "low") == [(3, 3), (2, 2), (1, 1)]


def test_frontier_intervals_lie_below_the_estimates() -> None:
    """A sampled frontier flatters: the corrected efficiency is below the estimate, inside its interval, the same by seed."""
    generator = np.random.default_rng(2)
    x = generator.uniform(1, 10, (20, 1))
    y = x * np.exp(-np.abs(generator.normal(0, 0.4, (20, 1))))
    found, again = (dea_intervals(x, y, draws=30, seed=1) for _ in range(2))
    assert found == again
    assert [i.estimate for i in found] == pytest.approx(dea(x, y).tolist())
    assert all(i.low <= i.corrected <= i.estimate + 1e-9 and i.corrected <= i.high for i in found)
    assert sum(i.low <= float(np.exp(np.log(b / a))) for i, (a,), (b,) in zip(found, x, y, strict=True)) >= 18


def panel(slope: float) -> pd.DataFrame:
    generator = np.random.default_rng(5)
    places, years = [f"{i:06d}" for i in range(50)], range(2013, 2021)
    rows = [(p, str(y), x) for p in places for y in years for x in [generator.normal()]]
    frame = pd.DataFrame(rows, columns=["region", "period", "x"])
    level = {p: generator.normal(scale=3) for p in places}
    noise = generator.normal(scale=0.1, size=len(frame))
    return frame.assign(y=frame["region"].map(level) + slope * frame["x"] + noise)


def test_panel_regression_finds_the_planted_slope() -> None:
    """Place effects ten times the signal do not hide a slope of 0.5, and 50 clusters draw no warning."""
    (found,) = panel_regression(panel(0.5), "y", ["x"])
    assert found.low < 0.5 < found.high
    assert found.error < 0.02
    assert found.warnings == ()
    assert (found.n, found.clusters, found.periods) == (400, 50, 8)


def test_few_clusters_are_warned_of() -> None:
    """Thirty-one provinces are fewer than forty clusters."""
    frame = panel(0.5)
    (found,) = panel_regression(frame[frame["region"] < "000031"], "y", ["x"])
    assert "wild cluster bootstrap" in found.warnings[0]


@pytest.mark.parametrize("places", [11, 31])
def test_the_wild_bootstrap_tells_a_slope_from_none(places: int) -> None:
    """With few clusters (Webb weights below twelve) a planted slope is found, and none is seen where there is none."""
    frame = panel(0.5)
    few = frame[frame["region"] < f"{places:06d}"].assign(noise=lambda f: np.random.default_rng(9).normal(size=len(f)))
    assert wild_cluster_p(few, "y", ["x", "noise"], "x", draws=199, seed=4) < 0.02
    assert wild_cluster_p(few, "y", ["x", "noise"], "noise", draws=199, seed=4) > 0.05


def test_the_wild_bootstrap_refuses_true_nulls_at_its_level() -> None:
    """Of sixty panels without an effect about one in twenty is refused at five percent, ten at the most."""
    generator = np.random.default_rng(11)
    years = [(f"{p:06d}", str(y)) for p in range(14) for y in range(2015, 2020)]
    p_values = []
    for _ in range(60):
        common = np.repeat(generator.normal(size=(14, 2)), 5, axis=0)
        frame = pd.DataFrame(years, columns=["region", "period"]).assign(
            x=common[:, 0] * np.tile(np.arange(5), 14) + generator.normal(size=70),
            y=common[:, 1] * np.tile(np.arange(5), 14) + generator.normal(size=70),
        )
        p_values.append(wild_cluster_p(frame, "y", ["x"], "x", draws=99, seed=1))
    assert sum(p <= 0.05 for p in p_values) <= 10


def adopters(effect: dict[str, float]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Sixty invented places, a third each adopting in 2015, in 2018 and never; the effect grows by cohort."""
    generator = np.random.default_rng(3)
    start = {f"{i:06d}": (2015, 2018)[i % 3] for i in range(60) if i % 3 < 2}
    rows = []
    for place in (f"{i:06d}" for i in range(60)):
        level = generator.normal(scale=5)
        for year in range(2011, 2022):
            since = year - start.get(place, 9999)
            gain = effect[str(start[place])] * (since + 1) if place in start and since >= 0 else 0.0
            rows.append((place, str(year), level + 0.3 * year + gain + generator.normal(scale=0.05)))
    return pd.DataFrame(rows, columns=["region", "period", "y"]), start


def test_event_study_under_staggered_adoption() -> None:
    """Effects that differ by cohort are averaged over cohorts at each lag, leads are nil and the joint test agrees."""
    frame, start = adopters({"2015": 2.0, "2018": 1.0})
    found = event_study(frame, "y", start, before=3, after=2)
    effects = {e.name: e for e in found.effects}
    assert list(effects) == ["-3", "-2", "0", "1", "2"]
    for lag in (0, 1, 2):
        assert effects[str(lag)].value == pytest.approx(1.5 * (lag + 1), abs=0.08)
    assert effects["-2"].low < 0 < effects["-2"].high
    assert found.pretrend_p is not None
    assert found.pretrend_p > 0.01
    assert found.warnings == ()


def test_a_trend_before_the_change_is_seen() -> None:
    """Places that were already rising fail the pre-trend test."""
    frame, start = adopters({"2015": 0.0, "2018": 0.0})
    rising = frame.assign(y=frame["y"] + frame["region"].isin(start) * 0.2 * frame["period"].astype(int))
    assert event_study(rising, "y", start).pretrend_p < 0.001  # type: ignore[operator]


def test_an_event_study_needs_places_that_never_changed() -> None:
    """Without a comparison there is no event study."""
    frame, start = adopters({"2015": 1.0, "2018": 1.0})
    with pytest.raises(AidError, match="never"):
        event_study(frame[frame["region"].isin(start)], "y", start)


def test_negative_weights_of_a_textbook_case() -> None:
    """Two cohorts, all treated at the end: the early adopter's last years weigh negatively; with one cohort none does."""
    frame = pd.DataFrame([(p, y) for p in "ab" for y in range(3)], columns=["region", "year"])
    assert negative_weight_share(frame, {"a": 1, "b": 2}) == pytest.approx(1 / 3)
    assert negative_weight_share(frame, {"a": 1}) == 0


def test_convergence_is_seen() -> None:
    """Places that close half their gap converge by both measures."""
    start = np.linspace(100, 200, 12)
    rows = [
        (f"{i:06d}", year, value)
        for i, x in enumerate(start)
        for year, value in (("2013", x), ("2018", 1.3 * (150 + (x - 150) / 2)))
    ]
    frame = pd.DataFrame(rows, columns=["region", "period", "x"])
    variation = sigma_convergence(frame, "x")["variation"]
    assert variation.iloc[1] < variation.iloc[0]
    assert beta_convergence(frame, "x").high < 0


@pytest.mark.parametrize(("language", "warning"), [("zh", "相关不等于因果。"), ("en", "Correlation is not causation.")])
def test_pages_with_a_slope_warn_against_reading_cause_into_it(language: str, warning: str) -> None:
    """The overview, whose panel regression and scatter are no proof of cause, says so in both languages."""
    assert warning in (notebooks() / "words" / f"national_overview.{language}.md").read_text(encoding="utf-8")
