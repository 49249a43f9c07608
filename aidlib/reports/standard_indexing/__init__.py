"""The standard_indexing report: sentences, tables and figures. The notebook calls one function a section."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.reports import Report
from aidlib.reports.standard_indexing import drawings, finding, labels, sensitivity, series, tables, tied, verdicts
from aidlib.standards.checks import RATIO_TARGET
from aidlib.standards.study import Study, study

if TYPE_CHECKING:
    import pandas as pd

# The part of real growth the mixed method passes on: our illustration, shown as such; the sensitivity table varies it.
THETA = Fraction(1, 2)
TREND: labels.Words = (
    "标准与人均消费、收入；连线只连接有数的年份",
    "Levels, consumption and income; lines join the years that are known",
)
PUBLISHED: labels.Words = (
    "国家统计局及各地民政部门公布数，见法律与数据依据",
    "NBS and local civil affairs, see the data read",
)


def open_study(report: Report) -> Study:
    """测算本地本年。 Study the report's place and year.

    Raises
    ------
    aidlib.errors.LawFault, aidlib.errors.DataFault
        A table is broken.
    """
    return study(report.book, report.figures, report.region.code, int(report.period[:4]), THETA)


def show_finding(report: Report, found: Study) -> None:
    """Show the finding."""
    said = finding.sentences(report, found)
    report.finding([zh for zh, _ in said], [en for _, en in said])


def show_series(report: Report, found: Study) -> None:
    """Show the levels, and consumption, income and prices by year, as tables and a figure."""
    report.heading("标准、消费、收入与物价", "Standards, consumption, income and prices")
    levels = series.levels_by_year(report, found.year)
    if not levels:
        report.say("没有可列出的标准。", "There is no level to list.")
        return
    report.table(
        "levels", series.levels_table(report, levels), "历年标准（元/月）", "Levels (yuan a month)", *series.KIND_NOTE
    )
    classes = series.classes_table(report, found.year)
    if not classes.empty:
        report.table(
            "classes",
            classes,
            f"{found.year}年省定最低标准（元/月）",
            f"Lowest standards permitted, {found.year} (yuan a month)",
        )
    frame = series.references_table(report, min(levels), found.year)
    if frame.empty:
        report.say(
            "数据中没有这些年份的消费、收入或物价数。",
            "The data holds no consumption, income or price figure for these years.",
        )
    else:
        report.table(
            "references",
            frame,
            "人均消费支出、可支配收入与物价",
            "Consumption, income and prices",
            *series.basis_note(report),
        )
    _show_trend(report, found, levels, frame)


def _show_trend(report: Report, found: Study, levels: series.ByYear, frame: pd.DataFrame) -> None:
    drawing = drawings.trend(report, levels, frame)
    if drawing is None:
        report.say("只有一个标准数，不作趋势图。", "One level only: no trend is drawn.")
        return
    report.figure(
        "trend", drawing, alt=finding.announced(report, found), caption=TREND,
        unit=report.t("元/月；千元/年", "yuan a month; thousand yuan a year"), n=len(levels),
        source=report.t(*PUBLISHED), as_of=str(found.year),
    )  # fmt: skip


def show_candidates(report: Report, found: Study) -> None:
    """Show candidates against the announced level, as a table and a figure, and the methods that could not be used."""
    report.heading("测算值与公布标准", "Candidates and the announced standard")
    frame = tables.candidates(report, found)
    if frame.empty:
        report.say("现有数据不足以得出任何测算值。", "The data does not support any candidate.")
    else:
        part, levels = (
            labels.share(THETA, 0),
            [(labels.AREAS[a.level.area], labels.short(a.level.fen_month)) for a in found.areas],
        )
        note = (
            f"公布数：{'，'.join(f'{words[0]}{text}' for words, text in levels)}。“物价加部分实际增长”按实际增长的{part}计入，"
            "这一比例是本报告的示例。数据中没有取整规则的地方不取整。",
            f"Announced: {', '.join(f'{words[1].lower()} {text}' for words, text in levels)}. “Prices and part of real growth”"
            f" passes on {part} of real growth: our illustration. Not rounded where no rule is known.",
        )
        report.table("candidates", frame, "各方法测算值（元/月）", "Candidates by method (yuan a month)", *note)
        _show_candidates_figure(report, found)
    for area in found.areas:
        for _, words in area.missing:
            report.lack(
                f"{labels.AREAS[area.level.area][0]}：{words[0]}", f"{labels.AREAS[area.level.area][1]}: {words[1]}"
            )
    lacking = tables.missing(report, found)
    report.table("methods_missing", lacking, "未能使用的方法及所缺数据", "Methods not used, and what they lack")


def show_bounds(report: Report, found: Study) -> None:
    """Show the bounds in their order and which of them changed a candidate."""
    report.heading("上下限", "Bounds")
    frame = tables.bounds(report, found)
    if frame.empty:
        report.say("没有测算值，不适用上下限。", "There is no candidate to hold to a bound.")
        return
    note = (
        "依次适用；没有列出起作用的方法的，没有改变任何测算值。城乡比路径由上次比例到目标期限匀速计算，是我们的读法。",
        "Applied in this order; a bound beside which no method is named changed nothing."
        " The ratio path rises evenly to its due year: our reading.",
    )
    report.table("bounds", frame, "上下限及其作用", "Bounds and what they did", *note)


def show_derived(report: Report, found: Study) -> None:
    """Show the amounts tied to the announced level."""
    report.heading("与标准挂钩的数额", "Amounts tied to the standard")
    frame = tied.derived_amounts(report, found)
    if frame.empty:
        report.say(
            "没有可计算的挂钩数额：平均标准和最低标准不作为计算依据，当年没有规定的倍数也不计算。",
            "No tied amount: averages and floors are no base for one, nor is a year without a multiple in force.",
        )
        return
    note = (
        "按最低工资比例计算的项目，在当地适用哪一档最低工资不明时不计算。",
        "Shares of the minimum wage are left out where it is not known which tier applies.",
    )
    report.table("derived", frame, "挂钩数额", "Tied amounts", *note)


def show_adequacy(report: Report, found: Study) -> None:
    """Show what the level is worth, and the rural to urban ratio."""
    report.heading("保障水平", "Adequacy")
    frame = tables.adequacy_ratios(report, found)
    if frame.empty:
        for area in found.areas:
            words = labels.AREAS[area.level.area]
            year = found.year - 1
            lacking = (
                f"缺{year}年{words[0]}人均消费支出和可支配收入（当地及所在省），不能计算{words[0]}保障水平。",
                f"No consumption or income of {year} for the place or its province: {words[1].lower()} adequacy is not known.",
            )
            report.say(*lacking)
            report.lack(*lacking)
    else:
        report.say(*finding.worth(report, found))
        report.table(
            "adequacy", frame, "年标准与上年人均数之比", "A year of the level over last year's figure per head"
        )
    _say_ratio(report, found)


def show_cost(report: Report, found: Study) -> None:
    """Show the range of the cost of the last step, or say that no head-count is published."""
    report.heading("提标所需资金", "Cost of the last step")
    frame = tables.cost(report, found)
    if frame.empty and any(area.level.kind in ("guide", "floor") for area in found.areas):
        report.say(
            "指导标准和最低标准的变动不等于各地支出的变动，不估算资金。",
            "A change of a guide or floor is not a change of what places pay: the cost is not estimated.",
        )
        return
    if frame.empty:
        lacking = (
            f"缺{found.year}年或上一年当地低保人数（或缺上次标准），不估算资金。",
            f"No head-count of the place for {found.year} or the year before (or no level before): the cost is not estimated.",
        )
        report.say(*lacking)
        report.lack(*lacking)
        return
    note = (
        "低值：补助水平随标准同比例提高（数据中没有补助水平时为零）；高值：每人补差增加全部差额。不含因提标新增的对象。"
        "人数如只公布累计人次，按月数折算为月均数。",
        "Low: payments grow with the standard (nought where no average payment is in the data); high: everyone gains the whole"
        " difference. New recipients are not counted. Where only cumulative person-times are published, heads are their monthly mean.",
    )
    report.table("cost", frame, "提标所需资金区间", "Range of the cost of the last step", *note)


def show_sensitivity(report: Report, found: Study) -> None:
    """Show how far the candidates move with their inputs."""
    report.heading("敏感性", "Sensitivity")
    frame = sensitivity.sensitivity(report, found, THETA)
    if frame.empty:
        report.say("没有测算值，不作敏感性分析。", "There is no candidate to vary.")
        return
    report.table("sensitivity", frame, "测算值随取值的变动（元/月）", "How candidates move (yuan a month)")


def show_compliance(report: Report, found: Study) -> None:
    """Show every target the place can be tested on."""
    report.heading("指标核对", "Targets")
    frame = verdicts.compliance(report, found)
    if frame.empty:
        report.say("当年没有可核对的指标。", "There is no target to test for that year.")
        return
    note = (
        "“不能判定”不等于未达到，所缺数据见备注。",
        "“Cannot tell” is not “not met”; the remark names what is missing.",
    )
    report.table("compliance", frame, "指标核对", "Targets and verdicts", *note)


def _show_candidates_figure(report: Report, found: Study) -> None:
    drawing = drawings.candidates(report, found)
    if drawing is None:
        return
    words = finding.announced(report, found)
    report.figure(
        "candidates_figure", drawing, alt=(f"各方法测算值与公布标准的比较。{words[0]}", f"Candidates beside the announced level. {words[1]}"),
        caption=("测算值与公布标准", "Candidates and the announced level"), unit=report.t("元/月", "yuan a month"),
        n=sum(len(area.candidates) for area in found.areas), source=report.t(*PUBLISHED), as_of=str(found.year),
    )  # fmt: skip


def _say_ratio(report: Report, found: Study) -> None:
    words = finding.ratio(found)
    target = next((check.target for check in found.checks if check.target.name == RATIO_TARGET), None)
    report.say(*(words if words[0] else finding.NO_RATIO), sources=[target] if target else [])
