"""One place and year put together, and the numbered tables and figures shown of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from aidlib.indices import Figure
from aidlib.law import Value
from aidlib.prices.linkage import Decision
from aidlib.prices.replay import decisions
from aidlib.reports import Report
from aidlib.reports.numbers import Table
from aidlib.reports.official_form import Form, fill
from aidlib.reports.performance_evaluation import labels, population
from aidlib.reports.performance_evaluation.last import published_then
from aidlib.reports.performance_evaluation.ledger import Ledger
from aidlib.reports.performance_evaluation.population import Population
from aidlib.reports.record import plain
from aidlib.reports.standard_indexing import open_study
from aidlib.standards.study import Study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing

    from aidlib.reports.performance_evaluation.drawings import Drawn

Words = labels.Words
NOTHING: Words = ("", "")


@dataclass(frozen=True)
class Kept:
    """A table that was shown: its number, its cells, and the rows each of its rows rests on."""

    number: str
    table: Table
    basis: list[list[Value | Figure]]


@dataclass
class Evaluation:
    """One place and year put together, and which of the numbered tables and figures have been shown.

    Attributes
    ----------
    report : Report
    study : Study
        Levels, what they are worth, checks.
    form : Form
        The official form.
    population : Population or None
        Households to simulate on; None where no level is known.
    months : list of Decision
        The year's twelve months of price linkage.
    shown : set of str
        Numbers of the tables and figures that have been shown.
    tables: dict of str to Kept
        What was shown in numbered tables, by name, to be compared with the last edition.
    """

    report: Report
    study: Study
    form: Form
    population: Population | None
    months: list[Decision]
    shown: set[str] = field(default_factory=set)
    tables: dict[str, Kept] = field(default_factory=dict)

    def table(self, number: str, name: str, frame: pd.DataFrame, caption: Words, note: Words = NOTHING) -> bool:
        """Show a numbered table; an empty one is not shown and shall be listed as missing."""
        if frame.empty:
            return False
        first = number not in self.shown
        self.shown.add(number)
        zh, en = (
            f"{number}{'' if first else '（续）'} {caption[0]}",
            f"{number}{'' if first else ' (continued)'} {caption[1]}",
        )
        self.report.table(name, frame, zh, en, *note)
        self.tables[name] = kept(number, frame)
        return True

    def figure(
        self, number: str, name: str, drawn: Drawn, caption: Words, alt: Words, unit: Words, n: str, source: Words
    ) -> None:
        """Show a numbered figure with its data, or leave it to the list of what is missing."""
        if drawn is None:
            return
        drawing, data = drawn
        self._draw(number, name, drawing, data, caption, alt, unit, n, source)

    def _draw(
        self, number: str, name: str, drawing: Drawing, data: pd.DataFrame | None, caption: Words, alt: Words, unit: Words,
        n: str, source: Words,
    ) -> None:  # fmt: skip
        self.shown.add(number)
        report = self.report
        report.figure(
            name, drawing, alt=alt, caption=(f"{number} {caption[0]}", f"{number} {caption[1]}"), unit=report.t(*unit), n=n,
            source=report.t(*source), as_of=report.period, data=data,
        )  # fmt: skip


def kept(number: str, frame: pd.DataFrame) -> Kept:
    """Keep what a table shows, as its record has it."""
    rows = frame.drop(columns="sources", errors="ignore")
    cells = tuple(tuple(plain(cell) for cell in row) for row in rows.itertuples(index=False, name=None))
    basis = frame["sources"].tolist() if "sources" in frame else [[] for _ in cells]
    return Kept(number, Table(tuple(map(str, rows)), cells), basis)


def open_evaluation(report: Report) -> Evaluation:
    """Put a place and year together: standards, form, households to simulate on, price linkage.

    Raises
    ------
    AidError
        No such form; everything that is wrong with a register or a filled form.
    """
    study, code, given = open_study(report), report.region.code, report.parameters
    form = fill(report.book, report.figures, code, study.year, given["rubric"], given["filled"])
    levels = {area.level.area: area.level for area in study.areas}
    wanted = (report.book, report.figures, code, study.year, levels)
    people = population.register(*wanted, given["register"]) if given["register"] else population.synthetic(*wanted)
    if people is not None and people.kind == "register":
        people = replace(people, ledger=Ledger(published_then(report)))
    months = decisions(report.book, report.figures, code, f"{study.year}-01", f"{study.year}-12")
    return Evaluation(report, study, form, people, months)
