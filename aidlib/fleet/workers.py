"""Who makes reports at the same time: worker processes here, or the workers of a Dask cluster. Both have one face."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from aidlib.errors import AidError
from aidlib.fleet import execute, fingerprint, warm
from aidlib.fleet.execute import ANSWER, LOG, ORDER, Press
from aidlib.fleet.plan import Result, Task
from aidlib.fleet.publish import SUFFIXES

if TYPE_CHECKING:
    from distributed import Client, Future

GRACE_SECONDS, END_SECONDS = 30.0, 5.0
CONNECT_SECONDS, LOOK_SECONDS = 20, 0.1
Work = Callable[[Task, Press, Path], Result]
Finished = tuple[Result, dict[str, bytes]]


@dataclass
class Job:
    """One report in the making, and the folder its files are or will be in."""

    task: Task
    folder: Path


J = TypeVar("J", bound=Job)


class Workers(ABC, Generic[J]):
    """At most so many reports at once, each in a folder of its own that is whoever asked's to remove when its result has been used.

    Parameters
    ----------
    most : int
        How many reports are made at the same time.
    folder : Path
        Where the folders are made.
    press : Press
        What pages are made with.

    Attributes
    ----------
    jobs : list of Job
        What is being made.
    """

    def __init__(self, most: int, folder: Path, press: Press) -> None:
        self.most, self.folder, self.press = most, folder, press
        self.jobs: list[J] = []
        self._count = 0

    @property
    def free(self) -> bool:
        """Whether another report can be started."""
        return len(self.jobs) < self.most

    def start(self, task: Task) -> None:
        """Begin a report."""
        self._count += 1
        folder = self.folder / str(self._count)
        folder.mkdir()
        self.jobs.append(self._begun(task, folder))

    def finished(self, seconds: float) -> list[tuple[J, Result]]:
        """Wait at most so long for any report; return those that are over, their files in their folders."""
        self._wait(seconds)
        over = [(job, result) for job in self.jobs if (result := self._result(job))]
        for job, _ in over:
            self.jobs.remove(job)
        return over

    @abstractmethod
    def end(self) -> list[J]:
        """Stop everything and return what was still being made."""

    @abstractmethod
    def _begun(self, task: Task, folder: Path) -> J: ...

    @abstractmethod
    def _wait(self, seconds: float) -> None: ...

    @abstractmethod
    def _result(self, job: J) -> Result | None: ...


@dataclass
class LocalJob(Job):
    """One report in the making in a process of its own."""

    process: warm.ForkedProcess | subprocess.Popen[bytes]
    handle: int
    began: float

    @property
    def late(self) -> bool:
        """Whether it has outstayed the whole report's limit, by which it should have given up itself."""
        return time.monotonic() - self.began > self.task.limits.report_seconds + GRACE_SECONDS


class LocalWorkers(Workers[LocalJob]):
    """Processes forked from a warm server, or started anew where that cannot be.

    Parameters
    ----------
    most, folder, press : int, Path, Press
        As of all workers.
    forked : bool
        Whether workers and their kernels may be forked.
    work : callable
        (task, press, folder) -> result, run in the process.
    """

    def __init__(
        self, most: int, folder: Path, press: Press, forked: bool = True, work: Work = execute.perform
    ) -> None:
        super().__init__(most, folder, press)
        self.forked, self.work = forked, work

    def _begun(self, task: Task, folder: Path) -> LocalJob:
        """Start a process. What it prints goes into a file that is thrown away: it may hold private data."""
        (folder / ORDER).write_bytes(pickle.dumps((task, self.press, self.work)))
        nothing, log = os.open(os.devnull, os.O_RDWR), os.open(folder / LOG, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            process = self._process(str(folder), nothing, log)
        finally:
            os.close(nothing)
            os.close(log)
        handle = process.fileno() if isinstance(process, warm.ForkedProcess) else _handle(process.pid)
        return LocalJob(task, folder, process, handle, time.monotonic())

    def _process(self, folder: str, nothing: int, log: int) -> warm.ForkedProcess | subprocess.Popen[bytes]:
        """A worker, which knows by its environment where its own kernel comes from; one run is made by one state of the source."""
        try:
            path = warm.socket_path(self.press.module, current=False) if self.forked else warm.OFF
            env, streams = {**os.environ, warm.VARIABLE: path}, [nothing, log, log]
            call = f"{execute.__name__}:work"
            return warm.ForkedProcess(path, call, [folder], env=env, cwd=os.getcwd(), memory=0, streams=streams)
        except warm.Unavailable:
            command, env = (
                [sys.executable, "-P", "-m", execute.__name__, folder],
                {**os.environ, warm.VARIABLE: warm.OFF},
            )
            pipe = subprocess.PIPE
            return subprocess.Popen(command, stdin=pipe, stdout=log, stderr=log, env=env, start_new_session=True)

    def _wait(self, seconds: float) -> None:
        handles = [job.handle for job in self.jobs if job.handle >= 0]
        if len(handles) == len(self.jobs):
            wait(handles, seconds)
        else:
            time.sleep(LOOK_SECONDS)

    def _result(self, job: LocalJob) -> Result | None:
        if job.process.poll() is not None:
            code = _stopped(job)
            try:
                return pickle.loads((job.folder / ANSWER).read_bytes())  # type: ignore[no-any-return]
            except FileNotFoundError:
                return Result("failed", f"the worker process ended by itself (exit code {code})", died=True)
        if job.late:
            job.process.kill()
            _stopped(job)
            return Result(
                "failed", f"the report took longer than {job.task.limits.report_seconds:g} s and did not stop"
            )
        return None

    def end(self) -> list[LocalJob]:
        """Stop every process and return what was still being made."""
        left, self.jobs = self.jobs, []
        for job in left:
            job.process.kill()
        for job in left:
            _stopped(job)
        return left


def _handle(process: int) -> int:
    """A descriptor that becomes readable when a process ends, where the system has such."""
    return os.pidfd_open(process) if hasattr(os, "pidfd_open") else -1


def _stopped(job: LocalJob) -> int | None:
    """Let go of a process that has ended or been killed; its exit code."""
    try:
        job.process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        job.process.kill()
    if isinstance(job.process, subprocess.Popen):
        if job.process.stdin:
            job.process.stdin.close()
        if job.handle >= 0:
            os.close(job.handle)
    return job.process.returncode


def make(task: Task, press: Press, source: bytes, work: Work = execute.perform) -> Finished:
    """On a worker of the cluster: make one report from the notebook's source and return its files."""
    with tempfile.TemporaryDirectory(dir=warm.private_folder()) as home:
        notebook, folder = Path(home) / f"{task.report}.ipynb", Path(home) / "made"
        notebook.write_bytes(source)
        folder.mkdir()
        result = work(replace(task, notebook=str(notebook)), press, folder)
        kept = (path for path in folder.iterdir() if path.suffix in SUFFIXES)
        return result, {path.name: path.read_bytes() for path in kept}


@dataclass
class ClusterJob(Job):
    """One report in the making somewhere on the cluster."""

    future: Future


class ClusterWorkers(Workers[ClusterJob]):
    """The workers of a Dask cluster; Dask itself sends a report to another one when the one at work is lost.

    Parameters
    ----------
    address : str
        The scheduler, such as `tcp://10.0.0.1:8786`.
    most, folder, press : int, Path, Press
        As of all workers; 0 means one report for each thread of the cluster's workers.
    """

    def __init__(self, address: str, most: int, folder: Path, press: Press) -> None:
        self.client = _client(address)
        threads = self.client.nthreads()
        if not threads:
            self.client.close()
            raise AidError("the cluster has no workers", where=address, hint="start some: dask worker " + address)
        super().__init__(most or sum(threads.values()), folder, press)
        _same_code(self.client)

    def _begun(self, task: Task, folder: Path) -> ClusterJob:
        source = Path(task.notebook).read_bytes()
        return ClusterJob(task, folder, self.client.submit(make, task, self.press, source, pure=False))

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not any(job.future.done() for job in self.jobs) and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)

    def _result(self, job: ClusterJob) -> Result | None:
        """What came of a report, its files in its folder. One that took its workers with it is a failure with that reason."""
        if not job.future.done():
            return None
        if error := job.future.exception():
            return Result("failed", f"the cluster gave it up: {type(error).__name__}")
        result, files = job.future.result()
        job.future.release()
        for name, content in files.items():
            (job.folder / name).write_bytes(content)
        return result  # type: ignore[no-any-return]

    def end(self) -> list[ClusterJob]:
        """Cancel what is not over, let go of the cluster, and return what was still being made."""
        left, self.jobs = self.jobs, []
        self.client.cancel([job.future for job in left], force=True)
        self.client.close()
        return left


def _client(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise AidError("Dask is not installed", where="--cluster", hint="pip install 'aidlib[dask]'") from None
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError):
        raise AidError("no cluster answers", where=address, hint="start one: dask scheduler") from None


def _same_code(client: Client) -> None:
    """Every worker must have this very library, or the manifest would not tell the truth."""
    here = fingerprint.digest_of_library()
    other: dict[str, Any] = {
        place: one for place, one in client.run(fingerprint.digest_of_library).items() if one != here
    }
    if other:
        client.close()
        raise AidError(
            "workers run another version of aidlib", got=", ".join(sorted(other)), hint="install the same on all"
        )
