"""Sentences: one Markdown template a report and language; codes and numbers become words only there.

A template is `notebooks/words/<name>.<language>.md`. Its blocks are what a notebook asks for by name: a blank line ends a paragraph; the
lines of a paragraph are joined, in English by a space. Macros of `common.<language>.md` are at hand as `c`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache, partial
from html import unescape
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, UndefinedError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from aidlib import words
from aidlib.errors import RegionUnknown, ReportFault, nearest
from aidlib.indices import Figure
from aidlib.known import Known, Missing, Note
from aidlib.law import Value
from aidlib.money import decimal_text
from aidlib.money import yuan as yuan_text
from aidlib.page.sources import link, mark, slug
from aidlib.regions import region
from aidlib.tables import shipped_notebooks

TAG = re.compile(r"<[^>]*>")
MARK = re.compile(r"<abbr class=\"mark.*?</abbr>")
EMPTY = "nothing"
GAP = re.compile(r"\n[ \t]*\n")
DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
YEAR = re.compile(r"(19|20)\d{2}")
FACTS = ("index_name", "statement", "decision")
"""Kinds of words that the codes among the facts of a note are looked up in first."""


def paragraphs(report: str, block: str, language: str, facts: Mapping[str, Any]) -> list[Markup]:
    """Render one block of a report's template."""
    where = f"{report}.{language}.md"
    try:
        template = environment(language).get_template(where)
        context = template.new_context(dict(facts))
        deque(template.root_render_func(context), maxlen=0)  # macros at the top become part of the context
        if hidden := sorted(facts.keys() & context.exported_vars):
            raise ReportFault("a fact has the name of a macro", where=where, got=", ".join(hidden))
        if block not in template.blocks:
            hint = nearest(block, template.blocks)
            raise ReportFault("no such block of words", where=where, got=block, hint=hint)
        with words.speaking(language):
            text = "".join(template.blocks[block](context))
    except TemplateNotFound:
        raise ReportFault("no words for this report", where=where, hint="write notebooks/words/" + where) from None
    except UndefinedError as lacking:
        raise ReportFault("a sentence lacks a fact", where=f"{where} {block}", got=str(lacking.message)) from None
    joint = " " if language == "en" else ""
    pieces = (joint.join(line.strip() for line in part.split("\n") if line.strip()) for part in GAP.split(text))
    return [Markup(piece) for piece in pieces if piece]


def blocks(report: str, language: str) -> frozenset[str]:
    """List the blocks of a report's template; none where it has no template."""
    try:
        return frozenset(environment(language).get_template(f"{report}.{language}.md").blocks)
    except TemplateNotFound:
        return frozenset()


def plain(text: str) -> str:
    """Return a rendered paragraph as text: tags and small marks gone.

    Examples
    --------
    >>> plain('<a class="src" href="#x">546.80</a><abbr class="mark stale" title="…">旧</abbr>元 &lt; 580元')
    '546.80元 < 580元'
    """
    return unescape(TAG.sub("", MARK.sub("", text)))


@lru_cache(maxsize=len(words.LANGUAGES))
def environment(language: str) -> Environment:
    """Return the Jinja environment of a language: strict, escaping, with the filters of the house."""
    made = SandboxedEnvironment(
        loader=_Templates(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True
    )
    made.filters |= FILTERS | {
        "month": lambda text: month(text, language),
        "day": lambda text: day(text, language),
        "note": lambda found: note_text(found, language),
        "lacks": lambda gap: gap_text(gap, language),
        "w": partial(_word_in, language),
        "place": lambda code: region(str(getattr(code, "code", code))).name(language),
        "join_and": lambda texts: Markup(words.joined("and", texts)) if texts else "",
    }
    made.globals["c"] = made.get_template(f"common.{language}.md").module
    return made


def _word_in(language: str, key: object, of: str = "") -> str:
    return words.word(str(key), of, language)


class _Templates(BaseLoader):
    """Finds templates of shipped pages, then those beside a researcher's own notebook (`words/` in the folder it runs in).

    Each extends an empty one, so that macros are defined and no block is rendered until it is asked for.
    """

    def get_source(self, environment: Environment, name: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        if name == EMPTY:
            return "", None, None
        folders = [shipped_notebooks() / "words", Path.cwd() / "words"]
        source, path, fresh = FileSystemLoader(folders).get_source(environment, name)
        return f'{{%- extends "{EMPTY}" -%}}{source}', path, fresh


def sourced(write: Callable[..., str], number: Callable[[Any], Any]) -> Callable[..., Markup]:
    """Let a filter take a value with a row too: its text links to the row, and carries the mark of its status, after its unit."""

    def written(value: Any, *args: Any, unit: str = "", **named: Any) -> Markup:
        text = escape(write(number(value), *args, **named))
        row = row_of(value)
        return (link(text, row.place) if row else text) + unit + mark(getattr(value, "status", ""))

    return written


def row_of(value: Any) -> Value | Figure | None:
    """Find the row of law or the figure behind a value: itself, its `row` or its `basis`."""
    found = (value, getattr(value, "row", None), getattr(value, "basis", None))
    return next((row for row in found if isinstance(row, (Value, Figure))), None)


def known_of(value: Any) -> Any:
    """Take a row as a known number; anything else stays as it is."""
    return Known.of(value) if isinstance(value, (Value, Figure)) else value


def fen_of(value: Any) -> Any:
    """The amount of something in fen a month; a plain number is fen already."""
    return getattr(known_of(value), "fen_month", value)


def ratio_of(value: Any) -> Any:
    """The plain ratio of something known in percent, as an index or as a ratio; a plain number is a ratio already."""
    return getattr(known_of(value), "ratio", value)


def number_of(value: Any) -> Any:
    """Take the number out of a law value, a figure or a known number; a plain number stays as it is."""
    return getattr(known_of(value), "number", value)


def see(text: str, name: str) -> Markup:
    """Link a number that was worked out to the table or figure of the page in which it stands."""
    return Markup('<a class="src" href="#{}">{}</a>').format(
        slug(name) if name.startswith("figure") else f"table-{slug(name)}", text
    )


def note_text(note: Note, language: str) -> str:
    """Say a note: the words of its code around its facts, places, days and codes called by their names.

    Words name single facts (`{0}`), or all of them joined (`{or}`, `{and}`), or all but the first (`{rest}`).
    """
    facts = [_fact(fact, language) for fact in note.facts]
    joined = {"or": ("either", facts), "and": ("and", facts), "rest": ("and", facts[1:])}
    with words.speaking(language):
        every = {name: words.joined(how, texts) if texts else "" for name, (how, texts) in joined.items()}
    return words.word(note.code, "note", language).format(*facts, **every)


def _fact(fact: str, language: str) -> str:
    """Call a fact by its name; `code=value` is told as both."""
    name, equal, value = fact.partition("=")
    if equal:
        return words.word("named", "page", language).format(_fact(name, language), _fact(value, language))
    if DAY.fullmatch(fact) or YEAR.fullmatch(fact):
        return month(fact, language)
    kind = next((kind for kind in FACTS if words.find(f"{kind}:{fact}")), "")
    try:
        return region(fact).name(language) if len(fact) == 6 and fact.isdigit() else words.word(fact, kind, language)
    except RegionUnknown:
        return fact


def gap_code(gap: Missing) -> str:
    """Name what is missing by the code that has words: with its area where that has a name of its own.

    Examples
    --------
    >>> gap_code(Missing("consumption_pc", "urban", 2018)), gap_code(Missing("level", "rural", 2026))
    ('consumption_pc:urban', 'level')
    """
    whole = f"{gap.what}:{gap.area}"
    return whole if words.find(whole) else gap.what


def gap_text(gap: Missing, language: str) -> str:
    """Say what is missing: of which year and area, and whether only the place's own figure would do.

    Examples
    --------
    >>> gap_text(Missing("consumption_pc", "urban", 2018), "zh"), gap_text(Missing("level", "rural", 2026), "en")
    ('缺2018年城镇居民人均消费支出', 'no level announced (rural) for 2026')
    """
    code = gap_code(gap)
    facts = {
        "what": words.word(code, "lack", language),
        "year": gap.year,
        "area": words.word(gap.area, "area", language) if gap.area and code == gap.what else "",
    }
    return "".join(paragraphs("common", "lack_own" if gap.own else "lack", language, facts))


def yuan(fen: Any, decimals: int | None = None) -> str:
    """Write exact fen as yuan; without `decimals`, two where there is a part of a yuan and none where there is not.

    Examples
    --------
    >>> str(yuan(54680)), str(yuan(80000)), str(yuan(80000, 2))
    ('546.80', '800', '800.00')
    """
    text = yuan_text(fen, 2 if decimals is None else decimals)
    return grouped(text.removesuffix(".00") if decimals is None else text)


def percent(ratio: Any, decimals: int = 1) -> str:
    """Write a plain ratio as percent.

    Examples
    --------
    >>> str(percent(Fraction(3, 40)))
    '7.5%'
    """
    return f"{grouped(decimal_text(Fraction(ratio) * 100, decimals))}%"


def points(number: Any, decimals: int = 1) -> str:
    """Write a number of percent or percentage points without a sign of its own."""
    return decimal_text(Fraction(number), decimals)


def count(number: Any) -> str:
    """Write a number to the unit, halves up, with its thousands apart."""
    return grouped(decimal_text(Fraction(number), 0))


def grouped(text: str) -> str:
    """Set the thousands of a decimal text apart, with a true minus sign.

    Examples
    --------
    >>> grouped("-1234567.50")
    '−1,234,567.50'
    """
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, dot, rest = digits.partition(".")
    return f"{sign}{int(whole):,}{dot}{rest}"


def month(text: str, language: str) -> str:
    """Write a month, a year or a day as running text has it.

    Examples
    --------
    >>> month("2020-10", "zh"), month("2020-10", "en"), month("2020", "zh")
    ('2020年10月', 'October 2020', '2020年')
    """
    year, *rest = str(text).split("-")
    if language == "zh":
        return f"{year}年" + "".join(f"{int(part)}{unit}" for part, unit in zip(rest, "月日", strict=False))
    if not rest:
        return year
    first = date(int(year), int(rest[0]), 1)
    return f"{int(rest[1])} {first:%B %Y}" if len(rest) > 1 else f"{first:%B %Y}"


def day(on: date | str, language: str) -> str:
    """Write a day as running text has it.

    Examples
    --------
    >>> day(date(2026, 7, 1), "zh"), day("2026-07-01", "en")
    ('2026年7月1日', '1 July 2026')
    """
    return month(str(on), language)


FILTERS: dict[str, Callable[..., Any]] = {
    "yuan": sourced(yuan, fen_of), "percent": sourced(percent, ratio_of), "points": sourced(points, number_of),
    "count": sourced(count, number_of), "see": see, "sentence": lambda text: text[:1].upper() + text[1:],
}  # fmt: skip
