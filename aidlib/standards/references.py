"""Published figures a standard is measured against: of the place itself, else of its province; the figure tells which."""

from __future__ import annotations

from collections.abc import Iterator

from aidlib.indices import Figure, Figures
from aidlib.regions import NATION, lineage, province_of, region
from aidlib.standards.candidate import Input

CONSUMPTION, INCOME = "consumption_pc", "disposable_income_pc"
TIERS = ("tier1", "tier2", "tier3", "tier4")
PERSONS_PER_UNIT = {"persons": 1, "10k persons": 10_000, "10k person-times": 10_000, "person-times": 1}


def per_head(figures: Figures, place: str, what: str, area: str, year: int, *, strict: bool = False) -> Figure | None:
    """上年人均消费支出或可支配收入。 A figure per head for a year: own before provincial, own area before all residents.

    Parameters
    ----------
    figures : Figures
        The published figures.
    place : str
        Region code.
    what : str
        `consumption_pc` or `disposable_income_pc`.
    area : str
        `urban`, `rural` or `total`.
    year : int
        The year of the figure itself.
    strict : bool
        True where a rule is measured on it: a province's figure, or that of all residents, would be the wrong base.

    Examples
    --------
    >>> figure = per_head(Figures(), "450400", CONSUMPTION, "urban", 2018)
    >>> figure.region, figure.text
    ('450000', '20159.39')
    """
    return next(known(figures, place, what, area, year, strict=strict), None)


def known(figures: Figures, place: str, what: str, area: str, year: int, *, strict: bool = False) -> Iterator[Figure]:
    """Every figure per head that is there for a year, in the order `per_head` prefers them."""
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
    for code in (*lineage(province_of(place).code), NATION) if place != NATION else (NATION,):
        for part in dict.fromkeys((area, "total")):
            if found := figures.find(code, f"cpi_annual:{part}:all_items", str(year)):
                return found
    return None


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


def recipients(figures: Figures, place: str, area: str, year: int) -> Input | None:
    """低保人数(仅用公布数)。 Recipients published for a year or the year before; mean heads where only person-times are.

    Returns
    -------
    Input or None
        Persons; `period` tells when. None where nothing that recent was published: not estimated from elsewhere.

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
        return None
    figure = max(known, key=lambda f: f.period[:4])
    months = int(figure.period[5:7]) if figure is times else 1
    number = figure.value * PERSONS_PER_UNIT[figure.unit] / months
    return Input(figure.series, number, "persons", figure.status, figure.place, figure.region, figure.period)


def average_payment(figures: Figures, place: str, area: str, year: int) -> Figure | None:
    """人均补助水平。 The average payment per recipient and month published for a year or the year before.

    Examples
    --------
    >>> average_payment(Figures(), "450400", "urban", 2019).text
    '439'
    """
    return _recent(figures, place, f"dibao_subsidy_avg:{area}", year)


def _recent(figures: Figures, place: str, series: str, year: int) -> Figure | None:
    periods = [p for p in figures.all(place, series) if p[:4] in (str(year), str(year - 1))]
    return figures.get(place, series, max(periods)) if periods else None
