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
    "bound",
    "source",
    "article",
    "note",
)
INDEX_COLUMNS = (
    "rubric", "zh", "en", "first_year", "last_year", "levels", "kind", "status", "points_known", "default", "equal", "rounding", "grades",
    "least_assessed", "source", "article", "note",
)  # fmt: skip
FORM_TABLE, FORM_COLUMNS = "form_rows.csv", (
    "region", "year", "rubric", "head", "item", "indicator", "weight", "target", "unit", "actual", "reason", "source", "vintage",
)  # fmt: skip
"""Actual values, and rows of a unit's own, that `aidlib data add` read from a gap workbook; none are shipped."""
FORM_SERIES = "form:"
FULL_MARKS = 100
LAST = 9999
Op = Literal["ge", "le", "eq", "band", "steps", "steps_le", "levels", "range", "deduct", "open", "own"]
Grading = Literal["prorata", "strict"]
NotApplicable = Literal["rescale", "full"]


@dataclass(frozen=True)
class Criterion:
    """One row of a rubric. `op` is `open` where the source does not state the rule: it is shown, never invented; `own` is a block
    whose rows the unit writes itself.

    `ge`, `le`, `eq`: against the target; `band`: inside its ends; `steps`: the share of the highest bound reached, `steps_le` that of the
    lowest bound not exceeded; `levels`: the share of a word; `range`: a word gives the shares between which a person sets the points;
    `deduct`: the target is what each case costs. `bound` says what can answer it: `measure:level:rural`, `figure:…`, `law:…`,
    `instrument:…`, `register:coverage_of_poor`.
    """

    head: str
    item: str
    indicator: str
    weight: Fraction
    op: Op
    target: str
    unit: str
    grading: Grading
    not_applicable: NotApplicable
    bound: str
    source: str
    article: str
    note: str
    place: str

    @property
    def items(self) -> list[str]:
        """The items of a block that the unit fills with rows of its own."""
        return self.item.split("、")

    @property
    def steps(self) -> list[tuple[str, Fraction]]:
        """Bounds or level words with the share of the weight each earns, as written: `100:1;90:0.8`."""
        return [(word, exact(share)) for word, _, share in (part.partition(":") for part in self.target.split(";"))]

    @property
    def ranges(self) -> dict[str, tuple[Fraction, Fraction]]:
        """Words of a qualitative row with the least and greatest share of the weight: `达成:0.8..1;未达成:0..0.6`."""
        parts = (part.partition(":") for part in self.target.split(";"))
        return {word: (exact(low), exact(high)) for word, _, ends in parts for low, _, high in (ends.partition(".."),)}


@dataclass(frozen=True)
class Rubric:
    """A form as an instrument: for whom and when it is meant, how much of it is known, and how it is scored.

    Attributes
    ----------
    name, zh, en : str
        Its file below `data/rubrics/`, and its title.
    first_year, last_year : int
        Years it is meant for; 9999 where it is in use.
    levels : tuple of str
        Levels of places it is meant for.
    kind : str
        fiscal, ministry, province, prefecture, county, or composite (ours).
    status : str
        enacted; estimated where it is ours, or its year is our reading.
    points_known : int
        Points whose rows or heads were read.
    default : int
        First year in which it is taken unless another is asked for; 0: never.
    equal : str
        `prorata`: a row asked to equal its target earns its share below it, and all above (the finance system); `strict`: all or nothing.
    rounding : str
        `row2`: each row to two decimals, halves up; `exact`: nothing is rounded before the total.
    grades : tuple of (str, Fraction)
        The rubric's own words, best first, and the points each begins with; empty where it has none.
    least_assessed : Fraction
        Points that must have been assessed before a grade is given.
    """

    name: str
    zh: str
    en: str
    first_year: int
    last_year: int
    levels: tuple[str, ...]
    kind: str
    status: str
    points_known: int
    default: int
    equal: str
    rounding: str
    grades: tuple[tuple[str, Fraction], ...]
    least_assessed: Fraction
    source: str
    article: str
    note: str

    def title(self, language: str = "zh") -> str:
        """Its title in a language."""
        return self.en if language == "en" else self.zh


def available() -> list[str]:
    """List the rubrics that can be loaded, such as `2016-national`."""
    return [name.removeprefix("rubrics/").removesuffix(".csv") for name in tables.names("rubrics/*.csv")]


def rubric(name: str) -> Rubric:
    """Return how a form is scored and how complete it is. A form of your own that has no row in `rubrics.csv` is scored exactly, without grades."""
    if name not in available():
        raise DataFault("no such rubric", expected=", ".join(available()), got=name, hint=nearest(name, available()))
    rows = {row["rubric"]: row for row in tables.rows("rubrics.csv", INDEX_COLUMNS)}
    if name not in rows:
        least = exact("80")
        return Rubric(name, name, name, 0, LAST, (), "own", "estimated", 0, 0, "strict", "exact", (), least, "", "", "")
    row = rows[name]
    steps = (part.partition(":") for part in row["grades"].split(";") if part)
    return Rubric(
        name, row["zh"], row["en"], int(row["first_year"]), int(row["last_year"] or LAST), tuple(row["levels"].split("|")), row["kind"],
        row["status"], int(row["points_known"]), int(row["default"]) if row["default"] != "no" else 0, row["equal"], row["rounding"],
        tuple((word, exact(line)) for word, _, line in steps), exact(row["least_assessed"]), row["source"], row["article"], row["note"],
    )  # fmt: skip


def default(year: int, level: str) -> str:
    """Name the form that a year and level of place are judged by unless another is asked for; nothing where there is none."""
    every = (rubric(name) for name in available())
    fit = [one for one in every if one.default and one.default <= year <= one.last_year and level in one.levels]
    return max(fit, key=lambda one: one.default).name if fit else ""


def load(name: str) -> tuple[Criterion, ...]:
    """Read a rubric. A row of your overlay takes the place of the shipped one of the same indicator."""
    if name not in available():
        raise DataFault("no such rubric", expected=", ".join(available()), got=name, hint=nearest(name, available()))
    read = tables.rows(f"rubrics/{name}.csv", COLUMNS)
    rows = list({(row["head"], row["indicator"]): row for row in read}.values())
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
    if row["op"] in ("ge", "le", "eq", "deduct"):
        exact(row["target"])
    elif row["op"] == "band":
        low, high = row["target"].split("..")
        exact(low), exact(high)
    elif row["op"] in ("steps", "steps_le", "levels"):
        for part in row["target"].split(";"):
            exact(part.split(":")[1])
    elif row["op"] == "range":
        for part in row["target"].split(";"):
            low, high = part.split(":")[1].split("..")
            exact(low), exact(high)
