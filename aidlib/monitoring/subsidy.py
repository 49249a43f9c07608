"""The price subsidy of a month: what each recognised person was due under the linkage, and what the family got."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring.family_facts import Facts
from aidlib.monitoring.ledgers import MONTHS_PER_YEAR, month_number, payments
from aidlib.monitoring.vocabulary import convention

if TYPE_CHECKING:
    from aidlib.prices.linkage import Decision

PROGRAMME = "price_subsidy"
AREAS = ("urban", "rural")
_SCHEMES = {"tekun": ("held_tekun",), "dibao": ("held_single", "held_dibao"), "edge": ("held_edge",)}


def started(region: str, as_of: date, book: Book, figures: Figures) -> Decision | None:
    """Find the latest index month in which the linkage started and whose payment was due by the day; None where none is known.

    Examples
    --------
    >>> from aidlib.indices import Figures
    >>> from aidlib.law import Book
    >>> started("230000", date(2019, 12, 31), Book(), Figures()).month
    '2019-10'
    """
    from aidlib.prices.linkage import decide
    from aidlib.prices.readings import Readings

    readings, last = Readings(figures), month_number(as_of)
    for back in range(1, convention("ledger_months") + 1):
        year, month = divmod(last - back, MONTHS_PER_YEAR)
        found = decide(book, figures, region, f"{year:04d}-{month + 1:02d}", readings=readings)
        due = found.deadline.day
        if found.outcome == "triggered" and (due is None or due <= as_of):
            return found
    return None


def amounts(decision: Decision) -> dict[tuple[str, str], int]:
    """Return the whole fen per person by scheme and area, for the groups whose amount is known; parts of a fen fall away.

    Examples
    --------
    >>> from aidlib.indices import Figures
    >>> from aidlib.law import Book
    >>> from aidlib.prices.linkage import decide
    >>> found = amounts(decide(Book(), Figures(), "230000", "2019-10"))
    >>> sorted(found)
    [('dibao', 'rural'), ('dibao', 'urban'), ('tekun', 'rural'), ('tekun', 'urban')]
    """
    found = {}
    for scheme in _SCHEMES:
        for area in AREAS:
            due = decision.amount(f"{scheme}_{area}")
            if due is not None and due.shown_fen:
                found[scheme, area] = int(due.shown_fen)
    return found


def with_subsidy(facts: Facts, decision: Decision, aid: pl.DataFrame) -> Facts:
    """Add what each family was due and got of one index month's subsidy: one payment a person, the deepest scheme's.

    Parameters
    ----------
    decision : Decision
        A month in which the linkage started.
    aid : polars.DataFrame
        The ledger; payments of the programme `price_subsidy` under the index month.

    Returns
    -------
    Facts
        Households with subsidy_due_fen, subsidy_paid_fen and subsidy_due_on.

    Examples
    --------
    >>> from aidlib.indices import Figures
    >>> from aidlib.law import Book
    >>> from aidlib.monitoring.synthetic.example import example
    >>> from aidlib.prices.linkage import decide
    >>> place, found = example()
    >>> known = with_subsidy(found.facts, decide(Book(), Figures(), "230000", "2019-10"), place.files.aid)
    >>> int(known.households["subsidy_due_fen"].sum()) > 0
    True
    """
    month = month_number(decision.month)
    paid = payments(aid, month, month).filter(pl.col("programme") == PROGRAMME)
    got = paid.group_by("household_id").agg(subsidy_paid_fen=pl.col("paid_fen").sum())
    own = facts.persons.join(facts.households.select("household_id", "urban"), on="household_id", how="left")
    due = own.group_by("household_id").agg(subsidy_due_fen=_each(amounts(decision)).sum())
    homes = facts.households
    for part in (due, got):
        homes = homes.join(part, on="household_id", how="left")
    return replace(
        facts,
        households=homes.with_columns(
            pl.col("subsidy_due_fen", "subsidy_paid_fen").fill_null(0), subsidy_due_on=pl.lit(decision.deadline.day)
        ),
    )


def _each(known: dict[tuple[str, str], int]) -> pl.Expr:
    """What one person is due, by the deepest scheme that is paid."""
    found = pl.lit(0)
    for scheme, held in reversed(_SCHEMES.items()):
        rate = pl.when("urban").then(known.get((scheme, "urban"), 0)).otherwise(known.get((scheme, "rural"), 0))
        draws = pl.any_horizontal(
            pl.col(name) if name in ("held_single", "held_tekun") else pl.col(name) & pl.col("counted_member")
            for name in held
        )
        found = pl.when(draws.fill_null(False)).then(rate).otherwise(found)
    return found
