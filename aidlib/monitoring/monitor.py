"""One place, one month: match, ask the rules, raise alerts, follow them up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring.alert_rules import rule_table
from aidlib.monitoring.alerts import alerts
from aidlib.monitoring.facts import WANTED, Files, Scene, dues
from aidlib.monitoring.family_facts import Facts, facts
from aidlib.monitoring.follow import carry, ended
from aidlib.monitoring.identity import ID, keyed, sound
from aidlib.monitoring.likeness import Review, candidates
from aidlib.monitoring.limits import limits
from aidlib.monitoring.match import match
from aidlib.monitoring.subsidy import started, with_subsidy
from aidlib.rules.places import Places, places

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.prices.linkage import Decision

PRIVATE = (ID, "name", "birth_date")


@dataclass(frozen=True)
class Question:
    """What is asked: the place, the last day of the month, the secret key and what its pseudonyms are for."""

    region: str
    as_of: date
    key: bytes
    purpose: str

    @property
    def month(self) -> str:
        """The month, `YYYY-MM`."""
        return f"{self.as_of:%Y-%m}"


@dataclass(frozen=True)
class Monitored:
    """What one month's monitoring found.

    Attributes
    ----------
    alerts, ended : polars.DataFrame
        This month's alerts with their state, and last month's that are no more.
    facts : Facts
        Facts by household and person.
    scene : Scene
        What they were drawn from.
    accounts : pandas.DataFrame
        Every row of every register by outcome.
    reviews : dict of (str, str) to Review
        Pairs for a person to settle, by register and side (rows: departmental rows without a sound number; persons: persons of
        the register without one).
    dues : polars.DataFrame
        Due and paid this month, from `dues`.
    decision : Decision or None
        The latest month in which the price linkage started and payment was due; None: it did not start.
    not_tested : dict of str to tuple of str
        Causes that could not be tested, and what was missing.
    """

    alerts: pl.DataFrame
    ended: pl.DataFrame
    facts: Facts
    scene: Scene
    accounts: pd.DataFrame
    reviews: dict[tuple[str, str], Review]
    dues: pl.DataFrame
    decision: Decision | None
    not_tested: dict[str, tuple[str, ...]]


def monitor(
    asked: Question,
    files: Files,
    registers: Mapping[str, pl.DataFrame],
    book: Book,
    figures: Figures,
    *,
    held: Places | None = None,
    before: pl.DataFrame | None = None,
    decisions: pl.DataFrame | None = None,
) -> Monitored:
    """Monitor a place at the end of a month.

    Parameters
    ----------
    asked : Question
        Place, day and key.
    files : Files
        What the place keeps; persons carry id_number, name and birth_date, which go no further than the matching.
    registers : mapping of str to polars.DataFrame
        Departmental registers by name: id_number, name, birth_date and facts.
    held : Places, optional
        Law values already read.
    before, decisions : polars.DataFrame, optional
        Last month's alerts, and what was decided on alerts (`follow.carry`).

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> place, found = example()
    >>> set(found.alerts["disposition"]) <= {"not_delivered", "may_qualify", "complex", "may_not_qualify"}
    True
    """
    persons = keyed(files.persons, asked.key, asked.purpose, asked.as_of).drop("name", "birth_date", strict=False)
    known = {name: keyed(table, asked.key, asked.purpose, asked.as_of) for name, table in registers.items()}
    matched = match(persons, known)
    codes = files.households["region_code"].unique().sort().to_list()
    keys = (
        files.households.select("region_code", pl.col("urban").cast(pl.Boolean)).unique().sort("region_code", "urban")
    )
    held = held or places(book, figures, keys.iter_rows(), asked.as_of.replace(day=1), WANTED, stale=True)
    lines = limits(book, codes, asked.as_of)
    scene = Scene(replace(files, persons=persons), matched.evidence, held, lines, asked.as_of)
    decision = started(asked.region, asked.as_of, book, figures)
    found = facts(scene) if decision is None else with_subsidy(facts(scene), decision, files.aid)
    raised = alerts(found, rule_table(book, codes, asked.as_of), asked.as_of)
    rows = carry(raised.rows, before, decisions, asked.as_of)
    reviews = _reviews(asked, files.persons, registers)
    return Monitored(
        rows, ended(rows, before), found, scene, matched.accounts, reviews, dues(scene), decision, raised.not_tested
    )


def followed(found: Monitored, before: pl.DataFrame | None, decisions: pl.DataFrame | None) -> Monitored:
    """Give the alerts their state anew, from last month's alerts and what was decided on them.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> _, found = example()
    >>> set(followed(found, found.alerts, None).alerts["state"])
    {'open'}
    """
    plain = found.alerts.drop("state", "first_seen", "reason")
    rows = carry(plain, before, decisions, found.scene.as_of)
    return replace(found, alerts=rows, ended=ended(rows, before))


def _reviews(
    asked: Question, persons: pl.DataFrame, registers: Mapping[str, pl.DataFrame]
) -> dict[tuple[str, str], Review]:
    if not set(PRIVATE) <= set(persons.columns):
        return {}
    own = persons.select(*PRIVATE, row_id="person_id")
    lost = own.filter(sound(own[ID], asked.as_of).is_null())
    found = {}
    for name, table in registers.items():
        rows = table.select(PRIVATE).with_row_index("row_id", 1).with_columns(pl.col("row_id").cast(pl.Int64))
        wrong = rows.filter(sound(rows[ID], asked.as_of).is_null())
        for side, left, right in (("rows", wrong, own), ("persons", lost, rows)):
            if len(left):
                found[name, side] = candidates(left, right)
    return found
