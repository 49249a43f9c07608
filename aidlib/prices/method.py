"""The method of a place over the months in which none of its rows of law change: conditions, amounts, contradicting statements.

A method is read from the book once and kept as long as the book is; deciding a month is then arithmetic.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from weakref import WeakKeyDictionary

from aidlib.law import Book, LocalLaw, Status, Value, weakest
from aidlib.law.load import Entry
from aidlib.money import Rounding
from aidlib.prices.months import first_day
from aidlib.prices.triggers import Line, Start
from aidlib.regions import NATION, lineage, region

TOKEN = re.compile(r"^([a-z_|]+)(>=|>)$")
LINKAGE = "linkage_"
BANDS = tuple(f"band{place}" for place in range(1, 10))
CEILED = ("cpi", "food", "scpi")
LEVELS = {"nation": "country", "province": "province", "prefecture": "prefecture", "county": "county"}
TERMS = {
    "fixed": ("fixed_yuan",),
    "points": ("point_yuan",),
    "full_points": ("point_yuan",),
    "food_points": ("food_base_yuan", "food_step_yuan", "food_from"),
    "ratio": ("group_ratio",),
}
"""Names of the numbers that a form of the amount needs beside the rise."""
IN_FORCE, NATIONAL, ABOVE = "in_force", "national_form", "later_rule_above"
ALTERNATIVE = "alternative"
"""First letters of the group word of a statement that contradicts the row in force."""


@dataclass(frozen=True)
class AmountRule:
    """How the amount of a group is computed, as the law states it; several groups may share one.

    Attributes
    ----------
    amount : Value or None
        Row that says the form.
    factors, bases : tuple of str
        Index multiplied, and standard it is applied to; several where the source does not say which, none where no row does.
    terms : tuple of Value
        Numbers the form needs; fewer than it needs where one is not known.
    limits, shares, sums : tuples
        Lower limits of bands, and their shares of the standard or amounts.
    coefficient, above : Value or None
        Coefficient of the rise, and the points of it that do not count.
    lag : Value or None
        Months by which the standard is older than the index.
    floor, floor_share, cap, multiplier, rounding : Value or None
        Limits, the multiplier of a period, the rounding rows.
    ratio_of : str
        Group whose amount a `ratio` multiplies.
    status : str
        Weakest status of these rows.
    """

    amount: Value | None
    factors: tuple[str, ...]
    base: Value | None
    terms: tuple[Value, ...]
    limits: tuple[Fraction, ...]
    shares: tuple[Value | None, ...]
    sums: tuple[Value | None, ...]
    coefficient: Value | None
    above: Value | None
    lag: Value | None
    floor: Value | None
    floor_share: Value | None
    cap: Value | None
    multiplier: Value | None
    rounding: Value | None
    ratio_of: str
    status: Status

    @property
    def form(self) -> str:
        """Form of the amount: share, bands, points, full_points, food_points, fixed, ratio, announced, or unseen; empty where no row says."""
        return self.amount.text if self.amount else ""

    @property
    def national(self) -> bool:
        """True when the form is that of the nation's text, where a place may have one of its own that was not found."""
        return self.amount is not None and self.amount.region == NATION != self.amount.asked

    @cached_property
    def ranged(self) -> bool:
        """True when only a range is known of a number of the rule."""
        numbers = (*self.terms, *self.shares, *self.sums, self.floor, self.floor_share, self.cap)
        return any(".." in value.text for value in numbers if value)

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """Words of the standards that may be the base."""
        return tuple(self.base.text.split("|")) if self.base else ()

    @property
    def lag_months(self) -> int:
        """Months by which the standard is older than the index."""
        return int(self.lag.number) if self.lag else 0

    def counted(self, rise: Fraction) -> Fraction:
        """可计入的涨幅。 What counts of a rise: the points above a start, times a coefficient."""
        over = rise - self.above.number if self.above else rise
        return over * self.coefficient.number if self.coefficient else over

    @cached_property
    def terms_of_amount(self) -> tuple[object, ...]:
        """What an amount depends on: two rules with the same terms give the same."""
        rows = (
            *self.terms,
            *self.shares,
            *self.sums,
            self.coefficient,
            self.above,
            self.lag,
            self.floor,
            self.floor_share,
            self.cap,
            self.multiplier,
            self.rounding,
        )
        numbers = tuple(value.text if value else "" for value in rows)
        return self.form, self.factors, self.bases, self.limits, numbers, self.ratio_of, self.status

    @cached_property
    def roundings(self) -> tuple[Rounding, ...]:
        """Roundings that may hold; none where no row says."""
        return tuple(Rounding.parse(text) for text in self.rounding.text.split("|")) if self.rounding else ()


@dataclass(frozen=True)
class Method:
    """The law of price linkage at a place over the months in which no row of it changes.

    Attributes
    ----------
    place, of : str
        Place that pays, and place whose method is read.
    statement : str
        `in_force`; the group word of a statement that contradicts it; `national_form` or `later_rule_above`, where a newer text
        had to replace a rule and was not found.
    first, last : date
        Days between which the rows hold.
    values : tuple of Value
        Every row read.
    regime, overlay, method : Value or None
        The governing instrument, a temporary overlay, the local method; no local method means the national form.
    starts : tuple of Start
        Start conditions; any of them starts payment.
    groups : dict of str to AmountRule
        Covered groups.
    index_place : str
        Place whose index counts.
    ended : date or None
        Last day of a local method known only for earlier months.
    """

    place: str
    of: str
    statement: str
    first: date
    last: date
    values: tuple[Value, ...]
    regime: Value | None
    overlay: Value | None
    method: Value | None
    starts: tuple[Start, ...]
    groups: dict[str, AmountRule]
    index_place: str
    ended: date | None

    @cached_property
    def rows(self) -> dict[str, Value]:
        """Every row read, by its place in the files."""
        return {value.place: value for value in self.values}

    @cached_property
    def status(self) -> Status:
        """Weakest status of the rows."""
        return weakest("enacted", *(value.status for value in self.values))

    def value(self, name: str, group: str = "") -> Value | None:
        """Return a row that was read, by name."""
        found = (value for value in self.values if value.name == name and value.group in ("", group))
        return max(found, key=lambda value: value.group, default=None)


class _Rows:
    """Rows of one statement of a method on a day, remembered as they are read."""

    def __init__(self, law: LocalLaw, statement: str, outdated: frozenset[str] = frozenset()) -> None:
        self.law, self.statement = law, statement if statement.startswith(ALTERNATIVE) else ""
        self.outdated, self.nation = outdated, law.book.at(NATION, law.on)
        self.read: dict[str, Value] = {}

    def rule(self, name: str, group: str = "") -> Value | None:
        """Read a row that the place may do without: that of a contradicting statement first, none of a place whose rule is outdated."""
        words = (f"{self.statement}:{group}", self.statement, group) if self.statement else (group,)
        wanted = "|".join(word for word in words if word.strip(":"))
        value = self.law.optional(f"{LINKAGE}{name}", wanted)
        if value is not None and value.region in self.outdated and value.end == date.max:
            value = self.nation.optional(f"{LINKAGE}{name}", wanted)
        if value is not None:
            self.read[value.place] = value
        return value

    def text(self, name: str, group: str = "") -> str:
        """Read a row of words; empty where there is none."""
        value = self.rule(name, group)
        return value.text if value else ""

    def starts(self) -> Iterator[Start]:
        """Read the start conditions: `>=` reaches, `>` exceeds, `a|b` one of two that the source does not name."""
        for token in self.text("conditions").split():
            if match := TOKEN.match(token):
                yield self._start(tuple(match[1].split("|")), match[2])

    def _start(self, indices: tuple[str, ...], sign: str) -> Start:
        window, months = self.text("window") or "single", self.rule("window_months")
        count = int(months.number) if months and window != "single" else 1
        value, ceiling, line = self._line(indices[0], sign)
        end = self.rule("end_low_months") if window == "consecutive" else None
        return Start(indices, line, value, ceiling, window, count, int(end.number) if end else 0,
                     f"{end.start:%Y-%m}" if end else "")  # fmt: skip

    def _line(self, index: str, sign: str) -> tuple[Value | None, Value | None, Line | None]:
        """Find the line of an index; a place's own line may be lower than the ceiling of an overlay, never higher."""
        value = self.rule(f"{index}_trigger")
        if value is None:
            return None, None, None
        low, high = value.bounds
        ceiling = self.rule(f"{index}_trigger_max") if index in CEILED else None
        if ceiling is None or high <= ceiling.number:
            return value, None, Line(low, high, sign == ">")
        return value, ceiling, Line(min(low, ceiling.number), ceiling.number, sign == ">")

    def amount(self, group: str) -> AmountRule:
        """Read how the amount of a group is computed."""
        own, self.read = self.read, {}
        amount = self.rule("amount", group)
        form = amount.text if amount else ""
        factors = self.text("factor", group) if form not in ("fixed", "announced", "ratio") else ""
        terms = [self.rule(name, group) for name in TERMS.get(form, ())]
        share = form == "share"
        bands = form == "bands"
        limits = [self.rule("band_from", f"{group}:{band}|{band}") for band in BANDS] if bands else []
        shares = [self.rule("band_share", f"{group}:{band}|{band}") for band in BANDS] if bands else []
        sums = [self.rule("band_yuan", f"{group}:{band}|{band}") for band in BANDS] if bands else []
        base = self.rule("base", group) if share or any(shares) else None
        lag = self.rule("base_lag_months", group) if base else None
        coefficient = self.rule("coefficient", group) if share else None
        above = self.rule("point_from", group) if form in ("points", "full_points") else None
        floor, floor_share = self.rule("floor_yuan", group), self.rule("floor_share", group)
        cap, multiplier = self.rule("cap_yuan", group), self.rule("multiplier", group)
        used, self.read = self.read, {**own, **self.read}
        stands_in = "estimated" if amount and amount.region == NATION != amount.asked else "enacted"
        status = weakest(stands_in, *(value.status for value in used.values()))
        return AmountRule(
            amount, tuple(factors.split("|")) if factors else (), base, tuple(term for term in terms if term),
            tuple(limit.number for limit in limits if limit), tuple(shares), tuple(sums), coefficient, above, lag,
            floor, floor_share, cap, multiplier,
            self.rule("rounding", group), self.text("ratio_of", group) if form == "ratio" else "", status,
        )  # fmt: skip


_KEPT: WeakKeyDictionary[Book, dict[tuple[str, str], _Turns]] = WeakKeyDictionary()


class _Turns:
    """The methods of one place (with a lender's rules), each read when first asked for, between the days on which a row begins or ends."""

    def __init__(self, book: Book, place: str, lender: str) -> None:
        self.book, self.place, self.lender = book, place, lender
        self.days = _turning_days(book, lender)
        self.read: dict[tuple[int, str], Method] = {}
        self.known: dict[int, tuple[Method, ...]] = {}

    def at(self, on: date, statement: str = "") -> tuple[Method, ...]:
        """Read the method in force on a day and every statement beside it, or one statement alone."""
        turn = bisect_right(self.days, on) - 1
        if statement:
            return (self._method(turn, statement),)
        if turn not in self.known:
            self.known[turn] = tuple(self._statements(turn))
        return self.known[turn]

    def _statements(self, turn: int) -> Iterator[Method]:
        first = self._method(turn, IN_FORCE)
        yield first
        seen = {first.values}
        for statement in [*self._alternatives(self.days[turn]), *_replaced(first, self.book)]:
            other = self._method(turn, statement)
            if other.values not in seen:
                seen.add(other.values)
                yield other

    def _alternatives(self, on: date) -> tuple[str, ...]:
        names = [name for name in self.book.tables.names if name.startswith(LINKAGE)]
        words = (word for name in names for word in self.book.groups(self.lender, name, on))
        return tuple(dict.fromkeys(word.partition(":")[0] for word in words if word.startswith(ALTERNATIVE)))

    def _method(self, turn: int, statement: str) -> Method:
        if (turn, statement) not in self.read:
            last = self.days[turn + 1] - timedelta(days=1) if turn + 1 < len(self.days) else date.max
            self.read[turn, statement] = _read(self.book, self.place, self.lender, statement, self.days[turn], last)
        return self.read[turn, statement]


def _read(book: Book, place: str, lender: str, statement: str, first: date, last: date) -> Method:
    of = region(lender).parent if statement == ABOVE else lender
    law = book.at(of, first)
    rows = _Rows(law, statement, _outdated(law) if statement == NATIONAL else frozenset())
    regime, overlay, method = (rows.rule(name) for name in ("regime", "overlay", "method"))
    starts = tuple(rows.starts())
    covered = [group for group in book.groups(of, f"{LINKAGE}covered", first) if not group.startswith(ALTERNATIVE)]
    shared: dict[AmountRule, AmountRule] = {}
    groups = {}
    for group in sorted(covered):
        flag = rows.rule("covered", group)
        if flag is not None and flag.flag:
            rule = rows.amount(group)
            groups[group] = shared.setdefault(rule, rule)
    for name in ("pay", "pay_workdays", "pay_months", "local_update_by"):
        rows.rule(name)
    index_place = _index_place(place, rows.text("index_of"))
    return Method(place, of, statement, first, last, tuple(rows.read.values()), regime, overlay, method, starts, groups,
                  index_place, _ended(book, of, first))  # fmt: skip


def _ended(book: Book, of: str, first: date) -> date | None:
    rows = (row for code in lineage(of) for row in book.rows(code, f"{LINKAGE}method"))
    return max((row.end for row in rows if row.end < first), default=None)


def _index_place(place: str, level: str) -> str:
    """Find the place whose index counts: the place itself unless a row names a level above it."""
    return next((code for code in lineage(place) if region(code).level == LEVELS.get(level)), place)


def _replaced(method: Method, book: Book) -> Iterator[str]:
    """Tell which newer text stands beside a rule that may have been replaced by it.

    The national text that asked for new local rules by a day, where a place has not been heard of since; and the rule of the place
    above where it is younger than the place's own. A rule with a last day has been looked at: it held until then.
    """
    own, outdated = method.method, _outdated(book.at(method.of, method.first))
    if any(value.region in outdated and value.end == date.max for value in method.values):
        yield NATIONAL
    if own is None or own.region != method.of or own.region == NATION or own.end < date.max:
        return
    above = book.at(region(own.region).parent, method.first).optional(f"{LINKAGE}method")
    if above is not None and above.start > _last_heard(book, own.region, method.first):
        yield ABOVE


def _outdated(law: LocalLaw) -> frozenset[str]:
    """Find the places whose rules had to be renewed by a day that has passed, and none of whose rows is as young as the text that asked."""
    due = law.optional(f"{LINKAGE}local_update_by")
    if due is None or due.text >= f"{law.on}":
        return frozenset()
    heard = {code: _last_heard(law.book, code, law.on) for code in lineage(law.place) if code != NATION}
    return frozenset(code for code, last in heard.items() if date.min < last < due.start)


def _last_heard(book: Book, place: str, on: date) -> date:
    """Find the first day of the youngest row of a place itself."""
    names = [name for name in book.tables.names if name.startswith(LINKAGE)]
    begun = (entry.start for name in names for entry in book.rows(place, name) if entry.start <= on)
    return max(begun, default=date.min)


def _turning_days(book: Book, lender: str) -> list[date]:
    """List the days on which a row of price linkage begins, or has just ended, at a place or above it."""
    days = {date.min}
    for entry in _entries(book, lender):
        days.add(entry.start)
        days |= {entry.end + timedelta(days=1)} if entry.end < date.max else set()
        if entry.key[1] == f"{LINKAGE}local_update_by":
            days.add(date.fromisoformat(entry.row["value"]) + timedelta(days=1))
    return sorted(days)


def _entries(book: Book, lender: str) -> Iterator[Entry]:
    names = [name for name in book.tables.names if name.startswith(LINKAGE)]
    return (entry for code in lineage(lender) for name in names for entry in book.rows(code, name))


def methods(book: Book, place: str, month: str, method_of: str = "", statement: str = "") -> tuple[Method, ...]:
    """Read the method of a place in a month, and every statement of it that the book does not rule out."""
    home, on = region(place).code, first_day(month)
    lender = region(method_of).code if method_of else home
    kept = _KEPT.setdefault(book, {})
    if (home, lender) not in kept:
        kept[home, lender] = _Turns(book, home, lender)
    found = kept[home, lender].at(on, statement)
    for method in found:
        book.reads.update(method.rows)
    return found


def places(book: Book) -> tuple[str, ...]:
    """List every region with a local linkage method of its own, in order of code.

    Examples
    --------
    >>> "450300" in places(Book()), "000000" in places(Book())
    (True, False)
    """
    own = {entry.key[0] for entry in book.tables.entries if entry.key[1].startswith(LINKAGE)}
    return tuple(sorted(own - {NATION}))
