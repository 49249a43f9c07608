"""What the national index settles for a place that published none: intervals that hold, no look ahead, and words with limits on file."""

from __future__ import annotations

from functools import cache
from math import sqrt

import numpy as np
import pandas as pd
import pytest

from aidlib.errors import ParameterFault
from aidlib.indices import Figures
from aidlib.prices import nowcast
from aidlib.prices.forecast import Follower, GapFit, Sighting, fit
from aidlib.prices.known_then import Until
from aidlib.prices.months import span
from aidlib.regions import children, provinces

FIGURES = Figures()
LEVELS = {"coverage_50": 0.5, "coverage_80": 0.8, "coverage_95": 0.95}


@cache
def whole_record(series: str) -> pd.DataFrame:
    return nowcast.record(FIGURES, series)


@pytest.mark.parametrize("series", ["cpi", "food"])
def test_intervals_hold_on_months_that_no_fit_saw(series: str) -> None:
    """Each interval holds its share of the held-out province-months, within three standard errors of a share of so many.

    The months are scattered over six years and few share a month, so they count as nearly independent.
    """
    held = whole_record(series).query("region == '' and kind == 'held_out'").iloc[0]
    assert held["n"] >= {"cpi": 160, "food": 50}[series]
    for column, level in LEVELS.items():
        assert abs(held[column] - level) < 3 * sqrt(level * (1 - level) / held["n"]), column


@pytest.mark.parametrize("series", ["cpi", "food"])
def test_intervals_hold_by_rolling_origin(series: str) -> None:
    """Fitted anew at every third month and asked up to 28 months ahead, the shares held are within three standard errors.

    The whole panel moves together with the month asked for, so a month is one case, not 31; 28 months are asked for, and a gap lasts
    some three of them.
    """
    rolled = whole_record(series).query("region == '' and kind == 'rolling_origin'").iloc[0]
    for column, level in LEVELS.items():
        assert abs(rolled[column] - level) < 3 * sqrt(level * (1 - level) / (28 / 3)), column
    assert rolled["coverage_95"] > 0.9


def test_the_record_names_every_province() -> None:
    """Coverage is kept by region for the rolling origin, and a prediction carries its own region's and everybody's."""
    record = whole_record("cpi")
    assert set(record.query("kind == 'rolling_origin'")["region"]) == {"", *(place.code for place in provinces())}
    found = nowcast.predict(FIGURES, "450400", "2025-03")
    assert found is not None
    assert set(found.record["region"]) == {"", "450000"}


def test_three_and_a_half_is_out_of_reach_everywhere_from_2023_09() -> None:
    """In every province and every prefecture below one, each month from 2023-09 to 2026-08 can be excluded."""
    places = [place.code for place in provinces()]
    places += [
        child.code
        for code in ("230000", "450000", "440000", "540000")
        for child in children(code)
        if child.level == "prefecture"
    ]
    for month in span("2023-09", "2026-08"):
        for place in places:
            found = nowcast.predict(FIGURES, place, month)
            assert found is not None
            assert found.verdict(3.5) == "excluded", (place, month, found)


@pytest.mark.parametrize(("place", "month", "series"), [
    ("450000", "2019-06", "cpi"), ("230000", "2022-07", "cpi"), ("450400", "2022-07", "cpi"), ("430000", "2023-02", "food"),
])  # fmt: skip
def test_nothing_later_is_looked_at(place: str, month: str, series: str) -> None:
    """Take every later figure away at the source: the distribution stays the same to the last digit."""
    full, cut = (nowcast.predict(figures, place, month, series) for figures in (FIGURES, Until(FIGURES, month)))
    assert full is not None
    assert cut is not None
    assert (full.mean, full.sd, full.df) == pytest.approx((cut.mean, cut.sd, cut.df), rel=1e-9)


def test_what_others_published_moves_a_province_that_published_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A province's own class index of the month narrows its distribution and moves it the same way."""
    month = "2022-03"

    class With(Figures):
        def _known(self, place: str, series: str) -> dict[str, object]:  # type: ignore[override]
            known = dict(super()._known(place, series))
            if (place, series) == ("540000", nowcast.CLASS):
                known[month] = super()._known("330000", series)["2019-11"]
            return known  # type: ignore[return-value]

    without, with_class = (nowcast.predict(figures, "540000", month) for figures in (FIGURES, With()))
    assert without is not None
    assert with_class is not None
    assert with_class.sd < without.sd
    assert with_class.mean > without.mean


def test_no_national_index_no_answer() -> None:
    """A month whose national index is not out, the nation itself, and an unknown series are not judged."""
    assert nowcast.predict(FIGURES, "450000", "2030-01") is None
    assert nowcast.predict(FIGURES, "000000", "2024-01") is None
    with pytest.raises(ParameterFault, match="unknown series"):
        nowcast.predict(FIGURES, "450000", "2024-01", "grain")


def test_the_words_cover_every_probability_once() -> None:
    """The rows of the table meet end to end from nought to one, and each limit belongs to the word above it."""
    limits = [(low, high) for _, low, high in nowcast._words()]
    assert limits[0][0] == 0
    assert [high for _, high in limits[:-1]] == [low for low, _ in limits[1:]]
    assert [nowcast.verdict_of(chance) for chance in (0, 0.01, 0.1, 0.9, 1)] == [
        "excluded", "very_likely_not", "cannot_tell", "very_likely", "very_likely"]  # fmt: skip


def test_probability_and_interval_are_of_one_distribution() -> None:
    """Half a step below the upper end of the 95 percent interval the chance of reaching it is two and a half percent."""
    found = nowcast.predict(FIGURES, "450000", "2022-07")
    assert found is not None
    low, high = found.interval(0.95)
    assert found.probability_at_least(high + 0.05) == pytest.approx(0.025)
    assert (low + high) / 2 == pytest.approx(found.mean)
    assert found.probability_at_least(3.0) > found.probability_at_least(3.1)


def test_the_filter_gives_what_direct_conditioning_gives() -> None:
    """On a small panel, mean and variance equal those of the joint normal distribution conditioned outright, own sighting in and out."""
    fitted, groups = GapFit(0.1, 0.2, 0.0, 0.7, 0.3, 0.4, 8.0, 30), "aab"
    seen: list[list[tuple[int, float]]] = [[(0, 0.5), (1, -0.2)], [(2, 0.9)], [(0, 0.1), (2, 0.3)]]
    follower = Follower(fitted, groups)
    for month in seen:
        last = follower.step(0.0, 0.0, [Sighting(at, value, 1.0, 0.01) for at, value in month])
    kin = np.array([[1.0, 0.4, 0.0], [0.4, 1.0, 0.0], [0.0, 0.0, 1.0]])
    steps = np.abs(np.subtract.outer(range(3), range(3)))
    joint = np.kron(np.ones((3, 3)), 0.2 * np.eye(3)) + np.kron(0.7**steps, kin * fitted.passing_var)
    cells = [(t * 3 + at, value) for t, month in enumerate(seen) for at, value in month]

    def given(kept: list[tuple[int, float]], cell: int) -> tuple[float, float]:
        at, values = [c for c, _ in kept], np.array([value for _, value in kept])
        gain = joint[cell, at] @ np.linalg.inv(joint[np.ix_(at, at)] + 0.01 * np.eye(len(at)))
        return 0.1 + float(gain @ (values - 0.1)), float(joint[cell, cell] - gain @ joint[at, cell])

    for province in range(3):
        assert (last.mean[province], last.var[province]) == pytest.approx(given(cells, 6 + province))
        others = [cell for cell in cells if cell[0] != 6 + province]
        assert (last.blind_mean[province], last.blind_var[province]) == pytest.approx(given(others, 6 + province))


def test_the_fit_finds_what_made_the_panel() -> None:
    """Persistence, shock and level variance of an invented panel are found within a tenth or so."""
    rng = np.random.default_rng(7)
    months, places = 400, 30
    shocks = rng.normal(0, 0.4, (months, places))
    passing = np.zeros((months, places))
    for t in range(1, months):
        passing[t] = 0.75 * passing[t - 1] + shocks[t]
    drive = rng.normal(0, 5, months)
    panel = passing + rng.normal(0, 0.5, places) + np.outer(drive, rng.normal(0, 0.06, places))
    found = fit(panel, drive, "a" * places)
    assert found.persistence == pytest.approx(0.75, abs=0.02)
    assert found.shock_var == pytest.approx(0.16, rel=0.05)
    assert found.level_var == pytest.approx(0.25, rel=0.6)
    assert found.loading_var == pytest.approx(0.0036, rel=0.6)
    assert found.shared < 0.05
