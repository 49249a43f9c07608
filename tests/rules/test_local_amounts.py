"""Amounts as places publish them: temporary aid, medical aid by class, grants, care standards, gradual exit, refusals of work."""

from __future__ import annotations

from datetime import date

import pytest
from kin import family, law, person

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.rules.explain import explain
from aidlib.rules.local import local
from aidlib.rules.unknown import NO_LIMIT, Range

S = 816_000  # an invented standard of 680 yuan a month
HANGZHOU, HUOSHAN, LONGHUA, SHANGHAI, WUZHOU = "330100", "341525", "440309", "310000", "450400"


def read(place: str, day: str, *names: str) -> tuple[object, ...]:
    """Read law values of an urban household under the invented standard."""
    at = Book().at(place, date.fromisoformat(day))
    found = local(at, Figures(), "urban", names, given={"dibao_standard_fen_year": S}).values
    return tuple(found[name] for name in names)


def asked(place: str, sum_fen: int, **facts: object) -> object:
    """Say what an invented couple in an emergency gets of a sum proposed."""
    home = family(person(), person("spouse", 38), temporary_hardship="emergency", aid_requested_fen=sum_fen, **facts)
    given = law(S // 12)
    return explain(home, place, "2026-03-01", given=given)["temporary_aid_fen"]


@pytest.mark.parametrize(
    ("place", "sum_fen", "facts", "gets"),
    [
        (HUOSHAN, 30_000, {}, 50_000),  # at least 500 yuan
        (
            HUOSHAN,
            900_000,
            {"aid_paid_year_fen": 400_000},
            500_000,
        ),  # at most 5,000 yuan a case, whatever was paid before
        (LONGHUA, 100_000, {}, 2 * 2 * 68_000),  # at least two months of the standard per person
        (LONGHUA, 9_000_000, {}, 2 * 12 * 68_000),
        (SHANGHAI, 9_000_000, {}, 2 * 3 * 68_000),  # the standard per person for three months
        (HANGZHOU, 9_000_000, {}, 2 * 6 * 68_000),
        (HANGZHOU, 9_000_000, {"hardship_exceptional": True}, 2 * 12 * 68_000),
        (
            WUZHOU,
            9_000_000,
            {"aid_paid_year_fen": 4_000_000},
            6 * S - 4_000_000,
        ),  # annual standards, less what was paid
    ],
)
def test_temporary_aid_keeps_to_the_places_own_limits(
    place: str, sum_fen: int, facts: dict[str, object], gets: int
) -> None:
    """Least amounts, ceilings per case, per person and per year each stand on the base their row names."""
    assert asked(place, sum_fen, **facts) == gets


@pytest.mark.parametrize(
    ("facts", "deductible", "rate", "paid"),
    [
        ({"on": "dibao"}, 0, 7_000, 700_000),
        ({"on": "edge"}, 0, 7_000, 700_000),  # seriously ill in an edge household: dibao alone
        ({"on": "monitored"}, 478_570, 6_000, 312_858),
        ({"on": "none", "illness_poor": True}, 1_196_425, 5_000, 0),
        ({"on": "none", "illness_poor": True, "medical_own_cost_fen": 3_000_000}, 1_196_425, 5_000, 901_788),
        ({"on": "none", "child_aid": "orphan"}, 0, 9_000, 900_000),
        ({"on": "none", "returned_poor": True}, 0, 7_000, 700_000),
        ({"on": "none"}, 0, 0, 0),
    ],
)
def test_sanming_pays_four_classes(facts: dict[str, object], deductible: int, rate: int, paid: int) -> None:
    """Class by class as Sanming publishes it: tenths and quarters of last year's mean income, here 47,857 yuan, are the deductibles."""
    ill = {"serious_illness": True, "medical_own_cost_fen": 1_000_000, **facts}
    on = str(ill.pop("on"))
    income = {"dibao": 0, "edge": 70_000}.get(on, 900_000)
    told = explain(
        family(person(**ill), income_fen=income, anti_poverty_monitored=on == "monitored"),
        "350400",
        "2025-06-01",
        given={"dibao_standard_fen_year": S, "disposable_income_fen_year": 4_785_700},
    )
    assert (told["medical_deductible_fen_year"][0], told["medical_rate_bp"][0], told["medical_aid_fen_year"][0]) == (
        deductible, rate, paid)  # fmt: skip


def test_tilted_aid_begins_above_a_quarter_of_the_mean_income_in_hubei() -> None:
    """Of what is left after medical aid, half of the part above a quarter of the mean income, on application."""
    ill = person(serious_illness=True, medical_own_cost_fen=10_000_000, tilt_applied=True)
    told = explain(
        family(ill), "420100", "2024-06-01", given={"dibao_standard_fen_year": S, "medical_year_cap_fen": 9_000_000}
    )
    assert told["medical_aid_fen_year"] == [7_000_000]
    assert told["tilted_aid_fen_year"] == [(3_000_000 - 1_427_625 + 1) // 2]


def test_a_place_without_rows_cannot_tell_the_medical_amount() -> None:
    """Entitled, with an amount nobody published: unknown without an invented upper end, and the department is named."""
    ill = person(serious_illness=True, medical_own_cost_fen=10_000_000)
    told = explain(family(ill), WUZHOU, "2026-09-01", given=law())
    assert told.text("medical_aid_fen_year", 0, "zh") == "未知"
    assert "医疗救助：成员1 可以申请（医疗救助金 未知）（医疗保障部门）" in told.rights("zh")


def test_the_national_grant_is_a_range_of_tiers() -> None:
    """Which tier a student gets is the school's decision; before the rows begin it is unknown."""
    names = ("grant_senior_fen_year", "grant_undergraduate_fen_year")
    assert read(WUZHOU, "2025-03-01", *names) == (Range(120_000, 350_000, 1), Range(250_000, 500_000, 1))
    assert read(WUZHOU, "2024-08-31", *names) == (Range(0, NO_LIMIT, 1),) * 2


def test_care_standards_that_are_shares_of_the_minimum_wage() -> None:
    """One tier gives an amount, several a range, at least gives no upper end, and an institution has its own share."""
    full = ("care_full_home_fen_year", "care_full_institution_fen_year")
    home, inside = read("430100", "2024-06-01", *full)
    assert home == Range(620_000, 772_000, 1)
    assert inside == Range(930_000, NO_LIMIT, 1)
    assert read("230100", "2024-06-01", *full)[0] == Range(435_000, NO_LIMIT, 1)
    assert read("320600", "2024-06-01", "care_full_home_fen_year") == (S * 2 // 5,)
    assert read("370500", "2019-12-01", *full) == (764_000, 764_000)


@pytest.mark.parametrize(("used", "months", "counted"), [(3, "6..12", 496_000), (12, "6..12", 700_000)])
def test_zhejiang_leaves_new_work_income_out(used: int, months: str, counted: int) -> None:
    """New income from work is disregarded up to three monthly standards while gradual exit runs."""
    home = family(person(employed=True, wage_fen=700_000), income_fen=700_000, on_dibao=True, raised_by_job=True,
                  last_benefit_fen=30_000, grace_months_used=used, new_work_income_fen=650_000)  # fmt: skip
    told = explain(home, HANGZHOU, "2024-06-01", given=law(S // 12))
    assert told.ends("counted_income_fen", -1)[0] == counted
    assert str(told.law.values["exit_months_any"]) == months
    if used == 3:
        assert told["dibao_benefit_fen"] == 0
        assert "不计入的新增就业收入2040.00元" in told.letter()


@pytest.mark.parametrize(("refused", "cut"), [(2, None), (3, 31_600)])
def test_three_refusals_may_cost_the_own_share_and_are_not_taken_off(refused: int, cut: int | None) -> None:
    """Three refusals in a row: the letter says what may be cut at most; the amount itself stays the county's decision."""
    home = family(person(can_work=True, job_refusals=refused), person("spouse", 38), income_fen=63_200)
    told = explain(home, WUZHOU, "2026-03-01", given=law())
    assert told["dibao_benefit_fen"] == told["monthly_aid_fen"] == 63_200
    assert ("至多316.00元" in told.letter()) is (cut is not None)
    assert told["refusal_cut_most_fen"] == (cut or 0)


def test_who_passes_the_tests_of_tekun_is_not_paid_twice() -> None:
    """A person still counted on dibao gets no tekun amount on top; the letter says what recognition changes."""
    elder = person(age=70, tekun_supporter="none")
    told = explain(family(elder), WUZHOU, "2026-09-01", given=law())
    assert told["monthly_aid_fen"] == 63_200
    assert "认定后改领特困供养金" in told.letter()
    recognised = explain(
        family(person(age=70, tekun_supporter="none", is_tekun=True)), WUZHOU, "2026-09-01", given=law()
    )
    assert recognised["monthly_aid_fen"] == 100_000
    assert "特困人员1人" in recognised.ladder("zh").splitlines()[0]


def test_without_a_local_rule_the_gap_prints_its_candidates() -> None:
    """No national rule rounds the gap: 632 times 3 less 1,893.37 is 2.63 exactly, and 2 or 3 where the place rounds to the yuan."""
    given = {name: value for name, value in law().items() if not name.startswith("dibao_round")}
    three = (person(), person("spouse", 38), person("child", 9))
    told = explain(family(*three, income_fen=189_337), WUZHOU, "2026-09-01", given=given)
    assert told.ends("dibao_gap_fen", -1) == (200, 300)
    assert told.text("dibao_gap_fen", -1, "zh") == "2.63元（未取整），按当地取整为2.00元或3.00元"
    whole = explain(family(*three, income_fen=189_400), WUZHOU, "2026-09-01", given=given)
    assert whole.text("dibao_gap_fen", -1, "zh") == "2.00元"


def test_an_article_is_not_cited_before_it_began() -> None:
    """On the last day before the Social Assistance Law no rung and no letter cites it; the day after they do."""
    before, after = (explain(family(), WUZHOU, day, given=law()).ladder("zh") for day in ("2026-06-30", "2026-07-01"))
    assert "社会救助法" not in before
    assert "社会救助法" in after


def test_a_rung_between_the_corners_is_unknown() -> None:
    """With no income figure the household may be on the edge, though neither end of the income is: the rung says unknown."""
    told = explain(family(income_fen=None), WUZHOU, "2026-09-01", given=law())
    assert told.ends("edge_household", -1) == (False, True)
    assert "不符合低保条件，收入低于边缘线，财产符合规定：未知" in told.ladder("zh")
    assert "10,000,000" not in told.ladder("zh"), "the bound of the register is no known upper end"


@pytest.mark.parametrize(
    ("tier", "urban", "months"), [("a", True, 12), ("c", True, 3), ("c", False, 6), ("none", True, 12)]
)
def test_xianyang_reviews_by_class(tier: str, urban: bool, months: int) -> None:
    """Class A and B every year, class C every quarter in town and every half-year in the country; unclassed as the nation has it."""
    home = family(income_stable=True, dibao_tier=tier, urban=urban)
    assert explain(home, "610400", "2024-06-01", given=law())["review_months"] == months


def test_a_letter_states_no_income_nobody_reported() -> None:
    """Where the category stands whatever the income, the letter calls the income unknown and adds up the least amounts."""
    home = family(income_fen=None, on_dibao=True, raised_by_job=True, last_benefit_fen=70_000, grace_months_used=1)
    letter = explain(home, WUZHOU, "2026-03-01", given=law()).letter()
    assert "计入的家庭月收入未知，人均未知" in letter
    assert "每月合计至少632.00元（低保金 632.00）" in letter
    assert "或者在渐退期内" in letter
