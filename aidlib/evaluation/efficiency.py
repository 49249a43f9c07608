"""How much each place makes of what it spends: data envelopment, with a bootstrap interval. A secondary view, never the score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aidlib.errors import AidError
from aidlib.evaluation.sample import Floats


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
