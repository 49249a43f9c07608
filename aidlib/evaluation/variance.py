"""Sampling error of survey estimates: linearisation, Gini, concentration, bootstrap. A full register has none."""

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
    return ratio, _design_error(weight * (top - ratio * bottom) / total, design, lonely)


def _design_error(scores: Floats, design: Design, lonely: Lonely) -> float:
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


def concentration_error(amount: Floats, rank_by: Floats) -> float:
    """Return the standard error of a concentration coefficient of an unweighted sample. Kakwani et al. 1997.

    `V = (1/n)[(1/n) sum a^2 - (1+C)^2]`, `a = (x/mu)(2R - 1 - C) + 2 - q_{t-1} - q_t`.
    """
    order = np.argsort(rank_by, kind="stable")
    x, n = amount[order], len(amount)
    rank = fractional_rank(rank_by[order], np.ones(n))
    mean = float(x.mean())
    coefficient = float(2 * np.sum(x * rank) / (n * mean) - 1)
    upto = np.cumsum(x) / (mean * n)
    a = x / mean * (2 * rank - 1 - coefficient) + 2 - np.concatenate([[0.0], upto[:-1]]) - upto
    return float(np.sqrt(max(0.0, (np.mean(a**2) - (1 + coefficient) ** 2) / n)))


def concentration_clustered(amount: Floats, rank_by: Floats, weight: Floats, clusters: Floats) -> tuple[float, float]:
    """Return a concentration coefficient of a weighted, clustered sample and its error, by the convenient regression.

    `2 var(R) x/mu = a + C R + e`, weighted, errors clustered. Kakwani et al. 1997; O'Donnell et al. 2008, ch. 8.
    """
    import statsmodels.api as sm

    share, rank = weight / weight.sum(), fractional_rank(rank_by, weight)
    spread = 2 * float(np.sum(share * (rank - np.sum(share * rank)) ** 2))
    left = spread * amount / float(np.sum(share * amount))
    groups = np.unique(clusters, return_inverse=True)[1]
    fitted = sm.WLS(left, sm.add_constant(rank), weights=weight).fit(cov_type="cluster", cov_kwds={"groups": groups})
    return float(fitted.params[1]), float(fitted.bse[1])


def gini_error(values: Floats, weight: Floats, design: Design, lonely: Lonely = "error") -> tuple[float, float]:
    """Return the Gini coefficient of a survey and its design-based standard error. Kovacevic & Binder 1997."""
    order = np.argsort(values, kind="stable")
    y, w = values[order], weight[order]
    total = float(w.sum())
    mean = float(np.sum(w * y) / total)
    rank = fractional_rank(y, w)
    coefficient = float(2 * np.sum(w * y * rank) / (total * mean) - 1)
    above = np.cumsum((w * y)[::-1])[::-1] / total
    scores = 2 / (total * mean) * ((rank - (coefficient + 1) / 2) * y + above - mean / 2 * (coefficient + 1))
    ordered = Design(design.strata[order], design.units[order], design.fraction)
    return coefficient, _design_error(w * scores, ordered, lonely)


def bootstrap(
    statistic: Callable[[Floats], float],
    weight: Floats,
    design: Design,
    *,
    draws: int = 500,
    seed: int,
    level: float = 0.95,
) -> tuple[float, float]:
    """Return a percentile interval by the rescaled bootstrap: `n_s - 1` units per stratum. Rao & Wu 1988."""
    tail = (1 - level) / 2
    low, high = np.quantile(replicates(statistic, weight, design, draws=draws, seed=seed), [tail, 1 - tail])
    return float(low), float(high)


def replicates(
    statistic: Callable[[Floats], float], weight: Floats, design: Design, *, draws: int, seed: int
) -> list[float]:
    """Return an estimate on each replicate of the rescaled bootstrap; their spread is its standard error. See `bootstrap`."""
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
