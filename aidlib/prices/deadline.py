"""The latest payment date of a month's subsidy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from aidlib.errors import LawGap
from aidlib.law import Value
from aidlib.law.workdays import add_workdays
from aidlib.prices.months import last_day, shift
from aidlib.prices.words import Said

Rule = Callable[[str], Value | None]


@dataclass(frozen=True)
class Deadline:
    """The last day on which the subsidy of an index month may be paid.

    Attributes
    ----------
    rule : Value or None
        The row that says how the date is found.
    day : date or None
        The last day; None where no date follows from the rule.
    assumed : bool
        True where the release day of the index is not known and the last day of the following month stood in for it: the day
        is then a bound.
    why : Said
        The rule and the assumption in words.
    """

    rule: Value | None
    day: date | None
    assumed: bool
    why: Said


def deadline(rule: Rule, month: str, released: date | None = None) -> Deadline:
    """指数发布后若干个工作日内，或指数发布当月内发放。 Within so many working days of the index, or in the month of its release.

    Parameters
    ----------
    rule : callable
        `rule(name)` reads a law value of the place and month.
    month : str
        Index month.
    released : date, optional
        Day the index was published. Without it the last day of the month after stands in, as a bound.
    """
    found, day = rule("linkage_pay"), released or last_day(shift(month, 1))
    kind = found.text if found else ""
    if kind == "workdays":
        return _within(found, rule("linkage_pay_workdays"), day, released is None)
    if kind == "release_month":
        last = last_day(f"{day:%Y-%m}")
        return Deadline(found, last, released is None, Said(
            "指数发布当月内发放(按指数于次月发布计)", "in the month the index is released (taken as the month after)"))  # fmt: skip
    words = {
        "quarterly": Said("按月测算、按季发放，文件没有给出日期", "computed monthly, paid quarterly; no date is given"),
        "in_time": Said("法律要求及时发放，没有规定天数", "the law asks for payment in time and sets no days"),
    }
    return Deadline(
        found, None, False, words.get(kind, Said("没有发放时限的依据", "no rule on the payment date is known"))
    )


def _within(found: Value | None, count: Value | None, day: date, assumed: bool) -> Deadline:
    days = int(count.number) if count else 0
    try:
        last = add_workdays(day, days)
    except LawGap as gap:
        return Deadline(
            found, None, assumed, Said(f"无法推算工作日：{day.year}年没有节假日表", str(gap.faults[0].what))
        )
    if not assumed:
        return Deadline(found, last, False, Said(f"指数于{day}发布，其后{days}个工作日内发放",
                                                 f"within {days} working days of release on {day}"))  # fmt: skip
    return Deadline(found, last, True, Said(
        f"指数发布后{days}个工作日内发放；发布日未知，按次月最后一日{day}计，这一天只是上限",
        f"within {days} working days of release; the release day is unknown, the end of the next month ({day}) stands in, so this is a bound"))  # fmt: skip
