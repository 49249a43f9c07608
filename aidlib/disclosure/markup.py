"""Every text of an HTML, SVG or XML document: blocks joined across inline tags, attributes, comments, table columns."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote

from aidlib.disclosure.detect import words

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
    from aidlib.disclosure.packed import bytes_pieces

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
