"""Cells of the tables we write: none may be a formula that came from outside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
_NUMBER = r"^[+-]?(\d[\d,]*)?\.?\d+(%|[eE][+-]?\d{1,3})?$"


def begins_formula(text: str) -> bool:
    """Tell whether a spreadsheet that opens a CSV would work a cell out: it begins with `=`, `+`, `-` or `@`, and is no plain number."""
    return bool(re.match(_FORMULA, text)) and not re.match(_NUMBER, text)


def inert(text: str) -> str:
    """Return a text that no spreadsheet works out: an apostrophe before one that would begin a formula."""
    return f"'{text}" if begins_formula(text) else text


def inert_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame in which no text, and no heading, is a formula; reading it back takes the apostrophes off.

    Examples
    --------
    >>> import polars as pl
    >>> inert_frame(pl.DataFrame({"a": ["=1+1", "-5", None]}))["a"].to_list()
    ["'=1+1", '-5', None]
    """
    import polars as pl

    texts = pl.col(pl.String)
    risky = texts.str.contains(_FORMULA) & ~texts.str.contains(_NUMBER)
    whole = frame.with_columns(pl.when(risky).then(pl.lit("'") + texts).otherwise(texts).name.keep())
    return whole.rename({name: inert(name) for name in whole.columns})
