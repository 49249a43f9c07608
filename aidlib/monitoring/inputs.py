"""What a place hands in for a month: tables of any kind brought to the kinds monitoring works with, every fault at once and never a cell."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from aidlib.disclosure import key_from, pseudonym
from aidlib.errors import AidError, Fault, ParameterFault, PrivacyFault, RegisterFault, nearest
from aidlib.monitoring.ledgers import (
    AID,
    FAMILY,
    PROGRAMMES,
    RECOGNITIONS,
    SCHEMES,
    SPEAKS_OF,
    Coverage,
    coverage,
    last_day,
)
from aidlib.monitoring.vocabulary import registers
from aidlib.regions import region
from aidlib.register.columns import COLUMNS, required
from aidlib.register.folder import HEADS

KEY_VARIABLE = "AIDLIB_KEY_FILE"
MARKS = ("id_number", "name", "birth_date")
OF_THE_MONTH = ("households", "persons", "identities")
LEDGERS = {"recognitions": RECOGNITIONS, "aid": AID}
MORE = ("coverage", "visits", "alerts_before", "decisions", "inspections", "changes", "folder")
UNLISTED = "members_unlisted"
SUFFIXES = (".parquet", ".csv")
FIRST_ROWS = 3
SYNTHETIC = "synthetic"
_MARKS = {"id_number": "text", "name": "text", "birth_date": "day"}
_KINDS: dict[str, dict[str, str]] = {
    "households": {"household_id": "id", "region_code": "region", "urban": "flag"},
    "persons": {"person_id": "id", "household_id": "id", "person_key": "text", **_MARKS},
    "identities": {"person_id": "id", **_MARKS},
    "recognitions": {"household_id": "id", "person_id": "id", "scheme": "scheme", "since": "day", "until": "day", "reviewed_on": "day"},
    "aid": {"household_id": "id", "person_id": "id", "programme": "programme", "month": "month", "amount_fen": "money", "paid_on": "day"},
    "coverage": {"table": "table", "region_code": "region", "township": "text", "programme": "text", "first": "month", "last": "month"},
    "visits": {"household_id": "id", "visited_on": "day"},
    "decisions": {"household_id": "id", "cause": "text", "compared": "text", "action": "text", "until": "day", "reason": "text"},
    "inspections": {"case_id": "id", "wrong": "flag"},
    "changes": {"household_id": "id", "person_id": "id", "what": "text", "reason": "text"},
    "folder": {"name": "text", "value": "text"},
}  # fmt: skip
_OPTIONAL = {
    "persons": ("person_key", *MARKS), "identities": MARKS, "recognitions": ("person_id", "until", "reviewed_on"), "aid": ("person_id", "paid_on"),
    "coverage": ("township",), "changes": ("reason",),
}  # fmt: skip
_MUST = {name: [column for column in kinds if column not in _OPTIONAL.get(name, ())] for name, kinds in _KINDS.items()}
_MUST["households"] = list(required("households"))
# Columns in which an empty cell says nothing that could be reckoned with.
_FULL = (
    "household_id",
    "person_id",
    "case_id",
    "urban",
    "scheme",
    "since",
    "programme",
    "month",
    "amount_fen",
    "wrong",
    "table",
)
_EXPECTED = {
    "id": "whole numbers", "money": "whole fen, none negative", "count": "whole numbers, none negative", "flag": "0 or 1", "day": "YYYY-MM-DD",
    "month": "YYYY-MM", "region": "six-digit codes", "text": "text", "scheme": ", ".join(SCHEMES), "programme": ", ".join(PROGRAMMES),
    "table": "recognitions, reviews, aid or a departmental register",
}  # fmt: skip


@dataclass(frozen=True)
class Files:
    """What a place has handed in for a month.

    Attributes
    ----------
    region : str
        Code of the place.
    as_of : date
        Last day of the month.
    households, persons : polars.DataFrame
        Columns of the register (`register.columns`); persons also person_key, or id_number, name and birth_date, as far as they are there.
    recognitions, aid : polars.DataFrame
        The ledgers (`ledgers.RECOGNITIONS`, `ledgers.AID`).
    registers : dict of str to polars.DataFrame
        Departmental registers by name.
    coverage : Coverage
        Over which months and programmes these tables speak.
    key, purpose : bytes and str
        Secret key of the pseudonyms (empty where every table brings its own), and what they are for.
    more : dict of str to polars.DataFrame
        visits, alerts_before, decisions, inspections, as far as they are there.
    """

    region: str
    as_of: date
    households: pl.DataFrame
    persons: pl.DataFrame = field(repr=False)
    recognitions: pl.DataFrame
    aid: pl.DataFrame
    registers: dict[str, pl.DataFrame] = field(repr=False)
    coverage: Coverage
    key: bytes = field(repr=False)
    purpose: str
    more: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def invented(self) -> bool:
        """Whether the place was made up here (`invent`), so that what is wrong in it is known."""
        return False

    @cached_property
    def synthetic(self) -> bool:
        """Whether families or persons are marked synthetic, by their column `status`: then every count is."""
        return any(
            (table["status"] == SYNTHETIC).any()
            for table in (self.households, self.persons)
            if "status" in table.columns
        )

    @property
    def gaps(self) -> frozenset[str]:
        """Law rows that lacked when the place was made: none where it is real."""
        return frozenset()

    @property
    def errors_known(self) -> set[int] | None:
        """Households in which something is wrong, where that is known beforehand: in an invented place."""
        return None

    @cached_property
    def unlisted(self) -> int:
        """Count the families of which the ledger lists the head alone."""
        return int(self.households[UNLISTED].sum()) if UNLISTED in self.households.columns else 0

    @cached_property
    def without_number(self) -> int:
        """Count the persons without an identity number or a pseudonym of one."""
        known = [pl.col(name) for name in ("person_key", "id_number") if name in self.persons.columns]
        return self.persons.filter(pl.coalesce(known).is_null()).height if known else self.persons.height

    @cached_property
    def names(self) -> pl.DataFrame:
        """Numbers and names by person, for restricted lists only."""
        known = [name for name in (*MARKS, "household_no", "person_no") if name in self.persons.columns]
        return self.persons.select("person_id", "household_id", *known)


def read_folder(folder: Path | str, region_code: str, month: str) -> Files:
    """Read the register folder of a place for a month (`data/monitoring/README.md`).

    Parameters
    ----------
    folder : Path or str
        Its path, or `$VARIABLE` of the environment, which keeps the path off pages.
    region_code, month : str
        Code of the place, and `YYYY-MM`. Tables of a month (households, persons, identities) lie in a folder named after it, or beside the others.

    Raises
    ------
    RegisterFault
        Households or persons are missing, a file cannot be read, or cells are of another kind: every fault at once.
    ParameterFault, PrivacyFault
        No key for numbers that need one, or another key than the folder's.
    """
    paths = dict(_paths(named_folder(str(folder)), month))
    if missing := [name for name in OF_THE_MONTH[:2] if name not in paths]:
        where = f"in {month}/ or beside the other tables"
        raise RegisterFault(
            Fault("a table is missing", name, f"{name}.parquet or {name}.csv {where}") for name in missing
        )
    tables = shaped(_with_identities(_with_heads({name: _read(path) for name, path in paths.items()})))
    said = dict(tables["folder"].iter_rows()) if "folder" in tables else {}
    lists = {name: tables[name] for name in registers() if name in tables}
    numbered_only = [
        name for name, table in {"persons": tables["persons"], **lists}.items() if "person_key" not in table.columns
    ]
    purpose = said.get("purpose", f"monitoring {month[:4]}")
    key = _key(purpose, said.get("key_check", "")) if numbered_only else b""
    known, paid = (
        tables.get(name, pl.DataFrame(schema=dict.fromkeys(columns, pl.Null))) for name, columns in LEDGERS.items()
    )
    more = {name: tables[name] for name in MORE if name in tables}
    return files(
        region_code, last_day(month), tables["households"], tables["persons"], known, paid, lists, key, purpose, more
    )


def files(
    region_code: str,
    as_of: date,
    households: pl.DataFrame,
    persons: pl.DataFrame,
    recognitions: pl.DataFrame,
    aid: pl.DataFrame,
    lists: dict[str, pl.DataFrame],
    key: bytes,
    purpose: str,
    more: dict[str, pl.DataFrame],
) -> Files:
    """Put the tables of a month together and find out what they cover."""
    kinds = {"household_id": pl.Int64, "person_id": pl.Int64, "since": pl.Date, "until": pl.Date, "reviewed_on": pl.Date, "paid_on": pl.Date,
             "amount_fen": pl.Int64, "scheme": pl.String, "programme": pl.String, "month": pl.String}  # fmt: skip
    known, paid = (
        table.cast({name: kinds[name] for name in columns}).with_columns(pl.col("person_id").fill_null(FAMILY))
        for table, columns in ((recognitions, RECOGNITIONS), (aid, AID))
    )
    speaks = coverage(households, known, paid, lists, more.get("coverage"))
    return Files(region_code, as_of, households, persons, known, paid, lists, speaks, key, purpose, more)


def named_folder(named: str) -> Path:
    """Return the folder a parameter names, as a path or as `$VARIABLE` of the environment, which keeps the path off the page.

    Examples
    --------
    >>> named_folder("/srv/lists").name
    'lists'
    """
    full = os.path.expandvars(named)
    if full.startswith("$"):
        hint = f"export {named[1:]}=FOLDER"
        raise ParameterFault("the environment does not have it", expected=f"{named} names a folder", hint=hint)
    return Path(full).expanduser()


def _paths(folder: Path, month: str) -> Iterator[tuple[str, Path]]:
    """The tables of a folder; those of the month's own folder go before those beside it."""
    for name in (*OF_THE_MONTH, *HEADS, *LEDGERS, *MORE, *registers()):
        places = (folder / month, folder) if name in (*OF_THE_MONTH, *HEADS) else (folder,)
        file = f"changes-{month}" if name == "changes" else name
        files = (place / f"{file}{suffix}" for place in places for suffix in SUFFIXES)
        if found := next((path for path in files if path.is_file()), None):
            yield name, found


def _with_heads(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Put households of which the ledger lists the head alone beside the others, marked: no rule judges them."""
    made = dict(tables)
    for name, alone in zip(OF_THE_MONTH, HEADS, strict=False):
        if alone in made and name in made:
            parts = (
                made[name].with_columns(pl.lit(False).alias(UNLISTED)),
                made.pop(alone).with_columns(pl.lit(True).alias(UNLISTED)),
            )
            made[name] = pl.concat(parts, how="diagonal_relaxed")
    return made


def _with_identities(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Put names and numbers that are kept apart beside the persons; a county without departmental lists need not have any."""
    made = dict(tables)
    if (
        all("person_id" in made[name].columns for name in ("persons", "identities") if name in made)
        and "identities" in made
    ):
        known = made.pop("identities").drop("household_id", strict=False)
        same = known.with_columns(pl.col("person_id").cast(made["persons"].schema["person_id"], strict=False))
        made["persons"] = made["persons"].drop(MARKS, strict=False).join(same, on="person_id", how="left")
    if not ({"id_number", "person_key"} & set(made["persons"].columns) or set(registers()) & set(made)):
        made["persons"] = made["persons"].with_columns(person_key=pl.lit(None, pl.String))
    return made


def _read(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    except pl.exceptions.PolarsError as error:  # its message holds cells
        raise RegisterFault("cannot be read", where=path.name, expected="a table", got=type(error).__name__) from None


def _key(purpose: str, check: str) -> bytes:
    if not (named := os.environ.get(KEY_VARIABLE, "")):
        hint = f"head -c 32 /dev/urandom > FILE; chmod 600 FILE; export {KEY_VARIABLE}=FILE"
        raise ParameterFault("no secret key for the pseudonyms", expected=f"{KEY_VARIABLE} names a file", hint=hint)
    key = key_from(named)
    if check and pseudonym("aidlib", key, purpose) != check:
        raise PrivacyFault(
            "another key than the one the folder was made with", where=KEY_VARIABLE, hint="name the folder's own key"
        )
    return key


def shaped(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Bring the columns of given tables to their kinds; numbers that are text are numbered.

    Examples
    --------
    >>> given = pl.DataFrame({"household_id": ["1", "2"], "visited_on": ["2026-10-01", "someone"]})
    >>> shaped({"visits": given.head(1)})["visits"].row(0)
    (1, datetime.date(2026, 10, 1))
    >>> shaped({"visits": given})
    Traceback (most recent call last):
    ...
    aidlib.errors.RegisterFault: visits.visited_on: cells of another kind; expected YYYY-MM-DD; got '1 rows, first 2'
    """
    made, faults = {}, []
    for name, table in numbered({name: _without_blanks(table) for name, table in tables.items()}).items():
        kinds = _kinds(name, table)
        missing = [column for column in _MUST.get(name, ()) if column not in table.columns]
        faults += [
            Fault("a column is missing", name, column, None, nearest(column, table.columns)) for column in missing
        ]
        if (name == "persons" or name in registers()) and not {"id_number", "person_key"} & set(table.columns):
            faults.append(
                Fault("a column is missing", name, "id_number or person_key", None, nearest("id_number", table.columns))
            )
        casts = {
            column: _CASTS.get(kind, _number)(table[column]).alias(column)
            for column, kind in kinds.items()
            if column in table.columns
        }
        faults += chain.from_iterable(_cell_faults(name, table[c], cells, kinds[c]) for c, cells in casts.items())
        blank = (
            [*_OPTIONAL.get(name, ()), *(MARKS[1:] if name in registers() else ())]
            if name in LEDGERS or name in registers()
            else []
        )
        empty = [pl.lit(None, pl.String).alias(column) for column in blank if column not in table.columns]
        made[name] = table.with_columns(casts.values()).with_columns(empty)
    faults += _coverage_faults(made.get("coverage"))
    if faults:
        raise RegisterFault(faults)
    return made


def _without_blanks(table: pl.DataFrame) -> pl.DataFrame:
    """Take text without letters for an empty cell."""
    text = pl.col(pl.String).str.strip_chars()
    return table.with_columns(pl.when(text != "").then(text).name.keep())


def numbered(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Number families and persons whose own numbers are text: the same text is the same number every month; it stays as household_no, person_no.

    Examples
    --------
    >>> homes, paid = pl.DataFrame({"household_id": ["450421-07"]}), pl.DataFrame({"household_id": ["450421-07"], "person_id": [None]})
    >>> both = numbered({"households": homes, "aid": paid})
    >>> both["aid"]["household_id"][0] == both["households"]["household_id"][0], both["aid"]["household_no"][0]
    (True, '450421-07')
    """
    made = dict(tables)
    for home, id_, no in (("households", "household_id", "household_no"), ("persons", "person_id", "person_no")):
        own = (
            made[home][id_].drop_nulls()
            if home in made and id_ in made[home].columns
            else pl.Series([], dtype=pl.Int64)
        )
        if (
            own.dtype.is_integer()
            or (own.cast(pl.Int64, strict=False).cast(pl.String) == own.cast(pl.String)).fill_null(False).all()
        ):
            continue
        for name, table in made.items():
            column = "case_id" if (name, id_) == ("inspections", "household_id") else id_
            if column in table.columns and not table.schema[column].is_integer():
                text = table[column].cast(pl.String).str.strip_chars()
                made[name] = table.with_columns(
                    text.alias(no), text.map_elements(_number_of, return_dtype=pl.Int64).alias(column)
                )
    return made


def _number_of(text: str) -> int:
    """A number below 2**62 that stands for a text: of ten million texts two share one in one of a hundred thousand cases."""
    return (
        int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> 2 if text not in ("", str(FAMILY)) else FAMILY
    )


def _kinds(name: str, table: pl.DataFrame) -> dict[str, str]:
    """The kind of each column that is known."""
    if name in registers():
        facts = {fact.name: "day" if fact.kind == "date" else fact.kind for fact in registers()[name].facts}
        return {**_MARKS, "person_key": "text", **facts}
    own = _KINDS.get(name, {})
    rules = {c: COLUMNS[c].kind for c in table.columns if c in COLUMNS and COLUMNS[c].table == name and c not in own}
    return own | {column: kind for column, kind in rules.items() if kind in ("flag", "code", "count", "money")}


def _only(cells: pl.Series, keep: pl.Series) -> pl.Series:
    return pl.select(pl.when(keep).then(cells)).to_series()


def _number(column: pl.Series) -> pl.Series:
    codes = COLUMNS[column.name].codes if column.name in COLUMNS else ()
    if column.dtype == pl.String and codes:
        texts = {word: at for at, word in enumerate(codes)} | {str(at): at for at in range(len(codes))}
        return column.replace_strict(texts, default=None, return_dtype=pl.Int64)
    if column.dtype.is_temporal():
        return pl.Series([None] * len(column), dtype=pl.Int64)
    plain = column.cast(pl.Float64, strict=False) if column.dtype == pl.String else column
    whole = column.cast(pl.Int64, strict=False)
    return _only(whole, plain == whole) if column.dtype.is_float() or column.dtype == pl.String else whole


def _amount(column: pl.Series) -> pl.Series:
    amounts = _number(column)
    return _only(amounts, amounts >= 0)


def _flag(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Boolean:
        return column
    said = column.str.to_lowercase().replace({"true": "1", "false": "0"}) if column.dtype == pl.String else column
    numbers = _number(said)
    return _only(numbers, numbers.is_in([0, 1]))


def _day(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String:
        return column.str.to_date("%Y-%m-%d", strict=False)
    known = column.dtype in (pl.Date, pl.Null) or isinstance(column.dtype, pl.Datetime)
    return column.cast(pl.Date) if known else pl.Series([None] * len(column), dtype=pl.Date)


def _text(column: pl.Series) -> pl.Series:
    return column.cast(pl.String, strict=False)


def _month(column: pl.Series) -> pl.Series:
    texts = _text(column)
    return _only(texts, texts.str.contains(r"^\d{4}-(0[1-9]|1[0-2])$"))


def _one_of(*words: str) -> Callable[[pl.Series], pl.Series]:
    return lambda column: _only(_text(column), _text(column).is_in(words))


def _table(column: pl.Series) -> pl.Series:
    return _one_of(*SPEAKS_OF, *registers())(column)


def _region(column: pl.Series) -> pl.Series:
    texts = _text(column)
    return _only(texts, texts.is_in([code for code in texts.unique().drop_nulls() if _is_place(code)]))


def _is_place(code: str) -> bool:
    try:
        return region(code).code == code
    except AidError:
        return False


_CASTS: dict[str, Callable[[pl.Series], pl.Series]] = {
    "money": _amount, "count": _amount, "flag": _flag, "day": _day, "text": _text, "month": _month, "region": _region,
    "scheme": _one_of(*SCHEMES), "programme": _one_of(*PROGRAMMES), "table": _table,
}  # fmt: skip


def _cell_faults(table: str, given: pl.Series, cells: pl.Series, kind: str) -> Iterator[Fault]:
    full = given.name in _FULL or (given.name, table) == ("region_code", "households")
    if (table == "coverage" and given.name == "programme") or (given.name == "person_id" and table in LEDGERS):
        full = False
    empty, wrong = given.is_null(), given.is_not_null() & cells.is_null()
    codes = COLUMNS[given.name].codes if given.name in COLUMNS and kind == "code" else ()
    expected = ", ".join(codes) or _EXPECTED.get(kind, "whole numbers")
    for rows, what in ((empty & full, "empty cells"), (wrong, "cells of another kind")):
        if rows.any():
            first = ", ".join(str(at + 1) for at in rows.arg_true().head(FIRST_ROWS))
            yield Fault(what, f"{table}.{given.name}", expected, f"{rows.sum()} rows, first {first}")


def _coverage_faults(stated: pl.DataFrame | None) -> Iterator[Fault]:
    if stated is None or not {"table", "programme", "first", "last"} <= set(stated.columns):
        return
    for at, row in enumerate(stated.iter_rows(named=True), 1):
        # reviews may be stated of any scheme; they are judged of basic living aid only
        known = SCHEMES if row["table"] == "reviews" else SPEAKS_OF.get(row["table"] or "", ())
        if row["programme"] and row["programme"] not in known:
            expected = ", ".join(known) or "nothing: the list has no programmes"
            yield Fault(
                "the table does not speak of it",
                f"coverage row {at}",
                expected,
                row["programme"],
                nearest(row["programme"], known),
            )
        if row["first"] and row["last"] and row["last"] < row["first"]:
            yield Fault(
                "a span that ends before it begins", f"coverage row {at}", f"{row['first']} or later", row["last"]
            )


def lazy(table: Any) -> pl.LazyFrame:
    """Return a table of any kind as a Polars LazyFrame; a DuckDB relation is fetched (what is too large for that: `bulk`, from files).

    Examples
    --------
    >>> lazy(pl.DataFrame({"a": [1]})).collect().height
    1
    """
    if isinstance(table, (pl.LazyFrame, pl.DataFrame)):
        return table.lazy()
    kind = f"{type(table).__module__.split('.')[0]} {type(table).__name__}"
    if "DuckDBPyRelation" in kind:
        fetched: pl.DataFrame = table.pl()
        return fetched.lazy()
    if kind.startswith(("pandas", "pyarrow")):
        made: pl.DataFrame = pl.from_pandas(table) if kind.startswith("pandas") else pl.DataFrame(table)
        return made.lazy()
    raise RegisterFault("not a table", expected="pandas, Polars, PyArrow or a DuckDB relation", got=kind)


def back(frame: pl.LazyFrame, table: Any) -> Any:
    """Return a lazy frame in the kind of a given table: lazy stays lazy, pandas comes back as pandas.

    Examples
    --------
    >>> back(pl.LazyFrame({"a": [1]}), pl.DataFrame()).height
    1
    """
    if isinstance(table, pl.LazyFrame):
        return frame
    whole = frame.collect()
    if isinstance(table, pl.DataFrame) or "DuckDBPyRelation" in type(table).__name__:
        return whole
    return whole.to_arrow() if type(table).__module__.startswith("pyarrow") else whole.to_pandas()


def need(frame: pl.LazyFrame, columns: tuple[str, ...], where: str) -> None:
    """Refuse a table that lacks columns.

    Examples
    --------
    >>> need(pl.LazyFrame({"person_kye": ["a"]}), ("person_key",), "deaths")
    Traceback (most recent call last):
    ...
    aidlib.errors.RegisterFault: deaths: a column is missing; expected person_key; try: person_kye
    """
    have = frame.collect_schema().names()
    if lost := [name for name in columns if name not in have]:
        raise RegisterFault(Fault("a column is missing", where, name, None, nearest(name, have)) for name in lost)
