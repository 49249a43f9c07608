"""Announced against real growth: the rate the published levels show, the rate that was said, and what prices left of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from aidlib.errors import DataFault
from aidlib.standards.adequacy import agrees


@dataclass(frozen=True)
class Growth:
    """A rise from one level to the next.

    Attributes
    ----------
    rate : Fraction
        Exact nominal rate the two levels show.
    announced : str
        Percent as announced, or an empty string.
    real_rate : Fraction or None
        After prices; None where no index is known.
    """

    rate: Fraction
    announced: str = ""
    real_rate: Fraction | None = None

    @property
    def as_announced(self) -> bool | None:
        """True where the levels show what was announced; None where nothing was announced."""
        return agrees(self.announced, self.rate * 100) if self.announced else None


def growth(
    before: Fraction | int, after: Fraction | int, announced: str = "", price_rise: Fraction | None = None
) -> Growth:
    """名义增幅与实际增幅。 The rise between two levels in the same unit, beside the one that was announced.

    Parameters
    ----------
    before, after : Fraction or int
        Levels in fen per month.
    announced : str
        Percent as announced, such as `10`.
    price_rise : Fraction, optional
        Rise of prices over the same time, as a ratio.

    Examples
    --------
    >>> rise = growth(537_00, 595_00, announced="10")
    >>> round(float(rise.rate) * 100, 1), rise.as_announced
    (10.8, False)
    """
    if before <= 0:
        raise DataFault("growth needs a level above zero to start from", got=str(before))
    rate = Fraction(after) / Fraction(before) - 1
    real = None if price_rise is None else (1 + rate) / (1 + price_rise) - 1
    return Growth(rate, announced, real)
