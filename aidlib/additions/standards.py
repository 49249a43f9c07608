"""Planning the addition of a standard or another law value: which open row must end, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from aidlib import tables
from aidlib.additions.figures import place_faults, placed, text_faults
from aidlib.additions.layouts import Line
from aidlib.additions.plausible import Judge
from aidlib.additions.records import Change, Step, own_id, own_rows, table_text
from aidlib.errors import Fault, LawFault
from aidlib.law import Book, faults
from aidlib.law.load import NAME_COLUMNS, SOURCE_COLUMNS, UNIT_COLUMNS, VALUE_COLUMNS, Entry, Tables
from aidlib.regions import region
from aidlib.tables import Row

VALUES = "law/values_local.csv"
SOURCES = "law/sources_local.csv"
GROUPS = ("group", "zh", "en")
LEVEL = "VERIFIED"
Key = tuple[str, str, str, str]


@dataclass
class Span:
    """A row of the book, or a new one, with the days it holds."""

    cells: dict[str, str]
    start: date
    end: date
    row: Row
    new: bool = False

    @property
    def key(self) -> Key:
        """Region, name, group and first day: what an overlay row replaces."""
        return self.cells["region"], self.cells["name"], self.cells["group"], self.cells["from"]

    @property
    def what(self) -> str:
        """The row in words."""
        return f"{region(self.key[0])} {' '.join(filter(None, self.key[1:3]))} from {self.key[3]}"


def plan(lines: list[Line]) -> Change:
    """Say what adding the lines would change in the law book, without writing anything.

    A row that still holds on the first day of a new one of the same place, name and group must end the day before. Its end is
    shown as a step of its own and is written as a replacement of that row in the overlay; the shipped row stays as it is.
    """
    book = Book().tables
    sources = _new_sources(lines, book)
    full = [_completed(line, book, sources) for line in lines]
    vocabulary = _vocabulary(sources)
    own = {row["id"]: Row(SOURCES, 0, True, row) for row in sources}
    wrong = [
        *place_faults(lines),
        *(fault for line in lines for fault in text_faults(line)),
        *_uncited(lines),
        *_without_area(lines, book),
    ]
    wrong += faults.of_words(faults.Vocabulary(own, None, None, None))
    told = {fault.where for fault in wrong}
    wrong += [fault for line in full for fault in faults.of_value(placed(line), vocabulary) if fault.where not in told]
    if wrong:
        raise LawFault(wrong)
    spans, steps = _laid(full, book.entries)
    steps = [*(Step("source", f"{row['title']} {row['number'] or row['date']}") for row in sources), *steps]
    changed = {span.key: span.cells for span in spans}
    doubts = Judge().of_standards([span.row for span in spans if span.new and isinstance(span.row, Line)])
    return Change(tuple(steps), _files(changed, sources) if changed else {}, doubts=tuple(doubts))


def _uncited(lines: list[Line]) -> Iterator[Fault]:
    for line in lines:
        if not line.get("source"):
            yield Fault("no source", line.at("source"), "the title of the document", "", "add a column 来源")
        if not line.get("vintage"):
            yield Fault("no date", line.at("vintage"), "the day of the document", "", "add a column 发文日期")


def _without_area(lines: Iterable[Line], book: Tables) -> Iterator[Fault]:
    """Refuse a standard without town or country where every standard of its name has one."""
    plain = {entry.row["name"] for entry in book.entries if not entry.row["group"]}
    grouped = {entry.row["name"] for entry in book.entries} - plain
    for line in lines:
        if line["series"] in grouped and not line.get("group"):
            yield Fault(
                "no group",
                line.at("group"),
                "a group, as every row of this name has",
                "",
                "a column 类别 with 城镇, 农村 or 城乡",
            )


def _new_sources(lines: Iterable[Line], book: Tables) -> list[dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for line in lines:
        if line.get("source") and _source(line, book) is None:
            title, number, day = line.get("source"), line.get("number"), line.get("vintage")
            own = own_id(title, number, day)
            cells = (own, title, number, line.get("issuer"), day, line.get("from"), LEVEL, line.get("url"))
            rows.setdefault(own, dict(zip(SOURCE_COLUMNS, cells, strict=True)))
    return list(rows.values())


def _source(line: Line, book: Tables) -> str | None:
    title, number, day = line.get("source"), line.get("number"), line.get("vintage")
    if title in book.sources:
        return title
    known = (
        (s.id, s.title == title and (s.number == number if number else s.date == day)) for s in book.sources.values()
    )
    return next((found for found, same in known if same), None)


def _completed(line: Line, book: Tables, sources: list[dict[str, str]]) -> Line:
    name = book.names[line["series"]]
    labels = {group.zh: group.group for group in book.groups.values()}
    own = own_id(line.get("source"), line.get("number"), line.get("vintage"))
    return line.filled(
        region=line.get("region"),
        name=name.name,
        group=labels.get(line.get("group"), line.get("group")),
        to=line.get("to"),
        unit=line.get("unit") or (name.units[0] if len(name.units) == 1 else ""),
        period="",
        status=line.get("status") or "enacted",
        source=_source(line, book) or own,
        article=line.get("article"),
        checked_on=line.get("vintage"),
        note=line.get("note"),
        **{column: line.get(column) for column in ("from", "value")},
    )


def _vocabulary(sources: list[dict[str, str]]) -> faults.Vocabulary:
    def words(kind: str, columns: tuple[str, ...]) -> dict[str, Row]:
        rows = [row for table in tables.names(f"law/{kind}*.csv") for row in tables.rows(table, columns)]
        return {row[columns[0]]: row for row in rows}

    known = words("sources", SOURCE_COLUMNS) | {row["id"]: Row(SOURCES, 0, True, row) for row in sources}
    return faults.Vocabulary(known, words("names", NAME_COLUMNS), words("units", UNIT_COLUMNS), words("groups", GROUPS))


def _laid(lines: list[Line], entries: Iterable[Entry]) -> tuple[list[Span], list[Step]]:
    """Lay the new rows over the book in order of their first days; return the spans to write and the steps."""
    wanted = {(line["region"], line["name"], line["group"]) for line in lines}
    spans = [Span(dict(e.row.cells), e.start, e.end, e.row) for e in entries if e.key in wanted]
    touched: dict[int, Span] = {}
    steps: list[Step] = []
    wrong: list[Fault] = []
    for line in sorted(lines, key=lambda line: line["from"]):
        days = faults.days(line) or (date.max, date.max)
        new = Span({column: line[column] for column in VALUE_COLUMNS}, *days, line, new=True)
        met = [
            span for span in spans if span.key[:3] == new.key[:3] and span.start <= new.end and new.start <= span.end
        ]
        wrong += [fault for span in met for fault in _unsettled(span, new)]
        old = [span for span in met if span.start == new.start]
        steps += [_end(span, new.start) for span in met if span.start < new.start]
        steps.append(_step(new, old))
        spans = [span for span in spans if span not in old] + [new]
        if steps[-1].kind != "same":
            touched |= {id(span): span for span in (*met, new) if span not in old}
    if wrong:
        raise LawFault(wrong)
    return list(touched.values()), steps


def _unsettled(old: Span, new: Span) -> Iterator[Fault]:
    """Find overlaps that ending the older row on the day before, or replacing a row of the same first day, would not settle."""
    where = new.row.at("from")
    if old.new and (old.start == new.start or old.end < date.max):
        yield Fault("two lines of the file hold on the same day", where, "one of them to end before", old.what)
    elif old.start > new.start:
        hint = f"to = {old.start - timedelta(days=1)}"
        yield Fault("a later row already holds", where, f"an end before {old.row.place}", str(old.start), hint)
    elif old.start < new.start and old.end > new.end:
        hint = "leave `to` empty; a later addition will end the row"
        yield Fault(
            "an older row goes on after the new one ends", where, f"no `to`: {old.row.place}", str(new.end), hint
        )
    elif old.row.overlaid and old.row.table != VALUES:
        yield Fault("a row that only you can end", where, f"end it in {old.row.place}", old.what)


def _end(span: Span, start: date) -> Step:
    before = f"to {span.end}" if span.end < date.max else "open"
    span.end = start - timedelta(days=1)
    span.cells["to"] = str(span.end)
    return Step(
        "ends", f"{span.what}, {span.cells['value']} {span.cells['unit']} ({span.row.place})", before, f"to {span.end}"
    )


def _step(new: Span, old: list[Span]) -> Step:
    after = _amount(new)
    if not old:
        return Step("new", new.what, "", after)
    before = _amount(old[0])
    told = [column for column in VALUE_COLUMNS if column not in ("checked_on", "note")]
    same = all(old[0].cells[column] == new.cells[column] for column in told)
    return Step("same" if same else "changed", f"{new.what} ({old[0].row.place})", before, after)


def _amount(span: Span) -> str:
    last = f" to {span.cells['to']}" if span.cells["to"] else ""
    return f"{span.cells['value']} {span.cells['unit']}{last}"


def _files(changed: dict[Key, dict[str, str]], sources: list[dict[str, str]]) -> dict[str, str]:
    def key(row: dict[str, str]) -> Key:
        return row["region"], row["name"], row["group"], row["from"]

    kept = [row for row in own_rows(VALUES, VALUE_COLUMNS) if key(row) not in changed]
    rows = sorted([*kept, *changed.values()], key=key)
    more = [*own_rows(SOURCES, SOURCE_COLUMNS), *sources]
    files = {SOURCES: table_text(SOURCE_COLUMNS, more)} if sources else {}
    return {**files, VALUES: table_text(VALUE_COLUMNS, rows)}
