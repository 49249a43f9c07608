"""Who holds what and what was paid: recognitions and the payment ledger turned into facts of households and persons."""

from __future__ import annotations

from datetime import date

import polars as pl

from aidlib.monitoring.tabled import need

HOUSEHOLD_SCHEMES = ("dibao", "edge", "rigid", "other", "monitored")
PERSON_SCHEMES = ("single", "tekun", "orphan", "defacto_unsupported_child")
BASIC = ("dibao", "single", "tekun")
DELIVERIES = ("education_aid", "medical_aid", "premium", "employment_aid")
RECOGNITIONS = ("household_id", "person_id", "scheme", "since", "until", "reviewed_on")
AID = ("household_id", "person_id", "programme", "month", "amount_fen", "paid_on")
FAMILY = 0  # person_id of what is recognised for, or paid to, a whole family
ROW = ("household_id", "person_id", "programme")
MONTHS_PER_YEAR = 12


def month_number(month: str | date) -> int:
    """Count a month from year nought, so that months can be subtracted.

    Examples
    --------
    >>> month_number("2026-10") - month_number(date(2025, 12, 31))
    10
    """
    text = month if isinstance(month, str) else month.isoformat()
    return int(text[:4]) * MONTHS_PER_YEAR + int(text[5:7]) - 1


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


def held(recognitions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Keep the recognitions that hold on a day; `person_id` is 0 for a whole family.

    Parameters
    ----------
    recognitions : polars.DataFrame
        household_id, person_id, scheme, since, until (empty while it runs), reviewed_on (days).

    Examples
    --------
    >>> row = {"household_id": 1, "person_id": 0, "scheme": "dibao", "since": date(2026, 1, 1), "until": date(2026, 9, 30), "reviewed_on": None}
    >>> [held(pl.DataFrame([row]), day).height for day in (date(2026, 9, 30), date(2026, 10, 1))]
    [1, 0]
    """
    need(recognitions.lazy(), RECOGNITIONS, "recognitions")
    day = pl.lit(as_of)
    return recognitions.filter((pl.col("since") <= day) & (pl.col("until").is_null() | (pl.col("until") >= day)))


def wide(holding: pl.DataFrame, schemes: tuple[str, ...], key: str) -> pl.DataFrame:
    """Lay recognitions out by household or person: `held_<scheme>`, `since_<scheme>`, `reviewed_<scheme>` (the last known day).

    A recognition that was never reviewed counts as reviewed on the day it began.

    Examples
    --------
    >>> rows = pl.DataFrame({"household_id": [1], "scheme": ["dibao"], "since": [date(2025, 1, 1)], "reviewed_on": [None]})
    >>> wide(rows, ("dibao",), "household_id").row(0)
    (1, True, datetime.date(2025, 1, 1), datetime.date(2025, 1, 1))
    """
    parts = []
    for scheme in schemes:
        own = pl.col("scheme") == scheme
        review = pl.coalesce(pl.col("reviewed_on").cast(pl.Date), pl.col("since").cast(pl.Date))
        parts += [
            own.any().alias(f"held_{scheme}"),
            pl.col("since").cast(pl.Date).filter(own).min().alias(f"since_{scheme}"),
            review.filter(own).max().alias(f"reviewed_{scheme}"),
        ]
    return holding.group_by(key).agg(*parts)


def payments(aid: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """Sum the ledger by family or person, programme and month, from one month number to another.

    Returns
    -------
    polars.DataFrame
        household_id, person_id, programme, month (number), paid_fen.

    Examples
    --------
    >>> row = {"household_id": 1, "person_id": 0, "programme": "dibao", "month": "2026-10", "amount_fen": 500, "paid_on": None}
    >>> payments(pl.DataFrame([row, row]), month_number("2026-10"), month_number("2026-10"))["paid_fen"].to_list()
    [1000]
    """
    need(aid.lazy(), AID, "aid")
    rows = aid.with_columns(month=month_of("month")).filter(pl.col("month").is_between(first, last))
    return rows.group_by(*ROW, "month").agg(paid_fen=pl.col("amount_fen").sum())


def expected(holding: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """List the months in which basic living aid must be paid: from the month after confirmation on, as the place has it.

    Parameters
    ----------
    holding : polars.DataFrame
        household_id, person_id, scheme, since, and lag: months from confirmation to the first payment.

    Returns
    -------
    polars.DataFrame
        household_id, person_id, programme, month.

    Examples
    --------
    >>> row = {"household_id": 1, "person_id": 0, "scheme": "dibao", "since": date(2026, 9, 3), "lag": 1}
    >>> expected(pl.DataFrame([row]), month_number("2026-08"), month_number("2026-11")).height
    2
    """
    basic = holding.filter(pl.col("scheme").is_in(BASIC)).rename({"scheme": "programme"})
    start = pl.max_horizontal(month_of("since") + pl.col("lag"), pl.lit(first, pl.Int32))
    months = pl.DataFrame({"month": range(first, last + 1)}, schema={"month": pl.Int32})
    starts = basic.select(*ROW, start=start)
    return starts.join(months, how="cross").filter(pl.col("month") >= pl.col("start")).drop("start")


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
    """Count what was paid in the months after an event of a person, to the person or to the family, by programme.

    Parameters
    ----------
    events : polars.DataFrame
        household_id, person_id, event_month (number).

    Returns
    -------
    polars.DataFrame
        person_id, months_<programme> and fen_<programme> for dibao (family), single and tekun (the person's own).

    Examples
    --------
    >>> paid = pl.DataFrame({"household_id": [1] * 2, "person_id": [0] * 2, "programme": ["dibao"] * 2, "month": [5, 6], "paid_fen": [7, 7]})
    >>> events = pl.DataFrame({"household_id": [1], "person_id": [9], "event_month": [5]})
    >>> paid_after(paid, events).select("months_dibao", "fen_dibao").row(0)
    (1, 7)
    """
    rows = paid.filter(pl.col("programme").is_in(BASIC)).rename({"person_id": "paid_to"})
    to = (pl.col("paid_to") == FAMILY) | (pl.col("paid_to") == pl.col("person_id"))
    both = events.join(rows, on="household_id", how="inner").filter(to, pl.col("month") > pl.col("event_month"))
    parts = []
    for programme in BASIC:
        own = pl.col("programme") == programme
        parts += [pl.col("month").filter(own).n_unique().cast(pl.Int64).alias(f"months_{programme}"),
                  pl.col("paid_fen").filter(own).sum().alias(f"fen_{programme}")]  # fmt: skip
    return both.group_by("person_id").agg(*parts)


def delivered(aid: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """Tell which persons were given specialised aid in a span of months: person_id, got_<programme>.

    Examples
    --------
    >>> row = {"household_id": 1, "person_id": 9, "programme": "premium", "month": "2026-01", "amount_fen": 0, "paid_on": None}
    >>> delivered(pl.DataFrame([row]), month_number("2025-11"), month_number("2026-10"))["got_premium"].to_list()
    [True]
    """
    rows = payments(aid, first, last).filter(pl.col("programme").is_in(DELIVERIES))
    return rows.group_by("person_id").agg(
        (pl.col("programme") == programme).any().alias(f"got_{programme}") for programme in DELIVERIES
    )
