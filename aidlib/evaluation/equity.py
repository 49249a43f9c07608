"""Equity: are equals treated alike, do places treat equals alike, and what does an earned yuan leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aidlib.evaluation.ranking import quantile_groups
from aidlib.evaluation.sample import Flags, Floats, Indicator, Sample


@dataclass(frozen=True)
class Theil:
    """Theil index of local standards, and its exact split between and within the groups (prefectures, provinces)."""

    total: float
    between: float
    within: float


def theil(standards: Floats, persons: Floats, groups: Floats) -> Theil:
    """Return how unequal the standards of places are, `sum p (z/mean) ln(z/mean)`, between and within groups.

    Ravallion 2007: where poor places set lower lines, equals are treated unequally.
    """
    total = _theil(standards, persons)
    names, block = np.unique(groups, return_inverse=True)
    heads: Floats = np.bincount(block, persons).astype(float)
    means = np.bincount(block, persons * standards) / heads
    between = _theil(means, heads)
    shares = heads * means / np.sum(heads * means)
    inside = [_theil(standards[block == g], persons[block == g]) for g in range(len(names))]
    return Theil(total, between, float(np.dot(shares, inside)))


def _theil(values: Floats, persons: Floats) -> float:
    share, relative = persons / persons.sum(), values / np.average(values, weights=persons)
    return float(np.sum(share * relative * np.log(relative)))


def variation_among_equals(s: Sample, bands: int = 10) -> list[Indicator]:
    """Return, for each band of income before the benefit, the coefficient of variation of the benefit among its persons."""
    place = quantile_groups(s.before, s.persons, bands)
    return [_variation(s, place == band, band) for band in range(bands)]


def _variation(s: Sample, inside: Flags, band: int) -> Indicator:
    name, amount, persons = f"variation_band{band + 1}", s.benefit[inside], s.persons[inside]
    if not len(amount) or not (mean := float(np.average(amount, weights=persons))):
        return Indicator(name, None, 0.0, 0.0, len(amount), s.n_missing, "no_spending")
    spread = float(np.sqrt(np.average((amount - mean) ** 2, weights=persons)))
    return Indicator(name, spread / mean, spread, mean, len(amount), s.n_missing)


def coverage_spread(s: Sample, places: Floats, bands: int = 5, least: int = 30) -> list[Indicator]:
    """Return, for each band of equals, the largest difference of coverage between places: 0 means that equals are treated alike."""
    place = quantile_groups(s.before, s.persons, bands)
    return [_spread(s, places, place == band, f"coverage_spread_band{band + 1}", least) for band in range(bands)]


def _spread(s: Sample, places: Floats, inside: Flags, name: str, least: int) -> Indicator:
    shares = []
    for code in np.unique(places[inside]):
        here = inside & (places == code)
        if here.sum() >= least:
            shares.append(float(np.average(s.receives[here], weights=s.persons[here])))
    if len(shares) < 2:
        return Indicator(name, None, 0.0, 0.0, int(inside.sum()), s.n_missing, "too_few_places")
    high, low = max(shares), min(shares)
    return Indicator(name, high - low, high, low, int(inside.sum()), s.n_missing)


def marginal_tax(benefit: Callable[[int], int], incomes_fen: list[int]) -> list[tuple[int, float]]:
    """Return the marginal effective tax rate `1 - d(income + benefit)/d(income)` between neighbouring incomes."""
    kept = [(income, income + benefit(income)) for income in incomes_fen]
    return [(b, 1 - (total_b - total_a) / (b - a)) for (a, total_a), (b, total_b) in pairwise(kept)]
