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


@pytest.mark.parametrize("name", sorted(all_reports()))
def test_every_report_has_a_gap_list_and_a_button(name: str) -> None:
    """Each report's list has rows, and its notebook offers the workbook."""
    rows = [row for row in tables.rows(template.TABLE, template.COLUMNS) if row["report"] == name]
    assert {row["sheet"] for row in rows} <= set(template.SHEETS)
    assert rows
    assert 'page.download("gaps.xlsx"' in all_reports()[name].notebook.read_text(encoding="utf-8").replace("\\", "")


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
