"""What is wrong with a register, row by row: stable codes, masked values, and the files that whoever must mend it gets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from functools import lru_cache, partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from aidlib import tables, words
from aidlib.disclosure.cells import inert_frame
from aidlib.disclosure.ids import masked
from aidlib.disclosure.private import OWNER_FILE, owner_only, private_folder
from aidlib.register.columns import COLUMNS, Field

if TYPE_CHECKING:
    from aidlib.register.checks import Checked

Level = Literal["file", "reject", "note"]
FAULT_COLUMNS = ("code", "level", "zh", "en", "remedy_zh", "remedy_en")
FLAW_SCHEMA = pl.Schema(
    {"table": pl.String, "file": pl.String, "sheet": pl.String, "row": pl.Int64, "column": pl.String, "code": pl.String,
     "expected": pl.String, "got": pl.String}
)  # fmt: skip
GUESS = "R-HEADER-GUESS"
UNKNOWN_WORD = "R-WORD-UNKNOWN"
PARTIAL = "R-HOME-PARTIAL"  # a sound row of a household that lost another
SHEET_ROWS = 100_000  # what a sheet still opens with; the whole list then stands beside it as CSV
_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False}  # a ledger's cell may begin as a formula does
HEADINGS = {"table": "表", "file": "文件", "sheet": "工作表", "row": "行", "heading": "列", "column": "项目", "code": "代码",
            "expected": "应为", "got": "实为(已遮蔽)",
            "level": "性质", "zh": "说明", "en": "meaning", "count": "条数", "in": "读入", "good": "合格", "rejected": "退回",
            "remedy_zh": "怎么改", "remedy_en": "remedy"}  # fmt: skip
LONGEST_MASKED = 64
SHOWN = 24  # longest value that is shown as it is
_TELLING = re.compile(r"\d{7}|[\u4e00-\u9fff]|[A-Za-z]{2,} [A-Za-z]{2,}")


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with one cell, row or column of a register.

    Examples
    --------
    >>> print(Flaw("persons", "a.xlsx", "成员", 7, "age", "R-AGE-RANGE", "0 to 130", "212"))
    a.xlsx, sheet 成员, row 7, age: R-AGE-RANGE 年龄不可能 an impossible age; expected 0 to 130; got 212
    """

    table: str
    file: str
    sheet: str
    row: int
    column: str
    code: str
    expected: str
    got: str

    def __str__(self) -> str:
        kind = kinds()[self.code]
        where = ", ".join([self.file, *([f"sheet {self.sheet}"] if self.sheet else []), f"row {self.row}", self.column])
        tail = [f"expected {self.expected}"] if self.expected else []
        tail += [f"got {self.got}"] if self.got else []
        return "; ".join([f"{where}: {self.code} {kind.zh} {kind.en}", *tail])


@dataclass(frozen=True)
class FlawKind:
    """A kind of fault: `file` stops the whole file, `reject` the row, `note` stops nothing."""

    code: str
    level: Level
    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""


@lru_cache(maxsize=1)
def kinds() -> dict[str, FlawKind]:
    """Return every kind of fault by its code (`data/register_faults.csv`)."""
    rows = tables.rows("register_faults.csv", FAULT_COLUMNS)
    return {row["code"]: FlawKind(*(row[name] for name in FAULT_COLUMNS)) for row in rows}  # type: ignore[arg-type]


def shown(text: str | None, field: Field | None, known: Iterable[str] = ()) -> str:
    """Return what may be said of a cell: masked numbers, the length of private text, and plain values as they are.

    Examples
    --------
    >>> shown("212", None), shown("0" * 18, None), shown("梁" + "某", None)
    ('212', '00***************0', '(2 characters)')
    """
    if text is None:
        return ""
    if (field is not None and field.kind in ("identity", "private")) or len(text) > SHOWN or _TELLING.search(text):
        short = text.isascii() and len(text) <= LONGEST_MASKED
        return text if text in known else masked(text) if short else f"({len(text)} characters)"
    return text


def framed(flaws: Iterable[Flaw]) -> pl.DataFrame:
    """Turn flaws into a frame.

    Examples
    --------
    >>> framed([Flaw("persons", "a.csv", "", 2, "age", "R-AGE-RANGE", "0 to 130", "212")]).height
    1
    """
    return pl.DataFrame([astuple(flaw) for flaw in flaws], schema=FLAW_SCHEMA, orient="row")


def flaws_of(frame: pl.DataFrame) -> list[Flaw]:
    """Turn a frame of flaws into flaws, in its order.

    Examples
    --------
    >>> flaws_of(framed([]))
    []
    """
    return [Flaw(*cells) for cells in frame.select(FLAW_SCHEMA.names()).iter_rows()]


def levels() -> pl.DataFrame:
    """Return codes with their level and explanation, for joining.

    Examples
    --------
    >>> levels().columns
    ['code', 'level', 'zh', 'en', 'remedy_zh', 'remedy_en']
    """
    return pl.DataFrame([astuple(kind) for kind in kinds().values()], schema=list(FAULT_COLUMNS), orient="row")


Say = Callable[[str], str]


@dataclass(frozen=True)
class _Teller:
    """Lines of a check in one language: whole sentences of the vocabulary (`ledger:…`), around what the reader said of a cell."""

    language: str
    say: Say
    named: dict[str, dict[str, str]]

    def __call__(self, key: str, *facts: object) -> str:
        return words.word(key, "ledger", self.language).format(*facts)

    def place(self, file: str, sheet: str) -> str:
        """File, and sheet where it has several."""
        return self("sheet", file, sheet) if sheet else file

    def kind(self, code: str) -> str:
        """A kind of fault, with its code."""
        return self("kind", code, kinds()[code].zh, kinds()[code].en)

    def choices(self, flaw: Flaw) -> str:
        """The words a cell may hold, in Chinese: the ledger's own; nothing where the fault is another."""
        field = COLUMNS.get(flaw.column) if flaw.code == UNKNOWN_WORD and self.language == "zh" else None
        return " ".join(field.codes_zh) if field else ""

    def flaw(self, flaw: Flaw, rows: list[int], *, remedy: bool = True) -> str:
        """One line for a kind of fault in one column of a sheet: its rows as spans, one example, one remedy."""
        where = self("rows", _runs(rows), len(rows)) if len(rows) > 1 else self("row", rows[0])
        heading = self.named[flaw.table].get(flaw.column)
        column = self("column", heading) if heading else flaw.column
        parts = [self("flaw", self.place(flaw.file, flaw.sheet), where, column, self.kind(flaw.code))]
        parts += [self("expected", self.choices(flaw) or self.say(flaw.expected))] if flaw.expected else []
        parts += [self("got_such" if len(rows) > 1 else "got", self.say(flaw.got))] if flaw.got else []
        cure = kinds()[flaw.code].remedy_zh if self.language == "zh" else kinds()[flaw.code].remedy_en
        parts += [self("try", cure)] if cure and remedy else []
        return reduce(partial(self, "joint"), parts)


def as_text(checked: Checked, lines: int, language: str = "en", say: Say = str) -> str:
    """Write the guessed headings, the counts, the faults of one kind on one line with their rows and one remedy, and the notes.

    `say` puts what a cell should have been, and what the reader noted, into the language.
    """
    tell = _Teller(language, say, {table: checked.headings(table) for table in checked.counts["table"]})
    notes = flaws_of(checked.flaws.filter((pl.col("level") == "note") & (pl.col("code") != GUESS)))
    counted = [tell("counted", tell(table), came, good, bad) for table, came, good, bad in checked.counts.iter_rows()]
    grouped = _grouped(checked.flaws.filter((pl.col("level") != "note") & (pl.col("code") != PARTIAL)), tell)
    more = [tell("more", len(grouped) - lines)] if len(grouped) > lines else []
    told = [tell.flaw(note, [note.row], remedy=False) for note in notes]
    return "\n".join(
        [*_guesses(checked, tell), *counted, *grouped[:lines], *more, *_partial(checked, tell),
         *(tell("note", note) for note in (*_read_files(checked, tell), *told))]
    )  # fmt: skip


def _guesses(checked: Checked, tell: _Teller) -> list[str]:
    """Write what headings look like; nobody reads them until a mapping that is kept says so."""
    found = checked.flaws.filter(pl.col("code") == GUESS)
    return [tell("guessed", tell.place(file, sheet), column, got, expected)
            for file, sheet, column, got, expected in found.select("file", "sheet", "column", "got", "expected").iter_rows()]  # fmt: skip


def _grouped(faults: pl.DataFrame, tell: _Teller) -> list[str]:
    keys = ("table", "file", "sheet", "column", "code")
    whole = faults.group_by(keys, maintain_order=True).agg(
        "row", pl.col("expected").first(), pl.col("got").first(), pl.col("expected").n_unique().alias("n")
    )
    return [
        tell.flaw(
            Flaw(table, file, sheet, rows[0], column, code, "" if several > 1 and len(rows) > 1 else expected, got),
            rows,
        )
        for table, file, sheet, column, code, rows, expected, got, several in whole.iter_rows()
    ]


def _read_files(checked: Checked, tell: _Teller) -> list[str]:
    """Say what the reader did with each file."""
    return [
        tell("found", tell.place(reading.file, reading.sheet if len(reading.sheets) < 2 else ""), tell.say(note))
        for reading in checked.readings
        for note in reading.notes
    ]


def _folds(checked: Checked) -> pl.DataFrame:
    """List every heading with the column it was folded onto and the unit read from it."""
    return pl.DataFrame(
        [(reading.table, reading.file, reading.sheet, line) for reading in checked.readings for line in reading.listing().splitlines()[1:]],
        schema=["table", "file", "sheet", "heading"], orient="row",
    )  # fmt: skip


def _partial(checked: Checked, tell: _Teller) -> list[str]:
    """Write one line per table for the rows that are sound themselves but belong to a household that lost another."""
    gone = checked.flaws.filter(pl.col("code") == PARTIAL)
    return [tell("partial", tell.place(file, sheet), tell.kind(PARTIAL), len(rows), _runs(rows))
            for _, file, sheet, rows in gone.group_by("table", "file", "sheet", maintain_order=True).agg("row").iter_rows()]  # fmt: skip


def _runs(numbers: list[int], most: int = 12) -> str:
    """Write row numbers as spans.

    Examples
    --------
    >>> _runs([3, 4, 5, 9])
    '3-5, 9'
    """
    ends: list[list[int]] = []
    for number in sorted(numbers):
        if ends and number == ends[-1][1] + 1:
            ends[-1][1] = number
        else:
            ends.append([number, number])
    told = [f"{first}-{last}" if last > first else f"{first}" for first, last in ends[:most]]
    return ", ".join([*told, "..."] if len(ends) > most else told)


def write_workbook(checked: Checked, path: Path) -> list[Path]:
    """Write counts, faults by kind, every fault, and what each heading became, one sheet each; a long list also as CSV."""
    import xlsxwriter

    by_kind = checked.flaws.group_by(FAULT_COLUMNS).agg(pl.len().alias("count")).sort("level", "code")
    named = {table: checked.headings(table) for table in checked.counts["table"]}
    where = pl.struct("table", "column").map_elements(
        lambda cell: named[cell["table"]].get(cell["column"], ""), return_dtype=pl.String
    )
    flaws = checked.flaws.with_columns(where.alias("heading"))
    order = ["table", "file", "sheet", "row", "heading", "column", "code", "zh", "expected", "got", "level", "en"]
    listed = flaws.select(order)
    sheets = {"汇总": checked.counts, "按类别": by_kind, "逐条": listed.head(SHEET_ROWS),
              "标题": _folds(checked)}  # fmt: skip
    with xlsxwriter.Workbook(path, _AS_TEXT) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, frame in sheets.items():
            page = book.add_worksheet(name)
            page.write_row(0, 0, [HEADINGS[column] for column in frame.columns], bold)
            for number, cells in enumerate(frame.iter_rows(), 1):
                page.write_row(number, 0, cells)
            page.freeze_panes(1, 0)
            page.autofilter(0, 0, max(frame.height, 1), frame.width - 1)
            page.autofit()
    return [path, *([_list(listed, path)] if listed.height > SHEET_ROWS else [])]


def _list(faults: pl.DataFrame, workbook: Path) -> Path:
    """Write every fault beside a workbook that holds only the first."""
    path = workbook.with_suffix(".csv")
    text = inert_frame(faults.rename({column: HEADINGS[column] for column in faults.columns})).write_csv()
    path.write_text("\ufeff" + text, encoding="utf-8", newline="")
    return path


def write_rejects(checked: Checked, folder: Path) -> list[Path]:
    """Write the rejected rows of each table, with reasons first, for their owner's eyes only; no cell of them is a formula.

    Raises
    ------
    PrivacyFault
        The folder lies below `reports/` or in a git work tree, where files leave the house.
    """
    folder = private_folder(folder)
    written = []
    with owner_only():
        for table, count in checked.counts.select("table", "rejected").iter_rows():
            if count:
                path = folder / f"rejects_{table}.csv"
                frame = checked.rejected(table).select("codes", "reasons", pl.exclude("codes", "reasons"))
                path.write_text("\ufeff" + inert_frame(frame).write_csv(), encoding="utf-8", newline="")
                path.chmod(OWNER_FILE)
                written.append(path)
    return written
