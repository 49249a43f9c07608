"""Puts the invented families before the oracle and before the rules, and compares answer by answer."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from families import PLACES, Place, population
from oracle import judge

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.rules.frames import assess
from aidlib.rules.places import Places, places
from aidlib.rules.programmes import (
    DISTANCES,
    HOUSEHOLD_ANSWERS,
    MEDICAL_ANSWERS,
    REFUSAL_ANSWERS,
    SPECIALISED_ANSWERS,
    TEMPORARY_ANSWERS,
)

AFTER, BEFORE = date(2026, 9, 1), date(2024, 6, 1)
HOUSEHOLD = (*HOUSEHOLD_ANSWERS, "tekun_persons", "tekun_fen", "monthly_aid_fen", *TEMPORARY_ANSWERS, *DISTANCES,
             "review_months", "price_subsidy_fen", *REFUSAL_ANSWERS)  # fmt: skip
PERSON = ("layer", "aid_status", "tekun", "care_class", "single_entrant", *MEDICAL_ANSWERS, *SPECIALISED_ANSWERS)
WANTED = (*HOUSEHOLD, *PERSON)
MODES = {"floor": 0, "half_up": 1, "ceil": 2}


def fen(yuan: Decimal) -> int:
    """Turn yuan into whole fen."""
    amount = yuan * 100
    assert amount == int(amount)
    return int(amount)


def bp(ratio: Decimal | None) -> int:
    """Turn a ratio into basis points; none is 0."""
    return int((ratio or Decimal(0)) * 10_000)


def given(place: Place) -> dict[str, Any]:
    """Write an invented place's law as the whole numbers the rules read; the rest comes from the law book."""
    law: dict[str, Any] = {
        "dibao_standard_fen_year": fen(place.standard_year),
        "dibao_round_step": fen(place.rounding[1]),
        "dibao_round_mode": MODES[place.rounding[0]],
        "disposable_income_fen_year": fen(place.income_year),
        "rigid_income_fen_year": fen(place.income_year),
        "min_wage_fen_month": fen(place.min_wage),
        "edge_multiple_bp": bp(place.edge_multiple),
        "edge_line_reached": place.edge_line_reached,
        "edge_cap_min_wage_bp": bp(place.edge_cap),
        "rigid_ratio_bp": bp(place.rigid_ratio),
        "rigid_ratio_reached": place.rigid_ratio_reached,
        "rigid_after_costs_bp": bp(place.rigid_after_costs),
        "rigid_assets_months_bp": bp(place.rigid_assets_months),
        "rigid_living_aid": place.rigid_living_aid,
        "work_cost_rate_bp": bp(place.work_rate),
        "work_cost_standard_bp": bp(place.work_standard),
        "work_cost_min_wage_bp": bp(place.work_wage),
        "disabled_work_cost_min_wage_bp": bp(place.work_wage_disabled),
        "conscript_excluded": "conscript" in place.excluded,
        "serviceman_excluded": "serviceman" in place.excluded,
        "basic_pension_disregarded": place.pension_disregarded,
        "exit_income_max_bp": bp(place.exit_income),
        "tekun_minor_entry_age": place.minor_entry_age,
        "tekun_hospital_dependent": place.hospital_dependent,
        "review_months_stable": place.review[0],
        "review_months_unstable": place.review[1],
    }
    multiple, cap = place.edge_spending or (None, None)
    law |= {"edge_spending_multiple_bp": bp(multiple), "edge_spending_cap_bp": bp(cap)}
    return law | _tiers(place) | _single(place) | _amounts(place)


def _tiers(place: Place) -> dict[str, Any]:
    law = {f"tier_{tier}_fen_year": fen(place.tiers.get(tier, Decimal(0)) * 12) for tier in "abcde"}
    law |= {f"tier_floor_{tier}_fen_year": fen(place.tier_floors.get(tier, Decimal(0)) * 12) for tier in "abcde"}
    law |= {f"tier_band_{tier}_fen_year": fen(place.tier_bands.get(tier, Decimal(0)) * 12) for tier in "abcde"}
    law |= {
        "tier_none_fen_year": fen(place.untiered * 12),
        "gap_min_bp": bp(place.gap_min_share),
        "gap_min_fen_year": fen(place.gap_min * 12),
    }
    grounds = {"any": "none", "graduate": "new_graduate", "jobseeker": "placed_jobseeker", "disabled": "placed_disabled",
               "pensioner": "pensioner"}  # fmt: skip
    usual = place.exit_months["none"]
    law |= {f"exit_months_{name}": place.exit_months.get(key, usual) for name, key in grounds.items()}
    return law | _topups(place)


def _topups(place: Place) -> dict[str, Any]:
    def month(share: Decimal | None) -> int:
        return fen((place.standard_year * (share or Decimal(0)) / 12).quantize(Decimal("0.01"), ROUND_HALF_UP))

    names = {"minor": "minor", "disabled": "disabled", "ill": "ill", "student": "student", "any_disability": "any_disability",
             "grade_3": "grade_3", "single_person": "single"}  # fmt: skip
    bands = [*place.topup_bands, *[(0, Decimal(0))] * 3][:3]
    law: dict[str, Any] = {f"topup_{name}_fen": month(place.topups.get(key)) for name, key in names.items()}
    law |= {f"topup_elderly_age_{at}": age for at, (age, _) in enumerate(bands, 1)}
    law |= {f"topup_elderly_{at}_fen": month(share) for at, (_, share) in enumerate(bands, 1)}
    return law | {"topup_summed": place.topup_summed} | _property(place)


def _property(place: Place) -> dict[str, Any]:
    none = Decimal(10**9)
    limit, each, reached = place.edge_assets or (none, False, True)
    worth = place.edge_worth or (none, none, none)
    size, small, large, per_person = place.dibao_assets or (0, none, none, False)
    twelfths = {"edge_assets": limit, "dibao_assets_small": small, "dibao_assets_large": large}
    twelfths |= dict(zip(("edge_vehicle_value", "edge_capital", "edge_profit"), worth, strict=True))
    return {
        **{f"{name}_fen12": fen(amount * 12) for name, amount in twelfths.items()},
        "edge_assets_per_person": each, "edge_assets_reached": reached, "edge_dwellings_max": place.edge_owned[0],
        "edge_vehicles_max": place.edge_owned[1], "dibao_assets_small_size": size, "dibao_assets_per_person": per_person,
        "dibao_vehicles_max": place.dibao_vehicles, "edge_living_aid_fen_month": fen(place.edge_living_aid),
    }  # fmt: skip


def _single(place: Place) -> dict[str, Any]:
    extra = place.single_extra
    return {
        "single_grade_intellectual": place.single_grade_mind,
        "single_grade_mental": place.single_grade_mind,
        "single_elderly": "old" in extra,
        "single_entry_elderly_age": 70,
        "single_minor": "minor" in extra,
        "single_entry_minor_max_age": 16,
        "single_student": "student" in extra,
        "single_ill": place.single_ill,
        "single_share_disabled_bp": bp(place.single_share),
        "single_share_ill_bp": bp(place.single_share),
        "single_floor_disabled_bp": bp(place.single_floor),
        "single_floor_ill_bp": bp(place.single_floor),
    }


def _amounts(place: Place) -> dict[str, Any]:
    basic = zip(("institution", "home"), place.tekun_basic, strict=True)
    law: dict[str, Any] = {f"tekun_basic_{form}_fen_year": fen(amount * 12) for form, amount in basic}
    forms = [(kind, form) for form in ("institution", "home") for kind in ("full", "partial", "self")]
    law |= {f"care_{k}_{form}_fen_year": fen(a * 12) for (k, form), a in zip(forms, place.care, strict=True)}
    base = {"year": place.standard_year * 12, "month": place.standard_year, "yuan": Decimal(12)}[place.aid_base]
    township, county, ceiling = place.aid_limits
    other = ceiling if place.aid_ceiling_expenditure is None else place.aid_ceiling_expenditure
    limits = {"township": township, "county": county, "ceiling_emergency": ceiling, "ceiling_expenditure": other,
              "exceptional": place.aid_exceptional or Decimal(0), "floor_emergency": place.aid_least,
              "floor_expenditure": place.aid_least}  # fmt: skip
    for tier, limit in limits.items():
        law |= {f"ta_{tier}_fen12": fen(limit * base), f"ta_{tier}_per_person": place.aid_per_person}
    for group, (deductible, rate) in place.medical.items():
        law |= {f"medical_deductible_{group}_fen": fen(deductible), f"medical_rate_{group}_bp": bp(rate)}
    start, share = place.tilt or (Decimal(0), None)
    return law | {
        "ta_township_in_total": place.aid_in_total,
        "ta_ceiling_emergency_per_case": place.aid_per_case,
        "ta_ceiling_expenditure_per_case": place.aid_per_case,
        "medical_year_cap_fen": fen(place.medical_cap),
        "medical_tilt_start_fen": fen(start),
        "medical_tilt_rate_bp": bp(share),
        "exit_disregard_cap_bp": bp(place.exit_disregard),
        "job_refusals_limit": place.refusals,
        **{f"review_months_{tier}": place.review_by_class.get(tier, 0) for tier in "abcde"},
    }


def held(on: date, wanted: tuple[str, ...] = WANTED) -> Places:
    """Open the invented places on a day."""
    by_key = {(place.code, place.urban): place for place in PLACES}
    return places(
        Book(), Figures(), list(by_key), on, wanted,
        given=lambda code, area: given(by_key[code, area == "urban"]),
        prices=lambda code, area: {g: fen(a) for g, a in by_key[code, area == "urban"].prices.items()},
    )  # fmt: skip


def judged(households: Mapping[str, Any], persons: Mapping[str, Any], after: bool = True) -> dict[str, np.ndarray]:
    """Put every family before the oracle; money comes back in whole fen."""
    people = _records(persons)
    starts = np.flatnonzero(np.r_[True, persons["household_id"][1:] != persons["household_id"][:-1], True])
    spans = zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
    said = [
        judge(home, people[start:end], PLACES[home.place], after)
        for home, (start, end) in zip(_records(households), spans, strict=True)
    ]
    columns = {name: [answers[name] for answers, _ in said] for name in HOUSEHOLD}
    columns |= {name: [each[name] for _, people in said for each in people] for name in PERSON}
    return {name: np.array(_whole(name, column)) for name, column in columns.items()}


def _records(table: Mapping[str, np.ndarray]) -> list[Any]:
    record = namedtuple("Record", [name.replace("_fen", "") for name in table])  # type: ignore[misc]
    columns = [
        [Decimal(cell).scaleb(-2) for cell in column.tolist()] if "_fen" in name else column.tolist()
        for name, column in table.items()
    ]
    return list(map(record._make, zip(*columns, strict=True)))


def _whole(name: str, column: list[Any]) -> list[int]:
    return [int(cell.scaleb(2)) for cell in column] if "_fen" in name else [int(cell) for cell in column]


def differences(said: Mapping[str, np.ndarray], found: Mapping[str, Any]) -> dict[str, int]:
    """Count the rows on which an answer differs from the oracle's."""
    wrong = {name: int((np.asarray(found[name]).astype(np.int64) != said[name]).sum()) for name in said}
    return {name: count for name, count in wrong.items() if count}


def answers(done: Any) -> dict[str, np.ndarray]:
    """Bring an engine's answers home, in the order of the keys."""
    found: dict[str, np.ndarray] = {}
    for table, key, names in ((done.households, "household_id", HOUSEHOLD), (done.persons, "person_id", PERSON)):
        frame = nw.from_native(table)
        if isinstance(frame, nw.LazyFrame):
            frame = frame.collect()
        frame = frame.sort(key)
        found |= {name: frame[name].to_numpy() for name in names}
    return found


def examined(seed: int, size: int) -> tuple[int, int, dict[str, int], dict[int, int]]:
    """Judge one part of the families and compare with numpy; count the rows, those on an edge of the law, and the differences."""
    households, persons = population(size, seed, yearly=seed % 2 == 0)
    said = judged(households, persons)
    found = answers(assess(pl.DataFrame(households), pl.DataFrame(persons), held(AFTER)))
    beside = (said["counted_income_fen"] == 0) | (
        (said["dibao_benefit_fen"] > 0) & (said["dibao_benefit_fen"] % 100 == 0)
    )
    share = np.array([bp(place.rigid_ratio) for place in PLACES])[households["place"]]
    line = households.get("income_fen_year", households["income_fen"] * 12) * share
    beside |= (line > 0) & (np.abs(households["expend_fen"] * 10_000 - line) <= 20_000)
    for name in ("over_dibao_line_fen", "over_edge_line_fen", "over_rigid_cap_fen"):
        beside |= np.abs(said[name]) <= 1
    kinds = dict(zip(*(each.tolist() for each in np.unique(said["category"], return_counts=True)), strict=True))
    return len(beside), int(beside.sum()), differences(said, found), kinds
