"""Running the cells of a notebook in this process, as a kernel would, and reading what they show."""

from __future__ import annotations

import ast
import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from drawn import noted
from rendered import Element, elements

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
OVERLAY = "AIDLIB_DATA"
TODAY = {"AIDLIB_TODAY": "2026-12-01"}  # a page tells its age in months, and a record must not grow old
FOLDERS = ("restricted",)  # parameters that name a folder a page writes to: an empty one each time


def sources(path: Path) -> list[tuple[str, bool]]:
    """Return the code cells of a notebook, and which of them holds its parameters."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [
        ("".join(c["source"]), "parameters" in c["metadata"].get("tags", [])) for c in cells if c["cell_type"] == "code"
    ]


def path_of(notebook: str) -> Path:
    """Find a notebook by its name."""
    return next(NOTEBOOKS.rglob(f"{notebook}.ipynb"))


def page(notebook: str, given: Mapping[str, Any]) -> list[Element]:
    """Run a notebook's cells with parameters and list what they show, in order; an error ends the page and is its last element."""
    cells = sources(path_of(notebook))
    known = {target.id: ast.literal_eval(line.value) for target, line in _assignments(cells)}
    wanted = {name: value for name, value in given.items() if name in known}
    outputs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    drawings: dict[int, list[dict[str, Any]]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="aidlib-golden-") as folder,
        _quiet_shell() as shell,
        noted(lambda drawing: drawings.__setitem__(len(outputs) + _waiting(shell), drawing)),
    ):
        wanted |= {name: f"{folder}/{name}" for name in FOLDERS if name in known}
        for source, has_parameters in cells:
            error, shown = _run(shell, source)
            outputs += shown
            if error is not None:
                return [*_read(outputs, drawings), {"kind": "error", "text": f"{type(error).__name__}: {error}"}]
            if has_parameters:
                shell.user_ns.update(wanted)
    return _read(outputs, drawings)


def kept_page(notebook: Path) -> list[Element]:
    """List what the outputs of an executed notebook show, in order; what was drawn is not kept in one."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", []) if "data" in output]
    return _read(
        [
            ({kind: "".join(text) for kind, text in o["data"].items() if kind == "text/html"}, o["metadata"])
            for o in outputs
        ],
        {},
    )


def _assignments(cells: list[tuple[str, bool]]) -> Iterator[tuple[ast.Name, ast.Assign]]:
    for source in (source for source, has_parameters in cells if has_parameters):
        for line in ast.parse(source).body:
            if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                yield line.targets[0], line


@cache
def _shell() -> tuple[Any, tempfile.TemporaryDirectory[str]]:
    """One shell a process, which keeps no history and reads no profile of whoever runs it; its folder lives as long as it does."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    folder = tempfile.TemporaryDirectory(prefix="aidlib-golden-")
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.ipython_dir = folder.name
    InteractiveShell.clear_instance()
    return InteractiveShell.instance(config=settings), folder


@contextmanager
def _quiet_shell() -> Iterator[Any]:
    """An empty shell that reads the shipped data on a fixed day; afterwards this process is as it was."""
    before, main = dict(os.environ), sys.modules["__main__"]
    os.environ.pop(OVERLAY, None)
    os.environ.update(TODAY)
    shell, _ = _shell()
    seated = {kind: kind._instance for kind in type(shell)._walk_mro()}
    for kind in (
        seated
    ):  # what a page displays goes to the shell that is the current one; a test may have put another in its place
        kind._instance = shell
    shell.reset(new_session=False)
    try:
        yield shell
    finally:
        shell.reset(new_session=False)
        for kind, before_it in seated.items():
            kind._instance = before_it
        sys.modules["__main__"] = main
        os.environ.clear()
        os.environ.update(before)


def _waiting(shell: Any) -> int:
    return len(getattr(shell.display_pub, "outputs", ()))


def _run(shell: Any, source: str) -> tuple[BaseException | None, list[tuple[dict[str, Any], dict[str, Any]]]]:
    from IPython.utils.capture import capture_output

    with capture_output() as captured:
        result = shell.run_cell(source)
    return result.error_before_exec or result.error_in_exec, [(o.data, o.metadata or {}) for o in captured.outputs]


def _read(outputs: list[tuple[dict[str, Any], dict[str, Any]]], drawings: Mapping[int, Any]) -> list[Element]:
    """The elements of all outputs, each table with the cells that were kept, each figure with what was drawn."""
    shown: list[Element] = []
    for at, (data, metadata) in enumerate(outputs):
        kept = metadata.get("aidlib", {})
        found = list(elements(data["text/html"])) if "text/html" in data else []
        for one in found:
            if one["kind"] == "table" and (frame := _frame(kept)).get("columns"):
                one |= {"columns": frame["columns"], "cells": frame["cells"], "carried": False}
            if one["kind"] == "figure":
                one["drawn"] = drawings.get(at, [])
        if "record" in kept:
            shown += [one for one in found if one["kind"] in ("heading", "gaps")]
            shown.append(_reads(kept["record"]))
        else:
            shown += found
    return shown


def _frame(kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """The cells of a table, or of the numbers behind a figure, of which the first are those folded below it."""
    data = kept.get("data") or kept
    return data[0] if isinstance(data, list) else data


def _reads(record: Mapping[str, Any]) -> Element:
    """What the page says it rests on: its status, the latest figure, and by place the law rows read and how many figures of what."""
    law: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    figures: dict[str, Counter[str]] = defaultdict(Counter)
    for place, name, group, *_ in (text.split(" ") for text in record["law"].values()):
        law[place][name].add(group)
    for place, series, *_ in (text.split(" ") for text in record["figures"].values()):
        figures[place][":".join(series.split(":")[:2])] += 1
    lines = [f"law {place}: {'; '.join(_named(law[place]))}" for place in sorted(law)]
    lines += [
        f"figures {place}: {'; '.join(f'{of} {count}' for of, count in sorted(figures[place].items()))}"
        for place in sorted(figures)
    ]
    return {"kind": "record", "text": f"{record['status']} {record['as_of']}", "lines": lines}


def _named(rows: Mapping[str, set[str]]) -> Iterator[str]:
    for name, groups in sorted(rows.items()):
        yield name if groups == {""} else f"{name} ({', '.join(sorted(groups))})"
