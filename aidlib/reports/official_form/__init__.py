"""The official evaluation form of a place and year: filled as far as the data go, open where they do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aidlib.evaluation.scorecard import GRADES, Card, score
from aidlib.indices import Figures
from aidlib.law import Book, LocalLaw, Source
from aidlib.law.rubrics import Criterion, load
from aidlib.regions import NATION
from aidlib.reports.official_form import answers
from aidlib.reports.official_form.evidence import Evidence, evidence


@dataclass(frozen=True)
class Form:
    """A filled form.

    Attributes
    ----------
    rubric, place, year : str, str, int
        Which form, of which place and year.
    card : Card
        Its rows with automatic and final points.
    evidence : mapping
        What the law book filled in, by indicator, with its rows; rows an official filled in are not here.
    local : LocalLaw
        The book at the place at the end of the year, or on the first day of the grades' lines where that is later.
    """

    rubric: str
    place: str
    year: int
    card: Card
    evidence: Mapping[str, Evidence]
    local: LocalLaw

    @property
    def grades(self) -> tuple[str, str]:
        """Lowest and highest grade the form can have as it stands."""
        return self.card.grade(self.local)

    @property
    def sources(self) -> list[Source]:
        """The instruments the form itself was read from."""
        ids = dict.fromkeys(row.criterion.source for row in self.card.rows)
        return [self.local.book.tables.sources[one] for one in ids]


def fill(book: Book, figures: Figures, place: str, year: int, rubric: str, filled: str = "") -> Form:
    """Fill a form from the data, and from what an official filled in.

    Parameters
    ----------
    book, figures : Book, Figures
        Law and published figures; what is read is remembered there.
    place, year : str, int
        Region code and year.
    rubric : str
        A form of `data/rubrics/`.
    filled : str
        Path of a form an official filled in; what it says goes before what the book says.

    Raises
    ------
    AidError
        No such form; everything that is wrong with what was filled in.

    Examples
    --------
    >>> form = fill(Book(), Figures(), "500000", 2025, "2016-national")
    >>> float(form.card.final), float(form.card.undecided), form.grades
    (2.0, 98.0, ('eval_fail', 'eval_excellent'))
    """
    rows: tuple[Criterion, ...] = load(rubric)
    given = answers.read(filled)
    found = {name: one for name, one in evidence(book, figures, place, year, rows).items() if name not in given.actuals}
    actuals = {**{name: one.actual for name, one in found.items()}, **given.actuals}
    on = max(date(year, 12, 31), min(entry.start for entry in book.rows(NATION, GRADES[0])))
    return Form(rubric, place, year, score(rows, actuals, given.overrides), found, book.at(place, on))
