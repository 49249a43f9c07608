"""Limits of temporary aid, each on its own base, and amounts of specialised aid, from the rows of a place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aidlib.law import Value
from aidlib.money import FEN_PER_YUAN, half_up
from aidlib.regions import lineage
from aidlib.rules.helpers import MONTHS_PER_YEAR
from aidlib.rules.lawinputs import INCOME, LAW_FEN_MAX, MEDICAL_GROUPS, STANDARD, whole
from aidlib.rules.unknown import Known, Range
from aidlib.standards.levels import last_level, level

if TYPE_CHECKING:
    from aidlib.rules.local import Desk

_MOST_AID = LAW_FEN_MAX * MONTHS_PER_YEAR
_AID_LIMITS = {
    "ta_township": ("ta_township_max",),
    "ta_county": ("ta_county_max",),
    "ta_ceiling": ("ta_year_cap", "ta_person_cap", "ta_amount_max", "ta_month_amount"),
    "ta_exceptional": ("ta_person_cap_exceptional",),
    "ta_floor": ("ta_amount_min",),
}


def level_of(desk: Desk, argument: str, area: str) -> Known:
    """Return the dibao standard of town or country, for a year."""
    found = desk.keep(argument, (last_level if desk.stale else level)(desk.law, area))
    return Range(0, LAW_FEN_MAX, 1) if found is None else whole(found.fen_month * MONTHS_PER_YEAR, found)


def _aid_limit(desk: Desk, argument: str) -> Value | None:
    names = _AID_LIMITS["_".join(argument.split("_")[:2])]
    found = [row for name in names if (row := desk.law.optional(name)) is not None]
    nearest = min(found, key=lambda row: lineage(desk.law.place).index(row.region), default=None)
    return desk.keep(argument, nearest) if nearest else desk.row(argument, names[0], needed=True)


def _aid_amount(desk: Desk, argument: str) -> Known:
    """A limit of temporary aid in twelfths of a fen, on the base its own row names: months or years of the standard, or yuan."""
    if (limit := _aid_limit(desk, argument)) is None:
        return Range(0, _MOST_AID, 1)
    months = {"x_standard": 1, "x_standard_month": 1, "x_standard_year": MONTHS_PER_YEAR}.get(limit.unit)
    if limit.name == "ta_month_amount" and (times := desk.row(argument, "ta_months_max")) is not None:
        months = int(times.number)
    if months is None:
        return whole(limit.fen * MONTHS_PER_YEAR, limit)
    standard = _aid_standard(desk, argument)
    if isinstance(standard, Range):
        return Range(0, _MOST_AID, 1)
    return int(standard * months * limit.number)


def _aid_standard(desk: Desk, argument: str) -> Known:
    area = desk.row(argument, "ta_base_area")
    if area is None or area.text == desk.area:
        return desk.value(STANDARD)
    return level_of(desk, argument, area.text)


def _aid_per_person(desk: Desk, argument: str) -> Known:
    return (limit := _aid_limit(desk, argument)) is not None and limit.period.startswith("per person")


def _aid_per_case(desk: Desk, argument: str) -> Known:
    return (limit := _aid_limit(desk, argument)) is not None and limit.period == "per case"


def _aid_optional(desk: Desk, argument: str) -> Known:
    """A least or an exceptional amount that a place may do without."""
    (name,) = _AID_LIMITS["_".join(argument.split("_")[:2])]
    if desk.law.optional(name) is not None:
        return _aid_amount(desk, argument) if argument.endswith("_fen12") else _aid_per_person(desk, argument)
    desk.silent.append(argument)
    return 0 if argument.endswith("_fen12") else False


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
            return Range(0, LAW_FEN_MAX, better)
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
        return Range(0, LAW_FEN_MAX, 1)
    low, high = (int(end * FEN_PER_YUAN) for end in found.bounds)
    return Range(low, high, 1)


AMOUNTS: dict[str, Callable[[Desk, str], Known]] = {
    **dict.fromkeys((f"ta_{tier}_fen12" for tier in ("township", "county", "ceiling")), _aid_amount),
    **dict.fromkeys((f"ta_{tier}_per_person" for tier in ("township", "county", "ceiling")), _aid_per_person),
    "ta_township_in_total": _aid_in_total,
    "ta_ceiling_per_case": _aid_per_case,
    **dict.fromkeys(("ta_exceptional_fen12", "ta_floor_fen12", "ta_floor_per_person"), _aid_optional),
    **dict.fromkeys((f"medical_deductible_{key}_fen" for key in MEDICAL_GROUPS), _medical("medical_deductible", -1)),
    "medical_tilt_start_fen": _medical("medical_tilt_start", -1),
    **dict.fromkeys((f"grant_{stage}_fen_year" for stage in ("senior", "undergraduate")), _grant),
    "medical_year_cap_fen": _medical("medical_year_cap", 1),
}
