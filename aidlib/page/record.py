"""A page's record: what a report remembers about itself, written when it is finished and read back by whoever checks it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from aidlib import tables as data_tables
from aidlib.errors import ReportFault
from aidlib.page.numbers import Table

if TYPE_CHECKING:
    import pandas as pd
    from nbformat import NotebookNode

    from aidlib.indices import Figure, Figures
    from aidlib.law import Book, Status, Value

PACKAGES = ("aidlib", "numpy", "pandas", "matplotlib", "statsmodels", "papermill")
SOURCE_SUFFIXES = {".py", ".j2", ".css", ".js", ".html", ".json"}
LARGEST_BYTES = 50_000_000
SEAL = "aidlib"
NAMED = ("table", "figure", "download")
KINDS = {name: name for name in NAMED} | {
    "finding": "finding",
    "heading": "heading",
    "say": "paragraph",
    "record": "record",
}
GIVEN = "(given)"
"""What a page keeps of a path: that one was given."""
PATHS = frozenset(("register", "registers", "restricted", "filled", "last_register", "microdata"))
"""Parameters that name a file or folder, whatever they are."""
NOT_INPUT = ("restricted",)
LIKE_A_PATH = re.compile(
    r"[~$/\\]|\.{1,2}[/\\]|[A-Za-z]:[/\\]|.*\.(?:csv|xlsx?|parquet|ipynb|json|zip)$", re.IGNORECASE
)
_PACKAGE = Path(data_tables.__file__).parent
Shape = TypeVar("Shape", bound=BaseModel)


def make(parameters: Mapping[str, Any], book: Book, figures: Figures) -> dict[str, Any]:
    """Build the record of a report: plain JSON values only."""
    return {
        "parameters": shown(parameters),
        "inputs": inputs(parameters),
        "status": status(book, figures),
        "as_of": newest(figures, str(parameters.get("period", ""))),
        "law": {value.place: text_of(value) for value in book.reads.values()},
        "figures": {figure.place: text_of(figure) for figure in figures.reads.values()},
        "gaps": sorted(str(gap) for gap in book.gaps.values()),
        "tables": {table: data_tables.digest(table) for table in tables_read(book, figures)},
        "code": code_digest(),
        "versions": versions(),
    }


def is_path(name: str, value: object) -> bool:
    """Tell whether a parameter names a file or folder, itself or by `$VARIABLE`."""
    return isinstance(value, str) and bool(value) and (name in PATHS or LIKE_A_PATH.match(value) is not None)


def shown(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters as anyone may read them.

    Examples
    --------
    >>> shown({"region": "450400", "register": "$LEDGER", "filled": ""})
    {'region': '450400', 'register': '(given)', 'filled': ''}
    """
    return {name: GIVEN if is_path(name, value) else value for name, value in parameters.items()}


def expanded(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters with `$VARIABLE` and `~` of their paths filled in; a variable that is not set stays.

    Examples
    --------
    >>> expanded({"register": "$AIDLIB_NOT_SET/a", "steps": "~1"})["register"]
    '$AIDLIB_NOT_SET/a'
    """
    return {name: full(value) if is_path(name, value) else value for name, value in parameters.items()}


def full(path: str) -> str:
    """Fill in the variables and the home folder of a path."""
    return os.path.expanduser(os.path.expandvars(path))


def inputs(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Hash what lies in each file or folder that a parameter names, wherever it lies; `restricted` and `last` are not input."""
    named = {name: Path(value) for name, value in parameters.items() if name not in NOT_INPUT and is_path(name, value)}
    return {name: _content(path) for name, path in named.items() if path.exists()}


def _content(path: Path) -> str:
    sha = hashlib.sha256()
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            with file.open("rb") as content:
                sha.update(hashlib.file_digest(content, "sha256").digest())
    return sha.hexdigest()[:16]


def text_of(row: Value | Figure) -> str:
    """Write what a row that was read says: of what it is, and its value."""
    if hasattr(row, "series"):
        return f"{row.region} {row.series} {row.period} {row.text}"
    return f"{row.region} {row.name} {row.group} {row.text} {row.unit}"


def newest(figures: Figures, period: str) -> str:
    """Return the latest period, not after the report's own, of which a figure was read; later ones only serve to measure errors."""
    periods = (figure.period for figure in figures.reads.values())
    return max((found for found in periods if found[: len(period)] <= period), default="")


def status(book: Book, figures: Figures) -> Status:
    """Return the weakest status of everything that was read."""
    from aidlib.law.value import weakest

    return weakest("enacted", *(v.status for v in book.reads.values()), *(f.status for f in figures.reads.values()))


def tables_read(book: Book, figures: Figures) -> list[str]:
    """List the tables that hold at least one row that was read, or were asked for a figure they may not have."""
    places = [*book.reads, *figures.reads]
    read = {place.removeprefix("overlay:").rpartition(":")[0] for place in places}
    return sorted({*read, *figures.asked})


def source_files() -> Iterator[Path]:
    """List aidlib's own source files, templates of pages and sentences included, in order of name."""
    own = {"_data", "_notebooks"}
    found = (path for path in _PACKAGE.rglob("*") if path.suffix in SOURCE_SUFFIXES and not own & set(path.parts))
    yield from sorted(found)
    yield from sorted((data_tables.shipped_notebooks() / "words").glob("*"))


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return the SHA-256 of aidlib's own source files. Computed once in a process."""
    sha = hashlib.sha256()
    for path in source_files():
        above = _PACKAGE if path.is_relative_to(_PACKAGE) else data_tables.shipped_notebooks()
        sha.update(path.relative_to(above).as_posix().encode() + path.read_bytes())
    return sha.hexdigest()


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries a number can depend on.

    Examples
    --------
    >>> "pandas" in versions()
    True
    """
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in PACKAGES}}


def statuses(frame: pd.DataFrame) -> set[Status]:
    """Collect the statuses a table says its cells have: its columns `status` and `x_status`.

    Examples
    --------
    >>> import pandas as pd
    >>> statuses(pd.DataFrame({"a": [1, 2], "a_status": ["synthetic", None], "b": ["stale", "x"]}))
    {'synthetic'}
    """
    from aidlib.law.value import STATUSES

    columns = [at for at, column in enumerate(map(str, frame)) if column == "status" or column.endswith("_status")]
    found = {str(cell) for at in columns for cell in frame.iloc[:, at]}
    return {status for status in STATUSES if status in found}


class KeptTable(BaseModel):
    """A table beside the output that shows it."""

    model_config = ConfigDict(strict=True, extra="ignore")

    table: str
    columns: list[str]
    cells: list[list[str | int | float | bool | None]]

    def whole(self) -> Table:
        """Return it as a table, refusing rows of another width."""
        if any(len(row) != len(self.columns) for row in self.cells):
            raise ValueError(f"a row of table {self.table} has not {len(self.columns)} cells")
        return Table(tuple(self.columns), tuple(map(tuple, self.cells)))


class Kept(BaseModel):
    """The record beside the last output of a report."""

    model_config = ConfigDict(strict=True, extra="allow")

    name: str = ""
    parameters: dict[str, str | int | float | bool | None] = {}
    inputs: dict[str, str] = {}
    status: str = ""
    as_of: str = ""
    law: dict[str, str] = {}
    figures: dict[str, str] = {}
    gaps: list[str] = []
    shown: list[str] = []
    tables: dict[str, str] = {}
    code: str = ""
    versions: dict[str, str] = {}


def read(path: Path) -> NotebookNode:
    """Read an executed report, whoever made it: nothing in it is run, and what is not in order is one sentence.

    Raises
    ------
    ReportFault
        No such file, too large, not a notebook, without the record that `report.finish()` leaves, or with a malformed one.
    """
    import nbformat

    if not path.is_file():
        near = path.parent / f"{path.stem}.ipynb"
        raise ReportFault("no such report", got=str(path), hint=str(near) if near.is_file() else "aidlib report")
    if path.stat().st_size > LARGEST_BYTES:
        raise ReportFault("too large for a report", where=path.name, expected=f"at most {LARGEST_BYTES:,} bytes")
    try:
        notebook: NotebookNode = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    except Exception:  # a stranger's file may be anything, and nbformat's converters fail on it in many ways
        raise ReportFault("not a readable notebook", got=path.name, hint="give the .ipynb beside the page") from None
    try:
        kept = record(notebook)
        tables(notebook)
    except ReportFault as fault:
        raise ReportFault([replace(one, where=path.name) for one in fault.faults]) from None
    if not kept:
        raise ReportFault("the notebook holds no record", got=path.name, hint="end it with report.finish() and run it")
    return notebook


def recorded(notebook: NotebookNode) -> Iterator[Mapping[str, Any]]:
    """Yield what reports put beside their outputs, in order."""
    for output in outputs(notebook):
        found = output.get("metadata", {}).get("aidlib")
        if isinstance(found, Mapping) and found:
            yield found


def outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """Go through every output of a notebook."""
    for cell in notebook.cells:
        yield from cell.get("outputs", ())


def record(notebook: NotebookNode) -> dict[str, Any]:
    """Return the record that `report.finish()` left in an executed notebook, or an empty one.

    Raises
    ------
    ReportFault
        It is malformed.
    """
    kept = [found["record"] for found in recorded(notebook) if "record" in found]
    return checked(kept[-1]) if kept else {}


def checked(found: object) -> dict[str, Any]:
    """Return a record that holds what records hold, absent parts empty.

    Raises
    ------
    ReportFault
        It does not.
    """
    return _checked(Kept, found, "record").model_dump()


def tables(notebook: NotebookNode) -> dict[str, Table]:
    """Collect the tables that an executed notebook recorded, by name, and the numbers that its figures show."""
    drawn = [{**kept["data"], "table": f"of figure {kept['figure']}"} for kept in recorded(notebook) if _draws(kept)]
    shown = [kept for kept in recorded(notebook) if "table" in kept]
    found = [_checked(KeptTable, one, "table") for one in (*shown, *drawn)]
    try:
        return {one.table: one.whole() for one in found}
    except ValueError as error:
        raise ReportFault(f"a malformed record: {error}") from None


def _draws(kept: Mapping[str, Any]) -> bool:
    return "figure" in kept and isinstance(kept.get("data"), Mapping)


def _checked(shape: type[Shape], found: object, what: str) -> Shape:
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        at = ".".join(str(part) for part in first["loc"])[:80]
        raise ReportFault(f"a malformed {what}", got=f"{at}: {first['msg']}") from None


def named_outputs(notebook: NotebookNode) -> list[tuple[str, NotebookNode]]:
    """Go through every output with a name for a reader: what it shows, else which of its kind it is."""
    count: Counter[str] = Counter()
    found = []
    for output in outputs(notebook):
        kept = output.get("metadata", {}).get("aidlib")
        kind = next((kind for kind in KINDS if isinstance(kept, Mapping) and kind in kept), "output")
        count[kind] += 1
        which = str(kept[kind])[:80] if kind in NAMED else str(count[kind])
        found.append((f"{KINDS.get(kind, kind)} {which}", output))
    return found


def sentences(notebook: NotebookNode) -> list[str]:
    """List what a report says in words, in its own language: headings, finding and text, in order."""
    said = []
    for kept in recorded(notebook):
        words = [*kept["finding"]] if isinstance(kept.get("finding"), list) else [kept.get("heading"), kept.get("say")]
        said += [text for text in words if isinstance(text, str)]
    return said


def facts(kept: Mapping[str, Any]) -> dict[str, str | int]:
    """Return what an index of pages shows of one: its verdict, its weakest status, its newest figure, what it lacks (codes) and how much.

    Examples
    --------
    >>> facts({"verdict": "triggered", "status": "estimated", "as_of": "2026-10", "lacking": ["a", "b"]})
    {'verdict': 'triggered', 'status': 'estimated', 'as_of': '2026-10', 'lacks': '', 'lacking': 2}
    """
    found = {name: str(kept.get(name, "")) for name in ("verdict", "status", "as_of", "lacks")}
    return {**found, "lacking": len(kept.get("lacking", kept.get("gaps", [])))} if kept else {}


def seal(notebook: NotebookNode, page: bytes) -> None:
    """Keep a digest of every output, and of the page made from them, in the notebook: what is altered later shows, and where."""
    digests = [_digest(output) for output in outputs(notebook)]
    notebook.metadata[SEAL] = {"outputs": digests, "page": hashlib.sha256(page).hexdigest()}


def broken(notebook: NotebookNode) -> list[str]:
    """List the outputs that are not what they were when the notebook was sealed; none where it never was."""
    sealed = notebook.metadata.get(SEAL)
    kept = sealed.get("outputs") if isinstance(sealed, Mapping) else None
    if not isinstance(kept, list):
        return []
    found = named_outputs(notebook)
    wrong = [name for (name, one), was in zip(found, kept, strict=False) if _digest(one) != was]
    return wrong + (["the number of outputs"] if len(found) != len(kept) else [])


def sealed_page(notebook: NotebookNode) -> str:
    """Return the digest of the page that was made with a notebook, or nothing."""
    sealed = notebook.metadata.get(SEAL)
    return str(sealed.get("page", "")) if isinstance(sealed, Mapping) else ""


def _digest(output: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(output, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
