"""Parquet to Parquet gives what memory gives: the same evidence, accounts and alerts, whatever the parts and buckets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from aidlib.errors import RegisterFault
from aidlib.law import Book
from aidlib.monitoring.alerts import rule_table
from aidlib.monitoring.bulk import PartFiles, evidence_of_part, match_files, monitor_parts, streamed, twice_files
from aidlib.monitoring.causes import signals
from aidlib.monitoring.facts import limits
from aidlib.monitoring.invented import DEMONSTRATION_KEY, PURPOSE
from aidlib.monitoring.matching import keyed, match
from tests.monitoring.conftest import Made

DAY = date(2026, 10, 31)
PARTS = 3


@pytest.fixture(scope="module")
def keys(spoiled: Made) -> dict[str, pl.DataFrame]:
    """The departmental registers of the invented place, keyed."""
    return {name: keyed(table, DEMONSTRATION_KEY, PURPOSE, DAY) for name, table in spoiled.place.registers.items()}


def write(spoiled: Made, keys: dict[str, pl.DataFrame], folder: Path) -> tuple[list[PartFiles], dict[str, list[Path]]]:
    """Write the place as files: households in three parts, registers in one file each."""
    scene = spoiled.found.month
    tables = (scene.files.households, scene.files.persons, scene.files.recognitions, scene.files.aid)
    homes = scene.files.households["household_id"].unique().sort()
    parts = []
    for at in range(PARTS):
        own = homes.gather_every(PARTS, at)
        paths = [folder / f"{name}-{at}.parquet" for name in ("households", "persons", "recognitions", "aid")]
        for path, table in zip(paths, tables, strict=True):
            table.filter(pl.col("household_id").is_in(own.implode())).write_parquet(path)
        parts.append(PartFiles(*paths))
    registers = {}
    for name, table in keys.items():
        registers[name] = [folder / f"{name}.parquet"]
        table.sort("person_key").write_parquet(registers[name][0], row_group_size=500)
    return parts, registers


@pytest.mark.parametrize("buckets", [1, 3])
def test_evidence_from_files_is_that_of_memory(
    spoiled: Made, keys: dict[str, pl.DataFrame], tmp_path: Path, buckets: int
) -> None:
    """However many parts and buckets, each person's evidence and every count of persons is the same."""
    parts, registers = write(spoiled, keys, tmp_path)
    accounts = match_files([part.persons for part in parts], registers, tmp_path / "evidence", buckets=buckets)
    wanted = match(spoiled.found.month.files.persons, keys)
    found = pl.concat([evidence_of_part(tmp_path / "evidence", at) for at in range(PARTS)]).sort("person_id")
    assert found.select(wanted.evidence.columns).equals(wanted.evidence)
    both = accounts.merge(wanted.accounts, on=["side", "register"], suffixes=("", "_memory"))
    assert (
        both[["total", "unmatched", "invalid"]].to_numpy()
        == both[["total_memory", "unmatched_memory", "invalid_memory"]].to_numpy()
    ).all()
    assert ((both["matched"] + both["ambiguous"]) == (both["matched_memory"] + both["ambiguous_memory"])).all()


def test_alerts_from_files_are_those_of_memory(spoiled: Made, keys: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    """Part by part through the rules: the same alerts, with the same priority, as in one piece."""
    parts, registers = write(spoiled, keys, tmp_path)
    match_files([part.persons for part in parts], registers, tmp_path / "evidence")
    codes = spoiled.found.month.households["region_code"].unique().to_list()
    many = monitor_parts(
        parts,
        tmp_path / "evidence",
        tmp_path / "alerts",
        spoiled.place.law_known.values,
        limits(Book(), codes, DAY),
        rule_table(Book(), codes, DAY),
        DAY,
        speaks=spoiled.place.coverage,
    )
    columns = ["household_id", "cause", "persons", "event_on", "distance_fen", "amount_fen", "deadline", "priority"]
    apart = pl.read_parquet(tmp_path / "alerts" / "*.parquet").select(columns).sort("household_id", "cause")
    whole = spoiled.found.alerts.filter(pl.col("cause") != "paid_twice").select(columns).sort("household_id", "cause")
    assert apart.filter(pl.col("cause") != "paid_twice").equals(whole)
    assert many == pl.read_parquet(tmp_path / "alerts" / "*.parquet").height


def test_streamed_tests_are_those_of_memory(spoiled: Made, keys: dict[str, pl.DataFrame]) -> None:
    """With stored facts, the streaming pass finds the persons the tests find in memory."""
    facts = spoiled.found.facts
    stored = facts.persons.select(
        "person_id", "household_id", "in_tekun", "in_dibao", "in_single", "counted_member", "reviewed_dibao", "drawing", "months_dibao",
        "months_single", "months_tekun",
    ).join(spoiled.found.month.files.persons.select("person_id", "person_key"), on="person_id")  # fmt: skip
    causes = frozenset(
        ("tekun_in_prison", "counted_in_prison", "dibao_after_death", "tekun_after_death", "registration_gone")
    )
    found = streamed(stored.lazy(), {name: table.lazy() for name, table in keys.items()}, causes).collect(
        engine="streaming"
    )
    wanted = signals(facts, causes).rows.unique(["household_id", "cause"])
    key = ["household_id", "cause", "event_on"]
    assert wanted.height > 10
    assert found.select(key).sort(key).equals(wanted.select(key).sort(key))


def test_buckets_are_bounded(tmp_path: Path) -> None:
    """No bucket, or more than keys can be split into, is refused."""
    for buckets in (0, 257):
        with pytest.raises(RegisterFault, match="buckets"):
            match_files([], {}, tmp_path, buckets=buckets)


def test_one_number_in_two_files_is_found(spoiled: Made, tmp_path: Path) -> None:
    """Families of a pair may lie in different parts: those paid twice are found all the same, and reach the alerts of their part."""
    drawing = spoiled.found.facts.persons.select("person_id", "drawing")
    persons = spoiled.found.month.files.persons.join(drawing, on="person_id")
    paths = []
    for at in range(PARTS):
        paths.append(tmp_path / f"persons-{at}.parquet")
        persons.filter(pl.col("household_id") % PARTS == at).write_parquet(paths[-1])
    assert twice_files(paths, tmp_path / "twice.parquet") > 0
    twice = pl.read_parquet(tmp_path / "twice.parquet")
    planted = spoiled.place.planted.filter(pl.col("cause") == "paid_twice")
    assert set(twice["person_id"]) == set(planted["person_id"])
    one = spoiled.again(persons=spoiled.place.persons.join(twice, on="person_id", how="left"))
    assert set(one.alerts.filter(pl.col("cause") == "paid_twice")["household_id"]) == set(planted["household_id"])
