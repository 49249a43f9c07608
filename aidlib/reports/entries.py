"""What the index lists: every report of a folder with what became of it, and the words a search finds it by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aidlib.errors import RegionUnknown
from aidlib.regions import NATION, lineage, region
from aidlib.reports import manifest
from aidlib.reports.manifest import Key
from aidlib.reports.publish import Place

# One syllable of pinyin; n, ng and r before a vowel begin the next one, because an apostrophe would stand there otherwise.
SYLLABLE = re.compile(
    r"[bpmfdtnlgkhjqxrzcsyw]?h?(?:iao|uai|[iuüv][ae]|i[ou]|u[oi]|[aeo]i|[ao][ou]|[aeiouüv])(?:(?:ng?|r)(?![aeiouüv]))?"
)


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


def entries(out: Path, stale: Mapping[Key, str] | None = None) -> list[Entry]:
    """List every report of a folder by region, report and newest period."""
    recorded = manifest.latest(out)
    found = [_recorded(out, record, (stale or {}).get(record.key, "")) for record in recorded.values()]
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


def haystack(code: str) -> str:
    """Return what a search looks in for a region: code, names and pinyin of the place and of those above it, folded.

    Examples
    --------
    >>> haystack("450400")
    '450400 梧州市 wuzhou 450000 广西壮族自治区 guangxi guangxizhuangzuzizhi'
    """
    try:
        places = [region(above) for above in lineage(code) if above != NATION or code == NATION]
    except RegionUnknown:
        return code
    words = [folded(text) for p in places for text in (p.code, p.name_zh, p.name_en, p.pinyin)]
    return " ".join(dict.fromkeys(filter(None, words)))


def initials(code: str) -> str:
    """Return the pinyin initials of a place and of those above it, as many people type a name.

    Examples
    --------
    >>> initials("450400"), initials("370100"), initials("610100")
    ('wz gxzzzz', 'jn sds', 'xa sxs')
    """
    try:
        found = [region(above).pinyin.lower() for above in lineage(code) if above != NATION]
    except RegionUnknown:
        return ""
    letters = ("".join(syllable[0] for syllable in SYLLABLE.findall(pinyin)) for pinyin in found)
    return " ".join(dict.fromkeys(filter(None, letters)))


def folded(text: str) -> str:
    """Fold a word for searching: lower case, no spaces, marks or accents; ü is found as u and, in pinyin, as v.

    Examples
    --------
    >>> folded("Xi'an"), folded("Lüliang")
    ('xian', 'luliang lvliang')
    """
    lower = text.lower()
    plain = [
        "".join(c for c in unicodedata.normalize("NFD", form) if c.isalnum())
        for form in (lower, lower.replace("ü", "v"))
    ]
    return " ".join(dict.fromkeys(plain))
