"""The official form: exact scores, visible overrides, grades on unrounded totals, open rows left open."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import AidError, DataFault
from aidlib.evaluation.scorecard import Override, grade, score, share
from aidlib.law import Book
from aidlib.law.rubrics import Criterion, available, default, load, rubric

CASE = Path(__file__).parents[1] / "cases" / "suixi_2019_temporary_relief_self_evaluation.csv"
LAW_DAY = date(2019, 12, 31)
EXECUTION = "年度资金总额执行率"


def form() -> list[dict[str, str]]:
    with CASE.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def actuals() -> dict[str, str | None]:
    found = {row["indicator"]: row["actual"] or None for row in form()}
    return {**found, EXECUTION: "100"}  # printed as 30 of 30 (10,000 yuan)


def overrides() -> dict[str, Override]:
    kept = {"特困人员救助供养人数(按月平均)", "扶贫临时救助标准 一户年最高5300元"}
    return {r["indicator"]: Override(Fraction(r["score"]), r["remark"]) for r in form() if r["indicator"] in kept}


def test_suixi_automatic_scores() -> None:
    """The two rows that missed their targets earn 4.84 and 9.0 pro rata, not the full marks that were printed."""
    card = score(load("2019-suixi"), actuals())
    earned = {s.criterion.indicator: s.automatic for s in card.rows}
    assert earned["特困人员救助供养人数(按月平均)"] == Fraction(4604 * 5, 4754)
    assert earned["扶贫临时救助标准 一户年最高5300元"] == 9
    strict = [replace(row, grading="strict") for row in load("2019-suixi")]
    assert {s.automatic for s in score(strict, actuals()).rows if s.criterion.indicator in overrides()} == {0}


def test_suixi_overrides_stand_beside_the_automatic_score() -> None:
    """With the form's two overrides the total is the printed 90 of the 90 points that could be read; one lacks a reason."""
    card = score(load("2019-suixi"), actuals(), overrides())
    printed = sum(Fraction(r["score"]) for r in form() if r["score"])
    assert card.final == printed == 90
    assert card.automatic < card.final
    assert card.undecided == 10
    lacking = [s.criterion.indicator for s in card.rows if s.override and not s.override.reason]
    assert lacking == ["扶贫临时救助标准 一户年最高5300元"]


def test_grade_is_on_the_unrounded_total() -> None:
    """89.995 is good though it is shown as 90.00; 59.995 fails; the lines themselves belong to the better grade."""
    national = rubric("2016-national")
    found = [grade(Fraction(t), national) for t in ("89.995", "90", "79.995", "80", "59.995", "60")]
    assert found == ["良好", "优秀", "合格", "良好", "不合格", "合格"]


def test_the_lines_of_the_ministry_are_those_of_the_law() -> None:
    """The points at which the grades of the national form begin are the book's."""
    law = Book().at("000000", LAW_DAY)
    lines = [law.value(name).number for name in ("eval_excellent", "eval_good", "eval_pass")]
    assert [low for _, low in rubric("2016-national").grades] == [*lines, 0]


def test_no_grade_below_the_share_that_must_be_assessed() -> None:
    """With 79 of 100 points assessed there is no grade, with 80 there is; between two grades both are told."""
    rows = [replace(row, weight=Fraction(w)) for row, w in zip(invented("a.x.1", "b.y.1"), (79, 21), strict=True)]
    card = score(rows, {"a.x.1": "1"}, None, rubric("2016-national"))
    assert (card.assessed, card.grades) == (79, None)
    rows = [replace(row, weight=Fraction(w)) for row, w in zip(rows, (80, 20), strict=True)]
    assert score(rows, {"a.x.1": "1"}, None, rubric("2016-national")).grades == ("良好", "优秀")


def test_an_open_form_is_not_assessed() -> None:
    """The national form of 2016 is mostly unreadable: nothing assessed, no grade."""
    card = score(load("2016-national"), {}, None, rubric("2016-national"))
    assert (card.assessed, card.grades) == (0, None)


def test_the_default_form_is_the_fiscal_one_from_2021_and_never_a_reference() -> None:
    """Each year from 2021 has the fiscal form; no form that is only partly known is ever a default."""
    assert [default(year, "county") for year in (2016, 2019, 2020)] == ["", "", ""]
    assert {default(year, level) for year in (2021, 2026) for level in ("province", "prefecture", "county")} == {
        "2020-fiscal-selfeval"
    }
    assert [name for name in available() if rubric(name).default and rubric(name).points_known < 100] == []


FINANCE = rubric("2020-fiscal-selfeval")


@pytest.mark.parametrize(
    ("target", "actual", "earned"),
    [("100", "99", "99/100"), ("100", "101", "1"), ("0", "0", "1"), ("0", "1", "0")],
)
def test_equality_as_the_finance_system_has_it(target: str, actual: str, earned: str) -> None:
    """Below its target a row asked to equal earns its share, above all; a target of nought is all or nothing."""
    assert share(criterion("eq", target), actual, FINANCE) == Fraction(earned)


def test_rows_are_rounded_one_by_one_where_the_rubric_says_so() -> None:
    """A third of ten points is 3.33 in the fiscal form, and exact where nothing is rounded."""
    rows = [replace(row, weight=Fraction(10), grading="prorata", target="3") for row in invented("a.x.1")]
    assert score(rows, {"a.x.1": "1"}, None, FINANCE).rows[0].automatic == Fraction("3.33")
    assert score(rows, {"a.x.1": "1"}).rows[0].automatic == Fraction(10, 3)


def test_a_word_leaves_the_points_to_a_person_inside_its_range() -> None:
    """A qualitative row has no automatic points; those a person sets must lie in the range of its word."""
    row = next(row for row in load("2021-county-composite") if row.op == "range")
    word = "部分达成年度指标并具有一定效果"
    card = score([row], {row.indicator: word}, {row.indicator: Override(Fraction(7), "r")})
    assert (card.rows[0].automatic, card.rows[0].final) == (None, 7)
    with pytest.raises(AidError, match="points outside"):
        score([row], {row.indicator: word}, {row.indicator: Override(Fraction(9), "r")})


def test_an_overlay_corrects_a_shipped_form_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of one's own takes the place of the shipped row of the same indicator; the others stay."""
    (tmp_path / "rubrics").mkdir()
    shipped = (
        (Path(__file__).parents[2] / "data" / "rubrics" / "2019-suixi.csv").read_text(encoding="utf-8").splitlines()
    )
    own = shipped[-1].replace(",open,,", ",ge,95,")
    (tmp_path / "rubrics" / "2019-suixi.csv").write_text(f"{shipped[0]}\n{own}\n", encoding="utf-8")
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    rows = load("2019-suixi")
    assert len(rows) == 11
    assert (rows[-1].op, rows[-1].target) == ("ge", "95")


@pytest.mark.parametrize("name", available())
def test_every_rubric_loads_and_sums_to_100(name: str) -> None:
    """Each shipped form has weights of exactly 100 and sources the book knows."""
    rows = load(name)
    assert sum(row.weight for row in rows) == 100
    assert {row.source for row in rows} <= Book().tables.sources.keys()


def criterion(op: str, target: str, grading: str = "prorata") -> Criterion:
    return Criterion("h", "i", "x", Fraction(10), op, target, "", grading, "rescale", "", "EV16", "art", "", "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("op", "target", "actual", "earned"),
    [
        ("ge", "50", "49", "49/50"),
        ("ge", "50", "50", "1"),
        ("ge", "50", "51", "1"),
        ("le", "50", "51", "49/50"),
        ("le", "50", "50", "1"),
        ("le", "50", "101", "0"),
        ("eq", "7", "7.0", "1"),
        ("eq", "7", "7.01", "0"),
        ("band", "2..5", "5", "1"),
        ("band", "2..5", "5.01", "0"),
        ("steps", "100:1;90:0.8", "99.99", "4/5"),
        ("steps", "100:1;90:0.8", "89.99", "0"),
        ("levels", "优:1;良:0.8", "良", "4/5"),
        ("steps_le", "5:1;7:0.9", "5", "1"),
        ("steps_le", "5:1;7:0.9", "5.01", "9/10"),
        ("steps_le", "5:1;7:0.9", "7.01", "0"),
        ("deduct", "0.5", "1", "19/20"),
        ("deduct", "0.5", "20", "0"),
        ("deduct", "0.5", "21", "0"),
    ],
)
def test_every_rule_at_its_boundary(op: str, target: str, actual: str, earned: str) -> None:
    """Each rule is exact one step below, on and above its bound."""
    assert share(criterion(op, target), actual) == Fraction(earned)


@given(st.integers(0, 1000), st.integers(1, 500), st.sampled_from(["ge", "le"]), st.sampled_from(["prorata", "strict"]))
def test_a_share_stays_between_nothing_and_all(actual: int, target: int, op: str, grading: str) -> None:
    """No rule earns less than nothing or more than its weight."""
    assert 0 <= share(criterion(op, str(target), grading), str(actual)) <= 1  # type: ignore[operator]


def test_not_applicable_gives_its_weight_to_its_item() -> None:
    """A row that does not apply is dropped; the others of its second-level item share its points, the rest is untouched."""
    card = score(load("2019-suixi"), {**actuals(), "扶贫临时救助人数(按月平均)": "n/a"}, overrides())
    points = {s.criterion.indicator: s.automatic for s in card.rows}
    assert points["农村低保发放人数(按月平均)"] == Fraction(5) * 30 / 20
    assert points["农村低保标准"] == 5


def invented(*names: str) -> list[Criterion]:
    """Invented rows worth 25 each, named head.item.number; each is met by 1."""
    return [
        Criterion(n[0], n[:3], n, Fraction(25), "ge", "1", "", "strict", "rescale", "", "EV16", "art", "", "")
        for n in names
    ]


@pytest.mark.parametrize(
    ("missing", "weights"),
    [
        (("a.x.2",), {"a.x.1": 50, "a.y.1": 25, "b.z.1": 25}),
        (("a.x.1", "a.x.2"), {"a.y.1": 75, "b.z.1": 25}),
        (("b.z.1",), {"a.x.1": Fraction(100, 3), "a.x.2": Fraction(100, 3), "a.y.1": Fraction(100, 3)}),
    ],
)
def test_points_of_an_empty_item_go_up_one_level(missing: tuple[str, ...], weights: dict[str, Fraction]) -> None:
    """Points go to the item, from an empty item to its head, from an empty head to the form: the form is always worth 100."""
    names = ("a.x.1", "a.x.2", "a.y.1", "b.z.1")
    card = score(invented(*names), {name: "n/a" if name in missing else "1" for name in names})
    assert card.automatic == 100
    assert {s.criterion.indicator: s.automatic for s in card.rows if s.automatic} == weights


def test_far_above_target_is_marked_for_review() -> None:
    """A value more than 30 % above its target is marked, not reduced."""
    marked = [s.criterion.indicator for s in score(load("2019-suixi"), actuals()).rows if s.review]
    assert "建档立卡贫困人口中接受临时救助的人次数" in marked


def test_every_fault_of_a_filling_at_once() -> None:
    """An unknown indicator, an unreadable value and too many points are reported together."""
    wrong = {"no such row": "1", "农村低保标准": "五百"}
    with pytest.raises(AidError) as caught:
        score(load("2019-suixi"), wrong, {"年度资金总额执行率": Override(Fraction(11), "r")})
    assert len(caught.value.faults) == 3


def test_an_unknown_rubric_names_the_nearest() -> None:
    """A misspelt form is answered with the nearest one."""
    with pytest.raises(DataFault, match="2019-suixi"):
        load("2019-suixy")
