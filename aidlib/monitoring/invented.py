"""An invented place for trying the monitoring out: families drawn from the synthetic population, recognised and paid just as the rules say.

Departmental registers agree with the register: where nothing is planted (`planted`), nothing may be found. Nobody in it can be real.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from aidlib import tables
from aidlib.disclosure.ids import CHECK_MODULUS, REMAINDERS, WEIGHTS
from aidlib.errors import LawGap, RegisterFault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.money import half_up
from aidlib.monitoring.answers import ends_of
from aidlib.monitoring.facts import CERTAIN, ENTITLED, STANDARD, WANTED, Facts, LawOfMonth, MonthEnd
from aidlib.monitoring.inputs import MARKS, Files
from aidlib.monitoring.ledgers import AID, DELIVERIES, FAMILY, MONTHS_PER_YEAR, ROW, SPEAKS_OF, month_text
from aidlib.monitoring.matching import MATCHED
from aidlib.monitoring.vocabulary import convention
from aidlib.regions import lineage
from aidlib.regions import region as find
from aidlib.register.synthetic import population
from aidlib.rules.frames import Assessed, assess
from aidlib.rules.lawinputs import STANDARD_OF
from aidlib.rules.layers import CATEGORIES
from aidlib.rules.places import Key, Places, places
from aidlib.standards.levels import announced, last_level, latest_year, level

if TYPE_CHECKING:
    from aidlib.prices.linkage import Decision

# A key for invented numbers only: it protects nothing, because there is nobody to protect.
DEMONSTRATION_KEY, PURPOSE = bytes(range(32)), "synthetic"
# No place of GB/T 2260 has this code: every number that begins with it is invented, and otherwise as sound as a real one.
NOWHERE = "000000"
DAYS_PER_YEAR = 365.2425
NUMBERS_A_DAY = 500
ADULT, OLD, SEVERE = 18, 60, 2
OTHERS_SHARE = 0.1  # families in difficulty that no line catches, as a share of those one does
TEKUN_SHARE = 0.08
RIGID_SHARE = 0.1
NEW_SHARE = 0.04  # recognitions that began this month
UNRELATED_SHARE = 1.0  # persons of departmental registers who are in no low-income family
OUTSIDERS = 200
LISTED_SHARES = {
    "poor_students": 0.8,
    "registered_unemployed": 0.4,
    "social_insurance": 0.5,
    "property": 0.6,
    "public_payroll": 0.02,
}
LEAST_DAYS, MOST_DAYS = 60, 300  # how long ago something was registered
PAY_DAY = 15
GRANT_FEN = 50_000
SUDDEN_SHARE = 0.03
LISTS = {"education_aid": "poor_students", "medical_aid": "serious_illness", "employment_aid": "registered_unemployed"}
Array = npt.NDArray[Any]
Registers = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Invented(Files):
    """An invented place at the end of a month; every table is synthetic.

    Attributes
    ----------
    planted : polars.DataFrame
        household_id, person_id, cause, reach (exact: an alert must fire; review: only a person can settle it; none: out of
        reach; harmless: no error), register, reason (code).
    law_known : LawOfMonth
        The law the place was made with.
    stood_in : int
        For how many places and areas a published guide, average or floor stands in for a standard that is not known.
    """

    planted: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    law_known: LawOfMonth | None = field(default=None, repr=False)
    stood_in: int = 0
    lacking: frozenset[str] = frozenset()

    @property
    def gaps(self) -> frozenset[str]:
        """Law rows that lacked when the place was made."""
        return self.lacking

    @property
    def invented(self) -> bool:
        """It was made up here."""
        return True

    @property
    def errors_known(self) -> set[int] | None:
        """Households in which an error was planted."""
        return set(self.planted.filter(pl.col("reach") != "harmless")["household_id"])


def everything(aid: pl.DataFrame, months: Sequence[str]) -> pl.DataFrame:
    """State that all ledgers were handed in: a table of coverage for payments of some months, with those of earlier ones that are there.

    Examples
    --------
    >>> everything(pl.DataFrame({"month": ["2026-08"]}), ["2026-09", "2026-10"]).filter(pl.col("table") == "aid")["first"].item()
    '2026-08'
    """
    first, last = min([*months, *aid["month"]]), max([*months, *aid["month"]])
    rows = [
        (table, None, None, first if table == "aid" else None, last if table == "aid" else None) for table in SPEAKS_OF
    ]
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("table", "region_code", "programme", "first", "last"), pl.String), orient="row"
    )


def days_before(day: date, ago: Array) -> pl.Series:
    """Return the days so many days before one.

    Examples
    --------
    >>> days_before(date(2026, 10, 31), np.array([0, 31])).to_list()
    [datetime.date(2026, 10, 31), datetime.date(2026, 9, 30)]
    """
    return pl.Series(((day - date(1970, 1, 1)).days - ago).astype(np.int32)).cast(pl.Date)


def birth_days(ages: Array, as_of: date, rng: np.random.Generator) -> pl.Series:
    """Draw birth days that make persons so many whole years old on a day.

    Examples
    --------
    >>> days = birth_days(np.array([40]), date(2026, 10, 31), np.random.default_rng(1))
    >>> days[0].year in (1985, 1986)
    True
    """
    return days_before(as_of, np.floor(ages * DAYS_PER_YEAR + rng.uniform(1, 364, len(ages))).astype(np.int64))


def numbers(born: pl.Series, male: Array) -> pl.Series:
    """Make one number a person: no place, the birth day, a running number (odd for men), the right check character.

    Examples
    --------
    >>> numbers(pl.Series([date(1950, 1, 1), date(1950, 1, 1)]), np.array([True, True])).str.slice(0, 17).to_list()
    ['00000019500101001', '00000019500101003']
    """
    frame = pl.DataFrame({"born": born, "male": male})
    running = frame.select(at=pl.int_range(pl.len()).over("born", "male"))["at"]
    if running.len() and int(running.max()) >= NUMBERS_A_DAY:  # type: ignore[arg-type]
        raise RegisterFault("more persons born on one day than running numbers", hint="invent fewer persons")
    tail = running * 2 + pl.Series(male.astype(np.int64))
    plain = NOWHERE + born.dt.strftime("%Y%m%d") + tail.cast(pl.String).str.zfill(3)
    digits = np.frombuffer("".join(plain).encode(), np.uint8).reshape(len(plain), len(WEIGHTS)).astype(np.int64) - ord(
        "0"
    )
    checks = np.array(list(REMAINDERS))[(digits @ np.array(WEIGHTS)) % CHECK_MODULUS]
    return plain + pl.Series(checks.astype(str), dtype=pl.String)


@lru_cache(maxsize=1)
def name_parts() -> dict[str, str]:
    """Return what invented names are made of (`data/monitoring/invented_names.csv`): a word that is no surname, and stems and branches."""
    return {row["part"]: row["text"] for row in tables.rows("monitoring/invented_names.csv", ("part", "text", "note"))}


def names(size: int, rng: np.random.Generator) -> pl.Series:
    """Draw names of three characters that begin with a word no family is called.

    Examples
    --------
    >>> names(2, np.random.default_rng(1)).str.starts_with(name_parts()["first"]).to_list()
    [True, True]
    """
    syllables = np.array(list(name_parts()["syllables"]))
    pairs = rng.integers(0, len(syllables), (size, 2))
    return pl.Series(
        np.char.add(np.char.add(name_parts()["first"], syllables[pairs[:, 0]]), syllables[pairs[:, 1]]), dtype=pl.String
    )


@dataclass(frozen=True)
class Base:
    """A place before anything goes wrong.

    Attributes
    ----------
    households, persons : polars.DataFrame
        The register; persons with invented id_number, name and birth_date.
    unrelated : polars.DataFrame
        Persons outside the register whom departments know.
    recognitions : polars.DataFrame
        As in `inputs.Files`.
    law_values : Places
        Law values of the first day of the month; a standard that is not known for the day is the last one known, and no local
        rule is supposed but those on file.
    stood_in : int
        For how many places and areas a guide, average or floor stands in for the standard.
    as_of : date
        Last day of the month.
    """

    households: pl.DataFrame
    persons: pl.DataFrame
    unrelated: pl.DataFrame
    recognitions: pl.DataFrame
    law_values: Places
    stood_in: int
    as_of: date


def base(region: str, as_of: date, *, families: int, seed: int, law: Book, figures: Figures) -> Base:
    """Draw a place in which everything is as it should be: the low-income families among so many households."""
    rng = np.random.default_rng([seed, families])
    people = population(families, seed, region, figures)
    homes, persons = (pl.concat(parts) for parts in zip(*map(people.block, range(people.blocks)), strict=True))
    homes, persons = _with_tekun(homes, persons, rng)
    keys = homes.select("region_code", "urban").unique().sort("region_code", "urban").iter_rows()
    values, stood_in = _standards(law, figures, keys, as_of.replace(day=1))
    chosen = _chosen(homes, persons, assess(homes, persons, values, (*WANTED, "category")), rng)
    if chosen.filter(pl.col("scheme") == "dibao").is_empty():
        hint = "add a standard with its source to data/law/"
        raise LawGap(
            "no dibao standard is known, so that no family can be recognised", where=str(find(region)), hint=hint
        )
    mine = homes.join(chosen.select("household_id").unique(), on="household_id", how="semi", maintain_order="left")
    own = persons.join(mine.select("household_id"), on="household_id", how="semi", maintain_order="left")
    others = persons.join(mine.select("household_id"), on="household_id", how="anti", maintain_order="left").head(
        int(len(own) * UNRELATED_SHARE)
    )
    both = pl.concat([own, others])
    born = birth_days(both["age"].to_numpy(), as_of, rng)
    named = both.with_columns(
        birth_date=born, id_number=numbers(born, both["sex"].to_numpy() == 1), name=names(len(both), rng)
    )
    return Base(
        _with_tiers(mine, values),
        named.head(len(own)),
        named.tail(len(others)),
        _dated(chosen, as_of, rng),
        values,
        stood_in,
        as_of,
    )


def _with_tiers(homes: pl.DataFrame, values: Places) -> pl.DataFrame:
    """Assign classes one after another where the place pays by class."""
    paying = [
        key
        for key, local in values.locals.items()
        if isinstance(amount := local.values.get("tier_a_fen_year"), int) and amount
    ]
    if not paying:
        return homes
    keys = pl.DataFrame(paying, schema={"region_code": pl.String, "urban": pl.Boolean}, orient="row").with_columns(
        tiered=True
    )
    marked = homes.join(keys, on=["region_code", "urban"], how="left", maintain_order="left")
    tier = pl.when("tiered").then(1 + pl.col("household_id") % 3).otherwise(0).cast(pl.Int8)
    return marked.with_columns(dibao_tier=tier).drop("tiered")


def _standards(law: Book, figures: Figures, keys: Iterable[Key], on: date) -> tuple[Places, int]:
    """Law values of invented places: the standard in force, else the last one known, else the nearest published level, and for how many.

    In this world a place has no local rules but those on file, so that what is due is a sum and not a range.
    """
    wanted, known, supposed, stood_in = list(keys), {}, set(), 0
    for code, area in {(code, area): None for code, _ in wanted for area in STANDARD_OF}:
        here = law.at(code, on)
        now = level(here, area)
        last = now or last_level(here, area)
        amount = last.fen_month if last else _nearest_level(law, figures, code, area)
        if amount is not None:
            known[code, area] = half_up(amount * MONTHS_PER_YEAR)
            supposed |= {(code, area)} if now is None else set()
            stood_in += last is None and (code, area == "urban") in wanted
    # what is supposed of one place is given for all: places that are asked together are asked for the same names
    named = {area for _, area in supposed if all((code, area) in known for code, _ in wanted)}

    def given(code: str, area: str) -> dict[str, int]:
        every = {STANDARD_OF[each]: known[code, each] for each in named}
        return every | ({STANDARD: known[code, area]} if (code, area) in supposed else {})

    return places(law, figures, wanted, on, WANTED, given=given, unknown="bounds", local_rules="none"), stood_in


def _nearest_level(law: Book, figures: Figures, code: str, area: str) -> Fraction | None:
    """The latest level of the nearest place that published any, in fen a month."""
    for place in lineage(code):
        year = latest_year(place, law, figures)
        if year and (found := announced(law, figures, place, area, year)) is not None:
            return found.fen_month
    return None


def _with_tekun(
    homes: pl.DataFrame, persons: pl.DataFrame, rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Let some of the old who live alone have neither income nor supporter: the population has very few of them."""
    alone = persons.filter(pl.len().over("household_id") == 1, pl.col("age") >= OLD)
    picked = alone.sample(fraction=TEKUN_SHARE, seed=int(rng.integers(1 << 30)))["household_id"].implode()
    mark = pl.col("household_id").is_in(picked)
    poor = persons.with_columns(
        pl.when(mark).then(0).otherwise(pl.col("tekun_supporter")).cast(pl.Int8).alias("tekun_supporter"),
        *(pl.when(mark).then(0).otherwise(pl.col(c)).alias(c) for c in ("own_income_fen", "wage_fen")),
        own_property_ok=mark | pl.col("own_property_ok"), employed=~mark & pl.col("employed"),
    )  # fmt: skip
    income = pl.when(mark).then(0).otherwise(pl.col("income_fen"))
    return homes.with_columns(income_fen=income, property_ok=mark | pl.col("property_ok")), poor


def _chosen(homes: pl.DataFrame, persons: pl.DataFrame, answers: Assessed, rng: np.random.Generator) -> pl.DataFrame:
    """Recognise who passes a test for certain, and some others: household_id, person_id, scheme."""
    own, each = answers.persons, answers.households
    tekun = own.filter("tekun").select("household_id", "person_id", scheme=pl.lit("tekun"))
    alone = own.filter("single_entrant").join(tekun, on="person_id", how="anti")
    single = alone.select("household_id", "person_id", scheme=pl.lit("single"))
    lone = persons.group_by("household_id").len().filter(pl.col("len") == 1)
    left: pl.DataFrame = each.join(tekun.join(lone, on="household_id"), on="household_id", how="anti")
    edge = pl.col("edge_household") & ~pl.col("dibao_eligible_at_best")
    rigid = pl.col("rigid_household") & ~pl.col("edge_household_at_best") & ~pl.col("dibao_eligible_at_best")
    sure = {"dibao": pl.col("dibao_eligible"), "edge": edge, "rigid": rigid}
    family = pl.concat([_family(left.filter(test), scheme) for scheme, test in sure.items()])
    rows: pl.DataFrame = pl.concat([family, *_doubtful(left, len(family), rng), single, tekun])
    return rows.sort("household_id", "person_id", "scheme")


def _doubtful(left: pl.DataFrame, size: int, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Recognise some of those the rules cannot tell of: for rigid spending, and as otherwise in difficulty."""
    unclear = (pl.col("category") == CATEGORIES.index("cannot_tell")) & ~pl.col("dibao_eligible_at_best")
    doubtful = left.filter(unclear & ~pl.col("edge_household_at_best"))
    wanted = [int(size * share) for share in (RIGID_SHARE, OTHERS_SHARE)]
    some = doubtful.sample(n=min(len(doubtful), sum(wanted)), seed=int(rng.integers(1 << 30)))
    return [_family(some.head(wanted[0]), "rigid"), _family(some.slice(wanted[0]), "other")]


def _family(homes: pl.DataFrame, scheme: str) -> pl.DataFrame:
    return homes.select("household_id", person_id=pl.lit(FAMILY, pl.Int64), scheme=pl.lit(scheme))


def _dated(chosen: pl.DataFrame, as_of: date, rng: np.random.Generator) -> pl.DataFrame:
    """Date recognitions and reviews so that none is overdue: most are old, some began this month, some of the others just left a scheme."""
    size, rigid = len(chosen), chosen["scheme"].to_numpy() == "rigid"
    ago = np.where(rigid, rng.integers(40, 300, size), rng.integers(420, 1800, size))
    ago = np.where(rng.random(size) < NEW_SHARE, rng.integers(0, as_of.day, size), ago)
    reviewed = np.minimum(ago, rng.integers(5, 150, size))
    rows = chosen.with_columns(
        since=days_before(as_of, ago), until=pl.lit(None, pl.Date), reviewed_on=days_before(as_of, reviewed)
    )
    begins = as_of.replace(day=1)
    last, new = begins - timedelta(days=1), rows.filter(pl.col("scheme") == "other", pl.col("since") >= begins)
    left = pl.when(pl.col("household_id") % 2 == 0).then(pl.lit("dibao")).otherwise(pl.lit("edge"))
    return pl.concat(
        [
            rows,
            new.with_columns(
                scheme=left, since=pl.lit(last - timedelta(days=800)), until=pl.lit(last), reviewed_on=pl.lit(last)
            ),
        ]
    )


@dataclass(frozen=True)
class Draw:
    """Draws persons and days, always from the same generator."""

    base: Base
    rng: np.random.Generator

    def some(self, persons: pl.DataFrame, share: float) -> pl.DataFrame:
        """Draw a share of persons."""
        return persons.filter(pl.Series(self.rng.random(len(persons)) < share, dtype=pl.Boolean))

    def outsiders(self) -> pl.DataFrame:
        """Draw persons who are not in the register."""
        others = self.base.unrelated
        return others.sample(n=min(len(others), OUTSIDERS), seed=int(self.rng.integers(1 << 30)))

    def dated(self, persons: pl.DataFrame, column: str, *facts: str) -> pl.DataFrame:
        """Lay out a register: marks, facts of the persons, and a day two to ten months ago."""
        days = days_before(self.base.as_of, self.rng.integers(LEAST_DAYS, MOST_DAYS, len(persons)))
        return persons.select(*MARKS, *facts).with_columns(days.alias(column))


def departments(place: Base, rng: np.random.Generator, apart: np.random.Generator) -> Registers:
    """Make the departmental registers: persons of the register as they are, and others beside them."""
    draw, shares = Draw(place, rng), LISTED_SHARES
    everyone = pl.concat([place.persons, place.unrelated.select(place.persons.columns)])
    jobless = pl.col("can_work").cast(pl.Boolean) & ~pl.col("employed").cast(pl.Boolean)
    students = draw.some(everyone.filter(pl.col("student_stage") > 0), shares["poor_students"])
    unemployed = draw.some(everyone.filter(jobless), shares["registered_unemployed"])
    disabled = everyone.filter(pl.col("disability_grade").is_between(1, SEVERE))
    needs = {
        "poor_students": draw.dated(students, "listed_on", "student_stage"),
        "registered_unemployed": draw.dated(unemployed, "listed_on"),
        "serious_illness": draw.dated(everyone.filter("serious_illness"), "listed_on"),
        "severe_disability": draw.dated(disabled, "listed_on", "disability_kind", "disability_grade"),
    }
    works = everyone.filter(pl.col("employed").cast(pl.Boolean) & (pl.col("wage_fen") > 0))
    heads = everyone.unique("household_id", keep="first", maintain_order=True)
    cars, firms = draw.outsiders(), draw.outsiders()
    values = pl.Series("value_fen", rng.integers(10**6, 10**7, len(cars)))
    means = {
        "social_insurance": draw.some(works, shares["social_insurance"]).select(*MARKS, base_fen="wage_fen"),
        "property": draw.some(heads, shares["property"]).select(*MARKS, dwellings=pl.lit(1)),
        "vehicles": cars.select(MARKS).with_columns(values),
        "business": firms.select(*MARKS, businesses=pl.lit(1)),
    }
    states = {
        "deaths": draw.dated(draw.outsiders(), "died_on"),
        "prison": draw.dated(draw.outsiders(), "imprisoned_on"),
        "household_registration": everyone.select(*MARKS, gone_on=pl.lit(None, pl.Date)),
    }
    payroll = Draw(place, apart).some(works, shares["public_payroll"]).select(*MARKS, pay_fen="wage_fen")
    return {**needs, **means, **states, "public_payroll": payroll}


def ledger(month: MonthEnd, rng: np.random.Generator) -> pl.DataFrame:
    """Pay what the rules say is due in every month looked at, and deliver specialised aid to whom a register shows to need it."""
    least = pl.col("least_fen")
    paid = pl.when((least == pl.col("most_fen")) | (least > 0)).then(least).otherwise(GRANT_FEN)
    due = ends_of(month.stated_answers).with_columns(amount_fen=paid).filter(pl.col("amount_fen") > 0)
    named = [(number, month_text(number), pay_day(number)) for number in range(month.first, month.last + 1)]
    months = pl.DataFrame(named, schema={"month": pl.Int32, "text": pl.String, "paid_on": pl.Date}, orient="row")
    monthly = due.join(month.expected, on=ROW).join(months, on="month").drop("month").rename({"text": "month"})
    own = month.registered_answers.persons.join(month.evidence_full, on="person_id", how="left")
    given = [_given(own, aid, month, rng) for aid in DELIVERIES]
    homes = month.households.filter(pl.Series(rng.random(len(month.households)) < SUDDEN_SHARE, dtype=pl.Boolean))
    sudden = homes.select("household_id").with_columns(
        person_id=pl.lit(FAMILY, pl.Int64), programme=pl.lit("temporary_aid"), month=pl.lit(month_text(month.last)),
        amount_fen=pl.Series(rng.integers(1, 5, len(homes)) * GRANT_FEN), paid_on=pl.lit(pay_day(month.last)),
    )  # fmt: skip
    rows = pl.concat([part.select(AID) for part in (monthly, *given, sudden)])
    return rows.sort("household_id", "person_id", "programme", "month")


def pay_day(number: int) -> date:
    """Return the day on which invented aid of a month is paid.

    Examples
    --------
    >>> pay_day(24321)
    datetime.date(2026, 10, 15)
    """
    return date.fromisoformat(f"{month_text(number)}-{PAY_DAY}")


def _given(own: pl.DataFrame, aid: str, month: MonthEnd, rng: np.random.Generator) -> pl.DataFrame:
    """Education, medical and employment aid for those on a list, premium help for all who are entitled."""
    on_list = (pl.col(f"{LISTS[aid]}__outcome") == MATCHED).fill_null(False) if aid in LISTS else pl.lit(True)
    who = own.filter(pl.col(ENTITLED[aid]).is_in(CERTAIN) & on_list)
    months = [month.last - int(ago) for ago in rng.integers(0, convention("delivery_months"), len(who))]
    return who.select("household_id", pl.col("person_id").cast(pl.Int64)).with_columns(
        pl.lit(aid).alias("programme"),
        pl.Series("month", list(map(month_text, months)), dtype=pl.String),
        pl.lit(GRANT_FEN, pl.Int64).alias("amount_fen"),
        pl.Series("paid_on", list(map(pay_day, months)), dtype=pl.Date),
    )


def subsidies(known: Facts, decision: Decision) -> pl.DataFrame:
    """Pay every family the price subsidy it is due."""
    due = known.households.filter(pl.col("subsidy_due_fen") > 0)
    return due.select(
        "household_id", person_id=pl.lit(FAMILY, pl.Int64), programme=pl.lit("price_subsidy"), month=pl.lit(decision.month),
        amount_fen="subsidy_due_fen", paid_on=pl.lit(decision.deadline.day, pl.Date),
    )  # fmt: skip
