"""The national overview: one page for the country. The notebook calls one function a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.evaluation.panel import NOT_CAUSAL
from aidlib.law.value import Value
from aidlib.money import decimal_text, yuan
from aidlib.regions import NATION, region
from aidlib.reports import Report
from aidlib.reports.national_overview import drawings, tables
from aidlib.reports.national_overview.comparison_shown import show_comparison
from aidlib.reports.national_overview.country import Country
from aidlib.reports.standard_indexing.labels import AREAS as AREA_WORDS
from aidlib.reports.wording import series_label
from aidlib.standards.announced import AREAS, announced, fen_month

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing

__all__ = [
    "Country",
    "show_comparison",
    "show_convergence",
    "show_finding",
    "show_linkage",
    "show_nation",
    "show_provinces",
]

Words = tuple[str, str]
PUBLISHED: Words = ("各地公布数，见“法律与数据依据”", "published figures, see the data read")


def show_finding(country: Country) -> None:
    """Show the finding."""
    said = [_said_nation(country), _said_provinces(country), _said_linkage(country), _said_convergence(country)]
    country.report.finding([zh for zh, _ in said], [en for _, en in said])


def _said_nation(country: Country) -> Words:
    zh, en = [], []
    for area in AREAS:
        words = AREA_WORDS[area]
        level = _latest_level(country, area)
        share = country.latest_share(area)
        if level:
            period, amount = level
            zh.append(f"{words[0]}平均标准{amount}元/月（{period}）")
            en.append(f"{words[1].lower()} average {amount} yuan a month ({period})")
        if share:
            percent = decimal_text(share.value * 100, 1)
            zh.append(f"低保人数占{words[0]}居民{percent}%（{share.period}）")
            en.append(f"recipients {percent} % of {words[1].lower()} residents ({share.period})")
    return f"全国：{'，'.join(zh)}。", f"The nation: {', '.join(en)}."


def _latest_level(country: Country, area: str) -> tuple[str, str] | None:
    for year in range(country.year, country.year - 10, -1):
        if level := announced(country.report.book, country.report.figures, NATION, area, year):
            period = level.basis.start.isoformat() if isinstance(level.basis, Value) else level.basis.period
            return period, yuan(level.fen_month)
    return None


def _said_provinces(country: Country) -> Words:
    if not country.league:
        return "没有一个年份的分省标准覆盖九成以上省份。", "No year covers nine in ten provinces."
    top, bottom = country.league[0], country.league[-1]
    times = decimal_text(fen_month(top.now) / fen_month(bottom.now), 1)
    names = [region(one.place) for one in (top, bottom)]
    return (
        f"分省农村平均标准以{top.now.period}年覆盖最全（{len(country.league)}个省份）：最高{names[0].name_zh}是最低{names[1].name_zh}的{times}倍；"
        f"其后公布不全，不作排名。",
        f"{top.now.period} is the latest year that covers the provinces' rural averages well ({len(country.league)}): the highest, {names[0].name('en')}, "
        f"is {times} times the lowest, {names[1].name('en')}. Later years are too thin to rank.",
    )


def _said_linkage(country: Country) -> Words:
    if not country.months:
        return "没有足够的分省月度指数。", "Too few provincial indices by month."
    started = sum(any(d.outcome == "triggered" for d in found) for found in country.linkage.values())
    firm = sum(
        any(d.outcome == "triggered" and d.outcome_status == "observed" for d in found)
        for found in country.linkage.values()
    )
    first, last = country.months[0], country.months[-1]
    return (
        f"价格补贴联动：{first}至{last}，{len(country.codes)}个省份中{started}个至少有一个月按本省指数达到启动条件，其中{firm}个有已公布指数支持。",
        f"Price linkage: from {first} to {last}, {started} of {len(country.codes)} provinces met a start condition in at least one month on their own "
        f"index, {firm} of them on published indices.",
    )


def _said_convergence(country: Country) -> Words:
    zh, en = [], []
    for series, frame, found in country.convergence():
        said = tables.reading(found)
        span = f"{frame['period'].iloc[0]}–{frame['period'].iloc[-1]}"
        zh.append(f"{series_label(series)}（{span}）{said[0]}")
        en.append(f"{series_label(series, 'en')} ({span}): {said[1]}")
    return f"省际趋同：{'；'.join(zh)}。{NOT_CAUSAL['zh']}", f"Convergence: {'; '.join(en)}. {NOT_CAUSAL['en']}"


def show_nation(country: Country) -> None:
    """Show the nation by year."""
    report = country.report
    report.heading("全国历年", "The nation by year")
    note = ("平均标准是各县标准的平均，不是任何一地的标准。占比为全年标准与上年同区域居民人均消费之比。",
            "An average over counties is nobody's standard. Shares are a year of it over last year's consumption of the same area.")  # fmt: skip
    report.table(
        "nation", tables.national(country), "平均标准、保障水平与保障面", "Average levels, adequacy, recipients", *note
    )


def show_provinces(country: Country) -> None:
    """Show the provinces: tiles, league table, latest levels, small multiples, standards against consumption."""
    report, league = country.report, country.league
    report.heading("各省份", "The provinces")
    if league:
        period, count = league[0].now.period, str(len(league))
        _figure(country, "tiles", drawings.tiles(country), (f"{period}年农村低保平均标准", f"Rural average standards, {period}"),
                ("排版示意，不是地图，不画边界；虚线框为数据中没有", "Tiles, not a map, no borders; a dashed tile has no figure"), count)  # fmt: skip
        note = (
            "名次区间：这些数在年内的月份没有公布，假定各省标准在上一公布数与本数之间任意一处，名次可能的范围。",
            "Ranks: the month within the year is not published; each level may lie anywhere between the figure before and this one.",
        )
        report.table(
            "league",
            tables.league(country),
            f"{period}年农村平均标准（附名次区间）",
            f"Rural averages, {period}, with the ranks possible",
            *note,
        )
    note = (
        "性质和年份各不相同，不能排名；一栏空白为数据中没有。占消费为全年标准与上年当地同区域居民人均消费之比，没有分城乡消费的用全体居民（见“对照”）。",
        "Kinds and years differ: not a ranking. Empty: not in the data. Shares are a year of the level over last year's consumption of the place and "
        "area; where that is not in the data, of all residents (see “base”).",
    )
    report.table(
        "latest", tables.latest(country), "各省份最近公布的标准与保障水平", "Latest level of each province", *note
    )
    _figure(country, "multiples", drawings.small_multiples(country), ("各省份平均标准", "Average standards by province"),
            ("31个小图按省份排布，同一刻度，横轴2010年起，纵轴元/月", "31 small panels on the tiles, one scale, from 2010, yuan a month"), "31")  # fmt: skip
    _show_against(country)


def _show_against(country: Country) -> None:
    drawn = drawings.against_consumption(country)
    if drawn is None:
        return
    drawing, frame, correlation = drawn
    period, count, r = country.league[0].now.period, len(frame), f"{correlation:.2f}"
    caption = (f"{period}年农村平均标准与农村人均消费", f"Rural averages and rural consumption, {period}")
    alt = (
        f"散点图，{count}个省份，相关系数{r}；斜线为占消费的三、四、五成",
        f"Scatter of {count} provinces, correlation {r}; lines at 30, 40 and 50 % of consumption",
    )
    _figure(country, "against", drawing, caption, alt, str(count), frame)
    country.report.say(
        f"相关系数{r}（{count}个省份）。{NOT_CAUSAL['zh']}", f"Correlation {r} ({count} provinces). {NOT_CAUSAL['en']}"
    )


def show_linkage(country: Country) -> None:
    """Show who started payment when."""
    report = country.report
    report.heading("价格补贴联动：谁在何时启动", "Price linkage: who started when")
    if not country.months:
        report.say("没有足够的分省月度指数。", "Too few provincial indices by month.")
        return
    first, last = country.months[0], country.months[-1]
    alt = (
        "每行一个省份，每列一个指数月份，颜色分不启动、不能判断、按估算启动、按公布启动",
        "One row a province, one column an index month; colours tell the outcome",
    )
    caption = (f"{first}至{last}各省份启动月份", f"Months that started, {first} to {last}")
    _figure(country, "strip", drawings.strip(country), caption, alt, f"{len(country.codes)}×{len(country.months)}")
    note = (
        f"年份栏为启动月数。按各省全体居民指数和适用办法判断；各市县可按本地指数另行启动。{last}以后的分省月度指数不全。",
        f"Years count months that started, on the province's own indices and method; cities may start on theirs. After {last} indices are few.",
    )
    report.table("triggers", tables.triggers(country), "各省份启动月数", "Months that started, by province", *note)


def show_convergence(country: Country) -> None:
    """Show whether the provinces draw together."""
    report = country.report
    report.heading("省际差异", "How far apart the provinces are")
    report.table(
        "spreads",
        tables.spreads(country),
        "σ趋同：省际变异系数（各省同等权重）",
        "Sigma: variation between provinces (alike)",
        "均值：收入、消费为元/年，标准为元/月。省份数不同的时期不能直接比较。",
        "Means: incomes and consumption in yuan a year, levels in yuan a month. Periods with different provinces are not comparable.",
    )
    note = (
        f"年均增长率对期初水平对数的回归，稳健（HC1）标准误，95%区间；年数按起讫年份之差计；小于零为趋同。{NOT_CAUSAL['zh']}",
        "Yearly growth on the logarithm of the start, HC1 errors, 95 % interval; years are counted between calendar years; "
        f"below zero means catching up. {NOT_CAUSAL['en']}",
    )
    report.table("catching_up", tables.catching_up(country), "β趋同", "Beta convergence", *note)


def _figure(
    country: Country, name: str, drawing: Drawing, caption: Words, alt: Words, n: str, data: pd.DataFrame | None = None
) -> None:
    report: Report = country.report
    report.figure(name, drawing, alt=alt, caption=caption, unit=report.t("元/月", "yuan a month") if name != "strip" else report.t("月", "months"),
                  n=n, source=report.t(*PUBLISHED), as_of=report.period, data=data)  # fmt: skip
