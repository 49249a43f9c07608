"""Limits on what a household may own, each on the base its own row names; without a row the county's finding stands alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from aidlib.law import Value
from aidlib.rules.helpers import MONTHS_PER_YEAR
from aidlib.rules.lawinputs import INCOME, STANDARD, whole
from aidlib.rules.unknown import NO_LIMIT, Known, scaled

if TYPE_CHECKING:
    from aidlib.rules.local import Desk

AMOUNTS = {
    "edge_assets_fen12": "edge_financial_assets_max",
    "edge_vehicle_value_fen12": "edge_vehicle_value_max",
    "edge_capital_fen12": "edge_capital_max",
    "edge_profit_fen12": "edge_firm_profit_max",
    "dibao_assets_small_fen12": "dibao_financial_assets_max",
    "dibao_assets_large_fen12": "dibao_financial_assets_max",
}
COUNTS = {name: name for name in ("edge_dwellings_max", "edge_vehicles_max", "dibao_vehicles_max")}
PER_PERSON = {"edge_assets_per_person": "edge_assets_fen12", "dibao_assets_per_person": "dibao_assets_small_fen12"}
SMALL_SIZE = "dibao_assets_small_size"
_SIZES = "household_"


def _amount(desk: Desk, argument: str) -> Known:
    """A limit in twelfths of a fen: months or years of the standard, a multiple of last year's income, or yuan."""
    limit = _limit(desk, argument)
    if limit is None:
        return desk.none(argument, NO_LIMIT * MONTHS_PER_YEAR)
    if limit.kind == "money":
        return whole(limit.fen * MONTHS_PER_YEAR, limit)
    base = INCOME if limit.unit == "x_income" else STANDARD
    desk.rest(argument, base)
    months = 1 if limit.unit == "x_standard_month" else MONTHS_PER_YEAR
    return scaled(desk.value(base), months * limit.number)


def _limit(desk: Desk, argument: str) -> Value | None:
    groups = _size_groups(desk) if argument.startswith("dibao_assets") else ()
    own = groups[:1] if "small" in argument else groups[1:]
    return desk.row(argument, AMOUNTS[argument], *own)


def _size_groups(desk: Desk) -> tuple[str, ...]:
    """The groups of small and of large households for which the place has limits of their own."""
    return tuple(sorted(group for group in desk.groups("dibao_financial_assets_max") if group.startswith(_SIZES)))


def _small_size(desk: Desk, argument: str) -> Known:
    """The most members of a small household; 0 where the place makes no difference."""
    groups = _size_groups(desk)
    return int(groups[0].rpartition("_")[2]) if groups else desk.none(argument, 0)


def _per_person(desk: Desk, argument: str) -> Known:
    limit = _limit(desk, PER_PERSON[argument])
    return limit is not None and limit.period.startswith("per person")


def _count(desk: Desk, argument: str) -> Known:
    limit = desk.row(argument, COUNTS[argument])
    return desk.none(argument, NO_LIMIT) if limit is None else int(limit.number)


def _names() -> Iterator[tuple[str, Callable[[Desk, str], Known]]]:
    yield from dict.fromkeys(AMOUNTS, _amount).items()
    yield from dict.fromkeys(PER_PERSON, _per_person).items()
    yield from dict.fromkeys(COUNTS, _count).items()
    yield SMALL_SIZE, _small_size


ASSET_LIMITS: dict[str, Callable[[Desk, str], Known]] = dict(_names())
