"""Ledgers that do not give each member a row: members in columns beside the head, heads alone, households known by their heads' numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from aidlib.register.cells import tidy
from aidlib.register.columns import Table, bare, fold, words
from aidlib.register.grids import Grid, position
from aidlib.register.headings import heading_rows, headings_of

if TYPE_CHECKING:
    from aidlib.register.reading import Reading

HEAD = "~head"  # the head's identity number, in a reading until its households have numbers
UNNUMBERED = "!"  # between the sheet and the row that name a household without a number
SLOT = 1 << 20  # rows of one sheet of a workbook at most: members in columns are told apart by multiples of it
MOST_MEMBERS = 15
TOTAL = r"^\s*(合\s*计|总\s*计|小\s*计|累\s*计|(?i:total)\b|\S{1,12}(合\s*计|小\s*计)\s*[:：]?\s*$)"
FOOT = (
    r"^\s*(制\s*表|填\s*表|填\s*报|审\s*核|审\s*批|复\s*核|经\s*办|报\s*送|单\s*位\s*(负责|盖章|公章)|负\s*责\s*人|分管|联系人"
    r"|备\s*注\s*[:：]|注\s*[:：]|说明\s*[:：]|第\s*\d+\s*页)"
)
TOTAL_ALONE = r"^\s*(合\s*计|总\s*计|小\s*计|本\s*页\s*(合|小)\s*计|累\s*计|(?i:total))\s*$"
LEAST_NUMBERED = 4  # cells of a row that only counts the columns
_NUMBER = "[1-9][0-9]?|[一二三四五六七八九十]"
_MEMBER = re.compile(
    f"^(?:第?(?P<before>{_NUMBER})位?)?(?P<who>共同生活家庭成员|共同生活的?成员|家庭成员|家属|成员|人员)?(?P<role>.*?)(?P<after>{_NUMBER})?的?$"
)
_APPLICANT = "户主"
Group = tuple[str, str]


def head_column(grid: Grid, table: Table, top: int, bottom: int) -> str | None:
    """Name the column of a grid that holds the identity number of the head; on a sheet of households any identity number is the head's."""
    both: tuple[tuple[Table, str], ...] = (("households", "head_id_number"), ("persons", "id_number"))
    for which, column in both[: 1 if table == "persons" else 2]:
        for place, text in headings_of(grid, which, top, bottom).items():
            if fold(text, place, which).column == column:
                return f"c{place}"
    return None


def member_of(heading: str) -> tuple[Group, str] | None:
    """Read a heading that names a member and what stands in the column: the member (role, number) and the column of persons.

    Examples
    --------
    >>> member_of("成员1姓名"), member_of("家庭成员二身份证号码"), member_of("配偶身份证号")
    ((('', '1'), 'name'), (('', '二'), 'id_number'), (('配偶', ''), 'id_number'))
    >>> member_of("户主姓名"), member_of("姓名3"), member_of("家庭成员"), member_of("联系电话")
    ((('户主', ''), 'name'), (('', '3'), 'name'), None, None)
    """
    text = bare(heading)
    for cut in range(len(text) + 1):
        prefix, rest = text[:cut], text[cut:]
        after = re.fullmatch(rf"(.+?)({_NUMBER})", rest) if not prefix else None
        column = fold(after[1] if after else rest, 0, "persons").column if rest else "name"
        found = _MEMBER.match(prefix)
        if not column or found is None or (not rest and not (found["before"] or found["after"])):
            continue
        number = (after[2] if after else "") or found["before"] or found["after"] or ""
        role = found["role"] or ""
        if role and role.casefold() not in words("relation"):
            continue
        if number or role:
            return (_APPLICANT if role and words("relation")[role.casefold()] == "applicant" else role, number), column
    return None


def members_in_columns(grid: Grid, at: int) -> tuple[Grid, frozenset[int]] | None:
    """Give each member a row where a sheet has a household a row, with members in columns beside the head; else nothing.

    Rows are numbered by the place of the member times `SLOT` plus the row of the sheet. With it come the columns of the household.
    """
    top, bottom = heading_rows(grid, at)
    titles = _with_groups(grid, top, bottom)
    groups: dict[Group, dict[str, int]] = defaultdict(dict)
    plain: dict[str, int] = {}
    for place, text in titles.items():
        if (found := member_of(text)) is not None:
            groups[found[0]].setdefault(found[1], place)
        elif (column := fold(text, place, "persons").column) != "":
            plain.setdefault(column, place)
    heads = groups.pop((_APPLICANT, ""), {})
    others = {group: columns for group, columns in groups.items() if {"name", "id_number"} & columns.keys()}
    if not others or len(others) >= MOST_MEMBERS or "relation" in plain or not {"name", "id_number"} & {*plain, *heads}:
        return None
    own = ({k: v for k, v in plain.items() if k != "household_id"} | heads, _APPLICANT)
    blocks = [own, *((columns, role) for (role, _), columns in others.items())]
    of_members = {place for columns in others.values() for place in columns.values()}
    return _long_grid(grid, (at, bottom), plain.get("household_id"), blocks), frozenset(titles.keys() - of_members)


def _with_groups(grid: Grid, top: int, bottom: int) -> dict[int, str]:
    """Return each column's heading with that of the group over it: 成员1 over 姓名 is 成员1姓名; a heading alone stays as it is."""
    own = headings_of(grid, "persons", top, bottom)
    if top == bottom:
        return own
    texts = {int(row[0]): row[1:] for row in grid.cells.filter(pl.col("row").is_between(top, bottom)).iter_rows()}
    places = list(map(position, grid.cells.columns[1:]))
    over = dict(zip(places, texts.get(top, ()), strict=False))
    for first, left, last, right in grid.merged:
        if first <= top <= last and right > left:
            over |= dict.fromkeys(range(left, right + 1), over.get(left))
    return {place: f"{over.get(place)}{text}" if over.get(place) and over[place] != text and member_of(f"{over[place]}{text}") else text
            for place, text in own.items()}  # fmt: skip


def _long_grid(grid: Grid, rows: tuple[int, int], number: int | None, blocks: list[tuple[dict[str, int], str]]) -> Grid:
    """Stack the blocks of columns of one sheet into rows of members below headings of their own."""
    at, bottom = rows
    columns = list(dict.fromkeys(name for own, _ in blocks for name in own if name != "relation"))
    body = grid.cells.filter(pl.col("row") > bottom)
    pieces = []
    for slot, (own, role) in enumerate(blocks):
        said = pl.col(f"c{own['relation']}") if "relation" in own else pl.lit(role or None, pl.String)
        cells = [pl.col(f"c{own[name]}") if name in own else pl.lit(None, pl.String) for name in columns]
        key = pl.col(f"c{number}") if number else pl.lit(None, pl.String)
        block = body.select(
            pl.col("row") + slot * SLOT,
            key.alias("c1"),
            said.alias("c2"),
            *(cell.alias(f"c{n}") for n, cell in enumerate(cells, 3)),
        )
        who = [f"c{n}" for n, name in enumerate(columns, 3) if name in ("name", "id_number")]
        pieces.append(block.filter(pl.any_horizontal((pl.col(who).str.strip_chars() != "").fill_null(False))))
    header = ["低保证号" if number else None, "与户主关系", *columns]
    top = pl.DataFrame([[int(grid.cells["row"][at]), *header]], schema=pieces[0].schema, orient="row")
    return replace(grid, cells=pl.concat([top, *pieces]), merged=(), notes=(*grid.notes, "members stand in columns"))


def keys_of_rows(raw: pl.DataFrame, sheet: str) -> pl.Series | None:
    """Name households without a number after the place of their head, by the head's identity number or where every row is a household."""
    places = raw.select(pl.format("{}{}{}", pl.lit(sheet), pl.lit(UNNUMBERED), pl.col("row") % SLOT)).to_series()
    if HEAD in raw.columns and (heads := tidy(raw[HEAD]).forward_fill()).is_not_null().any():
        return pl.DataFrame({"head": heads, "place": places}).select(pl.col("place").first().over("head")).to_series()
    return places if "relation" not in raw.columns else None


def tied_by_heads(pieces: list[Reading]) -> list[Reading]:
    """Give every table the household numbers of the others by the identity number of the head."""
    if all("household_id" in piece.raw.columns for piece in pieces):
        return pieces
    known: dict[str, str] = {}
    for piece in sorted(pieces, key=lambda one: "household_id" not in one.raw.columns):
        heads = _heads(piece)
        if heads is None:
            continue
        own = tidy(piece.raw["household_id"]) if "household_id" in piece.raw.columns else None
        places = (own if own is not None else _places(piece)).to_list()
        for head, home in zip(heads.to_list(), places, strict=True):
            if head and home:
                known.setdefault(head, home)
    return [_with_household(piece, known) for piece in pieces]


def _with_household(piece: Reading, known: dict[str, str]) -> Reading:
    if "household_id" in piece.raw.columns or (heads := _heads(piece)) is None:
        return piece
    home = heads.replace_strict(known, default=None, return_dtype=pl.String) if known else heads
    note = "no household number: each household is named by the place of its head"
    return replace(piece, raw=piece.raw.with_columns(home.alias("household_id")), notes=(*piece.notes, note),
                   flaws=tuple(flaw for flaw in piece.flaws if flaw.column != "household_id"))  # fmt: skip


def _places(piece: Reading) -> pl.Series:
    return piece.raw.select(
        pl.format("{}{}{}", pl.lit(piece.sheet or piece.file), pl.lit(UNNUMBERED), pl.col("row") % SLOT)
    ).to_series()


def _heads(piece: Reading) -> pl.Series | None:
    """Return the identity number of each row's head: as a column of its own says, else the number of the head above."""
    raw = piece.raw
    if HEAD in raw.columns:
        heads = tidy(raw[HEAD])
        return heads if "household_id" in raw.columns else heads.forward_fill()
    if piece.table != "persons" or not {"relation", "id_number"} <= set(raw.columns):
        return None
    role = tidy(raw["relation"]).replace_strict(words("relation"), default=None, return_dtype=pl.String)
    own = tidy(raw["id_number"]).set((role != "applicant").fill_null(True), None)
    return own if "household_id" in raw.columns else own.forward_fill()


def as_heads(people: Reading, key: pl.Series) -> Reading:
    """Take the persons of a sheet with one row a household and no relations for what they are: heads."""
    raw = people.raw
    found = set()
    if HEAD in raw.columns and not {"id_number", "person_id"} & set(raw.columns):
        raw, found = raw.with_columns(raw[HEAD].alias("id_number")), {"person_id/id_number"}
    alone = "relation" not in raw.columns and key.drop_nulls().is_unique().all()
    if alone:
        raw, found = raw.with_columns(relation=pl.lit(_APPLICANT)), found | {"relation"}
    flaws = tuple(flaw for flaw in people.flaws if flaw.column not in found)
    return replace(people, raw=raw, flaws=flaws, heads=(0,) if alone else ())


def numbered_in_households(people: Reading) -> Reading:
    """Number the persons of a ledger without identity numbers in their households: there they can be told apart, and nowhere else."""
    raw = people.raw
    if "household_id" not in raw.columns or {"id_number", "person_id"} & set(raw.columns):
        return people
    own = pl.format("{}/{}", "household_id", pl.int_range(1, pl.len() + 1).over("household_id"))
    note = "no identity numbers: that one person is in two households, or in a list of a department, cannot be told"
    flaws = tuple(flaw for flaw in people.flaws if flaw.column != "person_id/id_number")
    return replace(people, raw=raw.with_columns(person_id=own), flaws=flaws, notes=(*people.notes, note))


def repeated(cells: pl.DataFrame, bottom: int) -> list[int]:
    """Find rows below the headings that say again, cell for cell, what stands above the records: titles and headings of the next printed page."""
    above = cells.filter(pl.col("row") <= bottom).filter(filled() > 0).drop("row")
    below = cells.filter(pl.col("row") > bottom)
    return below.join(above.unique(), on=above.columns, how="semi", nulls_equal=True)["row"].to_list()


def records(body: pl.DataFrame, again: list[int]) -> tuple[pl.DataFrame, list[str]]:
    """Leave out what is no record: totals, signatures and remarks, titles and headings said again, a row that only counts the columns; say which."""
    if body.is_empty():
        return body, []
    first, cells = pl.coalesce(pl.exclude("row")), pl.exclude("row")
    alone = pl.any_horizontal(cells.str.contains(TOTAL_ALONE).fill_null(False))
    foot = first.str.contains(FOOT) & (filled() * 2 < len(body.columns))
    marked = body.select("row", cells, total=first.str.contains(TOTAL) | alone, foot=foot).filter(
        pl.col("total") | pl.col("foot")
    )
    number = pl.any_horizontal(cells.str.contains(r"^\s*\d{17}[\dXx]\s*$").fill_null(False))
    persons = marked.select(pl.col("row", *body.columns[1:])).filter(number)["row"]
    kinds = marked.filter(~pl.col("row").is_in(persons.implode())).with_columns(foot=pl.col("foot") & ~pl.col("total"))
    counted = [int(body["row"][0])] if _counts_columns(body.row(0)[1:]) else []
    rows = {"totals": kinds.filter("total")["row"].to_list(), "signatures or remarks": kinds.filter("foot")["row"].to_list(),
            "numbers of columns": counted, "titles and headings of further pages": again}  # fmt: skip
    out = [row for each in rows.values() for row in each]
    notes = [f"{len(each)} rows of {what} were left out ({_few(each)})" for what, each in rows.items() if each]
    return body.filter(~pl.col("row").is_in(out)), notes


def _few(rows: list[int]) -> str:
    return ", ".join(map(str, rows[:8])) + (", ..." if len(rows) > 8 else "")


def _counts_columns(cells: tuple[str | None, ...]) -> bool:
    """Tell whether a row below the headings only numbers them: 1, 2, 3 and on, after 甲, 乙.

    Examples
    --------
    >>> _counts_columns(("甲", "1", "2", "3", "4")), _counts_columns(("1", "450403", "3", "4"))
    (True, False)
    """
    filled = [cell.strip() for cell in cells if cell and cell.strip() not in ("甲", "乙", "丙", "丁", "序号", "栏次")]
    whole = [int(cell) for cell in filled if cell.isdecimal() and len(cell) < 4]
    return len(whole) == len(filled) >= LEAST_NUMBERED and all(b == a + 1 for a, b in pairwise(whole))


def filled() -> pl.Expr:
    """Count the filled cells of each row."""
    return pl.sum_horizontal((pl.exclude("row").str.strip_chars() != "").fill_null(False).cast(pl.Int64))
