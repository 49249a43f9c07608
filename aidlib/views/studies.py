"""Studies as drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aidlib.law.coverage import COLOURS, WORDS
from aidlib.money import FEN_PER_YUAN
from aidlib.standards.levels import AREAS
from aidlib.studies.family import Schedule
from aidlib.studies.keep_up import Rises
from aidlib.studies.low_income_index import LowIncomeIndex
from aidlib.studies.panel import MISSING, Coverage, Panel
from aidlib.studies.sandbox import Frontier, Sandbox
from aidlib.studies.simulation import Comparison
from aidlib.studies.trigger_record import TriggerRecord
from aidlib.views import drawing, fonts, sizing
from aidlib.words import language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@drawing.register(Rises)
def _rises(result: Rises, ax: Axes, **options: Any) -> Axes:
    """Rises of standards against those of consumption the year before, one mark a province, area and year; dotted where both are equal."""
    reach = []
    for area, marker, colour in zip(AREAS, "os", fonts.COLOURS, strict=False):
        own = [one for one in result if one.area == area and one.drivers["rise_consumption"] is not None]
        across = [float(one.drivers["rise_consumption"] or 0) * 100 for one in own]
        ax.scatter(
            across,
            [float(one.standard) * 100 for one in own],
            s=16,
            alpha=0.7,
            marker=marker,
            color=colour,
            label=word(area, "area"),
        )
        reach += across
    if reach:
        ax.plot([min(reach), max(reach)], [min(reach), max(reach)], color=fonts.INK, linewidth=0.8, linestyle=":")
    ax.set_xlabel(word("rise_consumption", "axis"))
    ax.set_ylabel(word("rise_standard", "axis"))
    ax.legend(frameon=False, fontsize=8)
    return ax


SHOWN_PERCENT = (-50, 250)
SCHEDULE_INCHES = 3.2


@sizing.register(Schedule)
def _(result: Schedule) -> tuple[int, float]:
    return 2, SCHEDULE_INCHES


@drawing.register(Schedule)
def _schedule(result: Schedule, ax: Any, **options: Any) -> Any:
    """Aid and net income left, the marginal effective tax rate right (where there are two axes); dotted where the category changes."""
    import numpy as np

    axes = list(np.ravel(ax))
    wages = [one.wage_fen / FEN_PER_YUAN for one in result.points]
    axes[0].plot(wages, [one.net_fen / FEN_PER_YUAN for one in result.points], label=word("net_fen"))
    axes[0].plot(wages, [one.aid_fen / FEN_PER_YUAN for one in result.points], label=word("aid_fen"), linestyle="--")
    axes[0].set_ylabel(word("yuan_month", "axis"))
    axes[0].legend(frameon=False, fontsize=8)
    for axis in axes[1:2]:
        axis.step(wages[1:], [rate * 100 for rate in result.marginal_rates()], where="pre", color=fonts.INK)
        axis.set_ylim(SHOWN_PERCENT)
        axis.set_ylabel(word("marginal_rate", "axis"))
    for axis in axes:
        axis.set_xlabel(word("wage", "axis"))
        for turn in result.turns:
            axis.axvline(turn.wage_fen / FEN_PER_YUAN, color="0.5", linestyle=":")
    return ax


PANELS = ("dibao_persons_per_10k", "cost_fen_per_10k", "gap_closed_share")
PANEL_INCHES = 3.0


@sizing.register(Sandbox)
def _(result: Sandbox) -> tuple[int, float]:
    return len(PANELS), PANEL_INCHES


@drawing.register(Sandbox)
def _sandbox(result: Sandbox, ax: Any, **options: Any) -> Any:
    """Caseload, cost and the gap closed against the change of the standard, one panel each."""
    import numpy as np

    scales = {"cost_fen_per_10k": 1 / FEN_PER_YUAN, "gap_closed_share": 100.0}
    frame = result.to_frame()
    for axis, name in zip(np.ravel(ax), PANELS, strict=False):
        known = frame[["step_pct", name]].dropna()
        axis.plot(known["step_pct"], known[name].astype(float) * scales.get(name, 1), marker="o")
        axis.axvline(0, color="0.6", linestyle=":")
        axis.set_title(word(name, "axis"), loc="left", fontsize=9)
        axis.set_xlabel(word("step_pct", "axis"))
        axis.set_ylim(bottom=0)
        axis.text(0.98, 0.04, word("synthetic", "axis"), transform=axis.transAxes, ha="right", color="0.4", fontsize=8)
    return ax


@drawing.register(Frontier)
def _frontier(result: Frontier, ax: Axes, **options: Any) -> Axes:
    """The gap closed against cost, one point a standard."""
    points = [
        (pct, float(cost) / FEN_PER_YUAN, float(closed) * 100)
        for pct, cost, closed in result.points
        if closed is not None
    ]
    ax.plot([cost for _, cost, _ in points], [closed for *_, closed in points], "o-")
    for pct, cost, closed in points:
        text = f"{pct:+d}%".replace("-", "\N{MINUS SIGN}") if pct else "0%"
        ax.annotate(text, (cost, closed), xytext=(5, -10), textcoords="offset points", fontsize=9)
    ax.set_ylim(0, 105)
    ax.set_xlabel(word("cost_fen_per_10k", "axis"))
    ax.set_ylabel(word("top_gap_closed", "axis"))
    return ax


@drawing.register(LowIncomeIndex)
def _low_income(result: LowIncomeIndex, ax: Axes, **options: Any) -> Axes:
    """The two indices as lines, their gap as bars."""
    import pandas as pd

    across = pd.PeriodIndex([one.month for one in result.months], freq="M").to_timestamp()
    ax.bar(across, [float(one.gap) for one in result.months], width=25, color="0.8", label=word("gap_points"))
    ax.plot(across, [float(one.compiled) for one in result.months], label=word("compiled_rise"))
    ax.plot(across, [float(one.general) for one in result.months], label=word("cpi_rise"), linestyle="--")
    ax.axhline(0, color="0.3", linewidth=0.6)
    ax.set_ylabel(word("rise_on_year", "axis"))
    ax.legend(ncols=3, fontsize=8, frameon=False)
    return ax


@sizing.register(TriggerRecord)
def _(result: TriggerRecord) -> tuple[int, float]:
    return 2 * len(result.trials), PANEL_INCHES


@drawing.register(TriggerRecord)
def _record(result: TriggerRecord, ax: Any, **options: Any) -> Any:
    """Two panels a line: reliability (bars: two standard errors if the forecasts are true), and the integral transform."""
    import numpy as np

    axes, frame = list(np.ravel(ax)), result.reliability().to_frame()
    for at, (trial, shares) in enumerate(result.transforms()):
        own = frame[(frame["index"] == trial.index) & (frame["score_line"] == trial.line / 100)]
        upper, *lower = axes[2 * at : 2 * at + 2]
        upper.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
        upper.errorbar(
            own["chance_mean"], own["frequency"], yerr=own["two_errors"], fmt="o-", markersize=4, linewidth=1
        )
        upper.set_title(f"{word(trial.index, 'index')} ≥{trial.line:g}%", loc="left", fontsize=8)
        upper.set_ylim(-0.05, 1.05)
        for axis in lower:
            axis.bar(
                np.arange(len(shares)) / len(shares), shares, width=1 / len(shares), align="edge", edgecolor="white"
            )
            axis.axhline(1 / len(shares), color="0.4", linewidth=0.8)
    return ax


OUTCOME_COLOURS = {"gains": fonts.COLOURS[2], "loses": fonts.COLOURS[1], "same": fonts.PALE, "cannot_tell": "0.55"}


@drawing.register(Comparison)
def _comparison(result: Comparison, ax: Axes, **options: Any) -> Axes:
    """Shares of the households of each tenth of income that gain, lose, stay as they are or cannot be told, one bar a tenth."""
    shares = result.shares()
    ends = shares.cumsum(axis=1)
    for outcome, colour in OUTCOME_COLOURS.items():
        wide = shares[outcome].astype(float) * 100
        start = ends[outcome].astype(float) * 100 - wide
        ax.bar(list(shares.index), wide, bottom=start, color=colour, label=word(outcome, "outcome"), **options)
    ax.set_xlabel(word("decile", "axis"))
    ax.set_ylabel(word("share_of_households", "axis"))
    ax.set_title(word("synthetic", "status"), loc="right", fontsize=8, color="0.4")
    ax.legend(ncols=len(OUTCOME_COLOURS), frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.14))
    return ax


ROW_INCHES, MARGIN_INCHES = 0.2, 1.2


@sizing.register(Panel)
def _(result: Panel) -> tuple[int, float]:
    return len(result.series), ROW_INCHES * len(result.places) + MARGIN_INCHES


@sizing.register(Coverage)
def _(result: Coverage) -> tuple[int, float]:
    return sizing(result.panel)


@drawing.register(Coverage)
def _coverage(result: Coverage, ax: Any, **options: Any) -> Any:
    return drawing(result.panel, ax, **options)


@drawing.register(Panel)
def _panel(result: Panel, ax: Any, **options: Any) -> Any:
    """A square a place and period in the colour of its status, pale where nothing is published; one panel a series."""
    import numpy as np
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    colours = ListedColormap([COLOURS[one] for one in WORDS])
    axes = list(np.ravel(ax))
    step = max(1, len(result.periods) * len(axes) // 9)
    seen = set()
    for axis, series in zip(axes, result.series, strict=False):
        states = [[result.status(at.code, series.name, period) for period in result.periods] for at in result.places]
        seen |= {state for row in states for state in row} | {MISSING}
        codes = [[WORDS.index(state) for state in row] for row in states]
        axis.imshow(codes, aspect="auto", cmap=colours, vmin=-0.5, vmax=len(WORDS) - 0.5, interpolation="nearest")
        axis.set_title(series.zh if language() == "zh" else series.en, loc="left", fontsize=8)
        axis.set_xticks(range(0, len(result.periods), step), result.periods[::step], fontsize=7)
        axis.set_yticks([])
        axis.grid(visible=False)
    axes[0].set_yticks(range(len(result.places)), [at.name(language()) for at in result.places], fontsize=7)
    patches = [
        Patch(color=COLOURS[one], label=word("not_published", "axis") if one == MISSING else word(one, "status"))
        for one in WORDS
        if one in seen
    ]
    axes[0].legend(
        handles=patches, ncols=len(patches), frameon=False, fontsize=7, loc="upper left", bbox_to_anchor=(0, -0.06)
    )
    return ax
