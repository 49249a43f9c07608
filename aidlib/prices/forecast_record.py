"""The record of a forecast: what it would have said in the past, scored against persistence and climatology."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aidlib.prices.forecast import TRAINING_MONTHS, Floats, Forecast, forecasts_from, half_step, random_walk
from aidlib.prices.forecast_levels import forecast_levels

if TYPE_CHECKING:
    import pandas as pd

REFIT_MONTHS = (1, 7)
COLUMNS = ["origin", "h", "month", "mean", "sd", "actual", "known", "model"]


def rolling(history: pd.Series, *, first: str, last: str, horizon: int = 6) -> pd.DataFrame:
    """Forecast from every month between two, using only what was known then; parameters are fitted anew each January and July.

    Parameters
    ----------
    history : pandas.Series
        Rise in percentage points by consecutive month.
    first, last, horizon : str, str, int
        First and last origin, `YYYY-MM`, and months ahead.

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
    """Score a record against one line.

    Parameters
    ----------
    record : pandas.DataFrame
        From `rolling`.
    history : pandas.Series
        The same history, for climatology up to each origin.
    line : float
        The line; a published figure at or above it is an event.
    """
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
