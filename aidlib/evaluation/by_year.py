"""A place month by month and year by year: price linkage of the year, and the trend of levels, recipients and payments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aidlib.evaluation.measures import MEASURES, Records, Seen
from aidlib.known import Known
from aidlib.prices.amounts import Amount
from aidlib.prices.linkage import Decision
from aidlib.prices.monthly import chances, verdict_of
from aidlib.result import Result

if TYPE_CHECKING:
    import pandas as pd

TREND = ("level", "rural_urban_ratio", "coverage", "payment")


@dataclass(frozen=True)
class LinkageYear(Result):
    """Price linkage of a year: what was due, what is known to have been paid."""

    months: tuple[Decision, ...]

    def count(self, outcome: str) -> int:
        """How many months are `triggered`, `not_triggered` or `undetermined`."""
        return sum(month.outcome == outcome for month in self.months)

    @property
    def open(self) -> Counter[str]:
        """Months that published indices do not decide, by what the nation's says of them: start_unlikely, start_likely, start_unknown."""
        return Counter(_outcome(month) for month in self.months if month.outcome == "undetermined")

    @property
    def stated(self) -> int:
        """In how many months that were due a payment is known."""
        return sum(bool(month.stated and month.stated.value) for month in self.months if month.outcome == "triggered")

    @property
    def due_fen(self) -> dict[str, tuple[int, int | None]]:
        """What a person of each main group was due over the months that started, least and greatest, in fen; only where any started."""
        found = {}
        for group in ("dibao_urban", "dibao_rural"):
            ends = [
                due.ends_fen for month in self.months if month.outcome == "triggered" and (due := month.amount(group))
            ]
            highs = [high for _, high in ends]
            if ends and all(low is not None for low, _ in ends):
                found[group] = (
                    sum(low or 0 for low, _ in ends),
                    None if None in highs else sum(high or 0 for high in highs),
                )
        return found

    def to_frame(self) -> pd.DataFrame:
        """One row a month: index_month, cpi_rise (percentage points), month_outcome, due_urban, due_rural (yuan a person), stated (yuan),
        paid_by, sources. Months for which nothing was due are left out."""
        import pandas as pd

        rows = [_month(month) for month in self.months if month.outcome != "not_triggered"]
        columns = [
            "index_month",
            "cpi_rise",
            "month_outcome",
            "due_urban",
            "due_rural",
            "stated_payment",
            "paid_by",
            "sources",
        ]
        return pd.DataFrame(rows, columns=columns)


def _outcome(month: Decision) -> str:
    """What is known of a month; where no published index decides it, how likely a start is."""
    return verdict_of(chances(month)) if month.outcome == "undetermined" else str(month.outcome)


def _month(month: Decision) -> list[Any]:
    reading = next((one for one in month.readings if one.index == "cpi"), None)
    ends = (reading.low, reading.high) if reading and reading.error else (None, None)
    rise = Known(reading.rise, "pct", reading.status, None, (), "cpi", *ends) if reading else None
    started = month.outcome == "triggered"
    due = [_due(month.amount(group)) if started else None for group in ("dibao_urban", "dibao_rural")]
    rows = [row for row in (month.regime, month.overlay, month.method, month.stated) if row]
    stated = Known.of(month.stated) if month.stated else None
    return [month.month, rise, _outcome(month), *due, stated, month.deadline.day if started else None, rows]


def _due(found: Amount | None) -> Known | None:
    if found is None:
        return None
    low, high = found.ends_fen
    if low is None:
        return None
    point = found.point_fen
    ends = (None, None) if low == high else (Fraction(low, 100), None if high is None else Fraction(high, 100))
    return Known(Fraction(low if point is None else point, 100), "yuan", found.status, None, (), "", *ends)


@dataclass(frozen=True)
class History(Result):
    """Levels, recipients over residents and payments of a place, year by year.

    Attributes
    ----------
    place : str
        Region code.
    years : mapping
        By year and (measure, area), what was seen.
    """

    place: str
    years: Mapping[int, Mapping[tuple[str, str], Seen]]

    def to_frame(self) -> pd.DataFrame:
        """One row a year of which anything is known: level_urban, level_rural (exact fen a month) with kinds and statuses, ratio,
        coverage_urban, coverage_rural (plain ratios), payment_urban, payment_rural (exact fen a month), sources."""
        import pandas as pd

        rows = [_history_row(year, seen) for year, seen in self.years.items() if seen]
        keys = [(name, area) for name in TREND for area in MEASURES[name].areas]
        columns = [part for name, area in keys for part in _columns(name, area)]
        return pd.DataFrame(rows, columns=["year", *columns, "sources"])


def _columns(name: str, area: str) -> list[str]:
    own = "_".join(filter(None, ({"rural_urban_ratio": "ratio"}.get(name, name), area)))
    return [own, f"{own}_status", *([f"kind_{area}"] if name == "level" else [])]


def _history_row(year: int, seen: Mapping[tuple[str, str], Seen]) -> dict[str, Any]:
    row: dict[str, Any] = {"year": year, "sources": [r for one in seen.values() for r in one.value.rows]}
    for (name, area), one in seen.items():
        own, status, *kind = _columns(name, area)
        row |= {own: one.value.fen_month if "yuan" in one.value.unit else one.value.number, status: one.value.status}
        row |= dict.fromkeys(kind, one.basis)
    return row


def of_year(at: Records) -> dict[tuple[str, str], Seen]:
    """What is known of a year for the trend."""
    found = {(name, area): MEASURES[name].find(at, area) for name in TREND for area in MEASURES[name].areas}
    return {key: one for key, one in found.items() if isinstance(one, Seen)}
