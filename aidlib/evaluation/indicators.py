"""Indicators over a sample: poverty, who is reached and missed, where the money goes, what a yuan achieves."""

from __future__ import annotations

import numpy as np

from aidlib.evaluation.ranking import concentration, fractional_rank, part_below, quantile_parts
from aidlib.evaluation.sample import Flags, Floats, Indicator, Sample, When

INCOME_FLOOR_SHARE = 0.1  # welfare weights would explode at zero income (perf-eval-spec 2, our choice)


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


def _target(s: Sample, target: Flags | None) -> Floats:
    return (s.poor if target is None else target).astype(float)


def poorest(s: Sample, share: float) -> Flags:
    """Mark the poorest share of persons by income before the benefit; ties stay together."""
    flags: Flags = fractional_rank(s.before, s.persons) < share
    return flags


def coverage(s: Sample, target: Flags | None = None) -> Indicator:
    """Return the share of target persons who live in a receiving household (应保尽保率)."""
    wanted = _target(s, target)
    return s.ratio("coverage", s.receives * wanted, wanted, "no_target")


def exclusion_error(s: Sample, target: Flags | None = None) -> Indicator:
    """Return the share of target persons who are missed (漏保率): one minus coverage."""
    wanted = _target(s, target)
    return s.ratio("exclusion_error", ~s.receives * wanted, wanted, "no_target")


def inclusion_error(s: Sample, target: Flags | None = None) -> Indicator:
    """Return the share of receiving persons who are outside the target (错保率, persons)."""
    return s.ratio(
        "inclusion_error", s.receives * (1 - _target(s, target)), s.receives.astype(float), "no_beneficiaries"
    )


def leakage(s: Sample, target: Flags | None = None) -> Indicator:
    """Return the share of money that goes outside the target; not the same as the inclusion error, which counts persons."""
    return s.ratio("leakage", s.benefit * (1 - _target(s, target)), s.benefit, "no_spending")


def beyond_need(s: Sample) -> Indicator:
    """Return the share of money above what was needed to reach the line, over-payment to the poor included."""
    return s.ratio("beyond_need", np.maximum(s.benefit - shortfall(s), 0), s.benefit, "no_spending")


def targeting_differential(s: Sample, target: Flags | None = None) -> Indicator:
    """Return coverage of the target minus coverage of the others, -1..1. Galasso & Ravallion 2005; Ravallion 2009."""
    wanted = _target(s, target)
    inside, outside = coverage(s, target), s.ratio("", s.receives * (1 - wanted), 1 - wanted, "no_others")
    if inside.value is None or outside.value is None:
        return Indicator("targeting_differential", None, 0.0, 0.0, s.n, s.n_missing, inside.reason or outside.reason)
    value = inside.value - outside.value
    return Indicator("targeting_differential", value, inside.value, outside.value, s.n, s.n_missing)


def cgh(s: Sample, share: float) -> Indicator:
    """Return the poorest group's share of the money divided by its share of persons. Coady, Grosh & Hoddinott 2004.

    A household (or block of ties) that straddles the cut counts for the part of it that lies below.
    """
    found = s.ratio("cgh", s.benefit * part_below(s.before, s.persons, share), s.benefit, "no_spending")
    value = None if found.value is None else found.value / share
    return Indicator("cgh", value, found.numerator, found.denominator * share, s.n, s.n_missing, found.reason)


def concentration_coefficient(s: Sample) -> Indicator:
    """Return the concentration coefficient of the benefit by income before it, -1..1, negative is pro-poor."""
    value = concentration(s.benefit, s.before, s.persons)
    reason = "" if value is not None else "no_spending"
    return Indicator("concentration_coefficient", value, value or 0.0, 1.0, s.n, s.n_missing, reason)


def distributional_characteristic(s: Sample, aversion: int = 1) -> Indicator:
    """Return the mean welfare weight of the money, `beta = (mean income / income)^e`. Coady & Skoufias 2004."""
    mean = float(np.sum(s.persons * s.before) / s.persons.sum())
    if not mean:
        return s.ratio("distributional_characteristic", 0.0, 0.0, "no_income")
    beta = (mean / np.maximum(s.before, INCOME_FLOOR_SHARE * mean)) ** aversion
    return s.ratio("distributional_characteristic", beta * s.benefit, s.benefit, "no_spending")


def incidence(
    s: Sample, groups: int = 5, of: str = "benefit", *, rank_by: When = "before", split_ties: bool = False
) -> list[Indicator]:
    """Return each quantile's share of the money (`benefit`) or of the receiving persons (`persons`); sums to 1.

    Examples
    --------
    >>> from aidlib.evaluation.sample import sample
    >>> [i.value for i in incidence(sample([1, 2, 3, 4], [3, 1, 0, 0], 9), groups=2)]
    [1.0, 0.0]
    """
    amount = s.benefit if of == "benefit" else s.receives.astype(float)
    parts = quantile_parts(s.income(rank_by), s.persons, groups, split_ties=split_ties)
    return [
        s.ratio(f"incidence_{of}_q{q}", amount * part, amount, "no_beneficiaries") for q, part in enumerate(parts, 1)
    ]


def generosity(s: Sample) -> Indicator:
    """Return the benefit as a share of receiving persons' welfare after it (ASPIRE adequacy)."""
    return s.ratio("generosity", s.benefit, s.receives * s.after, "no_beneficiaries")


def gap_reduction(s: Sample) -> Indicator:
    """Return the share of the gap total that the benefit closes."""
    before = shortfall(s)
    return s.ratio("gap_reduction", before - shortfall(s, "after"), before, "no_poor")


def benefit_cost(s: Sample) -> Indicator:
    """Return the fall of the gap total per yuan paid (the World Bank writes both benefit-cost and cost-benefit)."""
    return s.ratio("benefit_cost", shortfall(s) - shortfall(s, "after"), s.benefit, "no_spending")


def spill_over(s: Sample) -> Indicator:
    """Return what poor households get beyond their gap as a share of what they get. Beckerman 1979."""
    to_poor = s.benefit * s.poor
    return s.ratio("spill_over", to_poor - shortfall(s) + shortfall(s, "after"), to_poor, "no_spending_on_poor")
