"""Rows of the law and figures in words for a reader: names, groups, units, coded values, rounding rules and gaps."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from aidlib import tables
from aidlib.errors import Fault
from aidlib.indices import SERIES_COLUMNS
from aidlib.law.load import GROUP_COLUMNS, NAME_COLUMNS, UNIT_COLUMNS
from aidlib.money import decimal_text
from aidlib.reports.phrases import CODED_VALUES, FIGURE_UNITS, GAPS, INDICES, ROUNDINGS
from aidlib.reports.text import word as term
from aidlib.reports.words import word

if TYPE_CHECKING:
    from aidlib.indices import Figure
    from aidlib.law.value import Value

Pair = tuple[str, str]
CONDITION = re.compile(r"([a-z_|]+)(>=?)")
WIDE = "%（"
INSTRUMENTS = ("linkage_regime", "linkage_overlay", "linkage_method")
"""Names whose value only says which instrument applies: a reader is shown its title."""


@lru_cache(maxsize=1)
def _words() -> dict[str, Pair]:
    """Labels by kind and word: `name:`, `group:`, `unit:`, `series:`."""
    kinds = (
        ("law/names*.csv", NAME_COLUMNS, "name"),
        ("law/groups*.csv", GROUP_COLUMNS, "group"),
        ("law/units*.csv", UNIT_COLUMNS, "unit"),
        ("reference/series*.csv", SERIES_COLUMNS, "series"),
    )
    found = {f"unit:{unit}": words for unit, words in FIGURE_UNITS.items()}
    for pattern, columns, kind in kinds:
        rows = (row for table in tables.names(pattern) for row in tables.rows(table, columns))
        found |= {f"{kind}:{row[kind]}": (row["zh"], row["en"]) for row in rows}
    return found


def _label(kind: str, key: str, language: str) -> str:
    found = _words().get(f"{kind}:{key}")
    return found[language == "en"] if found else key


def law_label(name: str, language: str = "zh") -> str:
    """Name a law value; a name the book does not have is shown as it is.

    Examples
    --------
    >>> law_label("linkage_cpi_trigger")
    'CPI同比启动线'
    """
    return _label("name", name, language)


def series_label(series: str, language: str = "zh") -> str:
    """Name a published series.

    Examples
    --------
    >>> series_label("no_such_series")
    'no_such_series'
    """
    return _label("series", series, language)


def group_label(group: str, language: str = "zh") -> str:
    """Name a group of persons or an area; a narrowed group (`urban:city_districts`) keeps both its parts.

    Examples
    --------
    >>> group_label("urban:city_districts"), group_label("rural", "en"), group_label("")
    ('城镇·市区', 'rural', '')
    """
    return "·".join(_label("group", part, language) for part in group.split(":"))


def unit_label(unit: str, language: str = "zh") -> str:
    """Name a unit of the law book or of a published series; any other is shown as it is.

    Examples
    --------
    >>> unit_label("yuan/person/month"), unit_label("10k persons", "en"), unit_label("bushel")
    ('元/人·月', '10,000 persons', 'bushel')
    """
    return _label("unit", unit, language)


def amount_text(text: str, unit: str, language: str = "zh") -> str:
    """Write a number as its row has it, with its unit in words.

    Examples
    --------
    >>> amount_text("3.5", "pct"), amount_text("4500", "yuan/person/year"), amount_text("0.30..0.40", "ratio")
    ('3.5%', '4500 元/人·年', '0.30–0.40')
    """
    text = text.replace("..", "–")
    label = "%" if unit == "pct" else "" if unit == "ratio" else unit_label(unit, language)
    return f"{text}{'' if label[:1] in WIDE else ' '}{label}"


def value_text(value: Value, language: str = "zh") -> str:
    """Write what a law value says: an amount with its unit, yes or no, a rounding rule, or the meaning of a coded word."""
    if value.kind == "flag":
        return word("yes" if value.flag else "no", language)
    if value.kind == "rounding":
        return rounding_text(value.text, language)
    if value.name in INSTRUMENTS:
        return f"《{value.source.title}》"
    return coded_text(value.text, language) if value.kind == "text" else amount_text(value.text, value.unit, language)


def rounding_text(rule: str, language: str = "zh") -> str:
    """Write a rounding rule.

    Examples
    --------
    >>> rounding_text("ceil/1"), rounding_text("half_up/0.1", "en"), rounding_text("exact")
    ('不足1元的进到1元', 'half up to 0.1 yuan', '不舍入')
    """
    mode, _, step = rule.partition("/")
    return ROUNDINGS[mode][language == "en"].format(step=step) if mode in ROUNDINGS else rule


def coded_text(text: str, language: str = "zh") -> str:
    """Write a coded word of the law book; one without a wording is shown as it is.

    Examples
    --------
    >>> coded_text("share"), coded_text("dibao_standard:urban"), coded_text("cpi>= food>=", "en")
    ('基数×涨幅', '最低生活保障标准（城镇）', 'CPI ≥ or food ≥')
    """
    if text in CODED_VALUES:
        return CODED_VALUES[text][language == "en"]
    if text and all(CONDITION.fullmatch(part) for part in text.split()):
        return word("or", language).join(_condition(part, language) for part in text.split())
    name, _, group = text.partition(":")
    if f"name:{name}" in _words():
        return law_label(name, language) + _in_brackets(group_label(group, language), language)
    return term(text, "en" if language == "en" else "zh")


def _condition(text: str, language: str) -> str:
    names, sign = CONDITION.fullmatch(text).groups()  # type: ignore[union-attr]
    worded = "/".join(INDICES.get(name, (name, name))[language == "en"] for name in names.split("|"))
    return f"{worded} {sign.replace('>=', '≥')}"


def figure_text(figure: Figure, language: str = "zh") -> str:
    """Write a figure as its row has it, and as it was published where the row has more decimals."""
    shown = amount_text(figure.text, figure.unit, language)
    if figure.decimals is None or figure.published == figure.value:
        return shown
    return f"{shown} {word('published', language)} {decimal_text(figure.published, figure.decimals)}"


def gap(fault: Fault, language: str = "zh") -> Fault:
    """Put a gap of the law book or of the figures into words of the page's language; any other fault stays as it is.

    Examples
    --------
    >>> said = gap(Fault("the law book has no linkage_cpi_trigger for urban on 2009-01-01"))
    >>> said.what
    '2009-01-01没有可依据的规定：CPI同比启动线（城镇）'
    """
    return Fault(_said(fault.what, language), fault.where, fault.expected, fault.got, _said(fault.hint, language))


def _said(text: str, language: str) -> str:
    for pattern, zh, en in GAPS:
        if found := re.fullmatch(pattern, text):
            parts = {key: part or "" for key, part in found.groupdict().items()}
            named = {
                "name": law_label(parts.get("name", ""), language),
                "group": _in_brackets(group_label(parts.get("group", ""), language), language),
                "series": series_label(parts.get("series", ""), language),
            }
            return (en if language == "en" else zh).format(**{**parts, **named})
    return text


def _in_brackets(text: str, language: str) -> str:
    return text and (f" ({text})" if language == "en" else f"（{text}）")
