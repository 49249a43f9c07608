"""The fan: the past of each index, the spread of its joint paths, and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aidlib.prices.outlook import Outlook
from aidlib.prices.words import index_words
from aidlib.reports import fonts
from aidlib.reports.price_linkage.drawing import LABELS

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

PAST = 18
LEVELS = ((0.05, 0.95, 0.2), (0.25, 0.75, 0.35))


def fan(report: Report, ahead: Outlook) -> None:
    """Show the fan figure."""
    report.figure(
        "outlook_fan",
        draw(ahead, report),
        alt=(f"各指数到{ahead.origin}的走势和此后{len(ahead.months)}个月预测的50%与90%区间，虚线为启动线。",
             f"Indices up to {ahead.origin} and the 50% and 90% bands of the {len(ahead.months)} months after; dashed: the lines."),
        caption=("预测扇形：中位数、50%与90%区间，虚线为启动线", "Fan: median, 50% and 90% bands; dashed: the line"),
        unit=report.t("同比涨幅，百分点", "rise on the year, percentage points"),
        n=report.t(f"{len(ahead.fires)}条联合路径", f"{len(ahead.fires)} joint paths"),
        source=report.t("国家统计局及各地公布的指数；预测为本库计算", "NBS and local releases; forecast by this library"),
        as_of=ahead.origin,
        data=numbers(ahead, report),
    )  # fmt: skip


def numbers(ahead: Outlook, report: Report) -> pd.DataFrame:
    """Lay out what the figure shows of the months ahead."""
    import pandas as pd

    rows = []
    for name, drawn in _shown(ahead).items():
        low, middle, high = np.quantile(drawn, (0.05, 0.5, 0.95), axis=0).round(2)
        rows += [(report.t(*index_words(name)), *cells) for cells in zip(ahead.months, low, middle, high, strict=True)]
    return pd.DataFrame(
        rows, columns=["linkage_index", "outlook_month", "outlook_low", "outlook_middle", "outlook_high"]
    )


def _shown(ahead: Outlook) -> dict[str, Any]:
    tested = {name for chance in ahead.chances for name in chance.condition.indices}
    return {name: drawn for name, drawn in ahead.drawn.items() if name in tested}


def draw(ahead: Outlook, report: Report) -> Any:
    """Draw one panel an index."""
    from matplotlib import pyplot as plt

    fonts.use()
    shown = _shown(ahead)
    drawing, axes = plt.subplots(
        1, len(shown), figsize=(max(3.6 * len(shown), 5), 3.1), layout="constrained", squeeze=False
    )
    for panel, (name, drawn) in zip(axes[0], shown.items(), strict=True):
        zh, en, colour = LABELS[name]
        _panel(panel, ahead, name, drawn, colour)
        panel.set_title(report.t(zh, en), loc="left", fontsize=10)
    axes[0][0].set_ylabel(report.t("同比涨幅(%)", "rise on the year (%)"))
    return drawing


def _panel(axes: Any, ahead: Outlook, name: str, drawn: Any, colour: str) -> None:
    known = ahead.indices[name].past.readings[-PAST:]
    at, after = np.arange(1 - len(known), 1), np.arange(len(ahead.months) + 1)
    last = float(known[-1].rise)
    axes.plot(at, [float(reading.rise) for reading in known], color=colour, linewidth=1.4)
    for low, high, alpha in LEVELS:
        ends = [np.concatenate([[last], np.quantile(drawn, level, axis=0)]) for level in (low, high)]
        axes.fill_between(after, *ends, color=colour, alpha=alpha, linewidth=0)
    axes.plot(after, np.concatenate([[last], np.median(drawn, axis=0)]), color=colour, linestyle=":")
    lines = {chance.month: chance.condition.line for chance in ahead.chances if name in chance.condition.indices}
    heights = [float(lines[month].high) if lines.get(month) else np.nan for month in ahead.months]  # type: ignore[union-attr]
    axes.step(after[1:], heights, where="mid", color=fonts.INK, linestyle=(0, (4, 3)), linewidth=1)
    ticks = [at[0], 0, len(ahead.months)]
    axes.set_xticks(ticks, [known[0].month, ahead.origin, ahead.months[-1]], fontsize=8)
