"""Law values of many places at once: a small table by region and area, with what is the same everywhere kept as one number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from aidlib.errors import Fault, RuleFault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.rules.execute import Array
from aidlib.rules.local import Area, Local, local
from aidlib.rules.programmes import law_names
from aidlib.rules.unknown import FAVOURABLE, UNFAVOURABLE, Known, Range

Key = tuple[str, bool]
Given = Mapping[str, Known] | Callable[[str, Area], Mapping[str, Known]]


@dataclass(frozen=True)
class Places:
    """Law values of many places on one day.

    Attributes
    ----------
    on : date
        The day.
    wanted : tuple of str
        The answers the values are for.
    locals : dict of (str, bool) to Local
        By region code and whether the urban standard applies.
    """

    on: date
    wanted: tuple[str, ...]
    locals: Mapping[Key, Local]

    def names(self) -> tuple[str, ...]:
        """Name the law values held."""
        return tuple(next(iter(self.locals.values())).values)

    def shared(self, side: int) -> dict[str, int]:
        """Return what is the same in every place, unknown values at their end of one side."""
        return {name: _end(next(iter(held)), side) for name, held in self._held.items() if len(held) == 1}

    def table(self, side: int) -> dict[str, list[int]]:
        """Return what differs, one list per name in the order of `locals`, unknown values at their end of one side."""
        return {name: column.tolist() for name, column in self.columns[side].items()}

    @cached_property
    def columns(self) -> dict[int, dict[str, Array]]:
        """What differs between places, by side and name, in the order of `locals`."""
        names = [name for name, held in self._held.items() if len(held) > 1]
        each = list(self.locals.values())
        return {
            side: {name: np.array([_end(at.values[name], side) for at in each]) for name in names}
            for side in (UNFAVOURABLE, FAVOURABLE)
        }

    def unknown(self) -> tuple[bool, ...]:
        """Tell for each place whether any of its values is unknown, in the order of `locals`."""
        return tuple(bool(each.unknown) for each in self.locals.values())

    def rows(self, region_codes: Array, urban: Array) -> Array:
        """Find the row of each household's place; quickest where households of a place stand together.

        Raises
        ------
        RuleFault
            Places that are not in the table, all at once.
        """
        turns = np.zeros(len(urban), bool)
        turns[1:] = region_codes[1:] != region_codes[:-1]
        heads = region_codes[np.r_[0, np.flatnonzero(turns)]].astype(str)
        codes, by_area = self._by_code
        where = np.searchsorted(codes, heads)
        known = codes[np.minimum(where, len(codes) - 1)] == heads
        rural_then_urban = np.where(known, by_area[:, where * known], -1).ravel()
        found = rural_then_urban[np.cumsum(turns) + urban * len(heads)]
        if (found < 0).any():
            raise RuleFault(self._lost(region_codes[found < 0], urban[found < 0]))
        return np.asarray(found)

    @staticmethod
    def _lost(region_codes: Array, urban: Array) -> list[Fault]:
        keys = sorted(set(zip(map(str, region_codes.tolist()), urban.tolist(), strict=True)))
        hint, expected = "name it when the table is made", "a place of the table"
        return [
            Fault("no law values for a place", code, expected, "urban" if city else "rural", hint)
            for code, city in keys
        ]

    @cached_property
    def _by_code(self) -> tuple[Array, Array]:
        """Region codes in order, and the row of each in the table, rural and urban; -1 where there is none."""
        index = {key: row for row, key in enumerate(self.locals)}
        codes = sorted({code for code, _ in index})
        return np.array(codes), np.array([[index.get((code, area), -1) for code in codes] for area in (False, True)])

    @cached_property
    def _held(self) -> dict[str, set[Known]]:
        each = list(self.locals.values())
        return {name: {at.values[name] for at in each} for name in self.names()}


def _end(value: Known, side: int) -> int:
    return value.end(side) if isinstance(value, Range) else value


def places(
    book: Book,
    figures: Figures,
    keys: Iterable[Key],
    on: date,
    wanted: tuple[str, ...],
    *,
    given: Given | None = None,
    prices: Callable[[str, Area], Mapping[str, int]] | None = None,
    stale: bool = False,
) -> Places:
    """Read the law values of many places on a day.

    Parameters
    ----------
    book, figures : Book, Figures
        The law and the published figures.
    keys : iterable of (str, bool)
        Region code and whether the urban standard applies.
    on : date
        The day.
    wanted : tuple of str
        Answers the values are for.
    given : mapping, or function of region code and area, optional
        Values by argument name that are not looked up, such as `dibao_standard_fen_year`.
    prices : function of region code and area, optional
        The month's price subsidy in fen by group of persons.
    stale : bool
        Take the last standard known where none is known for the day.

    Examples
    --------
    >>> held = places(Book(), Figures(), [("330100", True), ("310000", True)], date(2023, 9, 1), ("need_fen_year",))
    >>> held.table(-1)["dibao_standard_fen_year"]
    [1510800, 1812000]
    """
    fixed = given if callable(given) else (lambda *_: given or {})
    found: dict[Key, Local] = {}
    for code, urban in dict.fromkeys(keys):
        area: Area = "urban" if urban else "rural"
        own = fixed(code, area)
        names = law_names(on, wanted, frozenset(own))
        here = local(
            book.at(code, on),
            figures,
            area,
            (*names, *own),
            given=own,
            prices=prices and prices(code, area),
            stale=stale,
        )
        found[code, bool(urban)] = here
    return Places(on, wanted, found)
