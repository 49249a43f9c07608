"""The standard sandbox: the rules decide, the population is synthetic and says so, and what is missing is asked for."""

from __future__ import annotations

import pytest

import aidlib
from aidlib.errors import ParameterFault
from aidlib.reports import Report
from aidlib.reports import standard_sandbox as page
from aidlib.reports.standard_sandbox.trial import prepare


def _report(region: str = "450400", period: str = "2024-06") -> Report:
    return aidlib.reports.start("standard_sandbox", region=region, period=period)


@pytest.fixture(scope="module")
def trials() -> page.Trials:
    """Four thousand synthetic households of Wuzhou under four standards."""
    return page.open_sandbox(_report(), 4_000, 1, "20,-10,10", "", "")


def test_steps_are_sorted_and_hold_nought(trials: page.Trials) -> None:
    """Today's standard is always among the steps."""
    assert [row["step_pct"] for row in trials.steps] == [-10, 0, 10, 20]
    assert trials.at(0)["standard_urban_yuan"] == 680


def test_a_higher_standard_helps_more_and_costs_more(trials: page.Trials) -> None:
    """Caseload and cost never fall as the standard rises, and poverty at today's line never rises."""
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


def test_a_place_without_a_standard_asks_for_both() -> None:
    """Where no standard is known the message asks for both areas at once."""
    with pytest.raises(ParameterFault) as caught:
        prepare(_report("450000", "2024-06"), 100, 1, "0", {})
    assert len(caught.value.faults) == 2
