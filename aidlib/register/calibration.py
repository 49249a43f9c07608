"""Hold a synthetic population against the published marginals it was drawn from."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from aidlib.register.columns import fields
from aidlib.register.marginals import AREAS, BANDS, KINDS, QUINTILES, SEXES, SIZES, Marginals, assumptions
from aidlib.register.people import YEARS

if TYPE_CHECKING:
    import pandas as pd

YUAN_YEAR = 12 / 100  # yuan a year in one fen a month
Generated = dict[tuple[str, str], tuple[float, float, int]]


def calibration(households: pl.LazyFrame, persons: pl.LazyFrame, found: Marginals) -> pd.DataFrame:
    """Compare generated and published marginals."""
    import pandas as pd

    made = _generated(households.collect(), persons)
    rows = []
    for target in found.targets:
        generated, spread, count = made.get((target.marginal, target.group), (0.0, 0.0, 1))
        mean = target.marginal == "income of fifths"
        error = spread / target.value if mean else (target.value * (1 - target.value)) ** 0.5
        allowed = assumptions()["tolerance_errors"] * error / count**0.5
        difference = generated / target.value - 1 if mean else generated - target.value
        rows.append((*astuple(target)[:3], generated, difference, allowed, abs(difference) <= allowed, target.sources))
    columns = ["marginal", "group", "published", "generated", "difference", "tolerance", "within", "sources"]
    return pd.DataFrame(rows, columns=columns)


def _generated(homes: pl.DataFrame, persons: pl.LazyFrame) -> Generated:
    """Give each marginal as generated: its share or mean, the spread of a mean, and how many rows were counted."""
    people = persons.select("household_id", "age", "sex", "disability_kind", "disability_grade").collect()
    sized = people.group_by("household_id", maintain_order=True).len("size").join(homes, on="household_id")
    found: Generated = {("urban households", "all"): (float(homes["urban"].mean()), 0.0, homes.height)}  # type: ignore[arg-type]
    sizes = sized.group_by(pl.col("size").clip(upper_bound=len(SIZES))).len()
    found |= {
        ("household size", SIZES[size - 1]): (count / sized.height, 0.0, sized.height)
        for size, count in sizes.iter_rows()
    }
    bands = people.group_by((pl.col("age") // YEARS).clip(upper_bound=len(BANDS) - 1).alias("band"), "sex").len()
    found |= {
        ("age and sex", f"{BANDS[band]} {SEXES[sex]}"): (count / people.height, 0.0, people.height)
        for band, sex, count in bands.iter_rows()
    }
    return found | _disability(people) | _incomes(sized) | _dibao(sized)


def _disability(people: pl.DataFrame) -> Generated:
    disabled = people.filter(pl.col("disability_grade") > 0)
    codes, count = fields("persons")["disability_kind"].codes, disabled.height
    kinds = {codes[kind]: len(rows) for (kind,), rows in disabled.group_by("disability_kind")}
    severe = float((disabled["disability_grade"] <= 2).mean())  # type: ignore[arg-type]
    found = {("disability", "all"): (count / people.height, 0.0, people.height)}
    found["severe among disabled", "all"] = (severe, 0.0, count)
    return found | {("kind of disability", kind): (kinds.get(kind, 0) / count, 0.0, count) for kind in KINDS}


def _incomes(homes: pl.DataFrame) -> Generated:
    """Return the mean of each fifth of households by income per head, fifths counted by household within each area."""
    found: Generated = {}
    for area, urban in zip(AREAS, (False, True), strict=True):
        own = homes.filter(pl.col("urban") == urban)
        per_head = np.sort((own["income_fen"] / own["size"]).to_numpy() * YUAN_YEAR)
        for name, part in zip(QUINTILES, np.array_split(per_head, len(QUINTILES)), strict=True):
            if len(part):
                found["income of fifths", f"{area} {name}"] = (float(part.mean()), float(part.std()), len(part))
    return found


def _dibao(homes: pl.DataFrame) -> Generated:
    """Count persons, but let households be the sample: members are on dibao together."""
    on = homes.group_by("urban").agg(
        (pl.col("size") * pl.col("on_dibao")).sum() / pl.col("size").sum(), pl.len().alias("n")
    )
    return {
        ("persons on dibao", AREAS[int(urban)]): (float(share), 0.0, count) for urban, share, count in on.iter_rows()
    }
