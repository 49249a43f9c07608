"""Evaluate ordered rules: one household on Python ints, many on numpy arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


def many(
    steps: Iterable[Step], households: Mapping[str, Any], persons: Mapping[str, Any], home: Array, size: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Evaluate many households on numpy arrays.

    Parameters
    ----------
    households, persons : mapping of str to int64 or bool array, or one int for all
        Inputs by name.
    home : int64 array, one per person
        Position of the person's household.
    size : int
        Count of households.
    """
    values, members = dict(households), dict(persons)
    spread: dict[str, Any] = {}

    def cell(name: str) -> Any:
        if name in members:
            return members[name]
        if name not in spread:
            spread[name] = values[name][home] if isinstance(values[name], np.ndarray) else values[name]
        return spread[name]

    for step in steps:
        if step.rule is None:
            weights = np.broadcast_to(cell(step.args[0]), home.shape)
            values[step.name] = np.bincount(home, weights, size).astype(np.int64)
        elif step.of_person:
            members[step.name] = step.rule(*map(cell, step.args))
        else:
            values[step.name] = step.rule(*[values[arg] for arg in step.args])
    return values, members
