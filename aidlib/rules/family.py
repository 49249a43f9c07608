"""One household as a plain mapping, read into the numbers rules take; what is empty or absent becomes a range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any, SupportsFloat

from aidlib.errors import Fault, RegisterFault, nearest
from aidlib.register.columns import COLUMNS, MONTHS_PER_YEAR, Column, Table
from aidlib.rules.unknown import FAVOURABLE, MOST_COMBINATIONS, UNFAVOURABLE, Known, Range

Cells = dict[str, Known]


@dataclass(frozen=True)
class Family:
    """A household's facts by column, one list per person column, and which columns were taken as absent.

    Attributes
    ----------
    household : dict of str to int or Range
        Facts of the household.
    persons : dict of str to list of int or Range
        Facts of its members, in order.
    assumed : dict of str to int
        Columns nobody filled, and what was taken to hold instead.
    """

    household: Cells
    persons: dict[str, list[Known]]
    assumed: dict[str, int]

    @cached_property
    def unknown(self) -> dict[tuple[str, int], Range]:
        """Unknown facts by column and member (-1 for the household)."""
        found = {(name, -1): value for name, value in self.household.items() if isinstance(value, Range)}
        cells = ((name, i, v) for name, column in self.persons.items() for i, v in enumerate(column))
        return found | {(name, i): value for name, i, value in cells if isinstance(value, Range)}

    def corners(self, read: frozenset[str], law_unknown: bool) -> Iterator[tuple[int, Cells, dict[str, list[Known]]]]:
        """Yield the facts at every corner worth looking at, each with its side: -1 unfavourable, +1 favourable."""
        doubts = {cell: value for cell, value in self.unknown.items() if cell[0] in read}
        tried = {cell: value for cell, value in doubts.items() if not value.better}
        if _combinations(tried) > MOST_COMBINATIONS:
            raise RegisterFault([Fault("a fact that must be known", *_where(cell)) for cell in tried])
        sides = (UNFAVOURABLE, FAVOURABLE) if law_unknown or len(doubts) > len(tried) else (UNFAVOURABLE,)
        for values in product(*(range(value.low, value.high + 1) for value in tried.values())):
            for side in sides:
                yield side, *self.at(side, dict(zip(tried, values, strict=True)))

    def at(self, side: int, settled: Mapping[tuple[str, int], int]) -> tuple[Cells, dict[str, list[Known]]]:
        """Return the facts with some settled and every other unknown one at the end of a side."""
        if not self.unknown:
            return self.household, self.persons
        household, persons = dict(self.household), {name: list(column) for name, column in self.persons.items()}
        for (name, member), value in self.unknown.items():
            end = settled.get((name, member), value.end(side))
            kept: Known = bool(end) if COLUMNS[name].kind == "flag" else end
            if member < 0:
                household[name] = kept
            else:
                persons[name][member] = kept
        return household, persons


def _combinations(tried: Mapping[tuple[str, int], Range]) -> int:
    count = 1
    for value in tried.values():
        count *= value.high - value.low + 1
    return count


def _where(cell: tuple[str, int]) -> tuple[str, str]:
    name, member = cell
    return f"persons[{member}].{name}" if member >= 0 else name, COLUMNS[name].en


def read_family(household: Mapping[str, Any], columns: frozenset[str]) -> Family:
    """Read one household; every fault is told at once, by column and member.

    Examples
    --------
    >>> family = read_family({"income_fen": 90_000, "persons": [{"relation": "applicant"}, {"relation": "child"}]},
    ...                      frozenset(("income_fen", "relation", "absence", "property_ok")))
    >>> family.persons, family.assumed, family.household["property_ok"]
    ({'relation': [0, 2], 'absence': [0, 0]}, {'absence': 0}, Range(low=False, high=True, better=1))
    """
    given = household.get("persons") or ()
    listed: list[Any] = list(given) if isinstance(given, (list, tuple)) else []
    people = [person for person in listed if isinstance(person, Mapping)]
    tables: list[tuple[Table, Mapping[str, Any], str]] = [("households", household, "")]
    tables += [("persons", person, f"persons[{i}].") for i, person in enumerate(listed) if isinstance(person, Mapping)]
    faults = [fault for table in tables for fault in _faults(*table)] + list(_misshapen(household, given, listed))
    faults += _unsettled_area(household) if "urban" in columns else []
    if faults:
        raise RegisterFault(faults)
    own = {name: _known(household, name) for name in columns if COLUMNS[name].table == "households"}
    of_persons = [name for name in columns if COLUMNS[name].table == "persons"]
    members = {
        name: [_known(person, name) for person in people] for name in sorted(of_persons, key=list(COLUMNS).index)
    }
    filled = {*household, *(name for person in people for name in person)}
    assumed = {name: a for name in columns if name not in filled and (a := COLUMNS[name].absent) is not None}
    return Family(own, members, assumed)


def _misshapen(household: Mapping[str, Any], given: Any, listed: Sequence[Any]) -> Iterator[Fault]:
    """Find what is no household at all: no list of members, members that are no mappings."""
    if not listed:
        what = "the members are not a list" if given else "a household without persons"
        yield Fault(what, "persons", "one mapping per member")
    for number, person in enumerate(listed):
        if not isinstance(person, Mapping):
            yield Fault("not a member", f"persons[{number}]", "a mapping of person columns", _kind(person))


def _unsettled_area(household: Mapping[str, Any]) -> list[Fault]:
    """Find a household of which it is not known whether the urban or the rural standard applies."""
    unknown = household.get("urban") is None or isinstance(household["urban"], Range)
    return [Fault("a fact that must be known", "urban", "true or false: it says which standard applies")] * unknown


def _known(cells: Mapping[str, Any], name: str) -> Known:
    column = COLUMNS[name]
    if name not in cells and column.absent is not None:
        return bool(column.absent) if column.kind == "flag" else column.absent
    if name not in cells and (month := name.removesuffix("_year")) in cells:
        return _twelve(_known(cells, month))
    value = cells.get(name)
    if value is None:
        flag = column.kind == "flag"
        return Range(False, True, column.better) if flag else Range(column.low, column.high, column.better)
    if isinstance(value, Range):
        return value
    if column.kind == "code" and isinstance(value, str):
        return column.codes.index(value)
    return bool(value) if column.kind == "flag" else int(value)


def _twelve(month: Known) -> Known:
    """Return the year of a person whose month is stated where the year of another is."""
    return (
        replace(month, low=MONTHS_PER_YEAR * month.low, high=MONTHS_PER_YEAR * month.high)
        if isinstance(month, Range)
        else MONTHS_PER_YEAR * month
    )


def _faults(table: Table, cells: Mapping[str, Any], where: str) -> Iterator[Fault]:
    own = [column.name for column in COLUMNS.values() if column.table == table]
    for name, value in cells.items():
        if name == "persons" and table == "households":
            continue
        if name not in own and name != "household_id":
            yield Fault("unknown column", where + name, f"a column of {table}", hint=nearest(name, own))
        elif value is not None and not isinstance(value, Range) and not _within_bounds(COLUMNS[name], value):
            yield Fault("unsound value", where + name, _expected(COLUMNS[name]), got=_kind(value, COLUMNS[name]))


def _within_bounds(column: Column, value: Any) -> bool:
    if column.kind in ("id", "text"):
        return True
    if isinstance(value, str):
        return value in column.codes
    if not isinstance(value, SupportsFloat) or (isinstance(value, bool) and column.kind != "flag"):
        return False
    return bool(column.low <= value <= column.high and value == value // 1)  # type: ignore[operator]


def _kind(value: Any, column: Column | None = None) -> str:
    """Say what kind of value stands there, never the value itself."""
    kinds = {str: "a text", bool: "true or false", list: "a list", dict: "a mapping", type(None): "nothing"}
    if column is None or type(value) in kinds or not isinstance(value, SupportsFloat):
        return kinds.get(type(value), f"a {type(value).__name__}")
    if value != value:
        return "not a number"
    out = "less" if value < column.low else "more" if value > column.high else ""  # type: ignore[operator]
    return out or "parts of a whole number"


def _expected(column: Column) -> str:
    if column.codes:
        return "one of " + ", ".join(column.codes)
    if column.kind == "flag":
        return "true or false"
    return f"{'whole fen' if column.kind == 'money' else 'a whole number'} from {column.low} to {column.high}"
