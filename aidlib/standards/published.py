"""Published figures a standard is measured against: means per head, prices, minimum wages, recipients, payments; each tells whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from aidlib.indices import INDEX_BASE, Figure, Figures
from aidlib.known import Known, Missing
from aidlib.law import weakest
from aidlib.regions import lineage, province_of, region

CONSUMPTION, INCOME = "consumption_pc", "disposable_income_pc"
CPI = "cpi_annual"
TIERS = ("tier1", "tier2", "tier3", "tier4")
PERSONS_PER_UNIT = {"persons": 1, "10k persons": 10_000, "10k person-times": 10_000, "person-times": 1}


def per_head(figures: Figures, place: str, what: str, area: str, year: int, *, strict: bool = False) -> Figure | None:
    """上年人均消费支出或可支配收入。 A figure per head for a year: own before provincial, own area before all residents.

    Examples
    --------
    >>> figure = per_head(Figures(), "450400", CONSUMPTION, "urban", 2018)
    >>> figure.region, figure.text
    ('450000', '20159.39')
    """
    return next(every_per_head(figures, place, what, area, year, strict=strict), None)


def every_per_head(
    figures: Figures, place: str, what: str, area: str, year: int, *, strict: bool = False
) -> Iterator[Figure]:
    """Yield every figure per head that is there for a year, in the order `per_head` prefers them."""
    own = region(place).code
    for code in dict.fromkeys((own,) if strict else (own, province_of(place).code)):
        for part in dict.fromkeys((area,) if strict else (area, "total")):
            if found := figures.find(code, f"{what}:{part}", str(year)):
                yield found


def annual_cpi(figures: Figures, place: str, area: str, year: int) -> Figure | None:
    """年度居民消费价格指数。 The consumer price index of a year: own, provincial, national; own area before all residents.

    Examples
    --------
    >>> annual_cpi(Figures(), "450400", "urban", 2018).text
    '102.3'
    """
    for code in lineage(place):
        for part in dict.fromkeys((area, "total")):
            if found := figures.find(code, f"{CPI}:{part}:all_items", str(year)):
                return found
    return None


def price_index(figures: Figures, place: str, area: str, years: Iterable[int]) -> Known | Missing:
    """若干年的物价累计指数。 The price index over some years, chained; missing where the index of one of them is.

    Examples
    --------
    >>> price_index(Figures(), "450400", "urban", [2018, 2019])
    Known(106.0851 index, observed, cpi_annual:total:all_items)
    >>> price_index(Figures(), "450400", "urban", [2018, 2035])
    Missing(cpi_annual, 450400, urban, 2035)
    """
    wanted = list(years)
    found = [annual_cpi(figures, place, area, year) for year in wanted]
    rows = tuple(figure for figure in found if figure is not None)
    if not rows or len(rows) != len(wanted):
        gone = next((year for year, figure in zip(wanted, found, strict=True) if figure is None), 0)
        return Missing(CPI, area, gone, place=place)
    number = Fraction(INDEX_BASE)
    for figure in rows:
        number *= figure.published / INDEX_BASE
    return Known(number, "index", weakest(*(figure.status for figure in rows)), None, rows, rows[0].series)


def minimum_wages(figures: Figures, place: str, year: int) -> list[Figure]:
    """当年各档月最低工资。 The monthly minimum wages of a year, every tier: which tier holds for a county is not in the data.

    Examples
    --------
    >>> [figure.text for figure in minimum_wages(Figures(), "450400", 2024)]
    ['1990', '1840', '1690']
    """
    found = []
    for code in dict.fromkeys((region(place).code, province_of(place).code)):
        for tier in TIERS:
            periods = [p for p in figures.all(code, f"minimum_wage_monthly:{tier}") if p.startswith(str(year))]
            found += [figures.get(code, f"minimum_wage_monthly:{tier}", max(periods))] if periods else []
        if found:
            break
    return found


def recipients(figures: Figures, place: str, area: str, year: int) -> Known | Missing:
    """低保人数(仅用公布数)。 Recipients published for a year or the year before; mean heads, an estimate, where only person-times are.

    Examples
    --------
    >>> heads = recipients(Figures(), "450300", "urban", 2020)
    >>> heads.number, heads.period
    (Fraction(23492, 1), '2020-05')
    """
    heads = _recent(figures, place, f"dibao_recipients:{area}", year)
    times = _recent(figures, place, f"dibao_person_times_ytd:{area}", year)
    known = [figure for figure in (heads, times) if figure is not None]
    if not known:
        return Missing("dibao_recipients", area, year, place=place)
    figure = max(known, key=lambda f: f.period[:4])
    number = figure.value * PERSONS_PER_UNIT[figure.unit]
    if figure is times:
        mean = number / int(figure.period[5:7])
        return Known(mean, "persons", weakest("estimated", figure.status), None, (figure,), figure.series)
    return Known(number, "persons", figure.status, figure.error, (figure,), figure.series)


def average_payment(figures: Figures, place: str, area: str, year: int, before: str = "") -> Figure | None:
    """人均补助水平。 The average payment per recipient and month of a year or the year before: the last before a month, else the latest.

    Examples
    --------
    >>> average_payment(Figures(), "450400", "urban", 2019).text
    '439'
    """
    series = f"dibao_subsidy_avg:{area}"
    periods = [p for p in figures.all(place, series) if p[:4] in (str(year), str(year - 1))]
    earlier = [period for period in periods if period < before]
    return figures.get(place, series, max(earlier or periods)) if periods else None


def _recent(figures: Figures, place: str, series: str, year: int) -> Figure | None:
    periods = [p for p in figures.all(place, series) if p[:4] in (str(year), str(year - 1))]
    return figures.get(place, series, max(periods)) if periods else None
