"""What a level is worth, year by year, how it moved, and what a change costs: ratios with both ends, growth with its deflator, cost as a range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, final

from aidlib.errors import DataFault
from aidlib.indices import Figure, Figures
from aidlib.known import Given, Known, Missing
from aidlib.law import Book, Status, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, decimal_text, digits, exact, half_up
from aidlib.regions import NATION, children, lineage, province_of
from aidlib.result import Frame, Result
from aidlib.standards.level_ranges import LevelRange
from aidlib.standards.levels import AREAS, FLOORS, Level, announced, average_series, current
from aidlib.standards.methods import WAGE, YUAN_MONTH, YUAN_YEAR
from aidlib.standards.published import CONSUMPTION, INCOME

if TYPE_CHECKING:
    import pandas as pd


@final
@dataclass(frozen=True)
class Ratio:
    """A ratio with both its ends, so that a page can print 625/835 beside 74.85%.

    Attributes
    ----------
    name : str
        What is measured, or measured against.
    numerator_fen_month, denominator_fen_month : Fraction
        Exact fen a month.
    low, high : Fraction or None
        Ends of the ratio where either number is known as a range only; high is None where nothing limits it.
    status : str
        As weak as the weaker of the two.
    """

    name: str
    numerator_fen_month: Fraction
    denominator_fen_month: Fraction
    low: Fraction | None = None
    high: Fraction | None = None
    status: Status = "estimated"

    @property
    def value(self) -> Fraction:
        """The exact ratio."""
        return self.numerator_fen_month / self.denominator_fen_month

    def at(self, decimals: int | None) -> Fraction:
        """The ratio half-up at so many decimals of a percent; exact where None."""
        if decimals is None:
            return self.value
        scale = 100 * 10**decimals
        return Fraction(half_up(self.value * scale), scale)


def adequacy(name: str, level: Given, per_head: Given) -> Ratio:
    """保障水平:年标准与上年人均数之比。 A year of the standard over last year's figure per head: ``12 z / C``."""
    return _ratio(name, Known.of(level, "level", YUAN_MONTH), Known.of(per_head, name, YUAN_YEAR))


def to_minimum_wage(level: Given, wage: Given) -> Ratio:
    """与月最低工资之比。 The standard over the monthly minimum wage.

    Examples
    --------
    >>> to_minimum_wage("588", "1470").value
    Fraction(2, 5)
    """
    return _ratio("minimum_wage", Known.of(level, "level", YUAN_MONTH), Known.of(wage, "minimum_wage", WAGE))


def urban_rural(urban: Given, rural: Given) -> Ratio:
    """农村与城市标准之比。 The rural standard over the urban one, both per month."""
    country = Known.of(rural, "rural_level", YUAN_MONTH)
    return _ratio("rural_urban_ratio", country, Known.of(urban, "urban_level", YUAN_MONTH))


def agrees(stated: str, number: Fraction) -> bool:
    """核对公布的比例。 Does an exact number round, half-up, to what was stated, at the decimals it was stated with?"""
    scale = int(10 ** len(stated.partition(".")[2]))
    return half_up(number * scale) == exact(stated) * scale


@final
@dataclass(frozen=True)
class Growth:
    """A rise from one level to the next.

    Attributes
    ----------
    rate : Fraction
        Exact nominal rate the two levels show.
    stated : str
        Percent as announced, or an empty string.
    deflator : Known or None
        The price index the real rate is reckoned with; None where none is known.
    stated_row : Value or None
        The row of law that holds what was announced.
    """

    rate: Fraction
    stated: str = ""
    deflator: Known | None = None
    stated_row: Value | None = None

    @property
    def real_rate(self) -> Fraction | None:
        """The rate after prices; None where no index is known."""
        return None if self.deflator is None else (1 + self.rate) / (1 + self.deflator.ratio) - 1

    @property
    def as_stated(self) -> bool | None:
        """True where the levels show what was announced; None where nothing was announced."""
        return agrees(self.stated, self.rate * 100) if self.stated else None


def growth(before: Given, after: Given, stated: str | Value = "", deflator: Given | None = None) -> Growth:
    """名义增幅与实际增幅。 The rise between two levels, beside the one that was announced, and what prices left of it."""
    old, new = (Known.of(level, "level", YUAN_MONTH).fen_month for level in (before, after))
    if old <= 0:
        raise DataFault("growth needs a level above zero to start from", got=str(before))
    prices = None if deflator is None else Known.of(deflator, "cpi", "pct")
    row = stated if isinstance(stated, Value) else None
    return Growth(new / old - 1, row.text if row else str(stated), prices, row)


@final
@dataclass(frozen=True)
class Cost:
    """Extra spending on the present recipients.

    Attributes
    ----------
    low_fen, high_fen : Fraction
        Range for the months asked about, in fen. `low` lets payments grow with the standard (tiers); `high` gives every
        recipient the whole difference (gap payments). None of them counts people who newly qualify.
    inputs : tuple of Known
        Recipients, and the average payment before the change where one is known.
    months : int
        Months it covers.
    """

    low_fen: Fraction
    high_fen: Fraction
    inputs: tuple[Known, ...]
    months: int

    @property
    def status(self) -> Status:
        """As weak as the weakest input."""
        return weakest(*(item.status for item in self.inputs))


def cost_of_change(
    before: Given, after: Given, persons: Given, payment: Given | None = None, months: int = MONTHS_PER_YEAR
) -> Cost:
    """提标所需资金的区间。 Range of the cost of raising a standard, on the recipients there are.

    Under gap payments every recipient gains the whole difference: ``high = N (z' - z) months``. Where payments follow
    tiers they grow with the standard: ``low = N p (z'/z - 1) months`` with ``p`` the average payment *before* the change
    (`payment_before` works it out of a later one). Without one the range is closed at the top only and starts at zero.
    A payment above the standard is possible (top-ups): the ends are put in order.
    """
    old, new = (Known.of(level, "level", YUAN_MONTH).fen_month for level in (before, after))
    heads = Known.of(persons, "recipients", "persons")
    paid = None if payment is None else Known.of(payment, "average_payment", YUAN_MONTH)
    whole = heads.number * (new - old) * months
    part = Fraction(0) if paid is None else heads.number * paid.fen_month * (new / old - 1) * months
    low, high = sorted((part, whole))
    return Cost(low, high, (heads,) if paid is None else (heads, paid), months)


def payment_before(payment: Given, before: Given, after: Given) -> Known:
    """提标前的补助水平。 The average payment before a change, from one published after it: scaled by the old over the new level, to the fen.

    Examples
    --------
    >>> payment_before("439", "587", "680").fen_month
    Fraction(37896, 1)
    """
    old, new = (Known.of(level, "level", YUAN_MONTH).fen_month for level in (before, after))
    paid = Known.of(payment, "average_payment", YUAN_MONTH)
    fen = half_up(paid.fen_month * old / new)
    return Known(Fraction(fen, FEN_PER_YUAN), YUAN_MONTH, weakest("estimated", paid.status), None, paid.rows, paid.name)


@dataclass(frozen=True)
class Worth:
    """What a level is worth beside one published amount.

    Attributes
    ----------
    area : str
        `urban` or `rural`.
    level : Known
        The level, yuan a month.
    against : Known
        A mean per head of the year before, or a minimum wage.
    ratio : Ratio
        A year of the level over a year of it.
    stated : Value or None
        The share the place itself stated.
    """

    area: str
    level: Known
    against: Known
    ratio: Ratio
    stated: Value | None = None

    @property
    def agrees(self) -> bool | None:
        """Whether the stated share is reproduced; None where none was stated, or only a range is known."""
        if self.stated is None or not self.against.point:
            return None
        text = decimal_text(self.stated.number * 100, max(len(self.stated.text.partition(".")[2]) - 2, 0))
        return agrees(text, self.ratio.value * 100)


@dataclass(frozen=True)
class Adequacy(Result):
    """What the levels of a place are worth: a year of each over last year's means per head, and over the minimum wages."""

    found: tuple[Worth, ...]
    missing: tuple[Missing, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """One row a level and amount: area, measured_against (series), region, period, base (as published), formula, adequacy_ratio and stated_ratio
        (plain), agrees, sources; what is known as a range only is one; what lacks is in `attrs["lacking"]`."""
        import pandas as pd

        columns = ["area", "measured_against", "region", "period", "base", "formula", "adequacy_ratio", "stated_ratio", "agrees", "sources"]  # fmt: skip
        frame = pd.DataFrame([_worth_row(one) for one in self.found], columns=columns)
        frame.attrs["lacking"] = list(self.missing)
        return frame


def _worth_row(one: Worth) -> list[Any]:
    base, ratio = one.against, one.ratio
    share = Known(ratio.value, "ratio", ratio.status, low=ratio.low, high=ratio.high)
    ends = [digits(end) for end in base.ends if end is not None]
    below = f"({'–'.join(ends)})" if len(ends) > 1 else ends[0]
    months = "" if base.unit == WAGE else f" × {MONTHS_PER_YEAR}"
    formula = f"{digits(one.level.fen_month / FEN_PER_YUAN)}{months} ÷ {below}" if one.level.point else ""
    rows = [*one.level.rows, *base.rows, *([one.stated] if one.stated else [])]
    stated = one.stated.number if one.stated else None
    return [one.area, base.name, base.region, base.period, base, formula, share, stated, one.agrees, rows]


def _ratio(name: str, numerator: Known, denominator: Known) -> Ratio:
    if denominator.fen_month <= 0:
        raise DataFault("a ratio needs a base above zero", where=name, got=str(denominator.fen_month))
    found = Ratio(
        name, numerator.fen_month, denominator.fen_month, status=weakest(numerator.status, denominator.status)
    )
    if numerator.point and denominator.point:
        return found
    (first, *_, last), (least, *_, most) = (2 * one.ends_fen_month for one in (numerator, denominator))
    if not first or not least or not most:
        return found
    return replace(found, low=first / most, high=None if last is None else last / least)


YEARS = 15
WHOSE = ("urban", "rural", "total")
SERIES = {"consumption": CONSUMPTION, "income": INCOME}
CPI = "cpi_annual:total:all_items"


@dataclass(frozen=True)
class LevelHistory(Result):
    """The levels a place announced, year by year, and for a year without one the range it lies in.

    Attributes
    ----------
    place, year : str, int
        Region code, and the last year.
    levels : dict of int to dict of str to Level
        By year and area, oldest first; years without a level are left out.
    ranges : dict of str to LevelRange
        Of the last year, by area, where no level of that year is known.
    """

    place: str
    year: int
    levels: Mapping[int, Mapping[str, Level]]
    ranges: Mapping[str, LevelRange]

    def to_frame(self) -> pd.DataFrame:
        """One row a year: year, and by area level (exact fen a month, or a range) with its status, kind (or how a range is known) and part;
        ratio of rural to urban where both are of one kind and part; sources."""
        import pandas as pd

        rows = [self._row(year, levels) for year, levels in self.levels.items()]
        if self.ranges and self.year not in self.levels:
            rows.append(self._row(self.year, {}))
        columns = ["year", *(f"{name}_{area}{end}" for area in AREAS for name, end in NAMES), "ratio", "sources"]
        return pd.DataFrame(rows, columns=columns)

    def _row(self, year: int, levels: Mapping[str, Level]) -> dict[str, Any]:
        row: dict[str, Any] = {"year": year, "sources": [level.basis for level in levels.values()]}
        for area, level in levels.items():
            row |= {f"level_{area}": level.fen_month, f"level_{area}_status": level.status, f"kind_{area}": level.kind}
            row[f"part_{area}"] = level.part or None
        for area, found in self.ranges.items() if year == self.year else ():
            row |= {f"level_{area}": found.known, f"kind_{area}": found.how}
            row["sources"] = [*row["sources"], *found.basis, *([found.floor] if found.floor else [])]
        if len(levels) == len(AREAS) and len({(level.kind, level.part) for level in levels.values()}) == 1:
            row["ratio"] = urban_rural(levels["urban"].basis, levels["rural"].basis).value
        return row


NAMES = (("level", ""), ("level", "_status"), ("kind", ""), ("part", ""))


def level_history(
    law: Book, figures: Figures, place: str, year: int, ranges: Mapping[str, LevelRange], years: int = YEARS
) -> LevelHistory:
    """历年标准。 Every level a place announced in the years up to one, urban and rural."""
    first = max(_first_year(law, figures, place), year - years + 1)
    every = {one: {area: announced(law, figures, place, area, one) for area in AREAS} for one in range(first, year + 1)}
    held = {one: {area: level for area, level in levels.items() if level} for one, levels in every.items()}
    return LevelHistory(place, year, {one: levels for one, levels in held.items() if levels}, ranges)


def _first_year(law: Book, figures: Figures, place: str) -> int:
    places = lineage(place)
    starts = [e.start.year for e in law.tables.entries if e.key[0] in places and e.key[1].startswith("dibao_")]
    periods = [int(period[:4]) for area in AREAS for period in figures.all(place, average_series(area))]
    return min([*starts, *periods], default=date.max.year)


@dataclass(frozen=True)
class References(Result):
    """Consumption and income per head, and the rise of prices, year by year.

    Attributes
    ----------
    place : str
        Whose consumption and income they are: the place itself, else its province.
    figures : dict of int to dict of str to Figure
        By year and column.
    """

    place: str
    figures: Mapping[int, Mapping[str, Figure]]

    def to_frame(self) -> pd.DataFrame:
        """One row a year: consumption and income of town, country and all residents (yuan a year), price_rise of the province and
        price_rise_nation (plain ratios), sources. All residents are shown only where town or country has gaps."""
        import pandas as pd

        per_head = {f"{what}_{area}": (what, area) for what in SERIES for area in WHOSE}
        rows = {year: held for year, held in self.figures.items() if per_head.keys() & held.keys()} or self.figures
        whole = {what for what in SERIES if all(f"{what}_{area}" in held for held in rows.values() for area in AREAS)}
        shown = [name for name, (what, area) in per_head.items() if area != "total" or what not in whole]
        shown += ["price_rise", "price_rise_nation"]
        columns = ["year", *(f"{name}{end}" for name in shown for end in ("", "_status")), "sources"]
        return pd.DataFrame([_reference_row(year, held, columns) for year, held in rows.items()], columns=columns)


@dataclass(frozen=True)
class AdequacyHistory(Result):
    """What the levels of past years were worth beside the means per head published for the place the year before.

    Attributes
    ----------
    found : tuple of (int, Level, Figure, Ratio)
        The year, its level, the mean (consumption or income of the level's area) and a year of the one over the other.
    """

    found: tuple[tuple[int, Level, Figure, Ratio], ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a year: year, consumption_share_urban, consumption_share_rural, income_share_urban, income_share_rural (plain ratios, each
        with its status), sources."""
        import pandas as pd

        rows: dict[int, dict[str, Any]] = {}
        for year, level, mean, ratio in self.found:
            row = rows.setdefault(year, {"year": year, "sources": []})
            row |= {ratio.name: ratio.value, f"{ratio.name}_status": ratio.status}
            row["sources"] += [row_read for row_read in (level.basis, mean) if row_read not in row["sources"]]
        names = [f"{what}_share_{area}" for what in SERIES for area in AREAS]
        columns = [f"{name}{end}" for name in names for end in ("", "_status")]
        return pd.DataFrame(list(rows.values()), columns=["year", *columns, "sources"])


def adequacy_history(history: LevelHistory, figures: Figures) -> AdequacyHistory:
    """历年保障水平。 A year of each announced level over consumption and income per head of its area the year before, as published."""
    found = []
    for year, levels in history.levels.items():
        for what, area in product(SERIES, levels):
            if mean := figures.find(history.place, f"{SERIES[what]}:{area}", str(year - 1)):
                ratio = adequacy(f"{what}_share_{area}", levels[area].known, mean)
                found.append((year, levels[area], mean, ratio))
    return AdequacyHistory(tuple(found))


def _reference_row(year: int, held: Mapping[str, Figure], columns: list[str]) -> dict[str, Any]:
    own = {name: figure for name, figure in held.items() if name in columns}
    cells = {name: figure.rise / 100 if name.startswith("price") else figure.value for name, figure in own.items()}
    statuses: dict[str, Status] = {f"{name}_status": figure.status for name, figure in own.items()}
    return {"year": year, **cells, **statuses, "sources": list(own.values())}


def references(figures: Figures, place: str, first: int, last: int) -> References:
    """历年消费支出、可支配收入与物价。 What standards stand beside, from one year to another."""
    own = any(figures.all(place, f"{what}:{area}") for what in SERIES.values() for area in WHOSE)
    whose, province = place if own else province_of(place).code, province_of(place).code
    asked = {f"{name}_{area}": (whose, f"{what}:{area}") for name, what in SERIES.items() for area in WHOSE}
    asked |= {"price_rise": (province, CPI), "price_rise_nation": (NATION, CPI)}
    found = {}
    for year in range(first, last + 1):
        held = {name: figures.find(code, series, str(year)) for name, (code, series) in asked.items()}
        if known := {name: figure for name, figure in held.items() if figure}:
            found[year] = known
    return References(whose, found)


def floor_classes(law: Book, place: str, year: int) -> Frame:
    """省定最低标准的分类。 The lowest standards a province permits by class of its places, at the end of a year; no rows where it has no classes."""
    import pandas as pd

    local = law.at(place, date(year, 12, 31))
    groups = [group.partition(":") for group in law.groups(local.place, FLOORS[0], local.on) if ":" in group]
    rows: dict[str, dict[str, Any]] = {}
    for area, _, part in sorted(groups, key=lambda group: (group[2], AREAS.index(group[0]))):
        value = local.value(FLOORS[0], f"{area}:{part}")
        row = rows.setdefault(part, {"class": part, "sources": []})
        row["sources"].append(value)
        row |= {f"level_{area}": value.fen_month, f"level_{area}_status": value.status}
    columns = ["class", *(f"level_{area}{end}" for area in AREAS for end in ("", "_status")), "sources"]
    return Frame(pd.DataFrame(rows.values(), columns=columns))


def levels_below(law: Book, figures: Figures, place: str, year: int) -> Frame:
    """所辖地区最近公布的标准。 The latest level each place directly below published itself, up to a year.

    Returns
    -------
    Frame
        One row a place, kind, part and year of level: place, level_urban and level_rural (exact fen a month; of an earlier year it is
        stale) each with its status, kind, part, set_in (the year), sources. Places without a level are left out.
    """
    import pandas as pd

    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for below, area in product(children(place), AREAS):
        level = current(law, figures, below.code, area, year + 1)
        if not level or level.place != below.code:
            continue
        key = (below.code, level.kind, level.part, str(level.year))
        row = rows.setdefault(key, dict(zip(BELOW, key, strict=True)) | {"sources": []})
        status = level.status if level.year == year else weakest(level.status, "stale")
        row |= {f"level_{area}": level.fen_month, f"level_{area}_status": status}
        row["sources"].append(level.basis)
    amounts = [f"level_{area}{end}" for area in AREAS for end in ("", "_status")]
    return Frame(
        pd.DataFrame(list(rows.values()), columns=[BELOW[0], *amounts, *BELOW[1:], "sources"]).replace("", None)
    )


BELOW = ("place", "kind", "part", "set_in")
