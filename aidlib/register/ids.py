"""Identity numbers (GB 11643): normal form, checksum, birth day, sex and masking."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

CHECK_MODULUS = 11
LENGTH = 18
OLD_LENGTH = 15
REMAINDERS = "10X98765432"
WEIGHTS = tuple(pow(2, LENGTH - 1 - place, CHECK_MODULUS) for place in range(LENGTH - 1))
_DROPPED = re.compile("[\\s\\-_.·\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SHAPE = re.compile(r"\d{17}[\dX]|\d{15}")


def plain(text: str) -> str:
    """Fold full-width characters, drop blanks, hyphens and invisible characters, and write x as X.

    Examples
    --------
    >>> plain(" １２-3x ")
    '123X'
    """
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_character(first: str) -> str:
    """Return the check character of the first seventeen digits (GB 11643-1999, ISO 7064 MOD 11-2).

    Examples
    --------
    >>> check_character("0" * 17)
    '1'
    """
    return REMAINDERS[sum(w * int(digit) for w, digit in zip(WEIGHTS, first, strict=True)) % CHECK_MODULUS]


def normal(text: str) -> str:
    """Bring an identity number to its eighteen-character form; an old one of fifteen digits is lengthened.

    Text that has not the shape of an identity number comes back folded only, so that equal numbers stay equal.

    Examples
    --------
    >>> normal("000000-0001 0112 3") == "00000019000101123" + check_character("00000019000101123")
    True
    """
    folded = plain(text)
    if len(folded) != OLD_LENGTH or not folded.isdigit():
        return folded
    first = f"{folded[:6]}19{folded[6:]}"
    return first + check_character(first)


def shaped(text: str) -> bool:
    """Tell whether a folded text has fifteen digits, or seventeen and a check character.

    Examples
    --------
    >>> shaped("0" * 17 + "X"), shaped("0" * 16)
    (True, False)
    """
    return _SHAPE.fullmatch(text) is not None


def checks_out(number: str) -> bool:
    """Tell whether an eighteen-character number ends with the right check character.

    Examples
    --------
    >>> checks_out("0" * 17 + "1"), checks_out("0" * 17 + "2")
    (True, False)
    """
    return shaped(number) and len(number) == LENGTH and check_character(number[:-1]) == number[-1]


@lru_cache(maxsize=4096)
def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def birth_day(number: str) -> date | None:
    """Read the birth day out of an eighteen-character number, or None where the digits are no day.

    Examples
    --------
    >>> birth_day("000000" + "19900230" + "0000")
    """
    return _day(number[6:14]) if len(number) == LENGTH else None


def sex(number: str) -> str:
    """Read the sex out of an eighteen-character number: odd sequence numbers are male.

    Examples
    --------
    >>> sex("0" * 16 + "1" + "0"), sex("0" * 18)
    ('male', 'female')
    """
    return "male" if int(number[16]) % 2 else "female"


def masked(text: str) -> str:
    """Show at most the first two and the last character, or only the length of a short text.

    Examples
    --------
    >>> masked("0" * 18), masked("abc")
    ('00***************0', '(3 characters)')
    """
    if len(text) < LENGTH // 2:
        return f"({len(text)} characters)"
    return f"{text[:2]}{'*' * (len(text) - 3)}{text[-1]}"
