"""The compliance table: every target that could be looked at, with the precision of the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.money import decimal_text
from aidlib.reports import Report
from aidlib.reports.standard_indexing import labels
from aidlib.standards.compliance import Check
from aidlib.standards.study import Study

if TYPE_CHECKING:
    import pandas as pd

RATIOS = ("ratio", "x_consumption", "x_income", "x_min_wage", "pct")
SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


def compliance(report: Report, study: Study) -> pd.DataFrame:
    """One row per target: what is asked, what was measured, at which precision, and the verdict."""
    import pandas as pd

    return pd.DataFrame([_row(report, check) for check in study.checks])


def _row(report: Report, check: Check) -> dict[str, object]:
    name = report.book.tables.names[check.target.name]
    groups = report.book.tables.groups
    narrower = [
        report.t(groups[g].zh, groups[g].en) for g in check.target.group.split(":") if g in groups and g != check.area
    ]
    title = " · ".join(
        filter(None, (labels.pick(report, labels.AREAS[check.area]), report.t(name.zh, name.en), *narrower))
    )
    return {
        "target": title,
        "required": _required(report, check),
        "measured": _measured(report, check),
        "measured_status": check.measured.status if check.measured else None,
        "precision": _precision(report, check),
        "verdict": labels.pick(report, labels.VERDICTS[check.verdict]),
        "remark": report.t(*check.reason),
        "sources": [check.target],
    }


def _required(report: Report, check: Check) -> str:
    """Write what is asked: the sign, the number and the day it is due."""
    if check.target.kind == "flag":
        return report.t("有", "one exists")
    low, high = check.target.bounds if check.target.kind in ("number", "money") else (None, None)
    if low is None or high is None:
        return check.target.text
    if check.target.unit in RATIOS:
        scale = 1 if check.target.unit == "pct" else 100
        ends = [f"{decimal_text(end * scale, 1).removesuffix('.0')}%" for end in (low, high)]
    else:
        ends = [decimal_text(end, 2).removesuffix(".00") for end in (low, high)]
    text = f"{ends[0]}–{ends[1]}" if low != high else f"{SIGNS[check.op]} {ends[0]}"
    text += _unit(report, check)
    return f"{text} ({check.due})" if check.due else text


def _measured(report: Report, check: Check) -> str | None:
    found = check.measured
    if found is None:
        return None
    if check.target.unit in RATIOS:
        return f"{found.shown} = {decimal_text(found.value * 100, 2)}%"
    if check.target.unit == "x_standard":
        return f"{found.shown} = {decimal_text(found.value, 3)}"
    if check.target.kind == "money":
        return decimal_text(found.value, 2).removesuffix(".00") + _unit(report, check)
    names = report.book.tables.names
    held = [report.t(names[word].zh, names[word].en) for word in found.shown.split(", ") if word in names]
    return report.t("、", ", ").join(held) or found.shown


def _unit(report: Report, check: Check) -> str:
    if check.target.kind != "money":
        return ""
    return (
        report.t("元/年", " yuan a year") if check.target.unit.endswith("/year") else report.t("元/月", " yuan a month")
    )


def _precision(report: Report, check: Check) -> str | None:
    if check.measured is None:
        return None
    if check.decimals is None:
        return report.t("精确比较", "compared exactly")
    if check.decimals == 0:
        return report.t("按整数百分比比较", "in whole percent")
    return report.t(f"百分数保留{check.decimals}位小数", f"percent with {check.decimals} decimals")
