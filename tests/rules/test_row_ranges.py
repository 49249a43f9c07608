"""Persons of a span of households: the same rows as a filter finds, whatever the files are like, each stretch decoded once."""

from __future__ import annotations

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest

from aidlib.rules import row_ranges
from aidlib.rules.columns import array
from aidlib.rules.parts import parts_of
from aidlib.rules.row_ranges import RowRanges

COLUMNS = ("household_id", "person")


@pytest.fixture(autouse=True)
def _small_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_ranges, "ROWS", 40)
    monkeypatch.setattr(row_ranges, "MOST", 60)


def _people(kind: str) -> pl.DataFrame:
    """Invent three hundred persons of households with gaps between their numbers."""
    rng = np.random.default_rng(4)
    ids = np.sort(rng.choice(np.arange(100, 900, 7), 300))
    frame = pl.DataFrame({"household_id": ids, "unread": "x", "person": np.arange(300)})
    return {
        "in order": frame,
        "shuffled": frame.sample(fraction=1, shuffle=True, seed=2),
        "shuffled inside": pl.concat(frame[n : n + 15].reverse() for n in range(0, 300, 15)),
        "one without a household": frame.with_columns(
            pl.when(pl.col("person") != 150).then("household_id").alias("household_id")
        ),
        "numbered by text": frame.with_columns(pl.format("H{}", "household_id").alias("household_id")),
    }[kind]


@pytest.fixture(params=["in order", "shuffled", "shuffled inside", "one without a household", "numbered by text"])
def people(request: pytest.FixtureRequest) -> pl.DataFrame:
    """Return persons in several orders."""
    return _people(request.param)


@pytest.mark.parametrize("group", [7, 15, 40, 300])
@pytest.mark.parametrize("statistics", [True, False])
def test_a_span_is_what_a_filter_finds(people: pl.DataFrame, tmp_path: Path, group: int, statistics: bool) -> None:
    """Row groups of any size, in two files, with and without the statistics that tell their limits; households may go across."""
    for number, half in enumerate((people[:170], people[170:])):
        half.write_parquet(tmp_path / f"{number}.parquet", row_group_size=group, statistics=statistics)
    read = RowRanges((tmp_path / "0.parquet", tmp_path / "1.parquet"), COLUMNS)
    numbers = people["household_id"].drop_nulls().unique().sort()
    for low, high in [(0, 0), (0, 10), (11, 40), (41, -1), (0, -1), (5, 4)]:
        within = pl.col("household_id").is_between(pl.lit(numbers[low]), pl.lit(numbers[high]))
        assert read.between(numbers[low], numbers[high]).equals(people.filter(within).select(COLUMNS))
    assert read.between(None, None).is_empty()


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note which stretches are decoded, which takes a moment here."""
    numbers: list[int] = []
    scan = RowRanges._scan

    def noted(self: RowRanges, number: int) -> pl.LazyFrame:
        numbers.append(number)
        time.sleep(0.01)
        return scan(self, number)

    monkeypatch.setattr(RowRanges, "_scan", noted)
    return numbers


def test_spans_that_follow_each_other_share_the_stretch_between(tmp_path: Path, decoded: list[int]) -> None:
    """Each stretch is decoded once, and no more than a few are kept."""
    people = _people("in order")
    people.write_parquet(path := tmp_path / "people.parquet", row_group_size=20)
    read = RowRanges((path,), COLUMNS)
    ids = people["household_id"].unique().sort().to_list()
    found = [read.between(ids[n], ids[min(n + 7, len(ids) - 1)]) for n in range(0, len(ids), 8)]
    assert pl.concat(found).equals(people.select(COLUMNS))
    assert decoded == list(range(len(people) // 40 + 1))
    assert len(read._kept) == row_ranges.KEPT


def test_threads_wait_for_the_one_that_decodes(tmp_path: Path, decoded: list[int]) -> None:
    """Who asks for a stretch while another thread decodes it gets the same one."""
    _people("in order").write_parquet(path := tmp_path / "people.parquet", row_group_size=20)
    read = RowRanges((path,), COLUMNS)
    with ThreadPoolExecutor(3) as pool:
        first, *others = pool.map(lambda _: read.between(100, 250), range(3))
    assert all(other.equals(first) for other in others)
    assert len(decoded) == len(set(decoded))


def test_a_file_that_cannot_be_read_is_told_to_everyone_who_asks(tmp_path: Path) -> None:
    """The fault of decoding is not lost in the thread that met it, and asking again does not wait for ever."""
    _people("in order").write_parquet(path := tmp_path / "people.parquet", row_group_size=40)
    read = RowRanges((path,), COLUMNS)
    assert read._in_order
    path.unlink()
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            read.between(100, 900)


def test_a_file_without_rows_has_none_in_any_span(tmp_path: Path) -> None:
    """An empty file alone, and beside another."""
    people = _people("in order")
    people.head(0).write_parquet(empty := tmp_path / "0.parquet")
    people.write_parquet(full := tmp_path / "1.parquet")
    assert RowRanges((empty,), COLUMNS).between(100, 900).is_empty()
    assert RowRanges((empty, full), COLUMNS).between(100, 900).equals(people.select(COLUMNS))


def test_long_texts_are_found_though_their_limits_are_cut_short(tmp_path: Path) -> None:
    """The limits a file tells of pseudonyms are of their first letters only."""
    names = sorted("乙" * 40 + hashlib.sha256(str(n).encode()).hexdigest() for n in range(90))
    people = pl.DataFrame({"household_id": names, "person": range(90)})
    people.write_parquet(path := tmp_path / "people.parquet", row_group_size=10)
    for first, last in [(0, 0), (8, 12), (0, 89), (33, 71)]:
        assert RowRanges((path,), COLUMNS).between(names[first], names[last]).equals(people[first : last + 1])


def test_parts_end_where_row_groups_end(tmp_path: Path) -> None:
    """Small groups come together, large ones are cut evenly, and no row is left out or comes twice."""
    frame = pl.DataFrame({"household_id": range(100)})
    for name, group in (("small", 10), ("large", 100)):
        frame.write_parquet(tmp_path / f"{name}.parquet", row_group_size=group)
    cuts = {
        name: [(first, rows) for _, first, rows in parts_of([tmp_path / f"{name}.parquet"], 32).values()]
        for name in ("small", "large")
    }
    assert cuts["small"] == [(0, 30), (30, 30), (60, 30), (90, 10)]
    assert cuts["large"] == [(0, 25), (25, 25), (50, 25), (75, 25)]
    pq.write_table(frame.head(0).to_arrow(), tmp_path / "empty.parquet")
    assert parts_of([tmp_path / "empty.parquet"], 32) == {}


@pytest.mark.parametrize("first", [0, 1, 8, 13])
def test_flags_are_unpacked_from_any_bit(first: int) -> None:
    """Slices and pieces of a column of flags or numbers are the array Polars makes of them."""
    flags = pl.Series([n % 3 == 0 or n % 5 == 1 for n in range(40)])
    for column in (
        flags[first:],
        flags[first : first + 5],
        pl.concat([flags[first:], flags[3:]], rechunk=False),
        flags[:0],
    ):
        assert array(column).tolist() == column.to_list()
        assert array(column).dtype == bool
        assert array(column.cast(pl.Int64)).tolist() == column.cast(pl.Int64).to_list()
