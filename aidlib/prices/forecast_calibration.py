"""Whether past chances were right: what came against what was said, with the error it would have if the forecasts were true."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from aidlib.prices.forecast import Floats, half_step
from aidlib.prices.forecast_record import event_chances

if TYPE_CHECKING:
    import pandas as pd

BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
SHOCKS = 200
"""Equally likely sizes of one month's shock by which a variance is summed."""


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
