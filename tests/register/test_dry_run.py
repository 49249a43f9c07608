"""A dry run over thirty invented households: from a county's workbook to decisions, each number worked by hand in `dry_run.csv`.

The place is Jizhou in Tianjin on 1 September 2025: 1,045 yuan a month a head, in towns and villages alike.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from ledgers import identity
from openpyxl import Workbook, load_workbook

from aidlib.commands.assess import assess
from aidlib.commands.register import register
from aidlib.law import Book

ROOT = Path(__file__).parents[2]
HAND = list(csv.DictReader(Path(__file__).with_name("dry_run.csv").open(encoding="utf-8")))
REGION, ON = "120119", "2025-09-01"
ROLES = ["户主", "之妻", "之子", "之女", "之母"]
BORN = ["1975-05-20", "1977-05-20", "2001-05-20", "2003-05-20", "1948-05-20"]
TOWNS = {"下营镇": HAND[:15], "罗庄子镇": HAND[15:]}
HEADINGS = [
    "序号",
    "村",
    "低保证号",
    "姓名",
    "身份证号",
    "与户主关系",
    "劳动能力",
    "家庭人口",
    "家庭收入情况",
    None,
    "财产是否符合规定",
    "户月保障金",
]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook as a county's system prints it: a sheet a township, household cells merged over members, totals and signatures below."""
    book = Workbook()
    book.remove(book.active)
    for town, homes in TOWNS.items():
        page = book.create_sheet(town)
        page.append([f"蓟州区{town}2025年9月城乡低保对象花名册（虚构）"])
        page.merge_cells("A1:L1")
        page.append(["单位：元"])
        page.append(HEADINGS)
        page.append([None] * 8 + ["家庭月收入", "十二个月刚性支出"])
        page.merge_cells("I3:J3")
        for column in "ABCDEFGHKL":
            page.merge_cells(f"{column}3:{column}4")
        for number, home in enumerate(homes, 1):
            size, first = int(home["members"]), page.max_row + 1
            paid = float(home["paid_yuan"]) if home["paid_yuan"] else None
            for member in range(size):
                own = [number, "虚构村", home["household"]] if member == 0 else [None] * 3
                facts = [size, float(home["income_yuan"]), 0, home["property"], paid] if member == 0 else []
                who = [
                    "虚构",
                    identity(int(home["household"][1:]) * 7 + member, BORN[member], male=member in (0, 2)),
                    ROLES[member],
                ]
                page.append([*own, *who, "有" if member < 4 else "无", *facts])
            for column in "ABCHIJKL" if size > 1 else "":
                page.merge_cells(f"{column}{first}:{column}{first + size - 1}")
        page.append(["合计", None, None, len(homes)])
        page.append(["制表人：虚构", None, None, "审核人：虚构"])
    path = tmp_path_factory.mktemp("county") / "蓟州区.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def decided(county: Path) -> tuple[Path, str]:
    """The two commands of the README: register, assess."""
    folder, out, key = county.parent / "inside", county.parent / "done", county.parent / "key"
    key.write_bytes(bytes(range(32)))
    named = [
        "--out",
        str(folder),
        "--region",
        REGION,
        "--month",
        "2025-09",
        "--on",
        ON,
        "--given",
        "urban=农村",
        "--key",
        str(key),
    ]
    read = CliRunner().invoke(register, [str(county), *named])
    assert read.exit_code == 0, read.output
    done = CliRunner().invoke(assess, [str(folder), "--out", str(out), "--on", ON, "--quiet"])
    assert done.exit_code == 0, done.output
    return out, done.output


def test_every_number_equals_the_law_worked_by_hand(decided: tuple[Path, str]) -> None:
    """Category, least amount due and decision of each of the thirty households, and the row of the ledger each is about."""
    found = pl.read_parquet(decided[0] / "decisions" / "decisions.parquet").sort("household_no")
    told = found.select("household_no", "category", "due_fen", "decision").rows()
    assert told == [
        (home["household"], home["category"], 100 * int(home["least_due_yuan"]), home["decision"]) for home in HAND
    ]
    assert found["row"][0] == "下营镇!5"
    assert set(found["township"]) == set(TOWNS)
    assert set(found["village"]) == {"虚构村"}


def test_amounts_that_rest_on_an_absent_local_rule_are_only_the_least(decided: tuple[Path, str]) -> None:
    """Whoever is due less than the full standard is marked: the district's least gap is not on file."""
    found = pl.read_parquet(decided[0] / "decisions" / "decisions.parquet")
    due = found.filter(pl.col("category") == "dibao")
    assert due.filter("at_least").height > 0
    assert (due.filter(~pl.col("at_least"))["due_fen"] == due.filter(~pl.col("at_least"))["due_at_best_fen"]).all()
    assert "at least" in decided[1]


def test_the_officer_gets_a_workbook_a_township_and_counts_on_the_screen(decided: tuple[Path, str]) -> None:
    """Each list stands in the township's workbook; the screen has counts only."""
    folder, output = decided[0] / "decisions", decided[1]
    assert {path.stem for path in folder.glob("*.xlsx")} == {"汇总", *TOWNS}
    book = load_workbook(folder / "下营镇.xlsx")
    assert [row[0].value for row in book["不再符合"].iter_rows(min_row=2)] == ["津00004", "津00010", "津00013"]
    words = {cell for page in book for row in page.iter_rows(values_only=True) for cell in row if isinstance(cell, str)}
    assert "是" in words
    assert not [cell for cell in words if re.search("[a-z]", cell)], "an officer reads Chinese"
    assert all(page.page_setup.orientation == "landscape" and page.print_title_rows for page in book)
    counts = {line.split()[0]: int(line.split("  ")[-1].split()[0]) for line in output.splitlines()[:5]}
    assert counts == {"继续保障": 9, "调整金额": 3, "不再符合": 4, "可能符合": 3, "不符合": 11}
    assert "津0" not in output


def test_one_household_is_explained_by_its_number(county: Path, decided: tuple[Path, str]) -> None:
    """The letter of 津00007 says 1,490 yuan at least; a number the register does not have is told."""
    folder = str(county.parent / "inside")
    done = CliRunner().invoke(assess, [folder, "--letter", "津00007", "--on", ON])
    assert "每月合计至少1490.00元" in done.output
    missed = CliRunner().invoke(assess, [folder, "--letter", "津99999", "--on", ON])
    assert "no such household" in str(missed.exception)


def test_every_line_of_the_dry_run_names_the_rows_it_rests_on_and_follows_from_them() -> None:
    """Category and least amount are worked out once more from the cited rows of the law book and nothing else; the handbook shows the same lines."""
    law = Book().at(REGION, date.fromisoformat(ON))
    pages = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("county.md", "county.en.md")]
    for home in HAND:
        cited = {}
        for line in home["rests_on"].split("; "):
            region, name = line.split()
            row = law.value(*name.split(":"))
            assert (row.region, row.status) == (region, "enacted")
            assert row.article
            assert all(f"`{line}`" in page or f"`{name}`" in page for page in pages)
            cited[name] = row
        assert (home["category"], int(home["least_due_yuan"])) == _by_hand(home, cited)
        cells = f"| {home['household']} | {home['members']} | {home['income_yuan']} |"
        assert all(cells in page for page in pages)


def _by_hand(home: dict[str, str], rows: dict[str, Any]) -> tuple[str, Fraction]:
    """Work a household out from the rows it cites."""
    members, income = int(home["members"]), Fraction(home["income_yuan"])
    if home["property"] == "否":
        return "none", Fraction(0)
    line = members * rows["dibao_standard:rural"].number
    if income < line * rows["dibao_income_test"].number:
        assert rows["dibao_gap_allowed"].flag
        return "dibao", line - income
    assert rows["edge_income_op"].text == "le"
    return "edge" if income <= line * rows["edge_income_multiple"].number else "none", Fraction(0)
