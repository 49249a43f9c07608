"""Departmental registers that agree with the register: where nothing is wrong, nothing may be found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from aidlib.monitoring.synthetic.base import Base
from aidlib.monitoring.synthetic.people import days_before

MARKS = ("id_number", "name", "birth_date")
SEVERE = 2
OUTSIDERS = 200
SHARES = {"poor_students": 0.8, "registered_unemployed": 0.4, "social_insurance": 0.5, "property": 0.6}
LEAST_DAYS, MOST_DAYS = 60, 300  # how long ago something was registered

Registers = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Draw:
    """Draws persons and days, always from the same generator."""

    base: Base
    rng: np.random.Generator

    def some(self, persons: pl.DataFrame, share: float) -> pl.DataFrame:
        """Draw a share of persons."""
        return persons.filter(pl.Series(self.rng.random(len(persons)) < share, dtype=pl.Boolean))

    def outsiders(self) -> pl.DataFrame:
        """Draw persons who are not in the register."""
        others = self.base.unrelated
        return others.sample(n=min(len(others), OUTSIDERS), seed=int(self.rng.integers(1 << 30)))

    def days(self, size: int) -> pl.Series:
        """Draw days from two to ten months ago."""
        return days_before(self.base.as_of, self.rng.integers(LEAST_DAYS, MOST_DAYS, size))

    def dated(self, persons: pl.DataFrame, column: str, *facts: str) -> pl.DataFrame:
        """Lay out a register: marks, facts of the persons, and a day."""
        return persons.select(*MARKS, *facts).with_columns(self.days(len(persons)).alias(column))


def departments(base: Base, rng: np.random.Generator) -> Registers:
    """Make the departmental registers: persons of the register as they are, and others beside them.

    Returns
    -------
    dict of str to polars.DataFrame
        By name of register: id_number, name, birth_date and its facts.
    """
    draw = Draw(base, rng)
    everyone = pl.concat([base.persons, base.unrelated.select(base.persons.columns)])
    return {**_needs(draw, everyone), **_means(draw, everyone), **_states(draw, everyone)}


def _needs(draw: Draw, everyone: pl.DataFrame) -> Registers:
    jobless = pl.col("can_work").cast(pl.Boolean) & ~pl.col("employed").cast(pl.Boolean)
    students = draw.some(everyone.filter(pl.col("student_stage") > 0), SHARES["poor_students"])
    unemployed = draw.some(everyone.filter(jobless), SHARES["registered_unemployed"])
    disabled = everyone.filter(pl.col("disability_grade").is_between(1, SEVERE))
    return {
        "poor_students": draw.dated(students, "listed_on", "student_stage"),
        "registered_unemployed": draw.dated(unemployed, "listed_on"),
        "serious_illness": draw.dated(everyone.filter("serious_illness"), "listed_on"),
        "severe_disability": draw.dated(disabled, "listed_on", "disability_kind", "disability_grade"),
    }


def _means(draw: Draw, everyone: pl.DataFrame) -> Registers:
    works = everyone.filter(pl.col("employed").cast(pl.Boolean) & (pl.col("wage_fen") > 0))
    heads = everyone.unique("household_id", keep="first", maintain_order=True)
    cars, firms = draw.outsiders(), draw.outsiders()
    values = pl.Series("value_fen", draw.rng.integers(10**6, 10**7, len(cars)))
    return {
        "social_insurance": draw.some(works, SHARES["social_insurance"]).select(*MARKS, base_fen="wage_fen"),
        "property": draw.some(heads, SHARES["property"]).select(*MARKS, dwellings=pl.lit(1)),
        "vehicles": cars.select(MARKS).with_columns(values),
        "business": firms.select(*MARKS, businesses=pl.lit(1)),
    }


def _states(draw: Draw, everyone: pl.DataFrame) -> Registers:
    return {
        "deaths": draw.dated(draw.outsiders(), "died_on"),
        "prison": draw.dated(draw.outsiders(), "imprisoned_on"),
        "household_registration": everyone.select(*MARKS, gone_on=pl.lit(None, pl.Date)),
    }
