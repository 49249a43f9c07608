"""Draw what synthetic households live in and on: place, disability, schooling, work, income, spending, property, dibao."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aidlib.register.columns import fields
from aidlib.register.marginals import KINDS, Marginals, assumptions
from aidlib.register.people import ADULT, People, picked, strata

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aidlib.register.incomes import Incomes

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Columns = dict[str, NDArray[np.generic]]

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
