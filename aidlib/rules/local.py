"""What a place says on a day, as the whole numbers rules read, each with the rows it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from aidlib.errors import Fault, RuleFault, nearest
from aidlib.indices import Figure, Figures
from aidlib.law import LocalLaw, Status, Value, weakest
from aidlib.regions import lineage
from aidlib.rules.lawinputs import LAW_INPUTS, LawInput
from aidlib.rules.unknown import Known, Range

Area = Literal["urban", "rural"]
LocalRules = Literal["unknown", "none"]
Row = Value | Figure
ALTERNATIVE, LOCAL_ALTERNATIVE = "alternative", "alternative_local"


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
    unwritten : tuple of str
        Arguments for which the book has no row though a place may have such a rule: how much is unknown.
    given : tuple of str
        Arguments the caller gave: a supposition, that of no law.
    marks : dict of str to str
        Statuses weaker than those of the rows an argument rests on: a range, a figure that stands in.
    lacking : tuple of str
        Standards that no row of the day gives, where the caller admits nothing in their place.
    """

    values: Mapping[str, Known]
    found: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    unwritten: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    marks: Mapping[str, Status] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """Arguments whose value is not known."""
        return tuple(name for name, value in self.values.items() if isinstance(value, Range))

    def status(self, names: Iterable[str]) -> Status:
        """Return the weakest status of the rows the named arguments rest on; what the caller gave is synthetic."""
        named = tuple(names)
        rows = (row.status for name in named for row in self.found.get(name, ()))
        marks = (self.marks[name] for name in named if name in self.marks)
        return weakest("synthetic" if set(named) & set(self.given) else "enacted", *rows, *marks)


@dataclass
class Desk:
    """Where one place's law values are looked up and remembered."""

    law: LocalLaw
    figures: Figures
    area: Area
    given: Mapping[str, Known]
    prices: Mapping[str, Known] | None
    stale: bool
    bounds: bool
    local_rules: LocalRules
    values: dict[str, Known] = field(default_factory=dict)
    found: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    marks: dict[str, Status] = field(default_factory=dict)
    known_groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

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
        if not needed and not self.groups(name):
            return None
        ask = self.law.find if needed else self.law.optional
        return self.keep(argument, ask(name, "|".join(groups)))

    def groups(self, name: str) -> tuple[str, ...]:
        """List the groups for which a name has a row here or above; without any there is nothing to look up."""
        if name not in self.known_groups:
            self.known_groups[name] = self.law.book.groups(self.law.place, name, self.law.on)
        return self.known_groups[name]

    def keep(self, argument: str, found: Value | None) -> Value | None:
        """Remember a row an argument rests on."""
        if found is not None:
            self.found[argument] = (*self.found.get(argument, ()), found)
        return found

    def rest(self, argument: str, other: str) -> None:
        """Remember that an argument rests on what another one rests on."""
        self.value(other)
        self.found[argument] = (*self.found.get(argument, ()), *self.found.get(other, ()))
        if other in self.marks:
            self.marks[argument] = weakest(self.marks.get(argument, "enacted"), self.marks[other])

    def none(self, argument: str, value: int) -> int:
        """Remember that the book has no row for an argument and that the place has no such rule, as far as is known."""
        self.silent.append(argument)
        return value

    def unwritten(self, argument: str, none: int, most: int, least: int | None = None) -> Known:
        """Remember that the book has no row for an argument though the place may have such a rule; it is unknown then.

        Where the caller takes places to have no rules but those on file, `none` holds.
        """
        if self.local_rules == "none":
            return self.none(argument, none)
        self.open.append(argument)
        return Range(none if least is None else least, most, 1)

    def _row(self, argument: str) -> Known:
        wanted = LAW_INPUTS[argument]
        groups = wanted.group.replace("{area}", self.area)
        found = self.row(argument, wanted.name, groups, needed=wanted.none is None)
        if found is not None:
            return self._readings(argument, wanted, found)
        nothing = wanted.none if wanted.none is None or wanted.reads not in ("flag", "op") else bool(wanted.none)
        if wanted.may and nothing is not None:
            return self.unwritten(argument, nothing, type(nothing)(wanted.may))
        if nothing is not None:
            return self.none(argument, nothing)
        if not wanted.better:
            self.law.value(wanted.name, wanted.group)
        return Range(False, True, wanted.better) if wanted.reads == "flag" else Range(0, wanted.highest, wanted.better)

    def _readings(self, argument: str, wanted: LawInput, found: Value) -> Known:
        """Read a row; where a statement that contradicts it holds too, at that place or nearer, both are possible.

        A value that places may set for themselves is open where no row of the place was read, unless places are taken to have no such rules.
        """
        left_out = LOCAL_ALTERNATIVE if self.local_rules == "none" else ""
        others = [group for group in self.groups(wanted.name) if group.startswith(ALTERNATIVE) and group != left_out]
        if not others:
            return wanted.read(found)
        places = lineage(self.law.place)
        nearer = places[: places.index(found.region) + 1]
        rows = (self.law.optional(wanted.name, group) for group in others)
        told = [found, *(row for row in rows if row and row.region in nearer)]
        values = [wanted.read(row) for row in told]
        if min(values) == max(values):
            return values[0]
        for row in told[1:]:
            self.keep(argument, row)
        return Range(min(values), max(values), wanted.better)


def local(
    law: LocalLaw,
    figures: Figures,
    area: Area,
    names: Iterable[str],
    *,
    given: Mapping[str, Known] | None = None,
    prices: Mapping[str, Known] | None = None,
    stale: bool = False,
    bounds: bool = False,
    local_rules: LocalRules = "unknown",
) -> Local:
    """Read the law values that rules need at a place on a day."""
    from aidlib.rules.derived import DERIVED

    desk, wanted = Desk(law, figures, area, given or {}, prices, stale, bounds, local_rules), tuple(names)
    known = {*LAW_INPUTS, *DERIVED, *desk.given}
    if strange := [name for name in wanted if name not in known]:
        raise RuleFault(
            Fault(
                "unknown name", expected="a register column, a law value or a rule", got=name, hint=nearest(name, known)
            )
            for name in strange
        )
    values = {name: desk.value(name) for name in wanted}
    return Local(
        values, desk.found, tuple(desk.silent), tuple(desk.open), tuple(desk.given), desk.marks, tuple(desk.lacking)
    )
