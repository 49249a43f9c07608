"""Tables as offices publish them: headings as published, every number invented, and saying so."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

INVENTED = "注：本表数字系虚构，仅用于测试。"
BUREAU = "数据来源：国家统计局"
Rows = Sequence[Sequence[object]]
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Layout:
    """A table: its rows, its merged areas, the figures in it, and a few of them by region, period and series with value and unit."""

    name: str
    rows: Rows
    figures: int
    some: dict[Key, tuple[str, str]]
    merged: tuple[str, ...] = ()
    region: str = ""
    ignored: tuple[str, ...] = ()

    def write(self, folder: Path) -> Path:
        """Write it under its name: CSV in the bureau's encoding, or a workbook with merged cells."""
        path = folder / self.name
        if path.suffix == ".csv":
            with path.open("w", encoding="gb18030", newline="") as out:
                csv.writer(out).writerows(self.rows)
            return path
        with xlsxwriter.Workbook(str(path)) as book:
            page = book.add_worksheet()
            for number, row in enumerate(self.rows):
                page.write_row(number, 0, [None if cell == "" else cell for cell in row])
            for area in self.merged:
                first = area.partition(":")[0]
                at, number = ord(first[0]) - ord("A"), int(first[1:]) - 1
                page.merge_range(area, self.rows[number][at])
        return path


LAYOUTS = (
    Layout(
        "分省月度数据.csv",
        [["数据库：分省月度数据"], ["指标：居民消费价格指数(上年同月=100)"], ["时间：最近3个月"], ["地区", "2026年10月", "2026年9月", "2026年8月"],
         ["北京市", "102.1", "102.0", "101.9"], ["吉林省", "101.1", "101.0", ""], ["新疆维吾尔自治区", "101.7", "101.5", "101.4"], [BUREAU],
         [INVENTED]],
        8, {("220000", "2026-09", "cpi_yoy:total:all_items"): ("101.0", "index_yoy"),
            ("650000", "2026-08", "cpi_yoy:total:all_items"): ("101.4", "index_yoy")},
    ),
    Layout(
        "分省月度数据_一省.csv",
        [["数据库：分省月度数据"], ["地区：内蒙古自治区"], ["时间：最近2个月"], ["指标", "2026年10月", "2026年9月"],
         ["居民消费价格指数(上年同月=100)", "102.1", "102.0"], ["食品烟酒类居民消费价格指数(上年同月=100)", "101.1", "101.0"],
         ["商品零售价格指数(上年同月=100)", "101.7", "101.5"], [BUREAU], [INVENTED]],
        4, {("150000", "2026-10", "cpi_yoy:total:food_tobacco_alcohol"): ("101.1", "index_yoy")},
        ignored=("商品零售价格指数(上年同月=100) 2026年10月",),
    ),
    Layout(
        "分省月度数据_分块.csv",
        [["数据库：分省月度数据"], ["时间：2026年"], ["指标", "2026年10月", "2026年9月"], ["地区：北京市"],
         ["居民消费价格指数(上月=100)", "100.1", "100.0"], ["地区：黑龙江省"], ["居民消费价格指数(上月=100)", "99.9", "100.2"], [BUREAU], [INVENTED]],
        4, {("110000", "2026-10", "cpi_mom:total:all_items"): ("100.1", "index_mom"),
            ("230000", "2026-09", "cpi_mom:total:all_items"): ("100.2", "index_mom")},
    ),
    Layout(
        "主要城市月度价格.xlsx",
        [["数据库：主要城市月度价格"], ["指标：居民消费价格指数(上年同月=100)"], ["时间：最近2个月"], ["城市", "2026年10月", "2026年9月"],
         ["北京", 102.1, 102.0], ["石家庄", 101.1, 101.0], ["吉林", 101.7, 101.5], ["桂林", 101.3, 101.2], [BUREAU], [INVENTED]],
        8, {("220200", "2026-10", "cpi_yoy:total:all_items"): ("101.7", "index_yoy"),
            ("110000", "2026-09", "cpi_yoy:total:all_items"): ("102", "index_yoy")},
    ),
    Layout(
        "分省季度数据.csv",
        [["数据库：分省季度数据"], ["指标：居民人均可支配收入_累计值(元)"], ["地区", "2026年第三季度", "2026年第二季度", "2026年第一季度"],
         ["北京市", "66001", "45001", "25001"], ["广西壮族自治区", "23001", "16001", "8501"], [BUREAU], [INVENTED]],
        6, {("450000", "2026-Q1Q3", "disposable_income_pc_ytd:total"): ("23001", "yuan/person/ytd"),
            ("110000", "2026-Q1", "disposable_income_pc_ytd:total"): ("25001", "yuan/person/ytd")},
    ),
    Layout(
        "各省社会救助.xlsx",
        [["2026年3季度各省社会救助情况", *[""] * 8],
         ["地区", "城市最低生活保障", "", "", "", "农村最低生活保障", "", "", ""],
         ["", "人数(人)", "户数(户)", "支出(万元)", "平均标准(元/人·月)", "人数(人)", "户数(户)", "支出(万元)", "平均标准(元/人·年)"],
         ["全 国", 6000001, 3800001, 3800002, 841, 33000001, 17000001, 12000001, 8961],
         ["北 京", 60001, 38001, 88001, 1481, 38002, 22001, 42001, 17761], ["合 计", 1, 1, 1, 1, 1, 1, 1, 1],
         ["注：支出为1-3季度累计数。本表数字系虚构，仅用于测试。"]],
        16, {("000000", "2026-09", "dibao_avg:rural"): ("8961", "yuan/person/year"),
             ("110000", "2026-09", "dibao_households:urban"): ("38001", "households"),
             ("110000", "2026-09", "dibao_spend_ytd:rural"): ("42001", "10k yuan")},
        merged=("A1:I1", "A2:A3", "B2:E2", "F2:I2"),
    ),
    Layout(
        "各省社会救助.csv",
        [["2026年3季度各省社会救助情况"], ["地区", "城市最低生活保障", "", "农村最低生活保障", ""],
         ["", "人数(万人)", "平均标准(元/人·月)", "人数(万人)", "平均标准(元/人·月)"],
         ["广 西", "20.1", "860", "240.2", "620"], [INVENTED]],
        4, {("450000", "2026-09", "dibao_recipients:urban"): ("20.1", "10k persons"),
            ("450000", "2026-09", "dibao_avg:rural"): ("620", "yuan/person/month")},
    ),
    Layout(
        "民政事业统计月报表.csv",
        [["民政事业统计月报表"], ["2026年度 10月"], ["指标名称", "单位", "数量"], ["一、综合", "", ""], ["乡镇级合计", "个", "1,405"],
         ["A 城市低保累计支出", "万元", "19,477.6"], ["A 城市低保人数", "人", "431,185"], ["B 农村低保户数", "户", "1,278,292"],
         ["A 城市特困人员救助供养人数", "人", "9,358"], [INVENTED]],
        4, {("530000", "2026-10", "dibao_recipients:urban"): ("431185", "persons"),
            ("530000", "2026-10", "dibao_spend_ytd:urban"): ("19477.6", "10k yuan")},
        region="云南", ignored=("乡镇级合计 数量",),
    ),
    Layout(
        "年鉴_价格分类指数.xlsx",
        [["3-4 居民消费价格分类指数(2023-2024年)", "", "", ""], ["Consumer Price Indices by Category (2023-2024)", "", "", ""], ["", "", "", "上年=100"],
         ["项目", "Item", "2023年", "2024年"], ["居民消费价格总指数", "Consumer Price Index", 100.2, 100.3],
         ["食品烟酒", "Food, Tobacco and Liquor", 101.1, 100.1],
         ["#粮食", "Grain", 102, 101], ["衣着", "Clothing", 100.6, 101.1], [INVENTED]],
        6, {("500000", "2024", "cpi_annual:total:clothing"): ("101.1", "index_year"),
            ("500000", "2023", "cpi_annual:total:all_items"): ("100.2", "index_year")},
        merged=("A1:D1", "A2:D2"), region="500000", ignored=("#粮食 2024年",),
    ),
    Layout(
        "年鉴_分地区收入.xlsx",
        [["6-20 分地区居民人均可支配收入", "", "", ""], ["", "", "", "单位：元"], ["地 区", "Region", "2023", "2024"],
         ["全 国", "National Total", 39001, 41001],
         ["北  京", "Beijing", 81001, 85001], ["内 蒙 古", "Inner Mongolia", 38001, 40001], [INVENTED]],
        6, {("150000", "2024", "disposable_income_pc:total"): ("40001", "yuan/person/year")},
        merged=("A1:D1",),
    ),
    Layout(
        "居民消费价格主要数据.xlsx",
        [["2026年10月份居民消费价格主要数据", "", "", ""], ["", "环比涨跌幅（%）", "同比涨跌幅（%）", "1—10月"], ["", "", "", "同比涨跌幅（%）"],
         ["居民消费价格", 0.2, 1.3, 0.9], ["其中：城市", 0.2, 1.4, 0.9], ["农村", 0.1, 1.1, 0.8], ["其中：食品", -0.2, -0.3, 0.4], ["分类别", "", "", ""],
         ["一、食品烟酒", 0.1, 0.4, 0.6], [INVENTED]],
        10, {("000000", "2026-10", "cpi_yoy:total:food"): ("-0.3", ""), ("000000", "2026-10", "cpi_mom:rural:all_items"): ("0.1", "")},
        merged=("A1:D1", "A2:A3", "B2:B3", "C2:C3"), region="全国", ignored=("居民消费价格 1—10月 同比涨跌幅(%)",),
    ),
    Layout(
        "本市物价.csv",
        [["地区", "月份", "CPI", "食品", "SCPI", "来源", "发布日期"], ["广西梧州", "2026年 10月", "+1.3", "上涨2.1%", "101.6", "虚构的公报", "2026-11-12"],
         ["桂林", "二〇二六年十月", "101.2", "下降0.3%", "—", "虚构的公报", "2026年11月12日"]],
        5, {("450400", "2026-10", "cpi_yoy:total:food"): ("2.1", "index_yoy"), ("450300", "2026-10", "cpi_yoy:total:food"): ("-0.3", "index_yoy"),
            ("450400", "2026-10", "scpi_yoy:total:all_items"): ("101.6", "index_yoy")},
    ),
    Layout(
        "各县物价.xlsx",
        [["梧州市2026年物价（数字系虚构）", "", "", "", "", ""], ["地区", "指标", "单位", "2026年8月", "2026年9月", "2026年10月"],
         ["广西壮族自治区梧州市", "CPI", "上年同月=100", 101.1, 101.2, 101.3], ["", "CPI环比", "上月=100", 100.1, 100.0, 99.9],
         ["苍梧县", "居民人均可支配收入", "元", 1, 2, 3]],
        6, {("450400", "2026-08", "cpi_mom:total:all_items"): ("100.1", "index_mom"),
            ("450400", "2026-10", "cpi_yoy:total:all_items"): ("101.3", "index_yoy")},
        merged=("A3:A4",), ignored=("居民人均可支配收入 2026年8月",),
    ),
    Layout(
        "低保标准.csv",
        [["地区", "城市低保标准(元/月)", "农村低保标准(元/人·年)", "执行日期", "条款", "来源", "文号", "发文日期"],
         ["广西壮族自治区梧州市", "810", "7200", "2026年10月1日", "第一条", "虚构的通知", "某〔2026〕1号", "2026年9月20日"]],
        2, {("450400", "", "dibao_standard"): ("7200", "yuan/person/year")},
    ),
)  # fmt: skip
