"""Figures of the simulated part. Each returns the drawing and the numbers in it, or nothing where the data do not carry one."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from aidlib.evaluation import impact, targeting
from aidlib.evaluation.ranking import quantile_groups, quantile_parts
from aidlib.evaluation.sample import Floats, Sample
from aidlib.reports import Report
from aidlib.reports.performance_evaluation import labels
from aidlib.reports.performance_evaluation.cells import both
from aidlib.reports.performance_evaluation.disclosed import QUINTILES, classes_safe, hidden_fifths, safe, share, two_way
from aidlib.reports.performance_evaluation.population import Population

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing

    Drawn: TypeAlias = tuple[Drawing, pd.DataFrame] | None

DECILES, FINEST, PER_POINT = 10, 100, 10
BINS = (0.0, 0.25, 0.5, 0.75, 1.0)
PARADE_END = 0.3


def coverage(report: Report, p: Population) -> Drawn:
    """F2: coverage by tenth of income before the benefit; by fifth for a register, as in the table, so that neither gives the other away."""
    import pandas as pd
    from matplotlib import pyplot as plt

    groups = QUINTILES if p.kind == "register" else DECILES
    place = quantile_groups(p.roll.before, p.roll.persons, groups)
    parts = [(str(at + 1), place == at) for at in range(groups)]
    frame = pd.DataFrame({"tenth": [name for name, _ in parts]})
    drawing, axes = plt.subplots()
    for at, (scenario, s) in enumerate((("roll", p.roll), ("rule", p.rule))):
        name = f"{'fifths' if p.kind == 'register' else 'tenths'} {scenario}"
        table = two_way(p.ledger, name, s, parts, s.receives)
        shares = np.array([share(table, row, p.kind)[0] for row in range(groups)], float) * 100
        frame[scenario] = np.round(shares, 1)
        axes.bar(np.arange(groups) + 0.4 * at - 0.2, shares, 0.4, label=report.t(*labels.SCENARIOS[scenario]))
    axes.set_xticks(range(groups), frame["tenth"])
    axes.set(
        xlabel=report.t(f"收入{groups}等份（1为最低）", f"income in {groups} equal groups, 1 the poorest"), ylabel="%"
    )
    axes.legend()
    return drawing, frame.add_prefix("pe_")


def concentration(report: Report, p: Population) -> Drawn:
    """F3: concentration curves of the money and the Lorenz curve of income before it."""
    import pandas as pd
    from matplotlib import pyplot as plt

    groups = QUINTILES if p.kind == "register" else _points(p)
    if p.kind == "register" and any(any(hidden_fifths(p.ledger, name, s, "benefit")) for name, s in both(p)):
        return None
    people = np.linspace(0, 100, groups + 1)
    curves = {"lorenz": _cumulated(p.roll, p.roll.before, groups)}
    curves |= {
        name: _cumulated(s, s.benefit, groups) for name, s in (("roll", p.roll), ("rule", p.rule)) if s.benefit.any()
    }
    names = {"lorenz": report.t("收入（洛伦兹曲线）", "income (Lorenz)")} | {
        k: report.t("补助：", "benefit: ") + report.t(*labels.SCENARIOS[k]) for k in labels.SCENARIOS
    }
    drawing, axes = plt.subplots(figsize=(5.4, 5.0))
    for key, values in curves.items():
        axes.plot(people, values, label=names[key])
    axes.plot([0, 100], [0, 100], color="0.6", linewidth=0.8)
    axes.set(
        xlabel=report.t("人口累计（%）", "persons, cumulated (%)"),
        ylabel=report.t("收入或补助累计（%）", "income or money, cumulated (%)"),
    )
    axes.legend()
    return drawing, pd.DataFrame(
        {"persons_cumulated": people.round(1), **{k: v.round(1) for k, v in curves.items()}}
    ).add_prefix("pe_")


def parade(report: Report, p: Population) -> Drawn:
    """F4: incomes of the poorest in order, as a multiple of their line, before and after."""
    import pandas as pd
    from matplotlib import pyplot as plt

    groups = _points(p)
    curves = {"before": p.roll.before, "roll": p.roll.after, "rule": p.rule.after}
    names = {"before": report.t("补助前", "before")} | {
        k: report.t("补助后：", "after: ") + report.t(*v) for k, v in labels.SCENARIOS.items()
    }
    people = (np.arange(groups) + 0.5) / groups
    kept = people <= PARADE_END
    frame = pd.DataFrame({"persons_cumulated": (people[kept] * 100).round(2)})
    drawing, axes = plt.subplots()
    for key, income in curves.items():
        frame[key] = _means(income / p.roll.line, p.roll.persons, groups)[kept].round(3)
        axes.plot(frame["persons_cumulated"], frame[key], label=names[key])
    axes.axhline(1, color="0.4", linestyle="--", linewidth=0.9)
    axes.set(
        xlabel=report.t("按收入排列的人口（%）", "persons in order of income (%)"),
        ylabel=report.t("收入÷标准", "income over the line"),
    )
    axes.set_ylim(0, max(2.0, float(frame["before"].iloc[-1])))
    axes.legend()
    return drawing, frame.add_prefix("pe_")


def triangle(report: Report, p: Population) -> Drawn:
    """F5: coverage of those below the line, generosity, and the poorest fifth's share of the receiving persons."""
    import pandas as pd
    from matplotlib import pyplot as plt

    corners = [
        report.t("覆盖", "coverage"),
        report.t("慷慨度", "generosity"),
        report.t("最低20%的占比", "share of the poorest fifth"),
    ]
    rows = {}
    for scenario, s in (("roll", p.roll), ("rule", p.rule)):
        found = (targeting.coverage(s), impact.generosity(s), targeting.incidence(s, 5, "persons")[0])
        if (
            any(one.value is None for one in found)
            or not safe(p.ledger, f"{scenario} line", s, s.poor)
            or hidden_fifths(p.ledger, scenario, s, "persons")[0]
        ):
            return None
        rows[scenario] = [100 * (one.value or 0.0) for one in found]
    angles = np.pi / 2 + np.arange(4) * 2 * np.pi / 3
    drawing, axes = plt.subplots(figsize=(5.4, 4.6), subplot_kw={"projection": "polar"})
    for scenario, values in rows.items():
        axes.plot(angles, [*values, values[0]], label=report.t(*labels.SCENARIOS[scenario]))
    axes.set_xticks(angles[:3], corners)
    axes.set_ylim(0, 100)
    axes.legend(loc="lower right", bbox_to_anchor=(1.15, -0.1))
    frame = pd.DataFrame({"corner": corners, **{key: np.round(values, 1) for key, values in rows.items()}})
    return drawing, frame.add_prefix("pe_")


def binned(report: Report, p: Population) -> pd.DataFrame | None:
    """Count persons below the line by the share of their gap that is filled, small counts hidden; nothing where a class of them is small."""
    import pandas as pd

    quarters = (f"{int(100 * a)}–{int(100 * b)}%" for a, b in pairwise(BINS))
    names = [report.t("没有", "none"), *quarters, report.t("全部", "all")]
    counts = pd.DataFrame({name: _binned(s) for name, s in both(p)}, index=names).astype(int)
    return p.ledger.protect("gaps", counts) if all(classes_safe(s) for _, s in both(p)) else None


def gaps(report: Report, p: Population) -> Drawn:
    """F7: how much of their gap persons below the line get, in six bins, small bins hidden."""
    import pandas as pd
    from matplotlib import pyplot as plt

    table = binned(report, p)
    if table is None:
        return None
    names = table.index[:-1]
    persons = pd.Series({name: s.persons[s.poor].sum() for name, s in both(p)})
    shares = (table.loc[names, list(persons.index)].astype("Float64") / persons * 100).astype(float)
    drawing, axes = plt.subplots()
    for at, scenario in enumerate(shares):
        axes.bar(
            np.arange(len(names)) + 0.4 * at - 0.2,
            shares[scenario],
            0.4,
            label=report.t(*labels.SCENARIOS[str(scenario)]),
        )
    axes.set_xticks(range(len(names)), names)
    axes.set(
        xlabel=report.t("缺口补足的比例", "share of the gap filled"),
        ylabel=report.t("低于标准的人（%）", "persons below the line (%)"),
    )
    axes.legend()
    return drawing, shares.round(1).rename_axis("filled").reset_index().add_prefix("pe_")


def _points(p: Population) -> int:
    """As many points of a curve as leave ten persons to each, a hundred at most."""
    return max(2, min(FINEST, p.persons // PER_POINT, p.n // PER_POINT))


def _cumulated(s: Sample, amount: Floats, groups: int) -> Floats:
    sums = quantile_parts(s.before, s.persons, groups, split_ties=True) @ (s.persons * amount)
    return np.concatenate([[0.0], np.cumsum(sums) / sums.sum() * 100])


def _means(values: Floats, persons: Floats, groups: int) -> Floats:
    parts = quantile_parts(values, persons, groups, split_ties=True)
    return np.asarray((parts @ (persons * values)) / (parts @ persons))


def _binned(s: Sample) -> Floats:
    """Persons below the line by share of their gap filled: none, four quarters, all."""
    filled = np.where(s.line - s.before - s.benefit < impact.FEN, 1.0, impact.gap_shares(s))[s.poor]
    place = np.where(filled <= 0, 0, np.where(filled >= 1, len(BINS), np.digitize(filled, BINS[1:-1]) + 1))
    return np.asarray(np.bincount(place, s.persons[s.poor], len(BINS) + 1), float)
