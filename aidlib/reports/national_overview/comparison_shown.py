"""The section that puts provinces beside each other: composite, envelopment, panel regression, and what the data do not carry."""

from __future__ import annotations

from aidlib.evaluation.panel import NOT_CAUSAL, Estimate
from aidlib.reports.national_overview import tables
from aidlib.reports.national_overview.comparison import DRAWS, Beside, beside, regression
from aidlib.reports.national_overview.country import Country

LACKING = (
    "没有列出：以支出换来的覆盖和缺口减少衡量的效率，没有分省、同一年份的低保支出、对象人数和工作人员数；事件研究，没有各省先后实施同一政策的"
    "日期及前后各年的结果（方法已备：aidlib.evaluation.efficiency、aidlib.evaluation.events）。",
    "Not shown: efficiency by what spending achieves in coverage and gaps closed (no spending, recipients and staff by province for one year); "
    "an event study (no dates at which provinces adopted one policy, with results before and after). The methods are there: "
    "aidlib.evaluation.efficiency, aidlib.evaluation.events.",
)


def show_comparison(country: Country) -> None:
    """Show composite and envelopment as secondary views, the panel regression, and what cannot be shown."""
    country.report.heading("省际比较：次要视图，不是评分", "Provinces beside each other: secondary views, not a score")
    if found := beside(country):
        _show_composite(country, found)
    if fitted := regression(country):
        _show_regression(country, *fitted)
    country.report.say(*LACKING)


def _show_composite(country: Country, found: Beside) -> None:
    report, year = country.report, next(iter(found.basis.values()))[0].period[:4]
    weights = [f"{weight:.2f}" for weight in found.weights]
    note = (
        f"三个比值：农村、城市平均标准占同年人均消费，农村与城市标准之比。熵权（极差标准化）依次为{'、'.join(weights)}，只属于这{len(found.codes)}个省份"
        "和这一年，不能与其他年份比较；名次区间为任一权重增减10%时的名次。",
        f"Three shares: rural and urban average level over consumption of the same year, rural over urban level. Entropy weights (min-max): "
        f"{', '.join(weights)}, in this order; they belong to these {len(found.codes)} provinces and this year, not to be compared with other years. Ranks "
        "are those possible when one weight moves by 10 %.",
    )
    caption = (f"{year}年标准的综合比较：熵权-TOPSIS", f"Levels of {year} together: entropy-TOPSIS")
    report.table("composite", tables.composite(report, found), *caption, *note)
    note = (
        "数据包络（DEA，投入导向）：以城乡人均消费为投入，城乡平均标准为产出，1为同等消费水平下标准最高的一组。区间由平滑自助法"
        f"（Simar–Wilson，{DRAWS}次）得出，因估计偏高而在估计值以下。量的是标准相对当地消费的高低，不是行政效率。",
        "Data envelopment (input-oriented): consumption per head as input, levels as output; 1 is the most generous set for its consumption. "
        f"Intervals by the smoothed bootstrap (Simar and Wilson, {DRAWS} draws) lie below the estimate, which is biased upwards. This measures levels "
        "beside local consumption, not how well anybody works.",
    )
    caption = (
        f"{year}年标准的数据包络：规模报酬不变（CCR）与可变（BCC）",
        f"Levels of {year} by data envelopment: constant (CCR) and variable returns (BCC)",
    )
    report.table("envelopment", tables.envelopment(report, found), *caption, *note)


def _show_regression(country: Country, found: list[Estimate], wild: list[float], years: str) -> None:
    one = found[0]
    note = (
        f"因变量：全体居民人均消费支出（对数），{years}，{one.clusters}个省份、{one.periods}年、{one.n}个观测；省份和年份固定效应，标准误按省份聚类；"
        f"省份不足40个，p值用野自助法（零假设下重抽）。系数是省内随时间的共同变动：收入每高1%，消费约高{one.value:.2f}%。没有识别因果的设计。{NOT_CAUSAL['zh']}",
        f"Outcome: consumption per head of all residents (log), {years}, {one.clusters} provinces, {one.periods} years, {one.n} rows; province and year "
        "effects, errors clustered by province; below 40 clusters p is of the wild cluster bootstrap. The slope is how both move together within a "
        f"province: with income 1 % higher, consumption is about {one.value:.2f} % higher. No design identifies a cause. {NOT_CAUSAL['en']}",
    )
    caption = ("人均消费随收入和物价的变动（面板回归）", "Consumption with income and prices (panel regression)")
    country.report.table("slopes", tables.slopes(country.report, found, wild), *caption, *note)
