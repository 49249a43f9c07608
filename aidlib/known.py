"""What a number is: known, with the row it comes from, its status and its error; or missing, which is a value too and says what lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, final

from aidlib.errors import MoneyFault
from aidlib.indices import INDEX_BASE, Figure
from aidlib.law import Status, Value
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, decimal_text, exact

if TYPE_CHECKING:
    import pandas as pd

PARAMETER = "parameter"
SHOWN_DECIMALS = 4
Answer = TypeVar("Answer")


class Note(NamedTuple):
    """What a reader must know, as a code and its facts; the words stand with the pages.

    Examples
    --------
    >>> Note("not_due", ("2025-12-31",)).code
    'not_due'
    """

    code: str
    facts: tuple[str, ...] = ()


@final
@dataclass(frozen=True)
class Known:
    """带单位、状态、误差和出处的数。 A number with its unit, its status, its error and the row it comes from.

    Attributes
    ----------
    number : Fraction
        The exact number, in its unit.
    unit : str
        Unit as published, such as `yuan/person/year`, `pct`, `index_year` or `ratio`.
    status : str
        enacted, observed, estimated, stale, projected or synthetic; a number that somebody chose counts as estimated.
    error : Fraction or None
        Largest credible error in the unit of the number; None where it is published, or an estimate of unknown error.
    rows : tuple of Value or Figure
        The rows of law or published figures it comes from; none for a number somebody gave. `row` is the first of them.
    name : str
        Law name or series, or what a given number stands for.
    low, high : Fraction or None
        Ends of a number that is known as a range only; None where it is a point.

    Examples
    --------
    >>> Known(Fraction(7, 2), "pct", "enacted", name="linkage_cpi_trigger")
    Known(3.5 pct, enacted, linkage_cpi_trigger)
    """

    number: Fraction
    unit: str
    status: Status = "estimated"
    error: Fraction | None = None
    rows: tuple[Value | Figure, ...] = ()
    name: str = ""
    low: Fraction | None = None
    high: Fraction | None = None

    @classmethod
    def of(cls, given: Given, name: str = "", unit: str = "") -> Known:
        """Take a law value, a published figure, or a plain exact number in the unit named; what is known stays as it is.

        Raises
        ------
        MoneyFault
            A float, or a text that is no number: `expected a decimal such as 3.5`.

        Examples
        --------
        >>> Known.of("32844", "consumption", "yuan/person/year").fen_month
        Fraction(273700, 1)
        """
        if isinstance(given, Known):
            return given
        if isinstance(given, Value):
            return cls(given.number, given.unit, given.status, None, (given,), given.name)
        if isinstance(given, Figure):
            number = given.published if given.unit.startswith("index") else given.value
            return cls(number, given.unit, given.status, given.error, (given,), given.series)
        return cls(exact(given), unit, "estimated", name=name)

    @property
    def fen_month(self) -> Fraction:
        """The amount as exact fen a month; a yearly amount is divided by twelve and not rounded."""
        if "yuan" not in self.unit:
            raise MoneyFault("this number is not an amount of money", where=self.where, got=f"{self.name} {self.unit}")
        return self.number * FEN_PER_YUAN / (MONTHS_PER_YEAR if self.unit.endswith("/year") else 1)

    @property
    def ratio(self) -> Fraction:
        """The number as a plain ratio: percentages are divided, an index of 102.5 is a rise of 1/40."""
        if self.unit.startswith("index"):
            return (self.number - INDEX_BASE) / INDEX_BASE
        return self.number / 100 if self.unit == "pct" else self.number

    @property
    def point(self) -> bool:
        """True where the number itself is known, False where only a range is."""
        return self.low is None or self.low == self.high

    @property
    def ends(self) -> tuple[Fraction | None, ...]:
        """The number where it is a point, else low and high; high is None where nothing limits it."""
        return (self.number,) if self.point else (self.low, self.high)

    @property
    def ends_fen_month(self) -> tuple[Fraction | None, ...]:
        """The ends as exact fen a month."""
        return tuple(None if end is None else replace(self, number=end).fen_month for end in self.ends)

    @property
    def as_ratio(self) -> Known:
        """The same as a plain ratio, ends included."""
        low, high = (None if end is None else replace(self, number=end).ratio for end in (self.low, self.high))
        return replace(self, number=self.ratio, unit="ratio", low=low, high=high)

    @property
    def row(self) -> Value | Figure | None:
        """The first row it comes from."""
        return self.rows[0] if self.rows else None

    @property
    def where(self) -> str:
        """File and line of the row, or `parameter`."""
        return self.row.place if self.row else PARAMETER

    @property
    def region(self) -> str:
        """Code of the region the row belongs to; empty for a given number."""
        return self.row.region if self.row else ""

    @property
    def period(self) -> str:
        """Period of the figures (`2017..2018` for several), or first day of the law row; empty for a given number."""
        found = [row.period if isinstance(row, Figure) else str(row.start) for row in self.rows]
        return "..".join(dict.fromkeys((found[0], found[-1]))) if found else ""

    def to_frame(self) -> pd.DataFrame:
        """One row: name, number, low, high (exact), unit, status, error, region, period, sources."""
        return known_frame([self])

    def __repr__(self) -> str:
        ends = "" if self.low is None else f" in {_shown(self.low)}..{_shown(self.high)}"
        return f"Known({_shown(self.number)}{ends} {self.unit}, {self.status}{f', {self.name}' if self.name else ''})"

    def _repr_html_(self) -> str:
        title = escape(f"{self.name} {self.period} {self.where}".strip())
        return f'<span class="known" title="{title}">{_shown(self.number)} {escape(self.unit)} <small>{self.status}</small></span>'


Given = Known | Value | Figure | Fraction | int | str


@final
@dataclass(frozen=True)
class Missing:
    """查而未得的数。 Something that was looked for and is not known. It is false, and a method given one answers with it.

    Attributes
    ----------
    what : str
        Code of what is missing: a series, a law name, or a word such as `level_before`.
    area : str
        `urban`, `rural`, `total` or empty.
    year : int
        Year of what is missing; 0 where it has none.
    method : str
        The method that could not be used for want of it; empty where nothing was tried.
    place : str
        Region code; empty where it is that of the page.
    own : bool
        True where only the place's own figure would do: the province's is the wrong base.

    Examples
    --------
    >>> found = Missing("consumption_pc", "urban", 2018)
    >>> bool(found), found.of_method("consumption_share")
    (False, Missing(consumption_pc, urban, 2018, for consumption_share))
    """

    what: str
    area: str = ""
    year: int = 0
    method: str = ""
    place: str = ""
    own: bool = False

    def __bool__(self) -> Literal[False]:
        return False

    def of_method(self, method: str) -> Missing:
        """Say which method lacks it; one that was already named stays."""
        return self if self.method else replace(self, method=method)

    def to_frame(self) -> pd.DataFrame:
        """One row with the attributes as columns."""
        return missing_frame([self])

    def __repr__(self) -> str:
        parts = [self.what, self.place, self.area, str(self.year or ""), f"for {self.method}" if self.method else ""]
        return f"Missing({', '.join(filter(None, parts))})"

    def _repr_html_(self) -> str:
        return f'<span class="missing">{escape(repr(self)[8:-1])} <small>missing</small></span>'


def lacking(*values: object) -> Missing | None:
    """Return the first missing value among some, or None where all are there.

    Examples
    --------
    >>> lacking("1/2", Missing("cpi_annual", "total", 2018), Missing("wage"))
    Missing(cpi_annual, total, 2018)
    """
    return next((value for value in values if isinstance(value, Missing)), None)


def missing_frame(found: Iterable[Missing]) -> pd.DataFrame:
    """Lay out what is missing, each once: columns what, area, year, method, place, own.

    Examples
    --------
    >>> missing_frame([Missing("wage", year=2024)] * 2)[["what", "year"]].values.tolist()
    [['wage', 2024]]
    """
    import pandas as pd

    names = [field.name for field in fields(Missing)]
    rows = [[getattr(one, name) for name in names] for one in dict.fromkeys(found)]
    return pd.DataFrame(rows, columns=names)


def missing_html(found: Iterable[Missing]) -> str:
    """List what is missing, as HTML; nothing where nothing is."""
    listed = "".join(f"<li>{one._repr_html_()}</li>" for one in dict.fromkeys(found))
    return f"<ul>{listed}</ul>" if listed else ""


def known_frame(found: Iterable[Known]) -> pd.DataFrame:
    """Lay out numbers, one a row: name, number, low, high, unit, status, error, region, period, sources."""
    import pandas as pd

    columns = ["name", "number", "low", "high", "unit", "status", "error", "region", "period"]
    rows = [[getattr(one, name) for name in columns] + [list(one.rows)] for one in found]
    return pd.DataFrame(rows, columns=[*columns, "sources"])


def every(found: Iterable[Any]) -> Iterator[Any]:
    """Go through values and lists of values as one flat row: `every([a, [b, c]])` gives a, b, c.

    Examples
    --------
    >>> list(every([1, [2, (3,)]]))
    [1, 2, 3]
    """
    for one in found:
        if isinstance(one, (list, tuple)) and not isinstance(one, Note):
            yield from every(one)
        else:
            yield one


def _shown(number: Fraction | None) -> str:
    if number is None:
        return ""
    text = decimal_text(number, SHOWN_DECIMALS)
    return text.rstrip("0").rstrip(".")
