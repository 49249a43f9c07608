"""Reading what clerks really send: titles above the headings, full-width digits, BOM, GB18030, percentages, several sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from aidlib.additions import labels, layouts
from aidlib.additions.layouts import read
from aidlib.errors import DataFault

HEADINGS = ("地区", "月份", "指标", "数值", "来源", "发布日期")
ROW = ("梧州市", "2026年10月", "居民消费价格同比指数", "102.3", "国家统计局梧州调查队", "2026-11-12")


def workbook(path: Path, *sheets: Sequence[Sequence[object]], formats: dict[str, str] | None = None) -> Path:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(list(row))
        for cell, code in (formats or {}).items():
            sheet[cell].number_format = code
    book.save(path)
    return path


def csv_file(path: Path, *rows: Sequence[str], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_usual_kind_of_csv_reads_the_same(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """With or without BOM, in GB18030, with comma, tab or semicolon."""
    path = csv_file(tmp_path / "a.csv", ["物价月报"], HEADINGS, ROW, encoding=encoding, delimiter=delimiter)
    (line,) = read(path).lines
    assert (line["region"], line["period"], line["value"]) == ("450400", "2026-10", "102.3")


def test_full_width_characters_are_folded(tmp_path: Path) -> None:
    """１０２．３ under 地　区 headings is 102.3."""
    path = csv_file(tmp_path / "a.csv", [f" {heading}　" for heading in HEADINGS], (*ROW[:3], "１０２．３", *ROW[4:]))
    assert read(path).lines[0]["value"] == "102.3"


def test_titles_blank_rows_and_other_columns_do_no_harm(tmp_path: Path) -> None:
    """A title above the headings, an empty row and a column of running numbers; the unused heading is told."""
    path = workbook(tmp_path / "a.xlsx", [["物价月报"], [], ["序号", *HEADINGS], [1, *ROW], [None] * 7, [2, *ROW]])
    found = read(path)
    assert [line.line for line in found.lines] == [4, 6]
    assert "a.xlsx, sheet 表1, A (序号) -> (ignored)" in found.headings
    assert found.lines[0].at("value") == "a.xlsx, sheet 表1, row 4, column E (数值)"


def test_headings_of_two_rows_are_joined_and_merged_places_filled_down(tmp_path: Path) -> None:
    """地区, 月份 and 来源 merged over both rows beside a group over 指标 and 数值; the place stands once for its two rows."""
    path, book = tmp_path / "a.xlsx", Workbook()
    page = book.active
    for cells in (["物价"], ["地区", "月份", "居民消费价格", None, "来源", "发布日期"], [None, None, "指标", "数值"], [*ROW[:2], "CPI", 102.3, *ROW[4:]],
                  [None, ROW[1], "CPI环比", 100.1, *ROW[4:]]):  # fmt: skip
        page.append(cells)
    for area in ("A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "F2:F3", "A4:A5"):
        page.merge_cells(area)
    book.save(path)
    lines = read(path).lines
    assert [(line["region"], line["series"], line["value"]) for line in lines] == [
        ("450400", "cpi_yoy:total:all_items", "102.3"),
        ("450400", "cpi_mom:total:all_items", "100.1"),
    ]
    assert lines[0].at("value") == "a.xlsx, sheet Sheet, row 4, column D (居民消费价格 数值)"


def test_sheets_without_known_headings_are_passed_over(tmp_path: Path) -> None:
    """A cover sheet is no table; every sheet with headings is read."""
    path = workbook(tmp_path / "a.xlsx", [["说明", "本表", "仅供参考"]], [HEADINGS, ROW], [HEADINGS, ROW])
    assert [line.table for line in read(path).lines] == ["a.xlsx, sheet 表2,", "a.xlsx, sheet 表3,"]


def test_numbers_dates_and_percentages_of_excel_are_what_the_clerk_sees(tmp_path: Path) -> None:
    """0.1 + 0.2 is 0.3, a region code is no float, a date is ISO, 0.025 shown as a percentage is 2.5%."""
    rows = [HEADINGS, (450400, datetime(2026, 10, 1), ROW[2], 0.025, ROW[4], datetime(2026, 11, 12)),
            (450400.0, "2026-10", ROW[2], 0.1 + 0.2, ROW[4], "20261112")]  # fmt: skip
    first, second = read(workbook(tmp_path / "a.xlsx", rows, formats={"D2": "0.0%"})).lines
    assert [first[c] for c in ("region", "period", "value", "vintage")] == ["450400", "2026-10", "2.5%", "2026-11-12"]
    assert [second[c] for c in ("region", "value", "vintage")] == ["450400", "0.3", "2026-11-12"]


@pytest.mark.parametrize("text", ["2026.1", "10月", "上月", "202613x"])
def test_a_month_that_cannot_be_told_stays_as_it_is(text: str) -> None:
    """2026.1 may be January or October of a spreadsheet: it is not guessed."""
    assert labels.period(text)[0] is None or labels.period(text)[0].text("month") == ""
    assert layouts.day(text) == text


@pytest.mark.parametrize(("text", "number"), [("1,234.5", "1234.5"), ("12,34", "12,34"), ("1.234,5", "1.234,5")])
def test_only_true_thousands_are_joined(tmp_path: Path, text: str, number: str) -> None:
    """A decimal comma is not a thousands comma."""
    path = csv_file(tmp_path / "a.csv", HEADINGS, (*ROW[:3], text, *ROW[4:]), delimiter="\t")
    assert read(path).lines[0]["value"] == number


@pytest.mark.parametrize(("name", "content", "what"), [
    ("a.csv", b"", "the file is empty"),
    ("a.csv", "地区,月份\n梧州市,2026-10\n".encode(), "no lines under known headings"),
    ("a.csv", b"\x81", "cannot be decoded"),
    ("a.xlsx", b"not a workbook", "not a workbook"),
    ("a.doc", b"x", "this kind of file is not read"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    """Empty, without headings, in no known encoding, broken, or of another kind."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataFault, match=what):
        read(tmp_path / name)


def test_a_missing_file_is_named_without_its_folder(tmp_path: Path) -> None:
    """The message names the file; folders may carry names of persons."""
    with pytest.raises(DataFault) as caught:
        read(tmp_path / "nothing.csv")
    assert str(tmp_path) not in str(caught.value)


def test_two_columns_of_one_meaning_are_refused(tmp_path: Path) -> None:
    """数值 and 指数 side by side would be read by chance."""
    path = csv_file(tmp_path / "a.csv", (*HEADINGS, "指数"), (*ROW, "102.4"))
    with pytest.raises(DataFault, match=r"a.csv row 1: two columns mean the same; expected one column of value"):
        read(path)


def test_cells_beyond_the_headings_are_refused(tmp_path: Path) -> None:
    """An unquoted comma in a title would shift the row: it is a fault, not a lost cell."""
    with pytest.raises(DataFault, match=r"a.csv row 2: cells beyond the last heading"):
        read(csv_file(tmp_path / "a.csv", HEADINGS, (*ROW, "2026-11-13")))
