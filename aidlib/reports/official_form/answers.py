"""What an official filled in: actual values and adjusted points, read back from the exported form or a CSV of the same columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aidlib.errors import AidError, DataFault, Fault
from aidlib.evaluation.scorecard import Override
from aidlib.money import exact
from aidlib.reports.official_form.words import HEADS, NOT_APPLICABLE

SEARCHED_ROWS = 20
NEEDED = ("indicator", "actual")
READ = ("indicator", "actual", "points", "reason", "date")


@dataclass(frozen=True)
class Answers:
    """Actual values and overrides by indicator."""

    actuals: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, Override] = field(default_factory=dict)


def read(path: str) -> Answers:
    """Read a filled form.

    Parameters
    ----------
    path : str
        `.xlsx` or `.csv` with the columns 三级指标, 实际值, and if wanted 调整得分, 未完成或调整原因, 日期 (or in English).
        Empty: nobody has filled anything in. 不适用 means that a row does not apply.

    Raises
    ------
    DataFault
        No such file, no row of headings, or points that are no number; all at once.

    Examples
    --------
    >>> read("").actuals
    {}
    """
    if not path:
        return Answers()
    rows = list(_rows(Path(path)))
    found, faults = Answers(), []
    for number, row in rows:
        if not (name := row["indicator"]):
            continue
        if row["actual"]:
            found.actuals[name] = "n/a" if row["actual"] in NOT_APPLICABLE else row["actual"]
        if row["points"]:
            try:
                found.overrides[name] = Override(exact(row["points"]), row["reason"], date=row["date"])
            except AidError:
                faults.append(Fault("points that are no number", f"row {number}", "a number", row["points"]))
    if faults:
        raise DataFault(faults)
    return found


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    grid = _grid(path)
    for at, cells in enumerate(grid[:SEARCHED_ROWS]):
        places = {key: cells.index(word) for key in READ for word in HEADS[key] if word in cells}
        if all(key in places for key in NEEDED):
            for number, line in enumerate(grid[at + 1 :], at + 2):
                yield number, {key: _cell(line, places.get(key)) for key in READ}
            return
    raise DataFault(
        "no row of headings was recognised", where=path.name, expected="、".join(HEADS[key][0] for key in READ)
    )


def _grid(path: Path) -> list[list[str]]:
    if not path.is_file():
        raise DataFault("no such file", got=path.name, hint="give the whole path of the filled form")
    if path.suffix.lower() == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return [[cell.strip() for cell in row] for row in csv.reader(lines)]
    from openpyxl import load_workbook

    sheet = load_workbook(path, data_only=True, read_only=True).worksheets[0]
    return [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.12g}"
    return "" if cell is None else str(cell).strip()


def _cell(line: list[str], at: int | None) -> str:
    return line[at] if at is not None and at < len(line) else ""
