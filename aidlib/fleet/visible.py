"""What a page says to whoever sees, hears or downloads it, so that two of them can be compared piece by piece."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import zip_longest

ATTRIBUTES = ("alt", "title", "aria-label", "src", "href", "download")
HIDDEN = ("script", "style")
CARRIED = re.compile(r"data:([\w/+.-]*)[^,]*;base64,([\w+/=]*)")
LINE = re.compile(r"(\.csv:)\d+")
NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)")
SEPARATOR = re.compile(r"([,\r\n]+)")
DRAWN = 0.02
"""Points by which the same line may be drawn elsewhere on another processor; pages are 160 points to the inch."""


def unlike(old: str, new: str, loose: bool = False, exact: bool = False) -> tuple[str | None, str | None] | None:
    """Return the first pieces that two pages, or parts of pages, say differently; None where they say the same.

    Where a row stands in its file does not count, nor how a number is marked up.

    Examples
    --------
    >>> unlike("<p>1,280 元</p>", "<p><b>1,280 元</b></p>"), unlike("<p>1,280 元</p>", "<p>1,290 元</p>")
    (None, ('1,280 元', '1,290 元'))
    """
    if old == new:
        return None
    for before, after in zip_longest(pieces(old), pieces(new)):
        if before != after and not _alike(before, after, loose):
            return before, after
    if exact and not loose and CARRIED.sub("", old) != CARRIED.sub("", new):
        return "something invisible", None
    return None


def pieces(html: str) -> Iterator[str]:
    """Yield what a page says, piece by piece: texts, what is read aloud for pictures, and what can be taken away."""
    parser = _Pieces()
    parser.feed(html)
    parser.close()
    yield from filter(None, (" ".join(LINE.sub(r"\1", piece).split()) for piece in parser.found))


class _Pieces(HTMLParser):
    """Collects pieces; neighbouring texts of one element are one."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag if tag in HIDDEN else self._hidden
        for name, value in attrs:
            if name in ATTRIBUTES and value and not value.startswith("#"):
                self.found += list(_carried(value))

    def handle_endtag(self, tag: str) -> None:
        self._hidden = "" if tag == self._hidden else self._hidden

    def handle_data(self, data: str) -> None:
        carried = [piece for found in CARRIED.finditer(data) for piece in _carried(found[0])]
        self.found += carried if self._hidden else [data]


def _carried(value: str) -> Iterator[str]:
    """The pieces of a file that a page carries: cells of a CSV and what parts them, lines of a drawing, the digest of anything else."""
    found = CARRIED.fullmatch(value)
    if not found:
        yield value
        return
    try:
        content = base64.b64decode(found[2], validate=True)
        if "svg" in found[1]:
            yield content.decode()
        elif "csv" in found[1]:
            yield from SEPARATOR.split(content.decode("utf-8-sig"))
        else:
            yield hashlib.sha256(_unpacked(content)).hexdigest()
    except (binascii.Error, UnicodeDecodeError):
        yield value


def _unpacked(content: bytes) -> bytes:
    """A font by what its tables unpack to, since another zlib packs them otherwise; any other file as it is."""
    if content[:4] != b"wOFF":
        return content
    try:
        tables = [struct.unpack_from(">4s3I", content, 44 + 20 * n) for n in range(int.from_bytes(content[12:14]))]
        return b"".join(
            tag + (zlib.decompressobj().decompress(content[at : at + size], whole) if size < whole else content[at : at + size])
            for tag, at, size, whole in tables
        )  # fmt: skip
    except (struct.error, zlib.error):
        return content


def _alike(old: str | None, new: str | None, loose: bool) -> bool:
    if old is None or new is None:
        return False
    if old.startswith("<") and "<svg" in old:
        return _drawn_alike(old, new)
    first, second = NUMBER.fullmatch(old.replace(",", "")), NUMBER.fullmatch(new.replace(",", ""))
    if not (loose and first and second):
        return False
    decimals = len(first[0].partition(".")[2])
    return bool(abs(float(first[0]) - float(second[0])) <= 1.5 / 10**decimals)


def _drawn_alike(old: str, new: str) -> bool:
    """Whether two drawings have the same parts, with points at the same places."""
    first, second = NUMBER.split(old), NUMBER.split(new)
    return len(first) == len(second) and all(
        a == b or (at % 2 == 1 and abs(float(a) - float(b)) <= DRAWN)
        for at, (a, b) in enumerate(zip(first, second, strict=True))
    )
