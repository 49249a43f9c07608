"""Making a report again and comparing every number: reproduced, data has changed since, or differs."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from aidlib import tables
from aidlib.errors import AidError, ReportFault
from aidlib.reports import execute, numbers, record
from aidlib.reports.numbers import Difference
from aidlib.reports.task import Limits, Task

if TYPE_CHECKING:
    from nbformat import NotebookNode

Finding = Literal["reproduced", "data has changed since", "differs"]
INJECTED = "injected-parameters"
MOST_LISTED = 20
MISSING = "missing"


@dataclass(frozen=True)
class Verdict:
    """What verifying a report found.

    Attributes
    ----------
    name : str
        The notebook that was verified.
    finding : str
        reproduced; data has changed since (rows it read have other values now); differs (the same data, other numbers).
    numbers : int
        How many cells of recorded tables were compared.
    rows : list of str
        Rows read that have changed.
    differences : list of Difference
        Numbers that are not the same.
    notes : list of str
        What else is not as it was: tables, aidlib's code, versions of libraries.
    """

    name: str
    finding: Finding
    numbers: int
    rows: list[str]
    differences: list[Difference]
    notes: list[str]

    @property
    def reproduced(self) -> bool:
        """Whether every number came out again."""
        return self.finding == "reproduced"

    def lines(self) -> list[str]:
        """What to print: the verdict with its tolerance, then rows, numbers and notes."""
        money = "money and exact numbers to the last digit, floats to 1 part in 1,000,000,000"
        head = f"{self.name}: {self.finding}: {self.numbers} cells compared ({money}), {len(self.differences)} differ"
        changed = [f"  data: {row}" for row in self.rows[:MOST_LISTED]]
        differing = [f"  {one}" for one in self.differences[:MOST_LISTED]]
        left = max(len(self.rows) - MOST_LISTED, 0) + max(len(self.differences) - MOST_LISTED, 0)
        return [
            head,
            *changed,
            *differing,
            *([f"  … and {left} more"] if left else []),
            *(f"  note: {n}" for n in self.notes),
        ]


def verify(path: Path, limits: Limits | None = None) -> Verdict:
    """Execute a published report again, with its own cells and parameters, and compare.

    Parameters
    ----------
    path : Path
        An executed notebook that ended with `report.finish()`.
    limits : Limits, optional
        Time and memory of the new execution.

    Returns
    -------
    Verdict

    Raises
    ------
    ReportFault
        Not an executed report, or it cannot be made again; the reason is given.
    """
    before = read(path)
    after = again(before, path.stem, limits or Limits())
    old, new = numbers.record(before), numbers.record(after)
    rows, moved = numbers.changed_rows(old, new), numbers.differences(numbers.tables(before), numbers.tables(after))
    finding: Finding = "reproduced" if not moved else "data has changed since" if rows else "differs"
    compared = sum(len(table.columns) * len(table.rows) for table in numbers.tables(before).values())
    return Verdict(str(path), finding, compared, rows, moved, notes(old))


def read(path: Path) -> NotebookNode:
    """Read an executed report.

    Raises
    ------
    ReportFault
        No such file, not a notebook, or without the record that `report.finish()` leaves.
    """
    import nbformat

    if not path.is_file():
        near = path.parent / f"{path.stem}.ipynb"
        raise ReportFault("no such report", got=str(path), hint=str(near) if near.is_file() else "aidlib report")
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (ValueError, AttributeError):
        raise ReportFault("not a readable notebook", got=str(path), hint="give the .ipynb beside the page") from None
    if not numbers.record(notebook):
        raise ReportFault("the notebook holds no record", got=str(path), hint="end it with report.finish() and run it")
    return notebook


def again(before: NotebookNode, name: str, limits: Limits) -> NotebookNode:
    """Execute the cells of an executed report anew, with the parameters it was given.

    Raises
    ------
    ReportFault
        It cannot be made again.
    """
    import nbformat

    with tempfile.TemporaryDirectory(prefix="aidlib-verify-") as folder:
        source, made = Path(folder) / "source.ipynb", Path(folder) / "made"
        made.mkdir()
        nbformat.write(bare(before), source)  # type: ignore[no-untyped-call]
        given = parameters(before)
        place, period = str(given.get("region", "")), str(given.get("period", ""))
        result = execute.perform(Task(name, period, place, name, str(source), given, limits), made)
        if result.outcome != "good":
            raise ReportFault("the report cannot be made again", where=name, got=result.reason)
        notebook: NotebookNode = nbformat.read(made / f"{name}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
        return notebook


def bare(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook as it was before it was executed: without outputs and without injected parameters."""
    source = copy.deepcopy(notebook)
    source.cells = [cell for cell in source.cells if INJECTED not in cell.metadata.get("tags", [])]
    for cell in (cell for cell in source.cells if cell.cell_type == "code"):
        cell.outputs, cell.execution_count = [], None
    source.metadata.pop("papermill", None)
    return source


def parameters(notebook: NotebookNode) -> dict[str, Any]:
    """Return the parameters an executed report was given from outside."""
    return dict(notebook.metadata.get("papermill", {}).get("parameters", {}))


def notes(old: Mapping[str, Any]) -> list[str]:
    """Say what is no longer as a record has it: tables of data, aidlib's code, versions."""
    found = []
    if moved := [name for name, digest in old.get("tables", {}).items() if _digest(name) != digest]:
        found.append(f"tables changed since: {', '.join(sorted(moved))}")
    if old.get("code") != record.code_digest():
        found.append("aidlib's code changed since")
    now = record.versions()
    versions = [f"{name} {old['versions'].get(name)} -> {now.get(name)}" for name in old.get("versions", {})]
    if other := [text for text in versions if text.split(" ")[1] != text.split(" ")[3]]:
        found.append(f"versions changed since: {', '.join(other)}")
    return found


def _digest(table: str) -> str:
    try:
        return tables.digest(table)
    except (AidError, OSError):
        return MISSING
