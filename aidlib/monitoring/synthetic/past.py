"""An invented month before, so that alerts have a history: some were there already, some had been put to rest, some are no more."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from aidlib.monitoring.monitor import Monitored

KNOWN_SHARE, RESTING_SHARE, CHANGED_SHARE, ENDED_SHARE = 0.6, 0.08, 0.03, 0.15
REASON = "合成:入户核实后暂缓"


def past(found: Monitored, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Invent last month's alerts and what was decided on some of them.

    Returns
    -------
    before, decisions : polars.DataFrame
        As `follow.carry` takes them.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> before, decisions = past(example()[1], seed=1)
    >>> set(before["state"]), set(decisions["action"])
    ({'open'}, {'snooze'})
    """
    rng = np.random.default_rng([seed, 7])
    rows = found.alerts.sort("household_id", "cause").drop("state", "first_seen", "reason")
    known = rows.filter(pl.Series(rng.random(len(rows)) < KNOWN_SHARE, dtype=pl.Boolean))
    ended = known.filter(pl.Series(rng.random(len(known)) < ENDED_SHARE, dtype=pl.Boolean))
    gone = ended.with_columns(household_id=-pl.col("household_id"))  # families that are not in this month's register
    first = pl.lit(found.scene.as_of - timedelta(days=45))
    before = pl.concat([known, gone]).with_columns(
        first_seen=first, state=pl.lit("open"), reason=pl.lit(None, pl.String)
    )
    return before, _decided(known, found, rng)


def _decided(known: pl.DataFrame, found: Monitored, rng: np.random.Generator) -> pl.DataFrame:
    draw = pl.Series(rng.random(len(known)))
    some = known.with_columns(draw=draw).filter(pl.col("draw") < RESTING_SHARE + CHANGED_SHARE)
    changed = pl.col("draw") < CHANGED_SHARE
    return some.select(
        "household_id",
        "cause",
        pl.when(changed).then(pl.lit("was otherwise")).otherwise("compared").alias("compared"),
        pl.lit("snooze").alias("action"),
        pl.lit(found.scene.as_of + timedelta(days=60)).alias("until"),
        pl.lit(REASON).alias("reason"),
    )
