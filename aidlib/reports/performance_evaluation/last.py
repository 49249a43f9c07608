"""The last edition: where it is, whether it can stand beside this one, and what it published of a register."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from aidlib.disclosure.suppression import Suppressed
from aidlib.errors import ParameterFault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.regions import region
from aidlib.reports import Report, numbers
from aidlib.reports.performance_evaluation import drawings, effects, population, simulated
from aidlib.reports.performance_evaluation.population import Population
from aidlib.reports.verify import read
from aidlib.standards.announced import AREAS, announced

if TYPE_CHECKING:
    from nbformat import NotebookNode

COUNTED = (simulated.coverage, simulated.incidence, simulated.errors, effects.decomposition, effects.overlap, effects.sensitivity,
           drawings.binned)  # fmt: skip


def last_edition(report: Report) -> NotebookNode | None:
    """Return the last edition as it was executed: the one given, or the latest up to this period in the folder given.

    Raises
    ------
    ParameterFault
        Neither a file nor a folder is there; the edition is of another place or in another language.
    ReportFault
        Not an executed report.
    """
    path = _path(report)
    if path is None:
        return None
    found = read(path)
    then = numbers.record(found)["parameters"]
    if then["region"] != report.region.code:
        raise ParameterFault("the last edition is of another place", where="last", expected=str(report.region),
                             got=str(region(then["region"])))  # fmt: skip
    if then["language"] != report.language:
        raise ParameterFault(
            "the last edition is in another language", where="last", expected=report.language, got=then["language"]
        )
    return found


def _path(report: Report) -> Path | None:
    given = str(report.parameters.get("last", ""))
    path = Path(given).expanduser()
    if not given or path.is_file():
        return path if given else None
    if not path.is_dir():
        raise ParameterFault("no such last edition", where="last", expected="an executed report (.ipynb), or a folder of reports",
                             got=path.name)  # fmt: skip
    found = path.glob(f"*/{report.region.code}/{report.name}.ipynb")
    return max((one for one in found if one.parts[-3] <= report.period), default=None)


def published_then(report: Report) -> Mapping[str, Suppressed]:
    """Make the counts that the last edition published of its register once more, hidden ones with what they are, to be held against.

    Raises
    ------
    ParameterFault
        The register of the last edition is gone, or is not the one it was made from.
    """
    edition = last_edition(report)
    then = numbers.record(edition)["parameters"] if edition else {}
    if edition is None or not then.get("register"):
        return {}
    path, year = report.parameters.get("last_register") or then["register"], int(then["period"][:4])
    if not Path(path).expanduser().exists():
        raise ParameterFault("the register of the last edition is not there: what it hid cannot be protected", where="last_register",
                             expected="the whole path of that register", got=Path(path).name)  # fmt: skip
    book, figures, code = Book(), Figures(), report.region.code
    levels = {area: level for area in AREAS if (level := announced(book, figures, code, area, year))}
    people = population.register(book, figures, code, year, levels, path)
    if people is None:
        return {}
    _same(people, numbers.tables(edition).get("coverage"))
    for table in COUNTED:
        table(report, people)
    return people.ledger.now


def _same(people: Population, printed: numbers.Table | None) -> None:
    """The last edition says how many persons it counted, unless that is hidden."""
    told = printed.rows[-1][printed.columns.index("pe_persons")] if printed else None
    if told is not None and told != people.persons:
        raise ParameterFault("not the register the last edition was made from", where="last_register", expected=f"{told} persons",
                             got=str(people.persons))  # fmt: skip
