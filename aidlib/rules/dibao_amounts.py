"""What a place adds to the gap or pays in its place: extra help by category, tiers, least gaps; from the rows of the place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.law import Value
from aidlib.money import FEN_PER_YUAN, half_up
from aidlib.register.columns import COLUMNS
from aidlib.rules.helpers import BP, DOWN, HALF_UP, MONTHS_PER_YEAR, UP, monthly
from aidlib.rules.lawinputs import MODES, STANDARD, whole
from aidlib.rules.unknown import NO_LIMIT, Known, Range

if TYPE_CHECKING:
    from aidlib.rules.local import Desk

TIERS = COLUMNS["dibao_tier"].codes[1:]
TOPUPS = {
    "topup_minor_fen": "minor", "topup_disabled_fen": "severely_disabled", "topup_ill_fen": "seriously_ill",
    "topup_student_fen": "student", "topup_single_person_fen": "single_person", "topup_any_disability_fen": "disabled",
    "topup_grade_3_fen": "disabled:disability_grade_3",
}  # fmt: skip
DUE = (
    "elderly",
    "minor",
    "severely_disabled",
    "seriously_ill",
)  # whom every place owes extra help; only how much is its own
ELDERLY_BANDS = 3
_AGE = "elderly:age_"


def _topup(desk: Desk, argument: str) -> Known:
    return _of_category(desk, argument, TOPUPS[argument])


def _of_category(desk: Desk, argument: str, category: str) -> Known:
    """Extra help of a category a month, rounded once: a share of the standard or a fixed sum; unknown where every place owes it."""
    groups = (f"{desk.area}:{category}", category)
    if (fixed := desk.row(argument, "dibao_topup_amount", *groups)) is not None:
        return half_up(fixed.fen_month)
    share = desk.row(argument, "dibao_topup_share", *groups)
    line = None if share else desk.row(argument, "dibao_topup_line", *groups)
    if share is None and line is None:
        return desk.unwritten(argument, 0, NO_LIMIT) if category in DUE else desk.none(argument, 0)
    ratio = share.number if share else line.number - 1 if line else Fraction(0)
    return _rounded_share(desk, argument, ratio)


def _rounded_share(desk: Desk, argument: str, ratio: Fraction) -> Known:
    """Take a share of the standard, for a month, as the place rounds extra help; where that is unknown, to the yuan below and above."""
    desk.rest(argument, STANDARD)
    standard, row = desk.value(STANDARD), desk.row(argument, "dibao_topup_rounding")
    low, high = (standard.low, standard.high) if isinstance(standard, Range) else (standard, standard)
    if row is not None:
        step, modes = row.rounding.step_fen, (MODES[row.rounding.mode],) * 2
    else:
        step, modes = (FEN_PER_YUAN, (DOWN, UP)) if desk.local_rules == "unknown" else (1, (HALF_UP, HALF_UP))
    ends = [
        monthly(end * ratio.numerator, step, mode, ratio.denominator)
        for end, mode in zip((low, high), modes, strict=True)
    ]
    return ends[0] if ends[0] == ends[1] else Range(ends[0], ends[1], 1)


def _elderly(desk: Desk, argument: str) -> Known:
    """Extra help of the first, second or third band of age of the old."""
    bands = _bands(desk)
    at = int(argument.split("_")[2]) - 1
    if at >= len(bands):
        return desk.none(argument, 0)
    return _of_category(desk, argument, bands[at][1])


def _elderly_age(desk: Desk, argument: str) -> Known:
    """The age from which a band of the old begins; 0: there is no such band."""
    bands = _bands(desk)
    at = int(argument.split("_")[3]) - 1
    return bands[at][0] if at < len(bands) else 0


def _bands(desk: Desk) -> list[tuple[int, str]]:
    """List the bands of age for which the place has extra help, youngest first; without any, the old as the place or the nation counts them."""
    groups = {
        group.removeprefix(f"{desk.area}:")
        for name in ("dibao_topup_share", "dibao_topup_amount", "dibao_topup_line")
        for group in desk.groups(name)
    }
    aged = sorted((int(group.removeprefix(_AGE).split("_")[0]), group) for group in groups if group.startswith(_AGE))
    if aged:
        return aged[:ELDERLY_BANDS]
    own = desk.row("topup_elderly_age_1", "dibao_topup_elderly_age")
    age = int(own.number) if own else desk.value("tekun_elderly_age")
    assert isinstance(age, int)
    return [(age, "elderly")]


def _class_groups(desk: Desk, tier: str) -> tuple[str, ...]:
    words = (f"class_{tier}", f"class_{TIERS.index(tier) + 1}")
    return tuple(group for word in words for group in (f"{desk.area}:{word}", word))


def _tier_amount(desk: Desk, argument: str) -> Known:
    """What a tier pays per person, for a year; 0: it is paid by the gap. A tier the county assigns and nobody published is unknown, not the gap."""
    groups = _class_groups(desk, argument.split("_")[1])
    if (found := desk.row(argument, "dibao_tier_amount", *groups)) is not None:
        return whole(found.fen_month * MONTHS_PER_YEAR, found)
    by_gap = desk.row(argument, "dibao_tier_amount_min", *groups) or desk.row(argument, "dibao_tier_gap", *groups)
    return desk.none(argument, 0) if by_gap else desk.unwritten(argument, 0, NO_LIMIT, least=1)


def _tier_floor(desk: Desk, argument: str) -> Known:
    groups = _class_groups(desk, argument.split("_")[2])
    found = desk.row(argument, "dibao_tier_amount_min", *groups)
    return desk.none(argument, 0) if found is None else whole(found.fen_month * MONTHS_PER_YEAR, found)


def _tier_band(desk: Desk, argument: str) -> Known:
    """The highest yearly income per head of a tier that is assigned by income; 0: it is not."""
    found = desk.row(argument, "dibao_tier_income_max", *_class_groups(desk, argument.split("_")[2]))
    return desk.none(argument, 0) if found is None else whole(found.fen_month * MONTHS_PER_YEAR, found)


def _untiered(desk: Desk, argument: str) -> Known:
    """What a household gets per person, for a year, whose tier nobody stated though the place pays by tiers; 0: by the gap."""
    names = ("dibao_tier_amount", "dibao_tier_average", "dibao_tier_income_max")
    if not any(_ever(desk, name) for name in names):
        return desk.none(argument, 0)
    amounts = [desk.value(f"tier_{tier}_fen_year") for tier in TIERS if _in_force(desk, tier)]
    ends = [end for known in amounts for end in ((known.low, known.high) if isinstance(known, Range) else (known,))]
    if not ends or desk.local_rules == "none":
        return desk.unwritten(argument, 0, NO_LIMIT, least=1)
    return Range(min(ends), max(ends), 1) if min(ends) < max(ends) else ends[0]


def _in_force(desk: Desk, tier: str) -> bool:
    names = (name for name in ("dibao_tier_amount", "dibao_tier_amount_min", "dibao_tier_gap") if desk.groups(name))
    groups = "|".join(_class_groups(desk, tier))
    return any(desk.law.optional(name, groups) is not None for name in names)


def _ever(desk: Desk, name: str) -> bool:
    """Tell whether the place, or one above it, had such a rule for the area by the day, though its rows may have ended."""
    from aidlib.regions import lineage

    entries = (entry for code in lineage(desk.law.place) for entry in desk.law.book.rows(code, name))
    groups = (entry.row["group"] for entry in entries if entry.start <= desk.law.on)
    return any(group.partition(":")[0] not in ({"urban", "rural"} - {desk.area}) for group in groups)


def _gap_min_share(desk: Desk, argument: str) -> Known:
    """The least gap per person as a share of the standard; where neither share nor sum is on file, anything up to the whole."""
    if (found := desk.row(argument, "dibao_gap_share_min", desk.area)) is not None:
        return whole(found.rate * BP, found)
    if desk.groups("dibao_gap_min") and desk.law.optional("dibao_gap_min", desk.area) is not None:
        return desk.none(argument, 0)
    return desk.unwritten(argument, 0, BP)


def _gap_min(desk: Desk, argument: str) -> Known:
    found: Value | None = desk.row(argument, "dibao_gap_min", desk.area)
    return desk.none(argument, 0) if found is None else whole(found.fen_month * MONTHS_PER_YEAR, found)


def _round_step(desk: Desk, argument: str) -> Known:
    """The step a household's gap is rounded to; where nobody wrote it, what is unknown lies between the yuan below and above."""
    found = desk.row(argument, "dibao_benefit_rounding")
    return (FEN_PER_YUAN if desk.local_rules == "unknown" else 1) if found is None else found.rounding.step_fen


def _round_mode(desk: Desk, argument: str) -> Known:
    found = desk.row(argument, "dibao_benefit_rounding")
    return desk.unwritten(argument, HALF_UP, UP, least=DOWN) if found is None else MODES[found.rounding.mode]


def _names() -> Iterator[tuple[str, Callable[[Desk, str], Known]]]:
    yield from dict.fromkeys(TOPUPS, _topup).items()
    for band in range(1, ELDERLY_BANDS + 1):
        yield f"topup_elderly_{band}_fen", _elderly
        yield f"topup_elderly_age_{band}", _elderly_age
    for tier in TIERS:
        yield f"tier_{tier}_fen_year", _tier_amount
        yield f"tier_floor_{tier}_fen_year", _tier_floor
        yield f"tier_band_{tier}_fen_year", _tier_band
    yield "tier_none_fen_year", _untiered
    yield "gap_min_bp", _gap_min_share
    yield "gap_min_fen_year", _gap_min
    yield "dibao_round_step", _round_step
    yield "dibao_round_mode", _round_mode


DIBAO_AMOUNTS: dict[str, Callable[[Desk, str], Known]] = dict(_names())
