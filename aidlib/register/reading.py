"""Find the headings of a ledger and fold them onto the columns of the register; every fold is listed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from aidlib.errors import RegisterFault, nearest
from aidlib.register.files import read_grids
from aidlib.register.flaws import Flaw
from aidlib.register.grids import HIDDEN, Grid
from aidlib.register.headings import FOOT, TOTAL, beneath, heading_row, stacked
from aidlib.register.schema import DERIVED, MONEY_UNITS, Fold, Table, bare, fields, fold, spellings, unknown_if_absent

LEAST_HEADINGS = 2
TOTALS = ("合计", "总计", "小计", "total")
_UNIT_LINE = re.compile(r"单位\s*[::]\s*(?:人民币)?\s*(万元|千元|元|分)")
_MUST = {
    "persons": (("household_id",), ("person_id", "id_number")),
    "households": (("household_id",), ("region_code",)),
}


@dataclass(frozen=True)
class Reading:
    """A register table as it was found: texts under the register's names, not yet checked.

    Attributes
    ----------
    table, file, sheet : str
        persons or households, and where it was read.
    raw : polars.DataFrame
        `row` as the file counts it, and one text column per column found.
    units : dict
        Fen in one unit of each money column that states one.
    folds : tuple of Fold
        Every heading and the column it was folded onto.
    flaws : tuple of Flaw
        What is wrong with the headings, and what was ignored.
    merged, long_rows, notes :
        As the file reader found them (`files.Grid`).
    totals, feet : tuple of int
        Rows of totals, and of signatures and remarks under the table.
    """

    table: Table
    file: str
    sheet: str
    raw: pl.DataFrame = field(repr=False)
    units: dict[str, int]
    folds: tuple[Fold, ...]
    flaws: tuple[Flaw, ...]
    merged: tuple[tuple[int, int, str], ...] = ()
    long_rows: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    totals: tuple[int, ...] = ()
    feet: tuple[int, ...] = ()

    @property
    def place(self) -> str:
        """File and sheet."""
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file

    def listing(self) -> str:
        """Write one line for each heading: where it stands, what it says, and the column it became."""
        lines = [f"{letters(f.position)}: {f.heading} -> {f.column or '(ignored)'}{_unit_words(f)}" for f in self.folds]
        return "\n".join([self.place, *lines, *self.notes])


def read_register(
    path: str | Path, sheet: str | None = None, table: Table | None = None, money: str | None = None
) -> Reading:
    """Read persons or households from CSV, Excel or Parquet, under Chinese or English headings.

    Parameters
    ----------
    path : str or Path
        `.csv`, `.xlsx` or `.parquet`. CSV may be UTF-8, UTF-16 or GB18030, with comma, tab, semicolon or bar.
    sheet : str, optional
        Sheet of a workbook; without it the one sheet that reads as the table.
    table : {"persons", "households"}, optional
        Without it the one that more headings belong to.
    money : {"元", "万元", "分", "yuan", "wan", "fen"}, optional
        Unit of money columns whose heading states none. Without it such a column is a fault: a unit is never guessed.

    Returns
    -------
    Reading

    Raises
    ------
    RegisterFault
        The file cannot be read, has no row of headings, or several sheets could be meant.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "家庭.csv")
    ...     _ = path.write_text("家庭编号,区划代码,家庭月收入(元)\\nH1,450403,1200.50\\n", encoding="gb18030")
    ...     reading = read_register(path)
    >>> reading.table, reading.units, reading.notes
    ('households', {'income_fen': 100}, ('encoding gb18030',))
    """
    if money is not None and money not in MONEY_UNITS:
        raise RegisterFault("unknown money unit", expected=", ".join(MONEY_UNITS), got=money)
    grids = read_grids(Path(path), sheet)
    found = [(score, grid, which, at) for grid in grids for score, which, at in [heading_row(grid, table)]]
    best = [one for one in found if one[0] >= LEAST_HEADINGS and one[0] * 2 > max(other[0] for other in found)]
    if not best:
        raise RegisterFault("no row of headings was recognised", where=Path(path).name, expected="such as 家庭编号, 身份证号",
                            hint=_other(grids, table) or "name the columns as in data/register_aliases.csv")  # fmt: skip
    shown = [one for one in best if HIDDEN not in one[1].notes]
    if len(best) > 1 and len(shown) != 1:
        raise RegisterFault("several sheets could be meant", where=Path(path).name, got=", ".join(b[1].sheet for b in best),
                            hint="name one with sheet= (--persons-sheet, --households-sheet)")  # fmt: skip
    _, grid, which, at = (shown or best)[0]
    left = [one[1].sheet for one in best if one[1] is not grid]
    noted = replace(grid, notes=(*grid.notes, *(f"hidden sheet {name} was left out" for name in left)))
    return _folded(noted, which, at, MONEY_UNITS[money] if money else None)


def _other(grids: list[Grid], table: Table | None) -> str:
    """Say that a file given as one table reads as the other."""
    if table is None:
        return ""
    other: Table = "households" if table == "persons" else "persons"
    meant = max(heading_row(grid, other)[0] for grid in grids) >= LEAST_HEADINGS
    return f"it reads as {other}, and was given as {table}" if meant else ""


def _folded(grid: Grid, table: Table, at: int, money: int | None) -> Reading:
    headings, bottom = stacked(grid, table, at)
    stated = money or _stated_above(grid, at)
    folds = tuple(_with_unit(fold(text or "", place, table), table, stated) for place, text in enumerate(headings, 1))
    place = Place(grid.file, grid.sheet, int(grid.cells["row"][at]))
    used = {f.column: f"c{f.position}" for f in reversed(folds) if f.column}
    body = grid.cells.filter(pl.col("row") > bottom).filter(
        pl.any_horizontal(pl.exclude("row").str.strip_chars() != "")
    )
    units = {f.column: f.unit_fen for f in folds if f.unit_fen is not None}
    merged = tuple((first, last, f.column) for first, last, column in grid.merged for f in folds
                   if f.position == column and f.column and last > bottom)  # fmt: skip
    flaws = (*_heading_flaws(folds, table, place, body), *_column_flaws(used, table, place))
    notes = (*grid.notes, *([f"{at} rows stand above the headings"] if at else []))
    raw = body.select("row", *(pl.col(source).alias(name) for name, source in used.items()))
    if raw.is_empty():
        raise RegisterFault("no rows below the headings", where=place.file, hint="export the ledger again")
    beneath_it = (beneath(body, TOTAL), beneath(body, FOOT))
    return Reading(table, grid.file, grid.sheet, raw, units, folds, flaws, merged, grid.long_rows, notes, *beneath_it)


def _with_unit(found: Fold, table: Table, stated: int | None) -> Fold:
    if found.column and found.unit_fen is None and stated and fields(table)[found.column].kind == "money":
        return Fold(found.heading, found.position, found.column, stated, found.how)
    return found


def _stated_above(grid: Grid, at: int) -> int | None:
    above = (cell for row in grid.cells.head(at).drop("row").iter_rows() for cell in row if cell)
    found = (_UNIT_LINE.search(unicodedata.normalize("NFKC", cell)) for cell in above)
    return next((MONEY_UNITS[match[1]] for match in found if match), None)


@dataclass(frozen=True)
class Place:
    """File, sheet and row of the headings."""

    file: str
    sheet: str
    row: int


def _heading_flaws(folds: tuple[Fold, ...], table: Table, place: Place, body: pl.DataFrame) -> list[Flaw]:
    flaws = []
    columns = [f.column for f in folds]
    for number, f in enumerate(folds):
        where = (table, place.file, place.sheet, place.row, letters(f.position))
        empty = body[f"c{f.position}"].is_null().all()
        if not f.heading and not empty:
            flaws.append(Flaw(*where, "R-HEADER-BLANK", "a heading", ""))
        elif f.heading and not f.column and not empty:
            flaws.append(
                Flaw(
                    *where,
                    "R-HEADER-UNKNOWN",
                    nearest(bare(f.heading), spellings(table)),
                    f"({len(f.heading)} characters)",
                )
            )
        elif f.column and f.column in columns[:number]:
            flaws.append(Flaw(*where, "R-HEADER-TWICE", f"one column for {f.column}", f.heading))
        elif f.column == "income_fen_year":
            flaws.append(Flaw(*where, "R-HEADER-PERIOD", "家庭月收入", f.heading))
        elif f.column and fields(table)[f.column].kind == "money" and f.unit_fen is None:
            flaws.append(Flaw(*where, "R-UNIT-UNSTATED", f"{f.heading}(元), or money='yuan'", f.heading))
    return flaws


def _column_flaws(used: dict[str, str], table: Table, place: Place) -> list[Flaw]:
    where = (table, place.file, place.sheet, place.row)
    flaws = [
        Flaw(*where, "/".join(either), "R-COLUMN-MISSING", fields(table)[either[0]].zh, "")
        for either in _MUST[table]
        if not set(either) & used.keys()
    ]
    absent = [name for name in fields(table) if name not in used and unknown_if_absent(name) and name not in DERIVED]
    for name in absent:
        flaws.append(Flaw(*where, name, "R-COLUMN-ABSENT", f"{fields(table)[name].zh}: unknown for every row", ""))
    return flaws


def letters(position: int) -> str:
    """Return the letters Excel gives a column.

    Examples
    --------
    >>> letters(1), letters(27)
    ('A', 'AA')
    """
    whole, rest = divmod(position - 1, 26)
    return (letters(whole) if whole else "") + chr(ord("A") + rest)


def _unit_words(found: Fold) -> str:
    names = {1: "fen", 100: "yuan", 100_000: "thousand yuan", 1_000_000: "ten thousand yuan"}
    return f" [{names[found.unit_fen]}]" if found.unit_fen else ""
