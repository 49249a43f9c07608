"""Standards as drawings: levels year by year, what they stand beside, and candidates with what the bounds made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from aidlib.standards.bounds import Bounded
from aidlib.standards.candidates import BoundedCandidates, Candidates, Comparison
from aidlib.standards.levels import AREAS
from aidlib.standards.measures import LevelHistory, References
from aidlib.standards.methods import Candidate
from aidlib.views import drawing, fonts, sizing
from aidlib.words import word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEN_PER_YUAN = 100
MARKERS = {"standard": "o", "guide": "s", "average": "D", "floor": "v"}
FEWEST_POINTS = 2
TREND_INCHES = 2.8
APART = 0.12  # years between the bars of two ranges
FRAME_INCHES, ROW_INCHES = 1.3, 0.32


@sizing.register(LevelHistory)
def _(result: LevelHistory) -> tuple[int, float]:
    points = sum(map(len, result.levels.values())) + len(result.ranges)
    return int(points >= FEWEST_POINTS), TREND_INCHES


@drawing.register(LevelHistory)
def _history(result: LevelHistory, ax: Axes, **options: Any) -> Axes:
    """A line an area, kind and part, the urban one broader, since both may be the same; a bar for the range of a year without a level."""
    for area, colour in zip(AREAS, fonts.COLOURS, strict=False):
        held = [(year, levels[area]) for year, levels in result.levels.items() if area in levels]
        for kind, part in dict.fromkeys((level.kind, level.part) for _, level in held):
            same = [(year, level.fen_month) for year, level in held if (level.kind, level.part) == (kind, part)]
            name = " ".join(filter(None, (word(area, "area"), word(kind, "kind"), word(part, "group") if part else "")))
            style = f"{MARKERS[kind]}{':' if kind == 'average' else '-'}"
            years, amounts = [year for year, _ in same], [_yuan(fen) for _, fen in same]
            ax.plot(
                years, amounts, style, color=colour, label=name, markersize=5, linewidth=3 if area == AREAS[0] else 1.5
            )
        if found := result.ranges.get(area):
            ends = [_yuan(found.low), _yuan(found.high if found.high is not None else found.low)]
            name = f"{word(area, 'area')} {word('range', 'level')}"
            at = result.year + (APART if area == AREAS[1] else -APART)
            ax.plot([at] * 2, ends, color=colour, marker="_", markersize=9, linewidth=2, label=name)
    return _by_year(ax, word("yuan_month", "axis"))


@sizing.register(References)
def _(result: References) -> tuple[int, float]:
    return int(any(not name.startswith("price") for held in result.figures.values() for name in held)), TREND_INCHES


@drawing.register(References)
def _references(result: References, ax: Axes, **options: Any) -> Axes:
    """Consumption as full lines, income as broken ones, in thousands of yuan a year."""
    frame = result.to_frame()
    names = [name for name in map(str, frame) if name.startswith(("consumption", "income"))]
    names = [name for name in names if not name.endswith("_status")]
    for name, colour in zip(names, fonts.COLOURS, strict=False):
        known = frame[["year", name]].dropna()
        if len(known):
            style = "-" if name.startswith("consumption") else "--"
            thousands = known[name].astype(float) / 1000
            ax.plot(known["year"], thousands, color=colour, linestyle=style, marker=".", label=word(name))
    return _by_year(ax, word("thousand_yuan_year", "axis"))


def _by_year(ax: Axes, unit: str) -> Axes:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    ax.set_ylim(bottom=0)
    ax.set_ylabel(unit)
    ax.legend(fontsize=8, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)
    return ax


@sizing.register(Candidates)
@sizing.register(BoundedCandidates)
def _(result: Candidates | BoundedCandidates) -> tuple[int, float]:
    areas = [one.candidate.area if isinstance(one, Bounded) else one.area for one in result]
    return len(set(areas)), FRAME_INCHES + ROW_INCHES * max(map(areas.count, areas), default=0)


@drawing.register(Candidates)
def _candidates(result: Candidates, ax: Any, **options: Any) -> Any:
    """One dot a candidate with its range; with two axes, urban left and rural right."""
    return _by_area(ax, [(one.area, one, None) for one in result], {})


@sizing.register(Comparison)
def _(result: Comparison) -> tuple[int, float]:
    return int(bool(result.found)), FRAME_INCHES + ROW_INCHES * len(result.found)


@drawing.register(Comparison)
def _comparison(result: Comparison, ax: Any, **options: Any) -> Any:
    """One dot a candidate with its range or twice its error, cheapest first; a dashed line for the announced level."""
    rows = sorted(result.found, key=lambda one: one.fen_month)
    areas = {one.area for one in rows}
    levels = {area: _yuan(result.level.fen_month) for area in areas} if result.level else {}
    return _by_area(ax, [(one.area, one, None) for one in rows], levels)


@drawing.register(BoundedCandidates)
def _bounded(result: BoundedCandidates, ax: Any, **options: Any) -> Any:
    """A tick for what a method gave, a dot for what its bounds made of it, a dashed line for the announced level."""
    levels = {area: _yuan(limits.announced.fen_month) for area, limits in result.limits.items() if limits.announced}
    return _by_area(ax, [(one.candidate.area, one.candidate, one) for one in result], levels)


def _by_area(ax: Any, rows: Sequence[tuple[str, Candidate, Bounded | None]], levels: dict[str, float]) -> Any:
    """Draw all areas on one pair of axes, or each on its own; an area keeps its colour."""
    panels, areas = list(np.ravel(ax)), list(dict.fromkeys(area for area, _, _ in rows))
    for axis, wanted in zip(panels, [areas] if len(panels) == 1 else [[area] for area in areas], strict=False):
        kept = sorted((row for row in rows if row[0] in wanted), key=lambda row: areas.index(row[0]))
        for at, (area, one, bounded) in enumerate(kept):
            _mark(axis, at, one, bounded, fonts.COLOURS[areas.index(area)])
        for area in (area for area in wanted if area in levels):
            axis.axvline(levels[area], color=fonts.COLOURS[areas.index(area)], linestyle="--", linewidth=1.2)
        if len(panels) > 1 and wanted[0]:
            axis.set_title(word(wanted[0], "area"), loc="left", fontsize=10)
        _finish(axis, [_name(area if len(wanted) > 1 else "", one.method) for area, one, _ in kept])
    _legend(panels[0], any(bounded for *_, bounded in rows), bool(levels))
    return ax


def _mark(axis: Axes, at: int, one: Candidate, bounded: Bounded | None, colour: str) -> None:
    if one.low is not None and one.high is not None:
        axis.plot([_yuan(one.low), _yuan(one.high)], [at, at], color=fonts.PALE, linewidth=5, solid_capstyle="butt")
    if one.se_fen is not None:
        axis.errorbar(_yuan(one.fen_month), at, xerr=2 * one.se_fen / FEN_PER_YUAN, color=fonts.INK, capsize=3)
    axis.plot(_yuan(one.fen_month), at, "|" if bounded else "o", markersize=13 if bounded else 6, color=colour)
    if bounded:
        axis.plot(_yuan(bounded.final_fen_month), at, "o", color=colour, clip_on=False)


def _finish(axis: Axes, names: list[str]) -> None:
    axis.set_yticks(range(len(names)), names)
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.set_xlabel(word("yuan_month", "axis"))
    axis.margins(x=0.08)


def _legend(axis: Axes, bounded: bool, announced: bool) -> None:
    """Say once below all panels what the signs are, where there is more than a dot."""
    from matplotlib.lines import Line2D

    handles = []
    if announced:
        handles.append(Line2D([], [], color=fonts.INK, linestyle="--", label=word("announced", "level")))
    for marker, name in (("|", "method"), ("o", "bounded")) if bounded else ():
        handles.append(Line2D([], [], color=fonts.INK, linestyle="", marker=marker, label=word(name, "level")))
    if handles and axis.figure.get_layout_engine() is not None:
        axis.figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    elif handles:  # a figure of somebody's own that nobody lays out
        axis.legend(handles=handles, frameon=False, fontsize=8)


def _name(area: str, method: str) -> str:
    return " ".join(filter(None, (word(area, "area") if area else "", word(method, "method"))))


def _yuan(fen: Any) -> float:
    return float(fen) / FEN_PER_YUAN
