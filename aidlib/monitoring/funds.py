"""Money checks: paid against due to the fen, ceilings kept, bought services within their share."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from aidlib.indices import Figures
from aidlib.law import Book, LocalLaw, Value
from aidlib.money import fen
from aidlib.monitoring.ledgers import BASIC, ROW, month_text
from aidlib.rules.frames import assess
from aidlib.rules.places import places

if TYPE_CHECKING:
    from aidlib.monitoring.monthly import Monitored

DIFFERENCES = ("not_paid", "not_due", "underpaid", "overpaid")
CEILING = ("temporary_ceiling_fen",)


@dataclass(frozen=True)
class Check:
    """One comparison with a line of the law: met, not met, or cannot tell (None), with both sides exact in fen.

    `missing` names what lacks: the name of the law row, bought_fen or special_funds_fen.
    """

    met: bool | None
    actual: Fraction | None
    line: Fraction | None
    basis: Value | None
    missing: str = ""


def purchase_share(bought_fen: int | None, special_funds_fen: int | None, law: LocalLaw) -> Check:
    """购买服务支出不超过当年救助专项资金的规定比例。 Bought services stay within the stated share of the year's special funds.

    Compared on totals: `bought <= share x funds`. Only the part paid out of those funds counts.
    """
    basis = law.find("purchase_service_cap")
    if basis is None:
        return Check(None, None, None, None, "purchase_service_cap")
    if bought_fen is None or special_funds_fen is None:
        return Check(None, None, None, basis, "bought_fen" if bought_fen is None else "special_funds_fen")
    line = basis.number * special_funds_fen
    return Check(bought_fen <= line, Fraction(bought_fen), line, basis)


def purchase_share_of(bought_yuan: str, special_funds_yuan: str, law: LocalLaw) -> Check:
    """Compare amounts as a notebook's parameters have them: yuan as text, empty where not known.

    Examples
    --------
    >>> from datetime import date
    >>> purchase_share_of("2.00", "", Book().at("450400", date(2024, 1, 1))).missing
    'special_funds_fen'
    """
    bought, funds = (fen(text) if text else None for text in (bought_yuan, special_funds_yuan))
    return purchase_share(bought, funds, law)


def differences(due: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """Hold payments against what was due and list each that differs by a fen, with its kind."""
    keys = ["household_id", "programme", "month"]
    sides = due.rename({"amount_fen": "due_fen"}), paid.rename({"amount_fen": "paid_fen"})
    both = sides[0].join(sides[1], on=keys, how="full", coalesce=True, validate="1:1")
    kind = (
        pl.when(pl.col("paid_fen").is_null()).then(pl.lit("not_paid")).when(pl.col("due_fen").is_null()).then(pl.lit("not_due"))
        .when(pl.col("paid_fen") < pl.col("due_fen")).then(pl.lit("underpaid")).otherwise(pl.lit("overpaid"))
    )  # fmt: skip
    rows = both.with_columns(difference=kind).with_columns(pl.col("due_fen", "paid_fen").fill_null(0))
    rows = rows.with_columns(difference_fen=pl.col("paid_fen") - pl.col("due_fen")).filter(
        pl.col("difference_fen") != 0
    )
    return rows.select(*keys, "due_fen", "paid_fen", "difference_fen", "difference").sort(keys)


def recompute(result: Monitored) -> tuple[pl.DataFrame, int]:
    """Hold this month's basic living aid and price subsidy of the register's families against what the rules say, where the month was handed in."""
    month = result.month
    handed_in = result.month.dues.filter(pl.col("paid_fen").is_not_null())
    unknown = handed_in.filter(pl.col("due_fen").is_null())
    now = month.paid.filter(pl.col("month") == month.last, pl.col("programme").is_in(BASIC))
    now = now.join(month.households.select("household_id"), on="household_id", how="semi")
    paid = now.join(unknown, on=ROW, how="anti").select(*ROW, amount_fen="paid_fen")
    due = handed_in.filter(pl.col("due_fen").is_not_null()).select(*ROW, amount_fen="due_fen")
    each = ("household_id", "programme", pl.lit(month_text(month.last)).alias("month"))
    sums = (part.group_by(each).agg(pl.col("amount_fen").sum()) for part in (due, paid))
    return pl.concat([differences(*sums), _subsidy(result)]), unknown.height


def _subsidy(result: Monitored) -> pl.DataFrame:
    homes = result.facts.households
    if result.decision is None or "subsidy_due_fen" not in homes.columns:
        blank = pl.DataFrame(
            schema={"household_id": pl.Int64, "programme": pl.String, "month": pl.String, "amount_fen": pl.Int64}
        )
        return differences(blank, blank)
    handed_in = homes.filter(pl.col("subsidy_paid_fen").is_not_null())
    rows = handed_in.with_columns(programme=pl.lit("price_subsidy"), month=pl.lit(result.decision.month))
    sides = (
        rows.select("household_id", "programme", "month", amount_fen=f"subsidy_{side}_fen") for side in ("due", "paid")
    )
    return differences(*(side.filter(pl.col("amount_fen") > 0) for side in sides))


def ceilings(result: Monitored, law: Book, figures: Figures) -> tuple[pl.DataFrame, int]:
    """临时救助年度累计不超过限额。 Temporary aid of a family in the year stays within the local ceiling."""
    month = result.month
    year = pl.col("month").str.starts_with(f"{month.as_of.year}-")
    paid = (
        month.files.aid.filter(pl.col("programme") == "temporary_aid", year)
        .group_by("household_id")
        .agg(paid_fen=pl.col("amount_fen").sum())
    )
    keys = month.households.select("region_code", "urban").unique().sort("region_code", "urban").iter_rows()
    values = places(law, figures, keys, month.as_of.replace(day=1), CEILING, unknown="bounds")
    answers = assess(month.households, month.persons, values, CEILING).households
    both = paid.join(answers, on="household_id", how="left")
    paid_fen, least, most = (pl.col(name) for name in ("paid_fen", CEILING[0], f"{CEILING[0]}_at_best"))
    over = both.filter(paid_fen > most).select("household_id", "paid_fen", ceiling_fen=most, over_fen=paid_fen - most)
    unsure = (paid_fen > least) & ((paid_fen <= most) | most.is_null())
    return over.sort("household_id"), both.filter(unsure).height


def outside(result: Monitored) -> int:
    """Count families that were paid basic living aid this month and are not in the register."""
    month = result.month
    now = month.paid.filter(pl.col("month") == month.last, pl.col("programme").is_in(BASIC))
    return int(
        now.join(month.households.select("household_id"), on="household_id", how="anti")["household_id"].n_unique()
    )
