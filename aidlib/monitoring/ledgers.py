"""Who is recognised and what was paid, and over which months and programmes these ledgers speak: outside them nothing is judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from aidlib.result import Result

if TYPE_CHECKING:
    import pandas as pd

HOUSEHOLD_SCHEMES = ("dibao", "edge", "rigid", "other", "monitored")
PERSON_SCHEMES = ("single", "tekun", "orphan", "defacto_unsupported_child")
SCHEMES = (*HOUSEHOLD_SCHEMES, *PERSON_SCHEMES)
BASIC = ("dibao", "single", "tekun")
DELIVERIES = ("education_aid", "medical_aid", "premium", "employment_aid")
PROGRAMMES = (*BASIC, *DELIVERIES, "temporary_aid", "price_subsidy")
SPEAKS_OF = {"recognitions": SCHEMES, "reviews": BASIC, "aid": PROGRAMMES}
"""What a ledger can speak of; `reviews` are the days of the last review in the table of recognitions."""
REGISTERS = "registers"
RECOGNITIONS = ("household_id", "person_id", "scheme", "since", "until", "reviewed_on")
AID = ("household_id", "person_id", "programme", "month", "amount_fen", "paid_on")
FAMILY = 0  # person_id of what is recognised for, or paid to, a whole family
ROW = ("household_id", "person_id", "programme")
MONTHS_PER_YEAR = 12
_COVERAGE = {
    "table": pl.String, "reporter": pl.String, "programme": pl.String, "first": pl.Int32, "last": pl.Int32, "basis": pl.String,
}  # fmt: skip


def month_number(month: str | date) -> int:
    """Count a month from year nought, so that months can be subtracted."""
    text = month if isinstance(month, str) else month.isoformat()
    return int(text[:4]) * MONTHS_PER_YEAR + int(text[5:7]) - 1


def month_text(number: int) -> str:
    """Write a month that is given by its number.

    Examples
    --------
    >>> month_text(month_number("2026-02") - 2)
    '2025-12'
    """
    year, month = divmod(number, MONTHS_PER_YEAR)
    return f"{year:04d}-{month + 1:02d}"


def last_day(month: str) -> date:
    """Return the last day of a month.

    Examples
    --------
    >>> last_day("2024-02")
    datetime.date(2024, 2, 29)
    """
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_of(column: str) -> pl.Expr:
    """Return the month number of a column of days, or of months written `YYYY-MM`.

    Examples
    --------
    >>> frame = pl.DataFrame({"month": ["2026-10"]})
    >>> frame.select(month_of("month")).item() == month_number("2026-10")
    True
    """
    text = pl.col(column).cast(pl.String)
    return text.str.slice(0, 4).cast(pl.Int32) * MONTHS_PER_YEAR + text.str.slice(5, 2).cast(pl.Int32) - 1


def month_end(number: pl.Expr) -> pl.Expr:
    """Return the last day of a month that is given by its number.

    Examples
    --------
    >>> frame = pl.DataFrame({"month": [month_number("2026-02")]})
    >>> frame.select(month_end(pl.col("month"))).item()
    datetime.date(2026, 2, 28)
    """
    return pl.date(number // MONTHS_PER_YEAR, number % MONTHS_PER_YEAR + 1, 1).dt.month_end()


def with_reporter(households: pl.DataFrame) -> pl.DataFrame:
    """Add who hands in for a family: its township where the register names it, else its place.

    Examples
    --------
    >>> homes = pl.DataFrame({"region_code": ["450421"] * 2, "township": ["石桥镇", None]})
    >>> with_reporter(homes)["reporter"].to_list()
    ['450421 石桥镇', '450421']
    """
    if "township" not in households.columns:
        return households.with_columns(reporter="region_code")
    return households.with_columns(reporter=pl.concat_str("region_code", "township", separator=" ", ignore_nulls=True))


@dataclass(frozen=True)
class Coverage(Result):
    """Over which months and programmes the tables speak that a place has handed in.

    Attributes
    ----------
    spans : polars.DataFrame
        table (recognitions, reviews, aid or a departmental register), reporter (`with_reporter`), programme (or scheme), first and last
        (month numbers; empty where the table has no months), basis (stated, or derived from the rows that are there).
    reporters : tuple of str
        All townships or places of the register.
    """

    spans: pl.DataFrame
    reporters: tuple[str, ...]

    def months(self, programmes: Sequence[str], first: int, last: int) -> pl.DataFrame:
        """List the months of payments that were handed in: reporter, programme, month (number)."""
        months = pl.DataFrame({"month": range(first, last + 1)}, schema={"month": pl.Int32})
        spans = self.spans.filter(pl.col("table") == "aid", pl.col("programme").is_in(programmes))
        within = pl.col("month").is_between(pl.col("first").fill_null(first), pl.col("last").fill_null(last))
        return spans.join(months, how="cross").filter(within).select("reporter", "programme", "month").unique()

    def throughout(self, programme: str, first: int, last: int) -> list[str]:
        """Name the reporters whose payments of a programme were handed in for every month from one to another."""
        months = self.months([programme], first, last).group_by("reporter").len()
        return months.filter(pl.col("len") == last - first + 1)["reporter"].sort().to_list()

    def speaking_of(self, table: str, programme: str) -> list[str]:
        """Name the reporters whose table (recognitions or reviews) speaks of a scheme."""
        own = (pl.col("table") == table) & (pl.col("programme") == programme)
        return self.spans.filter(own)["reporter"].unique().sort().to_list()

    def to_frame(self) -> pd.DataFrame:
        """Return a row for what was handed in alike: table, programmes or lists, first and last month, for how many townships or places, and whether stated.

        Where townships differ, the months are those that any of them handed in; a month that none did divides them into two rows.
        """
        import pandas as pd

        lists = sorted(set(self.spans["table"]) - set(SPEAKS_OF))
        known = [(table, table, name) for table, names in SPEAKS_OF.items() for name in names]
        known += [(REGISTERS, name, "") for name in lists]
        wanted = pl.DataFrame(known, schema=["ledger", "table", "programme"], orient="row").with_row_index("at")
        alike_in = ("table", "programme", "basis")
        before = pl.col("last").cum_max().shift(1).over(alike_in)
        apart = (pl.col("first") > before + 1).fill_null(False).cum_sum().over(alike_in)
        runs = self.spans.sort("first", "last").with_columns(run=apart)
        spans = runs.group_by(*alike_in, "run").agg(
            pl.col("first").min(), pl.col("last").max(), reporters=pl.col("reporter").n_unique().cast(pl.Int64)
        )
        rows = wanted.join(spans, on=["table", "programme"], how="left").with_columns(pl.col("reporters").fill_null(0))
        alike = rows.sort("at", "first").group_by("ledger", "first", "last", "reporters", "basis", maintain_order=True)
        texts = {number: month_text(number) for name in ("first", "last") for number in rows[name].drop_nulls()}
        months = {name: pl.col(name).replace_strict(texts, return_dtype=pl.String) for name in ("first", "last")}
        lists_only = pl.col("ledger") == REGISTERS
        shown = alike.agg("table", "programme").select(
            handed_table="ledger", programme=pl.when(~lists_only).then("programme"), register=pl.when(lists_only).then("table"),
            first_month=months["first"], last_month=months["last"], reporters="reporters",
            coverage_basis=pl.col("basis").fill_null("not_handed_in"),
        )  # fmt: skip
        return pd.DataFrame(shown.to_dicts(), columns=shown.columns)

    @property
    def ledgers(self) -> pd.DataFrame:
        """The rows of recognitions, reviews and payments alone."""
        frame = self.to_frame()
        return frame[frame["handed_table"] != REGISTERS].drop(columns="register").reset_index(drop=True)


def coverage(
    homes: pl.DataFrame,
    recognitions: pl.DataFrame,
    aid: pl.DataFrame,
    registers: Iterable[str],
    stated: pl.DataFrame | None,
) -> Coverage:
    """Find out what was handed in: as stated, and for tables of which nothing is stated from their rows, read narrowly.

    Basic living aid then covers, township by township, the months with at least one row of the programme; other programmes the months
    from their first row to their last in which the township has any payment at all; a scheme is covered where it has a row, its reviews
    where a day is filled. A statement about dibao holds for single entry too, which is a part of it, unless that has its own. What is
    stated of a whole place does not hold for a township of which the table has no row at all: its part is missing.

    Parameters
    ----------
    homes : polars.DataFrame
        Families of the register: household_id, region_code and, where it has them, township.
    recognitions, aid : polars.DataFrame
        The ledgers.
    registers : iterable of str
        Departmental registers that were handed in.
    stated : polars.DataFrame or None
        table, region_code (empty: every place), township (empty, or no such column: the whole place), programme (empty: all of the
        table), first, last (`YYYY-MM`; empty: no bound).

    Examples
    --------
    >>> homes = pl.DataFrame({"household_id": [1, 2], "region_code": ["450421"] * 2})
    >>> who = {"household_id": [1, 2], "person_id": [0, 0]}
    >>> known = pl.DataFrame({**who, "scheme": ["dibao", "edge"], "since": [None] * 2, "until": [None] * 2, "reviewed_on": [None] * 2})
    >>> paid = pl.DataFrame({**who, "programme": ["dibao"] * 2, "month": ["2026-08", "2026-10"], "amount_fen": [1, 1], "paid_on": [None] * 2})
    >>> found = coverage(homes, known, paid, [], None)
    >>> found.months(["dibao"], month_number("2026-07"), month_number("2026-10")).height, found.speaking_of("reviews", "dibao")
    (2, [])
    """
    own = with_reporter(homes)
    units = own.select("reporter", "region_code", *(["township"] if "township" in own.columns else [])).unique()
    at = own.select("household_id", "reporter")
    listed, paid = (table.join(at, on="household_id") for table in (recognitions, aid))
    reviewed = listed.filter(pl.col("reviewed_on").is_not_null(), pl.col("scheme").is_in(BASIC))
    rows = {"recognitions": _schemes(listed), "reviews": _schemes(reviewed), "aid": _paid(paid)}
    spans = [] if stated is None else [_stated(stated, units, rows)]
    said = set() if stated is None else set(stated["table"])
    spans += [
        table.with_columns(table=pl.lit(name), basis=pl.lit("derived"))
        for name, table in rows.items()
        if name not in said
    ]
    lists = pl.DataFrame({"table": sorted(set(registers) - said)}, schema={"table": pl.String}).join(
        units.select("reporter"), how="cross"
    )
    spans.append(lists.with_columns(programme=pl.lit(""), basis=pl.lit("derived")))
    whole = pl.concat([pl.DataFrame(schema=_COVERAGE), *spans], how="diagonal_relaxed").select(list(_COVERAGE))
    return Coverage(whole, tuple(units["reporter"].sort()))


def _stated(stated: pl.DataFrame, units: pl.DataFrame, rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Spread a row without a place over all places and townships, one without a programme over all of its table, one of dibao over single entry."""
    named = pl.col("programme").fill_null("")
    programmes = (
        pl.when(named == "")
        .then(pl.col("table").replace_strict(SPEAKS_OF, default=[""]))
        .otherwise(pl.concat_list(named))
    )
    months = {name: month_of(name) for name in ("first", "last")}
    town = pl.col("township") if "township" in stated.columns else pl.lit(None, pl.String)
    asked = stated.select(
        "table", programme=programmes, basis=pl.lit("stated"), place="region_code", town=town, **months
    ).explode("programme")
    both = asked.join(units.select("reporter", "region_code"), how="cross")
    wanted = pl.concat_str("place", "town", separator=" ")
    here = (
        pl.when(pl.col("town").is_null())
        .then(pl.col("place").is_null() | (pl.col("place") == pl.col("region_code")))
        .otherwise(wanted == pl.col("reporter"))
    )
    known = both.filter(here)
    towns = known.filter(pl.col("town").is_not_null())
    whole = known.filter(pl.col("town").is_null()).join(_silent(units, rows), on=["table", "reporter"], how="anti")
    spread = pl.concat([towns, whole]).select(list(_COVERAGE))
    single = spread.filter(pl.col("programme") == "single").select("table", "reporter").unique()
    with_dibao = spread.filter(pl.col("programme") == "dibao").join(single, on=["table", "reporter"], how="anti")
    return pl.concat([spread, with_dibao.with_columns(programme=pl.lit("single"))])


def _silent(units: pl.DataFrame, rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Townships of which a table that has rows has none: their part was not handed in."""
    towns = set(units.filter(pl.col("reporter") != pl.col("region_code"))["reporter"])
    gaps = [(name, town) for name, table in rows.items() if table.height for town in towns - set(table["reporter"])]
    return pl.DataFrame(gaps, schema={"table": pl.String, "reporter": pl.String}, orient="row")


def _schemes(recognitions: pl.DataFrame) -> pl.DataFrame:
    return recognitions.select("reporter", programme="scheme").unique()


def _paid(aid: pl.DataFrame) -> pl.DataFrame:
    """Runs of months: with a row, for basic living aid; from first to last row with any payment at the place, for other programmes."""
    months = aid.select("reporter", "programme", month=month_of("month")).unique()
    others = months.filter(~pl.col("programme").is_in(BASIC)).group_by("reporter", "programme").agg(
        first=pl.col("month").min(), last=pl.col("month").max()
    )  # fmt: skip
    within = others.join(months.select("reporter", "month").unique(), on="reporter").filter(
        pl.col("month").is_between("first", "last")
    )
    handed_in = pl.concat(
        [months.filter(pl.col("programme").is_in(BASIC)), within.select("reporter", "programme", "month")]
    ).sort("month")
    run = pl.col("month") - pl.int_range(pl.len()).over("reporter", "programme")
    spans = handed_in.group_by("reporter", "programme", run.alias("run")).agg(
        first=pl.col("month").min(), last=pl.col("month").max()
    )
    return spans.drop("run")


def in_force(recognitions: pl.DataFrame, day: date) -> pl.DataFrame:
    """Keep the recognitions that are in force on a day; `person_id` is 0 for a whole family.

    Examples
    --------
    >>> row = {"household_id": 1, "person_id": 0, "scheme": "dibao", "since": date(2026, 1, 1), "until": date(2026, 9, 30), "reviewed_on": None}
    >>> [in_force(pl.DataFrame([row]), day).height for day in (date(2026, 9, 30), date(2026, 10, 1))]
    [1, 0]
    """
    return recognitions.filter((pl.col("since") <= day) & (pl.col("until").is_null() | (pl.col("until") >= day)))


def by_scheme(recognised: pl.DataFrame, schemes: Sequence[str], key: str) -> pl.DataFrame:
    """Lay recognitions out by household or person: `in_<scheme>`, `since_<scheme>`, `reviewed_<scheme>` (the last known day).

    A recognition of which no review is known counts as reviewed on the day it began.

    Examples
    --------
    >>> rows = pl.DataFrame({"household_id": [1], "scheme": ["dibao"], "since": [date(2025, 1, 1)], "reviewed_on": [None]})
    >>> by_scheme(rows, ("dibao",), "household_id").row(0)
    (1, True, datetime.date(2025, 1, 1), datetime.date(2025, 1, 1))
    """
    since, review = (
        pl.col("since").cast(pl.Date),
        pl.coalesce(pl.col("reviewed_on").cast(pl.Date), pl.col("since").cast(pl.Date)),
    )
    own = {scheme: pl.col("scheme") == scheme for scheme in schemes}
    return recognised.group_by(key).agg(
        part
        for scheme, mine in own.items()
        for part in (
            mine.any().alias(f"in_{scheme}"),
            since.filter(mine).min().alias(f"since_{scheme}"),
            review.filter(mine).max().alias(f"reviewed_{scheme}"),
        )
    )


def payments(aid: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """Sum payments by family or person, programme and month, from one month number to another.

    Examples
    --------
    >>> row = {"household_id": 1, "person_id": 0, "programme": "dibao", "month": "2026-10", "amount_fen": 500, "paid_on": date(2026, 11, 1)}
    >>> payments(pl.DataFrame([row, row]), month_number("2026-10"), month_number("2026-10")).select("paid_fen", "late").row(0)
    (1000, True)
    """
    rows = aid.with_columns(month=month_of("month"), paid_on=pl.col("paid_on").cast(pl.Date)).filter(
        pl.col("month").is_between(first, last)
    )
    late = pl.col("paid_on") > month_end(pl.col("month"))
    known = late.is_not_null().any()
    return rows.group_by(*ROW, "month").agg(paid_fen=pl.col("amount_fen").sum(), late=pl.when(known).then(late.any()))


def expected(recognised: pl.DataFrame, handed_in: pl.DataFrame) -> pl.DataFrame:
    """List the months in which basic living aid must be paid, among those handed in: from the month after confirmation on, as the place has it.

    Examples
    --------
    >>> row = {"household_id": 1, "person_id": 0, "reporter": "450421", "scheme": "dibao", "since": date(2026, 9, 3), "lag": 1}
    >>> months = pl.DataFrame({"reporter": "450421", "programme": "dibao", "month": range(24320, 24323)}, schema_overrides={"month": pl.Int32})
    >>> expected(pl.DataFrame([row]), months)["month"].to_list() == [month_number("2026-10"), month_number("2026-11")]
    True
    """
    starts = recognised.select(
        "household_id", "person_id", "reporter", programme="scheme", start=month_of("since") + pl.col("lag")
    )
    both = starts.join(handed_in, on=["reporter", "programme"]).filter(pl.col("month") >= pl.col("start"))
    return both.select(*ROW, "month")


def missed(due_months: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """Count the months without a payment, by family or person and programme: months, and the first of them.

    Examples
    --------
    >>> months = pl.DataFrame({"household_id": [1] * 2, "person_id": [0] * 2, "programme": ["dibao"] * 2, "month": [5, 6]})
    >>> missed(months, months.head(1))["months"].to_list()
    [1]
    """
    gaps = due_months.join(paid, on=[*ROW, "month"], how="anti")
    return gaps.group_by(*ROW).agg(months=pl.len().cast(pl.Int64), month=pl.col("month").min())


def paid_after(paid: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Count what was paid in the months after an event of a person, to the person or to the family, by programme."""
    rows = paid.filter(pl.col("programme").is_in(BASIC)).rename({"person_id": "paid_to"}).sort("month")
    to = (pl.col("paid_to") == FAMILY) | (pl.col("paid_to") == pl.col("person_id"))
    both = events.join(rows, on="household_id", how="inner", maintain_order="right").filter(to)
    after = pl.col("month") > pl.col("event_month")
    counted = []
    for programme in BASIC:
        own = (pl.col("programme") == programme) & after
        counted += [pl.col("month").filter(own).n_unique().cast(pl.Int64).alias(f"months_{programme}"),
                    pl.col("paid_fen").filter(own).sum().alias(f"fen_{programme}")]  # fmt: skip
    dibao, then = pl.col("programme") == "dibao", pl.col("month") == pl.col("event_month")
    amounts = pl.col("paid_fen").filter(dibao & after).last() != pl.col("paid_fen").filter(dibao & then).last()
    return both.group_by("person_id").agg(*counted, adjusted_dibao=amounts)


def delivered(aid: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """Tell which persons were given specialised aid in a span of months: person_id, got_<programme>.

    Examples
    --------
    >>> row = {"household_id": 1, "person_id": 9, "programme": "premium", "month": "2026-01", "amount_fen": 0, "paid_on": None}
    >>> delivered(pl.DataFrame([row]), month_number("2025-11"), month_number("2026-10"))["got_premium"].to_list()
    [True]
    """
    rows = aid.filter(month_of("month").is_between(first, last), pl.col("programme").is_in(DELIVERIES))
    return rows.group_by("person_id").agg(
        (pl.col("programme") == name).any().alias(f"got_{name}") for name in DELIVERIES
    )
