"""A continuous distribution of income that has exactly the published means of the five fifths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aidlib.register.marginals import AREAS, Marginals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FIFTHS = 5
GRID = 4001
TOP = 40.0  # the last point of the grid, in means of the highest fifth


class Fifths:
    """Quantile function through five means.

    Between fifths the breaks are the geometric means of neighbours; inside a fifth income rises from break to break as a power of
    the rank, with the exponent that gives the published mean; the lowest fifth begins at zero, the highest has an exponential tail.

    Examples
    --------
    >>> fifths = Fifths(np.array([5.0, 12.0, 18.0, 25.0, 50.0]))
    >>> ranks = (np.arange(100_000) + 0.5) / 100_000
    >>> fifths.at(ranks).reshape(5, -1).mean(axis=1).round(2).tolist()
    [5.0, 12.0, 18.0, 25.0, 50.0]
    """

    def __init__(self, means: Floats) -> None:
        self.means = means
        self.breaks = np.concatenate([[0.0], np.sqrt(means[:-1] * means[1:])])
        width = np.diff(self.breaks)
        self.powers = width / (means[:-1] - self.breaks[:-1]) - 1

    def at(self, ranks: Floats) -> Floats:
        """Return the income at ranks between 0 and 1."""
        fifth = np.minimum((ranks * FIFTHS).astype(np.int64), FIFTHS - 1)
        inside = ranks * FIFTHS - fifth
        low = self.breaks[fifth]
        lower = np.minimum(fifth, FIFTHS - 2)
        body = low + (self.breaks[lower + 1] - low) * inside ** self.powers[lower]
        tail = self.breaks[-1] - (self.means[-1] - self.breaks[-1]) * np.log1p(-np.minimum(inside, 1 - 1e-12))
        return np.asarray(np.where(fifth == FIFTHS - 1, tail, body))

    def rank(self, incomes: Floats) -> Floats:
        """Return the rank of incomes, the inverse of `at`."""
        fifth = np.searchsorted(self.breaks[1:], incomes, side="right")
        lower = np.minimum(fifth, FIFTHS - 2)
        low, high = self.breaks[lower], self.breaks[lower + 1]
        inside = (np.clip((incomes - low) / (high - low), 0, 1)) ** (1 / self.powers[lower])
        tail = -np.expm1(-np.maximum(incomes - self.breaks[-1], 0) / (self.means[-1] - self.breaks[-1]))
        return np.asarray((fifth + np.where(fifth == FIFTHS - 1, tail, inside)) / FIFTHS)


class Incomes:
    """Incomes of a region's households: places differ as published, and the whole keeps the published fifths."""

    def __init__(self, found: Marginals) -> None:
        self.found = found
        self.fifths = [Fifths(found.quintiles[area]) for area in range(len(AREAS))]
        self.levels, self.grids, self.ranks = zip(*(self._mixture(area) for area in range(len(AREAS))), strict=True)

    def _mixture(self, area: int) -> tuple[float, Floats, Floats]:
        urban = self.found.urban_shares if area else 1 - self.found.urban_shares
        weights, fifths = self.found.leaf_shares * urban, self.fifths[area]
        factors, which = np.unique(self.found.income_factor[:, area], return_inverse=True)
        shares = np.bincount(which, weights, len(factors)) / max(weights.sum(), 1e-12)
        grid = np.concatenate([[0.0], np.geomspace(1e-3, TOP, GRID - 1)]) * fifths.means[-1]
        below = sum(
            (share * fifths.rank(grid / factor) for share, factor in zip(shares, factors, strict=True)), np.zeros(GRID)
        )
        return float((shares * factors).sum()), grid, below

    def draw(self, ranks: Floats, leaf: NDArray[np.int64], urban: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return yearly income per head in yuan, and its rank in the region and area, for ranks within one place."""
        income, overall = np.empty(len(ranks)), np.empty(len(ranks))
        for area in range(len(AREAS)):
            rows = urban == bool(area)
            raw = self.fifths[area].at(ranks[rows]) * self.found.income_factor[leaf[rows], area]
            overall[rows] = np.clip(np.interp(raw, self.grids[area], self.ranks[area]), 0, 1 - 1e-9)
            income[rows] = self.levels[area] * self.fifths[area].at(overall[rows])
        return income, overall
