"""Why one household gets what it gets: `aidlib.explain`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from aidlib.indices import Figures
from aidlib.law import Book, Status
from aidlib.parameters import day as day_of
from aidlib.regions import Region
from aidlib.regions import place as place_of
from aidlib.rules.bounds import Outcome, at, between, firm, wider
from aidlib.rules.engine import Rule, Rules, Step
from aidlib.rules.execute import one
from aidlib.rules.family import Family, read_family
from aidlib.rules.helpers import HALF_UP
from aidlib.rules.lawinputs import INCOME, RIGID_INCOME, STANDARD
from aidlib.rules.layers import CATEGORIES
from aidlib.rules.local import Area, Local, LocalRules
from aidlib.rules.places import Unknown
from aidlib.rules.prepare import Question, Readers, columns_filled, items, prepare, wanted_answers
from aidlib.rules.unknown import FAVOURABLE, UNFAVOURABLE, Decider, Known, Range, deciders
from aidlib.rules.wording import Language, check_language, label

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
    language: Language
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

    @property
    def terms(self) -> Mapping[str, Any]:
        """The book's vocabulary."""
        return self.book.tables.names

    def rule(self, name: str) -> Rule | None:
        """Return the rule that gives a name; for a sum, the rule summed."""
        return self.rules.functions.get(self.rules.sums.get(name, name))

    def named(self, name: str, language: Language) -> str:
        """Name a quantity in words."""
        return label(name, self.rule(name), self.law.found.get(name, ()), self.terms, language)

    def text(self, name: str, member: int, language: Language) -> str:
        """Write a quantity's value, or both its ends."""
        from aidlib.rules.sentences import value_text

        return value_text(self, name, member, language)

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

    def headline(self, language: Language) -> str:
        """Name the place, the day, the outcome and how firm the law under it is."""
        from aidlib.rules.sentences import headline

        return headline(self, language)

    def letter(self, language: Language | None = None) -> str:
        """Write the paragraph for a decision letter."""
        from aidlib.rules.letter import letter

        return letter(self, language or self.language)

    def near(self, language: Language | None = None) -> list[str]:
        """Write the distance in yuan to each line."""
        from aidlib.rules.letter import near

        return list(near(self, language or self.language))

    def doubts(self, language: Language | None = None) -> list[str]:
        """Write the bounds on which an open answer turns."""
        from aidlib.rules.doubts import doubts

        return list(doubts(self, language or self.language))

    def rights(self, language: Language | None = None) -> list[str]:
        """Write what specialised aid each member may apply for, with the amount where the book has it, else the department."""
        from aidlib.rules.rights import lines

        return list(lines(self, language or self.language))

    def ladder(self, language: Language | None = None, *, full: bool = False) -> str:
        """Write the ladder as plain text; `full` with every rule, also those that decided nothing."""
        from aidlib.rules.ladder import as_text

        return as_text(self, language or self.language, full=full)

    def __repr__(self) -> str:
        return self.ladder()

    def _repr_html_(self) -> str:
        from aidlib.rules.ladder import as_html

        return as_html(self, self.language)


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
    """Explain what a household is due at a place on a day.

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
