"""Lines of the law that alerts compare with, place by place: ages, limits, intervals. What a place does not have is empty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from aidlib.errors import LawGap
from aidlib.law import Book, LocalLaw
from aidlib.rules.places import Places
from aidlib.rules.unknown import Range

STANDARD = "dibao_standard_fen_year"
MONTHS_PER_YEAR = 12
_NUMBERS = {
    "minor_age": ("minor_age", ""),
    "elderly_age": ("tekun_elderly_age", ""),
    "severe_grade": ("single_entry_disability_max_grade", ""),
    "tekun_review_months": ("review_months", "tekun"),
    "rigid_months": ("rigid_valid_months", ""),
    "lag_dibao": ("benefit_start_lag_months", ""),
    "lag_tekun": ("tekun_start_lag_months", ""),
    "most_dwellings": ("rigid_dwellings_max", ""),
}
_EXCLUSIVE = ("tekun:orphan", "tekun:defacto_unsupported_child", "tekun:dibao", "rigid:dibao", "rigid:edge")


def limits(book: Book, codes: Iterable[str], on: date) -> pl.DataFrame:
    """Read the limits of each place on a day, one row a place.

    Returns
    -------
    polars.DataFrame
        region_code, minor_age, elderly_age, severe_grade, tekun_review_months, rigid_months, lag_dibao, lag_tekun,
        most_dwellings, most_vehicle_fen (int64, empty where neither the place nor one above it has a row); and for each pair of
        schemes that may exclude each other, such as tekun_orphan, whether they do.

    Examples
    --------
    >>> limits(Book(), ["450400"], date(2026, 10, 1)).select("minor_age", "tekun_review_months", "most_dwellings").row(0)
    (18, 6, None)
    """
    rows = [{"region_code": code, **_row(book.at(code, on))} for code in dict.fromkeys(codes)]
    schema = {"region_code": pl.String, **dict.fromkeys((*_NUMBERS, "most_vehicle_fen"), pl.Int64)}
    return pl.DataFrame(rows, schema=schema | {pair.replace(":", "_"): pl.Boolean for pair in _EXCLUSIVE})


def _row(law: LocalLaw) -> dict[str, int | bool | None]:
    found = {column: _number(law, *asked) for column, asked in _NUMBERS.items()}
    vehicle = law.optional("rigid_vehicle_value_max")
    pairs = {pair.replace(":", "_"): law.optional("schemes_exclusive", pair) for pair in _EXCLUSIVE}
    exclusive = {name: value is not None and value.flag for name, value in pairs.items()}
    return {**found, "most_vehicle_fen": int(vehicle.fen) if vehicle else None, **exclusive}


def _number(law: LocalLaw, name: str, group: str) -> int | None:
    value = law.optional(name, group)
    return int(value.number) if value else None


def standards(held: Places) -> pl.DataFrame:
    """Return the monthly standard of each place and area in whole fen (rounded down: a yardstick for priorities, not an amount).

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> place, _ = example()
    >>> standards(place.held).columns
    ['region_code', 'urban', 'standard_fen_month']
    """
    rows = []
    for (code, urban), local in held.locals.items():
        year = local.values[STANDARD]
        month = None if isinstance(year, Range) else year // MONTHS_PER_YEAR
        rows.append({"region_code": code, "urban": urban, "standard_fen_month": month})
    return pl.DataFrame(rows, schema={"region_code": pl.String, "urban": pl.Boolean, "standard_fen_month": pl.Int64})


def county_limits(held: Places) -> pl.DataFrame:
    """Return what a county may approve in one case of temporary aid, per family or per person, in twelfths of a fen.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> place, _ = example()
    >>> county_limits(place.held)["county_each"].any()
    False
    """
    rows = []
    for (code, urban), local in held.locals.items():
        if "ta_county_fen12" not in local.values:
            raise LawGap("the county's limit was not looked up", hint="ask for the answer temporary_approver")
        most, each = local.values["ta_county_fen12"], local.values["ta_county_per_person"]
        known = None if isinstance(most, Range) else most
        rows.append({"region_code": code, "urban": urban, "county_fen12": known, "county_each": bool(each)})
    schema = {"region_code": pl.String, "urban": pl.Boolean, "county_fen12": pl.Int64, "county_each": pl.Boolean}
    return pl.DataFrame(rows, schema=schema)
