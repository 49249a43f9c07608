"""Where rows of persons and households may be written: in a folder of one's own that no commit and no report takes along."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aidlib.errors import PrivacyFault

OWNER_FOLDER, OWNER_FILE, OTHERS = 0o700, 0o600, 0o077
REPORT_MARKS = ("manifest.jsonl", ".work")


def may_leave(place: Path) -> str:
    """Say how a file there could leave the house: by a commit or with the reports; empty where it could not.

    Examples
    --------
    >>> may_leave(Path("/srv/reports/2026-10")), may_leave(Path("/nowhere/inside"))
    ('a folder of reports', '')
    """
    whole = place.expanduser().resolve()
    for above in (whole, *whole.parents):
        if above.name.casefold() == "reports" or any((above / mark).exists() for mark in REPORT_MARKS):
            return "a folder of reports"
        if (above / ".git").exists() and not _ignored(above, whole):
            return "a git work tree that does not ignore it"
    return ""


def _ignored(tree: Path, place: Path) -> bool:
    """Ask git whether it would leave the files of a folder alone; where git cannot be asked it might not."""
    inside = str(place / "rows")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        asked = subprocess.run(
            ["git", "-C", str(tree), "check-ignore", "-q", "--", inside], env=plain, capture_output=True, check=False
        )
    except OSError:
        return False
    return asked.returncode == 0


def private_folder(place: Path, option: str = "--out") -> Path:
    """Make a folder for rows of persons or households that nobody else can enter, or close one that is there.

    Raises
    ------
    PrivacyFault
        It lies where a commit or a report could take it along, is no folder of its own, or is another user's.
    """
    whole = place.expanduser().resolve()
    if reason := may_leave(whole):
        raise PrivacyFault(f"rows of persons must not lie in {reason}", where=option, expected="a folder outside it, or one that git ignores",
                           got=place.name, hint="choose a restricted folder")  # fmt: skip
    if whole in (Path.cwd().resolve(), Path.home(), Path(tempfile.gettempdir()).resolve(), Path(whole.anchor)):
        raise PrivacyFault(
            "rows of persons need a folder of their own", where=option, got=place.name, hint=f"{option} inside"
        )
    whole.mkdir(parents=True, exist_ok=True, mode=OWNER_FOLDER)
    try:
        whole.chmod(OWNER_FOLDER)
    except PermissionError:
        raise PrivacyFault(
            "the folder is another user's", where=option, got=place.name, hint="choose one of your own"
        ) from None
    return whole


@contextmanager
def owner_only() -> Iterator[None]:
    """Let every file and folder made within the block, by this process and those it starts, be its owner's only, whatever the umask."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def close(folder: Path) -> None:
    """Close what was in a folder before to everybody but its owner too."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(OWNER_FOLDER if path.is_dir() else OWNER_FILE)
