"""Unknown quantities are ranges: evaluate at both ends; where both agree the answer stands, else it cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.rules.engine import Step

AT_BEST = "_at_best"
FAVOURABLE, UNFAVOURABLE = 1, -1
MOST_COMBINATIONS = 4_096
NO_LIMIT = 2 * 10**11  # fen: stands for an amount that nothing on file limits; products of it still fit 64 bits
OPEN = 10**10  # fen: no household gets a hundred million yuan; an amount from here on has no known upper end


@dataclass(frozen=True)
class Range:
    """A quantity known to lie between two ends, both possible.

    Attributes
    ----------
    low, high : int
        The ends.
    better : int
        +1 where a larger value brings more help, -1 where a smaller one does, 0 where every value must be tried.

    Examples
    --------
    >>> Range(0, 500, better=-1).end(FAVOURABLE)
    0
    """

    low: int
    high: int
    better: int = 0

    def end(self, side: int) -> int:
        """Return the end most favourable (+1) or least favourable (-1) to the household."""
        return self.high if side * self.better > 0 else self.low

    def __str__(self) -> str:
        return f"{self.low}..{self.high}"


Known = int | Range


def scaled(known: Known, factor: Fraction) -> Known:
    """Multiply what is known by an exact factor; parts of a fen are rounded outwards where it is a range, else down.

    Examples
    --------
    >>> scaled(816_000, Fraction(6)), str(scaled(Range(100, 101, 1), Fraction(1, 3)))
    (4896000, '33..34')
    """
    if not isinstance(known, Range):
        return int(known * factor)
    high = NO_LIMIT * MONTHS_PER_YEAR if known.high >= NO_LIMIT else ceil(known.high * factor)
    return Range(floor(known.low * factor), high, known.better)


def doubled(steps: Iterable[Step], differing: Iterable[str]) -> tuple[Step, ...]:
    """Add, for every step that a quantity with two ends reaches, a second one at the favourable end, named `<name>_at_best`.

    Examples
    --------
    >>> steps = (Step("gap", max, ("need", "income"), False), Step("head", max, ("need",), False))
    >>> [(step.name, step.args) for step in doubled(steps, {"income"})]
    [('gap', ('need', 'income')), ('gap_at_best', ('need', 'income_at_best')), ('head', ('need',))]
    """
    touched, found = set(differing), []
    for step in steps:
        found.append(step)
        if not touched.isdisjoint(step.args):
            touched.add(step.name)
            args = tuple(arg + AT_BEST if arg in touched else arg for arg in step.args)
            found.append(replace(step, name=step.name + AT_BEST, args=args))
    return tuple(found)


@dataclass(frozen=True)
class Decider:
    """A bound that decides: up to `at` the category is `below`, over it `above`.

    Attributes
    ----------
    name, member : str and int
        The unknown quantity; `member` is -1 for the household and the law.
    at, below, above : int
        The bound in the quantity's unit, and the categories on its two sides.
    side : int
        The end all other unknown quantities were kept at: least (-1) or most (+1) favourable.
    """

    name: str
    member: int
    at: int
    below: int
    above: int
    side: int = UNFAVOURABLE


def deciders(
    doubtful: Mapping[tuple[str, int], Range], category_at: Callable[[Mapping[tuple[str, int], int], int], int]
) -> Iterator[Decider]:
    """Find the bounds on which the category turns, moving one unknown quantity and keeping the others at one end.

    Examples
    --------
    >>> doubt = {("income_fen", -1): Range(0, 1_000, better=-1)}
    >>> list(deciders(doubt, lambda settled, side: 1 if settled[("income_fen", -1)] < 632 else 0))
    [Decider(name='income_fen', member=-1, at=631, below=1, above=0, side=-1)]
    """
    for cell, span in doubtful.items():
        for side in (UNFAVOURABLE, FAVOURABLE):
            found = list(_turns(cell, span.low, span.high, lambda value: category_at({cell: value}, side)))  # noqa: B023
            if found:
                yield from (replace(turn, side=side) for turn in found)
                break


def _turns(cell: tuple[str, int], low: int, high: int, category: Callable[[int], int]) -> Iterator[Decider]:
    below, above = category(low), category(high)
    if below == above:
        return
    if high - low == 1:
        yield Decider(*cell, low, below, above)
        return
    middle = (low + high) // 2
    yield from _turns(cell, low, middle, category)
    yield from _turns(cell, middle, high, category)
