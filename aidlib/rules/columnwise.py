"""Evaluate rules on tables held in memory: column by column on numpy, some thousand households at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from aidlib.errors import RegisterFault
from aidlib.register.columns import COLUMNS
from aidlib.rules.engine import Step
from aidlib.rules.execute import Array, evenly, many, runs
from aidlib.rules.places import Places
from aidlib.rules.sides import Side, Values, fault
from aidlib.rules.unknown import AT_BEST, doubled

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

    Raises
    ------
    RegisterFault
        A household twice, or persons without a household.

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


Found = tuple[Values, Values]


@dataclass(frozen=True)
class Both:
    """Answers of households and of persons, at the unfavourable and at the favourable end of what is unknown."""

    worst: Found
    best: Found


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

    def put(self, found: Found, own: slice, members: slice) -> None:
        for name, by_person in self.of_person.items():
            values, rows, size = (found[by_person], (own, members)[by_person], self._sizes[by_person])
            if name + AT_BEST in values and name in self._worst and name not in self._best:
                self._best[name] = np.empty_like(self._worst[name])
                self._best[name][: rows.start] = self._worst[name][: rows.start]
            if name + AT_BEST in values or name in self._best:
                _lay(self._best, name, values.get(name + AT_BEST, values[name]), rows, size)
            _lay(self._worst, name, values[name], rows, size)

    def both(self, order: Array | None) -> Both:
        worst: Found = ({}, {})
        best: Found = ({}, {})
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
