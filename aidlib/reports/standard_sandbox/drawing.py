"""The figure of the standard sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aidlib.reports import Report

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing


def curves(report: Report, steps: list[dict[str, Any]]) -> Drawing:
    """Caseload, cost and the gap closed against the change of the standard, one panel each, marked synthetic."""
    from matplotlib import pyplot as plt

    panels = (
        ("dibao_persons_per_10k", report.t("每万人低保人数", "Dibao persons per 10,000"), 1),
        ("cost_yuan_month_per_10k", report.t("每万人月支出(元)", "Cost per 10,000 (yuan a month)"), 1),
        ("gap_closed_share", report.t("缺口补足(%)", "Gap closed (%)"), 100),
    )
    drawing, axes = plt.subplots(1, len(panels), figsize=(10, 3.4), layout="constrained")
    across = [row["step_pct"] for row in steps]
    for axis, (name, title, scale) in zip(axes, panels, strict=True):
        known = [(x, float(row[name]) * scale) for x, row in zip(across, steps, strict=True) if row[name] is not None]
        axis.plot(*zip(*known, strict=True), marker="o")
        axis.axvline(0, color="0.6", linestyle=":")
        axis.set_title(title, loc="left")
        axis.set_xlabel(report.t("标准变动(%)", "Change of the standard (%)"))
        axis.set_ylim(bottom=0)
        axis.text(0.98, 0.04, report.t("合成人口", "synthetic"), transform=axis.transAxes, ha="right", color="0.4")
    return drawing
