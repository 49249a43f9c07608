"""Whether payment will start in the months after the year: the chances, never without the record of such forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.errors import DataGap
from aidlib.prices.forecast_past import Judged
from aidlib.prices.outlook import Outlook
from aidlib.prices.words import index_words
from aidlib.reports.performance_evaluation import labels
from aidlib.reports.performance_evaluation.evaluation import Evaluation
from aidlib.reports.price_linkage.ahead import chances, judgements, look, record
from aidlib.reports.price_linkage.drawing_ahead import fan
from aidlib.reports.price_linkage.rightness import NOTE, rightness

if TYPE_CHECKING:
    import pandas as pd

Words = labels.Words


def show_outlook(found: Evaluation) -> None:
    """Show the chance of a start in each of the six months after the year; nothing where there is no history or no record."""
    report = found.report
    try:
        ahead = look(report, found.months[-1].month)
    except DataGap:
        return
    judged = list(judgements(report, ahead))
    if not judged:
        return
    found.table("T19", "outlook", chances(ahead), (f"截至{ahead.origin}的数据：此后六个月达到启动条件的可能性",
                f"chance of a start in the six months after {ahead.origin}"), _about(ahead, judged))  # fmt: skip
    fan(report, ahead)
    note = (
        "1至6个月合并；布里尔分越小越好，“胜过”为负表示不如照旧或照多年平均。",
        "One to six months together; a lower Brier score is better, a negative gain is worse than 'as now' or the long-run share.",
    )
    found.table(
        "T19",
        "outlook_record",
        _short(record(judged, report)),
        ("同样方法过去的记录", "record of the same method"),
        note,
    )
    found.table("T19", "outlook_calibration", rightness(judged, report), ("过去给出的概率准不准", "were the chances right"), NOTE)
    for flag in ahead.flags:
        report.say(f"注意：{flag.zh}。", f"Mind: {flag.en}.")


def _short(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out what the price-linkage report tells."""
    return frame.drop(columns=["outlook_route", "outlook_coverage"])


def _about(ahead: Outlook, judged: list[Judged]) -> Words:
    asked = dict.fromkeys(
        name for chance in ahead.chances for name in chance.condition.indices if name in ahead.indices
    )
    untested = [index_words(name) for name in asked if name not in {one.index for one in judged}]
    zh = f"{'、'.join(name.zh for name in untested)}没有可以对照的记录。" if untested else ""
    en = f" No record for {', '.join(name.en for name in untested)}." if untested else ""
    return (
        f"预测，不是判断；只用截至{ahead.origin}的数据，方法见价格联动报告。{zh}",
        f"A forecast, not a decision, from data up to {ahead.origin}; the method is in the price-linkage report.{en}",
    )
