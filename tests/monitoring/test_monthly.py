"""The month in its parts: the family as registered, months paid and missed, the chain, reviews, the price subsidy and money."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring import funds, ledgers
from aidlib.monitoring.facts import UNDECLARED, as_registered, in_numbers
from aidlib.monitoring.monthly import amounts, chains, followed, reviews, with_subsidy
from aidlib.monitoring.trial import past
from aidlib.prices.linkage import decide
from tests.monitoring.conftest import Made

HOMES = pl.DataFrame({"household_id": [1, 2], "income_fen": [1_000, 2_000]})
PEOPLE = pl.DataFrame(
    {
        "person_id": [1, 2, 3], "household_id": [1, 1, 2], "wage_fen": [100, 0, 500], "own_income_fen": [100, 0, 500],
        "employed": [True, False, True], "serious_illness": [False] * 3, "disability_kind": [0] * 3, "disability_grade": [0] * 3,
        "student_stage": [0] * 3,
    }
)  # fmt: skip
WUZHOU = Book().at("450400", date(2024, 1, 1))


def evidence(**columns: object) -> pl.DataFrame:
    return pl.DataFrame({"person_id": [1], "household_id": [1], **{k: [v] for k, v in columns.items()}})


def test_the_dead_leave_the_family() -> None:
    """A matched death takes the person out; an ambiguous one does not."""
    left = [
        as_registered(HOMES, PEOPLE, evidence(deaths__outcome=outcome))[1]["person_id"].to_list() for outcome in (1, 2)
    ]
    assert left == [[2, 3], [1, 2, 3]]


def test_a_large_county_without_lists_of_the_dead_or_of_wages_is_as_it_stated_itself() -> None:
    """Forty thousand persons and no departmental list: nobody leaves, nobody earns more (a filter made of literals alone failed there)."""
    many = pl.DataFrame({"person_id": range(40_000), "household_id": 1, "wage_fen": 0, "own_income_fen": 0})
    alive = as_registered(HOMES, many, pl.DataFrame({"person_id": [1], "household_id": [1]}))[1]
    assert (alive.height, alive[UNDECLARED].sum()) == (40_000, 0)


@pytest.mark.parametrize(
    ("base", "pay", "gain"), [(99, None, 0), (100, None, 0), (101, None, 1), (None, None, 0), (None, 130, 30), (120, 110, 20)]
)  # fmt: skip
def test_a_higher_wage_raises_wage_and_income(base: int | None, pay: int | None, gain: int) -> None:
    """Only what lies above the stated wage is added, the larger of base and public pay, to the person and to the family."""
    homes, people = as_registered(HOMES, PEOPLE, evidence(social_insurance__base_fen=base, public_payroll__pay_fen=pay))
    assert people[UNDECLARED].to_list() == [gain, 0, 0]
    assert people["wage_fen"].to_list() == [100 + gain, 0, 500]
    assert homes["income_fen"].to_list() == [1_000 + gain, 2_000]


def test_a_year_of_income_rises_by_twelve_months() -> None:
    """Where a ledger states yearly income, the undeclared wage counts twelve times."""
    homes, _ = as_registered(
        HOMES.with_columns(income_fen_year=pl.Series([12_000, 24_000])),
        PEOPLE,
        evidence(social_insurance__base_fen=101),
    )
    assert homes["income_fen_year"].to_list() == [12_012, 24_000]


def test_registers_change_the_state_of_a_person() -> None:
    """Prison, certificate, illness and registered unemployment hold as registered; words and numbers of codes are alike."""
    known = evidence(
        prison__outcome=1,
        severe_disability__disability_grade=1,
        serious_illness__outcome=1,
        registered_unemployed__outcome=1,
    )
    row = as_registered(HOMES, PEOPLE, known)[1].row(0, named=True)
    assert (row["disability_grade"], row["serious_illness"], row["employed"], row["absence"]) == (1, True, False, 2)
    assert in_numbers(pl.DataFrame({"student_stage": ["senior", "none"]}))["student_stage"].to_list() == [3, 0]


def test_the_month_of_death_is_paid() -> None:
    """Only months after the month of death count as paid after death, and whether the amount was adjusted is told."""
    month = ledgers.month_number("2026-08")
    paid = pl.DataFrame(
        {
            "household_id": 1,
            "person_id": 0,
            "programme": "dibao",
            "month": [month, month + 1, month + 2],
            "paid_fen": [5, 5, 4],
        }
    )
    row = ledgers.paid_after(paid, pl.DataFrame({"household_id": [1], "person_id": [9], "event_month": [month]})).row(
        0, named=True
    )
    assert (row["months_dibao"], row["fen_dibao"], row["months_tekun"], row["adjusted_dibao"]) == (2, 9, 0, True)


def test_dues_are_what_the_ledger_pays(sound_place: Made) -> None:
    """In a place where nothing is wrong each known due is paid to the fen."""
    due = sound_place.found.month.dues.filter(pl.col("due_fen").is_not_null())
    assert due.height > 50
    assert (due["due_fen"] == due["paid_fen"]).all()


def test_money_differs_by_what_was_planted(spoiled: Made) -> None:
    """Recomputed to the fen, the differences are the payments that were planted, and nothing else."""
    rows, _ = funds.recompute(spoiled.found)
    planted = spoiled.place.planted.filter(pl.col("reach") != "none")
    for kind, name in (("not_paid", "month_not_paid"), ("underpaid", "underpaid"), ("overpaid", "overpaid")):
        homes = set(planted.filter(pl.col("cause") == name)["household_id"])
        assert set(rows.filter(pl.col("difference") == kind)["household_id"]) == homes
    assert set(rows.filter(pl.col("difference") == "not_due")["household_id"]) == set(
        planted.filter(pl.col("cause") == "paid_unrecognised")["household_id"]
    )
    assert {-1, 1} <= set(rows["difference_fen"]), "one fen is seen"
    assert funds.outside(spoiled.found) == 0


def test_temporary_aid_above_its_ceiling(spoiled: Made) -> None:
    """Wuzhou's ceiling: what is paid in the year up to the ceiling passes, one fen more is listed."""
    home = spoiled.place.households["household_id"][0]

    def over(amount: int) -> pl.DataFrame:
        row = {
            "household_id": home,
            "person_id": 0,
            "programme": "temporary_aid",
            "month": "2026-10",
            "amount_fen": amount,
            "paid_on": date(2026, 10, 1),
        }
        return funds.ceilings(spoiled.again(aid=pl.DataFrame([row])), Book(), Figures())[0]

    line = over(10**9)["ceiling_fen"][0]
    assert [over(amount)["household_id"].to_list() for amount in (line, line + 1)] == [[], [home]]


def test_chains_show_gaps_and_doubles(spoiled: Made) -> None:
    """A month left out and help that did not come are gaps; one person in two families, and a payment entered twice, are doubles."""
    linked = chains(spoiled.found, pl.DataFrame({"household_id": [1], "visited_on": [date(2026, 9, 3)]}))
    planted = spoiled.place.planted.filter(pl.col("reach") == "exact")
    assert set(planted.filter(pl.col("cause") == "month_not_paid")["household_id"]) <= set(
        linked.gaps.filter(pl.col("months") > 0)["household_id"]
    )
    assert set(planted.filter(pl.col("cause") == "paid_twice")["household_id"]) <= set(linked.doubles["household_id"])
    assert set(linked.links["kind"]) == {"layer", "aid", "need", "alert", "visit"}
    row = spoiled.place.aid.filter(pl.col("programme") == "dibao").head(1)
    again = chains(spoiled.again(aid=pl.concat([spoiled.place.aid, row])))
    assert (row["household_id"][0], 0, "dibao", 2) in again.doubles.select(
        "household_id", "person_id", "what", "rows"
    ).rows()


def test_reviews_by_class(spoiled: Made) -> None:
    """Wuzhou reviews half-yearly; overdue ones are those planted."""
    rows = reviews(spoiled.found)
    assert set(rows["months"]) == {6}
    planted = set(spoiled.place.planted.filter(pl.col("cause") == "review_overdue")["household_id"])
    assert set(rows.filter("overdue")["household_id"]) == planted


def test_the_price_subsidy_of_a_month(sound_place: Made) -> None:
    """Each recognised person is due the published amount of the deepest scheme; nothing paid is a cause only where the month was handed in."""
    decision = decide(Book(), Figures(), "230100", "2019-10")
    known = amounts(decision)
    for stated, paid in ((sound_place.place.coverage, None), (_all_months(sound_place), 0)):
        facts = with_subsidy(sound_place.found.facts, decision, sound_place.place.aid, stated)
        row = facts.households.filter("in_dibao").row(0, named=True)
        assert row["subsidy_paid_fen"] is paid
    members = facts.persons.filter(pl.col("household_id") == row["household_id"])
    counted = members.filter(pl.col("counted_member") & ~pl.col("in_tekun"))
    alone = members.filter("in_tekun").height * known["tekun", row["urban"]]
    assert row["subsidy_due_fen"] == counted.height * known["dibao", row["urban"]] + alone


def _all_months(made: Made) -> ledgers.Coverage:
    table = pl.DataFrame({"table": ["aid"], "region_code": None, "programme": None, "first": None, "last": None}).cast(
        pl.String
    )
    return ledgers.coverage(made.place.households, made.place.recognitions.head(0), made.place.aid.head(0), [], table)


def test_an_invented_past_gives_every_state(spoiled: Made) -> None:
    """The invented month before makes new, open, resting and changed alerts, and some that ended."""
    found = followed(spoiled.found, *past(spoiled.found, 3))
    assert set(found.alerts["state"]) == {"new", "open", "again", "resting"}
    assert found.ended.height > 0


def table(rows: dict[int, int]) -> pl.DataFrame:
    kinds = {"household_id": pl.Int64, "programme": pl.String, "month": pl.String, "amount_fen": pl.Int64}
    return pl.DataFrame(
        [(home, "dibao", "2024-01", amount) for home, amount in rows.items()], schema=kinds, orient="row"
    )


def test_each_difference_is_named() -> None:
    """One fen too little, one too much, unpaid and undue are told apart; equal payments are not listed; one listed twice is refused."""
    found = funds.differences(table({1: 100, 2: 100, 3: 100, 4: 100}), table({1: 100, 2: 99, 3: 101, 5: 50}))
    wanted = {2: ("underpaid", -1), 3: ("overpaid", 1), 4: ("not_paid", -100), 5: ("not_due", 50)}
    assert {
        home: (kind, gap)
        for home, kind, gap in found.select("household_id", "difference", "difference_fen").iter_rows()
    } == wanted
    with pytest.raises(pl.exceptions.ComputeError):
        funds.differences(table({1: 5}), pl.concat([table({1: 5}), table({1: 5})]))


@given(
    st.dictionaries(st.integers(0, 9), st.integers(0, 10**14)),
    st.dictionaries(st.integers(0, 9), st.integers(0, 10**14)),
)
def test_differences_reconcile(due: dict[int, int], paid: dict[int, int]) -> None:
    """The listed differences add up to all paid minus all due, to the fen, also for very large sums."""
    assert int(funds.differences(table(due), table(paid))["difference_fen"].sum()) == sum(paid.values()) - sum(
        due.values()
    )


@pytest.mark.parametrize(("bought", "met"), [(199, True), (200, True), (201, False), (None, None)])
def test_purchase_of_services_at_its_cap(bought: int | None, met: bool | None) -> None:
    """Two percent is within the cap, one fen more is not, unknown stays unknown; a share of an odd sum is exact; no rule cannot be checked."""
    assert funds.purchase_share(bought, 10_000, WUZHOU).met is met
    assert funds.purchase_share(2, 101, WUZHOU).line == Fraction(101, 50)
    without = funds.purchase_share(1, 1, Book().at("230000", date(2024, 1, 1)))
    assert (without.met, without.missing) == (None, "purchase_service_cap")
