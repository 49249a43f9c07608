"""The command line: thin commands over the library. What the user can mend is one message, never a traceback."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

from aidlib import words
from aidlib.commands import door
from aidlib.errors import AidError
from aidlib.tables import OVERLAY_VARIABLE

COMMANDS = {
    "assess": "aidlib.commands.assess:assess",
    "check": "aidlib.commands.law:check",
    "coverage": "aidlib.commands.law:coverage",
    "data": "aidlib.commands.data:data",
    "diff": "aidlib.commands.report:diff",
    "explain": "aidlib.commands.explain:explain",
    "register": "aidlib.commands.register:register",
    "report": "aidlib.commands.report:report",
    "sign": "aidlib.commands.report:sign",
    "verify": "aidlib.commands.report:verify",
}
INTERRUPTED = 128
STOPPED = "interrupted; what was finished is in place, nothing is half-written"


class LazyGroup(click.Group):
    """Commands by name and place, imported only when one is called, so that `aidlib --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List every command by name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return door.helped(command)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find a command; an unknown one is answered with the nearest."""
        from aidlib.errors import nearest

        if args and args[0] not in COMMANDS and (close := nearest(args[0], COMMANDS)):
            raise AidError("unknown command", got=args[0], hint=f"aidlib {close}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aidlib")
@click.option(
    "--data",
    "folder",
    metavar="DIR",
    help=f"Your own tables, laid over the shipped ones; the same as {OVERLAY_VARIABLE}=DIR.",
)
@click.option(
    "--language",
    "spoken",
    type=click.Choice(["zh", "en"]),
    default=None,
    help="Of help and messages. Default: AIDLIB_LANGUAGE, else the locale.",
)
def group(folder: str | None, spoken: str | None) -> None:
    """Exact, cited arithmetic of China's social assistance, and the reports made from it."""
    if spoken:
        os.environ[words.VARIABLE] = spoken
    if named := folder or os.environ.get(OVERLAY_VARIABLE, "").strip():
        os.environ[OVERLAY_VARIABLE] = os.path.abspath(os.path.expanduser(named))  # kernels run in other folders


def main() -> None:
    """Run the command line."""
    leave(_called)


def _called() -> Any:
    door.speak(door.choose(_language_given(sys.argv[1:])))
    door.helped(group)
    return group(standalone_mode=False)


def _language_given(given: Sequence[str]) -> str:
    """The language named before the command: help is written before click has read its options."""
    for at, text in enumerate(given):
        if text.startswith("--language="):
            return text.partition("=")[2]
        if text == "--language" and at + 1 < len(given):
            return given[at + 1]
        if text in COMMANDS:
            break
    return ""


def leave(command: Callable[[], Any]) -> NoReturn:
    """Run a command and leave with its exit code: 0 done, 1 a report or number is not good, 2 the input is wrong."""
    try:
        code = command()
    except AidError as error:
        click.echo(f"aidlib: {door.in_words(error)}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt) as error:
        number = error.args[0] if error.args and isinstance(error.args[0], int) else signal.SIGINT
        click.echo(f"aidlib: {door.say(STOPPED)}", err=True)
        sys.exit(INTERRUPTED + number)
    except BrokenPipeError:
        sys.exit(INTERRUPTED + signal.SIGPIPE)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"aidlib: {where}{error.strerror or error}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
