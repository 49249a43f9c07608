"""The words a clerk's file may use: column headings, units, months and days, full-width or not, Chinese or English."""

from __future__ import annotations

import re
import unicodedata

SPELLINGS = {
    "region": "地区 地区代码 区划代码 行政区划 行政区划代码 region region_code place",
    "period": "月份 时期 期间 年月 年份 年度 period month year",
    "series": "指标 指标名称 系列 项目 名称 series indicator item name",
    "group": "类别 对象 分组 城乡 group area",
    "value": "数值 值 指数 标准 金额 value index amount",
    "rise": "涨幅 同比涨幅 环比涨幅 同比增长 上涨 rise rise_pct",
    "unit": "单位 计量单位 unit",
    "status": "状态 status",
    "source": "来源 出处 文件 文件名称 source source_title title",
    "number": "文号 number",
    "issuer": "发文机关 发布单位 issuer",
    "url": "网址 链接 url",
    "vintage": "日期 发布日期 公布日期 发文日期 vintage published date",
    "error": "误差 error",
    "note": "备注 说明 note",
    "from": "起始日期 执行日期 生效日期 施行日期 from effective_from",
    "to": "截止日期 终止日期 to effective_to",
    "article": "条款 依据条款 article",
}
UNITS = {
    "上年同月=100": "index_yoy",
    "上月=100": "index_mom",
    "上年=100": "index_year",
    "元/人·月": "yuan/person/month",
    "元/人/月": "yuan/person/month",
    "元/人·年": "yuan/person/year",
    "元/人/年": "yuan/person/year",
    "元/月": "yuan/month",
    "元/小时": "yuan/hour",
    "元": "yuan",
    "人": "persons",
    "万人": "10k persons",
    "户": "households",
    "万户": "10k households",
    "万元": "10k yuan",
    "亿元": "100m yuan",
    "%": "pct",
    "百分比": "pct",
}
_FIELD = {spelling: field for field, spellings in SPELLINGS.items() for spelling in spellings.split()}
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
_DAY = re.compile(
    r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[T ]0{1,2}:00(?::00)?)?|(\d{4})(\d{2})(\d{2})"
)
_MONTH = re.compile(r"(\d{4})(?:[-/]|年)(\d{1,2})月?|(\d{4})\.(\d{2})|(\d{4})(\d{2})")
_YEAR = re.compile(r"(\d{4})年")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


def clean(text: str) -> str:
    """Fold full-width characters and spaces, and strip.

    Examples
    --------
    >>> clean("　１０２．５ "), clean("涨幅（％）")
    ('102.5', '涨幅(%)')
    """
    return " ".join(unicodedata.normalize("NFKC", text).replace("\ufeff", "").split())


def field(heading: str) -> str:
    """Return the column a heading means, or an empty string.

    Examples
    --------
    >>> field("数值"), field("同比涨幅（%）"), field("Region Code"), field("序号")
    ('value', 'rise', 'region', '')
    """
    word = _BRACKETS.sub("", clean(heading)).strip().lower().replace(" ", "_")
    return _FIELD.get(word, "")


def normal(column: str, text: str) -> str:
    """Bring one cell to the house form; what cannot be read stays as it is, for the checks to refuse.

    Examples
    --------
    >>> normal("period", "2026年1月"), normal("vintage", "2026/1/9"), normal("value", "1,234.5"), normal("unit", "元/人·月")
    ('2026-01', '2026-01-09', '1234.5', 'yuan/person/month')
    >>> normal("period", "2026.1")
    '2026.1'
    """
    text = clean(text)
    if column in ("period", "vintage", "from", "to"):
        return day_or_month(text)
    if column in ("value", "rise", "error"):
        return text.replace(",", "") if _GROUPED.fullmatch(text) else text
    return UNITS.get(text, text) if column == "unit" else text


def day_or_month(text: str) -> str:
    """Write a day as `YYYY-MM-DD`, a month as `YYYY-MM`, a year as `YYYY`.

    `2026.1` stays: a spreadsheet writes October as 2026.1, so nobody can tell which month it is.

    Examples
    --------
    >>> day_or_month("2026年10月1日"), day_or_month("202610"), day_or_month("2026.10"), day_or_month("2026年")
    ('2026-10-01', '2026-10', '2026-10', '2026')
    """
    for pattern in (_DAY, _MONTH, _YEAR):
        if found := pattern.fullmatch(text):
            year, *rest = [part for part in found.groups() if part]
            return "-".join([year, *(part.zfill(2) for part in rest)])
    return text
