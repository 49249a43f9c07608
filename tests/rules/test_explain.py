"""One household explained: the ladder, amounts that add up, the letter, the distance to each line."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from inspect import signature
from re import search

import pytest
from kin import family, law, person

from aidlib.errors import ParameterFault, RegisterFault
from aidlib.law import Book
from aidlib.page.explained import label
from aidlib.page.sentences import blocks
from aidlib.rules.explain import explain
from aidlib.rules.programmes import rules_on

WUZHOU, TODAY = "450400", "2026-09-01"
PARENTS = (
    person(employed=True, wage_fen=150_000),
    person("spouse", 38, disability_kind="physical", disability_grade=2),
)
CHILD = person("child", 9, student_stage="compulsory")
HOME = family(*PARENTS, CHILD, income_fen=150_000)


def told(home=HOME, **options):
    """Explain an invented household of Wuzhou."""
    return explain(home, WUZHOU, TODAY, **{"given": law(), "local_rules": "none", **options})


def test_the_ladder_names_words_inputs_value_and_article() -> None:
    """Each rung says the law in plain words, its inputs, what came out, and the article."""
    text = str(told())
    for piece in (
        "人均收入低于当地低保标准",
        "计入的家庭收入",
        "18,000.00元/年",
        "社会救助法",
        "第18条第1款",
        "396.00元",
    ):
        assert piece in text
    english = told().ladder("en")
    assert "Income per head is below the local standard" in english
    assert "compulsory" not in english, "facts that decided nothing stay out of the ladder"


def test_amounts_add_up_to_the_fen() -> None:
    """The month's total is the sum of the parts named in the letter, to the fen."""
    aged = person("parent", 75, is_tekun=True, own_income_fen=0, tekun_supporter="none", missing_selfcare_items=2)
    found = told(
        family(*PARENTS, CHILD, aged, income_fen=150_033), given=law(topup_disabled_fen=15_800, topup_minor_fen=6_320)
    )
    parts = [
        found[name]
        for name in ("dibao_benefit_fen", "topup_fen", "single_benefit_fen", "tekun_fen", "rigid_living_aid_fen")
    ]
    assert parts == [39_567, 15_800 + 6_320, 0, 90_000 + 10_000, 0]
    assert found["monthly_aid_fen"] == sum(parts)
    assert "合计1616.87元（低保金 395.67 + 分类施保 221.20 + 特困供养金 1000.00）" in found.letter()


def test_the_letter_is_one_paragraph_in_either_language() -> None:
    """A decision letter states members, income per head, standard, law and amount."""
    assert (
        told().letter("zh").startswith("经核算，该家庭共同生活的家庭成员3人，计入的家庭月收入1500.00元，人均500.00元")
    )
    assert told().letter("en").endswith("Monthly dibao: 396.00 yuan.")
    assert "\n" not in told().letter("zh") + told().letter("en")


def test_an_amount_that_is_open_is_given_as_the_least() -> None:
    """Where an amount is not settled the letter promises no more than the least."""
    ill = person("child", 9, serious_illness=True, own_income_fen=None)
    found = told(family(*PARENTS, ill, income_fen=250_000))
    assert found.ends("monthly_aid_fen", -1) == (63_200, 126_400)
    assert "每月合计至少632.00元" in found.letter()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"income_fen": 250_000}, "认定为低保边缘家庭"),
        ({"income_fen": 400_000, "expend_fen": 4_000_000}, "认定为刚性支出困难家庭"),
        ({"income_fen": 900_000}, "不符合最低生活保障、低保边缘家庭和刚性支出困难家庭的条件"),
        ({"property_ok": False}, "财产不符合规定"),
        ({"income_fen": 200_000, "on_dibao": True, "raised_by_job": True, "last_benefit_fen": 30_000}, "渐退期"),
        ({"income_fen": None}, "无法判定"),
    ],
)
def test_every_outcome_has_its_letter(facts: dict[str, object], words: str) -> None:
    """Each outcome is worded for what it is."""
    assert words in told({**HOME, **facts}).letter()


def test_the_distance_to_a_line_is_exact() -> None:
    """Moving income by the distance stated crosses the line, and one fen less does not."""
    over = told({**HOME, "income_fen": 200_000})["over_dibao_line_fen"]
    assert over == 200_000 - 189_599
    assert [told({**HOME, "income_fen": 200_000 - step})["category"] for step in (over, over - 1)] == [1, 2]
    assert any("104.01元" in line for line in told({**HOME, "income_fen": 200_000}).near())


def test_members_are_told_one_by_one_and_may_be_left_out() -> None:
    """A member who is not counted is shown as such, with the rung that left him out."""
    soldier = person("child", 20, absence="conscript", independent=True)
    text = told(family(*PARENTS, soldier, income_fen=150_000), given=law(conscript_excluded=True)).ladder("zh")
    assert "成员3 共同生活的家庭成员：否" in text
    assert "不在家" not in text.split("成员2")[0]


def test_it_shows_as_a_table_in_jupyterlab_and_escapes_what_it_shows() -> None:
    """The rich display is a table with headings; nothing of the household enters it unescaped."""
    html = told()._repr_html_()
    assert html.count("<tr>") > 5
    assert '<th scope="col"' in html
    assert 'lang="zh"' in html
    assert "<script" not in html


def test_what_was_assumed_and_what_was_read_can_be_seen() -> None:
    """Columns nobody filled are listed with what was taken to hold, and the book remembers the rows read."""
    book = Book()
    found = told(book=book)
    assert found.family.assumed["absence"] == 0
    assert any(value.name == "edge_income_multiple" for value in book.reads.values())
    assert found.law.status(["edge_multiple_bp"]) == "estimated", "the edge multiple after July 2026 is our reading"
    assert found.status == "synthetic", "a standard that the caller gives is no law"


def test_faults_of_a_household_are_told_all_at_once_without_its_values() -> None:
    """Unknown columns and unsound values are named by place; what was written does not show."""
    bad = family(person(age=400, relatoin="spouse"), income_fen=-5, property_okay=True)
    with pytest.raises(RegisterFault) as caught:
        told(bad)
    assert {fault.where for fault in caught.value.faults} == {
        "property_okay",
        "income_fen",
        "persons[0].age",
        "persons[0].relatoin",
    }
    assert {fault.hint for fault in caught.value.faults} >= {"property_ok", "relation"}
    assert "400" not in str(caught.value)
    with pytest.raises(RegisterFault, match="without persons"):
        told({**HOME, "persons": []})


@pytest.mark.parametrize("people", [None, {"age": 3}, "abc", [1, "x", None]])
def test_members_that_are_no_members_are_refused(people: object) -> None:
    """What is no list of mappings is told by place, without a traceback and without its content."""
    with pytest.raises(RegisterFault, match="persons"):
        told({**HOME, "persons": people})


@pytest.mark.parametrize("value", [[1], {"a": 1}, True, float("nan"), float("inf"), 1.5, "90000", 10**12])
def test_an_amount_that_is_no_whole_fen_is_refused(value: object) -> None:
    """A list, a truth value, parts of a fen or a text is no amount."""
    with pytest.raises(RegisterFault, match="income_fen: unsound value"):
        told({**HOME, "income_fen": value})


@pytest.mark.parametrize("urban", [None, "absent"])
def test_town_or_country_is_asked_for_never_guessed(urban: object) -> None:
    """Which standard applies must be known: a household without it is not taken as urban."""
    home = {name: value for name, value in HOME.items() if name != "urban"} | (
        {"urban": urban} if urban is None else {}
    )
    with pytest.raises(RegisterFault, match="urban: a fact that must be known"):
        told(home)


def test_every_quantity_has_a_chinese_and_an_english_name() -> None:
    """No rule, law value or column shows under its name in the code."""
    terms = Book().tables.names
    for on in (date(2024, 6, 1), date(2026, 9, 1)):
        rules = rules_on(on)
        names = {arg for rule in rules.functions.values() for arg in signature(rule).parameters}
        for name in names:
            rule = rules.functions.get(rules.sums.get(name, name))
            assert not search("[a-z]{3}", label(name, rule, (), terms, "zh")), name
            assert not search("[\u4e00-\u9fff]", label(name, rule, (), terms, "en")), name


def test_a_refusal_gives_every_reason_that_is_sure() -> None:
    """The letter says which income and which share of spending did not pass, with the numbers it held them against."""
    poor = told({**HOME, "income_fen": 400_000, "expend_fen": 100_000}).letter()
    assert (
        "不低于低保标准和低保边缘收入线；十二个月刚性支出1,000.00元占家庭总收入48,000.00元/年的比例未超过当地规定"
        in poor
    )
    rich = told({**HOME, "income_fen": 3_000_000, "expend_fen": 99_000_000}).letter("en")
    assert "income is not below last year's mean" in rich
    assert "rigid spending" not in rich.partition("; under")[0]


def test_a_single_entrant_is_told_why_and_by_which_article() -> None:
    """The ground and its article stand in the letter, also where the household's own outcome is open."""
    alone = {"disability_kind": "intellectual", "disability_grade": 2, "independent": False}
    grown = person("child", 38, own_income_fen=0, own_property_ok=True, **alone)
    found = told(family(*PARENTS, grown, income_fen=900_000))
    assert "成员3为成年无业重度残疾人，依据民发〔2022〕83号 第一条第一项，按单人户纳入最低生活保障" in found.letter()
    assert "成员3 成年无业重度残疾人" in str(found)
    no_share = {name: value for name, value in law().items() if name != "rigid_ratio_bp"}
    open_case = told(family(*PARENTS, grown, income_fen=400_000, expend_fen=2_000_000), given=no_share)
    assert open_case.cannot_tell
    assert "成员3为成年无业重度残疾人" in open_case.letter()


def test_gradual_exit_says_its_length_and_that_its_amount_is_our_reading() -> None:
    """The articles name no amount for gradual exit: the letter does not pretend they do."""
    leaving = {
        **HOME,
        "income_fen": 200_000,
        "on_dibao": True,
        "raised_by_job": True,
        "last_benefit_fen": 30_000,
        "grace_months_used": 2,
    }
    text = told(leaving).letter()
    assert "第三十三条" in text
    assert "不超过6个月，已用2个月；渐退期内的金额条文未作规定" in text


def test_a_sanction_names_the_hearing_since_the_law_asks_for_it() -> None:
    """From 2026-07-01 a cut is decided only after the person was heard."""
    idle = person(job_refusals=3, can_work=True)
    texts = [explain(family(idle), WUZHOU, on, given=law()).letter() for on in ("2026-06-30", "2026-07-01")]
    assert [("听取本人意见" in text) for text in texts] == [False, True]


def test_what_nobody_filled_is_said() -> None:
    """The ladder ends with what was taken as none or no, and what as something else."""
    lines = str(told()).splitlines()[-2:]
    assert lines[0].startswith("未填，按无或者否计：")
    assert "长期共同居住 是" in lines[1]


def test_both_languages_can_say_the_same() -> None:
    """The template has the same blocks in both languages, and what is said in Chinese has full-width punctuation."""
    assert (
        blocks("explain", "zh")
        == blocks("explain", "en")
        >= {"headline", "letter", "near", "doubts", "rights", "assumptions"}
    )
    said = [
        text
        for facts in ({}, {"income_fen": None}, {"expend_fen": 99_000_000})
        for text in str(told({**HOME, **facts})).splitlines()
    ]
    assert [text for text in said if search("[\u4e00-\u9fff）》][,;:]|[,;:][\u4e00-\u9fff]", text)] == []


def test_a_language_it_does_not_speak_is_refused() -> None:
    """Only Chinese and English are worded."""
    with pytest.raises(ParameterFault, match="zh or en"):
        told(language="fr")


def test_importing_aidlib_costs_less_than_importing_pandas() -> None:
    """`import aidlib` brings in no heavy library."""
    heavy = "import sys, aidlib; print([m for m in ('pandas', 'numpy', 'polars', 'narwhals', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
