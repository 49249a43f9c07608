"""The finding: what a reviewer must know first, a sentence a point."""

from __future__ import annotations

from aidlib.evaluation.administrative import Measure, average_payment, coverage_share, recent
from aidlib.money import FEN_PER_YUAN, yuan
from aidlib.prices.linkage import Decision
from aidlib.reports import Report
from aidlib.reports.official_form import Form
from aidlib.reports.official_form.text import grade_line
from aidlib.reports.performance_evaluation import labels
from aidlib.reports.performance_evaluation.population import Population
from aidlib.reports.performance_evaluation.published import CASELOAD, SPENDING, percent, year_of
from aidlib.reports.performance_evaluation.summary import errors_text, payment_target
from aidlib.reports.standard_indexing import labels as standard_labels
from aidlib.standards.announced import AREAS
from aidlib.standards.references import CONSUMPTION
from aidlib.standards.study import AreaStudy, Study

Words = labels.Words


def finding(
    report: Report, study: Study, form: Form, population: Population | None, months: list[Decision]
) -> list[Words]:
    """The finding, a sentence a point: score, standards, recipients and payments, price linkage, what is simulated."""
    return [
        _said_score(report, form), _said_standards(report, study), _said_payments(report), _said_linkage(months),
        _said_simulated(report, population),
    ]  # fmt: skip


def _said_score(report: Report, form: Form) -> Words:
    cited = "；".join(source.cite() for source in form.sources)
    return (
        f"按{cited}的评分表：{grade_line(form)}",
        f"By the form of {cited}: {grade_line(form, 'en')}",
    )


def _said_standards(report: Report, study: Study) -> Words:
    if not study.areas:
        return f"没有{study.year}年公布的标准。", f"No level of {study.year} is known."
    parts = [_said_level(report, area) for area in study.areas]
    return (
        f"{study.year}年公布：{'；'.join(zh for zh, _ in parts)}。",
        f"Announced for {study.year}: {'; '.join(en for _, en in parts)}.",
    )


def _said_level(report: Report, area: AreaStudy) -> Words:
    level, place = area.level, standard_labels.AREAS[area.level.area]
    kind, amount = standard_labels.KINDS[level.kind], standard_labels.amount(level)
    held = next(((f, r) for f, r in area.adequacy if f.series.startswith(CONSUMPTION)), None)
    if held is None:
        return f"{place[0]}{kind[0]}{amount[0]}", f"{place[1].lower()} {kind[1]} {amount[1]}"
    share, (zh, en) = percent(held[1].value, 1), standard_labels.series_name(report, held[0])
    return (
        f"{place[0]}{kind[0]}{amount[0]}，相当于{zh}的{share}",
        f"{place[1].lower()} {kind[1]} {amount[1]}, {share} of {en}",
    )


def _said_payments(report: Report) -> Words:
    parts: list[Words] = []
    for area in AREAS:
        place, found = (
            standard_labels.AREAS[area],
            average_payment(report.figures, report.region.code, area, year_of(report)),
        )
        if found:
            parts.append(_said_payment(report, place, area, found))
    if not parts:
        return _said_without_payments(report)
    return (
        f"公布的人均补助：{'；'.join(zh for zh, _ in parts)}。",
        f"Published payments: {'; '.join(en for _, en in parts)}.",
    )


def _said_without_payments(report: Report) -> Words:
    """Say why no payment is known; figures that are published, but do not pair, are shown below and not denied here."""
    code, year = report.region.code, year_of(report)
    if not any(recent(report.figures, code, name, year) for name in (*CASELOAD, *SPENDING)):
        return (
            "没有找到当地当年或上年公布的低保人数与资金，保障面、人均补助和预算执行不能计算。",
            "No published recipients or spending of the year or the one before was found: coverage and payments cannot be computed.",
        )
    if any(coverage_share(report.figures, code, area, year) for area in AREAS):
        return (
            "公布的人数和资金见下；没有同期同口径的人次与资金，人均补助不能计算。",
            "Published recipients and spending stand below; no money and heads of the same months pair up, so payments cannot be computed.",
        )
    return (
        "公布的人数和资金见下；没有同期同口径的人次、资金和人口，保障面和人均补助不能计算。",
        "Published recipients and spending stand below; no heads, money and residents of the same scope pair up, so coverage and payments "
        "cannot be computed.",
    )


def _said_payment(report: Report, place: Words, area: str, found: Measure) -> Words:
    target = payment_target(report, area)
    zh, en = (
        f"{place[0]}每人每月{yuan(found.value)}元（{found.period}）",
        f"{place[1].lower()} {yuan(found.value)} yuan a month ({found.period})",
    )
    if target is None:
        return zh, en
    met = found.value >= target.value * FEN_PER_YUAN
    return (
        f"{zh}，{'达到' if met else '未达到'}省里要求的{target.text}元",
        f"{en}, {'at or above' if met else 'below'} the {target.text} yuan the province asked for",
    )


def _said_linkage(months: list[Decision]) -> Words:
    started, open_ = (sum(d.outcome == outcome for d in months) for outcome in ("triggered", "undetermined"))
    firm, year = sum(d.outcome == "triggered" and d.outcome_status == "observed" for d in months), months[0].month[:4]
    if open_ == len(months):
        return (f"价格补贴联动：{year}年现有的指数不足以判断，{open_}个月都不能判断是否启动。",
                f"Price linkage: the indices of {year} at hand do not decide it; none of the {open_} months can be told.")  # fmt: skip
    support = (
        (f"（其中{firm}个月有已公布指数支持）", f" ({firm} of them on published indices)") if started else ("", "")
    )
    return (
        f"价格补贴联动：{year}年按现有指数判断启动{started}个月{support[0]}，{open_}个月不能判断。",
        f"Price linkage: in {year} payment started in {started} months{support[1]}, {open_} cannot be told.",
    )


def _said_simulated(report: Report, p: Population | None) -> Words:
    if p is None:
        return "没有标准，不作模拟。", "Without a level nothing is simulated."
    row = errors_text(p)
    if p.kind == "register":
        return (
            f"登记（{p.n:,}户）：漏保率、错保率、缺口减少率为 {row}。",
            f"Register ({p.n:,} households): exclusion error, inclusion error, gap reduction: {row}.",
        )
    return (
        f"以下模拟用{p.n:,}户合成人口演示方法，不是对当地的测量：漏保率、错保率、缺口减少率为 {row}，谁在名册上是模型的假定。",
        f"The simulation uses {p.n:,} synthetic households to show the method and does not measure the place: exclusion error, inclusion "
        f"error, gap reduction {row}; who is on the roll is an assumption.",
    )
