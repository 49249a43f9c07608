"""What the law says of each cause of alert at each place: disposition, department, and the clock that runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from aidlib.errors import LawGap
from aidlib.law import Book, LocalLaw, Value, weakest
from aidlib.law.workdays import add_workdays
from aidlib.monitoring.vocabulary import Cause, causes

DISPOSITIONS = ("not_delivered", "may_qualify", "complex", "may_not_qualify")
NO_DAYS, CANNOT_TELL = "no_days", "cannot_tell"
WORKDAY = "workday"
_SCHEMA = {
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
    """Read the rules of every cause that is in force at a place on a day; the day is the day of the alert.

    Examples
    --------
    >>> found = alert_rules(Book().at("450400", date(2026, 10, 31)))
    >>> one = found["single_entry_missed"]
    >>> one.rule.text, one.department.text, one.ends_on
    ('may_qualify', '民政部门', datetime.date(2026, 12, 11))
    >>> found["income_over_line"].how, found["review_overdue"].rule.region
    ('no_days', '450400')
    """
    found = {}
    for name, cause in causes().items():
        if (rule := law.optional("alert_rule", name)) is not None:
            found[name] = _rule(law, cause, rule)
    return found


def _rule(law: LocalLaw, cause: Cause, rule: Value) -> AlertRule:
    action = law.optional("alert_action", rule.text)
    department = law.find("competent_department", cause.programme)
    clock = law.optional("alert_clock", cause.name)
    known = clock is not None and clock.text in law.book.tables.names
    length = law.find(clock.text) if clock and known else None
    ends_on, how = _ends(law, clock, length)
    return AlertRule(cause, rule, action, department, clock, length, ends_on, how)


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
    """Lay the rules of several places out as a table to be joined: one row a place and cause.

    Returns
    -------
    polars.DataFrame
        region_code, cause, disposition, rule (file and line of the law row), department, clock (how the deadline is found),
        clock_months, clock_day, rule_status, urgent.

    Examples
    --------
    >>> found = rule_table(Book(), ["450400"], date(2026, 10, 31))
    >>> found.filter(pl.col("cause") == "dibao_after_death").select("disposition", "clock", "clock_months").row(0)
    ('may_not_qualify', 'months', 3)
    """
    rows = [_row(code, each) for code in dict.fromkeys(codes) for each in alert_rules(book.at(code, on)).values()]
    return pl.DataFrame(rows, schema=_SCHEMA)


def _row(code: str, each: AlertRule) -> dict[str, object]:
    months = int(each.length.number) if each.length and each.length.unit != WORKDAY else None
    return {
        "region_code": code, "cause": each.cause.name, "disposition": each.rule.text, "rule": each.rule.place,
        "department": each.department.text if each.department else None, "clock": each.how, "clock_months": months,
        "clock_day": each.ends_on, "rule_status": each.status, "urgent": each.cause.urgent,
    }  # fmt: skip
