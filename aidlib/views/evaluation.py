"""An evaluation as drawings: measures beside places of like income, recipients year by year; the provinces of the country side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aidlib.evaluation.by_year import History
from aidlib.evaluation.overview import Against, Convergence, League, Shares, Starts
from aidlib.evaluation.performance import Evaluation, Line, Lines
from aidlib.money import FEN_PER_YUAN
from aidlib.standards.levels import AREAS, fen_month
from aidlib.views import drawing, fonts, sizing, tiles
from aidlib.views.prices import strip
from aidlib.words import language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FRAME_INCHES, ROW_INCHES, TREND_INCHES = 1.4, 0.34, 2.8
FEWEST_POINTS = 2
PERCENT = 100


def _drawn(result: Lines) -> list[tuple[Line, float, float, float]]:
    """Lines with peers: the value and the middle half of the peers, each as a multiple of the peers' median."""
    found = []
    for line in result:
        quartiles = line.benchmark.quartiles if line.benchmark else None
        if quartiles and line.value is not None and quartiles[1] > 0:
            low, middle, high = quartiles
            found.append((line, float(line.value.number / middle), float(low / middle), float(high / middle)))
    return found


@sizing.register(Lines)
def _(result: Lines) -> tuple[int, float]:
    drawn = len(_drawn(result))
    return int(bool(drawn)), FRAME_INCHES + ROW_INCHES * drawn


@drawing.register(Lines)
def _lines(result: Lines, ax: Axes, **options: Any) -> Axes:
    """A dot for the place, a bar for the middle half of the peers, a line at their median; a hollow dot is a value of an earlier year."""
    rows = _drawn(result)
    for at, (line, own, low, high) in enumerate(rows):
        ax.plot([low, high], [at, at], color=fonts.PALE, linewidth=7, solid_capstyle="butt", zorder=1)
        ax.plot(
            own,
            at,
            "o",
            color=fonts.COLOURS[0],
            markerfacecolor="white" if line.carried else fonts.COLOURS[0],
            clip_on=False,
        )
    ax.axvline(1, color=fonts.INK, linestyle="--", linewidth=1)
    names = [
        " ".join(filter(None, (word(line.area, "area") if line.area else "", word(line.name, "measure"))))
        for line, *_ in rows
    ]
    ax.set_yticks(range(len(rows)), names)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlabel(word("times_median", "axis"))
    ax.margins(x=0.08)
    return ax


@sizing.register(Evaluation)
def _(result: Evaluation) -> tuple[int, float]:
    return sizing(result.compared)


@drawing.register(Evaluation)
def _evaluation(result: Evaluation, ax: Axes, **options: Any) -> Axes:
    """The measures of an evaluation that peers stand beside."""
    return _lines(result.compared, ax)


@sizing.register(History)
def _(result: History) -> tuple[int, float]:
    points = sum(("coverage", area) in seen for seen in result.years.values() for area in AREAS)
    return int(points >= FEWEST_POINTS), TREND_INCHES


@drawing.register(History)
def _history(result: History, ax: Axes, **options: Any) -> Axes:
    """Recipients over residents, town and country."""
    from matplotlib.ticker import MaxNLocator

    for area, colour in zip(AREAS, fonts.COLOURS, strict=False):
        held = {year: seen["coverage", area] for year, seen in result.years.items() if ("coverage", area) in seen}
        shares = [float(seen.value.number) * PERCENT for seen in held.values()]
        ax.plot(list(held), shares, color=colour, marker="o", markersize=5, label=word(area, "area"))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    ax.set_ylim(bottom=0)
    ax.set_ylabel(word("percent_of_residents", "axis"))
    ax.legend(fontsize=8, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)
    return ax


TILES_INCHES, STRIP_INCHES = 6.0, 6.6
SHARES = (0.3, 0.4, 0.5)
"""Levels over consumption at which slanting lines stand."""


@sizing.register(League)
def _(result: League) -> tuple[int, float]:
    return int(bool(result.rows)), TILES_INCHES


@drawing.register(League)
def _league(result: League, ax: Axes, **options: Any) -> Axes:
    """Average standards on the grid of tiles."""
    values = {one.place: float(fen_month(one.now) / FEN_PER_YUAN) for one in result.rows}
    return tiles.draw(values, word("yuan_month", "axis"), ax, language())


@sizing.register(Against)
def _(result: Against) -> tuple[int, float]:
    return int(result.correlation is not None), 4.6


@drawing.register(Against)
def _against(result: Against, ax: Axes, **options: Any) -> Axes:
    """Levels against consumption, one dot a province; slanting lines at shares of consumption."""
    points = {code: [float(fen_month(one) / FEN_PER_YUAN) for one in pair] for code, pair in result.pairs.items()}
    levels, spent = ([point[at] for point in points.values()] for at in (0, 1))
    ax.plot(spent, levels, "o", markersize=4)
    names = {tile.region: tile.label(language()) for tile in tiles.tiles()}
    for code, (level, base) in points.items():
        size = 5 if language() == "en" else 7
        ax.annotate(names[code], (base, level), (3, 2), textcoords="offset points", fontsize=size)
    end = max(spent) * 1.05
    ax.set(xlim=(0, end), ylim=(0, max(levels) * 1.1))
    for share in SHARES:
        ax.axline((0, 0), slope=share, color="0.75", linewidth=0.8, zorder=0)
        ax.annotate(
            f"{share:.0%}", (end, end * share), (3, 0), textcoords="offset points", fontsize=7, annotation_clip=False
        )
    ax.set(xlabel=word("rural_consumption_month", "axis"), ylabel=word("rural_level_month", "axis"))
    return ax


@sizing.register(Shares)
def _(result: Shares) -> tuple[int, float]:
    return int(any(result.years.values())), TILES_INCHES


@drawing.register(Shares)
def _shares(result: Shares, ax: Axes, **options: Any) -> Axes:
    """Recipients over residents year by year, a small line a province."""
    return tiles.lines(result.years, ax, language())


@sizing.register(Starts)
def _(result: Starts) -> tuple[int, float]:
    return int(bool(result.months)), STRIP_INCHES


@drawing.register(Starts)
def _starts(result: Starts, ax: Axes, **options: Any) -> Axes:
    """Months across, provinces down: who started price linkage when."""
    return strip(ax, result.decided, result.months)


@sizing.register(Convergence)
def _(result: Convergence) -> tuple[int, float]:
    return int(bool(result.series)), TREND_INCHES + 1


@drawing.register(Convergence)
def _convergence(result: Convergence, ax: Axes, **options: Any) -> Axes:
    """The variation between provinces by period, one line a series."""
    from matplotlib.ticker import MaxNLocator

    for one, colour in zip(result, fonts.COLOURS, strict=False):
        at = [
            int(period[:4]) + (int(period[5:7]) / 12 if len(period) > len("2020") else 1)
            for period in one.spread["period"]
        ]
        ax.plot(at, list(one.spread["variation"]), ".-", color=colour, label=word(one.series))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
    ax.set_ylim(bottom=0)
    ax.set_ylabel(word("variation", "axis"))
    ax.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2)
    return ax
