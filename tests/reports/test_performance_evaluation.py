"""The performance report and the national overview: published and simulated stand apart, nothing small leaves, no region fails."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from performance import Shown, as_register, edition, run

import aidlib.reports
from aidlib.disclosure import findings
from aidlib.evaluation.sample import Sample, sample
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.register.synthetic import population as drawn
from aidlib.reports import context, text
from aidlib.reports import national_overview as country_page
from aidlib.reports import performance_evaluation as page
from aidlib.reports.national_overview.drawings import against_consumption
from aidlib.reports.performance_evaluation import disclosed, simulated
from aidlib.reports.performance_evaluation.ledger import Ledger
from aidlib.reports.performance_evaluation.missing import FULL
from aidlib.reports.performance_evaluation.population import income_factor, rule_day, synthetic
from aidlib.reports.performance_evaluation.sections_simulated import _marked
from aidlib.standards.announced import AREAS, announced

SIMULATED = (
    "coverage",
    "incidence",
    "errors",
    "adequacy",
    "effects",
    "decomposition",
    "progressivity",
    "equals",
    "overlap",
    "sensitivity",
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def wuzhou() -> tuple[Shown, page.Evaluation]:
    return edition("450400", 2019)


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shown, page.Evaluation]:
    return run("450400", 2019, register=str(as_register(tmp_path_factory.mktemp("register"), 600)))


def test_published_numbers_are_those_of_the_place(wuzhou: tuple[Shown, page.Evaluation]) -> None:
    """Wuzhou's levels, their worth, and what money over person-times comes to."""
    shown, _ = wuzhou
    levels = {row["area"]: row for row in shown.table("standards")}
    assert (levels["城市"]["pe_level"], levels["城市"]["pe_of_consumption"]) == ("680.00", "40.48%")
    assert (levels["农村"]["pe_level"], levels["农村"]["pe_of_consumption"]) == ("375.00", "42.39%")
    rates = {(row["area"], row["item"]): row["pe_value"] for row in shown.table("rates")}
    assert rates["城市", "由资金和人次推算（元/人·月）"] == "439.34"
    assert rates["农村", "补差率（补助÷标准）"] == "58.13%"


def test_everything_simulated_is_marked(wuzhou: tuple[Shown, page.Evaluation]) -> None:
    """Each simulated table says so in its caption, its note and the mark of every cell, each figure in caption and source."""
    shown, _ = wuzhou
    for name in SIMULATED:
        html = shown.page_of(name)
        assert "[合成]" in html
        assert "不是对当地的测量" in html
        for row in shown.table(name):
            for column in [c for c in row if f"{c}_status" in row and row[c] is not None]:
                assert row[f"{column}_status"] == "synthetic", (name, column)
    for name in ("coverage_figure", "triangle", "concentration_figure", "parade", "gaps_figure"):
        assert "[合成]" in shown.page_of(name)
        assert "合成人口（不是当地数据）" in shown.page_of(name)
        assert "mark synthetic" in shown.page_of(name)
    assert {row["pe_persons_status"] for row in shown.table("coverage")} == {"synthetic"}


def test_what_is_left_out_of_a_figure_is_marked_suppressed() -> None:
    """A hidden tenth shows the mark of suppression in the figure's data, never the mark of a number that is not there."""
    marked = _marked(pd.DataFrame({"pe_tenth": ["1", "2"], "pe_roll": [None, 1.4]}), "synthetic")
    assert marked["pe_roll_status"].tolist() == ["suppressed", "synthetic"]


def test_candidates_keep_the_mark_of_their_bounds(wuzhou: tuple[Shown, page.Evaluation]) -> None:
    """A candidate that is an estimate is one after its bounds too, and so is its distance to the announced level."""
    rows = [row for row in wuzhou[0].table("candidates") if row["candidate_yuan_month_status"] == "estimated"]
    assert rows
    assert all(row["bounded_yuan_month_status"] == row["candidate_less_announced_status"] == "estimated" for row in rows)


def test_the_form_says_where_its_values_come_from_in_words_of_the_page() -> None:
    """Chongqing's form has a value inferred from the law book: the note points to its source, not to a mark the page has not."""
    form = edition("500000", 2025)[0].page_of("form")
    assert "有“来源”的实际值由法规库中" in form
    assert "带“法规库”" not in form


def test_a_caveat_on_estimated_indices_needs_a_decided_month() -> None:
    """Where no month could be decided, the caveats do not say that some were decided on estimates."""
    shown, found = edition("630000", 2022)
    assert all(d.outcome == "undetermined" for d in found.months)
    assert not [row for row in shown.table("caveats") if "估算的指数" in str(row["remark"])]


def test_published_tables_hold_nothing_synthetic(wuzhou: tuple[Shown, page.Evaluation]) -> None:
    """Apart from the one line of the card that says so itself, no published table has a synthetic cell."""
    shown, _ = wuzhou
    for name in shown.tables - set(SIMULATED) - {"summary"}:
        assert not any(
            value == "synthetic" for row in shown.table(name) for key, value in row.items() if key.endswith("_status")
        )
    marked = [row["item"] for row in shown.table("summary") if row["pe_value_status"] == "synthetic"]
    assert marked == ["合成人口：漏保率/错保率/缺口减少率"]


def test_errors_never_stand_without_the_gap_reduction(wuzhou: tuple[Shown, page.Evaluation]) -> None:
    """Wherever an exclusion or inclusion error is shown, in tables or sentences, the gap reduction is beside it."""
    shown, _ = wuzhou
    for record in (r for r in shown.records if "table" in r):
        if {"pe_exclusion", "pe_inclusion"} & set(record["columns"]):  # type: ignore[call-overload]
            assert "pe_gap_reduction" in record["columns"]  # type: ignore[operator]
    for words in (line for block in shown.words for line in block.splitlines()):
        assert "漏保率" not in words or "缺口减少" in words


def test_what_is_not_shown_is_named_with_the_data_it_needs(wuzhou: tuple[Shown, page.Evaluation]) -> None:
    """Every numbered table and figure of the full report is either shown or named once with what it would need."""
    shown, found = wuzhou
    lacking = [str(row["pe_number"]) for row in shown.table("missing")]
    assert sorted([*found.shown, *lacking]) == sorted(FULL)
    assert all(row["pe_needs"] for row in shown.table("missing"))
    assert {"T14", "T16", "F8"} <= set(lacking)


def test_the_finding_says_what_holds(wuzhou: tuple[Shown, page.Evaluation]) -> None:
    """Score and range, levels, payments against the province's target, months, and that the simulation measures nothing."""
    finding = wuzhou[0].finding
    for words in (
        "等级介于不合格与优秀之间",
        "每人每月680元",
        "40.5%",
        "达到省里要求的370元",
        "启动6个月",
        "不是对当地的测量",
    ):
        assert words in finding


def test_every_column_has_a_label(wuzhou: tuple[Shown, page.Evaluation]) -> None:
    """No column is shown under its identifier, in either language."""
    shown, _ = wuzhou
    for record in (r for r in shown.records if "table" in r):
        for column in (c for c in record["columns"] if not c.endswith("_status")):  # type: ignore[attr-defined]
            assert text.word(column) != column, (record["table"], column)
            assert not CHINESE.search(text.word(column, "en"))


def test_the_forms_can_be_taken_away(wuzhou: tuple[Shown, page.Evaluation]) -> None:
    """A workbook and a document are carried in the page, and the guard finds nothing personal in them or around them."""
    shown, _ = wuzhou
    names = [str(r["download"]) for r in shown.records if "download" in r]
    assert [name.rpartition(".")[2] for name in names] == ["xlsx", "docx"]
    assert findings("\n".join(shown.html)) == []


def test_twice_the_same(wuzhou: tuple[Shown, page.Evaluation]) -> None:
    """Run again, the report shows the same tables, simulated ones included."""
    again, _ = run("450400", 2019)
    assert [r for r in again.records if "table" in r] == [r for r in wuzhou[0].records if "table" in r]


def test_english() -> None:
    """In English the findings, headings, captions and notes hold no Chinese beside titles of instruments."""
    shown, _ = run("230000", 2024, "en")
    assert not CHINESE.search(re.sub(r"《.*?》(\([^)]*\))?", "", shown.finding))
    for record in shown.records:
        assert not CHINESE.search(str(record.get("heading", "")))
    captions = [c for h in shown.html for c in re.findall(r"<caption[^>]*>(.*?)</caption>", h)]
    assert len(captions) > 15
    assert not [c for c in captions if CHINESE.search(c)]


@pytest.mark.parametrize(("region", "year"), [("440000", 2024), ("130900", 2014), ("540000", 2021)])
def test_thin_data_is_said_in_sentences(region: str, year: int) -> None:
    """With one area, an old average or no index the report finishes and says what it lacks."""
    shown, found = run(region, year)
    assert ("没有找到当地" in shown.finding) == (shown.tables.isdisjoint({"caseload", "spending"}))
    assert all(d.outcome == "undetermined" for d in found.months) == ("都不能判断是否启动" in shown.finding)
    assert found.population is not None
    assert set(found.population.levels) == {a for a in AREAS if announced(Book(), Figures(), region, a, year)}


def test_a_year_without_any_level() -> None:
    """Where no level is known nothing is simulated, and every simulated table is named as lacking one."""
    shown, found = run("450400", 2011)
    assert found.population is None
    assert "不作模拟" in shown.finding
    lacking = {row["pe_number"] for row in shown.table("missing")}
    assert {"T3", "T6", "T8", "T21", "F2", "F7"} <= lacking


def test_a_filled_form_reaches_the_finding(tmp_path: Path) -> None:
    """What an official filled in is scored, and the finding says the points and what is still open."""
    path = tmp_path / "filled.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["三级指标", "实际值"], ["政策宣传", "有"], ["信息共享部门数", "3"]])
    shown, found = run("450400", 2019, filled=str(path))
    assert found.form.card.final == 2.5
    assert "2.50分，尚有97分未定" in shown.finding


def test_a_register_is_not_called_synthetic(registered: tuple[Shown, page.Evaluation]) -> None:
    """With a register the tables say register, print no interval, and count what was left out."""
    shown, found = registered
    assert found.population is not None
    assert found.population.kind == "register"
    assert "[登记]" in shown.page_of("errors")
    assert "不印置信区间" in "".join(shown.words)
    assert "合成" not in "".join(shown.page_of(name) for name in SIMULATED)
    assert found.population.n + found.population.left_out == 600


def test_small_cells_of_a_register_are_hidden(registered: tuple[Shown, page.Evaluation]) -> None:
    """No share from which a count of one to nine follows is in a table, alone or through its neighbours."""
    shown, found = registered
    p = found.population
    assert p is not None
    recipients = [int(p.roll.persons[flags & p.roll.receives].sum()) for flags in disclosed.fifths(p.roll)]
    small = [at for at, count in enumerate(recipients) if 0 < count < 10]
    assert small
    covered = shown.table("coverage")
    hidden = {at for at in range(5) if covered[at]["pe_roll"] is None}
    assert set(small) < hidden
    assert {at for at in range(5) if shown.table("incidence")[at]["pe_persons_roll"] is None} == hidden
    assert covered[5]["pe_roll"] is covered[6]["pe_roll"] is None  # town and country: one gives the other away
    assert any(value is None for row in shown.table("overlap") for key, value in row.items() if key == "pe_receives")


def test_a_tiny_register_shows_nothing(tmp_path: Path) -> None:
    """Of a dozen households no share is shown, and the report still finishes."""
    shown, found = run("450400", 2019, register=str(as_register(tmp_path, 12)))
    assert found.population is not None
    assert found.population.n <= 12
    for name in ("errors", "coverage", "incidence", "sensitivity"):
        for row in shown.table(name):
            shares = [v for v in row.values() if re.fullmatch(r"[\d.]+%", str(v))]
            assert not [v for v in shares if v not in ("0.0%", "100.0%")], (name, row)


@given(st.lists(st.booleans(), min_size=2, max_size=6), st.integers(0, 5))
def test_one_hidden_share_never_stands_alone(small: list[bool], at: int) -> None:
    """Shares that sum to one are hidden never singly, and what was to be hidden stays hidden."""
    values = [float((7 * n + at) % 5) for n in range(len(small))]
    hidden = disclosed.hidden_with(values, small)
    assert sum(hidden) != 1
    assert all(h or not s for h, s in zip(hidden, small, strict=True))


@given(st.lists(st.tuples(st.integers(0, 900), st.booleans(), st.integers(1, 30)), min_size=1, max_size=40))
def test_hidden_cells_do_not_follow_from_margins(rows: list[tuple[int, bool, int]]) -> None:
    """In a two-way table no row or column hides just one cell whose margin is shown."""
    income, receives, persons = (np.array(side) for side in zip(*rows, strict=True))
    s: Sample = sample(income, receives * 100.0, 500.0, persons)
    parts = [("low", income < 300), ("high", income >= 300)]
    table = disclosed.two_way(Ledger(), "t", s, parts, s.receives)
    hidden = table.isna().to_numpy()
    for line in (*hidden, *hidden.T):
        assert line[-1] or line[:-1].sum() != 1


def test_incomes_are_taken_back_to_the_year() -> None:
    """Synthetic incomes of 2019 are those of the published fifths times the growth of national income since."""
    book, figures = Book(), Figures()
    factor = income_factor(figures, "urban", 2019)
    now, then = (figures.get("000000", "disposable_income_pc:urban", year).value for year in ("2023", "2019"))
    assert factor == pytest.approx(float(then / now))
    levels = {a: v for a in AREAS if (v := announced(book, figures, "450400", a, 2019))}
    found = synthetic(book, figures, "450400", 2019, levels)
    assert found is not None
    raw, _ = drawn(10_000, 20191231, "450400").block(0)
    mean = float(np.sum(found.roll.before * found.roll.persons))
    scaled = raw["income_fen"].to_numpy() * np.where(
        raw["urban"].to_numpy(), factor, income_factor(figures, "rural", 2019)
    )
    assert mean == pytest.approx(float(scaled.sum()) / 100, rel=1e-6)


def test_rules_fill_every_gap_they_admit() -> None:
    """Under the rules whoever is admitted is lifted to the line within a fen, and nobody above it is paid."""
    book, figures = Book(), Figures()
    levels = {a: v for a in AREAS if (v := announced(book, figures, "450400", a, 2019))}
    found = synthetic(book, figures, "450400", 2019, levels)
    assert found is not None
    paid = found.rule.receives
    assert found.rule.poor[paid].all()
    assert (found.rule.after[paid] > found.rule.line[paid] - 0.01).all()
    assert set(found.category[paid].tolist()) == {"dibao"}


def test_rules_of_the_time_or_the_first_known() -> None:
    """Years before the first complete rules use those; later years use their own."""
    assert rule_day(Book(), "450400", 2015) == rule_day(Book(), "450400", 2019) == date(2021, 7, 1)
    assert rule_day(Book(), "450400", 2022) == date(2022, 12, 31)


def test_fifths_hold_everybody() -> None:
    """The coverage table's fifths and its town and country each count every person once."""
    book, figures = Book(), Figures()
    levels = {a: v for a in AREAS if (v := announced(book, figures, "450400", a, 2019))}
    p = synthetic(book, figures, "450400", 2019, levels)
    assert p is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "_show", lambda *_: None)
        report = aidlib.reports.start("performance_evaluation", region="450400", period="2019")
        rows = simulated.coverage(report, p).to_dict("records")
    persons = [row["pe_persons"] for row in rows]
    assert sum(persons[:5]) == sum(persons[5:7]) == persons[-1] == p.persons


@pytest.fixture(scope="module")
def country() -> tuple[Shown, country_page.Country]:
    shown = Shown()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "_show", shown.take)
        report = aidlib.reports.start("national_overview", region="000000", period="2024")
        found = country_page.Country(report)
        for section in (
            "show_finding",
            "show_nation",
            "show_provinces",
            "show_linkage",
            "show_convergence",
            "show_comparison",
        ):
            getattr(country_page, section)(found)
        report.finish()
    return shown, found


def test_the_league_is_of_one_year_and_gives_ranges(country: tuple[Shown, country_page.Country]) -> None:
    """Provinces are ranked on the latest year nine in ten publish; each rank is a range that holds the plain rank."""
    shown, found = country
    rows = shown.table("league")
    assert {row["pe_period"] for row in rows} == {found.well_covered("dibao_avg:rural")} == {"2016"}
    assert len(rows) == 28
    for place, one in enumerate(found.league, 1):
        assert 1 <= one.best <= one.worst <= 28
        assert one.best <= place + 4
    assert sum(one.best != one.worst for one in found.league) > 20


def test_the_overview_holds_nothing_synthetic_and_says_what_correlation_is_not(
    country: tuple[Shown, country_page.Country],
) -> None:
    """No synthetic cell; wherever places are compared over time or against consumption the sentence stands."""
    shown, _ = country
    assert not any(value == "synthetic" for name in shown.tables for row in shown.table(name) for value in row.values())
    assert shown.finding.endswith("相关不等于因果。")
    assert "相关不等于因果" in shown.page_of("catching_up")


def test_the_figure_and_the_league_show_the_same_level(country: tuple[Shown, country_page.Country]) -> None:
    """A level halfway between two fen is rounded alike in the league table and in the data of the scatter beside it."""
    _, data, _ = against_consumption(country[1]) or pytest.fail("no scatter")
    shown = {row["pe_place"]: str(row["pe_level"]) for row in country[0].table("league")}
    assert {place: str(level) for place, level in zip(data["pe_place"], data["pe_level"], strict=True)} == shown


def test_a_share_of_all_residents_says_so(country: tuple[Shown, country_page.Country]) -> None:
    """Where a province's own urban or rural consumption is not in the data, the latest levels name the base that stands in."""
    rows = {row["pe_place"]: row for row in country[0].table("latest")}
    assert rows["北京市"]["pe_base"] == "全体居民（城市、农村）"
    assert not rows["广东省"]["pe_base"]


def test_provinces_beside_each_other(country: tuple[Shown, country_page.Country]) -> None:
    """Composite and envelopment are of the league's provinces, secondary by title, and a slope is called no cause."""
    shown, _ = country
    rows = shown.table("composite")
    assert {row["pe_place"] for row in rows} <= {row["pe_place"] for row in shown.table("league")}
    for place, row in enumerate(rows, 1):
        best, _, worst = str(row["pe_ranks"]).partition("–")
        assert int(best) <= place <= int(worst or best)
    for row in shown.table("envelopment"):
        assert 0 < float(str(row["pe_ccr"])) <= float(str(row["pe_bcc"])) <= 1
    assert "不是行政效率" in shown.page_of("envelopment")
    assert [row["pe_provinces"] for row in shown.table("slopes")] == [31, 31]
    assert "相关不等于因果" in shown.page_of("slopes")
    assert any("没有分省、同一年份的低保支出" in words for words in shown.words)


def test_who_started_when(country: tuple[Shown, country_page.Country]) -> None:
    """Every month of every province has an outcome, the counts add up, and winter 2019 shows."""
    shown, found = country
    rows = shown.table("triggers")
    assert len(rows) == 31
    for row in rows:
        assert row["pe_triggered"] + row["pe_not_triggered"] + row["pe_undetermined"] == len(found.months)  # type: ignore[operator]
    assert sum(row["2019"] > 0 for row in rows) > 25  # type: ignore[operator]


@pytest.mark.parametrize("name", ["performance_evaluation", "national_overview"])
def test_notebooks_are_thin(name: str) -> None:
    """One parameters cell first, at most ten lines a cell, no number, path or formula outside it, no outputs kept."""
    from aidlib.reports.catalogue import notebooks

    cells = json.loads((notebooks() / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code[0]["metadata"]["tags"] == ["parameters"]
    assert all("#" in line for line in code[0]["source"])
    for cell in code[1:]:
        source = "".join(cell["source"])
        assert len(source.splitlines()) <= 10
        assert not re.search(r"\d|[*/+]|\.csv", source)
        assert not cell["outputs"]
