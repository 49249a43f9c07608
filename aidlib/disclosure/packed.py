"""Every text of a file: workbooks and Word files part by part, pictures' text chunks, notebooks cell by cell."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from math import gcd
from pathlib import Path
from typing import Any

from aidlib.disclosure.frames import unit
from aidlib.disclosure.markup import Piece, labelled, markup_pieces, text_pieces
from aidlib.errors import PrivacyFault

ZIPPED = frozenset((".xlsx", ".xlsm", ".docx", ".pptx", ".odt", ".ods", ".zip", ".whl", ".npz"))
MARKUP = frozenset((".html", ".htm", ".svg", ".xml", ".xhtml", ".rels"))
SHEETS = frozenset((".xlsx", ".xlsm"))
_PNG = b"\x89PNG\r\n\x1a\n"
_RUN = re.compile(rb"[\x20-\x7e]{11,}")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.S)
_EXACT = re.compile(r"-?\d+/\d+(?:\.\.-?\d+/\d+)?(?: [a-z_]+)?")
_FRACTION = re.compile(r"(\d+)/(\d+)")
_CELLS = re.compile(r"<sheetData.*?</sheetData>", re.S)


def file_pieces(path: Path, where: str = "") -> Iterator[Piece]:
    """Yield the pieces of a file, its name first, or of every file of a folder."""
    where = where or path.name
    if path.is_dir():
        for inside in sorted(path.rglob("*")):
            if inside.is_file():
                yield from file_pieces(inside, inside.relative_to(path).as_posix())
        return
    yield Piece(f"the name of {where}", where)
    yield from bytes_pieces(path.read_bytes(), where, path.suffix.lower())


def bytes_pieces(content: bytes, where: str, suffix: str = "") -> Iterator[Piece]:
    """Yield the pieces of a file's content, by its suffix or by what it looks like.

    Examples
    --------
    >>> [piece.text for piece in bytes_pieces("合计".encode("gb18030"), "run.log")]
    ['合计']
    """
    if suffix in ZIPPED or content.startswith(b"PK\x03\x04"):
        yield from _zip_pieces(content, where, suffix)
    elif content.startswith(_PNG):
        yield from _picture_pieces(content, where)
    elif content.startswith(b"PAR1"):
        yield from _parquet_pieces(content, where)
    elif (text := _text(content)) is not None:
        yield from _text_file(text, where, suffix)
    else:
        yield from _binary_pieces(content, where)


def _text(content: bytes) -> str | None:
    if b"\0" in content[:1024] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _text_file(text: str, where: str, suffix: str) -> Iterator[Piece]:
    if suffix == ".ipynb":
        yield from tree_pieces(json.loads(text), where)
    elif suffix in MARKUP:
        yield from markup_pieces(text, where)
    elif suffix in (".csv", ".tsv"):
        yield from _columns(list(csv.reader(io.StringIO(text), delimiter="\t" if suffix == ".tsv" else ",")), where)
    else:
        yield from text_pieces(text, where)


def _columns(rows: list[list[str]], where: str) -> Iterator[Piece]:
    """A table with its headings: below one that says money numbers carry their unit, below one that announces names all are names."""
    units = [unit(heading) for heading in rows[0]] if rows else []
    lines = [
        ",".join(
            cell + (units[at] if at < len(units) and number and cell.strip().isdigit() else "")
            for at, cell in enumerate(row)
        )
        for number, row in enumerate(rows)
    ]
    yield from text_pieces("\n".join(line.replace("\n", " ") for line in lines), where)
    yield from labelled(rows, where)


def tree_pieces(node: Any, where: str) -> Iterator[Piece]:
    """Yield the pieces of a notebook or any other tree of dicts and lists: keys, texts, numbers, pictures.

    Examples
    --------
    >>> [(piece.where, piece.text) for piece in tree_pieces({"a": [1, "x"]}, "n")]
    [('n: a key', 'a'), ('n.a[0]', '1'), ('n.a[1]', 'x')]
    """
    if isinstance(node, dict):
        for key, value in (_without_exact(node) if {"columns", "cells"} <= node.keys() else node).items():
            yield Piece(f"{where}: a key", str(key))
            yield from _value_pieces(str(key), value, f"{where}.{key}" if where else str(key))
    elif isinstance(node, list):
        if node and all(isinstance(part, str) for part in node):
            yield from text_pieces("".join(node), where)
        for number, part in enumerate(node):
            yield from tree_pieces(part, f"{where}[{number}]")
    elif node is not None and not isinstance(node, bool):
        yield from text_pieces(str(node), where)


def _without_exact(table: dict[str, Any]) -> dict[str, Any]:
    """A kept table less what only arithmetic writes: fractions in lowest terms; whole fen carry their unit, as in a frame."""
    heads, rows = table["columns"], table["cells"]
    if not (isinstance(rows, list) and all(isinstance(row, list) and len(row) == len(heads) for row in rows)):
        return table
    units = [" fen" if unit(str(head)) or "fen" in str(head).split("_") else "" for head in heads]
    return table | {"cells": [[_worded(cell, of) for cell, of in zip(row, units, strict=True)] for row in rows]}


def _worded(cell: Any, of: str) -> Any:
    text = str(cell)
    if _EXACT.fullmatch(text) and all(
        gcd(int(top), int(below)) == 1 < int(below) for top, below in _FRACTION.findall(text)
    ):
        return None
    return text + of if of and text.lstrip("-").isdigit() else cell


def _value_pieces(key: str, value: Any, where: str) -> Iterator[Piece]:
    if not key.startswith(("image/", "application/pdf")) or key.endswith("svg+xml"):
        yield from tree_pieces(value, where)
        return
    yield from bytes_pieces(base64.b64decode("".join(value) if isinstance(value, list) else str(value)), where)


def _zip_pieces(content: bytes, where: str, suffix: str) -> Iterator[Piece]:
    try:
        yield from _parts(content, where, suffix)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, RuntimeError) as fault:
        raise PrivacyFault("cannot look into a damaged or locked file", where=where, got=type(fault).__name__) from None


def _parts(content: bytes, where: str, suffix: str) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        yield Piece(f"{where}: comment", pack.comment.decode("utf-8", "replace"))
        for name in pack.namelist():
            yield Piece(f"{where}: the name of a part", name)
            part = pack.read(name)
            if "worksheets/" in name:
                part = _CELLS.sub("", part.decode("utf-8", "replace")).encode()
            yield from bytes_pieces(part, f"{where}: {name}", Path(name).suffix.lower())
    if suffix in SHEETS:
        yield from _sheet_pieces(content, where)


def _sheet_pieces(content: bytes, where: str) -> Iterator[Piece]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), data_only=False)
    for number, sheet in enumerate(book.worksheets, 1):
        hidden = "" if sheet.sheet_state == "visible" else " (hidden)"
        place = f"{where}: sheet {number}{hidden}"
        yield Piece(f"{place}, its name", sheet.title)
        rows = [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]
        heads: dict[int, str] = {}
        for line, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells, 1):
                if cell.isdigit():
                    cell += unit(heads.get(column, ""))
                elif cell:
                    heads[column] = cell
                yield Piece(f"{place}, row {line}, column {column}", cell)
        yield from labelled(rows, place)


def _picture_pieces(content: bytes, where: str) -> Iterator[Piece]:
    at = len(_PNG)
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        body = content[at + 8 : at + 8 + size]
        if kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
            yield Piece(f"{where}: text in the picture", _chunk(kind, body))
        at += size + 12


def _chunk(kind: bytes, body: bytes) -> str:
    keyword, _, rest = body.partition(b"\0")
    squeezed = (
        rest[1:] if kind == b"zTXt" else rest[2:].split(b"\0", 2)[-1] if kind == b"iTXt" and rest[:1] == b"\1" else b""
    )
    text = _inflated(squeezed) if squeezed else rest
    return f"{keyword.decode('latin-1')} {text.decode('utf-8', 'replace')}".replace("\0", " ")


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content)
    except zlib.error:
        return content


def _parquet_pieces(content: bytes, where: str) -> Iterator[Piece]:
    import polars as pl

    from aidlib.disclosure.frames import frame_pieces

    yield from frame_pieces(pl.read_parquet(io.BytesIO(content)), where)
    yield Piece(
        f"{where}: metadata",
        " ".join(f"{k} {v}" for k, v in pl.read_parquet_metadata(io.BytesIO(content)).items() if k != "ARROW:schema"),
    )


def _binary_pieces(content: bytes, where: str) -> Iterator[Piece]:
    for part in (content, *(_inflated(match[1]) for match in _STREAM.finditer(content))):
        yield Piece(f"{where}: raw text", "\n".join(run.decode("ascii") for run in _RUN.findall(part)))
