"""Tables of candidates, bounds, derived amounts, ratios and cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from aidlib.indices import Figure
from aidlib.law import Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, decimal_text, yuan
from aidlib.regions import region
from aidlib.reports import Report
from aidlib.reports.standard_indexing import labels
from aidlib.reports.standard_indexing.series import Row, filled
from aidlib.standards import references
from aidlib.standards.adequacy import agrees, to_minimum_wage
from aidlib.standards.bounds import Bound
from aidlib.standards.candidate import Candidate, Input
from aidlib.standards.checks import RATIO_TARGET
from aidlib.standards.derived import published_for
from aidlib.standards.study import AreaStudy, Study

if TYPE_CHECKING:
    import pandas as pd

TEN_THOUSAND_YUAN = 10_000 * FEN_PER_YUAN
MEAN_HEADS: labels.Words = ("人数为累计人次折算的月均数", "heads: mean from cumulative person-times")


def candidates(report: Report, study: Study) -> pd.DataFrame:
    """One row per area and method: the exact candidate, its range, what the bounds made of it, the announced level."""
    return filled(list(_candidate_rows(report, study)))


def missing(report: Report, study: Study) -> pd.DataFrame:
    """One row per method that could not be used, with what it lacks."""
    rows: list[Row] = []
    for area in study.areas:
        for method, words in area.missing:
            rows.append(_method(report, area, method) | {"lacks": labels.pick(report, words)})
    for method, words in labels.NEEDS_A_LIST.items():
        named: Row = {"area": report.t("城乡", "both"), "method": labels.pick(report, labels.METHODS[method])}
        rows.append(named | {"lacks": labels.pick(report, words)})
    return filled(rows)


def bounds(report: Report, study: Study) -> pd.DataFrame:
    """One row per area and bound: the limit, what it rests on, and which methods it changed; unknown limits are listed."""
    return filled(list(_bound_rows(report, study)))


def adequacy_ratios(report: Report, study: Study) -> pd.DataFrame:
    """One row per area and measure: a year of the level over last year's figure, beside the share the place stated."""
    return filled([row for area in study.areas for row in _adequacy_rows(report, area)])


def cost(report: Report, study: Study) -> pd.DataFrame:
    """One row per area with a published head-count: the range of the cost of the last step."""
    return filled([_cost_row(report, area) for area in study.areas if area.cost])


def _candidate_rows(report: Report, study: Study) -> Iterator[Row]:
    for area in study.areas:
        for bounded in area.candidates:
            one, final, level = bounded.candidate, yuan(bounded.final_fen_month), yuan(area.level.fen_month)
            broken = [report.t("不满足：", "not kept: ") + report.t(*labels.BOUNDS[name]) for name in bounded.broken]
            yield _method(report, area, one.method) | {
                "candidate_yuan_month": labels.yuan2(one.fen_month),
                "candidate_yuan_month_status": one.status,
                "range_yuan_month": _range(one),
                "bounded_yuan_month": Decimal(final),
                "bounded_yuan_month_status": bounded.status,
                "bound_bit": " ".join(report.t(*labels.BOUNDS[name]) for name in bounded.bit),
                "candidate_less_announced": Decimal(final) - Decimal(level),
                "candidate_less_announced_status": bounded.status,
                "formula": _formula(one),
                "warnings": " ".join([*(report.t(*words) for words in one.warnings), *broken]),
                "sources": _rows_read(report, one.inputs),
            }


def _rows_read(report: Report, inputs: Iterable[Input]) -> list[Value | Figure]:
    """Find the rows of law and the figures that inputs came from; what a user gave by hand has none."""
    known = report.book.reads | report.figures.reads
    return [known[where] for where in dict.fromkeys(item.where for item in inputs) if where in known]


def _bound_rows(report: Report, study: Study) -> Iterator[Row]:
    target = next((check.target for check in study.checks if check.target.name == RATIO_TARGET), None)
    for area in study.areas:
        for at, step in enumerate(area.candidates[0].steps if area.candidates else ()):
            bound = step.bound
            if bound.name.startswith("ratio") and bound.fen_month is None:
                continue
            bit = [
                report.t(*labels.both(labels.METHODS, b.candidate.method)) for b in area.candidates if b.steps[at].bit
            ]
            yield {
                "area": labels.pick(report, labels.AREAS[area.level.area]),
                "bound": labels.pick(report, labels.BOUNDS[bound.name]),
                "limit_yuan_month": labels.yuan2(bound.fen_month),
                "limit_basis": _basis(report, bound),
                "bit": report.t("、", ", ").join(bit),
                "sources": _rows_read(report, [bound.basis] if bound.basis else [])
                or [target for _ in [target] if target and bound.fen_month is not None],
            }


def _method(report: Report, area: AreaStudy, method: str) -> Row:
    words = labels.both(labels.METHODS, method)
    return {"area": labels.pick(report, labels.AREAS[area.level.area]), "method": labels.pick(report, words)}


def _range(one: Candidate) -> str | None:
    return None if one.low is None or one.high is None else f"{yuan(one.low)}–{yuan(one.high)}"


def _formula(one: Candidate) -> str:
    """Write how the candidate comes about, in numbers."""
    base, rest = one.inputs[0], one.inputs[1:]
    months = f" ÷ {MONTHS_PER_YEAR}" if base.unit.endswith("/year") else ""
    number, parts = (
        labels.short(base.number * FEN_PER_YUAN),
        [f"{decimal_text(item.ratio * 100, 2).removesuffix('.00').replace('-', '−')}%" for item in rest],
    )
    if one.method in ("cpi_uprating", "growth_uprating"):
        return f"{number}{months} × (1 + {parts[0]})"
    if one.method == "mixed_uprating":
        return f"{number}{months} × (1 + {parts[0]} + {parts[2]} × {parts[1]})"
    return f"{number} × {parts[0]}{months}"


def _basis(report: Report, bound: Bound) -> str:
    if bound.basis is None:
        return report.t("数据中没有，或不适用", "not in the data, or not applicable")
    if bound.name == "ratio_low":
        return f"{decimal_text(bound.basis.ratio * 100, 2)}%"
    place = region(bound.basis.region).name(report.language) if bound.basis.region else ""
    unit = report.t(*(("元/年", " yuan a year") if bound.basis.unit.endswith("/year") else ("元/月", " yuan a month")))
    return " ".join(
        filter(None, (place, bound.basis.period, f"{labels.short(bound.basis.number * FEN_PER_YUAN)}{unit}"))
    )


def _adequacy_rows(report: Report, area: AreaStudy) -> Iterator[Row]:
    level = area.level
    stated = published_for(area.at.local, "standard_share_stated", level.area)
    for figure, ratio in area.adequacy:
        said = stated if stated and figure.series.startswith(references.CONSUMPTION) else None
        text = decimal_text(said.number * 100, len(said.text.partition(".")[2]) - 2) if said else ""
        yield {
            "area": labels.pick(report, labels.AREAS[level.area]),
            "measured_against": labels.pick(report, labels.series_name(report, figure)),
            "base_yuan_year": labels.yuan2(figure.value * FEN_PER_YUAN),
            "ratio": labels.share(ratio.value, 2),
            "stated_ratio": f"{text}%" if said else None,
            "agrees": _agreement(report, agrees(text, ratio.value * 100)) if said else None,
            "sources": [level.basis, figure, *([said] if said else [])],
        }
    for wage in references.minimum_wages(report.figures, report.region.code, area.at.year):
        yield {
            "area": labels.pick(report, labels.AREAS[level.area]),
            "measured_against": labels.pick(report, labels.series_name(report, wage)),
            "base_yuan_year": labels.yuan2(wage.value * FEN_PER_YUAN * MONTHS_PER_YEAR),
            "ratio": labels.share(to_minimum_wage(level.basis, wage).value, 2),
            "stated_ratio": None,
            "agrees": None,
            "sources": [level.basis, wage],
        }


def _agreement(report: Report, same: bool) -> str:
    return report.t("一致", "agrees") if same else report.t("不一致", "differs")


def _cost_row(report: Report, area: AreaStudy) -> Row:
    found, last = area.cost, area.at.last
    if found is None or last is None:
        return {}
    heads = found.inputs[0]
    paid = found.inputs[1] if len(found.inputs) > 1 else None
    counted = "times" in heads.name
    status = weakest(found.status, "estimated" if counted else heads.status)
    return {
        "area": labels.pick(report, labels.AREAS[area.level.area]),
        "recipients": round(heads.number),
        "recipients_status": "estimated" if counted else heads.status,
        "recipients_period": heads.period,
        "step": f"{labels.short(last.fen_month)} → {labels.short(area.level.fen_month)}",
        "average_payment": labels.yuan2(paid.fen_month) if paid else None,
        "cost_low_10k": decimal_text(found.low_fen / TEN_THOUSAND_YUAN, 1),
        "cost_low_10k_status": status,
        "cost_high_10k": decimal_text(found.high_fen / TEN_THOUSAND_YUAN, 1),
        "cost_high_10k_status": status,
        "remark": report.t(*MEAN_HEADS) if counted else "",
        "sources": _rows_read(report, found.inputs),
    }
