"""The warm server: imports the heavy libraries once, then forks one fresh process for every connection.

Run as `python -P -m aidlib.fleet.server FOLDER LISTENER MODULE` by `warm.Server`; MODULE has a function `preload`. It holds no zmq context,
thread or event loop. For each connection it forks a minder, which forks the process that is ordered on it and minds nothing else: it passes
signals on and tells the end. The connection is the process's life-line: when it goes, or the minder, or the server, so does the process.
The server itself ends when its standard input closes, whatever way the process at the other end ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
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
from pathlib import Path
from typing import Any, NoReturn

PR_SET_PDEATHSIG = 1
MOST_BYTES, HANDLES = 150_000, 3
NUMBER = struct.Struct("ci")
UP, ENDED = b"u", b"e"


def main(folder: Path, listener: int, module: str) -> None:
    """Serve until standard input closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # minders are waited for by nobody
    if module:
        importlib.import_module(module).preload()
    if line := _asked(socket.socket(fileno=listener)):
        _mind(line)
    shutil.rmtree(folder, ignore_errors=True)


def _asked(listener: socket.socket) -> socket.socket | None:
    """Fork a minder for every connection; return None in the server when it is over, in a minder its connection."""
    with selectors.DefaultSelector() as events:
        events.register(listener, selectors.EVENT_READ)
        events.register(sys.stdin.fileno(), selectors.EVENT_READ)
        while all(key.fileobj is listener for key, _ in events.select()):
            with contextlib.suppress(OSError), listener.accept()[0] as line:
                if _fork() == 0:
                    listener.close()
                    return line.dup()
    return None


def _fork() -> int:
    """Fork if it is safe: 0 in the child, the child's number in its parent, -1 where there are threads or no room.

    The child is killed when its parent goes.
    """
    parent = os.getpid()
    if len(os.listdir("/proc/self/task")) > 1:
        return -1
    try:
        child = os.fork()
    except OSError:
        return -1
    if child == 0:
        os.setsid()
        die_with_parent()
        if os.getppid() != parent:
            os._exit(1)
    return child


def _mind(line: socket.socket) -> NoReturn:
    """Start the process that is ordered on a connection; pass signals on until it ends, and tell its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    words, streams, _, _ = socket.recv_fds(line, MOST_BYTES, HANDLES)
    if len(streams) != HANDLES:
        os._exit(0)  # whoever asked has gone
    up, told = os.pipe()
    child = _fork()
    if child == 0:
        line.close()
        os.close(up)
        _become(json.loads(words), told, streams)
        sys.exit(0)
    if child < 0:
        os._exit(0)
    for handle in (told, *streams):
        os.close(handle)
    with selectors.DefaultSelector() as events:
        for handle in (up, line.fileno(), os.pidfd_open(child)):
            events.register(handle, selectors.EVENT_READ)
        while True:
            for handle in sorted(key.fd for key, _ in events.select()):
                if handle == up:
                    events.unregister(up)
                    _say(line, UP if os.read(up, 1) else b"", child)
                elif handle == line.fileno():
                    word = line.recv(1)
                    _signal(child, word[0] if word else signal.SIGKILL)
                    if not word:
                        events.unregister(line.fileno())
                else:
                    _over(line, child)


def _over(line: socket.socket, child: int) -> NoReturn:
    """The process has ended: end what it left behind before its number can be used again, then tell."""
    _signal(child, signal.SIGKILL)
    _say(line, ENDED, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    os._exit(0)


def _say(line: socket.socket, kind: bytes, number: int) -> None:
    if kind:
        with contextlib.suppress(OSError):
            line.send(NUMBER.pack(kind, number))


def _signal(child: int, number: int) -> None:
    """Signal a process and what it started, or itself where it has not come to lead a group yet; its number is its own until waited for."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        try:
            os.killpg(child, number)
        except ProcessLookupError:
            os.kill(child, number)


def _become(order: dict[str, Any], told: int, streams: list[int]) -> None:
    """Turn this forked process into the one that was ordered, as if it had been started by itself."""
    for handle, number in zip(streams, (0, 1, 2), strict=True):
        os.dup2(handle, number)
        os.close(handle)
    for each in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(each, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    os.chdir(order["cwd"])
    limit_memory(order["memory"])
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    module, _, name = order["call"].partition(":")
    getattr(importlib.import_module(module), name)(told, *order["arguments"])


def limit_memory(megabytes: int) -> None:
    """Let this process have so much memory of its own and no more; 0 is no limit."""
    import resource

    if megabytes:
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20,) * 2)


def die_with_parent() -> None:
    """Have the system kill this process when the one that started it goes. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
