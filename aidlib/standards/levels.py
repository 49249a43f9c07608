"""Which standard holds at a place on a day, for town or country, and what it was before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from aidlib.law import Book, LocalLaw, Value
from aidlib.law.load import Entry
from aidlib.regions import lineage, region

if TYPE_CHECKING:
    import pandas as pd

DIBAO = "dibao_standard"
FLOORS = ("dibao_floor", "dibao_guide")
Span = tuple[date, date]


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
    ended = [entry for entry in _entries(local.book, local.place, area, name) if entry.end < local.on]
    found = held or max(ended, key=lambda entry: (entry.end, -_rank(local.book, entry, area)), default=None)
    return local.last_known(name, found.key[2]) if found else None


def in_year(book: Book, place: str, area: str, year: int, name: str = DIBAO) -> Value | None:
    """当年最后执行的标准。 The last level of a standard that held within a year, own rows before those of the place above.

    Examples
    --------
    >>> in_year(Book(), "450400", "rural", 2019).text
    '4500'
    """
    held = _best(book, region(place).code, area, name, (date(year, 1, 1), date(year, 12, 31)))
    if held is None:
        return None
    return book.at(place, min(held.end, date(year, 12, 31))).find(name, held.key[2])


def floor(book: Book, place: str, area: str, year: int) -> Value | None:
    """省定最低标准或指导标准。 The provincial floor or guide over a place in a year; of several classes the lowest, which binds for certain.

    Examples
    --------
    >>> floor(Book(), "440100", "urban", 2023).text
    '857'
    """
    for name in FLOORS:
        groups = book.groups(place, name, date(year, 12, 31))
        classes = [group for group in groups if group.partition(":")[0] == area and ":" in group]
        if classes and area not in groups:
            local = book.at(place, date(year, 12, 31))
            return min((local.value(name, group) for group in classes), key=lambda value: value.fen_month)
        if found := in_year(book, place, area, year, name):
            return found
    return None


def replaced(book: Book, value: Value) -> Value | None:
    """某标准之前的标准。 The level a value replaced, for the same place and part; stale where a gap lies between them.

    Examples
    --------
    >>> book = Book()
    >>> replaced(book, in_year(book, "450400", "urban", 2019)).text
    '587'
    """
    eve = value.start - timedelta(days=1)
    key = (value.region, value.name, value.group)
    earlier = [entry for entry in book.tables.entries if entry.key == key and entry.end <= eve]
    if not earlier:
        return None
    last = max(earlier, key=lambda entry: entry.end)
    found = book.at(value.region, last.end).find(value.name, last.key[2])
    return found if found is None or last.end == eve else replace(found, status="stale")


def history(book: Book, place: str, area: str, name: str = DIBAO) -> pd.DataFrame:
    """某地历年标准。 Every level the book knows of a place itself, oldest first.

    Returns
    -------
    pandas.DataFrame
        Columns group, start, end (date), text, unit, yuan_month (float, for plotting only), status, source, place.

    Examples
    --------
    >>> list(history(Book(), "450400", "urban")["text"])
    ['587', '680']
    """
    import pandas as pd

    own = {entry.key[2] for entry in _entries(book, place, area, name) if entry.key[0] == region(place).code}
    values = sorted((v for group in own for v in book.history(place, name, group)), key=lambda v: (v.start, v.group))
    columns = ["group", "start", "end", "text", "unit", "yuan_month", "status", "source", "place"]
    rows = [
        (v.group, v.start, v.end, v.text, v.unit, float(v.fen_month) / 100, v.status, v.source.id, v.place)
        for v in values
    ]
    return pd.DataFrame(rows, columns=columns)


def _best(book: Book, place: str, area: str, name: str, span: Span) -> Entry | None:
    places = lineage(place)
    found = [entry for entry in _entries(book, place, area, name) if entry.start <= span[1] and entry.end >= span[0]]
    found.sort(key=lambda entry: entry.start, reverse=True)
    return min(found, key=lambda entry: (places.index(entry.key[0]), _rank(book, entry, area)), default=None)


def _entries(book: Book, place: str, area: str, name: str) -> Iterator[Entry]:
    places = lineage(place) if book.tables.names[name].falls_back else lineage(place)[:1]
    for entry in (entry for code in places for entry in book.rows(code, name)):
        group = entry.key[2]
        if not group or group.partition(":")[0] == area:
            yield entry


def _rank(book: Book, entry: Entry, area: str) -> int:
    """The area itself goes first, then a row for all areas, then parts in the order of the group vocabulary."""
    group = entry.key[2]
    if group in (area, ""):
        return int(group == "")
    part = group.partition(":")[2].partition(":")[0]
    return 2 + list(book.tables.groups).index(part)
