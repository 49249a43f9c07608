"""Files that once failed, given to the commands a clerk types: each row of the list of failures has its outcome here.

The files are made here as the first ones were: small, invented, one fault of a kind each.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from hostile_files import MAIN, PERSONS, sheet, workbook
from openpyxl import Workbook, load_workbook

from aidlib.cli import group
from aidlib.disclosure.cells import begins_formula
from aidlib.errors import AidError
from aidlib.evaluation.indicators import fgt
from aidlib.evaluation.sample import sample

FIGURE = ("地区", "月份", "指标", "数值", "来源", "发布日期")
LAW = ("地区", "指标", "类别", "数值", "单位", "执行日期", "条款", "来源", "文号", "发文日期")
SOURCE = ("虚构的公报", "2026-11-12")
INDEX = ("梧州市", "2026年10月", "居民消费价格同比指数", 102.3, *SOURCE)
CPI = "cpi_yoy:total:all_items"


def saved(path: Path, rows: Sequence[Sequence[object]], *merged: str) -> Path:
    """Save rows as Excel does, perhaps with merged cells."""
    book = Workbook()
    for cells in rows:
        book.active.append(list(cells))
    for area in merged:
        book.active.merge_cells(area)
    book.save(path)
    return path


def ran(*words: object) -> tuple[int, str]:
    """Run a command as it is typed; return how it ends and what it says: never a traceback."""
    done = CliRunner().invoke(group, [str(word) for word in words])
    if isinstance(done.exception, AidError):
        return done.exception.exit_code, f"{done.output}{done.exception}"
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def added(path: Path, *more: str) -> tuple[int, str, list[tuple[str, str, str, str]]]:
    """Give a file to `aidlib data add`; return what it said and the figures that were written."""
    into = path.parent / "data"
    into.mkdir(exist_ok=True)
    code, said = ran("data", "add", path, "--into", into, *more)
    written = into / "reference" / "cpi_monthly.csv"
    lines = csv.DictReader(written.open(encoding="utf-8")) if written.exists() else ()
    return code, said, [(line["region"], line["period"], line["series"], line["value"]) for line in lines]


TAKEN = {
    "full name": ([FIGURE, ("广西壮族自治区梧州市", *INDEX[1:])], [CPI]),
    "low-income index": ([FIGURE, (*INDEX[:2], "SCPI", *INDEX[3:])], ["scpi_yoy:total:all_items"]),
    "a day for a month": ([FIGURE, ("梧州市", "2026-10-31", *INDEX[2:])], [CPI]),
    "a real day": ([FIGURE, ("梧州市", date(2026, 10, 31), *INDEX[2:])], [CPI]),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAKEN)
def test_what_a_clerk_means_is_taken(tmp_path: Path, kind: str) -> None:
    """place_full_name, series_scpi, month_as_day: taken as the city, the low-income index, the month."""
    rows, series = TAKEN[kind]
    code, said, figures = added(saved(tmp_path / "a.xlsx", rows))
    assert code == 0, said
    assert figures == [("450400", "2026-10", series[0], "102.3")]
    assert ("the day 2026-10-31 is taken as its month, 2026-10" in said) == ("day" in kind)


def test_merged_places_and_headings_of_two_rows(tmp_path: Path) -> None:
    """merged_region, two_row_head: a merged place is that of both rows, and what stands over a heading is part of it."""
    title = ("梧州市居民消费价格指数汇总表", *(None,) * 5)
    second = (None, "2026年10月", "居民消费价格环比指数", 100.1, *SOURCE)
    *_, figures = added(saved(tmp_path / "a.xlsx", [title, FIGURE, INDEX, second], "A3:A4", "A1:F1"))
    assert [figure[1:] for figure in figures] == [
        ("2026-10", CPI, "102.3"),
        ("2026-10", "cpi_mom:total:all_items", "100.1"),
    ]
    (other := tmp_path / "other").mkdir()
    heads = [("地区", "月份", "居民消费价格", None, "来源", "发布日期"), (None, None, "指标", "数值", None, None)]
    areas = ("C1:D1", "A1:A2", "B1:B2", "E1:E2", "F1:F2")
    assert added(saved(other / "a.xlsx", [*heads, INDEX], *areas))[2] == [("450400", "2026-10", CPI, "102.3")]


ODD = {
    "index 23": ([FIGURE, (*INDEX[:3], 23, *SOURCE)], "23"),
    "rise 102.3": ([(*FIGURE[:3], "涨幅", *FIGURE[4:]), INDEX], "202.3 (a rise of 102.3)"),
    "standard 105": (105, "105"),
    "standard -5": (-5, "-5"),
}


@pytest.mark.parametrize("kind", ODD)
def test_what_stands_out_is_shown_beside_what_is_known_and_refused(tmp_path: Path, kind: str) -> None:
    """index_23, rise_102_3, standard_105, standard_minus_5: beside the last one, the province and the nation; written only when confirmed."""
    rows, got = ODD[kind]
    if isinstance(rows, int):
        what = (
            "梧州市",
            "dibao_standard",
            "城镇",
            rows,
            "元/人·月",
            "2026-10-01",
            "第一条",
            "虚构的通知",
            "",
            "2026-09-20",
        )
        rows = [LAW, what]  # fmt: skip
    code, said, figures = added(saved(tmp_path / "a.xlsx", rows))
    assert code != 0
    assert figures == []
    assert not list((tmp_path / "data").rglob("*.csv"))
    assert f"got '{got}'; try: --confirm" in said
    assert all(word in said for word in ("expected last", "广西壮族自治区", "全国"))


@pytest.mark.parametrize("dimension", ["A1:F2", "A1"])
def test_a_size_stated_wrongly_loses_no_row(tmp_path: Path, dimension: str) -> None:
    """dimension_short, dimension_a1: three months are written."""
    months = [("梧州市", f"2026年{month}月", "CPI", "102", *SOURCE) for month in (8, 9, 10)]
    code, said, figures = added(workbook(tmp_path / "a.xlsx", sheet([FIGURE, *months], dimension=dimension)))
    assert code == 0, said
    assert [figure[1] for figure in figures] == ["2026-08", "2026-09", "2026-10"]


FAR = {
    "farcell": sheet(PERSONS, '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'),
    "merge": sheet(PERSONS, merges="A2:XFD1048576"),
    "stray": sheet(PERSONS, '<row r="1048576"><c r="H1048576" s="1"/></row>'),
}
BROKEN = {
    "badxml": (f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"', "well-formed XML"),
    "baddate": (sheet(PERSONS, '<row r="3"><c r="A3" t="d"><v>not-a-date</v></c></row>'), ""),
    "badref": (sheet(PERSONS, '<row r="3"><c r="!!"><v>1</v></c></row>'), "a reference that is no cell"),
}


@pytest.mark.parametrize("kind", [*FAR, *BROKEN])
def test_hostile_workbooks_end_in_words(tmp_path: Path, kind: str) -> None:
    """farcell, merge, stray, badxml, baddate, badref, given to both commands: refused in one sentence, or in faults by row."""
    xml, words = (FAR[kind], "") if kind in FAR else BROKEN[kind]
    path = workbook(tmp_path / "a.xlsx", xml)
    code, said, figures = added(path)
    assert (code, figures) == (2, [])
    assert words in said
    assert len(said.splitlines()) == 1
    code, said = ran("register", path, "--region", "450400", "--out", tmp_path / "out", "--on", "2026-11-01")
    assert code == 2
    assert words in said


def test_a_formula_in_a_ledger_stays_a_text(tmp_path: Path) -> None:
    """formula: no cell of the rejects, the faults, or what the headings were taken to mean is one."""
    heads = ("家庭编号", "人员编号", "身份证号", "姓名", "=本人月收入合计")
    people = workbook(tmp_path / "p.xlsx", sheet([heads, ("H1", "P1", "=cmd|/c calc!A0", "=HYPERLINK(1)", "5")]))
    homes = workbook(tmp_path / "h.xlsx", sheet([("家庭编号", "区划代码", "家庭人口"), ("H1", "450403", "=1+1")]))
    both = ("--persons", people, "--households", homes)
    code, said = ran("register", *both, "--out", tmp_path / "out", "--on", "2026-11-01")
    assert code != 0, said
    written = {file.name for file in (tmp_path / "out").iterdir()}
    assert {"rejects_persons.csv", "faults.xlsx", "mapping.csv"} <= written
    no_formula(tmp_path / "out")


def no_formula(folder: Path) -> None:
    """Read every CSV and workbook below a folder: no cell of them would be worked out."""
    for file in folder.rglob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            assert [cell for cells in csv.reader(lines) for cell in cells if begins_formula(cell)] == [], file.name
    for file in folder.rglob("*.xlsx"):
        cells = [cell for page in load_workbook(file) for line in page.iter_rows() for cell in line]
        assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == [], file.name


def test_a_township_named_by_a_formula_stays_a_text(tmp_path: Path) -> None:
    """The decisions of a run, and their counts, hold townships and numbers of households as texts."""
    homes = [("家庭编号", "区划代码", "城乡类别", "家庭月收入(元)", "财产是否符合规定", "乡镇", "村", "家庭人口")]
    homes += [("=H1", "450403", "城镇", "100", "是", "=HYPERLINK(1)", "@SUM(1)", "1")]
    people = [("家庭编号", "人员编号", "与户主关系", "年龄", "劳动能力"), ("=H1", "P1", "户主", "70", "无")]
    for name, rows in (("h", homes), ("p", people)):
        text = "\n".join(",".join(cells) for cells in rows)
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    given = ("--households", tmp_path / "h.csv", "--persons", tmp_path / "p.csv", "--on", "2026-11-01")
    code, said = ran("register", *given, "--out", tmp_path / "in")
    assert code == 0, said
    assert pl.read_parquet(tmp_path / "in" / "households.parquet")["township"].to_list() == ["=HYPERLINK(1)"]
    code, said = ran("assess", tmp_path / "in", "--out", tmp_path / "out", "--on", "2026-09-01", "--stale", "--quiet")
    assert code == 0, said
    assert len(list((tmp_path / "out").rglob("*.xlsx"))) == 2
    no_formula(tmp_path / "in")
    no_formula(tmp_path / "out")


def test_two_headings_of_one_meaning_are_an_answer(tmp_path: Path) -> None:
    """shape_households, shape_persons: every row told as rejected, no traceback."""
    (tmp_path / "h.csv").write_text("家庭年收入(元),家庭年收入(元)\n,1\n,1\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text("家庭编号,出生日期\n,1\n", encoding="utf-8")
    files = ("--households", tmp_path / "h.csv", "--persons", tmp_path / "p.csv", "--money", "元", "--allow-rejects")
    code, said = ran("register", *files, "--out", tmp_path / "out", "--on", "2026-11-01")
    assert code == 2
    assert "households: 2 in = 0 good + 2 rejected" in said
    assert "no good row is left" in said


def test_a_household_paid_its_exact_gap_is_not_poor() -> None:
    """line_comparison: households of one to seven, any income, two standards: given per head, paid to the fen, none is below the line."""
    cases = [(n, income, line) for n in range(1, 8) for income in range(0, 3000, 7) for line in (820, 1050)]
    cases = [(n, income, line) for n, income, line in cases if line * n > income]
    members, incomes, lines = (np.array(column) for column in zip(*cases, strict=True))
    gaps = lines * members * 100 - incomes * 100
    paid = sample(incomes * 100 / members / 100, gaps / members / 100, lines, members)
    assert len(cases) > 4_000
    assert fgt(paid, 0, "before").value == 1
    assert not paid.below("after").any()


HEAD = "地区,月份,指标,数值,来源,发布日期"
CELLS = {
    "old line ends": (f"{HEAD}\r梧州市,2026年10月,CPI,102.3,虚构,2026-11-12\r", "1 new, 1 new source"),
    "marks that turn text round": (f"{HEAD}\n\u200b梧州市,2026-10,CPI,１０２．３,\u202e虚构\u2066,2026-11-12\n", "new source: 虚构 2026"),
    "30 February": (f"{HEAD}\n梧州市,2026年1月,CPI,102.3,虚构,2026-02-30\n", "got '2026-02-30'"),
    "a nought inside": (f"{HEAD}\n梧州市,2026年10月,CPI,10\x002.3,虚构,2026-11-12\n", "unreadable value"),
    "month 13": (f"{HEAD}\n梧州市,2026-13,CPI,102.3,虚构,2026-11-12\n", "row 2, column B"),
    "a letter for a nought": (f"{HEAD}\n4504OO,2026-10,CPI,102.3,虚构,2026-11-12\n", "unknown region"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CELLS)
def test_odd_cells_are_read_or_told(tmp_path: Path, kind: str) -> None:
    """Line ends, invisible marks, days and months that are none, characters that only look alike."""
    text, words = CELLS[kind]
    (tmp_path / "a.csv").write_bytes(text.encode())
    code, said = ran("data", "add", tmp_path / "a.csv", "--into", tmp_path / "data", "--dry-run")
    assert words in said
    assert code == (0 if "new" in words else 2)
    assert not {"\u200b", "\u202e", "\u2066"} & set(said)


HOUSEHOLDS = {
    "no number": ('{"urban":true,"income_fen":NaN,"persons":[{"age":40}]}', "got 'not a number'"),
    "beyond any number": ('{"urban":true,"income_fen":1e400,"persons":[{"age":40}]}', "got 'more'"),
    "five thousand digits": (f'{{"urban":true,"income_fen":{"9" * 5000},"persons":[]}}', "a.json"),
    "given twice": ('{"urban":true,"urban":false,"persons":[{"age":40}]}', "urban: given twice"),
    "nested": ("[" * 20_000 + "]" * 20_000, "nested too deeply"),
    "endless": (" " * 1_000_001, "too large for one household"),
}


@pytest.mark.parametrize("kind", HOUSEHOLDS)
def test_odd_households_are_told(tmp_path: Path, kind: str) -> None:
    """`aidlib explain` says in one sentence what is wrong with the file."""
    text, words = HOUSEHOLDS[kind]
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    code, said = ran("explain", tmp_path / "a.json", "--region", "330100", "--on", "2023-09-01")
    assert (code, len(said.splitlines())) == (2, 1)
    assert words in said
