"""Reading the law tables: every file is read, every fault is listed, and the book loads whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from aidlib import tables
from aidlib.errors import DataFault, Fault, LawFault
from aidlib.law import faults
from aidlib.law.value import Source

VALUE_COLUMNS = (
    "region", "name", "group", "from", "to", "value", "unit", "period", "status", "source", "article", "checked_on", "note",
)  # fmt: skip
SOURCE_COLUMNS = ("id", "title", "number", "issuer", "date", "in_force", "level", "url")
NAME_COLUMNS = ("name", "unit", "falls_back", "dated_by", "zh", "en", "note")
UNIT_COLUMNS = ("unit", "kind", "zh", "en")
GROUP_COLUMNS = ("group", "zh", "en")


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

    @property
    def op(self) -> str:
        """How an observed value is compared with the law value: lt, le, eq, ge, gt, or empty where it is not a line."""
        return faults.operator(self.note)


@dataclass(frozen=True)
class Group:
    """A class of persons, households or areas that a value may hold for, with its labels."""

    group: str
    zh: str
    en: str


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
    """The law tables, checked."""

    entries: tuple[Entry, ...]
    sources: dict[str, Source]
    names: dict[str, Name]
    kinds: dict[str, str]
    groups: dict[str, Group] = field(default_factory=dict)


def load() -> Tables:
    """Read every law table, shipped and overlaid."""
    found, wrong = survey()
    if wrong:
        raise LawFault(wrong)
    return found


def survey() -> tuple[Tables, list[Fault]]:
    """Read every law table and return it with all its faults; the entries are complete only when there is none."""
    values, wrong = gather("values", VALUE_COLUMNS)
    words: dict[str, dict[str, tables.Row] | None] = {}
    for kind, columns in (
        ("sources", SOURCE_COLUMNS), ("names", NAME_COLUMNS), ("units", UNIT_COLUMNS), ("groups", GROUP_COLUMNS),
    ):  # fmt: skip
        found, broken = gather(kind, columns)
        wrong += [*broken, *faults.twice(found, columns[0])]
        words[kind] = None if broken else {row[columns[0]]: row for row in found}
    vocabulary = faults.Vocabulary(**words)
    wrong += [*faults.of_words(vocabulary), *(fault for row in values for fault in faults.of_value(row, vocabulary))]
    entries = _unreplaced([Entry(row, *days) for row in values if (days := faults.days(row))])
    wrong += faults.of_overlaps([(entry.key, entry.start, entry.end, entry.row.place) for entry in entries])
    return _tables(entries, vocabulary), wrong


def gather(kind: str, columns: tuple[str, ...]) -> tuple[list[tables.Row], list[Fault]]:
    """Read all tables of a kind; one that cannot be read gives its faults and does not hide the others."""
    found: list[tables.Row] = []
    wrong: list[Fault] = []
    for table in tables.names(f"law/{kind}*.csv") or [f"law/{kind}.csv"]:
        try:
            found += tables.rows(table, columns)
        except DataFault as error:
            wrong += error.faults
    return found, wrong


def _tables(entries: list[Entry], words: faults.Vocabulary) -> Tables:
    sources = {key: Source(*(row[c] for c in SOURCE_COLUMNS)) for key, row in (words.sources or {}).items()}
    names = {key: _name(row) for key, row in (words.names or {}).items()}
    kinds = {key: row["kind"] for key, row in (words.units or {}).items()}
    groups = {key: Group(*(row[c] for c in GROUP_COLUMNS)) for key, row in (words.groups or {}).items()}
    return Tables(tuple(entries), sources, names, kinds, groups)


def _name(row: tables.Row) -> Name:
    units = tuple(row["unit"].split("|"))
    return Name(row["name"], units, row["falls_back"] == "1", row["dated_by"], row["zh"], row["en"], row["note"])


def _unreplaced(entries: list[Entry]) -> list[Entry]:
    """Drop shipped rows that the overlay replaces (same region, name, group and first day)."""
    replaced = {(*entry.key, entry.start) for entry in entries if entry.row.overlaid}
    return [entry for entry in entries if entry.row.overlaid or (*entry.key, entry.start) not in replaced]
