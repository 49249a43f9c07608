"""One notebook, executed and made into a page in a folder of its own. Whatever the notebook does, an answer comes back."""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib import errors
from aidlib.reports import failure, numbers, publish
from aidlib.reports.failure import Trouble
from aidlib.reports.task import Limits, Result, Task
from aidlib.reports.warm import NO_THREADS

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from aidlib.reports.client import FleetClient

ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
START_SECONDS = 60
OUTPUT_SECONDS = 60
SHORTEST_SECONDS = 0.01


class KernelDied(Exception):
    """The kernel ended by itself or was killed; worth one more try."""


def _not_on(notebook: NotebookNode, page: str) -> dict[str, Any]:
    """The notebook without those outputs that stand letter by letter on its page, so that nothing is looked at twice."""
    left = copy.deepcopy(dict(notebook))
    for output in (output for cell in left["cells"] for output in cell.get("outputs", [])):
        if output.get("data", {}).get("text/html", "") in page:
            output.get("data", {}).pop("text/html", None)
    return left


def preload() -> None:
    """Import and set up, before workers are forked, what each of them would import and set up."""
    import nbformat
    import papermill.parameterize

    from aidlib.disclosure import guard
    from aidlib.reports import client, page

    small = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("低保 = 1")])  # type: ignore[no-untyped-call]
    guard(page.html(small))
    del papermill, client


def perform(task: Task, folder: Path) -> Result:
    """Make one report in a folder: notebook and page, or `failed.ipynb`.

    Parameters
    ----------
    task : Task
        What to make.
    folder : Path
        An empty folder; also the kernel's working directory is made in it.

    Returns
    -------
    Result
        Never an exception, whatever is wrong with the notebook, its kernel, its page or aidlib.
    """
    began = time.monotonic()
    notebook, attempts, kernel = _prepared(task), 0, ""
    try:
        kernel, attempts = _execute_retrying(task, notebook, folder, began)
        notebook.metadata.papermill["end_time"] = f"{datetime.now(UTC):%Y-%m-%dT%H:%M}"
        _render(notebook, task, folder)
        asked = numbers.record(notebook).get("tables")
        return Result("good", "", _since(began), kernel, attempts, None if asked is None else sorted(asked))
    except Exception as error:
        trouble, full = failure.told(error), publish.full(error)
        if not full:
            failure.keep(notebook, task, trouble, folder)
        return Result(trouble.outcome, trouble.reason, _since(began), kernel, max(attempts, 1), disk_full=full)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)


def _prepared(task: Task) -> NotebookNode:
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    notebook: NotebookNode = parameterize_notebook(load_notebook_node(task.notebook), task.parameters)
    _clear(notebook)
    return notebook


def _clear(notebook: NotebookNode) -> None:
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.outputs, cell.execution_count = [], None


def _execute_retrying(task: Task, notebook: NotebookNode, folder: Path, began: float) -> tuple[str, int]:
    for attempt in (1, 2):
        try:
            return _execute(task, notebook, folder, began), attempt
        except KernelDied:
            _clear(notebook)
    raise Trouble("failed", "the kernel died, twice")


def _execute(task: Task, notebook: NotebookNode, folder: Path, began: float) -> str:
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from aidlib.reports.kernels import Bound

    client = _client(notebook, folder, _clock(task.limits, began))
    try:
        client.execute(env=_environment(folder), preexec_fn=Bound(task.limits.memory_mb))
    except CellExecutionError as error:
        raise failure.of_cell(notebook, error) from None
    except CellTimeoutError:
        raise Trouble("failed", _too_long(notebook, task.limits, began)) from None
    except DeadKernelError:
        raise KernelDied from None
    except RuntimeError as error:
        if publish.full(error):
            raise
        raise KernelDied from None
    return "warm" if client.was_warm else "cold"


def _client(notebook: NotebookNode, folder: Path, clock: Callable[[Any], float]) -> FleetClient:
    from aidlib.reports.client import FleetClient

    place = folder / "cwd"
    place.mkdir(exist_ok=True)
    return FleetClient(
        notebook,
        timeout_func=clock,
        startup_timeout=START_SECONDS,
        iopub_timeout=OUTPUT_SECONDS,
        raise_on_iopub_timeout=True,
        shutdown_kernel="immediate",
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(place)}},
    )


def _clock(limits: Limits, began: float) -> Callable[[Any], float]:
    """Seconds the next cell may take: its own limit, or what is left of the whole report's."""

    def left(cell: Any) -> float:
        return max(min(limits.cell_seconds, limits.report_seconds - (time.monotonic() - began)), SHORTEST_SECONDS)

    return left


def _environment(folder: Path) -> dict[str, str]:
    """This environment with one computing thread, and without the user's own IPython start-up files."""
    own = {"IPYTHONDIR": str(folder / "ipython"), "PYTHONSTARTUP": ""}
    return {**os.environ, **NO_THREADS, **own}


def _too_long(notebook: NotebookNode, limits: Limits, began: float) -> str:
    if time.monotonic() - began >= limits.report_seconds:
        return f"the report took longer than {limits.report_seconds:g} s (--report-timeout)"
    return f"cell {_last_cell(notebook)} took longer than {limits.cell_seconds:g} s (--cell-timeout)"


def _last_cell(notebook: NotebookNode) -> int:
    """Number of the code cell that was running, counted from 1 as a reader counts."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    done = [at for at, cell in enumerate(code, 1) if cell.execution_count or cell.outputs]
    return max(done, default=1)


def _render(notebook: NotebookNode, task: Task, folder: Path) -> None:
    import nbformat

    from aidlib.disclosure import guard
    from aidlib.reports import page

    source, target = folder / f"{task.report}.ipynb", folder / f"{task.report}.html"
    nbformat.write(notebook, source)  # type: ignore[no-untyped-call]
    try:
        page.render(source, target)
        guard(target)
        guard(_not_on(notebook, target.read_text(encoding="utf-8")), source.name)
        if task.pdf:
            page.pdf(target, target.with_suffix(".pdf"))
    except errors.AidError as error:
        raise Trouble("failed", f"the page cannot be published: {failure.one_line(str(error))}") from error
