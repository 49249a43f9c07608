"""Workbooks (.xlsx) as a stream of cells: every part unfolded within a budget, stated sizes and gaps between cells not trusted.

Measured here, openpyxl takes four times as long, and takes a sheet's word for its size; calamine first fills the whole rectangle up to the
farthest cell, and says neither which cell is an error nor which shows percent. What they know of formats and dates is used.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from pathlib import Path
from posixpath import basename, dirname, join, normpath
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

import polars as pl

from aidlib.errors import RegisterFault
from aidlib.register.grids import HIDDEN, Grid, Limits, chosen, with_cells

EXCEL_DIGITS = 15
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LONGEST_TEXT = 32_767  # what a cell of a spreadsheet can hold
UNSAVED = "formulas without a saved value read as empty: open the file in Excel and save it again"
LOCALE_DATES = frozenset(
    (*range(27, 37), *range(50, 59))
)  # formats that Chinese Excel numbers without spelling them out
_CHUNK = 1 << 18
_FREE_BYTES = 20_000_000
_FLUSH = 20_000  # rows turned into a frame at a time
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
Attributes = dict[str, str]


def read_workbook(path: Path, sheet: str | None, limits: Limits) -> list[Grid]:
    """Read every sheet that has cells, or the one named."""
    try:
        with ZipFile(path) as pack:
            return _Book(_Package(pack, path, limits)).grids(sheet)
    except (BadZipFile, zlib.error, EOFError, KeyError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise RegisterFault(
            "this is not a workbook Excel can read", where=path.name, hint="save it again as xlsx"
        ) from None


class _Package:
    """The parts of a packed workbook, unfolded bit by bit within one budget."""

    def __init__(self, pack: ZipFile, path: Path, limits: Limits) -> None:
        self.pack, self.file, self.limits = pack, path.name, limits
        self.fold = _FREE_BYTES + limits.fold * path.stat().st_size
        self.names = set(pack.namelist())
        self.unfolded = 0
        self._within(sum(part.file_size for part in pack.infolist()))

    def _within(self, unfolded: int) -> None:
        """Refuse a workbook that unfolds to more than it may: by what it states, and again by what it does, for parts may be read twice."""
        if unfolded > self.limits.unfolded_bytes:
            raise self.limits.refuse(
                "unfolded_bytes", "the workbook unfolds to too much", self.file, "split the workbook"
            )
        if unfolded > self.fold:
            raise self.limits.refuse(
                "fold", "the workbook is packed more tightly than any honest one", self.file, "save it again as xlsx"
            )

    def chunks(self, part: str) -> Iterator[bytes]:
        """Yield a part's bytes."""
        with self.pack.open(part) as file:
            while chunk := file.read(_CHUNK):
                self.unfolded += len(chunk)
                self._within(self.unfolded)
                yield chunk

    def parse(self, part: str, start: Callable[[str, Attributes], None], end: Callable[[str], None] | None = None,
              text: Callable[[str], None] | None = None) -> None:  # fmt: skip
        """Read a part's XML: elements come under their names without prefixes."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._declared
        try:
            for chunk in self.chunks(part):
                parser.Parse(chunk)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            where = f"{self.file}, part {part}, line {error.lineno}, column {error.offset}"
            raise RegisterFault(
                "the workbook is broken", where=where, expected="well-formed XML", hint="save it again as xlsx"
            ) from None

    def _declared(self, *_: object) -> None:
        raise RegisterFault(
            "a document type inside a workbook", where=self.file, expected="none", hint="save it again as xlsx"
        )

    def elements(self, part: str) -> list[tuple[str, Attributes]]:
        """List the elements of a part that holds no cells, in order, each with its attributes."""
        found: list[tuple[str, Attributes]] = []

        def start(name: str, attributes: Attributes) -> None:
            found.append((_local(name), attributes))
            if len(found) > self.limits.elements:
                raise self.limits.refuse("elements", "more styles, sheets or links than any workbook has", f"{self.file}, part {part}",
                                         "save it again as xlsx")  # fmt: skip

        if part in self.names:
            self.parse(part, start)
        return found

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the parts another refers to: by id, the last word of the kind, and the name."""
        links = self.elements(join(dirname(part), "_rels", f"{basename(part)}.rels"))
        return {
            a["Id"]: (basename(a["Type"]), normpath(join("/", dirname(part), a["Target"])).lstrip("/"))
            for name, a in links if name == "Relationship" and a.get("TargetMode") != "External"
        }  # fmt: skip


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


class _Book:
    """What the cells of a workbook refer to: texts, formats, the first day, and the sheets by name."""

    def __init__(self, package: _Package) -> None:
        self.package = package
        main = next(
            (part for kind, part in package.related("").values() if kind == "officeDocument"), "xl/workbook.xml"
        )
        links = package.related(main)
        parts = dict(links.values())
        elements = package.elements(main)
        self.since_1904 = any(name == "workbookPr" and a.get("date1904") in ("1", "true") for name, a in elements)
        self.sheets = [(a["name"], a.get("state", "visible"), links[_relation(a)][1]) for name, a in elements if name == "sheet"
                       and links[_relation(a)][0] == "worksheet"]  # fmt: skip
        self.formats = _formats(package.elements(parts.get("styles", "")))
        self.texts = _texts(package, parts["sharedStrings"]) if "sharedStrings" in parts else []

    def shows(self, style: str) -> str:
        """Return what a style shows: `date`, `%`, or nothing of interest."""
        return self.formats[int(style)] if style and int(style) < len(self.formats) else ""

    def shared(self, number: str, where: str) -> str:
        """Return one of the texts that cells share."""
        at = int(number)
        if not 0 <= at < len(self.texts):
            raise RegisterFault(
                "a cell refers to a text the workbook lacks", where=where, got=number[:20], hint="save it again as xlsx"
            )
        return self.texts[at]

    def grids(self, sheet: str | None) -> list[Grid]:
        file = self.package.file
        wanted = chosen([name for name, _, _ in self.sheets], sheet, file)
        return with_cells((self._grid(*self.sheets[at]) for at in wanted), file)

    def _grid(self, name: str, state: str, part: str) -> Grid:
        cells = _Cells(self, f"{self.package.file}, sheet {name}")
        self.package.parse(part, cells.start, cells.end, cells.text.add)
        frame = cells.frame()
        notes = (*([] if state == "visible" else [HIDDEN]), *([UNSAVED] if cells.unsaved else []))
        return Grid(self.package.file, name, frame, clipped(cells.merged, frame), notes=notes)


def _relation(sheet: Attributes) -> str:
    return next(value for name, value in sheet.items() if name.endswith("relationships id"))


def _formats(elements: list[tuple[str, Attributes]]) -> list[str]:
    """Return what each style shows: `date`, `%`, or nothing of interest."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

    own = {a["numFmtId"]: a.get("formatCode", "") for name, a in elements if name == "numFmt" and "numFmtId" in a}
    found, inside = [], ""
    for name, attributes in elements:
        if name in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            inside = name
        elif name == "xf" and inside == "cellXfs":
            number = attributes.get("numFmtId", "0")
            code = own.get(number) or BUILTIN_FORMATS.get(int(number), "")
            dated = int(number) in LOCALE_DATES and number not in own
            found.append("date" if dated or is_date_format(code) else "%" if "%" in code else "")
    return found


def _texts(package: _Package, part: str) -> list[str]:
    """Read the texts cells share; what is written above characters to say their sound is left out."""
    gathered = _Texts()
    found: list[str] = []

    def end(name: str) -> None:
        if (local := _local(name)) == "si":
            found.append(gathered.taken())
        else:
            gathered.end(local)

    package.parse(part, lambda name, _: gathered.start(_local(name)), end, gathered.add)
    return found


@dataclass
class _Texts:
    """The pieces of one text, gathered between `<t>` and `</t>` outside `<rPh>`."""

    pieces: list[str] = field(default_factory=list)
    within: bool = False
    spoken: bool = False

    def start(self, name: str) -> None:
        if name == "rPh":
            self.spoken = True
        elif name == "t":
            self.within = not self.spoken

    def end(self, name: str) -> None:
        if name == "rPh":
            self.spoken = False
        elif name == "t":
            self.within = False

    def add(self, piece: str) -> None:
        if self.within:
            self.pieces.append(piece)

    def taken(self) -> str:
        text = "".join(self.pieces)
        self.pieces = []
        return text


class _Cells:
    """The filled cells of a sheet as they stream by, kept column by column; rows and columns that hold nothing are not kept."""

    def __init__(self, book: _Book, where: str) -> None:
        self.book, self.where, self.limits = book, where, book.package.limits
        self.merged: list[tuple[int, int, int, int]] = []
        self.unsaved = self.formula = self.placed = False
        self.filled = self.height = self.at_row = self.at_column = 0
        self.kind = self.style = ""
        self.row: dict[int, str] = {}
        self.numbers: list[int] = []
        self.columns: dict[int, list[str | None]] = {}
        self.used: set[int] = set()
        self.frames: list[pl.DataFrame] = []
        self.text = _Texts()
        self.names: dict[str, str] = {}
        self.places: dict[str, int] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        """Take the beginning of an element."""
        local = self.names.get(name) or self.names.setdefault(name, _local(name))
        if local == "c":
            self._cell(attributes)
        elif local in ("v", "t", "rPh"):
            self.text.start("t" if local == "v" else local)
        elif local == "row":
            self.placed = "r" in attributes
            self.at_row = int(attributes["r"]) if self.placed else self.at_row + 1
            self.at_column = 0
        elif local == "f":
            self.formula = True
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        """Take the end of an element."""
        local = self.names[name]
        if local in ("v", "t", "rPh"):
            self.text.end("t" if local == "v" else local)
        elif local == "c":
            if text := self.text.taken():
                self.row[self.at_column] = self._shown(text)
            elif self.formula:
                self.unsaved = True
        elif local == "row" and self.row:
            self._keep()

    def _cell(self, attributes: Attributes) -> None:
        self.kind, self.style, self.formula = attributes.get("t", "n"), attributes.get("s", ""), False
        reference = attributes.get("r")
        if reference is None:
            self.at_column += 1
            return
        column = reference.rstrip("0123456789")
        self.at_column = self.places.get(column) or self._place(reference)[1]
        if not self.placed:
            self.at_row, self.placed = self._place(reference)[0], True

    def _place(self, reference: str) -> tuple[int, int]:
        """Return row and column of a reference such as AB12."""
        from openpyxl.utils.cell import column_index_from_string

        if (found := _REFERENCE.fullmatch(reference)) is None or int(found[2]) > LAST_ROW or found[1].rjust(3) > "XFD":
            raise RegisterFault("a reference that is no cell of a sheet", where=self.where, expected="A1 to XFD1048576",
                                got=reference[:20], hint="save it again as xlsx")  # fmt: skip
        return int(found[2]), self.places.setdefault(found[1], column_index_from_string(found[1]))

    def _merge(self, area: str) -> None:
        first, _, last = area.replace("$", "").partition(":")
        self.merged.append((*self._place(first), *self._place(last or first)))
        if len(self.merged) > self.limits.merged:
            raise self.limits.refuse("merged", "too many merged areas", self.where, "undo the merging")

    def _shown(self, text: str) -> str:
        """Write a cell as a reader sees it."""
        if self.kind == "n":
            return shown_number(text, self.book.shows(self.style), self.book.since_1904)
        if self.kind == "s":
            text = self.book.shared(text, self.where)
        elif self.kind == "b":
            return {"1": "true", "0": "false"}.get(text, text)
        elif self.kind == "d":
            text = text.removesuffix("Z").removesuffix("T00:00:00")
        if len(text) > LONGEST_TEXT:
            raise RegisterFault("a cell holds more than any spreadsheet can", where=f"{self.where}, row {self.at_row}",
                                expected=f"at most {LONGEST_TEXT} characters", got=f"{len(text)}", hint="save it again as xlsx")  # fmt: skip
        return text

    def _keep(self) -> None:
        if self.at_row > LAST_ROW or max(self.row) > LAST_COLUMN:
            raise RegisterFault(
                "a cell outside any sheet", where=self.where, got=f"row {self.at_row}", hint="save it again as xlsx"
            )
        before = len(self.numbers)
        for at, text in self.row.items():
            column = self.columns.setdefault(at, [])
            column.extend([None] * (before - len(column)))
            column.append(text)
        self.numbers.append(self.at_row)
        self.used |= self.row.keys()
        self.filled, self.height, self.row = self.filled + len(self.row), self.height + 1, {}
        self.limits.rectangle(self.filled, self.height, len(self.used), self.where)
        if len(self.numbers) >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        for column in self.columns.values():
            column.extend([None] * (len(self.numbers) - len(column)))
        texts = {f"c{at}": pl.Series(texts, dtype=pl.String) for at, texts in self.columns.items()}
        self.frames.append(pl.DataFrame({"row": pl.Series(self.numbers, dtype=pl.Int64), **texts}))
        self.numbers, self.columns = [], {}

    def frame(self) -> pl.DataFrame:
        """Return rows in order, with the columns that hold anything in theirs."""
        self._flush()
        whole = pl.concat(self.frames, how="diagonal").select("row", *(f"c{at}" for at in sorted(self.used)))
        return whole if whole["row"].is_sorted() else whole.sort("row", maintain_order=True)


def shown_number(text: str, shows: str, since_1904: bool = False) -> str:
    """Write a number: fifteen digits, `2.3%` where the cell shows percent, a day where it shows one.

    Examples
    --------
    >>> shown_number("0.30000000000000004", ""), shown_number("0.023", "%"), shown_number("46296", "date")
    ('0.3', '2.3%', '2026-10-01')
    >>> shown_number("1E400", ""), shown_number("-5", "date")
    ('1E400', '-5')
    """
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    if not shows and len(text) <= EXCEL_DIGITS and text.isdecimal():
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    if not isfinite(value):
        return text
    if shows == "date" and value >= 0:
        try:
            return day_text(from_excel(value, CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900))
        except (ValueError, OverflowError):
            return _digits(value)
    return _digits(value, percent=shows == "%")


def _digits(value: float, percent: bool = False) -> str:
    """Write a number with the fifteen digits a spreadsheet keeps; one too long to be whole in them shows its exponent.

    Examples
    --------
    >>> _digits(0.1 + 0.2), _digits(102.0), _digits(0.023, percent=True), _digits(1e17)
    ('0.3', '102', '2.3%', '1e+17')
    """
    if percent:
        return f"{(Decimal(f'{value:.{EXCEL_DIGITS}g}') * 100).normalize():f}%"
    whole = value.is_integer() and abs(value) < 10**EXCEL_DIGITS
    return str(int(value)) if whole else f"{value:.{EXCEL_DIGITS}g}"


def day_text(value: object) -> str:
    """Write a day without its hour, and an hour or a span as it is."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def clipped(merged: list[tuple[int, int, int, int]], frame: pl.DataFrame) -> tuple[tuple[int, int, int, int], ...]:
    """Cut merged areas to where the sheet holds anything."""
    if frame.is_empty():
        return ()
    bottom, right = int(frame["row"].max()), int(frame.columns[-1][1:])  # type: ignore[arg-type]
    cut = ((top, left, min(last, bottom), min(end, right)) for top, left, last, end in merged)
    return tuple(area for area in cut if area[2] >= area[0] and area[3] >= area[1] and area[:2] != area[2:])
