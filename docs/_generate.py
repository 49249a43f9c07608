"""参考部分由此生成。 The reference part of the handbook, written from the product: never by hand."""

from __future__ import annotations

import copy
import csv
import inspect
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import _tables
import click

import aidlib
from aidlib import cli, words
from aidlib.commands import door
from aidlib.evaluation.measures import HEADS, MEASURES, Records, Seen
from aidlib.regions import NATION, provinces, region
from aidlib.result import Result
from aidlib.tables import shipped_notebooks

ROOT = Path(__file__).parents[1]
TODAY, DAY = "AIDLIB_TODAY", "2026-12-01"
CARRIED = {
    "README.md": "readme", "CHANGELOG.md": "changelog", "CONTRIBUTING.md": "contributing", "SECURITY.md": "security",
    "data/law/README.md": "law_tables", "data/reference/README.md": "figure_tables", "tests/cases/README.md": "cases",
    "CITATION.cff": "citation",
}  # fmt: skip
ORPHAN = "---\norphan: true\n---\n\n"
LINK = re.compile(r"(!?\[[^\]\n]*\]\()([^)\s#]*)(#[^)\s]*)?\)")
SURVEY = ("indicators", "ranking", "comparison", "events")
LEVELS = ("nation", "province", "prefecture", "county")
SHOWN_YEARS = (2024, 2022, 2020, 2019, 2018)
TEXTS = {
    row["key"]: (row["zh"], row["en"]) for row in csv.DictReader((ROOT / "docs/_words.csv").open(encoding="utf-8"))
}
GROUPS = (
    "studies",
    "standards",
    "prices",
    "evaluation",
    "rules",
    "law",
    "indices",
    "register",
    "additions",
    "page",
    "known",
    "money",
    "regions",
)


def write(folder: Path) -> None:
    """Write every page of the reference in both languages; a page that did not change keeps its date."""
    made = {f"names/{name}": text for name, text in names()}
    for spoken, end in (("zh", ""), ("en", ".en")):
        for page in (api, laws, series, indicators, commands, tables):
            lines = page(spoken)
            back = f"[{said('other', spoken)}]({page.__name__}{'.en' if spoken == 'zh' else ''}.md)"
            made[page.__name__ + end] = (ORPHAN if end else "") + "\n".join(
                [f"# {said(page.__name__, spoken)}", "", back, "", *lines, ""]
            )
    for path, name in CARRIED.items():
        text = (ROOT / path).read_text(encoding="utf-8")
        text = text if path.endswith(".md") else f"# {path}\n\n```yaml\n{text}```\n"
        made[f"files/{name}"] = ORPHAN + linked(text, (ROOT / path).parent, folder / "files")
    for name, text in made.items():
        target = folder / f"{name}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")


def said(key: str, spoken: str) -> str:
    """A text of the reference in a language."""
    return TEXTS.get(key, (key, key))[words.LANGUAGES.index(spoken)]


def linked(text: str, here: Path, there: Path | None = None) -> str:
    """Turn relative links of a file that lies `here` into links from a page in `there`; what has no page loses its link."""

    def turned(found: re.Match[str]) -> str:
        label, target, anchor = found[1], found[2], found[3] or ""
        if not target or "://" in target:
            return found[0]
        path = (here / target).resolve()
        inside = path.is_relative_to(ROOT / "docs") and path.is_file()
        name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else ""
        page = path if inside else ROOT / "docs/reference/files" / f"{CARRIED[name]}.md" if name in CARRIED else None
        if page is None:
            return label[1:-2] if label[0] == "[" else found[0]
        return f"{label}{os.path.relpath(page, there or here)}{anchor})"

    return LINK.sub(turned, text)


def cell(text: object) -> str:
    """A text as a cell of a table."""
    return re.sub(r"\s+", " ", str(text)).replace("|", "\\|").strip()


def code(text: object) -> str:
    """A code within a text; an empty one stays empty."""
    return f"`{text}`" if str(text) else ""


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """Lines of a table."""
    titles = list(heads)
    body = (f"| {' | '.join(map(cell, row))} |" for row in rows)
    return [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}", *body, ""]


def summary(thing: Any, spoken: str) -> str:
    """First sentence of a docstring in a language: Chinese stands before the ideographic full stop."""
    first = (inspect.getdoc(thing) or "").split("\n\n")[0]
    chinese, stop, english = first.partition("。")
    return (chinese if spoken == "zh" else english) if stop else first


def api(spoken: str) -> list[str]:
    """The public names by room."""
    lines = [said("api_head", spoken), ""]
    homes = {name: re.split(r"[.:]", place)[1] for name, place in sorted(aidlib._FROM.items())}
    for group in dict.fromkeys([*GROUPS, *homes.values()]):
        listed = [name for name, home in homes.items() if home == group]
        rows = [(f"[`{name}`](names/{name}.md)", summary(getattr(aidlib, name), spoken)) for name in listed]
        lines += [f"## {said(group, spoken)}", "", *table([said("name", spoken), said("summary", spoken)], rows)]
    rooms = [
        (f"[`aidlib.{room}`](names/{room}.md)", summary(getattr(aidlib, room), spoken))
        for room in aidlib._ROOMS
        if own(room)
    ]
    return [*lines, f"## {said('rooms', spoken)}", "", said("rooms_head", spoken), "",
            *table([said("name", spoken), said("summary", spoken)], rooms)]  # fmt: skip


def own(room: str) -> list[str]:
    """Names of a room that are not at the top."""
    found = getattr(getattr(aidlib, room), "__all__", ())
    return [name for name in found if name not in aidlib.__all__ and callable(getattr(getattr(aidlib, room), name))]


def names() -> Iterator[tuple[str, str]]:
    """One page a public name, with the results it gives; then one a room."""
    shown = {getattr(aidlib, name) for name in aidlib._FROM if inspect.isclass(getattr(aidlib, name))}
    for name in aidlib._FROM:
        thing = getattr(aidlib, name)
        lines = documented("aidlib", name, thing)
        for result in sorted(set(results(thing)) - shown, key=lambda one: one.__name__):
            shown.add(result)
            lines += documented(result.__module__, result.__name__, result)
        yield name, ORPHAN + "\n".join([f"# aidlib.{name}", "", *lines])
    for room in filter(own, aidlib._ROOMS):
        module = getattr(aidlib, room)
        parts = [
            line
            for name in own(room)
            if getattr(module, name) not in shown
            for line in documented(f"aidlib.{room}", name, getattr(module, name))
        ]
        yield (
            room,
            ORPHAN + "\n".join([f"# aidlib.{room}", "", summary(module, "en"), "", *parts]),
        )
    for module in SURVEY:
        text = [f"```{{eval-rst}}\n.. automodule:: aidlib.evaluation.{module}\n   :members:\n```", ""]
        yield (
            f"evaluation.{module}",
            ORPHAN + "\n".join([f"# aidlib.evaluation.{module}", "", *text]),
        )


def results(thing: Any) -> Iterator[type]:
    """Classes of results that a function or a class's own methods give."""
    calls = [getattr(thing, name) for name in vars(thing) if name[0] != "_"] if inspect.isclass(thing) else [thing]
    for call in calls:
        source = import_module(call.__module__) if callable(call) and hasattr(call, "__module__") else None
        given = str(getattr(call, "__annotations__", {}).get("return", "")) if source else ""
        for word in re.findall(r"\w+", given):
            found = getattr(source, word, None)
            if inspect.isclass(found) and issubclass(found, Result) and found is not Result:
                yield found


def documented(module: str, name: str, thing: Any) -> list[str]:
    """The docstring of a thing, by autodoc and numpydoc."""
    kind = "autoclass" if inspect.isclass(thing) else "autofunction"
    members = "\n   :members:" if kind == "autoclass" else ""
    return [f"```{{eval-rst}}\n.. {kind}:: {module}.{name}{members}\n```", ""]


def reach(places: Iterable[str], first: str, last: str, spoken: str) -> str:
    """How many places of each level, from when to when."""
    count = Counter(region(code).level if code != NATION else "nation" for code in places)
    if not count:
        return said("none", spoken)
    parts = [said("nation", spoken) if level == "nation" else said("places", spoken).format(count[level], said(level, spoken))
             for level in LEVELS if count[level]]  # fmt: skip
    span = (
        first if first == last else f"{first}{said('to', spoken)}{last}" if last else f"{first} {said('open', spoken)}"
    )
    return f"{'，' if spoken == 'zh' else ', '}".join([*parts, span])


def laws(spoken: str) -> list[str]:
    """Every name of the law, by its file: unit, meaning, coverage."""
    book, lines = aidlib.Book(), [said("laws_head", spoken), ""]
    rows: dict[str, list[Any]] = {}
    for entry in book.tables.entries:
        rows.setdefault(entry.key[1], []).append(entry)
    for path in sorted((ROOT / "data/law").glob("names*.csv")):
        terms = [term for term in book.tables.names.values() if f"\n{term.name}," in path.read_text(encoding="utf-8")]
        held = (law_row(term, rows.get(term.name, []), spoken) for term in terms)
        lines += [
            f"## {path.name}",
            "",
            *table([said(key, spoken) for key in ("name", "unit", "meaning", "coverage")], held),
        ]
    return lines


def law_row(term: Any, entries: list[Any], spoken: str) -> tuple[str, ...]:
    """Name, units, label and note, coverage."""
    label = term.zh if spoken == "zh" else term.en
    note = term.note if spoken == "en" else said(term.op, spoken) if term.op else ""
    first = min((str(one.start) for one in entries), default="")
    ends = [one.end for one in entries]
    last = "" if not ends or max(ends).year == 9999 else str(max(ends))
    units = "、".join(words.word(one, "unit", spoken) for one in term.units)
    return (
        code(term.name),
        units,
        f"{label}{'；' if spoken == 'zh' else '; '}{note}" if note else label,
        reach({one.key[0] for one in entries}, first, last, spoken),
    )


def series(spoken: str) -> list[str]:
    """Every series of published figures, by table: unit, meaning, coverage."""
    figures, lines = aidlib.Figures(), [said("series_head", spoken), ""]
    by_table: dict[str, list[Any]] = {}
    for one in figures.series.values():
        by_table.setdefault(one.table, []).append(one)
    for name, held in sorted(by_table.items()):
        rows = (series_row(figures, one, spoken) for one in held)
        lines += [
            f"## {name}",
            "",
            *table([said(key, spoken) for key in ("name", "unit", "meaning", "coverage")], rows),
        ]
    return lines


def series_row(figures: Any, one: Any, spoken: str) -> tuple[str, ...]:
    """Name, units, label, coverage."""
    held = {place: list(figures.all(place, one.name)) for place in figures.places(one.name)}
    periods = [period for listed in held.values() for period in listed]
    units = "、".join(words.word(unit, "unit", spoken) for unit in one.units)
    return (
        code(one.name),
        units,
        one.zh if spoken == "zh" else one.en,
        reach(filter(held.get, held), min(periods, default=""), max(periods, default=""), spoken),
    )


def indicators(spoken: str) -> list[str]:
    """Every measure with its formula and an example; then the indicators of households."""
    lines, examples = [said("indicators_head", spoken), ""], _examples()
    titles = [said(key, spoken) for key in ("name", "meaning", "formula", "example")]
    for head in HEADS:
        measures = [one for one in MEASURES.values() if one.head == head]
        rows = [
            (
                code(one.name),
                summary(one.find, spoken),
                said(f"formula:{one.name}", spoken),
                example(examples.get(one.name), spoken),
            )
            for one in measures
        ]
        lines += [f"## {words.word(head, 'head', spoken)}", "", *table(titles, rows)]
    survey = [
        (
            f"[`aidlib.evaluation.{name}`](names/evaluation.{name}.md)",
            summary(import_module(f"aidlib.evaluation.{name}"), "en"),
        )
        for name in SURVEY
    ]
    lines += [f"## {said('survey', spoken)}", "", said("survey_head", spoken), ""]
    return [*lines, *table([said("name", spoken), said("summary", spoken)], survey)]


@lru_cache(maxsize=1)
def _examples() -> dict[str, tuple[Any, str, str]]:
    """The newest example of each measure that the shipped figures allow: what was found, place and area."""
    book, figures, found = aidlib.Book(), aidlib.Figures(), {}
    for year in SHOWN_YEARS:
        for place in (NATION, *(one.code for one in provinces()), "450400"):
            at = Records(book, figures, place, year)
            for name in MEASURES.keys() - found.keys():
                if name.startswith("linkage_") and place != "450400":
                    continue
                area = MEASURES[name].areas[0]
                seen = MEASURES[name].find(at, area)
                if isinstance(seen, Seen) and seen.formula:
                    found[name] = seen, place, area
    return found


def example(found: tuple[Any, str, str] | None, spoken: str) -> str:
    """An example in words: place, period, area, and what was computed."""
    if not found:
        return said("own_data", spoken)
    seen, place, area = found
    where = [region(place).name(spoken), seen.period, words.word(area, "area", spoken) if area else ""]
    return f"{' '.join(filter(None, where))}{'：' if spoken == 'zh' else ': '}{seen.formula}"


def commands(spoken: str) -> list[str]:
    """Every command with its options, in the words it has at the door."""
    lines = [said("commands_head", spoken), ""]
    door.speak("en")
    told = copy.deepcopy(dict(walk(cli.group, "aidlib")))
    door.speak(spoken)
    for path, command in told.items():
        door.helped(command)
        lines += [f"{'#' * (path.count(' ') + 2)} {path}", "", paragraphs(command.help or ""), ""]
        lines += ["```sh", " ".join([path, *command.collect_usage_pieces(click.Context(command))]), "```", ""]
        rows = [
            (code(f"{', '.join([*one.opts, *one.secondary_opts])} {one.metavar or ''}".strip()), one.help or "")
            for one in command.params
            if isinstance(one, click.Option)
        ]
        lines += table([said("option", spoken), said("meaning", spoken)], rows) if rows else []
    door.speak("en")
    return lines


def paragraphs(text: str) -> str:
    """The paragraphs of a help text, each on one line."""
    return "\n\n".join(" ".join(one.split()) for one in re.split(r"\n\s*\n", text) if one.strip())


def walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below
            yield from walk(below, f"{path} {name}")


_frames: dict[str, list[tuple[str, str, Any]]] = {}


def tables(spoken: str) -> list[str]:
    """Every table of every report: the line that gives it as a frame, and its columns."""
    lines = [said("tables_head", spoken), "", said("more_columns", spoken), ""]
    titles = [said(key, spoken) for key in ("table", "frame", "columns")]
    for report in _tables.reports(shipped_notebooks()):
        if report.name not in _frames:
            _frames[report.name] = list(_tables.frames(report))
        title = words.word(report.name, "report", spoken)
        lines += [
            f"## {title}" if title == report.name else f"## {title} {report.name}",
            "",
            "```python",
            *_tables.START,
            *report.lines,
            "```",
            "",
        ]
        rows = [
            (name, code(line), "、".join(called(frame.columns, spoken))) for name, line, frame in _frames[report.name]
        ]
        lines += table(titles, rows)
    return lines


def called(columns: Iterable[object], spoken: str) -> list[str]:
    """Columns by their names in a language; those without one are left out."""
    texts = {column: words.word(column, spoken=spoken) for column in map(str, columns)}
    return [text for column, text in texts.items() if text != column]
