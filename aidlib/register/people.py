"""Draw the members of synthetic households: ages and sexes as published, put together into plausible families."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aidlib.register.columns import fields
from aidlib.register.marginals import BANDS, Marginals, assumptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

ADULT = 18
YEARS = 5
GENERATION = 16
TWO_GENERATIONS = 45


@dataclass(frozen=True)
class People:
    """Members of a block of households, sorted by household; the first of each is the applicant.

    Attributes
    ----------
    home, slot : int64 array
        Position of the household in the block, and of the person in the household.
    age, relation : int64 array
        Whole years; code of the relation to the applicant.
    male : bool array
    """

    home: Ints
    slot: Ints
    age: Ints
    male: Flags
    relation: Ints


def strata(rng: np.random.Generator, size: int) -> Floats:
    """Draw ranks between 0 and 1, one in each of `size` equal steps, in random order: shares come out as asked.

    Examples
    --------
    >>> sorted((strata(np.random.default_rng(1), 4) * 4).astype(int).tolist())
    [0, 1, 2, 3]
    """
    return (rng.permutation(size) + rng.random(size)) / max(size, 1)


def picked(ranks: Floats, shares: Floats) -> Ints:
    """Turn ranks into positions by their shares.

    Examples
    --------
    >>> picked(np.array([0.1, 0.6, 0.99]), np.array([0.5, 0.5])).tolist()
    [0, 1, 1]
    """
    return np.minimum(np.searchsorted(np.cumsum(shares), ranks, side="right"), len(shares) - 1)


def draw_people(rng: np.random.Generator, sizes: Ints, found: Marginals) -> People:
    """Draw members for households of the given sizes.

    Examples
    --------
    >>> from aidlib.register.marginals import marginals
    >>> people = draw_people(np.random.default_rng(1), np.array([1, 3]), marginals("450400"))
    >>> people.home.tolist(), bool((people.age[people.slot == 0] >= ADULT).all())
    ([0, 1, 1, 1], True)
    """
    count, total = len(sizes), int(sizes.sum())
    home = np.repeat(np.arange(count), sizes)
    slot = np.arange(total) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    age, male = _pool(rng, total, count, found)
    seat = np.empty(total, np.int64)
    free = np.ones(total, bool)
    heads = _heads(rng, age, male, count)
    seat[slot == 0], free[heads] = heads, False
    couples = _couples(rng, age, male, heads, sizes, free)
    seated = np.zeros(total, bool)
    seated[slot == 0] = True
    for homes, members in couples:
        chairs = (np.cumsum(sizes) - sizes)[homes] + 1
        seat[chairs], seated[chairs], free[members] = members, True, False
    spouse = seated & (slot == 1)
    _fill(rng, seat, seated, free, home, age, heads)
    age, male = age[seat], male[seat]
    return People(home, slot, age, male, _relation(age, age[slot == 0][home], slot, spouse))


def _pool(rng: np.random.Generator, total: int, adults: int, found: Marginals) -> tuple[Ints, Flags]:
    """Draw ages and sexes as published, with at least one adult for each household."""
    cell = picked(strata(rng, total), found.ages.ravel())
    age = cell // 2 * YEARS + rng.integers(0, YEARS, total)
    minors = np.flatnonzero(age < ADULT)
    short = max(adults - (total - len(minors)), 0)
    age[minors[:short]] += YEARS * 6
    return np.minimum(age, YEARS * len(BANDS) - 1), cell % 2 == 1


def _heads(rng: np.random.Generator, age: Ints, male: Flags, count: int) -> Ints:
    score = rng.random(len(age)) + (age < ADULT) * 9.0 + (age < ADULT + YEARS) * 1.0
    score += ~male * assumptions()["head_female_handicap"]
    return np.argsort(score, kind="stable")[:count]


def _couples(
    rng: np.random.Generator, age: Ints, male: Flags, heads: Ints, sizes: Ints, free: Flags
) -> Iterator[tuple[Ints, Ints]]:
    """Give heads of larger households a partner of the other sex and nearly the same age."""
    wants = (sizes > 1) & (rng.random(len(sizes)) < assumptions()["couple_share"])
    for man in (True, False):
        homes = np.flatnonzero(wants & (male[heads] == man))
        partners = np.flatnonzero(free & (male != man) & (age >= ADULT + 2))
        count = min(len(homes), len(partners))
        homes, partners = rng.permutation(homes)[:count], rng.permutation(partners)[:count]
        by_age = np.argsort(age[partners] + rng.normal(0, 2, count), kind="stable")
        yield homes[np.argsort(age[heads[homes]], kind="stable")], partners[by_age]


def _fill(rng: np.random.Generator, seat: Ints, seated: Flags, free: Flags, home: Ints, age: Ints, heads: Ints) -> None:
    """Seat the rest: minors gather where the head is of a parent's age, others anywhere."""
    chairs, rest = np.flatnonzero(~seated), np.flatnonzero(free)
    distance = np.abs(age[heads[home[chairs]]] - assumptions()["parent_age"]) + rng.normal(0, YEARS, len(chairs))
    order = np.argsort((age[rest] >= ADULT) + rng.random(len(rest)) / 2, kind="stable")
    seat[chairs[np.argsort(distance, kind="stable")]] = rest[order]


def _relation(age: Ints, head_age: Ints, slot: Ints, spouse: Flags) -> Ints:
    code = {word: number for number, word in enumerate(fields("persons")["relation"].codes)}
    gap = age - head_age
    relation = np.full(len(age), code["sibling"])
    relation[gap <= -GENERATION] = code["child"]
    relation[gap <= -TWO_GENERATIONS] = code["grandchild"]
    relation[gap >= GENERATION] = code["parent"]
    relation[gap >= TWO_GENERATIONS] = code["grandparent"]
    relation[(np.abs(gap) < GENERATION) & (age < ADULT)] = code["other"]
    relation[spouse] = code["spouse"]
    relation[slot == 0] = code["applicant"]
    return relation
