"""The record of past forecasts: whole, as of an earlier month, of a place, and refused where it cannot be."""

from __future__ import annotations

import pytest

from aidlib.errors import DataGap
from aidlib.studies.trigger_record import LAST, TriggerRecord, trigger_record


@pytest.fixture(scope="module")
def record() -> TriggerRecord:
    """The nation's consumer prices against 3.0%, up to July 2026."""
    return trigger_record("000000", "2026-07", "cpi:3.0")


def test_the_record_beats_as_now_and_says_where_it_leans(record: TriggerRecord) -> None:
    """The year-on-year model saves a share of the Brier score; its lean and its later half are told, whatever they are."""
    [trial] = record.trials
    assert trial.best.skill_persistence >= 0.30
    assert 0 <= trial.lean.p <= 1
    assert trial.lean.sure is (trial.lean.p < 0.05)
    origins, _ = trial.later
    assert origins.endswith(trial.ends[1])


def test_routes_are_compared_on_the_origins_they_share(record: TriggerRecord) -> None:
    """On shared origins every route has as many forecasts, and the table has the whole record first."""
    [trial] = record.trials
    assert len({len(rows) for rows in trial.shared().records.values()}) == 1
    frame = record.to_frame()
    assert frame["route"].tolist() == ["yoy", *trial.records]
    assert frame["scored"].iloc[0] > frame["scored"].iloc[1]
    assert frame["brier"].between(0, 1).all()


def test_parts_add_up_to_the_whole(record: TriggerRecord) -> None:
    """Forecasts by months ahead, and by halves of origins, are each the whole record."""
    [trial] = record.trials
    frame = record.by_part().to_frame()
    ahead = frame["record_part"].str.len() == 1
    for part in (frame[ahead], frame[~ahead]):
        assert (part["scored"].sum(), part["events"].sum()) == (trial.best.n, trial.best.events)
    assert record.reliability().to_frame()["scored"].sum() == trial.best.n


def test_the_shipped_record_is_what_is_made_anew(record: TriggerRecord) -> None:
    """The last origin made anew agrees with the shipped row to its three decimals, and a hundredth for another processor."""
    check = record.made_anew(1)
    assert check.origins == 1
    assert check.gap < 0.02


@pytest.mark.parametrize(
    ("region", "period", "message"), [("450000", "2026-07", "132"), ("000000", "2007-06", "later")]
)
def test_a_record_that_cannot_be_is_refused(region: str, period: str, message: str) -> None:
    """A place with a short past, or a period before the first outcome, is told what would do."""
    with pytest.raises(DataGap, match=message):
        trigger_record(region, period, "cpi:3.5")


def test_before_monthly_changes_there_are_two_routes() -> None:
    """As of 2012 only the year-on-year model and the random walk have a record."""
    assert set(trigger_record("000000", "2012-06", "cpi:3.0").trials[0].records) == {"yoy", "walk"}


def test_an_earlier_period_shortens_the_record() -> None:
    """A study as of an earlier month scores fewer forecasts; none is later than its last month."""
    early, late = (trigger_record("000000", period, "food:6.0").trials[0] for period in ("2020-06", "2023-12"))
    assert early.best.n < late.best.n
    assert early.ends[1] <= "2020-06"
    assert late.ends[1] <= LAST["food", "yoy"]
