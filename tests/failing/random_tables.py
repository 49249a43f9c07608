"""Random tables in the likeness of what clerks send, and of what nobody should: every word in them is invented or a heading."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from random import Random

import xlsxwriter
from ledgers import HOME_HEADINGS, PERSON_HEADINGS, sound

from aidlib.register.columns import spellings

ODD = (
    "", " ", "\u3000", "0", "-5", "--5", "-" * 40 + "5", "((((5))))", "9" * 5000, "1e309", "NaN", "inf", "1.2E+03", "#REF!", "=1+1",
    '=cmd|"/c x"!A0', "+1", "@SUM(A1)", "\t=1", "是", "否", "男", "女", "户主", "配偶", "合计", "制表人:某某", "2026-02-30", "46296", "20261301",
    "二〇二六年十月", "１０２．３", "450403", "450499", "梧州市", "10,50", "1,234.50", "12.5元", "0.3万元", "\ufffd", "锟斤拷", "a\nb", '"', "'", "\u200b1",
    "0" * 17 + "1", "450000" + "19800520" + "0012", "x" * 300, "(" * 200, "年" * 200, "单位：元", "元/人·月", "2.3%", "上涨2.3%", "102.3", "2026年10月",
)  # fmt: skip
TITLES = ("某县台账", "单位：元", "填表日期：2026年10月", "数据来源：某局")
FITTING = {
    "地区": ("梧州市", "450400", "广西", "广西壮族自治区梧州市", "全国", "北  京", "合计"),
    "月份": ("2026年10月", "2026-09", "二〇二六年八月", "2026-10-31", "2026.1"),
    "指标": ("CPI", "食品", "SCPI", "居民人均可支配收入", "低保标准", "居民消费价格同比指数"),
    "数值": ("102.3", "101", "780", "-5", "1,234.5", "+2.3", "上涨2.3%"),
    "涨幅": ("2.3", "-0.3%", "0.023", "持平"),
    "来源": ("某公报", "=某公报"),
    "发布日期": ("2026-11-12", "2016年1月", "2036-01-01"),
    "类别": ("城镇", "农村", "城乡", "集中供养"),
    "单位": ("元/人·月", "元/月", "万人", "%", "上年同月=100"),
    "执行日期": ("2026-10-01", "2026年10月"),
    "条款": ("第一条",),
    "2026年9月": ("102.1", "—"),
    "2026年10月": ("102.3", ""),
    "CPI": ("102.3", "-0.1"),
    "食品": ("99", "…"),
    "SCPI": ("103", "*"),
    "城市低保人数(人)": ("12,345", "0.5"),
    "农村低保平均标准(元/人·年)": ("7200", "-"),
    "居民人均可支配收入(元)": ("38000", "约四万"),
    "序号": ("1",),
    "备注": ("-",),
}


def table(random: Random) -> list[list[str]]:
    """A table: of figures, a ledger with some cells changed, or headings of some kind over odd cells of uneven length."""
    kind = random.random()
    rows = _figures(random) if kind < 0.35 else _ledger(random) if kind < 0.65 else _anything(random)
    return [[random.choice(TITLES)] for _ in range(random.choice((0, 0, 1, 2)))] + rows


def _figures(random: Random) -> list[list[str]]:
    headings = random.sample(sorted(FITTING), random.randint(3, 12))
    if random.random() < 0.7:
        headings = list(dict.fromkeys(["地区", "月份", "指标", "数值", "来源", "发布日期", *headings[:3]]))
    rows = [
        [_or_odd(random, random.choice(FITTING[heading])) for heading in headings] for _ in range(random.randint(0, 8))
    ]
    return [headings, *rows, *([["注：虚构"]] if random.random() < 0.3 else [])]


def _ledger(random: Random) -> list[list[str]]:
    homes, people = sound(random.randint(1, 6))
    headings, rows = random.choice(((HOME_HEADINGS, homes), (PERSON_HEADINGS, people)))
    return [headings, *([_or_odd(random, str(row.get(heading) or "")) for heading in headings] for row in rows)]


def _or_odd(random: Random, text: str) -> str:
    return cell(random) if random.random() < 0.1 else text


def _anything(random: Random) -> list[list[str]]:
    known = spellings(random.choice(("persons", "households")))
    headings = [
        random.choice(known) + random.choice(("", "(元)", "（万元）", "*", " ")) for _ in range(random.randint(0, 12))
    ]
    rows = [headings] if random.random() < 0.9 else []
    uneven = (0, 0, 0, -1, 1, 5)
    rows += [
        [cell(random) for _ in range(max(0, len(headings) + random.choice(uneven)))]
        for _ in range(random.randint(0, 8))
    ]
    return rows


def cell(random: Random) -> str:
    """One cell."""
    kind = random.random()
    if kind < 0.5:
        return random.choice(ODD)
    if kind < 0.8:
        return str(random.randint(-10, 3000))
    return "".join(
        chr(random.choice((random.randint(32, 126), random.randint(0x4E00, 0x9FA5), random.randint(1, 0xD7FF))))
        for _ in range(random.randint(0, 6))
    )


def written(random: Random, folder: Path) -> Path:
    """The table as a file of one kind or another, now and then with bytes knocked out of place."""
    rows, kind = table(random), random.random()
    if kind < 0.15:
        return _workbook(rows, folder / "a.xlsx", random)
    path = folder / random.choice(("a.csv", "a.txt", "a.tsv"))
    text = io.StringIO()
    csv.writer(text, delimiter=random.choice(",\t;|")).writerows(rows)
    content = text.getvalue().encode(random.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16")), "replace")
    path.write_bytes(_torn(content, random) if kind > 0.85 else content)
    return path


def _workbook(rows: list[list[str]], path: Path, random: Random) -> Path:
    with xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": random.random() < 0.3, "strings_to_urls": False}
    ) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        if rows and random.random() < 0.3:
            page.merge_range(0, 0, random.randint(1, 3), random.randint(0, 3), "合并")
    if random.random() < 0.3:
        path.write_bytes(_torn(path.read_bytes(), random))
    return path


def _torn(content: bytes, random: Random) -> bytes:
    torn = bytearray(content)
    for _ in range(random.randint(1, 5)):
        if torn:
            torn[random.randrange(len(torn))] = random.randrange(256)
    return bytes(torn[: random.randint(0, len(torn))]) if random.random() < 0.3 else bytes(torn)
