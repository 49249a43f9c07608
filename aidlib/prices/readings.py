"""Which index a place is read with: its own published one first, then an estimate that carries its error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from types import MappingProxyType

from aidlib.indices import INDEX_BASE, Figure, Figures
from aidlib.law.value import Status
from aidlib.prices import estimate, scpi
from aidlib.prices.estimate import Errors, Miss
from aidlib.regions import NATION, lineage, province_of, region

SERIES = {
    "cpi": "cpi_yoy:total:all_items",
    "food": "cpi_yoy:total:food",
    "scpi": "scpi_yoy:total:all_items",
    "grain": "cpi_yoy:total:grain",
    "utilities": "cpi_yoy:total:water_power_fuel",
    "cpi_ytd": "cpi_ytd:total:all_items",
    "necessities_ytd": "necessities_ytd:total:all_items",
}
PAYMENTS = "price_subsidy_paid:"


@dataclass(frozen=True)
class Reading:
    """The rise of an index at a place in a month, in percentage points, with how it is known.

    Attributes
    ----------
    index, month : str
        cpi, food, scpi, grain, utilities, cpi_ytd or necessities_ytd; `YYYY-MM`.
    place : str
        Region the number belongs to; for a place without its own index the one above it.
    rise, error : Fraction
        The published number with error 0, or an estimate with its largest credible error.
    status : str
        observed or estimated.
    how : str
        published, derived (an estimate of the data table), food_from_class, compiled, above (the index of the place above),
        supposed, or printed (as an announcement states it).
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
    given_status: Status = "observed"
    others = True

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.at = cache(self._at)
        self._read = cache(self._published_or_estimated)
        self._city_errors = cache(lambda index: Errors(self._city_misses(index)))
        self._slope = cache(lambda months: estimate.food_slope(figures, months))

    def _at(self, place: str, index: str, month: str) -> Reading | None:
        """Read an index: published at the place, estimated at the place, or the province's with the error of doing so."""
        if own := self.of_place(place, index, month):
            return own
        for above in lineage(place)[1:]:
            if region(above).level not in ("country", "prefecture_placeholder") and (
                found := self.of_place(above, index, month)
            ):
                return self._from_above(found)
        return None

    def of_place(self, place: str, index: str, month: str) -> Reading | None:
        """Read an index from the place's own figures alone: published, or estimated from its classes."""
        return self._read(place, index, month)

    def _published_or_estimated(self, place: str, index: str, month: str) -> Reading | None:
        if SERIES[index] in self.figures.series and (figure := self.figures.find(place, SERIES[index], month)):
            return _published(index, figure)
        if index == "food":
            return self._food(place, month)
        return self._compiled(place, month) if index == "scpi" else None

    @cached_property
    def _payments(self) -> dict[str, dict[str, set[str]]]:
        """Series of announced payments by month and place."""
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for series in (name for name in self.figures.series if name.startswith(PAYMENTS)):
            for place in self.figures.places(series):
                for month in self.figures.all(place, series):
                    found[month][place].add(series.removeprefix(PAYMENTS))
        return found

    def payments(self, place: str, month: str) -> set[str]:
        """Tell which payments the place is known to have announced for a month."""
        return self._payments[month].get(place, set()) if month in self._payments else set()

    def paying(self, month: str) -> tuple[str, ...]:
        """List the places that are known to have announced a payment for a month."""
        return tuple(self._payments.get(month, ()))

    def _food(self, place: str, month: str) -> Reading | None:
        rise = self._food_rise(place, month)
        error = None if rise is None else self._food_errors.at(rise)
        if rise is None or error is None:
            return None
        return Reading("food", month, place, rise, error, "estimated", "food_from_class", self._food_errors.cases)

    def _compiled(self, place: str, month: str) -> Reading | None:
        rise = scpi.rise(self.figures, place, month)
        error = None if rise is None else self._scpi_errors.at(rise)
        if rise is None or error is None:
            return None
        return Reading("scpi", month, place, rise, error, "estimated", "compiled", self._scpi_errors.cases)

    def _from_above(self, found: Reading) -> Reading | None:
        """Turn the index of the province into an estimate for a place in it."""
        errors = self._scpi_errors if found.index == "scpi" else self._city_errors(found.index)
        error = errors.at(found.rise)
        if error is None:
            return None
        status = "estimated" if found.status in ("observed", "estimated") else found.status
        return Reading(
            found.index, found.month, found.place, found.rise, max(error, found.error), status, "above", errors.cases
        )

    def _food_rise(self, place: str, month: str) -> Fraction | None:
        months = estimate.basket(month)
        return estimate.food_rise(self.figures, place, month, self._slope(months)) if months else None

    @cached_property
    def _food_errors(self) -> Errors:
        return Errors(self._food_misses())

    @cached_property
    def _scpi_errors(self) -> Errors:
        return Errors(self._scpi_misses())

    def _food_misses(self) -> tuple[Miss, ...]:
        """Places that published food and the wider class for the same month."""
        found = (
            (self._food_rise(figure.region, figure.period), figure) for figure in self._published_by_places("food")
        )
        return tuple(Miss(rise, figure.rise) for rise, figure in found if rise is not None)

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
            above = self._read(province, index, figure.period) if province != figure.region else None
            found += [Miss(above.rise, figure.rise)] if above else []
        return (*found, *self._bound_misses(index, self._own_rise))

    def _own_rise(self, province: str, index: str, month: str) -> Fraction | None:
        found = self._read(province, index, month)
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


class Given(Readings):
    """Readings of which some are given by hand: by place, index and month; the others are read from the figures, or unknown.

    Parameters
    ----------
    figures : Figures
        Published figures, for the rest, for payments and head-counts.
    rises : mapping
        Rise in percentage points by (place, index, month); an empty place or month stands for every one.
    standards : mapping
        Fen a month by base (`dibao_standard:urban`) or by group of persons; what is not given is read from the law book.
    status, how : str
        How the given numbers are known.
    others : bool
        Whether indices that are not given are read from the figures.
    """

    def __init__(
        self,
        figures: Figures,
        rises: Mapping[tuple[str, str, str], Fraction],
        standards: Mapping[str, Fraction | int],
        status: Status,
        how: str,
        others: bool,
    ) -> None:
        super().__init__(figures)
        self.rises, self.standards, self.given_status, self.how, self.others = rises, standards, status, how, others

    def of_place(self, place: str, index: str, month: str) -> Reading | None:
        """Read what is given for the place, for every place, or for every month; then what is published, where others count."""
        for key in ((place, index, month), ("", index, month), ("", index, "")):
            if (rise := self.rises.get(key)) is not None:
                return Reading(index, month, place, rise, Fraction(0), self.given_status, self.how)
        return super().of_place(place, index, month) if self.others else None


class Supposed(Given):
    """What if: indices and standards given by hand instead of read. Everything that rests on them is synthetic.

    Parameters
    ----------
    figures : Figures
        Published figures, for payments and head-counts.
    rises : mapping
        Rise in percentage points by index, the same at every place and in every month; an index that is not given is unknown.
    standards : mapping, optional
        Fen a month by base (`dibao_standard:urban`) or by group; one that is not given is read from the law book.

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
        everywhere = {("", index, ""): rise for index, rise in rises.items()}
        super().__init__(figures, everywhere, standards, "synthetic", "supposed", others=False)


class Printed(Given):
    """What an announcement prints for one month: the indices that count for it, and standards. They count as published.

    Parameters
    ----------
    figures : Figures
        Published figures, for every index that the announcement does not print.
    month : str
        Index month of the announcement.
    rises : mapping
        Rise in percentage points by index.
    standards : mapping
        Fen a month by base or by group.

    Examples
    --------
    >>> printed = Printed(Figures(), "2019-07", {"scpi": Fraction("4.2")}, {"dibao_urban": 59000})
    >>> printed.at("371100", "scpi", "2019-07").status
    'observed'
    """

    def __init__(
        self, figures: Figures, month: str, rises: Mapping[str, Fraction], standards: Mapping[str, Fraction | int]
    ) -> None:
        here = {("", index, month): rise for index, rise in rises.items()}
        super().__init__(figures, here, standards, "observed", "printed", others=True)


def rows_behind(figures: Figures, reading: Reading) -> list[Figure]:
    """List the published figures a reading rests on: its own row, or the class rows it was estimated from.

    Examples
    --------
    >>> figures = Figures()
    >>> estimated = Readings(figures).at("230000", "food", "2025-08")
    >>> [figure.series.rpartition(":")[2] for figure in rows_behind(figures, estimated)]
    ['food_tobacco_alcohol', 'food_tobacco_alcohol', 'food']
    """
    if reading.how in ("supposed", "printed"):
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
