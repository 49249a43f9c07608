"""What invented households can teach: the measures of targeting and impact under three ways to pay; nothing here is of a real place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from aidlib.errors import DataGap
from aidlib.evaluation import indicators
from aidlib.evaluation.measures import Records, Seen, payment
from aidlib.evaluation.ranking import gini
from aidlib.evaluation.sample import Floats, Indicator, Sample, of_totals
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import half_up
from aidlib.parameters import year as read_year
from aidlib.regions import NATION, Region
from aidlib.regions import place as place_named
from aidlib.regions import region as region_of
from aidlib.result import Frame
from aidlib.standards.levels import AREAS

if TYPE_CHECKING:
    import pandas as pd

WAYS = ("roll", "gap", "universal")
FIFTHS = 5
LINE_MOVES = (Fraction(9, 10), Fraction(1), Fraction(11, 10))
FIFTH_INCOMES = "disposable_income_pc_quintile:{area}:q1"
MEASURES: dict[str, Callable[[Sample], Indicator]] = {
    "coverage_of_poor": indicators.coverage,
    "exclusion_error": indicators.exclusion_error,
    "inclusion_error": indicators.inclusion_error,
    "leakage": indicators.leakage,
    "targeting_differential": indicators.targeting_differential,
    "gap_reduction": indicators.gap_reduction,
    "benefit_cost": indicators.benefit_cost,
    "concentration_coefficient": indicators.concentration_coefficient,
    "cgh20": partial(indicators.cgh, share=0.2),
}


@dataclass(frozen=True)
class Invented:
    """Invented households of a place, and what each would get in three ways that cost the same but for `gap`.

    Attributes
    ----------
    ways : mapping of str to Sample
        `roll`: those on the invented roll get the published average payment, or the mean gap; `gap`: everyone below the standard gets
        exactly the gap, in whole fen; `universal`: the money of the roll is shared by everybody.
    households : int
        How many were drawn.
    """

    ways: Mapping[str, Sample]
    households: int

    def measures(self) -> Frame:
        """One row a measure: method_measure, and by way its value with status `synthetic` (floats: statistics of invented households)."""
        return _frame(
            "method_measure",
            [(name, {way: find(s).value for way, s in self.ways.items()}) for name, find in MEASURES.items()],
        )

    def incidence(self) -> Frame:
        """One row a fifth of income before the benefit: household_group, and by way its share of the money."""
        found = {way: [one.value for one in indicators.incidence(s, FIFTHS)] for way, s in self.ways.items()}
        return _frame(
            "household_group", [(f"fifth_{at + 1}", {way: found[way][at] for way in found}) for at in range(FIFTHS)]
        )

    def effects(self) -> Frame:
        """One row a measure of poverty or inequality: method_measure, before_benefit, and by way after it."""
        return _frame("method_measure", list(self._effects()), ("before_benefit", *WAYS))

    def _effects(self) -> Iterator[tuple[str, dict[str, float | None]]]:
        first = self.ways["roll"]
        for alpha in (0, 1, 2):
            after = {way: indicators.fgt(s, alpha, "after").value for way, s in self.ways.items()}
            yield f"fgt{alpha}", {"before_benefit": indicators.fgt(first, alpha, "before").value, **after}
        yield (
            "gini",
            {
                "before_benefit": gini(first.before, first.persons),
                **{way: gini(s.after, s.persons) for way, s in self.ways.items()},
            },
        )

    def sensitivity(self) -> Frame:
        """One row a line (nine tenths of the standard, the standard, eleven tenths): line_share, and errors and gap reduction of the roll."""
        names = ("exclusion_error", "inclusion_error", "gap_reduction")
        roll = self.ways["roll"]
        rows = [(share, {name: MEASURES[name](roll.against(share)).value for name in names}) for share in LINE_MOVES]
        return _frame("line_share", rows, names)


def _frame(first: str, rows: list[tuple[Any, dict[str, float | None]]], columns: tuple[str, ...] = WAYS) -> Frame:
    """Lay out rows with the status of every number beside it."""
    import pandas as pd

    cells: Any = [
        [name, *(cell for column in columns for cell in (found[column], "synthetic"))] for name, found in rows
    ]
    frame: pd.DataFrame = pd.DataFrame(
        cells, columns=[first, *(part for name in columns for part in (name, f"{name}_status"))]
    )
    return Frame(frame)


def invented_households(
    region: str | int | Region,
    year: int | str,
    households: int = 5_000,
    seed: int = 1,
    law: Book | None = None,
    figures: Figures | None = None,
) -> Invented:
    """造一批住户来演示方法。 Draw invented households of a place and year and pay them in three ways: see `invent`.

    Examples
    --------
    >>> set(invented_households("450400", 2019, households=500).measures().to_frame()["gap_status"])
    {'synthetic'}
    """
    return invent(
        Records(law or Book(), figures or Figures(), place_named(region).code, read_year(year)), households, seed
    )


def invent(at: Records, households: int, seed: int) -> Invented:
    """造一批住户来演示方法。 Draw invented households of a place and pay them in three ways.

    Raises
    ------
    DataGap
        The level of town or country is not known for the year.
    """
    from aidlib.register.synthetic import population

    levels = {area.area: area.level for area in at.basis if area.level}
    if lost := [area for area in AREAS if area not in levels]:
        raise DataGap(
            f"no {' or '.join(lost)} level of {at.year}",
            where=str(region_of(at.place)),
            hint="name a year with a level",
        )
    homes, people = (frame.to_pandas() for frame in population(households, seed, at.place, at.figures).block(0))
    members = people.groupby("household_id").size().reindex(homes["household_id"]).to_numpy(float)
    urban = homes["urban"].to_numpy(bool)
    factor = np.where(urban, _factor(at, "urban"), _factor(at, "rural"))
    income = np.rint(homes["income_fen"].to_numpy(float) * factor) * MONTHS_PER_YEAR
    year = {area: half_up(level.fen_month * MONTHS_PER_YEAR) for area, level in levels.items()}
    need = np.where(urban, year["urban"], year["rural"]) * members
    on_roll = homes["on_dibao"].to_numpy(bool)
    gap = np.ceil(np.maximum(need - income, 0) / MONTHS_PER_YEAR) * MONTHS_PER_YEAR
    roll = np.where(on_roll, _each(at, urban, gap, members) * members, 0.0)
    everybody = np.floor(roll.sum() / members.sum()) * members
    paid = {"roll": roll, "gap": gap, "universal": everybody}
    return Invented({way: of_totals(income, benefit, need, members) for way, benefit in paid.items()}, households)


def _factor(at: Records, area: str) -> float:
    """The nation's income per head of the year over that of the year of the published fifths; 1 where it is not published."""
    fifths = at.figures.latest(NATION, FIFTH_INCOMES.format(area=area))
    series = f"disposable_income_pc:{area}"
    then, now = at.figures.find(NATION, series, str(at.year)), fifths and at.figures.find(NATION, series, fifths.period)
    return float(then.value / now.value) if then and now else 1.0


def _each(at: Records, urban: Any, gap: Any, members: Any) -> Floats:
    """What each person on the roll gets a year, in fen: the published average payment of the area, else the mean gap of those in need."""
    each = np.zeros(len(gap))
    for area, rows in (("urban", urban), ("rural", ~urban)):
        found = payment(at, area)
        poor = rows & (gap > 0)
        mean = np.floor(gap[poor].sum() / max(members[poor].sum(), 1))
        each[rows] = half_up(found.value.fen_month) * MONTHS_PER_YEAR if isinstance(found, Seen) else mean
    return each
