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
from aidlib.rules.aid_amounts import AMOUNTS, level_of
from aidlib.rules.helpers import BP, MONTHS_PER_YEAR
from aidlib.rules.lawinputs import BP_MAX, INCOME, LAW_FEN_MAX, STANDARD, whole
from aidlib.rules.unknown import Known, Range

if TYPE_CHECKING:
    from aidlib.rules.local import Desk

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


def _standard(desk: Desk, argument: str) -> Known:
    return level_of(desk, argument, desk.area)


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
    return _minimum_wage(desk, argument, str(desk.law.on)) if any(desk.value(name) for name in _READS_WAGE) else 0


def _minimum_wage(desk: Desk, argument: str, on: str) -> Known:
    for place in lineage(desk.law.place):
        latest = [desk.figures.latest(place, tier, on) for tier in _WAGE_TIERS]
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
    desk.value(STANDARD)
    part = next((row.group for row in desk.found.get(STANDARD, ()) if isinstance(row, Value)), desk.area)
    groups = (f"{desk.area}:{form}", f"{form}:{desk.area}", form, part, desk.area)
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
    least = desk.row(argument, "tekun_care_share_min", *groups)
    share = least or desk.row(argument, "tekun_care_share", *groups)
    base = None if share is None else _care_base(desk, argument, share)
    if share is None or base is None:
        desk.row(argument, "tekun_care_standard", *groups, needed=True)
        return Range(0, LAW_FEN_MAX, 1)
    low, high = (half_up(end * share.number) for end in base)
    return Range(low, LAW_FEN_MAX, 1) if least else Range(low, high, 1) if low < high else low


def _care_base(desk: Desk, argument: str, share: Value) -> tuple[int, int] | None:
    """Both ends of what a share is taken of, for a year; None where it is not known."""
    year = desk.law.on.year
    before = desk.row(argument, "tekun_care_base")
    last = f"{year - 1}-12-31" if before and before.text == "min_wage_previous_year" else str(desk.law.on)
    base = desk.value(STANDARD) if share.unit == "x_standard" else _minimum_wage(desk, argument, last)
    low, high = (base.low, base.high) if isinstance(base, Range) else (base, base)
    months = 1 if share.unit == "x_standard" else MONTHS_PER_YEAR
    return None if high == LAW_FEN_MAX else (low * months, high * months)


def _price(desk: Desk, argument: str) -> Known:
    if desk.prices is None:
        raise RuleFault("the price subsidy needs the month's amounts", expected="prices by group", hint="prices={}")
    return desk.prices.get(PRICE_GROUPS[argument], 0)


def _low(known: Known) -> int:
    return known.low if isinstance(known, Range) else known


DERIVED: dict[str, Callable[[Desk, str], Known]] = {
    **AMOUNTS,
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
    **dict.fromkeys(PRICE_GROUPS, _price),
}
