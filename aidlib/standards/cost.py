"""What a change costs a year: a range from published recipients and average payments; never a point."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from aidlib.law import Status, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.standards.candidate import Given, Input, given
from aidlib.standards.candidates import YUAN_MONTH


@dataclass(frozen=True)
class Cost:
    """Extra spending on the present recipients.

    Attributes
    ----------
    low_fen, high_fen : Fraction
        Range for the months asked about, in fen. `low` lets payments grow with the standard (tiers); `high` gives every
        recipient the whole difference (gap payments). None of them counts people who newly qualify.
    inputs : tuple of Input
        Recipients, and the average payment where one is published.
    months : int
        Months it covers.
    """

    low_fen: Fraction
    high_fen: Fraction
    inputs: tuple[Input, ...]
    months: int

    @property
    def status(self) -> Status:
        """As weak as the weakest input."""
        return weakest(*(item.status for item in self.inputs))


def cost_of_change(
    before: Given, after: Given, persons: Given, payment: Given | None = None, months: int = MONTHS_PER_YEAR
) -> Cost:
    """提标所需资金的区间。 Range of the cost of raising a standard, on the recipients there are.

    Under gap payments every recipient gains the whole difference: ``high = N (z' - z) months``. Where payments follow
    tiers they grow with the standard: ``low = N p (z'/z - 1) months`` with ``p`` the average payment. Without a published
    average payment the range is closed at the top only and starts at zero. A payment above the standard is possible (top-ups):
    the ends are put in order.

    Parameters
    ----------
    before, after : Value, Figure or exact number
        The two levels, yuan per month.
    persons : Input, Figure or exact number
        Recipients.
    payment : optional
        Average payment per recipient, yuan per month.
    months : int
        Months to count.

    Examples
    --------
    >>> cost = cost_of_change("587", "680", "1000", "400")
    >>> round(cost.low_fen / 100), round(cost.high_fen / 100)
    (760477, 1116000)
    """
    old, new = given(before, "before", YUAN_MONTH).fen_month, given(after, "after", YUAN_MONTH).fen_month
    heads = given(persons, "recipients", "persons")
    paid = None if payment is None else given(payment, "average_payment", YUAN_MONTH)
    whole = heads.number * (new - old) * months
    part = Fraction(0) if paid is None else heads.number * paid.fen_month * (new / old - 1) * months
    low, high = sorted((part, whole))
    return Cost(low, high, (heads,) if paid is None else (heads, paid), months)
