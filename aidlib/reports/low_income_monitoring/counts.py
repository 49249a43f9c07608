"""Counts of the report, and what of them may be shown: every further number is worked out from what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from aidlib.disclosure import convention
from aidlib.monitoring.alert_rules import DISPOSITIONS
from aidlib.monitoring.chain import layer_of
from aidlib.monitoring.ledgers import BASIC, MONTHS_PER_YEAR, held

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

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
# Causes of which no family can be without a person the register knows.
RESTS_ON = {
    "deaths": ("dibao_after_death", "tekun_after_death"),
    "prison": ("counted_in_prison", "tekun_in_prison"),
    "poor_students": ("education_aid_missing",),
    "serious_illness": ("medical_aid_missing",),
    "registered_unemployed": ("employment_aid_missing",),
    "social_insurance": ("income_over_line",),
    "household_registration": ("registration_gone",),
}
CAUSE_OF = {"basic_living": "month_not_paid", **{programme: f"{programme}_missing" for programme in NEEDS}}


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


def overdue(alerts: pl.DataFrame, causes: list[str]) -> pd.DataFrame:
    """Count alerts of the named causes by whether their deadline has passed; name only causes whose total is published."""
    rows = alerts.filter(pl.col("cause").is_in(causes))
    late = pl.when(pl.col("overdue")).then(pl.lit("overdue")).otherwise(pl.lit("in_time"))
    return crossed(rows.with_columns(late=late), "cause", "late", causes, ["in_time", "overdue"])


def doubtful(found: Monitored) -> dict[str, int]:
    """Count families of which the rules cannot tell whether they pass a test: both ends of what is unknown disagree."""
    homes = found.facts.households
    tests = {"dibao": "dibao_eligible", "edge": "edge_household", "rigid": "rigid_household"}
    return {
        scheme: int((homes[test].cast(pl.Boolean) != homes[f"{test}_at_best"].cast(pl.Boolean)).sum())
        for scheme, test in tests.items()
    }


def to_tens(table: pd.DataFrame) -> pd.DataFrame:
    """Round counts to the nearest ten, a five upwards: a difference of a few between two tables or months tells nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> to_tens(pd.DataFrame({"a": [4, 5, 14, 15]}))["a"].tolist()
    [0, 10, 10, 20]
    """
    ten = int(convention("threshold"))
    return (table + ten // 2) // ten * ten


def aid_by_month(found: Monitored) -> pd.DataFrame:
    """Count families and persons paid, by programme and month, to the nearest ten."""
    rows = found.scene.paid.filter(pl.col("programme").is_in(BASIC)).unique(["household_id", "programme", "month"])
    months = list(range(found.scene.first, found.scene.last + 1))
    table = crossed(rows, "programme", "month", list(BASIC), months)  # type: ignore[arg-type]
    table.columns = [f"{m // MONTHS_PER_YEAR:04d}-{m % MONTHS_PER_YEAR + 1:02d}" for m in months]
    return to_tens(table)
