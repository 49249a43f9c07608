"""Joint paths of several indices, whose shocks move together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from aidlib.prices.forecast import Floats, Forecast, half_step


def paths(forecasts: Mapping[str, Forecast], *, draws: int = 10_000, seed: int) -> dict[str, Floats]:
    """Simulate joint paths of several indices whose shocks move together.

    Parameters
    ----------
    forecasts : mapping of str to Forecast
        Forecasts from the same origin.
    draws, seed : int
        Count of paths and the seed that makes them repeatable.

    Returns
    -------
    dict of str to ndarray of shape (draws, months)
        The correlation of shocks is that of the last months the forecasts have in common; marginals are never multiplied.
    """
    names = list(forecasts)
    horizon = len(next(iter(forecasts.values())).mean)
    common = min(len(f.shocks) for f in forecasts.values())
    past = np.stack([f.shocks[len(f.shocks) - common :] for f in forecasts.values()])
    correlation = np.atleast_2d(np.corrcoef(past))
    generator = np.random.default_rng(seed)
    shocks = generator.multivariate_normal(np.zeros(len(names)), correlation, size=(draws, horizon), method="eigh")
    return {name: _path(forecasts[name], shocks[:, :, at]) for at, name in enumerate(names)}


def _path(forecast: Forecast, shocks: Floats) -> Floats:
    """Each month is its mean plus all shocks up to it, weighted by the response to a shock `k` months before."""
    horizon = len(forecast.mean)
    lag = np.subtract.outer(np.arange(horizon), np.arange(horizon))
    response = np.where(lag >= 0, forecast.weights[np.abs(lag)], 0.0)
    drawn: Floats = forecast.mean + forecast.sigma * shocks @ response.T
    return drawn


def any_reaches(drawn: Mapping[str, Floats], lines: Mapping[str, float], decimals: int = 1) -> NDArray[np.bool_]:
    """Mark, for each path and month, whether any index reaches its line as published.

    Examples
    --------
    >>> any_reaches({"cpi": np.array([[3.4, 3.46]]), "food": np.array([[5.0, 5.0]])}, {"cpi": 3.5, "food": 6.0}).tolist()
    [[False, True]]
    """
    reached = [drawn[name] >= line - half_step(decimals) for name, line in lines.items()]
    flags: NDArray[np.bool_] = np.logical_or.reduce(reached)
    return flags
