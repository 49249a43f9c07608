"""`aidlib assess`: a register of any size, Parquet to Parquet."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from aidlib.errors import AidError


@click.command()
@click.option("--persons", required=True, help="Parquet file or folder of persons.")
@click.option("--households", required=True, help="Parquet file or folder of households.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the results; a killed run goes on there.",
)
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Day assessed; today without it.")
@click.option(
    "--engine",
    default="polars",
    show_default=True,
    help="polars, dask://HOST:PORT, dask:// (two local workers), or spark.",
)
@click.option("--answers", default="", help="Answers, comma between; without it the usual ones.")
@click.option(
    "--stale", is_flag=True, help="Take the last standard known where none is known for the day (marked stale)."
)
@click.option(
    "--part-rows",
    type=click.IntRange(min=1),
    default=250_000,
    show_default=True,
    help="Households in one part; as many parts are in memory as are worked on at a time.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    help="Parts worked on at a time at most; without it as many as there are processors.",
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
def assess(
    persons: str,
    households: str,
    out: Path,
    on: datetime | None,
    engine: str,
    answers: str,
    stale: bool,
    part_rows: int,
    jobs: int,
    quiet: bool,
) -> None:
    """Say what each household of a register is due, and add it up by region and layer."""
    import polars as pl
    from tqdm import tqdm

    from aidlib.rules.assess import assess_files
    from aidlib.rules.job import ANSWERS, Job, files

    wanted = tuple(answers.split(",")) if answers else ANSWERS
    day = (on or datetime.now(UTC)).date()
    job = Job(files(households, "households"), files(persons, "persons"), day, wanted, stale)
    whole = job.scan("households").select(pl.len()).collect().item()
    with tqdm(total=whole, unit="户", unit_scale=True, disable=quiet) as bar:
        try:
            done = assess_files(job, out, engine=engine, part_rows=part_rows, jobs=jobs, progress=bar.update)
        except OSError as error:
            raise AidError("the results cannot be written", where=str(out), got=error.strerror or type(error).__name__,
                           hint="make room or mend the folder; the same command goes on where it stopped") from None  # fmt: skip
    click.echo(
        f"households {done.households}\npersons    {done.persons}\nstatus     {done.facts['status']}\nresults    {out}"
    )
