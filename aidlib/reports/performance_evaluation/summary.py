"""The summary card: twelve lines with what each is measured against."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.evaluation import impact, targeting
from aidlib.evaluation.administrative import average_payment, coverage_share
from aidlib.indices import Figure
from aidlib.law import weakest
from aidlib.money import FEN_PER_YUAN, decimal_text, yuan
from aidlib.prices.linkage import Decision
from aidlib.reports import Report
from aidlib.reports.official_form import Form, words
from aidlib.reports.performance_evaluation import labels
from aidlib.reports.performance_evaluation.cells import Row, frame
from aidlib.reports.performance_evaluation.disclosed import safe, shown
from aidlib.reports.performance_evaluation.population import Population
from aidlib.reports.performance_evaluation.published import percent, ratio_last_year, year_of
from aidlib.reports.standard_indexing import labels as standard_labels
from aidlib.standards.announced import AREAS, announced
from aidlib.standards.checks import RATIO_TARGET
from aidlib.standards.levels import floor
from aidlib.standards.references import CONSUMPTION
from aidlib.standards.study import Study

if TYPE_CHECKING:
    import pandas as pd

PAYMENT_TARGETS = ("dibao_subsidy_avg_target", "dibao_subsidy_avg_floor")
MONTHS_WORDS = {"triggered": ("启动", "started"), "undetermined": ("不能判断", "cannot tell")}
Words = labels.Words
SYNTHETIC: Words = ("合成人口：漏保率/错保率/缺口减少率", "synthetic: exclusion / inclusion error / gap reduction")
REGISTER: Words = ("登记：漏保率/错保率/缺口减少率", "register: exclusion / inclusion error / gap reduction")
SIMULATED_ITEMS = (*SYNTHETIC, *REGISTER)


def card(
    report: Report, study: Study, form: Form, population: Population | None, months: list[Decision]
) -> pd.DataFrame:
    """T1: twelve lines: the value, the year before, what it is measured against, the verdict."""
    rows = [_score(report, form)]
    for area in AREAS:
        rows += [_standard(report, study, area), _worth(report, study, area)]
    rows.append(_ratio(report, study))
    for area in AREAS:
        rows += [_coverage(report, area), _payment(report, area)]
    rows += [_linkage(report, months), _simulated(report, population)]
    return frame(rows)


def _row(report: Report, item: Words, value: str | None, status: str | None = None, **rest: object) -> Row:
    row: Row = {"item": report.t(*item), "pe_value": value, "pe_value_status": status if value else None}
    return row | {"pe_last": None, "pe_target": None, "pe_verdict": None, "sources": []} | rest


def _verdict(report: Report, met: bool | None) -> str | None:
    if met is None:
        return None
    return report.t(*standard_labels.VERDICTS["met" if met else "not_met"])


def _score(report: Report, form: Form) -> Row:
    low, high = (words.GRADES[name] for name in form.grades)
    graded = low if low == high else (f"{low[0]}至{high[0]}", f"{low[1]} to {high[1]}")
    open_points = f"{float(form.card.undecided):g}"
    value = report.t(f"{form.card.shown()}分（{open_points}分未定）", f"{form.card.shown()} ({open_points} open)")
    full = form.local.value("eval_total")
    lines = [form.local.value(name) for name in ("eval_excellent", "eval_good", "eval_pass")]
    rows = [row for one in form.evidence.values() for row in one.rows]
    return _row(report, ("评分表得分", "score of the form"), value, pe_target=report.t(f"满分{full.text}", f"of {full.text}"),
                pe_verdict=report.t(*graded), sources=[full, *lines, *rows])  # fmt: skip


def _standard(report: Report, study: Study, area: str) -> Row:
    item = standard_labels.AREAS[area]
    found = study.area(area)
    if found is None:
        return _row(report, (f"{item[0]}低保标准", f"{item[1]} dibao standard"), None)
    level, least = found.level, floor(report.book, report.region.code, area, study.year)
    kind = standard_labels.KINDS[level.kind]
    before = announced(report.book, report.figures, report.region.code, area, study.year - 1)
    met = level.fen_month >= least.fen_month if least and level.kind == "standard" else None
    unit = report.t("元/月", " yuan/month")
    return _row(
        report, (f"{item[0]}{kind[0]}", f"{item[1]} {kind[1]}"), yuan(level.fen_month) + unit, level.status,
        pe_last=yuan(before.fen_month) + unit if before and before.kind == level.kind else None,
        pe_target=f"≥ {yuan(least.fen_month)}{unit}" if met is not None and least else None, pe_verdict=_verdict(report, met),
        sources=[level.basis, *([least] if least and met is not None else [])],
    )  # fmt: skip


def _worth(report: Report, study: Study, area: str) -> Row:
    words_ = standard_labels.AREAS[area]
    item = (f"{words_[0]}标准占上年人均消费", f"{words_[1]} level over last year's consumption")
    found = study.area(area)
    held = (
        next(((figure, ratio) for figure, ratio in found.adequacy if figure.series.startswith(CONSUMPTION)), None)
        if found
        else None
    )
    if found is None or held is None:
        return _row(report, item, None)
    before = ratio_last_year(report, area, CONSUMPTION)
    status = weakest(found.level.status, held[0].status)
    return _row(report, item, percent(held[1].value), status, pe_last=percent(before.value) if before else None,
                sources=[found.level.basis, held[0]])  # fmt: skip


def _ratio(report: Report, study: Study) -> Row:
    item = ("农村与城市标准之比", "rural over urban level")
    if study.ratio is None:
        return _row(report, item, None)
    check = next((c for c in study.checks if c.target.name == RATIO_TARGET), None)
    sources = [area.level.basis for area in study.areas] + ([check.target] if check else [])
    target = f"≥ {percent(check.target.number, 0)}" if check else None
    verdict = report.t(*standard_labels.VERDICTS[check.verdict]) if check else None
    return _row(report, item, percent(study.ratio.value), pe_target=target, pe_verdict=verdict, sources=sources)


def _coverage(report: Report, area: str) -> Row:
    words_, found = (
        standard_labels.AREAS[area],
        coverage_share(report.figures, report.region.code, area, year_of(report)),
    )
    item = (f"{words_[0]}低保人数占居民", f"{words_[1]} recipients over residents")
    if found is None:
        return _row(report, item, None)
    return _row(report, item, f"{percent(found.value)} ({found.period})", found.status, sources=list(found.basis))


def _payment(report: Report, area: str) -> Row:
    words_, found = (
        standard_labels.AREAS[area],
        average_payment(report.figures, report.region.code, area, year_of(report)),
    )
    item = (f"{words_[0]}人均补助水平", f"{words_[1]} payment per person-month")
    if found is None:
        return _row(report, item, None)
    target = payment_target(report, area)
    met = found.value >= target.value * FEN_PER_YUAN if target else None
    unit = report.t("元/月", " yuan/month")
    return _row(report, item, f"{yuan(found.value)}{unit} ({found.period})", found.status,
                pe_target=f"≥ {target.text}{unit}" if target else None, pe_verdict=_verdict(report, met),
                sources=[*found.basis, *([target] if target else [])])  # fmt: skip


def payment_target(report: Report, area: str) -> Figure | None:
    """Return the average payment the place's province asked for in the report's year, where it published one."""
    codes = dict.fromkeys((report.region.code, report.region.code[:2] + "0000"))
    found = (
        report.figures.find(code, f"{name}:{area}", report.period[:4]) for code in codes for name in PAYMENT_TARGETS
    )
    return next((one for one in found if one), None)


def _linkage(report: Report, months: list[Decision]) -> Row:
    counted = {outcome: sum(d.outcome == outcome for d in months) for outcome in MONTHS_WORDS}
    text = report.t("，", ", ").join(f"{report.t(*MONTHS_WORDS[k])} {n}" for k, n in counted.items())
    rows = [value for d in months for value in (d.regime, d.method) if value]
    decided = [d.outcome_status for d in months if d.outcome != "undetermined" and d.outcome_status]
    status = weakest(*decided) if decided else None
    return _row(
        report, ("价格补贴联动（12个月）", "price linkage, 12 months"), text, status, sources=list(dict.fromkeys(rows))
    )


def _simulated(report: Report, p: Population | None) -> Row:
    item = REGISTER if p is not None and p.kind == "register" else SYNTHETIC
    if p is None:
        return _row(report, item, None)
    text = errors_text(p)
    return _row(report, item, text, p.kind if p.kind == "synthetic" else "observed")


def errors_text(p: Population) -> str:
    """Write exclusion error, inclusion error and gap reduction together, hidden ones as a star."""
    tests = (targeting.exclusion_error, targeting.inclusion_error, impact.gap_reduction)
    told = safe(p.ledger, "roll line", p.roll, p.roll.poor)
    found = [shown(test(p.roll), p.roll, p.kind)[0] if told or test is impact.gap_reduction else None for test in tests]
    return " / ".join("*" if value is None else f"{100 * value:.1f}%" for value in found)


def months_paid(months: list[Decision], group: str) -> tuple[int, Fraction]:
    """Return how many months started with a known amount for a group, and the sum a person of it was due, in fen."""
    due = [d.amount(group) for d in months if d.outcome == "triggered"]
    known = [Fraction(one.shown_fen) for one in due if one and one.shown_fen is not None]
    return len(known), sum(known, Fraction(0))


def yuan_text(fen: Fraction) -> str:
    """Write a sum of fen as yuan with two decimals."""
    return decimal_text(fen / FEN_PER_YUAN, 2)
