"""The fleet's end of a kernel: no fixed waits. It starts on the kernel's own word and ends when the kernel has ended."""

from __future__ import annotations

import time
from contextlib import suppress
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from aidlib.reports import kernels

ANSWER_SECONDS = 1.0
NO_HISTORY = "--HistoryManager.enabled=False"


class PromptClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel has answered and its output channel has been heard."""

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


class WarmManager(AsyncKernelManager):
    """A kernel manager that knows the warm kernelspec without having it installed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._kernel_spec = kernels.kernel_spec()
        self.client_factory = PromptClient


class FleetClient(NotebookClient):
    """Executes a notebook on a warm kernel and leaves the notebook's own kernelspec as it is."""

    def __init__(self, nb: Any, **kwargs: Any) -> None:
        super().__init__(nb, kernel_manager_class=WarmManager, kernel_name=kernels.NAME, **kwargs)
        self.extra_arguments = [NO_HISTORY]
        self.was_warm = False

    async def async_start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel and remember which kind it is."""
        await super().async_start_new_kernel(**kwargs)
        self.was_warm = bool(getattr(getattr(self.km, "provisioner", None), "was_warm", False))
