"""Figures of the national overview: tiles, small multiples on the tiles, months on a strip, standards against consumption."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from aidlib.indices import Figure
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, yuan
from aidlib.regions import region
from aidlib.reports import map
from aidlib.reports.national_overview.country import Country
from aidlib.reports.standard_indexing.labels import AREAS as AREA_WORDS
from aidlib.standards.announced import fen_month

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing

CELLS = {"not_triggered": "#eef1f4", "undetermined": "#c3cad2", "estimated": "#f0a45c", "observed": "#b3450a"}
CELL_WORDS = {
    "not_triggered": ("不启动", "not started"), "undetermined": ("不能判断", "cannot tell"), "estimated": ("启动（估算指数）", "started (estimated)"),
    "observed": ("启动（已公布指数）", "started (published)"),
}  # fmt: skip
SHARES = (0.3, 0.4, 0.5)  # slanting lines of the scatter
RURAL, URBAN = "dibao_avg:rural", "dibao_avg:urban"


def tiles(country: Country) -> Drawing:
    """Rural average standards of the best-covered year, on the tile grid."""
    values: dict[str, float | None] = {row.place: float(fen_month(row.now)) / 100 for row in country.league}
    return map.draw(values, country.report.t("元/月", "yuan a month"), decimals=0, language=country.report.language)


def small_multiples(country: Country) -> Drawing:
    """Every province's average standards by year, one small panel a tile, all on one scale."""
    from matplotlib import pyplot as plt

    language, grid = country.report.language, map.tiles()
    rows, columns = max(tile.row for tile in grid), max(tile.column for tile in grid)
    drawing = plt.figure(figsize=(9, 8), layout="none")
    for tile in grid:
        box = ((tile.column - 1) / columns, 1 - tile.row / rows, 0.8 / columns, 0.62 / rows)
        axes = drawing.add_axes(box)
        for colour, series in (("C0", URBAN), ("C1", RURAL)):
            known = [
                f for f in country.report.figures.all(tile.region, series).values() if int(f.period[:4]) <= country.year
            ]
            points = [(_time(f), float(fen_month(f)) / 100) for f in known]
            if points:
                axes.plot(*zip(*points, strict=True), ".-", color=colour, markersize=4, linewidth=1)
        axes.set(xlim=(2010, country.year + 2), ylim=(0, 1500), xticks=[2010, 2020], yticks=[0, 1000])
        axes.tick_params(labelsize=6, length=2)
        axes.set_title(tile.label(language), fontsize=8 if language == "zh" else 6, pad=2)
    _legend(drawing, [("C0", AREA_WORDS["urban"]), ("C1", AREA_WORDS["rural"])], country)
    return drawing


def strip(country: Country) -> Drawing:
    """Months across, provinces down: who started payment when."""
    from matplotlib import pyplot as plt
    from matplotlib.colors import ListedColormap

    kinds = list(CELLS)
    cells = np.array(
        [[kinds.index(_cell(d.outcome, d.outcome_status)) for d in found] for found in country.linkage.values()]
    )
    drawing, axes = plt.subplots(figsize=(9, 7.2))
    axes.pcolormesh(
        cells,
        cmap=ListedColormap(list(CELLS.values())),
        vmin=-0.5,
        vmax=len(kinds) - 0.5,
        edgecolors="white",
        linewidth=0.4,
    )
    axes.set_yticks(
        np.arange(len(cells)) + 0.5,
        [region(code).name(country.report.language) for code in country.linkage],
        fontsize=7,
    )
    starts = [at for at, month in enumerate(country.months) if month.endswith(("-01", "-07"))]
    axes.set_xticks(np.array(starts) + 0.5, [country.months[at] for at in starts], fontsize=8)
    axes.invert_yaxis()
    axes.grid(visible=False)
    _legend(drawing, [(CELLS[kind], CELL_WORDS[kind]) for kind in kinds], country)
    return drawing


def against_consumption(country: Country) -> tuple[Drawing, pd.DataFrame, float] | None:
    """Rural average standards of a year against rural consumption of the same year, with the correlation."""
    import pandas as pd

    levels = {row.place: row.now for row in country.league}
    period = next(iter(levels.values())).period[:4] if levels else None
    base: dict[str, Figure] = country.of_provinces("consumption_pc:rural", period) if period else {}
    shared = [code for code in levels if code in base]
    if len(shared) < 3:
        return None
    x, y = (np.array([float(side) for side in sides]) for sides in (
        [base[c].value / MONTHS_PER_YEAR for c in shared], [fen_month(levels[c]) / FEN_PER_YUAN for c in shared]))  # fmt: skip
    drawing = _scatter(country, shared, x, y)
    frame = pd.DataFrame(
        {
            "pe_place": [region(c).name(country.report.language) for c in shared],
            "pe_consumption": [Decimal(yuan(base[c].value * FEN_PER_YUAN / MONTHS_PER_YEAR)) for c in shared],
            "pe_level": [Decimal(yuan(fen_month(levels[c]))) for c in shared],
        }
    )
    return drawing, frame, float(np.corrcoef(x, y)[0, 1])


def _scatter(country: Country, codes: list[str], x: Any, y: Any) -> Drawing:
    from matplotlib import pyplot as plt

    t, english = country.report.t, country.report.language == "en"
    drawing, axes = plt.subplots(figsize=(7.2, 4.6))
    axes.plot(x, y, "o", markersize=4)
    names = {tile.region: tile.label(country.report.language) for tile in map.tiles()}
    for code, a, b in zip(codes, x, y, strict=True):
        axes.annotate(
            names[code],
            (a, b),
            (3, 2),
            textcoords="offset points",
            fontsize=5 if english else 7,
        )
    axes.set(xlim=(0, x.max() * 1.05), ylim=(0, y.max() * 1.1))
    for share in SHARES:
        axes.axline((0, 0), slope=share, color="0.75", linewidth=0.8, zorder=0)
        end = axes.get_xlim()[1]
        axes.annotate(
            f"{share:.0%}", (end, end * share), (3, 0), textcoords="offset points", fontsize=7, annotation_clip=False
        )
    axes.set(
        xlabel=t("农村居民人均消费（元/月）", "rural consumption per head (yuan a month)"),
        ylabel=t("农村平均标准（元/月）", "rural average level (yuan a month)"),
    )
    return drawing


def _time(figure: Figure) -> float:
    """A figure of a month stands in it, one of a year at its end."""
    return int(figure.period[:4]) + (int(figure.period[5:7]) / 12 if len(figure.period) > len("2020") else 1.0)


def _cell(outcome: str, status: str | None) -> str:
    if outcome != "triggered":
        return outcome
    return "observed" if status == "observed" else "estimated"


def _legend(drawing: Any, marks: list[tuple[str, tuple[str, str]]], country: Country) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(color=colour, label=country.report.t(*words)) for colour, words in marks]
    place = "outside lower center" if drawing.get_layout_engine() else "lower center"
    drawing.legend(handles=handles, loc=place, ncols=len(handles), fontsize=8)
