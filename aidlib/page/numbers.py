"""The numbers of an executed report, and how two editions of them differ: exactly, but for statistics that are floats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any, TypeAlias

Cell: TypeAlias = str | int | float | bool | None
FLOAT_TOLERANCE = 1e-9
LONGEST_SHOWN = 80
MONEY = ("_fen", "_yuan")
NUMBER = re.compile(r"[+\-−]?[0-9][0-9,]{0,39}(?:\.[0-9]{1,40})?%?|[+-]?[0-9]{1,40}/0*[1-9][0-9]{0,39}")
VALUE_WORDS = {"law": 2, "figures": 1}


@dataclass(frozen=True)
class Table:
    """A table as a report recorded it: its columns and its cells, row by row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def labels(self, depth: int) -> list[str]:
        """What the first text cells of each row say, up to so many."""
        texts = [[cell for cell in row if isinstance(cell, str) and _number(cell) is None] for row in self.rows]
        return [" ".join(text[:depth]) for text in texts]


@dataclass(frozen=True)
class Difference:
    """One number that is not the same.

    Examples
    --------
    >>> print(Difference("amounts", "低保", "amount_fen_month", 4200, 4300))
    table amounts, 低保, amount_fen_month: 4200 -> 4300 (+100)
    """

    table: str
    row: str
    column: str
    old: Cell
    new: Cell

    def __str__(self) -> str:
        place = ", ".join(filter(None, (self.table and f"table {self.table}", self.row, self.column)))
        if self.old is None and self.new is None:
            return place
        return f"{place}: {_shown(self.old)} -> {_shown(self.new)}{self._change()}"

    def _change(self) -> str:
        old, new = _number(self.old), _number(self.new)
        if old is None or new is None:
            return ""
        change = new - old
        return f" ({float(change):+.10g})"


def differences(old: Mapping[str, Table], new: Mapping[str, Table]) -> list[Difference]:
    """List every number that differs between two editions, table by table.

    Money, exact numbers and text must be equal; floats, which only statistics are, may differ by one part in a thousand
    million. Rows are matched by their text cells.
    """
    return [found for name in dict.fromkeys([*old, *new]) for found in _table(name, old.get(name), new.get(name))]


def _table(name: str, old: Table | None, new: Table | None) -> Iterator[Difference]:
    if old is None or new is None:
        yield Difference(name, "", "", *(("there", None) if new is None else (None, "there")))
        return
    before, after = _keyed(old, new)
    for row in dict.fromkeys([*before, *after]):
        if row not in before or row not in after:
            yield Difference(name, row, "", *(("there", None) if row in before else (None, "there")))
            continue
        yield from _row(name, row, (old.columns, before[row]), (new.columns, after[row]))


def _keyed(*tables: Table) -> list[dict[str, tuple[Cell, ...]]]:
    """Rows by as few of their first text cells as tell them apart in every table, or by number where none do."""
    for depth in range(1, max((len(table.columns) for table in tables), default=0) + 1):
        labels = [table.labels(depth) for table in tables]
        if all(len(set(label)) == len(label) and "" not in label for label in labels):
            return [dict(zip(label, table.rows, strict=True)) for label, table in zip(labels, tables, strict=True)]
    return [{f"row {at}": row for at, row in enumerate(table.rows, 1)} for table in tables]


def _row(
    name: str, row: str, old: tuple[Sequence[str], Sequence[Cell]], new: tuple[Sequence[str], Sequence[Cell]]
) -> Iterator[Difference]:
    before, after = (dict(zip(_unlike(columns), cells, strict=True)) for columns, cells in (old, new))
    for column in dict.fromkeys([*before, *after]):
        pair = before.get(column), after.get(column)
        if not same(*pair, money=column.endswith(MONEY)):
            yield Difference(name, row, column, *pair)


def _unlike(columns: Sequence[str]) -> list[str]:
    """Column names, numbered where two are the same."""
    twice = {name for name, count in Counter(columns).items() if count > 1}
    return [f"{name} [{at}]" if name in twice else name for at, name in enumerate(columns, 1)]


def same(old: Cell, new: Cell, money: bool = False) -> bool:
    """Tell whether two cells say the same: `12.50` and 12.5 do, and floats within the tolerance unless they are money."""
    if old == new:
        return True
    first, second = _number(old), _number(new)
    if first is None or second is None:
        return False
    if not money and isinstance(old, float) and isinstance(new, float):
        return abs(first - second) <= FLOAT_TOLERANCE * max(abs(first), abs(second))
    return first == second


def inexact(old: Mapping[str, Table], new: Mapping[str, Table]) -> set[str]:
    """Name the tables of equal shape with floats that are the same within the tolerance, but not to the last bit."""
    pairs = {name: zip(old[name].rows, new[name].rows, strict=False) for name in old if name in new}
    return {
        name
        for name, rows in pairs.items()
        for row in rows
        if any(a != b and same(a, b) for a, b in zip(*row, strict=False))
    }


def _number(cell: Cell) -> Fraction | None:
    """Read a number; what is written with more than forty digits, or with an exponent, is text: it could take for ever to compute."""
    if isinstance(cell, str):
        plain = cell.replace(",", "").replace("−", "-").removesuffix("%")
        return Fraction(plain) if NUMBER.fullmatch(cell) else None
    whole = isinstance(cell, (int, float)) and not isinstance(cell, bool) and isfinite(cell)
    return Fraction(str(cell)) if whole else None


def _shown(cell: Cell) -> str:
    text = "none" if cell is None else str(cell)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def changed_rows(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """List the law rows and figures that two records read with different values, whatever line they stand in now.

    Examples
    --------
    >>> old = {"figures": {"cpi.csv:2": "450400 cpi 2020-02 106.1", "cpi.csv:3": "450400 cpi 2020-01 106.3"}}
    >>> new = {"figures": {"cpi.csv:9": "450400 cpi 2020-02 106.2", "cpi.csv:3": "450400 cpi 2020-01 106.3"}}
    >>> changed_rows(old, new)
    ['450400 cpi 2020-02: 106.1 -> 106.2']
    """
    lines = []
    for kind, values in VALUE_WORDS.items():
        before, after = _named(old.get(kind, {}), values), _named(new.get(kind, {}), values)
        lines += [
            f"{name}: {before.get(name, 'not read')} -> {after.get(name, 'no longer read')}"
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ]
    return lines


def _named(rows: Mapping[str, str], values: int) -> dict[str, str]:
    """Values by what they are of; the last words of a row are its value and unit."""
    found: dict[str, list[str]] = {}
    for text in rows.values():
        words = text.split(" ")
        found.setdefault(" ".join(words[:-values]).strip(), []).append(" ".join(words[-values:]))
    return {name: ", ".join(sorted(set(texts))) for name, texts in found.items()}
