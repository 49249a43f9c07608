"""What a place says on a day, as the whole numbers rules read, each with the rows it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from aidlib.errors import Fault, RuleFault, nearest
from aidlib.indices import Figure, Figures
from aidlib.law import LocalLaw, Status, Value, weakest
from aidlib.rules.lawinputs import LAW_INPUTS
from aidlib.rules.unknown import Known, Range

Area = Literal["urban", "rural"]
Found = Value | Figure


@dataclass(frozen=True)
class Local:
    """Law values of one place, area and day, ready for the rules.

    Attributes
    ----------
    values : dict of str to int or Range
        By argument name; a Range is unknown between its ends.
    found : dict of str to tuple of Value or Figure
        The rows each value rests on; nothing for a value the caller gave.
    silent : tuple of str
        Arguments for which the book has no row: the place has no such rule, as far as is known.
    """

    values: Mapping[str, Known]
    found: Mapping[str, tuple[Found, ...]] = field(default_factory=dict)
    silent: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """Arguments whose value is not known."""
        return tuple(name for name, value in self.values.items() if isinstance(value, Range))

    def status(self, names: Iterable[str]) -> Status:
        """Return the weakest status of the rows the named arguments rest on."""
        return weakest("enacted", *(row.status for name in names for row in self.found.get(name, ())))


@dataclass
class Desk:
    """Where one place's law values are looked up and remembered."""

    law: LocalLaw
    figures: Figures
    area: Area
    given: Mapping[str, Known]
    prices: Mapping[str, Known] | None
    stale: bool
    values: dict[str, Known] = field(default_factory=dict)
    found: dict[str, tuple[Found, ...]] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)

    def value(self, argument: str) -> Known:
        """Return the value of an argument: given, found, or worked out from rows."""
        from aidlib.rules.derived import DERIVED

        if argument not in self.values:
            if argument in self.given:
                self.values[argument] = self.given[argument]
            elif argument in DERIVED:
                self.values[argument] = DERIVED[argument](self, argument)
            else:
                self.values[argument] = self._row(argument)
        return self.values[argument]

    def row(self, argument: str, name: str, *groups: str, needed: bool = False) -> Value | None:
        """Find a row for an argument, the nearest place first, and remember that the argument rests on it.

        Where a `needed` row is not there the book notes a gap; a place may do without any other.
        """
        ask = self.law.find if needed else self.law.optional
        return self.keep(argument, ask(name, "|".join(groups)))

    def keep(self, argument: str, found: Value | None) -> Value | None:
        """Remember a row an argument rests on."""
        if found is not None:
            self.found[argument] = (*self.found.get(argument, ()), found)
        return found

    def _row(self, argument: str) -> Known:
        wanted = LAW_INPUTS[argument]
        groups = wanted.group.replace("{area}", self.area)
        found = self.row(argument, wanted.name, groups, needed=wanted.none is None)
        if found is not None:
            return wanted.read(found)
        if wanted.none is not None:
            self.silent.append(argument)
            return bool(wanted.none) if wanted.reads in ("flag", "op") else wanted.none
        if not wanted.better:
            self.law.value(wanted.name, wanted.group)
        return Range(False, True, wanted.better) if wanted.reads == "flag" else Range(0, wanted.highest, wanted.better)


def local(
    law: LocalLaw,
    figures: Figures,
    area: Area,
    names: Iterable[str],
    *,
    given: Mapping[str, Known] | None = None,
    prices: Mapping[str, Known] | None = None,
    stale: bool = False,
) -> Local:
    """Read the law values that rules need at a place on a day.

    Parameters
    ----------
    law : LocalLaw
        The book opened at the place and day.
    figures : Figures
        Published incomes and minimum wages.
    area : str
        `urban` or `rural`.
    names : iterable of str
        Arguments wanted.
    given : mapping of str to int or Range, optional
        What-if values by argument name, in the argument's unit; they are not looked up.
    prices : mapping of str to int or Range, optional
        The month's price subsidy in fen by group of persons (`dibao`, `orphan`, ...); a group that is not named gets none.
    stale : bool
        Take the last standard known where none is known for the day; its status is then `stale`.

    Raises
    ------
    RuleFault
        Arguments that are neither a law value, a column nor a rule, all at once, each with the nearest known.
    LawGap
        The book has no row for a value that no range can stand for, such as an age.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> wuzhou = Book().at("450400", date(2019, 6, 1))
    >>> dict(local(wuzhou, Figures(), "rural", ["dibao_standard_fen_year", "dibao_line_bp"]).values)
    {'dibao_standard_fen_year': 450000, 'dibao_line_bp': 10000}
    """
    from aidlib.rules.derived import DERIVED

    desk, wanted = Desk(law, figures, area, given or {}, prices, stale), tuple(names)
    known = {*LAW_INPUTS, *DERIVED, *desk.given}
    if strange := [name for name in wanted if name not in known]:
        raise RuleFault(
            Fault(
                "unknown name", expected="a register column, a law value or a rule", got=name, hint=nearest(name, known)
            )
            for name in strange
        )
    values = {name: desk.value(name) for name in wanted}
    return Local(values, desk.found, tuple(desk.silent))
