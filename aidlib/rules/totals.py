"""Totals of an assessment by region and layer, their publishable version, and a digest no order and no engine can move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from aidlib.disclosure import Suppressed, suppress
from aidlib.law import STATUSES
from aidlib.rules.execute import runs
from aidlib.rules.layers import CATEGORIES, LAYERS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Words64 = NDArray[np.uint64]

EMPTY = -1  # an empty cell in a digest: no amount is below nought
SEED = 0x9E3779B97F4A7C15
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
COUNTED = {"households": ("category", CATEGORIES), "persons": ("layer", LAYERS)}


@dataclass(frozen=True)
class Digest:
    """A hash of a set of rows: the sums of two 64-bit hashes of each row, so that rows can come in any order and any parts.

    Examples
    --------
    >>> one = Digest.of(pl.DataFrame({"a": [1, 2], "b": [3, 4]}))
    >>> one == Digest.of(pl.DataFrame({"a": [2], "b": [4]})) + Digest.of(pl.DataFrame({"a": [1], "b": [3]}))
    True
    >>> one == Digest.of(pl.DataFrame({"a": [1, 2], "b": [4, 3]}))
    False
    """

    rows: int
    sums: tuple[int, int]

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Digest:
        """Hash the rows of a table, its columns in order of name: each times an odd number of its own, and the sum stirred."""
        row = np.full(frame.height, SEED, np.uint64)
        for number, name in enumerate(sorted(frame.columns), 1):
            row += _whole(frame[name]) * np.uint64(SEED * (2 * number + 1) % 2**64)
        first = _stirred(row)
        sums = [int(words.sum(dtype=np.uint64)) for words in (first, _stirred(first + np.uint64(SEED)))]
        return cls(frame.height, (sums[0], sums[1]))

    def __add__(self, other: Digest) -> Digest:
        first, second = ((mine + theirs) % 2**64 for mine, theirs in zip(self.sums, other.sums, strict=True))
        return Digest(self.rows + other.rows, (first, second))

    def __str__(self) -> str:
        return f"{self.rows}-{self.sums[0]:016x}{self.sums[1]:016x}"


NOTHING = Digest(0, (0, 0))


def _whole(column: pl.Series) -> Words64:
    if column.name == "status":
        return column.cast(pl.Enum(STATUSES)).to_physical().cast(pl.UInt64).to_numpy()
    if column.has_nulls():
        column = column.fill_null(EMPTY)
    if column.dtype == pl.String and column.name != "region_code":
        import pandas as pd

        return np.asarray(pd.util.hash_array(column.to_numpy().astype(object)), np.uint64)
    return column.cast(pl.Int64).to_numpy().view(np.uint64) if column.dtype != pl.UInt64 else column.to_numpy()


def _stirred(words: Words64) -> Words64:
    """Mix the bits of each word (the finaliser of splitmix64)."""
    word = (words ^ (words >> _SHIFTS[0])) * _MIX[0]
    word = (word ^ (word >> _SHIFTS[1])) * _MIX[1]
    return np.asarray(word ^ (word >> _SHIFTS[2]))


def part_totals(households: pl.LazyFrame, persons: pl.LazyFrame) -> dict[str, pl.DataFrame]:
    """Count results: households and their money by region and category, persons by region and layer; only what was answered.

    Examples
    --------
    >>> homes = pl.LazyFrame({"household_id": [1, 2], "region_code": ["450403"] * 2, "category": [1, 1], "topup_fen": [5, 6]})
    >>> people = pl.LazyFrame({"household_id": [1, 1, 2], "layer": [2, 2, 2]})
    >>> {table: frame.rows() for table, frame in part_totals(homes, people).items()}
    {'households': [('450403', 1, 2, 11)], 'persons': [('450403', 2, 3)]}
    """
    names = households.collect_schema().names()
    sums = [_sum_of(name) for name in names if "_fen" in name or name == "at_least"]
    made = {}
    if "category" in names:
        counted = pl.len().cast(pl.Int64).alias("households")
        made["households"] = households.group_by("region_code", "category").agg(counted, *sums)
    if "layer" in persons.collect_schema().names():
        made["persons"] = (
            _placed(households, persons).group_by("region_code", "layer").agg(pl.len().cast(pl.Int64).alias("persons"))
        )
    return dict(zip(made, pl.collect_all(list(made.values()), engine="streaming"), strict=True))


def _sum_of(name: str) -> pl.Expr:
    """Add up a column; with an empty cell in it the sum is empty too."""
    column = pl.col(name)
    return pl.when(column.null_count() == 0).then(column.cast(pl.Int64).sum()).alias(name)


def table_totals(households: pl.DataFrame, persons: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Count the results of tables in memory, quickest where persons stand in the order of their households.

    Examples
    --------
    >>> homes = pl.DataFrame({"household_id": [1, 2], "region_code": ["450403", "450405"], "category": [1, 1]})
    >>> people = pl.DataFrame({"household_id": [1, 1, 2], "layer": [2, 2, 0]})
    >>> table_totals(homes, people)["persons"].rows()
    [('450403', 2, 2), ('450405', 0, 1)]
    """
    run = persons["household_id"].rle().struct
    if "layer" not in persons.columns or not run.field("value").equals(households["household_id"]):
        return part_totals(households.lazy(), persons.lazy())
    found = part_totals(households.lazy(), persons.lazy().drop("layer"))
    return {**found, "persons": _persons(households["region_code"], run.field("len").to_numpy(), persons["layer"])}


def _persons(region: pl.Series, members: NDArray[np.uint32], layer: pl.Series) -> pl.DataFrame:
    """Count persons by runs of one region and by layer; a region may have several rows."""
    codes, lengths = runs(region)
    first = np.repeat(np.arange(len(codes)) * len(LAYERS), lengths)
    counts = np.bincount(np.repeat(first, members) + layer.to_numpy(), minlength=len(codes) * len(LAYERS))
    filled = np.flatnonzero(counts)
    return pl.DataFrame(
        {
            "region_code": pl.Series(codes[filled // len(LAYERS)], dtype=region.dtype),
            "layer": filled % len(LAYERS),
            "persons": counts[filled],
        }
    )


def _placed(households: pl.LazyFrame, persons: pl.LazyFrame) -> pl.LazyFrame:
    """Give persons the region of their household, unless they have it already."""
    if "region_code" in persons.collect_schema().names():
        return persons
    return persons.join(households.select("household_id", "region_code"), on="household_id")


def added(parts: Iterable[dict[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """Add the totals of all parts, in order of region and class, classes as words.

    Examples
    --------
    >>> part = {"persons": pl.DataFrame({"region_code": ["450403"], "layer": [2], "persons": [3]})}
    >>> added([part, part])["persons"].rows()
    [('450403', 'dibao', 6)]
    """
    whole = list(parts)
    return {table: _sum([part[table] for part in whole], *COUNTED[table]) for table in whole[0]}


def _sum(frames: Sequence[pl.DataFrame], key: str, words: Sequence[str]) -> pl.DataFrame:
    keys = ["region_code", key]
    names = [name for name in frames[0].columns if name not in keys]
    total = pl.concat(frames).group_by(keys).agg(map(_sum_of, names)).sort(keys)
    return total.with_columns(pl.col(key).replace_strict(dict(enumerate(words)), return_dtype=pl.String))


def publishable(totals: dict[str, pl.DataFrame], threshold: int | None = None) -> dict[str, pd.DataFrame]:
    """Hide small counts and whatever would give them away; money goes with its count."""
    return {table: _published(frame, table, *COUNTED[table], threshold) for table, frame in totals.items()}


def _published(frame: pl.DataFrame, table: str, key: str, words: Sequence[str], threshold: int | None) -> pd.DataFrame:
    counts = frame.pivot(on=key, index="region_code", values=table).fill_null(0).sort("region_code")
    present = [word for word in words if word in counts.columns]
    shown = suppress(counts.to_pandas().set_index("region_code")[present], threshold)
    return _with_money(shown, frame, table, key)


def _with_money(shown: Suppressed, frame: pl.DataFrame, table: str, key: str) -> pd.DataFrame:
    long = shown.table.reset_index(names="region_code").melt("region_code", var_name=key, value_name=table)
    both = long.merge(frame.drop(table, "at_least", strict=False).to_pandas(), on=["region_code", key], how="left")
    nobody = both[table].eq(0).fillna(False)
    for name in [column for column in frame.columns if "_fen" in column]:
        both[name] = both[name].astype("Int64").mask(both[table].isna()).mask(nobody, 0)
    return both.sort_values("region_code", kind="stable", ignore_index=True)
