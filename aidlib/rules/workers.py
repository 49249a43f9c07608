"""Processes that work on parts side by side; each ends by itself when the run that started it is gone."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, suppress
from importlib import import_module
from queue import SimpleQueue
from types import TracebackType
from typing import Any

from aidlib.errors import AidError

Work = Callable[..., Any]


class Worker:
    """One process, told what its work is and then asked question by question.

    Its standard input is its life-line: when the asking process is gone, by whatever end, so is the worker after its last answer. It
    starts afresh instead of as a copy, because Polars has threads that a copy would lack.

    Parameters
    ----------
    load : str
        Module it imports at once, without waiting for work.

    Examples
    --------
    >>> import operator
    >>> with Worker() as worker:
    ...     worker.tell(operator.mul)
    ...     worker.ask(6, 7)
    42
    """

    def __init__(self, load: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, load], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(),
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
        assert self._process.stdin is not None
        try:
            pickle.dump(what, self._process.stdin)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None

    def ask(self, *question: Any) -> Any:
        """Return the answer to a question.

        Raises
        ------
        AidError, OSError
            What the work raised; or the process ended without an answer.
        """
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


class Crew:
    """Several workers, started together before there is work.

    Examples
    --------
    >>> import operator
    >>> with Crew(2) as crew:
    ...     crew.do(operator.mul, {6: 7}, print)
    6 42
    """

    def __init__(self, count: int, load: str = "") -> None:
        self._closing = ExitStack()
        self._workers = [self._closing.enter_context(Worker(load)) for _ in range(count)]

    def __len__(self) -> int:
        return len(self._workers)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing.__exit__(kind, error, at)

    def do(self, work: Work, questions: Mapping[int, Any], done: Callable[[int, Any], Any]) -> None:
        """Ask `work(number, question)` for every question, and pass on answers as they come.

        Raises
        ------
        AidError, OSError
            The first that any work raised; questions that wait are not asked any more.
        """
        idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            worker.tell(work)
            idle.put(worker)

        def ask(number: int) -> Any:
            worker = idle.get()
            try:
                return worker.ask(number, questions[number])
            finally:
                idle.put(worker)

        pool = ThreadPoolExecutor(len(self))
        try:
            asked: dict[Future[Any], int] = {pool.submit(ask, number): number for number in questions}
            for each in as_completed(asked):
                done(asked[each], each.result())
        finally:
            pool.shutdown(cancel_futures=True)


def _environment() -> dict[str, str]:
    """Let a worker find the same modules, on one thread: as many processes as cores, each with a pool of threads, are slower."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "POLARS_MAX_THREADS": "1"}


def _serve(load: str) -> None:
    """Answer questions until there are no more; what else the work prints goes where errors go."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if load:
        import_module(load)
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
    _serve(sys.argv[1])
