"""What closes the report: the data used, the caveats, what is missing, how editions are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.evaluation.panel import NOT_CAUSAL
from aidlib.reports.performance_evaluation import labels, published
from aidlib.reports.performance_evaluation.cells import frame
from aidlib.reports.performance_evaluation.evaluation import Evaluation
from aidlib.reports.performance_evaluation.missing import missing
from aidlib.reports.performance_evaluation.since import show_since

if TYPE_CHECKING:
    import pandas as pd

Words = labels.Words
NO_STANDARD: Words = (
    "所列不全是当地标准：指导、最低或平均标准不是任何一县的标准，只与同类相比。",
    "Not all levels are standards: a guide, floor or average is nobody's standard and is compared with its own kind only.",
)
PROVINCIAL: Words = (
    "人均消费、收入用的是全省数，占比因此偏低或偏高。",
    "Consumption and income are the province's: shares may be too low or too high for the place.",
)
STALE: Words = ("有的标准已过公布期限。", "Some levels are past their published term.")
OPEN: Words = ("评分表尚有未定分值。", "The form has open points.")
ESTIMATED: Words = ("部分月份的启动判断依据估算的指数。", "Some months are decided on estimated indices.")
LATER: Words = ("模拟用的规则晚于报告年份。", "The simulation's rules are later than the report's year.")
HIDDEN: Words = ("带“抑”的单元格因人数少而隐去。", "Cells marked as suppressed are hidden because few are behind them.")
ALONE: Words = (
    "没有给出上次用登记作的报告：隐去的单元格只在本次各表之间核对，没有与上次核对。",
    "No last edition made from a register was given: hidden cells are held against this edition's tables only, not against the last one's.",
)


def show_close(found: Evaluation) -> None:
    """Show the data used, the caveats, what is missing, and how to compare with the last edition."""
    report = found.report
    report.heading("数据、缺口与说明", "Data, gaps and caveats")
    found.table(
        "T2", "data_used", published.data_used(report), ("所用公布数据表", "published tables used"), _households(found)
    )
    found.table("T22", "caveats", _caveats(found), ("说明", "caveats"))
    show_since(found)
    report.table(
        "missing",
        missing(report, found.shown, simulated=found.population is not None),
        "没有列出的表和图，及所需数据",
        "Tables and figures left out, and the data they need",
    )
    report.say(NOT_CAUSAL["zh"], NOT_CAUSAL["en"])


def _households(found: Evaluation) -> Words:
    p = found.population
    if p is None:
        return ("没有使用住户数据。", "No household data was used.")
    kind = ("合成人口", "synthetic population") if p.kind == "synthetic" else ("登记", "register")
    return (
        f"住户数据：{kind[0]}，{p.n:,}户、{p.persons:,}人，未用{p.left_out:,}户。",
        f"Households: {kind[1]}, {p.n:,} households, {p.persons:,} persons; {p.left_out:,} left out.",
    )


def _caveats(found: Evaluation) -> pd.DataFrame:
    """T22: what a reader must keep in mind, only as far as it applies here."""
    study, p, report = found.study, found.population, found.report
    said: list[tuple[bool, Words]] = [
        (any(area.level.kind != "standard" for area in study.areas), NO_STANDARD),
        (any(figure.region != report.region.code for area in study.areas for figure, _ in area.adequacy), PROVINCIAL),
        (any(area.level.status == "stale" for area in study.areas), STALE),
        (bool(found.form.card.undecided), OPEN),
        (any(d.outcome_status == "estimated" and d.outcome != "undetermined" for d in found.months), ESTIMATED),
        (p is not None and p.kind == "synthetic", labels.SYNTHETIC_NOTE),
        (p is not None and p.on.year > study.year, LATER),
        (p is not None, HIDDEN),
        (p is not None and p.kind == "register" and not p.ledger.last, ALONE),
    ]
    applying = [words for holds, words in said if holds]
    return frame([{"item": str(at), "remark": report.t(*words)} for at, words in enumerate(applying, 1)])
