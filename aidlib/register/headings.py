"""The headings of a ledger: where they stand, what each means, and what the title and the sheet's name say besides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from aidlib.errors import RegisterFault, nearest
from aidlib.register.columns import (
    LONGEST_HEADING,
    MONEY_UNITS,
    Fold,
    Table,
    bare,
    departments,
    fields,
    fold,
    spellings,
    unit_in,
)
from aidlib.register.files import read_grids
from aidlib.register.grids import TOP, Grid, position

DEPTH = 4  # most rows of headings under one another
_UNIT_LINE = re.compile(r"单\s*位\s*[::]\s*(?:人民币|[人户次]|[、,/ ])*(万元|千元|元|分)")
MONTH_HEADING = re.compile(r"^(?:(\d{4})[年./-]?)?\s*(1[0-2]|0?[1-9])(?:月份?)?$")
_IN_TITLE = re.compile(r"(\d{4})\s*[年./-]\s*(1[0-2]|0?[1-9])\s*月?")


@dataclass(frozen=True)
class Given:
    """What the clerk says about a ledger besides its cells.

    Attributes
    ----------
    region : str
        Code of the county or city the ledger is about; places in words are looked for below it.
    money : str
        Unit of money columns whose heading states none; it is never guessed.
    values : mapping of str to str
        What holds on every row for a column the ledger does not have, such as `urban` or `property_ok`.
    kept : mapping of str to (str, str)
        Column and unit of headings, bare, as a mapping that is kept says (`read_mapping`).
    """

    region: str = ""
    money: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def read_mapping(path: str | Path) -> dict[str, tuple[str, str]]:
    """Read the small file that says what headings mean: `heading,column,unit`; an empty column leaves the heading out.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "mapping.csv")
    ...     _ = path.write_text("heading,column,unit\\n低保金合计,last_benefit_fen,元\\n", encoding="utf-8")
    ...     read_mapping(path)
    {'低保金合计': ('last_benefit_fen', '元')}
    """
    grid = read_grids(Path(path))[0]
    rows = [[(text or "").strip() for text in row] for row in grid.cells.drop("row").iter_rows()]
    at = {name: n for n, name in enumerate(rows[0])}
    if not {"heading", "column"} <= at.keys():
        raise RegisterFault(
            "no mapping of headings", where=Path(path).name, expected="heading,column,unit", got=",".join(rows[0])[:80]
        )
    known = {
        name for table in ("persons", "households", "recognitions", "aid", *departments()) for name in fields(table)
    }
    for row in rows[1:]:
        if row[at["column"]] and row[at["column"]] not in known:
            raise RegisterFault("unknown column", where=f"{Path(path).name}, heading {row[at['heading']][:40]}", got=row[at["column"]],
                                hint=nearest(row[at["column"]], known))  # fmt: skip
    unit = at.get("unit")
    return {bare(row[at["heading"]]): (row[at["column"]], row[unit] if unit is not None else "") for row in rows[1:]}


def meaning(text: str, place: int, table: Table, said: Given) -> Fold:
    """Fold a heading as the clerk keeps it, as the register knows it, or mark the nearest meaning as a guess nobody reads yet."""
    if (kept := said.kept.get(bare(text))) is not None:
        column = kept[0] if kept[0] in fields(table) else ""
        money = column != "" and fields(table)[column].kind == "money"
        return Fold(text, place, column, (MONEY_UNITS.get(kept[1]) or unit_in(text)) if money else None, "kept")
    found = fold(text, place, table)
    if found.column or len(bare(text)) < 3 or len(text) > LONGEST_HEADING:
        return found
    inside = [alias for alias in spellings(table) if len(alias) >= 3 and alias in bare(text)]
    longest = max(inside, key=len, default="")
    return replace(found, column=fold(longest, 0, table).column, how="guess") if longest else found


def column_of(text: str, place: int, table: Table, said: Given) -> str:
    """Name the column a heading is read as; a guess is read as none."""
    found = meaning(text, place, table, said)
    return found.column if found.how != "guess" else ""


def month_columns(grid: Grid, headings: dict[int, str], top: int) -> dict[int, str]:
    """Find columns of a payment sheet whose headings are months: one column a month."""
    year = next((match[0] for text in above_texts(grid, top) if (match := re.search(r"20\d{2}", text))), "")
    found = {
        at: match
        for at, text in headings.items()
        if (match := MONTH_HEADING.match(unicodedata.normalize("NFKC", text).strip()))
    }
    told = {at: (match[1] or year, match[2]) for at, match in found.items() if "月" in headings[at] or match[1]}
    return {at: f"{y}-{int(m):02d}" for at, (y, m) in told.items() if y}


def above_texts(grid: Grid, top: int) -> list[str]:
    """The sheet's name and the texts above its headings."""
    rows = grid.cells.filter(pl.col("row") < top).head(TOP).drop("row").iter_rows()
    texts = (grid.sheet, *(cell for row in rows for cell in row if cell))
    return [unicodedata.normalize("NFKC", text[:LONGEST_HEADING]) for text in texts]


def month_stated(grid: Grid, top: int) -> str:
    """Return the month the sheet's name or a title above the headings states, as YYYY-MM; else nothing."""
    found = (_IN_TITLE.search(text) for text in above_texts(grid, top))
    return next((f"{match[1]}-{int(match[2]):02d}" for match in found if match), "")


def area_stated(grid: Grid, top: int) -> str:
    """Return 城镇 or 农村 where the title or the sheet's name says that all of it is urban or rural dibao; else nothing."""
    text = "".join(above_texts(grid, top))
    urban, rural = (
        re.search(word + r"(居民)?(最低生活保障|低保|特困)", text) is not None
        for word in ("(城市|城镇)", "(农村|乡村)")
    )
    return "城镇" if urban and not rural else "农村" if rural and not urban else ""


def unit_stated(grid: Grid, top: int) -> int | None:
    found = (_UNIT_LINE.search(text) for text in above_texts(grid, top)[1:])
    return next((MONEY_UNITS[match[1]] for match in found if match), None)


def heading_row(grid: Grid, table: Table | None, said: Given | None = None) -> tuple[int, Table, int]:
    """Find the row with most headings of a table: how many, which table, and its place in the grid."""
    kept = {text for text, (column, _) in (said.kept if said else {}).items() if column}
    best: tuple[int, Table, int] = (0, table or "persons", 0)
    for at, cells in enumerate(grid.cells.head(TOP).drop("row").iter_rows()):
        for which in (table,) if table else ("persons", "households"):
            score = sum(
                1 for cell in cells if cell and (fold(cell, 0, which).column or bare(cell[:LONGEST_HEADING]) in kept)
            )
            if score > best[0]:
                best = (score, which, at)
    return best


def heading_rows(grid: Grid, at: int) -> tuple[int, int]:
    """Return the first and last row of headings: rows merged with the heading row, and rows of groups that stand over several columns.

    Examples
    --------
    >>> cells = pl.DataFrame({"row": [1, 2], "c1": ["家庭编号", None], "c2": ["收入", "家庭月收入(元)"]})
    >>> heading_rows(Grid("a.xlsx", "家庭", cells, merged=((1, 1, 2, 1),)), 0)
    (1, 2)
    """
    row, width = int(grid.cells["row"][at]), len(grid.cells.columns) - 1
    spans = [(first, last) for first, _, last, _ in grid.merged if first <= row <= last and last - first < DEPTH]
    top, bottom = min([row, *(first for first, _ in spans)]), max([row, *(last for _, last in spans)])
    groups = {first for first, left, last, right in grid.merged if first == last and 0 < right - left < width - 1}
    while bottom - row < DEPTH - 1 and bottom in groups:
        bottom += 1
    while row - top < DEPTH and top - 1 in groups:
        top -= 1
    if top == bottom == row:
        top, bottom = _unmerged(grid, at)
    return top, bottom


def _unmerged(grid: Grid, at: int) -> tuple[int, int]:
    """Find headings over two rows that nobody merged: the lower row names columns the upper one leaves open, and holds no number."""
    rows = {
        n: {c: text for c, text in cells.items() if text.strip()}
        for n, cells in replace(grid, cells=grid.cells.slice(max(at - 1, 0), 3)).rows()
    }
    row = int(grid.cells["row"][at])
    if _below(rows.get(row, {}), rows.get(row + 1, {})):
        return row, row + 1
    if _below(rows.get(row - 1, {}), rows.get(row, {})):
        return row - 1, row
    return row, row


def _below(upper: dict[int, str], lower: dict[int, str]) -> bool:
    """Tell whether a row of cells holds headings below those of the row above it.

    Examples
    --------
    >>> _below({1: "户主姓名", 2: "家庭成员", 4: "家庭人口"}, {2: "姓名", 3: "身份证号"})
    True
    >>> _below({1: "户主姓名", 2: "家庭人口"}, {1: "虚构", 2: "三"})
    False
    """
    starts = {at for at in upper if at + 1 not in upper and at + 1 in lower}
    if (
        len(upper) < 2
        or len(lower) < 2
        or any(re.search(r"\d{2}", text) for text in (*upper.values(), *lower.values()))
    ):
        return False
    known = sum(1 for text in lower.values() if any(fold(text, 0, table).column for table in ("persons", "households")))
    return known >= 2 and all(at not in upper or at in starts for at in lower)


def headings_of(grid: Grid, table: Table, top: int, bottom: int) -> dict[int, str]:
    """Return the heading of each column: the lowest of its own that is known, else all under one another if they are, else the lowest.

    A unit that stands only in a heading over it, as in 保障金(元), belongs to it too.
    """
    rows = grid.cells.filter(pl.col("row").is_between(top, bottom))
    groups = {(first, at): (first, left) for first, left, last, right in grid.merged if top <= first <= bottom and right > left
              for at in range(left, right + 1)}  # fmt: skip
    texts = {(number, at): text for number, cells in zip(rows["row"], rows.drop("row").iter_rows(), strict=True)
             for at, text in zip(map(position, rows.columns[1:]), cells, strict=True) if text and text.strip()}  # fmt: skip
    found = {}
    for at in map(position, rows.columns[1:]):
        over = [(number, texts.get(groups.get((number, at), (number, at)))) for number in range(top, bottom + 1)]
        stack = [(text, (number, at) in groups) for number, text in over if text]
        own = [text for text, group in stack if not group] or [text for text, _ in stack]
        joined = "".join(dict.fromkeys(text for text, _ in stack))
        known = [text for text in own if fold(text, 0, table).column] or (
            [joined] if fold(joined, 0, table).column else []
        )
        heading = (known or own or [""])[-1]
        unit = (
            next((text for text, _ in reversed(stack) if unit_in(text)), "") if heading and not unit_in(heading) else ""
        )
        named = {fen: word for word, fen in reversed(MONEY_UNITS.items())}
        found[at] = (
            f"{heading}({named[unit_in(unit) or 0]})" if unit and fold(heading, 0, table).how != "name" else heading
        )
    return found
