"""What stands out is shown beside what is known and refused until somebody confirms it; what fits goes through without a question."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from aidlib.additions import add
from aidlib.additions.plausible import Judge, Spread, conventions
from aidlib.errors import AidError
from aidlib.indices import Figures
from aidlib.tables import rows

INDEX = ["地区", "月份", "指标", "数值", "来源", "发布日期"]
RISE = [*INDEX[:3], "涨幅", *INDEX[4:]]
STANDARD = ["地区", "指标", "类别", "数值", "单位", "执行日期", "条款", "来源", "文号", "发文日期"]
CPI = ["梧州市", "2026年10月", "CPI", "102.3", "虚构的公报", "2026-11-12"]
DIBAO = [
    "梧州市",
    "低保标准",
    "城镇",
    "810",
    "元/人·月",
    "2026-10-01",
    "第一条",
    "虚构的通知",
    "某〔2026〕9号",
    "2026-09-20",
]


def sheet(folder: Path, headings: list[str], *lines: list[str]) -> Path:
    path = folder / "input.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([headings, *lines])
    return path


def changed(line: list[str], **cells: str) -> list[str]:
    return [cells.get(f"at{number}", cell) for number, cell in enumerate(line)]


FITTING = [
    (INDEX, CPI), (RISE, changed(CPI, at3="2.3")), (RISE, changed(CPI, at3="-0.4")), (INDEX, changed(CPI, at3="99.6")), (STANDARD, DIBAO),
    (STANDARD, changed(DIBAO, at2="农村", at3="7200", at4="元/人·年")), (INDEX, ["广西", "2025年", "居民人均可支配收入", "32500", "虚构的公报", "2026-02-01"]),
]  # fmt: skip
STANDING_OUT = {
    "an index of 23": (INDEX, changed(CPI, at3="23"), ("last", "广西壮族自治区", "全国")),
    "a rise of 102.3": (RISE, changed(CPI, at3="102.3"), ("last", "全国", "a rise of 102.3")),
    "2.3 percent as a fraction": (RISE, changed(CPI, at3="0.023"), ("last", "a rise of 0.023")),
    "a fall of a third": (RISE, changed(CPI, at3="-33"), ("last", "全国")),
    "a standard of 105": (STANDARD, changed(DIBAO, at3="105"), ("last 680", "广西壮族自治区 average", "全国 average")),
    "a standard of minus five": (STANDARD, changed(DIBAO, at3="-5"), ("last 680", "全国 average")),
    "a standard of 10,500": (STANDARD, changed(DIBAO, at3="10,500"), ("全国 average",)),
    "a year's amount by the month": (STANDARD, changed(DIBAO, at2="农村", at3="7200"), ("last 375", "全国 average")),
    "an income of a tenth": (INDEX, ["广西", "2025年", "居民人均可支配收入", "3250", "虚构的公报", "2026-02-01"], ("last 31125 (2024)", "全国")),
    "a day in the middle of a month": (INDEX, changed(CPI, at1="2026-10-12"), ("taken as its month, 2026-10",)),
    "a month ten years back": (INDEX, changed(CPI, at1="2016年10月"), ("published years after its period", "2026-11-12 for 2016-10")),
}  # fmt: skip


@pytest.mark.parametrize(("headings", "line"), FITTING)
def test_what_fits_is_written_without_a_question(tmp_path: Path, headings: list[str], line: list[str]) -> None:
    """An ordinary month, a new standard of the usual height, a year's income."""
    assert add(sheet(tmp_path, headings, line), tmp_path / "own").written


@pytest.mark.parametrize("kind", STANDING_OUT)
def test_what_stands_out_is_shown_beside_what_is_known(tmp_path: Path, kind: str) -> None:
    """Nothing is written; the figures it was held against are named, and so is the way to confirm it."""
    headings, line, beside = STANDING_OUT[kind]
    with pytest.raises(AidError) as caught:
        add(sheet(tmp_path, headings, line), tmp_path / "own")
    assert len(caught.value.faults) == 1
    assert all(text in str(caught.value) for text in (*beside, "--confirm", "input.csv row 2"))
    assert not list((tmp_path / "own").glob("*/*.csv"))


@pytest.mark.parametrize("kind", STANDING_OUT)
def test_a_preview_shows_it_and_a_confirmation_writes_it(tmp_path: Path, kind: str) -> None:
    """A dry run lists the doubt with the change; --confirm goes on."""
    headings, line, _ = STANDING_OUT[kind]
    path = sheet(tmp_path, headings, line)
    assert "stands out: input.csv row 2" in str(add(path, tmp_path / "own", dry_run=True))
    assert add(path, tmp_path / "own", confirm=True).written


def test_the_day_of_a_month_is_taken_and_said(tmp_path: Path) -> None:
    """The first and the last day are how spreadsheets write months."""
    for day in ("2026-10-31", "2026-10-01"):
        change = add(sheet(tmp_path, INDEX, changed(CPI, at1=day)), tmp_path / "own", dry_run=True)
        assert f"the day {day} is taken as its month, 2026-10" in str(change)
        assert not change.doubts


def test_a_month_is_held_against_the_month_before_it_in_the_file(tmp_path: Path) -> None:
    """Of three new months the one that jumps is asked about, and the one after it is held against the last that fits."""
    lines = [
        changed(CPI, at1=f"2026年{month}月", at3=value) for month, value in ((8, "101.9"), (9, "112.0"), (10, "102.3"))
    ]
    with pytest.raises(AidError) as caught:
        add(sheet(tmp_path, INDEX, *lines), tmp_path / "own")
    assert [fault.got for fault in caught.value.faults] == ["112.0"]
    assert "last 101.9 (2026-08)" in str(caught.value)


def test_town_is_held_against_country(tmp_path: Path) -> None:
    """A rural income above the urban one of the same year stands out by what the two were to each other."""
    pair = [
        ["某省", "2025年", f"{area}居民人均可支配收入", value, "虚构的公报", "2026-02-01"]
        for area, value in (("城镇", "44000"), ("农村", "43000"))
    ]
    own = tmp_path / "own"
    urban, rural = ([["广西", *line[1:]] for line in pair[at : at + 1]] for at in (0, 1))
    add(sheet(tmp_path, INDEX, *urban), own, confirm=True)
    with pytest.raises(AidError, match="urban 44000"):
        add(sheet(tmp_path, INDEX, *rural), own)


def test_a_standard_below_the_provinces_floor_stands_out(tmp_path: Path) -> None:
    """The rule of the province is one of the things a standard is held against."""
    own = tmp_path / "own"
    add(sheet(tmp_path, STANDARD, changed(DIBAO, at0="新疆", at1="dibao_floor", at3="700", at5="2026-01-01")), own)
    line = changed(DIBAO, at0="659012", at3="690")
    with pytest.raises(AidError, match=r"dibao_floor 新疆维吾尔自治区 700 \(so 700 or more\).*got '690'"):
        add(sheet(tmp_path, STANDARD, line), own)
    assert add(sheet(tmp_path, STANDARD, changed(line, at3="700")), own).written


def test_bounds_come_from_what_was_published() -> None:
    """The widest change of a month ever seen in the shipped indices, a quarter wider, does not stand out; half as much more does."""
    spread = Judge(Figures()).changes("cpi_yoy:total:all_items", "index_yoy", 1)
    assert spread is not None
    assert spread.count > 1000
    low, high = spread.widened()
    assert low < spread.low < 0 < spread.high < high < 1.5 * spread.high


def test_conventions_are_rows_with_a_source() -> None:
    """Every number the judgement rests on beside the figures has a unit and a reason."""
    found = rows("additions/conventions.csv", ("name", "value", "unit", "source"))
    assert {row["name"] for row in found} == conventions().keys()
    assert all(row["unit"] and row["source"] for row in found)


def test_a_spread_turned_round_is_that_of_the_earlier_figure() -> None:
    """What rose by at most 3 fell, looked at from later, by at most 3."""
    from aidlib.additions.plausible import _turned

    spread = Spread(10, -1.0, 0.5, 3.0)
    assert _turned(spread, -1, by_factor=False) == Spread(10, -3.0, -0.5, 1.0)
    assert _turned(Spread(10, 0.5, 1.0, 2.0), -1, by_factor=True) == Spread(10, 0.5, 1.0, 2.0)
