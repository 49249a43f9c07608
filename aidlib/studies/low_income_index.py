"""Do prices rise faster for low-income households: the compiled index against the general one, by class, by weights, against what was published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.errors import DataGap
from aidlib.indices import Figures
from aidlib.known import Missing
from aidlib.money import exact
from aidlib.prices import index_numbers, scpi
from aidlib.prices.months import span
from aidlib.regions import NATION, Region, lineage, place, province_of, region
from aidlib.result import Frame, Result

if TYPE_CHECKING:
    import pandas as pd

TABLES = {
    "fujian_urban_2013_low": ("350000", "2013", "consumption_group:urban:low_20"),
    "fujian_urban_2013_second": ("350000", "2013", "consumption_group:urban:lower_middle_20"),
    "sanming_rural_2022_low": ("350400", "2022", "consumption_group:rural:low_20"),
    "sanming_total_2022_low": ("350400", "2022", "consumption_group:total:low_20"),
}
"""Spending tables with all eight classes, whose shares may be weights."""
FOOD, GENERAL = "food_tobacco_alcohol", "cpi_yoy:total:all_items"
WEIGHED = ("2016", "2020")
PUBLISHED = {"published": "scpi_yoy:total:all_items", "at_least": "scpi_yoy_at_least:total:all_items"}
YEAR = 12


@dataclass(frozen=True)
class Month:
    """One month, in percentage points on the year: the compiled low-income index, the general index, and food."""

    month: str
    compiled: Fraction
    general: Fraction
    food: Fraction

    @property
    def gap(self) -> Fraction:
        """Low-income index less the general one."""
        return self.compiled - self.general


@dataclass(frozen=True)
class Weights:
    """What another table of spending makes of the gap, in points."""

    table: str
    food_share: Fraction
    mean: Fraction
    largest: Fraction
    smallest: Fraction


@dataclass(frozen=True)
class LowIncomeIndex(Result):
    """The compiled low-income index of a place month by month, beside its general index.

    Attributes
    ----------
    place : str
        Region code.
    months : tuple of Month
        Those with all eight classes and the general index.
    figures : Figures
        What it was compiled from.
    """

    place: str
    months: tuple[Month, ...]
    figures: Figures

    @property
    def above(self) -> int:
        """Months in which it lies above the general index."""
        return sum(month.gap > 0 for month in self.months)

    @property
    def mean_gap(self) -> Fraction:
        """Mean gap in points."""
        return sum((month.gap for month in self.months), Fraction()) / len(self.months)

    @property
    def largest(self) -> Month:
        """The month with the largest gap."""
        return max(self.months, key=lambda month: month.gap)

    @property
    def few(self) -> bool:
        """Less than a year of months: no pattern can be read from them."""
        return len(self.months) < YEAR

    def led_by_food(self, led: bool = True) -> tuple[int, int]:
        """Months in which food rose faster than the general index (or did not), and in how many of them the gap is above nought."""
        own = [month for month in self.months if (month.food > month.general) is led]
        return len(own), sum(month.gap > 0 for month in own)

    def to_frame(self) -> pd.DataFrame:
        """One row a month: month, compiled_rise (estimated) and cpi_rise as plain ratios, gap_points."""
        import pandas as pd

        rows = [[one.month, one.compiled / 100, "estimated", one.general / 100, one.gap] for one in self.months]
        return pd.DataFrame(rows, columns=["month", "compiled_rise", "compiled_rise_status", "cpi_rise", "gap_points"])

    def classes(self) -> Frame:
        """差额按类分解。 The gap of the last month of the basket of 2016 to 2020, for which general weights are known: spending_class, class_rise,
        weight_low, weight_all (percent), contribution (points); no row where no month is of that basket."""
        import pandas as pd

        columns = ["spending_class", "class_rise", "weight_low", "weight_all", "contribution"]
        if self.split_month is None:
            frame = pd.DataFrame(columns=columns)
            frame.attrs["lacking"] = [Missing("general_weights", place=self.place)]
            return Frame(frame)
        parts = scpi.decomposition(self.figures, self.place, self.split_month).sort_values(
            "contribution", key=abs, ascending=False, kind="stable"
        )
        rows = [
            [row["class"], exact(f"{row['rise']:.4f}"), *(exact(f"{row[name]:.6f}") for name in columns[2:])]
            for row in parts.to_dict("records")
        ]
        return Frame(pd.DataFrame(rows, columns=columns))

    @property
    def split_month(self) -> str | None:
        """The last month for whose basket the weights of all households are known."""
        return next((one.month for one in reversed(self.months) if WEIGHED[0] <= one.month[:4] <= WEIGHED[1]), None)

    @property
    def weights(self) -> tuple[Weights, ...]:
        """The gap under each table of spending."""
        return tuple(self._under(name) for name in TABLES)

    def _under(self, name: str) -> Weights:
        shares = scpi.low_income_shares(self.figures, TABLES[name])
        rises = [(scpi.rise(self.figures, self.place, one.month, shares), one.general) for one in self.months]
        gaps = [rise - general for rise, general in rises if rise is not None]
        return Weights(name, shares[FOOD], sum(gaps, Fraction()) / len(gaps), max(gaps), min(gaps))

    def sensitivity(self) -> Frame:
        """换一套权数。 How much the choice of spending table moves the gap: spending_table, food_share, mean_gap, largest_gap, smallest_gap (points)."""
        import pandas as pd

        rows = [[one.table, one.food_share, one.mean, one.largest, one.smallest] for one in self.weights]
        return Frame(
            pd.DataFrame(rows, columns=["spending_table", "food_share", "mean_gap", "largest_gap", "smallest_gap"])
        )

    @property
    def turns(self) -> bool:
        """Whether the sign of the mean or of the largest gap depends on the weights."""
        found = self.weights
        return any(min(gaps) < 0 < max(gaps) for gaps in ([one.mean for one in found], [one.largest for one in found]))

    def checked(self) -> Checked | None:
        """分解核对。 Over every month of a known basket: how far the parts are from the gap, and the same sum with general weights from the CPI."""
        found = [
            check for one in self.months if WEIGHED[0] <= one.month[:4] <= WEIGHED[1] and (check := self._check(one))
        ]
        return Checked(max(part for part, _ in found), max(off for _, off in found)) if found else None

    def _check(self, one: Month) -> tuple[Fraction, Fraction] | None:
        moved = scpi.relatives(self.figures, self.place, one.month)
        if moved is None:
            return None
        low = scpi.weights_before(self.figures, self.place, one.month, scpi.low_income_shares(self.figures))
        every = scpi.weights_before(self.figures, self.place, one.month, scpi.cpi_weights(self.figures, self.place))
        total = index_numbers.lowe(every, moved)
        parts = sum(index_numbers.difference(low, every, moved).values(), Fraction(0))
        return abs(parts - (index_numbers.lowe(low, moved) - total)), abs((total - 1) * 100 - one.general)


@dataclass(frozen=True)
class Checked:
    """Largest difference of parts and gap, exact, and of the general index worked out in the same way and the published one, in points."""

    parts: Fraction
    general: Fraction


def low_income_index(
    region: str | int | Region, first: str, last: str, figures: Figures | None = None
) -> LowIncomeIndex:
    """低收入居民价格指数（编制）。 Compile the low-income index of a place month by month; it is never a published one.

    Raises
    ------
    DataGap
        No month has all eight classes and the general index; the months of the place, its province and the nation are named.

    Examples
    --------
    >>> found = low_income_index("450000", "2019-11", "2020-04")
    >>> len(found.months), found.above, found.led_by_food()
    (6, 6, (6, 6))
    """
    read, where = figures or Figures(), place(region)
    months = tuple(_months(read, where.code, first, last))
    if not months:
        raise DataGap(
            f"no month from {first} to {last} has all eight class indices",
            where=str(where),
            hint=_known(read, where.code),
        )
    return LowIncomeIndex(where.code, months, read)


def _months(figures: Figures, code: str, first: str, last: str) -> Iterator[Month]:
    for month in span(first, last):
        low, general = scpi.rise(figures, code, month), figures.find(code, GENERAL, month)
        food = figures.find(code, f"cpi_yoy:total:{FOOD}", month)
        if low is not None and general and food:
            yield Month(month, low, general.rise, food.rise)


def _known(figures: Figures, code: str) -> str:
    needed = [f"cpi_yoy:total:{name}" for name in (*scpi.CLASSES, "all_items")]
    found = []
    for one in dict.fromkeys((code, *lineage(province_of(code).code), NATION)):
        months = sorted(set.intersection(*(set(figures.all(one, series)) for series in needed)))
        if months:
            found.append(f"{region(one)}: {len(months)} months from {months[0]} to {months[-1]}")
    return "; ".join(found)


@dataclass(frozen=True)
class Case:
    """A published value, or a bound that a payment implies, beside the compiled index of its province, in points."""

    place: str
    month: str
    kind: str
    known: Fraction
    compiled: Fraction | None

    @property
    def off(self) -> Fraction | None:
        """Compiled less known."""
        return None if self.compiled is None else self.compiled - self.known


@dataclass(frozen=True)
class PublishedCases(Result):
    """Every published low-income index and every bound from a payment, beside the compiled one."""

    cases: tuple[Case, ...]

    def offs(self, kind: str) -> list[Fraction]:
        """Compiled less known, of those that can be compared: `published` or `at_least`."""
        return [case.off for case in self.cases if case.kind == kind and case.off is not None]

    def below(self, kind: str) -> int:
        """How often the compiled one lies below."""
        return sum(off < 0 for off in self.offs(kind))

    @property
    def mean(self) -> Fraction:
        """Mean of compiled less published."""
        found = self.offs("published")
        return sum(found, Fraction()) / len(found) if found else Fraction()

    @property
    def most(self) -> Fraction:
        """Largest distance to a published value."""
        return max(map(abs, self.offs("published")), default=Fraction())

    @property
    def low(self) -> bool:
        """Whether the compiled index runs low: below more than half of the published values."""
        return 2 * self.below("published") > len(self.offs("published"))

    def to_frame(self) -> pd.DataFrame:
        """One row a case: region, month, case_kind, known_rise, compiled_rise (plain ratios), gap_points."""
        import pandas as pd

        rows = [[one.place, one.month, one.kind, one.known / 100, None if one.compiled is None else one.compiled / 100,
                 None if one.compiled is None else "estimated", one.off] for one in self.cases]  # fmt: skip
        columns = ["region", "month", "case_kind", "known_rise", "compiled_rise", "compiled_rise_status", "gap_points"]
        return pd.DataFrame(rows, columns=columns)


def published_low_income(figures: Figures | None = None) -> PublishedCases:
    """与公布值对照。 Hold the compiled index of the province against every published one, and against what payments imply.

    Examples
    --------
    >>> found = published_low_income()
    >>> len(found.offs("published")) > 0, found.below("published") <= len(found.offs("published"))
    (True, True)
    """
    read = figures or Figures()
    return PublishedCases(tuple(
        Case(code, month, kind, read.get(code, series, month).rise, scpi.rise(read, province_of(code).code, month))
        for kind, series in PUBLISHED.items() for code in read.places(series) for month in read.all(code, series)
    ))  # fmt: skip
