"""The user's own data folder: what an addition would change in it, writing it whole or not at all, and the log that undoes it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from aidlib import tables
from aidlib.errors import DataFault, Fault

LOCK = ".aidlib-add.lock"
LOG = "log"
Kind = Literal["new", "changed", "confirmed", "same", "older", "ends", "source"]
WORDS: dict[Kind, str] = {
    "new": "new",
    "changed": "changed",
    "confirmed": "confirmed by a newer vintage",
    "same": "already there",
    "older": "kept beside a newer vintage that still answers",
    "ends": "ends",
    "source": "new source",
}


@dataclass(frozen=True)
class Step:
    """One fact that is added, changed, ended, or already there.

    Examples
    --------
    >>> print(Step("changed", "梧州市 450400 2026-10 cpi_yoy:total:all_items", "102.4", "102.5 index_yoy"))
    changed: 梧州市 450400 2026-10 cpi_yoy:total:all_items: 102.4 -> 102.5 index_yoy
    """

    kind: Kind
    what: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        arrow = f": {self.before or '(none)'} -> {self.after}" if self.after else ""
        return f"{WORDS[self.kind]}: {self.what}{arrow}"


@dataclass(frozen=True)
class Change:
    """The whole of an addition: its steps, and the overlay tables with their new content.

    Attributes
    ----------
    steps : tuple of Step
        In the order of the file.
    files : dict
        Table below the overlay folder to its whole new text; sources first.
    headings, skipped, said : tuple of str
        What each heading became, what was left out, and what was taken for something else than it seems.
    doubts : tuple of Fault
        Figures that stand out beside others; they are written only when somebody confirms them.
    written : bool
        False for a preview.
    """

    steps: tuple[Step, ...]
    files: dict[str, str]
    headings: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    doubts: tuple[Fault, ...] = ()
    written: bool = field(default=False)

    def counts(self) -> dict[Kind, int]:
        """Count the steps of each kind."""
        kinds = [step.kind for step in self.steps]
        return {kind: kinds.count(kind) for kind in WORDS if kind in kinds}

    def __str__(self) -> str:
        lines = [*self.headings, *_first(self.skipped), *self.said]
        lines += [str(step) for step in self.steps if step.kind != "same"]
        lines += [f"stands out: {doubt}" for doubt in self.doubts]
        total = ", ".join(f"{count} {WORDS[kind]}" for kind, count in self.counts().items())
        verb = "written to" if self.written else "would be written to"
        where = f"{verb} {', '.join(self.files)}" if self.files else "nothing to write"
        return "\n".join([*lines, f"{total}; {where}"])


def _first(texts: Sequence[str], most: int = 20) -> list[str]:
    return [*texts[:most], *([f"... and {len(texts) - most} more left out"] if len(texts) > most else [])]


def table_text(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    """Write rows as the text of a table.

    Examples
    --------
    >>> table_text(["id", "title"], [{"id": "A", "title": "一,二"}])
    'id,title\\nA,"一,二"\\n'
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def own_id(*parts: str) -> str:
    """Name a source of the user's own, the same for the same title, number and date.

    Examples
    --------
    >>> own_id("梧州市统计局 2026年10月居民消费价格", "2026-11-12")
    'OWN-B9409A89'
    """
    return "OWN-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8].upper()


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
    """Keep other writers out of a folder; the lock goes with the process, so that a killed one leaves none behind."""
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


def publish(folder: Path, files: dict[str, str | None]) -> None:
    """Replace the given files by new text, or take them away for None, in order; after a failure every one is as it was before.

    Each text is first written beside its place and forced to the disk, then moved over it in one step.

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
            if text is not None:
                staged[name] = _stage(folder / name, text.encode())
        for name in files:
            if name in staged:
                os.replace(staged[name], folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
            _sync((folder / name).parent)
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


@dataclass(frozen=True)
class Addition:
    """One addition as the log keeps it.

    Attributes
    ----------
    number, on, file, digest : int and str
        Its number, when it was written (UTC), the name of the clerk's file and the SHA-256 of its content.
    steps, confirmed : list of str
        What changed, and what stood out and was confirmed.
    before : dict
        The text of each table before; None where there was none.
    after : dict
        The SHA-256 of each table after it.
    undone : str
        When it was taken back; empty while it holds.
    """

    number: int
    on: str
    file: str
    digest: str
    steps: list[str]
    confirmed: list[str]
    before: dict[str, str | None]
    after: dict[str, str]
    undone: str = ""

    def __str__(self) -> str:
        state = f"; undone {self.undone}" if self.undone else ""
        sure = f"; {len(self.confirmed)} confirmed that stood out" if self.confirmed else ""
        return f"{self.number} {self.on} {self.file}: {len(self.steps)} changes in {', '.join(self.after)}{sure}{state}"

    @property
    def entry(self) -> str:
        """Its file in the log."""
        return f"{LOG}/{self.number:04d}.json"

    def text(self) -> str:
        """Write it as the log keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def log(into: str | Path) -> list[Addition]:
    """List the additions to a data folder, oldest first.

    Raises
    ------
    DataFault
        An entry of the log cannot be read.
    """
    found = []
    for path in sorted((Path(into).expanduser() / LOG).glob("[0-9]*.json")):
        try:
            found.append(Addition(**json.loads(path.read_text(encoding="utf-8"))))
        except (ValueError, TypeError, OSError):
            raise DataFault(
                "an entry of the log cannot be read", where=f"{LOG}/{path.name}", hint="move it away"
            ) from None
    return found


def keep(folder: Path, file: Path, change: Change) -> None:
    """Write an addition and its entry in the log in one go."""
    number = max((one.number for one in log(folder)), default=0) + 1
    before = {name: _text(folder / name) for name in change.files}
    after = {name: _digest(text.encode()) for name, text in change.files.items()}
    steps = [str(step) for step in change.steps if step.kind != "same"]
    made = Addition(
        number, _now(), file.name, _digest(file.read_bytes()), steps, list(map(str, change.doubts)), before, after
    )
    publish(folder, {**change.files, made.entry: made.text()})


def undo(into: str | Path) -> Addition:
    """Take the last addition back: every table is as it was before it.

    Raises
    ------
    DataFault
        There is none, or a table was changed since by other means.
    """
    folder = Path(into).expanduser()
    with locked(folder):
        made = next((one for one in reversed(log(folder)) if not one.undone), None)
        if made is None:
            raise DataFault("there is no addition to undo", got=folder.name, hint="aidlib data log")
        moved = [
            name for name, digest in made.after.items() if _digest((_text(folder / name) or "").encode()) != digest
        ]
        if moved:
            raise DataFault([Fault("the table was changed since by other means", name, "as addition "
                                   f"{made.number} left it", hint="mend the table by hand") for name in moved])  # fmt: skip
        undone = replace(made, undone=_now())
        publish(folder, {**dict(reversed(made.before.items())), made.entry: undone.text()})
    return undone


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _text(path: Path) -> str | None:
    return path.read_bytes().decode() if path.is_file() else None
