"""Where a number comes from, on the page: anchors, links, and the section that lists every row read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

from aidlib.indices import Figure, Publication
from aidlib.law.value import Source, Value, weakest
from aidlib.regions import region
from aidlib.reports.wording import figure_text, group_label, law_label, series_label, value_text
from aidlib.reports.words import MARKS, status_meaning, status_word, word

Basis = Value | Figure | str
SHORT_LIST = 3
DATES = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b", re.ASCII)


def slug(text: str) -> str:
    """Turn any text into an id that is safe in HTML and in an address; Chinese stays.

    Examples
    --------
    >>> slug("law/values.csv:12"), slug(" 触发 与 金额! ")
    ('law-values-csv-12', '触发-与-金额')
    """
    return re.sub(r"[^\w]+", "-", text.strip().lower()).strip("-") or "x"


def anchor(place: str) -> str:
    """Return the id of a data row in the sources section.

    Examples
    --------
    >>> anchor("law/values.csv:12")
    'src-law-values-csv-12'
    """
    return f"src-{slug(place)}"


def prose(text: str) -> str:
    """Escape a text and keep its dates in one piece.

    Examples
    --------
    >>> prose("2020-03-31 < x")
    '<span class="once">2020-03-31</span> &lt; x'
    """
    return DATES.sub(r'<span class="once">\g<0></span>', escape(text))


def mark_html(status: object, language: str = "zh") -> str:
    """Return the small mark of a value that is neither enacted nor published, or nothing.

    Examples
    --------
    >>> mark_html("estimated")
    '<abbr class="mark estimated" title="估算：由其他公布数据推算，带有误差">估</abbr>'
    >>> mark_html("observed")
    ''
    """
    if not isinstance(status, str) or status not in MARKS:
        return ""
    colon = ": " if language == "en" else "："
    title = status_word(status, language) + colon + status_meaning(status, language)
    return f'<abbr class="mark {status}" title="{escape(title)}">{MARKS[status][language == "en"]}</abbr>'


def link_html(basis: Basis, language: str = "zh") -> str:
    """Link one law value, figure or place (`law/values.csv:12`) to its row in the sources section.

    Examples
    --------
    >>> link_html("law/values.csv:12")
    '<a class="src" href="#src-law-values-csv-12"><code>law/<wbr>values.csv:12</code></a>'
    """
    place = basis if isinstance(basis, str) else basis.place
    link = f'<a class="src" href="#{anchor(place)}">{_place(place)}</a>'
    return (
        link if isinstance(basis, str) else f"{_basis_text(basis, language)} {mark_html(basis.status, language)}{link}"
    )


def cite_html(values: Iterable[Basis], language: str = "zh") -> str:
    """Cite law values or figures in running text: each instrument once, linked to its first row in the sources section."""
    cited: dict[str, str] = {}
    for value in values:
        place = value if isinstance(value, str) else value.place
        cited.setdefault(_cite_text(value), anchor(place))
    links = [f'<a class="cite"{_zh(language)} href="#{to}">{escape(text)}</a>' for text, to in cited.items()]
    return f'<span class="cites">{" ".join(links)}</span>' if links else ""


def sources_html(
    law_values: Iterable[Value],
    figures: Iterable[Figure],
    language: str = "zh",
    *,
    labels: Mapping[str, str] | None = None,
) -> str:
    """List every law row and every published figure a report read, each with an anchor.

    Parameters
    ----------
    law_values, figures : iterable
        What `Book.reads` and `Figures.reads` remember.
    labels : mapping, optional
        Label by law name or series name, in place of the one the tables have.

    Returns
    -------
    str
        Two tables: law (one row each) and figures (one row per region, series and source; the single figures open below it).
    """
    labels = labels or {}
    laws = [_law_row(value, language, labels) for value in sorted(law_values, key=lambda v: (v.name, v.group, v.start))]
    groups: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
    for figure in sorted(figures, key=lambda f: (f.series, f.region, f.period)):
        groups[figure.series, figure.region, figure.source.id].append(figure)
    rows = [_figure_row(same, language, labels) for same in groups.values()]
    if not laws and not rows:
        return f'<p class="note">{word("no_sources", language)}</p>'
    law_heads = ("item", "group", "value", "in_force", "basis", "found_in", "file_line")
    return _table("law_rows", law_heads, laws, language) + _table(
        "figure_rows", ("item", "place", "value", "source", "status"), rows, language
    )


def _table(caption: str, heads: Sequence[str], rows: list[str], language: str) -> str:
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{word(key, language)}</th>' for key in heads)
    title = f"{word(caption, language)} ({len(rows)})"
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(title)}"><table class="sources">'
        f"<caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _law_row(value: Value, language: str, labels: Mapping[str, str]) -> str:
    until = "" if value.end == date.max else str(value.end)
    found = region(value.region).name(language)
    cells = (
        escape(group_label(value.group, language)),
        f"{_value(value, language)}{mark_html(value.status, language)}",
        f'<span class="once">{value.start} –</span> <span class="once">{until}</span>',
        f'<div class="wide">{_official(value.source.cite(), value.source, language)} '
        f"<span{_zh(language)}>{escape(value.article)}</span></div>",
        escape(found),
        _place(value.place),
    )
    return _row(anchor(value.place), labels.get(value.name) or law_label(value.name, language), cells)


def _figure_row(same: list[Figure], language: str, labels: Mapping[str, str]) -> str:
    first, status = same[0], weakest(*(figure.status for figure in same))
    cells = (
        escape(region(first.region).name(language)),
        _figure_list(same, language),
        f'<div class="wide">{_official(f"{first.source.title} {first.source.date}".strip(), first.source, language)}</div>',
        status_word(status, language) + mark_html(status, language),
    )
    return _row("", labels.get(first.series) or series_label(first.series, language), cells)


def _row(identity: str, head: str, cells: Iterable[str]) -> str:
    opening = f'<tr id="{identity}">' if identity else "<tr>"
    return f'{opening}<th scope="row">{escape(head)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _figure_list(same: list[Figure], language: str) -> str:
    items = "".join(
        f'<li id="{anchor(f.place)}">{escape(f.period)}: {escape(figure_text(f, language))}{mark_html(f.status, language)}'
        f" {_place(f.place)}</li>"
        for f in same
    )
    if len(same) <= SHORT_LIST:
        return f'<ul class="rows">{items}</ul>'
    summary = f"{same[0].period} – {same[-1].period}, {len(same)} {word('rows', language)}"
    return f'<details><summary>{escape(summary)}</summary><ul class="rows">{items}</ul></details>'


def _value(value: Value, language: str) -> str:
    text = escape(value_text(value, language))
    return f'<span class="once">{text}</span>' if value.kind in ("number", "money") else text


def _place(place: str) -> str:
    """Write a place so that it breaks, if it must, after the folder."""
    return f"<code>{escape(place).replace('/', '/<wbr>')}</code>"


def _official(text: str, source: Source | Publication, language: str) -> str:
    if not source.url:
        return f"<span{_zh(language)}>{escape(text)}</span>"
    return f'<a class="official"{_zh(language)} rel="noreferrer" href="{escape(source.url)}">{escape(text)}</a>'


def _basis_text(basis: Value | Figure, language: str) -> str:
    if isinstance(basis, Value):
        return f"<span{_zh(language)}>{escape(basis.cite())}</span>"
    shown = f"{escape(basis.source.title)} {basis.period}: {escape(figure_text(basis, language))}"
    return f"<span{_zh(language)}>{shown}</span>"


def _cite_text(basis: Basis) -> str:
    if isinstance(basis, str):
        return basis
    return basis.cite() if isinstance(basis, Value) else basis.source.title


def _zh(language: str) -> str:
    return ' lang="zh-CN"' if language == "en" else ""
