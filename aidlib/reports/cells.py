"""Cells of a table: which columns are numbers, how a number is written for a reader, and how for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Real
from typing import TYPE_CHECKING

from aidlib.money import decimal_text

if TYPE_CHECKING:
    import pandas as pd

DECIMAL = re.compile(r"[+-]?\d[\d,]*\.\d+%?|[+-]?\d[\d,]*%")
SHORT = re.compile(r"[+-]?\d{1,3}(,\d{3})*")
DASH = "—"
FORMULA = re.compile(r"^[=+\-@\t\r]")
MOST_DECIMALS = 2
CSV_DECIMALS = 10


def is_missing(cell: object) -> bool:
    if cell is None or (isinstance(cell, str) and cell in ("", DASH)):
        return True
    return type(cell).__name__ in ("NAType", "NaTType") or (isinstance(cell, Real) and cell != cell)


def is_number(cell: object) -> bool:
    return isinstance(cell, (Real, Decimal)) and not isinstance(cell, bool) and type(cell).__name__ != "bool"


def is_numeric(cells: Sequence[object]) -> bool:
    """Tell whether a column is numbers: all cells are, or all are text of which one has decimals and the rest are short."""
    known = [cell for cell in cells if not is_missing(cell)]
    texts = [cell for cell in known if isinstance(cell, str)]
    decimal = [text for text in texts if DECIMAL.fullmatch(text)]
    short = [text for text in texts if SHORT.fullmatch(text)]
    fitting = len(decimal) + len(short) == len(texts) and (not texts or bool(decimal) or len(texts) < len(known))
    return bool(known) and fitting and all(isinstance(cell, str) or is_number(cell) for cell in known)


def decimals_needed(cells: Sequence[object]) -> int:
    broken = [cell for cell in cells if is_number(cell) and not is_missing(cell) and not isinstance(cell, Integral)]
    needed = (next((d for d in range(MOST_DECIMALS) if _fits(cell, d)), MOST_DECIMALS) for cell in broken)
    return max(needed, default=0)


def _fits(cell: object, decimals: int) -> bool:
    scaled = round(float(str(cell)) * 10**decimals, 6) if isinstance(cell, float) else exactly(cell) * 10**decimals
    return bool(scaled == int(scaled))


def exactly(cell: object) -> Fraction:
    return Fraction(str(cell))


def grouped_text(text: str) -> str:
    sign, digits, rest = re.fullmatch(r"([+-]?)([\d,]+)(.*)", text).groups()  # type: ignore[union-attr]
    return f"{sign.replace('-', '−')}{int(digits.replace(',', '')):,}{rest}"


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Write a frame as CSV that Excel opens rightly: UTF-8 with BOM, no cell that would run as a formula.

    Examples
    --------
    >>> import pandas as pd
    >>> csv_bytes(pd.DataFrame({"a": ["=1+1", "-3.5"]})).decode("utf-8-sig").split()
    ['a', "'=1+1", '-3.5']
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(list(frame.columns))
    writer.writerows([_plain(cell) for cell in row] for row in frame.itertuples(index=False, name=None))
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: object) -> str:
    if is_missing(cell):
        return ""
    if isinstance(cell, Fraction):
        return decimal_text(cell, CSV_DECIMALS).rstrip("0").rstrip(".")
    if isinstance(cell, (list, tuple)):
        return "; ".join(getattr(item, "place", str(item)) for item in cell)
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and FORMULA.match(text) and not is_numeric([text, "0.0"]) else text
