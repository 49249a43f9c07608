"""Past forecasts of one index against one line: the shipped national record, or one made on a place's own history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aidlib.errors import DataGap
from aidlib.prices.forecast_past import FITTED, RECORD_MONTHS, national, recompute, unpack
from aidlib.prices.forecast_record import Scores, scores
from aidlib.prices.known_then import past
from aidlib.prices.readings import Readings
from aidlib.regions import NATION
from aidlib.reports.studies.record_table import LAST, shipped

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

YOY = {index: f"{index}_yoy:total:all_items" for index in ("cpi", "scpi")} | {"food": "cpi_yoy:total:food"}


@dataclass(frozen=True)
class Trial:
    """One index and line: its history and the past forecasts of every route, each on its own origins."""

    index: str
    line: float
    history: pd.Series
    records: dict[str, pd.DataFrame]

    def scored(self, route: str) -> Scores:
        """Score a route on all its origins."""
        return scores(self.records[route], self.history, self.line)

    def shared(self) -> Trial:
        """The same trial on the origins that every route has."""
        common = set.intersection(*(set(record["origin"]) for record in self.records.values()))
        return replace(self, records={n: r[r["origin"].isin(common)] for n, r in self.records.items()})

    def halves(self) -> list[tuple[str, pd.DataFrame]]:
        """The earlier and the later half of the year-on-year record, named by their origins."""
        record, origins = self.records["yoy"], sorted(set(self.records["yoy"]["origin"]))
        middle = origins[len(origins) // 2]
        parts = [record[record["origin"] < middle], record[record["origin"] >= middle]]
        return [(f"{part['origin'].min()}–{part['origin'].max()}", part) for part in parts]


def trials(report: Report, lines: str) -> list[Trial]:
    """Score past forecasts against lines such as `cpi:3.5,food:6.0`, up to the period of the report.

    Raises
    ------
    DataGap
        The place has no unbroken history long enough for a record.
    """
    return [_trial(report, *token.strip().partition(":")[::2]) for token in lines.split(",")]


def _trial(report: Report, index: str, line: str) -> Trial:
    if report.region.code != NATION:
        return _local(report, index, float(line))
    last = min(report.period, LAST[index, "yoy"])
    whole, _changes = national(report.figures, index, last)
    history, rows = whole.series(), [row for row in shipped() if row["index"] == index]
    records = {route: unpack([r for r in rows if r["route"] == route], history) for route in FITTED}
    known = {name: record.dropna(subset=["actual"]) for name, record in records.items()}
    if known["yoy"].empty:
        raise DataGap(
            f"no forecast of {index} up to {last} has an outcome yet", where="period", hint="choose a later period"
        )
    known["walk"] = recompute(whole, None, "walk", min(known["yoy"]["origin"]), last).dropna(subset=["actual"])
    return Trial(index, float(line), history, {name: record for name, record in known.items() if not record.empty})


def _local(report: Report, index: str, line: float) -> Trial:
    """Make the record of a place on its own history, by the routes that need no monthly changes."""
    code = report.region.code
    ends = [m for m in report.figures.all(code, YOY[index]) if m <= report.period]
    found = past(Readings(report.figures), code, index, max(ends)) if ends else None
    months = len(found.readings) if found and found.place == code else 0
    if found is None or months < RECORD_MONTHS:
        raise DataGap(
            f"{months} unbroken months of {index}, too few for a record", where=str(report.region),
            expected=f"{RECORD_MONTHS} months", hint='region = "000000", or longer figures of your own (AIDLIB_DATA)',
        )  # fmt: skip
    made = {route: recompute(found, None, route, "", report.period) for route in ("yoy", "walk")}
    return Trial(index, line, found.series(), {n: r.dropna(subset=["actual"]) for n, r in made.items()})
