"""Processes that work on parts side by side; each ends by itself when the run that started it is gone."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from importlib import import_module
from queue import SimpleQueue
from types import TracebackType
from typing import Any

from aidlib.errors import AidError

Work = Callable[..., Any]
Lane = deque[tuple[int, Any]]


class Worker:
    """One process, told what its work is and then asked question by question.

    Its standard input is its life-line: when the asking process is gone, by whatever end, so is the worker after its last answer. It
    starts afresh instead of as a copy, because Polars has threads that a copy would lack.

    Parameters
    ----------
    load : tuple of str
        Modules it imports at once, without waiting for work.

    Examples
    --------
    >>> import operator
    >>> with Worker() as worker:
    ...     worker.tell(operator.mul)
    ...     worker.ask(6, 7)
    42
    """

    def __init__(self, load: tuple[str, ...] = ()) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *load], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(),
            start_new_session=True,
        )  # fmt: skip

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self._process.kill()
        with suppress(BrokenPipeError):
            self._process.communicate()

    def tell(self, what: Any) -> None:
        """Pass on the work, a function of a module or a `functools.partial` of one; or a question, a tuple."""
        self.pass_on(pickle.dumps(what))

    def pass_on(self, packed: bytes) -> None:
        """Pass on what is pickled already."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(packed)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None

    def ask(self, *question: Any) -> Any:
        """Return the answer to a question."""
        self.tell(question)
        try:
            answer = pickle.load(self._process.stdout)  # type: ignore[arg-type]
        except EOFError:
            raise self._ended() from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _ended(self) -> AidError:
        return AidError(
            "a helping process ended before its part was done", got=f"exit code {self._process.wait()}",
            hint="run again: finished parts are kept; if memory ran out, with fewer --jobs or --part-rows",
        )  # fmt: skip


class Helpers:
    """This process and its helpers, started together before there is work.

    Parameters
    ----------
    helpers : int
        Processes beside this one; none is right too.
    load : tuple of str
        Modules they import at once.
    threads : int
        Questions this process works on at a time.

    Examples
    --------
    >>> import operator
    >>> with Helpers(helpers=1) as helpers:
    ...     helpers.do(operator.mul, {6: 7}, print)
    6 42
    """

    def __init__(self, helpers: int, load: tuple[str, ...] = (), threads: int = 1) -> None:
        self.helpers, self.threads = helpers, threads
        self._closing = ExitStack()
        self._helpers = [self._closing.enter_context(Worker(load)) for _ in range(helpers)]

    def __enter__(self) -> Helpers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing.__exit__(kind, error, at)

    def do(self, work: Work, questions: Mapping[int, Any], done: Callable[[int, Any], Any]) -> None:
        """Answer `work(number, question)` for every question, and pass on answers as they come.

        The calling thread does no work but waits, so that an interrupt reaches it at once, and once.
        """
        lanes, told = _lanes(list(questions.items()), 1 + self.helpers), SimpleQueue[Any]()
        packed = pickle.dumps(work) if self._helpers else b""

        def serve(ask: Work, lane: Lane) -> None:
            for number, question in _each(lane, lanes):
                told.put((number, ask(number, question)))

        def serve_beside(helper: Worker, lane: Lane) -> None:
            helper.pass_on(packed)
            serve(helper.ask, lane)

        with ThreadPoolExecutor(self.helpers + self.threads) as pool:
            serving = [pool.submit(serve, work, lanes[0]) for _ in range(self.threads)]
            serving += [pool.submit(serve_beside, *each) for each in zip(self._helpers, lanes[1:], strict=True)]
            for one in serving:
                one.add_done_callback(told.put)
            try:
                while serving:
                    match told.get():
                        case Future() as ended:
                            serving.remove(ended)
                            ended.result()
                        case number, answer:
                            done(number, answer)
            finally:
                for lane in lanes:
                    lane.clear()


def _lanes(questions: list[tuple[int, Any]], count: int) -> list[Lane]:
    """Give each process questions that follow each other: what it reads for one serves the next."""
    return [
        deque(questions[number * len(questions) // count : (number + 1) * len(questions) // count])
        for number in range(count)
    ]


def _each(own: Lane, lanes: list[Lane]) -> Iterator[tuple[int, Any]]:
    """Take what is in a lane, then from the end of the fullest, until nothing is left; several may take from one."""
    while any(lanes):
        try:
            yield own.popleft() if own else max(lanes, key=len).pop()
        except IndexError:
            continue


def _environment() -> dict[str, str]:
    """Let a worker find the same modules, on one thread: as many processes as cores, each with a pool of threads, are slower.

    The C library is told to keep what is freed, which the next part takes again, instead of handing it back page by page.
    """
    kept = dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(2**30))
    return {**os.environ, **kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "POLARS_MAX_THREADS": "1"}


def _serve(load: list[str]) -> None:
    """Answer questions until there are no more; what else the work prints goes where errors go."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for module in load:
        import_module(module)
    with suppress(EOFError, BrokenPipeError):
        while True:
            told = pickle.load(questions)
            if callable(told):
                work: Work = told
                continue
            try:
                answer = work(*told)
            except (AidError, OSError) as error:
                answer = error
            pickle.dump(answer, answers)
            answers.flush()


if __name__ == "__main__":
    _serve(sys.argv[1:])
