"""The hypercube method on a table with its margins: which cells to hide so that no small one can be worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aidlib.errors import DataFault

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

FAR = np.int64(1) << 60
MOST_ROWS = 200  # rows of a tall table looked at first: those whose cell in the column is cheapest to hide


@dataclass(frozen=True)
class Pattern:
    """Counts with their margins, the small ones among them, and all that are hidden."""

    values: Counts
    primary: Mask
    hidden: Mask


def protect(values: Counts, limit: int, totals: str, before: Pattern | None = None) -> Pattern:
    """Choose the cells to hide.

    Parameters
    ----------
    values : array of int64, shape (rows, columns)
        Counts with the margins that are published.
    limit : int
        Counts from 1 to `limit - 1` are small.
    totals : str
        Which margins `values` carries: both, rows, columns or none.
    before : Pattern, optional
        Last month's, in the same shape; -1 where a cell was not there.

    Examples
    --------
    >>> protect(np.array([[3, 40, 43], [60, 70, 130], [63, 110, 173]]), 10, "both").hidden.sum()
    np.int64(4)
    """
    small = (values > 0) & (values < limit)
    kept, known = _from_last_month(values, limit, before)
    search = _Search(values, small | kept, known, limit, totals)
    for row, column in _by_size(small | kept, values) if totals != "none" else ():
        search.protect(row, column)
    return Pattern(values, small, search.hidden)


def _by_size(cells: Mask, values: Counts) -> list[tuple[int, int]]:
    found = [(int(row), int(column)) for row, column in np.argwhere(cells)]
    return sorted(found, key=lambda place: (values[place], place))


def _from_last_month(values: Counts, limit: int, before: Pattern | None) -> tuple[Mask, Mask]:
    """Return the cells that must stay hidden, and those the attacker knows from last month well enough."""
    none = np.zeros(values.shape, dtype=bool)
    if before is None:
        return none, none
    still: Mask = np.asarray((before.values >= 0) & (np.abs(values - before.values) < limit))
    reasons = before.primary
    beside: Mask = np.any(reasons, axis=1, keepdims=True) | np.any(reasons, axis=0, keepdims=True)
    guarded = before.hidden & ~reasons & beside
    return guarded & still, still & ~before.hidden


class _Search:
    """Looks for the cheapest corners; a cell hidden already costs nothing, one the attacker knows is no use."""

    def __init__(self, values: Counts, hidden: Mask, known: Mask, limit: int, totals: str) -> None:
        self.hidden, self.limit, self.totals = hidden.copy(), limit, totals
        self.price = np.where(known, FAR, np.where(hidden, 0, values + 1))
        margin = np.zeros(values.shape, dtype=bool)
        margin[:, -1] ^= totals in ("both", "rows")
        margin[-1, :] ^= totals in ("both", "columns")
        # a margin counts with the opposite sign, so that every line sums to zero: it rises where a cell would fall
        self.fall, self.rise = np.where(margin, FAR, values), np.where(margin, values, FAR)

    def protect(self, row: int, column: int) -> None:
        """Hide what makes a small cell at least `limit` values wide to whoever reads the rest."""
        everywhere = np.arange(self.price.shape[0])
        near = everywhere
        if len(everywhere) > MOST_ROWS and self.totals != "rows":
            near = np.unique(np.append(np.argsort(self.price[:, column], kind="stable")[:MOST_ROWS], everywhere[-1]))
        if not any(self._hide(row, column, rows) for rows in (near, everywhere)):
            place = f"row {row + 1}, column {column + 1} of the table"
            hint = "merge categories, or publish fewer margins"
            raise DataFault("a small cell cannot be protected", where=place, hint=hint)

    def _hide(self, row: int, column: int, rows: NDArray[np.intp]) -> bool:
        across, down = slice(row, row + 1), slice(column, column + 1)
        if self.totals == "rows":
            up, low, cost = self.fall[across], self.rise[across], self.price[across].copy()
        elif self.totals == "columns":
            up, low, cost = self.fall[rows, down], self.rise[rows, down], self.price[rows, down].copy()
        else:
            up = np.minimum(np.minimum(self.fall[across], self.fall[rows, down]), self.rise[rows])
            low = np.minimum(np.minimum(self.rise[across], self.rise[rows, down]), self.fall[rows])
            cost = self.price[rows] + self.price[across] + self.price[rows, down]
        width = np.minimum(up, self.rise[row, column]) + np.minimum(low, self.fall[row, column])
        cost[width < self.limit] = FAR
        self._bar(cost, rows, row, column)
        best = divmod(int(cost.argmin()), cost.shape[1])
        if cost[best] >= FAR:
            return False
        other_row = row if self.totals == "rows" else int(rows[best[0]])
        corners = np.ix_(sorted({row, other_row}), sorted({column, column if self.totals == "columns" else best[1]}))
        self.hidden[corners], self.price[corners] = True, np.where(self.price[corners] >= FAR, FAR, 0)
        return True

    def _bar(self, cost: Counts, rows: NDArray[np.intp], row: int, column: int) -> None:
        """A corner stands in another row and another column than the cell it protects."""
        if self.totals != "columns":
            cost[:, column] = FAR
        if self.totals != "rows":
            cost[rows == row] = FAR
