"""The method a place uses in a month, read from the law book row by row: conditions, lines, windows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from aidlib.law import Book, LocalLaw, Value
from aidlib.prices.months import first_day
from aidlib.prices.readings import Reading, Readings
from aidlib.prices.triggers import Line, Reader, Verdict, against, agreed, in_state, in_window
from aidlib.regions import NATION, region

TOKEN = re.compile(r"^([a-z_|]+)(>=|>)$")
CONDITIONS = "linkage_conditions"


@dataclass
class Desk:
    """A place and month with the law and the figures open; it notes every row of law that is read.

    Attributes
    ----------
    place, month : str
        Whose indices and standards count, and for which index month.
    law : LocalLaw
        The book at the place whose method is used, on the first day of the index month.
    home : LocalLaw
        The book at the place itself, for its standards.
    readings : Readings
        The indices.
    variant : str
        Group word of an alternative method, such as `alternative_scpi`; empty for the one in force.
    values : dict
        Every value read, by its row.
    """

    place: str
    month: str
    law: LocalLaw
    home: LocalLaw
    readings: Readings
    variant: str = ""
    values: dict[str, Value] = field(default_factory=dict)

    def rule(self, name: str, group: str = "") -> Value | None:
        """Read a row the place may do without; a variant's own row goes first."""
        return self.note(self.law.optional(name, "|".join(filter(None, (self.variant, group)))))

    def note(self, value: Value | None) -> Value | None:
        """Remember a value as read."""
        if value is not None:
            self.values[value.place] = value
        return value

    def text(self, name: str, group: str = "") -> str:
        """Read a row of words; empty where there is none."""
        found = self.rule(name, group)
        return found.text if found else ""

    def read(self, index: str, month: str) -> Reading | None:
        """Read an index of the place."""
        return self.readings.at(self.place, index, month)


def desk(book: Book, readings: Readings, place: str, month: str, method_of: str = "", variant: str = "") -> Desk:
    """Open the books at a place and month; `method_of` lends another place's method."""
    home, on = region(place).code, first_day(month)
    lender = region(method_of).code if method_of else home
    return Desk(home, month, book.at(lender, on), book.at(home, on), readings, variant)


@dataclass(frozen=True)
class Condition:
    """One start condition of a month and what became of it.

    Attributes
    ----------
    indices : tuple of str
        The index, or several where the source does not say which.
    line : Line or None
        The line in force (a ceiling above it applied); None where it is not known.
    value, ceiling : Value or None
        The rows the line rests on; `ceiling` only where it bit.
    window, months : str, int
        How many months are looked at, and how.
    readings : tuple of Reading or None
        The month's own reading of each index.
    verdict : str
        met, not_met or cannot_tell.
    """

    indices: tuple[str, ...]
    line: Line | None
    value: Value | None
    ceiling: Value | None
    window: str
    months: int
    readings: tuple[Reading | None, ...]
    verdict: Verdict

    @property
    def estimated(self) -> bool:
        """True when no published number stands behind the verdict."""
        return any(reading is None or reading.status != "observed" for reading in self.readings)


def conditions(desk: Desk) -> tuple[Condition, ...]:
    """Read the start conditions of a place and month and test each one.

    The row `linkage_conditions` lists them (`cpi>= food>=`): `>=` reaches, `>` exceeds, `a|b` one of two that the source does
    not name. Each index has its own line; in an overlay a ceiling holds where the local line is higher.
    """
    tokens = desk.text(CONDITIONS).split()
    return tuple(_condition(desk, *match.groups()) for token in tokens if (match := TOKEN.match(token)))


def _condition(desk: Desk, names: str, sign: str) -> Condition:
    indices = tuple(names.split("|"))
    window, months = desk.text("linkage_window") or "single", desk.rule("linkage_window_months")
    count = int(months.number) if months and window != "single" else 1
    value, ceiling, line = _line(desk, indices[0], sign)
    verdicts = [_verdict(desk, index, line, window, count) for index in indices]
    readings = tuple(desk.read(index, desk.month) for index in indices)
    return Condition(indices, line, value, ceiling, window, count, readings, agreed(verdicts))


def _line(desk: Desk, index: str, sign: str) -> tuple[Value | None, Value | None, Line | None]:
    """Find the line of an index; a place's own line may be lower than the ceiling of an overlay, never higher."""
    value = desk.rule(f"linkage_{index}_trigger")
    if value is None:
        return None, None, None
    low, high = value.bounds
    ceiling = desk.rule(f"linkage_{index}_trigger_max") if index in ("cpi", "food", "scpi") else None
    if ceiling is None or high <= ceiling.number:
        return value, None, Line(low, high, sign == ">")
    return value, ceiling, Line(min(low, ceiling.number), ceiling.number, sign == ">")


def _verdict(desk: Desk, index: str, line: Line | None, window: str, months: int) -> Verdict:
    ended = desk.rule("linkage_end_low_months") if window == "consecutive" else None
    if ended is None:
        return in_window(desk.read, index, desk.month, line, window, months)
    began = f"{ended.start:%Y-%m}"
    return in_state(_month_reader(desk.read, index, line), desk.month, months, int(ended.number), began)


def _month_reader(read: Reader, index: str, line: Line | None) -> Callable[[str], Verdict]:
    return lambda month: against(read(index, month), line)


def places(book: Book) -> tuple[str, ...]:
    """List every region with a local linkage method of its own, in order of code.

    Examples
    --------
    >>> "450300" in places(Book()), "000000" in places(Book())
    (True, False)
    """
    own = {entry.key[0] for entry in book.tables.entries if entry.key[1].startswith("linkage_")}
    return tuple(sorted(own - {NATION}))
