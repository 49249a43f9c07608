"""Standards: what is announced, what the methods of the law would give, under which bounds, and what follows from it."""

from aidlib.standards.announced import Level, announced, latest_year, places
from aidlib.standards.bounds import Bounded, apply_bounds, bounds
from aidlib.standards.candidate import Candidate, Input, round_standard
from aidlib.standards.levels import history, last_level, level
from aidlib.standards.study import Study, study

__all__ = [
    "Bounded",
    "Candidate",
    "Input",
    "Level",
    "Study",
    "announced",
    "apply_bounds",
    "bounds",
    "history",
    "last_level",
    "latest_year",
    "level",
    "places",
    "round_standard",
    "study",
]
