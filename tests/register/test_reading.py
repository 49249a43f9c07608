"""Reading ledgers: encodings, headings, units, and nothing guessed."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import HOME_HEADINGS, household, sound, workbook

from aidlib.errors import RegisterFault
from aidlib.money import fen
from aidlib.register.cells import money
from aidlib.register.checks import check
from aidlib.register.reading import read_register

ON = date(2026, 11, 1)
HEAD = "家庭编号,区划代码,城乡类别,家庭月收入(元),财产是否符合规定"
LINE = "H1,450403,城镇,1200.50,是"


def _file(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "台账.csv") -> Path:
    (tmp_path / name).write_bytes(text.encode(encoding))
    return tmp_path / name


def _incomes(path: Path, **how: str) -> list[int | None]:
    reading = read_register(path, **how)  # type: ignore[arg-type]
    return check(None, reading, ON).good()["households"]["income_fen"].to_list()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_excel_exports(tmp_path: Path, encoding: str) -> None:
    """UTF-8 with and without a mark, GB18030 and UTF-16 read alike."""
    assert _incomes(_file(tmp_path, f"{HEAD}\n{LINE}\n", encoding)) == [120050]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_separators(tmp_path: Path, separator: str) -> None:
    """Comma, tab, semicolon and bar separate cells."""
    assert _incomes(_file(tmp_path, f"{HEAD}\n{LINE}\n".replace(",", separator))) == [120050]


@pytest.mark.parametrize(
    ("written", "amount_fen"),
    [("１２００．５０", 120050), ('"1,200.50"', 120050), ("¥1200.5", 120050), ("1200.50元", 120050), (" 1200.5\u3000", 120050),
     ('"=""1200.5"""', 120050), ("'1200.5", 120050), ("0", 0), ("0.01", 1)],
)  # fmt: skip
def test_amounts_as_they_are_written(tmp_path: Path, written: str, amount_fen: int) -> None:
    """Full-width digits, thousands separators, marks and Excel's wrappers give the same fen."""
    assert _incomes(_file(tmp_path, f"{HEAD}\n{LINE.replace('1200.50', written)}\n")) == [amount_fen]


@pytest.mark.parametrize(
    ("heading", "written", "amount_fen"),
    [("家庭月收入(万元)", "0.12005", 120050), ("家庭月收入（分）", "120050", 120050), ("income_fen", "120050", 120050),
     ("家庭月收入(元/月)", "1200.5", 120050)],
)  # fmt: skip
def test_units_stated_in_headings(tmp_path: Path, heading: str, written: str, amount_fen: int) -> None:
    """Yuan, ten thousand yuan and fen are read from the heading."""
    text = f"{HEAD}\n{LINE}\n".replace("家庭月收入(元)", heading).replace("1200.50", written)
    assert _incomes(_file(tmp_path, text)) == [amount_fen]


def test_a_unit_is_never_guessed(tmp_path: Path) -> None:
    """A money heading without a unit stops the file until someone says the unit, in the file or in the call."""
    plain = f"{HEAD}\n{LINE}\n".replace("(元)", "")
    path = _file(tmp_path, plain)
    checked = check(None, read_register(path), ON)
    assert "R-UNIT-UNSTATED" in set(checked.flaws["code"])
    assert checked.counts["good"].to_list() == [0]
    assert _incomes(path, money="元") == [120050]
    assert _incomes(_file(tmp_path, "单位:元,,,,\n" + plain, name="b.csv")) == [120050]


def test_a_yearly_income_stays_the_years(tmp_path: Path) -> None:
    """A yearly heading is read as the year to the fen; a row that states only the month has twelve of it, one that states neither is rejected."""
    lines = [
        LINE.replace("1200.50", "14406.07"),
        *(LINE.replace("H1", home).replace("1200.50", "") for home in ("H2", "H3")),
    ]
    rows = [f"{line},{month}" for line, month in zip(lines, ("", "800.01", ""), strict=True)]
    text = "\n".join([HEAD.replace("月收入", "年收入") + ",家庭月收入(元)", *rows, ""])
    checked = check(None, read_register(_file(tmp_path, text)), ON)
    assert [(flaw.row, flaw.column) for flaw in checked.faults] == [(4, "income_fen_year")]
    assert checked.good(allow_rejects=True)["households"]["income_fen_year"].to_list() == [1_440_607, 12 * 80_001]


@given(st.integers(0, 10**9))
def test_no_fen_is_lost_between_text_and_number(amount_fen: int) -> None:
    """Every amount written with two decimals comes back to the fen, as the exact reader says."""
    text = f"{amount_fen // 100:,}.{amount_fen % 100:02d}"
    assert money(pl.Series([text]), 100, 10**10).values.to_list() == [amount_fen] == [fen(text.replace(",", ""))]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.csv", b"", "empty"), ("a.doc", b"x", "kind of file"), ("a.csv", b"\xff\xfe\xff", "cannot be decoded"),
     ("a.csv", "甲,乙\n1,2\n".encode(), "no row of headings"), ("a.xlsx", b"not a workbook", "not a workbook"),
     ("a.parquet", b"PAR1", "not a Parquet")],
)  # fmt: skip
def test_files_that_cannot_be_read_say_why(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """Empty, foreign, undecodable and headless files are one readable sentence, not a traceback."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RegisterFault, match=said):
        read_register(tmp_path / name)


def test_a_missing_file_and_sheet_are_named(tmp_path: Path) -> None:
    """A wrong path and a wrong sheet are said, with the sheets there are."""
    with pytest.raises(RegisterFault, match="no such file"):
        read_register(tmp_path / "nowhere.csv")
    path = workbook(tmp_path / "a.xlsx", *sound(2))
    with pytest.raises(RegisterFault, match="家庭, 成员"):
        read_register(path, "别的")


def test_a_workbook_with_both_tables_needs_a_word(tmp_path: Path) -> None:
    """With two sheets that could be meant the reader asks; a table or a sheet answers."""
    path = workbook(tmp_path / "a.xlsx", *sound(2))
    with pytest.raises(RegisterFault, match="several sheets"):
        read_register(path)
    assert read_register(path, table="persons").sheet == "成员"
    assert read_register(path, "家庭").table == "households"


def test_duplicated_headings_stop_the_file(tmp_path: Path) -> None:
    """Two headings for one column: which counts is not known."""
    checked = check(None, read_register(_file(tmp_path, f"{HEAD},月收入(元)\n{LINE},5\n")), ON)
    assert checked.flaws.filter(pl.col("code") == "R-HEADER-TWICE")["column"].to_list() == ["F"]
    assert checked.counts["good"].to_list() == [0]


def test_a_missing_column_stops_the_file(tmp_path: Path) -> None:
    """Without the region nothing can be judged."""
    checked = check(None, read_register(_file(tmp_path, f"{HEAD}\n{LINE}\n".replace("区划代码", "别的"))), ON)
    assert {"R-COLUMN-MISSING", "R-HEADER-UNKNOWN"} <= set(checked.flaws["code"])
    assert checked.rejected("households")["codes"].to_list() == ["R-COLUMN-MISSING"]


def test_row_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    """Title rows, blank rows and rows with too many cells keep every later row number right."""
    text = f"某县台账,,,,\n{HEAD}\n{LINE}\n,,,,\n\n{LINE.replace('H1', 'H2')},多余\n{LINE.replace('H1,450403', 'H3,999999')}\n"
    checked = check(None, read_register(_file(tmp_path, text)), ON)
    told = dict(checked.flaws.filter(pl.col("level") == "reject").select("code", "row").iter_rows())
    assert told == {"R-ROW-CELLS": 6, "R-REGION-UNKNOWN": 7}
    assert checked.counts["in"].to_list() == [3]


def test_parquet_keeps_numbers_whole(tmp_path: Path) -> None:
    """Whole fen of a Parquet file come through as they are."""
    frame = pl.DataFrame({"household_id": ["1"], "region_code": ["450403"], "urban": [True], "income_fen": [999_999_999],
                          "property_ok": [False]})  # fmt: skip
    frame.write_parquet(tmp_path / "a.parquet")
    assert _incomes(tmp_path / "a.parquet") == [999_999_999]


def test_numbers_typed_in_excel_keep_their_fen(tmp_path: Path) -> None:
    """A cell that holds 0.1 + 0.2 is thirty fen, as the sheet shows it."""
    homes = [household("H1", **{"家庭月收入(元)": 0.1 + 0.2, "区划代码": 450403})]
    assert _incomes(workbook(tmp_path / "a.xlsx", homes, []), sheet="家庭") == [30]


def test_every_fold_is_listed(tmp_path: Path) -> None:
    """The reading says which heading became which column, with its unit."""
    listing = read_register(workbook(tmp_path / "a.xlsx", *sound(1)), "家庭").listing()
    assert "F: 家庭月收入(元) -> income_fen [yuan]" in listing
    assert all(heading in listing for heading in HOME_HEADINGS)


def test_a_large_export_is_read_whole(tmp_path: Path) -> None:
    """Fifty thousand rows of an Excel-exported CSV, GB18030, quoted, with thousands separators, lose no row and no fen."""
    size, buffer = 50_000, io.StringIO()
    rows = ([f"H{n}", "450403", "农村", f"{1000 + n:,}.25", "否"] for n in range(size))
    csv.writer(buffer).writerows([HEAD.split(","), *rows])
    assert sum(filter(None, _incomes(_file(tmp_path, buffer.getvalue(), "gb18030")))) == sum(
        100_025 + 100 * n for n in range(size)
    )


def test_a_blank_is_unknown_until_the_caller_says_none(tmp_path: Path) -> None:
    """An empty wage rejects the row; said to mean none it is nought, and noted; a column without a none refuses."""
    homes, people = sound(2)
    people[0]["月工资(元)"] = None
    path = workbook(tmp_path / "a.xlsx", homes, people)
    both = read_register(path, "成员"), read_register(path, "家庭")
    assert check(*both, ON).counts["good"].to_list() == [1, 1]
    told = check(*both, ON, blank_is_none=["wage_fen"])
    assert told.good()["persons"]["wage_fen"].to_list() == [0, 80000]
    assert "R-BLANK-NONE" in set(told.flaws["code"])
    with pytest.raises(RegisterFault, match="cannot mean none"):
        check(*both, ON, blank_is_none=["relation"])


@pytest.mark.parametrize(("large", "rejected"), [((350_000, 420_000), 0), ((3_000_00, 2_900_00, 3_100_00), 3)])
def test_large_bills_are_not_taken_for_fen(tmp_path: Path, large: tuple[int, ...], rejected: int) -> None:
    """A few large bills among a year's spending run on from the usual ones; amounts a hundredfold with nothing between are fen."""
    usual = [2_500 + 40 * n for n in range(40)] + (
        [20_000, 24_000, 38_000, 41_000, 52_000, 60_000] if not rejected else []
    )
    lines = [f"H{n},450403,农村,400.50,是,{spent}" for n, spent in enumerate((*usual, *large))]
    path = _file(tmp_path, "\n".join([HEAD + ",十二个月刚性支出(元)", *lines]) + "\n")
    found = check(None, read_register(path), ON)
    assert found.flaws.filter(found.flaws["code"] == "R-MONEY-MIXED").height == rejected
