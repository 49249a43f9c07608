"""A local figure means local: the place's own, else a range that says how it was come by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import ceil

from aidlib.indices.figures import Figures
from aidlib.indices.store import Figure
from aidlib.law.value import Status
from aidlib.regions import NATION, children, lineage, province_of, provinces, region

PREFECTURE, COUNTY = "prefecture", "county"
LEAST_PLACES = 5
WHOLE = Fraction(4, 5)
"""Share of a province's prefectures that must be known before they show how far a further one may lie from it."""
PER_HEAD = tuple(
    f"{what}:{area}" for what in ("disposable_income_pc", "consumption_pc") for area in ("total", "urban", "rural")
)
"""Series whose places part from their province alike: how far they do is measured on all of them together."""
NINETEEN_IN_TWENTY = Fraction(19, 20)
LONGEST_CARRY = 5
"""Own figures are carried at most so many years; farther apart than that, the spread over places is the safer guide."""


@dataclass(frozen=True)
class Local:
    """A figure of a place for a year, or the range it lies in.

    Attributes
    ----------
    place, series, period : str
        What was asked.
    low, point, high : Fraction
        Ends of the range and the likeliest value, in `unit`; one number where the place published it.
    unit : str
        As published, such as `yuan/person/year`.
    status : str
        That of the published figure, else estimated.
    how : str
        `published`; `carried`: the place's own figure of another year, moved as its province moved (a province: its town or country, moved
        as all its residents were), with the farthest that any is known to have parted from that in so many years, or an earlier one moved
        as the nation moved; `above`: the province's figure times how far its places lie from it.
    pool : str
        Province whose places gave the spread, `000000` where too few of it are known and places of all provinces stand in.
    cases : int
        Places (for `carried`: pairs of years) the spread was measured on.
    figures : tuple of Figure
        Rows it rests on.
    lacks : str
        The series that the place itself lacks, empty where it was published.
    """

    place: str
    series: str
    period: str
    low: Fraction
    point: Fraction
    high: Fraction
    unit: str
    status: Status
    how: str
    pool: str
    cases: int
    figures: tuple[Figure, ...]
    lacks: str


def local_figure(figures: Figures, place: str, series: str, period: int | str) -> Local | None:
    """本地数就是本地的：没有公布的，按省内各地与全省的差距给出范围。 Return a place's own figure for a year, or the range it lies in.

    Where four in five prefectures of a province are known, the range of another one reaches from the lowest to the highest ratio to
    the province that they had (each by its mean over the years known), around their median. Where fewer are, the farthest that any
    place of that level in any province lay from its province, as a factor, is laid on both sides: the press names the rich sooner than
    the poor, so the poor end is taken to be at least as far away. It is what is known, not a confidence interval. The place's own
    figure of another year is a closer guide; of the two ranges the narrower one is given. A province whose town or country was not
    published for the year is carried from the nearest year that was: as all its residents' figure moved, and as the nation's town or
    country moved against the whole nation. Where nothing of the province was published for the year, its last figure is moved as the
    nation's moved since, with the factor within which nineteen in twenty provinces have kept to the nation over so many years.

    Parameters
    ----------
    figures : Figures
        The published figures.
    place : str
        Region code of any level.
    series : str
        A yearly series with an area, such as `disposable_income_pc:urban`. Areas are not exchanged.
    period : int or str
        The year of the figure itself.

    Returns
    -------
    Local or None
        None where neither the place nor its province has a figure to start from. The nation's level never stands in.

    Examples
    --------
    >>> own = local_figure(Figures(), "440300", "disposable_income_pc:total", 2022)
    >>> own.point, own.status, own.how
    (Fraction(72718, 1), 'observed', 'published')
    >>> wide = local_figure(Figures(), "441700", "disposable_income_pc:total", 2022)
    >>> wide.low < wide.point < wide.high, wide.status, wide.how, wide.lacks
    (True, 'estimated', 'above', 'disposable_income_pc:total')
    >>> local_figure(Figures(), "441700", "disposable_income_pc:total", 2031) is None
    True
    """
    code, year = region(place).code, str(period)
    if own := figures.find(code, series, year):
        number = own.value
        error = own.error or Fraction(0)
        return Local(code, series, year, number - error, number, number + error, own.unit, own.status, "published", "",
                     0, (own,), "")  # fmt: skip
    province = province_of(code).code
    if province == NATION or (base := _base(figures, province, series, year)) is None:
        return None
    if code == province:
        ends = (base.value / base.widest, base.value, base.value * base.widest)
        return Local(
            code, series, year, *ends, base.unit, "estimated", "carried", NATION, base.cases, base.figures, series
        )
    spread = [found for found in (_carried(figures, code, series, year), _from_above(figures, code, series)) if found]
    return min(
        (_laid(code, series, year, base, each) for each in spread), key=lambda at: at.high - at.low, default=None
    )


@dataclass(frozen=True)
class _Base:
    """A province's figure: published, or carried from another year by that of all its residents, with the factor it may be out by."""

    value: Fraction
    widest: Fraction
    unit: str
    cases: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class _Spread:
    """How a place lies to its province: ratios, and what they were measured on."""

    low: Fraction
    middle: Fraction
    high: Fraction
    how: str
    pool: str
    cases: int
    figures: tuple[Figure, ...] = ()


def _laid(place: str, series: str, year: str, base: _Base, spread: _Spread) -> Local:
    low, point = spread.low * base.value / base.widest, spread.middle * base.value
    return Local(place, series, year, low, point, spread.high * base.value * base.widest, base.unit, "estimated", spread.how,
                 spread.pool, spread.cases, (*spread.figures, *base.figures), series)  # fmt: skip


def _base(figures: Figures, province: str, series: str, year: str) -> _Base | None:
    """Find a province's figure of a year: published, of another year and moved as all its residents' was, or as the nation's was."""
    return _base_within(figures, province, series, year) or _moved_with_nation(figures, province, series, year)


def _base_within(figures: Figures, province: str, series: str, year: str) -> _Base | None:
    """Find it published; town or country of another year is moved as all its residents' was and as the nation's share was."""
    if own := figures.find(province, series, year):
        return _Base(own.value, Fraction(1), own.unit, 0, (own,))
    whole = f"{series.rpartition(':')[0]}:total"
    if whole == series or whole not in figures.series:
        return None
    near = _nearest([other for other in figures.all(province, series) if figures.find(province, whole, other)], year)
    widest, cases = _drift(figures, series, abs(int(year) - int(near)), whole) if near else (Fraction(1), 0)
    wanted = [(code, name, other) for code in (province, NATION) for name in (series, whole) for other in (near, year)]
    rows = [row for at in wanted if at != (province, series, year) and (row := figures.find(*at))] if cases else []
    if len(rows) < len(wanted) - 1:
        return None
    then, before, lead, area_then, area_now, all_then, all_now = (row.value for row in rows)
    moved = then * lead / before * (area_now / all_now) / (area_then / all_then)
    return _Base(moved, widest, rows[0].unit, cases, tuple(rows))


def _moved_with_nation(figures: Figures, province: str, series: str, year: str) -> _Base | None:
    """Take the last figure of a province, moved as the nation's of the same series moved since."""
    now = figures.find(NATION, series, year)
    for years in range(1, LONGEST_CARRY + 1) if now else ():
        earlier = str(int(year) - years)
        then, base = figures.find(NATION, series, earlier), _base_within(figures, province, series, earlier)
        if now and then and base:
            apart, cases = parted_from_nation(figures, series, years)
            value, rows = base.value * now.value / then.value, (*base.figures, then, now)
            return _Base(value, base.widest * apart, base.unit, cases, rows) if cases else None
    return None


@lru_cache(maxsize=256)
def parted_from_nation(figures: Figures, series: str, years: int) -> tuple[Fraction, int]:
    """各省变动与全国变动之差。 The factor within which nineteen in twenty provinces kept to the nation over so many years.

    Measured on town, country and all residents together, where the series has them. Of figures it had not seen (2017 to 2024, the
    epidemic among them) the range held nine in ten.

    Returns
    -------
    tuple of Fraction and int
        The factor, at least 1, and the pairs of years it was measured on; 0 pairs where too few are known.

    Examples
    --------
    >>> apart, cases = parted_from_nation(Figures(), "disposable_income_pc:total", 1)
    >>> round(float(apart), 3), cases > 300
    (1.021, True)
    """
    alike = [name for name in PER_HEAD if name.startswith(series.partition(":")[0])] or [series]
    factors: list[Fraction] = []
    for name, province in product(alike, provinces()):
        own, nation = figures.all(province.code, name), figures.all(NATION, name)
        ratios = {int(year): own[year].value / nation[year].value for year in own if year in nation}
        moved = [ratios[year + years] / ratios[year] for year in ratios if year + years in ratios]
        factors += [max(factor, 1 / factor) for factor in moved]
    if len(factors) < len(provinces()):
        return Fraction(1), 0
    return sorted(factors)[ceil(len(factors) * NINETEEN_IN_TWENTY) - 1], len(factors)


def _carried(figures: Figures, place: str, series: str, year: str) -> _Spread | None:
    """Take the place's own ratio to its province in the nearest year, with the farthest such ratios have been seen to drift."""
    above = figures.all(province_of(place).code, series)
    near = _nearest([other for other in figures.all(place, series) if other in above], year)
    widest, cases = _drift(figures, series, abs(int(year) - int(near))) if near else (Fraction(1), 0)
    if not cases:
        return None
    rows = (figures.get(place, series, near), figures.get(province_of(place).code, series, near))
    ratio = rows[0].value / rows[1].value
    return _Spread(ratio / widest, ratio, ratio * widest, "carried", NATION, cases, rows)


def _nearest(years: Sequence[str], year: str) -> str:
    """Return the nearest year that a figure may be carried from, the earlier of two; empty where none is near enough."""
    away = {other: abs(int(year) - int(other)) for other in years}
    return min(
        (other for other in years if away[other] <= LONGEST_CARRY), key=lambda other: (away[other], other), default=""
    )


def _from_above(figures: Figures, place: str, series: str) -> _Spread | None:
    """Measure how far places of the same level lie from their province."""
    level = COUNTY if region(place).level == COUNTY else PREFECTURE
    province = province_of(place).code
    kin = {
        code: _mean(list(ratios.values()))
        for code, ratios in _ratios(figures, series).items() if region(code).level == level
    }  # fmt: skip
    near = [ratio for code, ratio in kin.items() if province_of(code).code == province]
    if level == PREFECTURE and len(near) >= LEAST_PLACES and len(near) >= WHOLE * _count(province):
        return _Spread(min(near), _median(near), max(near), "above", province, len(near))
    if len(kin) < LEAST_PLACES:
        return None
    widest = max(max(ratio, 1 / ratio) for ratio in kin.values())
    return _Spread(1 / widest, Fraction(1), widest, "above", NATION, len(kin))


@lru_cache(maxsize=256)
def _drift(figures: Figures, series: str, years: int, whole: str = "") -> tuple[Fraction, int]:
    """How far, as a factor, a ratio is known to have changed over so many years or fewer, and on how many pairs of years.

    Ratios are those of places to their province, or of an area of a province to the whole of it. Where no pair lies so many years
    apart, the change grows in proportion to the years.
    """
    if whole:
        tracks = list(_shares(figures, series, whole).values())
    else:
        alike = PER_HEAD if series in PER_HEAD else (series,)
        tracks = [ratios for name in alike for ratios in _ratios(figures, name).values()]
    pairs = [
        (int(last) - int(first), ratios[last] / ratios[first])
        for ratios in tracks for first in ratios for last in ratios if 0 < int(last) - int(first) <= years
    ]  # fmt: skip
    if not pairs:
        return Fraction(1), 0
    longest, widest = max(apart for apart, _ in pairs), max(max(factor, 1 / factor) for _, factor in pairs)
    return 1 + (widest - 1) * Fraction(years, longest), len(pairs)


def _shares(figures: Figures, series: str, whole: str) -> dict[str, dict[str, Fraction]]:
    """Ratios of an area of each province to all its residents, over the same ratio of the nation, by province and year."""
    found = {}
    for code in (NATION, *(province.code for province in provinces())):
        every, own = figures.all(code, whole), figures.all(code, series)
        found[code] = {year: own[year].value / every[year].value for year in own if year in every}
    nation = found.pop(NATION)
    return {
        code: {year: share / nation[year] for year, share in kept.items() if year in nation}
        for code, kept in found.items()
    }


def _count(province: str) -> int:
    """Count the prefectures of a province."""
    return sum(place.level == PREFECTURE for place in children(province))


@lru_cache(maxsize=64)
def _ratios(figures: Figures, series: str) -> dict[str, dict[str, Fraction]]:
    """Ratios of places to their province, by place and year, where both published the year."""
    found: dict[str, dict[str, Fraction]] = {}
    for place, year, own, above in _pairs(figures, series):
        found.setdefault(place, {})[year] = own.value / above.value
    return found


def _pairs(figures: Figures, series: str) -> Iterator[tuple[str, str, Figure, Figure]]:
    for place in figures.places(series):
        above = province_of(place).code
        if above in (place, NATION) or len(lineage(place)) < len((place, above)):
            continue
        whole = figures.all(above, series)
        for year, own in figures.all(place, series).items():
            if year in whole and whole[year].value:
                yield place, year, own, whole[year]


def _mean(values: Sequence[Fraction]) -> Fraction:
    numbers = list(values)
    return sum(numbers, Fraction(0)) / len(numbers)


def _median(values: Sequence[Fraction]) -> Fraction:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
