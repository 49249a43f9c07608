"""What changes by date changes on its day: rows of the law book, and a second rule where the shape changes."""

from __future__ import annotations

from datetime import date

import pytest
from kin import family, law, person

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.rules.explain import explain
from aidlib.rules.local import local
from aidlib.rules.unknown import Range

WUZHOU = "450400"
JOBLESS = person("sibling", 30, disability_kind="hearing", disability_grade=1)


def said(name: str, day: str) -> object:
    """Read one law value on a day."""
    return local(Book().at(WUZHOU, date.fromisoformat(day)), Figures(), "urban", [name]).values[name]


def test_the_edge_line_begins_with_the_measures_of_2021() -> None:
    """Before 2021-07-01 the nation had no edge multiple; since then it is 1.5 "as a rule", up to 2 where the place was not read."""
    assert isinstance(said("edge_multiple_bp", "2021-06-30"), Range)
    since = said("edge_multiple_bp", "2021-07-01")
    assert isinstance(since, Range)
    assert (since.low, since.high) == (15_000, 20_000)


@pytest.mark.parametrize(("day", "entrants"), [("2022-10-19", 0), ("2022-10-20", 1)])
def test_jobless_severely_disabled_adults_enter_alone_from_october_2022(day: str, entrants: int) -> None:
    """An adult severely disabled person without work enters alone although the household earns too much."""
    told = explain(family(person(), JOBLESS, income_fen=900_000), WUZHOU, day, given=law())
    assert told["single_entrants"] == entrants
    assert told["category"] == 0


@pytest.mark.parametrize(("day", "category"), [("2024-12-31", 0), ("2025-01-01", 3)])
def test_local_doors_for_rigid_spending_open_in_2025(day: str, category: int) -> None:
    """Income low after costs is a door of the measures of 2025, not of the notice of 2023."""
    home = family(person(), income_fen=120_000, expend_fen=800_000)
    told = explain(home, WUZHOU, day, given=law(rigid_after_costs_bp=20_000))
    assert told["category"] == category


@pytest.mark.parametrize(("day", "quick"), [("2026-01-28", False), ("2026-01-29", True)])
def test_quick_small_aid_begins_in_january_2026(day: str, quick: bool) -> None:
    """Aid without means check up to one month's standard exists from 2026-01-29."""
    home = family(temporary_hardship="emergency", aid_requested_fen=63_200)
    assert explain(home, WUZHOU, day, given=law())["quick_aid"] is quick


@pytest.mark.parametrize(("day", "first", "minor_entry"), [("2026-06-30", 1, 16), ("2026-07-01", 2, 18)])
def test_the_social_assistance_law_takes_over_on_its_day(day: str, first: int, minor_entry: int) -> None:
    """From 2026-07-01 small urgent sums must be paid first, and minors enter tekun up to eighteen (our reading)."""
    home = family(temporary_hardship="emergency", aid_requested_fen=50_000)
    assert explain(home, WUZHOU, day, given=law())["pay_first"] == first
    assert said("tekun_minor_entry_age", day) == minor_entry


@pytest.mark.parametrize(("day", "counts"), [("2025-12-31", False), ("2026-01-01", None)])
def test_the_pension_disregard_is_unknown_after_the_plan_period(day: str, counts: bool | None) -> None:
    """The basic pension is disregarded to the end of 2025; no prolongation was found, so it cannot be told afterwards."""
    elder = person(age=70, basic_pension_fen=12_300)
    given = {name: value for name, value in law().items() if name != "basic_pension_disregarded"}
    told = explain(family(elder, income_fen=70_000), WUZHOU, day, given=given)
    assert told.cannot_tell is (counts is None)
    assert told.ends("counted_income_fen", -1) == ((57_700, 57_700) if counts is False else (57_700, 70_000))


@pytest.mark.parametrize(
    ("age", "stage", "kept"),
    [(17, "none", True), (18, "none", False), (18, "senior", True), (18, "undergraduate", False)],
)
def test_minors_on_tekun_are_kept_through_school(age: int, stage: str, kept: bool) -> None:
    """Aid runs to eighteen, and on in compulsory or senior secondary school."""
    youth = person("child", age, is_tekun=True, student_stage=stage, tekun_supporter="none")
    told = explain(family(person(), youth), WUZHOU, "2026-06-30", given=law())
    assert told["tekun"][1] is kept
