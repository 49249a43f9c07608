"""Will payment start: the outlook of a month as results, with what it would pay and how the same method has done before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aidlib import tables
from aidlib.errors import DataGap, ParameterFault
from aidlib.known import Known, Note
from aidlib.prices.forecast_record import PACKED, Judged, better_route, calibration, judge, pit, reliability
from aidlib.prices.monthly import LinkageMonth, newest_month
from aidlib.prices.months import first_day
from aidlib.prices.outlook import Chance, Outlook, Spending, outlook, spending
from aidlib.regions import NATION
from aidlib.result import Frame, Result

if TYPE_CHECKING:
    import pandas as pd

SEED, SCENARIOS = 20200101, 60
RECORD = "forecast_record.csv"
"""Past forecasts of the national indices, packed: `aidlib.studies.trigger_record` makes it anew."""
BAND = (0.05, 0.5, 0.95)


def linkage_outlook(
    month: LinkageMonth, horizon: int = 6, *, today: str = "", backtest: bool = False
) -> LinkageOutlook:
    """此后各月启动的可能性。 How likely payment is to start in the months after one.

    Parameters
    ----------
    month : LinkageMonth
        The last month that is known; nothing of a later one is looked at.
    horizon : int
        Months ahead.
    today : str
        `YYYY-MM-DD`: months that have ended by then are no longer forecast. Empty: none is left out.
    backtest : bool
        Forecast months that have passed too, as they would have been forecast then.

    Returns
    -------
    LinkageOutlook
        Without rows, and with a reason, where nothing is forecast.

    Examples
    --------
    >>> from aidlib.prices.monthly import linkage_months
    >>> now = linkage_months("450000", "2019-10", 1).now
    >>> linkage_outlook(now).reason.code, linkage_outlook(now, 2, backtest=True).to_frame()["period"].tolist()
    ('months_passed', ['2019-11', '2019-12'])
    """
    if not isinstance(month, LinkageMonth):
        raise ParameterFault(
            "not a month", where="month", expected="what linkage_months(...).now gives", got=repr(month)
        )
    return LinkageOutlook(month, horizon, today[:7], backtest)


@dataclass(frozen=True)
class LinkageOutlook(Result):
    """What is known at a month about those after it.

    Attributes
    ----------
    month : LinkageMonth
        The origin.
    horizon : int
        Months ahead that are asked for.
    since : str
        First month that is shown; earlier ones have passed.
    backtest : bool
        Whether passed months are shown.
    """

    month: LinkageMonth
    horizon: int
    since: str
    backtest: bool

    @cached_property
    def _outlook(self) -> Outlook | Note:
        if not self.backtest and self.month.month < newest_month(self.month.figures):
            return Note("months_passed", (self.month.month,))
        rows = [dict(row.cells) for row in tables.rows(RECORD, PACKED)]
        figures, origin = self.month.figures, self.month.month
        prefer = {index: better_route(index, line, rows, figures, origin) for index, line in self._lines.items()}
        try:
            made = outlook(self.month.law, figures, self.month.place, origin, self.horizon, seed=SEED, prefer=prefer)
        except DataGap:
            return Note("no_unbroken_past", (origin,))
        return made if self.backtest or made.months[-1] >= self.since else Note("months_passed", (origin,))

    @property
    def outlook(self) -> Outlook | None:
        """The outlook; None where there is a reason for none."""
        return self._outlook if isinstance(self._outlook, Outlook) else None

    @property
    def reason(self) -> Note | None:
        """Why nothing is forecast."""
        return self._outlook if isinstance(self._outlook, Note) else None

    @property
    def _lines(self) -> dict[str, float]:
        """The local lines the routes are compared at."""
        local = self.month.law.at(self.month.place, first_day(self.month.month))
        found = {index: local.optional(f"linkage_{index}_trigger") for index in ("cpi", "food")}
        return {index: float(value.bounds[1]) for index, value in found.items() if value}

    @property
    def once(self) -> Known | None:
        """Chance of one start or more in the months ahead, those that have passed included."""
        ahead = self.outlook
        return _chance(ahead.once_low, ahead.once_high) if ahead else None

    @property
    def flags(self) -> tuple[Note, ...]:
        """Fallbacks, estimated inputs, what is missing."""
        return self.outlook.flags if self.outlook else ()

    def to_frame(self) -> pd.DataFrame:
        """One row a month: period; the chance that each index reaches its line; any_chance; status."""
        import pandas as pd

        ahead = self.outlook
        rows = [self._row(ahead, at, month) for at, month in enumerate(ahead.months)] if ahead else []
        return pd.DataFrame([row for row in rows if self.backtest or row["period"] >= self.since])

    def _row(self, ahead: Outlook, at: int, month: str) -> dict[str, Any]:
        cells: dict[str, Any] = {"period": month}
        for chance in ahead.chances:
            if chance.month == month:
                name = "_or_".join(chance.condition.indices)
                cells |= {f"{name}_line": _line(chance), f"{name}_chance": _chance(chance.low, chance.high)}
        return {
            **cells,
            "any_chance": _chance(ahead.any_low[at], ahead.any_high[at]),
            "any_chance_status": ahead.status,
        }

    def fan(self) -> pd.DataFrame:
        """What the figure shows: index, period, and the 5 %, 50 % and 95 % quantile of the joint paths in points."""
        import pandas as pd

        rows = [
            (index, month, *(round(float(end), 2) for end in np.quantile(drawn[:, at], BAND)))
            for index, drawn in self.shown.items()
            for at, month in enumerate(self.outlook.months if self.outlook else ())
        ]
        return pd.DataFrame(rows, columns=["index", "period", "fan_low", "fan_middle", "fan_high"])

    @property
    def shown(self) -> dict[str, Any]:
        """Joint paths of the indices that a condition tests."""
        ahead = self.outlook
        tested = {name for chance in ahead.chances for name in chance.condition.indices} if ahead else set()
        return {name: drawn for name, drawn in ahead.drawn.items() if name in tested} if ahead else {}

    @cached_property
    def spending(self) -> Spending | None:
        """What a start would pay, on the first paths."""
        return spending(self.month.law, self.month.figures, self.outlook, SCENARIOS) if self.outlook else None

    def costs(self) -> Frame:
        """Persons paid and money spent by month, means over all paths with 90 % intervals: period, persons_ahead, fen_ahead, status."""
        import pandas as pd

        due = self.spending
        if due is None:
            return Frame(pd.DataFrame())
        rows = [
            {
                "period": one.month,
                "persons_ahead": _whole(one.persons, "persons"),
                "yuan_ahead": _whole(one.fen, "yuan", 100),
                "status": due.status,
            }
            for one in due.by_month
        ]
        return Frame(pd.DataFrame(rows))

    def per_person(self) -> list[tuple[str, Known]]:
        """What one urban and one rural dibao recipient would get in the first month, on the paths that start payment (90 %)."""
        due = self.spending
        first = self.outlook.months[0] if self.outlook else ""
        found = [one for one in (due.amounts if due else ()) if one.month == first and one.group.startswith("dibao_")]
        return [
            (one.group, _yuan(one.low_fen, one.high_fen))
            for one in sorted(found, key=lambda one: one.group, reverse=True)
        ]

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """How each index was forecast in the past the same way, scored at the line of the first month."""
        return tuple(self._judgements())

    def _judgements(self) -> Iterator[Judged]:
        if (ahead := self.outlook) is None:
            return
        rows = [dict(row.cells) for row in tables.rows(RECORD, PACKED)]
        for chance in ahead.chances:
            at, one = chance.condition.line, ahead.indices.get(chance.condition.indices[0])
            if chance.month == ahead.months[0] and at and one:
                found = judge(one, float(at.high), rows, self.month.figures, ahead.origin)
                if found:
                    yield found

    @property
    def untested(self) -> list[str]:
        """Indices that are forecast and have no record."""
        asked = dict.fromkeys(self.shown)
        return [index for index in asked if index not in {one.index for one in self.judged}]

    def record(self) -> Frame:
        """Scores of the same method in the past, one row an index and line."""
        return Frame(_scores(self.judged))


def _scores(judged: Iterable[Judged]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for one in judged:
        scores, (bias, error) = one.scores, calibration(one.known, one.scores.line)
        rows.append({
            "index": one.index,
            "score_line": Known(Fraction(str(scores.line)), "pct", "enacted"),
            "route": one.route,
            "tried_on": one.place if one.place != NATION else "nation",
            "origins": f"{one.first}–{one.last}",
            "scored": scores.n,
            "events": scores.events,
            "brier": scores.brier,
            "crps": scores.crps,
            "gain_persistence": _gain(scores.skill_persistence),
            "gain_climatology": _gain(scores.skill_climatology),
            "coverage_90": scores.coverage_90,
            "bias": bias,
            "bias_error": error,
            "reliability": _reliability(one),
            "pit": " ".join(f"{share * 100:.0f}" for share in pit(one.known)),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _gain(skill: float) -> float | None:
    return None if skill != skill else skill


def _reliability(one: Judged) -> str:
    """Chance said and frequency, in percent, by class of chance; `*`: off by more than two standard errors."""
    table = reliability(one.known, one.scores.line)
    off = (table["came"] - table["forecast"]).abs() > table["error"]
    return ", ".join(
        f"{said * 100:.0f}→{came * 100:.0f}{'*' if beyond else ''}"
        for said, came, beyond in zip(table["forecast"], table["came"], off, strict=True)
    )


def _line(chance: Chance) -> Known | None:
    line = chance.condition.line
    if line is None:
        return None
    ends = (None, None) if line.low == line.high else (line.low, line.high)
    return Known(line.high, "pct", "enacted", None, (), "line", *ends)


def _chance(low: float, high: float) -> Known | None:
    """A chance; a range where part of it is unknown, nothing where all of it is."""
    if (low, high) == (0, 1):
        return None
    ends = [Fraction(round(end * 1000), 1000) for end in (low, high)]
    return Known(ends[1], "ratio", "projected", None, (), "chance", *((None, None) if ends[0] == ends[1] else ends))


def _whole(spread: tuple[float | None, float, float], unit: str, per: int = 1) -> Known:
    middle, low, high = (None if end is None else Fraction(round(end / per)) for end in spread)
    return Known(low if middle is None else middle, unit, "projected", None, (), "", low, high)  # type: ignore[arg-type]


def _yuan(low_fen: float, high_fen: float) -> Known:
    low, high = (Fraction(round(fen), 100) for fen in (low_fen, high_fen))
    return Known(low, "yuan/person/month", "projected", None, (), "", *((None, None) if low == high else (low, high)))
