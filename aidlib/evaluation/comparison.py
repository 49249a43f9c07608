"""Places beside each other: entropy weights, TOPSIS and how firm a rank is; data envelopment with a bootstrap interval. Secondary views, never the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aidlib.errors import AidError
from aidlib.evaluation.sample import Floats

WEIGHT_SHAKE = 0.1  # spec 5.4: rank stability is reported under weights moved by ten percent


@dataclass(frozen=True)
class Weights:
    """Entropy weights of the columns, and the columns that are the same everywhere and so weigh nothing."""

    weights: Floats
    constant: tuple[int, ...]


def entropy_weights(values: Floats, good_is_high: tuple[bool, ...]) -> Weights:
    """Return entropy weights after min-max scaling by direction.

    `P = Z/sum Z`, `e = -(1/ln n) sum P ln P`, `w = (1-e)/sum(1-e)`, `0 ln 0 = 0`. The scaling decides the answer, so it is
    fixed; the weights belong to this set of places and no other, so scores of two years must be computed together.
    """
    scaled = _min_max(values, good_is_high)
    constant = tuple(int(j) for j in np.flatnonzero(np.ptp(values, axis=0) == 0))
    total = scaled.sum(axis=0)
    share = scaled / np.where(total == 0, 1, total)
    logs = np.where(share > 0, share * np.log(np.where(share > 0, share, 1)), 0)
    spread = 1 + logs.sum(axis=0) / np.log(len(values))
    spread[list(constant)] = 0
    if not spread.sum():
        raise AidError("every column is the same everywhere", hint="choose indicators that differ between places")
    return Weights(spread / spread.sum(), constant)


def _min_max(values: Floats, good_is_high: tuple[bool, ...]) -> Floats:
    low, width = values.min(axis=0), np.ptp(values, axis=0)
    scaled = (values - low) / np.where(width == 0, 1, width)
    directed: Floats = np.where(good_is_high, scaled, 1 - scaled)
    return directed


def topsis(values: Floats, weights: Floats, good_is_high: tuple[bool, ...]) -> Floats:
    """Return closeness to the best place, 0..1. Hwang & Yoon 1981, vector norm."""
    norm = np.linalg.norm(values, axis=0)
    weighted = values / np.where(norm == 0, 1, norm) * weights
    best = np.where(good_is_high, weighted.max(axis=0), weighted.min(axis=0))
    worst = np.where(good_is_high, weighted.min(axis=0), weighted.max(axis=0))
    to_best, to_worst = (np.linalg.norm(weighted - ideal, axis=1) for ideal in (best, worst))
    if not (to_best + to_worst).all():
        raise AidError(
            "every place is the same on every indicator", hint="choose indicators that differ between places"
        )
    closeness: Floats = to_worst / (to_best + to_worst)
    return closeness


def rank_bounds(
    values: Sequence[float], errors: Sequence[float], best: Literal["high", "low"] = "high"
) -> list[tuple[int, int]]:
    """Return the best and the worst rank each place can have when every value may be off by its error either way."""
    centre, error = np.asarray(values, float), np.asarray(errors, float)
    centre = centre if best == "high" else -centre
    low, high = centre - error, centre + error
    others = ~np.eye(len(centre), dtype=bool)
    surely_above = (low[None, :] > high[:, None]) & others
    maybe_above = (high[None, :] > low[:, None]) & others
    return [(int(1 + a), int(1 + b)) for a, b in zip(surely_above.sum(axis=1), maybe_above.sum(axis=1), strict=True)]


def rank_range(values: Floats, weights: Floats, good_is_high: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Return the best and the worst TOPSIS rank of each place when each weight in turn moves by ten percent up or down."""
    ranks = [_ranks(topsis(values, weights, good_is_high))]
    for column in range(len(weights)):
        for factor in (1 - WEIGHT_SHAKE, 1 + WEIGHT_SHAKE):
            moved = np.where(np.arange(len(weights)) == column, weights * factor, weights)
            ranks.append(_ranks(topsis(values, moved / moved.sum(), good_is_high)))
    return [(int(column.min()), int(column.max())) for column in np.array(ranks).T]


def _ranks(scores: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    return np.argsort(np.argsort(-scores, kind="stable"), kind="stable") + 1


def dea(inputs: Floats, outputs: Floats, *, variable_returns: bool = False) -> Floats:
    """Return input-oriented efficiency of each unit, 0..1, 1 on the frontier.

    `min theta s.t. X l <= theta x0, Y l >= y0, l >= 0` (Charnes, Cooper & Rhodes 1978); with `variable_returns` also
    `sum l = 1` (Banker, Charnes & Cooper 1984).

    Raises
    ------
    AidError
        Too few units for so many inputs and outputs: at least max(m k, 3 (m + k)), or a negative or missing figure.
    """
    (n, m), k = inputs.shape, outputs.shape[1]
    if n < (needed := max(m * k, 3 * (m + k))):
        raise AidError("too few places for so many inputs and outputs", expected=f"at least {needed}", got=str(n))
    if not (np.isfinite(inputs).all() and np.isfinite(outputs).all() and (inputs > 0).all() and (outputs >= 0).all()):
        raise AidError("a figure is missing, an input is not above zero, or an output is negative")
    return np.array(
        [_efficiency(x, y, inputs, outputs, variable_returns) for x, y in zip(inputs, outputs, strict=True)]
    )


def _efficiency(x: Floats, y: Floats, inputs: Floats, outputs: Floats, variable_returns: bool) -> float:
    """Measure one unit against a frontier of units."""
    from scipy.optimize import linprog

    n = len(inputs)
    above = np.hstack([-x[:, None], inputs.T])
    below = np.hstack([np.zeros((len(y), 1)), -outputs.T])
    limits = np.concatenate([np.zeros(len(x)), -y])
    sums = ([[0.0, *np.ones(n)]], [1.0]) if variable_returns else (None, None)
    goal = [1.0, *np.zeros(n)]
    solved = linprog(goal, np.vstack([above, below]), limits, sums[0], sums[1], bounds=(0, None), method="highs")
    if not solved.success:
        raise AidError("the linear programme has no solution", got=str(solved.message))
    return float(solved.fun)


@dataclass(frozen=True)
class Interval:
    """Efficiency of one unit with the bias of the estimate taken off and a percentile interval."""

    estimate: float
    corrected: float
    low: float
    high: float


def dea_intervals(
    inputs: Floats, outputs: Floats, *, variable_returns: bool = False, draws: int = 200, seed: int, level: float = 0.95
) -> list[Interval]:
    """Return each unit's efficiency with an interval, by the smoothed bootstrap of Simar & Wilson 1998.

    Efficiencies are redrawn from their own density, reflected at 1; each unit is measured against the frontier of the redrawn
    units. A measured frontier lies inside the true one, so that estimates are too high: the interval lies below them.
    """
    found = dea(inputs, outputs, variable_returns=variable_returns)
    generator = np.random.default_rng(seed)
    drawn = np.array([_replicate(inputs, outputs, found, variable_returns, generator) for _ in range(draws)])
    excess = drawn - found
    low, high = np.quantile(excess, [(1 - level) / 2, (1 + level) / 2], axis=0)
    bias = excess.mean(axis=0)
    return [Interval(*map(float, row)) for row in zip(found, found - bias, found - high, found - low, strict=True)]


def _replicate(inputs: Floats, outputs: Floats, found: Floats, returns: bool, generator: np.random.Generator) -> Floats:
    moved = inputs * (found / _smoothed(found, generator))[:, None]
    return np.array([_efficiency(x, y, moved, outputs, returns) for x, y in zip(inputs, outputs, strict=True)])


def _smoothed(found: Floats, generator: np.random.Generator) -> Floats:
    """Draw efficiencies from a kernel density reflected at 1 (Silverman's width), kept to the spread of the found ones."""
    mirrored = np.concatenate([found, 2 - found])
    width = 1.06 * float(mirrored.std(ddof=1)) * len(mirrored) ** -0.2
    drawn = generator.choice(found, len(found))
    moved = drawn + width * generator.normal(size=len(found))
    moved = np.where(moved <= 1, moved, 2 - moved)
    spread = float(found.var()) or 1.0
    kept: Floats = drawn.mean() + (moved - drawn.mean()) / np.sqrt(1 + width**2 / spread)
    return np.clip(kept, np.finfo(float).eps, 1)
