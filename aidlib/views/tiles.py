"""The 31 provinces as a grid of tiles: our own layout, no borders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from aidlib import tables
from aidlib.regions import region
from aidlib.views.fonts import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("region", "row", "column", "label_zh", "note")
SHADES = ("#f1f6fb", "#7fb2dd")  # dark text stays readable on both ends
HALF = 0.47


@dataclass(frozen=True)
class Tile:
    """One province on the grid: code, row and column from 1 (top left), and its one-character short name.

    Examples
    --------
    >>> next(tile for tile in tiles() if tile.region == "450000")
    Tile(region='450000', row=7, column=3, short='桂')
    """

    region: str
    row: int
    column: int
    short: str

    def label(self, language: str = "zh") -> str:
        """Return the short name in Chinese, the full name in English."""
        return region(self.region).name_en if language == "en" else self.short


@lru_cache(maxsize=1)
def tiles() -> tuple[Tile, ...]:
    """Return the tiles of `data/reference/tile_grid.csv`, top to bottom, left to right."""
    rows = tables.rows("reference/tile_grid.csv", COLUMNS)
    found = (Tile(row["region"], int(row["row"]), int(row["column"]), row["label_zh"]) for row in rows)
    return tuple(sorted(found, key=lambda tile: (tile.row, tile.column)))


def draw(values: Mapping[str, float], unit: str, ax: Axes, language: str = "zh") -> Axes:
    """Draw numbers on the grid: darker is more; a province without a number has a dashed frame and a dash.

    Parameters
    ----------
    values : mapping
        Number by province code (for showing only); at least one.
    unit : str
        Unit, written above the colour bar.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize
    from matplotlib.patches import Rectangle

    shades = LinearSegmentedColormap.from_list("tiles", SHADES)
    shade = ScalarMappable(Normalize(min(values.values()), max(values.values())), shades)
    for tile in tiles():
        value = values.get(tile.region)
        box = Rectangle((tile.column - HALF, tile.row - HALF), 2 * HALF, 2 * HALF, edgecolor=INK, linewidth=0.8)
        if value is None:
            box.set(facecolor="white", linestyle="--")
        else:
            box.set(facecolor=shade.to_rgba(value), linewidth=0)  # type: ignore[arg-type]
        ax.add_patch(box)
        size = 5 if language == "en" else 11
        ax.text(tile.column, tile.row - 0.14, tile.label(language), ha="center", va="center", fontsize=size)
        text = "—" if value is None else f"{value:,.0f}"
        ax.text(tile.column, tile.row + 0.22, text, ha="center", va="center", fontsize=8)
    ax.set(xlim=(0.4, 8.6), ylim=(8.6, 0.4), aspect="equal")
    ax.axis("off")
    ax.figure.colorbar(shade, ax=ax, shrink=0.5).ax.set_title(unit, fontsize=9)
    return ax


def lines(values: Mapping[str, Mapping[int, float]], ax: Axes, language: str = "zh") -> Axes:
    """Draw a small line a province on the grid, all on one scale from nought; the last number stands beside its end."""
    from matplotlib.patches import Rectangle

    years = sorted({year for held in values.values() for year in held})
    top, span = max(max(held.values()) for held in values.values() if held), max(years[-1] - years[0], 1)
    for tile in tiles():
        ax.add_patch(
            Rectangle((tile.column - HALF, tile.row - HALF), 2 * HALF, 2 * HALF, facecolor=SHADES[0], linewidth=0)
        )
        size = 5 if language == "en" else 9
        ax.text(tile.column - HALF + 0.05, tile.row - 0.3, tile.label(language), ha="left", va="center", fontsize=size)
        held = values.get(tile.region) or {}
        across = [tile.column - HALF + 0.06 + 0.82 * (year - years[0]) / span for year in sorted(held)]
        down = [tile.row + HALF - 0.06 - 0.6 * held[year] / top for year in sorted(held)]
        ax.plot(across, down, color=INK, linewidth=1)
        last = f"{held[max(held)]:.1%}" if held else "—"
        ax.text(tile.column + HALF - 0.05, tile.row - 0.3, last, ha="right", va="center", fontsize=6)
    ax.set(xlim=(0.4, 8.6), ylim=(8.6, 0.4), aspect="equal")
    ax.axis("off")
    return ax
