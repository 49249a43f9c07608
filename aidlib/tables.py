"""The data folder: where tables lie, how an overlay (`AIDLIB_DATA`) is laid over them, and how rows keep their place."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aidlib.errors import DataFault, Fault, nearest

OVERLAY_VARIABLE = "AIDLIB_DATA"
_PACKAGE = Path(__file__).parent


def shipped() -> Path:
    """Return the folder of the tables that come with aidlib (in a checkout `data/`, in a wheel `aidlib/_data`)."""
    inside = _PACKAGE / "_data"
    return inside if inside.is_dir() else _PACKAGE.parent / "data"


def shipped_notebooks() -> Path:
    """Return the folder of the notebooks and their words (in a checkout `notebooks/`, in a wheel `aidlib/_notebooks`)."""
    inside = _PACKAGE / "_notebooks"
    return inside if inside.is_dir() else _PACKAGE.parent / "notebooks"


def overlay() -> Path | None:
    """Return the user's own data folder, or None; a folder that does not exist is an error, not an empty overlay."""
    named = os.environ.get(OVERLAY_VARIABLE, "").strip()
    if not named:
        return None
    if not (folder := Path(named).expanduser()).is_dir():
        raise DataFault(f"{OVERLAY_VARIABLE} names no folder", got=named, hint="make the folder, or unset the variable")
    return folder


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, with its place, so that a report can say which row a number rests on.

    Attributes
    ----------
    table : str
        Name below the data folder, such as `law/values.csv`.
    line : int
        Line in the file, counted from 1, header included.
    overlaid : bool
        True when the row came from the user's overlay.
    cells : dict
        Text by column, stripped.
    """

    table: str
    line: int
    overlaid: bool
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def place(self) -> str:
        """File and line, such as `law/values.csv:12`; rows of an overlay begin with `overlay:`."""
        return f"{_shown(self.table, self.overlaid)}:{self.line}"

    def at(self, column: str) -> str:
        """File, line and column, for a fault in one cell."""
        return f"{self.place} {column}"


def _shown(table: str, overlaid: bool) -> str:
    return f"overlay:{table}" if overlaid else table


def names(pattern: str) -> list[str]:
    """List the tables that match a pattern such as `law/values*.csv`, shipped or overlaid, in order of name."""
    folders = [shipped(), *([folder] if (folder := overlay()) else [])]
    return sorted({path.relative_to(folder).as_posix() for folder in folders for path in folder.glob(pattern)})


def rows(table: str, columns: tuple[str, ...]) -> list[Row]:
    """Read a table and its overlay, checking the header of each.

    Returns
    -------
    list of Row
        Shipped rows first, then overlaid ones.
    """
    own = overlay()
    places = [(shipped() / table, False), *([(own / table, True)] if own else [])]
    found = [(path, overlaid) for path, overlaid in places if path.is_file()]
    if not found:
        raise DataFault("no such table", got=table, hint=nearest(table, names("*/*.csv")))
    return [row for path, overlaid in found for row in _read(path, _stamp(path), table, overlaid, columns)]


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=64)
def _read(path: Path, _stamp: tuple[int, int], table: str, overlaid: bool, columns: tuple[str, ...]) -> list[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return list(_checked(csv.reader(lines), table, overlaid, columns))
    except UnicodeDecodeError:
        raise DataFault("the file is not UTF-8", where=_shown(table, overlaid), hint="save it as CSV UTF-8") from None
    except csv.Error as error:
        raise DataFault(f"not a CSV file: {error}", where=_shown(table, overlaid), hint="save it again") from None


def _checked(reader: Iterator[list[str]], table: str, overlaid: bool, columns: tuple[str, ...]) -> Iterator[Row]:
    header = [cell.strip() for cell in next(iter(reader), [])]
    shown = _shown(table, overlaid)
    if faults := list(_header_faults(header, shown, columns)):
        raise DataFault(faults)
    wrong = []
    for cells in reader:
        line: int = reader.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            wrong.append(Fault("wrong count of cells", f"{shown}:{line}", str(len(header)), str(len(cells))))
            continue
        yield Row(table, line, overlaid, dict(zip(header, map(str.strip, cells), strict=True)))
    if wrong:
        raise DataFault(wrong)


def _header_faults(header: list[str], table: str, columns: tuple[str, ...]) -> Iterator[Fault]:
    for column in columns:
        if column not in header:
            yield Fault("a column is missing", f"{table}:1", column, ",".join(header), "add the column")
    for column in header:
        if column not in columns:
            yield Fault("an unknown column", f"{table}:1", ",".join(columns), column, nearest(column, columns))


def digest(table: str) -> str:
    """Return the SHA-256 of a table and its overlay, for the record a report keeps of its data."""
    sha = hashlib.sha256()
    for folder in filter(None, (shipped(), overlay())):
        if (path := folder / table).is_file():
            sha.update(path.read_bytes())
    return sha.hexdigest()


def write_whole(target: Path, content: bytes) -> Path:
    """Write a file beside its place and move it there: it appears whole or not at all."""
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return target
