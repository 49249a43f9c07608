"""Errors in the ledger: months left out, fen short, help that did not arrive."""

from __future__ import annotations

import polars as pl

from aidlib.monitoring.family_facts import Facts
from aidlib.monitoring.ledgers import FAMILY
from aidlib.monitoring.synthetic.plot import Plot

# What shows that a person needs the help of a programme; the entitlement is named after it.
NEEDS = {
    "education_aid": ("student_known", "entitled_education"),
    "medical_aid": ("patient_known", "entitled_medical"),
    "employment_aid": ("jobless_known", "entitled_employment"),
    "premium": ("held_long", "entitled_premium"),
}


def arrears(plot: Plot, aid: pl.DataFrame, facts: Facts, month: str) -> pl.DataFrame:
    """Take payments out of a ledger in which nothing is missing, and write down which.

    Parameters
    ----------
    aid : polars.DataFrame
        The ledger.
    facts : Facts
        Facts of the place with that ledger: who is entitled to what.
    month : str
        The month of the alerts.
    """
    paid = aid.filter(pl.col("programme") == "dibao", pl.col("month") == month)["household_id"].to_list()
    payable = set(paid)
    aid = _left_out(plot, aid, [home for home in plot.take("dibao") if home in payable], month)
    aid = _short(plot, aid, [home for home in plot.take("dibao") if home in payable], month)
    for programme in NEEDS:
        aid = _not_delivered(plot, aid, facts, programme)
    return _no_subsidy(plot, aid)


def _left_out(plot: Plot, aid: pl.DataFrame, homes: list[int], month: str) -> pl.DataFrame:
    for home in homes:
        plot.note(home, FAMILY, "month_not_paid")
    mine = pl.col("household_id").is_in(homes) & (pl.col("programme") == "dibao") & (pl.col("month") == month)
    return aid.filter(~mine)


def _short(plot: Plot, aid: pl.DataFrame, homes: list[int], month: str) -> pl.DataFrame:
    """Pay one fen too little to some, a hundred yuan or a tenth to others."""
    for home in homes:
        plot.note(home, FAMILY, "underpaid")
    mine = pl.col("household_id").is_in(homes) & (pl.col("programme") == "dibao") & (pl.col("month") == month)
    less = pl.when(pl.col("household_id") % 2 == 0).then(1).otherwise(pl.col("amount_fen") // 10)
    return aid.with_columns(amount_fen=pl.when(mine).then(pl.col("amount_fen") - less).otherwise("amount_fen"))


def _not_delivered(plot: Plot, aid: pl.DataFrame, facts: Facts, programme: str) -> pl.DataFrame:
    spoiled = {row[0] for row in plot.planted}
    shows, entitled = NEEDS[programme]
    helped = facts.persons.filter(pl.col(shows) & pl.col(entitled) & pl.col(f"got_{programme}"))
    free = (
        helped.filter(~pl.col("household_id").is_in(list(spoiled)))
        .unique("household_id", keep="first")
        .sort("person_id")
    )
    picked = free.sample(n=min(len(free), plot.each), seed=int(plot.rng.integers(1 << 30)))
    for home, person in picked.select("household_id", "person_id").iter_rows():
        plot.note(home, person, f"{programme}_missing")
    mine = pl.col("person_id").is_in(picked["person_id"].implode()) & (pl.col("programme") == programme)
    return aid.filter(~mine)


def _no_subsidy(plot: Plot, aid: pl.DataFrame) -> pl.DataFrame:
    """Leave some families without the price subsidy, where there is one."""
    spoiled = {row[0] for row in plot.planted}
    paid = aid.filter((pl.col("programme") == "price_subsidy") & ~pl.col("household_id").is_in(list(spoiled)))
    homes = (
        paid["household_id"].unique().sort().sample(n=min(paid["household_id"].n_unique(), plot.each), seed=1).to_list()
    )
    for home in homes:
        plot.note(home, FAMILY, "price_subsidy_not_paid")
    return aid.filter(~(pl.col("household_id").is_in(homes) & (pl.col("programme") == "price_subsidy")))
