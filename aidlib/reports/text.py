"""Words of the reports: every label comes from `data/glossary*.csv`, in Chinese or English."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

from aidlib import tables
from aidlib.errors import ParameterFault, nearest
from aidlib.money import decimal_text, yuan

if TYPE_CHECKING:
    from fractions import Fraction

    import pandas as pd

Language = Literal["zh", "en"]
COLUMNS = ("term_zh", "term_en", "identifier_snake_case", "definition_en", "source")
UNKNOWN = "—"


def language(text: str) -> Language:
    """Check a language parameter.

    Examples
    --------
    >>> language("zh")
    'zh'
    """
    if text not in get_args(Language):
        raise ParameterFault(
            "unknown language", expected="zh or en", got=str(text), hint=nearest(str(text), ("zh", "en"))
        )
    return text  # type: ignore[return-value]


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[Language, str]]:
    rows = [row for table in tables.names("glossary*.csv") for row in tables.rows(table, COLUMNS)]
    return {row["identifier_snake_case"]: {"zh": row["term_zh"], "en": row["term_en"]} for row in rows}


def word(identifier: str, lang: Language = "zh") -> str:
    """Return the label of an identifier; an identifier the glossary does not have is shown as it is.

    Examples
    --------
    >>> word("dibao_standard"), word("dibao_standard", "en")
    ('低保标准', 'dibao standard')
    """
    return _words().get(identifier, {}).get(lang, identifier)


def label(frame: pd.DataFrame, lang: Language = "zh") -> pd.DataFrame:
    """Return the frame with its columns named in a language; the status of a column keeps to it.

    Examples
    --------
    >>> import pandas as pd
    >>> list(label(pd.DataFrame({"dibao_standard": [1], "dibao_standard_status": ["stale"]})).columns)
    ['低保标准', '低保标准_status']
    """
    named = {str(column): word(str(column), lang) for column in frame}
    return frame.rename(columns=named | {f"{own}_status": f"{shown}_status" for own, shown in named.items()})


def percent(number: Fraction | None, decimals: int = 1) -> str:
    """Write an exact number of percentage points, a dash where it is unknown.

    Examples
    --------
    >>> from fractions import Fraction
    >>> percent(Fraction(7, 2)), percent(None)
    ('3.5%', '—')
    """
    return UNKNOWN if number is None else f"{decimal_text(number, decimals)}%"


def money(amount_fen: int | Fraction | None, decimals: int = 2) -> str:
    """Write fen as yuan, a dash where it is unknown.

    Examples
    --------
    >>> money(6250), money(None)
    ('62.50', '—')
    """
    return UNKNOWN if amount_fen is None else yuan(amount_fen, decimals)
