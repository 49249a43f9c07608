"""One vocabulary: what a code is called in each language, and how a column of that name is written for a reader."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, reduce

from aidlib import tables
from aidlib.errors import ParameterFault, nearest

LANGUAGES = ("zh", "en")
VARIABLE = "AIDLIB_LANGUAGE"
AS = "as"
COLUMNS = ("key", *LANGUAGES, "show", "definition", "source")
ELSEWHERE = (
    ("law/names*.csv", ("name", "unit", "falls_back", "dated_by", *LANGUAGES, "note"), "name"),
    ("law/groups*.csv", ("group", *LANGUAGES), "group"),
    ("law/units*.csv", ("unit", "kind", *LANGUAGES), "unit"),
    ("reference/series*.csv", ("series", "table", "unit", "decimals", *LANGUAGES, "note"), "series"),
)
_ambient: ContextVar[str] = ContextVar("language", default="")


@dataclass(frozen=True, slots=True)
class Word:
    """One code of the vocabulary.

    Attributes
    ----------
    key : str
        The code, or `of:code` where it is called otherwise in a column of that name.
    texts : tuple of str
        What it is called, in the order of `LANGUAGES`.
    show : str
        How numbers of a column of this name are written: `yuan` (held in fen), `percent` (held as a ratio), `points`, `index`, `count`,
        `wan` (held in fen, written in 10,000 yuan), `p` (never written as nought), each with decimals after a colon
        (`percent:1`); empty: as they come. `words`: a column of remarks, where a gap is told in words;
        `code`: its codes stand as they are, for a reader to type.
        `as:kind`: its codes are called as those of a column `kind` are.
    definition, source : str
        What it means (English), and where the term stands.
    """

    key: str
    texts: tuple[str, ...]
    show: str
    definition: str
    source: str


def check_language(text: str) -> str:
    """Return a language, or say which there are.

    Examples
    --------
    >>> check_language("zh")
    'zh'
    """
    if text not in LANGUAGES:
        known = " or ".join(LANGUAGES)
        raise ParameterFault("unknown language", expected=known, got=str(text), hint=nearest(str(text), LANGUAGES))
    return text


def language() -> str:
    """Return the language spoken here: that of the page being made, else `AIDLIB_LANGUAGE`, else Chinese.

    Examples
    --------
    >>> with speaking("en"):
    ...     language()
    'en'
    """
    return _ambient.get() or check_language(os.environ.get(VARIABLE, "").strip() or LANGUAGES[0])


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while: labels of figures and tables follow it."""
    token = _ambient.set(check_language(language))
    try:
        yield
    finally:
        _ambient.reset(token)


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Word]:
    """Return every word by its key: `data/words.csv`, then names, groups and units of the law, then series of figures."""
    found: dict[str, Word] = {}
    for pattern, columns, key in ELSEWHERE:
        rows = (row for table in tables.names(pattern) for row in tables.rows(table, columns))
        for row in rows:
            word = Word(row[key], tuple(row[language] for language in LANGUAGES), "", "", row.table)
            found.setdefault(word.key, word)
            found.setdefault(f"{key}:{word.key}", word)
    for row in tables.rows("words.csv", COLUMNS):
        texts = tuple(row[language] for language in LANGUAGES)
        found[row["key"]] = Word(row["key"], texts, row["show"], row["definition"], row["source"])
    return found


def find(key: str, of: str = "") -> Word | None:
    """Look a code up, first as it is called in a column `of`, then anywhere."""
    known = vocabulary()
    return (known.get(f"{of}:{key}") if of else None) or known.get(key)


def word(key: str, of: str = "", spoken: str = "") -> str:
    """Call a code by its name; one that the vocabulary does not have stays as it is.

    Parameters
    ----------
    key : str
        A code, such as `cpi_uprating`; parts of a group (`urban:at_home`) are named one by one.
    of : str
        The column or kind it stands in, where the same code is called otherwise elsewhere.
    spoken : str
        `zh` or `en`; left out: the language spoken here.

    Examples
    --------
    >>> word("dibao_standard"), word("dibao_standard", spoken="en"), word("stale", of="meaning")[:4]
    ('低保标准', 'dibao standard', '有据期限')
    >>> word("urban:at_home"), word("no_such_word")
    ('城镇·分散供养', 'no_such_word')
    """
    at = LANGUAGES.index(spoken or language())
    if found := find(key, of):
        return found.texts[at]
    parts = key.split(":")
    if len(parts) == 1:
        return key
    return "·".join([word(parts[0], of or "group", spoken), *(word(part, "group", spoken) for part in parts[1:])])


def joined(key: str, texts: Iterable[str]) -> str:
    """Join texts as the language does (`page:and` and `page:or` say how two are joined).

    Examples
    --------
    >>> joined("and", ["低保", "特困", "孤儿"])
    '低保、特困、孤儿'
    """
    return reduce(word(key, "page").format, texts)


def shown_as(column: str) -> tuple[str, int | None]:
    """Return how numbers of a column are written: the kind, and the decimals where they are set.

    Examples
    --------
    >>> shown_as("adequacy_ratio"), shown_as("kind_urban"), shown_as("no_such_column")
    (('percent', 2), ('', None), ('', None))
    """
    kind, _, decimals = _show(column).partition(":")
    return ("", None) if kind == AS else (kind, int(decimals) if decimals else None)


def called_as(column: str) -> str:
    """Return the column whose words the codes of a column have: its own, unless the vocabulary says otherwise.

    Examples
    --------
    >>> called_as("kind_urban"), called_as("verdict"), called_as("x_status")
    ('kind', 'verdict', 'status')
    """
    kind, _, other = _show(column).partition(":")
    return other if kind == AS else "status" if column.endswith("_status") else column


def _show(column: str) -> str:
    found = vocabulary().get(column)
    return found.show if found else ""
