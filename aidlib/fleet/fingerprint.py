"""What a report depends on, as hashes: a report is made again when, and only when, one of them has changed."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from aidlib import parameters, tables
from aidlib.page import record

FIGURES = "reference/"
SHORT = 16
OUTPUT = "restricted"


def current(notebook: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fingerprint of a report as it would be made now."""
    return {
        "notebook": notebook_digest(notebook),
        "library": digest_of_library(),
        "environment": _environment_digest(),
        "parameters": record.shown(given),
        "data": data_digests(),
        "inputs": inputs(given),
    }


def only(parts: Mapping[str, Any], asked: Iterable[str] | None) -> dict[str, Any]:
    """Leave out of a fingerprint the tables of published figures that a report did not ask."""
    wanted = None if asked is None else set(asked)
    kept = {t: digest for t, digest in parts["data"].items() if wanted is None or t in wanted or not _figures(t)}
    return {**parts, "data": kept, "asked": None if wanted is None else sorted(wanted)}


def reasons(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Say in words how two fingerprints differ; an empty list means they do not."""
    parts = [part for part in ("notebook", "library", "environment") if old.get(part) != new.get(part)]
    found = [f"{part} changed" for part in parts]
    for part in ("parameters", "data", "inputs"):
        if names := _differing(old.get(part) or {}, new.get(part) or {}):
            found.append(f"{part} changed: {', '.join(names)}")
    return found


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def inputs(given: Mapping[str, Any]) -> dict[str, str]:
    """Hash names, sizes and times of the files below every parameter that is the path of a file or folder, or `$VARIABLE` for one.

    The folder a report writes its lists to is no input.
    """
    named = {name: value for name, value in given.items() if name != OUTPUT and record.is_path(name, value)}
    paths = {name: Path(record.full(value)) for name, value in named.items()}
    return {name: _files(path) for name, path in paths.items() if path.exists()}


def _files(path: Path) -> str:
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    stamps = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in found if file.is_file()]
    return _hash(json.dumps(stamps).encode())


def notebook_digest(notebook: Path) -> str:
    """Hash a notebook's cells: kind, source and tags, not outputs, so that saving it again changes nothing."""
    kept = [[cell.kind, cell.source, cell.tags] for cell in parameters.read(notebook)]
    return _hash(json.dumps(kept, ensure_ascii=False).encode())


def digest_of_library() -> str:
    """Return the hash of every source file of aidlib, page template included."""
    return record.code_digest()[:SHORT]


@lru_cache(maxsize=1)
def environment() -> dict[str, str]:
    """Return the version of Python and of everything installed. Computed once in a process.

    Examples
    --------
    >>> "python" in environment() and "pandas" in environment()
    True
    """
    installed = {found.name.lower(): found.version for found in metadata.distributions() if found.name}
    return {"python": platform.python_version(), **dict(sorted(installed.items()))}


@lru_cache(maxsize=1)
def _environment_digest() -> str:
    return _hash(json.dumps(environment(), sort_keys=True).encode())


def data_digests() -> dict[str, str]:
    """Hash every table below the data folder, overlay included."""
    return _data(_stamps())


def _figures(table: str) -> bool:
    """Whether a table holds published figures, which are read by series, and not regions, sources or vocabulary."""
    shared = ("regions.csv", "series.csv", "sources.csv")
    return table.startswith(FIGURES) and not table.endswith(shared)


def _stamps() -> tuple[tuple[str, int, int], ...]:
    folders = [folder for folder in (tables.shipped(), tables.overlay()) if folder]
    return tuple(stamp for folder in folders for stamp in sorted(_stamped(str(folder))))


def _stamped(folder: str) -> Iterator[tuple[str, int, int]]:
    """Name, time and size of every table below a folder; asked for each report, so by the quickest way."""
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir():
                yield from _stamped(entry.path)
            elif entry.name.endswith(".csv"):
                status = entry.stat()
                yield entry.path, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=2)
def _data(_stamps: tuple[tuple[str, int, int], ...]) -> dict[str, str]:
    return {table: tables.digest(table)[:SHORT] for table in tables.names("**/*.csv")}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:SHORT]
