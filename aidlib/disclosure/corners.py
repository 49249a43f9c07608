"""The hypercube method on a table with its margins: which cells to hide so that no small one can be worked out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from aidlib.errors import DataFault

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

FAR = np.int64(1) << 60


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
    """
    small = (values > 0) & (values < limit)
    kept, known = _from_last_month(values, limit, before)
    pattern = Pattern(values, small, small | kept)
    for row, column in _by_size(small | kept, values) if totals != "none" else ():
        pattern = replace(pattern, hidden=_choose(pattern, known, limit, totals, row, column))
    return pattern


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


def _price(pattern: Pattern, free: Mask) -> Counts:
    """Return what hiding a cell costs: nothing where it is hidden already, else its count; far too much where it is no use."""
    return np.where(free, np.where(pattern.hidden, 0, pattern.values + 1), FAR)


def _rooms(values: Counts, totals: str) -> tuple[Counts, Counts]:
    """Return how far each cell could fall and rise, a margin counted with the opposite sign, so that every line sums to zero."""
    margin = np.zeros(values.shape, dtype=bool)
    margin[:, -1] ^= totals in ("both", "rows")
    margin[-1, :] ^= totals in ("both", "columns")
    return np.where(margin, FAR, values), np.where(margin, values, FAR)


def _choose(pattern: Pattern, known: Mask, limit: int, totals: str, row: int, column: int) -> Mask:
    fall, rise = _rooms(pattern.values, totals)
    price = _price(pattern, ~known)
    lines = [slice(row, row + 1), slice(column, column + 1)]
    if totals == "rows":
        up, down, cost = fall[lines[0]], rise[lines[0]], price[lines[0]]
    elif totals == "columns":
        up, down, cost = fall[:, lines[1]], rise[:, lines[1]], price[:, lines[1]]
    else:
        up, down, cost = _rectangle(fall, rise, price, lines)
    width = np.minimum(up, rise[row, column]) + np.minimum(down, fall[row, column])
    usable = (width >= limit) & (cost < FAR)
    if totals != "columns":
        usable[:, column] = False
    if totals != "rows":
        usable[row, :] = False
    return _hide(pattern, np.where(usable, cost, FAR), totals, (row, column))


def _rectangle(fall: Counts, rise: Counts, price: Counts, lines: list[slice]) -> tuple[Counts, Counts, Counts]:
    row, column = lines
    up = np.minimum(np.minimum(fall[row], fall[:, column]), rise)
    down = np.minimum(np.minimum(rise[row], rise[:, column]), fall)
    return up, down, price + price[row] + price[:, column]


def _hide(pattern: Pattern, cost: Counts, totals: str, target: tuple[int, int]) -> Mask:
    best = divmod(int(cost.argmin()), cost.shape[1])
    if cost[best] >= FAR:
        place = f"row {target[0] + 1}, column {target[1] + 1} of the table"
        raise DataFault(
            "a small cell cannot be protected", where=place, hint="merge categories, or publish fewer margins"
        )
    rows = {target[0], best[0] if totals != "rows" else target[0]}
    columns = {target[1], best[1] if totals != "columns" else target[1]}
    hidden = pattern.hidden.copy()
    hidden[np.ix_(sorted(rows), sorted(columns))] = True
    return hidden
