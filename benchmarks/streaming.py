"""How fast the workload of `engines.py` goes from Parquet to Parquet, against merely decoding its columns and against DuckDB SQL.

    python benchmarks/streaming.py [--households 1000000 10000000] [--rounds 5]

One million households a file and their persons in the file of the same number, zstd, groups of 250,000 and 650,000 rows, with columns no
rule reads, as in real extracts. aidlib runs its rules through what `aidlib assess` is made of: parts, threads, ledger, columns on numpy,
one file of results a part, totals by region and category. DuckDB does the same by hand-written SQL; digests of the results must be the
same. Decoding reads the columns the rules need and does nothing with them: by PyArrow and by Polars into their own tables, and by
Polars into arrays of numbers, as rules on numpy need them, the way aidlib reads. Each measurement is a process of its own, in turn, which
does the work once before the clock starts; medians are compared. Everything is invented.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import apart
import duckdb
import engines
import numpy as np
import polars as pl
import pyarrow.parquet as pq

from aidlib.rules.columns import array
from aidlib.rules.ledger import Ledger, parquet
from aidlib.rules.parts import Part, in_parts, parts_of
from aidlib.rules.row_ranges import RowRanges
from aidlib.rules.totals import NOTHING, Digest
from aidlib.rules.workers import Helpers

PER_FILE, PART_ROWS = 1_000_000, 250_000
THREADS = 3  # one a core, and one that waits for a disk
KEY = "household_id"
READ = {"households": (KEY, "region_code", "urban", *engines.OWN), "persons": (KEY, *engines.OF_PERSONS)}
GROUPS = {"households": 250_000, "persons": 650_000}


def main() -> None:
    """Measure every size and print a table."""
    options = apart.options(__doc__, "households", [1_000_000, 10_000_000], 5, WAYS)
    if options.measure == "generate":
        print(json.dumps(generate(Path(options.folder), options.size)))
        return
    if options.measure:
        print(json.dumps(measured(options.measure, Path(options.folder))))
        return
    print(
        f"{os.cpu_count()} processors, {options.rounds} rounds, medians; Python {sys.version.split()[0]}, Polars {pl.__version__}"
    )
    heads = ("households", "what", "wall s", "CPU s", "million/s", *(f"of {one}" for one in DECODING), "peak GB")
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|", flush=True)
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            apart.run(__file__, "generate", folder, size)
            _compare(size, folder, options.rounds)


def measured(what: str, folder: Path) -> dict[str, Any]:
    """Do one thing a second time in this process: seconds, processor seconds, memory in GB and a digest."""
    out = folder / what
    _once(what, folder, out)
    taken = _once(what, folder, out)
    digest = str(sum((Digest.of(pl.read_parquet(path)) for path in out.glob("part-*.parquet")), NOTHING))
    shutil.rmtree(out)
    return {**taken, "digest": digest}


def _once(what: str, folder: Path, out: Path) -> dict[str, float]:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    began, before = time.perf_counter(), _busy()
    WAYS[what](folder, out)
    taken = {"wall": time.perf_counter() - began, "cpu": _busy() - before}
    return taken | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}


def _busy() -> float:
    return sum(os.times()[:4])


def _compare(size: int, folder: str, rounds: int) -> None:
    runs = apart.taken_in_turn(__file__, WAYS, folder, rounds)
    if len({run["digest"] for what in ("aidlib", "duckdb") for run in runs[what]}) != 1:
        raise SystemExit("the results differ")
    middle = apart.medians(runs, ("wall", "cpu", "peak"))
    for what, one in middle.items():
        ratios = [f"{one['wall'] / middle[decoder]['wall']:.1f}" for decoder in DECODING]
        figures = [
            f"{one['wall']:.2f}",
            f"{one['cpu']:.2f}",
            f"{size / one['wall'] / 1e6:.2f}",
            *ratios,
            f"{one['peak']:.2f}",
        ]
        name = f"decode: {what}" if what in DECODING else what
        print(f"| {' | '.join((f'{size:,}', name, *figures))} |", flush=True)


def generate(folder: Path, size: int) -> dict[str, Any]:
    """Write the tables, households sorted by region; in a part at a time."""
    rng = np.random.default_rng(1)
    region = np.sort(rng.choice(engines.REGIONS, size, p=engines._sizes(rng)))
    for number, first in enumerate(range(0, size, PER_FILE)):
        d = engines.invented(min(PER_FILE, size - first), number, region[first : first + PER_FILE])
        homes = pl.DataFrame({name: d[name] for name in READ["households"]})
        people = pl.DataFrame({name: d[f"p_{name}"] for name in READ["persons"]})
        unread = {"person_id": pl.int_range(pl.len()), "age": pl.lit(rng.integers(0, 100, people.height).astype(np.int16)),
                  "can_work": pl.lit(rng.random(people.height) < 0.5)}  # fmt: skip
        own = pl.col(KEY) + number * 4 * PER_FILE
        for name, frame in (("households", homes.with_columns(own)), ("persons", people.with_columns(own, **unread))):
            frame.write_parquet(
                folder / f"{name}-{number:05d}.parquet", compression="zstd", row_group_size=GROUPS[name]
            )
    return {"size": size}


def files(folder: Path, table: str) -> list[Path]:
    """List a table's files in order."""
    return sorted(folder.glob(f"{table}-*.parquet"))


def by_polars(folder: Path, out: Path) -> None:
    """Read the columns the rules need, file by file, into tables of Polars."""
    for table, names in READ.items():
        for path in files(folder, table):
            pl.scan_parquet(path).select(names).collect()


def by_pyarrow(folder: Path, out: Path) -> None:
    """Read them into tables of PyArrow."""
    for table, names in READ.items():
        for path in files(folder, table):
            pq.read_table(path, columns=list(names))


def into_arrays(folder: Path, out: Path) -> None:
    """Read them part by part into arrays of numbers, and drop these."""

    def only_read(people: RowRanges, number: int, cut: Part) -> dict[str, Any]:
        return {"rows": len(read(people, cut)[0][KEY])}

    _each_part(folder, out, only_read)


def aidlib(folder: Path, out: Path) -> None:
    """Run the rules part by part."""
    held = engines.law_of(engines.standards())

    def part(people: RowRanges, number: int, cut: Part) -> dict[str, Any]:
        homes, persons = read(people, cut)
        found = engines.evaluated(homes, persons, held)
        answers = {KEY: homes[KEY]} | {name: found[name] for name in engines.ANSWERS}
        parquet(pl.DataFrame(answers), out / f"part-{number:05d}.parquet", {})
        return {"rows": len(homes[KEY])}

    _each_part(folder, out, part)


def _each_part(folder: Path, out: Path, work: Callable[..., dict[str, Any]]) -> None:
    people = RowRanges(tuple(files(folder, "persons")), READ["persons"])
    parts = parts_of(files(folder, "households"), PART_ROWS)
    with Ledger(out, "workload") as ledger, Helpers(0, threads=THREADS) as helpers:
        in_parts(partial(work, people), parts, ledger, helpers, lambda _: None)


def read(people: RowRanges, cut: Part) -> list[dict[str, Any]]:
    """Read one part's households, and their persons."""
    path, first, rows = cut
    homes = pl.scan_parquet(path).select(READ["households"]).slice(first, rows).collect()
    persons = people.between(homes[KEY][0], homes[KEY][-1])
    return [{name: array(frame[name]) for name in frame.columns} for frame in (homes, persons)]


def by_duckdb(folder: Path, out: Path) -> None:
    """Do the same in SQL, file by file, totals included."""
    law = pl.DataFrame(engines.standards())
    with duckdb.connect(config={"memory_limit": "4GB"}) as sql:
        sql.register("law", law.to_arrow())
        for number, (homes, people) in enumerate(zip(*(files(folder, table) for table in READ), strict=True)):
            for statement in _statements(homes, people, out / f"part-{number:05d}.parquet"):
                sql.execute(statement)


def _statements(homes: Path, people: Path, to: Path) -> Iterator[str]:
    yield f"""create or replace table done as
        with sums as (select household_id, sum((severe_disability or severe_illness)::int) severe, sum(if(employed, wage_fen, 0)) wages
                      from '{people}' group by household_id),
             facts as (select h.*, severe, std_dibao_fen standard, std_edge_bp, std_rigid_bp, std_dibao_fen * members need,
                              (income_fen - (wages * {engines.DEDUCT_PCT} + 50) // 100)::bigint counted,
                              (std_dibao_fen * {engines.SCPI_BP} + 50000) // 100000 * 10 per_head
                       from '{homes}' h join sums using (household_id) join law on std_region = region_code and std_urban = urban),
             tests as (select *, property_ok and counted < need dibao, property_ok and counted * {engines.BP} < need * std_edge_bp edge,
                              counted * 12 < disp_income_fen * members and expend_fen * {engines.BP} > counted * std_rigid_bp rigid from facts)
        select household_id, region_code, members, need, counted,
               case when dibao then 1 when edge then 2 when rigid then 3 else 0 end::bigint category,
               case when dibao then (need - counted + 99) // 100 * 100 when edge then severe * standard else 0 end::bigint benefit,
               case when dibao then members * per_head when edge then severe * per_head else 0 end::bigint subsidy
        from tests"""
    yield f"copy (select household_id, category, benefit, subsidy from done) to '{to}' (format parquet, compression zstd)"
    gap = "sum(members * (greatest(need - {left}, 0) / need) ** {power})"
    poverty = ", ".join(
        f"sum(if({left} < need, members, 0)), {gap.format(left=left, power=1)}, {gap.format(left=left, power=2)}"
        for left in ("counted", "(counted + benefit + subsidy)")
    )
    yield f"""create or replace table totals as select region_code, category, count(*), sum(members), sum(benefit + subsidy), {poverty}
        from done group by region_code, category"""


WAYS = {
    "polars": by_polars,
    "pyarrow": by_pyarrow,
    "arrays": into_arrays,
    "aidlib": aidlib,
    "duckdb": by_duckdb,
}
DECODING = ("polars", "pyarrow", "arrays")

if __name__ == "__main__":
    main()
