"""Standards: what is announced, what the methods of the law would give, under which bounds, and what follows from it."""

from aidlib.rooms import opened
from aidlib.standards.basis import AreaBasis, StandardBasis, standard_basis
from aidlib.standards.bounds import Bounded, apply_bounds
from aidlib.standards.candidates import BoundedCandidates, Candidates
from aidlib.standards.dependent import tied_amounts
from aidlib.standards.level_ranges import LevelRange, level_range
from aidlib.standards.levels import Level, announced, last_level, latest_year, level, places
from aidlib.standards.methods import Candidate, candidate_method, round_standard
from aidlib.standards.targets import check_targets

__all__ = [
    "AreaBasis",
    "Bounded",
    "BoundedCandidates",
    "Candidate",
    "Candidates",
    "Level",
    "LevelRange",
    "StandardBasis",
    "announced",
    "apply_bounds",
    "candidate_method",
    "check_targets",
    "last_level",
    "latest_year",
    "level",
    "level_range",
    "places",
    "round_standard",
    "standard_basis",
    "tied_amounts",
]
__getattr__, __dir__ = opened(__name__, {})
