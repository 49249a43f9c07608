"""The standard sandbox: the rules decide, the population is synthetic and says so, and what is missing is asked for."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import polars as pl
import pytest

from aidlib.errors import DataGap, ParameterFault
from aidlib.rules.layers import CATEGORIES
from aidlib.studies.sandbox import Sandbox, Step, _Judging, standard_sandbox


@pytest.fixture(scope="module")
def box() -> Sandbox:
    """Four thousand synthetic households of Wuzhou under four standards."""
    return standard_sandbox("450400", "2024-06", households=4_000, seed=1, steps="20,-10,10")


def test_steps_are_sorted_and_hold_nought(box: Sandbox) -> None:
    """The standard begun with is always among the steps."""
    assert [step.pct for step in box.steps] == [-10, 0, 10, 20]
    assert box.now.standards == {"urban": 68000, "rural": 37500}


def test_a_higher_standard_helps_more_and_costs_more(box: Sandbox) -> None:
    """Caseload and cost never fall as the standard rises, and poverty at the line begun with never rises."""
    for low, high in pairwise(box.steps):
        assert low.persons_per_10k <= high.persons_per_10k
        assert low.cost_fen < high.cost_fen
        assert low.poverty_gap >= high.poverty_gap
        assert box.shortfall(low.pct)[0] >= box.shortfall(high.pct)[0]
        assert box.shortfall(low.pct)[1] < box.shortfall(high.pct)[1] <= 1


def test_a_gap_paid_in_full_leaves_nobody_poor() -> None:
    """Of households paid their gap to the fen nobody stands below the standard afterwards."""
    found = standard_sandbox("450400", "2024-06", 4_000, 1, "0", "713", "391")
    helped = found.now.judged.filter(pl.col("category") == CATEGORIES.index("dibao"))
    judging = _Judging(
        None, None, found.on, found.homes, found.people, {one.area: one.fen_month for one in found.begun}
    )  # type: ignore[arg-type]
    only = Step(0, found.now.standards, helped, judging._sample(helped))
    assert only.poverty_rate == 0
    assert found.now.poverty_rate > 0


def test_areas_add_up(box: Sandbox) -> None:
    """Cost per ten thousand of the whole lies between town and country."""
    frame = box.by_area().to_frame()
    ends = sorted(frame.loc[frame["step_pct"] == 0, "cost_fen_per_10k"])
    assert ends[0] <= box.now.cost_fen <= ends[1]


def test_everything_worked_out_is_marked_synthetic(box: Sandbox) -> None:
    """No number of the population wears another status."""
    for frame in (
        box.to_frame(),
        box.by_area().to_frame(),
        box.calibration().to_frame(),
        box.costs(99).to_frame(),
        box.gains().to_frame(),
    ):
        marks = [column for column in frame if str(column).endswith("_status")]
        assert marks
        assert {status for column in marks for status in frame[column]} == {"synthetic"}


def test_a_higher_standard_hurts_nobody_and_shares_add_up(box: Sandbox) -> None:
    """Nobody loses by a rise; tenths of income hold every household once, and a tenth of the persons each but for a household."""
    frame = box.gains().to_frame()
    assert set(frame["losers_share"]) == {0}
    tenths = frame[frame["household_group"].str.startswith("income_tenth")]
    assert tenths["households_drawn"].sum() == box.households
    assert sum(tenths["persons_share"]) == 1
    gain = sum(share * amount for share, amount in zip(tenths["persons_share"], tenths["gain_fen"], strict=True))
    assert gain * 10_000 == box.at(20).cost_fen - box.now.cost_fen


def test_the_cost_of_a_rise_has_the_error_of_the_rise(box: Sandbox) -> None:
    """The same households are drawn at both steps: the interval of the ratio holds the ratio and is narrower than two apart would give."""
    found, costs = box.rise(200, 1), box.costs(200, 1).to_frame().set_index("step_pct")
    (low, high), (fewest, most) = found.ratio_ends, found.newly_ends
    assert low < found.ratio < high
    assert fewest <= found.newly <= most
    now, top = costs.loc[0], costs.loc[20]
    assert high - low < top["cost_high_fen"] / now["cost_low_fen"] - top["cost_low_fen"] / now["cost_high_fen"]
    assert found.ratio == box.at(20).cost_fen / box.now.cost_fen
    assert box.rise(200, 1) == found


def test_the_published_share_of_persons_on_dibao_is_that_drawn(box: Sandbox) -> None:
    """The population holds those households that it was drawn with as on dibao."""
    on = box.homes.filter("on_dibao")["household_id"].implode()
    persons = box.people.filter(box.people["household_id"].is_in(on)).height
    assert box.drawn_on_dibao_per_10k == Fraction(persons * 10_000, box.people.height)


def test_a_study_of_a_rise_needs_a_rise() -> None:
    """Cuts alone leave nobody who gains: the step is asked for."""
    with pytest.raises(ParameterFault, match="no rise"):
        standard_sandbox("450400", "2024-06", 100, 1, "-10,0").rise()


def test_a_given_standard_goes_before_the_known_one() -> None:
    """The caller's standard is taken to the fen, and the step at nought to the whole yuan; what was given has no row."""
    found = standard_sandbox("450400", "2024-06", 100, 1, "0", urban_standard="712.5")
    assert [(one.fen_month, one.row is None) for one in found.begun] == [(71250, True), (37500, False)]
    assert found.now.standards["urban"] == 71300


@pytest.mark.parametrize("steps", ["a,b", "-100", "1.5"])
def test_steps_that_make_no_sense_are_refused(steps: str) -> None:
    """Only whole percentages above minus a hundred are steps."""
    with pytest.raises(ParameterFault):
        standard_sandbox("450400", "2024-06", 100, 1, steps, "700", "400")


def test_a_year_is_not_a_month() -> None:
    """The rules hold on a day: a year alone is refused in a line."""
    with pytest.raises(ParameterFault, match="expected YYYY-MM; got '2024'"):
        standard_sandbox("450400", "2024", 100, 1, "0")


def test_a_place_without_a_standard_asks_for_both() -> None:
    """Where no standard is known the message asks for both areas at once, and calls the average it offers an average."""
    with pytest.raises(ParameterFault) as caught:
        standard_sandbox("450000", "2024-06", 100, 1, "0")
    assert len(caught.value.faults) == 2
    assert 'urban_standard="424" (the average over its places of 2016)' in str(caught.value)


def test_standards_that_are_no_amounts_are_refused_together() -> None:
    """Words, nought and less than a fen are no standards; each area is named."""
    with pytest.raises(ParameterFault) as caught:
        standard_sandbox("450400", "2024-06", 100, 1, "0", "x", "0")
    assert [fault.where for fault in caught.value.faults] == ["urban_standard", "rural_standard"]


def test_a_standard_known_until_a_day_is_never_called_todays() -> None:
    """Wuzhou's standards are stale in 2024, Shanghai's in force."""
    assert {one.status for one in standard_sandbox("450400", "2024-06", 100, 1, "0").begun} == {"stale"}
    assert {one.status for one in standard_sandbox("310000", "2024-06", 100, 1, "0").begun} == {"enacted"}


def test_where_nobody_drawn_qualifies_there_is_nothing_to_compare_with() -> None:
    """A ratio over nought is refused, with what to try."""
    with pytest.raises(DataGap, match="no household drawn qualifies"):
        standard_sandbox("450400", "2024-06", 1, 1, "10").times(10)
