"""Monitoring as drawings: alerts by cause, delivery by programme, aid by month, and the chain of one family."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from aidlib.disclosure.suppression import TOTAL
from aidlib.monitoring.alerts import DISPOSITIONS
from aidlib.monitoring.ledgers import month_text
from aidlib.monitoring.monthly import KINDS, Chain
from aidlib.monitoring.protected import ByCause, Delivery, Monthly
from aidlib.views import drawing, fonts, sizing
from aidlib.words import word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FRAME_INCHES, ROW_INCHES, TREND_INCHES = 1.2, 0.27, 2.8
CHAIN_MONTHS = 12
MARGIN = 0.3
SMALL_FONT = 9
MARKERS = {"aid": "s", "alert": "X", "need": "o", "visit": "^"}


@sizing.register(ByCause)
def _(result: ByCause) -> tuple[int, float]:
    return _rows_high(int((result.to_frame()["alerts"].fillna(0) > 0).sum()))


@sizing.register(Delivery)
def _(result: Delivery) -> tuple[int, float]:
    return _rows_high(len(_programmes(result)))


@sizing.register(Monthly)
def _(result: Monthly) -> tuple[int, float]:
    return int(len(result.table) > 0), TREND_INCHES


@sizing.register(Chain)
def _(result: Chain) -> tuple[int, float]:
    return _rows_high(len({(link["kind"], link["what"]) for link in _links(result)}))


def _rows_high(rows: int) -> tuple[int, float]:
    """One panel as high as its rows need; none without rows."""
    return int(rows > 0), FRAME_INCHES + ROW_INCHES * rows


@drawing.register(ByCause)
def _by_cause(result: ByCause, ax: Axes, **options: Any) -> Axes:
    """Published totals by cause, coloured by disposition; hidden ones are not drawn."""
    frame = result.to_frame()
    frame = frame[frame["alerts"].fillna(0) > 0].assign(order=frame["alert_disposition"].map(DISPOSITIONS.index))
    frame = frame.sort_values(["order", "alerts"], ascending=[True, False]).astype({"alerts": int})
    for number, kind in enumerate(DISPOSITIONS):
        own = (frame["alert_disposition"] == kind).to_numpy()
        if not own.any():
            continue
        ax.barh(np.flatnonzero(own), frame["alerts"][own], color=fonts.COLOURS[number], height=0.7, label=word(kind))
    _rows(ax, [word(cause, "alert_cause") for cause in frame["alert_cause"]], frame["alerts"], "{:,}")
    ax.set_xlabel(word("families", "axis"))
    ax.legend(
        loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(DISPOSITIONS), fontsize=SMALL_FONT, columnspacing=1
    )
    return _stamped(ax, result.status)


@drawing.register(Delivery)
def _delivery(result: Delivery, ax: Axes, **options: Any) -> Axes:
    """Published shares of help that came, by programme and layer; nothing where every share is hidden."""
    known = _programmes(result)
    shares = [100 * (result.cell(row, "delivered") or 0) / (result.total(row) or 1) for row in known]
    ax.barh(range(len(known)), shares, color=fonts.COLOURS[0], height=0.7)
    _rows(ax, [f"{word(p, 'programme')} · {word(layer, 'layer')}" for p, layer in known], shares, "{:.0f}%")
    ax.set_xlim(0, 110)
    ax.set_xlabel(word("share_delivered", "axis"))
    return _stamped(ax, result.status)


def _programmes(result: Delivery) -> list[tuple[str, str]]:
    """Programmes and layers of which the share that came is published."""
    return [row for row in result.whole if row[1] != TOTAL]


@drawing.register(Monthly)
def _monthly(result: Monthly, ax: Axes, **options: Any) -> Axes:
    """Families and persons paid by programme and month; a month that was not handed in is a gap in the line."""
    months = list(map(str, result.table.columns))
    for number, (programme, row) in enumerate(result.table.astype("float64").iterrows()):
        ax.plot(months, row, marker="o", color=fonts.COLOURS[number], label=word(str(programme), "programme"))
    ax.set_xlim(-MARGIN, len(months) - 1 + MARGIN)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(word("families_or_persons", "axis"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(result.table), fontsize=SMALL_FONT)
    return _stamped(ax, result.status)


@drawing.register(Chain)
def _chain(result: Chain, ax: Axes, **options: Any) -> Axes:
    """The chain of one family over a year: for restricted lists only, never for a page."""
    first, last, seen = result.last - CHAIN_MONTHS + 1, result.last, _links(result)
    lanes = sorted({(link["kind"], link["what"]) for link in seen}, key=lambda lane: (KINDS.index(lane[0]), lane[1]))
    for number, kind in enumerate(KINDS):
        own = [link for link in seen if link["kind"] == kind]
        at = [lanes.index((kind, link["what"])) for link in own]
        begins = [max(link["month"], first) for link in own]
        if kind == "layer":
            ends = [last if link["until_month"] is None else link["until_month"] for link in own]
            ax.barh(
                at,
                np.subtract(ends, begins) + 0.8,
                left=np.subtract(begins, 0.4),
                height=0.3,
                color=fonts.COLOURS[number],
                alpha=0.5,
            )
        else:
            ax.plot(begins, at, marker=MARKERS[kind], color=fonts.COLOURS[number], linestyle="")
    _rows(ax, [" · ".join(dict.fromkeys((word(kind, "kind"), word(what, "what")))) for kind, what in lanes])
    ticks = range(last, first - 1, -3)
    ax.set_xticks(ticks, list(map(month_text, ticks)))
    ax.set_xlim(first - 0.6, last + 0.6)
    return _stamped(ax, "synthetic" if result.synthetic else "")


def _links(result: Chain) -> list[dict[str, Any]]:
    """The links of the year drawn."""
    ends = pl.col("until_month").fill_null(result.last)
    return result.links.filter(ends > result.last - CHAIN_MONTHS).to_dicts()


def _rows(ax: Axes, names: list[str], ends: Iterable[float] = (), label: str = "") -> None:
    """Name the rows, and write each number at the end of its bar."""
    for at, end in enumerate(ends):
        ax.annotate(
            label.format(end), (end, at), xytext=(4, 0), textcoords="offset points", va="center", fontsize=SMALL_FONT
        )
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(axis="y", visible=False)


def _stamped(ax: Axes, status: str) -> Axes:
    """Write on the picture itself that it is synthetic, so that it cannot travel without the word."""
    if status == "synthetic":
        ax.annotate(
            word("synthetic_data", "axis"), (1, 0), xycoords="axes fraction", xytext=(0, -32), textcoords="offset points", ha="right",
            fontsize=SMALL_FONT, color=fonts.COLOURS[1],
        )  # fmt: skip
    return ax
