"""Law values worked out from rows, published levels and figures: shares, amounts of dibao and of other aid, limits of assets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from aidlib.errors import RuleFault
from aidlib.indices import Figure, local_figure
from aidlib.law import Value, weakest
from aidlib.money import FEN_PER_YUAN, half_up
from aidlib.regions import lineage
from aidlib.register.columns import COLUMNS
from aidlib.rules.helpers import BP, DOWN, HALF_UP, MONTHS_PER_YEAR, UP, monthly
from aidlib.rules.lawinputs import (
    BP_MAX,
    INCOME,
    LAW_FEN_MAX,
    MEDICAL_GROUPS,
    MODES,
    RIGID_INCOME,
    STANDARD,
    STANDARD_OF,
    whole,
)
from aidlib.rules.unknown import NO_LIMIT, Known, Range, scaled
from aidlib.standards.level_ranges import LevelRange, level_range

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

LIMIT_AMOUNTS = {
    "edge_assets_fen12": "edge_financial_assets_max",
    "edge_vehicle_value_fen12": "edge_vehicle_value_max",
    "edge_capital_fen12": "edge_capital_max",
    "edge_profit_fen12": "edge_firm_profit_max",
    "dibao_assets_small_fen12": "dibao_financial_assets_max",
    "dibao_assets_large_fen12": "dibao_financial_assets_max",
}
COUNTS = {name: name for name in ("edge_dwellings_max", "edge_vehicles_max", "dibao_vehicles_max")}
PER_PERSON = {"edge_assets_per_person": "edge_assets_fen12", "dibao_assets_per_person": "dibao_assets_small_fen12"}
SMALL_SIZE = "dibao_assets_small_size"
_SIZES = "household_"


def _amount(desk: Desk, argument: str) -> Known:
    """A limit in twelfths of a fen: months or years of the standard, a multiple of last year's income, or yuan."""
    limit = _limit(desk, argument)
    if limit is None:
        return desk.none(argument, NO_LIMIT * MONTHS_PER_YEAR)
    if limit.kind == "money":
        return whole(limit.fen * MONTHS_PER_YEAR, limit)
    base = INCOME if limit.unit == "x_income" else STANDARD
    desk.rest(argument, base)
    months = 1 if limit.unit == "x_standard_month" else MONTHS_PER_YEAR
    return scaled(desk.value(base), months * limit.number)


def _limit(desk: Desk, argument: str) -> Value | None:
    groups = _size_groups(desk) if argument.startswith("dibao_assets") else ()
    own = groups[:1] if "small" in argument else groups[1:]
    return desk.row(argument, LIMIT_AMOUNTS[argument], *own)


def _size_groups(desk: Desk) -> tuple[str, ...]:
    """The groups of small and of large households for which the place has limits of their own."""
    return tuple(sorted(group for group in desk.groups("dibao_financial_assets_max") if group.startswith(_SIZES)))


def _small_size(desk: Desk, argument: str) -> Known:
    """The most members of a small household; 0 where the place makes no difference."""
    groups = _size_groups(desk)
    return int(groups[0].rpartition("_")[2]) if groups else desk.none(argument, 0)


def _per_person(desk: Desk, argument: str) -> Known:
    limit = _limit(desk, PER_PERSON[argument])
    return limit is not None and limit.period.startswith("per person")


def _count(desk: Desk, argument: str) -> Known:
    limit = desk.row(argument, COUNTS[argument])
    return desk.none(argument, NO_LIMIT) if limit is None else int(limit.number)


def _limit_names() -> Iterator[tuple[str, Callable[[Desk, str], Known]]]:
    yield from dict.fromkeys(LIMIT_AMOUNTS, _amount).items()
    yield from dict.fromkeys(PER_PERSON, _per_person).items()
    yield from dict.fromkeys(COUNTS, _count).items()
    yield SMALL_SIZE, _small_size


ASSET_LIMITS: dict[str, Callable[[Desk, str], Known]] = dict(_limit_names())

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
