"""The table of amounts tied to a standard: edge line, tekun, care, temporary aid, and lines published as amounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aidlib.law import LocalLaw, Value
from aidlib.money import decimal_text, yuan
from aidlib.reports import Report
from aidlib.reports.standard_indexing import labels
from aidlib.reports.standard_indexing.series import Row, filled
from aidlib.standards import derived
from aidlib.standards.derived import published_for
from aidlib.standards.study import AreaStudy, Study

if TYPE_CHECKING:
    import pandas as pd

ALTERNATIVE = "alternative_statement"


def derived_amounts(report: Report, study: Study) -> pd.DataFrame:
    """One row per amount that follows from the announced level."""
    rows = [_derived_row(report, amount, area) for area in study.areas for amount in area.derived]
    return filled([*rows, *(row for area in study.areas for row in _published_rows(report, area))])


def _derived_row(report: Report, amount: derived.Derived, area: AreaStudy) -> Row:
    groups = report.book.tables.groups
    narrower = " ".join(report.t(groups[g].zh, groups[g].en) for g in amount.group.split(":") if g in groups)
    unit = report.t(*labels.PERIODS[amount.period])
    published = amount.published.fen_month if amount.published else None
    other, base = _other(area.at.local, amount.rule), area.level.basis if amount.base else None
    return {
        "area": labels.pick(report, labels.AREAS[amount.area]),
        "item": " ".join(filter(None, (labels.pick(report, labels.DERIVED[amount.name]), narrower))),
        "rule": f"{amount.rule.text} {_unit(report, amount.rule)}",
        "amount": f"{yuan(amount.fen)} {unit}",
        "amount_status": amount.status,
        "rounded": yuan(amount.rounded_fen) if amount.rounded_fen is not None else None,
        "published_amount": yuan(published) if published is not None else None,
        "remark": " ".join(filter(None, (report.t(*amount.note), _said_otherwise(report, other)))),
        "sources": [row for row in (amount.rule, base, amount.published, other) if row],
    }


def _other(local: LocalLaw, rule: Value) -> Value | None:
    """Find what another source says of the same rule, where the law book keeps both."""
    held = local.book.groups(local.place, rule.name, local.on)
    return local.value(rule.name, ALTERNATIVE) if ALTERNATIVE in held else None


def _said_otherwise(report: Report, other: Value | None) -> str:
    if other is None:
        return ""
    where, number = other.source.title, decimal_text(other.number, 1)
    return report.t(f"另有说法：{number}倍（{where}）", f"another statement: {number} times ({where})")


def _published_rows(report: Report, area: AreaStudy) -> Iterator[Row]:
    """Lines a place published as amounts without a multiple: shown with the multiple they come to."""
    known = {amount.name for amount in area.derived}
    published = published_for(area.at.local, "low_income_line", area.level.area, area.level.part)
    if published is None or "low_income_line" in known:
        return
    times = decimal_text(published.fen_month / area.level.fen_month, 2)
    yield {
        "area": labels.pick(report, labels.AREAS[area.level.area]),
        "item": labels.pick(report, labels.DERIVED["low_income_line"]),
        "rule": report.t("公布数额", "published amount"),
        "amount": f"{yuan(published.fen_month)} {report.t(*labels.PERIODS['month'])}",
        "amount_status": published.status,
        "published_amount": yuan(published.fen_month),
        "remark": report.t(f"相当于低保标准的{times}倍", f"{times} times the dibao standard"),
        "sources": [published],
    }


def _unit(report: Report, rule: Value) -> str:
    units = {
        "x_standard": ("倍低保标准", "x standard"),
        "x_standard_month": ("倍月低保标准", "x monthly standard"),
        "x_standard_year": ("倍年低保标准", "x annual standard"),
        "x_min_wage": ("倍最低工资", "x minimum wage"),
    }
    return report.t(*units.get(rule.unit, ("元", "yuan")))
