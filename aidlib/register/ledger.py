"""One register table being checked: tidy texts, typed values, and the flaws found so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from aidlib.register import cells
from aidlib.register.cells import Trouble, Typed
from aidlib.register.columns import COLUMNS, DERIVED, Field, fields, words, year_of
from aidlib.register.flaws import FLAW_SCHEMA, Flaw, framed, kinds, shown
from aidlib.register.reading import Reading

ERRORS = r"^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|####*)"
BROKEN = "\ufffd|锟斤拷|烫烫|Ã|â€"


@dataclass
class Ledger:
    """A reading, its texts folded, its values typed, and what is wrong with them.

    Attributes
    ----------
    reading : Reading
        As it was found.
    texts, values : polars.DataFrame
        Tidy texts and typed values, row by row, in the order of the file.
    flaws : list of polars.DataFrame
        Flaws found so far; those of level `note` are counted by column, one line each.
    """

    reading: Reading
    texts: pl.DataFrame
    values: pl.DataFrame = field(default_factory=pl.DataFrame)
    flaws: list[pl.DataFrame] = field(default_factory=list)

    @property
    def rows(self) -> pl.Series:
        """Row numbers as the file counts them."""
        return self.reading.raw["row"]

    def has(self, *names: str) -> bool:
        """Tell whether all the columns were found."""
        return all(name in self.values.columns for name in names)

    def flag(self, trouble: Trouble, column: str) -> None:
        """Record a trouble for every row of its mask."""
        mask = trouble.mask.fill_null(False)
        if not (held := int(mask.sum())):
            return
        rows = self.rows.filter(mask)
        if kinds()[trouble.code].level == "note":
            self.note(column, trouble.code, f"{held} cells", int(rows[0]))
            return
        expected = trouble.expected
        filled = (
            expected.filter(mask).fill_null("")
            if isinstance(expected, pl.Series)
            else pl.Series([expected]).new_from_index(0, held)
        )
        known = fields(self.reading.table).get(column)
        got = [shown(text, known) for text in self._texts(column).filter(mask)]
        self.flaws.append(self._frame(rows, column, trouble.code, filled, got))

    def note(self, column: str, code: str, got: str, row: int) -> None:
        """Record a note once for a column."""
        reading = self.reading
        self.flaws.append(framed([Flaw(reading.table, reading.file, reading.sheet, row, column, code, "", got)]))

    def _texts(self, column: str) -> pl.Series:
        found = self.texts[column] if column in self.texts.columns else None
        return found if found is not None else pl.Series([None], dtype=pl.String).new_from_index(0, len(self.rows))

    def _frame(self, rows: pl.Series, column: str, code: str, expected: pl.Series, got: list[str]) -> pl.DataFrame:
        reading = self.reading
        return pl.DataFrame({"row": rows, "expected": expected, "got": got}).select(
            pl.lit(reading.table).alias("table"), pl.lit(reading.file).alias("file"), pl.lit(reading.sheet).alias("sheet"), "row",
            pl.lit(column).alias("column"), pl.lit(code).alias("code"), "expected", pl.col("got").cast(pl.String),
        ).cast(FLAW_SCHEMA)  # fmt: skip


def open_ledger(reading: Reading, on: date, blank_is_none: frozenset[str] = frozenset()) -> Ledger:
    """Tidy and type every column of a reading, recording what is wrong with single cells.

    Empty cells of the columns named in `blank_is_none` become nought, no, or none, and are noted.
    """
    names = [name for name in reading.raw.columns if name != "row"]
    texts = {name: cells.tidy(reading.raw[name]) for name in names}
    ledger = Ledger(reading, pl.DataFrame(texts), flaws=[framed(reading.flaws)])
    values = {}
    for name in names:
        column = fields(reading.table)[name]
        known = replace(column, needed=False) if year_of(name, names) else column
        values[name] = _typed(ledger, known, on, name in blank_is_none)
    ledger.values = pl.DataFrame({name: series.rename(name) for name, series in values.items()})
    _structure(ledger)
    return ledger


def _typed(ledger: Ledger, column: Field, on: date, blank_is_none: bool) -> pl.Series:
    raw, texts = ledger.reading.raw[column.name], ledger.texts[column.name]
    error, broken = texts.str.contains(ERRORS).fill_null(False), texts.str.contains(BROKEN).fill_null(False)
    clean = texts.set(error | broken, None)
    typed = _parse(clean, column, ledger.reading.units.get(column.name), on)
    changed = raw.is_not_null() & texts.is_not_null() & (raw != texts).fill_null(False)
    empty = [Trouble(texts.is_null(), "R-BLANK-NONE")] if blank_is_none else _empty(texts, column)
    for trouble in (Trouble(error, "R-CELL-ERROR", "a value"), Trouble(broken, "R-CELL-BROKEN", "readable text"),
                    Trouble(changed, "R-CELL-FOLDED"), *typed.troubles, *empty):  # fmt: skip
        ledger.flag(trouble, column.name)
    return typed.values.set(texts.is_null(), none_of(column)) if blank_is_none else typed.values


def none_of(column: Field) -> int | bool | str | None:
    """Return what `none` is in a column: nought, no, or its word; None where it has no such value.

    Examples
    --------
    >>> none_of(fields("persons")["wage_fen"]), none_of(fields("persons")["disability_kind"]), none_of(fields("persons")["relation"])
    (0, 'none', None)
    """
    words_for_none = {"money": 0, "count": 0, "flag": False}
    if column.kind == "code" and column.codes[0] == "none":
        return "none"
    return words_for_none.get(column.kind)


def _parse(texts: pl.Series, column: Field, unit_fen: int | None, on: date) -> Typed:
    if column.kind == "money":
        return _money(texts, column, unit_fen)
    if column.kind == "count":
        return _count(texts, column)
    if column.kind in ("flag", "code"):
        return cells.worded(texts, column)
    readers = {
        "date": lambda: cells.day(texts, on),
        "start": lambda: cells.start(texts),
        "month": lambda: cells.month(texts),
        "word": lambda: cells.worded(texts, column),
        "region": lambda: cells.place(texts),
        "identity": lambda: cells.identity(texts, on),
    }
    if column.name == "as_of":
        return cells.month(texts)
    return readers[column.kind]() if column.kind in readers else Typed(texts)


def _money(texts: pl.Series, column: Field, unit_fen: int | None) -> Typed:
    if unit_fen is None:
        return Typed(pl.Series(texts.name, [None], dtype=pl.Int64).new_from_index(0, len(texts)))
    typed = cells.money(texts, unit_fen, column.high)
    odd = cells.mixed(typed.values, texts)
    return Typed(
        typed.values.set(odd, None),
        [*typed.troubles, Trouble(odd, "R-MONEY-MIXED", "one unit; write 元 in the cell if it is right")],
    )


def _count(texts: pl.Series, column: Field) -> Typed:
    if column.name == "disability_grade":
        low = texts.str.to_lowercase()
        texts = low.replace_strict(words(column.name), default=low)
    return cells.count(texts, column.low, column.high, "R-AGE-RANGE" if column.name == "age" else "R-COUNT-RANGE")


def _empty(texts: pl.Series, column: Field) -> list[Trouble]:
    empty = texts.is_null()
    if column.needed:
        return [Trouble(empty, "R-CELL-REQUIRED", column.zh)]
    unknown = (
        column.kind in ("flag", "code", "count", "money") and column.name in COLUMNS and column.name not in DERIVED
    )
    return [Trouble(empty, "R-CELL-EMPTY")] if unknown else []


def _structure(ledger: Ledger) -> None:
    reading, rows = ledger.reading, ledger.rows
    ledger.flag(Trouble(rows.is_in(list(reading.long_rows)), "R-ROW-CELLS", "as many cells as headings"), "")
    for first, last, column in reading.merged:
        ledger.flag(Trouble((rows >= first) & (rows <= last), "R-CELL-MERGED", "the value on every row"), column)
    ledger.flag(Trouble(rows.is_in(list(reading.above)), "R-ROW-ABOVE", "records below the headings"), "")
