"""Law values of many places at once: a small table by region and area, with what is the same everywhere kept as one number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np

from aidlib.errors import Fault, LawGap, ParameterFault, RuleFault, nearest
from aidlib.indices import Figures
from aidlib.law import STATUSES, Book
from aidlib.regions import NATION, region
from aidlib.rules.execute import Array, runs
from aidlib.rules.lawinputs import LAW_INPUTS, STANDARD
from aidlib.rules.local import Area, Local, LocalRules, local
from aidlib.rules.programmes import law_names, rules_on
from aidlib.rules.unknown import AT_BEST, FAVOURABLE, UNFAVOURABLE, Known, Range

PROVINCE_DIGITS = 2
NAMED = 20  # places named in one message
Unknown = Literal["raise", "bounds"]
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
        return {name: _end(next(iter(held)), side) for name, held in self._values_by_name.items() if len(held) == 1}

    def table(self, side: int) -> dict[str, list[int]]:
        """Return what differs, one list per name in the order of `locals`, unknown values at their end of one side."""
        return {name: column.tolist() for name, column in self.columns[side].items()}

    @cached_property
    def columns(self) -> dict[int, dict[str, Array]]:
        """What differs between places, by side and name, in the order of `locals`."""
        names = [name for name, held in self._values_by_name.items() if len(held) > 1]
        each, which = self._distinct
        return {
            side: {name: np.array([_end(at.values[name], side) for at in each])[which] for name in names}
            for side in (UNFAVOURABLE, FAVOURABLE)
        }

    def over(self, rows: Array) -> dict[str, Any]:
        """Return the law of households by the rows of their places: one number for what all rows between share, else a column.

        Examples
        --------
        >>> keys = [("450403", True), ("450405", True), ("450422", False)]
        >>> held = Places(date(2026, 9, 1), (), {key: Local({"line": amount, "cap": 9}) for key, amount in zip(keys, (680, 680, 375))})
        >>> held.over(np.array([0, 1, 0])), held.over(np.array([0, 2]))["line"].tolist()
        ({'cap': 9, 'line': 680}, [680, 375])
        """
        first, last = (int(rows.min()), int(rows.max())) if len(rows) else (0, 0)
        both = self._numbers[:, :, first : last + 1]
        same, differs = (both == both[:, :, :1]).all(2).tolist(), (both[0] != both[1]).any(1).tolist()
        found: dict[str, Any] = dict(self._everywhere)
        for number, (name, columns) in enumerate(self._varying.items()):
            for side, suffix in enumerate(("", AT_BEST) if differs[number] else ("",)):
                column = columns[side]
                found[name + suffix] = column[first].item() if same[side][number] else column.take(rows)
        return found

    @cached_property
    def statuses(self) -> Array:
        """Number of the weakest status of the law rows and figures of each place, in the order of `locals`."""
        each, which = self._distinct
        codes = np.array([STATUSES.index(law.status(law.values)) for law in each], np.uint8)
        found: Array = codes[which]
        return found

    @cached_property
    def doubtful(self) -> bool:
        """Whether any value of any place is unknown."""
        return True in self.unknown()

    @cached_property
    def _everywhere(self) -> dict[str, int]:
        return two_ends(self.shared(UNFAVOURABLE), self.shared(FAVOURABLE))

    @cached_property
    def _varying(self) -> dict[str, tuple[Array, Array]]:
        worst, best = (self.columns[side] for side in (UNFAVOURABLE, FAVOURABLE))
        return {name: (column, best[name]) for name, column in worst.items()}

    @cached_property
    def _numbers(self) -> Array:
        """What differs between places, whole numbers by side, name and place."""
        ends = [[column[side] for column in self._varying.values()] for side in (0, 1)]
        return np.array(ends, np.int64).reshape(2, len(self._varying), len(self.locals))

    def unknown(self) -> tuple[bool, ...]:
        """Tell for each place whether any of its values is unknown, in the order of `locals`."""
        each, which = self._distinct
        return tuple(np.array([bool(one.unknown) for one in each], bool)[which].tolist())

    def rows(self, region_codes: Any, urban: Array) -> Array:
        """Find the row of each household's place; quickest where households of a place stand together."""
        heads, lengths = runs(region_codes)
        codes, by_area = self._by_code
        if heads.dtype.kind == "i":
            codes = self._code_numbers
        else:
            heads = heads.astype(str)
        where = np.searchsorted(codes, heads)
        known = codes[np.minimum(where, len(codes) - 1)] == heads
        rural_and_urban = np.where(known, by_area[:, where * known], -1).T.ravel()
        found: Array = rural_and_urban.take(np.repeat(np.arange(0, len(rural_and_urban), 2), lengths) + urban)
        if (rural_and_urban < 0).any() and len(lost := np.flatnonzero(found < 0)):
            raise RuleFault(self._lost(np.repeat(heads, lengths)[lost], urban[lost]))
        return found

    @staticmethod
    def _lost(region_codes: Array, urban: Array) -> list[Fault]:
        keys = sorted(set(zip(map(str, region_codes.tolist()), urban.tolist(), strict=True)))
        hint, expected = "name it when the table is made", "a place of the table"
        return [
            Fault("no law values for a place", code, expected, "urban" if city else "rural", hint)
            for code, city in keys
        ]

    @cached_property
    def areas(self) -> Array:
        """Number of the province of each row: within one most of the law is the same."""
        return np.unique([code[:PROVINCE_DIGITS] for code, _ in self.locals], return_inverse=True)[1].astype(np.int16)

    @cached_property
    def _by_code(self) -> tuple[Array, Array]:
        """Region codes in order, and the row of each in the table, rural and urban; -1 where there is none."""
        index = {key: row for row, key in enumerate(self.locals)}
        codes = sorted({code for code, _ in index})
        return np.array(codes), np.array([[index.get((code, area), -1) for code in codes] for area in (False, True)])

    @cached_property
    def _code_numbers(self) -> Array:
        return self._by_code[0].astype(np.int64)

    @cached_property
    def _values_by_name(self) -> dict[str, set[Known]]:
        return {name: {at.values[name] for at in self._distinct[0]} for name in self.names()}

    @cached_property
    def _distinct(self) -> tuple[list[Local], Array]:
        """Return the laws that differ as objects, and for each row which it has: sister places share one."""
        each = {id(law): law for law in self.locals.values()}
        number = {key: at for at, key in enumerate(each)}
        return list(each.values()), np.array([number[id(law)] for law in self.locals.values()], np.int64)


def two_ends(worst: Mapping[str, Any], best: Mapping[str, Any]) -> dict[str, Any]:
    """Put the favourable ends that differ beside the unfavourable ones, named `<name>_at_best`.

    Examples
    --------
    >>> two_ends({"a": 1, "b": 2}, {"a": 1, "b": 5})
    {'a': 1, 'b': 2, 'b_at_best': 5}
    """
    return {**worst, **{name + AT_BEST: value for name, value in best.items() if value != worst[name]}}


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
    unknown: Unknown = "raise",
    local_rules: LocalRules = "unknown",
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
        Where no standard is known for the day, take the range that the last one known allows.
    unknown : str
        `raise`, or `bounds`: where not even a last standard is known, take the range that floors, guides and averages allow.
    local_rules : str
        `unknown`, or `none` to suppose that a place has no rules but those on file (`rules.local.local`).

    Raises
    ------
    LawGap
        Places without a standard for the day, all at once; a day before the first rules that were read.

    Examples
    --------
    >>> held = places(Book(), Figures(), [("330100", True), ("310000", True)], date(2023, 9, 1), ("need_fen_year",))
    >>> held.table(-1)["dibao_standard_fen_year"]
    [1510800, 1812000]
    """
    check_ways(unknown, local_rules)
    fixed = given if callable(given) else (lambda *_: given or {})
    check_day(book, on, wanted)
    found: dict[Key, Local] = {}
    for code, urban in dict.fromkeys(keys):
        area: Area = "urban" if urban else "rural"
        check_given(on, own := fixed(code, area))
        names = (*law_names(on, wanted, frozenset(own)), *own)
        month = prices and prices(code, area)
        found[code, bool(urban)] = local(
            book.at(code, on), figures, area, names, given=own, prices=month, stale=stale, bounds=unknown == "bounds",
            local_rules=local_rules,
        )  # fmt: skip
    if lacking := [key for key, here in found.items() if STANDARD in here.lacking]:
        raise LawGap(standard_gap(lacking, on, stale))
    return Places(on, wanted, found)


def check_ways(unknown: str, local_rules: str) -> None:
    """Refuse a way to do without what is not on file that there is not."""
    for name, got, words in (
        ("unknown", unknown, get_args(Unknown)),
        ("local_rules", local_rules, get_args(LocalRules)),
    ):
        if got not in words:
            raise ParameterFault("no such way", where=name, expected=" or ".join(words), got=str(got))


def standard_gap(keys: Iterable[Key], on: date, stale: bool) -> Fault:
    """Tell that places have no standard for a day, and what to do.

    Examples
    --------
    >>> print(standard_gap([("450400", True), ("450400", False)], date(2026, 9, 1), stale=True).where)
    2026-09-01, 梧州市 450400 urban and rural
    """
    areas: dict[str, list[str]] = {}
    for code, urban in keys:
        areas.setdefault(code, []).append("urban" if urban else "rural")
    named = [f"{region(code)} {' and '.join(areas[code])}" for code in areas]
    more = [f"and {len(named) - NAMED} more places"] if len(named) > NAMED else []
    ways = [] if stale else ["take what the last known one allows with stale=True (--stale)"]
    ways += [
        'take what floors and averages allow with unknown="bounds" (--unknown bounds)',
        f"give {STANDARD} (--standard)",
    ]
    return Fault("the book has no dibao standard for the day", ", ".join([str(on), *named[:NAMED], *more]),
                 hint=f"{', '.join(ways[:-1])}, or {ways[-1]}")  # fmt: skip


def check_given(on: date, given: Iterable[str]) -> None:
    """Refuse suppositions about what no rule knows.

    Examples
    --------
    >>> check_given(date(2026, 9, 1), ["edge_multiple_bp", "counted_income_fen_year"])
    """
    from aidlib.rules.derived import DERIVED

    rules = rules_on(on)
    known = {*LAW_INPUTS, *DERIVED, *rules.functions, *rules.sums}
    if strange := [name for name in given if name not in known]:
        raise RuleFault(
            Fault("unknown name", "given", "a law value or a rule", name, nearest(name, known)) for name in strange
        )


def check_day(book: Book, on: date, wanted: tuple[str, ...]) -> None:
    """Refuse a day before the rules begin that the answers rest on: earlier ones were not read.

    Examples
    --------
    >>> check_day(Book(), date(2021, 7, 1), ("category",))
    """
    if on < (first := first_day(book, on, wanted)):
        raise LawGap(f"the rules before {first} were not read", got=str(on), hint=f"a day from {first} on")


def first_day(book: Book, on: date, wanted: tuple[str, ...]) -> date:
    """Return the first day for which those rules of the nation are on file that answers of a day rest on.

    Examples
    --------
    >>> first_day(Book(), date(2019, 6, 1), ("category",)).isoformat()
    '2021-07-01'
    """
    named = (LAW_INPUTS[name] for name in law_names(on, wanted, frozenset((STANDARD,))) if name in LAW_INPUTS)
    needed = {one.name for one in named if one.none is None and not one.better}
    firsts = (min((entry.start for entry in book.rows(NATION, name)), default=date.min) for name in needed)
    return max(firsts, default=date.min)
