"""Keyed pseudonyms in place of identity numbers: a table leaves this room without the numbers it came with."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from aidlib.disclosure.pseudonyms import pseudonyms
from aidlib.monitoring.tabled import back, lazy, need
from aidlib.register import ids

ID, KEY = "id_number", "person_key"
_BORN = slice(6, 14)
_CLEAN = r"^[0-9]{17}[0-9X]$"


def sound(numbers: pl.Series, as_of: date) -> pl.Series:
    """Return identity numbers in their eighteen-character form, empty where they are not sound.

    Sound is: the right shape and check character, and a birth day that is not in the future. The place in the first six digits
    is not looked up: places are renumbered, persons are not.

    Examples
    --------
    >>> number = "0" * 6 + "19500101" + "001"
    >>> given = pl.Series([f" {number}{ids.check_character(number)}", number + "?", None])
    >>> sound(given, date(2026, 1, 1)).is_not_null().to_list()
    [True, False, False]
    """
    texts = numbers.cast(pl.String)
    odd = ~texts.str.contains(_CLEAN).fill_null(True)
    folded = [ids.normal(text) for text in texts.filter(odd)]
    plain = texts.clone().scatter(odd.arg_true(), folded) if folded else texts
    frame = pl.DataFrame({"n": plain})
    return frame.select(pl.when(_right(pl.col("n"), as_of)).then("n"))["n"].alias(numbers.name)


def _right(number: pl.Expr, as_of: date) -> pl.Expr:
    shaped = pl.when(number.str.contains(_CLEAN)).then(number)
    digits = [shaped.str.slice(at, 1).cast(pl.Int32) * weight for at, weight in enumerate(ids.WEIGHTS)]
    wanted = (pl.sum_horizontal(digits) % ids.CHECK_MODULUS).replace_strict(
        dict(enumerate(ids.REMAINDERS)), return_dtype=pl.String
    )
    born = shaped.str.slice(_BORN.start, _BORN.stop - _BORN.start).str.to_date("%Y%m%d", strict=False)
    return (shaped.str.slice(ids.LENGTH - 1) == wanted) & (born <= pl.lit(as_of))


def keyed(table: Any, key: bytes, purpose: str, as_of: date, column: str = ID) -> Any:
    """Replace identity numbers by keyed pseudonyms; a row without a sound number gets none.

    Parameters
    ----------
    table : table
        With identity numbers in `column`, in any of their spellings.
    key, purpose : bytes and str
        Secret key kept outside any repository, and what the pseudonyms are for: two purposes cannot be linked.
    as_of : date
        No birth day may be later.

    Returns
    -------
    table
        Without `column`, with `person_key`: 64 hexadecimal characters (HMAC-SHA-256), empty where the number is not sound.

    Examples
    --------
    >>> found = keyed(pl.DataFrame({"id_number": ["nobody", None]}), bytes(32), "demo", date(2026, 1, 1))
    >>> found.columns, found["person_key"].null_count()
    (['person_key'], 2)
    """
    frame = lazy(table)
    need(frame, (column,), "identity numbers")
    given = frame.collect()
    numbers = sound(given[column], as_of)
    made = iter(pseudonyms(numbers.drop_nulls(), key, purpose))
    keys = pl.Series(KEY, [next(made) if text else None for text in numbers], dtype=pl.String)
    return back(given.drop(column).with_columns(keys).lazy(), table)
