"""Order rules by the names of their arguments; gather those that hold on a day from the modules of the programmes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from types import ModuleType
from typing import Any, TypeVar

from aidlib.errors import Fault, RuleFault, nearest

Rule = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Rules:
    """Rules in force on one day: functions by the name they give; `sums` names person quantities summed over a household."""

    functions: Mapping[str, Rule]
    sums: Mapping[str, str]

    def arguments(self, name: str) -> tuple[str, ...]:
        """Name what a rule or sum reads; nothing for an input."""
        if name in self.sums:
            return (self.sums[name],)
        if (rule := self.functions.get(name)) is None:
            return ()
        return rule.__code__.co_varnames[: rule.__code__.co_argcount]

    def __contains__(self, name: str) -> bool:
        return name in self.functions or name in self.sums


@dataclass(frozen=True)
class Step:
    """One thing to work out: a rule (`rule` None: a sum over members), its arguments, and whether it holds for each person."""

    name: str
    rule: Rule | None
    args: tuple[str, ...]
    of_person: bool


@lru_cache(maxsize=256)
def plan(rules: Rules, given: frozenset[str], of_person: frozenset[str], wanted: tuple[str, ...]) -> tuple[Step, ...]:
    """Order what must be worked out for the wanted names; a given name is not worked out again.

    Raises
    ------
    RuleFault
        Names that are neither given nor a rule (all at once, each with the nearest known), or rules that need each other.
    """
    graph = dict(_needed(rules, given, wanted))
    known = {*given, *rules.functions, *rules.sums}
    if missing := [name for name in graph if name not in known]:
        raise RuleFault(_missing(name, graph, known) for name in missing)
    try:
        order = [name for name in TopologicalSorter(graph).static_order() if name not in given]
    except CycleError as error:
        raise RuleFault("rules need each other", got=" -> ".join(error.args[1]), hint="break the circle") from None
    persons = set(of_person)
    steps = []
    for name in order:
        args = graph[name]
        by_person = name not in rules.sums and not persons.isdisjoint(args)
        persons |= {name} if by_person else set()
        steps.append(Step(name, rules.functions.get(name), args, by_person))
    return tuple(steps)


def leaves(rules: Rules, given: Iterable[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Name what must come from outside: arguments that no rule gives, and given names that stand for a rule."""
    graph = dict(_needed(rules, frozenset(given), tuple(wanted)))
    return tuple(name for name in graph if not graph[name])


def _needed(rules: Rules, given: frozenset[str], wanted: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    waiting, seen = list(wanted), set(wanted)
    while waiting:
        name = waiting.pop()
        args = () if name in given else rules.arguments(name)
        yield name, args
        waiting += [arg for arg in args if arg not in seen]
        seen.update(args)


def _missing(name: str, graph: Mapping[str, tuple[str, ...]], known: Iterable[str]) -> Fault:
    reader = next((rule for rule, args in graph.items() if name in args), "the caller")
    return Fault("unknown name", reader, "an input, a law value or a rule", name, nearest(name, known))


F = TypeVar("F", bound=Rule)


def holds(start: str = "", end: str = "", gives: str = "") -> Callable[[F], F]:
    """Give a rule its first and last day, and the name of its result where two rules share one.

    Examples
    --------
    >>> @holds(start="2025-01-01", gives="answer")
    ... def answer_2025(question):
    ...     return question
    >>> answer_2025.start, answer_2025.gives
    ('2025-01-01', 'answer')
    """

    def dated(rule: F) -> F:
        rule.__dict__.update(start=start, end=end or "9999-12-31", gives=gives or rule.__name__)
        return rule

    return dated


def collect(modules: Iterable[ModuleType], on: date) -> Rules:
    """Gather the public functions and the `SUMS` of rule modules that hold on a day.

    Examples
    --------
    >>> from aidlib.rules import rigid
    >>> [collect([rigid], date(year, 6, 1)).functions["rigid_household"].__name__ for year in (2024, 2025)]
    ['rigid_household_2023', 'rigid_household']
    """
    functions: dict[str, Rule] = {}
    sums: dict[str, str] = {}
    for module in modules:
        sums |= getattr(module, "SUMS", {})
        for name, rule in vars(module).items():
            if name.startswith("_") or getattr(rule, "__module__", "") != module.__name__ or not callable(rule):
                continue
            if getattr(rule, "start", "") <= on.isoformat() <= getattr(rule, "end", "9999"):
                given = getattr(rule, "gives", name)
                if given in functions:
                    raise RuleFault("two rules give one name on the same day", where=str(on), got=f"{name} and {given}")
                functions[given] = rule
    return Rules(functions, sums)
