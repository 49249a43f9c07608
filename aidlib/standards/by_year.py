"""Levels of a place year by year, and the consumption, income and prices they stand beside; the classes of a province's floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from aidlib.indices import Figure, Figures
from aidlib.law import Book, Status
from aidlib.regions import NATION, lineage, province_of
from aidlib.result import Frame, Result
from aidlib.standards.level_ranges import LevelRange
from aidlib.standards.levels import AREAS, FLOORS, Level, announced, average_series
from aidlib.standards.measures import urban_rural
from aidlib.standards.published import CONSUMPTION, INCOME

if TYPE_CHECKING:
    import pandas as pd

YEARS = 15
WHOSE = ("urban", "rural", "total")
SERIES = {"consumption": CONSUMPTION, "income": INCOME}
CPI = "cpi_annual:total:all_items"


@dataclass(frozen=True)
class LevelHistory(Result):
    """The levels a place announced, year by year, and for a year without one the range it lies in.

    Attributes
    ----------
    place, year : str, int
        Region code, and the last year.
    levels : dict of int to dict of str to Level
        By year and area, oldest first; years without a level are left out.
    ranges : dict of str to LevelRange
        Of the last year, by area, where no level of that year is known.
    """

    place: str
    year: int
    levels: Mapping[int, Mapping[str, Level]]
    ranges: Mapping[str, LevelRange]

    def to_frame(self) -> pd.DataFrame:
        """One row a year: year, and by area level (exact fen a month, or a range) with its status, kind (or how a range is known) and part;
        ratio of rural to urban where both are of one kind and part; sources."""
        import pandas as pd

        rows = [self._row(year, levels) for year, levels in self.levels.items()]
        if self.ranges and self.year not in self.levels:
            rows.append(self._row(self.year, {}))
        columns = ["year", *(f"{name}_{area}{end}" for area in AREAS for name, end in NAMES), "ratio", "sources"]
        return pd.DataFrame(rows, columns=columns)

    def _row(self, year: int, levels: Mapping[str, Level]) -> dict[str, Any]:
        row: dict[str, Any] = {"year": year, "sources": [level.basis for level in levels.values()]}
        for area, level in levels.items():
            row |= {f"level_{area}": level.fen_month, f"level_{area}_status": level.status, f"kind_{area}": level.kind}
            row[f"part_{area}"] = level.part or None
        for area, found in self.ranges.items() if year == self.year else ():
            row |= {f"level_{area}": found.known, f"kind_{area}": found.how}
            row["sources"] = [*row["sources"], *found.basis, *([found.floor] if found.floor else [])]
        if len(levels) == len(AREAS) and len({(level.kind, level.part) for level in levels.values()}) == 1:
            row["ratio"] = urban_rural(levels["urban"].basis, levels["rural"].basis).value
        return row


NAMES = (("level", ""), ("level", "_status"), ("kind", ""), ("part", ""))


def level_history(
    law: Book, figures: Figures, place: str, year: int, ranges: Mapping[str, LevelRange], years: int = YEARS
) -> LevelHistory:
    """历年标准。 Every level a place announced in the years up to one, urban and rural."""
    first = max(_first_year(law, figures, place), year - years + 1)
    every = {one: {area: announced(law, figures, place, area, one) for area in AREAS} for one in range(first, year + 1)}
    held = {one: {area: level for area, level in levels.items() if level} for one, levels in every.items()}
    return LevelHistory(place, year, {one: levels for one, levels in held.items() if levels}, ranges)


def _first_year(law: Book, figures: Figures, place: str) -> int:
    places = lineage(place)
    starts = [e.start.year for e in law.tables.entries if e.key[0] in places and e.key[1].startswith("dibao_")]
    periods = [int(period[:4]) for area in AREAS for period in figures.all(place, average_series(area))]
    return min([*starts, *periods], default=date.max.year)


@dataclass(frozen=True)
class References(Result):
    """Consumption and income per head, and the rise of prices, year by year.

    Attributes
    ----------
    place : str
        Whose consumption and income they are: the place itself, else its province.
    figures : dict of int to dict of str to Figure
        By year and column.
    """

    place: str
    figures: Mapping[int, Mapping[str, Figure]]

    def to_frame(self) -> pd.DataFrame:
        """One row a year: consumption and income of town, country and all residents (yuan a year), price_rise of the province and
        price_rise_nation (plain ratios), sources. All residents are shown only where town or country has gaps."""
        import pandas as pd

        per_head = {f"{what}_{area}": (what, area) for what in SERIES for area in WHOSE}
        rows = {year: held for year, held in self.figures.items() if per_head.keys() & held.keys()} or self.figures
        whole = {what for what in SERIES if all(f"{what}_{area}" in held for held in rows.values() for area in AREAS)}
        shown = [name for name, (what, area) in per_head.items() if area != "total" or what not in whole]
        shown += ["price_rise", "price_rise_nation"]
        columns = ["year", *(f"{name}{end}" for name in shown for end in ("", "_status")), "sources"]
        return pd.DataFrame([_reference_row(year, held, columns) for year, held in rows.items()], columns=columns)


def _reference_row(year: int, held: Mapping[str, Figure], columns: list[str]) -> dict[str, Any]:
    own = {name: figure for name, figure in held.items() if name in columns}
    cells = {name: figure.rise / 100 if name.startswith("price") else figure.value for name, figure in own.items()}
    statuses: dict[str, Status] = {f"{name}_status": figure.status for name, figure in own.items()}
    return {"year": year, **cells, **statuses, "sources": list(own.values())}


def references(figures: Figures, place: str, first: int, last: int) -> References:
    """历年消费支出、可支配收入与物价。 What standards stand beside, from one year to another."""
    own = any(figures.all(place, f"{what}:{area}") for what in SERIES.values() for area in WHOSE)
    whose, province = place if own else province_of(place).code, province_of(place).code
    asked = {f"{name}_{area}": (whose, f"{what}:{area}") for name, what in SERIES.items() for area in WHOSE}
    asked |= {"price_rise": (province, CPI), "price_rise_nation": (NATION, CPI)}
    found = {}
    for year in range(first, last + 1):
        held = {name: figures.find(code, series, str(year)) for name, (code, series) in asked.items()}
        if known := {name: figure for name, figure in held.items() if figure}:
            found[year] = known
    return References(whose, found)


def floor_classes(law: Book, place: str, year: int) -> Frame:
    """省定最低标准的分类。 The lowest standards a province permits by class of its places, at the end of a year; no rows where it has no classes."""
    import pandas as pd

    local = law.at(place, date(year, 12, 31))
    groups = [group.partition(":") for group in law.groups(local.place, FLOORS[0], local.on) if ":" in group]
    rows: dict[str, dict[str, Any]] = {}
    for area, _, part in sorted(groups, key=lambda group: (group[2], AREAS.index(group[0]))):
        value = local.value(FLOORS[0], f"{area}:{part}")
        row = rows.setdefault(part, {"class": part, "sources": []})
        row["sources"].append(value)
        row |= {f"level_{area}": value.fen_month, f"level_{area}_status": value.status}
    columns = ["class", *(f"level_{area}{end}" for area in AREAS for end in ("", "_status")), "sources"]
    return Frame(pd.DataFrame(rows.values(), columns=columns))
