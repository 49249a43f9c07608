"""The tables of monitoring: departmental registers and their facts, causes of alert, parts of a priority, conventions of the house."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from aidlib import tables
from aidlib.errors import DataFault, Fault, nearest

Kind = Literal["date", "money", "count", "code"]
Merging = Literal["min", "max", "sum"]
REGISTER_COLUMNS = ("register", "group", "repeats")
FACT_COLUMNS = ("register", "fact", "kind", "how", "zh", "en")
CAUSE_COLUMNS = ("cause", "chain", "programme", "urgent", "compared_zh", "compared_en", "why_zh", "why_en")
PART_COLUMNS = ("part", "points", "cap", "zh", "en", "note")
CONVENTION_COLUMNS = ("name", "value", "zh", "en", "note")


@dataclass(frozen=True)
class Fact:
    """One column of a departmental register, and how several rows of one person become one: min, max or sum."""

    name: str
    kind: Kind
    how: Merging


@dataclass(frozen=True)
class Register:
    """A departmental register.

    Attributes
    ----------
    name : str
        Its code; what it is called stands in the vocabulary under `register:<name>`.
    group : str
        Group of the law row `register_compared` that lets it be compared.
    repeats : bool
        True where a person may have several rows (cars, employers); else rows that differ contradict each other.
    facts : tuple of Fact
        Its columns besides the person's key.
    """

    name: str
    group: str
    repeats: bool
    facts: tuple[Fact, ...]

    def column(self, fact: str) -> str:
        """Name a fact among those of all registers."""
        return f"{self.name}__{fact}"


@dataclass(frozen=True)
class Cause:
    """What an alert can be about.

    Attributes
    ----------
    name : str
        Its code; what it is called stands among the groups of the law.
    chain : str
        What it is on the family's chain of aid: gap, not_covered, double, other.
    programme : str
        The programme it concerns: who is competent for it is the department's.
    urgent : bool
        Whether basic living is not secured.
    compared, why : dict of str to str
        By language: what is compared, and why it fires, with blanks {event_on}, {months}, {distance}, {amount}.
    """

    name: str
    chain: str
    programme: str
    urgent: bool
    compared: dict[str, str]
    why: dict[str, str]


@dataclass(frozen=True)
class Part:
    """One part of a priority: points for each unit, and units counted at most."""

    points: int
    cap: int


@lru_cache(maxsize=1)
def registers() -> dict[str, Register]:
    """Return the departmental registers by name.

    Examples
    --------
    >>> list(registers())[:2], registers()["vehicles"].repeats
    (['poor_students', 'registered_unemployed'], True)
    """
    facts: dict[str, list[Fact]] = {}
    for row in tables.rows("monitoring/register_facts.csv", FACT_COLUMNS):
        if row["kind"] not in get_args(Kind) or row["how"] not in get_args(Merging):
            known = ", ".join((*get_args(Kind), *get_args(Merging)))
            raise DataFault("unknown kind or how", where=row.place, expected=known, got=f"{row['kind']} {row['how']}")
        facts.setdefault(row["register"], []).append(Fact(row["fact"], row["kind"], row["how"]))  # type: ignore[arg-type]
    rows = tables.rows("monitoring/registers.csv", REGISTER_COLUMNS)
    return {
        row["register"]: Register(row["register"], row["group"], row["repeats"] == "1", tuple(facts[row["register"]]))
        for row in rows
    }


@lru_cache(maxsize=1)
def causes() -> dict[str, Cause]:
    """Return the causes of alert by name, in the order they are listed."""
    return {
        row["cause"]: Cause(
            row["cause"], row["chain"], row["programme"], row["urgent"] == "1",
            *({language: row[f"{what}_{language}"] for language in ("zh", "en")} for what in ("compared", "why")),
        )
        for row in tables.rows("monitoring/causes.csv", CAUSE_COLUMNS)
    }  # fmt: skip


@lru_cache(maxsize=1)
def parts() -> dict[str, Part]:
    """Return the parts a priority is the sum of."""
    rows = tables.rows("monitoring/parts.csv", PART_COLUMNS)
    return {row["part"]: Part(int(row["points"]), int(row["cap"])) for row in rows}


@lru_cache(maxsize=1)
def _conventions() -> dict[str, int]:
    return {row["name"]: int(row["value"]) for row in tables.rows("monitoring/conventions.csv", CONVENTION_COLUMNS)}


def convention(name: str) -> int:
    """Return a number that is this house's choice (`data/monitoring/conventions.csv`), not law.

    Examples
    --------
    >>> convention("review_keep")
    3
    """
    return _conventions()[name]


def chosen(names: Iterable[str]) -> dict[str, Register]:
    """Pick registers by name.

    Examples
    --------
    >>> list(chosen(["deaths"]))
    ['deaths']
    """
    known, wanted = registers(), list(names)
    if strange := [name for name in wanted if name not in known]:
        raise DataFault(Fault("unknown register", "", ", ".join(known), name, nearest(name, known)) for name in strange)
    return {name: known[name] for name in wanted}
