"""Reforms: values laid over the book in memory, synthetic and without an article, for a region and what lies below it."""

from __future__ import annotations

from datetime import date

import pytest

import aidlib
from aidlib import Book, Reform
from aidlib.errors import ParameterFault, RegionUnknown
from aidlib.prices.history import price_linkage
from aidlib.standards.levels import level

DAY = date(2019, 10, 1)


def test_a_reform_holds_in_its_region_and_below_and_nowhere_else() -> None:
    """A line set for Hubei replaces that of its cities too; Hunan keeps the nation's."""
    book = Reform({"linkage_food_trigger": "4"}, region="420000").book(Book())
    inside, below, outside = (
        book.at(place, DAY).value("linkage_food_trigger") for place in ("420000", "420100", "430000")
    )
    assert [(v.text, v.status) for v in (inside, below, outside)] == [
        ("4", "synthetic"),
        ("4", "synthetic"),
        ("6.0", "enacted"),
    ]


def test_a_reform_ends_on_its_last_day_and_leaves_the_rest_of_a_row() -> None:
    """A month's reform cuts the row in force in two; the day before and the day after answer as the law says."""
    book = Reform({"linkage_cpi_trigger": "3"}, first="2019-10", last="2019-10").book(Book())
    days = (date(2019, 9, 30), date(2019, 10, 1), date(2019, 10, 31), date(2019, 11, 1))
    assert [book.at("450000", on).value("linkage_cpi_trigger").text for on in days] == ["3.5", "3", "3", "3.5"]


def test_a_reform_for_a_group_also_replaces_its_parts() -> None:
    """A standard set for the cities of a province replaces a row for the districts of one; the rural one stays."""
    on = date(2019, 6, 1)
    book = Reform({"dibao_standard:urban": "999"}, region="450000").book(Book())
    urban, rural = (level(book.at("450400", on), area) for area in ("urban", "rural"))
    assert urban is not None
    assert rural is not None
    assert (urban.text, urban.status, urban.source.id, urban.article) == ("999", "synthetic", "REFORM", "")
    assert rural.status == "enacted"


def test_nothing_real_is_cited_for_a_synthetic_value() -> None:
    """A changed value names no instrument and no article, and its place is no line of a file."""
    value = Reform({"linkage_multiplier": "3"}).book(Book()).at("450000", DAY).value("linkage_multiplier")
    assert (value.source.number, value.article, value.place) == ("", "", "reform:1")


def test_the_original_book_keeps_its_rows_and_notes_what_was_read() -> None:
    """A reform is laid over a copy; reads go to the one list of the report."""
    book = Book()
    changed = Reform({"linkage_cpi_trigger": "3"}).book(book)
    changed.at("450000", DAY).value("linkage_cpi_trigger")
    assert "reform:1" in book.reads
    assert book.at("450000", DAY).value("linkage_cpi_trigger").text == "3.5"


def test_every_fault_is_told_at_once_with_the_nearest_name() -> None:
    """A wrong name, a wrong group, a wrong number, a wrong word and a missing unit: five faults, each with its key."""
    with pytest.raises(ParameterFault) as told:
        Reform(
            {
                "linkage_cpi_triger": "3",
                "dibao_standard:town": "7",
                "linkage_multiplier": "two",
                "linkage_window": "weekly",
                "ta_year_cap": "3",
            }
        )
    said = str(told.value)
    assert len(told.value.faults) == 5
    assert "try: linkage_cpi_trigger" in said
    assert "x_standard_month" in said


@pytest.mark.parametrize(("first", "last"), [("2019", None), ("2019-13", None), ("2019-10", "2019-09")])
def test_a_span_that_is_none_is_refused(first: str, last: str | None) -> None:
    """A day is YYYY-MM or YYYY-MM-DD, and the last is not before the first."""
    with pytest.raises(ParameterFault):
        Reform({"linkage_cpi_trigger": "3"}, first=first, last=last)


def test_an_unknown_region_is_refused() -> None:
    """A region is a code or a full name."""
    with pytest.raises(RegionUnknown):
        Reform({"linkage_cpi_trigger": "3"}, region="atlantis")


def test_price_linkage_under_a_reform_is_synthetic_and_without_one_is_not() -> None:
    """Half the trigger starts more months; every outcome that rests on it is synthetic; None changes nothing."""
    asked = ("340000", "2018-01", "2018-12")
    plain, none, lower = (
        price_linkage(*asked, reform=reform).to_frame()
        for reform in (None, None, Reform({"linkage_cpi_trigger": "1.5"}))
    )
    assert plain.equals(none)
    assert (lower["outcome"] == "triggered").sum() > (plain["outcome"] == "triggered").sum()
    started = lower[lower["decided_by"] == "cpi"]
    assert set(started["outcome_status"]) == {"synthetic"}
    assert "synthetic" not in set(plain["status"])


def test_reform_is_on_the_public_face() -> None:
    """`aidlib.Reform` is the class."""
    assert aidlib.Reform is Reform
