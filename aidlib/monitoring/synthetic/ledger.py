"""A payment ledger that agrees with the rules: what is due is paid each month, and what registers show a need of was given."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from aidlib.monitoring.facts import Scene, dues
from aidlib.monitoring.family_facts import CERTAIN, Facts
from aidlib.monitoring.ledgers import AID, DELIVERIES, FAMILY, MONTHS_PER_YEAR, ROW
from aidlib.monitoring.match import MATCHED
from aidlib.monitoring.subsidy import PROGRAMME as SUBSIDY
from aidlib.monitoring.vocabulary import convention

if TYPE_CHECKING:
    from aidlib.prices.linkage import Decision

PAY_DAY = 15
GRANT_FEN = 50_000
SUDDEN_SHARE = 0.03
_ANSWERS = {"education_aid": "education_aid", "medical_aid": "medical_aid", "premium": "premium_help", "employment_aid": "employment_aid"}  # fmt: skip
_LISTS = {"education_aid": "poor_students", "medical_aid": "serious_illness", "employment_aid": "registered_unemployed"}


def ledger(scene: Scene, rng: np.random.Generator) -> pl.DataFrame:
    """Pay what the rules say is due in every month looked at, and deliver specialised aid.

    Parameters
    ----------
    scene : Scene
        A place with an empty ledger. Where the rules cannot tell an amount, an invented one is paid.

    Returns
    -------
    polars.DataFrame
        household_id, person_id, programme, month, amount_fen, paid_on; ordered.
    """
    rows = pl.concat([_monthly(scene).select(AID), _given(scene, rng).select(AID), _sudden(scene, rng).select(AID)])
    return rows.sort("household_id", "person_id", "programme", "month")


def _monthly(scene: Scene) -> pl.DataFrame:
    due = dues(scene).with_columns(amount_fen=pl.col("due_fen").fill_null(GRANT_FEN)).filter(pl.col("amount_fen") > 0)
    rows = due.join(scene.expected, on=list(ROW))
    return rows.join(_months(scene), on="month").drop("month").rename({"text": "month"})


def _months(scene: Scene) -> pl.DataFrame:
    rows = [(number, *_month(number)) for number in range(scene.first, scene.last + 1)]
    return pl.DataFrame(rows, schema={"month": pl.Int32, "text": pl.String, "paid_on": pl.Date}, orient="row")


def _month(number: int) -> tuple[str, date]:
    year, month = divmod(number, MONTHS_PER_YEAR)
    return f"{year:04d}-{month + 1:02d}", date(year, month + 1, PAY_DAY)


def _given(scene: Scene, rng: np.random.Generator) -> pl.DataFrame:
    """Education, medical and employment aid for those on a list, premium help for all who are entitled."""
    own = scene.seen_answers.persons.join(scene.evidence_full, on="person_id", how="left")
    given = [_programme(own, aid, scene, rng) for aid in DELIVERIES]
    return pl.concat(given)


def _programme(own: pl.DataFrame, aid: str, scene: Scene, rng: np.random.Generator) -> pl.DataFrame:
    listed = (pl.col(f"{_LISTS[aid]}__outcome") == MATCHED).fill_null(False) if aid in _LISTS else pl.lit(True)
    who = own.filter(pl.col(_ANSWERS[aid]).is_in(CERTAIN) & listed)
    back = rng.integers(0, convention("delivery_months"), len(who))
    months = [_month(scene.last - int(ago)) for ago in back]
    return who.select("household_id", pl.col("person_id").cast(pl.Int64)).with_columns(
        pl.lit(aid).alias("programme"),
        pl.Series("month", [text for text, _ in months], dtype=pl.String),
        pl.lit(GRANT_FEN, pl.Int64).alias("amount_fen"),
        pl.Series("paid_on", [day for _, day in months], dtype=pl.Date),
    )


def _sudden(scene: Scene, rng: np.random.Generator) -> pl.DataFrame:
    """Temporary aid to some families this year."""
    homes = scene.households.filter(pl.Series(rng.random(len(scene.households)) < SUDDEN_SHARE, dtype=pl.Boolean))
    text, day = _month(scene.last)
    return homes.select("household_id").with_columns(
        person_id=pl.lit(FAMILY, pl.Int64), programme=pl.lit("temporary_aid"), month=pl.lit(text),
        amount_fen=pl.Series(rng.integers(1, 5, len(homes)) * GRANT_FEN), paid_on=pl.lit(day),
    )  # fmt: skip


def subsidies(found: Facts, decision: Decision) -> pl.DataFrame:
    """Pay every family the price subsidy it is due."""
    due = found.households.filter(pl.col("subsidy_due_fen") > 0)
    day = decision.deadline.day
    return due.select(
        "household_id", pl.lit(FAMILY, pl.Int64).alias("person_id"), pl.lit(SUBSIDY).alias("programme"),
        pl.lit(decision.month).alias("month"), pl.col("subsidy_due_fen").alias("amount_fen"), pl.lit(day, pl.Date).alias("paid_on"),
    )  # fmt: skip
