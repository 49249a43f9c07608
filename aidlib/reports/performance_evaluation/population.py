"""Households to simulate on: the synthetic population of the place, or a register; benefits as on the roll and as the rules say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from aidlib.errors import RegisterFault
from aidlib.evaluation.administrative import Measure, average_payment
from aidlib.evaluation.sample import Flags, Floats, Sample, sample
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, half_up
from aidlib.regions import NATION, lineage
from aidlib.reports.performance_evaluation.ledger import Ledger
from aidlib.reports.performance_evaluation.registers import read
from aidlib.standards.announced import AREAS, Level

if TYPE_CHECKING:
    import pandas as pd

HOUSEHOLDS, SEED = 10_000, 20191231  # one block of the synthetic population
WANTED = ("category", "dibao_benefit_fen")
STANDARD = "dibao_standard_fen_year"
LATEST_INCOMES = "disposable_income_pc_quintile:{area}:q1"
KEPT_WORDS = (
    "收入为未含低保金的收入，合成人口的收入按全国居民人均可支配收入折算到报告年份。",
    "Income is taken before dibao; synthetic incomes are taken back to the year by the nation's disposable income per head.",
)
Kind = Literal["synthetic", "register"]
Levels = Mapping[str, Level]


@dataclass(frozen=True)
class Population:
    """Households with two benefits each.

    Attributes
    ----------
    kind : str
        synthetic or register.
    roll, rule : Sample
        Benefits of those on the roll, and gap payments to everyone the rules admit. Yuan per person and month.
    groups : dict of str to array of bool
        Kinds of household: urban, rural, disabled, ill, no_worker.
    category : array of str
        What the rules make of each household.
    n, persons, left_out : int
        Households used, persons in them, and households left out: rejected by the register's checks, without a standard for their
        area, or with a missing figure.
    on : date
        The day whose rules were applied; later than the year where the book holds no rules of its time.
    levels : mapping
        Standard taken as the line, by area.
    payments : mapping
        Published average payment by area, as far as there is one; `payment_place` tells whose.
    ledger : Ledger
        Counts as they are published, held against those of the last edition.
    """

    kind: Kind
    roll: Sample
    rule: Sample
    groups: dict[str, Flags]
    category: np.ndarray[tuple[int, ...], np.dtype[np.str_]]
    n: int
    persons: int
    left_out: int
    on: date
    levels: Levels
    payments: Mapping[str, Measure]
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(frozen=True)
class _Facts:
    """Arrays of the households used, in the order of the tables."""

    income_fen: Floats
    members: Floats
    urban: Flags
    on_roll: Flags
    paid_fen: Floats | None


def synthetic(book: Book, figures: Figures, place: str, year: int, levels: Levels) -> Population | None:
    """Draw the place's synthetic population, with incomes taken back to the year; None where no standard is known.

    Those on the roll get the published average payment, each person the same; where none is published they get the mean of the
    rules' payments.
    """
    from aidlib.register.synthetic import population

    if not levels:
        return None
    homes, people = (frame.to_pandas() for frame in population(HOUSEHOLDS, SEED, place, figures).block(0))
    factors = {area: income_factor(figures, area, year) for area in AREAS}
    factor = np.where(homes["urban"], factors["urban"], factors["rural"])
    homes = homes.assign(income_fen=(homes["income_fen"] * factor).astype("int64"))
    return _built("synthetic", book, figures, place, year, levels, homes, people, None)


def register(book: Book, figures: Figures, place: str, year: int, levels: Levels, path: str) -> Population | None:
    """Read a register: a folder with one file of persons and one of households, or a workbook that holds both.

    Raises
    ------
    RegisterFault
        No such files; neither `on_dibao` nor `last_benefit_fen` tells who receives. Rejected rows are left out and counted.
    """
    if not levels:
        return None
    homes, people, rejected = read(Path(path), date(year, 12, 31))
    if "on_dibao" not in homes and "last_benefit_fen" not in homes:
        raise RegisterFault(
            "nothing tells who receives", expected="a column 现享低保 or 上月低保金", where="households"
        )
    paid = homes.get("last_benefit_fen")
    if "on_dibao" not in homes:
        homes = homes.assign(on_dibao=homes["last_benefit_fen"] > 0)
    found = _built("register", book, figures, place, year, levels, homes, people, paid)
    return replace(found, left_out=found.left_out + rejected)


def income_factor(figures: Figures, area: str, year: int) -> float:
    """Return the nation's income per head of a year over that of the year of the published fifths; 1 where it is not published.

    Examples
    --------
    >>> round(income_factor(Figures(), "rural", 2019), 3)
    0.739
    """
    fifths = figures.latest(NATION, LATEST_INCOMES.format(area=area))
    series = f"disposable_income_pc:{area}"
    then, now = figures.find(NATION, series, str(year)), fifths and figures.find(NATION, series, fifths.period)
    return float(then.value / now.value) if then and now else 1.0


def _built(
    kind: Kind, book: Book, figures: Figures, place: str, year: int, levels: Levels,
    homes: pd.DataFrame, people: pd.DataFrame, paid: pd.Series | None,
) -> Population:  # fmt: skip
    size = people.groupby("household_id").size().reindex(homes["household_id"]).fillna(0).to_numpy(float)
    usable = np.where(homes["urban"], "urban" in levels, "rural" in levels) & (size > 0)
    usable &= homes["income_fen"].notna().to_numpy()
    kept, size = homes[usable].assign(region_code=place), size[usable]
    members = people[people["household_id"].isin(kept["household_id"])]
    on = rule_day(book, place, year)
    answers = _assessed(book, figures, place, on, levels, kept, members)
    facts = _Facts(
        kept["income_fen"].to_numpy(float), np.asarray(size, float), kept["urban"].to_numpy(bool), kept["on_dibao"].fillna(False).to_numpy(bool),
        None if paid is None else paid[usable].fillna(0).to_numpy(float),
    )  # fmt: skip
    payments = {area: one for area in levels if (one := _payment(figures, place, area, year))}
    due = answers["dibao_benefit_fen"].to_numpy(float)
    roll, rule = (_sample(facts, levels, fen) for fen in (_on_roll(facts, due, payments), due))
    groups = {"urban": facts.urban, "rural": ~facts.urban, **_kinds(kept, members)}
    left_out = len(homes) - len(kept)
    return Population(
        kind, roll, rule, groups, _categories(answers), len(kept), int(size.sum()), left_out, on, levels, payments
    )


def rule_day(book: Book, place: str, year: int) -> date:
    """Return the last day of a year, or the first day for which the book holds the rules that everything rests on.

    Examples
    --------
    >>> rule_day(Book(), "450400", 2019).isoformat(), rule_day(Book(), "450400", 2023).isoformat()
    ('2021-07-01', '2023-12-31')
    """
    from aidlib.rules.lawinputs import LAW_INPUTS
    from aidlib.rules.programmes import law_names

    wanted = date(year, 12, 31)
    named = [LAW_INPUTS[n] for n in law_names(wanted, WANTED, frozenset((STANDARD,))) if n in LAW_INPUTS]
    firsts = [
        min((entry.start for code in lineage(place) for entry in book.rows(code, one.name)), default=wanted)
        for one in named
        if one.none is None and not one.better
    ]
    return max([wanted, *firsts])


def _assessed(
    book: Book, figures: Figures, place: str, on: date, levels: Levels, homes: pd.DataFrame, people: pd.DataFrame
) -> pd.DataFrame:
    from aidlib.rules.frames import assess
    from aidlib.rules.places import places

    given = {area: {STANDARD: half_up(level.fen_month * MONTHS_PER_YEAR)} for area, level in levels.items()}
    keys = [(place, area == "urban") for area in levels]
    held = places(book, figures, keys, on, WANTED, given=lambda _, area: given[area], stale=True)
    answers: pd.DataFrame = assess(homes, people, held, ends=False).households
    return answers


def _payment(figures: Figures, place: str, area: str, year: int) -> Measure | None:
    """The average payment of the place, else of the one above it, the nation left out."""
    codes = [code for code in lineage(place) if code != NATION]
    return next((found for code in codes if (found := average_payment(figures, code, area, year))), None)


def _on_roll(facts: _Facts, due: Floats, payments: Mapping[str, Measure]) -> Floats:
    if facts.paid_fen is not None:
        return np.where(facts.on_roll, facts.paid_fen, 0.0)
    each = np.zeros(len(due))
    for area, rows in (("urban", facts.urban), ("rural", ~facts.urban)):
        paid = due[rows & (due > 0)].sum() / max(facts.members[rows & (due > 0)].sum(), 1)
        each[rows] = float(payments[area].value) if area in payments else paid
    return np.where(facts.on_roll, np.round(each * facts.members), 0.0)


def _sample(facts: _Facts, levels: Levels, benefit_fen: Floats) -> Sample:
    """Amounts a year in fen divide exactly where they are equal, so that an income on the line stays on it."""
    year = {area: half_up(level.fen_month * MONTHS_PER_YEAR) for area, level in levels.items()}
    line = np.where(facts.urban, year.get("urban", 1), year.get("rural", 1)) / (MONTHS_PER_YEAR * FEN_PER_YUAN)
    income = facts.income_fen * MONTHS_PER_YEAR / facts.members / (MONTHS_PER_YEAR * FEN_PER_YUAN)
    return sample(income, benefit_fen / facts.members / FEN_PER_YUAN, line, facts.members)


def _kinds(homes: pd.DataFrame, people: pd.DataFrame) -> dict[str, Flags]:
    """Kinds of household a person's columns tell; a column that is not there tells none."""
    tests: dict[str, tuple[str, Callable[[pd.Series], pd.Series], bool]] = {
        "disabled": ("disability_grade", lambda c: c > 0, True),
        "ill": ("serious_illness", lambda c: c.astype(bool), True),
        "no_worker": ("can_work", lambda c: c.astype(bool), False),
    }
    found = {}
    for name, (column, test, some) in tests.items():
        if column in people:
            held = people["household_id"][test(people[column].fillna(0))].unique()
            inside = homes["household_id"].isin(held).to_numpy(bool)
            found[name] = inside if some else ~inside
    return found


def _categories(answers: pd.DataFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    from aidlib.rules.layers import CATEGORIES

    return np.asarray(np.array(CATEGORIES)[answers["category"].to_numpy(int)])
