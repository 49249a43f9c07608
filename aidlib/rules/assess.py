"""Assess registers larger than memory: Parquet to Parquet, part by part, resumed after a kill, the same whatever the parts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from aidlib.disclosure.private import close, owner_only, private_folder
from aidlib.errors import RegisterFault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.rules.columns import KEYS, MARK
from aidlib.rules.frames import assess as assess_tables
from aidlib.rules.frames import planned
from aidlib.rules.job import Job, check_numbers, job_faults, job_places, status
from aidlib.rules.ledger import Ledger, parquet, swept, written
from aidlib.rules.parts import PART_ROWS, Part, Progress, crew_for, in_parts, parts_of
from aidlib.rules.places import Places
from aidlib.rules.row_ranges import RowRanges
from aidlib.rules.totals import NOTHING, Digest, added, publishable, table_totals

TABLES = ("households", "persons")


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
    jobs: int = 0,
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
        Households in one part; as many parts are in memory as are worked on at a time.
    jobs : int
        Parts worked on at a time at most; 0 for as many as there are processors.
    progress : callable, optional
        Told how many households were finished.

    Raises
    ------
    RegisterFault
        Values out of bounds, duplicate households, persons without a household, household numbers of several types.
    """
    book, figures = book or Book(), figures or Figures()
    told = progress or (lambda _: None)
    check_numbers(job)
    folder = private_folder(Path(out))
    try:
        with owner_only():
            return _assessed(job, folder, engine, part_rows, jobs, told, book, figures)
    finally:
        close(folder)


def _assessed(
    job: Job, folder: Path, engine: str, part_rows: int, jobs: int, told: Progress, book: Book, figures: Figures
) -> Outcome:
    if engine == "polars":
        held, digests, totals = _in_parts(job, folder, part_rows, jobs, told, book, figures)
    else:
        from aidlib.rules.assess_cluster import on_cluster

        held = job_places(job, book, figures)
        digests, totals = on_cluster(job, held, folder, engine, told)
        _check_whole(job, digests, apart=False)
    return _finished(job, held, folder, digests, totals, book)


Digests = dict[str, Digest]
Totals = dict[str, pl.DataFrame]


def _in_parts(
    job: Job, folder: Path, part_rows: int, jobs: int, progress: Progress, book: Book, figures: Figures
) -> tuple[Places, Digests, Totals]:
    parts = parts_of(job.households, part_rows)
    with (
        Ledger(folder, f"{job.fingerprint()} {part_rows} by row groups") as ledger,
        crew_for(parts, ledger, jobs, load=(__name__, "pyarrow.parquet")) as crew,
    ):
        held = job_places(job, book, figures)
        for table in (*TABLES, "totals"):
            (folder / table).mkdir(exist_ok=True)
            swept(folder / table)
        note = {"status": status(job, held), "on": str(job.on)}
        own, of_members = columns_read(job, held)
        work = partial(_part, own, RowRanges(job.persons, of_members), held, folder, note)
        try:
            in_parts(work, parts, ledger, crew, progress)
        except RegisterFault as first:  # of whichever part came first: count them in all
            raise RegisterFault(job_faults(job) or first.faults) from None
    digests = {t: sum((_read_digest(entry[t]) for entry in ledger.done.values()), NOTHING) for t in TABLES}
    _check_whole(job, digests, _apart(entry["ids"] for entry in ledger.done.values()))
    return held, digests, added(_read_totals(folder, number) for number in sorted(ledger.done))


def _part(
    own: tuple[str, ...], people: RowRanges, held: Places, folder: Path, note: dict[str, str], number: int, part: Part
) -> dict[str, Any]:
    """Assess one part and write it; what is returned goes into the ledger."""
    households, persons = _read(own, people, *part)
    done = evaluate(households, persons, held)
    for table, frame in done.items():
        if set(frame.columns) - {*KEYS[table], MARK}:
            parquet(frame, folder / table / f"{table}-{number:05d}.parquet", note)
    for table, frame in table_totals(**done).items():
        parquet(frame, folder / "totals" / f"{table}-{number:05d}.parquet", note)
    digests = {table: [frame.height, *map(str, Digest.of(frame).sums)] for table, frame in done.items()}
    key = households["household_id"]
    return {"rows": households.height, "ids": [key.min(), key.max()], **digests}


def columns_read(job: Job, held: Places) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the columns read of households and of persons, keys first."""
    names = [job.scan(table).collect_schema().names() for table in TABLES]
    read = planned(names, held, job.answers)[2]
    both = zip(TABLES, names, read, strict=True)
    own, of_members = (
        (*(key for key in (*KEYS[table], MARK) if key in have), *columns) for table, have, columns in both
    )
    return own, of_members


def _read(
    own: tuple[str, ...], people: RowRanges, path: Path, first: int, rows: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    households = pl.scan_parquet(path).slice(first, rows).select(own).collect()
    key = households["household_id"]
    if (key <= key.shift(1)).any() and not key.is_unique().all():
        raise RegisterFault("households appear twice", where="households.household_id", hint="one row per household")
    return households, people.between(key.min(), key.max())


def evaluate(households: pl.DataFrame, persons: pl.DataFrame, held: Places) -> dict[str, pl.DataFrame]:
    """Assess two tables in memory; persons of other households drop out.

    Raises
    ------
    RegisterFault
        A household has no persons: nobody can be judged, and "none" would be no answer.
    """
    in_order = persons["household_id"].rle().struct.field("value").equals(households["household_id"])
    own = persons if in_order else persons.join(households.select("household_id"), on="household_id", how="semi")
    made = assess_tables(households, own, held)
    if not in_order and (lonely := households.join(own, on="household_id", how="anti").height):
        raise RegisterFault("households without persons", where="households.household_id", got=f"{lonely} households",
                            hint="list their members, or leave them out")  # fmt: skip
    return {"households": made.households, "persons": made.persons}


def _read_digest(entry: list[Any]) -> Digest:
    return Digest(int(entry[0]), (int(entry[1]), int(entry[2])))


def _read_totals(folder: Path, number: int) -> Totals:
    paths = {table: folder / "totals" / f"{table}-{number:05d}.parquet" for table in TABLES}
    return {table: pl.read_parquet(path) for table, path in paths.items() if path.is_file()}


def _check_whole(job: Job, digests: Digests, apart: bool) -> None:
    """Refuse results in which a person was lost or a household came twice; parts whose numbers lie apart share no household."""
    persons = job.scan("persons").select(pl.len()).collect().item()
    if (lost := persons - digests["persons"].rows) != 0:
        raise RegisterFault("persons without a household row", where="persons.household_id", got=f"{lost} persons",
                            hint="add their households, or leave them out")  # fmt: skip
    twice = pl.col("household_id").is_duplicated().any()
    if not apart and job.scan("households").select(twice).collect(engine="streaming").item():
        raise RegisterFault("households appear twice", where="households.household_id", hint="one row per household")


def _apart(spans: Iterable[list[Any]]) -> bool:
    """Tell whether no two spans of household numbers touch; a part without any number has none."""
    ordered = sorted(span for span in spans if None not in span)
    return all(before[1] < after[0] for before, after in pairwise(ordered))


def _assumed(job: Job, held: Places) -> dict[str, int]:
    """Return the columns the register lacks, and what was taken to hold instead."""
    return planned([job.scan(table).collect_schema().names() for table in TABLES], held, job.answers)[1]


def _at_least(totals: Totals) -> int:
    """Count the households whose amounts are only the least of what may be due."""
    homes = totals.get("households")
    return int(homes["at_least"].sum()) if homes is not None and "at_least" in homes.columns else 0


def _finished(job: Job, held: Places, folder: Path, digests: Digests, totals: Totals, book: Book) -> Outcome:
    facts: dict[str, Any] = {
        "on": str(job.on), "status": status(job, held), "answers": list(job.answers), "households": str(digests["households"]),
        "persons": str(digests["persons"]), "places": len(held.locals), "unknown_places": held.unknown().count(True),
        "at_least": _at_least(totals),
        "sources": sorted({value.cite() for value in book.reads.values()}), "assumed": _assumed(job, held),
    }  # fmt: skip
    for table, frame in totals.items():
        written(folder / f"totals_{table}.csv", frame.with_columns(status=pl.lit(facts["status"])).write_csv)
    for table, shown in publishable(totals).items():
        written(folder / f"published_{table}.csv", partial(shown.assign(status=facts["status"]).to_csv, index=False))
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    written(folder / "run.json", lambda aside: aside.write_text(text, encoding="utf-8"))
    return Outcome(facts["households"], facts["persons"], totals, facts)
