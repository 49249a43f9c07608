"""One place's months as results: what is settled is said, what is due is worked out, what is unknown is a range with a reason."""

from __future__ import annotations

import ast
from fractions import Fraction
from pathlib import Path

import pytest

from aidlib import Book, Figures, words
from aidlib.indices import Figure
from aidlib.known import Known
from aidlib.law.faults import vocabulary
from aidlib.prices import linkage, nowcast
from aidlib.prices.ahead import linkage_outlook
from aidlib.prices.formula import formula
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.monthly import LinkageMonth, amount_of, linkage_months, newest_month, notes_of, other_methods
from aidlib.prices.readings import Supposed
from aidlib.regions import provinces


def supposed(month: str, place: str = "450000", standard: int = 60000, **rises: str) -> Decision:
    """Decide with invented indices and an invented urban standard."""
    given = Supposed(Figures(), {i: Fraction(r) for i, r in rises.items()}, {"dibao_standard:urban": standard})
    return decide(Book(), Figures(), place, month, readings=given)


def month_of(decision: Decision) -> LinkageMonth:
    return LinkageMonth(decision, Book(), Figures())


def test_every_province_has_a_verdict_of_the_newest_month() -> None:
    """No index of a place is out for the newest month, and yet most places get an answer: a start can be excluded."""
    figures, book = Figures(), Book()
    newest = newest_month(figures)
    found = {p.code: linkage_months(p.code, newest, 1, law=book, figures=figures).now for p in provinces()}
    settled = [code for code, month in found.items() if month.verdict == "start_excluded"]
    assert len(settled) >= 28
    assert all(month.chance[1] < 0.02 for code, month in found.items() if code in settled)
    assert {month.decision.outcome_status for month in found.values()} == {"estimated"}


def test_an_excluded_month_counts_as_an_answer_and_says_how_it_is_known() -> None:
    """A month judged by the nation's index shows the range, its chance, and the record of such ranges by place and in all."""
    months = linkage_months("450400", "2025-08", 3)
    assert set(months.to_frame()["start"]) == {"start_excluded"}
    conditions = months.now.conditions().to_frame()
    assert conditions["verdict"].tolist() == ["excluded", "excluded"]
    assert all(rise.low < rise.number < rise.high for rise in conditions["rise"])
    record = months.now.record().to_frame()
    assert {"all_provinces", "450000"} <= set(record["place"])
    assert set(record["record_kind"]) == {"rolling_origin", "held_out"}
    assert months.now.model().to_frame()["persistence"].between(0, 1).all()


@pytest.mark.parametrize(
    ("low", "high", "told"), [(0.95, 1.0, "start_likely"), (0.0, 0.05, "start_unlikely"), (0.0, 1.0, "start_unknown")]
)
def test_a_chance_that_is_only_bounded_is_not_likely(
    monkeypatch: pytest.MonkeyPatch, low: float, high: float, told: str
) -> None:
    """Very likely needs the least chance to be high, very likely not the greatest to be low; else it cannot be told."""
    month = month_of(supposed("2020-02", cpi="3.0"))
    monkeypatch.setitem(vars(month), "chance", (low, high))
    assert month.decision.outcome == "undetermined"
    assert month.verdict == told


def test_an_amount_is_worked_out_in_signs_that_give_it() -> None:
    """Base times rise, doubled where the period doubles: the digits of the formula give the amount beside them."""
    due = supposed("2020-04", cpi="4.1", food="16.0", scpi="5.0").amount("dibao_urban")
    assert due
    assert formula(due) == "(600 × 5%) × 2 = 60"
    amount = amount_of(due)
    assert amount
    assert (amount.number, amount.point) == (60, True)


def test_a_carried_base_gives_ends_and_never_a_point() -> None:
    """Guangdong of 2020-04 has no standard in force on file: both the base and the amount are ranges, above the floor of 580."""
    amounts = linkage_months("440000", "2020-04", 1).now.amounts()
    frame = amounts.to_frame().set_index("group")
    row = frame.loc["dibao_urban"]
    assert not row["standard"].point
    assert row["standard"].low >= 580
    assert not row["amount_month"].point
    assert row["formula"].startswith("(")
    assert row["persons"].unit == "persons"
    assert row["persons"].number > 100_000
    assert set(amounts.unknown) >= {"orphan"}


def test_an_amount_without_an_upper_end_says_at_least() -> None:
    """Where the place announces amounts above a floor, only the floor is known."""
    due = decide(Book(), Figures(), "350100", "2023-01").amount("dibao_urban")
    assert due
    told = notes_of(due)
    assert [note.code for note in told] == ["announced_floor_parts"]
    assert any("350102" in fact for fact in told[0].facts)


def test_what_a_place_paid_stands_beside_our_amount() -> None:
    """Qingdao paid 20 yuan for 2018-09; its row says so, whatever an invented SCPI gives."""
    found = decide(Book(), Figures(), "370200", "2018-09", printed={"food": "7", "scpi": "9"})
    row = month_of(found).amounts().to_frame().set_index("group").loc["dibao_urban"]
    assert (row["paid"].number, row["amount_month"].number) == (20, 45)


def test_every_row_rests_on_something() -> None:
    """Conditions and amounts name their rows, and an estimated month those it was made from."""
    now = linkage_months("450400", "2020-02", 2)
    assert all(now.now.conditions().to_frame()["sources"])
    assert all(now.now.amounts().to_frame()["sources"])
    read = {row.series for row in now.to_frame()["sources"][1] if isinstance(row, Figure)}
    assert {"cpi_yoy:total:food_tobacco_alcohol", "cpi_yoy:total:all_items"} <= read


def test_months_stand_in_order_and_keep_their_marks() -> None:
    """One row a month; a published rise is a point, an estimated one a range with its status."""
    frame = linkage_months("450400", "2018-04", 2).to_frame()
    assert frame["period"].tolist() == ["2018-03", "2018-04"]
    first, second = frame["cpi_rise"]
    assert (first.status, first.point, second.status, second.point) == ("observed", True, "estimated", False)


def test_statements_that_ask_the_same_are_shown_once() -> None:
    """Heilongjiang's own method and the national form have the same lines: two conditions, not four."""
    assert len(linkage_months("230000", "2026-08", 1).now.conditions().to_frame()) == 2


def test_compared_methods_are_own_national_and_distinct() -> None:
    """The place's own method comes first with what contradicts it, the national form after, and no method twice."""
    others = other_methods(Book(), "420100", "2020-02")
    assert others[:4] == [
        ("420100", "in_force"),
        ("420100", "alternative_later"),
        ("420100", "alternative_scpi"),
        ("000000", "in_force"),
    ]
    assert len(others) == len(set(others))
    assert ("460000", "in_force") in other_methods(Book(), "460000", "2009-05")


def test_nothing_is_compared_where_no_method_would_pay() -> None:
    """Months that start payment nowhere give no table; those that do give sums with both ends."""
    assert linkage_months("450400", "2025-08", 2).elsewhere().to_frame().empty
    sums = linkage_months("440000", "2020-02", 2).elsewhere().to_frame().set_index("method_place")
    assert sums.loc["440000", "started_months"] == 2
    assert isinstance(sums.loc["440000", "urban_total"], Known)


def test_groups_without_a_base_are_named_once() -> None:
    """What is missing names the groups whose base no text states, in one row over all months."""
    notes = linkage_months("110000", "2020-03", 2).notes().to_frame()
    named = [note for note in notes["note"] if note.code == "no_base_of"]
    assert len(named) == 1
    assert "bravery_pensioner" in named[0].facts


def test_a_month_that_has_passed_is_not_forecast_unless_asked() -> None:
    """An older month gives a reason instead of rows; as a back-test it gives chances between nought and one, and their record."""
    now = linkage_months("450000", "2019-10", 1).now
    plain, asked = linkage_outlook(now, 2), linkage_outlook(now, 2, backtest=True)
    assert plain.reason is not None
    assert plain.reason.code == "months_passed"
    assert plain.to_frame().empty
    assert asked.to_frame()["period"].tolist() == ["2019-11", "2019-12"]
    assert all(0 <= chance.number <= 1 for chance in asked.to_frame()["any_chance"])
    assert asked.record().to_frame()["scored"].gt(100).all()


def test_months_that_ended_before_today_are_left_out() -> None:
    """Of the months after the newest index those that are over are not forecast; without a past there is a reason."""
    now = linkage_months("450000", newest_month(), 1).now
    found = linkage_outlook(now, 6, today="2099-01-01")
    assert found.to_frame().empty
    assert found.reason is not None


def test_every_note_of_the_arithmetic_has_words() -> None:
    """Each code that a decision or an outlook may carry is in the vocabulary; a new one without words fails here."""
    rooms = (
        Path(linkage.__file__).parent / f"{name}.py" for name in ("linkage", "amounts", "outlook", "monthly", "ahead")
    )
    calls = (
        node
        for room in rooms
        for node in ast.walk(ast.parse(room.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    )
    notes = (node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "Note")
    codes = {note.args[0].value for note in notes if isinstance(note.args[0], ast.Constant)}
    pays = {f"pay_{word}" for word in vocabulary(Book().tables.names["linkage_pay"].note)}
    bases = {
        "carried",
        "between",
        "earlier",
        "above",
        "floor",
        "average",
        "carried_average",
        "between_average",
        "earlier_average",
    }
    announced = {
        "announced",
        "announced_floor",
        "announced_parts",
        "announced_floor_parts",
        "past_estimated",
        "past_estimated_within",
    }
    assert len(codes) > 20
    assert [code for code in codes | pays | bases | announced if words.find(f"note:{code}") is None] == []


def test_every_verdict_has_words() -> None:
    """The codes of months and conditions are called by their names in both languages."""
    codes = {"started", "not_started", "start_excluded", "start_unlikely", "start_likely", "start_unknown"}
    codes |= {"met", "not_met", *(word for word in ("excluded", "very_likely_not", "cannot_tell", "very_likely"))}
    assert [code for code in codes if words.find(f"verdict:{code}") is None] == []
    assert nowcast.verdict_of(0.5) in codes
