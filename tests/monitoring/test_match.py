"""Matching: exact, order-free, the same on every kind of table, and every row accounted for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import DataFault, RegisterFault
from aidlib.monitoring.match import elsewhere, match

DEATHS = pl.DataFrame({"person_key": ["a", "z", None], "died_on": [date(2026, 5, 1)] * 3})
VEHICLES = pl.DataFrame({"person_key": ["b", "b"], "value_fen": [100, 300]})


def account(found: object, side: str, register: str) -> dict[str, int]:
    table = found.accounts  # type: ignore[attr-defined]
    row = table[(table["side"] == side) & (table["register"] == register)].iloc[0]
    return {name: int(row[name]) for name in ("total", "matched", "ambiguous", "unmatched", "invalid")}


def test_each_row_is_accounted_for(persons: pl.DataFrame) -> None:
    """Persons and departmental rows are matched, unmatched or without a number, and add up."""
    found = match(persons, {"deaths": DEATHS})
    assert account(found, "persons", "deaths") == {
        "total": 4,
        "matched": 1,
        "ambiguous": 0,
        "unmatched": 2,
        "invalid": 1,
    }
    assert account(found, "rows", "deaths") == {"total": 3, "matched": 1, "ambiguous": 0, "unmatched": 1, "invalid": 1}


def test_rows_that_contradict_tell_nothing(persons: pl.DataFrame) -> None:
    """Two days of death for one number are ambiguous: no day is passed on. The same row twice is no contradiction."""
    twice = pl.DataFrame(
        {"person_key": ["a", "a", "b", "b"], "died_on": [date(2026, 5, 1), date(2026, 5, 2), *[date(2026, 6, 1)] * 2]}
    )
    found = match(persons, {"deaths": twice})
    assert found.evidence.select("person_id", "deaths__outcome", "deaths__died_on").rows() == [
        (1, 2, None),
        (2, 1, date(2026, 6, 1)),
    ]
    assert account(found, "rows", "deaths") == {"total": 4, "matched": 2, "ambiguous": 2, "unmatched": 0, "invalid": 0}


def test_several_cars_are_no_contradiction(persons: pl.DataFrame) -> None:
    """Where a person may have several rows the facts are gathered: the dearest car counts."""
    found = match(persons, {"vehicles": VEHICLES})
    assert found.evidence.select("person_id", "vehicles__outcome", "vehicles__value_fen").rows() == [(2, 1, 300)]


def test_nothing_is_merged_without_a_number(persons: pl.DataFrame) -> None:
    """A person without a key never gets evidence, however many keyless rows there are."""
    found = match(persons, {"deaths": pl.DataFrame({"person_key": [None, None], "died_on": [date(2026, 5, 1)] * 2})})
    assert found.evidence.height == 0


@given(st.permutations(range(8)), st.permutations(range(6)))
def test_order_of_rows_does_not_matter(people: list[int], rows: list[int]) -> None:
    """Shuffled tables give the same evidence and the same accounts."""
    persons = pl.DataFrame(
        {"person_id": range(8), "household_id": [n // 2 for n in range(8)], "person_key": [*"abcdeff", None]}
    )
    table = pl.DataFrame({"person_key": ["a", "c", "c", "f", "y", None], "value_fen": [5, 7, 9, 1, 2, 3]})
    first, second = match(persons, {"vehicles": table}), match(persons[people], {"vehicles": table[rows]})
    assert first.evidence.equals(second.evidence)
    pd.testing.assert_frame_equal(first.accounts, second.accounts)


def test_every_kind_of_table_gives_the_same(persons: pl.DataFrame, tmp_path: Path) -> None:
    """pandas, Polars eager and lazy, PyArrow and DuckDB."""
    import duckdb

    wanted = match(persons, {"deaths": DEATHS, "vehicles": VEHICLES})
    for kind in (
        lambda t: t.to_pandas(),
        lambda t: t.lazy(),
        lambda t: t.to_arrow(),
        lambda t: duckdb.from_arrow(t.to_arrow()),
    ):
        found = match(kind(persons), {"deaths": kind(DEATHS), "vehicles": kind(VEHICLES)})
        assert found.evidence.equals(wanted.evidence)
        pd.testing.assert_frame_equal(found.accounts, wanted.accounts)


def test_faulty_tables_are_refused(persons: pl.DataFrame) -> None:
    """No key column, an unknown register, no register at all, a person listed twice."""
    with pytest.raises(RegisterFault, match="deaths: a column is missing"):
        match(persons, {"deaths": DEATHS.drop("person_key")})
    with pytest.raises(DataFault, match=r"deahts.*deaths"):
        match(persons, {"deahts": DEATHS})
    with pytest.raises(RegisterFault, match="at least one"):
        match(persons, {})
    with pytest.raises(RegisterFault, match="twice"):
        match(pl.concat([persons, persons.head(1)]), {"deaths": DEATHS})


def test_one_number_in_two_families_is_seen() -> None:
    """A number in two households is found; twice in one household is not that."""
    rows = pl.LazyFrame({"person_id": [1, 2, 3, 4], "household_id": [1, 2, 3, 3], "person_key": ["a", "a", "b", "b"]})
    assert sorted(elsewhere(rows).collect().rows()) == [(1, 1), (2, 1)]
