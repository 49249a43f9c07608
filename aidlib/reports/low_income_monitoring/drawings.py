"""Figures of the monitoring report: alerts by cause, delivery by programme, aid by month, and the chain of one family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from aidlib.disclosure.suppression import HIDDEN, TOTAL
from aidlib.monitoring.alert_rules import DISPOSITIONS, AlertRule
from aidlib.monitoring.chain import KINDS
from aidlib.monitoring.ledgers import MONTHS_PER_YEAR
from aidlib.reports import fonts
from aidlib.reports.low_income_monitoring import words

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

    from aidlib.reports.context import Report
    from aidlib.reports.low_income_monitoring.protected import Protected

ROW_INCHES = 0.27
CHAIN_MONTHS = 12


def _stamped(report: Report, drawing: Drawing, synthetic: bool) -> Drawing:
    """Write on the picture itself that it is synthetic, so that it cannot travel without the word."""
    if synthetic:
        title = report.t("合成数据", "synthetic data")
        drawing.axes[0].set_title(title, loc="right", fontsize=9, color=fonts.COLOURS[1])
    return drawing


def by_cause(report: Report, published: Protected, rules: dict[str, AlertRule], synthetic: bool) -> Drawing:
    """Draw published totals by cause, coloured by disposition; a hidden one is a star."""
    from matplotlib import pyplot as plt

    names = [cause for cause in map(str, published.table.index) if cause in rules and published.total(cause) != 0]
    names = sorted(
        names, key=lambda cause: (DISPOSITIONS.index(rules[cause].rule.text), -(published.total(cause) or 0))
    )
    drawing, axes = plt.subplots(figsize=(7.2, 1.2 + ROW_INCHES * len(names)), layout="constrained")
    colour = dict(zip(DISPOSITIONS, fonts.COLOURS, strict=False))
    for at, cause in enumerate(names):
        count, kind = published.total(cause), rules[cause].rule.text
        axes.barh(at, count or 0, color=colour[kind], height=0.7)
        axes.annotate(
            HIDDEN if count is None else f"{count:,}",
            (count or 0, at),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    axes.set_yticks(range(len(names)), [words.group(report, cause) for cause in names])
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(report.t("户", "families"))
    _legend(drawing, {words.group(report, kind): shade for kind, shade in colour.items()})
    return _stamped(report, drawing, synthetic)


def _legend(drawing: Drawing, shades: dict[str, str]) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(color=shade, label=name) for name, shade in shades.items()]
    drawing.legend(handles=handles, loc="outside lower center", ncols=len(handles), frameon=False, fontsize=9)


def delivery(report: Report, published: Protected, synthetic: bool) -> Drawing | None:
    """Draw the published shares of help that came, by programme and layer; None where every share is hidden."""
    from matplotlib import pyplot as plt

    known = [row for row in published.whole if not row.endswith(TOTAL)]
    if not known:
        return None
    drawing, axes = plt.subplots(figsize=(7.2, 1.0 + ROW_INCHES * len(known)), layout="constrained")
    shares = [(published.cell(row, "delivered") or 0) / (published.total(row) or 1) * 100 for row in known]
    axes.barh(range(len(known)), shares, color=fonts.COLOURS[0], height=0.7)
    for at, share in enumerate(shares):
        axes.annotate(
            f"{share:.0f}%",
            (share, at),
            xytext=(-4, 0),
            textcoords="offset points",
            va="center",
            ha="right",
            color="white",
            fontsize=9,
        )
    axes.set_yticks(range(len(known)), [_named(report, row) for row in known])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(report.t("已落实的比例(%)", "share delivered (%)"))
    return _stamped(report, drawing, synthetic)


def _named(report: Report, row: str) -> str:
    programme, _, layer = row.partition("|")
    return f"{words.of(words.PROGRAMMES, programme, report)} · {words.of(words.LAYERS, layer, report)}"


def aid_by_month(report: Report, published: Protected, synthetic: bool) -> Drawing:
    """Draw how many families were paid by programme and month; a hidden count is a gap in the line."""
    from matplotlib import pyplot as plt

    drawing, axes = plt.subplots(figsize=(7.2, 2.8), layout="constrained")
    months = [str(month) for month in published.table.columns]
    for at, programme in enumerate(map(str, published.table.index)):
        cells = [published.cell(programme, month) for month in months]
        heights = [float("nan") if count is None else float(count) for count in cells]
        axes.plot(
            months, heights, marker="o", color=fonts.COLOURS[at], label=words.of(words.PROGRAMMES, programme, report)
        )
    axes.set_ylim(bottom=0)
    axes.set_ylabel(report.t("户（人）次", "families or persons"))
    axes.legend(loc="best", fontsize=9, frameon=False)
    return _stamped(report, drawing, synthetic)


def chain(report: Report, links: pl.DataFrame, last: int, title: str, synthetic: bool) -> Drawing:
    """Draw the chain of one family over a year: for the restricted folder only, never for a page.

    Parameters
    ----------
    links : polars.DataFrame
        From `Chains.of`.
    last : int
        Number of the last month drawn.
    """
    from matplotlib import pyplot as plt

    first = last - CHAIN_MONTHS + 1
    seen = links.filter(pl.col("until_month").is_null() | (pl.col("until_month") >= first))
    lanes = sorted(set(seen.select("kind", "what").iter_rows()), key=lambda lane: (KINDS.index(lane[0]), lane[1]))
    drawing, axes = plt.subplots(figsize=(8, 1.3 + ROW_INCHES * max(len(lanes), 1)), layout="constrained")
    for kind, what, month, until in seen.select("kind", "what", "month", "until_month").iter_rows():
        _link(axes, lanes.index((kind, what)), kind, max(month, first), last if until is None else until)
    axes.set_yticks(range(len(lanes)), [words.link(report, kind, what) for kind, what in lanes])
    ticks = range(first, last + 1)
    names = [f"{m // MONTHS_PER_YEAR}-{m % MONTHS_PER_YEAR + 1:02d}" for m in ticks]
    axes.set_xticks(ticks, names, rotation=45, ha="right", fontsize=8)
    axes.set_xlim(first - 0.6, last + 0.6)
    axes.set_ylim(len(lanes) - 0.5, -0.5)
    axes.set_title(title, loc="left")
    return _stamped(report, drawing, synthetic)


def _link(axes: Any, lane: int, kind: str, month: int, until: int) -> None:
    colour = fonts.COLOURS[KINDS.index(kind)]
    if kind == "layer":
        axes.plot([month - 0.4, until + 0.4], [lane, lane], color=colour, linewidth=7, solid_capstyle="butt", alpha=0.5)
    else:
        marker = {"aid": "s", "alert": "X", "need": "o", "visit": "^"}[kind]
        axes.plot(month, lane, marker=marker, color=colour, linestyle="")
