"""What is wrong with the parameters a report was given: every fault at once, before anything is read."""

from __future__ import annotations

import re
from typing import Any

from aidlib.errors import AidError, Fault
from aidlib.regions import region as find_region
from aidlib.reports import text

PERIOD = re.compile(r"^\d{4}(-(0[1-9]|1[0-2]))?$")
LONGEST_LOOKBACK_MONTHS = 240
WHOLE = {"seed": (0, 2**63 - 1), "households": (1, 100_000_000), "draws": (99, 1_000_000), "first_year": (1949, 9999)}
"""Whole numbers a study takes; fewer than 99 draws tell neither a p of 0.05 nor a 95% interval."""


def given_faults(given: dict[str, Any]) -> list[Fault]:
    """List every fault of a report's parameters: types, region, period, language, counts of months, whole numbers.

    Examples
    --------
    >>> [fault.where for fault in given_faults({"region": "450400", "period": "2020-13", "language": "zh", "lookback_months": 0})]
    ['period', 'lookback_months']
    """
    faults = [
        Fault("a parameter has the wrong type", name, "text in quotes", repr(given[name]), f'{name}="{given[name]}"')
        for name in ("region", "period", "language")
        if not isinstance(given[name], str)
    ]
    if faults:
        return faults
    if not PERIOD.match(given["period"]):
        faults.append(Fault("unreadable period", "period", "YYYY-MM or YYYY", given["period"]))
    for check, value in ((find_region, given["region"]), (text.language, given["language"])):
        try:
            check(value)
        except AidError as error:
            faults.extend(error.faults)
    return faults + [fault for name, value in given.items() for fault in _count_faults(name, value)]


def _count_faults(name: str, value: object) -> list[Fault]:
    months = name.endswith("_months")
    if not months and name not in WHOLE:
        return []
    low, high = (1, LONGEST_LOOKBACK_MONTHS) if months else WHOLE[name]
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return []
    what = "a count of months is out of range" if months else "not a whole number in range"
    return [Fault(what, name, f"a whole number {low}..{high}", repr(value))]
