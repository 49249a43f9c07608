"""The cells of a notebook in the order and the shape a reader wants them: finding first, noise gone, code in few folds."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

FAILED_TAG = "aidlib-failed"
DROPPED = {"papermill-error-cell-tag", "papermill-error-cell", "remove-cell", FAILED_TAG}
PARAMETERS = {"parameters", "injected-parameters"}


def tags(cell: NotebookNode) -> set[str]:
    """Return the tags of a cell."""
    return set(cell.metadata.get("tags", ()))


def outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """Go through every output of a notebook."""
    for cell in notebook.cells:
        yield from cell.get("outputs", ())


def arranged(notebook: NotebookNode, failed: bool) -> tuple[str, NotebookNode]:
    """Take the finding out, to stand first; drop what is not for a reader; fold code that shows nothing into the next.

    Parameters
    ----------
    notebook : NotebookNode
        Executed; it stays as it is.
    failed : bool
        Whether what was printed to stderr is kept.

    Returns
    -------
    str, NotebookNode
        The finding as HTML, and a notebook of the other cells.
    """
    finding = ""
    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        if DROPPED & tags(cell):
            continue
        cell = copy.copy(cell)
        if cell.cell_type == "code":
            finding += "".join(_html(output) for output in cell.outputs if _is_finding(output))
            cell.outputs = [_shown(o) for o in cell.outputs if not _is_finding(o) and (failed or not _is_aside(o))]
            if cells and _folds_into(cells[-1], cell):
                cell.source = f"{cells.pop().source}\n\n{cell.source}"
        cells.append(cell)
    rest = copy.copy(notebook)
    rest.cells = cells
    return finding, rest


def _folds_into(cell: NotebookNode, after: NotebookNode) -> bool:
    """Tell whether code shows nothing and may stand in one fold with the next; parameters stay with parameters."""
    alike = bool(PARAMETERS & tags(cell)) == bool(PARAMETERS & tags(after))
    return cell.cell_type == "code" and not cell.outputs and alike


def _shown(output: NotebookNode) -> NotebookNode:
    if output.output_type != "execute_result":
        return output
    shown = copy.copy(output)
    shown.output_type = "display_data"
    return shown


def _is_aside(output: NotebookNode) -> bool:
    return bool(output.output_type == "stream" and output.name == "stderr")


def _html(output: NotebookNode) -> str:
    return str(output.get("data", {}).get("text/html", ""))


def _is_finding(output: NotebookNode) -> bool:
    return _html(output).startswith('<section class="finding"')
