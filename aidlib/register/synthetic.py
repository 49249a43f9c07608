"""A synthetic population calibrated on published marginals: seeded, of any size, every row marked synthetic; and held against them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from aidlib.errors import RegisterFault
from aidlib.indices import Figures
from aidlib.regions import NATION, Region, place
from aidlib.register.columns import fields
from aidlib.register.drawing import (
    YEARS,
    Incomes,
    draw_facts,
    draw_money,
    draw_people,
    draw_places,
    draw_supporters,
    picked,
    strata,
)
from aidlib.register.marginals import AREAS, BANDS, KINDS, QUINTILES, SEXES, SIZES, Marginals, assumptions, marginals

if TYPE_CHECKING:
    import pandas as pd

BLOCK = 50_000  # households drawn with one generator; parts are whole blocks, so that no row depends on the parts
PART_BLOCKS = 10
SLOTS = 16  # person numbers set aside for each household
STATUS = "synthetic"
SMALL = {"age": pl.Int16, "relation": pl.Int8, "sex": pl.Int8, "disability_kind": pl.Int8, "disability_grade": pl.Int8,
         "student_stage": pl.Int8, "tekun_supporter": pl.Int8}  # fmt: skip


@dataclass(frozen=True)
class Population:
    """A population that can be drawn block by block.

    Attributes
    ----------
    households, seed : int
        How many there are, and what every generator is made from together with the number of its block.
    found : Marginals
        What it is drawn from.
    """

    households: int
    seed: int
    found: Marginals

    @property
    def blocks(self) -> int:
        """Count of blocks."""
        return -(-self.households // BLOCK)

    @cached_property
    def _incomes(self) -> Incomes:
        return Incomes(self.found)

    def block(self, number: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Draw one block: households and persons, money in whole fen, every row marked."""
        rng = np.random.default_rng([self.seed, number])
        ids = np.arange(number * BLOCK, min((number + 1) * BLOCK, self.households), dtype=np.int64)
        place = draw_places(ids, self.households, self.found)
        sizes = picked(strata(rng, len(ids)), self.found.sizes) + 1
        people = draw_people(rng, sizes, self.found)
        facts = draw_facts(rng, people, self.found)
        own, members = draw_money(rng, people, facts, place, self.found, self._incomes)
        supporters = draw_supporters(rng, people, sizes)
        codes = pl.Series(self.found.leaves).gather(place[0])
        households = pl.DataFrame({"household_id": ids + 1, "region_code": codes, "urban": place[1], **own})
        persons = pl.DataFrame(
            {
                "person_id": (ids[people.home] + 1) * SLOTS + people.slot, "household_id": ids[people.home] + 1,
                "age": people.age, "sex": people.male.astype(np.int64), "relation": people.relation, **facts, **members,
                "tekun_supporter": supporters,
            }
        )  # fmt: skip
        return _marked(households), _marked(persons)


def _marked(frame: pl.DataFrame) -> pl.DataFrame:
    small = {name: kind for name, kind in SMALL.items() if name in frame.columns}
    return frame.cast(small).with_columns(pl.lit(STATUS).alias("status"))  # type: ignore[arg-type]


def population(
    households: int, seed: int, region: str = NATION, figures: Figures | None = None, year: int | None = None
) -> Population:
    """Prepare a population of a region.

    Raises
    ------
    RegisterFault
        Fewer than one household, or a negative seed.
    """
    if not isinstance(households, int) or not isinstance(seed, int) or households < 1 or seed < 0:
        raise RegisterFault(
            "not a population", expected="one household or more, and a seed of 0 or more, in whole numbers"
        )
    return Population(households, seed, marginals(region, figures, year))


def generate(
    out: str | Path, households: int, seed: int, region: str = NATION, part_blocks: int = PART_BLOCKS
) -> list[Path]:
    """Write a population to Parquet, part by part, in memory that does not grow with its size."""
    people, folder = population(households, seed, region), Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    note = {"status": STATUS, "seed": str(seed), "region": region, "households": str(households)}
    written = []
    for part, numbers in enumerate(_parts(people.blocks, part_blocks)):
        blocks = [people.block(number) for number in numbers]
        for name, frames in zip(("households", "persons"), zip(*blocks, strict=True), strict=True):
            path = folder / f"{name}-{part:05d}.parquet"
            pl.concat(frames, rechunk=False).write_parquet(path, metadata=note, row_group_size=250_000)
            written.append(path)
    return written


def _parts(blocks: int, size: int) -> Iterator[range]:
    return (range(first, min(first + size, blocks)) for first in range(0, blocks, size))


def synthetic_population(
    region: str | int | Region, households: int = 10_000, seed: int = 1, figures: Figures | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """合成住户和人员。 Draw households and persons of a place, two pandas frames as `aidlib.Simulation` takes them; every row is `synthetic`.

    Parameters
    ----------
    region : str, int or Region
        The nation, a province, prefecture or county, by code, Chinese or English name. What it does not publish is the nation's.
    households, seed : int
        How many; the same seed, number and region give the same rows.
    figures : Figures, optional
        The published figures it is calibrated on.

    Returns
    -------
    tuple of pandas.DataFrame
        Households (income_fen and expend_fen a month, property_ok, on_dibao) and persons (age, relation, wage_fen and more; columns as in
        `aidlib.register.columns`), whole fen.

    Raises
    ------
    RegisterFault
        Fewer than one household, or a negative seed.

    Examples
    --------
    >>> homes, people = synthetic_population("广西", households=10, seed=7)
    >>> len(homes), homes.attrs["status"], set(people["status"])
    (10, 'synthetic', {'synthetic'})
    """
    people = population(households, seed, place(region).code, figures)
    blocks = [people.block(number) for number in range(people.blocks)]
    frames = tuple(pl.concat(parts).to_pandas() for parts in zip(*blocks, strict=True))
    for frame in frames:
        frame.attrs["status"] = STATUS
    return frames[0], frames[1]


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
