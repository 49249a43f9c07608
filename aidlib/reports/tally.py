"""What a run of the fleet came to, and what is printed of it at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from aidlib.reports.manifest import Outcome
from aidlib.reports.task import Task

MOST_LISTED = 20
WORDS: dict[Outcome, str] = {"failed": "failed", "no_data": "without data", "interrupted": "interrupted"}


@dataclass
class Tally:
    """What a run came to.

    Attributes
    ----------
    made, skipped : int
        Reports made now; reports that were still right.
    cold : int
        Reports that ran on a cold kernel although a warm one was wanted.
    trouble : list of (Task, outcome, reason)
        Everything asked for that is not good.
    named : bool
        Whether the reports were asked for by name; then one that the data do not cover is not good either.
    """

    out: Path
    made: int = 0
    skipped: int = 0
    cold: int = 0
    trouble: list[tuple[Task, Outcome, str]] = field(default_factory=list)
    named: bool = True

    @property
    def good(self) -> bool:
        """Whether every report asked for is there and right."""
        return not [outcome for _, outcome, _ in self.trouble if self.named or outcome != "no_data"]

    def lines(self) -> list[str]:
        """What to print at the end: each trouble, then how many are good and failed, and where."""
        listed = [f"  {task.title}: {outcome.replace('_', ' ')}: {reason}" for task, outcome, reason in self.trouble]
        more = [f"  … and {len(listed) - MOST_LISTED} more"] if len(listed) > MOST_LISTED else []
        counts = Counter(outcome for _, outcome, _ in self.trouble)
        bad = ", ".join(f"{counts[kind]} {word}" for kind, word in WORDS.items() if counts[kind])
        last = f"{self.made + self.skipped} good ({self.made} made, {self.skipped} unchanged)"
        if self.cold:
            more.append(f"  note: {self.cold} ran on cold kernels, which is slower: no warm one could be forked")
        return [*listed[:MOST_LISTED], *more, f"{last}, {bad or '0 failed'}: {self.out / 'index.html'}"]
