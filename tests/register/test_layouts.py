"""How counties lay out their sheets: headings over several rows, lines under the table, hidden copies, stray quotation marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from ledgers import HOME_HEADINGS, sound, workbook
from openpyxl import Workbook, load_workbook

from aidlib.commands.register import register
from aidlib.errors import RegisterFault
from aidlib.register import flaws
from aidlib.register.checks import check
from aidlib.register.reading import read_register

ON = date(2026, 11, 1)
HEAD = "家庭编号,区划代码,城乡类别,家庭月收入(元),财产是否符合规定,备注"


def _changed(tmp_path: Path, change: Callable[[Workbook], None]) -> Path:
    path = workbook(tmp_path / "台账.xlsx", *sound(3))
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def test_headings_over_two_rows_are_read_as_one(tmp_path: Path) -> None:
    """Headings merged downwards beside a group with headings of its own below it: each column gets its own, no row is lost."""

    def stack(book: Workbook) -> None:
        page: Any = book["家庭"]
        page.insert_rows(4)
        for column, heading in enumerate(HOME_HEADINGS, 1):
            if heading == "家庭月收入(元)":
                page.cell(3, column).value, page.cell(4, column).value = "收入情况", heading
            else:
                page.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)

    reading = read_register(_changed(tmp_path, stack), table="households")
    assert reading.raw["row"].to_list() == [5, 6, 7]
    assert reading.raw["income_fen"].to_list() == ["1200.5"] * 3
    assert reading.merged == ()


def test_lines_under_the_table_are_left_out_and_said(tmp_path: Path) -> None:
    """Totals and signatures are no records, also where they stand in a column nobody reads; their rows are said."""
    homes, people = sound(3)
    path = workbook(tmp_path / "台账.xlsx", homes, people)
    book = load_workbook(path)
    page: Any = book["家庭"]
    page.insert_cols(1)
    page.cell(3, 1).value = "序号"
    page.append(["合 计", None, None, None, 3, None, 3601.5])
    page.append(["制表人:某某", None, None, None, "审核人:某某"])
    book.save(path)
    checked = check(read_register(path, table="persons"), read_register(path, table="households"), ON)
    notes = checked.readings[1].notes
    assert "1 rows of totals were left out (7)" in notes
    assert "1 rows of signatures or remarks were left out (8)" in notes
    assert checked.counts.rows() == [("persons", 3, 3, 0), ("households", 3, 3, 0)]


def test_a_hidden_copy_is_left_out_and_said(tmp_path: Path) -> None:
    """Of two sheets that could be meant the visible one is read; two visible ones name each household twice, and a sheet can be named."""

    def copy(book: Workbook) -> None:
        book.copy_worksheet(book["家庭"]).title = "旧"
        book["旧"].sheet_state = "hidden"

    path = _changed(tmp_path, copy)
    reading = read_register(path, table="households")
    assert reading.sheet == "家庭"
    assert "hidden sheet 旧 was left out" in reading.notes
    book = load_workbook(path)
    book["旧"].sheet_state = "visible"
    book.save(path)
    twice = check(None, read_register(path, table="households"), ON)
    assert "R-HOME-TWICE" in set(twice.flaws["code"])
    assert "--households-sheet" in twice.text()
    out = ["--persons", str(path), "--households", str(path), "--out", str(tmp_path / "out"), "--on", "2026-11-01"]
    done = CliRunner().invoke(register, [*out, "--households-sheet", "旧"])
    assert done.exit_code == 0
    assert "sheet 旧" in done.output


def test_formulas_without_values_are_said(tmp_path: Path) -> None:
    """A formula a program wrote without its value reads as empty; the text says what to do."""

    def formulas(book: Workbook) -> None:
        book["家庭"].cell(4, 6).value = "=1000+200"

    path = _changed(tmp_path, formulas)
    text = check(None, read_register(path, table="households"), ON).text()
    assert "formulas without a saved value read as empty" in text
    assert "R-CELL-REQUIRED" in text


@pytest.mark.parametrize("opened", ['"梁某,见附件', '"'])
def test_a_quotation_mark_without_its_pair_loses_no_row_in_silence(tmp_path: Path, opened: str) -> None:
    """A mark that makes a cell swallow the rows after it stops the file and names the row."""
    rows = [f"H{n},450403,城镇,1200,是," for n in range(6)]
    rows[2] += opened
    path = tmp_path / "台账.csv"
    path.write_text("\n".join([HEAD, *rows, 'H9,450403,城镇,1200,是,"好"']) + "\n", encoding="utf-8")
    with pytest.raises(RegisterFault, match="row 4: a cell holds a line break and whole rows"):
        read_register(path, table="households")


def test_a_line_break_in_a_remark_is_a_remark(tmp_path: Path) -> None:
    """Cells of several lines, and very long ones, are read."""
    path = tmp_path / "台账.csv"
    remark = "一\n二,三" + "长" * 200_000
    path.write_text(f'{HEAD}\nH1,450403,城镇,1200,是,"{remark}"\nH2,450403,城镇,900,是,\n', encoding="utf-8")
    assert read_register(path, table="households").raw["household_id"].to_list() == ["H1", "H2"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(99), "password"),
        ("a.xlsx", f"{HEAD}\n".encode(), "a text file is named .csv"),
        ("a.csv", b"PK\x03\x04" + bytes(99), "a workbook is named .xlsx"),
        ("a.csv", f"{HEAD}\n".encode(), "no rows below the headings"),
        ("a.csv", f"{HEAD}\n".encode("gb18030") + "县".encode() + b"\xff", "row 2, byte"),
    ],
)
def test_files_under_another_name_say_what_they_are(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """A closed workbook, a text called a workbook, a workbook called a text, and headings alone."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RegisterFault, match=said):
        read_register(tmp_path / name, table="households")


def test_a_folder_and_nested_columns_are_refused_in_words(tmp_path: Path) -> None:
    """Neither a folder nor a column of lists is a ledger."""
    with pytest.raises(RegisterFault, match="a folder"):
        read_register(tmp_path)
    pl.DataFrame({"家庭编号": ["H1"], "名单": [[1, 2]]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(RegisterFault, match="名单: a column of lists"):
        read_register(tmp_path / "a.parquet")


def test_tables_given_for_one_another_are_recognised(tmp_path: Path) -> None:
    """A file of households given as persons says so."""
    path = tmp_path / "台账.csv"
    path.write_text(f"{HEAD}\nH1,450403,城镇,1200,是,\n", encoding="utf-8")
    with pytest.raises(RegisterFault, match="it reads as households, and was given as persons"):
        read_register(path, table="persons")


def test_a_list_too_long_for_a_sheet_stands_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workbook keeps the first lines, and the whole list is a CSV beside it; what each heading became is listed."""
    monkeypatch.setattr(flaws, "SHEET_ROWS", 1)
    path = workbook(tmp_path / "台账.xlsx", *sound(4))
    checked = check(read_register(path, table="persons"), read_register(path, table="households"), ON)
    written = checked.workbook(tmp_path / "faults.xlsx")
    assert [each.name for each in written] == ["faults.xlsx", "faults.csv"]
    assert pl.read_csv(written[1]).height == checked.flaws.height > 1
    pages = load_workbook(written[0])
    assert pages["逐条"].max_row == 2
    assert any("-> income_fen [yuan]" in str(row[3]) for row in pages["标题"].iter_rows(values_only=True))


def test_a_cell_that_begins_as_a_formula_stays_a_text(tmp_path: Path) -> None:
    """What a ledger's cell said is shown in the workbook of faults, never worked out there."""
    path = tmp_path / "台账.csv"
    path.write_text(f"{HEAD}\nH1,450403,城镇,=1+1,是,\n", encoding="utf-8")
    [book] = check(None, read_register(path, table="households"), ON).workbook(tmp_path / "faults.xlsx")
    cells = [cell for row in load_workbook(book)["逐条"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]
