"""Every numeric target in force at a place: met, not met, or cannot tell and why, with the precision of the comparison."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from aidlib.errors import LawFault
from aidlib.law import Book, LocalLaw, Status, Value
from aidlib.regions import lineage
from aidlib.standards.adequacy import Ratio
from aidlib.standards.candidate import Words

Verdict = Literal["met", "not_met", "cannot_tell"]
OPERATORS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "ge": lambda measured, target: measured >= target,
    "gt": lambda measured, target: measured > target,
    "le": lambda measured, target: measured <= target,
    "lt": lambda measured, target: measured < target,
}
OP_IN_NOTE = re.compile(r"op=(\w+)")
BY_DAY = re.compile(r"by (\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Measured:
    """What was measured for a target.

    Attributes
    ----------
    value : Fraction
        Exact, in the unit of the target (shares as plain ratios).
    shown : str
        How it came about, such as `625/835`.
    status : str
        Weakest of what it rests on.
    """

    value: Fraction
    shown: str
    status: Status


@dataclass(frozen=True)
class Check:
    """One target and its verdict.

    Attributes
    ----------
    target : Value
        The law row.
    area : str
        `urban`, `rural` or an empty string.
    op : str
        ge, gt, le or lt: how the measured number is compared.
    measured : Measured or None
        None where it cannot be measured.
    decimals : int or None
        Decimals of a percent at which a ratio was compared; None: compared exactly.
    verdict : str
        met, not_met or cannot_tell.
    reason : (zh, en)
        Why it cannot be told, or what qualifies the verdict.
    """

    target: Value
    area: str
    op: str
    measured: Measured | None
    decimals: int | None
    verdict: Verdict
    reason: Words = ("", "")

    @property
    def due(self) -> date | None:
        """The day by which the target is to be reached, where the row names one."""
        found = BY_DAY.search(self.target.period)
        return date.fromisoformat(found[1]) if found else None


def check(
    target: Value,
    op: str,
    measured: Measured | None,
    *,
    area: str = "",
    decimals: int | None = None,
    reason: Words = ("", ""),
) -> Check:
    """核对一项指标。 Compare one measured number with one target, at a stated precision.

    Parameters
    ----------
    target : Value
        The law row; a band is met inside both ends.
    op : str
        ge, gt, le or lt; a band ignores it.
    measured : Measured or None
        None gives `cannot_tell` with `reason`.
    decimals : int, optional
        Decimals of a percent at which the measured ratio is rounded half-up before the comparison.

    Examples
    --------
    >>> from aidlib.standards.adequacy import urban_rural
    >>> target = Book().at("230100", date(2022, 6, 1)).value("target_rural_urban_ratio")
    >>> ratio = urban_rural("835", "625")
    >>> seen = Measured(ratio.value, "625/835", "enacted")
    >>> check(target, "ge", seen).verdict, check(target, "ge", seen, decimals=0).verdict
    ('not_met', 'met')
    """
    if op not in OPERATORS:
        raise LawFault("unknown comparison", expected=", ".join(OPERATORS), got=op)
    if measured is None:
        return Check(target, area, op, None, decimals, "cannot_tell", reason)
    value = Ratio("measured", measured.value, Fraction(1)).at(decimals)
    low, high = target.bounds
    factor = Fraction(1, 100) if target.unit == "pct" else Fraction(1)
    kept = low * factor <= value <= high * factor if ".." in target.text else OPERATORS[op](value, low * factor)
    return Check(target, area, op, measured, decimals, "met" if kept else "not_met", reason)


def precision(local: LocalLaw) -> int | None:
    """当地比例核对的精度。 Decimals of a percent at which a place compares ratios; None where it is not known: compare exactly.

    Examples
    --------
    >>> precision(Book().at("230100", date(2022, 6, 1))), precision(Book().at("450400", date(2022, 6, 1)))
    (0, None)
    """
    if not local.book.groups(local.place, "ratio_comparison_decimals", local.on):
        return None
    return int(local.value("ratio_comparison_decimals").number)


def targets(local: LocalLaw, prefix: str = "target_") -> list[Value]:
    """当地当日有效的各项指标。 Every target of the book in force at a place, its own before those above it.

    Examples
    --------
    >>> [v.text for v in targets(Book().at("450400", date(2023, 5, 1))) if v.name == "target_nursing_bed_share"]
    ['0.80']
    """
    places = lineage(local.place)
    held = {
        (entry.key[1], entry.key[2])
        for entry in local.book.tables.entries
        if entry.key[1].startswith(prefix) and entry.key[0] in places and entry.start <= local.on <= entry.end
    }
    return [local.value(name, group) for name, group in sorted(held)]


def operator(book: Book, target: Value) -> str:
    """比较方式。 How a target is compared, as its name in the book says (`op=ge`).

    Examples
    --------
    >>> book = Book()
    >>> operator(book, book.at("450400", date(2023, 5, 1)).value("target_nursing_bed_share"))
    'ge'
    """
    found = OP_IN_NOTE.search(book.tables.names[target.name].note)
    return found[1] if found else "ge"
