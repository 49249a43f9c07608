"""Published payments, asked plainly: none is contradicted, none counts as computed that rests on itself, and the counts never fall."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import pytest

from aidlib import Book, Figures, Rounding, fen, tables
from aidlib.commands import cases
from aidlib.commands.cases import Result
from aidlib.prices import amounts as shapes
from aidlib.prices.linkage import decide

ROWS = {row["case"]: row for row in tables.rows("cases/payments.csv", cases.PAYMENTS)}


@lru_cache
def asked(given: bool = False) -> tuple[Result, ...]:
    """Every payment, asked once."""
    return tuple(cases.payments(given))


def one(case: str, given: bool = False) -> Result:
    """The first answer to a case."""
    return next(result for result in asked(given) if result.case == case)


@pytest.mark.parametrize("given", [False, True])
def test_no_published_payment_is_contradicted(given: bool) -> None:
    """Whatever is printed as an amount or a range holds what was paid; a doubt widens the answer instead."""
    assert [result for result in asked(given) if result.verdict == "differs"] == []


def test_every_row_is_asked_and_says_what_lacks() -> None:
    """No row is dropped, and nothing is "cannot tell" without a reason."""
    assert {result.case for result in asked()} == set(ROWS)
    assert [result.case for result in asked() if result.verdict == "cannot_tell" and not result.why] == []


@pytest.mark.parametrize(
    ("case", "yuan"),
    [
        ("JS2201-1", "75.00"), ("JY2008-1", "15.00"), ("JY2008-2", "15.00"), ("HF1802-1", "46.00"), ("HF1802-2", "44.00"),
        ("HF1802-3", "29.00"), ("XJ1107-1", "48.00"), ("XJ1107-2", "32.00"),
    ],
)  # fmt: skip
def test_an_announcement_that_prints_enough_is_computed_to_the_fen(case: str, yuan: str) -> None:
    """With the index and standard that the announcement itself prints, the method of the place gives the amount paid."""
    found = one(case, given=True)
    assert (found.verdict, found.computed) == ("computed", yuan)
    assert fen(found.computed) == fen(ROWS[case]["amount"])


@pytest.mark.parametrize("case", ["SZ1601-1", "NJ1610-1", "DL2002-1", "JY1908-2"])
@pytest.mark.parametrize("given", [False, True])
def test_a_rounding_read_off_a_payment_proves_nothing(case: str, given: bool) -> None:
    """Whose rounding was read off payments is consistent with them at best, never computed."""
    assert {result.verdict for result in asked(given) if result.case == case} <= {"consistent", "cannot_tell"}


def test_an_unknown_rounding_names_the_candidates() -> None:
    """Zhenjiang 2016-02: 610 / 12 is 50.83; which whole amount it becomes is not known, and 51 is among them."""
    found = one("ZJ1602-1", given=True)
    assert (found.verdict, found.computed) == ("consistent", "50.00 or 50.83 or 51.00")


def test_another_amount_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A payment one yuan higher than announced differs."""
    row = ROWS["HF1907-1"]
    false = tables.Row(row.table, row.line, row.overlaid, {**row.cells, "amount": "52"})
    monkeypatch.setattr(cases.tables, "rows", lambda *_: [false])
    assert {result.verdict for result in cases.payments()} == {"differs"}


def test_cases_name_what_they_are() -> None:
    """Known kinds, an amount or a reason, a source without an address, and groups of the law book."""
    groups = Book().tables.groups
    for case, row in ROWS.items():
        assert row["source"], case
        assert not re.search(r"\.(com|cn|net|org)\b|://", row["source"]), case
        assert row["amount"] or row["note"] or row["kind"] in cases.OUTCOMES, case
        assert set(row["groups"].split()) <= set(groups), case


def test_a_month_that_did_not_start() -> None:
    """Puyang, August 2019: the city paid nothing, and an estimate from the province does not claim that it should have."""
    found = decide(Book(), Figures(), "410900", "2019-08")
    assert found.outcome != "triggered"
    assert found.stated is not None
    assert found.stated.value == 0


def test_doubling_comes_before_rounding() -> None:
    """Quanzhou 2020-03: 89 is odd, so twice the amount was rounded once; 44.5 is our back-solved base."""
    times = Book().at("350500", date(2020, 3, 1)).value("linkage_multiplier").number
    assert Rounding.parse("half_up/1").apply(shapes.settle(4450, multiplier=times)) == fen(ROWS["QZ2003-1"]["amount"])


def test_nanning_pays_within_the_month_of_release() -> None:
    """Nanning announced payment for January 2023 by 28 February: the month in which the index was released."""
    assert decide(Book(), Figures(), "450100", "2023-01").deadline.day == date(2023, 2, 28)
