"""Study of the low-income index: its identities, and what it says against the values that were published."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.prices import index_numbers, scpi
from aidlib.prices.words import Said
from aidlib.regions import province_of, region
from aidlib.reports.studies.low_income_index import weighed

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

PUBLISHED = "scpi_yoy:total:all_items"
AT_LEAST = "scpi_yoy_at_least:total:all_items"
SERIES = (
    (PUBLISHED, Said("公布值", "published")),
    (AT_LEAST, Said("由补贴反推的下限", "lower bound from a payment")),
)


def published(report: Report) -> None:
    """Hold the compiled index against every published one, and against what payments imply."""
    import pandas as pd

    frame = pd.DataFrame(
        [row for series, said in SERIES for row in _compared(report, series, said)],
        columns=["study_place", "outlook_month", "study_kind", "study_known", "study_compiled", "study_gap"],
    ).round(2)
    held = frame.dropna(subset=["study_gap"])
    own = held[held["study_kind"] == report.t("公布值", "published")]["study_gap"]
    bound = held[held["study_kind"] != report.t("公布值", "published")]["study_gap"]
    frame["study_compiled_status"] = [None if missing else "estimated" for missing in frame["study_compiled"].isna()]
    report.table("published", frame, f"与公布值对照：{len(own)}例可比，平均相差{own.mean():+.2f}个百分点，最多{own.abs().max():.2f}",
                 f"Against published values: {len(own)} comparable cases, {own.mean():+.2f} points on average, {own.abs().max():.2f} at most",
                 "编制值是所在省的；空白表示所在省当月没有齐全的类指数。低于下限的差额为负。",
                 "The compiled value is that of the province; blank where its classes are not known. Below a bound the difference is negative.")  # fmt: skip
    low, short = int((own < 0).sum()), int((bound < 0).sum())
    report.say(
        f"{len(own)}个可比的公布值中有{low}个高于编制值，{len(bound)}个反推下限中有{short}个没有达到：编制值总的来说"
        + ("偏低。" if low > len(own) / 2 else "没有一致的偏向。")
        + "公布值和下限来自启动补贴的报道，多是指数高的月份，不是随机的样本。",
        f"Of {len(own)} comparable published values {low} lie above the compiled one, and of {len(bound)} bounds {short} are missed: the compiled index "
        + ("runs low." if low > len(own) / 2 else "leans neither way.")
        + " Values and bounds come from reports of payments, mostly of months with a high index: no random sample.",
    )


def _compared(report: Report, series: str, said: Said) -> Iterator[tuple[str, str, str, float, float | None, float | None]]:
    for place in report.figures.places(series):
        for month in report.figures.all(place, series):
            known = report.figures.get(place, series, month).rise
            rise = scpi.rise(report.figures, province_of(place).code, month)
            gap = None if rise is None else float(rise - known)
            compiled = None if rise is None else float(rise)
            yield _name(report, place), month, report.t(said.zh, said.en), float(known), compiled, gap


def _name(report: Report, code: str) -> str:
    found = region(code)
    return found.name_zh if report.language == "zh" else found.name("en")


def chain_check(report: Report, found: pd.DataFrame) -> None:
    """Check over every month that the parts add up to the whole, and how near the same sum with general weights comes to the CPI."""
    worst, off, months, code = Fraction(0), 0.0, weighed(found), report.region.code
    for month, general in zip(found["period"], found["cpi"], strict=True):
        moved = scpi.relatives(report.figures, code, month)
        if moved is None or month not in months:
            continue
        low = scpi.weights_before(report.figures, code, month, scpi.low_income_shares(report.figures))
        every = scpi.weights_before(report.figures, code, month, scpi.cpi_weights(report.figures, code))
        total = index_numbers.lowe(every, moved)
        parts = sum(index_numbers.difference(low, every, moved).values(), Fraction(0))
        worst = max(worst, abs(parts - (index_numbers.lowe(low, moved) - total)))
        off = max(off, abs(float(total - 1) * 100 - general))
    if months:
        report.say(
            f"核对：各月分解之和与差额之差最大为{worst}(精确分数运算)；用全体权数按同样办法算出的总指数与公布的CPI最多相差{off:.2f}个百分点。",
            f"Check: parts and gap differ by at most {worst} in any month (exact fractions); the general index worked out in the same way "
            f"differs from the published CPI by {off:.2f} points at most.",
        )
