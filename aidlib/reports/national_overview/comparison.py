"""Provinces beside each other on several figures at once: secondary views, never a score; and a regression that shows no cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aidlib.evaluation.composite import entropy_weights, rank_range, topsis
from aidlib.evaluation.efficiency import Interval, dea, dea_intervals
from aidlib.evaluation.panel import Estimate, panel_regression, wild_cluster_p
from aidlib.evaluation.sample import Floats
from aidlib.indices import Figure
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN
from aidlib.reports.national_overview.country import Country
from aidlib.standards.announced import AREAS, fen_month

if TYPE_CHECKING:
    import pandas as pd

DRAWS, SEED = 100, 20161231
ALL_HIGH = (True, True, True)
SERIES = ("dibao_avg:{area}", "consumption_pc:{area}")
OUTCOME, INCOME, PRICES = "consumption_pc:total", "disposable_income_pc:total", "cpi_annual:total:all_items"
LEAST = 12  # provinces: two inputs and two outputs need three times as many


@dataclass(frozen=True)
class Beside:
    """Provinces with every figure of the year the comparison rests on.

    Attributes
    ----------
    codes : list of str
        Provinces, best closeness first.
    basis : dict of str to list of Figure
        The published figures of each.
    worth : ndarray of shape (provinces, 3)
        Rural and urban level over consumption of the same area and year, and the rural over the urban level.
    weights, closeness, ranks : ndarray, ndarray, list of (int, int)
        Entropy weights of the three, TOPSIS closeness, and the ranks possible when a weight moves by ten percent.
    constant, variable : list of Interval, ndarray
        Envelopment of levels over consumption, with constant and with variable returns.
    """

    codes: list[str]
    basis: dict[str, list[Figure]]
    worth: Floats
    weights: Floats
    closeness: Floats
    ranks: list[tuple[int, int]]
    constant: list[Interval]
    variable: Floats


def beside(country: Country) -> Beside | None:
    """Put the provinces of the best-covered year beside each other; nothing where too few have every figure."""
    period = country.well_covered("dibao_avg:rural")
    names = [series.format(area=area) for series in SERIES for area in AREAS]
    held = [country.of_provinces(name, period[:4]) for name in names] if period else []
    codes = [code for code in country.codes if held and all(code in one for one in held)]
    if len(codes) < LEAST:
        return None
    basis = {code: [one[code] for one in held] for code in codes}
    levels, spent = (np.array([[_yuan_month(figure) for figure in basis[code][at]] for code in codes])
                     for at in (slice(0, 2), slice(2, 4)))  # fmt: skip
    rural, urban = AREAS.index("rural"), AREAS.index("urban")
    shares = levels / spent
    worth = np.column_stack([shares[:, rural], shares[:, urban], levels[:, rural] / levels[:, urban]])
    weights = entropy_weights(worth, ALL_HIGH).weights
    closeness, ranks = topsis(worth, weights, ALL_HIGH), rank_range(worth, weights, ALL_HIGH)
    constant, variable = dea_intervals(spent, levels, draws=DRAWS, seed=SEED), dea(spent, levels, variable_returns=True)
    order = sorted(range(len(codes)), key=lambda at: (-closeness[at], codes[at]))
    return Beside([codes[at] for at in order], basis, worth[order], weights, closeness[order], [ranks[at] for at in order],
                  [constant[at] for at in order], variable[order])  # fmt: skip


def _yuan_month(figure: Figure) -> float:
    if figure.series.startswith("dibao_avg"):
        return float(fen_month(figure)) / FEN_PER_YUAN
    return float(figure.value) / MONTHS_PER_YEAR


def regression(country: Country) -> tuple[list[Estimate], list[float], str] | None:
    """Regress consumption per head on income per head (both in logarithms) and prices, with province and year effects.

    Returns
    -------
    list of Estimate, list of float, str
        Errors clustered by province, the p-values of the wild cluster bootstrap, and the years; nothing where a series is too thin.
    """
    frame = _panel(country)
    if frame["period"].nunique() < 3:
        return None
    drivers = ["income", "prices"]
    found = panel_regression(frame, "consumption", drivers)
    p = [wild_cluster_p(frame, "consumption", drivers, name, seed=SEED) for name in drivers]
    for series in (OUTCOME, INCOME, PRICES):
        country.report.figures.frame(series, country.codes, last=f"{country.year}-99")
    return found, p, f"{frame['period'].min()}–{frame['period'].max()}"


def _panel(country: Country) -> pd.DataFrame:
    parts = [country.panel(series).set_index(["region", "period"])["value"] for series in (OUTCOME, INCOME, PRICES)]
    frame = (
        parts[0]
        .to_frame("consumption")
        .join(parts[1].rename("income"), how="inner")
        .join(parts[2].rename("prices"), how="inner")
    )
    return frame.assign(consumption=np.log(frame["consumption"]), income=np.log(frame["income"])).reset_index()
