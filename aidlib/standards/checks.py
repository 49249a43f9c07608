"""The targets and limits a place's announced standard can be tested on, each with its own measurement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from aidlib.indices import Figure, Figures
from aidlib.law import Book, LocalLaw, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, decimal_text
from aidlib.regions import lineage, region
from aidlib.standards import references
from aidlib.standards.adequacy import Ratio, adequacy, to_minimum_wage
from aidlib.standards.announced import LAW_NAMES
from aidlib.standards.candidate import Words
from aidlib.standards.compliance import Check, Measured, check, operator, precision, targets
from aidlib.standards.derived import published_for
from aidlib.standards.levels import floor
from aidlib.standards.situation import Situation, lacks, share_base

RATIO_TARGET = "target_rural_urban_ratio"
NO_PAIR: Words = ("缺同口径的城市和农村标准", "no urban and rural level of the same kind")
NO_TEKUN: Words = ("缺同口径的特困基本生活标准", "no tekun basic standard for the same area")
NO_LAST: Words = ("缺上一次标准", "the level before is not known")
TIERS_DIFFER: Words = (
    "当地适用哪一档最低工资未知，各档结论不同",
    "which minimum-wage tier applies is not known, and they disagree",
)
ONLY_FLOORS: Words = ("只有省定最低标准，不是执行标准", "only floors are known, not the standards that are paid")
PARTS_DIFFER: Words = (
    "城市与农村标准的适用范围不同",
    "the urban and the rural level hold for different parts of the place",
)
LOWEST_CLASS: Words = (
    "当地所属类别未知，按最低一类核对",
    "the place's class is not known: compared with the lowest class",
)


def all_checks(
    book: Book, figures: Figures, place: str, year: int, areas: Sequence[Situation], ratio: Ratio | None
) -> Iterator[Check]:
    """逐项核对当地当年可核对的指标。 Check every target and limit in force at a place at the end of a year.

    A target that only names a year has nothing to measure and is left out.

    Examples
    --------
    >>> book, figures = Book(), Figures()
    >>> {c.target.name: c.verdict for c in all_checks(book, figures, "450400", 2023, [], None)}["target_nursing_bed_share"]
    'cannot_tell'
    """
    local = book.at(place, date(year, 12, 31))
    yield from _ratio_check(local, areas, ratio)
    for at in areas:
        yield from _floor_check(at)
        yield from _share_checks(at)
        yield from _wage_check(at)
        yield from _growth_check(at)
        yield from _tekun_check(at)
    yield from _province_check(local)
    others = [target for target in targets(local) if target.name != RATIO_TARGET and target.unit != "year"]
    yield from (_unmeasured(book, target) for target in others)


def _ratio_check(local: LocalLaw, areas: Sequence[Situation], ratio: Ratio | None) -> Iterator[Check]:
    target = _ratio_target(local)
    if target is None:
        return
    floors = any(at.level.kind == "floor" for at in areas)
    measured = None if ratio is None or floors else _measured_pair(ratio, areas)
    reason = ONLY_FLOORS if floors else NO_PAIR if ratio is None else _parts_differ(areas)
    op = operator(local.book, target)
    yield _qualified(check(target, op, measured, decimals=precision(local), reason=reason), local.on)


def _measured_pair(ratio: Ratio, areas: Sequence[Situation]) -> Measured:
    shown = f"{_yuan(ratio.numerator_fen_month)}/{_yuan(ratio.denominator_fen_month)}"
    return Measured(ratio.value, shown, weakest(*(at.level.status for at in areas)))


def _parts_differ(areas: Sequence[Situation]) -> Words:
    """Say when the urban and the rural level hold for different parts of the place."""
    return PARTS_DIFFER if len({at.level.part for at in areas}) > 1 else ("", "")


def _qualified(found: Check, on: date) -> Check:
    """Say what the bare verdict hides: a target of later years, a day not yet due, a verdict the rounding decides."""
    if found.measured is None:
        return found
    exact = check(found.target, found.op, found.measured).verdict
    if found.target.start > on:
        start = found.target.start
        return replace(found, verdict="cannot_tell", reason=(f"{start}起才有此目标", f"a target only since {start}"))
    if found.verdict == "not_met" and found.due and found.due > on:
        words = (f"期限{found.due}未到，目前低于目标", f"not due until {found.due}; below it so far")
        return replace(found, verdict="cannot_tell", reason=words)
    if exact != found.verdict:
        share = decimal_text(found.measured.value * 100, 2)
        return replace(
            found,
            reason=(f"精确值{share}%，按当地取整口径判定", f"exactly {share}%; judged at the place's own precision"),
        )
    return found


def _ratio_target(local: LocalLaw) -> Value | None:
    if local.book.groups(local.place, RATIO_TARGET, local.on):
        return local.value(RATIO_TARGET)
    later = [e for e in local.book.tables.entries if e.key[1] == RATIO_TARGET and e.key[0] in lineage(local.place)]
    later = [entry for entry in later if entry.start > local.on]
    if not later:
        return None
    places = lineage(local.place)
    first = min(later, key=lambda entry: (places.index(entry.key[0]), entry.start))
    return local.book.at(local.place, first.start).value(RATIO_TARGET)


def _floor_check(at: Situation) -> Iterator[Check]:
    limit = floor(at.local.book, at.place, at.area, at.year) if at.level.kind == "standard" else None
    if limit is None or limit.place == getattr(at.level.basis, "place", ""):
        return
    yearly = limit.unit.endswith("/year")
    amount = at.level.fen_month * (MONTHS_PER_YEAR if yearly else 1) / FEN_PER_YUAN
    shown = f"{decimal_text(amount, 2)} {limit.unit}"
    measured = Measured(amount, shown, at.level.status)
    reason = LOWEST_CLASS if ":" in limit.group else ("", "")
    yield check(limit, operator(at.local.book, limit), measured, area=at.area, reason=reason)


def _share_checks(at: Situation) -> Iterator[Check]:
    for name, what in (
        ("standard_share_of_consumption", references.CONSUMPTION),
        ("standard_share_of_consumption_min", references.CONSUMPTION),
        ("standard_share_of_income_min", references.INCOME),
    ):
        rule = published_for(at.local, name, at.area)
        if rule is None or at.level.kind not in ("standard", "guide"):
            continue
        base = share_base(at, what, rule.name)
        measured = _measured(adequacy(what, at.level.basis, base), at, base) if base else None
        yield check(
            rule, operator(at.local.book, rule), measured, area=at.area,
            reason=("", "") if base else lacks(at, what, at.year - 1, strict=True),
        )  # fmt: skip


def _wage_check(at: Situation) -> Iterator[Check]:
    rule = published_for(at.local, "standard_below_min_wage", at.area)
    if rule is None:
        return
    wages = references.minimum_wages(at.figures, at.place, at.year)
    op = operator(at.local.book, rule)
    found = [check(rule, op, _measured(to_minimum_wage(at.level.basis, w), at, w), area=at.area) for w in wages]
    yield _agreed(found) or check(rule, op, None, area=at.area, reason=_wage_reason(at, found))


def _agreed(found: list[Check]) -> Check | None:
    """One check for several wage tiers, where all of them give the same verdict."""
    return found[0] if len({one.verdict for one in found}) == 1 else None


def _wage_reason(at: Situation, found: list[Check]) -> Words:
    return TIERS_DIFFER if found else lacks(at, "wage", at.year)


def _growth_check(at: Situation) -> Iterator[Check]:
    rule = published_for(at.local, "standard_growth_min", at.area)
    if rule is None:
        return
    op = operator(at.local.book, rule)
    if at.last is None:
        yield check(rule, op, None, area=at.area, reason=NO_LAST)
        return
    rise = at.level.fen_month / at.last.fen_month - 1
    shown = f"{_yuan(at.last.fen_month)} → {_yuan(at.level.fen_month)}"
    status = weakest(at.level.status, at.last.status)
    yield check(rule, op, Measured(rise, shown, status), area=at.area)


def _tekun_check(at: Situation) -> Iterator[Check]:
    groups = at.local.book.groups(at.place, "tekun_basic_multiple", at.local.on)
    if not groups or at.level.kind != "standard":
        return
    rule = at.local.value("tekun_basic_multiple", at.area)
    published = published_for(at.local, "tekun_basic_standard", at.area, at.level.part)
    op = operator(at.local.book, rule)
    if published is None:
        yield check(rule, op, None, area=at.area, reason=NO_TEKUN)
        return
    ratio = published.fen_month / at.level.fen_month
    shown = f"{_yuan(published.fen_month)}/{_yuan(at.level.fen_month)}"
    yield check(rule, op, Measured(ratio, shown, weakest(published.status, at.level.status)), area=at.area)


def _province_check(local: LocalLaw) -> Iterator[Check]:
    name = "provincial_standard_required"
    if region(local.place).level != "province" or not local.book.groups(local.place, name, local.on):
        return
    rule = local.value(name)
    held = [kind for kind in LAW_NAMES.values() if local.book.groups(local.place, kind, local.on)]
    measured = Measured(Fraction(1), ", ".join(held), "enacted") if held else None
    words = ("数据中没有该省当年的标准或指导标准", "the data holds no standard or guide of the province for that year")
    yield check(rule, "ge", measured, reason=("", "") if held else words)


def _unmeasured(book: Book, target: Value) -> Check:
    name = book.tables.names[target.name]
    words = (f"缺“{name.zh}”的公布数", f"no published figure of “{name.en}”")
    return check(target, operator(book, target), None, reason=words)


def _measured(ratio: Ratio, at: Situation, base: Figure) -> Measured:
    shown = f"{_yuan(ratio.numerator_fen_month)}/{_yuan(ratio.denominator_fen_month)}"
    return Measured(ratio.value, shown, weakest(at.level.status, base.status))


def _yuan(fen_month: Fraction) -> str:
    """Write yuan per month with as few decimals as keep it exact, two at most."""
    text = decimal_text(fen_month / FEN_PER_YUAN, 2)
    return text.removesuffix(".00")


def verdicts(found: Iterable[Check]) -> dict[str, int]:
    """Count checks by verdict.

    Examples
    --------
    >>> verdicts([])
    {'met': 0, 'not_met': 0, 'cannot_tell': 0}
    """
    counts = {"met": 0, "not_met": 0, "cannot_tell": 0}
    for one in found:
        counts[one.verdict] += 1
    return counts
