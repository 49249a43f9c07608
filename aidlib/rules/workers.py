"""Processes that work on parts side by side; each ends by itself when the run that started it is gone."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, suppress
from queue import SimpleQueue
from types import TracebackType
from typing import Any

from aidlib.errors import AidError

Work = Callable[..., Any]


class Worker:
    """One process, told once what its work is and then asked question by question.

    Its standard input is its life-line: when the asking process is gone, by whatever end, so is the worker after its last answer. It
    starts afresh instead of as a copy, because Polars has threads that a copy would lack.

    Parameters
    ----------
    work : callable
        What to do; a function of a module, or a `functools.partial` of one.

    Examples
    --------
    >>> import operator
    >>> with Worker(operator.mul) as worker:
    ...     worker.ask(6, 7)
    42
    """

    def __init__(self, work: Work) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(),
            start_new_session=True,
        )  # fmt: skip
        self._tell(work)

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self._process.kill()
        with suppress(BrokenPipeError):
            self._process.communicate()

    def ask(self, *question: Any) -> Any:
        """Return the answer to a question.

        Raises
        ------
        AidError, OSError
            What the work raised; or the process ended without an answer.
        """
        try:
            self._tell(question)
            answer = pickle.load(self._process.stdout)  # type: ignore[arg-type]
        except (BrokenPipeError, EOFError):
            raise AidError(
                "a helping process ended before its part was done", got=f"exit code {self._process.wait()}",
                hint="run again: finished parts are kept; if memory ran out, with fewer --jobs or --part-rows",
            ) from None  # fmt: skip
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _tell(self, what: Any) -> None:
        assert self._process.stdin is not None
        pickle.dump(what, self._process.stdin)
        self._process.stdin.flush()


def side_by_side(work: Work, questions: Mapping[int, Any], jobs: int, done: Callable[[int, Any], Any]) -> None:
    """Ask `work(number, question)` for every question, in as many processes as there are jobs, and pass on answers as they come.

    Raises
    ------
    AidError, OSError
        The first that any work raised; questions that wait are not asked any more.

    Examples
    --------
    >>> import operator
    >>> side_by_side(operator.mul, {6: 7}, 1, print)
    6 42
    """
    with ExitStack() as closing:
        idle: SimpleQueue[Worker] = SimpleQueue()
        for _ in range(jobs):
            idle.put(closing.enter_context(Worker(work)))

        def ask(number: int) -> Any:
            worker = idle.get()
            try:
                return worker.ask(number, questions[number])
            finally:
                idle.put(worker)

        pool = ThreadPoolExecutor(jobs)
        closing.callback(pool.shutdown, cancel_futures=True)
        asked: dict[Future[Any], int] = {pool.submit(ask, number): number for number in questions}
        for each in as_completed(asked):
            done(asked[each], each.result())


def _environment() -> dict[str, str]:
    """Let a worker find the same modules, on one thread: as many processes as cores, each with a pool of threads, are slower."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "POLARS_MAX_THREADS": "1"}


def _serve() -> None:
    """Answer questions until there are no more; what else the work prints goes where errors go."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with suppress(EOFError, BrokenPipeError):
        work: Work = pickle.load(questions)
        while True:
            question = pickle.load(questions)
            try:
                answer = work(*question)
            except (AidError, OSError) as error:
                answer = error
            pickle.dump(answer, answers)
            answers.flush()


if __name__ == "__main__":
    _serve()
