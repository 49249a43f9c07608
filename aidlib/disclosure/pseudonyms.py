"""Keyed pseudonyms of identity numbers: HMAC-SHA-256, one derived key per purpose, the key outside the repository."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from pathlib import Path

from aidlib.errors import PrivacyFault
from aidlib.register.ids import normal

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
