"""Cells and rows of the simulated tables: values with their status, both benefits side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.evaluation.sample import Sample
from aidlib.reports import Report
from aidlib.reports.performance_evaluation import labels
from aidlib.reports.performance_evaluation.population import Population

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, object]
TEXT_DECIMALS = 1


def both(p: Population) -> tuple[tuple[str, Sample], tuple[str, Sample]]:
    """Both benefits by name."""
    return ("roll", p.roll), ("rule", p.rule)


def named(report: Report, name: str) -> Row:
    """Begin a row with an indicator's name and meaning."""
    words, meaning = labels.INDICATORS[name]
    return {"pe_indicator": report.t(*words), "pe_meaning": report.t(*meaning)}


def cell(column: str, value: float | None, status: str, *, decimals: int = TEXT_DECIMALS) -> Row:
    """A share as percent with its status; nothing where it is hidden or cannot be computed."""
    text = None if value is None else f"{100 * value:.{decimals}f}%"
    return {column: text, f"{column}_status": status if status == "suppressed" or text else None}


def number(column: str, value: float | None, status: str) -> Row:
    """A plain number with its status; nothing where it is hidden or cannot be computed."""
    return {
        column: None if value is None else f"{value:.3f}",
        f"{column}_status": status if status == "suppressed" or value is not None else None,
    }


def frame(rows: list[Row], counts: tuple[str, ...] = ()) -> pd.DataFrame:
    """Make a frame of rows; columns of counts stay whole where some of them are hidden."""
    import pandas as pd

    found = pd.DataFrame(rows)
    whole = {key: pd.Series([row.get(key) for row in rows], dtype=object) for key in counts if key in found}
    return found.assign(**whole)


def fifth(report: Report, number: int) -> str:
    """Name a fifth of persons by income; the ends say which end they are."""
    ends = {1: ("（收入最低）", ", the poorest"), 5: ("（收入最高）", ", the richest")}.get(number, ("", ""))
    return report.t(f"第{number}组{ends[0]}", f"fifth {number}{ends[1]}")
