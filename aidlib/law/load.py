"""Reading the law tables and finding every fault in them: the book loads whole or not at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from aidlib import tables
from aidlib.errors import AidError, Fault, LawFault, nearest
from aidlib.law.value import STATUSES, Source
from aidlib.money import Rounding, exact
from aidlib.regions import region

VALUE_COLUMNS = (
    "region", "name", "group", "from", "to", "value", "unit", "period", "status", "source", "article", "checked_on", "note",
)  # fmt: skip
SOURCE_COLUMNS = ("id", "title", "number", "issuer", "date", "in_force", "level", "url")
NAME_COLUMNS = ("name", "unit", "falls_back", "dated_by", "zh", "en", "note")
UNIT_COLUMNS = ("unit", "kind", "zh", "en")
OFFICIAL = re.compile(r"^https?://([\w-]+\.)*(gov\.cn|stats\.gov\.cn|npc\.gov\.cn|github\.com)(/|$)")


@dataclass(frozen=True)
class Name:
    """A word of the book's vocabulary: its units, whether a place falls back to the one above, and its labels."""

    name: str
    units: tuple[str, ...]
    falls_back: bool
    dated_by: str
    zh: str
    en: str
    note: str


@dataclass(frozen=True)
class Entry:
    """A checked row of the book: the row and its dates, read once."""

    row: tables.Row
    start: date
    end: date

    @property
    def key(self) -> tuple[str, str, str]:
        """Region, name and group."""
        return self.row["region"], self.row["name"], self.row["group"]


@dataclass(frozen=True)
class Tables:
    """The four law tables, checked."""

    entries: tuple[Entry, ...]
    sources: dict[str, Source]
    names: dict[str, Name]
    kinds: dict[str, str]


def load() -> Tables:
    """Read every law table, shipped and overlaid.

    Raises
    ------
    LawFault
        Lists every fault with file, line and what to try: unknown region, name, unit or source, unreadable value or date,
        an enacted row without article, overlapping rows.
    """
    sources = {
        row["id"]: Source(*(row[c] for c in SOURCE_COLUMNS)) for row in tables.rows("law/sources.csv", SOURCE_COLUMNS)
    }
    names = {row["name"]: _name(row) for row in tables.rows("law/names.csv", NAME_COLUMNS)}
    kinds = {row["unit"]: row["kind"] for row in tables.rows("law/units.csv", UNIT_COLUMNS)}
    book = Tables((), sources, names, kinds)
    rows = _all("law/values*.csv", VALUE_COLUMNS)
    faults = [*_vocabulary_faults(book), *(fault for row in rows for fault in _row_faults(row, book))]
    if not faults:
        entries = _unreplaced([Entry(row, _day(row["from"]), _day(row["to"])) for row in rows])
        faults = list(_overlaps(entries))
    if faults:
        raise LawFault(faults)
    return Tables(tuple(entries), sources, names, kinds)


def _all(pattern: str, columns: tuple[str, ...]) -> list[tables.Row]:
    return [row for table in tables.names(pattern) for row in tables.rows(table, columns)]


def _name(row: tables.Row) -> Name:
    units = tuple(row["unit"].split("|"))
    return Name(row["name"], units, row["falls_back"] == "1", row["dated_by"], row["zh"], row["en"], row["note"])


def _day(text: str) -> date:
    return date.fromisoformat(text) if text else date.max


def _vocabulary_faults(book: Tables) -> Iterator[Fault]:
    for name in book.names.values():
        for unit in name.units:
            if unit not in book.kinds:
                yield Fault("unknown unit", f"law/names.csv {name.name}", got=unit, hint=nearest(unit, book.kinds))
    for source in book.sources.values():
        if source.url and not OFFICIAL.match(source.url):
            yield Fault(
                "address is not official", f"law/sources.csv {source.id}", got=source.url, hint="leave url empty"
            )


def _row_faults(row: tables.Row, book: Tables) -> Iterator[Fault]:
    checks: tuple[Callable[[tables.Row, Tables], Iterator[Fault]], ...] = (
        _region_faults, _word_faults, _date_faults, _value_faults, _source_faults,
    )  # fmt: skip
    for check in checks:
        yield from check(row, book)


def _region_faults(row: tables.Row, _: Tables) -> Iterator[Fault]:
    try:
        region(row["region"])
    except AidError as error:
        fault = error.faults[0]
        yield Fault(fault.what, row.place, fault.expected, fault.got, fault.hint)


def _word_faults(row: tables.Row, book: Tables) -> Iterator[Fault]:
    if (name := row["name"]) not in book.names:
        yield Fault("unknown name", row.place, "a name of law/names.csv", name, nearest(name, book.names))
    elif row["unit"] not in book.names[name].units:
        yield Fault("wrong unit", row.place, " or ".join(book.names[name].units), row["unit"])
    if row["status"] not in STATUSES:
        yield Fault("unknown status", row.place, ", ".join(STATUSES), row["status"], nearest(row["status"], STATUSES))


def _date_faults(row: tables.Row, _: Tables) -> Iterator[Fault]:
    days = []
    for column in ("from", "to", "checked_on"):
        try:
            days.append(_day(row[column]))
        except ValueError:
            yield Fault(f"unreadable date in {column}", row.place, "YYYY-MM-DD", row[column])
    if not row["from"]:
        yield Fault("no first day", row.place, "YYYY-MM-DD", "", "a rule without a known first day cannot be data")
    elif len(days) == 3 and days[0] > days[1]:
        yield Fault("the last day is before the first", row.place, f"to >= {row['from']}", row["to"])


def _value_faults(row: tables.Row, book: Tables) -> Iterator[Fault]:
    try:
        _read_value(row["value"], book.kinds.get(row["unit"], "text"))
    except (AidError, ValueError) as error:
        expected = error.faults[0].expected if isinstance(error, AidError) else str(error)
        yield Fault("unreadable value", row.place, expected, row["value"])


def _read_value(text: str, kind: str) -> None:
    if not text:
        raise ValueError("a value; leave the whole row out when it is not known")
    if kind in ("number", "money"):
        for end in text.split(".."):
            exact(end)
    elif kind == "rounding":
        Rounding.parse(text)
    elif kind == "flag" and text not in ("0", "1"):
        raise ValueError("0 or 1")


def _source_faults(row: tables.Row, book: Tables) -> Iterator[Fault]:
    if row["source"] not in book.sources:
        hint = nearest(row["source"], book.sources) or "add the source to law/sources.csv first"
        yield Fault("unknown source", row.place, "an id of law/sources.csv", row["source"], hint)
    if not row["article"]:
        yield Fault("no article", row.place, "the article, item or passage the row rests on", "")
    if not row["checked_on"]:
        yield Fault("no check date", row.place, "the day somebody last read the source", "")


def _unreplaced(entries: list[Entry]) -> list[Entry]:
    """Drop shipped rows that the overlay replaces (same region, name, group and first day)."""
    replaced = {(*entry.key, entry.start) for entry in entries if entry.row.overlaid}
    return [entry for entry in entries if entry.row.overlaid or (*entry.key, entry.start) not in replaced]


def _overlaps(entries: list[Entry]) -> Iterator[Fault]:
    by_key: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        by_key[entry.key].append(entry)
    for same in by_key.values():
        same.sort(key=lambda entry: entry.start)
        for early, late in pairwise(same):
            if late.start <= early.end:
                until = f"to = {late.start - timedelta(days=1)} or earlier in {early.row.place}"
                yield Fault("two rows hold on the same day", late.row.place, until, str(late.start))
