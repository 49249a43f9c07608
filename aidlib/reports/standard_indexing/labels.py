"""Words of the standard_indexing report, Chinese and English."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from aidlib.indices import Figure
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import decimal_text, yuan
from aidlib.regions import region
from aidlib.reports import Report
from aidlib.standards.announced import Level

Words = tuple[str, str]

AREAS: dict[str, Words] = {"urban": ("城市", "Urban"), "rural": ("农村", "Rural"), "": ("", "")}
KINDS: dict[str, Words] = {
    "standard": ("低保标准", "dibao standard"),
    "guide": ("省级指导标准", "provincial guide standard"),
    "average": ("各县平均标准", "average of the county standards"),
    "floor": ("省定最低标准", "lowest standard the province permits"),
}
METHODS: dict[str, Words] = {
    "consumption_share": ("消费支出比例（沿用上次比例）", "share of consumption, as before"),
    "consumption_band": ("消费支出比例（当地规定区间）", "share of consumption, in the local band"),
    "consumption_share_min": ("消费支出最低比例", "least share of consumption"),
    "income_share": ("收入比例（沿用上次比例）", "share of income, as before"),
    "income_share_min": ("收入最低比例", "least share of income"),
    "minimum_wage_share": ("最低工资比例", "share of the minimum wage"),
    "cpi_uprating": ("按物价调整", "uprated by prices"),
    "mixed_uprating": ("物价加部分实际增长", "prices and part of real growth"),
    "growth_uprating": ("规定最低增幅", "least rise required"),
    "rural_from_urban": ("按城市标准折算", "as a ratio of the urban standard"),
    "rural_target": ("按城乡比目标折算", "at the rural to urban target"),
    "engel": ("恩格尔系数法", "Engel method"),
    "basic_cost": ("基本生活费用支出法", "basic-cost method"),
    "food_basket": ("市场菜篮法", "food basket"),
    "eles": ("扩展线性支出系统", "ELES"),
    "basic_needs_lower": ("基本需要成本法（下限）", "cost of basic needs, lower"),
    "basic_needs_upper": ("基本需要成本法（上限）", "cost of basic needs, upper"),
    "relative_line": ("收入中位数的一定比例", "share of the median"),
    "consumption_percentile": ("消费百分位法", "consumption percentile"),
    "quantile_0.1": ("分位数回归（10%）", "quantile regression, 10%"),
    "quantile_0.2": ("分位数回归（20%）", "quantile regression, 20%"),
}
NEEDS_A_LIST: dict[str, Words] = {
    "basic_cost": ("需使用者提供食物和必需品清单及价格", "needs the user's list of foods and necessities with prices"),
    "engel": (
        "需食物清单费用和最低收入户恩格尔系数",
        "needs the cost of a food list and the food share of the poorest",
    ),
    "food_basket": ("需使用者提供食物清单、数量和价格", "needs the user's list of foods, quantities and prices"),
}
BOUNDS: dict[str, Words] = {
    "no_cut": ("不低于上次标准", "no cut"),
    "floor": ("不低于省定最低或指导标准", "provincial floor or guide"),
    "cap": ("不高于上限", "cap"),
    "ratio_low": ("城乡比不低于当年路径", "rural to urban ratio path"),
    "ratio_high": ("城乡比不高于上限", "rural to urban ratio, upper end"),
}
DERIVED: dict[str, Words] = {
    "edge_line": ("低保边缘家庭收入线", "edge-household income line"),
    "low_income_line": ("低收入家庭认定线", "low-income family line"),
    "tekun_basic": ("特困基本生活标准下限", "least tekun basic standard"),
    "tekun_care": ("特困照料护理标准", "tekun care standard"),
    "ta_township_max": ("临时救助：乡镇审批限额", "temporary aid: township limit"),
    "ta_county_max": ("临时救助：县级审批限额", "temporary aid: county limit"),
    "ta_year_cap": ("临时救助：年度累计限额", "temporary aid: yearly ceiling"),
    "ta_person_cap": ("临时救助：每人限额", "temporary aid: ceiling per person"),
    "ta_person_cap_exceptional": ("临时救助：特别困难每人限额", "temporary aid: exceptional ceiling per person"),
    "quick_aid_cap": ("小额快救上限", "quick small aid: ceiling"),
}
VERDICTS: dict[str, Words] = {
    "met": ("达到", "met"),
    "not_met": ("未达到", "not met"),
    "cannot_tell": ("不能判定", "cannot tell"),
}
PERIODS: dict[str, Words] = {"month": ("元/月", "yuan/month"), "year": ("元/年", "yuan/year"), "case": ("元", "yuan")}
PROVINCIAL: Words = ("（全省数）", " (provincial figure)")


def pick(report: Report, words: Words) -> str:
    """Return the words in the report's language."""
    return report.t(*words)


def both(table: dict[str, Words], key: str) -> Words:
    """Return the words of a key; an unknown key is shown as it is."""
    return table.get(key, (key, key))


def part(report: Report, level: Level) -> Words:
    """Name the part of the place a level holds for, in brackets, or nothing."""
    found = report.book.tables.groups.get(level.part)
    return (f"（{found.zh}）", f" ({found.en})") if found else ("", "")


def amount(level: Level) -> Words:
    """Write a level as it is published, with the month beside a yearly one."""
    monthly = short(level.fen_month)
    if not level.yearly:
        return f"每人每月{monthly}元", f"{monthly} yuan per person a month"
    text = short(level.fen_month * MONTHS_PER_YEAR)
    return f"每人每年{text}元（每月{monthly}元）", f"{text} yuan per person a year ({monthly} a month)"


def yuan2(fen: Fraction | int | None) -> Decimal | None:
    """Write fen as a decimal number of yuan with two places, for a table; None stays None."""
    return None if fen is None else Decimal(yuan(fen))


def short(fen: Fraction | int) -> str:
    """Write fen as yuan with decimals only where there are any."""
    return yuan(fen).removesuffix(".00")


def share(ratio: Fraction | None, decimals: int = 1) -> str | None:
    """Write a plain ratio as percent, for a table or a sentence; None stays None."""
    return None if ratio is None else f"{decimal_text(ratio * 100, decimals)}%"


def series_name(report: Report, figure: Figure) -> Words:
    """Name a figure: whose it is, of which year, and what."""
    place, kind = region(figure.region), report.figures.series[figure.series]
    when = f"{figure.period}年" if len(figure.period) == 4 else f"（{figure.period}）"
    return f"{place.name_zh}{when}{kind.zh}", f"{kind.en}, {place.name('en')}, {figure.period}"
