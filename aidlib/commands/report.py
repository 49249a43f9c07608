"""The commands of the reports: report, verify, diff."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import click

from aidlib.commands.door import echo, in_words
from aidlib.errors import AidError

MEGABYTE = 2**20
LEAST_MEMORY_MB = 2000


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--region",
    "regions",
    multiple=True,
    envvar="REGIONS",
    help="Code or full name; repeat, or separate by commas. Default: all.",
)
@click.option(
    "--period",
    default="",
    envvar="PERIOD",
    help="YYYY-MM or YYYY. Default: the latest the data covers, region by region.",
)
@click.option("-p", "settings", multiple=True, metavar="NAME=VALUE", help="A further parameter of the notebooks.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option(
    "--jobs", type=click.IntRange(1), default=None, help="Reports made at the same time. Default: one per processor."
)
@click.option(
    "--cell-timeout", type=click.FloatRange(min=0, min_open=True), default=120, show_default=True, help="Seconds."
)
@click.option(
    "--report-timeout", type=click.FloatRange(min=0, min_open=True), default=600, show_default=True, help="Seconds."
)
@click.option(
    "--memory",
    type=click.IntRange(0),
    default=None,
    help="MB a kernel may have; 0: no limit. Default: this machine's, divided by the jobs.",
)
@click.option("--force", is_flag=True, help="Make again what is unchanged.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and why.")
@click.option("--cold", is_flag=True, help="Start a fresh interpreter for each report instead of forking a warm one.")
@click.option("--cluster", default="", metavar="tcp://…", help="Make them on this Dask cluster instead.")
@click.option("--pdf", is_flag=True, help="Make a PDF beside each page.")
@click.option("--out", default="reports", show_default=True, help="Folder of the reports.")
def report(
    names: tuple[str, ...], regions: tuple[str, ...], period: str, settings: tuple[str, ...], language: str, jobs: int | None,
    cell_timeout: float, report_timeout: float, memory: int | None, force: bool, dry_run: bool, cold: bool, cluster: str,
    pdf: bool, out: str,
) -> int:  # fmt: skip
    """Make reports: every one named (default: all) for every region, into out/PERIOD/REGION/NAME.ipynb and .html.

    NAMES: price_linkage, standard_indexing, performance_evaluation, national_overview; low_income_monitoring is made only when it is named.

    Only what changed is made again. The exit code is 0 only if every report asked for is there and good.
    """
    if sys.platform == "win32":
        raise AidError("the fleet needs Linux or macOS", hint="run it in WSL, or use papermill: docs/scheduling.md")
    from aidlib.commands import catalogue
    from aidlib.fleet import plan, run

    count = jobs or run.processors()
    limits = plan.Limits(cell_timeout, report_timeout, _memory(count) if memory is None else memory)
    _named(regions)
    request = plan.Request(names, regions, period, settings, language, _folder(out), force, limits, not cold, pdf)
    known = catalogue.all_reports()
    if dry_run:
        lines = run.dry_run(request, known)
        echo("\n".join(lines))
        return 0
    from aidlib.commands.press import PRESS

    summary = run.run(request, known, PRESS, jobs or 0, cluster=cluster, tell=lambda note: echo(note, err=True))
    echo("\n".join(summary.lines()))
    return 0 if summary.good else 1


def _named(regions: tuple[str, ...]) -> None:
    """Refuse `--region ""`, such as an unset variable leaves: it would make every region's reports."""
    from click.core import ParameterSource

    source = click.get_current_context().get_parameter_source("regions")
    if source is ParameterSource.COMMANDLINE and not any(text.strip() for text in regions):
        raise AidError("no region is named", where="--region", hint="leave --region out for every region")


def _folder(text: str) -> Path:
    folder = Path(text).expanduser()
    if folder.exists() and not folder.is_dir():
        raise AidError("not a folder", where="--out", got=text)
    return folder


def _memory(jobs: int) -> int:
    """Megabytes of this machine for each of so many kernels, but enough to work in; 0 where the system does not say."""
    try:
        share = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // jobs // MEGABYTE
        return max(share, LEAST_MEMORY_MB)
    except (ValueError, OSError, AttributeError):
        return 0


PATH_GIVEN = click.option(
    "-p",
    "given",
    multiple=True,
    metavar="NAME=PATH",
    help="A file or folder it was made with: pages do not keep paths.",
)
OWN_CODE = click.option(
    "--run-its-own-code",
    "own_code",
    is_flag=True,
    help="Where its cells are not aidlib's, run them: they can do whatever you can.",
)


@click.command()
@click.argument("pages", nargs=-1, required=True, type=click.Path(path_type=Path))
@PATH_GIVEN
@OWN_CODE
@click.option(
    "--key", type=click.Path(path_type=Path), help="A public key: the report must be signed with it too (extra sign)."
)
def verify(pages: tuple[Path, ...], given: tuple[str, ...], own_code: bool, key: Path | None) -> int:
    """Make reports again with aidlib's own notebooks, and compare all they show.

    PAGES: notebooks or pages. Each is reproduced; data has changed since; code has changed; altered after it was made; or not one
    of our pages. Nothing a page holds is run or opened.
    """
    _warn(own_code)
    answers = [_verified(page, given, own_code, key) for page in pages]
    return 0 if all(answers) else 1


def _verified(page: Path, given: tuple[str, ...], own_code: bool, key: Path | None) -> bool:
    from aidlib.commands import catalogue
    from aidlib.commands.press import PRESS
    from aidlib.fleet.verify import verify as verified

    try:
        if key:
            echo(f"{page}: signed by {_signatures().signed(page, key)}")
        verdict = verified(page, catalogue.own_notebooks(), PRESS, given, own_code=own_code)
    except AidError as error:
        click.echo(f"aidlib: {in_words(error)}", err=True)
        return False
    echo("\n".join(verdict.lines()))
    return verdict.reproduced


@click.command()
@click.argument("pages", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--key", required=True, type=click.Path(path_type=Path), help="An Ed25519 private key, from ssh-keygen or openssl."
)
def sign(pages: tuple[Path, ...], key: Path) -> int:
    """Sign the files of reports, so that whoever has the public key knows that you stand for them (extra sign).

    Beside each report two files are left: digests, for `sha256sum -c`, and their signature. `aidlib verify --key` checks both.
    """
    signatures = _signatures()
    password = cache(lambda: click.prompt("password of the key", hide_input=True, err=True).encode())
    for page in pages:
        files = signatures.sign(page, key, password)
        echo(f"{page.with_suffix('')}: signed {', '.join(files)}")
    return 0


def _signatures() -> ModuleType:
    from importlib.util import find_spec

    from aidlib.fleet import sign

    if not find_spec("cryptography"):
        raise AidError("signatures need the extra sign", hint="pip install 'aidlib[sign]'")
    return sign


def _warn(own_code: bool) -> None:
    if own_code:
        echo(
            "aidlib: cells that are not aidlib's will be run, with all your rights: stop now if you do not know them",
            err=True,
        )


@click.command()
@click.argument("older", type=click.Path(path_type=Path))
@click.argument("newer", type=click.Path(path_type=Path))
@PATH_GIVEN
@OWN_CODE
def diff(older: Path, newer: Path, given: tuple[str, ...], own_code: bool) -> int:
    """Compare two editions of a report by their numbers, and say what the change comes from."""
    from aidlib.commands import catalogue
    from aidlib.commands.press import PRESS
    from aidlib.fleet.editions import compare

    _warn(own_code)
    change = compare(older, newer, catalogue.own_notebooks(), PRESS, given, own_code=own_code)
    echo("\n".join(change.lines()))
    return 0 if change.same else 1
