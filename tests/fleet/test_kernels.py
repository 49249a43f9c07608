"""Warm kernels behave like any other kernel, share nothing, and are gone when whoever they live by is gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from fleet_drill import notebook
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from aidlib.commands.press import PRESS
from aidlib.fleet import kernels, warm
from aidlib.fleet.warm import ForkedProcess

RUNNING = set("RSDI")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, server: warm.Server) -> Iterator[Path]:
    """The kernelspec below a prefix of its own, found by every Jupyter client."""
    prefix = tmp_path_factory.mktemp("prefix")
    kernels.install(PRESS.module, prefix)
    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = str(prefix / "share" / "jupyter")
    yield prefix
    os.environ.pop("JUPYTER_PATH")
    if before:
        os.environ["JUPYTER_PATH"] = before


@pytest.fixture
def kernel(installed: Path, tmp_path: Path) -> Iterator[KernelManager]:
    """A running warm kernel, started the way a plain Jupyter client does."""
    manager = KernelManager(kernel_name=kernels.NAME)
    manager.start_kernel(cwd=str(tmp_path))
    yield manager
    manager.shutdown_kernel(now=True)


def said(manager: KernelManager, code: str, timeout: float = 30) -> str:
    """Run code in a kernel and return what it printed, or the name of its error."""
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=30)
    printed: list[str] = []

    def hear(message: dict[str, object]) -> None:
        content = message["content"]
        printed.append(str(content.get("text") or content.get("ename") or ""))  # type: ignore[attr-defined]

    try:
        client.execute_interactive(code, timeout=timeout, output_hook=hear)
    finally:
        client.stop_channels()
    return "".join(printed).strip()


def gone(pid: int, seconds: float = 5) -> bool:
    """Wait for a process to end or to be stopped; a zombie has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state not in RUNNING:
            return True
        time.sleep(0.02)
    return False


def test_it_is_forked_and_speaks_over_ipc(kernel: KernelManager) -> None:
    """A warm kernel has its libraries already, and its channels are sockets in a private folder, not TCP ports."""
    assert kernel.provisioner.was_warm
    assert kernel.transport == "ipc"
    assert Path(kernel.ip).parent.stat().st_mode & 0o077 == 0
    assert said(kernel, "import sys; print('pandas' in sys.modules, 'statsmodels' in sys.modules)") == "True True"


def test_nothing_leaks_between_kernels(installed: Path, tmp_path: Path) -> None:
    """Variables, environment, working directory, time zone and random numbers of one kernel are not those of the next."""
    code = "import os, random, time, numpy; print(os.getcwd(), time.tzname[0], random.random(), numpy.random.rand(), 'x' in dir())"
    answers = []
    for zone in ("UTC", "Asia/Shanghai"):
        (place := tmp_path / zone).mkdir(parents=True)
        manager = KernelManager(kernel_name=kernels.NAME)
        manager.start_kernel(cwd=str(place), env={**os.environ, "TZ": zone})
        said(manager, "import os; x = 1; os.environ['AIDLIB_LEAK'] = '1'")
        manager.restart_kernel(now=True)
        answers.append(said(manager, code).split())
        assert said(manager, "import os; print('AIDLIB_LEAK' in os.environ)") == "False"
        manager.shutdown_kernel(now=True)
    assert [answer[0] for answer in answers] == [str(tmp_path / "UTC"), str(tmp_path / "Asia/Shanghai")]
    assert [answer[1] for answer in answers] == ["UTC", "CST"]
    assert answers[0][2:4] != answers[1][2:4]
    assert [answer[4] for answer in answers] == ["False", "False"]


def test_interrupt_reaches_the_running_cell(kernel: KernelManager) -> None:
    """An interrupt ends the cell with KeyboardInterrupt, and the kernel goes on."""
    client = kernel.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=30)
    asked = client.execute("import time; print('begun', flush=True); time.sleep(60)")
    while client.get_iopub_msg(timeout=10)["msg_type"] != "stream":
        pass
    kernel.interrupt_kernel()
    reply = client.get_shell_msg(timeout=10)
    assert reply["parent_header"]["msg_id"] == asked
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    client.stop_channels()
    assert said(kernel, "print(1)") == "1"


def test_restart_keeps_the_connection_and_drops_the_state(kernel: KernelManager) -> None:
    """After a restart the same connection leads to a new process without the old one's variables."""
    before, connection = kernel.provisioner.pid, kernel.get_connection_info()
    said(kernel, "x = 1")
    kernel.restart_kernel()
    assert kernel.provisioner.pid != before
    assert gone(before)
    assert kernel.get_connection_info()["shell_port"] == connection["shell_port"]
    assert said(kernel, "print(x)") == "NameError"


def test_a_killed_kernel_is_seen_dead(kernel: KernelManager) -> None:
    """A kernel killed from outside is not alive for its manager, and its exit code tells the signal."""
    os.kill(kernel.provisioner.pid, signal.SIGKILL)
    assert gone(kernel.provisioner.pid)
    until = time.monotonic() + 5
    while kernel.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    assert kernel.provisioner.process.returncode == -signal.SIGKILL


def test_a_kernel_that_is_slow_to_die_is_no_error(kernel: KernelManager, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill that takes longer than it should, as on a busy machine, does not spoil a report that is finished."""

    async def never() -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(kernels, "EXIT_SECONDS", 0.01)
    monkeypatch.setattr(kernel.provisioner, "_ended", never)
    asyncio.run(kernel.provisioner.kill())
    monkeypatch.undo()


def test_what_a_kernel_started_ends_with_it(kernel: KernelManager) -> None:
    """A process that a cell started in the background does not outlive a killed kernel."""
    child = int(said(kernel, "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"))
    kernel.shutdown_kernel(now=True)
    assert gone(child)


def test_a_shutdown_that_is_asked_for_is_clean(installed: Path, tmp_path: Path) -> None:
    """A kernel that is asked to end runs its exit handlers and leaves with code 0 and no file behind."""
    manager = KernelManager(kernel_name=kernels.NAME)
    manager.start_kernel(cwd=str(tmp_path))
    said(manager, "import atexit, pathlib; atexit.register(lambda: pathlib.Path('ended').touch())")
    folder = Path(manager.ip).parent
    manager.shutdown_kernel()
    assert (tmp_path / "ended").exists()
    assert not folder.exists()


def test_figures_are_shown(installed: Path) -> None:
    """Matplotlib, imported before the fork, still draws into the notebook."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import matplotlib.pyplot as plt; plt.plot([1, 2]); None")]
    )
    NotebookClient(made, kernel_name=kernels.NAME, timeout=60).execute()
    assert [sorted(output.data) for output in made.cells[0].outputs] == [["image/png", "text/plain"]]


def test_a_cell_that_hangs_is_timed_out(installed: Path) -> None:
    """nbclient's own time limit works on a warm kernel, and the kernel is gone afterwards."""
    from nbclient.exceptions import CellTimeoutError

    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import time; time.sleep(60)")])
    client = NotebookClient(made, kernel_name=kernels.NAME, timeout=1)
    with pytest.raises(CellTimeoutError):
        client.execute()
    assert client.km is None or not asyncio.run(client.km.is_alive())


def test_papermill_and_nbval_take_it_by_name(installed: Path, tmp_path: Path) -> None:
    """`papermill -k aidlib-warm` passes parameters, and nbval finds the outputs reproduced on a warm kernel."""
    source = notebook(tmp_path, "plain", "print(region, lookback_months)")
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--no-progress-bar",
        "-k",
        kernels.NAME,
        "-r",
        "region",
        "450400",
        str(source),
    ]
    subprocess.run([*command, str(tmp_path / "out.ipynb")], check=True, capture_output=True, timeout=120)
    made = nbformat.read(tmp_path / "out.ipynb", 4)
    assert made.cells[-1].outputs[0].text == "450400 12\n"
    checked = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--nbval",
        f"--nbval-kernel-name={kernels.NAME}",
    ]
    answer = subprocess.run(
        [*checked, "out.ipynb"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert "3 passed" in answer.stdout, answer.stdout


def test_jupyterlab_starts_and_revives_it(installed: Path, tmp_path: Path) -> None:
    """Under the manager JupyterLab uses, a warm kernel starts, answers, and is started again by itself after kill -9."""
    from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

    async def session(managers: AsyncMappingKernelManager) -> tuple[str, bool]:
        identity = await managers.start_kernel(kernel_name=kernels.NAME, path="")
        manager = managers.get_kernel(identity)
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        status = (await client.execute("1 + 1", reply=True))["content"]["status"]
        client.stop_channels()
        os.kill(before := manager.provisioner.pid, signal.SIGKILL)
        until = time.monotonic() + 30
        while not (manager.provisioner.pid != before and manager.ready.done()) and time.monotonic() < until:
            await asyncio.sleep(0.1)
        revived = await manager.is_alive()
        await managers.shutdown_kernel(identity, now=True)
        return status, revived

    async def closed() -> tuple[str, bool]:
        managers = AsyncMappingKernelManager(root_dir=str(tmp_path), connection_dir=str(tmp_path))
        try:
            return await session(managers)
        finally:  # left to the garbage collector, pyzmq can wait for ever for its open sockets
            managers.context.destroy(linger=0)

    assert asyncio.run(closed()) == ("ok", True)


def _started(path: str, tmp_path: Path, **env: str) -> ForkedProcess:
    fresh = Path(tempfile.mkdtemp(dir=tmp_path))  # the ports of a kernel that was killed may be another's by now
    argv, call = ["ipykernel_launcher", "-f", str(fresh / "kernel.json")], "aidlib.fleet.kernels:become_kernel"
    with open(os.devnull, "r+b") as nothing:
        streams = [nothing.fileno()] * 3
        return ForkedProcess(
            path, call, [argv], env={**os.environ, **env}, cwd=str(tmp_path), memory=0, streams=streams
        )


def test_without_its_life_line_a_kernel_ends(server: warm.Server, tmp_path: Path) -> None:
    """When the connection a kernel was ordered on is closed, the kernel is killed."""
    process = _started(server.socket, tmp_path)
    assert process.poll() is None
    process.close()
    assert gone(process.pid)


def test_a_kernel_and_its_starter_may_go_at_once(server: warm.Server, tmp_path: Path) -> None:
    """A kernel's end and its starter's hanging up may reach whoever minds it together, in either order; nothing is left of them."""
    for kernel_first in (True, False):
        process = _started(server.socket, tmp_path)
        minder = int(Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(minder, signal.SIGSTOP)
        assert gone(minder)
        if kernel_first:
            os.kill(process.pid, signal.SIGKILL)
            assert gone(process.pid)
            time.sleep(0.1)
        process.close()
        if not kernel_first:
            os.kill(process.pid, signal.SIGKILL)
        os.kill(minder, signal.SIGCONT)
        assert gone(process.pid)
        until = time.monotonic() + 5
        while Path(f"/proc/{minder}").exists() and time.monotonic() < until:
            time.sleep(0.02)
        assert not Path(f"/proc/{minder}").exists()
        _started(server.socket, tmp_path).close()
        assert server.process.poll() is None


def test_a_minder_that_is_killed_takes_its_kernel_along(server: warm.Server, tmp_path: Path) -> None:
    """Whoever owns a kernel is told that it is gone when the process that minds it is killed."""
    process = _started(server.socket, tmp_path)
    os.kill(int(Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[1]), signal.SIGKILL)
    assert gone(process.pid)
    assert process.wait(5) == -signal.SIGKILL


def test_a_server_outlives_a_starter_that_does_not_wait(server: warm.Server, tmp_path: Path) -> None:
    """Whoever orders a kernel and hangs up before the answer, or hangs up without an order, costs the server nothing and leaves nothing."""
    order = {
        "call": "aidlib.fleet.kernels:become_kernel",
        "arguments": [["x"]],
        "env": {},
        "cwd": str(tmp_path),
        "memory": 0,
    }
    for message in (b"", json.dumps(order).encode()):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line, open(os.devnull, "r+b") as nothing:
            os.kill(server.process.pid, signal.SIGSTOP)
            line.connect(server.socket)
            if message:
                socket.send_fds(line, [message], [nothing.fileno()] * 3)
        os.kill(server.process.pid, signal.SIGCONT)
        _started(server.socket, tmp_path).close()
        assert server.process.poll() is None
    for wait in range(20):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line, open(os.devnull, "r+b") as nothing:
            line.connect(server.socket)
            socket.send_fds(line, [json.dumps(order).encode()], [nothing.fileno()] * 3)
            time.sleep(wait / 1000)
    until = time.monotonic() + 10
    while (left := _at(tmp_path)) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


def _at(folder: Path) -> list[str]:
    """Processes whose working directory is a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            found += [process.name] if os.readlink(process / "cwd") == str(folder) else []
    return found


@pytest.mark.parametrize("how", ["kill", "close"])
def test_parent_gone_means_kernels_gone(how: str, tmp_path: Path) -> None:
    """A kernel ends with its parent, whether that was killed or its owner went; the owner of the kernel is told."""
    parent = warm.Server(PRESS.module)
    process = _started(parent.socket, tmp_path)
    if how == "kill":
        parent.process.kill()
    else:
        assert parent.process.stdin
        parent.process.stdin.close()
    assert gone(process.pid)
    assert process.wait(5) == -signal.SIGKILL
    parent.end()
    assert not parent.folder.exists()


def test_polars_is_there_for_whoever_needs_it(kernel: KernelManager) -> None:
    """Polars, kept out of the parent, can be imported in a warm kernel, and statsmodels knows its frames there."""
    code = "import polars, statsmodels.tools.data as data; print(isinstance(polars.DataFrame({'a': [1]}), data._POLARS_TYPES))"
    assert said(kernel, "import sys; print('polars' in sys.modules)") == "False"
    assert said(kernel, code) == "True"
    assert (
        said(kernel, "print(polars.DataFrame({'a': [1, 2]}).lazy().select(polars.col('a').sum()).collect().item())")
        == "3"
    )


def test_the_server_holds_no_thread(server: warm.Server) -> None:
    """The server that forks has one thread only, whatever it has imported."""
    assert len(os.listdir(f"/proc/{server.process.pid}/task")) == 1


Reason = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda patch: patch.setenv(warm.VARIABLE, warm.OFF), "AIDLIB_WARM_SOCKET is off"),
        (lambda patch: patch.setenv(warm.VARIABLE, "/nowhere/warm"), "the warm server does not answer"),
        (lambda patch: patch.setattr(kernels, "INTERPRETER_VARIABLES", ("AIDLIB_ODD",)), "AIDLIB_ODD differs"),
    ],
)
def test_a_cold_kernel_where_none_can_be_forked(
    spoil: Reason, why: str, installed: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where no kernel can be forked a cold one is started, over IPC too, and the log says why."""
    spoil(monkeypatch)
    manager = KernelManager(kernel_name=kernels.NAME)
    manager.log.propagate = True
    with caplog.at_level("WARNING"):
        manager.start_kernel(env={**os.environ, "AIDLIB_ODD": "1"})
    try:
        assert why in caplog.text
        assert not manager.provisioner.was_warm
        assert manager.transport == "ipc"
        assert said(manager, "import sys; print('pandas' in sys.modules)") == "False"
    finally:
        manager.shutdown_kernel(now=True)


def test_memory_is_bounded(server: warm.Server, installed: Path) -> None:
    """A bounded kernel that asks for more than its share gets MemoryError; the machine is left alone."""
    manager = KernelManager(kernel_name=kernels.NAME)
    manager.start_kernel(preexec_fn=kernels.Bound(1500))
    try:
        assert manager.provisioner.was_warm
        assert said(manager, "x = bytearray(2_000_000_000)") == "MemoryError"
        assert said(manager, "print(len(bytearray(1_000_000)))") == "1000000"
    finally:
        manager.shutdown_kernel(now=True)
