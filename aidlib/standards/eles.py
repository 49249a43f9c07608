"""The extended linear expenditure system (ELES) on household-survey tables by income group: the tables, the estimate, its error and faults."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aidlib.errors import DataFault, DataGap, Fault, MoneyFault, ParameterFault
from aidlib.indices import Figure, Figures
from aidlib.known import Given, Known, Missing, Note
from aidlib.law import Status
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, decimal_text, exact
from aidlib.parameters import year as read_year
from aidlib.regions import NATION, Region, region
from aidlib.regions import place as place_named
from aidlib.result import Result
from aidlib.standards.household_lines import relative_from_median
from aidlib.standards.methods import Candidate, engel

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FEWEST_GROUPS = 5
INTEGRATED_SURVEY = 2013
WHOLE, SUBSETS = "all", ("poor_5", "top_5")
INCOMES = ("disposable", "net")
CONFIDENCE = 0.95
NOT_SIGNIFICANT = 0.05
FEN_DECIMALS = 4
FOOD = "food_tobacco_alcohol"
ENGEL_SHARES = ("1/2", "3/5")
MEDIAN_SHARES = ("2/5", "1/2", "3/5")


@dataclass(frozen=True)
class IncomeGroup:
    """One income group of a survey table, yuan per person and year.

    Attributes
    ----------
    name : str
        Name of the group, poorest first in a table.
    income, consumption : Fraction
        Disposable (or net) income and consumption per person.
    categories : dict
        Consumption by category; may be empty.
    persons : Fraction or None
        Weight in persons: share of households times their size; None where it is not published.
    is_subset : bool
        True where the group lies inside another one, such as the poorest 5% inside the lowest 10%.
    """

    name: str
    income: Fraction
    consumption: Fraction
    categories: dict[str, Fraction] = field(default_factory=dict)
    persons: Fraction | None = None
    is_subset: bool = False


@dataclass(frozen=True)
class GroupTable(Result):
    """A table by income group: its rows, the survey year, where it stands, its status, the rows of its figures, and its area."""

    groups: tuple[IncomeGroup, ...]
    year: int
    where: str = "parameter"
    status: Status = "observed"
    region: str = ""
    rows: tuple[Figure, ...] = ()
    area: str = ""

    def to_frame(self) -> pd.DataFrame:
        """One row a group, poorest first: group, income_year and consumption_year (yuan a person), food_share (plain ratio), persons, is_subset."""
        import pandas as pd

        rows = [
            [one.name, one.income, one.consumption, _food_share(one), one.persons, one.is_subset] for one in self.groups
        ]
        return pd.DataFrame(
            rows, columns=["group", "income_year", "consumption_year", "food_share", "persons", "is_subset"]
        )

    @property
    def poorest(self) -> IncomeGroup:
        """The group with the lowest income."""
        return self.usable()[0]

    def eles(self) -> Eles:
        """扩展线性支出系统。 The estimate of the basic need from the table: see `estimate`."""
        return estimate(self)

    def food_line(self, given: Given = "") -> Known | Missing:
        """食品线。 The cost of the food basket somebody gave, in yuan a person and month; else what the poorest group spends on food.

        Raises
        ------
        ParameterFault
            What was given is no amount above zero.
        """
        if given in ("", None):
            food = self.poorest.categories.get(FOOD)
            spent = food / MONTHS_PER_YEAR if food is not None else None
            return (
                Known(spent, "yuan/person/month", "estimated", None, self.rows, "food_line")
                if spent
                else Missing("food_line", self.area)
            )
        try:
            line = (
                given if isinstance(given, Known) else Known(exact(str(given)), "yuan/person/month", name="food_line")
            )
        except MoneyFault:
            line = Known(Fraction(0), "yuan/person/month")
        if line.number <= 0:
            raise ParameterFault(
                "not an amount of money",
                where="food_line_yuan",
                expected="yuan per person and month, above zero",
                got=str(given),
            )
        return line

    def engel(self, food_line: Given = "", shares: Sequence[str] = ENGEL_SHARES) -> list[Candidate | Missing]:
        """恩格尔系数法。 The food line over the poorest group's own food share, and over each of `shares`."""
        cost, own = self.food_line(food_line), _food_share(self.poorest)
        if not cost:
            return [cost.of_method("engel")]
        grid = [*([own] if own else []), *map(Fraction, shares)]
        return [replace(engel(cost, share), method=_with_share("engel", share), area=self.area) for share in grid]

    def relative_lines(self, figures: Figures, shares: Sequence[str] = MEDIAN_SHARES) -> list[Candidate | Missing]:
        """收入中位数的一定比例。 Each of `shares` of the national median of disposable income published for the year of the table."""
        series = f"disposable_income_pc_median:{self.area}"
        median = _find(figures, NATION, series, str(self.year))
        if median is None:
            return [Missing("income_median", self.area, self.year, "relative_line", NATION)]
        return [replace(relative_from_median(median, Fraction(share)), method=_with_share("relative_line", Fraction(share)), area=self.area)
                for share in shares]  # fmt: skip

    def usable(self, double_count: bool = False) -> tuple[IncomeGroup, ...]:
        """Return the rows to estimate from, poorest first; subset rows only when asked for by name.

        Raises
        ------
        DataFault
            Fewer than five groups, or a group without positive income and consumption: every fault at once.
        """
        kept = [group for group in self.groups if double_count or not group.is_subset]
        wrong = [
            Fault("a group needs income and consumption above zero", g.name)
            for g in kept
            if min(g.income, g.consumption) <= 0
        ]
        if len(kept) < FEWEST_GROUPS:
            wrong.append(Fault("too few income groups", self.where, f"at least {FEWEST_GROUPS}", str(len(kept))))
        if wrong:
            raise DataFault(wrong)
        return tuple(sorted(kept, key=lambda group: group.income))


def from_figures(figures: Figures, place: str, area: str, year: int) -> GroupTable | None:
    """某地某年按收入分组的收支表。 Read a table by income group from the published figures, or None where there is none.

    Examples
    --------
    >>> table = from_figures(Figures(), "350000", "urban", 2013)
    >>> [group.name for group in table.usable()][0], len(table.groups[0].categories)
    ('low_20', 8)
    """
    period = str(year)
    held = _income_series(figures, place, area)
    groups = tuple(
        _group(figures, place, area, name, figures.get(place, series, period))
        for name, series in held.items()
        if period in figures.all(place, series)
    )
    if not groups:
        return None
    first = figures.get(place, f"consumption_group:{area}:{groups[0].name}", period)
    return GroupTable(groups, year, first.place, first.status, region(place).code, (first,), area)


def income_group_table(
    region: str | int | Region, area: str, year: int | str, figures: Figures | None = None
) -> GroupTable:
    """某地某年按收入分组的收支表。 The table by income group of a place, area and year.

    Raises
    ------
    DataGap
        There is none; those there are, are named.

    Examples
    --------
    >>> table = income_group_table("福建", "urban", 2013)
    >>> len(table.usable()), table.eles()
    (5, Eles(7660 yuan a person and year, standard error 401, 5 groups))
    """
    read, where = figures or Figures(), place_named(region)
    found = from_figures(read, where.code, area, read_year(year))
    if found is None:
        known = tables(read)
        own = [(part, held) for place, part, held in known if place == where.code]
        listed = ", ".join(" ".join(map(str, one)) for one in own or known)
        raise DataGap(
            f"no {area} table by income group for {year}",
            where=str(where),
            hint=f"tables known{' here' if own else ''}: {listed}",
        )
    return found


def _food_share(group: IncomeGroup) -> Fraction | None:
    food = group.categories.get(FOOD)
    return None if food is None else food / group.consumption


def _with_share(method: str, share: Fraction) -> str:
    return f"{method}:{decimal_text(share * 100, 0)}%"


def years(figures: Figures, place: str, area: str) -> list[int]:
    """List the survey years for which a place has a table by income group.

    Examples
    --------
    >>> years(Figures(), "350400", "rural")
    [2022]
    """
    return [year for where, part, year in tables(figures) if (where, part) == (place, area)]


def tables(figures: Figures) -> list[tuple[str, str, int]]:
    """List every table by income group there is: place, area, survey year.

    Examples
    --------
    >>> ("350400", "rural", 2022) in tables(Figures()), ("000000", "urban", 2004) in tables(Figures())
    (True, False)
    """
    found = {
        (place, series.split(":")[1], int(period[:4]))
        for series in figures.series
        if series.startswith("income_group:") and series.endswith(tuple(f":{kind}" for kind in INCOMES))
        for place in figures.places(series)
        for period in figures.all(place, series)
    }
    return sorted(found)


def category_names(groups: Sequence[IncomeGroup]) -> list[str]:
    """List the categories every group has, in the order of the first."""
    return [name for name in groups[0].categories if all(name in group.categories for group in groups)]


def _income_series(figures: Figures, place: str, area: str) -> dict[str, str]:
    """The income series of each group a place has: disposable income, net income in the older rural survey."""
    found: dict[str, str] = {}
    for kind in INCOMES:
        for series in figures.series:
            stem, _, name = series.removesuffix(f":{kind}").rpartition(":")
            if (
                series.endswith(f":{kind}")
                and stem == f"income_group:{area}"
                and name != WHOLE
                and figures.all(place, series)
            ):
                found.setdefault(name, series)
    return found


def _group(figures: Figures, place: str, area: str, name: str, income: Figure) -> IncomeGroup:
    stem, period = f"consumption_group:{area}:{name}", income.period
    weights = [_find(figures, place, f"household_{what}_group:{area}:{name}", period) for what in ("share", "size")]
    share, size = weights
    parts = {
        series: found
        for series in figures.series
        if series.startswith(f"{stem}:")
        if (found := figures.find(place, series, period))
    }
    return IncomeGroup(
        name,
        _yearly(income),
        _yearly(figures.get(place, stem, period)),
        {series.removeprefix(f"{stem}:"): _yearly(found) for series, found in parts.items()},
        share.value * size.value if share and size else None,
        name in SUBSETS,
    )


def _find(figures: Figures, place: str, series: str, period: str) -> Figure | None:
    return figures.find(place, series, period) if series in figures.series else None


def _yearly(figure: Figure) -> Fraction:
    return figure.value * (MONTHS_PER_YEAR if figure.unit.endswith("/month") else 1)


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


@dataclass(frozen=True, repr=False)
class Eles(Result):
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
    notes : tuple of Note
        What the estimate suffers from, as codes and facts.
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
    notes: tuple[Note, ...]
    table: GroupTable

    def candidate(self) -> Candidate:
        """按月折算的测算值。 The line as a candidate per month; its range is that of leaving one group out."""
        base = Known(Fraction(self.n), "count", "estimated", None, self.table.rows, "income_groups")
        return Candidate(
            "eles", fen_per_month(self.line), (base,), *self.left_out,
            self.se / MONTHS_PER_YEAR * FEN_PER_YUAN, self.notes, self.table.area,
            f"{self.alpha:,.2f} ÷ (1 − {self.beta:.4f}) ÷ {MONTHS_PER_YEAR}",
        )  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """按消费类别的估计结果。 The equations v = a + bY by category, the whole last: eles_category, eles_alpha (yuan a year), eles_beta, its
        eles_t_beta and eles_p_beta, eles_r2, eles_basic (a + b line, yuan a year), eles_budget_share (share of b)."""
        import pandas as pd

        names = ["category", "alpha", "beta", "t_beta", "p_beta", "r2", "basic", "budget_share"]
        rows: list[tuple[Any, ...]] = [
            (c.name, c.alpha, c.beta, c.t_beta, c.p_beta, c.r2, c.basic, c.budget_share) for c in self.categories
        ]
        rows.append(("all_consumption", self.alpha, self.beta, None, None, self.r2, self.line, None))
        return pd.DataFrame(rows, columns=[f"eles_{name}" for name in names])

    @property
    def months(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """The line, its standard error and the ends of its 95% interval in fen a month."""
        line, se, low, high = (fen_per_month(amount) for amount in (self.line, self.se, self.low95, self.high95))
        return line, se, low, high

    @property
    def left_out(self) -> tuple[Fraction, Fraction]:
        """The lowest and the highest line with one group left out, fen a month."""
        lines = [line for _, line in self.without] or [self.line]
        return fen_per_month(min(lines)), fen_per_month(max(lines))

    @property
    def weighted_fen_month(self) -> Fraction | None:
        """The line with groups weighted by persons, fen a month; None where the weights are not published."""
        return None if self.line_weighted is None else fen_per_month(self.line_weighted)

    def __repr__(self) -> str:
        return f"Eles({self.line:.0f} yuan a person and year, standard error {self.se:.0f}, {self.n} groups)"


def estimate(table: GroupTable, *, double_count: bool = False) -> Eles:
    """扩展线性支出系统:由分组收支估计基本需求。 Estimate the basic need from a table by income group.

    Each category is regressed on income, ``v_i = a_i + b_i Y``; with one regressor this equals the seemingly unrelated
    regressions (Zellner 1962). The line is ``V = A / (1 - B)`` of the sums (Lluch 1973; grouped data: Howe 1975).

    Returns
    -------
    Eles

    Examples
    --------
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
        (g.name, _line(_fit([o.consumption for o in rest], rest)))
        for g in groups
        if (rest := [group for group in groups if group is not g])
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
    leverage = list(fit.get_influence().hat_matrix_diag)
    return replace(found, notes=tuple(_notes(found, groups, leverage, double_count)))


def _notes(found: Eles, groups: Sequence[IncomeGroup], leverage: Sequence[float], double_count: bool) -> Iterator[Note]:
    """Everything the estimate suffers from; all of it has been met in published tables."""
    for group in found.table.groups:
        if group.is_subset:
            yield Note("subset_counted_twice" if double_count else "subset_left_out", (group.name,))
    yield from _category_notes(found)
    poorest = groups[0]
    if found.line > poorest.income:
        yield Note("line_above_poorest_income", (f"{found.line:.0f}", f"{float(poorest.income):.0f}"))
    if poorest.consumption > poorest.income:
        yield Note("poorest_consumes_more_than_income")
    yield from _influence(found, groups, leverage)
    # In 2013 itself tables of the old urban and rural surveys were still published beside the new one.
    if found.table.year > INTEGRATED_SURVEY:
        yield Note("integrated_survey")
    elif found.table.year == INTEGRATED_SURVEY:
        yield Note("either_survey")


def _category_notes(found: Eles) -> Iterator[Note]:
    for one in found.categories:
        if one.beta <= 0:
            yield Note("propensity_not_positive", (one.name, f"{one.t_beta:.1f}"))
        elif one.p_beta > NOT_SIGNIFICANT:
            yield Note("slope_not_significant", (one.name, f"{one.t_beta:.1f}"))
        if one.basic < 0:
            yield Note("basic_need_negative", (one.name, f"{one.basic:.0f}"))


def _influence(found: Eles, groups: Sequence[IncomeGroup], leverage: Sequence[float]) -> Iterator[Note]:
    """A group whose hat value exceeds twice the mean carries the slope: the line without it is named."""
    lines = dict(found.without)
    for group, hat in zip(groups, leverage, strict=True):
        if hat > 2 * 2 / len(groups) and group.name in lines:
            yield Note("high_leverage", (group.name, f"{lines[group.name]:.0f}"))
    yield Note("few_groups", (str(found.n), f"{found.se / found.line:.0%}"))
