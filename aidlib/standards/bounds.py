"""Bounds on a candidate, in the stated order: no cut, provincial floor or guide, cap, rural to urban ratio. Tells which bit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from aidlib.known import Given, Known, Missing
from aidlib.law import Status, weakest
from aidlib.money import Rounding
from aidlib.standards.levels import Level
from aidlib.standards.methods import YUAN_MONTH, Candidate, round_standard

BoundName = Literal["no_cut", "floor", "cap", "ratio_low", "ratio_high"]
LOWER: tuple[BoundName, ...] = ("no_cut", "floor", "ratio_low")


@dataclass(frozen=True)
class Bound:
    """One limit in fen per month, and what it rests on.

    Attributes
    ----------
    name : str
        no_cut, floor, cap, ratio_low or ratio_high.
    fen_month : Fraction or None
        The limit; None where the place has none that is known.
    basis : Known or None
        The row it rests on.
    reading : bool
        True where no instrument sets the limit for this year and it is our own reading of how a target is reached.
    """

    name: BoundName
    fen_month: Fraction | None
    basis: Known | None = None
    reading: bool = False

    def hold(self, amount: Fraction) -> Fraction:
        """Return the amount inside this limit."""
        if self.fen_month is None:
            return amount
        return max(amount, self.fen_month) if self.name in LOWER else min(amount, self.fen_month)


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
    without_readings : Bounded or None
        The same without the bounds that are our own reading: what a headline may say. None where no such bound is known.
    """

    candidate: Candidate
    steps: tuple[Step, ...]
    fen_month: Fraction
    rounded_fen_month: Fraction | None
    broken: tuple[BoundName, ...]
    without_readings: Bounded | None = None

    @property
    def final_fen_month(self) -> Fraction:
        """The amount as it would be set: rounded where the place's rule is known."""
        return self.fen_month if self.rounded_fen_month is None else self.rounded_fen_month

    @property
    def headline_fen_month(self) -> Fraction:
        """The amount under the bounds that an instrument sets, without our own readings."""
        return (self.without_readings or self).final_fen_month

    @property
    def bit(self) -> tuple[BoundName, ...]:
        """Names of the bounds that changed the amount, in order."""
        return tuple(step.bound.name for step in self.steps if step.bit)

    @property
    def status(self) -> Status:
        """As weak as the candidate and the bounds that bit; a reading of our own that bit makes it an estimate."""
        used = [step.bound for step in self.steps if step.bit and step.bound.basis]
        statuses = [bound.basis.status for bound in used if bound.basis]
        return weakest(self.candidate.status, *statuses, *("estimated" for bound in used if bound.reading))


@dataclass(frozen=True)
class Limits:
    """What a candidate of one area of one place and year is held to, and what it is compared with.

    Attributes
    ----------
    area : str
        `urban` or `rural`.
    bounds : tuple of Bound
        In the order they are applied.
    rounding : tuple of (Rounding, str) or None
        The place's rounding rule and its period; None where none is known.
    announced, current : Level or Missing
        The level announced for the year, and the one before it.
    recipients, payment : Known or Missing
        Head-count, and the average payment a month before the change: what a change costs.
    """

    area: str
    bounds: tuple[Bound, ...]
    rounding: tuple[Rounding, str] | None
    announced: Level | Missing
    current: Level | Missing
    recipients: Known | Missing
    payment: Known | Missing

    def apply(self, candidate: Candidate) -> Bounded:
        """Hold a candidate to these bounds."""
        return apply_bounds(candidate, self.bounds, *(self.rounding or ()))


def bounds(
    *,
    last: Given | None = None,
    floor: Given | None = None,
    cap: Given | None = None,
    urban: Given | None = None,
    ratio_low: Given | None = None,
    ratio_high: Given | None = None,
    reading: bool = False,
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
    reading : bool
        True where the ratio of this year is our own reading (an even path to a target) and not a rule.

    Examples
    --------
    >>> [b.name for b in bounds(last="587", floor="600")]
    ['no_cut', 'floor', 'cap', 'ratio_low', 'ratio_high']
    """
    plain: tuple[tuple[BoundName, Given | None], ...] = (("no_cut", last), ("floor", floor), ("cap", cap))
    ratios: tuple[tuple[BoundName, Given | None], ...] = (("ratio_low", ratio_low), ("ratio_high", ratio_high))
    return (
        *(_amount(name, value) for name, value in plain),
        *(_ratio(name, urban, value, reading) for name, value in ratios),
    )


def apply_bounds(
    candidate: Candidate, limits: tuple[Bound, ...], rounding: Rounding | None = None, period: str = "month"
) -> Bounded:
    """依次适用上下限并记录哪一项起作用。 Apply bounds in order, round once at the end, and record which bound bit.

    Examples
    --------
    >>> from aidlib.standards.methods import cpi_uprating
    >>> kept = apply_bounds(cpi_uprating("587", "1"), bounds(last="587", floor="600"))
    >>> kept.fen_month, kept.bit
    (Fraction(60000, 1), ('floor',))
    """
    amount, steps = candidate.fen_month, []
    for limit in limits:
        after = limit.hold(amount)
        steps.append(Step(limit, amount, after))
        amount = after
    rounded = round_standard(amount, rounding, period) if rounding else None
    final = amount if rounded is None else rounded
    broken = tuple(limit.name for limit in limits if limit.hold(final) != final)
    ruled = tuple(limit for limit in limits if not limit.reading)
    plain = apply_bounds(candidate, ruled, rounding, period) if len(ruled) < len(limits) else None
    return Bounded(candidate, tuple(steps), amount, rounded, broken, plain)


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
    basis = Known.of(value, name, YUAN_MONTH)
    return Bound(name, basis.fen_month, basis)


def _ratio(name: BoundName, urban: Given | None, ratio: Given | None, reading: bool) -> Bound:
    if urban is None or ratio is None:
        return Bound(name, None)
    basis = Known.of(ratio, name, "ratio")
    return Bound(name, Known.of(urban, "urban_level", YUAN_MONTH).fen_month * basis.ratio, basis, reading)
