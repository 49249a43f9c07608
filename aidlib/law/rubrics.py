"""Evaluation forms as data: heads, indicators, weights and targets of one year and level, each row with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from aidlib import tables
from aidlib.errors import AidError, DataFault, Fault, nearest
from aidlib.money import exact

COLUMNS = (
    "head",
    "item",
    "indicator",
    "weight",
    "op",
    "target",
    "unit",
    "grading",
    "not_applicable",
    "source",
    "article",
    "note",
)
FULL_MARKS = 100
Op = Literal["ge", "le", "eq", "band", "steps", "levels", "open"]
Grading = Literal["prorata", "strict"]
NotApplicable = Literal["rescale", "full"]


@dataclass(frozen=True)
class Criterion:
    """One row of a rubric. `op` is `open` where the source does not state the rule: it is shown, never invented."""

    head: str
    item: str
    indicator: str
    weight: Fraction
    op: Op
    target: str
    unit: str
    grading: Grading
    not_applicable: NotApplicable
    source: str
    article: str
    note: str
    place: str

    @property
    def steps(self) -> list[tuple[str, Fraction]]:
        """Bounds or level words with the share of the weight each earns, as written: `100:1;90:0.8`."""
        return [(word, exact(share)) for word, _, share in (part.partition(":") for part in self.target.split(";"))]


def available() -> list[str]:
    """List the rubrics that can be loaded, such as `2016-national`."""
    return [name.removeprefix("rubrics/").removesuffix(".csv") for name in tables.names("rubrics/*.csv")]


def load(name: str) -> tuple[Criterion, ...]:
    """Read a rubric.

    Raises
    ------
    DataFault
        No such rubric, or every fault in it; the weights must sum to 100 exactly.

    Examples
    --------
    >>> rows = load("2019-suixi")
    >>> len(rows), sum(row.weight for row in rows)
    (11, Fraction(100, 1))
    """
    if name not in available():
        raise DataFault("no such rubric", expected=", ".join(available()), got=name, hint=nearest(name, available()))
    rows = tables.rows(f"rubrics/{name}.csv", COLUMNS)
    if faults := [*(fault for row in rows for fault in _faults(row))]:
        raise DataFault(faults)
    found = tuple(_criterion(row) for row in rows)
    if (total := sum((c.weight for c in found), Fraction(0))) != FULL_MARKS:
        raise DataFault("the weights do not sum to 100", where=f"rubrics/{name}.csv", got=str(total))
    return found


def _criterion(row: tables.Row) -> Criterion:
    cells = {column: row[column] for column in COLUMNS}
    return Criterion(**{**cells, "weight": exact(row["weight"]), "place": row.place})  # type: ignore[arg-type]


def _faults(row: tables.Row) -> Iterator[Fault]:
    for column, words in (("op", Op), ("grading", Grading), ("not_applicable", NotApplicable)):
        if row[column] not in get_args(words):
            yield Fault(f"unknown {column}", row.place, ", ".join(get_args(words)), row[column])
    if not (row["source"] and row["article"]):
        yield Fault("a row without source or article", row.place)
    try:
        exact(row["weight"])
        _read_target(row)
    except (AidError, ValueError):
        yield Fault(
            "unreadable weight or target",
            row.place,
            "numbers; steps as 100:1;90:0.8",
            f"{row['weight']} {row['target']}",
        )


def _read_target(row: tables.Row) -> None:
    if row["op"] in ("ge", "le", "eq"):
        exact(row["target"])
    elif row["op"] == "band":
        low, high = row["target"].split("..")
        exact(low), exact(high)
    elif row["op"] in ("steps", "levels"):
        for part in row["target"].split(";"):
            exact(part.split(":")[1])
