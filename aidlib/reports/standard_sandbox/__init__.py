"""The standard sandbox: change the standard and see caseload, cost and poverty gap on a synthetic population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aidlib.reports import Report
from aidlib.reports.standard_sandbox import drawing
from aidlib.reports.standard_sandbox.trial import AREAS, Sandbox, by_area, judge, outcome, prepare, times
from aidlib.reports.text import word

if TYPE_CHECKING:
    import pandas as pd

SHARES = {"dibao_households_share": "dibao_households_pct", "poverty_rate_after": "poverty_rate_after_pct",
          "poverty_gap_after": "poverty_gap_after_pct", "gap_closed_share": "gap_closed_pct"}  # fmt: skip
SYNTHETIC = (
    "合成人口测算,不是统计数,也不是预算数。",
    "Worked out on a synthetic population: no statistics, no budget.",
)


@dataclass(frozen=True)
class Trials:
    """A sandbox with every step judged: one row a step, and one a step and area."""

    box: Sandbox
    steps: list[dict[str, Any]]
    areas: list[dict[str, Any]]

    def at(self, step_pct: int) -> dict[str, Any]:
        """Return the row of a step."""
        return next(row for row in self.steps if row["step_pct"] == step_pct)


def open_sandbox(
    report: Report, households: int, seed: int, steps: str, urban_standard: str, rural_standard: str
) -> Trials:
    """Draw the population, try every standard.

    Parameters
    ----------
    report : Report
        The open report.
    households, seed : int
        Size and seed of the synthetic population.
    steps : str
        Changes of the standard in percent, comma between.
    urban_standard, rural_standard : str
        Monthly standard in yuan to begin with; empty: the last one known for the region.
    """
    box = prepare(report, households, seed, steps, dict(zip(AREAS, (urban_standard, rural_standard), strict=True)))
    judged = {step: judge(box, step) for step in box.steps_pct}
    rows = [outcome(box, step, frame) for step, frame in judged.items()]
    return Trials(box, rows, [row for step, frame in judged.items() for row in by_area(box, step, frame)])


def show_finding(report: Report, found: Trials) -> None:
    """Show what a change of the standard does, first of all that the population is synthetic."""
    now, (zh, en) = found.at(0), found.box.begun_with()
    persons, cost = float(now["dibao_persons_per_10k"]), float(now["cost_yuan_month_per_10k"])
    count, far = f"{found.box.homes.height:,}", _furthest(found)
    report.finding(
        [f"{report.region.name_zh},{count}户合成人口,不是真实家庭。",
         f"标准为{zh}时,每万人中{persons:.0f}人符合低保条件,每月需{cost:,.0f}元。", *far[0]],
        [f"{report.region.name('en')}: {count} synthetic households, none of them real.",
         f"At {en}, {persons:.0f} of 10,000 persons qualify, at {cost:,.0f} yuan a month.", *far[1]],
    )  # fmt: skip


def _furthest(found: Trials) -> tuple[list[str], list[str]]:
    """Say what the largest rise does to the cost, or where there is none the largest cut."""
    step = found.box.steps_pct[-1] or found.box.steps_pct[0]
    if not step:
        return [], []
    ratio = times(found.at(0), found.at(step))
    zh, en = ("提高", "higher") if step > 0 else ("降低", "lower")
    return ([f"标准{zh}{abs(step)}%,支出为这一标准时的{ratio:.2f}倍。"],
            [f"With the standard {abs(step)}% {en} the cost is {ratio:.2f} times as much."])  # fmt: skip


def show_steps(report: Report, found: Trials) -> None:
    """Show caseload, cost and what is left of the gap for every standard tried."""
    report.heading("标准、人数、支出与缺口", "Standard, caseload, cost and gap")
    report.table("steps", _frame(found.steps), "每一档标准的测算结果,贫困率和缺口都按起点(变动0%)的标准计",
                 "Each standard tried; poverty rate and gap at the standard begun with (change of 0%)", *SYNTHETIC)  # fmt: skip


def show_curves(report: Report, found: Trials) -> None:
    """Show the same as curves."""
    report.figure(
        "curves", drawing.curves(report, found.steps),
        alt=(_alt(found, "zh"), _alt(found, "en")),
        caption=("标准变动后的低保人数、支出和补足的缺口(合成人口)", "Dibao persons, cost and gap closed as the standard changes (synthetic population)"),
        unit=report.t("人/万人;元/月·万人;%", "persons per 10,000; yuan a month per 10,000; %"), n=found.box.homes.height,
        source=report.t("合成人口,按公布的边际分布校准", "synthetic population, calibrated on published marginals"), as_of=report.period,
    )  # fmt: skip


def show_areas(report: Report, found: Trials) -> None:
    """Show town and country apart."""
    report.heading("城市与农村", "Town and country")
    report.table("areas", _frame(_areas(report, found.areas)), "分城乡的测算结果", "Town and country", *SYNTHETIC)


def show_population(report: Report, found: Trials) -> None:
    """Show how the population compares with the published marginals it was drawn from."""
    from aidlib.register.calibration import calibration
    from aidlib.register.marginals import marginals

    box = found.box
    held = calibration(box.homes.lazy(), box.people.lazy(), marginals(report.region.code, report.figures))
    coarse = held[held["marginal"] != "age and sex"].rename(columns={"sources": "calibration_source"})
    shown = coarse[["marginal", "group", "published", "generated", "difference", "calibration_source"]].copy()
    for column in ("marginal", "group"):
        shown[column] = [_words(report, name) for name in shown[column]]
    report.heading("合成人口与公布数", "The population against published figures")
    report.say("人口按最近一次公布数生成,各项年份见下表来源,不一定是所选月份那一年。",
               "The population is drawn from the latest published figures; their years stand beside the sources and may differ "
               "from the month chosen.")  # fmt: skip
    report.table(
        "calibration", _rounded(shown), "合成人口与公布的边际分布", "Generated and published marginals", *SYNTHETIC
    )


def _words(report: Report, name: str) -> str:
    """Say a marginal or a group in the report's language: the whole name where the glossary has it, else word by word."""
    whole = f"marginal_{name.replace(' ', '_')}"
    said = word(whole, report.language)
    return said if said != whole else " ".join(word(part, report.language) for part in name.split())


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Show shares in percent and means in whole yuan, each generated number marked synthetic."""
    share = frame["published"] < 1
    for name in ("published", "generated"):
        frame[name] = (frame[name] * 100).round(2).where(share, frame[name].round(0))
    frame["difference"] = (frame["difference"] * 100).round(2)
    return frame.assign(generated_status="synthetic").reset_index(drop=True)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows).rename(columns=SHARES)
    for name in SHARES.values():
        if name in frame:
            frame[name] = (frame[name].astype(float) * 100).round(2)
    for name in ("dibao_persons_per_10k", "cost_yuan_month_per_10k"):
        frame[name] = frame[name].astype(float).round(0).astype("int64")
    return frame.assign(
        **{f"{name}_status": "synthetic" for name in ("dibao_persons_per_10k", "cost_yuan_month_per_10k")}
    )


def _areas(report: Report, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "area": _words(report, row["area"])} for row in rows]


def _alt(found: Trials, language: str) -> str:
    low, high = found.steps[0], found.steps[-1]
    persons = [f"{float(row['dibao_persons_per_10k']):.0f}" for row in (low, high)]
    if language == "zh":
        return f"三条曲线:标准从{low['step_pct']}%到{high['step_pct']}%,每万人低保人数由{persons[0]}升到{persons[1]},支出随之上升,缺口按起点的标准计。"
    return (f"Three curves: from {low['step_pct']}% to {high['step_pct']}% of change dibao persons per 10,000 rise from {persons[0]} to "
            f"{persons[1]}, cost rises with them, and the gap is that to the standard begun with.")  # fmt: skip
