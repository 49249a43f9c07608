"""A kernel forked by a warm parent, held like any other process: ordered, signalled and waited for over one connection."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
from collections.abc import Sequence

from aidlib.reports.warm_parent import LAUNCH, SIGNAL

START_SECONDS = 60
INTEGER = struct.calcsize("i")


class Unavailable(Exception):
    """No warm kernel can be had; the message says why. A cold one can."""


class WarmProcess:
    """A kernel forked by a warm parent, with the face of `subprocess.Popen` that a kernel manager needs.

    Parameters
    ----------
    path : str
        The parent's socket.
    argv : sequence of str
        Arguments of the kernel, without the interpreter.
    env : dict
        Its whole environment.
    cwd : str
        Its working directory.
    memory : int
        Megabytes it may have, 0 for no limit.
    streams : sequence of int
        Its standard input, output and error.

    Raises
    ------
    Unavailable
        The parent is gone, will not fork, or the kernel did not come up.
    """

    stdin = stdout = stderr = None

    def __init__(
        self, path: str, argv: Sequence[str], env: dict[str, str], cwd: str, memory: int, streams: Sequence[int]
    ) -> None:
        self.returncode: int | None = None
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.settimeout(START_SECONDS)
        try:
            self._line.connect(path)
            order = {"argv": list(argv), "env": env, "cwd": cwd, "memory": memory}
            self.pid = self._ordered(json.dumps(order).encode(), streams)
        except OSError as error:
            self._line.close()
            raise Unavailable(f"the warm parent does not answer ({error})") from None

    def _ordered(self, order: bytes, streams: Sequence[int]) -> int:
        ready, told = os.pipe()
        text = os.memfd_create("order")
        try:
            os.write(text, order)
            os.lseek(text, 0, os.SEEK_SET)
            socket.send_fds(self._line, [LAUNCH], [text, told, *streams])
        finally:
            os.close(text)
            os.close(told)
        with open(ready, "rb") as answer:
            word = self._line.recv(INTEGER)
            if len(word) < INTEGER or not answer.read(1):
                raise ConnectionError("no kernel came up")
        return int(struct.unpack("i", word)[0])

    def fileno(self) -> int:
        """The descriptor that becomes readable when the kernel has ended."""
        return self._line.fileno()

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, or None while the kernel runs."""
        return self._ended(0.0) if self.returncode is None else self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code."""
        code = self._ended(timeout) if self.returncode is None else self.returncode
        if code is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0.0)
        return code

    def _ended(self, timeout: float | None) -> int | None:
        """Listen for the end. A line that breaks without a word means the parent, and so the kernel, was killed."""
        self._line.settimeout(timeout)
        try:
            word = self._line.recv(INTEGER)
        except (BlockingIOError, TimeoutError):
            return None
        except OSError:
            word = b""
        self.returncode = int(struct.unpack("i", word)[0]) if len(word) == INTEGER else -signal.SIGKILL
        self._line.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal the kernel and everything it started, through its parent, which knows whether it still lives."""
        if self.poll() is None:
            try:
                self._line.settimeout(None)
                self._line.sendall(SIGNAL + bytes([number]))
            except OSError:
                self.poll()

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Let go of the kernel: without its life-line it ends."""
        self._line.close()
