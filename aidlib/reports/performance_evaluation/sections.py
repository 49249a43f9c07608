"""The published part of the report: summary, form, data, standards, recipients and money, price linkage, candidates."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.money import decimal_text
from aidlib.reports.official_form import words
from aidlib.reports.official_form.document import document
from aidlib.reports.official_form.text import actual_text, grade_line
from aidlib.reports.official_form.workbook import workbook
from aidlib.reports.performance_evaluation import drawings_published, finding, published, summary
from aidlib.reports.performance_evaluation.cells import Row, frame
from aidlib.reports.performance_evaluation.evaluation import Evaluation
from aidlib.reports.performance_evaluation.outlook import show_outlook
from aidlib.reports.price_linkage import drawing as linkage_drawing
from aidlib.reports.price_linkage import frames as linkage_frames
from aidlib.reports.price_linkage import sentences as linkage_sentences
from aidlib.reports.standard_indexing import drawings as indexing_drawings
from aidlib.reports.standard_indexing import tables as indexing_tables

if TYPE_CHECKING:
    import pandas as pd

YUAN_MONTH = ("元/月", "yuan a month")
CANDIDATE_COLUMNS = (
    "area", "method", "candidate_yuan_month", "candidate_yuan_month_status", "range_yuan_month", "bounded_yuan_month",
    "bounded_yuan_month_status", "candidate_less_announced", "candidate_less_announced_status", "sources",
)  # fmt: skip
READINGS: tuple[str, str] = (
    "有“来源”的实际值由法规库中当地或所在省的文件推定，是本报告的读法，以考评方认定为准。",
    "Actual values with a source are inferred from local or provincial instruments: our reading; the evaluator decides.",
)
PUBLISHED = ("各地公布数，见“法律与数据依据”", "published figures, see the data read")


def show_finding(found: Evaluation) -> None:
    """Show the finding and the summary card."""
    report = found.report
    said = finding.finding(report, found.study, found.form, found.population, found.months)
    report.finding([zh for zh, _ in said], [en for _, en in said])
    card = summary.card(report, found.study, found.form, found.population, found.months)
    report.heading("摘要", "Summary")
    note = (
        "空格为数据中没有，不是零。带“合成”标记的不是对当地的测量。点“来源”可看到每个数所据的条文和数据行。",
        "An empty cell means that nothing is in the data, not zero. What is marked synthetic does not measure the place. “Source” opens the "
        "rows behind each number.",
    )
    found.table("T1", "summary", card, ("摘要", "summary card"), note)


def show_form(found: Evaluation) -> None:
    """Show the official form, and offer it as a workbook and a document."""
    report, form = found.report, found.form
    report.heading("评分表", "The official form")
    report.say(
        grade_line(form),
        grade_line(form, "en"),
        [form.local.value(name) for name in ("eval_excellent", "eval_good", "eval_pass")],
    )
    readings = READINGS if form.evidence else ("", "")
    note = (
        f"自动得分按表内规则计算；最终得分含人工调整。来源没有写明规则的行列为未定，不代填。{readings[0]}",
        f"Automatic points follow the form's rules; final points include what people set. Rows whose rule the source does not state stay open. "
        f"{readings[1]}".strip(),
    )
    found.table("T17", "form", _form_rows(found), ("评分表", "official form"), note)
    name = f"{report.name}-{report.region.code}-{report.period}-{form.rubric}"
    report.download(
        f"{name}.xlsx",
        workbook(form, report.language),
        "下载评分表（xlsx，公式可用）",
        "Download the form (xlsx, live formulas)",
    )
    report.download(f"{name}.docx", document(form, report.language), "下载评分表（docx）", "Download the form (docx)")


def _form_rows(found: Evaluation) -> pd.DataFrame:
    at, rows = int(found.report.language == "en"), list[Row]()
    for scored in found.form.card.rows:
        row, held = scored.criterion, found.form.evidence.get(scored.criterion.indicator)
        reason = (scored.override.reason or ("未说明理由", "no reason given")[at]) if scored.override else ""
        rows.append({
            "pe_head": f"{row.head} / {row.item}", "pe_indicator": row.indicator, "pe_points": f"{float(row.weight):g}",
            "pe_target": words.target(row, at), "pe_actual": None if scored.actual is None else actual_text(scored, at),
            "pe_automatic": _points(scored.automatic), "pe_final": _points(scored.final), "remark": reason,
            "sources": list(held.rows) if held else [],
        })  # fmt: skip
    card = found.form.card
    rows.append({"pe_head": words.TOTAL[at], "pe_indicator": "", "pe_points": "100", "pe_automatic": _points(card.automatic),
                 "pe_final": card.shown(), "remark": f"{words.UNDECIDED[at]} {float(card.undecided):g}", "sources": []})  # fmt: skip
    return frame(rows)


def _points(points: Fraction | None) -> str | None:
    return None if points is None else decimal_text(points, 2)


def show_standards(found: Evaluation) -> None:
    """Show levels and what they are worth, their course beside prices, and those of comparable places."""
    report = found.report
    report.heading("公布数据：标准与保障水平", "Published: levels and what they are worth")
    note = (
        "占比为全年标准与上年人均数之比。所用消费、收入不是当地或不是同一城乡口径的，在“对照”栏注明。",
        "Shares are a year of the level over last year's figure per head. The base column names figures that are not the place's own or not "
        "of the same area.",
    )
    if not found.table("T3", "standards", published.standards(report), ("标准与保障水平", "levels and adequacy"), note):
        report.say("数据中没有当年的标准。", "No level is known for the year.")
    _show_trend(found)
    for area, (spread, places) in published.spread(report).items():
        words_ = {"urban": ("城市", "urban"), "rural": ("农村", "rural")}[area]
        report.say(
            f"T12 下辖{places}个地区{words_[0]}标准的泰尔指数为{spread.total:.4f}（各地同等权重；0为相同）。",
            f"T12 Theil index of {places} {words_[1]} levels below: {spread.total:.4f} (places count alike; 0 means equal).",
        )
        found.shown.add("T12")


def _show_trend(found: Evaluation) -> None:
    report, year = found.report, found.study.year
    place = (report.region.name_zh, report.region.name("en"))
    found.figure(
        "F1", "trend", drawings_published.trend(report, year), ("标准与物价", "levels and prices"),
        (f"{place[0]}历年标准，与首年标准随居民消费价格上涨的数额对照", f"Levels of {place[1]} by year, beside the first one taken along consumer prices"),
        YUAN_MONTH, report.t("见数据表", "see the data"), PUBLISHED,
    )  # fmt: skip
    dots = drawings_published.dots(report, year)
    count = 0 if dots is None else dots[1]["pe_place"].nunique()
    found.figure(
        "F6", "places", dots, ("各地标准（不是排名图）", "levels of places (not a ranking)"),
        (f"{place[0]}与其他{count - 1}个地区{year}年公布标准的点图", f"Dots: levels of {year} of {place[1]} and {count - 1} other place{'s' if count > 2 else ''}"),
        YUAN_MONTH, report.t(f"{count}个地区", f"{count} places"), PUBLISHED,
    )  # fmt: skip


def show_work(found: Evaluation) -> None:
    """Show published recipients, money, and what follows from both."""
    report = found.report
    report.heading("公布数据：人数与资金", "Published: recipients and money")
    note = (
        "只列当年或上一年公布的数，时期见表；变动只在同类时期之间计算。增减原因不在数据中。",
        "Figures of the year or the one before, with their periods; changes compare like periods. Reasons of entries and exits are not in the data.",
    )
    known = [
        found.table("T4", "caseload", published.caseload(report), ("公布的对象人数", "published head-counts"), note),
        found.table("T5", "spending", published.spending(report), ("公布的资金（元）", "published spending (yuan)")),
        found.table("T5", "rates", published.rates(report), ("保障面与人均补助", "coverage and payments"),
                    ("年末人数代替月均的，标为估算。", "Where heads at a year's end stand for the months' mean the result is estimated.")),
    ]  # fmt: skip
    if not any(known):
        report.say(
            "没有找到当地当年或上一年公布的低保、特困、临时救助人数和资金。",
            "No published recipients or spending of the year or the one before was found for the place.",
        )


def show_linkage(found: Evaluation) -> None:
    """Show the year's months of price linkage, and the chance of a start after them."""
    _show_months(found)
    show_outlook(found)


def _show_months(found: Evaluation) -> None:
    report, months = found.report, found.months
    report.heading("公布数据：价格补贴联动", "Published: price linkage")
    table = linkage_frames.history(months, report.language)
    note = (
        "金额只列判断为启动的月份；估算指数的误差见价格联动报告。",
        "Amounts stand where a month started; errors of estimates are in the price-linkage report.",
    )
    found.table("T18", "linkage", table, ("逐月判断与每人金额", "month by month"), note)
    parts = [(group, *summary.months_paid(months, group)) for group in ("dibao_urban", "dibao_rural")]
    if any(count for _, count, _ in parts):
        names = {"dibao_urban": ("城市低保", "urban dibao"), "dibao_rural": ("农村低保", "rural dibao")}
        zh = "，".join(f"{names[g][0]}每人{summary.yuan_text(fen)}元（{count}个月）" for g, count, fen in parts)
        en = ", ".join(
            f"{names[g][1]} {summary.yuan_text(fen)} yuan a person ({count} months)" for g, count, fen in parts
        )
        report.say(
            f"按启动月份合计（含估算）：{zh}。指数月份，不是发放月份。",
            f"In all, estimates included: {en}. Index months, not months of payment.",
        )
    if all(month.outcome == "undetermined" for month in months):
        return
    drawn = linkage_drawing.draw(months, report.language)
    found.figure(
        "F9", "linkage_figure", (drawn, table), ("指数、启动线与启动月份", "indices, lines and months that started"),
        linkage_sentences.alt(report.region, months), ("百分点；元/人·月", "percentage points; yuan per person and month"),
        report.t("12个月", "12 months"), PUBLISHED,
    )  # fmt: skip


def show_candidates(found: Evaluation) -> None:
    """Show standards by method beside the announced one; the standard_indexing report tells how each comes about."""
    report = found.report
    report.heading("标准测算值", "Candidates by method")
    table = indexing_tables.candidates(report, found.study)
    kept = [column for column in CANDIDATE_COLUMNS if column in table]
    note = ("只供参考，标准由有权的人民政府确定；方法和上下限见标准制定报告。",
            "For information: the decision is the authority's. Methods and bounds stand in the standards report.")  # fmt: skip
    if not found.table("T20", "candidates", table[kept], ("各方法测算值（元/月）", "candidates (yuan a month)"), note):
        report.say("现有数据不足以得出任何测算值。", "The data does not support any candidate.")
        return
    drawn = indexing_drawings.candidates(report, found.study)
    found.figure(
        "F10", "candidates_figure", None if drawn is None else (drawn, table[kept].drop(columns="sources")),
        ("测算值与公布标准", "candidates and the announced level"),
        ("各方法测算值（点）与公布标准（虚线）的比较", "Candidates (dots) beside the announced level (dashed)"),
        YUAN_MONTH, str(len(table)), PUBLISHED,
    )  # fmt: skip
