"""What is wrong with a register, row by row: stable codes, places, and values that are masked before they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Literal

import polars as pl

from aidlib import tables
from aidlib.register.ids import masked
from aidlib.register.schema import Field

Level = Literal["file", "reject", "note"]
FAULT_COLUMNS = ("code", "level", "zh", "en")
FLAW_SCHEMA = pl.Schema(
    {"table": pl.String, "file": pl.String, "sheet": pl.String, "row": pl.Int64, "column": pl.String, "code": pl.String,
     "expected": pl.String, "got": pl.String}
)  # fmt: skip
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


@lru_cache(maxsize=1)
def kinds() -> dict[str, FlawKind]:
    """Return every kind of fault by its code (`data/register_faults.csv`).

    Examples
    --------
    >>> kinds()["R-ID-CHECKSUM"].level
    'reject'
    """
    rows = tables.rows("register_faults.csv", FAULT_COLUMNS)
    return {row["code"]: FlawKind(row["code"], row["level"], row["zh"], row["en"]) for row in rows}  # type: ignore[arg-type]


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
        return text if text in known else masked(text) if text.isascii() else f"({len(text)} characters)"
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
    ['code', 'level', 'zh', 'en']
    """
    return pl.DataFrame([astuple(kind) for kind in kinds().values()], schema=list(FAULT_COLUMNS), orient="row")
