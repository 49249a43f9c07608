"""Rises of standards, catching up and what linkage fills: of one kind, exact, and unknown where unknown."""

from __future__ import annotations

from fractions import Fraction

import pytest

from aidlib.indices import Figures
from aidlib.known import Missing
from aidlib.studies.keep_up import Rises, catching_up, linkage_fill, standard_rises


def test_rises_of_standards_are_of_one_kind_and_successive_years() -> None:
    """Each province, area and year stands once, and no cut of a standard's kind is read as growth."""
    found = standard_rises(2018, 2019)
    assert len({(one.region, one.area, one.year) for one in found}) == len(found)
    assert {one.year for one in found} <= {2018, 2019}
    assert all(
        Fraction(-1, 5) < one.standard < Fraction(9, 10) for one in found
    )  # Ningde's rural standard of 2018 went from 4000 to 7560 a year


def test_averages_of_two_times_of_year_are_no_years_rise() -> None:
    """Guangxi's rural means of 2015-09 and of 2016 are fifteen months and two kinds of mean apart: no rise is made of them."""
    found = standard_rises(2016, 2016)
    assert len(Figures().all("450000", "dibao_avg:rural")) > 1
    assert [one for one in found.of("450000") if one.area == "rural"] == []
    assert "130000" in {one.region for one in found if one.area == "urban"}


def test_a_province_stands_beside_the_others() -> None:
    """A place is its province; it and the others make up the whole."""
    found = standard_rises(2018, 2019)
    mine, others = found.of("540000"), found.of("拉萨", others=True)
    assert len(mine) + len(others) == len(found)
    assert mine.summary.provinces == 1
    assert {one.region for one in others}.isdisjoint({"540000"})


def test_ends_are_cut_evenly() -> None:
    """A twentieth of the rises goes at either end, ties stay, and a whole is left where there are few."""
    found = standard_rises(2014, 2019)
    kept = found.trimmed("1/20")
    cut = len(found) // 20
    assert len(found) - 2 * cut <= len(kept) < len(found)
    assert min(one.standard for one in kept) == sorted(one.standard for one in found)[cut]
    assert len(Rises(found[:4]).trimmed("1/20")) == 4


def test_too_few_province_years_are_lacking_and_not_fitted() -> None:
    """Four rises carry no regression: every area and driver is told as lacking."""
    fits = standard_rises(2018, 2019)[:4].regressions(draws=99)
    assert fits.fits == ()
    assert fits.to_frame().attrs["lacking"] == [
        Missing("province_years", area, method=driver) for area in ("urban", "rural") for driver in ("rise_consumption", "rise_cpi")
    ]  # fmt: skip


def test_the_same_seed_gives_the_same_p_and_a_known_relation_is_found() -> None:
    """A rise that is consumption's own has a coefficient of 1, inside its interval, and a small p; twice drawn it is the same."""
    from dataclasses import replace

    found = standard_rises(2014, 2025)
    made = Rises([replace(one, standard=one.drivers["rise_consumption"] + Fraction(hash_of(one), 100_000)) for one in found
                  if one.drivers["rise_consumption"] is not None])  # fmt: skip
    fits = [fit for fit in made.regressions(draws=199, seed=1).fits if fit.driver == "rise_consumption"]
    assert fits
    assert all(fit.sure and fit.found.value == pytest.approx(1, abs=0.02) for fit in fits)
    again = [fit.wild_p for fit in made.regressions(draws=199, seed=1).fits if fit.driver == "rise_consumption"]
    assert again == [fit.wild_p for fit in fits]


def hash_of(one: object) -> int:
    """A small disturbance that is the same on every machine."""
    return sum(map(ord, repr(one))) % 97


def test_catching_up_needs_two_cross_sections_within_the_period() -> None:
    """As of 2015 there is none; as of 2016 each area has its slope with an interval."""
    assert catching_up(2015).to_frame().empty
    frame = catching_up("2016").to_frame()
    assert frame["area"].tolist() == ["urban", "rural"]
    assert ((frame["ci_low"] < frame["slope"]) & (frame["slope"] < frame["ci_high"]) & (frame["n"] > 20)).all()


def test_what_prices_took_is_the_standard_times_the_index() -> None:
    """Beijing: a calm month owes nothing, a started one the standard of 1,100 times its index, to the fen before rounding."""
    calm, started = (linkage_fill("110000", month, month).months[0] for month in ("2017-02", "2019-11"))
    assert calm.due_fen == 0
    assert started.lost_fen == started.standard_fen * started.rise.rise / 100
    assert started.due_fen == pytest.approx(110000 * started.rise.rise / 100, abs=100)
    span = linkage_fill("110000", "2019-11", "2020-02")
    assert (span.count("triggered"), span.count("not_triggered")) == (4, 0)
    assert span.lost_fen == sum(month.lost_fen for month in span.months)


def test_a_month_that_cannot_be_told_is_not_a_month_without_payment() -> None:
    """What was due in an undetermined month is unknown, never nought, and both sides leave it out."""
    found = linkage_fill("450400", "2016-01", "2020-04")
    assert found.count("undetermined") == 18
    for month in found.months:
        assert (month.due_fen is None) == (month.decision.outcome == "undetermined" or month not in found.settled)
    assert found.lost_fen == sum(month.lost_fen for month in found.months if month.due_fen is not None)
    years = found.by_year().to_frame()
    assert years["months_undetermined"].sum() == 18
    assert sum(years["lost_fen"].dropna()) == found.lost_fen


def test_without_an_index_nothing_is_worked_out() -> None:
    """Months without a low-income index have no account and no share filled."""
    found = linkage_fill("110000", "2024-11", "2024-12")
    assert (found.months, found.filled) == ((), None)
