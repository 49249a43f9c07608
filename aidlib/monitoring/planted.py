"""Errors planted in an invented place: each kind audits report, what no comparison can reach, and what only looks wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import cycle
from typing import Any

import numpy as np
import polars as pl

from aidlib.disclosure.ids import REMAINDERS
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring.alerts import rule_table
from aidlib.monitoring.facts import NEEDS, Facts, LawOfMonth, MonthEnd, facts, limits
from aidlib.monitoring.inputs import MARKS, files
from aidlib.monitoring.invented import (
    ADULT,
    DEMONSTRATION_KEY,
    GRANT_FEN,
    OLD,
    PURPOSE,
    Base,
    Invented,
    Registers,
    base,
    departments,
    everything,
    ledger,
    pay_day,
    subsidies,
)
from aidlib.monitoring.ledgers import FAMILY, last_day, month_number, month_text
from aidlib.monitoring.matching import ID, evidence
from aidlib.monitoring.matching import KEY as PSEUDONYM
from aidlib.monitoring.monthly import gathered, rules_of_the_month, started, with_subsidy
from aidlib.monitoring.vocabulary import convention
from aidlib.register.columns import COLUMNS as REGISTER
from aidlib.register.columns import code
from aidlib.rules.frames import assess

EXACT, REVIEW, NONE, HARMLESS = "exact", "review", "none", "harmless"
COLUMNS = ("household_id", "person_id", "cause", "reach", "register", "reason")
POOLS = ("dibao", "edge", "rigid", "other")
FAMILIES_PER_ERROR = 30
SLACK_FEN = 1_000_000
LARGE_SUM_FEN = 40_000_000
EMERGENCY, PHYSICAL = code("temporary_hardship", "emergency"), code("disability_kind", "physical")
Person = dict[str, Any]


@dataclass
class Plot:
    """A place that is being changed: families are handed out once, every planted error is written down.

    Attributes
    ----------
    base : Base
        The place as it was.
    known : dict
        Departmental registers as they were.
    rng : numpy Generator
        Everything drawn is drawn from it.
    exclusive : frozenset of str
        Pairs of schemes that exclude each other on the day, as columns of `facts.limits`.
    """

    base: Base
    known: Registers
    rng: np.random.Generator
    exclusive: frozenset[str] = frozenset()
    planted: list[tuple[object, ...]] = field(default_factory=list)
    twins: list[Person] = field(default_factory=list)
    stated: dict[int, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows, self.forgotten = defaultdict[str, list[Person]](list), defaultdict[str, set[object]](set)
        self.recognised = self.base.recognitions.to_dicts()
        self.of_home = defaultdict[int, list[Person]](list)
        for row in self.recognised:
            self.of_home[row["household_id"]].append(row)
        at = (
            self.base.persons.with_row_index("at")
            .group_by("household_id", maintain_order=True)
            .agg(pl.col("at").first(), pl.len())
        )
        self.places = {home: (first, many) for home, first, many in at.iter_rows()}
        self.pools = {scheme: self._families(scheme) for scheme in POOLS}
        old = pl.col("since") < self.base.as_of.replace(day=1)
        self.pools["tekun"] = self._shuffled(self.base.recognitions.filter((pl.col("scheme") == "tekun") & old))
        self.each = max(2, min(14, len(self.pools["dibao"]) // FAMILIES_PER_ERROR))
        self.few = max(self.each // 3, 1)

    def _families(self, scheme: str) -> list[int]:
        """Families of two or more of one scheme, not new this month, in which nobody is recognised alone, in random order."""
        new, rows = pl.col("since") >= self.base.as_of.replace(day=1), self.base.recognitions
        alone = rows.filter((pl.col("person_id") != FAMILY) | new).select("household_id")
        several = pl.col("household_id").is_in([home for home, (_, many) in self.places.items() if many > 1])
        return self._shuffled(
            rows.filter(several, pl.col("scheme") == scheme).join(alone, on="household_id", how="anti")
        )

    def _shuffled(self, rows: pl.DataFrame) -> list[int]:
        homes = rows["household_id"].unique().sort().to_numpy()
        return [int(home) for home in self.rng.permutation(homes)]

    def take(self, pool: str, count: int | None = None) -> list[int]:
        """Hand out families that nothing else was planted in; fewer where the pool runs dry."""
        source, wanted = self.pools[pool], self.each if count is None else count
        taken = source[-wanted:] if wanted else []
        del source[len(source) - len(taken) :]
        return taken

    def members(self, home: int) -> list[Person]:
        """The members of a family as they were."""
        return self.base.persons.slice(*self.places[home]).to_dicts()

    def member(self, home: int) -> Person:
        """Pick a member, not the applicant where another will do."""
        return self.members(home)[-1]

    def grown(self, home: int) -> Person:
        """Pick a member of working age."""
        return next((one for one in reversed(self.members(home)) if ADULT <= one["age"] < OLD), {})

    def well(self, home: int) -> Person:
        """Pick a member who is neither disabled nor seriously ill."""
        return next(filter(_well, self.members(home)), {})

    def ago(self, days: int) -> date:
        """A day so long before the last of the month."""
        return self.base.as_of - timedelta(days=days)

    def note(
        self, home: int, person: object, cause: str, reach: str = EXACT, register: str = "", why: str = ""
    ) -> None:
        """Write a planted error down."""
        self.planted.append((home, person, cause, reach, register, why))

    def register(self, name: str, person: Person, **known: object) -> None:
        """Add a row to a departmental register."""
        self.rows[name].append({**{mark: person[mark] for mark in MARKS}, **known})

    def knows_only(self, name: str, person: Person, **known: object) -> None:
        """Let a register know one thing of a person, and nothing else."""
        self.forgotten[name].add(person[ID])
        self.register(name, person, **known)

    def change(self, home: int, **days: date) -> None:
        """Set days of a family's recognitions that are in force."""
        for row in self.of_home[home]:
            if row["until"] is None:
                row.update(days)

    def recognise(self, home: int, person: int, scheme: str) -> None:
        """Add a recognition, dated like the family's others."""
        added = {**self.of_home[home][0], "person_id": person, "scheme": scheme}
        self.recognised.append(added)
        self.of_home[home].append(added)

    def drop(self, home: int, scheme: str) -> None:
        """Turn a recognition into one of a family otherwise in difficulty."""
        for row in self.of_home[home]:
            if row["scheme"] == scheme:
                row.update(person_id=FAMILY, scheme="other")

    def state(self, home: int, **stated: int) -> None:
        """Change what a family stated."""
        self.stated.setdefault(home, {}).update(stated)

    @property
    def households(self) -> pl.DataFrame:
        """The families as they state themselves now."""
        homes, columns = self.base.households, dict.fromkeys(name for stated in self.stated.values() for name in stated)
        absent = {name: pl.lit(REGISTER[name].absent or 0) for name in columns if name not in homes.columns}
        changes = {
            name: {home: int(stated[name]) for home, stated in self.stated.items() if name in stated}
            for name in columns
        }
        home = pl.col("household_id")
        return homes.with_columns(**absent).with_columns(
            pl.when(home.is_in(list(new)))
            .then(home.replace_strict(new, default=None, return_dtype=pl.Int64))
            .otherwise(pl.col(name))
            .alias(name)
            for name, new in changes.items()
        )

    @property
    def persons(self) -> pl.DataFrame:
        """The persons, with those entered twice."""
        return pl.concat([self.base.persons, pl.DataFrame(self.twins, schema=self.base.persons.schema)])

    @property
    def recognitions(self) -> pl.DataFrame:
        """The recognitions as they are now."""
        return pl.DataFrame(self.recognised, schema=self.base.recognitions.schema)

    @cached_property
    def registers(self) -> Registers:
        """The departmental registers as they are now; to be asked for when everything is planted."""
        kept = {name: table.filter(~pl.col(ID).is_in(list(self.forgotten[name]))) for name, table in self.known.items()}
        return {
            name: pl.concat([table, pl.DataFrame(self.rows[name], schema=table.schema)]) for name, table in kept.items()
        }

    @cached_property
    def answers(self) -> dict[int, Person]:
        """What the rules say of every family before anything was planted: distances to the lines, and whether it passes for rigid spending."""
        wanted = ("over_dibao_line_fen", "over_edge_line_fen", "rigid_household")
        answers = assess(self.base.households, self.base.persons, self.base.law_values, wanted).households
        rows = answers.select("household_id", *wanted).join(
            self.base.households.select("household_id", "income_fen"), on="household_id"
        )
        return {row["household_id"]: row for row in rows.iter_rows(named=True)}

    def over(self, home: int, line: str = "over_dibao_line_fen") -> int:
        """How far a family is from a line, either way."""
        return abs(int(self.answers[home][line]))

    def table(self) -> pl.DataFrame:
        """Return what was planted."""
        kinds = {"household_id": pl.Int64, "person_id": pl.Int64}
        schema = {name: kinds.get(name, pl.String) for name in COLUMNS}
        return pl.DataFrame(self.planted, schema=schema, orient="row").sort("household_id", "cause", "person_id")


def invent(
    region: str,
    month: str,
    *,
    families: int = 30_000,
    seed: int = 1,
    errors: bool = True,
    law: Book | None = None,
    figures: Figures | None = None,
) -> Invented:
    """Invent a place."""
    law, figures, as_of = law or Book(), figures or Figures(), last_day(month)
    with rules_of_the_month(), gathered(law) as gaps:
        place = base(region, as_of, families=families, seed=seed, law=law, figures=figures)
    rng, apart = (np.random.default_rng([seed, families, number]) for number in (1, 2))
    codes = place.households["region_code"].unique().sort().to_list()
    known_law = LawOfMonth(place.law_values, limits(law, codes, as_of), rule_table(law, codes, as_of))
    lines, rules = known_law.limits, known_law.rules
    exclusive = frozenset(name for name in lines.select(pl.col(pl.Boolean)).columns if lines[name].all())
    plot = Plot(place, departments(place, rng, apart), rng, exclusive)
    stopped, chosen = _plant(plot, rules) if errors else ([], {})
    month_end = _month_end(plot, lines, month)
    aid = ledger(month_end, rng)
    known = facts(month_end.with_aid(aid))
    if (decision := started(region, as_of, law, figures)) is not None:
        known = with_subsidy(known, decision, aid, month_end.files.coverage)
        aid = pl.concat([aid, subsidies(known, decision)])
    if errors:
        aid = _payments(plot, _arrears(plot, aid, known, month), month_end, stopped, chosen)
    stated = everything(aid, [month_text(month_number(month) - convention("delivery_months") + 1), month])
    recognitions = plot.recognitions.sort("household_id", "person_id", "scheme")
    whole = files(
        region,
        as_of,
        plot.households,
        plot.persons,
        recognitions,
        aid,
        plot.registers,
        DEMONSTRATION_KEY,
        PURPOSE,
        {"coverage": stated},
    )
    planted = plot.table().filter(pl.col("cause").is_in(rules["cause"].implode()))
    made = {"planted": planted, "law_known": known_law, "stood_in": place.stood_in, "lacking": frozenset(gaps)}
    return Invented(**vars(whole) | made)


def _plant(plot: Plot, rules: pl.DataFrame) -> tuple[list[tuple[int, bool]], dict[str, list[int]]]:
    """Plant every kind of error; whose recognition ended, and whose payments are to be changed."""
    for plant in PLANTED:
        plant(plot)
    _large_sums(plot, rules.filter(pl.col("cause") == "above_county_limit")["region_code"].to_list())
    stopped = _stopped(plot)
    _undeclared_pay(plot)
    return stopped, _lists_of_late(plot)


def _month_end(plot: Plot, lines: pl.DataFrame, month: str) -> MonthEnd:
    """The place with an empty ledger; its own invented numbers stand for their pseudonyms."""
    persons = plot.persons.rename({ID: PSEUDONYM}).drop("name", "birth_date")
    known = evidence(persons, {name: table.rename({ID: PSEUDONYM}) for name, table in plot.registers.items()})
    blank = pl.DataFrame(
        schema=dict.fromkeys(("household_id", "person_id", "programme", "month", "amount_fen", "paid_on"), pl.Null)
    )
    stated = everything(
        blank.cast({"month": pl.String}), [month_text(month_number(month) - convention("delivery_months") + 1), month]
    )
    whole = files(
        "", plot.base.as_of, plot.households, persons, plot.recognitions, blank, {}, b"", "", {"coverage": stated}
    )
    return MonthEnd(whole, known, plot.base.law_values, lines)


def _well(person: Person) -> bool:
    return not person["disability_grade"] and not person["serious_illness"]


def _deaths(plot: Plot) -> None:
    for at, home in enumerate(plot.take("dibao")):
        person = plot.member(home)
        plot.change(home, reviewed_on=plot.ago(150))
        plot.register("deaths", person, died_on=plot.ago(60 + 5 * at))
        plot.note(home, person["person_id"], "dibao_after_death")
    for home in plot.take("tekun", plot.each // 2):
        person = plot.member(home)
        plot.register("deaths", person, died_on=plot.ago(70))
        plot.note(home, person["person_id"], "tekun_after_death")


def _prison(plot: Plot) -> None:
    for home in plot.take("dibao"):
        person = plot.member(home)
        plot.change(home, reviewed_on=plot.ago(150))
        plot.register("prison", person, imprisoned_on=plot.ago(90))
        plot.note(home, person["person_id"], "counted_in_prison")
    for home in plot.take("tekun", plot.each // 4):
        person = plot.member(home)
        plot.register("prison", person, imprisoned_on=plot.ago(90))
        plot.note(home, person["person_id"], "tekun_in_prison")


def _doubles(plot: Plot) -> None:
    for home in plot.take("tekun", plot.each // 3):
        person = plot.member(home)["person_id"]
        plot.recognise(home, person, "single")
        plot.note(home, person, "exclusive_schemes")
    for home in plot.take("edge", plot.each // 2) if "rigid_edge" in plot.exclusive else ():
        plot.recognise(home, FAMILY, "rigid")
        plot.change(home, reviewed_on=plot.ago(30), since=plot.ago(100))
        plot.note(home, FAMILY, "exclusive_schemes")
    families = plot.take("dibao", 2 * (plot.each // 2))
    for first, second in zip(families[::2], families[1::2], strict=True):
        own = plot.member(first)  # entered, number and all, as a child of another family
        number = int(plot.base.persons["person_id"].max()) + len(plot.twins) + 1  # type: ignore[arg-type]
        plot.twins.append({**own, "person_id": number, "household_id": second})
        plot.note(first, own["person_id"], "paid_twice")
        plot.note(second, number, "paid_twice")


def _means(plot: Plot) -> None:
    for pool, line in (("dibao", "over_dibao_line_fen"), ("edge", "over_edge_line_fen")):
        for home in plot.take(pool, plot.each // (1 if pool == "dibao" else 2)):
            if person := plot.grown(home):
                plot.knows_only(
                    "social_insurance", person, base_fen=person["wage_fen"] + 2 * plot.over(home, line) + SLACK_FEN
                )
                plot.note(home, FAMILY, "income_over_line")
    for at, home in enumerate(plot.take("dibao")):
        _property(plot, home, at)
    for home in plot.take("dibao", plot.each // 2):
        plot.state(home, raised_by_job=True, grace_months_used=48, income_fen=_above(plot, home))
        plot.note(home, FAMILY, "grace_over")


def _above(plot: Plot, home: int) -> int:
    """An income far above the family's line."""
    return int(plot.answers[home]["income_fen"]) + plot.over(home) + SLACK_FEN


def _property(plot: Plot, home: int, at: int) -> None:
    kinds: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("vehicles", "vehicle_found", {"value_fen": 20_000_000}), ("business", "company_found", {"businesses": 1}),
        ("property", "dwelling_found", {"dwellings": 2}),
    )  # fmt: skip
    name, cause, known = kinds[at % len(kinds)]
    plot.register(name, plot.member(home), **known)
    plot.note(home, FAMILY, cause)


def _papers(plot: Plot) -> None:
    for home in plot.take("dibao"):
        plot.change(home, reviewed_on=plot.ago(500), since=plot.ago(900))
        plot.note(home, FAMILY, "review_overdue")
    for home in plot.take("tekun", plot.each // 3):
        plot.change(home, reviewed_on=plot.ago(500), since=plot.ago(900))
        plot.note(home, plot.member(home)["person_id"], "review_overdue")
    for home in plot.take("rigid", plot.each // 2):
        plot.change(home, reviewed_on=plot.ago(30), since=plot.ago(420))
        plot.note(home, FAMILY, "recognition_expired")
    for home in plot.take("dibao", plot.each // 2):
        person = plot.member(home)
        plot.knows_only("household_registration", person, gone_on=plot.ago(40))
        plot.note(home, person["person_id"], "registration_gone")


def _uncovered(plot: Plot) -> None:
    for scheme in ("dibao", "edge", "tekun"):
        for home in plot.take(scheme, plot.each // (2 if scheme == "tekun" else 1)):
            person = plot.member(home)["person_id"] if scheme == "tekun" else FAMILY
            plot.drop(home, scheme)
            plot.note(home, person, f"{scheme}_not_covered")
    for at, home in enumerate(plot.take("edge")):
        if person := plot.well(home):
            _ground(plot, person, at)
            plot.note(home, person["person_id"], "single_entry_missed")


def _ground(plot: Plot, person: Person, at: int) -> None:
    """Give a person a ground for single entry that only a department knows."""
    if at % 2:
        plot.register("serious_illness", person, listed_on=plot.ago(100))
    else:
        plot.register(
            "severe_disability", person, disability_kind=PHYSICAL, disability_grade=1, listed_on=plot.ago(100)
        )


def _rigid(plot: Plot) -> None:
    """Leave out some families that pass the test for rigid spending; where the local share is unknown, no rule can tell."""
    sure = {home for home, row in plot.answers.items() if row["rigid_household"]}
    for home in plot.take("rigid", plot.each // 2):
        if home in sure:
            plot.drop(home, "rigid")
            plot.note(home, FAMILY, "rigid_not_covered")
    for home in plot.take("other", plot.few):
        if home not in sure:
            plot.note(home, FAMILY, "rigid_not_covered", NONE, why="no_line")


def _complex(plot: Plot) -> None:
    for home in plot.take("edge", plot.each // 2):
        if person := plot.well(home):
            _ground(plot, person, 0)
            plot.note(home, person["person_id"], "single_entry_missed")
            _property(plot, home, 0)
            plot.note(home, FAMILY, "opposite_signs")
    for home in plot.take("other", plot.each // 2):
        person = plot.member(home)
        for days in (50, 80):
            plot.register("deaths", person, died_on=plot.ago(days))
        plot.note(home, person["person_id"], "identity_conflict")


def _out_of_reach(plot: Plot) -> None:
    """Plant errors that no comparison of registers can find, or that only a person can settle."""
    for home in plot.take("dibao", plot.few):
        plot.note(home, plot.member(home)["person_id"], "dibao_after_death", NONE, why="unregistered")
    for home in plot.take("dibao", plot.few):
        plot.note(home, FAMILY, "income_over_line", NONE, why="cash_income")
    for home in plot.take("dibao", plot.few):
        plot.note(home, FAMILY, "vehicle_found", NONE, why="another_name")
    for home, slip in zip(plot.take("dibao", 2 * plot.few), cycle((True, False)), strict=False):
        person, others = plot.member(home), plot.base.unrelated[ID]
        wrong = mistyped(person[ID]) if slip else others[home % len(others)]
        plot.change(home, reviewed_on=plot.ago(150))
        plot.register("deaths", {**person, ID: wrong}, died_on=plot.ago(75))
        told = (REVIEW, "deaths", "mistyped") if slip else (NONE, "", "another_number")
        plot.note(home, person["person_id"], "dibao_after_death", *told)


def mistyped(number: str) -> str:
    """Write a number with its last character wrong, as a clerk's slip: it no longer checks out."""
    place = REMAINDERS.index(number[-1])
    return number[:-1] + REMAINDERS[(place + 1) % len(REMAINDERS)]


def _harmless(plot: Plot) -> None:
    """Plant what looks like an error and is none."""
    for home in plot.take("dibao", plot.few):
        plot.change(home, reviewed_on=plot.ago(20))
        plot.register("deaths", plot.member(home), died_on=plot.ago(90))
        plot.note(home, FAMILY, "dibao_after_death", HARMLESS, why="reviewed_since")
    for home in plot.take("dibao", plot.few):
        plot.register("deaths", plot.member(home), died_on=plot.ago(3))
        plot.note(home, FAMILY, "dibao_after_death", HARMLESS, why="month_of_death")
    for value, why in ((0, "worthless"), (1_500_000, "exempt")):
        for home in plot.take("dibao", plot.few):
            plot.register("vehicles", plot.member(home), value_fen=value)
            plot.note(home, FAMILY, "vehicle_found", HARMLESS, why=why)
    for home in plot.take("dibao", plot.few):
        if person := plot.grown(home):
            plot.knows_only("social_insurance", person, base_fen=person["wage_fen"])
            plot.note(home, FAMILY, "income_over_line", HARMLESS, why="within_wage")


PLANTED: tuple[Callable[[Plot], None], ...] = (
    _deaths, _prison, _doubles, _means, _papers, _uncovered, _rigid, _complex, _out_of_reach, _harmless,
)  # fmt: skip


def _large_sums(plot: Plot, places: list[str]) -> None:
    here = set(plot.base.households.filter(pl.col("region_code").is_in(places))["household_id"])
    for home in plot.take("edge", plot.each // 3):
        if home in here:
            plot.state(home, temporary_hardship=EMERGENCY, aid_requested_fen=LARGE_SUM_FEN)
            plot.note(home, FAMILY, "above_county_limit")


def _stopped(plot: Plot) -> list[tuple[int, bool]]:
    """End the recognition of families whose income rose: last month, so that a payment is wrong, or this month, so that it is right."""
    begins = plot.base.as_of.replace(day=1)
    chosen = [(home, True) for home in plot.take("dibao", plot.each // 2)] + [
        (home, False) for home in plot.take("dibao", plot.few)
    ]
    homes = [
        (home, wrong) for home, wrong in chosen if all(map(_well, plot.members(home)))
    ]  # nobody who may enter alone
    for home, wrong in homes:
        plot.state(home, income_fen=_above(plot, home))
        plot.change(home, until=begins - timedelta(days=1) if wrong else begins + timedelta(days=9))
        plot.note(
            home, FAMILY, "paid_unrecognised", *((EXACT, "", "") if wrong else (HARMLESS, "", "stopped_this_month"))
        )
    return homes


def _undeclared_pay(plot: Plot) -> None:
    """Pay members from public funds: a fen more than stated, far more, and just what was stated."""
    for at, home in enumerate(plot.take("dibao", plot.each)):
        if person := plot.grown(home):
            large = 2 * plot.over(home) + SLACK_FEN
            plot.knows_only("public_payroll", person, pay_fen=person["wage_fen"] + (1 if at % 2 else large))
            plot.note(home, person["person_id"], "public_pay_undeclared")
            if not at % 2:
                plot.note(home, FAMILY, "income_over_line")
    for home in plot.take("dibao", plot.few):
        if person := plot.grown(home):
            plot.knows_only("public_payroll", person, pay_fen=person["wage_fen"])
            plot.note(home, FAMILY, "public_pay_undeclared", HARMLESS, why="within_wage")


def _lists_of_late(plot: Plot) -> dict[str, list[int]]:
    """Choose the families of which a payment will be late, too large, or of another class."""
    counts = {
        "paid_late": plot.each // 2,
        "in_time": plot.few,
        "overpaid": plot.each // 2,
        "wrong_tier": plot.each // 2,
    }
    return {name: plot.take("dibao", count) for name, count in counts.items()}


def _payments(
    plot: Plot, aid: pl.DataFrame, month: MonthEnd, stopped: list[tuple[int, bool]], chosen: dict[str, list[int]]
) -> pl.DataFrame:
    """Pay the stopped, pay late, pay too much, and pay by another class."""
    now = month_text(month.last)
    text = (pl.col("programme") == "dibao") & (pl.col("month") == now)
    payable = set(aid.filter(text)["household_id"])
    last = plot.base.as_of
    amounts: dict[int, int] = {}
    days = {home: last + timedelta(days=5) for home in chosen["paid_late"]} | dict.fromkeys(chosen["in_time"], last)
    for home in payable.intersection(days):
        plot.note(home, FAMILY, "paid_late", *((EXACT, "", "") if days[home] > last else (HARMLESS, "", "last_day")))
    paid = dict(aid.filter(text).select("household_id", "amount_fen").iter_rows())
    for at, home in enumerate(home for home in chosen["overpaid"] if home in payable):
        amounts[home] = paid[home] + (1 if at % 2 else paid[home] // 10 + 1)
        plot.note(home, FAMILY, "overpaid")
    for home, amount in _another_tier(plot, month, [home for home in chosen["wrong_tier"] if home in payable], paid):
        amounts[home] = amount
        plot.note(home, FAMILY, "wrong_tier")
    home = pl.col("household_id")
    changed = aid.with_columns(
        amount_fen=pl.when(text & home.is_in(list(amounts))).then(home.replace_strict(amounts, default=None, return_dtype=pl.Int64)).otherwise("amount_fen"),
        paid_on=pl.when(text & home.is_in(list(days))).then(home.replace_strict(days, default=None, return_dtype=pl.Date)).otherwise("paid_on"),
    )  # fmt: skip
    added = [(home, FAMILY, "dibao", now, GRANT_FEN, pay_day(month.last)) for home, _ in stopped]
    return pl.concat([changed, pl.DataFrame(added, schema=aid.schema, orient="row")])


def _another_tier(plot: Plot, month: MonthEnd, homes: list[int], paid: dict[int, int]) -> list[tuple[int, int]]:
    """What families of a place that pays by class would get in the next class, where that is another amount."""
    if "dibao_tier" not in month.households.columns:
        return []
    some = month.households.filter(pl.col("household_id").is_in(homes), pl.col("dibao_tier") > 0)
    moved = some.with_columns(dibao_tier=(1 + pl.col("dibao_tier") % 3).cast(some.schema["dibao_tier"]))
    own = month.persons.join(some, on="household_id", how="semi")
    answers = (
        assess(moved, own, plot.base.law_values, ("dibao_benefit_fen", "topup_fen")).households
        if some.height
        else moved.head(0)
    )
    rows = (
        answers.select("household_id", pl.col("dibao_benefit_fen") + pl.col("topup_fen"))
        if some.height
        else answers.select("household_id", "household_id_")
    )
    return [(home, amount) for home, amount in rows.iter_rows() if amount and amount != paid[home]]


def _arrears(plot: Plot, aid: pl.DataFrame, known: Facts, month: str) -> pl.DataFrame:
    """Take payments out of a ledger in which nothing is missing, and write down which."""
    now = (pl.col("programme") == "dibao") & (pl.col("month") == month)
    payable = set(aid.filter(now)["household_id"])
    unpaid, short = ([home for home in plot.take("dibao") if home in payable] for _ in range(2))
    for homes, cause in ((unpaid, "month_not_paid"), (short, "underpaid")):
        for home in homes:
            plot.note(home, FAMILY, cause)
    less = pl.when(pl.col("household_id") % 2 == 0).then(1).otherwise(pl.col("amount_fen") // 10)  # one fen, or a tenth
    aid = aid.filter(~(now & pl.col("household_id").is_in(unpaid))).with_columns(
        amount_fen=pl.when(now & pl.col("household_id").is_in(short))
        .then(pl.col("amount_fen") - less)
        .otherwise("amount_fen")
    )
    for programme in NEEDS:
        aid = _not_delivered(plot, aid, known, programme)
    return _no_subsidy(plot, aid)


def _untouched(plot: Plot) -> pl.Expr:
    return ~pl.col("household_id").is_in([row[0] for row in plot.planted])


def _not_delivered(plot: Plot, aid: pl.DataFrame, known: Facts, programme: str) -> pl.DataFrame:
    shows, entitled = NEEDS[programme]
    helped = known.persons.filter(pl.col(shows) & pl.col(entitled) & pl.col(f"got_{programme}"))
    free = helped.filter(_untouched(plot)).unique("household_id", keep="first").sort("person_id")
    picked = free.sample(n=min(len(free), plot.each), seed=int(plot.rng.integers(1 << 30)))
    for home, person in picked.select("household_id", "person_id").iter_rows():
        plot.note(home, person, f"{programme}_missing")
    return aid.filter(~(pl.col("person_id").is_in(picked["person_id"].implode()) & (pl.col("programme") == programme)))


def _no_subsidy(plot: Plot, aid: pl.DataFrame) -> pl.DataFrame:
    """Leave some families without the price subsidy, where there is one."""
    families = aid.filter((pl.col("programme") == "price_subsidy") & _untouched(plot))["household_id"].unique().sort()
    homes = families.sample(n=min(len(families), plot.each), seed=1).to_list()
    for home in homes:
        plot.note(home, FAMILY, "price_subsidy_not_paid")
    return aid.filter(~(pl.col("household_id").is_in(homes) & (pl.col("programme") == "price_subsidy")))
