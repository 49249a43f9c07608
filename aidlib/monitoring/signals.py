"""Every cause of alert with what it is tested on; tested on tables of facts, it gives one row for each family or person it holds for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from aidlib.monitoring import delivery, ending, entry
from aidlib.monitoring.family_facts import Facts
from aidlib.monitoring.ledgers import FAMILY

Level = Literal["persons", "households"]
COLUMNS = ("household_id", "person_id", "cause", "event_on", "due_on", "distance_fen", "amount_fen", "months")
_TYPES = {"event_on": pl.Date, "due_on": pl.Date, "distance_fen": pl.Int64, "amount_fen": pl.Int64, "months": pl.Int64}


@dataclass(frozen=True)
class Test:
    """A cause, what it is tested on, and which facts say when, how far, how much and how long.

    Attributes
    ----------
    cause, level : str
        Cause by name, and whether persons or households are tested.
    holds : callable
        Its arguments name facts.
    event_on, due_on, distance_fen, amount_fen, months : str
        Facts by name; empty where the cause has none.
    """

    cause: str
    level: Level
    holds: Callable[..., Any]
    event_on: str = ""
    due_on: str = ""
    distance_fen: str = ""
    amount_fen: str = ""
    months: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the facts it reads."""
        return self.holds.__code__.co_varnames[: self.holds.__code__.co_argcount]


def _person(cause: str, holds: Callable[..., Any], **facts: str) -> Test:
    return Test(cause, "persons", holds, **facts)


def _family(cause: str, holds: Callable[..., Any], **facts: str) -> Test:
    return Test(cause, "households", holds, **facts)


TESTS = (
    _person("dibao_after_death", ending.dibao_after_death, event_on="deaths__died_on", amount_fen="after_death_fen", months="after_death_months"),
    _person("tekun_after_death", ending.tekun_after_death, event_on="deaths__died_on", amount_fen="fen_tekun", months="months_tekun"),
    _person("counted_in_prison", ending.counted_in_prison, event_on="prison__imprisoned_on", amount_fen="lost_benefit_fen"),
    _person("tekun_in_prison", ending.tekun_in_prison, event_on="prison__imprisoned_on"),
    _person("exclusive_schemes", ending.two_of_a_person),
    _family("exclusive_schemes", ending.two_of_a_family),
    _person("paid_twice", ending.paid_twice),
    _family("income_over_line", ending.income_over_line, distance_fen="over_line_fen", amount_fen="stated_benefit_fen"),
    _family("grace_over", ending.grace_over, distance_fen="over_dibao_line_fen_at_best", amount_fen="stated_benefit_fen", months="grace_months_used"),
    _family("property_found", ending.property_found, amount_fen="stated_benefit_fen"),
    _family("recognition_expired", ending.recognition_expired, event_on="since_rigid", due_on="rigid_due_on"),
    _person("registration_gone", ending.registration_gone, event_on="household_registration__gone_on"),
    _family("month_not_paid", delivery.month_not_paid, amount_fen="due_fen", months="missed_months", due_on="missed_due_on"),
    _family("underpaid", delivery.underpaid, amount_fen="short_fen"),
    _family("price_subsidy_not_paid", delivery.price_subsidy_not_paid, amount_fen="subsidy_due_fen", due_on="subsidy_due_on"),
    _person("education_aid_missing", delivery.education_aid_missing, event_on="poor_students__listed_on"),
    _person("medical_aid_missing", delivery.medical_aid_missing, event_on="serious_illness__listed_on"),
    _person("premium_missing", delivery.premium_missing),
    _person("employment_aid_missing", delivery.employment_aid_missing, event_on="registered_unemployed__listed_on"),
    _family("review_overdue", delivery.review_overdue, event_on="reviewed_dibao", due_on="review_due_on"),
    _person("review_overdue", delivery.review_overdue, event_on="reviewed_alone", due_on="review_due_on"),
    _family("dibao_not_covered", entry.dibao_not_covered, distance_fen="over_dibao_line_fen", amount_fen="dibao_benefit_fen"),
    _person("single_entry_missed", entry.single_entry_missed, amount_fen="member_single_benefit_fen"),
    _person("tekun_not_covered", entry.tekun_not_covered, amount_fen="tekun_person_fen"),
    _family("edge_not_covered", entry.edge_not_covered, distance_fen="over_edge_line_fen"),
    _family("rigid_not_covered", entry.rigid_not_covered),
    _family("above_county_limit", entry.above_county_limit, distance_fen="over_county_fen", amount_fen="aid_requested_fen"),
    _person("identity_conflict", entry.identity_conflict),
)  # fmt: skip


@dataclass(frozen=True)
class Signals:
    """Causes that hold.

    Attributes
    ----------
    rows : polars.DataFrame
        household_id, person_id (0: the family), cause, event_on, due_on, distance_fen, amount_fen, months.
    not_tested : dict of str to tuple of str
        Causes that could not be tested, and the facts that are missing.
    """

    rows: pl.DataFrame
    not_tested: dict[str, tuple[str, ...]]


def signals(facts: Facts, in_force: frozenset[str]) -> Signals:
    """Test every cause that is in force.

    Parameters
    ----------
    facts : Facts
        By person and by household.
    in_force : frozenset of str
        Causes that any place has a rule for on the day.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> found = signals(example()[1].facts, frozenset(["paid_twice"]))
    >>> set(found.rows["cause"]), "price_subsidy_not_paid" in found.not_tested
    ({'paid_twice'}, True)
    """
    tables = {"persons": facts.persons, "households": facts.households}
    found, lost = [], {}
    for test in TESTS:
        table = tables[test.level]
        if missing := tuple(name for name in test.needs if name not in table.columns):
            lost[test.cause] = missing
        elif test.cause in in_force:
            found.append(_rows(table, test))
    blank = pl.DataFrame(schema={"household_id": pl.Int64, "person_id": pl.Int64, "cause": pl.String, **_TYPES})
    return Signals(pl.concat([blank, *found]).sort("household_id", "cause", "person_id"), lost)


def _rows(table: pl.DataFrame, test: Test) -> pl.DataFrame:
    holds = test.holds(*(pl.col(name) for name in test.needs)).fill_null(False)
    person = pl.col("person_id") if test.level == "persons" else pl.lit(FAMILY, pl.Int64)
    facts = {name: getattr(test, name) for name in _TYPES}
    return table.filter(holds).select(
        "household_id",
        person.alias("person_id"),
        pl.lit(test.cause).alias("cause"),
        *(
            (pl.col(fact) if fact in table.columns else pl.lit(None)).cast(_TYPES[name]).alias(name)
            for name, fact in facts.items()
        ),
    )
