"""Sampling error of survey estimates: linearisation, concentration and Gini, bootstrap. A full register has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aidlib.errors import AidError
from aidlib.evaluation.ranking import fractional_rank
from aidlib.evaluation.sample import Floats

Lonely = Literal["error", "certainty", "centre"]
Verdict = Literal["publish", "flag", "suppress"]
FEWEST = 30  # perf-eval-spec 4.6, a choice of this house
FLAGGED, HIGHEST = 0.2, 0.3


def reliability(value: float, error: float, n: int) -> Verdict:
    """Say whether a survey estimate may be published: not on fewer than 30 households, nor with an error above 30 % of it."""
    relative = error / abs(value) if value else float("inf")
    if n < FEWEST or relative > HIGHEST:
        return "suppress"
    return "flag" if relative > FLAGGED else "publish"


@dataclass(frozen=True)
class Design:
    """A survey design, one element a household: stratum and primary sampling unit; share of a stratum's units that was drawn.

    `fraction` is one number for all, or one by stratum; what is not named was drawn from very many.
    """

    strata: Floats
    units: Floats
    fraction: float | Mapping[float, float] = 0.0

    def drawn(self, stratum: float) -> float:
        """Share of the units of a stratum that is in the sample."""
        return self.fraction.get(stratum, 0.0) if isinstance(self.fraction, Mapping) else self.fraction


def linearised(
    top: Floats, bottom: Floats, weight: Floats, design: Design, lonely: Lonely = "error"
) -> tuple[float, float]:
    """Return a ratio of weighted sums and its standard error by Taylor linearisation.

    `u_h = w_h (x_h - R d_h)/D`, `V = sum_s (1-f) n_s/(n_s-1) sum_i (u_si - mean_s)^2`. Särndal et al. 1992.
    For a domain keep the other rows with `top = bottom = 0`; never filter first.
    """
    total = float(np.sum(weight * bottom))
    if not total:
        raise AidError("the denominator is zero", hint="there is nobody in this domain")
    ratio = float(np.sum(weight * top)) / total
    return ratio, design_error(weight * (top - ratio * bottom) / total, design, lonely)


def design_error(scores: Floats, design: Design, lonely: Lonely = "error") -> float:
    """Return the standard error of a sum of scores under the design: the spread of the units' sums within their strata."""
    names, unit = np.unique(np.stack([design.strata, design.units]), axis=1, return_inverse=True)
    sums = np.bincount(unit.ravel(), scores)
    grand, variance = float(sums.mean()), 0.0
    for stratum in np.unique(names[0]):
        inside = sums[names[0] == stratum]
        if len(inside) > 1:
            spread = len(inside) / (len(inside) - 1) * float(np.sum((inside - inside.mean()) ** 2))
        elif lonely == "error":
            raise AidError("a stratum has one sampling unit", where=str(stratum), hint='lonely="certainty" or "centre"')
        else:
            spread = float((inside[0] - grand) ** 2) if lonely == "centre" else 0.0
        variance += (1 - design.drawn(float(stratum))) * spread
    return float(np.sqrt(variance))


def concentration_scores(amount: Floats, rank_by: Floats, weight: Floats) -> tuple[float | None, Floats]:
    """Return a concentration coefficient (of an amount by itself: the Gini) and each household's part in its error; None where nothing is paid.

    `u_h = 2 w_h/(N mu) [(R_h - (C+1)/2) x_h + B_h - mu (C+1)/2]`, `B_h` the mean over all of what those above get, ties half. Kovacevic & Binder 1997.
    Differences of coefficients have the differences of their scores; for a domain keep the other rows with no weight.
    """
    total, paid = float(weight.sum()), float(np.sum(weight * amount))
    if not paid:
        return None, np.zeros(len(weight))
    rank, mean = fractional_rank(rank_by, weight), paid / total
    coefficient = float(2 * np.sum(weight * amount * rank) / paid - 1)
    _, block = np.unique(rank_by, return_inverse=True)
    sums = np.bincount(block, weight * amount)
    above = (np.cumsum(sums[::-1])[::-1] - sums / 2)[block] / total
    scores = (rank - (coefficient + 1) / 2) * amount + above - mean / 2 * (coefficient + 1)
    return coefficient, 2 * weight / paid * scores


def replicates(
    statistic: Callable[[Floats], float], weight: Floats, design: Design, *, draws: int, seed: int
) -> list[float]:
    """Return an estimate on each replicate of the rescaled bootstrap, `n_s - 1` units a stratum; their spread is its standard error. Rao & Wu 1988."""
    generator = np.random.default_rng(seed)
    return [statistic(weight * _replicate(design, generator)) for _ in range(draws)]


def _replicate(design: Design, generator: np.random.Generator) -> Floats:
    factor = np.ones(len(design.strata))
    for stratum in np.unique(design.strata):
        inside = design.strata == stratum
        names, unit = np.unique(design.units[inside], return_inverse=True)
        drawn = np.bincount(generator.integers(0, len(names), len(names) - 1), minlength=len(names))
        factor[inside] = (drawn * len(names) / max(1, len(names) - 1))[unit]
    return factor
