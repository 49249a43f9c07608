"""Persons paid and spending of the coming months, as a table with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.prices.outlook_cost import Spending

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

PERSONS_UNIT, FEN_UNIT = 10**4, 10**8
COLUMNS = [
    "outlook_month",
    "outlook_persons",
    "outlook_persons_interval",
    "outlook_yuan",
    "outlook_yuan_interval",
    "outlook_persons_status",
]


def monthly(report: Report, due: Spending) -> None:
    """Show persons and spending by month, where any head-count is known."""
    if due.by_month:
        report.table(
            "outlook_spending", by_month(due), "各月预计发放人数和支出", "Persons paid and spending expected by month",
            "预计值已乘以启动可能性；90%区间按模拟路径，不启动的路径人数和支出为零。",
            "Means include the chance that payment does not start; 90% intervals over the simulated paths, with nobody paid on those that do not.",
        )  # fmt: skip


def by_month(due: Spending) -> pd.DataFrame:
    """Lay out persons (in ten thousands) and spending (in millions of yuan) by month, each with its 90 % interval."""
    import pandas as pd

    rows = [(one.month, round(one.persons[0] / PERSONS_UNIT, 1), _ends(one.persons, PERSONS_UNIT), round(one.fen[0] / FEN_UNIT, 1),
             _ends(one.fen, FEN_UNIT), due.status) for one in due.by_month]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _ends(spread: tuple[float, float, float], unit: int) -> str:
    return f"{spread[1] / unit:,.1f}–{spread[2] / unit:,.1f}"
