"""The commands of the law book: check, coverage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aidlib.commands.door import echo

if TYPE_CHECKING:
    import pandas as pd

FIRST_MONTH = "2014-05"


@click.command()
@click.option("--cases", is_flag=True, help="Hold every published payment and standard against what is computed.")
@click.option(
    "--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="With --cases: write one row a question."
)
def check(cases: bool, table: Path | None) -> int:
    """List every fault of the law book and the published figures, with file, line and what to try.

    The exit code is 0 only if there is none; warnings do not change it. With --cases, ask for every published payment and
    standard on file, by place, day and group only, and again with what its announcement prints: computed, consistent, cannot
    tell (and what lacks), or differs (and why).
    """
    from datetime import UTC, datetime

    from aidlib import indices
    from aidlib.law import check as checks

    if cases or table:
        _cases(table)
        return 0
    faults = [*checks.check(), *indices.faults()]
    for fault in faults:
        echo(f"fault    {fault}")
    for warning in checks.warnings(datetime.now(UTC).date()):
        echo(f"warning  {warning}")
    echo(f"{len(faults)} faults" if faults else "no fault: every law row and every figure is in order")
    return 1 if faults else 0


def _cases(table: Path | None) -> None:
    from aidlib.commands import cases, standard_cases

    found = standard_cases.every()
    for result in (result for results in found.values() for result in results):
        echo(cases.line(result))
    for asked, results in found.items():
        shown = ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in cases.counts(results).items())
        echo(f"{asked}: {shown}")
    if table:
        cases.frame(result for results in found.values() for result in results).to_csv(table, index=False)


@click.command()
@click.option(
    "--region", "regions", multiple=True, help="Code or full name, repeated. Default: the nation and 31 provinces."
)
@click.option(
    "--name", "names", multiple=True, help="Law name, such as dibao_standard[urban]. Default: every name they have."
)
@click.option("--first", default=FIRST_MONTH, show_default=True, metavar="YYYY-MM")
@click.option("--last", default="", metavar="YYYY-MM", help="Default: this month.")
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="Draw it into this SVG or PNG too.")
@click.option(
    "--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="Write region, month, name, state."
)
def coverage(
    regions: tuple[str, ...], names: tuple[str, ...], first: str, last: str, picture: Path | None, table: Path | None
) -> None:
    """Draw what the law book knows: region by month for each name, enacted, estimated, stale, projected or missing."""
    from datetime import UTC, datetime

    from aidlib.law import Book
    from aidlib.law import coverage as covered
    from aidlib.regions import NATION, provinces, region

    book = Book()
    places = [region(code).code for code in regions] or [NATION, *(place.code for place in provinces())]
    wanted = list(names) or list(covered.all_names(book, places))
    frame = covered.coverage(book, places, wanted, first, last or f"{datetime.now(UTC):%Y-%m}")
    click.echo(covered.draw(frame))
    if table:
        frame.to_csv(table, index=False)
    if picture:
        _save(frame, picture)


def _save(frame: pd.DataFrame, picture: Path) -> None:
    from aidlib.errors import AidError
    from aidlib.law import coverage as covered
    from aidlib.views import fonts

    if picture.suffix.lower() not in (".svg", ".png"):
        raise AidError("an unknown kind of picture", where="--picture", expected=".svg or .png", got=picture.name)
    fonts.use()
    covered.figure(frame).savefig(picture, bbox_inches="tight")
