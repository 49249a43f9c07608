"""What a place announced: its standard, else its guide, average or floor, each called by its own name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from aidlib.indices import Figure, Figures
from aidlib.law import Book, Status, Value
from aidlib.law.load import Entry
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN
from aidlib.regions import NATION, lineage, region
from aidlib.standards.levels import DIBAO, in_year, replaced

Kind = Literal["standard", "guide", "average", "floor"]
Known = Value | Figure
LAW_NAMES: dict[Kind, str] = {"standard": DIBAO, "guide": "dibao_guide", "floor": "dibao_floor"}
ORDER: tuple[Kind, ...] = ("standard", "guide", "average", "floor")
AREAS = ("urban", "rural")


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
    basis: Known

    @property
    def fen_month(self) -> Fraction:
        """Exact fen per person and month; a yearly amount is divided by 12 and not rounded."""
        return fen_month(self.basis)

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


def fen_month(known: Known) -> Fraction:
    """Return an amount of money as exact fen per month.

    Examples
    --------
    >>> fen_month(Figures().get("450000", "dibao_avg:rural", "2016"))
    Fraction(68225, 3)
    """
    if isinstance(known, Value):
        return known.fen_month
    return known.value * FEN_PER_YUAN / (MONTHS_PER_YEAR if known.unit.endswith("/year") else 1)


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
    code = region(place).code
    for kind in ORDER:
        known = _own(book, figures, code, area, year, kind)
        if known is not None:
            return Level(area, kind, year, known)
    inherited = in_year(book, code, area, year)
    return Level(area, "standard", year, inherited) if inherited else None


def before(book: Book, figures: Figures, level: Level) -> Level | None:
    """上一次标准。 The level of the same kind before this one; stale when a gap lies between them.

    Its `year` is the year it was set, at the latest the year before: what it is to be uprated from.

    Examples
    --------
    >>> book, figures = Book(), Figures()
    >>> before(book, figures, announced(book, figures, "450400", "urban", 2019)).basis.text
    '587'
    """
    basis = level.basis
    if isinstance(basis, Value):
        earlier = replaced(book, basis)
        year = min(earlier.start.year, level.year - 1) if earlier else level.year
        return Level(level.area, level.kind, year, earlier) if earlier else None
    found = figures.latest(basis.region, basis.series, f"{level.year - 1}-99")
    return Level(level.area, level.kind, int(found.period[:4]), found) if found else None


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


def latest_year(place: str, book: Book | None = None, figures: Figures | None = None) -> int | None:
    """最近一个有标准的年份。 The latest year for which a place has a level of its own, or one it inherits.

    Examples
    --------
    >>> latest_year("450400"), latest_year("130900")
    (2019, 2014)
    """
    book, figures = book or Book(), figures or Figures()
    code = region(place).code
    years = [_last_year(e) for e in book.tables.entries if e.key[0] == code and e.key[1] in LAW_NAMES.values()]
    years += [int(period[:4]) for area in AREAS for period in figures.all(code, average_series(area))]
    above = [_last_year(e) for e in book.tables.entries if e.key[0] in lineage(code) and e.key[1] == DIBAO]
    return max(years or above, default=None)


def average_series(area: str) -> str:
    """Name the published series of averages over the counties of a place."""
    return f"dibao_avg:{area}"


def _own(book: Book, figures: Figures, code: str, area: str, year: int, kind: Kind) -> Known | None:
    if kind == "average":
        return figures.latest(code, average_series(area), f"{year}-99") if _covers(figures, code, area, year) else None
    found = in_year(book, code, area, year, LAW_NAMES[kind])
    return found if found is not None and found.region == code else None


def _covers(figures: Figures, code: str, area: str, year: int) -> bool:
    return any(period.startswith(str(year)) for period in figures.all(code, average_series(area)))


def _last_year(entry: Entry) -> int:
    """Last year a row speaks for; one still open speaks at least for the year it began in."""
    return (entry.start if entry.end == date.max else entry.end).year


def _reports_for(code: str) -> bool:
    place = region(code)
    return place.level != "county" or region(place.parent).level == "prefecture_placeholder"
