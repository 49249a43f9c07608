"""The family as the departments see it: what their registers say, put in place of what was stated."""

from __future__ import annotations

import polars as pl

from aidlib.monitoring.match import MATCHED
from aidlib.register.columns import COLUMNS, code

CHANGED = ("absence", "disability_grade", "disability_kind", "employed", "own_income_fen", "serious_illness", "student_stage", "wage_fen")  # fmt: skip
FOUND = "found_fen"


def inside(table: pl.DataFrame) -> pl.DataFrame:
    """Turn the words of code columns into the numbers rules read; numbers stay.

    Examples
    --------
    >>> inside(pl.DataFrame({"sex": ["male", "female"]}))["sex"].to_list()
    [1, 0]
    """
    words = [COLUMNS[name] for name in table.columns if name in COLUMNS and COLUMNS[name].kind == "code"]
    return table.with_columns(
        pl.col(column.name).replace_strict({word: at for at, word in enumerate(column.codes)}, return_dtype=pl.Int8)
        for column in words
        if table.schema[column.name] == pl.String
    )


def found_wage_fen(stated_fen: pl.Expr, base_fen: pl.Expr) -> pl.Expr:
    """缴费基数高于申报工资的部分。 How far the contribution base lies above the wage stated; 0 where it does not, or where there is none.

    The base stands for the wage it is reckoned from: a lead to be verified, never a finding (our reading).

    Examples
    --------
    >>> frame = pl.DataFrame({"wage": [100, 100, 100], "base": [250, 90, None]})
    >>> frame.select(found_wage_fen(pl.col("wage"), pl.col("base"))).to_series().to_list()
    [150, 0, 0]
    """
    return (base_fen - stated_fen).clip(lower_bound=0).fill_null(0)


def as_seen(
    households: pl.DataFrame, persons: pl.DataFrame, evidence: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put what the departments know in place of what was stated.

    The dead leave the family; who is in prison is absent; a certificate, an illness, a stage of study and a registered
    unemployment hold as registered; wages rise to the contribution base, and the family's income with them.

    Parameters
    ----------
    households, persons : polars.DataFrame
        As stated, columns of the register with codes as numbers (`inside`).
    evidence : polars.DataFrame
        From `match`.

    Returns
    -------
    households, persons : polars.DataFrame
        As seen. The dead are left out; a household without a living member stays, with nobody in it. Persons have a further
        column `found_fen`, the wage found beyond the one stated.

    Examples
    --------
    >>> homes = pl.DataFrame({"household_id": [1], "income_fen": [1_000]})
    >>> one = {"wage_fen": 0, "own_income_fen": 0, "employed": False, "serious_illness": False, "disability_kind": 0}
    >>> people = pl.DataFrame([{"person_id": n, "household_id": 1, **one, "disability_grade": 0, "student_stage": 0} for n in (1, 2)])
    >>> known = pl.DataFrame({"person_id": [1], "household_id": [1], "deaths__outcome": [1]})
    >>> as_seen(homes, people, known)[1]["person_id"].to_list()
    [2]
    """
    lost = {name: COLUMNS[name].absent for name in CHANGED if name not in persons.columns}
    whole = persons.with_columns(pl.lit(absent or 0).alias(name) for name, absent in lost.items())
    known = whole.join(evidence.drop("household_id"), on="person_id", how="left", maintain_order="left")
    gain = found_wage_fen(pl.col("wage_fen"), _fact(known, "social_insurance__base_fen"))
    changed = known.with_columns(gain.alias(FOUND)).with_columns(*_state(known), *_work(known))
    alive = changed.filter(~_matched(known, "deaths"))
    return _richer(households, alive), alive.select(*whole.columns, FOUND)


def _fact(known: pl.DataFrame, column: str) -> pl.Expr:
    return pl.col(column) if column in known.columns else pl.lit(None, pl.Int64)


def _matched(known: pl.DataFrame, register: str) -> pl.Expr:
    return (_fact(known, f"{register}__outcome") == MATCHED).fill_null(False)


def _state(known: pl.DataFrame) -> list[pl.Expr]:
    facts = {
        "student_stage": "poor_students__student_stage",
        "disability_kind": "severe_disability__disability_kind",
        "disability_grade": "severe_disability__disability_grade",
    }
    prison = pl.when(_matched(known, "prison")).then(pl.lit(code("absence", "prison"))).otherwise(pl.col("absence"))
    return [
        *(pl.coalesce(_fact(known, fact), pl.col(name)).alias(name) for name, fact in facts.items()),
        (pl.col("serious_illness").cast(pl.Boolean) | _matched(known, "serious_illness")).alias("serious_illness"),
        prison.alias("absence"),
    ]


def _work(known: pl.DataFrame) -> list[pl.Expr]:
    works = (pl.col("employed").cast(pl.Boolean) | (pl.col(FOUND) > 0)) & ~_matched(known, "registered_unemployed")
    return [works.alias("employed"), *(pl.col(name) + pl.col(FOUND) for name in ("wage_fen", "own_income_fen"))]


def _richer(households: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    gains = persons.group_by("household_id").agg(pl.col(FOUND).sum())
    both = households.join(gains, on="household_id", how="left", maintain_order="left")
    income = (pl.col("income_fen") + pl.col(FOUND).fill_null(0)).clip(upper_bound=COLUMNS["income_fen"].high)
    return both.with_columns(income_fen=income).select(households.columns)
