"""Putting reports in place: made aside on the same disk, moved whole; failed ones kept apart, with a banner, without private data."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

PAIR = (".ipynb", ".html")
SUFFIXES = (*PAIR, ".pdf")
FAILED = "failed"
KEPT = ("failed.ipynb", "failed.html")
DISK_FULL = "the disk is full"
WORK = ".work"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ATTACHED = re.compile(r"data:[^\s\"',]*;base64,[\w+/=]*")
LOCAL_PATH = re.compile(r"(?<![\w:/])/(?:[\w.@+~-]+/)+([\w.@+~-]+)")


@dataclass(frozen=True)
class Place:
    """Where one report belongs below the reports folder.

    Examples
    --------
    >>> Place(Path("reports"), "price_linkage", "2020-02", "450400").good(".html").as_posix()
    'reports/2020-02/450400/price_linkage.html'
    """

    out: Path
    report: str
    period: str
    region: str

    def good(self, suffix: str) -> Path:
        """Where the finished file belongs."""
        return self.out / self.period / self.region / f"{self.report}{suffix}"

    @property
    def failed(self) -> Path:
        """Where the notebook of a failed report is kept."""
        return self.out / FAILED / self.period / self.region / f"{self.report}.ipynb"


def stamp(path: Path) -> list[int | str]:
    """Return size, modification time and SHA-256 of a file, for the manifest."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()]


def intact(path: Path, known: list[int | str] | None) -> bool:
    """Tell whether a published file is still the one the manifest knows; its content is read only if its time differs."""
    if known is None or not path.is_file():
        return False
    status = path.stat()
    return status.st_size == known[0] and (status.st_mtime_ns == known[1] or stamp(path)[2] == known[2])


def publish(made: Path, place: Place) -> dict[str, list[int | str]]:
    """Move a finished report into place, the notebook last, and drop what is left of an older edition or failure.

    Parameters
    ----------
    made : Path
        Folder on the same disk that holds the notebook, its page, and perhaps a PDF.
    place : Place
        Where they belong.

    Returns
    -------
    dict
        Suffix -> size, modification time, SHA-256.
    """
    files = {suffix: made / f"{place.report}{suffix}" for suffix in SUFFIXES}
    stamps = {suffix: stamp(path) for suffix, path in files.items() if suffix in PAIR or path.is_file()}
    place.good("").parent.mkdir(parents=True, exist_ok=True)
    for suffix in reversed(SUFFIXES):
        if suffix in stamps:
            os.replace(files[suffix], place.good(suffix))
        else:
            place.good(suffix).unlink(missing_ok=True)
    for kept in (place.failed, place.failed.with_suffix(".html")):
        kept.unlink(missing_ok=True)
    return stamps


def keep_failed(made: Path, place: Place) -> None:
    """Move the notebook and the page of a failed report, where there are any, into the folder of failed reports."""
    for kept in filter(Path.is_file, (made / name for name in KEPT)):
        place.failed.parent.mkdir(parents=True, exist_ok=True)
        os.replace(kept, place.failed.with_suffix(kept.suffix))


def clean(text: str) -> str:
    """Take personal data and folders of this machine out of a text.

    Examples
    --------
    >>> clean("no file /home/someone/data/cpi.csv for " + "0" * 6 + "19900101" + "0019")
    'no file cpi.csv for [identity number]'
    """
    from aidlib.disclosure import redact

    return LOCAL_PATH.sub(r"\1", redact(text))


def banner(notebook: NotebookNode, title: str, reason: str) -> NotebookNode:
    """Put the reason on top of a failed notebook and take tracebacks, paths and numbers of persons out of its outputs."""
    import nbformat

    from aidlib.disclosure import findings

    text = f"> # ✗ {title}\n>\n> {reason}\n>\n> 此报告未完成，不得使用。 This report was not finished and must not be used."
    cell = nbformat.v4.new_markdown_cell(text, metadata={"tags": ["aidlib-failed"]})  # type: ignore[no-untyped-call]
    outputs = [output for code in notebook.cells for output in code.get("outputs", [])]
    for output in outputs:
        _clean_output(output, reason)
    if findings(dict(notebook)):
        for code in (code for code in notebook.cells if code.cell_type == "code"):
            code.outputs = []
    notebook.cells.insert(0, cell)
    return notebook


def _clean_output(output: NotebookNode, reason: str) -> None:
    if output.output_type == "error":
        output.evalue, output.traceback = reason, [reason]
    elif output.output_type == "stream":
        output.text = clean(output.text)
    else:
        for kind in [kind for kind in output.data if kind.startswith("text/")]:
            output.data[kind] = clean(ATTACHED.sub("", output.data[kind]))


def private_folder(out: Path, run: str) -> Path:
    """Make the run's own folder for reports in the making, after clearing those of runs that are gone."""
    from aidlib.reports.locks import Lock

    work = out / WORK
    work.mkdir(parents=True, exist_ok=True)
    for left in work.iterdir():
        with Lock(out, f"run {left.name}") as lock:
            if lock.held:
                shutil.rmtree(left, ignore_errors=True)
    own = work / run
    own.mkdir()
    return own


def full(error: BaseException | None) -> bool:
    """Tell whether an error, or what caused it, says that the disk is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        error = error.__cause__ or error.__context__
    return False
