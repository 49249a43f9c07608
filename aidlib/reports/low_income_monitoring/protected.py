"""Counts that may be shown: small ones hidden with what gives them away; every further number is worked out from what is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aidlib.disclosure import convention, suppress
from aidlib.disclosure.suppression import TOTAL, Totals
from aidlib.errors import DataFault
from aidlib.monitoring.alert_rules import DISPOSITIONS, AlertRule
from aidlib.reports.low_income_monitoring.counts import CAUSE_OF, RESTS_ON, to_tens

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.disclosure import Suppressed

HIDDEN = "suppressed"


@dataclass(frozen=True)
class Protected:
    """Counts that may be shown.

    Attributes
    ----------
    table : pandas.DataFrame
        Counts with the margins that are published; empty where hidden.
    suppressed : Suppressed or None
        What was hidden and why, for next month; None where the margins had to be left out.
    """

    table: pd.DataFrame
    suppressed: Suppressed | None

    def cell(self, row: str, column: str) -> int | None:
        """Return a published count, or None where it is hidden or not published."""
        if column not in self.table.columns or row not in self.table.index or bool(self.table[column].isna()[row]):
            return None
        return int(self.table[column][row])

    @property
    def whole(self) -> list[str]:
        """Rows with a published total above nought of which no cell is hidden."""
        rows = [str(row) for row in self.table.index if not self.table.loc[row].isna().any()]
        return [row for row in rows if self.total(row)]

    def total(self, row: str) -> int | None:
        """Return the published total of a row, or None where it is hidden or not published."""
        return self.cell(row, TOTAL)


def protect(table: pd.DataFrame, totals: Totals = "both", last: Suppressed | None = None) -> Protected:
    """Hide small counts and what gives them away; where a table is too thin for its margins, they are left out."""
    try:
        found = suppress(table, totals=totals, last=last)
    except DataFault:
        return Protected(suppress(table, totals="none").table, None)
    return Protected(found.table, found)


def small(count: int) -> bool:
    """Tell whether a count may not be shown.

    Examples
    --------
    >>> [small(count) for count in (0, 9, 10)]
    [False, True, False]
    """
    return 0 < count < convention("threshold")


def rounded(count: int) -> str:
    """Write a count that is not a table's own, or say that it is below the threshold.

    Examples
    --------
    >>> rounded(0), rounded(3), rounded(1200)
    ('0', '<10', '1,200')
    """
    return f"<{convention('threshold')}" if small(count) else f"{count:,}"


def protect_causes(
    rows: dict[str, pd.DataFrame], ages: Protected, last: Mapping[str, Suppressed]
) -> tuple[Protected, dict[str, Suppressed]]:
    """Protect the counts of causes: those of a disposition add up to its total, which is published with the ages.

    A disposition whose total is hidden has all its causes hidden.

    Returns
    -------
    Protected, dict of str to Suppressed
        One total a cause, and for next month what was hidden, by disposition.
    """
    import pandas as pd

    parts, kept = [], {}
    for kind, row in rows.items():
        found = protect(row, totals="rows", last=last.get(kind))
        if ages.total(kind) is None or found.suppressed is None:
            parts.append(pd.Series(pd.NA, index=row.columns, dtype="Int64"))
            continue
        kept[kind] = found.suppressed
        parts.append(pd.Series(found.table[list(row.columns)].iloc[0], dtype="Int64"))
    return Protected(pd.concat(parts).to_frame(TOTAL), None), kept


def protect_known(table: pd.DataFrame, causes: Protected) -> Protected:
    """Protect counts by register, rounded: what a department knows is hidden where it would bound a hidden cause of alert.

    No more alerts can rest on a register than persons it knows; where those that are shown leave less than the threshold for a
    hidden cause, the count is hidden, and the unmatched with it.
    """
    import pandas as pd

    ten, made = int(convention("threshold")), to_tens(table.assign(**{TOTAL: table.sum(axis=1)})).astype("Int64")
    made["unmatched"] = (made[TOTAL] - made["known"] - made["invalid"]).clip(
        lower=0
    )  # tells no more than the others do
    for register in map(str, made.index):
        counts = [causes.total(cause) for cause in RESTS_ON.get(register, ()) if cause in causes.table.index]
        most = int(made["known"][register]) + ten // 2 - 1 - sum(count or 0 for count in counts)
        if None in counts and most < ten:
            made.loc[register, ["known", "unmatched"]] = pd.NA
    return Protected(made, None)


def protect_delivery(
    tables: dict[str, pd.DataFrame], causes: Protected, shown: Callable[[str, pd.DataFrame], Protected]
) -> Protected:
    """Protect delivery: what is not delivered adds up to the alerts of its cause, so that it is shown only where they are.

    Returns
    -------
    Protected
        Rows `programme|layer`, and `programme|合计` where the programme's margin is published.
    """
    import pandas as pd

    parts = []
    for programme, counted in tables.items():
        part = shown(f"delivery {programme}", counted).table.copy()
        if causes.total(CAUSE_OF[programme]) is None or TOTAL not in part:
            part = counted.assign(**{TOTAL: counted.sum(axis=1)}).astype("Int64")
            part[["delivered", "not_delivered"]] = pd.NA
            part = part.mask(part.lt(int(convention("threshold"))) & part.gt(0))
        part.index = pd.Index([f"{programme}|{layer}" for layer in part.index])
        parts.append(part)
    return Protected(pd.concat(parts), None)


def by_department(causes: Protected, ages: Protected, rules: Mapping[str, AlertRule]) -> dict[str, int | None]:
    """Add up alerts by department from published totals; None where that cannot be done.

    A department that has a disposition to itself has its total; one that alone has hidden causes has what the others leave.
    """
    names = {cause: rule.department.text if rule.department else None for cause, rule in rules.items()}
    found = {name: _added(name, names, causes, ages, rules) for name in names.values() if name is not None}
    dark = [name for name, count in found.items() if count is None]
    if len(dark) == 1 and (whole := ages.total(TOTAL)) is not None and None not in names.values():
        found[dark[0]] = whole - sum(count or 0 for count in found.values())
    return found


def _added(
    name: str, names: dict[str, str | None], causes: Protected, ages: Protected, rules: Mapping[str, AlertRule]
) -> int | None:
    own = {cause for cause, department in names.items() if department == name}
    for kind in DISPOSITIONS:
        if own == {cause for cause, rule in rules.items() if rule.rule.text == kind}:
            return ages.total(kind)
    counts = [causes.total(cause) for cause in own]
    return None if None in counts else sum(count or 0 for count in counts)
