"""Persons whose facts are stored, tested against departmental registers in one streaming pass: what a monthly run over a nation needs."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from aidlib.monitoring.identity import KEY
from aidlib.monitoring.match import outcome, reduced, telling
from aidlib.monitoring.signals import TESTS, Test
from aidlib.monitoring.vocabulary import chosen

DIGITS = 31  # hexadecimal ones that a whole number of 128 bits holds
NUMBER = pl.col(KEY).str.head(DIGITS).str.to_integer(base=16, dtype=pl.Int128, strict=False).alias(KEY)


def streamed(
    persons: pl.LazyFrame,
    registers: Mapping[str, pl.LazyFrame],
    in_force: frozenset[str],
    derive: Mapping[str, pl.Expr] | None = None,
) -> pl.LazyFrame:
    """Test persons whose facts are stored against departmental registers in one streaming pass.

    Pseudonyms are compared by the first 124 of their 256 bits, in half the memory: that two of a thousand million persons agree in
    these by chance is less likely than one in 10^19.

    Parameters
    ----------
    persons : polars.LazyFrame
        person_id, household_id, person_key and stored facts (held_dibao, reviewed_dibao, ...).
    registers : mapping of str to LazyFrame
        Departmental registers.
    in_force : frozenset of str
        Causes to be tested; those whose facts are not there are left out.
    derive : mapping of str to Expr, optional
        Further facts, worked out from stored ones and evidence, such as `family_facts.listed`.

    Returns
    -------
    polars.LazyFrame
        household_id, cause, persons, event_on: one row a family and cause. Write it with `sink_parquet`.
    """
    known = chosen(registers)
    facts = reduced(registers, NUMBER).with_columns(map(outcome, known.values())).select(KEY, *telling(known))
    table = persons.with_columns(NUMBER).join(facts, on=KEY, how="inner").with_columns(**(derive or {}))
    have = set(table.collect_schema().names())
    tests = [t for t in TESTS if t.level == "persons" and t.cause in in_force and have.issuperset(t.needs)]
    flags = {test.cause: _holds(test) for test in tests}
    days = {test.cause: test.event_on for test in tests if test.event_on}
    signed = table.select("household_id", *dict.fromkeys(days.values()), **flags).filter(pl.any_horizontal(*flags))
    each = signed.unpivot(on=list(flags), index=["household_id", *dict.fromkeys(days.values())], variable_name="cause")
    found: pl.LazyFrame = each.filter("value").with_columns(event_on=_day(days))
    return found.group_by("household_id", "cause").agg(persons=pl.len(), event_on=pl.col("event_on").min())


def _holds(test: Test) -> pl.Expr:
    holds: pl.Expr = test.holds(*(pl.col(name) for name in test.needs)).fill_null(False)
    return holds


def _day(days: Mapping[str, str]) -> pl.Expr:
    """The day of the event, from the fact the row's cause names."""
    found: pl.Expr = pl.lit(None, pl.Date)
    for cause, fact in days.items():
        found = pl.when(pl.col("cause") == cause).then(pl.col(fact)).otherwise(found)
    return found
