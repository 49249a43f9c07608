"""Which reports there are: notebook, period, regions, and the latest period the data covers. Add a report by adding a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aidlib.errors import Fault, ParameterFault, nearest
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.regions import NATION, provinces
from aidlib.reports.parameters import PeriodKind

_PACKAGE = Path(__file__).parents[1]
ON_REQUEST = {"low_income_monitoring"}


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
    """

    name: str
    notebook: Path
    kind: PeriodKind
    regions: Callable[[], Iterable[str]]
    latest: Callable[[str], str | None]
    on_request: bool = False


def notebooks() -> Path:
    """Return the folder of the notebooks (in a checkout `notebooks/`, in a wheel `aidlib/_notebooks`)."""
    inside = _PACKAGE / "_notebooks"
    return inside if inside.is_dir() else _PACKAGE.parent / "notebooks"


@cache
def _readers() -> tuple[Book, Figures]:
    return Book(), Figures()


@cache
def _with_standards() -> tuple[str, ...]:
    from aidlib.standards.announced import places

    return tuple(sorted({*(place.code for place in provinces()), *places(*_readers())}))


@cache
def _with_linkage() -> tuple[str, ...]:
    from aidlib.prices import linkage

    return tuple(sorted({*linkage.places(_readers()[0]), *_with_standards()} - {NATION}))


@cache
def _linkage_latest(code: str) -> str | None:
    from aidlib.prices import linkage

    return linkage.latest_month(_readers()[1], code)


@cache
def _standards_latest(code: str) -> str | None:
    from aidlib.standards.announced import latest_year

    year = latest_year(code, *_readers())
    return None if year is None else str(year)


@cache
def _country_latest(code: str) -> str | None:
    """The latest year for which every province publishes consumption; only the nation has an overview."""
    known = [set(_readers()[1].all(place.code, "consumption_pc:total")) for place in provinces()]
    return max(set.intersection(*known), default=None) if code == NATION else None


@cache
def _monitoring_latest(_: str) -> str | None:
    """Return the latest month of the nation's price index: registers are a place's own or invented, so that any month would do."""
    from aidlib.prices.readings import SERIES

    return max(_readers()[1].all(NATION, SERIES["cpi"]), default=None)


def all_reports() -> dict[str, Report]:
    """Return every report whose notebook is there, by name."""
    folder = notebooks()
    rows: list[tuple[str, PeriodKind, Callable[[], Iterable[str]], Callable[[str], str | None]]] = [
        ("price_linkage", "month", _with_linkage, _linkage_latest),
        ("standard_indexing", "year", _with_standards, _standards_latest),
        ("performance_evaluation", "year", _with_standards, _standards_latest),
        ("low_income_monitoring", "month", _with_linkage, _monitoring_latest),
        ("national_overview", "year", lambda: (NATION,), _country_latest),
    ]
    reports = [
        Report(name, folder / f"{name}.ipynb", kind, places, latest, name in ON_REQUEST)
        for name, kind, places, latest in rows
    ]
    return {report.name: report for report in reports if report.notebook.is_file()}


def choose(names: Iterable[str], known: dict[str, Report]) -> list[Report]:
    """Pick reports by name; none named means all but those made on request.

    Raises
    ------
    ParameterFault
        Every unknown name, each with the nearest known one.
    """
    wanted = list(dict.fromkeys(names)) or [name for name, report in known.items() if not report.on_request]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        expected = ", ".join(known) or "a notebook in notebooks/"
        raise ParameterFault([Fault("unknown report", "", expected, name, nearest(name, known)) for name in unknown])
    return [known[name] for name in wanted]
