"""How fast a register is assessed from Parquet to Parquet, against merely decoding the columns the rules read.

    python benchmarks/assess.py [--households 500000 1000000 2000000] [--rounds 3] [--region 000000]

Each measurement is a process of its own, so that its largest memory is its own; decoding and assessing take turns in every round
and medians are compared, because machines are noisy. `lean` asks for category and benefit only, `full` for every usual answer with
both ends of what is unknown. The population is synthetic. Reading the law of every place is timed apart: it does not grow.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

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
    print(
        f"{'households':>12} {'what':>6} {'law s':>6} {'run s':>6} {'cpu s':>6} {'million/s':>9} {'of decoding':>11} {'peak GB':>8}"
    )
    for size in options.households:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, __file__, "--measure", f"generate {size} {options.region}", "--folder", folder], check=True,
                           stdout=subprocess.DEVNULL)  # fmt: skip
            _compare(size, Path(folder), options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, nargs="+", default=[500_000, 1_000_000, 2_000_000])
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
    found: dict[str, list[dict[str, float]]] = {what: [] for what in ("decode", *ANSWERS)}
    for _ in range(rounds):
        for what, measured in found.items():
            command = [sys.executable, __file__, "--measure", what, "--folder", str(folder)]
            measured.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout))
    middle = {
        what: {key: statistics.median(one[key] for one in many) for key in many[0]} for what, many in found.items()
    }
    decode = middle["decode"]["run"]
    for what, one in middle.items():
        print(f"{size:>12,} {what:>6} {one['law']:>6.1f} {one['run']:>6.2f} {one['cpu']:>6.2f} {size / one['run'] / 1e6:>9.2f} {one['run'] / decode:>11.1f} "
              f"{one['peak']:>8.2f}", flush=True)  # fmt: skip


def measure(what: str, folder: Path) -> dict[str, float]:
    """Do one thing in this process: generate, decode or assess; seconds for the law, seconds for the rest, peak memory in GB."""
    if what.startswith("generate"):
        from aidlib.register.synthetic import generate

        _, size, region = what.split()
        generate(folder, int(size), seed=1, region=region)
        return {}
    found = _decode(folder) if what == "decode" else _assess(folder, ANSWERS[what])
    return {**found, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}


def _decode(folder: Path) -> dict[str, float]:
    import polars as pl

    from aidlib.rules.job import files
    from aidlib.rules.sound import read_columns

    def read() -> None:
        for table in ("households", "persons"):
            for path in files(folder, table):
                scan = pl.scan_parquet(path)
                scan.select(read_columns(scan, table)).collect()

    run, cpu = _timed(read)
    return {"law": 0.0, "run": run, "cpu": cpu}


def _assess(folder: Path, answers: tuple[str, ...]) -> dict[str, float]:
    from aidlib.indices import Figures
    from aidlib.law import Book
    from aidlib.rules.assess import assess_files
    from aidlib.rules.job import ANSWERS as USUAL
    from aidlib.rules.job import Job, files, job_places

    job = Job(files(folder, "households"), files(folder, "persons"), ON, answers or (*USUAL,), stale=True)
    (law, _), (again, again_cpu) = (_timed(lambda: job_places(job, Book(), Figures())) for _ in range(2))
    out = Path(tempfile.mkdtemp(dir=folder))
    taken, cpu = _timed(lambda: assess_files(job, out, part_rows=PART_ROWS))
    shutil.rmtree(out)
    return {"law": law, "run": taken - again, "cpu": cpu - again_cpu}


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    start, before = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - before


if __name__ == "__main__":
    main()
