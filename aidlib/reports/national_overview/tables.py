"""Tables of the national overview."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.evaluation.panel import Estimate
from aidlib.law import weakest
from aidlib.money import decimal_text, yuan
from aidlib.regions import region
from aidlib.reports import Report
from aidlib.reports.national_overview.comparison import Beside
from aidlib.reports.national_overview.country import Country
from aidlib.reports.standard_indexing.labels import AREAS as AREA_WORDS
from aidlib.reports.standard_indexing.labels import KINDS
from aidlib.reports.standard_indexing.series import filled
from aidlib.reports.wording import series_label
from aidlib.standards.adequacy import adequacy, urban_rural
from aidlib.standards.announced import fen_month
from aidlib.standards.references import CONSUMPTION, per_head

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, object]
OUTCOMES = ("triggered", "not_triggered", "undetermined")


def national(country: Country) -> pd.DataFrame:
    """By year and area: the average level, its share of last year's consumption, recipients over residents."""
    report, rows = country.report, list[Row]()
    for year, area, level, base, share in country.national():
        worth = adequacy("consumption", level.basis, base).value if base else None
        rows.append({
            "year": str(year), "area": report.t(*AREA_WORDS[area]), "pe_level": Decimal(yuan(level.fen_month)), "pe_level_status": level.status,
            "pe_of_consumption": _percent(worth), "pe_recipients_share": _percent(share.value if share else None),
            "pe_recipients_share_status": share.status if share else None,
            "sources": [level.basis, *([base] if base else []), *(share.basis if share else ())],
        })  # fmt: skip
    return filled(rows)


def league(country: Country) -> pd.DataFrame:
    """Rural average standards by province, highest first, with the ranks each can have."""
    report, rows = country.report, list[Row]()
    for one in country.league:
        ranks = str(one.best) if one.best == one.worst else f"{one.best}–{one.worst}"
        rows.append({
            "pe_place": region(one.place).name(report.language), "pe_ranks": ranks,
            "pe_level": Decimal(yuan(fen_month(one.now))), "pe_period": one.now.period,
            "pe_level_before": Decimal(yuan(fen_month(one.then))) if one.then else None,
            "pe_period_before": one.then.period if one.then else None, "sources": [one.now, *([one.then] if one.then else [])],
        })  # fmt: skip
    return filled(rows)


def latest(country: Country) -> pd.DataFrame:
    """Each province's latest levels, of whatever kind and year, and what they are worth."""
    report, rows = country.report, list[Row]()
    for code, year, levels in country.latest_levels:
        row: Row = {"pe_place": region(code).name(report.language), "year": str(year)}
        row["pe_kind"] = report.t("、", ", ").join(dict.fromkeys(report.t(*KINDS[v.kind]) for v in levels.values()))
        sources, whole = list[object](level.basis for level in levels.values()), list[tuple[str, str]]()
        for area, level in levels.items():
            row |= {f"level_{area}": Decimal(yuan(level.fen_month)), f"level_{area}_status": level.status}
            base = per_head(report.figures, code, CONSUMPTION, area, year - 1)
            row[f"pe_worth_{area}"] = _percent(adequacy("consumption", level.basis, base).value) if base else None
            sources += [base] if base else []
            whole += [AREA_WORDS[area]] if base and base.series.endswith(":total") else []
        row["pe_base"] = _all_residents(report, whole)
        kinds = {level.kind for level in levels.values()}
        if len(levels) == len(AREA_WORDS) - 1 and len(kinds) == 1:
            row["ratio"] = _percent(urban_rural(levels["urban"].basis, levels["rural"].basis).value)
        rows.append(row | {"sources": sources})
    return filled(rows)


def _all_residents(report: Report, areas: list[tuple[str, str]]) -> str | None:
    """Say whose levels are measured against the consumption of all residents, for want of their own area's."""
    whose = report.t("、".join(zh for zh, _ in areas), ", ".join(en.lower() for _, en in areas))
    return report.t(f"全体居民（{whose}）", f"all residents ({whose})") if areas else None


def triggers(country: Country) -> pd.DataFrame:
    """Months by outcome and province, those that started by year."""
    report, rows = country.report, list[Row]()
    years = sorted({month[:4] for month in country.months})
    for code, found in country.linkage.items():
        counted = Counter(str(d.outcome) for d in found)
        by_year = Counter(d.month[:4] for d in found if d.outcome == "triggered")
        row: Row = {"pe_place": region(code).name(report.language)}
        row |= {year: by_year[year] for year in years}
        row |= {f"pe_{outcome}": counted[outcome] for outcome in OUTCOMES}
        statuses = [d.outcome_status for d in found if d.outcome == "triggered" and d.outcome_status]
        rows.append(row | {"pe_triggered_status": weakest(*statuses) if statuses else None})
    return filled(rows)


def spreads(country: Country) -> pd.DataFrame:
    """Sigma convergence: how far apart the provinces are, by series and period."""
    rows: list[Row] = []
    for series, frame, _ in country.convergence():
        for period, count, mean, variation in frame.to_numpy().tolist():
            rows.append({
                "pe_series_name": series_label(series, country.report.language), "pe_period": period, "pe_provinces": count,
                "pe_mean": f"{mean:.2f}", "pe_variation": f"{variation:.4f}",
            })  # fmt: skip
    return filled(rows)


def catching_up(country: Country) -> pd.DataFrame:
    """Beta convergence: growth on the logarithm of the start."""
    return filled([_beta(country.report, series, found, frame) for series, frame, found in country.convergence()])


def _beta(report: Report, series: str, found: Estimate, frame: pd.DataFrame) -> Row:
    return {
        "pe_series_name": series_label(series, report.language), "pe_period": f"{frame['period'].iloc[0]}–{frame['period'].iloc[-1]}",
        "pe_provinces": found.n, "pe_beta": f"{found.value:.4f}", "pe_interval": _interval(report, found),
        "pe_reading": report.t(*reading(found)),
    }  # fmt: skip


def composite(report: Report, found: Beside) -> pd.DataFrame:
    """Three shares of each province, and TOPSIS closeness with the ranks possible."""
    rows: list[Row] = []
    for at, code in enumerate(found.codes):
        best, worst = found.ranks[at]
        rural, urban, ratio = (f"{100 * share:.1f}%" for share in found.worth[at])
        rows.append({
            "pe_place": region(code).name(report.language), "pe_worth_rural": rural, "pe_worth_urban": urban, "ratio": ratio,
            "pe_closeness": f"{found.closeness[at]:.3f}", "pe_ranks": str(best) if best == worst else f"{best}–{worst}",
            "sources": list(found.basis[code]),
        })  # fmt: skip
    return filled(rows)


def envelopment(report: Report, found: Beside) -> pd.DataFrame:
    """Levels over consumption by data envelopment, with constant returns (and an interval) and with variable returns."""
    rows: list[Row] = []
    for code, one, variable in zip(found.codes, found.constant, found.variable, strict=True):
        rows.append({
            "pe_place": region(code).name(report.language), "pe_ccr": f"{one.estimate:.3f}",
            "pe_ccr_interval": f"{one.low:.2f}–{one.high:.2f}", "pe_bcc": f"{variable:.3f}", "sources": list(found.basis[code]),
        })  # fmt: skip
    return filled(rows)


def slopes(report: Report, found: list[Estimate], wild: list[float]) -> pd.DataFrame:
    """The panel regression, one row a driver."""
    names = {
        "income": ("人均可支配收入（对数）", "income per head (log)"),
        "prices": ("居民消费价格（上年=100）", "consumer prices (year before = 100)"),
    }
    return filled([
        {"pe_driver": report.t(*names[one.name]), "pe_beta": f"{one.value:.4f}", "pe_error": f"{one.error:.4f}",
         "pe_interval": _interval(report, one), "pe_wild_p": f"{p:.3f}", "pe_observations": one.n,
         "pe_provinces": one.clusters, "pe_years": one.periods}
        for one, p in zip(found, wild, strict=True)
    ])  # fmt: skip


def _interval(report: Report, found: Estimate) -> str:
    return f"{found.low:.4f}{report.t('至', ' to ')}{found.high:.4f}".replace("-", "−")


def reading(found: Estimate) -> tuple[str, str]:
    """Say what a slope means."""
    if found.high < 0:
        return ("起点低的增长较快", "those that started low grew faster")
    return (
        ("起点高的增长较快", "those that started high grew faster")
        if found.low > 0
        else ("看不出差别", "no difference can be told")
    )


def _percent(ratio: Fraction | None) -> str | None:
    return None if ratio is None else f"{decimal_text(ratio * 100, 1)}%"
