"""A consistent place: families drawn from the synthetic population, recognised and paid just as the rules say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from aidlib.errors import LawGap
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring.facts import WANTED
from aidlib.monitoring.ledgers import FAMILY
from aidlib.monitoring.synthetic.people import birth_days, days_before, names, numbers
from aidlib.monitoring.synthetic.standards import standards_for
from aidlib.regions import region as find
from aidlib.register.synthetic import population
from aidlib.rules.frames import Assessed, assess
from aidlib.rules.layers import CATEGORIES
from aidlib.rules.places import Places

ADULT, OLD = 18, 60
OTHERS_SHARE = 0.1  # families in difficulty that no line catches, as a share of those one does
TEKUN_SHARE = 0.08
RIGID_SHARE = 0.1
NEW_SHARE = 0.04  # recognitions that began this month
UNRELATED_SHARE = 1.0  # persons of departmental registers who are in no low-income family


@dataclass(frozen=True)
class Base:
    """A place before anything goes wrong.

    Attributes
    ----------
    households, persons : polars.DataFrame
        The register; persons with invented id_number, name and birth_date.
    unrelated : polars.DataFrame
        Persons outside the register whom departments know: id_number, name, birth_date, age.
    recognitions : polars.DataFrame
        As in `facts.Files`.
    held : Places
        Law values of the first day of the month; a standard that is not known for the day is the last one known.
    stood_in : int
        For how many places and areas a guide, average or floor stands in for the standard.
    as_of : date
        Last day of the month.
    """

    households: pl.DataFrame
    persons: pl.DataFrame
    unrelated: pl.DataFrame
    recognitions: pl.DataFrame
    held: Places
    stood_in: int
    as_of: date


def last_day(month: str) -> date:
    """Return the last day of a month.

    Examples
    --------
    >>> last_day("2024-02")
    datetime.date(2024, 2, 29)
    """
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def base(region: str, month: str, *, families: int, seed: int, book: Book, figures: Figures) -> Base:
    """Draw a place in which everything is as it should be.

    Parameters
    ----------
    region, month : str
        Code of the place, and month `YYYY-MM`.
    families : int
        Households of the population the low-income families are found in.
    seed : int
        The same arguments give the same place.
    """
    as_of, rng = last_day(month), np.random.default_rng([seed, families])
    people = population(families, seed, region, figures)
    blocks = [people.block(number) for number in range(people.blocks)]
    homes, persons = (pl.concat(parts) for parts in zip(*blocks, strict=True))
    homes, persons = _with_tekun(homes, persons, rng)
    keys = homes.select("region_code", "urban").unique().sort("region_code", "urban").iter_rows()
    held, stood_in = standards_for(book, figures, keys, as_of.replace(day=1))
    chosen = _chosen(homes, persons, assess(homes, persons, held, (*WANTED, "category")), rng)
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
    named = _named(pl.concat([own, others]), as_of, rng)
    return Base(mine, named.head(len(own)), named.tail(len(others)), _dated(chosen, as_of, rng), held, stood_in, as_of)


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
    return homes.with_columns(
        income_fen=pl.when(mark).then(0).otherwise(pl.col("income_fen")), property_ok=mark | pl.col("property_ok")
    ), poor


def _chosen(homes: pl.DataFrame, persons: pl.DataFrame, found: Assessed, rng: np.random.Generator) -> pl.DataFrame:
    """Recognise who passes a test for certain, and some others: household_id, person_id, scheme."""
    own, each = found.persons, found.households
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


def _named(persons: pl.DataFrame, as_of: date, rng: np.random.Generator) -> pl.DataFrame:
    born = birth_days(persons["age"].to_numpy(), as_of, rng)
    return persons.with_columns(
        born.alias("birth_date"), numbers(born, persons["sex"].to_numpy() == 1).alias("id_number"),
        names(len(persons), rng).alias("name"),
    )  # fmt: skip


def _dated(chosen: pl.DataFrame, as_of: date, rng: np.random.Generator) -> pl.DataFrame:
    """Date recognitions and reviews so that none is overdue: most are old, some began this month, some of the others just left a scheme."""
    size, rigid = len(chosen), chosen["scheme"].to_numpy() == "rigid"
    ago = np.where(rigid, rng.integers(40, 300, size), rng.integers(420, 1800, size))
    ago = np.where(rng.random(size) < NEW_SHARE, rng.integers(0, as_of.day, size), ago)
    reviewed = np.minimum(ago, rng.integers(5, 150, size))
    rows = chosen.with_columns(
        days_before(as_of, ago).alias("since"),
        pl.lit(None, pl.Date).alias("until"),
        days_before(as_of, reviewed).alias("reviewed_on"),
    )
    return pl.concat([rows, _left(rows, as_of)])


def _left(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Let each of the others who is new this month have left dibao or edge on the last day of the month before."""
    new = rows.filter(pl.col("scheme") == "other", pl.col("since") >= pl.lit(as_of.replace(day=1)))
    last = as_of.replace(day=1) - timedelta(days=1)
    scheme = pl.when(pl.col("household_id") % 2 == 0).then(pl.lit("dibao")).otherwise(pl.lit("edge"))
    return new.with_columns(
        scheme=scheme, since=pl.lit(last - timedelta(days=800)), until=pl.lit(last), reviewed_on=pl.lit(last)
    )
