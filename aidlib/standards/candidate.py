"""A candidate for a standard: an exact amount with its method, inputs, range, error and warnings. Never a decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from aidlib.errors import MoneyFault
from aidlib.indices import INDEX_BASE, Figure
from aidlib.law import Status, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, Rounding, exact

Words = tuple[str, str]
PARAMETER = "parameter"


@dataclass(frozen=True)
class Input:
    """One number a candidate rests on, with where it came from.

    Attributes
    ----------
    name : str
        Law name, series, or the name of a parameter of the method.
    number : Fraction
        The exact number in its unit.
    unit, region, period : str
        Unit; region code and period of a law row or figure, empty for a parameter.
    status : str
        Status of the row; a parameter somebody chose counts as estimated.
    where : str
        File and line, or `parameter`.
    """

    name: str
    number: Fraction
    unit: str
    status: Status
    where: str = PARAMETER
    region: str = ""
    period: str = ""

    @property
    def fen_month(self) -> Fraction:
        """The amount as exact fen per month."""
        if "yuan" not in self.unit:
            raise MoneyFault("this input is not an amount of money", where=self.where, got=f"{self.name} {self.unit}")
        return self.number * FEN_PER_YUAN / (MONTHS_PER_YEAR if self.unit.endswith("/year") else 1)

    @property
    def ratio(self) -> Fraction:
        """The number as a plain ratio: percentages are divided, an index of 102.5 is a rise of 1/40."""
        if self.unit.startswith("index"):
            return (self.number - INDEX_BASE) / INDEX_BASE
        return self.number / 100 if self.unit == "pct" else self.number


Given = Value | Figure | Input | Fraction | int | str


def given(value: Given, name: str, unit: str) -> Input:
    """Turn a law value, a published figure or a plain exact number into an input; an input stays as it is.

    Parameters
    ----------
    value : Value, Figure, Input, Fraction, int or str
        A plain number is a parameter of the caller in the unit the method names; a float is refused.
    name, unit : str
        Name and unit used for a plain number.

    Examples
    --------
    >>> given("32844", "consumption", "yuan/person/year").fen_month
    Fraction(273700, 1)
    """
    if isinstance(value, Input):
        return value
    if isinstance(value, Value):
        return Input(value.name, value.number, value.unit, value.status, value.place, value.region, str(value.start))
    if isinstance(value, Figure):
        number = value.published if value.unit.startswith("index") else value.value
        return Input(value.series, number, value.unit, value.status, value.place, value.region, value.period)
    return Input(name, exact(value), unit, "estimated")


@dataclass(frozen=True)
class Candidate:
    """What a method gives for one area. The decision is the authority's.

    Attributes
    ----------
    method : str
        Name of the method, such as `consumption_share`.
    fen_month : Fraction
        Exact fen per person and month; not rounded.
    inputs : tuple of Input
        Everything it rests on.
    low, high : Fraction or None
        Range in fen per month, where the method gives one.
    se_fen : float or None
        Standard error in fen per month, where the method is a statistical estimate.
    warnings : tuple of (zh, en)
        What a reader must know before using it.
    rounding : Rounding or None
        The place's rounding rule, where one is known.
    rounded_fen_month : Fraction or None
        The amount after that rule; a rule of whole yuan per year can leave a part of a fen per month.
    """

    method: str
    fen_month: Fraction
    inputs: tuple[Input, ...]
    low: Fraction | None = None
    high: Fraction | None = None
    se_fen: float | None = None
    warnings: tuple[Words, ...] = ()
    rounding: Rounding | None = None
    rounded_fen_month: Fraction | None = None

    @property
    def status(self) -> Status:
        """As weak as the weakest input."""
        return weakest(*(item.status for item in self.inputs))

    def warned(self, *words: Words) -> Candidate:
        """Return the candidate with further warnings."""
        return replace(self, warnings=(*self.warnings, *words))


def round_standard(amount_fen_month: Fraction, rule: Rounding, period: str = "month") -> Fraction:
    """按规定对标准取整(按月或按年)。 Round a standard once, per month or per year as the place does.

    Parameters
    ----------
    amount_fen_month : Fraction
        Exact fen per month.
    rule : Rounding
        Mode and step.
    period : str
        `month` or `year`: the period in which the rule is applied.

    Returns
    -------
    Fraction
        Fen per month.

    Examples
    --------
    >>> round_standard(Fraction(2328900, 40), Rounding("ceil", 100))
    Fraction(58300, 1)
    >>> round_standard(Fraction("172336.5") / 12, Rounding("floor", 100), "year") * 12
    Fraction(172300, 1)
    """
    if period not in ("month", "year"):
        raise MoneyFault("unknown period of a rounding", expected="month or year", got=period)
    times = MONTHS_PER_YEAR if period == "year" else 1
    return Fraction(rule.apply(amount_fen_month * times), times)
