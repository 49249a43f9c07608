"""One invented family step by step: why it gets what it gets, what would change that, and where aid breaks off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aidlib.money import yuan
from aidlib.reports import Report
from aidlib.reports.household_walkthrough import drawing
from aidlib.reports.household_walkthrough.story import Story, begin, what_ifs
from aidlib.reports.household_walkthrough.wages import Point, Turn, schedule, turns
from aidlib.rules.ladder import rungs
from aidlib.rules.lawinputs import INCOME
from aidlib.rules.programmes import SPECIALISED_ANSWERS
from aidlib.rules.rights import Right, rights
from aidlib.rules.wording import DEPARTMENTS_EN, written

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.law import Value

INVENTED = ("家庭是虚构的。", "The family is invented.")


def open_walkthrough(report: Report, wage_yuan: int, standard_yuan: str) -> Story:
    """Explain the invented family at the report's place and month.

    Parameters
    ----------
    report : Report
        The open report.
    wage_yuan : int
        Monthly wage of the parent who works.
    standard_yuan : str
        Monthly dibao standard per person to reckon with; empty: the last one known, marked stale where it has ended.
    """
    return begin(report, wage_yuan, standard_yuan)


def show_finding(report: Report, story: Story) -> None:
    """Say first what the family gets, and that it is invented."""
    _note_gaps(report, story)
    told = story.told
    aid = yuan(told["monthly_aid_fen"])
    zh, en = (written("category", told.category, language) for language in ("zh", "en"))
    report.finding(
        [f"虚构的三口之家,月工资{story.wage_yuan}元。", f"结论:{zh};每月基本生活救助{aid}元。"],
        [
            f"An invented family of three with a wage of {story.wage_yuan} yuan.",
            f"It is: {en}; {aid} yuan of aid a month.",
        ],
    )


def _note_gaps(report: Report, story: Story) -> None:
    """Note published figures the explanation needed and did not have."""
    if INCOME in story.told.law.unknown:
        report.lack(f"{report.region.name_zh}:没有上年度居民人均可支配收入",
                    f"{report.region.name('en')}: no disposable income per head of last year")  # fmt: skip


def show_ladder(report: Report, story: Story) -> None:
    """Show the ladder: each rule that decided, its inputs, its value and its article."""
    told = story.told
    rows = [
        {
            "member_number": str(rung.member or "—"), "rule_words": rung.says, "result_words": rung.value,
            "inputs_words": "; ".join(f"{name} {value}" for name, value in rung.inputs), "article_words": "; ".join(rung.articles),
        }
        for rung in rungs(told, report.language)
    ]  # fmt: skip
    report.heading("一步一步", "Step by step")
    report.table(
        "ladder", _frame(rows), "每条规则的依据、输入和结果", "Each rule with its inputs, result and article", *INVENTED
    )


def show_letter(report: Report, story: Story) -> None:
    """Show the paragraph for a decision letter, and how far the family is from each line."""
    names = ("dibao_line_bp", "edge_multiple_bp")
    law = [row for name in names for row in story.told.law.found.get(name, ())]
    report.heading("决定书", "The letter")
    report.say(story.told.letter("zh"), story.told.letter("en"), law)
    for zh, en in zip(story.told.near("zh"), story.told.near("en"), strict=True):
        report.say(zh, en)


def show_rights(report: Report, story: Story) -> None:
    """Show what else each member is entitled to, the amount where the book has one, and which department decides."""
    told, language = story.told, report.language
    found = rights(told, language)
    rows: list[dict[str, Any]] = []
    for name in SPECIALISED_ANSWERS:
        own = {right.member: right for right in found if right.programme == name}
        row: dict[str, Any] = {"programme_words": told.named(name, language)}
        row |= {f"member_{member + 1}": _right(own.get(member + 1)) for member in told.members}
        held = [value for right in own.values() for value in (*right.rows, right.department) if value]
        department = next((right.department for right in own.values()), None)
        rows.append(row | {"competent_department": _department(report, department), "sources": held})
    report.heading("专项救助", "Specialised aid")
    if not found:
        report.say("按这一天已知的规定,各成员都没有可以申请的专项救助。",
                   "By the rules known for the day no member may apply for specialised aid.")  # fmt: skip
    report.table("rights", _frame(rows), "各成员可以申请的专项救助", "What each member may apply for", *INVENTED)


def _right(right: Right | None) -> str:
    if right is None:
        return "—"
    return right.says + "".join(f"; {name} {amount}" for name, amount in right.amounts)


def _department(report: Report, held: Value | None) -> str:
    if held is None:
        return "—"
    return report.t(held.text, DEPARTMENTS_EN.get(held.text, held.text))


def show_what_ifs(report: Report, story: Story) -> None:
    """Show what other facts, or another law, would make of the same family."""
    told = what_ifs(story, report)
    rows = [
        {
            "what_if": report.t(*case.words), "outcome_words": _outcome(report, case.told), "monthly_aid_yuan": _aid(case.told),
            "turns_on": "; ".join(case.told.doubts(report.language)) or "—",
        }
        for case in told
    ]  # fmt: skip
    report.heading("如果……", "What if")
    report.table("what_ifs", _frame(rows), "换一个条件,结果如何", "The same family under other facts", *INVENTED)


def show_schedule(report: Report, story: Story) -> None:
    """Draw aid, net income and the marginal effective tax rate as the wage grows."""
    points = schedule(story)
    report.heading("工资与救助", "Wage and aid")
    report.figure(
        "schedule", drawing.schedule(report, points, turns(story, points)),
        alt=(_alt(points, turns(story, points), "zh"), _alt(points, turns(story, points), "en")),
        caption=("工资增加时的救助、净收入和边际有效税率", "Aid, net income and the marginal effective tax rate as the wage grows"),
        unit=report.t("元/月;%", "yuan a month; %"), n=len(points), source=report.t("虚构家庭,按规则计算", "invented family, by the rules"),
        as_of=report.period, data=_points(points),
    )  # fmt: skip


def show_turns(report: Report, story: Story) -> None:
    """Show to the fen where aid changes at once: the cliffs, and the steps up."""
    found = turns(story, schedule(story))
    rows = [
        {
            "wage_yuan": yuan(turn.wage_fen), "before_words": written("category", turn.before, report.language),
            "after_words": written("category", turn.after, report.language), "net_change_yuan": yuan(turn.change_fen),
        }
        for turn in found
    ]  # fmt: skip
    report.table(
        "turns", _frame(rows), "跨过一条线时净收入的变化", "What crossing a line does to net income", *INVENTED
    )


def _outcome(report: Report, told: Any) -> str:
    return " / ".join(written("category", category, report.language) for category in told.possible)


def _aid(told: Any) -> str:
    low, high = told.ends("monthly_aid_fen", -1)
    return yuan(low) if low == high else f"{yuan(low)} – {yuan(high)}"


def _alt(points: list[Point], found: list[Turn], language: str) -> str:
    first, last = points[0], points[-1]
    if language == "zh":
        cliffs = "、".join(f"{yuan(turn.wage_fen)}元处净收入变动{yuan(turn.change_fen)}元" for turn in found)
        return f"月工资从{first.wage_fen // 100}元到{last.wage_fen // 100}元,救助从{yuan(first.aid_fen)}元降到{yuan(last.aid_fen)}元;{cliffs}。"
    cliffs = ", ".join(f"at {yuan(turn.wage_fen)} yuan net income changes by {yuan(turn.change_fen)}" for turn in found)
    ends = f"from {first.wage_fen // 100} to {last.wage_fen // 100} yuan aid goes from {yuan(first.aid_fen)} to {yuan(last.aid_fen)}"
    return f"As the wage grows {ends}; {cliffs}."


def _points(points: list[Point]) -> pd.DataFrame:
    return _frame(
        [
            {"wage_yuan": yuan(p.wage_fen), "monthly_aid_yuan": yuan(p.aid_fen), "net_income_yuan": yuan(p.net_fen)}
            for p in points
        ]
    )


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows)
