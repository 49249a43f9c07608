"""What an addition would change, in words, and the files it would write."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["new", "changed", "confirmed", "same", "older", "ends", "source"]
WORDS: dict[Kind, str] = {
    "new": "new",
    "changed": "changed",
    "confirmed": "confirmed by a newer vintage",
    "same": "already there",
    "older": "kept beside a newer vintage that still answers",
    "ends": "ends",
    "source": "new source",
}


@dataclass(frozen=True)
class Step:
    """One fact that is added, changed, ended, or already there.

    Examples
    --------
    >>> print(Step("changed", "梧州市 450400 2026-10 cpi_yoy:total:all_items", "102.4", "102.5 index_yoy"))
    changed: 梧州市 450400 2026-10 cpi_yoy:total:all_items: 102.4 -> 102.5 index_yoy
    """

    kind: Kind
    what: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        arrow = f": {self.before or '(none)'} -> {self.after}" if self.after else ""
        return f"{WORDS[self.kind]}: {self.what}{arrow}"


@dataclass(frozen=True)
class Change:
    """The whole of an addition: its steps, and the overlay tables with their new content.

    Attributes
    ----------
    steps : tuple of Step
        In the order of the file.
    files : dict
        Table below the overlay folder to its whole new text; sources first.
    ignored : tuple of str
        Headings that were not understood and not used.
    written : bool
        False for a preview.
    """

    steps: tuple[Step, ...]
    files: dict[str, str]
    ignored: tuple[str, ...] = ()
    written: bool = field(default=False)

    def counts(self) -> dict[Kind, int]:
        """Count the steps of each kind."""
        kinds = [step.kind for step in self.steps]
        return {kind: kinds.count(kind) for kind in WORDS if kind in kinds}

    def __str__(self) -> str:
        lines = [str(step) for step in self.steps if step.kind != "same"]
        lines += [f"ignored column: {heading}" for heading in self.ignored]
        total = ", ".join(f"{count} {WORDS[kind]}" for kind, count in self.counts().items())
        verb = "written to" if self.written else "would be written to"
        where = f"{verb} {', '.join(self.files)}" if self.files else "nothing to write"
        return "\n".join([*lines, f"{total}; {where}"])


def table_text(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    """Write rows as the text of a table.

    Examples
    --------
    >>> table_text(["id", "title"], [{"id": "A", "title": "一,二"}])
    'id,title\\nA,"一,二"\\n'
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def own_id(*parts: str) -> str:
    """Name a source of the user's own, the same for the same title, number and date.

    Examples
    --------
    >>> own_id("梧州市统计局 2026年10月居民消费价格", "2026-11-12")
    'OWN-B9409A89'
    """
    return "OWN-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8].upper()
