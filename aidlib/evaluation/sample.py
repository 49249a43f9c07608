"""What every indicator is computed from: incomes, benefits, lines and person weights of households, checked once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aidlib.errors import AidError, Fault

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
When = Literal["before", "after"]


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
    """Checked arrays, one element a household; amounts in yuan per person per month.

    Attributes
    ----------
    before, after : ndarray
        Income per person before and after the benefit, negative values set to zero.
    benefit, line, persons : ndarray
        Benefit per person, poverty line, and person weight (survey weight times members).
    n_missing, n_clipped : int
        Households left out for a missing figure; incomes below zero that were set to zero.
    """

    before: Floats
    after: Floats
    benefit: Floats
    line: Floats
    persons: Floats
    n_missing: int
    n_clipped: int

    @property
    def n(self) -> int:
        """Households used."""
        return len(self.before)

    @property
    def poor(self) -> Flags:
        """Households whose income before the benefit is below the line; income on the line is not poor."""
        flags: Flags = self.before < self.line
        return flags

    @property
    def receives(self) -> Flags:
        """Households with a benefit above zero; receipt counts for every member."""
        flags: Flags = self.benefit > 0
        return flags

    def only(self, flags: Flags) -> Sample:
        """Return the households marked, for a breakdown by area, kind of household or place."""
        before, after, benefit = self.before[flags], self.after[flags], self.benefit[flags]
        return Sample(before, after, benefit, self.line[flags], self.persons[flags], self.n_missing, self.n_clipped)

    def income(self, when: When) -> Floats:
        """Income before or after the benefit."""
        return self.before if when == "before" else self.after

    def ratio(self, name: str, top: Floats | float, bottom: Floats | float, reason: str) -> Indicator:
        """Make an indicator of two weighted sums; a zero denominator gives None with a reason, never zero or infinity."""
        numerator, denominator = (float(np.sum(self.persons * side)) for side in (top, bottom))
        value = numerator / denominator if denominator else None
        return Indicator(name, value, numerator, denominator, self.n, self.n_missing, "" if denominator else reason)


def by_group(indicator: Callable[[Sample], Indicator], s: Sample, groups: ArrayLike) -> dict[str, Indicator]:
    """Return an indicator for each group of households (area, kind of household, place), by name.

    Examples
    --------
    >>> whole = sample([6, 8, 11], [15, 0, 0], 20)
    >>> share = lambda part: part.ratio("share", part.receives, 1.0, "no_persons")
    >>> {name: found.value for name, found in by_group(share, whole, ["rural", "rural", "urban"]).items()}
    {'rural': 0.5, 'urban': 0.0}
    """
    names = np.asarray(groups)
    return {str(name): indicator(s.only(names == name)) for name in np.unique(names)}


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
    """Check and align the arrays of a survey or register.

    Parameters
    ----------
    income, benefit, line : array_like
        Yuan per person per month, one element a household; a single line serves all.
    members, weight : array_like
        Household size and survey weight (1 for a register).
    income_is : {"before", "after"}
        Whether `income` is before or after the benefit.
    kept_share : float
        Share `k` of the benefit that adds to income; below 1 where part of it replaces earnings.

    Returns
    -------
    Sample

    Raises
    ------
    AidError
        Lists every fault: a negative or infinite weight, no weight at all, a line not above zero, a negative benefit.

    Examples
    --------
    >>> s = sample([6, 8, 11], [15, 0, 0], 20)
    >>> s.after.tolist(), s.poor.tolist()
    ([21.0, 8.0, 11.0], [True, True, True])
    """
    y, b, z, m, w = (
        a.astype(float)
        for a in np.broadcast_arrays(*(np.asarray(x, float) for x in (income, benefit, line, members, weight)))
    )
    if faults := _faults(b, z, m, w):
        raise AidError(faults)
    complete = ~np.isnan(np.stack([y, b, z, m])).any(axis=0)
    used = complete & (w > 0)
    y, b, z, persons = y[used], b[used], z[used], (m * w)[used]
    other = y + kept_share * b if income_is == "before" else y - kept_share * b
    before, after = (y, other) if income_is == "before" else (other, y)
    clipped = int((before < 0).sum())
    return Sample(before.clip(0), after.clip(0), b, z, persons, int((~complete & (w > 0)).sum()), clipped)


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
