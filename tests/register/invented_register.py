"""An invented register written as a clerk keeps it."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from aidlib.register.columns import COLUMNS
from aidlib.register.synthetic import population as drawn


def as_register(folder: Path, households: int) -> Path:
    """Write invented households as a register: two CSV files under the register's own names.

    Of the richest fifth and of the town just one household receives, so that there are small cells whatever the law book says.
    """
    homes, people = drawn(households, 3, "450400").block(0)
    sizes = people.group_by("household_id").agg(pl.len().alias("size"))
    head = pl.col("income_fen") / pl.col("size")
    one = (
        pl.col("household_id")
        == pl.col("household_id").sort_by(pl.when(pl.col("urban")).then(head).otherwise(0)).last()
    )
    planted = pl.when(pl.col("urban") | (head > head.quantile(0.6))).then(one).otherwise(pl.col("on_dibao"))
    homes = homes.join(sizes, on="household_id").sort("household_id").with_columns(on_dibao=planted).drop("size")
    codes = {c: dict(enumerate(COLUMNS[c].codes)) for c in people.columns if c in COLUMNS and COLUMNS[c].kind == "code"}
    people = people.with_columns(
        pl.col(c).cast(pl.Int64).replace_strict(w, return_dtype=pl.String) for c, w in codes.items()
    )
    homes.drop("status", "expend_fen").with_columns(pl.lit(100_000).alias("expend_fen")).write_csv(
        folder / "households.csv"
    )
    people.drop("status").write_csv(folder / "persons.csv")
    return folder
