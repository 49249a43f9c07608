"""How much processor time price linkage of every province over ten years takes, with amounts.

    python benchmarks/linkage.py [--rounds 3]

Each round decides 31 provinces and 120 months anew (law and figures stay loaded, as in a session), once as published, once under
another path of CPI, once under a reform; then lays the result out as frames. Medians of the rounds. The first line is the whole of a new
process: imports, law and figures, decisions, both frames.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import aidlib

SPANS = (("2011-01", "2020-12"), ("2016-01", "2025-12"))
PATH = {f"{year}-{month:02d}": "3.6" for year in range(2011, 2026) for month in range(1, 13)}


FIRST = """
import time
import aidlib
result = aidlib.price_linkage("provinces", *{span})
result.to_frame(), result.amounts()
print(time.process_time())
"""


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median processor time of some work."""
    found = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return statistics.median(found)


def main() -> int:
    """Print the table."""
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    lower = aidlib.Reform({"linkage_cpi_trigger": "3.0", "linkage_food_trigger": "5.0"})
    aidlib.price_linkage("230000", "2019-01", "2020-12").to_frame()
    print(f"{'span':18} {'what':24} {'CPU s':>6}  ms a month and place")
    for first, last in SPANS:
        command = [sys.executable, "-c", FIRST.format(span=(first, last))]
        fresh = [float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(rounds)]
        print(f"{first}..{last} {'a new process, amounts too':24} {statistics.median(fresh):6.2f}")
        plain = partial(aidlib.price_linkage, "provinces", first, last)
        result = plain()
        works: dict[str, Callable[[], object]] = {
            "as published": plain,
            "another path of CPI": partial(plain, cpi=PATH),
            "a reform": partial(plain, reform=lower),
            "frame of months": result.to_frame,
            "frame of amounts": result.amounts,
            "cost": result.cost,
        }
        for what, work in works.items():
            took = seconds(work, rounds)
            print(f"{first}..{last} {what:24} {took:6.2f}  {took / len(result.decisions) * 1000:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
