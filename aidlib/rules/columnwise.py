"""Assess tables held in memory: column by column on numpy, and back in the table's own kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np

from aidlib.errors import Fault, RegisterFault
from aidlib.register.columns import COLUMNS, Column
from aidlib.rules.engine import Step
from aidlib.rules.execute import Array, in_blocks
from aidlib.rules.places import Places
from aidlib.rules.unknown import FAVOURABLE, UNFAVOURABLE

Values = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """One table's columns at both ends, and which rows have an unknown cell."""

    worst: Values
    best: Values
    unknown: Array


def numbers(frame: nw.DataFrame[Any], names: Iterable[str]) -> Side:
    """Turn the columns rules read into int64 and bool arrays, empty cells at both ends of their bounds.

    Raises
    ------
    RegisterFault
        Values out of bounds, parts of a fen, unknown words, or empty cells no range can stand for: all at once, without the values.

    Examples
    --------
    >>> import polars as pl
    >>> side = numbers(nw.from_native(pl.DataFrame({"income_fen": [100, None]})), ["income_fen"])
    >>> side.worst["income_fen"].tolist(), side.best["income_fen"].tolist(), side.unknown.tolist()
    ([100, 1000000000], [100, 0], [False, True])
    """
    worst: Values = {}
    best: Values = {}
    unknown = np.zeros(len(frame), bool)
    faults: list[Fault] = []
    for name in names:
        column = COLUMNS[name]
        cells, empty, wrong = _cells(frame[name], column)
        if empty.any() and not column.better:
            faults.append(
                _fault(column, "empty cells no range can stand for", empty, "settle them, or leave the rows out")
            )
        wrong |= ~empty & ((cells < column.low) | (cells > column.high))
        if wrong.any():
            faults.append(_fault(column, "cells out of bounds", wrong, _bounds(column)))
        worst[name], best[name] = (_filled(cells, empty, column, side) for side in (UNFAVOURABLE, FAVOURABLE))
        unknown |= empty
    if faults:
        raise RegisterFault(faults)
    return Side(worst, best, unknown)


def _cells(series: nw.Series[Any], column: Column) -> tuple[Array, Array, Array]:
    if column.kind == "code" and not series.dtype.is_numeric():
        return _words(series.cast(nw.String), column)
    empty = series.is_null().to_numpy().astype(bool)
    cells = series.to_numpy()
    if cells.dtype.kind in "Of":
        filled = np.where(empty, 0, cells).astype(np.float64)
        whole = filled.astype(np.int64)
        empty |= np.isnan(filled)
        return whole, empty, whole != filled
    return cells.astype(np.int64), empty, np.zeros(len(cells), bool)


def _words(series: nw.Series[Any], column: Column) -> tuple[Array, Array, Array]:
    words, which = np.unique(series.fill_null("").to_numpy().astype(str), return_inverse=True)
    found = np.array([column.codes.index(word) if word in column.codes else -1 for word in words], np.int64)
    blank = words == ""
    return found[which], blank[which], (found < 0)[which] & ~blank[which]


def _filled(cells: Array, empty: Array, column: Column, side: int) -> Array:
    if empty.any():
        cells = np.where(empty, column.high if side * column.better > 0 else column.low, cells)
    return cells.astype(bool) if column.kind == "flag" else cells


def _bounds(column: Column) -> str:
    return "one of " + ", ".join(column.codes) if column.codes else f"{column.low} to {column.high}"


def _fault(column: Column, what: str, rows: Array, hint: str) -> Fault:
    first = ", ".join(str(row + 1) for row in np.flatnonzero(rows)[:3])
    return Fault(what, f"{column.table}.{column.name}", got=f"{int(rows.sum())} rows, first {first}", hint=hint)


def homes(person_ids: Array, household_ids: Array) -> Array:
    """Find each person's household by position; quickest where persons stand in the order of households with rising ids.

    Raises
    ------
    RegisterFault
        A household twice, or persons without a household.

    Examples
    --------
    >>> homes(np.array([7, 7, 9]), np.array([7, 9])).tolist(), homes(np.array(["b", "a", "b"]), np.array(["a", "b"])).tolist()
    ([0, 0, 1], [1, 0, 1])
    """
    turns = np.zeros(len(person_ids), bool)
    turns[1:] = person_ids[1:] != person_ids[:-1]
    runs = np.cumsum(turns)
    starts = np.r_[0, np.flatnonzero(turns)]
    if len(starts) == len(household_ids) and (household_ids[1:] > household_ids[:-1]).all():  # noqa: SIM102
        if (person_ids[starts] == household_ids).all():
            return runs
    return _looked_up(person_ids, household_ids)


def _looked_up(person_ids: Array, household_ids: Array) -> Array:
    import pandas as pd

    known = pd.Index(household_ids)
    if not known.is_unique:
        raise RegisterFault("households appear twice", where="households.household_id", hint="one row per household")
    found = np.asarray(known.get_indexer(pd.Index(person_ids)))
    if (lost := found < 0).any():
        raise RegisterFault(
            [_fault(COLUMNS["household_id"], "persons without a household row", lost, "add the household")]
        )
    return found


@dataclass(frozen=True)
class Both:
    """Answers at both ends, and for which households and persons the ends were looked at apart."""

    worst: tuple[Values, Values]
    best: tuple[Values, Values]


def evaluate(
    steps: tuple[Step, ...],
    households: Side,
    persons: Side,
    home: Array,
    held: Places,
    place: Array,
    answers: tuple[str, ...],
) -> Both:
    """Evaluate at the unfavourable end, and at the favourable one for households with anything unknown.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.rules.local import Local
    >>> held = Places(date(2026, 9, 1), (), {("450400", True): Local({"standard": 680})})
    >>> steps = (Step("gap", lambda standard, income: standard - income, ("standard", "income"), False),)
    >>> own = Side({"income": np.array([80, 600])}, {"income": np.array([80, 0])}, np.array([False, True]))
    >>> both = evaluate(steps, own, Side({}, {}, np.zeros(2, bool)), np.array([0, 1]), held, np.array([0, 0]), ("gap",))
    >>> both.worst[0]["gap"].tolist(), both.best[0]["gap"].tolist()
    ([600, 80], [600, 680])
    """
    size = len(households.unknown)
    worst = in_blocks(steps, households.worst | _law(held, UNFAVOURABLE, place), persons.worst, home, size, answers)
    doubt = households.unknown | np.array(held.unknown(), bool)[place]
    doubt |= np.bincount(home, persons.unknown, size) > 0
    if not doubt.any():
        return Both(worst, worst)
    rows, members = np.flatnonzero(doubt), np.flatnonzero(doubt[home])
    part = in_blocks(
        steps,
        _rows(households.best, rows) | _law(held, FAVOURABLE, place[rows]),
        _rows(persons.best, members),
        (np.cumsum(doubt) - 1)[home[members]],
        len(rows),
        answers,
    )
    return Both(worst, (_laid(worst[0], part[0], rows), _laid(worst[1], part[1], members)))


def _law(held: Places, side: int, place: Array) -> Values:
    return held.shared(side) | {name: column[place] for name, column in held.columns[side].items()}


def _rows(values: Values, rows: Array) -> Values:
    return {name: value[rows] if isinstance(value, np.ndarray) else value for name, value in values.items()}


def _laid(whole: Mapping[str, Any], part: Mapping[str, Any], rows: Array) -> Values:
    laid: Values = {}
    for name, value in whole.items():
        laid[name] = value
        if isinstance(value, np.ndarray) and len(rows):
            laid[name] = value.copy()
            laid[name][rows] = part[name]
    return laid
