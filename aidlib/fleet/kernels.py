"""Kernels for every Jupyter client, forked from a warm server, started cold where that cannot be; and the fleet's own end of one."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient import NotebookClient
from traitlets import Unicode

from aidlib.fleet import server, warm
from aidlib.fleet.warm import ForkedProcess, Unavailable

NAME = "aidlib-warm"
LAUNCHER = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
MODULE_ARGUMENT = 3
ANSWER_SECONDS, EXIT_SECONDS = 1.0, 2.0
STREAMS = ("stdin", "stdout", "stderr")
HONOURED = {"env", "cwd", *STREAMS, "independent", "extra_arguments", "kernel_id", "preexec_fn"}
INTERPRETER_VARIABLES = ("PYTHONPATH", "PYTHONHOME", "PYTHONHASHSEED", "LD_LIBRARY_PATH", "LD_PRELOAD")
NO_HISTORY = "--HistoryManager.enabled=False"


@dataclass(frozen=True)
class Bound:
    """Given as `preexec_fn`: a kernel that has so many megabytes (0: no limit) and is killed when its starter goes.

    A forked kernel is bound the same way without it being called.
    """

    memory: int = 0

    def __call__(self) -> None:
        server.limit_memory(self.memory)
        server.die_with_parent()


def spec(module: str) -> dict[str, Any]:
    """Return the kernelspec of warm kernels; the same interpreter and arguments as a plain Python kernel.

    Examples
    --------
    >>> spec("")["metadata"]["kernel_provisioner"]["provisioner_name"]
    'aidlib-warm'
    """
    provisioner = {"provisioner_name": NAME, "config": {"module": module}}
    return {
        "argv": LAUNCHER,
        "display_name": "Python 3 (aidlib, warm)",
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {"debugger": True, "kernel_provisioner": provisioner},
    }


def install(module: str, prefix: str | Path = sys.prefix) -> Path:
    """Write the kernelspec below a prefix, so that papermill, nbval and JupyterLab find it by name."""
    folder = Path(prefix) / "share" / "jupyter" / "kernels" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "kernel.json"
    file.write_text(json.dumps(spec(module), indent=1), encoding="utf-8")
    return file


class WarmProvisioner(LocalProvisioner):
    """Forks each kernel from a warm server, over IPC; falls back to a cold kernel, saying why."""

    module = Unicode("", config=True)
    process: Any
    folder: Path | None = None
    was_warm = False

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose IPC in a private folder before the connection file is written."""
        manager = self.parent
        if hasattr(socket, "AF_UNIX") and manager is not None and manager.transport == "tcp" and not manager.shell_port:
            self.folder = warm.private_folder()
            manager.transport, manager.ip = "ipc", str(self.folder / "k")
            manager.connection_file = manager.connection_file or str(self.folder / "kernel.json")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel; any reason not to is logged, and a cold kernel is started with the same command."""
        try:
            self.process = await asyncio.to_thread(self._fork, cmd, kwargs)
        except (Unavailable, OSError) as reason:
            self.was_warm = False
            self.log.warning("aidlib: a cold kernel is started instead of a warm one: %s", reason)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd", Path.cwd())
        self.was_warm = True
        return self.connection_info

    def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> ForkedProcess:
        if reason := _unlike(cmd, kwargs):
            raise Unavailable(reason)
        cwd, env, bound = str(kwargs.get("cwd") or Path.cwd()), dict(kwargs["env"]), kwargs.get("preexec_fn", Bound())
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            streams = [_handle(kwargs.get(name), nothing, at) for at, name in enumerate(STREAMS)]
            argv = cmd[MODULE_ARGUMENT - 1 :]
            path, call = warm.socket_path(self.module), f"{__name__}:become_kernel"
            return ForkedProcess(path, call, [argv], env=env, cwd=cwd, memory=bound.memory, streams=streams)
        finally:
            os.close(nothing)

    async def wait(self) -> int | None:
        """Wait for the end without polling."""
        if not isinstance(self.process, ForkedProcess):
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
        if isinstance(self.process, ForkedProcess):
            self.process.send_signal(signum)
        else:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and wait a while for its end, so that a manager need not look for it ten times a second."""
        await super().kill(restart=restart)
        if isinstance(self.process, ForkedProcess):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended(), EXIT_SECONDS)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the private folder when the kernel will not come back."""
        if self.folder is not None and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)
        await super().cleanup(restart=restart)


def become_kernel(ready: int, argv: list[str]) -> None:
    """In a forked process: be an IPython kernel, and say so when its channels are there."""
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = argv
    app = IPKernelApp.instance()
    app.initialize([*argv[1:], "--IPKernelApp.parent_handle=1"])  # type: ignore[no-untyped-call]
    if inline := sys.modules.get("matplotlib_inline.backend_inline"):
        inline._enable_matplotlib_integration()
    os.write(ready, b"1")
    os.close(ready)
    app.start()  # type: ignore[no-untyped-call]


def _handle(stream: Any, nothing: int, inherited: int) -> int:
    """The descriptor a kernel gets for a stream: its own file, nothing for input, else this process's."""
    if stream is None:
        return nothing if inherited == 0 else inherited
    if isinstance(stream, int):
        return stream if stream >= 0 else nothing
    return int(stream.fileno())


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
    changed = [name for name in INTERPRETER_VARIABLES if kwargs["env"].get(name) != os.environ.get(name)]
    return f"{', '.join(changed)} differs from the warm server's" if changed else ""


class PromptClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel has answered and its output channel has been heard: no fixed waits."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask for the kernel's information until both its reply and the end of that request's output are here."""
        until = time.monotonic() + (timeout or float("inf"))
        with suppress(Empty):  # the kernel welcomes whoever has joined its output channel
            await self.iopub_channel.get_msg(timeout=ANSWER_SECONDS)
        while time.monotonic() < until:
            asked = self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=ANSWER_SECONDS)
                if reply["msg_type"] == "kernel_info_reply" and await self._heard(asked):
                    self._handle_kernel_info_reply(reply)
                    return
            except Empty:
                pass
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _heard(self, asked: str) -> bool:
        """Whether the output channel carried the end of a request; it may have been joined too late for that."""
        try:
            while True:
                message = await self.iopub_channel.get_msg(timeout=ANSWER_SECONDS / 5)
                idle = message["content"].get("execution_state") == "idle"
                if idle and message["parent_header"].get("msg_id") == asked:
                    return True
        except Empty:
            return False


class FleetClient(NotebookClient):
    """Executes a notebook on a warm kernel, without an installed kernelspec, and leaves the notebook's own as it is."""

    def __init__(self, notebook: Any, module: str, **kwargs: Any) -> None:
        super().__init__(notebook, kernel_name=NAME, **kwargs)
        self.extra_arguments = [NO_HISTORY]
        self.module, self.was_warm = module, False

    def create_kernel_manager(self) -> AsyncKernelManager:
        """Make a manager of warm kernels."""
        self.km = AsyncKernelManager(kernel_name=NAME, config=self.config)
        self.km._kernel_spec = KernelSpec(**spec(self.module))
        self.km.client_factory = PromptClient
        return self.km

    async def async_start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel and remember which kind it is."""
        await super().async_start_new_kernel(**kwargs)
        self.was_warm = bool(getattr(getattr(self.km, "provisioner", None), "was_warm", False))
