"""Unknown quantities are ranges: evaluate at both ends; where both agree the answer stands, else it cannot be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from aidlib.rules.engine import Step

AT_BEST = "_at_best"
FAVOURABLE, UNFAVOURABLE = 1, -1
MOST_COMBINATIONS = 4_096


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
