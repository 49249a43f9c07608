"""Cells of a table: which columns are numbers, how a number is written for a reader, and how for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING

from aidlib.money import decimal_text

if TYPE_CHECKING:
    import pandas as pd

DECIMAL = re.compile(r"[+-]?\d[\d,]*\.\d+%?|[+-]?\d[\d,]*%")
SHORT = re.compile(r"[+-]?\d{1,3}(,\d{3})*")
DASH = "—"
FORMULA = re.compile(r"^[=+\-@\t\r]")
MOST_DECIMALS = 2
MOST_EXACT_DECIMALS = 4
CSV_DECIMALS = 10


def is_missing(cell: object) -> bool:
    """Tell whether a cell holds nothing: None, NaN, NA, NaT, empty text or a dash. Zero is something.

    Examples
    --------
    >>> is_missing(None), is_missing(float("nan")), is_missing("—"), is_missing(0)
    (True, True, True, False)
    """
    if cell is None or (isinstance(cell, str) and cell in ("", DASH)):
        return True
    return type(cell).__name__ in ("NAType", "NaTType") or (isinstance(cell, Real) and cell != cell)


def is_number(cell: object) -> bool:
    """Tell whether a cell is a number that can be written out: not text, not a flag, not infinite.

    Examples
    --------
    >>> is_number(3), is_number(Fraction(1, 3)), is_number(True), is_number(float("inf")), is_number("3")
    (True, True, False, False, False)
    """
    if isinstance(cell, bool) or type(cell).__name__ == "bool" or not isinstance(cell, (Real, Decimal)):
        return False
    return not isinstance(cell, float) or isfinite(cell)


def is_numeric(cells: Sequence[object]) -> bool:
    """Tell whether a column is numbers: all cells are, or all are text of which one has decimals and the rest are short.

    Examples
    --------
    >>> is_numeric([1, 2.5, None]), is_numeric(["62.50", "785"]), is_numeric(["450400", "230100"])
    (True, True, False)
    """
    known = [cell for cell in cells if not is_missing(cell)]
    texts = [cell for cell in known if isinstance(cell, str)]
    decimal = [text for text in texts if DECIMAL.fullmatch(text)]
    short = [text for text in texts if SHORT.fullmatch(text)]
    fitting = len(decimal) + len(short) == len(texts) and (not texts or bool(decimal) or len(texts) < len(known))
    return bool(known) and fitting and all(isinstance(cell, str) or is_number(cell) for cell in known)


def decimals_needed(cells: Sequence[object]) -> int:
    """Count the decimals a column is shown with: floats at most two; exact numbers all of theirs, up to four.

    Examples
    --------
    >>> decimals_needed([1.0, 2.0]), decimals_needed([0.123]), decimals_needed([Decimal("3.4999")])
    (0, 2, 4)
    >>> decimals_needed([Fraction(1, 3)])
    2
    """
    return max((_needed(cell) for cell in cells if is_number(cell) and not is_missing(cell)), default=0)


def _needed(cell: object) -> int:
    if isinstance(cell, float):
        cell, most = round(cell, 6), MOST_DECIMALS
    else:
        most = MOST_EXACT_DECIMALS
    number = exactly(cell)
    return next((d for d in range(most + 1) if (number * 10**d).denominator == 1), MOST_DECIMALS)


def exactly(cell: object) -> Fraction:
    """Read a number of any kind as it is written.

    Examples
    --------
    >>> exactly(0.1), exactly(Decimal("3.50"))
    (Fraction(1, 10), Fraction(7, 2))
    """
    return Fraction(str(cell))


def grouped_text(text: str) -> str:
    """Write thousands separators and a true minus sign.

    Examples
    --------
    >>> grouped_text("-1234567.50"), grouped_text("3.5%")
    ('−1,234,567.50', '3.5%')
    """
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
