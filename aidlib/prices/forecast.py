"""Will it trigger? The predictive distribution of a published index one to six months ahead, by two routes, and joint paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from aidlib.errors import DataGap, ParameterFault
from aidlib.indices.releases import festival_share
from aidlib.prices.months import MONTHS_IN_YEAR

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
SEASONAL = (0, 0, 1, 12)  # the MA(12) term is the base effect of a year-on-year rate (spec 9)
ORDERS = (
    (1, 0, 1),
    (1, 1, 0),
)  # (1,0,0) of spec 9 fails the check below once the festival no longer hides in its errors
DECAY = 0.97  # weight of a month's squared error against the month after: RiskMetrics (1996) for monthly data
TRAINING_MONTHS = 72
LJUNG_BOX_LAG, LJUNG_BOX_P = 12, 0.01
FALLBACK = "random walk"
MONTHLY_MODEL = "ln m/m: 12 monthly means + Spring Festival + AR(1)"


@dataclass(frozen=True)
class Forecast:
    """A Gaussian forecast of a year-on-year rise in percentage points.

    Attributes
    ----------
    origin : str
        Last month that was known.
    months : tuple of str
        Months forecast, nearest first.
    mean : ndarray
        Expected rise by month.
    weights : ndarray
        Response of each month to a shock `k` months before (the first is 1).
    sigma : float
        Standard deviation of a one-month shock.
    shocks : ndarray
        One-month errors of the past, for the correlation with other indices.
    model : str
        What was fitted.
    flags : tuple of str
        Why the model fell back, if it did.
    """

    origin: str
    months: tuple[str, ...]
    mean: Floats
    weights: Floats
    sigma: float
    shocks: Floats
    model: str
    flags: tuple[str, ...]

    @property
    def sd(self) -> Floats:
        """Standard deviation by month."""
        spread: Floats = self.sigma * np.sqrt(np.cumsum(self.weights**2))
        return spread

    def probability(self, line: float, decimals: int = 1) -> Floats:
        """Return the chance, by month, that the published figure is at least the line.

        A figure published with `decimals` reaches the line when the true one is above the line less half its last step.

        Examples
        --------
        >>> f = Forecast("2020-01", ("2020-02",), np.array([3.45]), np.array([1.0]), 0.1, np.zeros(0), FALLBACK, ())
        >>> f.probability(3.5).tolist()
        [0.5]
        """
        from scipy.stats import norm

        chance: Floats = norm.sf((line - half_step(decimals) - self.mean) / self.sd)
        return chance

    def interval(self, level: float = 0.9) -> tuple[Floats, Floats]:
        """Return the central interval by month."""
        from scipy.stats import norm

        reach = norm.ppf((1 + level) / 2) * self.sd
        return self.mean - reach, self.mean + reach


def half_step(decimals: int) -> float:
    """Return half of the last published decimal: `half_step(1)` is 0.05."""
    return 0.5 * 10.0**-decimals


def forecast(history: pd.Series, horizon: int = 6) -> Forecast:
    """Forecast a year-on-year rise from its own past.

    Parameters
    ----------
    history : pandas.Series
        Rise in percentage points, indexed by consecutive `pandas.Period` months.
    horizon : int
        Months ahead.

    Returns
    -------
    Forecast
        By SARIMA(1,0,1)(0,0,1)12 with a constant, around the share of the Spring Festival's days in the month less that of the
        same month last year. When that does not converge, has an error that is not finite, or leaves correlated errors
        (Ljung-Box, lag 12, p < .01), by the runner-up SARIMA(1,1,0)(0,0,1)12, and after that, or with fewer than 72 months,
        by a Gaussian random walk; each step down is flagged. The size of a shock is that of the past errors, of which the
        recent ones weigh more.

    Raises
    ------
    DataGap
        A month is missing inside the history, or there are fewer than two years; or no day of a Spring Festival is known.
    """
    return forecasts_from(history, [len(history)], horizon)[0]


def forecasts_from(history: pd.Series, ends: Sequence[int], horizon: int) -> list[Forecast]:
    """Forecast from several ends of one history with the parameters estimated at the first of them.

    Parameters
    ----------
    history : pandas.Series
        As for `forecast`.
    ends : sequence of int
        Counts of months known, rising.
    horizon : int
        Months ahead.
    """
    check_whole(history)
    flags: tuple[str, ...] = ()
    for order in ORDERS:
        fitted, doubts = _fit(history.iloc[: ends[0]], order)
        if not doubts:
            return [_model(fitted, history.iloc[:end], horizon, _name(order), flags) for end in ends]
        flags += tuple(f"{_name(order)}: {doubt}" for doubt in doubts)
    return [random_walk(history.iloc[:end], horizon, flags) for end in ends]


def _name(order: tuple[int, int, int]) -> str:
    return f"SARIMA({','.join(map(str, order))})(0,0,1)12{'' if order[1] else '+c'}+Spring Festival"


def check_whole(history: pd.Series) -> None:
    """Refuse a history of less than two years or with a month missing; see `forecast`."""
    if len(history) < 2 * SEASONAL[3]:
        raise DataGap("too short a history to forecast from", expected="24 months or more", got=str(len(history)))
    if history.isna().any() or len(history) != history.index[-1].ordinal - history.index[0].ordinal + 1:
        raise DataGap("a month is missing inside the history", hint="start after the gap")


def _fit(history: pd.Series, order: tuple[int, int, int]) -> tuple[Any, tuple[str, ...]]:
    import warnings

    from statsmodels.tsa.statespace.sarimax import SARIMAX

    if len(history) < TRAINING_MONTHS:
        return None, (f"{len(history)} months of history, fewer than {TRAINING_MONTHS}",)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = SARIMAX(history.to_numpy(float), festival(history.index[0], len(history)), order=order, seasonal_order=SEASONAL,
                        trend="n" if order[1] else "c")  # fmt: skip
        fitted = model.fit(disp=False, maxiter=200)
    return fitted, _doubts(fitted)


def _doubts(fitted: Any) -> tuple[str, ...]:
    from statsmodels.stats.diagnostic import acorr_ljungbox

    p = float(acorr_ljungbox(fitted.resid[SEASONAL[3] :], lags=[LJUNG_BOX_LAG])["lb_pvalue"].iloc[0])
    checks = [
        (not fitted.mle_retvals["converged"], "the fit did not converge"),
        (not np.isfinite(fitted.bse).all(), "an error of the fit is not finite"),
        (p < LJUNG_BOX_P, f"errors still correlated (Ljung-Box p = {p:.3f})"),
    ]
    return tuple(words for wrong, words in checks if wrong)


def festival(first: pd.Period, months: int) -> Floats:
    """Return, by month, the share of the Spring Festival's days less that of the same month last year, as one column.

    Examples
    --------
    >>> import pandas as pd
    >>> festival(pd.Period("2024-01"), 3).ravel().tolist()
    [-1.0, 1.0, 0.0]
    """
    return (festival_days(first, months) - festival_days(first - SEASONAL[3], months))[:, None]


def festival_days(first: pd.Period, months: int) -> Floats:
    """Return the share of the Spring Festival's days by month."""
    return np.array([festival_share(at.year, at.month) for at in (first + step for step in range(months))])


def _model(fitted: Any, history: pd.Series, horizon: int, name: str, flags: tuple[str, ...]) -> Forecast:
    moved = festival(history.index[0], len(history) + horizon)
    known = fitted.apply(history.to_numpy(float), exog=moved[:-horizon])
    mean = np.asarray(known.forecast(horizon, exog=moved[-horizon:]), float)
    response = np.asarray(known.impulse_responses(horizon - 1), float).ravel()
    shocks = np.asarray(known.resid, float)[SEASONAL[3] :]
    return _made(history, mean, response, recent_size(shocks), shocks, name, flags)


def recent_size(shocks: Floats) -> float:
    """Return the root mean square of past shocks, each weighing 0.97 of the one after it.

    Examples
    --------
    >>> recent_size(np.array([1.0, -1.0, 1.0])), recent_size(np.array([1.0, 0.0])) < recent_size(np.array([0.0, 1.0]))
    (1.0, True)
    """
    weights = DECAY ** np.arange(len(shocks))[::-1]
    return float(np.sqrt(weights @ shocks**2 / weights.sum()))


def random_walk(history: pd.Series, horizon: int, flags: tuple[str, ...] = ()) -> Forecast:
    """Forecast that nothing changes but for shocks of the size of the past ones."""
    steps = np.diff(history.to_numpy(float))
    mean = np.full(horizon, float(history.iloc[-1]))
    return _made(history, mean, np.ones(horizon), float(np.sqrt(np.mean(steps**2))), steps, FALLBACK, flags)


def _made(
    history: pd.Series, mean: Floats, weights: Floats, sigma: float, shocks: Floats, model: str, flags: tuple[str, ...]
) -> Forecast:
    last = history.index[-1]
    months = tuple(str(last + h + 1) for h in range(len(mean)))
    return Forecast(str(last), months, mean, weights, sigma, shocks, model, flags)


def forecast_levels(history: pd.Series, monthly: pd.Series, horizon: int = 6) -> Forecast:
    """Forecast a year-on-year rise from month-on-month changes and the known base.

    `L(t+h) = L(t) - sum of the changes of the same months last year + sum of forecast changes`, with `L = 100 ln(1 + rise/100)`;
    the changes follow twelve monthly means, the share of the Spring Festival's days in the month and the month before, and an
    AR(1) error, by least squares. Recent errors weigh more in the size of a shock, as in `forecast`.

    Parameters
    ----------
    history : pandas.Series
        Year-on-year rise in percentage points by consecutive `pandas.Period` month; the last one is the origin.
    monthly : pandas.Series
        Change on the month before in percent, consecutive, ending at the origin; 72 months or more.
    horizon : int
        Months ahead, 12 at most: after that no base is known.

    Raises
    ------
    DataGap
        The changes do not end at the origin, have a gap, or are fewer than 72.
    ParameterFault
        The horizon is longer than the known base.

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.period_range("2010-01", periods=96, freq="M")
    >>> steady = pd.Series(np.resize([0.5, -0.1, 0.2], 96), months)
    >>> made = forecast_levels(pd.Series(2.43, months), steady, 3)
    >>> made.months, [round(float(m), 2) for m in made.mean]
    (('2018-01', '2018-02', '2018-03'), [2.43, 2.43, 2.43])
    """
    _check_changes(history, monthly, horizon)
    changes = 100 * np.log1p(monthly.to_numpy(float) / 100)
    ahead, phi, errors, sigma = _changes(changes, monthly.index[0], horizon)
    known = 100 * np.log1p(float(history.iloc[-1]) / 100)
    base = changes[-MONTHS_IN_YEAR:][:horizon]
    level = known + np.cumsum(ahead - base)
    weights = np.cumsum(phi ** np.arange(horizon))
    months = tuple(str(history.index[-1] + h + 1) for h in range(horizon))
    scale = float(np.exp(known / 100))
    return Forecast(
        str(history.index[-1]), months, 100 * np.expm1(level / 100), weights, sigma * scale, errors, MONTHLY_MODEL, ()
    )


def _check_changes(history: pd.Series, monthly: pd.Series, horizon: int) -> None:
    if not 1 <= horizon <= MONTHS_IN_YEAR:
        raise ParameterFault("no base is known so far ahead", where="horizon", expected="1..12", got=str(horizon))
    check_whole(monthly)
    if len(monthly) < TRAINING_MONTHS or monthly.index[-1] != history.index[-1]:
        raise DataGap("too few month-on-month changes up to the origin",
                      expected=f"{TRAINING_MONTHS} up to {history.index[-1]}", got=f"{len(monthly)} up to {monthly.index[-1]}")  # fmt: skip


def _changes(changes: Floats, first: pd.Period, horizon: int) -> tuple[Floats, float, Floats, float]:
    """Fit the months' means, the festival and an AR(1); return the changes ahead, the AR coefficient, past errors, their size."""
    known, whole = len(changes), len(changes) + horizon
    at = (np.arange(whole) + first.month - 1) % MONTHS_IN_YEAR
    days = festival_days(first - 1, whole + 1)
    regular = np.column_stack([at[:, None] == np.arange(MONTHS_IN_YEAR), days[1:], days[:-1]]).astype(float)
    design = np.column_stack([regular[1:known], changes[:-1]])
    fitted, *_ = np.linalg.lstsq(design, changes[1:], rcond=None)
    errors = changes[1:] - design @ fitted
    sigma = recent_size(errors) * float(np.sqrt(len(errors) / (len(errors) - len(fitted))))
    ahead, last = np.empty(horizon), float(changes[-1])
    for h in range(horizon):
        last = float(regular[known + h] @ fitted[:-1] + fitted[-1] * last)
        ahead[h] = last
    return ahead, float(fitted[-1]), errors, sigma


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
