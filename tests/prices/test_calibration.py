"""Are the chances right: within sampling error at both lines, by a test that keeps its level on true forecasts and sees false ones."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from aidlib.indices import Figures
from aidlib.prices import forecast_record
from aidlib.prices.forecast_record import _overlap_error, calibration, event_chances, reliability
from aidlib.studies import trigger_record as record_table

LINES = (3.5, 3.0)
FIVE_PERCENT = 1.96
PHI, THETA, CONSTANT, SIGMA = 0.992, -0.81, 0.014, 0.42
"""A truth like the national index: SARIMA(1,0,0)(0,0,1)12 as fitted to it."""
ORIGINS, AHEAD, SEASON, BEFORE = 216, 6, 12, 300


@lru_cache(maxsize=1)
def shipped() -> pd.DataFrame:
    """The shipped record of 216 origins, 2008-01 to 2025-12."""
    history = forecast_record.national(Figures(), "cpi", record_table.LAST["cpi", "yoy"])[0].series()
    rows = [row for row in record_table.shipped() if (row["index"], row["route"]) == ("cpi", "yoy")]
    whole = forecast_record.unpack(rows, history)
    return whole[whole["origin"].between("2008-01", "2025-12")]


@pytest.mark.parametrize("line", LINES)
def test_it_is_calibrated_within_sampling_error(line: float) -> None:
    """At each line by itself, the mean chance is off the frequency by less than what true forecasts would be off once in twenty."""
    bias, error = calibration(shipped(), line)
    assert len(shipped()) == ORIGINS * AHEAD
    assert abs(bias) < FIVE_PERCENT * error


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("shift", [-1.0, 1.0])
def test_false_forecasts_are_seen(line: float, shift: float) -> None:
    """The same forecasts moved by one point either way are beyond sampling error."""
    bias, error = calibration(shipped().assign(mean=shipped()["mean"] + shift), line)
    assert abs(bias) > FIVE_PERCENT * error
    assert np.sign(bias) == np.sign(shift)


def true_record(generator: np.random.Generator) -> pd.DataFrame:
    """Forecasts from a known truth, and what that truth then did."""
    shocks = generator.normal(0, SIGMA, BEFORE + ORIGINS + AHEAD)
    rises = np.full(len(shocks), CONSTANT / (1 - PHI))
    for at in range(SEASON, len(shocks)):
        rises[at] = CONSTANT + PHI * rises[at - 1] + shocks[at] + THETA * shocks[at - SEASON]
    start, last, cells = np.arange(BEFORE - 1, BEFORE - 1 + ORIGINS), None, []
    for h in range(1, AHEAD + 1):
        last = CONSTANT + PHI * (rises[start] if last is None else last) + THETA * shocks[start + h - SEASON]
        sd = SIGMA * np.sqrt(np.sum(PHI ** (2 * np.arange(h))))
        cells.append(pd.DataFrame({"origin": start, "h": h, "mean": last, "sd": sd, "actual": rises[start + h]}))
    return pd.concat(cells)


def by_whole_covariances(record: pd.DataFrame, line: float) -> float:
    """The gap over the error that covariances of five lags give: what the record had before."""
    chance, event = event_chances(record, line, decimals=20)
    gaps = record.assign(gap=chance - event).groupby("origin")["gap"].mean().to_numpy()
    return float(gaps.mean() / _overlap_error(gaps, AHEAD - 1))


def test_true_forecasts_are_rejected_once_in_twenty() -> None:
    """On a truth like the national index the test keeps its level; covariances estimated from the gaps reject twice as often."""
    generator = np.random.default_rng(20260712)
    records = [true_record(generator) for _ in range(400)]
    own = [np.divide(*calibration(record, line, decimals=20)) for record in records for line in LINES]
    other = [by_whole_covariances(record, line) for record in records for line in LINES]
    rejected, before = (float(np.mean(np.abs(found) > FIVE_PERCENT)) for found in (own, other))
    assert 0.03 < rejected < 0.08
    assert np.std(own) == pytest.approx(1, abs=0.1)
    assert before > 2 * rejected


def test_one_month_ahead_is_the_plain_sum_of_variances() -> None:
    """One month ahead nothing overlaps: the error is that of independent events with the chances said."""
    first = shipped()[shipped()["h"] == 1]
    chance, _ = event_chances(first, 3.0)
    plain = np.sqrt(np.sum(chance * (1 - chance))) / len(first)
    assert calibration(shipped(), 3.0, months_ahead=1)[1] == pytest.approx(plain, rel=0.02)
    assert calibration(first, 3.0)[1] == pytest.approx(plain, rel=0.02)


def test_overlap_makes_the_error_larger() -> None:
    """Over six months together the error is well above that of independent forecasts, and unknown outcomes change nothing."""
    chance, _ = event_chances(shipped(), 3.0)
    independent = np.sqrt(np.sum(chance * (1 - chance))) / len(shipped())
    assert calibration(shipped(), 3.0)[1] > 2 * independent
    later = shipped().copy()
    later.loc[later["month"] > "2025-06", "actual"] = np.nan
    known = later.dropna(subset=["actual"])
    assert calibration(later, 3.0) == calibration(known, 3.0)
    assert np.isfinite(calibration(known, 3.0)).all()


def test_reliability_covers_every_forecast() -> None:
    """The bins hold every scored forecast once, each with an error above that of independent forecasts."""
    table = reliability(shipped(), 3.0)
    assert table["n"].sum() == shipped()["actual"].notna().sum()
    assert (table["error"] > 2 * np.sqrt(table["forecast"] * (1 - table["forecast"]) / table["n"])).all()
