"""Alerts: one for each cause and family, with its article, department, deadline and a priority that can be explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from aidlib.monitoring.alert_rules import DISPOSITIONS
from aidlib.monitoring.family_facts import Facts
from aidlib.monitoring.ledgers import FAMILY, month_number, month_of
from aidlib.monitoring.signals import signals
from aidlib.monitoring.vocabulary import parts

OPPOSITE = "opposite_signs"
KEY = ("household_id", "cause")
SUMMED = tuple(f"points_{name}" for name in ("urgent", "vulnerable", "lasting", "amount", "overdue"))


@dataclass(frozen=True)
class Alerts:
    """Alerts of one place and month.

    Attributes
    ----------
    rows : polars.DataFrame
        One row a household and cause, most urgent first: region_code, household_id, cause, disposition, department, persons,
        person_ids, age, event_on, distance_fen, amount_fen, months, deadline, clock (how the deadline was found), overdue,
        rule (law row), rule_status, priority and its parts `points_...`, compared (what it rests on, as text).
    not_tested : dict of str to tuple of str
        Causes that could not be tested, and the facts that were missing.
    """

    rows: pl.DataFrame
    not_tested: dict[str, tuple[str, ...]]


def alerts(facts: Facts, rules: pl.DataFrame, as_of: date) -> Alerts:
    """Raise the alerts of a month.

    Parameters
    ----------
    facts : Facts
        By household and person.
    rules : polars.DataFrame
        From `rule_table`.
    as_of : date
        Day of the alerts, the last of the month.

    Examples
    --------
    >>> from aidlib.law import Book
    >>> from aidlib.monitoring.alert_rules import rule_table
    >>> from aidlib.monitoring.synthetic.example import example
    >>> _, found = example()
    >>> day = found.scene.as_of
    >>> rows = alerts(found.facts, rule_table(Book(), found.scene.households["region_code"].unique(), day), day).rows
    >>> rows.select("household_id", "cause").is_duplicated().any()
    False
    """
    found = signals(facts, frozenset(rules["cause"]))
    one_each = _with_opposites(_one_each(found.rows, facts).join(rules, on=["region_code", "cause"]), rules)
    dated = one_each.with_columns(deadline=_deadline(as_of)).with_columns(
        overdue=(pl.col("deadline") < as_of).fill_null(False)
    )
    rated = dated.with_columns(_points(as_of)).with_columns(priority=pl.sum_horizontal(SUMMED))
    order = rated.sort("priority", "household_id", "cause", descending=[True, False, False])
    return Alerts(
        order.drop("clock_months", "clock_day", "due_on", "urgent", "vulnerable", "standard_fen_month"),
        found.not_tested,
    )


def _one_each(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row a household and cause: the persons concerned, the earliest day, the widest gap, all the money."""
    person = pl.col("person_id").filter(pl.col("person_id") != FAMILY)
    each = rows.group_by(KEY).agg(
        person_ids=person.unique().sort(), event_on=pl.col("event_on").min(), due_on=pl.col("due_on").min(),
        distance_fen=pl.col("distance_fen").max(), amount_fen=_sum("amount_fen"), months=pl.col("months").max(),
    )  # fmt: skip
    own = facts.households.select("household_id", "region_code", "living", "vulnerable", "standard_fen_month")
    told = each.join(own, on="household_id").with_columns(
        persons=pl.when(pl.col("person_ids").list.len() > 0).then(pl.col("person_ids").list.len()).otherwise(pl.col("living")).cast(pl.Int64)
    )  # fmt: skip
    first = facts.persons.group_by("household_id").agg(applicant=pl.col("person_id").min())
    ages = facts.persons.select(concerned="person_id", age=pl.col("age").cast(pl.Int64))
    who = pl.coalesce(pl.col("person_ids").list.first(), "applicant")
    named = told.join(first, on="household_id", how="left").with_columns(concerned=who)
    return (
        named.join(ages, on="concerned", how="left")
        .with_columns(compared=_compared())
        .drop("living", "applicant", "concerned")
    )


def _sum(column: str) -> pl.Expr:
    return pl.when(pl.col(column).count() > 0).then(pl.col(column).sum())


def _compared() -> pl.Expr:
    """What an alert rests on, as text: it fires anew when this changes, not when time passes."""
    people = pl.col("person_ids").cast(pl.List(pl.String)).list.join(" ")
    cells = [pl.col(name).cast(pl.String).fill_null("") for name in ("event_on", "distance_fen")]
    return pl.concat_str(people, *cells, separator="|")


def _with_opposites(rows: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    """Add a case for the coordination body where alerts of one family point both ways."""
    may, may_not = (pl.col("disposition") == DISPOSITIONS[at] for at in (1, 3))
    both = rows.group_by("household_id").agg(
        pl.col("region_code", "vulnerable", "standard_fen_month", "age").max(), may=may.any(), may_not=may_not.any(),
        persons=pl.col("persons").max(), causes=pl.col("cause").sort(),
    ).filter(pl.col("may") & pl.col("may_not"))  # fmt: skip
    made = both.with_columns(
        cause=pl.lit(OPPOSITE), compared=pl.col("causes").list.join(" "), person_ids=pl.lit([], pl.List(pl.Int64))
    ).join(rules, on=["region_code", "cause"])
    return pl.concat([rows, made.drop("may", "may_not", "causes")], how="diagonal")


def _deadline(as_of: date) -> pl.Expr:
    """The last day the law gives: from the day of the event, from today, or as the cause itself states; empty where it gives none."""
    from_event = pl.col("event_on").dt.offset_by(pl.format("{}mo", pl.col("clock_months")))
    stated = pl.when(pl.col("clock").is_in(["review_date", "price_deadline", "month_end"])).then(
        pl.coalesce("due_on", pl.when(pl.col("clock") == "month_end").then(pl.lit(as_of)))
    )
    return pl.when(pl.col("clock") == "months").then(from_event).otherwise(pl.coalesce("clock_day", stated))


def _points(as_of: date) -> list[pl.Expr]:
    """The parts of the priority: points times units, units up to their cap."""
    lasting = pl.max_horizontal("months", pl.lit(month_number(as_of)) - month_of("event_on"))
    units = {
        "urgent": pl.col("urgent").cast(pl.Int64),
        "vulnerable": pl.col("vulnerable"),
        "lasting": lasting.cast(pl.Int64),
        "amount": pl.col("amount_fen") // pl.col("standard_fen_month"),
        "overdue": pl.col("overdue").cast(pl.Int64),
    }
    return [
        (count.fill_null(0).clip(0, parts()[name].cap) * parts()[name].points).alias(f"points_{name}")
        for name, count in units.items()
    ]
