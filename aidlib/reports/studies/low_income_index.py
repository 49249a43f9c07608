"""Study: do prices rise faster for low-income households?"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aidlib.errors import DataGap
from aidlib.prices import index_numbers, scpi
from aidlib.prices.months import span
from aidlib.prices.words import Said
from aidlib.regions import province_of, region
from aidlib.reports.price_linkage import frames
from aidlib.reports.studies.words import percent

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

TABLES = {
    ("350000", "2013", "consumption_group:urban:low_20"): Said(
        "福建城镇2013最低20%", "Fujian urban 2013, lowest fifth"
    ),
    ("350000", "2013", "consumption_group:urban:lower_middle_20"): Said(
        "福建城镇2013中低20%", "Fujian urban 2013, second fifth"
    ),
    ("350400", "2022", "consumption_group:rural:low_20"): Said(
        "三明农村2022最低20%", "Sanming rural 2022, lowest fifth"
    ),
    ("350400", "2022", "consumption_group:total:low_20"): Said("三明全体2022最低20%", "Sanming 2022, lowest fifth"),
}
PUBLISHED = "scpi_yoy:total:all_items"
AT_LEAST = "scpi_yoy_at_least:total:all_items"


def levels(report: Report, first: str) -> pd.DataFrame:
    """Compile the index of the place of the report month by month.

    Raises
    ------
    DataGap
        No month has all eight classes and the general index.
    """
    found = scpi.compiled(report.figures, report.region.code, first, report.period).dropna()
    if found.empty:
        raise DataGap(
            "no month has all eight class indices", where=str(report.region), hint="provinces: 2016-01 to 2020-04"
        )
    return found.assign(gap=lambda f: f["scpi_est"] - f["cpi"])


def finding(report: Report, found: pd.DataFrame) -> None:
    """Say how large the gap was, how often it was positive, and when it was largest."""
    top = found.iloc[int(found["gap"].to_numpy().argmax())]
    above, mean = float((found["gap"] > 0).mean()), float(found["gap"].mean())
    place = (report.region.name_zh, report.region.name("en"))
    report.finding(
        [f"{place[0]}{found['period'].min()}至{found['period'].max()}有数据的{len(found)}个月中，编制的低收入指数在{percent(above)}的月份高于CPI，"
         f"平均相差{mean:+.2f}个百分点。",
         f"相差最大的是{top['period']}：{top['gap']:+.2f}个百分点(scpi_est {top['scpi_est']:.2f}%，CPI {top['cpi']:.1f}%)。"],
        [f"{place[1]}: over {len(found)} months ({found['period'].min()} to {found['period'].max()}) the compiled low-income index "
         f"was above the CPI in {percent(above)} of them, {mean:+.2f} points on average.",
         f"The gap was largest in {top['period']}: {top['gap']:+.2f} points (scpi_est {top['scpi_est']:.2f}%, CPI {top['cpi']:.1f}%)."],
    )  # fmt: skip


def level_figure(report: Report, found: pd.DataFrame) -> None:
    """Show both indices and their gap."""
    report.figure(
        "levels", draw(report, found),
        alt=(f"{report.region.name_zh}编制的低收入指数与CPI同比涨幅及其差额。", f"{report.region.name('en')}: compiled low-income index, CPI, and their gap."),
        caption=("低收入指数(估算)与CPI", "Low-income index (estimate) and CPI"), unit=report.t("百分点", "percentage points"),
        n=report.t(f"{len(found)}个月", f"{len(found)} months"), source=report.t("国家统计局；scpi_est为本库编制", "NBS; scpi_est compiled here"),
        as_of=str(found["period"].max()), data=found.round(2).rename(columns={"gap": "study_gap"}),
    )  # fmt: skip


def draw(report: Report, found: pd.DataFrame) -> Any:
    """Draw the two indices, and the gap as bars."""
    import pandas as pd
    from matplotlib import pyplot as plt

    drawing, axes = plt.subplots(figsize=(7.2, 3.4), layout="constrained")
    across = pd.PeriodIndex(found["period"], freq="M").to_timestamp()
    axes.bar(across, found["gap"], width=25, color="0.8", label=report.t("差额", "gap"))
    axes.plot(across, found["scpi_est"], label="scpi_est")
    axes.plot(across, found["cpi"], label="CPI")
    axes.axhline(0, color="0.3", linewidth=0.6)
    axes.set_ylabel(report.t("同比涨幅(%)", "rise on the year (%)"))
    axes.legend(ncols=3, fontsize=9)
    return drawing


def classes(report: Report, found: pd.DataFrame) -> None:
    """Show the gap of the last month with data by class, largest part first."""
    month = str(found["period"].max())
    parts = scpi.decomposition(report.figures, report.region.code, month).sort_values(
        "contribution", key=abs, ascending=False
    )
    exact = float(parts["contribution"].sum())
    shown = frames.classes(parts, report.figures, report.region.code, month, report.language)
    report.table("classes", shown, f"{month}差额{exact:+.2f}个百分点按类分解", f"{month}: the gap of {exact:+.2f} points by class",
                 "全体权数为求解所得(2016—2020年篮子)，分解对scpi_est与同一套权数算出的总指数成立。",
                 "General weights are solved (basket of 2016–2020); the split holds against the general index with these weights.")  # fmt: skip


def sensitivity(report: Report, found: pd.DataFrame) -> None:
    """Show how much the choice of spending table moves the index."""
    import pandas as pd

    place, months = report.region.code, list(found["period"])
    base = dict(zip(months, found["cpi"], strict=True))
    rows = []
    for table, said in TABLES.items():
        weights = scpi.low_income_shares(report.figures, table)
        rises = {m: scpi.rise(report.figures, place, m, weights) for m in months}
        gaps = [float(r) - base[m] for m, r in rises.items() if r is not None]
        rows.append((report.t(said.zh, said.en), f"{float(weights['food_tobacco_alcohol']) * 100:.1f}%", round(sum(gaps) / len(gaps), 2),
                     round(max(gaps), 2), round(min(gaps), 2)))  # fmt: skip
    columns = ["study_table", "study_food_share", "study_mean_gap", "study_largest_gap", "study_smallest_gap"]
    frame = pd.DataFrame(rows, columns=columns)
    spread = float(frame["study_largest_gap"].max() - frame["study_largest_gap"].min())
    report.table("sensitivity", frame, f"换一套低收入权数：最大差额相差{spread:.2f}个百分点",
                 f"Another set of low-income weights: the largest gap moves by {spread:.2f} points",
                 "三明的表属于一体化调查，居住含自有住房折算租金，与2013年及以前的城镇表不可比。",
                 "The Sanming tables are of the integrated survey (imputed rent in housing), not comparable with the older one.")  # fmt: skip


def published(report: Report) -> None:
    """Hold the compiled index against every published one, and against what payments imply."""
    import pandas as pd

    rows = []
    for series, said in (
        (PUBLISHED, Said("公布值", "published")),
        (AT_LEAST, Said("由补贴反推的下限", "lower bound from a payment")),
    ):
        for place in report.figures.places(series):
            for month in report.figures.all(place, series):
                known = report.figures.get(place, series, month)
                rise = scpi.rise(report.figures, province_of(place).code, month)
                gap = None if rise is None else float(rise - known.rise)
                rows.append(
                    (
                        _name(report, place),
                        month,
                        report.t(said.zh, said.en),
                        float(known.rise),
                        None if rise is None else float(rise),
                        gap,
                    )
                )
    frame = pd.DataFrame(
        rows, columns=["study_place", "outlook_month", "study_kind", "study_known", "study_compiled", "study_gap"]
    ).round(2)
    held = frame.dropna(subset=["study_gap"])
    worst = float(held["study_gap"].abs().max())
    report.table("published", frame, f"与公布值、反推下限对照：{len(held)}例可比，最多相差{worst:.2f}个百分点",
                 f"Against published values and bounds: {len(held)} comparable cases, off by up to {worst:.2f} points",
                 "编制值是所在省的；空白表示所在省当月没有齐全的类指数。低于下限的差额为负。",
                 "The compiled value is that of the province; blank where its classes are not known. Below a bound the difference is negative.")  # fmt: skip


def _name(report: Report, code: str) -> str:
    found = region(code)
    return found.name_zh if report.language == "zh" else found.name("en")


def chain_check(report: Report, found: pd.DataFrame) -> None:
    """Check the identity that the parts add up to the whole, over every month, and say it."""
    worst = Fraction(0)
    for month in span(str(found["period"].min()), str(found["period"].max())):
        moved = scpi.relatives(report.figures, report.region.code, month)
        if moved is None:
            continue
        low = scpi.weights_before(report.figures, report.region.code, month, scpi.low_income_shares(report.figures))
        every = scpi.weights_before(
            report.figures, report.region.code, month, scpi.cpi_weights(report.figures, report.region.code)
        )
        whole = index_numbers.lowe(low, moved) - index_numbers.lowe(every, moved)
        worst = max(worst, abs(sum(index_numbers.difference(low, every, moved).values(), Fraction(0)) - whole))
    report.say(
        f"核对：各月分解之和与差额之差最大为{worst}(精确分数运算)。",
        f"Check: parts and gap differ by at most {worst} in any month (exact fractions).",
    )
