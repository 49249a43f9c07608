"""The columns rules read: which they are, what may not be in them, and as whole numbers, an empty cell at both ends of its bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from aidlib.errors import Fault, RegisterFault
from aidlib.register.columns import COLUMNS, HOUSEHOLDS, PERSONS, Column
from aidlib.rules.execute import Array, keep_freed_memory
from aidlib.rules.unknown import AT_BEST, FAVOURABLE, UNFAVOURABLE

MARK = "status"  # what the register says of its own rows
KEYS = {"households": ("household_id", "region_code", "urban"), "persons": ("household_id", "person_id")}
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
    try:
        filled = np.where(empty, 0, cells).astype(np.float64)
    except (TypeError, ValueError):
        unread = np.array([not _is_number(cell) for cell in np.where(empty, 0, cells)])
        raise RegisterFault([fault(column, "cells that are no numbers", unread, _bounds(column))]) from None
    empty = empty | np.isnan(filled)
    whole = np.where(empty, 0, filled).astype(np.int64)
    return whole, empty, (whole != filled) & ~empty


def _is_number(cell: object) -> bool:
    try:
        float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


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


def read_columns(frame: pl.LazyFrame, table: str) -> list[str]:
    """Name the columns of a table that rules may read, in the order of the file; texts and what is not the rules' stay unread.

    Examples
    --------
    >>> read_columns(pl.LazyFrame({"household_id": [1], "urban": [True], "status": ["synthetic"]}), "households")
    ['household_id', 'urban', 'status']
    """
    wanted = {
        column.name for column in (PERSONS if table == "persons" else HOUSEHOLDS) if column.kind not in ("id", "text")
    }
    return [name for name in frame.collect_schema().names() if name in wanted or name in (*KEYS[table], MARK)]


def unsound(frame: pl.LazyFrame, table: str) -> Iterator[Fault]:
    """Find the columns that hold cells no rule may see, with how many, never the values.

    Examples
    --------
    >>> [str(fault) for fault in unsound(pl.LazyFrame({"person_id": [1], "age": [212]}), "persons")]
    ["persons.age: cells out of bounds; expected 0 to 130; got '1 rows'"]
    """
    kinds = frame.collect_schema()
    columns = [COLUMNS[name] for name in kinds.names() if name != MARK and COLUMNS[name].kind not in ("id", "text")]
    counted = [count for c in columns for count in (_empty(c), _outside(c, kinds[c.name]))]
    found = frame.select(counted).collect(engine="streaming").row(0, named=True) if counted else {}
    for column in columns:
        empty, outside = found[f"{column.name} empty"], found[f"{column.name} outside"]
        place = f"{table}.{column.name}"
        if empty and not column.better:
            yield Fault(
                "empty cells no range can stand for",
                place,
                got=f"{empty} rows",
                hint="settle them, or leave the rows out",
            )
        if outside:
            yield Fault("cells out of bounds", place, _bounds(column), f"{outside} rows")


def _empty(column: Column) -> pl.Expr:
    return pl.col(column.name).null_count().alias(f"{column.name} empty")


def _outside(column: Column, kind: pl.DataType) -> pl.Expr:
    cell, none = pl.col(column.name), pl.lit(False)
    if kind.is_float():
        cell = cell.fill_nan(None)
    outside = ~cell.is_between(column.low, column.high) if kind.is_numeric() else none
    if kind.is_float():
        outside |= cell != cell.floor()
    if kind == pl.String or isinstance(kind, (pl.Categorical, pl.Enum)):
        outside = ~cell.cast(pl.String).is_in(list(column.codes))
    return outside.sum().alias(f"{column.name} outside")
