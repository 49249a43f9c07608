"""Indicators from published figures alone: what they rest on, and that they agree with what places printed themselves."""

from __future__ import annotations

from fractions import Fraction

import pytest

from aidlib.evaluation.measures import Records, paid_per_person_month
from aidlib.indices import Figures
from aidlib.law import Book


@pytest.fixture(scope="module")
def figures() -> Figures:
    return Figures()


@pytest.mark.parametrize(
    ("place", "area", "year", "period"),
    [
        ("450400", "urban", 2019, "2019-09"),
        ("450400", "rural", 2019, "2019-09"),
        ("220000", "urban", 2022, "2022-07"),
        ("220000", "rural", 2022, "2022-07"),
        ("220100", "urban", 2023, "2023-11"),
        ("220100", "rural", 2023, "2023-11"),
    ],
)
def test_money_over_heads_gives_the_printed_average(
    figures: Figures, place: str, area: str, year: int, period: str
) -> None:
    """Payments worked out from money and person-months round to the average payment the place printed itself."""
    found = paid_per_person_month(Records(Book(), figures, place, year), area)
    printed = figures.get(place, f"dibao_subsidy_avg:{area}", period)
    assert found is not None
    assert (found.period, found.value.status) == (period, "observed")
    assert abs(found.value.number - printed.value) <= Fraction(1, 2)


def test_heads_at_the_end_of_a_year_make_an_estimate(figures: Figures) -> None:
    """A year's money over twelve times the heads at its end is estimated, not observed."""
    found = paid_per_person_month(Records(Book(), figures, "370000", 2016), "rural")
    assert found is not None
    assert found.value.status == "estimated"
    assert found.value.number == Fraction(5_480_000_000, 12 * 2_177_000)


def test_no_figure_no_number(figures: Figures) -> None:
    """Where money or heads of the year are not published there is no payment."""
    assert paid_per_person_month(Records(Book(), figures, "230000", 2019), "rural") is None
