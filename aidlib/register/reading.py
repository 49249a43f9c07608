"""Find the headings of a ledger, fold them onto the columns of the register, and take persons and households out of its sheets; every fold is listed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from aidlib import regions
from aidlib.errors import RegisterFault, nearest
from aidlib.register import cells as typing_of
from aidlib.register.cells import HINTS
from aidlib.register.columns import (
    COLUMNS,
    DERIVED,
    LONGEST_HEADING,
    MONEY_UNITS,
    Fold,
    Table,
    bare,
    departments,
    fields,
    fold,
    spellings,
    unknown_if_absent,
    words,
    year_of,
)
from aidlib.register.files import read_grids
from aidlib.register.flaws import Flaw
from aidlib.register.grids import HIDDEN, Grid, Limits, letters
from aidlib.register.headings import (
    MONTH_HEADING,
    Given,
    area_stated,
    column_of,
    heading_row,
    heading_rows,
    headings_of,
    meaning,
    month_columns,
    month_stated,
    unit_stated,
)
from aidlib.register.shapes import (
    HEAD,
    SLOT,
    UNNUMBERED,
    as_heads,
    filled,
    head_column,
    keys_of_rows,
    members_in_columns,
    numbered_in_households,
    records,
    repeated,
    tied_by_heads,
)

LEAST_HEADINGS = 2
STEP = 1 << 24  # rows of one sheet at most; row numbers of the sheets of one table are told apart by multiples of it
PLACES = ("township", "village", "region_code", "urban", "as_of", "scheme")
WORKED_OUT = (
    "last_benefit_fen",
    "on_dibao",
    "dibao_tier",
    "serious_illness",
)  # what other columns of a sheet may say instead
OF_ROWS = ("R-HOME-FACTS", "R-REGION-OUTSIDE")  # faults of single rows that only the reader can see
_MUST = {
    "persons": (("household_id",), ("person_id", "id_number")),
    "households": (("household_id",), ("region_code",)),
}
_OF_LISTS = (("household_id", "id_number", "person_id"),)


@dataclass(frozen=True)
class Reading:
    """A register table as it was found: texts under the register's names, not yet checked.

    Attributes
    ----------
    table, file, sheet : str
        Which table, and where it was read first.
    raw : polars.DataFrame
        `row` as the file counts it (plus `STEP` times the place in `sheets`), and one text column per column found.
    units : dict
        Fen in one unit of each money column that states one.
    folds : tuple of Fold
        Every heading and the column it was folded onto.
    flaws : tuple of Flaw
        What is wrong with the headings, and what was ignored.
    merged : tuple of (int, int, str)
        Cells merged over several rows that were not filled down: first row, last row, column.
    long_rows, notes :
        As the file reader found them (`files.Grid`).
    above : tuple of int
        Rows of cells as full as records above the headings.
    sheets : tuple of (str, str)
        Files and sheets the rows come from.
    of_members : bool
        Households that were taken out of the rows of their members.
    heads : tuple of int
        Places in `sheets` of those that list heads alone.
    slotted : bool
        Rows stand for members in columns: they hold a multiple of `shapes.SLOT`.
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
    above: tuple[int, ...] = ()
    sheets: tuple[tuple[str, str], ...] = ()
    of_members: bool = False
    heads: tuple[int, ...] = ()
    slotted: bool = False

    @property
    def place(self) -> str:
        """File and sheet."""
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file

    def listing(self) -> str:
        """Write one line for each heading: where it stands, what it says, and the column it became."""
        lines = [f"{letters(f.position)}: {f.heading} -> {_became(f)}{_unit_words(f)}" for f in self.folds]
        return "\n".join([self.place, *lines, *self.notes])

    def decoded(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Turn the row numbers of a frame (`row`, beside `file` and `sheet`) into those of the sheet each row stands in."""
        slot = pl.col("row") % SLOT if self.slotted else pl.col("row")
        if len(self.sheets) < 2:
            return frame.with_columns(slot)
        at, names = pl.col("row") // STEP, dict(enumerate(self.sheets))
        new = {place: at.replace_strict({n: name[which] for n, name in names.items()}, default=None, return_dtype=pl.String)
               for which, place in enumerate(("file", "sheet"))}  # fmt: skip
        far = pl.col("row") >= STEP
        told = {name: pl.when(far).then(value).otherwise(pl.col(name)).alias(name) for name, value in new.items()}
        return frame.with_columns(*told.values(), pl.col("row") % STEP).with_columns(slot)


def _became(found: Fold) -> str:
    return f"(ignored; {found.column}? keep it with --mapping)" if found.how == "guess" else found.column or "(ignored)"


def read_register(
    path: str | Path,
    sheet: str | None = None,
    table: Table | None = None,
    money: str | None = None,
    limits: Limits | None = None,
    given: Given | None = None,
) -> Reading:
    """读入人员或住户登记。 Read persons or households from CSV, Excel or Parquet, under Chinese or English headings.

    Parameters
    ----------
    path : str or Path
        `.csv`, `.xlsx`, `.xls` or `.parquet`. CSV may be UTF-8, UTF-16 or GB18030, with comma, tab, semicolon or bar.
    sheet : str, optional
        Sheet of a workbook; without it every visible sheet that reads as the table, such as one for each township.
    table : str, optional
        persons, households, recognitions, aid or a departmental list; without it persons or households, whichever more headings belong to.
    money : {"元", "万元", "分", "yuan", "wan", "fen"}, optional
        Unit of money columns whose heading states none. Without it such a column is a fault: a unit is never guessed.
    limits : Limits, optional
        How much the file may ask of the reader.
    given : Given, optional
        Region, constants and kept headings; `money` goes before its own.

    Returns
    -------
    Reading

    Raises
    ------
    RegisterFault
        The file cannot be read, has no row of headings, or sheets of both tables could be meant.

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
    if not isinstance(path, (str, Path)):
        raise RegisterFault("not a file", where="path", expected="the path of a file", got=type(path).__name__)
    said = _said(given, money)
    grids = read_grids(Path(path), sheet, limits)
    found = [(score, grid, which, at) for grid in grids for score, which, at in [heading_row(grid, table, said)]]
    best = [one for one in found if one[0] >= LEAST_HEADINGS and one[0] * 2 > max(other[0] for other in found)]
    if not best:
        raise RegisterFault("no row of headings was recognised", where=Path(path).name, expected="such as 家庭编号, 身份证号",
                            hint=_other(grids, table) or "name the columns as in data/register_aliases.csv")  # fmt: skip
    shown = [one for one in best if HIDDEN not in one[1].notes] or best[:1]
    if len({which for _, _, which, _ in shown}) > 1:
        raise RegisterFault("several sheets could be meant", where=Path(path).name, got=", ".join(b[1].sheet for b in shown),
                            hint="name one with sheet= (--persons-sheet, --households-sheet)")  # fmt: skip
    left = [one[1].sheet for one in best if not any(one[1] is other[1] for other in shown)]
    hidden = tuple(f"hidden sheet {name} was left out" for name in left)
    pieces = [
        _folded(replace(grid, notes=(*grid.notes, *hidden * (n == 0))), which, at, said)
        for n, (_, grid, which, at) in enumerate(shown)
    ]
    return joined(pieces)


def read_ledger(
    paths: Iterable[str | Path], sheet: str | None = None, limits: Limits | None = None, given: Given | None = None
) -> tuple[Reading, Reading]:
    """Take persons and households out of a county's ledger, whatever the sheets hold: one table each, or both in one."""
    said = _said(given, None)
    pieces: list[Reading] = []
    alone: list[tuple[Grid, int]] = []
    grids = [grid for path in paths for grid in read_grids(Path(path), sheet, limits) if HIDDEN not in grid.notes]
    for grid in grids:
        (people, _, at), (homes, _, below) = heading_row(grid, "persons", said), heading_row(grid, "households", said)
        if max(people, homes) < LEAST_HEADINGS:
            continue
        row = at if people >= homes else below
        if (wide := members_in_columns(grid, row)) is not None:
            pieces += _wide(grid, *wide, row, said)
            continue
        texts = set(headings_of(grid, "persons", *heading_rows(grid, row)).values())
        columns = {fold(text, 0, "persons").column for text in texts}
        facts = {fold(text, 0, "households").column for text in texts if not fold(text, 0, "persons").column} - {
            *PLACES,
            "",
        }
        if not columns & {"name", "relation", "person_id"}:
            alone.append((grid, below))
        elif facts - {"head_name", "head_id_number"}:
            pieces += _both(grid, row, said)
        else:
            pieces.append(_folded(grid, "persons", at, said))
    heads_alone = not any(piece.table == "persons" for piece in pieces)
    known = _keys_of([piece for piece in pieces if piece.table == "persons"])
    whole = any(piece.table == "households" for piece in pieces)  # the others bring their own households
    for grid, below in alone:
        piece = _folded(grid, "households", below, said)
        apart = whole and known.isdisjoint(keys := _keys_of([piece])) and bool(keys)
        pieces += _both(grid, below, said) if heads_alone or apart else [piece]
    pieces = tied_by_heads(pieces)
    tables = [[piece for piece in pieces if piece.table == table] for table in ("persons", "households")]
    tables[1] = _without_repeats(tables[1])
    for table, own in zip(("persons", "households"), tables, strict=True):
        if not own:
            raise RegisterFault(f"no sheet holds {table}", where=", ".join(sorted({grid.file for grid in grids})),
                                expected="姓名, 身份证号, 与户主关系 of persons; 家庭编号, 家庭收入 of households",
                                hint="give the other file too, or see the template: aidlib register template FILE")  # fmt: skip
    return numbered_in_households(joined(tables[0])), joined(tables[1])


def _keys_of(pieces: list[Reading]) -> set[str]:
    """Return what names the households of some tables: their numbers and the identity numbers of heads and members."""
    names = ("household_id", "id_number", HEAD)
    return {text for piece in pieces for name in names if name in piece.raw.columns
            for text in typing_of.tidy(piece.raw[name]).drop_nulls().to_list()}  # fmt: skip


def _without_repeats(homes: list[Reading]) -> list[Reading]:
    """Drop households taken out of sheets of persons where a sheet of households lists them too: that sheet is the one meant."""
    listed = [piece for piece in homes if not piece.of_members]
    if not listed or len(listed) == len(homes):
        return homes
    known = pl.concat([piece.raw.select("household_id") for piece in listed if "household_id" in piece.raw.columns])
    kept = [replace(piece, raw=piece.raw.join(known, on="household_id", how="anti", maintain_order="left"),
                    flaws=tuple(flaw for flaw in piece.flaws if flaw.code not in OF_ROWS))
            for piece in homes if piece.of_members]  # fmt: skip
    return [*listed, *(piece for piece in kept if piece.raw.height)]


def _said(given: Given | None, money: str | None) -> Given:
    said = replace(given or Given(), money=money or (given.money if given else None))
    if said.money is not None and said.money not in MONEY_UNITS:
        raise RegisterFault("unknown money unit", expected=", ".join(MONEY_UNITS), got=said.money)
    return said


def joined(pieces: list[Reading]) -> Reading:
    """Put the sheets of one table together; each row keeps the sheet it came from."""
    pieces = [replace(piece, raw=piece.raw.drop(HEAD, strict=False)) for piece in pieces]
    first = pieces[0]
    if len(pieces) == 1:
        return replace(first, sheets=((first.file, first.sheet),))
    units: dict[str, int] = {}
    for piece in pieces:
        for name, unit in piece.units.items():
            if units.setdefault(name, unit) != unit:
                raise RegisterFault("one column in two units", where=f"{piece.place}, {name}", got=f"{unit} and {units[name]} fen",
                                    hint="register the sheets one by one, or write one unit")  # fmt: skip
    names = {name for piece in pieces for name in piece.raw.columns}
    raw = pl.concat(
        [_as_absent(piece.raw, names).with_columns(pl.col("row") + n * STEP) for n, piece in enumerate(pieces)],
        how="diagonal",
    )
    moved = [[(a + n * STEP, b + n * STEP, c) for a, b, c in piece.merged] for n, piece in enumerate(pieces)]
    seen: dict[tuple[str, str, str, int], Flaw] = {}
    for n, flaw in ((n, flaw) for n, piece in enumerate(pieces) for flaw in piece.flaws):
        row = flaw.row + n * STEP if flaw.code in OF_ROWS else 0
        seen.setdefault((flaw.column, flaw.code, flaw.expected, row), replace(flaw, row=row) if row else flaw)
    flaws = [
        flaw for (column, code, _, _), flaw in seen.items() if not (code == "R-COLUMN-ABSENT" and column in raw.columns)
    ]
    return replace(first, raw=raw, units=units, merged=tuple(area for one in moved for area in one), flaws=tuple(flaws),
                   long_rows=tuple(row + n * STEP for n, piece in enumerate(pieces) for row in piece.long_rows),
                   above=tuple(row + n * STEP for n, piece in enumerate(pieces) for row in piece.above),
                   notes=tuple(f"{piece.sheet}: {note}" for piece in pieces for note in piece.notes),
                   heads=tuple(n for n, piece in enumerate(pieces) if piece.heads), slotted=any(piece.slotted for piece in pieces),
                   sheets=tuple((piece.file, piece.sheet) for piece in pieces))  # fmt: skip


def _as_absent(raw: pl.DataFrame, names: set[str]) -> pl.DataFrame:
    """Fill the columns that only other sheets have with what the register says holds where a table lacks them."""
    lacking = [COLUMNS[name] for name in sorted(names - set(raw.columns)) if name in COLUMNS and name not in WORKED_OUT]
    stated = [column for column in lacking if column.absent is not None]
    return raw.with_columns(pl.lit(c.codes[c.absent or 0] if c.codes else str(c.absent)).alias(c.name) for c in stated)


def _other(grids: list[Grid], table: Table | None) -> str:
    """Say that a file given as one table reads as the other."""
    if table not in ("persons", "households"):
        return ""
    other: Table = "households" if table == "persons" else "persons"
    meant = max(heading_row(grid, other)[0] for grid in grids) >= LEAST_HEADINGS
    return f"it reads as {other}, and was given as {table}" if meant else ""


def _folded(grid: Grid, table: Table, at: int, said: Given, only: frozenset[int] | None = None) -> Reading:
    """Read one sheet as one table; `only` names the columns of the grid that belong to it."""
    top, bottom = heading_rows(grid, at)
    every = headings_of(grid, table, top, bottom)
    headings = {place: text for place, text in every.items() if only is None or place in only}
    stated = MONEY_UNITS[said.money] if said.money else unit_stated(grid, top)
    folds = tuple(_with_unit(meaning(text, place, table, said), table, stated) for place, text in headings.items())
    place = Place(grid.file, grid.sheet, int(grid.cells["row"][at]))
    used = {f.column: f"c{f.position}" for f in reversed(folds) if f.column and f.how != "guess"}
    if table == "aid":
        used |= {f"~{month}": f"c{at}" for at, month in month_columns(grid, headings, top).items()}
    whole, merged = _merged_filled(grid, bottom, {f.position: f.column for f in folds if f.column}, table)
    body = whole.filter(pl.col("row") > bottom).filter(filled() > 0)
    body, left_out = records(body, repeated(grid.cells, bottom))
    above, titles = _above(grid, top, sum(1 for text in every.values() if text))
    units = {f.column: f.unit_fen for f in folds if f.unit_fen is not None}
    flaws = _heading_flaws(folds, table, place, body)
    notes = (*grid.notes, *([f"{titles} rows stand above the headings"] if titles else []), *left_out)
    if table in ("persons", "households") and (head := head_column(grid, table, top, bottom)):
        used[HEAD] = head
    raw = pl.concat([above, body]).select("row", *(pl.col(source).alias(name) for name, source in used.items()))
    if raw.is_empty() and table not in departments():  # a department that has nobody to name hands in its headings
        raise RegisterFault("no rows below the headings", where=place.file, hint="export the ledger again")
    empty = [
        name for name in raw.columns if raw.height and _may_lack(name) and not (raw[name].str.strip_chars() != "").any()
    ]
    raw = raw.drop(empty)
    raw = _placed(_with_given(raw, table, grid, said, top), table, said, blank=only is not None)
    if table == "aid":
        raw, units = _long(raw, units, grid, said, top)
    flaws += _column_flaws(set(raw.columns), table, place)
    flaws += _outside(raw, said, place) if table == "households" else []
    return Reading(
        table,
        grid.file,
        grid.sheet,
        raw,
        units,
        folds,
        tuple(flaws),
        merged,
        grid.long_rows,
        notes,
        tuple(above["row"].to_list()),
    )


def _may_lack(name: str) -> bool:
    """Tell whether a column without a filled cell is as good as none: where the register says what holds then."""
    known = COLUMNS.get(name)
    return name not in ("row", HEAD) and (known is None or known.absent is not None or known.overrides)


def _long(
    raw: pl.DataFrame, units: dict[str, int], grid: Grid, said: Given, top: int
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Lay payments out one month a row; a sheet without months is of the month its name or title states."""
    wide = [name for name in raw.columns if name.startswith("~")]
    if wide:
        kept = [name for name in raw.columns if name not in (*wide, "amount_fen", "month")]
        rows = raw.unpivot(wide, index=kept, variable_name="month", value_name="amount_fen").with_columns(
            pl.col("month").str.slice(1)
        )
        unit = units.get("amount_fen") or (MONEY_UNITS[said.money] if said.money else unit_stated(grid, top))
        return rows.filter(pl.col("amount_fen").str.strip_chars() != ""), units | ({"amount_fen": unit} if unit else {})
    stated = month_stated(grid, top)
    return (raw.with_columns(month=pl.lit(stated)) if stated and "month" not in raw.columns else raw), units


def _both(grid: Grid, at: int, said: Given) -> list[Reading]:
    """Read a sheet that holds persons and households: household facts stand on the first member's row, on all, or in merged cells."""
    top, bottom = heading_rows(grid, at)
    heads = headings_of(grid, "persons", top, bottom)
    merged = {left for first, left, last, right in grid.merged if last > first > bottom and left == right}
    of = {
        table: {place: column_of(text, place, table, said) for place, text in heads.items()}
        for table in ("persons", "households")
    }
    home = frozenset(place for place, fact in of["households"].items()
                     if fact and (fact in ("household_id", *PLACES) or place in merged or not of["persons"][place]))  # fmt: skip
    shared = {place for place in home if of["households"][place] == "household_id"}
    people = _folded(grid, "persons", at, said, frozenset(heads) - (home - shared))
    homes = _folded(grid, "households", at, said, home)
    key = _household_keys(people.raw, grid.sheet, homes.raw)
    people = replace(people, raw=people.raw.drop("household_id", strict=False).with_columns(key.alias("household_id")),
                     flaws=tuple(flaw for flaw in people.flaws if flaw.column != "household_id"),
                     notes=(*people.notes, *_numbered_note(people.raw)))  # fmt: skip
    people = as_heads(people, key)
    of_rows = homes.raw.drop("household_id", HEAD, strict=False).with_columns(key.alias("household_id"))
    firsts, told = _one_a_household(of_rows, homes)
    if said.region and "region_code" in firsts.columns:
        firsts = firsts.with_columns(pl.col("region_code").fill_null(said.region))
    sound = tuple(flaw for flaw in homes.flaws if flaw.column != "household_id")
    return [
        people,
        replace(homes, raw=firsts, flaws=(*sound, *told), merged=(), notes=(), long_rows=(), above=(), of_members=True),
    ]


def _wide(grid: Grid, long: Grid, own: frozenset[int], at: int, said: Given) -> list[Reading]:
    """Read a sheet that has a household a row and its members in columns."""
    homes, people = _folded(grid, "households", at, said, own), _folded(long, "persons", 0, said)
    if "household_id" not in homes.raw.columns:
        keyed = [piece.raw.with_columns(household_id=pl.format("{}{}{}", pl.lit(grid.sheet), pl.lit(UNNUMBERED), pl.col("row") % SLOT))
                 for piece in (homes, people)]  # fmt: skip
        sound = [tuple(flaw for flaw in piece.flaws if flaw.column != "household_id") for piece in (homes, people)]
        homes, people = (
            replace(piece, raw=raw, flaws=flaws)
            for piece, raw, flaws in zip((homes, people), keyed, sound, strict=True)
        )
    return [replace(people, slotted=True), replace(homes, notes=())]


def _numbered_note(raw: pl.DataFrame) -> list[str]:
    return (
        []
        if "household_id" in raw.columns
        else ["no household number: each household is named by the sheet and row of its head"]
    )


def _household_keys(raw: pl.DataFrame, sheet: str, homes: pl.DataFrame) -> pl.Series:
    """Return each row's household: its number, that of the head above it, or where there is none the place of the head.

    Without numbers and roles, a row that leaves open the head it is under belongs to the row above.
    """
    none = pl.Series([None], dtype=pl.String).new_from_index(0, len(raw))
    roles = raw["relation"].str.strip_chars() if "relation" in raw.columns else none
    head = (roles.replace_strict(words("relation"), default=None, return_dtype=pl.String) == "applicant").fill_null(
        False
    )
    if not {"household_id", "relation", HEAD} & set(raw.columns) and "head_name" in homes.columns:
        head = typing_of.tidy(homes["head_name"]).is_not_null()
    elif "household_id" not in raw.columns and (keys := keys_of_rows(raw, sheet)) is not None:
        return keys
    if "household_id" not in raw.columns:
        places = raw.select(pl.format("{}{}{}", pl.lit(sheet), pl.lit(UNNUMBERED), "row")).to_series()
        return places.set(~head, None).forward_fill()
    number = typing_of.tidy(raw["household_id"])
    if "relation" not in raw.columns:
        return number
    block = head.cast(pl.Int64).cum_sum()
    return pl.DataFrame({"n": number, "b": block}).select(pl.col("n").forward_fill().over("b")).to_series()


def _one_a_household(rows: pl.DataFrame, homes: Reading) -> tuple[pl.DataFrame, list[Flaw]]:
    """Keep one row a household, the first, with the first filled cell of each fact; facts that differ between its rows are a fault."""
    facts = [name for name in rows.columns if name not in ("row", "household_id")]
    tidied = rows.with_columns(typing_of.tidy(rows[name]).alias(name) for name in facts)
    known = tidied.filter(pl.col("household_id").is_not_null())
    grouped = known.group_by("household_id", maintain_order=True).agg(
        pl.col("row").first(), *(pl.col(name).drop_nulls().first() for name in facts),
        *(pl.col(name).drop_nulls().n_unique().alias(f"~{name}") for name in facts),
    )  # fmt: skip
    flaws = [
        Flaw("households", homes.file, homes.sheet, row, name, "R-HOME-FACTS", "one value for the household", "")
        for name in facts for row in grouped.filter(pl.col(f"~{name}") > 1)["row"].to_list()
    ]  # fmt: skip
    return grouped.select("row", "household_id", *facts), flaws


def _merged_filled(
    grid: Grid, bottom: int, columns: dict[int, str], table: Table
) -> tuple[pl.DataFrame, tuple[tuple[int, int, str], ...]]:
    """Fill cells merged over several rows down where they say a household or a place; the others are told."""
    areas = [
        (first, left, last) for first, left, last, right in grid.merged if last > max(first, bottom) and first > bottom
    ]
    fill = (
        {"household_id", *PLACES}
        if table in ("persons", "households")
        else {"household_id", "month", "programme", *PLACES}
    )
    frame, told = grid.cells, []
    for at in {left for _, left, _ in areas} & columns.keys():
        spans = sorted((first, last) for first, left, last in areas if left == at)
        if columns[at] not in fill:
            told += [(first, last, columns[at]) for first, last in spans]
            continue
        area = pl.DataFrame(spans, schema={"row": pl.Int64, "last": pl.Int64}, orient="row").with_columns(
            area=pl.col("row")
        )
        placed = frame.select("row", f"c{at}").join_asof(area, on="row", strategy="backward")
        inside = pl.col("row") <= pl.col("last")
        text = pl.when(inside).then(pl.col(f"c{at}").forward_fill().over("area")).otherwise(pl.col(f"c{at}"))
        frame = frame.with_columns(placed.select(text.alias(f"c{at}")).to_series())
    return frame, tuple(told)


def _with_given(raw: pl.DataFrame, table: Table, grid: Grid, said: Given, top: int) -> pl.DataFrame:
    """Add what the clerk says holds on every row, the county, and the township or area that a sheet's name or title states."""
    values = {name: value for name, value in said.values.items() if name in fields(table) and name not in raw.columns}
    if table == "households":
        if "urban" not in raw.columns and (area := area_stated(grid, top)):
            values.setdefault("urban", area)
        if "township" not in raw.columns and re.search(r"(乡|镇|街道|办事处)$", grid.sheet):
            values["township"] = grid.sheet
        if said.region and "region_code" not in raw.columns:
            values["region_code"] = said.region
    return raw.with_columns(pl.lit(value).alias(name) for name, value in values.items())


def _placed(raw: pl.DataFrame, table: Table, said: Given, blank: bool) -> pl.DataFrame:
    """Turn places in words or in long codes into the code of the county that decides; what is finer becomes the township.

    An empty cell is the county the ledger is of, but stays `blank` while the rows of members are still to become a household.
    """
    if table != "households" or not said.region or not {"region_code", "township"} & set(raw.columns):
        return raw
    if "region_code" not in raw.columns:
        raw = raw.with_columns(
            region_code=pl.col("township") if raw["township"].str.contains(r"^\d{9,12}$").any() else pl.lit(said.region)
        )
    asked = regions.region(said.region)
    texts = typing_of.tidy(raw["region_code"])
    found = {text: _place_of(text, asked) for text in texts.drop_nulls().unique().to_list()}
    code = texts.replace_strict({text: code for text, (code, _) in found.items()}, default=None, return_dtype=pl.String)
    code = code if blank else code.fill_null(asked.code)
    finer = texts.replace_strict(
        {text: rest for text, (_, rest) in found.items()}, default=None, return_dtype=pl.String
    )
    finer = finer.set((finer == "").fill_null(False), None)
    own = (
        raw["township"] if "township" in raw.columns else pl.Series([None], dtype=pl.String).new_from_index(0, len(raw))
    )
    return raw.with_columns(code.alias("region_code"), own.fill_null(finer).alias("township"))


def _outside(raw: pl.DataFrame, said: Given, place: Place) -> list[Flaw]:
    """Tell the rows whose code is of a place elsewhere."""
    if not said.region or "region_code" not in raw.columns:
        return []
    below = {said.region, *(one.code for one in regions.children(said.region))}
    rows = raw.filter(~pl.col("region_code").is_in(list(below)))
    return [Flaw("households", place.file, place.sheet, row, "region_code", "R-REGION-OUTSIDE", f"a place in {said.region}", code or "")
            for row, code in rows.select("row", "region_code").iter_rows()]  # fmt: skip


def _place_of(text: str, asked: regions.Region) -> tuple[str, str]:
    """Return the county a text means below the place asked for, and what is finer; a code elsewhere stays as it is, to be told.

    Examples
    --------
    >>> asked = regions.region("450421")
    >>> _place_of("苍梧县石桥镇", asked), _place_of("450421102", asked), _place_of("450421", asked)
    (('450421', '石桥镇'), ('450421', '450421102'), ('450421', ''))
    """
    below = (*regions.children(asked.code), asked)
    if text.isdecimal() and len(text) in (6, 9, 12):
        known = text[:6] in {place.code for place in below}
        return (text[:6] if known else text, text if known and len(text) > 6 else "")
    named = next((place for place in below if place.name_zh in text), None)
    return (named.code, text.partition(named.name_zh)[2]) if named else (asked.code, text)


def _above(grid: Grid, top: int, headings: int) -> tuple[pl.DataFrame, int]:
    """Split the rows above the headings: those as full as a record, with digits in them, and how many titles there are."""
    rows = grid.cells.filter(pl.col("row") < top)
    digits = pl.any_horizontal(pl.exclude("row").str.contains(r"\d").fill_null(False))
    full = rows.filter((filled() >= max(3, headings // 2 + 1)) & digits)
    return full, rows.height - full.height


def _with_unit(found: Fold, table: Table, stated: int | None) -> Fold:
    if found.column and found.unit_fen is None and stated and fields(table)[found.column].kind == "money":
        return Fold(found.heading, found.position, found.column, stated, found.how)
    return found


@dataclass(frozen=True)
class Place:
    """File, sheet and row of the headings."""

    file: str
    sheet: str
    row: int


def _heading_flaws(folds: tuple[Fold, ...], table: Table, place: Place, body: pl.DataFrame) -> list[Flaw]:
    flaws = []
    columns = [f.column if f.how != "guess" else "" for f in folds]
    for number, f in enumerate(folds):
        where = (table, place.file, place.sheet, place.row, letters(f.position))
        known = f.column if f.how != "guess" else ""
        near = (
            nearest(bare(f.heading)[:LONGEST_HEADING], spellings(table))
            if f.heading and number < HINTS and not f.column
            else ""
        )
        empty = body[f"c{f.position}"].is_null().all() or (f.how == "kept" and not f.column)
        if not f.heading and not empty:
            flaws.append(Flaw(*where, "R-HEADER-BLANK", "a heading", ""))
        elif f.how == "guess" and not empty:
            flaws.append(Flaw(*where, "R-HEADER-GUESS", f"{f.column}, if a kept mapping says so", f.heading))
        elif (
            f.heading
            and not known
            and not empty
            and not (table == "aid" and MONTH_HEADING.match(f.heading))
            and bare(f.heading) not in ("序号", "备注")
        ):
            flaws.append(Flaw(*where, "R-HEADER-UNKNOWN", near, f"({len(f.heading)} characters)"))
        elif known and known in columns[:number]:
            flaws.append(Flaw(*where, "R-HEADER-TWICE", f"one column for {f.column}", f.heading))
        elif known and fields(table)[known].kind == "money" and f.unit_fen is None:
            flaws.append(Flaw(*where, "R-UNIT-UNSTATED", f"{f.heading}(元), or money='yuan'", f.heading))
    return flaws


def _column_flaws(used: set[str], table: Table, place: Place) -> list[Flaw]:
    where = (table, place.file, place.sheet, place.row)
    must = _MUST.get(table) or (*_OF_LISTS, *((f.name,) for f in fields(table).values() if f.needed))
    flaws = [
        Flaw(*where, "/".join(either), "R-COLUMN-MISSING", fields(table)[either[0]].zh, "")
        for either in must
        if not set(either) & used
    ]
    absent = [
        name for name in fields(table)
        if name not in used and unknown_if_absent(name) and name not in DERIVED and not year_of(name, used)
    ]  # fmt: skip
    for name in absent:
        flaws.append(Flaw(*where, name, "R-COLUMN-ABSENT", f"{fields(table)[name].zh}: unknown for every row", ""))
    return flaws


def _unit_words(found: Fold) -> str:
    names = {1: "fen", 100: "yuan", 100_000: "thousand yuan", 1_000_000: "ten thousand yuan"}
    return f" [{names[found.unit_fen]}]" if found.unit_fen else ""
