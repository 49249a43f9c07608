"""Periodic review: who is due, in which class, and which tekun files the county must look at."""

from __future__ import annotations

import polars as pl

from aidlib.monitoring.ledgers import MONTHS_PER_YEAR
from aidlib.monitoring.monitor import Monitored

COLUMNS = ("household_id", "person_id", "scheme", "months", "reviewed_on", "due_on", "overdue")


def review_list(found: Monitored, ahead_months: int = 1) -> pl.DataFrame:
    """List families and persons whose review is overdue or falls due within some months.

    Dibao families are reviewed yearly, or half-yearly where income is unsteady and a member can work; tekun yearly; a place may
    set its own interval (Wuzhou: half-yearly for all). Source: 民发〔2021〕57号 第三十一条; 中办国办2020年意见 第七项.

    Parameters
    ----------
    found : Monitored
        What the month's monitoring found.
    ahead_months : int
        How far to look ahead.

    Returns
    -------
    polars.DataFrame
        household_id, person_id (0: the family), scheme, months (the interval), reviewed_on, due_on, overdue; earliest first.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> rows = review_list(example()[1])
    >>> rows["due_on"].is_sorted(), bool(rows["overdue"].any())
    (True, True)
    """
    rows = reviews(found)
    last = pl.lit(found.scene.as_of).dt.offset_by(f"{ahead_months}mo")
    return rows.filter(pl.col("due_on") <= last).sort("due_on", "household_id", "person_id")


def reviews(found: Monitored) -> pl.DataFrame:
    """Return the review of every family and person recognised for basic living aid: interval, last day, next day, overdue.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> set(reviews(example()[1])["months"])  # Wuzhou: half-yearly
    {6}
    """
    homes, own = found.facts.households, found.facts.persons
    parts = [
        _rows(homes.filter("held_dibao"), "dibao", "reviewed_dibao", "stated_review_months"),
        _rows(own.filter("held_single"), "single", "reviewed_single", "stated_review_months"),
        _rows(own.filter("held_tekun"), "tekun", "reviewed_tekun", "tekun_review_months"),
    ]
    overdue = (pl.col("due_on") < pl.lit(found.scene.as_of)).fill_null(False)
    return pl.concat(parts).with_columns(overdue=overdue).sort("household_id", "person_id", "scheme")


def _rows(table: pl.DataFrame, scheme: str, reviewed: str, months: str) -> pl.DataFrame:
    person = pl.col("person_id") if "person_id" in table.columns else pl.lit(0)
    return table.select(
        "household_id",
        person.cast(pl.Int64).alias("person_id"),
        pl.lit(scheme).alias("scheme"),
        pl.col(months).cast(pl.Int64).alias("months"),
        pl.col(reviewed).alias("reviewed_on"),
        pl.col(reviewed).dt.offset_by(pl.format("{}mo", pl.col(months))).alias("due_on"),
    )


def classes(rows: pl.DataFrame) -> pl.DataFrame:
    """Count reviews by scheme and interval: how many, how many overdue.

    Examples
    --------
    >>> rows = pl.DataFrame({"scheme": ["dibao", "dibao"], "months": [12, 6], "overdue": [False, True]})
    >>> classes(rows).rows()
    [('dibao', 6, 1, 1), ('dibao', 12, 1, 0)]
    """
    return (
        rows.group_by("scheme", "months").agg(pl.len().alias("files"), pl.col("overdue").sum()).sort("scheme", "months")
    )


def yearly(months: int | None) -> str:
    """Name an interval: yearly, half_yearly, or its months.

    Examples
    --------
    >>> yearly(12), yearly(6), yearly(3), yearly(None)
    ('yearly', 'half_yearly', '3', 'unknown')
    """
    if months is None:
        return "unknown"
    return {MONTHS_PER_YEAR: "yearly", MONTHS_PER_YEAR // 2: "half_yearly"}.get(months, str(months))


def new_tekun(found: Monitored) -> pl.DataFrame:
    """List tekun files recognised this month, of which the county must look at the stated share at random: case_id, region_code.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> new_tekun(example()[1]).columns
    ['case_id', 'region_code']
    """
    homes = found.facts.households.select("household_id", "region_code")
    new = found.scene.holding.filter(
        pl.col("scheme") == "tekun", pl.col("since") >= pl.lit(found.scene.as_of.replace(day=1))
    )
    return new.join(homes, on="household_id").select(case_id="person_id", region_code="region_code").sort("case_id")
