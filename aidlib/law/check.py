"""Every fault of the law at once: its tables, holidays and rubrics, with file, line and cure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from aidlib import tables, words
from aidlib.errors import DataFault, Fault, nearest
from aidlib.law import load, rubrics, workdays

DAYS_A_CHECK_HOLDS = 366
WAITING = "row yet"
"""A name whose note says so is there for places to fill."""


def check() -> list[Fault]:
    """List every fault of the law tables, the holiday table and the rubrics, shipped and overlaid."""
    book, wrong = load.survey()
    sources = book.sources
    return [*wrong, *_holiday_faults(sources), *_rubric_faults(sources)]


def warnings(today: date) -> list[Fault]:
    """List what is not wrong but wants a look: words nothing uses, and rows whose source nobody has read for a year."""
    values, _ = load.gather("values", load.VALUE_COLUMNS)
    cited = {word for row in [*values, *_others()] for word in re.split(r"[;,\s]+", row["source"])}
    used = {
        "names": {row["name"] for row in values} | {row["value"].partition(":")[0] for row in values},
        "groups": {word for row in values for word in row["group"].split(":")},
        "sources": cited,
    }
    return [*_idle(used), *_unread(values, today)]


def _holiday_faults(sources: Iterable[str]) -> list[Fault]:
    try:
        return workdays.faults(set(sources))
    except DataFault as error:
        return list(error.faults)


def _rubric_faults(sources: Iterable[str]) -> Iterator[Fault]:
    for name in rubrics.available():
        try:
            criteria = rubrics.load(name)
        except DataFault as error:
            yield from error.faults
            continue
        for row in criteria:
            if row.source not in sources:
                hint = nearest(row.source, sources)
                yield Fault("unknown source", row.place, "an id of law/sources*.csv", row.source, hint)


def _others() -> Iterator[tables.Row]:
    """Read the rows outside the values that cite a law source; an unreadable table is a fault, not a warning."""
    shapes: dict[str, tuple[str, ...]] = {workdays.TABLE: workdays.COLUMNS}
    shapes |= dict.fromkeys(tables.names("words.csv"), words.COLUMNS)
    shapes |= {f"rubrics/{name}.csv": rubrics.COLUMNS for name in rubrics.available()}
    for table, columns in shapes.items():
        try:
            yield from tables.rows(table, columns)
        except DataFault:
            continue


def _idle(used: dict[str, set[str]]) -> Iterator[Fault]:
    columns = {"names": load.NAME_COLUMNS, "groups": load.GROUP_COLUMNS, "sources": load.SOURCE_COLUMNS}
    for kind, known in used.items():
        for row in load.gather(kind, columns[kind])[0]:
            if (word := row[columns[kind][0]]) not in known and WAITING not in row.cells.get("note", ""):
                yield Fault(f"one of the {kind} that no row uses", row.place, got=word, hint="use it or delete it")


def _unread(values: Iterable[tables.Row], today: date) -> Iterator[Fault]:
    by_source: dict[str, list[tables.Row]] = defaultdict(list)
    for row in values:
        if not _fresh(row["checked_on"], today):
            by_source[row["source"]].append(row)
    for source, rows in by_source.items():
        oldest = min(row["checked_on"] for row in rows)
        yield Fault(
            f"{len(rows)} rows of {source} were last checked on {oldest}", rows[0].place, f"within a year of {today}",
            hint="read the source again and set checked_on",
        )  # fmt: skip


def _fresh(checked_on: str, today: date) -> bool:
    try:
        return 0 <= (today - date.fromisoformat(checked_on)).days <= DAYS_A_CHECK_HOLDS
    except ValueError:
        return True
