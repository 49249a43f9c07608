"""What follows from another standard on a synthetic population: caseload, cost and poverty gap, by the rules themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from aidlib.errors import DataGap, Fault, MoneyFault, ParameterFault
from aidlib.evaluation.poverty import fgt, gap_total
from aidlib.evaluation.sample import Sample, sample
from aidlib.law import Value
from aidlib.money import FEN_PER_YUAN, fen, half_up
from aidlib.prices.months import first_day
from aidlib.register.synthetic import population
from aidlib.rules.frames import assess
from aidlib.rules.job import sisters
from aidlib.rules.layers import CATEGORIES
from aidlib.rules.places import Places, places
from aidlib.standards.announced import average_series, fen_month
from aidlib.standards.levels import last_level

if TYPE_CHECKING:
    from aidlib.reports import Report

STANDARD, COST = "dibao_standard_fen_year", "cost_yuan_month_per_10k"
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
    known : dict of str to Value
        The law row behind each standard that was not given; it may be stale.
    steps_pct : tuple of int
        Changes of the standard in percent, ascending, nought among them.
    on : date
        The day whose rules hold.
    """

    report: Report
    homes: pl.DataFrame
    people: pl.DataFrame
    base_fen_month: dict[str, int]
    known: dict[str, Value]
    steps_pct: tuple[int, ...]
    on: date

    def standard(self, area: str, step_pct: int) -> int:
        """Return the monthly standard of a step in fen, to the whole yuan, halves up."""
        exact = Fraction(self.base_fen_month[area] * (100 + step_pct), 100)
        return half_up(exact / FEN_PER_YUAN) * FEN_PER_YUAN

    def begun_with(self) -> tuple[str, str]:
        """Say the standards of both areas, and until when a stale one is known: never today's where nobody said so."""
        zh, en = zip(*(self._begun(*area) for area in zip(AREAS, ("城市", "农村"), strict=True)), strict=True)
        return "、".join(zh), " and ".join(en)

    def _begun(self, area: str, area_zh: str) -> tuple[str, str]:
        yuan, row = self.standard(area, 0) // FEN_PER_YUAN, self.known.get(area)
        if row is None:
            zh, en = "参数给出", "given"
        elif row.status == "stale":
            zh, en = f"旧，只知道到{row.end}", f"stale: known until {row.end}"
        else:
            zh, en = f"{row.start}起执行", f"in force since {row.start}"
        return f"{area_zh}{yuan}元({zh})", f"{yuan} yuan ({area}; {en})"


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
        A period that is no month, steps that are no whole percentages, or an area whose standard is neither known nor given.
    """
    on, tried = first_day(report.period), _steps(steps)
    base, known = _base(report, standards, on)
    drawn = population(households, seed, report.region.code, report.figures)
    homes, people = (pl.concat(parts) for parts in zip(*map(drawn.block, range(drawn.blocks)), strict=True))
    return Sandbox(report, homes, people, base, known, tried, on)


def _steps(text: str) -> tuple[int, ...]:
    try:
        found = sorted({0, *map(int, text.split(","))})
    except ValueError:
        raise ParameterFault("not percentages", where="steps", expected="-10,0,10", got=text) from None
    if found[0] <= -100:
        raise ParameterFault("a standard cannot fall by all of itself", where="steps", expected="above -100", got=text)
    return tuple(found)


def _base(report: Report, standards: Mapping[str, str], on: date) -> tuple[dict[str, int], dict[str, Value]]:
    local = report.book.at(report.region.code, on)
    given = {area: standards[area] for area in AREAS if standards.get(area)}
    known = {area: last_level(local, area) for area in AREAS if area not in given}
    faults = [_unusable(area, text) for area, text in given.items() if _fen(text) <= 0]
    faults += [_unknown(report, area) for area, found in known.items() if found is None]
    if faults:
        raise ParameterFault(faults)
    rows = {area: found for area, found in known.items() if found}
    return {area: _fen(given[area]) if area in given else half_up(rows[area].fen_month) for area in AREAS}, rows


def _fen(text: str) -> int:
    """Read an amount in yuan; nought where it is none."""
    try:
        return fen(text)
    except MoneyFault:
        return 0


def _unusable(area: str, text: str) -> Fault:
    return Fault("not an amount of money", f"{area}_standard", "yuan a month above zero, to the fen", text)


def _unknown(report: Report, area: str) -> Fault:
    """Ask for a standard; a published average is offered as an example and called that."""
    average = report.figures.latest(report.region.code, average_series(area), report.period)
    yuan = "700" if average is None else f"{half_up(fen_month(average) / FEN_PER_YUAN)}"
    hint = f'give one, such as {area}_standard="{yuan}"'
    return Fault(f"no {area} standard is known here", str(report.region),
                 hint=hint if average is None else f"{hint} (the average over its places of {average.period})")  # fmt: skip


def times(now: dict[str, Any], then: dict[str, Any]) -> float:
    """Return the cost of one step over that of another.

    Raises
    ------
    DataGap
        Nobody drawn qualifies at the standard begun with, so that there is nothing to compare with.
    """
    if not now[COST]:
        raise DataGap("no household drawn qualifies at the standard begun with", where="households",
                      hint="more households, another seed or a higher standard")  # fmt: skip
    return float(then[COST] / now[COST])


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
    """Add up one step: who is helped, what it costs, and what is left of the poverty gap at the standard begun with."""
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
