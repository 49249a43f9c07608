"""Writing the overlay: one writer at a time, and the files appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aidlib import tables
from aidlib.errors import DataFault

LOCK = ".aidlib-add.lock"


def own_rows(table: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows that the overlay itself has of a table; none where it has no such file."""
    own = tables.overlay()
    if own is None or not (own / table).is_file():
        return []
    return [row.cells for row in tables.rows(table, columns) if row.overlaid]


@contextmanager
def laid_over(folder: Path) -> Iterator[None]:
    """Read every table with this folder laid over it for the time of the block; a folder not made yet is empty."""
    before = os.environ.pop(tables.OVERLAY_VARIABLE, None)
    if folder.is_dir():
        os.environ[tables.OVERLAY_VARIABLE] = str(folder)
    try:
        yield
    finally:
        os.environ.pop(tables.OVERLAY_VARIABLE, None)
        if before is not None:
            os.environ[tables.OVERLAY_VARIABLE] = before


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other writers out of a folder; the lock goes with the process, so that a killed one leaves none behind.

    Raises
    ------
    DataFault
        Somebody else is writing, or the folder cannot be written to.
    """
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise DataFault(
            f"cannot write to this folder: {error.strerror}", got=str(folder), hint="another --into"
        ) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise DataFault("another addition is being written", got=str(folder), hint="wait a moment") from None
    try:
        yield
    finally:
        os.close(handle)


def publish(folder: Path, files: dict[str, str]) -> None:
    """Replace the given tables by new text, in order; after a failure every table is as it was before.

    Each text is first written beside its place and forced to the disk, then moved over it in one step.

    Raises
    ------
    DataFault
        The disk is full or refuses; nothing is left half-written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     publish(Path(folder), {"reference/own.csv": "a,b\\n"})
    ...     (Path(folder) / "reference/own.csv").read_text()
    'a,b\\n'
    """
    before = {name: _content(folder / name) for name in files}
    staged: dict[str, Path] = {}
    try:
        for name, text in files.items():
            staged[name] = _stage(folder / name, text.encode())
        for name, path in staged.items():
            os.replace(path, folder / name)
            _sync(path.parent)
    except OSError as error:
        _restore(folder, before)
        raise DataFault("nothing was written", got=str(folder), hint=error.strerror or str(error)) from None
    finally:
        for path in staged.values():
            path.unlink(missing_ok=True)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _stage(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _restore(folder: Path, before: dict[str, bytes | None]) -> None:
    for name, content in before.items():
        if _content(folder / name) == content:
            continue
        with suppress(OSError):
            if content is None:
                (folder / name).unlink()
            else:
                os.replace(_stage(folder / name, content), folder / name)
