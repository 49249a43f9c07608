"""Poverty: headcount, gap and severity (Foster, Greer & Thorbecke 1984), Watts, the gap total, change, decomposition."""

from __future__ import annotations

import numpy as np

from aidlib.evaluation.ranking import gini
from aidlib.evaluation.sample import Floats, Indicator, Sample, When


def shortfall(s: Sample, when: When = "before") -> Floats:
    """Return the distance of each poor household to the line in yuan per person per month, zero for the others."""
    return s.per_head(s.missing(when))


def gap_share(s: Sample, when: When = "before") -> Floats:
    """Return the distance of each poor household to the line as a share of the line, zero for the others."""
    share: Floats = s.missing(when) / s.need
    return share


def fgt(s: Sample, alpha: int, when: When = "before") -> Indicator:
    """Return the FGT index: 0 the share of poor persons, 1 the gap, 2 the severity.

    `F_a = (1/A) sum a_h ((z_h - y_h)/z_h)^a 1[y_h < z_h]`.
    """
    gap = gap_share(s, when)
    return s.ratio(f"fgt{alpha}", np.where(gap > 0, gap**alpha, 0.0), 1.0, "no_persons")


def gap_total(s: Sample, when: When = "before") -> Indicator:
    """Return the money that would lift every poor person to the line under perfect targeting, in yuan per month."""
    total = float(np.sum(s.persons * shortfall(s, when)))
    return Indicator("gap_total", total, total, 1.0, s.n, s.n_missing)


def income_gap_ratio(s: Sample, when: When = "before") -> Indicator:
    """Return the mean gap of the poor as a share of the line, `F1/F0`."""
    gap = gap_share(s, when)
    return s.ratio("income_gap_ratio", gap, (gap > 0).astype(float), "no_poor")


def watts(s: Sample, when: When = "before") -> Indicator:
    """Return the Watts index, mean of `ln(z/y)` over poor persons; households without income are left out and counted."""
    income = s.income(when)
    usable = income > 0
    logs = np.where(usable & s.below(when), np.log(s.line / np.where(usable, income, s.line)), 0.0)
    found = s.ratio("watts", logs, usable.astype(float), "no_income")
    n_used = int(usable.sum())
    return Indicator(
        found.name, found.value, found.numerator, found.denominator, n_used, s.n_missing + s.n - n_used, found.reason
    )


def sen_shorrocks_thon(s: Sample, when: When = "before") -> Indicator:
    """Return `F0 * (F1 among the poor) * (1 + Gini of all gaps)`."""
    ratio, gap = income_gap_ratio(s, when), fgt(s, 1, when)
    if ratio.value is None or gap.value is None:
        return Indicator("sen_shorrocks_thon", None, 0.0, 0.0, s.n, s.n_missing, "no_poor")
    value = gap.value * (1 + (gini(gap_share(s, when), s.persons) or 0.0))
    return Indicator("sen_shorrocks_thon", value, value, 1.0, s.n, s.n_missing)


def change(s: Sample, alpha: int) -> Indicator:
    """Return the fall of an FGT index through the benefit, relative to its value before (positive means less poverty)."""
    before, after = fgt(s, alpha), fgt(s, alpha, "after")
    fall = before.numerator - after.numerator
    value = fall / before.numerator if before.numerator else None
    return Indicator(
        f"fgt{alpha}_fall", value, fall, before.numerator, s.n, s.n_missing, "" if value is not None else "no_poor"
    )


def decompose(s: Sample, groups: Floats, alpha: int) -> dict[str, tuple[float, float]]:
    """Split an FGT index by group: share of persons and index of each; the weighted sum is the whole exactly."""
    gap = gap_share(s)
    depth = np.where(gap > 0, gap**alpha, 0.0)
    names, block = np.unique(groups, return_inverse=True)
    persons = np.bincount(block, s.persons)
    sums = np.bincount(block, s.persons * depth)
    shares = persons / persons.sum()
    return {str(n): (float(p), float(t / a)) for n, p, t, a in zip(names, shares, sums, persons, strict=True)}
