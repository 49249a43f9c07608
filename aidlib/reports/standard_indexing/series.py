"""Standards, consumption, income and prices year by year: the table and the figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from aidlib.indices import Figure
from aidlib.regions import NATION, lineage, province_of, region
from aidlib.reports import Report
from aidlib.reports.standard_indexing import labels
from aidlib.standards.adequacy import urban_rural
from aidlib.standards.announced import AREAS, Level, announced, average_series
from aidlib.standards.levels import FLOORS
from aidlib.standards.references import CONSUMPTION, INCOME

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, object]
ByYear = dict[int, dict[str, Level]]
YEARS_SHOWN = 15
IN_CENTS = ("level_urban", "level_rural", "limit_yuan_month", "effect_yuan_month", "published_amount")
PARTS = ("urban", "rural", "total")
KIND_NOTE: labels.Words = (
    "年标准按12个月折算。标准、指导标准、平均标准和最低标准不是同一回事，性质不同的数不相比较。",
    "Yearly standards are divided by twelve. Standards, guides, averages and floors are different things and are not compared.",
)


def levels_by_year(report: Report, year: int) -> ByYear:
    """Every announced level of the place up to a year, by year and area; years without one are left out."""
    found = {}
    for one in range(max(_first_year(report), year - YEARS_SHOWN + 1), year + 1):
        levels = {area: announced(report.book, report.figures, report.region.code, area, one) for area in AREAS}
        if held := {area: level for area, level in levels.items() if level}:
            found[one] = held
    return found


def reference_region(report: Report) -> str:
    """The region whose consumption and income are shown: the place itself, else its province."""
    own = report.region.code
    series = [f"{what}:{area}" for what in (CONSUMPTION, INCOME) for area in PARTS]
    return own if any(report.figures.all(own, name) for name in series) else province_of(own).code


def levels_table(report: Report, levels: ByYear) -> pd.DataFrame:
    """One row per year: urban and rural level in yuan a month, what they are, and rural over urban where that is the same."""
    return filled([_levels_row(report, year, held) for year, held in levels.items()])


def classes_table(report: Report, year: int) -> pd.DataFrame:
    """One row per class of the province, where it permits different lowest standards; empty where it has no classes."""
    local = report.book.at(report.region.code, date(year, 12, 31))
    held = [group for group in report.book.groups(local.place, FLOORS[0], local.on) if ":" in group]
    rows: dict[str, Row] = {}
    for group in sorted(held, key=lambda group: (group.partition(":")[2], AREAS.index(group.partition(":")[0]))):
        area, _, part = group.partition(":")
        words, value = report.book.tables.groups[part], local.value(FLOORS[0], group)
        row = rows.setdefault(part, {"class": report.t(words.zh, words.en), "sources": []})
        row["sources"] = [*row["sources"], value]  # type: ignore[misc]
        row |= {f"level_{area}": labels.yuan2(value.fen_month), f"level_{area}_status": value.status}
    return filled(list(rows.values()))


def references_table(report: Report, first: int, last: int) -> pd.DataFrame:
    """One row per year from the year before the first level: consumption and income per head, and the rise of prices.

    All residents together are shown only where urban and rural figures have gaps; years with prices alone, only where
    there is nothing else.
    """
    rows = [row for year in range(first - 1, last + 1) if (row := _references_row(report, year))["sources"]]
    per_head = [
        row for row in rows if any(value for name, value in row.items() if name.startswith(("consumption", "income")))
    ]
    rows = per_head or rows
    for what in ("consumption", "income"):
        if all(row[f"{what}_urban"] and row[f"{what}_rural"] for row in rows):
            rows = [row | {f"{what}_total": None} for row in rows]
    return filled([row | {"sources": _shown(row)} for row in rows])


def _shown(row: Row) -> list[Figure]:
    """Keep the sources of the cells that are shown."""
    found: dict[str, Figure] = row["sources"]  # type: ignore[assignment]
    return [figure for name, figure in found.items() if row[name] is not None]


def filled(rows: list[Row]) -> pd.DataFrame:
    """Make a frame of rows; columns without any entry are dropped, with their statuses."""
    import pandas as pd

    rows = _same_cents(rows)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    held = {c for c in columns if c == "sources" or any(row.get(c) not in (None, "") for row in rows)}
    return pd.DataFrame(rows, columns=[c for c in columns if c in held and c.removesuffix("_status") in held])


def _same_cents(rows: list[Row]) -> list[Row]:
    """Write all levels of a table to the cent where one of them has cents."""
    money = {(at, c) for at, row in enumerate(rows) for c in row if c in IN_CENTS and isinstance(row[c], Decimal)}
    if all(rows[at][column] == int(rows[at][column]) for at, column in money):  # type: ignore[call-overload]
        return rows
    return [{c: f"{cell:.2f}" if (at, c) in money else cell for c, cell in row.items()} for at, row in enumerate(rows)]


def basis_note(report: Report) -> labels.Words:
    """Say whose figures the columns hold, and what the levels are."""
    place, province = region(reference_region(report)), province_of(report.region.code)
    zh = f"消费支出、可支配收入（元/人·年）为{place.name_zh}数；物价为{province.name_zh}和全国的年度居民消费价格涨幅。"
    en = (
        f"Consumption and disposable income (yuan per person a year) are those of {place.name('en')};"
        f" prices are the yearly rise of the consumer price index of {province.name('en')} and of the nation."
    )
    return zh, en


def _levels_row(report: Report, year: int, held: dict[str, Level]) -> Row:
    row: Row = {"year": str(year)}
    for area, level in held.items():
        row |= {f"level_{area}": labels.yuan2(level.fen_month), f"level_{area}_status": level.status}
        row[f"kind_{area}"] = report.t(*labels.KINDS[level.kind]) + report.t(*labels.part(report, level))
    if len(held) == len(AREAS) and len({(level.kind, level.part) for level in held.values()}) == 1:
        row["ratio"] = labels.share(urban_rural(held["urban"].basis, held["rural"].basis).value, 2)
    return row | {"sources": [level.basis for level in held.values()]}


def _references_row(report: Report, year: int) -> Row:
    figures = _figures(report, year)
    prices = {
        name: report.figures.find(place, "cpi_annual:total:all_items", str(year))
        for name, place in (("price_rise", province_of(report.region.code).code), ("price_rise_nation", NATION))
    }
    row: Row = {"year": str(year)}
    row |= {name: Decimal(figure.text) if figure else None for name, figure in figures.items()}
    row |= {name: labels.share(figure.rise / 100) if figure else None for name, figure in prices.items()}
    return row | {"sources": {name: figure for name, figure in (figures | prices).items() if figure}}


def _figures(report: Report, year: int) -> dict[str, Figure | None]:
    place = reference_region(report)
    return {
        f"{'consumption' if what == CONSUMPTION else 'income'}_{area}": report.figures.find(
            place, f"{what}:{area}", str(year)
        )
        for what in (CONSUMPTION, INCOME)
        for area in PARTS
    }


def _first_year(report: Report) -> int:
    place = report.region.code
    starts = [
        e.start.year for e in report.book.tables.entries if e.key[0] in lineage(place) and e.key[1].startswith("dibao_")
    ]
    periods = [p for area in AREAS for p in report.figures.all(place, average_series(area))]
    return min([*starts, *(int(period[:4]) for period in periods)])
