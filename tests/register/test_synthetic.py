"""The synthetic population: calibrated, seeded, the same whatever its parts, marked, and nobody's."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.disclosure import findings
from aidlib.errors import RegisterFault
from aidlib.register import synthetic
from aidlib.register.columns import fields
from aidlib.register.drawing import ADULT, Fifths
from aidlib.register.synthetic import calibration

RELATIONS = fields("persons")["relation"].codes


@pytest.fixture(scope="module")
def wuzhou() -> tuple[synthetic.Population, pl.DataFrame, pl.DataFrame]:
    """A hundred thousand households of Wuzhou."""
    people = synthetic.population(100_000, seed=20261122, region="450400")
    blocks = [people.block(number) for number in range(people.blocks)]
    return people, pl.concat([block[0] for block in blocks]), pl.concat([block[1] for block in blocks])


def test_every_published_marginal_is_met(wuzhou: tuple[synthetic.Population, pl.DataFrame, pl.DataFrame]) -> None:
    """Sizes, ages by sex, disability, area, income fifths and coverage lie within the stated tolerance, each with its source."""
    people, homes, members = wuzhou
    report = calibration(homes.lazy(), members.lazy(), people.found)
    assert report["within"].all(), report[~report["within"]].to_string()
    assert len(report) > 60
    assert (report["sources"] != "").all()


def test_the_nation_keeps_its_fifths_although_provinces_differ() -> None:
    """Income levels differ between provinces as published, and the nation's fifths still have the published means."""
    people = synthetic.population(100_000, seed=3)
    homes, members = (pl.concat(parts) for parts in zip(*map(people.block, range(2)), strict=True))
    report = calibration(homes.lazy(), members.lazy(), people.found)
    assert report["within"].all(), report[~report["within"]].to_string()
    means = homes.group_by(pl.col("region_code").str.slice(0, 2)).agg(pl.col("income_fen").mean())
    level = dict(means.iter_rows())
    assert level["31"] > 2 * level["62"]


def test_rows_do_not_depend_on_the_parts(tmp_path: Path) -> None:
    """One part of two blocks and two parts of one hold the same rows; another seed gives others."""
    one = _written(tmp_path / "one", part_blocks=2)
    two = _written(tmp_path / "two", part_blocks=1)
    assert len(list((tmp_path / "one").iterdir())) == 2
    assert len(list((tmp_path / "two").iterdir())) == 4
    assert one[0].equals(two[0])
    assert one[1].equals(two[1])
    assert not one[0].equals(_written(tmp_path / "three", seed=2)[0])


def _written(folder: Path, seed: int = 1, part_blocks: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    synthetic.generate(folder, synthetic.BLOCK + 500, seed, "450000", part_blocks)
    return pl.read_parquet(folder / "households-*.parquet"), pl.read_parquet(folder / "persons-*.parquet")


def test_every_row_and_file_is_marked(tmp_path: Path) -> None:
    """Each row says synthetic, and so does each file before it is opened."""
    for path in synthetic.generate(tmp_path, 200, 1, "450400"):
        assert pl.read_parquet(path)["status"].unique().to_list() == ["synthetic"]
        assert pl.read_parquet_metadata(path)["status"] == "synthetic"


def test_nobody_could_be_meant(tmp_path: Path) -> None:
    """No file holds anything the personal-data guard would stop, and person numbers are far from eighteen digits."""
    for path in synthetic.generate(tmp_path, 300, 5, "450400"):
        assert findings(path) == []
    homes, people = synthetic.synthetic_population("450400", 50, 5)
    assert not any(re.search(r"\d{15}", str(value)) for value in [*people["person_id"], *homes["household_id"]])


def test_households_are_plausible(wuzhou: tuple[synthetic.Population, pl.DataFrame, pl.DataFrame]) -> None:
    """One adult applicant each, at most one spouse, children younger than the applicant, wages within income."""
    _, homes, people = wuzhou
    relation = {word: number for number, word in enumerate(RELATIONS)}
    heads = people.filter(pl.col("relation") == relation["applicant"])
    assert heads["household_id"].is_unique().all()
    assert heads.height == homes.height
    assert heads["age"].min() >= ADULT
    spouses = people.filter(pl.col("relation") == relation["spouse"])
    assert spouses["household_id"].is_unique().all()
    children = people.filter(pl.col("relation") == relation["child"]).join(heads, on="household_id", suffix="_head")
    assert (children["age"] < children["age_head"]).all()
    wages = people.group_by("household_id").agg(pl.col("wage_fen").sum(), pl.col("own_income_fen").sum())
    both = homes.join(wages, on="household_id")
    assert (both["wage_fen"] <= both["income_fen"]).all()
    assert (both["own_income_fen"] <= both["income_fen"]).all()
    assert ((people["disability_grade"] > 0) == (people["disability_kind"] > 0)).all()


@pytest.mark.parametrize("size", [1, 2, 7])
def test_tiny_populations_are_whole(size: int) -> None:
    """Even one household has an adult applicant and a place."""
    homes, people = synthetic.population(size, seed=9).block(0)
    assert homes.height == size
    assert people["household_id"].n_unique() == size
    assert people.filter(pl.col("relation") == 0)["age"].min() >= ADULT


def test_a_population_needs_a_household_and_a_seed() -> None:
    """No households, or a negative seed, is an error."""
    with pytest.raises(RegisterFault):
        synthetic.population(0, 1)
    with pytest.raises(RegisterFault):
        synthetic.population(1, -1)


@given(st.lists(st.floats(1.05, 4), min_size=4, max_size=4), st.floats(0.0, 0.999))
def test_rank_is_the_inverse_of_income(steps: list[float], rank: float) -> None:
    """The income at the rank of an income is that income, whatever five rising means are given, and it never falls with the rank."""
    fifths = Fifths(1000 * np.cumprod([1.0, *steps]))
    there = fifths.at(np.array([rank]))
    assert fifths.at(fifths.rank(there))[0] == pytest.approx(there[0], rel=1e-6)
    assert (np.diff(fifths.at(np.linspace(0, 0.999, 200))) >= 0).all()


def test_marginals_may_be_those_of_an_earlier_year() -> None:
    """With a year no later figure is used; before anything was published there is a gap, not a guess."""
    from aidlib.errors import DataGap
    from aidlib.register.marginals import marginals

    cited = {target.sources.split()[-1][:4] for target in marginals("450400", year=2022).targets if target.sources}
    assert max(cited) <= "2022"
    assert max(t.sources.split()[-1][:4] for t in marginals("450400").targets if t.sources) > "2022"
    with pytest.raises(DataGap):
        marginals("450400", year=1990)
