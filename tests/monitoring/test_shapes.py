"""Tables at the door: kinds, all faults at once, and never a cell in a message."""

from __future__ import annotations

import traceback
from datetime import date

import polars as pl
import pytest

from aidlib.errors import RegisterFault
from aidlib.monitoring.shapes import shaped

NAME = "梁" + "甲乙"


def aid(**changes: object) -> pl.DataFrame:
    """One payment, as text, the way a CSV has it."""
    row = {
        "household_id": "1",
        "person_id": "0",
        "programme": "dibao",
        "month": "2026-10",
        "amount_fen": "500",
        "paid_on": None,
    }
    return pl.DataFrame({name: [value] for name, value in (row | changes).items()}, strict=False)


def test_text_is_brought_to_its_kind() -> None:
    """Numbers and days written as text, words of codes and empty days are what they say."""
    assert shaped({"aid": aid(paid_on="2026-10-31")})["aid"].row(0) == (
        1,
        0,
        "dibao",
        "2026-10",
        500,
        date(2026, 10, 31),
    )
    disabled = pl.DataFrame(
        {"id_number": ["x"], "disability_kind": ["mental"], "disability_grade": ["2"], "listed_on": [None]}
    )
    found = shaped({"severe_disability": disabled})["severe_disability"]
    assert found.row(0, named=True) == {
        "id_number": "x", "disability_kind": 6, "disability_grade": 2, "listed_on": None, "name": None, "birth_date": None,
    }  # fmt: skip


def test_other_tables_and_columns_stay_as_they_are() -> None:
    """Last month's alerts are aidlib's own; a column nobody reads is nobody's fault."""
    tables = {
        "alerts_before": pl.DataFrame({"household_id": ["a"]}),
        "aid": aid().with_columns(note=pl.lit("as it is")),
    }
    found = shaped(tables)
    assert found["alerts_before"].equals(tables["alerts_before"])
    assert found["aid"]["note"].to_list() == ["as it is"]


@pytest.mark.parametrize("column", ["household_id", "person_id", "programme", "month", "amount_fen", "paid_on"])
def test_a_cell_of_another_kind_is_named_and_not_shown(column: str) -> None:
    """A name where something else belongs: table, column and row, in the message and the whole traceback no name."""
    with pytest.raises(RegisterFault) as told:
        shaped({"aid": aid(**{column: NAME})})
    assert f"aid.{column}: cells of another kind" in str(told.value)
    assert NAME not in "".join(traceback.format_exception(told.value))


@pytest.mark.parametrize(
    ("amount", "right"), [("-1", False), ("0", True), ("0.5", False), ("7.0", False), (7.0, True), (7.5, False)]
)
def test_money_is_whole_and_not_negative(amount: object, right: bool) -> None:
    """A part of a fen and a negative amount are faults; a whole number that a spreadsheet made a float is none."""
    if right:
        assert shaped({"aid": aid(amount_fen=amount)})["aid"]["amount_fen"].dtype == pl.Int64
    else:
        with pytest.raises(RegisterFault, match=r"aid\.amount_fen"):
            shaped({"aid": aid(amount_fen=amount)})


def test_every_fault_is_told_at_once() -> None:
    """A missing column, an empty cell and a wrong place, each with its table."""
    homes = pl.DataFrame(
        {"household_id": [1], "region_code": ["999999"], "urban": [None], "income_fen": [0], "expend_fen": [0]}
    )
    with pytest.raises(RegisterFault) as told:
        shaped({"households": homes, "aid": aid(month=None)})
    text = str(told.value)
    for part in (
        "households: a column is missing",
        "households.region_code: cells of another kind",
        "households.urban: empty",
        "aid.month: empty",
    ):
        assert part in text
