"""The two figures of the standard_indexing report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aidlib.reports import Report
from aidlib.reports.standard_indexing import labels
from aidlib.standards.announced import AREAS, Level
from aidlib.standards.study import Study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

FILLED = {"standard": "o", "guide": "s", "average": "D", "floor": "v"}
FEWEST_POINTS = 2


def trend(report: Report, levels: dict[int, dict[str, Level]], frame: pd.DataFrame) -> Drawing | None:
    """Levels by year on the left, consumption and income per head on the right; None where a trend needs more points."""
    from matplotlib import pyplot as plt

    if sum(len(held) for held in levels.values()) < FEWEST_POINTS:
        return None
    columns = [c for c in map(str, frame) if c.startswith(("consumption_", "income_"))]
    drawing, axes = plt.subplots(1, 2 if columns else 1, figsize=(9, 4), squeeze=False, layout="constrained")
    _levels(report, axes[0][0], levels)
    if columns:
        _per_head(report, axes[0][1], frame, columns)
    return drawing


def candidates(report: Report, study: Study) -> Drawing | None:
    """Each candidate after its bounds beside the announced level, one panel an area; None where there is no candidate."""
    from matplotlib import pyplot as plt

    areas = [area for area in study.areas if area.candidates]
    if not areas:
        return None
    height = 1.2 + 0.34 * max(len(area.candidates) for area in areas)
    drawing, axes = plt.subplots(1, len(areas), figsize=(4.8 * len(areas), height), squeeze=False, layout="constrained")
    for axis, area in zip(axes[0], areas, strict=True):
        names = [report.t(*labels.both(labels.METHODS, b.candidate.method)) for b in area.candidates]
        axis.set_yticks(range(len(names)), names)
        for at, bounded in enumerate(area.candidates):
            low, high = bounded.candidate.low, bounded.candidate.high
            if low is not None and high is not None:
                axis.plot(
                    [float(low) / 100, float(high) / 100], [at, at], color="C4", linewidth=5, solid_capstyle="butt"
                )
            axis.plot(
                float(bounded.candidate.fen_month) / 100, at, marker="|", markersize=11, color="C6", clip_on=False
            )
            axis.plot(float(bounded.final_fen_month) / 100, at, marker="o", color="C0", clip_on=False)
        axis.axvline(float(area.level.fen_month) / 100, color="C1", linestyle="--")
        axis.set_title(report.t(*labels.AREAS[area.level.area]), loc="left")
        axis.set_xlabel(report.t("元/月", "yuan a month"))
        axis.margins(x=0.08)
        axis.set_ylim(len(names) - 0.4, -0.6)
    _legend(report, axes[0][0])
    return drawing


def comparison(report: Report, frame: pd.DataFrame) -> Drawing:
    """The table of `aidlib.standards.compare`: one dot a method with its range or twice its error, the announced level dashed."""
    from matplotlib import pyplot as plt

    drawing, axis = plt.subplots(figsize=(7, 1.2 + 0.34 * len(frame)), layout="constrained")
    methods = frame[frame["method"] != "announced"].reset_index(drop=True)
    numbers = methods[["yuan_month", "low", "high", "se"]].astype(float).to_numpy()
    for at, (line, low, high, se) in enumerate(numbers):
        axis.plot([low, high], [at, at], color="C4", linewidth=5, solid_capstyle="butt")
        axis.errorbar(line, at, xerr=2 * se, color="C6", capsize=3, marker="o", markerfacecolor="C0")
    for level in frame.loc[frame["method"] == "announced", "yuan_month"]:
        axis.axvline(level, color="C1", linestyle="--", label=report.t("公布的标准", "announced"))
        axis.legend(frameon=False, fontsize=8)
    axis.set_yticks(range(len(methods)), [report.t(*labels.both(labels.METHODS, name)) for name in methods["method"]])
    axis.set_xlabel(report.t("元/月", "yuan a month"))
    axis.margins(x=0.08, y=0.12)
    return drawing


def _levels(report: Report, axis: Axes, levels: dict[int, dict[str, Level]]) -> None:
    for colour, area in enumerate(AREAS):
        points = [(year, held[area]) for year, held in levels.items() if area in held]
        for kind, where in dict.fromkeys((level.kind, labels.part(report, level)) for _, level in points):
            same = [
                (year, float(level.fen_month) / 100)
                for year, level in points
                if (level.kind, labels.part(report, level)) == (kind, where)
            ]
            name = report.t(*labels.AREAS[area]) + " " + report.t(*labels.KINDS[kind]) + report.t(*where)
            line = "-" if kind != "average" else ":"
            axis.plot(*zip(*same, strict=True), color=f"C{colour}", marker=FILLED[kind], linestyle=line, label=name)
    axis.set_title(report.t("标准", "Levels"), loc="left")
    axis.set_ylabel(report.t("元/月", "yuan a month"))
    _finish(axis)


def _per_head(report: Report, axis: Axes, frame: pd.DataFrame, columns: list[str]) -> None:
    from aidlib.reports.text import word

    for at, column in enumerate(columns):
        known = frame[["year", column]].dropna()
        style: dict[str, Any] = {"linestyle": "-" if column.startswith("consumption") else "--", "marker": "."}
        axis.plot(
            known["year"].astype(int),
            known[column].astype(float) / 1000,
            color=f"C{at}",
            label=word(column, report.language),
            **style,
        )
    axis.set_title(report.t("人均消费支出与收入", "Consumption and income per head"), loc="left")
    axis.set_ylabel(report.t("千元/年", "thousand yuan a year"))
    _finish(axis)


def _finish(axis: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set_ylim(bottom=0)
    axis.legend(fontsize=8, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)


def _legend(report: Report, axis: Axes) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color="C1", linestyle="--", label=report.t("公布的标准", "announced")),
        Line2D([], [], color="C6", marker="|", markersize=11, linestyle="", label=report.t("测算值", "method")),
        Line2D([], [], color="C0", marker="o", linestyle="", label=report.t("适用上下限后", "after the bounds")),
    ]
    axis.figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False, fontsize=8)
