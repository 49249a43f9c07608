"""Counts of the report, and what of them may be shown: every further number is worked out from what was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from aidlib.disclosure import convention, suppress
from aidlib.disclosure.suppression import TOTAL, Totals
from aidlib.errors import DataFault
from aidlib.monitoring.alert_rules import DISPOSITIONS, AlertRule
from aidlib.monitoring.chain import layer_of
from aidlib.monitoring.ledgers import BASIC, MONTHS_PER_YEAR, held

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from aidlib.disclosure import Suppressed
    from aidlib.monitoring.monitor import Monitored

AGES = ("minor", "adult", "elderly", "unknown")
LAYERS = ("tekun", "dibao", "monitored", "edge", "rigid", "other", "none")
GROUPS = ("tekun", "dibao", "edge", "rigid")
HIDDEN = "suppressed"
NEEDS = {
    "education_aid": ("student_known", "entitled_education"),
    "medical_aid": ("patient_known", "entitled_medical"),
    "employment_aid": ("jobless_known", "entitled_employment"),
    "premium": ("held_long", "entitled_premium"),
}
CAUSE_OF = {"basic_living": "month_not_paid", **{programme: f"{programme}_missing" for programme in NEEDS}}


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


def crossed(rows: pl.DataFrame, row: str, column: str, index: list[str], columns: list[str]) -> pd.DataFrame:
    """Count rows by two columns, every named row and column present."""
    import pandas as pd

    counts = rows.group_by(row, column).len().iter_rows()
    table = pd.DataFrame(0, index=index, columns=columns, dtype="int64")
    for at, where, count in counts:
        table.loc[at, where] = count
    return table


def alerts_by_age(alerts: pl.DataFrame, minor: int, old: int) -> pd.DataFrame:
    """Count alerts by disposition and age of the person concerned (of a family: its applicant)."""
    age = pl.when(pl.col("age").is_null()).then(pl.lit("unknown")).when(pl.col("age") < minor).then(pl.lit("minor"))
    banded = alerts.with_columns(band=age.when(pl.col("age") < old).then(pl.lit("adult")).otherwise(pl.lit("elderly")))
    bands = [band for band in AGES if band != "unknown" or (banded["band"] == "unknown").any()]
    return crossed(banded, "disposition", "band", list(DISPOSITIONS), bands)


def alerts_by_cause(alerts: pl.DataFrame, kinds: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Count alerts by cause, one row of causes for each disposition.

    Parameters
    ----------
    kinds : dict of str to str
        Disposition of every cause in force.
    """
    made = {}
    for kind in DISPOSITIONS:
        names = [cause for cause, own in kinds.items() if own == kind]
        rows = alerts.filter(pl.col("cause").is_in(names)).with_columns(row=pl.lit("alerts"))
        if names:
            made[kind] = crossed(rows, "row", "cause", ["alerts"], names)
    return made


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


def flows(recognitions: pl.DataFrame, before: date, now: date) -> pd.DataFrame:
    """Count families by their layer at the end of last month and of this one."""
    both = layer_of(held(recognitions, before)).join(
        layer_of(held(recognitions, now)), on="household_id", how="full", coalesce=True, suffix="_now"
    )
    filled = both.with_columns(pl.col("layer", "layer_now").fill_null("none"))
    used = [name for name in LAYERS if name in set(filled["layer"]) | set(filled["layer_now"])]
    return crossed(filled, "layer", "layer_now", used, used)


def known_to_departments(found: Monitored) -> pd.DataFrame:
    """Count persons of the register by whether each department knows them."""
    table = found.accounts[found.accounts["side"] == "persons"].set_index("register")
    return table.assign(known=table["matched"] + table["ambiguous"])[["known", "unmatched", "invalid"]].astype("int64")


def rows_in_register(found: Monitored) -> pd.DataFrame:
    """Count departmental rows by whether the low-income register has the person."""
    table = found.accounts[found.accounts["side"] == "rows"].set_index("register")
    return table.assign(known=table["matched"] + table["ambiguous"])[["known", "unmatched", "invalid"]].astype("int64")


def delivery(found: Monitored) -> dict[str, pd.DataFrame]:
    """Count persons with a known need and a right to help, by layer and whether the help came, one table a programme."""
    own = found.facts.persons.with_columns(layer=_layer())
    rows = {"basic_living": _basic(found)}
    for programme, (shows, entitled) in NEEDS.items():
        here = own.filter(pl.col(shows) & pl.col(entitled) & pl.col("layer").is_not_null())
        came = pl.when(f"got_{programme}").then(pl.lit("delivered")).otherwise(pl.lit("not_delivered"))
        rows[programme] = here.select("layer", came=came)
    return {
        programme: crossed(
            part, "layer", "came", [g for g in GROUPS if g in set(part["layer"])], ["delivered", "not_delivered"]
        )
        for programme, part in rows.items()
        if len(part)
    }


def protect_delivery(tables: dict[str, pd.DataFrame], causes: Protected) -> Protected:
    """Protect delivery: what is not delivered adds up to the alerts of its cause, so that it is shown only where they are.

    Returns
    -------
    Protected
        Rows `programme|layer`, and `programme|合计` where the programme's margin is published.
    """
    import pandas as pd

    parts = []
    for programme, counted in tables.items():
        shown = protect(counted).table
        if causes.total(CAUSE_OF[programme]) is None or TOTAL not in shown:
            shown = counted.assign(**{TOTAL: counted.sum(axis=1)}).astype("Int64")
            shown[["delivered", "not_delivered"]] = pd.NA
            shown = shown.mask(shown.lt(int(convention("threshold"))) & shown.gt(0))
        shown.index = pd.Index([f"{programme}|{layer}" for layer in shown.index])
        parts.append(shown)
    return Protected(pd.concat(parts), None)


def _layer() -> pl.Expr:
    dibao = pl.col("held_single") | (pl.col("held_dibao") & pl.col("counted_member"))
    cases = (
        ("tekun", pl.col("held_tekun")),
        ("dibao", dibao),
        ("edge", pl.col("held_edge")),
        ("rigid", pl.col("held_rigid")),
    )
    found = pl.lit(None, pl.String)
    for name, holds in reversed(cases):
        found = pl.when(holds.fill_null(False)).then(pl.lit(name)).otherwise(found)
    return found


def _basic(found: Monitored) -> pl.DataFrame:
    """Families and persons that had to be paid this month, and whether they were."""
    due = found.dues.filter(pl.col("due_fen").is_null() | (pl.col("due_fen") > 0))
    rows = due.join(
        found.scene.expected.filter(pl.col("month") == found.scene.last), on=["household_id", "person_id", "programme"]
    )
    layer = pl.when(pl.col("programme") == "tekun").then(pl.lit("tekun")).otherwise(pl.lit("dibao"))
    came = pl.when(pl.col("paid_fen") > 0).then(pl.lit("delivered")).otherwise(pl.lit("not_delivered"))
    return rows.select(layer=layer, came=came)


def overdue(alerts: pl.DataFrame, published: Protected, in_force: list[str]) -> pd.DataFrame:
    """Count alerts of each cause whose total was published by whether their deadline has passed."""
    rows = alerts.filter(pl.col("cause").is_in([cause for cause in in_force if published.total(cause)]))
    late = pl.when(pl.col("overdue")).then(pl.lit("overdue")).otherwise(pl.lit("in_time"))
    index = [cause for cause in in_force if cause in set(rows["cause"])]
    return crossed(rows.with_columns(late=late), "cause", "late", index, ["in_time", "overdue"])


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


def aid_by_month(found: Monitored) -> pd.DataFrame:
    """Count families paid by programme and month, to the nearest ten: a change of a few between months would tell of a few."""
    rows = found.scene.paid.filter(pl.col("programme").is_in(BASIC)).unique(["household_id", "programme", "month"])
    months = list(range(found.scene.first, found.scene.last + 1))
    table = crossed(rows, "programme", "month", list(BASIC), months)  # type: ignore[arg-type]
    table.columns = [f"{m // MONTHS_PER_YEAR:04d}-{m % MONTHS_PER_YEAR + 1:02d}" for m in months]
    ten = int(convention("threshold"))
    return (table + ten // 2) // ten * ten
