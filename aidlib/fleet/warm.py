"""Warm servers seen from outside: start one, order a forked process from it, start another when it dies or the source has changed."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from aidlib.fleet.publish import locked_folder
from aidlib.fleet.server import NUMBER, UP
from aidlib.page.record import source_files

VARIABLE = "AIDLIB_WARM_SOCKET"
OFF = "off"
BACKLOG = 128
START_SECONDS, END_SECONDS, MOST_SERVERS = 60, 5, 5
ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
NO_THREADS = {**dict.fromkeys(ONE_THREAD, "1"), "JE_ARROW_MALLOC_CONF": "background_thread:false"}
PRIVATE = 0o700


class Unavailable(Exception):
    """Nothing can be forked; the message says why. A fresh interpreter can be started."""


class ForkedProcess:
    """A process forked by a warm server, with the face of `subprocess.Popen` that a kernel manager needs.

    Parameters
    ----------
    path : str
        The server's socket.
    call, arguments : str and sequence
        `module:function` to run in it, and what it is called with after the handle by which it says that it is up.
    env, cwd : dict and str
        Its whole environment and its working directory.
    memory : int
        Megabytes it may have, 0 for no limit.
    streams : sequence of int
        Its standard input, output and error.
    """

    stdin = stdout = stderr = None

    def __init__(
        self,
        path: str,
        call: str,
        arguments: Sequence[Any],
        *,
        env: dict[str, str],
        cwd: str,
        memory: int,
        streams: Sequence[int],
    ) -> None:
        order = {"call": call, "arguments": list(arguments), "env": env, "cwd": cwd, "memory": memory}
        self.returncode: int | None = None
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.settimeout(START_SECONDS)
        try:
            self._line.connect(path)
            socket.send_fds(self._line, [json.dumps(order).encode()], streams)
            word = self._line.recv(NUMBER.size)
            kind, self.pid = NUMBER.unpack(word) if word else (b"", 0)
            if kind != UP:
                raise ConnectionError("no process came up")
        except OSError as error:
            self._line.close()
            raise Unavailable(f"the warm server does not answer ({error})") from None

    def fileno(self) -> int:
        """The descriptor that becomes readable when the process has ended."""
        return self._line.fileno()

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, or None while the process runs."""
        return self._ended(0.0) if self.returncode is None else self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code."""
        code = self._ended(timeout) if self.returncode is None else self.returncode
        if code is None:
            raise subprocess.TimeoutExpired("forked process", timeout or 0.0)
        return code

    def _ended(self, timeout: float | None) -> int | None:
        """Listen for the end. A line that breaks without a word means the server, and so the process, was killed."""
        self._line.settimeout(timeout)
        try:
            word = self._line.recv(NUMBER.size)
        except (BlockingIOError, TimeoutError):
            return None
        except OSError:
            word = b""
        self.returncode = int(NUMBER.unpack(word)[1]) if word else -signal.SIGKILL
        self._line.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal the process and everything it started."""
        if self.poll() is None:
            try:
                self._line.send(bytes([number]))
            except OSError:
                self.poll()

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Let go of the process: without its life-line it ends."""
        self._line.close()


class Server:
    """A warm server started by this process, and ended with it.

    Parameters
    ----------
    module : str
        What it preloads before it forks: a module with a function `preload`; empty: nothing.

    Attributes
    ----------
    folder : Path
        Private folder with the server's socket and those of its kernels; the server removes it when it ends.
    socket : str
        Path of the socket that processes are ordered on. It can be asked at once: orders wait until the imports are done.
    """

    own: ClassVar[dict[tuple[int, str], list[Server]]] = {}

    def __init__(self, module: str = "") -> None:
        if not supported():
            raise Unavailable("this system cannot fork kernels")
        self.folder = private_folder()
        self.socket = str(self.folder / "warm")
        self._source = _stamp()
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self.socket)
            listener.listen(BACKLOG)
            self.process = self._started(listener.fileno(), module)

    def _started(self, listener: int, module: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "aidlib.fleet.server", str(self.folder), str(listener), module],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **NO_THREADS},
            pass_fds=[listener],
            start_new_session=True,
        )

    @property
    def runs(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    @property
    def current(self) -> bool:
        """Whether aidlib's source is what it imported."""
        return self._source == _stamp()

    def end(self) -> None:
        """End the server and every process it forked."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @classmethod
    def shared(cls, module: str, current: bool = True) -> Server:
        """Return this process's server of a module, started when first asked for and again when it died.

        Where it has to be current it is started again when the source has changed, too; the older one is kept, because kernels that
        people work in may live by it.
        """
        started = cls.own.setdefault((os.getpid(), module), [])
        if not started or not started[-1].runs or (current and not started[-1].current):
            if sum(not one.runs for one in started) >= MOST_SERVERS:
                raise Unavailable("warm servers die again and again")
            started.append(cls(module))
        return started[-1]


def supported() -> bool:
    """Tell whether this system can fork kernels safely: Linux with process descriptors.

    macOS can fork, but its system libraries break in a forked child.
    """
    return sys.platform == "linux" and hasattr(os, "fork") and hasattr(os, "pidfd_open") and hasattr(os, "memfd_create")


def _stamp() -> tuple[tuple[str, int], ...]:
    return tuple((str(path), path.stat().st_mtime_ns) for path in source_files())


def socket_path(module: str, current: bool = True) -> str:
    """Return the socket of the server named in the environment (a fleet's), or of this process's own."""
    named = os.environ.get(VARIABLE, "")
    if named == OFF:
        raise Unavailable(f"{VARIABLE} is {OFF}")
    return named or Server.shared(module, current).socket


def private_folder() -> Path:
    """Make a private folder among the temporary ones, in that of the server the environment names, or else of this process.

    What a killed process has left behind is cleared by the next one that asks.
    """
    named = os.path.dirname(os.environ.get(VARIABLE, ""))
    return Path(tempfile.mkdtemp(prefix="", dir=named if os.path.isdir(named) else _of_process(os.getpid())))


@cache
def _of_process(process: int) -> Path:
    base = Path(tempfile.gettempdir()) / f"aidlib-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    base.mkdir(mode=PRIVATE, exist_ok=True)
    if base.is_symlink() or (hasattr(os, "getuid") and base.stat().st_uid != os.getuid()):
        base = Path(tempfile.mkdtemp(prefix="aidlib-"))  # somebody else's: ours is nowhere that others can guess
    folder = locked_folder(base, f"{process}-{uuid.uuid4().hex[:4]}", base)

    def clear() -> None:
        if os.getpid() == process:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clear)
    return folder
