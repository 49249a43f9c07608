"""Planning the addition of rows of an evaluation form: what a unit alone can say of its year, from the form sheet of a gap workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from aidlib.additions.figures import place_faults, placed, text_faults
from aidlib.additions.layouts import Line
from aidlib.additions.records import Change, Kind, Step, own_rows, table_text
from aidlib.errors import AidError, DataFault, Fault
from aidlib.evaluation.form import faults_of
from aidlib.law import rubrics
from aidlib.law.rubrics import FORM_COLUMNS, FORM_SERIES, FORM_TABLE
from aidlib.regions import region

YEAR = re.compile(r"(19|20)\d\d")
KEY = ("region", "year", "rubric", "indicator")


def plan(lines: list[Line]) -> Change:
    """Say what adding the rows would change, without writing anything. A row of the same place, year, form and indicator is replaced.

    Raises
    ------
    DataFault
        Every fault of every row: an unknown form, no indicator, an actual value or a target that cannot be read, points beyond the head's.
    """
    full = [_completed(line) for line in lines]
    wrong = [*place_faults(lines), *(fault for line in full for fault in _faults(line))]
    if wrong:
        raise DataFault(wrong)
    before = {_key(row): row for row in own_rows(FORM_TABLE, FORM_COLUMNS)}
    after = {**before, **{_key(line.cells): line.picked(FORM_COLUMNS) for line in full}}
    if wrong := list(_form_faults(full, after)):
        raise DataFault(wrong)
    steps = [_step(line, before.get(_key(line.cells))) for line in full]
    changed = any(step.kind != "same" for step in steps)
    return Change(tuple(steps), {FORM_TABLE: table_text(FORM_COLUMNS, after.values())} if changed else {})


def _key(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[column] for column in KEY)


def _completed(line: Line) -> Line:
    cells = {column: line.get(column) for column in FORM_COLUMNS}
    own = {"year": line.get("period"), "rubric": line["series"].removeprefix(FORM_SERIES), "actual": line.get("value")}
    return line.filled(**cells | own)


def _faults(line: Line) -> Iterator[Fault]:
    yield from text_faults(placed(line))
    if not YEAR.fullmatch(line["year"]):
        yield Fault("not a year", line.at("period"), "2024", line["year"])
    if line["rubric"] not in rubrics.available():
        yield Fault("no such rubric", line.at("series"), ", ".join(rubrics.available()), line["rubric"])
    elif line["indicator"] not in {row.indicator for row in rubrics.load(line["rubric"])}:
        for column in ("target", "weight"):
            if not line[column]:
                yield Fault("a row of the unit's own needs a target and points", line.at(column), "≥98%; 10")
    for column in ("indicator", "actual", "source", "vintage"):
        if not line[column]:
            yield Fault(f"no {column}", line.at("value" if column == "actual" else column))


def _form_faults(lines: list[Line], after: dict[tuple[str, ...], dict[str, str]]) -> Iterator[Fault]:
    """Hold each form of a place and year as it would be against what the form takes."""
    for at in dict.fromkeys(_key(line.cells)[:3] for line in lines):
        first = next(line for line in lines if _key(line.cells)[:3] == at)
        try:
            found = faults_of(at[2], [row for key, row in after.items() if key[:3] == at])
        except AidError as error:
            found = list(error.faults)
        yield from (replace(fault, where=f"{first.table}: {fault.where}".rstrip(": ")) for fault in found)


def _step(line: Line, old: dict[str, str] | None) -> Step:
    what = f"{region(line['region'])} {line['year']} {line['rubric']} {line['indicator']}"
    kind: Kind = "new" if old is None else "same" if old == line.picked(FORM_COLUMNS) else "changed"
    return Step(kind, what, old["actual"] if old else "", line["actual"])
