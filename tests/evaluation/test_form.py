"""The official form: filled from data, by the unit and by hand; open rows stay open, formulas are alive, nothing personal leaves."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from aidlib.disclosure import guard
from aidlib.errors import DataFault
from aidlib.evaluation.form import Form, fill, read
from aidlib.evaluation.measures import Records
from aidlib.evaluation.scorecard import Override, score
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.law.rubrics import available, load, rubric
from aidlib.views.form_document import document
from aidlib.views.form_workbook import FIRST, PRINTED, automatic, result_sentence, workbook
from aidlib.words import speaking

CASE = Path(__file__).parents[1] / "cases" / "suixi_2019_temporary_relief_self_evaluation.csv"
BY_HAND = ("4604", "5830")  # the two rows whose printed points are not those of the rule
UNIT = """项目名称,2024年困难群众救助补助资金
全年预算数,1200
全年执行数,900
一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,偏差原因及改进措施
产出,数量,农村低保标准,≥375,375,10,
产出,质量,补助对象准确率,≥98%,99,20,
产出,时效,按月发放及时率,=100%,96,10,节假日顺延
产出,成本,人均管理成本,≤20元,25,10,
效益,社会效益,应保尽保率,≥95%,96,30,
满意度,服务对象满意度,救助对象满意度,≥90%,93.5,10,
"""


def at(place: str = "450400", year: int = 2024) -> Records:
    return Records(Book(), Figures(), place, year)


@pytest.fixture
def unit(tmp_path: Path) -> Form:
    """The fiscal form with rows of the unit's own."""
    path = tmp_path / "unit.csv"
    path.write_text(UNIT, encoding="utf-8")
    return fill(at(), "", str(path))


@pytest.fixture
def suixi(tmp_path: Path) -> Form:
    """The printed Suixi form as an official would fill it in."""
    path = tmp_path / "suixi.csv"
    with CASE.open(encoding="utf-8") as lines, path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["三级指标", "实际值", "调整得分", "未完成或调整原因"])
        for row in csv.DictReader(lines):
            actual = "100" if row["unit"] == "万元" else row["actual"]
            writer.writerow([row["indicator"], actual, row["score"] if actual in BY_HAND else "", row["remark"]])
    return fill(at("340621", 2019), "2019-suixi", str(path))


def page(content: bytes, values: bool = False):
    return load_workbook(io.BytesIO(content), data_only=values).worksheets[0]


def column(sheet, key: str, rows: int) -> list[object]:
    at_ = {cell.value: cell.column for cell in sheet[FIRST]}[key]
    return [sheet.cell(line, at_).value for line in range(FIRST + 1, FIRST + 1 + rows)]


def test_the_unit_fills_the_open_blocks(unit: Form) -> None:
    """Rows of the unit take the place of the blocks, each scored by its own sign; execution follows the money of the head."""
    points = {s.criterion.indicator: s.final for s in unit.card.rows}
    assert points == {
        "预算执行率": Fraction(15, 2), "农村低保标准": 10, "补助对象准确率": 20, "按月发放及时率": Fraction(48, 5), "人均管理成本": Fraction(15, 2),
        "应保尽保率": 30, "救助对象满意度": 10,
    }  # fmt: skip
    assert (unit.card.assessed, unit.card.final, unit.card.grades) == (100, Fraction("94.6"), ("优", "优"))
    assert [note.code for note in unit.warnings] == ["unspent", "achieved_ahead"]


def test_a_block_half_filled_stays_half_open(tmp_path: Path) -> None:
    """What the unit does not give points to stays open; more points than the head has are refused, with a head that takes none."""
    path = tmp_path / "half.csv"
    lines = UNIT.splitlines()
    path.write_text("\n".join(lines[:5]), encoding="utf-8")
    form = fill(at(), "", str(path))
    assert (form.card.assessed, form.card.grades) == (20, None)
    assert [s.criterion.weight for s in form.card.rows if s.criterion.op == "own"] == [40, 30, 10]
    path.write_text("\n".join([*lines[:4], "产出,数量,甲,≥1,1,51,", "别的,数量,乙,≥1,1,5,"]), encoding="utf-8")
    with pytest.raises(DataFault) as caught:
        fill(at(), "", str(path))
    assert len(caught.value.faults) == 2


def test_a_nought_budget_is_refused(tmp_path: Path) -> None:
    """No rate is made of a budget of nought."""
    path = tmp_path / "nought.csv"
    path.write_text(UNIT.replace("全年预算数,1200", "全年预算数,0"), encoding="utf-8")
    with pytest.raises(DataFault, match="above zero"):
        fill(at(), "", str(path))


def test_unscored_is_not_nought() -> None:
    """Without data and without an official nothing is assessed, nothing scored, nothing graded, and the form says so."""
    form = fill(at("450400", 2024))
    assert form.card.assessed == 0
    assert set(form.to_frame()["points"]) == {None}
    with speaking("zh"):
        assert result_sentence(form) == "各项均未评；已评不足80分，不评定等级。"
    assert [row[0].value for row in page(workbook(form), values=True).iter_rows() if row[0].value == "0.00"] == []


def test_what_was_scored_is_told_with_its_share(suixi: Form) -> None:
    """Suixi earns 90 of the 90 points that can be read; the lines of its grades allow only the best one."""
    with speaking("zh"):
        assert result_sentence(suixi) == "已评90分中得90.00分；等级为“优”。"
    assert suixi.card.automatic == Fraction("88.84")
    lacking = [s.criterion.indicator for s in suixi.card.rows if s.override and not suixi.reason(s)]
    assert lacking == ["扶贫临时救助标准 一户年最高5300元"]


def test_an_instrument_in_the_book_proves_that_there_is_one() -> None:
    """A numbered provincial instrument on tekun standards answers 有 and is cited; a press report, or no instrument, answers nothing."""
    form = fill(at("500000", 2025), "2016-national")
    (name,) = form.answers
    assert name == "落实国发〔2016〕14号的文件"
    assert all(row.source.number and row.region == "500000" for row in form.answers[name].rows)  # type: ignore[union-attr]
    assert fill(at("230000", 2019), "2016-national").answers == {}


def test_published_figures_answer_what_they_can() -> None:
    """Wuzhou's rural standard and heads of 2019 are filled in, in the unit of their row; a guide or an average never stands for a standard."""
    found = {name: one.actual for name, one in fill(at("450400", 2019), "2019-suixi").answers.items()}
    assert found == {"农村低保标准": "375", "农村低保发放人数(按月平均)": "149589"}
    assert "农村低保标准" not in fill(at("230000", 2024), "2019-suixi").answers


def test_the_official_goes_before_the_data(tmp_path: Path) -> None:
    """Where an official says 无, the form says 无, whatever the book holds."""
    path = tmp_path / "own.csv"
    path.write_text("三级指标,实际值\n落实国发〔2016〕14号的文件,无\n", encoding="utf-8")
    form = fill(at("500000", 2025), "2016-national", str(path))
    assert form.answers == {}
    assert (form.card.final, form.card.assessed) == (0, 2)


def test_no_form_is_a_default_before_2021() -> None:
    """A year without a default form has none: no rows, no files."""
    form = fill(at("450400", 2019))
    assert form.to_frame().empty
    assert (form.workbook(), form.document()) == (b"", b"")


@pytest.mark.parametrize("name", available())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_can_be_exported(name: str, language: str) -> None:
    """Every shipped form becomes a workbook and a document in both languages, the same bytes each time."""
    form = fill(at("450400", 2024), name)
    for write in (workbook, document):
        assert write(form, language) == write(form, language)


def test_formulas_are_alive_and_agree_with_the_engine(unit: Form) -> None:
    """Every row and total is a formula; the cached values are the engine's."""
    rows = len(unit.card.rows)
    alive, cached = page(workbook(unit)), page(workbook(unit), values=True)
    assert all(str(cell).startswith("=IF(") for cell in column(alive, "得分", rows))
    assert str(column(alive, "得分", rows + 1)[-1]).startswith("=IF(COUNT(")
    assert column(cached, "得分", rows + 1) == pytest.approx([float(s.final) for s in unit.card.rows] + [94.6])  # type: ignore[arg-type]
    assert column(cached, "分值", rows + 2)[-2:] == [100, 100]
    assert column(cached, "得分", rows + 3)[-1] == "优"


@pytest.mark.parametrize(
    ("name", "number", "formula"),
    [
        (
            "2019-suixi",
            8,
            '=IF(E9="","",IF(OR(E9="不适用",E9="n/a"),0,ROUND(P9*(IF(E9<=K9,1,MAX(0,1-(E9-K9)/K9))),2)))',
        ),
        ("2016-national", 0, '=IF(E9="","",IF(OR(E9="不适用",E9="n/a"),0,P9*(IF(E9="有",1,IF(E9="无",0,0)))))'),
        ("2015-yueyang-townships", 15, '=IF(E9="","",IF(OR(E9="不适用",E9="n/a"),0,P9*(MAX(0,1-E9*K9/2))))'),
        ("2021-county-composite", 4, '=IF(E9="","",IF(OR(E9="不适用",E9="n/a"),0,ROUND(P9*(IF(E9>=K9,1,E9/K9)),2)))'),
        ("2016-national", 6, '=""'),
    ],
)
def test_each_rule_becomes_its_formula(name: str, number: int, formula: str) -> None:
    """A rule of the form is written as the formula that scores it; a rule nobody knows scores nothing."""
    with speaking("zh"):
        assert automatic(load(name)[number], 9, fill(at("450400", 2024), name)) == formula


def test_the_workbook_can_be_filled_in_and_read_back(unit: Form, suixi: Form, tmp_path: Path) -> None:
    """The exported workbook is itself a form to fill in: head, rows, values, points and reasons come back as they were."""
    for form, name in ((unit, ""), (suixi, "2019-suixi")):
        path = tmp_path / "form.xlsx"
        path.write_bytes(workbook(replace(form, facts={k: v for k, v in form.facts.items() if k != "executed"})))
        again = fill(at(form.place, form.year), name, str(path))
        assert (again.card.automatic, again.card.final) == (form.card.automatic, form.card.final)
        assert [again.reason(s) for s in again.card.rows if s.criterion.indicator == "按月发放及时率"] in (
            [],
            ["节假日顺延"],
        )


def test_an_empty_form_has_rows_for_the_unit_to_write_in() -> None:
    """Each item of an open block has a yellow row whose score is a formula of what is typed."""
    sheet = page(workbook(fill(at())))
    items = column(sheet, "二级指标", 10)
    assert items[1:5] == ["数量", "质量", "时效", "成本"]
    assert all(str(cell).startswith("=IF(") for cell in column(sheet, "得分", 10))
    assert sheet.cell(FIRST + 2, 3).fill.start_color.rgb == "FFFFF2B3"


def test_not_applicable_in_the_sheet(suixi: Form, tmp_path: Path) -> None:
    """A row filled in as 不适用 gives its points away in the engine and in the cached sheet alike."""
    name = "扶贫临时救助人数(按月平均)"
    actuals = {s.criterion.indicator: s.actual for s in suixi.card.rows} | {name: "n/a"}
    form = replace(suixi, card=score(load("2019-suixi"), actuals, None, suixi.rubric))
    cached = page(workbook(form), values=True)
    found = dict(zip(column(cached, "三级指标", 11), column(cached, "自动得分", 11), strict=True))
    assert (found["农村低保发放人数(按月平均)"], found[name]) == (7.5, 0)


def test_every_fault_of_a_filled_form(tmp_path: Path) -> None:
    """A form without headings, with points that are no number, or that is not there, is refused with a reason."""
    path = tmp_path / "own.csv"
    path.write_text("甲,乙\n", encoding="utf-8")
    with pytest.raises(DataFault, match="三级指标"):
        read(str(path))
    path.write_text("三级指标,实际值,调整得分\n甲,1,五分\n乙,2,六分\n", encoding="utf-8")
    with pytest.raises(DataFault) as caught:
        read(str(path))
    assert len(caught.value.faults) == 2
    with pytest.raises(DataFault, match="no such file"):
        read(str(tmp_path / "none.csv"))


def test_the_bureaus_layout(unit: Form) -> None:
    """Title, unit, day, project, money and lines to sign stand where the bureau has them, on one landscape page, in East-Asian fonts."""
    sheet = page(workbook(unit))
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for words in (
        "项目支出绩效自评表（梧州市2024年度）",
        "填报单位：",
        "填报日期：",
        "主管部门",
        "实施单位",
        "执行率(B/A)",
        "负责人：",
        "联系电话：",
    ):
        assert words in text
    assert [sheet.cell(FIRST, at_ + 1).value for at_ in range(len(PRINTED))] == [
        "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施",
    ]  # fmt: skip
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight in (None, 1)  # one page, which is what a sheet that says nothing has
    assert sheet.cell(FIRST + 1, 3).font.name == "宋体"
    with zipfile.ZipFile(io.BytesIO(document(unit))) as pack:
        body, fonts = (pack.read(f"word/{part}.xml").decode() for part in ("document", "fontTable"))
    assert 'w:eastAsia="仿宋"' in body
    assert '<w:altName w:val="FangSong' in fonts


def test_the_document_holds_the_whole_form(unit: Form) -> None:
    """Every row, the total, the reason and both warnings are in the document."""
    made = Document(io.BytesIO(document(unit)))
    text = [" ".join(cell.text for cell in row.cells) for row in made.tables[1].rows]
    assert len(text) == 1 + len(unit.card.rows) + 1
    assert any("节假日顺延" in line for line in text)
    said = "\n".join(paragraph.text for paragraph in made.paragraphs)
    assert "已评100分中得94.60分" in said
    assert "超过20%" in said


def test_nothing_personal_leaves(suixi: Form, tmp_path: Path) -> None:
    """Who changed a score is no part of the published forms, and the guard finds nothing in them."""
    row = suixi.card.rows[0].criterion.indicator
    card = score(load("2019-suixi"), {}, {row: Override(Fraction(1), "复核", by="甲某")}, rubric("2019-suixi"))
    form = replace(suixi, card=card, answers={})
    for name, content in (("form.xlsx", workbook(form)), ("form.docx", document(form))):
        path = tmp_path / name
        path.write_bytes(content)
        guard(path)
        with zipfile.ZipFile(path) as pack:
            assert not any("甲某".encode() in pack.read(part) for part in pack.namelist())


def test_what_was_reached_of_what_was_asked_is_filled_in_from_the_area_that_reached_least() -> None:
    """Harbin 2019: rural 335 × 12 over a guide of 4,017 a year, urban 684 over 573; Wuzhou 2019: rural 218 paid of 210 asked, urban 439 of 370."""
    harbin, wuzhou = (
        fill(Records(Book(), Figures(), place, 2019), "2021-county-composite").answers for place in ("230100", "450400")
    )
    assert harbin["低保标准占目标比例"].actual == "100.0747"  # 4020 ÷ 4017
    assert wuzhou["月人均救助水平占目标比例"].actual == "103.8095"  # 218 ÷ 210
    assert "低保标准占目标比例" not in wuzhou


def test_a_row_of_the_units_own_that_bears_the_name_of_a_published_series_is_filled_from_it(tmp_path: Path) -> None:
    """The unit gives target and points; what was published is its actual value."""
    path = tmp_path / "own.csv"
    path.write_text(
        "一级指标,二级指标,三级指标,年度指标值,实际完成值,分值\n产出,数量,农村低保对象,≥600000人,,10\n",
        encoding="utf-8",
    )
    at = Records(Book(), Figures(), "230000", 2022)
    published = at.figure("dibao_recipients:rural")
    assert published
    assert fill(at, "", str(path)).answers["农村低保对象"].actual == f"{published.plain}"
