"""Benchmarks whose every measurement is a process of its own, so that its memory is its own."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1]


def options(doc: str | None, unit: str, sizes: list[int], rounds: int, ways: Iterable[str]) -> argparse.Namespace:
    """Read what is asked: sizes in some unit and rounds; or, of a process started here, what to measure in which folder."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(f"--{unit}", dest="sizes", type=int, nargs="+", default=sizes)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--measure", choices=["generate", *ways], help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


def run(script: str, what: str, folder: str, size: int = 0) -> dict[str, Any]:
    """Do one thing in a process of its own and return what it says."""
    command = [sys.executable, script, "--measure", what, "--folder", folder, "--size", str(size)]
    return dict(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout))


def taken_in_turn(script: str, ways: Iterable[str], folder: str, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Let every way do the work once a round, in turn."""
    runs: dict[str, list[dict[str, Any]]] = {what: [] for what in ways}
    for _ in range(rounds):
        for what, done in runs.items():
            done.append(run(script, what, folder))
    return runs


def medians(runs: Mapping[str, list[dict[str, Any]]], names: Iterable[str]) -> dict[str, dict[str, float]]:
    """Return the median of each figure, by way."""
    wanted = tuple(names)
    return {
        what: {name: statistics.median(one[name] for one in done) for name in wanted} for what, done in runs.items()
    }


@contextmanager
def as_of(commit: str) -> Iterator[Path]:
    """Give the folder of the repository as it was at a commit: a worktree that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="aidlib-before-") as folder:
        place = Path(folder) / "repository"
        git = ["git", "-C", str(HERE), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(place), commit], check=True)
        try:
            yield place
        finally:
            subprocess.run([*git, "remove", "--force", str(place)], check=True)
