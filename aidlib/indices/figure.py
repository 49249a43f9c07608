"""What the reference tables answer: a figure with its series, source, vintage and error."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from aidlib.law.value import Status
from aidlib.money import exact, half_up

INDEX_BASE = 100
SCALES = {"10k ": 10_000, "100m ": 100_000_000}


@dataclass(frozen=True)
class Series:
    """A published series: the table it lies in, its units, and the count of decimals it is published with."""

    name: str
    table: str
    unit: str
    decimals: int | None
    zh: str
    en: str
    note: str

    @property
    def units(self) -> tuple[str, ...]:
        """The units its figures may have."""
        return tuple(self.unit.split("|"))


@dataclass(frozen=True)
class Publication:
    """Where figures were read: title, date, kind of source, and an address only where it is official."""

    id: str
    title: str
    date: str
    kind: str
    url: str


@dataclass(frozen=True)
class Figure:
    """One published figure.

    Attributes
    ----------
    region, period, series : str
        Code; `2023`, `2023-06`, a day or `2023-Q1Q3`; name in `data/reference/series.csv`.
    text, unit : str
        The value as written, and its unit.
    status : str
        observed, estimated, projected or synthetic.
    source : Publication
        Where it was read.
    vintage : str
        When it was published or exported, empty where unknown; the newest vintage of a figure answers.
    error : Fraction or None
        Largest credible error of an estimate, in the unit of the value. None: a published figure, or an estimate whose error is unknown.
    decimals : int or None
        Decimals the series is published with.
    place, note : str
        File and line; caveat.
    """

    region: str
    period: str
    series: str
    text: str
    unit: str
    status: Status
    source: Publication
    vintage: str
    error: Fraction | None
    decimals: int | None
    place: str
    note: str

    @property
    def value(self) -> Fraction:
        """The exact number as written."""
        return exact(self.text)

    @property
    def published(self) -> Fraction:
        """The number as published: exports with more decimals are rounded half-up to the published ones."""
        if self.decimals is None:
            return self.value
        scale = 10**self.decimals
        return Fraction(half_up(self.value * scale), scale)

    @property
    def rise(self) -> Fraction:
        """Rise in percentage points of an index with base 100, from the published number."""
        return self.published - INDEX_BASE

    @property
    def plain(self) -> Fraction:
        """The number in single persons, households or yuan: `10k persons` times 10 000, `100m yuan` times 10^8."""
        return self.value * next((scale for prefix, scale in SCALES.items() if self.unit.startswith(prefix)), 1)
