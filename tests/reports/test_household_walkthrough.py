"""The walkthrough of one invented family: lines to the fen, cliffs, what-ifs, and what it cannot tell."""

from __future__ import annotations

import pytest

import aidlib
from aidlib.errors import ParameterFault
from aidlib.reports import household_walkthrough as page
from aidlib.reports.household_walkthrough.story import Story, what_ifs
from aidlib.reports.household_walkthrough.wages import Point, marginal_rates, point, schedule, turns


@pytest.fixture(scope="module")
def story() -> Story:
    """The family with a wage of 1,500 yuan under a standard of 632 yuan."""
    report = aidlib.reports.start("household_walkthrough", region="450400", period="2026-09")
    return page.open_walkthrough(report, 1_500, "632")


def test_the_family_gets_the_gap(story: Story) -> None:
    """Three times 632 less 1,600 is 296 yuan."""
    assert story.told["monthly_aid_fen"] == 29_600


def test_turns_are_exact_to_the_fen(story: Story) -> None:
    """One fen of wage less and the family is still in the category before."""
    found = turns(story, schedule(story))
    assert [(turn.before, turn.after) for turn in found] == [(1, 2), (2, 0)]
    for turn in found:
        low, high = point(story, turn.wage_fen - 1), point(story, turn.wage_fen)
        assert (low.category, high.category) == (turn.before, turn.after)
        assert high.net_fen - low.net_fen == turn.change_fen
    assert found[1].change_fen == 1 - 63_200, "beyond the edge line the child's own dibao ends"


def test_below_the_line_every_yuan_of_wage_is_lost(story: Story) -> None:
    """The gap pays what is missing: each further yuan of wage takes a yuan of aid."""
    points = [point(story, wage) for wage in range(0, 100_000, 10_000)]
    assert set(marginal_rates(points)) == {1.0}
    assert marginal_rates([Point(0, 5, 1), Point(10, 5, 1)]) == [0.0]


def test_what_ifs_change_one_thing_each(story: Story) -> None:
    """The recognised illness decides on the line; unverified income cannot be told; a higher standard pays more."""
    told = {case.words[1]: case.told for case in what_ifs(story, story.report)}
    assert told["the wage puts income exactly on the dibao line"]["monthly_aid_fen"] == 63_200
    assert told["the same, but the child's illness is not recognised"]["monthly_aid_fen"] == 0
    assert told["income not yet verified"].cannot_tell
    assert told["the standard is a tenth higher"]["monthly_aid_fen"] == 48_560  # 3 x 695.20 - 1,600


def test_a_wage_below_zero_is_refused() -> None:
    """A parameter that makes no sense is named."""
    report = aidlib.reports.start("household_walkthrough", region="450400", period="2026-09")
    with pytest.raises(ParameterFault, match="wage_yuan"):
        page.open_walkthrough(report, -1, "")


@pytest.mark.parametrize("standard", ["-5", "0", "1e12"])
def test_a_standard_that_cannot_be_one_is_refused(standard: str) -> None:
    """The standard to reckon with lies above nothing and within what the rules may hold."""
    report = aidlib.reports.start("household_walkthrough", region="450400", period="2026-09")
    with pytest.raises(ParameterFault, match="not a monthly standard"):
        page.open_walkthrough(report, 1_500, standard)


@pytest.mark.parametrize(("region", "period", "wage"), [("440100", "2022-10", 1_500), ("450400", "2026-09", 9_000)])
def test_rights_are_shown_also_where_there_are_none(
    region: str, period: str, wage: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the entitlements of 2023, and for a family above every line, the page says so and does not break off."""
    report = aidlib.reports.start("household_walkthrough", region=region, period=period, promises=["rights"])
    page.show_rights(report, page.open_walkthrough(report, wage, "" if region == "440100" else "700"))
    report.finish()
    assert "各成员都没有可以申请的专项救助" in capsys.readouterr().out
