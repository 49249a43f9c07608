"""Headings as public systems print them (`public_headings.csv` cites each page); every person under them is invented and says so."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ledgers import identity
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from aidlib.register.checks import Checked, check
from aidlib.register.headings import Given
from aidlib.register.reading import read_ledger, read_register

ON = date(2026, 11, 1)
REGION = "450421"
LAYOUTS = {
    row["layout"]: row for row in csv.DictReader(Path(__file__).with_name("public_headings.csv").open(encoding="utf-8"))
}
GIVEN = Given(region=REGION, values={"urban": "农村", "property_ok": "是", "relation": "户主"})
HOMES = [("苍梧县石桥镇", 3, 812.5), ("苍梧县沙头镇", 1, 300), ("苍梧县石桥镇", 2, 0)]
ROLES = ["户主", "之妻", "之子"]
MONEY = {"户月保障金额（元）", "保障金额（元）", "保障金（元）", "发放合计（元）"}


def _cell(heading: str, home: int, member: int) -> Any:
    """What an invented person's row holds under a heading."""
    place, size, benefit = HOMES[home]
    number = identity(home * 10 + member, "2012-03-04" if member == 2 else "1980-05-20", male=member != 1)
    said = {
        "地区": place, "属地": place, "属地行政区划": place, "姓名": f"虚构{home}{member}", "户主姓名": f"虚构{home}0",
        "身份证号": number, "身份证件号码": number, "性别": "女" if member == 1 else "男", "年龄": 14 if member == 2 else 46,
        "与户主关系": ROLES[member], "月收入（元）": 500 + member, "年收入（元）": 12 * (500 + member), "低保证号": f"桂低{home:05d}",
        "低（五）保证号": f"桂低{home:05d}", "五保证号": f"桂低{home:05d}", "起始保障年月": "2024-03", "家庭人口数": size, "家庭人口": size,
        "保障人口数": size, "保障人数": size, "健康状况": "重病" if (home, member) == (1, 0) else "健康", "残疾类别": "无", "残疾等级": "无",
        "劳动能力": "无劳动能力" if member == 2 else "部分丧失劳动能力", "教育状况": "初中" if member == 2 else "无", "上次复查时间": "2026-05-20",
        "核对家庭年总收入(元)": 6000, "保障类别": "农村低保", "民族": "壮族", "人员状态": "正常", "联系电话": "虚构",
    }  # fmt: skip
    return benefit if heading in MONEY else said.get(heading)


def _sheet(
    page: Any, title: str, headings: list[str], rows: list[tuple[int, int]], merged: tuple[str, ...] = ()
) -> None:
    page.append([title])
    page.merge_cells(f"A1:{get_column_letter(len(headings) + 1)}1")
    page.append(["制表单位：苍梧县民政局（虚构）", None, None, "单位：人、元"])
    page.append(["序号", *headings])
    for number, (home, member) in enumerate(rows, 1):
        page.append(
            [
                number,
                *(
                    _cell(heading, home, member) if member == 0 or heading not in merged else None
                    for heading in headings
                ),
            ]
        )
    for heading in merged:
        at = headings.index(heading) + 2 if heading in headings else 0
        for home, (_, size, _) in enumerate(HOMES):
            first = 4 + sum(one[1] for one in HOMES[:home])
            if at and size > 1:
                page.merge_cells(start_row=first, end_row=first + size - 1, start_column=at, end_column=at)
    page.append(["合计", None, len(rows)])
    page.append(["制表人：虚构", None, None, "审核人：虚构"])


EVERYBODY = [(home, member) for home, (_, size, _) in enumerate(HOMES) for member in range(size)]
HEADS = [(home, 0) for home in range(len(HOMES))]


def _checked(tmp_path: Path, layout: str, merged: tuple[str, ...] = ()) -> Checked:
    """Read one layout as a county's workbook, with a sheet of the other table where it holds only one."""
    book, row = Workbook(), LAYOUTS[layout]
    headings, page = row["headings"].split("|"), book.active
    keyed = headings if "保证号" in "".join(headings) else ["低保证号", *headings]
    if row["table"] == "persons" and "身份证号" not in keyed:
        keyed = ["身份证号", *keyed]
    _sheet(page, "2026年10月农村低保对象花名册", keyed, HEADS if row["table"] == "households" else EVERYBODY, merged)
    if row["table"] == "households":
        _sheet(
            book.create_sheet("成员"),
            "家庭成员",
            ["低保证号", "姓名", "身份证号", "与户主关系", "月收入（元）"],
            EVERYBODY,
        )
    if row["table"] == "persons":
        _sheet(book.create_sheet("家庭"), "家庭", ["低保证号", "户主姓名", "家庭人口数", "保障金额（元）"], HEADS)
    book.save(tmp_path / "台账.xlsx")
    return check(*read_ledger([tmp_path / "台账.xlsx"], given=GIVEN), ON)


@pytest.mark.parametrize("layout", [name for name, row in LAYOUTS.items() if row["table"] != "aid"])
def test_a_public_layout_is_read_whole(tmp_path: Path, layout: str) -> None:
    """Title, unit row, totals and signatures around the system's own headings: every household and person comes in, none is rejected."""
    checked = _checked(tmp_path, layout)
    assert checked.counts.rows() == [("persons", 6, 6, 0), ("households", 3, 3, 0)], checked.text()
    good = checked.good()
    homes, people = good["households"].sort("household_id"), good["persons"]
    assert homes["household_id"].to_list() == ["桂低00000", "桂低00001", "桂低00002"]
    assert set(homes["region_code"]) == {REGION}
    assert homes["urban"].to_list() == [False] * 3
    assert people["relation"].to_list() == ["applicant", "spouse", "child", "applicant", "applicant", "spouse"]
    if any(heading in MONEY for heading in LAYOUTS[layout]["headings"].split("|")):
        assert homes["last_benefit_fen"].to_list() == [81_250, 30_000, 0]
        assert homes["on_dibao"].to_list() == [True, True, False]
    if "地区" in LAYOUTS[layout]["headings"].split("|") and LAYOUTS[layout]["table"] != "persons":
        assert homes["township"].to_list() == ["石桥镇", "沙头镇", "石桥镇"]


@pytest.mark.parametrize("layout", ["city_people", "all_people", "tekun_people"])
def test_household_facts_stand_on_the_first_row_or_in_merged_cells(tmp_path: Path, layout: str) -> None:
    """Household number, place, benefit merged over the members' rows give the same register as on every row."""
    whole = _checked(tmp_path, layout).good()
    merged = ("地区", "低保证号", "低（五）保证号", "五保证号", "起始保障年月", "户月保障金额（元）", "户主姓名")
    other = _checked(tmp_path, layout, merged).good()
    assert other["persons"].equals(whole["persons"])
    assert other["households"].equals(whole["households"])


def test_own_incomes_add_up_to_the_households(tmp_path: Path) -> None:
    """Where the ledger states no household income, 500 + 501 + 502 yuan of three members are the household's."""
    homes = _checked(tmp_path, "city_people").good()["households"].sort("household_id")
    assert homes["income_fen"].to_list() == [150_300, 50_000, 100_100]


def test_a_mark_of_illness_is_read(tmp_path: Path) -> None:
    """重病 under 健康状况 is a serious illness of that person, and of nobody else."""
    people = _checked(tmp_path, "city_people").good()["persons"]
    assert people["serious_illness"].to_list() == [False, False, False, True, False, False]


@pytest.mark.parametrize("layout", [name for name, row in LAYOUTS.items() if row["table"] == "aid"])
def test_a_public_payment_sheet_is_read(tmp_path: Path, layout: str) -> None:
    """The month stands in the title, the unit in the headings; nobody's row is lost, the totals are left out."""
    book = Workbook()
    _sheet(book.active, "2026年10月农村低保金发放明细", LAYOUTS[layout]["headings"].split("|"), HEADS)
    book.save(tmp_path / "发放.xlsx")
    reading = read_register(
        tmp_path / "发放.xlsx", table="aid", given=Given(region=REGION, values={"programme": "低保"})
    )
    assert reading.raw["month"].to_list() == ["2026-10"] * 3
    assert reading.raw["amount_fen"].to_list() == ["812.5", "300", "0"]
    assert reading.units["amount_fen"] == 100
