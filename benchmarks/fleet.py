"""How fast reports are made. Each part runs by itself:

    python benchmarks/fleet.py compare [--reports 31] [--rounds 3]   the fleet, a plain papermill loop, and the bare work
    python benchmarks/fleet.py whole                                 31 provinces x 3 real reports from nothing, then unchanged
    python benchmarks/fleet.py memory                                what one more kernel costs
    python benchmarks/fleet.py flat [--reports 2000]                 time and memory from the first hundred reports to the last

`compare` measures all ways in turn in every round of one run and compares medians, because machines are noisy. Its report is a
20-cell notebook with pandas, one OLS, one SARIMAX, four figures and five tables, on invented numbers; that of `flat` is a small table.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
CELLS = [
    "import numpy as np, pandas as pd\nimport matplotlib.pyplot as plt\nimport statsmodels.api as sm",
    "seed = int(region)\nrng = np.random.default_rng(seed)\nmonths = pd.period_range('2010-01', '2019-12', freq='M')",
    "index = pd.Series(100 + rng.normal(0.2, 0.5, 120).cumsum(), months, name='index')",
    "frame = pd.DataFrame({'index': index, 'x': rng.normal(size=120), 'area': rng.choice(['urban', 'rural'], 120)})",
    "frame.head(10)",
    "frame.groupby('area').describe()",
    "fig, ax = plt.subplots()\nindex.plot(ax=ax)\nax.set_title(region)\nplt.show()",
    "ols = sm.OLS(frame['index'], sm.add_constant(frame['x'])).fit()",
    "ols.params.to_frame('estimate')",
    "fig, axes = plt.subplots(1, 2, figsize=(9, 3))\naxes[0].hist(ols.resid, bins=20)\naxes[1].scatter(frame['x'], ols.resid)\nplt.show()",
    "model = sm.tsa.SARIMAX(index.to_timestamp(), order=(1, 1, 0)).fit(disp=False)",
    "forecast = model.get_forecast(6).summary_frame()",
    "forecast",
    "fig, ax = plt.subplots()\nforecast['mean'].plot(ax=ax)\n"
    "ax.fill_between(forecast.index, forecast['mean_ci_lower'], forecast['mean_ci_upper'], alpha=0.2)\nplt.show()",
    "yearly = index.groupby(index.index.year).mean()",
    "yearly.to_frame('mean')",
    "fig, ax = plt.subplots()\nyearly.plot.bar(ax=ax)\nplt.show()",
    "print(region, period, round(float(yearly.iloc[-1]), 3))",
    "wide = frame.pivot_table(index=frame.index.year, columns='area', values='index')\nwide.tail()",
    "assert len(frame) == 120",
]
LOOP, OURS = "plain papermill loop, then nbconvert", "the fleet"
ONE, ALONE = "the fleet, one job, server already up", "the cells and the page alone, in a warm process"
PARAMETERS = 'region = "110000"\nperiod = "2020-02"\nlanguage = "zh"'


SMALL = ["import pandas as pd", "pd.DataFrame({'region': [region] * 20, 'n': range(20)})"]
REAL = ("price_linkage", "standard_indexing", "performance_evaluation")
BLOCK, LOOK_SECONDS, MEGABYTE = 100, 0.2, 2**20


def write_notebook(folder: Path, cells: Sequence[str] = CELLS) -> Path:
    """Write the notebook of a benchmark."""
    import nbformat

    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made.cells = [nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    made.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(made, folder / "bench.ipynb")
    return folder / "bench.ipynb"


def papermill_loop(notebook: Path, regions: list[str], out: Path) -> None:
    """Make the reports the plain way: papermill one after the other, then nbconvert."""
    import nbconvert
    import papermill

    exporter = nbconvert.HTMLExporter()
    for region in regions:
        target = out / f"{region}.ipynb"
        papermill.execute_notebook(notebook, target, {"region": region}, progress_bar=False, log_output=False)
        target.with_suffix(".html").write_text(exporter.from_filename(str(target))[0], encoding="utf-8")


def fleet(notebook: Path, regions: list[str], out: Path, jobs: int) -> None:
    """Make the reports with the fleet."""
    from aidlib.commands.press import PRESS
    from aidlib.fleet import run, warm
    from aidlib.fleet.plan import Report, Request

    known = {"bench": Report("bench", notebook, "month", lambda: regions, lambda _: "2020-02")}
    summary = run.run(Request(out=out, force=True), known, PRESS, jobs, progress=False)
    assert summary.made == len(regions), summary.lines()
    for started in warm.Server.own.values():  # so that the next run includes its start
        started.pop().end()
    warm.Server.own.clear()


def bare(notebook: Path, regions: list[str], out: Path) -> None:
    """The work alone: the same cells in this process, and the page of an executed notebook. Run once before measuring."""
    import matplotlib

    matplotlib.use("agg")
    from IPython.core.interactiveshell import InteractiveShell

    from aidlib.page import document

    InteractiveShell.instance()
    executed = next(iter(sorted(out.glob("*/*/bench.ipynb"))))
    for region in regions:
        names = {"region": region, "period": "2020-02"}
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in CELLS:
                exec(cell, names)
        drawn(names)
        document.render(executed, out / "bare.html")


def drawn(names: dict[str, object]) -> None:
    """Write the figures as the inline backend does, and show the tables."""
    import matplotlib.pyplot as plt

    for number in plt.get_fignums():
        plt.figure(number).savefig(io.BytesIO(), format="png", bbox_inches="tight")
    plt.close("all")
    for name in ("frame", "forecast"):
        names[name]._repr_html_()  # type: ignore[attr-defined]


def compare(reports: int, rounds: int, jobs: int) -> str:
    """Run every way in turn, round by round, and compare medians."""
    from aidlib.regions import provinces

    codes = [place.code for place in provinces()]
    regions, plain, few = codes[:reports], max(reports // 8, 1), max(reports // 4, 1)
    with tempfile.TemporaryDirectory() as folder, standing() as socket:
        home = Path(folder)
        notebook = write_notebook(home)
        fleet(notebook, regions[:1], home / "fleet", 1)
        bare(notebook, regions[:1], home / "fleet")
        ways: dict[str, tuple[int, Callable[[], None]]] = {
            LOOP: (plain, lambda: papermill_loop(notebook, regions[:plain], home)),
            OURS: (reports, lambda: fleet(notebook, regions, home / "fleet", jobs)),
            ONE: (few, lambda: running(socket, lambda: fleet(notebook, regions[:few], home / "fleet", 1))),
            ALONE: (few, lambda: bare(notebook, regions[:few], home / "fleet")),
        }
        middle = medians(ways, rounds)
    lines = [f"{name:46}{seconds:7.2f} s a report" for name, seconds in middle.items()]
    lines += [
        f"medians of {rounds} rounds; {reports} reports, {jobs} jobs, the start of the fleet included",
        f"the fleet makes reports {middle[LOOP] / middle[OURS]:.1f} times as fast as the plain loop",
        f"one job takes {middle[ONE] / middle[ALONE]:.2f} times the bare work, two {middle[OURS] / middle[ALONE]:.2f} times",
    ]
    return "\n".join(lines)


def medians(ways: dict[str, tuple[int, Callable[[], None]]], rounds: int) -> dict[str, float]:
    """Median seconds a report of each way, taken in turn."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (count, work) in ways.items():
            found[name].append(timed(work) / count)
    return {name: statistics.median(times) for name, times in found.items()}


def whole(jobs: int) -> str:
    """Make three real reports of 31 provinces from nothing with the command line, then ask for the same again."""
    from aidlib.regions import provinces

    regions = ",".join(place.code for place in provinces())
    with tempfile.TemporaryDirectory() as out:
        words = [
            sys.executable,
            "-m",
            "aidlib.cli",
            "report",
            *REAL,
            "--jobs",
            str(jobs),
            "--out",
            out,
            "--region",
            regions,
        ]
        return "\n".join(f"{what:16}{_told(words)}" for what in ("from nothing", "unchanged"))


def _told(words: list[str]) -> str:
    began = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    last = done.stdout.strip().splitlines()[-1].rpartition(": ")[0]
    return f"{time.perf_counter() - began:7.1f} s: {last}"


def memory() -> str:
    """How much of an extra kernel is its own: private and shared megabytes right after the fork."""
    from aidlib.commands.press import PRESS
    from aidlib.fleet import warm

    parent = warm.Server(PRESS.module)
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        with tempfile.TemporaryDirectory() as folder:
            argv, call = ["ipykernel_launcher", "-f", f"{folder}/kernel.json"], "aidlib.fleet.kernels:become_kernel"
            kernel = warm.ForkedProcess(
                parent.socket, call, [argv], env=dict(os.environ), cwd=folder, memory=0, streams=[nothing] * 3
            )
            rollup = Path(f"/proc/{kernel.pid}/smaps_rollup").read_text().splitlines()[1:]
            kernel.kill()
            kernel.wait(5)
    finally:
        parent.end()
    kilobytes = {line.split()[0]: int(line.split()[1]) for line in rollup}
    own, resident = kilobytes["Private_Dirty:"] // 1024, kilobytes["Rss:"] // 1024
    return f"an extra kernel: {resident} MB resident, {own} MB of it its own ({1 - own / resident:.0%} shared)"


def flat(reports: int, jobs: int) -> str:
    """Time and memory of every hundred small reports of one run."""
    with tempfile.TemporaryDirectory() as home:
        notebook, out = write_notebook(Path(home), SMALL), Path(home) / "out"
        seen: list[tuple[float, float]] = []
        stop = threading.Event()
        watch = threading.Thread(target=_watch, args=(out, seen, stop), daemon=True)
        watch.start()
        began = time.perf_counter()
        fleet(notebook, places(reports), out, jobs)
        stop.set()
        watch.join()
    ends = [(0.0, 0.0), *((when - began, size) for when, size in seen)]
    lines = [
        f"reports {at * BLOCK + 1:5} to {(at + 1) * BLOCK:5}: {(ends[at + 1][0] - ends[at][0]) / BLOCK:6.3f} s a report, {ends[at + 1][1]:5.0f} MB"
        for at in range(len(seen))
    ]
    return "\n".join([*lines, f"{jobs} jobs; memory is that of the fleet and its warm server together"])


def places(count: int) -> list[str]:
    """So many region codes: provinces, prefectures, counties."""
    from aidlib.regions import children, provinces

    wide = [place.code for place in provinces()]
    middle = [place.code for code in wide for place in children(code)]
    return [*wide, *middle, *(place.code for code in middle for place in children(code))][:count]


def _watch(out: Path, seen: list[tuple[float, float]], stop: threading.Event) -> None:
    """Note time and memory whenever the manifest has another hundred lines."""
    while not stop.wait(LOOK_SECONDS):
        manifest = out / "manifest.jsonl"
        made = manifest.read_bytes().count(b"\n") if manifest.is_file() else 0
        while len(seen) < made // BLOCK:
            seen.append((time.perf_counter(), sum(map(resident, [os.getpid(), *lasting()]))))


def lasting() -> list[int]:
    """Processes this one started: the warm server."""
    return [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]


def resident(pid: int) -> float:
    """Megabytes of a process in memory; a process that has ended has none."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def timed(work: Callable[[], None]) -> float:
    """Seconds of a piece of work."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextlib.contextmanager
def standing() -> Iterator[str]:
    """A warm server that stays for the whole run; its socket."""
    from aidlib.commands.press import PRESS
    from aidlib.fleet import warm

    parent = warm.Server(PRESS.module)
    try:
        yield parent.socket
    finally:
        parent.end()


def running(socket: str, work: Callable[[], None]) -> None:
    """Do something with the warm server of a socket."""
    from aidlib.fleet import warm

    os.environ[warm.VARIABLE] = socket
    try:
        work()
    finally:
        del os.environ[warm.VARIABLE]


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("part", choices=("compare", "whole", "memory", "flat"), nargs="?", default="compare")
    words.add_argument("--reports", type=int, help="default: 31, for flat 2000")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--jobs", type=int, default=2)
    chosen = words.parse_args()
    parts: dict[str, Callable[[], str]] = {
        "compare": lambda: compare(chosen.reports or 31, chosen.rounds, chosen.jobs),
        "whole": lambda: whole(chosen.jobs),
        "memory": memory,
        "flat": lambda: flat(chosen.reports or 2000, chosen.jobs),
    }
    print(f"load before: {os.getloadavg()[0]:.1f}")
    print(parts[chosen.part]())
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if os.environ.get("OMP_NUM_THREADS") != "1":
        sys.exit(subprocess.call([sys.executable, *sys.argv], env={**os.environ, **ONE_THREAD}))
    main()
