"""Open the monitoring report: the month's findings, the law of each cause, and the tables as they may be published."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from aidlib.errors import LawGap, ParameterFault
from aidlib.law import Book
from aidlib.monitoring.alert_rules import AlertRule, alert_rules
from aidlib.monitoring.chain import Chains, chains
from aidlib.monitoring.measure import Measured, measure
from aidlib.monitoring.vocabulary import causes, registers
from aidlib.reports.low_income_monitoring import counts, restricted
from aidlib.reports.low_income_monitoring.inputs import Given, Month, open_month
from aidlib.reports.low_income_monitoring.protected import Protected, protect, protect_causes, protect_delivery

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.disclosure import Suppressed
    from aidlib.disclosure.suppression import Totals
    from aidlib.reports.context import Report

SYNTHETIC, OBSERVED = "synthetic", "observed"
MONTH_LENGTH = 7
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
BY_AGE = "by_age"


@dataclass(frozen=True)
class Monitoring:
    """The report's month with everything its sections share.

    Attributes
    ----------
    report : Report
        The open report.
    month : Month
        What was found and from what.
    rules : dict of str to AlertRule
        The law of each cause at the report's place.
    last : mapping of str to Suppressed
        What was published last month.
    kept : dict of str to Suppressed
        Tables shown so far, for next month.
    """

    report: Report
    month: Month
    rules: dict[str, AlertRule]
    last: Mapping[str, Suppressed]
    kept: dict[str, Suppressed] = field(default_factory=dict)

    def shown(self, name: str, table: pd.DataFrame, totals: Totals = "both") -> Protected:
        """Protect a table, with what was published under its name last month, and keep it for the next."""
        made = protect(table, totals=totals, last=self.last.get(name))
        if made.suppressed:
            self.kept[name] = made.suppressed
        return made

    def names(self) -> list[str]:
        """Law groups of the registers that were compared."""
        return [registers()[name].group for name in self.month.found.accounts["register"].unique()]

    @property
    def status(self) -> str:
        """Status of every count: synthetic where the place is invented."""
        return SYNTHETIC if self.month.synthetic else OBSERVED

    @cached_property
    def by_age(self) -> Protected:
        """Alerts by disposition and age, as they may be published."""
        table = counts.alerts_by_age(self.month.found.alerts, *ages(self.report, self.month))
        return self.shown(BY_AGE, table)

    @cached_property
    def _causes(self) -> tuple[Protected, dict[str, Suppressed]]:
        kinds = {cause: rule.rule.text for cause, rule in self.rules.items()}
        return protect_causes(counts.alerts_by_cause(self.month.found.alerts, kinds), self.by_age, self.last)

    @property
    def by_cause(self) -> Protected:
        """Alerts by cause, as they may be published."""
        return self._causes[0]

    @property
    def published(self) -> dict[str, Suppressed]:
        """What is published, to be kept for next month."""
        return {**self._causes[1], **self.kept}

    @cached_property
    def delivery(self) -> Protected:
        """Delivery by programme and layer, as it may be published."""
        return protect_delivery(counts.delivery(self.month.found), self.by_cause, self.shown)

    @cached_property
    def flows(self) -> Protected:
        """Families by layer last month and now, as they may be published."""
        now = self.month.found.scene.as_of
        before = now.replace(day=1) - timedelta(days=1)
        return self.shown("flows", counts.flows(self.month.found.scene.files.recognitions, before, now))

    @cached_property
    def chains(self) -> Chains:
        """The chain of every family."""
        return chains(self.month.found, self.month.more.get("visits"))

    @cached_property
    def measured(self) -> Measured | None:
        """How the alerts compare with the errors of the invented place."""
        return measure(self.month.world, self.month.found) if self.month.world else None


def open_monitoring(report: Report) -> Monitoring:
    """Monitor the report's place and month, from the registers given or from an invented place.

    Raises
    ------
    ParameterFault
        The period is a year: monitoring is of a month.
    LawGap
        The law book does not have the rules of families for the month; from which day on it has them.
    """
    if len(report.period) != MONTH_LENGTH:
        raise ParameterFault("monitoring is of a month", where="period", expected="YYYY-MM", got=report.period)
    given = Given(*(report.parameters[name] for name in ("registers", "families", "seed")))
    working = Book()
    try:
        month = open_month(given, report.region.code, report.period, working, report.figures)
    except LawGap as gap:
        raise _too_early(report, gap) from None
    _read_through(report, working)
    rules = _rules(report, month)
    return Monitoring(report, month, rules, _before(report, month, rules))


def _too_early(report: Report, gap: LawGap) -> LawGap:
    """Say that the law book does not reach back to the month, and from which day on it does."""
    fault = gap.faults[0]
    days = [day for day in DAY.findall(fault.hint) if day > report.period]
    since = report.t(f"，{min(days)}起才有", f"; it has them from {min(days)} on") if days else ""
    said = report.t(
        f"监测要对每户适用低保、特困等规则，而法规表没有收录{report.period}有效的规则{since}",
        f"monitoring asks the rules of every family, and the law book does not have all that held in {report.period}{since}",
    )
    return LawGap(said, where=fault.where, got=fault.what)


def _read_through(report: Report, working: Book) -> None:
    """Cite what was read for the places below, and say of each rule that is missing for how many of them it is."""
    report.book.reads |= working.reads
    lacking = Counter(key.split(" ")[1] for key in working.gaps)
    for name, many in sorted(lacking.items()):
        known = report.book.tables.names[name]
        report.lack(
            f"{known.zh}({name}):{many}个地方、对象没有依据",
            f"{known.en} ({name}): no rule for {many} places and groups",
        )


def _rules(report: Report, month: Month) -> dict[str, AlertRule]:
    """The law of each cause that was tested at the report's place; of one that only places below have a rule for, the first of them."""
    as_of = month.found.scene.as_of
    own = alert_rules(report.book.at(report.region.code, as_of))
    for cause, code in (
        month.found.alerts.filter(~pl.col("cause").is_in(list(own)))
        .group_by("cause")
        .agg(pl.col("region_code").min())
        .iter_rows()
    ):
        own[cause] = alert_rules(report.book.at(code, as_of))[cause]
    return {cause: own[cause] for cause in causes() if cause in own and cause not in month.found.not_tested}


def ages(report: Report, month: Month) -> tuple[int, int]:
    """The ages that end childhood and begin old age."""
    law = report.book.at(report.region.code, month.found.scene.as_of)
    return int(law.value("minor_age").number), int(law.value("tekun_elderly_age").number)


def _before(report: Report, month: Month, rules: dict[str, AlertRule]) -> dict[str, Suppressed]:
    """What was published last month: kept in the restricted folder, or of the invented month before."""
    if month.synthetic:
        rows = month.more["alerts_before"]
        earlier = protect(counts.alerts_by_age(rows, *ages(report, month)))
        kinds = {cause: rule.rule.text for cause, rule in rules.items()}
        _, kept = protect_causes(counts.alerts_by_cause(rows, kinds), earlier, {})
        return kept | ({BY_AGE: earlier.suppressed} if earlier.suppressed else {})
    last = month.found.scene.as_of.replace(day=1) - timedelta(days=1)
    return restricted.last_published(
        restricted.folder_for(report.parameters["restricted"], report.region.code, f"{last:%Y-%m}")
    )
