"""The ledger of a long run: which job, which parts are done; a torn last line after a kill is no entry."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from aidlib.errors import AidError

FOOTER = 65_536  # bytes at the end of a Parquet file that hold its statistics and offsets
NAME = "ledger.jsonl"


def fingerprint(job: dict[str, Any], files: Iterable[Path]) -> str:
    """Hash what a run is made of: its parameters, and the size and the end of each input file.

    Examples
    --------
    >>> fingerprint({"on": "2024-06-01"}, ()) == fingerprint({"on": "2024-06-02"}, ())
    False
    """
    sha = hashlib.sha256(json.dumps(job, sort_keys=True, ensure_ascii=False).encode())
    for path in files:
        with path.open("rb") as content:
            size = path.stat().st_size
            content.seek(max(size - FOOTER, 0))
            sha.update(f"{path.name} {size} ".encode() + content.read())
    return sha.hexdigest()


class Ledger:
    """Finished parts of one job, each a line of JSON, in the folder of the results; open to one run at a time.

    Parameters
    ----------
    folder : Path
        Folder of the results; made where it is not there.
    job : str
        Fingerprint of the run. A folder with results of another job is an error: results of two runs never mix.
    """

    def __init__(self, folder: Path, job: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / NAME).open("a+b")
        self._alone(folder)
        self._file.seek(0)
        text = self._file.read()
        entries = list(_entries(text))
        same = entries[:1] == [{"job": job}]
        if not same and len(entries) > 1:
            raise AidError(
                "the folder holds another run", where=folder.name, hint="choose another folder, or empty this one"
            )
        if not same:
            self._file.truncate(0)
            self._append({"job": job})
        elif not text.endswith(b"\n"):
            self._file.write(b"\n")
        self.done: dict[int, dict[str, Any]] = {entry["part"]: entry for entry in entries[1:]}

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *ending: object) -> None:
        self._file.close()

    def finish(self, part: int, **facts: Any) -> None:
        """Write down that a part is done; the line is on the disk before this returns."""
        self.done[part] = {"part": part, **facts}
        self._append(self.done[part])

    def _append(self, entry: dict[str, Any]) -> None:
        self._file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _alone(self, folder: Path) -> None:
        """Take the folder for this run; the system lets go of it by whatever way the process ends. Windows has no such lock."""
        try:
            import fcntl
        except ImportError:
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise AidError(
                "another run is at work in the folder", where=folder.name, hint="wait for it, or choose another folder"
            ) from None


def _entries(text: bytes) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def written(path: Path, write: Callable[[Path], Any]) -> None:
    """Write a file aside and rename it, so that a file under its own name is always whole.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written(Path(folder, "a.txt"), lambda aside: aside.write_text("x"))
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.txt']
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(aside)
        with aside.open("rb+") as content:
            os.fsync(content.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def swept(folder: Path) -> None:
    """Remove what a killed run had written aside and never renamed."""
    for left in folder.rglob(".*"):
        if left.is_file():
            left.unlink()


def parquet(frame: pl.DataFrame, path: Path, note: dict[str, str]) -> None:
    """Write a table as Parquet, whole or not at all, with a note; whole numbers as their steps, too small to gain by compression."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = [name for name in frame.columns if frame[name].dtype.is_integer()]
    table = frame.to_arrow()
    full = pa.schema([column.with_nullable(frame[column.name].has_nulls()) for column in table.schema], metadata=note)
    how = {
        "use_dictionary": [name for name in frame.columns if name not in numbers],
        "column_encoding": dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        "compression": {name: "none" if name in numbers else "snappy" for name in frame.columns},
        "write_statistics": [name for name in frame.columns if name.endswith("_id")],
    }
    written(path, lambda aside: pq.write_table(table.cast(full), aside, **how))
