"""Sections of the monitoring report: what was compared, flows, alerts, deadlines, delivery, gaps and doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from aidlib.disclosure.suppression import TOTAL
from aidlib.reports.low_income_monitoring import counts, drawings, finding, frames, words
from aidlib.reports.low_income_monitoring.protected import (
    Protected,
    by_department,
    protect,
    small,
)

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.low_income_monitoring.opening import Monitoring

HIDDEN_NOTE: words.Words = (
    "空格标“抑”的是少于十户（人）的数，或为防止推算而一并隐去的数；其余各处的数都由已公布的数算出。",
    "Cells marked supp. are counts below ten, or hidden so that those cannot be worked out; every other number of the page is worked out from "
    "published ones.",
)


def caption(opened: Monitoring, zh: str, en: str) -> words.Words:
    """Say in a caption that its table is synthetic."""
    return (f"[合成] {zh}", f"[synthetic] {en}") if opened.month.synthetic else (zh, en)


def show_table(
    opened: Monitoring, name: str, frame: pd.DataFrame, title: words.Words, note: words.Words = ("", "")
) -> None:
    """Show a table under a caption that says where it is synthetic; its columns are named in the glossary with `mon_`."""
    named = frame.rename(columns=lambda column: column if column == "sources" else f"mon_{column}")
    opened.report.table(name, named, *caption(opened, *title), *note)


def show_finding(opened: Monitoring) -> None:
    """Show what was found, and that the page is synthetic where it is."""
    said = finding.sentences(opened)
    opened.report.finding([zh for zh, _ in said], [en for _, en in said])


def show_flows(opened: Monitoring) -> None:
    """Show families by layer at the end of last month and of this one."""
    report = opened.report
    report.heading("进出与层级变动", "Flows in and out")
    frame = frames.matrix(report, opened.flows, opened.status)
    note = (
        "行为上月末所在层，列为本月末所在层；一户按困难程度最深的一层计。" + HIDDEN_NOTE[0],
        "Rows: layer at the end of last month; columns: at the end of this one. A family counts in its deepest layer. "
        + HIDDEN_NOTE[1],
    )
    show_table(opened, "flows", frame, ("各层户数的变动", "Families by layer, last month and this one"), note)


def show_alerts(opened: Monitoring) -> None:
    """Show alerts by disposition and age, by cause, department and state, as tables and a figure."""
    report = opened.report
    report.heading("预警", "Alerts")
    note = (
        "每户每个事由一条；年龄为当事人（整户的为申请人）的年龄，按法定未成年人和老年人年龄分组。没有公布的预警颜色分级，故不用颜色。"
        + HIDDEN_NOTE[0],
        "One alert a family and cause; age is that of the person concerned (of a whole family: its applicant), in the law's ages of minors "
        "and the old. No colour scheme of alerts is published, so none is used. " + HIDDEN_NOTE[1],
    )
    frame = frames.by_age(report, opened.by_age, opened.status)
    show_table(opened, "alerts_age", frame, ("预警，按处置和年龄", "Alerts by disposition and age"), note)
    frame = frames.by_cause(report, opened.by_cause, opened.rules, opened.status)
    show_table(opened, "alerts", frame, ("预警，按事由", "Alerts by cause"))
    said = finding.dispositions_words(opened)
    report.figure(
        "alerts_figure", drawings.by_cause(report, opened.by_cause, opened.rules, opened.month.synthetic),
        alt=(f"各事由预警户数的横条图。{said[0]}", f"Bars: families by cause of alert. {said[1]}"),
        caption=caption(opened, "各事由的预警户数", "Families by cause of alert"), unit=report.t("户", "families"),
        n=report.t("见表", "see the table"), source=finding.source(opened), as_of=report.period,
    )  # fmt: skip
    _departments(opened)
    _states(opened)


def _departments(opened: Monitoring) -> None:
    import pandas as pd

    found = by_department(opened.by_cause, opened.by_age, opened.rules)
    if not found:
        opened.report.say(
            "法规表没有收录这个月各项救助的主管部门，不按部门合计，也没有部门名单。",
            "The law book does not say which department was competent in this month: there are no totals and no lists by department.",
        )
        return
    status = ["suppressed" if count is None else opened.status for count in found.values()]
    cells = {
        "alert_department": [words.department(opened.report, name) for name in found],
        "alerts": list(found.values()),
        "alerts_status": status,
    }
    note = (
        "由已公布的数相加减；不止一个部门有隐去的事由时，这些部门不合计。",
        "Worked out from published totals; where several departments have hidden causes, theirs are not added up.",
    )
    show_table(
        opened,
        "departments",
        pd.DataFrame(cells, dtype="object"),
        ("预警，按主管部门", "Alerts by competent department"),
        note,
    )


def _states(opened: Monitoring) -> None:
    report = opened.report
    rows = opened.month.found.alerts.with_columns(row=pl.lit("alerts"))
    table = counts.crossed(rows, "row", "state", ["alerts"], list(words.STATES))
    if opened.by_age.total(TOTAL) is None:
        report.say(
            "预警总数不公布，故不列状态。", "The total of alerts is not published, so that their states are not listed."
        )
        return
    shown = opened.shown("states", table, "rows")
    if small(opened.month.found.ended.height):  # last month's total less those still here would tell of them
        shown = Protected(shown.table[[TOTAL]].reindex(columns=shown.table.columns).astype("Int64"), None)
    frame = frames.marked(shown, opened.status)
    laid = frames.with_rows(frame, "alert_count", [report.t("户次", "alerts")])
    note = (
        "“已暂缓”须写明理由和期限；所依据的事实一变，即再次触发。",
        "An alert is put to rest only with a reason and a day; it fires again as soon as what it rests on changes.",
    )
    show_table(opened, "states", laid, ("预警的状态", "States of alerts"), note)


def show_deadlines(opened: Monitoring) -> None:
    """Show by which day each kind of alert is to be dealt with, and how many are late."""
    import pandas as pd

    report = opened.report
    report.heading("时限", "Deadlines")
    causes = [cause for cause in opened.rules if opened.by_cause.total(cause)]
    table = counts.overdue(opened.month.found.alerts, causes)
    if table.empty:
        report.say("没有可以公布的预警合计，不列时限。", "No total may be published: deadlines are not listed.")
        return
    shown = frames.marked(opened.shown("deadlines", table, "rows"), opened.status)
    laid = frames.with_rows(shown, "alert_cause", [words.group(report, str(cause)) for cause in table.index])
    rules = [opened.rules[str(cause)] for cause in table.index]
    laid.insert(1, "alert_clock", [words.clock(report, rule) for rule in rules])
    laid.insert(2, "alert_deadline", [words.last_day(report, rule) for rule in rules])
    laid["sources"] = pd.Series([[v for v in (rule.clock, rule.length) if v] for rule in rules], dtype="object")
    note = (
        "只有法律写了天数或月数的才有期限；“自受理起”的，从预警之日起算是本报告的读法。工作日按国务院办公厅节假日安排推算，没有该年安排的不推算。",
        "Only where the law gives days or months is there a deadline; where it runs from acceptance, that the alert counts as acceptance is our "
        "reading. Working days follow the State Council's holidays; a year without them is not reckoned.",
    )
    show_table(
        opened,
        "deadlines",
        pd.DataFrame(laid),
        ("各事由的时限与逾期", "Deadlines by cause, and what is late"),
        note,
    )


def show_delivery(opened: Monitoring) -> None:
    """Show delivery of each programme by layer, and aid paid by month."""
    report = opened.report
    report.heading("各项救助落实情况", "Delivery by programme and layer")
    frame = frames.delivered(report, opened.delivery, opened.status)
    note = (
        "只计部门数据显示有需要、按规则一定可享受的人；“当地已覆盖的才有”一类不计。" + HIDDEN_NOTE[0],
        "Only persons whose need a department knows and who are entitled for certain; what depends on local cover is left out. "
        + HIDDEN_NOTE[1],
    )
    show_table(opened, "delivery", frame, ("各项救助在各层的落实", "Delivery by programme and layer"), note)
    drawing = drawings.delivery(report, opened.delivery, opened.month.synthetic)
    if drawing is not None:
        report.figure(
            "delivery_figure", drawing, alt=finding.delivery_words(opened), caption=caption(opened, "已落实的比例", "Share delivered"),
            unit="%", n=report.t("见表", "see the table"), source=finding.source(opened), as_of=report.period,
        )  # fmt: skip
    monthly = protect(counts.aid_by_month(opened.month.found), totals="none")
    report.figure(
        "aid_by_month", drawings.aid_by_month(report, monthly, opened.month.synthetic),
        alt=("折线图：近几个月各项基本生活救助发放的户（人）次。", "Lines: families or persons paid basic living aid in recent months."),
        caption=caption(opened, "逐月发放（按十取整）", "Paid month by month (to the nearest ten)"),
        unit=report.t("户（人）次", "families or persons"), n=report.t("见数据", "see the data"),
        source=finding.source(opened), as_of=report.period, data=_monthly(opened, monthly),
    )  # fmt: skip


def _monthly(opened: Monitoring, monthly: Protected) -> pd.DataFrame:
    names = [words.of(words.PROGRAMMES, str(row), opened.report) for row in monthly.table.index]
    return frames.with_rows(frames.marked(monthly, opened.status), "programme", names)
