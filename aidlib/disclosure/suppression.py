"""Small cells are not published, and no published number lets anyone work them out.

Primary suppression hides counts from 1 to the threshold less one. Complementary suppression is the hypercube method
(Repsilber 1994; Hundepool et al. 2012, Statistical Disclosure Control, ch. 4): each small cell becomes a corner of a rectangle
of hidden cells, wide enough that shifting a count around the rectangle, which keeps every published total, moves the small
cell by at least the threshold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from aidlib import tables
from aidlib.errors import DataFault
from aidlib.money import exact

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

Totals = Literal["both", "rows", "columns", "none"]
CONVENTION_COLUMNS = ("name", "value", "zh", "en", "source")
HIDDEN = "*"
TOTAL = "合计"


@lru_cache(maxsize=1)
def _conventions() -> dict[str, Fraction]:
    return {row["name"]: exact(row["value"]) for row in tables.rows("disclosure.csv", CONVENTION_COLUMNS)}


def convention(name: str) -> Fraction:
    """Return a number of the house's disclosure rules (`data/disclosure.csv`): threshold, dominance_share, ...

    Examples
    --------
    >>> convention("dominance_count")
    Fraction(2, 1)
    """
    return _conventions()[name]


@dataclass(frozen=True)
class Suppressed:
    """A table that may be published, and inside it (never to be published) what was hidden and why.

    Attributes
    ----------
    table : pandas.DataFrame
        Whole numbers (`Int64`), hidden cells missing; margins that are published stand last, labelled 合计.
    primary, complementary : pandas.DataFrame
        True where a cell was hidden because it is small, and because it would have given a small cell away.
    """

    table: pd.DataFrame
    primary: pd.DataFrame
    complementary: pd.DataFrame
    _full: pd.DataFrame = field(repr=False)

    def text(self) -> pd.DataFrame:
        """Return the table as text, thousands separated, hidden cells as `*`."""
        return self.table.astype("object").map(lambda count: f"{count:,}", na_action="ignore").fillna(HIDDEN)

    @property
    def hidden(self) -> int:
        """How many cells are not shown."""
        return int(self.table.isna().to_numpy().sum())


def suppress(
    table: pd.DataFrame, threshold: int | None = None, totals: Totals = "both", last: Suppressed | None = None
) -> Suppressed:
    """Hide small counts of a two-way table and whatever would let them be worked out.

    Parameters
    ----------
    table : pandas.DataFrame
        Whole counts, zero or more, without margins.
    threshold : int, optional
        Counts from 1 to `threshold - 1` are small. Without it the house rule of `data/disclosure.csv`.
    totals : {"both", "rows", "columns", "none"}
        Which margins are published beside the table: they are added, and count as known to the attacker.
    last : Suppressed, optional
        What was published last month, for the same rows and columns. A cell that was shown last month and has hardly moved
        protects nothing; a cell hidden last month for the sake of a small one stays hidden until the small one is a month old.

    Returns
    -------
    Suppressed

    Raises
    ------
    DataFault
        A count is negative, missing or not whole, or a small cell cannot be protected.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({"低保": [40, 55, 70], "特困": [3, 25, 31]}, index=["甲", "乙", "丙"])
    >>> suppress(counts, threshold=10).text()
          低保   特困   合计
    甲      *    *   43
    乙      *    *   80
    丙     70   31  101
    合计  165   59  224
    """
    import pandas as pd

    limit = int(threshold if threshold is not None else convention("threshold"))
    full = with_totals(table, totals)
    values = _whole(full)
    before = _before(last, full)
    pattern = protect(values, limit, totals, before)
    return Suppressed(
        full.mask(pattern.hidden).astype("Int64"),
        pd.DataFrame(pattern.primary, full.index, full.columns),
        pd.DataFrame(pattern.hidden & ~pattern.primary, full.index, full.columns),
        full,
    )


def with_totals(table: pd.DataFrame, totals: Totals) -> pd.DataFrame:
    """Add the margins that are published: row sums as a last column, column sums as a last row.

    Examples
    --------
    >>> import pandas as pd
    >>> with_totals(pd.DataFrame({"a": [1, 2]}), "columns")["a"].tolist()
    [1, 2, 3]
    """
    full = table.copy()
    if totals in ("both", "rows"):
        full[TOTAL] = full.sum(axis=1)
    if totals in ("both", "columns"):
        full.loc[TOTAL] = full.sum(axis=0)
    return full


def _whole(full: pd.DataFrame) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    values = full.to_numpy(dtype="float64")
    if not ((values >= 0) & (values % 1 == 0)).all():
        raise DataFault("a table of counts holds something else", expected="whole numbers, zero or more, none missing")
    return values.astype("int64")


def _before(last: Suppressed | None, full: pd.DataFrame) -> Pattern | None:
    if last is None:
        return None
    old, primary = (frame.reindex(index=full.index, columns=full.columns) for frame in (last._full, last.primary))
    shown = last.table.reindex(index=full.index, columns=full.columns).notna()
    values = old.fillna(-1).to_numpy(dtype="int64")
    return Pattern(values, primary.eq(True).to_numpy(), (~shown & old.notna()).to_numpy())


def suppressed_rate(numerator: int, denominator: int, threshold: int | None = None) -> Fraction | None:
    """Return a rate that may be published, or None: the denominator, or either part of it, is small.

    Examples
    --------
    >>> suppressed_rate(30, 120, 10), suppressed_rate(3, 120, 10), suppressed_rate(0, 120, 10)
    (Fraction(1, 4), None, Fraction(0, 1))
    """
    limit = int(threshold if threshold is not None else convention("threshold"))
    small = denominator < limit or any(0 < part < limit for part in (numerator, denominator - numerator))
    return None if small else Fraction(numerator, denominator)


def dominated(amounts: Iterable[int]) -> bool:
    """Tell whether a sum of money must be hidden because one or two households make up nearly all of it.

    Two tests, either enough: the two largest hold more than `dominance_share` (n-k rule), or what the others than the two
    largest hold is less than `p_ratio` of the largest (p % rule).

    Examples
    --------
    >>> dominated([100] * 20), dominated([100000, 50, 50])
    (False, True)
    """
    largest = sorted((abs(amount) for amount in amounts), reverse=True)
    whole, top = sum(largest), sum(largest[: int(convention("dominance_count"))])
    if not whole:
        return False
    return top > convention("dominance_share") * whole or whole - sum(largest[:2]) < convention("p_ratio") * largest[0]


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
