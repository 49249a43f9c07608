"""Fifteen layouts are read whole: the statistics bureau's exports, the ministry's tables, yearbook pages and clerks' own."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import LAYOUTS, Layout
from openpyxl import Workbook

from aidlib.additions import add, labels
from aidlib.additions.layouts import Line, read
from aidlib.errors import DataFault
from aidlib.indices import Figures
from aidlib.indices.store import words

SOURCE = {"source": "虚构的导出", "vintage": "2026-11-20"}


def key(line: Line) -> tuple[str, str, str]:
    return line["region"], line.get("period"), line["series"]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_published_layout_is_read_whole(tmp_path: Path, layout: Layout) -> None:
    """Every figure comes out with place, period, series and unit, and whatever is no series of ours is listed."""
    found = read(layout.write(tmp_path), {"region": labels.code(layout.region)})
    figures = {key(line): (line.get("value") or line.get("rise"), line.get("unit")) for line in found.lines}
    assert len(found.lines) == layout.figures
    assert layout.some.items() <= figures.items()
    assert all(any(what in skipped for skipped in found.skipped) for what in layout.ignored)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_heading_is_listed_with_what_it_became(tmp_path: Path, layout: Layout) -> None:
    """A reader sees of each column what it was taken for, or that it was left out."""
    found = read(layout.write(tmp_path), {"region": labels.code(layout.region)})
    assert all(" -> " in heading for heading in found.headings)
    known = {*words().series, "region", "value", "unit", "series", "period", "dibao_standard", "(ignored)"}
    assert any(heading.split(" -> ")[1].split(" ")[0] in known for heading in found.headings)


@pytest.mark.parametrize(
    "layout", [one for one in LAYOUTS if "系虚构" in str(one.rows)], ids=lambda layout: layout.name
)
def test_an_export_goes_into_the_data_folder(tmp_path: Path, layout: Layout) -> None:
    """With the day of the export the whole table is written and reads back; places and publisher come from the table."""
    add(
        layout.write(tmp_path),
        tmp_path / "own",
        confirm=True,
        region=layout.region,
        source=SOURCE["source"],
        published=SOURCE["vintage"],
    )
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "own" / "reference").glob("*.csv"))
    assert written.count(SOURCE["vintage"]) == layout.figures + 1


def test_an_old_workbook_of_the_bureau_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bureau's .xls: incomes of four provinces in three years, with the publisher of the footer as the source."""
    path = Path(__file__).parent / "bureau_year.xls"
    add(path, tmp_path, published="2026-11-20")
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    got = Figures().get("220000", "disposable_income_pc:total", "2025")
    assert (got.text, got.unit) == ("31001", "yuan/person/year")
    assert got.source.title == "国家统计局 分省年度数据 居民人均可支配收入(元)"


def test_a_table_without_a_day_of_publication_says_what_to_add(tmp_path: Path) -> None:
    """The bureau prints no day into its exports: it is asked for, never guessed from the file."""
    with pytest.raises(DataFault, match=r"no vintage.*--published"):
        add(LAYOUTS[0].write(tmp_path), tmp_path / "own")


@pytest.mark.parametrize(("place", "hint"), [
    ("广西壮族自治区梧洲市", "梧州市 450400"), ("广西壮族自治区某某市", ""), ("广西壮族自治区", "广西壮族自治区 450000"), ("梧州市某区", ""),
])  # fmt: skip
def test_no_hint_would_put_a_citys_figure_on_its_province(place: str, hint: str) -> None:
    """A misspelled city is compared with the cities of its province, and with nothing it lies in."""
    assert labels.near_place(place) == hint


@pytest.mark.parametrize(("label", "series"), [
    ("CPI", "cpi_yoy:total:all_items"), ("食品", "cpi_yoy:total:food"), ("SCPI", "scpi_yoy:total:all_items"), ("食品环比", "cpi_mom:total:food"),
    ("居民人均可支配收入", "disposable_income_pc:total"), ("农村居民人均可支配收入(元)", "disposable_income_pc:rural"), ("城市低保标准", "dibao_standard"),
    ("农村最低生活保障平均标准", "dibao_avg:rural"), ("城市居民消费价格指数(上月=100)(2016-)", "cpi_mom:urban:all_items"),
])  # fmt: skip
def test_everyday_words_are_understood(label: str, series: str) -> None:
    """What offices call a series leads to it."""
    named = labels.series_of(labels.read_label(label).facets)
    assert named is not None
    assert named.series == series


@pytest.mark.parametrize("label", [
    "城市低保对象中的老年人", "居民消费价格指数(上年同期=100)", "居民人均可支配收入_累计增长(%)", "城市和农村低保人数占比", "商品零售价格指数", "国内生产总值",
])  # fmt: skip
def test_what_is_no_series_of_ours_is_not_taken_for_one(label: str) -> None:
    """A word too many, another base, a growth rate or two areas at once: not understood is better than wrong."""
    found = labels.read_label(label)
    assert found.left or labels.series_of(found.facets) is None


def test_a_group_heading_of_a_csv_stands_over_its_own_columns_only(tmp_path: Path) -> None:
    """Without merged cells the group of town ends where that of the country begins."""
    lines = read(next(one for one in LAYOUTS if one.name == "各省社会救助.csv").write(tmp_path)).lines
    assert [line["series"].rpartition(":")[2] for line in lines] == ["urban", "urban", "rural", "rural"]


def _table(tmp_path: Path, *rows: list[str]) -> Path:
    return Layout("表.csv", rows, 0, {}).write(tmp_path)


def test_the_growth_of_incomes_is_not_taken_for_prices(tmp_path: Path) -> None:
    """A column of growth beside incomes is left out, and listed."""
    path = _table(
        tmp_path, ["2025年居民收入"], ["地区", "居民人均可支配收入(元)", "同比增长(%)"], ["广西", "32000", "5.1"]
    )
    found = read(path)
    assert [key(line) for line in found.lines] == [("450000", "2025", "disposable_income_pc:total")]
    assert "表.csv C (同比增长(%)) -> (ignored)" in found.headings


@pytest.mark.parametrize(
    "title", ["2026年3季度低保、特困人员情况", "2026年3季度救助情况", "说明：城市低保人数为期末数，2026年3季度"]
)
def test_a_title_that_names_two_programmes_or_none_decides_nothing(tmp_path: Path, title: str) -> None:
    """Persons of an unknown programme are nobody's figure."""
    with pytest.raises(DataFault, match="no lines under known headings"):
        read(_table(tmp_path, [title], ["地区", "人数(人)", "户数(户)"], ["广西", "100", "50"]))


def test_rows_of_no_region_are_left_out_and_listed(tmp_path: Path) -> None:
    """A corps, a part of the country and a total stop no table of provinces; a misspelled province does."""
    rows = [
        ["2026年3季度城市低保"],
        ["地区", "人数(人)", "户数(户)"],
        ["新疆", "100", "50"],
        ["新疆生产建设兵团", "10", "5"],
        ["东部地区", "1", "1"],
    ]
    found = read(_table(tmp_path, *rows, ["合 计", "1", "1"]))
    assert {line["region"] for line in found.lines} == {"650000"}
    assert sum("is no region" in text for text in found.skipped) == 3
    with pytest.raises(DataFault, match=r"row 4, column A \(地区\): unknown region.*got '广两'"):
        add(_table(tmp_path, *rows[:3], ["广两", "10", "5"]), tmp_path / "own", published="2026-11-20")


def test_an_index_of_years_has_the_year_before_as_its_base(tmp_path: Path) -> None:
    """A yearbook that prints 居民消费价格指数 by year means 上年=100."""
    [line] = read(_table(tmp_path, ["居民消费价格指数"], ["地区", "2024年"], ["广西", "100.3"])).lines
    assert (line["series"], line["unit"], line["period"]) == ("cpi_annual:total:all_items", "index_year", "2024")


def test_two_sheets_of_two_kinds_are_read_together(tmp_path: Path) -> None:
    """An export on one sheet and single figures on the next come out as one addition."""
    import xlsxwriter

    path = tmp_path / "两表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for rows in (LAYOUTS[0].rows, next(one for one in LAYOUTS if one.name == "低保标准.csv").rows):
            page = book.add_worksheet()
            for number, cells in enumerate(rows):
                page.write_row(number, 0, cells)
    change = add(path, tmp_path / "own", published="2026-11-20")
    assert change.counts()["new"] == 10
    assert {name.split("/")[0] for name in change.files} == {"reference", "law"}


ALSO = {
    "amount and growth under groups": (
        [["2024年广西各市居民收入"], ["", "城镇居民人均可支配收入", "", "农村居民人均可支配收入", ""], ["", "绝对数(元)", "增长(%)", "绝对数(元)", "增长(%)"],
         ["南宁市", "44001", "4.1", "20001", "7"]],
        {("450100", "2024", "disposable_income_pc:urban"): "44001", ("450100", "2024", "disposable_income_pc:rural"): "20001"}),
    "persons and standards under groups": (
        [["表1 2026年10月低保数据"], ["地区", "城市低保", "", "农村低保", ""], ["", "对象(万人)", "平均标准(元/月)", "对象(万人)", "平均标准(元/年)"],
         ["广西", "20.1", "860", "240.2", "7440"]],
        {("450000", "2026-10", "dibao_recipients:urban"): "20.1", ("450000", "2026-10", "dibao_avg:urban"): "860",
         ("450000", "2026-10", "dibao_recipients:rural"): "240.2", ("450000", "2026-10", "dibao_avg:rural"): "7440"}),
    "a year said once, downwards": (
        [["广西壮族自治区居民消费价格指数"], ["月份", "同比", "环比"], ["2026年9月", "101", "100.1"], ["10月", "101.1", "100.2"]],
        {("450000", "2026-09", "cpi_yoy:total:all_items"): "101", ("450000", "2026-09", "cpi_mom:total:all_items"): "100.1",
         ("450000", "2026-10", "cpi_yoy:total:all_items"): "101.1", ("450000", "2026-10", "cpi_mom:total:all_items"): "100.2"}),
    "a year said once, across": (
        [["居民消费价格指数(上年同月=100)"], ["地区", "2026年9月", "10月"], ["桂林", "101", "101.1"]],
        {("450300", "2026-09", "cpi_yoy:total:all_items"): "101", ("450300", "2026-10", "cpi_yoy:total:all_items"): "101.1"}),
    "programme and area in one word": (
        [["地区", "类别", "标准", "单位", "执行时间"], ["梧州市", "城市低保", "810", "元/月", "2026-10-01"],
         ["梧州市", "农村低保", "600", "元/月", "2026-10-01"]],
        {("450400", "", "dibao_standard"): "600"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", ALSO)
def test_tables_of_other_habits_are_read_too(tmp_path: Path, kind: str) -> None:
    """Groups without merged cells, years said once, a programme named where the group stands: every figure in its own place."""
    rows, expected = ALSO[kind]
    found = read(_table(tmp_path, *rows))
    assert {key(line): line["value"] for line in found.lines} == expected


@pytest.mark.parametrize(
    ("series", "group"), [("城市低保人数", "老年人"), ("dibao_recipients:urban", "农村"), ("CPI", "残疾人")]
)
def test_a_group_that_is_not_the_series_own_is_refused(tmp_path: Path, series: str, group: str) -> None:
    """Old people on dibao are not all people on dibao: the group is not passed over."""
    path = _table(
        tmp_path,
        ["地区", "月份", "指标", "类别", "数值", "单位", "来源", "发布日期"],
        ["广西", "2026-10", series, group, "100", "", "x", "2026-11-12"],
    )
    with pytest.raises(DataFault, match="unknown series"):
        add(path, tmp_path / "own")


def test_a_month_without_its_year_is_refused(tmp_path: Path) -> None:
    """After a December without a year nobody says which January it is."""
    rows = [["广西居民消费价格指数"], ["月份", "同比"], ["2025年12月", "101"], ["1月", "100"]]
    with pytest.raises(DataFault, match=r"row 4, column A \(月份\): unreadable period.*got '1月'"):
        add(_table(tmp_path, *rows), tmp_path / "own", published="2026-11-12")


def test_a_yearbook_page_in_two_languages_in_one_cell(tmp_path: Path) -> None:
    """Headings and places with their English behind them, spaces between characters, years under merged groups, a note of both languages."""
    book = Workbook()
    page = book.active
    page["A1"], page["A2"], page["A3"] = (
        "6-15 分地区居民人均可支配收入",
        "Per Capita Disposable Income of Households by Region",
        "单位：元",
    )
    page["A4"], page["B4"], page["D4"] = "地区 Region", "全体居民 All Households", "城镇居民 Urban Households"
    for area in ("A4:A5", "B4:C4", "D4:E4"):
        page.merge_cells(area)
    for cell, year in zip("BCDE", (2023, 2024, 2023, 2024), strict=True):
        page[f"{cell}5"] = year
    page.append(["黑 龙 江 Heilongjiang", 29694, 31269, 36492, 38000])
    page.append(["注：数据来自住户调查。Note: data are from the household survey."])
    book.save(tmp_path / "yearbook.xlsx")
    lines = read(tmp_path / "yearbook.xlsx", {"source": "年鉴", "vintage": "2026-11-15"}).lines
    found = {(line["region"], line["period"], line["series"]): line["value"] for line in lines}
    assert found == {
        ("230000", "2023", "disposable_income_pc:total"): "29694",
        ("230000", "2024", "disposable_income_pc:total"): "31269",
        ("230000", "2023", "disposable_income_pc:urban"): "36492",
        ("230000", "2024", "disposable_income_pc:urban"): "38000",
    }


def test_a_figure_in_brackets_is_negative_and_said_so(tmp_path: Path) -> None:
    """As accountants write it, full-width or not; a span of months beside the month is left out, monthly and yearly changes stay apart."""
    book = Workbook()
    page = book.active
    page.append(["2026年10月份居民消费价格主要数据"])
    page.append([None, "环比涨跌幅（%）", "同比涨跌幅（%）", "1—10月同比涨跌幅（%）"])
    page.append(["居民消费价格", 0.2, "（0.3）", 0.1])
    page.append(["    食品", 1.1, "(2.9)", -1])
    book.save(tmp_path / "october.xlsx")
    found = read(tmp_path / "october.xlsx", {"region": "450400", "source": "梧州调查队", "vintage": "2026-11-15"})
    rises = {(line["period"], line["series"]): line["rise"] for line in found.lines}
    assert rises == {
        ("2026-10", "cpi_mom:total:all_items"): "0.2",
        ("2026-10", "cpi_yoy:total:all_items"): "-0.3",
        ("2026-10", "cpi_mom:total:food"): "1.1",
        ("2026-10", "cpi_yoy:total:food"): "-2.9",
    }
    assert [line.said[0].rpartition(": ")[2] for line in found.lines if line.said] == [
        "(0.3) is taken as -0.3",
        "(2.9) is taken as -2.9",
    ]
