"""The same seed gives the same rows on every processor."""

from __future__ import annotations

import json
import os
import subprocess
import sys

DIGESTS = """
import hashlib, json
import numpy, pandas
from numpy._core import _multiarray_umath as core
from aidlib.disclosure.suppression import suppress
from aidlib.monitoring.sampling import draw
from aidlib.monitoring.planted import invent
from aidlib.register.synthetic import population

def digest(*frames):
    return hashlib.sha256("".join(frame.write_csv() for frame in frames).encode()).hexdigest()

made = {region: digest(*population(20_000, 7, region).block(0)) for region in ("000000", "450400", "540000")}
place = invent("450400", "2026-10", families=1_500, seed=3)
made["world"] = digest(place.households, place.persons, place.planted)
cases = pandas.DataFrame({"case_id": range(5_000), "stratum": ["a", "b"] * 2_500})
made["sample"] = draw(cases, {"a": 300, "b": 500}, seed=11)["case_id"].tolist()
counts = pandas.DataFrame(numpy.random.default_rng(1).integers(0, 12, (300, 5)))
made["hidden"] = hashlib.sha256(suppress(counts).text().to_csv().encode()).hexdigest()
dispatched = [name for name in core.__cpu_dispatch__ if core.__cpu_features__.get(name)]
print(json.dumps({"digests": made, "features": dispatched}))
"""


def run(switched_off: str = "") -> dict[str, object]:
    """Make the digests in a process of its own, with those features of numpy switched off."""
    known = {name: value for name, value in os.environ.items() if name != "NPY_DISABLE_CPU_FEATURES"}
    told = known | ({"NPY_DISABLE_CPU_FEATURES": switched_off} if switched_off else {})
    done = subprocess.run([sys.executable, "-c", DIGESTS], capture_output=True, text=True, check=True, env=told)
    return json.loads(done.stdout)


def test_rows_do_not_depend_on_the_processor() -> None:
    """Populations, samples and hidden cells are the same whether numpy uses what this processor can do or not."""
    rich = run()
    plain = run(" ".join(rich["features"]))
    assert plain["features"] != rich["features"] or not rich["features"], "the features were not switched off"
    assert plain["digests"] == rich["digests"]
