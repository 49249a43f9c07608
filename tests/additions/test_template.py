"""The gap workbook: exactly what a page lacks, and a filled one decides it."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from aidlib import Book, Figures, additions, evaluate, tables
from aidlib.additions import template
from aidlib.additions.labels import units
from aidlib.commands.catalogue import all_reports
from aidlib.errors import DataFault
from aidlib.prices.monthly import linkage_months

ANSWERS = {"cpi_yoy:total:all_items": 104.1, "cpi_yoy:total:food": 102.0, "scpi_yoy:total:all_items": 104.4}
STANDARDS = {"urban": 812, "rural": 560}
"""Invented figures of a month in which prices jump."""


def filled(path: Path, answers: dict[str, float]) -> None:
    """Fill the yellow cells of a workbook as a clerk would."""
    book = load_workbook(path)
    for sheet in book.worksheets[1:]:
        heads = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            series = sheet.cell(row, heads["系列"]).value
            group = sheet.cell(row, heads["对象"]).value if "对象" in heads else ""
            if (number := answers.get(series, STANDARDS.get(group) if series == "dibao_standard" else None)) is None:
                continue
            cells = {
                "数值": number,
                "来源": "虚构的公布（测试）",
                "发布日期": "2026-09-12",
                "条款": "第一条",
                "施行日期": "2026-07-01",
            }
            for head in (head for head in cells if head in heads):
                sheet.cell(row, heads[head]).value = cells[head]
    book.save(path)


def through_libreoffice(path: Path) -> Path:
    """Open and save a workbook in LibreOffice, as an office would."""
    office = shutil.which("soffice")
    assert office
    out = path.parent / "office"
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)],
        check=True,
        capture_output=True,
    )
    return out / path.name


@pytest.mark.parametrize("place", ["450400", "230000"])
@pytest.mark.parametrize(
    "office",
    [False, pytest.param(True, marks=pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice"))],
)
def test_a_filled_workbook_decides_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, office: bool
) -> None:
    """Filled and added, the month is decided on published figures, each statement of the rule gives an exact amount, and what stayed empty is left out."""
    before = linkage_months(place, "2026-08", 1).now
    assert before.verdict == "start_excluded"
    file = template.write(tmp_path / "gaps.xlsx", template.gaps(place, "2026-08"))
    filled(file, ANSWERS)
    file = through_libreoffice(file) if office else file
    own = tmp_path / "own"
    change = additions.add(file, own, confirm=True)
    assert change.counts()["new"] >= 4
    assert any("left empty" in text for text in change.skipped)
    monkeypatch.setenv("AIDLIB_DATA", str(own))
    after = linkage_months(place, "2026-08", 1).now
    assert (after.verdict, after.firm) == ("started", True)
    due = after.decision.amount("dibao_urban")
    assert due
    assert all(option.exact is not None for option in due.options)
    assert not {gap.series for gap in template.gaps(place, "2026-08")} & set(ANSWERS)


def test_an_untouched_workbook_adds_nothing_and_says_so(tmp_path: Path) -> None:
    """A workbook that nobody filled in is refused by name, row by row."""
    file = template.write(tmp_path / "gaps.xlsx", template.gaps("450400", "2026-08"))
    with pytest.raises(DataFault, match="no source"):
        additions.add(file, tmp_path / "own")


def test_the_list_is_what_the_page_lacks() -> None:
    """Jiangsu starts by CPI and SCPI, not by food: only those two are asked for, with the last one known beside them."""
    found = template.gaps("320000", "2026-08")
    assert [gap.series for gap in found if gap.sheet == "indices"] == [
        "cpi_yoy:total:all_items",
        "scpi_yoy:total:all_items",
    ]
    assert all(gap.last for gap in found if gap.series == "cpi_yoy:total:all_items")
    known = {gap.series for gap in template.gaps("450400", "2019-05")}
    assert "dibao_standard" not in known


def test_a_province_and_its_prefectures_fit_one_workbook(tmp_path: Path) -> None:
    """Guangxi and its fourteen prefectures: every place has its rows, each once, with a number allowed only within what its unit can be."""
    figures = Figures()
    places = template.places("450000", below=True)
    assert len(places) == 15
    found = [gap for place in places for gap in template.gaps(place, "2026-08", figures=figures)]
    book = load_workbook(template.write(tmp_path / "gaps.xlsx", found, "en"))
    codes = {row[0].value for row in book["Standards"].iter_rows(min_row=2)}
    assert codes == {place.code for place in places}
    assert book["Indices"].data_validations.dataValidation


def test_an_unknown_report_is_named() -> None:
    """A report without a list of gaps is one readable message."""
    with pytest.raises(DataFault, match="try: price_linkage"):
        template.gaps("450400", "2026-08", ["price_linkag"])


ACTUALS = {"assistance_budget": 52000, "assistance_budget_executed": 50960, "recognition_on_time_rate": 97.5, "review_done_rate": 100,
           "linkage_on_time_rate": 88, "temporary_assistance_person_times": 81234, "edge_recipients": 45210, "rigid_recipients": 9876,
           "tekun_recipients:total": 91234, "tekun_recipients:rural:concentrated": 21000, "tekun_recipients:rural:dispersed": 63000,
           "temporary_assistance_avg": 1185, "dibao_recipients:urban": 310000, "dibao_recipients:rural": 640000,
           "dibao_subsidy_avg:urban": 512.5, "dibao_subsidy_avg:rural": 343}  # fmt: skip
"""Invented actual values of a province and year."""


@pytest.mark.parametrize(
    "office",
    [False, pytest.param(True, marks=pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice"))],
)
def test_evaluation_actuals_reach_the_page_and_the_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, office: bool
) -> None:
    """The sheet of actual values, filled and added: what was not assessed is, and the form's execution row is scored from budget and spending."""
    before = evaluate("230000", 2024)
    assert before.of("execution").verdict == "not_assessed"
    assert before.form().card.assessed == 0
    gaps = template.gaps("230000", "2024", ["performance_evaluation"])
    assert {gap.series for gap in gaps if gap.sheet == "actuals"} == set(list(ACTUALS)[:5])
    file = template.write(tmp_path / "gaps.xlsx", gaps)
    filled(file, ACTUALS)
    file = through_libreoffice(file) if office else file
    own = tmp_path / "own"
    additions.add(file, own, confirm=True)
    monkeypatch.setenv("AIDLIB_DATA", str(own))
    after = evaluate("230000", 2024)
    spent = after.of("execution").value
    assert spent
    assert spent.number == Fraction(50960, 52000)
    assert after.of("recognised_on_time").verdict == "not_met"
    assert after.of("reviewed").verdict == "met"
    assert after.of("tekun_institutions").value.number == Fraction(1, 4)  # type: ignore[union-attr]
    assert after.of("payment", "urban").value.number == Fraction("512.5")  # type: ignore[union-attr]
    assert after.of("coverage", "rural").known
    form = after.form()
    (row,) = [one for one in form.card.rows if one.criterion.bound == "measure:execution"]
    assert (row.actual, form.card.assessed) == ("98", 10)
    left = {gap.series for gap in template.gaps("230000", "2024", ["performance_evaluation"])}
    assert not left & set(ACTUALS)


OWN = {
    "数量": ("低保发放人数占计划比例", "≥100%", 20, 95),
    "质量": ("应救尽救比例", "≥98%", 15, 99),
    "时效": ("低保金按月发放率", "100%", 10, 100),
    "成本": ("次均临时救助", "≤1500元", 5, 1600),
    "服务对象满意度": ("救助对象满意度", "≥90%", 10, 92),
}
"""Invented rows of a unit's own: indicator, target, points and actual value, by item."""


def form_filled(path: Path, rows: dict[str, tuple[object, ...]]) -> None:
    """Fill the sheet of form rows: each yellow cell by the item or the indicator that stands before it."""
    book = load_workbook(path)
    sheet = book["评价表各项"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        text = {head: sheet.cell(row, column).value for head, column in heads.items()}
        given = rows.get(str(text["三级指标"] or text["二级指标"]))
        if given is None:
            continue
        cells = {
            "来源": "虚构的单位填报（测试）",
            "发布日期": "2025-03-01",
            "实际完成值": given[-1],
            "偏差原因及改进措施": "虚构",
        }
        if not text["三级指标"]:
            cells |= dict(zip(("三级指标", "年度指标值", "分值"), given[:-1], strict=True))
        for head, value in cells.items():
            sheet.cell(row, heads[head]).value = value
    book.save(path)


@pytest.mark.parametrize(
    "office",
    [False, pytest.param(True, marks=pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice"))],
)
def test_rows_of_the_form_that_no_figure_answers_reach_the_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, office: bool
) -> None:
    """The form's own rows stand in the gap workbook; filled and added they are scored on the page's form, and are asked for no more."""
    gaps = template.gaps("230000", "2024", ["performance_evaluation"])
    asked = [gap.row for gap in gaps if gap.row]
    assert len(asked) == 4 + 4 + 1
    file = template.write(tmp_path / "gaps.xlsx", gaps)
    form_filled(file, OWN)
    file = through_libreoffice(file) if office else file
    own = tmp_path / "own"
    additions.add(file, own)
    monkeypatch.setenv("AIDLIB_DATA", str(own))
    form = evaluate("230000", 2024).form()
    scored = {one.criterion.indicator: one.final for one in form.card.rows if one.final is not None}
    assert scored == {
        "低保发放人数占计划比例": Fraction(19),  # 20 × 95 ÷ 100
        "应救尽救比例": 15,
        "低保金按月发放率": 10,
        "次均临时救助": Fraction("4.67"),  # 5 × (1 − 100 ÷ 1500), to two decimals
        "救助对象满意度": 10,
    }
    assert form.card.assessed == 60
    assert form.reasons["应救尽救比例"] == "虚构"
    left = {gap.row.head for gap in template.gaps("230000", "2024", ["performance_evaluation"]) if gap.row}
    assert left == {"效益"}


def test_a_named_form_asks_for_its_open_rows_and_not_for_what_figures_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the composite form of a county: satisfaction is asked for, execution (a sum of money) stands among the actual values; words come from a list."""
    gaps = template.gaps("450421", "2024", ["performance_evaluation"], rubric="2021-county-composite")
    asked = {gap.row.indicator for gap in gaps if gap.row}
    assert {"救助对象满意度", "救助资金发放及时率", "救助对象生活水平"} <= asked
    assert "预算执行率" not in asked
    assert {"assistance_budget", "assistance_budget_executed"} <= {gap.series for gap in gaps}
    file = template.write(tmp_path / "gaps.xlsx", gaps)
    form_filled(file, {"救助对象满意度": (83,), "救助对象生活水平": ("达成年度指标",), "社会化发放率": ("不适用",)})
    own = tmp_path / "own"
    additions.add(file, own)
    monkeypatch.setenv("AIDLIB_DATA", str(own))
    rows = {one.criterion.indicator: one for one in evaluate("450421", 2024).form("2021-county-composite").card.rows}
    assert rows["救助对象满意度"].final == Fraction(8)  # 80 and more: four fifths of 10
    assert (rows["救助对象生活水平"].actual, rows["救助对象生活水平"].final) == ("达成年度指标", None)
    assert rows["社会化发放率"].actual == "n/a"
    assert evaluate("450421", 2023).form("2021-county-composite").card.assessed == 0


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"数量": ("指标甲", "≥100%", 60, 95)}, "more points than the head has"),
        ({"数量": ("指标甲", "越多越好", 20, 95)}, "a target that cannot be read"),
        ({"数量": ("指标甲", "≥100%", 20, "很好")}, "很好"),
        ({"数量": (None, "≥100%", 20, 95)}, "no indicator"),
        ({"数量": ("指标甲", None, 20, 95)}, "needs a target and points"),
    ],
)
def test_a_row_that_the_form_cannot_take_is_refused(
    tmp_path: Path, rows: dict[str, tuple[object, ...]], told: str
) -> None:
    """Too many points, a target or a value nobody can read, a row without a name: one sentence each, and nothing is written."""
    file = template.write(tmp_path / "gaps.xlsx", template.gaps("230000", "2024", ["performance_evaluation"]))
    form_filled(file, rows)
    with pytest.raises(DataFault, match=told):
        additions.add(file, tmp_path / "own")
    assert not (tmp_path / "own" / "form_rows.csv").exists()


@pytest.mark.parametrize("name", sorted(all_reports()))
def test_every_report_has_a_gap_list_and_a_button(name: str) -> None:
    """Each report's list has rows, and its notebook offers the workbook."""
    rows = [row for row in tables.rows(template.TABLE, template.COLUMNS) if row["report"] == name]
    assert {row["sheet"] for row in rows} <= set(template.SHEETS)
    assert rows
    assert 'page.download("gaps.xlsx"' in all_reports()[name].notebook.read_text(encoding="utf-8").replace("\\", "")


RESEARCH = (
    "household_walkthrough",
    "low_income_price_index",
    "setting_a_standard",
    "standard_sandbox",
    "what_a_change_costs",
)


@pytest.mark.parametrize("name", RESEARCH)
def test_research_pages_that_rest_on_a_places_own_figures_have_the_button_too(name: str) -> None:
    """A notebook of one place lists what it lacks of that place."""
    source = (tables.shipped_notebooks() / "research" / f"{name}.ipynb").read_text(encoding="utf-8").replace("\\", "")
    assert f'aidlib.gap_workbook(page.region, page.period, "{name}"' in source
    assert 'page.download("gaps.xlsx"' in source
    assert [row for row in tables.rows(template.TABLE, template.COLUMNS) if row["report"] == name]


def test_every_unit_asked_in_is_one_of_the_series() -> None:
    """A filled row of any list is accepted in the unit it stands in: no workbook asks in a unit that `data add` refuses."""
    series = Figures().series
    rows = [row for row in tables.rows(template.TABLE, template.COLUMNS) if row["series"] in series]
    wrong = [row["series"] for row in rows if not set(units(row["unit"])) & set(series[row["series"]].units)]
    assert (len(rows) > 40, wrong) == (True, [])


def test_looking_for_gaps_is_not_reading(tmp_path: Path) -> None:
    """The workbook leaves no row behind among those that a page read, and no gap of the law."""
    book, figures = Book(), Figures()
    assert template.gap_workbook("230000", "2024", "performance_evaluation", law=book, figures=figures)[:2] == b"PK"
    assert (book.reads, book.gaps, figures.reads) == ({}, {}, {})


def test_the_nations_workbook_has_all_provinces() -> None:
    """Below the nation stand the provinces."""
    assert len(template.places("全国", below=True)) == 32
