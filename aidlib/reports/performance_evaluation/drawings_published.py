"""Figures from published numbers: levels by year beside prices, and levels of comparable places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from aidlib.regions import children, region
from aidlib.reports import Report, fonts
from aidlib.reports.standard_indexing.labels import AREAS as AREA_WORDS
from aidlib.reports.standard_indexing.labels import KINDS
from aidlib.reports.standard_indexing.series import levels_by_year
from aidlib.standards.announced import AREAS, Level, announced
from aidlib.standards.references import annual_cpi

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing

    Drawn: TypeAlias = tuple[Drawing, pd.DataFrame] | None

SEEN: dict[str, dict[str, Any]] = {"urban": {"markersize": 10, "fillstyle": "none"}, "rural": {}}
"""An urban level is a ring around the rural one, so that both are seen where they are the same."""
MARKS = {"standard": "o", "guide": "s", "average": "D", "floor": "v"}
MOST_PLACES = 24
COLUMNS = {name: f"pe_{name}" for name in ("level", "kind", "place", "along_prices")}


def trend(report: Report, year: int) -> Drawn:
    """F1: levels by year, and the first of each taken along with consumer prices."""
    import pandas as pd
    from matplotlib import pyplot as plt
    from matplotlib.ticker import MaxNLocator

    held = levels_by_year(report, year)
    rows = [
        {"year": y, "area": area, "level": float(one[area].fen_month) / 100, "kind": one[area].kind}
        for y, one in held.items()
        for area in one
    ]
    if len({row["year"] for row in rows}) < 2:
        return None
    frame = pd.DataFrame(rows)
    frame["along_prices"] = np.nan
    drawing, axes = plt.subplots()
    for at, (area, part) in enumerate(frame.groupby("area", sort=False)):
        for _, same in part.groupby("kind", sort=False):
            frame.loc[same.index, "along_prices"] = _along(report, str(area), same)
        _series(report, axes, at, str(area), frame.loc[part.index])
    axes.set(ylabel=report.t("元/月", "yuan a month"), ylim=(0, None))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2)
    told = frame.assign(
        kind=[report.t(*KINDS[kind]) for kind in frame["kind"]],
        area=[report.t(*AREA_WORDS[area]) for area in frame["area"]],
        along_prices=frame["along_prices"].round(2),
    )
    return drawing, told.rename(columns=COLUMNS)


def _along(report: Report, area: str, part: pd.DataFrame) -> list[float]:
    """The first level of a kind multiplied by the rise of prices year by year; unknown after a year without an index."""
    value, year, found = float(part["level"].iloc[0]), int(part["year"].iloc[0]), []
    for now in part["year"]:
        while year < now:
            year += 1
            cpi = annual_cpi(report.figures, report.region.code, area, year)
            value = value * float(cpi.published) / 100 if cpi else float("nan")
        found.append(value)
    return found


def _series(report: Report, axes: Any, at: int, area: str, part: pd.DataFrame) -> None:
    name, along = report.t(*AREA_WORDS[area]), report.t("随物价上涨的首年标准", "first level along prices")
    for number, (kind, same) in enumerate(part.groupby("kind", sort=False)):
        axes.plot(
            same["year"],
            same["level"],
            f"-{MARKS[str(kind)]}",
            color=f"C{at}",
            label=f"{name} {report.t(*KINDS[str(kind)])}",
        )
        axes.plot(same["year"], same["along_prices"], ":", color=f"C{at}", label=None if number else f"{name} {along}")


def dots(report: Report, year: int) -> Drawn:
    """F6: published levels of places of the same rank, the report's own marked; not a ranking map."""
    import pandas as pd
    from matplotlib import pyplot as plt

    found = _comparable(report, year)
    if len({code for code, _ in found}) < 2:
        return None
    order = sorted(
        {code for code, _ in found}, key=lambda code: max(float(v.fen_month) for c, v in found if c == code)
    )[-MOST_PLACES:]
    drawing, axes = plt.subplots(figsize=(7.2, 1.4 + 0.26 * len(order)))
    for at, area in enumerate(AREAS):
        for kind, mark in MARKS.items():
            points = [
                (float(v.fen_month) / 100, order.index(c))
                for c, v in found
                if c in order and (v.area, v.kind) == (area, kind)
            ]
            if points:
                name = f"{report.t(*AREA_WORDS[area])} {report.t(*KINDS[str(kind)])}"
                axes.plot(*zip(*points, strict=True), mark, color=f"C{at}", label=name, **SEEN[area])
    ticks = axes.set_yticks(range(len(order)), [region(code).name(report.language) for code in order])
    for tick, code in zip(ticks, order, strict=True):
        tick.label1.set_color("C1" if code == report.region.code else fonts.INK)
    axes.set_xlabel(report.t("元/月", "yuan a month"))
    axes.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.12 - 0.4 / len(order)), ncols=2)
    rows = [
        {"place": region(c).name(report.language), "area": report.t(*AREA_WORDS[v.area]), "kind": report.t(*KINDS[v.kind]),
         "level": round(float(v.fen_month) / 100, 2)}
        for c, v in found if c in order
    ]  # fmt: skip
    return drawing, pd.DataFrame(rows).rename(columns=COLUMNS)


def _comparable(report: Report, year: int) -> list[tuple[str, Level]]:
    """Own levels and those of the places below, or beside where none below has its own."""
    own = report.region.code
    for parent in (own, report.region.parent):
        codes = [own, *(c.code for c in children(parent) if c.code != own)]
        levels = [(code, announced(report.book, report.figures, code, area, year)) for code in codes for area in AREAS]
        found = [(code, level) for code, level in levels if level and (code == own or level.place == code)]
        if len({code for code, _ in found}) > 1:
            return found
    return []
