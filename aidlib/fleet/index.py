"""The page above all reports: every report of a folder with what became of it, and where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aidlib import tables
from aidlib.fleet import manifest
from aidlib.fleet.manifest import Key
from aidlib.fleet.publish import Place

FILE = "index.html"


@dataclass(frozen=True)
class Entry:
    """One report on the index.

    Attributes
    ----------
    report, period, region : str
        Which report.
    outcome : str
        good; stale (its page is from an earlier run, or its data has changed since); failed; interrupted; no_data.
    reason : str
        Why it is not good.
    page, notebook, pdf : str
        Links from the index, empty where there is nothing to open.
    seconds, at : float and str
        How long it took, and when it ended.
    facts : mapping
        Of its page: verdict, status, as_of, lacks (codes of what lacks), lacking (how much).
    """

    report: str
    period: str
    region: str
    outcome: str
    reason: str = ""
    page: str = ""
    notebook: str = ""
    pdf: str = ""
    seconds: float = 0.0
    at: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)


def entries(out: Path, stale: Mapping[Key, str] | None = None) -> list[Entry]:
    """List every report of a folder by region, report and newest period."""
    pages = {key: record.facts for key, record in manifest.good(out).items()}
    recorded = [(record, (stale or {}).get(record.key, "")) for record in manifest.latest(out).values()]
    found = [replace(_recorded(out, *one), facts=pages.get(one[0].key, {})) for one in recorded]
    known = {(entry.report, entry.period, entry.region) for entry in found}
    for path in sorted(out.glob("*/*/*.html")):
        key = (path.stem, path.parts[-3], path.parts[-2])
        if key not in known and path.parts[-3][:1].isdigit():
            found.append(_entry(out, key, "good", ""))
    return sorted(sorted(found, key=lambda e: e.period, reverse=True), key=lambda e: (e.region, e.report))


def _recorded(out: Path, record: manifest.Record, changed: str) -> Entry:
    page = Place(out, record.report, record.period, record.region).good(".html").is_file()
    outcome: str = record.outcome
    reason = record.reason
    if outcome == "good" and not page:
        outcome, reason = "failed", "the page is gone; make it again"
    elif outcome == "good" and changed:
        outcome, reason = "stale", changed
    elif outcome in ("failed", "interrupted") and page:
        outcome = "stale"
    return _entry(out, record.key, outcome, reason, record.seconds, record.at)


def _entry(out: Path, key: Key, outcome: str, reason: str, seconds: float = 0.0, at: str = "") -> Entry:
    place = Place(out, *key)
    notebook = place.failed if place.failed.is_file() else place.good(".ipynb")
    files = (place.good(".html"), notebook, place.good(".pdf"))
    if not files[0].is_file() and (told := place.failed.with_suffix(".html")).is_file():
        files = (told, *files[1:])
    page, source, printed = (path.relative_to(out).as_posix() if path.is_file() else "" for path in files)
    return Entry(*key, outcome, reason, page, source, printed, seconds, at)


def build(
    out: Path,
    page: Callable[[Any, str, int], str],
    stale: Mapping[Key, str] | None = None,
    language: str = "zh",
    left: int = 0,
) -> Path:
    """Write the index of a reports folder from its manifest, and from the pages found that it does not know."""
    out.mkdir(parents=True, exist_ok=True)
    return tables.write_whole(out / FILE, page(entries(out, stale or {}), language, left).encode())
