"""The sentences of the price-linkage report: the finding, the instruments, the figure in words."""

from __future__ import annotations

from collections.abc import Sequence

from aidlib.money import FEN_PER_YUAN
from aidlib.prices.amounts import Amount
from aidlib.prices.linkage import Decision
from aidlib.prices.method import Condition
from aidlib.prices.words import Said, index_words
from aidlib.regions import Region, region
from aidlib.reports.price_linkage import words
from aidlib.reports.text import money

MAIN = (
    ("dibao_urban", Said("城市低保对象", "each urban dibao recipient")),
    ("dibao_rural", Said("农村低保对象", "each rural one")),
)
CONFLICTS = {
    "420100": Said(
        "武汉有两份公开说明互相矛盾：一份按启动的指数(CPI或食品)计算，一份按SCPI计算。本报告采用前者(与湖北省的办法一致)，后者列为另一说法。",
        "Two public statements on Wuhan contradict each other: one multiplies by the index that started payment (CPI or food), one by the SCPI. "
        "The first is used here, as in Hubei's own text; the second stands as an alternative.",
    ),
    "320000": Said(
        "江苏省的文件原文没有见到：办法取自各市的公开报道(2021年以前苏州日报，2022年以后扬州的政策问答)，用于全省是本报告的读法。"
        "各市执行口径不一：镇江等地的金额以CPI和SCPI中较高的一档为准，常州据称只按CPI定档。本报告采用前者；后者列为另一说法，只换金额所用的指数。",
        "Jiangsu's own text was not seen: the method comes from what cities published (to 2021 the Suzhou Daily, from 2022 questions and answers of "
        "Yangzhou); taking it for the whole province is our reading. Cities differ: Zhenjiang and others take the higher band of CPI and SCPI, "
        "Changzhou is said to take the band of the CPI only. The first is used here; the second stands as an alternative that changes the index of the amount only.",
    ),
}


def finding(decision: Decision, history: Sequence[Decision]) -> list[Said]:
    """Tell the report in three sentences: the outcome, the amount, the date and the months before."""
    return [_outcome(decision), _amount(decision), _history(decision, history)]


def _outcome(decision: Decision) -> Said:
    place, month = region(decision.place), Said(f"{decision.month[:4]}年{int(decision.month[5:])}月", decision.month)
    start = Said(f"{place.name_zh}{month.zh}", f"{place.name('en')}, {month.en}: ")
    if not decision.conditions:
        return start_with(
            start,
            Said(f"没有可用的联动规则：{decision.missing[0].zh}。", f"no linkage rule: {decision.missing[0].en}."),
        )
    moves = [move(c) for c in (decision.met or decision.conditions)]
    zh, en = "；".join(m.zh for m in moves), "; ".join(m.en for m in moves)
    firm = (
        any(not c.estimated for c in decision.met)
        if decision.met
        else not any(c.estimated for c in decision.conditions)
    )
    body = {
        "triggered": Said(
            ("按已公布指数达到启动条件：" if firm else "按估算达到启动条件(没有已公布指数单独支持)：") + zh,
            ("payment starts on published indices: " if firm else "payment starts on estimates only: ") + en),
        "not_triggered": Said(("没有达到启动条件：" if firm else "没有达到启动条件(部分指数为估算)：") + zh,
                              ("no condition is met: " if firm else "no condition is met (some indices are estimates): ") + en),
        "undetermined": Said(f"现有数据不能判断是否启动：{zh}", f"the data cannot tell whether payment starts: {en}"),
    }[decision.outcome]  # fmt: skip
    return start_with(start, Said(body.zh + "。" + _stated(decision).zh, body.en + "." + _stated(decision).en))


def start_with(start: Said, rest: Said) -> Said:
    """Join two pieces of a sentence."""
    return Said(start.zh + rest.zh, start.en + rest.en)


def _stated(decision: Decision) -> Said:
    paid = decision.stated
    if paid is None:
        return Said("", "")
    if not paid.value:
        return Said("当地说明该月没有达到启动条件。", " The place itself said that the month did not start payment.")
    whom = f"({paid.note})" if paid.note else ""
    return Said(
        f"当地公布该月每人发放{paid.text}元{whom}。", f" The place itself reported a payment of {paid.text} yuan."
    )


def _amount(decision: Decision) -> Said:
    if decision.outcome == "not_triggered":
        return Said("因此这个月不发价格临时补贴。", "No price subsidy is due for the month.")
    known = [(said, due) for group, said in MAIN if (due := decision.amount(group)) and due.low_fen is not None]
    if not known:
        main = [due for group, _ in MAIN if (due := decision.amount(group))]
        why = next((due.why for due in (*main, *decision.amounts) if due.why), Said("没有依据", "no rule is known"))
        return Said(f"补贴金额算不出来：{why.zh}。", f"The amount cannot be computed: {why.en}.")
    each, form, first = [(said, due_words(due)) for said, due in known], _form(decision), known[0][1]
    lead = Said("如果启动，", "If it starts, ") if decision.outcome == "undetermined" else Said("", "")
    zh, en = (
        "，".join(f"{said.zh}每人{due.zh}" for said, due in each),
        ", ".join(f"{said.en} {due.en}" for said, due in each),
    )
    after = _after(first)
    return Said(
        f"{lead.zh}按{form.zh}，{zh}{after.zh}。", f"{lead.en}{'by' if lead.en else 'By'} {form.en}: {en}{after.en}."
    )


def _after(due: Amount) -> Said:
    """What must be known beside an amount: how it was rounded, and what stood in for the standard."""
    parts = [words.rounding(due.rounding)] if due.unrounded or due.rounding else []
    parts += [due.why] if due.why else []
    parts += [due.standard.caution] if due.standard and due.standard.caution else []
    parts += _unlike_paid(due)
    return Said("；".join(["", *(p.zh for p in parts)]), "; ".join(["", *(p.en for p in parts)]))


def _unlike_paid(due: Amount) -> list[Said]:
    """Say that what the place reported to have paid is not our amount, so that the two do not stand side by side unexplained.

    Where its rounding is not known, less than a yuan may be the rounding.
    """
    low, high = due.shown("low"), due.shown("high")
    if due.paid is None or not due.paid.value or low is None:
        return []
    paid, slack = due.paid.value * FEN_PER_YUAN, 0 if due.rounding else FEN_PER_YUAN - 1
    if low - slack <= paid and (high is None or paid <= high + slack):
        return []
    text = due.paid.text
    return [Said(f"与当地公布发放的{text}元不同，以当地公布为准", f"not the {text} yuan that the place reported, which stands")]


def due_words(due: Amount) -> Said:
    """Write an amount in yuan, with its ends where the index is an estimate."""
    ends = f"{money(due.shown('low'))}–{money(due.shown('high'))}"
    if due.shown_fen is None:
        least = money(due.shown("low"))
        return (
            Said(f"{ends}元", f"{ends} yuan")
            if due.high_fen is not None
            else Said(f"至少{least}元", f"at least {least} yuan")
        )
    middle = money(due.shown_fen)
    if due.low_fen == due.high_fen:
        return Said(f"{middle}元", f"{middle} yuan")
    return Said(f"约{middle}元(指数为估算，介于{ends}元)", f"about {middle} yuan (estimated index, {ends})")


def _form(decision: Decision) -> Said:
    if decision.method is None:
        return words.NATIONAL_FORM
    where = region(decision.method.region)
    return Said(f"{where.name_zh}的办法", f"the method of {where.name('en')}")


def _history(decision: Decision, history: Sequence[Decision]) -> Said:
    counts = {outcome: sum(d.outcome == outcome for d in history) for outcome in words.OUTCOMES}
    guessed = sum(d.outcome == "triggered" and d.outcome_status != "observed" for d in history)
    whole = guessed == counts["triggered"]
    zh, en = (
        ("", "")
        if not guessed
        else ("(都只按估算)", " (all on estimates only)")
        if whole
        else (f"(其中{guessed}个月只按估算)", f" ({guessed} of them on estimates only)")
    )
    past = Said(
        f"截至这个月的{len(history)}个月中，启动{counts['triggered']}个月{zh}，不启动{counts['not_triggered']}个月，"
        f"不能判断{counts['undetermined']}个月。",
        f"Of the {len(history)} months up to this one, {counts['triggered']} started payment{en}, {counts['not_triggered']} did not, "
        f"{counts['undetermined']} cannot be told.",
    )
    if decision.outcome != "triggered" or decision.deadline.day is None:
        return past
    day, why = decision.deadline.day, decision.deadline.why
    by = Said(f"补贴应在{day}以前发放：{why.zh}。", f"Payment is due by {day}: {why.en}. ")
    return start_with(by, past)


def move(condition: Condition) -> Said:
    """Say what an index did against its line: published, or estimated with its error."""
    names = [index_words(index) for index in condition.indices]
    zh, en = "或".join(name.zh for name in names), " or ".join(name.en for name in names)
    reading, at = condition.readings[0], words.line(condition)
    if reading is None:
        return Said(f"数据中没有{zh}(启动线{at})", f"{en} is not in the data (line {at})")
    rise, error = words.points(abs(reading.rise)), words.points(reading.error)
    up = (
        Said("上涨", "up")
        if reading.rise > 0
        else Said("下降", "down")
        if reading.rise
        else Said("持平，涨幅", "level,")
    )
    if not reading.error:
        return Said(f"{zh}同比{up.zh}{rise}%(启动线{at})", f"{en} {up.en} {rise}% (line {at})")
    return Said(f"{zh}估算同比{up.zh}{rise}%(误差{error}个百分点，启动线{at})",
                f"{en} {up.en} an estimated {rise}% (error {error} points, line {at})")  # fmt: skip


def basis(decision: Decision) -> Said:
    """Say which instrument, overlay and local method govern the month; the instruments follow as links."""
    if decision.regime is None:
        return Said("这个月没有查到价格补贴联动机制的依据。", "No instrument on price linkage is known for this month.")
    zh, en = "这个月适用国家的联动机制", "The month falls under the national mechanism"
    if decision.overlay:
        zh, en = f"{zh}和当时的阶段性政策", f"{en} and the temporary policy of the time"
    if decision.method is None:
        why = decision.cautions[0]
        return start_with(Said(f"{zh}；{why.zh}。", f"{en}; {why.en}."), _our_reading(decision))
    where = region(decision.method.region)
    return start_with(
        Said(f"{zh}，并按{where.name_zh}的办法执行。", f"{en}, as carried out by the method of {where.name('en')}."),
        _our_reading(decision),
    )


def _our_reading(decision: Decision) -> Said:
    """Say that a line in force is our reading of how two texts interact, where it is."""
    if all(c.value is None or c.value.status == "enacted" for c in decision.conditions):
        return Said("", "")
    return Said(
        "启动线没有在现行文件中重新写明，沿用以前的文件是本报告的读法。",
        " The text in force names no line of its own; that the earlier one still holds is our reading.",
    )


def alt(place: Region, found: Sequence[Decision]) -> tuple[str, str]:
    """Describe the figure for a reader who cannot see it."""
    paid = [decision.month for decision in found if decision.outcome == "triggered"]
    zh = f"启动月份：{'、'.join(paid)}" if paid else "没有判断为启动的月份"
    en = f"months that started payment: {', '.join(paid)}" if paid else "no month started payment"
    return (
        f"{place.name_zh}{found[0].month}至{found[-1].month}的CPI、SCPI、食品同比涨幅与启动线，以及每人补贴金额。{zh}。",
        f"{place.name('en')}, {found[0].month} to {found[-1].month}: CPI, SCPI and food on the year against their lines, and amounts per person; {en}.",
    )
