"""The pages' safety net: run every page's cells and compare with its golden record. See README.md beside this file.

golden.py check            compare all pages; what is finished is kept, so that a killed run goes on where it stopped
golden.py accept           make today's pages the golden ones, and print what changed, for the commit message
golden.py gallery          make the finished reports that are shown in the repository (reports/gallery)
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RECORDS = HERE / "records"
MADE = HERE / ".made"
CASES = HERE / "cases.csv"
GALLERY = ROOT / "reports" / "gallery"
SHOWN = ("price_linkage", "standard_indexing", "performance_evaluation", "low_income_monitoring")
WATCHED = (
    "aidlib/**/*.py",
    "aidlib/**/*.md",
    "aidlib/**/*.html",
    "notebooks/**/*.ipynb",
    "notebooks/**/*.md",
    "data/**/*.csv",
    *(f"tests/golden/{name}.py" for name in ("capturing", "drawn", "packing", "rendered")),
)
LIBRARIES = ("numpy", "pandas", "polars", "scipy", "statsmodels", "matplotlib")


@dataclass(frozen=True)
class Case:
    """A page: a notebook with place, period and further parameters; `sample` says in which language `make test` looks at it."""

    notebook: str
    region: str
    period: str
    settings: str = ""
    sample: str = ""

    @property
    def name(self) -> str:
        """Notebook, place, period and settings in words."""
        return " ".join(filter(None, (self.notebook, self.region, self.period, self.settings)))

    @property
    def file(self) -> str:
        """Name of its record."""
        settings = "".join(c if c.isalnum() else "-" for c in self.settings)
        return "/".join((self.notebook, "-".join(filter(None, (self.region, self.period, settings))) + ".jsonl"))

    @cached_property
    def base(self) -> Case:
        """The case whose record those of its notebook are written against: the first."""
        return next(case for case in cases() if case.notebook == self.notebook)

    def record(self) -> str:
        """Return its golden record in full, or nothing where there is none yet."""
        text = (RECORDS / self.file).read_text(encoding="utf-8") if (RECORDS / self.file).is_file() else ""
        from packing import lengthened

        return text if self.base == self else lengthened(text, self.base.record())

    def given(self) -> dict[str, Any]:
        """Parameters of its notebook."""
        pairs = (pair.partition("=")[::2] for pair in self.settings.split(" ") if pair)
        further = {name: int(value) if value.isdigit() else value for name, value in pairs}
        return {"region": self.region, "period": self.period, "year": int(self.period[:4]), **further}


@cache
def cases() -> tuple[Case, ...]:
    """Read the pages that are kept, in the order they are run."""
    with CASES.open(encoding="utf-8", newline="") as lines:
        return tuple(Case(**row) for row in csv.DictReader(lines))


def made(case: Case, languages: tuple[str, ...] = ("zh", "en")) -> str:
    """Run a page and return its record; in one language alone it stands for both."""
    from capturing import page
    from packing import pack

    pages = {language: page(case.notebook, {**case.given(), "language": language}) for language in languages}
    return pack({language: pages.get(language, pages[languages[0]]) for language in ("zh", "en")})


def fingerprint() -> str:
    """What a page can depend on: code, notebooks, data, this net, and the libraries that compute."""
    sha = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    for path in sorted(path for pattern in WATCHED for path in ROOT.glob(pattern)):
        sha.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return sha.hexdigest()[:12]


def _make(case: Case, folder: Path) -> None:
    target = folder / case.file
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(f".{os.getpid()}")
    unfinished.write_text(made(case), encoding="utf-8")
    unfinished.replace(target)


def _end_with_parent() -> None:
    """Let a worker not outlive a killed run."""
    threading.Thread(target=lambda: (multiprocessing.parent_process().join(), os._exit(1)), daemon=True).start()  # type: ignore[union-attr]


def make_all(chosen: list[Case], jobs: int) -> Path:
    """Run the pages that are not finished yet and return the folder of their records."""
    folder = MADE / fingerprint()
    for old in MADE.glob("*"):
        if old != folder:
            shutil.rmtree(old)
    left = [case for case in chosen if not (folder / case.file).is_file()]
    if left:
        os.environ |= {"MPLBACKEND": "agg", **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")}
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_end_with_parent) as pool:
            waiting = {pool.submit(_make, case, folder): case for case in left}
            for count, done in enumerate(as_completed(waiting), 1):
                done.result()
                print(f"\r{count}/{len(left)} {waiting[done].name:70.70}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    return folder


def shown_cases() -> dict[Path, Case]:
    """The finished reports of the gallery, and the sampled page in Chinese that each is."""
    chosen = [next(case for case in cases() if case.notebook == name and case.sample == "zh") for name in SHOWN]
    return {GALLERY / f"{case.notebook}-{case.region}-{case.period}.ipynb": case for case in chosen}


def _gallery() -> None:
    """Make the reports of the gallery as anybody would, and keep page and notebook."""
    from capturing import TODAY

    shutil.rmtree(GALLERY, ignore_errors=True)
    GALLERY.mkdir(parents=True)
    plain = {name: value for name, value in os.environ.items() if name != "AIDLIB_DATA"}
    with tempfile.TemporaryDirectory(prefix="aidlib-gallery-") as out:
        for path, case in shown_cases().items():
            settings = [word for pair in case.settings.split(" ") if pair for word in ("-p", pair)]
            where = ["--region", case.region, "--period", case.period, "--language", "zh", "--out", out]
            command = [sys.executable, "-m", "aidlib.cli", "report", case.notebook, *where, *settings]
            subprocess.run(command, check=True, env=plain | TODAY)
            for end in (".ipynb", ".html"):
                shutil.copy(Path(out, case.period, case.region, case.notebook + end), path.with_suffix(end))


def main() -> int:
    """Compare or accept; return 1 where pages differ from their golden records."""
    from comparing import changes, summary

    options = _options()
    chosen = [case for case in cases() if all(word in case.name for word in options.only)]
    if options.do == "show":
        for case in chosen:
            print(case.name, case.record(), sep="\n")
        return 0
    if options.do == "gallery":
        _gallery()
        return 0
    folder = make_all(chosen, options.jobs)
    found = [change for case in chosen for change in changes(case.name, case.record(), _read(folder, case))]
    if options.visible:
        found = [change for change in found if change.kind not in ("kept", "reads")]
    for line in summary(found, options.full):
        print(line)
    pages = len({change.page for change in found})
    print(f"{len(chosen)} pages in both languages, {pages} differ, {len(found)} changes")
    if options.do == "accept":
        print(f"{_accept(chosen, folder)} records written to {RECORDS.relative_to(ROOT)}")
    return int(options.do == "check" and bool(found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("do", choices=("check", "accept", "show", "gallery"))
    parser.add_argument("only", nargs="*", help="words that a page's name must have: price_linkage, 450400, 2020-02")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--visible", action="store_true", help="only what a reader sees: for a move of words to codes")
    parser.add_argument("--full", action="store_true", help="every change, not examples")
    return parser.parse_intermixed_args()  # options may stand before the words


def _read(folder: Path, case: Case) -> str:
    return (folder / case.file).read_text(encoding="utf-8")


def _accept(chosen: list[Case], folder: Path) -> int:
    """Write the records that changed; when a notebook's first one does, the others are written against it anew."""
    from comparing import changes
    from packing import shortened

    wanted = {case: case.record() for case in cases()}
    for case in chosen:
        if (new := _read(folder, case)) != wanted[case] and changes(case.name, wanted[case], new):
            wanted[case] = new
    texts = {
        RECORDS / case.file: text if case.base == case else shortened(text, wanted[case.base])
        for case, text in wanted.items()
        if text
    }
    for stray in set(RECORDS.rglob("*.jsonl")) - set(texts):
        stray.unlink()
    return sum(_written(path, text) for path, text in texts.items())


def _written(path: Path, text: str) -> bool:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
