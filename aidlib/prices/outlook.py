"""Will it trigger: the chance, month by month, that a place's own start conditions are met, and what that would pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from aidlib.errors import DataGap
from aidlib.indices import Figure, Figures
from aidlib.known import Note
from aidlib.law import Book, Status
from aidlib.prices.amounts import Amount, Case, amounts
from aidlib.prices.forecast import (
    FALLBACK,
    TRAINING_MONTHS,
    Floats,
    Forecast,
    forecast,
    forecast_levels,
    half_step,
    paths,
)
from aidlib.prices.known_then import Past, Until, monthly_changes, past
from aidlib.prices.method import Method, methods
from aidlib.prices.months import number, shift
from aidlib.prices.readings import Reading, Readings, Supposed
from aidlib.prices.triggers import QUARTER, Line, Start, tested
from aidlib.regions import region

Bools = NDArray[np.bool_]
INDICES = ("cpi", "food", "scpi")
DRAWS = 10_000
ERROR_SD = 0.5
"""A largest credible error is taken as two standard deviations of an error that stays the same along a path (our reading)."""
EDGE = 1e-9
SCENARIOS = 100
ENDS = (0.05, 0.5, 0.95)
FACTORS = {"scpi": ("scpi",), "cpi": ("cpi",), "higher": ("cpi", "scpi")}


@dataclass(frozen=True)
class Ahead:
    """The forecast of one index: its past, the route taken, and what a reader must know."""

    past: Past
    route: str
    forecast: Forecast
    flags: tuple[Note, ...]


@dataclass(frozen=True)
class Chance:
    """The chance that one start condition is met in a month; `low` and `high` differ where something is unknown.

    They are equal when the index can be forecast and the line of that index month is known.
    """

    month: str
    condition: Start
    low: float
    high: float


@dataclass(frozen=True)
class Outlook:
    """What an origin knows about the months after it. Status: projected.

    Attributes
    ----------
    place, origin, months : str, str, tuple of str
        What was asked.
    indices : dict of str to Ahead
        Forecast by index; one that could not be forecast is missing here and named in `flags`.
    drawn : dict of str to ndarray of shape (draws, months)
        Joint paths of the indices.
    chances : tuple of Chance
        By month and condition.
    fires : ndarray of bool, shape (draws, months)
        Paths on which payment surely starts, of what can be forecast.
    any_low, any_high : tuple of float
        Chance, by month, that any condition is met; they differ where a condition cannot be forecast.
    once_low, once_high : float
        Chance that payment starts in one of the months or more.
    flags : tuple of Note
        Fallbacks, estimated inputs, what is missing.
    """

    place: str
    origin: str
    months: tuple[str, ...]
    indices: Mapping[str, Ahead]
    drawn: Mapping[str, Floats]
    chances: tuple[Chance, ...]
    fires: Bools
    any_low: tuple[float, ...]
    any_high: tuple[float, ...]
    once_low: float
    once_high: float
    flags: tuple[Note, ...]
    status: Status = "projected"


def outlook(
    book: Book,
    figures: Figures,
    place: str,
    origin: str,
    horizon: int = 6,
    *,
    seed: int,
    draws: int = DRAWS,
    prefer: Mapping[str, str] | None = None,
) -> Outlook:
    """某地此后各月启动价格补贴的可能性有多大。 How likely is it that payment starts in each of the coming months.

    Raises
    ------
    DataGap
        The place has no start conditions, or none of its indices has two whole years up to the origin.
    """
    code, seen = region(place).code, Until(figures, origin)
    readings, months = Readings(seen), tuple(shift(origin, h + 1) for h in range(horizon))
    laws = [methods(book, code, month) for month in months]
    if not any(law.starts for found in laws for law in found):
        raise DataGap(f"the law book has no start condition after {origin}", where=str(region(code)))
    ahead = {
        name: made
        for name in _asked(laws)
        if (made := _ahead(readings, seen, code, name, origin, horizon, prefer or {}))
    }
    if not ahead:
        raise DataGap(
            f"no index has two whole years up to {origin}", where=str(region(code)), hint="choose an earlier origin"
        )
    drawn = _drawn(ahead, seed, draws)
    marks = [
        [_any(law, month, ahead, drawn, h) for law in found]
        for h, (month, found) in enumerate(zip(months, laws, strict=True))
    ]
    low = np.column_stack([np.logical_and.reduce([sure for sure, _ in found]) for found in marks])
    high = np.column_stack([np.logical_or.reduce([maybe for _, maybe in found]) for found in marks])
    chances = tuple(
        Chance(month, start, *(float(side.mean()) for side in _met(start, month, ahead, drawn, h)))
        for h, (month, found) in enumerate(zip(months, laws, strict=True))
        for start in found[0].starts
    )
    return Outlook(code, origin, months, ahead, drawn, chances, low, _share(low), _share(high),
                   float(low.any(axis=1).mean()), float(high.any(axis=1).mean()), _flags(ahead, laws, origin, code))  # fmt: skip


def _asked(laws: Sequence[Sequence[Method]]) -> tuple[str, ...]:
    """List the indices that the conditions test or that an amount is computed with."""
    every = [law for found in laws for law in found]
    used = {name for law in every for start in law.starts for name in start.indices}
    factors = {name for law in every for rule in law.groups.values() for name in rule.factors}
    used |= {"cpi", "scpi"} & {part for name in factors for part in FACTORS.get(name, ())}
    return tuple(name for name in INDICES if name in used)


def _any(
    law: Method, month: str, ahead: Mapping[str, Ahead], drawn: Mapping[str, Floats], h: int
) -> tuple[Bools, Bools]:
    """Mark the paths on which a statement of the method surely starts payment, and those on which it may."""
    draws = len(next(iter(drawn.values())))
    marks = [_met(start, month, ahead, drawn, h) for start in law.starts]
    sure, maybe = ([np.zeros(draws, bool), *(pair[side] for pair in marks)] for side in (0, 1))
    return np.logical_or.reduce(sure), np.logical_or.reduce(maybe)


def _share(marks: Bools) -> tuple[float, ...]:
    return tuple(float(share) for share in marks.mean(axis=0))


def _ahead(
    readings: Readings, seen: Figures, code: str, index: str, origin: str, horizon: int, prefer: Mapping[str, str]
) -> Ahead | None:
    found = past(readings, code, index, origin)
    if found is None:
        return None
    changes = monthly_changes(seen, found) if prefer.get(index) == "mom" else None
    if changes is not None and len(changes) >= TRAINING_MONTHS:
        return Ahead(found, "mom", forecast_levels(found.series(), changes, horizon), tuple(_of_past(found, code)))
    made = forecast(found.series(), horizon)
    return Ahead(found, "yoy", made, (*_of_past(found, code), *_of_model(found, made)))


def _drawn(ahead: Mapping[str, Ahead], seed: int, draws: int) -> dict[str, Floats]:
    """Draw joint paths; an estimated index adds one error to its whole path."""
    drawn = paths({name: one.forecast for name, one in ahead.items()}, draws=draws, seed=seed)
    generator = np.random.default_rng([seed, 1])
    errors = {name: generator.normal(size=(draws, 1)) * ERROR_SD * float(one.past.error) for name, one in ahead.items()}
    return {name: drawn[name] + errors[name] for name in drawn}


def _met(
    start: Start, month: str, ahead: Mapping[str, Ahead], drawn: Mapping[str, Floats], h: int
) -> tuple[Bools, Bools]:
    """Mark the paths on which a condition is surely met, and those on which it may be."""
    draws = len(next(iter(drawn.values())))
    known = [name for name in start.indices if name in drawn]
    if start.line is None or not known or start.end_months:
        return np.zeros(draws, bool), np.ones(draws, bool)
    ends = [_window(start, ahead[name].past, drawn[name], month, h) for name in known]
    line = start.line
    sure = np.logical_and.reduce([reaches(values, line, float(line.high)) for values in ends])
    maybe = np.logical_or.reduce([reaches(values, line, float(line.low)) for values in ends])
    return (sure, maybe) if len(known) == len(start.indices) else (np.zeros(draws, bool), np.ones(draws, bool))


def _window(start: Start, known: Past, drawn: Floats, month: str, h: int) -> Floats:
    """What is held against the line: the month, the lowest of consecutive months, or their mean."""
    if start.window == "quarter_mean" and number(month) % QUARTER != QUARTER - 1:
        return np.full(len(drawn), -np.inf)
    before = np.array([float(reading.rise) for reading in known.readings])
    whole = np.column_stack([np.tile(before, (len(drawn), 1)), drawn[:, : h + 1]])[:, -start.months :]
    published = np.floor(whole / (2 * half_step(1)) + 0.5) * 2 * half_step(1)
    found: Floats = published.min(axis=1) if start.window in ("single", "consecutive") else published.mean(axis=1)
    return found


def reaches(published: Floats, line: Line, at: float) -> Bools:
    """Mark published rises that reach a line, or exceed it where the rule says so."""
    marks: Bools = published > at + EDGE if line.strict else published >= at - EDGE
    return marks


def _of_past(found: Past, asked: str) -> list[Note]:
    """Say what of the past of an index is not its own publication."""
    flags = [Note("past_of_another_place", (found.index, found.place))] if found.place != asked else []
    if found.estimated or found.error:
        size = f"{float(found.error):.2f}" if found.error else ""
        facts = (found.index, str(found.estimated), *([size] if size else []))
        flags.append(Note("past_estimated_within" if size else "past_estimated", facts))
    return flags


def _of_model(found: Past, made: Forecast) -> list[Note]:
    """Say which model was stepped down to, and why."""
    if made.model != FALLBACK:
        return [Note("model_stepped_down", (found.index, made.model, doubt)) for doubt in made.flags]
    if len(found.readings) < TRAINING_MONTHS:
        return [Note("past_too_short", (found.index, str(len(found.readings)), str(TRAINING_MONTHS)))]
    return [Note("random_walk", (found.index, "; ".join(made.flags)))]


def _flags(ahead: Mapping[str, Ahead], laws: Sequence[Sequence[Method]], origin: str, place: str) -> tuple[Note, ...]:
    own = [flag for one in ahead.values() for flag in one.flags]
    asked = dict.fromkeys(name for found in laws for law in found for start in law.starts for name in start.indices)
    return tuple(dict.fromkeys([*own, *(Note("not_forecast", (name, origin)) for name in asked if name not in ahead)]))


@dataclass(frozen=True)
class PerPerson:
    """A group's amount in a month, in fen per person, on the paths on which payment starts: 5 %, middle and 95 %.

    `middle_fen` is None where the amount itself is only known as a range: the ends then hold its ends too.
    """

    month: str
    group: str
    low_fen: float
    middle_fen: float | None
    high_fen: float


@dataclass(frozen=True)
class MonthAhead:
    """Persons paid and fen spent in a month: mean, 5 % and 95 % over the paths, those that do not start payment included."""

    month: str
    persons: tuple[float, float, float]
    fen: tuple[float | None, float, float]


@dataclass(frozen=True)
class Spending:
    """Amounts and spending ahead.

    Attributes
    ----------
    amounts : tuple of PerPerson
        Months and groups whose amount has both ends on every path that starts payment.
    persons : dict of str to Figure
        Head-counts used, by group; the others are not in the sum.
    mean_fen, low_fen, high_fen : float or None
        Spending over all months: mean, 5 % and 95 %. The mean is None where amounts are ranges; all are None where no group has
        both a head-count and an amount.
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


Ends = tuple[float, float | None, float]
Due = Mapping[str, Ends]
"""Low, middle and high fen a person by group, on one path and month."""


def spending(book: Book, figures: Figures, ahead: Outlook, scenarios: int = SCENARIOS) -> Spending:
    """预计每人补多少、共需多少资金。 What a start would pay, on the first paths of an outlook.

    Standards and head-counts are the latest known at the origin. A person counted in two groups is counted twice: the sum is an
    upper reading of what is due to the groups named.
    """
    seen = Until(figures, ahead.origin)
    persons: dict[str, Figure] = {}
    due = [_month(book, seen, ahead, h, scenarios, persons) for h in range(len(ahead.months))]
    per_person = tuple(
        _per_person(month, group, found)
        for month, found in zip(ahead.months, due, strict=True)
        for group in _whole(found)
    )
    counted = {group: persons[group] for group in persons if any(group in path for found in due for path in found)}
    if not counted:
        return Spending(per_person, counted, None, None, None, scenarios)
    heads = {group: float(figure.plain) for group, figure in counted.items()}
    by_month = [_month_total(found, heads) for found in due]
    total = tuple(np.sum([ends[side] for ends in by_month], axis=0) for side in range(3))
    months = tuple(_month_ahead(ahead, h, heads, ends) for h, ends in enumerate(by_month))
    return Spending(per_person, counted, *_spread(*total), scenarios, months)


def _month(book: Book, seen: Figures, ahead: Outlook, h: int, scenarios: int, persons: dict[str, Figure]) -> list[Due]:
    """Compute the amounts of a month on each path; none on a path that does not start payment, or a rule over several months."""
    month = ahead.months[h]
    laws = methods(book, ahead.place, month)
    if any(start.window != "single" for law in laws for start in law.starts):
        return [{}] * scenarios
    found: list[Due] = []
    for path in range(scenarios):
        rises = {name: _published(drawn[path, h]) for name, drawn in ahead.drawn.items()}
        case = Case(book, Supposed(seen, rises), ahead.place, month)
        found.append(_due(case, laws, persons) if ahead.fires[path, h] else {})
    return found


def _due(case: Case, laws: Sequence[Method], persons: dict[str, Figure]) -> Due:
    def read(index: str, month: str) -> Reading | None:
        return case.readings.at(case.place, index, month)

    found = amounts(case, [(law, tuple(tested(start, read, case.month) for start in law.starts)) for law in laws])
    persons |= {amount.group: amount.persons for amount in found if amount.persons is not None}
    return {amount.group: ends for amount in found if (ends := _ends(amount))}


def _ends(amount: Amount) -> Ends | None:
    low, middle, high = (amount.shown(end) for end in ("low", "exact", "high"))
    if low is None or high is None:
        return None
    return float(low), None if middle is None else float(middle), float(high)


def _published(rise: float) -> Fraction:
    return Fraction(int(np.floor(rise * 10 + 0.5)), 10)


def _whole(found: Sequence[Due]) -> list[str]:
    """List the groups that have an amount on every path that starts payment."""
    started = [path for path in found if path]
    return [group for group in (started[0] if started else {}) if all(group in path for path in started)]


def _per_person(month: str, group: str, found: Sequence[Due]) -> PerPerson:
    ends = [path[group] for path in found if path]
    middles = [middle for _, middle, _ in ends if middle is not None]
    middle = float(np.quantile(middles, ENDS[1])) if len(middles) == len(ends) else None
    low, high = np.quantile([low for low, *_ in ends], ENDS[0]), np.quantile([high for *_, high in ends], ENDS[2])
    return PerPerson(month, group, float(low), middle, float(high))


def _month_total(found: Sequence[Due], heads: Mapping[str, float]) -> tuple[Floats, Floats, Floats]:
    """Sum low, middle and high over the groups with a head-count, path by path; NaN where a middle is not known."""
    ends = [np.array([_sum(path, heads, side) for path in found], np.float64) for side in range(3)]
    return ends[0], ends[1], ends[2]


def _sum(path: Due, heads: Mapping[str, float], side: int) -> float:
    known = [(heads[group], ends[side]) for group, ends in path.items() if group in heads]
    return float(sum(count * (np.nan if end is None else end) for count, end in known))


def _month_ahead(ahead: Outlook, h: int, heads: Mapping[str, float], ends: tuple[Floats, Floats, Floats]) -> MonthAhead:
    """Persons follow all paths of the outlook, fen those that amounts were computed on."""
    paid: Floats = ahead.fires[:, h].astype(np.float64) * sum(heads.values())
    mean, low, high = _spread(paid, paid, paid)
    return MonthAhead(ahead.months[h], (float(mean or 0.0), low, high), _spread(*ends))


def _spread(low: Floats, middle: Floats, high: Floats) -> tuple[float | None, float, float]:
    """Return the mean of the middle where it is known, the 5 % quantile of the low and the 95 % quantile of the high ends."""
    mean = float(middle.mean())
    return None if np.isnan(mean) else mean, float(np.quantile(low, ENDS[0])), float(np.quantile(high, ENDS[2]))
