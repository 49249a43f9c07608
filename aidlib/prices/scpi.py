"""A low-income price index (scpi_est) compiled from class indices and low-income spending; never a published SCPI."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from aidlib.errors import DataGap
from aidlib.indices import INDEX_BASE, Figures
from aidlib.prices import index_numbers
from aidlib.prices.estimate import basket, kept
from aidlib.prices.months import MONTHS_IN_YEAR, shift, span
from aidlib.regions import province_of, region

if TYPE_CHECKING:
    import pandas as pd

CLASSES = (
    "food_tobacco_alcohol", "clothing", "housing", "household_articles_services", "transport_communication",
    "education_culture_recreation", "health_care", "other_goods_services",
)  # fmt: skip
LOW_INCOME = ("350000", "2013", "consumption_group:urban:low_20")
"""Whose spending gives the weights: the poorest fifth of urban households in Fujian in 2013, the only urban table of the old
sample with all eight classes that `data/reference/` has. Other tables may be given by hand."""
CPI_WEIGHTS = (("2015", "2015-12"), "cpi_weight:total")
"""Solved weights of provinces stand at the year, fitted ones of the nation at its end."""
Weights = Mapping[str, Fraction]
_KEPT: WeakKeyDictionary[Figures, dict[Any, Any]] = WeakKeyDictionary()
"""What was read and carried through one set of figures, so that a replay of many months walks no year twice."""


def low_income_shares(figures: Figures, table: tuple[str, str, str] = LOW_INCOME) -> dict[str, Fraction]:
    """Read the spending shares of low-income households by class."""
    kept = _KEPT.setdefault(figures, {})
    if table not in kept:
        place, year, stem = table
        kept[table] = index_numbers.shares({name: figures.get(place, f"{stem}:{name}", year).value for name in CLASSES})
    shares: dict[str, Fraction] = kept[table]
    return shares


def relatives(figures: Figures, place: str, month: str) -> dict[str, Fraction] | None:
    """Read the eight class indices of a place and month as ratios to the same month of last year; None if one is missing."""
    kept = _KEPT.setdefault(figures, {})
    if (place, month) not in kept:
        found = {name: figures.find(place, f"cpi_yoy:total:{name}", month) for name in CLASSES}
        known = {name: figure.value / INDEX_BASE for name, figure in found.items() if figure}
        kept[place, month] = known if len(known) == len(CLASSES) else None
    known_once: dict[str, Fraction] | None = kept[place, month]
    return known_once


def weights_before(figures: Figures, place: str, month: str, base: Weights) -> dict[str, Fraction]:
    """Carry base weights to the prices of the same month of the year before, year by year, as far as classes are known."""
    return index_numbers.shares(_spending_before(figures, place, month, base))


def _spending_before(figures: Figures, place: str, month: str, base: Weights) -> Weights:
    """Carry base weights like `weights_before`, not yet made to add up to one: the sum of eight fractions a year costs most."""
    kept, key = _KEPT.setdefault(figures, {}), (place, month, tuple(base.items()))
    if key not in kept:
        first, year_before = (basket(month) or (month, month))[0], shift(month, -MONTHS_IN_YEAR)
        moved = relatives(figures, place, year_before) if year_before >= first else None
        before = _spending_before(figures, place, year_before, base) if moved else base
        kept[key] = {name: spent * moved[name] for name, spent in before.items()} if moved else base
    carried: Weights = kept[key]
    return carried


def rise(figures: Figures, place: str, month: str, base: Weights | None = None) -> Fraction | None:
    """Estimate the year-on-year rise of the low-income index of a place, in percentage points.

    A Lowe index: class indices of the place, weights of low-income households carried to the prices of a year ago.
    """
    moved = relatives(figures, place, month)
    if moved is None:
        return None
    spending = _spending_before(figures, place, month, base or low_income_shares(figures))
    return kept((index_numbers.lowe(spending, moved) - 1) * INDEX_BASE)


def cpi_weights(figures: Figures, place: str) -> dict[str, Fraction]:
    """Read the solved weights of all households by class (2016-2020 basket); a place below a province has those of its province."""
    periods, stem = CPI_WEIGHTS
    home = province_of(place).code
    period = next((p for p in periods if figures.find(home, f"{stem}:{CLASSES[0]}", p)), periods[0])
    return index_numbers.shares({name: figures.get(home, f"{stem}:{name}", period).value for name in CLASSES})


def decomposition(figures: Figures, place: str, month: str) -> pd.DataFrame:
    """Split the gap between the compiled low-income index and the general index of a place by class."""
    import pandas as pd

    moved = relatives(figures, place, month)
    if moved is None:
        raise DataGap(f"not all eight class indices of {month} are known", where=str(region(place)))
    cited = low_income_shares(figures), cpi_weights(figures, place)
    low, every = (weights_before(figures, place, month, base) for base in cited)
    parts = index_numbers.difference(low, every, moved)
    columns = {
        "rise": {name: moved[name] - 1 for name in CLASSES},
        **dict(zip(("weight_low", "weight_all"), cited, strict=True)),
        "weight_low_updated": low,
        "weight_all_updated": every,
        "contribution": parts,
    }
    cells = {title: [float(numbers[name] * 100) for name in CLASSES] for title, numbers in columns.items()}
    return pd.DataFrame({"class": CLASSES, **cells})


def compiled(figures: Figures, place: str, first: str, last: str) -> pd.DataFrame:
    """Compile the low-income index of a place over months, beside its general index."""
    import pandas as pd

    rows = []
    for month in span(first, last):
        general = figures.find(place, "cpi_yoy:total:all_items", month)
        low = rise(figures, place, month)
        known = (None, None) if low is None else (float(low), "estimated")
        rows.append((month, known[0], float(general.rise) if general else None, known[1]))
    return pd.DataFrame(rows, columns=["period", "scpi_est", "cpi", "scpi_est_status"])
