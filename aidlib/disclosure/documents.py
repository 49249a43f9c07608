"""The guard: every text of a document that is about to leave is looked at, of tables, markup, workbooks, Word files, pictures and notebooks."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from math import gcd
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from aidlib.disclosure.detect import Finding, folded, personal_data, redact, words
from aidlib.errors import Fault, PrivacyFault

MONEY_WORDS = ("_fen", "_yuan", "元", "(分)", "（分）")


def frame_pieces(frame: Any, where: str) -> Iterator[Piece]:
    """Yield the pieces of a pandas or Polars frame or series, an array or a plain list of values.

    Numbers in a column whose name says money carry their unit, so that eleven digits of fen are no mobile number.

    Examples
    --------
    >>> import polars as pl
    >>> [piece.text for piece in frame_pieces(pl.DataFrame({"cost_fen": [5]}), "t")][-1]
    '5 fen'
    """
    if not hasattr(frame, "columns"):
        frame = _framed(frame)
    yield Piece(f"{where}: attributes", str(getattr(frame, "attrs", "") or ""))
    if hasattr(frame, "index"):
        frame = frame.reset_index(names=_index_names(frame))
    for name in frame.columns:
        yield Piece(f"{where}: a column name", str(name))
        yield Piece(f"{where}: column {name}", _column_text(str(name), frame[name]), "row")


def unit(heading: str) -> str:
    """Return the unit of the numbers below a heading that says money, or nothing.

    Examples
    --------
    >>> unit("cost_fen"), unit("分组")
    (' fen', '')
    """
    return " fen" if any(word in heading for word in MONEY_WORDS) else ""


def _framed(values: Any) -> Any:
    if not hasattr(values, "to_frame"):
        raise PrivacyFault(
            "the guard cannot look into this", expected="text, Path, dict, frame or list", got=type(values).__name__
        )
    return values.to_frame()


def _index_names(frame: Any) -> list[str]:
    names = frame.index.names
    return [str(name) if name is not None else f"index {level}" for level, name in enumerate(names)]


def _column_text(name: str, column: Any) -> str:
    before = f"{name}: " if name in words("name_label") else ""
    after = unit(name)
    return "\n".join(f"{before}{value}{after}".replace("\n", " ") for value in column.to_list())


INLINE_TAGS = (
    "a abbr b bdi bdo cite code em font i kbd mark q s samp small span strong sub sup tspan u var wbr",
    "r t rpr rfont sz color family charset scheme",
)
INLINE = frozenset(tag for line in INLINE_TAGS for tag in line.split())
OFFICE_BLOCKS = frozenset(("p", "tc", "tr", "br", "tab"))
_DATA_URI = re.compile(r"data:([\w/+.\-]*)[^,]*?(;base64)?,(.*)", re.S)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_DRAWN = re.compile(r"\s*[Mm][\d\s.,+\-eEMLHVCSQTAZmlhvcsqtaz]*")
_GAP = re.compile(r"[\s,]+")
SUFFIXES = {"spreadsheetml": ".xlsx", "csv": ".csv", "html": ".html", "svg": ".svg"}
_MARKUP = re.compile(r"<[A-Za-z!?/]")


def _inline(tag: str) -> bool:
    office, _, name = tag.partition(":")
    return tag in INLINE or (office in ("w", "a") and bool(name) and name not in OFFICE_BLOCKS)


class Piece(NamedTuple):
    """A text to look at: where it stands, the text, and the word its lines are counted with (empty: not counted)."""

    where: str
    text: str
    counted: str = ""


def text_pieces(text: str, where: str) -> Iterator[Piece]:
    """Yield the pieces of a text that may be HTML, a Markdown table or plain lines.

    Examples
    --------
    >>> [piece.text for piece in text_pieces("<p>合<b>计</b></p>", "a")]
    ['合计']
    """
    if _MARKUP.search(text):
        yield from markup_pieces(text, where)
        return
    yield Piece(where, text, "line")
    if "|" in text:
        yield from labelled(
            ([cell.strip() for cell in line.strip("| ").split("|")] for line in text.splitlines()), where
        )


def markup_pieces(text: str, where: str) -> Iterator[Piece]:
    """Yield the pieces of an HTML, SVG or XML text.

    Examples
    --------
    >>> [piece.where for piece in markup_pieces("<img alt='x'>", "a")]
    ['a: line 1, attribute alt']
    """
    reader = _Reader(where)
    reader.feed(text)
    reader.close()
    reader.flush()
    yield from reader.found
    for table in reader.tables:
        yield from labelled(table, where)


def labelled(rows: Iterable[Iterable[str]], where: str) -> Iterator[Piece]:
    """Yield `label: value` for each cell below a heading that announces names, so that the name detector sees it.

    Examples
    --------
    >>> [piece.text for piece in labelled([["姓名", "户数"], ["甲*", "3"]], "t")]
    ['姓名: 甲*']
    """
    labels: dict[int, str] = {}
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if cell.strip() in words("name_label"):
                labels[column] = cell.strip()
            elif column in labels and cell.strip():
                yield Piece(f"{where}: row {number}, column {column + 1}", f"{labels[column]}: {cell.strip()}")


def uri_pieces(value: str, where: str) -> Iterator[Piece]:
    """Yield the pieces of an attribute: unquoted, decoded where it is a data address, each coordinate of a drawn path by itself.

    Examples
    --------
    >>> [piece.text for piece in uri_pieces("data:text/plain,%E5%90%88", "a")]
    ['合']
    """
    found = _DATA_URI.match(value)
    if _DRAWN.fullmatch(value):
        yield Piece(where, _GAP.sub(" | ", value))
    elif not found:
        yield Piece(where, unquote(value))
    elif not found[2]:
        yield from _content(unquote(found[3]).encode(), where, found[1])
    else:
        yield from _encoded(found[3], where, found[1])


def _encoded(text: str, where: str, kind: str) -> Iterator[Piece]:
    try:
        content = base64.b64decode(text, validate=False)
    except binascii.Error:
        yield Piece(where, text)
    else:
        yield from _content(content, where, kind)


def _content(content: bytes, where: str, kind: str) -> Iterator[Piece]:
    yield from bytes_pieces(content, where, next((suffix for word, suffix in SUFFIXES.items() if word in kind), ""))


class _Reader(HTMLParser):
    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self.where = where
        self.found: list[Piece] = []
        self.tables: list[list[list[str]]] = []
        self._block: list[str] = []
        self._line = 1

    @property
    def _place(self) -> str:
        return f"{self.where}: line {self.getpos()[0]}" if self.where else f"line {self.getpos()[0]}"

    def flush(self) -> None:
        text = "".join(self._block)
        if text.strip():
            self.found.append(Piece(f"{self.where}: line {self._line}" if self.where else f"line {self._line}", text))
        self._block = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.found += uri_pieces(value or "", f"{self._place}, attribute {name}") if value else ()
        if not _inline(tag):
            self.flush()
            self._table_tag(tag)

    def _table_tag(self, tag: str) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if not _inline(tag):
            self.flush()

    def handle_data(self, data: str) -> None:
        if not self._block:
            self._line = self.getpos()[0]
        self._block.append(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), data))
        if self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data

    def handle_comment(self, data: str) -> None:
        self.found.append(Piece(f"{self._place}, comment", data))

    def handle_decl(self, decl: str) -> None:
        self.found.append(Piece(f"{self._place}, declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.found.append(Piece(f"{self._place}, instruction", data))

    def unknown_decl(self, data: str) -> None:
        self.handle_data(data)


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

    yield from frame_pieces(pl.read_parquet(io.BytesIO(content)), where)
    yield Piece(
        f"{where}: metadata",
        " ".join(f"{k} {v}" for k, v in pl.read_parquet_metadata(io.BytesIO(content)).items() if k != "ARROW:schema"),
    )


def _binary_pieces(content: bytes, where: str) -> Iterator[Piece]:
    for part in (content, *(_inflated(match[1]) for match in _STREAM.finditer(content))):
        yield Piece(f"{where}: raw text", "\n".join(run.decode("ascii") for run in _RUN.findall(part)))


HINT = "drop the column, mask the cell, or publish counts only"


def guard(document: Any, where: str = "") -> None:
    """Refuse a document that holds personal data.

    Parameters
    ----------
    document : str, Path, dict, pandas or Polars frame, BaseException, or a list of these
        Text, HTML or SVG; a file or folder (HTML, Markdown, CSV, notebook, workbook, Word file, picture, log); a notebook as a
        dict; a table; an error with its whole traceback.
    where : str
        Name of the document for the message.

    Raises
    ------
    PrivacyFault
        Names, identity numbers, mobile numbers, bank cards or door numbers were found: every place, never a value.

    Notes
    -----
    Out of reach: text drawn in pixels or as glyph numbers (scans, most PDF files), numbers written out in words, names without
    a label or heading, encrypted files.

    Examples
    --------
    >>> guard("梧州市 2026-10: 1,204 户, 612,300.00 元")
    """
    if found := findings(document, where):
        raise PrivacyFault([Fault(f"{one.kind} was about to leave", one.place, hint=HINT) for one in found])


def findings(document: Any, where: str = "") -> list[Finding]:
    """List what `guard` would refuse, in order, each kind and place once.

    Examples
    --------
    >>> [str(one) for one in findings("0" * 6 + "19900101" + "0019", "a log")]
    ['identity number at a log: line 1']
    """
    return list(dict.fromkeys(one for piece in _pieces(document, where) for one in _findings(piece)))


def _findings(piece: Piece) -> Iterator[Finding]:
    text = folded(piece.text)
    for span in personal_data(text):
        line = f"{piece.counted} {text.count(chr(10), 0, span.start) + 1}" if piece.counted else ""
        yield Finding(span.kind, redact(": ".join(filter(None, (piece.where, line)))))


def _pieces(document: Any, where: str) -> Iterable[Piece]:
    if isinstance(document, str):
        return text_pieces(document, where)
    if isinstance(document, Path):
        return file_pieces(document)
    if isinstance(document, dict):
        return tree_pieces(document, where)
    if isinstance(document, BaseException):
        return text_pieces(_trace(document), where or "traceback")
    if isinstance(document, (list, tuple)):
        return (piece for number, part in enumerate(document, 1) for piece in _pieces(part, f"{where}[{number}]"))
    return frame_pieces(document, where)


def _trace(error: BaseException) -> str:
    import traceback

    return "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
