"""The traps of the rulebook's tenth section that lie in the rules."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from kin import family, law, person

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.prices.linkage import decide
from aidlib.register.columns import code
from aidlib.rules.explain import explain
from aidlib.rules.local import local
from aidlib.rules.single import single_entry_disabled
from aidlib.rules.tekun import care_class, tekun_disabled

TODAY = "2026-09-01"
COUPLE = (person(), person("spouse", 38))


@pytest.mark.parametrize(("income_fen", "category"), [(126_399, 1), (126_400, 2), (189_599, 2), (189_600, 0)])
def test_income_lines_are_strict(income_fen: int, category: int) -> None:
    """Trap 1: income equal to the dibao line or the edge line fails; one fen below passes."""
    told = explain(family(*COUPLE, income_fen=income_fen), "450400", TODAY, given=law())
    assert told["category"] == category


def test_care_items_count_from_and_including_four() -> None:
    """Trap 1: four missing items are full loss of self-care, three are partial."""
    assert [care_class(missing, 4, False, False) for missing in (0, 1, 3, 4)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("month", "line"), [("2022-07", "7/2"), ("2022-08", "3"), ("2023-02", "3"), ("2023-03", "7/2")]
)
def test_the_overlay_is_dated_by_index_month(month: str, line: str) -> None:
    """Trap 5: the lowered line holds for the indices of 2022-08 to 2023-02, which are paid a month later."""
    decision = decide(Book(), Figures(), "450000", month)
    lines = [condition.line for condition in decision.conditions if "cpi" in condition.indices]
    assert [each.low for each in lines if each] == [Fraction(line)]


def test_a_yearly_rural_standard_is_not_a_monthly_one() -> None:
    """Trap 9: 6400 yuan a year is 533.33 a month; the test and the gap use the year, so no fen is lost before the end."""
    rural = law(dibao_standard_fen_year=640_000)
    told = [explain(family(income_fen=fen, urban=False), "450400", TODAY, given=rural) for fen in (53_333, 53_334)]
    assert [each["category"] for each in told] == [1, 2]
    assert explain(family(urban=False), "450400", TODAY, given=rural)["dibao_benefit_fen"] == 53_333


def test_a_stated_year_is_compared_as_a_year() -> None:
    """An income stated for the year decides to the fen a year, whatever the month says; the gap is rounded once."""
    rural = law(dibao_standard_fen_year=640_000)
    told = [
        explain(family(income_fen=1, income_fen_year=year, urban=False), "450400", TODAY, given=rural)
        for year in (639_999, 640_000)
    ]
    assert [each["category"] for each in told] == [1, 2]
    assert told[0]["dibao_gap_fen"] == 0
    assert told[0].ends("over_dibao_line_fen", -1) == (0, 0)
    pair = family(person(), person("spouse", own_income_fen_year=7_000), income_fen_year=1_279_930, urban=False)
    assert explain(pair, "450400", TODAY, given=rural)["dibao_gap_fen"] == 6


def test_the_twelve_months_before_application_are_their_own_fact() -> None:
    """The share of rigid spending is taken of the total the register states for it, and its own property finding goes first."""
    facts = {"income_fen": 100_000, "total_income_fen_year": 900_000, "expend_fen": 540_001}
    assert explain(family(**facts), "450400", TODAY, given=law())["category"] == 3
    assert explain(family(**facts, rigid_property_ok=False), "450400", TODAY, given=law())["category"] == 0


def test_ceilings_of_temporary_aid_stand_on_their_own_base() -> None:
    """Trap 10: six in Wuzhou are six annual standards, six in Zhejiang six monthly ones per person."""
    names = ("ta_ceiling_emergency_fen12", "ta_ceiling_emergency_per_person")
    standard = {"dibao_standard_fen_year": 816_000}
    wuzhou, hangzhou = (
        local(Book().at(place, date(2026, 3, 1)), Figures(), "urban", names, given=standard).values
        for place in ("450400", "330100")
    )
    assert (wuzhou["ta_ceiling_emergency_fen12"], wuzhou["ta_ceiling_emergency_per_person"]) == (
        6 * 12 * 816_000,
        False,
    )
    assert (hangzhou["ta_ceiling_emergency_fen12"], hangzhou["ta_ceiling_emergency_per_person"]) == (6 * 816_000, True)


def test_the_gap_is_taken_once_for_the_household() -> None:
    """Trap 11: 632 times 3 less 1894 is exactly 2 yuan; a gap per head, rounded up, would pay 3."""
    three = (*COUPLE, person("child", 9))
    told = explain(
        family(*three, income_fen=189_400), "450400", TODAY, given=law(dibao_round_step=100, dibao_round_mode=2)
    )
    assert told["dibao_benefit_fen"] == 200


def test_visual_disability_counts_differently_for_tekun_and_single_entry() -> None:
    """Trap 12: grade one only for tekun, grades one and two for single entry."""
    visual = code("disability_kind", "visual")
    assert [tekun_disabled(visual, grade, 0, 3, 3, 2, 1) for grade in (1, 2)] == [True, False]
    assert [single_entry_disabled(visual, grade, 2, 3, 3) for grade in (1, 2, 3)] == [True, True, False]


def test_the_two_lists_of_disregards_differ() -> None:
    """Trap 13: an old-age allowance counts for dibao and not for tekun."""
    elder = person(age=75, own_income_fen=70_000, tekun_disregard_fen=10_000, tekun_supporter="none")
    told = explain(family(elder, income_fen=70_000), "450400", TODAY, given=law())
    assert told["counted_income_fen"] == 70_000
    assert told["category"] == 2
    assert told["tekun"] == [True]


@pytest.mark.parametrize(("day", "multiples"), [(date(2026, 6, 30), (1, 3)), (date(2026, 7, 1), (0, 2))])
def test_the_fine_for_fraud_changes_with_the_law(day: date, multiples: tuple[int, int]) -> None:
    """Trap 14: one to three times until 2026-06-30, up to twice from 2026-07-01."""
    assert Book().at("450400", day).value("fraud_fine_multiple").bounds == multiples
