"""Where a standard is studied: the law of the day, the figures, the announced level, the one before, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from aidlib.indices import INDEX_BASE, Figure, Figures
from aidlib.law import Book, LocalLaw, Value, weakest
from aidlib.regions import province_of
from aidlib.standards.adequacy import adequacy
from aidlib.standards.announced import Level
from aidlib.standards.candidate import Input, Words
from aidlib.standards.references import CONSUMPTION, INCOME, annual_cpi, known, per_head

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


def situate(book: Book, figures: Figures, place: str, level: Level, last: Level | None) -> Situation:
    """Open the book on the last day of the year on which the announced level holds."""
    year_end = date(level.year, 12, 31)
    on = min(level.basis.end, year_end) if isinstance(level.basis, Value) else year_end
    return Situation(book.at(place, on), figures, level.area, level.year, level, last)


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


def paired(at: Situation, what: str) -> tuple[Figure, Figure] | None:
    """同一口径的上年数与原标准上年数。 Last year's figure and the one behind the level before, on one basis; None without such a pair."""
    if at.last is None:
        return None
    for base in known(at.figures, at.place, what, at.area, at.year - 1):
        if then := at.figures.find(base.region, base.series, str(at.last.year - 1)):
            return base, then
    return None


def share_kept(at: Situation, base: Figure) -> Input | None:
    """沿用上次比例。 The share the level before had of its own last year's figure, on the same basis; None with a gap."""
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
    named = local_rule(at, "standard_consumption_base") if rule == "standard_share_of_consumption" else None
    if named is None:
        return per_head(at.figures, at.place, what, at.area, at.year - 1, strict=True)
    area = named.text.partition("/")[2]
    return at.figures.find(province_of(at.place).code, f"{CONSUMPTION}:{area}", str(at.year - 1))


def local_rule(at: Situation, name: str) -> Value | None:
    """A local rule for the area, asked only where there is one, so that its absence is no gap."""
    groups = at.local.book.groups(at.place, name, at.local.on)
    return at.local.value(name, at.area) if {at.area, ""} & set(groups) else None
