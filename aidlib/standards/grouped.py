"""Household-survey tables by income group: the rows, their checks, and reading them from the published figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from aidlib.errors import DataFault, Fault
from aidlib.indices import Figure, Figures
from aidlib.law import Status
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.regions import region
from aidlib.standards.candidate import Words

FEWEST_GROUPS = 5
INTEGRATED_SURVEY = 2013
WHOLE, SUBSETS = "all", ("poor_5", "top_5")
INCOMES = ("disposable", "net")


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
class GroupTable:
    """A table by income group: its rows, the survey year, where it stands, its status, and labels of groups and categories."""

    groups: tuple[IncomeGroup, ...]
    year: int
    where: str = "parameter"
    status: Status = "observed"
    region: str = ""
    labels: dict[str, Words] = field(default_factory=dict)

    def words(self, name: str) -> Words:
        """Say a group or category in Chinese and English; its own name where the table brings no label."""
        return self.labels.get(name, (name, name))

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

    Parameters
    ----------
    figures : Figures
        Published figures; rows of all households together are left out, subset rows are marked.
    place, area, year : str, str, int
        Region code; `urban`, `rural` or `total`; survey year.

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
    return GroupTable(groups, year, first.place, first.status, region(place).code, _labels(figures, area, groups))


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


def _labels(figures: Figures, area: str, groups: Sequence[IncomeGroup]) -> dict[str, Words]:
    """Take labels from the series: of the spending of a group, and of the price index of a category."""
    found = {
        g.name: (figures.series[f"consumption_group:{area}:{g.name}"].zh.removesuffix("人均消费支出"), f"{g.name.replace('_', ' ')}%")
        for g in groups
    }  # fmt: skip
    for name in {name for g in groups for name in g.categories}:
        if index := figures.series.get(f"cpi_yoy:total:{name}"):
            found[name] = (index.zh.removesuffix("同比指数"), index.en.removesuffix(", year on year"))
    return found


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
