"""The low-income register against departmental registers: one exact join on a pseudonym, every row accounted for.

All departmental registers are stacked and reduced to one row a person first, so that however many there are, the register of
persons is read and joined once. Nothing is merged on likeness here: rows without a sound number go to `likeness`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from aidlib.errors import RegisterFault
from aidlib.monitoring.identity import KEY
from aidlib.monitoring.tabled import lazy, need
from aidlib.monitoring.vocabulary import Fact, Register, chosen

if TYPE_CHECKING:
    import pandas as pd

PERSON = ("person_id", "household_id", KEY)
UNMATCHED, MATCHED, AMBIGUOUS, INVALID = range(4)
OUTCOMES = ("unmatched", "matched", "ambiguous", "invalid")
TEXT = pl.col(KEY).cast(pl.String)
FACT_TYPES: dict[str, pl.DataType] = {"date": pl.Date(), "money": pl.Int64(), "count": pl.Int32(), "code": pl.Int8()}


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

    Parameters
    ----------
    persons : table
        person_id, household_id and person_key (empty where the number is not sound), of any kind.
    registers : mapping of str to table
        By name of `data/monitoring/registers.csv`; person_key and the facts of that register. A fact a table lacks is unknown.

    Raises
    ------
    RegisterFault
        Columns missing, a person listed twice under one person_id, or rows that are not accounted for.

    Examples
    --------
    >>> persons = pl.DataFrame({"person_id": [1, 2], "household_id": [1, 1], "person_key": ["a", None]})
    >>> found = match(persons, {"deaths": pl.DataFrame({"person_key": ["a", "z"]})})
    >>> found.evidence["deaths__outcome"].to_list(), found.accounts.set_index("side").loc["persons", ["matched", "invalid"]].tolist()
    ([1], [1, 1])
    """
    people, known = lazy(persons), chosen(registers)
    if not known:
        raise RegisterFault("no departmental register to compare with", hint="give at least one")
    need(people, PERSON, "persons")
    tables = {name: lazy(table) for name, table in registers.items()}
    joined = people.select(*PERSON[:2], TEXT).join(reduced(tables), on=KEY, how="full", coalesce=True)
    both = joined.with_columns(map(outcome, known.values())).collect()
    evidence = both.filter(pl.col("person_id").is_not_null() & heard_of(known))
    made = Matched(told(evidence, known).sort("person_id"), accounts(both, tables))
    _checked(made, people)
    return made


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
        yield pl.any_horizontal((c.min() != c.max()).fill_null(False) for c in columns).alias(
            register.column("conflict")
        )


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
    found = pl.when(conflict).then(AMBIGUOUS).otherwise(MATCHED)
    known = pl.when(pl.col(register.column("rows")).fill_null(0) > 0).then(found).otherwise(UNMATCHED)
    return (
        pl.when(pl.col(KEY).is_null()).then(INVALID).otherwise(known).cast(pl.UInt8).alias(register.column("outcome"))
    )


def told(evidence: Any, known: Mapping[str, Register], *more: str) -> Any:
    """Keep of each register its outcome and facts, and further columns."""
    return evidence.select("person_id", "household_id", *more, *telling(known))


def telling(known: Mapping[str, Register]) -> list[pl.Expr]:
    """Outcome and facts of each register; what contradicts itself tells nothing."""
    facts = [
        pl.when(pl.col(one.column("outcome")) == MATCHED).then(pl.col(one.column(fact.name))).alias(one.column(fact.name))
        for one in known.values()
        for fact in one.facts
    ]  # fmt: skip
    return [*(pl.col(one.column("outcome")) for one in known.values()), *facts]


def accounts(both: pl.DataFrame, tables: Mapping[str, pl.LazyFrame]) -> pd.DataFrame:
    """Count every person and every departmental row by outcome, each outcome on its own."""
    import pandas as pd

    own = both.filter(pl.col("person_id").is_not_null())
    keys = both.filter(pl.col(KEY).is_not_null()).unique(KEY, keep="first")
    rows = []
    for name, register in chosen(tables).items():
        counts = dict(own.group_by(register.column("outcome")).len().iter_rows())
        persons = {word: int(counts.get(code, 0)) for code, word in enumerate(OUTCOMES)}
        rows.append({"side": "persons", "register": name, "total": own.height, **persons})
        rows.append({"side": "rows", "register": name, **_rows(keys, own, register, tables[name])})
    columns = ["side", "register", "total", "matched", "ambiguous", "unmatched", "invalid"]
    return pd.DataFrame(rows, columns=columns).sort_values(["side", "register"], ignore_index=True)


def _rows(keys: pl.DataFrame, own: pl.DataFrame, register: Register, table: pl.LazyFrame) -> dict[str, int]:
    count, mine = register.column("rows"), keys.join(own.select(KEY).unique(), on=KEY, how="semi")
    by = dict(mine.group_by(register.column("outcome")).agg(pl.col(count).sum()).iter_rows())
    other = keys.join(own.select(KEY).unique(), on=KEY, how="anti")
    size = table.select(pl.len(), pl.col(KEY).null_count().alias("lost")).collect().row(0)
    return {
        "total": size[0],
        "matched": int(by.get(MATCHED) or 0),
        "ambiguous": int(by.get(AMBIGUOUS) or 0),
        "unmatched": int(other[count].sum() or 0),
        "invalid": size[1],
    }


def elsewhere(persons: pl.LazyFrame) -> pl.LazyFrame:
    """Find persons whose number stands in other households too: person_id and how many other households.

    Examples
    --------
    >>> rows = pl.LazyFrame({"person_id": [1, 2, 3], "household_id": [1, 2, 2], "person_key": ["a", "a", None]})
    >>> elsewhere(rows).collect().sort("person_id").rows()
    [(1, 1), (2, 1)]
    """
    known = persons.filter(pl.col(KEY).is_not_null()).select(PERSON)
    homes = known.group_by(KEY).agg(elsewhere=pl.col("household_id").n_unique().cast(pl.Int64) - 1)
    return known.join(homes.filter(pl.col("elsewhere") > 0), on=KEY).select("person_id", "elsewhere")


def _checked(made: Matched, people: pl.LazyFrame) -> None:
    """Assert that no row was lost or counted twice."""
    table = made.accounts
    whole = table[["matched", "ambiguous", "unmatched", "invalid"]].sum(axis=1)
    size = people.select(pl.len(), pl.col("person_id").n_unique().alias("ids")).collect().row(0)
    if not (whole == table["total"]).all() or (table.loc[table["side"] == "persons", "total"] != size[0]).any():
        wrong = ", ".join(table.loc[whole != table["total"], "register"])
        raise RegisterFault(
            "rows are not accounted for", expected="matched, ambiguous, unmatched or invalid", got=wrong
        )
    if size[0] != size[1]:
        raise RegisterFault(
            "a person is listed twice",
            where="persons",
            expected="one row a person_id",
            got=f"{size[0] - size[1]} more rows",
        )
