"""A place's whole history of months, and the same months under other places' methods."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.money import FEN_PER_YUAN
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.method import Condition
from aidlib.prices.months import span
from aidlib.prices.readings import Readings
from aidlib.regions import region

if TYPE_CHECKING:
    import pandas as pd

INDICES = ("cpi", "food", "scpi")
MAIN_GROUPS = ("dibao_urban", "dibao_rural")


def decisions(book: Book, figures: Figures, place: str, first: str, last: str) -> list[Decision]:
    """Decide every month from one to another, oldest first, on shared readings."""
    readings = Readings(figures)
    return [decide(book, figures, place, month, readings=readings) for month in span(first, last)]


def replay(book: Book, figures: Figures, place: str, first: str, last: str) -> pd.DataFrame:
    """Return the linkage history of a place, one row a month.

    Returns
    -------
    pandas.DataFrame
        period, regime, method; for cpi, food and scpi the rise (float points, for drawing), its error, its status and the
        line in force; outcome, decided_by, outcome_status; per main group the amount in fen (exact Fraction or whole fen)
        with low and high ends; stated_fen (what the place is known to have paid); paid_by (date), status, missing.

    Examples
    --------
    >>> frame = replay(Book(), Figures(), "230000", "2019-09", "2019-10")
    >>> list(frame["outcome"])
    ['triggered', 'triggered']
    """
    return frame(decisions(book, figures, place, first, last))


def frame(found: Iterable[Decision]) -> pd.DataFrame:
    """Lay decisions out as a table, one row a month; see `replay`."""
    import pandas as pd

    return pd.DataFrame([_row(decision) for decision in found])


def compare_methods(
    book: Book, figures: Figures, place: str, first: str, last: str, others: Iterable[tuple[str, str]]
) -> pd.DataFrame:
    """What the same months would have paid under other places' methods.

    Parameters
    ----------
    others : iterable of (str, str)
        Region whose method is tried, and the variant (empty for the method in force).

    Returns
    -------
    pandas.DataFrame
        One row a method: method_of, variant, triggered, not_triggered and undetermined months; and per main group the sum of
        the months' exact amounts in fen (Fraction) and how many months of it are known.
    """
    import pandas as pd

    readings, rows = Readings(figures), []
    for lender, variant in others:
        found = [
            decide(book, figures, place, month, method_of=lender, variant=variant, readings=readings)
            for month in span(first, last)
        ]
        rows.append({"method_of": region(lender).code, "variant": variant, **_summary(found)})
    return pd.DataFrame(rows)


def _summary(found: list[Decision]) -> dict[str, object]:
    cells: dict[str, object] = {
        outcome: sum(d.outcome == outcome for d in found) for outcome in ("triggered", "not_triggered", "undetermined")
    }
    for group in MAIN_GROUPS:
        due = [d.amount(group) for d in found if d.outcome == "triggered"]
        known = [Fraction(a.shown_fen) for a in due if a and a.shown_fen is not None]
        cells |= {f"{group}_fen": sum(known, Fraction(0)), f"{group}_months": len(known)}
    return cells


def _row(decision: Decision) -> dict[str, object]:
    cells: dict[str, object] = {
        "period": decision.month,
        "regime": decision.regime.text if decision.regime else None,
        "overlay": decision.overlay.text if decision.overlay else None,
        "method": decision.method.text if decision.method else None,
    }
    for index in INDICES:
        cells |= _index_cells(index, [c for c in decision.conditions if index in c.indices], decision)
    cells |= {
        "outcome": decision.outcome,
        "decided_by": " ".join("|".join(c.indices) for c in decision.met),
        "outcome_status": decision.outcome_status,
    }
    for group in MAIN_GROUPS:
        due = decision.amount(group)
        cells |= {f"{group}_fen": due.shown_fen if due else None,
                  f"{group}_low_fen": due.low_fen if due else None,
                  f"{group}_high_fen": due.high_fen if due else None}  # fmt: skip
    return cells | {
        "stated_fen": decision.stated.value * FEN_PER_YUAN if decision.stated else None,
        "paid_by": decision.deadline.day,
        "status": decision.status,
        "missing": "；".join(said.zh for said in decision.missing),
    }


def _index_cells(index: str, conditions: list[Condition], decision: Decision) -> dict[str, object]:
    condition = conditions[0] if conditions else None
    found = next((reading for reading in decision.readings if reading.index == index), None)
    reading = condition.readings[condition.indices.index(index)] if condition else found
    line = condition.line if condition else None
    return {
        f"{index}_yoy": float(reading.rise) if reading else None,
        f"{index}_error": float(reading.error) if reading else None,
        f"{index}_status": reading.status if reading else None,
        f"{index}_line": float(line.high) if line else None,
    }
