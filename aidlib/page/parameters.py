"""The parameters a page was given: typed as its notebook writes them, every fault at once, before anything is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from aidlib import words
from aidlib.errors import AidError, Fault, ParameterFault, nearest
from aidlib.page.record import GIVEN, is_path
from aidlib.parameters import Plain, defaults, typed_as
from aidlib.regions import Region
from aidlib.regions import region as find_region
from aidlib.tables import shipped_notebooks

PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?", re.ASCII)
LONGEST_LOOKBACK_MONTHS = 240
WHOLE = {"seed": (0, 2**63 - 1), "households": (1, 100_000_000), "draws": (99, 1_000_000), "first_year": (1949, 9999)}
"""Whole numbers a study takes; fewer than 99 draws tell neither a p of 0.05 nor a 95% interval."""
ALWAYS = ("region", "period", "language")


def checked(name: str, given: dict[str, Any]) -> tuple[Region, str, str, dict[str, Any]]:
    """Check what a page was given.

    Parameters
    ----------
    name : str
        Name of the page; where a notebook of that name is shipped, its parameters cell says which there are and of what type.
    given : dict
        region, period, language and further parameters.

    Returns
    -------
    Region, str, str, dict
        Place, period, language, and every parameter typed.

    Raises
    ------
    ParameterFault
        Every fault at once.
    """
    known = shipped(name)
    typed = {key: value if key in ALWAYS else typed_as(known.get(key), value) for key, value in given.items()}
    typed |= {key: code(str(typed[key])) for key in ("region",)} | {"period": str(given["period"]).strip()}
    if faults := list(_faults(typed, known)):
        raise ParameterFault(faults)
    return find_region(typed["region"]), typed["period"], typed["language"], typed


def shipped(name: str) -> dict[str, Plain]:
    """Return the parameters of the shipped notebook of a page, nothing where it is somebody's own."""
    folder = shipped_notebooks()
    found = next(
        (path for path in (folder / f"{name}.ipynb", folder / "research" / f"{name}.ipynb") if path.is_file()), None
    )
    return defaults(found) if found else {}


def code(place: str) -> str:
    """Give a code back the zeros before it that a number loses.

    Examples
    --------
    >>> code("450400"), code("0"), code("梧州市")
    ('450400', '000000', '梧州市')
    """
    return place.zfill(6) if place.isascii() and place.isdigit() else place


def _faults(given: dict[str, Any], known: dict[str, Plain]) -> Iterator[Fault]:
    if not PERIOD.fullmatch(given["period"]):
        yield Fault("unreadable period", "period", "YYYY-MM or YYYY", given["period"])
    for check, value in ((find_region, given["region"]), (words.check_language, given["language"])):
        try:
            check(value)
        except AidError as error:
            yield from error.faults
    if "today" in given and not _is_day(given["today"]):
        yield Fault("unreadable day", "today", "YYYY-MM-DD", str(given["today"]))
    yield from path_faults(given)
    for key, value in given.items():
        if known and key not in known and key not in (*ALWAYS, "year"):
            yield Fault("unknown parameter", key, f"one of {', '.join(known)}", str(key), nearest(key, known))
        yield from _range_faults(key, value)


def _is_day(text: object) -> bool:
    try:
        return bool(date.fromisoformat(str(text)))
    except ValueError:
        return False


def path_faults(given: Mapping[str, Any]) -> Iterator[Fault]:
    """Say which files and folders cannot be found by what was given: what a page keeps of a path, or a variable that is not set."""
    for key, value in given.items():
        if value == GIVEN:
            yield Fault("a page does not keep where a file lies", key, "the path, given anew", GIVEN)
        elif is_path(key, value) and value.startswith("$"):
            wanted, hint = "a variable that names a file or folder", "set it, or give the path"
            yield Fault("the environment does not have it", key, wanted, value, hint)


def _range_faults(name: str, value: object) -> Iterator[Fault]:
    months = name.endswith("_months")
    if months or name in WHOLE:
        low, high = (1, LONGEST_LOOKBACK_MONTHS) if months else WHOLE[name]
        if not (isinstance(value, int) and not isinstance(value, bool) and low <= value <= high):
            what = "a count of months is out of range" if months else "not a whole number in range"
            yield Fault(what, name, f"a whole number {low}..{high}", repr(value))
