"""Invented identities: numbers and names that can be no one's."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from aidlib.errors import RegisterFault
from aidlib.register.ids import CHECK_MODULUS, REMAINDERS, WEIGHTS

# No place of GB/T 2260 has this code: every number that begins with it is invented, and otherwise as sound as a real one.
NOWHERE = "000000"
# Heavenly stems and earthly branches behind a word that is no surname.
FIRST, SYLLABLES = "测", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
DAYS_PER_YEAR = 365.2425
Array = npt.NDArray[Any]
NUMBERS_A_DAY = 500


def birth_days(ages: Array, as_of: date, rng: np.random.Generator) -> pl.Series:
    """Draw birth days that make persons so many whole years old on a day.

    Examples
    --------
    >>> days = birth_days(np.array([40]), date(2026, 10, 31), np.random.default_rng(1))
    >>> days[0].year in (1985, 1986)
    True
    """
    ago = np.floor(ages * DAYS_PER_YEAR + rng.uniform(1, 364, len(ages))).astype(np.int64)
    return days_before(as_of, ago)


def days_before(day: date, ago: Array) -> pl.Series:
    """Return the days so many days before one.

    Examples
    --------
    >>> days_before(date(2026, 10, 31), np.array([0, 31])).to_list()
    [datetime.date(2026, 10, 31), datetime.date(2026, 9, 30)]
    """
    return pl.Series(((day - date(1970, 1, 1)).days - ago).astype(np.int32)).cast(pl.Date)


def numbers(born: pl.Series, male: Array) -> pl.Series:
    """Make one number a person: no place, the birth day, a running number (odd for men), the right check character.

    Parameters
    ----------
    born : polars.Series of date
        Birth days.
    male : bool array
        Sex.

    Examples
    --------
    >>> numbers(pl.Series([date(1950, 1, 1), date(1950, 1, 1)]), np.array([True, True])).str.slice(0, 17).to_list()
    ['00000019500101001', '00000019500101003']
    """
    frame = pl.DataFrame({"born": born, "male": male})
    running = frame.select(at=pl.int_range(pl.len()).over("born", "male"))["at"]
    if running.len() and int(running.max()) >= NUMBERS_A_DAY:  # type: ignore[arg-type]
        raise RegisterFault("more persons born on one day than running numbers", hint="invent fewer persons")
    tail = running * 2 + pl.Series(male.astype(np.int64))
    plain = NOWHERE + born.dt.strftime("%Y%m%d") + tail.cast(pl.String).str.zfill(3)
    digits = np.array([list(text) for text in plain], dtype=np.int64).reshape(len(plain), len(WEIGHTS))
    checks = np.array(list(REMAINDERS))[(digits @ np.array(WEIGHTS)) % CHECK_MODULUS]
    return plain + pl.Series(checks.astype(str), dtype=pl.String)


def names(size: int, rng: np.random.Generator) -> pl.Series:
    """Draw names of three characters that begin with a word no family is called.

    Examples
    --------
    >>> names(2, np.random.default_rng(1)).str.starts_with("测").to_list()
    [True, True]
    """
    syllables = np.array(list(SYLLABLES))
    pairs = rng.integers(0, len(syllables), (size, 2))
    return pl.Series(np.char.add(np.char.add(FIRST, syllables[pairs[:, 0]]), syllables[pairs[:, 1]]), dtype=pl.String)


def mistyped(number: str) -> str:
    """Write a number with its last character wrong, as a clerk's slip: it no longer checks out.

    Examples
    --------
    >>> mistyped("0" * 17 + "1")
    '000000000000000000'
    """
    place = REMAINDERS.index(number[-1])
    return number[:-1] + REMAINDERS[(place + 1) % len(REMAINDERS)]
