"""The month-on-month route: forecast the coming months' changes and roll the known base of the year before out of the rise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aidlib.errors import DataGap, ParameterFault
from aidlib.prices.forecast import TRAINING_MONTHS, Floats, Forecast, check_whole, festival_days, recent_size
from aidlib.prices.months import MONTHS_IN_YEAR

if TYPE_CHECKING:
    import pandas as pd

MODEL = "ln m/m: 12 monthly means + Spring Festival + AR(1)"


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
    _check(history, monthly, horizon)
    changes = 100 * np.log1p(monthly.to_numpy(float) / 100)
    ahead, phi, errors, sigma = _changes(changes, monthly.index[0], horizon)
    known = 100 * np.log1p(float(history.iloc[-1]) / 100)
    base = changes[-MONTHS_IN_YEAR:][:horizon]
    level = known + np.cumsum(ahead - base)
    weights = np.cumsum(phi ** np.arange(horizon))
    months = tuple(str(history.index[-1] + h + 1) for h in range(horizon))
    scale = float(np.exp(known / 100))
    return Forecast(
        str(history.index[-1]), months, 100 * np.expm1(level / 100), weights, sigma * scale, errors, MODEL, ()
    )


def _check(history: pd.Series, monthly: pd.Series, horizon: int) -> None:
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
