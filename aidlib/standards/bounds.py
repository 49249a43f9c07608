"""Bounds on a candidate, in the stated order: no cut, provincial floor or guide, cap, rural to urban ratio. Tells which bit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from aidlib.law import Status, weakest
from aidlib.money import Rounding
from aidlib.standards.candidate import Candidate, Given, Input, given, round_standard
from aidlib.standards.candidates import YUAN_MONTH

BoundName = Literal["no_cut", "floor", "cap", "ratio_low", "ratio_high"]
LOWER: tuple[BoundName, ...] = ("no_cut", "floor", "ratio_low")


@dataclass(frozen=True)
class Bound:
    """One limit in fen per month, and the input it rests on.

    Attributes
    ----------
    name : str
        no_cut, floor, cap, ratio_low or ratio_high.
    fen_month : Fraction or None
        The limit; None where the place has none that is known.
    basis : Input or None
        The row it rests on.
    """

    name: BoundName
    fen_month: Fraction | None
    basis: Input | None = None


@dataclass(frozen=True)
class Step:
    """What one bound did: the amount before and after, and whether it bit."""

    bound: Bound
    before: Fraction
    after: Fraction

    @property
    def bit(self) -> bool:
        """True where the bound changed the amount."""
        return self.before != self.after


@dataclass(frozen=True)
class Bounded:
    """A candidate after its bounds and its one rounding.

    Attributes
    ----------
    candidate : Candidate
        What the method gave.
    steps : tuple of Step
        Every bound in order, unknown ones included.
    fen_month : Fraction
        The amount after the bounds, exact.
    rounded_fen_month : Fraction or None
        After the place's rounding rule; None where no rule is known.
    broken : tuple of str
        Bounds the result does not keep, because a later bound overruled them or the rounding went below them.
    """

    candidate: Candidate
    steps: tuple[Step, ...]
    fen_month: Fraction
    rounded_fen_month: Fraction | None
    broken: tuple[BoundName, ...]

    @property
    def final_fen_month(self) -> Fraction:
        """The amount as it would be set: rounded where the place's rule is known."""
        return self.fen_month if self.rounded_fen_month is None else self.rounded_fen_month

    @property
    def bit(self) -> tuple[BoundName, ...]:
        """Names of the bounds that changed the amount, in order."""
        return tuple(step.bound.name for step in self.steps if step.bit)

    @property
    def status(self) -> Status:
        """As weak as the candidate and the bounds that bit."""
        bases = [step.bound.basis for step in self.steps if step.bit and step.bound.basis]
        return weakest(self.candidate.status, *(basis.status for basis in bases))


def bounds(
    *,
    last: Given | None = None,
    floor: Given | None = None,
    cap: Given | None = None,
    urban: Given | None = None,
    ratio_low: Given | None = None,
    ratio_high: Given | None = None,
) -> tuple[Bound, ...]:
    """按规定顺序列出上下限。 List the bounds in their order; what is not given stays unknown, not unlimited.

    Parameters
    ----------
    last : optional
        The present level, below which the new one must not fall; yuan per month.
    floor : optional
        Provincial floor or guide; yuan per month.
    cap : optional
        Ceiling, such as the minimum wage; yuan per month.
    urban, ratio_low, ratio_high : optional
        For a rural candidate: the urban level and the ends of the rural to urban ratio.

    Examples
    --------
    >>> [b.name for b in bounds(last="587", floor="600")]
    ['no_cut', 'floor', 'cap', 'ratio_low', 'ratio_high']
    """
    plain: tuple[tuple[BoundName, Given | None], ...] = (("no_cut", last), ("floor", floor), ("cap", cap))
    ratios: tuple[tuple[BoundName, Given | None], ...] = (("ratio_low", ratio_low), ("ratio_high", ratio_high))
    return (*(_amount(name, value) for name, value in plain), *(_ratio(name, urban, value) for name, value in ratios))


def apply_bounds(
    candidate: Candidate, limits: tuple[Bound, ...], rounding: Rounding | None = None, period: str = "month"
) -> Bounded:
    """依次适用上下限并记录哪一项起作用。 Apply bounds in order, round once at the end, and record which bound bit.

    Examples
    --------
    >>> from aidlib.standards.candidates import cpi_uprating
    >>> kept = apply_bounds(cpi_uprating("587", "1"), bounds(last="587", floor="600"))
    >>> kept.fen_month, kept.bit
    (Fraction(60000, 1), ('floor',))
    """
    amount, steps = candidate.fen_month, []
    for limit in limits:
        after = _within(amount, limit)
        steps.append(Step(limit, amount, after))
        amount = after
    rounded = round_standard(amount, rounding, period) if rounding else None
    final = amount if rounded is None else rounded
    broken = tuple(limit.name for limit in limits if _within(final, limit) != final)
    return Bounded(candidate, tuple(steps), amount, rounded, broken)


def ratio_path(start: Fraction, start_year: int, target: Fraction, due_year: int, year: int) -> Fraction:
    """城乡比逐年路径:由上年比例到期限均匀提高。 The least rural to urban ratio of a year on an even path to a target.

    An even path is our reading: instruments name the target and the year only. A place already above the target stays free.

    Examples
    --------
    >>> ratio_path(Fraction("0.60"), 2022, Fraction("0.75"), 2025, 2023)
    Fraction(13, 20)
    """
    if year >= due_year or start >= target or due_year <= start_year:
        return target
    return start + (target - start) * Fraction(year - start_year, due_year - start_year)


def _amount(name: BoundName, value: Given | None) -> Bound:
    if value is None:
        return Bound(name, None)
    basis = given(value, name, YUAN_MONTH)
    return Bound(name, basis.fen_month, basis)


def _ratio(name: BoundName, urban: Given | None, ratio: Given | None) -> Bound:
    if urban is None or ratio is None:
        return Bound(name, None)
    basis = given(ratio, name, "ratio")
    return Bound(name, given(urban, "urban_level", YUAN_MONTH).fen_month * basis.ratio, basis)


def _within(amount: Fraction, limit: Bound) -> Fraction:
    if limit.fen_month is None:
        return amount
    return max(amount, limit.fen_month) if limit.name in LOWER else min(amount, limit.fen_month)
