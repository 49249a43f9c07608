"""`aidlib explain`: one household from a JSON file, step by step."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import click

from aidlib.commands.door import without_a_standard
from aidlib.errors import Fault, RegisterFault

LARGEST = 1_000_000
"""Characters of a file that describes one household."""


@click.command()
@click.argument("household", type=click.Path(path_type=Path))
@click.option("--region", required=True, help="Code or full name.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Day; today without it.")
@without_a_standard
@click.option("--standard", help="Monthly dibao standard in yuan, where the book has none for the place and day.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def explain(
    household: Path,
    region: str,
    on: datetime | None,
    stale: bool,
    unknown: Literal["raise", "bounds"],
    standard: str | None,
    language: str,
) -> None:
    """Say what one HOUSEHOLD (a JSON file, money in fen) is due, rule by rule, with every article."""
    from aidlib.rules.explain import explain as explained
    from aidlib.rules.lawinputs import STANDARD, standard_year

    day = (on or datetime.now(UTC)).date()
    given = {STANDARD: standard_year(standard)} if standard is not None else None
    click.echo(explained(_read(household), region, day, given=given, stale=stale, unknown=unknown, language=language))


def _read(path: Path) -> dict[str, Any]:
    expected = '{"urban": true, "persons": [...]}'
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise RegisterFault(
                "too large for one household", where=path.name, expected=f"at most {LARGEST:,} characters"
            )
        found = json.loads(text, object_pairs_hook=_once)
    except FileNotFoundError:
        raise RegisterFault("no such file", got=str(path)) from None
    except OSError:
        raise RegisterFault("not a file that can be read", got=str(path), expected="a JSON file") from None
    except UnicodeDecodeError:
        raise RegisterFault("the file is not UTF-8 text", where=path.name, hint="save it as UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"{path.name}:{error.lineno}"
        raise RegisterFault("the file is not JSON", where=where, expected=expected) from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise RegisterFault("a number too long to be one", where=path.name, expected=expected) from None
    except RecursionError:
        raise RegisterFault("the file is nested too deeply", where=path.name, expected=expected) from None
    if not isinstance(found, dict):
        raise RegisterFault("the file holds no household", where=path.name, expected=expected)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name given twice: which of the two counts is not known."""
    names = [name for name, _ in pairs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RegisterFault([Fault("given twice", name, "each column once") for name in twice])
    return dict(pairs)
