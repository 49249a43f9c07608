"""Alerts: from rules that are rows of the law, one a family and cause, with deadlines and priorities that can be checked."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from aidlib.law import Book
from aidlib.law.workdays import add_workdays
from aidlib.monitoring.alert_rules import DISPOSITIONS, alert_rules, rule_table
from aidlib.monitoring.alerts import SUMMED, alerts
from aidlib.monitoring.family_facts import Facts
from aidlib.monitoring.signals import TESTS, signals
from aidlib.monitoring.vocabulary import causes, parts
from tests.monitoring.conftest import Made

BOOK, DAY = Book(), date(2026, 10, 31)


def test_every_cause_rests_on_an_article() -> None:
    """At Wuzhou every cause is in force, with one of the four dispositions, an article and an action."""
    rules = alert_rules(BOOK.at("450400", DAY))
    assert set(rules) == set(causes())
    for rule in rules.values():
        assert rule.rule.text in DISPOSITIONS
        assert rule.rule.article
        assert rule.action is not None
        assert rule.department is not None


def test_rules_begin_on_their_day() -> None:
    """The half-yearly check of Wuzhou holds from its first day, there only; rigid-spending terms from 2025."""
    before, on = (
        alert_rules(BOOK.at("450400", day))["review_overdue"].rule.region
        for day in (date(2023, 4, 5), date(2023, 4, 6))
    )
    assert (before, on) == ("000000", "450400")
    assert alert_rules(BOOK.at("230000", DAY))["review_overdue"].rule.region == "000000"
    assert "recognition_expired" not in alert_rules(BOOK.at("230000", date(2024, 12, 31)))
    assert "recognition_expired" in alert_rules(BOOK.at("230000", date(2025, 1, 1)))
    assert "above_county_limit" not in alert_rules(BOOK.at("230000", DAY))


def test_the_law_changes_the_article() -> None:
    """From 2026-07-01 income over the line rests on the Social Assistance Law, before on the measures of 2021."""
    cited = [
        alert_rules(BOOK.at("230000", day))["income_over_line"].rule.source.id
        for day in (date(2026, 6, 30), date(2026, 7, 1))
    ]
    assert cited == ["DB57", "SAL"]


def test_working_days_are_counted_and_a_missing_year_cannot_be_told() -> None:
    """Thirty working days after the alert; where they run into a year without holidays, no day is claimed."""
    assert alert_rules(BOOK.at("450400", DAY))["dibao_not_covered"].ends_on == add_workdays(DAY, 30)
    late = alert_rules(BOOK.at("450400", date(2026, 12, 15)))["dibao_not_covered"]
    assert (late.ends_on, late.how) == (None, "cannot_tell")


def test_no_deadline_is_made_up() -> None:
    """Causes for which the law says only in time have none."""
    rules = alert_rules(BOOK.at("450400", DAY))
    without = {name for name, rule in rules.items() if rule.how == "no_days"}
    assert {"income_over_line", "paid_twice", "education_aid_missing", "tekun_after_death"} <= without


def test_one_alert_a_family_and_cause(spoiled: Made) -> None:
    """No family has two alerts of one cause, whatever number of its members it concerns."""
    rows = spoiled.found.alerts
    assert rows.select("household_id", "cause").is_duplicated().sum() == 0


def test_the_priority_is_the_sum_of_its_parts(spoiled: Made) -> None:
    """Each part lies between nought and its points times its cap, and they add up."""
    rows = spoiled.found.alerts
    assert (rows["priority"] == rows.select(pl.sum_horizontal(SUMMED)).to_series()).all()
    for name, part in parts().items():
        column = rows[f"points_{name}"]
        assert column.min() >= 0  # type: ignore[operator]
        assert column.max() <= part.points * part.cap  # type: ignore[operator]
        assert (column % part.points == 0).all()
    assert rows["priority"].is_sorted(descending=True)


def test_deadlines_follow_the_event(spoiled: Made) -> None:
    """A death is to be dealt with within three months of its day; later is overdue."""
    rows = spoiled.found.alerts.filter(pl.col("cause") == "dibao_after_death")
    wanted = rows.select(pl.col("event_on").dt.offset_by("3mo")).to_series()
    assert (rows["deadline"] == wanted).all()
    assert (rows["overdue"] == (wanted < DAY)).all()
    assert rows["overdue"].any()
    assert not rows["overdue"].all()


def test_alerts_that_point_both_ways_make_a_third(spoiled: Made) -> None:
    """A family that may qualify for more and may no longer qualify goes to the coordination body as well."""
    by = spoiled.found.alerts.group_by("household_id").agg(pl.col("disposition"), pl.col("cause"))
    both = by.filter(
        pl.col("disposition").list.contains("may_qualify") & pl.col("disposition").list.contains("may_not_qualify")
    )
    assert both.height > 0
    assert both["cause"].list.contains("opposite_signs").all()


def test_a_cause_whose_facts_are_missing_is_said_not_to_be_tested(spoiled: Made) -> None:
    """Without the prison register no silence passes for a clean bill: the causes are listed with the facts they miss."""
    facts = Facts(spoiled.found.facts.households, spoiled.found.facts.persons.drop("prison__imprisoned_on"))
    lost = signals(facts, frozenset(causes())).not_tested
    assert lost["tekun_in_prison"] == ("prison__imprisoned_on",)
    assert "counted_in_prison" in lost


@pytest.mark.parametrize(("over", "fires"), [(-1, False), (0, False), (1, True)])
def test_income_at_the_line(spoiled: Made, over: int, fires: bool) -> None:
    """The distance from the rules decides to the fen: just below and on the last passing fen nothing fires, one fen more does."""
    homes = spoiled.found.facts.households.filter("held_dibao").head(1).with_columns(
        found_fen=pl.lit(500), over_dibao_line_fen_at_best=pl.lit(over), over_line_fen=pl.lit(over),
        in_exit_period_at_best=pl.lit(False), raised_by_job=pl.lit(False),
    )  # fmt: skip
    rows = alerts(
        Facts(homes, spoiled.found.facts.persons.head(0)), rule_table(BOOK, homes["region_code"], DAY), DAY
    ).rows
    found = rows.filter(pl.col("cause") == "income_over_line")
    assert (found.height == 1) is fires
    assert not fires or found["distance_fen"][0] == over


def test_found_wages_move_the_distance_fen_by_fen(spoiled: Made) -> None:
    """The distance reported is that of the rules for the family as seen: stated income plus the wage found."""
    homes = spoiled.found.facts.households.filter((pl.col("found_fen") > 0) & pl.col("held_dibao"))
    stated = spoiled.found.scene.stated_answers.households.select("household_id", before="over_dibao_line_fen")
    both = homes.join(stated, on="household_id").filter(pl.col("held_dibao"))
    assert both.height > 0
    assert (both["over_dibao_line_fen"] > both["before"]).all()


def test_tests_name_facts_that_exist(spoiled: Made) -> None:
    """Every fact a cause reports is among the facts of its level; none is silently empty for a misspelling."""
    tables = {"persons": spoiled.found.facts.persons, "households": spoiled.found.facts.households}
    for test in TESTS:
        for name in filter(None, (test.event_on, test.due_on, test.distance_fen, test.amount_fen, test.months)):
            assert name in tables[test.level].columns or name.startswith("subsidy_"), (test.cause, name)


def test_the_order_of_tables_does_not_matter(spoiled: Made) -> None:
    """Shuffled registers, ledgers and departmental rows give the same alerts, row for row."""
    files = spoiled.world.files
    mixed = {
        name: getattr(files, name).sample(fraction=1, shuffle=True, seed=4)
        for name in ("households", "persons", "recognitions", "aid")
    }
    again = spoiled.again(**mixed)
    assert again.alerts.equals(spoiled.found.alerts)
