"""The law book: ask for a name at a place on a day, get a cited value or a named gap; every read is remembered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain

from aidlib import tables
from aidlib.errors import LawGap, nearest
from aidlib.law.load import Entry, Tables, load
from aidlib.law.value import Value
from aidlib.parameters import day
from aidlib.regions import lineage, region

DRAFT = "projected"
CLASS = "standard_class"
DISTRICT = ("city_districts", "nine_districts", "five_districts")
COUNTY = ("counties", "other_counties", "three_counties", "ten_counties")
PARTS = {*DISTRICT, *COUNTY, "main_district"}
CLASS_WORD = re.compile(r"class_\d+$")
Key = tuple[str, str, str]


class Book:
    """法规数据。 The dated, cited rows of `data/law/`, indexed by region, name and group.

    Each instance remembers what was read through it, so that a report can print its own legal basis. Loading is cached;
    making another `Book` is cheap.

    Examples
    --------
    >>> from datetime import date
    >>> Book().at("450400", date(2020, 2, 1)).value("linkage_cpi_trigger").text
    '3.5'
    """

    def __init__(self) -> None:
        stamps = _stamps()
        self._tables = _loaded(stamps)
        self._index, self._rows = _indexed(stamps)
        self.reads: dict[str, Value] = {}
        self.gaps: dict[str, LawGap] = {}

    @property
    def tables(self) -> Tables:
        """The checked tables themselves, for coverage and checks."""
        return self._tables

    def at(self, place: str, on: date) -> LocalLaw:
        """Open the book at a place on a day.

        Parameters
        ----------
        place : str
            Region code or full Chinese name.
        on : date
            The day asked about. Price-linkage values are dated by index month: ask with the first day of that month.
        """
        return LocalLaw(self, region(place).code, on if type(on) is date else day(on, "on"))

    def history(self, place: str, name: str, group: str = "") -> list[Value]:
        """List a place's own rows for a name, oldest first (no fallback); reading them counts as a read."""
        found = [self._value(entry, place) for entry in self._index.get((region(place).code, name, group), ())]
        self.reads |= {value.place: value for value in found}
        return found

    def groups(self, place: str, name: str, on: date) -> tuple[str, ...]:
        """List the groups for which a name has a row in force at a place or above it on a day, nearest place first."""
        found = [
            entry.row["group"]
            for code in lineage(place)
            for entry in self.rows(code, name)
            if entry.start <= on <= entry.end and entry.row["status"] != DRAFT
        ]
        return tuple(dict.fromkeys(found))

    def rows(self, place: str, name: str) -> tuple[Entry, ...]:
        """List a place's own rows for a name, all groups, oldest first, without counting them as read."""
        return self._rows.get((region(place).code, name), ())

    def parts(self, place: str, on: date) -> tuple[str, ...]:
        """某地属于上级所定标准的哪一类区。 Group words that say which part of the places above a place is.

        Its class by a dated row (`standard_class`), its own or that of the place above; and for a county what its code says
        (GB/T 2260: district, or county), unless its own row says otherwise.

        Examples
        --------
        >>> Book().parts("140105", date(2023, 6, 1))[0], Book().parts("140121", date(2023, 6, 1))[0]
        ('city_districts', 'counties')
        """
        code = region(place).code
        found = [e for above in lineage(code) for e in self.rows(above, CLASS) if e.start <= on <= e.end]
        classes = tuple(dict.fromkeys(entry.row["value"] for entry in found))
        own = {entry.row["value"] for entry in found if entry.key[0] == code}
        return classes if own & {*DISTRICT, *COUNTY} else (*classes, *_by_code(code))

    def elsewhere(self, place: str, entry: Entry) -> bool:
        """上级所定标准只对其他类区。 True where a row of a place above holds for a part that a place is not known to belong to.

        Examples
        --------
        Anshan's level of 2023 for its counties is no level of a district:

        >>> book = Book()
        >>> rows = [e for e in book.rows("210300", "dibao_standard") if e.key[2] == "urban:counties"]
        >>> book.elsewhere("210302", rows[0]), book.elsewhere("210321", rows[0]), book.elsewhere("210300", rows[0])
        (True, False, False)
        """
        words = {word for word in entry.key[2].split(":") if word in PARTS or CLASS_WORD.match(word)}
        if not words or entry.key[0] == region(place).code:
            return False
        return not words <= {*self.parts(place, entry.start)}

    def _value(self, entry: Entry, asked: str) -> Value:
        row = entry.row
        kind = self._tables.kinds[row["unit"]]
        return Value(
            row["name"], row["group"], row["region"], asked, entry.start, entry.end, row["value"], row["unit"], kind,
            row["period"], row["status"], self._tables.sources[row["source"]],  # type: ignore[arg-type]
            row["article"], row["checked_on"], row["note"], row.place,
        )  # fmt: skip


@dataclass(frozen=True)
class LocalLaw:
    """The book opened at one place on one day."""

    book: Book = field(repr=False)
    place: str
    on: date

    def value(self, name: str, group: str = "") -> Value:
        """Answer a name, falling back from the place to those above where the name allows it; a draft does not answer.

        Parameters
        ----------
        name : str
            A name of `data/law/names.csv`.
        group : str
            A group of persons or an area; a row for the group goes before a row for all groups of the same place.
            Alternatives are split by `|` (`rural:at_home|rural`): the nearest place answers, the first of them first.

        Raises
        ------
        LawGap
            No row holds on that day; the message names the nearest row that is known.
        """
        found = self.find(name, group)
        if found is None:
            raise self._gap(name, group)
        return found

    def find(self, name: str, group: str = "") -> Value | None:
        """Answer like `value`, but None where the book has no row; the gap is remembered all the same."""
        found = self.optional(name, group)
        if found is None:
            self.book.gaps.setdefault(f"{self.place} {name} {group} {self.on}", self._gap(name, group))
        return found

    def optional(self, name: str, group: str = "") -> Value | None:
        """Answer like `find` for a rule a place may do without (a floor, a cap): having no row is then no gap."""
        entry = next((e for e in self._candidates(name, group) if e.start <= self.on <= e.end), None)
        return self._remember(self.book._value(entry, self.place)) if entry else None

    def last_known(self, name: str, group: str = "") -> Value | None:
        """Answer with the row in force, else the latest one that has ended, marked `stale`; None when there is neither."""
        if any(e.start <= self.on <= e.end for e in self._candidates(name, group)):
            return self.find(name, group)
        ended = [e for e in self._candidates(name, group) if e.end < self.on]
        if not ended:
            return None
        return self._remember(replace(self.book._value(max(ended, key=lambda e: e.end), self.place), status="stale"))

    def _candidates(self, name: str, group: str) -> Iterator[Entry]:
        names = self.book.tables.names
        if name not in names:
            raise LawGap("unknown law name", expected="a name of law/names.csv", got=name, hint=nearest(name, names))
        places = lineage(self.place) if names[name].falls_back else (self.place,)
        return (
            entry
            for code in places
            for wanted in self._groups(code, group)
            for entry in self.book._index.get((code, name, wanted), ())
            if entry.row["status"] != DRAFT
        )

    @cached_property
    def _parts(self) -> tuple[str, ...]:
        return self.book.parts(self.place, self.on)

    def _groups(self, code: str, group: str) -> Iterable[str]:
        """Groups to ask for at a place, first choice first: at one above, the part of it that the asked place is."""
        wanted = dict.fromkeys((*group.split("|"), ""))
        if code == self.place or not self._parts:
            return wanted
        narrow = ([*(f"{word}:{part}".lstrip(":") for part in self._parts), word] for word in wanted)
        return dict.fromkeys(chain.from_iterable(narrow))

    def _remember(self, value: Value) -> Value:
        self.book.reads[value.place] = value
        return value

    def _gap(self, name: str, group: str) -> LawGap:
        known = sorted(self._candidates(name, group), key=lambda e: abs((e.start - self.on).days))
        hint = f"the nearest known row is {known[0].row.place} ({_span(known[0])})" if known else ""
        what = f"the law book has no {name}{f' for {group}' if group else ''} on {self.on}"
        return LawGap(what, where=str(region(self.place)), hint=hint or "add a row with its source to data/law/")


def _span(entry: Entry) -> str:
    return f"from {entry.start} on" if entry.end == date.max else f"{entry.start} to {entry.end}"


def _by_code(code: str) -> tuple[str, ...]:
    """Tell a district of a city from a county by the last two digits of its code (GB/T 2260)."""
    if region(code).level != "county":
        return ()
    city, number = int(code[2:4]), int(code[4:])
    in_city = city <= 20 or 51 <= city <= 70
    return DISTRICT if in_city and (number <= 20 or 51 <= number <= 80) else COUNTY


def _stamps() -> tuple[object, ...]:
    folders = [tables.shipped(), tables.overlay()]
    files = [path for folder in folders if folder for path in sorted((folder / "law").glob("*.csv"))]
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


@lru_cache(maxsize=4)
def _loaded(_stamps: tuple[object, ...]) -> Tables:
    return load()


@lru_cache(maxsize=4)
def _indexed(
    stamps: tuple[object, ...],
) -> tuple[dict[Key, tuple[Entry, ...]], dict[tuple[str, str], tuple[Entry, ...]]]:
    return indexed(_loaded(stamps).entries)


def indexed(entries: Iterable[Entry]) -> tuple[dict[Key, tuple[Entry, ...]], dict[tuple[str, str], tuple[Entry, ...]]]:
    """Sort rows by region, name and group, and by region and name, oldest first."""
    by_key: dict[Key, list[Entry]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda e: e.start):
        by_key[entry.key].append(entry)
        by_name[entry.key[:2]].append(entry)
    return {key: tuple(rows) for key, rows in by_key.items()}, {key: tuple(rows) for key, rows in by_name.items()}
