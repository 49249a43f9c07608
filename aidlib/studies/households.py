"""Lines that household microdata give: a file of one's own, or a sample drawn from a published table and marked synthetic."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib.errors import DataFault, Fault
from aidlib.known import Known, Missing
from aidlib.law import Status
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN
from aidlib.register.files import decoded
from aidlib.result import Result
from aidlib.standards.eles import FOOD, GroupTable
from aidlib.standards.household_lines import (
    TAUS,
    FoodShare,
    consumption_percentile,
    cost_of_basic_needs,
    fen,
    quantile_lines,
)
from aidlib.standards.methods import Candidate

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "consumption": ("人均月消费(元)", "consumption_yuan_month"), "food": ("人均月食品支出(元)", "food_yuan_month"),
    "members": ("人口", "members"), "children": ("未成年人", "children"), "elderly": ("老年人", "elderly"),
}  # fmt: skip
WEIGHT = ("权数", "weight")
TYPES, REFERENCE = ("members", "children", "elderly"), {"members": 3, "children": 1, "elderly": 0}
LEAST_HOUSEHOLDS = 30  # spec 4.6
DRAWN, SPREAD, SHARE_SPREAD, LEAST_SHARE, MOST_SHARE, LARGEST = 2_000, 0.25, 0.05, 0.05, 0.95, 5


@dataclass(frozen=True)
class Households(Result):
    """Households: one row each with consumption and food a head and month in yuan, members, children, elderly and a weight in persons.

    Attributes
    ----------
    rows : pandas.DataFrame
        Columns consumption, food, members, children, elderly, weight.
    status : str
        `estimated` for a file, `synthetic` where they were drawn.
    """

    rows: pd.DataFrame
    status: Status

    def __len__(self) -> int:
        return len(self.rows)

    def to_frame(self) -> pd.DataFrame:
        """The households."""
        return self.rows


def households(microdata: str, table: GroupTable, seed: int = 1) -> Households | Missing:
    """住户数据。 Read the households of a file, or draw synthetic ones from a table by income group; missing where neither can be had.

    Parameters
    ----------
    microdata : str
        A CSV file with the columns of `COLUMNS`, in Chinese or English, and optionally a weight; empty: draw.
    table : GroupTable
        Where a synthetic sample comes from; it must have food spending.
    seed : int
        Of the drawing.

    Raises
    ------
    DataFault
        The file is not there or lacks a column: every fault at once.

    Examples
    --------
    >>> from aidlib.standards.eles import income_group_table
    >>> drawn = households("", income_group_table("福建", "urban", 2013))
    >>> len(drawn), drawn.status
    (2000, 'synthetic')
    """
    if microdata:
        return Households(read(microdata), "estimated")
    if not all(FOOD in group.categories for group in table.usable()):
        return Missing("household_microdata", table.area, table.year)
    return Households(_drawn(table, seed), "synthetic")


def read(microdata: str) -> pd.DataFrame:
    """Read the columns of a microdata file under their own names, in UTF-8 or GB 18030; see `households`.

    Raises
    ------
    DataFault
        No such file, no table in it, too few households for an estimate, a column missing or not numbers: every fault at once,
        with the first row of each but never what stands there.
    """
    import pandas as pd

    path = Path(microdata).expanduser()
    if not path.is_file():
        raise DataFault(
            "no such file of households", where=path.name, hint="a CSV file; a relative path starts at the notebook"
        )
    raw = _table_of(path)
    if len(raw) < LEAST_HOUSEHOLDS:
        raise DataFault(
            "too few households for an estimate",
            where=path.name,
            expected=f"{LEAST_HOUSEHOLDS} or more",
            got=str(len(raw)),
        )
    held = {name: next((s for s in spelled if s in raw.columns), None) for name, spelled in COLUMNS.items()}
    if lost := [
        Fault("a column is missing", path.name, " / ".join(COLUMNS[n])) for n, column in held.items() if not column
    ]:
        raise DataFault(lost)
    weight = next((name for name in WEIGHT if name in raw.columns), None)
    kept = {name: raw[column] for name, column in (held | {"weight": weight or held["members"]}).items()}
    found = pd.DataFrame({name: pd.to_numeric(column, errors="coerce") for name, column in kept.items()})
    if wrong := [
        Fault(
            "not a number",
            f"{path.name}: {column.name}",
            f"a number in row {found[name].isna().to_numpy().argmax() + 2}",
        )
        for name, column in kept.items()
        if found[name].isna().any()
    ]:
        raise DataFault(wrong)
    return found


def _table_of(path: Path) -> pd.DataFrame:
    import pandas as pd

    text, _ = decoded(path.read_bytes(), path.name)
    try:
        return pd.read_csv(io.StringIO(text))
    except pd.errors.ParserError as error:
        raise DataFault("not a table of commas", where=path.name, got=str(error)) from None
    except pd.errors.EmptyDataError:
        raise DataFault(
            "the file of households is empty", where=path.name, expected="a CSV file with headings"
        ) from None


def _drawn(table: GroupTable, seed: int) -> pd.DataFrame:
    """Draw households around each group's mean consumption, with food shares around the curve through the groups."""
    import numpy as np
    import pandas as pd

    groups, rng = table.usable(), np.random.default_rng(seed)
    size = np.array([float(group.persons or 1) for group in groups])
    at = rng.choice(len(groups), DRAWN, p=size / size.sum())
    mean = np.array([float(group.consumption) / MONTHS_PER_YEAR for group in groups])
    spent = mean[at] * np.exp(rng.normal(-(SPREAD**2) / 2, SPREAD, DRAWN))
    slope, start = np.polyfit(np.log(mean), [float(g.categories[FOOD] / g.consumption) for g in groups], 1)
    share = np.clip(start + slope * np.log(spent) + rng.normal(0, SHARE_SPREAD, DRAWN), LEAST_SHARE, MOST_SHARE)
    members = rng.integers(1, LARGEST + 1, DRAWN)
    children = np.minimum(rng.integers(0, 3, DRAWN), members - 1)
    elderly = np.minimum(rng.integers(0, 3, DRAWN), members - children)
    return pd.DataFrame({"consumption": spent, "food": spent * share, "members": members, "children": children,
                         "elderly": elderly, "weight": members})  # fmt: skip


@dataclass(frozen=True)
class HouseholdLines(Result):
    """What household microdata give.

    Attributes
    ----------
    found : tuple of Candidate
        Cost of basic needs, consumption percentiles, quantile regression.
    status : str
        `synthetic` where the households were drawn.
    count : int
        Households.
    line : Known or None
        The food line, yuan a person and month.
    curve : FoodShare or None
        The curve of the food share.
    checks : dict of str to (Fraction or None)
        By method, what households near the line really spend, in fen a month; None where nobody lives near.
    missing : tuple of Missing
        What could not be done, and what it lacks.
    """

    found: tuple[Candidate, ...] = ()
    status: Status = "estimated"
    count: int = 0
    line: Known | None = None
    curve: FoodShare | None = None
    checks: dict[str, Fraction | None] | None = None
    missing: tuple[Missing, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """One row a method: method, formula, fen_month with its status, se_fen, check_fen, notes."""
        import pandas as pd

        checks = self.checks or {}
        rows = [[one.method, one.formula, one.fen_month, self.status, one.se_fen, checks.get(one.method), list(one.notes) or None]
                for one in self.found]  # fmt: skip
        frame = pd.DataFrame(
            rows, columns=["method", "formula", "fen_month", "fen_month_status", "se_fen", "check_fen", "notes"]
        )
        frame.attrs["lacking"] = list(self.missing)
        return frame


def household_lines(sample: Households | Missing, food_line: Known | Missing) -> HouseholdLines:
    """由住户数据测算。 Cost of basic needs, consumption percentiles and quantile regression for a family of three with one child.

    Without households or a food line the answer holds what is missing.

    Examples
    --------
    >>> from aidlib.standards.eles import income_group_table
    >>> table = income_group_table("福建", "urban", 2013)
    >>> found = household_lines(households("", table), table.food_line())
    >>> [one.method for one in found.found][:2], found.status
    (['basic_needs_lower', 'basic_needs_upper'], 'synthetic')
    """
    if not sample or not food_line:
        return HouseholdLines(missing=tuple(one for one in (sample, food_line) if isinstance(one, Missing)))
    held = sample.rows
    needs = cost_of_basic_needs(float(food_line.number), held["consumption"], held["food"], held["weight"])
    shares = [
        replace(
            consumption_percentile(held["consumption"], tau, held["weight"]), method=f"consumption_percentile:{tau:.0%}"
        )
        for tau in TAUS
    ]
    quantiles, lost = _quantiles(held)
    checks = {one.method: None if check is None else fen(check)
              for one, check in ((needs.lower, needs.lower_check), (needs.upper, needs.upper_check))}  # fmt: skip
    found = (
        _with_curve(needs.lower, needs.curve, food_line),
        _with_curve(needs.upper, needs.curve, food_line),
        *shares,
        *quantiles,
    )
    return HouseholdLines(found, sample.status, len(sample), food_line, needs.curve, checks, lost)


def _with_curve(line: Candidate, curve: FoodShare, food_line: Known) -> Candidate:
    """The lower line is the food line and what those who live on it alone spend besides; the upper one solves for it."""
    zf = f"{float(food_line.number):,.2f}"
    lower = f"{zf} × (2 − {curve.a:.3f})"
    upper = f"{zf} ÷ ({curve.a:.3f} {'+' if curve.b >= 0 else '−'} {abs(curve.b):.3f} ln({float(line.fen_month) / FEN_PER_YUAN:,.2f} ÷ {zf}))"
    return replace(line, formula=lower if line.method.endswith("lower") else upper)


def _quantiles(held: Any) -> tuple[list[Candidate], tuple[Missing, ...]]:
    """Lines by quantile regression; missing where households do not tell the characteristics apart."""
    try:
        return quantile_lines(held["consumption"], {name: held[name] for name in TYPES}, REFERENCE), ()
    except DataFault:
        return [], (Missing("households_told_apart", method="quantile"),)
