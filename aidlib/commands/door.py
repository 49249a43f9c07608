"""Chinese or English at the door of the command line: help, faults and last lines, looked up by their English text in the vocabulary."""

from __future__ import annotations

import locale
import os
import re
from functools import lru_cache
from typing import Any

import click

from aidlib import words
from aidlib.errors import AidError, Fault

KIND = "cli:"
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system says its language, the strongest first."""
CLICK = ("core", "decorators", "exceptions", "formatting", "types")
_spoken = "en"


def choose(given: str = "") -> str:
    """Choose the language of the door: what was given, else `AIDLIB_LANGUAGE`, else the locale's.

    Raises
    ------
    ParameterFault
        A language there is not.
    """
    named = given or os.environ.get(words.VARIABLE, "").strip()
    if named:
        return words.check_language(named)
    found = next((text for name in VARIABLES if (text := os.environ.get(name, ""))), "") or locale.getlocale()[0] or ""
    return "zh" if found.lower().startswith(("zh", "chinese")) else "en"


def speak(language: str) -> None:
    """Let the command line and click's own words speak a language from here on."""
    global _spoken
    _spoken = language
    for name in CLICK:
        module = getattr(click, name)
        if hasattr(module, "_"):
            module._ = say


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Chinese by English text: the rows of the vocabulary whose key begins with `cli:`."""
    return {_flat(word.texts[1]): word.texts[0] for key, word in words.vocabulary().items() if key.startswith(KIND)}


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip())


def say(text: str) -> str:
    """Return a text in the language of the door; one that the vocabulary does not have stays English.

    Examples
    --------
    >>> say("no such region anywhere")
    'no such region anywhere'
    """
    return text if _spoken == "en" else _known().get(_flat(text), text)


def helped(command: click.Command) -> click.Command:
    """Put a command's help, its options' and its parts' into the language of the door."""
    if _spoken == "en":
        return command
    command.help = "\n\n".join(map(say, re.split(r"\n\s*\n", command.help))) if command.help else command.help
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            option.help = say(option.help)
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        helped(inner)
    return command


def told(error: AidError) -> str:
    """Say every fault of an error in the language of the door."""
    return str(error) if _spoken == "en" else "\n".join(map(_fault, error.faults))


def _fault(fault: Fault) -> str:
    parts: list[Any] = [say(fault.what)]
    parts += [say("expected {}").format(say(fault.expected))] if fault.expected else []
    parts += [say("got {}").format(repr(fault.got))] if fault.got is not None else []
    parts += [say("try: {}").format(say(fault.hint))] if fault.hint else []
    return (f"{fault.where}：" if fault.where else "") + "；".join(parts)
