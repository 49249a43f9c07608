"""Comparing places: frontier, weights, ranks, convergence and panel regression against known answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aidlib.errors import AidError
from aidlib.evaluation.efficiency import dea, entropy_weights, rank_range, topsis
from aidlib.evaluation.panel import NOT_CAUSAL, beta_convergence, panel_regression, sigma_convergence

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


def test_the_sentence_is_there() -> None:
    """The warning against reading cause into correlation exists in both languages."""
    assert NOT_CAUSAL["zh"] == "相关不等于因果。"
    assert NOT_CAUSAL["en"]
