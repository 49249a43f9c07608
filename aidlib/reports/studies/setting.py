"""Study: what do the methods of setting a standard give on a published table by income group?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aidlib.errors import DataGap
from aidlib.prices.words import Said
from aidlib.regions import NATION
from aidlib.reports.price_linkage import frames
from aidlib.reports.studies.household_methods import FOOD, food_line
from aidlib.reports.studies.words import percent
from aidlib.standards import announced, grouped
from aidlib.standards.announced import Level
from aidlib.standards.candidate import Candidate
from aidlib.standards.candidates import engel_grid
from aidlib.standards.compare import compare
from aidlib.standards.eles import Eles, estimate
from aidlib.standards.relative import relative_from_median

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

SHARES = ("0.40", "0.50", "0.60")
NEAR_YEARS = 3
METHODS = {
    "eles": Said("ELES", "ELES"), "engel": Said("恩格尔法", "Engel"), "relative_line": Said("全国收入中位数的比例", "share of the national median"),
    "announced": Said("公布的水平", "announced"),
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Everything the study computed: the table by income group, the ELES, the candidates as a table, the announced level."""

    table: grouped.GroupTable
    eles: Eles
    lines: pd.DataFrame
    level: Level | None
    missing: tuple[Said, ...]


def candidates(report: Report, area: str, food_line_yuan: str = "") -> Found:
    """Estimate every method that the figures of the place and year allow; the Engel method takes the food line given.

    Raises
    ------
    DataGap
        No table by income group; those there are, are named.
    """
    code, year = report.region.code, int(report.period[:4])
    table = grouped.from_figures(report.figures, code, area, year)
    if table is None:
        raise DataGap(
            f"no {area} table by income group for {year}", where=str(report.region), hint=_known_tables(report)
        )
    made, missing = estimate(table), []
    every: list[Candidate] = [made.candidate()]
    engels = _engel(table, food_line_yuan)
    median = report.figures.find(NATION, f"disposable_income_pc_median:{area}", str(year))
    relative = (
        [replace(relative_from_median(median, at), method=f"relative_line:{at}") for at in SHARES] if median else []
    )
    if not engels:
        missing.append(
            Said(
                "表中没有分类消费，也没有给出食品线(参数food_line_yuan)，恩格尔法算不出来",
                "no classes in the table and no food line (parameter food_line_yuan): the Engel method cannot be used",
            )
        )
    if not relative:
        missing.append(Said("没有当年公布的收入中位数", "no median income is published for the year"))
    level = _nearest(report, area, year)
    if level is None:
        missing.append(
            Said(
                f"前后{NEAR_YEARS}年内没有公布的标准可对照",
                f"no standard announced within {NEAR_YEARS} years to compare with",
            )
        )
    elif level.year not in (year, year + 1):
        missing.append(Said(f"公布的水平是{level.year}年的，与{year}年的表隔{abs(level.year - year)}年，价格和收入都不同，只能粗略对照",
                            f"the announced level is of {level.year}, {abs(level.year - year)} years from the table: prices and incomes differ"))  # fmt: skip
    return Found(table, made, compare([*every, *engels, *relative], level), level, tuple(missing))


def _nearest(report: Report, area: str, year: int) -> Level | None:
    """Find the level announced for the year after the table, the year itself, or the nearest year known."""
    offsets = sorted(range(-NEAR_YEARS, NEAR_YEARS + 1), key=lambda offset: -1 if offset == 1 else abs(offset))
    found = (announced(report.book, report.figures, report.region.code, area, year + offset) for offset in offsets)
    return next((level for level in found if level), None)


def _known_tables(report: Report) -> str:
    """Name the tables of the place, or where there is none, those of every place."""
    known = grouped.tables(report.figures)
    own = [(area, year) for place, area, year in known if place == report.region.code]
    listed = own or known
    return "tables known" + (" here: " if own else ": ") + ", ".join(" ".join(map(str, one)) for one in listed)


def _engel(table: grouped.GroupTable, food_line_yuan: str) -> list[Candidate]:
    poorest = table.usable()[0]
    cost = food_line(poorest, food_line_yuan)
    if cost is None:
        return []
    own = [poorest.categories[FOOD] / poorest.consumption] if FOOD in poorest.categories else []
    grid = (*own, Fraction(1, 2), Fraction(3, 5))
    return [
        replace(one, method=f"engel:{float(at):.2f}") for at, one in zip(grid, engel_grid([cost], grid), strict=True)
    ]


def finding(report: Report, found: Found) -> None:
    """Say what ELES gives with its error, how far apart the methods are, and where the announced level lies."""
    own, e = found.lines[found.lines["method"] != "announced"], found.eles
    low, high = float(own["yuan_month"].min()), float(own["yuan_month"].max())
    ends = [line / 12 for _, line in e.without]
    zh = [
        f"ELES测算基本需求每人每月{e.line / 12:.0f}元(标准误{e.se / 12:.0f}元，95%区间{e.low95 / 12:.0f}–{e.high95 / 12:.0f}元，"
        f"逐一去掉一组为{min(ends):.0f}–{max(ends):.0f}元)，有{len(e.warnings)}条警告。"
        + (f"按人数加权为{e.line_weighted / 12:.0f}元。" if e.line_weighted else ""),
        _apart(len(own), low, high, e.se / 12)[0],
    ]
    en = [
        f"ELES puts basic need at {e.line / 12:.0f} yuan per person and month (standard error {e.se / 12:.0f}; 95% interval "
        f"{e.low95 / 12:.0f}–{e.high95 / 12:.0f}; {min(ends):.0f}–{max(ends):.0f} leaving out one group), with {len(e.warnings)} warnings."
        + (f" Weighted by persons: {e.line_weighted / 12:.0f}." if e.line_weighted else ""),
        _apart(len(own), low, high, e.se / 12)[1],
    ]
    if found.level:
        level = float(found.level.fen_month) / 100
        below = float((own["yuan_month"] > level).mean())
        kind = {"standard": "标准", "guide": "指导标准", "average": "平均标准", "floor": "最低标准"}[found.level.kind]
        far = found.level.year not in (found.table.year, found.table.year + 1)
        zh.append(f"公布的{kind}({found.level.year}年{'，与表不同期' if far else ''})每月{level:.0f}元，低于{percent(below)}的测算值。")
        en.append(
            f"The announced {found.level.kind} of {found.level.year}{', another year than the table,' if far else ''} is {level:.0f} yuan, "
            f"below {percent(below)} of the candidates."
        )
    report.finding(zh, en)


def _apart(count: int, low: float, high: float, error: float) -> tuple[str, str]:
    if count == 1:
        return "这张表只做得出ELES一个测算值。", "The table gives no candidate but ELES."
    return (
        f"{count}个测算值从{low:.0f}到{high:.0f}元，相差为ELES标准误的{(high - low) / error:.1f}倍。",
        f"{count} candidates run from {low:.0f} to {high:.0f} yuan, apart by {(high - low) / error:.1f} standard errors of ELES.",
    )


def table(report: Report, found: Found) -> None:
    """Show the candidates with error, range and warnings."""
    import pandas as pd

    rows = [
        (
            _name(report, r["method"]),
            round(r["yuan_month"]),
            _range(r),
            _whole(r["se"]),
            _share(r["of_announced"]),
            r["status"],
        )
        for r in found.lines.to_dict("records")
    ]
    columns = ["study_method", "study_yuan", "study_range", "study_se", "study_of_announced", "study_yuan_status"]
    frame = pd.DataFrame(rows, columns=columns).dropna(axis="columns", how="all")
    report.table("candidates", frame, f"{report.region.name_zh}{report.period}年分组表的测算值", f"{report.region.name('en')}, table of "
        f"{report.period}: candidates",
                 "括号内：恩格尔法所除的食品份额，或占中位数的比例。最低组的食品支出除以它自己的份额就是它的全部消费，不是另一种证据。",
        "In brackets: the food share divided by in the Engel method, or the share of the median. The lowest group's food over its own share is "
        "its whole consumption: no evidence of another kind.",
    )  # fmt: skip
    for zh, en in found.eles.warnings:
        report.say(f"ELES的警告：{zh}", f"ELES warns: {en}")
    for said in found.missing:
        report.say(f"{said.zh}。", f"{said.en[0].upper()}{said.en[1:]}.")


def _name(report: Report, method: str) -> str:
    """Say a method and the share it was used with."""
    name, _, share = method.partition(":")
    return frames.pick(METHODS[name], report.language) + (f" ({share})" if share else "")


def _known(number: float | None) -> bool:
    return number is not None and number == number


def _range(row: dict[Any, Any]) -> str | None:
    return f"{row['low']:.0f}–{row['high']:.0f}" if _known(row["low"]) else None


def _whole(number: float | None) -> int | None:
    return round(number) if number is not None and _known(number) else None


def _share(number: float | None) -> str | None:
    return percent(number) if number is not None and _known(number) else None


def figure(report: Report, found: Found) -> None:
    """Show candidates as points, the range of ELES, and the announced level as a line."""
    from matplotlib import pyplot as plt

    from aidlib.reports import fonts

    own = found.lines[found.lines["method"] != "announced"].reset_index(drop=True)
    drawing, axes = plt.subplots(figsize=(7, 0.4 * len(own) + 1.2), layout="constrained")
    axes.plot(own["yuan_month"], range(len(own)), "o")
    for at, row in enumerate(own.to_dict("records")):
        if _known(row["low"]):
            axes.plot([row["low"], row["high"]], [at, at], linewidth=1.2, color=fonts.COLOURS[0])
    axes.set_yticks(range(len(own)), [_name(report, str(name)) for name in own["method"]])
    if found.level:
        axes.axvline(float(found.level.fen_month) / 100, color=fonts.INK, linestyle="--", linewidth=1)
        axes.set_title(report.t("虚线：公布的水平", "dashed: the announced level"), loc="left", fontsize=9)
    axes.set_xlim(left=0)
    axes.set_xlabel(report.t("元/人·月", "yuan per person and month"))
    line = ("，虚线为公布的水平", "; dashed: the announced level") if found.level else ("", "")
    report.figure(
        "lines", drawing, alt=(f"各方法测算值的点图，横线为逐一去掉一组的范围{line[0]}。", f"Dots: candidates by method; bar: range leaving out one group{line[1]}."),
        caption=("各方法的测算值", "Candidates by method"), unit=report.t("元/人·月", "yuan per person and month"), n=len(own),
        source=report.t("公布的分组收支表", "published tables by income group"), as_of=report.period,
    )  # fmt: skip
