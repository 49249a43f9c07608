"""An invented place tried out: what was known of it last month, what monitoring found of the errors planted, and one to show examples on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from aidlib.errors import ParameterFault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring.alerts import KEY
from aidlib.monitoring.inputs import Files, read_folder
from aidlib.monitoring.invented import Invented
from aidlib.monitoring.monthly import Monitored, monitor
from aidlib.monitoring.planted import EXACT, invent
from aidlib.monitoring.vocabulary import causes
from aidlib.result import Result

if TYPE_CHECKING:
    import pandas as pd

KNOWN_SHARE, RESTING_SHARE, CHANGED_SHARE, ENDED_SHARE = 0.6, 0.08, 0.03, 0.15
PLACE, MONTH, FAMILIES, SEED = "450400", "2026-10", 4_000, 3


def past(result: Monitored, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Invent last month's alerts and what was decided on some of them: some were there already, some were put to rest, some are no more."""
    rng, as_of = np.random.default_rng([seed, 7]), result.month.as_of
    rows = result.alerts.sort("household_id", "cause").drop("state", "first_seen", "reason")
    known = rows.filter(pl.Series(rng.random(len(rows)) < KNOWN_SHARE, dtype=pl.Boolean))
    over = known.filter(pl.Series(rng.random(len(known)) < ENDED_SHARE, dtype=pl.Boolean))
    gone = over.with_columns(household_id=-pl.col("household_id"))  # families that are not in this month's register
    first = pl.lit(as_of - timedelta(days=45))
    before = pl.concat([known, gone]).with_columns(
        first_seen=first, state=pl.lit("open"), reason=pl.lit(None, pl.String)
    )
    some = known.with_columns(draw=pl.Series(rng.random(len(known)))).filter(
        pl.col("draw") < RESTING_SHARE + CHANGED_SHARE
    )
    compared = pl.when(pl.col("draw") < CHANGED_SHARE).then(pl.lit("was otherwise")).otherwise("compared")
    decisions = some.select(
        "household_id", "cause", compared=compared, action=pl.lit("snooze"), until=pl.lit(as_of + timedelta(days=60)), reason=pl.lit("synthetic"),
    )  # fmt: skip
    return before, decisions


@dataclass(frozen=True)
class Measured(Result):
    """How alerts compare with the errors planted.

    Attributes
    ----------
    by_cause : pandas.DataFrame
        alert_cause, planted (within reach of a comparison), found, alerts, false_alarms, recall, precision_share (exact; empty where there is
        nothing to divide by).
    others : pandas.DataFrame
        alert_cause, reach (none, review, harmless), planted_reason, planted, put_before_a_person (first among the pairs
        for review), alerts (raised all the same).
    recall, precision : Fraction or None
        Over all causes.
    """

    by_cause: pd.DataFrame
    others: pd.DataFrame
    recall: Fraction | None
    precision: Fraction | None

    def to_frame(self) -> pd.DataFrame:
        """Return recall and precision by cause."""
        return self.by_cause


def measure(place: Files, result: Monitored) -> Measured:
    """Hold the alerts of an invented place against what was planted in it; of a real one nothing can be measured."""
    import pandas as pd

    if not isinstance(place, Invented):
        return Measured(pd.DataFrame(), pd.DataFrame(), None, None)
    key = list(KEY)
    fired = result.alerts.select(key).with_columns(fired=pl.lit(True))
    planted = place.planted.join(fired, on=key, how="left").with_columns(pl.col("fired").fill_null(False))
    exact = planted.filter(pl.col("reach") == EXACT).unique(key)
    wrong = fired.join(exact, on=key, how="anti")
    hits, size, alarms = int(exact["fired"].sum()), len(exact), len(fired)
    first = {(name, other) for (name, side), review in result.pairs.items() if side == "rows"
             for other, rank in review.pairs.select("other_id", "rank").iter_rows() if rank == 1}  # fmt: skip
    shown = pl.Series(
        "shown", [pair in first for pair in planted.select("register", "person_id").iter_rows()], dtype=pl.Boolean
    )
    others = planted.with_columns(shown).filter(pl.col("reach") != EXACT)
    reasons = others.group_by("cause", "reach", "reason").agg(
        planted=pl.len(), put_before_a_person=pl.col("shown").sum(), alerts=pl.col("fired").sum()
    )
    return Measured(
        _by_cause(exact, fired, wrong), reasons.sort("reach", "cause", "reason").rename({"cause": "alert_cause", "reason": "planted_reason"}).to_pandas(),
        Fraction(hits, size) if size else None, Fraction(alarms - len(wrong), alarms) if alarms else None,
    )  # fmt: skip


def _by_cause(exact: pl.DataFrame, fired: pl.DataFrame, wrong: pl.DataFrame) -> pd.DataFrame:
    import pandas as pd

    counts = exact.group_by("cause").agg(planted=pl.len(), found=pl.col("fired").sum())
    for name, table in (("alerts", fired), ("false_alarms", wrong)):
        counts = counts.join(table.group_by("cause").agg(pl.len().alias(name)), on="cause", how="full", coalesce=True)
    order = {name: at for at, name in enumerate(causes())}
    frame = (
        counts.fill_null(0)
        .sort(pl.col("cause").replace_strict(order))
        .rename({"cause": "alert_cause"})
        .cast({"planted": pl.Int64, "found": pl.Int64, "alerts": pl.Int64, "false_alarms": pl.Int64})
        .to_pandas()
    )

    def shares(some: pd.Series, whole: pd.Series) -> pd.Series:
        return pd.Series([Fraction(s, w) if w else None for s, w in zip(some, whole, strict=True)], dtype="object")

    true = frame["alerts"] - frame["false_alarms"]
    return frame.assign(recall=shares(frame["found"], frame["planted"]), precision_share=shares(true, frame["alerts"]))


def handed_in(
    registers: str,
    region: str,
    month: str,
    *,
    families: int = 30_000,
    seed: int = 1,
    law: Book | None = None,
    figures: Figures | None = None,
) -> Files:
    """Read the register folder of a place for a month; where none is named, invent a place.

    Raises
    ------
    ParameterFault
        The period is a year: monitoring is of a month.
    """
    if len(month) != len("YYYY-MM"):
        raise ParameterFault("monitoring is of a month", where="period", expected="YYYY-MM", got=month)
    return (
        read_folder(registers, region, month)
        if registers
        else invent(region, month, families=families, seed=seed, law=law, figures=figures)
    )


@lru_cache(maxsize=1)
def example() -> tuple[Invented, Monitored]:
    """Invent a small place and monitor it once: what the examples of this room are shown on.

    Examples
    --------
    >>> place, result = example()
    >>> set(place.persons["status"]), result.alerts.height > 20
    ({'synthetic'}, True)
    """
    place = invent(PLACE, MONTH, families=FAMILIES, seed=SEED)
    return place, monitor(place)
