"""The low-income register against departmental registers: keyed pseudonyms, one exact join, every row accounted for, likely partners of the rest.

All departmental registers are stacked and reduced to one row a person first, so that however many there are, the register of
persons is read and joined once. Nothing is merged on likeness: rows without a sound number are put before a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from aidlib.disclosure import ids
from aidlib.disclosure.ids import pseudonyms
from aidlib.errors import RegisterFault
from aidlib.monitoring.inputs import MARKS, back, lazy, need
from aidlib.monitoring.vocabulary import Fact, Register, chosen, convention

if TYPE_CHECKING:
    import pandas as pd

ID, KEY = "id_number", "person_key"
PERSON = ("person_id", "household_id", KEY)
UNMATCHED, MATCHED, AMBIGUOUS, INVALID = range(4)
OUTCOMES = ("unmatched", "matched", "ambiguous", "invalid")
TEXT = pl.col(KEY).cast(pl.String)
FACT_TYPES: dict[str, pl.DataType] = {"date": pl.Date(), "money": pl.Int64(), "count": pl.Int32(), "code": pl.Int8()}
_BORN = slice(6, 14)
_CLEAN = r"^[0-9]{17}[0-9X]$"
SHARED_DIGITS = 14  # place and birth day of an identity number


def valid_numbers(numbers: pl.Series, as_of: date) -> pl.Series:
    """Return identity numbers in their eighteen-character form, empty where they are not sound.

    Sound is: the right shape and check character, and a birth day that is not in the future. The place in the first six digits
    is not looked up: places are renumbered, persons are not.
    """
    texts = numbers.cast(pl.String)
    odd = ~texts.str.contains(_CLEAN).fill_null(True)
    folded = [ids.normal(text) for text in texts.filter(odd)]
    number = pl.col("n")
    frame = pl.DataFrame({"n": texts.clone().scatter(odd.arg_true(), folded) if folded else texts})
    digits = [number.str.slice(at, 1).cast(pl.Int32) * weight for at, weight in enumerate(ids.WEIGHTS)]
    wanted = (pl.sum_horizontal(digits) % ids.CHECK_MODULUS).replace_strict(
        dict(enumerate(ids.REMAINDERS)), return_dtype=pl.String
    )
    born = number.str.slice(_BORN.start, _BORN.stop - _BORN.start).str.to_date("%Y%m%d", strict=False)
    right = (number.str.slice(ids.LENGTH - 1) == wanted) & (born <= as_of)
    shaped = frame.select(pl.when(number.str.contains(_CLEAN)).then(number))
    return shaped.select(pl.when(right).then(number))["n"].alias(numbers.name)


def keyed(table: Any, key: bytes, purpose: str, as_of: date, column: str = ID) -> Any:
    """Replace identity numbers by keyed pseudonyms; a row without a sound number gets none."""
    frame = lazy(table)
    need(frame, (column,), "identity numbers")
    given = frame.collect()
    numbers = valid_numbers(given[column], as_of)
    keys = _keys(numbers, key, purpose)
    return back(given.drop(column).with_columns(keys.alias(KEY)).lazy(), table)


def keyed_together(
    tables: Mapping[str, pl.DataFrame], key: bytes, purpose: str, as_of: date
) -> dict[str, pl.DataFrame]:
    """Replace the identity numbers of several tables, each number hashed once; a table that brings its own pseudonyms keeps them."""
    own = {name: table for name, table in tables.items() if KEY not in table.columns}
    spellings = pl.concat(
        [pl.Series(ID, [], pl.String), *(table[ID].cast(pl.String) for table in own.values())]
    ).unique()
    numbers = valid_numbers(spellings, as_of)
    known = pl.DataFrame({ID: spellings, KEY: _keys(numbers, key, purpose)}).drop_nulls()
    joined = {
        name: table.with_columns(pl.col(ID).cast(pl.String)).join(known, on=ID, how="left", maintain_order="left")
        for name, table in own.items()
    }
    return {name: joined.get(name, table).drop(ID, strict=False) for name, table in tables.items()}


def _keys(numbers: pl.Series, key: bytes, purpose: str) -> pl.Series:
    made = iter(pseudonyms(numbers.drop_nulls(), key, purpose) if numbers.count() else ())
    return pl.Series(KEY, [next(made) if text else None for text in numbers], dtype=pl.String)


@dataclass(frozen=True)
class Matched:
    """What the departments know of the persons of the register.

    Attributes
    ----------
    evidence : polars.DataFrame
        One row per person whom a department knows, by person: person_id, household_id, per register `<register>__outcome`
        (1 matched, 2 ambiguous: rows that contradict each other) and `<register>__<fact>`, empty where ambiguous.
    accounts : pandas.DataFrame
        side (persons, rows), register, total, matched, ambiguous, unmatched, invalid: the last four make up the total.
    """

    evidence: pl.DataFrame
    accounts: pd.DataFrame


def match(persons: Any, registers: Mapping[str, Any]) -> Matched:
    """Join the register of persons with departmental registers on the pseudonym of the identity number.

    Raises
    ------
    RegisterFault
        Columns missing, a person listed twice under one person_id, or rows that are not accounted for.
    """
    people, tables = lazy(persons), {name: lazy(table) for name, table in registers.items()}
    need(people, PERSON, "persons")
    both = _joined(people, tables)
    made = Matched(_evidence(both, tables), accounts(both, tables))
    _check_accounts(made, people)
    return made


def evidence(persons: pl.DataFrame, registers: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the evidence alone, without the accounts (`match`).

    Examples
    --------
    >>> persons = pl.DataFrame({"person_id": [1], "household_id": [1], "person_key": ["a"]})
    >>> evidence(persons, {"prison": pl.DataFrame({"person_key": ["a"]})})["prison__outcome"].to_list()
    [1]
    """
    tables = {name: table.lazy() for name, table in registers.items()}
    return _evidence(_joined(persons.lazy(), tables), tables)


def _joined(people: pl.LazyFrame, tables: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    known = chosen(tables)
    if not known:
        return people.select(*PERSON[:2], TEXT).collect()
    joined = people.select(*PERSON[:2], TEXT).join(reduced(tables), on=KEY, how="full", coalesce=True)
    return joined.with_columns(map(outcome, known.values())).collect()


def _evidence(both: pl.DataFrame, tables: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    known = chosen(tables)
    heard = both.filter(pl.col("person_id").is_not_null() & heard_of(known)) if known else both.head(0)
    return heard.select("person_id", "household_id", *evidence_of(known)).sort("person_id")


def reduced(tables: Mapping[str, pl.LazyFrame], key: pl.Expr = TEXT) -> pl.LazyFrame:
    """Stack registers and reduce them to one row per key: facts, rows of each register, and whether its rows contradict.

    Columns are `<register>__<fact>`, `<register>__rows` and, where a person has one row only, `<register>__conflict`; `key` says
    in what form the pseudonyms are compared.

    Examples
    --------
    >>> cars = pl.LazyFrame({"person_key": ["a", "a"], "value_fen": [100, 300]})
    >>> reduced({"vehicles": cars}).collect().rows()
    [('a', 300, 2)]
    """
    known = chosen(tables)
    stack = pl.concat([_spread(tables[name], register, key) for name, register in known.items()], how="diagonal")
    return stack.group_by(KEY).agg(*(part for register in known.values() for part in _aggregates(register)))


def _spread(table: pl.LazyFrame, register: Register, key: pl.Expr) -> pl.LazyFrame:
    have = set(table.collect_schema().names())
    need(table, (KEY,), register.name)
    facts = [
        (pl.col(fact.name) if fact.name in have else pl.lit(None)).cast(FACT_TYPES[fact.kind]).alias(register.column(fact.name))
        for fact in register.facts
    ]  # fmt: skip
    rows = pl.lit(1, pl.UInt32).alias(register.column("rows"))
    return table.filter(pl.col(KEY).is_not_null()).select(key, *facts, rows)


def _aggregates(register: Register) -> Iterator[pl.Expr]:
    for fact in register.facts:
        yield _reduce(register, fact)
    yield pl.col(register.column("rows")).sum()
    if not register.repeats:
        columns = [pl.col(register.column(fact.name)) for fact in register.facts]
        differ = pl.any_horizontal((column.min() != column.max()).fill_null(False) for column in columns)
        yield differ.alias(register.column("conflict"))


def _reduce(register: Register, fact: Fact) -> pl.Expr:
    column = pl.col(register.column(fact.name))
    if fact.how == "sum":
        return pl.when(column.count() > 0).then(column.sum()).cast(FACT_TYPES[fact.kind])
    return column.min() if fact.how == "min" else column.max()


def heard_of(known: Mapping[str, Register]) -> pl.Expr:
    """Tell whether any register has rows for a person."""
    return pl.any_horizontal(pl.col(one.column("outcome")).is_in([MATCHED, AMBIGUOUS]) for one in known.values())


def outcome(register: Register) -> pl.Expr:
    """Return the outcome of a person with one register: unmatched, matched, ambiguous or invalid."""
    conflict = pl.lit(False) if register.repeats else pl.col(register.column("conflict")).fill_null(False)
    known = (
        pl.when(pl.col(register.column("rows")).fill_null(0) > 0)
        .then(pl.when(conflict).then(AMBIGUOUS).otherwise(MATCHED))
        .otherwise(UNMATCHED)
    )
    return (
        pl.when(pl.col(KEY).is_null()).then(INVALID).otherwise(known).cast(pl.UInt8).alias(register.column("outcome"))
    )


def evidence_of(known: Mapping[str, Register]) -> list[pl.Expr]:
    """Outcome and facts of each register; what contradicts itself says nothing."""
    facts = [
        pl.when(pl.col(one.column("outcome")) == MATCHED).then(pl.col(one.column(fact.name))).alias(one.column(fact.name))
        for one in known.values()
        for fact in one.facts
    ]  # fmt: skip
    return [*(pl.col(one.column("outcome")) for one in known.values()), *facts]


def accounts(both: pl.DataFrame, tables: Mapping[str, pl.LazyFrame]) -> pd.DataFrame:
    """Count every person and every departmental row by outcome, each outcome on its own."""
    import pandas as pd

    columns = ["side", "register", "total", "matched", "ambiguous", "unmatched", "invalid"]
    if not tables:
        return pd.DataFrame(columns=columns)
    own = both.filter(pl.col("person_id").is_not_null())
    keys = own.filter(pl.col(KEY).is_not_null()).unique(KEY, keep="any")
    others = both.filter(pl.col("person_id").is_null())
    states = {name: (pl.col(one.column("outcome")), pl.col(one.column("rows"))) for name, one in chosen(tables).items()}
    outcomes = [(name, at) for name in states for at in range(len(OUTCOMES))]
    persons_by = own.select((states[name][0] == at).sum().alias(f"{name} {at}") for name, at in outcomes).row(
        0, named=True
    )
    rows_by = keys.select(
        states[name][1].filter(states[name][0] == at).sum().alias(f"{name} {at}") for name, at in outcomes
    ).row(0, named=True)
    beside = others.select(rows.sum().alias(name) for name, (_, rows) in states.items()).row(0, named=True)
    sizes = pl.collect_all(
        [table.select(pl.len(), pl.col(KEY).null_count().alias("lost")) for table in tables.values()]
    )
    lines = []
    for name, size in zip(tables, sizes, strict=True):
        whole, lost = size.row(0)
        persons, rows = (
            {word: int(by[f"{name} {at}"] or 0) for at, word in enumerate(OUTCOMES)} for by in (persons_by, rows_by)
        )
        lines.append({"side": "persons", "register": name, "total": own.height, **persons})
        lines.append(
            {
                "side": "rows",
                "register": name,
                "total": whole,
                **rows,
                "unmatched": int(beside[name] or 0),
                "invalid": lost,
            }
        )
    return pd.DataFrame(lines, columns=columns).sort_values(["side", "register"], ignore_index=True)


def elsewhere(persons: pl.LazyFrame) -> pl.LazyFrame:
    """Find persons whose number stands in other households too: person_id and how many other households."""
    known = persons.filter(pl.col(KEY).is_not_null()).select(PERSON)
    homes = known.group_by(KEY).agg(elsewhere=pl.col("household_id").n_unique().cast(pl.Int64) - 1)
    return known.join(homes.filter(pl.col("elsewhere") > 0), on=KEY).select("person_id", "elsewhere")


def _check_accounts(made: Matched, people: pl.LazyFrame) -> None:
    """Assert that no row was lost or counted twice."""
    table = made.accounts
    whole = table[list(OUTCOMES)].sum(axis=1)
    size, different = people.select(pl.len(), pl.col("person_id").n_unique().alias("ids")).collect().row(0)
    if size != different:
        raise RegisterFault(
            "a person is listed twice",
            where="persons",
            expected="one row a person_id",
            got=f"{size - different} more rows",
        )
    if not (whole == table["total"]).all() or (table.loc[table["side"] == "persons", "total"] != size).any():
        wrong = ", ".join(table.loc[whole != table["total"], "register"])
        raise RegisterFault(
            "rows are not accounted for", expected="matched, ambiguous, unmatched or invalid", got=wrong
        )


@dataclass(frozen=True)
class Review:
    """Pairs put before a person.

    Attributes
    ----------
    pairs : polars.DataFrame
        row_id, other_id, score (0 to 100) and its parts name_score, birth_score, id_score (empty where one side lacks it), rank
        within row_id, and clear: false where the next candidate scores nearly as well.
    rows, with_candidate, crowded : int
        Rows looked at, rows with a candidate, and rows without one of which a block was too large to search.
    """

    pairs: pl.DataFrame
    rows: int
    with_candidate: int
    crowded: int

    @property
    def without_candidate(self) -> int:
        """Rows that were searched and have no candidate."""
        return self.rows - self.with_candidate - self.crowded


def candidates(rows: Any, others: Any) -> Review:
    """Find likely partners for rows without a sound identity number.

    Two rows are compared when they share the birth date, the name, or the first fourteen digits of the number as written.
    The score is the mean of what both sides have: likeness of the name, of the birth date and of the number (parts of a point fall away).
    """
    left, right = _prepared(rows, "rows"), _prepared(others, "others")
    pairs, crowded = _pairs(left, right)
    ranked = _ranked(_scored(pairs, left, right))
    matched = ranked["row_id"].unique()
    return Review(ranked, left.height, len(matched), len(crowded - set(matched.to_list())))


def _prepared(table: Any, where: str) -> pl.DataFrame:
    frame = lazy(table)
    need(frame, ("row_id", *MARKS), where)
    rows = frame.select("row_id", *(pl.col(mark).cast(pl.String) for mark in MARKS)).collect().sort("row_id")
    if rows["row_id"].n_unique() != rows.height:
        raise RegisterFault("a row_id is there twice", where=where, expected="one row each")
    digits = pl.col(ID).str.slice(0, SHARED_DIGITS)
    return rows.with_columns(digits=pl.when(digits.str.len_chars() == SHARED_DIGITS).then(digits))


def _pairs(left: pl.DataFrame, right: pl.DataFrame) -> tuple[pl.DataFrame, set[Any]]:
    """Pair rows block by block; a block that is too large says too little and is left out."""
    made, crowded = [], set()
    for block in ("birth_date", "name", "digits"):
        sized = left.join(right.group_by(block).len("size"), on=block, how="inner")
        full = pl.col("size") > convention("block_most")
        crowded |= set(sized.filter(full)["row_id"].to_list())
        kept = sized.filter(~full).select("row_id", block)
        made.append(kept.join(right.select(block, other_id="row_id"), on=block).select("row_id", "other_id"))
    return pl.concat(made).unique().sort("row_id", "other_id"), crowded


def _scored(pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    both = pairs.join(left, on="row_id").join(right, left_on="other_id", right_on="row_id", suffix="_other")
    both = both.sort("row_id", "other_id")
    columns = {"name_score": "name", "birth_score": "birth_date", "id_score": ID}
    parts = {score: _alike(both[column], both[f"{column}_other"]) for score, column in columns.items()}
    scored = both.select("row_id", "other_id").with_columns(**parts)
    both_have = pl.sum_horizontal(pl.col(part).is_not_null() for part in parts)
    return scored.with_columns(score=(pl.sum_horizontal(list(parts)) // both_have).cast(pl.Int16))


def _alike(first: pl.Series, second: pl.Series) -> pl.Series:
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cpdist

    known = (first.is_not_null() & second.is_not_null()).to_numpy()
    scores = pl.Series(cpdist(first.fill_null("").to_list(), second.fill_null("").to_list(), scorer=ratio))
    return pl.select(pl.when(pl.Series(known)).then(scores.round(0))).to_series().cast(pl.Int16)


def _ranked(scored: pl.DataFrame) -> pl.DataFrame:
    order = ("row_id", "score", "other_id")
    rows = scored.filter(pl.col("score") >= convention("review_score")).sort(order, descending=[False, True, False])
    ahead = pl.col("score") - pl.col("score").shift(-1).over("row_id")
    ranked = rows.with_columns(
        rank=pl.int_range(1, pl.len() + 1).over("row_id"), clear=(ahead > convention("review_margin")).fill_null(True)
    )
    return ranked.filter(pl.col("rank") <= convention("review_keep"))
