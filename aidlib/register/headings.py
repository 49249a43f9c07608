"""Where the headings of a ledger stand: in one row, or in several under merged cells; and the lines below that are no records."""

from __future__ import annotations

import polars as pl

from aidlib.register.grids import TOP, Grid
from aidlib.register.schema import Table, fold

DEPTH = 4  # most rows of headings under one another
TOTAL = r"^\s*(合\s*计|总\s*计|小\s*计|(?i:total)\b)"
FOOT = r"^\s*(制表|填表|填报|审核|复核|经办|报送|单位负责|负责人|备注\s*[::]|注\s*[::]|说明\s*[::])"


def heading_row(grid: Grid, table: Table | None) -> tuple[int, Table, int]:
    """Find the row with most headings of a table: how many, which table, and its place in the grid."""
    best: tuple[int, Table, int] = (0, table or "persons", 0)
    for at, cells in enumerate(grid.cells.head(TOP).drop("row").iter_rows()):
        for which in (table,) if table else ("persons", "households"):
            score = sum(1 for cell in cells if cell and fold(cell, 0, which).column)
            if score > best[0]:
                best = (score, which, at)
    return best


def stacked(grid: Grid, table: Table, at: int) -> tuple[tuple[str | None, ...], int]:
    """Return the headings, each the lowest that is known in its column, and the last row they stand in.

    Where cells of the heading row are merged with rows above or below, all those rows are headings.

    Examples
    --------
    >>> cells = pl.DataFrame({"row": [1, 2], "c1": ["家庭编号", None], "c2": ["收入", "家庭月收入(元)"]})
    >>> stacked(Grid("a.xlsx", "家庭", cells, merged=((1, 2, 1),)), "households", 0)
    (('家庭编号', '家庭月收入(元)'), 2)
    """
    row = int(grid.cells["row"][at])
    spans = [(first, last) for first, last, _ in grid.merged if first <= row <= last and last - first < DEPTH]
    top, bottom = min([row, *(first for first, _ in spans)]), max([row, *(last for _, last in spans)])
    rows = grid.cells.filter(pl.col("row").is_between(top, bottom)).drop("row")
    return tuple(_lowest(rows[name].drop_nulls().to_list(), table) for name in rows.columns), bottom


def _lowest(texts: list[str], table: Table) -> str | None:
    known = [text for text in texts if fold(text, 0, table).column]
    found = known or texts
    return found[-1] if found else None


def beneath(body: pl.DataFrame, pattern: str) -> tuple[int, ...]:
    """Return the rows whose first filled cell says that they are totals, or the foot of the sheet.

    Examples
    --------
    >>> body = pl.DataFrame({"row": [7, 8, 9], "c1": ["H1", None, "制表人:"], "c2": ["450403", "总计30户", None]})
    >>> beneath(body, TOTAL), beneath(body, FOOT)
    ((8,), (9,))
    """
    first = pl.coalesce(pl.exclude("row"))
    return tuple(body.filter(first.str.contains(pattern))["row"].to_list())
