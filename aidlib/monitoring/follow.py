"""Alerts from month to month: new, still open, put to rest with a reason, and fired anew when what they rest on changes."""

from __future__ import annotations

from datetime import date

import polars as pl

from aidlib.errors import Fault, RegisterFault
from aidlib.monitoring.tabled import need

STATES = ("new", "open", "again", "resting")
ACTIONS = ("snooze", "close")
DECISIONS = ("household_id", "cause", "compared", "action", "until", "reason")
_KEY = ["household_id", "cause"]


def carry(
    fresh: pl.DataFrame, before: pl.DataFrame | None, decisions: pl.DataFrame | None, as_of: date
) -> pl.DataFrame:
    """Give each alert of this month its state.

    Parameters
    ----------
    fresh : polars.DataFrame
        This month's alerts, from `alerts`.
    before : polars.DataFrame or None
        Last month's, from `carry` (or from `alerts`).
    decisions : polars.DataFrame or None
        What was decided: household_id, cause, compared (as the alert had it), action (snooze or close), until (day; empty for
        close), reason. The last one of a household and cause counts.

    Returns
    -------
    polars.DataFrame
        `fresh` with state: `new`; `open` (was there last month); `resting` (snoozed until a later day, or closed, and nothing
        changed); `again` (it had been put to rest and what it rests on changed, or the snooze ran out); with first_seen and
        reason.

    Raises
    ------
    RegisterFault
        A decision without a reason, without a day for a snooze, or of an unknown kind.

    Examples
    --------
    >>> fresh = pl.DataFrame({"household_id": [1], "cause": ["paid_twice"], "compared": ["a"]})
    >>> carry(fresh, None, None, date(2026, 10, 31)).select("state", "first_seen").row(0)
    ('new', datetime.date(2026, 10, 31))
    """
    kept = _decided(decisions, as_of)
    both = fresh.join(_known(before), on=_KEY, how="left").join(kept, on=_KEY, how="left")
    same = (pl.col("decided_on_this") == pl.col("compared")).fill_null(False)
    rests, decided = same & pl.col("in_force"), pl.col("decided_on_this").is_not_null()
    seen = pl.col("first_seen").is_not_null()
    state = pl.when(rests).then(pl.lit("resting")).when(decided).then(pl.lit("again")).when(seen).then(pl.lit("open"))
    return both.with_columns(
        state=state.otherwise(pl.lit("new")), first_seen=pl.coalesce("first_seen", pl.lit(as_of))
    ).drop("decided_on_this", "in_force")


def _known(before: pl.DataFrame | None) -> pl.DataFrame:
    if before is None:
        return pl.DataFrame(schema={"household_id": pl.Int64, "cause": pl.String, "first_seen": pl.Date})
    if "first_seen" not in before.columns:
        raise RegisterFault("last month's alerts have no first_seen", hint="keep what `carry` returned")
    return before.select(*_KEY, "first_seen")


def _decided(decisions: pl.DataFrame | None, as_of: date) -> pl.DataFrame:
    schema = {
        "household_id": pl.Int64,
        "cause": pl.String,
        "decided_on_this": pl.String,
        "reason": pl.String,
        "in_force": pl.Boolean,
    }
    if decisions is None:
        return pl.DataFrame(schema=schema)
    need(decisions.lazy(), DECISIONS, "decisions")
    if faults := list(_faults(decisions)):
        raise RegisterFault(faults)
    last = decisions.unique(_KEY, keep="last", maintain_order=True)
    holds = (pl.col("action") == "close") | (pl.col("until") >= pl.lit(as_of)).fill_null(False)
    return last.select(*_KEY, decided_on_this="compared", reason="reason", in_force=holds)


def _faults(decisions: pl.DataFrame) -> list[Fault]:
    snooze = pl.col("action") == "snooze"
    checks = (
        (~pl.col("action").is_in(ACTIONS), "unknown action", " or ".join(ACTIONS)),
        (pl.col("reason").fill_null("").str.strip_chars() == "", "a decision without a reason", "why the alert is put to rest"),
        (snooze & pl.col("until").is_null(), "a snooze without an end", "a day"),
    )  # fmt: skip
    rows = decisions.with_row_index("row", 1)
    return [
        Fault(what, f"decisions row {at}", expected)
        for wrong, what, expected in checks
        for at in rows.filter(wrong)["row"]
    ]


def ended(fresh: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """List last month's alerts that are no more.

    Examples
    --------
    >>> before = pl.DataFrame({"household_id": [1], "cause": ["paid_twice"]})
    >>> ended(before.head(0), before).height
    1
    """
    if before is None:
        return fresh.clear()
    return before.join(fresh.select(_KEY), on=_KEY, how="anti")
