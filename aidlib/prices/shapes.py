"""The shapes an amount can take, as pure functions of exact fen and percentage points; rounding happens once, at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from aidlib.money import Rounding

PERCENT = 100


def share(standard_fen: Fraction | int, rise: Fraction) -> Fraction:
    """补贴 = 标准 × 涨幅。 The subsidy is the standard times the rise of the index; a fall gives nothing.

    Parameters
    ----------
    standard_fen : Fraction or int
        Monthly standard per person.
    rise : Fraction
        Year-on-year rise in percentage points.

    Examples
    --------
    >>> share(59000, Fraction("4.2"))
    Fraction(2478, 1)
    """
    return max(Fraction(standard_fen) * rise / PERCENT, Fraction(0))


def band(limits: Sequence[Fraction], rise: Fraction) -> int | None:
    """达到哪一档就按哪一档。 The highest band whose lower limit the rise reaches, counted from 0; None below the first.

    Examples
    --------
    >>> limits = [Fraction(3), Fraction(5)]
    >>> [band(limits, Fraction(rise)) for rise in ("2.9", "3", "4.99", "5")]
    [None, 0, 0, 1]
    """
    reached = [place for place, limit in enumerate(limits) if rise >= limit]
    return max(reached, default=None)


def points(per_point_fen: Fraction | int, rise: Fraction) -> Fraction:
    """每上涨一个百分点补贴若干元，不足一个百分点按一个计。 So much per percentage point, a started point counting whole.

    Examples
    --------
    >>> [points(500, Fraction(rise)) for rise in ("3.0", "3.1", "-1")]
    [Fraction(1500, 1), Fraction(2000, 1), Fraction(0, 1)]
    """
    return Fraction(per_point_fen) * max(-(-rise.numerator // rise.denominator), 0)


def food_points(base_fen: Fraction | int, step_fen: Fraction | int, start: Fraction, rise: Fraction) -> Fraction:
    """基础额加食品价格每满一个百分点的加额。 A base amount, and a step for every full point of food above the start.

    Examples
    --------
    >>> [food_points(5000, 1000, Fraction(5), Fraction(rise)) for rise in ("4.8", "5.9", "6.0", "8.3")]
    [Fraction(5000, 1), Fraction(5000, 1), Fraction(6000, 1), Fraction(8000, 1)]
    """
    return Fraction(base_fen) + Fraction(step_fen) * max((rise - start) // 1, 0)


def settle(
    amount_fen: Fraction | int,
    floor_fen: Fraction | int | None = None,
    cap_fen: Fraction | int | None = None,
    multiplier: Fraction | int = 1,
) -> Fraction:
    """先比下限和上限，再乘阶段性倍数，最后才舍入。 Floor and cap first, then the multiplier of the period; rounding comes after.

    Examples
    --------
    The published 89 yuan of Quanzhou for March 2020 is odd, so doubling came before rounding (44.5 is our back-solved base):

    >>> Rounding.parse("half_up/1").apply(settle(4450, multiplier=2))
    8900
    >>> 2 * Rounding.parse("half_up/1").apply(4450)
    9000
    """
    held = Fraction(amount_fen)
    held = held if floor_fen is None else max(held, Fraction(floor_fen))
    held = held if cap_fen is None else min(held, Fraction(cap_fen))
    return held * Fraction(multiplier)


def rounded(amount_fen: Fraction, rounding: Rounding | None) -> int | None:
    """Round an amount by the place's rule; None where the rule is unknown, or where `exact` meets a part of a fen.

    Examples
    --------
    >>> rounded(Fraction(87840, 7), Rounding.parse("ceil/1")), rounded(Fraction(5), None)
    (12600, None)
    """
    if rounding is None or (rounding.mode == "exact" and amount_fen.denominator != 1):
        return None
    return rounding.apply(amount_fen)


def one_payment(amounts: Mapping[str, Fraction | int]) -> tuple[str, Fraction | int]:
    """一人具有多种身份的，按就高原则只发一份。 A person in several groups gets one payment, the highest.

    Parameters
    ----------
    amounts : mapping
        Amount in fen by the groups the person is in; not empty.

    Examples
    --------
    >>> one_payment({"dibao_rural": 1705, "preferential_person": 2582})
    ('preferential_person', 2582)
    """
    group = max(amounts, key=lambda name: amounts[name])
    return group, amounts[group]
