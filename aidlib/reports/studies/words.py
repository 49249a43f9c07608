"""What every study says in the same form: question, method, limits, references; the sentences stand in `data/study_words.csv`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib import tables

if TYPE_CHECKING:
    from aidlib.reports.context import Report

TABLE, COLUMNS = "study_words.csv", ("study", "part", "zh", "en")
HEADINGS = {
    "question": ("问题", "Question"),
    "method": ("数据与方法", "Data and method"),
    "limits": ("局限", "Limits"),
    "references": ("参考文献", "References"),
}


def opening(report: Report, **values: object) -> None:
    """Show the question and the method of a study; `values` fill what was computed."""
    _parts(report, ("question", "method"), values)


def ending(report: Report, **values: object) -> None:
    """Show the limits and the references of a study."""
    _parts(report, ("limits", "references"), values)


def _parts(report: Report, wanted: tuple[str, ...], values: dict[str, object]) -> None:
    rows = [row for row in tables.rows(TABLE, COLUMNS) if row["study"] == report.name]
    for kind in wanted:
        report.heading(*HEADINGS[kind])
        for row in rows:
            if row["part"] == kind:
                report.say(row["zh"].format(**values), row["en"].format(**values))


def percent(share: float, decimals: int = 0) -> str:
    """Write a share as a percentage.

    Examples
    --------
    >>> percent(0.347), percent(-0.04, 1)
    ('35%', '-4.0%')
    """
    return f"{share * 100:.{decimals}f}%"
