"""What the work of a place comes to in a year: one function a measure, on the place's own published figures and law, the same for its peers."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from aidlib.indices import Figure, Figures
from aidlib.known import Known, Missing, Note
from aidlib.law import Book, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, digits, half_up
from aidlib.prices.linkage import Decision, decisions
from aidlib.prices.readings import SERIES
from aidlib.regions import province_of
from aidlib.standards.basis import AreaBasis, StandardBasis
from aidlib.standards.levels import AREAS, Level
from aidlib.standards.methods import YUAN_MONTH
from aidlib.standards.published import CONSUMPTION, INCOME
from aidlib.standards.published import recipients as published_recipients

PROTECTED, COVERED, DELIVERED = HEADS = ("protected", "covered", "delivered")
WHOLE = ("",)
PAID_TO, FLOOR = ("standard", "average"), "floor"
WAYS = (
    ("dibao_spend_ytd", "dibao_person_times_ytd"),
    ("dibao_spend_month", "dibao_recipients"),
    ("dibao_spend", "dibao_recipients"),
    ("dibao_spend_ytd", "dibao_recipients"),
)
"""Money and the heads that had it, the firmest first."""
PER_TEN_THOUSAND = 10_000
POINT = "pct_point"
Reader = TypeVar("Reader", Book, Figures)


@dataclass(frozen=True)
class Seen:
    """A measure of one place, area and year.

    Attributes
    ----------
    value : Known
        The exact number, its unit, status and rows.
    period : str
        What it is of: `2024`, `2024-09`, `2022..2024`.
    formula : str
        How it came about, in digits and signs; empty where it was published as it is.
    basis : str
        Only values of one basis are compared: a standard is not a guide, a rise over two years not one over one.
    """

    value: Known
    period: str
    formula: str = ""
    basis: str = ""


Answer = Seen | Missing | Note
"""A measure; or what it lacks; or why there is nothing to measure."""


def unread(reader: Reader) -> Reader:
    """The same reader with a memory of its own: what is looked at through it is not cited."""
    other = copy(reader)
    other.reads = {}
    if isinstance(other, Book):
        other.gaps = {}
    return other


@dataclass(frozen=True)
class Records:
    """The law and the published figures of a place in a year; of its own, never of a place above it."""

    law: Book
    figures: Figures
    place: str
    year: int

    @cached_property
    def basis(self) -> StandardBasis:
        """What its standards are set on."""
        return StandardBasis.of(self.law, self.figures, self.place, self.year)

    @cached_property
    def months(self) -> list[Decision]:
        """What the law says of price linkage in each month. What decided a month counts as read, and where it started what it pays; the
        sample an estimate is made from does not, nor what a month that cannot be told would have paid."""
        first, last = f"{self.year}-01", f"{self.year}-12"
        found = decisions(unread(self.law), unread(self.figures), self.place, first, last)
        for month in found:
            rules = [month.regime, month.overlay, month.method, *(one.value for one in month.conditions)]
            used = [*month.values, *rules] if month.outcome == "triggered" else rules
            self.law.reads.update({row.place: row for row in used if row})
        for reading in (one for month in found for one in month.readings if one.index in SERIES):
            self.figures.find(reading.place, SERIES[reading.index], reading.month)
        self.figures.reads.update({month.stated.place: month.stated for month in found if month.stated})
        return found

    def figure(self, series: str, year: int = 0) -> Figure | None:
        """A figure of the place and year: the annual one, else that of the latest month within the year."""
        return self.figures.of_year(self.place, series, year or self.year)

    def whole_year(self, series: str) -> Figure | None:
        """A sum of the year: the annual figure, else the cumulative one of December."""
        found = self.figures.find(self.place, series, str(self.year))
        stem, _, area = series.partition(":")
        cumulative = f"{stem}_ytd:{area}" if area else f"{stem}_ytd"
        known = cumulative in self.figures.series
        return found or (self.figures.find(self.place, cumulative, f"{self.year}-12") if known else None)

    def residents(self, area: str, period: str) -> Figure | None:
        """Residents at the end of the year of a period."""
        return self.figures.find(self.place, f"population_year_end:{area or 'total'}", period[:4])

    def lacks(self, what: str, area: str = "") -> Missing:
        """Name what is missing of the place and year: a series by its stem and area."""
        stem, _, part = what.partition(":")
        split = part in (*AREAS, "total")
        return Missing(stem if split else what, part if split else area, self.year, place=self.place)


@dataclass(frozen=True)
class Measure:
    """A measure: its code, the part of the work it belongs to, the areas it is taken of, and how it is found.

    Attributes
    ----------
    better : str
        `high` or `low` where one of them is better as such; empty where neither is: few recipients may be few poor or few found.
    compared : bool
        Whether places of different size can be compared by it.
    carried : bool
        Whether a value of an earlier year tells something of this one.
    """

    name: str
    head: str
    areas: tuple[str, ...]
    better: str
    compared: bool
    carried: bool
    find: Callable[[Records, str], Answer]


MEASURES: dict[str, Measure] = {}


def measure(
    head: str, areas: tuple[str, ...] = AREAS, better: str = "", compared: bool = True, carried: bool = True
) -> Callable[[Callable[[Records, str], Answer]], Callable[[Records, str], Answer]]:
    """Register a function as the measure of its name."""

    def register(find: Callable[[Records, str], Answer]) -> Callable[[Records, str], Answer]:
        MEASURES[find.__name__] = Measure(find.__name__, head, areas, better, compared, carried, find)
        return find

    return register


@measure(PROTECTED, better="high")
def level(at: Records, area: str) -> Answer:
    """低保标准。 The level announced for the year, yuan a month."""
    found = at.basis[area].level
    if not found:
        return found
    number = found.fen_month / FEN_PER_YUAN
    formula = f"{digits(found.known.number)} ÷ {MONTHS_PER_YEAR} = {digits(number)}" if found.yearly else ""
    return Seen(Known(number, YUAN_MONTH, found.status, None, (found.basis,)), str(at.year), formula, found.kind)


@measure(PROTECTED, better="high")
def level_growth(at: Records, area: str) -> Answer:
    """标准增幅。 The rise over the level before."""
    own, rise = at.basis[area], at.basis[area].growth()
    if isinstance(rise, Missing) or not own.level or not own.current:
        return at.lacks("level_before", area) if rise else rise
    formula = f"{_month(own.level)} ÷ {_month(own.current)} − 1"
    return _rise(own, rise.rate, formula, weakest(own.level.status, own.current.status))


@measure(PROTECTED, better="high")
def real_growth(at: Records, area: str) -> Answer:
    """标准实际增幅。 The rise after prices of the same years."""
    own, rise = at.basis[area], at.basis[area].growth()
    if isinstance(rise, Missing) or not own.level or not own.current:
        return at.lacks("level_before", area) if rise else rise
    if rise.real_rate is None or rise.deflator is None:
        return own.deflator if not own.deflator else at.lacks("cpi_annual", area)
    formula = f"{_month(own.level)} ÷ {_month(own.current)} ÷ {digits(rise.deflator.number)}% − 1"
    status = weakest(own.level.status, own.current.status, rise.deflator.status)
    return _rise(own, rise.real_rate, formula, status, rise.deflator.rows)


def _rise(own: AreaBasis, rate: Fraction, formula: str, status: str, rows: tuple[Value | Figure, ...] = ()) -> Seen:
    now, then = own.level, own.current
    assert isinstance(now, Level)
    assert isinstance(then, Level)
    period = f"{then.year}..{now.year}"
    known = Known(rate, "ratio", status, None, (now.basis, then.basis, *rows))  # type: ignore[arg-type]
    return Seen(known, period, formula, f"{now.kind} {period}")


@measure(PROTECTED, better="high")
def adequacy_consumption(at: Records, area: str) -> Answer:
    """标准占上年人均消费支出的比重。 A year of the level over last year's consumption per head of the same area."""
    return _adequacy(at, area, CONSUMPTION)


@measure(PROTECTED, better="high")
def adequacy_income(at: Records, area: str) -> Answer:
    """标准占上年人均可支配收入的比重。 A year of the level over last year's disposable income per head of the same area."""
    return _adequacy(at, area, INCOME)


def _adequacy(at: Records, area: str, what: str) -> Answer:
    now, mean = at.basis[area].level, at.figures.find(at.place, f"{what}:{area}", str(at.year - 1))
    if not now:
        return now
    if now.kind == FLOOR:
        return at.lacks("level_that_is_paid", area)
    if mean is None:
        return Missing(what, area, at.year - 1, place=at.place)
    number = now.fen_month * MONTHS_PER_YEAR / FEN_PER_YUAN / mean.value
    formula = f"{_month(now)} × {MONTHS_PER_YEAR} ÷ {digits(mean.value)}"
    known = Known(number, "ratio", weakest(now.status, mean.status), None, (now.basis, mean))
    return Seen(known, str(at.year), formula, now.kind)


@measure(PROTECTED, WHOLE, better="high")
def rural_urban_ratio(at: Records, area: str) -> Answer:
    """农村与城市标准之比。 The rural level over the urban one, both of one kind."""
    urban, rural, ratio = at.basis.urban.level, at.basis.rural.level, at.basis.ratio
    if isinstance(ratio, Missing) or not urban or not rural:
        return at.lacks("levels_of_one_kind") if ratio else ratio
    if urban.kind == FLOOR:
        return at.lacks("level_that_is_paid")
    known = Known(ratio.value, "ratio", ratio.status, None, (rural.basis, urban.basis))
    return Seen(known, str(at.year), f"{_month(rural)} ÷ {_month(urban)}", urban.kind)


@measure(PROTECTED)
def tekun_multiple(at: Records, area: str) -> Answer:
    """特困基本生活标准与低保标准之比。 The tekun basic standard over the level."""
    own = at.basis[area]
    basic = own.rule("tekun_basic_standard")
    if basic is None or not own.level or own.level.kind not in ("standard", "guide"):
        return at.lacks("tekun_basic_standard", area)
    number = basic.fen_month / own.level.fen_month
    known = Known(number, "x_standard", weakest(basic.status, own.level.status), None, (basic, own.level.basis))
    return Seen(known, str(at.year), f"{digits(basic.fen_month / FEN_PER_YUAN)} ÷ {_month(own.level)}", own.level.kind)


@measure(COVERED, compared=False)
def recipients(at: Records, area: str) -> Answer:
    """低保人数。 Recipients; the mean of the months where only person-times are published."""
    if at.figure(f"dibao_recipients:{area}"):
        return _published(at, f"dibao_recipients:{area}", area)
    heads = published_recipients(at.figures, at.place, area, at.year)
    if not heads or heads.period[:4] != str(at.year):
        return at.lacks("dibao_recipients", area)
    return Seen(replace(heads, number=Fraction(half_up(heads.number))), heads.period)


@measure(COVERED)
def coverage(at: Records, area: str) -> Answer:
    """低保人数占常住人口的比重。 Recipients over residents of the same area at the end of the year."""
    return _over_residents(at, at.figure(f"dibao_recipients:{area}"), f"dibao_recipients:{area}", area)


@measure(COVERED, WHOLE)
def tekun_coverage(at: Records, area: str) -> Answer:
    """特困人员占常住人口的比重。 Tekun over all residents."""
    return _over_residents(at, at.figure("tekun_recipients:total"), "tekun_recipients:total", "")


@measure(COVERED, WHOLE)
def tekun_institutions(at: Records, area: str) -> Answer:
    """农村特困人员集中供养率。 The share of rural tekun supported in institutions."""
    names = [f"tekun_recipients:rural:{kind}" for kind in ("concentrated", "dispersed")]
    inside, outside = (at.figures.find(at.place, name, str(at.year)) for name in names)
    if inside is None or outside is None:
        return at.lacks(names[0])
    formula = f"{digits(inside.plain)} ÷ ({digits(inside.plain)} + {digits(outside.plain)})"
    number = inside.plain / (inside.plain + outside.plain)
    return Seen(
        Known(number, "ratio", weakest(inside.status, outside.status), None, (inside, outside)), inside.period, formula
    )


@measure(COVERED, WHOLE)
def edge_coverage(at: Records, area: str) -> Answer:
    """低保边缘人口占常住人口的比重。 Persons of edge households over all residents."""
    return _over_residents(at, at.figure("edge_recipients"), "edge_recipients", "")


@measure(COVERED, WHOLE)
def rigid_coverage(at: Records, area: str) -> Answer:
    """刚性支出困难家庭人口占常住人口的比重。 Persons of rigid-expenditure households over all residents."""
    return _over_residents(at, at.figure("rigid_recipients"), "rigid_recipients", "")


@measure(DELIVERED, better="high")
def payment(at: Records, area: str) -> Answer:
    """人均补助水平。 What a recipient was paid a month: as published, else money over person-months."""
    series = f"dibao_subsidy_avg:{area}"
    if found := at.figure(series):
        known = replace(Known.of(found), number=Known.of(found).fen_month / FEN_PER_YUAN, unit=YUAN_MONTH)
        divided = found.unit.endswith("/year")
        formula = f"{digits(found.value)} ÷ {MONTHS_PER_YEAR} = {digits(known.number)}" if divided else ""
        return Seen(known, found.period, formula, "published")
    return paid_per_person_month(at, area) or at.lacks(series)


def paid_per_person_month(at: Records, area: str) -> Seen | None:
    """由资金和人次推算的人均补助水平。 Money paid over person-months, the firmest way that is published.

    From cumulative money and person-times of the same months, else from a month's money and heads, else from a year's money and the heads
    at its end: then heads stand for a mean of the months and the result is estimated.
    """
    for money, heads in WAYS:
        paid = at.figure(f"{money}:{area}")
        people = paid and at.figures.find(at.place, f"{heads}:{area}", paid.period)
        months = _months(money, heads, paid.period) if paid else 0
        if paid and people and months:
            firm = heads.endswith("ytd") or money.endswith("month")
            status = weakest(paid.status, people.status, "observed" if firm else "estimated")
            number = paid.plain / (people.plain * months)
            formula = f"{digits(paid.plain)} ÷ {digits(people.plain * months)}"
            return Seen(Known(number, YUAN_MONTH, status, None, (paid, people)), paid.period, formula, "worked_out")
    return None


def _months(money: str, heads: str, period: str) -> int:
    """Months the heads are to be counted for; 0 where the period does not tell."""
    if heads.endswith("ytd") or money.endswith("month"):
        return 1
    if money.endswith("ytd"):
        return int(period[5:7] or 0)
    return MONTHS_PER_YEAR if len(period) == len("2020") else 0


PAYMENT_TARGETS = ("dibao_subsidy_avg_target", "dibao_subsidy_avg_floor")


def payment_asked(at: Records, area: str) -> Figure | None:
    """The average payment that the place or its province asked for in the year."""
    codes = dict.fromkeys((at.place, province_of(at.place).code))
    rows = (at.figures.find(code, f"{name}:{area}", str(at.year)) for code in codes for name in PAYMENT_TARGETS)
    return next((row for row in rows if row), None)


@measure(DELIVERED)
def payment_rate(at: Records, area: str) -> Answer:
    """补差率。 The average payment over the standard that is paid to."""
    paid, now = payment(at, area), at.basis[area].level
    if not isinstance(paid, Seen):
        return paid
    if not now or now.kind not in PAID_TO:
        return at.lacks("level_that_is_paid", area)
    number = paid.value.fen_month / now.fen_month
    known = Known(number, "ratio", weakest(paid.value.status, now.status), None, (*paid.value.rows, now.basis))
    return Seen(known, paid.period, f"{digits(paid.value.number)} ÷ {_month(now)}", f"{paid.basis} {now.kind}")


@measure(DELIVERED, compared=False)
def spending(at: Records, area: str) -> Answer:
    """低保资金支出。 Money paid as dibao in the year."""
    found = at.whole_year(f"dibao_spend:{area}")
    return Seen(Known.of(found), found.period) if found else at.lacks(f"dibao_spend:{area}")


@measure(DELIVERED)
def spending_per_resident(at: Records, area: str) -> Answer:
    """按常住人口平均的低保资金支出。 Money paid as dibao over residents of the area, yuan a year."""
    found = at.whole_year(f"dibao_spend:{area}")
    people = at.residents(area, str(at.year))
    if found is None or people is None:
        return at.lacks(f"dibao_spend:{area}" if found is None else f"population_year_end:{area}")
    formula = f"{digits(found.plain)} ÷ {digits(people.plain)}"
    known = Known(
        found.plain / people.plain, "yuan/person/year", weakest(found.status, people.status), None, (found, people)
    )
    return Seen(known, str(at.year), formula)


@measure(DELIVERED, WHOLE, better="high")
def execution(at: Records, area: str) -> Answer:
    """救助资金预算执行率。 Assistance money spent over the adjusted budget of the year."""
    budget, spent = (at.figure(name) for name in ("assistance_budget", "assistance_budget_executed"))
    if budget is None or spent is None or not budget.plain:
        return at.lacks("assistance_budget" if budget is None else "assistance_budget_executed")
    formula = f"{digits(spent.plain)} ÷ {digits(budget.plain)}"
    known = Known(spent.plain / budget.plain, "ratio", weakest(spent.status, budget.status), None, (spent, budget))
    return Seen(known, str(at.year), formula)


@measure(DELIVERED, WHOLE, compared=False, carried=False)
def linkage_due(at: Records, area: str) -> Answer:
    """价格补贴应启动月数。 Index months of the year for which the law says that the price subsidy is due; a range where some cannot be told."""
    due, open_ = (sum(month.outcome == code for month in at.months) for code in ("triggered", "undetermined"))
    rows = tuple(dict.fromkeys(row for month in at.months for row in (month.regime, month.method) if row))
    status = weakest(*(month.outcome_status for month in at.months), *(["estimated"] if open_ else []))
    ends = (Fraction(due), Fraction(due + open_)) if open_ else (None, None)
    return Seen(Known(Fraction(due), "month", status, None, rows, "", *ends), str(at.year))


@measure(DELIVERED, WHOLE, compared=False, carried=False)
def linkage_started(at: Records, area: str) -> Answer:
    """价格补贴应启动月份中已公布启动的比重。 Months that paid the price subsidy over the months that were due, where that is known of each."""
    due = [month for month in at.months if month.outcome == "triggered"]
    if not due:
        some = any(month.outcome == "undetermined" for month in at.months)
        return at.lacks("cpi_yoy:total:all_items") if some else Note("no_month_due")
    if any(month.stated is None for month in due):
        return at.lacks("price_subsidy_paid")
    rows = tuple(month.stated for month in due if month.stated)
    paid = sum(row.value > 0 for row in rows)
    known = Known(Fraction(paid, len(due)), "ratio", weakest(*(row.status for row in rows)), None, rows)
    return Seen(known, str(at.year), f"{paid} ÷ {len(due)}")


@measure(DELIVERED, WHOLE, better="high", compared=False)
def linkage_on_time(at: Records, area: str) -> Answer:
    """价格补贴按时发放率。 The share of price subsidies that were paid in time."""
    return _share(at, "linkage_on_time_rate")


@measure(DELIVERED, WHOLE)
def temporary_aid(at: Records, area: str) -> Answer:
    """每万人临时救助人次。 Temporary aid, person-times for 10,000 residents."""
    found, people = at.whole_year("temporary_assistance_person_times"), at.residents("", str(at.year))
    if found is None or people is None:
        return at.lacks("temporary_assistance_person_times" if found is None else "population_year_end:total")
    number = found.plain * PER_TEN_THOUSAND / people.plain
    formula = f"{digits(found.plain)} × {PER_TEN_THOUSAND} ÷ {digits(people.plain)}"
    known = Known(number, "person-times", weakest(found.status, people.status), None, (found, people))
    return Seen(known, found.period, formula)


@measure(DELIVERED, WHOLE)
def temporary_aid_payment(at: Records, area: str) -> Answer:
    """临时救助次均。 Temporary aid, yuan a person-time."""
    return _published(at, "temporary_assistance_avg", "")


@measure(DELIVERED, WHOLE, better="high")
def recognised_on_time(at: Records, area: str) -> Answer:
    """低保审核确认按时办结率。 The share of applications decided within the working days of the law."""
    return _share(at, "recognition_on_time_rate")


@measure(DELIVERED, WHOLE, better="high")
def reviewed(at: Records, area: str) -> Answer:
    """低保对象定期核查完成率。 The share of households reviewed within their interval."""
    return _share(at, "review_done_rate")


def _published(at: Records, series: str, area: str) -> Answer:
    found = at.figure(series)
    return Seen(Known.of(found), found.period) if found else at.lacks(series)


def _share(at: Records, series: str) -> Answer:
    found = at.figure(series)
    return Seen(Known.of(found).as_ratio, found.period) if found else at.lacks(series)


def _over_residents(at: Records, heads: Figure | None, series: str, area: str) -> Answer:
    people = at.residents(area, heads.period) if heads else None
    if heads is None or people is None:
        return at.lacks(series if heads is None else f"population_year_end:{area or 'total'}")
    formula = f"{digits(heads.plain)} ÷ {digits(people.plain)}"
    known = Known(heads.plain / people.plain, "ratio", weakest(heads.status, people.status), None, (heads, people))
    return Seen(known, heads.period, formula)


def _month(found: Level) -> str:
    return digits(found.fen_month / FEN_PER_YUAN)
