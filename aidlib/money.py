"""Money is whole fen, rates are exact fractions, and rounding has a name and happens once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal, get_args

from aidlib.errors import MoneyFault

FEN_PER_YUAN = 100
Mode = Literal["ceil", "half_up", "floor", "exact"]


def exact(text: str | int | Decimal | Fraction) -> Fraction:
    """Read a number exactly; a float is refused because it has already lost what was written.

    Examples
    --------
    >>> exact("3.5"), exact("1/12"), exact(3)
    (Fraction(7, 2), Fraction(1, 12), Fraction(3, 1))
    """
    if isinstance(text, (bool, float)):
        raise MoneyFault("a number must be given as text, int, Decimal or Fraction", got=repr(text), hint=f"'{text}'")
    try:
        return Fraction(text)
    except (TypeError, ValueError, InvalidOperation, ZeroDivisionError):
        raise MoneyFault(
            "not a number", expected="a decimal such as 3.5 or a fraction such as 1/12", got=str(text)
        ) from None


def fen(yuan: str | int | Decimal | Fraction) -> int:
    """元换算为整数分。 Turn yuan into whole fen; a part of a fen is an error, not a rounding.

    Examples
    --------
    >>> fen("62.5"), fen(785), fen("0.01")
    (6250, 78500, 1)
    """
    amount = exact(yuan) * FEN_PER_YUAN
    if amount.denominator != 1:
        raise MoneyFault("an amount in yuan has parts of a fen", expected="at most two decimals", got=str(yuan))
    return int(amount)


def yuan(amount_fen: int | Fraction, decimals: int = 2) -> str:
    """分写成元。 Write fen as yuan, half-up at `decimals` (for showing only; never feed it back).

    Examples
    --------
    >>> yuan(6250), yuan(78500, 0), yuan(Fraction(100, 3))
    ('62.50', '785', '0.33')
    """
    try:
        amount = Fraction(amount_fen)
    except (TypeError, ValueError, OverflowError):
        raise MoneyFault("not an amount", expected="fen, such as 6250", got=str(amount_fen)) from None
    return decimal_text(amount / FEN_PER_YUAN, decimals)


def decimal_text(number: Fraction | Decimal | int, decimals: int) -> str:
    """Write an exact number with a fixed count of decimals, halves away from zero.

    Examples
    --------
    >>> decimal_text(Fraction(625, 835) * 100, 2), decimal_text(Fraction(-1, 8), 2)
    ('74.85', '-0.13')
    """
    scaled = Fraction(number) * 10**decimals
    whole = half_up(abs(scaled))
    sign = "-" if scaled < 0 and whole else ""
    return f"{sign}{Decimal(whole).scaleb(-decimals).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)}"


def digits(number: Fraction | Decimal | int, decimals: int = 2) -> str:
    """Write a number as an equation does: thousands apart, a true minus, decimals where it has any.

    Examples
    --------
    >>> digits(Fraction("20159.39")), digits(-680), digits(Fraction(3853, 12)), digits(Fraction("2.5"), 1)
    ('20,159.39', '−680', '321.08', '2.5')
    """
    text = decimal_text(number, decimals)
    whole, _, part = text.removeprefix("-").partition(".")
    return f"{'−' * text.startswith('-')}{int(whole):,}" + (f".{part}" if part.strip("0") else "")


def half_up(number: Fraction) -> int:
    """Round to the nearest whole number, halves up.

    Examples
    --------
    >>> half_up(Fraction(5, 2)), half_up(Fraction(-5, 2)), half_up(Fraction(249, 100))
    (3, -2, 2)
    """
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


@dataclass(frozen=True)
class Rounding:
    """取整办法。 A rounding rule: mode and step in fen. It is applied once, at the end, and it has a source in the law book.

    Examples
    --------
    >>> Rounding("ceil", 100).apply(Fraction(87840))
    87900
    >>> Rounding.parse("half_up/0.1").apply(Fraction(14062, 1) + Fraction(1, 2))
    14060
    """

    mode: Mode
    step_fen: int = 1

    @classmethod
    def parse(cls, text: str) -> Rounding:
        """Read `mode/step in yuan`: `ceil/1`, `half_up/0.01`, `floor/10`, or `exact`.

        Examples
        --------
        >>> Rounding.parse("ceil/1"), Rounding.parse("exact")
        (Rounding(mode='ceil', step_fen=100), Rounding(mode='exact', step_fen=1))
        """
        mode, _, step = text.partition("/")
        if mode not in get_args(Mode) or (mode == "exact") == bool(step):
            raise MoneyFault("not a rounding rule", expected="exact, or ceil|half_up|floor/step in yuan", got=text)
        return cls(mode, fen(step) if step else 1)  # type: ignore[arg-type]

    def apply(self, amount_fen: Fraction | int) -> int:
        """Round an exact amount of fen to whole fen.

        `exact` refuses a part of a fen: the place publishes such amounts unrounded, so one would be a fault of ours.
        """
        steps = Fraction(amount_fen) / self.step_fen
        if self.mode == "exact" and steps.denominator != 1:
            raise MoneyFault("an amount that must come out exact has parts of a fen", got=str(amount_fen))
        if self.mode == "ceil":
            return -(-steps.numerator // steps.denominator) * self.step_fen
        return (half_up(steps) if self.mode == "half_up" else int(steps // 1)) * self.step_fen

    def __str__(self) -> str:
        return self.mode if self.mode == "exact" else f"{self.mode}/{Decimal(self.step_fen) / FEN_PER_YUAN}"
