"""What a report remembers about itself: parameters, data hashes, rows read, code and environment, so that it can be re-run."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib import tables
from aidlib.indices import Figure, Figures
from aidlib.law import Book, Status, Value, weakest
from aidlib.law.value import STATUSES

if TYPE_CHECKING:
    import pandas as pd

PACKAGES = ("aidlib", "numpy", "pandas", "matplotlib", "statsmodels", "papermill")


def make(parameters: dict[str, Any], book: Book, figures: Figures) -> dict[str, Any]:
    """Build the record of a report: plain JSON values only.

    Parameters
    ----------
    parameters : dict
        The report's parameters as given.
    book : Book
        The law book the report read.
    figures : Figures
        The published figures the report read.

    Returns
    -------
    dict
        parameters, status, as_of (latest period read), law and figures read (place to text), gaps, tables (name to SHA-256), code (SHA-256), versions.
    """
    return {
        "parameters": parameters,
        "status": status(book, figures),
        "as_of": newest(figures, str(parameters.get("period", ""))),
        "law": {value.place: text_of(value) for value in book.reads.values()},
        "figures": {figure.place: text_of(figure) for figure in figures.reads.values()},
        "gaps": sorted(str(gap) for gap in book.gaps.values()),
        "tables": {table: tables.digest(table) for table in tables_read(book, figures)},
        "code": code_digest(),
        "versions": versions(),
    }


def text_of(row: Value | Figure) -> str:
    """Write what a row that was read says: of what it is, and its value."""
    if isinstance(row, Figure):
        return f"{row.region} {row.series} {row.period} {row.text}"
    return f"{row.region} {row.name} {row.group} {row.text} {row.unit}"


def newest(figures: Figures, period: str) -> str:
    """Return the latest period, not after the report's own, of which a figure was read; later ones only serve to measure errors."""
    periods = (figure.period for figure in figures.reads.values())
    return max((found for found in periods if found[: len(period)] <= period), default="")


def status(book: Book, figures: Figures) -> Status:
    """Return the weakest status of everything that was read."""
    return weakest("enacted", *(v.status for v in book.reads.values()), *(f.status for f in figures.reads.values()))


def tables_read(book: Book, figures: Figures) -> list[str]:
    """List the tables that hold at least one row that was read, or were asked for a figure they may not have."""
    places = [*book.reads, *figures.reads]
    read = {place.removeprefix("overlay:").rpartition(":")[0] for place in places}
    return sorted({*read, *figures.asked})


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return the SHA-256 of aidlib's own source files."""
    sha = hashlib.sha256()
    package = Path(tables.__file__).parent
    for path in sorted(package.rglob("*.py")):
        sha.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return sha.hexdigest()


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries a number can depend on.

    Examples
    --------
    >>> "pandas" in versions()
    True
    """
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in PACKAGES}}


def statuses(frame: pd.DataFrame) -> set[Status]:
    """Collect the statuses a table says its cells have: its columns `status` and `x_status`.

    Examples
    --------
    >>> import pandas as pd
    >>> statuses(pd.DataFrame({"a": [1, 2], "a_status": ["synthetic", None], "b": ["stale", "x"]}))
    {'synthetic'}
    """
    columns = [at for at, column in enumerate(map(str, frame)) if column == "status" or column.endswith("_status")]
    found = {str(cell) for at in columns for cell in frame.iloc[:, at]}
    return {status for status in STATUSES if status in found}


def plain(cell: object) -> str | int | float | bool | None:
    """Turn a cell into a plain JSON value that keeps exact numbers exact.

    Examples
    --------
    >>> from fractions import Fraction
    >>> plain(Fraction(1, 3)), plain(float("nan")), plain(12), plain("a")
    ('1/3', None, 12, 'a')
    """
    if cell is None or cell != cell:
        return None
    if isinstance(cell, (bool, int, float, str)):
        return cell
    return cell.item() if hasattr(cell, "item") else str(cell)
