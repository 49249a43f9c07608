"""What a page's cells cost: processor seconds by page and section, beside an earlier commit in the same run.

    python benchmarks/pages.py                                  # today
    python benchmarks/pages.py --against 1b0c3d5                # and as a ratio of an earlier commit
    python benchmarks/pages.py --against HEAD~1 price_linkage   # one page

Cells alone, warm: each page is measured in a process of its own that has made the same page of another place before, so that imports, tables
and what belongs to the whole nation are there and what belongs to the place is not. Figures are drawn. No HTML page, no kernel, no
fleet. The median of the places and rounds is told; the two commits take turns, with the same libraries.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from apart import HERE, as_of

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
MONTHS = (("320000", "2019-09"), ("450400", "2020-02"), ("230100", "2020-01"), ("370000", "2020-02"))
YEARS = (("420100", "2023"), ("450400", "2019"), ("230100", "2018"), ("310000", "2020"))
RULES = (("420100", "2023-06"), ("450400", "2024-06"), ("230100", "2024-06"), ("310000", "2024-06"))
# The first place warms the process; the others are measured.
PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "price_linkage": MONTHS,
    "performance_evaluation": YEARS,
    "standard_indexing": YEARS,
    "low_income_monitoring": RULES,
    "national_overview": (("000000", "2022"), ("000000", "2024")),
    "household_walkthrough": RULES,
    "standard_sandbox": RULES,
    "what_a_change_costs": RULES,
    "low_income_price_index": (("320000", "2020-04"), ("450000", "2020-04"), ("370000", "2020-04")),
    "setting_a_standard": (("000000", "2011"), ("350000", "2013"), ("371700", "2010")),
    "do_standards_keep_up": (("450000", "2024"), ("000000", "2025")),
    "trigger_forecast_record": (("000000", "2024-12"), ("000000", "2026-07")),
}
SMALLEST = 0.02  # seconds below which a section is not listed


def measure(notebook: Path, places: tuple[tuple[str, str], ...]) -> list[dict[str, float]]:
    """Run a notebook's cells once a place, and return the processor seconds of each section, without the first place's."""
    cells = [cell for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    with tempfile.TemporaryDirectory(prefix="aidlib-pages-") as folder:
        shell = _shell(folder)
        return [_seconds(shell, cells, place, f"{folder}/{number}") for number, place in enumerate(places)][1:]


def _shell(folder: str) -> Any:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.ipython_dir = folder
    return InteractiveShell.instance(config=settings)


def _seconds(shell: Any, cells: list[dict[str, Any]], place: tuple[str, str], folder: str) -> dict[str, float]:
    from IPython.utils.capture import capture_output

    given = {"region": place[0], "period": place[1], "year": int(place[1][:4]), "restricted": folder}
    shell.reset(new_session=False)
    taken: dict[str, float] = defaultdict(float)
    for cell in cells:
        source = "".join(cell["source"])
        began = time.process_time()
        with capture_output():
            shell.run_cell(source).raise_error()
        taken[_section(source)] += time.process_time() - began
        if "parameters" in cell["metadata"].get("tags", ()):
            shell.user_ns.update({name: value for name, value in given.items() if name in shell.user_ns})
    return taken


def _section(source: str) -> str:
    """Name a cell by the last call that stands alone in it."""
    calls = [node.value for node in ast.parse(source).body if isinstance(node, ast.Expr)]
    names = [ast.unparse(call.func).rpartition(".")[2] for call in calls if isinstance(call, ast.Call)]
    return names[-1] if names else "parameters and loading"


def _apart(root: Path, page: str) -> list[dict[str, float]]:
    """Measure one page as it stands in a folder, in a process of its own."""
    command = [sys.executable, __file__, page, "--measure", str(root)]
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(root), "MPLBACKEND": "agg"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return list(json.loads(done.stdout.splitlines()[-1]))


def compare(pages: list[str], roots: dict[str, Path], rounds: int) -> None:
    """Print processor seconds by page and section for each commit, in turn, and the last as a ratio of the first."""
    print("| page | section |", *(f"{name}, s |" for name in roots), "ratio |" if len(roots) > 1 else "")
    print("|---|---|" + "---|" * (len(roots) + (len(roots) > 1)))
    for page in pages:
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in roots}
        for _ in range(rounds):
            for name, root in roots.items():
                runs[name] += _apart(root, page)
        _row(page, "all cells", [statistics.median(sum(run.values()) for run in done) for done in runs.values()])
        for section in dict.fromkeys(section for done in runs.values() for run in done for section in run):
            known = [[run[section] for run in done if section in run] for done in runs.values()]
            medians = [statistics.median(one) if one else None for one in known]
            if max(one or 0 for one in medians) >= SMALLEST:
                _row("", section, medians)


def _row(page: str, section: str, seconds: list[float | None]) -> None:
    ratio = (
        f" {seconds[-1] / seconds[0]:.2f} |" if len(seconds) > 1 and seconds[0] and seconds[-1] is not None else " |"
    )
    told = " | ".join("" if one is None else f"{one:.2f}" for one in seconds)
    print(f"| {page} | {section} | {told} |{ratio if len(seconds) > 1 else ''}", flush=True)


def main() -> None:
    """Measure what is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", metavar="page", help=f"of {', '.join(PAGES)}; default: all")
    parser.add_argument("--against", help="an earlier commit")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := [page for page in options.pages if page not in PAGES]:
        parser.error(f"no such page: {', '.join(unknown)}")
    if options.measure:
        import aidlib

        page, root = options.pages[0], options.measure.resolve()
        if not Path(aidlib.__file__).resolve().is_relative_to(root):
            parser.error(f"aidlib comes from {aidlib.__file__} and not from {root}")
        found = next((root / "notebooks").rglob(f"{page}.ipynb"))
        print(json.dumps(measure(found, PAGES[page])))
        return
    pages = options.pages or list(PAGES)
    with as_of(options.against) if options.against else nullcontext(HERE) as folder:
        compare(pages, {options.against: folder, "today": HERE} if options.against else {"today": HERE}, options.rounds)


if __name__ == "__main__":
    main()
