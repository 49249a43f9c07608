"""The methods that need household microdata: the user's own file, or a synthetic sample drawn from a published table."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from aidlib.errors import DataFault, Fault, MoneyFault, ParameterFault
from aidlib.law import Status
from aidlib.money import exact
from aidlib.prices.words import Said
from aidlib.register.files import decoded
from aidlib.standards.candidate import Candidate
from aidlib.standards.cost_of_basic_needs import BasicNeeds, cost_of_basic_needs
from aidlib.standards.grouped import GroupTable, IncomeGroup
from aidlib.standards.quantile_lines import TAUS, quantile_lines
from aidlib.standards.relative import consumption_percentile

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

FOOD = "food_tobacco_alcohol"
COLUMNS = {
    "consumption": ("人均月消费(元)", "consumption_yuan_month"), "food": ("人均月食品支出(元)", "food_yuan_month"),
    "members": ("人口", "members"), "children": ("未成年人", "children"), "elderly": ("老年人", "elderly"),
}  # fmt: skip
WEIGHT = ("权数", "weight")
TYPES, REFERENCE = ("members", "children", "elderly"), {"members": 3, "children": 1, "elderly": 0}
LEAST_HOUSEHOLDS = 30  # spec 4.6
DRAWN, SPREAD, SHARE_SPREAD, LEAST_SHARE, MOST_SHARE, LARGEST = 2_000, 0.25, 0.05, 0.05, 0.95, 5
LABELS = {
    "basic_needs_lower": Said("基本需要成本法，下限", "cost of basic needs, lower line"),
    "basic_needs_upper": Said("基本需要成本法，上限", "cost of basic needs, upper line"),
    "consumption_percentile": Said("消费百分位", "consumption percentile"),
    "quantile": Said("分位数回归(三口之家，一个孩子)", "quantile regression (three persons, one a child)"),
}


@dataclass(frozen=True)
class Sample:
    """Households: one row each with consumption and food per head and month, members and a weight in persons."""

    rows: pd.DataFrame
    status: Status


def sample(table: GroupTable, microdata: str, seed: int) -> Sample | None:
    """Read the households of a file, or draw synthetic ones; None where neither can be had.

    Parameters
    ----------
    table : GroupTable
        Where a synthetic sample comes from; it must have food spending.
    microdata : str
        A CSV file with the columns of `COLUMNS`, in Chinese or English, and optionally a weight; empty: draw.
    seed : int
        Of the drawing.

    Raises
    ------
    DataFault
        The file is not there or lacks a column: every fault at once.
    """
    if microdata:
        return Sample(read(microdata), "estimated")
    return (
        Sample(_drawn(table, seed), "synthetic") if all(FOOD in group.categories for group in table.usable()) else None
    )


def read(microdata: str) -> pd.DataFrame:
    """Read the columns of a microdata file under their own names, in UTF-8 or GB 18030; see `sample`.

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
        raise DataFault("too few households for an estimate", where=path.name, expected=f"{LEAST_HOUSEHOLDS} or more", got=str(len(raw)))
    held = {name: next((s for s in spelled if s in raw.columns), None) for name, spelled in COLUMNS.items()}
    if lacking := [
        Fault("a column is missing", path.name, " / ".join(COLUMNS[n])) for n, column in held.items() if not column
    ]:
        raise DataFault(lacking)
    weight = next((name for name in WEIGHT if name in raw.columns), None)
    kept = {name: raw[column] for name, column in (held | {"weight": weight or held["members"]}).items()}
    found = pd.DataFrame({name: pd.to_numeric(column, errors="coerce") for name, column in kept.items()})
    if wrong := [
        Fault("not a number", f"{path.name}: {column.name}", f"a number in row {found[name].isna().to_numpy().argmax() + 2}")
        for name, column in kept.items()
        if found[name].isna().any()
    ]:
        raise DataFault(wrong)
    return found


def _table_of(path: Path) -> pd.DataFrame:
    import io

    import pandas as pd

    text, _ = decoded(path.read_bytes(), path.name)
    try:
        return pd.read_csv(io.StringIO(text))
    except pd.errors.ParserError as error:
        raise DataFault("not a table of commas", where=path.name, got=str(error)) from None
    except pd.errors.EmptyDataError:
        raise DataFault("the file of households is empty", where=path.name, expected="a CSV file with headings") from None


def _drawn(table: GroupTable, seed: int) -> pd.DataFrame:
    """Draw households around each group's mean consumption, with food shares around the curve through the groups."""
    import numpy as np
    import pandas as pd

    groups, rng = table.usable(), np.random.default_rng(seed)
    size = np.array([float(group.persons or 1) for group in groups])
    at = rng.choice(len(groups), DRAWN, p=size / size.sum())
    mean = np.array([_monthly(group.consumption) for group in groups])
    spent = mean[at] * np.exp(rng.normal(-(SPREAD**2) / 2, SPREAD, DRAWN))
    slope, start = np.polyfit(np.log(mean), [float(g.categories[FOOD] / g.consumption) for g in groups], 1)
    share = np.clip(start + slope * np.log(spent) + rng.normal(0, SHARE_SPREAD, DRAWN), LEAST_SHARE, MOST_SHARE)
    members = rng.integers(1, LARGEST + 1, DRAWN)
    children = np.minimum(rng.integers(0, 3, DRAWN), members - 1)
    elderly = np.minimum(rng.integers(0, 3, DRAWN), members - children)
    return pd.DataFrame({"consumption": spent, "food": spent * share, "members": members, "children": children,
                         "elderly": elderly, "weight": members})  # fmt: skip


def _monthly(yearly: Fraction) -> float:
    return float(yearly) / 12


def food_line(poorest: IncomeGroup, given: str) -> Fraction | None:
    """Take the food line given, or the monthly food spending of the poorest group; None where neither is known.

    Raises
    ------
    ParameterFault
        What was given is no amount above zero.
    """
    if given == "":
        return poorest.categories[FOOD] / 12 if FOOD in poorest.categories else None
    try:
        line = exact(given)
    except MoneyFault:
        line = Fraction(0)
    if line <= 0:
        raise ParameterFault(
            "not an amount of money", where="food_line_yuan", expected="yuan per person and month, above zero", got=str(given)
        )  # fmt: skip
    return line


def show(report: Report, table: GroupTable, microdata: str, food_line_yuan: str, seed: int) -> None:
    """Show the lines that household microdata give, marked synthetic where nobody brought any."""
    drawn, line = sample(table, microdata, seed), food_line(table.usable()[0], food_line_yuan)
    if drawn is None or line is None:
        report.say(
            "这张表没有食品支出，要同时给出微观数据(参数microdata)和食品线(参数food_line_yuan)，才能做基本需要成本法、消费百分位和分位数回归。",
            "The table has no food spending: cost of basic needs, consumption percentiles and quantile regression need both microdata "
            "(parameter microdata) and a food line (food_line_yuan).",
        )
        return
    needs = cost_of_basic_needs(float(line), drawn.rows["consumption"], drawn.rows["food"], drawn.rows["weight"])
    every = [needs.lower, needs.upper, *(consumption_percentile(drawn.rows["consumption"], at, drawn.rows["weight"]) for at in TAUS),
             *_quantiles(report, drawn)]  # fmt: skip
    _table(report, drawn, every, needs)
    _explain(report, drawn, line, needs)


def _quantiles(report: Report, drawn: Sample) -> list[Candidate]:
    """Lines by quantile regression; a sentence instead where the households cannot carry it."""
    try:
        return quantile_lines(drawn.rows["consumption"], {name: drawn.rows[name] for name in TYPES}, REFERENCE)
    except DataFault:
        report.say(
            "分位数回归不做：住户的人口、未成年人、老年人没有各自的差别，定不出三口之家的线。",
            "No quantile regression: members, children and elderly do not differ each in its own way, so that no line for three persons follows.",
        )
        return []


def _table(report: Report, drawn: Sample, every: list[Candidate], needs: BasicNeeds) -> None:
    import pandas as pd

    checks = {"basic_needs_lower": needs.lower_check, "basic_needs_upper": needs.upper_check}
    rows = [(_name(report, one), round(float(one.fen_month) / 100), None if one.se_fen is None else round(one.se_fen / 100),
             None if checks.get(one.method) is None else round(checks[one.method] or 0), drawn.status) for one in every]  # fmt: skip
    columns = ["study_method", "study_yuan", "study_se", "study_check", "study_yuan_status"]
    report.table(
        "household_lines", pd.DataFrame(rows, columns=columns), f"由{len(drawn.rows):,}户算出的线", f"Lines from {len(drawn.rows):,} households",
        "核对：食品线附近(上限：食品支出在食品线附近)住户的实际非食品支出加食品线。",
        "Check: the food line plus what households near it (upper line: with food spending near it) really spend on other things.",
    )  # fmt: skip


def _name(report: Report, one: Candidate) -> str:
    stem = one.method.rpartition("_")[0] if one.method.startswith("quantile") else one.method
    share = next((float(item.number) for item in one.inputs if item.name in ("share", "tau")), None)
    said = LABELS[stem]
    return report.t(said.zh, said.en) + ("" if share is None else f" {share:.0%}")


def _explain(report: Report, drawn: Sample, line: Fraction, needs: BasicNeeds) -> None:
    for zh, en in dict.fromkeys((*needs.lower.warnings, *needs.upper.warnings)):
        report.say(f"基本需要成本法的警告：{zh}。", f"Cost of basic needs warns: {en}.")
    if drawn.status == "synthetic":
        report.say(
            f"这些住户是合成的：按上表各组人均消费和食品份额随机抽取(组内对数标准差{SPREAD:g}，食品份额标准差{SHARE_SPREAD:g}，人口与消费无关)，只演示方法，不是测算结果。"
            "要用自己的数据，把参数microdata设为一个CSV文件。",
            f"These households are synthetic: drawn around each group's consumption and food share (log spread {SPREAD:g} within groups, "
            f"{SHARE_SPREAD:g} of the share; members unrelated to spending). They show the method and are no estimate. "
            "For data of your own set the parameter microdata to a CSV file.",
        )
    report.say(
        f"食品线每人每月{float(line):.0f}元；食品份额曲线 s = {needs.curve.a:.3f} {needs.curve.b:+.3f} ln(x/食品线)，R²={needs.curve.r2:.2f}。"
        f"列名：{'、'.join(zh for zh, _ in COLUMNS.values())}，可加{WEIGHT[0]}。",
        f"Food line {float(line):.0f} yuan per head and month; food share s = {needs.curve.a:.3f} {needs.curve.b:+.3f} ln(x / food line), "
        f"R² = {needs.curve.r2:.2f}. Columns: {', '.join(en for _, en in COLUMNS.values())}, optionally {WEIGHT[1]}.",
    )
