"""Alerts: what the law says of each cause, one alert for each cause and family with its deadline and priority, and what became of last month's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from aidlib.errors import Fault, LawGap, RegisterFault
from aidlib.law import Book, LocalLaw, Value, weakest
from aidlib.law.workdays import add_workdays
from aidlib.monitoring.causes import signals
from aidlib.monitoring.facts import Facts
from aidlib.monitoring.inputs import need
from aidlib.monitoring.ledgers import FAMILY, month_number, month_of
from aidlib.monitoring.vocabulary import Cause, causes, parts

DISPOSITIONS = ("not_delivered", "may_qualify", "complex", "may_not_qualify")
NO_DAYS, CANNOT_TELL = "no_days", "cannot_tell"
WORKDAY = "workday"
_RULES = {
    "region_code": pl.String, "cause": pl.String, "disposition": pl.String, "rule": pl.String, "department": pl.String,
    "clock": pl.String, "clock_months": pl.Int64, "clock_day": pl.Date, "rule_status": pl.String, "urgent": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class AlertRule:
    """One cause at one place on one day.

    Attributes
    ----------
    cause : Cause
        In words.
    rule, action, department, clock : Value or None
        Rows of the law book: the article that seems not to be kept and the disposition, what is done, who is competent, and
        the clock; None where the book has none. A clock of None means that the law sets no number of days.
    length : Value or None
        The length of the clock, where the clock is another name of the book.
    ends_on : date or None
        The last day, where the clock counts working days from the alert.
    how : str
        no_days, cannot_tell (no holiday table), workdays, months, or the word of the clock.
    """

    cause: Cause
    rule: Value
    action: Value | None
    department: Value | None
    clock: Value | None
    length: Value | None
    ends_on: date | None
    how: str

    @property
    def values(self) -> tuple[Value, ...]:
        """Every row it rests on."""
        return tuple(v for v in (self.rule, self.action, self.department, self.clock, self.length) if v is not None)

    @property
    def status(self) -> str:
        """Weakest status of these rows."""
        return weakest(*(value.status for value in self.values))


def alert_rules(law: LocalLaw) -> dict[str, AlertRule]:
    """Read the rules of every cause that is in force at a place on a day; the day is the day of the alert."""
    rules = {}
    for name, cause in causes().items():
        if (rule := law.optional("alert_rule", name)) is not None:
            clock = law.optional("alert_clock", name)
            length = law.find(clock.text) if clock and clock.text in law.book.tables.names else None
            action, department = (
                law.optional("alert_action", rule.text),
                law.find("competent_department", cause.programme),
            )
            rules[name] = AlertRule(cause, rule, action, department, clock, length, *_ends(law, clock, length))
    return rules


def _ends(law: LocalLaw, clock: Value | None, length: Value | None) -> tuple[date | None, str]:
    if clock is None:
        return None, NO_DAYS
    if length is None or length.unit != WORKDAY:
        return None, "months" if length else clock.text
    try:
        return add_workdays(law.on, int(length.number)), "workdays"
    except LawGap:
        return None, CANNOT_TELL


def rule_table(book: Book, codes: Iterable[str], on: date) -> pl.DataFrame:
    """Lay the rules of several places out as a table to be joined: one row a place and cause."""
    rows = [
        {
            "region_code": code, "cause": name, "disposition": each.rule.text, "rule": each.rule.place,
            "department": each.department.text if each.department else None, "clock": each.how,
            "clock_months": int(each.length.number) if each.length and each.length.unit != WORKDAY else None,
            "clock_day": each.ends_on, "rule_status": each.status, "urgent": each.cause.urgent,
        }
        for code in dict.fromkeys(codes)
        for name, each in alert_rules(book.at(code, on)).items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_RULES)


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
    """Raise the alerts of a month."""
    tested = signals(facts, frozenset(rules["cause"]))
    one_each = _with_opposites(_one_each(tested.rows, facts).join(rules, on=["region_code", "cause"]), rules)
    dated = one_each.with_columns(deadline=_deadline(as_of)).with_columns(
        overdue=(pl.col("deadline") < as_of).fill_null(False)
    )
    rated = dated.with_columns(_points(as_of)).with_columns(priority=pl.sum_horizontal(SUMMED))
    order = rated.sort("priority", "household_id", "cause", descending=[True, False, False])
    return Alerts(
        order.drop("clock_months", "clock_day", "due_on", "urgent", "vulnerable", "standard_fen_month"),
        tested.not_tested,
    )


def _one_each(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row a household and cause: the persons concerned, the earliest day, the widest gap, all the money."""
    person = pl.col("person_id").filter(pl.col("person_id") != FAMILY)
    each = rows.group_by(KEY).agg(
        person_ids=person.unique().sort(), event_on=pl.col("event_on").min(), due_on=pl.col("due_on").min(),
        distance_fen=pl.col("distance_fen").max(), amount_fen=_sum("amount_fen"), months=pl.col("months").max(),
    )  # fmt: skip
    own = facts.households.select("household_id", "region_code", "living", "vulnerable", "standard_fen_month")
    concerned = pl.col("person_ids").list.len()
    counted = each.join(own, on="household_id").with_columns(
        persons=pl.when(concerned > 0).then(concerned).otherwise("living").cast(pl.Int64)
    )
    first = facts.persons.group_by("household_id").agg(applicant=pl.col("person_id").min())
    ages = facts.persons.select(concerned="person_id", age=pl.col("age").cast(pl.Int64))
    who = pl.coalesce(pl.col("person_ids").list.first(), "applicant")
    named = counted.join(first, on="household_id", how="left").with_columns(concerned=who)
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


STATES = ("new", "open", "again", "resting")
ACTIONS = ("snooze", "close")
DECISIONS = ("household_id", "cause", "compared", "action", "until", "reason")


def carry(
    fresh: pl.DataFrame, before: pl.DataFrame | None, decisions: pl.DataFrame | None, as_of: date
) -> pl.DataFrame:
    """Give each alert of this month its state."""
    kept = _decided(decisions, as_of)
    both = fresh.join(_first_seen(before), on=list(KEY), how="left").join(kept, on=list(KEY), how="left")
    same = (pl.col("decided_about") == pl.col("compared")).fill_null(False)
    rests, decided = same & pl.col("in_force"), pl.col("decided_about").is_not_null()
    seen = pl.col("first_seen").is_not_null()
    state = pl.when(rests).then(pl.lit("resting")).when(decided).then(pl.lit("again")).when(seen).then(pl.lit("open"))
    return both.with_columns(
        state=state.otherwise(pl.lit("new")), first_seen=pl.coalesce("first_seen", pl.lit(as_of))
    ).drop("decided_about", "in_force")


def _first_seen(before: pl.DataFrame | None) -> pl.DataFrame:
    if before is None:
        return pl.DataFrame(schema={"household_id": pl.Int64, "cause": pl.String, "first_seen": pl.Date})
    if "first_seen" not in before.columns:
        raise RegisterFault("last month's alerts have no first_seen", hint="keep what `carry` returned")
    return before.select(*KEY, "first_seen")


def _decided(decisions: pl.DataFrame | None, as_of: date) -> pl.DataFrame:
    schema = {
        "household_id": pl.Int64,
        "cause": pl.String,
        "decided_about": pl.String,
        "reason": pl.String,
        "in_force": pl.Boolean,
    }
    if decisions is None:
        return pl.DataFrame(schema=schema)
    need(decisions.lazy(), DECISIONS, "decisions")
    if faults := list(_faults(decisions)):
        raise RegisterFault(faults)
    last = decisions.unique(list(KEY), keep="last", maintain_order=True)
    holds = (pl.col("action") == "close") | (pl.col("until") >= pl.lit(as_of)).fill_null(False)
    return last.select(*KEY, decided_about="compared", reason="reason", in_force=holds)


def _faults(decisions: pl.DataFrame) -> list[Fault]:
    snooze = pl.col("action") == "snooze"
    checks = (
        (~pl.col("action").is_in(ACTIONS), "unknown action", " or ".join(ACTIONS)),
        (pl.col("reason").fill_null("").str.strip_chars() == "", "a decision without a reason", "why the alert is put to rest"),
        (snooze & pl.col("until").is_null(), "a snooze without an end", "a day"),
    )  # fmt: skip
    rows = decisions.with_row_index("row", 1)
    return [
        Fault(what, f"decisions row {at}", expected)
        for wrong, what, expected in checks
        for at in rows.filter(wrong)["row"]
    ]


def ended(fresh: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """List last month's alerts that are no more."""
    if before is None:
        return fresh.clear()
    return before.join(fresh.select(list(KEY)), on=list(KEY), how="anti")
