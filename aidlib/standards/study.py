"""One place and year put together: levels, candidates under their bounds, derived amounts, ratios, cost, checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from aidlib.indices import Figure, Figures
from aidlib.law import Book
from aidlib.regions import region
from aidlib.standards import checks, compliance, derived, references
from aidlib.standards.adequacy import Ratio, adequacy, urban_rural
from aidlib.standards.announced import AREAS, Level, announced, before
from aidlib.standards.bounds import Bound, Bounded, apply_bounds, bounds, ratio_path
from aidlib.standards.candidate import Words
from aidlib.standards.cost import Cost, cost_of_change
from aidlib.standards.derived import Derived
from aidlib.standards.growth import Growth, growth
from aidlib.standards.levels import floor
from aidlib.standards.proposals import propose
from aidlib.standards.situation import Situation, prices_since, situate


@dataclass(frozen=True)
class AreaStudy:
    """Everything known of one area of a place in a year.

    Attributes
    ----------
    at : Situation
        Place, area, year, announced level, the one before.
    growth : Growth or None
        Rise from the level before.
    consumption, income : Figure or None
        Last year's figures per head it is measured against.
    adequacy : tuple of (Figure, Ratio)
        The level against each of them.
    candidates : tuple of Bounded
        Each candidate after its bounds.
    missing : tuple of (method, (zh, en))
        Methods that could not be used and what they lack.
    derived : tuple of Derived
        Amounts tied to the announced level; none for an average or a floor, which nobody is paid by.
    cost : Cost or None
        Cost of the step from the level before; None where no head-count is published, or for a guide or floor.
    """

    at: Situation
    growth: Growth | None
    consumption: Figure | None
    income: Figure | None
    adequacy: tuple[tuple[Figure, Ratio], ...]
    candidates: tuple[Bounded, ...]
    missing: tuple[tuple[str, Words], ...]
    derived: tuple[Derived, ...]
    cost: Cost | None

    @property
    def level(self) -> Level:
        """The announced level."""
        return self.at.level


@dataclass(frozen=True)
class Study:
    """One place and year.

    Attributes
    ----------
    place, year : str, int
        What was asked.
    areas : tuple of AreaStudy
        Urban and rural, as far as a level is known.
    ratio : Ratio or None
        Rural over urban, of the same kind of level.
    checks : tuple of Check
        Every target that could be looked at.
    """

    place: str
    year: int
    areas: tuple[AreaStudy, ...]
    ratio: Ratio | None
    checks: tuple[compliance.Check, ...]

    def area(self, name: str) -> AreaStudy | None:
        """Return the study of one area, or None where no level is known."""
        return next((found for found in self.areas if found.level.area == name), None)


def study(book: Book, figures: Figures, place: str, year: int, theta: Fraction) -> Study:
    """测算一地一年的标准。 Study the standards of one place in one year.

    Parameters
    ----------
    book, figures : Book, Figures
        Law and published figures; what is read is remembered there.
    place : str
        Region code.
    year : int
        The year.
    theta : Fraction
        Part of real growth the mixed method passes on: a choice of policy.

    Examples
    --------
    >>> wuzhou = study(Book(), Figures(), "450400", 2019, Fraction(1, 2))
    >>> [area.level.basis.text for area in wuzhou.areas]
    ['680', '4500']
    """
    code = region(place).code
    levels = {area: announced(book, figures, code, area, year) for area in AREAS}
    areas = tuple(_area(book, figures, code, level, levels["urban"], theta) for level in levels.values() if level)
    ratio = _ratio(levels["urban"], levels["rural"])
    found = tuple(checks.all_checks(book, figures, code, year, [area.at for area in areas], ratio))
    return Study(code, year, areas, ratio, found)


def _area(book: Book, figures: Figures, code: str, level: Level, urban: Level | None, theta: Fraction) -> AreaStudy:
    at = situate(book, figures, code, level, before(book, figures, level))
    found = propose(at, theta, urban if urban and urban.kind == level.kind else None)
    limits = _limits(at, urban)
    how = derived.local_rounding(at.local, "dibao_standard", level.area)
    consumption = references.per_head(figures, code, references.CONSUMPTION, level.area, level.year - 1)
    income = references.per_head(figures, code, references.INCOME, level.area, level.year - 1)
    measured = [(figure, adequacy(figure.series, level.basis, figure)) for figure in (consumption, income) if figure]
    kept = tuple(apply_bounds(candidate, limits, *(how or ())) for candidate in found.candidates)
    amounts = tuple(_derived(at, urban or level)) if level.kind in ("standard", "guide") else ()
    return AreaStudy(at, _growth(at), consumption, income, tuple(measured), kept, found.missing, amounts, _cost(at))


def _growth(at: Situation) -> Growth | None:
    if at.last is None:
        return None
    prices = prices_since(at, at.last.year)
    return growth(at.last.fen_month, at.level.fen_month, price_rise=prices.ratio if prices else None)


def _limits(at: Situation, urban: Level | None) -> tuple[Bound, ...]:
    target = _rural_target(at, urban) if at.area == "rural" and urban else None
    return bounds(
        last=at.last.basis if at.last else None,
        floor=floor(at.local.book, at.place, at.area, at.year) if at.level.kind == "standard" else None,
        cap=_cap(at),
        urban=urban.basis if urban else None,
        ratio_low=target,
    )


def _cap(at: Situation) -> Fraction | None:
    if not at.local.book.groups(at.place, "standard_below_min_wage", at.local.on):
        return None
    wages = references.minimum_wages(at.figures, at.place, at.year)
    share = at.local.value("standard_below_min_wage", at.area).number
    return max(wage.value for wage in wages) * share if wages else None


def _rural_target(at: Situation, urban: Level) -> Fraction | None:
    if not at.local.book.groups(at.place, "target_rural_urban_ratio", at.local.on):
        return None
    target = at.local.value("target_rural_urban_ratio")
    due = compliance.BY_DAY.search(target.period)
    last_urban = before(at.local.book, at.figures, urban)
    if due is None or at.last is None or last_urban is None:
        return target.number
    start = urban_rural(last_urban.basis, at.last.basis).value
    return ratio_path(start, at.last.year, target.number, date.fromisoformat(due[1]).year, at.year)


def _derived(at: Situation, urban: Level) -> Iterator[Derived]:
    standard = at.level.basis
    wages = references.minimum_wages(at.figures, at.place, at.year)
    wage = wages[0] if len(wages) == 1 else None
    single = (
        derived.edge_line(at.local, at.area, standard, wage),
        derived.low_income_line(at.local, at.area, standard, at.level.part),
        derived.tekun_basic(at.local, at.area, standard, at.level.part),
    )
    yield from (amount for amount in single if amount is not None)
    yield from derived.tekun_care(at.local, at.area, standard, wage)
    if at.area == urban.area:
        yield from derived.aid_ceilings(at.local, standard)


def _cost(at: Situation) -> Cost | None:
    """Guides and floors cost what the places above them decide: only a standard or an average is costed."""
    if at.level.kind not in ("standard", "average"):
        return None
    persons = references.recipients(at.figures, at.place, at.area, at.year)
    if persons is None or at.last is None:
        return None
    payment = references.average_payment(at.figures, at.place, at.area, at.year)
    return cost_of_change(at.last.basis, at.level.basis, persons, payment)


def _ratio(urban: Level | None, rural: Level | None) -> Ratio | None:
    if urban is None or rural is None or urban.kind != rural.kind:
        return None
    return urban_rural(urban.basis, rural.basis)
