"""The section on how much the method finds: planted errors, found ones, and what is out of reach. Invented places only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.reports.low_income_monitoring import frames, words
from aidlib.reports.low_income_monitoring.sections import show_table

if TYPE_CHECKING:
    from aidlib.reports.low_income_monitoring.opening import Monitoring


def show_measured(opened: Monitoring) -> None:
    """Show recall and precision on planted errors, and what is out of reach; nothing where the registers are real."""
    report, found = opened.report, opened.measured
    if found is None:
        return
    report.heading("方法查得出多少", "How much the method finds")
    note = (
        "错误是事先埋入的，所以查出与否可以逐一核对。合成数据没有需要保护的人，本表列出全部数目；用真实登记时没有这一节。",
        "Errors were planted beforehand, so that each can be checked. There is nobody to protect in synthetic data, so that this table holds all "
        "counts; with real registers this section does not exist.",
    )
    show_table(
        opened,
        "measured",
        frames.measured(report, found),
        ("埋入的错误、查出的和误报", "Planted errors, found, and false alarms"),
        note,
    )
    zh = report.language == "zh"
    for name, rows, title in (
        ("out_of_reach", found.out_of_reach, ("比对够不着的错误及原因", "Errors out of reach of a comparison, and why")),
        ("harmless", found.harmless, ("看似有问题而没有的，是否误报", "What looks wrong and is not, and whether it was flagged")),
    ):  # fmt: skip
        if rows.empty:
            continue
        causes, reasons = [words.group(report, c) for c in rows["cause"]], rows["reason_zh" if zh else "reason_en"]
        laid = rows.assign(alert_cause=causes, reason=reasons)
        rest = [c for c in rows.columns if c not in ("cause", "reason_zh", "reason_en")]
        show_table(opened, name, laid[["alert_cause", "reason", *rest]], title)
