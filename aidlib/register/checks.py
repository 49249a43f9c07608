"""Check a register whole: every fault at once, bad rows out with their reasons, good rows on only when asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from aidlib.errors import Fault, RegisterFault, nearest
from aidlib.register.cells import Trouble
from aidlib.register.columns import MONTHS_PER_YEAR, Table, fields, words
from aidlib.register.flaws import (
    FLAW_SCHEMA,
    PARTIAL,
    Flaw,
    Say,
    as_text,
    flaws_of,
    levels,
    write_rejects,
    write_workbook,
)
from aidlib.register.grids import letters
from aidlib.register.ledger import Ledger, none_of, open_ledger
from aidlib.register.reading import STEP, Reading

TEXT_LINES = 200
NO_RECORD = ["R-ROW-ABOVE"]  # lines of a sheet that are no persons or households
INSIDE = ("private", "identity", "date")  # kinds of columns that stay inside the register
FEN_PER_YUAN = 100
OF_THE_UNLISTED = (
    "R-AGE-UNKNOWN",
    "R-CELL-REQUIRED",
    "R-HEAD-NONE",
    "R-MEMBERS-COUNT",
    "R-WAGE-OVER",
)  # what no rule reads of a household whose members are unknown
STATED = (
    "members",
    "beneficiaries",
    "benefit_per_head_fen",
    "marks",
    "scheme",
)  # read for the checks and for what follows from them


@dataclass(frozen=True)
class Checked:
    """A register after its checks.

    Attributes
    ----------
    flaws : polars.DataFrame
        One line per fault: table, file, sheet, row, column, code, expected, got (masked), level, zh, en.
    counts : polars.DataFrame
        By table: rows in, good, rejected; `in = good + rejected` always.
    unlisted : frozenset of str
        Households of which the ledger lists the head alone: no rule can judge them.
    """

    flaws: pl.DataFrame = field(repr=False)
    counts: pl.DataFrame
    _ledgers: dict[Table, Ledger] = field(repr=False)
    _rejected: dict[Table, pl.Series] = field(repr=False)
    unlisted: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def faults(self) -> list[Flaw]:
        """Faults that stop a row or a file, in order of table and row."""
        return flaws_of(self.flaws.filter(pl.col("level") != "note"))

    def good(self, allow_rejects: bool = False, unlisted: bool = False) -> dict[Table, pl.DataFrame]:
        """Return the rows without a fault, typed, without names, identity numbers, telephones, bank cards and addresses."""
        bad = int(self.counts["rejected"].sum())
        if bad and not allow_rejects:
            raise RegisterFault(f"{bad} rows were rejected", expected="none, or leave to go on without them", got=str(bad),
                                hint="mend the rejected rows, or say allow_rejects=True (--allow-rejects)")  # fmt: skip
        tables = {
            table: _typed(ledger, ~self._rejected[table])
            for table, ledger in self._ledgers.items()
            if table in ("persons", "households")
        }
        known = ~pl.col("household_id").is_in(list(self.unlisted))
        return (
            tables if unlisted or not self.unlisted else {table: frame.filter(known) for table, frame in tables.items()}
        )

    def kept(self, table: Table) -> pl.DataFrame:
        """Return the good rows of a table with everything read of them, names and numbers too, and `place`: sheet and row. Never for a report."""
        ledger, kept = self._ledgers[table], ~self._rejected[table]
        reading = ledger.reading
        at = pl.DataFrame({"row": ledger.rows}).with_columns(file=pl.lit(reading.file), sheet=pl.lit(reading.sheet))
        told = reading.decoded(at).select(
            pl.format("{}!{}", pl.when(pl.col("sheet") == "").then("file").otherwise("sheet"), "row")
        )
        return (
            ledger.rows.to_frame("row")
            .hstack(ledger.values.get_columns())
            .with_columns(told.to_series().alias("place"))
            .filter(kept)
        )

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that have the columns no row can do without."""
        stopped = self.flaws.filter(pl.col("code") == "R-COLUMN-MISSING")["table"].unique().to_list()
        return tuple(table for table in self._ledgers if table not in stopped)

    def identities(self) -> pl.DataFrame:
        """Return person and identity number of the good rows, for matching inside; never for a report."""
        ledger = self._ledgers["persons"]
        kept = _typed(ledger, ~self._rejected["persons"])["person_id"]
        return pl.DataFrame(
            {"person_id": kept, "id_number": ledger.values["id_number"].filter(~self._rejected["persons"])}
        )

    def text(self, lines: int = TEXT_LINES, language: str = "en", say: Say = str) -> str:
        """Write counts, then one line per fault with its column as the file has it, then notes; the rest is in the workbook."""
        return as_text(self, lines, language, say)

    def headings(self, table: str) -> dict[str, str]:
        """Return where each column of a table stands in its file: the letter and the heading."""
        folds = self._ledgers[table].reading.folds if table in self._ledgers else ()
        return {
            fold.column: f"{letters(fold.position)} {fold.heading}"
            for fold in folds
            if fold.column and fold.how != "guess"
        }

    @property
    def readings(self) -> list[Reading]:
        """The tables as they were found."""
        return [ledger.reading for ledger in self._ledgers.values()]

    def workbook(self, path: str | Path) -> list[Path]:
        """Write the faults as a workbook: counts, faults by kind, every fault; a list too long for a sheet also as CSV."""
        return write_workbook(self, Path(path))

    def rejects(self, folder: str | Path) -> list[Path]:
        """Write the rejected rows as they came, with their reasons, one CSV per table. They hold personal data and stay inside."""
        return write_rejects(self, Path(folder))

    def rejected(self, table: Table) -> pl.DataFrame:
        """Return the rejected rows of a table as they came, with the reasons in Chinese and the codes."""
        reasons = self.flaws.filter((pl.col("table") == table) & (pl.col("level") == "reject")).group_by(row="at").agg(
            pl.col("code").unique(maintain_order=True).str.join(" ").alias("codes"),
            pl.col("zh").unique(maintain_order=True).str.join("；").alias("reasons"),
        )  # fmt: skip
        rows = self._ledgers[table].reading.raw.filter(self._rejected[table])
        stopped = " ".join(
            self.flaws.filter((pl.col("table") == table) & (pl.col("level") == "file"))["code"].unique().sort()
        )
        return rows.join(reasons, on="row", how="left", maintain_order="left").with_columns(
            pl.col("codes").fill_null(stopped), pl.col("reasons").fill_null("整个文件有问题")
        )


def check(
    persons: Reading | None,
    households: Reading | None,
    on: date,
    blank_is_none: Iterable[str] = (),
    lists: Iterable[Reading] = (),
) -> Checked:
    """Check persons and households, alone and against each other."""
    readings = [reading for reading in (persons, households) if reading is not None]
    if [r.table for r in readings] != [
        t for t, r in (("persons", persons), ("households", households)) if r
    ] or not readings:
        raise RegisterFault(
            "the tables are not persons and households", got=", ".join(r.table for r in readings) or "nothing"
        )
    blank = _blank(blank_is_none, readings)
    readings += lists
    ledgers: dict[Table, Ledger] = {reading.table: open_ledger(reading, on, blank) for reading in readings}
    derive(ledgers)
    _run(ledgers, on)
    unlisted = _unlisted(ledgers)
    flaws = _without_totals(pl.concat([frame for ledger in ledgers.values() for frame in ledger.flaws]))
    flaws = _spared(flaws, ledgers, unlisted)
    rejected = _rejected(ledgers, flaws)
    rejected, partial = _whole_homes(ledgers, rejected)
    told = pl.concat([flaws, partial]).join(levels(), on="code", how="left", maintain_order="left")
    told = told.with_columns(at=pl.col("row"))
    for reading in readings:
        own = pl.col("table") == reading.table
        told = pl.concat([told.filter(~own), reading.decoded(told.filter(own))])
    return Checked(
        told.sort("table", "at", maintain_order=True), _counts(ledgers, rejected), ledgers, rejected, unlisted
    )


def _unlisted(ledgers: dict[Table, Ledger]) -> frozenset[str]:
    """Find the households of sheets that list heads alone, where the household is stated to have more members or nobody says how many.

    A household of one whose head has neither an age nor a number, or no income where other sheets state it, is of them.
    A sheet lists heads alone if it has a row a household and no column of relations, or if most of its households state more members than that row.
    """
    people, homes = ledgers.get("persons"), ledgers.get("households")
    if not (people and homes and people.has("household_id") and homes.has("household_id")):
        return frozenset()
    names = [name for name in ("members", "beneficiaries") if homes.has(name)]
    if not names:
        return frozenset()
    stated = homes.values.select("household_id", members=pl.coalesce(names))
    sheet = people.rows // STEP if len(people.reading.sheets) > 1 else people.rows * 0
    rows = people.values.select("household_id", sheet=sheet).drop_nulls("household_id")
    each = rows.group_by("household_id", "sheet").len().join(stated, on="household_id", how="left")
    more = (pl.col("members") > 1).fill_null(False)
    by_sheet = each.group_by("sheet").agg(pl.col("len").max(), half=more.mean() > 1 / 2, any=more.any())
    alone = by_sheet.filter(
        pl.col("len") == 1, pl.col("half") | (pl.col("any") & pl.col("sheet").is_in(list(people.reading.heads)))
    )
    ageless = people.values.filter(pl.col("age").is_null())["household_id"].implode()
    several = (pl.col("members") != 1).fill_null(True) if homes.has("members") else pl.lit(True)
    incomes = [name for name in ("income_fen", "income_fen_year") if homes.has(name)]
    poor = homes.values.filter(pl.all_horizontal(pl.col(incomes).is_null()) if incomes else pl.lit(False))
    unknown = (
        several | pl.col("household_id").is_in(ageless) | pl.col("household_id").is_in(poor["household_id"].implode())
    )
    found = each.join(alone, on="sheet", how="semi").filter(unknown)["household_id"]
    if len(found):
        homes.flag(Trouble(homes.values["household_id"].is_in(found.implode()), "R-MEMBERS-UNLISTED"), "members")
    return frozenset(found)


def _spared(flaws: pl.DataFrame, ledgers: dict[Table, Ledger], unlisted: frozenset[str]) -> pl.DataFrame:
    """Do not reject a head whose household nobody can judge anyway for facts that only judging needs."""
    if not unlisted:
        return flaws
    own = [
        ledgers[table].values.select("household_id", row=ledgers[table].rows, table=pl.lit(table))
        for table in ("persons", "households")
    ]
    rows = pl.concat(own).filter(pl.col("household_id").is_in(list(unlisted))).select("table", "row")
    needless = flaws.filter(
        pl.col("code").is_in(OF_THE_UNLISTED) & ~pl.col("column").is_in(["household_id", "region_code"])
    )
    gone = needless.join(rows, on=["table", "row"], how="semi").select("table", "row", "column", "code")
    return flaws.join(gone, on=["table", "row", "column", "code"], how="anti", maintain_order="left")


def _without_totals(flaws: pl.DataFrame) -> pl.DataFrame:
    """Say of a line of totals, or under the table, only that it is one."""
    none = flaws.filter(pl.col("code").is_in(NO_RECORD))
    others = flaws.filter(~pl.col("code").is_in(NO_RECORD))
    kept = others.join(none.select("table", "row"), on=["table", "row"], how="anti", maintain_order="left")
    return pl.concat([kept, none])


def _blank(names: Iterable[str], readings: list[Reading]) -> frozenset[str]:
    may = {name for reading in readings for name, field in fields(reading.table).items() if none_of(field) is not None}
    if wrong := sorted(set(names) - may):
        raise RegisterFault(Fault("a blank cannot mean none here", got=name, hint=nearest(name, may)) for name in wrong)
    return frozenset(names)


def _run(ledgers: dict[Table, Ledger], on: date) -> None:
    people, homes = ledgers.get("persons"), ledgers.get("households")
    if people:
        check_persons(people, on)
        check_members(people)
    if homes:
        check_households(homes)
    if people and homes:
        check_both(people, homes)
        for table in ("recognitions", "aid"):
            if table in ledgers and people.has("household_id") and homes.has("household_id"):
                _find_persons(ledgers[table], people, homes)


def _find_persons(listed: Ledger, people: Ledger, homes: Ledger) -> None:
    """Find the household and person of each row by number, else by identity number; the row of nobody is told."""
    who = (
        people.values.with_columns(row=people.rows).filter(pl.col("id_number").is_not_null())
        if people.has("id_number")
        else None
    )
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(listed.rows))
    home = listed.values["household_id"] if listed.has("household_id") else nothing
    home = home.set(~home.is_in(homes.values["household_id"].drop_nulls().implode()).fill_null(False), None)
    person = pl.Series([None], dtype=pl.Int64).new_from_index(0, len(listed.rows))
    if who is not None and listed.has("id_number"):
        known = who.select("id_number", of="household_id", person="row").unique("id_number", keep="first")
        found = listed.values.select("id_number").join(known, on="id_number", how="left", maintain_order="left")
        home, person = home.fill_null(found["of"]), found["person"]
    listed.flag(Trouble(home.is_null(), "R-NOT-FOUND", "a household or person of the register"), "household_id")
    listed.values = listed.values.with_columns(home.alias("household_id"), person.alias("person_row"))


def _rejected(ledgers: dict[Table, Ledger], flaws: pl.DataFrame) -> dict[Table, pl.Series]:
    marked = flaws.join(levels(), on="code", how="left")
    found: dict[Table, pl.Series] = {}
    for table, ledger in ledgers.items():
        own = marked.filter(pl.col("table") == table)
        stopped = (own["level"] == "file").any()
        bad = own.filter(pl.col("level") == "reject")["row"].unique()
        found[table] = ledger.rows.is_in(bad.implode()) | stopped
    return found


def _whole_homes(
    ledgers: dict[Table, Ledger], rejected: dict[Table, pl.Series]
) -> tuple[dict[Table, pl.Series], pl.DataFrame]:
    """Reject every row of a household that lost a row: part of a household cannot be judged."""
    told = [pl.DataFrame(schema=FLAW_SCHEMA)]
    lost = [
        ledger.values["household_id"].filter(rejected[table])
        for table, ledger in ledgers.items()
        if table in ("persons", "households") and ledger.has("household_id")
    ]
    gone = pl.concat([pl.Series("household_id", [], dtype=pl.String), *lost]).drop_nulls().unique()
    whole = dict(rejected)
    for table, ledger in ledgers.items():
        if table not in ("persons", "households") or not ledger.has("household_id"):
            continue
        partial = ledger.values["household_id"].is_in(gone.implode()).fill_null(False) & ~rejected[table]
        before = len(ledger.flaws)
        ledger.flag(Trouble(partial, PARTIAL, "the whole household"), "household_id")
        told += ledger.flaws[before:]
        whole[table] = rejected[table] | partial
    return whole, pl.concat(told)


def _counts(ledgers: dict[Table, Ledger], rejected: dict[Table, pl.Series]) -> pl.DataFrame:
    rows = []
    for table, ledger in ledgers.items():
        came, bad, good = len(ledger.reading.raw), int(rejected[table].sum()), int((~rejected[table]).sum())
        if came != good + bad:
            raise RegisterFault("the counts do not reconcile", expected=str(came), got=f"{good} + {bad}")
        rows.append((table, came, good, bad))
    return pl.DataFrame(rows, schema=["table", "in", "good", "rejected"], orient="row")


def _typed(ledger: Ledger, kept: pl.Series) -> pl.DataFrame:
    known = fields(ledger.reading.table)
    names = [
        name for name, column in known.items() if ledger.has(name) and column.kind not in INSIDE and name not in STATED
    ]
    frame = ledger.rows.to_frame("row").hstack(ledger.values.get_columns()).filter(kept)
    if ledger.reading.table == "persons" and "person_id" not in names:
        return frame.select(*names, person_id="row")
    return frame.select(names)


def check_persons(persons: Ledger, on: date) -> None:
    """Check each person for himself: identity, birth, age, sex, disability, work."""
    _identity(persons)
    _year(persons, "own_income_fen")
    _age(persons, on)
    _sex(persons)
    _disability(persons)
    if persons.has("wage_fen", "employed"):
        idle = (persons.values["wage_fen"] > 0) & ~persons.values["employed"]
        persons.flag(Trouble(idle, "R-WAGE-IDLE"), "wage_fen")


def _year(ledger: Ledger, month: str) -> pl.Series | None:
    """Return the year of a monthly amount: as stated, else twelve times the month; fill a stated column with it."""
    if not ledger.has(year := f"{month}_year"):
        return ledger.values[month] * MONTHS_PER_YEAR if ledger.has(month) else None
    stated = ledger.values[year]
    filled = stated.fill_null(ledger.values[month] * MONTHS_PER_YEAR) if ledger.has(month) else stated
    ledger.values = ledger.values.with_columns(filled.alias(year))
    return filled


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
    """Check that a household is listed once, and that a stated year has an income in every row."""
    income = _year(households, "income_fen")
    if income is not None and households.has("income_fen_year"):
        column = fields("households")["income_fen_year"]
        households.flag(Trouble(income.is_null(), "R-CELL-REQUIRED", column.zh), column.name)
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
    income = _year(households, "income_fen")
    if income is not None and persons.has("wage_fen"):
        _wages(households, sums["wages"] * MONTHS_PER_YEAR, income)


def _sums(persons: Ledger, listed: pl.Series) -> pl.DataFrame:
    wage = pl.col("wage_fen").sum() if persons.has("wage_fen") else pl.lit(0)
    sums = persons.values.group_by("household_id").agg(
        pl.len().cast(pl.Int64).alias("persons"), wage.cast(pl.Int64).alias("wages")
    )
    return listed.to_frame().join(sums, on="household_id", how="left", maintain_order="left")


def _wages(households: Ledger, wages: pl.Series, income: pl.Series) -> None:
    column = "income_fen_year" if households.has("income_fen_year") else "income_fen"
    hundredfold = (wages == income * FEN_PER_YUAN) & (wages > 0)
    hundredfold |= (income == wages * FEN_PER_YUAN) & (wages > 0)
    households.flag(Trouble(hundredfold, "R-MONEY-TIMES100", "wages and income in one unit"), column)
    households.flag(Trouble((wages > income) & ~hundredfold, "R-WAGE-OVER", "income that holds the wages"), column)


SEVERE, ILL = "重残|重度残疾|一级残疾|二级残疾", "重病|大病|重大疾病|尿毒症|恶性肿瘤|白血病"


def derive(ledgers: dict[Table, Ledger]) -> None:
    """Fill what other columns of the ledger say: marks of health, who receives dibao and how much, area and tier, income from the members'."""
    people, homes = ledgers.get("persons"), ledgers.get("households")
    if people and people.has("marks"):
        _from_marks(people)
    if homes:
        if homes.has("scheme"):
            _from_scheme(homes)
        _benefit(homes)
    if people and homes and people.has("household_id") and homes.has("household_id"):
        _income_of_members(people, homes)


def _put(ledger: Ledger, name: str, values: pl.Series) -> None:
    """Fill the empty cells of a column, or make the column, and say once that it was worked out."""
    known = ledger.has(name)
    filled = ledger.values[name].fill_null(values) if known else values
    ledger.values = ledger.values.with_columns(filled.alias(name))
    if not known and len(ledger.rows):
        ledger.note(name, "R-DERIVED", f"{int(values.is_not_null().sum())} cells", int(ledger.rows[0]))


def _from_marks(people: Ledger) -> None:
    """Read serious illness and severe disability out of marks; what a column of its own says goes before."""
    texts = people.texts["marks"]
    ill, severe = texts.str.contains(ILL).fill_null(False), texts.str.contains(SEVERE).fill_null(False)
    if ill.any():
        _put(people, "serious_illness", ill)
    if severe.any() and not people.has("disability_grade"):
        people.flag(Trouble(severe, "R-MARK-SEVERE"), "marks")
        grade = pl.select(pl.when(severe).then(2).otherwise(0)).to_series().cast(pl.Int64)
        _put(people, "disability_grade", grade)
        kind = pl.select(pl.when(severe).then(pl.lit("multiple")).otherwise(pl.lit("none"))).to_series()
        people.values = people.values.drop("disability_kind", strict=False).with_columns(kind.alias("disability_kind"))


def _from_scheme(homes: Ledger) -> None:
    """Read the recipients of dibao, the area and the tier out of 农村低保, 城市低保 or A类."""
    texts = homes.texts["scheme"]
    if not any(homes.has(name) for name in ("on_dibao", "last_benefit_fen", "benefit_per_head_fen")):
        _put(homes, "on_dibao", texts.str.contains("低保") & ~texts.str.contains("边缘"))
    if not homes.has("urban"):
        rural, urban = texts.str.contains("农村|农保"), texts.str.contains("城市|城镇|城保")
        _put(homes, "urban", pl.select(pl.when(urban).then(True).when(rural).then(False)).to_series())
    folded = texts.str.to_lowercase()
    tier = folded.replace_strict(words("dibao_tier"), default=None, return_dtype=pl.String).fill_null(
        folded.str.extract("([a-e])[类级档]")
    )
    if not homes.has("dibao_tier") and tier.is_not_null().any():
        _put(homes, "dibao_tier", tier.fill_null("none"))


def _benefit(homes: Ledger) -> None:
    """Work out the household's benefit from the share of each beneficiary, and that who is paid dibao receives it."""
    if homes.has("benefit_per_head_fen", "beneficiaries"):
        whole = homes.values["benefit_per_head_fen"] * homes.values["beneficiaries"]
        if homes.has("last_benefit_fen"):
            homes.flag(Trouble(whole != homes.values["last_benefit_fen"], "R-BENEFIT-SHARED"), "benefit_per_head_fen")
        _put(homes, "last_benefit_fen", whole)
    if homes.has("last_benefit_fen") and not homes.has("on_dibao"):
        _put(homes, "on_dibao", homes.values["last_benefit_fen"] > 0)


def _income_of_members(people: Ledger, homes: Ledger) -> None:
    """Add up the members' own incomes where the ledger states none of the household; one unknown member leaves it unknown."""
    own = next((name for name in ("own_income_fen_year", "own_income_fen") if people.has(name)), "")
    if not own or homes.has("income_fen") or homes.has("income_fen_year"):
        return
    sums = people.values.group_by("household_id").agg(
        pl.when(pl.col(own).is_null().any()).then(None).otherwise(pl.col(own).sum()).alias("sum")
    )
    whole = homes.values.select("household_id").join(sums, on="household_id", how="left", maintain_order="left")["sum"]
    _put(homes, own.removeprefix("own_"), whole)
