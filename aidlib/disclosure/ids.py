"""Identity numbers (GB 11643): normal form, checksum, birth day, sex, masking, and keyed pseudonyms (HMAC-SHA-256, one derived key per purpose)."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from aidlib.errors import PrivacyFault

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
    """Return the check character of the first seventeen digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return REMAINDERS[sum(w * int(digit) for w, digit in zip(WEIGHTS, first, strict=True)) % CHECK_MODULUS]


def normal(text: str) -> str:
    """Bring an identity number to its eighteen-character form; an old one of fifteen digits is lengthened.

    Text that has not the shape of an identity number comes back folded only, so that equal numbers stay equal.
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
    """Tell whether an eighteen-character number ends with the right check character."""
    return shaped(number) and len(number) == LENGTH and check_character(number[:-1]) == number[-1]


@lru_cache(maxsize=4096)
def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def birth_day(number: str) -> date | None:
    """Read the birth day out of an eighteen-character number, or None where the digits are no day."""
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


KEY_BYTES = 32


def key_from(path: str | Path) -> bytes:
    """Read a secret key from a file that lies in no git working tree.

    Raises
    ------
    PrivacyFault
        The file lies inside a repository, cannot be read, or holds fewer than 32 bytes. The key is never shown.
    """
    file = Path(path).expanduser().resolve()
    if any((folder / ".git").exists() for folder in file.parents):
        raise PrivacyFault("the key lies inside a repository", hint="keep it where no commit can reach it")
    if not file.is_file():
        raise PrivacyFault("no key file", hint="make one: head -c 32 /dev/urandom > FILE; chmod 600 FILE")
    return _long_enough(file.read_bytes())


def _long_enough(key: bytes) -> bytes:
    if len(key) < KEY_BYTES:
        raise PrivacyFault("the key is too short", expected=f"{KEY_BYTES} bytes or more", got=f"{len(key)} bytes")
    return key


def pseudonym(identity: str, key: bytes, purpose: str) -> str:
    """Return the pseudonym of an identity number for one purpose; pseudonyms of two purposes cannot be linked.

    Parameters
    ----------
    identity : str
        An identity number as found; blanks, full-width digits, a small x and the old fifteen digits are brought to one form.
    key : bytes
        At least 32 secret bytes (`key_from`). A plain hash would be undone by trying every number.
    purpose : str
        What the pseudonym is for, such as `matching-2026`.

    Returns
    -------
    str
        64 hexadecimal characters.

    Examples
    --------
    >>> key = bytes(range(32))
    >>> pseudonym("0" * 17 + "x", key, "demo") == pseudonym(" 000000-00000000-000X", key, "demo")
    True
    >>> pseudonym("0" * 17 + "x", key, "demo") == pseudonym("0" * 17 + "x", key, "other")
    False
    """
    return pseudonyms([identity], key, purpose)[0]


def pseudonyms(identities: Iterable[str], key: bytes, purpose: str) -> list[str]:
    """Return the pseudonyms of many identity numbers, in order; the purpose's key is derived once.

    Raises
    ------
    PrivacyFault
        The key is too short, or the purpose is empty.

    Examples
    --------
    >>> len(set(pseudonyms(["0" * 18, "1" * 18], bytes(range(32)), "demo")))
    2
    """
    if not purpose.strip():
        raise PrivacyFault("a pseudonym needs a purpose", hint="name what it is for, such as matching-2026")
    own = hmac.digest(_long_enough(key), purpose.strip().encode(), "sha256")
    return [hmac.digest(own, normal(identity).encode(), "sha256").hex() for identity in identities]
