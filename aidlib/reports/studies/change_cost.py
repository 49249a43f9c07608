"""Study: what does a change of the standard cost, who gains, and what if the linkage rule of 2016 had stayed?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from aidlib.errors import DataFault, ParameterFault
from aidlib.money import FEN_PER_YUAN
from aidlib.reports.standard_sandbox.trial import PER, Sandbox, judge, outcome, prepare, times
from aidlib.rules.layers import CATEGORIES

if TYPE_CHECKING:
    from aidlib.reports.context import Report

NOTE = ("合成人口测算，不是统计数，也不是预算数。", "Worked out on a synthetic population: no statistics, no budget.")
BENEFIT, PERSONS, DIBAO = "dibao_benefit_fen", "members", CATEGORIES.index("dibao")


@dataclass(frozen=True)
class Trial:
    """The sandbox, every step judged, and what follows from each."""

    box: Sandbox
    judged: dict[int, pl.DataFrame]
    rows: list[dict[str, Any]]

    @property
    def top(self) -> int:
        """The largest rise tried."""
        return self.box.steps_pct[-1]


def judge_all(report: Report, households: int, seed: int, steps: str, urban: str = "", rural: str = "") -> Trial:
    """Draw the population and judge every household under every step.

    Raises
    ------
    ParameterFault
        No step is a rise: who gains could not be said.
    """
    box = prepare(report, households, seed, steps, {"urban": urban, "rural": rural})
    if box.steps_pct[-1] <= 0:
        raise ParameterFault("no rise among the steps", where="steps", expected="a percentage above zero", got=steps)
    judged = {step: judge(box, step) for step in box.steps_pct}
    return Trial(box, judged, [outcome(box, step, frame) for step, frame in judged.items()])


Ends = tuple[float, float]


def _drawn(amounts: Any, persons: Any, draws: int, seed: int) -> Any:
    """Bootstrap households: an amount per 10,000 persons in every draw; one seed draws the same households of every step."""
    rng = np.random.default_rng(seed)
    picked = rng.integers(0, len(amounts), (draws, len(amounts)))
    return PER * amounts[picked].sum(axis=1) / persons[picked].sum(axis=1)


def _ends(drawn: Any) -> Ends:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def _costs(judged: pl.DataFrame, draws: int, seed: int) -> Any:
    benefit, persons = (judged[name].to_numpy().astype(float) for name in (BENEFIT, PERSONS))
    return _drawn(benefit / FEN_PER_YUAN, persons, draws, seed)


def rise_ends(trial: Trial, draws: int, seed: int) -> tuple[Ends, Ends]:
    """Return 95 % intervals of the cost of the largest rise over that begun with, and of the persons per 10,000 it adds.

    Both are of the same households drawn, so that the error common to both steps falls out. A draw in which nobody qualifies at
    the standard begun with has no ratio and is left out.
    """
    now, top = trial.judged[0], trial.judged[trial.top]
    before, after = (_costs(judged, draws, seed) for judged in (now, top))
    some = before > 0
    on = [(judged["category"] == DIBAO).to_numpy() for judged in (now, top)]
    persons = now[PERSONS].to_numpy().astype(float)
    added = _drawn(persons * (on[1].astype(float) - on[0]), persons, draws, seed)
    return _ends(after[some] / before[some]), _ends(added)


def finding(report: Report, trial: Trial, draws: int, seed: int) -> None:
    """Say what the largest rise costs and how many it adds, both with their sampling error."""
    now, top = (next(row for row in trial.rows if row["step_pct"] == step) for step in (0, trial.top))
    ratio, (low, high) = times(now, top), _ends(_costs(trial.judged[0], draws, seed))
    (ratio_low, ratio_high), (newly_low, newly_high) = rise_ends(trial, draws, seed)
    newly = float(top["dibao_persons_per_10k"] - now["dibao_persons_per_10k"])
    cost, (zh, en) = float(now["cost_yuan_month_per_10k"]), trial.box.begun_with()
    count = f"{trial.box.homes.height:,}"
    report.finding(
        [f"{report.region.name_zh}，{count}户合成人口：标准为{zh}时，每万人每月约需{cost:,.0f}元(抽样95%区间{low:,.0f}–{high:,.0f})。",
         f"标准提高{trial.top}%，支出为这一标准时的{ratio:.2f}倍({ratio_low:.2f}–{ratio_high:.2f})，每万人中新增{newly:.0f}人"
         f"({newly_low:.0f}–{newly_high:.0f})符合条件。"],
        [f"{report.region.name('en')}, {count} synthetic households: at {en} dibao costs about {cost:,.0f} yuan a month per 10,000 persons "
         f"(95% sampling interval {low:,.0f}–{high:,.0f}).",
         f"With the standard {trial.top}% higher the cost is {ratio:.2f} times as much ({ratio_low:.2f}–{ratio_high:.2f}), and {newly:.0f} "
         f"({newly_low:.0f}–{newly_high:.0f}) more of 10,000 persons qualify."],
    )  # fmt: skip


def shortfall(trial: Trial, step_pct: int) -> tuple[float, float]:
    """Hold a step against the largest rise tried: share of persons still below that line, and of its gap that aid closes."""
    judged, lines = (
        trial.judged[step_pct],
        (trial.box.standard("urban", trial.top), trial.box.standard("rural", trial.top)),
    )
    members = judged[PERSONS].to_numpy()
    lacking = np.where(judged["urban"].to_numpy(), *lines) * members - judged["counted_income_fen"].to_numpy()
    left = lacking - judged[BENEFIT].to_numpy()
    whole = np.maximum(lacking, 0).sum()
    return float(members[left > 0].sum() / members.sum()), float(
        1 - np.maximum(left, 0).sum() / whole
    ) if whole else float("nan")


def costs(report: Report, trial: Trial, draws: int, seed: int) -> None:
    """Show each step with the interval of its cost."""
    import pandas as pd

    rows = []
    for row in trial.rows:
        low, high = _ends(_costs(trial.judged[row["step_pct"]], draws, seed))
        poor, closed = shortfall(trial, row["step_pct"])
        rows.append((row["step_pct"], row["standard_urban_yuan"], row["standard_rural_yuan"], round(float(row["dibao_persons_per_10k"])),
                     round(float(row["cost_yuan_month_per_10k"])), f"{low:,.0f}–{high:,.0f}",
                     round(poor * 100, 2), round(closed * 100, 1), "synthetic"))  # fmt: skip
    columns = ["step_pct", "standard_urban_yuan", "standard_rural_yuan", "dibao_persons_per_10k", "study_cost", "study_cost_interval", "study_poor",
               "study_closed", "study_cost_status"]  # fmt: skip
    report.table(
        "costs",
        pd.DataFrame(rows, columns=columns),
        "每档标准的支出，以及按同一条线(最高一档标准)算的低于线人口和补足的缺口",
        "Cost of each standard; persons below and gap closed at one line, the highest standard tried",
        *NOTE,
    )


def anchor(report: Report, trial: Trial) -> None:
    """Hold those who qualify at the standard begun with against the published share of persons on dibao the population was drawn with."""
    sizes = trial.box.people.group_by("household_id").len("size")
    homes = trial.box.homes.select("household_id", "on_dibao").join(sizes, on="household_id")
    on = PER * float(homes.filter("on_dibao")["size"].sum()) / float(homes["size"].sum())
    eligible = float(next(row for row in trial.rows if row["step_pct"] == 0)["dibao_persons_per_10k"])
    report.say(
        f"对照：合成人口按公布的低保人口比例抽取，每万人中{on:.0f}人在享；按起点的标准和规则，每万人中{eligible:.0f}人符合条件。"
        "相差可能来自过期的标准、收入分布的假设和没有申请的人，这里分不开；支出按符合条件的人全都享受计。",
        f"For comparison: the population is drawn with the published share of persons on dibao, {on:.0f} of 10,000; by the standard begun with and the "
        f"rules {eligible:.0f} qualify. Stale standards, the assumed incomes and people who do not apply may lie behind the difference and cannot be "
        "told apart here; cost counts everyone who qualifies.",
    )


def frontier(report: Report, trial: Trial) -> None:
    """Show cost against gap closed."""
    from matplotlib import pyplot as plt

    drawing, axes = plt.subplots(figsize=(5.6, 3.6), layout="constrained")
    points = [
        (float(r["cost_yuan_month_per_10k"]), shortfall(trial, r["step_pct"])[1] * 100, r["step_pct"])
        for r in trial.rows
    ]
    axes.plot([x for x, _, _ in points], [y for _, y, _ in points], "o-")
    for x, y, step in points:
        axes.annotate(f"{step:+d}%".replace("-", "−") if step else "0%", (x, y), xytext=(5, -10), textcoords="offset points", fontsize=9)
    axes.set_ylim(0, 105)
    axes.set_xlabel(report.t("每万人月支出(元)", "cost per 10,000 a month (yuan)"))
    axes.set_ylabel(
        report.t(f"按提高{trial.top}%的标准补足的缺口(%)", f"gap closed at the standard {trial.top}% higher (%)")
    )
    report.figure(
        "frontier", drawing, alt=("支出与补足缺口的关系，每点为一档标准。", "Cost against gap closed, one point a standard."),
        caption=("支出与补足的缺口(合成人口)", "Cost against gap closed (synthetic population)"), unit=report.t("元；%", "yuan; %"), n=trial.box.homes.height,
        source=report.t("合成人口，按公布的边际分布校准", "synthetic population, calibrated on published marginals"), as_of=report.period,
    )  # fmt: skip


def gains(report: Report, trial: Trial) -> None:
    """Show who gains from the largest rise: tenths of income, area, kind of household."""
    import pandas as pd

    now, top = trial.judged[0], trial.judged[trial.top]
    if now["household_id"].to_list() != top["household_id"].to_list():
        raise DataFault("households of two steps are not in the same order", where="judge")
    change = (top[BENEFIT] - now[BENEFIT]).to_numpy() / FEN_PER_YUAN
    persons = now[PERSONS].to_numpy()
    rows = []
    for name, inside in _groups(report, trial, now):
        total = persons[inside].sum()
        if total:
            up, down = (persons[inside & mask].sum() / total * 100 for mask in (change > 0, change < 0))
            rows.append(
                (
                    name,
                    int(inside.sum()),
                    round(100 * total / persons.sum(), 1),
                    round(change[inside].sum() / total, 2),
                    round(up, 1),
                    round(down, 1),
                    "synthetic",
                )
            )
    columns = ["study_group", "study_homes", "study_share", "study_gain", "study_gainers", "study_losers", "study_gain_status"]
    report.table(
        "gains",
        pd.DataFrame(rows, columns=columns),
        f"标准提高{trial.top}%：谁得到，谁失去(按人均月收益变化)",
        f"The standard {trial.top}% higher: who gains, who loses",
        *NOTE,
    )


def _groups(report: Report, trial: Trial, judged: pl.DataFrame) -> list[tuple[str, Any]]:
    persons = judged[PERSONS].to_numpy()
    income = judged["counted_income_fen"].to_numpy() / np.maximum(persons, 1)
    order = np.argsort(income, kind="stable")
    rank = np.empty(len(order))
    rank[order] = np.cumsum(persons[order]) / persons.sum()
    tenth = np.minimum(np.ceil(rank * 10), 10)
    urban = judged["urban"].to_numpy()
    ages = trial.box.people.group_by("household_id").agg(
        (pl.col("age") >= 60).any().alias("old"), (pl.col("age") < 18).any().alias("child")
    )
    kinds = judged.select("household_id").join(ages, on="household_id", how="left", maintain_order="left")
    old, child = (kinds[name].fill_null(False).to_numpy() for name in ("old", "child"))
    groups = [(report.t(f"人均收入第{at}个十分位组", f"income tenth {at}"), tenth == at) for at in range(1, 11)]
    return [*groups, (report.t("城镇", "urban"), urban), (report.t("农村", "rural"), ~urban), (report.t("一人户", "one person"), persons == 1),
            (report.t("有60岁以上老人", "with a person of 60 or more"), old), (report.t("有未成年人", "with a child"), child)]  # fmt: skip
