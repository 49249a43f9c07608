"""Assess registers larger than memory: Parquet to Parquet, part by part, resumed after a kill, the same whatever the parts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from aidlib.errors import RegisterFault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.rules.frames import assess as assess_tables
from aidlib.rules.frames import planned
from aidlib.rules.job import Job, job_places, status
from aidlib.rules.ledger import Ledger, parquet, swept, written
from aidlib.rules.places import Places
from aidlib.rules.sound import KEYS, unsound
from aidlib.rules.totals import NOTHING, Digest, added, part_totals, publishable

PART_ROWS = 250_000
AT_ONCE = 2  # parts in work at the same time
TABLES = ("households", "persons")
Progress = Callable[[int], Any]


@dataclass(frozen=True)
class Outcome:
    """What a finished run says of itself (also written as `run.json`).

    Attributes
    ----------
    households, persons : str
        Digest of each table of results: count of rows and a hash that no order, part or engine moves.
    totals : dict of str to polars.DataFrame
        Counts and money by region and category, and by region and layer. Not for publication.
    facts : dict
        Day, status, sources, assumptions, rows.
    """

    households: str
    persons: str
    totals: dict[str, pl.DataFrame] = field(repr=False)
    facts: dict[str, Any] = field(repr=False)


def assess_files(
    job: Job,
    out: str | Path,
    *,
    book: Book | None = None,
    figures: Figures | None = None,
    engine: str = "polars",
    part_rows: int = PART_ROWS,
    progress: Progress | None = None,
) -> Outcome:
    """Assess Parquet files and write results and totals.

    Parameters
    ----------
    job : Job
        What to assess.
    out : str or Path
        Folder of the results: `households/` and `persons/` (one file per part), `totals_*.csv` (inside), `published_*.csv`
        (small cells suppressed), `run.json`, and the ledger that lets a killed run go on where it stopped.
    book, figures : Book, Figures
        The law and the published figures.
    engine : str
        `polars`; `dask://HOST:PORT` or `dask://` for two local workers; `spark`, with an optional master as `spark://...`.
    part_rows : int
        Households held in memory at once.
    progress : callable, optional
        Told how many households were finished.

    Raises
    ------
    RegisterFault
        Values out of bounds, duplicate households, persons without a household.
    """
    folder, book, figures = Path(out), book or Book(), figures or Figures()
    held = job_places(job, book, figures)
    if engine == "polars":
        digests, totals = _in_parts(job, held, folder, part_rows, progress or (lambda _: None))
    else:
        from aidlib.rules.assess_cluster import on_cluster

        digests, totals = on_cluster(job, held, folder, engine, progress or (lambda _: None))
    _check_whole(job, digests)
    return _finished(job, held, folder, digests, totals, book)


Digests = dict[str, Digest]
Totals = dict[str, pl.DataFrame]


def _in_parts(job: Job, held: Places, folder: Path, part_rows: int, progress: Progress) -> tuple[Digests, Totals]:
    ledger = Ledger(folder, f"{job.fingerprint()} {part_rows}")
    for table in (*TABLES, "totals"):
        (folder / table).mkdir(exist_ok=True)
        swept(folder / table)
    parts = dict(enumerate(_slices(job.households, part_rows)))
    for number in parts.keys() & ledger.done.keys():
        progress(ledger.done[number]["rows"])
    note = {"status": status(job, held), "on": str(job.on)}
    waiting = [number for number in parts if number not in ledger.done]
    for number, facts in _side_by_side(lambda each: _part(job, held, folder, note, each, *parts[each]), waiting):
        ledger.finish(number, **facts)
        progress(facts["rows"])
    digests = {t: sum((_read_digest(entry[t]) for entry in ledger.done.values()), NOTHING) for t in TABLES}
    return digests, added(_read_totals(folder, number) for number in sorted(ledger.done))


def _side_by_side(
    work: Callable[[int], dict[str, Any]], numbers: Iterable[int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Work on two parts at once, so that one is read and written while the other is worked out; never more are held."""
    left = iter(numbers)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = {pool.submit(work, number): number for number in islice(left, AT_ONCE)}
        while running:
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(done), done.result()
                running |= {pool.submit(work, number): number for number in islice(left, 1)}


def _slices(paths: Iterable[Path], rows: int) -> Iterator[tuple[Path, int, int]]:
    for path in paths:
        count = pl.scan_parquet(path).select(pl.len()).collect().item()
        yield from ((path, first, min(rows, count - first)) for first in range(0, count, rows))


def _part(
    job: Job, held: Places, folder: Path, note: dict[str, str], number: int, path: Path, first: int, rows: int
) -> dict[str, Any]:
    """Assess one part and write it; what is returned goes into the ledger."""
    households, persons = _read(job, held, pl.scan_parquet(path).slice(first, rows))
    done = evaluate(households, persons, held)
    for table, frame in done.items():
        if set(frame.columns) - set(KEYS[table]):
            parquet(frame, folder / table / f"{table}-{number:05d}.parquet", note)
    for table, frame in part_totals(done["households"].lazy(), _placed(**done)).items():
        parquet(frame, folder / "totals" / f"{table}-{number:05d}.parquet", note)
    digests = {table: [frame.height, *map(str, Digest.of(frame).sums)] for table, frame in done.items()}
    return {"rows": households.height, **digests}


def columns_read(job: Job, held: Places) -> tuple[list[str], list[str]]:
    """Name the columns read of households and of persons, keys first."""
    names = [job.scan(table).collect_schema().names() for table in TABLES]
    read = planned(names, held, job.answers)[2]
    both = zip(TABLES, names, read, strict=True)
    own, of_members = ([*(key for key in KEYS[table] if key in have), *columns] for table, have, columns in both)
    return own, of_members


def _read(job: Job, held: Places, part: pl.LazyFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    own, of_members = columns_read(job, held)
    households = part.select(own).collect()
    key = households["household_id"]
    if (key <= key.shift(1)).any() and not key.is_unique().all():
        raise RegisterFault("households appear twice", where="households.household_id", hint="one row per household")
    people = job.scan("persons").filter(pl.col("household_id").is_between(pl.lit(key.min()), pl.lit(key.max())))
    persons = people.select(of_members).collect(engine="streaming")
    return households, persons


def evaluate(households: pl.DataFrame, persons: pl.DataFrame, held: Places) -> dict[str, pl.DataFrame]:
    """Assess two tables in memory, after looking for cells no rule may see; persons of other households drop out."""
    if faults := [*unsound(households.lazy(), "households"), *unsound(persons.lazy(), "persons")]:
        raise RegisterFault(faults)
    made = assess_tables(households, _own(households, persons), held)
    return {"households": made.households, "persons": made.persons}


def _own(households: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """Leave out persons of other parts and persons without a household; nothing to do where both tables stand in one order."""
    if persons["household_id"].rle().struct.field("value").equals(households["household_id"]):
        return persons
    return persons.join(households.select("household_id"), on="household_id", how="semi")


def _placed(households: pl.DataFrame, persons: pl.DataFrame) -> pl.LazyFrame:
    """Give persons the region of their household; quickest where both tables stand in one order."""
    run = persons["household_id"].rle().struct
    if "layer" not in persons.columns or not run.field("value").equals(households["household_id"]):
        return persons.lazy()
    home = np.repeat(np.arange(households.height), run.field("len").to_numpy())
    return persons.lazy().with_columns(households["region_code"].gather(home))


def _read_digest(entry: list[Any]) -> Digest:
    return Digest(int(entry[0]), (int(entry[1]), int(entry[2])))


def _read_totals(folder: Path, number: int) -> Totals:
    paths = {table: folder / "totals" / f"{table}-{number:05d}.parquet" for table in TABLES}
    return {table: pl.read_parquet(path) for table, path in paths.items() if path.is_file()}


def _check_whole(job: Job, digests: Digests) -> None:
    """Refuse results in which a person was lost or a household came twice."""
    counts = {table: job.scan(table).select(pl.len()).collect().item() for table in TABLES}
    if (lost := counts["persons"] - digests["persons"].rows) != 0:
        raise RegisterFault("persons without a household row", where="persons.household_id", got=f"{lost} persons",
                            hint="add their households, or leave them out")  # fmt: skip
    distinct = job.scan("households").select(pl.col("household_id").n_unique()).collect(engine="streaming").item()
    if distinct != counts["households"]:
        raise RegisterFault("households appear twice", where="households.household_id", hint="one row per household")


def _assumed(job: Job, held: Places) -> dict[str, int]:
    """Return the columns the register lacks, and what was taken to hold instead."""
    return planned([job.scan(table).collect_schema().names() for table in TABLES], held, job.answers)[1]


def _finished(job: Job, held: Places, folder: Path, digests: Digests, totals: Totals, book: Book) -> Outcome:
    facts: dict[str, Any] = {
        "on": str(job.on), "status": status(job, held), "answers": list(job.answers), "households": str(digests["households"]),
        "persons": str(digests["persons"]), "places": len(held.locals), "unknown_places": held.unknown().count(True),
        "sources": sorted({value.cite() for value in book.reads.values()}), "assumed": _assumed(job, held),
    }  # fmt: skip
    for table, frame in totals.items():
        written(folder / f"totals_{table}.csv", frame.write_csv)
    for table, shown in publishable(totals).items():
        written(folder / f"published_{table}.csv", partial(shown.to_csv, index=False))
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    written(folder / "run.json", lambda aside: aside.write_text(text, encoding="utf-8"))
    return Outcome(facts["households"], facts["persons"], totals, facts)
