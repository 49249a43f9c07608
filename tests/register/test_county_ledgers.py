"""What county ledgers say in their own way: places, household numbers, roles, tiers, shares of each, and headings over three rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from ledgers import identity
from openpyxl import Workbook

from aidlib.register.checks import Checked, check
from aidlib.register.headings import Given
from aidlib.register.reading import read_ledger

ON = date(2026, 11, 1)
HEAD = [
    "乡镇",
    "低保证号",
    "姓名",
    "身份证号",
    "与户主关系",
    "家庭人口",
    "享受人数",
    "家庭年收入",
    "财产是否符合规定",
    "人均补差",
    "低保类别",
]
BASE = {"乡镇": "石桥镇", "低保证号": "0007", "姓名": "虚构", "身份证号": identity(1), "与户主关系": "户主", "家庭人口": 2, "享受人数": 2,
        "家庭年收入": "6000", "财产是否符合规定": "是", "人均补差": "310.5", "低保类别": "B类"}  # fmt: skip
MEMBER = {"姓名": "虚构", "身份证号": identity(2, "2010-01-02"), "与户主关系": "之女"}
GIVEN = Given(region="450400", values={"urban": "农村"})


def _ledger(
    path: Path,
    rows: list[dict[str, Any]],
    head: list[str] = HEAD,
    above: tuple[str, ...] = ("农村低保台账", "单位：元"),
) -> Path:
    lines = [*above, ",".join(head), *(",".join(str(row.get(name, "")) for name in head) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="gb18030")
    return path


def _checked(tmp_path: Path, rows: list[dict[str, Any]], head: list[str] = HEAD, given: Given = GIVEN) -> Checked:
    return check(*read_ledger([_ledger(tmp_path / "台账.csv", rows, head)], given=given), ON)


def test_shares_tiers_and_numbers_as_text(tmp_path: Path) -> None:
    """人均补差 of 310.50 for two is 621 yuan for the household, B类 the second tier, and 0007 keeps its noughts."""
    homes = _checked(tmp_path, [BASE, MEMBER]).good()["households"]
    assert homes.select("household_id", "last_benefit_fen", "on_dibao", "dibao_tier", "income_fen_year").row(0) == (
        "0007", 62_100, True, "b", 600_000)  # fmt: skip


def test_a_share_that_does_not_add_up_is_noted(tmp_path: Path) -> None:
    """600 yuan paid beside 2 x 310.50 is said, and the amount paid stands."""
    checked = _checked(tmp_path, [BASE | {"户月保障金": 600}, MEMBER], [*HEAD, "户月保障金"])
    assert "R-BENEFIT-SHARED" in set(checked.flaws["code"])
    assert checked.good()["households"]["last_benefit_fen"].to_list() == [60_000]


@pytest.mark.parametrize(
    ("said", "code", "township"),
    [("苍梧县石桥镇", "450421", "石桥镇"), ("450421102", "450421", "450421102"), ("450421102203", "450421", "450421102203"),
     ("梧州市苍梧县", "450421", None), ("石桥镇", "450400", "石桥镇"), ("450421", "450421", None)],
)  # fmt: skip
def test_places_are_codes_or_names_below_the_region(tmp_path: Path, said: str, code: str, township: str | None) -> None:
    """A county by name or by the first digits of a longer code; what is finer is the township, and nothing is the province's."""
    head = ["所属地区", *HEAD[1:]]
    homes = _checked(tmp_path, [BASE | {"所属地区": said}, MEMBER], head).good()["households"]
    assert homes.select("region_code", "township").row(0) == (code, township)


def test_a_code_elsewhere_is_told_with_its_row(tmp_path: Path) -> None:
    """A household of another province in the county's ledger is rejected, not taken along."""
    rows = [BASE | {"所属地区": "110101"}, MEMBER | {"低保证号": ""}]
    checked = _checked(tmp_path, rows, ["所属地区", *HEAD[1:]])
    assert [(fault.row, fault.code) for fault in checked.faults if fault.table == "households"] == [
        (4, "R-REGION-OUTSIDE")
    ]


def test_facts_of_a_household_that_differ_between_its_rows_are_told(tmp_path: Path) -> None:
    """Income 6,000 on the head's row and 7,000 on the daughter's: which one counts is not known."""
    checked = _checked(tmp_path, [BASE, MEMBER | {"低保证号": "0007", "家庭年收入": "7000"}])
    assert "R-HOME-FACTS" in {fault.code for fault in checked.faults}


def test_without_household_numbers_each_head_begins_a_household(tmp_path: Path) -> None:
    """Households are named by the row of their head, and the text says so."""
    head = [name for name in HEAD if name != "低保证号"]
    other = BASE | {"身份证号": identity(3), "家庭人口": 1, "享受人数": 1}
    checked = _checked(tmp_path, [BASE, MEMBER, other], head)
    people = checked.good()["persons"]
    assert people["household_id"].n_unique() == 2
    assert people["household_id"][0] == people["household_id"][1]
    assert "each household is named by the sheet and row of its head" in checked.text()


@pytest.mark.parametrize(
    ("role", "relation"),
    [("之子", "child"), ("之女", "child"), ("儿媳", "other"), ("之妻", "spouse"), ("配偶", "spouse"), ("之母", "parent"), ("长孙", "grandchild"),
     ("10", "spouse"), ("30", "child"), ("之祖母", "grandparent")],
)  # fmt: skip
def test_roles_as_counties_write_them(tmp_path: Path, role: str, relation: str) -> None:
    """Words of household books and codes of GB/T 4761."""
    other = MEMBER | {
        "与户主关系": role,
        "身份证号": identity(2, "2010-01-02" if relation in ("child", "grandchild") else "1950-01-02"),
    }
    assert _checked(tmp_path, [BASE, other]).good()["persons"]["relation"][1] == relation


def test_headings_over_three_rows_and_a_row_that_counts_them(tmp_path: Path) -> None:
    """家庭情况 over 收入 over 家庭年收入, the unit beside the group, 1 2 3 below: read, and the first household is no heading."""
    book = Workbook()
    page: Any = book.active
    page.append(["苍梧县石桥镇农村低保对象花名册（虚构）"])
    page.merge_cells("A1:I1")
    page.append(["低保证号", "姓名", "身份证号", "与户主关系", "家庭情况（元）", None, None, None, "财产是否符合规定"])
    page.append([None] * 4 + ["收入", None, "救助", None])
    page.append([None] * 4 + ["家庭年收入", "十二个月刚性支出", "户月保障金", "享受人数"])
    page.merge_cells("E2:H2")
    page.merge_cells("E3:F3")
    page.merge_cells("G3:H3")
    for column in "ABCDI":
        page.merge_cells(f"{column}2:{column}4")
    page.append(list(range(1, 10)))
    page.append(["0007", "虚构", identity(1), "户主", 6000, 0, 621, 2, "是"])
    page.append([None, "虚构", identity(2, "2010-01-02"), "之女"])
    page.merge_cells("A6:A7")
    page.append(["小计", None, None, None, 6000])
    path = tmp_path / "台账.xlsx"
    book.save(path)
    checked = check(*read_ledger([path], given=Given(region="450421")), ON)
    homes = checked.good()["households"]
    assert homes.select("income_fen_year", "last_benefit_fen", "urban", "region_code").row(0) == (
        600_000,
        62_100,
        False,
        "450421",
    )
    assert checked.counts["rejected"].sum() == 0
    assert homes.select(pl.col("expend_fen")).item() == 0


def test_faults_of_one_kind_are_one_line_with_their_rows_and_one_remedy(tmp_path: Path) -> None:
    """Forty wrong check digits are one line with spans of rows, not forty."""
    wrong = identity(1)[:-1] + ("0" if identity(1)[-1] != "0" else "1")
    rows = [
        BASE | {"低保证号": f"{n:04d}", "家庭人口": 1, "享受人数": 1, "身份证号": wrong if n < 40 else identity(n)}
        for n in range(60)
    ]
    told = [line for line in _checked(tmp_path, rows).text().splitlines() if "R-ID-CHECKSUM" in line]
    assert len(told) == 1
    assert "rows 4-43 (40)" in told[0]
    assert "try: check it against the card" in told[0]


def test_a_full_row_that_begins_like_a_signature_is_a_record(tmp_path: Path) -> None:
    """A first column 审核状态 with 审核通过 on every row loses no household."""
    head = ["审核状态", *HEAD]
    rows = [
        BASE | {"审核状态": "审核通过", "家庭人口": 1, "享受人数": 1, "低保证号": f"{n}", "身份证号": identity(n)}
        for n in range(3)
    ]
    assert _checked(tmp_path, rows, head).counts.rows() == [("persons", 3, 3, 0), ("households", 3, 3, 0)]


def test_headings_over_two_rows_that_nobody_merged(tmp_path: Path) -> None:
    """家庭成员 stands over 姓名, 身份证号 and 与户主关系 with blank cells beside it, in a file that keeps no merged cells."""
    head = "序号,户主姓名,家庭成员,,,家庭人口,收入情况,,财产是否符合规定,户月保障金"
    below = ",,姓名,身份证号,与户主关系,,家庭月收入,其中：工资性收入,,"
    rows = [
        f"1,虚构,虚构,{identity(1)},本人,2,500,0,是,300",
        f",,虚构,{identity(2, '2010-01-01')},之子,,,0,,",
        f"2,虚构,虚构,{identity(3)},户主,1,100,0,是,400",
    ]
    path = tmp_path / "台账.csv"
    path.write_text(
        "\n".join(["农村低保花名册（虚构）", "单位：元", head, below, *rows, "填表人：虚构,,,,,,,审核人：虚构,,"])
        + "\n",
        encoding="gb18030",
    )
    good = check(*read_ledger([path], given=Given(region="450421")), ON).good()
    assert good["households"].select("income_fen", "last_benefit_fen", "urban").rows() == [
        (50_000, 30_000, False),
        (10_000, 40_000, False),
    ]
    assert good["persons"]["relation"].to_list() == ["applicant", "child", "applicant"]


def test_a_first_record_without_numbers_is_no_heading(tmp_path: Path) -> None:
    """A record of words below one row of headings stays a record."""
    rows = [
        BASE | {"低保证号": "甲", "家庭人口": 1, "享受人数": 1, "家庭年收入": "", "家庭月收入(元)": 0, "人均补差": ""}
    ]
    assert _checked(tmp_path, rows, [*HEAD, "家庭月收入(元)"]).counts["in"].to_list() == [1, 1]


def test_sheets_of_town_and_country_with_headings_of_their_own(tmp_path: Path) -> None:
    """城市低保 states the household's benefit, 农村低保 the share of each: both households have theirs, each with its area."""
    book = Workbook()
    book.remove(book.active)
    for sheet, head, row in (
        ("城市低保", ["低保证号", "姓名", "身份证号", "与户主关系", "家庭月收入(元)", "财产符合规定", "户月保障金(元)"],
         ["C1", "虚构", identity(1), "户主", 500, "是", 100]),
        ("农村低保", ["低保证号", "家庭成员", "公民身份号码", "家庭关系", "家庭月收入(元)", "财产是否符合规定", "保障类别", "人均补差(元)", "享受人数"],
         ["N1", "虚构", identity(2), "户主", 500, "是", "农村A类", 110, 1])):  # fmt: skip
        page = book.create_sheet(sheet)
        for cells in ([f"{sheet}花名册（虚构）"], head, row):
            page.append(cells)
    book.save(tmp_path / "台账.xlsx")
    homes = check(*read_ledger([tmp_path / "台账.xlsx"], given=Given(region="450421")), ON).good()["households"]
    assert homes.select("household_id", "urban", "on_dibao", "last_benefit_fen").rows() == [
        ("C1", True, True, 10_000),
        ("N1", False, True, 11_000),
    ]
    assert homes["dibao_tier"].to_list() == ["none", "a"]


def test_a_column_only_one_sheet_has_holds_as_absent_on_the_others(tmp_path: Path) -> None:
    """残疾类别 and 残疾等级 on the sheet of one township only: nobody of the other is rejected, and none of them counts as disabled."""
    book = Workbook()
    book.remove(book.active)
    head = ["低保证号", "姓名", "身份证号", "与户主关系", "家庭月收入(元)", "财产符合规定"]
    for number, (sheet, more, cells) in enumerate(
        (("石桥镇", [], []), ("沙头镇", ["残疾类别", "残疾等级"], ["肢体", "一级"]))
    ):
        page = book.create_sheet(sheet)
        page.append([*head, *more])
        page.append([f"N{number}", "虚构", identity(number), "户主", 500, "是", *cells])
    book.save(tmp_path / "台账.xlsx")
    good = check(*read_ledger([tmp_path / "台账.xlsx"], given=GIVEN), ON).good()
    assert good["persons"].select("disability_kind", "disability_grade").rows() == [("none", 0), ("physical", 1)]
    assert good["households"]["township"].to_list() == ["石桥镇", "沙头镇"]
