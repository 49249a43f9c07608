"""Targets: met, not met or cannot tell, at the stated precision, and never on the wrong base."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from aidlib.errors import LawFault
from aidlib.indices import Figures
from aidlib.known import Note
from aidlib.law import Book
from aidlib.standards import standard_basis
from aidlib.standards.dependent import aid_ceilings
from aidlib.standards.levels import latest_year, places
from aidlib.standards.measures import urban_rural
from aidlib.standards.targets import Check, Checks, Measured, check, check_targets


def of(place: str, year: int) -> Checks:
    return check_targets(standard_basis(place, year))


def one(found: Checks, name: str, area: str = "") -> Check:
    return next(c for c in found if c.target.name == name and c.area == area)


@pytest.mark.parametrize(
    ("rural", "exact", "whole"), [("622", False, False), ("625", False, True), ("627", True, True)]
)
def test_precision_decides_around_the_target(rural: str, exact: bool, whole: bool) -> None:
    """74.49% fails either way, 74.85% passes only in whole percents, 75.09% passes either way."""
    target = Book().at("230100", date(2022, 6, 1)).value("target_rural_urban_ratio")
    measured = Measured(urban_rural("835", rural).value, f"{rural}/835", "enacted")
    assert (check(target, "ge", measured).verdict == "met") is exact
    assert (check(target, "ge", measured, decimals=0).verdict == "met") is whole


def test_a_band_is_met_at_both_its_ends() -> None:
    """Both ends of a band belong to it; just outside does not."""
    band = Book().at("140000", date(2022, 6, 1)).value("standard_share_of_consumption", "urban")
    verdicts = [
        check(band, "ge", Measured(Fraction(v), "", "enacted")).verdict for v in ("0.2999", "0.30", "0.40", "0.4001")
    ]
    assert verdicts == ["not_met", "met", "met", "not_met"]


def test_an_unknown_comparison_is_a_fault() -> None:
    """A comparison that is not one of the four is refused."""
    target = Book().at("230100", date(2022, 6, 1)).value("target_rural_urban_ratio")
    with pytest.raises(LawFault):
        check(target, "about", None)


def test_harbin_2022_passes_at_its_own_precision_and_says_so() -> None:
    """625/835 is 74.85%: met in whole percents, and the page is told that the exact ratio is below."""
    found = one(of("230100", 2022), "target_rural_urban_ratio")
    assert (found.verdict, found.decimals, found.measured.shown) == ("met", 0, "625 ÷ 835")
    assert found.reason == Note("rounding_decides", ("74.85",))


def test_wuzhou_2019_is_not_judged_by_a_target_of_2023() -> None:
    """A target that came later did not exist: it is not applicable, which is not "cannot tell"."""
    found = one(of("450400", 2019), "target_rural_urban_ratio")
    assert (found.verdict, found.reason) == ("not_applicable", Note("target_since", ("2023-04-06",)))
    assert found.measured.value == Fraction(375, 680)


def test_a_target_not_yet_due_is_not_missed() -> None:
    """Below the ratio before its day is not a failure; the day is named."""
    found = one(of("450300", 2022) if latest_year("450300") == 2022 else of("450900", 2022), "target_rural_urban_ratio")
    assert found.verdict == "cannot_tell"
    assert found.reason == Note("not_due", ("2025-12-31",))


def test_a_rule_on_the_places_own_income_is_not_tested_on_the_provinces() -> None:
    """Jiangsu's share of the prefecture's income cannot be told from the province's figure."""
    found = one(of("321300", 2019), "standard_share_of_income_min", "urban")
    assert found.verdict == "cannot_tell"
    assert found.measured is None


def test_zhejiang_names_the_provincial_base_itself() -> None:
    """Zhejiang's band is measured on the province's figure of all residents, as its rule says."""
    found = one(of("330700", 2024), "standard_share_of_consumption", "urban")
    assert found.verdict == "met"
    assert found.measured.shown == "1,145 ÷ 3,516.17"


def test_an_average_is_no_test_of_a_floor() -> None:
    """A mean over counties says nothing about which of them keep the floor."""
    names = {found.target.name for found in of("650000", 2016)}
    assert not names & {"dibao_floor", "dibao_guide"}


def test_every_place_can_be_studied_in_its_latest_year() -> None:
    """No place fails; every candidate is bounded, and every method left out names what it lacks."""
    book, figures = Book(), Figures()
    for code in places(book, figures):
        year = latest_year(code, book, figures)
        assert year is not None
        for area in standard_basis(code, year, book, figures):
            found = area.methods().bounded(area.bounds())
            assert all(lost.what and lost.method for lost in found.missing), code
            assert {bounded.candidate.method for bounded in found}.isdisjoint(lost.method for lost in found.missing)


def test_wuzhous_temporary_aid_ceilings_run_on_the_annual_urban_standard() -> None:
    """Six times the annual urban standard is seventy-two months of it; Zhejiang's six are six months."""
    wuzhou = aid_ceilings(Book().at("450400", date(2023, 6, 1)), "680")
    zhejiang = aid_ceilings(Book().at("330700", date(2024, 6, 1)), "680")
    assert {d.name: d.fen / 68000 for d in wuzhou}["ta_year_cap"] == 72
    assert {d.name: d.fen / 68000 for d in zhejiang}["ta_person_cap"] == 6
