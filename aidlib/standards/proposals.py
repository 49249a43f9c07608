"""Candidates for one place, area and year from law rows and published figures; what cannot be computed is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from aidlib.indices import INDEX_BASE, Figure, Figures
from aidlib.law import Book, LocalLaw, Value, weakest
from aidlib.regions import NATION, province_of
from aidlib.standards import candidates as methods
from aidlib.standards.adequacy import adequacy
from aidlib.standards.announced import Level
from aidlib.standards.candidate import Candidate, Input, Words
from aidlib.standards.references import CONSUMPTION, INCOME, annual_cpi, minimum_wages, per_head

MIDDLE: Words = ("比例区间内的取值未公布，取中间值", "the value inside the band is not published: its middle is shown")
NATIONAL_PRICES: Words = ("缺当地和所在省的指数，用全国物价", "no index of the place or its province: national prices")
TOP_TIER: Words = (
    "以最高档最低工资计算；区间从最低档计",
    "on the highest minimum-wage tier; the range begins at the lowest",
)
LABELS: dict[str, Words] = {
    CONSUMPTION: ("人均消费支出", "consumption per head"),
    INCOME: ("人均可支配收入", "disposable income per head"),
    "cpi": ("年度居民消费价格指数", "annual consumer price index"),
    "wage": ("最低工资标准", "minimum wage"),
    "last": ("缺上一次标准的公布数", "no published level before this one"),
}


@dataclass(frozen=True)
class Situation:
    """Where a proposal is made: the law of the day, the figures, the announced level and the one before."""

    local: LocalLaw
    figures: Figures
    area: str
    year: int
    level: Level
    last: Level | None

    @property
    def place(self) -> str:
        """Region code."""
        return self.local.place


@dataclass(frozen=True)
class Proposals:
    """Candidates, and for each method that could not be used the figure it lacks."""

    candidates: tuple[Candidate, ...]
    missing: tuple[tuple[str, Words], ...]


def situate(book: Book, figures: Figures, place: str, level: Level, last: Level | None) -> Situation:
    """Open the book on the last day of the year on which the announced level holds."""
    year_end = date(level.year, 12, 31)
    on = min(level.basis.end, year_end) if isinstance(level.basis, Value) else year_end
    return Situation(book.at(place, on), figures, level.area, level.year, level, last)


def propose(at: Situation, theta: Fraction, urban: Level | None = None) -> Proposals:
    """测算各种方法的建议值。 What each usable method gives, none of them a decision.

    Parameters
    ----------
    at : Situation
        Place, area, year, the announced level and the one before.
    theta : Fraction
        Part of real growth the mixed method passes on.
    urban : Level, optional
        For a rural area: the announced urban level.

    Examples
    --------
    >>> from aidlib.standards.announced import announced, before
    >>> book, figures = Book(), Figures()
    >>> now = announced(book, figures, "450400", "urban", 2019)
    >>> found = propose(situate(book, figures, "450400", now, before(book, figures, now)), Fraction(1, 2))
    >>> [candidate.method for candidate in found.candidates]
    ['consumption_share', 'income_share', 'cpi_uprating', 'mixed_uprating']
    """
    found: list[Candidate | None] = []
    missing: dict[str, Words] = {}
    for method, what in (("consumption_share", CONSUMPTION), ("income_share", INCOME)):
        found.append(_kept_share(at, method, what, missing))
    found += [*_bands(at, missing), *_upratings(at, theta, missing), *_from_urban(at, urban)]
    return Proposals(tuple(c for c in found if c is not None), tuple(missing.items()))


def lacks(at: Situation, what: str, year: int, *, strict: bool = False) -> Words:
    """Name a figure that is missing, with area and year; `strict` where only the place's own would do."""
    zh, en = LABELS[what]
    area = {"urban": ("城镇", "urban"), "rural": ("农村", "rural")}[at.area]
    where = ("当地", "for the place itself") if strict else ("当地及所在省", "for the place or its province")
    return f"缺{year}年{area[0]}{zh}（{where[0]}）", f"no {area[1]} {en} of {year} {where[1]}"


def prices_since(at: Situation, last_year: int) -> Input | None:
    """上次调整以来的物价累计指数。 The price index from the year of the last level to last year, chained; None with a gap.

    Examples
    --------
    >>> from aidlib.standards.announced import announced, before
    >>> book, figures = Book(), Figures()
    >>> now = announced(book, figures, "450400", "urban", 2019)
    >>> prices_since(situate(book, figures, "450400", now, before(book, figures, now)), 2018).number
    Fraction(1023, 10)
    """
    years = range(last_year, at.year)
    figures = [annual_cpi(at.figures, at.place, at.area, year) for year in years]
    known = [figure for figure in figures if figure is not None]
    if not known or len(known) != len(years):
        return None
    number = Fraction(INDEX_BASE)
    for figure in known:
        number *= figure.published / INDEX_BASE
    period = known[0].period if len(known) == 1 else f"{known[0].period}..{known[-1].period}"
    status = weakest(*(figure.status for figure in known))
    return Input(known[0].series, number, "index", status, known[0].place, known[0].region, period)


def _kept_share(at: Situation, method: str, what: str, missing: dict[str, Words]) -> Candidate | None:
    base = per_head(at.figures, at.place, what, at.area, at.year - 1)
    if base is None or at.last is None:
        missing[method] = LABELS["last"] if base else lacks(at, what, at.year - 1)
        return None
    share = _last_share(at, base)
    if share is None:
        missing[method] = lacks(at, what, at.last.year - 1)
        return None
    make = methods.consumption_share if what == CONSUMPTION else methods.income_share
    return make(base, share)


def _last_share(at: Situation, base: Figure) -> Input | None:
    """The share the level before had of its own last year's figure, on the same basis."""
    if at.last is None:
        return None
    then = at.figures.find(base.region, base.series, str(at.last.year - 1))
    if then is None:
        return None
    share = adequacy("share_kept", at.last.basis, then).value
    return Input("share_kept", share, "ratio", weakest(at.last.status, then.status), at.last.basis.place)


def share_base(at: Situation, what: str, rule: str) -> Figure | None:
    """法定比例所用的上年数。 Last year's figure a rule on shares is measured on: the one the place names, else its own area's.

    Neither the province's figure nor that of all residents is a substitute for a base the rule names.
    """
    named = _rule(at, "standard_consumption_base") if rule == "standard_share_of_consumption" else None
    if named is None:
        return per_head(at.figures, at.place, what, at.area, at.year - 1, strict=True)
    area = named.text.partition("/")[2]
    return at.figures.find(province_of(at.place).code, f"{CONSUMPTION}:{area}", str(at.year - 1))


def _bands(at: Situation, missing: dict[str, Words]) -> list[Candidate | None]:
    """Local rules on shares; they bind a standard, not the mean over many."""
    if at.level.kind == "average":
        return []
    return [_consumption_band(at, missing), *_least_shares(at, missing), _wage_band(at, missing), _least_growth(at)]


def _consumption_band(at: Situation, missing: dict[str, Words]) -> Candidate | None:
    band = _rule(at, "standard_share_of_consumption")
    if band is None:
        return None
    base = share_base(at, CONSUMPTION, band.name)
    if base is None:
        missing["consumption_band"] = lacks(at, CONSUMPTION, at.year - 1, strict=True)
        return None
    low, high = band.bounds
    stated, kept = _rule(at, "standard_share_stated"), _last_share(at, base)
    chosen = stated.number if stated else min(max(kept.number, low), high) if kept else (low + high) / 2
    basis = stated or band
    part = Input(basis.name, chosen, "ratio", basis.status, basis.place, basis.region)
    candidate = replace(methods.consumption_share(base, part, low, high), method="consumption_band")
    return candidate if stated or kept else candidate.warned(MIDDLE)


def _least_shares(at: Situation, missing: dict[str, Words]) -> list[Candidate | None]:
    found: list[Candidate | None] = []
    for method, name, what in (
        ("consumption_share_min", "standard_share_of_consumption_min", CONSUMPTION),
        ("income_share_min", "standard_share_of_income_min", INCOME),
    ):
        rule = _rule(at, name)
        base = share_base(at, what, name) if rule else None
        if rule and base:
            make = methods.consumption_share if what == CONSUMPTION else methods.income_share
            found.append(replace(make(base, rule), method=method))
        elif rule:
            missing[method] = lacks(at, what, at.year - 1, strict=True)
    return found


def _wage_band(at: Situation, missing: dict[str, Words]) -> Candidate | None:
    band = _rule(at, "standard_share_of_min_wage")
    wages = minimum_wages(at.figures, at.place, at.year) if band else []
    if band is None or not wages:
        if band:
            missing["minimum_wage_share"] = lacks(at, "wage", at.year)
        return None
    low, high = band.bounds
    part = Input(band.name, (low + high) / 2, "ratio", band.status, band.place, band.region)
    candidate = methods.minimum_wage_share(max(wages, key=lambda wage: wage.value), part, high=high)
    least = methods.minimum_wage_share(min(wages, key=lambda wage: wage.value), low).fen_month
    return replace(candidate, low=least).warned(MIDDLE, TOP_TIER)


def _least_growth(at: Situation) -> Candidate | None:
    rule = _rule(at, "standard_growth_min")
    return methods.growth_uprating(at.last.basis, rule) if rule and at.last else None


def _upratings(at: Situation, theta: Fraction, missing: dict[str, Words]) -> list[Candidate | None]:
    if at.last is None:
        missing["cpi_uprating"] = missing["mixed_uprating"] = LABELS["last"]
        return []
    prices = prices_since(at, at.last.year)
    if prices is None:
        missing["cpi_uprating"] = missing["mixed_uprating"] = lacks(at, "cpi", at.last.year)
        return []
    growth = _real_growth(at, prices)
    if growth is None:
        missing["mixed_uprating"] = lacks(at, CONSUMPTION, at.last.year - 1)
    found = [methods.cpi_uprating(at.last.basis, prices)]
    found += [methods.mixed_uprating(at.last.basis, prices, growth, theta)] if growth else []
    borrowed = prices.region == NATION and at.place != NATION
    return [candidate.warned(NATIONAL_PRICES) if borrowed else candidate for candidate in found]


def _real_growth(at: Situation, prices: Input) -> Input | None:
    now = per_head(at.figures, at.place, CONSUMPTION, at.area, at.year - 1)
    then = at.figures.find(now.region, now.series, str(at.last.year - 1)) if now and at.last else None
    if now is None or then is None:
        return None
    growth = now.value / then.value / (1 + prices.ratio) - 1
    return Input("real_growth", growth, "ratio", weakest(now.status, then.status), now.place, now.region, now.period)


def _from_urban(at: Situation, urban: Level | None) -> list[Candidate | None]:
    """A target the level before already keeps proposes nothing."""
    if at.area != "rural" or urban is None:
        return []
    rules = (_rule(at, "rural_from_urban_ratio"), _rule(at, "target_rural_urban_ratio"))
    found: list[Candidate | None] = []
    for rule in (rule for rule in rules if rule):
        candidate = methods.rural_from_urban(urban.basis, rule)
        if not rule.name.startswith("target"):
            found.append(candidate)
        elif at.last is None or candidate.fen_month > at.last.fen_month:
            found.append(replace(candidate, method="rural_target"))
    return found


def _rule(at: Situation, name: str) -> Value | None:
    """A local rule for the area, asked only where there is one, so that its absence is no gap."""
    groups = at.local.book.groups(at.place, name, at.local.on)
    return at.local.value(name, at.area) if {at.area, ""} & set(groups) else None
