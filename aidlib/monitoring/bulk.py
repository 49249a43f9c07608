"""Registers larger than memory: Parquet to Parquet, in memory that the departmental registers bound, not the persons.

Departmental registers are stacked and reduced key by key; the persons stream past. Where even the reduced registers are too
large, `buckets` splits the keys: each pass holds one part of them. Files sorted by key are then read only where they are needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from aidlib.errors import RegisterFault
from aidlib.monitoring.alerts import alerts
from aidlib.monitoring.causes import TESTS, holds
from aidlib.monitoring.facts import MonthEnd, facts
from aidlib.monitoring.inputs import files
from aidlib.monitoring.ledgers import Coverage
from aidlib.monitoring.matching import KEY, OUTCOMES, PERSON, elsewhere, evidence_of, heard_of, outcome, reduced
from aidlib.monitoring.vocabulary import chosen
from aidlib.rules.places import Places

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

STREAMING: Any = "streaming"
HEX_DIGITS = 16
MOST_BUCKETS = HEX_DIGITS**2
PART = "part"
DIGITS = 31  # hexadecimal ones that a whole number of 128 bits holds
NUMBER = pl.col(KEY).str.head(DIGITS).str.to_integer(base=16, dtype=pl.Int128, strict=False).alias(KEY)


@dataclass(frozen=True)
class PartFiles:
    """The files of one part of a register: the same households in each."""

    households: Path
    persons: Path
    recognitions: Path
    aid: Path


def match_files(
    persons: Sequence[Path], registers: Mapping[str, Sequence[Path]], out: Path, *, buckets: int = 1
) -> pd.DataFrame:
    """Join persons with departmental registers, file by file of the persons, and account for every row."""
    if not 1 <= buckets <= MOST_BUCKETS:
        raise RegisterFault("not a number of buckets", expected=f"1 to {MOST_BUCKETS}", got=str(buckets))
    people = pl.concat(
        [pl.scan_parquet(path).select(*PERSON, pl.lit(at).alias(PART)) for at, path in enumerate(persons)]
    )
    tables = {name: pl.scan_parquet(list(paths)) for name, paths in registers.items()}
    made = _accounts([_pass(people, tables, out, at, buckets) for at in range(buckets)], tables)
    whole = people.select(pl.len()).collect(engine=STREAMING).item()
    if (made.loc[made["side"] == "persons", "total"] != whole).any():
        raise RegisterFault("rows are not accounted for", expected=str(whole), got="another number of persons")
    return made


def _within(at: int, buckets: int) -> pl.Expr:
    """Keys of one bucket: a span of the first two hexadecimal digits; persons without a key are in the first."""
    low, high = (MOST_BUCKETS * step // buckets for step in (at, at + 1))
    inside = pl.col(KEY) >= f"{low:02x}"
    if high < MOST_BUCKETS:
        inside = inside & (pl.col(KEY) < f"{high:02x}")
    return inside.fill_null(at == 0)


def _pass(people: pl.LazyFrame, tables: Mapping[str, pl.LazyFrame], out: Path, at: int, buckets: int) -> pl.DataFrame:
    known, inside = chosen(tables), _within(at, buckets)
    here = {name: table.filter(pl.col(KEY).is_not_null() & inside) for name, table in tables.items()}
    both = people.filter(inside).join(reduced(here), on=KEY, how="full", coalesce=True)
    judged = both.with_columns(map(outcome, known.values()))
    evidence = judged.filter(pl.col("person_id").is_not_null() & heard_of(known)).select(
        *PERSON[:2], PART, *evidence_of(known)
    )
    target = pl.PartitionBy(out / f"bucket-{at:03d}", key=PART, include_key=False)
    sink = evidence.sink_parquet(target, mkdir=True, lazy=True)
    _, counts = pl.collect_all([sink, judged.select(_sums(known))], engine=STREAMING)
    return counts


def twice_files(persons: Sequence[Path], out: Path) -> int:
    """Find persons whose number draws aid in other households too, wherever their file; one Parquet file for all."""
    drawing = [pl.scan_parquet(path).filter("drawing").select(PERSON) for path in persons]
    elsewhere(pl.concat(drawing)).sort("person_id").sink_parquet(out, engine=STREAMING, mkdir=True)
    return int(pl.scan_parquet(out).select(pl.len()).collect().item())


def _sums(known: Mapping[str, Any]) -> Iterator[pl.Expr]:
    own = pl.col("person_id").is_not_null()
    for name, register in known.items():
        for code, word in enumerate(OUTCOMES):
            here = own & (pl.col(register.column("outcome")) == code)
            yield here.sum().cast(pl.Int64).alias(f"{name} {word}")
        yield pl.col(register.column("rows")).filter(~own).sum().cast(pl.Int64).alias(f"{name} rows")


def _accounts(counted: Sequence[pl.DataFrame], tables: Mapping[str, pl.LazyFrame]) -> pd.DataFrame:
    import pandas as pd

    sums = pl.concat(counted).sum().row(0, named=True)
    rows = []
    for name, table in tables.items():
        persons = {word: sums[f"{name} {word}"] for word in OUTCOMES}
        rows.append({"side": "persons", "register": name, "total": sum(persons.values()), **persons})
        size, lost = table.select(pl.len(), pl.col(KEY).null_count().alias("lost")).collect(engine=STREAMING).row(0)
        matched = size - lost - sums[f"{name} rows"]
        rows.append({"side": "rows", "register": name, "total": size, "matched": matched, "ambiguous": 0,
                     "unmatched": sums[f"{name} rows"], "invalid": lost})  # fmt: skip
    columns = ["side", "register", "total", "matched", "ambiguous", "unmatched", "invalid"]
    return pd.DataFrame(rows, columns=columns).sort_values(["side", "register"], ignore_index=True)


def monitor_parts(
    parts: Sequence[PartFiles], evidence: Path, out: Path, values: Places, lines: pl.DataFrame, rules: pl.DataFrame, as_of: date,
    *, speaks: Coverage | None = None,
) -> int:  # fmt: skip
    """Raise the alerts of a register part by part: rules, ledgers and all; one Parquet file of alerts a part."""
    out.mkdir(parents=True, exist_ok=True)
    many = 0
    for at, part in enumerate(parts):
        homes, persons, known, aid = (
            pl.read_parquet(path) for path in (part.households, part.persons, part.recognitions, part.aid)
        )
        own = files("", as_of, homes, persons, known, aid, {}, b"", "", {})
        own = own if speaks is None else replace(own, coverage=speaks)
        raised = alerts(facts(MonthEnd(own, evidence_of_part(evidence, at), values, lines)), rules, as_of)
        raised.rows.write_parquet(out / f"alerts-{at:05d}.parquet")
        many += raised.rows.height
    return many


def evidence_of_part(folder: Path, at: int) -> pl.DataFrame:
    """Read the evidence of one file of persons, by person."""
    paths = sorted(folder.glob(f"*/{PART}={at}/*.parquet"))
    if not paths:
        return pl.DataFrame(schema={"person_id": pl.Int64, "household_id": pl.Int64})
    return pl.read_parquet(paths, hive_partitioning=False).sort("person_id")


def streamed(
    persons: pl.LazyFrame,
    registers: Mapping[str, pl.LazyFrame],
    in_force: frozenset[str],
    derive: Mapping[str, pl.Expr] | None = None,
) -> pl.LazyFrame:
    """Test persons whose facts are stored against departmental registers in one streaming pass: what a monthly run over a nation needs.

    Pseudonyms are compared by the first 124 of their 256 bits, in half the memory: that two of a thousand million persons agree in
    these by chance is less likely than one in 10^19.
    """
    known = chosen(registers)
    heard = reduced(registers, NUMBER).with_columns(map(outcome, known.values())).select(KEY, *evidence_of(known))
    table = persons.with_columns(NUMBER).join(heard, on=KEY, how="inner").with_columns(**(derive or {}))
    have = set(table.collect_schema().names())
    tests = [t for t in TESTS if t.level == "persons" and t.cause in in_force and have.issuperset(t.needs)]
    flags = {test.cause: holds(test) for test in tests}
    days = {test.cause: test.event_on for test in tests if test.event_on}
    signed = table.select("household_id", *dict.fromkeys(days.values()), **flags).filter(pl.any_horizontal(*flags))
    each = signed.unpivot(on=list(flags), index=["household_id", *dict.fromkeys(days.values())], variable_name="cause")
    day: pl.Expr = pl.lit(None, pl.Date)
    for cause, fact in days.items():
        day = pl.when(pl.col("cause") == cause).then(pl.col(fact)).otherwise(day)
    rows: pl.LazyFrame = each.filter("value").with_columns(event_on=day)
    return rows.group_by("household_id", "cause").agg(persons=pl.len(), event_on=pl.col("event_on").min())
