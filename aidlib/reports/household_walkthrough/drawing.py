"""The figure of the household walkthrough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.money import FEN_PER_YUAN
from aidlib.reports import Report
from aidlib.reports.household_walkthrough.wages import Point, Turn, marginal_rates

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

SHOWN_PERCENT = (-50, 250)


def schedule(report: Report, points: list[Point], found: list[Turn]) -> Drawing:
    """Aid and net income above, the marginal effective tax rate below; a dotted line where the category changes."""
    from matplotlib import pyplot as plt

    drawing, (above, below) = plt.subplots(
        2, 1, figsize=(8, 5.6), sharex=True, height_ratios=(2, 1), layout="constrained"
    )
    wages = [p.wage_fen / FEN_PER_YUAN for p in points]
    above.plot(
        wages, [p.net_fen / FEN_PER_YUAN for p in points], label=report.t("净收入(含救助)", "Net income with aid")
    )
    above.plot(wages, [p.aid_fen / FEN_PER_YUAN for p in points], label=report.t("每月救助", "Monthly aid"))
    above.set_ylabel(report.t("元/月", "yuan a month"))
    above.legend(frameon=False)
    below.step(wages[1:], [rate * 100 for rate in marginal_rates(points)], where="pre")
    below.set_ylim(SHOWN_PERCENT)
    below.set_ylabel(report.t("边际有效税率(%)", "Marginal rate (%)"))
    below.set_xlabel(report.t("月工资(元)", "Monthly wage (yuan)"))
    for turn in found:
        for axis in (above, below):
            axis.axvline(turn.wage_fen / FEN_PER_YUAN, color="0.5", linestyle=":")
    return drawing
