"""Will it trigger here: nothing later than the origin is looked at, chances follow the line, unknown widens, the record is true."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import DataGap, ParameterFault
from aidlib.indices import Figures
from aidlib.known import Note
from aidlib.law import Book
from aidlib.prices import forecast_record
from aidlib.prices.forecast import FALLBACK, forecast_levels
from aidlib.prices.known_then import Until, past
from aidlib.prices.outlook import Outlook, outlook, reaches, spending
from aidlib.prices.readings import Readings
from aidlib.prices.triggers import Line
from aidlib.studies import trigger_record as record_table


@lru_cache(maxsize=8)
def seen(place: str, origin: str, seed: int = 1) -> Outlook:
    """An outlook of six months."""
    return outlook(Book(), Figures(), place, origin, seed=seed)


class Changed(Figures):
    """Published figures, with every month after an origin taken away at the source."""

    def __init__(self, last: str) -> None:
        super().__init__()
        self.last = last

    def _known(self, place: str, series: str) -> dict:  # type: ignore[type-arg]
        return {p: f for p, f in super()._known(place, series).items() if len(p) != 7 or p <= self.last}


def test_no_look_ahead() -> None:
    """An outlook is the same to the last digit when the later months do not exist at all."""
    now, then = seen("450000", "2019-10"), outlook(Book(), Changed("2019-10"), "450000", "2019-10", seed=1)
    assert now.any_low == then.any_low
    assert all(np.array_equal(now.drawn[name], then.drawn[name]) for name in now.drawn)


def test_later_figures_are_hidden() -> None:
    """Nothing that ends after the origin can be read, a year not over included."""
    figures = Until(Figures(), "2019-10")
    assert max(figures.all("000000", "cpi_yoy:total:all_items")) == "2019-10"
    assert "2019" not in figures.all("000000", "cpi_annual:total:all_items")
    assert "2018" in figures.all("000000", "cpi_annual:total:all_items")


def test_the_same_seed_gives_the_same_chances() -> None:
    """Chances repeat with the seed, and another seed moves them by no more than the error of the draws."""
    again, other = outlook(Book(), Figures(), "320000", "2019-08", seed=1), seen("320000", "2019-08", 2)
    assert again.any_low == seen("320000", "2019-08").any_low
    assert other.any_low == pytest.approx(again.any_low, abs=0.02)


@given(st.floats(-5, 10), st.floats(0, 5), st.booleans())
def test_the_chance_falls_as_the_line_rises(line: float, more: float, strict: bool) -> None:
    """A higher line is never likelier to be reached."""
    published = np.round(np.random.default_rng(3).normal(2, 2, 500), 1)
    kind = Line(0, 0, strict)  # type: ignore[arg-type]
    assert reaches(published, kind, line + more).sum() <= reaches(published, kind, line).sum()


def test_a_lower_local_line_is_likelier() -> None:
    """Jiangsu's line of 3.0 on the same month is no less likely than the national 3.5 would be."""
    found = seen("320000", "2019-08")
    cpi = next(chance for chance in found.chances if chance.condition.indices == ("cpi",))
    drawn = np.floor(found.drawn["cpi"][:, 0] * 10 + 0.5) / 10
    assert cpi.condition.line is not None
    assert cpi.low >= float((drawn >= 3.5 - 1e-9).mean())
    assert cpi.low == pytest.approx(float((drawn >= float(cpi.condition.line.low) - 1e-9).mean()))


def test_any_is_at_least_each_and_grows_over_months() -> None:
    """Any condition is no less likely than each, and once in six months no less than in any one of them."""
    found = seen("000000", "2022-08")
    for month, chance in zip(found.months, found.any_low, strict=True):
        assert chance >= max(c.low for c in found.chances if c.month == month)
    assert found.once_low >= max(found.any_low)


def test_published_rounding_counts() -> None:
    """A month published as 3.5 counts as reaching 3.5: chances use the rounded path, half a step lower than the raw one."""
    found = seen("000000", "2022-08")
    raw = [float((found.drawn["cpi"][:, h] >= 3.0).mean()) for h in range(6)]
    cpi = [c.low for c in found.chances if c.condition.indices == ("cpi",)]
    assert all(rounded >= at for rounded, at in zip(cpi, raw, strict=True))
    assert sum(cpi) > sum(raw)


def test_an_overlay_lowers_the_line_by_index_month() -> None:
    """From 2022-08 the temporary line of 3.0 counts for the months it covers, and 3.5 again after it."""
    found = seen("000000", "2022-08")
    lines = [
        float(c.condition.line.high) for c in found.chances if c.condition.indices == ("cpi",) and c.condition.line
    ]
    assert (lines[0], lines[-1]) == (3.0, 3.0)
    later = outlook(Book(), Figures(), "000000", "2022-12", seed=1)
    assert [
        float(c.condition.line.high) for c in later.chances if c.condition.indices == ("cpi",) and c.condition.line
    ][-1] == 3.5


def test_an_index_without_history_leaves_a_range() -> None:
    """National food is not known in 2026: the chance is a lower end, the upper one is 1, and a flag names food."""
    found = seen("000000", "2026-07")
    assert all(low < high == 1 for low, high in zip(found.any_low, found.any_high, strict=True))
    assert Note("not_forecast", ("food", "2026-07")) in found.flags


def test_short_and_borrowed_pasts_are_flagged() -> None:
    """A prefecture is forecast from its province by a random walk, wider for standing in, and both are said."""
    city, province = seen("450400", "2020-01"), seen("450000", "2020-01")
    assert {one.forecast.model for one in city.indices.values()} == {FALLBACK}
    assert city.indices["cpi"].past.place == "450000"
    assert city.drawn["cpi"].std() > province.drawn["cpi"].std()
    codes = {flag.code: flag.facts for flag in city.flags if flag.facts[0] == "cpi"}
    assert codes["past_of_another_place"] == ("cpi", "450000")
    assert codes["past_too_short"][2] == "72"
    assert city.status == "projected"


def test_no_history_is_refused() -> None:
    """A province after its published history has no outlook."""
    with pytest.raises(DataGap, match="two whole years"):
        seen("450000", "2023-06")


def test_spending_is_persons_times_amounts_on_paths_that_start() -> None:
    """National spending rests on named head-counts; on averages that are ranges it has ends and no mean; without head-counts none."""
    found = spending(Book(), Figures(), seen("000000", "2022-08"), 30)
    assert found.low_fen is not None
    assert found.high_fen is not None
    assert (found.mean_fen, found.low_fen < found.high_fen) == (None, True)
    assert {"dibao_urban", "dibao_rural"} <= set(found.persons)
    assert spending(Book(), Figures(), seen("450400", "2019-10"), 5).high_fen is None
    known = spending(Book(), Figures(), seen("230100", "2019-11"), 20).amounts[0]
    assert known.middle_fen is not None
    assert known.low_fen <= known.middle_fen <= known.high_fen


def months(values: np.ndarray, first: str) -> pd.Series:  # type: ignore[type-arg]
    return pd.Series(values, pd.period_range(first, periods=len(values), freq="M"))


def test_the_level_route_rolls_the_known_base() -> None:
    """With a one-off jump a year ago and steady months otherwise, the rise falls by the jump when it leaves the base."""
    changes = np.full(96, 0.2)
    changes[-12] = 2.0
    chain = np.exp(np.cumsum(np.log1p(changes / 100)))
    rise = 100 * (chain[12:] / chain[:-12] - 1)
    found = forecast_levels(months(rise, "2011-01"), months(changes, "2010-01"), 2)
    assert rise[-1] - found.mean[0] == pytest.approx(1.8, abs=0.3)
    assert found.sd[1] > found.sd[0]


def test_the_level_route_ends_with_its_base() -> None:
    """Thirteen months ahead there is no known base."""
    steady = months(np.full(96, 0.2), "2010-01")
    with pytest.raises(ParameterFault, match="base"):
        forecast_levels(steady, steady, 13)


@pytest.mark.parametrize(
    ("index", "route", "first", "last"), [("cpi", "yoy", "2020-01", "2020-06"), ("food", "mom", "2015-12", "2023-12")]
)
def test_the_shipped_record_is_what_a_recomputation_gives(index: str, route: str, first: str, last: str) -> None:
    """Rows of the shipped record equal those made anew."""
    made = record_table.make(Figures(), index, route, first, last)
    kept = {(row["index"], row["route"], row["origin"]): row for row in record_table.shipped()}
    assert made
    for name, way, origin, *numbers in made:
        row = kept[name, way, origin]
        for text, column in zip(numbers, ("mean", "sd"), strict=True):
            shipped = [float(number) for number in row[column].split()]
            assert [float(number) for number in text.split()] == pytest.approx(shipped, abs=0.02)


def test_the_record_forgets_what_came_later() -> None:
    """At an earlier origin fewer forecasts can be scored, and a missing history has no record."""
    rows, figures = record_table.shipped(), Figures()
    cpi = seen("000000", "2022-08").indices["cpi"]
    early, late = (forecast_record.judge(cpi, 3.5, rows, figures, origin) for origin in ("2019-06", "2022-08"))
    assert early is not None
    assert late is not None
    assert early.scores.n < late.scores.n
    assert early.scores.events <= late.scores.events
    assert past(Readings(Until(figures, "2026-07")), "000000", "food", "2026-07") is None


def test_a_random_walk_is_judged_by_the_record_of_random_walks() -> None:
    """Beside a province's random walk stands the record of random walks on the national series, and says so."""
    found = forecast_record.judge(
        seen("450000", "2019-10").indices["cpi"], 3.5, record_table.shipped(), Figures(), "2019-10"
    )
    assert found is not None
    assert (found.route, found.place) == ("walk", "000000")
