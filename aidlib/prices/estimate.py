"""Estimates of indices nobody published here, each with an error measured where the truth was published."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from statistics import median

from aidlib.errors import DataGap
from aidlib.indices import Figures
from aidlib.money import half_up
from aidlib.regions import NATION

FOOD = "cpi_yoy:total:food"
FOOD_CLASS = "cpi_yoy:total:food_tobacco_alcohol"
BASKETS = (("2016-01", "2020-12"), ("2021-01", "2025-12"))
"""Weight baskets of the national CPI: a relation between two indices is taken from the months of one basket only."""
LEAST_MONTHS = 6
KEPT = 100
"""Estimates are kept to a hundredth of a point."""


@dataclass(frozen=True)
class Miss:
    """One place and month where an estimate can be held against the published number, in percentage points."""

    estimate: Fraction
    published: Fraction

    @property
    def size(self) -> Fraction:
        """How far the estimate was off."""
        return abs(self.estimate - self.published)


def kept(rise: Fraction) -> Fraction:
    """Round an estimate to a hundredth of a point.

    Examples
    --------
    >>> kept(Fraction(10, 3))
    Fraction(333, 100)
    """
    return Fraction(half_up(rise * KEPT), KEPT)


class Errors:
    """Largest credible error of an estimate, from the cases where the truth was published.

    The largest miss counts, a case of a larger move scaled down in proportion, a case of a smaller move whole; never less
    than the middle miss. An estimate beyond every case seen has an error that grows in proportion.

    Parameters
    ----------
    misses : iterable of Miss
        Where estimate and publication were both known.

    Examples
    --------
    >>> errors = Errors(Miss(Fraction(level), Fraction(level) - Fraction(level, 10)) for level in range(1, 11))
    >>> [str(errors.at(Fraction(rise))) for rise in (0, 8, 20)], Errors([]).at(Fraction(1))
    (['11/20', '4/5', '2'], None)
    """

    def __init__(self, misses: Iterable[Miss]) -> None:
        known = sorted(misses, key=lambda miss: abs(miss.estimate))
        self.cases = len(known)
        self._levels = [abs(miss.estimate) for miss in known]
        self._whole = list(accumulate((miss.size for miss in known), max))
        shares = (miss.size / abs(miss.estimate) if miss.estimate else Fraction(0) for miss in reversed(known))
        self._share = list(accumulate(shares, max))[::-1]
        self._middle = median(miss.size for miss in known) if known else Fraction(0)

    def at(self, rise: Fraction) -> Fraction | None:
        """Return the error of an estimated rise; None where there is no case: an estimate without a measured error is not used."""
        if not self.cases:
            return None
        size = abs(rise)
        smaller = bisect_right(self._levels, size)
        largest = max(self._middle, self._whole[smaller - 1] if smaller else Fraction(0))
        if smaller < self.cases:
            return max(largest, self._share[smaller] * size)
        return largest * size / self._levels[-1] if self._levels[-1] else largest


def slope(pairs: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Least-squares slope of the second number on the first, exact."""
    count = len(pairs)
    mean_x, mean_y = (sum((pair[side] for pair in pairs), Fraction(0)) / count for side in (0, 1))
    spread = sum(((x - mean_x) ** 2 for x, _ in pairs), Fraction(0))
    if not spread:
        raise DataGap("a slope needs two different values", expected="months with different moves", got=str(count))
    return sum(((x - mean_x) * (y - mean_y) for x, y in pairs), Fraction(0)) / spread


def basket(month: str) -> tuple[str, str] | None:
    """Return the first and last month of the CPI basket a month lies in; None outside the baskets known.

    Examples
    --------
    >>> basket("2019-11"), basket("2026-01")
    (('2016-01', '2020-12'), None)
    """
    return next((pair for pair in BASKETS if pair[0] <= month <= pair[1]), None)


def food_slope(figures: Figures, months: tuple[str, str]) -> Fraction | None:
    """How many points national food moves when the wider food, tobacco and alcohol class moves by one."""
    pairs = []
    for month in figures.all(NATION, FOOD_CLASS):
        if months[0] <= month <= months[1]:
            wide, food = figures.find(NATION, FOOD_CLASS, month), figures.find(NATION, FOOD, month)
            if wide and food:
                pairs.append((wide.rise, food.rise))
    return slope(pairs) if len(pairs) >= LEAST_MONTHS else None


def food_rise(figures: Figures, place: str, month: str, per_point: Fraction | None) -> Fraction | None:
    """Estimate the rise of food proper at a place from its food, tobacco and alcohol class.

    `food = national food + slope * (class at the place - class of the nation)`: the place's gap to the nation in the wider
    class, widened by the national slope. The months of one weight basket give the slope.
    """
    own = figures.find(place, FOOD_CLASS, month)
    wide, food = figures.find(NATION, FOOD_CLASS, month), figures.find(NATION, FOOD, month)
    if not (own and wide and food) or per_point is None:
        return None
    return kept(food.rise + per_point * (own.rise - wide.rise))
