"""Why one household gets what it gets: `aidlib.explain`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from importlib import import_module
from typing import Any

from aidlib.errors import RegisterFault
from aidlib.indices import Figures
from aidlib.law import Book, Status
from aidlib.parameters import day as day_of
from aidlib.regions import Region
from aidlib.regions import place as place_of
from aidlib.register.columns import COLUMNS
from aidlib.rules.engine import Rule, Rules, Step
from aidlib.rules.execute import one
from aidlib.rules.family import Family, read_family
from aidlib.rules.helpers import HALF_UP
from aidlib.rules.lawinputs import INCOME, NO_BOUND, RIGID_INCOME, STANDARD
from aidlib.rules.layers import CATEGORIES
from aidlib.rules.local import Area, Local, LocalRules
from aidlib.rules.places import Unknown
from aidlib.rules.prepare import Question, Readers, columns_filled, ends_of, items, prepare, wanted_answers
from aidlib.rules.unknown import FAVOURABLE, UNFAVOURABLE, Decider, Known, Range, deciders
from aidlib.words import check_language

Outcome = tuple[dict[str, Any], dict[str, list[Any]]]
WORDS = "aidlib.page.explained"  # looked up by name, as drawings are: arithmetic imports no words
SUMS = ("monthly_aid_fen", "temporary_aid_fen")
FIGURES = (
    STANDARD,
    INCOME,
    RIGID_INCOME,
    "min_wage_fen_month",
)  # facts a caller may know better than the book; all else given is a supposition


@dataclass(frozen=True, repr=False)
class Explanation:
    """What one household and its members are due, and why.

    Index it with an answer's name for its value at the unfavourable end. A ladder of text in a terminal, a table in JupyterLab.

    Attributes
    ----------
    place, on, area, language : str, date, str, str
        Where, when, urban or rural, and the language shown.
    family, law, steps : Family, Local, tuple of Step
        The facts with what was assumed; the law values with their rows; the rules, in order.
    outcomes : tuple of (dict, dict)
        Every quantity, for the household and for its members, at each corner of what is unknown.
    """

    place: str
    on: date
    area: Area
    language: str
    family: Family
    law: Local
    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]
    book: Book
    rules: Rules

    def __getitem__(self, name: str) -> Any:
        values, members = self.outcomes[0]
        return values[name] if name in values else members[name]

    def ends(self, name: str, member: int) -> tuple[Any, Any]:
        """Return the least and the most a quantity may be; `member` is -1 for the household."""
        found = self.values(name, member)
        return found[0], found[-1]

    def values(self, name: str, member: int) -> list[Any]:
        """Return what a quantity was found to be wherever it was looked at, each once."""
        return sorted({_cell(outcome, name, member) for outcome in self._seen})

    @property
    def members(self) -> range:
        """Positions of the persons."""
        return range(len(next(iter(self.family.persons.values()))))

    @cached_property
    def categories(self) -> tuple[int, ...]:
        """The category at each corner of what is unknown, each once."""
        return tuple(sorted({values["category"] for values, _ in self.outcomes}))

    @property
    def category(self) -> int:
        """The category, or `cannot_tell` where corners disagree."""
        return self.categories[0] if len(self.categories) == 1 else CATEGORIES.index("cannot_tell")

    @property
    def cannot_tell(self) -> bool:
        """True where what is unknown decides the category."""
        return len(self.categories) > 1

    @cached_property
    def deciders(self) -> tuple[Decider, ...]:
        """The bounds on which an open category turns, one per unknown quantity that can settle it alone."""
        if not self.cannot_tell:
            return ()
        return tuple(turn for turn in deciders(self._doubtful(), self._category_at) if firm(self, turn))

    @property
    def possible(self) -> tuple[int, ...]:
        """Every category the household may have, also those that lie between the corners."""
        between = {category for turn in self.deciders for category in (turn.below, turn.above)}
        return tuple(sorted(between.union(self.categories)))

    def _doubtful(self) -> dict[tuple[str, int], Range]:
        law = {(name, -1): value for name, value in self.law.values.items() if isinstance(value, Range)}
        return law | {cell: value for cell, value in self.family.unknown.items() if value.better}

    def _category_at(self, settled: Mapping[tuple[str, int], int], side: int) -> int:
        return int(at(self, settled, side)[0]["category"])

    @property
    def status(self) -> Status:
        """The weakest status of the law rows the answers rest on."""
        return self.law.status(self.law.values)

    @cached_property
    def lacks(self) -> tuple[str, ...]:
        """Local rules the book does not have and on which an amount depends: with them on file it would be a point."""
        base = at(self, {}, UNFAVOURABLE)
        asked = [name for name in self.law.unwritten if isinstance(self.law.values[name], Range)]
        moved = ((name, at(self, {(name, -1): self.law.values[name].end(FAVOURABLE)}, UNFAVOURABLE)) for name in asked)  # type: ignore[union-attr]
        return tuple(name for name, found in moved if any(found[0].get(sum_) != base[0].get(sum_) for sum_ in SUMS))

    @cached_property
    def stand_ins(self) -> tuple[str, ...]:
        """Law values of which only a range is known, from what stands in for the place's own, and on which an answer depends."""
        doubtful = {name: known for name in self.law.marks if isinstance(known := self.law.values.get(name), Range)}
        return tuple(name for name, known in doubtful.items() if self._matters(name, known))

    def _matters(self, name: str, known: Range) -> bool:
        for side in (UNFAVOURABLE, FAVOURABLE):
            low, high = (at(self, {(name, -1): end}, side)[0] for end in (known.low, known.high))
            if any(low.get(answer) != high.get(answer) for answer in ("category", *SUMS)):
                return True
        return False

    def supposed(self, name: str) -> bool:
        """Tell whether a law value is a supposition of the caller, or of a reform: no article says so."""
        rows = self.law.found.get(name, ())
        return (name in self.law.given and name not in FIGURES) or any(row.status == "synthetic" for row in rows)

    def candidates(self, name: str, member: int) -> tuple[Any, ...]:
        """Return an amount that is unknown only in its rounding: exact, and as rounded down and up; else nothing."""
        exact = {("dibao_round_step", -1): 1, ("dibao_round_mode", -1): HALF_UP}
        if "dibao_round_mode" not in self.law.unwritten or "_fen" not in name or name in self.law.values:
            return ()
        found = {_cell(at(self, exact, side), name, member) for side in (UNFAVOURABLE, FAVOURABLE)}
        return (*found, *self.ends(name, member)) if len(found) == 1 else ()

    def rule(self, name: str) -> Rule | None:
        """Return the rule that gives a name; for a sum, the rule summed."""
        return self.rules.functions.get(self.rules.sums.get(name, name))

    def open_above(self, name: str, member: int) -> bool:
        """Tell whether a quantity has no known upper end: it grows when the widest bounds of what is unknown are moved out."""
        return bool(max(_cell(outcome, name, member) for outcome in self._wider) > self.ends(name, member)[1])

    @cached_property
    def _wider(self) -> tuple[Outcome, ...]:
        return tuple(wider(self))

    @cached_property
    def _seen(self) -> tuple[Outcome, ...]:
        return (*self.outcomes, *between(self)) if self.cannot_tell else self.outcomes

    def computes(self, name: str) -> bool:
        """Tell whether a quantity was worked out or read for this household."""
        return any(name in part for part in self.outcomes[0])

    def worded(self, language: str | None = None) -> Any:
        """Return the explanation in words (`aidlib.page.explained.Worded`)."""
        return import_module(WORDS).Worded(self, language or self.language)

    def text(self, name: str, member: int, language: str) -> str:
        """Write a quantity's value, or both its ends."""
        return str(self.worded(language).text(name, member))

    def letter(self, language: str | None = None) -> str:
        """Write the paragraph for a decision letter."""
        return str(self.worded(language).letter)

    def near(self, language: str | None = None) -> list[str]:
        """Write the distance in yuan to each line."""
        return list(self.worded(language).said("near"))

    def doubts(self, language: str | None = None) -> list[str]:
        """Write the bounds on which an open answer turns."""
        return list(self.worded(language).said("doubts"))

    def rights(self, language: str | None = None) -> list[str]:
        """Write what specialised aid each member may apply for, with the amount where the book has it, else the department."""
        return list(self.worded(language).said("rights"))

    def ladder(self, language: str | None = None, *, full: bool = False) -> str:
        """Write the ladder as plain text; `full` with every rule, also those that decided nothing."""
        return str(import_module(WORDS).as_text(self.worded(language), full=full))

    def __repr__(self) -> str:
        return self.ladder()

    def _repr_html_(self) -> str:
        return str(import_module(WORDS).as_html(self.worded()))


def explain(
    household: Mapping[str, Any],
    region: str | int | Region,
    on: date | str,
    *,
    given: Mapping[str, Known] | None = None,
    prices: Mapping[str, Known] | None = None,
    stale: bool = False,
    unknown: Unknown = "raise",
    local_rules: LocalRules = "unknown",
    language: str = "zh",
    book: Book | None = None,
    figures: Figures | None = None,
) -> Explanation:
    """逐条说明一户应得什么。 Explain what a household is due at a place on a day.

    Parameters
    ----------
    household : mapping
        Household columns of `aidlib.register.columns` and `persons`, a sequence of mappings; money in whole fen. What is None or
        missing is unknown, not zero, unless the column says what its absence means.
    region : str, int or Region
        Code (`450400`, `45`), Chinese or English name (`梧州`, `Wuzhou`).
    on : date or str
        The day, or `YYYY-MM-DD`.
    given : mapping, optional
        What-if values by law argument, such as `dibao_standard_fen_year`, or of any rule.
    prices : mapping, optional
        The month's price subsidy in fen by group of persons; see `rules.monthly_prices.price_amounts`.
    stale : bool
        Where no standard is known for the day, take the range that the last one known allows; its status is `stale`.
    unknown : str
        `raise`, or `bounds`: where not even a last standard is known, take the range that floors, guides and averages allow.
    local_rules : str
        `unknown`: what a place may have a rule of, and the book has none, is unknown. `none`: suppose that it has none.
    language : str
        `zh` or `en`.

    Raises
    ------
    RegisterFault
        Columns that are unknown or unsound, all at once.
    LawGap
        The book has no dibao standard for the place and day, or the rules of that time were not read.

    Examples
    --------
    >>> invented = {"urban": True, "income_fen": 189_400, "property_ok": True, "expend_fen": 0,
    ...             "persons": [{"age": 40, "relation": "applicant"}, {"age": 38, "relation": "spouse"}, {"age": 9, "relation": "child"}]}
    >>> told = explain(invented, "450400", "2026-09-01", stale=True)
    >>> told["members"], told["dibao_benefit_fen"], told.status
    (3, 14600, 'stale')
    """
    if not isinstance(household, Mapping):
        raise RegisterFault(
            "not a household", where="household", expected="facts by name, and `persons`", got=type(household).__name__
        )
    day = day_of(on, "on")
    place, readers = place_of(region).code, Readers(book or Book(), figures or Figures())
    columns = columns_filled(household)
    family = read_family(household, columns)
    area: Area = "urban" if family.household["urban"] else "rural"
    wanted = wanted_answers(household, prices)
    asked = Question(place, day, area, wanted, items(given), items(prices), stale, unknown, local_rules, columns)
    made = prepare(readers, asked)
    made.remember(readers)
    corners = family.corners(made.read, bool(made.law.unknown))
    outcomes = tuple(one(made.steps, own | made.ends[side], persons) for side, own, persons in corners)
    tongue = check_language(language)
    return Explanation(place, day, area, tongue, family, made.law, made.steps, outcomes, readers.book, made.rules)


def _cell(outcome: Outcome, name: str, member: int) -> Any:
    values, members = outcome
    return members[name][member] if name in members else values[name]


def at(explained: Explanation, settled: Mapping[tuple[str, int], int], side: int) -> Outcome:
    """Work everything out with some unknown quantities settled and the rest at one side's end."""
    household, persons = explained.family.at(side, settled)
    law = {name: settled.get((name, -1), value) for name, value in explained.law.values.items()}
    return one(explained.steps, household | ends_of(law, side), persons)


def between(explained: Explanation) -> Iterator[Outcome]:
    """Work everything out on both sides of each bound on which the category turns."""
    for turn in explained.deciders:
        for value in (turn.at, turn.at + 1):
            for side in (UNFAVOURABLE, FAVOURABLE):
                yield at(explained, {(turn.name, turn.member): value}, side)


def stands(explained: Explanation, turn: Decider) -> bool:
    """Tell whether the category also turns at a bound with all else unknown at the other end."""
    return _turned(explained, turn, -turn.side)


def firm(explained: Explanation, turn: Decider) -> bool:
    """Tell whether a bound stays where it is when what is wholly unknown is allowed twice as much: else it is an artefact."""
    return _turned(_wide(explained), turn, turn.side)


def _turned(explained: Explanation, turn: Decider, side: int) -> bool:
    cell = (turn.name, turn.member)
    found = [at(explained, {cell: value}, side)[0]["category"] for value in (turn.at, turn.at + 1)]
    return found == [turn.below, turn.above]


def wider(explained: Explanation) -> Iterator[Outcome]:
    """Work everything out again, with what is wholly unknown allowed twice as much."""
    wide = _wide(explained)
    read = frozenset(arg for step in explained.steps for arg in step.args)
    for side, own, people in wide.family.corners(read, bool(explained.law.unknown)):
        yield one(explained.steps, own | ends_of(wide.law.values, side), people)


def _wide(explained: Explanation) -> Explanation:
    law = {name: _doubled(value, NO_BOUND) for name, value in explained.law.values.items()}
    persons = {
        name: [_doubled(cell, _most(name)) for cell in cells] for name, cells in explained.family.persons.items()
    }
    household = {name: _doubled(cell, _most(name)) for name, cell in explained.family.household.items()}
    family = Family(household, persons, explained.family.assumed)
    return replace(explained, law=replace(explained.law, values=law), family=family)


def _most(name: str) -> tuple[int, ...]:
    return (COLUMNS[name].high,) if COLUMNS[name].kind == "money" else ()


def _doubled(cell: Known, no_bound: tuple[int, ...]) -> Known:
    return replace(cell, high=2 * cell.high) if isinstance(cell, Range) and cell.high in no_bound else cell
