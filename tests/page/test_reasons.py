"""Gaps in words: no identifier, no English message on a Chinese page."""

from __future__ import annotations

from datetime import date

import pytest

from aidlib import words
from aidlib.errors import AidError, Fault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.page import reasons


def fault_of(act):
    """Return the first fault an act raises."""
    with pytest.raises(AidError) as raised:
        act()
    return raised.value.faults[0]


def test_gap_of_the_law_book_is_told_in_chinese():
    """The message the book really raises is understood, whatever its wording becomes."""
    said = reasons.gap(fault_of(lambda: Book().at("450400", date(1999, 1, 1)).value("linkage_cpi_trigger")))
    assert said.what == "1999-01-01没有可依据的规定：CPI同比启动线"
    assert said.hint.startswith("最近的一行是law/values")


def test_gap_of_the_figures_is_told_in_chinese():
    """So is the message of the figures."""
    said = reasons.gap(fault_of(lambda: Figures().get("000000", "cpi_yoy:total:all_items", "2099-01")))
    assert said.what.startswith("没有2099-01的数据：")
    assert "cpi_yoy" not in said.what
    assert said.hint.startswith("最近的时期是")


def test_gap_is_told_in_english_with_labels():
    """An English page has labels too, not identifiers."""
    said = reasons.gap(fault_of(lambda: Book().at("450400", date(1999, 1, 1)).value("linkage_cpi_trigger")), "en")
    assert said.what == "no rule is known on 1999-01-01: CPI trigger"


def test_other_faults_stay_as_they_are():
    """A message that is not known is not guessed at."""
    fault = Fault("something else", "here", "this", "that", "try this")
    assert reasons.gap(fault) == fault


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_group_of_the_book_has_words(language):
    """Each group, narrowed or not, is named in both languages."""
    groups = {entry.row["group"] for entry in Book().tables.entries if entry.row["group"]}
    known = Book().tables.groups
    assert groups
    assert all(part in known for group in groups for part in group.split(":"))
    assert all(words.word(group, "group", language) != group or language == "en" for group in groups)


def test_every_unit_of_the_figures_has_words():
    """Each unit of a published series is named in both languages."""
    units = {unit for series in Figures().series.values() for unit in series.unit.split("|")}
    assert [unit for unit in units if words.word(unit, "unit") == unit] == []
