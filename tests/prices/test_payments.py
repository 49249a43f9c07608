"""Published payments: every row of the cases file that states enough passes; the others say why not."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from aidlib import Book, Figures, Rounding, fen
from aidlib.prices import shapes
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.readings import Supposed

CASES = Path(__file__).parents[1] / "cases"
with (CASES / "price_linkage_payments.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))
ILLUSTRATIVE = "2022-01"


def rows(check: str) -> list[object]:
    """Rows of one kind of check, named by place and month."""
    return [
        pytest.param(row, id=f"{row['place']} {row['month']} {row['group']}") for row in ROWS if row["check"] == check
    ]


def month(row: dict[str, str]) -> str:
    """Index month of a row; the official illustration has none of its own."""
    return ILLUSTRATIVE if row["month"] == "illustrative" else row["month"]


def supposed(row: dict[str, str], end: int) -> Decision:
    """Decide with the indices and the standard of the row; `end` picks an end where a range is stated."""
    given = dict(part.split("=") for part in row["given"].split(";"))
    ends = {name: value.split("..") for name, value in given.items()}
    numbers = {name: Fraction(value[min(end, len(value) - 1)]) for name, value in ends.items()}
    rises = {name: number for name, number in numbers.items() if ":" not in name}
    standards = {name: fen(number) for name, number in numbers.items() if ":" in name}
    return decide(Book(), Figures(), row["region"], month(row), readings=Supposed(Figures(), rises, standards))


@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize("row", rows("amount"))
def test_amount_equals_the_published_one(row: dict[str, str], end: int) -> None:
    """The place's method gives the published amount to the fen."""
    due = supposed(row, end).amount("dibao_urban")
    assert due is not None
    assert due.shown_fen == fen(row["amount_yuan_person"])


@pytest.mark.parametrize("row", rows("outcome"))
def test_month_started_by_the_published_index(row: dict[str, str]) -> None:
    """The published index starts payment, and by the condition the place named; the payment is what the place reported."""
    found = decide(Book(), Figures(), row["region"], row["month"])
    assert found.outcome == "triggered"
    assert found.outcome_status == "observed"
    published = {index for c in found.met for index in c.indices if not c.estimated}
    assert published == set(row["given"].split())


@pytest.mark.parametrize("row", rows("started"))
def test_month_started_by_the_stated_index(row: dict[str, str]) -> None:
    """An index stated for a part of the place starts payment under the local lines."""
    assert supposed(row, 0).outcome == "triggered"


@pytest.mark.parametrize("row", rows("doubled"))
def test_doubling_comes_before_rounding(row: dict[str, str]) -> None:
    """Twice the base, rounded once, is the published amount."""
    times = Book().at(row["region"], date.fromisoformat(f"{row['month']}-01")).value("linkage_multiplier").number
    base = fen(row["given"].partition("=")[2])
    assert Rounding.parse("half_up/1").apply(shapes.settle(base, multiplier=times)) == fen(row["amount_yuan_person"])


@pytest.mark.parametrize("row", rows("product"))
def test_product_of_published_standard_and_index(row: dict[str, str]) -> None:
    """Standard and SCPI as the source prints them give our product, unrounded, because no rounding is stated."""
    _, standard, product = row["given"].split(";")
    group = "dibao_urban" if "城市" in row["group"] else "dibao_rural"
    due = decide(Book(), Figures(), row["region"], row["month"]).amount(group)
    assert due is not None
    assert due.standard is not None
    assert due.standard.fen_month == fen(standard)
    assert due.exact_fen == fen(product)
    assert due.fen() is None


@pytest.mark.parametrize("row", rows("no_rule"))
def test_no_rule_before_the_mechanism(row: dict[str, str]) -> None:
    """Payments before the mechanism have no rule: the decision names the gap and does not borrow a later rule."""
    first = row["month"].partition("..")[0]
    found = decide(Book(), Figures(), row["region"], first)
    assert (found.regime, found.outcome) == (None, "undetermined")
    assert found.missing


@pytest.mark.parametrize("row", rows("negative"))
def test_a_month_that_did_not_start(row: dict[str, str]) -> None:
    """Puyang, August 2019: the city paid nothing, and an estimate from the province does not claim that it should have."""
    found = decide(Book(), Figures(), row["region"], row["month"])
    assert found.outcome != "triggered"
    assert found.stated is not None
    assert found.stated.value == 0


def test_every_row_passes_or_says_why() -> None:
    """A row has a check that a test reads, or a reason; and every reason stands in the differences file."""
    known = {"amount", "outcome", "started", "doubled", "product", "no_rule", "negative"}
    text = (CASES / "differences.md").read_text(encoding="utf-8").lower()
    for row in ROWS:
        assert bool(row["check"]) != bool(row["difference"]), row
        assert not row["check"] or row["check"] in known
        assert row["difference"].lower() in text
        assert row["source_title"]


def test_inputs_that_are_ours_are_called_ours() -> None:
    """A standard or index that the source does not print is labelled so."""
    for row in ROWS:
        if row["check"] == "amount" and not row["standard_yuan_month"] and "dibao_standard" in row["given"]:
            assert "by us" in row["given_kind"]


def test_nanning_pays_within_the_month_of_release() -> None:
    """Nanning announced payment for January 2023 by 28 February: the month in which the index was released."""
    assert decide(Book(), Figures(), "450100", "2023-01").deadline.day == date(2023, 2, 28)
