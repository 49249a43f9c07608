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

from aidlib import tables
from aidlib.disclosure.corners import Pattern, protect
from aidlib.errors import DataFault
from aidlib.money import exact

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd

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
