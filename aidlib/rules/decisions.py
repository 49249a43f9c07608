"""What a month's assessment means for each household of a register: stays, another amount, no longer entitled, may be entitled."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from aidlib.rules.layers import CATEGORIES

DECISIONS = ("stays", "amount", "no_longer", "may_be_entitled", "cannot_tell", "not_entitled")
COLUMNS = ("household_id", "household_no", "row", "region_code", "township", "village", "decision", "paid_fen", "due_fen", "due_at_best_fen",
           "at_least", "category", "status")  # fmt: skip
_TEXTS = ("household_no", "row", "township", "village")
_OWN, _SINGLE, _TOPUP = "dibao_benefit_fen", "single_benefit_fen", "topup_fen"
BEST = "_at_best"


def decisions(households: pl.DataFrame, results: pl.DataFrame, persons: pl.DataFrame | None = None) -> pl.DataFrame:
    """Hold what a register says is paid against what is due.

    Returns
    -------
    polars.DataFrame
        `COLUMNS`, in the order of the register. `decision`: stays (paid what is due, or within its range), amount (another amount is due),
        no_longer, may_be_entitled, cannot_tell (a fact or rule that decides is unknown), not_entitled. Amounts are fen a month;
        `due_at_best_fen` is empty where no upper end is known; `at_least`: a local rule is not on file and more may be due.

    Examples
    --------
    >>> homes = pl.DataFrame({"household_id": [1, 2, 3], "region_code": ["450421"] * 3, "on_dibao": [True, True, False], "last_benefit_fen": [500, 900, 0]})
    >>> answers = pl.DataFrame({"household_id": [1, 2, 3], "category": ["dibao", "edge", "dibao"], "dibao_benefit_fen": [500, 0, 300],
    ...                         "dibao_benefit_fen_at_best": [500, 0, 300], "at_least": [False] * 3, "status": ["enacted"] * 3})
    >>> decisions(homes, answers)["decision"].to_list()
    ['stays', 'no_longer', 'may_be_entitled']
    """
    wanted = ("category", "at_least", "status", _OWN, _OWN + BEST, _TOPUP, _TOPUP + BEST)
    answers = results.select("household_id", *(name for name in results.columns if name in wanted))
    if answers["category"].dtype.is_numeric():
        answers = answers.with_columns(
            pl.col("category").replace_strict(dict(enumerate(CATEGORIES)), return_dtype=pl.String)
        )
    both = households.join(answers, on="household_id", how="left", maintain_order="left", suffix="_result")
    both = _with_singles(both, persons)
    wide = [pl.lit(None, pl.String).alias(name) for name in _TEXTS if name not in both.columns]
    wide += [pl.lit(0, pl.Int64).alias(name) for name in (_TOPUP, _TOPUP + BEST) if name not in both.columns]
    if "last_benefit_fen" not in both.columns:
        wide.append(pl.lit(None, pl.Int64).alias("last_benefit_fen"))
    if "on_dibao" not in both.columns:
        wide.append(
            (pl.col("last_benefit_fen") > 0).alias("on_dibao")
            if "last_benefit_fen" in both.columns
            else pl.lit(None, pl.Boolean).alias("on_dibao")
        )
    paid = pl.col("last_benefit_fen")
    return both.with_columns(wide).with_columns(
        paid_fen=paid, due_fen=pl.col(_OWN) + pl.col(_SINGLE), due_at_best_fen=pl.col(_OWN + BEST) + pl.col(_SINGLE + BEST),
        household_no=pl.col("household_no").fill_null(pl.col("household_id").cast(pl.String)),
    ).with_columns(pl.col("category", "status").cast(pl.String), decision=_decision()).select(COLUMNS)  # fmt: skip


def not_judged(households: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions on households that no rule was shown, for their members are not known: none can be told.

    Examples
    --------
    >>> homes = pl.DataFrame({"household_id": [1], "region_code": ["450421"], "on_dibao": [True], "last_benefit_fen": [500]})
    >>> not_judged(homes).select("decision", "paid_fen", "due_fen").row(0)
    ('cannot_tell', 500, None)
    """
    kinds = {"category": pl.String, "at_least": pl.Boolean, "status": pl.String, _OWN: pl.Int64, _OWN + BEST: pl.Int64}
    return decisions(households, pl.DataFrame(schema={"household_id": households.schema["household_id"], **kinds}))


def _with_singles(both: pl.DataFrame, persons: pl.DataFrame | None) -> pl.DataFrame:
    """Add up what members who enter alone are due."""
    if persons is None or _SINGLE not in persons.columns:
        return both.with_columns(pl.lit(0, pl.Int64).alias(_SINGLE), pl.lit(0, pl.Int64).alias(_SINGLE + BEST))
    best = pl.col(_SINGLE + BEST) if _SINGLE + BEST in persons.columns else pl.col(_SINGLE)
    sums = persons.group_by("household_id").agg(
        pl.col(_SINGLE).sum(), pl.when(best.is_null().any()).then(None).otherwise(best.sum()).alias(_SINGLE + BEST)
    )
    return both.join(sums, on="household_id", how="left", maintain_order="left").with_columns(
        pl.col(_SINGLE).fill_null(0)
    )


def _decision() -> pl.Expr:
    receives = pl.col("on_dibao").fill_null(False)
    entitled = (pl.col("category") == "dibao") | (pl.col("due_fen") > 0)
    open_ = pl.col("category").is_null() | ((pl.col("category") == "cannot_tell") & ~entitled)
    paid, most = pl.col("paid_fen"), pl.col("due_at_best_fen")
    within = paid.is_null() | ((paid >= pl.col("due_fen")) & (most.is_null() | (paid <= most)))
    with_topup = (paid >= pl.col("due_fen") + pl.col(_TOPUP)) & (paid <= most + pl.col(_TOPUP + BEST))
    right = within | with_topup.fill_null(False)
    return (
        pl.when(open_).then(pl.lit("cannot_tell"))
        .when(receives & entitled & right).then(pl.lit("stays"))
        .when(receives & entitled).then(pl.lit("amount"))
        .when(receives).then(pl.lit("no_longer"))
        .when(entitled).then(pl.lit("may_be_entitled"))
        .otherwise(pl.lit("not_entitled"))
    )  # fmt: skip


def read_results(out: Path, table: str) -> pl.DataFrame:
    """Read one table of a finished run, every part."""
    return pl.read_parquet(sorted((out / table).glob("*.parquet")))


def counted(decided: pl.DataFrame) -> pl.DataFrame:
    """Count decisions by township: township, decision, households, at_least.

    Examples
    --------
    >>> counted(pl.DataFrame({"township": ["a", "a"], "decision": ["stays"] * 2, "at_least": [True, False]})).row(0)
    ('a', 'stays', 2, 1)
    """
    order = {name: at for at, name in enumerate(DECISIONS)}
    counts = decided.group_by("township", "decision").agg(households=pl.len(), at_least=pl.col("at_least").sum())
    return counts.sort("township", pl.col("decision").replace_strict(order, return_dtype=pl.Int64), nulls_last=True)
