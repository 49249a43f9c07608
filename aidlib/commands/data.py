"""`aidlib data`: your own figures and standards."""

from __future__ import annotations

import os

import click

from aidlib import additions
from aidlib.errors import AidError
from aidlib.tables import OVERLAY_VARIABLE


@click.group(name="data")
def data() -> None:
    """Your own figures and standards, laid over the shipped ones."""


@data.command()
@click.argument("file", type=click.Path())
@click.option("--into", metavar="DIR", default="", help=f"Your data folder. Default: {OVERLAY_VARIABLE}.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def add(file: str, into: str, dry_run: bool) -> None:
    """Add this month's index or a new standard from a CSV or Excel FILE, whole or not at all."""
    if not (folder := into or os.environ.get(OVERLAY_VARIABLE, "").strip()):
        raise AidError("no data folder is named", expected=f"--into DIR or {OVERLAY_VARIABLE}", hint="--into my-data")
    click.echo(additions.add(file, folder, dry_run))
    if not dry_run and folder != os.environ.get(OVERLAY_VARIABLE):
        click.echo(f"reports read it with: {OVERLAY_VARIABLE}={folder} aidlib report")
