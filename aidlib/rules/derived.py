"""Law values that rest on more than one row: standards, published incomes and wages, ceilings on their own base."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from aidlib.errors import RuleFault
from aidlib.indices import Figure, local_figure
from aidlib.law import Value
from aidlib.money import FEN_PER_YUAN, half_up
from aidlib.regions import lineage
from aidlib.rules.aid_amounts import AMOUNTS, level_of
from aidlib.rules.asset_limits import ASSET_LIMITS
from aidlib.rules.dibao_amounts import DIBAO_AMOUNTS
from aidlib.rules.helpers import BP, MONTHS_PER_YEAR
from aidlib.rules.lawinputs import BP_MAX, INCOME, LAW_FEN_MAX, RIGID_INCOME, STANDARD, STANDARD_OF, whole
from aidlib.rules.unknown import NO_LIMIT, Known, Range

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


def _standard_of(desk: Desk, argument: str) -> Known:
    return level_of(desk, argument, argument.split("_")[2])


def _income(desk: Desk, argument: str) -> Known:
    """Last year's disposable income per head of the place itself, else the range it lies in; never another place's figure."""
    return _local_income(desk, argument, "total")


def _rigid_income(desk: Desk, argument: str) -> Known:
    """The same for the cap of rigid-expenditure households, which here and there counts town people's income."""
    basis = desk.row(argument, "rigid_income_basis")
    if basis is None or basis.text != "urban":
        desk.rest(argument, INCOME)
        return desk.value(INCOME)
    return _local_income(desk, argument, "urban")


def _local_income(desk: Desk, argument: str, area: str) -> Known:
    found = local_figure(desk.figures, desk.law.place, f"disposable_income_pc:{area}", desk.law.on.year - 1)
    if found is None:
        return Range(0, LAW_FEN_MAX, 1)
    desk.found[argument] = (*desk.found.get(argument, ()), *found.figures)
    desk.marks[argument] = found.status
    low, high = floor(found.low * FEN_PER_YUAN), ceil(found.high * FEN_PER_YUAN)
    return low if low == high else Range(low, high, 1)


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


def _rigid_cap(desk: Desk, argument: str) -> Known:
    """The income cap of rigid-expenditure households, in times the mean; unknown where only a local share of spending is on file."""
    if (found := desk.row(argument, "rigid_income_cap")) is not None:
        return whole(found.rate * BP, found)
    begun = desk.law.optional("rigid_ratio_min") is not None
    return desk.unwritten(argument, 0, BP_MAX) if begun else desk.none(argument, 0)


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
    if (lowest := desk.row(argument, "tekun_basic_floor", desk.area)) is not None:
        return Range(whole(lowest.fen_month * MONTHS_PER_YEAR, lowest), NO_LIMIT, 1)
    desk.row(argument, "tekun_basic_standard", *groups, needed=True)
    multiple, standard = desk.row(argument, "tekun_basic_multiple", desk.area), desk.value(STANDARD)
    least = _low(standard) * multiple.number if multiple else Fraction(0)
    return Range(-int(-least // 1), NO_LIMIT, 1)


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
        return Range(0, NO_LIMIT, 1)
    low, high = (half_up(end * share.number) for end in base)
    return Range(low, NO_LIMIT, 1) if least else Range(low, high, 1) if low < high else low


def _care_base(desk: Desk, argument: str, share: Value) -> tuple[int, int] | None:
    """Both ends of what a share is taken of, for a year; None where it is not known."""
    year = desk.law.on.year
    before = desk.row(argument, "tekun_care_base")
    last = f"{year - 1}-12-31" if before and before.text == "min_wage_previous_year" else str(desk.law.on)
    base = desk.value(STANDARD) if share.unit == "x_standard" else _minimum_wage(desk, argument, last)
    low, high = (base.low, base.high) if isinstance(base, Range) else (base, base)
    months = 1 if share.unit == "x_standard" else MONTHS_PER_YEAR
    return None if high in (LAW_FEN_MAX, NO_LIMIT * MONTHS_PER_YEAR) else (low * months, high * months)


def _price(desk: Desk, argument: str) -> Known:
    if desk.prices is None:
        raise RuleFault("the price subsidy needs the month's amounts", expected="prices by group", hint="prices={}")
    return desk.prices.get(PRICE_GROUPS[argument], 0)


def _low(known: Known) -> int:
    return known.low if isinstance(known, Range) else known


DERIVED: dict[str, Callable[[Desk, str], Known]] = {
    **AMOUNTS,
    **DIBAO_AMOUNTS,
    **ASSET_LIMITS,
    STANDARD: _standard,
    **dict.fromkeys(STANDARD_OF.values(), _standard_of),
    INCOME: _income,
    RIGID_INCOME: _rigid_income,
    WAGE: _wage,
    "rigid_income_cap_bp": _rigid_cap,
    "rigid_ratio_bp": _rigid_ratio,
    **dict.fromkeys(_EXIT, _exit_months),
    **dict.fromkeys((f"tekun_basic_{form}_fen_year" for form in ("institution", "home")), _tekun_basic),
    **dict.fromkeys(
        (f"care_{kind}_{form}_fen_year" for kind in ("full", "partial", "self") for form in ("institution", "home")),
        _care,
    ),
    **dict.fromkeys(PRICE_GROUPS, _price),
}
