"""Adding a standard: the row it ends is shown and written, nothing closes silently, and the book still loads."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from aidlib.additions import add
from aidlib.errors import AidError, LawFault
from aidlib.law import Book
from aidlib.law.load import VALUE_COLUMNS

PLACE = "659012"
HEADINGS = ["地区", "指标", "类别", "数值", "单位", "执行日期", "截止日期", "条款", "来源", "文号", "发文日期"]
FIRST = [
    PLACE,
    "dibao_standard",
    "城镇",
    "600",
    "元/人·月",
    "2025-01-01",
    "",
    "第一条",
    "虚构的提标通知",
    "虚构〔2025〕1号",
    "2024-12-20",
]
NEXT = [*FIRST[:3], "640", FIRST[4], "2026-07-01", "", "第一条", "虚构的提标通知(二)", "虚构〔2026〕2号", "2026-06-20"]


def sheet(folder: Path, *rows: list[str]) -> Path:
    path = folder / "standard.csv"
    with path.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows([HEADINGS, *rows])
    return path


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the user, in force, that already holds an invented standard of a place."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("AIDLIB_DATA", str(folder))
    add(sheet(tmp_path, FIRST), folder)
    return folder


def standard(day: str) -> str:
    return Book().at(PLACE, date.fromisoformat(day)).value("dibao_standard", "urban").text


def refused(tmp_path: Path, own: Path, *rows: list[str]) -> str:
    before = (own / "law/values_local.csv").read_bytes()
    with pytest.raises(AidError) as caught:
        add(sheet(tmp_path, *rows), own)
    assert (own / "law/values_local.csv").read_bytes() == before
    return str(caught.value)


def test_a_standard_enters_the_book_with_its_document(own: Path) -> None:
    """Group, unit and dates are read as a clerk writes them; the document becomes a source."""
    value = Book().at(PLACE, date(2025, 6, 1)).value("dibao_standard", "urban")
    assert (value.text, value.unit, value.article, value.status) == ("600", "yuan/person/month", "第一条", "enacted")
    assert value.source.cite() == "《虚构的提标通知》（虚构〔2025〕1号）"


@pytest.mark.parametrize(("day", "amount"), [("2026-06-30", "600"), ("2026-07-01", "640")])
def test_a_new_standard_ends_the_one_before(tmp_path: Path, own: Path, day: str, amount: str) -> None:
    """The last day of the old row is the day before the first of the new one."""
    add(sheet(tmp_path, NEXT), own)
    assert standard(day) == amount


def test_the_end_of_a_row_is_shown(tmp_path: Path, own: Path) -> None:
    """Nothing closes silently: the preview names the row, its file and line, and its last day."""
    shown = str(add(sheet(tmp_path, NEXT), own, dry_run=True))
    assert (
        f"{PLACE} dibao_standard urban from 2025-01-01, 600 yuan/person/month (overlay:law/values_local.csv:2): open -> to 2026-06-30"
        in shown
    )
    assert "from 2026-07-01: (none) -> 640 yuan/person/month" in shown
    assert standard("2026-07-01") == "600"


def test_a_shipped_row_is_ended_by_a_replacement_in_the_overlay(tmp_path: Path, own: Path) -> None:
    """The shipped table stays as it is; the overlay holds the same row with its last day."""
    rows = [["全国", "linkage_pay_workdays", "", "15", "workday", "2027-01-01", "", "第二条", *FIRST[8:]]]
    names = Book().tables.names
    shipped = [e for e in Book().tables.entries if e.end == date.max and not e.row.overlaid and e.row["group"] == ""]
    entry = next(e for e in shipped if names[e.row["name"]].units == (e.row["unit"],) and e.start < date(2026, 1, 1))
    rows[0][0], rows[0][1], rows[0][3], rows[0][4] = (entry.row[c] for c in ("region", "name", "value", "unit"))
    add(sheet(tmp_path, *rows), own)
    local = (own / "law/values_local.csv").read_text(encoding="utf-8")
    assert f"{entry.row['from']},2026-12-31,{entry.row['value']}" in local
    assert Book().at(entry.row["region"], date(2027, 1, 1)).value(entry.row["name"]).source.number == FIRST[9]


def test_a_correction_replaces_a_row_of_the_same_first_day(tmp_path: Path, own: Path) -> None:
    """Same place, name, group and day: the value changes, and the change is shown."""
    change = add(sheet(tmp_path, [*FIRST[:3], "610", *FIRST[4:]]), own)
    assert "600 yuan/person/month -> 610 yuan/person/month" in str(change)
    assert standard("2025-01-01") == "610"


def test_adding_twice_changes_nothing(tmp_path: Path, own: Path) -> None:
    """The same document again finds everything there."""
    before = (own / "law/values_local.csv").read_bytes()
    assert add(sheet(tmp_path, FIRST), own).files == {}
    assert (own / "law/values_local.csv").read_bytes() == before


def test_several_steps_of_one_file_end_each_other(tmp_path: Path, own: Path) -> None:
    """A file may carry the history of a standard, in any order."""
    third = [*NEXT[:3], "700", NEXT[4], "2027-07-01", *NEXT[6:]]
    add(sheet(tmp_path, third, NEXT), own)
    assert [standard(day) for day in ("2026-06-30", "2027-06-30", "2027-07-01")] == ["600", "640", "700"]


def test_a_row_before_a_known_one_needs_an_end(tmp_path: Path, own: Path) -> None:
    """An older standard without a last day would overlap the later one: the last day it may have is named."""
    older = [*FIRST[:3], "560", FIRST[4], "2024-01-01", *FIRST[6:]]
    assert "a later row already holds" in (text := refused(tmp_path, own, older))
    assert "to = 2024-12-31" in text
    add(sheet(tmp_path, [*older[:6], "2024-12-31", *older[7:]]), own)
    assert standard("2024-12-31") == "560"


def test_a_passing_row_inside_an_open_one_is_refused(tmp_path: Path, own: Path) -> None:
    """A row with an end would leave nothing in force afterwards."""
    passing = [*NEXT[:6], "2026-12-31", *NEXT[7:]]
    assert "an older row goes on after the new one ends" in refused(tmp_path, own, passing)


def test_two_lines_for_the_same_day_are_refused(tmp_path: Path, own: Path) -> None:
    """A file must not contradict itself."""
    assert "two lines of the file hold on the same day" in refused(tmp_path, own, NEXT, [*NEXT[:3], "650", *NEXT[4:]])


def test_a_row_of_another_own_file_is_not_touched(tmp_path: Path, own: Path) -> None:
    """What the user wrote by hand elsewhere in the overlay only the user ends."""
    (own / "law/values_local.csv").rename(own / "law/values_mine.csv")
    with pytest.raises(
        LawFault, match=r"a row that only you can end; expected end it in overlay:law/values_mine.csv:2"
    ):
        add(sheet(tmp_path, NEXT), own)


@pytest.mark.parametrize(("column", "cell", "message"), [
    (0, "659999", "unknown region"),
    (2, "城乡之间", "unknown group"),
    (3, "六百", "unreadable value"),
    (4, "元/斤", "unknown unit"),
    (5, "2026.7", "unreadable date"),
    (6, "2026-01-01", "the last day is before the first"),
    (7, "", "no article"),
    (8, "", "no source"),
    (10, "", "no date"),
])  # fmt: skip
def test_each_fault_of_a_standard_names_its_row(
    tmp_path: Path, own: Path, column: int, cell: str, message: str
) -> None:
    """One wrong cell gives its message with file and row; nothing is written."""
    got = refused(tmp_path, own, [cell if number == column else there for number, there in enumerate(NEXT)])
    assert "standard.csv row 2" in got
    assert message in got


def test_the_local_table_has_the_columns_of_the_book(own: Path) -> None:
    """The overlay is an ordinary law table, to be edited by hand as well."""
    with (own / "law/values_local.csv").open(encoding="utf-8", newline="") as lines:
        assert next(csv.reader(lines)) == list(VALUE_COLUMNS)
