"""A reform: law values changed in memory, for a region and everything below it; what rests on one is synthetic and cites no article."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import copy
from dataclasses import replace
from datetime import date, timedelta

from aidlib.errors import AidError, Fault, MoneyFault, ParameterFault, nearest
from aidlib.law import faults
from aidlib.law.book import Book, indexed
from aidlib.law.load import Entry, Name, Tables
from aidlib.law.value import Source
from aidlib.parameters import written
from aidlib.regions import NATION, Region, lineage, place
from aidlib.tables import Row

REFORM = Source("REFORM", "reform", "", "", "", "", "INFERENCE", "")
"""What a changed value cites: nothing."""
DAY, MONTH = len("2026-01-01"), len("2026-01")
Changed = tuple[str, str]
"""Law name and group."""


EXPECTED = 'a Reform, or new values by law name such as {"linkage_cpi_trigger": "3.0"}'


class Reform:
    """假设的规定，只在内存中。 Law values as they might be: a trigger, a multiplier, a standard, a share, for a region and a span of days.

    Parameters
    ----------
    values : mapping
        New value by law name, with its group after `:` where it is for one group (`{"linkage_cpi_trigger": "3.0",
        "dibao_standard:urban": "700"}`). Numbers are text, whole numbers or decimals, in the unit of the name; where a name allows several
        units, write the unit after the number (`"8400 yuan/person/year"`).
    region : str, int or Region
        Region for which they hold (code, Chinese or English name), with everything below it: rows of places below stand back. Default: the nation.
    first, last : str, optional
        First and last day (`YYYY-MM-DD`) or month (`YYYY-MM`), both included. Default: always.

    Raises
    ------
    ParameterFault
        Every unknown name or group (the nearest one is suggested) and every value that is none.
    RegionUnknown
        No such region.

    Examples
    --------
    >>> lower = Reform({"linkage_cpi_trigger": "3.0"}, first="2019-09", last="2019-09")
    >>> value = lower.book(Book()).at("230000", date(2019, 9, 1)).value("linkage_cpi_trigger")
    >>> value.text, value.status, value.article, Book().at("230000", date(2019, 9, 1)).value("linkage_cpi_trigger").text
    ('3.0', 'synthetic', '', '3.5')
    """

    def __init__(
        self,
        values: Mapping[str, object],
        region: str | int | Region = NATION,
        first: str = "",
        last: str | None = None,
    ) -> None:
        if not isinstance(values, Mapping):
            raise ParameterFault("not a reform", where="reform", expected=EXPECTED, got=str(values))
        self.values = dict(values)
        self.region = place(region).code
        self.first = _day(first, end=False) if first else date.min
        self.last = _day(last, end=True) if last else date.max
        if self.last < self.first:
            raise ParameterFault("the last day is before the first", expected=f"{first} or later", got=last)
        self._changes(Book().tables)

    def book(self, book: Book) -> Book:
        """Return the same book with the changes laid over it; what is read counts as read in the original.

        Parameters
        ----------
        book : Book
            The law as it is.
        """
        changes = self._changes(book.tables)
        kept = [part for entry in book.tables.entries for part in self._around(entry, changes)]
        changed = copy(book)
        sources = {**book.tables.sources, REFORM.id: REFORM}
        changed._tables = replace(book.tables, entries=(*kept, *changes.values()), sources=sources)
        changed._index, changed._rows = indexed(changed._tables.entries)
        return changed

    def _changes(self, tables: Tables) -> dict[Changed, Entry]:
        """Make the new rows; every fault is listed at once."""
        found: dict[Changed, Entry] = {}
        wrong: list[Fault] = []
        for line, (key, value) in enumerate(self.values.items(), start=1):
            try:
                name, group, text, unit = _read(key, value, tables)
            except AidError as error:
                wrong += error.faults
                continue
            cells = {
                "region": self.region, "name": name, "group": group, "from": "", "to": "", "value": text, "unit": unit, "period": "",
                "status": "synthetic", "source": REFORM.id, "article": "", "checked_on": "", "note": "",
            }  # fmt: skip
            found[name, group] = Entry(Row("reform", line, False, cells), self.first, self.last)
        if wrong:
            raise ParameterFault(wrong)
        return found

    def _around(self, entry: Entry, changes: Mapping[Changed, Entry]) -> Iterator[Entry]:
        """Yield what is left of a row: all of it, or its days before and after the reform."""
        where, name, group = entry.key
        stands = any(name == new and (not of or group == of or group.startswith(f"{of}:")) for new, of in changes)
        if not stands or self.region not in lineage(where) or entry.end < self.first or entry.start > self.last:
            yield entry
            return
        if entry.start < self.first:
            yield replace(entry, end=self.first - timedelta(days=1))
        if entry.end > self.last:
            yield replace(entry, start=self.last + timedelta(days=1))


def reform_of(given: Reform | Mapping[str, object] | None) -> Reform | None:
    """Take a mapping of law values as a reform of the nation that holds always."""
    return given if given is None or isinstance(given, Reform) else Reform(given)


def _day(text: str, end: bool) -> date:
    """Read a day, or the first or last day of a month."""
    try:
        if len(text) == DAY:
            return date.fromisoformat(text)
        day = date.fromisoformat(f"{text}-01")
    except (TypeError, ValueError):
        raise ParameterFault(
            "unreadable day",
            where="first, last",
            expected="YYYY-MM or YYYY-MM-DD",
            got=str(text),
            hint=written(str(text), 2),
        ) from None
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1) if end else day


def _read(key: str, value: object, tables: Tables) -> tuple[str, str, str, str]:
    """Read a change: law name, group, value and unit."""
    name, _, group = key.partition(":")
    if name not in tables.names:
        raise ParameterFault(
            "unknown law name",
            where=key,
            expected="a name of law/names.csv",
            got=name,
            hint=nearest(name, tables.names),
        )
    strange = [part for part in group.split(":") if part and part not in tables.groups]
    if strange:
        raise ParameterFault(
            "unknown group",
            where=key,
            expected="a group of law/groups.csv",
            got=strange[0],
            hint=nearest(strange[0], tables.groups),
        )
    text, _, unit = str(value).strip().partition(" ")
    word = tables.names[name]
    if word.units == ("text",):
        text, unit = str(value).strip(), "text"
    if not unit and len(word.units) > 1 and word.units[0].split("/")[0] != word.units[-1].split("/")[0]:
        raise ParameterFault(
            "a unit is needed",
            where=key,
            expected=", ".join(word.units),
            got=str(value),
            hint=f"{text} {word.units[0]}",
        )
    unit = unit or word.units[0]
    if unit not in word.units:
        raise ParameterFault("not a unit of this name", where=key, expected=", ".join(word.units), got=unit)
    _check(key, text, tables.kinds[unit], word, tables)
    return name, group, text, unit


def _check(key: str, text: str, kind: str, name: Name, tables: Tables) -> None:
    """Refuse a value that its unit cannot hold, and words that the name does not know."""
    try:
        faults.read_value(text, kind)
    except (MoneyFault, ValueError) as fault:
        expected = fault.faults[0].expected if isinstance(fault, MoneyFault) else str(fault)
        raise ParameterFault("not a value of this name", where=key, expected=expected, got=text) from None
    stands_for: dict[str, Collection[str]] = {
        "law_name": tables.names,
        "source_id": tables.sources,
        "group": tables.groups,
    }
    if strange := list(faults.strangers(text, name.note, stands_for)) if kind == "text" else []:
        known = faults.vocabulary(name.note)
        raise ParameterFault(
            "not a word of this name",
            where=key,
            expected=", ".join(known),
            got=strange[0],
            hint=nearest(strange[0], known),
        )
