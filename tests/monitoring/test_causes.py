"""Causes and alerts: rules that are rows of the law, each tested on planted cases; deadlines and priorities that can be checked."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from aidlib.disclosure import ids
from aidlib.errors import LawGap, ParameterFault, RegisterFault
from aidlib.law import Book
from aidlib.law.workdays import add_workdays
from aidlib.monitoring import handed_in, monitor
from aidlib.monitoring.alerts import DISPOSITIONS, SUMMED, alert_rules, alerts, carry, ended, rule_table
from aidlib.monitoring.causes import TESTS, signals
from aidlib.monitoring.facts import Facts
from aidlib.monitoring.invented import NOWHERE, name_parts
from aidlib.monitoring.planted import invent, mistyped
from aidlib.monitoring.trial import measure
from aidlib.monitoring.vocabulary import causes, parts
from aidlib.regions import children
from aidlib.words import find
from tests.monitoring.conftest import FAMILIES, MONTH, PLACE, Made

BOOK, DAY = Book(), date(2026, 10, 31)
AUDITED = Path(__file__).parents[2] / "data" / "monitoring" / "audit_findings.csv"


def test_a_place_in_which_nothing_is_wrong_raises_no_alert(sound_place: Made) -> None:
    """Registers that agree with each other and with the rules give no signal of any cause."""
    assert sound_place.found.alerts.height == 0
    assert len(sound_place.place.recognitions) > 100


def test_every_error_within_reach_is_found(spoiled: Made) -> None:
    """Recall is one for each cause; false alarms are only the kind that is known: exempt vehicles no register marks."""
    measured = measure(spoiled.place, spoiled.found)
    table = measured.to_frame()
    assert table[table["found"] < table["planted"]].empty
    assert measured.recall == 1
    assert set(table.loc[table["false_alarms"] > 0, "alert_cause"]) == {"vehicle_found"}
    assert Fraction(9, 10) < (measured.precision or 0) < 1


def test_every_cause_in_force_is_planted(spoiled: Made) -> None:
    """Each cause that was tested has at least one planted error, so that recall says something of all of them."""
    tested = {test.cause for test in TESTS} | {"opposite_signs"}
    planted = set(spoiled.place.planted.filter(pl.col("reach") == "exact")["cause"])
    assert tested - planted == {"price_subsidy_not_paid", "rigid_not_covered", "wrong_tier"}, (
        "these three have tests of their own"
    )


def test_payment_by_another_class(spoiled: Made) -> None:
    """Where dibao is paid by class (Luoyang 2023), a family paid to the fen what another class is due is found, and is neither short nor over."""
    place = invent("410300", "2023-06", families=6_000, seed=4)
    planted = place.planted.filter((pl.col("reach") == "exact") & (pl.col("cause") == "wrong_tier"))
    found = monitor(place).alerts
    assert planted.height > 0
    assert set(found.filter(pl.col("cause") == "wrong_tier")["household_id"]) == set(planted["household_id"])
    assert (
        found.filter(pl.col("household_id").is_in(planted["household_id"].implode()))["cause"].to_list()
        == ["wrong_tier"] * planted.height
    )
    assert measure(place, monitor(place)).recall == 1


def test_what_is_out_of_reach_is_not_claimed(spoiled: Made) -> None:
    """Errors no register shows are listed with why and not found, slips in a number are put before a person, and what only looks wrong raises nothing."""
    table = measure(spoiled.place, spoiled.found).others.set_index(["reach", "planted_reason"])
    assert (table.loc["none", "alerts"] == 0).all()
    slips = table.loc[("review", "mistyped")]
    assert slips["put_before_a_person"] == slips["planted"]
    harmless = table.loc["harmless"].drop(index="exempt")
    assert (harmless["alerts"] == 0).all()
    assert set(harmless.index) == {
        "reviewed_since",
        "month_of_death",
        "worthless",
        "within_wage",
        "stopped_this_month",
        "last_day",
    }


def test_one_error_fewer_is_one_alert_fewer(spoiled: Made) -> None:
    """Paying the month that was left out takes exactly that family's alert away: recall does not come from firing at everybody."""
    home = spoiled.place.planted.filter(pl.col("cause") == "month_not_paid")["household_id"][0]
    due = spoiled.found.month.dues.filter(pl.col("household_id") == home, pl.col("programme") == "dibao")
    row = due.select(
        "household_id", "person_id", "programme", month=pl.lit(MONTH), amount_fen="due_fen", paid_on=pl.lit(DAY)
    )
    mended = spoiled.again(aid=pl.concat([spoiled.place.aid, row]))
    key = ["household_id", "cause"]
    assert spoiled.found.alerts.join(mended.alerts, on=key, how="anti").select(key).rows() == [(home, "month_not_paid")]
    assert mended.alerts.join(spoiled.found.alerts, on=key, how="anti").height == 0


@pytest.mark.parametrize(("less", "cause"), [(1, "underpaid"), (0, None), (-1, "overpaid")])
def test_a_payment_is_compared_to_the_fen(sound_place: Made, less: int, cause: str | None) -> None:
    """One fen short and one fen over are told apart; to the fen is right."""
    home = sound_place.found.month.dues.filter(pl.col("programme") == "dibao", pl.col("due_fen") > 0)["household_id"][0]
    mine = (pl.col("household_id") == home) & (pl.col("programme") == "dibao") & (pl.col("month") == MONTH)
    aid = sound_place.place.aid.with_columns(
        amount_fen=pl.when(mine).then(pl.col("amount_fen") - less).otherwise("amount_fen")
    )
    assert sound_place.again(aid=aid).alerts["cause"].to_list() == ([cause] if cause else [])


@pytest.mark.parametrize(("day", "late"), [(date(2026, 10, 31), False), (date(2026, 11, 1), True), (None, False)])
def test_a_payment_is_late_after_the_last_day(sound_place: Made, day: date | None, late: bool) -> None:
    """The last day of the month is in time, the next is late, no day is unknown."""
    home = sound_place.found.month.dues.filter(pl.col("programme") == "dibao", pl.col("due_fen") > 0)["household_id"][0]
    mine = (pl.col("household_id") == home) & (pl.col("programme") == "dibao") & (pl.col("month") == MONTH)
    aid = sound_place.place.aid.with_columns(paid_on=pl.when(mine).then(pl.lit(day, pl.Date)).otherwise("paid_on"))
    assert sound_place.again(aid=aid).alerts["cause"].to_list() == (["paid_late"] if late else [])


@pytest.mark.parametrize(("adjusted", "fires"), [(False, True), (True, False)])
def test_a_death_without_review_days_rests_on_the_amount(spoiled: Made, adjusted: bool, fires: bool) -> None:
    """Where days of reviews are not kept, payment unchanged since the death is the sign; an amount that was adjusted is none."""
    deaths = spoiled.place.planted.filter((pl.col("cause") == "dibao_after_death") & (pl.col("reach") == "exact"))[
        "household_id"
    ]
    recognitions = spoiled.place.recognitions.with_columns(reviewed_on=pl.lit(None, pl.Date))
    after = (
        pl.col("household_id").is_in(deaths.implode()) & (pl.col("programme") == "dibao") & (pl.col("month") == MONTH)
    )
    aid = spoiled.place.aid.with_columns(
        amount_fen=pl.col("amount_fen") - pl.when(after & adjusted).then(100).otherwise(0)
    )
    found = spoiled.again(recognitions=recognitions, aid=aid, coverage=None).alerts.filter(
        pl.col("cause") == "dibao_after_death"
    )
    assert set(found["household_id"]) & set(deaths) == (set(deaths) if fires else set())


def test_every_cause_rests_on_an_article() -> None:
    """At Wuzhou every cause is in force, with one of the four dispositions, an article, an action, a department and words for readers."""
    rules = alert_rules(BOOK.at("450400", DAY))
    assert set(rules) == set(causes()) == {test.cause for test in TESTS} | {"opposite_signs"}
    for name, rule in rules.items():
        assert rule.rule.text in DISPOSITIONS
        assert rule.rule.article
        assert rule.action is not None
        assert rule.department is not None
        assert find(name) is not None


def test_what_audits_report_is_a_cause_with_its_source() -> None:
    """Deaths, double schemes, vehicles, companies, public payroll, unpaid, late and wrong amounts: each has a row that says who reported it and where."""
    rows = list(csv.DictReader(AUDITED.open(encoding="utf-8")))
    assert {row["cause"] for row in rows} <= set(causes())
    assert {
        "dibao_after_death",
        "vehicle_found",
        "dwelling_found",
        "public_pay_undeclared",
        "paid_late",
        "month_not_paid",
        "underpaid",
    } <= {row["cause"] for row in rows}
    assert all(row["issuer"] and row["published_on"] and row["how_read"] for row in rows)


def test_rules_begin_on_their_day() -> None:
    """The half-yearly check of Wuzhou holds from its first day, there only; rigid-spending terms from 2025; the law of 2026 takes the article over."""
    days = (date(2023, 4, 5), date(2023, 4, 6))
    assert [alert_rules(BOOK.at("450400", day))["review_overdue"].rule.region for day in days] == ["000000", "450400"]
    assert "recognition_expired" not in alert_rules(BOOK.at("230000", date(2024, 12, 31)))
    assert "recognition_expired" in alert_rules(BOOK.at("230000", date(2025, 1, 1)))
    assert "above_county_limit" not in alert_rules(BOOK.at("230000", DAY))
    turn = (date(2026, 6, 30), date(2026, 7, 1))
    assert [alert_rules(BOOK.at("230000", day))["income_over_line"].rule.source.id for day in turn] == ["DB57", "SAL"]


def test_no_deadline_is_made_up() -> None:
    """Thirty working days after the alert; where they run into a year without holidays, or the law says only in time, no day is claimed."""
    rules = alert_rules(BOOK.at("450400", DAY))
    assert rules["dibao_not_covered"].ends_on == add_workdays(DAY, 30)
    late = alert_rules(BOOK.at("450400", date(2026, 12, 15)))["dibao_not_covered"]
    assert (late.ends_on, late.how) == (None, "cannot_tell")
    without = {name for name, rule in rules.items() if rule.how == "no_days"}
    assert {
        "income_over_line",
        "paid_twice",
        "education_aid_missing",
        "tekun_after_death",
        "public_pay_undeclared",
    } <= without


def test_alerts_are_one_a_family_and_cause(spoiled: Made) -> None:
    """One alert whatever number of members it concerns; its priority is the sum of parts, each within its cap; deadlines follow the event."""
    rows = spoiled.found.alerts
    assert rows.select("household_id", "cause").is_duplicated().sum() == 0
    assert (rows["priority"] == rows.select(pl.sum_horizontal(SUMMED)).to_series()).all()
    assert rows["priority"].is_sorted(descending=True)
    for name, part in parts().items():
        column = rows[f"points_{name}"]
        assert column.is_between(0, part.points * part.cap).all()
        assert (column % part.points == 0).all()
    deaths = rows.filter(pl.col("cause") == "dibao_after_death")
    wanted = deaths.select(pl.col("event_on").dt.offset_by("3mo")).to_series()
    assert (deaths["deadline"] == wanted).all()
    assert deaths["overdue"].to_list() == (wanted < DAY).to_list()
    assert 0 < deaths["overdue"].sum() < deaths.height


def test_alerts_that_point_both_ways_make_a_third(spoiled: Made) -> None:
    """A family that may qualify for more and may no longer qualify goes to the coordination body as well."""
    by = spoiled.found.alerts.group_by("household_id").agg(pl.col("disposition"), pl.col("cause"))
    both = by.filter(
        pl.all_horizontal(pl.col("disposition").list.contains(kind) for kind in ("may_qualify", "may_not_qualify"))
    )
    assert both.height > 0
    assert both["cause"].list.contains("opposite_signs").all()


def test_tests_name_facts_that_exist(spoiled: Made) -> None:
    """Every fact a cause reports is among the facts of its level; one whose facts are missing is listed, not silently clean."""
    tables = {"persons": spoiled.found.facts.persons, "households": spoiled.found.facts.households}
    for test in TESTS:
        for name in filter(
            None, (*test.needs, test.event_on, test.due_on, test.distance_fen, test.amount_fen, test.months)
        ):
            assert name in tables[test.level].columns or name.startswith("subsidy_"), (test.cause, name)
    lost = signals(
        Facts(tables["households"], tables["persons"].drop("prison__imprisoned_on")), frozenset(causes())
    ).not_tested
    assert lost["tekun_in_prison"] == ("prison__imprisoned_on",)


@pytest.mark.parametrize(("over", "fires"), [(-1, False), (0, False), (1, True)])
def test_income_at_the_line(spoiled: Made, over: int, fires: bool) -> None:
    """The distance from the rules decides to the fen: just below and on the last passing fen nothing fires, one fen more does."""
    homes = spoiled.found.facts.households.filter("in_dibao").head(1).with_columns(
        undeclared_wage_fen=pl.lit(500), over_dibao_line_fen_at_best=pl.lit(over), over_line_fen=pl.lit(over),
        in_exit_period_at_best=pl.lit(False), raised_by_job=pl.lit(False),
    )  # fmt: skip
    rows = alerts(
        Facts(homes, spoiled.found.facts.persons.head(0)), rule_table(BOOK, homes["region_code"], DAY), DAY
    ).rows
    found = rows.filter(pl.col("cause") == "income_over_line")
    assert (found.height == 1) is fires
    assert not fires or found["distance_fen"][0] == over


def test_the_order_of_tables_does_not_matter(spoiled: Made) -> None:
    """Shuffled registers, ledgers and departmental rows give the same alerts, row for row."""
    names = ("households", "persons", "recognitions", "aid")
    mixed = {name: getattr(spoiled.place, name).sample(fraction=1, shuffle=True, seed=4) for name in names}
    assert spoiled.again(**mixed).alerts.equals(spoiled.found.alerts)


def test_nobody_in_an_invented_place_can_be_real(spoiled: Made) -> None:
    """Numbers begin with a code that no place has and are sound otherwise, names with a word that is no surname, ages fit, every row says synthetic."""
    persons = spoiled.place.persons
    numbers = persons["id_number"]
    assert NOWHERE not in {place.code for place in children("000000")}
    assert numbers.str.starts_with(NOWHERE).all()
    assert all(ids.checks_out(number) for number in numbers)
    copies = spoiled.place.planted.filter(pl.col("cause") == "paid_twice").height // 2
    assert len(numbers) - numbers.n_unique() == copies
    assert persons["name"].str.starts_with(name_parts()["first"]).all()
    born, age = persons["birth_date"].to_list(), persons["age"].to_list()
    assert [DAY.year - b.year - ((DAY.month, DAY.day) < (b.month, b.day)) for b in born] == age
    assert set(spoiled.place.households["status"]) == set(persons["status"]) == {"synthetic"}
    assert all(mistyped("0" * 17 + last) != "0" * 17 + last for last in ids.REMAINDERS)


def test_the_same_seed_gives_the_same_place(spoiled: Made) -> None:
    """Register, ledger, departmental registers and errors are the same again; another seed gives others."""
    again = invent(PLACE, MONTH, families=FAMILIES, seed=5)
    for name in ("households", "persons", "recognitions", "aid", "planted"):
        assert getattr(again, name).equals(getattr(spoiled.place, name))
    assert all(again.registers[name].equals(table) for name, table in spoiled.place.registers.items())
    assert not invent(PLACE, MONTH, families=1_500, seed=6).planted.equals(
        invent(PLACE, MONTH, families=1_500, seed=7).planted
    )


@pytest.mark.parametrize("region", ["650000", "152900"])
def test_places_without_a_standard_get_a_stand_in_and_say_so(region: str) -> None:
    """Where no standard is known a published level stands in, and the place says for how many."""
    assert invent(region, MONTH, families=1_500, seed=2, errors=False).stood_in > 0


def test_a_month_the_law_does_not_reach_is_said_readably() -> None:
    """The law book does not reach back everywhere: the message says so, and from which day on it does. A year is no month."""
    with pytest.raises(LawGap, match=r"rules of every family.*has them from 2021-07-01 on"):
        handed_in("", PLACE, "2021-06", families=300)
    with pytest.raises(ParameterFault, match="YYYY-MM"):
        handed_in("", PLACE, "2026")


FRESH = pl.DataFrame({"household_id": [1, 2, 3, 4], "cause": ["paid_twice"] * 4, "compared": ["a", "b", "c", "d"]})
BEFORE = FRESH.filter(pl.col("household_id") > 1).with_columns(first_seen=pl.lit(date(2026, 8, 31)))


def decided(**columns: object) -> pl.DataFrame:
    row = {
        "household_id": 3,
        "cause": "paid_twice",
        "compared": "c",
        "action": "snooze",
        "until": DAY,
        "reason": "visited",
    }
    return pl.DataFrame([row | columns], schema_overrides={"household_id": pl.Int64, "until": pl.Date})


def test_new_open_and_ended() -> None:
    """What was not there last month is new; the rest is open and keeps the day it was first seen; what did not come back is listed."""
    rows = carry(FRESH, BEFORE, None, DAY)
    assert rows["state"].to_list() == ["new", "open", "open", "open"]
    assert rows["first_seen"].to_list() == [DAY, *[date(2026, 8, 31)] * 3]
    assert set(carry(FRESH, None, None, DAY)["state"]) == {"new"}
    assert ended(FRESH.filter(pl.col("household_id") != 4), BEFORE)["household_id"].to_list() == [4]
    assert ended(FRESH, None).height == 0


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, "resting"), ({"until": date(2026, 10, 30)}, "again"), ({"compared": "older"}, "again"), ({"action": "close", "until": None}, "resting"),
        ({"action": "close", "until": None, "compared": "older"}, "again"),
    ],
)  # fmt: skip
def test_an_alert_rests_while_nothing_changes(change: dict[str, object], wanted: str) -> None:
    """A snooze rests through its last day, what is closed without an end; when what it rests on changes it fires again."""
    assert carry(FRESH, BEFORE, decided(**change), DAY)["state"][2] == wanted


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reason": " "}, "without a reason"),
        ({"until": None}, "without an end"),
        ({"action": "hide"}, "unknown action"),
    ],
)
def test_decisions_must_be_whole(change: dict[str, object], message: str) -> None:
    """No alert disappears without a reason, an end and a known action."""
    with pytest.raises(RegisterFault, match=message):
        carry(FRESH, BEFORE, decided(**change), DAY)
