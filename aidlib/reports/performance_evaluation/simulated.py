"""Tables of the simulated part: coverage, incidence, errors beside the gap reduction, adequacy, progressivity."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from aidlib.disclosure import suppressed_rate
from aidlib.evaluation import impact, targeting
from aidlib.evaluation.ranking import quantile_groups
from aidlib.evaluation.sample import Flags, Indicator, Sample
from aidlib.reports import Report
from aidlib.reports.performance_evaluation import labels
from aidlib.reports.performance_evaluation.cells import Row, both, by_scenario, cell, fifth, frame, named, number
from aidlib.reports.performance_evaluation.disclosed import coverage_table, hidden_with, publishable_money, shown
from aidlib.reports.performance_evaluation.population import Population

if TYPE_CHECKING:
    import pandas as pd

QUINTILES = 5
POOREST = 0.2


def coverage(report: Report, p: Population) -> pd.DataFrame:
    """T6: who is covered, by quintile of income before the benefit and by kind of household."""
    place = quantile_groups(p.roll.before, p.roll.persons, QUINTILES)
    fifths = [(fifth(report, q + 1), place == q) for q in range(QUINTILES)]
    tables = {name: coverage_table(s, fifths) for name, s in both(p)}
    rows: list[Row] = []
    for at, (name, flags) in enumerate(fifths):
        row: Row = {"pe_group": name, "pe_persons": int(p.roll.persons[flags].sum())}
        for scenario, table in tables.items():
            cells = table.table.iloc[at, :2]
            share = None if cells.isna().any() else float(cells.iloc[0]) / float(cells.sum())
            row |= cell(f"pe_{scenario}", share, p.kind if share is not None else "suppressed")
        rows.append(row)
    return frame([*rows, *(_group_row(report, p, name) for name in (*p.groups, "all"))])


def _group_row(report: Report, p: Population, name: str) -> Row:
    flags = p.groups.get(name, np.ones(p.n, bool))
    row: Row = {"pe_group": report.t(*labels.GROUPS[name]), "pe_persons": int(p.roll.persons[flags].sum())}
    for scenario, s in both(p):
        covered = suppressed_rate(int(s.persons[flags & s.receives].sum()), int(s.persons[flags].sum()))
        row |= cell(
            f"pe_{scenario}",
            None if covered is None else float(covered),
            p.kind if covered is not None else "suppressed",
        )
    return row


def incidence(report: Report, p: Population) -> pd.DataFrame:
    """T7: each fifth's share of the receiving persons and of the money."""
    rows: list[Row] = [{"pe_group": fifth(report, q)} for q in range(1, QUINTILES + 1)]
    for scenario, s in both(p):
        place = quantile_groups(s.before, s.persons, QUINTILES)
        for of in ("persons", "benefit"):
            found = targeting.incidence(s, QUINTILES, of)
            small = [not _many(s, place == q, of) for q in range(QUINTILES)]
            values = [one.value or 0.0 for one in found]
            for row, one, held in zip(rows, found, hidden_with(values, small), strict=True):
                row |= cell(f"pe_{of}_{scenario}", None if held else one.value, "suppressed" if held else p.kind)
    return frame(rows)


def _many(s: Sample, flags: Flags, of: str) -> bool:
    """A fifth in which nobody receives is no secret; otherwise ten receiving persons, or money nobody dominates."""
    receiving = flags & s.receives
    if not receiving.any():
        return True
    return (
        publishable_money(s.only(receiving))
        if of == "benefit"
        else bool(suppressed_rate(int(s.persons[receiving].sum()), 10**9))
    )


def errors(report: Report, p: Population) -> pd.DataFrame:
    """T8: exclusion and inclusion error, leakage and targeting differential, never without the gap reduction beside them."""
    rows = []
    for scenario, s in both(p):
        for name, target in (("line", s.poor), ("p20", targeting.poorest(s, POOREST))):
            found: dict[str, Indicator] = {
                "exclusion": targeting.exclusion_error(s, target), "inclusion": targeting.inclusion_error(s, target),
                "leakage": targeting.leakage(s, target), "differential": targeting.targeting_differential(s, target),
                "gap_reduction": impact.gap_reduction(s),
            }  # fmt: skip
            row: Row = {
                "pe_scenario": report.t(*labels.SCENARIOS[scenario]),
                "pe_benchmark": report.t(*labels.BENCHMARKS[name]),
            }
            for key, one in found.items():
                row |= cell(f"pe_{key}", *shown(one, s, p.kind))
            rows.append(row)
    return frame(rows)


def adequacy(report: Report, p: Population) -> pd.DataFrame:
    """T9: generosity, benefit over the line, how much of the gap is filled."""

    def found(s: Sample) -> list[Indicator]:
        return [impact.generosity(s), impact.benefit_to_line(s), *impact.gap_filled(s)]

    return by_scenario(report, p, found)


def progressivity(report: Report, p: Population) -> pd.DataFrame:
    """T11: CGH, concentration, Kakwani, distributional characteristic, normalised share."""
    rows = []
    tests: dict[str, Callable[[Sample], Indicator]] = {
        **{f"cgh{share}": partial(targeting.cgh, share=share / 100) for share in (10, 20, 40)},
        "concentration_coefficient": targeting.concentration_coefficient,
        "kakwani": targeting.kakwani,
        "dc1": targeting.distributional_characteristic,
        "dc2": lambda s: targeting.distributional_characteristic(s, 2),
        "normalised_share": targeting.normalised_share,
    }  # fmt: skip
    for name, test in tests.items():
        row = named(report, name)
        for scenario, s in both(p):
            value, status = shown(test(s), s, p.kind)
            row |= number(f"pe_{scenario}", value, status)
        rows.append(row)
    return frame(rows)
