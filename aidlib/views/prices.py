"""Price linkage as drawings: indices against their lines, months that paid, amounts; and the fan of the months ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from aidlib.known import Known
from aidlib.prices.ahead import LinkageOutlook
from aidlib.prices.history import LinkageResult
from aidlib.prices.linkage import Decision
from aidlib.prices.monthly import LinkageMonth, LinkageMonths
from aidlib.regions import region
from aidlib.views import drawing, fonts, sizing
from aidlib.words import language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INCHES = 2.7
SHADE = {"started": "#f3d9b1", "start_unknown": "#e3e6ea", "start_likely": "#f8ead0", "start_unlikely": "#eef1f4"}
COLOURS = {"cpi": fonts.COLOURS[0], "scpi": fonts.COLOURS[1], "food": fonts.COLOURS[2]}
PANELS = (("cpi", "scpi"), ("food",))
GROUPS = (("dibao_urban", fonts.COLOURS[0], -0.2), ("dibao_rural", fonts.COLOURS[1], 0.2))
CELLS = {"not_triggered": "#eef1f4", "undetermined": "#c3cad2", "estimated": "#f0a45c", "observed": "#b3450a"}
MOST_TICKS = 7
PAST_MONTHS = 18
BANDS = ((0.05, 0.95, 0.2), (0.25, 0.75, 0.35))
DASHED = (0, (4, 3))


@sizing.register(LinkageMonths)
def _(result: LinkageMonths) -> tuple[int, float]:
    return len(_panels(result)) + _pays(result), INCHES


@drawing.register(LinkageMonths)
def _months(result: LinkageMonths, ax: Any, **options: Any) -> Any:
    """A panel for consumer prices and one for food, with their lines; months that paid are shaded; amounts stand in a panel of their own."""
    axes = list(np.ravel(ax))
    for axis, indices in zip(axes, _panels(result), strict=False):
        for index in indices:
            _index(axis, result.months, index)
        axis.axhline(0, color=fonts.INK, linewidth=0.6)
        axis.set_ylabel(word("rise_on_year", "axis"))
    if _pays(result) and len(axes) > len(_panels(result)):
        _amounts(axes[-1], result.months)
    for axis in axes:
        _shade(axis, result.months)
        _month_ticks(axis, [month.month for month in result.months])
    _key(axes[0], result)
    return ax


def _panels(result: LinkageMonths) -> list[tuple[str, ...]]:
    """Indices that a condition tests and of which anything is known."""
    tested = {index for month in result.months for c in month.conditions_of_all for index in c.indices}
    known = {index for index in tested if any(month.rise(index) for month in result.months)}
    return [found for panel in PANELS if (found := tuple(index for index in panel if index in known))]


def _pays(result: LinkageMonths) -> bool:
    return any(month.decision.outcome == "triggered" for month in result.months)


def _index(axis: Axes, months: Sequence[LinkageMonth], index: str) -> None:
    known = [(at, rise) for at, month in enumerate(months) if (rise := month.rise(index))]
    colour = COLOURS[index]
    _points(axis, known, colour)
    lines = [(at, c.line) for at, m in enumerate(months) for c in m.conditions_of_all if index in c.indices and c.line]
    if lines:
        heights = [float(line.high) for _, line in lines]
        axis.step([at for at, _ in lines], heights, where="mid", color=colour, linestyle=DASHED, linewidth=1)
    axis.set_title(word(index, "index"), loc="left", fontsize=9)


def _points(axis: Axes, known: Sequence[tuple[int, Known]], colour: str) -> None:
    """Full dots for published months, a bar from end to end for a range."""
    firm = [(at, rise) for at, rise in known if rise.point]
    runs = groupby(enumerate(firm), key=lambda pair: pair[0] - pair[1][0])
    for _, run in runs:
        part = [pair for _, pair in run]
        axis.plot(
            [at for at, _ in part],
            [_pct(rise.number) for _, rise in part],
            ".-",
            color=colour,
            markersize=5,
            linewidth=1.2,
        )
    soft = [(at, rise) for at, rise in known if not rise.point and rise.low is not None and rise.high is not None]
    axis.vlines(
        [at for at, _ in soft],
        [_pct(r.low) for _, r in soft],
        [_pct(r.high) for _, r in soft],
        color=colour,
        alpha=0.35,
        linewidth=3,
    )
    axis.plot([at for at, _ in soft], [_pct(rise.number) for _, rise in soft], "_", color=colour, markersize=5)


def _amounts(axis: Axes, months: Sequence[LinkageMonth]) -> None:
    from matplotlib.patches import Patch

    from aidlib.prices.history import amount_of

    signs: list[Any] = []
    for group, colour, shift in GROUPS:
        signs.append(Patch(color=colour, label=word(group, "group")))
        due = [
            (at, month.decision.amount(group))
            for at, month in enumerate(months)
            if month.decision.outcome == "triggered"
        ]
        known = [(at, amount) for at, one in due if one and (amount := amount_of(one))]
        firm = [(at, amount) for at, amount in known if amount.point]
        axis.bar(
            [at + shift for at, _ in firm],
            [float(a.number) for _, a in firm],
            width=0.4,
            color=colour,
        )
        soft = [(at, a) for at, a in known if not a.point and a.low is not None]
        ends = [float(a.high if a.high is not None else a.low or 0) for _, a in soft]
        axis.vlines(
            [at + shift for at, _ in soft],
            [float(a.low or 0) for _, a in soft],
            ends,
            color=colour,
            alpha=0.6,
            linewidth=3,
        )
    paid = [(at, month.decision.stated) for at, month in enumerate(months)]
    shown = [(at, float(figure.value)) for at, figure in paid if figure and figure.value]
    if shown:
        signs += axis.plot(*zip(*shown, strict=True), "D", color=fonts.INK, markersize=4, label=word("paid"))
    axis.set_ylabel(word("yuan_person", "axis"))
    axis.set_ylim(bottom=0)
    axis.legend(handles=signs, fontsize=8, frameon=False)


def _shade(axis: Axes, months: Sequence[LinkageMonth]) -> None:
    for at, month in enumerate(months):
        if colour := SHADE.get(month.verdict):
            axis.axvspan(at - 0.5, at + 0.5, color=colour, linewidth=0, zorder=0)


def _month_ticks(axis: Axes, months: Sequence[str]) -> None:
    step = -(-len(months) // MOST_TICKS)
    places = list(range(len(months) - 1, -1, -step))[::-1]
    axis.set_xticks(places, [months[at] for at in places], rotation=45, ha="right", fontsize=8)
    axis.set_xlim(-0.6, len(months) - 0.4)


def _key(axis: Axes, result: LinkageMonths) -> None:
    """Say once below all panels what the signs are."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    parts: list[Any] = [Line2D([], [], color=fonts.INK, linestyle=DASHED, linewidth=1, label=word("index_line"))]
    parts += [Line2D([], [], color=fonts.INK, marker=".", linestyle="", label=word("published", "mark_of"))]
    parts += [Line2D([], [], color=fonts.INK, alpha=0.35, linewidth=3, label=word("range", "mark_of"))]
    verdicts = {month.verdict for month in result.months}
    parts += [Patch(color=colour, label=word(code, "verdict")) for code, colour in SHADE.items() if code in verdicts]
    if axis.figure.get_layout_engine() is not None:
        axis.figure.legend(handles=parts, loc="outside lower center", ncols=len(parts), frameon=False, fontsize=8)
    else:
        axis.legend(handles=parts, frameon=False, fontsize=8)


@sizing.register(LinkageResult)
def _(result: LinkageResult) -> tuple[int, float]:
    return 1, 1.6 + 0.17 * len({decision.place for decision in result.decisions})


@drawing.register(LinkageResult)
def _decisions(result: LinkageResult, ax: Axes, **options: Any) -> Axes:
    """Months across, places down: who started price linkage when."""
    places = dict.fromkeys(decision.place for decision in result.decisions)
    months = sorted({decision.month for decision in result.decisions})
    return strip(ax, {place: [d for d in result.decisions if d.place == place] for place in places}, months)


def strip(ax: Axes, decided: Mapping[str, Sequence[Decision]], months: Sequence[str]) -> Axes:
    """One row of cells a place, one cell a month."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    kinds = list(CELLS)
    cells = [[kinds.index(_kind(decision)) for decision in row] for row in decided.values()]
    shades = ListedColormap(list(CELLS.values()))
    ax.pcolormesh(cells, cmap=shades, vmin=-0.5, vmax=len(kinds) - 0.5, edgecolors="white", linewidth=0.4)
    names = [region(code).name(language()) for code in decided]
    ax.set_yticks([at + 0.5 for at in range(len(names))], names, fontsize=7)
    starts = [at for at, month in enumerate(months) if month.endswith(("-01", "-07"))] or [0]
    ax.set_xticks([at + 0.5 for at in starts], [months[at] for at in starts], fontsize=8)
    ax.invert_yaxis()
    ax.grid(visible=False)
    handles = [Patch(color=colour, label=word(kind, "start")) for kind, colour in CELLS.items()]
    ax.legend(handles=handles, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, 0), borderaxespad=2.8, ncols=4)
    return ax


def _kind(decision: Decision) -> str:
    """How a month is coloured: a start by whether its index is published."""
    if decision.outcome != "triggered":
        return str(decision.outcome)
    return "observed" if decision.outcome_status == "observed" else "estimated"


@sizing.register(LinkageOutlook)
def _(result: LinkageOutlook) -> tuple[int, float]:
    return len(result.shown), INCHES


@drawing.register(LinkageOutlook)
def _outlook(result: LinkageOutlook, ax: Any, **options: Any) -> Any:
    """A panel an index: its past, the spread of the joint paths (50 and 90 %), and its line."""
    for axis, (index, drawn) in zip(np.ravel(ax), result.shown.items(), strict=False):
        _fan(axis, result, index, drawn)
        axis.set_title(word(index, "index"), loc="left", fontsize=9)
    np.ravel(ax)[0].set_ylabel(word("rise_on_year", "axis"))
    return ax


def _fan(axis: Axes, result: LinkageOutlook, index: str, drawn: Any) -> None:
    ahead = result.outlook
    assert ahead is not None
    known, colour = ahead.indices[index].past.readings[-PAST_MONTHS:], COLOURS[index]
    at, after, last = np.arange(1 - len(known), 1), np.arange(len(ahead.months) + 1), float(known[-1].rise)
    axis.plot(at, [float(reading.rise) for reading in known], color=colour, linewidth=1.4)
    for low, high, alpha in BANDS:
        lower, upper = (np.concatenate([[last], np.quantile(drawn, level, axis=0)]) for level in (low, high))
        axis.fill_between(after, lower, upper, color=colour, alpha=alpha, linewidth=0)
    axis.plot(after, np.concatenate([[last], np.median(drawn, axis=0)]), color=colour, linestyle=":")
    lines = {chance.month: chance.condition.line for chance in ahead.chances if index in chance.condition.indices}
    heights = [float(line.high) if (line := lines.get(month)) else np.nan for month in ahead.months]
    axis.step(after[1:], heights, where="mid", color=fonts.INK, linestyle=DASHED, linewidth=1)
    axis.set_xticks([at[0], 0, len(ahead.months)], [known[0].month, ahead.origin, ahead.months[-1]], fontsize=8)


def _pct(number: Any) -> float:
    return float(number)
