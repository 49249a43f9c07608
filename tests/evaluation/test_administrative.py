"""Indicators from published figures alone: what they rest on, and that they agree with what places printed themselves."""

from __future__ import annotations

from fractions import Fraction

import pytest

from aidlib.evaluation.administrative import (
    earlier,
    paid_per_person_month,
    recent,
)
from aidlib.indices import Figures


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


def test_no_figure_no_number(figures: Figures) -> None:
    """Where money or heads are not published there is no payment."""
    assert paid_per_person_month(figures, "230000", "rural", 2019) is None


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
