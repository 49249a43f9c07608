"""What changed in a county's register between two months: who came, left and moved, amounts and facts, each with its likely reason."""

from __future__ import annotations

from collections.abc import Set

import polars as pl

from aidlib.register.columns import COLUMNS, HOUSEHOLDS, PERSONS

SCHEMA = pl.Schema(
    {"household_id": pl.String, "person_id": pl.Int64, "what": pl.String, "column": pl.String, "before": pl.String, "after": pl.String,
     "reason": pl.String}
)  # fmt: skip
AMOUNT = "last_benefit_fen"
FAMILY = 0
INCOMES = ("income_fen", "income_fen_year")
NO_CHANGE = ("age", "as_of", AMOUNT)  # a birthday and a new month are no change of facts
Tables = tuple[pl.DataFrame, pl.DataFrame]


def changes(before: Tables, after: Tables, month: str, heads_alone: Set[str] = frozenset()) -> pl.DataFrame:
    """List what changed between the registers of two months.

    Of households that are listed by their heads alone in either month (`heads_alone`) nobody is told to have come or left: who lives there
    was not written down.

    Examples
    --------
    >>> homes = pl.DataFrame({"household_id": ["1"], "last_benefit_fen": [100], "income_fen": [5]})
    >>> people = pl.DataFrame({"household_id": ["1"], "person_id": [7], "age": [40]})
    >>> now = homes.with_columns(last_benefit_fen=pl.lit(90), income_fen=pl.lit(15))
    >>> changes((homes, people), (now, people), "2026-10").select("what", "before", "after", "reason").rows()
    [('amount', '100', '90', 'income'), ('fact', '5', '15', '')]
    """
    old, homes = (table[0].with_columns(pl.col("household_id").cast(pl.String)) for table in (before, after))
    named = (pl.col("household_id").cast(pl.String), pl.col("person_id").cast(pl.Int64))
    earlier, people = (table[1].with_columns(named) for table in (before, after))
    moved, joined, gone = _people(earlier, people, [old, homes])
    joined, gone = (rows.filter(~pl.col("household_id").is_in(list(heads_alone))) for rows in (joined, gone))
    facts = pl.concat([_facts(old, homes, "households"), _facts(earlier, people, "persons")])
    untold = pl.col("household_id").is_in(list(heads_alone)) & (pl.col("before").is_null() | pl.col("after").is_null())
    facts = facts.filter(~untold)
    others = pl.concat([facts, joined, gone, moved])
    parts = [_homes(old, homes, moved, month), moved, joined, gone, _amounts(old, homes, others), facts]
    return pl.concat(parts).sort("household_id", "person_id", "what", "column")


def _rows(
    frame: pl.DataFrame, what: str, reason: pl.Expr | str = "", column: str = "", person: bool = False
) -> pl.DataFrame:
    """Shape rows of the list; `before` and `after` are taken where the frame has them."""
    have = [
        pl.col(name).cast(pl.String) if name in frame.columns else pl.lit("").alias(name)
        for name in ("before", "after")
    ]
    why = pl.lit(reason) if isinstance(reason, str) else reason
    who = pl.col("person_id") if person else pl.lit(FAMILY, pl.Int64).alias("person_id")
    told = (pl.lit(what).alias("what"), pl.lit(column).alias("column"))
    return frame.select("household_id", who, *told, *have, why.fill_null("").alias("reason")).cast(SCHEMA)


def _homes(before: pl.DataFrame, after: pl.DataFrame, moved: pl.DataFrame, month: str) -> pl.DataFrame:
    came, left = after.join(before, on="household_id", how="anti"), before.join(after, on="household_id", how="anti")
    from_elsewhere = pl.col("household_id").is_in(moved["household_id"].implode())
    new = pl.col("since").cast(pl.String).str.starts_with(month) if "since" in came.columns else pl.lit(False)
    reason = pl.when(from_elsewhere).then(pl.lit("moved")).when(new).then(pl.lit("recognised"))
    went_on = pl.col("household_id").is_in(moved["before"].implode())
    return pl.concat([_rows(came, "came", reason), _rows(left, "left", pl.when(went_on).then(pl.lit("moved")))])


def _people(
    before: pl.DataFrame, after: pl.DataFrame, homes: list[pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Persons who moved to another household, who joined one that was there, and who left one that is still there."""
    known = before.select("person_id", before="household_id")
    both = after.join(known, on="person_id", how="inner").with_columns(after=pl.col("household_id"))
    moved = both.filter(pl.col("before") != pl.col("household_id"))
    old, still = (pl.col("household_id").is_in(homes[at]["household_id"].implode()) for at in (0, 1))
    born = pl.when(pl.col("age") == 0).then(pl.lit("born")) if "age" in after.columns else pl.lit("")
    joined = after.join(known, on="person_id", how="anti").filter(old)
    gone = before.join(after.select("person_id"), on="person_id", how="anti").filter(still)
    return (
        _rows(moved, "moved", "moved", person=True),
        _rows(joined, "came", born, person=True),
        _rows(gone, "left", person=True),
    )


def _amounts(before: pl.DataFrame, after: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Households whose monthly benefit is another, with what else changed in them: income, members, circumstances."""
    if AMOUNT not in before.columns or AMOUNT not in after.columns:
        return pl.DataFrame(schema=SCHEMA)
    both = before.select("household_id", before=AMOUNT).join(
        after.select("household_id", after=AMOUNT), on="household_id"
    )
    changed = both.filter(pl.col("before").ne_missing(pl.col("after")))
    of = {
        "income": pl.col("column").is_in(INCOMES),
        "members": pl.col("what").is_in(["came", "left", "moved"]),
        "circumstances": pl.col("what") == "fact",
    }
    named = others.group_by("household_id").agg(condition.any().alias(why) for why, condition in of.items())
    told = changed.join(named, on="household_id", how="left")
    reason = (
        pl.when("income")
        .then(pl.lit("income"))
        .when("members")
        .then(pl.lit("members"))
        .when("circumstances")
        .then(pl.lit("circumstances"))
    )
    return _rows(told, "amount", reason, AMOUNT)


def _facts(before: pl.DataFrame, after: pl.DataFrame, table: str) -> pl.DataFrame:
    """Facts the rules read that are another than the month before, column by column; a column that one month leaves empty is not compared."""
    key = ["household_id"] if table == "households" else ["person_id"]
    wanted = {column.name for column in (HOUSEHOLDS if table == "households" else PERSONS)} - {
        "household_id",
        "person_id",
        *NO_CHANGE,
    }
    known = [{name for name in frame.columns if frame[name].null_count() < frame.height} for frame in (before, after)]
    names = [name for name in after.columns if name in wanted & known[0] & known[1] and name in COLUMNS]
    home = [] if table == "households" else [pl.col("household_id")]
    both = after.select(*key, *home, *names).join(
        before.select(*key, *(pl.col(name).alias(f"~{name}") for name in names)), on=key
    )
    parts = [pl.DataFrame(schema=SCHEMA)]
    for name in names:
        other = both.filter(pl.col(name).cast(pl.String).ne_missing(pl.col(f"~{name}").cast(pl.String)))
        told = other.with_columns(pl.col(f"~{name}").alias("before"), pl.col(name).alias("after"))
        parts.append(_rows(told, "fact", "", name, person=table == "persons"))
    return pl.concat(parts)
