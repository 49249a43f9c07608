"""Small invented families, spelled out, for tests of one rule at a time."""

from __future__ import annotations

from typing import Any

KNOWN = {
    "can_work": False,
    "own_income_fen": 0,
    "own_property_ok": True,
    "sex": "female",
}


def person(relation: str = "applicant", age: int = 40, **facts: Any) -> dict[str, Any]:
    """Describe an invented person; what is not said is an ordinary adult without income of his own."""
    return {**KNOWN, "relation": relation, "age": age, **facts}


def family(*people: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """Describe an invented urban household with sound property and no spending."""
    usual = {"urban": True, "income_fen": 0, "property_ok": True, "expend_fen": 0}
    return {**usual, **facts, "persons": list(people) or [person()]}


def law(standard_fen_month: int = 63_200, **values: Any) -> dict[str, Any]:
    """Give the law values that differ by place; the rest is the nation's."""
    usual = {
        "dibao_standard_fen_year": standard_fen_month * 12,
        "dibao_round_step": 1,
        "dibao_round_mode": 1,
        "disposable_income_fen_year": 3_000_000,
        "rigid_ratio_bp": 6_000,
        "basic_pension_disregarded": False,
    }
    amounts = ("tekun_basic_institution_fen_year", "tekun_basic_home_fen_year")
    care = tuple(
        f"care_{kind}_{form}_fen_year" for kind in ("full", "partial", "self") for form in ("institution", "home")
    )
    return {**usual, **dict.fromkeys(amounts, 1_080_000), **dict.fromkeys(care, 120_000), **values}
