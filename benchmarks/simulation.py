"""What `Simulation(...).calculate` costs over the engine it calls, on the same tables in the same process: processor time, medians.

    python benchmarks/simulation.py [--households 100000] [--rounds 9]

`engine` is `rules.frames.assess` with the law of the place already read, `engine and law` reads it first; `first` makes a Simulation, which
checks the tables, reads the law and calculates; `again` calculates once more, with the law it has read. Wanted: at most 1.25 times the engine
(four fifths of its speed).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

import aidlib
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.register.synthetic import population
from aidlib.rules.frames import assess
from aidlib.rules.job import law_of

REGION, ANSWER = "450400", ("dibao_benefit_fen",)
ON = date(2024, 6, 1)
LAW: dict[str, Any] = {"stale": True, "local_rules": "none"}
HOW: dict[str, Any] = LAW | {"date": ON}


def drawn(households: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A synthetic population of a prefecture, in two Polars tables."""
    made = population(households, 1, REGION)
    homes, people = (pl.concat(parts) for parts in zip(*map(made.block, range(made.blocks)), strict=True))
    return homes.with_columns(region_code=pl.lit(REGION)), people


def ways(homes: Any, people: Any) -> dict[str, Callable[[], Any]]:
    """The three things that are timed."""
    ready = aidlib.Simulation(homes, people, **HOW)
    held = ready.law(ANSWER)
    return {
        "engine": lambda: assess(homes, people, held, ANSWER),
        "engine and law": lambda: assess(
            homes, people, law_of([(REGION, True), (REGION, False)], Book(), Figures(), ON, ANSWER, **LAW), ANSWER
        ),
        "first": lambda: aidlib.Simulation(homes, people, **HOW).calculate(ANSWER),
        "again": lambda: ready.calculate(ANSWER),
    }


def timed(work: Callable[[], Any]) -> float:
    """Processor seconds of doing it once."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Print a row a kind of table and way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    tables = drawn(options.households)
    print("| tables | what | CPU ms | of the engine |\n|---|---|---|---|")
    for kind, pair in (("polars", tables), ("pandas", tuple(one.to_pandas() for one in tables))):
        done: dict[str, list[float]] = {}
        for _ in range(options.rounds + 1):
            for name, work in ways(*pair).items():
                done.setdefault(name, []).append(timed(work))
        middle = {name: statistics.median(took[1:]) for name, took in done.items()}
        for name, took in middle.items():
            print(f"| {kind} | {name} | {took * 1000:.0f} | {took / middle['engine']:.2f} |")


if __name__ == "__main__":
    main()
