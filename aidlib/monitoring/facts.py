"""The facts alerts are made of: the register, what departments know, what the rules say of both, what was paid. What was not handed in is empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import polars as pl

from aidlib.errors import LawGap
from aidlib.law import Book, LocalLaw
from aidlib.monitoring import ledgers
from aidlib.monitoring.answers import answers, ends_of
from aidlib.monitoring.inputs import UNLISTED, Files
from aidlib.monitoring.ledgers import BASIC, DELIVERIES, FAMILY, HOUSEHOLD_SCHEMES, MONTHS_PER_YEAR, PERSON_SCHEMES, ROW
from aidlib.monitoring.matching import AMBIGUOUS, FACT_TYPES, KEY, MATCHED, elsewhere
from aidlib.monitoring.vocabulary import convention, registers
from aidlib.register.columns import COLUMNS, code
from aidlib.rules.frames import Assessed, assess
from aidlib.rules.places import Places
from aidlib.rules.specialised import ENTITLEMENTS
from aidlib.rules.unknown import Range

HOUSEHOLD_ANSWERS = (
    "members", "dibao_eligible", "edge_household", "rigid_household", "in_exit_period", "exit_months", "review_months",
    "over_dibao_line_fen", "over_edge_line_fen", "dibao_benefit_fen", "topup_fen", "temporary_approver",
)  # fmt: skip
PERSON_ANSWERS = (
    "counted_member", "single_entrant", "tekun", "member_single_benefit_fen", "tekun_person_fen", "education_aid",
    "medical_aid", "premium_help", "employment_aid",
)  # fmt: skip
WANTED = HOUSEHOLD_ANSWERS + PERSON_ANSWERS
STANDARD = "dibao_standard_fen_year"
UNDECLARED = "undeclared_wage_fen"
# Answers that entitle for certain; the others depend on local cover that is not known.
CERTAIN = [ENTITLEMENTS.index(word) for word in ("yes", "full", "fixed")]
ENTITLED = {
    "education_aid": "education_aid", "medical_aid": "medical_aid", "premium": "premium_help", "employment_aid": "employment_aid",
}  # fmt: skip
NEEDS = {
    "education_aid": ("student_known", "entitled_education"), "medical_aid": ("patient_known", "entitled_medical"),
    "employment_aid": ("jobless_known", "entitled_employment"), "premium": ("long_in_scheme", "entitled_premium"),
}  # fmt: skip
"""By programme: what shows that a person needs the help, and that the rules grant it for certain."""
LISTED = {"student": "poor_students", "patient": "serious_illness", "jobless": "registered_unemployed"}
_RESTS_ON = {
    "tekun": ("tekun_supporter", "missing_selfcare_items", "in_institution"),
    "single": ("disability_kind", "disability_grade", "serious_illness"),
}
"""Columns of persons without which nobody can tell what a programme owes a recognised person."""
REPLACED = (
    "absence",
    "disability_grade",
    "disability_kind",
    "employed",
    "own_income_fen",
    "serious_illness",
    "student_stage",
    "wage_fen",
)
_ABSENT = {
    "raised_by_job": False, "grace_months_used": 0, "temporary_hardship": 0, "aid_requested_fen": 0, "aid_paid_year_fen": 0, "on_dibao": False,
}  # fmt: skip
_LIMITS = {
    "minor_age": ("minor_age", ""), "elderly_age": ("tekun_elderly_age", ""), "severe_grade": ("single_entry_disability_max_grade", ""),
    "tekun_review_months": ("review_months", "tekun"), "rigid_months": ("rigid_valid_months", ""), "lag_dibao": ("benefit_start_lag_months", ""),
    "lag_tekun": ("tekun_start_lag_months", ""), "most_dwellings": ("rigid_dwellings_max", ""),
}  # fmt: skip
_EXCLUSIVE = ("tekun:orphan", "tekun:defacto_unsupported_child", "tekun:dibao", "rigid:dibao", "rigid:edge")
_OF_THE_FAMILY = (
    "region_code", "reporter", "in_dibao", "in_edge", "in_rigid", "since_dibao", "since_edge", "reviewed_dibao", "lost_benefit_fen",
    "tekun_review_months", "stated_review_months", "tekun_orphan", "tekun_defacto_unsupported_child", "tekun_dibao", "minor_age",
)  # fmt: skip


def limits(book: Book, codes: Iterable[str], on: date) -> pl.DataFrame:
    """Read the lines of the law that alerts compare with on a day, one row a place; what a place does not have is empty.

    Returns
    -------
    polars.DataFrame
        region_code, minor_age, elderly_age, severe_grade, tekun_review_months, rigid_months, lag_dibao, lag_tekun,
        most_dwellings, most_vehicle_fen (int64); and for each pair of schemes that may exclude each other, such as tekun_orphan, whether they do.

    Examples
    --------
    >>> limits(Book(), ["450400"], date(2026, 10, 1)).select("minor_age", "tekun_review_months", "most_dwellings").row(0)
    (18, 6, None)
    """

    def row(law: LocalLaw) -> dict[str, int | bool | None]:
        numbers = {column: law.optional(*asked) for column, asked in _LIMITS.items()}
        vehicle, pairs = (
            law.optional("rigid_vehicle_value_max"),
            {pair: law.optional("schemes_exclusive", pair) for pair in _EXCLUSIVE},
        )
        return {
            **{column: int(value.number) if value else None for column, value in numbers.items()},
            "most_vehicle_fen": int(vehicle.fen) if vehicle else None,
            **{pair.replace(":", "_"): value is not None and value.flag for pair, value in pairs.items()},
        }

    rows = [{"region_code": place, **row(book.at(place, on))} for place in dict.fromkeys(codes)]
    schema = {"region_code": pl.String, **dict.fromkeys((*_LIMITS, "most_vehicle_fen"), pl.Int64)}
    return pl.DataFrame(rows, schema=schema | {pair.replace(":", "_"): pl.Boolean for pair in _EXCLUSIVE})


def place_amounts(values: Places) -> pl.DataFrame:
    """Return by place and area the monthly standard in whole fen (rounded down: a yardstick, not an amount) and what a county may approve at once.

    Examples
    --------
    >>> from aidlib.monitoring.trial import example
    >>> place_amounts(example()[0].law_known.values).columns
    ['region_code', 'urban', 'standard_fen_month', 'county_fen12', 'county_each']
    """
    rows = []
    for (place, urban), local in values.locals.items():
        if "ta_county_fen12" not in local.values:
            raise LawGap("the county's limit was not looked up", hint="ask for the answer temporary_approver")
        year, most = local.values[STANDARD], local.values["ta_county_fen12"]
        month = None if isinstance(year, Range) else year // MONTHS_PER_YEAR
        rows.append(
            (place, urban, month, None if isinstance(most, Range) else most, bool(local.values["ta_county_per_person"]))
        )
    kinds = {
        "region_code": pl.String,
        "urban": pl.Boolean,
        "standard_fen_month": pl.Int64,
        "county_fen12": pl.Int64,
        "county_each": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=kinds, orient="row")


def in_numbers(table: pl.DataFrame) -> pl.DataFrame:
    """Turn the words of code columns into the numbers rules read; numbers stay.

    Examples
    --------
    >>> in_numbers(pl.DataFrame({"sex": ["male", "female"]}))["sex"].to_list()
    [1, 0]
    """
    columns = [
        COLUMNS[name]
        for name, kind in table.schema.items()
        if kind == pl.String and name in COLUMNS and COLUMNS[name].kind == "code"
    ]
    return table.with_columns(
        pl.col(column.name).replace_strict({word: at for at, word in enumerate(column.codes)}, return_dtype=pl.Int8)
        for column in columns
    )


def undeclared_wage_fen(stated_fen: pl.Expr, *registered_fen: pl.Expr) -> pl.Expr:
    """缴费基数、财政供养工资高于申报工资的部分。 How far the wage departments know lies above the one stated; 0 where it does not, or where none is known.

    A contribution base stands for the wage it is reckoned from: a lead to be verified, never a finding (our reading).

    Examples
    --------
    >>> frame = pl.DataFrame({"wage": [100, 100, 100], "base": [250, 90, None]})
    >>> frame.select(undeclared_wage_fen(pl.col("wage"), pl.col("base"))).to_series().to_list()
    [150, 0, 0]
    """
    return (pl.max_horizontal(registered_fen) - stated_fen).clip(lower_bound=0).fill_null(0)


def as_registered(
    households: pl.DataFrame, persons: pl.DataFrame, evidence: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put what the departments know in place of what was stated.

    The dead leave the family; who is in prison is absent; a certificate, an illness, a stage of study and a registered
    unemployment hold as registered; wages rise to what departments know, and the family's income with them.

    Returns
    -------
    households, persons : polars.DataFrame
        As registered. The dead are left out; a household without a living member stays, with nobody in it. Persons have a further
        column `undeclared_wage_fen`, the wage beyond the one stated.

    Examples
    --------
    >>> homes = pl.DataFrame({"household_id": [1], "income_fen": [1_000]})
    >>> one = {"wage_fen": 0, "own_income_fen": 0, "employed": False, "serious_illness": False, "disability_kind": 0}
    >>> people = pl.DataFrame([{"person_id": n, "household_id": 1, **one, "disability_grade": 0, "student_stage": 0} for n in (1, 2)])
    >>> known = pl.DataFrame({"person_id": [1], "household_id": [1], "deaths__outcome": [1]})
    >>> as_registered(homes, people, known)[1]["person_id"].to_list()
    [2]
    """
    lost = {name: COLUMNS[name].absent for name in REPLACED if name not in persons.columns}
    whole = persons.with_columns(pl.lit(absent or 0).alias(name) for name, absent in lost.items())
    known = whole.join(evidence.drop("household_id"), on="person_id", how="left", maintain_order="left")
    wages = [_fact(known, name) for name in ("social_insurance__base_fen", "public_payroll__pay_fen")]
    changed = known.with_columns(undeclared_wage_fen(pl.col("wage_fen"), *wages).alias(UNDECLARED)).with_columns(
        *_state(known), *_work(known)
    )
    alive = changed.filter(~_matched(known, "deaths"))
    gains = alive.group_by("household_id").agg(pl.col(UNDECLARED).sum())
    both = households.join(gains, on="household_id", how="left", maintain_order="left")
    richer = both.with_columns(_raised(("income_fen", "income_fen_year", "total_income_fen_year"), both)).select(
        households.columns
    )
    return richer, alive.select(*whole.columns, UNDECLARED)


def _fact(known: pl.DataFrame, column: str) -> pl.Expr:
    return pl.col(column) if column in known.columns else pl.lit(None, pl.Int64)


def _matched(known: pl.DataFrame, register: str) -> pl.Expr:
    if (
        outcome := f"{register}__outcome"
    ) not in known.columns:  # polars 2.1 filters no large frame by an expression of literals
        return pl.lit(False)
    return (pl.col(outcome) == MATCHED).fill_null(False)


def _state(known: pl.DataFrame) -> list[pl.Expr]:
    facts = {
        "student_stage": "poor_students__student_stage", "disability_kind": "severe_disability__disability_kind",
        "disability_grade": "severe_disability__disability_grade",
    }  # fmt: skip
    prison = pl.when(_matched(known, "prison")).then(pl.lit(code("absence", "prison"))).otherwise(pl.col("absence"))
    return [
        *(pl.coalesce(_fact(known, fact), pl.col(name)).alias(name) for name, fact in facts.items()),
        (pl.col("serious_illness").cast(pl.Boolean) | _matched(known, "serious_illness")).alias("serious_illness"),
        prison.alias("absence"),
    ]


def _work(known: pl.DataFrame) -> list[pl.Expr]:
    works = (pl.col("employed").cast(pl.Boolean) | (pl.col(UNDECLARED) > 0)) & ~_matched(known, "registered_unemployed")
    return [works.alias("employed"), *_raised(("wage_fen", "own_income_fen", "own_income_fen_year"), known)]


def _raised(names: Sequence[str], table: pl.DataFrame) -> list[pl.Expr]:
    """Add the undeclared wage to amounts of a month, twelve times it to those of a year, as far as the table has them."""
    months = {name: MONTHS_PER_YEAR if name.endswith("_year") else 1 for name in names if name in table.columns}
    return [
        (pl.col(name) + many * pl.col(UNDECLARED).fill_null(0)).clip(upper_bound=COLUMNS[name].high)
        for name, many in months.items()
    ]


@dataclass(frozen=True)
class LawOfMonth:
    """What the law says for a month at every place of a register.

    Attributes
    ----------
    values : Places
        Law values for `WANTED` on the first day of the month.
    limits, rules : polars.DataFrame
        Limits by place (`limits`), and the law of each cause at each place (`alerts.rule_table`), on the last day.
    """

    values: Places
    limits: pl.DataFrame
    rules: pl.DataFrame


@dataclass(frozen=True)
class MonthEnd:
    """One place at the end of one month, with everything facts are drawn from.

    Attributes
    ----------
    files : Files
        What was handed in; persons with pseudonyms in place of numbers and names.
    evidence : polars.DataFrame
        What the departments know, from `match`.
    law_values : Places
        Law values for `WANTED` on the first day of the month.
    limits : polars.DataFrame
        Limits by place, from `limits`.

    Notes
    -----
    The rules are asked twice: of families as stated, and of families as the departments know them. An amount is short or over only
    where it is so by both (`dues`).
    """

    files: Files
    evidence: pl.DataFrame
    law_values: Places
    limits: pl.DataFrame

    @property
    def as_of(self) -> date:
        """Last day of the month."""
        return self.files.as_of

    @property
    def last(self) -> int:
        """Number of the month."""
        return ledgers.month_number(self.as_of)

    @property
    def first(self) -> int:
        """Number of the first month of the ledger that is looked at."""
        return self.last - convention("ledger_months") + 1

    @cached_property
    def recognised(self) -> pl.DataFrame:
        """Recognitions in force on the day."""
        return ledgers.in_force(self.files.recognitions, self.as_of)

    @cached_property
    def households(self) -> pl.DataFrame:
        """Families as stated, with whether they draw dibao (their own word counts only where no list of dibao was handed in)."""
        table = ledgers.with_reporter(in_numbers(self.files.households))
        lost = {name: pl.lit(value) for name, value in _ABSENT.items() if name not in table.columns}
        on = self.recognised.filter(pl.col("scheme") == "dibao")["household_id"]
        stated = pl.col("on_dibao").cast(pl.Boolean) & ~self.speaks("recognitions", "dibao")
        return table.with_columns(**lost).with_columns(on_dibao=pl.col("household_id").is_in(on.implode()) | stated)

    @cached_property
    def persons(self) -> pl.DataFrame:
        """Persons as stated, with whether they are recognised as tekun."""
        tekun = self.recognised.filter(pl.col("scheme") == "tekun")["person_id"]
        return in_numbers(self.files.persons).with_columns(is_tekun=pl.col("person_id").is_in(tekun.implode()))

    @cached_property
    def registered(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Families and persons as the departments know them."""
        return as_registered(self.households, self.persons, self.evidence)

    @cached_property
    def stated_answers(self) -> Assessed:
        """What the rules say of families as stated."""
        return answers(self.households, self.persons, self.law_values, WANTED)

    @cached_property
    def registered_answers(self) -> Assessed:
        """What the rules say of families as the departments know them."""
        return answers(*self.registered, self.law_values, WANTED)

    @cached_property
    def paid(self) -> pl.DataFrame:
        """Payments of the months looked at, by family or person, programme and month."""
        return ledgers.payments(self.files.aid, self.first, self.last)

    @cached_property
    def expected(self) -> pl.DataFrame:
        """Months handed in for which basic living aid has to be paid, by family or person and programme."""
        lag = pl.when(pl.col("scheme") == "tekun").then(pl.col("lag_tekun")).otherwise(pl.col("lag_dibao"))
        places = self.households.select("household_id", "region_code", "reporter").join(self.limits, on="region_code")
        rows = self.recognised.join(places, on="household_id").with_columns(lag=lag)
        return ledgers.expected(rows, self.files.coverage.months(BASIC, self.first, self.last))

    @cached_property
    def missed(self) -> pl.DataFrame:
        """Months without a payment of basic living aid, by family or person and programme."""
        return ledgers.missed(self.expected, self.paid)

    @cached_property
    def evidence_full(self) -> pl.DataFrame:
        """Evidence with every column a department could fill; empty where it was not compared."""
        blank: dict[str, pl.DataType] = {one.column("outcome"): pl.UInt8() for one in registers().values()}
        blank |= {one.column(f.name): FACT_TYPES[f.kind] for one in registers().values() for f in one.facts}
        lost = [pl.lit(None, kind).alias(name) for name, kind in blank.items() if name not in self.evidence.columns]
        return self.evidence.with_columns(lost).select("person_id", *blank)

    @cached_property
    def dues(self) -> pl.DataFrame:
        """What the rules say was due this month to each family and person whose basic living aid has begun, and what was paid.

        household_id, person_id (0: the family), programme, due_fen, paid_fen (empty where the payments of the month were not
        handed in). What is due is a range from the least to the most that follows from what the family stated and from what the
        departments know; due_fen is the end that was missed, empty where the payment lies within the range or the range has no upper end.
        """
        ends = pl.concat([ends_of(self.stated_answers), ends_of(self.registered_answers)])
        blind = [name for name, columns in _RESTS_ON.items() if not set(columns) <= set(self.files.persons.columns)]
        ends = ends.with_columns(
            pl.when(~pl.col("programme").is_in(blind)).then(end).alias(end) for end in ("least_fen", "most_fen")
        )
        rows = ends.group_by(ROW).agg(
            least_fen=pl.col("least_fen").min(),
            most_fen=pl.when(pl.col("most_fen").is_null().any()).then(None).otherwise(pl.col("most_fen").max()),
        )
        if UNLISTED in self.households.columns:  # a month without a payment shows without knowing the amount
            alone = self.households.filter(pl.col(UNLISTED).cast(pl.Boolean)).select(
                "household_id", person_id=pl.lit(FAMILY, pl.Int64), programme=pl.lit("dibao")
            )
            rows = pl.concat([rows, alone], how="diagonal")
        now = self.paid.filter(pl.col("month") == self.last).drop("month", "late")
        begun = self.expected.group_by(ROW).agg(now=(pl.col("month") == self.last).any())
        both = begun.join(rows, on=ROW, how="inner").join(now, on=ROW, how="left")
        handed_in = both.with_columns(paid_fen=pl.when("now").then(pl.col("paid_fen").fill_null(0)))
        least, most, paid = pl.col("least_fen"), pl.col("most_fen"), pl.col("paid_fen")
        family = (
            pl.col("programme") == "dibao"
        )  # of persons the favourable end may be another programme, and no upper end
        due = pl.when((least == most) | (paid < least)).then(least).when(family & (paid > most)).then(most)
        return handed_in.select(*ROW, due_fen=due, paid_fen=paid).sort(ROW)

    def with_aid(self, aid: pl.DataFrame) -> MonthEnd:
        """The same with another ledger of payments over the same months: what does not rest on payments is kept."""
        other = replace(self, files=replace(self.files, aid=aid))
        kept = {
            name: value
            for name, value in vars(self).items()
            if name not in vars(other) and name not in ("paid", "missed", "dues")
        }
        vars(other).update(kept)
        return other

    def speaks(self, table: str, scheme: str) -> pl.Expr:
        """Whether the table of a row's township or place speaks of a scheme."""
        return pl.col("reporter").is_in(self.files.coverage.speaking_of(table, scheme))


@dataclass(frozen=True)
class Facts:
    """Facts by household and by person, one row each, ordered by household."""

    households: pl.DataFrame
    persons: pl.DataFrame


def facts(month: MonthEnd) -> Facts:
    """Lay out the facts of every household and person.

    A fact that rests on something that was not handed in is empty, so that no cause holds for it: who is in a scheme whose list is
    missing, what was delivered in months that are missing, when a family was reviewed.

    Examples
    --------
    >>> from aidlib.monitoring.trial import example
    >>> month = example()[1].month
    >>> facts(month).households.height == month.households.height
    True
    """
    homes = _households(month)
    own = _persons(month, homes).with_columns(_of_person(month)).with_columns(_worked_out(month))
    apart = pl.any_horizontal(pl.col("tekun", "in_single").fill_null(False))
    plain = own.group_by("household_id").agg(members_apart=apart.sum().cast(pl.Int64))
    homes = homes.join(plain, on="household_id", how="left").with_columns(
        plain_members=pl.col("members") - pl.col("members_apart")
    )
    if "elsewhere" not in own.columns and KEY in month.persons.columns:
        keys = month.persons.select("person_id", KEY)
        twice = elsewhere(own.filter("drawing").select("person_id", "household_id").join(keys, on="person_id").lazy())
        own = own.join(twice.collect(), on="person_id", how="left")
    return Facts(homes.sort("household_id"), own.sort("person_id"))


def _schemes(month: MonthEnd, recognised: pl.DataFrame, schemes: Sequence[str], everyone: pl.DataFrame) -> pl.DataFrame:
    """Who is in which scheme; empty where nobody is listed and no list of the scheme was handed in."""
    key = everyone.columns[0]
    laid = everyone.join(ledgers.by_scheme(recognised, schemes, key), on=key, how="left")
    return laid.with_columns(
        pl.when(month.speaks("recognitions", scheme))
        .then(pl.col(f"in_{scheme}").fill_null(False))
        .otherwise(f"in_{scheme}")
        .alias(f"in_{scheme}")
        for scheme in schemes
    ).drop(everyone.columns[1:])


def _persons(month: MonthEnd, homes: pl.DataFrame) -> pl.DataFrame:
    have = [name for name in ("person_id", "household_id", "age", "elsewhere") if name in month.persons.columns]
    family = homes.select("household_id", *_OF_THE_FAMILY)
    table = month.persons.select(
        *have, "wage_fen" if "wage_fen" in month.persons.columns else pl.lit(0).alias("wage_fen")
    )
    table = table.join(family, on="household_id", how="left")
    own = month.recognised.filter(pl.col("person_id") != FAMILY)
    died = month.evidence_full.filter(pl.col("deaths__died_on").is_not_null()).join(table, on="person_id")
    events = died.select("household_id", "person_id", event_month=ledgers.month_of("deaths__died_on"))
    parts = (
        _schemes(month, own, PERSON_SCHEMES, table.select("person_id", "reporter")),
        month.evidence_full,
        month.stated_answers.persons.select("person_id", "counted_member"),
        month.registered_answers.persons.drop("household_id", "counted_member"),
        ledgers.paid_after(month.paid, events),
        ledgers.delivered(month.files.aid, month.last - convention("delivery_months") + 1, month.last),
    )
    for part in parts:
        table = table.join(part, on="person_id", how="left")
    return table


def _of_person(month: MonthEnd) -> list[pl.Expr]:
    """Facts of a person that are worked out from several others."""
    grown = pl.col("age") >= pl.col("minor_age")  # aid for children is for children
    first = month.last - convention("delivery_months") + 1
    got = {
        name: pl.when(pl.col("reporter").is_in(month.files.coverage.throughout(name, first, month.last)))
        .then(pl.col(f"got_{name}").fill_null(False))
        .otherwise(pl.when(f"got_{name}").then(True))
        for name in DELIVERIES
    }
    pay = pl.col("public_payroll__pay_fen")
    paid_publicly = (pl.col("public_payroll__outcome") == MATCHED).fill_null(False)
    reviewed = month.speaks("reviews", "dibao") | ~pl.col("adjusted_dibao")
    made = {
        **{
            f"in_{child}": pl.col(f"in_{child}") & ~grown.fill_null(False)
            for child in ("orphan", "defacto_unsupported_child")
        },
        "conflict": pl.any_horizontal(
            pl.col(one.column("outcome")) == AMBIGUOUS for one in registers().values()
        ).fill_null(False),
        "months_dibao": pl.when(reviewed).then("months_dibao"),
        "pay_undeclared": paid_publicly
        & pl.when(pay.is_null()).then(pl.col("wage_fen") == 0).otherwise(pay > pl.col("wage_fen")),
        **{f"got_{name}": known for name, known in got.items()},
        **{f"entitled_{name.removesuffix('_aid')}": pl.col(answer).is_in(CERTAIN) for name, answer in ENTITLED.items()},
        **{f"{who}_known": listed(register, month.as_of) for who, register in LISTED.items()},
    }
    return [expression.alias(name) for name, expression in made.items()]


def _worked_out(month: MonthEnd) -> list[pl.Expr]:
    """Facts that are worked out from facts of that kind."""
    drawing = (pl.col("in_dibao") & pl.col("counted_member").fill_null(True)) | pl.col("in_single") | pl.col("in_tekun")
    since = pl.min_horizontal(ledgers.month_of(f"since_{s}") for s in ("dibao", "edge", "single", "tekun"))
    review = {"tekun": "tekun_review_months", "single": "stated_review_months"}
    due = [
        pl.when(month.speaks("reviews", scheme)).then(_months_on(f"reviewed_{scheme}", months))
        for scheme, months in review.items()
    ]
    made = {
        "drawing": drawing.fill_null(False),
        "long_in_scheme": (since <= month.last - convention("delivery_months")).fill_null(False),
        "after_death_fen": pl.col("lost_benefit_fen") * pl.col("months_dibao") + pl.col("fen_single"),
        "after_death_months": pl.max_horizontal("months_dibao", "months_single"),
        "reviewed_alone": pl.max_horizontal("reviewed_tekun", "reviewed_single"),
        "review_due_on": pl.min_horizontal(due),
        "as_of": pl.lit(month.as_of),
    }
    return [expression.alias(name) for name, expression in made.items()]


def listed(register: str, as_of: date) -> pl.Expr:
    """Matched, and listed before this month began: help for what is new may be under way.

    Examples
    --------
    >>> frame = pl.DataFrame({"poor_students__outcome": [1, 1], "poor_students__listed_on": [date(2026, 9, 30), date(2026, 10, 1)]})
    >>> frame.select(listed("poor_students", date(2026, 10, 31))).to_series().to_list()
    [True, False]
    """
    day = pl.col(f"{register}__listed_on") < as_of.replace(day=1)
    return (pl.col(f"{register}__outcome") == MATCHED).fill_null(False) & day.fill_null(True)


def _months_on(day: str, months: str) -> pl.Expr:
    return pl.col(day).dt.offset_by(pl.format("{}mo", pl.col(months)))


def _households(month: MonthEnd) -> pl.DataFrame:
    flags = ("urban", "property_ok", "raised_by_job")
    stated = ("household_id", "region_code", "reporter", *flags, "grace_months_used", "aid_requested_fen")
    table = month.households.select(stated).with_columns(pl.col(flags).cast(pl.Boolean))
    family = month.recognised.filter(pl.col("person_id") == FAMILY)
    before = month.stated_answers.households.select(
        "household_id", stated_benefit_fen="dibao_benefit_fen", stated_review_months="review_months"
    )
    parts = (
        _schemes(month, family, HOUSEHOLD_SCHEMES, table.select("household_id", "reporter")),
        month.registered_answers.households.drop("region_code", "urban"), before, _members(month), _property(month),
        _arrears(month), _differences(month.dues, _other_tier(month)), _unrecognised(month),
    )  # fmt: skip
    for part in parts:
        table = table.join(part, on="household_id", how="left")
    table = table.join(month.limits, on="region_code", how="left")
    table = table.join(place_amounts(month.law_values), on=["region_code", "urban"], how="left")
    return table.with_columns(_of_household(month))


def _members(month: MonthEnd) -> pl.DataFrame:
    """How many live in the household, how many of them need particular care, and the wages not declared."""
    places = month.households.select("household_id", "region_code").join(month.limits, on="region_code", how="left")
    members = month.registered[1].join(places, on="household_id", how="left")
    severe = (pl.col("disability_grade") > 0) & (pl.col("disability_grade") <= pl.col("severe_grade"))
    frail = (pl.col("age") < pl.col("minor_age")) | (pl.col("age") >= pl.col("elderly_age")) | severe
    return members.group_by("household_id").agg(
        pl.col(UNDECLARED).sum(), living=pl.len().cast(pl.Int64),
        vulnerable=(frail | pl.col("serious_illness")).fill_null(False).sum().cast(pl.Int64),
    )  # fmt: skip


def _property(month: MonthEnd) -> pl.DataFrame:
    """What is registered in the names of the members."""
    known = month.persons.select("person_id", "household_id").join(month.evidence_full, on="person_id", how="inner")
    return known.group_by("household_id").agg(
        dwellings=pl.col("property__dwellings").sum(),
        vehicle_fen=pl.col("vehicles__value_fen").max(),
        businesses=pl.col("business__businesses").sum(),
    )


def _arrears(month: MonthEnd) -> pl.DataFrame:
    """Months without a payment, what is due this month, and months paid after their end, by household."""
    rows = month.dues.join(month.missed, on=ROW, how="left")
    payable = pl.col("due_fen").is_null() | (pl.col("due_fen") > 0)
    unpaid = rows.group_by("household_id").agg(
        missed_months=pl.when(payable).then(pl.col("months")).sum(), due_fen=pl.col("due_fen").sum(),
        missed_due_on=ledgers.month_end(pl.when(payable).then(pl.col("month")).min()),
    )  # fmt: skip
    late = month.expected.join(month.paid.filter("late"), on=[*ROW, "month"]).group_by("household_id")
    days = late.agg(
        late_months=pl.col("month").n_unique().cast(pl.Int64), late_due_on=ledgers.month_end(pl.col("month").min())
    )
    return unpaid.join(days, on="household_id", how="full", coalesce=True)


def _other_tier(month: MonthEnd) -> pl.DataFrame:
    """Families that were paid to the fen what another class of dibao is due: household_id."""
    if "dibao_tier" not in month.households.columns:
        return month.dues.select("household_id").clear()
    differ = month.dues.filter(pl.col("programme") == "dibao", pl.col("due_fen") != pl.col("paid_fen")).select(
        "household_id", "paid_fen"
    )
    homes = month.households.filter(pl.col("dibao_tier") > 0).join(differ, on="household_id")
    persons = month.persons.join(homes, on="household_id", how="semi")
    kept = [differ.select("household_id").clear()]
    for at in range(1, len(COLUMNS["dibao_tier"].codes) if homes.height else 0):
        others = homes.with_columns(dibao_tier=pl.lit(at, homes.schema["dibao_tier"]))
        answers = assess(others, persons, month.law_values, ("dibao_benefit_fen", "topup_fen")).households
        same = (pl.col("dibao_benefit_fen") + pl.col("topup_fen") == pl.col("paid_fen")) & (pl.col("dibao_tier") != at)
        kept.append(
            answers.join(homes.select("household_id", "paid_fen", "dibao_tier"), on="household_id")
            .filter(same)
            .select("household_id")
        )
    return pl.concat(kept).unique()


def _differences(due: pl.DataFrame, other_tier: pl.DataFrame) -> pl.DataFrame:
    """What was paid short and over this month, and whether it is what another class is due, by household."""
    gap = pl.col("due_fen") - pl.col("paid_fen")
    other = pl.col("household_id").is_in(other_tier["household_id"].implode())
    rows = due.filter(pl.col("paid_fen") > 0).with_columns(
        short_fen=pl.when(~other).then(gap.clip(lower_bound=0)), over_fen=pl.when(~other).then((-gap).clip(lower_bound=0)),
        tier_gap_fen=pl.when(other).then(gap.abs()),
    )  # fmt: skip
    return rows.group_by("household_id").agg(pl.col("short_fen", "over_fen", "tier_gap_fen").sum())


def _unrecognised(month: MonthEnd) -> pl.DataFrame:
    """Basic living aid of this month to families without a recognition in the month, where the list of the scheme was handed in."""
    begins = month.as_of.replace(day=1)
    known = month.files.recognitions.filter(
        (pl.col("since") <= month.as_of) & (pl.col("until").is_null() | (pl.col("until") >= begins))
    )
    part = pl.col("programme").replace({"single": "dibao"}).alias("part")
    schemes = (
        known.select("household_id", programme="scheme").with_columns(part).select("household_id", "part").unique()
    )
    now = month.paid.filter(pl.col("month") == month.last, pl.col("programme").is_in(BASIC)).with_columns(part)
    placed = now.join(schemes, on=["household_id", "part"], how="anti").join(
        month.households.select("household_id", "reporter"), on="household_id"
    )
    speaks = pl.any_horizontal((pl.col("programme") == name) & month.speaks("recognitions", name) for name in BASIC)
    return placed.filter(speaks).group_by("household_id").agg(unrecognised_fen=pl.col("paid_fen").sum())


def _of_household(month: MonthEnd) -> list[pl.Expr]:
    """Facts of a household that are worked out from several others."""
    people = pl.when(pl.col("county_each")).then(pl.col("members")).otherwise(1)
    most = pl.coalesce("most_dwellings", pl.lit(convention("dwellings_told")))
    car = (pl.col("vehicle_fen") > 0) & (pl.col("vehicle_fen") >= pl.col("most_vehicle_fen").fill_null(0))
    made = {
        "dwelling_over": (pl.col("dwellings") > most).fill_null(False),
        "vehicle_over": car.fill_null(False),
        "company_over": (pl.col("businesses") > 0).fill_null(False),
        "over_line_fen": pl.when("in_dibao")
        .then("over_dibao_line_fen_at_best")
        .otherwise("over_edge_line_fen_at_best"),
        "lost_benefit_fen": (pl.col("stated_benefit_fen") - pl.col("dibao_benefit_fen")).clip(lower_bound=0),
        "grace_over_months": pl.col("grace_months_used") - pl.col("exit_months_at_best"),
        "over_county_fen": pl.col("aid_requested_fen") - pl.col("county_fen12") * people // MONTHS_PER_YEAR,
        "rigid_due_on": _months_on("since_rigid", "rigid_months"),
        "review_due_on": pl.when(month.speaks("reviews", "dibao")).then(
            _months_on("reviewed_dibao", "stated_review_months")
        ),
        "as_of": pl.lit(month.as_of),
    }
    return [expression.alias(name) for name, expression in made.items()]
