"""Planning the addition of published figures: which vintage is new, which replaces which, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from aidlib.additions.labels import LONGEST_LABEL, near_place, places
from aidlib.additions.layouts import Line
from aidlib.additions.plausible import Judge
from aidlib.additions.records import Change, Kind, Step, own_id, own_rows, table_text
from aidlib.disclosure.cells import begins_formula
from aidlib.errors import DataFault, Fault
from aidlib.indices import FIGURE_COLUMNS, INDEX_BASE, SOURCE_COLUMNS, Figure, Figures, Publication, checks
from aidlib.indices.store import Words, known_since, words
from aidlib.money import exact
from aidlib.regions import NATION, region

SOURCES = "reference/sources.csv"
RISE_NOTE = "published as a rise in percent"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
LONGEST_NUMBER = 32
HINTS = 50  # unknown words that are compared with every known one
TEXTS = ("source", "note", "number", "issuer", "article", "url")


def plan(lines: list[Line]) -> Change:
    """Say what adding the lines would change, without writing anything.

    Returns
    -------
    Change
        New sources first, then one step per line; figures that stand out as doubts.
    """
    known = words()
    sources = _new_sources(lines, known)
    more = {line["id"]: Publication(*(line[column] for column in SOURCE_COLUMNS)) for line in sources}
    extended = Words(known.series, known.sources | more)
    full = [_completed(line, extended) for line in lines]
    wrong = [
        *place_faults(lines),
        *(fault for line in lines for fault in _line_faults(line, known)),
        *checks.of_sources(sources),
    ]
    told = {fault.where for fault in wrong} | {line.place for line in lines if placed(line) is not line}
    found = (
        fault for table, own in _by_table(full, known) for fault in checks.of_figures(map(placed, own), table, extended)
    )
    if wrong := [*wrong, *(fault for fault in found if fault.where not in told)]:
        raise DataFault(wrong)
    figures = Figures()
    steps = [_step(line, figures) for line in full]
    new = [line for line, step in zip(full, steps, strict=True) if step.kind != "same"]
    said = [Step("source", f"{line['title']} {line['date']}") for line in sources]
    return Change((*said, *steps), _files(_by_table(new, known), sources), doubts=tuple(Judge(figures).of_figures(new)))


def _by_table(lines: list[Line], known: Words) -> list[tuple[str, list[Line]]]:
    """Part lines by the table their series lie in."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(known.series[line["series"]].table, []).append(line)
    return list(found.items())


def place_faults(lines: Iterable[Line]) -> Iterator[Fault]:
    """Find places nobody knows, or that several share; the first of them with a suggestion, for each is compared with every place there is."""
    seen: dict[str, str] = {}
    for line in lines:
        text = line.get("region")
        if not places(text):
            if text not in seen:
                seen[text] = near_place(text) if len(seen) < HINTS else ""
            yield Fault(
                "unknown region", line.at("region"), "a GB/T 2260 code or a full name", text[:LONGEST_LABEL], seen[text]
            )
        elif not text.isdecimal():
            told = ", ".join(map(str, places(text)[:5]))
            yield Fault(
                "a name that several regions share",
                line.at("region"),
                "a code, or the place above it before it",
                text,
                told,
            )


def placed(line: Line) -> Line:
    """Stand in a known place for one that was already refused, so that the other cells of the line are looked at too."""
    return line if line.get("region").isdecimal() and places(line["region"]) else line.filled(region=NATION)


def text_faults(line: Line) -> Iterator[Fault]:
    """Find texts that a spreadsheet would take for formulas, and numbers too long to be any."""
    for column in TEXTS:
        if begins_formula(line.get(column)):
            yield Fault(
                "a text that begins as a formula does", line.at(column), "words", line.get(column)[:LONGEST_NUMBER]
            )
    for column in ("value", "rise", "error"):
        if len(line.get(column)) > LONGEST_NUMBER:
            yield Fault(
                "a number too long to be one",
                line.at(column),
                f"at most {LONGEST_NUMBER} digits",
                line.get(column)[:8] + "...",
            )


def _line_faults(line: Line, known: Words) -> Iterator[Fault]:
    if wrong := list(text_faults(line)):
        yield from wrong
        return
    series = known.series[line["series"]]
    index = series.unit.startswith("index_")
    value, rise = line.get("value"), line.get("rise")
    if index and value.endswith("%"):
        hint = "write 102.5, or head the column 涨幅 if it holds rises in percent"
        yield Fault("a percentage where an index belongs", line.at("value"), "an index with base 100", value, hint)
    if rise and not index:
        yield Fault("a rise of a series that is no index", line.at("rise"), f"a value in {series.unit}", rise)
    if rise and not checks.NUMBER.fullmatch(rise.removesuffix("%")):
        yield Fault("unreadable rise", line.at("rise"), "percent such as 2.5 or -0.3", rise)
    elif rise and index and checks.NUMBER.fullmatch(value) and exact(_index(rise)) != exact(value):
        yield Fault("value and rise disagree", line.at("rise"), f"an index of {_index(rise)}", value)
    yield from _later_faults(line) if index else ()
    yield from _origin_faults(line)


def _later_faults(line: Line) -> Iterator[Fault]:
    """An index is published after its month; a projection may be of any."""
    month, released = line.get("period")[:7], line.get("vintage")[:7]
    if MONTH.fullmatch(month) and MONTH.fullmatch(released) and released < month and line.get("status") != "projected":
        what = "an index of a month after its publication"
        yield Fault(what, line.at("period"), f"a month up to {released}", month)


def _origin_faults(line: Line) -> Iterator[Fault]:
    for column in ("source", "vintage"):
        if not line.get(column):
            hint = "a column 来源, or --source" if column == "source" else "a column 发布日期, or --published"
            yield Fault(f"no {column}", line.at(column), "title" if column == "source" else "YYYY-MM-DD", "", hint)


def unnamed_faults(line: Line) -> Iterator[Fault]:
    """Find what else is wrong with a line whose series nobody knows, so that one fault does not hide the others."""
    if wrong := list(text_faults(line)):
        yield from wrong
        return
    cells = {column: line.get(column) for column in FIGURE_COLUMNS}
    yield from checks.bare_faults(placed(line.filled(**cells | {"unit": ""})))
    yield from _origin_faults(line)


def _index(rise: str) -> str:
    return str(INDEX_BASE + Decimal(rise.removesuffix("%")))


def _new_sources(lines: list[Line], known: Words) -> list[Line]:
    """Make a row of the publications for each title and date that none has, standing where it is first cited."""
    found: dict[str, Line] = {}
    for line in lines:
        title, day = line.get("source"), line.get("vintage")
        if title and _source(title, day, known) is None:
            own = own_id(title, day)
            columns = {**line.columns, "title": line.columns.get("source", "source")}
            new = replace(line, columns=columns).filled(id=own, title=title, date=day, kind="own", url=line.get("url"))
            found.setdefault(own, new)
    return list(found.values())


def _source(title: str, day: str, known: Words) -> str | None:
    """Find a publication by id, or by title and date."""
    if title in known.sources:
        return title
    return next((p.id for p in known.sources.values() if (p.title, p.date) == (title, day)), None)


def _completed(line: Line, known: Words) -> Line:
    """Fill what the file may leave out: the only unit of the series, status observed; rises become indices."""
    series = known.series[line["series"]]
    note, rise, value, unit = (line.get(column) for column in ("note", "rise", "value", "unit"))
    if rise and not value and checks.NUMBER.fullmatch(rise.removesuffix("%")):
        value, unit, note = _index(rise), "", "; ".join(filter(None, (note, RISE_NOTE)))
    cells = {
        "region": line.get("region"),
        "period": line.get("period"),
        "series": series.name,
        "value": value,
        "unit": unit or (series.unit if len(series.units) == 1 else ""),
        "status": line.get("status") or "observed",
        "source": _source(line.get("source"), line.get("vintage"), known) or line.get("source"),
        "vintage": line.get("vintage"),
        "error": line.get("error"),
        "note": note,
    }
    return line.filled(**cells)


def _step(line: Line, figures: Figures) -> Step:
    there = figures.vintages(line["region"], line["series"], line["period"])
    same = [figure for figure in there if figure.vintage == line["vintage"]]
    now = there[-1] if there else None
    kind: Kind = "new" if now is None else "confirmed" if now.text == line["value"] else "changed"
    if same and _equal(same[-1], line):
        kind = "same"
    elif now and known_since(now.vintage) > known_since(line["vintage"]):
        kind = "older"
    what = f"{region(line['region'])} {line['period']} {line['series']}"
    before = f"{now.text} {now.unit} ({now.vintage})" if now else ""
    return Step(kind, what, before, f"{line['value']} {line['unit']} ({line['vintage']})")


def _equal(figure: Figure, line: Line) -> bool:
    error = exact(line["error"]) if line["error"] else None
    told = [figure.text, figure.unit, figure.status, figure.source.id, figure.note]
    return figure.error == error and told == [line[c] for c in ("value", "unit", "status", "source", "note")]


def _files(changed: list[tuple[str, list[Line]]], sources: list[Line]) -> dict[str, str]:
    """Write out the overlay tables whole: sources first, so that no figure ever cites one that is not there."""
    if not changed:
        return {}

    def key(row: dict[str, str]) -> tuple[str, ...]:
        return row["region"], row["period"], row["series"], row["vintage"]

    more = [*own_rows(SOURCES, SOURCE_COLUMNS), *(line.picked(SOURCE_COLUMNS) for line in sources)]
    files = {SOURCES: table_text(SOURCE_COLUMNS, more)} if sources else {}
    for name, lines in changed:
        table, replaced = f"reference/{name}.csv", {key(line.cells) for line in lines}
        kept = [row for row in own_rows(table, FIGURE_COLUMNS) if key(row) not in replaced]
        files[table] = table_text(FIGURE_COLUMNS, [*kept, *(line.picked(FIGURE_COLUMNS) for line in lines)])
    return files
