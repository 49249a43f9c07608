"""What a standard is set on: the law of the day, the level before, prices, consumption and income, each known or missing; and its methods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from aidlib.errors import ParameterFault
from aidlib.indices import Figure, Figures, local_figure
from aidlib.indices.local import parted_from_nation
from aidlib.known import Given, Known, Missing, Note, missing_html
from aidlib.law import Book, LocalLaw, Value, weakest
from aidlib.parameters import year as whole_year
from aidlib.regions import NATION, Region, province_of
from aidlib.regions import place as place_named
from aidlib.result import Frame, Result
from aidlib.standards import methods, published
from aidlib.standards.bounds import Limits, bounds, ratio_path
from aidlib.standards.candidates import Candidates
from aidlib.standards.level_ranges import LevelRange, level_range
from aidlib.standards.levels import AREAS, COSTED, ORDER, Level, announced, before, current, floor
from aidlib.standards.measures import (
    Adequacy,
    AdequacyHistory,
    Cost,
    Growth,
    LevelHistory,
    Ratio,
    References,
    Worth,
    adequacy,
    adequacy_history,
    cost_of_change,
    floor_classes,
    growth,
    level_history,
    levels_below,
    payment_before,
    references,
    to_minimum_wage,
    urban_rural,
)  # fmt: skip
from aidlib.standards.methods import TARGET_METHOD, Candidate
from aidlib.standards.published import CONSUMPTION, INCOME

Answer = Candidate | Missing
MIDDLE, TOP_TIER = Note("middle_of_band"), Note("highest_wage_tier")
BY_DAY = re.compile(r"by (\d{4}-\d{2}-\d{2})")
RATIO_TARGET = "target_rural_urban_ratio"
OWN_ROWS = ("carried", "between", "earlier")  # ranges that start from what the place itself set


def standard_basis(
    region: str | int | Region, year: int | str, law: Book | None = None, figures: Figures | None = None
) -> StandardBasis:
    """测算一地一年标准的依据。 Gather what the standards of a place and year are set on.

    Parameters
    ----------
    region : str, int or Region
        Code (`450400`, `45`), Chinese or English name (`梧州`, `Wuzhou`).
    year : int or str
        The year whose standard is studied; its own level need not be known.
    law, figures : Book, Figures, optional
        Readers that remember what is read; new ones where left out.

    Returns
    -------
    StandardBasis
        One `AreaBasis` an area (`.urban`, `.rural`); the methods called on it answer for both.

    Examples
    --------
    >>> base = standard_basis("梧州市", 2019)
    >>> base.urban.current, base.urban.cpi_uprating()
    (Level(urban standard 2018: 587 yuan/person/month, enacted), Candidate(urban cpi_uprating: 600.50 yuan a month, estimated))
    >>> standard_basis("广西", 2019).urban.consumption_share("0.35")
    Candidate(urban consumption_share: 587.98 yuan a month, estimated)
    """
    return StandardBasis.of(law or Book(), figures or Figures(), place_named(region).code, whole_year(year))


@dataclass(frozen=True)
class AreaBasis(Result):
    """One area of a place in a year: what its standard is set on. What lacks is a `Missing`, which its methods answer with.

    Attributes
    ----------
    local : LocalLaw
        The law of the place on the last day of the year on which the announced level holds.
    figures : Figures
        Published figures.
    area, year : str, int
        `urban` or `rural`; the year of the standard.
    level : Level or Missing
        What was announced for the year.
    current : Level or Missing
        The level before it, which candidates start from.
    urban : Level or Missing
        The urban level of the year, which a rural one may be tied to.
    """

    local: LocalLaw
    figures: Figures
    area: str
    year: int
    level: Level | Missing
    current: Level | Missing
    urban: Level | Missing

    @property
    def place(self) -> str:
        """Region code."""
        return self.local.place

    @property
    def kind(self) -> str:
        """What kind of level is announced, or was last: standard, guide, average or floor; empty where none is known."""
        found = self.level or self.current
        return found.kind if found else ""

    @cached_property
    def range(self) -> LevelRange | None:
        """What is known of the standard at the end of the year; None where nothing is."""
        return level_range(self.local.book, self.figures, self.place, self.area, date(self.year, 12, 31))

    @property
    def standard(self) -> Known | Missing:
        """The standard of the year: announced, or the range it lies in where the place's own last one is carried; a number of yuan a month.

        An average, a guide that was not renewed or a floor is nobody's standard: then it is missing.
        """
        if self.level:
            return (
                self.level.known
                if self.level.kind in ("standard", "guide")
                else Missing("level", self.area, self.year, place=self.place)
            )
        found = self.range
        own = found is not None and found.how in OWN_ROWS and isinstance(found.basis[0], Value)
        return found.known if found and own else self.level

    @cached_property
    def consumption(self) -> Known | Missing:
        """Last year's consumption per head of the area, yuan a year: the place's own, else a range with status `estimated`."""
        return self._mean(CONSUMPTION)

    @cached_property
    def income(self) -> Known | Missing:
        """Last year's disposable income per head of the area, yuan a year: the place's own, else a range with status `estimated`."""
        return self._mean(INCOME)

    @cached_property
    def prices(self) -> Known | Missing:
        """Price index from the year of the current level to last year, chained: what a decision on this year could know.

        That of the province, or of the nation, where the place has none: then an estimate.
        """
        if not self.current:
            return self.current
        return self._prices(self.current.year, self.year)

    @cached_property
    def deflator(self) -> Known | Missing:
        """Price index of the years after that of the current level up to this one: what the real change is reckoned with."""
        if not self.current:
            return self.current
        return self._prices(self.current.year + 1, self.year + 1)

    @cached_property
    def real_growth(self) -> Known | Missing:
        """Growth of consumption per head over the same years, after `prices`, as a ratio; both ends on one basis."""
        pair = self._pair(CONSUMPTION)
        if not self.prices:
            return self.prices
        if isinstance(pair, Missing):
            return pair
        now, then = pair
        before = then.value * (1 + self.prices.ratio)
        low, high = (end if end is None else end / before - 1 for end in (now.low, now.high))
        status = weakest(now.status, then.status)
        return Known(now.number / before - 1, "ratio", status, None, (then, *now.rows), "real_growth", low, high)

    @cached_property
    def wages(self) -> list[Figure]:
        """The monthly minimum wages of the year, every tier."""
        return published.minimum_wages(self.figures, self.place, self.year)

    @cached_property
    def recipients(self) -> Known | Missing:
        """Published head-count of the place."""
        return published.recipients(self.figures, self.place, self.area, self.year)

    @cached_property
    def payment(self) -> Known | Missing:
        """Average payment a month before the level of the year: published before it, or a later one scaled back."""
        row = self.level.basis if self.level else None
        began = str(row.start)[:7] if isinstance(row, Value) else str(self.year)
        found = published.average_payment(self.figures, self.place, self.area, self.year, began)
        if found is None:
            return Missing("dibao_subsidy_avg", self.area, self.year, place=self.place)
        if found.period < began or not self.level or not self.current:
            return Known.of(found)
        return payment_before(found, self.current.known, self.level.known)

    def consumption_share(self, share: Given | None = None) -> Answer:
        """消费支出比例法。 Last year's consumption per head times a ratio; left out, the one the current level had of its own last year's."""
        if share not in (None, ""):
            return self._for(methods.consumption_share(self.consumption, share))
        return self._kept_share("consumption_share", CONSUMPTION)

    def income_share(self, share: Given | None = None) -> Answer:
        """收入比例法。 Last year's disposable income per head times a ratio; left out, the one the current level had."""
        if share not in (None, ""):
            return self._for(methods.income_share(self.income, share))
        return self._kept_share("income_share", INCOME)

    def cpi_uprating(self, prices: Given | None = None) -> Answer:
        """按物价调整。 The current level raised by prices, never cut; prices of one's own are a rise in percent since the current level."""
        return self._uprated(methods.cpi_uprating(self.current, self.prices if prices is None else prices))

    def mixed_uprating(
        self, theta: Given = "1/2", prices: Given | None = None, real_growth: Given | None = None
    ) -> Answer:
        """物价加部分实际增长。 The current level raised by prices and a part `theta` of real growth (a plain ratio): a choice of policy."""
        moved = self.prices if prices is None else prices, self.real_growth if real_growth is None else real_growth
        return self._uprated(methods.mixed_uprating(self.current, *moved, theta))

    def growth_uprating(self, rate: Given) -> Answer:
        """按一定幅度提高。 The current level raised by a rate in percent."""
        return self._for(methods.growth_uprating(self.current, rate))

    def local_methods(self) -> list[Answer]:
        """当地自定规则的测算值。 Bands and least shares of consumption, income and wages, least growth: rows of the law of the place.

        They bind a standard or a floor, not the mean over many.
        """
        if self.kind == "average":
            return []
        found = [self._consumption_band(), *self._least_shares(), self._wage_band()]
        rule = self.rule("standard_growth_min")
        found += [self.growth_uprating(rule)] if rule and self.current else []
        return [one for one in found if one is not None]

    def from_urban(self) -> list[Answer]:
        """按城市标准折算。 For the country: the ratio the law sets of the urban level, and the target where the current level is below it."""
        if self.area != "rural" or not self.urban or self.urban.kind != self.kind:
            return []
        ratio, target = self.rule("rural_from_urban_ratio"), self.rule(RATIO_TARGET)
        found = [self._for(methods.rural_from_urban(self.urban, ratio))] if ratio else []
        goal = self._for(methods.rural_from_urban(self.urban, target)) if target else None
        if goal and (not self.current or goal.fen_month > self.current.fen_month):
            found.append(replace(goal, method=TARGET_METHOD))
        return found

    def methods(self, theta: Given = "1/2") -> Candidates:
        """现有数据可用的各种方法。 What every method gives that needs no list or survey of the user's own."""
        found = (
            self.consumption_share(),
            self.income_share(),
            self.local_methods(),
            self.cpi_uprating(),
            self.mixed_uprating(theta),
        )
        return Candidates(*found, self.from_urban())

    def bounds(self) -> Limits:
        """上下限。 What a candidate is held to, in order, with the place's rounding, and what a change costs."""
        target, reading = self._ratio_now()
        limits = bounds(
            last=self.current.known if self.current else None,
            floor=floor(self.local.book, self.place, self.area, self.year) if self.kind in ("standard", "") else None,
            cap=self._cap(),
            urban=self.urban.known if self.urban else None,
            ratio_low=target,
            reading=reading,
        )
        how = rounding_of(self.local, "dibao_standard", self.area)
        return Limits(self.area, limits, how, self.level, self.current, self.recipients, self.payment)

    def growth(self) -> Growth | Missing:
        """名义与实际增幅。 The rise of the announced level over the one before, beside the percentage announced, after prices."""
        if not self.level:
            return self.level
        if not self.current:
            return self.current
        stated = self.rule("standard_growth_stated", f"dibao_standard:{self.area}")
        return growth(self.current.known, self.level.known, stated or "", self.deflator or None)

    def adequacy(self) -> list[tuple[Known, Ratio]]:
        """保障水平。 A year of the level over last year's consumption and income per head, as far as they are known."""
        level = self.level.known if self.level else self.standard
        means = [mean for mean in (self.consumption, self.income) if mean]
        return [(mean, adequacy(mean.name, level, mean)) for mean in means] if level else []

    def worth(self) -> list[Worth]:
        """保障水平。 The same with the share the place stated, and beside every minimum wage of the year."""
        level = self.level.known if self.level else self.standard
        if not level:
            return []
        said = self.rule("standard_share_stated")
        means = [
            Worth(self.area, level, mean, ratio, said if mean.name.startswith(CONSUMPTION) else None)
            for mean, ratio in self.adequacy()
        ]
        wages = [(Known.of(wage), to_minimum_wage(level, wage)) for wage in self.wages]
        return means + [Worth(self.area, level, wage, ratio) for wage, ratio in wages]

    def cost(self) -> Cost | Missing:
        """提标所需资金。 Range of the cost of the step from the level before; missing without heads, or where the level is a guide or floor."""
        if not self.level:
            return self.level
        if not self.current:
            return self.current
        if self.level.kind not in COSTED:
            return Missing("level_that_is_paid", self.area, self.year, "cost", self.place)
        if not self.recipients:
            return self.recipients.of_method("cost")
        return cost_of_change(self.current.known, self.level.known, self.recipients, self.payment or None)

    def rule(self, name: str, groups: str = "") -> Value | None:
        """A rule of the place for this area, which it may do without: its absence is no gap."""
        known = name in self.local.book.tables.names
        return self.local.optional(name, groups or self.area) if known else None

    def own_share_base(self, what: str, rule: str) -> Figure | None:
        """法定比例所用的上年数。 Last year's figure a rule on shares is measured on: the one the place names, else its own area's.

        Neither the province's figure nor that of all residents is a substitute for a base the rule names.
        """
        named = self.rule("standard_consumption_base") if rule == "standard_share_of_consumption" else None
        if named is None:
            return published.per_head(self.figures, self.place, what, self.area, self.year - 1, strict=True)
        area = named.text.partition("/")[2]
        return self.figures.find(province_of(self.place).code, f"{CONSUMPTION}:{area}", str(self.year - 1))

    def to_frame(self) -> Any:
        """One row a quantity: name, number (exact), low, high, unit, status, error, region, period, sources; what lacks in `attrs["lacking"]`."""
        return _frame([self])

    def _repr_html_(self) -> str:
        frame = self.to_frame()
        return super()._repr_html_() + missing_html(frame.attrs["lacking"])

    def _mean(self, what: str, place: str = "") -> Known | Missing:
        series = f"{what}:{self.area}"
        found = local_figure(self.figures, place or self.place, series, self.year - 1)
        if found is None:
            return Missing(what, self.area, self.year - 1, place=self.place)
        ends = (None, None) if found.low == found.high else (found.low, found.high)
        return Known(found.point, found.unit, found.status, None, found.figures, series, *ends)

    def _prices(self, first: int, end: int) -> Known | Missing:
        found = published.price_index(self.figures, self.place, self.area, range(first, end))
        if not found or {row.region for row in found.rows} == {self.place}:
            return found
        return replace(found, status=weakest("estimated", found.status))

    def _pair(self, what: str) -> tuple[Known, Figure] | Missing:
        """Last year's figure and the one behind the current level, on one basis; else the first of the two that lacks.

        Where last year's was not published for the place or its province it is a range; where the other was not either, both are the
        nation's, and the range is how far provinces have kept to it.
        """
        if not self.current:
            return self.current
        known = list(published.every_per_head(self.figures, self.place, what, self.area, self.year - 1))
        for base in known:
            if then := self._then(base):
                return self._standing_in(base), then
        series, behind = f"{what}:{self.area}", str(self.current.year - 1)
        for code in dict.fromkeys((self.place, province_of(self.place).code)):
            mean, then = self._mean(what, code), self.figures.find(code, series, behind)
            if mean and then:
                return mean, then
        return self._national_pair(series, behind) or Missing(
            what, self.area, self.current.year - 1 if known else self.year - 1, place=self.place
        )

    def _national_pair(self, series: str, behind: str) -> tuple[Known, Figure] | None:
        now, then = (self.figures.find(NATION, series, year) for year in (str(self.year - 1), behind))
        years = self.year - 1 - int(behind)
        apart, cases = parted_from_nation(self.figures, series, years) if years > 0 else (Fraction(1), 0)
        if now is None or then is None or not cases:
            return None
        return replace(self._standing_in(now), low=now.value / apart, high=now.value * apart), then

    def _then(self, base: Figure) -> Figure | None:
        """The figure of the same basis behind the current level."""
        return self.figures.find(base.region, base.series, str(self.current.year - 1)) if self.current else None

    def _share(self, then: Figure) -> Known | Missing:
        """The share the current level had of a figure of its own last year."""
        if not self.current:
            return self.current
        ratio = adequacy("share_kept", self.current.known, then)
        return Known(ratio.value, "ratio", ratio.status, None, (self.current.basis, then), "share_kept")

    def _kept_share(self, method: str, what: str) -> Answer:
        pair = self._pair(what)
        if isinstance(pair, Missing):
            return pair.of_method(method)
        now, then = pair
        own = not now.point and then.region != NATION
        notes = [*self._whose(then), *([Note("mean_not_out", (str(self.year - 1),))] if own else [])]
        return self._for(getattr(methods, method)(now, self._share(then)), *notes)

    def _whose(self, figure: Figure) -> list[Note]:
        """Say that another place's figure, or that of all residents, stands in for the place and area."""
        province = [] if figure.region == self.place else [Note("province_moves", (figure.region,))]
        return [*province, *([] if figure.series.endswith(f":{self.area}") else [Note("all_residents_move")])]

    def _standing_in(self, figure: Figure) -> Known:
        """What stands in is an estimate here."""
        found = Known.of(figure)
        return replace(found, status=weakest("estimated", found.status)) if self._whose(figure) else found

    def _for(self, made: Answer, *notes: Note, method: str = "") -> Answer:
        """Say which area an answer is for, what a reader must know, and under which name it goes."""
        if not made:
            return replace(made, area=self.area)
        return replace(made.noted(*notes), area=self.area, method=method or made.method)

    def _uprated(self, made: Answer) -> Answer:
        """Name the place whose prices, or whose growth, another's stand in for."""
        if not made:
            return self._for(made)
        used = {item.name: [row for row in item.rows if isinstance(row, Figure)] for item in made.inputs[1:]}
        grown = used.pop("real_growth", [])
        above = dict.fromkeys(row.region for rows in used.values() for row in rows if row.region != self.place)
        prices = [Note("prices_of_place_above", (code,)) for code in above]
        return self._for(made, *prices, *(self._whose(grown[-1]) if grown else []))

    def _consumption_band(self) -> Answer | None:
        band = self.rule("standard_share_of_consumption")
        if band is None:
            return None
        base = self.own_share_base(CONSUMPTION, band.name)
        if base is None:
            return Missing(CONSUMPTION, self.area, self.year - 1, "consumption_band", self.place, own=True)
        (low, high), then = band.bounds, self._then(base)
        stated, kept = self.rule("standard_share_stated"), self._share(then) if then else None
        chosen = stated.number if stated else min(max(kept.number, low), high) if kept else (low + high) / 2
        basis = stated or band
        part = Known(chosen, "ratio", basis.status, None, (basis,), basis.name)
        made = methods.consumption_share(base, part, low, high)
        return self._for(made, *([] if stated or kept else [MIDDLE]), method="consumption_band")

    def _least_shares(self) -> Iterator[Answer]:
        for method, name, what in (
            ("consumption_share_min", "standard_share_of_consumption_min", CONSUMPTION),
            ("income_share_min", "standard_share_of_income_min", INCOME),
        ):
            if rule := self.rule(name):
                base = self.own_share_base(what, name)
                lost = Missing(what, self.area, self.year - 1, method, self.place, own=True)
                make = methods.consumption_share if what == CONSUMPTION else methods.income_share
                yield self._for(make(base, rule), method=method) if base else lost

    def _wage_band(self) -> Answer | None:
        band = self.rule("standard_share_of_min_wage")
        if band is None:
            return None
        if not self.wages:
            return Missing("minimum_wage", self.area, self.year, "minimum_wage_share", self.place)
        low, high = band.bounds
        part = Known((low + high) / 2, "ratio", band.status, None, (band,), band.name)
        most, least = (end(self.wages, key=lambda wage: wage.value) for end in (max, min))
        made, bottom = methods.minimum_wage_share(most, part, high=high), methods.minimum_wage_share(least, low)
        return self._for(replace(made, low=bottom.fen_month) if made and bottom else made, MIDDLE, TOP_TIER)

    def _cap(self) -> Known | None:
        rule = self.rule("standard_below_min_wage")
        if rule is None or not self.wages:
            return None
        wage = max(self.wages, key=lambda figure: figure.value)
        return Known(
            wage.value * rule.number, "yuan/month", weakest(rule.status, wage.status), None, (rule, wage), "cap"
        )

    def _ratio_now(self) -> tuple[Known | None, bool]:
        """The least rural to urban ratio of the year, and whether it is our reading of the way to a target that is due later."""
        target = self.rule(RATIO_TARGET) if self.area == "rural" else None
        if target is None or not self.urban:
            return None, False
        due = due_day(target)
        last_urban = before(self.local.book, self.figures, self.urban)
        later = due is not None and due.year > self.year
        if due is None or not self.current or last_urban is None:
            return Known.of(target), later
        start = urban_rural(last_urban.known, self.current.known).value
        least = ratio_path(start, self.current.year, target.number, due.year, self.year)
        return replace(Known.of(target), number=least), later


@dataclass(frozen=True)
class StandardBasis(Result):
    """What the standards of a place and year are set on, town and country. Its methods answer for both areas, as a list.

    Attributes
    ----------
    place, year : str, int
        Region code, and the year of the standard.
    urban, rural : AreaBasis
        Each area.
    """

    place: str
    year: int
    urban: AreaBasis
    rural: AreaBasis

    @classmethod
    def of(cls, law: Book, figures: Figures, place: str, year: int) -> StandardBasis:
        """Gather the basis of a place and year from readers that are open."""
        now = {
            area: announced(law, figures, place, area, year) or Missing("level", area, year, place=place)
            for area in AREAS
        }
        made = [
            AreaBasis(_law_of(law, place, year, now[area]), figures, area, year, now[area],
                      current(law, figures, place, area, year), now["urban"])
            for area in AREAS
        ]  # fmt: skip
        return cls(place, year, *made)

    def __iter__(self) -> Iterator[AreaBasis]:
        return iter((self.urban, self.rural))

    def __getitem__(self, area: str) -> AreaBasis:
        if area not in AREAS:
            raise ParameterFault("no such area", where="area", expected=" or ".join(AREAS), got=str(area))
        return self.urban if area == "urban" else self.rural

    @property
    def ratio(self) -> Ratio | Missing:
        """农村与城市标准之比。 Rural over urban, where both are announced and of the same kind."""
        urban, rural = self.urban.level, self.rural.level
        if not urban or not rural or urban.kind != rural.kind:
            return Missing("levels_of_one_kind", "", self.year, "ratio", self.place)
        return urban_rural(urban.known, rural.known)

    def consumption_share(self, share: Given | None = None) -> list[Answer]:
        """`AreaBasis.consumption_share` of both areas."""
        return [area.consumption_share(share) for area in self]

    def income_share(self, share: Given | None = None) -> list[Answer]:
        """`AreaBasis.income_share` of both areas."""
        return [area.income_share(share) for area in self]

    def cpi_uprating(self, prices: Given | None = None) -> list[Answer]:
        """`AreaBasis.cpi_uprating` of both areas."""
        return [area.cpi_uprating(prices) for area in self]

    def mixed_uprating(
        self, theta: Given = "1/2", prices: Given | None = None, real_growth: Given | None = None
    ) -> list[Answer]:
        """`AreaBasis.mixed_uprating` of both areas."""
        return [area.mixed_uprating(theta, prices, real_growth) for area in self]

    def growth_uprating(self, rate: Given) -> list[Answer]:
        """`AreaBasis.growth_uprating` of both areas."""
        return [area.growth_uprating(rate) for area in self]

    def local_methods(self) -> list[Answer]:
        """Candidates from the rows of the law of the place, both areas; the rural ones tied to the urban level among them."""
        return [one for area in self for one in (*area.local_methods(), *area.from_urban())]

    def bounds(self) -> list[Limits]:
        """`AreaBasis.bounds` of both areas."""
        return [area.bounds() for area in self]

    @cached_property
    def history(self) -> LevelHistory:
        """历年标准。 The levels of the place year by year, up to the year; for a year without one the range it lies in."""
        ranges = {area.area: area.range for area in self if not area.level and area.range}
        return level_history(self.urban.local.book, self.urban.figures, self.place, self.year, ranges)

    @cached_property
    def references(self) -> References:
        """历年消费、收入与物价。 Consumption and income per head and prices, from the year before the first level on."""
        return references(self.urban.figures, self.place, min(self.history.levels, default=self.year) - 1, self.year)

    def classes(self) -> Frame:
        """省定最低标准的分类。 The lowest standards a province permits by class of its places: see `floor_classes`."""
        return floor_classes(self.urban.local.book, self.place, self.year)

    def below(self) -> Frame:
        """所辖地区最近公布的标准。 The latest level each place directly below published itself: see `levels_below`."""
        return levels_below(self.urban.local.book, self.urban.figures, self.place, self.year)

    def adequacy(self) -> Adequacy:
        """保障水平。 What the levels of both areas are worth beside consumption, income and minimum wages."""
        parts = [part for area in self for part in (area.level or area.standard, area.consumption, area.income)]
        lost = tuple(dict.fromkeys(part for part in parts if isinstance(part, Missing)))
        return Adequacy(tuple(one for area in self for one in area.worth()), lost)

    @property
    def worth_by_year(self) -> AdequacyHistory:
        """历年保障水平。 The level of each year over consumption and income per head of the year before, where the place's own are published."""
        return adequacy_history(self.history, self.urban.figures)

    @property
    def known_by(self) -> str:
        """How the standards of the year are known: by a standard, guide, average or floor announced for it (the strongest of both
        areas), `carried` from earlier years or from elsewhere, or `unknown`."""
        kinds = [area.level.kind for area in self if area.level]
        if kinds:
            return min(kinds, key=ORDER.index)
        return "carried" if any(area.range for area in self) else "unknown"

    def to_frame(self) -> Any:
        """The rows of `AreaBasis.to_frame` of both areas, with the area first."""
        return _frame(list(self))


def basis_of(given: object) -> StandardBasis:
    """Take a basis; a place alone says too little."""
    if not isinstance(given, StandardBasis):
        raise ParameterFault(
            "not a basis",
            where="base",
            expected="a StandardBasis",
            got=repr(given),
            hint=f"standard_basis({given!r}, 2024)",
        )
    return given


def rounding_of(local: LocalLaw, item: str, area: str = "") -> tuple[Any, str] | None:
    """当地取整规则。 The place's rounding rule for an item and its period, or None where none is known.

    Examples
    --------
    >>> rounding_of(Book().at("429006", date(2013, 6, 1)), "dibao_standard", "rural")
    (Rounding(mode='floor', step_fen=100), 'year')
    """
    rule = local.optional("standard_rounding", f"{item}:{area}|{item}")
    period = local.optional("standard_rounding_period", rule.group) if rule and rule.group else None
    return (rule.rounding, period.text) if rule and period else None


def due_day(target: Value) -> date | None:
    """The day by which a target is to be reached, where its row names one (`by 2025-12-31`)."""
    found = BY_DAY.search(target.period)
    return date.fromisoformat(found[1]) if found else None


def _law_of(law: Book, place: str, year: int, level: Level | Missing) -> LocalLaw:
    """Open the book on the last day of the year on which the announced level holds."""
    row = level.basis if isinstance(level, Level) else None
    return law.at(place, min(row.end, date(year, 12, 31)) if isinstance(row, Value) else date(year, 12, 31))


def _frame(areas: list[AreaBasis]) -> Any:
    import pandas as pd

    columns = ["area", "name", "number", "low", "high", "unit", "status", "error", "region", "period", "sources"]
    rows, lost = [], []
    for at in areas:
        parts = {"announced": at.level, "current": at.current, "consumption": at.consumption, "income": at.income,
                 "prices": at.prices, "deflator": at.deflator, "real_growth": at.real_growth,
                 "recipients": at.recipients, "payment": at.payment}  # fmt: skip
        for name, part in parts.items():
            if not part:
                lost.append(part)
                continue
            one = part.known if isinstance(part, Level) else part
            rows.append([at.area, name, one.number, one.low, one.high, one.unit, one.status, one.error, one.region,
                         one.period, list(one.rows)])  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs["lacking"] = list(dict.fromkeys(lost))
    return frame
