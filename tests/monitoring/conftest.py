"""An invented place, made once for all tests of monitoring; every person in it is made up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pytest

from aidlib.monitoring.inputs import files
from aidlib.monitoring.invented import Invented
from aidlib.monitoring.monthly import Monitored, monitor
from aidlib.monitoring.planted import invent

PLACE, MONTH = "450400", "2026-10"
FAMILIES = 12_000


@dataclass(frozen=True)
class Made:
    """A place and what monitoring found in it."""

    place: Invented
    found: Monitored

    def again(self, **changes: Any) -> Monitored:
        """Monitor the place with some of its tables changed; `coverage=None` states nothing of what was handed in."""
        place, more = self.place, dict(self.place.more)
        if "coverage" in changes:
            stated = changes.pop("coverage")
            more = {name: table for name, table in more.items() if name != "coverage"} | (
                {} if stated is None else {"coverage": stated}
            )
        tables = {
            name: changes.pop(name, getattr(place, name))
            for name in ("households", "persons", "recognitions", "aid", "registers")
        }
        whole = files(place.region, place.as_of, *tables.values(), place.key, place.purpose, more)
        return monitor(
            replace(place, **{name: getattr(whole, name) for name in (*tables, "coverage", "more")}, **changes)
        )


def made(*, errors: bool) -> Made:
    place = invent(PLACE, MONTH, families=FAMILIES, seed=5, errors=errors)
    return Made(place, monitor(place))


@pytest.fixture(scope="session")
def spoiled() -> Made:
    """A place in which errors are planted."""
    return made(errors=True)


@pytest.fixture(scope="session")
def sound_place() -> Made:
    """A place in which nothing is wrong."""
    return made(errors=False)


@pytest.fixture
def persons() -> pl.DataFrame:
    """Four persons of three families, with invented keys."""
    return pl.DataFrame({"person_id": [1, 2, 3, 4], "household_id": [1, 1, 2, 3], "person_key": ["a", "b", "c", None]})
