"""Lines from household microdata: relative lines, consumption percentiles, quantile regression, and the cost of basic needs (Ravallion)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, get_args

from aidlib.errors import DataFault, Fault
from aidlib.indices import Figure
from aidlib.known import Known, Note
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, digits, exact
from aidlib.standards.methods import YUAN_YEAR, Candidate

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

Scale = Literal["per_capita", "sqrt", "oecd_modified"]
FEN_DECIMALS = 4
# OECD-modified scale: the first adult counts one, each further adult a half, each child three tenths (Hagenaars et al. 1994).
FURTHER_ADULT, CHILD = 0.5, 0.3
MEDIAN = 0.5
TAUS = (0.1, 0.2)
CONFIDENCE = 0.95
HIGHEST = 20
WINDOWS = tuple(range(1, 11))


def columns(values: Mapping[str, Any], weight: Any = None) -> tuple[dict[str, Array], Array]:
    """Turn columns of households into float arrays of one length with a weight, refusing what cannot be used.

    Returns
    -------
    dict of arrays, array of weights
        Rows of weight nought are left out.

    Examples
    --------
    >>> found, weight = columns({"x": [1, 2]}, [0, 3])
    >>> found["x"].tolist(), weight.tolist()
    ([2.0], [3.0])
    """
    import numpy as np

    held = {name: np.asarray(column, dtype=float) for name, column in values.items()}
    sizes = {name: len(column) for name, column in held.items()}
    weights = np.ones(max(sizes.values(), default=0)) if weight is None else np.asarray(weight, dtype=float)
    wrong = [Fault("missing numbers are not imputed", name) for name, column in held.items() if np.isnan(column).any()]
    if len({*sizes.values(), len(weights)}) > 1:
        raise DataFault("columns of different lengths", got=str(sizes | {"weight": len(weights)}))
    if not len(weights) or np.isnan(weights).any() or (weights < 0).any() or not (weights > 0).any():
        wrong.append(Fault("weights must be numbers, none negative, one at least above zero", "weight"))
    if wrong:
        raise DataFault(wrong)
    kept = weights > 0
    return {name: column[kept] for name, column in held.items()}, weights[kept]


def weighted_quantile(values: Array, weight: Array, share: float) -> float:
    """Return the smallest value at which the cumulated share of weight reaches `share`.

    Examples
    --------
    >>> import numpy as np
    >>> weighted_quantile(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0]), 0.5)
    2.0
    """
    import numpy as np

    if not 0 < share <= 1:
        raise DataFault("a share of persons lies above 0 and not above 1", got=str(share))
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][np.searchsorted(reached, share - 1e-12)])


def equivalents(adults: Array, children: Array, scale: Scale) -> Array:
    """Return adult equivalents of households: heads, their square root, or the OECD-modified scale.

    Examples
    --------
    >>> import numpy as np
    >>> equivalents(np.array([2.0]), np.array([2.0]), "oecd_modified").tolist()
    [2.1]
    """
    import numpy as np

    if scale not in get_args(Scale):
        raise DataFault("unknown equivalence scale", expected=", ".join(get_args(Scale)), got=scale)
    if scale == "oecd_modified":
        return 1 + FURTHER_ADULT * (np.maximum(adults, 1) - 1) + CHILD * children
    heads = adults + children
    return heads if scale == "per_capita" else np.sqrt(heads)


def fen(yuan_month: float) -> Fraction:
    """Turn an estimate of yuan per month into fen, kept to a ten-thousandth of a fen.

    Examples
    --------
    >>> fen(500.25)
    Fraction(50025, 1)
    """
    return exact(f"{float(yuan_month) * FEN_PER_YUAN:.{FEN_DECIMALS}f}")


def households(count: int) -> Known:
    """Name the households an estimate was made from; an estimate is never stronger than estimated."""
    return Known(Fraction(count), "count", name="households")


def parameter(name: str, value: float | Fraction) -> Known:
    """Name a parameter somebody chose."""
    number = value if isinstance(value, Fraction) else exact(repr(value) if isinstance(value, float) else str(value))
    return Known(number, "ratio", name=name)


def relative_line(
    income: Any,
    share: str | Fraction,
    weight: Any = None,
    *,
    adults: Any = None,
    children: Any = None,
    scale: Scale = "per_capita",
) -> Candidate:
    """相对贫困线:收入中位数的一定比例。 A share of the median of equivalised income, yuan per month.

    Returns
    -------
    Candidate
        For one person living alone on the scale chosen.

    Examples
    --------
    >>> relative_line([1000, 2000, 4000], "0.40").fen_month
    Fraction(80000, 1)
    """
    if adults is None:
        held, weights = columns({"income": income}, weight)
        values = held["income"]
    else:
        held, weights = columns(
            {"income": income, "adults": adults, "children": [0] * len(adults) if children is None else children},
            weight,
        )
        values = held["income"] / equivalents(held["adults"], held["children"], scale)
    part = Fraction(share)
    median = weighted_quantile(values, weights, MEDIAN)
    return Candidate("relative_line", fen(median) * part, (households(len(weights)), parameter("share", part)))


def relative_from_median(median: Figure | str, share: str | Fraction) -> Candidate:
    """公布的收入中位数的一定比例。 A share of a published median of disposable income per head and year.

    Examples
    --------
    >>> relative_from_median("36000", "0.40").fen_month
    Fraction(120000, 1)
    """
    base, part = Known.of(median, "median_income", YUAN_YEAR), Known.of(Fraction(share), "share", "ratio")
    formula = f"{digits(base.number)} × {digits(part.ratio * 100)}% ÷ {MONTHS_PER_YEAR}"
    return Candidate("relative_line", base.fen_month * part.ratio, (base, part), formula=formula)


def consumption_percentile(consumption: Any, share: float, weight: Any = None) -> Candidate:
    """消费百分位法:最低若干比例人口的消费上限。 Consumption per head at a percentile of persons, yuan per month.

    Examples
    --------
    >>> consumption_percentile(range(100, 1100, 100), 0.1).fen_month
    Fraction(10000, 1)
    """
    held, weights = columns({"consumption": list(consumption)}, weight)
    line = weighted_quantile(held["consumption"], weights, share)
    return Candidate("consumption_percentile", fen(line), (households(len(weights)), parameter("share", share)))


def quantile_lines(
    consumption: Any, types: Mapping[str, Any], reference: Mapping[str, float], taus: Sequence[float] = TAUS
) -> list[Candidate]:
    """分位数回归:某类家庭低分位的消费。 Consumption per head at low quantiles for a reference household, yuan per month.

    Returns
    -------
    list of Candidate
        One per quantile, with its standard error and 95% range.

    Notes
    -----
    statsmodels' `QuantReg` takes no weights: the lines are those of households, not of persons.

    Examples
    --------
    >>> import numpy as np
    >>> size = np.tile([1.0, 2.0, 3.0, 4.0], 50)
    >>> spent = 1000 - 100 * size + np.repeat(np.linspace(-50, 50, 50), 4)
    >>> [round(float(c.fen_month) / 100) for c in quantile_lines(spent, {"members": size}, {"members": 2})]
    [760, 770]
    """
    if missing := sorted(set(types) ^ set(reference)):
        raise DataFault("characteristics and reference household differ", got=", ".join(missing))
    if wrong := [tau for tau in taus if not 0 < tau < 1]:
        raise DataFault("a quantile lies between 0 and 1", got=", ".join(map(str, wrong)))
    held, _ = columns({"consumption": consumption, **types})
    design = _design(held, list(reference))
    return [_quantile_line(held, design, reference, tau) for tau in taus]


def _design(held: Mapping[str, Any], names: Sequence[str]) -> Any:
    import numpy as np

    design = np.column_stack([np.ones(len(held["consumption"])), *(held[name] for name in names)])
    rows, width = design.shape
    if rows <= width or np.linalg.matrix_rank(design) < width:
        raise DataFault("the households do not tell the characteristics apart", got=f"{rows} households, {', '.join(names)}",
                        expected="more households than characteristics, each varying in its own way")  # fmt: skip
    return design


def _quantile_line(held: Mapping[str, Any], design: Any, reference: Mapping[str, float], tau: float) -> Candidate:
    import numpy as np
    import statsmodels.api as sm
    from scipy import stats

    names = list(reference)
    fit = sm.QuantReg(held["consumption"], design).fit(q=tau)
    at = np.array([1.0, *(reference[name] for name in names)])
    line = float(at @ fit.params)
    se = float((at @ fit.cov_params() @ at) ** 0.5)
    half = float(stats.norm.ppf((1 + CONFIDENCE) / 2)) * se
    return Candidate(
        f"quantile_{tau:g}", fen(line), (households(len(design)), parameter("tau", tau)),
        fen(line - half), fen(line + half), se * FEN_PER_YUAN, (Note("not_weighted"),),
    )  # fmt: skip


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
    curve = _food_curve(food_line, held, weights)
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
        Candidate(f"basic_needs_{end}", fen(line), inputs, notes=tuple(_curve_notes(curve, end, near[end])))
        for end, line in lines.items()
    )
    checks = (None if found is None else food_line + found for found in near.values())
    return BasicNeeds(lower, upper, curve, *checks)


def _curve_notes(curve: FoodShare, end: str, near: float | None) -> Iterator[Note]:
    """A share that does not fall, and a line nobody lives near: it is then the curve carried beyond the households."""
    if curve.b >= 0:
        yield Note("food_share_does_not_fall")
    if near is None:
        yield Note(f"no_household_near_{end}_line")


def _food_curve(food_line: float, held: Mapping[str, Any], weights: Any) -> FoodShare:
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
