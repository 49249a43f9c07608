"""The door of every table somebody brings: CSV, workbooks and Parquet become grids of texts, with bounded work and memory."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from aidlib.errors import Fault, RegisterFault
from aidlib.register.grids import TOP, Grid, Limits
from aidlib.register.old_workbooks import read_old_workbook
from aidlib.register.workbooks import read_workbook

SEPARATORS = (",", "\t", ";", "|")
BOOKS, OLD_BOOKS, TEXTS = (".xlsx", ".xlsm"), (".xls",), (".csv", ".tsv", ".txt")
_OLD_OFFICE, _ZIP, _HTML = (
    bytes.fromhex("d0cf11e0a1b11ae1"),
    b"PK\x03\x04",
    re.compile(rb"\s*<(!doctype|html|table|meta|\?xml)", re.I),
)
_CHUNK = 1 << 20
_CJK = re.compile("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
_TELLING = 6  # Chinese characters on end: GB18030 lines spell that many as UTF-8 by accident about once in 10**11 lines


def read_grids(path: Path, sheet: str | None = None, limits: Limits | None = None) -> list[Grid]:
    """Read every sheet of a workbook that has cells, or the one table of another file."""
    limits = limits or Limits()
    kind = _kind(path)
    if kind in BOOKS:
        return read_workbook(path, sheet, limits)
    if kind in OLD_BOOKS:
        return read_old_workbook(path, sheet, limits)
    return [_parquet(path, limits) if kind == ".parquet" else _csv(path, limits)]


def _kind(path: Path) -> str:
    """Return what a file is, and refuse one that is not there, is empty, or of no kind that is read."""
    expected = "csv, xlsx, xls or parquet"
    if path.is_dir():
        raise RegisterFault("a folder, not a file", got=path.name or str(path), expected=expected)
    if not path.is_file():
        raise RegisterFault("no such file", got=path.name)
    if not path.stat().st_size:
        raise RegisterFault("the file is empty", where=path.name, hint="export the table again")
    kind = path.suffix.lower()
    if kind not in (*BOOKS, *OLD_BOOKS, *TEXTS, ".parquet"):
        raise RegisterFault(
            "this kind of file is not read", where=path.name, expected=expected, got=kind, hint="save it as xlsx"
        )
    with path.open("rb") as file:
        start = file.read(256)
    if kind in (*BOOKS, *OLD_BOOKS):
        return _book_kind(start, kind, path.name)
    if start.startswith((_ZIP, _OLD_OFFICE)):
        raise RegisterFault(
            "a workbook or an archive, whatever its name says",
            where=path.name,
            hint="a workbook is named .xlsx or .xls",
        )
    return kind


def _book_kind(start: bytes, kind: str, where: str) -> str:
    """Return which of the two kinds of workbook it is, by its first bytes; a new one is often called .xls."""
    if start.startswith(_ZIP):
        return BOOKS[0]
    if start.startswith(_OLD_OFFICE) and kind in OLD_BOOKS:
        return OLD_BOOKS[0]
    if start.startswith(_OLD_OFFICE):
        raise RegisterFault("closed by a password, or an old xls under a new name", where=where,
                            hint="take the password off and save it as xlsx, or name it .xls")  # fmt: skip
    if _HTML.match(start):
        raise RegisterFault(
            "not a workbook but a page under its name", where=where, hint="open it in Excel or WPS and save it as xlsx"
        )
    raise RegisterFault("not a workbook, whatever its name says", where=where, hint="a text file is named .csv")


def decoded(content: bytes, where: str) -> tuple[str, str]:
    """Decode a text: UTF-8 with or without a mark, UTF-16 with one, else GB18030; two encodings in one file are refused.

    Examples
    --------
    >>> decoded("姓名".encode("gb18030"), "a.csv")
    ('姓名', 'gb18030')
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        if encoding == "gb18030":
            _one_encoding(content, where)
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


def _one_encoding(content: bytes, where: str) -> None:
    """Refuse a file that is not UTF-8 as a whole and yet holds lines that can hardly be anything else.

    GB18030 decodes almost any bytes, those of UTF-8 into other characters: such rows would be read as nonsense.
    """
    run = start = found = other = 0
    for number, line in enumerate(content.splitlines(), 1):
        if line.isascii():
            continue
        try:
            run, start = run + len(_CJK.findall(line.decode("utf-8"))), start or number
        except UnicodeDecodeError:
            run, start, other = 0, 0, other or number
        found = found or (start if run >= _TELLING else 0)
        if found and other:
            raise RegisterFault("two encodings in one file", where=where, expected="one encoding throughout",
                                got=f"UTF-8 in row {found}, another in row {other}", hint="save it again as CSV UTF-8")  # fmt: skip


def _text(path: Path, limits: Limits) -> tuple[str, str]:
    """Read and decode a text file, after a look at its size and at its longest line."""
    if path.stat().st_size > limits.file_bytes:
        raise limits.refuse(
            "file_bytes", "the file is too large to be read at once", path.name, "split it, or save it as Parquet"
        )
    row, length = 1, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            first, *others = chunk.replace(b"\r", b"\n").split(b"\n")
            length += len(first)
            for line in others:
                _not_too_long(length, row, path.name, limits)
                row, length = row + 1, len(line)
            _not_too_long(length, row, path.name, limits)
    text, encoding = decoded(path.read_bytes(), path.name)
    return text if "\n" in text else text.replace("\r", "\n"), encoding  # some still end lines as old Macs did


def _not_too_long(length: int, row: int, where: str, limits: Limits) -> None:
    if length > limits.line_bytes:
        hint = "look for lost line breaks or a quotation mark without its pair"
        raise limits.refuse("line_bytes", "a line too long to be one row", f"{where}, row {row}", hint)


def _csv(path: Path, limits: Limits) -> Grid:
    text, encoding = _text(path, limits)
    separator, width = _shape(text)
    limits.rectangle(width, 1, width, path.name)
    notes = (f"encoding {encoding}", *([] if separator == "," else [f"separator {separator!r}"]))
    try:
        cells = pl.read_csv(
            io.BytesIO(text.encode()), has_header=False, infer_schema=False, separator=separator,
            schema={f"c{place}": pl.String for place in range(1, width + 1)},
        )  # fmt: skip
        return Grid(path.name, "", _paired(_numbered(cells), path, separator, width), notes=notes)
    except pl.exceptions.PolarsError:
        rows = _rows(text, separator, path)
    limits.rectangle(sum(map(len, rows)), len(rows), max(map(len, rows)), path.name)
    long_rows = tuple(number for number, row in enumerate(rows, 1) if len(row) > width)
    return Grid(path.name, "", _paired(_framed(rows), path, separator, width), long_rows=long_rows, notes=notes)


def _rows(text: str, separator: str, path: Path) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        raise RegisterFault(
            "a cell is too long to be one", where=path.name, hint="look for a quotation mark without its pair"
        ) from None


def _framed(rows: Sequence[Sequence[str]]) -> pl.DataFrame:
    width = max(map(len, rows), default=0)
    columns = {f"c{at + 1}": [row[at] or None if at < len(row) else None for row in rows] for at in range(width)}
    return _numbered(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))


def _numbered(cells: pl.DataFrame) -> pl.DataFrame:
    counted = cells.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    return counted.filter(pl.any_horizontal(pl.exclude("row").is_not_null()))


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
    """Return the separator, and the count of columns most rows at the top have."""
    top = [line[:10_000] for line in text[:200_000].splitlines()[:TOP]]
    separator = max(SEPARATORS, key=lambda mark: max((line.count(mark) for line in top), default=0))
    widths = [len(row) for row in csv.reader(top, delimiter=separator)]
    return separator, max(widths, key=lambda width: (widths.count(width), width), default=0) or 1


def _parquet(path: Path, limits: Limits) -> Grid:
    import pyarrow
    from pyarrow import parquet

    try:
        size = parquet.read_metadata(path)
        limits.rectangle(size.num_rows * size.num_columns, size.num_rows, size.num_columns, path.name)
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, pyarrow.ArrowException, OSError):
        raise RegisterFault("this is not a Parquet file", where=path.name) from None
    nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind in (pl.Binary, pl.Object)]
    if nested:
        raise RegisterFault(
            [Fault("a column of lists or bytes", f"{path.name}, {name}", "one value a cell") for name in nested]
        )
    header = pl.DataFrame({f"c{place}": [name] for place, name in enumerate(frame.columns, 1)})
    body = frame.select(pl.col(name).cast(pl.String).alias(f"c{place}") for place, name in enumerate(frame.columns, 1))
    return Grid(path.name, "", _numbered(pl.concat([header, body])))


def differing(parts: Sequence[Path]) -> list[Fault]:
    """Find the Parquet parts of one table whose columns, or their types, are not those of the first part.

    A column that some parts lack could be unknown there or mean none: that is for whoever wrote them to say.
    """
    first, *others = [(path.name, dict(pl.read_parquet_schema(path))) for path in parts]
    faults = []
    for name, columns in others:
        lacks, more = [one for one in first[1] if one not in columns], [one for one in columns if one not in first[1]]
        told = "; ".join(
            filter(None, (f"lacks {', '.join(lacks)}" if lacks else "", f"has {', '.join(more)} too" if more else ""))
        )
        if told:
            faults.append(
                Fault(
                    "a part with other columns than the first",
                    name,
                    f"those of {first[0]}",
                    told,
                    "write every part alike",
                )
            )
        faults += [Fault("a part with a column of another type", f"{name}, {one}", f"{kind}, as in {first[0]}", str(columns[one]),
                         "write every part alike")
                   for one, kind in first[1].items() if one in columns and columns[one] != kind and one != "household_id"]  # fmt: skip
    return faults
