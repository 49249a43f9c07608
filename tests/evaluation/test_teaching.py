"""Invented households teach methods: marked everywhere, exact where a method is, and never a word about a real place."""

from __future__ import annotations

import pytest
from capturing import page

from aidlib.errors import DataGap
from aidlib.evaluation.measures import Records
from aidlib.evaluation.teaching import Invented, invent
from aidlib.indices import Figures
from aidlib.law import Book


def at(year: int = 2019) -> Records:
    return Records(Book(), Figures(), "450400", year)


@pytest.fixture(scope="module")
def invented() -> Invented:
    return invent(at(), 2000, 7)


def test_every_number_is_synthetic(invented: Invented) -> None:
    """Each number of each table carries the status synthetic."""
    for result in (invented.measures(), invented.incidence(), invented.effects(), invented.sensitivity()):
        frame = result.to_frame()
        marked = [column for column in frame if column.endswith("_status")]
        assert len(marked) == len(frame.columns) // 2
        assert {status for column in marked for status in frame[column]} == {"synthetic"}


def test_what_each_way_does_by_construction(invented: Invented) -> None:
    """Gap payments miss nobody, leak nothing and close the gap; paying everybody misses nobody and is not concentrated on the poor."""
    found = invented.measures().to_frame().set_index("method_measure")
    assert (found.loc["exclusion_error", "gap"], found.loc["leakage", "gap"], found.loc["gap_reduction", "gap"]) == (
        0,
        0,
        1,
    )
    assert found.loc["exclusion_error", "universal"] == 0
    assert found.loc["concentration_coefficient", "universal"] == pytest.approx(0, abs=1e-9)
    assert found.loc["cgh20", "universal"] == pytest.approx(1)
    spent = {way: int(s.paid.sum()) for way, s in invented.ways.items()}
    assert 0 <= spent["roll"] - spent["universal"] <= invented.ways["roll"].persons.sum()


def test_the_same_seed_draws_the_same_households(invented: Invented) -> None:
    """A second draw with the same seed gives the same numbers, another seed others."""
    assert invent(at(), 2000, 7).measures().to_frame().equals(invented.measures().to_frame())
    assert not invent(at(), 2000, 8).measures().to_frame().equals(invented.measures().to_frame())


def test_a_year_without_a_level_is_a_gap() -> None:
    """Without a level there is no line and nothing is invented."""
    with pytest.raises(DataGap, match="level of 2011"):
        invent(at(2011), 100, 1)


@pytest.mark.parametrize(("language", "mark"), [("zh", "[合成]"), ("en", "[Synthetic]")])
def test_the_page_is_marked_from_first_to_last_line(language: str, mark: str) -> None:
    """Every sentence and every caption of the study begins with the mark."""
    found = page("targeting_methods", {"language": language, "households": 500})
    assert "error" not in [one["kind"] for one in found]
    for one in found:
        if one["kind"] == "finding":
            assert all(str(line).startswith(mark) for line in one["lines"])
        if one["kind"] == "table":
            assert mark in str(one["caption"])
    assert mark in str([one for one in found if one["kind"] == "say"][-1])
