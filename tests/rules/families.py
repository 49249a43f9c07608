"""Invented households and invented places: more than half of the households stand on a line, or one fen beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

Words = dict[str, list[str]]
CODES: Words = {
    "sex": ["female", "male"],
    "relation": ["applicant", "spouse", "child", "parent", "grandparent", "grandchild", "sibling", "other"],
    "absence": ["none", "clergy", "prison", "isolation", "missing", "conscript", "serviceman"],
    "student_stage": ["none", "preschool", "compulsory", "senior", "undergraduate", "postgraduate"],
    "disability_kind": ["none", "visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"],
    "tekun_supporter": ["none", "unable", "able"],
    "child_aid": ["none", "orphan", "unsupported", "hiv"],
    "unemployment_aid": ["none", "benefit", "subsidy"],
    "dibao_tier": ["none", "a", "b", "c", "d", "e"],
    "exit_ground": ["none", "new_graduate", "placed_jobseeker", "placed_disabled", "pensioner"],
    "temporary_hardship": ["none", "emergency", "expenditure"],
}


MEDICAL = {
    who: (Decimal(deductible), Decimal(rate))
    for who, deductible, rate in (
        ("tekun", "0", "1"), ("orphan", "0", "0.9"), ("dibao", "0", "0.8"), ("returned", "1500", "0.75"), ("edge", "3000", "0.7"),
        ("monitored", "3000", "0.65"), ("illness", "12345.67", "0.5"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """The law of an invented place, in yuan and plain ratios, as a county would write it."""

    code: str
    urban: bool
    standard_year: Decimal
    rounding: tuple[str, Decimal] = ("half_up", Decimal("0.01"))
    income_year: Decimal = Decimal("31125.00")
    min_wage: Decimal = Decimal("1840")
    edge_multiple: Decimal = Decimal("1.5")
    edge_line_reached: bool = False
    edge_cap: Decimal | None = None
    edge_spending: tuple[Decimal, Decimal] | None = None
    rigid_ratio: Decimal = Decimal("0.6")
    rigid_ratio_reached: bool = False
    rigid_after_costs: Decimal | None = None
    rigid_assets_months: Decimal | None = None
    rigid_living_aid: bool = False
    work_rate: Decimal = Decimal(0)
    work_standard: Decimal = Decimal(0)
    work_wage: Decimal = Decimal(0)
    work_wage_disabled: Decimal = Decimal(0)
    tiers: dict[str, Decimal] = field(default_factory=dict)
    tier_floors: dict[str, Decimal] = field(default_factory=dict)
    tier_bands: dict[str, Decimal] = field(default_factory=dict)
    untiered: Decimal = Decimal(0)
    gap_min_share: Decimal = Decimal(0)
    gap_min: Decimal = Decimal(0)
    topups: dict[str, Decimal] = field(default_factory=dict)
    topup_bands: tuple[tuple[int, Decimal], ...] = ()
    topup_summed: bool = False
    edge_assets: tuple[Decimal, bool, bool] | None = None
    edge_owned: tuple[int, int] = (100, 100)
    edge_worth: tuple[Decimal, Decimal, Decimal] | None = None
    edge_living_aid: Decimal = Decimal(0)
    dibao_assets: tuple[int, Decimal, Decimal, bool] | None = None
    dibao_vehicles: int = 100
    exit_months: dict[str, int] = field(default_factory=lambda: {"none": 6})
    exit_income: Decimal | None = None
    excluded: tuple[str, ...] = ("clergy", "prison", "isolation", "missing")
    pension_disregarded: bool = False
    single_grade_mind: int = 3
    single_extra: tuple[str, ...] = ()
    single_ill: bool = True
    single_share: Decimal | None = None
    single_floor: Decimal | None = None
    minor_entry_age: int = 18
    hospital_dependent: bool = False
    tekun_basic: tuple[Decimal, Decimal] = (Decimal("900"), Decimal("845"))
    care: tuple[Decimal, ...] = tuple(map(Decimal, ("636.67", "318.33", "191", "446", "223", "95.5")))
    aid_base: str = "year"
    aid_limits: tuple[Decimal, Decimal, Decimal] = (Decimal("0.5"), Decimal(2), Decimal(6))
    aid_per_person: bool = False
    aid_in_total: bool = False
    medical: dict[str, tuple[Decimal, Decimal]] = field(default_factory=lambda: MEDICAL)
    medical_cap: Decimal = Decimal("100000")
    tilt: tuple[Decimal, Decimal] | None = None
    exit_disregard: Decimal | None = None
    refusals: int = 3
    aid_ceiling_expenditure: Decimal | None = None
    aid_least: Decimal = Decimal(0)
    aid_exceptional: Decimal | None = None
    aid_per_case: bool = False
    review: tuple[int, int] = (12, 6)
    review_by_class: dict[str, int] = field(default_factory=dict)
    prices: dict[str, Decimal] = field(
        default_factory=lambda: {"dibao": Decimal("24.5"), "tekun": Decimal("31.9"), "orphan": Decimal("40")}
    )


def _d(text: str) -> Decimal:
    return Decimal(text)


PLACES = (
    Place("110101", True, _d("632") * 12, ("ceil", _d("1"))),
    Place("110101", False, _d("6400"), rigid_ratio=_d("0.8"), rigid_ratio_reached=True, work_rate=_d("0.15")),
    Place(
        "120101", True, _d("835") * 12, ("half_up", _d("0.1")), edge_cap=_d("1"), work_rate=_d("0.3"),
        work_wage_disabled=_d("0.5"), tiers={"a": _d("650"), "b": _d("310"), "e": _d("174")}, tier_floors={"c": _d("220")},
        dibao_assets=(2, _d("33000"), _d("30000"), True), dibao_vehicles=0, edge_living_aid=_d("314"),
        excluded=("clergy", "prison", "isolation", "missing", "conscript"), pension_disregarded=True,
        aid_base="month", aid_limits=(_d("3"), _d("6"), _d("12")), aid_per_person=True, minor_entry_age=16,
        exit_disregard=_d("3"), aid_least=_d("0.5"), aid_exceptional=_d("18"), tilt=(_d("10000"), _d("0.5")), medical_cap=_d("60000"),
    ),
    Place(
        "120101", False, _d("5321.5"), ("floor", _d("1")), rigid_after_costs=_d("2"), rigid_assets_months=_d("36"),
        rigid_living_aid=True, tiers={"c": _d("190")}, single_share=_d("1"), single_grade_mind=4, topups={"minor": _d("0.1"),
        "disabled": _d("0.25"), "ill": _d("0.2")}, topup_bands=((60, _d("0.1")),), hospital_dependent=True, aid_in_total=True,
        gap_min_share=_d("0.3"),
    ),
    Place(
        "130102", True, _d("750") * 12, edge_spending=(_d("1.5"), _d("1")), single_floor=_d("0.6"), work_standard=_d("0.3"),
        single_extra=("old", "minor", "student"), exit_months={"none": 6, "new_graduate": 12, "placed_disabled": 36},
        exit_income=_d("2"), aid_base="yuan", aid_limits=(_d("2000"), _d("5000"), _d("8000")),
        aid_least=_d("500"), aid_per_case=True, refusals=0, aid_ceiling_expenditure=_d("12000"), gap_min=_d("100"),
        edge_assets=(_d("27000"), True, False), edge_owned=(1, 1), edge_worth=(_d("50000"), _d("200000"), _d("62250")),
        topups={"minor": _d("0.2"), "disabled": _d("0.5"), "student": _d("0.2"), "grade_3": _d("0.2"), "single": _d("0.3")},
        topup_bands=((60, _d("0.1")), (70, _d("0.2")), (80, _d("0.4"))),
        excluded=("clergy", "prison", "isolation", "missing", "serviceman"), review=(6, 6), review_by_class={"a": 12, "c": 3},
        prices={"dibao": _d("20"), "tekun": _d("20"), "edge": _d("20"), "orphan": _d("20"), "defacto_unsupported_child": _d("19.9"),
                "child_with_hiv": _d("33"), "preferential_person": _d("21"), "unemployment_benefit": _d("35"),
                "unemployment_subsidy": _d("34")},
    ),
    Place(
        "130102", False, _d("4500"), ("ceil", _d("1")), edge_multiple=_d("2"), edge_line_reached=True, topup_summed=True,
        topups={"minor": _d("0.1"), "disabled": _d("0.2"), "ill": _d("0.3"), "any_disability": _d("0.05")}, topup_bands=((70, _d("0.1")),),
        tiers={"a": _d("640"), "b": _d("507"), "c": _d("384"), "d": _d("272"), "e": _d("174")},
        tier_bands={"a": _d("77"), "b": _d("200"), "c": _d("312.5"), "d": _d("412")}, untiered=_d("100"),
        edge_assets=(_d("40000"), False, True), work_wage=_d("0.1"), income_year=_d("18333.33"),
        single_ill=False,
    ),
)  # fmt: skip


def population(size: int, seed: int, yearly: bool = False) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Draw invented households and persons, one array per column; the later households are put on lines.

    With `yearly` incomes are stated for the year, to the fen: most are no twelve times a month, and lines are met to the fen a year.
    """
    rng = np.random.default_rng(seed)
    members = rng.choice([1, 2, 3, 4, 5, 8], size, p=[0.3, 0.27, 0.2, 0.13, 0.07, 0.03])
    home = np.repeat(np.arange(size), members)
    edge = np.arange(size) >= size // 4  # of those put on a line, some miss it: half of all stand on one
    persons = _persons(rng, home, edge[home])
    households = _households(rng, size, edge)
    _put_on_lines(rng, households, persons, home, edge)
    if yearly:
        _in_years(rng, households, persons, edge)
    households["household_id"] = np.array([f"H{number:07d}" for number in range(size)])
    persons["household_id"] = households["household_id"][home]
    persons["person_id"] = np.array([f"P{number:07d}" for number in range(len(home))])
    return households, persons


def _pick(rng: Any, column: str, size: int, weights: list[float]) -> np.ndarray:
    return np.array(CODES[column])[rng.choice(len(weights), size, p=np.array(weights) / sum(weights))]


def _chance(rng: Any, size: int, share: float) -> np.ndarray:
    return rng.random(size) < share


def _persons(rng: Any, home: np.ndarray, plain: np.ndarray) -> dict[str, np.ndarray]:
    size = len(home)
    first = np.r_[True, home[1:] != home[:-1]]
    employed = _chance(rng, size, 0.4)
    wage = rng.integers(50_000, 400_000, size) // 10 * 10 + rng.choice([0, 5, 3], size)
    kind = _pick(rng, "disability_kind", size, [8, 1, 0.5, 0.5, 1, 1, 1, 0.3])
    columns = {
        "age": np.where(_chance(rng, size, 0.2), rng.choice([15, 16, 17, 18, 59, 60, 69, 70, 79, 80], size), rng.integers(0, 95, size)),
        "sex": _pick(rng, "sex", size, [1, 1]),
        "relation": np.where(first, "applicant", _pick(rng, "relation", size, [0, 3, 5, 2, 1, 1, 1, 1])),
        "lives_together": _chance(rng, size, 0.9),
        "legal_duty": _chance(rng, size, 0.9),
        "independent": _chance(rng, size, 0.7),
        "absence": np.where(plain, "none", _pick(rng, "absence", size, [30, 1, 1, 1, 1, 1, 1])),
        "absence_months": rng.choice([0, 11, 12, 35, 36, 48], size),
        "student_stage": _pick(rng, "student_stage", size, [6, 1, 2, 1, 1, 1]),
        "disability_kind": kind,
        "disability_grade": np.where(kind == "none", 0, rng.integers(1, 5, size)),
        "topup_recognised_fen": rng.choice([0, 0, 0, 0, 7_000, 19_999], size),
        "serious_illness": _chance(rng, size, 0.1),
        "can_work": _chance(rng, size, 0.6),
        "employed": employed,
        "wage_fen": np.where(employed, wage, 0),
        "work_cost_fen": np.where(_chance(rng, size, 0.3), rng.integers(0, 500_000, size), 0),
        "own_income_fen": rng.choice([0, 37_500, 52_666, 52_667, 53_333, 53_334, 63_199, 63_200, 100_000, 250_000], size),
        "basic_pension_fen": rng.choice([0, 12_300], size),
        "tekun_disregard_fen": rng.choice([0, 0, 15_000], size),
        "own_property_ok": _chance(rng, size, 0.8),
        "tekun_supporter": _pick(rng, "tekun_supporter", size, [1, 1, 2]),
        "is_tekun": ~plain & _chance(rng, size, 0.05),
        "missing_selfcare_items": rng.integers(0, 7, size),
        "in_institution": _chance(rng, size, 0.2),
        "in_hospital": _chance(rng, size, 0.1),
        "child_aid": _pick(rng, "child_aid", size, [20, 1, 1, 1]),
        "unemployment_aid": _pick(rng, "unemployment_aid", size, [20, 1, 1]),
        "preferential": _chance(rng, size, 0.05),
        "single_entry_other": _chance(rng, size, 0.03),
        "returned_poor": _chance(rng, size, 0.05),
        "illness_poor": _chance(rng, size, 0.1),
        "tilt_applied": _chance(rng, size, 0.3),
        "job_refusals": rng.choice([0, 0, 2, 3, 4], size),
        "medical_own_cost_fen": rng.choice([0, 299_999, 300_000, 300_001, 300_005, 1_234_567, 30_000_000], size),
    }  # fmt: skip
    return {name: column.astype(np.int64) if column.dtype.kind == "i" else column for name, column in columns.items()}


def _households(rng: Any, size: int, plain: np.ndarray) -> dict[str, np.ndarray]:
    place = rng.integers(0, len(PLACES), size)
    columns = {
        "place": place,
        "region_code": np.array([p.code for p in PLACES])[place],
        "urban": np.array([p.urban for p in PLACES])[place],
        "income_fen": np.where(_chance(rng, size, 0.05), 0, rng.integers(0, 1_500_000, size)),
        "disregard_fen": np.where(plain, 0, rng.choice([0, 0, 20_000], size)),
        "hardship_deduction_fen": np.where(plain, 0, rng.choice([0, 0, 33_333], size)),
        "expend_fen": np.where(_chance(rng, size, 0.3), 0, rng.integers(0, 9_000_000, size)),
        "property_ok": _chance(rng, size, 0.9),
        "financial_assets_fen": rng.choice(
            [0, 1_596_450, 2_699_999, 2_700_000, 3_000_000, 3_192_900, 3_192_901, 4_000_000, 4_000_001, 6_600_000, 6_600_001], size
        ),
        "dwellings": rng.choice([0, 1, 1, 1, 2], size),
        "vehicles": rng.choice([0, 0, 0, 1, 2], size),
        "vehicle_value_fen": rng.choice([0, 0, 4_999_999, 5_000_000], size),
        "capital_fen": rng.choice([0, 0, 0, 19_999_999, 20_000_000], size),
        "firm_profit_fen_year": rng.choice([0, 0, 0, 6_225_000, 6_225_001], size),
        "on_dibao": _chance(rng, size, 0.3),
        "raised_by_job": _chance(rng, size, 0.3),
        "exit_ground": _pick(rng, "exit_ground", size, [4, 1, 1, 1, 1]),
        "grace_months_used": rng.choice([0, 5, 6, 11, 12, 35, 36], size),
        "last_benefit_fen": rng.integers(0, 200_000, size),
        "new_work_income_fen": np.where(plain, 0, rng.choice([0, 100_000, 250_500, 250_501, 600_000], size)),
        "hardship_exceptional": _chance(rng, size, 0.3),
        "income_stable": _chance(rng, size, 0.5),
        "dibao_tier": _pick(rng, "dibao_tier", size, [3, 1, 1, 1, 1, 1]),
        "anti_poverty_monitored": _chance(rng, size, 0.1),
        "other_difficulty": _chance(rng, size, 0.1),
        "temporary_hardship": _pick(rng, "temporary_hardship", size, [1, 1, 1]),
        "aid_requested_fen": rng.choice([0, 37_500, 63_200, 63_201, 200_000, 379_200, 379_201, 1_516_800, 1_516_801, 9_000_000], size),
        "aid_paid_year_fen": rng.choice([0, 0, 100_000, 4_000_000], size),
        "disaster_hit": _chance(rng, size, 0.1),
    }  # fmt: skip
    return {name: column.astype(np.int64) if column.dtype.kind == "i" else column for name, column in columns.items()}


def _put_on_lines(rng: Any, households: Any, persons: Any, home: np.ndarray, edge: np.ndarray) -> None:
    """Move the later households so that counted income, or spending, lies on a line or one fen beside it."""
    size = len(edge)
    persons["lives_together"] |= edge[home]
    persons["legal_duty"] |= edge[home]
    persons["work_cost_fen"][edge[home]] = 0
    persons["basic_pension_fen"][edge[home]] = 0
    number = np.bincount(home, minlength=size)
    standard = np.array([int(p.standard_year * 100) for p in PLACES])[households["place"]]
    mean = np.array([int(p.income_year * 100) for p in PLACES])[households["place"]]
    deducted = np.bincount(home, _work_costs(persons, households["place"][home]), size).astype(np.int64)
    twice = np.array([int(p.edge_multiple * 2) for p in PLACES])[households["place"]]
    gap = rng.integers(0, 100, size) * 100
    households["property_ok"] |= edge & _chance(rng, size, 0.8)
    lines = np.stack([
        number * standard // 12, number * standard * twice // 24, number * standard * 2 // 12, number * mean // 12,
        np.maximum(number * standard // 12 - gap, 0), np.zeros(size, np.int64), number * 184_000, number * 7_700, number * 31_250,
    ])  # fmt: skip
    line = lines[rng.integers(0, len(lines), size), np.arange(size)] + rng.integers(-1, 2, size)
    households["income_fen"] = np.where(edge, np.maximum(line + deducted, 0), households["income_fen"])
    on_share = edge & _chance(rng, size, 0.4)
    ratio = np.array([int(p.rigid_ratio * 100) for p in PLACES])[households["place"]]
    spending = households["income_fen"] * 12 * ratio // 100 + rng.integers(-1, 2, size)
    households["expend_fen"] = np.where(on_share, np.maximum(spending, 0), households["expend_fen"])
    left = households["income_fen"] * 12 - number * standard * rng.integers(1, 3, size) + rng.integers(-1, 2, size)
    households["expend_fen"] = np.where(edge & ~on_share & (left > 0), left, households["expend_fen"])


def _in_years(rng: Any, households: Any, persons: Any, edge: np.ndarray) -> None:
    """State incomes for the year: months on a line a fen a year beside it, the others with any remainder."""
    beside = rng.integers(-1, 2, len(edge))
    year = households["income_fen"] * 12 + np.where(edge, beside, rng.integers(-6, 6, len(edge)))
    households["income_fen_year"] = np.maximum(year, 0)
    households["income_fen"] = np.full(len(edge), 7)  # nobody may read the month where the year is stated
    own = persons["own_income_fen"] * 12 + rng.integers(-2, 3, len(persons["age"]))
    persons["own_income_fen_year"] = np.maximum(own, 0)


def _work_costs(persons: Any, place: np.ndarray) -> np.ndarray:
    """Work out what the invented places deduct, to aim incomes at a line; an error here would only miss the line."""

    def law(number: Any) -> np.ndarray:
        return np.array([int(number(each)) for each in PLACES])[place]

    share = np.where(
        persons["disability_grade"] > 0, law(lambda p: p.work_wage_disabled * 100), law(lambda p: p.work_wage * 100)
    )
    of_wage = (persons["wage_fen"] * law(lambda p: p.work_rate * 100) + 50) // 100
    of_minimum = (law(lambda p: p.min_wage * 100) * share + 50) // 100
    of_standard = (law(lambda p: p.standard_year * 100) * law(lambda p: p.work_standard * 100) + 600) // 1200
    cost = np.maximum(np.maximum(of_wage, of_minimum), of_standard)
    return np.where(persons["employed"], np.minimum(cost, persons["wage_fen"]), 0)
