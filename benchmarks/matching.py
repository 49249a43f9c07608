"""How fast persons are matched with five departmental registers and alerted, against the same joins written in DuckDB SQL.

    python benchmarks/matching.py [--persons 1000000 10000000] [--rounds 3]

Both read the same Parquet files, join on the same pseudonyms, test the same seven causes, keep one alert a family and cause, and
write Parquet; the alerts must be the same. Each run is a process of its own, so that its largest memory is its own; the two take turns and
medians are compared, because machines are noisy. Everything is invented: a third of the persons of each register is in no family.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import apart
import polars as pl

AS_OF = date(2026, 10, 31)
SHARES = {
    "deaths": 0.02,
    "prison": 0.005,
    "poor_students": 0.15,
    "serious_illness": 0.06,
    "registered_unemployed": 0.08,
}
DAYS = {"deaths": "died_on", "prison": "imprisoned_on"}
NEEDS = {"education_aid": "student", "medical_aid": "patient", "employment_aid": "jobless"}
CAUSES = (
    "dibao_after_death", "tekun_after_death", "counted_in_prison", "tekun_in_prison", "education_aid_missing", "medical_aid_missing",
    "employment_aid_missing",
)  # fmt: skip
ROWS = 250_000
MEMORY_GB = 4
CONTESTANTS = ("aidlib", "duckdb")


def main() -> None:
    """Measure every size and print a table."""
    options = apart.options(__doc__, "persons", [2_000_000], 3, CONTESTANTS)
    if options.measure:
        print(json.dumps(_measured(options.measure, Path(options.folder), options.size)))
        return
    print(f"{os.cpu_count()} processors, {options.rounds} rounds, medians; Python {sys.version.split()[0]}")
    print(f"{'persons':>12} {'what':>8} {'wall s':>7} {'cpu s':>7} {'peak GB':>8} {'alerts':>10}")
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            apart.run(__file__, "generate", folder, size)
            _compare(size, folder, options.rounds)


def _measured(what: str, folder: Path, size: int) -> dict[str, float]:
    began = time.perf_counter()
    alerts = WAYS[what](folder, size)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6
    return {"wall": time.perf_counter() - began, "cpu": cpu, "peak": peak, "alerts": alerts}


def _compare(size: int, folder: str, rounds: int) -> None:
    runs = apart.taken_in_turn(__file__, CONTESTANTS, folder, rounds)
    middle = apart.medians(runs, ("wall", "cpu", "peak", "alerts"))
    for what, found in middle.items():
        print(
            f"{size:>12,} {what:>8} {found['wall']:7.1f} {found['cpu']:7.1f} {found['peak']:8.2f} {found['alerts']:>10,.0f}"
        )
    if middle["aidlib"]["alerts"] != middle["duckdb"]["alerts"]:
        raise SystemExit("the two do not find the same alerts")
    ratio = {key: middle["aidlib"][key] / middle["duckdb"][key] for key in ("wall", "cpu")}
    print(f"{'':>12} {'ratio':>8} {ratio['wall']:7.2f} {ratio['cpu']:7.2f}")


def _keys(count: int, seed: int) -> pl.Series:
    """Invent pseudonyms: 64 hexadecimal characters."""
    import numpy as np

    text = np.random.default_rng(seed).bytes(32 * count).hex()
    return pl.Series("person_key", [text[at : at + 64] for at in range(0, len(text), 64)])


def generate(folder: Path, size: int) -> int:
    """Write persons with stored facts, in parts, and five registers."""
    import numpy as np

    rng, part = np.random.default_rng(1), 1_000_000
    mine: dict[str, list[pl.Series]] = {name: [] for name in SHARES}
    for at, first in enumerate(range(0, size, part)):
        count = min(part, size - first)
        keys = _keys(count, 100 + at)
        _persons(keys, first, rng).write_parquet(folder / f"persons-{at:03d}.parquet", row_group_size=ROWS)
        for name, share in SHARES.items():
            mine[name].append(keys.gather(np.sort(rng.choice(count, int(count * share), replace=False))))
    for at, (name, own) in enumerate(mine.items()):
        known = pl.concat(own)
        others = _keys(len(known) // 2, 900 + at)
        table = pl.DataFrame({"person_key": pl.concat([known, others])}).sample(fraction=1, shuffle=True, seed=at)
        ago = pl.Series(rng.integers(20, 300, len(table)))
        days = (pl.Series([AS_OF]).to_physical()[0] - ago).cast(pl.Int32).cast(pl.Date)
        table.with_columns(days.alias(DAYS.get(name, "listed_on"))).write_parquet(
            folder / f"{name}.parquet", row_group_size=ROWS
        )
    return size


def _persons(keys: pl.Series, first: int, rng: object) -> pl.DataFrame:
    count = len(keys)
    flag = lambda share: pl.Series(rng.random(count) < share)  # type: ignore[attr-defined]  # noqa: E731
    back = pl.Series(rng.integers(0, 400, count))  # type: ignore[attr-defined]
    reviewed = (pl.Series([AS_OF]).to_physical()[0] - back).cast(pl.Int32).cast(pl.Date)
    facts = {"in_dibao": 0.5, "in_single": 0.05, "in_tekun": 0.07, "counted_member": 0.95}
    shares = {
        **facts,
        **{f"entitled_{n.removesuffix('_aid')}": 0.8 for n in NEEDS},
        **{f"got_{n}": 0.95 for n in NEEDS},
    }
    return pl.DataFrame(
        {
            "person_id": pl.Series(range(first, first + count)), "household_id": pl.Series(range(first, first + count)) // 3,
            "person_key": keys, "reviewed_dibao": reviewed, "paid_until": pl.Series(rng.integers(24310, 24322, count)),  # type: ignore[attr-defined]
            **{name: flag(share) for name, share in shares.items()},
        }
    )  # fmt: skip


def aidlib(folder: Path, _: int) -> int:
    """Match and alert with aidlib."""
    from aidlib.monitoring.bulk import streamed
    from aidlib.monitoring.facts import listed
    from aidlib.monitoring.ledgers import month_of

    since = (pl.col("paid_until") - month_of("deaths__died_on")).clip(lower_bound=0)
    derive = {f"months_{scheme}": pl.when(f"in_{scheme}").then(since) for scheme in ("dibao", "single", "tekun")}
    derive |= {f"{who}_known": listed(_register(name), AS_OF) for name, who in NEEDS.items()}
    tables = {name: pl.scan_parquet(folder / f"{name}.parquet") for name in SHARES}
    found = streamed(pl.scan_parquet(folder / "persons-*.parquet"), tables, frozenset(CAUSES), derive)
    out = folder / "aidlib.parquet"
    found.sink_parquet(out, engine="streaming")
    return int(pl.scan_parquet(out).select(pl.len()).collect().item())


def _register(programme: str) -> str:
    return {
        "education_aid": "poor_students",
        "medical_aid": "serious_illness",
        "employment_aid": "registered_unemployed",
    }[programme]


def duckdb(folder: Path, _: int) -> int:
    """Match and alert with the same joins and conditions in SQL."""
    import duckdb as engine

    db = engine.connect()
    db.execute(
        f"set memory_limit='{MEMORY_GB}GB'; set threads=2; set preserve_insertion_order=false; set temp_directory='{folder}/spill'"
    )
    one = ", ".join(
        f"{name} as (select person_key, min({day}) d, min({day}) <> max({day}) twice from '{folder}/{name}.parquet' group by 1)"
        for name in SHARES for day in [DAYS.get(name, "listed_on")]
    )  # fmt: skip
    joins = " ".join(f"left join {name} using (person_key)" for name in SHARES)
    day = {name: f"(case when not {name}.twice then {name}.d end)" for name in SHARES}
    month = f"(p.paid_until - (year({day['deaths']}) * 12 + month({day['deaths']}) - 1))"
    first = f"date '{AS_OF.replace(day=1)}'"
    died, jailed = day["deaths"], day["prison"]
    ends = "in_dibao and counted_member and reviewed_dibao"
    signs = [
        (
            "dibao_after_death",
            f"(in_dibao and {month} > 0 and reviewed_dibao < {died}) or (in_single and {month} > 0)",
            died,
        ),
        ("tekun_after_death", f"in_tekun and {month} > 0", died),
        ("counted_in_prison", f"({ends} < {jailed}) or (in_single and {jailed} is not null)", jailed),
        ("tekun_in_prison", f"in_tekun and {jailed} is not null", jailed),
        *((f"{aid}_missing", _missing(day[_register(aid)], first, aid), day[_register(aid)]) for aid in NEEDS),
    ]
    cases = ", ".join(
        f"case when {test} then {{'cause': '{cause}', 'event_on': {when}}} end" for cause, test, when in signs
    )
    out = folder / "duckdb.parquet"
    db.execute(
        f"copy (with {one}, each as (select household_id, unnest(list_filter([{cases}], lambda x: x is not null)) s from '{folder}/persons-*.parquet' p "
        f"{joins}) select household_id, s.cause cause, count(*) persons, min(s.event_on) event_on from each group by 1, 2) to '{out}' (format parquet)"
    )
    return int(db.execute(f"select count(*) from '{out}'").fetchall()[0][0])


def _missing(listed: str, first: str, aid: str) -> str:
    return f"{listed} < {first} and entitled_{aid.removesuffix('_aid')} and not got_{aid}"


WAYS = {"generate": generate, "aidlib": aidlib, "duckdb": duckdb}

if __name__ == "__main__":
    main()
