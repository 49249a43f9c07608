"""What stands in is a range: no page and no call gives a point amount on a standard that has ended, or that is another place's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from golden import cases
from packing import unpack

import aidlib
from aidlib.law import Book
from aidlib.prices.months import last_day
from aidlib.regions import province_of, provinces

PREFECTURES = ("230100", "320100", "330100", "370100", "410300", "420100", "440300", "450400", "510100", "610100")
MONTHS = ("2016-03", "2020-02", "2022-09")
OPEN, OLD = "–", "~old"
LEVELS = {"price_linkage": ("amounts",), "standard_indexing": ("levels", "tied", "costs", "study")}
ENTRIES = [entry for entry in Book().tables.entries if "standard" in entry.row["name"]]


def tables(notebook: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables of amounts in the records of a page, with the place."""
    for case in cases():
        if case.notebook == notebook:
            for one in unpack(case.record(), "zh"):
                if one.get("kind") == "table" and one.get("name") in LEVELS[notebook]:
                    yield case.region, one


@pytest.mark.parametrize("notebook", LEVELS)
def test_no_page_shows_a_point_on_a_base_that_is_old_or_open(notebook: str) -> None:
    """In the records of every province and of more than ten prefectures: an amount beside an old or open base is open too."""
    points, seen = 0, {case.region for case in cases() if case.notebook == notebook}
    for region, table in tables(notebook):
        heads = [str(next(iter(head.values())) if isinstance(head, dict) else head) for head in table["columns"]]
        for cells in table["rows"]:
            shown = dict(zip(heads, map(str, cells), strict=True))
            assert not [cell for cell in shown.values() if OLD in cell and OPEN not in cell], (region, shown)
            base, amount = shown.get("基数", ""), shown.get("每人每月金额", "")
            points += amount[:1].isdigit() and OPEN not in amount
            assert OPEN not in base or OPEN in amount or not amount[:1].isdigit(), (region, shown)
    assert {place.code for place in provinces()} == {province_of(code).code for code in seen if code != "000000"}
    assert len([code for code in seen if not code.endswith("0000") and code.endswith("00")]) >= 10
    assert points >= 10 or notebook != "price_linkage"


@pytest.fixture(scope="module")
def amounts() -> list[dict[str, Any]]:
    """Every amount of 31 provinces and ten prefectures in three months, by the public face."""
    places = [*(place.code for place in provinces()), *PREFECTURES]
    frames = [aidlib.price_linkage(places, month, month).amounts() for month in MONTHS]
    return [row for frame in frames for row in frame.to_dict("records")]


def in_force(row: dict[str, Any]) -> set[Fraction]:
    """Every standard of that name that the book has for the place itself, or for its whole province, in that month, in fen a month."""
    name, _, area = str(row["base"]).partition(":")
    first = date.fromisoformat(f"{row['period']}-01")
    whole = {str(row["region"]), province_of(str(row["region"])).code}
    return {
        Fraction(entry.row["value"]) * 100 / (12 if entry.row["unit"].endswith("year") else 1)
        for entry in ENTRIES
        if entry.row["name"] == name and entry.row["region"] in whole
        and entry.row["group"].partition(":")[0] in ("", area) and not set(entry.row["value"]) - set("0123456789.")
        and entry.start <= last_day(row["period"]) and entry.end >= first
    }  # fmt: skip


def test_a_point_rests_on_a_row_in_force_in_the_place(amounts: list[dict[str, Any]]) -> None:
    """Asked by the public face, a point that needs a base has one that a row of the place or its whole province gives in that month."""
    points = [row for row in amounts if row["base"] and pd.notna(row["fen"])]
    assert len(points) > 30
    for row in points:
        assert any(abs(level - row["standard_fen"]) < 1 for level in in_force(row)), row


def test_without_such_a_row_there_is_no_point(amounts: list[dict[str, Any]]) -> None:
    """Where no row holds, the amount is two ends that say how they are known, or nothing."""
    others = [row for row in amounts if row["base"] and not in_force(row)]
    assert len(others) > 60
    for row in others:
        assert pd.isna(row["fen"]), row
        open_above = pd.isna(row["high_fen"])  # a least amount needs no base
        assert open_above or row["status"] in ("estimated", "stale"), row
