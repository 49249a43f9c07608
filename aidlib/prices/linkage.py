"""Price linkage: did a place's subsidy start in a month, by which condition, and what was each group due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from aidlib.errors import LawGap
from aidlib.indices import Figure, Figures, Release, release
from aidlib.known import Note
from aidlib.law import Book, Status, Value, weakest
from aidlib.law.workdays import add_workdays
from aidlib.prices import announcement, nowcast
from aidlib.prices.amounts import PAID, Amount, Case, amounts, paid
from aidlib.prices.method import Method, methods, places
from aidlib.prices.months import last_day, span
from aidlib.prices.readings import Reading, Readings
from aidlib.prices.triggers import Condition, any_of, tested
from aidlib.regions import place as place_of

__all__ = ["Decision", "decide", "decisions", "places"]

Outcome = Literal["triggered", "not_triggered", "undetermined"]
_DEADLINES: dict[tuple[object, ...], Deadline] = {}
"""Dates by row, month and release: places share them."""
OUT_OF_REACH = "excluded"
OUTCOMES: dict[str, Outcome] = {"met": "triggered", "not_met": "not_triggered", "cannot_tell": "undetermined"}


@dataclass(frozen=True)
class Deadline:
    """The last day on which the subsidy of an index month may be paid.

    Attributes
    ----------
    rule : Value or None
        The row that says how the date is found.
    day : date or None
        The safe end: whoever pays by this day is in time whichever day the index was released on. None where no date follows from the rule.
    latest : date or None
        The last day that the rule can mean; whoever pays after it is late. The same day where the release day is known.
    note : Note
        The rule, the release day, and which end is safe.
    status : str
        observed; projected where the release day is announced; estimated where it is a range.
    """

    rule: Value | None
    day: date | None
    latest: date | None
    note: Note
    status: Status = "observed"

    @property
    def assumed(self) -> bool:
        """True where the release day leaves the date open: `day` is then the safe end of a range."""
        return self.day != self.latest


def deadline(rule: Callable[[str], Value | None], month: str, released: date | None = None) -> Deadline:
    """指数发布后若干个工作日内，或指数发布当月内发放。 Within so many working days of the index, or in the month of its release.

    The release day is that of the national index (`data/reference/releases.csv`): a local index does not come before it.
    """
    found = rule("linkage_pay")
    when = Release(month, released, released, "observed", (), "") if released else release(month)
    kind = found.text if found else ""
    if kind == "workdays":
        return _within(found, rule("linkage_pay_workdays"), when)
    if kind == "release_month":
        early, late = (last_day(f"{day:%Y-%m}") for day in (when.earliest, when.latest))
        return Deadline(found, early, late, Note("pay_release_month"), when.status)
    return Deadline(found, None, None, Note(f"pay_{kind}" if kind else "pay_no_rule"))


def _within(found: Value | None, count: Value | None, when: Release) -> Deadline:
    days = int(count.number) if count else 0
    try:
        early, late = (add_workdays(day, days) for day in (when.earliest, when.latest))
    except LawGap:
        return Deadline(found, None, None, Note("pay_no_holidays", (str(when.latest.year),)), when.status)
    if when.day:
        return Deadline(found, early, late, Note("pay_workdays", (str(when.day), str(days))), when.status)
    open_ = Note("pay_workdays_open", (str(days), *map(str, (when.earliest, when.latest, late, early))))
    return Deadline(found, early, late, open_, when.status)


@dataclass(frozen=True)
class Member:
    """What one statement of the method says of a month."""

    method: Method
    conditions: tuple[Condition, ...]
    outcome: Outcome

    @property
    def statement(self) -> str:
        """Which statement: `in_force`, a contradicting one, or a newer text that had to replace it."""
        return self.method.statement


@dataclass(frozen=True)
class Decision:
    """What the law of a place says about one index month.

    Attributes
    ----------
    place, month : str
        Region code and index month; payment follows later.
    members : tuple of Member
        What each statement of the method says, the one in force first; one where the book knows no doubt.
    outcome : str
        triggered, not_triggered or undetermined; undetermined too where the statements disagree.
    amounts : tuple of Amount
        Per covered group; conditional where the outcome is undetermined, empty where payment did not start.
    stated : Figure or None
        What the place is known to have paid for the month; zero: it said that payment did not start.
    released : date or None
        Day the index was published, where it was given.
    """

    place: str
    month: str
    members: tuple[Member, ...]
    outcome: Outcome
    amounts: tuple[Amount, ...]
    stated: Figure | None
    released: date | None = None

    @property
    def law(self) -> Method:
        """The method in force."""
        return self.members[0].method

    @property
    def method_of(self) -> str:
        """Place whose method was used: the place itself, unless methods are compared."""
        return self.law.of

    @property
    def regime(self) -> Value | None:
        """The governing instrument."""
        return self.law.regime

    @property
    def overlay(self) -> Value | None:
        """A temporary policy laid over it."""
        return self.law.overlay

    @property
    def method(self) -> Value | None:
        """The local method; None means the national form."""
        return self.law.method

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Each start condition with its line, reading and verdict."""
        return self.members[0].conditions

    @property
    def met(self) -> tuple[Condition, ...]:
        """The conditions that started payment."""
        return tuple(condition for condition in self.conditions if condition.verdict == "met")

    @property
    def disagree(self) -> bool:
        """True when statements of the method that the book does not rule out decide the month differently."""
        return len({member.outcome for member in self.members}) > 1

    @property
    def deadline(self) -> Deadline:
        """Latest payment date."""
        rules = {name: self.law.value(name) for name in ("linkage_pay", "linkage_pay_workdays")}
        key = *((row.place, row.text) if row else ("", "") for row in rules.values()), self.month, self.released
        if key not in _DEADLINES:
            _DEADLINES[key] = deadline(rules.get, self.month, self.released)
        return _DEADLINES[key]

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """Every row of law behind the decision: the method's, and the standards'."""
        rows = {value.place: value for member in self.members for value in member.method.values}
        used = (option.standard for amount in self.amounts for option in amount.options if option.standard)
        rows |= {row.place: row for standard in used for row in standard.basis if isinstance(row, Value)}
        return tuple(rows.values())

    @cached_property
    def outcome_status(self) -> Status:
        """How well the outcome is known: observed when a published index alone settles it."""
        each = [condition.status for condition in self.met or self.conditions]
        if self.outcome == "triggered":
            return min(each, key=lambda status: status != "observed")
        return weakest("observed", *each)

    @cached_property
    def status(self) -> Status:
        """Weakest status of everything that went into the outcome and the amounts."""
        return weakest(*(member.method.status for member in self.members), self.outcome_status,
                       *(amount.status for amount in self.amounts))  # fmt: skip

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Every index reading the outcome and the amounts rest on."""
        seen = [reading for member in self.members for c in member.conditions for reading in c.readings if reading]
        used = [o.factor.readings for amount in self.amounts for o in amount.options if o.factor]
        return tuple(dict.fromkeys([*seen, *(reading for each in used for reading in each)]))

    @cached_property
    def missing(self) -> tuple[Note, ...]:
        """What is missing for a firm answer."""
        found = [*_no_rule(self), *_gaps(self)]
        if self.disagree:
            found.append(Note("statements_disagree", tuple(f"{m.statement}={m.outcome}" for m in self.members)))
        if self.outcome == "triggered" and not self.amounts:
            found.append(Note("nobody_covered", (self.month,)))
        found += [note for amount in self.amounts for note in amount.lacks]
        found += [Note("no_rounding")] if any(amount.unrounded for amount in self.amounts) else []
        return tuple(dict.fromkeys(found))

    @cached_property
    def cautions(self) -> tuple[Note, ...]:
        """What a reader must know about this answer."""
        first = [_no_method(self.law)] if self.method is None else []
        if self.method is not None and any(amount.rule.national for amount in self.amounts):
            first.append(Note("national_amount"))
        first += [Note("other_statement", (member.statement,)) for member in self.members[1:]]
        used = [o.standard for amount in self.amounts for o in amount.options if o.standard]
        above = [
            Note("read_above", (r.index, r.place))
            for c in self.conditions
            for r in c.readings
            if r and r.how == "above"
        ]
        bases = [note for one in used if (note := one.note())]
        return tuple(dict.fromkeys([*first, *above, *bases]))

    def amount(self, group: str) -> Amount | None:
        """Return the amount of a group, named by code, label or the words of an announcement.

        Of a name that stands for several groups the first that is covered answers; None where none is, or payment did not start.
        """
        by_code = {amount.group: amount for amount in self.amounts}
        if group in by_code or (group.isidentifier() and group.isascii()):
            return by_code.get(group)
        named = announcement.named_groups(group)
        return next((by_code[code] for code in named if code in by_code), None)


def decide(
    book: Book,
    figures: Figures,
    place: str,
    month: str,
    *,
    method_of: str = "",
    statement: str = "",
    released: date | None = None,
    printed: Mapping[str, object] | None = None,
    readings: Readings | None = None,
) -> Decision:
    """某地某月是否启动价格补贴、依据哪个条件、每类对象补多少。 Did the subsidy start, by which condition, and what is each group due.

    Parameters
    ----------
    book, figures : Book, Figures
        Law and published figures; what is read is remembered in them.
    place, month : str
        Region code or full name, and index month `YYYY-MM`.
    method_of : str, optional
        Another place whose method is to be tried on this place's indices and standards.
    statement : str, optional
        One statement of the method alone, such as `in_force` or `alternative_scpi`. By default all that the book does not rule out
        are computed: where they disagree the outcome cannot be told, and an amount is their spread.
    released : date, optional
        Day the index was published, for the payment deadline.
    printed : mapping, optional
        What an announcement of the month prints: rises in percentage points by index (`{"cpi": "2.3", "scpi": "3.8"}`), standards
        in yuan a month by base or group (`{"dibao_urban": "914"}`). They count as published; all else is read from the figures.
    readings : Readings, optional
        Readings already opened on `figures`, to share their work over many months; `Supposed` ones for a what-if.

    Returns
    -------
    Decision

    Raises
    ------
    RegionUnknown, ParameterFault
        No such region or month; a printed number that is none, or of something unknown.

    Examples
    --------
    >>> found = decide(Book(), Figures(), "320000", "2019-10")
    >>> found.outcome, [condition.indices for condition in found.met], found.outcome_status
    ('triggered', [('cpi',), ('scpi',)], 'observed')
    """
    code = place_of(place).code
    opened = readings or (Readings(figures) if printed is None else announcement.printed(book, figures, month, printed))
    case = Case(book, opened, code, month)
    read = [_member(case, method) for method in methods(book, code, month, method_of, statement)]
    outcomes = {member.outcome for member in read}
    outcome = outcomes.pop() if len(outcomes) == 1 else "undetermined"
    due = amounts(case, [(m.method, m.conditions) for m in read]) if outcome != "not_triggered" else ()
    return Decision(code, month, tuple(read), outcome, due, _stated(case), released)


def _member(case: Case, method: Method) -> Member:
    def read(index: str, month: str) -> Reading | None:
        return case.readings.at(method.index_place, index, month)

    found = tuple(_judged(tested(start, read, case.month), method.index_place, case) for start in method.starts)
    return Member(method, found, OUTCOMES[any_of(condition.verdict for condition in found)])


def _judged(condition: Condition, place: str, case: Case) -> Condition:
    """Judge an index that is not known at all by what the nation's says of it: a line out of reach is not met."""
    if (
        condition.readings != (None,)
        or condition.line is None
        or condition.window != "single"
        or not case.readings.others
    ):
        return condition
    index = condition.indices[0]
    found = nowcast.predict(case.readings.figures, place, case.month, index) if index in nowcast.TARGETS else None
    if found is None:
        return condition
    chance = found.probability_at_least(float(condition.line.low))
    word = nowcast.verdict_of(chance)
    return replace(
        condition, chance=chance, likelihood=word, verdict="not_met" if word == OUT_OF_REACH else "cannot_tell"
    )


def decisions(book: Book, figures: Figures, place: str, first: str, last: str) -> list[Decision]:
    """Decide every month from one to another, oldest first, on shared readings."""
    readings = Readings(figures)
    return [decide(book, figures, place, month, readings=readings) for month in span(first, last)]


def _stated(case: Case) -> Figure | None:
    return next((found for group in PAID if (found := paid(case, group))), None)


def _no_rule(decision: Decision) -> list[Note]:
    if decision.regime is None:
        return [Note("no_regime", (decision.month,))]
    return [] if decision.conditions else [Note("no_conditions")]


def _gaps(decision: Decision) -> list[Note]:
    """Name what each condition lacks, where that leaves the outcome open."""
    if decision.outcome != "undetermined":
        return []
    return [_gap(c) for member in decision.members for c in member.conditions if c.verdict == "cannot_tell"]


def _gap(condition: Condition) -> Note:
    if condition.line is None:
        return Note("no_line", condition.indices)
    if None in condition.readings:
        return Note("index_unknown", condition.indices)
    if condition.window != "single":
        return Note("months_incomplete", condition.indices)
    if condition.line.low != condition.line.high:
        return Note("line_is_a_range", condition.indices)
    return Note("estimate_too_near", condition.indices)


def _no_method(law: Method) -> Note:
    """Tell a place without a method from one whose method is known only for earlier months."""
    return Note("no_local_method") if law.ended is None else Note("local_method_ended", (str(law.ended),))
