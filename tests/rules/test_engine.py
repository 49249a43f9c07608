"""The engine orders rules by name, refuses what it cannot order, and keeps dates."""

from __future__ import annotations

from datetime import date
from types import ModuleType

import numpy as np
import pytest

from aidlib.errors import RuleFault
from aidlib.rules import household, rigid
from aidlib.rules.columns import Side
from aidlib.rules.engine import Rules, collect, holds, leaves, plan
from aidlib.rules.execute import one
from aidlib.rules.frames import evaluate, homes
from aidlib.rules.local import Local
from aidlib.rules.places import Places
from aidlib.rules.programmes import rules_on

NOBODY: frozenset[str] = frozenset()


def need(members, standard):
    return members * standard


def gap(need, income):
    return need - income


def counted(age):
    return age >= 0


RULES = Rules({"need": need, "gap": gap, "counted": counted}, {"members": "counted"})


def test_rules_run_in_the_order_of_their_arguments() -> None:
    """A rule runs after what it reads, and a sum after the persons it adds up."""
    steps = plan(RULES, frozenset({"age", "income", "standard"}), frozenset({"age"}), ("gap",))
    assert [step.name for step in steps] == ["counted", "members", "need", "gap"]
    values, _ = one(steps, {"income": 100, "standard": 70}, {"age": [40, 8]})
    assert values["gap"] == 40


def test_what_is_given_is_not_worked_out_again() -> None:
    """A what-if value stands in for the rule of the same name."""
    steps = plan(RULES, frozenset({"need", "income"}), NOBODY, ("gap",))
    assert one(steps, {"need": 500, "income": 1}, {})[0]["gap"] == 499
    assert set(leaves(RULES, {"need"}, ("gap",))) == {"income", "need"}


def test_unknown_names_are_told_all_at_once_with_the_nearest() -> None:
    """Every unknown name is named with the rule that wants it and the nearest name that exists."""
    with pytest.raises(RuleFault) as caught:
        plan(RULES, frozenset({"age", "incom"}), frozenset({"age"}), ("gap", "gapp"))
    faults = {fault.got: fault for fault in caught.value.faults}
    assert faults.keys() == {"income", "standard", "gapp"}
    assert faults["income"].hint == "incom"
    assert faults["income"].where == "gap"
    assert faults["gapp"].hint == "gap"


def test_a_circle_is_refused_with_its_names() -> None:
    """Rules that need each other are refused, and the circle is shown."""

    def chicken(egg):
        return egg

    def egg(chicken):
        return chicken

    with pytest.raises(RuleFault, match=r"(chicken|egg) -> (egg|chicken) -> "):
        plan(Rules({"chicken": chicken, "egg": egg}, {}), NOBODY, NOBODY, ("egg",))


def module_with(*rules: object) -> ModuleType:
    """Make a module that owns some rules."""
    made = ModuleType("invented")
    for rule in rules:
        rule.__module__ = "invented"  # type: ignore[attr-defined]
        setattr(made, rule.__name__, rule)  # type: ignore[attr-defined]
    return made


def test_the_rule_of_the_day_answers() -> None:
    """Two rules may give one name on different days, the last and the first day included."""

    @holds(end="2024-12-31", gives="answer")
    def old_answer():
        return 1

    @holds(start="2025-01-01")
    def answer():
        return 2

    module = module_with(old_answer, answer)
    said = {day: collect([module], day).functions["answer"]() for day in (date(2024, 12, 31), date(2025, 1, 1))}
    assert list(said.values()) == [1, 2]


def test_two_rules_for_one_name_on_one_day_are_refused() -> None:
    """A name has one rule on a day; two are a fault of the book of rules."""

    @holds(gives="answer")
    def first():
        return 1

    @holds(gives="answer")
    def second():
        return 2

    with pytest.raises(RuleFault, match="two rules give one name"):
        collect([module_with(first, second)], date(2026, 1, 1))


def test_only_the_rules_of_a_module_are_gathered() -> None:
    """Helpers and constants a module imports are no rules."""
    gathered = collect([household, rigid], date(2026, 9, 1))
    assert {"minor", "counted_income_fen", "rigid_household"} <= gathered.functions.keys()
    assert {"code", "first_of", "holds", "share"}.isdisjoint(gathered.functions)


def test_every_rule_says_the_law_in_two_languages_and_names_its_source() -> None:
    """The first docstring line is Chinese, then English; a Source line and an example follow."""
    for name, rule in rules_on(date(2026, 9, 1)).functions.items():
        lines = (rule.__doc__ or "").strip().splitlines()
        assert "。 " in lines[0], name
        assert "Source:" in rule.__doc__, name
        assert ">>> " in rule.__doc__, name


def test_persons_are_summed_over_their_own_household_whatever_the_order() -> None:
    """Sums follow the person's household, not the order of the rows; a household without persons gets zero."""
    steps = plan(RULES, frozenset({"age", "standard"}), frozenset({"age"}), ("need",))
    held = Places(date(2026, 9, 1), (), {("450400", True): Local({"standard": 10})})
    persons, mine = Side({"age": np.array([1, 2, 3, 4])}, {}), homes(np.array([5, 3, 5, 5]), np.array([3, 4, 5, 6]))
    both = evaluate(steps, Side({}, {}), persons, mine, held, np.zeros(4, int), ("need",))
    assert both.worst[0]["need"].tolist() == [10, 0, 30, 0]
