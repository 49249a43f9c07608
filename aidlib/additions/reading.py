"""Reading a clerk's CSV or Excel file into lines that remember file, sheet, row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from aidlib.additions import headings
from aidlib.errors import DataFault, Fault
from aidlib.tables import Row

HEADING_ROWS = 20
LEAST_HEADINGS = 3
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Line(Row):
    """One line of a clerk's file; its place is what the clerk sees: file, sheet, row and column.

    Attributes
    ----------
    columns : dict
        Field to what stands above the column, such as `C (数值)`.
    """

    columns: dict[str, str]

    @property
    def place(self) -> str:
        """File, sheet and row."""
        return f"{self.table} row {self.line}"

    def at(self, column: str) -> str:
        """File, sheet, row and column."""
        shown = self.columns.get(column) or (self.columns.get("rise") if column == "value" else None)
        return f"{self.place}, column {shown or column}"

    def get(self, column: str) -> str:
        """Return a cell, or an empty string where the file has no such column."""
        return self.cells.get(column, "")

    def filled(self, **cells: str) -> Line:
        """Return the line with some cells set."""
        return replace(self, cells={**self.cells, **cells})

    def picked(self, columns: Sequence[str]) -> dict[str, str]:
        """Return the cells of some columns, in their order."""
        return {column: self.cells[column] for column in columns}


def read(path: Path) -> tuple[list[Line], list[str]]:
    """Read every sheet that has a row of known headings.

    Parameters
    ----------
    path : Path
        CSV (UTF-8 or GB18030; comma, tab or semicolon) or `.xlsx`.

    Returns
    -------
    lines, ignored : list of Line, list of str
        The lines, cells in house form, and the headings that were not understood.

    Raises
    ------
    DataFault
        The file is missing, cannot be read, or has no row of headings.
    """
    sheets = list(_sheets(path))
    lines: list[Line] = []
    ignored: list[str] = []
    for name, rows in sheets:
        found = _heading(rows)
        if found is not None:
            more, unknown = _lines(name, rows, found)
            lines += more
            ignored += unknown
    if not lines:
        known = "; ".join(spelling.split()[0] for spelling in headings.SPELLINGS.values())
        raise DataFault("no lines under known headings", where=path.name, expected=known)
    return lines, ignored


def _sheets(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    if not path.is_file():
        raise DataFault("no such file", got=path.name)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        yield from _excel(path)
    elif path.suffix.lower() in (".csv", ".txt", ".tsv"):
        yield path.name, _csv(path)
    else:
        raise DataFault("an unknown kind of file", where=path.name, expected=".csv or .xlsx", hint="save it as .xlsx")


def _csv(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        top = text.splitlines()[:HEADING_ROWS]
        delimiter = max(DELIMITERS, key=lambda mark: max(line.count(mark) for line in [*top, ""]))
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise DataFault(f"not a CSV file: {error}", where=path.name) from None
    raise DataFault("the file is neither UTF-8 nor GB18030", where=path.name, hint="save it as CSV UTF-8")


def _excel(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise DataFault("the workbook cannot be opened", where=path.name, hint="save it again as .xlsx") from None
    try:
        for sheet in book.worksheets:
            yield f"{path.name}, sheet {sheet.title},", [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    finally:
        book.close()


def _text(cell: Any) -> str:
    """Write a cell as the clerk sees it: 15 digits of a number, `2.5%` for a percentage, ISO for a date."""
    value = cell.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10]
    if isinstance(value, float):
        number = Decimal(f"{value:.15g}")
        percent = "%" in (cell.number_format or "")
        shown = f"{(number * 100 if percent else number).normalize():f}"
        return f"{shown}%" if percent else shown
    return "" if value is None else str(value)


def _heading(rows: Sequence[Sequence[str]]) -> int | None:
    for number, row in enumerate(rows[:HEADING_ROWS]):
        if len({headings.field(cell) for cell in row} - {""}) >= LEAST_HEADINGS:
            return number
    return None


def _lines(name: str, rows: list[list[str]], heading: int) -> tuple[list[Line], list[str]]:
    fields = [headings.field(cell) for cell in rows[heading]]
    columns = {field: f"{_letter(i)} ({rows[heading][i].strip()})" for i, field in enumerate(fields) if field}
    body = [(number, row) for number, row in enumerate(rows[heading + 1 :], heading + 2) if any(map(str.strip, row))]
    if wrong := [*_shape_faults(name, heading, fields), *_stray_cells(name, body, len(fields))]:
        raise DataFault(wrong)
    cells = [{f: headings.normal(f, cell) for f, cell in zip(fields, row, strict=False) if f} for _, row in body]
    lines = [Line(name, number, False, one, columns) for (number, _), one in zip(body, cells, strict=True)]
    return lines, [
        cell.strip() for cell, field in zip(rows[heading], fields, strict=True) if cell.strip() and not field
    ]


def _shape_faults(name: str, heading: int, fields: list[str]) -> Iterator[Fault]:
    for field in sorted({field for field in fields if field and fields.count(field) > 1}):
        yield Fault("two columns mean the same", f"{name} row {heading + 1}", f"one column of {field}", field)


def _stray_cells(name: str, body: list[tuple[int, list[str]]], width: int) -> Iterator[Fault]:
    for number, row in body:
        if stray := [cell for cell in row[width:] if cell.strip()]:
            yield Fault("cells beyond the last heading", f"{name} row {number}", f"{width} cells", ", ".join(stray))


def _letter(column: int) -> str:
    return (_letter(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
