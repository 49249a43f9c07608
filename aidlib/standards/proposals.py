"""Candidates for one place, area and year from law rows and published figures; what cannot be computed is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from aidlib.law import weakest
from aidlib.regions import NATION
from aidlib.standards import candidates as methods
from aidlib.standards.announced import Level
from aidlib.standards.candidate import Candidate, Input, Words
from aidlib.standards.local_candidates import local_candidates
from aidlib.standards.references import CONSUMPTION, INCOME, per_head
from aidlib.standards.situation import LABELS, Situation, lacks, local_rule, paired, prices_since, share_kept

NATIONAL_PRICES: Words = ("缺当地和所在省的指数，用全国物价", "no index of the place or its province: national prices")


@dataclass(frozen=True)
class Proposals:
    """Candidates, and for each method that could not be used the figure it lacks."""

    candidates: tuple[Candidate, ...]
    missing: tuple[tuple[str, Words], ...]


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
    >>> from aidlib.law import Book
    >>> from aidlib.indices import Figures
    >>> from aidlib.standards.situation import situate
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
    found += [*local_candidates(at, missing), *_upratings(at, theta, missing), *_from_urban(at, urban)]
    return Proposals(tuple(c for c in found if c is not None), tuple(missing.items()))


def _kept_share(at: Situation, method: str, what: str, missing: dict[str, Words]) -> Candidate | None:
    pair = paired(at, what)
    share = share_kept(at, pair[0]) if pair else None
    if pair is None or share is None:
        missing[method] = _lacking(at, what)
        return None
    make = methods.consumption_share if what == CONSUMPTION else methods.income_share
    return make(pair[0], share)


def _lacking(at: Situation, what: str) -> Words:
    """Name the first thing missing: the level before, last year's figure, or the one behind the level before."""
    if at.last is None:
        return LABELS["last"]
    held = per_head(at.figures, at.place, what, at.area, at.year - 1)
    return lacks(at, what, at.last.year - 1 if held else at.year - 1)


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
        missing["mixed_uprating"] = _lacking(at, CONSUMPTION)
    found = [methods.cpi_uprating(at.last.basis, prices)]
    found += [methods.mixed_uprating(at.last.basis, prices, growth, theta)] if growth else []
    borrowed = prices.region == NATION and at.place != NATION
    return [candidate.warned(NATIONAL_PRICES) if borrowed else candidate for candidate in found]


def _real_growth(at: Situation, prices: Input) -> Input | None:
    pair = paired(at, CONSUMPTION)
    if pair is None:
        return None
    now, then = pair
    growth = now.value / then.value / (1 + prices.ratio) - 1
    return Input("real_growth", growth, "ratio", weakest(now.status, then.status), now.place, now.region, now.period)


def _from_urban(at: Situation, urban: Level | None) -> list[Candidate | None]:
    """A target the level before already keeps proposes nothing."""
    if at.area != "rural" or urban is None:
        return []
    rules = (local_rule(at, "rural_from_urban_ratio"), local_rule(at, "target_rural_urban_ratio"))
    found: list[Candidate | None] = []
    for rule in (rule for rule in rules if rule):
        candidate = methods.rural_from_urban(urban.basis, rule)
        if not rule.name.startswith("target"):
            found.append(candidate)
        elif at.last is None or candidate.fen_month > at.last.fen_month:
            found.append(replace(candidate, method="rural_target"))
    return found
