"""Signing: whoever has the public key knows whose the files of a report are, and that they are those that were signed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from aidlib import cli
from aidlib.errors import AidError, ReportFault
from aidlib.fleet import publish, sign

PEM, SSH = serialization.Encoding.PEM, serialization.Encoding.OpenSSH


def keys(
    folder: Path, private: Ed25519PrivateKey, password: bytes = b"", form: PrivateFormat = PrivateFormat.PKCS8
) -> tuple[Path, Path]:
    """Write a pair of keys as openssl or ssh-keygen would."""
    locked = BestAvailableEncryption(password) if password else NoEncryption()
    folder.mkdir()
    (folder / "key").write_bytes(private.private_bytes(PEM, form, locked))
    shown = (SSH, PublicFormat.OpenSSH) if form is PrivateFormat.OpenSSH else (PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "key.pub").write_bytes(private.public_key().public_bytes(*shown))
    return folder / "key", folder / "key.pub"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page and its notebook."""
    for suffix in publish.PAIR:
        (tmp_path / f"a{suffix}").write_text(f"x{suffix}", encoding="utf-8")
    return tmp_path / "a.html"


def nobody() -> bytes:
    raise AssertionError("no password is needed")


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.OpenSSH])
@pytest.mark.parametrize("password", [b"", b"secret"])
def test_what_was_signed_is_known_again(form: PrivateFormat, password: bytes, page: Path, tmp_path: Path) -> None:
    """Keys of either tool, with a password or without, sign and verify; the key is named as ssh-keygen names it."""
    private, public = keys(tmp_path / "keys", Ed25519PrivateKey.generate(), password, form)
    assert sign.sign(page, private, (lambda: password) if password else nobody) == ["a.ipynb", "a.html"]
    for file in (page, page.with_suffix(".ipynb")):
        assert sign.signed(file, public).startswith("SHA256:")
    listed = page.with_suffix(".sha256").read_text(encoding="utf-8").splitlines()
    assert listed[1] == f"{hashlib.sha256(page.read_bytes()).hexdigest()}  a.html"


def test_what_was_altered_is_not(page: Path, tmp_path: Path) -> None:
    """Another byte, another list, another key and a missing signature are each told apart."""
    private, public = keys(tmp_path / "keys", Ed25519PrivateKey.generate())
    _, strange = keys(tmp_path / "strange", Ed25519PrivateKey.generate())
    with pytest.raises(ReportFault, match=r"expected a\.sha256 and"):
        sign.signed(page, public)
    sign.sign(page, private, nobody)
    with pytest.raises(ReportFault, match="not signed by this key"):
        sign.signed(page, strange)
    page.with_suffix(".ipynb").write_text("other", encoding="utf-8")
    with pytest.raises(ReportFault, match=r"altered after it was signed; got 'a\.ipynb'"):
        sign.signed(page, public)
    sums = page.with_suffix(".sha256")
    sums.write_text(f"{hashlib.sha256(b'other').hexdigest()}  a.ipynb\n", encoding="utf-8")
    with pytest.raises(ReportFault, match="not signed by this key"):
        sign.signed(page, public)


def test_a_new_edition_drops_the_signature_of_the_old(page: Path, tmp_path: Path) -> None:
    """A report that is made again is not taken for the one that was signed."""
    place = publish.Place(tmp_path / "out", "a", "2020", "110000")
    publish.publish(page.parent, place)
    sign.sign(place.good(".html"), keys(tmp_path / "keys", Ed25519PrivateKey.generate())[0], nobody)
    (again := tmp_path / "again").mkdir()
    for suffix in publish.PAIR:
        (again / f"a{suffix}").write_text("y", encoding="utf-8")
    publish.publish(again, place)
    assert sorted(path.name for path in place.good("").parent.iterdir()) == ["a.html", "a.ipynb"]


def test_what_is_no_key_is_a_message(page: Path, tmp_path: Path) -> None:
    """A missing file, a key of another kind, a public key for a private one, and a wrong password are messages."""
    private, public = keys(tmp_path / "keys", Ed25519PrivateKey.generate(), b"secret")
    other = tmp_path / "rsa"
    other.write_bytes(generate_private_key(65537, 2048).private_bytes(PEM, PrivateFormat.PKCS8, NoEncryption()))
    for key, what in (
        (tmp_path / "none", "cannot be read"),
        (other, "not an Ed25519 private key"),
        (public, "not an Ed25519 private key"),
    ):
        with pytest.raises(AidError, match=what):
            sign.sign(page, key, nobody)
    with pytest.raises(AidError, match="does not open the key"):
        sign.sign(page, private, lambda: b"guess")
    with pytest.raises(AidError, match="not an Ed25519 public key"):
        sign.signed(page, other)


def test_the_command_signs_and_asks_for_the_password(page: Path, tmp_path: Path) -> None:
    """`aidlib sign` asks once; `aidlib verify --key` says who signed before it says anything else."""
    private, public = keys(tmp_path / "keys", Ed25519PrivateKey.generate(), b"secret")
    done = CliRunner().invoke(cli.group, ["sign", str(page), str(page), "--key", str(private)], input="secret\n")
    assert done.exit_code == 0, done.output
    told = CliRunner().invoke(cli.group, ["verify", str(page), "--key", str(public)])
    assert f"{page}: signed by SHA256:" in told.output


@pytest.mark.parametrize("path", ["", ".", "/", "none.html", "a"])
def test_what_is_no_report_is_a_message(path: str, tmp_path: Path) -> None:
    """A folder, nothing at all and a file that is not there are neither signed nor known again, in one sentence."""
    private, public = keys(tmp_path / "keys", Ed25519PrivateKey.generate())
    with pytest.raises(AidError, match="no such report"):
        sign.sign(Path(path), private, nobody)
    with pytest.raises(AidError, match="no such report"):
        sign.signed(Path(path), public)
    told = CliRunner().invoke(cli.group, ["sign", path, "--key", str(private)])
    assert isinstance(told.exception, AidError)
