"""Unknown is a range: an answer stands where both ends agree, else it cannot be told, and the deciding bound is named."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import polars as pl
import pytest
from drive import AFTER, held
from families import population
from hypothesis import given, settings
from hypothesis import strategies as st
from kin import family, law, person

from aidlib.errors import RegisterFault
from aidlib.rules.explain import explain
from aidlib.rules.frames import assess
from aidlib.rules.layers import CATEGORIES
from aidlib.rules.unknown import Range

WUZHOU, TODAY = "450400", "2026-09-01"
DEPTH = [3, 0, 1, 2]  # none, dibao, edge, rigid by depth of need


def test_a_missing_income_is_never_zero() -> None:
    """A household without an income figure is not taken as one without income."""
    told = explain(family(income_fen=None), WUZHOU, TODAY, given=law())
    assert told.cannot_tell
    assert told.possible == (0, 1, 2)


def test_the_answer_stands_where_both_ends_agree() -> None:
    """An income known to lie between two amounts below the line is dibao, and only the amount is open."""
    home = family(income_fen=Range(10_000, 20_000, better=-1))
    told = explain(home, WUZHOU, TODAY, given=law(), local_rules="none")
    assert not told.cannot_tell
    assert told["category"] == 1
    assert told.ends("dibao_benefit_fen", -1) == (43_200, 53_200)


def test_the_deciding_bound_is_named_to_the_fen() -> None:
    """The last fen on each side of a line decides."""
    told = explain(family(income_fen=Range(60_000, 65_000, better=-1)), WUZHOU, TODAY, given=law())
    assert [(turn.name, turn.at, turn.below, turn.above) for turn in told.deciders] == [("income_fen", 63_199, 1, 2)]
    assert "631.99元" in told.doubts("zh")[0]


def test_a_place_without_a_published_share_cannot_tell() -> None:
    """Rigid-expenditure households need the local share; where none is published, the share that would decide is named."""
    home = family(income_fen=130_000, expend_fen=780_000)
    told = explain(home, WUZHOU, TODAY, given={k: v for k, v in law().items() if k != "rigid_ratio_bp"})
    assert told.possible == (0, 3)
    assert [(turn.name, turn.at, turn.below, turn.above) for turn in told.deciders] == [("rigid_ratio_bp", 4_999, 3, 0)]


def test_a_bound_that_holds_only_at_one_end_says_so() -> None:
    """With income and property unknown, no bound alone settles it, and each says what it supposes of the other."""
    told = explain(family(income_fen=None, property_ok=None), WUZHOU, TODAY, given=law())
    assert "财产符合规定为否：不符合；为是：最低生活保障（以其他未知的情况对该家庭最有利为前提）" in told.doubts("zh")
    assert all("最有利" in line for line in told.doubts("zh"))


def test_no_bound_is_an_artefact_of_how_far_unknown_was_looked_at() -> None:
    """Where the local mean income is unknown, no income is named above which a household is surely over it."""
    unknown = {
        name: value for name, value in law().items() if name not in ("rigid_ratio_bp", "disposable_income_fen_year")
    }
    told = explain(family(income_fen=None, expend_fen=None), "450400", TODAY, given=unknown)
    assert {turn.name for turn in told.deciders} == {"income_fen"}
    assert max(turn.at for turn in told.deciders) < 100_000


def test_who_approves_is_open_between_its_ends() -> None:
    """Where a place has no limits, every body between township and coordination may be the one."""
    home = family(income_fen=10_000, temporary_hardship="emergency", aid_requested_fen=60_000)
    told = explain(home, "440100", TODAY, given=law())
    assert told.text("temporary_approver", -1, "en") == "unknown (township, county or coordination body)"


@pytest.mark.parametrize(("spent", "possible"), [(1_404_001, (3,)), (1_404_000, (0, 3)), (936_000, (0,))])
def test_a_range_to_choose_a_share_from_settles_what_lies_outside(spent: int, possible: tuple[int, ...]) -> None:
    """Between 60 and 90 per cent is enough to know for spending above 90 per cent, or not above 60."""
    shares = law(rigid_ratio_bp=Range(6_000, 9_000, better=-1))
    assert explain(family(income_fen=130_000, expend_fen=spent), WUZHOU, TODAY, given=shares).possible == possible


def test_every_value_of_an_unknown_age_is_tried() -> None:
    """An unknown age is not two ends: the middle ages differ from both, so all are tried."""
    lone = person(age=None, tekun_supporter="none")
    told = explain(family(lone, income_fen=900_000), WUZHOU, TODAY, given=law())
    assert told.ends("tekun", 0) == (False, True)


def test_too_many_unknown_facts_are_asked_for() -> None:
    """Where the combinations run away the facts are asked for by name, without any value."""
    with pytest.raises(RegisterFault) as caught:
        explain(family(person(age=None), person("child", None)), WUZHOU, TODAY, given=law())
    assert [fault.where for fault in caught.value.faults] == ["persons[0].age", "persons[1].age"]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 400_000), st.integers(0, 400_000), st.integers(0, 3_000_000), st.integers(0, 3_000_000))
def test_more_income_never_deepens_and_more_spending_never_lifts(low: int, more: int, spent: int, extra: int) -> None:
    """The ends of a range stand for all of it: the category only moves one way as income or spending grows."""

    def depth(home: Mapping[str, object]) -> int:
        return DEPTH[explain(home, WUZHOU, TODAY, given=law())["category"]]

    home = family(person(), person("spouse"), income_fen=low, expend_fen=spent)
    assert depth(home) <= depth({**home, "income_fen": low + more})
    assert depth(home) >= depth({**home, "expend_fen": spent + extra})


@pytest.mark.parametrize("kind", ["pandas", "polars", "lazy"])
def test_tables_with_empty_cells_answer_at_both_ends(kind: str) -> None:
    """A table with empty incomes and spending gives both ends, and says cannot_tell only where they disagree."""
    households, persons = population(1_000, 5)
    empty = np.arange(1_000) % 3 == 0
    blank = pd.DataFrame(households)
    blank["income_fen"] = blank["income_fen"].astype("Int64").mask(empty)
    blank["expend_fen"] = blank["expend_fen"].astype("Int64").mask(empty)
    sides = []
    for income, spent in ((10**9, 0), (0, 10**9)):
        full = blank.assign(income_fen=blank["income_fen"].fillna(income), expend_fen=blank["expend_fen"].fillna(spent))
        done = assess(full.astype({"income_fen": "int64", "expend_fen": "int64"}), pd.DataFrame(persons), held(AFTER))
        sides.append(done.households)
    tables = {
        "pandas": lambda: (blank, pd.DataFrame(persons)),
        "polars": lambda: (pl.from_pandas(blank), pl.DataFrame(persons)),
        "lazy": lambda: (pl.from_pandas(blank).lazy(), pl.LazyFrame(persons)),
    }[kind]()
    found = assess(*tables, held(AFTER)).households
    found = (found.collect() if kind == "lazy" else found) if kind != "pandas" else pl.from_pandas(found)
    found = found.sort("household_id").to_pandas()
    worst, best = (side["category"].to_numpy() for side in sides)
    told = np.where(worst == best, worst, CATEGORIES.index("cannot_tell"))
    assert found["category"].to_numpy().tolist() == told.tolist()
    assert (told == 4).sum() > 50
    assert (found["dibao_benefit_fen"].to_numpy() == sides[0]["dibao_benefit_fen"].to_numpy()).all()
    assert (found["dibao_benefit_fen_at_best"].to_numpy() == sides[1]["dibao_benefit_fen"].to_numpy()).all()
