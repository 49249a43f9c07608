"""A small invented place, monitored once: what the examples of this room are shown on."""

from __future__ import annotations

from functools import lru_cache

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring.monitor import Monitored, Question, monitor
from aidlib.monitoring.synthetic.base import last_day
from aidlib.monitoring.synthetic.world import DEMONSTRATION_KEY, PURPOSE, World, world

PLACE, MONTH, FAMILIES, SEED = "450400", "2026-10", 4_000, 3


@lru_cache(maxsize=1)
def example() -> tuple[World, Monitored]:
    """Invent a small place and monitor it.

    Examples
    --------
    >>> place, found = example()
    >>> set(place.files.persons["status"]), found.alerts.height > 20
    ({'synthetic'}, True)
    """
    place = world(PLACE, MONTH, families=FAMILIES, seed=SEED)
    asked = Question(PLACE, last_day(MONTH), DEMONSTRATION_KEY, PURPOSE)
    return place, monitor(asked, place.files, place.registers, Book(), Figures(), held=place.held)
