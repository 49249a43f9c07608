"""Places over time: convergence, panel regression with clustered errors, the wild bootstrap for few clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aidlib.errors import AidError
from aidlib.evaluation.sample import Floats

if TYPE_CHECKING:
    import pandas as pd

FEW_CLUSTERS, WEBB_BELOW = 40, 12  # spec 5.5


@dataclass(frozen=True)
class Estimate:
    """A coefficient with its clustered error, interval, counts, and the warnings a reader must see."""

    name: str
    value: float
    error: float
    low: float
    high: float
    p: float
    n: int
    clusters: int
    periods: int
    warnings: tuple[str, ...]


def sigma_convergence(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return, by period, how far apart places are: count, mean, and coefficient of variation."""
    by_period = frame.dropna(subset=[column]).groupby("period")[column]
    found = by_period.agg(n="count", mean="mean", spread=lambda x: x.std(ddof=0)).reset_index()
    return found.assign(variation=found["spread"] / found["mean"]).drop(columns="spread")


def beta_convergence(frame: pd.DataFrame, column: str) -> Estimate:
    """Regress yearly log growth between first and last period on the log of the start; below zero means catching up.

    White (HC1) errors, one row a place that has both ends.
    """
    import statsmodels.api as sm

    wide = frame.dropna(subset=[column]).pivot(index="region", columns="period", values=column)
    ends = wide.iloc[:, [0, -1]].dropna()
    years = int(str(wide.columns[-1])[:4]) - int(str(wide.columns[0])[:4])
    if len(ends) < 3 or years < 1:
        raise AidError(
            "too few places with a first and a last figure",
            expected="three places and a year or more",
            got=str(len(ends)),
        )
    start, growth = np.log(ends.iloc[:, 0]), np.log(ends.iloc[:, 1] / ends.iloc[:, 0]) / years
    fitted = sm.OLS(growth, sm.add_constant(start.rename("start"))).fit(cov_type="HC1")
    return _estimate(fitted, "start", len(ends), len(ends), 2, ())


def panel_regression(
    frame: pd.DataFrame, outcome: str, drivers: list[str], *, time_effects: bool = True
) -> list[Estimate]:
    """Regress an outcome on drivers with place (and time) effects; errors clustered by place."""
    from linearmodels.panel import PanelOLS

    used = frame.dropna(subset=[outcome, *drivers]).assign(year=lambda f: f["period"].str[:4].astype(int))
    panel = used.set_index(["region", "year"])
    fitted = PanelOLS(panel[outcome], panel[drivers], entity_effects=True, time_effects=time_effects).fit(
        cov_type="clustered", cluster_entity=True
    )
    places, periods = used["region"].nunique(), used["year"].nunique()
    return [_estimate(fitted, name, len(used), places, periods, few(places)) for name in drivers]


def few(clusters: int) -> tuple[str, ...]:
    """Return the warning of too few clusters for the usual clustered errors, or nothing.

    Examples
    --------
    >>> few(31), few(40)
    (('31 clusters: fewer than 40, use the wild cluster bootstrap',), ())
    """
    said = f"{clusters} clusters: fewer than {FEW_CLUSTERS}, use the wild cluster bootstrap"
    return (said,) if clusters < FEW_CLUSTERS else ()


def wild_cluster_p(
    frame: pd.DataFrame, outcome: str, drivers: list[str], of: str, *, draws: int = 999, seed: int
) -> float:
    """Return the p-value of one driver by the wild cluster bootstrap with the null imposed. Cameron, Gelbach & Miller 2008.

    Residuals of each place are turned by a common random sign, with fewer than 12 places by Webb's six weights.
    """
    used = frame.dropna(subset=[outcome, *drivers])
    places = np.unique(used["region"].astype(str), return_inverse=True)[1]
    others = np.column_stack([used[name] for name in drivers if name != of] + [_dummies(used)])
    basis = _basis(others)
    driver = _without(basis, used[[of]].to_numpy(float))[:, 0]
    left = _without(basis, used[[outcome]].to_numpy(float))
    weights = _signs(places.max() + 1, draws, np.random.default_rng(seed))
    turned = _without(basis, left * weights[places])
    actual, drawn = _t(driver, left, places)[0], _t(driver, turned, places)
    return float(np.mean(np.abs(drawn) >= abs(actual)))


def _dummies(used: pd.DataFrame) -> Floats:
    columns = [np.asarray(used[key].astype(str)) for key in ("region", "period")]
    return np.column_stack([column == name for column in columns for name in np.unique(column)]).astype(float)


def _basis(columns: Floats) -> Floats:
    left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(left[:, sizes > sizes[0] * 1e-10])


def _without(basis: Floats, columns: Floats) -> Floats:
    return np.asarray(columns - basis @ (basis.T @ columns))


def _signs(clusters: int, draws: int, generator: np.random.Generator) -> Floats:
    webb = np.sqrt(np.array([0.5, 1, 1.5]))
    values = np.array([-1.0, 1]) if clusters >= WEBB_BELOW else np.concatenate([-webb, webb])
    return np.asarray(generator.choice(values, (clusters, draws)))


def _t(driver: Floats, outcomes: Floats, places: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> Floats:
    """Slope over its clustered error for each column of outcomes; factors common to all columns cancel."""
    square = float(driver @ driver)
    slopes = driver @ outcomes / square
    scores = driver[:, None] * (outcomes - driver[:, None] * slopes)
    sums = np.array([scores[places == place].sum(axis=0) for place in range(places.max() + 1)])
    return np.asarray(slopes * square / np.sqrt((sums**2).sum(axis=0)))


def _estimate(fitted: object, name: str, n: int, clusters: int, periods: int, warnings: tuple[str, ...]) -> Estimate:
    error = getattr(fitted, "std_errors", None)
    errors = fitted.bse if error is None else error  # type: ignore[attr-defined]
    interval = fitted.conf_int()  # type: ignore[attr-defined]
    low, high = np.asarray(interval.loc[name], float)
    value, deviation, p = (float(side[name]) for side in (fitted.params, errors, fitted.pvalues))  # type: ignore[attr-defined]
    return Estimate(name, value, deviation, float(low), float(high), p, n, clusters, periods, warnings)
