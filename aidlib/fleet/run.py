"""One run of the fleet: make every report that is asked for and not there yet, each whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib.errors import ReportFault
from aidlib.fleet import fingerprint, index, manifest, plan, publish
from aidlib.fleet.execute import Press
from aidlib.fleet.manifest import Key, Outcome, Record, Stamp
from aidlib.fleet.plan import Report, Request, Result, Step, Task
from aidlib.fleet.publish import Lock
from aidlib.fleet.workers import ClusterWorkers, Job, LocalWorkers, Workers

if TYPE_CHECKING:
    from tqdm import tqdm

LOOK_SECONDS, BUSY_SECONDS, INDEX_SECONDS = 0.5, 1.0, 5.0
MOST_TRIES, MOST_LISTED = 2, 20
WORDS: dict[Outcome, str] = {"failed": "failed", "no_data": "without data", "interrupted": "interrupted"}
RECORDED = ("outcome", "reason", "seconds", "kernel", "facts")


@dataclass
class Summary:
    """What a run came to.

    Attributes
    ----------
    made, skipped : int
        Reports made now; reports that were still right.
    cold : int
        Reports that ran on a cold kernel although a warm one was wanted.
    trouble : list of (Task, outcome, reason)
        Everything asked for that is not good.
    named : bool
        Whether the reports were asked for by name; then one that the data do not cover is not good either.
    """

    out: Path
    made: int = 0
    skipped: int = 0
    cold: int = 0
    trouble: list[tuple[Task, Outcome, str]] = field(default_factory=list)
    named: bool = True

    @property
    def good(self) -> bool:
        """Whether every report asked for is there and right."""
        return not [outcome for _, outcome, _ in self.trouble if self.named or outcome != "no_data"]

    def lines(self) -> list[str]:
        """What to print at the end: each trouble, then how many are good and failed, and where."""
        listed = [f"  {task.title}: {outcome.replace('_', ' ')}: {reason}" for task, outcome, reason in self.trouble]
        more = [f"  … and {len(listed) - MOST_LISTED} more"] if len(listed) > MOST_LISTED else []
        counts = Counter(outcome for _, outcome, _ in self.trouble)
        bad = ", ".join(f"{counts[kind]} {word}" for kind, word in WORDS.items() if counts[kind])
        last = f"{self.made + self.skipped} good ({self.made} made, {self.skipped} unchanged)"
        if self.cold:
            more.append(f"  note: {self.cold} ran on cold kernels, which is slower: no warm one could be forked")
        return [*listed[:MOST_LISTED], *more, f"{last}, {bad or '0 failed'}: {self.out / index.FILE}"]


def run(
    request: Request,
    known: Mapping[str, Report],
    press: Press,
    jobs: int = 0,
    progress: bool = True,
    cluster: str = "",
    tell: Callable[[str], None] = lambda note: print(note, file=sys.stderr),
) -> Summary:
    """Make the reports of a request."""
    with ending_politely():
        news = manifest.News(request.out)
        steps, notes = plan.steps(request, known)
        for note in notes:
            tell(note)
        skipped = sum(step.action == "skip" for step in steps)
        fleet = Fleet(request, press, Summary(request.out, skipped=skipped, named=bool(request.names)), news, progress)
        try:
            fleet.note_gaps([step for step in steps if step.action == "no_data"])
            fleet.make([step.task for step in steps if step.action == "make"], jobs, cluster)
            fleet.index(plan.stale(request.out, known))
        except OSError as error:
            raise _unwritable(request.out, error) from error
        return fleet.summary


def _unwritable(out: Path, error: OSError | None = None) -> ReportFault:
    if error is None or publish.full(error):
        return ReportFault(publish.DISK_FULL, where=str(out), hint="make room and run the same command again")
    return ReportFault("the reports folder cannot be used", where=str(error.filename or out), got=error.strerror)


def dry_run(request: Request, known: Mapping[str, Report]) -> list[str]:
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

    def __init__(self, request: Request, press: Press, summary: Summary, news: manifest.News, progress: bool) -> None:
        self.request, self.press, self.summary, self.news, self.progress = request, press, summary, news, progress
        self.out = request.out
        self.name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
        self.locks: dict[Key, Lock] = {}
        self.prints: dict[Key, dict[str, Any]] = {}
        self.tries: Counter[Key] = Counter()
        self.seconds: dict[Key, float] = {}
        self.indexed = float("-inf")

    def note_gaps(self, steps: Sequence[Step]) -> None:
        """List reports the data does not cover; the manifest hears of each only once."""
        last = manifest.latest(self.out)
        for step in steps:
            self.summary.trouble.append((step.task, "no_data", step.reason))
            known = last.get(step.task.key)
            if known is None or (known.outcome, known.reason) != ("no_data", step.reason):
                self._record(step.task, Result("no_data", step.reason))

    def make(self, tasks: list[Task], jobs: int, cluster: str = "") -> None:
        """Make reports until none is left; on any way out no job, kernel or half-made file remains."""
        if not tasks:
            return
        with ExitStack() as stack:
            folder = publish.locked_folder(self.out / publish.WORK, self.name, self.out)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            team: Workers[Any]
            if cluster:
                team = ClusterWorkers(cluster, jobs, folder, self.press)
            else:
                team = LocalWorkers(min(jobs or processors(), len(tasks)), folder, self.press, self.request.warm)
            stack.callback(self._end, team)
            self._loop(team, tasks, stack.enter_context(_bar(len(tasks), self.progress)))

    def _loop(self, team: Workers[Any], tasks: list[Task], bar: tqdm[Any]) -> None:
        waiting = list(tasks)
        while waiting or team.jobs:
            if time.monotonic() - self.indexed >= INDEX_SECONDS:
                self.index(left=len(waiting) + len(team.jobs))
            self._start(team, waiting)
            if not team.jobs:
                time.sleep(BUSY_SECONDS)
            for job, result in team.finished(LOOK_SECONDS):
                self._take(job, result, waiting)
            bar.n = len(tasks) - len(waiting) - len(team.jobs)
            bar.set_postfix_str(self._at_work(team))

    def index(self, stale: Mapping[Key, str] | None = None, left: int = 0) -> None:
        """Write the page above all pages, from the first seconds of a run on."""
        index.build(self.out, self.press.index, stale, self.request.language, left)
        self.indexed = time.monotonic()

    def _at_work(self, team: Workers[Any]) -> str:
        failed = sum(outcome == "failed" for _, outcome, _ in self.summary.trouble)
        return f"{failed} failed; {', '.join(job.task.title for job in team.jobs)}"

    def _start(self, team: Workers[Any], waiting: list[Task]) -> None:
        """Start what can be started; a report that another fleet is making stays in the queue."""
        for task in list(waiting):
            if not team.free:
                return
            lock = self.locks.setdefault(task.key, Lock(self.out, " ".join(task.key)))
            if not (lock.held or lock.take()):
                continue
            waiting.remove(task)
            if self._made_meanwhile(task):
                lock.free()
                self.summary.skipped += 1
            else:
                self.prints[task.key] = fingerprint.current(Path(task.notebook), task.parameters)
                self.tries[task.key] += 1
                team.start(task)

    def _made_meanwhile(self, task: Task) -> bool:
        """Whether another fleet has made this report since the plan was drawn."""
        record = self.news.good(but_of=self.name).get(task.key)
        return record is not None and not plan.why(task, self.request, record, record)

    def _take(self, job: Job, result: Result, waiting: list[Task]) -> None:
        """Put what a job made in place, write it down, and let others have the report; one that died is tried once more."""
        task = job.task
        self.seconds[task.key] = self.seconds.get(task.key, 0) + result.seconds
        if result.died and self.tries[task.key] < MOST_TRIES:
            shutil.rmtree(job.folder, ignore_errors=True)
            waiting.insert(0, task)
            return
        result = replace(result, reason=f"{result.reason}, twice") if result.died else result
        try:
            self._publish(job, result)
        except OSError as error:
            if not publish.full(error):
                raise
            result = Result("failed", publish.DISK_FULL, disk_full=True)
        self._let_go(job, result)
        if result.outcome == "good":
            self.summary.made += 1
        else:
            self.summary.trouble.append((task, result.outcome, result.reason))
        if result.disk_full:
            raise _unwritable(self.out)

    def _let_go(self, job: Job, result: Result) -> None:
        shutil.rmtree(job.folder, ignore_errors=True)
        self.locks.pop(job.task.key).free()
        self.prints.pop(job.task.key)
        self.summary.cold += self.request.warm and result.kernel == "cold"

    def _publish(self, job: Job, result: Result) -> None:
        place = publish.Place(self.out, *job.task.key)
        files = publish.publish(job.folder, place) if result.outcome == "good" else {}
        publish.keep_failed(job.folder, place)
        self._record(job.task, result, files)

    def _record(self, task: Task, result: Result, files: Mapping[str, Stamp] | None = None) -> None:
        parts = fingerprint.only(self.prints[task.key], result.asked) if files else {}
        made = {name: value for name, value in asdict(result).items() if name in RECORDED}
        made |= {"seconds": round(self.seconds.pop(task.key, 0), 3), "attempts": self.tries.pop(task.key, 0)}
        at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        manifest.append(self.out, Record(*task.key, **made, at=at, run=self.name, parts=parts, files=dict(files or {})))

    def _end(self, team: Workers[Any]) -> None:
        """Stop what is being made and write down that it was; the index no longer waits for it."""
        left = team.end()
        with suppress(OSError):
            for job in left:
                self._record(job.task, Result("interrupted", "the fleet was ended"))
            if left:
                self.index()


@contextmanager
def ending_politely() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a run as Ctrl-C does; while it is being ended further signals wait. What is ignored stays so (nohup)."""

    def end(number: int, _frame: object) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt(number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: handler for number in wanted if (handler := signal.getsignal(number)) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, end)
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
    with tqdm(total=total, unit="", disable=None if shown else True, dynamic_ncols=True) as bar:
        yield bar
