"""What follows from another standard on a synthetic population: caseload, cost and poverty gap, by the rules themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from aidlib.errors import Fault, ParameterFault
from aidlib.evaluation.poverty import fgt, gap_total
from aidlib.evaluation.sample import Sample, sample
from aidlib.money import FEN_PER_YUAN, fen, half_up
from aidlib.register.synthetic import population
from aidlib.rules.frames import assess
from aidlib.rules.job import sisters
from aidlib.rules.layers import CATEGORIES
from aidlib.rules.places import Places, places
from aidlib.standards.levels import last_level

if TYPE_CHECKING:
    from aidlib.reports import Report

STANDARD = "dibao_standard_fen_year"
WANTED = ("category", "members", "counted_income_fen", "dibao_benefit_fen")
MONTHS = 12
AREAS = ("urban", "rural")
PER = 10_000


@dataclass(frozen=True)
class Sandbox:
    """A synthetic population, the standards it begins with, and the changes tried.

    Attributes
    ----------
    homes, people : polars.DataFrame
        The population.
    base_fen_month : dict of str to int
        Monthly standard by area, in fen: what the caller gave, else the last one known.
    steps_pct : tuple of int
        Changes of the standard in percent, ascending, nought among them.
    on : date
        The day whose rules hold.
    """

    report: Report
    homes: pl.DataFrame
    people: pl.DataFrame
    base_fen_month: dict[str, int]
    steps_pct: tuple[int, ...]
    on: date

    def standard(self, area: str, step_pct: int) -> int:
        """Return the monthly standard of a step in fen, to the whole yuan, halves up."""
        exact = Fraction(self.base_fen_month[area] * (100 + step_pct), 100)
        return half_up(exact / FEN_PER_YUAN) * FEN_PER_YUAN


def prepare(report: Report, households: int, seed: int, steps: str, standards: Mapping[str, str]) -> Sandbox:
    """Draw the population and find the standards it begins with.

    Parameters
    ----------
    report : Report
        The open report; law and figures are read through it.
    households, seed : int
        Size and seed of the population.
    steps : str
        Changes in percent, comma between, such as `-10,0,10`.
    standards : mapping of str to str
        Monthly standard in yuan by area; an empty text means the last one known.

    Raises
    ------
    ParameterFault
        Steps that are no whole percentages, or an area whose standard is neither known nor given.
    """
    drawn = population(households, seed, report.region.code, report.figures)
    homes, people = (pl.concat(parts) for parts in zip(*map(drawn.block, range(drawn.blocks)), strict=True))
    on = date.fromisoformat(f"{report.period}-01")
    return Sandbox(report, homes, people, _base(report, standards, on), _steps(steps), on)


def _steps(text: str) -> tuple[int, ...]:
    try:
        found = sorted({0, *map(int, text.split(","))})
    except ValueError:
        raise ParameterFault("not percentages", where="steps", expected="-10,0,10", got=text) from None
    if found[0] <= -100:
        raise ParameterFault("a standard cannot fall by all of itself", where="steps", expected="above -100", got=text)
    return tuple(found)


def _base(report: Report, standards: Mapping[str, str], on: date) -> dict[str, int]:
    local = report.book.at(report.region.code, on)
    known = {area: last_level(local, area) for area in AREAS if not standards.get(area)}
    if missing := [area for area, found in known.items() if found is None]:
        raise ParameterFault(
            Fault(
                f"no {area} standard is known here", str(report.region), hint=f'give one, such as {area}_standard="700"'
            )
            for area in missing
        )
    return {area: fen(standards[area]) for area in AREAS if standards.get(area)} | {
        area: half_up(found.fen_month) for area, found in known.items() if found
    }


def law(box: Sandbox, step_pct: int) -> Places:
    """Read the law of every place of the population, with the standard of a step in place of the published one."""
    keys = box.homes.select("region_code", "urban").unique().sort("region_code", "urban").rows()
    book, figures = box.report.book, box.report.figures
    asked = sisters(keys, book, figures)
    given = {area: {STANDARD: box.standard(area, step_pct) * MONTHS} for area in AREAS}
    held = places(book, figures, asked.values(), box.on, WANTED, given=lambda _, area: given[area], stale=True)
    return Places(box.on, WANTED, {key: held.locals[asked[key]] for key in keys})


def judge(box: Sandbox, step_pct: int) -> pl.DataFrame:
    """Judge every household under the standard of a step."""
    made = assess(box.homes.lazy(), box.people.lazy(), law(box, step_pct), ends=False, nullable=())
    judged: pl.DataFrame = made.households.collect(engine="streaming").sort("household_id")
    return judged


def outcome(box: Sandbox, step_pct: int, judged: pl.DataFrame) -> dict[str, Any]:
    """Add up one step: who is helped, what it costs, and what is left of the poverty gap at the standard in force today."""
    on_dibao = judged.filter(pl.col("category") == CATEGORIES.index("dibao"))
    persons = int(judged["members"].sum())
    held = _sample(box, judged)
    before, after = (gap_total(held, when).numerator for when in ("before", "after"))
    return {
        "step_pct": step_pct,
        **{f"standard_{area}_yuan": box.standard(area, step_pct) // FEN_PER_YUAN for area in AREAS},
        "dibao_persons_per_10k": Fraction(PER * int(on_dibao["members"].sum()), persons),
        "dibao_households_share": Fraction(on_dibao.height, judged.height),
        "cost_yuan_month_per_10k": Fraction(PER * int(judged["dibao_benefit_fen"].sum()), persons * FEN_PER_YUAN),
        "poverty_rate_after": fgt(held, 0, "after").value,
        "poverty_gap_after": fgt(held, 1, "after").value,
        "gap_closed_share": 1 - after / before if before else None,
    }


def _sample(box: Sandbox, judged: pl.DataFrame) -> Sample:
    """Line up incomes and benefits per head against the standard of step nought, a fixed yardstick."""
    members = judged["members"].to_numpy()
    counted = members > 0
    line = judged["urban"].replace_strict({True: box.standard("urban", 0), False: box.standard("rural", 0)}).to_numpy()
    income, benefit = (
        judged[name].to_numpy()[counted] / members[counted] / FEN_PER_YUAN
        for name in ("counted_income_fen", "dibao_benefit_fen")
    )
    return sample(income, benefit, line[counted] / FEN_PER_YUAN, members[counted])


def by_area(box: Sandbox, step_pct: int, judged: pl.DataFrame) -> list[dict[str, Any]]:
    """Add up one step for town and country."""
    rows = []
    for area in AREAS:
        own = judged.filter(pl.col("urban") == (area == "urban"))
        if not own.height:
            continue
        helped = own.filter(pl.col("category") == CATEGORIES.index("dibao"))
        persons = int(own["members"].sum())
        rows.append({
            "area": area, "step_pct": step_pct, "standard_yuan": box.standard(area, step_pct) // FEN_PER_YUAN,
            "dibao_persons_per_10k": Fraction(PER * int(helped["members"].sum()), persons),
            "cost_yuan_month_per_10k": Fraction(PER * int(own["dibao_benefit_fen"].sum()), persons * FEN_PER_YUAN),
        })  # fmt: skip
    return rows
