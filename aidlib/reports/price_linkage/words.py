"""Short words of the price-linkage report, in Chinese and English: verdicts, methods, law values."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from aidlib.law import Book, Value
from aidlib.money import Rounding, decimal_text
from aidlib.prices.method import Condition
from aidlib.prices.readings import Reading
from aidlib.prices.words import Said, index_words
from aidlib.regions import region
from aidlib.reports.wording import INSTRUMENTS

OUTCOMES = {
    "triggered": Said("启动", "started"),
    "not_triggered": Said("不启动", "not started"),
    "undetermined": Said("不能判断", "cannot tell"),
}
VERDICTS = {
    "met": Said("达到", "met"),
    "not_met": Said("未达到", "not met"),
    "cannot_tell": Said("不能判断", "cannot tell"),
}
WINDOWS = {
    "single": Said("单月", "single month"),
    "consecutive": Said("连续{}个月", "{} months in a row"),
    "months_mean": Said("{}个月平均", "mean of {} months"),
    "quarter_mean": Said("季度平均", "mean of the quarter"),
}
MODES = {
    "ceil": Said("见零进整到{}", "up to {}"),
    "half_up": Said("四舍五入到{}", "half-up to {}"),
    "floor": Said("舍去零头到{}", "down to {}"),
    "exact": Said("按分发放", "to the cent"),
}
STEPS = {100: Said("元", "the yuan"), 10: Said("角", "the jiao"), 1: Said("分", "the cent")}
NATIONAL_FORM = Said("国家文件的形式", "the national form")


def points(number: Fraction, decimals: int = 1) -> str:
    """Write percentage points with the one decimal an index is published with.

    Examples
    --------
    >>> points(Fraction(31, 5)), points(Fraction(909, 100))
    ('6.2', '9.1')
    """
    return decimal_text(number, decimals)


def rounding(rule: Value | None) -> Said:
    """Name a rounding rule.

    Examples
    --------
    >>> rounding(None).zh
    '当地舍入规则未知，未舍入'
    """
    if rule is None:
        return Said("当地舍入规则未知，未舍入", "local rounding unknown, unrounded")
    found: Rounding = rule.rounding
    mode, step = MODES[found.mode], STEPS.get(found.step_fen, Said(f"{found.step_fen}分", f"{found.step_fen} cents"))
    return Said(mode.zh.format(step.zh), mode.en.format(step.en))


def window(condition: Condition) -> Said:
    """Name how many months a condition looks at."""
    said = WINDOWS[condition.window]
    return Said(said.zh.format(condition.months), said.en.format(condition.months))


def how(reading: Reading | None) -> Said:
    """Say how a reading is known."""
    if reading is None:
        return Said("不在数据中，也无法估算", "not in the data, cannot be estimated")
    where = region(reading.place)
    return {
        "published": Said(f"{where.name_zh}公布", f"published, {where.name('en')}"),
        "derived": Said("由八大类指数汇总推算", "aggregated from the eight classes"),
        "food_from_class": Said(f"由食品烟酒类推算，误差按{reading.cases}个已公布实例测定",
                                f"from food, tobacco and alcohol; error measured on {reading.cases} published cases"),
        "compiled": Said(f"按低收入户支出编制(不是公布的SCPI)，误差按{reading.cases}个实例测定",
                         f"compiled with low-income spending (not a published SCPI); error measured on {reading.cases} cases"),
        "above": Said(f"借用{where.name_zh}数值估算，误差按{reading.cases}个实例测定",
                      f"{where.name('en')} stands in; error measured on {reading.cases} cases"),
        "supposed": Said("假设", "supposed"),
    }[reading.how]  # fmt: skip


def line(condition: Condition) -> str:
    """Write the line of a condition; a range where only a range is known, a dash where nothing is."""
    if condition.line is None:
        return "—"
    low, high = points(condition.line.low), points(condition.line.high)
    return (">" if condition.line.strict else "≥") + (f"{low}%" if low == high else f"{low}%–{high}%")


TEXTS = {
    "share": Said("标准×涨幅", "standard × rise"),
    "bands": Said("按涨幅分档", "bands of the rise"),
    "points": Said("每个百分点定额", "so much per point"),
    "food_points": Said("基础额加食品点数", "a base and food points"),
    "fixed": Said("定额", "a fixed amount"),
    "announced": Said("当地按月公布", "announced monthly by the place"),
    "scpi": Said("SCPI", "SCPI"),
    "cpi": Said("CPI", "CPI"),
    "food": Said("食品", "food"),
    "trigger": Said("启动补贴的那个指数", "the index that started payment"),
    "higher": Said("CPI与SCPI中较高者", "the higher of CPI and SCPI"),
    "single": Said("单月", "single month"),
    "consecutive": Said("连续各月", "months in a row"),
    "months_mean": Said("各月平均", "mean of months"),
    "quarter_mean": Said("季度平均", "mean of the quarter"),
    "workdays": Said("指数发布后若干工作日内", "within working days of release"),
    "release_month": Said("指数发布当月内", "in the month of release"),
    "quarterly": Said("按月测算、按季发放", "computed monthly, paid quarterly"),
    "in_time": Said("及时发放", "in time"),
}
AREAS = {"urban": Said("城镇", "urban "), "rural": Said("农村", "rural ")}
SIGNS = {">=": Said("达到启动线", "reaches its line"), ">": Said("超过启动线", "exceeds its line")}


def value(found: Value, book: Book, units: Mapping[str, Said]) -> Said:
    """Write a law value for a reader: codes in words, numbers with their unit.

    Parameters
    ----------
    found : Value
        The row.
    book : Book
        For the labels of names.
    units : mapping
        Labels by unit.
    """
    if found.name in INSTRUMENTS:
        return Said(f"《{found.source.title}》", found.source.title)
    if found.name == "linkage_conditions":
        return _conditions(found.text)
    if found.name == "linkage_base":
        name, _, area = found.text.partition(":")
        label, where = book.tables.names.get(name), AREAS.get(area, Said("", ""))
        return Said(where.zh + (label.zh if label else name), where.en + (label.en if label else name))
    if found.kind == "rounding":
        return rounding(found)
    if found.kind == "text":
        return TEXTS.get(found.text, Said(found.text, found.text))
    if found.kind == "flag":
        return Said("是", "yes") if found.flag else Said("否", "no")
    unit = units.get(found.unit, Said(found.unit, found.unit))
    return Said(f"{found.text}{unit.zh}", f"{found.text} {unit.en}")


def _conditions(text: str) -> Said:
    parts = [(token.rstrip(">="), token[len(token.rstrip(">=")) :]) for token in text.split()]
    names = [(" or ".join(index_words(i).en for i in names.split("|")), "或".join(index_words(i).zh for i in names.split("|")), SIGNS[sign])
             for names, sign in parts]  # fmt: skip
    return Said("；".join(zh + sign.zh for _, zh, sign in names), "; ".join(f"{en} {sign.en}" for en, _, sign in names))
