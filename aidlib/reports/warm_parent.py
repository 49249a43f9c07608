"""The warm parent: imports the heavy libraries once, then forks one fresh kernel for every connection.

Run as `python -P -m aidlib.reports.warm_parent FOLDER LISTENER` by `warm.Parent`. It holds no zmq context, thread or event loop.
One connection to the listening socket is one kernel and its life-line: when the connection goes, so does the kernel; when the
parent goes, so do all. The parent itself ends when its standard input closes, whatever way the process at the other end ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import random
import selectors
import shutil
import signal
import socket
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aidlib.reports.preload import preload

PR_SET_PDEATHSIG = 1
LAUNCH, SIGNAL = b"l", b"s"
HANDLES = 5


@dataclass
class Child:
    """A forked kernel: its pid, the descriptor that tells its end, and the connection it lives by."""

    pid: int
    ended: int
    line: socket.socket


@dataclass(frozen=True)
class Order:
    """What a kernel is started with; `ready` is the handle to say so on, memory is in MB (0: no limit)."""

    argv: list[str]
    env: dict[str, str]
    cwd: str
    memory: int
    ready: int


class Parent:
    """The loop: accept, fork, pass signals on, tell ends."""

    def __init__(self, listener: int) -> None:
        self.pid = os.getpid()
        self.listener = socket.socket(fileno=listener)
        self.events = selectors.DefaultSelector()
        self.events.register(self.listener, selectors.EVENT_READ, self._accept)
        self.events.register(sys.stdin.fileno(), selectors.EVENT_READ, None)
        self.children: dict[socket.socket, Child | None] = {}

    def serve(self) -> Order | None:
        """Run until standard input closes (None), or, in a forked child, return what kernel to become."""
        while True:
            for key, _ in self.events.select():
                if key.data is None:
                    return None
                order = key.data(key.fileobj)
                if order is not None:
                    return order  # type: ignore[no-any-return]

    def _accept(self, _listener: object) -> None:
        try:
            line, _ = self.listener.accept()
        except OSError:
            return
        self.children[line] = None
        self.events.register(line, selectors.EVENT_READ, self._heard)

    def _heard(self, line: socket.socket) -> Order | None:
        """A message on a connection: an order for a kernel, a signal for it, or its end."""
        if line not in self.children:
            return None
        try:
            words, handles, _, _ = socket.recv_fds(line, 2, HANDLES)
        except OSError:
            words, handles = b"", []
        if words[:1] == LAUNCH and len(handles) == HANDLES and self.children[line] is None:
            return self._launch(line, handles)
        for handle in handles:
            os.close(handle)
        if words[:1] == SIGNAL:
            _signal(self.children[line], words[1])
        else:
            self._hang_up(line)
        return None

    def _launch(self, line: socket.socket, handles: list[int]) -> Order | None:
        order, ready, *streams = handles
        with open(order, "rb") as text:
            wanted = json.loads(text.read())
        pid = _forked()
        if pid == 0:
            return self._become(wanted, ready, streams)
        for handle in (ready, *streams):
            os.close(handle)
        if pid < 0:
            self._hang_up(line)
        else:
            self._mind(Child(pid, os.pidfd_open(pid), line))
        return None

    def _mind(self, child: Child) -> None:
        """Watch for the kernel's end and tell its number; who has hung up meanwhile is heard next."""
        self.children[child.line] = child
        self.events.register(child.ended, selectors.EVENT_READ, lambda _: self._ended(child))
        with contextlib.suppress(OSError):
            child.line.sendall(struct.pack("i", child.pid))

    def _become(self, wanted: dict[str, Any], ready: int, streams: list[int]) -> Order:
        """In the child: let go of everything that is the parent's."""
        os.setsid()
        die_with_parent()
        if os.getppid() != self.pid:
            os._exit(1)
        for child in self.children.values():
            if child is not None:
                os.close(child.ended)
        for line in self.children:
            line.close()
        self.listener.close()
        self.events.close()
        for handle, number in zip(streams, (0, 1, 2), strict=True):
            os.dup2(handle, number)
            os.close(handle)
        return Order(**wanted, ready=ready)

    def _ended(self, child: Child) -> None:
        """A kernel has ended: end what it left behind before its number can be used again, then tell."""
        _signal(child, signal.SIGKILL)
        _, status = os.waitpid(child.pid, 0)
        self.events.unregister(child.ended)
        os.close(child.ended)
        self.children[child.line] = None
        with contextlib.suppress(OSError):
            child.line.sendall(struct.pack("i", os.waitstatus_to_exitcode(status)))
        self._hang_up(child.line)

    def _hang_up(self, line: socket.socket) -> None:
        child = self.children.get(line)
        if child is not None:
            _signal(child, signal.SIGKILL)
            self.events.unregister(line)
            return
        del self.children[line]
        with contextlib.suppress(KeyError):
            self.events.unregister(line)
        line.close()


def _forked() -> int:
    """Fork if it is safe: 0 in the child, the child's number in the parent, -1 where there are threads or no room."""
    if len(os.listdir("/proc/self/task")) > 1:
        return -1
    try:
        return os.fork()
    except OSError:
        return -1


def _signal(child: Child | None, number: int) -> None:
    """Signal a kernel and what it started; its number is its own until the parent has waited for it."""
    if child is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)


def become_kernel(order: Order) -> None:
    """Turn this forked process into the kernel that was ordered, as if it had been started by itself."""
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(order.env)
    time.tzset()
    os.chdir(order.cwd)
    limit_memory(order.memory)
    _reseed()
    _kernel(order)


def limit_memory(megabytes: int) -> None:
    """Let this process have so much memory of its own and no more; 0 is no limit."""
    import resource

    if megabytes:
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20,) * 2)


def die_with_parent() -> None:
    """Have the system kill this process when the one that started it goes. Linux only."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _reseed() -> None:
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def _kernel(order: Order) -> None:
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = order.argv
    app = IPKernelApp.instance()
    app.initialize([*order.argv[1:], "--IPKernelApp.parent_handle=1"])  # type: ignore[no-untyped-call]
    if inline := sys.modules.get("matplotlib_inline.backend_inline"):
        inline._enable_matplotlib_integration()
    os.write(order.ready, b"1")
    os.close(order.ready)
    app.start()  # type: ignore[no-untyped-call]


def main(folder: Path, listener: int) -> None:
    """Serve until standard input closes; in a forked child, be a kernel."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = Parent(listener)
    preload()
    order = parent.serve()
    if order is not None:
        become_kernel(order)
    else:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
