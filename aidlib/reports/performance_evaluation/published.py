"""Tables from published figures only: standards and what they are worth, recipients, spending, price linkage, data used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aidlib.evaluation.administrative import (
    Measure,
    average_payment,
    coverage_share,
    earlier,
    gap_rate,
    paid_per_person_month,
    recent,
)
from aidlib.evaluation.equity import Theil, theil
from aidlib.indices import Figure
from aidlib.law import Value, weakest
from aidlib.money import decimal_text, yuan
from aidlib.regions import children, region
from aidlib.reports import Report
from aidlib.reports.standard_indexing.labels import AREAS as AREA_WORDS
from aidlib.reports.standard_indexing.labels import KINDS
from aidlib.reports.standard_indexing.series import filled
from aidlib.reports.wording import series_label
from aidlib.standards.adequacy import Ratio, adequacy
from aidlib.standards.announced import AREAS, Level, announced
from aidlib.standards.references import CONSUMPTION, INCOME, per_head

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, object]
CASELOAD = (
    "dibao_recipients:urban", "dibao_recipients:rural", "dibao_recipients:total", "dibao_households:urban", "dibao_households:rural",
    "dibao_person_times_ytd:urban", "dibao_person_times_ytd:rural", "dibao_and_tekun_recipients", "tekun_recipients:urban",
    "tekun_recipients:rural", "tekun_recipients:total", "temporary_assistance_person_times", "temporary_assistance_person_times_ytd",
)  # fmt: skip
SPENDING = (
    "dibao_spend:urban", "dibao_spend:rural", "dibao_spend_ytd:urban", "dibao_spend_ytd:rural", "dibao_spend_ytd:total",
    "dibao_spend_month:urban", "dibao_spend_month:rural", "tekun_spend_ytd:total", "temporary_assistance_spend",
    "temporary_assistance_spend_ytd",
)  # fmt: skip
LEAST_COMPARED = 3


def percent(ratio: Fraction | None, decimals: int = 2) -> str | None:
    """Write a plain ratio as percent; None stays None."""
    return None if ratio is None else f"{decimal_text(ratio * 100, decimals)}%"


def year_of(report: Report) -> int:
    """Return the report's year."""
    return int(report.period[:4])


def levels_below(report: Report) -> list[tuple[str, Level]]:
    """Return the place's own levels and those that places right below it set themselves, in the report's year."""
    code, year = report.region.code, year_of(report)
    found = [(code, area, announced(report.book, report.figures, code, area, year)) for area in AREAS]
    for child in children(code):
        found += [(child.code, area, announced(report.book, report.figures, child.code, area, year)) for area in AREAS]
    return [(place, level) for place, _, level in found if level and (place == code or level.place == place)]


def standards(report: Report) -> pd.DataFrame:
    """T3: each level with its share of last year's consumption and income per head."""
    return filled([_standard(report, place, level) for place, level in levels_below(report)])


def _standard(report: Report, place: str, level: Level) -> Row:
    year = year_of(report)
    row: Row = {
        "pe_place": region(place).name(report.language),
        "area": report.t(*AREA_WORDS[level.area]),
        "pe_kind": report.t(*KINDS[level.kind]),
        "pe_level": Decimal(yuan(level.fen_month)),
        "pe_level_status": level.status,
    }
    sources: list[Value | Figure] = [level.basis]
    for name, what in (("pe_of_consumption", CONSUMPTION), ("pe_of_income", INCOME)):
        base = per_head(report.figures, place, what, level.area, year - 1)
        row[name] = percent(adequacy(name, level.basis, base).value) if base else None
        row[f"{name}_status"] = weakest(level.status, base.status) if base else None
        sources += [base] if base else []
    return row | {"pe_base": _whose(report, sources[1:], place), "sources": sources}


def _whose(report: Report, bases: list[Value | Figure], place: str) -> str:
    """Say whose figures a level is measured against, where they are not its own or not of its own area."""
    told = {(b.region, b.series.partition(":")[2]) for b in bases if isinstance(b, Figure)}
    words = [region(code).name(report.language) + (report.t("（全体居民）", " (all residents)") if part == "total" else "")
             for code, part in sorted(told) if code != place or part == "total"]  # fmt: skip
    return report.t("、", ", ").join(words)


def spread(report: Report) -> dict[str, tuple[Theil, int]]:
    """T12, published part: how unequal the standards below the place are, by area; places count alike."""
    found = {}
    for area in AREAS:
        levels = [level for place, level in levels_below(report) if level.area == area and place != report.region.code]
        same = [level for level in levels if level.kind == "standard"]
        if len(same) >= LEAST_COMPARED:
            values = np.array([float(level.fen_month) for level in same])
            found[area] = (theil(values, np.ones(len(values)), np.zeros(len(values))), len(same))
    return found


def caseload(report: Report) -> pd.DataFrame:
    """T4: published head-counts of the year (or the year before), and the figure before each."""
    return filled(list(_counts(report, CASELOAD, "pe_count", "pe_count_before")))


def spending(report: Report) -> pd.DataFrame:
    """T5: published money, in yuan."""
    return filled(list(_counts(report, SPENDING, "pe_spent", "pe_spent_before")))


def _counts(report: Report, names: tuple[str, ...], now: str, then: str) -> Iterator[Row]:
    for name in names:
        figure = recent(report.figures, report.region.code, name, year_of(report))
        if figure is None:
            continue
        before = earlier(report.figures, figure)
        comparable = before is not None and len(before.period) == len(figure.period) and "ytd" not in name
        change = figure.plain / before.plain - 1 if before is not None and comparable else None
        yield {
            "item": series_label(name, report.language),
            now: int(figure.plain),
            f"{now}_status": figure.status,
            "pe_period": figure.period,
            then: int(before.plain) if before else None,
            "pe_period_before": before.period if before else None,
            "pe_change": percent(change, 1),
            "remark": figure.note if report.language == "en" else "",
            "sources": [figure, *([before] if before else [])],
        }


def rates(report: Report) -> pd.DataFrame:
    """T5, second part: recipients in the population, payment per person-month, and that over the standard."""
    return filled([row for area in AREAS for row in _rates(report, area)])


def _rates(report: Report, area: str) -> Iterator[Row]:
    code, year, figures = report.region.code, year_of(report), report.figures
    level = announced(report.book, figures, code, area, year)
    payment, computed = average_payment(figures, code, area, year), paid_per_person_month(figures, code, area, year)
    if share := coverage_share(figures, code, area, year):
        yield _rate(
            report, area, ("保障面（低保人数占居民）", "recipients over residents"), share, percent(share.value)
        )
    if payment:
        yield _rate(
            report, area, ("人均补助水平（元/人·月）", "payment per person-month (yuan)"), payment, yuan(payment.value)
        )
    if computed and payment != computed:
        words = ("由资金和人次推算（元/人·月）", "worked out from money and heads (yuan)")
        yield _rate(report, area, words, computed, yuan(computed.value))
    if payment and level:
        rate = gap_rate(payment, level.basis, level.fen_month)
        yield _rate(report, area, ("补差率（补助÷标准）", "payment over the standard"), rate, percent(rate.value))


def _rate(report: Report, area: str, words: tuple[str, str], found: Measure, text: str | None) -> Row:
    return {
        "area": report.t(*AREA_WORDS[area]), "item": report.t(*words), "pe_value": text, "pe_value_status": found.status,
        "pe_period": found.period, "sources": list(found.basis),
    }  # fmt: skip


def data_used(report: Report) -> pd.DataFrame:
    """T2: the published tables read, with regions, periods, rows and weakest status."""
    tables: dict[str, list[Figure]] = defaultdict(list)
    for figure in report.figures.reads.values():
        tables[figure.place.rpartition(":")[0]].append(figure)
    rows: list[Row] = []
    for name, figures in sorted(tables.items()):
        periods = sorted(figure.period for figure in figures)
        status = weakest(*(figure.status for figure in figures))
        rows.append({
            "pe_table": name, "pe_rows": len(figures), "pe_series": len({f.series for f in figures}),
            "pe_regions": len({f.region for f in figures}), "pe_period": f"{periods[0]}–{periods[-1]}", "status": status,
        })  # fmt: skip
    law = list(report.book.reads.values())
    rows.append({"pe_table": "law/", "pe_rows": len(law), "pe_series": len({v.name for v in law}), "pe_regions": len({v.region for v in law}),
                 "pe_period": "", "status": weakest(*(v.status for v in law)) if law else None})  # fmt: skip
    return filled(rows)


def ratio_last_year(report: Report, area: str, what: str) -> Ratio | None:
    """Return the share a year earlier: that year's level of the same kind over the figure before it."""
    code, year = report.region.code, year_of(report)
    now, then = (announced(report.book, report.figures, code, area, y) for y in (year, year - 1))
    base = per_head(report.figures, code, what, area, year - 2)
    return adequacy(what, then.basis, base) if now and then and base and now.kind == then.kind else None


def monthly(level: Level) -> str:
    """Write a level as yuan a month, decimals only where there are any."""
    return in_yuan(level.fen_month)


def in_yuan(fen: Fraction) -> str:
    """Write fen as yuan, decimals only where there are any.

    Examples
    --------
    >>> in_yuan(Fraction(68000)), in_yuan(Fraction(37550))
    ('680', '375.50')
    """
    return yuan(fen).removesuffix(".00")
