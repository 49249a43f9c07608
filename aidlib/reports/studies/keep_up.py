"""Study: do standards keep up with consumption and prices, do low ones catch up, how much does linkage fill?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aidlib.errors import DataGap
from aidlib.evaluation.panel import Estimate, beta_convergence, panel_regression, sigma_convergence, wild_cluster_p
from aidlib.regions import NATION, province_of
from aidlib.reports.studies.keep_up_panel import panel as panel
from aidlib.reports.studies.words import percent
from aidlib.standards.announced import AREAS, fen_month

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

DRIVERS = {
    "consumption": ("人均消费增幅(上年)", "rise of consumption (year before)"),
    "cpi": ("CPI涨幅(上年)", "rise of the CPI (year before)"),
}
CROSS_SECTIONS = {"urban": ("2011-06", "2016"), "rural": ("2015-09", "2016")}
TRIM = 0.05
LEAST_CELLS = 30
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Fit:
    """A coefficient of one area with its wild-bootstrap p."""

    area: str
    found: Estimate
    wild_p: float


def regressions(report: Report, found: pd.DataFrame, draws: int, seed: int) -> list[Fit]:
    """Regress the rise on each driver alone and area by area, within province and net of years.

    Raises
    ------
    DataGap
        No area and driver has enough province-years.
    """
    fits, most = [], 0
    for area in AREAS:
        own = found[found["area"] == area]
        for driver in DRIVERS:
            used = own.dropna(subset=[driver])
            used = used[used.groupby("region")["period"].transform("count") > 1]
            used = used[used.groupby("period")["region"].transform("count") > 1]
            most = max(most, len(used))
            if len(used) >= LEAST_CELLS:
                made = panel_regression(used, "standard", [driver])[0]
                fits.append(Fit(area, made, wild_cluster_p(used, "standard", [driver], driver, draws=draws, seed=seed)))
    if not fits:
        raise DataGap(
            "too few province-years of one area with a rise and a driver to fit anything", expected=f"{LEAST_CELLS} or more",
            got=str(most), hint="an earlier first_year or a later period: provincial consumption and CPI by year begin in 2016",
        )  # fmt: skip
    return fits


def finding(report: Report, found: pd.DataFrame, fits: list[Fit]) -> None:
    """Say how much was seen, and whether any driver goes with the rise of standards."""
    both = found.dropna(subset=["consumption"])
    ahead = float((both["standard"] > both["consumption"]).mean())
    sure = [fit for fit in fits if fit.wild_p < SIGNIFICANT]
    names = [f"{_area(fit.area)[0]}{DRIVERS[fit.found.name][0]}" for fit in sure]
    names_en = [f"{_area(fit.area)[1]} {DRIVERS[fit.found.name][1]}" for fit in sure]
    report.finding(
        [f"{found['region'].nunique()}个省{len(found)}个省年(分城乡)有可比的标准增幅，中位数{found['standard'].median():.1f}%(没有公布新标准的年份多不在内)；"
         f"消费增幅已知的{len(both)}个中，{percent(ahead)}高于上年本省人均消费增幅。",
         f"{len(fits)}个回归中，野聚类自助p低于0.05的有{len(sure)}个" + (f"：{'、'.join(names)}。" if sure else "："
             "没有看到标准随消费或物价变动的证据。") + _width(fits)[0], *_own(report, found)[0], "相关不等于因果。"],
        [f"{found['region'].nunique()} provinces, {len(found)} province-years by area with a comparable rise, median {found['standard'].median():.1f}% "
         "(years without a newly published standard are mostly not among them); "
         f"of the {len(both)} with known consumption {percent(ahead)} are above its rise the year before.",
         f"Of {len(fits)} regressions {len(sure)} have a wild cluster p below 0.05" + (f": {', '.join(names_en)}." if sure else ": no evidence that "
             "standards move with either driver.") + _width(fits)[1], *_own(report, found)[1],
         "Correlation is not causation."],
    )  # fmt: skip


def _width(fits: list[Fit]) -> tuple[str, str]:
    """Say how little the intervals exclude: absence of evidence is not evidence of absence."""
    one, nought = (sum(fit.found.low <= at <= fit.found.high for fit in fits) for at in (1, 0))
    return (
        f"{one}个的95%区间包含1(同幅变动)，{nought}个包含0：区间宽的，同步和不同步都不能排除。",
        f" The 95% interval of {one} holds 1 (one for one), of {nought} it holds 0: a wide interval excludes neither.",
    )


def _own(report: Report, found: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Put the province of the report beside the others; nothing for the nation."""
    if report.region.code == NATION:
        return [], []
    place = province_of(report.region.code)
    own, others = found[found["region"] == place.code], found[found["region"] != place.code]
    if own.empty:
        return [f"{place.name_zh}没有可比的标准增幅。"], [f"{place.name('en')} has no comparable rise."]
    mine, theirs = float(own["standard"].median()), float(others["standard"].median())
    return (
        [f"{place.name_zh}有{len(own)}个省年，中位数{mine:.1f}%，其他省为{theirs:.1f}%。"],
        [f"{place.name('en')} has {len(own)} province-years, median {mine:.1f}%, against {theirs:.1f}% elsewhere."],
    )


def robust(report: Report, found: pd.DataFrame, draws: int, seed: int) -> None:
    """Fit again without the largest and the smallest rises, and say what changes."""
    low, high = found["standard"].quantile([TRIM, 1 - TRIM])
    kept = found[found["standard"].between(low, high)]
    fits = regressions(report, kept, draws, seed)
    zh = "，".join(f"{_area(f.area)[0]}{DRIVERS[f.found.name][0]}{f.found.value:.2f}(p={f.wild_p:.3f})" for f in fits)
    en = ", ".join(
        f"{_area(f.area)[1]} {DRIVERS[f.found.name][1]} {f.found.value:.2f} (p = {f.wild_p:.3f})" for f in fits
    )
    sure = sum(fit.wild_p < SIGNIFICANT for fit in fits)
    report.say(
        f"去掉增幅最大和最小的各{percent(TRIM)}后({len(kept)}个省年)，系数(野聚类自助p)为：{zh}；p低于{SIGNIFICANT}的有{sure}个。",
        f"Without the largest and smallest {percent(TRIM)} of rises ({len(kept)} province-years), coefficients (wild cluster p): "
        f"{en}; {sure} of the p lie below {SIGNIFICANT}.",
    )


def _area(area: str) -> tuple[str, str]:
    return {"urban": ("城市", "urban"), "rural": ("农村", "rural")}[area]


def growth(report: Report, found: pd.DataFrame) -> None:
    """Show rises by year: medians over the province-years seen."""
    by = found.groupby(["area", "period"]).agg(
        cells=("standard", "count"),
        standard=("standard", "median"),
        consumption=("consumption", "median"),
        cpi=("cpi", "median"),
    )
    shown = by.round(1).reset_index().rename(columns={"area": "study_area", "period": "study_year", "cells": "study_cells", "standard": "study_rise_standard",
                                                      "consumption": "study_rise_consumption", "cpi": "study_rise_cpi"})  # fmt: skip
    shown["study_area"] = [report.t(*_area(area)) for area in shown["study_area"]]
    report.table("growth", shown, "各年标准、消费、物价涨幅(省年中位数，%)", "Rises of standards, consumption, prices (medians, %)",
                 "各年的省不同，不是同一组省的序列。", "Provinces differ from year to year: this is no series of the same ones.")  # fmt: skip


def figure(report: Report, found: pd.DataFrame) -> None:
    """Show standards against consumption."""
    from matplotlib import pyplot as plt

    drawing, axes = plt.subplots(figsize=(6, 3.8), layout="constrained")
    for area, marker in zip(AREAS, "os", strict=True):
        own = found[found["area"] == area]
        axes.scatter(own["consumption"], own["standard"], s=16, alpha=0.7, marker=marker, label=report.t(*_area(area)))
    reach = [float(found["consumption"].min()), float(found["consumption"].max())]
    axes.plot(reach, reach, color="0.5", linewidth=0.8, linestyle=":")
    axes.set_xlabel(report.t("上年人均消费增幅(%)", "last year's rise of consumption (%)"))
    axes.set_ylabel(report.t("标准增幅(%)", "rise of standards (%)"))
    axes.legend()
    report.figure(
        "figure", drawing, alt=("各省各年标准增幅对上年人均消费增幅的散点图，虚线为相等。", "Rise of standards against last year's rise of "
            "consumption; dotted: equal."),
        caption=("标准增幅与上年消费增幅", "Rise of standards and of consumption the year before"), unit="%", n=len(found.dropna(subset=["consumption"])),
        source=report.t("民政部门、国家统计局", "civil affairs departments; NBS"), as_of=report.period,
    )  # fmt: skip


def regression_table(report: Report, fits: list[Fit]) -> None:
    """Show every regression."""
    import pandas as pd

    rows = [(report.t(*_area(f.area)), report.t(*DRIVERS[f.found.name]), round(f.found.value, 2),
             report.t(f"{f.found.low:.2f}至{f.found.high:.2f}", f"{f.found.low:.2f} to {f.found.high:.2f}"),
             f"{f.wild_p:.3f}", round(f.found.error, 2), f"{f.found.p:.3f}", f.found.n, f.found.clusters) for f in fits]  # fmt: skip
    columns = [
        "study_area",
        "study_driver",
        "study_coefficient",
        "study_interval",
        "study_wild_p",
        "study_error",
        "study_p",
        "study_n",
        "study_clusters",
    ]
    report.table("regressions", pd.DataFrame(rows, columns=columns), "标准增幅对各驱动变量(省与年份固定效应)", "Rise of standards on each driver "
        "(province and year effects)",
                 "聚类少于40个，以野聚类自助p为准。系数1表示同幅变动。相关不等于因果。", "Fewer than 40 clusters: rely on the wild cluster p. A "
                     "coefficient of 1: one for one. Correlation is not causation.")  # fmt: skip


def convergence(report: Report) -> None:
    """Say whether provinces with low mean standards rose faster between two full cross-sections, both within the period."""
    known = {area: ends for area, ends in CROSS_SECTIONS.items() if ends[1] <= report.period}
    for area, (first, last) in known.items():
        both = _both_ends(report, f"dibao_avg:{area}", first, last)
        slope, spread = beta_convergence(both, "x"), sigma_convergence(both, "x")
        near, far = (float(spread["variation"].iloc[at]) for at in (-1, 0))
        zh, en = _area(area)
        report.say(
            f"{zh}：{first}至{last}，{slope.n}个省的平均标准变异系数由{far:.2f}变为{near:.2f}；"
            f"年增速对起点对数的斜率为{slope.value:.3f}(95%区间{slope.low:.3f}至{slope.high:.3f})"
            + ("，起点低的涨得快，但起点的误差也会造成同样的斜率。" if slope.high < 0 else "，看不出低的涨得快。"),
            f"{en.capitalize()}: {first} to {last}, the variation of mean standards of {slope.n} provinces went from {far:.2f} to {near:.2f}; slope of "
            f"yearly growth on the log of the start {slope.value:.3f} (95% {slope.low:.3f} to {slope.high:.3f})"
            + (": low starts rose faster, but errors in the start give the same slope." if slope.high < 0 else ": no sign that low ones rose faster."),
        )  # fmt: skip
    if known:
        report.say(
            "两个截面不是同一种平均：前一个是某月各县的简单平均，后一个只有年份，没有注明怎样平均；增速按日历年数折算。口径的差别也算进了增速和变异系数。",
            "The two cross-sections are not of one kind: the first is a simple mean over counties in a month, the second has a year only and does not say "
            "how it was averaged; growth is per calendar year. That difference is part of growth and variation too.",
        )
    else:
        report.say(
            f"{report.period}以前没有两个完整的省际截面，追赶算不出来。",
            f"There are no two full cross-sections of provinces by {report.period}: catching up cannot be worked out.",
        )


def _both_ends(report: Report, series: str, first: str, last: str) -> pd.DataFrame:
    """Read the mean standards of the provinces that have both ends, yuan a month."""
    import pandas as pd

    frame = report.figures.frame(series, report.figures.places(series), first, last)
    inside = frame["region"].str.endswith("0000") & (frame["region"] != NATION)
    frame = frame[inside & frame["period"].isin((first, last))]
    exact = [
        float(fen_month(report.figures.get(r, series, p))) / 100
        for r, p in zip(frame["region"], frame["period"], strict=True)
    ]
    both = pd.DataFrame({"region": frame["region"], "period": frame["period"].str[:4], "x": exact})
    return both[both.groupby("region")["period"].transform("count") > 1]
