"""Will it trigger: the forecast beats persistence, knows the Spring Festival, falls back in the open, and repeats exactly."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aidlib import tables
from aidlib.errors import DataGap
from aidlib.indices import Figures, releases
from aidlib.law import workdays
from aidlib.prices import forecast as forecast_module
from aidlib.prices import forecast_record as record
from aidlib.prices.forecast import FALLBACK, Forecast, forecast, paths, recent_size
from aidlib.prices.forecast_record import pit
from aidlib.studies import trigger_record as record_table

CASES = Path(__file__).parents[1] / "cases"
LINES = (3.5, 3.0)


@lru_cache(maxsize=1)
def national() -> pd.Series:
    """National CPI, monthly rise on the year before, 2002 to 2026, as the recorded comparison had it (two decimals to 2008)."""
    with (CASES / "cpi_cn_monthly_yoy_2002_2026.csv").open(encoding="utf-8") as lines:
        rows = {r["month"]: float(r["cpi_yoy_pct"]) for r in csv.DictReader(lines) if r["cpi_yoy_pct"]}
    return pd.Series(list(rows.values()), index=pd.PeriodIndex(list(rows), freq="M"))


@lru_cache(maxsize=1)
def past() -> pd.DataFrame:
    """216 origins, 2008-01 to 2025-12."""
    return record.rolling(national(), first="2008-01", last="2025-12")


@lru_cache(maxsize=1)
def published() -> pd.Series:
    """National CPI, monthly rise on the year before, as published and as shipped."""
    return record.national(Figures(), "cpi", record_table.LAST["cpi", "yoy"])[0].series()


@lru_cache(maxsize=1)
def shipped() -> pd.DataFrame:
    """The shipped record of the same 216 origins on the published series; that it repeats is tested beside the outlook."""
    rows = [row for row in record_table.shipped() if (row["index"], row["route"]) == ("cpi", "yoy")]
    whole = record.unpack(rows, published())
    return whole[whole["origin"].between("2008-01", "2025-12")]


@lru_cache(maxsize=1)
def baseline() -> dict[tuple[str, str], float]:
    """Mean Brier over six months of the recorded comparison (computed here, a regression baseline and nothing more)."""
    frame = pd.read_csv(CASES / "trigger_backtest_computed_here.csv")
    means = frame.groupby("model")[["b35", "b30"]].mean()
    return {(model, column): float(means.loc[model, column]) for model in means.index for column in means}


@pytest.mark.parametrize("line", LINES)
def test_it_beats_persistence_by_thirty_percent(line: float) -> None:
    """Over 216 origins the Brier score is at least 30 % below that of saying 'as now', and below climatology."""
    found = record.scores(shipped(), published(), line)
    assert found.n == 216 * 6
    assert found.skill_persistence >= 0.30
    assert found.skill_climatology >= 0.50


@pytest.mark.parametrize(("line", "column"), [(3.5, "b35"), (3.0, "b30")])
def test_it_is_no_worse_than_the_recorded_baseline(line: float, column: str) -> None:
    """The Brier score stays at the recorded comparison's, and its yardsticks are the same."""
    found = record.scores(past(), national(), line)
    assert found.brier <= baseline()["SARIMA(1,0,0)(0,0,1)12+c", column] + 0.001
    assert found.brier_persistence == pytest.approx(baseline()["persistence 0/1", column], abs=5e-4)
    assert found.brier_climatology == pytest.approx(baseline()["climatology", column], abs=5e-4)


def test_intervals_cover() -> None:
    """The 90 % interval held the outcome between 87 % and 93 % of the time."""
    assert 0.87 < record.scores(shipped(), published(), 3.5).coverage_90 < 0.93


def test_the_integral_transform_is_near_flat() -> None:
    """No tenth of the predictive distribution holds more than 1.6 times or less than half its share."""
    shares = pit(shipped())
    assert shares.sum() == pytest.approx(1)
    assert shares.min() > 0.05
    assert shares.max() < 0.16


def test_gain_over_persistence_is_tested() -> None:
    """Diebold-Mariano sees the gain at 3.0 % as better than chance at one month."""
    statistic, p = record.diebold_mariano(past(), 3.0, 1)
    assert statistic < 0
    assert p < 0.05


def test_no_look_ahead() -> None:
    """Changing the future changes no forecast made before it."""
    changed = national().copy()
    changed.iloc[-12:] += 5
    before = str(national().index[-13])
    for history in (national(), changed):
        made = record.rolling(history, first=before, last=before)
        assert made["mean"].tolist() == pytest.approx(
            record.rolling(national(), first=before, last=before)["mean"].tolist()
        )


def test_the_spring_festival_is_known_ahead() -> None:
    """A rise that follows the festival's move and nothing else is forecast through the move, within a fifth of a point."""
    months = pd.period_range("2010-01", "2026-06", freq="M")
    noise = np.random.default_rng(6).normal(0, 0.05, len(months))
    rises = pd.Series(2 + forecast_module.festival(months[0], len(months)).ravel() + noise, months)
    made = forecast(rises.iloc[:-6], 6)
    assert "Spring Festival" in made.model
    assert made.mean == pytest.approx(rises.iloc[-6:].to_numpy(), abs=0.2)
    assert np.ptp(rises.iloc[-6:]) > 0.8


def test_the_festival_lies_in_its_holiday() -> None:
    """New Year's Day of the lunar year is a day of the Spring Festival holiday of every year the State Council's table has."""
    days = {
        row["date"]
        for row in tables.rows(workdays.TABLE, workdays.COLUMNS)
        if (row["name_zh"], row["kind"]) == ("春节", "holiday")
    }
    firsts = [row["date"] for row in tables.rows(releases.FESTIVALS, releases.FESTIVAL_COLUMNS)]
    held = [day for day in firsts if day[:4] in {one[:4] for one in days}]
    assert len(held) >= 17
    assert set(held) <= days


def test_a_year_without_its_festival_is_named() -> None:
    """A month outside the table of festivals is refused with its year."""
    with pytest.raises(DataGap, match="1900"):
        releases.festival_share(1900, 2)


def test_a_calm_stretch_narrows_the_forecast() -> None:
    """The size of a shock follows the recent ones: after two calm years it is nearer the calm size than the loud one."""
    shocks = np.r_[np.resize([1.0, -1.0], 120), np.resize([0.2, -0.2], 48)]
    assert 0.2 < recent_size(shocks) < np.sqrt(np.mean(shocks**2))
    assert recent_size(shocks) < 0.6


def test_short_history_walks_at_random_and_says_so() -> None:
    """Below 72 months the forecast is the last value with growing spread, flagged."""
    made = forecast(national().iloc[-60:], 4)
    assert (made.model, set(made.mean)) == (FALLBACK, {national().iloc[-1]})
    assert "fewer than 72" in made.flags[0]
    assert np.all(np.diff(made.sd) > 0)


def test_a_gap_is_refused() -> None:
    """A missing month is named, not bridged."""
    with pytest.raises(DataGap, match="missing"):
        forecast(national().drop(national().index[-5]))


def test_published_rounding_is_allowed_for() -> None:
    """3.46 is published as 3.5: a sure 3.46 reaches the line, a sure 3.44 does not."""
    sure = [
        Forecast("2020-01", ("2020-02",), np.array([m]), np.ones(1), 1e-9, np.zeros(0), "", ()) for m in (3.44, 3.46)
    ]
    assert [round(float(f.probability(3.5)[0])) for f in sure] == [0, 1]


def made(shocks: np.ndarray, mean: float) -> Forecast:  # type: ignore[type-arg]
    return Forecast("2020-01", ("2020-02", "2020-03"), np.full(2, mean), np.array([1.0, 0.5]), 1.0, shocks, "", ())


def test_joint_paths_keep_means_spreads_and_correlation() -> None:
    """Simulated paths have the stated mean, spread and correlation, and the same seed gives the same paths."""
    shocks = np.random.default_rng(0).normal(size=200)
    two = {"cpi": made(shocks, 3.0), "food": made(0.9 * shocks + 0.1, 6.0)}
    first, again = (paths(two, draws=40_000, seed=4) for _ in range(2))
    assert np.array_equal(first["cpi"], again["cpi"])
    assert first["cpi"].mean(axis=0) == pytest.approx([3, 3], abs=0.03)
    assert first["cpi"].std(axis=0) == pytest.approx(two["cpi"].sd, rel=0.02)
    assert np.corrcoef(first["cpi"][:, 0], first["food"][:, 0])[0, 1] > 0.99
