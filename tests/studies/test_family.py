"""One invented family: lines to the fen, cliffs, what-ifs, and what it cannot tell."""

from __future__ import annotations

from fractions import Fraction

import pytest

from aidlib.errors import ParameterFault
from aidlib.studies.family import Point, Schedule, Walkthrough, walkthrough


@pytest.fixture(scope="module")
def story() -> Walkthrough:
    """The family with a wage of 1,500 yuan under a standard of 632 yuan."""
    return walkthrough("450400", "2026-09", 1_500, "632")


def test_the_family_gets_the_gap(story: Walkthrough) -> None:
    """Three times 632 less 1,600 is 296 yuan."""
    assert story.aid.fen_month == 29_600
    assert (story.category, story.supposed, story.standard_fen) == ("dibao", True, Fraction(63_200))


def test_turns_are_exact_to_the_fen(story: Walkthrough) -> None:
    """One fen of wage less and the family is still in the category before."""
    found = story.schedule().turns
    assert [(turn.before, turn.after) for turn in found] == [(1, 2), (2, 4), (4, 0)], (
        "dibao, edge, open from 1.5 to 2, none"
    )
    for turn in found:
        low, high = story.point(turn.wage_fen - 1), story.point(turn.wage_fen)
        assert (low.category, high.category) == (turn.before, turn.after)
        assert high.net_fen - low.net_fen == turn.change_fen
    assert found[1].change_fen + found[2].change_fen == 2 - 63_200, "beyond the edge line the child's own dibao ends"


def test_below_the_line_every_yuan_of_wage_is_lost(story: Walkthrough) -> None:
    """The gap pays what is missing: each further yuan of wage takes a yuan of aid."""
    points = tuple(story.point(wage) for wage in range(0, 100_000, 10_000))
    assert set(Schedule(points, ()).marginal_rates()) == {1.0}
    assert Schedule((Point(0, 5, 1), Point(10, 5, 1)), ()).marginal_rates() == [0.0]


def test_what_ifs_change_one_thing_each(story: Walkthrough) -> None:
    """The recognised illness decides on the line; unverified income cannot be told; a higher standard pays more."""
    told = dict(story.cases())
    assert told["on_the_line"]["monthly_aid_fen"] == 63_200
    assert told["illness_not_recognised"]["monthly_aid_fen"] == 0
    assert told["income_unverified"].cannot_tell
    assert told["standard_higher"].candidates("dibao_gap_fen", -1) == (48_560, 48_500, 48_600)  # 3 x 695.20 - 1,600
    frame = story.what_ifs().to_frame().set_index("what_if")
    assert frame.loc["income_unverified", "outcomes"] == ["none", "dibao", "edge"]
    assert frame.loc["as_it_is", "monthly_aid"].fen_month == 29_600


def test_without_a_local_rule_aid_is_at_least(story: Walkthrough) -> None:
    """Where top-ups and least amounts of the place are not on file, nothing bounds the aid from above."""
    assert (story.aid.point, story.aid.high) == (False, None)


def test_every_rule_of_the_ladder_names_its_article(story: Walkthrough) -> None:
    """Each row says the rule, its result and where it stands in law."""
    frame = story.to_frame()
    assert frame[["rule", "rule_words", "result_words"]].map(bool).all().all()
    assert frame["article_words"].map(bool).all()


def test_a_wage_below_zero_is_refused() -> None:
    """A parameter that makes no sense is named."""
    with pytest.raises(ParameterFault, match="wage_yuan"):
        walkthrough("450400", "2026-09", -1)


@pytest.mark.parametrize("standard", ["-5", "0", "1e12"])
def test_a_standard_that_cannot_be_one_is_refused(standard: str) -> None:
    """The standard to reckon with lies above nothing and within what the rules may hold."""
    with pytest.raises(ParameterFault, match="not a monthly standard"):
        walkthrough("450400", "2026-09", standard_yuan=standard)


@pytest.mark.parametrize(
    ("region", "month", "wage", "standard"), [("440100", "2022-10", 1_500, ""), ("450400", "2026-09", 9_000, "700")]
)
def test_rights_may_be_none(region: str, month: str, wage: int, standard: str) -> None:
    """Before the entitlements of 2023, and for a family above every line, there is no row and nothing breaks off."""
    assert walkthrough(region, month, wage, standard).rights().to_frame().empty
