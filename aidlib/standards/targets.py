"""The targets and limits a place is tested on: met, not met, not applicable, or cannot tell and why, at a stated precision."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from aidlib.errors import LawFault
from aidlib.known import Known, Missing, Note
from aidlib.law import Book, LocalLaw, Status, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, decimal_text, digits
from aidlib.regions import lineage, region
from aidlib.result import Result
from aidlib.standards.basis import RATIO_TARGET, AreaBasis, StandardBasis, basis_of, due_day
from aidlib.standards.levels import LAW_NAMES, Level, floor
from aidlib.standards.measures import Ratio, adequacy, to_minimum_wage
from aidlib.standards.published import CONSUMPTION, INCOME

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["met", "not_met", "cannot_tell", "not_applicable"]
OPERATORS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "ge": lambda measured, target: measured >= target,
    "gt": lambda measured, target: measured > target,
    "le": lambda measured, target: measured <= target,
    "lt": lambda measured, target: measured < target,
}
OP_IN_NOTE = re.compile(r"op=(\w+)")
SHARES = (
    ("standard_share_of_consumption", CONSUMPTION),
    ("standard_share_of_consumption_min", CONSUMPTION),
    ("standard_share_of_income_min", INCOME),
)


@dataclass(frozen=True)
class Measured:
    """What was measured for a target.

    Attributes
    ----------
    value : Fraction
        Exact, in the unit of the target (shares as plain ratios).
    shown : str
        How it came about, such as `625 ÷ 835`; empty where it was published as it is.
    status : str
        Weakest of what it rests on.
    kinds : tuple of str
        Law names of what exists, for a target that asks for something to exist.
    """

    value: Fraction
    shown: str
    status: Status
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One target and its verdict.

    Attributes
    ----------
    target : Value
        The law row.
    area : str
        `urban`, `rural` or an empty string.
    op : str
        ge, gt, le or lt: how the measured number is compared.
    measured : Measured or None
        None where it cannot be measured.
    decimals : int or None
        Decimals of a percent at which a ratio was compared; None: compared exactly.
    verdict : str
        met, not_met, cannot_tell, or not_applicable where the target did not exist yet.
    reason : Note, Missing or None
        Why it cannot be told, or what qualifies the verdict.
    """

    target: Value
    area: str
    op: str
    measured: Measured | None
    decimals: int | None
    verdict: Verdict
    reason: Note | Missing | None = None

    @property
    def due(self) -> date | None:
        """The day by which the target is to be reached, where the row names one."""
        return due_day(self.target)


def check(
    target: Value,
    op: str,
    measured: Measured | None,
    *,
    area: str = "",
    decimals: int | None = None,
    reason: Note | Missing | None = None,
) -> Check:
    """核对一项指标。 Compare one measured number with one target, at a stated precision."""
    if op not in OPERATORS:
        raise LawFault("unknown comparison", expected=", ".join(OPERATORS), got=op)
    if measured is None:
        return Check(target, area, op, None, decimals, "cannot_tell", reason)
    value = Ratio("measured", measured.value, Fraction(1)).at(decimals)
    low, high = target.bounds
    factor = Fraction(1, 100) if target.unit == "pct" else Fraction(1)
    kept = low * factor <= value <= high * factor if ".." in target.text else OPERATORS[op](value, low * factor)
    return Check(target, area, op, measured, decimals, "met" if kept else "not_met", reason)


def all_checks(base: StandardBasis) -> Iterator[Check]:
    """逐项核对当地当年可核对的指标。 Check every target and limit in force at a place at the end of a year.

    A target that only names a year has nothing to measure and is left out.

    Examples
    --------
    >>> from aidlib.standards.basis import standard_basis
    >>> {c.target.name: c.verdict for c in all_checks(standard_basis("450400", 2023))}["target_nursing_bed_share"]
    'cannot_tell'
    """
    local = base.urban.local.book.at(base.place, date(base.year, 12, 31))
    announced = [at for at in base if at.level]
    yield from _ratio_check(local, announced, base.ratio)
    for at in announced:
        yield from _floor_check(at)
        yield from _share_checks(at)
        yield from _wage_check(at)
        yield from _growth_check(at)
        yield from _tekun_check(at)
    yield from _province_check(local)
    others = [target for target in targets(local) if target.name != RATIO_TARGET and target.unit != "year"]
    for target in others:
        yield check(target, operator(local.book, target), None, reason=Missing(target.name, target.group, base.year))


@dataclass(frozen=True)
class Checks(Result, Sequence[Check]):
    """Every target and limit of a place and year, with its verdict."""

    found: tuple[Check, ...]

    def __getitem__(self, at: Any) -> Any:
        return self.found[at]

    def __len__(self) -> int:
        return len(self.found)

    @property
    def verdicts(self) -> dict[str, int]:
        """How many of them have each verdict."""
        return verdicts(self.found)

    def of(self, name: str) -> Check | None:
        """The check of one target, the first where there are several."""
        return next((one for one in self.found if one.target.name == name), None)

    def to_frame(self) -> pd.DataFrame:
        """One row a check: target, group, area, op, required and measured (known numbers in the unit of the target), due, formula,
        precision (decimals of a percent, `exactly`, or nothing where nothing was measured), verdict, reason, sources. What lacks
        stands in `measured`, and in `reason` where it is something else than the figure the target itself names."""
        import pandas as pd

        columns = ["target", "group", "area", "op", "required", "due", "measured", "formula", "precision", "verdict", "reason", "sources"]  # fmt: skip
        return pd.DataFrame([_check_row(one) for one in self.found], columns=columns)


def check_targets(base: StandardBasis) -> Checks:
    """逐项核对指标。 Hold a place and year against every target and limit in force at the end of the year.

    Examples
    --------
    >>> from aidlib.standards.basis import standard_basis
    >>> check_targets(standard_basis("230100", 2022)).verdicts["met"]
    5
    """
    return Checks(tuple(all_checks(basis_of(base))))


def _check_row(one: Check) -> list[Any]:
    target, found = one.target, one.measured
    required: Known | str
    measured: Known | list[str] | None = None
    if target.kind in ("number", "money"):
        low, high = target.bounds
        ends = (low, high) if low != high else (None, None)
        required = Known(low, target.unit, target.status, None, (target,), target.name, *ends)
        times = 100 if target.unit == "pct" else 1
        measured = Known(found.value * times, target.unit, found.status) if found else None
    else:
        required, measured = "one_exists", list(found.kinds) if found else None
    lost = one.reason if isinstance(one.reason, Missing) else None
    precision = None if found is None else "exactly" if one.decimals is None else f"decimals_{one.decimals}"
    group = ":".join(part for part in target.group.split(":") if part != one.area)
    reason = None if lost is not None and lost.what == target.name else one.reason
    op = one.op if isinstance(required, Known) else None
    return [target.name, group or None, one.area or None, op, required, one.due, measured if lost is None else lost,
            found.shown if found else "", precision, one.verdict, reason, [target]]  # fmt: skip


def verdicts(found: Iterable[Check]) -> dict[str, int]:
    """Count checks by verdict.

    Examples
    --------
    >>> verdicts([])
    {'met': 0, 'not_met': 0, 'cannot_tell': 0, 'not_applicable': 0}
    """
    counts = {"met": 0, "not_met": 0, "cannot_tell": 0, "not_applicable": 0}
    for one in found:
        counts[one.verdict] += 1
    return counts


def precision(local: LocalLaw) -> int | None:
    """当地比例核对的精度。 Decimals of a percent at which a place compares ratios; None where it is not known: compare exactly.

    Examples
    --------
    >>> precision(Book().at("230100", date(2022, 6, 1))), precision(Book().at("450400", date(2022, 6, 1)))
    (0, None)
    """
    row = local.optional("ratio_comparison_decimals")
    return int(row.number) if row else None


def targets(local: LocalLaw, prefix: str = "target_") -> list[Value]:
    """当地当日有效的各项指标。 Every target of the book in force at a place, its own before those above it.

    Examples
    --------
    >>> [v.text for v in targets(Book().at("450400", date(2023, 5, 1))) if v.name == "target_nursing_bed_share"]
    ['0.80']
    """
    places = lineage(local.place)
    held = {
        (entry.key[1], entry.key[2])
        for entry in local.book.tables.entries
        if entry.key[1].startswith(prefix) and entry.key[0] in places and entry.start <= local.on <= entry.end
    }
    return [local.value(name, group) for name, group in sorted(held)]


def operator(book: Book, target: Value) -> str:
    """比较方式。 How a target is compared, as its name in the book says (`op=ge`).

    Examples
    --------
    >>> book = Book()
    >>> operator(book, book.at("450400", date(2023, 5, 1)).value("target_nursing_bed_share"))
    'ge'
    """
    found = OP_IN_NOTE.search(book.tables.names[target.name].note)
    return found[1] if found else "ge"


def _ratio_check(local: LocalLaw, areas: Sequence[AreaBasis], ratio: Ratio | Missing) -> Iterator[Check]:
    target = local.optional(RATIO_TARGET) or _later_target(local)
    if target is None:
        return
    floors = any(at.kind == "floor" for at in areas)
    reason = Note("only_floors") if floors else _parts_differ(areas) if ratio else ratio
    measured = _measured(ratio) if ratio and not floors else None
    found = check(target, operator(local.book, target), measured, decimals=precision(local), reason=reason)
    yield _qualified(found, local.on)


def _parts_differ(areas: Sequence[AreaBasis]) -> Note | None:
    """Say when the urban and the rural level hold for different parts of the place."""
    parts = {at.level.part for at in areas if at.level}
    return Note("parts_differ") if len(parts) > 1 else None


def _qualified(found: Check, on: date) -> Check:
    """Say what the bare verdict hides: a target of later years, a day not yet due, a verdict the rounding decides."""
    if found.target.start > on:
        return replace(found, verdict="not_applicable", reason=Note("target_since", (str(found.target.start),)))
    if found.measured is None:
        return found
    if found.verdict == "not_met" and found.due and found.due > on:
        return replace(found, verdict="cannot_tell", reason=Note("not_due", (str(found.due),)))
    if check(found.target, found.op, found.measured).verdict != found.verdict:
        share = decimal_text(found.measured.value * 100, 2)
        return replace(found, reason=Note("rounding_decides", (share,)))
    return found


def _later_target(local: LocalLaw) -> Value | None:
    """The ratio target that came later: for the year asked about it did not exist."""
    places = lineage(local.place)
    later = [
        e for e in local.book.tables.entries if e.key[1] == RATIO_TARGET and e.key[0] in places and e.start > local.on
    ]
    first = min(later, key=lambda entry: (places.index(entry.key[0]), entry.start), default=None)
    return local.book.at(local.place, first.start).value(RATIO_TARGET) if first else None


def _floor_check(at: AreaBasis) -> Iterator[Check]:
    level = _level(at)
    limit = floor(at.local.book, at.place, at.area, at.year) if level.kind == "standard" else None
    if limit is None or limit.place == level.basis.place:
        return
    yearly = limit.unit.endswith("/year")
    amount = level.fen_month * (MONTHS_PER_YEAR if yearly else 1) / FEN_PER_YUAN
    measured = Measured(amount, "", level.status)
    reason = Note("lowest_class") if ":" in limit.group else None
    yield check(limit, operator(at.local.book, limit), measured, area=at.area, reason=reason)


def _share_checks(at: AreaBasis) -> Iterator[Check]:
    level = _level(at)
    for name, what in SHARES:
        rule = at.rule(name)
        if rule is None or level.kind not in ("standard", "guide"):
            continue
        base = at.own_share_base(what, rule.name)
        lost = Missing(what, at.area, at.year - 1, place=at.place, own=True)
        measured = _measured(adequacy(what, level.known, base)) if base else None
        op = operator(at.local.book, rule)
        yield check(rule, op, measured, area=at.area, reason=None if base else lost)


def _wage_check(at: AreaBasis) -> Iterator[Check]:
    rule, level = at.rule("standard_below_min_wage"), _level(at)
    if rule is None:
        return
    op = operator(at.local.book, rule)
    found = [check(rule, op, _measured(to_minimum_wage(level.known, wage)), area=at.area) for wage in at.wages]
    if len({one.verdict for one in found}) == 1:
        yield found[0]
        return
    lost = Missing("minimum_wage", at.area, at.year, place=at.place)
    yield check(rule, op, None, area=at.area, reason=Note("tiers_differ") if found else lost)


def _growth_check(at: AreaBasis) -> Iterator[Check]:
    rule, level, last = at.rule("standard_growth_min"), _level(at), at.current
    if rule is None:
        return
    op = operator(at.local.book, rule)
    if not last:
        yield check(rule, op, None, area=at.area, reason=last)
        return
    shown = f"{_yuan(level.fen_month)} ÷ {_yuan(last.fen_month)} − 1"
    measured = Measured(level.fen_month / last.fen_month - 1, shown, weakest(level.status, last.status))
    yield check(rule, op, measured, area=at.area)


def _tekun_check(at: AreaBasis) -> Iterator[Check]:
    level = _level(at)
    rule = at.rule("tekun_basic_multiple") if level.kind == "standard" else None
    if rule is None:
        return
    published = at.rule("tekun_basic_standard", f"{at.area}:{level.part}|{at.area}" if level.part else at.area)
    op = operator(at.local.book, rule)
    if published is None:
        lost = Missing("tekun_basic_standard", at.area, at.year, place=at.place)
        yield check(rule, op, None, area=at.area, reason=lost)
        return
    ratio = Ratio("tekun", published.fen_month, level.fen_month, status=weakest(published.status, level.status))
    yield check(rule, op, _measured(ratio), area=at.area)


def _province_check(local: LocalLaw) -> Iterator[Check]:
    rule = local.optional("provincial_standard_required") if region(local.place).level == "province" else None
    if rule is None:
        return
    held = [kind for kind in LAW_NAMES.values() if local.book.groups(local.place, kind, local.on)]
    measured = Measured(Fraction(1), "", "enacted", tuple(held)) if held else None
    lost = Missing("provincial_standard", "", local.on.year, place=local.place)
    yield check(rule, "ge", measured, reason=None if held else lost)


def _level(at: AreaBasis) -> Level:
    """The announced level of an area that has one: only those are checked."""
    assert isinstance(at.level, Level)
    return at.level


def _measured(ratio: Ratio) -> Measured:
    shown = f"{_yuan(ratio.numerator_fen_month)} ÷ {_yuan(ratio.denominator_fen_month)}"
    return Measured(ratio.value, shown, ratio.status)


def _yuan(fen_month: Fraction) -> str:
    return digits(fen_month / FEN_PER_YUAN)
