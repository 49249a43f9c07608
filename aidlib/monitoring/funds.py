"""Money checks: paid against due to the fen, in time or late, ceilings kept, bought services within their share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.law import LocalLaw, Value

if TYPE_CHECKING:
    import pandas as pd

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
    """Count the differences by cause: households, payments, and fen; every cause has a row."""
    table = found.groupby("cause").agg(
        households=("household_id", "nunique"),
        payments=("household_id", "size"),
        difference_fen=("difference_fen", "sum"),
    )
    return table.reindex(list(CAUSES), fill_value=0).reset_index()


def late(paid_on: pd.Series, deadline: date) -> pd.Series:
    """Mark payments made after the deadline; a payment without a date is missing, not in time."""
    import pandas as pd

    days = pd.to_datetime(paid_on)
    return (days > pd.Timestamp(deadline)).astype("boolean").mask(days.isna())
