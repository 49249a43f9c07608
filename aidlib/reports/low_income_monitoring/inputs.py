"""Where a month's tables come from: a folder of registers, or an invented place that is marked synthetic everywhere."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from aidlib.disclosure import key_from
from aidlib.errors import Fault, ParameterFault, RegisterFault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring.facts import Files
from aidlib.monitoring.monitor import Monitored, Question, followed, monitor
from aidlib.monitoring.shapes import shaped
from aidlib.monitoring.synthetic import world as synthetic
from aidlib.monitoring.synthetic.base import last_day
from aidlib.monitoring.synthetic.past import past
from aidlib.monitoring.synthetic.world import World
from aidlib.monitoring.vocabulary import registers

if TYPE_CHECKING:
    import polars as pl

KEY_VARIABLE = "AIDLIB_KEY_FILE"
OWN = ("households", "persons", "recognitions", "aid")
MORE = ("visits", "alerts_before", "decisions", "inspections")
SUFFIXES = (".parquet", ".csv")


@dataclass(frozen=True)
class Given:
    """What the notebook was given: the folder of registers (empty: an invented place), its size and seed."""

    folder: str
    families: int
    seed: int


@dataclass(frozen=True)
class Month:
    """A month's monitoring and what it was made from.

    Attributes
    ----------
    found : Monitored
        What was found.
    world : World or None
        The invented place; None where registers were given.
    persons : polars.DataFrame
        Persons with names and numbers, for the restricted lists only.
    more : dict of str to polars.DataFrame
        visits, alerts_before, decisions, inspections, as far as they were given.
    """

    found: Monitored
    world: World | None = field(repr=False)
    persons: pl.DataFrame = field(repr=False)
    more: dict[str, pl.DataFrame] = field(repr=False)

    @property
    def synthetic(self) -> bool:
        """True where everything is invented."""
        return self.world is not None


def open_month(given: Given, region: str, month: str, book: Book, figures: Figures) -> Month:
    """Monitor a place in a month, from its registers or from an invented place."""
    if not given.folder:
        return _invented(given, region, month, book, figures)
    tables = shaped(read_folder(named_folder(given.folder)))
    key = key_from(_key_file())
    asked = Question(region, last_day(month), key, f"monitoring {month[:4]}")
    files = Files(*(tables[name] for name in OWN))
    known = {name: tables[name] for name in registers() if name in tables}
    more = {name: tables[name] for name in MORE if name in tables}
    found = monitor(
        asked, files, known, book, figures, before=more.get("alerts_before"), decisions=more.get("decisions")
    )
    return Month(found, None, files.persons, more)


def _key_file() -> str:
    if not (named := os.environ.get(KEY_VARIABLE, "")):
        hint = f"head -c 32 /dev/urandom > FILE; chmod 600 FILE; export {KEY_VARIABLE}=FILE"
        raise ParameterFault("no secret key for the pseudonyms", expected=f"{KEY_VARIABLE} names a file", hint=hint)
    return named


def _invented(given: Given, region: str, month: str, book: Book, figures: Figures) -> Month:
    place = synthetic.world(region, month, families=given.families, seed=given.seed, book=book, figures=figures)
    asked = Question(region, last_day(month), synthetic.DEMONSTRATION_KEY, synthetic.PURPOSE)
    found = monitor(asked, place.files, place.registers, book, figures, held=place.held)
    before, decisions = past(found, given.seed)
    return Month(followed(found, before, decisions), place, place.files.persons, {"alerts_before": before})


def named_folder(named: str) -> Path:
    """Return the folder a parameter names, as a path or as `$VARIABLE` of the environment, which keeps the path off the page.

    Raises
    ------
    ParameterFault
        The variable is not set.

    Examples
    --------
    >>> named_folder("/srv/lists").name
    'lists'
    """
    found = os.path.expandvars(named)
    if found.startswith("$"):
        hint = f"export {named[1:]}=FOLDER"
        raise ParameterFault("the environment does not have it", expected=f"{named} names a folder", hint=hint)
    return Path(found).expanduser()


def read_folder(folder: Path) -> dict[str, pl.DataFrame]:
    """Read every table of a folder: NAME.parquet or NAME.csv.

    Raises
    ------
    RegisterFault
        The folder is not there, a table the monitoring cannot do without is missing, or no departmental register is there: all at
        once. Files of other names are left alone.
    """
    names = (*OWN, *MORE, *registers())
    paths = {
        name: folder / f"{name}{suffix}"
        for name in names
        for suffix in SUFFIXES
        if (folder / f"{name}{suffix}").is_file()
    }
    faults = [Fault("a table is missing", name, f"{name}.parquet or {name}.csv") for name in OWN if name not in paths]
    if not set(registers()) & set(paths):
        faults.append(Fault("no departmental register", "", f"one of {', '.join(registers())}"))
    if faults:
        raise RegisterFault(faults)
    return {name: _read(path) for name, path in paths.items()}


def _read(path: Path) -> pl.DataFrame:
    import polars as pl

    texts = dict.fromkeys(("id_number", "region_code", "person_key", "month"), pl.String)
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, try_parse_dates=True, schema_overrides=texts)
    except pl.exceptions.PolarsError as error:  # its message holds cells
        raise RegisterFault("cannot be read", where=path.name, expected="a table", got=type(error).__name__) from None


def day_of(month: Month) -> date:
    """Return the last day of the month."""
    return month.found.scene.as_of
