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
GAP, SHORT = "{}", "((?:(?!: |; ).)+?)"
JOINTS = {"; ": "；", ": ": "：", ", ": "，"}
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
"""Words of an English sentence: a pattern that begins with a gap takes a number or a name there, and no half of a sentence."""
CLICK = ("core", "decorators", "exceptions", "formatting", "types")
_spoken = "en"


def choose(given: str = "") -> str:
    """Choose the language of the door: what was given, else `AIDLIB_LANGUAGE`, else the locale's."""
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


def spoken() -> str:
    """The language the command line speaks."""
    return _spoken


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Chinese by English text: the rows of the vocabulary whose key begins with `cli:`."""
    return {_flat(word.texts[1]): word.texts[0] for key, word in words.vocabulary().items() if key.startswith(KIND)}


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Texts with gaps, such as `{} gaps of {} places`, as patterns; those that say most go first.

    What stands in a gap holds no colon of its own, but for the last gap of a text that has one.
    """
    texts = sorted((text for text in _known() if GAP in text), key=lambda text: -len(text.replace(GAP, "")))
    found = []
    for text in texts:
        parts = [re.escape(part).replace("\\ ", r"\s+") for part in text.split(GAP)]
        gaps = [SHORT] * (len(parts) - 2) + ["(.+)" if ": " in text else SHORT]
        found.append(
            (re.compile("".join(map("".join, zip(parts, [*gaps, ""], strict=True))), re.DOTALL), _known()[text])
        )
    return found


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip())


def say(text: str) -> str:
    """Return a text in the language of the door; what the vocabulary does not have stays English.

    A text with gaps is one row of the vocabulary (`{} gaps of {} places`); what stands in a gap, and the parts of a list, are said too.

    Examples
    --------
    >>> say("no such region anywhere")
    'no such region anywhere'
    """
    return text if _spoken == "en" else _said(text)


def _said(text: str) -> str:
    if (exact := _known().get(_flat(text))) is not None:
        return exact
    if text != (bare := text.lstrip()):
        return text[: len(text) - len(bare)] + _said(bare)
    if (told := _split(text, "; ")) or (told := _split(text, ", ", whole=True)):
        return told
    for pattern, chinese in _patterns():
        match = pattern.fullmatch(text)
        if match and not (pattern.pattern.startswith("(") and ENGLISH.search(_said(match[1]))):
            return chinese.format(*map(_said, match.groups()))
    return _split(text, ": ") or _split(text, ", ") or text


def _split(text: str, mark: str, whole: bool = False) -> str:
    """Say the parts of a text one by one; nothing where there are none, or not any (not all) of them is known."""
    parts = text.split(mark)
    told = [_said(part) for part in parts] if len(parts) > 1 else parts
    known = [one != part for one, part in zip(told, parts, strict=True)]
    return JOINTS[mark].join(told) if (all(known) if whole else any(known)) else ""


def echo(text: object, *, err: bool = False) -> None:
    """Print lines in the language of the door."""
    click.echo("\n".join(map(say, str(text).split("\n"))), err=err)


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


def in_words(error: AidError) -> str:
    """Say every fault of an error in the language of the door."""
    return str(error) if _spoken == "en" else "\n".join(map(_fault, error.faults))


def _fault(fault: Fault) -> str:
    parts: list[Any] = [say(fault.what)]
    parts += [say("expected {}").format(say(fault.expected))] if fault.expected else []
    parts += [say("got {}").format(repr(fault.got))] if fault.got is not None else []
    parts += [say("try: {}").format(say(fault.hint))] if fault.hint else []
    return (f"{say(fault.where)}：" if fault.where else "") + "；".join(parts)


def without_a_standard(command: Any) -> Any:
    """Give a command the options that say what to do where no standard is known: `--stale` and `--unknown`."""
    last = "Where no standard is known for the day, take the range the last known one allows (marked stale)."
    none = "Where not even a last standard is known: stop, or take the range that floors and averages allow (marked estimated)."
    kinds = click.Choice(["raise", "bounds"])
    unknown = click.option("--unknown", type=kinds, default="raise", show_default=True, help=none)
    return click.option("--stale", is_flag=True, help=last)(unknown(command))
