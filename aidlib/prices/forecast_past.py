"""The record beside a forecast: past forecasts of the same kind, scored against a place's own lines with what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from aidlib.errors import DataGap
from aidlib.indices import Figures
from aidlib.prices.forecast import FALLBACK, TRAINING_MONTHS
from aidlib.prices.forecast_record import COLUMNS, Scores, rolling, rolling_levels, rolling_walk, scores
from aidlib.prices.known_then import Past, Until, monthly_changes, past
from aidlib.prices.months import shift
from aidlib.prices.outlook import Ahead
from aidlib.prices.readings import Readings
from aidlib.regions import NATION

if TYPE_CHECKING:
    import pandas as pd

ROUTES = ("yoy", "mom", "walk")
FITTED = ("yoy", "mom")
HORIZON = 6
RECORD_MONTHS = TRAINING_MONTHS + 60
"""A place's own record needs five years of origins after six years of training (spec 9)."""
PACKED = ("index", "route", "origin", "mean", "sd")


@dataclass(frozen=True)
class Judged:
    """The record of one way of forecasting one index against one line.

    Attributes
    ----------
    index, route, place : str
        What was forecast, how, and whose history it was tried on.
    first, last : str
        First and last origin.
    scores : Scores
        Over all horizons.
    known : pandas.DataFrame
        The past forecasts whose outcome is known, row by row.
    """

    index: str
    route: str
    place: str
    first: str
    last: str
    scores: Scores
    known: pd.DataFrame = field(repr=False, compare=False)


def recompute(found: Past, changes: pd.Series | None, route: str, first: str, last: str) -> pd.DataFrame:
    """Make the past forecasts of a route anew, one to six months ahead.

    Parameters
    ----------
    found : Past
        Unbroken history.
    changes : pandas.Series or None
        Month-on-month changes, for the route `mom`.
    route : str
        `yoy`, `mom` or `walk`.
    first, last : str
        First and last origin.
    """
    history = found.series()
    if route == "walk":
        return rolling_walk(history, first=first, last=last, horizon=HORIZON)
    if route == "yoy":
        return rolling(history, first=first, last=last, horizon=HORIZON)
    if changes is None:
        raise DataGap("no month-on-month changes", where=found.index)
    return rolling_levels(history, changes, first=first, last=last, horizon=HORIZON)


def pack(record: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Write past forecasts as one row an origin: origin, means and standard deviations to three decimals."""
    by_origin = record.groupby("origin", sort=True)
    return [(str(origin), _text(rows["mean"]), _text(rows["sd"])) for origin, rows in by_origin]


def _text(numbers: pd.Series) -> str:
    return " ".join(f"{number:.3f}" for number in numbers)


def unpack(rows: Iterable[Mapping[str, str]], history: pd.Series) -> pd.DataFrame:
    """Read packed forecasts back beside what a history knows of their outcome; later outcomes are missing.

    Examples
    --------
    >>> import pandas as pd
    >>> history = pd.Series([1.0, 2.0], pd.period_range("2020-01", periods=2, freq="M"))
    >>> unpack([{"origin": "2020-01", "mean": "1.500 1.600", "sd": "0.300 0.400"}], history)[["h", "mean", "actual"]].values.tolist()
    [[1.0, 1.5, 2.0], [2.0, 1.6, nan]]
    """
    import pandas as pd

    known = {str(month): float(value) for month, value in history.items()}
    cells = []
    for row in rows:
        origin = row["origin"]
        if origin not in known:
            continue
        for h, (mean, sd) in enumerate(zip(row["mean"].split(), row["sd"].split(), strict=True), start=1):
            month = shift(origin, h)
            cells.append((origin, h, month, float(mean), float(sd), known.get(month, np.nan), known[origin], ""))
    return pd.DataFrame(cells, columns=COLUMNS)


def national(figures: Figures, index: str, until: str) -> tuple[Past, pd.Series | None]:
    """Read the national past of an index up to a month, and its month-on-month changes where they reach that month."""
    seen = Until(figures, until)
    found = past(Readings(seen), NATION, index, until)
    if found is None:
        raise DataGap(f"no unbroken national history of {index} up to {until}", where=NATION)
    return found, monthly_changes(seen, found)


def judge(
    ahead: Ahead, line: float, packed: Iterable[Mapping[str, str]], figures: Figures, origin: str
) -> Judged | None:
    """Score the way an index is forecast here: on its own past where that is long enough, else on the national one.

    Parameters
    ----------
    ahead : Ahead
        The forecast that the record is to stand beside.
    line : float
        The line of the condition, in percentage points.
    packed : iterable of mapping
        Rows of the shipped record: index, route, origin, mean, sd.
    figures, origin : Figures, str
        Outcomes of months after the origin are not looked at.

    Returns
    -------
    Judged or None
        None where no record can be had: no national history of the index, or no origin before this one.
    """
    route = "walk" if ahead.forecast.model == FALLBACK else ahead.route
    own = ahead.past
    if own.place != NATION and len(own.readings) >= RECORD_MONTHS:
        made = recompute(own, monthly_changes(Until(figures, origin), own), route, "", origin)
        return _judged(own, route, made, line)
    whole = _national_until(figures, own.index, origin)
    if whole is None:
        return None
    kept = [row for row in packed if row["index"] == own.index and row["route"] == route]
    history = whole.series()
    made = unpack(kept, history) if route in FITTED else recompute(whole, None, "walk", "", origin)
    return _judged(whole, route, made, line)


def _national_until(figures: Figures, index: str, origin: str) -> Past | None:
    """Read the published national history up to the origin, or up to its last unbroken month."""
    readings = Readings(Until(figures, origin))
    found = past(readings, NATION, index, origin)
    return found if found and not found.estimated else None


def _judged(whole: Past, route: str, made: pd.DataFrame, line: float) -> Judged | None:
    known = made.dropna(subset=["actual"])
    if known.empty:
        return None
    found = scores(known, whole.series(), line)
    return Judged(whole.index, route, whole.place, str(known["origin"].min()), str(known["origin"].max()), found, known)


def better_route(index: str, line: float, packed: Iterable[Mapping[str, str]], figures: Figures, origin: str) -> str:
    """Choose between the year-on-year and the month-on-month route by their Brier scores on the same past origins.

    Only outcomes up to the origin count. `yoy` where there is nothing to compare.
    """
    whole = _national_until(figures, index, origin)
    if whole is None:
        return "yoy"
    rows, history = [row for row in packed if row["index"] == index], whole.series()
    made = {
        route: unpack([r for r in rows if r["route"] == route], history).dropna(subset=["actual"]) for route in FITTED
    }
    common = set(made["yoy"]["origin"]) & set(made["mom"]["origin"])
    if not common:
        return "yoy"
    return min(FITTED, key=lambda route: scores(made[route][made[route]["origin"].isin(common)], history, line).brier)
