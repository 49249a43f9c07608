"""Adding figures: what is written reads back the same, every fault shows at once, and nothing is written by halves."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aidlib.additions import add, log, records
from aidlib.errors import AidError, DataFault
from aidlib.indices import FIGURE_COLUMNS, Figures, faults
from aidlib.regions import provinces

ALL_ITEMS = "cpi_yoy:total:all_items"
HEADINGS = ["地区", "月份", "指标", "数值", "来源", "发布日期"]
ROW = ["梧州市", "2026年10月", ALL_ITEMS, "102.3", "梧州调查队 2026年10月价格", "2026-11-12"]


def sheet(folder: Path, *rows: list[str], headings: list[str] = HEADINGS) -> Path:
    path = folder / "input.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([headings, *rows])
    return path


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the user, in force."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("AIDLIB_DATA", str(folder))
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.csv"))}


def told(tmp_path: Path, own: Path, *rows: list[str], headings: list[str] = HEADINGS) -> list[str]:
    with pytest.raises(AidError) as caught:
        add(sheet(tmp_path, *rows, headings=headings), own)
    assert content(own) == {}
    return [str(fault) for fault in caught.value.faults]


def test_a_new_index_is_there_for_the_next_report(tmp_path: Path, own: Path) -> None:
    """One command adds the month; the figure and its source read back, and `aidlib check` stays green."""
    change = add(sheet(tmp_path, ROW), own)
    got = Figures().get("450400", ALL_ITEMS, "2026-10")
    assert (got.text, got.status, got.source.title, got.vintage) == ("102.3", "observed", ROW[4], "2026-11-12")
    assert change.written
    assert list(change.files) == ["reference/sources.csv", "reference/cpi_monthly.csv"]
    assert faults() == []


def test_a_preview_shows_the_change_and_writes_nothing(tmp_path: Path, own: Path) -> None:
    """A dry run says what is new and what becomes of an old value."""
    rows = [ROW, ["全国", "2020-02", ALL_ITEMS, "105.1", ROW[4], "2026-11-12"]]
    shown = str(add(sheet(tmp_path, *rows), own, dry_run=True))
    assert "input.csv D (数值) -> value" in shown
    assert f"new: 梧州市 450400 2026-10 {ALL_ITEMS}: (none) -> 102.3 index_yoy (2026-11-12)" in shown
    assert f"changed: 全国 000000 2020-02 {ALL_ITEMS}: 105.17 index_yoy (2026-02-21) -> 105.1" in shown
    assert "would be written to" in shown
    assert content(own) == {}


def test_a_preview_does_not_make_the_folder(tmp_path: Path) -> None:
    """Looking costs nothing, not even an empty folder."""
    add(sheet(tmp_path, ROW), tmp_path / "later", dry_run=True)
    assert not (tmp_path / "later").exists()


def test_adding_twice_changes_nothing(tmp_path: Path, own: Path) -> None:
    """The second time everything is already there and no file is touched."""
    add(sheet(tmp_path, ROW), own)
    before = content(own)
    change = add(sheet(tmp_path, ROW), own)
    assert (change.counts(), change.files) == ({"same": 1}, {})
    assert content(own) == before


def test_a_correction_of_the_same_day_replaces_the_own_row(tmp_path: Path, own: Path) -> None:
    """Same vintage, other value: one row stays."""
    add(sheet(tmp_path, ROW), own)
    change = add(sheet(tmp_path, [*ROW[:3], "102.4", *ROW[4:]]), own)
    assert change.counts() == {"changed": 1}
    assert [figure.text for figure in Figures().vintages("450400", ALL_ITEMS, "2026-10")] == ["102.4"]


def test_a_later_publication_is_kept_beside_the_first(tmp_path: Path, own: Path) -> None:
    """A revision is another vintage; both stay visible and the later answers."""
    add(sheet(tmp_path, ROW), own)
    add(sheet(tmp_path, [*ROW[:3], "102.4", "修订", "2026-11-25"]), own)
    assert [figure.text for figure in Figures().vintages("450400", ALL_ITEMS, "2026-10")] == ["102.3", "102.4"]


def test_an_older_publication_is_said_not_to_answer(tmp_path: Path, own: Path) -> None:
    """Adding an old print does not quietly lose against the shipped export."""
    change = add(sheet(tmp_path, ["全国", "2020-02", ALL_ITEMS, "105.2", "旧公报", "2020-03-10"]), own)
    assert change.counts() == {"older": 1, "source": 1}
    assert Figures().get("000000", ALL_ITEMS, "2020-02").text == "105.17"


@pytest.mark.parametrize(
    ("heading", "rise", "value"), [("涨幅（%）", "2.3", "102.3"), ("同比涨幅", "-0.3%", "99.7"), ("rise", "0", "100")]
)
def test_a_rise_becomes_an_index_only_under_a_heading_that_says_so(
    tmp_path: Path, own: Path, heading: str, rise: str, value: str
) -> None:
    """Percent rises are converted exactly, and the row says that they were."""
    add(sheet(tmp_path, [*ROW[:3], rise, *ROW[4:]], headings=[*HEADINGS[:3], heading, *HEADINGS[4:]]), own)
    got = Figures().get("450400", ALL_ITEMS, "2026-10")
    assert (got.text, got.note) == (value, "published as a rise in percent")


@pytest.mark.parametrize(("column", "cell", "message"), [
    (0, "梧洲市", "column A (地区): unknown region"),
    (0, "", "column A (地区): unknown region"),
    (1, "2026.1", "column B (月份): unreadable period"),
    (1, "2062-10", "column B (月份): an index of a month after its publication"),
    (2, "cpi_yoy:total:all_item", "column C (指标): unknown series"),
    (2, "", "column C (指标): no series"),
    (3, "2.3%", "column D (数值): a percentage where an index belongs"),
    (3, "2.3", "column D (数值): not an index with base 100"),
    (3, "约102", "column D (数值): unreadable value"),
    (3, "", "column D (数值): unreadable value"),
    (4, "", "column E (来源): no source"),
    (4, "公报(mirror.example.com)", "column E (来源): a host name in a title"),
    (5, "", "column F (发布日期): no vintage"),
    (5, "昨天", "column F (发布日期): unreadable"),
    (5, "2926-11-12", "column F (发布日期): published on a day that has not come"),
])  # fmt: skip
def test_each_fault_names_file_row_and_column(tmp_path: Path, own: Path, column: int, cell: str, message: str) -> None:
    """One wrong cell is one message (a date is wrong for the row and for its source)."""
    row = [cell if number == column else there for number, there in enumerate(ROW)]
    assert any(text.startswith(f"input.csv row 2, {message}") for text in told(tmp_path, own, row))


def test_all_faults_of_a_file_show_at_once_in_order(tmp_path: Path, own: Path) -> None:
    """Bad rows among good ones, with an unknown series in the middle, in the order of the file."""
    bad = [[*ROW[:3], "2.3%", *ROW[4:]], ["梧洲市", *ROW[1:]], [*ROW[:2], "某某指数", *ROW[3:]]]
    months = [["梧州市", f"2026-{month:02d}", *ROW[2:]] for month in range(1, 9)]
    got = told(tmp_path, own, *bad, *months, [*ROW[:3], "x", *ROW[4:]])
    assert [text.split(",")[0] for text in got if "twice" not in text] == [f"input.csv row {n}" for n in (2, 3, 4, 13)]


def test_an_unknown_series_hides_no_other_fault_of_its_line(tmp_path: Path, own: Path) -> None:
    """Region, month, value, source and day of the line are looked at too, and letters in another order are recognised."""
    bad = ["梧洲市", "2026年13月", "价居民消费格同比指数", "一百", "", "12/11/2026"]
    got = told(tmp_path, own, bad, ROW)
    assert all(text.startswith("input.csv row 2") for text in got)
    assert {text.split("(")[1].split(")")[0] for text in got} == set(HEADINGS)
    assert any("居民消费价格同比指数" in text for text in got)


def test_value_and_rise_must_agree(tmp_path: Path, own: Path) -> None:
    """Two columns that say different things are refused."""
    got = told(tmp_path, own, [*ROW, "2.4"], headings=[*HEADINGS, "涨幅"])
    assert got == ["input.csv row 2, column G (涨幅): value and rise disagree; expected an index of 102.4; got '102.3'"]


def test_value_and_rise_that_agree_are_one_figure(tmp_path: Path, own: Path) -> None:
    """102.30 and a rise of 2.3 are the same number; the value is kept as written."""
    add(sheet(tmp_path, [*ROW[:3], "102.30", *ROW[4:], "2.3"], headings=[*HEADINGS, "涨幅"]), own)
    assert Figures().get("450400", ALL_ITEMS, "2026-10").text == "102.30"


def test_a_rise_of_something_that_is_no_index_is_refused(tmp_path: Path, own: Path) -> None:
    """An income has no base of 100."""
    headings = [*HEADINGS[:3], "涨幅", *HEADINGS[4:]]
    row = ["梧州市", "2025", "disposable_income_pc:total", "5.1", *ROW[4:]]
    assert "a rise of a series that is no index" in told(tmp_path, own, row, headings=headings)[0]


def test_a_file_for_two_tables_is_written_in_one_go(tmp_path: Path, own: Path) -> None:
    """An index, an income and a standard of one file go to three tables, with their sources first."""
    standard = ["梧州市", "", "农村低保标准(元/月)", "600", "某通知", "2026-09-20", "2026-10-01", "第一条"]
    rows = [[*ROW, "", ""], ["梧州市", "2025", "居民人均可支配收入", "38000", *ROW[4:], "", ""], standard]
    change = add(sheet(tmp_path, *rows, headings=[*HEADINGS, "执行日期", "条款"]), own)
    tables = [
        "reference/sources.csv",
        "reference/cpi_monthly.csv",
        "reference/income.csv",
        "law/sources_local.csv",
        "law/values_local.csv",
    ]
    assert list(change.files) == tables
    assert Figures().get("450400", "disposable_income_pc:total", "2025").text == "38000"


def test_a_series_may_be_named_by_its_label(tmp_path: Path, own: Path) -> None:
    """The Chinese label of a series does as well as its name."""
    add(sheet(tmp_path, [*ROW[:2], "居民消费价格同比指数", *ROW[3:]]), own)
    assert Figures().get("450400", ALL_ITEMS, "2026-10").text == "102.3"


class FullDisk:
    """Stands for `os.replace` on a disk that refuses from the nth move on."""

    def __init__(self, good: int) -> None:
        self.good = good
        self.real = os.replace

    def __call__(self, source: Path, target: Path) -> None:
        self.good -= 1
        if self.good == -1:
            raise OSError(28, "No space left on device")
        self.real(source, target)


@pytest.mark.parametrize("good", [0, 1, 2])
def test_a_failure_while_writing_leaves_the_old_files_whole(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch, good: int
) -> None:
    """Whichever move fails, sources and figures are as they were and no temporary file stays."""
    add(sheet(tmp_path, ROW), own)
    before = content(own)
    monkeypatch.setattr(records.os, "replace", FullDisk(good))
    with pytest.raises(DataFault, match=r"nothing was written.*No space left"):
        add(sheet(tmp_path, [*ROW[:1], "2026-11", ALL_ITEMS, "102.4", "另一公报", "2026-11-20"]), own)
    assert content(own) == before
    assert {path.name for path in (own / "reference").iterdir()} == {"cpi_monthly.csv", "sources.csv"}
    assert len(log(own)) == 1


def test_a_failure_of_the_first_addition_leaves_no_file(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there was nothing there is nothing."""
    monkeypatch.setattr(records.os, "replace", FullDisk(1))
    with pytest.raises(DataFault, match="nothing was written"):
        add(sheet(tmp_path, ROW), own)
    assert content(own) == {}


def test_two_writers_do_not_mix(tmp_path: Path, own: Path) -> None:
    """While one writes, another is told to wait."""
    with records.locked(own), pytest.raises(DataFault, match="another addition is being written"):
        add(sheet(tmp_path, ROW), own)
    add(sheet(tmp_path, ROW), own)


def test_the_folder_named_is_the_one_that_counts(tmp_path: Path, own: Path) -> None:
    """Adding into another folder than AIDLIB_DATA compares with that folder and leaves the setting as it was."""
    other = tmp_path / "other"
    add(sheet(tmp_path, ROW), own)
    assert add(sheet(tmp_path, ROW), other).counts() == {"new": 1, "source": 1}
    assert os.environ["AIDLIB_DATA"] == str(own)


def test_a_broken_overlay_is_reported_and_left_alone(tmp_path: Path, own: Path) -> None:
    """Nothing is added on top of a table that does not read."""
    (own / "reference").mkdir()
    (own / "reference/cpi_monthly.csv").write_text(f"{','.join(FIGURE_COLUMNS)}\n450400,?,?,?,?,?,?,?,?,?\n")
    before = content(own)
    with pytest.raises(DataFault, match=r"overlay:reference/cpi_monthly.csv:2"):
        add(sheet(tmp_path, ROW), own)
    assert content(own) == before


CODES = st.sampled_from([place.code for place in provinces()])
MONTHS = st.builds("{}-{:02d}".format, st.integers(2004, 2008), st.integers(1, 12))
VALUES = st.decimals(80, 120, places=1, allow_nan=False)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.dictionaries(st.tuples(CODES, MONTHS), VALUES, min_size=1, max_size=8))
def test_what_is_added_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, facts: dict[tuple[str, str], object]
) -> None:
    """Any set of months and values comes back as it was written, and a second addition finds it all there."""
    folder = tmp_path_factory.mktemp("own")
    monkeypatch.setenv("AIDLIB_DATA", str(folder))
    rows = [[code, month, ALL_ITEMS, str(value), *ROW[4:]] for (code, month), value in facts.items()]
    add(sheet(folder, *rows), folder, confirm=True)
    figures = Figures()
    assert {key: figures.get(key[0], ALL_ITEMS, key[1]).text for key in facts} == {k: str(v) for k, v in facts.items()}
    assert add(sheet(folder, *rows), folder).counts() == {"same": len(facts)}
