"""How fast a register is assessed from Parquet to Parquet, against merely decoding the columns the rules read.

    python benchmarks/assess.py                                      one million households, three rounds
    python benchmarks/assess.py --households 10000000 --rounds 1     ten million (0.4 GB of Parquet, made first)
    python benchmarks/assess.py --households 35000000 --rounds 1     the country's low-income population (1.3 GB)

Each measurement is a process of its own, whose memory counts with that of the processes it starts; decoding and assessing take turns in
every round and medians are compared, because machines are noisy. `lean` asks for category and benefit only, `full` for every usual answer
with both ends of what is unknown; each is compared with decoding the columns it reads, nothing else. The population is synthetic.
Start-up is timed apart, because it does not grow: imports, and reading the law of every place; starting helping processes is in the run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aidlib.rules.job import Job

ON = date(2024, 6, 1)
ANSWERS = {"lean": ("category", "dibao_benefit_fen"), "full": ()}
PART_ROWS = 250_000


def main() -> None:
    """Measure every size and print a table."""
    options = _options()
    if options.measure:
        print(json.dumps(measure(options.measure, Path(options.folder))))
        return
    print(
        f"{os.cpu_count()} processors, {options.rounds} rounds, medians; Python {sys.version.split()[0]}, {_versions()}"
    )
    heads = ("households", "what", "start s", "run s", "CPU s", "million/s", "of decoding", "by CPU", "peak GB")
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|", flush=True)
    for size in options.households:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, __file__, "--measure", f"generate {size} {options.region}", "--folder", folder], check=True,
                           stdout=subprocess.DEVNULL)  # fmt: skip
            _compare(size, Path(folder), options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--region", default="000000")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


def _versions() -> str:
    import numpy
    import polars

    return f"Polars {polars.__version__}, numpy {numpy.__version__}"


def _compare(size: int, folder: Path, rounds: int) -> None:
    found: dict[str, list[dict[str, float]]] = {f"{do} {what}": [] for what in ANSWERS for do in ("decode", "assess")}
    for _ in range(rounds):
        for what, measured in found.items():
            command = [sys.executable, __file__, "--measure", what, "--folder", str(folder)]
            measured.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout))
    middle = {
        what: {key: statistics.median(one[key] for one in many) for key in many[0]} for what, many in found.items()
    }
    for what, one in middle.items():
        decode = middle[what.replace("assess", "decode")]
        cells = (
            f"{size:,}", what, f"{one['start']:.1f}", f"{one['run']:.2f}", f"{one['cpu']:.2f}", f"{size / one['run'] / 1e6:.2f}",
            *(f"{one[clock] / decode[clock]:.1f}" for clock in ("run", "cpu")), f"{one['peak']:.2f}",
        )  # fmt: skip
        print(f"| {' | '.join(cells)} |", flush=True)


def measure(what: str, folder: Path) -> dict[str, float]:
    """Do one thing in this process: generate, decode or assess; seconds to start, seconds for the rest, peak memory in GB."""
    if what.startswith("generate"):
        from aidlib.register.synthetic import generate

        _, size, region = what.split()
        generate(folder, int(size), seed=1, region=region)
        return {}
    do, which = what.split()
    found = (_decode if do == "decode" else _assess)(_job(folder, ANSWERS[which]))
    own, helpers = (resource.getrusage(who).ru_maxrss / 1e6 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {**found, "peak": own + helpers * ((os.cpu_count() or 1) - 1)}


def _job(folder: Path, answers: tuple[str, ...]) -> Job:
    from aidlib.rules.job import ANSWERS as USUAL
    from aidlib.rules.job import Job, files

    return Job(files(folder, "households"), files(folder, "persons"), ON, answers or USUAL, unknown="bounds")


def _decode(job: Job) -> dict[str, float]:
    import polars as pl

    from aidlib.indices import Figures
    from aidlib.law import Book
    from aidlib.rules.assess import columns_read
    from aidlib.rules.job import job_places

    columns = columns_read(job, job_places(job, Book(), Figures()))

    def read() -> None:
        for paths, names in zip((job.households, job.persons), columns, strict=True):
            for path in paths:
                pl.scan_parquet(path).select(names).collect()

    run, cpu = _timed(read)
    return {"start": 0.0, "run": run, "cpu": cpu}


def _assess(job: Job) -> dict[str, float]:
    from aidlib.indices import Figures
    from aidlib.law import Book
    from aidlib.rules.assess import assess_files
    from aidlib.rules.job import job_places

    def run() -> None:
        with tempfile.TemporaryDirectory(dir=job.persons[0].parent) as out:
            assess_files(job, out, part_rows=PART_ROWS)

    imports, _ = _timed(_imports)
    law, law_cpu = _timed(lambda: job_places(job, Book(), Figures()))
    taken, cpu = _timed(run)
    return {"start": imports + law, "run": taken - law, "cpu": cpu - law_cpu}


def _imports() -> None:
    """Assess a hundred households once, so that what is imported on the way is imported."""
    from aidlib.register.synthetic import generate
    from aidlib.rules.assess import assess_files

    with tempfile.TemporaryDirectory() as folder:
        generate(folder, 100, seed=1, region="450000")
        assess_files(_job(Path(folder), ANSWERS["full"]), Path(folder, "out"))


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    start, before = time.perf_counter(), sum(os.times()[:4])
    work()
    return time.perf_counter() - start, sum(os.times()[:4]) - before


if __name__ == "__main__":
    main()
