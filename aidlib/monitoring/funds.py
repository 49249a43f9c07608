"""Money checks: paid against due to the fen, in time or late, ceilings kept, bought services within their share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from aidlib.law import LocalLaw, Value
from aidlib.monitoring.ledgers import BASIC, ROW
from aidlib.rules.frames import assess

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.monitoring.monitor import Monitored
    from aidlib.rules.places import Places

CAUSES = ("not_paid", "not_due", "underpaid", "overpaid")


@dataclass(frozen=True)
class Check:
    """One comparison with a line of the law: met, not met, or cannot tell (None), with both sides exact."""

    name: str
    met: bool | None
    actual: Fraction | None
    line: Fraction | None
    basis: Value | None
    missing: str = ""


def purchase_share(bought_fen: int | None, special_funds_fen: int | None, law: LocalLaw) -> Check:
    """购买服务支出不超过当年救助专项资金的规定比例。 Bought services stay within the stated share of the year's special funds.

    Compared on totals: `bought <= share x funds`. Only the part paid out of those funds counts.

    Examples
    --------
    >>> from aidlib.law import Book
    >>> law = Book().at("450400", date(2024, 1, 1))
    >>> purchase_share(200, 10000, law).met, purchase_share(201, 10000, law).met, purchase_share(None, 10000, law).met
    (True, False, None)
    """
    basis = law.find("purchase_service_cap")
    if basis is None:
        return Check("purchase_service", None, None, None, None, "purchase_service_cap")
    if bought_fen is None or special_funds_fen is None:
        missing = "bought_fen" if bought_fen is None else "special_funds_fen"
        return Check("purchase_service", None, None, None, basis, missing)
    line = basis.number * special_funds_fen
    return Check("purchase_service", bought_fen <= line, Fraction(bought_fen), line, basis)


def differences(due: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """Recompute what was due and list every payment that differs by a fen, with its cause.

    Parameters
    ----------
    due, paid : pandas.DataFrame
        Columns `household_id`, `programme`, `month`, `amount_fen` (int64); one row a household, programme and month.

    Returns
    -------
    pandas.DataFrame
        household_id, programme, month, due_fen, paid_fen, difference_fen (paid minus due), cause; equal payments left out.

    Examples
    --------
    >>> import pandas as pd
    >>> one = {"household_id": [1], "programme": ["dibao"], "month": ["2026-10"]}
    >>> differences(pd.DataFrame({**one, "amount_fen": [500]}), pd.DataFrame({**one, "amount_fen": [499]}))["cause"].tolist()
    ['underpaid']
    """
    import pandas as pd

    keys = ["household_id", "programme", "month"]
    both = pd.merge(
        due.rename(columns={"amount_fen": "due_fen"}), paid.rename(columns={"amount_fen": "paid_fen"}),
        on=keys, how="outer", validate="one_to_one", indicator=True,
    )  # fmt: skip
    sums = both[["due_fen", "paid_fen"]].astype("Int64").fillna(0).astype("int64")
    gap = sums["paid_fen"] - sums["due_fen"]
    cause = pd.Series("overpaid", index=both.index).mask(gap < 0, "underpaid")
    cause = cause.mask(both["_merge"] == "left_only", "not_paid").mask(both["_merge"] == "right_only", "not_due")
    found = both[keys].assign(**sums, difference_fen=gap, cause=cause)
    return found[gap != 0].sort_values(keys, ignore_index=True)


def by_cause(found: pd.DataFrame) -> pd.DataFrame:
    """Count the differences by cause: households, payments, and fen; every cause has a row.

    Examples
    --------
    >>> import pandas as pd
    >>> found = pd.DataFrame({"cause": ["underpaid"], "household_id": [1], "difference_fen": [-1]})
    >>> by_cause(found)["payments"].tolist()
    [0, 0, 1, 0]
    """
    table = found.groupby("cause").agg(
        households=("household_id", "nunique"),
        payments=("household_id", "size"),
        difference_fen=("difference_fen", "sum"),
    )
    return table.reindex(list(CAUSES), fill_value=0).reset_index()


def late(paid_on: pd.Series, deadline: date) -> pd.Series:
    """Mark payments made after the deadline; a payment without a date is missing, not in time.

    Examples
    --------
    >>> import pandas as pd
    >>> late(pd.Series(["2026-10-31", "2026-11-01"]), date(2026, 10, 31)).tolist()
    [False, True]
    """
    import pandas as pd

    days = pd.to_datetime(paid_on)
    return (days > pd.Timestamp(deadline)).astype("boolean").mask(days.isna())


def recompute(found: Monitored) -> tuple[pd.DataFrame, int]:
    """Hold this month's basic living aid and price subsidy against what the rules say, payment by payment.

    Returns
    -------
    pandas.DataFrame, int
        The differences by household, programme and month (`differences`), and how many amounts the rules cannot tell: those are
        left out, on both sides.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> found, unknown = recompute(example()[1])
    >>> set(found["cause"]) <= set(CAUSES), unknown >= 0
    (True, True)
    """
    month, scene = found.scene.last, found.scene
    now = scene.paid.filter((pl.col("month") == month) & pl.col("programme").is_in(BASIC))
    known = found.dues.filter(pl.col("due_fen").is_not_null())
    unknown = found.dues.filter(pl.col("due_fen").is_null())
    paid = now.join(unknown, on=list(ROW), how="anti").select(*ROW, amount_fen="paid_fen")
    due = known.filter(pl.col("due_fen") > 0).select(*ROW, amount_fen="due_fen")
    text = f"{scene.as_of:%Y-%m}"
    tables = [_by_household(part).assign(month=text) for part in (due, paid)]
    import pandas as pd

    return pd.concat([differences(*tables), _subsidy(found)], ignore_index=True), len(unknown)


def _by_household(rows: pl.DataFrame) -> pd.DataFrame:
    return (
        rows.group_by("household_id", "programme")
        .agg(pl.col("amount_fen").sum())
        .sort("household_id", "programme")
        .to_pandas()
    )


def _subsidy(found: Monitored) -> pd.DataFrame:
    homes = found.facts.households
    empty = {"household_id": pl.Int64, "programme": pl.String, "month": pl.String, "amount_fen": pl.Int64}
    if found.decision is None or "subsidy_due_fen" not in homes.columns:
        blank = pl.DataFrame(schema=empty).to_pandas()
        return differences(blank, blank)
    rows = homes.select(
        "household_id",
        "subsidy_due_fen",
        "subsidy_paid_fen",
        programme=pl.lit("price_subsidy"),
        month=pl.lit(found.decision.month),
    )
    due, paid = (
        rows.filter(pl.col(f"subsidy_{side}_fen") > 0)
        .select("household_id", "programme", "month", amount_fen=f"subsidy_{side}_fen")
        .to_pandas()
        for side in ("due", "paid")
    )
    return differences(due, paid)


def ceilings(found: Monitored, held: Places, year: int) -> tuple[pd.DataFrame, int]:
    """临时救助年度累计不超过限额。 Temporary aid of a family in a year stays within the local ceiling.

    Parameters
    ----------
    found : Monitored
        A month's monitoring; its ledger holds the year's temporary aid.
    held : Places
        Law values for `temporary_ceiling_fen`.
    year : int
        The year the payments count for.

    Returns
    -------
    pandas.DataFrame, int
        Families above the ceiling (household_id, paid_fen, ceiling_fen, over_fen), and for how many helped families no ceiling is
        known.

    Examples
    --------
    >>> from aidlib.indices import Figures
    >>> from aidlib.law import Book
    >>> from aidlib.monitoring.synthetic.example import example
    >>> from aidlib.rules.places import places
    >>> _, found = example()
    >>> keys = found.scene.households.select("region_code", "urban").unique().iter_rows()
    >>> held = places(Book(), Figures(), keys, date(2026, 10, 1), ("temporary_ceiling_fen",), stale=True)
    >>> over, unknown = ceilings(found, held, 2026)
    >>> len(over)
    0
    """
    aid = found.scene.files.aid.filter(
        (pl.col("programme") == "temporary_aid") & pl.col("month").str.starts_with(f"{year}-")
    )
    paid = aid.group_by("household_id").agg(paid_fen=pl.col("amount_fen").sum())
    answers = assess(found.scene.households, found.scene.persons, held, ("temporary_ceiling_fen",)).households
    both = paid.join(answers, on="household_id", how="left")
    sure = pl.col("temporary_ceiling_fen") == pl.col("temporary_ceiling_fen_at_best")
    over = both.filter(sure & (pl.col("paid_fen") > pl.col("temporary_ceiling_fen"))).select(
        "household_id", "paid_fen", ceiling_fen="temporary_ceiling_fen",
        over_fen=pl.col("paid_fen") - pl.col("temporary_ceiling_fen"),
    )  # fmt: skip
    return over.sort("household_id").to_pandas(), len(both.filter(~sure | sure.is_null()))
