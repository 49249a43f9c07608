"""How two records of a page differ: words exactly, cells as `verify` compares them, series to one part in a thousand million."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from packing import LANGUAGES, near, unpack
from rendered import Element

from aidlib.page.numbers import FLOAT_TOLERANCE, MONEY

NUMBERS = re.compile(r"[\d.,]*\d")
NAMED = ("table", "figure", "download")
KINDS = {
    "words": "words changed",
    "shown": "cells changed",
    "kept": "cells kept otherwise, shown the same",
    "rows": "rows or columns came or went",
    "drawn": "series drawn otherwise",
    "reads": "lists of law rows and figures read changed",
}
WORDED = ("words", "reads")
EXAMPLES = 3
MOST_PAIRS = 12
DEEPEST = 3


@dataclass(frozen=True)
class Change:
    """One thing that is not the same.

    Attributes
    ----------
    kind : str
        A key of `KINDS`.
    page, language : str
        Notebook, place and period; `zh` or `en`.
    element, row, column : str
        Where.
    old, new : object
        What it was and is; None where there was or is nothing.
    """

    kind: str
    page: str
    language: str
    element: str
    row: str
    column: str
    old: Any
    new: Any

    @property
    def pattern(self) -> tuple[str, ...]:
        """What it has in common with the same change of another page: words but for their numbers, the pair of two cells."""
        pair = tuple("" if text is None else str(text) for text in (self.old, self.new))
        return (self.language, *(NUMBERS.sub("#", text) for text in pair)) if self.kind in WORDED else pair

    def lines(self) -> Iterator[str]:
        """Write it as a line, or two where words changed."""
        if self.kind in WORDED:
            yield from (f"  {self.language} - {self.old}",) if self.old is not None else ()
            yield from (f"  {self.language} + {self.new}",) if self.new is not None else ()
            return
        old, new = ("none" if one is None else str(one) or "empty" for one in (self.old, self.new))
        place = "" if self.kind == "kept" else f"{self.page.partition(' ')[2]} {self.language} {self.row}: "
        yield f"  {place}{old} → {new}"


def changes(page: str, old: str, new: str, languages: Sequence[str] = LANGUAGES) -> list[Change]:
    """List how a page's record differs from its golden one; what is the same in both languages once."""
    found: dict[str, Change] = {}
    for language in languages if old != new else ():
        for place, kind, *where in _page(unpack(old, language), unpack(new, language)):
            found.setdefault(str((place, kind, *where[-2:])), Change(kind, page, language, *where))
    return list(found.values())


def _page(old: list[Element], new: list[Element]) -> Iterator[tuple[Any, ...]]:
    """Changes as place (the same in both languages), kind, element, row, column, old and new."""
    before, after = ([(one["kind"], text) for one in shown for text in _texts(one)] for shown in (old, new))
    for how, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for was, now in zip_longest(before[a:b], after[c:d]) if how != "equal" else ():
            element = (was or now)[0]
            yield "", "reads" if element == "record" else "words", element, "", "", was and was[1], now and now[1]
    first, second = ({(one["kind"], one["name"]): one for one in shown if one["kind"] in NAMED} for shown in (old, new))
    for key in (key for key in first if key in second):
        for place, kind, *rest in (*_cells(first[key], second[key]), *_series(first[key], second[key])):
            yield (*key, *place), kind, " ".join(key), *rest


def _texts(one: Element) -> Iterator[str]:
    """The words of an element in the order they stand; a table or figure begins with a line that says where it stands."""
    if one["kind"] in NAMED:
        yield f"[{one['kind']} {one['name']}]"
    yield from filter(None, (one.get(key) for key in ("text", "caption", "note", "alt")))
    yield from one.get("lines", ())
    yield from (f"cites {cite}" for cite in one.get("cites", ()))
    yield from (
        f"[{one['name']}] {next(iter(h.values())) if isinstance(h, dict) else h}" for h in one.get("columns", ())
    )
    yield from (f"[{one['name']}] {word}" for drawn in one.get("drawn", ()) for word in drawn.get("words", ()))


def _cells(old: Element, new: Element) -> Iterator[tuple[Any, ...]]:
    names, others = _names(old), _names(new)
    if len(names) == len(others):
        columns = [(name, at, at) for at, name in enumerate(names)]
    else:
        columns = [(name, at, others.index(name)) for at, name in enumerate(names) if name in others]
        yield (), "rows", "", "", ", ".join(names), ", ".join(others)
    before, after = _rows(old, new)
    for at, row in enumerate(dict.fromkeys([*before, *after])):
        if row not in before or row not in after:
            yield (
                (at,),
                "rows",
                row,
                "",
                *(" | ".join(rows[row][0]) if row in rows else None for rows in (before, after)),
            )
            continue
        (shown, kept), (shows, keeps) = before[row], after[row]
        for name, a, b in columns:
            if shown[a] != shows[b]:
                yield (at, a), "shown", row, name, shown[a], shows[b]
            elif not near(kept[a], keeps[b], name.endswith(MONEY)):
                yield (at, a), "kept", row, name, kept[a], keeps[b]
    hidden, hides = old.get("hidden", {}), new.get("hidden", {})
    for name in dict.fromkeys([*hidden, *hides]):
        if hidden.get(name) != hides.get(name):
            yield (name,), "kept", "", name, hidden.get(name), hides.get(name)


def _names(one: Element) -> list[str]:
    return [next(iter(head)) if isinstance(head, dict) else head for head in one.get("columns", ())]


def _rows(*tables: Element) -> list[dict[str, tuple[list[str], list[Any]]]]:
    """Rows by as few of their first cells as tell them apart in both, or by number."""
    rows = [list(zip(one.get("rows", []), one.get("kept", []), strict=True)) for one in tables]
    for depth in range(1, DEEPEST + 1):
        heads = [[" ".join(shown[:depth]) for shown, _ in one] for one in rows]
        if all(len(set(head)) == len(head) for head in heads):
            return [dict(zip(head, one, strict=True)) for head, one in zip(heads, rows, strict=True)]
    return [{f"row {at}": row for at, row in enumerate(one, 1)} for one in rows]


def _series(old: Element, new: Element) -> Iterator[tuple[Any, ...]]:
    series = ([one for one in shown.get("drawn", ()) if "words" not in one] for shown in (old, new))
    for at, (was, now) in enumerate(zip_longest(*series), 1):
        if was is None or now is None or _kind(was) != _kind(now):
            yield (at,), "drawn", f"series {at}", "", was and _kind(was), now and _kind(now)
            continue
        for axis in ("x", "y"):
            if not _close(was[axis], now[axis]):
                yield (at, axis), "drawn", f"series {at} {_kind(was)} {axis}", "", was[axis], now[axis]


def _kind(series: Element) -> str:
    """The axes it stands in, its kind (`line`) and its label."""
    return " ".join(filter(None, (str(series["axes"]), list(series)[1], str(list(series.values())[1]))))


def _close(old: Any, new: Any) -> bool:
    if old == new or not (isinstance(old, list) and isinstance(new, list) and len(old) == len(new)):
        return bool(old == new)
    if None in (*old, *new) and [one is None for one in old] != [one is None for one in new]:
        return False
    pairs = [(a, b) for a, b in zip(old, new, strict=True) if a is not None]
    largest = max((abs(number) for pair in pairs for number in pair), default=0)
    return all(abs(a - b) <= FLOAT_TOLERANCE * largest for a, b in pairs)


def summary(found: Iterable[Change], full: bool = False) -> list[str]:
    """Say what changed, for a commit message: by notebook, element and column, with examples of what is unlike."""
    groups: dict[tuple[str, ...], list[Change]] = defaultdict(list)
    for change in found:
        groups[change.page.partition(" ")[0], change.element, change.column, change.kind].append(change)
    lines = []
    for (*where, kind), same in groups.items():
        pages = dict.fromkeys(change.page.partition(" ")[2] for change in same)
        named = ", ".join(list(pages)[:EXAMPLES]) + (f" and {len(pages) - EXAMPLES} more" * (len(pages) > EXAMPLES))
        lines.append(f"{', '.join(filter(None, where))}: {len(same)} {KINDS[kind]} ({named})")
        lines += _examples(same, full)
    return lines


def _examples(same: Sequence[Change], full: bool) -> Iterator[str]:
    unlike = {change.pattern: change for change in reversed(same)}
    pairs = same[0].kind == "kept" and not isinstance(same[0].old, list)
    most = len(same) if full else MOST_PAIRS if pairs else EXAMPLES
    for change in same if full else list(unlike.values())[::-1][:most]:
        yield from change.lines()
    if not full and len(unlike) > most:
        yield f"  … and {len(unlike) - most} more unlike these (--full shows all)"
