"""Assess tables of any kind: pandas, Polars, PyArrow in memory; Polars lazy, DuckDB, Dask, PySpark where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import narwhals as nw
import numpy as np

from aidlib.errors import Fault, RegisterFault, RuleFault, nearest
from aidlib.law import STATUSES
from aidlib.register.columns import COLUMNS
from aidlib.rules import lazy
from aidlib.rules.columns import Side, Values, fault, numbers
from aidlib.rules.engine import Step, leaves, plan
from aidlib.rules.execute import Array, evenly, many, runs
from aidlib.rules.layers import CATEGORIES, LAYERS
from aidlib.rules.places import Places, two_ends
from aidlib.rules.programmes import HOUSEHOLD_COLUMNS, PERSON_COLUMNS, is_amount, rules_on
from aidlib.rules.unknown import AT_BEST, FAVOURABLE, OPEN, UNFAVOURABLE, doubled


@dataclass(frozen=True)
class Natives:
    """How a kind of table makes a column of whole numbers, empty where a mask says so, and one of words by their number."""

    amounts: Callable[[Array, Array], Any]
    words: Callable[[Array, Sequence[str]], Any]


def columns_of(kind: nw.Implementation) -> Natives:
    """Return how columns are made for Polars, PyArrow or pandas-like tables.

    Examples
    --------
    >>> columns_of(nw.Implementation.POLARS).amounts(np.array([1, 2]), np.array([False, True])).to_list()
    [1, None]
    """
    if kind.is_polars():
        return Natives(_polars_amounts, _polars_words)
    return Natives(_arrow_amounts, _arrow_words) if kind.is_pyarrow() else Natives(_pandas_amounts, _pandas_words)


def _polars_amounts(values: Array, empty: Array) -> Any:
    import polars as pl

    column = pl.Series(values)
    return column.set(pl.Series(empty), None) if empty.any() else column


def _polars_words(codes: Array, words: Sequence[str]) -> Any:
    import polars as pl

    return pl.Series(list(words), dtype=pl.Enum(words)).gather(codes)


def _arrow_amounts(values: Array, empty: Array) -> Any:
    import pyarrow as pa

    return pa.array(values, mask=empty)


def _arrow_words(codes: Array, words: Sequence[str]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(codes, list(words))


def _pandas_amounts(values: Array, empty: Array) -> Any:
    import pandas as pd

    return pd.arrays.IntegerArray(values.copy(), empty.copy()) if empty.any() else values


def _pandas_words(codes: Array, words: Sequence[str]) -> Any:
    import pandas as pd

    return pd.Categorical.from_codes(codes, categories=pd.Index(list(words)), ordered=True)


def marked(table: nw.DataFrame[Any]) -> Array:
    """Return the number of each row's own status; nought for a table that states none.

    Examples
    --------
    >>> import polars as pl
    >>> marked(nw.from_native(pl.DataFrame({"status": ["observed", "synthetic"]}))).tolist()
    [1, 5]
    """
    if "status" not in table.columns:
        return np.zeros(len(table), np.uint8)
    column = table["status"].cast(nw.String).fill_null(STATUSES[0])
    codes = np.zeros(len(table), np.uint8)
    for word in column.unique().to_list():
        codes[(column == word).to_numpy()] = STATUSES.index(word)
    return codes


# Households at a time, times steps: few enough for the processor's cache, many enough that starting a step is no cost.
CELLS = 3_300_000
AREA = 16_000  # households worth a block of their own where the law is nearly the same for all


@dataclass(frozen=True)
class Homes:
    """How persons belong to households: how many to each, and the order of persons that follows households; None where they stand so."""

    heads: Array
    order: Array | None = None

    def spread(self, cells: Array) -> Array:
        """Give each person its household's cell, in the order persons came in.

        Examples
        --------
        >>> Homes(np.array([2, 1])).spread(np.array([5, 7])).tolist()
        [5, 5, 7]
        """
        each = np.repeat(cells, self.heads)
        return each if self.order is None else _put_back(each, self.order)


def homes(person_ids: Array, household_ids: Array) -> Homes:
    """Find each household's persons; quickest where persons stand in the order of households with rising ids.

    Examples
    --------
    >>> homes(np.array([7, 7, 9]), np.array([7, 9]))
    Homes(heads=array([2, 1]), order=None)
    >>> homes(np.array(["b", "a", "b"]), np.array(["a", "b"]))
    Homes(heads=array([1, 2]), order=array([1, 0, 2]))
    """
    ids, heads = runs(person_ids)
    if np.array_equal(ids, household_ids) and (household_ids[1:] > household_ids[:-1]).all():
        return Homes(heads)
    found = _looked_up(person_ids, household_ids)
    return Homes(np.bincount(found, minlength=len(household_ids)), np.argsort(found, kind="stable"))


def _looked_up(person_ids: Array, household_ids: Array) -> Array:
    import pandas as pd

    known = pd.Index(household_ids)
    if not known.is_unique:
        raise RegisterFault("households appear twice", where="households.household_id", hint="one row per household")
    found = np.asarray(known.get_indexer(pd.Index(person_ids)))
    if (lost := found < 0).any():
        raise RegisterFault(
            [fault(COLUMNS["household_id"], "persons without a household row", lost, "add the household")]
        )
    return found


BothEnds = tuple[Values, Values]


@dataclass(frozen=True)
class Both:
    """Answers of households and of persons, at the unfavourable and at the favourable end of what is unknown."""

    worst: BothEnds
    best: BothEnds


def evaluate(
    steps: tuple[Step, ...],
    households: Side,
    persons: Side,
    homes: Homes,
    held: Places,
    place: Array,
    answers: tuple[str, ...],
    assumed: Mapping[str, int] | None = None,
) -> Both:
    """Evaluate rules some thousand households at a time, and once more at the favourable end what an unknown quantity reaches.

    Parameters
    ----------
    steps : tuple of Step
        In order, as `engine.plan` gives them.
    households, persons : Side
        Columns read.
    homes : Homes
        Which persons belong to which household.
    held, place : Places and int64 array, one per household
        The law, and each household's row in it.
    answers : tuple of str
        What to keep.
    assumed : mapping of str to int, optional
        What holds for columns the tables lack.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.rules.local import Local
    >>> held = Places(date(2026, 9, 1), (), {("450400", True): Local({"standard": 680})})
    >>> steps = (Step("gap", lambda standard, income: standard - income, ("standard", "income"), False),)
    >>> own = Side({"income": np.array([80, 600])}, {"income": np.array([80, 0])})
    >>> both = evaluate(steps, own, Side({}, {}), Homes(np.array([1, 1])), held, np.array([0, 0]), ("gap",))
    >>> both.worst[0]["gap"].tolist(), both.best[0]["gap"].tolist()
    ([600, 80], [600, 680])
    """
    if homes.order is not None:
        persons = persons.rows(homes.order)
    whole = _Whole(steps, answers, (len(place), int(homes.heads.sum())))
    both_ends: dict[frozenset[str], tuple[Step, ...]] = {}
    for own, members in _blocks(held.areas.take(place), homes.heads, max(CELLS // len(steps), 1)):
        values, cells = held.over(place[own]) | households.both(own) | dict(assumed or {}), persons.both(members)
        differing = frozenset(n.removesuffix(AT_BEST) for n in (*values, *cells) if n.endswith(AT_BEST))
        if differing not in both_ends:
            both_ends[differing] = doubled(steps, differing)
        whole.put(many(both_ends[differing], values, cells, homes.heads[own], whole.keep), own, members)
    return whole.both(homes.order)


def _blocks(area: Array, heads: Array, most: int) -> Iterator[tuple[slice, slice]]:
    """Cut households, and their persons, into blocks of at most so many: also where an area ends, where areas are long."""
    size = len(area)
    borders = [0, *(np.flatnonzero(area[1:] != area[:-1]) + 1).tolist(), size]
    if size < AREA * (len(borders) - 1):
        borders = [0, size]
    first = 0
    for begin, border in pairwise(borders):
        for own in evenly(begin, border, most) or [(0, 0)]:
            after = first + int(heads[slice(*own)].sum())
            yield slice(*own), slice(first, after)
            first = after


class _Whole:
    """Answers gathered block by block, at the unfavourable end and, from where it first differs, at the favourable one."""

    def __init__(self, steps: tuple[Step, ...], answers: tuple[str, ...], sizes: tuple[int, int]) -> None:
        self.of_person = {step.name: step.of_person for step in steps if step.name in answers}
        self.keep = (*answers, *(name + AT_BEST for name in answers))
        self._sizes = sizes
        self._worst: Values = {}
        self._best: Values = {}

    def put(self, found: BothEnds, own: slice, members: slice) -> None:
        for name, by_person in self.of_person.items():
            values, rows, size = (found[by_person], (own, members)[by_person], self._sizes[by_person])
            if name + AT_BEST in values and name in self._worst and name not in self._best:
                self._best[name] = np.empty_like(self._worst[name])
                self._best[name][: rows.start] = self._worst[name][: rows.start]
            if name + AT_BEST in values or name in self._best:
                _lay(self._best, name, values.get(name + AT_BEST, values[name]), rows, size)
            _lay(self._worst, name, values[name], rows, size)

    def both(self, order: Array | None) -> Both:
        worst: BothEnds = ({}, {})
        best: BothEnds = ({}, {})
        for name, by_person in self.of_person.items():
            low, high = self._worst[name], self._best.get(name)
            if by_person and order is not None:
                low, high = (None if cells is None else _put_back(cells, order) for cells in (low, high))
            worst[by_person][name], best[by_person][name] = low, low if high is None else high
        return Both(worst, best)


def _lay(whole: Values, name: str, value: Any, rows: slice, size: int) -> None:
    """Lay a block's answer into the whole; flags stay flags while every block has flags, and the only block is the whole."""
    kind = bool if np.result_type(value).kind == "b" else np.int64
    if isinstance(value, np.ndarray) and len(value) == size and value.dtype == kind and value.flags.owndata:
        whole[name] = value
        return
    cells = whole[name] if name in whole else np.empty(size, kind)
    whole[name] = cells if cells.dtype == kind else cells.astype(np.int64)
    whole[name][rows] = value


def _put_back(cells: Array, order: Array) -> Array:
    found = np.empty_like(cells)
    found[order] = cells
    return found


_KEYS = (("household_id", "region_code", "urban"), ("household_id", "person_id"))
_AREA = "urban"
AT_LEAST, STATUS = "at_least", "status"
_CANNOT_TELL = {"category": CATEGORIES.index("cannot_tell"), "layer": LAYERS.index("cannot_tell")}


@dataclass(frozen=True)
class Assessed:
    """Answers for two tables, each in the kind it came in.

    Attributes
    ----------
    households, persons : table
        Keys, answers, `status` and `at_least`. An answer is what holds at the unfavourable end of what is unknown;
        `<answer>_at_best` at the other, empty where no upper end is known. `category` and `layer` are `cannot_tell` where the
        ends differ. `status` is the weakest of the table's own `status` column, if it has one, and of the law rows and figures of
        the place. `at_least`: what is due is settled in kind, but some amount is only the least of what may be due.
    assumed : dict of str to int
        Columns the tables lack, and what was taken to hold instead.
    """

    households: Any
    persons: Any
    assumed: dict[str, int]


@dataclass(frozen=True)
class _Job:
    """Both tables (households first) with the columns read and the answers wanted of each."""

    tables: tuple[Any, Any]
    columns: tuple[list[str], list[str]]
    answers: tuple[list[str], list[str]]
    steps: tuple[Step, ...]
    held: Places
    assumed: dict[str, int]
    ends: bool


def assess(
    households: Any,
    persons: Any,
    held: Places,
    wanted: Iterable[str] = (),
    *,
    ends: bool = True,
    nullable: Iterable[str] | None = None,
) -> Assessed:
    """Work out what each household and person is due.

    Raises
    ------
    RegisterFault
        Columns missing, cells out of bounds, persons without a household: all at once (the last two in memory only).
    RuleFault
        Names that are no rule, places without law values.
    """
    tables = nw.from_native(households), nw.from_native(persons)
    answers = tuple(wanted) or held.wanted
    steps, assumed, columns = planned([table.collect_schema().names() for table in tables], held, answers)
    job = _Job(tables, columns, _by_table(steps, answers), steps, held, assumed, ends)
    if isinstance(tables[0], nw.DataFrame):
        return _in_memory(job)
    return _lazily(job, {*columns[0], *columns[1]} if nullable is None else set(nullable))


def planned(
    columns: Iterable[Iterable[str]], held: Places, answers: tuple[str, ...]
) -> tuple[tuple[Step, ...], dict[str, int], tuple[list[str], list[str]]]:
    """Order the rules for some answers, and say what is assumed for absent columns and which columns of both tables are read.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.rules.local import Local
    >>> held = Places(date(2026, 9, 1), (), {("450400", True): Local({"dibao_standard_fen_year": 816_000})})
    >>> planned([("expend_fen", "income_fen"), ()], held, ("total_income_fen_year",))[2]
    (['income_fen'], [])
    """
    own, of_members = map(set, columns)
    inputs, assumed = _inputs(held, answers, own, of_members)
    steps = plan(rules_on(held.on), inputs, PERSON_COLUMNS, answers)
    read = {arg for step in steps for arg in step.args} - set(assumed)
    return steps, assumed, (sorted(read & own & HOUSEHOLD_COLUMNS), sorted(read & of_members & PERSON_COLUMNS))


def _inputs(
    held: Places, answers: tuple[str, ...], own: set[str], of_members: set[str]
) -> tuple[frozenset[str], dict[str, int]]:
    """Say what is given: the law values, the columns the tables have, and what an absent column means."""
    given = (own & HOUSEHOLD_COLUMNS) | (of_members & PERSON_COLUMNS) | set(held.names())
    outside = [
        COLUMNS[name] for name in leaves(rules_on(held.on), given, answers) if name in COLUMNS and name not in given
    ]
    if lost := [column for column in outside if column.absent is None]:
        raise RegisterFault(
            Fault("a column is missing", c.table, f"{c.name}: {c.en}", None,
                  nearest(c.name, own | of_members) or "add it, empty where unknown")
            for c in lost
        )  # fmt: skip
    assumed = {c.name: bool(c.absent) if c.kind == "flag" else int(c.absent or 0) for c in outside}
    return frozenset(given | set(assumed)), assumed


def _by_table(steps: tuple[Step, ...], answers: tuple[str, ...]) -> tuple[list[str], list[str]]:
    of_person = {step.name: step.of_person for step in steps}
    if given := [name for name in answers if name not in of_person]:
        raise RuleFault("answers that are given already", expected="a rule or a sum", got=", ".join(given))
    return [a for a in answers if not of_person[a]], [a for a in answers if of_person[a]]


def _in_memory(job: _Job) -> Assessed:
    households, persons = job.tables
    own, of_members = _both_sides(job)
    region = households["region_code"]
    region = region.to_native() if region.implementation.is_polars() else region.to_numpy()
    place = job.held.rows(region, own.worst[_AREA])
    grouped = homes(*(table["household_id"].to_numpy() for table in (persons, households)))
    wanted = (*job.answers[0], *job.answers[1])
    both = evaluate(job.steps, own, of_members, grouped, job.held, place, wanted, job.assumed)
    status = np.maximum(job.held.statuses.take(place), marked(households))
    marks = (status, np.maximum(grouped.spread(status), marked(persons)))
    made = [
        _table(job.tables[at], _KEYS[at], (both.worst[at], both.best[at]), job.answers[at], marks[at], job.ends)
        for at in (0, 1)
    ]
    return Assessed(made[0], made[1], job.assumed)


def _both_sides(job: _Job) -> list[Side]:
    """Read both tables, and tell what is wrong with either at once; the area too, which picks the law though no rule reads it."""
    sides: list[Side] = []
    faults: list[Fault] = []
    columns = (sorted({*job.columns[0], _AREA}), job.columns[1])
    for table, names in zip(job.tables, columns, strict=True):
        try:
            sides.append(numbers(table, names))
        except RegisterFault as error:
            faults += error.faults
    if faults:
        raise RegisterFault(faults)
    return sides


def _table(
    table: Any, keys: tuple[str, ...], sides: tuple[Any, Any], names: list[str], status: Array, ends: bool
) -> Any:
    size, native = len(table), columns_of(table.implementation)
    made: dict[str, Any] = {}
    open_amount, settled = np.zeros(size, bool), np.ones(size, bool)
    for name in names:
        low, high = (np.broadcast_to(side[name], size) for side in sides)
        if name in _CANNOT_TELL:
            settled &= low == high
            made[name] = np.where(low == high, low, _CANNOT_TELL[name])
            continue
        made[name] = low
        if ends:
            made[name + AT_BEST] = native.amounts(high, high >= OPEN)
        if is_amount(name) and sides[0][name] is not sides[1][name]:
            open_amount |= low != high
    if any(map(is_amount, names)):
        made[AT_LEAST] = open_amount & settled
    made[STATUS] = native.words(status, STATUSES)
    kept = nw.maybe_reset_index(table[[key for key in keys if key in table.columns]])
    fresh = nw.from_dict(made, backend=table.implementation)
    return nw.concat([kept, fresh], how="horizontal").to_native()


def _lazily(job: _Job, nullable: set[str]) -> Assessed:
    differing = {name for name in nullable if name in COLUMNS and COLUMNS[name].better}
    own, persons = (lazy.prepared(*each, differing) for each in zip(job.tables, job.columns, _KEYS, strict=True))
    households, persons = lazy.with_status(lazy.with_law(own, job.held), persons, job.held)
    shared = two_ends(job.held.shared(UNFAVOURABLE), job.held.shared(FAVOURABLE)) | job.assumed
    have = {*households.collect_schema().names(), *persons.collect_schema().names(), *shared}
    twice = {name.removesuffix(AT_BEST) for name in have if name.endswith(AT_BEST)}
    *done, same = lazy.run(doubled(job.steps, twice), households, persons, shared)
    made = [_answers(*each, job.ends, same) for each in zip(done, _KEYS, job.answers, strict=True)]
    return Assessed(made[0], made[1], job.assumed)


def _answers(frame: Any, keys: tuple[str, ...], names: list[str], ends: bool, same: Mapping[str, Any]) -> Any:
    have = set(frame.collect_schema().names())

    def both(name: str) -> tuple[Any, Any]:
        low, high = (lazy.literal(same[n]) if n in same else nw.col(n) for n in (name, name + AT_BEST))
        return low, high if {name + AT_BEST} & {*have, *same} else low

    made: dict[str, Any] = {}
    open_amount, settled = nw.lit(False), nw.lit(True)
    for name in names:
        low, high = both(name)
        if name in _CANNOT_TELL:
            settled = settled & (low == high)
            made[name] = nw.when(low == high).then(low).otherwise(nw.lit(_CANNOT_TELL[name]))
            continue
        made |= {name: low} | ({name + AT_BEST: high} if ends else {})
        if is_amount(name):
            open_amount = open_amount | (low != high)
    if any(map(is_amount, names)):
        made[AT_LEAST] = open_amount & settled
    made[STATUS] = lazy.status_words(have)
    done = frame.select(*(key for key in keys if key in have), **made)
    return lazy.without_open(done, [name + AT_BEST for name in names if ends and name not in _CANNOT_TELL]).to_native()
