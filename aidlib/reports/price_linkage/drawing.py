"""The figure of the price-linkage report: indices against their lines, the months that paid, and the amounts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aidlib.prices.linkage import Decision
from aidlib.prices.readings import Reading
from aidlib.reports import fonts
from aidlib.reports.text import Language

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

SHADE = {"triggered": "#f3d9b1", "undetermined": "#e3e6ea"}
BLUE, ORANGE, GREEN = fonts.COLOURS[0], fonts.COLOURS[1], fonts.COLOURS[2]
LABELS = {
    "cpi": ("CPI", "CPI", BLUE),
    "scpi": ("SCPI", "SCPI", ORANGE),
    "food": ("食品", "food", GREEN),
}
MOST_TICKS = 13
UPPER = (3, 2.4)
PANELS = (("cpi", "scpi"), ("food",))


def draw(found: Sequence[Decision], language: Language) -> Drawing:
    """Draw indices with their lines in force, shade the months that paid or might, and draw the amounts below.

    Parameters
    ----------
    found : sequence of Decision
        Consecutive months, oldest first.
    language : str
        `zh` or `en`.
    """
    from matplotlib import pyplot as plt

    fonts.use()
    english = language == "en"
    above = [panel for panel in PANELS if any(_has(found, index) for index in panel)]
    heights = [*UPPER[: len(above)], 2]
    drawing, stack = plt.subplots(
        len(heights),
        1,
        sharex=True,
        figsize=(7.2, 0.85 * sum(heights) + 0.4),
        gridspec_kw={"height_ratios": heights},
        squeeze=False,
    )
    *uppers, bottom = stack[:, 0]
    for axes, indices in zip(uppers, above, strict=True):
        for index in indices:
            _index(axes, found, index, english)
        axes.axhline(0, color=fonts.INK, linewidth=0.6)
        axes.set_ylabel("同比涨幅(%)" if not english else "rise on the year (%)")
    _amounts(bottom, found, english)
    for axes in (*uppers, bottom):
        _shade(axes, found)
    _months(bottom, found)
    _key(drawing, english)
    return drawing


def _has(found: Sequence[Decision], index: str) -> bool:
    tested = any(index in c.indices and c.line for d in found for c in d.conditions)
    return tested or any(r.index == index for d in found for r in d.readings)


def _shade(axes: Any, found: Sequence[Decision]) -> None:
    for place, decision in enumerate(found):
        if colour := SHADE.get(decision.outcome):
            axes.axvspan(place - 0.5, place + 0.5, color=colour, linewidth=0, zorder=0)


def _index(axes: Any, found: Sequence[Decision], index: str, english: bool) -> None:
    zh, en, colour = LABELS[index]
    readings = [(place, r) for place, d in enumerate(found) for r in d.readings if r.index == index]
    lines = [(place, c.line) for place, d in enumerate(found) for c in d.conditions if index in c.indices and c.line]
    if not readings and not lines:
        return
    _curve(axes, readings, colour)
    if lines:
        axes.step(
            [p for p, _ in lines],
            [float(at.high) for _, at in lines],
            where="mid",
            color=colour,
            linestyle=(0, (4, 3)),
            linewidth=1,
        )
    place, height = (
        (readings[-1][0], float(readings[-1][1].rise)) if readings else (lines[-1][0], float(lines[-1][1].high))
    )
    axes.annotate(
        en if english else zh, (place, height), xytext=(8, 0), textcoords="offset points", color=colour, va="center"
    )


def _curve(axes: Any, readings: Sequence[tuple[int, Reading]], colour: str) -> None:
    places, rises = [place for place, _ in readings], [float(r.rise) for _, r in readings]
    runs = [0, *(at for at in range(1, len(places)) if places[at] - places[at - 1] > 1), len(places)]
    for first, last in pairwise(runs):
        axes.plot(places[first:last], rises[first:last], color=colour, linewidth=1.4)
    firm = [(p, float(r.rise)) for p, r in readings if r.status == "observed"]
    soft = [(p, r) for p, r in readings if r.status != "observed"]
    axes.plot([p for p, _ in firm], [y for _, y in firm], "o", color=colour, markersize=3.5)
    axes.errorbar([p for p, _ in soft], [float(r.rise) for _, r in soft], yerr=[float(r.error) for _, r in soft],
                  fmt="o", color=colour, markerfacecolor="white", markersize=3.5, elinewidth=0.7, alpha=0.8)  # fmt: skip


def _amounts(axes: Any, found: Sequence[Decision], english: bool) -> None:
    names = (("dibao_urban", "城市低保" if not english else "urban dibao", BLUE, -0.2),
             ("dibao_rural", "农村低保" if not english else "rural dibao", ORANGE, 0.2))  # fmt: skip
    for group, name, colour, shift in names:
        due = [(place, d.amount(group)) for place, d in enumerate(found) if d.outcome == "triggered"]
        known = [(place, a) for place, a in due if a and a.shown_fen is not None]
        heights = [float(a.shown_fen or 0) / 100 for _, a in known]
        axes.bar([p + shift for p, _ in known], heights, width=0.4, color=colour, label=name)
        ends = [(p + shift, float(a.low_fen) / 100, float(a.high_fen) / 100) for p, a in known
                if a.low_fen is not None and a.high_fen is not None and a.low_fen != a.high_fen]  # fmt: skip
        axes.vlines(
            [p for p, _, _ in ends],
            [low for _, low, _ in ends],
            [high for *_, high in ends],
            color=fonts.INK,
            linewidth=0.8,
        )
    paid = [(place, float(d.stated.value)) for place, d in enumerate(found) if d.stated and d.stated.value]
    if paid:
        axes.plot(
            [p for p, _ in paid],
            [y for _, y in paid],
            "D",
            color=fonts.INK,
            markersize=4,
            label="公布的发放" if not english else "published payment",
        )
    axes.set_ylabel("每人补贴(元)" if not english else "yuan per person")
    axes.set_ylim(bottom=0)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="upper left", ncols=3, fontsize=9)


def _months(axes: Any, found: Sequence[Decision]) -> None:
    step = -(-len(found) // MOST_TICKS)
    places = list(range(len(found) - 1, -1, -step))[::-1]
    axes.set_xticks(places, [found[place].month for place in places], rotation=45, ha="right", fontsize=9)
    axes.set_xlim(-0.6, len(found) + 1.2)


def _key(drawing: Any, english: bool) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    parts = [
        Patch(color=SHADE["triggered"], label="启动" if not english else "started"),
        Patch(color=SHADE["undetermined"], label="不能判断" if not english else "cannot tell"),
        Line2D(
            [],
            [],
            color=fonts.INK,
            linestyle=(0, (4, 3)),
            linewidth=1,
            label="启动线" if not english else "line in force",
        ),
        Line2D(
            [],
            [],
            color=fonts.INK,
            marker="o",
            linestyle="",
            markersize=4,
            label="已公布" if not english else "published",
        ),
        Line2D(
            [],
            [],
            color=fonts.INK,
            marker="o",
            markerfacecolor="white",
            linestyle="",
            markersize=4,
            label="估算及误差" if not english else "estimate and error",
        ),
    ]
    drawing.legend(handles=parts, loc="outside upper center", ncols=5, fontsize=9)
