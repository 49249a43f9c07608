"""Which reports are to be made, and why: names x regions x periods, checked before anything starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from aidlib.errors import AidError, Fault, ParameterFault, nearest
from aidlib.fleet import fingerprint, manifest, publish
from aidlib.fleet.manifest import Key, Outcome
from aidlib.parameters import Plain, defaults, typed_as
from aidlib.regions import region

PeriodKind: TypeAlias = Literal["month", "year"]

FORMS: dict[PeriodKind, tuple[re.Pattern[str], str]] = {
    "month": (re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"), "a month such as 2020-02"),
    "year": (re.compile(r"[0-9]{4}"), "a year such as 2020"),
}
LANGUAGES = ("zh", "en")
KINDS = {int: "a whole number", float: "a number", bool: "True or False"}
EXAMPLE = "2020"
FIRST = ("nation", "province")  # so that a visitor has pages to read within a minute
LONGEST_SECONDS = 366 * 24 * 3600
Action = Literal["make", "skip", "no_data"]


@dataclass(frozen=True)
class Report:
    """One kind of report.

    Attributes
    ----------
    name : str
        Name at the command line and of the output files.
    notebook : Path
        The notebook that makes it.
    kind : str
        `month` or `year`: what its period is.
    regions : callable
        () -> codes of the regions it can be made for.
    latest : callable
        Region code -> the latest period the data covers there, or None.
    on_request : bool
        Made only when asked for by name: without a place's own registers it shows nothing but a method.
    brought : tuple of str
        Parameters with which a place brings what it has itself, which may be later than any published figure.
    """

    name: str
    notebook: Path
    kind: PeriodKind
    regions: Callable[[], Iterable[str]]
    latest: Callable[[str], str | None]
    on_request: bool = False
    brought: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """Limits of one report: seconds a cell, seconds in all, and megabytes of memory (0: none).

    Raises
    ------
    ParameterFault
        Seconds that are not a number above zero and below a year.
    """

    cell_seconds: float = 120
    report_seconds: float = 600
    memory_mb: int = 0

    def __post_init__(self) -> None:
        for name in ("cell_seconds", "report_seconds"):
            seconds = getattr(self, name)
            if not 0 < seconds < LONGEST_SECONDS:
                raise ParameterFault("not a limit", where=name, expected="seconds above zero", got=f"{seconds:g}")


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
    asked : list of str or None
        Tables the report says it read, or None when it keeps no record.
    facts : dict
        What the index shows of its page: verdict, status, as_of, and how much it lacks.
    died : bool
        A kernel or worker was killed or ended by itself, so that one more try may do better.
    disk_full : bool
        The disk was full, so that going on is useless.
    """

    outcome: Outcome
    reason: str = ""
    seconds: float = 0.0
    kernel: str = ""
    asked: list[str] | None = None
    facts: dict[str, str | int] = field(default_factory=dict)
    died: bool = False
    disk_full: bool = False


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


def steps(request: Request, known: Mapping[str, Report]) -> tuple[list[Step], list[str]]:
    """Plan a request."""
    checked = _Collected()
    chosen = checked.get(lambda: choose(request.names, known)) or []
    codes = checked.get(lambda: regions_for(request.regions)) or []
    given = {report.name: checked.get(lambda r=report: _settings(request, r)) for report in chosen}
    if request.period:
        for report in chosen:
            checked.get(lambda r=report: period_for(r.kind, request.period))
    checked.close()
    last = manifest.latest(request.out), manifest.good(request.out)
    plan = [
        _step(request, report, code, dict(given[report.name] or {}), last)
        for report in chosen
        for code in _regions(request, report, codes)
    ]
    plan.sort(key=lambda step: region(step.task.region).level not in FIRST)
    return plan, [*manifest.notes(request.out), *filter(None, (_note(request, one, plan) for one in chosen))]


def choose(names: Iterable[str], known: Mapping[str, Report]) -> list[Report]:
    """Pick reports by name; none named means all but those made on request."""
    wanted = list(dict.fromkeys(names)) or [name for name, report in known.items() if not report.on_request]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        expected = ", ".join(known) or "a notebook in notebooks/"
        raise ParameterFault([Fault("unknown report", "", expected, name, nearest(name, known)) for name in unknown])
    return [known[name] for name in wanted]


def _regions(request: Request, report: Report, codes: list[str]) -> list[str]:
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


def _settings(request: Request, report: Report) -> dict[str, Plain]:
    """The parameters every region of a report gets, checked against the notebook."""
    known = defaults(report.notebook)
    given = parse(request.settings, known, report.name)
    asked = {"language": request.language, "region": "", **period_given(known, EXAMPLE)}
    return given | check(asked, known, report.name)


def _step(
    request: Request,
    report: Report,
    code: str,
    given: dict[str, Plain],
    last: tuple[dict[Key, manifest.Record], dict[Key, manifest.Record]],
) -> Step:
    later = report.on_request or any(given.get(name) for name in report.brought)
    asked = period_for(report.kind, request.period)[0] if request.period else ""
    covered = report.latest(code) or (asked if later else None) or None
    period = asked or covered or "none"
    known = defaults(report.notebook)
    given |= {"region": code, **(period_given(known, period) if covered else {})}
    title = f"{report.name} {region(code)} {period}"
    notebook = str(report.notebook.resolve())
    task = Task(report.name, period, code, title, notebook, given, request.limits, request.pdf)
    if covered is None or (period > covered and not later):
        latest = f"; the latest is {covered}" if covered else ""
        return Step(task, "no_data", f"no data for this period{latest}")
    reason = why(task, request, last[0].get(task.key), last[1].get(task.key))
    return Step(task, "make" if reason else "skip", reason or "unchanged")


def why(task: Task, request: Request, last: manifest.Record | None, good: manifest.Record | None) -> str:
    """Say why a report must be made, or nothing when what is there is still right."""
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


def stale(out: Path, known: Mapping[str, Report]) -> dict[Key, str]:
    """Say which published reports no longer stand for today's notebook, code, data or environment, and why."""
    found = {}
    for key, record in manifest.good(out).items():
        if (report := known.get(record.report)) and record.parts:
            now = fingerprint.current(report.notebook, record.parts.get("parameters") or {})
            now["inputs"] = record.parts.get("inputs")  # where they were is not kept
            if reasons := fingerprint.reasons(record.parts, fingerprint.only(now, record.parts.get("asked"))):
                found[key] = "; ".join(reasons)
    return found


def _note(request: Request, report: Report, plan: Sequence[Step]) -> str:
    """What period a report takes: the one asked for, read in its own way, or the latest of each region."""
    if not any(step.task.report == report.name for step in plan):
        return ""
    if request.period:
        note = period_for(report.kind, request.period)[1]
        return f"{report.name}: {note}" if note else ""
    periods = [step.task.period for step in plan if step.task.report == report.name and step.action != "no_data"]
    counted = [f"{period} ({periods.count(period)} regions)" for period in sorted(set(periods), reverse=True)]
    return f"{report.name}: latest period covered by the data: {', '.join(counted) or 'none'}"


def check(given: Mapping[str, object], known: Mapping[str, Plain], where: str = "") -> dict[str, Plain]:
    """Check given parameters against those a notebook knows, all faults at once."""
    faults = [fault for name, value in given.items() for fault in _faults(name, value, known, where)]
    if faults:
        raise ParameterFault(faults)
    return dict(given)  # type: ignore[arg-type]


def _faults(name: str, value: object, known: Mapping[str, Plain], where: str) -> Iterator[Fault]:
    place = f"{where} {name}".strip()
    if name not in known:
        yield Fault("unknown parameter", place, f"one of {', '.join(known)}", name, nearest(name, known))
    elif name == "region" and not isinstance(value, str):
        expected = "text in quotes, so that no leading zero is lost"
        yield Fault("wrong type", place, expected, _typed(value), f'region="{value}"')
    elif not _fits(value, known[name]):
        yield Fault("wrong type", place, f"{KINDS.get(type(known[name]), 'text')} such as {known[name]}", _typed(value))
    elif name == "language" and value not in LANGUAGES:
        yield Fault("unknown language", place, " or ".join(LANGUAGES), str(value))


def _fits(value: object, default: Plain) -> bool:
    """Same kind as the default; a whole number may stand for a broken one; a default of None takes anything plain."""
    if default is None or value is None:
        return value is None or isinstance(value, (str, int, float))
    return type(value) is type(default) or (type(default) is float and type(value) is int)


def _typed(value: object) -> str:
    return f"{value} ({type(value).__name__})"


def parse(texts: Iterable[str], known: Mapping[str, Plain], where: str = "") -> dict[str, Plain]:
    """Turn `name=value` texts of the command line into values of the type of each default.

    Examples
    --------
    >>> parse(["lookback_months=6", "region=450400"], {"region": "", "lookback_months": 12})
    {'lookback_months': 6, 'region': '450400'}
    """
    pairs = [text.partition("=") for text in texts]
    if bad := [f"{name}{sign}" for name, sign, _ in pairs if not (name and sign)]:
        raise ParameterFault([Fault("unreadable parameter", where, "NAME=VALUE", text) for text in bad])
    return check({name: typed_as(known.get(name), value) for name, _, value in pairs}, known, where)


def period_for(kind: PeriodKind, text: str) -> tuple[str, str]:
    """Return the period a report of a kind takes for a text, and a note where it differs from the text."""
    form, expected = FORMS[kind]
    if form.fullmatch(text):
        return text, ""
    if kind == "year" and FORMS["month"][0].fullmatch(text):
        return text[:4], f"a yearly report: {text} is taken as {text[:4]}"
    hint = f"{text}-12" if FORMS["year"][0].fullmatch(text) else ""
    raise ParameterFault("unreadable period", where="period", expected=expected, got=str(text), hint=hint)


def period_given(known: Mapping[str, Plain], period: str) -> dict[str, Plain]:
    """Return the parameter by which a notebook takes its period: `period`, or the `year` of a yearly one as it writes it.

    Examples
    --------
    >>> period_given({"region": "", "period": "2019-01"}, "2020-02"), period_given({"year": 2019}, "2020")
    ({'period': '2020-02'}, {'year': 2020})
    """
    if "year" in known and "period" not in known:
        return {"year": int(period) if isinstance(known["year"], int) else period}
    return {"period": period}


def regions_for(texts: Iterable[str]) -> list[str]:
    """Turn region codes or names, also in comma lists, into codes without repeats; all faults at once.

    Examples
    --------
    >>> regions_for(["450400,230100", "梧州市、哈尔滨市"])
    ['450400', '230100']
    """
    found: list[str] = []
    faults: list[Fault] = []
    for text in (part.strip() for given in texts for part in re.split("[,，、]", str(given))):
        try:
            found += [region(text).code] if text else []
        except AidError as error:
            faults += error.faults
    if faults:
        raise ParameterFault(faults)
    return list(dict.fromkeys(found))
