"""`aidlib register`: a county's own ledgers, checked whole, and written as the private folder that assess, monitoring and evaluation read."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aidlib.commands.door import echo, say, spoken
from aidlib.errors import Fault, RegisterFault

if TYPE_CHECKING:
    from aidlib.register.checks import Checked
    from aidlib.register.folder import Written
    from aidlib.register.grids import Limits
    from aidlib.register.headings import Given
    from aidlib.register.reading import Reading

KEY_VARIABLE = "AIDLIB_KEY_FILE"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class _WithDefault(click.Group):
    """A group that reads a ledger where no command of its own is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the usual command before arguments that begin with none."""
        named = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named or not args else ["read", *args])


@click.group(cls=_WithDefault, context_settings={"help_option_names": ["-h", "--help"]})
def register() -> None:
    """Read a county's ledgers (`aidlib register LEDGER... --out FOLDER`), or write an empty one (`aidlib register template FILE`)."""


@register.command()
@click.argument("path", type=click.Path(path_type=Path))
def template(path: Path) -> None:
    """Write an empty ledger with drop-downs to PATH (.xlsx)."""
    from aidlib.register.template import write_template

    click.echo(str(write_template(path)))


@register.command()
@click.argument("ledgers", nargs=-1, type=click.Path(path_type=Path))
@click.option("--persons", type=click.Path(path_type=Path), help="CSV, Excel or Parquet of persons only.")
@click.option("--households", type=click.Path(path_type=Path), help="CSV, Excel or Parquet of households only.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The private folder: rows of persons lie in it.",
)
@click.option(
    "--region",
    default="",
    help="The county or city the ledger is of, code or name; places in words are looked for below it.",
)
@click.option(
    "--month", default="", help="YYYY-MM: the month the ledger says; it gets a folder of its own inside --out."
)
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Day ages are counted to; today without it.")
@click.option("--recognitions", type=click.Path(path_type=Path), help="Who is recognised for what, since when.")
@click.option(
    "--aid", type=click.Path(path_type=Path), help="Payments: one row each, one sheet a month, or one column a month."
)
@click.option(
    "--months",
    default="",
    metavar="FIRST..LAST",
    help="Months the payments were handed in for, where not those of their rows.",
)
@click.option("--list", "lists", multiple=True, metavar="NAME=FILE", help="A departmental list, such as deaths=FILE.")
@click.option(
    "--given",
    "given",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="What holds on every row for a column the ledger lacks.",
)
@click.option(
    "--mapping", type=click.Path(path_type=Path), help="What headings mean, as the last run wrote it (mapping.csv)."
)
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    help=f"Secret key of the pseudonyms, outside the folder; else {KEY_VARIABLE}.",
)
@click.option("--identities", is_flag=True, help="Write names and numbers too, for restricted lists.")
@click.option("--persons-sheet", help="Sheet of the persons, where several could be meant.")
@click.option("--households-sheet", help="Sheet of the households, where several could be meant.")
@click.option("--money", help="Unit of money columns whose heading states none: 元, 万元 or 分.")
@click.option("--blank-is-none", default="", help="Columns whose empty cells mean none, comma between.")
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=NUMBER",
    help="How much a file may ask of the reader, such as cells=90000000.",
)
@click.option("--allow-rejects", is_flag=True, help="Go on with the good rows although others were rejected.")
def read(out: Path, on: datetime | None, month: str, blank_is_none: str, limits: tuple[str, ...], **asked: Any) -> None:
    """Read LEDGERS whole: every fault at once, the rejected rows with reasons, and the good rows as a private folder."""
    from aidlib.disclosure.private import close, owner_only, private_folder
    from aidlib.register.checks import check
    from aidlib.register.grids import Limits

    _sensible(month, asked)
    folder, most = private_folder(out), Limits().changed(limits)
    said = _given(asked)
    tables = _tables(asked, most, said)
    day = (on or datetime.now(UTC)).date()
    checked = check(*tables, day, tuple(filter(None, blank_is_none.split(","))), _more(asked, most, said))
    try:
        with owner_only():
            rejects = checked.rejects(folder)
            faults = checked.workbook(folder / "faults.xlsx")
            kept = _mapping(checked, folder)
            click.echo(checked.text(language=spoken(), say=say))
            click.echo("\n".join(str(out / path.name) for path in (*faults, *rejects, kept)))
        written = _written(checked, folder, month, said, asked)
        click.echo("\n".join(str(out / path.relative_to(folder)) for path in written.paths))
        if written.before:
            echo(_count_of_changes(written))
    finally:
        close(folder)


def _sensible(month: str, asked: dict[str, Any]) -> None:
    """Refuse what cannot be meant: every fault at once."""
    faults = []
    if not asked["ledgers"] and not (asked["persons"] and asked["households"]):
        faults.append(Fault("no ledger", expected="LEDGER..., or --persons and --households"))
    if asked["ledgers"] and (asked["persons"] or asked["households"]):
        faults.append(Fault("the ledger is named twice", expected="LEDGER..., or --persons and --households"))
    if month and not MONTH.fullmatch(month):
        faults.append(Fault("not a month", "--month", "YYYY-MM", month))
    first, _, last = asked["months"].partition("..")
    if asked["months"] and not (MONTH.fullmatch(first) and MONTH.fullmatch(last) and first <= last):
        faults.append(Fault("not a span of months", "--months", "2026-01..2026-10", asked["months"]))
    faults += [Fault("not NAME=FILE", "--list", "deaths=FILE", text) for text in asked["lists"] if "=" not in text]
    faults += [Fault("not COLUMN=VALUE", "--given", "urban=农村", text) for text in asked["given"] if "=" not in text]
    if faults:
        raise RegisterFault(faults)


def _given(asked: dict[str, Any]) -> Given:
    """Put together what the clerk says besides the cells."""
    from aidlib.errors import nearest
    from aidlib.regions import place
    from aidlib.register.columns import fields
    from aidlib.register.headings import Given, read_mapping

    values = dict(text.split("=", 1) for text in asked["given"])
    known = {name for table in ("persons", "households", "recognitions", "aid") for name in fields(table)}
    if strange := sorted(values.keys() - known):
        raise RegisterFault(Fault("unknown column", "--given", got=name, hint=nearest(name, known)) for name in strange)
    region = place(asked["region"]).code if asked["region"] else ""
    return Given(region, asked["money"], values, read_mapping(asked["mapping"]) if asked["mapping"] else {})


def _tables(asked: dict[str, Any], most: Limits, said: Given) -> tuple[Reading, Reading]:
    from aidlib.register.reading import read_ledger, read_register

    if asked["ledgers"]:
        return read_ledger(asked["ledgers"], None, most, said)
    sheets = (asked["persons_sheet"], asked["households_sheet"])
    people, homes = (
        read_register(asked[table], sheet, table, None, most, said)
        for table, sheet in zip(("persons", "households"), sheets, strict=True)
    )
    return people, homes


def _more(asked: dict[str, Any], most: Limits, said: Given) -> list[Reading]:
    """Read recognitions, payments and departmental lists."""
    from aidlib.register.columns import fields
    from aidlib.register.reading import read_register

    named = {name: Path(path) for name, _, path in (text.partition("=") for text in asked["lists"])}
    named |= {table: asked[table] for table in ("recognitions", "aid") if asked[table]}
    return [read_register(path, None, table, None, most, said) for table, path in named.items() if fields(table)]


def _mapping(checked: Checked, folder: Path) -> Path:
    """Write what each heading was taken to mean, guesses too, for next month."""
    import csv

    from aidlib.disclosure.cells import inert

    units = {1: "分", 100: "元", 100_000: "千元", 1_000_000: "万元"}
    path = folder / "mapping.csv"
    rows = {fold.heading: (inert(fold.heading), fold.column, units.get(fold.unit_fen or 0, ""), fold.how)
            for reading in checked.readings for fold in reading.folds if fold.column}  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("heading", "column", "unit", "how"), *rows.values()])
    return path


def _written(checked: Checked, folder: Path, month: str, said: Given, asked: dict[str, Any]) -> Written:
    from aidlib.disclosure.ids import key_from
    from aidlib.register.folder import write_month

    named = asked["key"] or os.environ.get(KEY_VARIABLE, "")
    first, _, last = asked["months"].partition("..")
    key = key_from(named) if named else b""
    return write_month(checked, folder, month=month, region=said.region, key=key, identities=asked["identities"], span=(first, last),
                       allow_rejects=asked["allow_rejects"])  # fmt: skip


def _count_of_changes(written: Written) -> str:
    """Count the changes since the month before."""
    if not written.before:
        return ""
    counts = written.changed.group_by("what", "reason").len().sort("what", "reason")
    lines = [f"{what:<7} {count:>7} {reason}".rstrip() for what, reason, count in counts.iter_rows()]
    if written.heads_alone:
        lines.append(
            f"{written.heads_alone} households are listed by the head alone in one of the months: their members were not compared"
        )
    return "\n".join([f"changes since {written.before}:", *lines])
