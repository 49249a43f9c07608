"""Limits of temporary aid, each on its own base, and amounts of specialised aid, from the rows of a place."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor
from typing import TYPE_CHECKING

from aidlib.law import Value, weakest
from aidlib.money import FEN_PER_YUAN, half_up
from aidlib.regions import lineage
from aidlib.rules.helpers import MONTHS_PER_YEAR
from aidlib.rules.lawinputs import INCOME, MEDICAL_GROUPS, STANDARD, STANDARD_OF, whole
from aidlib.rules.unknown import NO_LIMIT, Known, Range, scaled
from aidlib.standards.level_ranges import LevelRange, level_range

if TYPE_CHECKING:
    from aidlib.rules.local import Desk

_AID_LIMITS = {
    "ta_township": ("ta_township_max",),
    "ta_county": ("ta_county_max",),
    "ta_ceiling": ("ta_year_cap", "ta_person_cap", "ta_amount_max", "ta_month_amount"),
    "ta_exceptional": ("ta_person_cap_exceptional",),
    "ta_floor": ("ta_amount_min",),
}
_SPECIAL = {
    "ta_exceptional": "ta_amount_max"
}  # a place may write its exceptional ceiling as the largest amount of grave cases
HARDSHIPS = ("emergency", "expenditure")
_CEILINGS, _FLOORS = ([f"{limit}_{hardship}" for hardship in HARDSHIPS] for limit in ("ceiling", "floor"))
_MOST_AID = NO_LIMIT * MONTHS_PER_YEAR


def level_of(desk: Desk, argument: str, area: str) -> Known:
    """Return the dibao standard of town or country, for a year: a point where a row holds, else what the caller admits, as a range."""
    law = desk.law
    found = level_range(law.book, desk.figures, law.place, area, law.on)
    if found is None or not (found.in_force or desk.bounds or (desk.stale and _known_once(found))):
        desk.lacking.append(argument)
        return Range(0, NO_LIMIT, 1)
    desk.found[argument] = (*desk.found.get(argument, ()), *found.basis)
    desk.marks[argument] = weakest(desk.marks.get(argument, "enacted"), found.status)
    low = floor(found.low * MONTHS_PER_YEAR)
    high = NO_LIMIT if found.high is None else ceil(found.high * MONTHS_PER_YEAR)
    return low if found.in_force and low == high else Range(low, high, 1)


def _known_once(found: LevelRange) -> bool:
    """Tell whether a range begins with a standard that was in force before the day."""
    return found.how in ("carried", "between") and any(isinstance(row, Value) for row in found.basis)


def _limit_of(argument: str) -> tuple[str, str]:
    """Say which limit an argument asks for, and for which hardship."""
    first, second, third, *_ = argument.split("_")
    return f"{first}_{second}", f"ta_{third}" if third in HARDSHIPS else ""


def _aid_limit(desk: Desk, argument: str, needed: bool = True) -> Value | None:
    limit, hardship = _limit_of(argument)
    names = filter(desk.groups, _AID_LIMITS[limit])
    found = [row for name in names if (row := desk.law.optional(name, hardship)) is not None]
    if (
        limit in _SPECIAL
        and desk.groups(_SPECIAL[limit])
        and (row := desk.law.optional(_SPECIAL[limit], "ta_special"))
        and row.group
    ):
        found.append(row)
    nearest = min(found, key=lambda row: lineage(desk.law.place).index(row.region), default=None)
    return desk.keep(argument, nearest) or (desk.row(argument, _AID_LIMITS[limit][0], needed=True) if needed else None)


def _aid_amount(desk: Desk, argument: str) -> Known:
    """A limit of temporary aid in twelfths of a fen, on the base its own row names: months or years of the standard, or yuan."""
    limit = _aid_limit(desk, argument)
    return Range(0, _MOST_AID, 1) if limit is None else _of_limit(desk, argument, limit)


def _of_limit(desk: Desk, argument: str, limit: Value) -> Known:
    months = {"x_standard": 1, "x_standard_month": 1, "x_standard_year": MONTHS_PER_YEAR}.get(limit.unit)
    if limit.name == "ta_month_amount" and (times := desk.row(argument, "ta_months_max")) is not None:
        months = int(times.number)
    if months is None:
        return whole(limit.fen * MONTHS_PER_YEAR, limit)
    return scaled(_aid_standard(desk, argument), months * limit.number)


def _aid_standard(desk: Desk, argument: str) -> Known:
    area = desk.row(argument, "ta_base_area")
    if area is None or area.text == desk.area:
        desk.rest(argument, STANDARD)
        return desk.value(STANDARD)
    standard = desk.value(STANDARD_OF[area.text])
    desk.rest(argument, STANDARD_OF[area.text])
    return standard


def _aid_per_person(desk: Desk, argument: str) -> Known:
    return (limit := _aid_limit(desk, argument)) is not None and limit.period.startswith("per person")


def _aid_per_case(desk: Desk, argument: str) -> Known:
    return (limit := _aid_limit(desk, argument)) is not None and limit.period == "per case"


def _aid_optional(desk: Desk, argument: str) -> Known:
    """A least or an exceptional amount, which a place may have though nothing is on file."""
    limit = _aid_limit(desk, argument, needed=False)
    if argument.endswith("_per_person"):
        return limit is not None and limit.period.startswith("per person")
    return desk.unwritten(argument, 0, _MOST_AID) if limit is None else _of_limit(desk, argument, limit)


def _aid_in_total(desk: Desk, argument: str) -> Known:
    return (limit := _aid_limit(desk, argument)) is not None and limit.period == "in total"


def _medical(name: str, better: int) -> Callable[[Desk, str], Known]:
    def amount(desk: Desk, argument: str) -> Known:
        group = next((group for key, group in MEDICAL_GROUPS.items() if f"_{key}_" in argument), "")
        if name == "medical_tilt_start" and not desk.value("medical_tilt_rate_bp"):
            desk.silent.append(argument)
            return 0
        found = desk.row(argument, name, group, needed=True)
        if found is None:
            return Range(0, NO_LIMIT, better)
        if found.kind == "money":
            return whole(found.fen, found)
        income = desk.value(INCOME)
        if isinstance(income, Range):
            return Range(half_up(income.low * found.number), half_up(income.high * found.number), better)
        return half_up(income * found.number)

    return amount


def _grant(desk: Desk, argument: str) -> Known:
    """The national grant: which of its tiers a pupil gets is the school's decision."""
    group = "undergraduate" if "undergraduate" in argument else "senior_secondary"
    found = desk.row(argument, "education_grant_range", group, needed=True)
    if found is None:
        return Range(0, NO_LIMIT, 1)
    low, high = (int(end * FEN_PER_YUAN) for end in found.bounds)
    return Range(low, high, 1)


AMOUNTS: dict[str, Callable[[Desk, str], Known]] = {
    **dict.fromkeys((f"ta_{limit}_fen12" for limit in ("township", "county", *_CEILINGS)), _aid_amount),
    **dict.fromkeys((f"ta_{limit}_per_person" for limit in ("township", "county", *_CEILINGS)), _aid_per_person),
    **dict.fromkeys((f"ta_{limit}_per_case" for limit in _CEILINGS), _aid_per_case),
    "ta_township_in_total": _aid_in_total,
    **dict.fromkeys(
        (f"ta_{limit}_{what}" for limit in ("exceptional", *_FLOORS) for what in ("fen12", "per_person")), _aid_optional
    ),
    **dict.fromkeys((f"medical_deductible_{key}_fen" for key in MEDICAL_GROUPS), _medical("medical_deductible", -1)),
    "medical_tilt_start_fen": _medical("medical_tilt_start", -1),
    **dict.fromkeys((f"grant_{stage}_fen_year" for stage in ("senior", "undergraduate")), _grant),
    "medical_year_cap_fen": _medical("medical_year_cap", 1),
}
