"""A detached signature over the files of a report: who stands for it, whatever becomes of data and code.

Beside a report `name.html` it leaves `name.sha256`, the digests of its files as `sha256sum -c` reads them, and `name.sha256.sig`, the
Ed25519 signature of that list as `openssl pkeyutl -verify -rawin` reads it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib import tables
from aidlib.errors import AidError, ReportFault
from aidlib.fleet.publish import SIGNATURE, SUFFIXES, SUMS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LARGEST_KEY_BYTES = 100_000


def sign(page: Path, key: Path, password: Callable[[], bytes]) -> list[str]:
    """Sign the files of a report."""
    _there(page)
    files = [file for suffix in SUFFIXES if (file := page.with_suffix(suffix)).is_file()]
    sums = "".join(f"{_digest(file)}  {file.name}\n" for file in files).encode()
    tables.write_whole(page.with_suffix(SIGNATURE), _private(key, password).sign(sums))
    tables.write_whole(page.with_suffix(SUMS), sums)
    return [file.name for file in files]


def _there(page: Path) -> None:
    if page.suffix not in SUFFIXES or not page.is_file():
        raise ReportFault("no such report", got=str(page))


def signed(page: Path, key: Path) -> str:
    """Return by which key a report was signed, as `ssh-keygen -l` names it."""
    from cryptography.exceptions import InvalidSignature

    public = _public(key)
    _there(page)
    sums, signature = (page.with_suffix(suffix) for suffix in (SUMS, SIGNATURE))
    if not (sums.is_file() and signature.is_file()):
        raise ReportFault("not signed", where=page.name, expected=f"{sums.name} and {signature.name} beside it")
    listed = sums.read_bytes()[:LARGEST_KEY_BYTES]
    try:
        public.verify(signature.read_bytes()[:LARGEST_KEY_BYTES], listed)
    except InvalidSignature:
        raise ReportFault("not signed by this key", where=page.name, expected=fingerprint(public)) from None
    pairs = [line.partition("  ") for line in listed.decode().splitlines()]
    wanted = {name: digest for digest, _, name in pairs}
    if page.name not in wanted:
        raise ReportFault("not signed", where=page.name, got=", ".join(wanted))
    altered = [name for name, digest in wanted.items() if _digest(page.with_name(Path(name).name)) != digest]
    if altered:
        raise ReportFault("altered after it was signed", where=page.name, got=", ".join(altered))
    return fingerprint(public)


def fingerprint(public: Ed25519PublicKey) -> str:
    """Name a key as `ssh-keygen -l` does."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    line = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return f"SHA256:{base64.b64encode(hashlib.sha256(base64.b64decode(line.split()[1])).digest()).decode().rstrip('=')}"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _private(key: Path, password: Callable[[], bytes]) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return _key(key, ("load_pem_private_key", "load_ssh_private_key"), Ed25519PrivateKey, password)  # type: ignore[no-any-return]


def _public(key: Path) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return _key(key, ("load_pem_public_key", "load_ssh_public_key"), Ed25519PublicKey, None)  # type: ignore[no-any-return]


def _key(path: Path, loaders: tuple[str, ...], kind: type, password: Callable[[], bytes] | None) -> Any:
    """Load a key by whichever loader reads it; a password is asked for only where it is needed."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    try:
        content = path.read_bytes()[:LARGEST_KEY_BYTES]
    except OSError as error:
        raise AidError("the key cannot be read", where="--key", got=error.strerror) from None
    for loader in loaders:
        load = getattr(serialization, loader)
        try:
            found = load(content, None) if password else load(content)
        except TypeError:  # it has a password
            found = _unlocked(load, content, password)
        except (ValueError, UnsupportedAlgorithm):
            continue
        if isinstance(found, kind):
            return found
    what = "private" if password else "public"
    raise AidError(
        f"not an Ed25519 {what} key", where="--key", hint="ssh-keygen -t ed25519, or openssl genpkey -algorithm ed25519"
    )


def _unlocked(load: Callable[[bytes, bytes | None], Any], content: bytes, password: Callable[[], bytes] | None) -> Any:
    try:
        return load(content, password() if password else None)
    except ValueError:
        raise AidError("the password does not open the key", where="--key") from None
