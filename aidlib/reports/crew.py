"""Worker processes, one per report: limits are kept from outside, and nothing outlives the fleet."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from aidlib.reports import failure, publish
from aidlib.reports.task import Result, Task

GRACE_SECONDS = 30.0
END_SECONDS = 5.0
Work = Callable[[Task, Path], Result]


@dataclass
class Making:
    """One report in the making, and the folder its files are or will be in."""

    task: Task
    folder: Path


@dataclass
class Worker(Making):
    """One report in the making in a process of its own."""

    process: BaseProcess
    answer: Connection
    began: float

    @property
    def late(self) -> bool:
        """Whether it has outstayed the whole report's limit, by which it should have given up itself."""
        return time.monotonic() - self.began > self.task.limits.report_seconds + GRACE_SECONDS


class Crew:
    """At most `jobs` workers at once; each gets a folder below `folder` that is gone when its result has been used.

    Parameters
    ----------
    jobs : int
        How many reports are made at the same time.
    folder : Path
        Where the workers' private folders are made.
    work : callable
        (task, folder) -> result, run in the worker.
    """

    def __init__(self, jobs: int, folder: Path, work: Work) -> None:
        self.jobs, self.folder, self.work = jobs, folder, work
        self.workers: list[Worker] = []
        self._count = 0
        self._context = _context()

    @property
    def free(self) -> bool:
        """Whether another report can be started."""
        return len(self.workers) < self.jobs

    def start(self, task: Task) -> None:
        """Start a worker on a task."""
        self._count += 1
        folder = self.folder / str(self._count)
        folder.mkdir()
        answer, told = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_worker, args=(self.work, task, folder, told, dict(os.environ)))  # type: ignore[attr-defined]
        process.start()
        told.close()
        self.workers.append(Worker(task, folder, process, answer, time.monotonic()))

    def finished(self, seconds: float) -> list[tuple[Worker, Result]]:
        """Wait at most so long for any worker; return those that have answered, died or been stopped for lateness."""
        wait([worker.answer for worker in self.workers], seconds)
        over = [(worker, result) for worker in self.workers if (result := _result(worker))]
        for worker, _ in over:
            self.workers.remove(worker)
            _end(worker.process)
        return over

    def end(self) -> list[Worker]:
        """Stop every worker and return those that were still at work."""
        left, self.workers = self.workers, []
        for worker in left:
            worker.process.kill()
        for worker in left:
            _end(worker.process)
        return left


def _context() -> BaseContext:
    """Fork workers from a server of their own that has their imports done and, unlike this process, surely no thread or loop."""
    context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    context.set_forkserver_preload(["aidlib.reports.forkserver_preload"])
    return context


def _result(worker: Worker) -> Result | None:
    if worker.answer.poll():
        try:
            return worker.answer.recv()  # type: ignore[no-any-return]
        except EOFError:
            worker.process.join(END_SECONDS)
            return Result("failed", f"the worker process ended by itself (exit code {worker.process.exitcode})")
    if worker.late:
        worker.process.kill()
        return Result("failed", f"the report took longer than {worker.task.limits.report_seconds:g} s and did not stop")
    return None


def _end(process: BaseProcess) -> None:
    process.join(END_SECONDS)
    if process.exitcode is None:
        process.kill()
        process.join()


def _worker(work: Work, task: Task, folder: Path, told: Connection, environment: dict[str, str]) -> None:
    """In the worker: a session and environment of its own, quiet, and ended with the fleet."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    _end_with_fleet()
    _quiet(folder / "log.txt")
    told.send(_worked(work, task, folder))
    told.close()


def _end_with_fleet() -> None:
    """Have this process end when the fleet does, and, where the system can, when the server it was forked from does."""
    if sys.platform == "linux":
        from aidlib.reports.warm_parent import die_with_parent

        die_with_parent()
    if fleet := multiprocessing.parent_process():
        threading.Thread(target=_await_end, args=(fleet.sentinel,), daemon=True).start()


def _await_end(fleet: int) -> None:
    wait([fleet])
    os._exit(1)


def _worked(work: Work, task: Task, folder: Path) -> Result:
    """What came of the work; an error here is one of the fleet's own."""
    try:
        return work(task, folder)
    except Exception as error:
        trouble = failure.told(error)
        return Result(trouble.outcome, trouble.reason, disk_full=publish.full(error))


def _quiet(log: Path) -> None:
    """Send what this process and its kernel print into a file that is thrown away: it may hold private data."""
    with contextlib.suppress(OSError):
        handle = os.open(log, os.O_WRONLY | os.O_CREAT, 0o600)
        for stream in (1, 2):
            os.dup2(handle, stream)
        os.close(handle)


def discard(folder: Path) -> None:
    """Remove a worker's folder."""
    shutil.rmtree(folder, ignore_errors=True)
