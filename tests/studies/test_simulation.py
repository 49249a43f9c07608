"""Simulation: the engine's own answers in the kind of table that came, and what a reform changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import polars as pl
import pytest

import aidlib
from aidlib.errors import AidError
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.register.synthetic import population
from aidlib.rules.frames import assess
from aidlib.rules.places import places

ON = date(2023, 9, 1)
HIGHER = aidlib.Reform({"dibao_standard": "1400 yuan/person/month"})


@pytest.fixture(scope="module")
def tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Invented households, all set in Hangzhou's town so that the standard is known."""
    homes, people = population(400, 3, "330100", Figures()).block(0)
    return homes.with_columns(region_code=pl.lit("330100"), urban=pl.lit(True), property_ok=pl.lit(True)), people


def test_answers_are_the_engine_s_in_either_kind(tables: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    """Polars and pandas get what `assess` gives; a reform's answers are all synthetic."""
    held = places(Book(), Figures(), [("330100", True)], ON, ("monthly_aid_fen",))
    straight = assess(*tables, held).households
    found = aidlib.Simulation(*tables, date=ON).calculate("monthly_aid_fen")
    assert found.equals(straight)
    in_pandas = aidlib.Simulation(*(one.to_pandas() for one in tables), date=ON).calculate("monthly_aid_fen")
    assert isinstance(in_pandas, pd.DataFrame)
    assert in_pandas["monthly_aid_fen"].tolist() == straight["monthly_aid_fen"].to_list()
    plain = [one.drop("status") for one in tables]
    assert set(aidlib.Simulation(*plain, date=ON, reform=HIGHER).calculate("dibao_benefit_fen")["status"]) == {
        "synthetic"
    }


def test_cost_is_the_difference_of_both_laws(tables: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    """Weighted cost, winners and the parts by group are those of the two answers laid side by side; groups add up to all."""
    homes = tables[0].with_columns(w=pl.int_range(1, 401) % 7 + 1)
    ways: Any = {"date": ON, "weights": "w", "local_rules": "none"}
    today = aidlib.Simulation(homes, tables[1], **ways)
    made = today.compare(HIGHER, amount="dibao_benefit_fen")
    before, after = (
        aidlib.Simulation(homes, tables[1], reform=reform, **ways).calculate("dibao_benefit_fen")
        for reform in (None, HIGHER)
    )
    change = after["dibao_benefit_fen"] - before["dibao_benefit_fen"]
    assert made.cost[1] == (change * homes["w"]).sum() > 0
    frame = made.to_frame()
    assert isinstance(frame, pl.DataFrame)
    for grouping in ("decile", "area", "type"):
        assert made.by(grouping)["cost_fen"].sum() == made.cost[1]
        assert made.by(grouping)["households"].sum() == homes["w"].sum()
    assert made.winners + made.losers + made.undecided <= homes["w"].sum()
    assert set(frame["status"]) == {"synthetic"}
    assert "人均收入十分位" in made._repr_html_()
    assert made.plot().get_xlabel() == "人均收入十分位组（1为最低）"


def test_what_is_unknown_stays_unknown(tables: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    """Without incomes nobody is said to win or lose, and the cost is a range; a reform elsewhere changes nothing for certain."""
    blind = tables[0].with_columns(income_fen=pl.lit(None, pl.Int64))
    today = aidlib.Simulation(blind, tables[1], date=ON, local_rules="none")
    made = today.compare(HIGHER, amount="dibao_benefit_fen")
    assert made.undecided == 400
    assert made.households["decile"].eq(0).all()
    elsewhere = today.compare(aidlib.Reform({"dibao_standard": "1400 yuan/person/month"}, region="450000"))
    assert (elsewhere.cost, elsewhere.undecided) == ((0, 0, 0), 0)


def test_faults_are_readable(tables: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    """No day, weights that are no column, households without members and a strange grouping are told in one sentence."""
    for change, said in (({"date": "soon"}, "unreadable day"), ({"date": ON, "weights": "wieght"}, "no such column")):
        with pytest.raises(AidError, match=said):
            aidlib.Simulation(*tables, **change)
    with pytest.raises(AidError, match="without persons"):
        aidlib.Simulation(tables[0], tables[1].head(3), date=ON)
