"""The columns of the two register tables, and how a ledger's headings and words are folded onto them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from aidlib import tables
from aidlib.register.columns import COLUMNS as RULE_COLUMNS
from aidlib.register.columns import HOUSEHOLDS, PERSONS, Column

Table = Literal["persons", "households"]
Kind = Literal["id", "text", "flag", "code", "count", "money", "date", "identity", "region", "private"]
ALIAS_COLUMNS = ("alias", "column", "period", "source")
WORD_COLUMNS = ("column", "word", "value", "source")
MONEY_UNITS = {"分": 1, "fen": 1, "元": 100, "yuan": 100, "千元": 100_000, "万元": 1_000_000, "wan": 1_000_000}
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
_NOISE = re.compile(r"[\s*:：_,,。、/\\\"'“”?]")
_UNIT = re.compile(r"(万元|千元|元|分)(?:/[\u4e00-\u9fff·.]+)*$")


@dataclass(frozen=True)
class Field:
    """One column of a register table as it is read: its kind, bounds and words.

    Attributes
    ----------
    table, name, kind : str
        Where it stands, its name, and what its cells hold; `private` cells are checked for nothing and go no further.
    zh, en : str
        What it says, with its unit.
    low, high : int
        Bounds of a sound value.
    codes : tuple of str
        The words a `code` column ends with.
    needed : bool
        A row without it is rejected.
    """

    table: Table
    name: str
    kind: Kind
    zh: str
    en: str
    low: int = 0
    high: int = 0
    codes: tuple[str, ...] = ()
    needed: bool = False


NEEDED = frozenset(("household_id", "region_code", "income_fen", "property_ok"))
DERIVED = frozenset(("age", "sex"))  # read from the identity number where their own cell is empty
REGISTER_ONLY = (
    Field("persons", "name", "private", "姓名", "name"),
    Field("persons", "id_number", "identity", "公民身份号码", "identity number (GB 11643)"),
    Field("persons", "birth_date", "date", "出生日期", "date of birth"),
    Field("persons", "phone", "private", "联系电话", "telephone"),
    Field("persons", "bank_card", "private", "银行卡号", "bank card"),
    Field("persons", "address", "private", "住址", "address"),
    Field("households", "head_name", "private", "户主姓名", "name of the head"),
    Field("households", "head_id_number", "private", "户主身份证号", "identity number of the head"),
    Field("households", "members", "count", "家庭人口", "count of members stated", 1, 50),
    Field("households", "income_fen_year", "money", "家庭年收入", "yearly income; the rules need the month"),
)


def _field(column: Column) -> Field:
    kinds: dict[str, Kind] = {"region_code": "region", "hukou_region_code": "region"}
    kind = kinds.get(column.name, column.kind)
    no_range = column.better == 0 and column.kind not in ("id", "text") and column.name not in DERIVED
    return Field(
        column.table, column.name, kind, column.zh, column.en, column.low, column.high, column.codes,
        no_range or column.name in NEEDED,
    )  # fmt: skip


@lru_cache(maxsize=2)
def fields(table: Table) -> dict[str, Field]:
    """Return the columns of a table by name, those of the rules first.

    Examples
    --------
    >>> fields("persons")["id_number"].kind, fields("households")["income_fen"].kind
    ('identity', 'money')
    """
    ruled = [_field(column) for column in (PERSONS if table == "persons" else HOUSEHOLDS)]
    return {field.name: field for field in (*ruled, *REGISTER_ONLY) if field.table == table}


def unknown_if_absent(name: str) -> bool:
    """Tell whether a fact is unknown for every row of a table that lacks its column (other columns state what holds then).

    Examples
    --------
    >>> unknown_if_absent("can_work"), unknown_if_absent("wage_fen")
    (True, False)
    """
    return name in RULE_COLUMNS and RULE_COLUMNS[name].absent is None and RULE_COLUMNS[name].kind not in ("id", "text")


@dataclass(frozen=True)
class Fold:
    """A heading of a file and the column it was folded onto.

    Attributes
    ----------
    heading, position : str and int
        As found, and the count of its column from 1.
    column : str
        Name in the register; empty where the heading is unknown.
    unit_fen : int or None
        Fen in one unit of a money column; None where the heading does not say.
    how : str
        name, alias, or empty.
    """

    heading: str
    position: int
    column: str
    unit_fen: int | None
    how: str


def bare(heading: str) -> str:
    """Strip a heading to what names it: no blanks, brackets, punctuation or unit.

    Examples
    --------
    >>> bare("家庭月收入 (元)*"), bare("Household_ID"), bare("是否重病（是/否）")
    ('家庭月收入', 'householdid', '是否重病')
    """
    text = _BRACKETS.sub("", unicodedata.normalize("NFKC", heading))
    return _NOISE.sub("", text).casefold()


def unit_in(text: str) -> int | None:
    """Read the money unit a heading or a note states, in fen; None where it states none.

    Examples
    --------
    >>> unit_in("家庭月收入（元/月）"), unit_in("存款(万元)"), unit_in("年龄")
    (100, 1000000, None)
    """
    folded = unicodedata.normalize("NFKC", text)
    for part in (*re.findall(r"[(\[【](.*?)[)\]】]", folded), folded):
        if (found := _UNIT.search(part.strip(" :"))) is not None:
            return MONEY_UNITS[found[1]]
    return None


@lru_cache(maxsize=2)
def _spellings(table: Table) -> dict[str, tuple[str, str]]:
    known = fields(table)
    found = {bare(name): (name, "name") for name in known}
    for row in tables.rows("register_aliases.csv", ALIAS_COLUMNS):
        if row["column"] in known:
            found.setdefault(bare(row["alias"]), (row["column"], "alias"))
    return found


def spellings(table: Table) -> tuple[str, ...]:
    """List the headings a table understands, bare.

    Examples
    --------
    >>> "身份证号" in spellings("persons")
    True
    """
    return tuple(_spellings(table))


def fold(heading: str, position: int, table: Table) -> Fold:
    """Fold a heading onto a column of the register, or onto none.

    Examples
    --------
    >>> fold("身份证号码", 3, "persons").column, fold("家庭月收入(万元)", 4, "households").unit_fen
    ('id_number', 1000000)
    """
    known = _spellings(table)
    folded = bare(heading)
    column, how = known.get(folded) or known.get(_UNIT.sub("", folded), ("", ""))
    money = column != "" and fields(table)[column].kind == "money"
    unit = (1 if how == "name" else unit_in(heading)) if money else None
    return Fold(heading, position, column, unit, how)


@lru_cache(maxsize=128)
def words(column: str) -> dict[str, str]:
    """Return the words a cell of a flag or code column may hold, and what each means.

    Examples
    --------
    >>> words("sex")["男"], words("property_ok")["符合"]
    ('male', '1')
    """
    rows = tables.rows("register_words.csv", WORD_COLUMNS)
    own = {row["word"].casefold(): row["value"] for row in rows if row["column"] == column}
    common = {row["word"].casefold(): row["value"] for row in rows if row["column"] == "*"} if _is_flag(column) else {}
    return common | {word: word for word in _codes(column)} | own


def _is_flag(column: str) -> bool:
    return column in RULE_COLUMNS and RULE_COLUMNS[column].kind == "flag"


def _codes(column: str) -> tuple[str, ...]:
    return RULE_COLUMNS[column].codes if column in RULE_COLUMNS else ()
