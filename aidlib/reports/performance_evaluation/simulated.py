"""Tables of the simulated part: coverage, incidence, errors beside the gap reduction, adequacy, progressivity."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from aidlib.evaluation import impact, targeting
from aidlib.evaluation.sample import Indicator, Sample
from aidlib.reports import Report
from aidlib.reports.performance_evaluation import labels
from aidlib.reports.performance_evaluation.cells import Row, both, cell, fifth, frame, named, number
from aidlib.reports.performance_evaluation.disclosed import (
    QUINTILES,
    Parts,
    classes_safe,
    fifths,
    hidden_fifths,
    safe,
    share,
    shown,
    two_way,
)
from aidlib.reports.performance_evaluation.population import Population

if TYPE_CHECKING:
    import pandas as pd

POOREST = 0.2


def coverage(report: Report, p: Population) -> pd.DataFrame:
    """T6: who is covered, by fifth of income before the benefit, by area, and by kind of household."""
    names = [fifth(report, at) for at in range(1, QUINTILES + 1)]
    partitions: list[Parts] = [list(zip(names, fifths(p.roll), strict=True))]
    areas = [(report.t(*labels.GROUPS[name]), p.groups[name]) for name in ("urban", "rural") if p.groups[name].any()]
    partitions += [areas] if len(areas) > 1 else []
    rest = (name for name in p.groups if name not in ("urban", "rural"))
    kinds: list[Parts] = [[(report.t(*labels.GROUPS[k]), p.groups[k]), ("", ~p.groups[k])] for k in rest]
    names_ = ("fifths", "areas")[: len(partitions)] + tuple(k for k in p.groups if k not in ("urban", "rural"))
    rows = [row for name, parts in zip(names_, (*partitions, *kinds), strict=True) for row in _covered(p, name, parts)]
    whole = _covered(p, "fifths", partitions[0], report.t(*labels.GROUPS["all"]))[-1]
    return frame([*(row for row in rows if row["pe_group"]), whole], ("pe_persons",))


def _covered(p: Population, name: str, parts: Parts, whole: str = "") -> list[Row]:
    """Rows of a partition: persons, and the share that receives, by roll and rules; last the whole, where it is named."""
    import pandas as pd

    rows: list[Row] = [{"pe_group": name} for name in (*(name for name, _ in parts), whole)]
    for scenario, s in both(p):
        table = two_way(p.ledger, f"coverage {name} {scenario}", s, parts, s.receives)
        for at, row in enumerate(rows):
            count = table["both"].iloc[at]
            row.setdefault("pe_persons", None if pd.isna(count) else int(count))
            row.setdefault("pe_persons_status", "suppressed" if pd.isna(count) else p.kind)
            row |= cell(f"pe_{scenario}", *share(table, at, p.kind))
    return rows


def incidence(report: Report, p: Population) -> pd.DataFrame:
    """T7: each fifth's share of the receiving persons and of the money."""
    rows: list[Row] = [{"pe_group": fifth(report, q)} for q in range(1, QUINTILES + 1)]
    for scenario, s in both(p):
        for of in ("persons", "benefit"):
            found, hidden = targeting.incidence(s, QUINTILES, of), hidden_fifths(p.ledger, scenario, s, of)
            for row, one, held in zip(rows, found, hidden, strict=True):
                row |= cell(f"pe_{of}_{scenario}", None if held else one.value, "suppressed" if held else p.kind)
    return frame(rows)


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
            told = safe(p.ledger, f"{scenario} {name}", s, target)
            for key, one in found.items():
                hidden = key != "gap_reduction" and not told
                row |= cell(f"pe_{key}", *((None, "suppressed") if hidden else shown(one, s, p.kind)))
            rows.append(row)
    return frame(rows)


def adequacy(report: Report, p: Population) -> pd.DataFrame:
    """T9: generosity, benefit over the line, how much of the gap is filled."""
    rows: dict[str, Row] = {}
    for scenario, s in both(p):
        told = classes_safe(s)
        for one in (impact.generosity(s), impact.benefit_to_line(s), *impact.gap_filled(s)):
            hidden = one.name.startswith("gap_") and not told
            row = rows.setdefault(one.name, named(report, one.name))
            row |= cell(f"pe_{scenario}", *((None, "suppressed") if hidden else shown(one, s, p.kind)))
    return frame(list(rows.values()))


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
            given_away = name.startswith("cgh") and any(hidden_fifths(p.ledger, scenario, s, "benefit"))
            row |= number(f"pe_{scenario}", *((None, "suppressed") if given_away else shown(test(s), s, p.kind)))
        rows.append(row)
    return frame(rows)
