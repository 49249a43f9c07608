"""Why one household gets what it gets: `aidlib.explain`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from aidlib.indices import Figures
from aidlib.law import Book, Status
from aidlib.regions import region as place_of
from aidlib.rules.bounds import Outcome, at, between, firm, wider
from aidlib.rules.engine import Rule, Rules, Step
from aidlib.rules.execute import one
from aidlib.rules.family import Family, read_family
from aidlib.rules.layers import CATEGORIES
from aidlib.rules.local import Area, Local
from aidlib.rules.prepare import COLUMNS_READ, Readers, items, prepare, wanted_answers
from aidlib.rules.unknown import Decider, Known, Range, deciders
from aidlib.rules.wording import Language, check_language, label


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
    region: str,
    on: date | str,
    *,
    given: Mapping[str, Known] | None = None,
    prices: Mapping[str, Known] | None = None,
    stale: bool = False,
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
    region : str
        Region code or full Chinese name.
    on : date or str
        The day, or `YYYY-MM-DD`.
    given : mapping, optional
        What-if values by law argument, such as `dibao_standard_fen_year`, or of any rule.
    prices : mapping, optional
        The month's price subsidy in fen by group of persons; see `rules.monthly_prices.price_amounts`.
    stale, language : bool, str
        Take the last standard known where none is known for the day (the status is then `stale`); `zh` or `en`.

    Raises
    ------
    RegisterFault
        Columns that are unknown or unsound, all at once.
    LawGap
        The book has no dibao standard for the place and day.

    Examples
    --------
    >>> invented = {"urban": True, "income_fen": 189_400, "property_ok": True, "expend_fen": 0,
    ...             "persons": [{"age": 40, "relation": "applicant"}, {"age": 38, "relation": "spouse"}, {"age": 9, "relation": "child"}]}
    >>> told = explain(invented, "450400", "2026-09-01", stale=True)
    >>> told["members"], told["dibao_benefit_fen"], told.status
    (3, 14600, 'stale')
    """
    day = date.fromisoformat(on) if isinstance(on, str) else on
    place, readers = place_of(region).code, Readers(book or Book(), figures or Figures())
    family = read_family(household, COLUMNS_READ)
    area: Area = "urban" if family.household["urban"] else "rural"
    wanted = wanted_answers(household, prices)
    made = prepare(readers, place, day, area, wanted, items(given), items(prices), stale)
    made.remember(readers)
    corners = family.corners(made.read, bool(made.law.unknown))
    outcomes = tuple(one(made.steps, own | made.ends[side], persons) for side, own, persons in corners)
    tongue = check_language(language)
    return Explanation(place, day, area, tongue, family, made.law, made.steps, outcomes, readers.book, made.rules)


def _cell(outcome: Outcome, name: str, member: int) -> Any:
    values, members = outcome
    return members[name][member] if name in members else values[name]
