"""Study: how much of what prices took did price linkage give back?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.money import FEN_PER_YUAN
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.months import span
from aidlib.prices.readings import Readings
from aidlib.reports.studies.words import percent

if TYPE_CHECKING:
    from aidlib.reports.context import Report

GROUP = "dibao_urban"


def show(report: Report, first: str, last: str) -> None:
    """Say what linkage was due at the place of the report against what prices took, over a span of months.

    Where the amount is the standard times the index, a month that starts is filled by construction: what is left open comes
    from months that did not start, what is more than filled from the temporary multiplier. Both are shown apart.
    """
    readings, place = Readings(report.figures), report.region.code
    found = [decide(report.book, report.figures, place, month, readings=readings) for month in span(first, last)]
    rises = {d.month: r.rise for d in found if (r := readings.at(place, "scpi", d.month))}
    standard = next((due.standard.fen_month for d in found if (due := d.amount(GROUP)) and due.standard), None)
    if not rises or standard is None:
        report.say(
            f"{first}至{last}，{report.region.name_zh}没有可用的低收入指数或标准，联动补上多少算不出来。",
            f"From {first} to {last} {report.region.name('en')} has no low-income index or standard: what linkage fills cannot be worked out.",
        )
        return
    started = [d for d in found if d.outcome == "triggered"]
    lost = float(standard) / FEN_PER_YUAN * float(sum(rises.values())) / 100
    plain, special = (
        sum(_paid(d) for d in started if (d.overlay is not None) == temporary) for temporary in (False, True)
    )
    unpaid = sum(d.outcome != "triggered" and rises.get(d.month, 0) > 0 for d in found)
    report.say(
        f"{first}至{last}的{len(found)}个月，{report.region.name_zh}启动{len(started)}个月；有指数的{len(rises)}个月里，涨价(scpi_est)使每人每月"
        f"{float(standard) / FEN_PER_YUAN:.0f}元的生活合计多花约{lost:.0f}元。应补{plain + special:.0f}元，补上{percent((plain + special) / lost)}，"
        f"其中阶段性政策的月份{special:.0f}元。有涨价而没有启动的{unpaid}个月没有补。",
        f"In the {len(found)} months {first} to {last} {report.region.name('en')} started {len(started)} times; over the {len(rises)} months with an index, "
        f"prices (scpi_est) made a living of {float(standard) / FEN_PER_YUAN:.0f} yuan a month about {lost:.0f} yuan dearer in all. "
        f"{plain + special:.0f} yuan were due, {percent((plain + special) / lost)}, of which {special:.0f} in months of a temporary policy. "
        f"In {unpaid} months prices rose and nothing started.",
    )
    report.say(
        "金额等于标准乘指数的地方，启动的月份按设计补足；缺口来自没有启动的月份，超出来自阶段性倍数。",
        "Where the amount is the standard times the index, a month that starts is filled by design: gaps come from months that did not start, "
        "anything above from a temporary multiplier.",
    )


def _paid(decision: Decision) -> float:
    due = decision.amount(GROUP)
    return float(due.shown_fen) / FEN_PER_YUAN if due and due.shown_fen is not None else 0.0
