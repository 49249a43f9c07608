"""Indicators from published figures alone: what they rest on, and that they agree with what places printed themselves."""

from __future__ import annotations

from fractions import Fraction

import pytest

from aidlib.evaluation.administrative import (
    average_payment,
    coverage_share,
    earlier,
    gap_rate,
    paid_per_person_month,
    recent,
)
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.standards.levels import in_year


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
    found = paid_per_person_month(figures, place, area, year)
    printed = figures.get(place, f"dibao_subsidy_avg:{area}", period)
    assert found is not None
    assert (found.period, found.status) == (period, "observed")
    assert abs(found.value / 100 - printed.value) <= Fraction(1, 2)


def test_heads_at_the_end_of_a_year_make_an_estimate(figures: Figures) -> None:
    """A year's money over twelve times the heads at its end is estimated, not observed."""
    found = paid_per_person_month(figures, "370000", "rural", 2016)
    assert found is not None
    assert found.status == "estimated"
    assert found.value == Fraction(5_480_000_000 * 100, 12 * 2_177_000)


def test_an_old_figure_is_not_carried_forward(figures: Figures) -> None:
    """A figure answers for its own year and the next; two years later it is unknown."""
    assert recent(figures, "130000", "dibao_recipients:urban", 2022) is not None
    assert recent(figures, "130000", "dibao_recipients:urban", 2023) is not None
    assert recent(figures, "130000", "dibao_recipients:urban", 2024) is None
    assert recent(figures, "130000", "dibao_recipients:urban", 1999) is None


def test_coverage_takes_heads_and_residents_of_one_year(figures: Figures) -> None:
    """Recipients of a year stand over residents of the same year, though the report is of the year after."""
    found = coverage_share(figures, "130000", "rural", 2023)
    assert found is not None
    heads, people = found.basis
    assert (heads.period, people.period) == ("2022", "2022")  # type: ignore[union-attr]
    assert found.value == heads.plain / people.plain  # type: ignore[union-attr]


def test_no_figure_no_number(figures: Figures) -> None:
    """Where recipients or residents are not published there is no share and no payment."""
    assert coverage_share(figures, "450400", "rural", 2019) is None
    assert paid_per_person_month(figures, "230000", "rural", 2019) is None
    assert average_payment(figures, "230000", "rural", 2019) is None


def test_the_printed_average_goes_first(figures: Figures) -> None:
    """A published average answers before one worked out; without it the worked-out one does."""
    assert average_payment(figures, "450400", "urban", 2019).value == 43_900  # type: ignore[union-attr]
    assert average_payment(figures, "350000", "urban", 2021).status == "estimated"  # type: ignore[union-attr]


def test_gap_rate_names_the_standard_it_is_measured_on(figures: Figures) -> None:
    """The rate of payment over the standard cites both."""
    level = in_year(Book(), "450400", "rural", 2019)
    payment = average_payment(figures, "450400", "rural", 2019)
    assert level is not None
    assert payment is not None
    found = gap_rate(payment, level, level.fen_month)
    assert found.value == Fraction(218, 375)
    assert found.basis[-1] is level


def test_the_figure_before(figures: Figures) -> None:
    """A change is measured against the same place's figure before, however long ago; the first has none."""
    now = figures.get("440000", "dibao_recipients:rural", "2023-03")
    then = earlier(figures, now)
    assert then is not None
    assert then.period == "2022"
    assert (
        earlier(
            figures,
            figures.get("440000", "dibao_recipients:rural", min(figures.all("440000", "dibao_recipients:rural"))),
        )
        is None
    )
