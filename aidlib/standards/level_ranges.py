"""What is known of a level on a day: a point where a row holds, else a range from what is known before, after, below and above."""

from __future__ import annotations

import sys
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from math import ceil
from typing import TYPE_CHECKING, Literal

from aidlib.indices import Figure, Figures
from aidlib.known import Known
from aidlib.law import Book, LocalLaw, Status, Value, weakest
from aidlib.law.book import DRAFT
from aidlib.law.load import Entry
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN
from aidlib.regions import NATION, lineage, province_of, region
from aidlib.result import Result
from aidlib.standards.levels import DIBAO, FLOORS, entries, level, rank

if TYPE_CHECKING:
    import pandas as pd

How = Literal["in_force", "average", "carried", "between", "earlier", "above", "floor"]
AREAS = ("urban", "rural")
TEKUN = "tekun_basic_standard"
FLOORS_OF = {DIBAO: FLOORS, TEKUN: ("tekun_basic_floor",)}
RISING = (DIBAO, *FLOORS, TEKUN)
COVERED = Fraction(95, 100)  # of the rises and distances seen, this share lies inside a range
FEWEST = 20  # rises or distances below which no quantile is taken
WINDOW = 5  # years to either side: rises of 2010 were twice those of today


@dataclass(frozen=True)
class LevelRange(Result):
    """What is known of a level on a day.

    Attributes
    ----------
    place, area, name, on : str, str, str, date
        What was asked: region code, `urban` or `rural`, law name, day.
    low : Fraction
        Fen a month: the level is no lower.
    high : Fraction or None
        Fen a month; None where nothing on file limits it: the level is "at least" `low`.
    status : str
        That of the row in force; `stale` where the place's own last row is carried on; `estimated` for anything else.
    how : str
        `in_force`; `average` (the place's own published mean of that month); `carried` (its last row or average, and the usual rise);
        `between` (an earlier and a later one); `earlier` (only a later one); `above` (its province's average, and how far places lie
        from theirs); `floor` (only a legal floor or guide, and how far places lie above theirs).
    basis : tuple of Value or Figure
        The rows it rests on.
    floor : Value or None
        The legal floor or guide that lifted `low`, where one did.
    years : int
        Yearly adjustments that may lie between the day last known and the day asked about.
    cases : int
        Rises or distances that the usual one was taken from.
    """

    place: str
    area: str
    name: str
    on: date
    low: Fraction
    high: Fraction | None
    status: Status
    how: How
    basis: tuple[Value | Figure, ...]
    floor: Value | None = None
    years: int = 0
    cases: int = 0

    @property
    def point(self) -> Fraction | None:
        """The amount in fen a month where it is known; None for a range."""
        return self.low if self.low == self.high else None

    @property
    def known(self) -> Known:
        """The range as a number, yuan a month, its upper end rounded up to whole yuan; with the rows it rests on; its point is the lower end."""
        low, high = self.low / FEN_PER_YUAN, None if self.high is None else self.high / FEN_PER_YUAN
        if high is not None and self.point is None:
            high = Fraction(ceil(high))
        rows = (*self.basis, *([self.floor] if self.floor else []))
        return Known(low, "yuan/person/month", self.status, None, rows, self.name, low, high)

    @property
    def in_force(self) -> bool:
        """True where a row of the book holds on the day."""
        return self.how == "in_force"

    def to_frame(self) -> pd.DataFrame:
        """One row: place, area, name, on, low and high (exact fen a month), status, how, years, cases, sources."""
        import pandas as pd

        names = ["place", "area", "name", "on", "low", "high", "status", "how", "years", "cases"]
        row = [*(getattr(self, name) for name in names), [*self.basis, *([self.floor] if self.floor else [])]]
        return pd.DataFrame([row], columns=[*names, "sources"])


def level_range(book: Book, figures: Figures, place: str, area: str, on: date, name: str = DIBAO) -> LevelRange | None:
    """当地当日标准:有效的为定值,否则为区间。 The level of a place on a day: a point where a row holds, else a range; never a stale point.

    Standards are not cut (no row of the book falls), so the last one known limits it from below, and so does the lowest class of the
    last legal floor or guide. From above it is limited by a later one known and by the usual rise: the 95th percentile of the rises
    of standards, floors, guides and averages over as many years, of the same area and about the same time. A place with no row and
    no average of its own gets its province's average, else floor, times the distances seen between places and their province.

    Parameters
    ----------
    book, figures : Book, Figures
        Law and published figures; the rows the range rests on are remembered as read, and a missing row as a gap.
    place, area : str
        Region code; `urban` or `rural`.
    on : date
        The day.
    name : str
        `dibao_standard`, or another amount kept by area such as `tekun_basic_standard`.

    Returns
    -------
    LevelRange or None
        None where neither the place nor one above it (the nation left out) has a row, an average or a floor.

    Examples
    --------
    >>> book, figures = Book(), Figures()
    >>> level_range(book, figures, "450400", "urban", date(2019, 6, 1)).point
    Fraction(68000, 1)
    >>> later = level_range(book, figures, "450400", "urban", date(2020, 2, 1))
    >>> later.low, later.point, later.status, later.how
    (Fraction(68000, 1), None, 'stale', 'carried')
    """
    asked = Asked(book.at(place, on), figures, area, name)
    if (held := level(asked.local, area, name)) is not None:
        return asked.answer(held.fen_month, held.fen_month, held.status, "in_force", (held,))
    found = _from_rows(asked) or (
        _from_averages(asked, asked.local.place) or _from_above(asked) if name == DIBAO else None
    )
    floor = last_floor(asked.local, area, name)
    if floor is None or (found and found.low >= floor.fen_month):
        return found
    least = _from_floor(asked, floor)
    if found is None:
        return least
    high = found.high if found.high is None or found.high >= floor.fen_month else least.high
    return replace(found, low=floor.fen_month, high=high, floor=floor, status=weakest(found.status, "estimated"))


def last_floor(local: LocalLaw, area: str, name: str = DIBAO) -> Value | None:
    """当日已知的最低标准或指导标准。 The highest legal floor or guide set by a day; of classes the lowest, which binds for certain.

    One whose row has ended still answers, marked stale: floors are not lowered.
    """
    found = (_last_of(local, area, one) for one in FLOORS_OF.get(name, ()))
    return max((value for value in found if value), key=lambda value: value.fen_month, default=None)


@dataclass(frozen=True)
class Anchor:
    """An amount known to have held from one day to another, in fen a month."""

    start: date
    end: date
    fen_month: Fraction
    basis: Value | Figure | None = None


@dataclass(frozen=True)
class Usual:
    """A quantile of what was seen elsewhere, as a ratio, and the number of cases."""

    ratio: Fraction
    cases: int


@dataclass(frozen=True)
class Asked:
    """A question: place and day, area, name."""

    local: LocalLaw
    figures: Figures
    area: str
    name: str

    @property
    def seen(self) -> Seen:
        """What was seen elsewhere."""
        return seen(self.local.book, self.figures)

    def answer(
        self,
        low: Fraction,
        high: Fraction | None,
        status: Status,
        how: How,
        basis: tuple[Value | Figure, ...],
        years: int = 0,
        cases: int = 0,
    ) -> LevelRange:
        """Put an answer together."""
        at = self.local
        return LevelRange(at.place, self.area, self.name, at.on, low, high, status, how, basis, None, years, cases)


def _from_rows(asked: Asked) -> LevelRange | None:
    """From the last row that ended and the first of its part that begins later, of the nearest place that has any."""
    local, places = asked.local, lineage(asked.local.place)
    held = [entry for entry in entries(local.book, local.place, asked.area, asked.name) if entry.key[0] != NATION]
    nearest = min((places.index(entry.key[0]) for entry in held), default=0)
    own = sorted(
        (entry for entry in held if entry.key[0] == places[nearest]), key=lambda e: rank(local.book, e, asked.area)
    )
    last = max((entry for entry in own if entry.end < local.on), key=lambda entry: entry.end, default=None)
    later = (entry for entry in own if entry.start > local.on and (last is None or entry.key[2] == last.key[2]))
    first = min(later, key=lambda entry: entry.start, default=None)
    return _between(asked, _anchor(local, last), _anchor(local, first))


def _from_averages(asked: Asked, place: str) -> LevelRange | None:
    """From the published averages of a place, the last before and the first after; an average is no standard."""
    on, known = asked.local.on, asked.seen.averages.get((place, asked.area), ())
    before = max((anchor for anchor in known if anchor.start <= on), key=lambda anchor: anchor.start, default=None)
    if before and before.basis and before.end >= on:
        (read,) = _cited(asked, before)
        return asked.answer(before.fen_month, before.fen_month, weakest("estimated", read.status), "average", (read,))
    after = min((anchor for anchor in known if anchor.start > on), key=lambda anchor: anchor.start, default=None)
    return _between(asked, before, after)


def _between(asked: Asked, before: Anchor | None, after: Anchor | None) -> LevelRange | None:
    """From an earlier amount up to where it usually rises, and from a later one down to where it usually comes from."""
    if before is None and after is None:
        return None
    on, most = asked.local.on, asked.seen.most
    lows, highs = ([anchor.fen_month] if anchor else [] for anchor in (before, after))
    up = most(asked.area, years_between(before.end, on), before.end.year) if before else None
    down = most(asked.area, years_between(on, after.start), after.start.year) if after else None
    if before and up:
        highs.append(before.fen_month * up.ratio)
    if after and down:
        lows.append(after.fen_month / down.ratio)
    low, high = max(lows, default=Fraction(0)), min(highs, default=None)
    how: How = "carried" if after is None else "between" if before else "earlier"
    basis = _cited(asked, before, after)
    own = how == "carried" and isinstance(basis[0], Value)
    years = years_between(before.end, on) if before else years_between(on, after.start) if after else 0
    status = weakest(
        "stale" if own else "estimated", *(row.status for row in basis if row.status not in ("stale", "enacted"))
    )
    low, high = (low, None) if high is None else (min(low, high), max(low, high))
    return asked.answer(low, high, status, how, basis, years, (up or down or Usual(Fraction(1), 0)).cases)


def _from_above(asked: Asked) -> LevelRange | None:
    """From the average of the province, by how far places lie from theirs; never from the nation's."""
    province = province_of(asked.local.place).code
    usual = asked.seen.distance(asked.area, "average")
    if usual is None or province in (asked.local.place, NATION):
        return None
    mean = _from_averages(asked, province)
    if mean is None or mean.high is None:
        return None
    near, far = usual
    return replace(
        mean, low=mean.low * near.ratio, high=mean.high * far.ratio, status="estimated", how="above", cases=far.cases
    )


def _from_floor(asked: Asked, floor: Value) -> LevelRange:
    """From a legal floor or guide, by how far places lie above theirs and by what it usually rises."""
    years = years_between(floor.end, asked.local.on) if floor.end < asked.local.on else 0
    up = asked.seen.most(asked.area, years, floor.start.year)
    usual = asked.seen.distance(asked.area, "floor")
    high = floor.fen_month * up.ratio * usual[1].ratio if up and usual else None
    found = asked.answer(floor.fen_month, high, "estimated", "floor", (floor,), years, usual[1].cases if usual else 0)
    return replace(found, floor=floor)


def _last_of(local: LocalLaw, area: str, name: str) -> Value | None:
    """Of the rows of a floor that began last, the one for the whole area, else the lowest class."""
    begun = [entry for entry in entries(local.book, local.place, area, name) if entry.start <= local.on]
    nearest = min((lineage(local.place).index(entry.key[0]) for entry in begun), default=0)
    begun = [entry for entry in begun if entry.key[0] == lineage(local.place)[nearest]]
    latest = max((entry.start for entry in begun), default=date.min)
    held = [_read(local, entry) for entry in begun if entry.end >= latest]
    whole = [value for value in held if value.group in (area, "")]
    return min(whole or held, key=lambda value: value.fen_month, default=None)


def _read(local: LocalLaw, entry: Entry) -> Value:
    """Read a row, remembered as read; one that has ended is marked stale."""
    found = local.book.at(entry.key[0], entry.start).value(*entry.key[1:])
    return replace(found, status=weakest("stale", found.status)) if entry.end < local.on else found


def _anchor(local: LocalLaw, entry: Entry | None) -> Anchor | None:
    return Anchor(entry.start, entry.end, (value := _read(local, entry)).fen_month, value) if entry else None


def _cited(asked: Asked, *anchors: Anchor | None) -> tuple[Value | Figure, ...]:
    """Name the rows behind anchors; figures count as read here, where they are used."""
    found = [anchor.basis for anchor in anchors if anchor and anchor.basis]
    for row in found:
        if isinstance(row, Figure):
            asked.figures.find(row.region, row.series, row.period)
    return tuple(found)


def averages(figures: Figures, place: str, area: str) -> Iterator[Anchor]:
    """各县平均标准。 Yield the published averages of a place: one of a year holds on its last day, one of a month through the month.

    Examples
    --------
    >>> [str(anchor.end) for anchor in averages(Figures(), "440000", "urban")]
    ['2011-06-30', '2016-12-31']
    """
    for period, figure in figures.all(place, f"dibao_avg:{area}").items():
        year, month = int(period[:4]), int(period[5:7] or 12)
        last = date(year, month, monthrange(year, month)[1])
        monthly = figure.value * FEN_PER_YUAN / (MONTHS_PER_YEAR if figure.unit.endswith("/year") else 1)
        yield Anchor(last.replace(day=1) if period[5:] else last, last, monthly, figure)


def years_between(first: date, last: date) -> int:
    """Count the yearly adjustments that may lie between a day and a later one: at least one."""
    return max(1, ceil(((last.year - first.year) * MONTHS_PER_YEAR + last.month - first.month) / MONTHS_PER_YEAR))


@dataclass(frozen=True)
class Rise:
    """A rise seen: area, years between, the year it started from, the ratio."""

    area: str
    years: int
    year: int
    ratio: Fraction


class Seen:
    """Every rise between levels of one place and part, and every distance between a place and its province, from all that is on file.

    Examples
    --------
    >>> found = seen(Book(), Figures())
    >>> found.most("urban", 1, 2022).ratio < found.most("rural", 1, 2014).ratio
    True
    """

    def __init__(self, lines: dict[tuple[str, str, str], list[Anchor]]) -> None:
        self.rises = [rise for (_, area, _), line in lines.items() for rise in _rises(area, line)]
        self.distances = _distances(lines)
        self.averages = {(place, area): line for (place, area, name), line in lines.items() if name == "average"}
        self._most: dict[tuple[str, int, int], Usual | None] = {}
        self.distance = cache(self._distance)

    def most(self, area: str, years: int, year: int) -> Usual | None:
        """The ratio that 95 of 100 rises over so many years stayed within, near a year; None where too few were seen.

        More years than were seen are put together from shorter ones; more years never give less.
        """
        if years == 0:
            return Usual(Fraction(1), 0)
        if (key := (area, years, year)) not in self._most:
            self._most[key] = self._usual(*key)
        return self._most[key]

    def _usual(self, area: str, years: int, year: int) -> Usual | None:
        every = [rise for rise in self.rises if (rise.area, rise.years) == (area, years)]
        near = [rise for rise in every if abs(rise.year - year) <= WINDOW]
        used = near if len(near) >= FEWEST else every
        less = self.most(area, years - 1, year)
        if len(used) >= FEWEST:
            found = Usual(quantile([rise.ratio for rise in used], COVERED), len(used))
            return max(found, less or found, key=lambda one: one.ratio)
        one = self.most(area, 1, year) if years > 1 else None
        return Usual(less.ratio * one.ratio, less.cases) if less and one else None

    def _distance(self, area: str, what: str) -> tuple[Usual, Usual] | None:
        """How far below and above their province's `average` or `floor` nine in ten places lie, as ratios; None where too few were seen."""
        found = self.distances.get((area, what), [])
        if len(found) < FEWEST:
            return None
        low, high = (Usual(quantile(found, share), len(found)) for share in (1 - COVERED, COVERED))
        return low, high


def quantile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """Return the smallest value that a share of all do not exceed."""
    return sorted(values)[max(ceil(share * len(values)) - 1, 0)]


@dataclass(frozen=True, eq=False)
class _Read:
    """A book and figures; two are the same when they hold the same loaded tables, whoever asks through them."""

    book: Book
    figures: Figures

    @property
    def tables(self) -> tuple[object, ...]:
        return self.book.tables, self.figures._store(f"dibao_avg:{AREAS[0]}"), sys.intern(self.figures.as_of)

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.tables)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Read) and all(a is b for a, b in zip(self.tables, other.tables, strict=True))


def seen(book: Book, figures: Figures) -> Seen:
    """历年标准的涨幅和各地与全省的距离。 Everything seen in a book and its figures; measured once for the tables they hold."""
    return _seen(_Read(book, figures))


@lru_cache(maxsize=4)
def _seen(read: _Read) -> Seen:
    return Seen(lines(read.book, read.figures))


def lines(book: Book, figures: Figures) -> dict[tuple[str, str, str], list[Anchor]]:
    """Levels through time by place, area, and name with its part; what somebody supposed is left out, and nothing counts as read."""
    found: dict[tuple[str, str, str], list[Anchor]] = defaultdict(list)
    for entry in book.tables.entries:
        place, name, group = entry.key
        if name in RISING and entry.row["status"] not in (DRAFT, "synthetic"):
            first, _, part = group.partition(":")
            amount = book._value(entry, place).fen_month
            for area in (first,) if first in AREAS else AREAS:
                found[place, area, f"{name}:{part}"].append(Anchor(entry.start, entry.end, amount))
    for area in AREAS:
        for place in figures.places(f"dibao_avg:{area}"):
            found[place, area, "average"] += averages(figures, place, area)
    return {key: sorted(line, key=lambda anchor: anchor.start) for key, line in found.items()}


def _rises(area: str, line: list[Anchor]) -> Iterator[Rise]:
    for at, first in enumerate(line):
        for last in line[at + 1 :]:
            if last.start > first.end:
                ratio = last.fen_month / first.fen_month
                yield Rise(area, years_between(first.end, last.start), first.end.year, ratio)


def _distances(lines: dict[tuple[str, str, str], list[Anchor]]) -> dict[tuple[str, str], list[Fraction]]:
    """Standards and averages of places over the average, or the lowest floor or guide, of their province in the same year."""
    above: dict[tuple[str, str, str, int], list[Fraction]] = defaultdict(list)
    for (place, area, name), line in lines.items():
        what = "average" if name == "average" else "floor" if name.startswith(FLOORS) else ""
        if what and region(place).level == "province":
            for year, amount in _by_year(line):
                above[place, area, what, year].append(amount)
    found: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for (place, area, name), line in lines.items():
        if (name == "average" or name.startswith(DIBAO)) and region(place).level not in ("province", "country"):
            for year, amount in _by_year(line):
                for what in ("average", "floor"):
                    if held := above.get((province_of(place).code, area, what, year)):
                        found[area, what].append(amount / min(held))
    return found


def _by_year(line: list[Anchor]) -> Iterator[tuple[int, Fraction]]:
    """The last amount of every year of a line in which one held; a row still open speaks for the year it began in."""
    held = {
        year: anchor.fen_month
        for anchor in line
        for year in range(anchor.start.year, (anchor.start if anchor.end == date.max else anchor.end).year + 1)
    }
    yield from held.items()
