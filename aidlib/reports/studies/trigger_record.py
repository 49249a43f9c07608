"""Study: how far can a forecast of the trigger be trusted?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aidlib.prices.forecast_past import FITTED, national, recompute, unpack
from aidlib.prices.forecast_record import Scores, calibration, diebold_mariano, pit, reliability, scores
from aidlib.prices.words import index_words
from aidlib.reports.price_linkage.ahead import ROUTES
from aidlib.reports.studies.record_table import LAST, shipped
from aidlib.reports.studies.words import ending, opening, percent

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

SIGNIFICANT = 0.05
NOMINAL = 0.9
TWO_SIDED = 1.96


@dataclass(frozen=True)
class Trial:
    """One index and line: its history and the past forecasts of every route on the same origins."""

    index: str
    line: float
    history: pd.Series
    records: dict[str, pd.DataFrame]

    def scored(self, route: str) -> Scores:
        """Score a route."""
        return scores(self.records[route], self.history, self.line)

    @property
    def best(self) -> str:
        """Route with the lowest Brier score."""
        return min(self.records, key=lambda route: self.scored(route).brier)


def trials(report: Report, lines: str) -> list[Trial]:
    """Read the shipped record and score it against lines such as `cpi:3.5,food:6.0`, up to the period of the report."""
    found = []
    for token in lines.split(","):
        index, _, line = token.strip().partition(":")
        last = min(report.period, LAST[index, "yoy"])
        whole, _changes = national(report.figures, index, last)
        history, rows = whole.series(), [row for row in shipped() if row["index"] == index]
        records = {
            route: unpack([r for r in rows if r["route"] == route], history).dropna(subset=["actual"])
            for route in FITTED
        }
        common = set(records["yoy"]["origin"]) & set(records["mom"]["origin"])
        walk = recompute(whole, None, "walk", min(common), max(common))
        records["walk"] = walk.dropna(subset=["actual"])
        found.append(Trial(index, float(line), history, {n: r[r["origin"].isin(common)] for n, r in records.items()}))
    return found


def finding(report: Report, found: list[Trial]) -> None:
    """Say how the year-on-year model did at every line, good or bad."""
    zh, en = [], []
    for trial in found:
        s, name = trial.scored("yoy"), index_words(trial.index)
        gain, p = s.skill_persistence, diebold_mariano(trial.records["yoy"], trial.line, 1)[1]
        sure = p < SIGNIFICANT
        zh.append(f"{name.zh}达到{trial.line:g}%：布里尔分{s.brier:.3f}，比“照旧”{'低' if gain >= 0 else '高'}{percent(abs(gain))}"
                  f"(1个月的差异p={p:.2f}，{'显著' if sure else '不显著'})；90%区间实际包含{percent(s.coverage_90)}。")  # fmt: skip
        en.append(f"{name.en} at {trial.line:g}%: Brier {s.brier:.3f}, {percent(abs(gain))} {'below' if gain >= 0 else 'above'} 'as now' "
                  f"(one month: p = {p:.2f}, {'significant' if sure else 'not significant'}); the 90% interval held {percent(s.coverage_90)}.")  # fmt: skip
        bias, error = calibration(trial.records["yoy"], trial.line)
        if abs(bias) > TWO_SIDED * error:
            zh.append(
                f"这条线上平均概率比实际频率{'高' if bias > 0 else '低'}{percent(abs(bias))}，超出抽样误差：预警{'偏多' if bias > 0 else '偏少'}。"
            )
            en.append(
                f"There the mean chance is {percent(abs(bias))} {'above' if bias > 0 else 'below'} the frequency, beyond sampling error."
            )
    report.finding(zh, en)


def score_table(report: Report, found: list[Trial]) -> None:
    """Show every route at every line."""
    import pandas as pd

    rows = [_row(report, trial, route) for trial in found for route in trial.records]
    origins = found[0].records["yoy"]["origin"]
    report.table(
        "scores", pd.DataFrame(rows), "三种方法在相同起点上的记录", "Three methods on the same origins",
        f"起点{origins.min()}至{origins.max()}，1至6个月合并。偏差=平均概率减实际频率，误差按重叠月份修正(Newey-West)。DM：一个月，对“照旧”，负为更好。",
        f"Origins {origins.min()} to {origins.max()}, one to six months. Bias: mean chance minus frequency, Newey-West error. "
        "DM: one month, against 'as now', below zero is better.",
    )  # fmt: skip


def _row(report: Report, trial: Trial, route: str) -> dict[str, Any]:
    s, record = trial.scored(route), trial.records[route]
    bias, error = calibration(record, trial.line)
    dm, p = diebold_mariano(record, trial.line, 1)
    name, way = index_words(trial.index), ROUTES[route]
    return {
        "linkage_index": report.t(name.zh, name.en), "outlook_line": f"{trial.line:g}%", "outlook_route": report.t(way.zh, way.en),
        "outlook_scored": s.n, "outlook_events": s.events, "outlook_brier": round(s.brier, 4),
        "outlook_gain_persistence": f"{s.skill_persistence * 100:+.0f}%", "outlook_gain_climatology": f"{s.skill_climatology * 100:+.0f}%",
        "study_log_score": round(s.log_score, 3), "study_crps": round(s.crps, 3), "outlook_coverage": percent(s.coverage_90),
        "study_bias": f"{bias:+.3f}±{error:.3f}", "study_dm": f"{dm:.2f} (p={p:.2f})",
    }  # fmt: skip


def by_horizon(report: Report, found: list[Trial]) -> None:
    """Show the year-on-year model month by month ahead."""
    import pandas as pd

    rows = []
    for trial in found:
        for h, record in trial.records["yoy"].groupby("h"):
            s = scores(record, trial.history, trial.line)
            name = index_words(trial.index)
            rows.append((report.t(name.zh, name.en), f"{trial.line:g}%", h, s.n, round(s.brier, 3), f"{s.skill_persistence * 100:+.0f}%",
                         round(s.mae, 2), percent(s.coverage_90)))  # fmt: skip
    columns = ["linkage_index", "outlook_line", "study_months_ahead", "outlook_scored", "outlook_brier", "outlook_gain_persistence",
               "study_mae", "outlook_coverage"]  # fmt: skip
    report.table(
        "by_horizon", pd.DataFrame(rows, columns=columns), "同比模型逐月记录", "The year-on-year model by months ahead"
    )


def figure(report: Report, found: list[Trial]) -> None:
    """Show reliability and the integral transform of the year-on-year model."""
    report.figure(
        "reliability", draw(report, found),
        alt=("每条线上预测概率与实际频率的对照，以及概率积分变换的直方图。",
             "Forecast chance against frequency at each line, and histograms of the integral transform."),
        caption=("可靠性(上，越近对角线越好)与概率积分变换(下，越平越好)",
                 "Reliability (above, nearer the diagonal is better) and integral transform (below, flatter is better)"),
        unit=report.t("概率；频率", "probability; share"), n=" / ".join(str(t.scored("yoy").n) for t in found),
        source=report.t("国家统计局；预测为本库计算", "NBS; forecasts by this library"), as_of=report.period,
    )  # fmt: skip


def draw(report: Report, found: list[Trial]) -> Any:
    """Draw two rows of panels, one column a line."""
    from matplotlib import pyplot as plt

    drawing, axes = plt.subplots(2, len(found), figsize=(3.4 * len(found), 5), layout="constrained", squeeze=False)
    for column, trial in enumerate(found):
        table, name = reliability(trial.records["yoy"], trial.line), index_words(trial.index)
        upper, lower = axes[0][column], axes[1][column]
        upper.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
        upper.errorbar(table["forecast"], table["came"], yerr=table["error"], fmt="o-", markersize=4, linewidth=1)
        upper.set_title(f"{report.t(name.zh, name.en).split('(')[0]} ≥{trial.line:g}%", loc="left", fontsize=9)
        upper.set_ylim(-0.05, 1.05)
        shares = pit(trial.records["yoy"])
        lower.bar(np.arange(len(shares)) / len(shares), shares, width=1 / len(shares), align="edge", edgecolor="white")
        lower.axhline(1 / len(shares), color="0.4", linewidth=0.8)
    axes[0][0].set_ylabel(report.t("实际频率", "frequency"))
    axes[1][0].set_ylabel(report.t("占比", "share"))
    return drawing


def check_shipped(report: Report, found: list[Trial], origins: int) -> None:
    """Recompute the last origins of the first index and say how far they are from the shipped record."""
    trial = found[0]
    kept = sorted(set(trial.records["yoy"]["origin"]))[-origins:]
    whole, _ = national(report.figures, trial.index, kept[-1])
    made = recompute(whole, None, "yoy", kept[0], kept[-1])
    both = made.merge(trial.records["yoy"], on=["origin", "h"], suffixes=("", "_kept"))
    gap = float((both["mean"] - both["mean_kept"]).abs().max())
    report.say(f"抽查：重新计算最后{len(kept)}个起点，均值与随库记录最多相差{gap:.4f}个百分点。",
               f"Check: the last {len(kept)} origins made anew differ from the shipped record by at most {gap:.4f} points.")  # fmt: skip


def frame_of_study(report: Report, found: list[Trial]) -> None:
    """Show question and method."""
    opening(report, first=found[0].history.index[0])


def limits(report: Report, found: list[Trial]) -> None:
    """Show limits and references; what is said of coverage is what was measured."""
    narrow = dict.fromkeys(t.index for t in found if t.scored("yoy").coverage_90 < NOMINAL)
    names = [index_words(index) for index in narrow]
    ending(
        report,
        narrow_zh="、".join(name.zh for name in names) or "无",
        narrow_en=", ".join(name.en for name in names) or "none",
        last_mom=LAST["cpi", "mom"],
    )
