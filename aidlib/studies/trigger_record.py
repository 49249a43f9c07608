"""How far can a forecast of the price-linkage trigger be trusted: the shipped record of national forecasts, or a place's own, scored."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib import tables
from aidlib.errors import DataGap, ParameterFault
from aidlib.indices import Figures
from aidlib.prices.forecast_record import (
    FITTED,
    PACKED,
    RECORD_MONTHS,
    Scores,
    calibration,
    diebold_mariano,
    national,
    pack,
    pit,
    recompute,
    reliability,
    scores,
    unpack,
)
from aidlib.prices.known_then import past
from aidlib.prices.readings import Readings
from aidlib.regions import NATION, Region, place, region
from aidlib.result import Frame, Result

if TYPE_CHECKING:
    import pandas as pd

TABLE = "forecast_record.csv"
FIRST = "2007-12"
"""First origin with 72 months of the shipped national series behind it: all items begin in 2002, food and monthly changes in 2010."""
LAST = {("cpi", "yoy"): "2026-06", ("cpi", "mom"): "2023-12", ("food", "yoy"): "2023-12", ("food", "mom"): "2023-12"}
"""Last origin by index and route: the end of the unbroken published series."""
YOY = {index: f"{index}_yoy:total:all_items" for index in ("cpi", "scpi")} | {"food": "cpi_yoy:total:food"}
LINE = re.compile(r"(cpi|food|scpi):(\d+(?:\.\d+)?)")
SIGNIFICANT, NOMINAL = 0.05, 0.9


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


@dataclass(frozen=True)
class Lean:
    """How far the mean chance is off the frequency, and the standard error that has if the forecasts are true."""

    bias: float
    error: float

    @property
    def p(self) -> float:
        """Chance of a lean as large if the forecasts are true."""
        from scipy.stats import norm

        return 2 * float(norm.sf(abs(self.bias) / self.error)) if self.error else float(self.bias == 0)

    @property
    def sure(self) -> bool:
        """Whether it is beyond sampling error."""
        return self.p < SIGNIFICANT


@dataclass(frozen=True)
class Trial:
    """One index and line: its history and the past forecasts of every route, each on its own origins."""

    index: str
    line: float
    history: pd.Series
    records: dict[str, pd.DataFrame]

    def scored(self, route: str = "yoy") -> Scores:
        """Score a route on all its origins."""
        return scores(self.records[route], self.history, self.line)

    @cached_property
    def best(self) -> Scores:
        """The year-on-year model on all its origins."""
        return self.scored()

    @property
    def ends(self) -> tuple[str, str]:
        """First and last origin of the year-on-year model."""
        origins = self.records["yoy"]["origin"]
        return str(origins.min()), str(origins.max())

    @cached_property
    def against_now(self) -> tuple[float, float]:
        """Diebold-Mariano statistic and p of the year-on-year model against "as now", one month ahead."""
        return diebold_mariano(self.records["yoy"], self.line, 1)

    @property
    def sure(self) -> bool:
        """Whether that difference is significant."""
        return self.against_now[1] < SIGNIFICANT

    @cached_property
    def lean(self) -> Lean:
        """Whether the year-on-year model warns too often or too seldom at this line."""
        return Lean(*calibration(self.records["yoy"], self.line))

    @property
    def narrow(self) -> bool:
        """Whether its 90% interval held less than 90%."""
        return round(self.best.coverage_90, 2) < NOMINAL

    def shared(self) -> Trial:
        """The same trial on the origins that every route has."""
        common = set.intersection(*(set(record["origin"]) for record in self.records.values()))
        return replace(self, records={n: r[r["origin"].isin(common)] for n, r in self.records.items()})

    def halves(self) -> list[tuple[str, pd.DataFrame]]:
        """The earlier and the later half of the year-on-year record, named by their origins."""
        record, origins = self.records["yoy"], sorted(set(self.records["yoy"]["origin"]))
        middle = origins[len(origins) // 2]
        parts = [record[record["origin"] < middle], record[record["origin"] >= middle]]
        return [(f"{part['origin'].min()}..{part['origin'].max()}", part) for part in parts]

    @cached_property
    def later(self) -> tuple[str, float]:
        """Origins of the later half, and the share of the Brier score of "as now" that is saved there."""
        origins, part = self.halves()[1]
        return origins, scores(part, self.history, self.line).skill_persistence


@dataclass(frozen=True)
class TriggerRecord(Result):
    """Past forecasts scored against lines.

    Attributes
    ----------
    place, last : str
        Whose indices, and the last month looked at.
    trials : tuple of Trial
        One an index and line.
    figures : Figures
        What they were made from.
    """

    place: str
    last: str
    trials: tuple[Trial, ...]
    figures: Figures

    @property
    def starts(self) -> dict[str, str]:
        """First month of the series of each index."""
        return {trial.index: str(trial.history.index[0]) for trial in self.trials}

    @property
    def narrow(self) -> list[str]:
        """Indices whose 90% interval held less than 90%."""
        return list(dict.fromkeys(trial.index for trial in self.trials if trial.narrow))

    def to_frame(self) -> pd.DataFrame:
        """The year-on-year model on all origins, then every route on the origins they share: index, score_line, route, origins, scored, events,
        brier, gain_persistence and gain_climatology (shares saved), log_score, crps, coverage_90, bias with its error, dm and dm_p."""
        import pandas as pd

        rows = [_row(trial, "yoy") for trial in self.trials]
        rows += [_row(shared, route) for trial in self.trials for shared in [trial.shared()] for route in trial.records]
        return pd.DataFrame(rows)

    def by_part(self) -> Frame:
        """逐月提前量，前后两半起点。 The year-on-year model by months ahead, and in the earlier and the later half of its origins."""
        import pandas as pd

        rows = [
            _part(trial, f"{h}", trial.records["yoy"], int(h))
            for trial in self.trials
            for h in sorted(set(trial.records["yoy"]["h"]))
        ]
        rows += [_part(trial, origins, record) for trial in self.trials for origins, record in trial.halves()]
        return Frame(pd.DataFrame(rows))

    def reliability(self) -> Frame:
        """可靠性。 Forecast chance against frequency of the year-on-year model, by bins: index, score_line, scored, chance_mean, frequency,
        two_errors."""
        import pandas as pd

        rows = [[trial.index, trial.line / 100, row["n"], row["forecast"], row["came"], row["error"]]
                for trial in self.trials for row in reliability(trial.records["yoy"], trial.line).to_dict("records")]  # fmt: skip
        return Frame(
            pd.DataFrame(rows, columns=["index", "score_line", "scored", "chance_mean", "frequency", "two_errors"])
        )

    def transforms(self) -> Iterator[tuple[Trial, Any]]:
        """Each trial with the histogram of its probability integral transform; flat is calibrated."""
        yield from ((trial, pit(trial.records["yoy"])) for trial in self.trials)

    def made_anew(self, origins: int) -> Recomputed | None:
        """抽查。 Make the last origins of the first index anew and hold them against the shipped record; None for a place of its own record."""
        if self.place != NATION:
            return None
        trial = self.trials[0]
        kept = sorted(set(trial.records["yoy"]["origin"]))[-origins:]
        whole, _ = national(self.figures, trial.index, kept[-1])
        made = recompute(whole, None, "yoy", kept[0], kept[-1])
        both = made.merge(trial.records["yoy"], on=["origin", "h"], suffixes=("", "_kept"))
        return Recomputed(len(kept), float((both["mean"] - both["mean_kept"]).abs().max()))


@dataclass(frozen=True)
class Recomputed:
    """How many origins were made anew, and how far their means lie from the shipped record at most, in points."""

    origins: int
    gap: float


def _row(trial: Trial, route: str) -> dict[str, Any]:
    found, record = trial.scored(route), trial.records[route]
    bias, error = calibration(record, trial.line)
    dm, p = diebold_mariano(record, trial.line, 1)
    return {
        "index": trial.index, "score_line": trial.line / 100, "route": route, "origins": f"{record['origin'].min()}..{record['origin'].max()}",
        "scored": found.n, "events": found.events, "brier": found.brier,
        "gain_persistence": found.skill_persistence, "gain_climatology": found.skill_climatology,
        "log_score": found.log_score, "crps": found.crps, "coverage_90": found.coverage_90, "bias": bias, "bias_error": error,
        "dm": dm, "dm_p": p,
    }  # fmt: skip


def _part(trial: Trial, part: str, record: pd.DataFrame, h: int | None = None) -> dict[str, Any]:
    found = scores(record if h is None else record[record["h"] == h], trial.history, trial.line)
    bias, error = calibration(record, trial.line, months_ahead=h)
    return {
        "index": trial.index, "score_line": trial.line / 100, "record_part": part, "scored": found.n, "events": found.events, "brier": found.brier,
        "gain_persistence": found.skill_persistence, "mean_error": found.mae, "coverage_90": found.coverage_90, "bias": bias,
        "bias_error": error,
    }  # fmt: skip


def trigger_record(
    region: str | int | Region, last: str, lines: str = "cpi:3.5,cpi:3.0,food:6.0", figures: Figures | None = None
) -> TriggerRecord:
    """触发预测的记录。 Score past forecasts against lines such as `cpi:3.5,food:6.0`, up to a month.

    Raises
    ------
    DataGap
        The place has no unbroken history long enough for a record, or no forecast has an outcome yet.

    Examples
    --------
    >>> found = trigger_record("全国", "2019-12", "cpi:3.5")
    >>> [(one.index, one.line) for one in found.trials], set(found.to_frame()["score_line"].map(float))
    ([('cpi', 3.5)], {0.035})
    """
    read, code = figures or Figures(), place(region).code
    asked = [LINE.fullmatch(token.strip()) for token in lines.split(",")]
    if not all(asked):
        raise ParameterFault(
            "unreadable lines",
            where="lines",
            expected="index:line, several by commas",
            got=lines,
            hint="cpi:3.5,food:6.0",
        )
    found = tuple(_trial(read, code, last, one[1], one[2]) for one in asked if one)
    return TriggerRecord(code, last, found, read)


def _trial(figures: Figures, code: str, period: str, index: str, line: str) -> Trial:
    if code != NATION:
        return _local(figures, code, period, index, float(line))
    last = min(period, LAST[index, "yoy"])
    whole, _ = national(figures, index, last)
    history, rows = whole.series(), [row for row in shipped() if row["index"] == index]
    records = {route: unpack([r for r in rows if r["route"] == route], history) for route in FITTED}
    known = {name: record.dropna(subset=["actual"]) for name, record in records.items()}
    if known["yoy"].empty:
        raise DataGap(
            f"no forecast of {index} up to {last} has an outcome yet", where="period", hint="choose a later period"
        )
    known["walk"] = recompute(whole, None, "walk", min(known["yoy"]["origin"]), last).dropna(subset=["actual"])
    return Trial(index, float(line), history, {name: record for name, record in known.items() if not record.empty})


def _local(figures: Figures, code: str, period: str, index: str, line: float) -> Trial:
    """Make the record of a place on its own history, by the routes that need no monthly changes."""
    ends = [month for month in figures.all(code, YOY[index]) if month <= period]
    found = past(Readings(figures), code, index, max(ends)) if ends else None
    months = len(found.readings) if found and found.place == code else 0
    if found is None or months < RECORD_MONTHS:
        raise DataGap(
            f"{months} unbroken months of {index}, too few for a record", where=str(region(code)),
            expected=f"{RECORD_MONTHS} months", hint='region = "000000", or longer figures of your own (AIDLIB_DATA)',
        )  # fmt: skip
    made = {route: recompute(found, None, route, "", period) for route in ("yoy", "walk")}
    return Trial(index, line, found.series(), {n: r.dropna(subset=["actual"]) for n, r in made.items()})
