"""A register file as a grid of texts: nothing is converted, so that no fen and no digit is lost before it is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

HIDDEN = "the sheet is hidden"
TOP = 40  # rows looked through for the headings


@dataclass(frozen=True)
class Grid:
    """A sheet of texts.

    Attributes
    ----------
    file, sheet : str
        Where it was read; `sheet` is empty for other files than workbooks.
    cells : polars.DataFrame
        `row` (as the file counts it, from 1) and one text column `c1`, `c2`, ... per column of the file; empty cells are null.
    merged : tuple of (int, int, int)
        Merged cells that reach over several rows: first row, last row, column.
    long_rows : tuple of int
        Rows with more cells than the headings have.
    notes : tuple of str
        What the reader did: encoding, separator, hidden sheets.
    """

    file: str
    sheet: str
    cells: pl.DataFrame
    merged: tuple[tuple[int, int, int], ...] = ()
    long_rows: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def numbered(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))


def framed(rows: Sequence[Sequence[str | None]], width: int) -> pl.DataFrame:
    columns = {f"c{place + 1}": [_cell(row, place) for row in rows] for place in range(width)}
    return numbered(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))


def _cell(row: Sequence[str | None], place: int) -> str | None:
    return (row[place] or None) if place < len(row) else None
