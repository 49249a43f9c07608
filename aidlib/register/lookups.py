"""Read columns against lists: words of flags and codes, region codes, identity numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import polars as pl

from aidlib import regions
from aidlib.errors import RegionUnknown, nearest
from aidlib.register import ids
from aidlib.register.cells import Trouble, Typed, says
from aidlib.register.schema import Field, words


def worded(texts: pl.Series, column: Field) -> Typed:
    """Read a flag, or a word out of a list, by the words of `data/register_words.csv`.

    Examples
    --------
    >>> from aidlib.register.schema import fields
    >>> worded(pl.Series(["男", "女 ", "?"]).str.strip_chars(), fields("persons")["sex"]).values.to_list()
    ['male', 'female', None]
    """
    known = words(column.name)
    low = texts.str.to_lowercase()
    values = low.replace_strict(known, default=None, return_dtype=pl.String)
    unknown = texts.is_not_null() & values.is_null()
    near = _each(low.set(~unknown, None), lambda word: nearest(word, known) or _choices(column))
    if column.kind == "flag":
        values = (values == "1").set(values.is_null(), None)
    return Typed(values, [Trouble(unknown, "R-FLAG-UNKNOWN" if column.kind == "flag" else "R-WORD-UNKNOWN", near)])


def _choices(column: Field) -> str:
    return "是 or 否" if column.kind == "flag" else " ".join(column.codes)


def _each(texts: pl.Series, answer: Callable[[str], str | None]) -> pl.Series:
    """Answer each distinct text once."""
    known = {text: answer(text) for text in texts.drop_nulls().unique().to_list()}
    return texts.replace_strict(known, default=None, return_dtype=pl.String) if known else texts


def place(texts: pl.Series) -> Typed:
    """Read region codes of six digits or full names; a code that is no more gets the nearest valid one named.

    Examples
    --------
    >>> place(pl.Series(["450400", "梧州市", "450499"])).values.to_list()
    ['450400', '450400', None]
    """
    values = _each(texts, _code)
    unknown = texts.is_not_null() & values.is_null()
    return Typed(values, [Trouble(unknown, "R-REGION-UNKNOWN", _each(texts.set(~unknown, None), _near_place))])


@lru_cache(maxsize=65536)
def _code(text: str) -> str | None:
    try:
        return regions.region(text).code
    except RegionUnknown:
        return None


def _near_place(text: str) -> str:
    try:
        return str(regions.region(text))
    except RegionUnknown as fault:
        return fault.faults[0].hint


def identity(texts: pl.Series, today: date) -> Typed:
    """Read identity numbers in their eighteen-character form and check shape, check character, birth day and province.

    Examples
    --------
    >>> first = "450000" + "19800520" + "001"
    >>> read = identity(pl.Series([first + ids.check_character(first), "12345"]), date(2026, 1, 1))
    >>> read.values.is_null().to_list(), [trouble.code for trouble in read.troubles if trouble.mask.any()]
    ([False, True], ['R-ID-LENGTH'])
    """
    folded = texts.str.replace_all(r"[\s\-]", "")
    upper = folded.str.to_uppercase()
    old = says(upper, r"^\d{15}$")
    number = _each(upper.set(~old, None), ids.normal).zip_with(old, upper)
    shaped = says(number, r"^\d{17}[\dX]$")
    scientific = says(upper, r"^\d\.\d+E\+?1\d$")
    right = _checks_out(number.set(~shaped, None))
    cut = shaped & ~right & says(number, r"000$")
    born = number.str.slice(6, 8).set(~shaped, None).str.to_date("%Y%m%d", strict=False)
    lived = (born.is_not_null() & (born <= today)).fill_null(False)
    prefixes = [place.code[:2] for place in regions.children(regions.NATION)]
    placed = number.str.slice(0, 2).is_in(prefixes).fill_null(False)
    troubles = [
        Trouble(scientific, "R-ID-SCIENTIFIC", "eighteen characters stored as text"),
        Trouble(texts.is_not_null() & ~shaped & ~scientific, "R-ID-LENGTH", "eighteen characters"),
        Trouble(cut, "R-ID-CUT", "eighteen characters stored as text"),
        Trouble(shaped & ~right & ~cut, "R-ID-CHECKSUM", "a check character that agrees"),
        Trouble(shaped & ~lived, "R-ID-BIRTH", "a birth day not after today"),
        Trouble(shaped & ~placed, "R-ID-REGION", "a province's two digits first"),
        Trouble(old, "R-ID-OLD15", "eighteen characters"),
        Trouble(says(folded, "x$"), "R-ID-SMALL-X", "X"),
    ]
    return Typed(number.set(~(shaped & right & lived & placed), None), troubles)


def _checks_out(numbers: pl.Series) -> pl.Series:
    total = sum(
        (numbers.str.slice(at, 1).cast(pl.Int64, strict=False) * weight for at, weight in enumerate(ids.WEIGHTS)),
        start=pl.Series([0], dtype=pl.Int64).new_from_index(0, len(numbers)),
    )
    marks = dict(enumerate(ids.REMAINDERS))
    expected = (total % ids.CHECK_MODULUS).replace_strict(marks, default=None, return_dtype=pl.String)
    return (expected == numbers.str.slice(17, 1)).fill_null(False)
