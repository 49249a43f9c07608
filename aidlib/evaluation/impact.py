"""Adequacy and impact: how much of the need is met, what poverty and inequality become, what a yuan achieves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aidlib.evaluation.poverty import shortfall
from aidlib.evaluation.ranking import concentration, gini
from aidlib.evaluation.sample import Flags, Floats, Indicator, Sample
from aidlib.law.value import MONTHS_PER_YEAR


def generosity(s: Sample) -> Indicator:
    """Return the benefit as a share of receiving persons' welfare after it (ASPIRE adequacy)."""
    return s.ratio("generosity", s.benefit, s.receives * s.after, "no_beneficiaries")


def benefit_to_line(s: Sample) -> Indicator:
    """Return the benefit of receiving persons as a share of their line."""
    return s.ratio("benefit_to_line", s.benefit, s.receives * s.line, "no_beneficiaries")


def gap_shares(s: Sample) -> Floats:
    """Return for each household the share of its gap that the benefit fills, 0..1; 0 where there is no gap."""
    need = s.missing("before")
    shares: Floats = np.minimum(s.paid, need) / np.maximum(need, 1)
    return shares


def gap_full(s: Sample) -> Flags:
    """Mark the poor households whose gap is filled: less than a fen a month of it is left, because benefits are paid in whole fen."""
    return s.poor & (s.missing("before") - s.paid < MONTHS_PER_YEAR)


def gap_filled(s: Sample) -> tuple[Indicator, Indicator, Indicator]:
    """Return, over poor persons: mean share of the gap filled, share fully filled, share not filled at all."""
    poor, filled = s.poor.astype(float), gap_shares(s)
    return (
        s.ratio("gap_filled", filled * poor, poor, "no_poor"),
        s.ratio("gap_fully_filled", gap_full(s).astype(float), poor, "no_poor"),
        s.ratio("gap_unfilled", (filled == 0) * poor, poor, "no_poor"),
    )


def gap_reduction(s: Sample) -> Indicator:
    """Return the share of the gap total that the benefit closes."""
    before = shortfall(s)
    return s.ratio("gap_reduction", before - shortfall(s, "after"), before, "no_poor")


def benefit_cost(s: Sample) -> Indicator:
    """Return the fall of the gap total per yuan paid (the World Bank writes both benefit-cost and cost-benefit)."""
    return s.ratio("benefit_cost", shortfall(s) - shortfall(s, "after"), s.benefit, "no_spending")


def beckerman(s: Sample) -> tuple[Indicator, Indicator, Indicator, Indicator]:
    """Return vertical expenditure efficiency, poverty reduction efficiency, spill-over, poverty gap efficiency.

    Beckerman 1979.
    """
    closed = shortfall(s) - shortfall(s, "after")
    to_poor = s.benefit * s.poor
    return (
        s.ratio("vertical_expenditure_efficiency", to_poor, s.benefit, "no_spending"),
        s.ratio("poverty_reduction_efficiency", closed, s.benefit, "no_spending"),
        s.ratio("spill_over", to_poor - closed, to_poor, "no_spending_on_poor"),
        gap_reduction(s),
    )


def cost_transfer(administration: float, paid: float) -> Indicator:
    """Return what it costs to hand out a yuan: administrative cost over benefits paid. Coady, Perez & Vera-Llamas 2005.

    The total cost of a transferred yuan is one more.

    Examples
    --------
    >>> cost_transfer(8, 100).value, cost_transfer(8, 0).reason
    (0.08, 'no_spending')
    """
    value = administration / paid if paid else None
    return Indicator("cost_transfer", value, administration, paid, 1, 0, "" if paid else "no_spending")


@dataclass(frozen=True)
class Redistribution:
    """Gini before and after, and the fall split into vertical effect minus reranking (`reranking` is never negative)."""

    gini_before: float
    gini_after: float
    vertical: float
    reranking: float

    @property
    def effect(self) -> float:
        """Fall of the Gini, `vertical - reranking`."""
        return self.gini_before - self.gini_after

    @property
    def relative(self) -> float:
        """Fall as a share of the Gini before."""
        return self.effect / self.gini_before


def redistribution(s: Sample) -> Redistribution | None:
    """Split the fall of the Gini. Reynolds & Smolensky 1977; Atkinson 1980; Plotnick 1981. None when nobody has income."""
    before, after = gini(s.before, s.persons), gini(s.after, s.persons)
    ranked = concentration(s.after, s.before, s.persons)
    if before is None or after is None or ranked is None:
        return None
    return Redistribution(before, after, before - ranked, after - ranked)
