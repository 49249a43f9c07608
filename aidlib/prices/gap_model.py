"""How far provinces lie from the nation: a state-space model of gaps, fitted in closed form, followed month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
