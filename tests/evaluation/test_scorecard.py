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
from aidlib.law.rubrics import Criterion, available, load

CASE = Path(__file__).parents[1] / "cases" / "suixi_2019_temporary_relief_self_evaluation.csv"
LAW_DAY = date(2019, 12, 31)


def form() -> list[dict[str, str]]:
    with CASE.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def actuals() -> dict[str, str | None]:
    return {row["indicator"]: row["actual"] or None for row in form()}


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
    law = Book().at("000000", LAW_DAY)
    found = [grade(Fraction(t), law) for t in ("89.995", "90", "79.995", "80", "59.995", "60")]
    assert found == ["eval_good", "eval_excellent", "eval_pass", "eval_good", "eval_fail", "eval_pass"]


def test_an_open_form_has_a_range_of_grades() -> None:
    """The national form of 2016 is mostly unreadable: whatever is known, the grade can still be any."""
    card = score(load("2016-national"), {})
    assert card.undecided == 100
    assert card.grade(Book().at("000000", LAW_DAY)) == ("eval_fail", "eval_excellent")


@pytest.mark.parametrize("name", available())
def test_every_rubric_loads_and_sums_to_100(name: str) -> None:
    """Each shipped form has weights of exactly 100 and sources the book knows."""
    rows = load(name)
    assert sum(row.weight for row in rows) == 100
    assert {row.source for row in rows} <= Book().tables.sources.keys()


def criterion(op: str, target: str, grading: str = "prorata") -> Criterion:
    return Criterion("h", "i", "x", Fraction(10), op, target, "", grading, "rescale", "EV16", "art", "", "")  # type: ignore[arg-type]


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
        Criterion(n[0], n[:3], n, Fraction(25), "ge", "1", "", "strict", "rescale", "EV16", "art", "", "")
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
