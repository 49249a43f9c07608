"""The fleet: make every report that is asked for and not there yet, each whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib.errors import ReportFault
from aidlib.reports import catalogue, execute, fingerprint, manifest, plan, publish, site, warm
from aidlib.reports.crew import Crew, Making, discard
from aidlib.reports.locks import Lock
from aidlib.reports.manifest import Record
from aidlib.reports.tally import Tally
from aidlib.reports.task import Result, Task

if TYPE_CHECKING:
    from tqdm import tqdm

    from aidlib.reports.cluster import ClusterCrew

LOOK_SECONDS = 0.5
BUSY_SECONDS = 1.0
RECORDED = ("outcome", "reason", "seconds", "kernel", "attempts")
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(
    request: plan.Request,
    known: Mapping[str, catalogue.Report],
    jobs: int = 0,
    progress: bool = True,
    cluster: str = "",
) -> Tally:
    """Make the reports of a request.

    Parameters
    ----------
    request : Request
        What is asked for, already known to be free of faults or not: faults are raised before any kernel starts.
    known : mapping
        The catalogue, from `catalogue.all_reports()`.
    jobs : int
        Reports made at the same time; 0 means one for each processor (of the cluster).
    progress : bool
        Show a progress bar where there is a terminal.
    cluster : str
        Address of a Dask scheduler to make them on; empty means here.

    Returns
    -------
    Tally

    Raises
    ------
    AidError
        The request is wrong, or the disk is full.
    KeyboardInterrupt
        The run was ended from outside; what was finished is in place, the rest is listed as interrupted.
    """
    news = manifest.News(request.out)
    steps, notes = plan.steps(request, known)
    for note in notes:
        print(note, file=sys.stderr)
    skipped = sum(step.action == "skip" for step in steps)
    tally = Tally(request.out, skipped=skipped, named=bool(request.names))
    fleet = Fleet(request, tally, news, jobs, progress)
    try:
        fleet.note_gaps([step for step in steps if step.action == "no_data"])
        fleet.make([step.task for step in steps if step.action == "make"], cluster)
        site.build(request.out, plan.stale(request.out, known), request.language)
    except OSError as error:
        raise _unwritable(request.out, error) from error
    return tally


def _unwritable(out: Path, error: OSError | None = None) -> ReportFault:
    if error is None or publish.full(error):
        return ReportFault(publish.DISK_FULL, where=str(out), hint="make room and run the same command again")
    return ReportFault("the reports folder cannot be used", where=str(error.filename or out), got=error.strerror)


def dry_run(request: plan.Request, known: Mapping[str, catalogue.Report]) -> list[str]:
    """Say of every report of a request what a run would do with it, and why; the last line counts."""
    steps, notes = plan.steps(request, known)
    counts = Counter(step.action for step in steps)
    last = f"{counts['make']} to make, {counts['skip']} unchanged, {counts['no_data']} without data"
    return [*notes, *(f"{step.action:8}{step.task.title}: {step.reason}" for step in steps), last]


def processors() -> int:
    """Count the processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Fleet:
    """One run: queue, workers, manifest."""

    def __init__(self, request: plan.Request, tally: Tally, news: manifest.News, jobs: int, progress: bool) -> None:
        self.request, self.tally, self.news, self.jobs, self.progress = request, tally, news, jobs, progress
        self.out = request.out
        self.name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
        self.locks: dict[manifest.Key, Lock] = {}
        self.prints: dict[manifest.Key, dict[str, Any]] = {}

    def note_gaps(self, steps: Sequence[plan.Step]) -> None:
        """List reports the data does not cover; the manifest hears of each only once."""
        last = manifest.latest(self.out)
        for step in steps:
            self.tally.trouble.append((step.task, "no_data", step.reason))
            known = last.get(step.task.key)
            if known is None or (known.outcome, known.reason) != ("no_data", step.reason):
                self._record(step.task, Result("no_data", step.reason))

    def make(self, tasks: list[Task], cluster: str = "") -> None:
        """Make reports until none is left; on any way out no worker, kernel or half-made file remains."""
        if not tasks:
            return
        with ExitStack() as stack:
            stack.enter_context(_signals())
            stack.enter_context(Lock(self.out, f"run {self.name}"))
            folder = publish.private_folder(self.out, self.name)
            stack.callback(discard, folder)
            parents = stack.enter_context(warm.Parents(self.request.warm and not cluster))
            crew = self._crew(folder, len(tasks), cluster)
            stack.callback(self._end, crew)
            self._loop(crew, tasks, parents, stack.enter_context(_bar(len(tasks), self.progress)))

    def _crew(self, folder: Path, most: int, address: str) -> Crew | ClusterCrew:
        if address:
            from aidlib.reports.cluster import ClusterCrew

            return ClusterCrew(address, self.jobs, folder)
        return Crew(min(self.jobs or processors(), most), folder, execute.perform)

    def _loop(self, crew: Crew | ClusterCrew, tasks: list[Task], parents: warm.Parents, bar: tqdm[Any]) -> None:
        waiting = list(tasks)
        while waiting or crew.workers:
            parents.ensure()
            self._start(crew, waiting)
            if not crew.workers:
                time.sleep(BUSY_SECONDS)
            for worker, result in crew.finished(LOOK_SECONDS):
                self._take(worker, result)
            bar.n = len(tasks) - len(waiting) - len(crew.workers)
            bar.set_postfix_str(self._at_work(crew))

    def _at_work(self, crew: Crew | ClusterCrew) -> str:
        failed = sum(outcome == "failed" for _, outcome, _ in self.tally.trouble)
        return f"{failed} failed; {', '.join(worker.task.title for worker in crew.workers)}"

    def _start(self, crew: Crew | ClusterCrew, waiting: list[Task]) -> None:
        """Start what can be started; a report that another fleet is making stays in the queue."""
        for task in list(waiting):
            if not crew.free:
                return
            lock = self.locks.setdefault(task.key, Lock(self.out, " ".join(task.key)))
            if not lock.take():
                continue
            waiting.remove(task)
            if self._made_meanwhile(task):
                lock.free()
                self.tally.skipped += 1
            else:
                self.prints[task.key] = fingerprint.current(Path(task.notebook), task.parameters)
                crew.start(task)

    def _made_meanwhile(self, task: Task) -> bool:
        """Whether another fleet has made this report since the plan was drawn."""
        record = self.news.good(but_of=self.name).get(task.key)
        return record is not None and not plan.why(task, self.request, record, record)

    def _take(self, worker: Making, result: Result) -> None:
        """Put what a worker made in place, write it down, and let others have the report."""
        task = worker.task
        try:
            self._publish(worker, result)
        except OSError as error:
            if not publish.full(error):
                raise
            result = Result("failed", publish.DISK_FULL, disk_full=True)
        discard(worker.folder)
        self.locks.pop(task.key).free()
        self.prints.pop(task.key)
        self.tally.cold += self.request.warm and result.kernel == "cold"
        if result.outcome == "good":
            self.tally.made += 1
        else:
            self.tally.trouble.append((task, result.outcome, result.reason))
        if result.disk_full:
            raise _unwritable(self.out)

    def _publish(self, worker: Making, result: Result) -> None:
        place = publish.Place(self.out, *worker.task.key)
        files = publish.publish(worker.folder, place) if result.outcome == "good" else {}
        publish.keep_failed(worker.folder, place)
        self._record(worker.task, result, files)

    def _record(self, task: Task, result: Result, files: Mapping[str, list[int | str]] | None = None) -> None:
        parts = fingerprint.only(self.prints[task.key], result.asked) if files else {}
        made = {name: value for name, value in asdict(result).items() if name in RECORDED}
        at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        manifest.append(self.out, Record(*task.key, **made, at=at, run=self.name, parts=parts, files=dict(files or {})))

    def _end(self, crew: Crew | ClusterCrew) -> None:
        for worker in crew.end():
            with suppress(OSError):
                self._record(worker.task, Result("interrupted", "the fleet was ended"))


@contextmanager
def _signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a run as Ctrl-C does; while it is being ended, further signals wait."""

    def end(number: int, _frame: object) -> None:
        for each in ENDING:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt(number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _bar(total: int, shown: bool) -> Iterator[tqdm[Any]]:
    """A progress bar without a thread of its own, because threads do not survive a fork."""
    from tqdm import tqdm

    tqdm.monitor_interval = 0
    bar: tqdm[Any]
    with tqdm(total=total, unit="report", disable=None if shown else True, dynamic_ncols=True) as bar:
        yield bar
