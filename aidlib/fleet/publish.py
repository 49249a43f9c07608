"""Putting reports in place: made aside on the same disk, moved whole, failed ones kept apart; and locks between those who do."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType

from aidlib.fleet.manifest import Stamp

try:
    import fcntl
except ImportError:  # Windows, where there is no fleet, and pages can be verified all the same
    fcntl = None  # type: ignore[assignment]

PAIR = (".ipynb", ".html")
BESIDE = (".xlsx", ".docx")
"""Files that a page carries and that lie beside it too."""
SUFFIXES = (*PAIR, ".pdf", *BESIDE)
SUMS, SIGNATURE = ".sha256", ".sha256.sig"
FAILED = "failed"
KEPT = ("failed.ipynb", "failed.html")
DISK_FULL = "the disk is full"
WORK = ".work"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
LOCKS, OFFSET_BYTES = ".lock", 7
PRIVATE = 0o700


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


def stamp(path: Path) -> Stamp:
    """Return size, modification time and SHA-256 of a file, for the manifest."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()


def intact(path: Path, known: Stamp | None) -> bool:
    """Tell whether a published file is still the one the manifest knows; its content is read only if its time differs."""
    if known is None or not path.is_file():
        return False
    status = path.stat()
    return status.st_size == known[0] and (status.st_mtime_ns == known[1] or stamp(path)[2] == known[2])


def publish(made: Path, place: Place) -> dict[str, Stamp]:
    """Move a finished report into place, the notebook last, and drop what is left of an older edition, its signature, or a failure."""
    files = {suffix: made / f"{place.report}{suffix}" for suffix in SUFFIXES}
    stamps = {suffix: stamp(path) for suffix, path in files.items() if suffix in PAIR or path.is_file()}
    place.good("").parent.mkdir(parents=True, exist_ok=True)
    for suffix in reversed(SUFFIXES):
        if suffix in stamps:
            os.replace(files[suffix], place.good(suffix))
        else:
            place.good(suffix).unlink(missing_ok=True)
    older = [place.good(suffix) for suffix in (SUMS, SIGNATURE)]
    for kept in (place.failed, place.failed.with_suffix(".html"), *older):
        kept.unlink(missing_ok=True)
    return stamps


def keep_failed(made: Path, place: Place) -> None:
    """Move the notebook and the page of a failed report, where there are any, into the folder of failed reports."""
    for kept in filter(Path.is_file, (made / name for name in KEPT)):
        place.failed.parent.mkdir(parents=True, exist_ok=True)
        os.replace(kept, place.failed.with_suffix(kept.suffix))


def full(error: BaseException | None) -> bool:
    """Tell whether an error, or what caused it, says that the disk is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


@cache
def _handle(out: Path, process: int) -> int:
    """One handle per folder and process, never closed: closing any handle of a file frees all its record locks."""
    out.mkdir(parents=True, exist_ok=True)
    return os.open(out / LOCKS, os.O_RDWR | os.O_CREAT, 0o644)


class Lock:
    """A named lock in a reports folder, not waited for. Locks of one process do not exclude each other.

    Examples
    --------
    >>> import tempfile
    >>> with Lock(Path(tempfile.mkdtemp()), "price_linkage 2020-02 450400") as lock:
    ...     lock.held
    True
    """

    def __init__(self, out: Path, name: str) -> None:
        self._out = out.resolve()
        self._at = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=OFFSET_BYTES).digest(), "big")
        self.held = False

    def take(self) -> bool:
        """Try to take the lock; False when another process holds it."""
        if fcntl is None:
            return False
        try:
            fcntl.lockf(_handle(self._out, os.getpid()), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, self._at)
        except BlockingIOError:
            return False
        self.held = True
        return True

    def free(self) -> None:
        """Let the lock go, if it is held."""
        if self.held:
            fcntl.lockf(_handle(self._out, os.getpid()), fcntl.LOCK_UN, 1, self._at)
            self.held = False

    def __enter__(self) -> Lock:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.free()


def locked_folder(base: Path, name: str, locks: Path) -> Path:
    """Make a folder of this process below another, after clearing those of processes that are gone.

    It is known as this process's by a lock in the folder of locks, which the system lets go whatever way the process ends.
    """
    base.mkdir(parents=True, exist_ok=True)
    Lock(locks, name).take()
    for left in (path for path in base.iterdir() if path.is_dir() and path.name != name):
        with Lock(locks, left.name) as lock:
            if lock.held:
                shutil.rmtree(left, ignore_errors=True)
    own = base / name
    own.mkdir(mode=PRIVATE)
    return own
