"""Read a register file into a grid of texts: nothing is converted, so that no fen and no digit is lost before it is checked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import polars as pl

from aidlib.errors import RegisterFault

TOP = 40  # rows looked through for the headings
FULL_LOAD_BYTES = 30_000_000  # larger workbooks are streamed, and their merged cells are not looked for
EXCEL_DIGITS = 15
SEPARATORS = (",", "\t", ";", "|")


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


def read_grids(path: Path, sheet: str | None = None) -> list[Grid]:
    """Read every sheet of a workbook that has cells, or the one table of another file.

    Raises
    ------
    RegisterFault
        The file is missing, empty, of an unknown kind, in an unknown encoding, or lacks the sheet.
    """
    if not path.is_file():
        raise RegisterFault("no such file", got=path.name)
    if not path.stat().st_size:
        raise RegisterFault("the file is empty", where=path.name, hint="export the ledger again")
    kind = path.suffix.lower()
    if kind in (".xlsx", ".xlsm"):
        return _excel(path, sheet)
    if kind == ".parquet":
        return [_parquet(path)]
    if kind in (".csv", ".tsv", ".txt"):
        return [_csv(path)]
    raise RegisterFault(
        "this kind of file is not read",
        where=path.name,
        expected="csv, xlsx or parquet",
        got=kind,
        hint="save it as xlsx",
    )


def decoded(content: bytes, where: str) -> tuple[str, str]:
    """Decode a text file: UTF-8 with or without a mark, UTF-16 with one, else GB18030.

    Examples
    --------
    >>> decoded("姓名".encode("gb18030"), "a.csv")
    ('姓名', 'gb18030')
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError as error:
            at = error.start
    raise RegisterFault(
        "the text cannot be decoded",
        where=f"{where}, byte {at + 1}",
        expected="UTF-8, UTF-16 or GB18030",
        hint="save as CSV UTF-8",
    )


def _csv(path: Path) -> Grid:
    text, encoding = decoded(path.read_bytes(), path.name)
    separator, width = _shape(text)
    notes = (f"encoding {encoding}", *([] if separator == "," else [f"separator {separator!r}"]))
    try:
        cells = pl.read_csv(
            io.BytesIO(text.encode()), has_header=False, infer_schema=False, separator=separator,
            schema={f"c{place}": pl.String for place in range(1, width + 1)},
        )  # fmt: skip
        return Grid(path.name, "", _numbered(cells), notes=notes)
    except pl.exceptions.PolarsError:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    long_rows = tuple(number for number, row in enumerate(rows, 1) if len(row) > width)
    return Grid(path.name, "", _framed(rows, width), long_rows=long_rows, notes=notes)


def _shape(text: str) -> tuple[str, int]:
    top = text[:200_000].splitlines()[:TOP]
    separator = max(SEPARATORS, key=lambda mark: max((line.count(mark) for line in top), default=0))
    widths = [len(row) for row in csv.reader(top, delimiter=separator)]
    return separator, max(widths, key=lambda width: (widths.count(width), width), default=0) or 1


def _numbered(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))


def _framed(rows: Sequence[Sequence[str | None]], width: int) -> pl.DataFrame:
    columns = {f"c{place + 1}": [_cell(row, place) for row in rows] for place in range(width)}
    return _numbered(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))


def _cell(row: Sequence[str | None], place: int) -> str | None:
    return (row[place] or None) if place < len(row) else None


def _parquet(path: Path) -> Grid:
    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError:
        raise RegisterFault("this is not a Parquet file", where=path.name) from None
    header = pl.DataFrame({f"c{place}": [name] for place, name in enumerate(frame.columns, 1)})
    body = frame.select(pl.col(name).cast(pl.String).alias(f"c{place}") for place, name in enumerate(frame.columns, 1))
    return Grid(path.name, "", _numbered(pl.concat([header, body])))


def _excel(path: Path, sheet: str | None) -> list[Grid]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    whole = path.stat().st_size < FULL_LOAD_BYTES
    try:
        book = load_workbook(path, read_only=not whole, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, OSError, ValueError):
        raise RegisterFault(
            "this is not a workbook Excel can read", where=path.name, hint="save it again as xlsx"
        ) from None
    names = [page.title for page in book.worksheets]
    if sheet is not None and sheet not in names:
        raise RegisterFault("no such sheet", where=path.name, expected=", ".join(names), got=sheet)
    pages = [page for page in book.worksheets if sheet in (None, page.title)]
    found = [grid for page in pages if (grid := _sheet(path, page, whole)) is not None]
    if not found:
        raise RegisterFault("no sheet has any cell", where=path.name, hint="export the ledger again")
    return found


def _sheet(path: Path, page: Any, whole: bool) -> Grid | None:
    rows = [[_text(cell) for cell in row] for row in page.iter_rows(values_only=True)]
    width = max((place for row in rows for place, cell in enumerate(row, 1) if cell is not None), default=0)
    if not width:
        return None
    notes = [] if page.sheet_state == "visible" else ["the sheet is hidden"]
    notes += [] if whole else ["too large to look for merged cells"]
    return Grid(path.name, page.title, _framed(rows, width), tuple(_merged(page)) if whole else (), notes=tuple(notes))


def _merged(page: Any) -> Iterator[tuple[int, int, int]]:
    for area in page.merged_cells.ranges:
        if area.max_row > area.min_row:
            yield from ((area.min_row, area.max_row, column) for column in range(area.min_col, area.max_col + 1))


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 10**EXCEL_DIGITS
        return str(int(value)) if whole else f"{value:.{EXCEL_DIGITS}g}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
