"""The 31 provinces as a grid of tiles: our own layout, no borders; for the index page and for figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from aidlib import tables
from aidlib.errors import ReportFault, nearest
from aidlib.regions import region
from aidlib.reports.fonts import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure as Drawing

COLUMNS = ("region", "row", "column", "label_zh", "note")
SHADES = ("#f1f6fb", "#7fb2dd")  # dark text stays readable on both ends


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


@dataclass(frozen=True)
class Mark:
    """What a tile of the index says: a kind that colours it, a text that says the same, and where it leads."""

    kind: str
    text: str
    link: str = ""


@lru_cache(maxsize=1)
def tiles() -> tuple[Tile, ...]:
    """Return the tiles of `data/reference/tile_grid.csv`, top to bottom, left to right.

    Examples
    --------
    >>> len(tiles())
    31
    """
    rows = tables.rows("reference/tile_grid.csv", COLUMNS)
    found = (Tile(row["region"], int(row["row"]), int(row["column"]), row["label_zh"]) for row in rows)
    return tuple(sorted(found, key=lambda tile: (tile.row, tile.column)))


def grid_html(marks: Mapping[str, Mark], missing: str, language: str = "zh") -> str:
    """Write the grid as a list of tiles, each with its text, so that colour says nothing alone.

    Parameters
    ----------
    marks : mapping
        Mark by province code.
    missing : str
        Text of a province without a mark.
    """
    _known(marks)
    items = "".join(_tile_html(tile, marks.get(tile.region, Mark("none", missing)), language) for tile in tiles())
    return f'<ul class="tiles">{items}</ul>'


def _tile_html(tile: Tile, mark: Mark, language: str) -> str:
    name = region(tile.region).name(language)
    told = f'<b aria-hidden="true">{escape(tile.short)}</b><span class="name">{escape(name)}</span><small>{escape(mark.text)}</small>'
    inside = (
        f'<a href="{escape(mark.link)}" data-region="{tile.region}">{told}</a>' if mark.link else f"<div>{told}</div>"
    )
    return f'<li class="tile {escape(mark.kind)}" style="grid-area:{tile.row}/{tile.column}">{inside}</li>'


def draw(values: Mapping[str, float | None], unit: str, *, decimals: int = 1, language: str = "zh") -> Drawing:
    """Draw numbers on the grid: darker is more; a province without a number has a dashed frame and a dash.

    Parameters
    ----------
    values : mapping
        Number by province code (for showing only).
    unit : str
        Unit, written above the colour bar.

    Raises
    ------
    ReportFault
        A code that is no province of the grid, or no number at all.
    """
    from matplotlib import pyplot as plt
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    _known(values)
    known = [value for value in values.values() if value is not None]
    if not known:
        raise ReportFault("a map without a number", expected="at least one province with a value")
    shade = ScalarMappable(Normalize(min(known), max(known)), LinearSegmentedColormap.from_list("tiles", SHADES))
    figure, axes = plt.subplots(figsize=(7.2, 6.0))
    for tile in tiles():
        _draw_tile(axes, tile, values.get(tile.region), shade, decimals, language)
    axes.set(xlim=(0.4, 8.6), ylim=(8.6, 0.4), aspect="equal")
    axes.axis("off")
    figure.colorbar(shade, ax=axes, shrink=0.5).ax.set_title(unit, fontsize=9)
    return figure


def _draw_tile(
    axes: Axes, tile: Tile, value: float | None, shade: ScalarMappable, decimals: int, language: str
) -> None:
    from matplotlib.patches import Rectangle

    box = Rectangle((tile.column - 0.47, tile.row - 0.47), 0.94, 0.94, edgecolor=INK, linewidth=0.8)
    if value is None:
        box.set(facecolor="white", linestyle="--")
    else:
        box.set(facecolor=shade.to_rgba(value), linewidth=0)  # type: ignore[arg-type]
    axes.add_patch(box)
    told = "—" if value is None else f"{value:,.{decimals}f}"
    size = 6 if language == "en" else 11
    axes.text(tile.column, tile.row - 0.14, tile.label(language), ha="center", va="center", fontsize=size)
    axes.text(tile.column, tile.row + 0.22, told, ha="center", va="center", fontsize=8)


def _known(given: Mapping[str, object]) -> None:
    codes = {tile.region for tile in tiles()}
    if wrong := [code for code in given if code not in codes]:
        raise ReportFault("not a province of the grid", got=", ".join(wrong), hint=nearest(wrong[0], codes))
