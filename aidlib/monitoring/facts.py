"""The facts alerts are made of: the register, what departments know, what the rules say of both, what was paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from aidlib.monitoring import ledgers
from aidlib.monitoring.ledgers import FAMILY
from aidlib.monitoring.match import FACT_TYPES
from aidlib.monitoring.seen import as_seen, inside
from aidlib.monitoring.vocabulary import convention, registers
from aidlib.rules.frames import Assessed, assess
from aidlib.rules.places import Places

HOUSEHOLD_ANSWERS = (
    "members", "dibao_eligible", "edge_household", "rigid_household", "in_exit_period", "exit_months", "review_months",
    "over_dibao_line_fen", "over_edge_line_fen", "dibao_benefit_fen", "topup_fen", "temporary_approver",
)  # fmt: skip
PERSON_ANSWERS = (
    "counted_member", "single_entrant", "tekun", "member_single_benefit_fen", "tekun_person_fen", "education_aid",
    "medical_aid", "premium_help", "employment_aid",
)  # fmt: skip
WANTED = HOUSEHOLD_ANSWERS + PERSON_ANSWERS
STATED = "stated_"
_ABSENT = {
    "raised_by_job": False, "grace_months_used": 0, "temporary_hardship": 0, "aid_requested_fen": 0, "aid_paid_year_fen": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Files:
    """What a place keeps itself.

    Attributes
    ----------
    households, persons : polars.DataFrame
        Columns of the register (`register.columns`).
    recognitions : polars.DataFrame
        household_id, person_id (0: the family), scheme, since, until, reviewed_on.
    aid : polars.DataFrame
        household_id, person_id (0: the family), programme, month (YYYY-MM), amount_fen, paid_on.
    """

    households: pl.DataFrame
    persons: pl.DataFrame = field(repr=False)
    recognitions: pl.DataFrame
    aid: pl.DataFrame


@dataclass(frozen=True)
class Scene:
    """One place at the end of one month, with everything facts are drawn from.

    Attributes
    ----------
    files : Files
        What the place keeps.
    evidence : polars.DataFrame
        What the departments know, from `match`.
    held : Places
        Law values for `WANTED` on the first day of the month.
    lines : polars.DataFrame
        Limits by place, from `limits`.
    as_of : date
        Last day of the month.

    Notes
    -----
    The rules are asked twice: of families as stated, which says what was due, and of families as the departments see them,
    which says what may be due.
    """

    files: Files
    evidence: pl.DataFrame
    held: Places
    lines: pl.DataFrame
    as_of: date

    @property
    def last(self) -> int:
        """Number of the month."""
        return ledgers.month_number(self.as_of)

    @property
    def first(self) -> int:
        """Number of the first month of the ledger that is looked at."""
        return self.last - convention("ledger_months") + 1

    @cached_property
    def holding(self) -> pl.DataFrame:
        """Recognitions that hold on the day."""
        return ledgers.held(self.files.recognitions, self.as_of)

    @cached_property
    def households(self) -> pl.DataFrame:
        """Families as stated, with whether they draw dibao."""
        on = self.holding.filter(pl.col("scheme") == "dibao").select("household_id").unique()
        table = inside(self.files.households)
        lost = {name: pl.lit(value) for name, value in _ABSENT.items() if name not in table.columns}
        return table.with_columns(pl.col("household_id").is_in(on["household_id"].implode()).alias("on_dibao"), **lost)

    @cached_property
    def persons(self) -> pl.DataFrame:
        """Persons as stated, with whether they are recognised as tekun."""
        tekun = self.holding.filter(pl.col("scheme") == "tekun").select("person_id").unique()
        return inside(self.files.persons).with_columns(
            pl.col("person_id").is_in(tekun["person_id"].implode()).alias("is_tekun")
        )

    @cached_property
    def seen(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Families and persons as the departments see them."""
        return as_seen(self.households, self.persons, self.evidence)

    @cached_property
    def stated_answers(self) -> Assessed:
        """What the rules say of families as stated."""
        return assess(self.households, self.persons, self.held, WANTED)

    @cached_property
    def seen_answers(self) -> Assessed:
        """What the rules say of families as seen."""
        return assess(*self.seen, self.held, WANTED)

    @cached_property
    def paid(self) -> pl.DataFrame:
        """Payments of the months looked at, by family or person, programme and month."""
        return ledgers.payments(self.files.aid, self.first, self.last)

    @cached_property
    def missed(self) -> pl.DataFrame:
        """Months without a payment of basic living aid, by family or person and programme."""
        return ledgers.missed(self.expected, self.paid)

    @cached_property
    def expected(self) -> pl.DataFrame:
        """Months in which basic living aid has to be paid, by family or person and programme."""
        lag = pl.when(pl.col("scheme") == "tekun").then(pl.col("lag_tekun")).otherwise(pl.col("lag_dibao"))
        places = self.households.select("household_id", "region_code").join(self.lines, on="region_code")
        rows = self.holding.join(places, on="household_id").with_columns(lag=lag)
        return ledgers.expected(rows, self.first, self.last)

    @cached_property
    def evidence_full(self) -> pl.DataFrame:
        """Evidence with every column a department could fill; empty where it was not compared."""
        blank: dict[str, pl.DataType] = {one.column("outcome"): pl.UInt8() for one in registers().values()}
        blank |= {one.column(f.name): FACT_TYPES[f.kind] for one in registers().values() for f in one.facts}
        lost = [pl.lit(None, kind).alias(name) for name, kind in blank.items() if name not in self.evidence.columns]
        return self.evidence.with_columns(lost).select("person_id", *blank)


def dues(scene: Scene) -> pl.DataFrame:
    """List what the rules say was due this month to each family and person whose basic living aid has begun.

    Returns
    -------
    polars.DataFrame
        household_id, person_id (0: the family), programme, due_fen (empty where the rules cannot tell the amount), paid_fen.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> sorted(set(dues(example()[1].scene)["programme"]))
    ['dibao', 'single', 'tekun']
    """
    homes, own = scene.stated_answers.households, scene.stated_answers.persons
    amount = _sure("dibao_benefit_fen") + _sure("topup_fen")
    family = homes.select("household_id", person_id=pl.lit(FAMILY, pl.Int64), programme=pl.lit("dibao"), due_fen=amount)
    members = [
        own.select("household_id", pl.col("person_id").cast(pl.Int64), programme=pl.lit(name), due_fen=_sure(answer))
        for name, answer in (("single", "member_single_benefit_fen"), ("tekun", "tekun_person_fen"))
    ]
    all_due = pl.concat([family, *members])
    holds = scene.holding.select("household_id", pl.col("person_id").cast(pl.Int64), programme="scheme")
    now = scene.paid.filter(pl.col("month") == scene.last).drop("month")
    today = scene.expected.filter(pl.col("month") == scene.last)
    holds = holds.join(today, on=list(ledgers.ROW), how="semi")
    found = holds.join(all_due, on=list(ledgers.ROW), how="inner").join(now, on=list(ledgers.ROW), how="left")
    return found.with_columns(pl.col("paid_fen").fill_null(0)).sort(ledgers.ROW)


def _sure(answer: str) -> pl.Expr:
    """An amount where both ends agree, else empty."""
    return pl.when(pl.col(answer) == pl.col(f"{answer}_at_best")).then(pl.col(answer))
