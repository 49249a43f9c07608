"""If the price-linkage rule of 2016 had stayed: its lines put to the months since, indices unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.prices.linkage import decide
from aidlib.prices.months import span
from aidlib.prices.readings import Readings
from aidlib.prices.triggers import against, any_of
from aidlib.regions import NATION, Region, place
from aidlib.result import Result

if TYPE_CHECKING:
    import pandas as pd

OLD_RULE, SINCE = "2020-07", "2021-01"
"""A month under the 2016 rule without the temporary multiplier, and the first month of the comparison."""


@dataclass(frozen=True)
class Month:
    """One month under two rules; None where it cannot be told."""

    place: str
    month: str
    now: bool | None
    then: bool | None

    @property
    def decided(self) -> bool:
        """Whether both rules tell."""
        return self.now is not None and self.then is not None


@dataclass(frozen=True)
class OtherRule(Result):
    """Months under the rule in force and under that of 2016."""

    months: tuple[Month, ...]

    @property
    def decided(self) -> int:
        """Months that both rules tell."""
        return sum(month.decided for month in self.months)

    @property
    def undecided(self) -> int:
        """Months that cannot be told, which is not the same as not started."""
        return len(self.months) - self.decided

    @property
    def differ(self) -> tuple[Month, ...]:
        """Months in which the two rules differ."""
        return tuple(month for month in self.months if month.decided and month.now != month.then)

    def to_frame(self) -> pd.DataFrame:
        """One row a place and year: place, year, months_triggered, months_triggered_2016 (nothing where no month of the year can be told),
        months_undetermined, months_differ (the months)."""
        import pandas as pd

        years = dict.fromkeys((month.place, month.month[:4]) for month in self.months)
        rows = [
            _year(place, year, [one for one in self.months if (one.place, one.month[:4]) == (place, year)])
            for place, year in years
        ]
        columns = ["place", "year", "months_triggered", "months_triggered_2016", "months_undetermined", "months_differ"]
        return pd.DataFrame(rows, columns=columns)


def _year(place: str, year: str, held: Sequence[Month]) -> list[object]:
    """Count months by each rule; a year in which no month can be told by a rule has no count."""
    counts = [
        sum(map(bool, each)) if any(one is not None for one in each) else None
        for each in zip(*((m.now, m.then) for m in held), strict=True)
    ]
    differ = [month.month for month in held if month.decided and month.now != month.then]
    return [place, int(year), *counts, sum(not month.decided for month in held), differ or None]


def rule_of_2016(
    region: str | int | Region, last: str, law: Book | None = None, figures: Figures | None = None
) -> OtherRule:
    """若2016年的规则不变。 Put the lines of the 2016 rule to the months since 2021, for the nation and for a place.

    Only the lines differ: indices, groups and amounts stay as they are.

    Examples
    --------
    >>> found = rule_of_2016("000000", "2021-12")
    >>> len(found.months), found.decided
    (12, 12)
    """
    book, read = law or Book(), figures or Figures()
    codes = dict.fromkeys((NATION, place(region).code))
    return OtherRule(tuple(month for code in codes for month in _months(book, read, code, last)))


def _months(book: Book, figures: Figures, code: str, last: str) -> list[Month]:
    readings = Readings(figures)
    lines = [(c.indices[0], c.line) for c in decide(book, figures, code, OLD_RULE, readings=readings).conditions]
    found = []
    for month in span(SINCE, last):
        now = decide(book, figures, code, month, readings=readings).outcome
        then = any_of(against(readings.at(code, index, month), line) for index, line in lines)
        found.append(
            Month(
                code,
                month,
                {"triggered": True, "not_triggered": False}.get(now),
                {"met": True, "not_met": False}.get(then),
            )
        )
    return found
