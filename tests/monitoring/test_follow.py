"""Alerts from month to month: new, open, put to rest with a reason, and fired again when what they rest on changes."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from aidlib.errors import RegisterFault
from aidlib.monitoring.follow import carry, ended

DAY = date(2026, 10, 31)
FRESH = pl.DataFrame({"household_id": [1, 2, 3, 4], "cause": ["paid_twice"] * 4, "compared": ["a", "b", "c", "d"]})
BEFORE = FRESH.filter(pl.col("household_id") > 1).with_columns(first_seen=pl.lit(date(2026, 8, 31)))


def decided(**columns: object) -> pl.DataFrame:
    row = {
        "household_id": 3,
        "cause": "paid_twice",
        "compared": "c",
        "action": "snooze",
        "until": DAY,
        "reason": "visited",
    }
    kinds = {"household_id": pl.Int64, "until": pl.Date}
    return pl.DataFrame([row | columns], schema_overrides=kinds)


def state(decisions: pl.DataFrame | None, before: pl.DataFrame | None = BEFORE) -> dict[int, str]:
    rows = carry(FRESH, before, decisions, DAY)
    return dict(rows.select("household_id", "state").iter_rows())


def test_new_and_open() -> None:
    """What was not there last month is new; the rest is open and keeps the day it was first seen."""
    assert state(None) == {1: "new", 2: "open", 3: "open", 4: "open"}
    rows = carry(FRESH, BEFORE, None, DAY)
    assert rows["first_seen"].to_list() == [DAY, *[date(2026, 8, 31)] * 3]
    assert state(None, None) == dict.fromkeys((1, 2, 3, 4), "new")


@pytest.mark.parametrize(("until", "wanted"), [(DAY, "resting"), (date(2026, 10, 30), "again")])
def test_a_snooze_rests_through_its_last_day(until: date, wanted: str) -> None:
    """On the last day it still rests, the day after it fires again."""
    assert state(decided(until=until))[3] == wanted


def test_a_change_fires_again() -> None:
    """When what the alert rests on is not what was decided about, it fires again, snoozed or closed."""
    assert state(decided(compared="older"))[3] == "again"
    assert state(decided(compared="older", action="close", until=None))[3] == "again"


def test_closed_stays_closed_while_nothing_changes() -> None:
    """A closed alert rests without an end."""
    assert state(decided(action="close", until=None))[3] == "resting"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reason": " "}, "without a reason"),
        ({"until": None}, "without an end"),
        ({"action": "hide"}, "unknown action"),
    ],
)
def test_decisions_must_be_whole(change: dict[str, object], message: str) -> None:
    """No alert disappears without a reason, an end and a known action."""
    with pytest.raises(RegisterFault, match=message):
        carry(FRESH, BEFORE, decided(**change), DAY)


def test_alerts_that_are_no_more_are_listed() -> None:
    """Last month's alerts that did not come back are kept apart."""
    assert ended(FRESH.filter(pl.col("household_id") != 4), BEFORE)["household_id"].to_list() == [4]
    assert ended(FRESH, None).height == 0
