"""What happens around a change that places make at different times: an event study that staggered adoption does not bias."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aidlib.errors import AidError
from aidlib.evaluation.panel import Estimate, few
from aidlib.evaluation.sample import Floats

if TYPE_CHECKING:
    import pandas as pd

NORMAL_95 = 1.959963984540054
Whole = np.ndarray[tuple[int, ...], np.dtype[np.integer]]
Cell = tuple[int, int]  # year of adoption, years since it


@dataclass(frozen=True)
class EventStudy:
    """Effects by years since the change, with what a reader must know before believing them.

    Attributes
    ----------
    effects : tuple of Estimate
        Named by years since the change (`-3`, `-2`, `0`, `1`, ...), against the year before it.
    pretrend_p : float or None
        Joint test that nothing happened before the change; small means that the places differed already. None without leads.
    negative_weight_share : float
        Share of treated cells that a plain two-way regression would count with a negative weight.
    warnings : tuple of str
        Few clusters, and that the errors of leads and lags rest on few places.
    """

    effects: tuple[Estimate, ...]
    pretrend_p: float | None
    negative_weight_share: float
    warnings: tuple[str, ...]


def event_study(
    frame: pd.DataFrame, outcome: str, adopted: Mapping[str, int], *, before: int = 3, after: int = 3
) -> EventStudy:
    """Estimate effects by years since a change, for each year of adoption apart, weighted by its places. Sun & Abraham 2021.

    With one year of adoption it is the usual event study. Errors are clustered by place.

    Raises
    ------
    AidError
        No place that never changed, or none that changed within the data.
    """
    used = frame.dropna(subset=[outcome]).assign(year=lambda f: f["period"].str[:4].astype(int))
    start = used["region"].map(adopted)
    if start.isna().all() or start.notna().all():
        raise AidError(
            "an event study needs places that changed and places that never did",
            got=f"{used.loc[start.notna(), 'region'].nunique()} changed, {used.loc[start.isna(), 'region'].nunique()} never",
        )
    since = (used["year"] - start).fillna(-1).astype(int).to_numpy()
    values, covariance, cells = _fitted(used, outcome, start.fillna(0).astype(int).to_numpy(), since)
    shown = [lag for lag in range(-before, after + 1) if lag in {cell[1] for cell in cells}]
    mix = np.stack([_mix(cells, lag, used, adopted) for lag in shown])
    means, errors = mix @ values, np.sqrt(np.diag(mix @ covariance @ mix.T))
    places, periods = used["region"].nunique(), used["year"].nunique()
    effects = [_effect(*row, len(used), places, periods) for row in zip(shown, means, errors, strict=True)]
    leads = np.array([lag < 0 for lag in shown])
    p = _joint_p(means[leads], (mix @ covariance @ mix.T)[np.ix_(leads, leads)]) if leads.any() else None
    return EventStudy(tuple(effects), p, negative_weight_share(used, adopted), few(places))


def _fitted(used: pd.DataFrame, outcome: str, start: Whole, since: Whole) -> tuple[Floats, Floats, list[Cell]]:
    import pandas as pd
    from linearmodels.panel import PanelOLS

    cells = sorted({(int(c), int(s)) for c, s in zip(start, since, strict=True) if c and s != -1})
    columns = {f"c{c}s{s}": ((start == c) & (since == s)).astype(float) for c, s in cells}
    panel = pd.DataFrame({**columns, outcome: used[outcome].to_numpy(float)}).set_index(
        pd.MultiIndex.from_arrays([used["region"], used["year"]])
    )
    model = PanelOLS(panel[outcome], panel[list(columns)], entity_effects=True, time_effects=True)
    fitted = model.fit(cov_type="clustered", cluster_entity=True)
    return fitted.params.to_numpy(), fitted.cov.to_numpy(), cells


def _mix(cells: list[Cell], lag: int, used: pd.DataFrame, adopted: Mapping[str, int]) -> Floats:
    """Weights of the cells of one lag: the count of places of each year of adoption that are seen then."""
    starts = [adopted.get(place) for place in used["region"].unique()]
    counts = np.array([starts.count(cohort) if since == lag else 0 for cohort, since in cells], float)
    return np.asarray(counts / counts.sum())


def _effect(lag: int, value: float, error: float, n: int, places: int, periods: int) -> Estimate:
    from scipy.stats import norm

    reach, p = NORMAL_95 * error, 2 * norm.sf(abs(value) / error) if error else 0.0
    return Estimate(
        str(lag), float(value), float(error), value - reach, value + reach, float(p), n, places, periods, ()
    )


def _joint_p(means: Floats, covariance: Floats) -> float:
    from scipy.stats import chi2

    rank = int(np.linalg.matrix_rank(covariance))
    return float(chi2.sf(means @ np.linalg.pinv(covariance) @ means, max(rank, 1)))


def negative_weight_share(frame: pd.DataFrame, adopted: Mapping[str, int]) -> float:
    """Return the share of treated cells that a plain two-way regression counts negatively. de Chaisemartin & D'Haultfœuille 2020."""
    treated = (frame["year"] >= frame["region"].map(adopted)).to_numpy()
    columns = [np.asarray(frame[key]) for key in ("region", "year")]
    effects = np.column_stack([c == name for c in columns for name in np.unique(c)]).astype(float)
    left = treated - effects @ np.linalg.lstsq(effects, treated.astype(float), rcond=None)[0]
    return float(np.mean(left[treated] < -1e-12)) if treated.any() else 0.0
