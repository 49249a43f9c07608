"""Parameters of a notebook before any kernel starts: which it has, of what type, and texts turned into them."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from aidlib.errors import Fault, ParameterFault

Plain: TypeAlias = str | int | float | bool | None
TAG = "parameters"


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook without its outputs."""

    kind: str
    source: str
    tags: tuple[str, ...]


@lru_cache(maxsize=32)
def _read(path: Path, _stamp: tuple[int, int]) -> tuple[Cell, ...]:
    """As JSON and not through nbformat, whose import takes longer than the plan of four hundred reports."""
    try:
        return tuple(map(_cell, json.loads(path.read_text(encoding="utf-8"))["cells"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ParameterFault("not a readable notebook", got=path.name, expected="a notebook of format 4") from None


def cells_of(notebook: Mapping[str, Any]) -> tuple[Cell, ...]:
    """Return the cells of a notebook that was read otherwise, without their outputs."""
    return tuple(map(_cell, notebook["cells"]))


def _cell(cell: Mapping[str, Any]) -> Cell:
    return Cell(cell["cell_type"], "".join(cell["source"]), tuple(cell["metadata"].get("tags", ())))


def read(notebook: Path) -> tuple[Cell, ...]:
    """Read the cells of a notebook, once for as long as it does not change on disk.

    Raises
    ------
    ParameterFault
        No such file, or not a notebook.
    """
    if not notebook.is_file():
        raise ParameterFault("no such notebook", got=notebook.name)
    status = notebook.stat()
    return _read(notebook, (status.st_mtime_ns, status.st_size))


def defaults(notebook: Path) -> dict[str, Plain]:
    """Read the parameters cell of a notebook: names and plain literals, in the order of the cell."""
    cell = next((cell for cell in read(notebook) if TAG in cell.tags), None)
    if cell is None:
        raise ParameterFault(f"no cell is tagged {TAG}", where=notebook.name, hint="tag the first code cell")
    return literals(cell.source, notebook.name)


def literals(source: str, where: str = "") -> dict[str, Plain]:
    """Read `name = literal` lines, annotated or not.

    Examples
    --------
    >>> literals('region = "450400"  # code\\nlookback_months: int = 12')
    {'region': '450400', 'lookback_months': 12}
    """
    found: dict[str, Plain] = {}
    wrong = []
    for line in ast.parse(source).body:
        target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        try:
            found[target.id] = ast.literal_eval(line.value)  # type: ignore[union-attr, attr-defined]
        except (AttributeError, ValueError):
            wrong.append(Fault("not a plain parameter", f"{where}:{line.lineno}", "name = literal", ast.unparse(line)))
    if wrong:
        raise ParameterFault(wrong)
    return found


def remarks(source: str) -> list[str]:
    """List what stands beside the parameters of a cell that `literals` can read: remarks and annotations.

    Examples
    --------
    >>> remarks('region = "450400"  # code\\nlookback_months: int = 12')
    ['# code', 'int']
    """
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    told = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return told + [ast.unparse(line.annotation) for line in ast.parse(source).body if isinstance(line, ast.AnnAssign)]


def day(given: date | str, where: str = "date") -> date:
    """Read a day; another way to write one is offered in the right form.

    Examples
    --------
    >>> day("2023-09-01")
    datetime.date(2023, 9, 1)
    >>> day("2023-9")
    Traceback (most recent call last):
    ...
    aidlib.errors.ParameterFault: date: unreadable day; expected YYYY-MM-DD; got '2023-9'; try: 2023-09-01
    """
    if isinstance(given, datetime):  # a pandas Timestamp too, which is no day to Python
        return given.date()
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        near = written(str(given), 3)
        raise ParameterFault("unreadable day", where=where, expected="YYYY-MM-DD", got=str(given), hint=near) from None


def table(given: Any, where: str) -> Any:
    """Take a table in memory, of pandas, Polars or PyArrow, as a Narwhals frame.

    Examples
    --------
    >>> table([1, 2], "households")
    Traceback (most recent call last):
    ...
    aidlib.errors.ParameterFault: households: not a table in memory; expected a pandas or Polars DataFrame; got 'list'
    """
    import narwhals as nw

    try:
        return nw.from_native(given, eager_only=True)
    except TypeError:
        lazy = f"{where}.collect()" if hasattr(given, "collect") else ""
        raise ParameterFault(
            "not a table in memory",
            where=where,
            expected="a pandas or Polars DataFrame",
            got=type(given).__name__,
            hint=lazy,
        ) from None


def year(given: int | str, where: str = "year") -> int:
    """Read a year.

    Examples
    --------
    >>> year("2019")
    2019
    >>> year("2019-01")
    Traceback (most recent call last):
    ...
    aidlib.errors.ParameterFault: year: not a year; expected YYYY; got '2019-01'; try: 2019
    """
    if not re.fullmatch(r"\d{4}", str(given)):
        raise ParameterFault("not a year", where=where, expected="YYYY", got=str(given), hint=written(str(given), 1))
    return int(given)


def written(text: str, parts: int) -> str:
    """Write what somebody may have meant: a year, a month (2) or a day (3); empty where no year can be told.

    Examples
    --------
    >>> written("2020年6月", 2), written("202006", 2), written("2020/6/3", 3), written("2020", 2), written("soon", 1)
    ('2020-06', '2020-06', '2020-06-03', '2020-01', '')
    """
    seen = re.match(r"((?:19|20|21)\d\d)\D*(1[0-2]|0?[1-9])?\D*(3[01]|[12]\d|0?[1-9])?", text)
    return "-".join([seen[1], *(f"{int(one or 1):02d}" for one in seen.groups()[1:parts])]) if seen else ""


def typed_as(default: Plain, value: Any) -> Any:
    """Turn a text into the type of a notebook's own default, and a number given for a text into that text; anything else stays as it is.

    Examples
    --------
    >>> typed_as(24, "12"), typed_as(True, "false"), typed_as("1/2", "1/3"), typed_as(24, "many"), typed_as("", 0.4)
    (12, False, '1/3', 'many', '0.4')
    """
    if isinstance(default, str) and isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)
    if not isinstance(value, str) or isinstance(default, str) or default is None:
        return value
    try:
        read = ast.literal_eval(value.strip().capitalize() if isinstance(default, bool) else value.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):  # the last two: minus signs by the thousand
        return value
    return read if isinstance(read, type(default)) or (type(default) is float and type(read) is int) else value
