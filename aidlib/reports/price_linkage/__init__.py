"""The price-linkage report: what its notebook calls, section by section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aidlib.errors import DataGap, ParameterFault
from aidlib.law import Book
from aidlib.prices import scpi
from aidlib.prices.linkage import Decision
from aidlib.prices.months import MONTH, first_day, shift
from aidlib.prices.replay import compare_methods, decisions
from aidlib.prices.words import Said
from aidlib.regions import NATION, lineage, region
from aidlib.reports.price_linkage import drawing, frames, sentences, words
from aidlib.reports.price_linkage.ahead import will_it_trigger as will_it_trigger

if TYPE_CHECKING:
    from aidlib.reports.context import Report

SHAPE_NAMES = ("linkage_amount", "linkage_factor", "linkage_floor_yuan", "linkage_floor_share")
ALTERNATIVES = {"420100": "alternative_scpi", "320000": "alternative_cpi"}
UNIT = "百分点；元/人·月"


def history(report: Report) -> list[Decision]:
    """Decide the report's month and those before it, oldest first; the last one is the month of the report.

    Raises
    ------
    ParameterFault
        The period is a year; a linkage report is of a month.
    """
    period, months = report.period, report.parameters["lookback_months"]
    if not MONTH.match(period):
        raise ParameterFault("a price-linkage report is of a month", where="period", expected="YYYY-MM", got=period)
    return decisions(report.book, report.figures, report.region.code, shift(period, 1 - months), period)


def finding(report: Report, found: Sequence[Decision]) -> None:
    """Show what was found, in three sentences."""
    said = sentences.finding(found[-1], found)
    report.finding([sentence.zh for sentence in said], [sentence.en for sentence in said])


def decision(report: Report, found: Sequence[Decision]) -> None:
    """Show the month's start conditions and verdicts, and the instruments behind them."""
    now = found[-1]
    said = sentences.basis(now)
    report.say(said.zh, said.en, [value for value in (now.regime, now.overlay, now.method) if value])
    if now.conditions:
        report.table(
            "conditions",
            frames.conditions(now, report.figures, report.language),
            f"{now.month} 启动条件逐项判断",
            f"Start conditions of {now.month}, one by one",
            "任一条件达到即启动；估算值离启动线比误差还近的，不能判断。启动与否只看公布的一位小数。",
            "Any condition met starts payment; an estimate nearer to the line than its error cannot tell. Published numbers count with one decimal.",
        )


def amounts(report: Report, found: Sequence[Decision]) -> None:
    """Show each covered group's amount for the month, or say why there is none."""
    now = found[-1]
    if not now.amounts:
        report.say("这个月没有启动，各类对象都没有应发金额。", "Payment did not start; no group is due an amount.")
        return
    start = "" if now.outcome == "triggered" else "如果启动："
    rule = next((words.rounding(due.rounding) for due in now.amounts if due.unrounded or due.rounding), None)
    said = Said(f"舍入：{rule.zh}。", f" Rounding: {rule.en}.") if rule else Said("", "")
    report.table(
        "amounts",
        frames.amounts(now, report.book, report.figures, report.language),
        f"{start}{now.month} 各类对象每人应补金额",
        f"{'If payment starts: a' if start else 'A'}mount per person by group, {now.month}",
        f"一人具有多种身份的，只发一份，取最高。先乘阶段性倍数，后舍入，只舍入一次。{said.zh}",
        f"A person in several groups gets one payment, the highest. The multiplier of a period comes before rounding, which happens once.{said.en}",
    )


def past(report: Report, found: Sequence[Decision]) -> None:
    """Show the months before: the table and the figure."""
    first, last = found[0].month, found[-1].month
    report.table(
        "replay",
        frames.history(found, report.language, report.figures),
        f"{first} 至 {last} 逐月回放",
        f"Month by month, {first} to {last}",
        "金额只列判断为启动的月份。指数月份不是发放月份。",
        "Amounts are shown for months that started payment. The index month is not the month of payment.",
    )
    counted = [sum(d.outcome == outcome for d in found) for outcome in words.OUTCOMES]
    report.figure(
        "history",
        drawing.draw(found, report.language),
        alt=sentences.alt(report.region, found),
        caption=(f"{report.region.name_zh}：指数、启动线、启动月份和补贴金额", f"{report.region.name('en')}: indices, lines, months that paid, amounts"),
        unit=UNIT if report.language == "zh" else "percentage points; yuan per person and month",
        n=report.t(f"{len(found)}个月(启动{counted[0]}、不启动{counted[1]}、不能判断{counted[2]})",
                   f"{len(found)} months (started {counted[0]}, not {counted[1]}, cannot tell {counted[2]})"),
        source=report.t("国家统计局及各地公布的指数；估算见数据来历", "NBS and local releases; estimates as described"),
        as_of=last,
        data=frames.history(found, report.language),
    )  # fmt: skip


def comparison(report: Report, found: Sequence[Decision]) -> None:
    """Show what the same months would have paid under other places' methods."""
    others = _others(report.book, report.region.code, found[-1].month)
    frame = compare_methods(report.book, report.figures, report.region.code, found[0].month, found[-1].month, others)
    report.table(
        "methods",
        frames.comparison(frame, report.book, found[-1].month, report.language),
        f"同样的指数和标准，换用各地办法，{found[0].month} 至 {found[-1].month} 合计",
        f"The same indices and standards under other places' methods, {found[0].month} to {found[-1].month} in all",
        "合计只含判断为启动且金额可算的月份(城市与农村不同的写作“城市 / 农村”)；未舍入的按精确值相加。某地办法施行以前的月份用它当时的规则。",
        "Sums cover months that started payment with a known amount (urban / rural where they differ), unrounded where rounding is unknown."
        " Months before a method use the rule of that time.",
    )


def _others(book: Book, place: str, month: str) -> list[tuple[str, str]]:
    """Own method, the national form, every method in force with a shape of its own, and the alternatives on record."""
    on, own = first_day(month), defaultdict[str, set[str]](set)
    for entry in book.tables.entries:
        if entry.key[1] in SHAPE_NAMES and not entry.key[2] and entry.start <= on <= entry.end:
            own[entry.key[0]].add(f"{entry.key[1]}={entry.row['value']}")
    national = own[NATION]
    distinct = [
        code for code, rows in own.items() if not rows <= national and "linkage_amount=announced" not in rows
    ]
    order = dict.fromkeys([place, NATION, *sorted(distinct)])
    return [(code, variant) for code in order for variant in dict.fromkeys(("", ALTERNATIVES.get(code, "")))]


def low_income_index(report: Report, found: Sequence[Decision]) -> None:
    """Show how the compiled low-income index differs from the CPI by class, where the classes are known."""
    now, code = found[-1].month, report.region.code
    source = next((c for c in lineage(code) if c != NATION and scpi.relatives(report.figures, c, now)), None)
    try:
        if source is None:
            raise DataGap(f"not all eight class indices of {now} are known")
        parts = scpi.decomposition(report.figures, source, now)
    except DataGap:
        report.say(
            f"{now}没有齐全的八大类指数，无法编制低收入居民价格指数。",
            f"The eight class indices of {now} are not all known; no low-income index can be compiled.",
        )
        return
    where, gap = region(source), parts["contribution"].sum()
    report.table(
        "classes",
        frames.classes(parts, report.figures, source, now, report.language),
        f"{where.name_zh} {now} 编制的低收入居民价格指数与全体居民指数之差：{gap:.2f} 个百分点，按类分解",
        f"{where.name('en')}, {now}: compiled low-income index minus the general index, {gap:.2f} points, by class",
        "权重：福建2013年城镇最低收入20%家庭的消费结构；这不是公布的SCPI，误差按公布过SCPI的城市测定。",
        "Weights: the poorest fifth of urban households in Fujian, 2013. Not a published SCPI; its error is measured on cities that published one.",
    )


def legal_basis(report: Report, found: Sequence[Decision]) -> None:
    """Show the rows of law that decided the month, and statements that contradict each other."""
    basis, month = frames.basis(found[-1], report.book, report.language), found[-1].month
    if basis.empty:
        report.say(f"规则库没有{month}的任何联动规则。", f"The law book has no rule of price linkage for {month}.")
    else:
        report.table("basis", basis, f"{month} 实际依据的规则", f"Rules that decided {month}")
    for code in lineage(report.region.code):
        if said := sentences.CONFLICTS.get(code):
            report.say(said.zh, said.en)


def gaps(report: Report, found: Sequence[Decision]) -> None:
    """Show what is missing for a firm answer, over all the months."""
    frame = frames.missing(found, report.book, report.language)
    if frame.empty:
        report.say("这些月份没有缺口。", "Nothing is missing in these months.")
        return
    report.table("missing", frame, "数据和规则的缺口、需要留意之处", "What is missing, and what to mind")
