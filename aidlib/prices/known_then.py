"""What was known at an origin: figures of later periods are hidden, and the past of an index is read as far as it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from aidlib.indices import Figure, Figures
from aidlib.prices.forecast import SEASONAL
from aidlib.prices.months import MONTHS_IN_YEAR, shift
from aidlib.prices.readings import Reading, Readings
from aidlib.regions import NATION, lineage, region

if TYPE_CHECKING:
    import pandas as pd

MONTHLY = {"cpi": "cpi_mom:total:all_items", "food": "cpi_mom:total:food"}
LEAST_MONTHS = 2 * SEASONAL[3]


class Until(Figures):
    """The same figures without those of periods that end after a month; what is read counts as read in the original.

    Later revisions of earlier months are not undone: the newest vintage of each period answers.

    Examples
    --------
    >>> seen = Until(Figures(), "2020-01")
    >>> max(seen.all("000000", "cpi_yoy:total:all_items")), seen.find("000000", "cpi_yoy:total:all_items", "2020-02") is None
    ('2020-01', True)
    """

    def __init__(self, figures: Figures, origin: str) -> None:
        self.__dict__.update(figures.__dict__)
        self._original, self._origin = figures, origin
        self._cut: dict[tuple[str, str], dict[str, Figure]] = {}

    def _known(self, place: str, series: str) -> dict[str, Figure]:
        if (place, series) not in self._cut:
            known = self._original._known(place, series)
            self._cut[place, series] = {period: f for period, f in known.items() if end(period) <= self._origin}
        return self._cut[place, series]


@cache
def end(period: str) -> str:
    """Return the last month of a period.

    Examples
    --------
    >>> [end(period) for period in ("2023", "2023-06", "2024-Q1Q3", "2024-01-01", "2022-06..2022-09")]
    ['2023-12', '2023-06', '2024-09', '2024-01', '2022-09']
    """
    last = period.rpartition("..")[2]
    if "Q" in last:
        return f"{last[:4]}-{int(last[-1]) * 3:02d}"
    return last[:7] if len(last) > len("2023") else f"{last}-{MONTHS_IN_YEAR}"


@dataclass(frozen=True)
class Past:
    """The unbroken past of an index up to an origin.

    Attributes
    ----------
    index, place : str
        cpi, food or scpi; the region whose readings these are.
    readings : tuple of Reading
        Consecutive months, the last one the origin.
    error : Fraction
        Largest credible error of standing in for the place asked, in points: 0 where every reading is published.
    """

    index: str
    place: str
    readings: tuple[Reading, ...]
    error: Fraction

    @property
    def estimated(self) -> int:
        """Count of months that were not published as they stand."""
        return sum(reading.status != "observed" for reading in self.readings)

    def series(self) -> pd.Series:
        """Return the rises as floats by month."""
        import pandas as pd

        months = pd.PeriodIndex([reading.month for reading in self.readings], freq="M")
        return pd.Series([float(reading.rise) for reading in self.readings], index=months)


def past(readings: Readings, place: str, index: str, origin: str) -> Past | None:
    """Read the past of an index at a place, or at the nearest place above it that has two whole years up to the origin.

    The nation stands in for nobody. None where no such past is known.
    """
    for code in lineage(place):
        if (code == NATION) != (place == NATION) or region(code).level == "prefecture_placeholder":
            continue
        found: list[Reading] = []
        month = origin
        while own := readings.of_place(code, index, month):
            found.append(own)
            month = shift(month, -1)
        if len(found) >= LEAST_MONTHS:
            return Past(index, code, tuple(reversed(found)), _error(readings, place, code, index, found))
    return None


def _error(readings: Readings, place: str, code: str, index: str, newest_first: list[Reading]) -> Fraction:
    """Take the largest error of the origin's year; for a place below, what standing in for it has been seen to cost."""
    year = newest_first[:MONTHS_IN_YEAR]
    own = max(reading.error for reading in year)
    if code == place:
        return own
    stood_in = [readings.at(place, index, reading.month) for reading in year]
    return max([own, *(reading.error for reading in stood_in if reading and reading.how == "above")])


def monthly_changes(figures: Figures, found: Past) -> pd.Series | None:
    """Return the month-on-month changes in percent that end at the origin, unbroken; None where there are none."""
    import pandas as pd

    series, changes = MONTHLY.get(found.index), []
    month = found.readings[-1].month
    while series and (figure := figures.find(found.place, series, month)):
        changes.append((month, float(figure.rise)))
        month = shift(month, -1)
    if not changes:
        return None
    months, values = zip(*reversed(changes), strict=True)
    return pd.Series(values, index=pd.PeriodIndex(months, freq="M"))
