"""Study: do prices rise faster for low-income households?"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aidlib.errors import DataGap
from aidlib.prices import index_numbers, scpi
from aidlib.prices.months import MONTHS_IN_YEAR
from aidlib.prices.words import Said
from aidlib.regions import NATION, lineage, province_of, region
from aidlib.reports.price_linkage import frames
from aidlib.reports.studies.words import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

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
FOOD = "food_tobacco_alcohol"
WEIGHED = ("2016", "2020")


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
            f"no month from {first} to {report.period} has all eight class indices",
            where=str(report.region),
            hint=_known_months(report),
        )
    return found.assign(gap=lambda f: f["scpi_est"] - f["cpi"])


def _known_months(report: Report) -> str:
    """Name the months of the place, its province and the nation that have every index."""
    needed = [f"cpi_yoy:total:{name}" for name in (*scpi.CLASSES, "all_items")]
    found = []
    for code in dict.fromkeys((report.region.code, *lineage(province_of(report.region.code).code), NATION)):
        months = sorted(set.intersection(*(set(report.figures.all(code, series)) for series in needed)))
        if months:
            found.append(f"{region(code)}: {len(months)} months from {months[0]} to {months[-1]}")
    return "; ".join(found)


def finding(report: Report, found: pd.DataFrame) -> None:
    """Say how large the gap was, how often it was positive, and when it was largest."""
    top = found.iloc[int(found["gap"].to_numpy().argmax())]
    above, mean = float((found["gap"] > 0).mean()), float(found["gap"].mean())
    place, first, last = (report.region.name_zh, report.region.name("en")), found["period"].min(), found["period"].max()
    means, largest, _ = zip(*(gap_range(report, found, table) for table in TABLES), strict=True)
    report.finding(
        [f"{place[0]}{first}至{last}有数据的{len(found)}个月中，编制的低收入指数在{percent(above)}的月份高于CPI，平均相差{mean:+.2f}个百分点；"
         f"换用不同的低收入权数，平均差额在{min(means):+.2f}到{max(means):+.2f}之间。", *_few(found)[0], *_led(report, found)[0],
         f"相差最大的是{top['period']}：{top['gap']:+.2f}个百分点(scpi_est {top['scpi_est']:.2f}%，CPI {top['cpi']:.1f}%)；"
         f"换用不同的低收入权数，最大差额在{min(largest):+.2f}到{max(largest):+.2f}之间，结论的大小{'和方向' if _turns(means, largest) else ''}取决于权数。"],
        [f"{place[1]}: of the {len(found)} months with data, {first} to {last}, the compiled low-income index was above the CPI in "
         f"{percent(above)}, {mean:+.2f} points on average; with other low-income weights between {min(means):+.2f} and {max(means):+.2f}.",
         *_few(found)[1], *_led(report, found)[1],
         f"The gap was largest in {top['period']}: {top['gap']:+.2f} points (scpi_est {top['scpi_est']:.2f}%, CPI {top['cpi']:.1f}%); with other low-income "
         f"weights the largest gap lies between {min(largest):+.2f} and {max(largest):+.2f}: its size{' and its sign hang' if _turns(means, largest) else ' hangs'} "
         "on the weights."],
    )  # fmt: skip


def _turns(*gaps: Sequence[float]) -> bool:
    """Tell whether the sign of a gap depends on the weights."""
    return any(min(found) < 0 < max(found) for found in gaps)


def _few(found: pd.DataFrame) -> tuple[list[str], list[str]]:
    if len(found) >= MONTHS_IN_YEAR:
        return [], []
    return ["不到一年的月份，看不出规律。"], ["Less than a year of months: no pattern can be read from them."]


def _led(report: Report, found: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Put the gap down to food, where there are months in which it led; the other months follow where there are any."""
    led, other = _by_food(report, found)
    if not led[0]:
        return [], []
    rest = (f"，其余{other[0]}个月里有{other[1]}个月", f"; in the other {other[0]} in {other[1]}") if other[0] else ("", "")
    return (
        [f"食品烟酒涨得比CPI快的{led[0]}个月里有{led[1]}个月高于CPI{rest[0]}。"],
        [f"In the {led[0]} months in which food, tobacco and alcohol rose faster than the CPI it was above in {led[1]}{rest[1]}."],
    )  # fmt: skip


def _by_food(report: Report, found: pd.DataFrame) -> tuple[tuple[int, int], tuple[int, int]]:
    """Count the months in which food led prices, and those in which it did not, with the positive gaps in each."""
    food = [report.figures.get(report.region.code, f"cpi_yoy:total:{FOOD}", month).rise for month in found["period"]]
    led = found.assign(led=[float(rise) for rise in food] > found["cpi"])
    parts = [led[led["led"]], led[~led["led"]]]
    first, second = ((len(part), int((part["gap"] > 0).sum())) for part in parts)
    return first, second


def gap_range(report: Report, found: pd.DataFrame, table: tuple[str, str, str]) -> tuple[float, float, float]:
    """Return the mean, the largest and the smallest gap to the CPI with the weights of a spending table."""
    weights, base = scpi.low_income_shares(report.figures, table), dict(zip(found["period"], found["cpi"], strict=True))
    rises = {month: scpi.rise(report.figures, report.region.code, month, weights) for month in base}
    gaps = [float(rise) - base[month] for month, rise in rises.items() if rise is not None]
    return sum(gaps) / len(gaps), max(gaps), min(gaps)


def level_figure(report: Report, found: pd.DataFrame) -> None:
    """Show both indices and their gap."""
    report.figure(
        "levels", draw(report, found),
        alt=(f"{report.region.name_zh}编制的低收入指数与CPI同比涨幅及其差额。", f"{report.region.name('en')}: compiled low-income index, CPI, and their gap."),
        caption=("低收入指数(估算)与CPI", "Low-income index (estimate) and CPI"), unit=report.t("百分点", "percentage points"),
        n=report.t(f"{len(found)}个月", f"{len(found)} months"), source=report.t("国家统计局；scpi_est为本库编制", "NBS; scpi_est compiled here"),
        as_of=str(found["period"].max()), data=found.drop(columns="scpi_est_status").round(2).rename(columns={"gap": "study_gap"}),
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


def weighed(found: pd.DataFrame) -> list[str]:
    """List the months for whose basket the weights of all households are known."""
    return [month for month in found["period"] if WEIGHED[0] <= month[:4] <= WEIGHED[1]]


def classes(report: Report, found: pd.DataFrame) -> None:
    """Show the gap of the last month with data by class, largest part first."""
    months = weighed(found)
    if not months:
        report.say(
            f"全体居民的权数只有{'—'.join(WEIGHED)}篮子的，这些月份的差额不分解。",
            f"Weights of all households are known for the basket of {'–'.join(WEIGHED)} only: the gap of these months is not split.",
        )
        return
    month = months[-1]
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

    rows = []
    for table, said in TABLES.items():
        share = float(scpi.low_income_shares(report.figures, table)[FOOD])
        gaps = (round(gap, 2) for gap in gap_range(report, found, table))
        rows.append((report.t(said.zh, said.en), f"{share * 100:.1f}%", *gaps))
    columns = ["study_table", "study_food_share", "study_mean_gap", "study_largest_gap", "study_smallest_gap"]
    frame = pd.DataFrame(rows, columns=columns)
    spread = float(frame["study_largest_gap"].max() - frame["study_largest_gap"].min())
    report.table("sensitivity", frame, f"换一套低收入权数：最大差额相差{spread:.2f}个百分点",
                 f"Another set of low-income weights: the largest gap moves by {spread:.2f} points",
                 "三明的表属于一体化调查，居住含自有住房折算租金，与2013年及以前的城镇表不可比。",
                 "The Sanming tables are of the integrated survey (imputed rent in housing), not comparable with the older one.")  # fmt: skip
