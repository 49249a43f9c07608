"""Cost of basic needs (Ravallion): a food line, and the lower and upper line that add necessary non-food to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from aidlib.errors import DataFault
from aidlib.standards.candidate import Candidate, Words
from aidlib.standards.microdata import columns, fen, households, parameter

HIGHEST = 20
WINDOWS = tuple(range(1, 11))


@dataclass(frozen=True)
class FoodShare:
    """A fitted food-share curve ``s = a + b ln(x / zf)`` at the reference household."""

    a: float
    b: float
    r2: float
    n: int


@dataclass(frozen=True)
class BasicNeeds:
    """Lower and upper line, the curve they rest on, and a non-parametric check of each (None without households near by)."""

    lower: Candidate
    upper: Candidate
    curve: FoodShare
    lower_check: float | None
    upper_check: float | None


def lower_line(food_line: float, a: float) -> float:
    """下限:刚够吃饱的家庭的非食品支出。 Lower line ``zf (2 - a)``: non-food of those whose whole spending just reaches the food line.

    Examples
    --------
    >>> round(lower_line(300, 0.6), 6)
    420.0
    """
    return food_line * (2 - a)


def upper_line(food_line: float, a: float, b: float) -> float:
    """上限:食品支出恰为食品线的家庭的总支出。 Upper line: solve ``z s(z) = zf``, bracketed on [zf, 20 zf].

    Where the curve makes food spending fall again at high spending, the bracket ends at its peak: the lower root is the line.

    Raises
    ------
    DataFault
        No spending in the bracket has a food share that fits.

    Examples
    --------
    >>> z = upper_line(300, 0.6, -0.1)
    >>> round(z * (0.6 - 0.1 * __import__("math").log(z / 300)), 6)
    300.0
    """
    from math import exp, log

    from scipy.optimize import brentq

    def excess(z: float) -> float:
        return z * (a + b * log(z / food_line)) - food_line

    peak = exp(min(-a / b - 1, log(HIGHEST))) if b < 0 else HIGHEST
    top = max(peak, 1) * food_line
    if excess(food_line) * excess(top) > 0:
        raise DataFault(
            "no upper line in the bracket: the food-share curve does not fit", expected=f"a root in [zf, {HIGHEST} zf]",
            got=f"a = {a:.3f}, b = {b:.3f}", hint="look at the food line and the curve",
        )  # fmt: skip
    return float(brentq(excess, food_line, top))


def cost_of_basic_needs(
    food_line: float, spending: Any, food: Any, weight: Any = None, shifters: Mapping[str, Any] | None = None
) -> BasicNeeds:
    """基本需要成本法:食品线加必要的非食品支出。 Lower and upper line from household microdata.

    The food share is fitted as ``s = a + b ln(x / zf) + g'd`` by weighted least squares; shifters `d` enter as deviations
    from their weighted means, so that `a` is that of the mean household. The non-parametric check averages the non-food
    of households within 1% to 10% of the food line, near ones counting more (Ravallion 1994, 1998; Haughton and Khandker
    2009, ch. 3).

    Parameters
    ----------
    food_line : float
        Cost of the reference food basket, yuan per person and month; the basket is the user's.
    spending, food : sequence of float
        Total and food spending per person and month, one per household.
    weight : sequence, optional
        Weights in persons.
    shifters : mapping, optional
        Characteristics that move the food share, such as the share of children.

    Returns
    -------
    BasicNeeds

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(200, 3000, 400)
    >>> found = cost_of_basic_needs(300, x, x * (0.6 - 0.1 * np.log(x / 300)))
    >>> round(float(found.lower.fen_month) / 100), round(float(found.upper.fen_month) / 100)
    (420, 558)
    """
    held, weights = columns({"spending": spending, "food": food, **(shifters or {})}, weight)
    curve = _fit(food_line, held, weights)
    inputs = (
        households(curve.n),
        parameter("food_line", Fraction(str(food_line))),
        parameter("a", curve.a),
        parameter("b", curve.b),
    )
    lines = {"lower": lower_line(food_line, curve.a), "upper": upper_line(food_line, curve.a, curve.b)}
    rest = held["spending"] - held["food"]
    near = {
        "lower": _nearby(held["spending"], rest, weights, food_line),
        "upper": _nearby(held["food"], rest, weights, food_line),
    }
    lower, upper = (
        Candidate(f"basic_needs_{end}", fen(line), inputs, warnings=tuple(_warnings(curve, end, near[end])))
        for end, line in lines.items()
    )
    checks = (None if found is None else food_line + found for found in near.values())
    return BasicNeeds(lower, upper, curve, *checks)


def _warnings(curve: FoodShare, end: str, near: float | None) -> Iterator[Words]:
    """A share that does not fall, and a line nobody lives near: it is then the curve carried beyond the households."""
    if curve.b >= 0:
        yield ("食品比重不随支出下降", "the food share does not fall with spending")
    if near is None:
        zh, en = (("总支出", "spending"), ("食品支出", "food spending"))[end == "upper"]
        line = ("下限", "上限")[end == "upper"]
        yield (
            f"没有住户的{zh}在食品线上下10%以内，{line}是曲线外推的",
            f"no household has {en} within 10% of the food line: the {end} line is the curve carried beyond them",
        )


def _fit(food_line: float, held: Mapping[str, Any], weights: Any) -> FoodShare:
    import numpy as np
    import statsmodels.api as sm

    wrong = (held["spending"] <= 0) | (held["food"] < 0) | (held["food"] > held["spending"])
    if wrong.any() or food_line <= 0:
        raise DataFault(
            "spending and the food line must lie above zero, food between nothing and all of spending",
            got=f"{int(wrong.sum())} households that do not, food line {food_line}",
        )
    moved = [held[name] - np.average(held[name], weights=weights) for name in held if name not in ("spending", "food")]
    design = sm.add_constant(np.column_stack([np.log(held["spending"] / food_line), *moved]))
    fit = sm.WLS(held["food"] / held["spending"], design, weights=weights).fit()
    return FoodShare(float(fit.params[0]), float(fit.params[1]), float(fit.rsquared), len(weights))


def _nearby(at: Any, rest: Any, weights: Any, food_line: float) -> float | None:
    """Mean non-food of households whose `at` lies within 1% to 10% of the food line: the mean of ten nested means."""
    import numpy as np

    means = []
    for window in WINDOWS:
        near = np.abs(at / food_line - 1) <= window / 100
        if near.any():
            means.append(float(np.average(rest[near], weights=weights[near])))
    return sum(means) / len(means) if means else None
