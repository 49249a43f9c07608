"""Published figures: asking, rounding as published, vintages, what was known when, and the user's overlay."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import DataFault, DataGap, RegionUnknown
from aidlib.indices import FIGURE_COLUMNS, Figure, Figures, Publication
from aidlib.indices.store import known_since
from aidlib.regions import provinces

ALL_ITEMS = "cpi_yoy:total:all_items"
HEADER = ",".join(FIGURE_COLUMNS)


def figure(text: str, decimals: int | None = 1, unit: str = "index_yoy") -> Figure:
    source = Publication("S", "title", "", "own", "")
    return Figure("000000", "2020-01", "s", text, unit, "observed", source, "", None, decimals, "t.csv:2", "")


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty overlay folder that is in force."""
    (tmp_path / "reference").mkdir()
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    return tmp_path / "reference"


def lay(overlay: Path, *rows: str) -> None:
    (overlay / "cpi_monthly.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(("text", "published"), [("102.4499", "102.4"), ("102.45", "102.5"), ("102.4500001", "102.5")])
def test_an_index_is_rounded_half_up_to_its_published_decimal(text: str, published: str) -> None:
    """One decimal is published: 102.4499 is 102.4, and 102.45 is 102.5."""
    assert figure(text).published == Fraction(published)


@pytest.mark.parametrize(
    ("text", "rise"), [("103.4499", "3.4"), ("103.45", "3.5"), ("96.95", "-3.0"), ("96.9499", "-3.1")]
)
def test_the_rise_comes_from_the_published_number(text: str, rise: str) -> None:
    """A condition is tested on the number that was published, also below 100."""
    assert figure(text).rise == Fraction(rise)


def test_without_published_decimals_the_number_is_as_written() -> None:
    """Incomes and counts are not rounded."""
    assert figure("30732.85", None).published == Fraction("30732.85")


@given(st.decimals(80, 130, allow_nan=False, places=8))
def test_rounding_moves_an_index_by_at_most_half_a_step(value: object) -> None:
    """The published number lies within half a tenth of the exported one and has one decimal."""
    got = figure(str(value))
    assert abs(got.published - got.value) <= Fraction(1, 20)
    assert (got.published * 10).denominator == 1


@pytest.mark.parametrize(
    ("unit", "plain"), [("10k persons", 125_000), ("100m yuan", 1_250_000_000), ("persons", Fraction("12.5"))]
)
def test_plain_numbers_undo_the_scale_of_the_unit(unit: str, plain: object) -> None:
    """Ten thousand persons and a hundred million yuan are written out."""
    assert figure("12.5", None, unit).plain == plain


def test_a_figure_carries_source_vintage_and_place() -> None:
    """A report can say where a number stands."""
    got = Figures().get("450000", ALL_ITEMS, "2017-02")
    assert (got.status, got.source.kind, got.vintage, got.error) == (
        "estimated",
        "computed",
        "2020-06",
        Fraction(1, 20),
    )
    assert got.place.startswith("reference/cpi_monthly.csv:")


def test_only_what_is_asked_for_counts_as_read() -> None:
    """`all` and `vintages` look without reading; `find`, `latest` and `frame` read."""
    figures = Figures()
    figures.all("000000", ALL_ITEMS)
    figures.vintages("000000", ALL_ITEMS, "2020-01")
    assert not figures.reads
    figures.find("000000", ALL_ITEMS, "2020-01")
    figures.frame([ALL_ITEMS], ["450000"], "2020-01", "2020-03")
    assert [read.period for read in figures.reads.values()] == ["2020-01", "2020-01", "2020-02", "2020-03"]


def test_a_gap_names_the_nearest_period() -> None:
    """What is not there is an error that helps, never a zero."""
    with pytest.raises(DataGap, match=r"no figure of .* for 2020-09; try: the nearest period known is 2020-04"):
        Figures().get("310000", ALL_ITEMS, "2020-09")


def test_an_unknown_series_suggests_the_nearest() -> None:
    """A misspelt series is told apart from a missing figure, from every door."""
    figures = Figures()
    for ask in (figures.find, figures.latest):
        with pytest.raises(DataGap, match="cpi_yoy:total:all_items"):
            ask("000000", "cpi_yoy:total:all_item", "2020-01")
    with pytest.raises(DataGap, match="unknown series"):
        figures.places("cpi")


def test_an_unknown_region_is_refused() -> None:
    """A bad code is no empty answer."""
    with pytest.raises(RegionUnknown):
        Figures().find("450401", ALL_ITEMS, "2020-01")


def test_latest_stops_at_the_period_asked_for() -> None:
    """The last figure not after a month, or nothing before the first."""
    figures = Figures()
    assert figures.latest("310000", ALL_ITEMS, "2019-12").period == "2019-12"
    assert figures.latest("000000", ALL_ITEMS, "1990-01") is None


def test_an_instance_answers_from_one_state_of_the_files(overlay: Path) -> None:
    """A report that runs while a clerk adds a figure keeps seeing the data it started with; the next one sees the new."""
    started = Figures()
    assert started.find("450400", ALL_ITEMS, "2030-01") is None
    lay(overlay, f"450400,2030-01,{ALL_ITEMS},102.0,index_yoy,observed,NBS-M,2030-02-10,,")
    assert started.find("450400", ALL_ITEMS, "2030-01") is None
    assert Figures().get("450400", ALL_ITEMS, "2030-01").text == "102.0"


def test_a_newer_vintage_of_the_overlay_answers_and_the_shipped_one_stays(overlay: Path) -> None:
    """Vintages are kept side by side, oldest first."""
    lay(overlay, f"000000,2020-02,{ALL_ITEMS},105.1,index_yoy,observed,NBS-M,2030-01-01,,revised")
    figures = Figures()
    shipped, own = figures.vintages("000000", ALL_ITEMS, "2020-02")
    assert (shipped.text, own.text) == ("105.17", "105.1")
    assert figures.get("000000", ALL_ITEMS, "2020-02") == own
    assert own.place == "overlay:reference/cpi_monthly.csv:2"


def test_an_older_vintage_of_the_overlay_does_not_answer(overlay: Path) -> None:
    """Laying an old print over the data does not undo a later one."""
    lay(overlay, f"000000,2020-02,{ALL_ITEMS},105.1,index_yoy,observed,NBS-M,2020-03-10,,first print")
    assert Figures().get("000000", ALL_ITEMS, "2020-02").text == "105.17"


def test_at_the_same_vintage_the_overlay_answers(overlay: Path) -> None:
    """The user's own correction of a shipped row wins."""
    lay(overlay, f"000000,2020-02,{ALL_ITEMS},105.1,index_yoy,observed,NBS-M,2026-02-21,,corrected")
    assert Figures().get("000000", ALL_ITEMS, "2020-02").text == "105.1"


def test_as_of_answers_only_with_what_was_known(overlay: Path) -> None:
    """On the day of the first print that print answers; a later export and an unknown vintage do not."""
    lay(overlay, f"000000,2020-02,{ALL_ITEMS},105.1,index_yoy,observed,NBS-M,2020-03-10,,first print")
    assert Figures(as_of="2020-03-10").get("000000", ALL_ITEMS, "2020-02").text == "105.1"
    assert Figures(as_of="2020-03-09").find("000000", ALL_ITEMS, "2020-02") is None
    assert Figures(as_of="2026-02-21").get("000000", ALL_ITEMS, "2020-02").text == "105.17"


@pytest.mark.parametrize(("vintage", "day", "known"), [
    ("2020-03-10", "2020-03-10", True), ("2020-03-10", "2020-03-09", False), ("2020-03", "2020-03-31", False),
    ("2020-03", "2020-04-01", True), ("2020", "2020-12-31", False), ("2020", "2021-01-01", True), ("", "2026-11-22", False),
])  # fmt: skip
def test_a_vintage_is_known_when_it_surely_was(vintage: str, day: str, known: bool) -> None:
    """A month is known from the month after; an unknown vintage never was."""
    assert (known_since(vintage) <= day) is known


def test_an_overlay_may_bring_its_own_series_and_sources(overlay: Path) -> None:
    """Tables of the same name add to the vocabulary."""
    (overlay / "series.csv").write_text(
        "series,table,unit,decimals,zh,en,note\nmy_index,own_table,index_yoy,1,我的,mine,\n"
    )
    (overlay / "sources.csv").write_text("id,title,date,kind,url\nMINE,本局测算,2026-11-01,own,\n")
    (overlay / "own_table.csv").write_text(
        f"{HEADER}\n450400,2026-10,my_index,102.5,index_yoy,estimated,MINE,2026-11-01,0.2,ours\n"
    )
    got = Figures().get("450400", "my_index", "2026-10")
    assert (got.rise, got.source.title, got.error) == (Fraction(5, 2), "本局测算", Fraction(1, 5))


def test_a_broken_overlay_lists_every_fault_with_its_place(overlay: Path) -> None:
    """All faults at once, each with `overlay:` before the file."""
    lay(
        overlay,
        f"450401,2020-13,{ALL_ITEMS},2.5,pct,enacted,NOBODY,soon,x,",
        f"450400,2020-01,{ALL_ITEMS},102,index_yoy",
    )
    with pytest.raises(DataFault, match="wrong count of cells"):
        Figures().find("000000", ALL_ITEMS, "2020-01")
    lay(overlay, f"450401,2020-13,{ALL_ITEMS},2.5,pct,enacted,NOBODY,soon,x,")
    with pytest.raises(DataFault) as caught:
        Figures().find("000000", ALL_ITEMS, "2020-01")
    assert len(caught.value.faults) == 7
    assert all(fault.where.startswith("overlay:reference/cpi_monthly.csv:2 ") for fault in caught.value.faults)


def test_an_overlay_folder_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A misspelt AIDLIB_DATA must not quietly mean no overlay."""
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataFault, match="AIDLIB_DATA names no folder"):
        Figures()


@pytest.mark.parametrize(("content", "what"), [
    (b"\xff\xfe", "not UTF-8"), (f"{HEADER},more\n".encode(), "an unknown column"), (b"region,period\n", "a column is missing"),
])  # fmt: skip
def test_a_table_that_cannot_be_read_says_which(overlay: Path, content: bytes, what: str) -> None:
    """Wrong encoding and wrong columns name the overlaid file."""
    (overlay / "cpi_monthly.csv").write_bytes(content)
    with pytest.raises(DataFault, match=what) as caught:
        Figures().find("000000", ALL_ITEMS, "2020-01")
    assert "overlay:reference/cpi_monthly.csv" in str(caught.value)


def test_every_province_has_every_month_the_readme_promises() -> None:
    """31 provinces by 52 months: all items and the eight classes."""
    figures = Figures()
    months = [f"{year}-{month:02d}" for year in range(2016, 2021) for month in range(1, 13)][:52]
    classes = [name for name in figures.series if name.startswith("cpi_weight:total:")]
    wanted = [ALL_ITEMS, *(name.replace("cpi_weight", "cpi_yoy") for name in classes)]
    assert len(wanted) == 9
    missing = [
        (p.code, name, m)
        for p in provinces()
        for name in wanted
        for m in months
        if figures.find(p.code, name, m) is None
    ]
    assert missing == []


def test_loading_needs_no_pandas() -> None:
    """Reading a figure is cheap; only `frame` pays for pandas."""
    code = "import sys; from aidlib import Figures; Figures(); print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
