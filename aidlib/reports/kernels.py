"""Warm kernels for every Jupyter client: a provisioner that forks from a warm parent, and starts a cold kernel where it cannot."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from aidlib.reports import warm
from aidlib.reports.forked import Unavailable, WarmProcess

NAME = "aidlib-warm"
LAUNCHER = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
MODULE_ARGUMENT = 3
EXIT_SECONDS = 2.0
STREAMS = ("stdin", "stdout", "stderr")
HONOURED = {"env", "cwd", *STREAMS, "independent", "extra_arguments", "kernel_id", "preexec_fn"}


@dataclass(frozen=True)
class Bound:
    """Given as `preexec_fn`: a kernel that has so many megabytes (0: no limit) and is killed when its starter goes.

    A forked kernel is bound the same way without it being called.
    """

    memory: int = 0

    def __call__(self) -> None:
        from aidlib.reports import warm_parent

        warm_parent.limit_memory(self.memory)
        if sys.platform == "linux":
            warm_parent.die_with_parent()


def spec() -> dict[str, Any]:
    """Return the kernelspec of warm kernels; the same interpreter and arguments as a plain Python kernel.

    Examples
    --------
    >>> spec()["metadata"]["kernel_provisioner"]["provisioner_name"]
    'aidlib-warm'
    """
    return {
        "argv": LAUNCHER,
        "display_name": "Python 3 (aidlib, warm)",
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {"debugger": True, "kernel_provisioner": {"provisioner_name": NAME}},
    }


def kernel_spec() -> KernelSpec:
    """Return the kernelspec as jupyter_client's object, for clients that need no installed one."""
    return KernelSpec(**spec())


def install(prefix: str | Path = sys.prefix) -> Path:
    """Write the kernelspec below a prefix, so that papermill, nbval and JupyterLab find it by name.

    Returns
    -------
    Path
        The file written.
    """
    folder = Path(prefix) / "share" / "jupyter" / "kernels" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "kernel.json"
    file.write_text(json.dumps(spec(), indent=1), encoding="utf-8")
    return file


class WarmProvisioner(LocalProvisioner):
    """Forks each kernel from a warm parent, over IPC; falls back to a cold kernel, saying why."""

    process: Any
    folder: Path | None = None
    was_warm = False

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose IPC in a private folder before the connection file is written."""
        if hasattr(socket, "AF_UNIX"):
            self._use_ipc()
        return await super().pre_launch(**kwargs)

    def _use_ipc(self) -> None:
        manager = self.parent
        if manager is not None and manager.transport == "tcp" and not manager.shell_port:
            self.folder = Path(tempfile.mkdtemp(prefix="aidlib-", dir=warm.private_folder()))
            manager.transport, manager.ip = "ipc", str(self.folder / "k")
            manager.connection_file = manager.connection_file or str(self.folder / "kernel.json")

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel; any reason not to is logged, and a cold kernel is started with the same command."""
        try:
            self.process = await asyncio.to_thread(self._fork, cmd, kwargs)
        except (Unavailable, OSError) as reason:
            self._cold(reason)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd", Path.cwd())
        self.was_warm = True
        return self.connection_info

    def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> WarmProcess:
        if reason := _unlike(cmd, kwargs):
            raise Unavailable(reason)
        cwd, env, bound = str(kwargs.get("cwd") or Path.cwd()), dict(kwargs["env"]), kwargs.get("preexec_fn", Bound())
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            streams = [_handle(kwargs.get(name), nothing, at) for at, name in enumerate(STREAMS)]
            argv = cmd[MODULE_ARGUMENT - 1 :]
            return WarmProcess(warm.socket_path(), argv, env, cwd, bound.memory, streams)
        finally:
            os.close(nothing)

    def _cold(self, reason: Exception) -> None:
        self.was_warm = False
        self.log.warning("aidlib: a cold kernel is started instead of a warm one: %s", reason)

    async def wait(self) -> int | None:
        """Wait for the end without polling."""
        if not isinstance(self.process, WarmProcess):
            return await super().wait()
        await self._ended()
        code: int = self.process.wait()
        self.process = None
        return code

    async def _ended(self) -> None:
        if self.process.poll() is not None:
            return
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        handle = self.process.fileno()
        loop.add_reader(handle, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(handle)

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel and everything it started."""
        if isinstance(self.process, WarmProcess):
            self.process.send_signal(signum)
        else:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and wait a while for its end, so that a manager need not look for it ten times a second."""
        await super().kill(restart=restart)
        if isinstance(self.process, WarmProcess):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended(), EXIT_SECONDS)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the private folder when the kernel will not come back."""
        if self.folder is not None and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)
        await super().cleanup(restart=restart)


def _main() -> None:
    print(f"aidlib: warm kernels installed as {NAME!r}: {install()}")


def _handle(stream: Any, nothing: int, inherited: int) -> int:
    """The descriptor a kernel gets for a stream: its own file, nothing for input, else this process's."""
    if stream is None:
        return nothing if inherited == 0 else inherited
    return (
        stream
        if isinstance(stream, int) and stream >= 0
        else nothing
        if isinstance(stream, int)
        else int(stream.fileno())
    )


def _unlike(cmd: list[str], kwargs: dict[str, Any]) -> str:
    """Say why this kernel could not be the same when forked, or nothing."""
    if unknown := set(kwargs) - HONOURED:
        return f"a start option that a fork cannot honour: {', '.join(sorted(unknown))}"
    if not isinstance(kwargs.get("preexec_fn", Bound()), Bound):
        return "a function is to run before the start"
    if subprocess.PIPE in [kwargs.get(name) for name in STREAMS]:
        return "its output is to go through a pipe"
    if cmd[:MODULE_ARGUMENT] != LAUNCHER[:MODULE_ARGUMENT]:
        return "another interpreter is asked for"
    changed = [name for name in warm.INTERPRETER_VARIABLES if kwargs["env"].get(name) != os.environ.get(name)]
    return f"{', '.join(changed)} differs from the warm parent's" if changed else ""


if __name__ == "__main__":
    _main()
