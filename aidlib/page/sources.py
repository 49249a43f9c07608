"""Where a number comes from, on the page: marks, links, and one line a row that was read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from aidlib import words
from aidlib.indices import Figure
from aidlib.law.value import Value, weakest
from aidlib.money import decimal_text
from aidlib.regions import region

CONDITION = re.compile(r"([a-z_|]+)(>=?)")
INSTRUMENTS = ("linkage_regime", "linkage_overlay", "linkage_method")
"""Names whose value only says which instrument applies: a reader is shown its title."""
MOST_IN_LINE, MOST_NAMED = 1, 4
BARE_UNITS = ("%", "（", "(")


def slug(text: str) -> str:
    """Turn any text into an id that is safe in HTML and in an address; Chinese stays.

    Examples
    --------
    >>> slug("law/values.csv:12"), slug(" 触发 与 金额! ")
    ('law-values-csv-12', '触发-与-金额')
    """
    return re.sub(r"[^\w]+", "-", text.strip().lower()).strip("-") or "x"


def anchor(place: str) -> str:
    """Return the id of a data row in the list of sources.

    Examples
    --------
    >>> anchor("law/values.csv:12")
    'src-law-values-csv-12'
    """
    return f"src-{slug(place)}"


def link(text: str, place: str) -> Markup:
    """Link a text to a row in the list of sources."""
    return Markup('<a class="src" href="#{}">{}</a>').format(anchor(place), text)


def mark(status: object) -> Markup:
    """Return the small mark of a value that is neither enacted nor published, or nothing.

    Examples
    --------
    >>> mark("estimated")
    Markup('<abbr class="mark estimated" title="估算：由其他公布数据推算，带有误差">估</abbr>')
    >>> mark("observed")
    Markup('')
    """
    if not isinstance(status, str) or not (words.find(f"mark:{status}")):
        return Markup("")
    title = words.word("named", "page").format(words.word(status, "status"), words.word(status, "meaning"))
    return Markup('<abbr class="mark {}" title="{}">{}</abbr>').format(status, title, words.word(status, "mark"))


def place_html(place: str) -> Markup:
    """Write a file and line so that it breaks, if it must, after the folder."""
    return Markup("<code>{}</code>").format(Markup("/<wbr>").join(place.split("/")))


def basis_html(basis: Value | Figure | str) -> Markup:
    """Write one row something rests on, linked into the list of sources: what it says, and where it lies."""
    place = basis if isinstance(basis, str) else basis.place
    where = Markup('<a class="src" href="#{}">{}</a>').format(anchor(place), place_html(place))
    return where if isinstance(basis, str) else Markup("{} {}{}").format(basis_text(basis), mark(basis.status), where)


def basis_text(basis: Value | Figure) -> str:
    """Say a row in one phrase: source, article, and what it says.

    A law value cites its instrument, a figure its publication and period.
    """
    if isinstance(basis, Value):
        return basis.cite()
    return f"{basis.source.title} {basis.period}: {figure_text(basis)}"


def unit_text(unit: str) -> str:
    """Name a unit as it stands behind a number.

    Examples
    --------
    >>> unit_text("pct"), unit_text("yuan/person/month"), unit_text("ratio")
    ('%', ' 元/人·月', '')
    """
    named = "%" if unit == "pct" else "" if unit == "ratio" else words.word(unit, "unit")
    return named if named.startswith(BARE_UNITS) or not named else f" {named}"


def figure_text(figure: Figure) -> str:
    """Write a figure as its row has it, and as it was published where the row has more decimals."""
    shown = figure.text.replace("..", "–") + unit_text(figure.unit)
    if figure.decimals is None or figure.published == figure.value:
        return shown
    return f"{shown} {words.word('published', 'page')} {decimal_text(figure.published, figure.decimals)}"


def value_text(value: Value) -> str:
    """Write what a law value says: an amount with its unit, yes or no, a rounding rule, or the meaning of a coded word."""
    if value.kind == "flag":
        return words.word("yes" if value.flag else "no", "page")
    if value.kind == "rounding":
        rules = (rule.partition("/") for rule in value.text.split("|"))
        return words.joined("either", [words.word(mode, "rounding").format(step=step) for mode, _, step in rules])
    if value.name in INSTRUMENTS:
        return getattr(value.source, "named", f"《{value.source.title}》")
    return coded_text(value.text) if value.kind == "text" else value.text.replace("..", "–") + unit_text(value.unit)


def coded_text(text: str) -> str:
    """Write a coded word of the law book; one without a wording is shown as it is.

    Examples
    --------
    >>> coded_text("share"), coded_text("dibao_standard:urban"), coded_text("cpi>= food>=")
    ('基数×涨幅', '低保标准·城镇', '居民消费价格 ≥ 或 食品价格 ≥')
    """
    parts = text.split()
    if parts and all(CONDITION.fullmatch(part) for part in parts):
        return words.joined("or", map(_condition, parts))
    return words.joined("either", [words.word(part, "value") for part in text.split("|")])


def _condition(text: str) -> str:
    names, sign = CONDITION.fullmatch(text).groups()  # type: ignore[union-attr]
    return f"{'/'.join(words.word(name, 'index') for name in names.split('|'))} {sign.replace('>=', '≥')}"


@dataclass(frozen=True)
class Line:
    """One line of the list of sources: its anchors are rows; what is named, said, and where it stands."""

    places: tuple[str, ...]
    named: str
    said: Markup
    source: Markup
    status: str


def law_lines(values: Iterable[Value]) -> list[Line]:
    """List the law that was read, one line an instrument; its rows open below it, where there are more than a few."""
    groups: dict[str, list[Value]] = defaultdict(list)
    for v in sorted(values, key=lambda v: (v.name, v.group, v.start)):
        groups[v.source.id].append(v)
    return [_law_line(same) for same in groups.values()]


def _law_line(same: list[Value]) -> Line:
    said = [
        Markup('<span id="{}">{} {} {}</span>').format(
            anchor(v.place), _law_said(v), _law_where(v), place_html(v.place)
        )
        for v in same
    ]
    names = list(dict.fromkeys(words.word(value.name, "name") for value in same))
    head = f"{_listed(names)} ({len(same)})"
    source = same[0].source
    return Line((), source.cite(), _folded(said, head), _official("", source), weakest(*(v.status for v in same)))


def _folded(said: list[Markup], head: str) -> Markup:
    """Write a single value in the line itself; more of them open below a heading."""
    joined = Markup("；").join(said)
    return (
        joined
        if len(said) <= MOST_IN_LINE
        else Markup("<details><summary>{}</summary>{}</details>").format(head, joined)
    )


def group_text(group: str) -> str:
    """Name a group of persons or an area, nothing where a row holds for all."""
    return words.word(group, "group") if group else ""


def _law_said(value: Value) -> Markup:
    named = "·".join(filter(None, (words.word(value.name, "name"), group_text(value.group))))
    until = "" if value.end == date.max else f" {value.end}"
    return Markup('{} {}{} <span class="when">{} –{}</span>').format(
        named, value_text(value), mark(value.status), value.start, until
    )


def _law_where(value: Value) -> Markup:
    """Article of a row, and whose row it is where it is not the place's own."""
    brackets = " ({})" if words.language() == "en" else "（{}）"
    where = brackets.format(region(value.region).name(words.language())) if value.fell_back else ""
    return Markup("{}{}").format(value.article, where)


def figure_lines(figures: Iterable[Figure]) -> list[Line]:
    """List published figures, one line a statistic; single figures, each with its place and publication, open below it."""
    groups: dict[str, list[Figure]] = defaultdict(list)
    for figure in sorted(figures, key=lambda f: (f.series, f.region, f.period)):
        groups[figure.series.partition(":")[0]].append(figure)
    return [_figure_line(same) for same in groups.values()]


def _figure_line(same: list[Figure]) -> Line:
    names = list(dict.fromkeys(words.word(figure.series, "series") for figure in same))
    places = list(dict.fromkeys(region(figure.region).name(words.language()) for figure in same))
    sources = list({figure.source.id: figure.source for figure in same}.values())
    said = [
        Markup('<span id="{}">{} {}: {}{} {}{}</span>').format(
            anchor(f.place),
            " ".join(
                [region(f.region).name(words.language())] * (len(places) > 1)
                + [words.word(f.series, "series")] * (len(names) > 1)
            ),
            f.period,
            figure_text(f),
            mark(f.status),
            place_html(f.place),
            _published(f.source) if len(sources) > 1 else "",
        )
        for f in same
    ]
    periods = sorted(figure.period for figure in same)
    head = f"{_listed(places)} {periods[0]} – {periods[-1]} ({len(same)})"
    source = words.word("publications", "page").format(len(sources)) if len(sources) > 1 else _published(sources[0])
    status = weakest(*(figure.status for figure in same))
    return Line((), _listed(names), _folded(said, head), Markup(escape(source)), status)


def _listed(names: list[str]) -> str:
    """Join the first few of some names."""
    return words.joined("and", names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def _published(source: Any) -> Markup:
    return Markup(" {}").format(_official(f"{source.title} {source.date}".strip(), source))


def _official(text: str, source: Any) -> Markup:
    """A text linked to where the source stands, or a plain one; nothing said: the host."""
    if not source.url:
        return escape(text)
    text = text or urlsplit(source.url).hostname or ""
    return Markup('<a class="official" rel="noreferrer" href="{}">{}</a>').format(source.url, text)
