"""Facts: the family as seen, months paid and missed, what was due, the chain, reviews and money."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd
import polars as pl
import pytest

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring import funds, ledgers
from aidlib.monitoring.chain import chains
from aidlib.monitoring.monitor import followed
from aidlib.monitoring.review import classes, review_list, reviews
from aidlib.monitoring.seen import FOUND, as_seen, inside
from aidlib.monitoring.subsidy import amounts, with_subsidy
from aidlib.monitoring.synthetic.past import past
from aidlib.prices.linkage import decide
from aidlib.rules.places import places
from tests.monitoring.conftest import Made

HOMES = pl.DataFrame({"household_id": [1, 2], "income_fen": [1_000, 2_000]})
PEOPLE = pl.DataFrame(
    {
        "person_id": [1, 2, 3], "household_id": [1, 1, 2], "wage_fen": [100, 0, 500], "own_income_fen": [100, 0, 500],
        "employed": [True, False, True], "serious_illness": [False] * 3, "disability_kind": [0] * 3, "disability_grade": [0] * 3,
        "student_stage": [0] * 3,
    }
)  # fmt: skip


def evidence(**columns: object) -> pl.DataFrame:
    return pl.DataFrame({"person_id": [1], "household_id": [1], **{k: [v] for k, v in columns.items()}})


def test_the_dead_leave_the_family() -> None:
    """A matched death takes the person out; an ambiguous one does not."""
    _, alive = as_seen(HOMES, PEOPLE, evidence(deaths__outcome=1))
    assert alive["person_id"].to_list() == [2, 3]
    _, doubtful = as_seen(HOMES, PEOPLE, evidence(deaths__outcome=2))
    assert doubtful["person_id"].to_list() == [1, 2, 3]


@pytest.mark.parametrize(("base", "gain"), [(99, 0), (100, 0), (101, 1), (None, 0)])
def test_a_higher_base_raises_wage_and_income(base: int | None, gain: int) -> None:
    """Only what lies above the stated wage is added, to the person and to the family; a lower base changes nothing."""
    homes, people = as_seen(HOMES, PEOPLE, evidence(social_insurance__base_fen=base))
    assert people[FOUND].to_list() == [gain, 0, 0]
    assert people["wage_fen"].to_list() == [100 + gain, 0, 500]
    assert homes["income_fen"].to_list() == [1_000 + gain, 2_000]


def test_registers_change_the_state_of_a_person() -> None:
    """Prison, certificate, illness and registered unemployment hold as registered."""
    _, people = as_seen(
        HOMES, PEOPLE,
        evidence(prison__outcome=1, severe_disability__disability_grade=1, serious_illness__outcome=1, registered_unemployed__outcome=1),
    )  # fmt: skip
    row = people.row(0, named=True)
    assert (row["disability_grade"], row["serious_illness"], row["employed"]) == (1, True, False)
    assert row["absence"] == 2


def test_words_become_the_numbers_rules_read() -> None:
    """A register with words and one with numbers are seen alike."""
    assert inside(pl.DataFrame({"student_stage": ["senior", "none"]}))["student_stage"].to_list() == [3, 0]


def test_months_after_confirmation() -> None:
    """Payment is expected from the month after confirmation; earlier months are not missed."""
    holding = pl.DataFrame(
        {"household_id": [1], "person_id": [0], "scheme": ["dibao"], "since": [date(2026, 8, 20)], "lag": [1]},
        schema_overrides={"lag": pl.Int64},
    )
    first, last = ledgers.month_number("2026-06"), ledgers.month_number("2026-10")
    due = ledgers.expected(holding, first, last)
    assert due["month"].to_list() == [ledgers.month_number(m) for m in ("2026-09", "2026-10")]
    paid = pl.DataFrame(
        {"household_id": [1], "person_id": [0], "programme": ["dibao"], "month": [last], "paid_fen": [1]},
        schema_overrides={"month": pl.Int32},
    )
    assert ledgers.missed(due, paid).row(0)[-2:] == (1, last - 1)


def test_the_month_of_death_is_paid() -> None:
    """Only months after the month of death count as paid after death."""
    month = ledgers.month_number("2026-08")
    paid = pl.DataFrame(
        {
            "household_id": [1] * 3,
            "person_id": [0] * 3,
            "programme": ["dibao"] * 3,
            "month": [month, month + 1, month + 2],
            "paid_fen": [5] * 3,
        }
    )
    events = pl.DataFrame({"household_id": [1], "person_id": [9], "event_month": [month]})
    found = ledgers.paid_after(paid, events).row(0, named=True)
    assert (found["months_dibao"], found["fen_dibao"], found["months_tekun"]) == (2, 10, 0)


def test_dues_are_what_the_ledger_pays(sound_place: Made) -> None:
    """In a place where nothing is wrong each known due is paid to the fen."""
    due = sound_place.found.dues.filter(pl.col("due_fen").is_not_null())
    assert due.height > 50
    assert (due["due_fen"] == due["paid_fen"]).all()


def test_money_differs_by_what_was_planted(spoiled: Made) -> None:
    """Recomputed to the fen, the differences are the months left out and the fen paid short, and nothing else."""
    rows, _ = funds.recompute(spoiled.found)
    planted = spoiled.world.planted
    for cause, name in (("not_paid", "month_not_paid"), ("underpaid", "underpaid")):
        homes = set(planted.filter(pl.col("cause") == name)["household_id"])
        assert set(rows.loc[rows["cause"] == cause, "household_id"]) == homes
    assert set(rows["cause"]) == {"not_paid", "underpaid"}
    assert -1 in set(rows["difference_fen"]), "one fen short is seen"


def test_temporary_aid_above_its_ceiling(spoiled: Made) -> None:
    """Wuzhou's ceiling: what is paid in the year up to the ceiling passes, one fen more is listed."""
    scene = spoiled.found.scene
    keys = scene.households.select("region_code", "urban").unique().iter_rows()
    held = places(Book(), Figures(), keys, date(2026, 10, 1), ("temporary_ceiling_fen",), stale=True)
    home = scene.households["household_id"][0]
    row = {
        "household_id": [home],
        "person_id": [0],
        "programme": ["temporary_aid"],
        "month": ["2026-10"],
        "paid_on": [scene.as_of],
    }
    ceiling = 10**9
    found, _ = funds.ceilings(spoiled.again(aid=pl.DataFrame({**row, "amount_fen": [ceiling]})), held, 2026)
    assert found["household_id"].tolist() == [home]
    line = int(found["ceiling_fen"].iloc[0])
    for amount, listed in ((line, 0), (line + 1, 1)):
        over, _ = funds.ceilings(spoiled.again(aid=pl.DataFrame({**row, "amount_fen": [amount]})), held, 2026)
        assert len(over) == listed


def test_chains_show_gaps_and_doubles(spoiled: Made) -> None:
    """A month left out and help that did not come are gaps; one person in two families is a double."""
    linked = chains(spoiled.found, pl.DataFrame({"household_id": [1], "visited_on": [date(2026, 9, 3)]}))
    planted = spoiled.world.planted.filter(pl.col("reach") == "exact")
    unpaid = set(planted.filter(pl.col("cause") == "month_not_paid")["household_id"])
    assert unpaid <= set(linked.gaps.filter(pl.col("months") > 0)["household_id"])
    twice = set(planted.filter(pl.col("cause") == "paid_twice")["household_id"])
    assert twice <= set(linked.doubles["household_id"])
    assert set(linked.links["kind"]) == {"layer", "aid", "need", "alert", "visit"}


def test_a_payment_entered_twice_is_a_double(spoiled: Made) -> None:
    """The same family, programme and month twice in the ledger is seen."""
    aid = spoiled.world.files.aid
    row = aid.filter(pl.col("programme") == "dibao").head(1)
    linked = chains(spoiled.again(aid=pl.concat([aid, row])))
    assert (row["household_id"][0], 0, "dibao", 2) in linked.doubles.rows()


def test_reviews_by_class(spoiled: Made) -> None:
    """Wuzhou reviews half-yearly; overdue ones are those planted, and the list ahead holds them."""
    rows = reviews(spoiled.found)
    assert set(rows["months"]) == {6}
    planted = set(spoiled.world.planted.filter(pl.col("cause") == "review_overdue")["household_id"])
    assert set(rows.filter("overdue")["household_id"]) == planted
    assert planted <= set(review_list(spoiled.found)["household_id"])
    assert int(classes(rows)["files"].sum()) == rows.height


def test_the_price_subsidy_of_a_month(sound_place: Made) -> None:
    """Each recognised person is due the published amount of the deepest scheme; a family that got nothing is told apart."""
    decision = decide(Book(), Figures(), "230000", "2019-10")
    known = amounts(decision)
    facts = with_subsidy(sound_place.found.facts, decision, sound_place.world.files.aid)
    row = facts.households.filter("held_dibao").row(0, named=True)
    members = facts.persons.filter(pl.col("household_id") == row["household_id"])
    counted = members.filter(pl.col("counted_member") & ~pl.col("held_tekun"))
    area = "urban" if row["urban"] else "rural"
    alone = members.filter("held_tekun").height * known["tekun", area]
    assert row["subsidy_due_fen"] == counted.height * known["dibao", area] + alone
    assert row["subsidy_paid_fen"] == 0


def test_an_invented_past_gives_every_state(spoiled: Made) -> None:
    """The invented month before makes new, open, resting and changed alerts, and some that ended."""
    found = followed(spoiled.found, *past(spoiled.found, 3))
    assert set(found.alerts["state"]) == {"new", "open", "again", "resting"}
    assert found.ended.height > 0


def test_shares_are_exact() -> None:
    """A share of bought services is compared as totals: two percent of an odd sum is not rounded."""
    law = Book().at("450400", date(2024, 1, 1))
    check = funds.purchase_share(2, 101, law)
    assert (check.line, check.met) == (Fraction(101, 50), True)
    assert pd.isna(funds.late(pd.Series([None]), date(2024, 1, 1)).iloc[0])
