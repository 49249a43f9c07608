"""Small counts of monitoring hidden with what gives them away: tables of causes, ages, departments and registers that may be shown together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from aidlib.disclosure import convention as rule
from aidlib.disclosure import dominated, suppress
from aidlib.disclosure.suppression import TOTAL, Totals
from aidlib.errors import DataFault
from aidlib.monitoring.alerts import DISPOSITIONS, AlertRule
from aidlib.monitoring.inputs import SYNTHETIC
from aidlib.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.disclosure import Suppressed

HIDDEN = "suppressed"
LIMIT = int(rule("threshold"))
AGES = ("age_minor", "age_adult", "age_elderly", "age_unknown")
# Causes of which no family can be without a person the register knows.
RESTS_ON = {
    "deaths": ("dibao_after_death", "tekun_after_death"),
    "prison": ("counted_in_prison", "tekun_in_prison"),
    "poor_students": ("education_aid_missing",),
    "serious_illness": ("medical_aid_missing",),
    "registered_unemployed": ("employment_aid_missing",),
    "household_registration": ("registration_gone",),
    "public_payroll": ("public_pay_undeclared",),
    "social_insurance": ("income_over_line",),
}


def shown(count: int) -> int | None:
    """Return a count, or None where it is small.

    Examples
    --------
    >>> [shown(count) for count in (0, 9, 10)]
    [0, None, 10]
    """
    return None if 0 < count < LIMIT else count


@dataclass(frozen=True)
class Counts(Result):
    """Counts that may be shown.

    Attributes
    ----------
    table : pandas.DataFrame
        Counts with the margins that are published; empty where hidden. The names of its index are columns of codes.
    status : str
        Of every count: synthetic where the place is invented.
    suppressed : Suppressed or None
        What was hidden and why, for next month; None where the margins had to be left out.
    beside : pandas.DataFrame or None
        Further columns of codes, row by row; `sources` are the rows of law each rests on.
    """

    table: pd.DataFrame
    status: str
    suppressed: Suppressed | None = field(default=None, repr=False)
    beside: pd.DataFrame | None = None

    def cell(self, row: Any, column: str) -> int | None:
        """Return a published count, or None where it is hidden or not published."""
        if column not in self.table.columns or row not in self.table.index or bool(self.table[column].isna()[row]):
            return None
        return int(self.table[column][row])

    def total(self, row: Any = TOTAL) -> int | None:
        """Return the published total of a row, or None where it is hidden or not published."""
        return self.cell(row, TOTAL)

    @property
    def whole(self) -> list[Any]:
        """Rows with a published total above nought of which no cell is hidden."""
        return [row for row in self.table.index if not self.table.loc[row].isna().any() and self.total(row)]

    def to_frame(self) -> pd.DataFrame:
        """Return codes and counts; a hidden one says so in `<column>_status`, invented data in `status`."""
        import pandas as pd

        keys = self.table.index.to_frame(index=False).replace({TOTAL: "total"})
        beside = (
            [] if self.beside is None else [self.beside.drop(columns="sources", errors="ignore").reset_index(drop=True)]
        )
        parts = [keys, *beside]
        for column in self.table:
            hidden, name = self.table[column].isna(), "total" if column == TOTAL else str(column)
            cells = [None if gone else int(count) for gone, count in zip(hidden, self.table[column], strict=True)]
            marks = [HIDDEN if gone else None for gone in hidden]
            parts.append(pd.DataFrame({name: pd.Series(cells, dtype="object"), f"{name}_status": marks}))
        if self.status == SYNTHETIC:
            parts.append(pd.DataFrame({"status": [self.status] * len(keys)}))
        if self.beside is not None and "sources" in self.beside:
            parts.append(self.beside[["sources"]].reset_index(drop=True))
        return pd.concat(parts, axis=1)


class ByCause(Counts):
    """Alerts by cause; `plot` draws them coloured by disposition."""


class Delivery(Counts):
    """Delivery by programme and layer; `plot` draws the published shares of help that came."""


class Monthly(Counts):
    """Families and persons paid, by programme and month; `plot` draws a line each."""


def protect(table: pd.DataFrame, status: str, totals: Totals = "both", last: Suppressed | None = None) -> Counts:
    """Hide small counts and what gives them away; where a table is too thin for its margins, they are left out."""
    try:
        made = suppress(table, totals=totals, last=last)
    except DataFault:
        return Counts(suppress(table, totals="none").table, status)
    return Counts(made.table.rename_axis(table.index.names), status, made)


def protect_ages(table: pd.DataFrame, status: str, last: Suppressed | None = None) -> Counts:
    """Protect alerts by disposition and age; ages are left out where they would hide the total."""
    made = protect(table, status, "both", last)
    return made if made.total() is not None else protect(table.sum(axis=1).to_frame(TOTAL), status, "columns", last)


def protect_causes(
    rows: dict[str, pd.DataFrame], ages: Counts, last: Mapping[str, Suppressed]
) -> tuple[Counts, dict[str, Suppressed]]:
    """Protect the counts of causes: those of a disposition add up to its total, which is published with the ages.

    A disposition whose total is hidden has all its causes hidden.
    """
    import pandas as pd

    parts, kept = [], {}
    for kind, row in rows.items():
        made = protect(row, ages.status, "rows", last.get(kind))
        if ages.total(kind) is None or made.suppressed is None:
            parts.append(pd.Series(pd.NA, index=row.columns, dtype="Int64"))
        else:
            kept[kind] = made.suppressed
            parts.append(pd.Series(made.table[list(row.columns)].iloc[0], dtype="Int64"))
    return Counts(pd.concat(parts).rename_axis("alert_cause").to_frame(TOTAL), ages.status), kept


def protect_known(table: pd.DataFrame, by_cause: Counts) -> Counts:
    """Protect counts by register, rounded: what a department knows is hidden where it would bound a hidden cause of alert.

    No more alerts can rest on a register than persons it knows; where those that are shown leave less than the threshold for a
    hidden cause, the count is hidden, and the unmatched with it.
    """
    import pandas as pd

    made = to_tens(table.assign(**{TOTAL: table.sum(axis=1)})).astype("Int64")
    made["unmatched"] = (made[TOTAL] - made["known"] - made["invalid"]).clip(
        lower=0
    )  # tells no more than the others do
    for register in map(str, made.index):
        counts = [by_cause.total(cause) for cause in RESTS_ON.get(register, ()) if cause in by_cause.table.index]
        most = int(made["known"][register]) + LIMIT // 2 - 1 - sum(count or 0 for count in counts)
        if None in counts and most < LIMIT:
            made.loc[register, ["known", "unmatched"]] = pd.NA
    return Counts(made, by_cause.status)


def to_tens(table: pd.DataFrame) -> pd.DataFrame:
    """Round counts to the nearest ten, a five upwards: a difference of a few between two tables or months says nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> to_tens(pd.DataFrame({"a": [4, 5, 14, 15]}))["a"].tolist()
    [0, 10, 10, 20]
    """
    return (table + LIMIT // 2) // LIMIT * LIMIT


def crossed(
    rows: pl.DataFrame, row: str, column: str, index: list[Any], columns: list[Any], name: str = ""
) -> pd.DataFrame:
    """Count rows by two columns, every named row and column present."""
    import pandas as pd

    table = pd.DataFrame(0, index=pd.Index(index, name=name or row), columns=columns, dtype="int64")
    for at, where, count in rows.group_by(row, column).len().iter_rows():
        table.loc[at, where] = count
    return table


def alerts_by_age(alerts: pl.DataFrame, minor: int, old: int) -> pd.DataFrame:
    """Count alerts by disposition and age of the person concerned (of a family: its applicant)."""
    age = (
        pl.when(pl.col("age").is_null())
        .then(pl.lit("age_unknown"))
        .when(pl.col("age") < minor)
        .then(pl.lit("age_minor"))
    )
    banded = alerts.with_columns(
        band=age.when(pl.col("age") < old).then(pl.lit("age_adult")).otherwise(pl.lit("age_elderly"))
    )
    bands = [band for band in AGES if band != "age_unknown" or (banded["band"] == "age_unknown").any()]
    return crossed(banded, "disposition", "band", list(DISPOSITIONS), bands, "alert_disposition")


def alerts_by_cause(alerts: pl.DataFrame, kinds: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Count alerts by cause, one row of causes for each disposition; `kinds` has the disposition of every cause in force."""
    made = {}
    for kind in DISPOSITIONS:
        if names := [cause for cause, own in kinds.items() if own == kind]:
            rows = alerts.filter(pl.col("cause").is_in(names)).with_columns(row=pl.lit("alerts"))
            made[kind] = crossed(rows, "row", "cause", ["alerts"], names)
    return made


def by_department(by_cause: Counts, ages: Counts, rules: Mapping[str, AlertRule]) -> dict[str, int | None]:
    """Add up alerts by department from published totals; None where that cannot be done.

    A department that has a disposition to itself has its total; one that alone has hidden causes has what the others leave.
    """
    names = {cause: rule.department.text if rule.department else None for cause, rule in rules.items()}
    sums: dict[str, int | None] = {}
    for name in filter(None, names.values()):
        own = {cause for cause, department in names.items() if department == name}
        kind = next((k for k in DISPOSITIONS if own == {c for c, rule in rules.items() if rule.rule.text == k}), None)
        counts = [by_cause.total(cause) for cause in own]
        sums[name] = ages.total(kind) if kind else None if None in counts else sum(count or 0 for count in counts)
    dark = [name for name, count in sums.items() if count is None]
    if len(dark) == 1 and (whole := ages.total()) is not None and None not in names.values():
        sums[dark[0]] = whole - sum(count or 0 for count in sums.values())
    return sums


def small(amounts: pl.Series) -> bool:
    """Tell whether a sum of money must be hidden: too few households, or one or two make up nearly all of it."""
    known = amounts.abs().to_list()
    return shown(len(known)) is None or (any(known) and dominated(known))
