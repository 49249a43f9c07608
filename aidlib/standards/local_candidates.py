"""Candidates from the rules a place has of its own: bands and least shares of consumption, income and wages, least growth."""

from __future__ import annotations

from dataclasses import replace

from aidlib.standards import candidates as methods
from aidlib.standards.candidate import Candidate, Input, Words
from aidlib.standards.references import CONSUMPTION, INCOME, minimum_wages
from aidlib.standards.situation import Situation, lacks, local_rule, share_base, share_kept

MIDDLE: Words = (
    "数据中没有比例区间内的取值，取中间值",
    "the value inside the band is not in the data: its middle is shown",
)
TOP_TIER: Words = (
    "以最高档最低工资计算；区间从最低档计",
    "on the highest minimum-wage tier; the range begins at the lowest",
)


def local_candidates(at: Situation, missing: dict[str, Words]) -> list[Candidate | None]:
    """当地自定规则的测算值。 Candidates from local rules; they bind a standard or a floor, not the mean over many."""
    if at.level.kind == "average":
        return []
    return [_consumption_band(at, missing), *_least_shares(at, missing), _wage_band(at, missing), _least_growth(at)]


def _consumption_band(at: Situation, missing: dict[str, Words]) -> Candidate | None:
    band = local_rule(at, "standard_share_of_consumption")
    if band is None:
        return None
    base = share_base(at, CONSUMPTION, band.name)
    if base is None:
        missing["consumption_band"] = lacks(at, CONSUMPTION, at.year - 1, strict=True)
        return None
    low, high = band.bounds
    stated, kept = local_rule(at, "standard_share_stated"), share_kept(at, base)
    chosen = stated.number if stated else min(max(kept.number, low), high) if kept else (low + high) / 2
    basis = stated or band
    part = Input(basis.name, chosen, "ratio", basis.status, basis.place, basis.region)
    candidate = replace(methods.consumption_share(base, part, low, high), method="consumption_band")
    return candidate if stated or kept else candidate.warned(MIDDLE)


def _least_shares(at: Situation, missing: dict[str, Words]) -> list[Candidate | None]:
    found: list[Candidate | None] = []
    for method, name, what in (
        ("consumption_share_min", "standard_share_of_consumption_min", CONSUMPTION),
        ("income_share_min", "standard_share_of_income_min", INCOME),
    ):
        rule = local_rule(at, name)
        base = share_base(at, what, name) if rule else None
        if rule and base:
            make = methods.consumption_share if what == CONSUMPTION else methods.income_share
            found.append(replace(make(base, rule), method=method))
        elif rule:
            missing[method] = lacks(at, what, at.year - 1, strict=True)
    return found


def _wage_band(at: Situation, missing: dict[str, Words]) -> Candidate | None:
    band = local_rule(at, "standard_share_of_min_wage")
    wages = minimum_wages(at.figures, at.place, at.year) if band else []
    if band is None or not wages:
        if band:
            missing["minimum_wage_share"] = lacks(at, "wage", at.year)
        return None
    low, high = band.bounds
    part = Input(band.name, (low + high) / 2, "ratio", band.status, band.place, band.region)
    candidate = methods.minimum_wage_share(max(wages, key=lambda wage: wage.value), part, high=high)
    least = methods.minimum_wage_share(min(wages, key=lambda wage: wage.value), low).fen_month
    return replace(candidate, low=least).warned(MIDDLE, TOP_TIER)


def _least_growth(at: Situation) -> Candidate | None:
    rule = local_rule(at, "standard_growth_min")
    return methods.growth_uprating(at.last.basis, rule) if rule and at.last else None
