"""What a reader sees of a page: the elements of its outputs as text, read from their HTML and not from the code that wrote it."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import html

Element: TypeAlias = dict[str, Any]
PLACE = re.compile(r"((?:law|reference|rubrics|monitoring)/[\w.-]+\.csv):\d+")
SPACE = re.compile(r"\s+")
BLOCKS = ("p", "li", "dt", "dd", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "pre")
UNSEEN = ("style", "script", "svg")
MARKS = {"estimated": "est", "stale": "old", "projected": "proj", "synthetic": "synth", "suppressed": "supp"}


def elements(text: str) -> Iterator[Element]:
    """Read the elements of one output: headings, findings, sentences, tables, figures, and whatever else it shows, as lines."""
    for node in html.fragments_fromstring(text):
        if isinstance(node, str):
            if seen := _clean(node):
                yield {"kind": "text", "lines": [seen]}
        elif isinstance(node.tag, str):
            yield from _element(node)


def _element(node: html.HtmlElement) -> Iterator[Element]:
    classes = node.get("class", "").split()
    if re.fullmatch("h[1-6]", node.tag):
        yield {"kind": "heading", "level": int(node.tag[1]), "text": _seen(node)}
    elif "finding" in classes:
        yield {"kind": "finding", "lines": [_seen(one) for one in node.iter("p")]}
    elif "table" in classes:
        yield _table(node)
    elif node.tag == "figure":
        yield _figure(node)
    elif "download" in classes:
        link = next(node.iter("a"))
        yield {"kind": "download", "name": link.get("download", ""), "text": _seen(link)}
    elif "gaps" in classes:
        yield {"kind": "gaps", "lines": [_seen(one) for one in node.iter("li")]}
    elif node.tag == "p":
        cites = [_seen(one) for one in node.iter("a") if "cite" in one.get("class", "").split()]
        for one in node.xpath(".//span[@class='cites']"):
            one.drop_tree()
        yield {"kind": "say", "text": _seen(node)} | ({"cites": cites} if cites else {})
    elif inner := node.xpath("descendant::*[self::figure or contains(concat(' ', @class, ' '), ' table ')]"):
        for one in inner:
            yield from _element(one)
    elif not {"legend", "record", "sources"} & set(classes) and not node.xpath(".//table[@class='sources']"):
        yield {"kind": "text", "lines": list(_lines(node))}


def _table(node: html.HtmlElement) -> Element:
    """A table: what its cells show, and the same as its CSV carries it away, which holds every digit."""
    rows = [[_seen(cell) for cell in row.xpath("th|td")] for row in node.xpath(".//tbody/tr")]
    found: Element = {
        "kind": "table",
        "name": node.get("id", "").removeprefix("table-"),
        "caption": " ".join(_seen(one) for one in node.iter("caption")),
        "labels": [_seen(cell) for cell in node.xpath(".//thead//th")],
        "rows": rows,
    }
    if notes := [_seen(one) for one in node.xpath(".//p[@class='note']")]:
        found["note"] = " ".join(notes)
    for link in node.xpath(".//a[@class='csv']"):
        held = base64.b64decode(link.get("href").rpartition(",")[2]).decode("utf-8-sig")
        head, *cells = csv.reader(io.StringIO(held))
        found |= {"columns": head, "cells": [[cell or None for cell in row] for row in cells], "carried": True}
    return found


def _figure(node: html.HtmlElement) -> Element:
    facts = zip(node.iter("dt"), node.iter("dd"), strict=True)
    return {
        "kind": "figure",
        "name": node.get("id", "").removeprefix("figure-"),
        "caption": " ".join(_seen(one) for one in node.xpath(".//figcaption/p[not(@class='note')]")),
        "alt": " ".join(one.get("alt", "") for one in node.iter("img")),
        "lines": [
            *(f"{_seen(term)}: {_seen(fact)}" for term, fact in facts),
            *(_seen(one) for one in node.xpath(".//p[@class='note']")),
        ],
    }


def _seen(node: html.HtmlElement) -> str:
    """The text of a node; a mark stands behind it (`12.5 ~est`), and sources that open on demand as their number.

    The number of a table or figure is left out, since it moves with whatever comes or goes before it.
    """
    marks = [one.get("class").split()[1] for one in node.xpath("descendant-or-self::abbr[contains(@class, 'mark ')]")]
    if bases := node.xpath(".//details[@class='basis']"):
        return f"{len(bases[0].xpath('.//li'))} sources"
    return " ".join(filter(None, (_clean("".join(_texts(node))), *(f"~{MARKS[mark]}" for mark in marks))))


def _texts(node: html.HtmlElement) -> Iterator[str]:
    if node.tag in UNSEEN or {"mark", "number"} & set(node.get("class", "").split()):
        return
    yield "\n" if node.tag == "br" else node.text or ""
    for child in node:
        if isinstance(child.tag, str):
            yield from _texts(child)
        yield child.tail or ""


def _clean(text: str) -> str:
    """One line; a row of data is named by its file, since its line moves with every row that is written above it."""
    return PLACE.sub(r"\1", SPACE.sub(" ", text).strip())


def _lines(node: html.HtmlElement) -> Iterator[str]:
    """The text of any other output, one line a paragraph, item or row."""
    inner = [one for one in node.iter(*BLOCKS) if next(one.iterdescendants(*BLOCKS), None) is None]
    cells = [" | ".join(_seen(cell) for cell in one) if one.tag == "tr" else _seen(one) for one in inner]
    yield from filter(None, cells or [_seen(node)])
