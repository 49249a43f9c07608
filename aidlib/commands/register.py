"""`aidlib register`: a county's own ledgers, checked whole, and written as the Parquet that `aidlib assess` reads."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import polars as pl

    from aidlib.register.checks import Checked


@click.command()
@click.option("--persons", required=True, type=click.Path(path_type=Path), help="CSV, Excel or Parquet of persons.")
@click.option(
    "--households", required=True, type=click.Path(path_type=Path), help="CSV, Excel or Parquet of households."
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A restricted folder: rejected rows hold personal data.",
)
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Day ages are counted to; today without it.")
@click.option("--persons-sheet", help="Sheet of the persons, where several could be meant.")
@click.option("--households-sheet", help="Sheet of the households, where several could be meant.")
@click.option("--money", help="Unit of money columns whose heading states none: 元, 万元 or 分.")
@click.option("--blank-is-none", default="", help="Columns whose empty cells mean none, comma between.")
@click.option("--allow-rejects", is_flag=True, help="Go on with the good rows although others were rejected.")
def register(
    persons: Path,
    households: Path,
    out: Path,
    on: datetime | None,
    persons_sheet: str | None,
    households_sheet: str | None,
    money: str | None,
    blank_is_none: str,
    allow_rejects: bool,
) -> None:
    """List every fault of a register at once; write the faults as a workbook, the rejected rows with reasons, and the good rows.

    One Excel file may hold both tables, one sheet each.
    """
    from aidlib.register.checks import check
    from aidlib.register.reading import read_register

    read = (
        read_register(persons, persons_sheet, "persons", money),
        read_register(households, households_sheet, "households", money),
    )
    checked = check(*read, (on or datetime.now(UTC)).date(), tuple(filter(None, blank_is_none.split(","))))
    rejects = checked.rejects(out)
    faults = checked.workbook(out / "faults.xlsx")
    click.echo(checked.text())
    click.echo("\n".join(str(path) for path in (*faults, *rejects)))
    for path in _written(checked, out, allow_rejects):
        click.echo(str(path))


def _written(checked: Checked, out: Path, allow_rejects: bool) -> list[Path]:
    """Write the good rows; a fact no column holds is an empty one: unknown."""
    paths = []
    for table, frame in checked.good(allow_rejects).items():
        path = out / f"{table}.parquet"
        _with_unknown(frame, table).write_parquet(path)
        paths.append(path)
    return paths


def _with_unknown(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    import polars as pl

    from aidlib.register.columns import COLUMNS
    from aidlib.register.schema import unknown_if_absent

    missing = [
        name
        for name, column in COLUMNS.items()
        if column.table == table and unknown_if_absent(name) and name not in frame
    ]
    kinds = {"flag": pl.Boolean, "code": pl.String}
    return frame.with_columns(pl.lit(None, kinds.get(COLUMNS[name].kind, pl.Int64)).alias(name) for name in missing)
