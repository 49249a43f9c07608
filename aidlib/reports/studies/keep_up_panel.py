"""Rises of standards by province, area and year, beside the drivers of the year before."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from aidlib.law import Value
from aidlib.regions import NATION, province_of
from aidlib.standards import announced, places
from aidlib.standards.announced import AREAS, Level, before

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

KINDS = ("standard", "guide", "average")
CONSUMPTION, CPI = "consumption_pc:total", "cpi_annual:total:all_items"


def panel(report: Report, first_year: int) -> pd.DataFrame:
    """Collect rises of standards by province, area and year beside the drivers of the year before, in percent."""
    import pandas as pd

    cells: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    for place in places(report.book, report.figures):
        if place != NATION:
            for area in AREAS:
                for year in range(first_year, int(report.period[:4]) + 1):
                    rise = _rise(report, place, area, year)
                    if rise is not None:
                        cells[province_of(place).code, area, year].append(rise)
    rows = [
        (code, area, str(year), float(np.mean(rises)), len(rises), *_drivers(report, code, year))
        for (code, area, year), rises in sorted(cells.items())
    ]
    return pd.DataFrame(rows, columns=["region", "area", "period", "standard", "levels", "consumption", "cpi"])


def _rise(report: Report, place: str, area: str, year: int) -> float | None:
    level = announced(report.book, report.figures, place, area, year)
    last = (
        before(report.book, report.figures, level) if level and level.kind in KINDS and level.place == place else None
    )
    if level is None or last is None or last.year != year - 1 or last.kind != level.kind:
        return None
    return float(level.fen_month / last.fen_month - 1) * 100 if _a_year_apart(level, last) else None


def _a_year_apart(level: Level, last: Level) -> bool:
    """Two averages are of the same time of year: from one September to the end of the next year is no year's rise."""
    now, then = level.basis, last.basis
    return isinstance(now, Value) or isinstance(then, Value) or now.period[4:] == then.period[4:]


def _drivers(report: Report, code: str, year: int) -> tuple[float | None, float | None]:
    now, then = (report.figures.find(code, CONSUMPTION, str(year - back)) for back in (1, 2))
    prices = report.figures.find(code, CPI, str(year - 1))
    return float(now.value / then.value - 1) * 100 if now and then else None, float(prices.rise) if prices else None
