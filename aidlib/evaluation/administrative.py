"""What the published figures alone say of a place's work: recipients, their share of the population, payment per person-month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from aidlib.indices import Figure, Figures
from aidlib.law import Status, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN

Basis = Figure | Value
WAYS = (
    ("dibao_spend_ytd", "dibao_person_times_ytd"),
    ("dibao_spend_month", "dibao_recipients"),
    ("dibao_spend", "dibao_recipients"),
    ("dibao_spend_ytd", "dibao_recipients"),
)


@dataclass(frozen=True)
class Measure:
    """A number worked out from published ones.

    Attributes
    ----------
    value : Fraction
        Exact; a share as a plain ratio, money in fen per person and month.
    numerator, denominator : Fraction
        Both its ends in single persons and fen.
    period : str
        Period of the numerator.
    status : str
        Weakest of its figures; `estimated` where heads stand for a mean of months.
    basis : tuple of Figure or Value
        The rows it rests on.
    """

    value: Fraction
    numerator: Fraction
    denominator: Fraction
    period: str
    status: Status
    basis: tuple[Basis, ...]


def recent(figures: Figures, place: str, series: str, year: int, reach: int = 1) -> Figure | None:
    """Return a place's latest figure of a year, or of at most `reach` years before it; its period tells which."""
    known = [period for period in figures.all(place, series) if year - reach <= int(period[:4]) <= year]
    return figures.get(place, series, max(known, key=_order)) if known else None


def earlier(figures: Figures, figure: Figure) -> Figure | None:
    """Return the figure of the same place and series before this one."""
    known = [period for period in figures.all(figure.region, figure.series) if _order(period) < _order(figure.period)]
    return figures.get(figure.region, figure.series, max(known, key=_order)) if known else None


def _order(period: str) -> str:
    """A figure of a whole year stands at its end, after those of its months."""
    return period if len(period) > len("2020") else f"{period}-99"


def paid_per_person_month(figures: Figures, place: str, area: str, year: int) -> Measure | None:
    """人均补助水平:发放资金除以领取人月数。 Money paid over person-months, in fen.

    From cumulative money and person-times of the same months where both are published, else from a month's money and heads,
    else from a year's money and the heads at its end: then heads stand for a mean of the months and the result is estimated.
    """
    return next(_payments(figures, place, area, year), None)


def _payments(figures: Figures, place: str, area: str, year: int) -> Iterator[Measure]:
    """Ways to the same number, the firmest first."""
    for money, heads in WAYS:
        paid = recent(figures, place, f"{money}:{area}", year)
        people = paid and figures.find(place, f"{heads}:{area}", paid.period)
        months = _months(money, heads, paid.period) if paid else 0
        if paid and people and months:
            firm = heads.endswith("ytd") or money.endswith("month")
            status = weakest(paid.status, people.status, "observed" if firm else "estimated")
            fen, person_months = paid.plain * FEN_PER_YUAN, people.plain * months
            yield Measure(fen / person_months, fen, person_months, paid.period, status, (paid, people))


def _months(money: str, heads: str, period: str) -> int:
    """Months the heads are to be counted for; 0 where the period does not tell."""
    if heads.endswith("ytd") or money.endswith("month"):
        return 1
    if money.endswith("ytd"):
        return int(period[5:7] or 0)
    return MONTHS_PER_YEAR if len(period) == len("2020") else 0
