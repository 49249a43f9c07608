"""What a long run assesses: Parquet files of a register, a day, and the law of every place in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import polars as pl

from aidlib import tables
from aidlib.errors import Fault, RegisterFault
from aidlib.indices import Figures
from aidlib.law import Book, weakest
from aidlib.regions import region
from aidlib.register.columns import COLUMNS
from aidlib.register.files import differing
from aidlib.rules.columns import KEYS, read_columns, unsound
from aidlib.rules.ledger import fingerprint
from aidlib.rules.local import LocalRules
from aidlib.rules.places import Key, Places, Unknown, places

ANSWERS = ("category", "dibao_benefit_fen", "topup_fen", "single_benefit_fen", "tekun_fen", "monthly_aid_fen", "layer")
_KINDS = {"money": "whole fen", "count": "whole numbers", "flag": "true or false", "code": "words", "text": "texts",
          "id": "whole numbers or texts"}  # fmt: skip
LOCAL_FIGURES = ("disposable_income_pc", "minimum_wage_monthly", "dibao_avg")


@dataclass(frozen=True)
class Job:
    """What a run assesses.

    Attributes
    ----------
    households, persons : tuple of Path
        Parquet files. A household's persons may lie in any of them; sorted by `household_id` is faster.
    on : date
        The day assessed.
    answers : tuple of str
        What is worked out.
    stale, unknown : bool, str
        What may stand in for a standard that is not known for the day, as in `rules.places.places`.
    """

    households: tuple[Path, ...]
    persons: tuple[Path, ...]
    on: date
    answers: tuple[str, ...] = ANSWERS
    stale: bool = False
    unknown: Unknown = "raise"

    def scan(self, table: str) -> pl.LazyFrame:
        """Open one of the tables, unread."""
        return pl.scan_parquet(list(getattr(self, table)))

    def fingerprint(self) -> str:
        """Hash the inputs, the parameters, the tables and the version of the rules; parts and engine are not among them."""
        facts = {
            "on": str(self.on),
            "answers": self.answers,
            "stale": self.stale,
            "unknown": self.unknown,
            "tables": _tables_digest(),
            "rules": version("aidlib"),
        }
        return fingerprint(facts, (*self.households, *self.persons))


def files(place: str | Path, what: str) -> tuple[Path, ...]:
    """List the Parquet files of a table: one file, or those of a folder whose names begin with the table's, else all of it."""
    path = Path(place).expanduser()
    inside = sorted(path.rglob(f"{what}*.parquet")) or sorted(path.rglob("*.parquet")) if path.is_dir() else []
    found = [path] if path.is_file() else inside
    if not found:
        raise RegisterFault(
            f"no Parquet file of {what}", got=str(place), hint="write one with polars or pandas, or name another folder"
        )
    if faults := [fault for one in found for fault in _foreign(one, what)] or differing(found):
        raise RegisterFault(faults)
    return tuple(found)


def _foreign(path: Path, what: str) -> Iterator[Fault]:
    """Find what keeps a file from being a table of the register, looking at its end only."""
    try:
        columns = pl.read_parquet_schema(path)
    except (pl.exceptions.PolarsError, OSError):
        yield Fault("not a Parquet file", path.name, hint="aidlib register writes Parquet from CSV and Excel ledgers")
        return
    for name in KEYS[what]:
        if name not in columns:
            yield Fault("a column is missing", f"{path.name}, {name}", f"the columns of {what}")
    for name, kind in columns.items():
        wanted = "text" if name == "region_code" else COLUMNS[name].kind if name in COLUMNS else ""
        if not _of_kind(kind, wanted):
            yield Fault("a column of another kind", f"{path.name}, {name}", _KINDS[wanted], str(kind))


def _of_kind(kind: pl.DataType, wanted: str) -> bool:
    """Tell whether a column's type can hold what the register puts there; one of empty cells only can."""
    words = kind == pl.String or isinstance(kind, (pl.Categorical, pl.Enum))
    if wanted not in _KINDS or kind == pl.Null:
        return True
    if wanted == "id":
        return kind.is_integer() or kind == pl.String
    if wanted == "text":
        return words
    return kind.is_numeric() or (wanted == "flag" and kind == pl.Boolean) or (wanted == "code" and words)


def job_faults(job: Job) -> list[Fault]:
    """Find what no rule may be shown anywhere in the files, counted over all of them."""
    found = [fault for table in KEYS for fault in unsound(_read(job, table), table)]
    households, persons = (job.scan(table).select("household_id") for table in KEYS)
    alone = households.join(persons, on="household_id", how="anti").select(pl.len()).collect(engine="streaming").item()
    if alone:
        place, hint = "households.household_id", "list their members, or leave them out"
        found.append(Fault("households without persons", place, got=f"{alone} households", hint=hint))
    return found


def _read(job: Job, table: str) -> pl.LazyFrame:
    scanned = job.scan(table)
    return scanned.select(read_columns(scanned, table))


def check_numbers(job: Job) -> None:
    """Refuse household numbers that are texts in one file and numbers in another, or of several types in the files of one table."""
    faults = []
    first = _number_type(job.households[0])
    for paths in (job.households, job.persons):
        same = _number_type(paths[0])
        for path in paths:
            kind, wanted = _number_type(path), same if same.is_integer() == first.is_integer() else first
            if kind != wanted:
                faults.append(Fault("household numbers of another type", f"{path.name}, household_id", f"{wanted}, as in other files",
                                    str(kind), "write them as one type in every file"))  # fmt: skip
    if faults:
        raise RegisterFault(faults)


def _number_type(path: Path) -> pl.DataType:
    return pl.read_parquet_schema(path)["household_id"]


def job_places(job: Job, book: Book, figures: Figures) -> Places:
    """Read the law of every place the households live in, once for sister places that have no rows of their own."""
    keys = job.scan("households").select("region_code", "urban").unique().collect(engine="streaming")
    if keys.is_empty():
        raise RegisterFault("no households", where=job.households[0].name, hint="register the ledger again")
    if keys.null_count().sum_horizontal().item():
        raise RegisterFault(
            "households without a region or area", where="region_code, urban", hint="fill them; they cannot be guessed"
        )
    pairs = sorted((str(code), bool(urban)) for code, urban in keys.iter_rows())
    return law_of(pairs, book, figures, job.on, job.answers, stale=job.stale, unknown=job.unknown)


def law_of(
    pairs: Iterable[Key],
    book: Book,
    figures: Figures,
    on: date,
    answers: tuple[str, ...],
    *,
    stale: bool = False,
    unknown: Unknown = "raise",
    local_rules: LocalRules = "unknown",
) -> Places:
    """Read the law of places as `rules.places.places` does, asking once for sister places."""
    asked = sisters(pairs, book, figures, on)
    ways = {"stale": stale, "unknown": unknown, "local_rules": local_rules}
    found = places(book, figures, asked.values(), on, answers, **ways)  # type: ignore[arg-type]
    return Places(on, answers, {pair: found.locals[one] for pair, one in asked.items()})


def sisters(pairs: Iterable[Key], book: Book, figures: Figures, on: date) -> dict[Key, Key]:
    """Name for each place the one to ask: places of one part of the same place, without rows of their own, have the same law.

    Examples
    --------
    >>> sisters([("450422", True), ("450423", True)], Book(), Figures(), date(2024, 6, 1))
    {('450422', True): ('450422', True), ('450423', True): ('450422', True)}
    """
    own = {entry.row["region"] for entry in book.tables.entries}
    own |= {code for name in figures.series if name.startswith(LOCAL_FIGURES) for code in figures.places(name)}
    first: dict[tuple[str, bool], Key] = {}
    asked = {}
    for code, urban in pairs:
        family = code if code in own else f"below {region(code).parent} {' '.join(book.parts(code, on))}"
        asked[code, urban] = first.setdefault((family, urban), (code, urban))
    return asked


def status(job: Job, held: Places) -> str:
    """Return the weakest status of the law rows and of the register."""
    marked = any("status" in pl.read_parquet_metadata(path) for path in job.households[:1])
    return weakest(
        "synthetic" if marked else "observed",
        *(each.status(each.values) for each in {id(one): one for one in held.locals.values()}.values()),
    )


def _tables_digest() -> str:
    names = [name for folder in ("law", "reference") for name in tables.names(f"{folder}/*.csv")]
    return fingerprint({name: tables.digest(name) for name in names}, ())
