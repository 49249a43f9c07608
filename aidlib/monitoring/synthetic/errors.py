"""Known errors for the place: each kind of alert, what only a person can settle, what no register shows, and what is no error."""

from __future__ import annotations

import polars as pl

from aidlib.monitoring.ledgers import FAMILY
from aidlib.monitoring.synthetic.harmless import harmless, out_of_reach
from aidlib.monitoring.synthetic.plot import NONE, Plot, grown
from aidlib.register.columns import code
from aidlib.rules.frames import assess

SLACK_FEN = 1_000_000
LARGE_SUM_FEN = 40_000_000
EMERGENCY, PHYSICAL = code("temporary_hardship", "emergency"), code("disability_kind", "physical")
NO_LINE = ("当地支出占比未知，规则不能判断", "the local share is not known: the rules cannot tell")


def plant(plot: Plot, rules: pl.DataFrame) -> None:
    """Plant every kind of error; some only where the place has a rule for it.

    Parameters
    ----------
    plot : Plot
        The place.
    rules : polars.DataFrame
        From `rule_table`.
    """
    for step in (_deaths, _prison, _doubles, _means, _papers, _missed, _rigid, _complex, out_of_reach, harmless):
        step(plot)
    _large_sums(plot, rules.filter(pl.col("cause") == "above_county_limit")["region_code"].to_list())


def _deaths(plot: Plot) -> None:
    for at, home in enumerate(plot.take("dibao")):
        person = plot.member(home)
        plot.review(home, plot.ago(150))
        plot.register("deaths", person, died_on=plot.ago(60 + 5 * at))
        plot.note(home, person["person_id"], "dibao_after_death")
    for home in plot.take("tekun", plot.each // 2):
        person = plot.member(home)
        plot.register("deaths", person, died_on=plot.ago(70))
        plot.note(home, person["person_id"], "tekun_after_death")


def _prison(plot: Plot) -> None:
    for home in plot.take("dibao"):
        person = plot.member(home)
        plot.review(home, plot.ago(150))
        plot.register("prison", person, imprisoned_on=plot.ago(90))
        plot.note(home, person["person_id"], "counted_in_prison")
    for home in plot.take("tekun", plot.each // 4):
        person = plot.member(home)
        plot.register("prison", person, imprisoned_on=plot.ago(90))
        plot.note(home, person["person_id"], "tekun_in_prison")


def _doubles(plot: Plot) -> None:
    for home in plot.take("tekun", plot.each // 3):
        person = int(str(plot.member(home)["person_id"]))
        plot.recognise(home, person, "single")
        plot.note(home, person, "exclusive_schemes")
    for home in plot.take("edge", plot.each // 2) if "rigid_edge" in plot.exclusive else ():
        plot.recognise(home, FAMILY, "rigid")
        plot.review(home, plot.ago(30), since=plot.ago(100))
        plot.note(home, FAMILY, "exclusive_schemes")
    families = plot.take("dibao", 2 * (plot.each // 2))
    for first, second in zip(families[::2], families[1::2], strict=True):
        _copy(plot, first, second)


def _copy(plot: Plot, first: int, second: int) -> None:
    """Enter one family's member, number and all, as a child of another."""
    own = plot.persons.filter(pl.col("household_id") == first).tail(1)
    number = int(plot.persons["person_id"].max()) + 1  # type: ignore[arg-type]
    twin = own.with_columns(
        person_id=pl.lit(number, plot.persons.schema["person_id"]),
        household_id=pl.lit(second, plot.persons.schema["household_id"]),
    )
    plot.persons = pl.concat([plot.persons, twin])
    plot.note(first, own["person_id"][0], "paid_twice")
    plot.note(second, number, "paid_twice")


def _means(plot: Plot) -> None:
    over = _distances(plot)
    for pool, line in (("dibao", "over_dibao_line_fen"), ("edge", "over_edge_line_fen")):
        for home in plot.take(pool, plot.each // (1 if pool == "dibao" else 2)):
            if person := grown(plot, home):
                plot.forget("social_insurance", person)
                base = int(str(person["wage_fen"])) + 2 * abs(over[home][line]) + SLACK_FEN
                plot.register("social_insurance", person, base_fen=base)
                plot.note(home, FAMILY, "income_over_line")
    for at, home in enumerate(plot.take("dibao")):
        _own(plot, home, at)
        plot.note(home, FAMILY, "property_found")
    for home in plot.take("dibao", plot.each // 2):
        income = plot.households.filter(pl.col("household_id") == home)["income_fen"][0]
        over_line = income + abs(over[home]["over_dibao_line_fen"]) + SLACK_FEN
        plot.state(home, raised_by_job=True, grace_months_used=48, income_fen=over_line)
        plot.note(home, FAMILY, "grace_over")


def _distances(plot: Plot) -> dict[int, dict[str, int]]:
    lines = ["over_dibao_line_fen", "over_edge_line_fen"]
    found = assess(plot.households, plot.persons, plot.base.held, lines).households
    return {row["household_id"]: row for row in found.select("household_id", *lines).iter_rows(named=True)}


def _own(plot: Plot, home: int, at: int) -> None:
    person = plot.member(home)
    kinds: tuple[tuple[str, dict[str, object]], ...] = (
        ("vehicles", {"value_fen": 20_000_000}), ("business", {"businesses": 1}), ("property", {"dwellings": 2}),
    )  # fmt: skip
    name, facts = kinds[at % len(kinds)]
    plot.register(name, person, **facts)


def _papers(plot: Plot) -> None:
    for home in plot.take("dibao"):
        plot.review(home, plot.ago(500), since=plot.ago(900))
        plot.note(home, FAMILY, "review_overdue")
    for home in plot.take("tekun", plot.each // 3):
        plot.review(home, plot.ago(500), since=plot.ago(900))
        plot.note(home, plot.member(home)["person_id"], "review_overdue")
    for home in plot.take("rigid", plot.each // 2):
        plot.review(home, plot.ago(30), since=plot.ago(420))
        plot.note(home, FAMILY, "recognition_expired")
    for home in plot.take("dibao", plot.each // 2):
        person = plot.member(home)
        plot.forget("household_registration", person)
        plot.register("household_registration", person, gone_on=plot.ago(40))
        plot.note(home, person["person_id"], "registration_gone")


def _missed(plot: Plot) -> None:
    for scheme in ("dibao", "edge", "tekun"):
        for home in plot.take(scheme, plot.each // (2 if scheme == "tekun" else 1)):
            person = plot.member(home)["person_id"] if scheme == "tekun" else FAMILY
            plot.drop(home, scheme)
            plot.note(home, person, f"{scheme}_not_covered")
    for at, home in enumerate(plot.take("edge")):
        if person := _sound(plot, home):
            _ground(plot, person, at)
            plot.note(home, person["person_id"], "single_entry_missed")


def _rigid(plot: Plot) -> None:
    """Leave out some families that pass the test for rigid spending; where the local share is unknown, no rule can tell."""
    found = assess(plot.households, plot.persons, plot.base.held, ["rigid_household"]).households
    sure = set(found.filter("rigid_household")["household_id"])
    for home in plot.take("rigid", plot.each // 2):
        if home in sure:
            plot.drop(home, "rigid")
            plot.note(home, FAMILY, "rigid_not_covered")
    for home in plot.take("other", max(plot.each // 3, 1)):
        if home not in sure:
            plot.note(home, FAMILY, "rigid_not_covered", NONE, why=NO_LINE)


def _sound(plot: Plot, home: int) -> dict[str, object]:
    own = plot.persons.filter(
        pl.col("household_id") == home, pl.col("disability_grade") == 0, ~pl.col("serious_illness").cast(pl.Boolean)
    )
    return own.row(0, named=True) if len(own) else {}


def _ground(plot: Plot, person: dict[str, object], at: int) -> None:
    """Give a person a ground for single entry that only a department knows."""
    day = plot.ago(100)
    if at % 2:
        plot.register("serious_illness", person, listed_on=day)
    else:
        plot.register("severe_disability", person, disability_kind=PHYSICAL, disability_grade=1, listed_on=day)


def _complex(plot: Plot) -> None:
    for home in plot.take("edge", plot.each // 2):
        if person := _sound(plot, home):
            _ground(plot, person, 0)
            _own(plot, home, 0)
            for cause, who in (
                ("single_entry_missed", person["person_id"]),
                ("property_found", FAMILY),
                ("opposite_signs", FAMILY),
            ):
                plot.note(home, who, cause)
    for home in plot.take("other", plot.each // 2):
        person = plot.member(home)
        for days in (50, 80):
            plot.register("deaths", person, died_on=plot.ago(days))
        plot.note(home, person["person_id"], "identity_conflict")


def _large_sums(plot: Plot, places: list[str]) -> None:
    here = set(plot.households.filter(pl.col("region_code").is_in(places))["household_id"])
    for home in plot.take("edge", plot.each // 3):
        if home in here:
            plot.state(home, temporary_hardship=EMERGENCY, aid_requested_fen=LARGE_SUM_FEN)
            plot.note(home, FAMILY, "above_county_limit")
