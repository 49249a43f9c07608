"""Old workbooks (.xls): measured record by record first, then read by calamine, which fills the whole rectangle of a sheet in memory."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from aidlib.errors import RegisterFault
from aidlib.register.grids import HIDDEN, Grid, Limits, chosen, with_cells
from aidlib.register.workbooks import LOCALE_DATES, clipped, day_text, shown_number

_END_OF_CHAIN = 0xFFFFFFF0  # sectors from here on are marks, not places
_SHORT_STREAM = 4096
_STREAMS = ("Workbook", "Book")
_CELLS = {
    0x0006,
    0x00FD,
    0x0203,
    0x0204,
    0x0205,
    0x027E,
}  # formula, shared text, number, text, truth or error, packed number
_FORMULA, _MANY, _FORMAT, _STYLE, _SHEET, _ERROR = 0x0006, 0x00BD, 0x041E, 0x00E0, 0x0085, 0x0205
_IS_ERROR = 2  # kind of a formula's saved result
_CELL_HEAD, _SHEET_HEAD = 6, 8  # bytes before the value of a cell, and before the name of a sheet
_PERCENT_FORMATS = {9, 10}
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass
class _Measured:
    """How far a sheet reaches, and what calamine does not say of its cells."""

    filled: int = 0
    rows: int = 0
    columns: int = 0
    shows: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def read_old_workbook(path: Path, sheet: str | None, limits: Limits) -> list[Grid]:
    """Read every sheet that has cells, or the one named."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    measured = _measured(path, limits)
    try:
        book = CalamineWorkbook.from_path(path)
        pages = [page for page in book.sheets_metadata if page.typ is SheetTypeEnum.WorkSheet]
        wanted = [pages[at] for at in chosen([page.name for page in pages], sheet, path.name)]
        grids = []
        for page in wanted:
            found = book.get_sheet_by_name(page.name)
            merged = [(t + 1, a + 1, b + 1, z + 1) for (t, a), (b, z) in found.merged_cell_ranges or ()]
            if len(merged) > limits.merged:
                raise limits.refuse(
                    "merged", "too many merged areas", f"{path.name}, sheet {page.name}", "undo the merging"
                )
            cells = _texts(found.to_python(skip_empty_area=False), measured.get(page.name, _Measured()))
            notes = () if page.visible is SheetVisibleEnum.Visible else (HIDDEN,)
            grids.append(Grid(path.name, page.name, cells, clipped(merged, cells), notes=notes))
    except PasswordError:
        raise RegisterFault(
            "closed by a password", where=path.name, hint="take the password off and save it as xlsx"
        ) from None
    except (CalamineError, OSError, ValueError):
        raise _broken(path) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what Rust raises for a file its author did not think of
            raise
        raise _broken(path) from None
    return with_cells(grids, path.name)


def _broken(path: Path) -> RegisterFault:
    return RegisterFault("this is not a workbook Excel can read", where=path.name, hint="save it again as xlsx")


def _texts(rows: Sequence[Sequence[object]], measured: _Measured) -> pl.DataFrame:
    """Write cells as a reader sees them, without rows and columns that hold nothing."""
    shown = [[_shown(cell, (r, c), measured) for c, cell in enumerate(row)] for r, row in enumerate(rows)]
    kept = [(number, row) for number, row in enumerate(shown, 1) if any(row)]
    used = [c for c in range(len(rows[0]) if rows else 0) if any(row[c] for _, row in kept)]
    columns = {f"c{c + 1}": pl.Series([row[c] for _, row in kept], dtype=pl.String) for c in used}
    return pl.DataFrame({"row": pl.Series([number for number, _ in kept], dtype=pl.Int64), **columns})


def _shown(cell: object, at: tuple[int, int], measured: _Measured) -> str | None:
    if cell == "" or cell is None:
        return measured.errors.get(at)
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, (int, float)):
        return shown_number(repr(cell), measured.shows.get(at, ""))
    return cell if isinstance(cell, str) else day_text(cell)


def _measured(path: Path, limits: Limits) -> dict[str, _Measured]:
    """Walk the records of a workbook; refuse one that is beyond a limit before anything is filled in memory."""
    if path.stat().st_size > limits.file_bytes:
        raise limits.refuse("file_bytes", "the file is too large to be read at once", path.name, "save it as xlsx")
    found: dict[str, _Measured] = {}
    starts: dict[int, str] = {}
    own: dict[int, str] = {}
    styles: list[str] = []
    sheet = _Measured()
    try:
        for kind, at, body in _records(_stream(path.read_bytes())):
            if at in starts:
                sheet = found.setdefault(starts[at], _Measured())
            if kind == _SHEET and len(body) > _SHEET_HEAD:
                starts[struct.unpack_from("<I", body)[0]] = _sheet_name(body)
            elif kind == _FORMAT:
                own[_short(body, 0)] = body[5:].decode("latin-1")
            elif kind == _STYLE:
                styles.append(_shows(_short(body, 2), own))
            elif kind in _CELLS or kind == _MANY:
                _take(sheet, kind, body, styles)
    except (struct.error, IndexError, ValueError, StopIteration):
        raise _broken(path) from None
    for name, one in found.items():
        limits.rectangle(one.filled, one.rows, one.columns, f"{path.name}, sheet {name}")
    return found


def _shows(number: int, own: dict[int, str]) -> str:
    """Return what calamine would not show of a format: percent, or a day in a format that Chinese Excel does not spell out."""
    if number in own:
        return "%" if "%" in own[number] else ""
    return "%" if number in _PERCENT_FORMATS else "date" if number in LOCALE_DATES else ""


def _take(sheet: _Measured, kind: int, body: bytes, styles: list[str]) -> None:
    if len(body) < _CELL_HEAD:
        return
    row, column = _short(body, 0), _short(body, 2)
    count = max(1, (len(body) - _CELL_HEAD) // _CELL_HEAD) if kind == _MANY else 1
    sheet.filled += count
    sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, column + count)
    for number in range(count):
        style = _short(body, 4 + _CELL_HEAD * number)
        if style < len(styles) and styles[style]:
            sheet.shows[row, column + number] = styles[style]
    if kind == _ERROR and len(body) >= 8 and body[7]:
        sheet.errors[row, column] = _ERRORS.get(body[6], "#N/A")
    elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == _IS_ERROR:
        sheet.errors[row, column] = _ERRORS.get(body[8], "#N/A")


def _short(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 2], "little")


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield kind, place and body of each record."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, at, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _sheet_name(body: bytes) -> str:
    wide = body[7] & 1
    return body[8 : 8 + body[6] * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _stream(content: bytes) -> bytes:
    """Take the stream of records out of the compound file (MS-CFB): sectors in chains, short streams in sectors of their own."""
    shift, short = struct.unpack_from("<HH", content, 30)
    size = 1 << shift
    if shift not in (9, 12) or short != 6:
        raise ValueError
    heads = [*struct.unpack_from("<109I", content, 76)]
    more, count = struct.unpack_from("<II", content, 68)
    while more < _END_OF_CHAIN and count:
        block = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        heads += block[:-1]
        more, count = block[-1], count - 1
    table: list[int] = []
    for head in heads:
        if head < _END_OF_CHAIN:
            table += struct.unpack_from(f"<{size // 4}I", content, (head + 1) * size)
    directory = _chain(content, table, struct.unpack_from("<I", content, 48)[0], size)
    entries = [directory[at : at + 128] for at in range(0, len(directory), 128)]
    named = {entry[: max(_short(entry, 64) - 2, 0)].decode("utf-16-le", "replace"): entry for entry in entries}
    entry = next(named[name] for name in _STREAMS if name in named)
    start, length = struct.unpack_from("<II", entry, 116)
    if length >= _SHORT_STREAM:
        return _chain(content, table, start, size)[:length]
    root = struct.unpack_from("<I", entries[0], 116)[0]
    shorts = _chain(content, table, struct.unpack_from("<I", content, 60)[0], size)
    links = [*struct.unpack_from(f"<{len(shorts) // 4}I", shorts)]
    return _chain(_chain(content, table, root, size), links, start, 64, offset=0)[:length]


def _chain(content: bytes, table: list[int], start: int, size: int, offset: int = 1) -> bytes:
    """Join the sectors of a chain; one longer than the table goes round in a circle."""
    parts: list[bytes] = []
    while start < _END_OF_CHAIN:
        if len(parts) > len(table):
            raise ValueError
        parts.append(content[(start + offset) * size : (start + offset + 1) * size])
        start = table[start]
    return b"".join(parts)
