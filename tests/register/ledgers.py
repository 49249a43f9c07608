"""Invented ledgers for the register tests: nobody in them exists, every identity number is computed here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook

from aidlib.disclosure import ids

REGION = "450403"
HOME_HEADINGS = [
    "家庭编号",
    "区划代码",
    "户主姓名",
    "家庭人口",
    "城乡类别",
    "家庭月收入(元)",
    "财产是否符合规定",
    "十二个月刚性支出(元)",
    "备注",
]
PERSON_HEADINGS = ["家庭编号", "姓名", "身份证号", "与户主关系", "性别", "年龄", "出生日期", "残疾类别", "残疾等级", "劳动能力", "是否就业",
                   "月工资(元)", "手机号"]  # fmt: skip
Row = dict[str, Any]


def identity(number: int, born: str = "1980-05-20", male: bool = True) -> str:
    """An invented number of province 45, area 0000."""
    first = f"450000{born.replace('-', '')}{(2 * number + male) % 1000:03d}"
    return first + ids.check_character(first)


def person(home: str, number: int, **changes: Any) -> Row:
    """A sound adult with a job, head of a household."""
    row = {"家庭编号": home, "姓名": "梁" + "某", "身份证号": identity(number), "与户主关系": "户主", "性别": "男", "年龄": 46,
           "出生日期": "1980-05-20", "残疾类别": "无", "残疾等级": "无", "劳动能力": "有", "是否就业": "是", "月工资(元)": 800,
           "手机号": "1" + "39" + f"{number:08d}"}  # fmt: skip
    return row | changes


def household(home: str, **changes: Any) -> Row:
    """A sound household of one."""
    row = {"家庭编号": home, "区划代码": REGION, "户主姓名": "梁" + "某", "家庭人口": 1, "城乡类别": "城镇", "家庭月收入(元)": 1200.5,
           "财产是否符合规定": "是", "十二个月刚性支出(元)": 3000, "备注": None}  # fmt: skip
    return row | changes


def sound(count: int) -> tuple[list[Row], list[Row]]:
    """Households and persons without a fault."""
    return [household(f"H{n:04d}") for n in range(count)], [person(f"H{n:04d}", n) for n in range(count)]


def workbook(path: Path, homes: list[Row], people: list[Row]) -> Path:
    """Write both sheets as a county would: a title row, a unit row, then the headings."""
    book = Workbook()
    page = book.active
    page.title = "家庭"
    _fill(page, HOME_HEADINGS, homes)
    _fill(book.create_sheet("成员"), PERSON_HEADINGS, people)
    book.save(path)
    return path


def _fill(page: Any, headings: list[str], rows: list[Row]) -> None:
    page.append(["某县低收入家庭台账"])
    page.append([])
    page.append(headings)
    for row in rows:
        page.append([row.get(heading) for heading in headings])
