"""Families that authorities and pages work through in public: what they were paid is what comes out, or lies in what is left open."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from aidlib import explain
from aidlib.money import fen
from aidlib.rules.lawinputs import standard_year

EXAMPLES = Path(__file__).parents[1] / "cases" / "household_examples.csv"
CASES = list(csv.DictReader(EXAMPLES.open(encoding="utf-8")))
POINTS = {"ZS22", "MJ21"}
"""Where the least is what was paid: nothing but what the county itself recognises is left open."""
HOUSEHOLD = -1


def _person(text: str) -> dict[str, object]:
    age, relation, *disabled = text.split()
    severe = {"disability_kind": "physical", "disability_grade": 1, "can_work": False, "own_income_fen": 0}
    return {"age": int(age), "relation": relation, **(severe if disabled else {})}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_family_worked_in_public_is_never_refused_what_it_was_paid(case: dict[str, str]) -> None:
    """The published sum is the answer or between its ends, and who entered alone is not said to be shut out."""
    home = {
        "urban": case["urban"] == "1",
        "income_fen": fen(case["income"]),
        "property_ok": True,
        "expend_fen": 0,
        "persons": [_person(text) for text in case["members"].split(";")],
    }
    given = {"dibao_standard_fen_year": standard_year(case["standard"])} if case["standard"] else None
    told = explain(home, case["region"], case["on"], given=given)
    if case["published"]:
        paid = fen(case["published"])
        low, high = told.ends("monthly_aid_fen", HOUSEHOLD)
        assert low <= paid <= high
        assert case["case"] not in POINTS or low == paid
    if case["single_entry"] == "1":
        assert told.ends("single_entrants", HOUSEHOLD)[1] == 1


def test_a_standard_of_the_place_whose_days_are_our_reading_is_not_said_to_be_lacking() -> None:
    """Ezhou 2025 published 725; only its first day is our reading, and the letter says that and nothing else."""
    home = {"urban": True, "income_fen": 0, "property_ok": True, "expend_fen": 0, "persons": [_person("40 applicant")]}
    assert "725.00元（当地公布，起止日期为推定）" in explain(home, "420700", "2025-09-01").letter()
