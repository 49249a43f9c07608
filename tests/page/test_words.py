"""The vocabulary: each code once, in every language."""

from __future__ import annotations

from collections import Counter

from aidlib import tables, words


def test_each_code_stands_once_and_in_every_language() -> None:
    """No key is repeated, and none lacks a language."""
    rows = tables.rows("words.csv", words.COLUMNS)
    assert [key for key, count in Counter(row["key"] for row in rows).items() if count > 1] == []
    assert [row.at(language) for row in rows for language in words.LANGUAGES if not row[language]] == []
