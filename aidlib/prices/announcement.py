"""What an announcement of a payment says: groups of persons in its own words, indices, standards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from aidlib import tables
from aidlib.errors import AidError, Fault, MoneyFault, ParameterFault, nearest
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.law.load import Group
from aidlib.money import FEN_PER_YUAN, exact
from aidlib.prices.readings import SERIES, Printed

COLUMNS = ("word", "groups", "standard")
SPLIT = re.compile(r"[/、,，;；+和及与（）()\s]+")
INDEX_WORDS = {"居民消费价格": "cpi", "食品": "food", "低收入": "scpi", "粮食": "grain"}
MOST_POINTS = 80
"""A larger number is an index with base 100 and not a rise."""


@dataclass(frozen=True)
class Word:
    """A word for groups of persons in announcements, and the law name of their own standard where they have one."""

    word: str
    groups: tuple[str, ...]
    standard: str


def named_groups(name: str) -> tuple[str, ...]:
    """公告里的对象名称是哪几类人。 Find the groups that a name in an announcement stands for."""
    groups = Book().tables.groups
    whole = _labelled(groups, name)
    parts = [name] if whole else [part for part in SPLIT.split(name) if part] or [name]
    found = [(part, whole or _labelled(groups, part) or _worded(part)) for part in parts]
    if unknown := [part for part, groups in found if not groups]:
        known = [*groups, *(group.zh for group in groups.values()), *(word.word for word in _words())]
        expected = "a group of law/groups*.csv or a word for one"
        raise ParameterFault(
            [Fault("unknown group of persons", name, expected, part, nearest(part, known)) for part in unknown]
        )
    return tuple(dict.fromkeys(code for _, codes in found for code in codes))


def _labelled(groups: Mapping[str, Group], name: str) -> tuple[str, ...]:
    """Find a group by its code or a label."""
    return tuple(code for code, group in groups.items() if name in (code, group.zh, group.en))


def _worded(part: str) -> tuple[str, ...]:
    """Find the groups of the longest known word in a part of a name."""
    found = next((word for word in _words() if word.word in part), None)
    return found.groups if found else ()


@lru_cache(maxsize=1)
def _words() -> tuple[Word, ...]:
    """Words for groups, the longest first: of two that fit, the longer says more."""
    rows = tables.rows("law/group_words.csv", COLUMNS)
    words = (Word(row["word"], tuple(row["groups"].split("|")), row["standard"]) for row in rows)
    return tuple(sorted(words, key=lambda word: -len(word.word)))


def printed(book: Book, figures: Figures, month: str, given: Mapping[str, object]) -> Printed:
    """Read what an announcement prints; every fault is listed at once.

    Examples
    --------
    >>> found = printed(Book(), Figures(), "2022-07", {"CPI": "3.7", "城市低保": "914"})
    >>> found.at("620100", "cpi", "2022-07").rise, found.standards
    (Fraction(37, 10), {'dibao_standard:urban': Fraction(91400, 1)})
    """
    rises: dict[str, Fraction] = {}
    standards: dict[str, Fraction | int] = {}
    wrong: list[Fault] = []
    for key, value in given.items():
        try:
            if index := _index(key):
                rises[index] = points_of(value, key)
            else:
                fen = yuan_of(value, key)
                standards |= dict.fromkeys(_bases(book, key), fen)
        except AidError as error:
            wrong += error.faults
    if wrong:
        raise ParameterFault(wrong)
    return Printed(figures, month, rises, standards)


def _index(key: str) -> str | None:
    low = key.strip().lower()
    return low if low in SERIES else next((index for word, index in INDEX_WORDS.items() if word in key), None)


def _bases(book: Book, key: str) -> Iterator[str]:
    """Name the law's words for a standard."""
    if key.partition(":")[0] in book.tables.names:
        yield key
        return
    groups = named_groups(key)
    bases = {word.standard for word in _words() for group in groups if word.standard and word.groups == (group,)}
    if not bases:
        raise ParameterFault("no standard of its own is known for this group", where=key, hint="dibao_standard:urban")
    yield from sorted(bases)


def points_of(value: object, where: str) -> Fraction:
    """Read a rise in percentage points: text, a whole number, a decimal, or a float as it is printed.

    Examples
    --------
    >>> points_of("3.5", "cpi"), points_of(3.5, "cpi")
    (Fraction(7, 2), Fraction(7, 2))
    """
    rise = _number(value, where, "a rise in percentage points such as 2.3")
    if abs(rise) >= MOST_POINTS:
        raise ParameterFault(
            "an index is not a rise on the year", where=where, expected="points, such as 2.3 for 102.3", got=str(value)
        )
    return rise


def yuan_of(value: object, where: str) -> Fraction:
    """Read an amount of yuan as fen."""
    amount = _number(value, where, "yuan a month such as 914")
    if amount < 0:
        raise ParameterFault("a standard is not below zero", where=where, got=str(value))
    return amount * FEN_PER_YUAN


def _number(value: object, where: str, expected: str) -> Fraction:
    try:
        return exact(str(value))
    except MoneyFault:
        raise ParameterFault("not a number", where=where, expected=expected, got=str(value)) from None
