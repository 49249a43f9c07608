"""A golden record: a page in both languages as JSON lines, in which what both languages share stands once.

`低保 ‖ dibao` are the words of the two languages, `{"zh": …, "en": …}` what is not two texts. A table is a line of its words, one of its
columns, and one a row; a cell is what is shown, or `{"v": shown, "is": kept}` where the report kept more than it shows. A record may be
written as what differs from another: `{"same": 3}` are the next three lines of that one, `{"skip": 2}` passes over two of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from rendered import MARKS, PLACE, Element

from aidlib.page.numbers import FLOAT_TOLERANCE, same

LANGUAGES = ("zh", "en")
BETWEEN = " ‖ "
DIGITS = 11
MARKED = tuple(f" ~{mark}" for mark in MARKS.values())
DASH = "—"
OPERATION = re.compile(r'\{"(same|skip)":(\d+)\}\n')
OWN_LINE = ("axes", "columns")


def pack(pages: Mapping[str, Sequence[Element]]) -> str:
    """Write the elements of a page, by language, as lines."""
    zh, en = ([list(_lines(one)) for one in pages[language]] for language in LANGUAGES)
    shapes = ([_shape(lines) for lines in page] for page in (zh, en))
    packed: list[Any] = []
    for how, a, b, c, d in SequenceMatcher(None, *shapes, autojunk=False).get_opcodes():
        if how == "equal":
            for both in zip(zh[a:b], en[c:d], strict=True):
                packed += map(_merged, *both)
        else:
            for only, blocks in (("zh", zh[a:b]), ("en", en[c:d])):
                packed += [line for lines in blocks for line in ({"only": only, **lines[0]}, *lines[1:])]
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in packed)


def shortened(text: str, base: str) -> str:
    """Write a record as what differs from another."""
    lines, old = text.splitlines(keepends=True), base.splitlines(keepends=True)
    short = []
    for how, a, b, c, d in SequenceMatcher(None, old, lines, autojunk=False).get_opcodes():
        short += [f'{{"same":{b - a}}}\n'] if how == "equal" else lines[c:d]
        short += [f'{{"skip":{b - a}}}\n'] if how in ("delete", "replace") else []
    return "".join(short)


def lengthened(text: str, base: str) -> str:
    """Write a shortened record in full."""
    old, at, lines = base.splitlines(keepends=True), 0, []
    for line in text.splitlines(keepends=True):
        if found := OPERATION.fullmatch(line):
            count = int(found[2])
            lines += old[at : at + count] if found[1] == "same" else []
            at += count
        else:
            lines.append(line)
    return "".join(lines)


def unpack(text: str, language: str) -> list[Element]:
    """Read the elements of a page in one language: a table's `rows` hold what is shown, its `kept` what the report kept."""
    found: list[Element] = []
    wanted = True
    for line in map(json.loads, text.splitlines()):
        if isinstance(line, dict) and not any(key in line for key in OWN_LINE):
            if wanted := line.pop("only", language) == language:
                found.append(_said(line, language))
        elif wanted and "axes" in line:
            found[-1].setdefault("drawn", []).append(_said(line, language))
        elif wanted and isinstance(line, dict):
            found[-1] |= _said(line, language)
        elif wanted:
            cells = [_said(cell, language) for cell in line]
            found[-1].setdefault("rows", []).append([c["v"] if isinstance(c, dict) else c for c in cells])
            found[-1].setdefault("kept", []).append([c["is"] if isinstance(c, dict) else bare(c) for c in cells])
    return found


def near(old: Any, new: Any, money: bool = False) -> bool:
    """Compare two kept cells as `verify` does, also where one of them was shown with all its digits and so stands as text."""
    if isinstance(old, float) or isinstance(new, float):
        try:
            first, second = float(old), float(new)
        except (TypeError, ValueError):
            return same(old, new, money)
        return first == second if money else abs(first - second) <= FLOAT_TOLERANCE * max(abs(first), abs(second))
    return same(old, new, money)


def bare(shown: str) -> str | None:
    """Return a shown cell as a report keeps it: without its mark, a dash as nothing, a minus that can be read."""
    for mark in MARKED:
        shown = shown.removesuffix(mark)
    return None if shown in (DASH, "") else shown.replace("−", "-", 1) if shown.startswith("−") else shown


def _lines(one: Element) -> Iterator[Any]:
    """One element in one language: a line of its words, then its rows or series."""
    apart = ("rows", "columns", "cells", "labels", "drawn", "carried")
    head = {key: value for key, value in one.items() if key not in apart}
    if one["kind"] != "table":
        yield head
        yield from one.get("drawn", ())
        return
    names, kept, hidden = _columns(one)
    yield head
    yield {
        "columns": [{name: label} if name else label for name, label in zip(names, one["labels"], strict=True)],
        **({"hidden": hidden} if hidden and not one["carried"] else {}),
    }
    for shown, cells in zip(one["rows"], kept, strict=True):
        yield [_cell(*both) for both in zip(shown, cells, names, strict=True)]


def _columns(one: Element) -> tuple[list[str], list[list[Any]], dict[str, list[Any]]]:
    """The kept name and cells of each column shown, and the kept columns that are not: statuses, and what a caption says once.

    Where the columns shown cannot be told from those kept, all kept ones stand apart.
    """
    columns = list(one.get("columns", ()))
    cells = [[_plain(cell) for cell in row] for row in one.get("cells", ())]
    statuses = {name for name in columns if name.endswith("_status") and name.removesuffix("_status") in columns}
    seen = [at for at, name in enumerate(columns) if name not in statuses and name != "sources"]
    if len(seen) > len(one["labels"]):
        seen = [at for at in seen if len({str(row[at]) for row in cells}) > 1]
    sourced = len(one["labels"]) - len(seen)
    if sourced not in (0, 1) or len(cells) != len(one["rows"]):
        hidden = {name: _runs([row[at] for row in cells]) for at, name in enumerate(columns)}
        return [""] * len(one["labels"]), [[bare(cell) for cell in row] for row in one["rows"]], hidden
    hidden = {name: _runs([row[at] for row in cells]) for at, name in enumerate(columns) if at not in seen}
    names = [columns[at] for at in seen] + [""] * sourced
    kept = [
        [*(row[at] for at in seen), *map(bare, shown[len(seen) :])]
        for row, shown in zip(cells, one["rows"], strict=True)
    ]
    return [name if name != label else "" for name, label in zip(names, one["labels"], strict=True)], kept, hidden


def _runs(cells: Sequence[Any]) -> list[Any]:
    """A column that is not shown: each value and how often it follows itself."""
    return [part for value, same_ in groupby(cells) for part in (value, len(list(same_)))]


def _plain(cell: Any) -> Any:
    if isinstance(cell, float):
        return float(f"{cell:.{DIGITS}g}")
    return PLACE.sub(r"\1", cell).strip() if isinstance(cell, str) else cell


def _cell(shown: str, kept: Any, name: str) -> Any:
    told = not isinstance(kept, bool) and near(bare(shown), kept, name.endswith(("_fen", "_yuan")))
    return shown if told else {"v": shown, "is": kept}


def _shape(lines: Sequence[Any]) -> str:
    """What two languages must have in common to be written as one."""
    head = lines[0]
    sizes = [len(head[key]) for key in ("lines", "cites") if key in head]
    kinds = [list(line) if isinstance(line, dict) else len(line) for line in lines[1:]]
    return str([sorted(head), head["kind"], head.get("name") if head["kind"] != "download" else "", sizes, kinds])


def _merged(zh: Any, en: Any) -> Any:
    """Write what both languages share once; a cell or head that one language needs to write in full is written so in both."""
    if isinstance(zh, dict) != isinstance(en, dict):
        zh, en = _in_full(zh, en), _in_full(en, zh)
    if isinstance(zh, dict) and isinstance(en, dict) and list(zh) == list(en):
        return {key: _merged(zh[key], en[key]) for key in zh}
    if isinstance(zh, list) and isinstance(en, list) and len(zh) == len(en):
        return list(map(_merged, zh, en))
    if type(zh) is type(en) and zh == en:
        return zh
    if isinstance(zh, str) and isinstance(en, str):
        return f"{zh}{BETWEEN}{en}"
    return {"zh": zh, "en": en}


def _in_full(one: Any, other: Any) -> Any:
    if isinstance(one, str) and list(other) == ["v", "is"]:
        return {"v": one, "is": bare(one)}
    return {one: one} if isinstance(one, str) and list(other) == [one] else one


def _said(value: Any, language: str) -> Any:
    if isinstance(value, str):
        return value.split(BETWEEN)[LANGUAGES.index(language)] if BETWEEN in value else value
    if isinstance(value, list):
        return [_said(one, language) for one in value]
    if isinstance(value, dict):
        if set(value) == set(LANGUAGES):
            return value[language]
        return {_said(key, language): _said(one, language) for key, one in value.items()}
    return value
