"""Headings of a page: one title, levels in order, ids without repeats, and the contents made from them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from aidlib.reports.sourcing import slug

HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
IDENTITY = re.compile(r'\bid="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
TITLE_LEVEL = 1
DEEPEST_LISTED = 3


@dataclass(frozen=True)
class Heading:
    """A heading below the title: its level (2 or deeper), id and text as HTML without tags."""

    level: int
    identity: str
    text: str


def split_title(body: str) -> tuple[str, str]:
    """Take the first level-1 heading out of a body; return its plain text (or nothing) and the rest.

    Examples
    --------
    >>> split_title("<h1>价格联动</h1><p>x</p>")
    ('价格联动', '<p>x</p>')
    """
    found = next((match for match in HEADING.finditer(body) if match[1] == "1"), None)
    if found is None:
        return "", body
    return unescape(TAG.sub("", found[3]).strip()), body[: found.start()] + body[found.end() :]


def outline(body: str) -> tuple[str, list[Heading]]:
    """Set the headings of a body in order below a title: none skips a level, none is a second title, every id is its own.

    Examples
    --------
    >>> outline("<h1>a</h1><h4>b</h4><h2>a</h2>")[0]
    '<h2 id="a">a</h2><h3 id="b">b</h3><h2 id="a-2">a</h2>'
    """
    found: list[Heading] = []
    seen: Counter[str] = Counter()

    def ordered(match: re.Match[str]) -> str:
        above = found[-1].level if found else TITLE_LEVEL
        level = min(max(int(match[1]), TITLE_LEVEL + 1), above + 1)
        words = TAG.sub("", match[3]).strip()
        named = IDENTITY.search(match[2])
        identity = named[1] if named else slug(unescape(words))
        seen[identity] += 1
        identity += f"-{seen[identity]}" if seen[identity] > 1 else ""
        found.append(Heading(level, identity, words))
        return f'<h{level} id="{identity}">{match[3]}</h{level}>'

    return HEADING.sub(ordered, body), found


def contents_html(headings: Iterable[Heading]) -> str:
    """List the headings of levels 2 and 3 as nested links.

    Examples
    --------
    >>> contents_html([Heading(2, "a", "A"), Heading(3, "b", "B")])
    '<ol><li><a href="#a">A</a><ol><li><a href="#b">B</a></li></ol></li></ol>'
    """
    items: list[tuple[str, list[str]]] = []
    for heading in headings:
        link = f'<a href="#{heading.identity}">{heading.text}</a>'
        if heading.level == TITLE_LEVEL + 1:
            items.append((link, []))
        elif heading.level <= DEEPEST_LISTED:
            items[-1][1].append(f"<li>{link}</li>")
    return f"<ol>{''.join(f'<li>{link}{_nested(below)}</li>' for link, below in items)}</ol>" if items else ""


def _nested(below: list[str]) -> str:
    return f"<ol>{''.join(below)}</ol>" if below else ""
