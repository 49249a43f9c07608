"""The last edition beside this one: every number that moved, told apart into parameters, data and method."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aidlib.errors import AidError, ParameterFault
from aidlib.regions import region
from aidlib.reports import Report, numbers, record
from aidlib.reports.numbers import Difference, Table
from aidlib.reports.performance_evaluation import sections, sections_simulated
from aidlib.reports.performance_evaluation.evaluation import Evaluation, Kept, open_evaluation
from aidlib.reports.verify import read

Tables = dict[str, Table]
Record = dict[str, Any]
PATHS = ("last", "last_register")
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
    period : str
        The last edition's.
    moved : list of (str, Difference)
        Every number that is not the same, with its cause; one that the parameters and something else moved stands twice.
    details : dict of str to list of str
        What differs besides numbers, by cause: parameters, rows read, code and versions.
    """

    period: str
    moved: list[tuple[str, Difference]]
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


def last_edition(report: Report) -> Path | None:
    """Return the executed notebook of the last edition: the one given, or the latest up to this period in the folder given.

    Raises
    ------
    ParameterFault
        Neither a file nor a folder is there.
    """
    given = str(report.parameters.get("last", ""))
    path = Path(given).expanduser()
    if not given or path.is_file():
        return path if given else None
    if not path.is_dir():
        raise ParameterFault("no such last edition", where="last", expected="an executed report (.ipynb), or a folder of reports",
                             got=path.name)  # fmt: skip
    found = sorted(path.glob(f"*/{report.region.code}/{report.name}.ipynb"))
    return max((one for one in found if one.parts[-3] <= report.period), default=None)


def since(found: Evaluation, path: Path) -> Since:
    """Compare what was shown with the last edition.

    This code and data are run once more with the last edition's parameters: what moves from there to this edition comes from the
    parameters, the rest from data or method. Where both of those differ, a row none of whose sources changed was moved by the method;
    of the others it cannot be told.

    Raises
    ------
    ParameterFault
        The last edition is of another place or in another language.
    """
    then = read(path)
    old, before = numbers.record(then), numbers.tables(then)
    given = {**found.report.parameters, **old["parameters"]}
    _comparable(found.report, given)
    names = [name for name in given if name not in PATHS and given[name] != found.report.parameters.get(name)]
    details = {PARAMETERS: [f"{name}: {given[name]} → {found.report.parameters.get(name)}" for name in names]}
    between = _again(found.report, given) if names else found
    today = _tables(found)
    if between is None:
        moved = numbers.differences(_only(before, today), today)
        return Since(given["period"], [(UNKNOWN, one) for one in _told(moved)], details)
    middle, now = _tables(between), record.make(given, between.report.book, between.report.figures)
    details |= {DATA: numbers.changed_rows(old, now), METHOD: _method(old, now)}
    rest = numbers.differences(_only(before, middle), middle)
    moved_ = [(_cause(one, details, between, old), one) for one in _told(rest)]
    moved_ += [(PARAMETERS, one) for one in _told(numbers.differences(middle, today))]
    return Since(given["period"], moved_, details)


def _comparable(report: Report, given: Record) -> None:
    if given["region"] != report.region.code:
        raise ParameterFault("the last edition is of another place", where="last", expected=str(report.region),
                             got=str(region(given["region"])))  # fmt: skip
    if given["language"] != report.language:
        raise ParameterFault(
            "the last edition is in another language", where="last", expected=report.language, got=given["language"]
        )


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
    return {name: one.table for name, one in found.tables.items()}


def _only(before: Tables, now: Tables) -> Tables:
    """The last edition's tables that this report numbers: what closes the page counts rows and is left out."""
    return {name: table for name, table in before.items() if name in now}


def _told(moved: list[Difference]) -> list[Difference]:
    """Leave out marks: a status is shown beside its number."""
    return [one for one in moved if not one.column.endswith("_status")]


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
