"""Gather the rules that hold on a day from the modules of the programmes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from types import ModuleType
from typing import TypeVar

from aidlib.errors import RuleFault
from aidlib.rules.engine import Rule, Rules

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
