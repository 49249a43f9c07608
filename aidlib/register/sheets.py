"""Read the sheets of a workbook into grids of texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from aidlib.errors import RegisterFault
from aidlib.register.grids import HIDDEN, Grid, framed

EXCEL_DIGITS = 15
FULL_LOAD_BYTES = 30_000_000  # larger workbooks are streamed, and their merged cells are not looked for
_NO_VALUE = re.compile(rb"</f>\s*(<v\s*/>|<v>\s*</v>)?\s*</c>")


def read_sheets(path: Path, sheet: str | None = None) -> list[Grid]:
    """Read every sheet that has cells, or the one named.

    Raises
    ------
    RegisterFault
        The file is no workbook, lacks the sheet, or has no cell.
    """
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
    notes = _unsaved(path) if whole else ()
    found = [grid for page in pages if (grid := _sheet(path, page, whole, notes)) is not None]
    if not found:
        raise RegisterFault("no sheet has any cell", where=path.name, hint="export the ledger again")
    return found


def _unsaved(path: Path) -> tuple[str, ...]:
    """Note formulas a program wrote without their values: they read as empty cells."""
    with ZipFile(path) as book:
        pages = [name for name in book.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        empty = any(_NO_VALUE.search(book.read(name)) for name in pages)
    return ("formulas without a saved value read as empty: open the file in Excel and save it again",) if empty else ()


def _sheet(path: Path, page: Any, whole: bool, more: tuple[str, ...]) -> Grid | None:
    rows = [[_text(cell) for cell in row] for row in page.iter_rows(values_only=True)]
    width = max((place for row in rows for place, cell in enumerate(row, 1) if cell is not None), default=0)
    if not width:
        return None
    notes = [] if page.sheet_state == "visible" else [HIDDEN]
    notes += [] if whole else ["too large to look for merged cells"]
    return Grid(
        path.name, page.title, framed(rows, width), tuple(_merged(page)) if whole else (), notes=(*notes, *more)
    )


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
