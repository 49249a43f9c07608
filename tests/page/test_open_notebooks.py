"""What holds of every open notebook: it composes, its cells can be run again, its words are whole in both languages."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from notebook_run import Runner, cells, open_notebooks, rendered

from aidlib import words
from aidlib.known import Known, Missing
from aidlib.page import sentences

NOTEBOOKS = open_notebooks()
DECISIONS = (ast.BinOp, ast.If, ast.IfExp, ast.For, ast.While, ast.comprehension, ast.FunctionDef, ast.Lambda, ast.Try)
LITTLE: dict[str, dict[str, Any]] = {
    "low_income_monitoring": {"families": 2000},
    "price_linkage": {"lookback_months": 3, "today": "2026-11-30"},
    "do_standards_keep_up": {"draws": 99},
    "standard_sandbox": {"households": 500},
    "trigger_forecast_record": {"lines": "cpi:3.0", "recompute_origins": 1},
    "what_a_change_costs": {"households": 400, "draws": 99},
}
"""Parameters with which a notebook that draws or repeats does little of it."""
PLACES: dict[str, list[dict[str, Any]]] = {
    "standard_indexing": [{"region": "450400", "year": 2019}, {"region": "230100", "year": 2022}, {"region": "440000", "year": 2024},
                          {"region": "320000", "year": 2019}, {"region": "130900", "year": 2014}, {"region": "450400", "year": 1998}, {"region": "820000"}],
    "household_walkthrough": [{}, {"region": "440100", "period": "2022-10"}, {"region": "540000", "wage_yuan": 9000}],
    "standard_sandbox": [{}, {"region": "310000", "steps": "-10"}, {"steps": "0", "urban_standard": "700", "rural_standard": "400"}],
    "price_linkage": [{}, {"region": "450400", "period": "2020-02"}, {"region": "540000", "period": "2026-10"}, {"region": "460000", "period": "2010-11"},
                      {"region": "450000", "period": "2019-10", "outlook_months": 2, "backtest": True}],
    "what_a_change_costs": [{}, {"region": "310000", "period": "2021-07", "linkage_last": "2018-04", "linkage_months": 2}],
    "low_income_price_index": [{"first": "2019-11"}, {"region": "000000", "first": "2023-01", "period": "2023-12"}, {"region": "450400", "period": "2018-03"}],
    "trigger_forecast_record": [{"period": "2013-06"}],
    "setting_a_standard": [{}, {"region": "420100", "period": "2008"}, {"region": "350400", "period": "2022", "area": "total"}],
    "do_standards_keep_up": [{"region": "540000"}, {"region": "450400", "period": "2015", "first_year": 2015}, {"period": "2010", "first_year": 2010}],
    "national_overview": [{}, {"year": 2021}, {"year": 2016}, {"year": 2008}, {"year": 2002}],
}  # fmt: skip
"""Places and periods that have and lack different things."""
ABSENT = "_absent"
CHINESE = re.compile(r"[㐀-鿿]")
named = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def statements(path: Path) -> Iterator[ast.AST]:
    """Every node of the code cells that are not parameters."""
    for source, tags in cells(path):
        if "parameters" not in tags:
            yield from ast.walk(ast.parse(source))


@named
def test_a_notebook_composes(path: Path) -> None:
    """It calls and shows: no arithmetic, no branch, no loop, no function, no sentence in its code; only the public face is imported."""
    nodes = list(statements(path))
    assert [ast.unparse(node) for node in nodes if isinstance(node, DECISIONS)] == []
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in texts if CHINESE.search(text) or text.count(" ") > 2] == []
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    assert imported == {"aidlib"}
    assert not any(isinstance(node, ast.ImportFrom) for node in nodes)


@named
def test_static_prose_stands_in_each_language(path: Path) -> None:
    """A Markdown cell of one language is followed, or preceded, by one of the other; a method has its formula in both."""
    found = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "markdown"]
    by_language = {
        language: ["".join(cell["source"]) for cell in found if language in cell["metadata"].get("tags", ())]
        for language in words.LANGUAGES
    }
    zh, en = by_language.values()
    assert len(zh) == len(en) > 0
    assert [text.count("$") for text in zh] == [text.count("$") for text in en]
    assert [text.count("#") for text in zh] == [text.count("#") for text in en]


@named
def test_the_words_have_the_same_blocks_in_both_languages(path: Path) -> None:
    """What can be said in one language can be said in the other."""
    blocks = {language: sentences.blocks(path.stem, language) for language in words.LANGUAGES}
    assert blocks["zh"] == blocks["en"] != frozenset()


@named
def test_a_cell_run_again_shows_the_same(path: Path, run: Runner) -> None:
    """Every cell is run twice before the next: it shows both times the same, and the page is finished."""
    shown = run(path, times=2, **LITTLE.get(path.stem, {})).shown[1:]
    for first, again in zip(shown[::2], shown[1::2], strict=True):
        assert [one["data"].get("text/plain") for one in first] == [one["data"].get("text/plain") for one in again]
        assert [one["data"].get("text/html") for one in first] == [one["data"].get("text/html") for one in again]


@named
def test_every_block_can_be_said_without_each_optional_part(path: Path, run: Runner) -> None:
    """Over places that lack different things each block is said in both languages, and again with each part that may lack taken away.

    No table, figure or saying is never said; what stands in the place of an empty table is said with the facts of the full one too.
    """
    said = [one for given in PLACES.get(path.stem, [{}]) for one in run(path, **LITTLE.get(path.stem, {}) | given).said]
    known = sentences.blocks(path.stem, "zh")
    found = {block: facts for block, facts in said if block in known}
    assert path.stem not in PLACES or all(block.endswith(ABSENT) for block in known - found.keys())
    said += [
        (block, {"lacking": [Missing("level", "urban", 2020)], **full})
        for block in known - found.keys()
        if (full := _full(block, found))
    ]
    for block, facts in said:
        for given in (facts, *without(facts)) if block in known else ():
            zh, en = rendered(path.stem, block, given).values()
            assert (len(zh) > 0, all(zh)) == (len(en) > 0, all(en)), block


def _full(absent: str, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The facts of the table or figure that a sentence stands for."""
    name = absent.removesuffix(ABSENT)
    return next((found[f"{name}_{kind}"] for kind in ("table", "figure") if f"{name}_{kind}" in found), {})


def without(facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The facts with one that may lack taken away each time: a known number becomes a gap, a list is emptied."""
    for name, value in facts.items():
        if isinstance(value, Known):
            yield facts | {name: Missing(value.name or name)}
        elif isinstance(value, (list, tuple, dict)) and value:
            yield facts | {name: type(value)()}
