"""What every indicator is computed from: whole totals of households against line times size, and person weights, checked once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aidlib.errors import AidError, Fault
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
When = Literal["before", "after"]
FEN_YEAR = FEN_PER_YUAN * MONTHS_PER_YEAR  # fen a year in a yuan a month


@dataclass(frozen=True)
class Indicator:
    """One indicator with what it rests on.

    Attributes
    ----------
    name : str
        Identifier, such as `exclusion_error`.
    value, numerator, denominator : float or None
        `value` is None when it cannot be computed; `reason` then says why (`no_poor`, `no_beneficiaries`, ...).
    n_used, n_missing : int
        Households used, and left out because a figure was missing.
    reason : str
        Empty unless `value` is None.
    """

    name: str
    value: float | None
    numerator: float
    denominator: float
    n_used: int
    n_missing: int
    reason: str = ""


@dataclass(frozen=True)
class Sample:
    """Checked households, one element each. What is compared is whole: a household's total, in fen a year, against the line times its size.

    Attributes
    ----------
    income_before, income_after, paid, need : ndarray of int64
        Totals of the household in fen a year: income before and after the benefit (below zero set to zero), the benefit, and the
        poverty line times the members.
    members, persons : ndarray
        Household size, and person weight (survey weight times members).
    n_missing, n_clipped : int
        Households left out for a missing figure; incomes below zero that were set to zero.

    Notes
    -----
    A yearly total in fen holds a monthly amount, a yearly one and a standard published for a year alike. Amounts per head
    (`before`, `after`, `benefit`, `line`, yuan per person per month) are quotients for means and curves; nobody is compared by them.
    """

    income_before: Whole
    income_after: Whole
    paid: Whole
    need: Whole
    members: Floats
    persons: Floats
    n_missing: int
    n_clipped: int

    @property
    def n(self) -> int:
        """Households used."""
        return len(self.need)

    @cached_property
    def before(self) -> Floats:
        """Income before the benefit, yuan per person per month."""
        return self.per_head(self.income_before)

    @cached_property
    def after(self) -> Floats:
        """Income after the benefit, yuan per person per month."""
        return self.per_head(self.income_after)

    @cached_property
    def benefit(self) -> Floats:
        """Benefit, yuan per person per month."""
        return self.per_head(self.paid)

    @cached_property
    def line(self) -> Floats:
        """Poverty line, yuan per person per month."""
        return self.per_head(self.need)

    @property
    def poor(self) -> Flags:
        """Households whose income before the benefit is below the line; income on the line is not poor."""
        return self.below("before")

    @property
    def receives(self) -> Flags:
        """Households with a benefit above zero; receipt counts for every member."""
        flags: Flags = self.paid > 0
        return flags

    def below(self, when: When) -> Flags:
        """Households whose income is below the line before or after the benefit."""
        return self.missing(when) > 0

    def missing(self, when: When) -> Whole:
        """What a household's income is short of the line times its size, in fen a year; 0 where it is not."""
        lacking: Whole = self.need - (self.income_before if when == "before" else self.income_after)
        return lacking.clip(0)

    def per_head(self, total: Whole) -> Floats:
        """Turn totals in fen a year into yuan per person per month."""
        quotient: Floats = total / (FEN_YEAR * self.members)
        return quotient

    def only(self, flags: Flags) -> Sample:
        """Return the households marked, for a breakdown by area, kind of household or place."""
        before, after, paid, need = (
            self.income_before[flags],
            self.income_after[flags],
            self.paid[flags],
            self.need[flags],
        )
        return replace(
            self, income_before=before, income_after=after, paid=paid, need=need,
            members=self.members[flags], persons=self.persons[flags],
        )  # fmt: skip

    def against(self, factor: Fraction) -> Sample:
        """Return the same households and benefits against a line multiplied by a factor; a part of a fen a year counts as one."""
        return replace(self, need=-(-self.need * factor.numerator // factor.denominator))

    def income(self, when: When) -> Floats:
        """Income before or after the benefit, yuan per person per month."""
        return self.before if when == "before" else self.after

    def ratio(self, name: str, top: Floats | float, bottom: Floats | float, reason: str) -> Indicator:
        """Make an indicator of two weighted sums; a zero denominator gives None with a reason, never zero or infinity."""
        numerator, denominator = (float(np.sum(self.persons * side)) for side in (top, bottom))
        value = numerator / denominator if denominator else None
        return Indicator(name, value, numerator, denominator, self.n, self.n_missing, "" if denominator else reason)


def sample(
    income: ArrayLike,
    benefit: ArrayLike,
    line: ArrayLike,
    members: ArrayLike = 1,
    weight: ArrayLike = 1,
    *,
    income_is: When = "before",
    kept_share: float = 1.0,
) -> Sample:
    """Check and align the arrays of a survey or register given per head."""
    m = np.asarray(members, float)
    y, b, z = (np.asarray(x, float) * m * FEN_YEAR for x in (income, benefit, line))
    return of_totals(y, b, z, m, weight, income_is=income_is, kept_share=kept_share)


def of_totals(
    income: ArrayLike,
    benefit: ArrayLike,
    need: ArrayLike,
    members: ArrayLike,
    weight: ArrayLike = 1,
    *,
    income_is: When = "before",
    kept_share: float = 1.0,
) -> Sample:
    """Check and align the arrays of a register that has totals of households."""
    y, b, z, m, w = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(x, float)) for x in (income, benefit, need, members, weight))
    )
    if faults := _faults(b, z, m, w):
        raise AidError(faults)
    complete = ~np.isnan(np.stack([y, b, z, m])).any(axis=0)
    used = complete & (w > 0)
    income_whole, paid, lines = (whole(x[used]) for x in (y, b, z))
    kept = whole(kept_share * paid)
    before, after = (
        (income_whole, income_whole + kept) if income_is == "before" else (income_whole - kept, income_whole)
    )
    lost, clipped = int((~complete & (w > 0)).sum()), int((before < 0).sum())
    return Sample(before.clip(0), after.clip(0), paid, lines, m[used], (m * w)[used], lost, clipped)


def whole(amount: ArrayLike) -> Whole:
    """Round to whole fen; floats hold every whole fen of a household's year exactly.

    Examples
    --------
    >>> whole(np.array([819.9999999999999 * 3 * FEN_YEAR])).tolist()
    [2952000]
    """
    rounded: Whole = np.rint(np.asarray(amount, float)).astype(np.int64)
    return rounded


def _faults(benefit: Floats, line: Floats, members: Floats, weight: Floats) -> list[Fault]:
    checks = [
        (
            bool(np.isnan(weight).any() or (weight < 0).any()),
            "a weight is missing or negative",
            "weights of zero or more",
        ),
        (not np.nansum(weight) > 0, "all weights are zero", "at least one weight above zero"),
        (bool((line <= 0).any()), "a poverty line is not above zero", "yuan per person per month above zero"),
        (bool((benefit < 0).any()), "a benefit is below zero", "yuan per person per month of zero or more"),
        (bool((members <= 0).any()), "a household has no members", "one member or more"),
    ]
    return [Fault(what, expected=expected) for wrong, what, expected in checks if wrong]
