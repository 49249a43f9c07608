"""What each covered group is due in a month: base, rise, form, limits, multiplier, one rounding; and how sure each of them is.

Where the law book does not say which base, index, rounding or statement of the rule holds, every one of them is computed: the
spread is the answer, and its members are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import product

from aidlib.indices import Figure
from aidlib.known import Note
from aidlib.law import Book, LocalLaw, Status, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, Rounding
from aidlib.prices.method import TERMS, AmountRule, Method
from aidlib.prices.months import first_day, shift
from aidlib.prices.readings import PAYMENTS, SERIES, Reading, Readings
from aidlib.prices.triggers import Condition
from aidlib.regions import lineage
from aidlib.standards.level_ranges import AREAS, level_range

PERCENT = 100
STATED_WHOLE = ("fixed", "points", "full_points", "food_points", "announced")
"""Forms whose amount the rule itself states: there is nothing left to round."""
WITHOUT_INDEX = ("fixed", "announced", "ratio")
FORMS = ("share", "bands", "points", "full_points", "food_points", "fixed", "ratio")
INDICES = tuple(SERIES)
HALF_UP_FEN = Rounding("half_up", 1)
TO_THE_YUAN = (Rounding("floor", FEN_PER_YUAN), Rounding("ceil", FEN_PER_YUAN))
AVERAGE = "average"
PERSONS = {
    "dibao_urban": "dibao_recipients:urban", "dibao_rural": "dibao_recipients:rural",
    "tekun_urban": "tekun_recipients:urban", "tekun_rural": "tekun_recipients:rural",
}  # fmt: skip
PAID = {
    "dibao_urban": ("urban", "main", "main:city_districts"), "dibao_rural": ("rural", "main", "main:city_districts"),
    "tekun_urban": ("urban", "main", "main:city_districts"), "tekun_rural": ("rural", "main", "main:city_districts"),
    "preferential_person": ("preferential", "main"), "unemployment_benefit": ("unemployed",), "wubao": ("rural_wubao",),
}  # fmt: skip


def share(standard_fen: Fraction | int, rise: Fraction) -> Fraction:
    """补贴 = 标准 × 涨幅。 The subsidy is the standard times the rise of the index; a fall gives nothing."""
    return max(Fraction(standard_fen) * rise / PERCENT, Fraction(0))


def band(limits: Sequence[Fraction], rise: Fraction) -> int | None:
    """达到哪一档就按哪一档。 The highest band whose lower limit the rise reaches, counted from 0; None below the first."""
    reached = [place for place, limit in enumerate(limits) if rise >= limit]
    return max(reached, default=None)


def points(per_point_fen: Fraction | int, rise: Fraction) -> Fraction:
    """每上涨一个百分点补贴若干元，不足一个百分点按一个计。 So much per percentage point, a started point counting whole."""
    return Fraction(per_point_fen) * max(-(-rise.numerator // rise.denominator), 0)


def full_points(per_point_fen: Fraction | int, rise: Fraction) -> Fraction:
    """每上涨满一个百分点补贴若干元，不足一个百分点不计。 So much per full percentage point.

    Examples
    --------
    >>> [full_points(500, Fraction(rise)) for rise in ("3.0", "3.9", "-1")]
    [Fraction(1500, 1), Fraction(1500, 1), Fraction(0, 1)]
    """
    return Fraction(per_point_fen) * max(rise // 1, 0)


def food_points(base_fen: Fraction | int, step_fen: Fraction | int, start: Fraction, rise: Fraction) -> Fraction:
    """基础额加食品价格每满一个百分点的加额。 A base amount, and a step for every full point of food above the start."""
    return Fraction(base_fen) + Fraction(step_fen) * max((rise - start) // 1, 0)


def settle(
    amount_fen: Fraction | int,
    floor_fen: Fraction | int | None = None,
    cap_fen: Fraction | int | None = None,
    multiplier: Fraction | int = 1,
) -> Fraction:
    """先比下限和上限，再乘阶段性倍数，最后才舍入。 Floor and cap first, then the multiplier of the period; rounding comes after."""
    kept = Fraction(amount_fen)
    kept = kept if floor_fen is None else max(kept, Fraction(floor_fen))
    kept = kept if cap_fen is None else min(kept, Fraction(cap_fen))
    return kept * Fraction(multiplier)


def rounded(amount_fen: Fraction, rounding: Rounding | None) -> int | None:
    """Round an amount by the place's rule; None where the rule is unknown, or where `exact` meets a part of a fen."""
    if rounding is None or (rounding.mode == "exact" and amount_fen.denominator != 1):
        return None
    return rounding.apply(amount_fen)


@dataclass(frozen=True)
class Case:
    """A place and index month, with the book and the indices open; what groups share is worked out once."""

    book: Book
    readings: Readings
    place: str
    month: str
    kept: dict[tuple[object, ...], tuple[Option, ...]] = field(default_factory=dict, compare=False, repr=False)
    standards: dict[tuple[str, int], Standard | None] = field(default_factory=dict, compare=False, repr=False)
    factors: dict[tuple[str, str], Factor | None] = field(default_factory=dict, compare=False, repr=False)

    def standard(self, base: str, lag_months: int = 0) -> Standard | None:
        """Find the standard that is the base, of an earlier month where the rule says so; see `standard`."""
        if (base, lag_months) not in self.standards:
            then = replace(self, month=shift(self.month, -lag_months)) if lag_months else self
            self.standards[base, lag_months] = standard(then, base)
        return self.standards[base, lag_months]

    def factor(self, method: Method, name: str, conditions: Sequence[Condition]) -> Factor | None:
        """Find the rise that is multiplied; see `factor`."""
        key = method.statement, name
        if key not in self.factors:
            self.factors[key] = factor(self, method, name, conditions)
        return self.factors[key]

    @property
    def home(self) -> LocalLaw:
        """The law of the place itself on the first day of the index month, for its standards."""
        return self.book.at(self.place, first_day(self.month))


@dataclass(frozen=True)
class Standard:
    """The amount a rise is applied to.

    Attributes
    ----------
    base : str
        Word of the base, such as `dibao_standard:urban`.
    low, point, high : Fraction or None
        Fen a month: ends and, where it is known, the level itself; `high` None where nothing limits it.
    status : str
        Status of what it rests on; anything but the level in force is never better than estimated.
    basis : tuple of Value or Figure
        Rows it rests on; empty where it was supposed or printed.
    how : str
        How it is known: `in_force`, `given`, or what stood in for it.
    """

    base: str
    low: Fraction
    point: Fraction | None
    high: Fraction | None
    status: Status
    basis: tuple[Value | Figure, ...]
    how: str

    @property
    def fen_month(self) -> Fraction | None:
        """The level in fen a month where it is known as a point."""
        return self.point

    def note(self) -> Note | None:
        """What a reader must know before using it; None for the standard in force, or one given by hand."""
        if self.how in ("in_force", "given"):
            return None
        row = self.basis[0]
        if isinstance(row, Figure):
            return Note(self.how if self.how in ("average", "above") else f"{self.how}_average", (row.period,))
        return Note(self.how, (str(row.end),))

    @property
    def whole_fen(self) -> tuple[int, int | None, int | None]:
        """Lower end, point and upper end in whole fen, the ends rounded outwards."""
        point, high = self.point, self.high
        return (
            int(self.low // 1),
            None if point is None else HALF_UP_FEN.apply(point),
            None if high is None else int(-(-high // 1)),
        )

    @property
    def ends(self) -> tuple[Fraction, Fraction | None, Fraction | None]:
        """Lower end, point and upper end."""
        return self.low, self.point, self.high


@dataclass(frozen=True)
class Factor:
    """The rise an amount is computed with, and its ends; `high` is None where a second index that could be higher is unknown."""

    index: str
    low: Fraction
    rise: Fraction
    high: Fraction | None
    readings: tuple[Reading, ...]

    @property
    def status(self) -> Status:
        """Observed, or estimated when any reading is."""
        return "estimated" if self.high is None else weakest(*(reading.status for reading in self.readings))


@dataclass(frozen=True)
class Option:
    """What one statement of the rule gives with one base and one index.

    Attributes
    ----------
    statement, base, index : str
        Which statement, standard and index these are; `base` and `index` empty where the form has none.
    standard, factor : Standard, Factor or None
        What went in.
    low, exact, high : Fraction or None
        Exact fen before rounding, and its ends. `exact` is None where only the ends are known, `high` None where nothing
        limits the amount; all are None where nothing is known.
    status : str
        Weakest status of what went in.
    lacks : Note or None
        What is missing for an exact amount.
    rule : AmountRule or None
        The rule it follows, for its rounding; None where the statement does not cover the group.
    """

    statement: str
    rule: AmountRule | None = None
    base: str = ""
    index: str = ""
    standard: Standard | None = None
    factor: Factor | None = None
    low: Fraction | None = None
    exact: Fraction | None = None
    high: Fraction | None = None
    status: Status = "enacted"
    lacks: Note | None = None

    @property
    def roundings(self) -> tuple[Rounding, ...]:
        """Roundings that may hold."""
        return self.rule.roundings if self.rule else ()

    def rounded(self, amount: Fraction | None) -> set[int]:
        """Round by every rounding that may hold; where no row says, to the fen and to the yuan below and above."""
        if amount is None or self.rule is None:
            return set() if amount is None else {int(amount)}
        if self.rule.form in STATED_WHOLE and amount.denominator == 1:
            return {int(amount)}
        if not self.rule.roundings:
            return {rounding.apply(amount) for rounding in (HALF_UP_FEN, *TO_THE_YUAN)}
        each = [rounded(amount, rounding) for rounding in self.rule.roundings]
        return {fen for fen in each if fen is not None} or {int(amount // 1), int(-(-amount // 1))}


@dataclass(frozen=True)
class Amount:
    """One group's subsidy for one month, per person.

    Attributes
    ----------
    group : str
        Group of persons.
    rule : AmountRule
        How the amount is computed, in the statement in force (or the first that covers the group).
    options : tuple of Option
        What each statement, base and index gives: one where there is no doubt.
    paid : Figure or None
        What the place is known to have paid.
    persons : Figure or None
        Head-count of the group.
    """

    group: str
    rule: AmountRule
    options: tuple[Option, ...]
    paid: Figure | None = None
    persons: Figure | None = None

    @cached_property
    def low_fen(self) -> Fraction | None:
        """Least exact amount over the options; None where one of them has none."""
        lows = [option.low for option in self.options]
        return min(low for low in lows if low is not None) if lows and None not in lows else None

    @cached_property
    def high_fen(self) -> Fraction | None:
        """Greatest exact amount over the options; None where one of them has no upper end."""
        highs = [option.high for option in self.options]
        return max(high for high in highs if high is not None) if highs and None not in highs else None

    @cached_property
    def exact_fen(self) -> Fraction | None:
        """Exact amount before rounding, where every option gives the same."""
        exact = {option.exact for option in self.options}
        return exact.pop() if len(exact) == 1 else None

    @property
    def form(self) -> str:
        """Form of the rule: share, bands, points, full_points, food_points, fixed, ratio or announced."""
        return self.rule.form

    @property
    def rounding(self) -> Value | None:
        """The place's rounding row; None: unknown, so no whole amount is claimed unless every rounding gives the same."""
        return self.rule.rounding

    @property
    def standard(self) -> Standard | None:
        """The base of the first option."""
        return self.options[0].standard if self.options else None

    @property
    def factor(self) -> Factor | None:
        """The rise of the first option."""
        return self.options[0].factor if self.options else None

    @cached_property
    def status(self) -> Status:
        """Weakest status of everything that went in; options that differ make it no better than estimated."""
        differ = len({(option.low, option.high) for option in self.options}) > 1
        return weakest("estimated" if differ else "enacted", *(option.status for option in self.options))

    @property
    def lacks(self) -> tuple[Note, ...]:
        """What is missing for an exact amount."""
        return tuple(dict.fromkeys(option.lacks for option in self.options if option.lacks))

    def fen(self, end: str = "exact") -> int | None:
        """Round the exact amount (or its `low` or `high` end); None where it is unknown or roundings that may hold differ."""
        amount: Fraction | None = getattr(self, f"{end}_fen")
        if amount is None:
            return None
        found = set().union(*(option.rounded(amount) for option in self.options))
        return found.pop() if len(found) == 1 else None

    @property
    def candidates(self) -> tuple[int, ...]:
        """Whole fen that may be due, lowest first, where only the rounding or which option holds is not known; else empty."""
        if not self.options or any(option.exact is None for option in self.options):
            return ()
        return tuple(sorted(set().union(*(option.rounded(option.exact) for option in self.options))))

    @property
    def ends_fen(self) -> tuple[int | None, int | None]:
        """Least and greatest whole fen that may be due, every rounding that may hold considered."""
        low = None if self.low_fen is None else min(min(option.rounded(option.low)) for option in self.options)
        return low, None if self.high_fen is None else max(max(option.rounded(option.high)) for option in self.options)

    @property
    def point_fen(self) -> int | None:
        """The whole fen due; where the rounding is not known, the exact amount to the fen."""
        whole = self.fen()
        return HALF_UP_FEN.apply(self.exact_fen) if whole is None and self.exact_fen is not None else whole

    @property
    def unrounded(self) -> bool:
        """True when an amount is known but not which rounding holds."""
        return self.exact_fen is not None and self.fen() is None

    @property
    def shown_fen(self) -> Fraction | int | None:
        """The rounded amount where the rounding is known, else the exact one."""
        return self.shown("exact")

    def shown(self, end: str) -> Fraction | int | None:
        """Return an end (`low`, `exact` or `high`) rounded where the rounding is known, else exact."""
        whole = self.fen(end)
        exact: Fraction | None = getattr(self, f"{end}_fen")
        return exact if whole is None else whole

    @property
    def total_fen(self) -> Fraction | None:
        """Persons times amount, where both are known."""
        if self.persons is None or self.shown_fen is None:
            return None
        return self.persons.plain * self.shown_fen


Tested = tuple[Method, tuple[Condition, ...]]
NO_FACTOR = Factor("", Fraction(0), Fraction(0), Fraction(0), ())
LOW, HIGH = 0, 1


def amounts(case: Case, tested: Sequence[Tested]) -> tuple[Amount, ...]:
    """Compute every covered group's amount for a month that pays, or might."""
    groups = sorted({group for method, _ in tested for group in method.groups})
    return tuple(_amount(case, tested, group) for group in groups)


def _amount(case: Case, tested: Sequence[Tested], group: str) -> Amount:
    found: list[Option] = []
    for method, conditions in tested:
        rule = method.groups.get(group)
        if rule is None:
            nobody = Note("not_covered", (method.statement,))
            found.append(Option(method.statement, low=Fraction(0), exact=Fraction(0), high=Fraction(0), lacks=nobody))
        elif rule.form == "announced":
            found.append(_announced(case, method, rule, group))
        else:
            key = (method.statement, *rule.terms_of_amount)
            if key not in case.kept:
                case.kept[key] = tuple(_computed(case, method, conditions, rule))
            found += case.kept[key]
    rules = (method.groups.get(group) for method, _ in tested)
    first = next(rule for rule in rules if rule is not None)
    distinct = {
        (option.low, option.exact, option.high, option.lacks, option.roundings): option for option in reversed(found)
    }
    return Amount(group, first, tuple(distinct.values())[::-1], paid(case, group), persons(case, group))


def _announced(case: Case, method: Method, rule: AmountRule, group: str) -> Option:
    """The place sets the amount every month: it is known only where it was published, else it is at least the floor."""
    if (figure := paid(case, group)) is not None:
        fen = figure.value * FEN_PER_YUAN
        return Option(method.statement, rule, low=fen, exact=fen, high=fen, status=figure.status)
    parts = [f"{part.region}={part.text}" for part in paid_in_parts(case, group)]
    floor = rule.floor.text if rule.floor else ""
    return _settled(Option(method.statement, rule, status=rule.status, lacks=Note("announced", (floor, *parts))), rule)


def _computed(case: Case, method: Method, conditions: Sequence[Condition], rule: AmountRule) -> Iterator[Option]:
    for base, index in product(rule.bases or ("",), rule.factors or ("",)):
        yield _settled(_before_limits(case, method, conditions, rule, base, index), rule)


def _before_limits(
    case: Case, method: Method, conditions: Sequence[Condition], rule: AmountRule, base: str, index: str
) -> Option:
    """Compute the amount and its ends with one base and one index, before floor, cap, multiplier and rounding."""
    if rule.form == "ratio":
        return _multiple(case, method, conditions, rule)
    rise = case.factor(method, index, conditions) if rule.form not in WITHOUT_INDEX else NO_FACTOR
    base_found = case.standard(base, rule.lag_months) if base and (rise or rule.floor_share) else None
    parts = [part.status for part in (base_found, rise) if part and part is not NO_FACTOR]
    option = Option(method.statement, rule, base, index, base_found, None if rise is NO_FACTOR else rise,
                    status=weakest(rule.status, *parts))  # fmt: skip
    if lacks := _lacking(rule, base_found, rise, index, conditions):
        return replace(option, lacks=lacks)
    return _with_ends(option, rule, rise or NO_FACTOR)


def _with_ends(option: Option, rule: AmountRule, rise: Factor) -> Option:
    low_base, base, high_base = option.standard.ends if option.standard else (None, None, None)
    top = rule.limits[-1] if rise.high is None and rule.limits else rise.high
    low = _shape(rule, low_base, rise.low, LOW)
    high = None if top is None or (option.standard and high_base is None) else _shape(rule, high_base, top, HIGH)
    known = not rule.ranged and (option.standard is None or base is not None)
    exact = _shape(rule, base, rise.rise, LOW) if known else None
    if rise.high is None and low != high:
        return replace(option, low=low, high=high, lacks=Note("another_index"))
    lacks = Note("special_decision") if low is None else None if exact is not None else Note("range")
    return replace(option, low=low, exact=exact, high=high, lacks=lacks)


def _multiple(case: Case, method: Method, conditions: Sequence[Condition], rule: AmountRule) -> Option:
    """A fixed multiple of another group's amount, which is taken before its limits and rounding."""
    other = method.groups.get(rule.ratio_of)
    if other is None or other.form == "ratio" or not rule.terms:
        return Option(method.statement, rule, status=rule.status, lacks=Note("no_term", (rule.form,)))
    base, index = (names[0] if names else "" for names in (other.bases, other.factors))
    found = _before_limits(case, method, conditions, other, base, index)
    times = rule.terms[0].number
    low, exact, high = (None if end is None else end * times for end in (found.low, found.exact, found.high))
    return replace(found, rule=rule, low=low, exact=exact, high=high, status=weakest(found.status, rule.status))


def _lacking(
    rule: AmountRule, base: Standard | None, rise: Factor | None, index: str, conditions: Sequence[Condition]
) -> Note | None:
    """Tell the first thing that is missing for any amount."""
    if rule.form not in FORMS:
        return Note("no_form")
    if len(rule.terms) < len(TERMS.get(rule.form, ())):
        return Note("no_term", (rule.form,))
    if rule.form == "bands" and not rule.limits:
        return Note("no_band_limits")
    needs_base = rule.form == "share" or any(rule.shares)
    if needs_base and not rule.base:
        return Note("no_base")
    if rise is None:
        tested = tuple(dict.fromkeys(name for condition in conditions for name in condition.indices))
        return Note("no_index", (index,) if index in INDICES else ("cpi", "scpi") if index == "higher" else tested)
    return Note("no_standard", rule.bases) if needs_base and base is None else None


def _shape(rule: AmountRule, base: Fraction | None, rise: Fraction, end: int) -> Fraction | None:
    """Compute the amount of a form at one end of what goes in."""
    terms = [term.bounds[end] * (FEN_PER_YUAN if term.kind == "money" else 1) for term in rule.terms]
    if rule.form == "share":
        return None if base is None else share(base, rule.counted(rise))
    if rule.form == "bands":
        return _banded(rule, base, rise, end)
    if rule.form == "fixed":
        return terms[0]
    if rule.form == "food_points":
        base_fen, step_fen, start = terms
        return food_points(base_fen, step_fen, start, rise)
    return (points if rule.form == "points" else full_points)(terms[0], rule.counted(rise))


def _banded(rule: AmountRule, base: Fraction | None, rise: Fraction, end: int) -> Fraction | None:
    place = band(rule.limits, max(rise, rule.limits[0])) or 0
    part, sums = rule.shares[place], rule.sums[place]
    if part is not None:
        return None if base is None else base * part.bounds[end]
    return None if sums is None else sums.bounds[end] * FEN_PER_YUAN


def _settled(option: Option, rule: AmountRule) -> Option:
    """Apply floor, cap and multiplier to an amount and its ends; where no amount is known, a floor still says "at least"."""
    if not (rule.floor or rule.floor_share or rule.cap or rule.multiplier):
        return option
    times = rule.multiplier.number if rule.multiplier else Fraction(1)
    low, exact, high = option.standard.ends if option.standard else (None, None, None)
    floors = [_floor(rule, base, end) for base, end in ((low, LOW), (exact, LOW), (high, HIGH))]
    caps = [rule.cap.bounds[end] * FEN_PER_YUAN if rule.cap else None for end in (LOW, LOW, HIGH)]
    amounts = (
        floors[0] if option.low is None else option.low,
        option.exact,
        caps[2] if option.high is None else option.high,
    )
    ends = [
        None if a is None else settle(a, floor, cap, times) for a, floor, cap in zip(amounts, floors, caps, strict=True)
    ]
    known = not rule.ranged and not (rule.floor_share and exact is None)
    return replace(option, low=ends[0], exact=ends[1] if known else None, high=ends[2])


def _floor(rule: AmountRule, base: Fraction | None, end: int) -> Fraction | None:
    floors = [rule.floor.bounds[end] * FEN_PER_YUAN] if rule.floor else []
    floors += [base * rule.floor_share.bounds[end]] if rule.floor_share and base is not None else []
    return max(floors, default=None)


def factor(case: Case, method: Method, name: str, conditions: Sequence[Condition]) -> Factor | None:
    """补贴所乘的涨幅。 The rise an amount uses.

    One index; `higher`: the higher of CPI and SCPI; `trigger`: the index that started payment, and of two the higher.
    """
    read = case.readings.at
    if name == "higher":
        return _highest(name, [read(method.index_place, index, case.month) for index in ("cpi", "scpi")])
    if name != "trigger":
        return _highest(name, [read(method.index_place, name, case.month)]) if name else None
    met = [reading for c in conditions if c.verdict == "met" for reading in c.readings]
    open_ = [reading for c in conditions if c.verdict == "cannot_tell" for reading in c.readings]
    sure, both = _highest(name, met), _highest(name, met + open_)
    return Factor(name, sure.low, sure.rise, both.high, both.readings) if sure and both else both


def _highest(name: str, wanted: Sequence[Reading | None]) -> Factor | None:
    found = tuple(reading for reading in wanted if reading)
    if not found:
        return None
    high = max(reading.high for reading in found) if len(found) == len(wanted) else None
    return Factor(name, max(r.low for r in found), max(r.rise for r in found), high, found)


def standard(case: Case, base: str) -> Standard | None:
    """各类对象按各自的标准计算。 The standard a rise is applied to."""
    given = case.readings.standards.get(base)
    if given is not None:
        fen = Fraction(given)
        return Standard(base, fen, fen, fen, case.readings.given_status, (), "given")
    name, _, area = base.partition(":")
    if name == AVERAGE:
        return _average(case, base, area)
    if name not in case.book.tables.names:
        return None
    on = first_day(case.month)
    if area.partition(":")[0] not in AREAS:
        return _in_force(case, base, name, area)
    found = level_range(case.book, case.readings.figures, case.place, area, on, name)
    if found is None:
        return None
    return Standard(
        base, found.low, found.point if found.in_force else None, found.high, found.status, found.basis, found.how
    )


def _in_force(case: Case, base: str, name: str, group: str) -> Standard | None:
    """A standard that is not kept by area counts only while its row holds: nothing is known of how such ones move."""
    value = case.home.optional(name, group)
    if value is None:
        return None
    return Standard(base, value.fen_month, value.fen_month, value.fen_month, value.status, (value,), "in_force")


def _average(case: Case, base: str, area: str) -> Standard | None:
    """The published average of the place where the law names it as base; one of the month itself, else nothing is claimed."""
    figure = case.readings.figures.find(case.place, f"dibao_avg:{area}", case.month)
    if figure is None:
        return None
    monthly = figure.value * FEN_PER_YUAN / (MONTHS_PER_YEAR if figure.unit.endswith("/year") else 1)
    return Standard(base, monthly, monthly, monthly, figure.status, (figure,), "in_force")


def paid(case: Case, group: str) -> Figure | None:
    """Find what the place is known to have paid a group for the month."""
    known = case.readings.payments(case.place, case.month)
    series = next((name for name in PAID.get(group, ()) if name in known), None) if known else None
    return case.readings.figures.find(case.place, PAYMENTS + series, case.month) if series else None


def paid_in_parts(case: Case, group: str) -> list[Figure]:
    """Find what districts or counties of the place are known to have paid a group for the month."""
    parts = case.readings.paying(case.month)
    inside = [(part, name) for name in PAID.get(group, ()) for part in parts if case.place in lineage(part)[1:]]
    found = (case.readings.figures.find(part, PAYMENTS + name, case.month) for part, name in inside)
    return [figure for figure in found if figure]


def persons(case: Case, group: str) -> Figure | None:
    """Find the latest head-count of a group not after the month; its period says how old it is."""
    series = PERSONS.get(group)
    return case.readings.figures.latest(case.place, series, case.month) if series else None
