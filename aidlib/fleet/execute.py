"""One notebook, executed and made into a page in a folder of its own. Whatever the notebook does, an answer comes back."""

from __future__ import annotations

import base64
import binascii
import copy
import io
import os
import pickle
import re
import sys
import threading
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aidlib
from aidlib import errors
from aidlib.errors import AidError, PrivacyFault
from aidlib.fleet import publish, warm
from aidlib.fleet.manifest import Outcome
from aidlib.fleet.plan import Limits, Result, Task
from aidlib.page import record

if TYPE_CHECKING:
    from nbclient.exceptions import CellExecutionError
    from nbformat import NotebookNode

    from aidlib.fleet.kernels import FleetClient

PACKAGE = Path(aidlib.__file__).parent
# IPython writes the home folder of the kernel as ~
OWN_LINE = re.compile(rf"(?:{re.escape(str(PACKAGE))}|~\S*/{PACKAGE.name})/([\w/]+\.py:\d+)")
ATTACHED = re.compile(r"data:[^\s\"',]*;base64,[\w+/=]*")
CARRIED = re.compile(r"base64,([\w+/=]+)")
LOCAL_PATH = re.compile(r"(?<![\w:/])/(?:[\w.@+~-]+/)+([\w.@+~-]+)")
TELLING = re.compile(r".[/\\]|[/\\].|^\$\w")
GAPS = ("DataGap", "LawGap")
MOST_FAULTS = 3
START_SECONDS, OUTPUT_SECONDS, SHORTEST_SECONDS = 60, 60, 0.01
ORDER, ANSWER, LOG = "order.pickle", "answer.pickle", "log.txt"


@dataclass(frozen=True)
class Press:
    """What the fleet is given to make pages with: functions of modules, so that it travels between processes and machines.

    Attributes
    ----------
    page : callable
        (executed notebook, name) -> its page as it is written; an AidError where it cannot be one.
    guard : callable
        (document, name) -> None; an AidError where it holds personal data.
    redact : callable
        Text -> the text without personal data.
    pdf : callable
        (page, target) -> None.
    index : callable
        (entries, language, reports still to be made) -> the page above all pages.
    module : str
        What processes preload before they are forked: a module with a function `preload`.
    """

    page: Callable[[NotebookNode, str], bytes]
    guard: Callable[[Any, str], object]
    redact: Callable[[str], str]
    pdf: Callable[[Path, Path], object]
    index: Callable[[Any, str, int], str]
    module: str


class Trouble(Exception):
    """A report that could not be finished: outcome and reason, and whether another try may do better."""

    def __init__(self, outcome: Outcome, reason: str, died: bool = False) -> None:
        super().__init__(reason)
        self.outcome: Outcome = outcome
        self.reason, self.died = reason, died


def perform(task: Task, press: Press, folder: Path) -> Result:
    """Make one report in a folder: notebook and page, or `failed.ipynb` and its page."""
    began = time.monotonic()
    notebook, kernel = _prepared(task), ""
    try:
        kernel = _execute(task, notebook, folder, press.module)
        notebook.metadata.papermill["end_time"] = f"{datetime.now(UTC):%Y-%m-%dT%H:%M}"
        _render(notebook, task, press, folder)
        kept = record.record(notebook)
        asked = sorted(kept["tables"]) if kept else None
        return Result("good", "", _seconds_from(began), kernel, asked, record.facts(kept))
    except Exception as error:
        trouble, full = trouble_of(error, press.redact), publish.full(error)
        reason = without(trouble.reason, task.parameters)
        if not full:
            keep(notebook, task, press, reason, folder)
        return Result(trouble.outcome, reason, _seconds_from(began), kernel, died=trouble.died, disk_full=full)


def _seconds_from(began: float) -> float:
    return round(time.monotonic() - began, 3)


def work(ready: int, folder: str) -> None:
    """In a worker of its own: perform the order that lies in a folder, leave the answer there, and end at once."""
    os.write(ready, b"1")
    os.close(ready)
    place = Path(folder)
    task, press, perform_ = pickle.loads((place / ORDER).read_bytes())
    try:
        answer = perform_(task, press, place)
    except Exception as error:  # one of the fleet's own
        trouble = trouble_of(error, press.redact)
        answer = Result(trouble.outcome, trouble.reason, disk_full=publish.full(error))
    with suppress(OSError):
        (place / f"{ANSWER}.new").write_bytes(pickle.dumps(answer))
        (place / f"{ANSWER}.new").replace(place / ANSWER)
    os._exit(0)


def _prepared(task: Task) -> NotebookNode:
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    given = dict(sorted(task.parameters.items()))
    notebook: NotebookNode = parameterize_notebook(load_notebook_node(task.notebook), given)
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.outputs, cell.execution_count = [], None
    return notebook


def _execute(task: Task, notebook: NotebookNode, folder: Path, module: str) -> str:
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from aidlib.fleet.kernels import Bound

    began, limits = time.monotonic(), task.limits

    def left(_cell: Any) -> float:
        """Seconds the next cell may take: its own limit, or what is left of the whole report's."""
        return max(min(limits.cell_seconds, limits.report_seconds - (time.monotonic() - began)), SHORTEST_SECONDS)

    client = _client(notebook, folder, left, module)
    own = {"IPYTHONDIR": str(folder / "ipython"), "PYTHONSTARTUP": ""}  # the user's own start-up files stay out
    try:
        client.execute(env={**os.environ, **warm.NO_THREADS, **own}, preexec_fn=Bound(limits.memory_mb))
    except CellExecutionError as error:
        raise error_of_cell(notebook, error) from None
    except CellTimeoutError:
        raise Trouble("failed", _too_long(notebook, limits, began)) from None
    except DeadKernelError:
        raise Trouble("failed", "the kernel died", died=True) from None
    except RuntimeError as error:
        if publish.full(error):
            raise
        raise Trouble("failed", "the kernel died", died=True) from None
    return "warm" if client.was_warm else "cold"


def _client(notebook: NotebookNode, folder: Path, clock: Callable[[Any], float], module: str) -> FleetClient:
    from aidlib.fleet.kernels import FleetClient

    place = folder / "cwd"
    place.mkdir(exist_ok=True)
    return FleetClient(
        notebook,
        module,
        timeout_func=clock,
        startup_timeout=START_SECONDS,
        iopub_timeout=OUTPUT_SECONDS,
        raise_on_iopub_timeout=True,
        shutdown_kernel="immediate",
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(place)}},
    )


def _too_long(notebook: NotebookNode, limits: Limits, began: float) -> str:
    if time.monotonic() - began >= limits.report_seconds:
        return f"the report took longer than {limits.report_seconds:g} s (--report-timeout)"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    running = max((at for at, cell in enumerate(code, 1) if cell.execution_count or cell.outputs), default=1)
    return f"cell {running} took longer than {limits.cell_seconds:g} s (--cell-timeout)"


def _render(notebook: NotebookNode, task: Task, press: Press, folder: Path) -> None:
    """Write notebook and page, sealed and looked at."""
    import nbformat

    source, target = folder / f"{task.report}.ipynb", folder / f"{task.report}.html"
    try:
        notebook = hidden(notebook, task.parameters)
        made = press.page(notebook, task.report)
        record.seal(notebook, made)
        nbformat.write(notebook, source)  # type: ignore[no-untyped-call]
        target.write_bytes(made)
        press.guard(target, "")
        press.guard(_not_on(notebook, made.decode()), source.name)
        for path in _lay_beside(notebook, target):
            press.guard(path, "")
        if task.pdf:
            press.pdf(target, target.with_suffix(".pdf"))
    except AidError as error:
        raise Trouble("failed", f"the page cannot be published: {one_line(str(error), press.redact)}") from error


def _lay_beside(notebook: NotebookNode, page: Path) -> Iterator[Path]:
    """Write the workbook and the document that a page offers for download beside it, under its own name; the first of each kind."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    for output in outputs:
        kept = output.get("metadata", {}).get("aidlib") or {}
        path = page.with_suffix(Path(str(kept.get("download", ""))).suffix or page.suffix)
        found = CARRIED.search(str(output.get("data", {}).get("text/html", "")))
        if found and path.suffix in publish.BESIDE and not path.exists():
            path.write_bytes(base64.b64decode(found[1]))
            yield path


def _not_on(notebook: NotebookNode, page: str) -> dict[str, Any]:
    """The notebook without those outputs that stand letter by letter on its page, so that nothing is looked at twice."""
    left = copy.deepcopy(dict(notebook))
    for output in (output for cell in left["cells"] for output in cell.get("outputs", [])):
        if output.get("data", {}).get("text/html", "") in page:
            output.get("data", {}).pop("text/html", None)
    return left


def trouble_of(error: Exception, redact: Callable[[str], str]) -> Trouble:
    """Say why an error ended a report. One that nobody foresaw is a fault of aidlib, named by its place and not by its message.

    Examples
    --------
    >>> trouble_of(Trouble("failed", "the kernel died"), str).reason, trouble_of(OSError(28, ""), str).reason
    ('the kernel died', 'the disk is full')
    """
    if isinstance(error, Trouble):
        return error
    if publish.full(error):
        return Trouble("failed", publish.DISK_FULL)
    if isinstance(error, AidError):
        return Trouble("failed", one_line(str(error), redact))
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
    own = [(path.relative_to(PACKAGE), f.lineno) for f in frames if (path := Path(f.filename)).is_relative_to(PACKAGE)]
    where = f" in aidlib/{own[-1][0]}:{own[-1][1]}" if own else ""
    return f"a fault of aidlib itself: {type(error).__name__}{where} (please report it)"


def error_of_cell(notebook: NotebookNode, error: CellExecutionError) -> Trouble:
    """Say what happened in a cell: an aidlib message is made to be shown, any other may hold private data."""
    kind = error.ename
    ours = getattr(errors, kind, None)
    if isinstance(ours, type) and issubclass(ours, AidError):
        outcome: Outcome = "no_data" if kind in GAPS else "failed"
        return Trouble(outcome, f"{kind}: {one_line(error.evalue, str)}")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    at = next((n for n, cell in enumerate(code, 1) if any(o.output_type == "error" for o in cell.outputs)), 0)
    lines = OWN_LINE.findall(error.traceback)
    where = f"code cell {at}" + (f", aidlib/{lines[-1]}" if lines else "")
    return Trouble("failed", f"{kind} in {where} (message withheld: it may hold personal data)")


def one_line(message: str, redact: Callable[[str], str]) -> str:
    """Write a message of an aidlib error, however many faults it lists, as one line that may be shown.

    Examples
    --------
    >>> one_line("a\\nb\\nc\\nd", str)
    'a | b | c | and 1 more'
    """
    lines = clean(message, redact).splitlines()
    more = [f"and {len(lines) - MOST_FAULTS} more"] if len(lines) > MOST_FAULTS else []
    return " | ".join([*lines[:MOST_FAULTS], *more])


def clean(text: str, redact: Callable[[str], str]) -> str:
    """Take personal data and folders of this machine out of a text.

    Examples
    --------
    >>> clean("no file /home/someone/data/cpi.csv", str)
    'no file cpi.csv'
    """
    return LOCAL_PATH.sub(r"\1", redact(text))


def keep(notebook: NotebookNode, task: Task, press: Press, reason: str, folder: Path) -> None:
    """Leave the failed notebook, cleaned and with its reason on top, and its page. What of it cannot be made is left out."""
    import nbformat

    with suppress(Exception):  # the reason of the failure must stand, whatever else goes wrong
        failed = banner(hidden(notebook, task.parameters), task.title, reason, press)
        (folder / publish.KEPT[0]).write_text(nbformat.writes(failed), encoding="utf-8")  # type: ignore[no-untyped-call]
        page = press.page(failed, task.report)
        press.guard(page.decode(), "")
        (folder / publish.KEPT[1]).write_bytes(page)


def banner(notebook: NotebookNode, title: str, reason: str, press: Press) -> NotebookNode:
    """Put the reason on top of a failed notebook and take tracebacks, paths and numbers of persons out of its outputs."""
    import nbformat

    text = f"> # ✗ {title}\n>\n> {reason}\n>\n> 此报告未完成，不得使用。 This report was not finished and must not be used."
    cell = nbformat.v4.new_markdown_cell(text, metadata={"tags": ["aidlib-failed"]})  # type: ignore[no-untyped-call]
    for output in record.outputs(notebook):
        _clean_output(output, reason, press.redact)
    try:
        press.guard(dict(notebook), "")
    except AidError:
        for code in (code for code in notebook.cells if code.cell_type == "code"):
            code.outputs = []
    notebook.cells.insert(0, cell)
    return notebook


def _clean_output(output: NotebookNode, reason: str, redact: Callable[[str], str]) -> None:
    if output.output_type == "error":
        output.evalue, output.traceback = reason, [reason]
    elif output.output_type == "stream":
        output.text = clean(output.text, redact)
    else:
        for kind in [kind for kind in output.data if kind.startswith("text/")]:
            output.data[kind] = clean(ATTACHED.sub("", output.data[kind]), redact)


def hidden(notebook: NotebookNode, given: Mapping[str, Any]) -> NotebookNode:
    """Return an executed notebook that says of each path it was given only that it was."""
    from papermill.parameterize import parameterize_notebook

    if not any(record.is_path(name, value) for name, value in given.items()):
        return notebook
    notebook = parameterize_notebook(notebook, record.shown(dict(sorted(given.items()))))
    for cell in notebook.cells:
        cell.update({"outputs": [_without(output, given) for output in cell.outputs]} if "outputs" in cell else {})
    return notebook


def without(text: str, given: Mapping[str, Any]) -> str:
    """Write in a message, for each path that was given and for its last part alone, which parameter gave it."""
    text = _replaced(text, given)
    for name, value in given.items():
        if record.is_path(name, value) and (last := Path(record.full(value)).name):
            text = re.sub(rf"(?<![\w(]){re.escape(last)}(?!\w)", f"({name})", text)
    return text


def _replaced(text: str, given: Mapping[str, Any]) -> str:
    for name, form in _forms(given):
        text = text.replace(form, f"({name})")
    return text


def _forms(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every way a path may be written, the longest first: as given, with its variables and its home filled in, absolute, resolved."""
    found = set()
    for name, value in given.items():
        if record.is_path(name, value):
            whole = record.full(value)
            forms = {value, whole, os.path.abspath(whole), str(Path(whole).resolve())}
            found |= {(name, form) for one in forms for form in (one, escape(one)) if TELLING.search(form)}
    yield from sorted(found, key=lambda pair: -len(pair[1]))


def _without(part: Any, given: Mapping[str, Any]) -> Any:
    """A part of a notebook with every text in it cleaned."""
    if isinstance(part, dict):
        return type(part)({key: _without(value, given) for key, value in part.items()})
    if isinstance(part, list):
        return [_without(one, given) for one in part]
    if not isinstance(part, str):
        return part
    for content in map(_content, CARRIED.findall(part)):
        if name := next((name for name, form in _forms(given) if form.encode() in content), ""):
            raise PrivacyFault("a download holds a path of this machine", where=name, hint="leave it out of the table")
    return _replaced(part, given)


def _content(coded: str) -> bytes:
    """What an attachment holds, unpacked where it is a workbook or a document."""
    try:
        content = base64.b64decode(coded, validate=True)
    except binascii.Error:
        return b""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


def _end_with_fleet() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":  # a worker that could not be forked; it ends when its standard input closes
    threading.Thread(target=_end_with_fleet, daemon=True).start()
    work(os.open(os.devnull, os.O_WRONLY), sys.argv[1])
