"""A sheet of texts, what a file may ask of its reader, and how places in a sheet are named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from aidlib.errors import RegisterFault, nearest

HIDDEN = "the sheet is hidden"
TOP = 40  # rows looked through for the headings


@dataclass(frozen=True)
class Limits:
    """How much a file may ask of the reader. What asks for more is refused in a sentence that names the limit.

    Attributes
    ----------
    file_bytes : int
        Size of a text file.
    line_bytes : int
        Length of one line of it.
    unfolded_bytes : int
        What all parts of a packed workbook unfold to.
    fold : int
        Unfolded bytes for each packed byte, beyond the first twenty million.
    cells, spread : int
        Filled cells of a sheet; places in the rectangle they need for each of them, beyond the first million.
    columns : int
        Columns that hold any cell.
    merged, elements : int
        Merged areas of a sheet; styles, sheets and links of a workbook.

    Examples
    --------
    >>> Limits().changed(["cells=10"]).cells
    10
    """

    file_bytes: int = 1_000_000_000
    line_bytes: int = 1_000_000
    unfolded_bytes: int = 2_000_000_000
    fold: int = 100
    cells: int = 60_000_000
    spread: int = 20
    columns: int = 16_384
    merged: int = 1_000_000
    elements: int = 200_000

    def changed(self, texts: Iterable[str]) -> Limits:
        """Return the limits with some changed, each given as `name=number`."""
        given = {**vars(self)}
        for text in texts:
            name, _, number = text.partition("=")
            if name not in given or not re.fullmatch(r"[1-9]\d{0,17}", number):
                raise RegisterFault("not a limit", expected=", ".join(f"{known}=NUMBER" for known in given), got=text,
                                    hint=nearest(name, given))  # fmt: skip
            given[name] = int(number)
        return Limits(**given)

    def refuse(self, name: str, what: str, where: str, hint: str) -> RegisterFault:
        """Return the fault of a file beyond one of the limits."""
        return RegisterFault(what, where=where, expected=f"at most {name}={getattr(self, name)}", hint=hint)

    def rectangle(self, filled: int, rows: int, columns: int, where: str) -> None:
        """Refuse a sheet whose cells stand so far apart that the rectangle around them is nearly empty, or too many cells."""
        if filled > self.cells:
            raise self.refuse("cells", "too many cells", where, "split the file, or allow more with --limit cells=...")
        if columns > self.columns:
            raise self.refuse("columns", f"{columns} columns", where, "export the table again")
        if rows * columns > self.spread * filled + _FREE:
            hint = "look for stray cells far right or far below, and delete their rows and columns"
            raise self.refuse("spread", f"{filled} cells strewn over {rows} rows by {columns} columns", where, hint)


_FREE = 1_000_000


@dataclass(frozen=True)
class Grid:
    """A sheet of texts: nothing is converted, so that no fen and no digit is lost before it is checked.

    Attributes
    ----------
    file, sheet : str
        Where it was read; `sheet` is empty for other files than workbooks.
    cells : polars.DataFrame
        `row` (as the file counts it, from 1) and one text column `c1`, `c2`, ... per column that holds anything; rows without any
        cell are left out, empty cells are null.
    merged : tuple of (int, int, int, int)
        Merged areas: first row, first column, last row, last column, as far as the sheet reaches.
    long_rows : tuple of int
        Rows with more cells than the headings have.
    notes : tuple of str
        What the reader did: encoding, separator, hidden sheets.
    """

    file: str
    sheet: str
    cells: pl.DataFrame
    merged: tuple[tuple[int, int, int, int], ...] = ()
    long_rows: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """File and sheet."""
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file

    def rows(self) -> Iterator[tuple[int, dict[int, str]]]:
        """Yield each row's number and its filled cells by their column, counted from 1."""
        places = [position(name) for name in self.cells.columns[1:]]
        for number, *texts in self.cells.iter_rows():
            yield number, {at: text for at, text in zip(places, texts, strict=True) if text is not None}


def position(column: str) -> int:
    """Return the place of a grid's column.

    Examples
    --------
    >>> position("c27")
    27
    """
    return int(column[1:])


def letters(place: int) -> str:
    """Return the letters a spreadsheet gives a column.

    Examples
    --------
    >>> letters(1), letters(27)
    ('A', 'AA')
    """
    whole, rest = divmod(place - 1, 26)
    return (letters(whole) if whole else "") + chr(ord("A") + rest)


def chosen(names: Sequence[str], sheet: str | None, where: str) -> list[int]:
    """Return the places of the sheets to read: all, or the one named."""
    if sheet is not None and sheet not in names:
        raise RegisterFault("no such sheet", where=where, expected=", ".join(names), got=sheet)
    return [at for at, name in enumerate(names) if sheet in (None, name)]


def with_cells(grids: Iterable[Grid], where: str) -> list[Grid]:
    """Keep the sheets that hold anything."""
    found = [grid for grid in grids if grid.cells.height]
    if not found:
        raise RegisterFault("no sheet has any cell", where=where, hint="export the table again")
    return found
