"""The standard sandbox: the rules decide, the population is synthetic and says so, and what is missing is asked for."""

from __future__ import annotations

import pytest

import aidlib
from aidlib.errors import DataGap, ParameterFault
from aidlib.reports import Report
from aidlib.reports import standard_sandbox as page
from aidlib.reports import context
from aidlib.reports.standard_sandbox.trial import prepare


def _report(region: str = "450400", period: str = "2024-06") -> Report:
    return aidlib.reports.start("standard_sandbox", region=region, period=period)


@pytest.fixture(scope="module")
def trials() -> page.Trials:
    """Four thousand synthetic households of Wuzhou under four standards."""
    return page.open_sandbox(_report(), 4_000, 1, "20,-10,10", "", "")


def test_steps_are_sorted_and_hold_nought(trials: page.Trials) -> None:
    """The standard begun with is always among the steps."""
    assert [row["step_pct"] for row in trials.steps] == [-10, 0, 10, 20]
    assert trials.at(0)["standard_urban_yuan"] == 680


def test_a_higher_standard_helps_more_and_costs_more(trials: page.Trials) -> None:
    """Caseload and cost never fall as the standard rises, and poverty at the line begun with never rises."""
    for low, high in zip(trials.steps, trials.steps[1:], strict=False):
        assert low["dibao_persons_per_10k"] <= high["dibao_persons_per_10k"]
        assert low["cost_yuan_month_per_10k"] < high["cost_yuan_month_per_10k"]
        assert low["poverty_gap_after"] >= high["poverty_gap_after"]


def test_areas_add_up(trials: page.Trials) -> None:
    """Cost per ten thousand of the whole lies between town and country."""
    rows = {row["area"]: row for row in trials.areas if row["step_pct"] == 0}
    ends = sorted(row["cost_yuan_month_per_10k"] for row in rows.values())
    assert ends[0] <= trials.at(0)["cost_yuan_month_per_10k"] <= ends[1]


def test_a_given_standard_goes_before_the_known_one() -> None:
    """The caller's standard is taken to the fen."""
    box = prepare(_report(), 100, 1, "0", {"urban": "712.5", "rural": ""})
    assert box.base_fen_month == {"urban": 71250, "rural": 37500}
    assert box.standard("urban", 0) == 71300


@pytest.mark.parametrize("steps", ["a,b", "-100", "1.5"])
def test_steps_that_make_no_sense_are_refused(steps: str) -> None:
    """Only whole percentages above minus a hundred are steps."""
    with pytest.raises(ParameterFault):
        prepare(_report(), 100, 1, steps, {"urban": "700", "rural": "400"})


def test_a_year_is_not_a_month() -> None:
    """The rules hold on a day: a year alone is refused in a line."""
    with pytest.raises(ParameterFault, match="expected YYYY-MM; got '2024'"):
        prepare(_report(period="2024"), 100, 1, "0", {})


def test_a_place_without_a_standard_asks_for_both() -> None:
    """Where no standard is known the message asks for both areas at once."""
    with pytest.raises(ParameterFault) as caught:
        prepare(_report("450000", "2024-06"), 100, 1, "0", {})
    assert len(caught.value.faults) == 2
    assert 'urban_standard="424" (the average over its places of 2016)' in str(caught.value)


def test_standards_that_are_no_amounts_are_refused_together() -> None:
    """Words, nought and less than a fen are no standards; each area is named."""
    with pytest.raises(ParameterFault) as caught:
        prepare(_report(), 100, 1, "0", {"urban": "x", "rural": "0"})
    assert [fault.where for fault in caught.value.faults] == ["urban_standard", "rural_standard"]


def test_a_standard_known_until_a_day_is_never_called_todays() -> None:
    """Wuzhou's standards are stale in 2024, Shanghai's in force, and a given one is called given."""
    assert "680元(旧，只知道到2019-12-31)" in prepare(_report(), 100, 1, "0", {}).begun_with()[0]
    assert "in force since 2023-07-01" in prepare(_report("310000"), 100, 1, "0", {}).begun_with()[1]
    assert "城市900元(参数给出)" in prepare(_report(), 100, 1, "0", {"urban": "900"}).begun_with()[0]


def test_a_cut_is_called_a_cut_and_no_change_is_not_called_a_rise(monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding follows the furthest step; where nobody drawn qualifies there is nothing to compare with."""
    said: list[str] = []
    monkeypatch.setattr(context, "_show", lambda html, words, data: said.append(words))
    for steps, words in (("-10", "标准降低10%"), ("10", "标准提高10%"), ("0", "")):
        page.show_finding(_report(), page.open_sandbox(_report(), 400, 1, steps, "", ""))
        assert words in said[-1]
        assert bool(words) == ("倍" in said[-1])
    with pytest.raises(DataGap, match="no household drawn qualifies"):
        page.show_finding(_report(), page.open_sandbox(_report(), 1, 1, "10", "", ""))
