"""How much a standard is worth: against last year's consumption, income, the minimum wage, and rural against urban."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from aidlib.errors import DataFault
from aidlib.money import exact, half_up
from aidlib.standards.candidate import Given, given
from aidlib.standards.candidates import YUAN_MONTH, YUAN_YEAR


@dataclass(frozen=True)
class Ratio:
    """A ratio with both its ends, so that a page can print 625/835 beside 74.85%."""

    name: str
    numerator_fen_month: Fraction
    denominator_fen_month: Fraction

    @property
    def value(self) -> Fraction:
        """The exact ratio."""
        return self.numerator_fen_month / self.denominator_fen_month

    def at(self, decimals: int | None) -> Fraction:
        """The ratio half-up at so many decimals of a percent; exact where None.

        Examples
        --------
        >>> urban_rural("835", "625").at(0), urban_rural("835", "625").at(None)
        (Fraction(3, 4), Fraction(125, 167))
        """
        if decimals is None:
            return self.value
        scale = 100 * 10**decimals
        return Fraction(half_up(self.value * scale), scale)


def adequacy(name: str, level: Given, per_head: Given) -> Ratio:
    """保障水平:年标准与上年人均数之比。 A year of the standard over last year's figure per head: ``12 z / C``.

    Parameters
    ----------
    name : str
        What it is measured against.
    level : Value, Figure or exact number
        The standard, yuan per person and month.
    per_head : Value, Figure or exact number
        Consumption or income per head, yuan per person and year.

    Examples
    --------
    >>> from aidlib.money import decimal_text
    >>> decimal_text(adequacy("consumption", "985", "32844").value * 100, 2)
    '35.99'
    """
    return _ratio(name, given(level, "level", YUAN_MONTH).fen_month, given(per_head, name, YUAN_YEAR).fen_month)


def to_minimum_wage(level: Given, wage: Given) -> Ratio:
    """与月最低工资之比。 The standard over the monthly minimum wage.

    Examples
    --------
    >>> to_minimum_wage("588", "1470").value
    Fraction(2, 5)
    """
    base = given(wage, "minimum_wage", "yuan/month").fen_month
    return _ratio("minimum_wage", given(level, "level", YUAN_MONTH).fen_month, base)


def urban_rural(urban: Given, rural: Given) -> Ratio:
    """农村与城市标准之比。 The rural standard over the urban one, both per month.

    Examples
    --------
    >>> urban_rural("620", "450").value
    Fraction(45, 62)
    """
    country = given(rural, "rural_level", YUAN_MONTH).fen_month
    return _ratio("rural_urban_ratio", country, given(urban, "urban_level", YUAN_MONTH).fen_month)


def agrees(stated: str, number: Fraction) -> bool:
    """核对公布的比例。 Does an exact number round, half-up, to what was stated, at the decimals it was stated with?

    Examples
    --------
    >>> agrees("35.99", Fraction(985 * 1200, 32844)), agrees("36.00", Fraction(985 * 1200, 32844))
    (True, False)
    """
    scale = int(10 ** len(stated.partition(".")[2]))
    return half_up(number * scale) == exact(stated) * scale


def _ratio(name: str, numerator: Fraction, denominator: Fraction) -> Ratio:
    if denominator <= 0:
        raise DataFault("a ratio needs a base above zero", where=name, got=str(denominator))
    return Ratio(name, numerator, denominator)
