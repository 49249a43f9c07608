"""Will it trigger: the chance, month by month, that a place's own start conditions are met, and what that would pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aidlib.errors import DataGap
from aidlib.indices import Figures
from aidlib.law import Book, Status
from aidlib.prices import outlook_words
from aidlib.prices.forecast import TRAINING_MONTHS, Floats, Forecast, forecast, half_step
from aidlib.prices.forecast_levels import forecast_levels
from aidlib.prices.forecast_paths import paths
from aidlib.prices.known_then import Past, Until, monthly_changes, past
from aidlib.prices.method import Condition, Desk, conditions, desk
from aidlib.prices.months import number, shift
from aidlib.prices.readings import Readings
from aidlib.prices.triggers import QUARTER, Line
from aidlib.prices.words import Said
from aidlib.regions import region

Bools = NDArray[np.bool_]
INDICES = ("cpi", "food", "scpi")
DRAWS = 10_000
ERROR_SD = 0.5
"""A largest credible error is taken as two standard deviations of an error that stays the same along a path (our reading)."""
EDGE = 1e-9
FACTORS = {"scpi": ("scpi",), "cpi": ("cpi",), "higher": ("cpi", "scpi")}


@dataclass(frozen=True)
class Ahead:
    """The forecast of one index: its past, the route taken, and what a reader must know."""

    past: Past
    route: str
    forecast: Forecast
    flags: tuple[Said, ...]


@dataclass(frozen=True)
class Chance:
    """The chance that one start condition is met in a month; `low` and `high` differ where something is unknown.

    They are equal when the index can be forecast and the line of that index month is known.
    """

    month: str
    condition: Condition
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
    flags : tuple of Said
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
    flags: tuple[Said, ...]
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

    Parameters
    ----------
    book, figures : Book, Figures
        Law and published figures. Figures of months after the origin are not looked at; the lines are those of the book as it
        stands today, by index month, overlays included.
    place, origin : str
        Region code and last known index month.
    horizon : int
        Months ahead.
    seed, draws : int
        Of the joint paths: the same seed gives the same chances.
    prefer : mapping of str to str, optional
        Route by index, `yoy` or `mom`, as its record decided; `mom` is taken only where month-on-month changes are known up to
        the origin. Default `yoy`.

    Returns
    -------
    Outlook

    Raises
    ------
    DataGap
        The place has no start conditions, or none of its indices has two whole years up to the origin.

    Examples
    --------
    >>> found = outlook(Book(), Figures(), "450000", "2019-10", 3, seed=1, draws=2000)
    >>> found.months, [chance > 0.5 for chance in found.any_low], found.indices["cpi"].forecast.model
    (('2019-11', '2019-12', '2020-01'), [True, True, True], 'random walk')
    """
    code, seen = region(place).code, Until(figures, origin)
    readings, months = Readings(seen), tuple(shift(origin, h + 1) for h in range(horizon))
    desks = [desk(book, readings, code, month) for month in months]
    tested = [conditions(at) for at in desks]
    if not any(tested):
        raise DataGap(f"the law book has no start condition after {origin}", where=str(region(code)))
    ahead = {
        name: made
        for name in _asked(desks, tested)
        if (made := _ahead(readings, seen, code, name, origin, horizon, prefer or {}))
    }
    if not ahead:
        raise DataGap(
            f"no index has two whole years up to {origin}", where=str(region(code)), hint="choose an earlier origin"
        )
    drawn = _drawn(ahead, seed, draws)
    met = [
        [_met(at, condition, ahead, drawn, h) for condition in found]
        for h, (at, found) in enumerate(zip(desks, tested, strict=True))
    ]
    low, high = (np.column_stack([_either([pair[side] for pair in row], draws) for row in met]) for side in (0, 1))
    chances = tuple(Chance(month, condition, float(least.mean()), float(most.mean()))
                    for month, found, row in zip(months, tested, met, strict=True) for condition, (least, most) in zip(found, row, strict=True))  # fmt: skip
    return Outlook(code, origin, months, ahead, drawn, chances, low, _share(low), _share(high),
                   float(low.any(axis=1).mean()), float(high.any(axis=1).mean()), _flags(ahead, tested, origin))  # fmt: skip


def _asked(desks: Sequence[Desk], tested: Sequence[Sequence[Condition]]) -> tuple[str, ...]:
    """List the indices that the conditions test or that an amount is computed with."""
    used = {name for found in tested for condition in found for name in condition.indices}
    used |= {"cpi", "scpi"} & {part for at in desks for part in FACTORS.get(at.text("linkage_factor"), ())}
    return tuple(name for name in INDICES if name in used)


def _share(marks: Bools) -> tuple[float, ...]:
    return tuple(float(share) for share in marks.mean(axis=0))


def _either(marks: Sequence[Bools], draws: int) -> Bools:
    found: Bools = np.logical_or.reduce(marks) if marks else np.zeros(draws, bool)
    return found


def _ahead(
    readings: Readings, seen: Figures, code: str, index: str, origin: str, horizon: int, prefer: Mapping[str, str]
) -> Ahead | None:
    found = past(readings, code, index, origin)
    if found is None:
        return None
    changes = monthly_changes(seen, found) if prefer.get(index) == "mom" else None
    if changes is not None and len(changes) >= TRAINING_MONTHS:
        return Ahead(
            found, "mom", forecast_levels(found.series(), changes, horizon), outlook_words.of_past(found, code)
        )
    made = forecast(found.series(), horizon)
    return Ahead(found, "yoy", made, (*outlook_words.of_past(found, code), *outlook_words.of_model(found, made)))


def _drawn(ahead: Mapping[str, Ahead], seed: int, draws: int) -> dict[str, Floats]:
    """Draw joint paths; an estimated index adds one error to its whole path."""
    drawn = paths({name: one.forecast for name, one in ahead.items()}, draws=draws, seed=seed)
    generator = np.random.default_rng([seed, 1])
    errors = {name: generator.normal(size=(draws, 1)) * ERROR_SD * float(one.past.error) for name, one in ahead.items()}
    return {name: drawn[name] + errors[name] for name in drawn}


def _met(
    at: Desk, condition: Condition, ahead: Mapping[str, Ahead], drawn: Mapping[str, Floats], h: int
) -> tuple[Bools, Bools]:
    """Mark the paths on which a condition is surely met, and those on which it may be."""
    draws = len(next(iter(drawn.values())))
    known = [name for name in condition.indices if name in drawn]
    if condition.line is None or not known or at.rule("linkage_end_low_months"):
        return np.zeros(draws, bool), np.ones(draws, bool)
    ends = [_window(condition, ahead[name].past, drawn[name], at.month, h) for name in known]
    line = condition.line
    sure = np.logical_and.reduce([reaches(values, line, float(line.high)) for values in ends])
    maybe = np.logical_or.reduce([reaches(values, line, float(line.low)) for values in ends])
    return (sure, maybe) if len(known) == len(condition.indices) else (np.zeros(draws, bool), np.ones(draws, bool))


def _window(condition: Condition, known: Past, drawn: Floats, month: str, h: int) -> Floats:
    """What is held against the line: the month, the lowest of consecutive months, or their mean."""
    if condition.window == "quarter_mean" and number(month) % QUARTER != QUARTER - 1:
        return np.full(len(drawn), -np.inf)
    before = np.array([float(reading.rise) for reading in known.readings])
    whole = np.column_stack([np.tile(before, (len(drawn), 1)), drawn[:, : h + 1]])[:, -condition.months :]
    published = np.floor(whole / (2 * half_step(1)) + 0.5) * 2 * half_step(1)
    found: Floats = published.min(axis=1) if condition.window in ("single", "consecutive") else published.mean(axis=1)
    return found


def reaches(published: Floats, line: Line, at: float) -> Bools:
    """Mark published rises that reach a line, or exceed it where the rule says so.

    Examples
    --------
    >>> from fractions import Fraction
    >>> reaches(np.array([3.4, 3.5, 3.6]), Line(Fraction("3.5"), Fraction("3.5"), strict=True), 3.5).tolist()
    [False, False, True]
    """
    marks: Bools = published > at + EDGE if line.strict else published >= at - EDGE
    return marks


def _flags(ahead: Mapping[str, Ahead], tested: Sequence[Sequence[Condition]], origin: str) -> tuple[Said, ...]:
    own = [flag for one in ahead.values() for flag in one.flags]
    return tuple(dict.fromkeys([*own, *outlook_words.lacking(ahead, tested, origin)]))
