"""A table's columns as the whole numbers rules read, an empty cell at both ends of its bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from aidlib.errors import Fault, RegisterFault
from aidlib.register.columns import COLUMNS, Column
from aidlib.rules.execute import Array, keep_freed_memory
from aidlib.rules.unknown import AT_BEST, FAVOURABLE, UNFAVOURABLE

Values = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """One table's columns at the unfavourable end; at the favourable end those that have empty cells."""

    worst: Values
    best: Values

    def rows(self, order: Array) -> Side:
        """Put the rows in another order."""
        return Side(*({name: cells[order] for name, cells in end.items()} for end in (self.worst, self.best)))

    def both(self, rows: slice) -> Values:
        """Return some rows by name; where a favourable end differs there, also as `<name>_at_best`."""
        found = {name: _wide(cells[rows]) for name, cells in self.worst.items()}
        for name, cells in self.best.items():
            if (cells[rows] != found[name]).any():
                found[name + AT_BEST] = _wide(cells[rows])
        return found


def _wide(cells: Array) -> Array:
    """Give small whole numbers room for sums and products."""
    return cells.astype(np.int64, copy=False) if cells.dtype.kind == "i" else cells


def numbers(frame: nw.DataFrame[Any], names: Iterable[str]) -> Side:
    """Turn the columns rules read into int64 and bool arrays, empty cells at both ends of their bounds.

    Examples
    --------
    >>> import polars as pl
    >>> side = numbers(nw.from_native(pl.DataFrame({"income_fen": [100, None]})), ["income_fen"])
    >>> side.worst["income_fen"].tolist(), side.best["income_fen"].tolist()
    ([100, 1000000000], [100, 0])
    """
    worst: Values = {}
    best: Values = {}
    faults: list[Fault] = []
    for name in names:
        column = COLUMNS[name]
        cells, empty, wrong = _cells(frame[name], column)
        if empty is not None and not empty.any():
            empty = None
        if empty is not None and not column.better:
            faults.append(
                fault(column, "empty cells no range can stand for", empty, "settle them, or leave the rows out")
            )
        if len(cells) and (cells.min() < column.low or cells.max() > column.high):
            outside = (cells < column.low) | (cells > column.high)
            wrong = (outside if empty is None else outside & ~empty) | (False if wrong is None else wrong)
        if wrong is not None and wrong.any():
            faults.append(fault(column, "cells out of bounds", wrong, _bounds(column)))
        worst[name] = _filled(cells, empty, column, UNFAVOURABLE)
        if empty is not None:
            best[name] = _filled(cells, empty, column, FAVOURABLE)
    if faults:
        raise RegisterFault(faults)
    return Side(worst, best)


def _cells(series: nw.Series[Any], column: Column) -> tuple[Array, Array | None, Array | None]:
    """Return a column's cells as whole numbers, which are empty and which cannot be read; None where none is."""
    if column.kind == "code" and not series.dtype.is_numeric():
        return _words(series.cast(nw.String), column)
    native = series.to_native()
    full = isinstance(native, pl.Series) and not native.has_nulls()
    cells = array(native) if full else series.to_numpy()
    if cells.dtype.kind in "bi":
        return cells, None, None
    empty = series.is_null().to_numpy().astype(bool)
    if cells.dtype.kind not in "Of":
        return cells.astype(np.int64), empty, None
    filled = np.where(empty, 0, cells).astype(np.float64)
    empty = empty | np.isnan(filled)
    whole = np.where(empty, 0, filled).astype(np.int64)
    return whole, empty, (whole != filled) & ~empty


def array(column: pl.Series) -> Array:
    """Return a column without empty cells as an array, its flags unpacked eight at a time.

    Examples
    --------
    >>> array(pl.Series([True, False, True]))
    array([ True, False,  True])
    """
    keep_freed_memory()
    pieces = [_unpacked(piece) for piece in column.get_chunks()]
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def _unpacked(piece: pl.Series) -> Array:
    if piece.dtype != pl.Boolean:
        return piece.to_numpy()
    bits = piece.to_arrow()
    packed, end = np.frombuffer(bits.buffers()[1], np.uint8), bits.offset + len(bits)
    return np.unpackbits(packed, count=end, bitorder="little")[bits.offset :].view(bool)


def _words(series: nw.Series[Any], column: Column) -> tuple[Array, Array, Array]:
    words, which = np.unique(series.fill_null("").to_numpy().astype(str), return_inverse=True)
    found = np.array([column.codes.index(word) if word in column.codes else -1 for word in words], np.int64)
    blank = words == ""
    return found[which], blank[which], (found < 0)[which] & ~blank[which]


def _filled(cells: Array, empty: Array | None, column: Column, side: int) -> Array:
    if empty is not None:
        cells = np.where(empty, column.high if side * column.better > 0 else column.low, cells)
    return cells.astype(bool, copy=False) if column.kind == "flag" else cells


def _bounds(column: Column) -> str:
    return "one of " + ", ".join(column.codes) if column.codes else f"{column.low} to {column.high}"


def fault(column: Column, what: str, rows: Array, hint: str) -> Fault:
    """Tell what is wrong with some rows of a column: how many and the first, never the values.

    Examples
    --------
    >>> print(fault(COLUMNS["age"], "cells out of bounds", np.array([False, True]), "").got)
    1 rows, first 2
    """
    first = ", ".join(str(row + 1) for row in np.flatnonzero(rows)[:3])
    return Fault(what, f"{column.table}.{column.name}", got=f"{int(rows.sum())} rows, first {first}", hint=hint)
