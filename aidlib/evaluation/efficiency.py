"""Comparing places: data envelopment, entropy weights and TOPSIS. Secondary views, never the official score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aidlib.errors import AidError
from aidlib.evaluation.sample import Floats

WEIGHT_SHAKE = 0.1  # spec 5.4: rank stability is reported under weights moved by ten percent


def dea(inputs: Floats, outputs: Floats, *, variable_returns: bool = False) -> Floats:
    """Return input-oriented efficiency of each unit, 0..1, 1 on the frontier.

    `min theta s.t. X l <= theta x0, Y l >= y0, l >= 0` (Charnes, Cooper & Rhodes 1978); with `variable_returns` also
    `sum l = 1` (Banker, Charnes & Cooper 1984).

    Parameters
    ----------
    inputs, outputs : ndarray of shape (units, m) and (units, k)
        Rates and per-person amounts, never raw counts.

    Raises
    ------
    AidError
        Too few units for so many inputs and outputs: at least max(m k, 3 (m + k)), or a negative or missing figure.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = np.array([[2.0], [3], [3], [4], [5], [5], [6], [8]]), np.array([[1.0], [3], [2], [3], [4], [2], [3], [5]])
    >>> dea(x, y).round(4).tolist()
    [0.5, 1.0, 0.6667, 0.75, 0.8, 0.4, 0.5, 0.625]
    """
    (n, m), k = inputs.shape, outputs.shape[1]
    if n < (needed := max(m * k, 3 * (m + k))):
        raise AidError("too few places for so many inputs and outputs", expected=f"at least {needed}", got=str(n))
    if not (np.isfinite(inputs).all() and np.isfinite(outputs).all() and (inputs > 0).all() and (outputs >= 0).all()):
        raise AidError("a figure is missing, an input is not above zero, or an output is negative")
    return np.array([_efficiency(inputs, outputs, unit, variable_returns) for unit in range(n)])


def _efficiency(inputs: Floats, outputs: Floats, unit: int, variable_returns: bool) -> float:
    from scipy.optimize import linprog

    n = len(inputs)
    above = np.hstack([-inputs[[unit]].T, inputs.T])
    below = np.hstack([np.zeros((outputs.shape[1], 1)), -outputs.T])
    limits = np.concatenate([np.zeros(inputs.shape[1]), -outputs[unit]])
    sums = ([[0.0, *np.ones(n)]], [1.0]) if variable_returns else (None, None)
    goal = [1.0, *np.zeros(n)]
    solved = linprog(goal, np.vstack([above, below]), limits, sums[0], sums[1], bounds=(0, None), method="highs")
    if not solved.success:
        raise AidError("the linear programme has no solution", got=str(solved.message))
    return float(solved.fun)


@dataclass(frozen=True)
class Weights:
    """Entropy weights of the columns, and the columns that are the same everywhere and so weigh nothing."""

    weights: Floats
    constant: tuple[int, ...]


def entropy_weights(values: Floats, good_is_high: tuple[bool, ...]) -> Weights:
    """Return entropy weights after min-max scaling by direction.

    `P = Z/sum Z`, `e = -(1/ln n) sum P ln P`, `w = (1-e)/sum(1-e)`, `0 ln 0 = 0`. The scaling decides the answer, so it is
    fixed; the weights belong to this set of places and no other, so scores of two years must be computed together.

    Examples
    --------
    >>> import numpy as np
    >>> entropy_weights(np.array([[1.0, 5], [2, 5], [4, 5]]), (True, True)).constant
    (1,)
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
    """Return closeness to the best place, 0..1. Hwang & Yoon 1981, vector norm.

    Examples
    --------
    >>> import numpy as np
    >>> topsis(np.array([[1.0], [2], [3]]), np.array([1.0]), (True,)).round(2).tolist()
    [0.0, 0.5, 1.0]
    """
    weighted = values / np.linalg.norm(values, axis=0) * weights
    best = np.where(good_is_high, weighted.max(axis=0), weighted.min(axis=0))
    worst = np.where(good_is_high, weighted.min(axis=0), weighted.max(axis=0))
    to_best, to_worst = (np.linalg.norm(weighted - ideal, axis=1) for ideal in (best, worst))
    closeness: Floats = to_worst / (to_best + to_worst)
    return closeness


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
