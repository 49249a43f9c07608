"""Locks between fleets: one byte of one file per report, let go by the system whatever way the process ends."""

from __future__ import annotations

import fcntl
import hashlib
import os
from functools import cache
from pathlib import Path
from types import TracebackType

FILE = ".lock"
OFFSET_BYTES = 7


@cache
def _handle(out: Path, process: int) -> int:
    """One handle per folder and process, never closed: closing any handle of a file frees all its record locks."""
    out.mkdir(parents=True, exist_ok=True)
    return os.open(out / FILE, os.O_RDWR | os.O_CREAT, 0o644)


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
