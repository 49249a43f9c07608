"""The equations of an ELES estimate as a table of the study of standards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aidlib.reports.context import Report
    from aidlib.standards.eles import Eles


def categories(report: Report, eles: Eles) -> None:
    """Show the equations by class, and that of all consumption below them."""
    import pandas as pd

    e = eles
    rows: list[tuple[Any, ...]] = [
        (*eles.table.words(c.name), c.alpha, c.beta, f"{c.t_beta:.1f}", _p(c.p_beta), c.r2, c.basic, f"{c.budget_share:.3f}")
        for c in e.categories
    ]
    rows.append(("消费合计", "all consumption", e.alpha, e.beta, None, None, e.r2, e.line, None))
    cells = [
        (report.t(zh, en), round(alpha), f"{beta:.3f}", t, p, f"{r2:.4f}", round(basic), share)
        for zh, en, alpha, beta, t, p, r2, basic, share in rows
    ]
    names = ["category", "alpha", "beta", "t_beta", "p_beta", "r2", "basic", "budget_share"]
    frame = pd.DataFrame(cells, columns=[f"eles_{name}" for name in names]).dropna(axis="columns", how="all")
    report.table(
        "categories", frame, "ELES各方程", "The equations of ELES",
        "截距和基本需求为元/人·年；各类的基本需求之和与合计只差表中的取整。",
        "Intercept and basic need in yuan per person and year; the classes add up to the whole but for rounding in the table.",
    )  # fmt: skip


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"
