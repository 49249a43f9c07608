"""Matching: sound numbers, keyed pseudonyms, an exact join that accounts for every row, and likely partners put before a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.disclosure import ids
from aidlib.disclosure.ids import pseudonym
from aidlib.errors import DataFault, PrivacyFault, RegisterFault
from aidlib.monitoring.matching import candidates, elsewhere, keyed, keyed_together, match, valid_numbers
from aidlib.monitoring.vocabulary import convention

KEY, TODAY = bytes(range(32)), date(2026, 10, 31)
DEATHS = pl.DataFrame({"person_key": ["a", "z", None], "died_on": [date(2026, 5, 1)] * 3})
VEHICLES = pl.DataFrame({"person_key": ["b", "b"], "value_fen": [100, 300]})
SLIP, RIGHT = ("0" * 6 + "19500101" + tail for tail in ("0029", "0020"))


def number(day: str = "19500101", tail: str = "001") -> str:
    """An invented number: the place 000000 exists nowhere."""
    first = "0" * 6 + day + tail
    return first + ids.check_character(first)


@given(st.text(alphabet="0123456789Xx -", max_size=20), st.booleans())
def test_soundness_is_that_of_the_scalar_rules(text: str, wrapped: bool) -> None:
    """Column-wise judgement equals shape, check character and birth day judged one by one."""
    given_text = number()[: len(text) % 19] + text[len(text) % 19 :] if wrapped else text
    plain = ids.normal(given_text)
    born = ids.birth_day(plain) if ids.checks_out(plain) else None
    expected = plain if born is not None and born <= TODAY else None
    assert valid_numbers(pl.Series([given_text]), TODAY).to_list() == [expected]


def test_spellings_of_one_number_get_one_pseudonym() -> None:
    """Blanks, full width and a small x do not part a person from himself; one table or many, the pseudonym is the same."""
    one = number(tail="012")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in one)
    table = pl.DataFrame({"id_number": [one, f" {one[:6]} {one[6:]}", wide, one.lower()]})
    keys = keyed(table, KEY, "demo", TODAY)["person_key"]
    assert keys.to_list() == [pseudonym(one, KEY, "demo")] * 4
    own = table.with_columns(person_key=pl.lit("mine"))
    both = keyed_together({"deaths": table, "prison": table.reverse(), "vehicles": own}, KEY, "demo", TODAY)
    assert set(both["deaths"]["person_key"]) == set(both["prison"]["person_key"]) == set(keys)
    assert set(both["vehicles"]["person_key"]) == {"mine"}
    assert all("id_number" not in one.columns for one in both.values())


def test_unsound_numbers_get_no_pseudonym() -> None:
    """A wrong check character, a day that is none, a birth in the future, and nothing at all."""
    good = number()
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    rows = [wrong, number("19500231"), number("20270101"), None, "", good]
    assert keyed(pl.DataFrame({"id_number": rows}), KEY, "demo", TODAY)["person_key"].is_null().to_list() == [
        True
    ] * 5 + [False]


def test_numbers_leave_no_trace() -> None:
    """The column of numbers is gone, pandas comes back as pandas, other purposes and keys give other pseudonyms, a short key is refused."""
    table = pl.DataFrame({"id_number": [number()], "n": [1]})
    first = keyed(table, KEY, "demo", TODAY)
    assert first.columns == ["n", "person_key"]
    assert isinstance(keyed(table.to_pandas(), KEY, "demo", TODAY), pd.DataFrame)
    others = {
        keyed(table, key, purpose, TODAY)["person_key"][0] for key, purpose in ((KEY, "other"), (bytes(32), "demo"))
    }
    assert len(others | {first["person_key"][0]}) == 3
    with pytest.raises(PrivacyFault):
        keyed(table, b"short", "demo", TODAY)
    with pytest.raises(RegisterFault, match=r"id_number.*id_numbr"):
        keyed(pl.DataFrame({"id_numbr": ["x"]}), KEY, "demo", TODAY)


def account(found: object, side: str, register: str) -> tuple[int, ...]:
    table = found.accounts  # type: ignore[attr-defined]
    row = table[(table["side"] == side) & (table["register"] == register)].iloc[0]
    return tuple(int(row[name]) for name in ("total", "matched", "ambiguous", "unmatched", "invalid"))


def test_each_row_is_accounted_for(persons: pl.DataFrame) -> None:
    """Persons and departmental rows are matched, unmatched or without a number, and add up; one number of two persons counts its rows once."""
    found = match(persons, {"deaths": DEATHS})
    assert account(found, "persons", "deaths") == (4, 1, 0, 2, 1)
    assert account(found, "rows", "deaths") == (3, 1, 0, 1, 1)
    twins = persons.with_columns(person_key=pl.Series(["a", "b", "a", None]))
    assert account(match(twins, {"deaths": DEATHS}), "rows", "deaths") == (3, 1, 0, 1, 1)
    assert account(match(twins, {"deaths": DEATHS}), "persons", "deaths") == (4, 2, 0, 1, 1)


def test_rows_that_contradict_tell_nothing(persons: pl.DataFrame) -> None:
    """Two days of death for one number are ambiguous: no day is passed on. The same row twice is no contradiction."""
    days = [date(2026, 5, 1), date(2026, 5, 2), *[date(2026, 6, 1)] * 2]
    found = match(persons, {"deaths": pl.DataFrame({"person_key": ["a", "a", "b", "b"], "died_on": days})})
    assert found.evidence.select("person_id", "deaths__outcome", "deaths__died_on").rows() == [
        (1, 2, None),
        (2, 1, date(2026, 6, 1)),
    ]
    assert account(found, "rows", "deaths") == (4, 2, 2, 0, 0)


def test_several_cars_are_no_contradiction(persons: pl.DataFrame) -> None:
    """Where a person may have several rows the facts are gathered: the dearest car counts; without a key nobody gets evidence."""
    found = match(
        persons, {"vehicles": VEHICLES, "deaths": pl.DataFrame({"person_key": [None], "died_on": [date(2026, 5, 1)]})}
    )
    assert found.evidence.select("person_id", "vehicles__outcome", "vehicles__value_fen").rows() == [(2, 1, 300)]


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
    """No key column, an unknown register, a person listed twice; no register at all is nothing known."""
    with pytest.raises(RegisterFault, match="deaths: a column is missing"):
        match(persons, {"deaths": DEATHS.drop("person_key")})
    with pytest.raises(DataFault, match=r"deahts.*deaths"):
        match(persons, {"deahts": DEATHS})
    with pytest.raises(RegisterFault, match="twice"):
        match(pl.concat([persons, persons.head(1)]), {"deaths": DEATHS})
    assert match(persons, {}).evidence.is_empty()


def test_one_number_in_two_families_is_seen() -> None:
    """A number in two households is found; twice in one household is not that."""
    rows = pl.LazyFrame({"person_id": [1, 2, 3, 4], "household_id": [1, 2, 3, 3], "person_key": ["a", "a", "b", "b"]})
    assert sorted(elsewhere(rows).collect().rows()) == [(1, 1), (2, 1)]


def table(*rows: tuple[int, str | None, str | None, str | None]) -> pl.DataFrame:
    kinds = {"row_id": pl.Int64, "name": pl.String, "birth_date": pl.String, "id_number": pl.String}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def test_a_slip_in_the_number_is_put_before_a_person() -> None:
    """Same name and birth date, one digit wrong: the right person stands first; a stranger is no candidate."""
    found = candidates(
        table((1, "测甲乙", "1950-01-01", SLIP)),
        table((7, "测甲乙", "1950-01-01", RIGHT), (8, "测丙丁", "1950-01-01", None)),
    )
    best = found.pairs.row(0, named=True)
    assert (best["other_id"], best["rank"], best["clear"], best["name_score"], best["birth_score"]) == (
        7,
        1,
        True,
        100,
        100,
    )
    assert (found.rows, found.with_candidate, found.without_candidate) == (1, 1, 0)
    stranger = candidates(
        table((1, "测甲乙", "1950-01-01", None)),
        table((7, "测丙丁", "1950-01-01", None), (8, "测戊己", "1960-02-02", None)),
    )
    assert (stranger.pairs.height, stranger.without_candidate) == (0, 1)


def test_twins_cannot_be_told_apart() -> None:
    """Two candidates that score alike are both listed, and the first is not clear."""
    found = candidates(
        table((1, "测甲乙", "1950-01-01", None)), table(*((n, "测甲乙", "1950-01-01", None) for n in (7, 8)))
    )
    assert found.pairs["other_id"].to_list() == [7, 8]
    assert found.pairs["clear"][0] is False


def test_the_order_of_candidates_does_not_matter() -> None:
    """Shuffled rows give the same list; a row listed twice is refused."""
    left = table(*((n, f"测甲{'乙丙丁'[n % 3]}", "1950-01-01", None) for n in range(9)))
    right = table(*((n, f"测甲{'乙丙丁'[n % 3]}", "1950-01-01", None) for n in range(20, 32)))
    assert candidates(left, right).pairs.equals(
        candidates(left.reverse(), right.sample(fraction=1, shuffle=True, seed=3)).pairs
    )
    with pytest.raises(RegisterFault, match="twice"):
        candidates(pl.concat([left, left]), right)


def test_a_crowded_block_is_said_to_be_crowded() -> None:
    """A birth date shared by thousands says too little to search; the row is counted apart."""
    crowd = table(*((n, f"测{chr(0x4E00 + n)}", "1950-01-01", None) for n in range(convention("block_most") + 1)))
    found = candidates(table((1, None, "1950-01-01", None)), crowd)
    assert (found.pairs.height, found.crowded, found.without_candidate) == (0, 1, 0)
