"""Law values that rest on more than one row: standards, published incomes and wages, ceilings on their own base."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.errors import RuleFault
from aidlib.indices import Figure
from aidlib.law import Value
from aidlib.money import FEN_PER_YUAN, half_up
from aidlib.regions import NATION, lineage
from aidlib.rules.helpers import BP, MONTHS_PER_YEAR
from aidlib.rules.lawinputs import BP_MAX, LAW_FEN_MAX, whole
from aidlib.rules.unknown import Known, Range
from aidlib.standards.levels import last_level, level

if TYPE_CHECKING:
    from aidlib.rules.local import Desk

STANDARD = "dibao_standard_fen_year"
INCOME = "disposable_income_fen_year"
WAGE = "min_wage_fen_month"
PRICE_GROUPS = {
    "price_tekun_fen": "tekun",
    "price_dibao_fen": "dibao",
    "price_edge_fen": "edge",
    "price_orphan_fen": "orphan",
    "price_unsupported_fen": "defacto_unsupported_child",
    "price_hiv_fen": "child_with_hiv",
    "price_preferential_fen": "preferential_person",
    "price_unemployment_benefit_fen": "unemployment_benefit",
    "price_unemployment_subsidy_fen": "unemployment_subsidy",
}
_READS_WAGE = ("edge_cap_min_wage_bp", "work_cost_min_wage_bp", "disabled_work_cost_min_wage_bp")
_WAGE_TIERS = tuple(f"minimum_wage_monthly:tier{n}" for n in range(1, 5))
_EXIT = {
    "exit_months_any": "",
    "exit_months_graduate": "new_graduate",
    "exit_months_jobseeker": "placed_jobseeker",
    "exit_months_disabled": "placed_disabled",
    "exit_months_pensioner": "pensioner",
}
_MOST_AID = LAW_FEN_MAX * MONTHS_PER_YEAR


def _standard(desk: Desk, argument: str) -> Known:
    return _level(desk, argument, desk.area)


def _level(desk: Desk, argument: str, area: str) -> Known:
    found = desk.keep(argument, (last_level if desk.stale else level)(desk.law, area))
    return Range(0, LAW_FEN_MAX, 1) if found is None else whole(found.fen_month * MONTHS_PER_YEAR, found)


def _income(desk: Desk, argument: str) -> Known:
    """Last year's disposable income per head: the place's own figure, else that of the place above, never the nation's."""
    urban = desk.row(argument, "rigid_income_basis")
    series = f"disposable_income_pc:{'urban' if urban and urban.text == 'urban' else 'total'}"
    for place in lineage(desk.law.place):
        if place == NATION and desk.law.place != NATION:
            break
        if (figure := desk.figures.find(place, series, str(desk.law.on.year - 1))) is not None:
            return _figure(desk, argument, figure)
    return Range(0, LAW_FEN_MAX, 1)


def _figure(desk: Desk, argument: str, *figures: Figure) -> Known:
    desk.found[argument] = (*desk.found.get(argument, ()), *figures)
    amounts = [half_up(figure.value * FEN_PER_YUAN) for figure in figures]
    low, high = min(amounts), max(amounts)
    return low if low == high else Range(low, high, 1)


def _wage(desk: Desk, argument: str) -> Known:
    """The minimum wage; a province's tiers give a range. Not read where no rule of the place uses it."""
    if not any(desk.value(name) for name in _READS_WAGE):
        return 0
    for place in lineage(desk.law.place):
        latest = [desk.figures.latest(place, tier, str(desk.law.on)) for tier in _WAGE_TIERS]
        if newest := max((figure.period for figure in latest if figure), default=""):
            return _figure(desk, argument, *(figure for figure in latest if figure and figure.period == newest))
    return Range(0, LAW_FEN_MAX, 1)


def _exit_months(desk: Desk, argument: str) -> Known:
    longest = desk.row(argument, "exit_grace_months_max", _EXIT[argument], needed=True)
    if longest is None:
        return Range(0, MONTHS_PER_YEAR * MONTHS_PER_YEAR, 1)
    high = int(longest.number)
    shortest = desk.law.optional("exit_grace_months_min", longest.group)
    if shortest is None or shortest.region != longest.region or shortest.group != longest.group:
        return high
    desk.keep(argument, shortest)
    return Range(int(shortest.number), high, 1)


def _rigid_ratio(desk: Desk, argument: str) -> Known:
    """The local share; where only a range to choose from is known, both ends; where nothing is, unknown."""
    found = desk.row(argument, "rigid_ratio_min") or desk.row(argument, "rigid_ratio_range")
    if found is None:
        desk.row(argument, "rigid_ratio_min", needed=True)
        return Range(0, BP_MAX, -1)
    low, high = (whole(end * BP, found) for end in found.bounds)
    return low if low == high else Range(low, high, -1)


def _tekun_basic(desk: Desk, argument: str) -> Known:
    """The published standard; where there is none, at least the floor the law sets."""
    form = "institution" if "institution" in argument else "at_home"
    groups = (f"{desk.area}:{form}", f"{form}:{desk.area}", form, desk.area)
    if (found := desk.row(argument, "tekun_basic_standard", *groups)) is not None:
        return whole(found.fen_month * MONTHS_PER_YEAR, found)
    if (floor := desk.row(argument, "tekun_basic_floor", desk.area)) is not None:
        return Range(whole(floor.fen_month * MONTHS_PER_YEAR, floor), LAW_FEN_MAX, 1)
    desk.row(argument, "tekun_basic_standard", *groups, needed=True)
    multiple, standard = desk.row(argument, "tekun_basic_multiple", desk.area), desk.value(STANDARD)
    least = _low(standard) * multiple.number if multiple else Fraction(0)
    return Range(-int(-least // 1), LAW_FEN_MAX, 1)


def _care(desk: Desk, argument: str) -> Known:
    """The published care standard; where there is only a share of a base, that share; where there is neither, unknown."""
    form = "institution" if "institution" in argument else "at_home"
    kind = {"full": "care_full", "partial": "care_partial", "self": "selfcare_full"}[argument.split("_")[1]]
    groups = (f"{form}:{kind}", f"{desk.area}:{kind}", kind)
    if (found := desk.row(argument, "tekun_care_standard", *groups)) is not None:
        return whole(found.fen_month * MONTHS_PER_YEAR, found)
    share = desk.row(argument, "tekun_care_share", *groups)
    if share is None or share.unit != "x_standard":
        desk.row(argument, "tekun_care_standard", *groups, needed=True)
        return Range(0, LAW_FEN_MAX, 1)
    base = desk.value(STANDARD)
    return base if isinstance(base, Range) else half_up(base * share.number)


def _aid_limit(desk: Desk, argument: str) -> Value | None:
    names = {
        "ta_township": ("ta_township_max",),
        "ta_county": ("ta_county_max",),
        "ta_ceiling": ("ta_year_cap", "ta_person_cap"),
    }[argument.rsplit("_fen12")[0].rsplit("_per_")[0].rsplit("_in_")[0]]
    found = [row for name in names if (row := desk.law.optional(name)) is not None]
    return desk.keep(argument, found[0]) if found else desk.row(argument, names[0], needed=True)


def _aid_amount(desk: Desk, argument: str) -> Known:
    """A limit of temporary aid in twelfths of a fen, on the base its own row names: months or years of the standard, or yuan."""
    if (limit := _aid_limit(desk, argument)) is None:
        return Range(0, _MOST_AID, 1)
    months = {"x_standard_month": 1, "x_standard_year": MONTHS_PER_YEAR}.get(limit.unit)
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
    return _level(desk, argument, area.text)


def _aid_per_person(desk: Desk, argument: str) -> Known:
    return (limit := _aid_limit(desk, argument)) is not None and limit.period.startswith("per person")


def _aid_in_total(desk: Desk, argument: str) -> Known:
    return (limit := _aid_limit(desk, argument)) is not None and limit.period == "in total"


def _medical(name: str, better: int) -> Callable[[Desk, str], Known]:
    def amount(desk: Desk, argument: str) -> Known:
        group = next((g for g in ("tekun", "dibao", "edge") if f"_{g}_" in argument), "")
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


def _price(desk: Desk, argument: str) -> Known:
    if desk.prices is None:
        raise RuleFault("the price subsidy needs the month's amounts", expected="prices by group", hint="prices={}")
    return desk.prices.get(PRICE_GROUPS[argument], 0)


def _low(known: Known) -> int:
    return known.low if isinstance(known, Range) else known


DERIVED: dict[str, Callable[[Desk, str], Known]] = {
    STANDARD: _standard,
    INCOME: _income,
    WAGE: _wage,
    "rigid_ratio_bp": _rigid_ratio,
    **dict.fromkeys(_EXIT, _exit_months),
    **dict.fromkeys((f"tekun_basic_{form}_fen_year" for form in ("institution", "home")), _tekun_basic),
    **dict.fromkeys(
        (f"care_{kind}_{form}_fen_year" for kind in ("full", "partial", "self") for form in ("institution", "home")),
        _care,
    ),
    **dict.fromkeys((f"ta_{tier}_fen12" for tier in ("township", "county", "ceiling")), _aid_amount),
    **dict.fromkeys((f"ta_{tier}_per_person" for tier in ("township", "county", "ceiling")), _aid_per_person),
    "ta_township_in_total": _aid_in_total,
    **dict.fromkeys(
        (f"medical_deductible_{group}_fen" for group in ("tekun", "dibao", "edge")), _medical("medical_deductible", -1)
    ),
    "medical_year_cap_fen": _medical("medical_year_cap", 1),
    **dict.fromkeys(PRICE_GROUPS, _price),
}
