"""The month's price subsidy by group of persons, from a decision of `prices.linkage`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.rules.unknown import NO_LIMIT, Known, Range

if TYPE_CHECKING:
    from aidlib.prices.amounts import Amount
    from aidlib.prices.linkage import Decision


def price_amounts(decision: Decision, area: str) -> dict[str, Known]:
    """Take the month's subsidy in fen by group of persons from a decision of `prices.linkage`, for urban or rural households.

    A group the place does not cover is not named and gets none. Where the month is undetermined, or base, index, rounding or rule
    are not known for certain, the amount is a range.

    Examples
    --------
    >>> from aidlib.indices import Figures
    >>> from aidlib.law import Book
    >>> from aidlib.prices.linkage import decide
    >>> price_amounts(decide(Book(), Figures(), "000000", "2021-01"), "urban")
    {}
    """
    if decision.outcome == "not_triggered":
        return {}
    other = "_rural" if area == "urban" else "_urban"
    mine = [amount for amount in decision.amounts if not amount.group.endswith(other)]
    return {a.group.removesuffix(f"_{area}"): _subsidy(a, decision.outcome == "undetermined") for a in mine}


def _subsidy(amount: Amount, open_month: bool) -> Known:
    low, high = amount.ends_fen
    if low is not None and low == high and not open_month:
        return low
    return Range(0 if open_month or low is None else low, NO_LIMIT if high is None else high, 1)
