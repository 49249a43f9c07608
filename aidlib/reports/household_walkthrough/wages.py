"""What a growing wage does to aid and net income, and exactly where it changes at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from aidlib.money import FEN_PER_YUAN
from aidlib.reports.household_walkthrough.story import OTHER_INCOME_YUAN, Story
from aidlib.rules.helpers import MONTHS_PER_YEAR

STEP_FEN = 20 * FEN_PER_YUAN
BEYOND = 2  # how far the schedule goes, in times the dibao line of the family


@dataclass(frozen=True)
class Point:
    """One wage: what the household then gets and has."""

    wage_fen: int
    aid_fen: int
    category: int

    @property
    def net_fen(self) -> int:
        """Wage, other income and aid together."""
        return self.wage_fen + OTHER_INCOME_YUAN * FEN_PER_YUAN + self.aid_fen


@dataclass(frozen=True)
class Turn:
    """A wage at which one more fen changes the category: net income before and after differ by `change_fen`."""

    wage_fen: int
    before: int
    after: int
    change_fen: int


def point(story: Story, wage_fen: int) -> Point:
    """Explain the family at one wage."""
    told = story.again(wage_fen)
    return Point(wage_fen, told["monthly_aid_fen"], told.category)


def schedule(story: Story) -> list[Point]:
    """Explain the family at every step of the wage, to some way beyond the last line."""
    last = story.told["need_fen_year"] * BEYOND // MONTHS_PER_YEAR
    return [point(story, wage) for wage in range(0, last + STEP_FEN, STEP_FEN)]


def marginal_rates(points: list[Point]) -> list[float]:
    """Return the share of each further yuan of wage that falls away, between neighbouring points (for the plot only).

    Examples
    --------
    >>> marginal_rates([Point(0, 1_000, 1), Point(100, 900, 1), Point(200, 900, 0)])
    [1.0, 0.0]
    """
    return [
        1 - (after.net_fen - before.net_fen) / (after.wage_fen - before.wage_fen) for before, after in pairwise(points)
    ]


def turns(story: Story, points: list[Point]) -> list[Turn]:
    """Find to the fen the wages at which the category changes."""
    return list(_turns(story, points))


def _turns(story: Story, points: list[Point]) -> Iterator[Turn]:
    for low, high in pairwise(points):
        if low.category != high.category:
            before, after = _narrowed(story, low, high)
            yield Turn(after.wage_fen, before.category, after.category, after.net_fen - before.net_fen)


def _narrowed(story: Story, low: Point, high: Point) -> tuple[Point, Point]:
    while high.wage_fen - low.wage_fen > 1:
        middle = point(story, (low.wage_fen + high.wage_fen) // 2)
        low, high = (middle, high) if middle.category == low.category else (low, middle)
    return low, high
