"""Relative lines: shares of the median, and a percentile of consumption."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from aidlib.indices import Figure
from aidlib.standards.candidate import Candidate, given
from aidlib.standards.candidates import YUAN_YEAR
from aidlib.standards.microdata import Scale, columns, equivalents, fen, households, parameter, weighted_quantile

MEDIAN = 0.5


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

    Parameters
    ----------
    income : sequence of float
        Disposable income of the household per month.
    share : str or Fraction
        Share of the median, such as `0.40`.
    weight : sequence, optional
        Weights in persons.
    adults, children : sequence, optional
        Members of the household; left out, `income` is taken as income per head already.
    scale : str
        per_capita, sqrt or oecd_modified.

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
    base, part = given(median, "median_income", YUAN_YEAR), given(Fraction(share), "share", "ratio")
    return Candidate("relative_line", base.fen_month * part.ratio, (base, part))


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
