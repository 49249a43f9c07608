"""Two editions of a report: every number that moved, and how much of it comes from data, parameters and method."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib.errors import ReportFault
from aidlib.fleet import verify
from aidlib.fleet.execute import Press
from aidlib.fleet.plan import Limits
from aidlib.fleet.verify import Edition
from aidlib.page import numbers, record
from aidlib.page.numbers import Difference

if TYPE_CHECKING:
    from nbformat import NotebookNode

MOST_LISTED, MOST_PLACES = 50, 3


@dataclass(frozen=True)
class Part:
    """The share of a change that comes from one cause, with the numbers it moves on the way from the older edition."""

    cause: str
    details: list[str]
    differences: list[Difference]


@dataclass(frozen=True)
class Change:
    """How two editions differ.

    Attributes
    ----------
    older, newer : str
        The notebooks.
    differences : list of Difference
        Every number that is not the same.
    parts : list of Part
        The causes that there are, each with what it moves.
    """

    older: str
    newer: str
    differences: list[Difference]
    parts: list[Part]

    @property
    def same(self) -> bool:
        """Whether both say the same numbers."""
        return not self.differences

    def lines(self) -> list[str]:
        """What to print: how many numbers moved, by which cause, and which."""
        lines = [f"{self.older} -> {self.newer}: {len(self.differences)} numbers differ"]
        for part in self.parts:
            lines.append(f"  from {part.cause}: {len(part.differences)} numbers")
            lines += [f"    {detail}" for detail in part.details[:MOST_LISTED]]
            lines += [f"      {one}" for one in part.differences[:MOST_LISTED]]
        return lines


def compare(
    older: Path,
    newer: Path,
    known: Mapping[str, Path],
    press: Press,
    given: Iterable[str] = (),
    limits: Limits | None = None,
    own_code: bool = False,
) -> Change:
    """Compare two editions and split the change into data, parameters and method.

    When one cause alone differs, the whole change is its. When parameters and something else differ, our notebook is executed
    with the older one's parameters, if it is the newer one's: what moves from there to the newer edition comes from the
    parameters, the rest from data and method. What cannot be told apart is named together.

    Raises
    ------
    ReportFault
        One of them is not one of our pages, was altered after it was made, or cannot be made again with the other's parameters.
    """
    first, last = (_ours(path, known, own_code) for path in (older, newer))
    if first.report != last.report:
        raise ReportFault("two different reports", got=f"{first.report} and {last.report}")
    moved = numbers.differences(record.tables(_whole(first)), record.tables(_whole(last)))
    parts = _parts(first, last, moved, _Means(known, press, tuple(given), limits or Limits())) if moved else []
    return Change(str(older), str(newer), moved, parts)


def _whole(edition: Edition) -> NotebookNode:
    if edition.notebook is None:
        raise ReportFault("a page alone holds no numbers", where=edition.path.name, hint="give the .ipynb beside it")
    return edition.notebook


def _ours(path: Path, known: Mapping[str, Path], own_code: bool) -> Edition:
    edition = verify.read_edition(path)
    if (places := verify.foreign(edition, known)) and not own_code:
        raise ReportFault(
            "not one of our pages", where=path.name, got=places[0], hint="--run-its-own-code, if you trust it"
        )
    if places := record.broken(_whole(edition)):
        raise ReportFault("altered after it was made", where=path.name, got=", ".join(places[:MOST_PLACES]))
    return edition


def _causes(first: Edition, last: Edition) -> dict[str, list[str]]:
    """What differs between two editions besides their numbers, in words, by cause."""
    old, new = first.record, last.record
    found = {
        "parameters": _changes(old["parameters"], new["parameters"]),
        "data": [] if old["tables"] == new["tables"] else numbers.changed_rows(old, new) or ["tables changed"],
        "method": _method(first, last),
    }
    return {cause: details for cause, details in found.items() if details}


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    names = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    return [f"{name}: {old.get(name)} -> {new.get(name)}" for name in names]


def _method(first: Edition, last: Edition) -> list[str]:
    code = [] if first.record["code"] == last.record["code"] else ["aidlib's code"]
    cells = [] if verify.cells(first) == verify.cells(last) else ["the notebook's cells"]
    return [*code, *cells, *_changes(first.record["versions"], last.record["versions"])]


@dataclass(frozen=True)
class _Means:
    """With what an edition in between is made."""

    known: Mapping[str, Path]
    press: Press
    given: tuple[str, ...]
    limits: Limits


def _parts(first: Edition, last: Edition, moved: list[Difference], means: _Means) -> list[Part]:
    causes = _causes(first, last)
    others = [cause for cause in ("data", "method") if cause in causes]
    together = " and ".join(others) or "nothing recorded"
    details = [f"{cause}: {detail}" for cause in others for detail in causes[cause]]
    if "parameters" not in causes:
        return [Part(together, details, moved)]
    if not others:
        return [Part("parameters", causes["parameters"], moved)]
    source = verify.today(last, means.known)
    if source is None:
        everything = [f"parameters: {detail}" for detail in causes["parameters"]] + details
        return [Part(f"parameters and {together}", everything, moved)]
    asked = {**last.parameters, **verify.parameters_for(first, means.given)}
    between = verify.again(source, last.report, asked, means.press, means.limits)
    rest = numbers.differences(record.tables(_whole(first)), record.tables(between))
    chosen = numbers.differences(record.tables(between), record.tables(_whole(last)))
    return [Part(together, details, rest), Part("parameters", causes["parameters"], chosen)]
