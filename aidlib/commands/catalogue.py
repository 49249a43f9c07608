"""Which reports there are: notebook, period, regions, and the latest period the data covers. Add a report by adding a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from aidlib.fleet.plan import PeriodKind, Report
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.regions import NATION, lineage, provinces
from aidlib.tables import shipped_notebooks as notebooks

ON_REQUEST = {"low_income_monitoring"}
BROUGHT = {"performance_evaluation": ("register", "filled")}


@cache
def _readers() -> tuple[Book, Figures]:
    return Book(), Figures()


@cache
def _with_standards() -> tuple[str, ...]:
    from aidlib.standards.levels import places

    return tuple(sorted({*(place.code for place in provinces()), *places(*_readers())}))


@cache
def _with_linkage() -> tuple[str, ...]:
    from aidlib.prices import linkage

    return tuple(sorted({*linkage.places(_readers()[0]), *_with_standards()} - {NATION}))


@cache
def _linkage_latest(code: str) -> str | None:
    """The newest month of the nation's index, or a later one that the place or its province has already: a clerk's own addition."""
    from aidlib.prices.readings import SERIES

    own = [max(_readers()[1].all(place, SERIES["cpi"]), default="") for place in lineage(code)]
    return max(own) or None


@cache
def _newest_month(_: str) -> str | None:
    """The newest month of the nation's price index, for every place: what it settles is said, whether or not the place's own is out."""
    from aidlib.prices.monthly import newest_month

    return newest_month(_readers()[1])


@cache
def _newest_year(code: str) -> str | None:
    """The newest year in which the place has figures: where its evaluation stands when no year is named."""
    from aidlib.evaluation.performance import newest_year

    year = newest_year(code, *_readers())
    return None if year is None else str(year)


@cache
def _country_latest(code: str) -> str | None:
    """The newest year with figures of the nation, which alone has an overview; what is not out for a province by then is carried."""
    return _newest_year(code) if code == NATION else None


@cache
def _this_year(code: str) -> str | None:
    """The year the newest month falls in: where no level of that year is known, the last one is carried as a range."""
    return (_newest_month(code) or "")[:4] or None


def all_reports() -> dict[str, Report]:
    """Return every report whose notebook is there, by name."""
    folder = notebooks()
    rows: list[tuple[str, PeriodKind, Callable[[], Iterable[str]], Callable[[str], str | None]]] = [
        ("price_linkage", "month", _with_linkage, _linkage_latest),
        ("standard_indexing", "year", _with_standards, _this_year),
        ("performance_evaluation", "year", _with_standards, _newest_year),
        ("low_income_monitoring", "month", _with_linkage, _newest_month),
        ("national_overview", "year", lambda: (NATION,), _country_latest),
    ]
    reports = [
        Report(name, folder / f"{name}.ipynb", kind, places, latest, name in ON_REQUEST, BROUGHT.get(name, ()))
        for name, kind, places, latest in rows
    ]
    return {report.name: report for report in reports if report.notebook.is_file()}


def own_notebooks() -> dict[str, Path]:
    """Return every notebook that aidlib ships, studies included, by name."""
    return {path.stem: path for path in sorted(notebooks().rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts}
