"""Tables are refused with every fault at once, come back in their own kind, and stay within exact arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from drive import AFTER, WANTED, given, held
from families import PLACES, population
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from aidlib.errors import RegisterFault, RuleFault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.register.columns import COLUMNS
from aidlib.rules.engine import plan
from aidlib.rules.execute import one
from aidlib.rules.frames import assess
from aidlib.rules.places import places
from aidlib.rules.programmes import HOUSEHOLD_ANSWERS, HOUSEHOLD_COLUMNS, PERSON_COLUMNS, rules_on

EXACT = 2**53


@pytest.fixture
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """A few invented families as pandas tables."""
    return tuple(pd.DataFrame(table) for table in population(60, 9))  # type: ignore[return-value]


def test_answers_keep_keys_index_and_kind(tables: Any) -> None:
    """pandas tables come back as pandas, row by row as they went in."""
    households, persons = (table.sample(frac=1, random_state=1) for table in tables)
    done = assess(households, persons, held(AFTER))
    assert done.households["household_id"].tolist() == households["household_id"].tolist()
    assert done.persons["person_id"].tolist() == persons["person_id"].tolist()
    straight = assess(*tables, held(AFTER)).households.set_index("household_id")
    again = done.households.set_index("household_id").loc[straight.index]
    pd.testing.assert_frame_equal(again, straight, check_dtype=False)


def test_a_wanted_answer_reads_only_its_columns(tables: Any) -> None:
    """Who asks for one answer need not bring the columns of the others."""
    households, persons = tables
    few = households[["household_id", "region_code", "urban", "income_fen", "property_ok"]]
    done = assess(few, persons, held(AFTER), ("dibao_eligible",), ends=False)
    assert list(done.households.columns) == ["household_id", "region_code", "urban", "dibao_eligible", "status"]
    assert "disregard_fen" in done.assumed


def test_missing_columns_are_told_all_at_once(tables: Any) -> None:
    """Every missing column is named with its meaning and the nearest column present."""
    households, persons = tables
    with pytest.raises(RegisterFault) as caught:
        assess(households.drop(columns="income_fen").rename(columns={"expend_fen": "expend"}), persons, held(AFTER))
    assert sorted(fault.expected.split(":")[0] for fault in caught.value.faults) == ["expend_fen", "income_fen"]
    assert {fault.hint for fault in caught.value.faults} >= {"expend"}


def test_unsound_cells_are_told_all_at_once_without_their_values(tables: Any) -> None:
    """Cells out of bounds, unknown words, parts of a fen and empty facts are counted by column; no value is shown."""
    households, persons = tables
    households["income_fen"] = households["income_fen"].astype(float)
    households.loc[3, "income_fen"] = -12_345_678
    households.loc[4, "income_fen"] = 0.5
    with pytest.raises(RegisterFault) as caught:
        assess(households, persons, held(AFTER))
    assert [(fault.where, fault.got) for fault in caught.value.faults] == [
        ("households.income_fen", "2 rows, first 4, 5")
    ]
    assert "12345678" not in str(caught.value)
    persons["relation"] = persons["relation"].where(persons.index != 7, "uncle")
    persons["age"] = persons["age"].astype("Int64").mask(persons.index == 2)
    with pytest.raises(RegisterFault) as caught:
        assess(tables[0].assign(income_fen=0), persons, held(AFTER))
    assert {fault.where: fault.got for fault in caught.value.faults} == {
        "persons.age": "1 rows, first 3",
        "persons.relation": "1 rows, first 8",
    }


def test_persons_need_their_household_and_households_their_place(tables: Any) -> None:
    """A person without a household row, a household twice, and a place without law are refused."""
    households, persons = tables
    with pytest.raises(RegisterFault, match="persons without a household"):
        assess(households.iloc[1:], persons, held(AFTER))
    with pytest.raises(RegisterFault, match="twice"):
        assess(pd.concat([households, households.iloc[:1]]), persons, held(AFTER))
    with pytest.raises(RuleFault, match="no law values for a place"):
        assess(households.assign(region_code="450400"), persons, held(AFTER))


def test_codes_may_be_words_categories_or_numbers(tables: Any) -> None:
    """The same answers come from words, categories and code numbers."""
    households, persons = tables
    usual = assess(households, persons, held(AFTER)).persons
    folded = persons.assign(**{name: persons[name].astype("category") for name in ("relation", "disability_kind")})
    pd.testing.assert_frame_equal(assess(households, folded, held(AFTER)).persons, usual)
    numbers = {name: persons[name].map(COLUMNS[name].codes.index) for name in ("relation", "disability_kind")}
    pd.testing.assert_frame_equal(assess(households, persons.assign(**numbers), held(AFTER)).persons, usual)


def test_the_same_place_lazily_needs_no_join() -> None:
    """With one place all law values are literals, and the lazy answer equals the one in memory."""
    households, persons = population(300, 4)
    households["region_code"][:] = "110101"
    households["urban"][:] = True
    place = PLACES[0]
    held_one = places(Book(), Figures(), [("110101", True)], AFTER, HOUSEHOLD_ANSWERS, given=given(place))
    lazy = assess(pl.LazyFrame(households), pl.LazyFrame(persons), held_one).households.collect().sort("household_id")
    eager = assess(pl.DataFrame(households), pl.DataFrame(persons), held_one).households.sort("household_id")
    assert lazy.select(eager.columns).equals(eager)


class Watched(int):
    """A whole number that remembers the largest one it was ever part of."""

    largest = 0


def _watch(name: str) -> Any:
    plain = getattr(int, name)

    def watched(self: int, other: int) -> Any:
        answer = plain(self, other)
        if answer is NotImplemented or isinstance(answer, bool):
            return answer
        Watched.largest = max(Watched.largest, abs(answer))
        return Watched(answer)

    return watched


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "floordiv", "rfloordiv"):
    setattr(Watched, f"__{_name}__", _watch(f"__{_name}__"))

SIDES = st.lists(st.booleans(), min_size=400, max_size=400)


@settings(max_examples=40, deadline=None)
@drawn(SIDES)
def test_no_product_leaves_the_range_that_every_engine_keeps_exact(sides: list[bool]) -> None:
    """With every input at one end of its bounds, no number on the way reaches 2**53."""
    turns = iter(sides)

    def end(low: int, high: int) -> int:
        return Watched(high if next(turns) else low)

    law = held(AFTER).locals["120101", True].values
    money = {name: end(0, 10**8) for name in law if name.endswith("_fen_year")}
    rates = {name: end(0, 100_000) for name in law if name.endswith("_bp") and "assets" not in name}
    steps = plan(rules_on(AFTER), HOUSEHOLD_COLUMNS | PERSON_COLUMNS | frozenset(law), PERSON_COLUMNS, WANTED)
    own = {name: _extreme(name, end) for name in HOUSEHOLD_COLUMNS}
    members = {name: [_extreme(name, end)] * 20 for name in PERSON_COLUMNS}
    Watched.largest = 0
    one(steps, own | dict(law) | money | rates, members)
    assert 0 < Watched.largest < EXACT


def _extreme(name: str, end: Any) -> Any:
    column = COLUMNS[name]
    value = end(column.low, column.high)
    return bool(value) if column.kind == "flag" else value


def test_ids_may_be_numbers_and_rows_in_any_order() -> None:
    """Whole-number ids work, and persons need not stand together."""
    households, persons = population(200, 2)
    straight = assess(pl.DataFrame(households), pl.DataFrame(persons), held(AFTER)).households
    order = np.random.default_rng(0).permutation(len(persons["age"]))
    keys = {key: number * 7 for number, key in enumerate(households["household_id"])}
    mixed = {name: column[order] for name, column in persons.items()}
    mixed["household_id"] = np.array([keys[key] for key in mixed["household_id"]])
    numbered = {**households, "household_id": np.array(list(keys.values()))}
    done = assess(pl.DataFrame(numbered), pl.DataFrame(mixed), held(AFTER)).households
    assert done.drop("household_id").equals(straight.drop("household_id"))
