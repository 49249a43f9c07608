"""The page above all reports: what is good, stale or failed first, then a search, a grid of provinces and the list."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from typing import Any, Protocol

from aidlib import words
from aidlib.errors import RegionUnknown
from aidlib.page.parts import TEMPLATE
from aidlib.page.reasons import reason
from aidlib.regions import NATION, lineage, province_of, region
from aidlib.views import fonts
from aidlib.views.tiles import Tile, tiles
from aidlib.words import word

CARRIED = re.compile(r"data:[\w/+;=,.-]*base64,[\w+/=]*")
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}


@cache
def asset(name: str) -> str:
    """Return the text of a style or script of the template folder."""
    return (TEMPLATE / name).read_text(encoding="utf-8").strip()


def policy(script: str) -> str:
    """Return the content security policy of a page: pictures and the font from the page itself, this one script, and nothing else.

    The script is named by its hash, so that a script hidden in data does not run.

    Examples
    --------
    >>> policy("").split("; ")[0], policy("").split("; ")[4]
    ("default-src 'none'", "script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='")
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def face(body: str) -> str:
    """Return the style rule that carries the Chinese characters of a page, for readers whose machine has no Chinese font."""
    font = base64.b64encode(fonts.excerpt(CARRIED.sub("", body))).decode()
    return f'@font-face {{ font-family: "{fonts.FAMILY}"; src: url(data:font/woff;base64,{font}) format("woff"); }}'


def document(
    title: str, body: str, language: str, styles: tuple[str, ...], script: str, about: Mapping[str, Any] | None = None
) -> str:
    """Put a body into a whole page."""
    told = escape(json.dumps(about, ensure_ascii=False, sort_keys=True)) if about else ""
    named = f'<meta name="aidlib" content="{told}">\n' if told else ""
    code = f"\n{asset(script)}\n"
    style = "\n".join([face(title + body + word("skip", "page", language)), *(asset(name) for name in styles)])
    return (
        f'<!doctype html>\n<html lang="{LANGUAGE_TAGS[language]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(code)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f'{named}<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n<style>\n{style}\n</style>\n</head>\n'
        f'<body>\n<a class="skip" href="#main">{word("skip", "page", language)}</a>\n{body}\n<script>{code}</script>\n</body>\n</html>\n'
    )


WORST_FIRST = ("failed", "interrupted", "stale", "no_data", "good")
OUTCOMES = ("good", "stale", "failed", "interrupted", "no_data")
ATTENTION = ("failed", "interrupted", "stale")
MOST_SHOWN, MOST_LACKS = 30, 2
MONTHLY = "price_linkage"
PERIOD = re.compile(r"[0-9]{4}(-[0-9]{2})?")
# One syllable of pinyin; n, ng and r before a vowel begin the next one, because an apostrophe would stand there otherwise.
SYLLABLE = re.compile(
    r"[bpmfdtnlgkhjqxrzcsyw]?h?(?:iao|uai|[iuüv][ae]|i[ou]|u[oi]|[aeo]i|[ao][ou]|[aeiouüv])(?:(?:ng?|r)(?![aeiouüv]))?"
)


@dataclass(frozen=True)
class Mark:
    """What a tile of the index says: a kind that colours it, a text that says the same, and where it leads."""

    kind: str
    text: str
    link: str = ""


class Entry(Protocol):
    """One report as the fleet lists it; see `aidlib.fleet.index.Entry`."""

    report: str
    period: str
    region: str
    outcome: str
    reason: str
    page: str
    notebook: str
    pdf: str
    seconds: float
    at: str
    facts: Mapping[str, Any]


def html(found: Iterable[Entry], language: str = "zh", left: int = 0) -> str:
    """Return the index as one self-contained page."""
    found = list(found)
    parts = (
        _attention(found, language),
        _filters(found, language),
        _newest(found, language),
        _grid(found, language),
        _list(found, language),
    )
    empty = f"<p>{words.word('none_yet', 'page', language)}</p>"
    body = f'{_status(found, language, left)}<main id="main" tabindex="-1">{"".join(parts) if found else empty}</main>'
    return document(words.word("index", "page", language), body, language, ("page.css", "site.css"), "site.js")


def _status(found: list[Entry], language: str, left: int) -> str:
    counts = Counter(entry.outcome for entry in found)
    shown = [kind for kind in OUTCOMES if counts[kind] or kind in ("good", "stale", "failed")]
    told = "".join(
        f'<li class="{kind if counts[kind] else "none"}"><b>{counts[kind]:,}</b> {words.word(kind, "outcome", language)}</li>'
        for kind in shown
    )
    last = _minute(max((entry.at for entry in found), default=""))
    when = f'<p class="kind">{words.word("last_run", "page", language)} {escape(last)} UTC</p>' if last else ""
    more = f'<p role="status">{words.word("left", "page", language).format(left=f"{left:,}")}</p>' if left else ""
    return f'<header class="top"><h1>{words.word("index", "page", language)}</h1>{more}<ul class="status">{told}</ul>{when}</header>'


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
    rest = f"<p>{words.word('see_list', 'page', language)}</p>" if len(bad) > MOST_SHOWN else ""
    many = f' <span class="count">({len(bad):,})</span>'
    return f'<section class="attention"><h2>{words.word("attention", "page", language)}{many}</h2><ul>{items}</ul>{rest}</section>'


def _filters(found: list[Entry], language: str) -> str:
    reports = {e.report: _label(e.report, language) for e in found}
    outcomes = {
        kind: words.word(kind, "outcome", language) for kind in OUTCOMES if any(e.outcome == kind for e in found)
    }
    periods = {period: period for period in sorted({e.period for e in found}, reverse=True)}
    chosen = "".join(
        _select(key, options, language)
        for key, options in (("report", reports), ("outcome", outcomes), ("period", periods))
    )
    return (
        f'<form id="filters" role="search" hidden><label class="search">{words.word("search", "page", language)}'
        f'<input type="search" id="q" autocomplete="off" spellcheck="false"></label>{chosen}'
        f'<button type="reset">{words.word("reset", "page", language)}</button>'
        f'<p id="count" role="status" data-text="{words.word("count", "page", language)}"></p></form>'
    )


def _select(key: str, options: Mapping[str, str], language: str) -> str:
    rest = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options.items())
    every = f'<option value="">{words.word("all", "page", language)}</option>'
    return f'<label>{words.word(key, "page", language)}<select id="{key}">{every}{rest}</select></label>'


def _newest(found: list[Entry], language: str) -> str:
    """The map of the newest month: each province's verdict on price linkage, as its page says it; nothing where no page says one."""
    told = [e for e in found if e.report == MONTHLY and _verdict(e, language) and _is_province(e.region)]
    if not told:
        return ""
    month = max(entry.period for entry in told)
    marks = {
        e.region: Mark(str(e.facts["verdict"]), _verdict(e, language), e.page or f"#p-{e.region}")
        for e in told
        if e.period == month
    }
    title = words.word("newest", "page", language).format(_label(MONTHLY, language), month, _age(month, language))
    grid = grid_html(marks, words.word("untouched", "page", language), language)
    counted = Counter(mark.text for mark in marks.values()).most_common()
    many = "".join(f"<li><b>{count}</b> {escape(text)}</li>" for text, count in counted)
    return f'<section aria-labelledby="newest"><h2 id="newest">{escape(title)}</h2><ul class="status">{many}</ul>{grid}</section>'


def _is_province(code: str) -> bool:
    try:
        return region(code).level == "province"
    except RegionUnknown:
        return False


def _verdict(entry: Entry, language: str) -> str:
    """What a page says, in words; nothing where it kept no verdict."""
    code = str(entry.facts.get("verdict", ""))
    return words.word(code, "verdict", language) if code else ""


def _age(period: str, language: str) -> str:
    """How long ago a month or year was, counted to the day the index is written."""
    today = os.environ.get("AIDLIB_TODAY", "") or str(date.today())
    if not PERIOD.fullmatch(period):
        return ""
    months = (int(today[:4]) - int(period[:4])) * 12 + (int(today[5:7]) - int(period[5:7]) if len(period) > 4 else 0)
    unit, count = ("months_ago", months) if len(period) > 4 else ("years_ago", months // 12)
    return words.word(unit, "page", language).format(count) if count > 0 else ""


def _lacks(entry: Entry, language: str) -> str:
    """What a page lacks: the first few things by name, and how many there are."""
    named = [words.word(code, "lack", language) for code in str(entry.facts.get("lacks", "")).split()]
    with words.speaking(language):
        text = words.joined("and", named[:MOST_LACKS]) if named else ""
    return f"{text} …" if len(named) > MOST_LACKS else text


def _grid(found: list[Entry], language: str) -> str:
    by_province: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in found:
        by_province[_province(entry.region)][entry.outcome] += 1
    marks = {code: _mark(code, counts, language) for code, counts in by_province.items() if code != NATION}
    grid = grid_html(marks, words.word("untouched", "page", language), language)
    nation = _mark(NATION, by_province[NATION], language) if NATION in by_province else None
    apart = (
        f'<p><a href="{nation.link}">{words.word("nation", "page", language)}: {escape(nation.text)}</a></p>'
        if nation
        else ""
    )
    title = f'<h2 id="map">{words.word("map", "page", language)}</h2>'
    return f'<section aria-labelledby="map">{title}{grid}{apart}<p class="note">{words.word("map_note", "page", language)}</p></section>'


def _mark(code: str, counts: Counter[str], language: str) -> Mark:
    worst = next(kind for kind in WORST_FIRST if counts[kind])
    return Mark(worst, f"{counts[worst]:,} {words.word(worst, 'outcome', language)}", f"#p-{code}")


def _list(found: list[Entry], language: str) -> str:
    heads = ("place", "report", "period", "verdict", "lacks", "outcome", "reason", "finished", "files")
    head = "".join(f'<th scope="col">{words.word(key, "page", language)}</th>' for key in heads)
    seen: set[str] = set()
    rows = "".join(_row(entry, seen, language) for entry in found)
    title = f"{words.word('all', 'page', language)} ({len(found):,})"
    return (
        f'<section><h2 id="list">{words.word("report", "page", language)}</h2><div class="scroll" role="region" tabindex="0"'
        f' aria-labelledby="list"><table id="reports"><caption>{title}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _row(entry: Entry, seen: set[str], language: str) -> str:
    province = _province(entry.region)
    first = "" if province in seen else f' id="p-{province}"'
    seen.add(province)
    cells = (
        _page_link(entry, _label(entry.report, language), language),
        f'<span class="once">{escape(entry.period)}</span> <small>{escape(_age(entry.period, language))}</small>',
        f'<span class="verdict">{escape(_verdict(entry, language))}</span>',
        f"<small>{escape(_lacks(entry, language))}</small>",
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
    return f'<span class="badge {escape(outcome)}">{words.word(outcome, "outcome", language)}</span>'


def _label(report: str, language: str) -> str:
    return words.word(report, spoken=language)


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


def haystack(code: str) -> str:
    """Return what a search looks in for a region: code, names and pinyin of the place and of those above it, folded.

    Examples
    --------
    >>> haystack("450400")
    '450400 梧州市 wuzhou 450000 广西壮族自治区 guangxi guangxizhuangzuzizhi'
    """
    try:
        places = [region(above) for above in lineage(code) if above != NATION or code == NATION]
    except RegionUnknown:
        return code
    texts = [folded(text) for p in places for text in (p.code, p.name_zh, p.name_en, p.pinyin)]
    return " ".join(dict.fromkeys(filter(None, texts)))


def initials(code: str) -> str:
    """Return the pinyin initials of a place and of those above it, as many people type a name.

    Examples
    --------
    >>> initials("450400"), initials("370100"), initials("610100")
    ('wz gxzzzz', 'jn sds', 'xa sxs')
    """
    try:
        found = [region(above).pinyin.lower() for above in lineage(code) if above != NATION]
    except RegionUnknown:
        return ""
    letters = ("".join(syllable[0] for syllable in SYLLABLE.findall(pinyin)) for pinyin in found)
    return " ".join(dict.fromkeys(filter(None, letters)))


def folded(text: str) -> str:
    """Fold a word for searching: lower case, no spaces, marks or accents; ü is found as u and, in pinyin, as v.

    Examples
    --------
    >>> folded("Xi'an"), folded("Lüliang")
    ('xian', 'luliang lvliang')
    """
    lower = text.lower()
    plain = [
        "".join(c for c in unicodedata.normalize("NFD", form) if c.isalnum())
        for form in (lower, lower.replace("ü", "v"))
    ]
    return " ".join(dict.fromkeys(plain))


def grid_html(marks: Mapping[str, Mark], missing: str, language: str = "zh") -> str:
    """Write the grid as a list of tiles, each with its text, so that colour says nothing alone."""
    items = "".join(_tile_html(tile, marks.get(tile.region, Mark("none", missing)), language) for tile in tiles())
    return f'<ul class="tiles">{items}</ul>'


def _tile_html(tile: Tile, mark: Mark, language: str) -> str:
    name = region(tile.region).name(language)
    told = f'<b aria-hidden="true">{escape(tile.short)}</b><span class="name">{escape(name)}</span><small>{escape(mark.text)}</small>'
    inside = (
        f'<a href="{escape(mark.link)}" data-region="{tile.region}">{told}</a>' if mark.link else f"<div>{told}</div>"
    )
    return f'<li class="tile {escape(mark.kind)}" style="grid-area:{tile.row}/{tile.column}">{inside}</li>'
