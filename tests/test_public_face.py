"""The public face: every name has an example that runs, rooms show what is in them, errors name the nearest right form."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import aidlib
from aidlib import words
from aidlib.errors import AidError

HOUSEHOLDS = pd.DataFrame({"income": [200, 300, 900], "line": 400, "members": 1, "benefit": [100, 0, 100]})


@pytest.mark.parametrize("name", sorted(aidlib._FROM))
def test_every_name_has_an_example_that_runs(name: str) -> None:
    """In its own docstring or in that of one of its methods; the module is collected for doctests, so it runs."""
    thing = getattr(aidlib, name)
    module = import_module(thing.__module__)
    found = doctest.DocTestFinder(recurse=True).find(thing, name, module=module, extraglobs=None)
    assert any(one.examples for one in found), f"{name} has no example"


@pytest.mark.parametrize("room", aidlib._ROOMS)
def test_a_room_shows_what_is_in_it(room: str) -> None:
    """Its names and modules by `dir`, each of which can be had; a slip is told the nearest."""
    opened = getattr(aidlib, room)
    listed = dir(opened)
    assert len(listed) > 10
    assert {*getattr(opened, "__all__", ())} <= {*listed}
    assert all(getattr(opened, name) is not None for name in listed)
    with pytest.raises(AttributeError, match=f"try: {listed[-1]}"):
        getattr(opened, listed[-1] + "x")


def simulation() -> aidlib.Simulation:
    homes, people = aidlib.synthetic_population("杭州", 50, seed=1)
    return aidlib.Simulation(homes, people, date="2023-09-01", local_rules="none")


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: aidlib.region("广西省"), "广西壮族自治区 450000"),
        (lambda: aidlib.price_linkage("province", "2020-01", "2020-02"), "provinces"),
        (lambda: aidlib.price_linkage("广西", "2020-1", "2020-02"), "2020-01"),
        (lambda: aidlib.panel("comsumption_pc:rural"), "consumption_pc:rural"),
        (lambda: aidlib.panel("consumption_pc:rural", frequency="yearly"), "year"),
        (lambda: aidlib.standard_basis("梧州", "2019-01"), "2019"),
        (lambda: aidlib.explain({}, "梧州", "2026-09"), "2026-09-01"),
        (lambda: aidlib.Reform({"linkage_cpi_triger": "3"}), "linkage_cpi_trigger"),
        (lambda: aidlib.Reform({"linkage_cpi_trigger": "3"}, first="2020年1月"), "2020-01"),
        (lambda: simulation().calculate("dibao_benfit_fen"), "dibao_benefit_fen"),
        (lambda: aidlib.targeting(HOUSEHOLDS, income="incom"), "income"),
    ],
)
def test_a_slip_is_told_the_nearest_right_form(call: Callable[[], Any], hint: str) -> None:
    """A misspelt place, month, year, day, series, law name, rule or column."""
    with pytest.raises(AidError) as caught:
        call()
    assert [fault.hint for fault in caught.value.faults] == [hint]


def test_places_go_by_any_name_and_a_reform_may_be_a_mapping() -> None:
    """One place as a bare text, by code, Chinese or English; law values as a mapping."""
    named = [aidlib.price_linkage(one, "2019-09", "2019-09").to_frame() for one in ("450000", "广西", ["Guangxi"], 45)]
    assert all(one.equals(named[0]) for one in named)
    changed = aidlib.price_linkage("广西", "2019-09", "2019-09", reform={"linkage_cpi_trigger": "9.9"})
    assert set(changed.to_frame()["status"]) == {"synthetic"}
    today = simulation()
    higher = {"dibao_standard": "1400 yuan/person/month"}
    assert today.compare(higher).cost == today.compare(aidlib.Reform(higher)).cost


def frames() -> Iterator[tuple[str, pd.DataFrame]]:
    """Tables of results that show themselves."""
    yield "search", aidlib.search("低保").to_frame()
    yield "coverage", aidlib.coverage("consumption_pc:rural", years=2020).to_frame()
    yield "panel", aidlib.panel("consumption_pc:rural", years=2020).to_frame()
    yield "dibao_standards", aidlib.dibao_standards("北京").to_frame()
    yield "compare", simulation().compare({"dibao_standard": "1400 yuan/person/month"}).to_frame()


@pytest.mark.parametrize(("name", "frame"), list(frames()), ids=lambda one: one if isinstance(one, str) else "")
def test_every_heading_has_a_word(name: str, frame: pd.DataFrame) -> None:
    """No column of a result that shows itself is headed by a code."""
    assert [column for column in frame if not words.find(column)] == []


def test_a_code_to_type_is_shown_as_it_is() -> None:
    """A search would be of no use if its codes were put into words."""
    assert "dibao_avg:rural" in aidlib.search("农村低保平均标准")._repr_html_()


def test_a_panel_shows_words() -> None:
    """Places, labels and units are in words, what lacks is named, and the publication of each figure stands folded beside it."""
    html = aidlib.panel("disposable_income_pc:rural", ["广西", "浙江"], (2019, 2020))._repr_html_()
    assert all(
        text in html
        for text in ("浙江省", "农村居民人均可支配收入（元/人·年）", "缺", '<details class="basis">', "国家统计局")
    )
    assert "330000" not in html


@pytest.mark.parametrize(("language", "unit"), [("zh", "元/人·月或元/人·年"), ("en", "yuan/month or yuan/year")])
def test_a_search_names_units_in_the_language_asked(language: str, unit: str) -> None:
    """Also where a series is published now in one unit and now in another; the table around it speaks the same language."""
    found = aidlib.search("dibao_avg:rural", language)
    assert found.to_frame()["unit"][0] == unit
    assert {"zh": "含义", "en": "meaning"}[language] in found._repr_html_()


def test_standards_show_the_rows_they_stand_in() -> None:
    """The instrument and article of each, folded; not the id of a source."""
    html = aidlib.dibao_standards("北京", 2019, 2021)._repr_html_()
    assert '<details class="basis">' in html
    assert "DS004" not in re.sub(r"<[^>]*>", "", html)


def test_a_notebook_shows_a_fault_as_one_message() -> None:
    """The line of the cell and the message, not the way through the library."""
    shell = InteractiveShell.instance()
    with capture_output() as said:
        shell.run_cell("import aidlib\naidlib.national_overview('2019-01')")
    shown = re.sub(r"\x1b\[[\d;]*m", "", said.stdout)
    assert "line 2: aidlib.national_overview('2019-01')" in shown
    assert "try: 2019" in shown
    assert "parameters.py" not in shown
