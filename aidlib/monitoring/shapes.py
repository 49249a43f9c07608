"""Tables as they are given, brought to the kinds monitoring works with: every fault at once, with table, column and rows, never a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

import polars as pl

from aidlib.errors import AidError, Fault, RegisterFault, nearest
from aidlib.monitoring.ledgers import BASIC, DELIVERIES, HOUSEHOLD_SCHEMES, PERSON_SCHEMES
from aidlib.monitoring.vocabulary import registers
from aidlib.regions import region
from aidlib.register.columns import COLUMNS, required

SCHEMES = (*HOUSEHOLD_SCHEMES, *PERSON_SCHEMES)
PROGRAMMES = (*BASIC, *DELIVERIES, "temporary_aid", "price_subsidy")
FIRST = 3
_PERSON = {"id_number": "text", "name": "text", "birth_date": "day"}
_KINDS: dict[str, dict[str, str]] = {
    "households": {"household_id": "id", "region_code": "region", "urban": "flag"},
    "persons": {"person_id": "id", "household_id": "id", **_PERSON},
    "recognitions": {"household_id": "id", "person_id": "id", "scheme": "scheme", "since": "day", "until": "day", "reviewed_on": "day"},
    "aid": {"household_id": "id", "person_id": "id", "programme": "programme", "month": "month", "amount_fen": "money", "paid_on": "day"},
    "visits": {"household_id": "id", "visited_on": "day"},
    "decisions": {"household_id": "id", "cause": "text", "compared": "text", "action": "text", "until": "day", "reason": "text"},
    "inspections": {"case_id": "id", "wrong": "flag"},
}  # fmt: skip
_MUST = {
    "households": required("households"),
    "persons": ("person_id", "household_id", "id_number"),
    **{name: tuple(_KINDS[name]) for name in ("recognitions", "aid", "visits", "decisions", "inspections")},
}
# Columns in which an empty cell says nothing that could be reckoned with.
_FULL = ("household_id", "person_id", "case_id", "region_code", "urban", "scheme", "since", "programme", "month", "amount_fen", "wrong")  # fmt: skip
_SAID = {
    "id": "whole numbers", "money": "whole fen, none negative", "count": "whole numbers, none negative", "flag": "0 or 1", "day": "YYYY-MM-DD",
    "month": "YYYY-MM", "region": "six-digit codes", "text": "text", "scheme": ", ".join(SCHEMES), "programme": ", ".join(PROGRAMMES),
}  # fmt: skip


def shaped(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Bring the columns of given tables to their kinds.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        households, persons, recognitions, aid, visits, decisions, inspections and departmental registers by name; tables and columns of
        other names are left as they are. Registers without names or birth days get empty ones.

    Raises
    ------
    RegisterFault
        Every column that is missing, and every cell that is empty where it may not be or of another kind: how many rows, and the first.

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
    for name, table in tables.items():
        kinds = _kinds(name, table)
        must = _MUST.get(name, ("id_number",) if kinds else ())
        faults += [
            Fault("a column is missing", name, c, None, nearest(c, table.columns))
            for c in must
            if c not in table.columns
        ]
        columns = {column: _cast(table[column], kind) for column, kind in kinds.items() if column in table.columns}
        faults += chain.from_iterable(_faults(name, table[c], made_, kinds[c]) for c, made_ in columns.items())
        made[name] = table.with_columns(columns.values()).with_columns(_blank(name, table))
    if faults:
        raise RegisterFault(faults)
    return made


def _kinds(name: str, table: pl.DataFrame) -> dict[str, str]:
    """The kind of each column that is known."""
    if name in registers():
        facts = {"date": "day"}
        return _PERSON | {fact.name: facts.get(fact.kind, fact.kind) for fact in registers()[name].facts}
    own = _KINDS.get(name, {})
    rules = {c: COLUMNS[c].kind for c in table.columns if c in COLUMNS and COLUMNS[c].table == name and c not in own}
    return own | {column: kind for column, kind in rules.items() if kind in ("flag", "code", "count", "money")}


def _blank(name: str, table: pl.DataFrame) -> list[pl.Expr]:
    lost = [c for c in ("name", "birth_date") if name in registers() and c not in table.columns]
    return [pl.lit(None, pl.String).alias(column) for column in lost]


def _cast(column: pl.Series, kind: str) -> pl.Series:
    """The column in its kind; a cell that is not of it is empty."""
    return _CASTS.get(kind, _number)(column).alias(column.name)


def _only(made: pl.Series, keep: pl.Series) -> pl.Series:
    return pl.select(pl.when(keep).then(made)).to_series()


def _number(column: pl.Series) -> pl.Series:
    codes = COLUMNS[column.name].codes if column.name in COLUMNS else ()
    if column.dtype == pl.String and codes:
        texts = {word: at for at, word in enumerate(codes)} | {str(at): at for at in range(len(codes))}
        return column.replace_strict(texts, default=None, return_dtype=pl.Int64)
    if column.dtype.is_temporal():
        return pl.Series([None] * len(column), dtype=pl.Int64)
    plain = column.cast(pl.Float64, strict=False) if column.dtype == pl.String else column
    made = column.cast(pl.Int64, strict=False) if column.dtype != pl.Boolean else column.cast(pl.Int64)
    return _only(made, plain == made) if column.dtype.is_float() or column.dtype == pl.String else made


def _amount(column: pl.Series) -> pl.Series:
    made = _number(column)
    return _only(made, made >= 0)


def _flag(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Boolean:
        return column
    made = _number(column)
    return _only(made, made.is_in([0, 1]))


def _day(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String:
        return column.str.to_date("%Y-%m-%d", strict=False)
    known = column.dtype in (pl.Date, pl.Null) or isinstance(column.dtype, pl.Datetime)
    return column.cast(pl.Date) if known else pl.Series([None] * len(column), dtype=pl.Date)


def _text(column: pl.Series) -> pl.Series:
    return column.cast(pl.String, strict=False)


def _month(column: pl.Series) -> pl.Series:
    made = _text(column)
    return _only(made, made.str.contains(r"^\d{4}-(0[1-9]|1[0-2])$"))


def _word(words: tuple[str, ...]) -> Callable[[pl.Series], pl.Series]:
    return lambda column: _only(_text(column), _text(column).is_in(words))


def _region(column: pl.Series) -> pl.Series:
    made = _text(column)
    return _only(made, made.is_in([code for code in made.unique().drop_nulls() if _is_place(code)]))


def _is_place(code: str) -> bool:
    try:
        return region(code).code == code
    except AidError:
        return False


_CASTS: dict[str, Callable[[pl.Series], pl.Series]] = {
    "money": _amount, "count": _amount, "flag": _flag, "day": _day, "text": _text, "month": _month, "region": _region,
    "scheme": _word(SCHEMES), "programme": _word(PROGRAMMES),
}  # fmt: skip


def _faults(table: str, given: pl.Series, made: pl.Series, kind: str) -> Iterator[Fault]:
    empty, wrong = given.is_null(), given.is_not_null() & made.is_null()
    codes = COLUMNS[given.name].codes if given.name in COLUMNS and kind == "code" else ()
    expected = ", ".join(codes) or _SAID.get(kind, "whole numbers")
    if empty.any() and given.name in _FULL:
        yield Fault("empty cells", f"{table}.{given.name}", expected, _rows(empty))
    if wrong.any():
        yield Fault("cells of another kind", f"{table}.{given.name}", expected, _rows(wrong))


def _rows(wrong: pl.Series) -> str:
    first = ", ".join(str(at + 1) for at in wrong.arg_true().head(FIRST))
    return f"{wrong.sum()} rows, first {first}"
