"""The rows of law and of figures behind each line of the price-linkage tables."""

from __future__ import annotations

from collections.abc import Sequence

from aidlib.indices import Figure, Figures
from aidlib.law import Book, Value
from aidlib.prices import scpi
from aidlib.prices.amounts import Amount
from aidlib.prices.linkage import Decision
from aidlib.prices.method import Condition
from aidlib.prices.months import first_day
from aidlib.prices.readings import Reading, rows_behind
from aidlib.prices.replay import MAIN_GROUPS
from aidlib.regions import province_of

Rows = list[Value | Figure]


def condition(tested: Condition, reading: Reading | None, figures: Figures) -> Rows:
    """Rows behind one condition: its line, and the index or what it was estimated from."""
    return [*_lines([tested]), *(rows_behind(figures, reading) if reading else [])]


LIMITS = ("linkage_floor_yuan", "linkage_floor_share", "linkage_cap_yuan", "linkage_multiplier", "linkage_fixed_yuan")


def amount(due: Amount, decision: Decision, figures: Figures) -> Rows:
    """Rows behind one amount: standard, rounding, limits and multiplier, payment known, head-count, index."""
    limits = (
        [v for v in decision.values if v.name in LIMITS and v.group in ("", due.group)]
        if due.low_fen is not None
        else []
    )
    parts = (due.standard.basis if due.standard else None, due.rounding, *limits, due.paid, due.persons)
    read = due.factor.readings if due.factor and due.low_fen is not None else ()
    return [*(part for part in parts if part), *(row for one in read for row in rows_behind(figures, one))]


def month(decision: Decision, figures: Figures) -> Rows:
    """Rows behind one month: lines, indices, standards, and what the place said it paid; each once."""
    read = [row for reading in decision.readings for row in rows_behind(figures, reading)]
    due = [decision.amount(group) for group in MAIN_GROUPS] if decision.outcome == "triggered" else []
    bases = [one.standard.basis for one in due if one and one.standard and one.standard.basis]
    rows = [*_lines(decision.conditions), *read, *bases, *([decision.stated] if decision.stated else [])]
    return list({row.place: row for row in rows}.values())


def method(book: Book, place: str, variant: str, when: str) -> Rows:
    """Rows that say what a place's method is: the instrument, the shape of the amount, the index it multiplies."""
    law = book.at(place, first_day(when))
    names = ("linkage_method", "linkage_amount", "linkage_factor")
    return [value for name in names if (value := law.optional(name, variant))]


def price_class(name: str, figures: Figures, place: str, when: str) -> Rows:
    """Rows behind one class of the low-income index: its index, the spending of poor households, the weight of all."""
    where, year, spending = scpi.LOW_INCOME
    periods, weight = scpi.CPI_WEIGHTS
    index, poor = figures.find(place, f"cpi_yoy:total:{name}", when), figures.find(where, f"{spending}:{name}", year)
    weights = (figures.find(province_of(place).code, f"{weight}:{name}", period) for period in periods)
    return [row for row in (index, poor, next((row for row in weights if row), None)) if row]


def _lines(conditions: Sequence[Condition]) -> Rows:
    return [part for one in conditions for part in (one.value, one.ceiling) if part]
