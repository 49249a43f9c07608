"""Reading a register for the report: two files of a folder, or a workbook that holds both tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from aidlib.errors import RegisterFault

if TYPE_CHECKING:
    import pandas as pd

FILES = {"persons": ("persons", "人员"), "households": ("households", "家庭", "户")}


def read(path: Path, on: date) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """The good rows of both tables, and how many households were rejected."""
    from aidlib.register.checks import check
    from aidlib.register.reading import read_register

    persons, households = _file(path, "persons"), _file(path, "households")
    checked = check(read_register(persons, table="persons"), read_register(households, table="households"), on)
    good = checked.good(allow_rejects=True)
    rejected = checked.counts.filter(checked.counts["table"] == "households")["rejected"].sum()
    return good["households"].to_pandas(), good["persons"].to_pandas(), int(rejected)


def _file(path: Path, table: str) -> Path:
    if path.is_file():
        return path
    names = sorted(p for p in path.glob("*") if p.suffix.lower() in (".csv", ".xlsx", ".parquet"))
    found = [p for p in names if any(word in p.stem for word in FILES[table])]
    if len(found) != 1:
        raise RegisterFault(f"not one file of {table}", where=path.name, expected=f"one file named {' or '.join(FILES[table])}",
                            got=", ".join(p.name for p in found) or "none")  # fmt: skip
    return found[0]
