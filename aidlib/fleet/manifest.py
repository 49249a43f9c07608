"""The fleet's memory: one JSON line per report made, appended whole, so that a kill at any moment loses at most one line."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FILE = "manifest.jsonl"
NAME = re.compile(r"\w[\w.-]*")
PARTS = {
    **dict.fromkeys(("notebook", "library", "environment"), str | None),
    **dict.fromkeys(("parameters", "data", "inputs"), dict | None),
    "asked": list | None,
}
MOST_LISTED = 3
Outcome = Literal["good", "failed", "no_data", "interrupted"]
Key = tuple[str, str, str]
Stamp = tuple[int, int, str]


@dataclass(frozen=True)
class Record:
    """What happened to one report.

    Attributes
    ----------
    report, period, region : str
        Which report.
    outcome : str
        good; failed; no_data (the data does not cover it); interrupted (the fleet was ended while it was being made).
    reason : str
        Why it is not good, in one line; empty when it is.
    seconds : float
        How long it took.
    at, run : str
        When it ended (UTC, ISO 8601) and in which run of the fleet.
    kernel : str
        warm or cold.
    attempts : int
        2 when a dead kernel was tried again.
    parts : dict
        The fingerprint it was made with, from `fingerprint.current`.
    facts : dict
        What the index shows of its page, from `record.facts`.
    files : dict
        Suffix -> [size, modification time in ns, SHA-256] of what was published.
    """

    report: str
    period: str
    region: str
    outcome: Outcome
    reason: str = ""
    seconds: float = 0.0
    at: str = ""
    run: str = ""
    kernel: str = ""
    attempts: int = 0
    parts: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, str | int] = field(default_factory=dict)
    files: dict[str, Stamp] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Report, period and region: later records of the same key stand for earlier ones."""
        return self.report, self.period, self.region


@cache
def _shape() -> TypeAdapter[Record]:
    from pydantic import TypeAdapter

    return TypeAdapter(Record)


def append(out: Path, record: Record) -> None:
    """Add a record to the manifest of a reports folder; on disk when this returns.

    A line that a full disk or a kill tore is closed first, so that it spoils nothing but itself.

    Raises
    ------
    OSError
        The disk is full.
    """
    out.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(record), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    handle = os.open(out / FILE, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        _write(handle, b"\n" + line if torn else line)
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(handle: int, line: bytes) -> None:
    written = os.write(handle, line)
    if written < len(line):
        os.write(handle, line[written:])


def read(out: Path) -> tuple[list[Record], list[int]]:
    """Read a reports folder's manifest.

    Returns
    -------
    list of Record, list of int
        Its records, oldest first, and the numbers of the lines that are set aside because they are none.
    """
    path = out / FILE
    if not path.is_file():
        return [], []
    with path.open("rb") as lines:
        found = [(number, _parsed(line)) for number, line in enumerate(lines, 1) if line.strip()]
    return [record for _, record in found if record], [number for number, record in found if record is None]


def records(out: Path) -> list[Record]:
    """Return every record of a reports folder, oldest first."""
    return read(out)[0]


def notes(out: Path) -> list[str]:
    """Say which lines of a manifest are set aside, in words worth printing; a line that a kill tore is one of them."""
    if not (aside := read(out)[1]):
        return []
    listed = ", ".join(map(str, aside[:MOST_LISTED])) + (" …" if len(aside) > MOST_LISTED else "")
    return [
        f"{FILE}: {len(aside)} lines are no records and are set aside (line {listed}); what they told of is made again"
    ]


def _parsed(line: bytes) -> Record | None:
    """A record, if a line has its shape and its names can be those of files."""
    try:
        record = _shape().validate_json(line, strict=True)
    except ValueError:
        return None
    named = all(NAME.fullmatch(part) for part in record.key)
    return record if named and all(isinstance(record.parts.get(part), kind) for part, kind in PARTS.items()) else None


class News:
    """What has been added to a manifest, by whichever fleet, since this object was made."""

    def __init__(self, out: Path) -> None:
        self._path = out / FILE
        self._read = self._path.stat().st_size if self._path.is_file() else 0
        self._good: dict[Key, Record] = {}

    def good(self, but_of: str = "") -> dict[Key, Record]:
        """Return the good records added but those of one run, the last of each report. Only what is new is read."""
        if self._path.is_file():
            with self._path.open("rb") as lines:
                lines.seek(self._read)
                new = lines.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._read += len(whole)
            added = filter(None, map(_parsed, whole.splitlines()))
            self._good |= {r.key: r for r in added if r.outcome == "good" and r.run != but_of}
        return self._good


def latest(out: Path) -> dict[Key, Record]:
    """Return the last record of every report in a reports folder."""
    return {record.key: record for record in records(out)}


def good(out: Path) -> dict[Key, Record]:
    """Return the last good record of every report: what the published files were made with."""
    return {record.key: record for record in records(out) if record.outcome == "good"}
