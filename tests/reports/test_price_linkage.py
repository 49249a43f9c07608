"""The price-linkage page: its sentences say what was decided, and its tables rest on rows."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import nbformat
import pytest

from aidlib import Book, Figures
from aidlib.indices import Figure
from aidlib.prices import scpi
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.readings import Supposed
from aidlib.regions import region
from aidlib.reports.catalogue import notebooks
from aidlib.reports.price_linkage import _others, drawing, frames, legal_basis, sentences

if TYPE_CHECKING:
    from aidlib.reports import Report


def supposed(month: str, **rises: str) -> Decision:
    """Decide for Guangxi with invented indices and an invented standard of 600 yuan."""
    given = Supposed(Figures(), {i: Fraction(r) for i, r in rises.items()}, {"dibao_standard:urban": 60000})
    return decide(Book(), Figures(), "450000", month, readings=given)


@pytest.mark.parametrize(
    ("rises", "words"),
    [
        ({"cpi": "3.6", "food": "2.0", "scpi": "5.0"}, ("启动条件", "上涨3.6%", "30.00元", "以前发放")),
        ({"cpi": "-0.3", "food": "2.0"}, ("没有达到启动条件", "下降0.3%", "不发价格临时补贴")),
        ({"cpi": "3.0"}, ("不能判断是否启动", "数据中没有CPI中的食品价格")),
    ],
)
def test_finding_says_what_was_decided(rises: dict[str, str], words: tuple[str, ...]) -> None:
    """Three sentences: the outcome with its numbers, the amount or why there is none, the months."""
    found = supposed("2019-10", **rises)
    said = sentences.finding(found, [found])
    assert len(said) == 3
    text = "".join(sentence.zh for sentence in said)
    assert all(word in text for word in words)


def test_an_estimated_start_is_called_one() -> None:
    """A start that no published index supports alone says so, in both languages."""
    found = decide(Book(), Figures(), "450400", "2020-02")
    said = sentences.finding(found, [found])[0]
    assert "没有已公布指数单独支持" in said.zh
    assert "estimates only" in said.en


def test_what_the_place_said_is_told_beside_our_answer() -> None:
    """Puyang said that August 2019 did not start payment; the finding tells it."""
    found = decide(Book(), Figures(), "410900", "2019-08")
    assert "当地说明该月没有达到启动条件" in sentences.finding(found, [found])[0].zh


def test_an_amount_unlike_the_one_paid_says_so() -> None:
    """Nanjing paid 62.5 yuan where our last known standard gives 30: the finding says which stands; Qingdao's 20 is our amount."""
    unlike, like = (decide(Book(), Figures(), *asked) for asked in (("320100", "2016-10"), ("370200", "2018-09")))
    assert "与当地公布发放的62.5元不同，以当地公布为准" in sentences.finding(unlike, [unlike])[1].zh
    assert "以当地公布为准" not in sentences.finding(like, [like])[1].zh


def test_stand_ins_and_unknown_rounding_are_told_with_the_amount() -> None:
    """An amount on a stand-in standard, or unrounded, never stands alone."""
    text = sentences.finding(found := decide(Book(), Figures(), "230000", "2020-02"), [found])[1].zh
    assert "指导标准示意" in text
    unrounded = decide(Book(), Figures(), "450400", "2020-02")
    assert "未舍入" in sentences.finding(unrounded, [unrounded])[1].zh


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_row_of_the_tables_rests_on_something(language: frames.Language) -> None:
    """Conditions and rules name their rows; no code word is left in the rules."""
    book, figures = Book(), Figures()
    found = decide(book, figures, "320000", "2020-02")
    assert all(frames.conditions(found, figures, language)["sources"])
    basis = frames.basis(found, book, language)
    assert all(basis["sources"])
    assert not basis["linkage_value"].str.contains("cpi>=|dibao_standard|workdays").any()
    due = frames.amounts(found, book, figures, language)
    assert len(due) == len(found.amounts)
    assert all(due["sources"][due["linkage_amount_yuan"].notna()])


@pytest.mark.parametrize(
    ("place", "month", "words"),
    [
        ("320000", "2020-02", "按已公布指数"),
        ("450400", "2020-02", "按估算"),
        ("450400", "2020-10", "没有达到启动条件："),
    ],
)
def test_one_published_index_is_enough_to_start(place: str, month: str, words: str) -> None:
    """Payment that a published index starts is not said to rest on estimates, whatever the other index is."""
    found = decide(Book(), Figures(), place, month)
    assert words in sentences.finding(found, [found])[0].zh


def test_what_a_district_paid_is_told_for_its_city() -> None:
    """Fuzhou announces month by month; of 2023-01 only the notice of one district is known, and the page says which."""
    found = decide(Book(), Figures(), "350100", "2023-01").amount("dibao_urban")
    assert found
    assert found.why
    assert "鼓楼区50元" in found.why.zh


def test_a_line_that_is_our_reading_says_so() -> None:
    """From 2026-07 no text in force names a line: the page says whose reading it is, and the outcome is marked."""
    found = supposed("2026-10", cpi="3.6", food="1.0")
    assert "本报告的读法" in sentences.basis(found).zh
    assert found.outcome_status == "synthetic"
    assert found.conditions[0].value
    assert found.conditions[0].value.status == "estimated"
    assert "读法" not in sentences.basis(supposed("2021-12", cpi="3.6", food="1.0")).zh


def test_an_amount_can_be_worked_out_from_its_row() -> None:
    """An estimated rise shows two decimals and its mark, a period's multiplier its own column: base x rise x times is the amount."""
    book, figures = Book(), Figures()
    row = frames.amounts(decide(book, figures, "440000", "2020-04"), book, figures, "zh").iloc[0]
    base, rise, times, shown = (float(row[f"linkage_{name}"].strip("%")) for name in ("standard", "factor_rise", "times", "amount_yuan"))
    assert (row["linkage_factor_rise_status"], times) == ("estimated", 2.0)
    assert base * rise / 100 * times == pytest.approx(shown, abs=base * 0.005 / 100 * times)


def test_groups_without_a_base_are_named_once() -> None:
    """What is missing names the groups whose base no text states, in one row over all months."""
    book = Book()
    found = [decide(book, Figures(), "440000", month) for month in ("2020-02", "2020-03")]
    said = frames.missing(found, book, "zh")["linkage_missing"]
    named = said[said.str.contains("没有写明这些对象")].tolist()
    assert len(named) == 1
    assert "孤儿" in named[0]
    assert "优抚对象" in named[0]


def test_an_average_of_the_months_own_year_says_why_it_is_used() -> None:
    """A whole year's average was not out in that month: the caution says that it serves looking back only."""
    rises = {"cpi": Fraction(4), "scpi": Fraction(4)}
    months = (decide(Book(), Figures(), "330000", month, readings=Supposed(Figures(), rises, {})) for month in ("2016-10", "2018-10"))
    cautions, later = ([said.zh for said in found.cautions] for found in months)
    assert any("2016年平均标准示意(全年平均，当月以后才公布，只供回看)" in said for said in cautions)
    assert not any("只供回看" in said for said in later)


class Spoken:
    """A report that keeps what it is told."""

    def __init__(self, place: str) -> None:
        self.book, self.language, self.region, self.said = Book(), "zh", region(place), list[str]()

    def say(self, zh: str, en: str) -> None:
        self.said.append(zh)


def test_a_month_before_any_rule_has_a_page() -> None:
    """Before 2011 the book has at most a place's own rule: methods are compared and the missing rule is told, without a fault."""
    assert ("460000", "") in _others(Book(), "460000", "2009-05")
    page = Spoken("450400")
    legal_basis(cast("Report", page), [decide(page.book, Figures(), "450400", "1990-01")])
    assert page.said == ["规则库没有1990-01的任何联动规则。"]


def test_a_method_that_has_ended_is_not_called_unknown() -> None:
    """Chengdu's tiers are known for 2015 only: a later month says until when, and a place without any says none was found."""
    after, never = (decide(Book(), Figures(), place, "2019-03") for place in ("510100", "450400"))
    assert "2015-12-31" in sentences.basis(after).zh
    assert "没有见到当地自己的办法" in sentences.basis(never).zh


def test_an_estimate_names_the_rows_it_was_made_from() -> None:
    """A month known by estimates opens the class indices they come from, and a class its weights."""
    figures = Figures()
    found = [decide(Book(), figures, "450400", "2020-02")]
    rows = frames.history(found, "zh", figures)["sources"][0]
    read = {row.series for row in rows if isinstance(row, Figure)}
    assert {"cpi_yoy:total:food_tobacco_alcohol", "cpi_yoy:total:all_items"} <= read
    parts = scpi.decomposition(figures, "450000", "2020-02")
    behind = frames.classes(parts, figures, "450000", "2020-02", "zh")["sources"]
    assert {len(rows) for rows in behind} == {3}


def test_months_stand_in_order_with_marks() -> None:
    """The history has one row a month, and an estimate keeps its mark."""
    found = [decide(Book(), Figures(), "450400", month) for month in ("2018-03", "2018-04")]
    frame = frames.history(found, "zh")
    assert list(frame["index_month"]) == ["2018-03", "2018-04"]
    assert list(frame["linkage_cpi_status"]) == ["observed", "estimated"]


@pytest.mark.parametrize("place", ["450400", "320000"])
def test_the_figure_has_no_empty_panel(place: str) -> None:
    """A panel is drawn only for indices the place has a line or a reading of."""
    found = [decide(Book(), Figures(), place, month) for month in ("2020-01", "2020-02")]
    drawn = drawing.draw(found, "zh")
    assert all(axes.has_data() for axes in drawn.axes)
    assert len(drawn.axes) == (3 if place == "450400" else 2)


def test_compared_methods_are_own_national_and_distinct() -> None:
    """The place's own method comes first, the national form second, and no method twice."""
    others = _others(Book(), "420100", "2020-02")
    assert others[:3] == [("420100", ""), ("420100", "alternative_scpi"), ("000000", "")]
    assert len(others) == len(set(others))
    assert ("320000", "alternative_cpi") in others


def test_notebook_is_thin() -> None:
    """The first cell is tagged parameters with a comment each; no cell is long; no outputs are stored."""
    notebook = nbformat.read(notebooks() / "price_linkage.ipynb", as_version=4)
    first = notebook.cells[0]
    assert first.metadata["tags"] == ["parameters"]
    assert all("#" in line for line in first.source.splitlines())
    assert all(len(cell.source.splitlines()) <= 10 for cell in notebook.cells)
    assert not any(cell.outputs for cell in notebook.cells)
