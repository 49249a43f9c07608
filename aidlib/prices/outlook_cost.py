"""What a forecast start would pay: amounts per person and, where head-counts are known, yuan over the months ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from aidlib.indices import Figure, Figures
from aidlib.law import Book, Status, Value
from aidlib.prices.amounts import Amount, amounts
from aidlib.prices.forecast import Floats
from aidlib.prices.known_then import Until
from aidlib.prices.method import Desk, conditions, desk
from aidlib.prices.outlook import Outlook
from aidlib.prices.readings import Supposed

SCENARIOS = 100
ENDS = (0.05, 0.5, 0.95)


@dataclass
class Remembering(Desk):
    """A desk that looks each row of law up once; only the supposed indices change between scenarios."""

    found: dict[tuple[str, str], Value | None] = field(default_factory=dict)

    def rule(self, name: str, group: str = "") -> Value | None:
        """Read a row; see `Desk.rule`."""
        if (name, group) not in self.found:
            self.found[name, group] = super().rule(name, group)
        return self.note(self.found[name, group])


@dataclass(frozen=True)
class PerPerson:
    """A group's amount in a month, in fen per person, on the paths on which payment starts: 5 %, middle and 95 %."""

    month: str
    group: str
    low_fen: float
    middle_fen: float
    high_fen: float


@dataclass(frozen=True)
class MonthAhead:
    """Persons paid and fen spent in a month: mean, 5 % and 95 % over the paths, those that do not start payment included."""

    month: str
    persons: tuple[float, float, float]
    fen: tuple[float, float, float]


@dataclass(frozen=True)
class Spending:
    """Amounts and spending ahead.

    Attributes
    ----------
    amounts : tuple of PerPerson
        Months and groups with a known amount on every path that starts payment.
    persons : dict of str to Figure
        Head-counts used, by group; the others are not in the sum.
    mean_fen, low_fen, high_fen : float or None
        Spending over all months: mean, 5 % and 95 %. None where no group has both a head-count and an amount.
    scenarios : int
        Paths it was computed on.
    by_month : tuple of MonthAhead
        The same by month; empty where no group has both a head-count and an amount.
    """

    amounts: tuple[PerPerson, ...]
    persons: Mapping[str, Figure]
    mean_fen: float | None
    low_fen: float | None
    high_fen: float | None
    scenarios: int
    by_month: tuple[MonthAhead, ...] = ()
    status: Status = "projected"


def spending(book: Book, figures: Figures, ahead: Outlook, scenarios: int = SCENARIOS) -> Spending:
    """预计每人补多少、共需多少资金。 What a start would pay, on the first paths of an outlook.

    Standards and head-counts are the latest known at the origin. A person counted in two groups is counted twice: the sum is an
    upper reading of what is due to the groups named.

    Examples
    --------
    >>> from aidlib.prices.outlook import outlook
    >>> ahead = outlook(Book(), Figures(), "450000", "2019-10", 2, seed=1, draws=200)
    >>> [(one.month, one.group) for one in spending(Book(), Figures(), ahead, 20).amounts][:1]
    [('2019-11', 'dibao_rural')]
    """
    seen = Until(figures, ahead.origin)
    due = [_month(book, seen, ahead, h, scenarios) for h in range(len(ahead.months))]
    per_person = tuple(_per_person(month, group, rows) for month, found in zip(ahead.months, due, strict=True)
                       for group, rows in _by_group(found).items() if rows)  # fmt: skip
    counted = {amount.group: amount.persons for found in due for path in found for amount in path
               if amount.persons is not None and amount.shown_fen is not None}  # fmt: skip
    total = _total(due, scenarios) if counted else None
    if total is None:
        return Spending(per_person, counted, None, None, None, scenarios)
    mean, low, high = _spread(total)
    months = tuple(_month_ahead(ahead, h, found) for h, found in enumerate(due))
    return Spending(per_person, counted, mean, low, high, scenarios, months)


def _month_ahead(ahead: Outlook, h: int, found: list[tuple[Amount, ...]]) -> MonthAhead:
    """Persons follow all paths of the outlook, fen those that amounts were computed on."""
    heads = {a.group: float(a.total_fen / a.shown_fen) for path in found for a in path if a.total_fen and a.shown_fen}
    paid: Floats = ahead.fires[:, h].astype(np.float64) * sum(heads.values())
    fen: Floats = np.array([sum(float(a.total_fen or 0) for a in path) for path in found], np.float64)
    return MonthAhead(ahead.months[h], _spread(paid), _spread(fen))


def _spread(values: Floats) -> tuple[float, float, float]:
    """Return the mean, the 5 % and the 95 % quantile."""
    return float(values.mean()), float(np.quantile(values, ENDS[0])), float(np.quantile(values, ENDS[2]))


def _month(book: Book, seen: Figures, ahead: Outlook, h: int, scenarios: int) -> list[tuple[Amount, ...]]:
    """Compute the amounts of a month on each path; none on a path that does not start payment, or a rule over several months."""
    month = ahead.months[h]
    plain = desk(book, Supposed(seen, {}), ahead.place, month)
    at = Remembering(plain.place, plain.month, plain.law, plain.home, plain.readings)
    if any(chance.condition.window != "single" for chance in ahead.chances if chance.month == month):
        return [()] * scenarios
    return [_due(at, seen, ahead, h, path) if ahead.fires[path, h] else () for path in range(scenarios)]


def _due(at: Remembering, seen: Figures, ahead: Outlook, h: int, path: int) -> tuple[Amount, ...]:
    at.readings = Supposed(seen, {name: _published(drawn[path, h]) for name, drawn in ahead.drawn.items()})
    return amounts(at, conditions(at))


def _published(rise: float) -> Fraction:
    return Fraction(int(np.floor(rise * 10 + 0.5)), 10)


def _by_group(found: list[tuple[Amount, ...]]) -> dict[str, list[float]]:
    """Collect shown amounts by group; a group without an amount on some path is left out."""
    groups: dict[str, list[Amount]] = {}
    for due in found:
        for amount in due:
            groups.setdefault(amount.group, []).append(amount)
    return {group: [float(a.shown_fen) for a in rows if a.shown_fen is not None] for group, rows in groups.items()
            if all(a.shown_fen is not None for a in rows)}  # fmt: skip


def _per_person(month: str, group: str, rows: list[float]) -> PerPerson:
    return PerPerson(month, group, *(float(end) for end in np.quantile(rows, ENDS)))


def _total(due: list[list[tuple[Amount, ...]]], scenarios: int) -> Floats:
    return np.array(
        [sum(float(amount.total_fen or 0) for month in due for amount in month[path]) for path in range(scenarios)]
    )
