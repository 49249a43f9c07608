"""Evaluate ordered rules: one household on Python ints, many on numpy arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from aidlib.rules.engine import Step

Array = npt.NDArray[Any]


def one(
    steps: Iterable[Step], household: Mapping[str, Any], persons: Mapping[str, list[Any]]
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Evaluate one household on Python ints; `persons` holds one list per column, in the order of its members."""
    size = len(next(iter(persons.values()), []))
    values, members = dict(household), dict(persons)
    for step in steps:
        if step.rule is None:
            values[step.name] = sum(members[step.args[0]])
        elif step.of_person:
            columns = [members[arg] if arg in members else [values[arg]] * size for arg in step.args]
            members[step.name] = [step.rule(*cells) for cells in zip(*columns, strict=True)]
        else:
            values[step.name] = step.rule(*[values[arg] for arg in step.args])
    return values, members


def runs(cells: Any) -> tuple[Array, Array]:
    """Return the value of each run of equal neighbours, and its length.

    Examples
    --------
    >>> [found.tolist() for found in runs(np.array([7, 7, 9, 7]))]
    [[7, 9, 7], [2, 1, 1]]
    """
    if hasattr(cells, "rle"):
        run = cells.rle().struct
        return run.field("value").to_numpy(), run.field("len").to_numpy()
    turns = np.ones(len(cells) + 1, bool)
    turns[1:-1] = cells[1:] != cells[:-1]
    borders = np.flatnonzero(turns)
    return cells.take(borders[:-1]), np.diff(borders)


def evenly(begin: int, end: int, most: int) -> list[tuple[int, int]]:
    """Cut a range into as few pieces of at most so many as there must be, all of about one length.

    Examples
    --------
    >>> evenly(0, 10, 4), evenly(5, 5, 4)
    ([(0, 3), (3, 6), (6, 10)], [])
    """
    pieces = -(-(end - begin) // most)
    return list(pairwise(begin + (end - begin) * number // pieces for number in range(pieces + 1))) if pieces else []


@lru_cache(maxsize=1)
def keep_freed_memory() -> None:
    """Let the C library keep what is freed: it learns from a large piece freed once, and else hands every column back page by page."""
    np.empty(31 * 2**20, np.int8)


def many(
    steps: tuple[Step, ...],
    households: Mapping[str, Any],
    persons: Mapping[str, Any],
    heads: Array,
    keep: tuple[str, ...] = (),
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Evaluate many households on numpy arrays.

    Examples
    --------
    >>> steps = (Step("members", None, ("counted",), False), Step("need", lambda members: members * 680, ("members",), False))
    >>> many(steps, {}, {"counted": np.array([True, True, False])}, np.array([2, 1]))[0]["need"].tolist()
    [1360, 0]
    """
    keep_freed_memory()
    values, members = dict(households), dict(persons)
    spread: dict[str, Any] = {}
    ends = np.cumsum(heads)

    @cache
    def home() -> Array:
        return np.repeat(np.arange(len(heads)), heads)

    def cell(name: str) -> Any:
        if name in members:
            return members[name]
        if name not in spread:
            spread[name] = values[name].take(home()) if isinstance(values[name], np.ndarray) else values[name]
        return spread[name]

    for step, spent in zip(steps, _spent(steps, keep), strict=True):
        if step.rule is None:
            values[step.name] = _summed(cell(step.args[0]), ends)
        elif step.of_person:
            members[step.name] = step.rule(*map(cell, step.args))
        else:
            values[step.name] = step.rule(*[values[arg] for arg in step.args])
        for name in spent:
            for held in (values, members, spread):
                held.pop(name, None)
    return values, members


def _summed(cells: Any, ends: Array) -> Any:
    """Add up persons' cells by household, from where each one's persons end; of nothing there is nothing."""
    if isinstance(cells, int):
        return cells and cells * np.diff(ends, prepend=0)
    running = np.empty(len(cells) + 1, np.int64)
    running[0] = 0
    np.cumsum(cells, out=running[1:])
    reached = running.take(ends)
    sums = reached.copy()
    sums[1:] -= reached[:-1]
    return sums


@lru_cache(maxsize=64)
def _spent(steps: tuple[Step, ...], keep: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Say after each step which quantities no later one reads."""
    seen = set(keep)
    found: list[tuple[str, ...]] = []
    for step in reversed(steps):
        found.append(tuple(name for name in (*step.args, step.name) if name not in seen) if keep else ())
        seen.update(step.args)
    return tuple(reversed(found))
