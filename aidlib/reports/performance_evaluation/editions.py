"""The last edition beside this one: every number that moved, told apart into parameters, data and method."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib.errors import AidError
from aidlib.reports import Report, numbers, record
from aidlib.reports.numbers import Difference, Table
from aidlib.reports.performance_evaluation import sections, sections_simulated
from aidlib.reports.performance_evaluation.evaluation import Evaluation, Kept, open_evaluation

if TYPE_CHECKING:
    from nbformat import NotebookNode

Tables = dict[str, Table]
Record = dict[str, Any]
PATHS = ("last", "last_register")
CLOSING = ("data_used", "caveats")  # they tell of this page, not of the place
PARAMETERS, DATA, METHOD, TOGETHER, UNKNOWN = "parameters", "data", "method", "together", "unknown"
SECTIONS = (
    sections.show_finding, sections.show_form, sections.show_standards, sections.show_work, sections.show_linkage,
    sections.show_candidates, sections_simulated.show_targeting, sections_simulated.show_impact, sections_simulated.show_robustness,
)  # fmt: skip


@dataclass(frozen=True)
class Since:
    """What changed since the last edition.

    Attributes
    ----------
    period, kind : str
        The last edition's period, and what households it rested on: register or synthetic.
    moved : list of (tuple of str, Difference)
        Every number that the two editions do not show alike, with its causes: the parameters, something else, or both.
    details : dict of str to list of str
        What differs besides numbers, by cause: parameters, rows read, code and versions.
    """

    period: str
    kind: str
    moved: list[tuple[tuple[str, ...], Difference]]
    details: dict[str, list[str]]


class Quiet(Report):
    """A report that shows nothing: what this code and data would say with the last edition's parameters."""

    def _nothing(self, *_: Any, **__: Any) -> None:
        """Show nothing."""

    heading = finding = say = table = download = _nothing

    def figure(self, name: str, drawing: Any, **_: Any) -> None:
        """Close the drawing."""
        from matplotlib import pyplot as plt

        plt.close(drawing)


def since(found: Evaluation, then: NotebookNode) -> Since:
    """Compare what was shown with the last edition.

    This code and data are run once more with the last edition's parameters: what moves from there to this edition comes from the
    parameters, the rest from data or method. What stands between is never shown. Where both data and method differ, a row none
    of whose sources changed was moved by the method; of the others it cannot be told.
    """
    old, before = numbers.record(then), numbers.tables(then)
    given = {**found.report.parameters, **old["parameters"]}
    names = [name for name in given if name not in PATHS and given[name] != found.report.parameters.get(name)]
    details = {
        PARAMETERS: [f"{name}: {_bare(given[name])} → {_bare(found.report.parameters.get(name))}" for name in names]
    }
    between = _again(found.report, given) if names else found
    kind = "register" if given["register"] else "synthetic"
    today = _tables(found)
    shown = _told(_only(before, today), today)
    if between is None:
        return Since(given["period"], kind, [((UNKNOWN,), one) for one in shown], details)
    middle, now = _tables(between), record.make(given, between.report.book, between.report.figures)
    details |= {DATA: numbers.changed_rows(old, now), METHOD: _method(old, now)}
    by_parameters = {_place(one) for one in _told(middle, today)}
    rest = {_place(one): _cause(one, details, between, old) for one in _told(_only(before, middle), middle)}
    moved = []
    for one in shown:
        causes = [PARAMETERS] if _place(one) in by_parameters else []
        causes += [rest[_place(one)]] if _place(one) in rest else []
        moved.append((tuple(causes) or (UNKNOWN,), one))
    return Since(given["period"], kind, moved, details)


def _bare(value: object) -> str:
    """Write a parameter, of a path its name only."""
    text = str(value)
    return Path(text).name if text.startswith(("/", "~")) else text or "—"


def _place(one: Difference) -> tuple[str, str, str]:
    return one.table, one.row, one.column


def _again(report: Report, given: Record) -> Evaluation | None:
    """What would be shown with other parameters; nothing where a file they name is gone."""
    other = Quiet(
        report.name, report.region, given["period"], report.language, (), {**given, "last": "", "last_register": ""}
    )
    try:
        found = open_evaluation(other)
        for section in SECTIONS:
            section(found)
    except (AidError, OSError):
        return None
    return found


def _tables(found: Evaluation) -> Tables:
    return {name: one.table for name, one in found.tables.items() if name not in CLOSING}


def _only(before: Tables, now: Tables) -> Tables:
    """The last edition's tables that this report numbers: what closes the page counts rows and is left out."""
    return {name: table for name, table in before.items() if name in now}


def _told(before: Tables, after: Tables) -> list[Difference]:
    """What moved between two editions, without the marks: a status is shown beside its number."""
    return [one for one in numbers.differences(before, after) if not one.column.endswith("_status")]


def _method(old: Record, now: Record) -> list[str]:
    code = [] if old.get("code") == now["code"] else ["aidlib"]
    versions = old.get("versions", {})
    return code + [f"{name} {versions.get(name)} → {now['versions'][name]}" for name in now["versions"]
                   if name != "aidlib" and versions.get(name) != now["versions"][name]]  # fmt: skip


def _cause(one: Difference, details: dict[str, list[str]], between: Evaluation, old: Record) -> str:
    causes = [cause for cause in (DATA, METHOD) if details[cause]]
    if len(causes) < 2:
        return causes[0] if causes else UNKNOWN
    return METHOD if _unchanged(between.tables.get(one.table), one.row, old) else TOGETHER


def _unchanged(kept: Kept | None, row: str, old: Record) -> bool:
    """Whether a row has sources and the last edition read each of them with the same value."""
    if kept is None:
        return False
    depths = (kept.table.labels(depth) for depth in range(1, len(kept.table.columns) + 1))
    at = next((labels.index(row) for labels in depths if labels.count(row) == 1), None)
    basis = [] if at is None else kept.basis[at]
    values = {*old.get("law", {}).values(), *old.get("figures", {}).values()}
    return bool(basis) and all(record.text_of(source) in values for source in basis)
