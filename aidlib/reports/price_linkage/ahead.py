"""The section "will it trigger": chances of the coming months, what they would pay, and the record beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from aidlib.errors import DataGap
from aidlib.prices.forecast_past import Judged, better_route, judge
from aidlib.prices.linkage import Decision
from aidlib.prices.months import first_day
from aidlib.prices.outlook import Outlook, outlook
from aidlib.prices.outlook_cost import Spending, spending
from aidlib.prices.words import Said, index_words
from aidlib.regions import region
from aidlib.reports.price_linkage.drawing_ahead import fan
from aidlib.reports.price_linkage.rightness import NOTE, rightness
from aidlib.reports.price_linkage.spending_ahead import monthly
from aidlib.reports.price_linkage.words import line
from aidlib.reports.studies.record_table import shipped

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

SEED, HORIZON = 20200101, 6
SCENARIOS = 60
ROUTES = {
    "yoy": Said("同比模型", "year-on-year model"),
    "mom": Said("环比模型", "month-on-month model"),
    "walk": Said("随机游走", "random walk"),
}
FEN_PER_100M_YUAN = 10**10


def will_it_trigger(report: Report, found: Sequence[Decision]) -> None:
    """Show the chance that payment starts in each of the six months after the month of the report, with its record."""
    try:
        ahead = look(report, found[-1].month)
    except DataGap as gap:
        report.say(
            f"不做预测：截至{found[-1].month}，没有连续两年的当地(或本省)指数可用。",
            f"No forecast: {gap.faults[0].what}.",
        )
        return
    _chances(report, ahead)
    fan(report, ahead)
    _money(report, spending(report.book, report.figures, ahead, SCENARIOS), ahead)
    _record(report, ahead)
    for flag in ahead.flags:
        report.say(f"注意：{flag.zh}。", f"Mind: {flag.en}.")


def look(report: Report, origin: str) -> Outlook:
    """Look ahead from a month; each index takes the route with the better record up to then."""
    rows = shipped()
    prefer = {i: better_route(i, at, rows, report.figures, origin) for i, at in _lines(report, origin).items()}
    return outlook(report.book, report.figures, report.region.code, origin, HORIZON, seed=SEED, prefer=prefer)


def _lines(report: Report, origin: str) -> dict[str, float]:
    """Read the local lines the routes are compared at."""
    local = report.book.at(report.region.code, first_day(origin))
    found = {index: local.optional(f"linkage_{index}_trigger") for index in ("cpi", "food")}
    return {index: float(value.bounds[1]) for index, value in found.items() if value}


def percent(low: float, high: float) -> str:
    """Write a chance; a range where part of it is unknown, a dash where all of it is.

    Examples
    --------
    >>> percent(0.123, 0.123), percent(0.001, 0.001), percent(0.2, 1.0), percent(0.0, 1.0)
    ('12%', '<1%', '20%–100%', '—')
    """
    if (low, high) == (0, 1):
        return "—"
    return _percent(low) if low == high else f"{_percent(low)}–{'100%' if high == 1 else _percent(high)}"


def _percent(chance: float) -> str:
    return "<1%" if chance < 0.005 else ">99%" if chance > 0.995 else f"{chance * 100:.0f}%"


def _chances(report: Report, ahead: Outlook) -> None:
    once = percent(ahead.once_low, ahead.once_high)
    report.table(
        "outlook",
        chances(ahead),
        f"截至{ahead.origin}的数据：此后各月达到启动条件的可能性",
        f"With data up to {ahead.origin}: the chance of meeting the start conditions",
        f"启动线是规则库现有的各月启动线(含阶段性政策)。六个月中至少启动一次的可能性：{once}。预测，不是判断；指数在次月中旬公布。",
        f"Lines are those the law book has for each month, overlays included. Chance of one start or more in the six months: {once}. "
        "A forecast, not a decision; an index is published in the middle of the month after.",
    )


def chances(ahead: Outlook) -> pd.DataFrame:
    """Lay the chances out, one row a month: each condition with its line, and any of them."""
    import pandas as pd

    rows = []
    for at, month in enumerate(ahead.months):
        own = [chance for chance in ahead.chances if chance.month == month]
        cells = {
            f"outlook_{'_or_'.join(c.condition.indices)}": f"{percent(c.low, c.high)} ({line(c.condition)})"
            for c in own
        }
        rows.append({"outlook_month": month, **cells, "outlook_any": percent(ahead.any_low[at], ahead.any_high[at]),
                     "outlook_any_status": ahead.status})  # fmt: skip
    return pd.DataFrame(rows)


def _money(report: Report, due: Spending, ahead: Outlook) -> None:
    groups = {"dibao_urban": Said("城市低保", "urban dibao"), "dibao_rural": Said("农村低保", "rural dibao")}
    first = {one.group: one for one in due.amounts if one.month == ahead.months[0] and one.group in groups}
    if first:
        said = [
            (groups[g], _ends(o.low_fen / 100, o.high_fen / 100, 1)) for g, o in sorted(first.items(), reverse=True)
        ]
        report.say(
            f"如果{ahead.months[0]}启动，预计每人" + "，".join(f"{name.zh}{ends}元" for name, ends in said) + "(90%区间，只含指数的不确定性)。",
            f"If {ahead.months[0]} starts: " + ", ".join(f"{name.en} {ends} yuan per person" for name, ends in said)
            + " (90% interval; the uncertainty of the index only).",
        )  # fmt: skip
    if due.mean_fen is None or due.low_fen is None or due.high_fen is None:
        report.say(
            "数据中没有可以相乘的对象人数和金额，资金需要量不预测。",
            "No head-count and amount can be multiplied; spending is not forecast.",
        )
        return
    mean, low, high = (amount / FEN_PER_100M_YUAN for amount in (due.mean_fen, due.low_fen, due.high_fen))
    oldest, ends = min(figure.period for figure in due.persons.values()), _ends(low, high, 2)
    report.say(
        f"六个月合计支出，各路径平均{mean:.2f}亿元(90%区间{ends})：只含有公布人数的{len(due.persons)}类对象，人数最早为{oldest}，重复身份未剔除。",
        f"Spending over the six months: {mean:.2f} as a mean of the paths (90% interval {ends}) hundred million yuan, for {len(due.persons)} groups with a "
        f"published head-count, the oldest of {oldest}; persons in two groups count twice.",
        list(due.persons.values()),
    )
    monthly(report, due)


def _ends(low: float, high: float, decimals: int) -> str:
    """Write an interval, as one number where both ends are the same, as under bands they often are."""
    one, other = f"{low:.{decimals}f}", f"{high:.{decimals}f}"
    return one if one == other else f"{one}–{other}"


def _record(report: Report, ahead: Outlook) -> None:
    judged = list(judgements(report, ahead))
    if not judged:
        report.say(
            "没有可以对照的预测记录：这一预测没有被检验过。",
            "There is no record to hold this against: the forecast is untested.",
        )
        return
    _untested(report, ahead, {one.index for one in judged})
    own = all(one.place == ahead.place for one in judged)
    report.table(
        "outlook_record",
        record(judged, report),
        "同样方法过去预测得怎么样" if own else "同样方法在全国序列上过去预测得怎么样(当地历史太短，没有自己的记录)",
        "How the same method did in the past" + ("" if own else ", on the national series (the local past is too short for a record)"),
        "1至6个月合并。布里尔分越小越好；“胜过”为负表示还不如照旧或照多年平均。只用预测当时以前的结果；用最终数据，不是当时的初值。",
        "One to six months together. A lower Brier score is better; a negative gain is worse than 'as now' or than the long-run share. "
        "Only outcomes known at the origin count; final data, not first releases.",
    )  # fmt: skip
    report.table("outlook_calibration", rightness(judged, report), "同样方法过去给出的概率准不准",
                 "Whether the chances the same method gave were right", *NOTE)  # fmt: skip


def _untested(report: Report, ahead: Outlook, tested: set[str]) -> None:
    """Name the indices of the conditions whose forecast has no record."""
    asked = dict.fromkeys(
        name for chance in ahead.chances for name in chance.condition.indices if name in ahead.indices
    )
    names = [index_words(name) for name in asked if name not in tested]
    if names:
        report.say(
            f"{'、'.join(name.zh for name in names)}没有可以对照的公布序列：这一部分的可能性没有被检验过。",
            f"No published series to hold {', '.join(name.en for name in names)} against: that part of the chance is untested.",
        )


def judgements(report: Report, ahead: Outlook) -> Iterable[Judged]:
    """Score each index forecast against the line of the first month, where it can be scored."""
    rows = shipped()
    for chance in ahead.chances:
        at = chance.condition.line
        one = ahead.indices.get(chance.condition.indices[0])
        if chance.month == ahead.months[0] and at and one:
            found = judge(one, float(at.high), rows, report.figures, ahead.origin)
            if found:
                yield found


def record(judged: Iterable[Judged], report: Report) -> pd.DataFrame:
    """Lay records out, one row an index and line."""
    import pandas as pd

    cells = []
    for one in judged:
        name, route, s = index_words(one.index), ROUTES[one.route], one.scores
        cells.append({
            "linkage_index": report.t(name.zh, name.en), "outlook_line": f"{s.line:g}%", "outlook_route": report.t(route.zh, route.en),
            "outlook_tried_on": region(one.place).name("en") if report.language == "en" else region(one.place).name_zh,
            "outlook_origins": f"{one.first}–{one.last}", "outlook_scored": s.n, "outlook_events": s.events, "outlook_brier": f"{s.brier:.3f}",
            "outlook_gain_persistence": _gain(s.skill_persistence), "outlook_gain_climatology": _gain(s.skill_climatology),
            "outlook_coverage": f"{s.coverage_90 * 100:.0f}%",
        })  # fmt: skip
    return pd.DataFrame(cells)


def _gain(skill: float) -> str | None:
    return None if skill != skill else f"{skill * 100:+.0f}%"
