"""The book answers with one cited row, falls back upwards, switches on the exact day, and names its gaps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import LawGap, MoneyFault
from aidlib.law import STATUSES, Book
from aidlib.page import reasons
from aidlib.regions import lineage, provinces

Lay = Callable[..., None]

WUZHOU, GUANGXI, ZHEJIANG, NATION = "450400", "450000", "330000", "000000"
BOOK = Book()
FIRST, LAST = date(2010, 1, 1), date(2026, 12, 1)
PLACES = sorted({entry.row["region"] for entry in BOOK.tables.entries} | {place.code for place in provinces()})


def text(place: str, on: str, name: str, group: str = "") -> str | None:
    found = Book().at(place, date.fromisoformat(on)).find(name, group)
    return found.text if found else None


@pytest.mark.parametrize(
    ("name", "group", "last_day", "before", "after"),
    [
        ("approve_workdays", "", "2021-06-30", None, "30"),
        ("edge_income_multiple", "", "2021-06-30", None, "1.5"),
        ("tekun_elderly_age", "", "2021-06-30", None, "60"),
        ("approve_workdays_delegated", "", "2022-10-19", None, "20"),
        ("exit_grace_months_max", "", "2022-10-19", None, "6"),
        ("rigid_income_cap", "", "2023-10-18", None, "1"),
        ("rigid_lookback_months", "", "2024-12-31", None, "12"),
        ("education_grant", "undergraduate", "2024-08-31", "3300", "3700"),
        ("education_grant", "vocational", "2025-01-31", "2000", "2300"),
        ("income_disregard", "basic_pension", "2025-12-31", "1", None),
        ("quick_aid_cap", "", "2026-01-28", None, "1"),
        ("fraud_fine_multiple", "", "2026-06-30", "1..3", "0..2"),
        ("tekun_minor_entry_age", "", "2026-06-30", "16", "18"),
        ("small_sum_first", "", "2026-06-30", "may", "must"),
        ("hearing_before_stop", "", "2026-06-30", None, "1"),
        ("rigid_ratio_set_by_prefecture", "", "2026-06-30", None, "1"),
        ("eval_blocks", "", "2016-12-29", "3", "4"),
    ],
)
def test_the_regime_switches_on_the_exact_day(
    name: str, group: str, last_day: str, before: str | None, after: str | None
) -> None:
    """The old rule holds on its last day, the new one on the next; a rule that lapsed is a gap, not a guess."""
    next_day = date.fromisoformat(last_day) + timedelta(days=1)
    assert text(NATION, last_day, name, group) == before
    assert text(NATION, next_day.isoformat(), name, group) == after


def test_the_price_overlay_of_2022_holds_for_its_index_months_only() -> None:
    """Index months 2022-08 to 2023-02 know the line of 3.0; the months on either side keep 3.5."""
    months = ("2022-07-01", "2022-08-01", "2023-02-01", "2023-03-01")
    assert [text("140000", month, "linkage_cpi_trigger") for month in months] == ["3.5", "3.0", "3.0", "3.5"]


def test_the_social_assistance_law_leaves_our_readings_marked() -> None:
    """From 2026-07-01 the edge line, the three-refusal rule and the age of minors rest on a reading: status estimated."""
    for name in ("edge_income_multiple", "job_refusals", "tekun_minor_entry_age"):
        before, after = (BOOK.at(NATION, date(2026, month, day)).value(name) for month, day in ((6, 30), (7, 1)))
        assert (before.status, after.status) == ("enacted", "estimated")
        assert "our reading" in after.note


def test_a_place_falls_back_and_says_so() -> None:
    """A city answers with its own row, else its province's, else the nation's, and the value knows where it was found."""
    own = BOOK.at(WUZHOU, date(2024, 1, 1)).value("review_months", "dibao_stable")
    above = BOOK.at(WUZHOU, date(2024, 1, 1)).value("approve_workdays")
    assert (own.text, own.region, own.fell_back) == ("6", WUZHOU, False)
    assert (above.text, above.region, above.asked, above.fell_back) == ("30", NATION, WUZHOU, True)


def test_a_row_for_the_group_goes_before_a_row_for_all() -> None:
    """Grades of disability: three kinds have their own line, every other kind answers with the row for all."""
    law = BOOK.at(WUZHOU, date(2022, 1, 1))
    grades = {kind: int(law.value("tekun_disability_max_grade", f"disability_{kind}").number)
              for kind in ("intellectual", "mental", "physical", "visual", "hearing")}  # fmt: skip
    assert grades == {"intellectual": 3, "mental": 3, "physical": 2, "visual": 1, "hearing": 0}


def test_a_gap_names_the_nearest_row() -> None:
    """A question outside the known dates is a gap that names the nearest row and its dates; it is remembered."""
    book = Book()
    with pytest.raises(LawGap, match=r"no edge_income_multiple on 2020-01-01.*2021-07-01 to 2026-06-30"):
        book.at(WUZHOU, date(2020, 1, 1)).value("edge_income_multiple")
    assert book.at(WUZHOU, date(2026, 1, 1)).find("income_disregard", "basic_pension") is None
    assert "basic_pension" in " ".join(book.gaps)


def test_a_gap_before_an_open_row_names_its_first_day_only() -> None:
    """A row that still holds has no last day to show: the hint says from when, in the book and on a page."""
    gap = Book().at(WUZHOU, date(2021, 7, 1))._gap("exit_grace_months_max", "").faults[0]
    assert gap.hint.endswith("(from 2022-10-20 on)")
    assert reasons.gap(gap).hint.endswith("（2022-10-20起）")
    assert reasons.gap(gap, "en").hint.endswith("(from 2022-10-20 on)")


def test_a_misspelt_name_is_a_gap_with_the_nearest_name() -> None:
    """Asking for a name the book does not have offers the nearest one."""
    with pytest.raises(LawGap, match="try: approve_workdays"):
        BOOK.at(WUZHOU, date(2024, 1, 1)).value("aprove_workdays")


def test_the_last_known_value_is_stale_never_enacted() -> None:
    """Carrying a value forward must be asked for, and the value says that it is stale."""
    law = BOOK.at(NATION, date(2026, 3, 1))
    stale = law.last_known("income_disregard", "basic_pension")
    assert stale is not None
    assert (stale.status, stale.end) == ("stale", date(2025, 12, 31))
    assert law.last_known("quick_aid_cap").status == "enacted"  # type: ignore[union-attr]
    assert BOOK.at(NATION, date(2019, 1, 1)).last_known("quick_aid_cap") is None


def test_reads_are_remembered_per_book() -> None:
    """A book remembers its own reads by row, and another book starts empty."""
    book = Book()
    value = book.at(WUZHOU, date(2024, 1, 1)).value("ta_year_cap")
    assert list(book.reads) == [value.place]
    assert Book().reads == {}


def test_history_and_groups() -> None:
    """History lists a place's own rows oldest first; groups lists what holds on a day, nearest place first."""
    assert [value.text for value in BOOK.history(NATION, "fraud_fine_multiple")] == ["1..3", "0..2"]
    assert BOOK.history(WUZHOU, "fraud_fine_multiple") == []
    assert BOOK.groups("610400", "review_months", date(2024, 1, 1))[:2] == ("class_a", "class_b")
    assert "tekun" in BOOK.groups("610400", "review_months", date(2024, 1, 1))
    assert "tekun" not in BOOK.groups("610400", "review_months", date(2019, 1, 1))


def test_a_range_or_a_text_is_not_a_number() -> None:
    """A range answers with its bounds and a text with its text; asking either for a number is an error."""
    fine = BOOK.at(NATION, date(2026, 7, 1)).value("fraud_fine_multiple")
    assert fine.bounds == (0, 2)
    with pytest.raises(MoneyFault):
        _ = fine.number
    with pytest.raises(MoneyFault):
        _ = BOOK.at(NATION, date(2026, 7, 1)).value("small_sum_first").number


def test_every_value_cites_title_and_article() -> None:
    """A citation holds the title, the number where it was seen, and the article."""
    cited = BOOK.at(WUZHOU, date(2024, 1, 1)).value("approve_workdays").cite()
    assert cited == "《最低生活保障审核确认办法》（民发〔2021〕57号） 第22条"


def test_an_overlay_row_replaces_or_follows_the_shipped_ones(lay: Lay) -> None:
    """A user's row with the same first day replaces the shipped row; others stay as they are."""
    lay("values", "000000,quick_aid_days,,2026-01-29,,5,day,,enacted,TA26,小额快救,2026-11-22,invented")
    assert text(NATION, "2026-02-01", "quick_aid_days") == "5"
    assert text(NATION, "2026-02-01", "quick_aid_cap") == "1"


@given(
    place=st.sampled_from(PLACES),
    name=st.sampled_from(sorted(BOOK.tables.names)),
    on=st.dates(FIRST, LAST).map(lambda day: day.replace(day=1)),
    data=st.data(),
)
def test_every_question_has_one_answer_or_a_named_gap(place: str, name: str, on: date, data: st.DataObject) -> None:
    """For every region, month, name and group exactly one row answers, or the gap names the question."""
    known = sorted({e.row["group"] for code in lineage(place) for e in BOOK.rows(code, name)} | {""})
    group = data.draw(st.sampled_from(known))
    law = BOOK.at(place, on)
    found = law.find(name, group)
    same = [e for e in BOOK.rows(found.region, name) if e.row["group"] == found.group] if found else []
    assert sum(e.start <= on <= e.end for e in same) == (found is not None)
    if found:
        assert law.value(name, group) == found
        assert found.status in STATUSES
        assert found.source.title
        assert found.article
    else:
        with pytest.raises(LawGap, match=name):
            law.value(name, group)


def test_rates_are_exact() -> None:
    """A percentage is read in points and turns into an exact rate."""
    trigger = BOOK.at("140000", date(2018, 1, 1)).value("linkage_cpi_trigger")
    assert (trigger.number, trigger.rate) == (Fraction(7, 2), Fraction(7, 200))
