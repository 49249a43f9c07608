"""What lies beyond and between the corners of an explanation: quantities without an upper end, and turns of the category."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aidlib.register.columns import COLUMNS
from aidlib.rules.execute import one
from aidlib.rules.family import Family
from aidlib.rules.lawinputs import NO_BOUND
from aidlib.rules.prepare import ends_of
from aidlib.rules.unknown import FAVOURABLE, UNFAVOURABLE, Decider, Known, Range

if TYPE_CHECKING:
    from aidlib.rules.explain import Explanation

Outcome = tuple[dict[str, Any], dict[str, list[Any]]]


def at(told: Explanation, settled: Mapping[tuple[str, int], int], side: int) -> Outcome:
    """Work everything out with some unknown quantities settled and the rest at one side's end."""
    household, persons = told.family.at(side, settled)
    law = {name: settled.get((name, -1), value) for name, value in told.law.values.items()}
    return one(told.steps, household | ends_of(law, side), persons)


def between(told: Explanation) -> Iterator[Outcome]:
    """Work everything out on both sides of each bound on which the category turns."""
    for turn in told.deciders:
        for value in (turn.at, turn.at + 1):
            for side in (UNFAVOURABLE, FAVOURABLE):
                yield at(told, {(turn.name, turn.member): value}, side)


def stands(told: Explanation, turn: Decider) -> bool:
    """Tell whether the category also turns at a bound with all else unknown at the other end."""
    return _turned(told, turn, -turn.side)


def firm(told: Explanation, turn: Decider) -> bool:
    """Tell whether a bound stays where it is when what is wholly unknown is allowed twice as much: else it is an artefact."""
    return _turned(_wide(told), turn, turn.side)


def _turned(told: Explanation, turn: Decider, side: int) -> bool:
    cell = (turn.name, turn.member)
    found = [at(told, {cell: value}, side)[0]["category"] for value in (turn.at, turn.at + 1)]
    return found == [turn.below, turn.above]


def wider(told: Explanation) -> Iterator[Outcome]:
    """Work everything out again, with what is wholly unknown allowed twice as much."""
    wide = _wide(told)
    read = frozenset(arg for step in told.steps for arg in step.args)
    for side, own, people in wide.family.corners(read, bool(told.law.unknown)):
        yield one(told.steps, own | ends_of(wide.law.values, side), people)


def _wide(told: Explanation) -> Explanation:
    law = {name: _doubled(value, NO_BOUND) for name, value in told.law.values.items()}
    persons = {name: [_doubled(cell, _most(name)) for cell in cells] for name, cells in told.family.persons.items()}
    household = {name: _doubled(cell, _most(name)) for name, cell in told.family.household.items()}
    family = Family(household, persons, told.family.assumed)
    return replace(told, law=replace(told.law, values=law), family=family)


def _most(name: str) -> tuple[int, ...]:
    return (COLUMNS[name].high,) if COLUMNS[name].kind == "money" else ()


def _doubled(cell: Known, no_bound: tuple[int, ...]) -> Known:
    return replace(cell, high=2 * cell.high) if isinstance(cell, Range) and cell.high in no_bound else cell
