"""Before the first rules that were read nobody is answered, by whichever door; after them every result says how it is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from click.testing import CliRunner
from kin import family, law, person

import aidlib
from aidlib.commands.assess import assess
from aidlib.errors import AidError, LawGap
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.regions import provinces
from aidlib.register.synthetic import population
from aidlib.rules.explain import explain
from aidlib.rules.places import places

EARLY = ("1999-10-01", "2014-02-21", "2019-06-01", "2021-06-30")
UNREAD = "the rules before 2021-07-01 were not read"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small invented register, as Parquet."""
    folder = tmp_path_factory.mktemp("register")
    for name, frame in zip(("households", "persons"), population(60, 3, "330100", Figures()).block(0), strict=True):
        frame.write_parquet(folder / f"{name}.parquet")
    return folder / "households.parquet", folder / "persons.parquet"


def assessed(files: tuple[Path, Path], out: Path, on: str) -> None:
    words = ["--households", str(files[0]), "--persons", str(files[1]), "--out", str(out), "--on", on, "--quiet"]
    done = CliRunner().invoke(assess, [*words, "--stale"])
    if done.exception:
        raise done.exception


@pytest.mark.parametrize("day", EARLY)
def test_a_day_before_the_first_rules_is_told_by_every_door(tmp_path: Path, files: tuple[Path, Path], day: str) -> None:
    """`explain`, `places`, `Simulation` and `aidlib assess` say which rules were not read, even where every law value is given."""
    on, homes = date.fromisoformat(day), (pl.read_parquet(files[0]), pl.read_parquet(files[1]))
    doors: list[Callable[[], object]] = [
        lambda: explain(family(person()), "330100", day, given=law()),
        lambda: places(Book(), Figures(), [("330100", True)], on, ("monthly_aid_fen",), stale=True),
        lambda: aidlib.Simulation(*homes, date=on).calculate("monthly_aid_fen"),
        lambda: assessed(files, tmp_path / "out", day),
    ]
    for door in doors:
        with pytest.raises(LawGap, match=UNREAD):
            door()
    assert not (tmp_path / "out" / "run.json").exists()


@pytest.mark.parametrize("month", ["1996-05", "2003-02", "2007-08", "2010-12"])
def test_a_month_before_the_first_linkage_rules_cannot_be_told(month: str) -> None:
    """Where neither the place nor the nation had a rule on file, the month is undetermined, says that the rule lacks, and pays nothing certain."""
    frame = aidlib.price_linkage([place.code for place in provinces()], month, month).to_frame()
    before = frame[frame["regime"].isna()]
    assert len(before) >= 25
    assert set(before["outcome"]) == {"undetermined"}
    assert all("no_regime" in told for told in before["missing"])
    assert before["dibao_urban_fen"].isna().all()
    assert before["dibao_urban_low_fen"].isna().all()


def test_every_result_frame_has_its_status(tmp_path: Path, files: tuple[Path, Path]) -> None:
    """Results of households and persons, totals and what may be published carry a status in every row."""
    assessed(files, tmp_path / "out", "2023-09-01")
    found = [*(tmp_path / "out").rglob("*.parquet"), *(tmp_path / "out").glob("*.csv")]
    results = [
        path for path in found if not path.parent.name.startswith("decisions") and "totals" not in str(path.parent.name)
    ]
    assert len(results) >= 4
    for path in results:
        frame = pl.read_parquet(path).to_pandas() if path.suffix == ".parquet" else pd.read_csv(path)
        assert "status" in frame.columns, (path.name, list(frame.columns))
        assert frame["status"].notna().all(), path.name


def test_a_place_without_a_standard_is_asked_about_in_both_ways() -> None:
    """Without one `places` and `explain` refuse; asked for bounds, the answer is marked and never enacted."""
    for ask in (
        lambda: places(Book(), Figures(), [("441500", True)], date(2023, 3, 1), ("dibao_benefit_fen",)),
        lambda: explain(family(person()), "441500", "2023-03-01"),
    ):
        with pytest.raises(AidError, match="standard"):
            ask()
