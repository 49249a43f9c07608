"""`aidlib data`: this month's index, a bureau's export or a new standard, checked, shown, and written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aidlib.additions import figures, forms, standards
from aidlib.additions.labels import LONGEST_LABEL, near_place, near_series, places
from aidlib.additions.layouts import LIMITS, Line, Reading, read
from aidlib.additions.records import Addition, Change, Step, keep, laid_over, locked, log, undo
from aidlib.errors import AidError, DataFault, Fault, LawFault
from aidlib.indices.store import words
from aidlib.law import Book
from aidlib.law.rubrics import FORM_SERIES
from aidlib.register.grids import Limits

__all__ = ["Addition", "Change", "Limits", "Reading", "Step", "add", "log", "read", "undo"]

Plan = Callable[[list[Line]], Change]
DAY = re.compile(r"\d{4}-\d\d-\d\d")
FILLED = ("value", "rise", "vintage", "article", "from")
"""Cells that somebody fills in: a row without any of them says nothing."""


def add(
    file: str | Path, into: str | Path, dry_run: bool = False, *, confirm: bool = False, region: str = "", source: str = "",
    published: str = "", limits: Limits = LIMITS,
) -> Change:  # fmt: skip
    """Add published figures or law values from a file to the user's own data folder.

    A figure whose series is a name of the law book (such as `dibao_standard`) goes to `law/values_local.csv` of the folder, any
    other to `reference/<table>.csv`. Sources that are not known yet are added first; all tables are written in one go, and the log
    keeps how they were before (`log`, `undo`).

    Parameters
    ----------
    file : path
        CSV, `.xlsx` or `.xls`: one line a figure under 地区, 月份, 指标, 数值, 来源, 发布日期, or a table of the statistics bureau, the
        ministry or a yearbook (see `data/reference/README.md`).
    into : path
        The folder that `AIDLIB_DATA` names; it is made if it is not there.
    dry_run : bool
        Only say what would change, and what stands out.
    confirm : bool
        Write figures that stand out beside those already known.
    region, source, published : str
        Place, title and day of publication of figures that state none.
    limits : Limits
        How much the file may ask of the reader.

    Returns
    -------
    Change
        What changed; `print` it.

    Raises
    ------
    DataFault, LawFault
        Every fault of the file with sheet, row and column, and every figure that stands out and was not confirmed. Nothing was written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     lines = Path(folder) / "october.csv"
    ...     _ = lines.write_text("region,period,series,value,source,vintage\\n"
    ...                          "450400,2026-10,cpi_yoy:total:all_items,102.3,梧州调查队,2026-11-12\\n", encoding="utf-8")
    ...     add(lines, folder, dry_run=True).counts()
    {'new': 1, 'source': 1}
    """
    path, folder = Path(file), Path(into).expanduser()
    defaults = {"region": _one_place(region), "source": source, "vintage": published}
    if dry_run:
        return _planned(path, folder, defaults, limits)
    with locked(folder):
        change = _planned(path, folder, defaults, limits, confirm)
        if change.files:
            keep(folder, path, change)
    return replace(change, written=True)


def _one_place(text: str) -> str:
    found = places(text) if text else ()
    if text and len(found) != 1:
        hint = ", ".join(map(str, found[:5])) or near_place(text)
        raise DataFault(
            "unknown region" if not found else "a name that several regions share",
            where="--region",
            got=text,
            hint=hint,
        )
    return found[0].code if found else ""


def _planned(path: Path, folder: Path, defaults: dict[str, str], limits: Limits, sure: bool = True) -> Change:
    with laid_over(folder):
        found = _filled_in(read(path, defaults, limits))
        named, unnamed = _sorted(found.lines)
        wrong = [*figures.place_faults(unnamed), *_unnamed(unnamed)]
        wrong += [fault for line in unnamed for fault in figures.unnamed_faults(line)]
        wrong += [fault for line in found.lines for fault in _not_out_yet(line)]
        changes = []
        for plan, lines in named:
            try:
                changes += [plan(lines)] if lines else []
            except AidError as error:
                wrong += error.faults
        doubts = [doubt for change in changes for doubt in change.doubts]
        if wrong := [*wrong, *([] if sure else doubts)]:
            only_law = all(line["series"] in Book().tables.names for line in found.lines)
            raise (LawFault if only_law else DataFault)(sorted(dict.fromkeys(wrong), key=_natural))
    return Change(
        tuple(step for change in changes for step in change.steps),
        {name: text for change in changes for name, text in change.files.items()},
        found.headings, found.skipped, tuple(said for line in found.lines for said in line.said), tuple(doubts),
    )  # fmt: skip


def _filled_in(found: Reading) -> Reading:
    """Leave out the rows of a list that nobody filled in: without a number, a day of publication or an article, as in a gap workbook."""
    empty = [line for line in found.lines if not any(line.get(field) for field in FILLED)]
    if not empty or len(empty) == len(found.lines):
        return found
    said = tuple(f"{line.place}: left empty" for line in empty)
    return replace(
        found, lines=tuple(line for line in found.lines if line not in empty), skipped=(*found.skipped, *said)
    )


def _sorted(lines: tuple[Line, ...]) -> tuple[list[tuple[Plan, list[Line]]], list[Line]]:
    """Part the lines into published figures, law values, rows of evaluation forms, and those whose series nobody knows."""
    series, names = words().series, Book().tables.names
    published = [line for line in lines if line["series"] in series]
    law = [line for line in lines if line["series"] in names and line["series"] not in series]
    rows = [line for line in lines if line["series"].startswith(FORM_SERIES)]
    known = {*series, *names}
    unnamed = [line for line in lines if line["series"] not in known and not line["series"].startswith(FORM_SERIES)]
    return [(figures.plan, published), (standards.plan, law), (forms.plan, rows)], unnamed


def _unnamed(lines: list[Line]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for line in lines:
        wanted = line.get("series")[:LONGEST_LABEL]
        if wanted not in seen:
            seen[wanted] = near_series(wanted) if len(seen) < figures.HINTS else ""
        shared = ", " in seen[wanted]
        what = "a label that several series share" if shared else "unknown series" if wanted else "no series"
        yield Fault(
            what, line.at("series"), "a series of reference/series.csv or a name of law/names.csv", wanted, seen[wanted]
        )


def _not_out_yet(line: Line) -> Iterator[Fault]:
    """A day of publication that has not come yet is a slip: it would move every report to a period nobody knows."""
    latest = f"{datetime.now(UTC).date() + timedelta(days=1)}"  # it is tomorrow in China first
    if DAY.fullmatch(day := line.get("vintage")) and day > latest:
        yield Fault("published on a day that has not come", line.at("vintage"), f"a day up to {latest}", day)


def _natural(fault: Fault) -> list[tuple[int, str]]:
    """Sort places by their numbers, so that row 10 follows row 9."""
    return [(int(part[:9]), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", fault.where)]
