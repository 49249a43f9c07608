"""How good the monitoring is on a place whose errors are known: what was found, what was missed and why, and false alarms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from aidlib.monitoring.monitor import Monitored
from aidlib.monitoring.synthetic.plot import EXACT, HARMLESS, NONE, REVIEW
from aidlib.monitoring.synthetic.world import World

if TYPE_CHECKING:
    import pandas as pd

_KEY = ["household_id", "cause"]


@dataclass(frozen=True)
class Measured:
    """How alerts compare with the errors planted.

    Attributes
    ----------
    by_cause : pandas.DataFrame
        cause, planted (within reach of a comparison), found, alerts, false_alarms, recall, precision (exact; empty where there is
        nothing to divide by).
    out_of_reach : pandas.DataFrame
        cause, reason_zh, reason_en, planted, put_before_a_person (named among the pairs for review), found (alerts all the same).
    harmless : pandas.DataFrame
        cause, reason_zh, reason_en, planted, alerts: what looks like an error and is none.
    recall, precision : Fraction or None
        Over all causes.
    """

    by_cause: pd.DataFrame
    out_of_reach: pd.DataFrame
    harmless: pd.DataFrame
    recall: Fraction | None
    precision: Fraction | None


def measure(world: World, found: Monitored) -> Measured:
    """Hold the alerts of a synthetic place against what was planted in it.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> measure(*example()).recall
    Fraction(1, 1)
    """
    fired = found.alerts.select(_KEY).with_columns(fired=pl.lit(True))
    planted = world.planted.join(fired, on=_KEY, how="left").with_columns(pl.col("fired").fill_null(False))
    exact = planted.filter(pl.col("reach") == EXACT).unique(_KEY)
    wrong = fired.join(exact, on=_KEY, how="anti")
    table = _by_cause(exact, fired, wrong)
    hits, size, alarms = int(exact["fired"].sum()), len(exact), len(fired)
    seen = planted.with_columns(reviewed=_reviewed(planted, found))
    return Measured(
        table, _reasons(seen.filter(pl.col("reach").is_in([REVIEW, NONE])), ("put_before_a_person", "reviewed"), ("found", "fired")),
        _reasons(seen.filter(pl.col("reach") == HARMLESS), ("alerts", "fired")),
        Fraction(hits, size) if size else None, Fraction(alarms - len(wrong), alarms) if alarms else None,
    )  # fmt: skip


def _by_cause(exact: pl.DataFrame, fired: pl.DataFrame, wrong: pl.DataFrame) -> pd.DataFrame:
    counts = exact.group_by("cause").agg(planted=pl.len(), found=pl.col("fired").sum())
    for name, table in (("alerts", fired), ("false_alarms", wrong)):
        counts = counts.join(table.group_by("cause").agg(pl.len().alias(name)), on="cause", how="full", coalesce=True)
    frame = (
        counts.fill_null(0)
        .sort("cause")
        .to_pandas()
        .astype(dict.fromkeys(("planted", "found", "alerts", "false_alarms"), "int64"))
    )
    true = frame["alerts"] - frame["false_alarms"]
    return frame.assign(recall=_parts(frame["found"], frame["planted"]), precision=_parts(true, frame["alerts"]))


def _parts(some: pd.Series, whole: pd.Series) -> pd.Series:
    import pandas as pd

    return pd.Series([Fraction(s, w) if w else None for s, w in zip(some, whole, strict=True)], dtype="object")


def _reviewed(planted: pl.DataFrame, found: Monitored) -> pl.Series:
    """Tell which errors stand first among the pairs put before a person."""
    named = {(name, other) for (name, side), review in found.reviews.items() if side == "rows"
             for other, rank in review.pairs.select("other_id", "rank").iter_rows() if rank == 1}  # fmt: skip
    return pl.Series([pair in named for pair in planted.select("register", "person_id").iter_rows()], dtype=pl.Boolean)


def _reasons(rows: pl.DataFrame, *counts: tuple[str, str]) -> pd.DataFrame:
    parts = [pl.len().alias("planted"), *(pl.col(column).sum().alias(name) for name, column in counts)]
    return rows.group_by("cause", "reason_zh", "reason_en").agg(parts).sort("cause", "reason_zh").to_pandas()
