"""Price linkage decisions: regimes, overlays, local methods, gaps; every region and month resolves to one answer."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from aidlib import Book, Figures
from aidlib.errors import ParameterFault, RegionUnknown
from aidlib.known import Note
from aidlib.money import fen
from aidlib.prices.history import compare_methods, price_linkage
from aidlib.prices.linkage import Decision, decide, places
from aidlib.prices.months import span
from aidlib.prices.readings import Readings, Supposed
from aidlib.regions import provinces

REGIMES = [
    ("2011-06", None), ("2011-07", "PL11"), ("2014-02", "PL11"), ("2014-03", "PL14"), ("2016-07", "PL14"), ("2016-08", "PL16"),
    ("2021-10", "PL16"), ("2021-11", "PL21"), ("2026-06", "PL21"), ("2026-07", "SAL"),
]  # fmt: skip


def suppose(place: str, month: str, standard: int = 600, statement: str = "", **rises: str) -> Decision:
    """Decide with invented indices, and one invented standard in yuan for town and country."""
    numbers = {index: Fraction(rise) for index, rise in rises.items()}
    standards = {f"dibao_standard:{area}": fen(standard) for area in ("urban", "rural")}
    given = Supposed(Figures(), numbers, standards)
    return decide(Book(), Figures(), place, month, readings=given, statement=statement)


@pytest.mark.parametrize(("month", "regime"), REGIMES)
def test_regimes_switch_by_index_month(month: str, regime: str | None) -> None:
    """Each month has the one instrument of its date; before the mechanism there is none, and that is said."""
    found = decide(Book(), Figures(), "450000", month)
    assert (found.regime.text if found.regime else None) == regime
    assert regime or found.missing


@pytest.mark.parametrize(
    ("month", "cpi", "outcome"),
    [
        ("2022-07", "3.4", "not_triggered"), ("2022-08", "2.9", "not_triggered"), ("2022-08", "3.0", "triggered"),
        ("2023-02", "3.0", "triggered"), ("2023-03", "3.0", "not_triggered"), ("2023-03", "3.5", "triggered"),
        ("2020-02", "3.4999", "not_triggered"), ("2020-02", "3.5", "triggered"),
    ],
)  # fmt: skip
def test_overlay_lowers_start_and_stop_by_index_month(month: str, cpi: str, outcome: str) -> None:
    """The line is 3.0 for indices of 2022-08 to 2023-02 and 3.5 around it; stop follows the lowered line."""
    assert suppose("450000", month, cpi=cpi, food="1.0").outcome == outcome


@pytest.mark.parametrize(("food", "outcome"), [("5.999", "not_triggered"), ("6.0", "triggered")])
def test_food_line(food: str, outcome: str) -> None:
    """Food starts payment at 6.0 exactly."""
    assert suppose("450000", "2019-10", cpi="1.0", food=food).outcome == outcome


def test_a_ceiling_lowers_an_older_local_line_but_not_a_lower_one() -> None:
    """Heilongjiang's own 3.5 becomes 3.0 in the overlay; Fujian's 3.0 and Hubei's food line of 5.5 stay."""
    northern = suppose("230000", "2022-10", cpi="3.2", food="1.0")
    assert (northern.outcome, northern.conditions[0].ceiling is not None) == ("triggered", True)
    assert suppose("350000", "2022-10", cpi="3.0", food="1.0").conditions[0].ceiling is None
    hubei = suppose("420000", "2022-10", statement="in_force", cpi="1.0", food="5.5")
    assert hubei.outcome == "triggered"


def test_a_rule_that_had_to_be_replaced_is_read_beside_the_text_that_replaced_it() -> None:
    """Hubei's rule of 2016 was to be renewed by 2021-12-31: until then 5.5 starts payment, after it nobody can tell."""
    before, after = (suppose("420000", month, cpi="1.0", food="5.5", scpi="2.0") for month in ("2021-12", "2022-01"))
    assert (before.outcome, len(before.members)) == ("triggered", 1)
    assert (after.outcome, [(m.statement, m.outcome) for m in after.members]) == (
        "undetermined",
        [("in_force", "triggered"), ("national_form", "not_triggered")],
    )
    assert Note("statements_disagree", ("in_force=triggered", "national_form=not_triggered")) in after.missing
    due = after.amount("dibao_urban")
    assert due is not None
    assert due.ends_fen == (fen(12), fen(33))


def test_a_missing_index_leaves_it_undetermined_unless_another_condition_is_met() -> None:
    """Missing is never "not triggered"."""
    assert suppose("450000", "2019-10", cpi="3.4").outcome == "undetermined"
    assert suppose("450000", "2019-10", cpi="3.5").outcome == "triggered"
    assert suppose("450000", "2019-10").missing


@pytest.mark.parametrize(
    ("scpi", "urban"), [("3.0", "23"), ("3.1", "23"), ("3.13", "23"), ("3.14", "24"), ("1.0", "10"), ("0.5", "10")]
)
def test_guilin_rounds_half_up_above_a_floor_of_ten(scpi: str, urban: str) -> None:
    """Standard times SCPI, half-up to the yuan, at least 10 yuan (standard of 750 invented for the test)."""
    due = suppose("450300", "2022-07", 750, cpi="4.0", food="1.0", scpi=scpi).amount("dibao_urban")
    assert due is not None
    assert due.fen() == fen(urban)


@pytest.mark.parametrize(("cpi", "urban"), [("3.5", "25"), ("1.0", "25"), ("4.2", "30"), ("4.3", "31")])
def test_heilongjiang_uses_cpi_with_a_floor_and_rounds_up(cpi: str, urban: str) -> None:
    """CPI, not SCPI; at least 3.5 % of the standard; any part of a yuan is a yuan (standard of 700 invented)."""
    found = suppose("230000", "2019-10", 700, cpi=cpi, food="8.0", scpi="9.0")
    due = found.amount("dibao_urban")
    assert due is not None
    assert due.fen() == fen(urban)


@pytest.mark.parametrize(
    ("cpi", "scpi", "amount"),
    [
        ("3.0", "3.0", "75"),
        ("4.99", "4.99", "75"),
        ("4.1", "5.0", "112.5"),
        ("5.0", "4.0", "112.5"),
        ("2.9", "3.0", "75"),
    ],
)
def test_jiangsu_takes_the_higher_band(cpi: str, scpi: str, amount: str) -> None:
    """3 to below 5: a twelfth; 5 and more: an eighth; the higher of CPI and SCPI counts (standard of 900 invented)."""
    due = suppose("321100", "2019-10", 900, cpi=cpi, scpi=scpi).amount("dibao_urban")
    assert due is not None
    assert due.fen() == fen(amount)


@pytest.mark.parametrize(
    ("cpi", "food", "amount"), [("3.5", "5.4", "21"), ("1.0", "5.5", "33"), ("4.0", "9.0", "54"), ("9.5", "6.0", "57")]
)
def test_hubei_pays_by_the_index_that_started_payment(cpi: str, food: str, amount: str) -> None:
    """Only CPI: CPI; only food: food; both: the higher (standard of 600 invented)."""
    due = suppose("420000", "2019-10", cpi=cpi, food=food, scpi="2.0").amount("dibao_urban")
    assert due is not None
    assert due.fen() == fen(amount)


def test_statements_that_contradict_are_all_computed() -> None:
    """Wuhan: one page multiplies by the index that started payment, another by the SCPI; nobody chooses, both are the answer."""
    given = Supposed(
        Figures(), {"cpi": Fraction(4), "food": Fraction(9), "scpi": Fraction(5)}, {"dibao_standard:urban": 60000}
    )
    found = decide(Book(), Figures(), "420100", "2019-10", readings=given)
    due = found.amount("dibao_urban")
    assert due is not None
    assert [(option.statement, option.exact) for option in due.options] == [
        ("in_force", 5400),
        ("alternative_scpi", 3000),
    ]
    assert (due.candidates, due.fen(), due.ends_fen) == ((3000, 5400), None, (3000, 5400))
    alone = decide(Book(), Figures(), "420100", "2019-10", readings=given, statement="alternative_scpi").amount(
        "dibao_urban"
    )
    assert alone is not None
    assert alone.fen() == 3000


@pytest.mark.parametrize(
    ("food", "amount"), [("4.0", "50"), ("5.9", "50"), ("6.0", "60"), ("9.99", "90"), ("10.0", "100"), ("20", "100")]
)
def test_fuzhou_pays_by_full_food_points_up_to_a_cap(food: str, amount: str) -> None:
    """50, and 10 for each full point of food above 5, at most 100."""
    due = suppose("350100", "2018-02", cpi="2.0", food=food).amount("dibao_urban")
    assert due is not None
    assert due.fen() == fen(amount)


def test_shaanxi_pays_two_groups_a_fixed_amount() -> None:
    """Retirees of enterprises and poor students get 30 yuan, whatever the index."""
    found = suppose("610000", "2019-10", cpi="4.0", food="1.0")
    for group in ("enterprise_retiree", "poor_student"):
        due = found.amount(group)
        assert due is not None
        assert due.fen() == fen(30)


def test_doubling_of_2020_applies_before_rounding() -> None:
    """Invented standard 633, CPI 3.8: 24.054, doubled 48.108, up to 49; rounding first would give 50."""
    due = suppose("230000", "2020-03", 633, cpi="3.8", food="1.0").amount("dibao_urban")
    assert due is not None
    assert (due.exact_fen, due.fen()) == (Fraction("4810.8"), fen(49))
    before = suppose("230000", "2020-02", 633, cpi="3.8", food="1.0").amount("dibao_urban")
    assert before is not None
    assert before.fen() == fen(25)


@pytest.mark.parametrize(
    ("month", "covered", "not_covered"),
    [
        ("2020-02", "unemployment_benefit", "orphan"), ("2020-03", "orphan", "edge_urban"), ("2020-07", "tekun_rural", "orphan"),
        ("2021-11", "child_with_hiv", "edge_urban"), ("2022-08", "edge_urban", "wubao"), ("2023-03", "orphan", "edge_urban"),
    ],
)  # fmt: skip
def test_covered_groups_follow_the_overlays(month: str, covered: str, not_covered: str) -> None:
    """Groups come and go with the instruments that name them."""
    found = suppose("450000", month, cpi="9.0", food="9.0", scpi="5.0")
    assert found.amount(covered) is not None
    assert found.amount(not_covered) is None


def test_range_of_local_lines_in_2014() -> None:
    """Between 3 and 4 the line of 2014 cannot tell; three months above 4 start payment; grain alone could."""
    assert suppose("450000", "2015-06", cpi="3.5", grain="1.0").outcome == "undetermined"
    assert suppose("450000", "2015-06", cpi="4.1", grain="1.0").outcome == "triggered"
    assert suppose("450000", "2015-06", cpi="2.0", grain="10.0").outcome == "not_triggered"
    assert suppose("450000", "2015-06", cpi="2.0", grain="10.1").outcome == "triggered"


def test_an_amount_on_an_estimated_index_has_ends() -> None:
    """Standard times an estimated SCPI is a range, marked estimated or weaker, never one published number."""
    due = decide(Book(), Figures(), "450400", "2019-10").amount("dibao_urban")
    assert due is not None
    assert due.low_fen is not None
    assert due.high_fen is not None
    assert due.exact_fen is not None
    assert due.low_fen < due.exact_fen < due.high_fen
    assert due.status in ("estimated", "stale")
    assert due.unrounded


def test_payment_deadlines() -> None:
    """Twenty working days from release until 2021-10, the month of release after it, no day count under the law of 2026."""
    released = decide(Book(), Figures(), "450000", "2019-10").deadline
    assert (released.day, released.latest, released.status) == (date(2019, 12, 6), date(2019, 12, 6), "observed")
    later = decide(Book(), Figures(), "450000", "2019-10", released=date(2019, 11, 15)).deadline
    assert later.day == date(2019, 12, 13)
    assert decide(Book(), Figures(), "450000", "2021-11").deadline.day == date(2021, 12, 31)
    assert decide(Book(), Figures(), "450000", "2026-07").deadline.day is None


def test_an_unknown_release_day_gives_a_range_whose_early_end_is_safe() -> None:
    """The release day of April 2017 is not on file: the deadline is counted from the earliest and the latest day ever seen."""
    open_ended = decide(Book(), Figures(), "450000", "2017-04").deadline
    assert (open_ended.day, open_ended.latest) == (date(2017, 6, 6), date(2017, 6, 14))
    assert open_ended.assumed
    assert open_ended.status == "estimated"


def test_bad_region_and_month_are_refused() -> None:
    """An unknown region or a month that is none is one readable error."""
    with pytest.raises(RegionUnknown):
        decide(Book(), Figures(), "999999", "2020-02")
    with pytest.raises(ParameterFault):
        decide(Book(), Figures(), "450000", "2020-13")


def test_places_have_a_local_method() -> None:
    """Every place listed has a row of its own, the nation is not listed."""
    found = places(Book())
    assert {"230000", "450300", "420100", "320000"} <= set(found)
    assert "000000" not in found


def test_every_province_and_month_has_one_decision_or_a_named_gap() -> None:
    """31 provinces from 2016-01 to 2020-04: each month is decided, or says what is missing."""
    book, figures = Book(), Figures()
    readings, seen = Readings(figures), Counter[str]()
    for province in provinces():
        for month in span("2016-01", "2020-04"):
            found = decide(book, figures, province.code, month, readings=readings)
            seen[found.outcome] += 1
            assert found.regime is not None
            assert found.outcome != "undetermined" or found.missing, (province, month)
            assert (found.amounts == ()) == (found.outcome == "not_triggered")
    assert sum(seen.values()) == 31 * 52
    assert min(seen.values()) > 100


def test_every_regime_from_2011_to_2026_resolves() -> None:
    """Each year and each turn of the law, for every place with a method of its own: one decision or a named gap."""
    book, figures = Book(), Figures()
    readings = Readings(figures)
    for place in places(book):
        for month in (*span("2011-01", "2026-12")[::12], *(turn for turn, _ in REGIMES), "2020-03", "2022-08"):
            found = decide(book, figures, place, month, readings=readings)
            assert found.outcome != "undetermined" or found.missing, (place, month)


def test_replay_has_one_row_a_month_and_repeats() -> None:
    """A replay covers every month once and gives the same frame twice."""
    one, two = (price_linkage("230000", "2019-01", "2020-04").to_frame() for _ in range(2))
    assert list(one["period"]) == list(span("2019-01", "2020-04"))
    assert one.equals(two)
    assert one.set_index("period").loc["2019-10", "decided_by"] == "cpi food"


def test_comparison_leaves_the_place_its_indices() -> None:
    """Under its own method a place's comparison equals its replay; another method may pay otherwise."""
    book, figures = Book(), Figures()
    frame = compare_methods(
        book, figures, "230000", "2019-01", "2020-04", [("230000", ""), ("320000", ""), ("320000", "alternative_cpi")]
    )
    own = price_linkage("230000", "2019-01", "2020-04", book=book, figures=figures).to_frame()
    assert frame["triggered"][0] == (own["outcome"] == "triggered").sum()
    started = own[own["outcome"] == "triggered"]
    assert frame["dibao_urban_months"][0] == len(started) > 0
    for end in ("low", "high"):
        assert frame[f"dibao_urban_{end}_fen"][0] == started[f"dibao_urban_{end}_fen"].sum()
    assert (frame[["triggered", "not_triggered", "undetermined"]].sum(axis=1) == len(own)).all()


def test_an_unknown_second_index_leaves_only_ends() -> None:
    """Jiangsu takes the higher of CPI and SCPI: with CPI alone the amount lies between its band and the top band."""
    due = suppose("320000", "2019-10", 900, cpi="3.2").amount("dibao_urban")
    assert due is not None
    assert (due.low_fen, due.exact_fen, due.high_fen) == (fen(75), None, fen("112.5"))
    assert due.lacks
    top = suppose("320000", "2019-10", 900, cpi="5.2").amount("dibao_urban")
    assert top is not None
    assert (top.exact_fen, top.lacks) == (fen("112.5"), ())
