"""The shipped record of national forecasts: where it lies, how it is read, and how it is made anew."""

from __future__ import annotations

import csv
from pathlib import Path

from aidlib import tables
from aidlib.indices import Figures
from aidlib.prices.forecast_past import FITTED, PACKED, national, pack, recompute

TABLE = "forecast_record.csv"
FIRST = "2007-12"
"""First origin with 72 months of the shipped national series behind it: all items begin in 2002, food and monthly changes in 2010."""
LAST = {("cpi", "yoy"): "2026-06", ("cpi", "mom"): "2023-12", ("food", "yoy"): "2023-12", ("food", "mom"): "2023-12"}
"""Last origin by index and route: the end of the unbroken published series."""


def shipped() -> list[dict[str, str]]:
    """Return the rows of the shipped record.

    Examples
    --------
    >>> sorted({(row["index"], row["route"]) for row in shipped()})
    [('cpi', 'mom'), ('cpi', 'yoy'), ('food', 'mom'), ('food', 'yoy')]
    """
    return [dict(row.cells) for row in tables.rows(TABLE, PACKED)]


def make(figures: Figures, index: str, route: str, first: str = FIRST, last: str = "") -> list[tuple[str, ...]]:
    """Make the rows of an index and a route anew."""
    found, changes = national(figures, index, last or LAST[index, route])
    return [(index, route, *row) for row in pack(recompute(found, changes, route, first, last or LAST[index, route]))]


def write(path: str | Path) -> None:
    """Write the whole record anew; about two minutes."""
    figures = Figures()
    rows = [row for index in ("cpi", "food") for route in FITTED for row in make(figures, index, route)]
    with Path(path).open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([PACKED, *rows])
