"""What the rules say of the families of a month as far as it can be told: members not listed, and whether somebody can work not known."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from aidlib.monitoring.inputs import UNLISTED
from aidlib.monitoring.ledgers import FAMILY
from aidlib.rules.frames import Assessed, assess
from aidlib.rules.places import Places

WORK = "can_work"
DUE = {
    "dibao": ("dibao_benefit_fen", "topup_fen"),
    "single": ("member_single_benefit_fen",),
    "tekun": ("tekun_person_fen",),
}
"""By programme: the answers whose sum is due."""


def answers(households: pl.DataFrame, persons: pl.DataFrame, law: Places, wanted: tuple[str, ...]) -> Assessed:
    """Ask the rules of every family whose members are listed.

    Where it is not known whether somebody can work the rules are asked with yes and with no, and an answer that differs is empty.
    """
    homes, people = _listed(households, persons)
    if WORK in people.columns and not people[WORK].null_count():
        return assess(homes, people, law, wanted)
    stated = pl.col(WORK).cast(pl.Boolean) if WORK in people.columns else pl.lit(None, pl.Boolean)
    both = [
        assess(homes, people.with_columns(stated.fill_null(able).alias(WORK)), law, wanted) for able in (False, True)
    ]
    first, second = both
    return replace(
        first, households=_same(first.households, second.households), persons=_same(first.persons, second.persons)
    )


def _listed(households: pl.DataFrame, persons: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep the families whose members are known, and these."""
    if UNLISTED not in households.columns:
        return households, persons
    homes = households.filter(~pl.col(UNLISTED).cast(pl.Boolean))
    return homes, persons.join(homes.select("household_id"), on="household_id", how="semi")


def _same(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Keep the answers on which both agree, row by row.

    Examples
    --------
    >>> _same(pl.DataFrame({"a": [1, 2]}), pl.DataFrame({"a": [1, 3]}))["a"].to_list()
    [1, None]
    """
    differs = [first[name].ne_missing(second[name]) for name in first.columns]
    return first.with_columns(
        first[name].set(mask, None) if mask.any() else first[name]
        for name, mask in zip(first.columns, differs, strict=True)
    )


def ends_of(answers: Assessed) -> pl.DataFrame:
    """Return the least and the most that is due by family or person and programme."""
    family = answers.households.select(
        "household_id", person_id=pl.lit(FAMILY, pl.Int64), programme=pl.lit("dibao"), **_ends(DUE["dibao"])
    )
    members = [
        answers.persons.select(
            "household_id", pl.col("person_id").cast(pl.Int64), programme=pl.lit(name), **_ends(DUE[name])
        )
        for name in ("single", "tekun")
    ]
    both: pl.DataFrame = pl.concat([family, *members])
    return both


def _ends(answers: tuple[str, ...]) -> dict[str, pl.Expr]:
    """The least and the most of a sum of amounts; the most is empty where it has no known end."""
    best = [f"{answer}_at_best" for answer in answers]
    return {"least_fen": pl.sum_horizontal(answers), "most_fen": pl.sum_horizontal(best, ignore_nulls=False)}
