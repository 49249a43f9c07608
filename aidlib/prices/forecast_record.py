"""The record of a forecast: what it would have said in the past, how good that was, and whether its chances were right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from aidlib.errors import DataGap
from aidlib.indices import Figures
from aidlib.prices.forecast import (
    FALLBACK,
    TRAINING_MONTHS,
    Floats,
    Forecast,
    forecast_levels,
    forecasts_from,
    half_step,
    random_walk,
)
from aidlib.prices.known_then import Past, Until, monthly_changes, past
from aidlib.prices.months import shift
from aidlib.prices.outlook import Ahead
from aidlib.prices.readings import Readings
from aidlib.regions import NATION

if TYPE_CHECKING:
    import pandas as pd

REFIT_MONTHS = (1, 7)
FITTED = ("yoy", "mom")
HORIZON = 6
RECORD_MONTHS = TRAINING_MONTHS + 60
"""A place's own record needs five years of origins after six years of training (spec 9)."""
PACKED = ("index", "route", "origin", "mean", "sd")
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
SHOCKS = 200
"""Equally likely sizes of one month's shock by which a variance is summed."""
COLUMNS = ["origin", "h", "month", "mean", "sd", "actual", "known", "model"]


def rolling(history: pd.Series, *, first: str, last: str, horizon: int = 6) -> pd.DataFrame:
    """Forecast from every month between two, using only what was known then; parameters are fitted anew each January and July.

    Returns
    -------
    pandas.DataFrame
        origin, h, month, mean, sd, actual (missing where not yet known), known (rise at the origin), model.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for block in _blocks(history, _origins(history, first, last)):
        made = forecasts_from(history, [at + 1 for at in block], horizon)
        rows.extend(row for at, each in zip(block, made, strict=True) for row in _rows(history, at, each))
    return pd.DataFrame(rows, columns=COLUMNS)


def rolling_levels(history: pd.Series, monthly: pd.Series, *, first: str, last: str, horizon: int = 6) -> pd.DataFrame:
    """Forecast like `rolling`, by the month-on-month route (`monthly` in percent), fitted anew at every origin."""
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for end, month in enumerate(monthly.index, start=1):
        if first <= str(month) <= last and end >= TRAINING_MONTHS:
            at = month.ordinal - history.index[0].ordinal
            made = forecast_levels(history.iloc[: at + 1], monthly.iloc[:end], horizon)
            rows.extend(_rows(history, at, made))
    return pd.DataFrame(rows, columns=COLUMNS)


def rolling_walk(history: pd.Series, *, first: str, last: str, horizon: int = 6) -> pd.DataFrame:
    """Forecast like `rolling` by the random walk that short histories fall back to."""
    import pandas as pd

    rows = [
        row
        for at in _origins(history, first, last)
        for row in _rows(history, at, random_walk(history.iloc[: at + 1], horizon))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _origins(history: pd.Series, first: str, last: str) -> list[int]:
    return [at for at, month in enumerate(history.index) if first <= str(month) <= last and at + 1 >= TRAINING_MONTHS]


def _blocks(history: pd.Series, origins: list[int]) -> list[list[int]]:
    blocks: list[list[int]] = []
    for at in origins:
        if not blocks or history.index[at].month in REFIT_MONTHS:
            blocks.append([])
        blocks[-1].append(at)
    return blocks


def _rows(history: pd.Series, at: int, made: Forecast) -> list[tuple[object, ...]]:
    actual = [float(history.iloc[at + h + 1]) if at + h + 1 < len(history) else np.nan for h in range(len(made.mean))]
    known = float(history.iloc[at])
    return [
        (made.origin, h + 1, month, mean, sd, real, known, made.model)
        for h, (month, mean, sd, real) in enumerate(zip(made.months, made.mean, made.sd, actual, strict=True))
    ]


@dataclass(frozen=True)
class Scores:
    """How good past forecasts of one event were.

    Attributes
    ----------
    brier, brier_persistence, brier_climatology : float
        Mean squared error of the probability; of saying "as now"; of the share of past months.
    log_score, crps, mae : float
        Log score of the probability; continuous ranked probability score and absolute error of the rise, in points.
    coverage_90 : float
        Share of outcomes inside the 90 % interval.
    n, events : int
        Forecasts scored and how many of them triggered.
    """

    line: float
    brier: float
    brier_persistence: float
    brier_climatology: float
    log_score: float
    crps: float
    mae: float
    coverage_90: float
    n: int
    events: int

    @property
    def skill_persistence(self) -> float:
        """Share of the Brier score of persistence that is saved; NaN where persistence never erred."""
        return 1 - self.brier / self.brier_persistence if self.brier_persistence else float("nan")

    @property
    def skill_climatology(self) -> float:
        """Share of the Brier score of climatology that is saved; NaN where climatology never erred."""
        return 1 - self.brier / self.brier_climatology if self.brier_climatology else float("nan")


def scores(record: pd.DataFrame, history: pd.Series, line: float, decimals: int = 1) -> Scores:
    """Score a record against one line."""
    from scipy.special import ndtr, ndtri

    known = record.dropna(subset=["actual"])
    chance, event = event_chances(known, line, decimals)
    z = ((known["actual"] - known["mean"]) / known["sd"]).to_numpy()
    crps = known["sd"] * (z * (2 * ndtr(z) - 1) + np.sqrt(2 / np.pi) * np.exp(-(z**2) / 2) - 1 / np.sqrt(np.pi))
    safe = np.clip(chance, 1e-6, 1 - 1e-6)
    usual = _climatology(known, history, line)
    return Scores(
        line,
        brier=float(np.mean((chance - event) ** 2)),
        brier_persistence=float(np.mean(((known["known"].to_numpy() >= line) - event) ** 2)),
        brier_climatology=float(np.mean((usual - event) ** 2)),
        log_score=float(-np.mean(np.where(event == 1, np.log(safe), np.log(1 - safe)))),
        crps=float(np.mean(crps)),
        mae=float(np.mean(np.abs(known["actual"] - known["mean"]))),
        coverage_90=float(np.mean(np.abs(z) <= ndtri(0.95))),
        n=len(known),
        events=int(event.sum()),
    )


def event_chances(record: pd.DataFrame, line: float, decimals: int = 1) -> tuple[Floats, Floats]:
    """Return the forecast chance of reaching a line and whether it was reached (1 or 0), row by row."""
    from scipy.special import ndtr

    chance = ndtr((record["mean"] - line + half_step(decimals)) / record["sd"])
    return np.asarray(chance, float), (record["actual"].to_numpy() >= line).astype(float)


def _climatology(record: pd.DataFrame, history: pd.Series, line: float) -> Floats:
    share = (history >= line).expanding().mean()
    by_month = dict(zip(map(str, history.index), share, strict=True))
    return np.array([by_month[origin] for origin in record["origin"]], float)


def _overlap_error(values: Floats, lags: int) -> float:
    """Error of a mean of overlapping values; covariances are weighted down only where whole ones give no variance."""
    centred = values - values.mean()
    n = len(values)
    first, *later = [float(np.sum(centred[k:] * centred[: n - k])) / n for k in range(min(lags, n - 1) + 1)]
    whole = first + 2 * sum(later)
    if whole <= 0:
        whole = first + 2 * sum((1 - k / (lags + 1)) * c for k, c in enumerate(later, start=1))
    return float(np.sqrt(max(whole, 0.0) / n))


def diebold_mariano(record: pd.DataFrame, line: float, h: int, decimals: int = 1) -> tuple[float, float]:
    """Compare Brier losses with persistence at one horizon: statistic (below zero is better) and p.

    The test of Diebold and Mariano with the small-sample correction of Harvey, Leybourne and Newbold.
    """
    from scipy.stats import t

    known = record[record["h"] == h].dropna(subset=["actual"])
    chance, event = event_chances(known, line, decimals)
    loss = (chance - event) ** 2 - ((known["known"].to_numpy() >= line) - event) ** 2
    n = len(loss)
    correction = np.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    statistic = (
        float(correction * loss.mean() / _overlap_error(loss, h - 1))
        if h > 1
        else float(loss.mean() / (loss.std(ddof=1) / np.sqrt(n)))
    )
    return statistic, float(2 * t.sf(abs(statistic), n - 1))


def calibration(
    record: pd.DataFrame, line: float, decimals: int = 1, months_ahead: int | None = None
) -> tuple[float, float]:
    """Return the mean of forecast chance minus outcome, and the standard error it has if the forecasts are true.

    Parameters
    ----------
    record : pandas.DataFrame
        From `rolling`: every origin with all its months ahead.
    line, decimals : float, int
        The line, and the decimals of the published figure.
    months_ahead : int, optional
        Take the mean over this horizon only.

    Returns
    -------
    tuple of float
        Mean gap (positive: warned too often) and its standard error.

    Notes
    -----
    Forecasts of one month from several origins, and of several months from one origin, err together, so the gaps are not
    independent. But if the forecasts are true, what each new month changes in all of them has mean zero given the months
    before, whatever those were: the sum of gaps is a sum of such monthly revisions, and its variance the sum of their
    variances. Each is computed from what the forecasts themselves say: a shock of one month moves the means of the months
    ahead as the growth of their spreads tells. Nothing is estimated from the outcomes and there is no bandwidth. It is the
    test of Spiegelhalter (1986) and of Seillier-Moiseiwitsch and Dawid (1993), for horizons that overlap. A long-run variance
    estimated from the gaps (Newey-West, or whole covariances up to five lags) is too small where a line is reached in a few
    episodes: it rejects true forecasts two to three times as often as it says, this one as often (`tests/prices/test_calibration.py`).
    What estimated parameters add to the error is not counted, and the test is the stricter for it.

    Examples
    --------
    >>> import pandas as pd
    >>> record = pd.DataFrame({"origin": ["2020-01", "2020-02"], "h": 1, "mean": 2.95, "sd": 0.5, "actual": [3.0, 2.9]})
    >>> [round(number, 3) for number in calibration(record, 3.0)]
    [0.0, 0.354]
    """
    known = record.dropna(subset=["actual"])
    inside = np.full(len(known), True) if months_ahead is None else (known["h"] == months_ahead).to_numpy(bool)
    asked = inside.astype(np.float64)
    chance, event = event_chances(known, line, decimals)
    count = asked.sum()
    return float(asked @ (chance - event) / count), float(np.sqrt(_variance(known, asked, line, decimals)) / count)


def reliability(record: pd.DataFrame, line: float, decimals: int = 1) -> pd.DataFrame:
    """Compare forecast chances with how often the event came, in bins.

    Returns
    -------
    pandas.DataFrame
        low, high, n, forecast (mean chance), came (share that triggered), error (two standard errors of `came` if the
        forecasts are true, overlapping months allowed for; see `calibration`).
    """
    import pandas as pd

    known = record.dropna(subset=["actual"])
    chance, event = event_chances(known, line, decimals)
    place = np.clip(np.digitize(chance, BINS) - 1, 0, len(BINS) - 2)
    rows = []
    for at, (low, high) in enumerate(pairwise(BINS)):
        inside = place == at
        if n := int(inside.sum()):
            error = float(np.sqrt(_variance(known, inside.astype(np.float64), line, decimals))) / n
            rows.append((low, high, n, float(chance[inside].mean()), float(event[inside].mean()), 2 * error))
    return pd.DataFrame(rows, columns=["low", "high", "n", "forecast", "came", "error"])


def _variance(known: pd.DataFrame, asked: Floats, line: float, decimals: int) -> float:
    """Variance of the sum of the gaps asked for (1 or 0 by row), if the forecasts are true."""
    from scipy.special import ndtr, ndtri

    wide = known.assign(asked=asked).pivot(index="origin", columns="h", values=["mean", "sd", "asked"])
    mean, spread, weight = (np.nan_to_num(wide[name].to_numpy(float)) for name in ("mean", "sd", "asked"))
    carried = _carried(weight)
    before = np.column_stack([np.zeros(len(spread)), spread[:, :-1]])
    step = np.sqrt(np.maximum(spread**2 - before**2, 0.0))
    left = np.where(before > 0, before, np.inf)
    shocks = ndtri((np.arange(SHOCKS) + 0.5) / SHOCKS)
    revised = np.zeros((len(mean), SHOCKS))
    for at in range(mean.shape[1]):
        above = mean[:, at, None] + step[:, at, None] * shocks - (line - half_step(decimals))
        chance = ndtr(above / left[:, at, None]) if at else (above >= 0).astype(float)
        revised += carried[:, at, None] * chance
    return float(revised.var(axis=1).sum())


def _carried(weight: Floats) -> Floats:
    """Count, by origin and month ahead, the gaps asked for that the next month's news of that month enters.

    A forecast of the same month from `k` origins before stands `k` rows up and `k` columns to the right.
    """
    whole = weight.copy()
    for back in range(1, min(weight.shape)):
        whole[back:, :-back] += weight[:-back, back:]
    return whole


def pit(record: pd.DataFrame, bins: int = 10) -> Floats:
    """Return the histogram of the probability integral transform; flat when the forecast is calibrated."""
    from scipy.stats import norm

    known = record.dropna(subset=["actual"])
    where = norm.cdf((known["actual"] - known["mean"]) / known["sd"])
    return np.histogram(where, bins=bins, range=(0, 1))[0] / len(known)


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
