"""Processes beside this one: answers as if done here, faults as one message, nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import errands
import pytest

from aidlib.errors import AidError, RegisterFault
from aidlib.rules import workers
from aidlib.rules.ledger import Ledger
from aidlib.rules.parts import WORTH, crew_for, in_parts
from aidlib.rules.workers import Helpers, Worker


def test_every_question_is_answered_once() -> None:
    """Each answer is passed on with its number, made in this process or beside it, whatever the work prints."""
    found: dict[int, list[tuple[int, int]]] = {}
    with Helpers(2) as helpers:
        helpers.do(
            errands.doubled, {n: n + 10 for n in range(200)}, lambda n, answer: found.setdefault(n, []).append(answer)
        )
    assert {n: [answer for answer, _ in each] for n, each in found.items()} == {n: [2 * (n + 10)] for n in range(200)}
    assert len({process for (_, process), *_ in found.values()} - {os.getpid()}) == 2


def test_threads_share_the_questions_and_one_hands_on_the_answers() -> None:
    """Several questions at a time in one process: each answered once, and told by the thread that asked, which keeps the ledger."""
    answering: set[int] = set()
    found: dict[int, int] = {}

    def work(number: int, question: int) -> int:
        answering.add(threading.get_ident())
        time.sleep(0.005)
        return 2 * question

    def done(number: int, answer: int) -> None:
        assert threading.current_thread() is threading.main_thread()
        assert found.setdefault(number, answer) is answer

    Helpers(0, threads=3).do(work, {n: n + 10 for n in range(100)}, done)
    assert found == {n: 2 * (n + 10) for n in range(100)}
    assert len(answering) == 3


def test_neighbours_go_to_one_process() -> None:
    """Questions that follow each other are one process's, until it has none and takes the last of who has most."""
    lanes = workers._lanes([(number, "") for number in range(7)], 2)
    assert [[number for number, _ in lane] for lane in lanes] == [[0, 1, 2], [3, 4, 5, 6]]
    assert [number for number, _ in workers._each(lanes[0], lanes)] == [0, 1, 2, 6, 5, 4, 3]


@pytest.mark.parametrize(("helpers", "threads"), [(0, 1), (2, 1), (0, 3)])
def test_a_fault_beside_is_the_same_fault_here(helpers: int, threads: int) -> None:
    """What the user can mend comes back whole; what waits is not asked any more."""
    found: dict[int, object] = {}
    with (
        Helpers(helpers, threads=threads) as helpers,
        pytest.raises(RegisterFault, match=r"households\.age: invented fault") as caught,
    ):
        helpers.do(errands.refused, dict.fromkeys(range(200), 0), found.__setitem__)
    assert caught.value.faults[0].hint == "mend it"
    assert len(found) < 199


def test_a_process_that_dies_is_one_sentence() -> None:
    """A worker killed from outside says so, and what to do."""
    with Worker() as worker:
        worker.tell(errands.died)
        for _ in range(2):
            with pytest.raises(AidError, match=r"helping process ended .* run again"):
                worker.ask(0, 0)


def test_a_few_parts_are_done_in_this_process(tmp_path: Path) -> None:
    """Starting processes is not worth it for little work, nor for what is done; the ledger has who did what."""
    few = dict.fromkeys(range(2), (tmp_path, 0, 5))
    many = dict.fromkeys(range(2 + WORTH), (tmp_path, 0, 5))
    told: list[int] = []
    with Ledger(tmp_path, "job") as ledger:
        for parts in (few, many):
            with crew_for(parts, ledger, 2) as helpers:
                in_parts(errands.counted, parts, ledger, helpers, told.append)
        processes = [ledger.done[number]["process"] for number in many]
        assert crew_for(many, ledger, 2).helpers == 0
    assert set(processes[:2]) == {os.getpid()}
    assert len(set(processes)) == 2
    assert sum(told) == 5 * (len(few) + len(many))


def test_no_worker_outlives_the_run_that_started_it(tmp_path: Path) -> None:
    """After kill -9 of the run its workers end by themselves."""
    script = "import errands, sys; from aidlib.rules.workers import Helpers; Helpers(2).do(errands.noted, dict.fromkeys(range(999), sys.argv[1]), max)"
    run = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    )
    _until(lambda: len(list(tmp_path.iterdir())) == 3)
    run.send_signal(signal.SIGKILL)
    run.wait()
    workers = {int(path.name) for path in tmp_path.iterdir()} - {run.pid}
    _until(lambda: all(map(_ended, workers)))


def _ended(pid: int) -> bool:
    """A zombie has ended too; it only waits to be noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
