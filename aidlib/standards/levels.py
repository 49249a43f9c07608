"""Which standard holds or was announced at a place, for town or country, what it was before, and what is known of it by year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from html import escape
from typing import Literal, final

from aidlib.indices import Figure, Figures
from aidlib.known import Known, Missing
from aidlib.law import Book, LocalLaw, Status, Value, weakest
from aidlib.law.book import CLASS_WORD, DRAFT
from aidlib.law.load import Entry
from aidlib.parameters import year as read_year
from aidlib.regions import NATION, Region, lineage
from aidlib.regions import place as place_named
from aidlib.regions import region as region_of

Kind = Literal["standard", "guide", "average", "floor"]
DIBAO = "dibao_standard"
FLOORS = ("dibao_floor", "dibao_guide")
LAW_NAMES: dict[Kind, str] = {"standard": DIBAO, "guide": "dibao_guide", "floor": "dibao_floor"}
ORDER: tuple[Kind, ...] = ("standard", "guide", "average", "floor")
AREAS = ("urban", "rural")
COSTED = ("standard", "average")  # a guide or a floor costs what the places above it decide
Span = tuple[date, date]


@final
@dataclass(frozen=True)
class Level:
    """One announced amount for town or country.

    Attributes
    ----------
    area : str
        `urban` or `rural`.
    kind : str
        standard, guide, average or floor: different things, never put in one series unsaid.
    year : int
        The year asked about, or for an earlier level the year it belongs to.
    basis : Value or Figure
        The law row or published figure it rests on.
    """

    area: str
    kind: Kind
    year: int
    basis: Value | Figure

    @property
    def known(self) -> Known:
        """The amount as a number with its row."""
        return Known.of(self.basis)

    @property
    def fen_month(self) -> Fraction:
        """Exact fen per person and month; a yearly amount is divided by 12 and not rounded."""
        return self.known.fen_month

    @property
    def status(self) -> Status:
        """Status of the row it rests on."""
        return self.basis.status

    @property
    def part(self) -> str:
        """The part of the city it holds for, such as `nine_districts`, or an empty string."""
        return self.basis.group.partition(":")[2] if isinstance(self.basis, Value) else ""

    @property
    def place(self) -> str:
        """Code of the region the row belongs to."""
        return self.basis.region

    @property
    def yearly(self) -> bool:
        """True where the amount is published per year."""
        return self.basis.unit.endswith("/year")

    @property
    def until(self) -> date | None:
        """The last day its row is attested for; None where the row is open, or it is a published figure."""
        return self.basis.end if isinstance(self.basis, Value) and self.basis.end != date.max else None

    def __repr__(self) -> str:
        return f"Level({self.area} {self.kind} {self.year}: {self.basis.text} {self.basis.unit}, {self.status})"

    def _repr_html_(self) -> str:
        return f'<span class="known" title="{escape(self.basis.place)}">{escape(repr(self)[6:-1])}</span>'


def fen_month(row: Value | Figure) -> Fraction:
    """Return an amount of money as exact fen per month.

    Examples
    --------
    >>> fen_month(Figures().get("450000", "dibao_avg:rural", "2016"))
    Fraction(68225, 3)
    """
    return Known.of(row).fen_month


def level(local: LocalLaw, area: str, name: str = DIBAO) -> Value | None:
    """当地当日执行的标准。 The standard in force at a place on a day.

    Where a city publishes its standard for a part only (its city districts, its main district), that part answers and
    `Value.group` tells which; a place with no row of its own answers with the one above it, and `Value.region` tells that.

    Parameters
    ----------
    local : LocalLaw
        The book opened at a place on a day.
    area : str
        `urban` or `rural`.
    name : str
        Another amount kept by area, such as `tekun_basic_standard` or `dibao_guide`.

    Returns
    -------
    Value or None
        None where the book has no row for that day: it is unknown, not the last one known.

    Examples
    --------
    >>> value = level(Book().at("230100", date(2022, 6, 1)), "rural")
    >>> value.text, value.group
    ('625', 'rural:nine_districts')
    """
    held = _best(local.book, local.place, area, name, (local.on, local.on))
    return local.find(name, held.key[2] if held else area)


def last_level(local: LocalLaw, area: str, name: str = DIBAO) -> Value | None:
    """当地最近一次公布的标准(已过期的标明)。 The standard in force, else the latest that has ended, marked stale.

    Examples
    --------
    >>> last_level(Book().at("450400", date(2020, 2, 1)), "urban").status
    'stale'
    """
    held = _best(local.book, local.place, area, name, (local.on, local.on))
    ended = [entry for entry in entries(local.book, local.place, area, name) if entry.end < local.on]
    found = held or max(ended, key=lambda entry: (entry.end, -rank(local.book, entry, area)), default=None)
    return local.last_known(name, found.key[2]) if found else None


def in_year(book: Book, place: str, area: str, year: int, name: str = DIBAO) -> Value | None:
    """当年最后执行的标准。 The last level of a standard that held within a year, own rows before those of the place above."""
    held = _best(book, region_of(place).code, area, name, (date(year, 1, 1), date(year, 12, 31)))
    if held is None:
        return None
    return book.at(place, min(held.end, date(year, 12, 31))).find(name, held.key[2])


def floor(book: Book, place: str, area: str, year: int) -> Value | None:
    """省定最低标准或指导标准。 The provincial floor or guide over a place in a year; its class's, else the lowest, which binds for certain."""
    for name in FLOORS:
        groups = book.groups(place, name, date(year, 12, 31))
        classes = [group for group in groups if group.partition(":")[0] == area and ":" in group]
        if classes and area not in groups:
            local = book.at(place, date(year, 12, 31))
            lowest = min((local.value(name, group) for group in classes), key=lambda value: value.fen_month)
            return local.optional(name, area) or lowest
        if found := in_year(book, place, area, year, name):
            return found
    return None


def announced(book: Book, figures: Figures, place: str, area: str, year: int) -> Level | None:
    """当年公布的标准;没有时依次取指导标准、平均标准、最低标准。 What a place announced for a year: its standard, else guide, average, floor.

    A place's own rows go first; only a standard, which holds wherever the place below sets none, is taken from above.

    Returns
    -------
    Level or None
        None where nothing was published for that year.

    Examples
    --------
    >>> announced(Book(), Figures(), "230000", "urban", 2019).kind
    'guide'
    >>> announced(Book(), Figures(), "130900", "rural", 2014).kind
    'average'
    """
    code = region_of(place).code
    for kind in ORDER:
        known = _of_place(book, figures, code, area, year, kind)
        if known is not None:
            return Level(area, kind, year, known)
    inherited = in_year(book, code, area, year)
    return Level(area, "standard", year, inherited) if inherited else None


def nearest_level(
    region: str | int | Region,
    area: str,
    year: int | str,
    law: Book | None = None,
    figures: Figures | None = None,
    within: int = 3,
) -> Level | Missing:
    """最接近的公布标准。 The level announced for the year after, the year itself, or the nearest year known within some years.

    Examples
    --------
    >>> nearest_level("350000", "urban", 2013).year, nearest_level("350000", "urban", 1990)
    (2011, Missing(level_near, 350000, urban, 1990))
    """
    book, read, code = law or Book(), figures or Figures(), place_named(region).code
    near = read_year(year)
    offsets = sorted(range(-within, within + 1), key=lambda offset: -1 if offset == 1 else abs(offset))
    found = (announced(book, read, code, area, near + offset) for offset in offsets if area in AREAS)
    return next((level for level in found if level), Missing("level_near", area, near, place=code))


def before(book: Book, figures: Figures, level: Level) -> Level | None:
    """上一次标准。 The level of the same kind before this one; stale when a gap lies between them.

    Its `year` is the year it was set, at the latest the year before: what it is to be uprated from.
    """
    basis = level.basis
    if isinstance(basis, Value):
        earlier = replaced(book, basis)
        year = min(earlier.start.year, level.year - 1) if earlier else level.year
        return Level(level.area, level.kind, year, earlier) if earlier else None
    years = [int(p[:4]) for p in figures.all(basis.region, basis.series) if int(p[:4]) < level.year]
    found = average(figures, basis.region, level.area, max(years)) if years else None
    return Level(level.area, level.kind, max(years), found) if found else None


def current(book: Book, figures: Figures, place: str, area: str, year: int) -> Level | Missing:
    """测算所依据的现行标准。 The level that candidates for a year start from: the one before that year's, whether or not that year's is known.

    Where the year has no level, the last one announced before it answers, of whatever kind; stale where it is not known to have held
    until the year began.
    """
    if now := announced(book, figures, place, area, year):
        return before(book, figures, now) or Missing("level_before", area, year, place=place)
    last = latest_year(place, book, figures, year - 1, area)
    found = announced(book, figures, place, area, last) if last else None
    if found is None:
        return Missing("level_before", area, year, place=place)
    basis = found.basis
    began = min(basis.start.year, found.year) if isinstance(basis, Value) else found.year
    if isinstance(basis, Value) and basis.end < date(year - 1, 12, 31):
        basis = replace(basis, status=weakest("stale", basis.status))
    return replace(found, year=began, basis=basis)


def replaced(book: Book, value: Value) -> Value | None:
    """某标准之前的标准。 The level a value replaced, for the same place and part; stale where a gap lies between them."""
    eve = value.start - timedelta(days=1)
    earlier = [
        entry for entry in book.rows(value.region, value.name) if entry.key[2] == value.group and entry.end <= eve
    ]
    if not earlier:
        return None
    last = max(earlier, key=lambda entry: entry.end)
    found = book.at(value.region, last.end).find(value.name, last.key[2])
    return found if found is None or last.end == eve else replace(found, status=weakest("stale", found.status))


def places(book: Book | None = None, figures: Figures | None = None) -> list[str]:
    """有低保标准(含指导、平均、最低标准)的地区。 List the regions below the nation that have any published level, counties left out.

    Examples
    --------
    >>> "450400" in places(), "532325" in places()
    (True, False)
    """
    book, figures = book or Book(), figures or Figures()
    codes = {entry.key[0] for entry in book.tables.entries if entry.key[1] in LAW_NAMES.values()}
    codes |= {code for area in AREAS for code in figures.places(average_series(area))}
    return sorted(code for code in codes if code != NATION and _reports_for(code))


def latest_year(
    place: str, book: Book | None = None, figures: Figures | None = None, until: int | None = None, area: str = ""
) -> int | None:
    """最近一个有标准的年份。 The latest year, up to one asked for, in which a place has a level of its own, or one it inherits.

    Examples
    --------
    >>> latest_year("450400"), latest_year("130900"), latest_year("450400", until=2018)
    (2019, 2014, 2018)
    """
    book, figures = book or Book(), figures or Figures()
    code, areas = region_of(place).code, (area,) if area else AREAS
    own = [e for name in LAW_NAMES.values() for one in areas for e in _rows_of(book, code, one, name)]
    above = [e for one in areas for e in entries(book, code, one, DIBAO)]
    years = [year for entry in own for year in _years(entry)]
    years += [int(period[:4]) for one in areas for period in figures.all(code, average_series(one))]
    years += [year for entry in above for year in _years(entry)] if until or not years else []
    return max((year for year in years if until is None or year <= until), default=None)


def average_series(area: str) -> str:
    """Name the published series of averages over the counties of a place."""
    return f"dibao_avg:{area}"


def average(figures: Figures, place: str, area: str, year: int) -> Figure | None:
    """当年各县平均标准。 The average a place published for a year: the annual bulletin's, else the latest month within the year."""
    return figures.of_year(place, average_series(area), year)


def entries(book: Book, place: str, area: str, name: str) -> Iterator[Entry]:
    """Yield the rows of a name for an area, or for all areas, at a place and where it falls back to; drafts answer nothing.

    Rows of a place above for another part of it are left out; of a floor or guide they stay where the place's class is not known,
    for the lowest class binds in any case.
    """
    for code in lineage(place) if book.tables.names[name].falls_back else lineage(place)[:1]:
        for entry in _rows_of(book, code, area, name):
            if not book.elsewhere(place, entry) or (name in FLOORS and not _classed(book, place, entry.start)):
                yield entry


def _classed(book: Book, place: str, on: date) -> bool:
    return any(CLASS_WORD.match(word) for word in book.parts(place, on))


def rank(book: Book, entry: Entry, area: str) -> int:
    """Order rows of an area: the area itself goes first, then a row for all areas, then parts in the order of the group vocabulary."""
    group = entry.key[2]
    if group in (area, ""):
        return int(group == "")
    part = group.partition(":")[2].partition(":")[0]
    return 2 + list(book.tables.groups).index(part)


def _rows_of(book: Book, code: str, area: str, name: str) -> Iterator[Entry]:
    for entry in book.rows(code, name):
        if (not entry.key[2] or entry.key[2].partition(":")[0] == area) and entry.row["status"] != DRAFT:
            yield entry


def _best(book: Book, place: str, area: str, name: str, span: Span) -> Entry | None:
    codes = lineage(place)
    found = [entry for entry in entries(book, place, area, name) if entry.start <= span[1] and entry.end >= span[0]]
    found.sort(key=lambda entry: entry.start, reverse=True)
    return min(found, key=lambda entry: (codes.index(entry.key[0]), rank(book, entry, area)), default=None)


def _of_place(book: Book, figures: Figures, code: str, area: str, year: int, kind: Kind) -> Value | Figure | None:
    if kind == "average":
        return average(figures, code, area, year)
    found = in_year(book, code, area, year, LAW_NAMES[kind])
    return found if found is not None and found.region == code else None


def _years(entry: Entry) -> range:
    """Years a row speaks for; one still open speaks at least for the year it began in."""
    return range(entry.start.year, (entry.start if entry.end == date.max else entry.end).year + 1)


def _reports_for(code: str) -> bool:
    place = region_of(code)
    return place.level != "county" or region_of(place.parent).level == "prefecture_placeholder"
