"""What rules may not be shown: values out of bounds, unknown words, and empty cells no range can stand for."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from aidlib.errors import Fault
from aidlib.register.columns import COLUMNS, HOUSEHOLDS, PERSONS, Column

MARK = "status"  # what the register says of its own rows
KEYS = {"households": ("household_id", "region_code", "urban"), "persons": ("household_id", "person_id")}


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


def _bounds(column: Column) -> str:
    return "one of " + ", ".join(column.codes) if column.codes else f"{column.low} to {column.high}"
