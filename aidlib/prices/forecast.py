"""Will it trigger? The predictive distribution of a published index one to six months ahead, by two routes, joint paths, and the model of provinces' gaps."""

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
LEAST_DF, MOST_DF = 5.0, 100.0
MOST_PERSISTENCE = 0.97
BLOCKS = 3
LOADING_PERSISTENCE = 0.5 ** (1 / 12)
"""A loading halves in a year: the items that drive food change, and a year-on-year rate remembers a year."""


@dataclass(frozen=True)
class GapFit:
    """What a panel of gaps says of how gaps behave, in percentage points.

    gap[p, t] = level[p] + loading[p, t] drive[t] + u[p, t];  u[p, t] = persistence u[p, t-1] + shock[p, t];
    loadings fade (`LOADING_PERSISTENCE`) and are renewed at the same rate.

    Attributes
    ----------
    mean_level, level_var : float
        Mean and variance of the provinces' levels.
    loading_var : float
        Variance of their loadings on the drive, around zero.
    persistence, shock_var : float
        Of the part that passes.
    shared : float
        Correlation of the shocks of two provinces of one region of the code table (its first digit).
    df : float
        Degrees of freedom of Student's t, from the kurtosis of the shocks.
    months : int
        Months fitted on.
    """

    mean_level: float
    level_var: float
    loading_var: float
    persistence: float
    shock_var: float
    shared: float
    df: float
    months: int

    @property
    def passing_var(self) -> float:
        """Stationary variance of the part that passes."""
        return self.shock_var / (1 - self.persistence**2)


@dataclass(frozen=True)
class Sighting:
    """One number seen in a month: `value = scale x gap of the province + noise`."""

    province: int
    value: float
    scale: float = 1.0
    noise_var: float = 0.0


@dataclass(frozen=True)
class Seen:
    """What is known of every province's gap in a month after looking at that month.

    Attributes
    ----------
    mean, var : array
        Of the gap, by province, given every sighting up to and of this month.
    blind_mean, blind_var : array
        The same without the province's own sightings of this month: what would have been said had it not published.
    """

    mean: Floats
    var: Floats
    blind_mean: Floats
    blind_var: Floats


def fit(gaps: Floats, drive: Floats, groups: Sequence[str]) -> GapFit:
    """Fit the model to a whole panel by moments.

    Least squares gives each province's level and loading; the pooled residuals give persistence (with the correction of
    Kendall for a short sample), the variance, shared part and kurtosis of the shocks; what the levels and loadings vary
    by beyond their sampling error is the variance of the provinces themselves.
    """
    months, provinces = gaps.shape
    design = np.column_stack([np.ones(months), drive])
    effects, *_ = np.linalg.lstsq(design, gaps, rcond=None)
    rest = gaps - design @ effects
    raw = float((rest[1:] * rest[:-1]).sum() / (rest[:-1] ** 2).sum())
    persistence = min(raw + (1 + 3 * raw) / months, MOST_PERSISTENCE)
    shocks = rest[1:] - persistence * rest[:-1]
    shock_var = float((shocks**2).sum() / (provinces * (months - 1 - design.shape[1])))
    sampling = _sampling_var(design, persistence, shock_var)
    return GapFit(
        float(effects[0].mean()),
        max(float(effects[0].var(ddof=1)) - sampling[0], 0.0),
        max(float((effects[1] ** 2).mean()) - sampling[1], 0.0),
        persistence, shock_var, _shared(shocks, groups), _df(shocks), months,
    )  # fmt: skip


def _sampling_var(design: Floats, persistence: float, shock_var: float) -> Floats:
    """Variances of least-squares estimates when the errors are autoregressive."""
    steps = np.arange(len(design))
    errors = shock_var / (1 - persistence**2) * persistence ** np.abs(steps[:, None] - steps[None, :])
    solver = np.asarray(np.linalg.pinv(design), dtype=np.float64)
    return np.asarray(np.einsum("ij,jk,ik->i", solver, errors, solver), float)


def _shared(shocks: Floats, groups: Sequence[str]) -> float:
    """Mean correlation of the shocks of two provinces of one region, at least nought."""
    names = np.array(list(groups))
    pairs = (names[:, None] == names[None, :]) & ~np.eye(len(names), dtype=bool)
    return max(float(np.asarray(np.corrcoef(shocks.T))[pairs].mean()), 0.0) if pairs.any() else 0.0


def _df(shocks: Floats) -> float:
    """Degrees of freedom whose t has the excess kurtosis seen: 6 / (df - 4)."""
    excess = float((shocks**4).mean() / (shocks**2).mean() ** 2) - 3
    return MOST_DF if excess <= 0 else float(np.clip(4 + 6 / excess, LEAST_DF, MOST_DF))


class Follower:
    """Follows the gaps through the months: a Kalman filter over levels, loadings and passing parts of every province.

    Parameters
    ----------
    fitted : GapFit
        How gaps behave.
    groups : sequence of str
        Region of each province.
    """

    def __init__(self, fitted: GapFit, groups: Sequence[str]) -> None:
        self.fitted = fitted
        names = np.array(list(groups))
        count = len(names)
        kin = (names[:, None] == names[None, :]).astype(float)
        self._kin = (1 - fitted.shared) * np.eye(count) + fitted.shared * kin
        self._mean = np.concatenate([np.full(count, fitted.mean_level), np.zeros(2 * count)])
        self._cov = np.zeros((BLOCKS * count, BLOCKS * count))
        for block, start in enumerate((fitted.level_var, fitted.loading_var)):
            self._cov[self._at(block), self._at(block)] = start * np.eye(count)
        self._cov[self._at(2), self._at(2)] = fitted.passing_var * self._kin
        self._begun = False

    def _at(self, block: int) -> slice:
        count = len(self._kin)
        return slice(block * count, (block + 1) * count)

    def step(self, drive: float, drive_var: float, sightings: Sequence[Sighting]) -> Seen:
        """Go one month on: let the passing part pass, look at the month's sightings, say what is known."""
        if self._begun:
            self._pass()
        self._begun = True
        count = len(self._kin)
        look = np.hstack([np.eye(count), drive * np.eye(count), np.eye(count)])
        mean, cov = look @ self._mean, look @ self._cov @ look.T
        loose = drive_var * (self.fitted.loading_var + self._mean[self._at(1)] ** 2)
        blind_mean, blind_var = mean.copy(), np.diag(cov).copy()
        if sightings:
            blind_mean, blind_var = self._look(look, mean, cov, sightings)
            mean, cov = look @ self._mean, look @ self._cov @ look.T
        return Seen(mean, np.diag(cov) + loose, blind_mean, blind_var + loose)

    def _pass(self) -> None:
        renewed = self.fitted.loading_var * (1 - LOADING_PERSISTENCE**2) * np.eye(len(self._kin))
        shocks = self.fitted.shock_var * self._kin
        for block, kept, new in ((1, LOADING_PERSISTENCE, renewed), (2, self.fitted.persistence, shocks)):
            part = self._at(block)
            self._mean[part] *= kept
            self._cov[part, :] *= kept
            self._cov[:, part] *= kept
            self._cov[part, part] += new

    def _look(self, look: Floats, mean: Floats, cov: Floats, sightings: Sequence[Sighting]) -> tuple[Floats, Floats]:
        """Take the sightings in; return mean and variance as each province's own sighting left out would have them."""
        at = np.array([sighting.province for sighting in sightings])
        scale = np.array([sighting.scale for sighting in sightings])
        noise = np.diag([sighting.noise_var for sighting in sightings])
        surprise = np.array([sighting.value for sighting in sightings]) - scale * mean[at]
        inverse = np.linalg.inv(scale[:, None] * cov[np.ix_(at, at)] * scale[None, :] + noise)
        gain = (self._cov @ look.T)[:, at] * scale @ inverse
        self._mean = self._mean + gain @ surprise
        self._cov = self._cov - gain @ (scale[:, None] * (look @ self._cov)[at])
        return _left_out(mean, cov, at, scale, noise, inverse, surprise)


def _left_out(
    mean: Floats, cov: Floats, at: Floats, scale: Floats, noise: Floats, inverse: Floats, surprise: Floats
) -> tuple[Floats, Floats]:
    """Mean and variance of each gap given the others' sightings only, from the inverse of the covariance of all."""
    cross = cov[:, at] * scale
    blind_mean = mean + cross @ inverse @ surprise
    blind_var = np.diag(cov) - np.einsum("ij,jk,ik->i", cross, inverse, cross)
    for row, province in enumerate(at):
        precision = inverse[row, row]
        blind_mean[province] = mean[province] + (surprise[row] - inverse[row] @ surprise / precision) / scale[row]
        blind_var[province] = (1 / precision - noise[row, row]) / scale[row] ** 2
    return blind_mean, blind_var


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
    return _forecast(history, mean, response, recent_size(shocks), shocks, name, flags)


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
    return _forecast(history, mean, np.ones(horizon), float(np.sqrt(np.mean(steps**2))), steps, FALLBACK, flags)


def _forecast(
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
