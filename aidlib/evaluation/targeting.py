"""Targeting: who is reached, who is missed, and where the money goes. Never publish the two errors without the gap reduction."""

from __future__ import annotations

import numpy as np

from aidlib.evaluation.poverty import shortfall
from aidlib.evaluation.ranking import concentration, fractional_rank, gini, part_below, quantile_parts
from aidlib.evaluation.sample import Flags, Floats, Indicator, Sample, When

INCOME_FLOOR_SHARE = 0.1  # welfare weights would explode at zero income (perf-eval-spec 2, our choice)


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


def share_to_target(s: Sample, target: Flags | None = None) -> Indicator:
    """Return the share of money that goes to the target."""
    return s.ratio("share_to_target", s.benefit * _target(s, target), s.benefit, "no_spending")


def normalised_share(s: Sample, target: Flags | None = None) -> Indicator:
    """Return the share to the target divided by the target's share of persons; 1 is neutral. Ravallion 2009."""
    share, wanted = share_to_target(s, target), s.ratio("", _target(s, target), 1.0, "no_persons")
    value = share.value / wanted.value if share.value is not None and wanted.value else None
    reason = "" if value is not None else (share.reason or "no_target")
    return Indicator("normalised_share", value, share.value or 0.0, wanted.value or 0.0, s.n, s.n_missing, reason)


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


def kakwani(s: Sample) -> Indicator:
    """Return Kakwani's progressivity of the benefit: its concentration minus the Gini of income before. Kakwani 1977."""
    amount, income = concentration(s.benefit, s.before, s.persons), gini(s.before, s.persons)
    if amount is None or income is None:
        return Indicator("kakwani", None, 0.0, 0.0, s.n, s.n_missing, "no_spending")
    return Indicator("kakwani", amount - income, amount, income, s.n, s.n_missing)


def distributional_characteristic(s: Sample, aversion: int = 1) -> Indicator:
    """Return the mean welfare weight of the money, `beta = (mean income / income)^e`. Coady & Skoufias 2004."""
    mean = float(np.sum(s.persons * s.before) / s.persons.sum())
    if not mean:
        return Indicator("distributional_characteristic", None, 0.0, 0.0, s.n, s.n_missing, "no_income")
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


def coverage_by_quantile(
    s: Sample, groups: int = 5, *, rank_by: When = "before", split_ties: bool = False
) -> list[Indicator]:
    """Return the share of each quantile's persons who live in a receiving household."""
    parts = quantile_parts(s.income(rank_by), s.persons, groups, split_ties=split_ties)
    return [s.ratio(f"coverage_q{q}", s.receives * part, part, "empty_group") for q, part in enumerate(parts, 1)]
