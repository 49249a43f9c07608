"""Tables in and out: pandas, Polars (eager or lazy), PyArrow and DuckDB in, one lazy form inside."""

from __future__ import annotations

from typing import Any

import polars as pl

from aidlib.errors import Fault, RegisterFault, nearest


def lazy(table: Any) -> pl.LazyFrame:
    """Return a table of any kind as a Polars LazyFrame; a DuckDB relation is fetched (what is too large for that: `bulk`, from files).

    Raises
    ------
    RegisterFault
        Not a kind of table that is known.

    Examples
    --------
    >>> lazy(pl.DataFrame({"a": [1]})).collect().height
    1
    """
    if isinstance(table, pl.LazyFrame):
        return table
    if isinstance(table, pl.DataFrame):
        return table.lazy()
    kind = f"{type(table).__module__.split('.')[0]} {type(table).__name__}"
    if "DuckDBPyRelation" in kind:
        fetched: pl.DataFrame = table.pl()
        return fetched.lazy()
    if kind.startswith(("pandas", "pyarrow")):
        made: pl.DataFrame = pl.from_pandas(table) if kind.startswith("pandas") else pl.DataFrame(table)
        return made.lazy()
    raise RegisterFault("not a table", expected="pandas, Polars, PyArrow or a DuckDB relation", got=kind)


def back(frame: pl.LazyFrame, table: Any) -> Any:
    """Return a lazy frame in the kind of a given table: lazy stays lazy, pandas comes back as pandas.

    Examples
    --------
    >>> back(pl.LazyFrame({"a": [1]}), pl.DataFrame()).height
    1
    """
    if isinstance(table, pl.LazyFrame):
        return frame
    found = frame.collect()
    if isinstance(table, pl.DataFrame) or "DuckDBPyRelation" in type(table).__name__:
        return found
    return found.to_arrow() if type(table).__module__.startswith("pyarrow") else found.to_pandas()


def need(frame: pl.LazyFrame, columns: tuple[str, ...], where: str) -> None:
    """Refuse a table that lacks columns.

    Raises
    ------
    RegisterFault
        Every column that is missing, with the nearest one that is there.

    Examples
    --------
    >>> need(pl.LazyFrame({"person_kye": ["a"]}), ("person_key",), "deaths")
    Traceback (most recent call last):
    ...
    aidlib.errors.RegisterFault: deaths: a column is missing; expected person_key; try: person_kye
    """
    have = frame.collect_schema().names()
    if lost := [name for name in columns if name not in have]:
        raise RegisterFault(Fault("a column is missing", where, name, None, nearest(name, have)) for name in lost)
