"""What explaining one household needs and keeps for the next: law values with their ends, rules, and their order."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from aidlib.errors import LawGap
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.register.columns import OVERRIDES
from aidlib.rules.engine import Rules, Step, plan
from aidlib.rules.lawinputs import STANDARD
from aidlib.rules.local import Area, Local, LocalRules, local
from aidlib.rules.places import Unknown, check_day, check_given, standard_gap
from aidlib.rules.programmes import (
    DISTANCES,
    HOUSEHOLD_ANSWERS,
    HOUSEHOLD_COLUMNS,
    MEDICAL_ANSWERS,
    PERSON_COLUMNS,
    PRICE_ANSWERS,
    REFUSAL_ANSWERS,
    SPECIALISED_ANSWERS,
    TEKUN_ANSWERS,
    TEMPORARY_ANSWERS,
    law_names,
    rules_on,
)
from aidlib.rules.unknown import FAVOURABLE, UNFAVOURABLE, Known, Range

COLUMNS_READ = HOUSEHOLD_COLUMNS | PERSON_COLUMNS
ANSWERS = (
    *HOUSEHOLD_ANSWERS,
    *TEKUN_ANSWERS,
    *DISTANCES,
    *SPECIALISED_ANSWERS,
    "in_exit_period",
    "review_months",
    "care_class",
)


@dataclass(frozen=True, eq=False)
class Readers:
    """A book and figures; two are the same when they hold the same loaded tables."""

    book: Book
    figures: Figures

    def __hash__(self) -> int:
        return hash((id(self.book.tables), id(self.figures.series)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Readers)
            and self.book.tables is other.book.tables
            and self.figures.series is other.figures.series
        )


@dataclass(frozen=True)
class Prepared:
    """What does not change from household to household: law values with their ends, rules, and their order."""

    law: Local
    ends: Mapping[int, dict[str, Any]]
    rules: Rules
    steps: tuple[Step, ...]
    read: frozenset[str]
    book: Book
    figures: Figures

    def remember(self, readers: Readers) -> None:
        """Note in the caller's book and figures what was read, and what was asked in vain."""
        readers.book.reads.update(self.book.reads)
        readers.book.gaps.update(self.book.gaps)
        readers.figures.reads.update(self.figures.reads)


def columns_filled(household: Mapping[str, Any]) -> frozenset[str]:
    """Name the columns read of a household: those a rule gives only where somebody filled them.

    Examples
    --------
    >>> "income_fen_year" in columns_filled({"income_fen_year": 6_000_000}), "income_fen_year" in columns_filled({})
    (True, False)
    """
    persons = household.get("persons")
    listed = [person for person in persons if isinstance(person, Mapping)] if isinstance(persons, list | tuple) else []
    filled = {*household, *(name for person in listed for name in person)}
    return COLUMNS_READ - (OVERRIDES - filled)


def wanted_answers(household: Mapping[str, Any], prices: Mapping[str, Known] | None) -> tuple[str, ...]:
    """Name what to work out: the usual answers, and those of programmes the household's facts ask about.

    Examples
    --------
    >>> "temporary_aid_fen" in wanted_answers({"temporary_hardship": "emergency"}, None)
    True
    """
    asked = household.get("temporary_hardship") not in (None, "none", 0)
    sick = any(person.get("medical_own_cost_fen") for person in household.get("persons", ()))
    refused = any(person.get("job_refusals") for person in household.get("persons", ()))
    schooled = any(person.get("student_stage") not in (None, "none", 0) for person in household.get("persons", ()))
    return (
        *ANSWERS, *(TEMPORARY_ANSWERS if asked else ()), *(MEDICAL_ANSWERS if sick else ()), *(("education_grant_fen_year",) if schooled else ()),
        *(REFUSAL_ANSWERS if refused else ()), *(PRICE_ANSWERS if prices is not None else ()),
    )  # fmt: skip


def items(given: Mapping[str, Known] | None) -> tuple[tuple[str, Known], ...] | None:
    """Turn what-if values into something a cache can keep.

    Examples
    --------
    >>> items({"edge_multiple_bp": 20_000}), items(None)
    ((('edge_multiple_bp', 20000),), None)
    """
    return None if given is None else tuple(given.items())


@dataclass(frozen=True)
class Question:
    """What is asked of the law: where, when, for which answers, what the caller supposes, and what may stand in for a standard."""

    place: str
    on: date
    area: Area
    wanted: tuple[str, ...]
    given: tuple[tuple[str, Known], ...] | None = None
    prices: tuple[tuple[str, Known], ...] | None = None
    stale: bool = False
    unknown: Unknown = "raise"
    local_rules: LocalRules = "unknown"
    columns: frozenset[str] = COLUMNS_READ - OVERRIDES


@lru_cache(maxsize=256)
def prepare(readers: Readers, asked: Question) -> Prepared:
    """Read the law and order the rules for a place, day and area; remembered, because a county explains household after household.

    Raises
    ------
    LawGap
        The book has no dibao standard for the place and day, or no rules for the day.

    Examples
    --------
    >>> made = prepare(Readers(Book(), Figures()), Question("310000", date(2023, 9, 1), "urban", ("need_fen_year",)))
    >>> made.ends[-1]["dibao_standard_fen_year"]
    1812000
    """
    own, book, figures = dict(asked.given or ()), copy(readers.book), copy(readers.figures)
    book.reads, book.gaps, figures.reads = {}, {}, {}
    check_day(book, asked.on, asked.wanted)
    check_given(asked.on, own)
    names = (*law_names(asked.on, asked.wanted, frozenset(own)), *own)
    law = local(
        book.at(asked.place, asked.on), figures, asked.area, names, given=own,
        prices=None if asked.prices is None else dict(asked.prices), stale=asked.stale, bounds=asked.unknown == "bounds",
        local_rules=asked.local_rules,
    )  # fmt: skip
    if STANDARD in law.lacking:
        raise LawGap(standard_gap([(asked.place, asked.area == "urban")], asked.on, asked.stale))
    rules = rules_on(asked.on)
    steps = plan(rules, asked.columns | frozenset(law.values), PERSON_COLUMNS, asked.wanted)
    ends = {side: ends_of(law.values, side) for side in (UNFAVOURABLE, FAVOURABLE)}
    read = frozenset(arg for step in steps for arg in step.args)
    return Prepared(law, ends, rules, steps, read, book, figures)


def ends_of(values: Mapping[str, Known], side: int) -> dict[str, Any]:
    """Put every unknown value at its end of one side.

    Examples
    --------
    >>> ends_of({"a": 1, "b": Range(2, 5, better=-1)}, FAVOURABLE)
    {'a': 1, 'b': 2}
    """
    return {name: value.end(side) if isinstance(value, Range) else value for name, value in values.items()}
