"""Study: how far can a forecast of the trigger be trusted?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aidlib.prices.forecast_past import national, recompute
from aidlib.prices.forecast_calibration import calibration, pit, reliability
from aidlib.prices.forecast_record import diebold_mariano, scores
from aidlib.prices.words import index_words
from aidlib.regions import NATION
from aidlib.reports.price_linkage.ahead import ROUTES
from aidlib.reports.studies.record_table import LAST
from aidlib.reports.studies.record_trials import Trial
from aidlib.reports.studies.record_trials import trials as trials
from aidlib.reports.studies.words import ending, opening, percent

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

SIGNIFICANT = 0.05
NOMINAL = 0.9


def finding(report: Report, found: list[Trial]) -> None:
    """Say how the year-on-year model did at every line, good or bad."""
    zh, en = [], []
    for trial in found:
        s, name = trial.scored("yoy"), index_words(trial.index)
        gain, p = s.skill_persistence, diebold_mariano(trial.records["yoy"], trial.line, 1)[1]
        sure, origins = p < SIGNIFICANT, trial.records["yoy"]["origin"]
        zh.append(f"{name.zh}达到{trial.line:g}%({origins.min()}至{origins.max()})：布里尔分{s.brier:.3f}，"
                  f"比“照旧”{'低' if gain >= 0 else '高'}{percent(abs(gain))}(1个月的差异p={p:.3f}，{'显著' if sure else '不显著'})；"
                  f"90%区间实际包含{percent(s.coverage_90)}。{_leaning(trial)[0]}{_later(trial)[0]}")  # fmt: skip
        en.append(f"{name.en} at {trial.line:g}% ({origins.min()} to {origins.max()}): Brier {s.brier:.3f}, "
                  f"{percent(abs(gain))} {'below' if gain >= 0 else 'above'} 'as now' (one month: p = {p:.3f}, "
                  f"{'significant' if sure else 'not significant'}); the 90% interval held {percent(s.coverage_90)}. "
                  f"{_leaning(trial)[1]} {_later(trial)[1]}")  # fmt: skip
    report.finding(zh, en)


def _leaning(trial: Trial) -> tuple[str, str]:
    """Say whether the mean chance is off the frequency by more than sampling error, at this line by itself."""
    from scipy.stats import norm

    bias, error = calibration(trial.records["yoy"], trial.line)
    p = 2 * float(norm.sf(abs(bias) / error)) if error else float(bias == 0)
    way, sure = ("高", "above") if bias > 0 else ("低", "below"), p < SIGNIFICANT
    return (
        f"平均概率比实际频率{way[0]}{abs(bias) * 100:.1f}个百分点(预测为真时的标准误{error * 100:.1f}，p={p:.3f})，"
        f"{'超出' if sure else '未超出'}抽样误差。",
        f"The mean chance is {abs(bias) * 100:.1f} points {way[1]} the frequency (standard error {error * 100:.1f} if the forecasts "
        f"are true, p = {p:.3f}), {'beyond' if sure else 'within'} sampling error.",
    )


def _later(trial: Trial) -> tuple[str, str]:
    """Say whether the gain held in the later half."""
    origins, part = trial.halves()[1]
    gain = scores(part, trial.history, trial.line).skill_persistence
    return (
        f"只看后一半起点({origins})，比“照旧”{'低' if gain >= 0 else '高'}{percent(abs(gain))}。",
        f"In the later half of the origins ({origins}) it is {percent(abs(gain))} {'below' if gain >= 0 else 'above'}.",
    )


def score_table(report: Report, found: list[Trial]) -> None:
    """Show the year-on-year model on all origins, then every route on the origins they share."""
    import pandas as pd

    rows = [_row(report, trial, "yoy") for trial in found]
    rows += [_row(report, trial.shared(), route) for trial in found for route in trial.records]
    report.table(
        "scores", pd.DataFrame(rows), "同比模型的全部记录，以及各方法在共同起点上的记录",
        "The whole record of the year-on-year model, and every method on the origins they share",
        "1至6个月合并。偏差=平均概率减实际频率，±为预测为真时的标准误，计入起点和月份的重叠。DM：一个月，对“照旧”，负为更好。",
        "One to six months. Bias: mean chance minus frequency, ± the standard error it has if the forecasts are true, overlap counted. "
        "DM: one month, against 'as now', below zero is better.",
    )  # fmt: skip


def _line(report: Report, trial: Trial) -> str:
    name = {"food": report.t("食品", "food")}.get(trial.index, trial.index.upper())
    return f"{name} ≥{trial.line:g}%"


def _row(report: Report, trial: Trial, route: str) -> dict[str, Any]:
    s, record = trial.scored(route), trial.records[route]
    bias, error = calibration(record, trial.line)
    dm, p = diebold_mariano(record, trial.line, 1)
    way = ROUTES[route]
    return {
        "linkage_index": _line(report, trial), "outlook_route": report.t(way.zh, way.en),
        "outlook_origins": f"{record['origin'].min()}–{record['origin'].max()}",
        "outlook_scored": s.n, "outlook_events": s.events, "outlook_brier": f"{s.brier:.4f}",
        "outlook_gain_persistence": f"{s.skill_persistence * 100:+.0f}%", "outlook_gain_climatology": f"{s.skill_climatology * 100:+.0f}%",
        "study_log_score": f"{s.log_score:.3f}", "study_crps": f"{s.crps:.3f}", "outlook_coverage": percent(s.coverage_90),
        "study_bias": f"{bias:+.3f}±{error:.3f}", "study_dm": f"{dm:.2f} (p={p:.2f})",
    }  # fmt: skip


def by_part(report: Report, found: list[Trial]) -> None:
    """Show the year-on-year model by months ahead, and in the earlier and the later half of its origins."""
    import pandas as pd

    rows = [_part(report, trial, report.t(f"提前{h}个月", f"months ahead: {h}"), trial.records["yoy"], h)
            for trial in found for h in sorted(set(trial.records["yoy"]["h"]))]  # fmt: skip
    rows += [_part(report, trial, origins, record) for trial in found for origins, record in trial.halves()]
    report.table("by_part", pd.DataFrame(rows), "同比模型：逐月提前量，前后两半起点",
                 "The year-on-year model by months ahead, and by half of the origins")  # fmt: skip


def _part(report: Report, trial: Trial, part: str, record: pd.DataFrame, h: int | None = None) -> dict[str, Any]:
    s = scores(record if h is None else record[record["h"] == h], trial.history, trial.line)
    gain = "—" if s.skill_persistence != s.skill_persistence else f"{s.skill_persistence * 100:+.0f}%"
    bias, error = calibration(record, trial.line, months_ahead=h)
    return {
        "linkage_index": _line(report, trial), "study_part": part, "outlook_scored": s.n,
        "outlook_events": s.events, "outlook_brier": f"{s.brier:.3f}", "outlook_gain_persistence": gain, "study_mae": round(s.mae, 2),
        "outlook_coverage": percent(s.coverage_90), "study_bias": f"{bias:+.3f}±{error:.3f}",
    }  # fmt: skip


def figure(report: Report, found: list[Trial]) -> None:
    """Show reliability and the integral transform of the year-on-year model."""
    report.figure(
        "reliability", draw(report, found),
        alt=("每条线上预测概率与实际频率的对照，以及概率积分变换的直方图。",
             "Forecast chance against frequency at each line, and histograms of the integral transform."),
        caption=("可靠性(上，越近对角线越好；竖线为预测为真时的两倍标准误)与概率积分变换(下，越平越好)",
                 "Reliability (above, nearer the diagonal is better; bars: two standard errors if the forecasts are true) and integral "
                 "transform (below, flatter is better)"),
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
    if report.region.code != NATION:
        report.say("这份记录是在当地序列上现算的。", "This record was computed here on the local series.")
        return
    kept = sorted(set(trial.records["yoy"]["origin"]))[-origins:]
    whole, _ = national(report.figures, trial.index, kept[-1])
    made = recompute(whole, None, "yoy", kept[0], kept[-1])
    both = made.merge(trial.records["yoy"], on=["origin", "h"], suffixes=("", "_kept"))
    gap = float((both["mean"] - both["mean_kept"]).abs().max())
    report.say(f"抽查：重新计算最后{len(kept)}个起点，均值与随库记录最多相差{gap:.4f}个百分点。",
               f"Check: the last {len(kept)} origins made anew differ from the shipped record by at most {gap:.4f} points.")  # fmt: skip


def frame_of_study(report: Report, found: list[Trial]) -> None:
    """Show question and method."""
    starts = {trial.index: trial.history.index[0] for trial in found}
    said = [(index_words(index), at) for index, at in starts.items()]
    zh, en = "；".join(f"{name.zh} {at}" for name, at in said), "; ".join(f"{name.en} {at}" for name, at in said)
    opening(report, first_zh=zh, first_en=en)


def limits(report: Report, found: list[Trial]) -> None:
    """Show limits and references; what is said of coverage is what was measured."""
    narrow = dict.fromkeys(t.index for t in found if round(t.scored("yoy").coverage_90, 2) < NOMINAL)
    names = [index_words(index) for index in narrow]
    ending(
        report,
        narrow_zh="、".join(name.zh for name in names) or "无",
        narrow_en=", ".join(name.en for name in names) or "none",
        last_mom=LAST["cpi", "mom"],
    )
