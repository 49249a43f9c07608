"""The fault drill: whatever is killed, hangs, eats or fills up, every report exists exactly once or is listed with its reason."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fleet_drill import REGIONS, known, notebook, still

from aidlib.commands.press import PRESS
from aidlib.fleet import fingerprint, manifest, publish, run, warm
from aidlib.fleet.plan import Request
from aidlib.fleet.run import Summary

DRILL = Path(__file__).with_name("fleet_drill.py")
WAIT_SECONDS = 240
SLOW = "import time; time.sleep(0.5)"


class Drill:
    """A reports folder, its notebooks, and the fleets started on them."""

    def __init__(self, home: Path) -> None:
        self.out, self.notebooks = home / "reports", home / "notebooks"
        self.fleets: list[subprocess.Popen[str]] = []

    def start(self, *, prepare: Callable[[], None] | None = None, **options: object) -> subprocess.Popen[str]:
        """Start a fleet; options as `fleet_drill.main` takes them."""
        command = [sys.executable, str(DRILL), str(self.out), str(self.notebooks), json.dumps(options)]
        fleet = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=prepare)
        self.fleets.append(fleet)
        return fleet

    def run(self, **options: object) -> tuple[int, str]:
        """Run a fleet to its end; its exit code and everything it said."""
        fleet = self.start(**options)  # type: ignore[arg-type]
        said = "".join(fleet.communicate(timeout=WAIT_SECONDS))
        return fleet.returncode, said

    def rerun(self) -> Summary:
        """Run a fleet in this process, which has its imports done."""
        return run.run(Request(out=self.out), known(self.notebooks), PRESS, jobs=2, progress=False)

    def finished(self) -> dict[str, list[str]]:
        """Outcomes by region, in order, good ones only where both files are there and whole."""
        found: dict[str, list[str]] = {}
        for record in manifest.records(self.out):
            found.setdefault(record.region, []).append(record.outcome)
        return found

    def whole(self) -> list[str]:
        """Regions whose published pair is complete and is what the manifest says."""
        good = manifest.good(self.out)
        return sorted(
            region
            for name, period, region in good
            if all(
                publish.intact(
                    publish.Place(self.out, name, period, region).good(suffix), good[name, period, region].files[suffix]
                )
                for suffix in publish.PAIR
            )
        )

    def files(self) -> list[str]:
        """Every file below the reports folder that a reader could take for a report."""
        return sorted(path.relative_to(self.out).as_posix() for path in self.out.glob("2020*/*/*"))

    def until(self, true: Callable[[], object]) -> None:
        """Wait for something to become true."""
        until = time.monotonic() + WAIT_SECONDS
        while not true():
            assert time.monotonic() < until, "it did not come to that"
            time.sleep(0.02)


@pytest.fixture
def drill(tmp_path: Path, server: warm.Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drill]:
    """A drill whose fleets and everything they started are gone afterwards."""
    for name, stand_in in still():
        monkeypatch.setattr(fingerprint, name, stand_in)
    made = Drill(tmp_path)
    yield made
    for started in made.fleets:
        started.kill()
        started.wait()
    assert processes(str(tmp_path)) == []


def processes(mark: str) -> list[int]:
    """Processes, other than this one, whose command line, working directory or open files show a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if int(process.name) != os.getpid() and (mark in words or mark in os.readlink(process / "cwd")):
                found.append(int(process.name))
        except OSError:
            continue
    return found


def kernels_of(folder: Path) -> list[int]:
    """Kernels at work below a folder: their working directory is there."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder) in os.readlink(process / "cwd"):
                found.append(int(process.name))
        except OSError:
            continue
    return found


def published(regions: tuple[str, ...] = REGIONS, period: str = "2020-03", name: str = "slow") -> list[str]:
    """The files a good run of some regions leaves."""
    return [f"{period}/{region}/{name}{suffix}" for region in regions for suffix in (".html", ".ipynb")]


def test_kill_9_of_the_fleet(drill: Drill) -> None:
    """After kill -9 nothing of the fleet runs on, nothing half-written is published, and a rerun makes only the missing ones."""
    notebook(drill.notebooks, "slow", SLOW)
    fleet = drill.start()
    drill.until(lambda: len(drill.finished()) >= 2 and kernels_of(drill.out))
    fleet.kill()
    fleet.wait()
    drill.until(lambda: not processes(str(drill.out)))
    before = drill.finished()
    assert drill.whole() == sorted(before)
    assert 2 <= len(before) < len(REGIONS)
    summary = drill.rerun()
    assert summary.good
    assert (summary.made, summary.skipped) == (len(REGIONS) - len(before), len(before))
    assert all(outcomes == ["good"] for outcomes in drill.finished().values())
    assert drill.files() == published()
    assert list((drill.out / publish.WORK).iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_polite_end(drill: Drill, number: int, code: int) -> None:
    """Ctrl-C, SIGTERM and SIGHUP end with one readable message; what was being made is listed as interrupted; a rerun completes it."""
    notebook(drill.notebooks, "slow", SLOW)
    fleet = drill.start()
    drill.until(lambda: drill.finished() and kernels_of(drill.out))
    fleet.send_signal(number)
    _, said = fleet.communicate(timeout=WAIT_SECONDS)
    assert fleet.returncode == code, said
    assert said.splitlines()[-1] == "aidlib: interrupted; what was finished is in place, nothing is half-written"
    assert "Traceback" not in said
    drill.until(lambda: not processes(str(drill.out)))
    assert "interrupted" in {outcomes[-1] for outcomes in drill.finished().values()}
    assert "还有" not in (drill.out / "index.html").read_text(encoding="utf-8")
    assert list((drill.out / publish.WORK).iterdir()) == []
    assert drill.rerun().good
    assert drill.files() == published()


def test_kill_9_of_a_kernel_is_tried_again_once(drill: Drill) -> None:
    """A killed kernel costs a second attempt, not a report; one that dies each time is listed as failed."""
    kill = "import os, pathlib, signal\n"
    once = "mark = pathlib.Path('../../../../died')\nif region == '120000' and not mark.exists(): mark.touch(); os.kill(os.getpid(), 9)\n"
    notebook(drill.notebooks, "once", kill + once + "print(1)")
    notebook(drill.notebooks, "always", kill + "if region == '130000': os.kill(os.getpid(), signal.SIGKILL)")
    code, said = drill.run(regions=["110000", "120000", "130000"])
    last = manifest.latest(drill.out)
    assert code == 1
    assert (last["once", "2020-03", "120000"].outcome, last["once", "2020-03", "120000"].attempts) == ("good", 2), said
    assert last["always", "2020-03", "130000"].reason == "the kernel died, twice"
    assert Counter(record.outcome for record in last.values()) == {"good": 5, "failed": 1}
    assert (drill.out / "failed" / "2020-03" / "130000" / "always.ipynb").is_file()


def parent_of(process: int) -> int:
    """The process that started one."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def workers_of(folder: Path) -> list[int]:
    """Workers at reports below a folder: what they print goes into a log there."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            said = os.readlink(process / "fd" / "1")
            found += [int(process.name)] if said.startswith(str(folder)) and said.endswith("log.txt") else []
    return found


def test_kill_9_of_a_worker_is_tried_again_once(drill: Drill) -> None:
    """A worker that is killed costs a second attempt; its kernel goes with it, and the others' reports are not touched."""
    notebook(drill.notebooks, "slow", SLOW)
    fleet = drill.start(regions=["110000", "120000"])
    drill.until(lambda: len(kernels_of(drill.out)) == 2 and workers_of(drill.out))
    os.kill(workers_of(drill.out)[0], signal.SIGKILL)
    said = "".join(fleet.communicate(timeout=WAIT_SECONDS))
    assert fleet.returncode == 0, said
    assert drill.finished() == {"110000": ["good"], "120000": ["good"]}
    assert sorted(record.attempts for record in manifest.records(drill.out)) == [1, 2]


def test_kill_9_of_the_server(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the warm server is killed all it forked goes with it, the reports are tried again, and none is lost."""
    monkeypatch.delenv(warm.VARIABLE)
    notebook(drill.notebooks, "slow", SLOW)
    fleet = drill.start()
    drill.until(lambda: kernels_of(drill.out))
    os.kill(parent_of(parent_of(kernels_of(drill.out)[0])), signal.SIGKILL)
    said = "".join(fleet.communicate(timeout=WAIT_SECONDS))
    assert fleet.returncode == 0, said
    assert drill.files() == published()
    assert all(outcomes == ["good"] for outcomes in drill.finished().values())
    assert max(record.attempts for record in manifest.records(drill.out)) == 2


def test_what_a_killed_run_left_is_cleared_by_the_next(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders in the temporary directory, of a fleet and a server that were both killed, are gone after the next run."""
    monkeypatch.delenv(warm.VARIABLE)
    with tempfile.TemporaryDirectory() as short:
        monkeypatch.setenv("TMPDIR", short)
        notebook(drill.notebooks, "slow", SLOW)
        fleet = drill.start(regions=["110000"])
        drill.until(lambda: kernels_of(drill.out))
        server = parent_of(parent_of(kernels_of(drill.out)[0]))
        os.kill(server, signal.SIGSTOP)  # it would clear its folder, were it told that the fleet has gone
        for process in (fleet.pid, server):
            os.kill(process, signal.SIGKILL)
        fleet.wait()
        [private] = Path(short).iterdir()
        left = [path for path in private.iterdir() if path.is_dir()]
        assert len(left) == 1
        assert list(left[0].iterdir())
        assert drill.run(regions=["110000"])[0] == 0
        drill.until(lambda: not [path for path in private.iterdir() if path.is_dir()])
        assert private.stat().st_mode & 0o077 == 0


def test_a_full_disk(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a file cannot be written whole the run stops with one message, nothing half-written is published, a rerun completes."""
    monkeypatch.delenv(warm.VARIABLE)
    notebook(drill.notebooks, "slow", "print('x' * 300_000 if region == '130000' else '')")
    limit = 200_000

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    code, said = drill.run(prepare=small, jobs=1)
    assert code == 1, said
    assert "the disk is full; try: make room" in said.splitlines()[-1], said
    assert "Traceback" not in said
    assert drill.whole() == ["110000", "120000"]
    assert drill.files() == published(("110000", "120000"))
    assert drill.rerun().good
    assert drill.files() == published()


def test_hanging_hungry_and_raising_notebooks(drill: Drill) -> None:
    """Notebooks that hang, eat memory or raise on three regions are listed with their reasons; all others are made."""
    notebook(drill.notebooks, "hangs", "import time\nif region == '110000': time.sleep(600)")
    notebook(drill.notebooks, "long", "import time", *["if region == '110000': time.sleep(2)"] * 5)
    notebook(drill.notebooks, "hungry", "if region == '120000': x = bytearray(4_000_000_000)")
    notebook(drill.notebooks, "raises", f"assert region not in {REGIONS[:3]!r}")
    limits = {"cell_seconds": 3, "report_seconds": 6, "memory_mb": 2000}
    code, said = drill.run(regions=REGIONS[:4], limits=limits)
    bad = {key: record.reason for key, record in manifest.latest(drill.out).items() if record.outcome != "good"}
    withheld = "(message withheld: it may hold personal data)"
    assert code == 1
    assert bad == {
        ("hangs", "2020-03", "110000"): "cell 3 took longer than 3 s (--cell-timeout)",
        ("long", "2020-03", "110000"): "the report took longer than 6 s (--report-timeout)",
        ("hungry", "2020-03", "120000"): f"MemoryError in code cell 3 {withheld}",
        **{("raises", "2020-03", region): f"AssertionError in code cell 3 {withheld}" for region in REGIONS[:3]},
    }, said
    assert len(manifest.latest(drill.out)) == 16
    assert "10 good (10 made, 0 unchanged), 6 failed: " in said


def test_two_fleets_at_once(drill: Drill) -> None:
    """Two fleets on the same folder make every report exactly once between them, and both end well."""
    notebook(drill.notebooks, "slow", SLOW)
    fleets = [drill.start(jobs=1), drill.start(jobs=1)]
    said = ["".join(fleet.communicate(timeout=WAIT_SECONDS)) for fleet in fleets]
    assert [fleet.returncode for fleet in fleets] == [0, 0], said
    assert drill.finished() == {region: ["good"] for region in REGIONS}
    assert len({record.run for record in manifest.records(drill.out)}) == 2
    assert drill.files() == published()
