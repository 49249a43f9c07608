"""Study: how much of what prices took did price linkage give back?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aidlib.money import FEN_PER_YUAN
from aidlib.prices import bases
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.method import desk
from aidlib.prices.months import span
from aidlib.prices.readings import Readings
from aidlib.reports.studies.words import percent

if TYPE_CHECKING:
    from aidlib.reports.context import Report

GROUP = "dibao_urban"


@dataclass(frozen=True)
class Month:
    """One month of a place: what it decided, its low-income index in percent, and the standard of that month in yuan."""

    decision: Decision
    rise: float
    standard: float
    estimated: bool

    @property
    def lost(self) -> float:
        """What the rise of a year took from a living of the standard, yuan per person."""
        return self.standard * self.rise / 100

    @property
    def due(self) -> float | None:
        """What was due; nothing in a month that did not start, None where the outcome or the amount is not known."""
        if self.decision.outcome != "triggered":
            return 0.0 if self.decision.outcome == "not_triggered" else None
        amount = self.decision.amount(GROUP)
        return None if amount is None or amount.shown_fen is None else float(amount.shown_fen) / FEN_PER_YUAN


def account(report: Report, found: list[Decision], readings: Readings) -> list[Month]:
    """Keep the months whose low-income index and standard are known, each at the standard of the month itself."""
    kept = []
    for decision in found:
        at = desk(report.book, readings, report.region.code, decision.month)
        rise, standard = at.read("scpi", decision.month), bases.standard(at, GROUP)
        if rise and standard:
            yuan = float(standard.fen_month) / FEN_PER_YUAN
            kept.append(Month(decision, float(rise.rise), yuan, rise.status != "observed"))
    return kept


def show(report: Report, first: str, last: str) -> None:
    """Say what linkage was due at the place of the report against what prices took, over a span of months.

    Where the amount is the standard times the index, a month that starts is filled by construction: what is left open comes
    from months that did not start, what is more than filled from the temporary multiplier. Both are shown apart.
    """
    readings, place = Readings(report.figures), report.region.code
    found = [decide(report.book, report.figures, place, month, readings=readings) for month in span(first, last)]
    held = account(report, found, readings)
    if not held:
        report.say(
            f"{first}至{last}，{report.region.name_zh}没有可用的低收入指数或标准，联动补上多少算不出来。",
            f"From {first} to {last} {report.region.name('en')} has no low-income index or standard: what linkage fills cannot be worked out.",
        )
        return
    _outcomes(report, found, first, last)
    _balance(report, held)
    report.say(
        "金额等于标准乘指数的地方，启动的月份按设计补足；缺口来自没有启动的月份，超出来自阶段性倍数。标准本身的提高也补偿涨价，没有算在内。",
        "Where the amount is the standard times the index, a month that starts is filled by design: gaps come from months that did not start, "
        "anything above from a temporary multiplier. Rises of the standard itself make up for prices too and are not counted.",
    )


def _outcomes(report: Report, found: list[Decision], first: str, last: str) -> None:
    many = Counter(decision.outcome for decision in found)
    started, not_started, open_ = (many[name] for name in ("triggered", "not_triggered", "undetermined"))
    report.say(
        f"{first}至{last}的{len(found)}个月，按{report.region.name_zh}的指数和规则达到启动条件{started}个月，没有达到{not_started}个月，"
        f"不能判断{open_}个月。",
        f"Of the {len(found)} months {first} to {last}, by the indices and rules of {report.region.name('en')} {started} started, {not_started} "
        f"did not, {open_} cannot be told.",
    )


def _balance(report: Report, held: list[Month]) -> None:
    """Set what was due against what prices took, over the months in which both are known."""
    known = [month for month in held if month.due is not None]
    lost, due = sum(month.lost for month in known), sum(month.due or 0 for month in known)
    special = sum(month.due or 0 for month in known if month.decision.overlay is not None)
    standards = "–".join(f"{yuan:.0f}" for yuan in sorted({pick(month.standard for month in held) for pick in (min, max)}))
    guessed, unknown = sum(month.estimated for month in held), len(held) - len(known)
    unpaid = sum(month.rise > 0 and month.decision.outcome == "not_triggered" for month in known)
    part = (f"，相当于{percent(due / lost)}", f", {percent(due / lost)} of it") if lost > 0 else ("", "")
    report.say(
        f"低收入指数和标准都知道的{len(held)}个月里(指数{guessed}个月是估算，标准每人每月{standards}元)，"
        f"按当月标准的生活因一年来的涨价合计多花约{lost:.0f}元；按规则应补{due:.0f}元{part[0]}，其中阶段性政策的月份{special:.0f}元。"
        f"涨价而没有达到条件的{unpaid}个月没有补。" + (f"不能判断或金额不知道的{unknown}个月两边都不计。" if unknown else ""),
        f"In the {len(held)} months with an index and a standard ({guessed} indices are estimates, standard {standards} yuan a month) the "
        f"rise of prices over the year made a living at the month's standard about {lost:.0f} yuan dearer in all; {due:.0f} yuan were due by the "
        f"rules{part[1]}, of which {special:.0f} in months of a temporary policy. In {unpaid} months prices rose and the conditions were not met."
        + (f" {unknown} months that cannot be told, or whose amount is unknown, are left out on both sides." if unknown else ""),
    )
