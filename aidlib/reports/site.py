"""The page above all reports: what is good, stale or failed first, then a search, a grid of provinces and the list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from aidlib.errors import RegionUnknown
from aidlib.regions import NATION, province_of, region
from aidlib.reports.entries import Entry, entries, haystack, initials
from aidlib.reports.manifest import Key
from aidlib.reports.map import Mark, grid_html
from aidlib.reports.reasons import reason
from aidlib.reports.shell import document, write_whole
from aidlib.reports.text import word as label
from aidlib.reports.words import OUTCOMES, outcome_word, word

INDEX = "index.html"
WORST_FIRST = ("failed", "interrupted", "stale", "no_data", "good")
ATTENTION = ("failed", "interrupted", "stale")
MOST_SHOWN = 30


def build(out: Path, stale: Mapping[Key, str] | None = None, language: str = "zh") -> Path:
    """Write `index.html` of a reports folder from its manifest, or from the pages found where there is no manifest.

    Parameters
    ----------
    out : Path
        The reports folder.
    stale : mapping, optional
        (report, period, region) -> why a good report no longer stands for today's data or code.
    language : str
        `zh` or `en`.

    Returns
    -------
    Path
        The index.
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    return write_whole(out / INDEX, html(entries(out, stale or {}), language).encode())


def html(found: Iterable[Entry], language: str = "zh") -> str:
    """Return the index as one self-contained page."""
    found = list(found)
    parts = (_attention(found, language), _filters(found, language), _grid(found, language), _list(found, language))
    empty = f"<p>{word('none_yet', language)}</p>"
    body = f'{_status(found, language)}<main id="main" tabindex="-1">{"".join(parts) if found else empty}</main>'
    return document(word("index", language), body, language, ("page.css", "site.css"), "site.js")


def _status(found: list[Entry], language: str) -> str:
    counts = Counter(entry.outcome for entry in found)
    shown = [kind for kind in OUTCOMES if counts[kind] or kind in ("good", "stale", "failed")]
    told = "".join(
        f'<li class="{kind if counts[kind] else "none"}"><b>{counts[kind]:,}</b> {outcome_word(kind, language)}</li>'
        for kind in shown
    )
    last = _minute(max((entry.at for entry in found), default=""))
    when = f'<p class="kind">{word("last_run", language)} {escape(last)} UTC</p>' if last else ""
    return f'<header class="top"><h1>{word("index", language)}</h1><ul class="status">{told}</ul>{when}</header>'


def _attention(found: list[Entry], language: str) -> str:
    bad = [entry for kind in ATTENTION for entry in found if entry.outcome == kind]
    if not bad:
        return ""
    items = "".join(
        f"<li>{_badge(e.outcome, language)} {escape(_name(e.region, language))} · "
        f"{_page_link(e, _label(e.report, language), language)} · {escape(e.period)}: {escape(reason(e.reason, language))} "
        f"{_link(e.notebook, 'ipynb', e, language)}</li>"
        for e in bad[:MOST_SHOWN]
    )
    rest = f"<p>{word('see_list', language)}</p>" if len(bad) > MOST_SHOWN else ""
    many = f' <span class="count">({len(bad):,})</span>'
    return f'<section class="attention"><h2>{word("attention", language)}{many}</h2><ul>{items}</ul>{rest}</section>'


def _filters(found: list[Entry], language: str) -> str:
    reports = {e.report: _label(e.report, language) for e in found}
    outcomes = {kind: outcome_word(kind, language) for kind in OUTCOMES if any(e.outcome == kind for e in found)}
    periods = {period: period for period in sorted({e.period for e in found}, reverse=True)}
    chosen = "".join(
        _select(key, options, language)
        for key, options in (("report", reports), ("outcome", outcomes), ("period", periods))
    )
    return (
        f'<form id="filters" role="search" hidden><label class="search">{word("search", language)}'
        f'<input type="search" id="q" autocomplete="off" spellcheck="false"></label>{chosen}'
        f'<button type="reset">{word("reset", language)}</button>'
        f'<p id="count" role="status" data-text="{word("count", language)}"></p></form>'
    )


def _select(key: str, options: Mapping[str, str], language: str) -> str:
    rest = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options.items())
    every = f'<option value="">{word("all", language)}</option>'
    return f'<label>{word(key, language)}<select id="{key}">{every}{rest}</select></label>'


def _grid(found: list[Entry], language: str) -> str:
    by_province: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in found:
        by_province[_province(entry.region)][entry.outcome] += 1
    marks = {code: _mark(code, counts, language) for code, counts in by_province.items() if code != NATION}
    grid = grid_html(marks, word("untouched", language), language)
    nation = _mark(NATION, by_province[NATION], language) if NATION in by_province else None
    apart = f'<p><a href="{nation.link}">{word("nation", language)}: {escape(nation.text)}</a></p>' if nation else ""
    title = f'<h2 id="map">{word("map", language)}</h2>'
    return (
        f'<section aria-labelledby="map">{title}{grid}{apart}<p class="note">{word("map_note", language)}</p></section>'
    )


def _mark(code: str, counts: Counter[str], language: str) -> Mark:
    worst = next(kind for kind in WORST_FIRST if counts[kind])
    return Mark(worst, f"{counts[worst]:,} {outcome_word(worst, language)}", f"#p-{code}")


def _list(found: list[Entry], language: str) -> str:
    heads = ("place", "report", "period", "outcome", "reason", "finished", "files")
    head = "".join(f'<th scope="col">{word(key, language)}</th>' for key in heads)
    seen: set[str] = set()
    rows = "".join(_row(entry, seen, language) for entry in found)
    title = f"{word('all', language)} ({len(found):,})"
    return (
        f'<section><h2 id="list">{word("report", language)}</h2><div class="scroll" role="region" tabindex="0"'
        f' aria-labelledby="list"><table id="reports"><caption>{title}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _row(entry: Entry, seen: set[str], language: str) -> str:
    province = _province(entry.region)
    first = "" if province in seen else f' id="p-{province}"'
    seen.add(province)
    cells = (
        _page_link(entry, _label(entry.report, language), language),
        f'<span class="once">{escape(entry.period)}</span>',
        _badge(entry.outcome, language),
        escape(reason(entry.reason, language)),
        f'<span class="once">{escape(_minute(entry.at))}</span>',
        f"{_link(entry.notebook, 'ipynb', entry, language)} {_link(entry.pdf, 'pdf', entry, language)}",
    )
    data = (
        f' data-q="{escape(haystack(entry.region))}" data-initials="{escape(initials(entry.region))}"'
        f' data-report="{escape(entry.report)}" data-outcome="{entry.outcome}"'
    )
    return (
        f'<tr{first}{data} data-period="{escape(entry.period)}"><th scope="row">{escape(_name(entry.region, language))} '
        f"<small>{escape(entry.region)}</small></th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    )


def _page_link(entry: Entry, text: str, language: str) -> str:
    return _link(entry.page, text, entry, language) or escape(text)


def _link(address: str, text: str, entry: Entry, language: str) -> str:
    """Write a link whose spoken name tells reports apart; nothing where there is nothing to open."""
    about = f"{text} {_name(entry.region, language)} {entry.period}"
    return f'<a href="{escape(address)}" aria-label="{escape(about)}">{escape(text)}</a>' if address else ""


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _badge(outcome: str, language: str) -> str:
    return f'<span class="badge {escape(outcome)}">{outcome_word(outcome, language)}</span>'


def _label(report: str, language: str) -> str:
    return label(report, "en" if language == "en" else "zh")


def _name(code: str, language: str) -> str:
    try:
        return region(code).name(language)
    except RegionUnknown:
        return code


def _province(code: str) -> str:
    try:
        return province_of(code).code
    except RegionUnknown:
        return NATION
