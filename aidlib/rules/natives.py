"""Columns of results in the kind of each table: amounts that may be empty, words of a short list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np

from aidlib.law import STATUSES
from aidlib.rules.execute import Array


@dataclass(frozen=True)
class Natives:
    """How a kind of table makes a column of whole numbers, empty where a mask says so, and one of words by their number."""

    amounts: Callable[[Array, Array], Any]
    words: Callable[[Array, Sequence[str]], Any]


def columns_of(kind: nw.Implementation) -> Natives:
    """Return how columns are made for Polars, PyArrow or pandas-like tables.

    Examples
    --------
    >>> columns_of(nw.Implementation.POLARS).amounts(np.array([1, 2]), np.array([False, True])).to_list()
    [1, None]
    """
    if kind.is_polars():
        return Natives(_polars_amounts, _polars_words)
    return Natives(_arrow_amounts, _arrow_words) if kind.is_pyarrow() else Natives(_pandas_amounts, _pandas_words)


def _polars_amounts(values: Array, empty: Array) -> Any:
    import polars as pl

    column = pl.Series(values)
    return column.set(pl.Series(empty), None) if empty.any() else column


def _polars_words(codes: Array, words: Sequence[str]) -> Any:
    import polars as pl

    return pl.Series(list(words), dtype=pl.Enum(words)).gather(codes)


def _arrow_amounts(values: Array, empty: Array) -> Any:
    import pyarrow as pa

    return pa.array(values, mask=empty)


def _arrow_words(codes: Array, words: Sequence[str]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(codes, list(words))


def _pandas_amounts(values: Array, empty: Array) -> Any:
    import pandas as pd

    return pd.arrays.IntegerArray(values.copy(), empty.copy()) if empty.any() else values


def _pandas_words(codes: Array, words: Sequence[str]) -> Any:
    import pandas as pd

    return pd.Categorical.from_codes(codes, categories=pd.Index(list(words)), ordered=True)


def marked(table: nw.DataFrame[Any]) -> Array:
    """Return the number of each row's own status; nought for a table that states none.

    Examples
    --------
    >>> import polars as pl
    >>> marked(nw.from_native(pl.DataFrame({"status": ["observed", "synthetic"]}))).tolist()
    [1, 5]
    """
    if "status" not in table.columns:
        return np.zeros(len(table), np.uint8)
    column = table["status"].cast(nw.String).fill_null(STATUSES[0])
    codes = np.zeros(len(table), np.uint8)
    for word in column.unique().to_list():
        codes[(column == word).to_numpy()] = STATUSES.index(word)
    return codes
