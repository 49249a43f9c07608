"""The parts of a page as HTML text: pure functions that escape everything. `report.table` and `report.figure` show what these return."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

from aidlib.errors import AidError, Fault
from aidlib.reports.cells import csv_bytes
from aidlib.reports.sourcing import Basis, anchor, cite_html, link_html, mark_html, prose, slug, sources_html
from aidlib.reports.tabular import table_html
from aidlib.reports.wording import gap
from aidlib.reports.words import MARKS, status_meaning, status_word, word

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "anchor", "cite_html", "csv_bytes", "download_html", "figure_html", "finding_html", "gaps_html", "heading_html", "legend_html",
    "link_html", "mark_html", "paragraph_html", "record_html", "slug", "sources_html", "table_html",
]  # fmt: skip


OWN_SECTIONS = ("law", "figures", "gaps")
FILE_KINDS = {
    ".csv": "text/csv;charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def heading_html(level: int, text: str) -> str:
    """Write a heading with an id; the page sets the levels in order and makes ids unique.

    Examples
    --------
    >>> heading_html(2, "当月结论")
    '<h2 id="当月结论">当月结论</h2>'
    """
    level = min(max(level, 1), 6)
    return f'<h{level} id="{slug(text)}">{escape(text)}</h{level}>'


def paragraph_html(text: str, sources: Iterable[Basis] = (), language: str = "zh") -> str:
    """Write a paragraph; the instruments it rests on follow as links into the sources section.

    Examples
    --------
    >>> paragraph_html("3 < 5")
    '<p>3 &lt; 5</p>'
    """
    cites = cite_html(sources, language)
    return f"<p>{prose(text)}{' ' + cites if cites else ''}</p>"


def finding_html(sentences: Iterable[str], language: str = "zh") -> str:
    """Write the finding; wherever the notebook shows it, the page puts it first.

    Examples
    --------
    >>> finding_html(["二月触发。"])
    '<section class="finding" aria-labelledby="finding"><h2 id="finding">结论</h2><p>二月触发。</p></section>'
    """
    said = "".join(f"<p>{prose(sentence)}</p>" for sentence in sentences)
    title = word("finding", language)
    return f'<section class="finding" aria-labelledby="finding"><h2 id="finding">{title}</h2>{said}</section>'


def figure_html(
    name: str,
    picture: bytes,
    alt: str,
    caption: str,
    unit: str = "",
    n: int | str | None = None,
    source: str = "",
    as_of: str = "",
    data_frame: pd.DataFrame | None = None,
    *,
    language: str = "zh",
) -> str:
    """Write a figure with its caption, unit, n, source and as-of date, and the data behind it.

    Parameters
    ----------
    name : str
        Short name; becomes the id (`figure-<name>`).
    picture : bytes
        An SVG or PNG.
    alt : str
        What the figure shows, for a reader who cannot see it.
    data_frame : pandas.DataFrame, optional
        The plotted numbers, shown on demand as a table with its CSV.

    Examples
    --------
    >>> '<img alt="一条线" src="data:image/svg+xml;base64,' in figure_html("cpi", b"<svg/>", "一条线", "价格指数", "%", 52)
    True
    """
    kind = "image/png" if picture.startswith(b"\x89PNG") else "image/svg+xml"
    address = f"data:{kind};base64,{base64.b64encode(picture).decode()}"
    facts = (("unit", unit), ("n", n), ("source", source), ("as_of", as_of))
    told = "".join(
        f"<div><dt>{word(key, language)}</dt><dd>{escape(f'{fact:,}' if isinstance(fact, int) else str(fact))}</dd></div>"
        for key, fact in facts
        if fact not in ("", None)
    )
    return (
        f'<figure id="figure-{slug(name)}"><div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<img alt="{escape(alt)}" src="{address}"></div>'
        f"<figcaption><p>{escape(caption)}</p>{f'<dl>{told}</dl>' if told else ''}</figcaption></figure>"
        + _plotted(name, data_frame, caption, language)
    )


def _plotted(name: str, frame: pd.DataFrame | None, caption: str, language: str) -> str:
    if frame is None:
        return ""
    table = table_html(f"{name}-data", frame, f"{caption} · {word('plotted', language)}", language=language)
    return f'<details class="data"><summary>{word("data", language)}</summary>{table}</details>'


def download_html(name: str, content: bytes, label: str) -> str:
    """Write a file as a link that carries it whole, so that the page needs nothing beside it.

    Examples
    --------
    >>> download_html("a.csv", b"x", "Take it")
    '<p class="download"><a download="a.csv" href="data:text/csv;charset=utf-8;base64,eA==">Take it</a></p>'
    """
    kind = FILE_KINDS[name[name.rindex(".") :]]
    address = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    return f'<p class="download"><a download="{escape(name)}" href="{address}">{escape(label)}</a></p>'


def legend_html(language: str = "zh") -> str:
    """Explain the marks of estimated, stale, projected, synthetic and suppressed values."""
    items = "".join(
        f"<div><dt>{mark_html(status, language)} {status_word(status, language)}</dt>"
        f"<dd>{status_meaning(status, language)}</dd></div>"
        for status in MARKS
    )
    return (
        f'<aside class="legend" id="legend" aria-label="{word("legend", language)}"><p><strong>{word("legend", language)}</strong> '
        f"{word('legend_none', language)}</p><dl>{items}</dl></aside>"
    )


def gaps_html(gaps: Iterable[AidError | Fault | str], language: str = "zh") -> str:
    """List what the report looked for and did not find, each with its place and what to try, in words of the page.

    Examples
    --------
    >>> gaps_html([Fault("no figure", "梧州市 450400", hint="add it")])
    '<ul class="gaps"><li><strong>no figure</strong> (梧州市 450400)<br>建议: add it</li></ul>'
    """
    faults = [fault for gap in gaps for fault in (gap.faults if isinstance(gap, AidError) else [gap])]
    if not faults:
        return f'<p class="note">{word("no_gaps", language)}</p>'
    return f'<ul class="gaps">{"".join(_gap(fault, language) for fault in faults)}</ul>'


def _gap(fault: Fault | str, language: str) -> str:
    if isinstance(fault, str):
        return f"<li>{escape(fault)}</li>"
    fault = gap(fault, language)
    where = f" ({escape(fault.where)})" if fault.where else ""
    hint = f"<br>{word('try', language)}: {escape(fault.hint)}" if fault.hint else ""
    return f"<li><strong>{escape(fault.what)}</strong>{where}{hint}</li>"


def record_html(record: Mapping[str, object], language: str = "zh") -> str:
    """Write the record of a run (parameters, data hashes, versions) as a list that opens on demand.

    Rows read and gaps are left out: they have sections of their own.

    Examples
    --------
    >>> record_html({"parameters": {"region": "450400"}, "law": {"law/values.csv:2": ""}}, "en")
    '<details class="record"><summary>Record of this run</summary><dl><dt>Parameters</dt><dd><dl><dt>region</dt><dd>450400</dd></dl></dd></dl></details>'
    """
    kept = {key: fact for key, fact in record.items() if key not in OWN_SECTIONS}
    return f'<details class="record"><summary>{word("record", language)}</summary>{_facts(kept, language)}</details>'


def _facts(facts: Mapping[str, object], language: str) -> str:
    items = (
        f"<dt>{escape(word(str(key), language))}</dt><dd>{_fact(fact, language)}</dd>" for key, fact in facts.items()
    )
    return f"<dl>{''.join(items)}</dl>"


def _fact(fact: object, language: str) -> str:
    if isinstance(fact, Mapping):
        return _facts(fact, language)
    return escape(", ".join(map(str, fact)) if isinstance(fact, (list, tuple)) else str(fact))
