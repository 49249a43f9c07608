"""The official form, filled and exported: open rows stay open, formulas are alive, fonts are East-Asian, nothing personal leaves."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from aidlib.disclosure import guard
from aidlib.errors import DataFault
from aidlib.evaluation.scorecard import Override, score
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.law.rubrics import available, load
from aidlib.reports.official_form import Form, answers, fill
from aidlib.reports.official_form.document import document
from aidlib.reports.official_form.formulas import automatic
from aidlib.reports.official_form.text import about
from aidlib.reports.official_form.workbook import FIRST, SHOWN, workbook

CASE = Path(__file__).parents[1] / "cases" / "suixi_2019_temporary_relief_self_evaluation.csv"
BY_HAND = ("4604", "5830")  # the two rows whose printed points are not those of the rule


def filled(folder: Path, **changed: str) -> Path:
    """Write the printed Suixi form as an official would fill it in."""
    path = folder / "filled.csv"
    with CASE.open(encoding="utf-8") as lines, path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["三级指标", "实际值", "调整得分", "未完成或调整原因"])
        for row in csv.DictReader(lines):
            name, actual = row["indicator"], row["actual"]
            points = row["score"] if actual in BY_HAND else ""
            writer.writerow([name, changed.get(name, actual), points, row["remark"]])
    return path


@pytest.fixture
def suixi(tmp_path: Path) -> Form:
    return fill(Book(), Figures(), "340621", 2019, "2019-suixi", str(filled(tmp_path)))


def sheet(content: bytes):
    return load_workbook(io.BytesIO(content)).worksheets[0]


def column(page, key: str) -> list[object]:
    count = page.max_row
    return [page.cell(line, SHOWN.index(key) + 1).value for line in range(FIRST + 1, count + 1)]


def test_a_filled_form_scores_as_printed(suixi: Form) -> None:
    """What an official fills in scores 90 of the 90 readable points; the rules alone give less and both are said."""
    assert suixi.card.final == 90
    said = about(suixi)[2]
    assert "90.00" in said
    assert "88.84" in said
    assert "1项未说明理由" in said
    assert "尚有10分未定" in said


def test_what_nobody_knows_stays_open() -> None:
    """Without data and without an official the whole form is open and the grade may be any."""
    form = fill(Book(), Figures(), "450400", 2019, "2016-national")
    assert form.card.undecided == 100
    assert form.evidence == {}
    assert "现在不能评定" in about(form)[2]


def test_an_instrument_in_the_book_proves_that_there_is_one() -> None:
    """A numbered provincial instrument on tekun standards answers 有 and is cited; no instrument never answers 无."""
    form = fill(Book(), Figures(), "500000", 2025, "2016-national")
    (name,) = form.evidence
    assert name == "特困人员救助供养文件"
    assert all(row.source.number and row.region == "500000" for row in form.evidence[name].rows)
    assert not any(s.actual == "无" for s in form.card.rows)


def test_a_form_laid_on_an_earlier_year_says_so() -> None:
    """The grades of 2016 on a year before them are for comparison only; a year that had them needs no such word."""
    early, later = (about(fill(Book(), Figures(), "130900", year, "2016-national"))[2] for year in (2014, 2017))
    assert "仅供对照" in early
    assert "仅供对照" not in later


def test_a_newspaper_is_no_instrument() -> None:
    """Heilongjiang's tekun standards of 2019 are known from a press report only: the row stays open."""
    assert fill(Book(), Figures(), "230000", 2019, "2016-national").evidence == {}


def test_the_official_goes_before_the_book(tmp_path: Path) -> None:
    """Where an official says 无, the form says 无, whatever the book holds."""
    path = tmp_path / "own.csv"
    path.write_text("三级指标,实际值\n特困人员救助供养文件,无\n", encoding="utf-8")
    form = fill(Book(), Figures(), "500000", 2025, "2016-national", str(path))
    assert form.evidence == {}
    assert form.card.final == 0
    assert form.card.undecided == 98


@pytest.mark.parametrize("rubric", available())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_can_be_exported(rubric: str, language: str) -> None:
    """Every shipped form becomes a workbook and a document in both languages, the same bytes each time."""
    form = fill(Book(), Figures(), "450400", 2019, rubric)
    for write in (workbook, document):
        assert write(form, language) == write(form, language)


def test_formulas_are_alive_and_agree_with_the_engine(suixi: Form) -> None:
    """Every row and total is a formula; the cached values are the engine's."""
    page = sheet(workbook(suixi))
    finals = column(page, "final")
    assert all(str(cell).startswith("=IF(") for cell in finals[: len(suixi.card.rows)])
    assert str(finals[len(suixi.card.rows)]).startswith("=SUM(")
    cached = load_workbook(io.BytesIO(workbook(suixi)), data_only=True).worksheets[0]
    shown = column(cached, "automatic")
    for value, scored in zip(shown, suixi.card.rows, strict=False):
        expected = None if scored.automatic is None else float(scored.automatic)
        assert value == pytest.approx(expected) if expected is not None else value in (None, "")
    assert column(cached, "final")[len(suixi.card.rows)] == pytest.approx(90)
    assert column(cached, "final")[-1] == "优秀"


def test_grade_lines_in_the_sheet_are_those_of_the_law(suixi: Form) -> None:
    """The grade's formula compares with the book's lines and names all four grades."""
    formula = str(column(sheet(workbook(suixi)), "final")[-1])
    lines = [suixi.local.value(name).text for name in ("eval_excellent", "eval_good", "eval_pass")]
    assert re.findall(r">=(\d+)", formula) == lines
    assert all(word in formula for word in ("优秀", "良好", "合格", "不合格"))


@pytest.mark.parametrize(
    ("rubric", "number", "formula"),
    [
        ("2019-suixi", 0, '=IF(H6="","",IF(OR(H6="不适用",H6="n/a"),0,R6*(IF(H6>=F6,1,H6/F6))))'),
        ("2019-suixi", 8, '=IF(H6="","",IF(OR(H6="不适用",H6="n/a"),0,R6*(IF(H6<=F6,1,MAX(0,1-(H6-F6)/F6)))))'),
        ("2016-national", 0, '=IF(H6="","",IF(OR(H6="不适用",H6="n/a"),0,R6*(IF(H6="有",1,IF(H6="无",0,0)))))'),
        ("2016-national", 6, '=""'),
    ],
)
def test_each_rule_becomes_its_formula(rubric: str, number: int, formula: str) -> None:
    """A rule of the form is written as the formula that scores it; a rule nobody knows scores nothing."""
    assert automatic(load(rubric)[number], 6) == formula


def test_the_workbook_can_be_filled_in_and_read_back(suixi: Form, tmp_path: Path) -> None:
    """The exported workbook is itself a form to fill in: typed values and points come back as they were."""
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook(suixi))
    found = answers.read(str(path))
    known = {s.criterion.indicator: s.actual for s in suixi.card.rows if s.actual is not None}
    assert {name: Fraction(value) for name, value in found.actuals.items()} == {
        n: Fraction(v) for n, v in known.items()
    }
    again = score(load("2019-suixi"), found.actuals, found.overrides)
    assert (again.automatic, again.final) == (suixi.card.automatic, suixi.card.final)


def test_not_applicable_in_the_sheet(tmp_path: Path) -> None:
    """A row filled in as 不适用 gives its points away in the engine and in the cached sheet alike."""
    name = "扶贫临时救助人数(按月平均)"
    form = fill(Book(), Figures(), "340621", 2019, "2019-suixi", str(filled(tmp_path, **{name: "不适用"})))
    cached = load_workbook(io.BytesIO(workbook(form)), data_only=True).worksheets[0]
    found = dict(zip(column(cached, "indicator"), column(cached, "automatic"), strict=True))
    assert found["农村低保发放人数(按月平均)"] == 7.5
    assert found[name] == 0


def test_every_fault_of_a_filled_form(tmp_path: Path) -> None:
    """A form without headings, with points that are no number, or that is not there, is refused with a reason."""
    path = tmp_path / "own.csv"
    path.write_text("甲,乙\n", encoding="utf-8")
    with pytest.raises(DataFault, match="三级指标"):
        answers.read(str(path))
    path.write_text("三级指标,实际值,调整得分\n甲,1,五分\n乙,2,六分\n", encoding="utf-8")
    with pytest.raises(DataFault) as caught:
        answers.read(str(path))
    assert len(caught.value.faults) == 2
    with pytest.raises(DataFault, match="no such file"):
        answers.read(str(tmp_path / "none.csv"))


def test_fonts_are_east_asian(suixi: Form) -> None:
    """The document names an East-Asian font for Chinese text, and the workbook a Chinese one."""
    with zipfile.ZipFile(io.BytesIO(document(suixi))) as pack:
        body, styles = (pack.read(f"word/{part}.xml").decode() for part in ("document", "styles"))
    assert 'w:eastAsia="仿宋"' in body
    assert 'w:eastAsia="黑体"' in body
    assert 'w:eastAsia="仿宋"' in styles
    assert sheet(workbook(suixi)).cell(FIRST + 1, 3).font.name == "宋体"


def test_the_document_holds_the_whole_form(suixi: Form) -> None:
    """Every row, both totals, the open row and the missing reason are in the document."""
    table = Document(io.BytesIO(document(suixi))).tables[0]
    text = [" ".join(cell.text for cell in row.cells) for row in table.rows]
    assert len(text) == 1 + len(suixi.card.rows) + 3
    assert any("来源未列明" in line for line in text)
    assert any("未说明理由" in line for line in text)
    assert any("88.84" in line and "90.00" in line for line in text)


def test_nothing_personal_leaves(suixi: Form, tmp_path: Path) -> None:
    """Who changed a score is no part of the published forms, and the guard finds nothing in them."""
    row = suixi.card.rows[0].criterion.indicator
    form = Form("2019-suixi", "340621", 2019, score(load("2019-suixi"), {}, {row: Override(Fraction(1), "复核", by="甲某")}),
                {}, suixi.local)  # fmt: skip
    for name, content in (("form.xlsx", workbook(form)), ("form.docx", document(form))):
        path = tmp_path / name
        path.write_bytes(content)
        guard(path)
        with zipfile.ZipFile(path) as pack:
            assert not any("甲某".encode() in pack.read(part) for part in pack.namelist())
