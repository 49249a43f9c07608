"""Study: the same prices under the linkage rule of 2016, and under neighbours' methods."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aidlib.errors import DataGap, ParameterFault
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.months import span
from aidlib.prices.readings import SERIES, Readings
from aidlib.prices.replay import decisions
from aidlib.prices.triggers import against, any_of
from aidlib.regions import NATION, province_of, region
from aidlib.reports import price_linkage

if TYPE_CHECKING:
    from aidlib.reports.context import Report

OLD_RULE, SINCE = "2020-07", "2021-01"
"""A month under the 2016 rule without the temporary multiplier, and the first month of the comparison."""
COLUMNS = ["study_place", "study_year", "study_started", "study_started_2016", "study_unknown", "study_differ"]
Held = tuple[str, str, str]
MONTH_BREAK, NONE = "、", "—"
SPAN = re.compile(r"(\d{4}-\d{2})\.\.(\d{4}-\d{2})")


def rule_of_2016(report: Report) -> None:
    """Put the lines of the 2016 rule to the months since, indices unchanged: for the nation and for the place of the report."""
    import pandas as pd

    rows = [row for place in dict.fromkeys((NATION, report.region.code)) for row in _years(report, place)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    report.table(
        "linkage_2016", frame, "现行规则与2016年规则启动的月数", "Months started under the rule in force and under that of 2016",
        "指数和人数不变，只换启动线；覆盖对象和金额的变化不在此列。指数没有的月份不能判断，不算不启动。",
        "Indices and persons unchanged, only the lines differ; changes of groups and amounts are left out. A month without indices cannot be told "
        "and does not count as not started.",
    )  # fmt: skip
    differ = sum(row[-1].count(MONTH_BREAK) + 1 for row in rows if row[-1] != NONE)
    months, unknown = len(span(SINCE, report.period)) * len({row[0] for row in rows}), int(frame["study_unknown"].sum())
    report.say(
        f"表中合计{months}个月，能判断的{months - unknown}个月里两种规则的结果有{differ}个月不同；其余{unknown}个月不能判断，不等于没有启动。",
        f"Of {months} months of the places above {months - unknown} can be told, and in {differ} of them the two rules differ; the other {unknown} "
        "cannot be told, which is not the same as not started.",
    )  # fmt: skip


def _years(report: Report, place: str) -> list[tuple[str, str, int | None, int | None, int, str]]:
    readings, found = Readings(report.figures), region(place)
    old = [
        (c.indices[0], c.line)
        for c in decide(report.book, report.figures, place, OLD_RULE, readings=readings).conditions
    ]
    by_year: dict[str, list[Held]] = {}
    for month in span(SINCE, report.period):
        now = decide(report.book, report.figures, place, month, readings=readings).outcome
        then = any_of(against(readings.at(place, index, month), line) for index, line in old)
        by_year.setdefault(month[:4], []).append((month, now, then))
    name = report.t(found.name_zh, found.name("en"))
    return [(name, year, *_counts(held)) for year, held in by_year.items()]


def _counts(held: list[Held]) -> tuple[int | None, int | None, int, str]:
    """Count months by each rule; a year in which no month can be told has no count."""
    told = [(m, n == "triggered", t == "met") for m, n, t in held if "undetermined" not in n and t != "cannot_tell"]
    differ = MONTH_BREAK.join(month for month, now, then in told if now != then)
    started, before = sum(n == "triggered" for _, n, _ in held), sum(t == "met" for *_, t in held)
    known = bool(told) or started or before
    return started if known else None, before if known else None, len(held) - len(told), differ or NONE


def ends(linkage_span: str) -> tuple[str, str]:
    """Read the first and last month of a span such as `2019-05..2020-04`.

    Examples
    --------
    >>> ends("2019-05..2020-04")
    ('2019-05', '2020-04')
    """
    found = SPAN.fullmatch(linkage_span)
    if found is None:
        raise ParameterFault("not a span of months", where="linkage_span", expected="2019-05..2020-04", got=linkage_span)
    return found[1], found[2]


def neighbours(report: Report, first: str, last: str) -> None:
    """Show what the months of a span would have paid at the place of the report under other places' methods.

    Raises
    ------
    DataGap
        No month of the span can be decided at the place; the months of its province's CPI are named.
    """
    found: list[Decision] = list(decisions(report.book, report.figures, report.region.code, first, last))
    told = sum("undetermined" not in decision.outcome for decision in found)
    if not told:
        known = sorted(report.figures.all(province_of(report.region.code).code, SERIES["cpi"]))
        raise DataGap(
            f"no month from {first} to {last} can be decided", where=str(report.region),
            hint=f"the province's CPI is known from {known[0]} to {known[-1]}" if known else "another place",
        )  # fmt: skip
    report.say(
        f"{first}至{last}的{len(found)}个月中，{told}个月能判断是否启动；指数和标准是{report.region.name_zh}的，只换办法。",
        f"Of the {len(found)} months {first} to {last}, {told} can be decided; indices and standards are those of {report.region.name('en')}, "
        "only the method changes.",
    )
    price_linkage.comparison(report, found)
