"""A standard for every place an invented family may live in: its own, the last one known, or a published level that stands in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.money import half_up
from aidlib.monitoring.facts import WANTED
from aidlib.monitoring.limits import STANDARD
from aidlib.regions import lineage
from aidlib.rules.places import Key, Places, places
from aidlib.standards.announced import announced, latest_year
from aidlib.standards.levels import last_level

MONTHS_PER_YEAR = 12


def standards_for(book: Book, figures: Figures, keys: Iterable[Key], on: date) -> tuple[Places, int]:
    """Read the law values of places; where no standard is known, the nearest published guide, average or floor stands in.

    Returns
    -------
    Places, int
        The law values, and for how many places and areas a level stands in.
    """
    wanted, stood_in = list(keys), {}
    for code, urban in wanted:
        area = "urban" if urban else "rural"
        if last_level(book.at(code, on), area) is None and (found := _nearest(book, figures, code, area)) is not None:
            stood_in[code, area] = {STANDARD: half_up(found * MONTHS_PER_YEAR)}
    held = places(
        book, figures, wanted, on, WANTED, given=lambda code, area: stood_in.get((code, area), {}), stale=True
    )
    return held, len(stood_in)


def _nearest(book: Book, figures: Figures, code: str, area: str) -> Fraction | None:
    """Return the latest level of the nearest place that published any, in fen a month."""
    for place in lineage(code):
        year = latest_year(place, book, figures)
        level = announced(book, figures, place, area, year) if year else None
        if level is not None:
            return level.fen_month
    return None
