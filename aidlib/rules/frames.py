"""Assess tables of any kind: pandas, Polars, PyArrow in memory; Polars lazy, DuckDB, Dask, PySpark where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np

from aidlib.errors import Fault, RegisterFault, RuleFault, nearest
from aidlib.law import STATUSES
from aidlib.register.columns import COLUMNS
from aidlib.rules import columnwise, lazy
from aidlib.rules.engine import Step, leaves, plan
from aidlib.rules.execute import Array
from aidlib.rules.layers import CATEGORIES, LAYERS
from aidlib.rules.natives import columns_of, marked
from aidlib.rules.places import Places, two_ends
from aidlib.rules.programmes import HOUSEHOLD_COLUMNS, PERSON_COLUMNS, is_amount, rules_on
from aidlib.rules.sides import Side, numbers
from aidlib.rules.unknown import AT_BEST, FAVOURABLE, OPEN, UNFAVOURABLE, doubled

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
    homes = columnwise.homes(*(table["household_id"].to_numpy() for table in (persons, households)))
    wanted = (*job.answers[0], *job.answers[1])
    both = columnwise.evaluate(job.steps, own, of_members, homes, job.held, place, wanted, job.assumed)
    status = np.maximum(job.held.statuses.take(place), marked(households))
    marks = (status, np.maximum(homes.spread(status), marked(persons)))
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
