"""Ranks, quantiles, Gini, concentration and Theil: independent of row order, ties kept together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aidlib.evaluation.sample import Floats


def fractional_rank(values: Floats, persons: Floats) -> Floats:
    """Return each household's rank in [0, 1]; tied households share the middle of their block.

    `R_h = sum_{y_j < y_h} p_j + 1/2 sum_{y_j = y_h} p_j`, so that `sum p R = 1/2` exactly.
    """
    _, block = np.unique(values, return_inverse=True)
    share = np.bincount(block, persons) / persons.sum()
    below = np.concatenate([[0.0], np.cumsum(share)[:-1]])
    ranks: Floats = (below + share / 2)[block]
    return ranks


def quantile_groups(values: Floats, persons: Floats, groups: int) -> NDArray[np.int64]:
    """Return the quantile group of persons, 0 the poorest; a block of ties stays in one group (by its middle rank).

    Examples
    --------
    >>> import numpy as np
    >>> quantile_groups(np.array([1.0, 2, 3, 4]), np.ones(4), 2).tolist()
    [0, 0, 1, 1]
    """
    return np.minimum((fractional_rank(values, persons) * groups).astype(np.int64), groups - 1)


def part_below(values: Floats, persons: Floats, share: float) -> Floats:
    """Return the part of each household that lies among the poorest `share` of persons; a block of ties is split evenly.

    Examples
    --------
    >>> part_below(np.array([1.0, 2, 2, 3]), np.ones(4), 0.5).tolist()
    [1.0, 0.5, 0.5, 0.0]
    """
    return np.asarray(_parts_below(values, persons, np.array([share]))[0])


def _parts_below(values: Floats, persons: Floats, shares: Floats) -> Floats:
    _, block = np.unique(values, return_inverse=True)
    width = np.bincount(block, persons) / persons.sum()
    start = np.concatenate([[0.0], np.cumsum(width)[:-1]])
    return np.asarray(np.clip((shares[:, None] - start) / width, 0, 1)[:, block])


def quantile_parts(values: Floats, persons: Floats, groups: int, *, split_ties: bool = False) -> Floats:
    """Return the part of each household in each quantile group, the poorest first; whole households unless ties are split."""
    if not split_ties:
        return np.asarray(quantile_groups(values, persons, groups) == np.arange(groups)[:, None], float)
    return np.asarray(np.diff(_parts_below(values, persons, np.arange(groups + 1) / groups), axis=0))


def concentration(amount: Floats, rank_by: Floats, persons: Floats) -> float | None:
    """Return the concentration coefficient `2 sum p (x/mu) R - 1`; None when the amounts sum to zero.

    -1..1, negative means that the poor have more than their share. Kakwani 1977; Kakwani, Wagstaff & van Doorslaer 1997.

    Examples
    --------
    >>> import numpy as np
    >>> concentration(np.ones(4), np.arange(4.0), np.ones(4))
    0.0
    """
    total = float(np.sum(persons * amount))
    if not total:
        return None
    return float(2 * np.sum(persons * amount * fractional_rank(rank_by, persons)) / total - 1)


def gini(values: Floats, persons: Floats) -> float | None:
    """Return the Gini coefficient of a population (without the factor n/(n-1)); None when all values are zero."""
    return concentration(values, values, persons)


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
