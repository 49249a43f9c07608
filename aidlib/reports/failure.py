"""What is said and kept of a report that could not be finished: a readable reason, and a notebook and a page without private data."""

from __future__ import annotations

import re
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aidlib import errors
from aidlib.reports import publish
from aidlib.reports.manifest import Outcome
from aidlib.reports.shell import write_whole
from aidlib.reports.task import Task

if TYPE_CHECKING:
    from nbclient.exceptions import CellExecutionError
    from nbformat import NotebookNode

OWN_LINE = re.compile(r"aidlib/[\w/]+\.py:\d+")
OWN_FILE = re.compile(r"aidlib/[\w/]+\.py$")
GAPS = ("DataGap", "LawGap")
MOST_FAULTS = 3


class Trouble(Exception):
    """A report that could not be finished: outcome and reason."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome: Outcome = outcome
        self.reason = reason


def told(error: Exception) -> Trouble:
    """Say why an error ended a report. One that nobody foresaw is a fault of aidlib, named by its place and not by its message.

    Examples
    --------
    >>> told(Trouble("failed", "the kernel died, twice")).reason, told(OSError(28, "")).reason
    ('the kernel died, twice', 'the disk is full')
    """
    if isinstance(error, Trouble):
        return error
    if publish.full(error):
        return Trouble("failed", publish.DISK_FULL)
    traceback.print_exception(error)
    return Trouble("failed", fault(error))


def fault(error: BaseException) -> str:
    """Name a fault of aidlib itself by its kind and the last line of aidlib it went through.

    Examples
    --------
    >>> fault(KeyError("x"))
    'a fault of aidlib itself: KeyError (please report it)'
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [(found[0], frame.lineno) for frame in frames if (found := OWN_FILE.search(frame.filename))]
    where = f" in {own[-1][0]}:{own[-1][1]}" if own else ""
    return f"a fault of aidlib itself: {type(error).__name__}{where} (please report it)"


def of_cell(notebook: NotebookNode, error: CellExecutionError) -> Trouble:
    """Say what happened in a cell: an aidlib message is made to be shown, any other may hold private data."""
    kind = error.ename
    ours = getattr(errors, kind, None)
    if isinstance(ours, type) and issubclass(ours, errors.AidError):
        outcome: Outcome = "no_data" if kind in GAPS else "failed"
        return Trouble(outcome, f"{kind}: {one_line(error.evalue)}")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    at = next((n for n, cell in enumerate(code, 1) if any(o.output_type == "error" for o in cell.outputs)), 0)
    lines = OWN_LINE.findall(error.traceback)
    where = f"code cell {at}" + (f", {lines[-1]}" if lines else "")
    return Trouble("failed", f"{kind} in {where} (message withheld: it may hold personal data)")


def one_line(message: str) -> str:
    """Write a message of an aidlib error, however many faults it lists, as one line that may be shown.

    Examples
    --------
    >>> one_line("a\\nb\\nc\\nd")
    'a | b | c | and 1 more'
    """
    lines = publish.clean(message).splitlines()
    more = [f"and {len(lines) - MOST_FAULTS} more"] if len(lines) > MOST_FAULTS else []
    return " | ".join([*lines[:MOST_FAULTS], *more])


def keep(notebook: NotebookNode, task: Task, trouble: Trouble, folder: Path) -> None:
    """Leave the failed notebook, cleaned and with its reason on top, and its page. What of it cannot be made is left out."""
    import nbformat

    from aidlib.disclosure import guard
    from aidlib.reports import page

    with suppress(Exception):  # the reason of the failure must stand, whatever else goes wrong
        failed = publish.banner(notebook, task.title, trouble.reason)
        write_whole(folder / publish.KEPT[0], nbformat.writes(failed).encode())  # type: ignore[no-untyped-call]
        told = page.html(failed, task.report)
        guard(told)
        write_whole(folder / publish.KEPT[1], told.encode())
