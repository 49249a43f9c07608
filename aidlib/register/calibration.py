"""Hold a synthetic population against the published marginals it was drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from aidlib.register.marginals import AREAS, BANDS, KINDS, QUINTILES, SEXES, SIZES, Marginals, assumptions
from aidlib.register.people import YEARS
from aidlib.register.schema import fields

if TYPE_CHECKING:
    import pandas as pd

YUAN_YEAR = 12 / 100  # yuan a year in one fen a month
Found = dict[tuple[str, str], float]


def calibration(households: pl.LazyFrame, persons: pl.LazyFrame, found: Marginals) -> pd.DataFrame:
    """Compare generated and published marginals.

    Parameters
    ----------
    households, persons : polars.LazyFrame
        The whole population, such as `pl.scan_parquet(folder / "households-*.parquet")`.
    found : Marginals
        What it was drawn from.

    Returns
    -------
    pandas.DataFrame
        marginal, group, published, generated, difference (of a share: points; of a mean: relative), tolerance, within, sources.

    Examples
    --------
    >>> from aidlib.register.synthetic import population
    >>> drawn = population(2_000, seed=1, region="450400")
    >>> homes, people = drawn.block(0)
    >>> held = calibration(homes.lazy(), people.lazy(), drawn.found)
    >>> held["marginal"].nunique(), bool(held.query("marginal == 'household size'")["within"].all())
    (8, True)
    """
    import pandas as pd

    made = {**_of_households(households), **_of_persons(persons, households)}
    rows = []
    for target in found.targets:
        generated = made.get((target.marginal, target.group), 0.0)
        mean = target.marginal == "income of fifths"
        difference = generated / target.value - 1 if mean else generated - target.value
        allowed = assumptions()["mean_tolerance" if mean else "share_tolerance"]
        rows.append(
            (
                target.marginal,
                target.group,
                target.value,
                generated,
                difference,
                allowed,
                abs(difference) <= allowed,
                target.sources,
            )
        )
    columns = ["marginal", "group", "published", "generated", "difference", "tolerance", "within", "sources"]
    return pd.DataFrame(rows, columns=columns)


def _of_households(households: pl.LazyFrame) -> Found:
    urban = households.select(pl.col("urban").mean()).collect().item()
    return {("urban households", "all"): float(urban)}


def _of_persons(persons: pl.LazyFrame, households: pl.LazyFrame) -> Found:
    people = persons.select("household_id", "age", "sex", "disability_kind", "disability_grade").collect()
    homes = people.group_by("household_id").len("size").join(households.collect(), on="household_id")
    found: Found = {}
    sizes = homes.group_by(pl.col("size").clip(upper_bound=len(SIZES))).len()
    found |= {("household size", SIZES[size - 1]): count / homes.height for size, count in sizes.iter_rows()}
    ages = people.group_by((pl.col("age") // YEARS).clip(upper_bound=len(BANDS) - 1).alias("band"), "sex").len()
    found |= {
        ("age and sex", f"{BANDS[band]} {SEXES[sex]}"): count / people.height for band, sex, count in ages.iter_rows()
    }
    return found | _disability(people) | _incomes(homes) | _dibao(homes)


def _disability(people: pl.DataFrame) -> Found:
    disabled = people.filter(pl.col("disability_grade") > 0)
    codes = fields("persons")["disability_kind"].codes
    found = {("disability", "all"): disabled.height / people.height}
    found["severe among disabled", "all"] = float((disabled["disability_grade"] <= 2).mean())  # type: ignore[arg-type]
    shares = {
        codes[kind]: count / disabled.height for kind, count in disabled.group_by("disability_kind").len().iter_rows()
    }
    return found | {("kind of disability", kind): shares.get(kind, 0.0) for kind in KINDS}


def _incomes(homes: pl.DataFrame) -> Found:
    """Return the mean of each fifth of households by income per head, fifths counted by household within each area."""
    found: Found = {}
    for area, urban in zip(AREAS, (False, True), strict=True):
        own = homes.filter(pl.col("urban") == urban)
        per_head = np.sort((own["income_fen"] / own["size"]).to_numpy() * YUAN_YEAR)
        for name, part in zip(QUINTILES, np.array_split(per_head, len(QUINTILES)), strict=True):
            found["income of fifths", f"{area} {name}"] = float(part.mean()) if len(part) else 0.0
    return found


def _dibao(homes: pl.DataFrame) -> Found:
    on = homes.group_by("urban").agg((pl.col("size") * pl.col("on_dibao")).sum() / pl.col("size").sum())
    return {("persons on dibao", AREAS[int(urban)]): float(share) for urban, share in on.iter_rows()}
