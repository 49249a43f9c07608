"""The published marginals the synthetic population is drawn from: sizes, ages, disability, regions, incomes, coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from aidlib import tables
from aidlib.errors import DataGap
from aidlib.indices import Figure, Figures
from aidlib.regions import NATION, children, lineage, province_of, region

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ASSUMPTION_COLUMNS = ("name", "value", "zh", "en", "note")
AREAS = ("rural", "urban")
SIZES = (*map(str, range(1, 10)), "10+")
BANDS = (*(f"{low}-{low + 4}" for low in range(0, 95, 5)), "95+")
SEXES = ("female", "male")
KINDS = ("visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple")
QUINTILES = ("q1", "q2", "q3", "q4", "q5")
SPENDING = ("health_care", "education_culture_recreation")


@lru_cache(maxsize=1)
def assumptions() -> dict[str, float]:
    """Return the assumptions that stand where nothing is published (`data/synthetic_assumptions.csv`)."""
    return {row["name"]: float(row["value"]) for row in tables.rows("synthetic_assumptions.csv", ASSUMPTION_COLUMNS)}


@dataclass(frozen=True)
class Target:
    """One published number the population is held against.

    Attributes
    ----------
    marginal, group : str
        What is counted, and for whom.
    value, sources : float, str
        A share, or a mean in yuan; ids of the publications and the period.
    """

    marginal: str
    group: str
    value: float
    sources: str


@dataclass(frozen=True)
class Marginals:
    """What the population of one region is drawn from.

    Attributes
    ----------
    leaves : tuple of str
        Codes of the places households live in, in order of code.
    leaf_shares, urban_shares : array, one per leaf
        Share of the households, and of those the urban ones.
    sizes, ages : array
        Shares of household sizes 1 to 10, and of persons by five-year band and sex (bands x sexes).
    disability, severe : float
        Share of persons with a disability, and of those severe ones.
    kinds : array
        Shares of the kinds of disability.
    quintiles : array, areas x 5
        Mean yearly disposable income per head of each fifth, in yuan, nation.
    income_factor : array, leaves x areas
        Income of the place over the nation's.
    wages, spending, coverage : array, one per area
        Share of wages in income; medical and schooling spending in yuan per head and year; share of persons on dibao.
    targets : tuple of Target
        Every published number behind it, for the calibration report.
    """

    leaves: tuple[str, ...]
    leaf_shares: Floats
    urban_shares: Floats
    sizes: Floats
    ages: Floats
    disability: float
    severe: float
    kinds: Floats
    quintiles: Floats
    income_factor: Floats
    wages: Floats
    spending: Floats
    coverage: Floats
    targets: tuple[Target, ...]


def marginals(place: str = NATION, figures: Figures | None = None, year: int | None = None) -> Marginals:
    """Gather the latest published marginals for a region; what a region does not publish is the nation's."""
    desk = _Desk(figures or Figures(), year)
    leaves, shares = _leaves(desk, region(place).code)
    ages = np.array([[desk.number(f"age_group:{sex}:{band}") for sex in SEXES] for band in BANDS])
    sizes = np.array([desk.number(f"family_households_by_size:{size}") for size in SIZES])
    kinds = np.array([desk.number(f"disabled_persons:{kind}") for kind in KINDS])
    severe, light = (desk.number(f"disabled_persons:{grade}") for grade in ("severe", "moderate_or_mild"))
    quintiles = np.array(
        [[desk.number(f"disposable_income_pc_quintile:{area}:{q}") for q in QUINTILES] for area in AREAS]
    )
    found = Marginals(
        leaves, shares, np.array([desk.urban(leaf) for leaf in leaves]), sizes / sizes.sum(), ages / ages.sum(),
        desk.number("disability_rate") / 100, severe / (severe + light), kinds / kinds.sum(), quintiles,
        np.array([desk.income_factors(leaf) for leaf in leaves]), np.array([_wages(desk, area) for area in AREAS]),
        np.array([sum(desk.number(f"consumption_pc:{area}:{item}") for item in SPENDING) for area in AREAS]),
        np.array([_coverage(desk, region(place).code, area) for area in AREAS]), (),
    )  # fmt: skip
    return Marginals(**{**vars(found), "targets": tuple(_targets(desk, found))})


class _Desk:
    """Looks figures up, the latest first, and remembers which rows were used."""

    def __init__(self, figures: Figures, year: int | None) -> None:
        self.figures = figures
        self.last = str(year or 9999)
        self.used: dict[str, Figure] = {}
        self._factors: dict[str, tuple[float, float]] = {}

    def latest(self, series: str, place: str = NATION) -> Figure | None:
        found = self.figures.all(place, series)
        years = [period for period in found if len(period) in (4, 7) and period[:4] <= self.last]
        return self.figures.find(place, series, max(years)) if years else None

    def number(self, series: str, place: str = NATION) -> float:
        found = self.latest(series, place)
        if found is None:
            raise DataGap(f"no figure of {series}", where=place, hint="add it with: aidlib data add FILE")
        self.used[series] = found
        return _people(found)

    def urban(self, place: str) -> float:
        """Return the urban share of the nearest place that publishes one."""
        for code in lineage(place):
            town, country = (self.latest(f"population_year_end:{area}", code) for area in ("urban", "rural"))
            if town and country:
                return float(town.value / (town.value + country.value))
        raise DataGap("no urban and rural population", where=place)

    def income_factors(self, place: str) -> tuple[float, float]:
        """Return the place's income over the nation's in the latest year both publish it: rural, urban."""
        province = province_of(place).code
        if province not in self._factors:
            rural, urban = (self._factor(province, area) for area in AREAS)
            self._factors[province] = (rural, urban)
        return self._factors[province]

    def _factor(self, province: str, area: str) -> float:
        for series in (f"disposable_income_pc:{area}", "disposable_income_pc:total"):
            own, whole = self.figures.all(province, series), self.figures.all(NATION, series)
            if shared := [p for p in own if p in whole and len(p) == 4 and p <= self.last]:
                year = max(shared)
                return float(own[year].value / whole[year].value)
        raise DataGap("no disposable income", where=province)


def _leaves(desk: _Desk, place: str) -> tuple[tuple[str, ...], Floats]:
    """Return the places households live in and their shares: published populations where all have one, else equal parts."""
    below = [
        child
        for child in children(place)
        if child.level in ("province", "prefecture", "prefecture_placeholder", "county")
    ]
    below = [child for child in below if child.code < "710000"]
    if not below:
        return (place,), np.ones(1)
    people = [desk.latest("population_year_end:total", child.code) for child in below]
    known = [float(figure.value) for figure in people if figure is not None]
    weights = np.array(known) if len(known) == len(below) else np.ones(len(below))
    parts = [_leaves(desk, child.code) for child in below]
    shares = [weight * inside for weight, (_, inside) in zip(weights / weights.sum(), parts, strict=True)]
    return tuple(code for codes, _ in parts for code in codes), np.concatenate(shares)


def _wages(desk: _Desk, area: str) -> float:
    return desk.number(f"disposable_income_pc:{area}:wages") / desk.number(f"disposable_income_pc:{area}")


def _people(figure: Figure) -> float:
    """Return a figure, those in ten thousand persons as persons."""
    return float(figure.value) * (10_000 if figure.unit.startswith("10k ") else 1)


def _coverage(desk: _Desk, place: str, area: str) -> float:
    """Return the share of persons on dibao in the nearest place that publishes recipients and population."""
    for code in lineage(place):
        recipients, people = (
            desk.latest(f"{series}:{area}", code) for series in ("dibao_recipients", "population_year_end")
        )
        if recipients and people:
            desk.used[f"dibao_recipients:{area}"] = recipients
            return _people(recipients) / _people(people)
    raise DataGap("no dibao recipients", where=place)


def _targets(desk: _Desk, found: Marginals) -> list[Target]:
    def shares(marginal: str, groups: Sequence[str], values: Floats, series: str) -> list[Target]:
        return [
            Target(marginal, group, float(value), _cite(desk, series))
            for group, value in zip(groups, values, strict=True)
        ]

    people = [f"{band} {sex}" for band in BANDS for sex in SEXES]
    incomes = [f"{area} {q}" for area in AREAS for q in QUINTILES]
    urban = float((found.leaf_shares * found.urban_shares).sum())
    return [
        *shares("household size", SIZES, found.sizes, "family_households_by_size:1"),
        *shares("age and sex", people, found.ages.ravel(), "age_group:female:0-4"),
        *shares("disability", ["all"], np.array([found.disability]), "disability_rate"),
        *shares("severe among disabled", ["all"], np.array([found.severe]), "disabled_persons:severe"),
        *shares("kind of disability", KINDS, found.kinds, "disabled_persons:visual"),
        *shares("urban households", ["all"], np.array([urban]), "population_year_end:urban"),
        *shares("income of fifths", incomes, _scaled(found).ravel(), "disposable_income_pc_quintile:urban:q1"),
        *shares("persons on dibao", AREAS, found.coverage, "dibao_recipients:urban"),
    ]


def _scaled(found: Marginals) -> Floats:
    """Return the means of the fifths at the region's own income level."""
    weights = np.stack([found.leaf_shares * (1 - found.urban_shares), found.leaf_shares * found.urban_shares], axis=1)
    factor = (found.income_factor * weights).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-12)
    return np.asarray(found.quintiles * factor[:, None])


def _cite(desk: _Desk, series: str) -> str:
    used = desk.used.get(series) or desk.latest(series)
    return f"{used.source.id} {used.period}" if used else ""
