"""How fast reports are made: the fleet against a plain papermill loop with nbconvert, and against the bare work in a warm process.

    python benchmarks/fleet.py [--reports 31] [--rounds 3]

All three are measured in turn in every round of one run, and medians are compared, because machines are noisy. The report is a
20-cell notebook with pandas, one OLS, one SARIMAX, four figures and five tables, on invented numbers.
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
import time
from collections.abc import Callable
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
ONE, ALONE = "the fleet, one job, parent already up", "the cells and the page alone, in a warm process"
PARAMETERS = 'region = "110000"\nperiod = "2020-02"\nlanguage = "zh"'


def write_notebook(folder: Path) -> Path:
    """Write the notebook of the benchmark."""
    import nbformat

    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made.cells = [nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    made.cells += [nbformat.v4.new_code_cell(cell) for cell in CELLS]
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
    from aidlib.reports import fleet as fleets
    from aidlib.reports.catalogue import Report
    from aidlib.reports.plan import Request

    known = {"bench": Report("bench", notebook, "month", lambda: regions, lambda _: "2020-02")}
    tally = fleets.run(Request(out=out, force=True), known, jobs, progress=False)
    assert tally.made == len(regions), tally.lines()


def bare(notebook: Path, regions: list[str], out: Path) -> None:
    """The work alone: the same cells in this process, and the page of an executed notebook. Run once before measuring."""
    import matplotlib

    matplotlib.use("agg")
    from IPython.core.interactiveshell import InteractiveShell

    from aidlib.reports import page

    InteractiveShell.instance()
    executed = next(iter(sorted(out.glob("*/*/bench.ipynb"))))
    for region in regions:
        names = {"region": region, "period": "2020-02"}
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in CELLS:
                exec(cell, names)
        drawn(names)
        page.render(executed, out / "bare.html")


def drawn(names: dict[str, object]) -> None:
    """Write the figures as the inline backend does, and show the tables."""
    import matplotlib.pyplot as plt

    for number in plt.get_fignums():
        plt.figure(number).savefig(io.BytesIO(), format="png", bbox_inches="tight")
    plt.close("all")
    for name in ("frame", "forecast"):
        names[name]._repr_html_()  # type: ignore[attr-defined]


def memory() -> str:
    """How much of an extra kernel is its own: private and shared megabytes right after the fork."""
    from aidlib.reports import warm
    from aidlib.reports.forked import WarmProcess

    parent = warm.Parent()
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        with tempfile.TemporaryDirectory() as folder:
            argv = ["ipykernel_launcher", "-f", f"{folder}/kernel.json"]
            kernel = WarmProcess(parent.socket, argv, dict(os.environ), folder, 0, [nothing] * 3)
            fields = dict(
                line.split()[:2] for line in Path(f"/proc/{kernel.pid}/smaps_rollup").read_text().splitlines()[1:]
            )
            kernel.kill()
            kernel.wait(5)
        own, whole = int(fields["Private_Dirty:"]) // 1024, int(fields["Rss:"]) // 1024
        return f"an extra kernel: {whole} MB resident, {own} MB of it its own"
    finally:
        parent.end()


def timed(work: Callable[[], None]) -> float:
    """Seconds of a piece of work."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--reports", type=int, default=31)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--jobs", type=int, default=2)
    chosen = words.parse_args()
    with tempfile.TemporaryDirectory() as home:
        print(measure(Path(home), chosen.reports, chosen.rounds, chosen.jobs))
    print(memory())


def measure(home: Path, reports: int, rounds: int, jobs: int) -> str:
    """Run every way in turn, round by round, and compare medians."""
    from aidlib.regions import provinces
    from aidlib.reports import execute

    notebook, codes = write_notebook(home), [place.code for place in provinces()]
    regions, plain, few = codes[:reports], max(reports // 8, 1), max(reports // 4, 1)
    execute.preload()
    fleet(notebook, regions[:1], home / "fleet", 1)
    bare(notebook, regions[:1], home / "fleet")
    ways: dict[str, tuple[int, Callable[[], None]]] = {
        LOOP: (plain, lambda: papermill_loop(notebook, regions[:plain], home)),
        OURS: (reports, lambda: fleet(notebook, regions, home / "fleet", jobs)),
        ONE: (few, lambda: running(lambda: fleet(notebook, regions[:few], home / "fleet", 1))),
        ALONE: (few, lambda: bare(notebook, regions[:few], home / "fleet")),
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (count, work) in ways.items():
            found[name].append(timed(work) / count)
    middle = {name: statistics.median(times) for name, times in found.items()}
    lines = [f"{name:46}{seconds:7.2f} s a report" for name, seconds in middle.items()]
    lines += [
        f"medians of {rounds} rounds; {reports} reports, {jobs} jobs, the start of the fleet included",
        f"the fleet makes reports {middle[LOOP] / middle[OURS]:.1f} times as fast as the plain loop",
        f"one job takes {middle[ONE] / middle[ALONE]:.2f} times the bare work, two {middle[OURS] / middle[ALONE]:.2f} times",
    ]
    return "\n".join(lines)


def running(work: Callable[[], None]) -> None:
    """Do something with a warm parent that stays from one call to the next."""
    from aidlib.reports import warm

    os.environ[warm.VARIABLE] = warm.Parent.shared().socket
    try:
        work()
    finally:
        del os.environ[warm.VARIABLE]


if __name__ == "__main__":
    if os.environ.get("OMP_NUM_THREADS") != "1":
        sys.exit(subprocess.call([sys.executable, *sys.argv], env={**os.environ, **ONE_THREAD}))
    main()
