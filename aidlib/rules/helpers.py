"""The few words rules are written with besides `+ - * // < > == & | ~`: each works on ints, numpy arrays and Narwhals expressions."""

from __future__ import annotations

from functools import reduce
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np

from aidlib.law.value import MONTHS_PER_YEAR

__all__ = [
    "BP", "DOWN", "HALF_UP", "MONTHS_PER_YEAR", "UP", "Bp", "Code", "Count", "Fen", "Flag", "among", "at_least", "at_most", "ceil_to",
    "first_of", "given", "half_up", "monthly", "no", "nothing", "rounded", "share",
]  # fmt: skip

BP = 10_000  # basis points in one whole
DOWN, HALF_UP, UP = 0, 1, 2
_CODE = 63  # the difference of two such numbers still fits a byte

# One household: int or bool. Many: int64 or bool arrays. Lazy and distributed frames: expressions.
Fen: TypeAlias = Any
Count: TypeAlias = Any
Flag: TypeAlias = Any
Code: TypeAlias = Any
Bp: TypeAlias = Any


def first_of(*cases: tuple[Flag, Any], otherwise: Any) -> Any:
    """Return the value of the first case whose condition holds.

    Examples
    --------
    >>> first_of((False, 10), (True, 20), otherwise=0)
    20
    >>> first_of((np.array([True, False]), 10), otherwise=0).tolist()
    [10, 0]
    """
    for holds, value in cases:
        if holds is True:
            return value
        if holds is not False:
            break
    else:
        return otherwise
    cases = tuple(case for case in cases if case[0] is not False)
    parts = [part for case in cases for part in case]
    if any(isinstance(part, nw.Expr) for part in (*parts, otherwise)):
        return reduce(
            lambda rest, case: nw.when(_expr(case[0])).then(_wide(case[1])).otherwise(rest),
            cases[::-1],
            _wide(otherwise),
        )
    if any(isinstance(part, np.ndarray) for part in (*parts, otherwise)):
        codes = all(type(value) is int and abs(value) <= _CODE for value in (*parts[1::2], otherwise))
        return _chosen(cases, otherwise) if codes else reduce(_laid_over, cases[::-1], otherwise)
    return next((value for holds, value in cases if holds), otherwise)


def given(condition: Flag, amount: Fen) -> Fen:
    """Return the amount where the condition holds, else nothing.

    Examples
    --------
    >>> given(True, 500), given(False, 500)
    (500, 0)
    """
    return 0 if nothing(amount) else first_of((condition, amount), otherwise=0)


def nothing(amount: Fen) -> bool:
    """Tell whether an amount is a plain nought, the same for every household looked at: no place among them has such a rule.

    Examples
    --------
    >>> nothing(0), nothing(5), nothing(np.array([0, 0]))
    (True, False, False)
    """
    return type(amount) is int and not amount


def no(flag: Flag) -> Flag:
    """Negate a flag (a plain Python `~True` is the number -2).

    Examples
    --------
    >>> no(True), no(np.array([True, False])).tolist()
    (False, [False, True])
    """
    return not flag if isinstance(flag, bool) else ~flag


def at_least(amount: Fen, floor: Fen) -> Fen:
    """Return the larger of two amounts.

    Examples
    --------
    >>> at_least(-5, 0), at_least(7, 0)
    (0, 7)
    """
    if isinstance(amount, np.ndarray):
        return np.maximum(amount, floor)
    return first_of((amount < floor, floor), otherwise=amount)


def at_most(amount: Fen, ceiling: Fen) -> Fen:
    """Return the smaller of two amounts.

    Examples
    --------
    >>> at_most(12, 10), at_most(7, 10)
    (10, 7)
    """
    if isinstance(amount, np.ndarray):
        return np.minimum(amount, ceiling)
    return first_of((amount > ceiling, ceiling), otherwise=amount)


def among(value: Code, codes: tuple[int, ...]) -> Flag:
    """Tell whether a code is one of several.

    Examples
    --------
    >>> among(3, (1, 3)), among(2, (1, 3))
    (True, False)
    """
    return reduce(lambda found, each: found | (value == each), codes[1:], value == codes[0])


def rounded(amount: Fen, divisor: Count, mode: Code) -> Count:
    """Divide by a positive whole number and round: `mode` 0 down, 1 halves up, 2 up.

    Examples
    --------
    >>> [rounded(amount, 10, DOWN) for amount in (15, 20)], [rounded(amount, 10, HALF_UP) for amount in (14, 15)]
    ([1, 2], [1, 2])
    >>> [rounded(amount, 10, UP) for amount in (11, 20)]
    [2, 2]
    """
    return (amount + (divisor * mode - mode // 2) // 2) // divisor


def half_up(amount: Fen, divisor: Count) -> Count:
    """Divide by a positive whole number and round to the nearest, halves up.

    Examples
    --------
    >>> half_up(5, 2), half_up(4_999, 10_000), half_up(5_000, 10_000)
    (3, 0, 1)
    """
    return rounded(amount, divisor, HALF_UP)


def ceil_to(amount: Fen, step: Fen) -> Fen:
    """Raise an amount to the next full step.

    Examples
    --------
    >>> ceil_to(201, 100), ceil_to(200, 100)
    (300, 200)
    """
    return rounded(amount, step, UP) * step


def share(amount: Fen, bp: Bp) -> Fen:
    """Take a share given in basis points, to the nearest fen, halves up.

    Examples
    --------
    >>> share(100_001, 1_500)
    15000
    """
    return half_up(amount * bp, BP)


def monthly(amount_year: Fen, step: Fen, mode: Code, scale: int = 1) -> Fen:
    """Turn an exact yearly amount, in fen times `scale`, into a monthly one rounded to `step` fen.

    Examples
    --------
    >>> monthly(640_000, 1, HALF_UP), monthly(640_000, 100, UP)
    (53333, 53400)
    """
    return rounded(amount_year, step * (MONTHS_PER_YEAR * scale), mode) * step


def _laid_over(rest: Any, case: tuple[Flag, Any]) -> Any:
    """Lay a value over the rest where its condition holds: on whole numbers twice as fast as `numpy.where`."""
    holds, value = case
    if any(np.result_type(each).kind == "b" for each in (rest, value)):
        return np.where(holds, value, rest)
    if isinstance(rest, int) and rest == 0:
        return value * holds
    return rest + (value - rest) * holds


def _chosen(cases: tuple[tuple[Flag, int], ...], otherwise: int) -> Any:
    """Choose among small whole numbers a byte each, several times as fast as at full width."""
    found = np.asarray(otherwise, np.int8)
    for holds, value in cases[::-1]:
        found = found + (np.int8(value) - found) * np.asarray(holds).astype(np.int8)
    return found.astype(np.int64)


def _wide(value: Any) -> Any:
    """Give a plain number room for every amount: an engine would take the narrowest type for it."""
    return nw.lit(value, nw.Int64) if type(value) is int else value


def _expr(condition: Flag) -> Any:
    return condition if isinstance(condition, nw.Expr) else nw.lit(condition)
