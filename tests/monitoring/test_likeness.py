"""Likely partners are put before a person, with a score, the same whatever the order; nothing is merged."""

from __future__ import annotations

import polars as pl
import pytest

from aidlib.errors import RegisterFault
from aidlib.monitoring.likeness import candidates
from aidlib.monitoring.vocabulary import convention

SLIP = "0" * 6 + "19500101" + "0029"
RIGHT = "0" * 6 + "19500101" + "0020"


def table(*rows: tuple[int, str | None, str | None, str | None]) -> pl.DataFrame:
    kinds = {"row_id": pl.Int64, "name": pl.String, "birth_date": pl.String, "id_number": pl.String}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def test_a_slip_in_the_number_is_put_before_a_person() -> None:
    """Same name and birth date, one digit wrong: the right person stands first."""
    found = candidates(
        table((1, "测甲乙", "1950-01-01", SLIP)),
        table((7, "测甲乙", "1950-01-01", RIGHT), (8, "测丙丁", "1950-01-01", None)),
    )
    best = found.pairs.row(0, named=True)
    assert (best["other_id"], best["rank"], best["told_apart"], best["name_score"], best["birth_score"]) == (
        7,
        1,
        True,
        100,
        100,
    )
    assert (found.rows, found.with_candidate, found.without_candidate) == (1, 1, 0)


def test_twins_cannot_be_told_apart() -> None:
    """Two candidates that score alike are both listed, and marked as not told apart."""
    found = candidates(
        table((1, "测甲乙", "1950-01-01", None)),
        table((7, "测甲乙", "1950-01-01", None), (8, "测甲乙", "1950-01-01", None)),
    )
    assert found.pairs["other_id"].to_list() == [7, 8]
    assert found.pairs["told_apart"][0] is False


def test_strangers_are_not_paired() -> None:
    """Nothing shared, or too little alike, gives no pair; the row is counted as without candidate."""
    found = candidates(
        table((1, "测甲乙", "1950-01-01", None)),
        table((7, "测丙丁", "1950-01-01", None), (8, "测戊己", "1960-02-02", None)),
    )
    assert (found.pairs.height, found.without_candidate) == (0, 1)


def test_order_does_not_matter() -> None:
    """Shuffled rows give the same list."""
    left = table(*((n, f"测甲{'乙丙丁'[n % 3]}", "1950-01-01", None) for n in range(9)))
    right = table(*((n, f"测甲{'乙丙丁'[n % 3]}", "1950-01-01", None) for n in range(20, 32)))
    assert candidates(left, right).pairs.equals(
        candidates(left.reverse(), right.sample(fraction=1, shuffle=True, seed=3)).pairs
    )


def test_a_crowded_block_is_said_to_be_crowded() -> None:
    """A birth date shared by thousands says too little to search; the row is counted apart."""
    size = convention("block_most") + 1
    crowd = table(*((n, f"测{chr(0x4E00 + n)}", "1950-01-01", None) for n in range(size)))
    found = candidates(table((1, None, "1950-01-01", None)), crowd)
    assert (found.pairs.height, found.crowded, found.without_candidate) == (0, 1, 0)


def test_a_row_listed_twice_is_refused() -> None:
    """Row ids tell rows apart."""
    with pytest.raises(RegisterFault, match="twice"):
        candidates(table((1, "测甲乙", None, None), (1, "测甲乙", None, None)), table())
