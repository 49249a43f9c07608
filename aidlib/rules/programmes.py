"""The rule book of a day: every programme's rules in force, and what they answer."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from aidlib.register.columns import HOUSEHOLDS, OVERRIDES, PERSONS
from aidlib.rules import (
    dibao,
    edge,
    household,
    layers,
    medical,
    price_subsidy,
    renewal,
    rigid,
    single,
    specialised,
    tekun,
    temporary,
)
from aidlib.rules.engine import Rules, collect, leaves

MODULES = (
    household,
    dibao,
    renewal,
    edge,
    rigid,
    single,
    tekun,
    temporary,
    specialised,
    medical,
    price_subsidy,
    layers,
)
HOUSEHOLD_COLUMNS = frozenset(column.name for column in HOUSEHOLDS if column.kind not in ("id", "text"))
PERSON_COLUMNS = frozenset(column.name for column in PERSONS if column.kind not in ("id", "text"))

HOUSEHOLD_ANSWERS = (
    "members", "counted_income_fen", "category", "dibao_benefit_fen", "topup_fen", "single_entrants", "single_benefit_fen",
    "edge_living_aid_fen", "rigid_living_aid_fen",
)  # fmt: skip
TEKUN_ANSWERS = ("tekun_persons", "tekun_fen", "monthly_aid_fen", "layer")
TEMPORARY_ANSWERS = (
    "temporary_eligible",
    "temporary_aid_fen",
    "temporary_approver",
    "case_by_case",
    "quick_aid",
    "pay_first",
)
SPECIALISED_ANSWERS = (
    "premium_help", "medical_aid", "education_aid", "housing_aid", "employment_aid", "disaster_relief", "other_aid",
)  # fmt: skip
DISTANCES = ("over_dibao_line_fen", "over_edge_line_fen", "over_rigid_cap_fen", "spending_short_fen")
INCOMES = (
    "counted_income_fen",
    "counted_income_fen_year",
    "income_fen_year",
    "total_income_fen_year",
    "need_fen_year",
    "refusal_cut_most_fen",
)
MEDICAL_ANSWERS = ("medical_aid_fen_year", "tilted_aid_fen_year")
REFUSAL_ANSWERS = ("refusal_cut_most_fen",)
PRICE_ANSWERS = ("price_subsidy_fen",)


def is_amount(name: str) -> bool:
    """Tell whether an answer is money that somebody is due.

    Examples
    --------
    >>> is_amount("tekun_fen"), is_amount("counted_income_fen"), is_amount("category")
    (True, False, False)
    """
    return "_fen" in name and name not in (*DISTANCES, *INCOMES)


@lru_cache(maxsize=64)
def rules_on(on: date) -> Rules:
    """Gather the rules of every programme that hold on a day.

    Examples
    --------
    >>> rules_on(date(2024, 6, 1)).functions["rigid_household"].__name__
    'rigid_household_2023'
    """
    return collect(MODULES, on)


def law_names(on: date, wanted: tuple[str, ...], given: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Name the law values the wanted answers rest on, besides register columns and what the caller gives.

    Examples
    --------
    >>> law_names(date(2026, 7, 1), ("over_dibao_line_fen",), frozenset(("counted_income_fen_year", "members")))
    ('dibao_line_bp', 'dibao_standard_fen_year')
    """
    facts = (HOUSEHOLD_COLUMNS | PERSON_COLUMNS) - OVERRIDES | given
    return tuple(sorted(name for name in leaves(rules_on(on), facts, wanted) if name not in facts))
