"""Draw synthetic households: ages and sexes put together into plausible families, incomes as the published fifths, what they live in and on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aidlib.register.columns import fields
from aidlib.register.marginals import AREAS, BANDS, KINDS, Marginals, assumptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Columns = dict[str, NDArray[np.generic]]

FIFTHS = 5
GRID = 4001
TOP = 40.0  # the last point of the grid, in means of the highest fifth


class Fifths:
    """Quantile function through five means.

    Between fifths the breaks are the geometric means of neighbours; inside a fifth income rises from break to break as a power of
    the rank, with the exponent that gives the published mean; the lowest fifth begins at zero, the highest has an exponential tail.

    Examples
    --------
    >>> fifths = Fifths(np.array([5.0, 12.0, 18.0, 25.0, 50.0]))
    >>> ranks = (np.arange(100_000) + 0.5) / 100_000
    >>> fifths.at(ranks).reshape(5, -1).mean(axis=1).round(2).tolist()
    [5.0, 12.0, 18.0, 25.0, 50.0]
    """

    def __init__(self, means: Floats) -> None:
        self.means = means
        self.breaks = np.concatenate([[0.0], np.sqrt(means[:-1] * means[1:])])
        width = np.diff(self.breaks)
        self.powers = width / (means[:-1] - self.breaks[:-1]) - 1

    def at(self, ranks: Floats) -> Floats:
        """Return the income at ranks between 0 and 1."""
        fifth = np.minimum((ranks * FIFTHS).astype(np.int64), FIFTHS - 1)
        inside = ranks * FIFTHS - fifth
        low = self.breaks[fifth]
        lower = np.minimum(fifth, FIFTHS - 2)
        body = low + (self.breaks[lower + 1] - low) * inside ** self.powers[lower]
        tail = self.breaks[-1] - (self.means[-1] - self.breaks[-1]) * np.log1p(-np.minimum(inside, 1 - 1e-12))
        return np.asarray(np.where(fifth == FIFTHS - 1, tail, body))

    def rank(self, incomes: Floats) -> Floats:
        """Return the rank of incomes, the inverse of `at`."""
        fifth = np.searchsorted(self.breaks[1:], incomes, side="right")
        lower = np.minimum(fifth, FIFTHS - 2)
        low, high = self.breaks[lower], self.breaks[lower + 1]
        inside = (np.clip((incomes - low) / (high - low), 0, 1)) ** (1 / self.powers[lower])
        tail = -np.expm1(-np.maximum(incomes - self.breaks[-1], 0) / (self.means[-1] - self.breaks[-1]))
        return np.asarray((fifth + np.where(fifth == FIFTHS - 1, tail, inside)) / FIFTHS)


class Incomes:
    """Incomes of a region's households: places differ as published, and the whole keeps the published fifths."""

    def __init__(self, found: Marginals) -> None:
        self.found = found
        self.fifths = [Fifths(found.quintiles[area]) for area in range(len(AREAS))]
        self.levels, self.grids, self.ranks = zip(*(self._mixture(area) for area in range(len(AREAS))), strict=True)

    def _mixture(self, area: int) -> tuple[float, Floats, Floats]:
        urban = self.found.urban_shares if area else 1 - self.found.urban_shares
        weights, fifths = self.found.leaf_shares * urban, self.fifths[area]
        factors, which = np.unique(self.found.income_factor[:, area], return_inverse=True)
        shares = np.bincount(which, weights, len(factors)) / max(weights.sum(), 1e-12)
        grid = np.concatenate([[0.0], np.geomspace(1e-3, TOP, GRID - 1)]) * fifths.means[-1]
        below = sum(
            (share * fifths.rank(grid / factor) for share, factor in zip(shares, factors, strict=True)), np.zeros(GRID)
        )
        return float((shares * factors).sum()), grid, below

    def draw(self, ranks: Floats, leaf: NDArray[np.int64], urban: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return yearly income per head in yuan, and its rank in the region and area, for ranks within one place."""
        income, overall = np.empty(len(ranks)), np.empty(len(ranks))
        for area in range(len(AREAS)):
            rows = urban == bool(area)
            raw = self.fifths[area].at(ranks[rows]) * self.found.income_factor[leaf[rows], area]
            overall[rows] = np.clip(np.interp(raw, self.grids[area], self.ranks[area]), 0, 1 - 1e-9)
            income[rows] = self.levels[area] * self.fifths[area].at(overall[rows])
        return income, overall


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


RETIRED = 60
LAST_WORK = 70
FEN = 100
FEN_YUAN_MONTHS = 12
SCHOOLS = ((3, 6, "preschool"), (6, 15, "compulsory"), (15, 18, "senior"), (18, 22, "undergraduate"))
MOST_FEN = fields("households")["income_fen"].high


def code(column: str, word: str) -> int:
    """Return the number a word of a persons column has inside.

    Examples
    --------
    >>> code("student_stage", "senior")
    3
    """
    return fields("persons")[column].codes.index(word)


def draw_places(ids: Ints, total: int, found: Marginals) -> tuple[Ints, Flags]:
    """Give each household its place and area by its number alone, sorted by place, in the published shares."""
    at = (ids + 0.5) / total
    ends = np.cumsum(found.leaf_shares)
    leaf = np.minimum(np.searchsorted(ends, at, side="right"), len(ends) - 1)
    inside = (at - (ends[leaf] - found.leaf_shares[leaf])) / found.leaf_shares[leaf]
    return leaf, inside < found.urban_shares[leaf]


def draw_facts(rng: np.random.Generator, people: People, found: Marginals) -> Columns:
    """Draw disability, illness, schooling and work of each person."""
    count, assume = len(people.age), assumptions()
    disabled = strata(rng, count) < found.disability
    severe = disabled & (rng.random(count) < found.severe)
    kinds = np.array([code("disability_kind", kind) for kind in KINDS])
    kind = np.where(disabled, kinds[picked(rng.random(count), found.kinds)], 0)
    grade = np.where(disabled, np.where(severe, 1, 3) + rng.integers(0, 2, count), 0)
    school = _schooling(rng, people.age)
    able = (people.age >= ADULT) & (people.age < LAST_WORK) & ~severe & (school == 0)
    able &= (people.age < RETIRED) | (rng.random(count) < 1 / 2)
    return {
        "disability_kind": kind, "disability_grade": grade, "student_stage": school, "can_work": able,
        "serious_illness": rng.random(count) < assume["serious_illness"],
        "employed": able & (rng.random(count) < assume["employment"]),
        "independent": ~severe,
    }  # fmt: skip


def _schooling(rng: np.random.Generator, age: Ints) -> Ints:
    assume, school, chance = assumptions(), np.zeros(len(age), np.int64), rng.random(len(age))
    likely = {"senior": assume["senior_schooling"], "undergraduate": assume["undergraduate_schooling"]}
    for first, after, stage in SCHOOLS:
        there = (age >= first) & (age < after) & (chance < likely.get(stage, 1.0))
        school[there] = code("student_stage", stage)
    return school


def draw_money(
    rng: np.random.Generator,
    people: People,
    facts: Columns,
    place: tuple[Ints, Flags],
    found: Marginals,
    incomes: Incomes,
) -> tuple[Columns, Columns]:
    """Draw incomes, wages, spending, property and dibao: columns of the households and of the persons, in whole fen."""
    leaf, urban = place
    sizes = np.bincount(people.home, minlength=len(leaf))
    ranks = np.empty(len(leaf))
    for area in (False, True):
        ranks[urban == area] = strata(rng, int((urban == area).sum()))
    per_head, rank = incomes.draw(ranks, leaf, urban)
    income = np.minimum((per_head * sizes * FEN / FEN_YUAN_MONTHS).astype(np.int64), MOST_FEN)
    wage, wages = _wages(rng, people, facts["employed"].astype(bool), income, found.wages[urban.astype(np.int64)])
    own = wage + ((income - wages) // sizes)[people.home]
    ill = np.bincount(people.home, facts["serious_illness"], len(leaf)) > 0
    assume = assumptions()
    spread = np.exp(rng.normal(0, assume["spending_spread"], len(leaf)) - assume["spending_spread"] ** 2 / 2)
    spend = found.spending[urban.astype(np.int64)] * sizes * spread * np.where(ill, assume["illness_spending"], 1)
    poor = 1 / (1 + np.exp(assume["property_slope"] * (rank - assume["property_middle"])))
    property_ok = rng.random(len(leaf)) < poor
    households = {
        "income_fen": income, "expend_fen": np.minimum((spend * FEN).astype(np.int64), MOST_FEN), "property_ok": property_ok,
        "on_dibao": _dibao(rng, rank, urban, sizes, found.coverage),
    }  # fmt: skip
    return households, {"wage_fen": wage, "own_income_fen": own, "own_property_ok": property_ok[people.home]}


def _wages(rng: np.random.Generator, people: People, employed: Flags, income: Ints, usual: Floats) -> tuple[Ints, Ints]:
    """Split wages, a share of the household's income in whole yuan, evenly over its workers."""
    workers = np.bincount(people.home, employed, len(income)).astype(np.int64)
    share = rng.beta(4 * usual, 4 * (1 - usual))
    each = (income * share).astype(np.int64) // np.maximum(workers, 1) // FEN * FEN
    return np.where(employed, each[people.home], 0), np.where(workers > 0, each * workers, 0)


def _dibao(rng: np.random.Generator, rank: Floats, urban: Flags, sizes: Ints, coverage: Floats) -> Flags:
    """Put the poorest, seen through noise, on dibao until the published share of persons is reached."""
    score = rank + rng.normal(0, assumptions()["targeting_noise"], len(rank))
    receives = np.zeros(len(rank), bool)
    for area in (0, 1):
        rows = np.flatnonzero(urban == bool(area))
        rows = rows[np.argsort(score[rows], kind="stable")]
        receives[rows] = np.cumsum(sizes[rows]) - sizes[rows] / 2 <= coverage[area] * sizes[rows].sum()
    return receives


def draw_supporters(rng: np.random.Generator, people: People, sizes: Ints) -> Ints:
    """Draw whether somebody able must support a person: most have someone; few old persons living alone have nobody."""
    alone = (sizes[people.home] == 1) & (people.age >= RETIRED)
    lacking = alone & (rng.random(len(people.age)) < assumptions()["no_supporter"])
    unable = rng.integers(0, 2, len(people.age))
    return np.where(lacking, unable, code("tekun_supporter", "able"))
