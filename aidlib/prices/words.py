"""Short sentences in both languages that a decision carries, so that a page need not translate."""

from __future__ import annotations

from typing import NamedTuple

INDEX_WORDS = {
    "cpi": ("居民消费价格指数(CPI)", "CPI"),
    "food": ("CPI中的食品价格", "CPI food"),
    "scpi": ("低收入居民基本生活费用价格指数(SCPI)", "SCPI"),
    "grain": ("CPI中的粮食价格", "CPI grain"),
    "utilities": ("CPI中的水电燃料价格", "CPI water, power and fuel"),
    "cpi_ytd": ("CPI累计", "cumulative CPI"),
}


class Said(NamedTuple):
    """One sentence in Chinese and in English.

    Examples
    --------
    >>> print(Said("缺少指数", "the index is missing"))
    缺少指数 / the index is missing
    """

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


def index_words(index: str) -> Said:
    """Name an index.

    Examples
    --------
    >>> index_words("food").en
    'CPI food'
    """
    return Said(*INDEX_WORDS[index])
