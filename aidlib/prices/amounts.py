"""What each covered group is due in a month: the shape of the rule, the ends of the estimate, the rounding, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from aidlib.indices import Figure
from aidlib.law import Status, Value, weakest
from aidlib.money import FEN_PER_YUAN
from aidlib.prices import bases, shapes
from aidlib.prices.bases import Factor, Standard
from aidlib.prices.method import Condition, Desk
from aidlib.prices.words import Said, index_words
from aidlib.regions import region

Shape = Callable[[Fraction], Fraction | None]
Built = tuple[Standard | None, Shape | None, Said | None]
BANDS = tuple(f"band{place}" for place in range(1, 10))
ANYONE = ("", *BANDS)
AMOUNT_RULES = frozenset(
    f"linkage_{name}"
    for name in (
        "amount", "factor", "base", "band_from", "band_share", "band_yuan", "floor_yuan", "floor_share", "cap_yuan",
        "multiplier", "fixed_yuan", "point_yuan", "food_base_yuan", "food_step_yuan", "food_from",
    )
)  # fmt: skip
TEN_THOUSAND = 10_000
STATED_WHOLE = ("fixed", "points", "food_points", "announced")
"""Shapes whose amount is stated by the rule itself: there is nothing left to round."""
WITHOUT_INDEX = ("fixed", "announced")
NO_FACTOR = Factor(Fraction(0), Fraction(0), Fraction(0), ())
ANOTHER_INDEX = Said(
    "数据中没有另一个可能更高的指数，金额只知道范围",
    "another index, possibly higher, is not in the data; only the range of the amount is known",
)


@dataclass(frozen=True)
class Amount:
    """One group's subsidy for one month, per person.

    Attributes
    ----------
    group, form : str
        Group word, and the shape of the rule (share, bands, points, food_points, fixed, announced).
    standard, factor : Standard, Factor or None
        What went in.
    low_fen, exact_fen, high_fen : Fraction or None
        Exact amount before rounding, and its ends where the index is an estimate.
    rounding : Value or None
        The place's rounding row; None: unknown, so no whole amount is claimed.
    status : str
        Weakest status of everything that went in.
    paid : Figure or None
        What the place is known to have paid.
    persons : Figure or None
        Head-count of the group.
    why : Said or None
        Why there is no amount.
    """

    group: str
    form: str
    rounding: Value | None
    paid: Figure | None = None
    persons: Figure | None = None
    standard: Standard | None = None
    factor: Factor | None = None
    low_fen: Fraction | None = None
    exact_fen: Fraction | None = None
    high_fen: Fraction | None = None
    status: Status = "enacted"
    why: Said | None = None

    def fen(self, end: str = "exact") -> int | None:
        """Round the exact amount (or its `low` or `high` end); None where the amount or the rounding is unknown."""
        amount = getattr(self, f"{end}_fen")
        if amount is None:
            return None
        if self.form in STATED_WHOLE and amount.denominator == 1:
            return int(amount)
        return shapes.rounded(amount, self.rounding.rounding if self.rounding else None)

    @property
    def unrounded(self) -> bool:
        """True when an amount is known but the rule that rounds it is not."""
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
        many = TEN_THOUSAND if self.persons.unit == "10k persons" else 1
        return self.persons.value * many * self.shown_fen


def amounts(desk: Desk, conditions: Sequence[Condition]) -> tuple[Amount, ...]:
    """Compute every covered group's amount for a month that pays, or might.

    Parameters
    ----------
    desk : Desk
        The place and month, with law and figures open.
    conditions : sequence of Condition
        The tested start conditions; a factor may be the index that started payment.
    """
    groups = desk.law.book.groups(desk.law.place, "linkage_covered", desk.law.on)
    covered = [group for group in groups if desk.rule("linkage_covered", group)]
    return tuple(_amount(desk, group, conditions) for group in sorted(covered))


def _amount(desk: Desk, group: str, conditions: Sequence[Condition]) -> Amount:
    form = desk.text("linkage_amount", group)
    blank = Amount(group, form, desk.rule("linkage_rounding"), bases.paid(desk, group), bases.persons(desk, group))
    if form == "announced":
        return _announced(desk, blank)
    if form not in WITHOUT_INDEX:
        blank = replace(blank, factor=bases.factor(desk, desk.text("linkage_factor", group), conditions))
    return _computed(desk, blank, conditions)


def _announced(desk: Desk, blank: Amount) -> Amount:
    """The place sets the amount every month: it is known only where it was published."""
    if blank.paid is not None:
        fen = blank.paid.value * FEN_PER_YUAN
        return replace(blank, low_fen=fen, exact_fen=fen, high_fen=fen, status=blank.paid.status)
    floor = desk.rule("linkage_floor_yuan", blank.group)
    zh, en = (f"，不低于每人每月{floor.text}元", f", at least {floor.text} yuan") if floor else ("", "")
    parts = bases.paid_in_parts(desk, blank.group)
    known_zh = "、".join(f"{region(part.region).name_zh}{part.text}元" for part in parts)
    known_en = ", ".join(f"{part.text} yuan in {region(part.region).name('en')}" for part in parts)
    why = Said(
        f"金额由当地按月公布{zh}，数据中" + (f"这个月只有{known_zh}" if parts else "没有这个月的公布"),
        f"the place announces the amount every month{en}; "
        + (f"for this month the data has only {known_en}" if parts else "this month's is not in the data"),
    )
    return replace(blank, low_fen=floor.fen if floor else None, why=why)


def _computed(desk: Desk, blank: Amount, conditions: Sequence[Condition]) -> Amount:
    standard, shape, why = _shape(desk, blank.form, blank.group)
    if shape is None:
        return replace(blank, why=why)
    if blank.factor is None and blank.form not in WITHOUT_INDEX:
        return replace(blank, standard=standard, why=_no_index(desk, blank.group, conditions))
    factor = blank.factor or NO_FACTOR
    top = _highest_needed(desk, blank.form) if factor.high is None else factor.high
    ends = (None if rise is None else shape(rise) for rise in (factor.low, factor.rise, top))
    low, exact, high = (_settled(desk, blank.group, standard, amount) for amount in ends)
    used = [v.status for v in desk.values.values() if v.name in AMOUNT_RULES and v.group in (*ANYONE, blank.group)]
    status = weakest("enacted", *used, *(part.status for part in (standard, blank.factor) if part))
    made = replace(blank, standard=standard, low_fen=low, exact_fen=exact, high_fen=high, status=status)
    return made if factor.high is not None or low == high else replace(made, exact_fen=None, why=ANOTHER_INDEX)


def _highest_needed(desk: Desk, form: str) -> Fraction | None:
    """Where a higher index is unknown, bands still end at the highest one; other shapes have no upper end."""
    limits = _limits(desk) if form == "bands" else []
    return limits[-1] if limits else None


def _no_index(desk: Desk, group: str, conditions: Sequence[Condition]) -> Said:
    factor = desk.text("linkage_factor", group)
    named = {"cpi": ("cpi",), "scpi": ("scpi",), "food": ("food",)}.get(factor)
    names = named or tuple(index for condition in conditions for index in condition.indices)
    zh, en = "、".join(index_words(name).zh for name in names), ", ".join(index_words(name).en for name in names)
    return Said(
        f"数据中没有计算补贴所需的{zh}，也无法估算",
        f"{en} needed for the amount is not in the data and cannot be estimated",
    )


def _shape(desk: Desk, form: str, group: str) -> Built:
    """Build the amount as a function of the rise, from the rows of the law."""
    if form in ("fixed", "points", "food_points"):
        return _by_points(desk, form, group)
    standard = bases.standard(desk, group)
    if form == "bands":
        return _banded(desk, standard, group)
    if standard is None:
        return None, None, bases.no_standard(desk, group)
    return standard, lambda rise: shapes.share(standard.fen_month, rise), None


def _by_points(desk: Desk, form: str, group: str) -> Built:
    names = {
        "fixed": ("fixed_yuan",),
        "points": ("point_yuan",),
        "food_points": ("food_base_yuan", "food_step_yuan", "food_from"),
    }
    rows = [desk.rule(f"linkage_{name}", group) for name in names[form]]
    parts = [row for row in rows if row]
    if len(parts) < len(rows):
        return None, None, Said("计算办法缺少参数", "a parameter of the method is not known")
    if form == "fixed":
        return None, lambda rise: parts[0].fen, None
    if form == "points":
        return None, lambda rise: shapes.points(parts[0].fen, rise), None
    base, step, start = parts
    return None, lambda rise: shapes.food_points(base.fen, step.fen, start.number, rise), None


def _banded(desk: Desk, standard: Standard | None, group: str) -> Built:
    limits = _limits(desk)
    if not limits:
        return standard, None, Said("分档界限未知", "the limits of the bands are not known")
    yuan = [desk.rule("linkage_band_yuan", name) for name in BANDS]
    parts = [desk.rule("linkage_band_share", name) for name in BANDS]
    if any(parts) and standard is None:
        return None, None, bases.no_standard(desk, group)

    def amount(rise: Fraction) -> Fraction | None:
        place = shapes.band(limits, max(rise, limits[0])) or 0
        part, stated = parts[place], yuan[place]
        if part and standard:
            return standard.fen_month * part.number
        return stated.fen if stated else None

    return standard if any(parts) else None, amount, None


def _limits(desk: Desk) -> list[Fraction]:
    return [value.number for name in BANDS if (value := desk.rule("linkage_band_from", name))]


def _settled(desk: Desk, group: str, standard: Standard | None, amount: Fraction | None) -> Fraction | None:
    if amount is None:
        return None
    floor, share = desk.rule("linkage_floor_yuan", group), desk.rule("linkage_floor_share", group)
    cap, times = desk.rule("linkage_cap_yuan", group), desk.rule("linkage_multiplier", group)
    floors = [floor.fen] if floor else []
    floors += [standard.fen_month * share.number] if share and standard else []
    return shapes.settle(amount, max(floors, default=None), cap.fen if cap else None, times.number if times else 1)
