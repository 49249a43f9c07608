"""`aidlib data add FILE`: this month's index or a new standard from CSV or Excel, checked, shown, and written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aidlib.additions import figures, standards
from aidlib.additions.change import Change, Step
from aidlib.additions.reading import Line, read
from aidlib.additions.writing import laid_over, locked, publish
from aidlib.errors import AidError, DataFault, Fault, nearest
from aidlib.indices.store import words
from aidlib.law import Book

__all__ = ["Change", "Step", "add"]

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def add(file: str | Path, into: str | Path, dry_run: bool = False) -> Change:
    """Add published figures or law values from a file to the user's own data folder.

    A line whose series is a name of the law book (such as `dibao_standard`) goes to `law/values_local.csv` of the folder, any
    other to `reference/<table>.csv`. All lines of a file go to one table, so that the write is one step. Sources that are
    not known yet are added first.

    Parameters
    ----------
    file : path
        CSV or Excel with headings such as 地区, 月份, 指标, 数值, 来源, 发布日期 (see `data/reference/README.md`).
    into : path
        The folder that `AIDLIB_DATA` names; it is made if it is not there.
    dry_run : bool
        Only say what would change.

    Returns
    -------
    Change
        What changed; `print` it.

    Raises
    ------
    DataFault, LawFault
        Every fault of the file with sheet, row and column. Nothing was written.

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
    if dry_run:
        return _planned(path, folder)
    with locked(folder):
        change = _planned(path, folder)
        publish(folder, change.files)
    return replace(change, written=True)


def _planned(path: Path, folder: Path) -> Change:
    with laid_over(folder):
        lines, ignored = read(path)
        table, named, wrong = _sorted(lines)
        if table != standards.VALUES:
            strange = {line.place for line in lines} - {line.place for line in named}
            wrong += [fault for line in lines if line.place in strange for fault in figures.unnamed_faults(line)]
        wrong += [fault for line in lines for fault in _not_out_yet(line)]
        try:
            change = standards.plan(named) if table == standards.VALUES else figures.plan(named)
        except AidError as error:
            raise type(error)(sorted([*wrong, *error.faults], key=_natural)) from None
        if wrong:
            raise DataFault(wrong)
    return replace(change, ignored=tuple(ignored))


def _sorted(lines: list[Line]) -> tuple[str, list[Line], list[Fault]]:
    """Find the one table all lines go to, the lines with their series by name, and the faults of the others."""
    series, names = words().series, Book().tables.names
    home = {one.name: f"reference/{one.table}.csv" for one in series.values()} | dict.fromkeys(names, standards.VALUES)
    labels: dict[str, set[str]] = {name: {name} for name in home}
    known = [(one.name, one.zh, one.en) for one in series.values()] + [
        (one.name, one.zh, one.en) for one in names.values()
    ]
    for name, *shown in known:
        for label in shown:
            labels.setdefault(label, set()).add(name)
    unnamed = {line.place: fault for line in lines if (fault := _unnamed(line, labels))}
    named = [line.filled(series=min(labels[line["series"]])) for line in lines if line.place not in unnamed]
    wrong = list(unnamed.values())
    targets = sorted({home[line["series"]] for line in named})
    if len(targets) > 1:
        wrong.append(
            Fault("lines for several tables", lines[0].table, "one table", ", ".join(targets), "split the file")
        )
    if len(targets) != 1:
        raise DataFault(wrong)
    return targets[0], named, wrong


def _not_out_yet(line: Line) -> Iterator[Fault]:
    """A day of publication that has not come yet is a slip: it would move every report to a period nobody knows."""
    latest = f"{datetime.now(UTC).date() + timedelta(days=1)}"  # it is tomorrow in China first
    if DAY.fullmatch(day := line.get("vintage")) and day > latest:
        yield Fault("published on a day that has not come", line.at("vintage"), f"a day up to {latest}", day)


def _natural(fault: Fault) -> list[tuple[int, str]]:
    """Sort places by their numbers, so that row 10 follows row 9."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", fault.where)]


def _unnamed(line: Line, labels: dict[str, set[str]]) -> Fault | None:
    wanted = line.get("series")
    found = sorted(labels.get(wanted, ()))
    if len(found) == 1:
        return None
    what = "a label that several series share" if found else "unknown series" if wanted else "no series"
    reordered = (label for label in labels if sorted(label) == sorted(wanted))
    hint = ", ".join(found) or _standard(wanted) or next(reordered, "") or nearest(wanted, labels)
    return Fault(what, line.at("series"), "a series of reference/series.csv or a name of law/names.csv", wanted, hint)


def _standard(wanted: str) -> str:
    """Say how the book names what a clerk calls the (urban, rural) dibao standard; an average is a series of its own."""
    if "低保" not in wanted or "标准" not in wanted or "平均" in wanted:
        return ""
    area = next((f"，类别 {area}" for area in ("城镇", "农村") if area[0] in wanted), "，类别 城镇 或 农村")
    return f"{Book().tables.names['dibao_standard'].zh}{area}"
