"""What a worker is asked to do and what it answers: plain values that travel between processes and machines."""

from __future__ import annotations

from dataclasses import dataclass, field

from aidlib.reports.manifest import Key, Outcome
from aidlib.reports.parameters import Plain


@dataclass(frozen=True)
class Limits:
    """Limits of one report: seconds a cell, seconds in all, and megabytes of memory (0: none)."""

    cell_seconds: float = 120
    report_seconds: float = 600
    memory_mb: int = 0


@dataclass(frozen=True)
class Task:
    """One report to be made.

    Attributes
    ----------
    report, period, region : str
        Which one.
    title : str
        What people call it: report, region name, period.
    notebook : str
        Path of the notebook.
    parameters : dict
        Checked parameters.
    limits : Limits
        What it may use.
    pdf : bool
        Whether to print the page to PDF as well.
    """

    report: str
    period: str
    region: str
    title: str
    notebook: str
    parameters: dict[str, Plain]
    limits: Limits = field(default_factory=Limits)
    pdf: bool = False

    @property
    def key(self) -> Key:
        """Report, period and region."""
        return self.report, self.period, self.region


@dataclass(frozen=True)
class Result:
    """What came of a task.

    Attributes
    ----------
    outcome, reason, kernel : str
        As in the manifest.
    seconds : float
        From start to finished page.
    attempts : int
        2 when a dead kernel was tried again.
    asked : list of str or None
        Tables the report says it read, or None when it keeps no record.
    disk_full : bool
        The disk was full, so that going on is useless.
    """

    outcome: Outcome
    reason: str = ""
    seconds: float = 0.0
    kernel: str = ""
    attempts: int = 1
    asked: list[str] | None = None
    disk_full: bool = False
