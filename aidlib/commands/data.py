"""`aidlib data`: your own figures and standards."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

import click

from aidlib import additions, words
from aidlib.additions.layouts import LIMITS
from aidlib.commands.door import echo, spoken
from aidlib.errors import AidError
from aidlib.tables import OVERLAY_VARIABLE

if TYPE_CHECKING:
    from aidlib.additions.online import Request


@click.group(name="data")
def data() -> None:
    """Your own figures and standards, laid over the shipped ones."""


def _folder(into: str) -> str:
    if not (folder := into or os.environ.get(OVERLAY_VARIABLE, "").strip()):
        raise AidError("no data folder is named", expected=f"--into DIR or {OVERLAY_VARIABLE}", hint="--into my-data")
    return folder


INTO = click.option("--into", metavar="DIR", default="", help=f"Your data folder. Default: {OVERLAY_VARIABLE}.")


@data.command()
@click.argument("file", type=click.Path())
@INTO
@click.option("--dry-run", is_flag=True, help="Only show what would change, and what stands out.")
@click.option("--confirm", is_flag=True, help="Write figures that stand out beside those already known.")
@click.option("--region", default="", help="Place of figures that state none: code or name.")
@click.option("--source", default="", metavar="TITLE", help="Publication of figures that state none.")
@click.option(
    "--published",
    default="",
    metavar="YYYY-MM-DD",
    help="Day of publication, or of the export, of figures that state none.",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=NUMBER",
    help="How much the file may ask of the reader, such as cells=5000000.",
)
def add(
    file: str,
    into: str,
    dry_run: bool,
    confirm: bool,
    region: str,
    source: str,
    published: str,
    limits: tuple[str, ...],
) -> None:
    """Add this month's index, a bureau's export or a new standard from a CSV or Excel FILE, whole or not at all."""
    folder, most = _folder(into), LIMITS.changed(limits)
    change = additions.add(
        file, folder, dry_run, confirm=confirm, region=region, source=source, published=published, limits=most
    )
    echo(change)
    if not dry_run and folder != os.environ.get(OVERLAY_VARIABLE):
        echo(f"reports read it with: {OVERLAY_VARIABLE}={shlex.quote(folder)} aidlib report")


def _fetch(key: str, *facts: object) -> str:
    return words.word(key, "fetch", spoken()).format(*facts)


def _asked(request: Request) -> str:
    """A question to the site in the language of the door; paths and indicators as the site has them."""
    named, level = words.word(request.series, "", spoken()), _fetch(request.level)
    return _fetch("request", named, level, request.kind, request.paths[0], request.indicators[0], request.since)


@data.command()
@INTO
@click.option("--series", default="", metavar="NAME,…", help="cpi, cpi_food, income, consumption. Default: all.")
@click.option(
    "--regions", default="", metavar="PLACE,…", help="Codes or full names. Default: every place of the answers."
)
@click.option("--since", default="", metavar="YYYY-MM", help="First month. Default: January of last year.")
@click.option("--cities", is_flag=True, help="The main cities' prices too.")
@click.option("--pause", type=click.FloatRange(1), default=3.0, show_default=True, help="Seconds between two requests.")
@click.option("--dry-run", is_flag=True, help="Only print the requests.")
@click.option("--confirm", is_flag=True, help="Write figures that stand out beside those already known.")
def fetch(
    into: str, series: str, regions: str, since: str, cities: bool, pause: float, dry_run: bool, confirm: bool
) -> None:
    """Ask the statistics bureau for what is new, one request at a time (extra online), and add it: whole or not at all."""
    import re

    from aidlib.additions import online

    names, places = ([part for part in re.split("[,，、 ]+", text) if part] for text in (series, regions))
    asked = online.requests(names, since, ("nation", "province", *(("city",) if cities else ())))
    if dry_run:
        click.echo("\n".join(map(_asked, asked)))
        return
    change = online.fetch(
        _folder(into), asked, regions=places, pause=pause, confirm=confirm,
        told=lambda request, count: click.echo(_fetch("answered", _asked(request), count), err=True),
    )  # fmt: skip
    echo(change)


@data.command()
@click.option("--region", "regions", multiple=True, required=True, help="Code or full name; repeat for several.")
@click.option("--below", is_flag=True, help="The prefectures of each region too, in the same workbook.")
@click.option(
    "--period", default="", metavar="YYYY-MM", help="Month or year. Default: the newest month with a national index."
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    default=("price_linkage",),
    show_default=True,
    help="Whose gaps; repeat for several.",
)
@click.option("--out", default="gaps.xlsx", show_default=True, type=click.Path(dir_okay=False), help="The workbook.")
@click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default=None,
    help="Of its headings. Default: that of the command line.",
)
def template(
    regions: tuple[str, ...], below: bool, period: str, reports: tuple[str, ...], out: str, language: str | None
) -> None:
    """Write a workbook of exactly what the pages of a region lack: fill its yellow cells and give it to `data add`."""
    from aidlib.additions import template as workbook
    from aidlib.indices import Figures
    from aidlib.law import Book
    from aidlib.prices.monthly import newest_month

    book, figures = Book(), Figures()
    month = period or newest_month(figures)
    places = [place for name in regions for place in workbook.places(name, below)]
    found = [gap for place in places for gap in workbook.gaps(place, month, reports, law=book, figures=figures)]
    unique = list({(gap.place, gap.period, gap.series, gap.group): gap for gap in found}.values())
    workbook.write(out, unique, language or words.language())
    echo(f"{out}: {len(unique)} gaps of {len(places)} places, {month}")


@data.command()
@INTO
def log(into: str) -> None:
    """List what was added to your data folder, and when."""
    entries = additions.log(_folder(into))
    echo("\n".join(map(str, entries)) or "nothing was added yet")


@data.command()
@INTO
def undo(into: str) -> None:
    """Take the last addition back: every table is as it was before it."""
    echo(f"undone: {additions.undo(_folder(into))}")
