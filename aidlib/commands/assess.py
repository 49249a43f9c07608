"""`aidlib assess`: a register of any size, Parquet to Parquet."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from aidlib.commands.door import echo, without_a_standard
from aidlib.errors import AidError, RegisterFault

if TYPE_CHECKING:
    from aidlib.rules.assess import Outcome
    from aidlib.rules.job import Job


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--month", default="", help="YYYY-MM: the month of FOLDER; its last without it.")
@click.option("--letter", "number", help="Only the letter of one household of FOLDER, by its own number.")
@click.option("--persons", help="Parquet file or folder of persons, where FOLDER is not given.")
@click.option("--households", help="Parquet file or folder of households, where FOLDER is not given.")
@click.option(
    "--out",
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
@without_a_standard
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
    folder: Path | None,
    month: str,
    number: str | None,
    persons: str | None,
    households: str | None,
    out: Path | None,
    on: datetime | None,
    engine: str,
    answers: str,
    stale: bool,
    unknown: Literal["raise", "bounds"],
    part_rows: int,
    jobs: int,
    quiet: bool,
) -> None:
    """Say what each household of a register is due, and add it up by region and layer.

    FOLDER is what `aidlib register` wrote: then decisions are written too, a workbook for each township.
    """
    import polars as pl

    from aidlib.disclosure.private import private_folder
    from aidlib.rules.job import ANSWERS, Job, files

    wanted = tuple(answers.split(",")) if answers else ANSWERS
    day = (on or datetime.now(UTC)).date()
    households, persons = _tables(folder, month, households, persons)
    if number is not None:
        from aidlib.commands.decisions import letter

        click.echo(letter(households, persons, number, day, stale=stale, unknown=unknown))
        return
    if out is None:
        raise RegisterFault("nowhere to write", where="--out", expected="a folder of the results")
    job = Job(files(households, "households"), files(persons, "persons"), day, wanted, stale, unknown)
    if folder is not None and not job.scan("households").select(pl.len()).collect().item():
        _decide(Path(households), private_folder(out), answers)
        return
    done = _run(job, out, quiet, engine=engine, part_rows=part_rows, jobs=jobs)
    if folder is not None:
        _decide(Path(households), out, answers)
    echo(
        f"households {done.households}\npersons    {done.persons}\nstatus     {done.facts['status']}\n"
        f"at least   {done.facts['at_least']} households, whose amounts depend on local rules that are not on file\nresults    {out}"
    )


def _run(job: Job, out: Path, quiet: bool, **how: Any) -> Outcome:
    import polars as pl
    from tqdm import tqdm

    from aidlib.rules.assess import assess_files

    whole = job.scan("households").select(pl.len()).collect().item()
    with tqdm(total=whole, unit="", unit_scale=True, disable=quiet) as bar:
        try:
            return assess_files(job, out, progress=bar.update, **how)
        except OSError as error:
            raise AidError("the results cannot be written", where=str(out), got=error.strerror or type(error).__name__,
                           hint="make room or mend the folder; the same command goes on where it stopped") from None  # fmt: skip


def _tables(folder: Path | None, month: str, households: str | None, persons: str | None) -> tuple[str, str]:
    """Return the files of both tables: of the folder's month, or those named one by one."""
    from aidlib.register.folder import tables_of

    if folder is not None and (households or persons):
        raise RegisterFault("the register is named twice", expected="FOLDER, or --persons and --households")
    if folder is not None:
        homes, people = tables_of(folder, month)
        return str(homes), str(people)
    if not (households and persons):
        raise RegisterFault("no register", expected="FOLDER, or --persons and --households")
    return households, persons


def _decide(households: Path, out: Path, answers: str) -> None:
    """Write what the run means for each household, a workbook a township, and count it on the screen."""
    import polars as pl

    from aidlib.commands.decisions import counts_in_words, write_decisions
    from aidlib.disclosure.private import close, owner_only
    from aidlib.register.folder import HEADS
    from aidlib.rules.decisions import decisions, not_judged, read_results

    if answers and not {"category", "dibao_benefit_fen"} <= set(answers.split(",")):
        return
    homes, alone = pl.read_parquet(households), households.with_name(f"{HEADS[0]}.parquet")
    heads = not_judged(pl.read_parquet(alone) if alone.is_file() else homes.clear())
    made = [decisions(homes, read_results(out, "households"), read_results(out, "persons"))] if homes.height else []
    decided = pl.concat([*made, heads], how="vertical_relaxed")
    with owner_only():
        write_decisions(decided, out)
    close(out)
    click.echo(counts_in_words(decided))
    if heads.height:
        echo(
            f"{heads.height} households of which the ledger lists the head alone were not judged: who else lives there is unknown"
        )
