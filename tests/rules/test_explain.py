"""One household explained: the ladder, amounts that add up, the letter, the distance to each line."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from kin import family, law, person

from aidlib.errors import ParameterFault, RegisterFault
from aidlib.law import Book
from aidlib.rules.explain import explain

WUZHOU, TODAY = "450400", "2026-09-01"
PARENTS = (
    person(employed=True, wage_fen=150_000),
    person("spouse", 38, disability_kind="physical", disability_grade=2),
)
CHILD = person("child", 9, student_stage="compulsory")
HOME = family(*PARENTS, CHILD, income_fen=150_000)


def told(home=HOME, **options):
    """Explain an invented household of Wuzhou."""
    return explain(home, WUZHOU, TODAY, **{"given": law(), **options})


def test_the_ladder_names_words_inputs_value_and_article() -> None:
    """Each rung says the law in plain words, its inputs, what came out, and the article."""
    text = str(told())
    for piece in (
        "人均收入低于当地低保标准",
        "计入的家庭月收入",
        "1,500.00元",
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
        family(*PARENTS, CHILD, aged, income_fen=150_033), given=law(topup_disabled_bp=2_500, topup_minor_bp=1_000)
    )
    parts = [
        found[name]
        for name in ("dibao_benefit_fen", "topup_fen", "single_benefit_fen", "tekun_fen", "rigid_living_aid_fen")
    ]
    assert parts == [39_567, 15_800 + 6_320, 0, 90_000 + 10_000, 0]
    assert found["monthly_aid_fen"] == sum(parts)
    assert "合计1616.87元(低保金 395.67 + 分类施保 221.20 + 特困供养金 1000.00)" in found.letter()


def test_the_letter_is_one_paragraph_in_either_language() -> None:
    """A decision letter states members, income per head, standard, law and amount."""
    assert told().letter("zh").startswith("经核算,该家庭共同生活的家庭成员3人,计入的家庭月收入1500.00元,人均500.00元")
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
    assert "成员3 共同生活的家庭成员: 否" in text
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
    assert found.status == "estimated", "the edge multiple after July 2026 is our reading"


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


def test_a_language_it_does_not_speak_is_refused() -> None:
    """Only Chinese and English are worded."""
    with pytest.raises(ParameterFault, match="zh or en"):
        told(language="fr")


def test_a_household_takes_less_than_a_millisecond() -> None:
    """After the first one, explaining a household takes less than a millisecond."""
    told()
    spent = []
    for _ in range(50):
        start = time.perf_counter()
        told()
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.001


def test_importing_aidlib_costs_less_than_importing_pandas() -> None:
    """`import aidlib` brings in no heavy library."""
    heavy = "import sys, aidlib; print([m for m in ('pandas', 'numpy', 'polars', 'narwhals', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
