"""What can be wrong with a row of the law tables: one small check per kind of fault, each with its place and its cure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from aidlib.errors import AidError, Fault, nearest
from aidlib.law.value import STATUSES
from aidlib.money import Rounding, exact
from aidlib.regions import region
from aidlib.tables import Row


def operator(note: str) -> str:
    """Read how an observed value is compared with the law value, as the note of a name begins with it.

    Examples
    --------
    >>> operator("op=ge; not below"), operator("not below")
    ('ge', '')
    """
    first = note.split(";")[0]
    return first.removeprefix("op=") if first.startswith("op=") else ""


def vocabulary(note: str) -> tuple[str, ...]:
    """Read the words a text value may be made of, as the note of a name begins with them; empty: any words.

    `law_name`, `source_id` and `group` stand for every name of the law book, every source and every group.
    """
    first = note.split(";")[0]
    return tuple(first.removeprefix("words=").split("|")) if first.startswith("words=") else ()


def strangers(value: str, note: str, stands_for: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Find the words of a text value that its name does not know: a slip would be read as something else, or as nothing.

    Examples
    --------
    >>> list(strangers("cpi>= fod>=", "words=cpi|food", {})), list(strangers("anything", "", {}))
    (['fod'], [])
    """
    known = set(vocabulary(note))
    for word in known & set(stands_for):
        known |= set(stands_for[word])
    for said in re.split(r"[\s|>=]+", value.partition(":")[0].strip("|>= ")) if known else ():
        if said not in known:
            yield said


OFFICIAL = re.compile(r"^https?://([\w-]+\.)*(gov\.cn|github\.com)(/|$)")
IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]*$")
KINDS = ("money", "number", "flag", "rounding", "text")
CLOCKS = ("day", "index_month")
OPS = ("lt", "le", "eq", "ge", "gt")
PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
READING = "INFERENCE"
LEVELS = ("VERIFIED", "VERIFIED-2", "SEED", "PAGE", "PRESS", "COMPILATION", READING)
Words = dict[str, Row] | None
Span = tuple[tuple[str, str, str], date, date, str]


@dataclass(frozen=True)
class Vocabulary:
    """The rows that other rows refer to; None where a table could not be read, so that its words are not checked."""

    sources: Words
    names: Words
    units: Words
    groups: Words


def twice(rows: Iterable[Row], column: str) -> Iterator[Fault]:
    """Find words that two rows define; a row of the overlay may replace a shipped one."""
    seen: dict[tuple[str, bool], Row] = {}
    for row in rows:
        first = seen.setdefault((row[column], row.overlaid), row)
        if first is not row:
            yield Fault(
                f"the same {column} twice", row.at(column), "one row", row[column], f"merge it with {first.place}"
            )


def of_words(words: Vocabulary) -> Iterator[Fault]:
    """Find the faults of the vocabularies themselves."""
    for row in (words.names or {}).values():
        yield from _name_faults(row, words.units)
    for row in (words.sources or {}).values():
        yield from _source_row_faults(row)
    for row in (words.units or {}).values():
        yield from _among(row, "kind", KINDS)
        yield from _filled(row, "zh", "en")
    for row in (words.groups or {}).values():
        yield from _identifier(row, "group")


def of_value(row: Row, words: Vocabulary) -> Iterator[Fault]:
    """Find every fault of one row of values."""
    checks: tuple[Callable[[Row, Vocabulary], Iterator[Fault]], ...] = (
        _region_faults, _word_faults, _date_faults, _value_faults, _citation_faults,
    )  # fmt: skip
    for check in checks:
        yield from check(row, words)


def of_overlaps(spans: Iterable[Span]) -> Iterator[Fault]:
    """Find pairs of rows of one place, name and group that hold on the same day."""
    by_key: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    for span in spans:
        by_key[span[0]].append(span)
    for same in by_key.values():
        for early, late in pairwise(sorted(same, key=lambda span: span[1])):
            if late[1] <= early[2]:
                until = f"to = {late[1] - timedelta(days=1)} or earlier in {early[3]}"
                yield Fault("two rows hold on the same day", late[3], until, str(late[1]))


def days(row: Row) -> tuple[date, date] | None:
    """Read the first and last day of a row; None where one of them cannot be read."""
    try:
        return date.fromisoformat(row["from"]), _last(row["to"])
    except ValueError:
        return None


def _last(text: str) -> date:
    return date.fromisoformat(text) if text else date.max


def _among(row: Row, column: str, known: Iterable[str]) -> Iterator[Fault]:
    if (word := row[column]) not in known:
        yield Fault(f"unknown {column}", row.at(column), ", ".join(known), word, nearest(word, known))


def _filled(row: Row, *columns: str) -> Iterator[Fault]:
    for column in columns:
        if not row[column]:
            yield Fault(f"no {column}", row.at(column), f"a {column}", "")


def _identifier(row: Row, column: str) -> Iterator[Fault]:
    if not IDENTIFIER.match(row[column]):
        yield Fault("not an identifier", row.at(column), "small letters, digits and _", row[column])
    yield from _filled(row, "zh", "en")


def _name_faults(row: Row, units: Words) -> Iterator[Fault]:
    yield from _identifier(row, "name")
    yield from _among(row, "falls_back", ("0", "1"))
    yield from _among(row, "dated_by", CLOCKS)
    if (op := operator(row["note"])) and op not in OPS:
        yield Fault("unknown op", row.at("note"), ", ".join(OPS), op)
    for unit in row["unit"].split("|") if units is not None else ():
        if unit not in (units or {}):
            yield Fault("unknown unit", row.at("unit"), "a unit of law/units.csv", unit, nearest(unit, units or {}))


def _source_row_faults(row: Row) -> Iterator[Fault]:
    yield from _filled(row, "id", "title")
    yield from _among(row, "level", LEVELS)
    for column in ("date", "in_force"):
        if row[column] and not PARTIAL_DATE.fullmatch(row[column]):
            yield Fault("unreadable date", row.at(column), "YYYY, YYYY-MM or YYYY-MM-DD", row[column])
    if row["url"] and not OFFICIAL.match(row["url"]):
        yield Fault(
            "address is not official", row.at("url"), "a gov.cn or github.com host", row["url"], "leave url empty"
        )


def _region_faults(row: Row, _: Vocabulary) -> Iterator[Fault]:
    try:
        region(row["region"])
    except AidError as error:
        fault = error.faults[0]
        yield Fault(fault.what, row.at("region"), fault.expected, fault.got, fault.hint)


def _word_faults(row: Row, words: Vocabulary) -> Iterator[Fault]:
    yield from _known(row, "name", words.names)
    yield from _known(row, "unit", words.units)
    yield from _known(row, "source", words.sources)
    yield from _group_faults(row, words.groups)
    yield from _among(row, "status", STATUSES)
    name = (words.names or {}).get(row["name"])
    if name and row["unit"] not in name["unit"].split("|"):
        yield Fault("wrong unit", row.at("unit"), name["unit"].replace("|", " or "), row["unit"])


def _group_faults(row: Row, groups: Words) -> Iterator[Fault]:
    """A group may be narrowed by further ones: `rural:counties`, `institution:care_full`."""
    known = row["group"].split(":") if groups is None else groups
    for word in row["group"].split(":") if row["group"] else ():
        if word not in known:
            hint = nearest(word, known) or "add it to law/groups.csv first"
            yield Fault("unknown group", row.at("group"), "groups of law/groups*.csv, joined by ':'", word, hint)


def _known(row: Row, column: str, words: Words) -> Iterator[Fault]:
    if words is not None and (word := row[column]) not in words:
        hint = nearest(word, words) or f"add it to law/{column}s.csv first"
        yield Fault(f"unknown {column}", row.at(column), f"a {column} of law/{column}s*.csv", word, hint)


def _date_faults(row: Row, _: Vocabulary) -> Iterator[Fault]:
    for column in ("from", "to", "checked_on"):
        try:
            _last(row[column])
        except ValueError:
            yield Fault("unreadable date", row.at(column), "YYYY-MM-DD", row[column])
    if row["period"].startswith("by ") and not PARTIAL_DATE.fullmatch(row["period"].removeprefix("by ")):
        yield Fault("unreadable date", row.at("period"), "by YYYY-MM-DD", row["period"])
    if not row["from"]:
        yield Fault("no first day", row.at("from"), "YYYY-MM-DD", "", "a rule without a known first day cannot be data")
    if (span := days(row)) and span[0] > span[1]:
        yield Fault("the last day is before the first", row.at("to"), f"to >= {row['from']}", row["to"])


def _value_faults(row: Row, words: Vocabulary) -> Iterator[Fault]:
    unit = (words.units or {}).get(row["unit"])
    try:
        read_value(row["value"], unit["kind"] if unit else "text")
    except (AidError, ValueError) as error:
        expected = error.faults[0].expected if isinstance(error, AidError) else str(error)
        yield Fault("unreadable value", row.at("value"), expected, row["value"])
    name = (words.names or {}).get(row["name"])
    stands_for = {"law_name": words.names or {}, "source_id": words.sources or {}, "group": words.groups or {}}
    for word in strangers(row["value"], name["note"] if name else "", stands_for):
        known = vocabulary(name["note"]) if name else ()
        yield Fault("unknown word in a value", row.at("value"), ", ".join(known), word, nearest(word, known))


def read_value(text: str, kind: str) -> None:
    """Refuse a value that its kind of unit cannot hold; of roundings several may stand, where the source does not say which."""
    if not text:
        raise ValueError("a value; leave the whole row out when it is not known")
    if kind in ("number", "money"):
        ends = [exact(end) for end in text.split("..")]
        if len(ends) > 2 or ends[0] > ends[-1]:
            raise ValueError("a range low..high")
    elif kind == "rounding":
        for rounding in text.split("|"):
            Rounding.parse(rounding)
    elif kind == "flag" and text not in ("0", "1"):
        raise ValueError("0 or 1")


def _citation_faults(row: Row, words: Vocabulary) -> Iterator[Fault]:
    if not row["article"]:
        yield Fault("no article", row.at("article"), "the article, item or passage the row rests on", "")
    if not row["checked_on"]:
        yield Fault("no check date", row.at("checked_on"), "the day somebody last read the source", "")
    if row["status"] == "estimated" and not row["note"]:
        yield Fault("an estimated row without a note", row.at("note"), "why it is our reading", "")
    source = (words.sources or {}).get(row["source"])
    if row["status"] == "enacted" and source and source["level"] == READING:
        yield Fault(
            "an enacted row that rests on a reading",
            row.at("status"),
            "an instrument, or status estimated",
            row["source"],
        )
