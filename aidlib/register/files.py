"""Read a register file of any kind into grids of texts; CSV and Parquet here, workbooks in `sheets`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl

from aidlib.errors import Fault, RegisterFault
from aidlib.register.grids import TOP, Grid, framed, numbered
from aidlib.register.sheets import read_sheets

SEPARATORS = (",", "\t", ";", "|")
_OLD_OFFICE, _ZIP = bytes.fromhex("d0cf11e0a1b11ae1"), b"PK\x03\x04"
_LINE = 10_000  # characters of a line looked at to tell the separator


def read_grids(path: Path, sheet: str | None = None) -> list[Grid]:
    """Read every sheet of a workbook that has cells, or the one table of another file.

    Raises
    ------
    RegisterFault
        The file is missing, empty, of an unknown kind, in an unknown encoding, or lacks the sheet.
    """
    if path.is_dir():
        raise RegisterFault("a folder, not a file", got=path.name or str(path), expected="csv, xlsx or parquet")
    if not path.is_file():
        raise RegisterFault("no such file", got=path.name)
    if not path.stat().st_size:
        raise RegisterFault("the file is empty", where=path.name, hint="export the ledger again")
    kind = path.suffix.lower()
    _under_its_own_name(path, kind)
    if kind in (".xlsx", ".xlsm"):
        return read_sheets(path, sheet)
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


def _under_its_own_name(path: Path, kind: str) -> None:
    """Refuse a file that is of another kind than its name says, or that a password closes."""
    with path.open("rb") as file:
        start = file.read(len(_OLD_OFFICE))
    book = kind in (".xlsx", ".xlsm")
    if book and start == _OLD_OFFICE:
        raise RegisterFault("closed by a password, or an old xls under a new name", where=path.name,
                            hint="open it in Excel, take the password off and save it as xlsx")  # fmt: skip
    if book and not start.startswith(_ZIP):
        raise RegisterFault("not a workbook, whatever its name says", where=path.name, hint="a text file is named .csv")
    if not book and start.startswith(_ZIP):
        raise RegisterFault(
            "a workbook or an archive, whatever its name says", where=path.name, hint="a workbook is named .xlsx"
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
        where=f"{where}, row {content[:at].count(bytes([10])) + 1}, byte {at + 1}",
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
        return Grid(path.name, "", _paired(numbered(cells), path, separator, width), notes=notes)
    except pl.exceptions.PolarsError:
        rows = _rows(text, separator, path)
    long_rows = tuple(number for number, row in enumerate(rows, 1) if len(row) > width)
    cells = _paired(framed(rows, width), path, separator, width)
    return Grid(path.name, "", cells, long_rows=long_rows, notes=notes)


def _rows(text: str, separator: str, path: Path) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        raise RegisterFault(
            "a cell is too long to be one", where=path.name, hint="look for a quotation mark without its pair"
        ) from None


def _paired(cells: pl.DataFrame, path: Path, separator: str, width: int) -> pl.DataFrame:
    """Refuse a table in which a cell swallowed other rows, as a quotation mark without its pair makes it do."""
    marks = pl.exclude("row").str.count_matches(separator, literal=True)
    swallowed = pl.any_horizontal(pl.exclude("row").str.contains("\n", literal=True) & (marks >= max(2, width // 2)))
    rows = cells.filter(swallowed)["row"].to_list()
    if rows:
        raise RegisterFault(
            Fault("a cell holds a line break and whole rows", f"{path.name}, row {row}", "quotation marks in pairs",
                  hint="mend or take out the quotation mark that opens the cell")
            for row in rows[:TOP]
        )  # fmt: skip
    return cells


def _shape(text: str) -> tuple[str, int]:
    top = [line[:_LINE] for line in text[:200_000].splitlines()[:TOP]]
    separator = max(SEPARATORS, key=lambda mark: max((line.count(mark) for line in top), default=0))
    widths = [len(row) for row in csv.reader(top, delimiter=separator)]
    return separator, max(widths, key=lambda width: (widths.count(width), width), default=0) or 1


def _parquet(path: Path) -> Grid:
    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError:
        raise RegisterFault("this is not a Parquet file", where=path.name) from None
    nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind in (pl.Binary, pl.Object)]
    if nested:
        raise RegisterFault(
            [Fault("a column of lists or bytes", f"{path.name}, {name}", "one value a cell") for name in nested]
        )
    header = pl.DataFrame({f"c{place}": [name] for place, name in enumerate(frame.columns, 1)})
    body = frame.select(pl.col(name).cast(pl.String).alias(f"c{place}") for place, name in enumerate(frame.columns, 1))
    return Grid(path.name, "", numbered(pl.concat([header, body])))
