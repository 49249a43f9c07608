"""Which standard holds, for which part of a place, and what the book does not know."""

from __future__ import annotations

from datetime import date

import pytest

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.regions import provinces
from aidlib.standards import standard_basis
from aidlib.standards.levels import (
    announced,
    before,
    floor,
    in_year,
    last_level,
    latest_year,
    level,
    places,
    replaced,
)


def test_a_standard_holds_from_its_first_to_its_last_day() -> None:
    """The level changes on its first day, not before and not after."""
    book = Book()
    assert level(book.at("450400", date(2018, 12, 31)), "urban").text == "587"
    assert level(book.at("450400", date(2019, 1, 1)), "urban").text == "680"
    assert level(book.at("450400", date(2020, 1, 1)), "urban") is None


def test_after_the_last_known_day_only_a_stale_level_is_left() -> None:
    """Nothing is carried forward unsaid: the last known level answers as stale."""
    late = Book().at("450400", date(2020, 1, 1))
    assert (last_level(late, "urban").text, last_level(late, "urban").status) == ("680", "stale")


@pytest.mark.parametrize(
    ("place", "on", "area", "group"),
    [
        ("230100", date(2022, 5, 1), "urban", "urban:nine_districts"),
        ("230100", date(2015, 5, 1), "rural", "rural:city_districts"),
        ("140100", date(2022, 5, 1), "rural", "rural:other_counties"),
        ("140800", date(2024, 5, 1), "urban", "urban:main_district"),
        ("110000", date(2021, 5, 1), "rural", "rural"),
    ],
)
def test_the_part_that_answers_is_told(place: str, on: date, area: str, group: str) -> None:
    """A city that publishes for a part only answers with its main part; counties come last."""
    assert level(Book().at(place, on), area).group == group


def test_a_county_inherits_the_standard_of_its_prefecture_and_says_so() -> None:
    """A place without its own row answers from above, and the region of the row tells."""
    found = level(Book().at("450421", date(2019, 5, 1)), "rural")
    assert (found.text, found.region, found.fell_back) == ("4500", "450400", True)


def test_yearly_and_monthly_amounts_compare_exactly() -> None:
    """A yearly standard is divided by twelve and not rounded."""
    assert level(Book().at("450400", date(2018, 5, 1)), "rural").fen_month * 12 == 385300


def test_no_provincial_average_ever_counts_as_a_standard() -> None:
    """Averages are published figures; the book holds none of them as a standard."""
    book = Book()
    for province in provinces():
        for area in ("urban", "rural"):
            found = announced(book, Figures(), province.code, area, 2016)
            if found and found.kind == "average":
                assert in_year(book, province.code, area, 2016) is None


def test_the_level_before_is_stale_across_a_gap() -> None:
    """A level that did not run up to the next one is the last known one, not the one before."""
    book, figures = Book(), Figures()
    now = announced(book, figures, "120000", "urban", 2024)
    assert before(book, figures, now).status == "stale"
    assert replaced(book, in_year(book, "450400", "urban", 2019)).status == "enacted"


def test_parts_of_a_city_are_not_compared() -> None:
    """Taiyuan's city districts of 2023 did not replace the level of its other counties."""
    book, figures = Book(), Figures()
    now = announced(book, figures, "140100", "rural", 2023)
    assert now.part == "city_districts"
    assert before(book, figures, now) is None


def test_the_floor_of_an_unknown_class_is_the_lowest_one() -> None:
    """Where the class of a place is not in the data only the lowest class binds for certain; from 2020 on Guangdong's are known."""
    book = Book()
    assert floor(book, "440100", "urban", 2017).group == "urban:class_4"
    assert floor(book, "440100", "urban", 2023).group == "urban:class_1"
    assert floor(book, "230100", "urban", 2022).text == "669"
    assert floor(book, "450400", "urban", 2019) is None


def test_every_place_has_a_year_and_a_level() -> None:
    """The latest year of a place is a year for which it has an announced level."""
    book, figures = Book(), Figures()
    for code in sorted({*places(book, figures), *(province.code for province in provinces())}):
        year = latest_year(code, book, figures)
        assert year is not None
        assert any(announced(book, figures, code, area, year) for area in ("urban", "rural")), code


def test_a_history_holds_the_levels_of_its_years_oldest_first() -> None:
    """Each year has what was announced for it; a year without a level is the range it lies in, and is no level."""
    past = standard_basis("230100", 2024).history
    assert list(past.levels) == sorted(past.levels)
    assert all(level.year == year for year, levels in past.levels.items() for level in levels.values())
    frame = standard_basis("450400", 2023).history.to_frame()
    assert frame["year"].tolist() == [*range(frame["year"].iloc[0], 2020), 2023]
    last = frame.iloc[-1]
    assert (last["level_urban"].status, last["kind_urban"], last["level_urban"].high > last["level_urban"].low) == (
        "stale",
        "carried",
        True,
    )
