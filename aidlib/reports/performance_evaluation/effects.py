"""Tables of the simulated part: what the benefit does to poverty, equity among equals, overlap, sensitivity."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aidlib.evaluation import equity, impact, poverty, targeting
from aidlib.evaluation.sample import Indicator, Sample
from aidlib.reports import Report
from aidlib.reports.performance_evaluation import labels
from aidlib.reports.performance_evaluation.cells import Row, both, cell, fifth, frame, named, number
from aidlib.reports.performance_evaluation.disclosed import (
    QUINTILES,
    few,
    hidden_fifths,
    hide_all,
    safe,
    share,
    shown,
    two_way,
)
from aidlib.reports.performance_evaluation.population import Population

if TYPE_CHECKING:
    import pandas as pd

KEPT_SHARE = 0.8  # the alternative to k = 1: a fifth of the benefit replaces earnings (spec 0, our choice)
LINE_MOVES = (Fraction(-1, 10), Fraction(1, 10))


def effects(report: Report, p: Population) -> pd.DataFrame:
    """T10: poverty and inequality before and after, with all of the benefit kept and with a fifth of it lost; what a yuan achieves."""
    cases = {"before": p.roll, "roll": p.roll, "roll_k": kept(p.roll, KEPT_SHARE), "rule": p.rule}
    rows: list[Row] = []
    for alpha in (0, 1, 2):
        row = named(report, f"fgt{alpha}")
        for case, s in cases.items():
            one = poverty.fgt(s, alpha, "before" if case == "before" else "after")
            hidden = case != "before" and few(s, s.poor & (s.after >= s.line))
            row |= cell(f"pe_{case}", *((None, "suppressed") if hidden else shown(one, s, p.kind)), decimals=2)
        rows.append(row)
    row = named(report, "gini")
    for case, s in cases.items():
        moved = impact.redistribution(s)
        value = None if moved is None else moved.gini_before if case == "before" else moved.gini_after
        row |= number(f"pe_{case}", value, p.kind)
    rows.append(row)
    for indicator in (impact.gap_reduction, impact.benefit_cost, _vertical, _spill_over):
        found = {case: indicator(s) for case, s in cases.items() if case != "before"}
        row = named(report, next(iter(found.values())).name)
        for case, one in found.items():
            row |= cell(f"pe_{case}", *shown(one, cases[case], p.kind))
        rows.append(row)
    return frame(rows)


def decomposition(report: Report, p: Population) -> pd.DataFrame:
    """T10, second part: poverty before the benefit by town and country; shares times indices add up to the whole."""
    parts = [(name, p.groups[name]) for name in ("rural", "urban") if p.groups[name].any()]
    table = two_way(p.ledger, "decomposition", p.roll, parts, p.roll.poor)
    rows: list[Row] = []
    for at, (name, flags) in enumerate([*parts, ("all", np.ones(p.n, bool))]):
        s = p.roll.only(flags)
        headcount, status = share(table, at, p.kind)
        row: Row = {"pe_group": report.t(*labels.GROUPS[name])}
        row |= cell("pe_share_of_persons", float(s.persons.sum() / p.roll.persons.sum()), p.kind)
        depth = (None, status) if headcount is None else shown(poverty.fgt(s, 1), s, p.kind)
        rows.append(row | cell("pe_f0", headcount, status, decimals=2) | cell("pe_f1", *depth, decimals=2))
    return frame(rows)


def equals(report: Report, p: Population) -> pd.DataFrame:
    """T12: how far the benefit varies among persons of like income."""
    rows: list[Row] = [{"pe_group": fifth(report, b)} for b in range(1, QUINTILES + 1)]
    for scenario, s in both(p):
        found = equity.variation_among_equals(s, QUINTILES)
        for row, one, held in zip(rows, found, hidden_fifths(p.ledger, scenario, s, "benefit"), strict=True):
            row |= number(f"pe_{scenario}", None if held else one.value, "suppressed" if held else p.kind)
    return frame(rows)


def overlap(report: Report, p: Population) -> pd.DataFrame:
    """T13: households by what the rules make of them and whether they are on the roll, small cells hidden."""
    import pandas as pd

    on_roll = np.where(p.roll.receives, "receives", "without")
    counts = pd.crosstab(p.category, on_roll)
    found = p.ledger.protect("overlap", counts)
    table = hide_all(counts) if found is None else found
    words = labels.CATEGORIES | {"合计": labels.GROUPS["all"]}
    rows: list[Row] = []
    for name, cells in table.iterrows():
        row: Row = {"pe_category": report.t(*words.get(str(name), (str(name),) * 2))}
        for column, count in cells.items():
            key = f"pe_{'both' if column == '合计' else column}"
            row |= {
                key: None if pd.isna(count) else int(count),
                f"{key}_status": "suppressed" if pd.isna(count) else p.kind,
            }
        rows.append(row)
    return frame(rows, ("pe_receives", "pe_without", "pe_both"))


def sensitivity(report: Report, p: Population) -> pd.DataFrame:
    """T21: how the results move with the line and with what is kept of the benefit."""
    s = p.roll
    cases = [
        (report.t("基准", "as above"), s),
        (report.t("补助留存80%", "80 % of the benefit kept"), kept(s, KEPT_SHARE)),
    ]
    cases += [
        (report.t(f"标准{'提高' if m > 0 else '降低'}{float(abs(m)):.0%}", f"line {float(m):+.0%}"), moved_line(s, m))
        for m in LINE_MOVES
    ]
    rows = []
    for name, moved in cases:
        row: Row = {"pe_case": name}
        differing = few(s, moved.poor ^ s.poor) or few(s, (moved.poor & (moved.after >= moved.line)))
        for key, one in (("f0_before", poverty.fgt(moved, 0)), ("f0_after", poverty.fgt(moved, 0, "after")),
                         ("exclusion", targeting.exclusion_error(moved)), ("inclusion", targeting.inclusion_error(moved)),
                         ("gap_reduction", impact.gap_reduction(moved)), ("benefit_cost", impact.benefit_cost(moved))):  # fmt: skip
            hidden = differing or (key in ("exclusion", "inclusion") and not safe(p.ledger, name, moved, moved.poor))
            row |= cell(f"pe_{key}", *((None, "suppressed") if hidden else shown(one, moved, p.kind)))
        rows.append(row)
    return frame(rows)


def kept(s: Sample, share: float) -> Sample:
    """The same households when only a share of the benefit adds to income."""
    return Sample(s.before, s.before + share * s.benefit, s.benefit, s.line, s.persons, s.n_missing, s.n_clipped)


def moved_line(s: Sample, share: Fraction) -> Sample:
    """The same households and benefits against a line moved by a share."""
    return Sample(s.before, s.after, s.benefit, s.line * float(1 + share), s.persons, s.n_missing, s.n_clipped)


def _vertical(s: Sample) -> Indicator:
    return impact.beckerman(s)[0]


def _spill_over(s: Sample) -> Indicator:
    return impact.beckerman(s)[2]
