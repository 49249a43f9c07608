"""Which index a place is read with: its own published one first, then an estimate that carries its error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from types import MappingProxyType

from aidlib.indices import INDEX_BASE, Figure, Figures
from aidlib.law.value import Status
from aidlib.prices import estimate, scpi
from aidlib.prices.estimate import Miss
from aidlib.regions import NATION, lineage, province_of, region

SERIES = {
    "cpi": "cpi_yoy:total:all_items",
    "food": "cpi_yoy:total:food",
    "scpi": "scpi_yoy:total:all_items",
    "grain": "cpi_yoy:total:grain",
    "utilities": "cpi_yoy:total:water_power_fuel",
    "cpi_ytd": "cpi_ytd:total:all_items",
}


@dataclass(frozen=True)
class Reading:
    """The rise of an index at a place in a month, in percentage points, with how it is known.

    Attributes
    ----------
    index, month : str
        cpi, food, scpi, grain, utilities or cpi_ytd; `YYYY-MM`.
    place : str
        Region the number belongs to; for a place without its own index the one above it.
    rise, error : Fraction
        The published number with error 0, or an estimate with its largest credible error.
    status : str
        observed or estimated.
    how : str
        published, derived (an estimate of the data table), food_from_class, compiled, above (the index of the place above), or
        supposed.
    cases : int
        Published cases the error was measured on.
    """

    index: str
    month: str
    place: str
    rise: Fraction
    error: Fraction
    status: Status
    how: str
    cases: int = 0

    @property
    def low(self) -> Fraction:
        """Lowest credible rise."""
        return self.rise - self.error

    @property
    def high(self) -> Fraction:
        """Highest credible rise."""
        return self.rise + self.error


class Readings:
    """Readings over one set of published figures; what the errors are measured on is worked out once.

    Examples
    --------
    >>> readings = Readings(Figures())
    >>> own = readings.at("450400", "cpi", "2020-10")
    >>> own.rise, own.how, own.status
    (Fraction(1, 1), 'published', 'observed')
    >>> above = readings.at("450400", "cpi", "2020-02")
    >>> above.place, above.how, above.status, above.error > 0
    ('450000', 'above', 'estimated', True)
    """

    standards: Mapping[str, Fraction | int] = MappingProxyType({})

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.at = cache(self._at)
        self._slope = cache(lambda months: estimate.food_slope(figures, months))

    def _at(self, place: str, index: str, month: str) -> Reading | None:
        """Read an index: published at the place, estimated at the place, or the province's with the error of doing so."""
        if own := self.own(place, index, month):
            return own
        for above in lineage(place)[1:]:
            if region(above).level not in ("country", "prefecture_placeholder") and (
                found := self.own(above, index, month)
            ):
                return self._from_above(found)
        return None

    def own(self, place: str, index: str, month: str) -> Reading | None:
        """Read an index from the place's own figures alone: published, or estimated from its classes."""
        if SERIES[index] in self.figures.series and (figure := self.figures.find(place, SERIES[index], month)):
            return _published(index, figure)
        if index == "food":
            return self._food(place, month)
        return self._compiled(place, month) if index == "scpi" else None

    def _food(self, place: str, month: str) -> Reading | None:
        rise = self._food_rise(place, month)
        error = None if rise is None else estimate.error_at(self._food_misses, rise)
        if rise is None or error is None:
            return None
        return Reading("food", month, place, rise, error, "estimated", "food_from_class", len(self._food_misses))

    def _compiled(self, place: str, month: str) -> Reading | None:
        rise = scpi.rise(self.figures, place, month)
        error = None if rise is None else estimate.error_at(self._scpi_misses, rise)
        if rise is None or error is None:
            return None
        return Reading("scpi", month, place, rise, error, "estimated", "compiled", len(self._scpi_misses))

    def _from_above(self, found: Reading) -> Reading | None:
        """Turn the index of the province into an estimate for a place in it."""
        misses = self._scpi_misses if found.index == "scpi" else self._city_misses(found.index)
        error = estimate.error_at(misses, found.rise)
        if error is None:
            return None
        total = max(error, found.error)
        return Reading(found.index, found.month, found.place, found.rise, total, "estimated", "above", len(misses))

    def _food_rise(self, place: str, month: str) -> Fraction | None:
        months = estimate.basket(month)
        return estimate.food_rise(self.figures, place, month, self._slope(months)) if months else None

    @cached_property
    def _food_misses(self) -> tuple[Miss, ...]:
        """Places that published food and the wider class for the same month."""
        found = (
            (self._food_rise(figure.region, figure.period), figure) for figure in self._published_by_places("food")
        )
        return tuple(Miss(rise, figure.rise) for rise, figure in found if rise is not None)

    @cached_property
    def _scpi_misses(self) -> tuple[Miss, ...]:
        """Cities that published their SCPI, against the one compiled for them or their province."""
        found = []
        for figure in self._published_by_places("scpi"):
            rise = scpi.rise(self.figures, province_of(figure.region).code, figure.period)
            found += [] if rise is None else [Miss(rise, figure.rise)]
        return (*found, *self._bound_misses("scpi", lambda place, _, month: scpi.rise(self.figures, place, month)))

    def _city_misses(self, index: str) -> tuple[Miss, ...]:
        """Cities that published an index, or whose payments bound it, against the reading of their province."""
        found = []
        for figure in self._published_by_places(index):
            province = province_of(figure.region).code
            above = self.own(province, index, figure.period) if province != figure.region else None
            found += [Miss(above.rise, figure.rise)] if above else []
        return (*found, *self._bound_misses(index, self._own_rise))

    def _own_rise(self, province: str, index: str, month: str) -> Fraction | None:
        found = self.own(province, index, month)
        return found.rise if found else None

    def _bound_misses(self, index: str, rise: Callable[[str, str, str], Fraction | None]) -> Iterator[Miss]:
        """Places whose payment, or want of it, says on which side of a number their index lay."""
        for side, sign in (("at_most", -1), ("at_least", 1)):
            series = SERIES[index].replace("_yoy", f"_yoy_{side}", 1)
            for place in self.figures.places(series) if series in self.figures.series else ():
                for month, bound in self.figures.all(place, series).items():
                    found = rise(province_of(place).code, index, month)
                    if found is not None and sign * (bound.rise - found) > 0:
                        yield Miss(found, bound.rise)

    def _published_by_places(self, index: str) -> Iterator[Figure]:
        """Published figures of every place below the nation, as readings of their own."""
        for place in self.figures.places(SERIES[index]) if SERIES[index] in self.figures.series else ():
            for month, figure in self.figures.all(place, SERIES[index]).items():
                if place != NATION and figure.status == "observed" and estimate.basket(month):
                    yield figure


class Supposed(Readings):
    """What if: indices and standards given by hand instead of read. Everything that rests on them is synthetic.

    Parameters
    ----------
    figures : Figures
        Published figures, for payments and head-counts.
    rises : mapping
        Rise in percentage points by index, the same in every month; an index that is not given is unknown.
    standards : mapping, optional
        Fen a month by base (`dibao_standard:urban`); a base that is not given is read from the law book.

    Examples
    --------
    >>> Supposed(Figures(), {"cpi": Fraction("3.3")}).at("320000", "cpi", "2022-01").status
    'synthetic'
    """

    def __init__(
        self,
        figures: Figures,
        rises: Mapping[str, Fraction],
        standards: Mapping[str, Fraction | int] = MappingProxyType({}),
    ) -> None:
        super().__init__(figures)
        self.rises, self.standards = rises, standards

    def _at(self, place: str, index: str, month: str) -> Reading | None:
        if (rise := self.rises.get(index)) is None:
            return None
        return Reading(index, month, place, rise, Fraction(0), "synthetic", "supposed")


def rows_behind(figures: Figures, reading: Reading) -> list[Figure]:
    """List the published figures a reading rests on: its own row, or the class rows it was estimated from.

    Examples
    --------
    >>> figures = Figures()
    >>> estimated = Readings(figures).at("230000", "food", "2025-08")
    >>> [figure.series.rpartition(":")[2] for figure in rows_behind(figures, estimated)]
    ['food_tobacco_alcohol', 'food_tobacco_alcohol', 'food']
    """
    if reading.how == "supposed":
        return []
    wanted = [(reading.place, SERIES[reading.index])]
    if SERIES[reading.index] not in figures.series or not figures.find(*wanted[0], reading.month):
        classes = [(reading.place, f"cpi_yoy:total:{name}") for name in scpi.CLASSES]
        food = [(reading.place, estimate.FOOD_CLASS), (NATION, estimate.FOOD_CLASS), (NATION, estimate.FOOD)]
        wanted = {"scpi": classes, "food": food}.get(reading.index, [])
    found = [figures.find(place, series, reading.month) for place, series in wanted]
    return [figure for figure in found if figure]


def _published(index: str, figure: Figure) -> Reading:
    if figure.status == "observed":
        return Reading(index, figure.period, figure.region, figure.rise, Fraction(0), "observed", "published")
    rise = figure.value - INDEX_BASE
    return Reading(index, figure.period, figure.region, rise, figure.error or Fraction(0), figure.status, "derived")
