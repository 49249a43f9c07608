"""Rows of a span of households from Parquet: where files are in the order of households, each stretch of them is decoded once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

KEY = "household_id"
ROWS = 1_000_000  # smaller row groups are decoded together
MOST = 2_000_000  # rows of a group too large to keep
KEPT = 2  # stretches kept: one part ends, and the next begins, in the middle of one


@dataclass(frozen=True)
class Stretch:
    """Neighbouring row groups of one file, with the least and the greatest household number in them; None where it is not told."""

    path: Path
    first: int
    rows: int
    low: Any
    high: Any


class RowRanges:
    """Parquet files, read from one household number to another; by several threads at once too.

    Parameters
    ----------
    paths : tuple of Path
        The files.
    columns : tuple of str
        What is read, `household_id` among them.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pl.DataFrame({"household_id": [1, 1, 2, 3]}).write_parquet(path := Path(folder, "a.parquet"))
    ...     RowRanges((path,), ("household_id",)).between(1, 2)["household_id"].to_list()
    [1, 1, 2]
    """

    def __init__(self, paths: tuple[Path, ...], columns: tuple[str, ...]) -> None:
        self.paths, self.columns = paths, columns
        self._kept: dict[int, Future[pl.DataFrame]] = {}
        self._lock = Lock()

    def __reduce__(self) -> Any:
        return RowRanges, (self.paths, self.columns)

    def between(self, low: Any, high: Any) -> pl.DataFrame:
        """Read the rows of households from one number to another, both included."""
        if low is None or not self._in_order:
            rows = pl.scan_parquet(list(self.paths)).select(self.columns)
            return rows.filter(_inside(low, high)).collect(engine="streaming")
        numbers = range(bisect_left(self._highs, low), bisect_right(self._lows, high))
        found = [self._cut(number, low, high) for number in numbers]
        return pl.concat(found) if found else self._scan(0).head(0).collect()

    @cached_property
    def _stretches(self) -> list[Stretch]:
        return [stretch for path in self.paths for stretch in _stretches(path)]

    @cached_property
    def _in_order(self) -> bool:
        told = all(one.low is not None and one.rows <= MOST for one in self._stretches)
        return (
            bool(self._stretches)
            and told
            and all(before.high <= after.low for before, after in pairwise(self._stretches))
        )

    @cached_property
    def _lows(self) -> list[Any]:
        return [one.low for one in self._stretches]

    @cached_property
    def _highs(self) -> list[Any]:
        return [one.high for one in self._stretches]

    def _cut(self, number: int, low: Any, high: Any) -> pl.DataFrame:
        """Return a stretch's rows inside the limits, without copying where they are in order."""
        frame = self._frame(number)
        if low <= self._lows[number] and self._highs[number] <= high:
            return frame
        key = frame[KEY]
        if not key.is_sorted():
            return frame.filter(_inside(low, high))
        return frame[key.search_sorted(low, "left") : key.search_sorted(high, "right")]

    def _frame(self, number: int) -> pl.DataFrame:
        """Return a stretch; whoever asks first decodes it, others wait."""
        with self._lock:
            first = number not in self._kept
            found = self._kept.setdefault(number, Future())
            for old in list(self._kept)[:-KEPT]:
                del self._kept[old]
        if first:
            try:
                found.set_result(self._scan(number).collect())
            except BaseException as error:
                found.set_exception(error)
        return found.result()

    def _scan(self, number: int) -> pl.LazyFrame:
        one = self._stretches[number]
        return pl.scan_parquet(one.path).select(self.columns).slice(one.first, one.rows)


def _inside(low: Any, high: Any) -> pl.Expr:
    return pl.col(KEY).is_between(pl.lit(low), pl.lit(high))


def _stretches(path: Path) -> Iterator[Stretch]:
    """Put neighbouring row groups together until they are worth a call."""
    from pyarrow.parquet import read_metadata

    told = read_metadata(path)
    key = told.schema.names.index(KEY)
    first = rows = 0
    limits: list[Any] = []
    for number in range(told.num_row_groups):
        group = told.row_group(number)
        rows += group.num_rows
        limits += _limits(group.column(key).statistics)
        if rows >= ROWS or number == told.num_row_groups - 1:
            low, high = (None, None) if None in limits else (min(limits), max(limits))
            yield Stretch(path, first, rows, low, high)
            first, rows, limits = first + rows, 0, []


def _limits(told: Any) -> Iterable[Any]:
    known = told is not None and told.has_min_max and told.has_null_count and told.null_count == 0
    return (told.min, told.max) if known else (None, None)
