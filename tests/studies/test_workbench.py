"""The workbench: levers give what a reform gives, all of it synthetic; sliders move without a browser and leave a picture behind."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

import aidlib
from aidlib.studies.workbench import Workbench, workbench

ON = "2022-12-01"


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return workbench("杭州", ON, households=400, seed=2)


def test_levers_give_what_a_reform_gives(bench: Workbench) -> None:
    """Cost and caseload are those of the simulation under the same law; months those of price linkage with the same line."""
    made = bench.pull(standard=1300, trigger="1.5", multiplier=2)
    law = {"dibao_standard": "1300 yuan/person/month", "linkage_cpi_trigger": "1.5", "linkage_multiplier": "2"}
    ways = {"date": ON, "stale": True, "local_rules": "none", "reform": law}
    due = aidlib.Simulation(bench.households, bench.persons, **ways).calculate(
        ["category", "dibao_benefit_fen", "members"]
    )
    assert made["dibao_cost"] == due["dibao_benefit_fen"].sum()
    assert made["caseload"] == due["members"][due["category"] == "dibao"].sum()
    months = aidlib.price_linkage("杭州", "2021-12", "2022-11", reform=law).to_frame()["outcome"]
    assert made["months_started"] == (months == "triggered").sum()
    assert made["months_open"] == (months == "undetermined").sum() > 0  # a city without an index of its own
    assert set(made.to_frame()["status"]) == {"synthetic"}


def test_a_share_stands_for_a_standard(bench: Workbench) -> None:
    """r C / 12, in whole yuan; a lower share helps fewer and leaves a wider gap."""
    made = bench.pull(share="0.2")
    assert made.rows == bench.pull(standard=bench.standard_of("0.2")).rows
    assert made["caseload"] < bench.pull()["caseload"]
    assert made["poverty_gap"] > bench.pull()["poverty_gap"]


def test_a_register_may_stand_in_for_the_population(bench: Workbench) -> None:
    """The same tables handed in give the same, and stay synthetic: a reform is never a fact of the place."""
    own = workbench("杭州", ON, bench.households, bench.persons)
    assert own.pull(standard=1300).rows == bench.pull(standard=1300).rows


def test_sliders_move_and_leave_a_picture(bench: Workbench) -> None:
    """Moving a slider changes the table beside; a front end without widgets gets the picture and the table, marked synthetic."""
    widgets = pytest.importorskip("ipywidgets")
    shown = bench.sliders()
    levers, table = shown.box.children
    before = table.value
    standard, share = levers.children[:2]
    share.value = 0.2
    assert standard.value == float(bench.standard_of("0.2"))
    assert table.value != before
    assert isinstance(shown.box, widgets.HBox)
    bundle = shown._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "text/html"} <= set(bundle)
    assert "data:image/png;base64," in bundle["text/html"]
    assert "合成" in bundle["text/html"]


def test_without_the_extra_there_is_the_picture(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """No widgets installed: nothing fails."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.setattr("aidlib.views.levers.find_spec", lambda name: None)
    shown = bench.sliders()
    assert shown.box is None
    assert list(shown._repr_mimebundle_()) == ["text/html", "text/plain"]


def test_steps_are_a_frame_and_a_picture(bench: Workbench) -> None:
    """One row a place of the lever, caseload never falling as the standard rises."""
    steps = bench.steps("standard", points=3)
    frame = steps.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert frame["caseload"].is_monotonic_increasing
    assert len(steps.plot()) == 3


def test_a_day_before_the_rules_is_said_at_once() -> None:
    """Not when the first lever is pulled, and with the first day that can be asked."""
    with pytest.raises(aidlib.errors.LawGap, match="try: a day from 2021-07-01 on"):
        workbench("杭州", "2020-01-01")
