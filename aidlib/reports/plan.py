"""Which reports are to be made, and why: names x regions x periods, checked before anything starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aidlib.errors import AidError, Fault, ParameterFault
from aidlib.regions import region
from aidlib.reports import catalogue, fingerprint, manifest, parameters, publish
from aidlib.reports.parameters import Plain
from aidlib.reports.task import Limits, Task

EXAMPLE = "2020"
Action = Literal["make", "skip", "no_data"]


@dataclass(frozen=True)
class Request:
    """What was asked for.

    Attributes
    ----------
    names : sequence of str
        Reports; none means all.
    regions : sequence of str
        Codes or full names; none means every region of each report.
    period : str
        A month or a year; empty means, for each report and region, the latest the data covers.
    settings : sequence of str
        Further parameters as `name=value`.
    language : str
        zh or en.
    out : Path
        The reports folder.
    force : bool
        Make again what is unchanged.
    limits : Limits
        Time and memory of each report.
    warm : bool
        Fork kernels from a warm parent.
    pdf : bool
        Make a PDF beside each page.
    """

    names: Sequence[str] = ()
    regions: Sequence[str] = ()
    period: str = ""
    settings: Sequence[str] = ()
    language: str = "zh"
    out: Path = Path("reports")
    force: bool = False
    limits: Limits = field(default_factory=Limits)
    warm: bool = True
    pdf: bool = False


@dataclass(frozen=True)
class Step:
    """One report of the plan: what is to be done with it, and why."""

    task: Task
    action: Action
    reason: str


def steps(request: Request, known: Mapping[str, catalogue.Report]) -> tuple[list[Step], list[str]]:
    """Plan a request.

    Parameters
    ----------
    request : Request
        What was asked for.
    known : mapping
        The catalogue.

    Returns
    -------
    list of Step, list of str
        The plan, and notes worth printing: which periods were chosen.

    Raises
    ------
    AidError
        Every fault of the request at once: unknown reports, regions, parameters, an unreadable period.
    """
    checked = _Collected()
    chosen = checked.get(lambda: catalogue.choose(request.names, dict(known))) or []
    codes = checked.get(lambda: parameters.regions_for(request.regions)) or []
    given = {report.name: checked.get(lambda r=report: _settings(request, r)) for report in chosen}
    if request.period:
        for report in chosen:
            checked.get(lambda r=report: parameters.period_for(r.kind, request.period))
    checked.close()
    last = manifest.latest(request.out), manifest.good(request.out)
    plan = [
        _step(request, report, code, dict(given[report.name] or {}), last)
        for report in chosen
        for code in _regions(request, report, codes)
    ]
    return plan, _notes(request, chosen, plan)


def _regions(request: Request, report: catalogue.Report, codes: list[str]) -> list[str]:
    """The regions of one report: all it covers, or those asked for; a report not asked for by name leaves out what it never covers."""
    covered = sorted(report.regions())
    if not codes:
        return covered
    return codes if request.names else [code for code in codes if code in covered]


class _Collected:
    """Runs checks and keeps their faults until all have been run."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def get(self, check: Any) -> Any:
        try:
            return check()
        except AidError as error:
            self.faults += [fault for fault in error.faults if fault not in self.faults]
            return None

    def close(self) -> None:
        if self.faults:
            raise ParameterFault(self.faults)


def _settings(request: Request, report: catalogue.Report) -> dict[str, Plain]:
    """The parameters every region of a report gets, checked against the notebook."""
    known = parameters.defaults(report.notebook)
    given = parameters.parse(request.settings, known, report.name)
    asked = {"language": request.language, "region": "", **parameters.period_given(known, EXAMPLE)}
    return given | parameters.check(asked, known, report.name)


def _step(
    request: Request,
    report: catalogue.Report,
    code: str,
    given: dict[str, Plain],
    last: tuple[dict[manifest.Key, manifest.Record], dict[manifest.Key, manifest.Record]],
) -> Step:
    covered = report.latest(code)
    period = parameters.period_for(report.kind, request.period)[0] if request.period else covered or "none"
    known = parameters.defaults(report.notebook)
    given |= {"region": code, **(parameters.period_given(known, period) if covered else {})}
    title = f"{report.name} {region(code)} {period}"
    notebook = str(report.notebook.resolve())
    task = Task(report.name, period, code, title, notebook, given, request.limits, request.pdf)
    later = report.on_request  # a place's own registers may be later than any published figure
    if covered is None or (period > covered and not later):
        latest = f"; the latest is {covered}" if covered else ""
        return Step(task, "no_data", f"no data for this period{latest}")
    reason = why(task, request, last[0].get(task.key), last[1].get(task.key))
    return Step(task, "make" if reason else "skip", reason or "unchanged")


def why(task: Task, request: Request, last: manifest.Record | None, good: manifest.Record | None) -> str:
    """Say why a report must be made, or nothing when what is there is still right.

    Parameters
    ----------
    task : Task
        The report.
    request : Request
        Where it belongs, and whether it is forced.
    last, good : Record or None
        Its last record and its last good one in the manifest.
    """
    if request.force:
        return "forced"
    if last is None:
        return "never made"
    if good is None or last.outcome != "good":
        return f"last time: {last.outcome}" + (f", {last.reason}" if last.reason else "")
    place = publish.Place(request.out, *task.key)
    wanted = {*publish.PAIR, *good.files, *([".pdf"] if request.pdf else [])}
    if not all(publish.intact(place.good(suffix), good.files.get(suffix)) for suffix in wanted):
        return "its files are missing or were changed"
    now = fingerprint.current(Path(task.notebook), task.parameters)
    return "; ".join(fingerprint.reasons(good.parts, fingerprint.only(now, good.parts.get("asked"))))


def stale(out: Path, known: Mapping[str, catalogue.Report]) -> dict[manifest.Key, str]:
    """Say which published reports no longer stand for today's notebook, code, data or environment, and why."""
    found = {}
    for key, record in manifest.good(out).items():
        if (report := known.get(record.report)) and record.parts:
            now = fingerprint.current(report.notebook, record.parts["parameters"])
            if reasons := fingerprint.reasons(record.parts, fingerprint.only(now, record.parts.get("asked"))):
                found[key] = "; ".join(reasons)
    return found


def _notes(request: Request, chosen: Iterable[catalogue.Report], plan: Sequence[Step]) -> list[str]:
    return [note for report in chosen if (note := _note(request, report, plan))]


def _note(request: Request, report: catalogue.Report, plan: Sequence[Step]) -> str:
    """What period a report takes: the one asked for, read in its own way, or the latest of each region."""
    if not any(step.task.report == report.name for step in plan):
        return ""
    if request.period:
        note = parameters.period_for(report.kind, request.period)[1]
        return f"{report.name}: {note}" if note else ""
    periods = [step.task.period for step in plan if step.task.report == report.name and step.action != "no_data"]
    counted = [f"{period} ({periods.count(period)} regions)" for period in sorted(set(periods), reverse=True)]
    return f"{report.name}: latest period covered by the data: {', '.join(counted) or 'none'}"
