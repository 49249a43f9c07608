"""The rules agree with an oracle in decimal yuan on every category and amount, on every engine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from drive import AFTER, BEFORE, HOUSEHOLD, PERSON, WANTED, answers, differences, examined, held, judged
from families import CODES, PLACES, population

from aidlib.register.columns import OVERRIDES, code
from aidlib.rules.engine import plan
from aidlib.rules.execute import one
from aidlib.rules.frames import assess
from aidlib.rules.programmes import HOUSEHOLD_COLUMNS, PERSON_COLUMNS, rules_on

MANY, SOME, FEW = 200_000, 8_000, 1_500
PARTS = 2
Tables = tuple[Any, Any]


def test_two_hundred_thousand_families_agree_to_the_fen() -> None:
    """On 200,000 invented families, half of them put on lines, numpy and the oracle give the same answer to everything."""
    with ProcessPoolExecutor(PARTS, get_context("spawn")) as pool:  # a fork would inherit Polars threads
        parts = list(pool.map(examined, range(1, PARTS + 1), [MANY // PARTS] * PARTS))
    assert sum(rows for rows, *_ in parts) == MANY
    assert sum(beside for _, beside, *_ in parts) >= MANY // 2, "too few families stand on an edge of the law"
    assert all(wrong == {} for *_, wrong, _ in parts)
    assert all(min(kinds.values()) > 1_000 for *_, kinds in parts), "every category must be met often"


@pytest.fixture(scope="module")
def sample() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Some families, their incomes stated for the year, and what the oracle says of them."""
    households, persons = population(SOME, 7, yearly=True)
    return households, persons, judged(households, persons)


def duckdb_tables(households: Any, persons: Any) -> Tables:
    """Put both tables into DuckDB."""
    import duckdb

    return tuple(duckdb.from_arrow(pl.DataFrame(table).to_arrow()) for table in (households, persons))  # type: ignore[return-value]


ENGINES: dict[str, Callable[[Any, Any], Tables]] = {
    "pandas": lambda h, p: (pd.DataFrame(h), pd.DataFrame(p)),
    "pandas+pyarrow": lambda h, p: tuple(pd.DataFrame(t).convert_dtypes(dtype_backend="pyarrow") for t in (h, p)),  # type: ignore[return-value]
    "polars": lambda h, p: (pl.DataFrame(h), pl.DataFrame(p)),
    "polars lazy": lambda h, p: (pl.LazyFrame(h), pl.LazyFrame(p)),
    "pyarrow": lambda h, p: (pa.table(h), pa.table(p)),
    "duckdb": duckdb_tables,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_same_fen(sample: Any, engine: str) -> None:
    """The same rules on each kind of table, in memory or lazy, equal the oracle and come back in the table's own kind."""
    households, persons, said = sample
    tables = ENGINES[engine](households, persons)
    nullable = ("income_fen", "property_ok") if engine == "duckdb" else None
    done = assess(*tables, held(AFTER), nullable=nullable)
    assert type(done.households) is type(tables[0])
    assert differences(said, answers(done)) == {}


def test_the_rule_before_2025_agrees_too() -> None:
    """Before the ministry's measures of 2025 rigid-expenditure households followed another rule; the oracle has both."""
    households, persons = population(SOME, 11)
    done = assess(pl.DataFrame(households), pl.DataFrame(persons), held(BEFORE))
    wrong = differences(judged(households, persons, after=False), answers(done))
    assert wrong.keys() <= {"quick_aid", "pay_first"}, (
        "quick aid began in 2026, and small sums had to be paid first from July 2026"
    )


def test_python_ints_give_the_same_fen() -> None:
    """One household at a time on plain ints equals the oracle."""
    households, persons = population(FEW, 3)
    said, law = judged(households, persons), held(AFTER)
    facts = (HOUSEHOLD_COLUMNS | PERSON_COLUMNS) - OVERRIDES
    steps = plan(rules_on(AFTER), facts | frozenset(law.names()), PERSON_COLUMNS, WANTED)
    of_family = pd.Series(np.arange(len(persons["age"]))).groupby(persons["household_id"]).indices
    found: dict[str, list[int]] = {name: [] for name in WANTED}
    for row in range(FEW):
        place = PLACES[households["place"][row]]
        own = {name: plain(name, households[name][row]) for name in households.keys() & HOUSEHOLD_COLUMNS}
        who = of_family[households["household_id"][row]]
        members = {name: [plain(name, persons[name][i]) for i in who] for name in persons.keys() & PERSON_COLUMNS}
        values, each = one(steps, own | dict(law.locals[place.code, place.urban].values), members)
        for name in HOUSEHOLD:
            found[name].append(values[name])
        for name in PERSON:
            found[name] += each[name]
    assert differences(said, {name: np.array(column) for name, column in found.items()}) == {}


def plain(name: str, cell: Any) -> int | bool:
    """Turn a numpy cell into the plain int or flag a rule takes."""
    return code(name, str(cell)) if name in CODES else cell.item()


@pytest.mark.cluster
@pytest.mark.parametrize("engine", ["dask", "spark"])
def test_clusters_give_the_same_fen(sample: Any, engine: str) -> None:
    """Dask with two workers and a local Spark equal the oracle."""
    households, persons, said = sample
    done = assess(*(dask_tables if engine == "dask" else spark_tables)(households, persons), held(AFTER), nullable=())
    assert differences(said, answers(done)) == {}


def dask_tables(households: Any, persons: Any) -> Tables:
    """Put both tables into Dask, two partitions each."""
    import dask.dataframe as dd

    return tuple(dd.from_pandas(pd.DataFrame(table), npartitions=2) for table in (households, persons))  # type: ignore[return-value]


def spark_tables(households: Any, persons: Any) -> Tables:
    """Put both tables into a local Spark with two workers."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    return tuple(session.createDataFrame(pd.DataFrame(table)) for table in (households, persons))  # type: ignore[return-value]
