"""The extended linear expenditure system (ELES) on tables by income group, with its error and every warning it deserves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aidlib.errors import DataFault
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, exact
from aidlib.standards.candidate import Candidate, Input, Words
from aidlib.standards.grouped import GroupTable, IncomeGroup, category_names

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

CONFIDENCE = 0.95
FEN_DECIMALS = 4


@dataclass(frozen=True)
class Category:
    """One spending equation ``v = a + b Y``: its coefficients, fit, basic need and marginal budget share."""

    name: str
    alpha: float
    beta: float
    t_beta: float
    p_beta: float
    r2: float
    basic: float
    budget_share: float


@dataclass(frozen=True)
class Eles:
    """An estimated ELES; amounts in yuan per person and year.

    Attributes
    ----------
    alpha, beta, r2 : float
        The total-consumption equation.
    line, se, low95, high95 : float
        Basic need ``a / (1 - b)``, its delta-method error and 95% interval with n - 2 degrees of freedom.
    line_weighted : float or None
        The same with groups weighted by persons; None where the weights are not published.
    without : tuple of (group, line)
        The line with each group left out.
    categories : tuple of Category
        Equations by category, where the table has them.
    n : int
        Groups used.
    warnings : tuple of (zh, en)
        What the estimate suffers from.
    """

    alpha: float
    beta: float
    r2: float
    line: float
    se: float
    low95: float
    high95: float
    line_weighted: float | None
    without: tuple[tuple[str, float], ...]
    categories: tuple[Category, ...]
    n: int
    warnings: tuple[Words, ...]
    table: GroupTable

    def candidate(self) -> Candidate:
        """按月折算的测算值。 The line as a candidate per month; its range is that of leaving one group out."""
        lines = [line for _, line in self.without] or [self.line]
        base = Input(
            "income_groups",
            Fraction(self.n),
            "count",
            "estimated",
            self.table.where,
            self.table.region,
            str(self.table.year),
        )
        return Candidate(
            "eles", fen_per_month(self.line), (base,), fen_per_month(min(lines)), fen_per_month(max(lines)),
            self.se / MONTHS_PER_YEAR * FEN_PER_YUAN, self.warnings,
        )  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """按消费类别的估计结果。 The equations by category, one row each."""
        import pandas as pd

        columns = ["category", "alpha", "beta", "t_beta", "p_beta", "r2", "basic", "budget_share"]
        rows = [(c.name, c.alpha, c.beta, c.t_beta, c.p_beta, c.r2, c.basic, c.budget_share) for c in self.categories]
        return pd.DataFrame(rows, columns=columns)


def estimate(table: GroupTable, *, double_count: bool = False) -> Eles:
    """扩展线性支出系统:由分组收支估计基本需求。 Estimate the basic need from a table by income group.

    Each category is regressed on income, ``v_i = a_i + b_i Y``; with one regressor this equals the seemingly unrelated
    regressions (Zellner 1962). The line is ``V = A / (1 - B)`` of the sums (Lluch 1973; grouped data: Howe 1975).

    Parameters
    ----------
    table : GroupTable
        At least five groups; subset rows are left out.
    double_count : bool
        Keep subset rows too, only to show what that does.

    Returns
    -------
    Eles

    Raises
    ------
    DataFault
        Too few groups, amounts not above zero, or a marginal propensity to consume of one or more.

    Examples
    --------
    >>> from aidlib.indices import Figures
    >>> from aidlib.standards.grouped import from_figures
    >>> found = estimate(from_figures(Figures(), "000000", "urban", 2007))
    >>> round(found.line), round(found.se), found.n
    (4475, 309, 7)
    """
    groups = table.usable(double_count)
    fit = _fit([g.consumption for g in groups], groups)
    line = _line(fit)
    se, low, high = _interval(fit)
    categories = tuple(_category(name, groups, line, float(fit.params[1])) for name in category_names(groups))
    weighted = _weighted(groups)
    without = tuple(
        (g.name, _line(_fit([o.consumption for o in rest], rest))) for g in groups if (rest := _others(groups, g))
    )
    found = Eles(
        float(fit.params[0]), float(fit.params[1]), float(fit.rsquared), line, se, low, high, weighted, without, categories,
        len(groups), (), table,
    )  # fmt: skip
    return _warned(found, groups, fit, double_count)


def fen_per_month(yuan_year: float) -> Fraction:
    """Turn an estimate of yuan per year into fen per month, kept to a ten-thousandth of a fen.

    Examples
    --------
    >>> float(fen_per_month(4475.088668))
    37292.4056
    """
    return exact(f"{yuan_year * FEN_PER_YUAN / MONTHS_PER_YEAR:.{FEN_DECIMALS}f}")


def _others(groups: Sequence[IncomeGroup], left_out: IncomeGroup) -> list[IncomeGroup]:
    return [group for group in groups if group is not left_out]


def _fit(values: Sequence[Fraction], groups: Sequence[IncomeGroup], weights: Sequence[float] | None = None) -> Any:
    import statsmodels.api as sm

    income = sm.add_constant([float(group.income) for group in groups])
    spent = [float(value) for value in values]
    return (sm.OLS(spent, income) if weights is None else sm.WLS(spent, income, weights=weights)).fit()


def _line(fit: Any) -> float:
    alpha, beta = fit.params
    if beta >= 1:
        raise DataFault(
            "the marginal propensity to consume is one or more: no basic need follows", got=f"{beta:.3f}",
            expected="below 1", hint="look at the rows: consumption must rise more slowly than income",
        )  # fmt: skip
    return float(alpha / (1 - beta))


def _interval(fit: Any) -> tuple[float, float, float]:
    from scipy import stats

    alpha, beta = fit.params
    gradient: np.ndarray[Any, Any] = _gradient(alpha, beta)
    se = float((gradient @ fit.cov_params() @ gradient) ** 0.5)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, fit.df_resid)) * se
    line = _line(fit)
    return se, line - half, line + half


def _gradient(alpha: float, beta: float) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.array([1 / (1 - beta), alpha / (1 - beta) ** 2])


def _weighted(groups: Sequence[IncomeGroup]) -> float | None:
    if any(group.persons is None for group in groups):
        return None
    weights = [float(group.persons or 0) for group in groups]
    return _line(_fit([group.consumption for group in groups], groups, weights))


def _category(name: str, groups: Sequence[IncomeGroup], line: float, total_beta: float) -> Category:
    fit = _fit([group.categories[name] for group in groups], groups)
    alpha, beta = map(float, fit.params)
    basic = alpha + beta * line
    return Category(
        name, alpha, beta, float(fit.tvalues[1]), float(fit.pvalues[1]), float(fit.rsquared), basic, beta / total_beta
    )


def _warned(found: Eles, groups: Sequence[IncomeGroup], fit: Any, double_count: bool) -> Eles:
    from aidlib.standards.eles_warnings import warnings

    return replace(
        found, warnings=tuple(warnings(found, groups, list(fit.get_influence().hat_matrix_diag), double_count))
    )
