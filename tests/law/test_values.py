"""Traps of the rulebook that are about law data: operators, clocks, bases, lists and units."""

from __future__ import annotations

from datetime import date

import pytest

from aidlib.law import Book

BOOK = Book()
NATION, WUZHOU, ZHEJIANG = "000000", "450400", "330000"


def test_income_lines_are_strict_and_triggers_are_not() -> None:
    """Income must lie below its line; a price index reaches its line; four missing items are full dependence."""
    op = {name: word.op for name, word in BOOK.tables.names.items()}
    lines = (
        "dibao_income_test",
        "edge_income_multiple",
        "rigid_income_cap",
        "tekun_income_test",
        "supporter_income_cap",
    )
    assert {op[name] for name in lines} == {"lt"}
    assert op["selfcare_full_min_missing"] == "ge"
    assert op["selfcare_partial_max_missing"] == "le"


def test_notice_is_in_calendar_days_and_the_other_clocks_in_working_days() -> None:
    """Seven days of notice are days; every name that ends in workdays has that unit."""
    names = BOOK.tables.names
    assert {names[name].units for name in ("notice_days", "tekun_notice_days", "quick_aid_days")} == {("day",)}
    clocks = [word.units for name, word in names.items() if "workdays" in name and name.split("_")[0] != "linkage"]
    assert set(clocks) == {("workday",)}


def test_temporary_aid_multiples_keep_their_own_base() -> None:
    """Six times the annual standard in Wuzhou is not six times the monthly one in Zhejiang."""
    on = date(2024, 1, 1)
    wuzhou, zhejiang = BOOK.at(WUZHOU, on).value("ta_year_cap"), BOOK.at(ZHEJIANG, on).value("ta_person_cap")
    assert (wuzhou.text, wuzhou.unit) == ("6", "x_standard_year")
    assert (zhejiang.text, zhejiang.unit) == ("6", "x_standard_month")
    assert BOOK.at(WUZHOU, on).find("ta_person_cap") is None


def test_visual_disability_counts_differently_for_tekun_and_for_single_entry() -> None:
    """Grade 2 of visual disability opens single entry but is not lack of labour ability."""
    law = BOOK.at(NATION, date(2024, 1, 1))
    assert law.value("tekun_disability_max_grade", "disability_visual").number == 1
    assert law.value("single_entry_disability_max_grade", "disability_visual").number == 2


def test_the_two_disregard_lists_differ() -> None:
    """Social insurance is left out for tekun only; scholarships for dibao only; the basic pension outlives 2025 for tekun."""
    law = BOOK.at(NATION, date(2026, 1, 1))
    assert law.find("tekun_income_disregard", "basic_pension")
    assert not law.find("income_disregard", "basic_pension")
    assert not law.find("income_disregard", "social_insurance")
    assert not law.find("tekun_income_disregard", "scholarship")


@pytest.mark.parametrize(("place", "op"), [("210000", "ge"), ("450200", "gt"), ("000000", "gt")])
def test_the_rigid_ratio_is_compared_as_the_place_writes_it(place: str, op: str) -> None:
    """Liaoning says at least, Liuzhou and the nation say above."""
    assert BOOK.at(place, date(2025, 6, 1)).value("rigid_ratio_op").text == op


def test_a_draft_does_not_answer() -> None:
    """Gansu's draft of 2025 stands in the history as projected; no rule can read it as law."""
    law = BOOK.at("620000", date(2025, 7, 1))
    assert law.find("rigid_ratio_range") is None
    assert law.last_known("rigid_financial_assets_months") is None
    assert BOOK.groups("620000", "rigid_ratio_range", date(2025, 7, 1)) == ()
    assert [value.status for value in BOOK.history("620000", "rigid_ratio_range")] == ["projected"]


def test_the_targets_know_how_they_are_compared() -> None:
    """Every target has an operator, and the institutional care targets keep their own denominators."""
    targets = [word for name, word in BOOK.tables.names.items() if name.startswith("target_")]
    assert targets
    assert all(word.op for word in targets)
    on = date(2024, 1, 1)
    assert BOOK.groups("230000", "target_tekun_institution_rate", on) == ("care_full_or_partial",)
    assert BOOK.groups(WUZHOU, "target_tekun_institution_rate", on) == ("dependent_willing",)


def test_a_zero_deductible_is_an_amount_and_a_share_is_a_multiple() -> None:
    """A deductible is yuan or a multiple of disposable income: the unit says which."""
    law = BOOK.at("420000", date(2024, 1, 1))
    free, shared = law.value("medical_deductible", "dibao"), law.value("medical_deductible", "edge")
    assert (free.kind, free.fen) == ("money", 0)
    assert (shared.unit, shared.text) == ("x_income", "0.10")


def test_no_row_rests_on_memory() -> None:
    """Sources are instruments, reports, seeds or a marked reading; enacted rows never rest on a reading."""
    levels = {source.level for source in BOOK.tables.sources.values()}
    assert levels <= {"VERIFIED", "VERIFIED-2", "SEED", "PAGE", "PRESS", "COMPILATION", "INFERENCE"}
    for entry in BOOK.tables.entries:
        reading = BOOK.tables.sources[entry.row["source"]].level == "INFERENCE"
        assert not (reading and entry.row["status"] == "enacted"), entry.row.place
