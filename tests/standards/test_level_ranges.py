"""A level on a day: a point where a row holds, else a range that never lies below the law and nearly always holds the truth."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.regions import province_of, provinces
from aidlib.standards.level_ranges import DIBAO, Seen, last_floor, level_range, lines, quantile, seen, years_between

BOOK, FIGURES = Book(), Figures()
VALUES = "region,name,group,from,to,value,unit,period,status,source,article,checked_on,note"


def yuan(fen: Fraction | None) -> float | None:
    return None if fen is None else float(fen) / 100


def test_a_row_in_force_is_a_point_with_its_own_status() -> None:
    """On a day on which a row holds, both ends are the row and nothing else is looked at."""
    found = level_range(BOOK, FIGURES, "450400", "urban", date(2019, 12, 31))
    assert (found.point, found.status, found.how, found.years) == (68000, "enacted", "in_force", 0)
    assert [row.text for row in found.basis] == ["680"]


def test_no_base_lies_below_a_legal_floor() -> None:
    """Guangdong, April 2020: the last average is 546.80 of 2016, the lowest floor 772: the range begins at the floor and names it."""
    found = level_range(BOOK, FIGURES, "440000", "urban", date(2020, 4, 1))
    assert (yuan(found.low), found.floor.text, found.status) == (772, "772", "estimated")
    assert found.point is None
    assert found.high > 77200
    assert [row.text for row in found.basis] == ["546.8"]


@pytest.mark.parametrize("area", ["urban", "rural"])
@pytest.mark.parametrize("year", range(2014, 2027))
def test_nowhere_does_a_range_begin_below_the_floor_known(area: str, year: int) -> None:
    """In every province and year the range begins at the highest floor or guide set by then, or above it, and its ends are in order."""
    for place in provinces():
        on = date(year, 6, 30)
        found, floor = level_range(BOOK, FIGURES, place.code, area, on), last_floor(BOOK.at(place.code, on), area)
        if found:
            assert found.in_force or floor is None or found.low >= floor.fen_month, place
            assert found.high is None or found.low <= found.high, place


def test_the_last_row_is_carried_up_by_the_usual_rise_and_never_as_a_point() -> None:
    """A row that has ended limits from below; the more years lie between, the wider; it is stale and names the row."""
    ranges = [level_range(BOOK, FIGURES, "450400", "urban", date(year, 2, 1)) for year in (2020, 2021, 2024, 2026)]
    assert [yuan(found.low) for found in ranges] == [680] * 4
    assert [found.years for found in ranges] == [1, 2, 5, 7]
    assert [found.high for found in ranges] == sorted({found.high for found in ranges})
    assert {(found.status, found.how, found.point, found.basis[0].status) for found in ranges} == {
        ("stale", "carried", None, "stale")
    }


def test_a_later_row_limits_from_above() -> None:
    """Between two known levels the truth lies between them: Harbin's nine districts had 835 in 2022 and 860 in 2024."""
    found = level_range(BOOK, FIGURES, "230100", "urban", date(2023, 2, 1))
    assert (yuan(found.low), yuan(found.high), found.how, found.status) == (835, 860, "between", "estimated")


def test_before_the_first_known_level_the_range_comes_down_by_the_usual_rise() -> None:
    """A place known only later was no higher then, and no lower than the usual rise allows."""
    found = level_range(BOOK, FIGURES, "440100", "urban", date(2019, 6, 1))
    assert (yuan(found.high), found.how) == (1080, "earlier")
    assert yuan(found.low) < 1080


def test_an_average_answers_for_its_month_only_and_stays_an_estimate() -> None:
    """The mean over the counties of a place is nobody's standard; in another month it is a range."""
    own = level_range(BOOK, FIGURES, "440000", "urban", date(2011, 6, 15))
    later = level_range(BOOK, FIGURES, "440000", "urban", date(2011, 8, 15))
    assert (yuan(own.point), own.how, own.status) == (269.7, "average", "estimated")
    assert (later.point, later.status) == (None, "estimated")
    assert later.low >= own.point


def test_a_place_without_any_row_never_wears_its_province_as_a_point() -> None:
    """Shanwei 2023 has no row: the range comes from the province, is marked, and begins at the floor."""
    found = level_range(BOOK, FIGURES, "441500", "urban", date(2023, 3, 1))
    assert (found.how, found.status, found.point) == ("above", "estimated", None)
    assert yuan(found.low) == 857
    assert level_range(BOOK, FIGURES, "000000", "urban", date(2031, 1, 1), "tekun_basic_standard") is None


def test_the_range_holds_the_real_standard_nine_times_in_ten() -> None:
    """Held out by province: where the next row of a standard is hidden with all of its province, the range still holds it."""
    every = lines(BOOK, FIGURES)
    inside = []
    for code in {province_of(place).code for place, _, _ in every}:
        rest = Seen({key: line for key, line in every.items() if province_of(key[0]).code != code})
        for (place, area, name), line in every.items():
            if province_of(place).code == code and name.startswith(DIBAO):
                for first, later in ((a, b) for at, a in enumerate(line) for b in line[at + 1 :] if b.start > a.end):
                    most = rest.most(area, years_between(first.end, later.start), first.end.year)
                    inside.append(first.fen_month <= later.fen_month <= first.fen_month * most.ratio)
    assert len(inside) > 500
    assert sum(inside) / len(inside) > 0.9


def test_more_years_never_allow_less() -> None:
    """The usual rise over more years is no smaller, in town and country, early and late."""
    for area in ("urban", "rural"):
        for year in (2010, 2015, 2020, 2025):
            found = [seen(BOOK, FIGURES).most(area, years, year).ratio for years in range(1, 16)]
            assert found == sorted(found)
            assert found[0] > 1


def test_a_range_lies_in_a_frame_with_its_rows() -> None:
    """The ends are exact, the status and the way it is known stand beside, the floor is among the sources."""
    row = level_range(BOOK, FIGURES, "440000", "urban", date(2020, 4, 1)).to_frame().iloc[0]
    assert (row["low"], row["status"], row["how"]) == (77200, "estimated", "carried")
    assert [source.text for source in row["sources"]] == ["546.8", "772"]


def test_too_few_cases_give_no_quantile() -> None:
    """Nothing is made up from a handful: without rises on file there is no upper end."""
    assert Seen({}).most("urban", 1, 2020) is None
    assert Seen({}).distance("urban", "average") is None
    assert quantile([Fraction(1), Fraction(2)], Fraction(1, 2)) == 1


def test_what_somebody_supposed_stays_synthetic_and_teaches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A supposed row marks the range that rests on it and is no rise that others are measured by."""
    (tmp_path / "law").mkdir()
    row = (
        "450400,dibao_standard,urban,2020-01-01,2020-12-31,700,yuan/person/month,,synthetic,DS001,supposed,2026-11-22,"
    )
    (tmp_path / "law" / "values.csv").write_text(f"{VALUES}\n{row}\n", encoding="utf-8")
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    book = Book()
    found = level_range(book, FIGURES, "450400", "urban", date(2021, 3, 1))
    assert (yuan(found.low), found.status) == (700, "synthetic")
    assert lines(book, FIGURES)["450400", "urban", f"{DIBAO}:"] == lines(BOOK, FIGURES)["450400", "urban", f"{DIBAO}:"]


def test_a_place_of_unknown_class_gets_the_lowest_floor() -> None:
    """Where the class of a place is unknown, the lowest class binds for certain, and a floor that has ended binds on as stale."""
    floor = last_floor(BOOK.at("440300", date(2018, 6, 1)), "urban")
    assert (floor.text, floor.group, floor.status) == ("580", "urban:class_4", "stale")


def test_a_place_of_known_class_gets_the_floor_of_its_class() -> None:
    """Guangdong listed the classes from 2020 on: Shenzhen's floor is that of class 1."""
    floor = last_floor(BOOK.at("440300", date(2020, 4, 1)), "urban")
    assert (floor.text, floor.group, floor.status) == ("1050", "urban:class_1", "enacted")
