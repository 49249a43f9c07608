"""Warm parents seen from outside: start one, name its socket, start another when it dies or the source has changed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import ClassVar

from aidlib.reports.fingerprint import source_files
from aidlib.reports.forked import Unavailable

VARIABLE = "AIDLIB_WARM_SOCKET"
OFF = "off"
BACKLOG = 128
ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
NO_THREADS = {**dict.fromkeys(ONE_THREAD, "1"), "JE_ARROW_MALLOC_CONF": "background_thread:false"}
INTERPRETER_VARIABLES = ("PYTHONPATH", "PYTHONHOME", "PYTHONHASHSEED", "LD_LIBRARY_PATH", "LD_PRELOAD")


def supported() -> bool:
    """Tell whether this system can fork kernels safely: Linux with process descriptors.

    macOS can fork, but its system libraries break in a forked child.
    """
    return sys.platform == "linux" and hasattr(os, "fork") and hasattr(os, "pidfd_open") and hasattr(os, "memfd_create")


class Parent:
    """A warm parent started by this process, and ended with it.

    Attributes
    ----------
    folder : Path
        Private folder with the parent's socket and those of its kernels; the parent removes it when it ends.
    socket : str
        Path of the socket that kernels are asked for on. It can be asked at once: orders wait until the imports are done.
    """

    own: ClassVar[list[Parent]] = []

    def __init__(self) -> None:
        if not supported():
            raise Unavailable("this system cannot fork kernels")
        self.folder = Path(tempfile.mkdtemp(prefix="aidlib-"))
        self.socket = str(self.folder / "warm")
        self._source, self._owner = _stamp(), os.getpid()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(self.socket)
            listener.listen(BACKLOG)
            self.process = self._started(listener.fileno())

    def _started(self, listener: int) -> subprocess.Popen[bytes]:
        module = [sys.executable, "-P", "-m", "aidlib.reports.warm_parent"]
        return subprocess.Popen(
            [*module, str(self.folder), str(listener)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **NO_THREADS},
            pass_fds=[listener],
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        """Whether it still runs and aidlib's source is what it imported."""
        return self._owner == os.getpid() and self.process.poll() is None and self._source == _stamp()

    def end(self) -> None:
        """End the parent and every kernel it forked."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @classmethod
    def shared(cls) -> Parent:
        """Return this process's parent, started when first asked for and again when it died or the source changed.

        An older one is kept, because kernels that people work in may live by it.
        """
        if not cls.own or not cls.own[-1].alive:
            cls.own.append(cls())
        return cls.own[-1]


class Parents:
    """The warm parent of a fleet, named to its workers through the environment; a new one when it dies, but not for ever.

    A parent that the environment names already is used as it is.
    """

    most = 5

    def __init__(self, wanted: bool = True) -> None:
        self._before = os.environ.get(VARIABLE)
        self._wanted = wanted and supported()
        self._given = self._before if wanted else None
        self._started: list[Parent] = []

    def ensure(self) -> None:
        """See to it that a parent runs, or that workers know they must do without."""
        if self._given:
            return
        alive = bool(self._started) and self._started[-1].process.poll() is None
        if self._wanted and not alive and len(self._started) < self.most:
            self._started.append(Parent())
            alive = True
        os.environ[VARIABLE] = self._started[-1].socket if alive else OFF

    def __enter__(self) -> Parents:
        self.ensure()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for parent in self._started:
            parent.end()
        os.environ.pop(VARIABLE, None)
        if self._before is not None:
            os.environ[VARIABLE] = self._before


def _stamp() -> tuple[tuple[str, int], ...]:
    return tuple((str(path), path.stat().st_mtime_ns) for path in source_files())


def private_folder() -> str | None:
    """Return the folder of the parent named in the environment, which is removed with it, or None."""
    folder = os.path.dirname(os.environ.get(VARIABLE, ""))
    return folder if os.path.isdir(folder) else None


def socket_path() -> str:
    """Return the socket of the parent named in the environment (a fleet's), or of this process's own.

    Raises
    ------
    Unavailable
        The environment says `off`, or this system cannot.
    """
    named = os.environ.get(VARIABLE, "")
    if named == OFF:
        raise Unavailable(f"{VARIABLE} is {OFF}")
    return named or Parent.shared().socket
