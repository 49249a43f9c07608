"""Price-index arithmetic: elementary, weighted, chained and linked indices, and the exact parts of their difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import exp, log

from aidlib.errors import DataFault

Weights = Mapping[str, Fraction]
MATCHED_QUOTES = 2


def jevons(before: Sequence[float], after: Sequence[float]) -> float:
    """Elementary index: the geometric mean of the price relatives of matched quotes.

    Parameters
    ----------
    before, after : sequence of float
        Prices of the same quotes in two periods, same order, above zero; at least two.

    Examples
    --------
    >>> round(jevons([2.0, 4.0], [4.0, 4.0]), 6)
    1.414214
    """
    if len(before) != len(after) or len(before) < MATCHED_QUOTES or min(*before, *after) <= 0:
        raise DataFault(
            "quotes cannot be compared", expected="two or more matched prices above zero", got=f"{before} {after}"
        )
    return exp(sum(log(new / old) for old, new in zip(before, after, strict=True)) / len(before))


def shares(amounts: Weights) -> dict[str, Fraction]:
    """Turn spending or weights into shares that add up to one.

    Examples
    --------
    >>> shares({"food": Fraction(3), "other": Fraction(1)})["food"]
    Fraction(3, 4)
    """
    total = _total(amounts)
    return {name: amount / total for name, amount in amounts.items()}


def _total(amounts: Weights) -> Fraction:
    total = sum(amounts.values(), Fraction(0))
    if total <= 0 or min(amounts.values()) < 0:
        raise DataFault("weights must be zero or more and not all zero", got=str(dict(amounts)))
    return total


def lowe(weights: Weights, relatives: Weights) -> Fraction:
    """Lowe index: the weighted mean of price relatives, `sum w r / sum w`.

    Examples
    --------
    >>> lowe({"food": Fraction(1), "other": Fraction(3)}, {"food": Fraction(2), "other": Fraction(1)})
    Fraction(5, 4)
    """
    if missing := sorted(set(weights) ^ set(relatives)):
        raise DataFault("weights and price relatives must name the same classes", got=", ".join(missing))
    return sum((weight * relatives[name] for name, weight in weights.items()), Fraction(0)) / _total(weights)


def price_updated(weights: Weights, relatives: Weights) -> dict[str, Fraction]:
    """Carry weights to the prices of a later period: `w r / sum w r`."""
    return shares({name: weight * relatives[name] for name, weight in weights.items()})


def chained(weights: Weights, steps: Iterable[Weights]) -> list[Fraction]:
    """Chain an index over successive periods with price-updated weights; the first level is 1.

    With one weight base the chain equals the direct index, whatever the number of steps.

    Examples
    --------
    >>> basket = {"food": Fraction(1, 2), "other": Fraction(1, 2)}
    >>> step = {"food": Fraction(11, 10), "other": Fraction(1)}
    >>> chained(basket, [step, step])[-1] == lowe(basket, {"food": Fraction(121, 100), "other": Fraction(1)})
    True
    """
    levels, current = [Fraction(1)], shares(weights)
    for relatives in steps:
        levels.append(levels[-1] * lowe(current, relatives))
        current = price_updated(current, relatives)
    return levels


def plutocratic(households: Sequence[Weights]) -> dict[str, Fraction]:
    """Weights from total spending: a household counts as much as it spends."""
    classes = households[0] if households else {}
    return shares({name: sum((home[name] for home in households), Fraction(0)) for name in classes})


def democratic(households: Sequence[Weights]) -> dict[str, Fraction]:
    """Weights as the mean of household shares: every household counts the same.

    Examples
    --------
    >>> homes = [{"food": Fraction(6), "other": Fraction(4)}, {"food": Fraction(20), "other": Fraction(80)}]
    >>> democratic(homes)["food"], plutocratic(homes)["food"]
    (Fraction(2, 5), Fraction(13, 55))
    """
    return plutocratic([shares(home) for home in households])


def linked(old: Mapping[str, Fraction], new: Mapping[str, Fraction]) -> tuple[dict[str, Fraction], Fraction]:
    """Join two index series of different base by their overlap; the new one is scaled to the old.

    Parameters
    ----------
    old, new : mapping
        Levels by month; at least one month in both.

    Returns
    -------
    dict, Fraction
        The joined series and the link factor (mean of old over mean of new in the overlap), to be kept with the data.

    Examples
    --------
    >>> joined, factor = linked({"2015-12": Fraction(120)}, {"2015-12": Fraction(100), "2016-01": Fraction(101)})
    >>> joined["2016-01"], factor
    (Fraction(606, 5), Fraction(6, 5))
    """
    overlap = sorted(set(old) & set(new))
    if not overlap:
        raise DataFault("two index series have no month in common", hint="link them over twelve common months")
    factor = sum((old[month] for month in overlap), Fraction(0)) / sum((new[month] for month in overlap), Fraction(0))
    later = {month: level * factor for month, level in new.items() if month not in old}
    return dict(sorted((dict(old) | later).items())), factor


def difference(low: Weights, every: Weights, relatives: Weights) -> dict[str, Fraction]:
    """Split the low-income index minus the general index by class, exactly: `(w_low - w_all)(r - r_all)`.

    Examples
    --------
    >>> low, every = {"food": Fraction(1, 2), "other": Fraction(1, 2)}, {"food": Fraction(1, 4), "other": Fraction(3, 4)}
    >>> relatives = {"food": Fraction(12, 10), "other": Fraction(1)}
    >>> sum(difference(low, every, relatives).values()) == lowe(low, relatives) - lowe(every, relatives)
    True
    """
    general, low_shares, all_shares = lowe(every, relatives), shares(low), shares(every)
    return {name: (low_shares[name] - all_shares[name]) * (rise - general) for name, rise in relatives.items()}
