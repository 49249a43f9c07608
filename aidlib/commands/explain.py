"""`aidlib explain`: one household from a JSON file, step by step."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from aidlib.errors import RegisterFault


@click.command()
@click.argument("household", type=click.Path(path_type=Path))
@click.option("--region", required=True, help="Code or full name.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Day; today without it.")
@click.option(
    "--stale", is_flag=True, help="Take the last standard known where none is known for the day (marked stale)."
)
@click.option("--standard", help="Monthly dibao standard in yuan, where the book has none for the place and day.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def explain(
    household: Path, region: str, on: datetime | None, stale: bool, standard: str | None, language: str
) -> None:
    """Say what one HOUSEHOLD (a JSON file, money in fen) is due, rule by rule, with every article."""
    from aidlib.money import fen
    from aidlib.rules.explain import explain as told
    from aidlib.rules.helpers import MONTHS_PER_YEAR
    from aidlib.rules.lawinputs import STANDARD

    day = (on or datetime.now(UTC)).date()
    given = {STANDARD: fen(standard) * MONTHS_PER_YEAR} if standard else None
    click.echo(told(_read(household), region, day, given=given, stale=stale, language=language))


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise RegisterFault("no such file", got=str(path)) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        where = f"{path.name}:{getattr(error, 'lineno', 1)}"
        raise RegisterFault("the file is not JSON", where=where, expected='{"urban": true, "persons": [...]}') from None
    if not isinstance(found, dict):
        raise RegisterFault(
            "the file holds no household", where=path.name, expected='{"urban": true, "persons": [...]}'
        )
    return found
