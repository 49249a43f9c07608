"""Why a report is not good, for a reader of the Chinese index; the manifest and the command line keep the English."""

from __future__ import annotations

import re

from aidlib import words
from aidlib.errors import Fault

SAID = {
    "never_made": r"never made",
    "changed": r"(notebook|library|environment) changed",
    "parameters_changed": r"parameters changed: (.+)",
    "data_changed": r"data changed: (.+)",
    "inputs_changed": r"inputs changed: (.+)",
    "page_gone": r"the page is gone; make it again",
    "no_data": r"no data for this period",
    "latest": r"the latest is (\S+)",
    "kernel_died": r"the kernel died, twice",
    "disk_full": r"the disk is full",
    "fleet_ended": r"the fleet was ended",
    "cell_timeout": r"cell (\d+) took longer than (\S+) s \(--cell-timeout\)",
    "report_timeout": r"the report took longer than (\S+) s(?: \(--report-timeout\)| and did not stop)",
    "worker_ended": r"the worker process ended by itself \(exit code (\S+)\)",
    "cell_failed": r"(\w+) in code cell (\d+)(?:, (\S+))? \(message withheld: it may hold personal data\)",
    "not_published": r"the page cannot be published: (.+)",
    "own_fault": r"a fault of aidlib itself: (\w+)(?: in (\S+))? \(please report it\)",
    "cluster_gave_up": r"the cluster gave it up: (\w+)",
}
"""What the manifest says, by its code in the vocabulary."""
GAPS = {
    "no_law": r"the law book has no (?P<name>\w+)(?: for (?P<group>\S+))? on (?P<day>\S+)",
    "nearest_row": r"the nearest known row is (?P<place>\S+) \((?P<first>\S+) to (?P<last>\S+)\)",
    "nearest_row_open": r"the nearest known row is (?P<place>\S+) \(from (?P<first>\S+) on\)",
    "add_law_row": r"add a row with its source to data/law/",
    "no_figure": r"no figure of (?P<series>\S+) for (?P<period>\S+)",
    "nearest_period": r"the nearest period known is (?P<period>\S+)",
    "add_with": r"add it with: (?P<command>.+)",
}
"""What law and figures say of a gap, by its code in the vocabulary."""
GAP = re.compile(
    r"(?:DataGap|LawGap): (?:(?P<where>[^:;]*\d{6}[^:;]*): )?(?P<what>[^;]+)(?:; try: (?P<hint>.+?))?(?: \| .+)?"
)


def reason(text: str, language: str = "zh") -> str:
    """Say a reason of the manifest in the language of the index; what it does not know it says as it is.

    Examples
    --------
    >>> reason("library changed; data changed: law/values.csv")
    '程序有变化；数据表有变化：law/values.csv'
    >>> reason("no data for this period; the latest is 2020-04")
    '没有这一时期的数据；最近的时期是2020-04'
    >>> reason("DataGap: 北京市 110000: no figure of population for 2020; try: add it", "zh")
    '北京市 110000：没有2020的数据：population；建议：add it'
    >>> reason("the disk is full", "en")
    'the disk is full'
    """
    if language == "en":
        return text
    if found := GAP.fullmatch(text):
        return _gap(found["where"], found["what"], found["hint"] or "")
    return _whole(text) or "；".join(_whole(part) or part for part in text.split("; "))


def _whole(text: str) -> str:
    for code, pattern in SAID.items():
        if found := re.fullmatch(pattern, text):
            parts = (
                words.word(part or "", "index_reason", "zh") if code == "changed" else part or ""
                for part in found.groups()
            )
            return re.sub(r"\s+(?=（|$)", "", words.word(code, "index_reason", "zh").format(*parts))
    return ""


def _gap(where: str | None, what: str, hint: str) -> str:
    said = gap(Fault(what, hint=hint))
    before, after = words.word("where", "gap_message", "zh"), words.word("advice", "gap_message", "zh")
    return (before.format(where) if where else "") + said.what + (after.format(said.hint) if said.hint else "")


def gap(fault: Fault, language: str = "zh") -> Fault:
    """Put a gap of the law book or of the figures into words of the page's language; any other fault stays as it is."""
    return Fault(_said(fault.what, language), fault.where, fault.expected, fault.got, _said(fault.hint, language))


def _said(text: str, language: str) -> str:
    for code, pattern in GAPS.items():
        if found := re.fullmatch(pattern, text):
            parts = {key: part or "" for key, part in found.groupdict().items()}
            named = {key: words.word(parts[key], key, language) for key in ("name", "series") if parts.get(key)}
            group = words.word(parts["group"], "group", language) if parts.get("group") else ""
            bracketed = words.word("group", "gap_message", language).format(group) if group else ""
            return words.word(code, "gap_message", language).format(**parts | named | {"group": bracketed})
    return text
