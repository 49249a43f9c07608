"""Coverage says of each region and month what the book itself would answer, and draws it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aidlib.errors import LawGap, ParameterFault
from aidlib.law import Book
from aidlib.law.coverage import CHARACTERS, all_names, coverage, draw, figure
from aidlib.regions import lineage

BOOK = Book()
PLACES = sorted({entry.row["region"] for entry in BOOK.tables.entries})


@settings(deadline=None)  # the first call imports pandas
@given(place=st.sampled_from(PLACES), name=st.sampled_from(sorted(BOOK.tables.names)), data=st.data())
def test_coverage_agrees_with_the_book(place: str, name: str, data: st.DataObject) -> None:
    """For one group, each month has the status the book answers with: in force, stale, or missing."""
    groups = sorted({entry.row["group"] for code in lineage(place) for entry in BOOK.rows(code, name)} | {""})
    group = data.draw(st.sampled_from(groups))
    frame = coverage(BOOK, [place], [f"{name}[{group}]"], "2013-01", "2026-12")
    for month, status in zip(frame["month"], frame["status"], strict=True):
        known = BOOK.at(place, date.fromisoformat(f"{month}-01")).last_known(name, group)
        assert status == (known.status if known else "missing") or status == "projected", month
        assert status != "projected" or known is None or known.status == "stale"


def test_a_plain_name_takes_the_best_of_any_group() -> None:
    """A name with rows by group only is covered when any group is."""
    frame = coverage(BOOK, ["610400"], ["review_months", "review_months[class_b]"], "2024-01", "2024-01")
    assert frame["status"].tolist() == ["enacted", "enacted"]
    assert coverage(BOOK, ["610400"], ["review_months[]"], "2024-01", "2024-01")["status"].tolist() == ["missing"]


def test_a_draft_is_seen_only_where_nothing_is_in_force() -> None:
    """Gansu's draft of June 2025 shows as projected; it does not hide a rule in force."""
    names = ["rigid_ratio_range", "rigid_lookback_months"]
    frame = coverage(BOOK, ["620000"], names, "2025-05", "2025-06")
    assert frame["status"].tolist() == ["missing", "projected", "enacted", "enacted"]


def test_a_month_is_asked_on_its_first_day() -> None:
    """A rule of 29 January is missing in January and enacted in February; a lapsed one is stale from the next month."""
    rows = coverage(BOOK, ["000000"], ["quick_aid_cap", "income_disregard[basic_pension]"], "2025-12", "2026-02")
    assert rows["status"].tolist() == ["missing", "missing", "enacted", "enacted", "stale", "stale"]


def test_the_frame_is_tidy_and_reads_nothing() -> None:
    """One row a region, month and name, in the order asked for; nothing counts as read."""
    book = Book()
    frame = coverage(book, ["梧州市", "230000"], ["notice_days", "hotline"], "2022-11", "2023-05")
    assert list(frame.columns) == ["region", "month", "name", "status"]
    assert len(frame) == 2 * 2 * 7
    assert not frame.duplicated(["region", "month", "name"]).any()
    assert frame["region"].unique().tolist() == ["450400", "230000"]
    assert (book.reads, book.gaps) == ({}, {})


def test_unknown_names_and_bad_months_are_named() -> None:
    """A misspelt name offers the nearest; a month is YYYY-MM and a period does not run backwards."""
    with pytest.raises(LawGap, match="try: notice_days"):
        coverage(BOOK, ["000000"], ["notice_day"], "2024-01", "2024-02")
    for first, last in (("2024", "2024-02"), ("2024-13", "2025-01"), ("2024-02", "2024-01")):
        with pytest.raises(ParameterFault):
            coverage(BOOK, ["000000"], ["notice_days"], first, last)


def test_the_drawing_has_one_character_a_month() -> None:
    """Each line holds the region and as many characters as months, in parts of a chosen length."""
    frame = coverage(BOOK, ["450400", "230000"], ["notice_days"], "2020-01", "2022-12")
    lines = [line for line in draw(frame, months_a_line=24).splitlines() if line.startswith(("450400", "230000"))]
    assert [len(line.split()[-1]) for line in lines] == [24, 24, 12, 12]
    assert "".join(line.split()[-1] for line in lines[::2]).count(CHARACTERS["enacted"]) == 18


def test_the_figure_shows_every_name_and_region() -> None:
    """One panel a name, the regions by their Chinese names, and a legend of the states that occur."""
    frame = coverage(BOOK, ["450400", "230000"], ["notice_days", "hotline"], "2020-01", "2022-12")
    drawing = figure(frame, {"notice_days": "公示天数"})
    assert [axes.get_title(loc="left") for axes in drawing.axes] == ["公示天数", "hotline"]
    assert {tick.get_text() for tick in drawing.axes[0].get_yticklabels()} == {"梧州市", "黑龙江省"}
    assert [text.get_text() for text in drawing.legends[0].get_texts()] == ["有明文", "缺"]


def test_all_names_of_a_place_include_those_above() -> None:
    """Names with a row at the place or above it, and no others."""
    names = set(all_names(BOOK, ["450400"]))
    assert {"ta_year_cap", "approve_workdays"} <= names
    assert "rigid_living_aid" not in names
