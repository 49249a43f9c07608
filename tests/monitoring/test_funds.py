"""Money checks: to the fen, by cause, nothing lost."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.law import Book
from aidlib.monitoring.funds import by_cause, differences, late, purchase_share

WUZHOU = Book().at("450400", date(2024, 1, 1))


def table(rows: dict[int, int]) -> pd.DataFrame:
    return pd.DataFrame(
        {"household_id": list(rows), "programme": "dibao", "month": "2024-01", "amount_fen": list(rows.values())}
    ).astype({"household_id": "int64", "amount_fen": "int64"})


def test_each_cause_is_named() -> None:
    """One fen too little, one too much, unpaid and undue are told apart; equal payments are not listed."""
    found = differences(table({1: 100, 2: 100, 3: 100, 4: 100}), table({1: 100, 2: 99, 3: 101, 5: 50}))
    assert dict(zip(found["household_id"], found["cause"], strict=True)) == {
        2: "underpaid",
        3: "overpaid",
        4: "not_paid",
        5: "not_due",
    }
    assert found["difference_fen"].tolist() == [-1, 1, -100, 50]
    assert by_cause(found)["payments"].tolist() == [1, 1, 1, 1]


@given(
    st.dictionaries(st.integers(0, 9), st.integers(0, 10**14)),
    st.dictionaries(st.integers(0, 9), st.integers(0, 10**14)),
)
def test_differences_reconcile(due: dict[int, int], paid: dict[int, int]) -> None:
    """The listed differences add up to all paid minus all due, to the fen, also for very large sums."""
    found = differences(table(due), table(paid))
    assert int(found["difference_fen"].sum()) == sum(paid.values()) - sum(due.values())


def test_a_payment_listed_twice_is_refused() -> None:
    """Two rows for one household, programme and month are an error, not a sum."""
    with pytest.raises(pd.errors.MergeError):
        differences(table({1: 5}), pd.concat([table({1: 5}), table({1: 5})]))


@pytest.mark.parametrize(("bought", "met"), [(199, True), (200, True), (201, False), (None, None)])
def test_purchase_of_services_at_its_cap(bought: int | None, met: bool | None) -> None:
    """Two percent is within the cap, one fen more is not, unknown stays unknown."""
    assert purchase_share(bought, 10_000, WUZHOU).met is met


def test_a_place_without_a_cap_cannot_be_checked() -> None:
    """Where no rule is known the answer is 'cannot tell' with the name of the missing rule."""
    found = purchase_share(1, 1, Book().at("230000", date(2024, 1, 1)))
    assert (found.met, found.missing) == (None, "purchase_service_cap")


def test_late_payments() -> None:
    """The deadline itself is in time, the next day is late, no date is unknown."""
    days = pd.Series(["2024-03-20", "2024-03-21", None])
    assert late(days, date(2024, 3, 20)).tolist() == [False, True, pd.NA]
