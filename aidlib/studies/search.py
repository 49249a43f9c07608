"""查找。 Find a series, a name of the law, a place or an indicator by Chinese, pinyin, English or code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from aidlib import tables, words
from aidlib.errors import ParameterFault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.regions import every_region
from aidlib.result import Frame

COLUMNS = ("kind", "code", "label", "unit", "places", "first", "last", "match")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
NEAR_MATCHES = 5


def search(text: str, language: str = "", *, book: Book | None = None, figures: Figures | None = None) -> Frame:
    """查找序列、法规名称、地区和指标。 Find series, law names, places and indicators by Chinese, pinyin, English or code.

    Parameters
    ----------
    text : str
        Words, all of which must fit; a Chinese word fits also where its characters stand in the name in this order (`农村低保` finds
        农村最低生活保障标准).
    language : str
        `zh` or `en` for the labels; left out: the language spoken here. Both are searched.
    book, figures : Book, Figures, optional
        What to search; default the shipped ones with your overlay.

    Returns
    -------
    Frame
        `.to_frame()`: kind (series, law, place, indicator), code (what the other functions take), label and unit (in words), places (how many have a row
        of their own), first and last (period or day of a row), match (`whole` word, `part`, `pinyin`, or `near`: nothing fits, these
        names are nearest).

    Raises
    ------
    ParameterFault
        No words, or an unknown language.

    Examples
    --------
    >>> found = search("rural income median").to_frame()
    >>> found[["kind", "code", "match"]].values.tolist()
    [['series', 'disposable_income_pc_median:rural', 'whole']]
    >>> search("nongcun dibao pingjun").to_frame()[["code", "match"]].values.tolist()[0]
    ['dibao_avg:rural', 'pinyin']
    >>> search("dibao_avrg:rural").to_frame()[["code", "match"]].values.tolist()[0]
    ['dibao_avg:rural', 'near']
    """
    import pandas as pd

    if not isinstance(text, str) or not text.strip():
        raise ParameterFault(
            "nothing to search for", where="text", expected="words", got=str(text), hint="search('低保')"
        )
    spoken = words.check_language(language) if language else words.language()
    law, known = book or Book(), figures or Figures()
    found = _hits(text.casefold().split(), list(_things(spoken, law, known))) or _nearest(text, spoken, law, known)
    with words.speaking(spoken):
        rows = [(one.kind, one.name, one.label, _units(one.unit), *one.extent(), match) for match, one in found]
    return Frame(pd.DataFrame(rows, columns=list(COLUMNS)).astype({"places": "Int64"}), spoken)


def _units(codes: str) -> str:
    """Units in words, where a series is published now in one and now in another."""
    return words.joined("either", [words.word(code, "unit") for code in codes.split("|")]) if codes else ""


@dataclass(frozen=True)
class _Thing:
    """Something that can be found: its labels in the language spoken and in both; how far it reaches is counted when shown."""

    kind: str
    name: str
    label: str
    unit: str
    texts: tuple[str, ...]
    extent: Callable[[], tuple[object, ...]]


def _things(spoken: str, law: Book, known: Figures) -> Iterator[_Thing]:
    from aidlib.evaluation.measures import MEASURES

    at = ("zh", "en").index(spoken)
    for one in known.series.values():
        yield _Thing("series", one.name, (one.zh, one.en)[at], one.unit, (one.zh, one.en), _reach(known, one.name))
    for term in law.tables.names.values():
        reach = _law_reach(law, term.name)
        yield _Thing("law", term.name, (term.zh, term.en)[at], "|".join(term.units), (term.zh, term.en), reach)
    for name, measure in MEASURES.items():
        zh, _, en = (measure.find.__doc__ or "").partition("。")
        yield _Thing("indicator", name, (zh, en.strip())[at], "", (zh, en), _nowhere)
    for at_place in every_region():
        yield _Thing(
            "place",
            at_place.code,
            at_place.name(spoken),
            "",
            (at_place.name_zh, at_place.name_en, at_place.pinyin),
            _nowhere,
        )


def _nowhere() -> tuple[object, ...]:
    return None, None, None


def _reach(known: Figures, name: str) -> Callable[[], tuple[object, ...]]:
    """Places of a series, its first and last period."""

    def count() -> tuple[object, ...]:
        held = {code: periods for code in known.places(name) if (periods := list(known.all(code, name)))}
        ends = [end for periods in held.values() for end in (periods[0], periods[-1])]
        return len(held), min(ends, default=None), max(ends, default=None)

    return count


def _law_reach(law: Book, name: str) -> Callable[[], tuple[object, ...]]:
    """Places of a law name, the first day of its first and of its last row."""

    def count() -> tuple[object, ...]:
        entries = [entry for entry in law.tables.entries if entry.key[1] == name]
        starts = [str(entry.start) for entry in entries]
        return len({entry.key[0] for entry in entries}), min(starts, default=None), max(starts, default=None)

    return count


def _hits(asked: list[str], things: list[_Thing]) -> list[tuple[str, _Thing]]:
    """What all words fit: as they stand before by their characters, and a name itself before longer ones."""
    found = []
    for one in things:
        texts = [text.casefold() for text in (one.name, *one.texts)]
        if all(any(word in text for text in texts) for word in asked):
            found.append((asked[0] not in texts, "whole", one))
        elif all(any(_in_order(word, text) for text in texts) for word in asked):
            found.append((True, "part", one))
    if not found and all(word.isascii() and word.isalpha() for word in asked):
        found = [
            (True, "pinyin", one)
            for one in sorted(things, key=lambda one: len(one.texts[0]))
            if _sounds_like(asked, one)
        ]
    return [(match, one) for _, match, one in sorted(found, key=lambda hit: (hit[0], hit[1] == "part"))]


@cache
def _syllables() -> dict[str, str]:
    """How each character of our names is read; two readings with `|` between."""
    return {row["character"]: row["pinyin"] for row in tables.rows("pinyin.csv", ("character", "pinyin", "source"))}


def _sounds_like(asked: list[str], one: _Thing) -> bool:
    """Each word is whole syllables of a Chinese name, in their order."""
    known = _syllables()
    read = ["".join(f"(?:{known[each]})?" for each in text if each in known) for text in one.texts]
    return all(any(re.fullmatch(pattern, word) for pattern in read if pattern) for word in asked)


def _in_order(word: str, text: str) -> bool:
    """A word as it stands, or the characters of a Chinese word in their order."""
    left = iter(text)
    return word in text or (CHINESE.fullmatch(word) is not None and all(character in left for character in word))


def _nearest(text: str, spoken: str, law: Book, known: Figures) -> list[tuple[str, _Thing]]:
    by_text = {
        label.casefold(): one for one in _things(spoken, law, known) for label in (*one.texts, one.name) if label
    }
    close = get_close_matches(text.casefold(), list(by_text), n=NEAR_MATCHES, cutoff=0.6)
    return [("near", one) for one in {by_text[label].name: by_text[label] for label in close}.values()]
