"""Assess lazy and distributed tables: the same rules as Narwhals expressions, a few columns at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

import narwhals as nw

from aidlib.law import STATUSES
from aidlib.register.columns import COLUMNS, Column
from aidlib.rules.engine import Step
from aidlib.rules.places import Places, two_ends
from aidlib.rules.unknown import AT_BEST, FAVOURABLE, OPEN, UNFAVOURABLE

KEY = "household_id"
PLACE_STATUS, ROW_STATUS = "_place_status", "_row_status"
Frame = nw.LazyFrame[Any]


def prepared(frame: Frame, names: Iterable[str], keys: Iterable[str], differing: Iterable[str]) -> Frame:
    """Keep the keys and the columns rules read, as whole numbers and flags.

    An empty cell stands at the unfavourable end of its bounds; a column of `differing` comes a second time with the other end.

    Examples
    --------
    >>> import polars as pl
    >>> frame = nw.from_native(pl.LazyFrame({"household_id": [1], "income_fen": [None]}))
    >>> prepared(frame, ["income_fen"], ["household_id"], ["income_fen"]).collect().to_native().rows()
    [(1, 1000000000, 0)]
    """
    kinds, twice = frame.collect_schema(), set(differing)
    made = {name: _number(COLUMNS[name], kinds[name], UNFAVOURABLE) for name in names}
    if "status" in kinds.names():
        made[ROW_STATUS] = _code_of(nw.col("status"), STATUSES).cast(nw.Int64)
    best = {name + AT_BEST: _number(COLUMNS[name], kinds[name], FAVOURABLE) for name in names if name in twice}
    return frame.select(*keys, **made, **best)


def _number(column: Column, kind: Any, side: int) -> Any:
    cell, end = nw.col(column.name), column.high if side * column.better > 0 else column.low
    if column.kind == "code" and not kind.is_numeric():
        return _code(cell, column, end)
    if column.kind == "flag" and kind == nw.Boolean:
        return nw.when(cell.is_null()).then(nw.lit(bool(end))).otherwise(cell)
    whole = nw.when(cell.is_null()).then(nw.lit(end)).otherwise(cell).cast(nw.Int64)
    return whole != 0 if column.kind == "flag" else whole


def _code(cell: Any, column: Column, end: int) -> Any:
    return nw.when(cell.is_null()).then(nw.lit(end)).otherwise(_code_of(cell, column.codes)).cast(nw.Int64)


def _code_of(cell: Any, words: Iterable[str]) -> Any:
    """Turn a word into its number among some; what is none of them is nought."""
    return reduce(
        lambda rest, word: nw.when(cell == word[1]).then(nw.lit(word[0])).otherwise(rest), enumerate(words), nw.lit(0)
    )


def with_law(households: Frame, held: Places) -> Frame:
    """Join what differs between places, both ends of it.

    Examples
    --------
    >>> import polars as pl
    >>> from datetime import date
    >>> from aidlib.rules.local import Local
    >>> held = Places(date(2026, 9, 1), (), {("450400", city): Local({"standard": 680 if city else 375}) for city in (True, False)})
    >>> homes = nw.from_native(pl.LazyFrame({"region_code": ["450400"], "urban": [False]}))
    >>> with_law(homes, held).collect()["standard"].to_list()
    [375]
    """
    table = two_ends(held.table(UNFAVOURABLE), held.table(FAVOURABLE))
    if len(set(status := held.statuses.tolist())) > 1:
        table = {**table, PLACE_STATUS: status}
    if not table:
        return households
    codes, urban = zip(*held.locals, strict=True)
    keys = {"region_code": list(codes), "urban": list(urban)}
    law = _like(households, {**keys, **table})
    return households.join(law, on=["region_code", "urban"], how="left")


def _like(frame: Frame, table: dict[str, Any]) -> Frame:
    """Make a small table of the kind of another one."""
    kind = frame.implementation
    if kind.is_polars():
        return nw.from_dict(table, backend="polars").lazy()
    if kind.is_duckdb():
        return nw.from_dict(table, backend="pyarrow").lazy("duckdb")
    small = nw.from_dict(table, backend="pandas")
    if kind.is_dask():
        return small.lazy("dask")
    spark: Frame = nw.from_native(frame.to_native().sparkSession.createDataFrame(small.to_native()))
    return spark


def with_status(households: Frame, persons: Frame, held: Places) -> tuple[Frame, Frame]:
    """Give every household and person the number of the weakest status of the law of its place.

    Examples
    --------
    >>> import polars as pl
    >>> from datetime import date
    >>> from aidlib.rules.local import Local
    >>> held = Places(date(2026, 9, 1), (), {("450400", True): Local({"standard": 680}, marks={"standard": "stale"})})
    >>> homes, people = (nw.from_native(pl.LazyFrame({KEY: [1]})) for _ in range(2))
    >>> [frame.collect()[PLACE_STATUS].to_list() for frame in with_status(homes, people, held)]
    [[3], [3]]
    """
    if PLACE_STATUS not in households.collect_schema().names():
        same = nw.lit(int(held.statuses[0]), nw.Int64).alias(PLACE_STATUS)
        return households.with_columns(same), persons.with_columns(same)
    return households, persons.join(households.select(KEY, PLACE_STATUS), on=KEY, how="inner")


def literal(value: Any) -> Any:
    """Write a number that is the same in every row, with room for every amount; a flag stays one.

    Examples
    --------
    >>> import polars as pl
    >>> nw.from_native(pl.LazyFrame({"a": [1]})).select(b=literal(7), c=literal(True)).collect().rows()
    [(7, True)]
    """
    return nw.lit(value) if isinstance(value, bool) else nw.lit(int(value), nw.Int64)


def status_words(have: set[str]) -> Any:
    """Word the weaker of the place's status and, where the table states one, the row's own."""
    weakest = nw.col(PLACE_STATUS)
    if ROW_STATUS in have:
        row = nw.col(ROW_STATUS)
        weakest = nw.when(row > weakest).then(row).otherwise(weakest)
    return reduce(
        lambda rest, word: nw.when(weakest == word[0]).then(nw.lit(word[1])).otherwise(rest),
        list(enumerate(STATUSES))[1:],
        nw.lit(STATUSES[0]),
    )


def without_open(frame: Frame, names: list[str]) -> Frame:
    """Empty the cells of amounts that have no known upper end."""
    if frame.implementation.is_dask():
        native = frame.to_native()
        kept = {name: native[name].astype("Int64").mask(native[name] >= OPEN) for name in names}
        done: Frame = nw.from_native(native.assign(**kept))
        return done
    kinds = frame.collect_schema()
    amounts = [name for name in names if kinds[name] != nw.Boolean]
    return frame.with_columns(nw.when(nw.col(name) < OPEN).then(nw.col(name)).alias(name) for name in amounts)


def run(
    steps: tuple[Step, ...], households: Frame, persons: Frame, shared: Mapping[str, int]
) -> tuple[Frame, Frame, dict[str, Any]]:
    """Evaluate steps on two lazy tables joined by `household_id`; what came out the same for every row is returned apart.

    Examples
    --------
    >>> import polars as pl
    >>> steps = (Step("members", None, ("counted",), False), Step("need", lambda members: members * 680, ("members",), False))
    >>> homes, people = ({KEY: [1]}, {KEY: [1, 1], "counted": [True, True]})
    >>> run(steps, nw.from_native(pl.LazyFrame(homes)), nw.from_native(pl.LazyFrame(people)), {})[0].collect()["need"].to_list()
    [1360]
    """
    done = _Run(households, persons, dict(shared))
    return *done.through(list(steps)), done.shared


class _Run:
    """Two tables growing by one batch of columns after another."""

    def __init__(self, households: Frame, persons: Frame, shared: dict[str, Any]) -> None:
        self.households, self.persons, self.shared = households, persons, shared
        self.of_household = set(households.collect_schema().names())
        self.of_person = set(persons.collect_schema().names())

    def through(self, pending: list[Step]) -> tuple[Frame, Frame]:
        while pending:
            for work in (self._person_batch, self._household_batch, self._sums, self._spread):
                if done := work(pending):
                    pending = [step for step in pending if step.name not in done]
                    break
        return self.households, self.persons

    def _person_batch(self, pending: list[Step]) -> set[str]:
        ready = [step for step in pending if step.of_person and self._known(step, self.of_person)]
        self.persons = self._grown(self.persons, ready, self.of_person)
        return {step.name for step in ready}

    def _household_batch(self, pending: list[Step]) -> set[str]:
        ready = [s for s in pending if not s.of_person and s.rule and self._known(s, self.of_household)]
        self.households = self._grown(self.households, ready, self.of_household)
        return {step.name for step in ready}

    def _sums(self, pending: list[Step]) -> set[str]:
        """Sum persons over their household: a column made first, then a plain sum (anything else is wrong somewhere)."""
        ready = {s.name: s.args[0] for s in pending if s.rule is None and self._known(s, self.of_person)}
        if not ready:
            return set()
        made = self.persons.select(KEY, **{name: self._cell(arg).cast(nw.Int64) for name, arg in ready.items()})
        totals = made.group_by(KEY).agg(*(nw.col(name).sum() for name in ready))
        joined = self.households.join(totals, on=KEY, how="left")
        self.households = joined.with_columns(**{name: _filled(name) for name in ready})
        self.of_household |= set(ready)
        return set(ready)

    def _spread(self, pending: list[Step]) -> set[str]:
        """Give persons the household columns their next rules read."""
        wanted = {arg for step in pending if step.of_person for arg in step.args}
        new = sorted(wanted & self.of_household - self.of_person)
        self.persons = self.persons.join(self.households.select(KEY, *new), on=KEY, how="inner")
        self.of_person |= set(new)
        return set() if new else {step.name for step in pending}

    def _known(self, step: Step, columns: set[str]) -> bool:
        return all(arg in columns or arg in self.shared for arg in step.args)

    def _cell(self, name: str) -> Any:
        return nw.lit(self.shared[name]) if name in self.shared else nw.col(name)

    def _grown(self, frame: Frame, ready: list[Step], columns: set[str]) -> Frame:
        made = {}
        for step in ready:
            assert step.rule is not None
            value = step.rule(*(self.shared[arg] if arg in self.shared else nw.col(arg) for arg in step.args))
            if isinstance(value, nw.Expr):
                made[step.name] = value
            else:
                self.shared[step.name] = value
        columns |= set(made)
        return frame.with_columns(**made) if made else frame


def _filled(name: str) -> Any:
    return nw.when(nw.col(name).is_null()).then(nw.lit(0)).otherwise(nw.col(name)).cast(nw.Int64)
