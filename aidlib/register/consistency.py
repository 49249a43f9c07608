"""Checks between cells of one row, between rows of one table, and between the two tables."""

from __future__ import annotations

from datetime import date

import polars as pl

from aidlib.register.cells import Trouble
from aidlib.register.ledger import Ledger
from aidlib.register.schema import fields

FEN_PER_YUAN = 100


def check_persons(persons: Ledger, on: date) -> None:
    """Check each person for himself: identity, birth, age, sex, disability, work."""
    _identity(persons)
    _age(persons, on)
    _sex(persons)
    _disability(persons)
    if persons.has("wage_fen", "employed"):
        idle = (persons.values["wage_fen"] > 0) & ~persons.values["employed"]
        persons.flag(Trouble(idle, "R-WAGE-IDLE"), "wage_fen")


def _identity(persons: Ledger) -> None:
    empty = [persons.texts[name].is_null() for name in ("person_id", "id_number") if name in persons.texts.columns]
    if empty:
        nobody = empty[0] if len(empty) == 1 else empty[0] & empty[1]
        persons.flag(Trouble(nobody, "R-PERSON-NOID", "人员编号 or 身份证号"), "id_number")


def _born(persons: Ledger) -> pl.Series:
    """Return the day of birth: as stated, else as the identity number says."""
    nothing = pl.Series([None], dtype=pl.Date).new_from_index(0, len(persons.rows))
    stated = persons.values["birth_date"] if persons.has("birth_date") else nothing
    if not persons.has("id_number"):
        return stated
    inside = persons.values["id_number"].str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    persons.flag(Trouble(stated != inside, "R-BIRTH-ID", "the birth day of the identity number"), "birth_date")
    return stated.fill_null(inside)


def _age(persons: Ledger, on: date) -> None:
    born = _born(persons)
    worked_out = (int(on.strftime("%Y%m%d")) - born.dt.to_string("%Y%m%d").cast(pl.Int64)) // 10_000
    stated = persons.values["age"] if persons.has("age") else worked_out.set(worked_out.is_not_null(), None)
    persons.flag(Trouble(stated != worked_out, "R-AGE-BIRTH", worked_out.cast(pl.String)), "age")
    age = stated.fill_null(worked_out)
    empty = persons.texts["age"].is_null() if "age" in persons.texts.columns else worked_out.is_null() | True
    persons.flag(Trouble(empty & age.is_not_null(), "R-AGE-DERIVED"), "age")
    persons.flag(Trouble(empty & age.is_null(), "R-AGE-UNKNOWN", "年龄 or 出生日期"), "age")
    oldest = fields("persons")["age"].high
    persons.flag(Trouble(worked_out > oldest, "R-AGE-RANGE", f"0 to {oldest}"), "birth_date")
    persons.values = persons.values.with_columns(age.alias("age"))


def _sex(persons: Ledger) -> None:
    if not persons.has("id_number"):
        return
    odd = persons.values["id_number"].str.slice(16, 1).cast(pl.Int64, strict=False) % 2 == 1
    inside = odd.replace_strict({True: "male", False: "female"}, default=None, return_dtype=pl.String)
    stated = persons.values["sex"] if persons.has("sex") else inside.set(inside.is_not_null(), None)
    persons.flag(Trouble(stated != inside, "R-SEX-ID", inside), "sex")
    persons.flag(Trouble(stated.is_null() & inside.is_not_null(), "R-SEX-DERIVED"), "sex")
    sex = stated.fill_null(inside)
    empty = persons.texts["sex"].is_null() if "sex" in persons.texts.columns else inside.is_null() | True
    persons.flag(Trouble(empty & sex.is_null(), "R-CELL-REQUIRED", fields("persons")["sex"].zh), "sex")
    persons.values = persons.values.with_columns(sex.alias("sex"))


def _disability(persons: Ledger) -> None:
    if persons.has("disability_kind", "disability_grade"):
        kind, grade = persons.values["disability_kind"] != "none", persons.values["disability_grade"] > 0
        unpaired = kind.fill_null(False) != grade.fill_null(False)
        persons.flag(Trouble(unpaired, "R-DISABILITY-PAIR", "both or neither"), "disability_grade")


def check_members(persons: Ledger) -> None:
    """Check the persons of each household together: duplicates, heads, spouses, children."""
    if not persons.has("household_id"):
        return
    frame = persons.values.with_columns(pl.Series("place", range(len(persons.rows))))
    for key in ("id_number", "person_id"):
        if persons.has(key):
            _duplicates(persons, frame, key)
    if persons.has("relation"):
        _heads(persons, frame)


def _duplicates(persons: Ledger, frame: pl.DataFrame, key: str) -> None:
    home, same = pl.col("household_id"), pl.col(key).is_not_null()
    marks = frame.select(
        (same & (pl.len().over(key, "household_id") > 1)).alias("twice"),
        (same & (home.n_unique().over(key) > 1)).alias("homes"),
    )
    persons.flag(Trouble(marks["twice"], "R-PERSON-TWICE", "each person once"), key)
    persons.flag(Trouble(marks["homes"] & ~marks["twice"], "R-PERSON-HOMES", "one household"), key)


def _heads(persons: Ledger, frame: pl.DataFrame) -> None:
    head, spouse, child = (pl.col("relation").eq_missing(pl.lit(word)) for word in ("applicant", "spouse", "child"))
    age = pl.col("age")
    marks = frame.with_columns(
        heads=head.cast(pl.Int64).sum().over("household_id"),
        spouses=spouse.cast(pl.Int64).sum().over("household_id"),
        eldest=pl.when(head).then(age).max().over("household_id"),
    ).select(
        (head & (pl.col("heads") > 1)).alias("heads"),
        ((pl.col("heads") == 0) & (pl.col("place") == pl.col("place").min().over("household_id"))).alias("headless"),
        (spouse & (pl.col("spouses") > 1)).alias("spouses"),
        (child & (age >= pl.col("eldest"))).alias("older"),
    )
    known = persons.values["household_id"].is_not_null()
    for name, code in (
        ("heads", "R-HEAD-TWICE"),
        ("headless", "R-HEAD-NONE"),
        ("spouses", "R-SPOUSE-TWICE"),
        ("older", "R-CHILD-OLDER"),
    ):
        persons.flag(Trouble(marks[name] & known, code, "one head (户主)" if "HEAD" in code else ""), "relation")


def check_households(households: Ledger) -> None:
    """Check that a household is listed once."""
    if households.has("household_id"):
        key = households.values["household_id"]
        households.flag(
            Trouble(key.is_duplicated() & key.is_not_null(), "R-HOME-TWICE", "each household once"), "household_id"
        )


def check_both(persons: Ledger, households: Ledger) -> None:
    """Check persons against households: who has no household, which household nobody lives in, counts, wages and income."""
    if not (persons.has("household_id") and households.has("household_id")):
        return
    homes, listed = persons.values["household_id"], households.values["household_id"]
    persons.flag(
        Trouble(
            homes.is_not_null() & ~homes.is_in(listed.drop_nulls().implode()), "R-PERSON-HOMELESS", "a listed household"
        ),
        "household_id",
    )
    empty = listed.is_not_null() & ~listed.is_in(homes.drop_nulls().implode())
    households.flag(Trouble(empty, "R-HOME-EMPTY", "one person or more"), "household_id")
    sums = _sums(persons, listed)
    if households.has("members"):
        stated = households.values["members"]
        households.flag(
            Trouble((stated != sums["persons"]) & ~empty, "R-MEMBERS-COUNT", sums["persons"].cast(pl.String)), "members"
        )
    if households.has("income_fen") and persons.has("wage_fen"):
        _wages(households, sums["wages"])


def _sums(persons: Ledger, listed: pl.Series) -> pl.DataFrame:
    wage = pl.col("wage_fen").sum() if persons.has("wage_fen") else pl.lit(0)
    sums = persons.values.group_by("household_id").agg(
        pl.len().cast(pl.Int64).alias("persons"), wage.cast(pl.Int64).alias("wages")
    )
    return listed.to_frame().join(sums, on="household_id", how="left", maintain_order="left")


def _wages(households: Ledger, wages: pl.Series) -> None:
    income = households.values["income_fen"]
    hundredfold = (wages == income * FEN_PER_YUAN) & (wages > 0)
    hundredfold |= (income == wages * FEN_PER_YUAN) & (wages > 0)
    households.flag(Trouble(hundredfold, "R-MONEY-TIMES100", "wages and income in one unit"), "income_fen")
    households.flag(
        Trouble((wages > income) & ~hundredfold, "R-WAGE-OVER", "income that holds the wages"), "income_fen"
    )
