"""An invented place, made once for all tests of monitoring; every person in it is made up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl
import pytest

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring.monitor import Monitored, Question, monitor
from aidlib.monitoring.synthetic.base import last_day
from aidlib.monitoring.synthetic.world import DEMONSTRATION_KEY, PURPOSE, World, world

PLACE, MONTH = "450400", "2026-10"
FAMILIES = 12_000


@dataclass(frozen=True)
class Made:
    """A world and what monitoring found in it."""

    world: World
    found: Monitored

    def again(self, **changes: object) -> Monitored:
        """Monitor the world with some of its files changed."""
        files = replace(self.world.files, **changes)  # type: ignore[arg-type]
        return run(replace(self.world, files=files))


def run(place: World) -> Monitored:
    asked = Question(PLACE, last_day(MONTH), DEMONSTRATION_KEY, PURPOSE)
    return monitor(asked, place.files, place.registers, Book(), Figures(), held=place.held)


def made(*, errors: bool) -> Made:
    place = world(PLACE, MONTH, families=FAMILIES, seed=5, errors=errors)
    return Made(place, run(place))


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
