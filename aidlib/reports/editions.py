"""Two editions of a report: every number that moved, and how much of it comes from data, parameters and method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib.reports import numbers
from aidlib.reports.numbers import Difference
from aidlib.reports.parameters import TAG, literals
from aidlib.reports.task import Limits
from aidlib.reports.verify import again, bare, parameters, read

if TYPE_CHECKING:
    from nbformat import NotebookNode

MOST_LISTED = 50
CAUSES = ("parameters", "data", "method")


@dataclass(frozen=True)
class Part:
    """The share of a change that comes from one cause, with the numbers it moves on the way from the older edition."""

    cause: str
    details: list[str]
    differences: list[Difference]


@dataclass(frozen=True)
class Change:
    """How two editions differ.

    Attributes
    ----------
    older, newer : str
        The notebooks.
    differences : list of Difference
        Every number that is not the same.
    parts : list of Part
        The causes that there are, each with what it moves.
    """

    older: str
    newer: str
    differences: list[Difference]
    parts: list[Part]

    @property
    def same(self) -> bool:
        """Whether both say the same numbers."""
        return not self.differences

    def lines(self) -> list[str]:
        """What to print: how many numbers moved, by which cause, and which."""
        lines = [f"{self.older} -> {self.newer}: {len(self.differences)} numbers differ"]
        for part in self.parts:
            lines.append(f"  from {part.cause}: {len(part.differences)} numbers")
            lines += [f"    {detail}" for detail in part.details[:MOST_LISTED]]
            lines += [f"      {one}" for one in part.differences[:MOST_LISTED]]
        return lines


def compare(older: Path, newer: Path, limits: Limits | None = None) -> Change:
    """Compare two editions and split the change into data, parameters and method.

    When one cause alone differs, the whole change is its. When parameters and something else differ, the newer edition's cells
    are executed with the older one's parameters: what moves from there to the newer edition comes from the parameters, the
    rest from data and method. Those two are told apart where only one of them differs; otherwise they are named together.

    Parameters
    ----------
    older, newer : Path
        Executed reports with records.
    limits : Limits, optional
        Time and memory of an execution in between.

    Raises
    ------
    ReportFault
        One of them is not an executed report, or cannot be made again with the other's parameters.
    """
    first, last = read(older), read(newer)
    causes = _causes(first, last)
    moved = numbers.differences(numbers.tables(first), numbers.tables(last))
    parts = _parts(first, last, causes, moved, limits or Limits()) if moved else []
    return Change(str(older), str(newer), moved, parts)


def _causes(first: NotebookNode, last: NotebookNode) -> dict[str, list[str]]:
    """What differs between two editions besides their numbers, in words, by cause."""
    old, new = numbers.record(first), numbers.record(last)
    found = {
        "parameters": _changes(old.get("parameters", {}), new.get("parameters", {})),
        "data": [] if old.get("tables") == new.get("tables") else numbers.changed_rows(old, new) or ["tables changed"],
        "method": _method(first, last, old, new),
    }
    return {cause: details for cause, details in found.items() if details}


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    names = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    return [f"{name}: {old.get(name)} -> {new.get(name)}" for name in names]


def _method(first: NotebookNode, last: NotebookNode, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    code = [] if old.get("code") == new.get("code") else ["aidlib's code"]
    cells = [] if _sources(first) == _sources(last) else ["the notebook's cells"]
    return [*code, *cells, *_changes(old.get("versions", {}), new.get("versions", {}))]


def _sources(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in bare(notebook).cells]


def _parts(
    first: NotebookNode, last: NotebookNode, causes: Mapping[str, list[str]], moved: list[Difference], limits: Limits
) -> list[Part]:
    others = [cause for cause in ("data", "method") if cause in causes]
    together = " and ".join(others) or "nothing recorded"
    details = [f"{cause}: {detail}" for cause in others for detail in causes[cause]]
    if "parameters" not in causes:
        return [Part(together, details, moved)]
    if not others:
        return [Part("parameters", causes["parameters"], moved)]
    between = _between(first, last, limits)
    rest = numbers.differences(numbers.tables(first), numbers.tables(between))
    chosen = numbers.differences(numbers.tables(between), numbers.tables(last))
    return [Part(together, details, rest), Part("parameters", causes["parameters"], chosen)]


def _effective(notebook: NotebookNode) -> dict[str, Any]:
    """Every parameter an edition had: its notebook's own values, and over them those it was given."""
    cells = [cell.source for cell in notebook.cells if TAG in cell.metadata.get("tags", [])]
    return {**(literals(cells[0]) if cells else {}), **parameters(notebook)}


def _between(first: NotebookNode, last: NotebookNode, limits: Limits) -> NotebookNode:
    """The newer edition's cells with the older one's parameters, on today's data and code."""
    asked, wanted, known = bare(last), _effective(first), _effective(last)
    asked.metadata["papermill"] = {"parameters": {name: wanted.get(name, value) for name, value in known.items()}}
    return again(asked, str(numbers.record(last).get("name", "report")), limits)
